package optimize

import (
	"context"
	"math"
	"testing"
)

func TestDifference(t *testing.T) {
	f := func(x []float64) float64 { return math.Exp(x[0])*math.Sin(x[1]) + x[0]*x[0]*x[0] }
	for _, x := range [][]float64{{0.5, 1}, {-3, 40}, {0, 0}, {5, -1e3}} {
		d := NewDifference(2, f, nil)
		g := make([]float64, 2)
		d.Grad(g, x)
		want := []float64{math.Exp(x[0])*math.Sin(x[1]) + 3*x[0]*x[0], math.Exp(x[0]) * math.Cos(x[1])}
		for i := range g {
			if math.Abs(g[i]-want[i]) > 1e-8*math.Max(1, math.Abs(f(x)))*math.Max(1, math.Abs(want[i])) && math.Abs(x[1]) < 100 {
				t.Errorf("at %v: %v, want %v", x, g, want)
			}
		}
	}
}

// At the bounds and at the edge of the domain the differences are one-sided.
func TestDifferenceAtEdges(t *testing.T) {
	b := []Bound{{0, 2}}
	d := NewDifference(1, func(x []float64) float64 {
		if !b[0].Has(x[0]) {
			t.Errorf("evaluated at %v", x)
		}
		return math.Exp(x[0])
	}, b)
	g := []float64{0}
	for _, x := range []float64{0, 1e-9, 1, 2 - 1e-9, 2} {
		d.Grad(g, []float64{x})
		if math.Abs(g[0]-math.Exp(x)) > 1e-9*math.Exp(x) {
			t.Errorf("at %g: %.12g, want %.12g", x, g[0], math.Exp(x))
		}
	}
	narrow := []Bound{{1, 1 + 1e-9}}
	d = NewDifference(1, func(x []float64) float64 {
		if !narrow[0].Has(x[0]) {
			t.Errorf("evaluated at %v", x)
		}
		return x[0] * x[0]
	}, narrow)
	if d.Grad(g, []float64{1}); math.Abs(g[0]-2) > 1e-5 {
		t.Errorf("in a narrow box: %g", g[0])
	}
	held := NewDifference(1, func(x []float64) float64 { t.Error("asked"); return 0 }, []Bound{{1, 1}})
	if held.Grad(g, []float64{1}); g[0] != 0 {
		t.Errorf("held variable: %g", g[0])
	}
	d = NewDifference(1, func(x []float64) float64 { return math.Pow(x[0], 1.5) }, nil) // NaN below 0
	if d.Grad(g, []float64{0}); math.Abs(g[0]) > 0.01 {
		t.Errorf("at the edge of the domain: %g", g[0])
	}
	d = NewDifference(1, func(x []float64) float64 { return math.NaN() }, nil)
	if d.Grad(g, []float64{0}); g[0] == g[0] {
		t.Errorf("nowhere defined: %g", g[0])
	}
}

// All methods work with a gradient by differences, as well as it is.
func TestMethodsWithDifferences(t *testing.T) {
	for _, m := range []Method{Newton{}, LBFGSB{}, BFGS{}, LBFGS{}, CG{}, ProjectedGradient{}} {
		r, err := Minimize(context.Background(), New(2, rosenbrock, nil, nil), m, Options{Start: []float64{-1.2, 1}, Stop: Stop{Grad: 1e-6, Iterations: 3000}})
		if err != nil || r.F > 1e-10 {
			t.Errorf("%T: %v f = %g, %v", m, r.Status, r.F, err)
		}
	}
}
