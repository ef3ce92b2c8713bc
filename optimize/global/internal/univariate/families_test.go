package univariate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/polynomial"
	"nabla/optimize/global/minimum"
)

// TestUnivariatePolynomials compares the stationary points of random
// polynomials with the number of real zeros of the derivative (which the tests of
// package polynomial compare with Sturm's theorem), and the answer with values at
// many points.
func TestUnivariatePolynomials(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	for range 400 {
		n := 1 + r.IntN(8)
		c := make([]number.Number, n+1)
		var terms []string
		for i := range c {
			c[i] = number.Frac(int64(r.IntN(21)-10), int64(1+r.IntN(3)))
			if i == n && c[i].Sign() == 0 {
				c[i] = number.Int(1)
			}
			terms = append(terms, fmt.Sprintf("(%s)*x^%d", c[i], i))
		}
		text := strings.Join(terms, " + ")
		p := &Question{F: expr.MustParse(text), Var: "x"}
		a := Solve(context.Background(), p)
		unbounded := n%2 == 1 || c[n].Sign() < 0
		if unbounded != (a.Status == minimum.Unbounded) || !unbounded && a.Status != minimum.Exact && a.Status != minimum.Certified {
			t.Errorf("%s: %s", text, a.Status)
		}
		d := polynomial.Of(c).Derivative()
		if want := len(d.RealZeros()); len(a.Stationary) != want || !a.StationaryComplete {
			t.Errorf("%s: %d stationary points (complete %v), want %d", text, len(a.Stationary), a.StationaryComplete, want)
		}
		if why := refute(p, a, r); why != "" {
			t.Errorf("%s: %s", text, why)
		}
		least := math.Inf(1)
		for _, s := range a.Stationary {
			if !s.Proved {
				t.Errorf("%s: the kind of %v is not proved", text, s.X)
			}
			least = math.Min(least, s.Value)
		}
		if !unbounded && math.Abs(least-a.Value) > 1e-9*(1+math.Abs(least)) {
			t.Errorf("%s: minimum %v, but a stationary value is %v", text, a.Value, least)
		}
	}
}

// TestUnivariateWaves asks for the minima of random sums of sines and cosines,
// and looks on a fine grid for changes of sign of f' that are not in the list
// and for smaller values.
func TestUnivariateWaves(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	exact := 0
	for range 150 {
		var terms []string
		var f, g []func(x float64) float64
		for range 1 + r.IntN(3) {
			a, k := float64(r.IntN(9)-4), float64(1+r.IntN(4))
			if a == 0 {
				a = 1
			}
			if r.IntN(2) == 0 {
				terms = append(terms, fmt.Sprintf("(%v)*sin(%v*x)", a, k))
				f = append(f, func(x float64) float64 { return a * math.Sin(k*x) })
				g = append(g, func(x float64) float64 { return a * k * math.Cos(k*x) })
			} else {
				terms = append(terms, fmt.Sprintf("(%v)*cos(%v*x)", a, k))
				f = append(f, func(x float64) float64 { return a * math.Cos(k*x) })
				g = append(g, func(x float64) float64 { return -a * k * math.Sin(k*x) })
			}
		}
		sum := func(h []func(float64) float64, x float64) float64 {
			s := 0.0
			for _, u := range h {
				s += u(x)
			}
			return s
		}
		text := strings.Join(terms, " + ")
		p := &Question{F: expr.MustParse(text), Var: "x"}
		a := Solve(context.Background(), p)
		if a.Status == minimum.Constant {
			continue
		}
		if a.Status != minimum.Exact && a.Status != minimum.Certified {
			t.Errorf("%s: %s %v", text, a.Status, a.Warnings)
			continue
		}
		if a.Status == minimum.Exact {
			exact++
		}
		const n = 4000
		changes := 0
		for i := range n {
			x, y := 2*math.Pi*(float64(i)+0.123)/n, 2*math.Pi*(float64(i)+1.123)/n
			if v := sum(f, x); v < a.Value-1e-9 {
				t.Errorf("%s: f(%v) = %v, below %v", text, x, v, a.Value)
			}
			if u, v := sum(g, x), sum(g, y); u*v < 0 && math.Min(math.Abs(u), math.Abs(v)) > 1e-13 {
				changes++
			}
		}
		// The period may be a part of 2π.
		l, _, _, _, _ := newLine(context.Background(), p)
		period, ok := l.findPeriod()
		if !ok {
			t.Errorf("%s: no period", text)
			continue
		}
		times := int(math.Round(2 * math.Pi / l.Consts.Enclose(period).Mid()))
		listed := 0
		for _, s := range a.Stationary {
			if s.Kind != "inflection" {
				listed++
			}
		}
		if a.StationaryComplete && listed*times != changes {
			t.Errorf("%s: %d extrema listed in each of %d periods, %d changes of sign on the grid", text, listed, times, changes)
		}
	}
	if exact < 20 {
		t.Errorf("only %d exact", exact)
	}
}

// TestUnivariateConstraints asks questions with conditions that are no bounds.
func TestUnivariateConstraints(t *testing.T) {
	for _, q := range []struct {
		f, c   string
		status minimum.Status
		value  string
		domain string
	}{
		{"x^2", "x^2 >= 4", minimum.Exact, "4", "x <= -2 or x >= 2"},
		{"x", "x^2 == 2", minimum.Exact, "-sqrt(2)", "x = -sqrt(2) or x = sqrt(2)"},
		{"x", "x^2 < 4", minimum.NotAttained, "-2", "-2 < x < 2"},
		{"x^2", "x > 1 and x < 0", minimum.EmptyDomain, "0", ""},
		{"x", "x^2 + 1 <= 0", minimum.EmptyDomain, "0", ""},
		{"exp(x)", "log(x) >= 1", minimum.Exact, "exp(e)", "x >= e"},
		{"x^2", "x < -1 or x > 2", minimum.NotAttained, "1", "x < -1 or x > 2"},
		{"abs(x)", "not (x < 3)", minimum.Exact, "3", "x >= 3"},
	} {
		cond, err := expr.Reader{Conditions: true}.Expr(q.c)
		if err != nil {
			t.Fatal(err)
		}
		p := &Question{F: expr.MustParse(q.f), Var: "x", SubjectTo: []expr.Expr{cond}}
		a := Solve(context.Background(), p)
		c := exact.NewConstants(simplifier())
		want := c.Enclose(c.T.Tidy(expr.MustParse(q.value))).Mid()
		if a.Status != q.status || math.Abs(a.Value-want) > 1e-12*(1+math.Abs(want)) || q.domain != "" && a.Domain != q.domain {
			t.Errorf("%s subject to %s: %s %v, domain %q; want %s %s, %q", q.f, q.c, a.Status, a.Value, a.Domain, q.status, q.value, q.domain)
		}
	}
}

func BenchmarkUnivariate(b *testing.B) {
	for _, text := range []string{"x^2 + 2", "x^4-3*x^2+x", "x^2*exp(-x)", "x^2+sin(5*x)", "sin(x)^4+cos(x)^4", "x^2-8*log(x)"} {
		f := expr.MustParse(text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Solve(context.Background(), &Question{F: f, Var: "x"})
			}
		})
	}
}

// TestCompleteMinimisers asks for minima of functions that oscillate without end: the
// list of the minimisers is complete when what was not searched is proved to be
// higher, and not when it may be as low.
func TestCompleteMinimisers(t *testing.T) {
	for _, q := range []struct {
		formula  string
		count    int
		complete bool
	}{
		{"sin(x)/x", 2, true}, {"x*sin(1/x)", 2, true}, {"abs(x)/1000 + sin(x)", 1, true}, {"cos(x)*exp(-x^2/100)", 2, true},
		{"mod(x, 1) + x^2/10000", 1, true}, {"sin(x)^2/x^2", 2, true}, {"abs(x)*sin(x)^2", 1, true}, {"floor(abs(x)*sin(x)^2)", 1, false},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x"})
		if a.MinimisersComplete != q.complete || a.Status != minimum.Exact && a.Status != minimum.Certified || q.complete && len(a.Minimisers) != q.count {
			t.Errorf("%s: %s, minimisers %v, complete %v, want %d, %v", q.formula, a.Status, a.Minimisers, a.MinimisersComplete, q.count, q.complete)
		}
	}
}

// TestFallingAlongAngles asks for functions that fall without end along the places at
// which a growing angle has one phase, and for such that do not.
func TestFallingAlongAngles(t *testing.T) {
	for _, q := range []struct {
		formula string
		falls   bool
	}{
		{"x*sin(x^2)", true}, {"exp(x)*cos(x^2)", true}, {"cos(cosh(x))*exp(x)", true}, {"log(2 + x^2)*cos(sqrt(1 + x^2))", true},
		{"x^2*sin(exp(-x))", true}, {"x + x*sin(x^2)", true}, {"sqrt(x)*cos(2*x^2 + 1) - x*sin(x^2)", true},
		{"2*x^2 + x^2*sin(x^2)", false}, {"x^2*(1 + cos(x^2))", false}, {"x^4 + x^2*sin(x^3)", false}, {"x^2 + x*sin(x^2)*cos(x^2)", false},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x"})
		if q.falls != (a.Status == minimum.Unbounded) {
			t.Errorf("%s: %s, want falls %v", q.formula, a.Status, q.falls)
			continue
		}
		if q.falls && !(slices.Min(a.Witness.Values) < -10) {
			t.Errorf("%s: the values of the witness are %v", q.formula, a.Witness.Values)
		}
	}
}

// TestApproachedAlongSequences asks for infima that are approached along sequences of places, such
// as those next to steps, which become dense towards a place or go on to the end of the line.
func TestApproachedAlongSequences(t *testing.T) {
	for _, q := range []struct {
		formula, lo string
		max         bool
		value       string
		approached  string
	}{
		{"mod(x - 2, 1) + exp(-x)", "", false, "0", "x → ∞ along x = k"},
		{"mod(pi*x, 1) - exp(-x)", "", true, "1", "x → ∞ along x = k/pi from below"},
		{"mod(-x, pi) - exp(-x)", "", true, "pi", "x → ∞ along x = pi k from above"},
		{"x - floor(x) + 1/x^2", "1", false, "0", "x → ∞ along x = k"},
		{"(floor(x) - x)^2 + exp(x)", "", false, "0", "x → -∞ along x = k"},
		{"ceil(2*x) - 2*x + exp(-x^2)", "0", false, "0", "x → ∞ along x = k/2"},
		{"floor(x) - x + 1/x", "1", false, "-1", "x → ∞ along x = k from below"},
		{"floor(-x) + abs(x)", "", false, "-1", "x → 0 from above and as x → 1 from above"},
		{"floor(x)/x", "1", false, "1/2", "x → 2 from below"},
		// Several waves and what vanishes, beyond the zeros of f'.
		{"sin(x) + cos(pi*x) + 1/(1 + x^2)", "", false, "-2", "x → -∞ along a sequence and as x → ∞ along a sequence"},
		{"sin(x)*cos(sqrt(3)*x) + exp(-abs(x))", "1", false, "-1", "x → ∞ along a sequence"},
		{"sin(x) + cos(pi*x) - x/(1 + x^2)", "1", true, "2", "x → ∞ along a sequence"},
	} {
		p := &Question{F: expr.MustParse(q.formula), Var: "x", Max: q.max}
		if q.lo != "" {
			p.Bound.Lo = expr.MustParse(q.lo)
		}
		a := Solve(context.Background(), p)
		if a.Status != minimum.NotAttained || !a.ExactValue.Valid() || format.Text(a.ExactValue) != q.value || a.Approached != q.approached {
			t.Errorf("%s: %s %v, approached as %s; want %s as %s", q.formula, a.Status, a.Value, a.Approached, q.value, q.approached)
		}
	}
}

// TestStepsWithTrends compares what is claimed of random sums of a step or a remainder and a
// function with a limit with values at many places, those next to the steps among them.
func TestStepsWithTrends(t *testing.T) {
	steps := []struct {
		formula string
		f       func(x float64) float64
	}{
		{"mod(x, 1)", func(x float64) float64 { return x - math.Floor(x) }},
		{"-mod(x - 1/2, 1)", func(x float64) float64 { x -= 0.5; return math.Floor(x) - x }},
		{"mod(-2*x, 1)", func(x float64) float64 { return -2*x - math.Floor(-2*x) }},
		{"floor(x) - x", func(x float64) float64 { return math.Floor(x) - x }},
		{"(ceil(x) - x)^2", func(x float64) float64 { return math.Pow(math.Ceil(x)-x, 2) }},
		{"abs(2*floor(x/2) - x)", func(x float64) float64 { return math.Abs(2*math.Floor(x/2) - x) }},
	}
	trends := []struct {
		formula string
		f       func(x float64) float64
	}{
		{"exp(-x)", func(x float64) float64 { return math.Exp(-x) }},
		{"-exp(x)", func(x float64) float64 { return -math.Exp(x) }},
		{"1/(1 + x^2)", func(x float64) float64 { return 1 / (1 + x*x) }},
		{"-2/(1 + x^2)", func(x float64) float64 { return -2 / (1 + x*x) }},
		{"atan(x)", math.Atan},
		{"x^2/100", func(x float64) float64 { return x * x / 100 }},
		{"abs(x)", math.Abs},
	}
	settled := 0
	for _, s := range steps {
		for _, u := range trends {
			for _, sign := range []string{" + ", " - "} {
				text := s.formula + sign + u.formula
				a := Solve(context.Background(), &Question{F: expr.MustParse(text), Var: "x"})
				low := math.Inf(1)
				for k := -400; k <= 400; k++ {
					for _, d := range [...]float64{0, 1e-9, -1e-9, 0.1, 0.25, 0.4} {
						x := float64(k)/2 + d
						v := u.f(x)
						if sign == " - " {
							v = -v
						}
						low = math.Min(low, s.f(x)+v)
					}
				}
				switch a.Status {
				case minimum.Local:
					t.Errorf("%s: %v", text, a.Warnings)
				case minimum.Unbounded:
					if low > -50 && !strings.Contains(u.formula, "exp") {
						t.Errorf("%s: unbounded, but the least value found is %v", text, low)
					}
				case minimum.Exact, minimum.Certified, minimum.NotAttained:
					settled++
					if low < a.Value-1e-6 || low > a.Value+0.02 {
						t.Errorf("%s: %s %v, but the least value found is %v", text, a.Status, a.Value, low)
					}
					if a.Attained && math.Abs(s.f(a.At[0])+map[string]float64{" + ": 1, " - ": -1}[sign]*u.f(a.At[0])-a.Value) > 1e-9 {
						t.Errorf("%s: the value at %v is not %v", text, a.At, a.Value)
					}
				}
			}
		}
	}
	if settled < 60 {
		t.Errorf("only %d are settled", settled)
	}
}

// TestContinua asks where formulas are constant and least: pieces of one period that go on over its
// end are told as one.
func TestContinua(t *testing.T) {
	for _, q := range []struct{ formula, family string }{
		{"max(0, floor(sin(x)))", "pi/2 < x < 5pi/2, repeated with period 2pi"},
		{"floor(sin(x))", "pi < x < 2pi, repeated with period 2pi"},
		{"max(sin(x), 0)", "pi <= x <= 2pi, repeated with period 2pi"},
		{"max(sin(x), 0) + max(cos(x), 0)", "pi <= x <= 3pi/2, repeated with period 2pi"},
		{"if(sin(x) >= 0, 1, 0)", "pi < x < 2pi, repeated with period 2pi"},
		{"max(mod(x, 1), 1/2)", "0 <= x <= 1/2, repeated with period 1"},
		{"abs(floor(cos(x)))", "-pi/2 <= x < 0 or 0 < x <= pi/2, repeated with period 2pi"},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x"})
		if a.Status != minimum.Exact || len(a.Minimisers) != 1 || a.Minimisers[0].Family != q.family || !a.MinimisersComplete {
			t.Errorf("%s: %s, %v, complete %v; want %s", q.formula, a.Status, a.Minimisers, a.MinimisersComplete, q.family)
		}
	}
	for _, q := range []struct{ formula, domain string }{{"floor(x)/floor(x)", "floor(x) != 0"}, {"floor(x) + ceil(-x)", "all real x"}} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x"})
		if a.Status != minimum.Constant || a.Domain != q.domain {
			t.Errorf("%s: %s for %s", q.formula, a.Status, a.Domain)
		}
	}
}

// What changes by a constant over each period of its derivative has its stationary points in families; of
// what has too many for a list those near 0 are listed.
func TestStationaryPointsOfWhatFalls(t *testing.T) {
	for _, c := range []struct {
		formula  string
		want     string // kind, place and value, what is added with each step
		complete bool
	}{
		{"x + sin(x)", "inflection x = pi + 2pi k 3.14159 2pi k", true},
		{"x/2 + sin(x)", "local minimum x = -2pi/3 + 2pi k -1.91322 pi k, local maximum x = 2pi/3 + 2pi k 1.91322 pi k", true},
		{"cos(x) - x", "inflection x = -pi/2 + 2pi k 1.5708 -2pi k", true},
		{"x + sin(pi*x)/pi", "inflection x = 1 + 2k 1 2k", true},
		{"2*x + sin(x)", "", true},
		{"x - tan(x)", "inflection x = pi k 0 pi k", true},
		{"2x - tan(x)", "local minimum x = -pi/4 + pi k -0.570796 2pi k, local maximum x = pi/4 + pi k 0.570796 2pi k", true},
		{"x + sec(x)", "local maximum x = -pi - asin(1/2 - sqrt(5)/2) + 2pi k -3.74737 2pi k, local minimum x = asin(1/2 - sqrt(5)/2) + 2pi k 0.60578 2pi k", true},
		{"x + log(abs(sin(x)))", "local maximum x = -pi/4 + pi k -1.13197 pi k", true},
		{"exp(-x)*(sin(x) + cos(x))", "local maximum x = 2pi k 1 = exp(-2pi k), local minimum x = pi + 2pi k -0.0432139 = -exp(-2pi k - pi)", true},
		{"exp(-x)*sin(x) + 3", "local minimum x = -3pi/4 + 2pi k -4.46049 = 3 - exp(3pi/4 - 2pi k) sqrt(2)/2, local maximum x = pi/4 + 2pi k 3.3224 = exp(-2pi k - pi/4) sqrt(2)/2 + 3", true},
		{"exp(x)*sin(x)^3", "local minimum x = -atan(3) + 2pi k -0.244856 = -27 exp(-atan(3) + 2pi k) sqrt(10)/100, inflection x = 2pi k 0, " +
			"local maximum x = pi - atan(3) + 2pi k 5.66613 = 27 exp(pi - atan(3) + 2pi k) sqrt(10)/100, inflection x = pi + 2pi k 0", true},
		{"1/gamma(x)", "local minimum -4.65324 -18.9467, local maximum -3.63529 4.07951, local minimum -2.61072 -1.12595, " +
			"local maximum -1.5735 0.434328, local minimum -0.504083 -0.282116, local maximum 1.46163 1.12917", false},
		{"tan(x) + x^2", "local maximum -4.36721 16.2915, local minimum -2.08284 6.11744", false},
		{"gamma(x)", "local maximum -4.65324 -0.0527796, local minimum -3.63529 0.245128, local maximum -2.61072 -0.888136, " +
			"local minimum -1.5735 2.30241, local maximum -0.504083 -3.54464, local minimum 1.46163 0.885603", false},
	} {
		a := Solve(t.Context(), &Question{F: expr.MustParse(c.formula), Var: "x"})
		var got []string
		for _, st := range a.Stationary {
			s := st.Kind + " " + cmp.Or(st.Family, format.Number(st.X[0], 6)) + " " + format.Number(st.Value, 6)
			if st.Drift.Valid() {
				s += " " + format.Text(st.Drift)
			}
			if st.Along.Valid() {
				s += " = " + format.Text(st.Along)
			}
			got = append(got, s)
		}
		if s := strings.Join(got, ", "); a.Status != minimum.Unbounded || s != c.want || a.StationaryComplete != c.complete {
			t.Errorf("%s: %s, %q, complete %t; want %q, %t", c.formula, a.Status, s, a.StationaryComplete, c.want, c.complete)
		}
	}
}

// TestNamedStationaryPoints asks for closed forms of minima that need tangents, zeros about their mean, waves that
// die down and denominators without roots: by SymPy.
func TestNamedStationaryPoints(t *testing.T) {
	for _, q := range []struct {
		formula, lo, hi string
		max             bool
		at, value       string
	}{
		{"8/sin(x) + 4/cos(x)", "0", "pi/2", false, "atan(2^(1/3))", "4(1 + 2^(2/3))^(3/2)"},
		{"27/sin(x) + 64/cos(x)", "0", "pi/2", false, "atan(3/4)", "125"},
		{"sin(x)^2 + 3 sin(x) cos(x)", "0", "pi/2", true, "atan((1 + sqrt(10))/3)", "(1 + sqrt(10))/2"},
		{"sin(2x) + cos(x)^2", "0", "1", true, "atan((sqrt(5) - 1)/2)", "(1 + sqrt(5))/2"},
		{"1/(1 + x^2) - 1/(1 + (x - 3)^2)", "", "", false, "3/2 + sqrt(15 + 6 sqrt(133))/6", "-0.9008781648005122"},
		{"(x - 1)^4/4 - 2x", "", "", false, "1 + 2^(1/3)", "-2 - 3*2^(1/3)/2"},
		{"1 - exp(-x/2)*(cos(x) + sin(x)/2)", "0", "", true, "pi", "1 + exp(-pi/2)"},
		{"exp(-x/10)*cos(x)", "0", "", false, "pi - atan(1/10)", "-10/sqrt(101)*exp((atan(1/10) - pi)/10)"},
		{"exp(-x)*sin(3x)^2", "0", "", true, "atan(6)/3", "36/37*exp(-atan(6)/3)"},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound(q.lo, q.hi), Max: q.max})
		at, _ := tape.EncloseConstant(expr.MustParse(q.at))
		v, _ := tape.EncloseConstant(expr.MustParse(q.value))
		if a.Status != minimum.Exact || math.Abs(a.Value-v.Mid()) > 1e-13*(1+v.Mag()) || math.Abs(a.At[0]-at.Mid()) > 1e-13*(1+at.Mag()) {
			t.Errorf("%s: %s %v at %v, want %v at %v", q.formula, a.Status, a.Value, a.At, v, at)
		}
	}
}

// TestManyEqualWaves asks for a sum of waves with more stationary points in a period than are named. The value is by mpmath.
func TestManyEqualWaves(t *testing.T) {
	const least = -1.0049890517781682
	a := Solve(context.Background(), &Question{F: expr.MustParse("sin(x) + sin(300x)/300 + sin(599x)/599"), Var: "x"})
	if a.Status != minimum.Certified || math.Abs(a.Value-least) > 1e-12 {
		t.Errorf("%s %v %v, want %v", a.Status, a.Value, a.Warnings, least)
	}
}

// TestSquaresWithoutClosedForm asks for minima where an even power of a part is 0 that has no closed form there.
func TestSquaresWithoutClosedForm(t *testing.T) {
	for _, q := range []struct {
		formula string
		status  minimum.Status
		at      float64
	}{
		{"(3(sin(x) - x*cos(x))/x^3)^2", minimum.Certified, 4.493409457909064},
		{"(x*exp(x) - 2)^2*(1 + x^2)", minimum.Exact, 0.852605502013726},
		{"(x^2 - cos(x))^2", minimum.Certified, 0.8241323123},
		{"sin(x)^2/x^2*(2 + cos(x))", minimum.Exact, math.Pi},
		{"sin(x)^4/x^2", minimum.Exact, math.Pi},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x"})
		if a.Status != q.status || a.Value != 0 || !a.Attained || math.Abs(math.Abs(a.At[0])-q.at) > 1e-9 {
			t.Errorf("%s: %s %v at %v %q, want %s 0 at %v", q.formula, a.Status, a.Value, a.At, a.Warnings, q.status, q.at)
		}
	}
	// no zero, a zero of the other factor, and a fourth power
	for _, formula := range []string{"(x - cos(x))^2 + 1e-20", "(x - cos(x))^3*(x - cos(x) + 1e-9)", "((x - cos(x))^2 + 1e-30)^2*(2 + sin(x))"} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(formula), Var: "x"})
		if a.Value == 0 && a.Status != minimum.Local || a.ExactValue.Valid() && a.ExactValue.IsNum(0) {
			t.Errorf("%s: %s %v at %v", formula, a.Status, a.Value, a.At)
		}
	}
}
