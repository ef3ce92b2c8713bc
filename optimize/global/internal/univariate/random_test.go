package univariate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// randomFormula returns a formula of x as text.
func randomFormula(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(9) == 0 {
		switch r.IntN(5) {
		case 0:
			return strconv.Itoa(r.IntN(7) - 3)
		case 1:
			return []string{"1/2", "2/3", "0.1", "pi", "e", "3/2"}[r.IntN(6)]
		}
		return "x"
	}
	u := randomFormula(r, depth-1)
	switch r.IntN(14) {
	case 0, 1, 2:
		return "(" + u + " + " + randomFormula(r, depth-1) + ")"
	case 3:
		return "(" + u + " - " + randomFormula(r, depth-1) + ")"
	case 4, 5, 6:
		return "(" + u + ")*(" + randomFormula(r, depth-1) + ")"
	case 7:
		return "(" + u + ")/(" + randomFormula(r, depth-1) + ")"
	case 8, 9:
		return "(" + u + ")^" + []string{"2", "2", "3", "4", "(-1)", "(-2)", "(1/2)", "(2/3)", "(-1/2)"}[r.IntN(9)]
	}
	switch f := functions[r.IntN(len(functions))]; {
	case r.IntN(25) == 0:
		return "if(" + u + " < " + strconv.Itoa(r.IntN(3)) + ", " + randomFormula(r, depth-1) + ", " + randomFormula(r, depth-1) + ")"
	default:
		args := []string{u}
		for range f.Args[1:] {
			args = append(args, randomFormula(r, depth-1))
		}
		return f.Text() + "(" + strings.Join(args, ", ") + ")"
	}
}

// functions are those of which random formulas are made, common ones more often.
var functions = func() (list []*fn.Func) {
	for _, f := range fn.All() {
		if len(f.Args) > 0 {
			list = append(list, f)
		}
	}
	for _, name := range []string{"sin", "cos", "exp", "log", "sqrt", "abs", "tanh", "floor", "max", "min"} {
		for range 5 {
			list = append(list, fn.Lookup(name))
		}
	}
	return list
}()

// probes returns many points of the line.
func probes(r *rand.Rand, lo, hi float64) []float64 {
	var xs []float64
	for range 300 {
		xs = append(xs, r.NormFloat64()*3, r.Float64()*20-10)
	}
	for i := -40; i <= 40; i++ {
		xs = append(xs, float64(i)/4, math.Pow(1.9, float64(i)), -math.Pow(1.9, float64(i)))
	}
	if !math.IsInf(lo, 0) && !math.IsInf(hi, 0) {
		for i := 0; i <= 500; i++ {
			xs = append(xs, lo+(hi-lo)*float64(i)/500)
		}
	}
	kept := xs[:0]
	for _, x := range xs {
		if lo <= x && x <= hi {
			kept = append(kept, x)
		}
	}
	return kept
}

// refuteIfPlain is refute for bounds that are numbers.
func refuteIfPlain(p *Question, a *minimum.Answer, r *rand.Rand) string {
	if b := p.Bound; b.Lo.Valid() && b.Lo.Op() != expr.Num || b.Hi.Valid() && b.Hi.Op() != expr.Num {
		return ""
	}
	return refute(p, a, r)
}

func simplifier() *simplify.Tidier { return simplify.New() }

// refute returns what is wrong with the answer a to p, as far as rigorous
// values at many points show it, "" when nothing is found.
func refute(p *Question, a *minimum.Answer, r *rand.Rand) string {
	x := a.Vars[0]
	f := p.F
	prog, err := tape.Compile([]string{x}, f, diff.D(f, x))
	if err != nil {
		return ""
	}
	m := prog.NewMachine()
	at := func(x float64) (interval.I, interval.I, bool) {
		var out [2]interval.I
		var dec [2]interval.Dec
		m.Interval(out[:], dec[:], []interval.I{interval.Point(x)})
		if dec[1] < interval.Defined {
			out[1] = interval.Whole
		}
		return out[0], out[1], dec[0] >= interval.Defined
	}
	lo, hi := math.Inf(-1), math.Inf(1)
	if b := p.Bound.Lo; b.Valid() {
		lo = b.Number().Float64()
	}
	if b := p.Bound.Hi; b.Valid() {
		hi = b.Number().Float64()
	}
	if p.Bound.LoOpen {
		lo = math.Nextafter(lo, math.Inf(1))
	}
	if p.Bound.HiOpen {
		hi = math.Nextafter(hi, math.Inf(-1))
	}
	// A power with a variable exponent is read as a real one, for bases ≥ 0; the
	// program takes negative bases where the exponent is an integer.
	for n := range f.All() {
		if n.Op() == expr.Pow && !n.Arg(1).IsConstant() {
			return ""
		}
	}
	xs := probes(r, lo, hi)
	for _, q := range a.Stationary {
		xs = append(xs, q.X[0], math.Nextafter(q.X[0], 9e99), math.Nextafter(q.X[0], -9e99))
	}
	bound := math.Inf(-1)
	switch a.Status {
	case minimum.Exact, minimum.Certified, minimum.Constant, minimum.NotAttained:
		if a.Enclosure == nil {
			return "no enclosure"
		}
		bound = a.Enclosure.Value.Lo
		if p.Max {
			bound = a.Enclosure.Value.Hi
		}
	case minimum.EmptyDomain:
		for _, x := range xs {
			if _, _, ok := at(x); ok {
				return fmt.Sprintf("called empty, but defined at %v", x)
			}
		}
		return ""
	case minimum.Unbounded:
		if a.Witness == nil {
			return "unbounded without witness"
		}
		if len(a.Witness.Path) != 1 {
			return ""
		}
		// Along the path the values must not be seen to rise.
		path, err := tape.Compile([]string{"t"}, a.Witness.Path[0])
		if err != nil {
			return err.Error()
		}
		pm := path.NewMachine()
		last := interval.Whole
		for _, s := range []float64{1e3, 1e6, 1e9} {
			var x, v [1]interval.I
			pm.Interval(x[:], nil, []interval.I{interval.Point(s)})
			var out [2]interval.I
			m.Interval(out[:], nil, x[:])
			if v[0] = out[0]; p.Max {
				v[0] = v[0].Neg()
			}
			if v[0].IsEmpty() {
				continue
			}
			if v[0].Lo > last.Hi {
				return fmt.Sprintf("along %s the values rise from %v to %v", format.Text(a.Witness.Path[0]), last, v[0])
			}
			last = v[0]
		}
		return ""
	default:
		return ""
	}
	for _, x := range xs {
		v, _, ok := at(x)
		if !ok || v.IsEmpty() {
			continue
		}
		if !p.Max && v.Hi < bound || p.Max && v.Lo > bound {
			return fmt.Sprintf("f(%v) in %v, past the bound %v", x, v, bound)
		}
		if a.Status == minimum.Constant && v.Disjoint(a.Enclosure.Value) {
			return fmt.Sprintf("called constant %v, but f(%v) in %v", a.Enclosure.Value, x, v)
		}
		if a.Status == minimum.NotAttained && a.ExactValue.Valid() && a.ExactValue.Op() == expr.Num && v.IsPoint() && v.Lo == a.Value {
			if p.F.Size() < 8 && v.Lo != 0 {
				return fmt.Sprintf("called not attained, but f(%v) = %v", x, v.Lo)
			}
		}
	}
	if a.Attained && len(a.At) == 1 {
		v, _, ok := at(a.At[0])
		if ok && (v.Lo > a.Value+1e-6*(1+math.Abs(a.Value)) || v.Hi < a.Value-1e-6*(1+math.Abs(a.Value))) {
			// Steep functions differ at the rounded point.
			w, _, _ := at(math.Nextafter(a.At[0], 9e99))
			u, _, _ := at(math.Nextafter(a.At[0], -9e99))
			if h := v.Hull(w).Hull(u); h.Lo > a.Value || h.Hi < a.Value {
				return fmt.Sprintf("f(%v) in %v, not %v", a.At[0], v, a.Value)
			}
		}
	}
	for _, q := range a.Stationary {
		around := interval.New(math.Nextafter(q.Hull.Lo, -9e99), math.Nextafter(q.Hull.Hi, 9e99))
		var out [2]interval.I
		var dec [2]interval.Dec
		m.Interval(out[:], dec[:], []interval.I{around})
		if dec[0] == interval.Continuous && dec[1] == interval.Continuous && exact.SignOf(out[1]) != 0 && q.Proved {
			return fmt.Sprintf("%s at %v, where f' is in %v", q.Kind, q.X[0], out[1])
		}
	}
	// A change of sign of f' between two points needs a stationary point there,
	// a kink or a place where f is not smooth.
	repeated := slices.ContainsFunc(a.Stationary, func(q minimum.Stationary) bool { return q.Family != "" })
	if a.StationaryComplete && len(a.Minimisers) > 0 && !repeated {
		for i := -400; i < 400; i++ {
			x, y := float64(i)/16+0.0317, float64(i+1)/16+0.0317
			if x < lo || y > hi {
				continue
			}
			var out [2]interval.I
			var dec [2]interval.Dec
			m.Interval(out[:], dec[:], []interval.I{interval.New(x, y)})
			if dec[0] != interval.Continuous || dec[1] != interval.Continuous {
				continue
			}
			_, d, _ := at(x)
			_, e, _ := at(y)
			if exact.SignOf(d)*exact.SignOf(e) < 0 {
				found := false
				for _, q := range a.Stationary {
					found = found || x <= q.X[0] && q.X[0] <= y
				}
				if !found {
					return fmt.Sprintf("f' changes sign between %v and %v, and the complete list has nothing there", x, y)
				}
			}
		}
	}
	return ""
}

// TestUnivariateIsNeverWrong asks random questions and looks for a point that
// refutes the answer.
func TestUnivariateIsNeverWrong(t *testing.T) {
	n, seed := 500, uint64(1)
	if s := os.Getenv("NABLA_RANDOM"); s != "" {
		v, _ := strconv.Atoi(s)
		n, seed = v, uint64(v)
	}
	r := rand.New(rand.NewPCG(seed, 7))
	count := map[minimum.Status]int{}
	var slowest time.Duration
	slow := ""
	for range n {
		text := randomFormula(r, 1+r.IntN(4))
		f, err := expr.Reader{}.Expr(text)
		if err != nil {
			t.Fatal(text, err)
		}
		p := &Question{F: f, Var: "x", Max: r.IntN(5) == 0}
		bounds := ""
		if r.IntN(3) == 0 {
			pool := expr.NewPool()
			a, b := r.IntN(9)-4, r.IntN(6)
			p.Bound = minimum.Bound{Lo: pool.Int(int64(a)), Hi: pool.Int(int64(a + b)), LoOpen: r.IntN(4) == 0, HiOpen: r.IntN(4) == 0}
			bounds = fmt.Sprint(a, ":", a+b)
		}
		start := time.Now()
		a := Solve(context.Background(), p)
		if d := time.Since(start); d > slowest {
			slowest, slow = d, text+" on "+bounds
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		count[a.Status]++
		if why := refute(p, a, r); why != "" {
			t.Errorf("%s on %s, max %v: %s %v at %v: %s", format.Text(f), bounds, p.Max, a.Status, a.Value, a.At, why)
		}
	}
	t.Log(count, "slowest", slowest, slow)
	if done := count[minimum.Exact] + count[minimum.Certified] + count[minimum.Unbounded] + count[minimum.NotAttained] + count[minimum.Constant] + count[minimum.EmptyDomain]; 10*done < 6*n {
		t.Errorf("only %d of %d random questions were settled: %v", done, n, count)
	}
}
