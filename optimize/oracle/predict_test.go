package oracle

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize"
)

// predicted is a prediction beside the fact.
type predicted struct {
	Prediction
	*optimize.Result
}

func ask(t *testing.T, formula string, q Question) predicted {
	t.Helper()
	e := expr.MustParse(formula)
	vars := e.Vars()
	o, err := New(e, vars)
	if err != nil {
		t.Fatal(err)
	}
	p := o.Predict(q)
	obj, err := optimize.FromFormula(e, vars)
	if err != nil {
		t.Fatal(err)
	}
	var m optimize.Method = optimize.GradientDescent{Rate: optimize.Constant(q.Rate)}
	if q.Momentum > 0 {
		m = optimize.Momentum{Rate: optimize.Constant(q.Rate), Momentum: q.Momentum}
	}
	opt := optimize.Options{Start: q.Start, Stop: optimize.Stop{Grad: q.Tolerance, Relative: q.Relative, Change: q.Change, Iterations: q.Limit}}
	for _, b := range q.Bounds {
		opt.Bounds = append(opt.Bounds, optimize.Bound{Lo: b.Lo, Hi: b.Hi})
	}
	res, err := optimize.Minimize(context.Background(), obj, m, opt)
	if err != nil {
		t.Fatalf("%s: %v", formula, err)
	}
	return predicted{p, res}
}

// contradiction says where prediction and fact disagree, "" where they do not.
func (p predicted) contradiction(q Question) string {
	grown := p.Last.F-p.Last.F != 0
	switch p.Verdict {
	case Converge, Crawl:
		switch p.Status {
		case optimize.Bouncing:
			if p.Verdict == Crawl && p.Alternating { // from side to side, hardly nearer
				break
			}
			fallthrough
		case optimize.Diverging, optimize.LeftDomain, optimize.Unbounded, optimize.GradientUndefined:
			return fmt.Sprintf("predicted %s, but %s", p.Verdict, p.Status)
		}
		if grown {
			return "predicted to converge, but the values overflowed"
		}
		if n := p.Prediction.Iterations; n > 0 && n <= q.Limit && q.Change == 0 && (p.Status != optimize.Converged && p.Status != optimize.StationaryStart || p.Result.Iterations > n) {
			return fmt.Sprintf("at most %d iterations predicted, %s after %d", n, p.Status, p.Result.Iterations)
		}
	case Diverge, Oscillate:
		if p.Status == optimize.Converged || p.Status == optimize.StationaryStart {
			return fmt.Sprintf("predicted %s, but %s", p.Verdict, p.Status)
		}
		if p.Verdict == Oscillate && (p.Status == optimize.Diverging || grown) {
			return "predicted to oscillate, but it diverged"
		}
	case Stationary:
		if p.Status != optimize.StationaryStart {
			return fmt.Sprintf("predicted stationary, but %s", p.Status)
		}
	}
	return ""
}

// The cases of the tutorials, with their factors.
func TestTutorials(t *testing.T) {
	for _, c := range []struct {
		formula string
		start   float64
		rate    float64
		limit   int
		verdict Verdict
		factor  float64
		status  optimize.Status
	}{
		{"x^2", -0.4538579875, 0.1, 30, Converge, 0.8, optimize.IterationLimit},
		{"x^2", 0.64820935, 1, 30, Oscillate, 1, optimize.Bouncing},
		{"x^2", -0.8736056914, 1e-5, 30, Crawl, 0.99998, optimize.Crawling},
		{"x^2", 1, 1.1, 30, Diverge, 1.2, optimize.Diverging},
		{"x^2", 1, 0.5, 30, Converge, 0, optimize.Converged},
		{"x^2 + 2", -4, 0.1, 200, Converge, 0.8, optimize.Converged},
		{"3x^2 - 2x - 3", 8, 0.001, 500, Converge, 0.994, optimize.IterationLimit},
		{"x^2", 0, 0.1, 30, Stationary, 1, optimize.StationaryStart},
		{"-x^2", 1, 0.1, 30, Diverge, 1.2, optimize.Diverging},
	} {
		q := Question{Rate: c.rate, Start: []float64{c.start}, Tolerance: 1e-8, Relative: true, Limit: c.limit}
		p := ask(t, c.formula, q)
		if p.Verdict != c.verdict || math.Abs(p.Factor-c.factor) > 1e-12 {
			t.Errorf("%s with %g: %s by %g (%s), want %s by %g", c.formula, c.rate, p.Verdict, p.Factor, p.Why, c.verdict, c.factor)
		}
		if c.formula != "-x^2" && p.Status != c.status {
			t.Errorf("%s with %g: the fact is %s, want %s", c.formula, c.rate, p.Status, c.status)
		}
		if s := p.contradiction(q); s != "" {
			t.Errorf("%s with %g: %s", c.formula, c.rate, s)
		}
	}
}

// quadratic returns a random quadratic function of n variables as a formula: of
// any signs, well or badly conditioned, full or diagonal.
func quadratic(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		c := math.Exp(4*r.Float64() - 2)
		if r.IntN(12) == 0 {
			c = -c
		}
		fmt.Fprintf(&b, "+ (%.6f)*(x%d - (%.4f)", c, i, 4*r.Float64()-2)
		for j := range i {
			if r.IntN(3) > 0 {
				fmt.Fprintf(&b, " + (%.4f)*x%d", 2*r.Float64()-1, j)
			}
		}
		b.WriteString(")^2")
	}
	return strings.TrimPrefix(b.String(), "+ ")
}

// On random quadratic functions the oracle knows nearly always, and is never
// wrong: with and without momentum and bounds.
func TestRandomQuadratics(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	count := map[Verdict]int{}
	for k := range 400 {
		n := 1 + k%5
		formula := quadratic(r, n)
		e := expr.MustParse(formula)
		o, err := New(e, e.Vars())
		if err != nil {
			t.Fatal(err)
		}
		if !o.Quadratic() {
			t.Fatalf("%s is not seen to be quadratic", formula)
		}
		c, ok := o.Over(nil)
		if !ok {
			t.Fatalf("%s has no curvature", formula)
		}
		q := Question{Tolerance: 1e-6, Relative: k%2 == 0, Limit: 3000}
		for range n {
			q.Start = append(q.Start, 6*r.Float64()-3)
		}
		for _, u := range []float64{0.001, 0.3, 1, 1.9, 1.999, 2, 2.01, 2.5, 7} {
			if !(c.High > 0) {
				continue
			}
			q.Rate = u / c.High
			q.Momentum, q.Bounds = 0, nil
			switch k % 4 {
			case 1:
				q.Momentum = 0.9 * r.Float64()
			case 2:
				for i := range n {
					q.Bounds = append(q.Bounds, interval.New(q.Start[i]-2*r.Float64(), q.Start[i]+2*r.Float64()))
				}
			}
			p := ask(t, formula, q)
			count[p.Verdict]++
			if s := p.contradiction(q); s != "" {
				t.Errorf("%s, rate %g/L, momentum %g, bounds %v: %s (%s)", formula, u, q.Momentum, q.Bounds, s, p.Why)
			}
			if k%4 == 0 && p.Verdict == Unknown && c.Low > 0 {
				t.Errorf("%s, rate %g/L: unknown: %s", formula, u, p.Why)
			}
		}
	}
	t.Log(count)
	for _, v := range []Verdict{Converge, Diverge, Oscillate} {
		if count[v] < 50 {
			t.Errorf("only %d of %s", count[v], v)
		}
	}
}

// On functions that are not quadratic what is predicted holds, for rates over ten
// powers of ten and starts near and far.
func TestFunctions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	count := map[Verdict]int{}
	for _, formula := range []string{
		"x^2 + sin(x)", "x^2 + x^4", "exp(x) + exp(-x)", "x - log(x)", "log(1 + exp(x)) + x^2/10", "sqrt(1 + x^2)", "cosh(x) + x", "x^4 - 3x^2 + x",
		"sin(x)", "abs(x) + x^2", "x^2 + abs(x)^3", "1/x + x", "exp(-x^2)", "x*atan(x)", "max(x, 0)^2 + x^2", "if(x < 0, x^2, 3x^2)",
		"(1-x)^2 + 100(y-x^2)^2", "(x^2+y-11)^2 + (x+y^2-7)^2", "x^2 + y^2 + sin(x*y)/3", "exp(x+3y-0.1) + exp(x-3y-0.1) + exp(-x-0.1)",
		"log(exp(x) + exp(y) + exp(-x-y)) + (x^2 + y^2)/20", "x^2 + 10y^2 + x*y", "x^2/2 + cosh(y) + z^4 + z^2", "0.26(x^2+y^2) - 0.48x*y",
	} {
		e := expr.MustParse(formula)
		n := len(e.Vars())
		obj, err := optimize.FromFormula(e, e.Vars())
		if err != nil {
			t.Fatal(err)
		}
		for k := range 60 {
			q := Question{Rate: math.Pow(10, -6+7*r.Float64()), Tolerance: 1e-7, Relative: k%2 == 0, Limit: 2000}
			for range n {
				q.Start = append(q.Start, math.Pow(10, 1.5*r.Float64()-1)*float64(1-2*r.IntN(2)))
			}
			if k%5 == 0 {
				q.Change = 1e-6
			}
			if k%3 == 0 {
				for i := range n {
					q.Bounds = append(q.Bounds, interval.New(q.Start[i]-r.Float64(), q.Start[i]+2*r.Float64()))
				}
			}
			if v := obj.Func(q.Start); v-v != 0 {
				continue
			}
			p := ask(t, formula, q)
			count[p.Verdict]++
			if s := p.contradiction(q); s != "" {
				t.Errorf("%s from %v, rate %g, bounds %v: %s (%s)", formula, q.Start, q.Rate, q.Bounds, s, p.Why)
			}
		}
	}
	t.Log(count)
	if count[Converge] < 100 || count[Diverge] < 10 {
		t.Errorf("the oracle knows too little: %v", count)
	}
}

// The bounds on the eigenvalues hold at random points of the region, and are near
// for small ones.
func TestCurvature(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, formula := range []string{
		"(1-x)^2 + 100(y-x^2)^2", "x*y*sin(x) + exp(y)", "x^2 + sin(x)", "(x+2y-7)^2 + (2x+y-5)^2 + z^2*x*y", "cosh(x) + y^4*x",
	} {
		e := expr.MustParse(formula)
		vars := e.Vars()
		o, err := New(e, vars)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			var region []interval.I
			radius := math.Pow(10, -3*r.Float64())
			for range vars {
				m := 4*r.Float64() - 2
				region = append(region, interval.New(m-radius, m+radius))
			}
			c, ok := o.Over(region)
			if !ok {
				t.Fatalf("%s over %v: no curvature", formula, region)
			}
			for range 20 {
				var at []interval.I
				for _, b := range region {
					at = append(at, interval.Point(b.Lo+r.Float64()*(b.Hi-b.Lo)))
				}
				here, ok := o.Over(at)
				if !ok || !here.Sharp {
					t.Fatalf("%s at %v: no eigenvalues", formula, at)
				}
				if here.Low+here.error < c.Low || here.High-here.error > c.High {
					t.Fatalf("%s at %v: eigenvalues in [%g, %g], outside [%g, %g]", formula, at, here.Low, here.High, c.Low, c.High)
				}
				if radius < 0.002 && (here.High-here.Low)*0.2+5 < c.High-here.High {
					t.Errorf("%s near %v: bound %g for %g", formula, at, c.High, here.High)
				}
			}
		}
	}
}

// Where a function bends or jumps nothing is claimed.
func TestNoCurvature(t *testing.T) {
	for formula, region := range map[string]interval.I{
		"abs(x)": interval.New(-1, 1), "1/x": interval.New(-1, 1), "log(x)": interval.New(0, 1), "sqrt(x)": interval.New(0, 1),
		"if(x < 0, x^2, 3x^2)": interval.New(-1, 1), "max(x, 0)^2": interval.New(-1, 1), "floor(x)": interval.New(0.5, 1.5), "x^1.5": interval.New(0, 1),
	} {
		e := expr.MustParse(formula)
		o, err := New(e, e.Vars())
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := o.Over([]interval.I{region}); ok {
			t.Errorf("%s over %v: curvature %+v", formula, region, c)
		}
	}
}

// The safe rate is safe: f never rises from one step to the next while the walk stays in
// the region.
func TestAuto(t *testing.T) {
	for _, c := range []struct {
		formula string
		start   []float64
	}{
		{"x^2", []float64{3}}, {"(1-x)^2 + 100(y-x^2)^2", []float64{-1, 1}}, {"x^4 - 3x^2 + x", []float64{2}},
		{"(x^2+y-11)^2 + (x+y^2-7)^2", []float64{0, 0}}, {"sin(x)", []float64{1}}, {"x - log(x)", []float64{3}}, {"x^2/2 + cosh(y)", []float64{1, 2}},
	} {
		e := expr.MustParse(c.formula)
		o, err := New(e, e.Vars())
		if err != nil {
			t.Fatal(err)
		}
		rate, curvature, ok := o.Auto(c.start, nil)
		if !ok {
			t.Errorf("%s: no rate", c.formula)
			continue
		}
		obj, _ := optimize.FromFormula(e, e.Vars())
		last := math.Inf(1)
		inside := true
		optimize.Minimize(context.Background(), obj, optimize.GradientDescent{Rate: optimize.Constant(rate)}, optimize.Options{
			Start: c.start, Stop: optimize.Stop{Iterations: 500}, Trace: func(it optimize.Iterate) {
				for i, x := range it.X {
					inside = inside && curvature.Region[i].Has(x)
				}
				if inside && it.F > last+1e-12*math.Abs(last) {
					t.Errorf("%s: f rises from %g to %g at step %d", c.formula, last, it.F, it.N)
				}
				last = it.F
			},
		})
	}
}

func ExampleOracle_Predict() {
	e := expr.MustParse("x^2")
	o, _ := New(e, []string{"x"})
	for _, rate := range []float64{0.1, 1, 1e-5, 1.1} {
		p := o.Predict(Question{Rate: rate, Start: []float64{1}, Limit: 30})
		fmt.Printf("%g: %s, factor %.5f\n", rate, p.Verdict, p.Factor)
	}
	c, _ := o.Over(nil)
	fmt.Println("L =", c.L(), "safe rate", c.Safe(), "limit", c.Limit())
	// Output:
	// 0.1: converge, factor 0.80000
	// 1: oscillate, factor 1.00000
	// 1e-05: crawl, factor 0.99998
	// 1.1: diverge, factor 1.20000
	// L = 2 safe rate 0.5 limit 1
}
