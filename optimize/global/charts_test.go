package global

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// Minima of formulas that stay bounded far out.
func TestConfinedByCharts(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		value     float64 // by SciPy, Nelder and Mead's method
		settled   bool
	}{
		{"sigmoid(a+b)^2 + (1-sigmoid(a+2b))^2 + sigmoid(a+3b)^2", "", 2. / 3, true},
		{"(1-tanh(a+b))^2 + (-1-tanh(2a+b))^2 + (1-tanh(3a+b))^2 + (-1-tanh(4a+b))^2", "", 3.2898464894, true},
		{"-x*exp(-x) - y*exp(-2y) + x*y/10", "x=0:,y=0:", -0.5096447998, true},
		{"(1-tanh(a+b))^2 + (1/5-tanh(a+2b))^2 + (1/2-tanh(2a-b))^2", "", 1. / 4, false}, // an infimum
	} {
		a := solved(t, problemOf(t, c.f, c.bounds), Options{Timeout: 5 * time.Second})
		if settled := a.Status == Exact || a.Status == Certified; settled != c.settled {
			t.Errorf("%s: %s by %s", c.f, a.Status, a.Method)
		}
		if math.Abs(a.Value-c.value) > 1e-7 {
			t.Errorf("%s: %v, want %v", c.f, a.Value, c.value)
		}
	}
}

// The formula in a chart has the values of the formula at the points that it stands for.
func TestAtInfinity(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	vars := []string{"x", "y", "z"}
	for _, f := range []string{"x + 2*y - 3", "exp(x - y)/(1 + z^2)", "(x^2 - x*y + z)^2/(1 + x^2)", "sin(2*x - y + z*(1 + x))", "sqrt(x^2 + y^2 + 1) - x^y",
		"1/(x - z) + 1/(1 + y^2)^2", "if(x < y, x*z, -z)", "x^3/y^2 + x/y^5 + abs(x)"} {
		tidier := simplify.New()
		e := tidier.Tidy(expr.MustParse(f))
		g := atInfinity(tidier, e, vars, []expr.Expr{tidier.Int(1), tidier.Var("y"), {}}, tidier.Var("x"))
		p, err := tape.Compile(vars, e)
		if err != nil {
			t.Fatal(err)
		}
		q, err := tape.Compile(vars, g)
		if err != nil {
			t.Fatal(err)
		}
		var want, got [1]float64
		for range 20 {
			x, y, z := 1/(1+9*r.Float64()), r.Float64(), 3*r.Float64()
			p.NewMachine().Eval(want[:], []float64{1 / x, y / x, z})
			q.NewMachine().Eval(got[:], []float64{x, y, z})
			if math.Abs(got[0]-want[0]) > 1e-8*(1+math.Abs(want[0])) {
				t.Errorf("%s: %v at %v, %v, %v, want %v", f, got, x, y, z, want)
			}
		}
	}
}
