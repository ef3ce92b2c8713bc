package optimize

import (
	"context"
	"math"
	"strings"
	"testing"

	"nabla/expr"
)

// What a run says of its end is true: rows in which an easy rule would be met by
// coincidence, or only because of a scale.
func TestClaims(t *testing.T) {
	for _, c := range []struct {
		name, formula string
		start         float64
		m             Method
		opt           Options
		status        Status
		says          string
	}{
		{"both sides of a valley are equally high", "x^2", 0.65, GradientDescent{Constant(1)}, Options{Stop: Stop{Change: 1e-5, Iterations: 30}}, Bouncing, "rate is too large"},
		{"a heavy ball comes nearer however it swings", "x^2", -0.6, Momentum{Constant(0.95), 0.99}, Options{Stop: Stop{Grad: 1e-8, Relative: true, Iterations: 1000}}, IterationLimit, ""},
		{"a few swings of a heavy ball", "x^2", -0.6, Momentum{Constant(0.5), 0.99}, Options{Stop: Stop{Iterations: 10}}, IterationLimit, ""},
		{"a step off the map", "exp(x)", 30, GradientDescent{Constant(1)}, Options{Stop: Stop{Grad: 1e-8, Iterations: 30}}, Receding, "may be no minimum"},
		{"a long step to a minimum", "(x - 1e8)^2", 0, GradientDescent{Constant(0.5)}, Options{Stop: Stop{Grad: 1e-8, Iterations: 30}}, Converged, "within the tolerance"},
		{"fast growth from side to side", "x^2", 1, GradientDescent{Constant(12)}, Options{Stop: Stop{Iterations: 30}}, Diverging, "rate is too large"},
		{"growth that fades", "7x^2", 1, Momentum{Constant(3. / 14), 0.5}, Options{Stop: Stop{Iterations: 10}}, Bouncing, ""},
		{"to and fro by the spacing of floats", "0.2(x - 1.75)^2", -0.57, GradientDescent{Constant(4.65)}, Options{Stop: Stop{Iterations: 1000}}, Converged, "rounding"},
		{"a slow decay from side to side", "x^2", 1, GradientDescent{Constant(0.99995)}, Options{Stop: Stop{Iterations: 3000}}, IterationLimit, ""},
		{"a large value does not make a slope small", "1e9(x - 3)^2 + 1e9", 9, GradientDescent{Constant(1e-10)}, Options{Bounds: []Bound{{0, 10}}, Stop: Stop{Grad: 1e-8, Relative: true, Iterations: 50}}, IterationLimit, ""},
		{"pressed against a bound, going up", "x", 0.5, GradientDescent{Constant(0.25)}, Options{Bounds: []Bound{{0, 1}}, Maximise: true, Stop: Stop{Grad: 1e-8, Iterations: 50}}, Converged, "the gradient is 0, within"},
		{"a steep start leaves no scale, Armijo", "x^100", 2, Armijo{}, Options{Stop: Stop{Grad: 1e-8, Iterations: 3000}}, Converged, "within the tolerance"},
		{"a steep start leaves no scale, spectral", "x^100", 2, ProjectedGradient{}, Options{Stop: Stop{Grad: 1e-8, Iterations: 3000}}, Converged, "within the tolerance"},
	} {
		e := expr.MustParse(c.formula)
		o, err := FromFormula(e, e.Vars())
		if err != nil {
			t.Fatal(err)
		}
		c.opt.Start = []float64{c.start}
		r, err := Minimize(context.Background(), o, c.m, c.opt)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r.Status != c.status || !strings.Contains(r.Explain(), c.says) {
			t.Errorf("%s: %v after %d, want %v: %s", c.name, r.Status, r.Iterations, c.status, r.Explain())
		}
	}
}

// No method claims to have converged to within rounding errors where f is clearly lower
// a little farther down.
func TestNoScale(t *testing.T) {
	for _, formula := range []string{"x^100", "exp(exp(x)) - x", "1e300*x^2", "x^20 + x"} {
		e := expr.MustParse(formula)
		o, err := FromFormula(e, e.Vars())
		if err != nil {
			t.Fatal(err)
		}
		for _, info := range Methods {
			if info.Rows {
				continue
			}
			for _, start := range []float64{2, -3, 0.5, 1} {
				r, err := Minimize(context.Background(), o, info.New(), Options{Start: []float64{start}, Stop: Stop{Grad: 1e-8, Relative: true, Iterations: 3000}})
				if err != nil {
					continue // the value overflows at the start
				}
				if v := o.Func(r.X); v != r.F {
					t.Errorf("%s, %s from %g: best value %g at %g, where f is %g", formula, info.Name, start, r.F, r.X, v)
				}
				g := make([]float64, 1)
				o.Grad(g, r.Last.X)
				if r.Status == Converged && r.Reason == AtRounding && math.Abs(g[0]) > 1e-3*math.Max(1, math.Abs(r.F)) && o.Func([]float64{r.Last.X[0] - 1e-4*sign(g[0])}) < r.F {
					t.Errorf("%s, %s from %g: converged with the slope %g: %s", formula, info.Name, start, g[0], r.Explain())
				}
			}
		}
	}
}

// Methods that work with matrices refuse what would fill the memory; the others
// take it.
func TestManyVariables(t *testing.T) {
	const n = 10_000
	o := New(n, sphere, sphereGrad, nil)
	for _, info := range Methods {
		if info.Rows || info.OneVariable {
			continue
		}
		r, err := Minimize(context.Background(), o, info.New(), Options{Start: ones(n, 1), Stop: Stop{Iterations: 2, Evaluations: 30}})
		if refused := info.Most > 0; refused != (err != nil) {
			t.Errorf("%s: %v", info.Name, err)
		} else if !refused && !(r.F <= sphere(ones(n, 1))) {
			t.Errorf("%s: %g", info.Name, r.F)
		}
	}
}
