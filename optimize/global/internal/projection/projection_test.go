package projection

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// models are formulas of T, with the variables that are linear in them.
var models = []struct{ formula, linear string }{
	{"a*exp(-b*T) + c*exp(-d*T)", "a c"},
	{"a*exp(-b*T) + c*exp(-d*T) + g", "a c g"},
	{"a*exp(-b*T) + c*exp(-d*T) + g*exp(-h*T)", "a c g"},
	{"a + c*T + g*exp(-b*T)", "a c g"},
	{"a*exp(-b*T) + c*T*exp(-b*T)", "a c"},
	{"a*T^b + c*T", "a c"},
	{"a*2^(b*T) + c*T^d", "a c"},
	{"a/(b + T) + c/(d + T)", "a c"},
	{"a*T + c*T^2 + g/(b + T)", "a c g"},
	{"a*T/(b + T) + c*T", "a c"},
	{"(a + c*T)/(1 + b*T)", "a c"},
	{"a*cos(b*T) + c*sin(b*T)", "a c"},
	{"a*exp(-b*T) - 2*c*exp(-d*T)", "a c"},
	{"a*log(b + T) + c", "a c"},
	{"a*exp(-((T - b)/d)^2) + c", "a c"},
	{"a*abs(T - b) + c", "a c"},
	{"a*exp(-d*T)*cos(b*T) + c*exp(-d*T)*sin(b*T)", "a c"},
	{"a*(exp(-b*T) - exp(-d*T)) + c", "a c"},
	{"a + c/(1 + exp(b - d*T))", "a c"},
	{"(a + c*T + g*T^2)/(1 + b*T)", "a c g"},
	{"a*exp(-b*T) + b", "a"},
	{"a/(b + T)^2 + c/(d + T)^2", "a c"},
}

// fitOf is the sum of squares of the model, as formula and read.
func fitOf(t *testing.T, model, linear string, ts, ys []float64) (expr.Expr, []string, *Fit) {
	var parts []string
	for i := range ts {
		parts = append(parts, fmt.Sprintf("(%g - (%s))^2", ys[i], strings.ReplaceAll(model, "T", fmt.Sprintf("(%g)", ts[i]))))
	}
	f := expr.MustParse(strings.Join(parts, " + ") + " + 0.01*b^2")
	vars := f.Vars()
	q := Read(f, vars, func(int) bool { return true })
	if q == nil {
		t.Fatalf("%s is not read", model)
	}
	var names []string
	for _, k := range q.Linear {
		names = append(names, vars[k])
	}
	if got := strings.Join(names, " "); got != linear {
		t.Fatalf("%s is linear in %s, not %s", model, got, linear)
	}
	return f, vars, q
}

// end is the end of a box: often 0, 1, infinite, or near what was drawn before.
func end(r *rand.Rand, last float64) float64 {
	switch r.IntN(6) {
	case 0:
		return float64(r.IntN(4) - 1)
	case 1:
		return math.Inf(2*r.IntN(2) - 1)
	case 2:
		return last
	case 3:
		return last + 0.1*r.NormFloat64()*math.Abs(last)
	case 4:
		return math.Exp(3 * r.NormFloat64())
	}
	return 2 * r.NormFloat64()
}

// No point of a box is lower than the bound of the fit over it.
func TestBoundCampaign(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 29))
	finite, sharp := 0, 0
	for _, c := range models {
		ts := []float64{0.5, 1, 2, 3, 5, 8}
		if !strings.Contains(c.formula, "^b") && !strings.Contains(c.formula, "^d") && r.IntN(2) == 0 {
			ts[0] = 0
		}
		ys := make([]float64, len(ts))
		for i := range ys {
			ys[i] = math.Round(1000*r.NormFloat64()) / 1000
		}
		f, vars, q := fitOf(t, c.formula, c.linear, ts, ys)
		prog, err := tape.Compile(vars, f)
		if err != nil {
			t.Fatal(err)
		}
		m := prog.NewMachine()
		s := newBounder(q)
		for range 400 {
			x := make([]interval.I, s.n)
			last := 0.0
			for l := range x {
				lo, hi := end(r, last), end(r, last)
				if lo > hi {
					lo, hi = hi, lo
				}
				if math.IsInf(lo, 1) || math.IsInf(hi, -1) {
					lo, hi = math.Inf(-1), math.Inf(1)
				}
				x[l], last = interval.New(lo, hi), lo
				if math.IsInf(lo, 0) {
					last = hi
				}
			}
			low := s.bound(x, nil, math.Inf(1))
			if low > 0 {
				finite++
			}
			least := math.Inf(1)
			for range 12 {
				at := make([]interval.I, s.n)
				for l, v := range x {
					p := v.Lo
					switch {
					case r.IntN(4) == 0:
						p = v.Hi
					case v.IsBounded():
						p += r.Float64() * (v.Hi - v.Lo)
					case !math.IsInf(v.Lo, 0):
						p += math.Exp(3 * r.NormFloat64())
					case !math.IsInf(v.Hi, 0):
						p = v.Hi - math.Exp(3*r.NormFloat64())
					}
					if l > 0 && r.IntN(3) == 0 && v.Has(at[0].Lo) {
						p = at[0].Lo
					}
					if math.IsInf(p, 0) {
						p = 3 * r.NormFloat64()
					}
					at[l] = interval.Point(math.Min(math.Max(p, v.Lo), v.Hi))
				}
				s.x = at
				y := s.candidate()
				if y == nil {
					continue
				}
				var out [1]float64
				if m.Eval(out[:], y); out[0] < low-1e-9*(1+out[0]) {
					t.Fatalf("%s with %v: %v over %v, but %v at %v", c.formula, ys, low, x, out[0], y)
				}
				least = math.Min(least, out[0])
			}
			if low > 0.5*least {
				sharp++
			}
		}
	}
	if finite < 600 || sharp < 200 {
		t.Errorf("%d bounds above 0, %d of them sharp: the campaign tests little", finite, sharp)
	}
}

// Formulas that are no such sums are not read.
func TestReadNot(t *testing.T) {
	for _, f := range []string{
		"a*b + (1 - a*exp(-b))^2 + (2 - a*exp(-2b))^2", // a is not alone in squares
		"(1 - a*exp(-b))^2",                            // one square
		"(1 - a^2*b)^2 + (2 - a^2*b^3)^2",              // not linear
		"(1 - exp(a))^2 + (2 - exp(2a))^2",
		"(1 - a)^2 + (2 - a)^2", // nothing else
	} {
		e := expr.MustParse(f)
		if q := Read(e, e.Vars(), func(int) bool { return true }); q != nil {
			t.Errorf("%s is read: %v", f, q)
		}
	}
}

// Columns whose variables may change places are the same function, defined in the same places.
func TestTwins(t *testing.T) {
	for model, want := range map[string]int{
		"a*exp(-b*T) - 2*c*exp(-d*T)":             1,
		"a*T*exp(-b*T) + c*T*exp(-d*T)":           1,
		"a/(b + T) + c/(d + T)":                   1,
		"a*exp(-b*T) + c*exp(-d*T) + d":           0,
		"a*exp(-b*T) + c*exp(-2*d*T)":             0,
		"a*exp(sqrt(b) - b*T) + c*exp(-d*T)":      0, // (b, d) = (1, -1) has no image
		"a*exp(-b*T) + c*exp(-d*T) + g*exp(-h*T)": 2,
	} {
		f := "0"
		for i := range 7 {
			f += fmt.Sprintf(" + (%d - (%s))^2", i*i%5, strings.ReplaceAll(model, "T", fmt.Sprint(i)))
		}
		e := expr.MustParse(f)
		q := Read(e, e.Vars(), func(int) bool { return true })
		x := make([]interval.I, len(q.Others))
		for l := range x {
			x[l] = interval.Whole
		}
		if q.findTwins(x); len(q.twins) != want {
			t.Errorf("%s: %v", model, q.twins)
		}
	}
}
