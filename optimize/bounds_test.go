package optimize

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A quadratic function ½xᵀAx - bᵀx in a random box: the methods agree with the conditions of
// Karush, Kuhn and Tucker, and with each other where A is definite.
func TestQuadraticsInBoxes(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	methods := []Method{Newton{}, LBFGSB{}, LBFGSB{Memory: 3}, ProjectedGradient{}, Armijo{}, Pattern{}}
	for i := 0; i < 60; i++ {
		n := 1 + random.IntN(8)
		definite := i%3 != 0
		root := mat.NewDense(n, n, nil)
		for j := 0; j < n; j++ {
			for k := 0; k < n; k++ {
				root.Set(j, k, random.NormFloat64())
			}
			root.Set(j, j, root.At(j, j)+1)
		}
		a := mat.NewSymDense(n, nil)
		a.SymOuterK(1, root)
		b := make([]float64, n)
		bounds := make([]Bound, n)
		start := make([]float64, n)
		for j := range b {
			b[j] = 3 * random.NormFloat64()
			if !definite {
				a.SetSym(j, j, a.At(j, j)-2)
			}
			lo := random.NormFloat64()
			bounds[j] = Bound{lo, lo + 2*random.Float64()}
			if definite && random.IntN(4) == 0 {
				bounds[j].Hi = math.Inf(1)
			}
			if definite && random.IntN(4) == 0 {
				bounds[j].Lo = math.Inf(-1)
			}
			if random.IntN(10) == 0 {
				bounds[j] = Bound{lo, lo}
			}
			start[j] = bounds[j].Clip(random.NormFloat64())
		}
		o := New(n, func(x []float64) float64 {
			s := model(a, b, x) // bᵀx + ½xᵀAx
			for j, v := range x {
				s -= 2 * b[j] * v
			}
			return s
		}, func(g, x []float64) {
			mat.NewVecDense(n, g).MulVec(a, mat.NewVecDense(n, x))
			for j := range g {
				g[j] -= b[j]
			}
		}, func(h *mat.SymDense, x []float64) { h.CopySym(a) })
		lowest := math.Inf(1)
		for _, m := range methods {
			stop := Stop{Grad: 1e-7, Iterations: 20000}
			tol := 1e-6
			switch m.(type) {
			case Pattern:
				tol = 1e-4
			case Armijo: // compares values only, which resolve a gradient of about 1e-7
				stop.Grad = 1e-6
			}
			r, err := Minimize(context.Background(), watchOver(t, "box", o, bounds), m, Options{Start: start, Bounds: bounds, Stop: stop})
			if err != nil {
				t.Fatal(err)
			}
			pg := projectedGradient(bounds, r.X, r.Grad)
			if r.Status != Converged && r.Status != StationaryStart || pg > tol {
				t.Errorf("quadratic %d, %T: %v (%v), projected gradient %g", i, m, r.Status, r.Reason, pg)
			}
			if definite {
				if r.F > lowest+1e-6*math.Max(1, math.Abs(lowest)) {
					t.Errorf("quadratic %d, %T: f = %.12g, another found %.12g", i, m, r.F, lowest)
				}
				lowest = math.Min(lowest, r.F)
			}
		}
	}
}

// A thousand variables, half of them pressed against a bound.
func TestManyVariablesInABox(t *testing.T) {
	const n = 1000
	bounds := make([]Bound, n)
	for i := range bounds {
		bounds[i] = NoBound
		if i%2 == 0 {
			bounds[i] = Bound{-1, 0.7}
		}
	}
	o := New(n, rosenbrock, rosenbrockGrad, nil)
	var lowest float64
	for k, m := range []Method{LBFGSB{}, ProjectedGradient{}} {
		r, err := Minimize(context.Background(), watchOver(t, "Rosenbrock", o, bounds), m, Options{Start: ones(n, -0.5), Bounds: bounds, Stop: Stop{Grad: 1e-6, Iterations: 20000}})
		if err != nil || r.Status != Converged {
			t.Fatalf("%T: %v after %d: %v", m, r.Status, r.Iterations, err)
		}
		if k > 0 && math.Abs(r.F-lowest) > 1e-6*lowest {
			t.Errorf("%T: f = %g, LBFGSB found %g", m, r.F, lowest)
		}
		lowest = r.F
	}
}

func TestChainedRosenbrock(t *testing.T) {
	const n = 1000
	o := New(n, rosenbrock, rosenbrockGrad, rosenbrockHess)
	for _, m := range []Method{LBFGSB{}, LBFGS{}, CG{}} {
		r, err := Minimize(context.Background(), o, m, Options{Start: ones(n, 0.5), Stop: Stop{Grad: 1e-7, Iterations: 50000}})
		if err != nil || r.Status != Converged || r.F > 1e-10 {
			t.Errorf("%T: %v, f = %g after %d", m, r.Status, r.F, r.Iterations)
		}
	}
}

func TestProjectedGradient(t *testing.T) {
	inf := math.Inf(1)
	bounds := []Bound{{0, 1}, {0, 1}, {-inf, inf}}
	for _, c := range []struct {
		x, g []float64
		want float64
	}{
		{[]float64{0, 1, 0}, []float64{5, -5, 0}, 0},
		{[]float64{0, 1, 0}, []float64{-0.1, 0.2, 0}, 0.2},
		{[]float64{0, 1, 0}, []float64{-5, 0, 0}, 1},
		{[]float64{0.5, 0.5, 3}, []float64{5, 0, -0.75}, 0.75},
		{[]float64{0, 0, 0}, []float64{5, 5, math.NaN()}, math.NaN()},
	} {
		got := projectedGradient(bounds, c.x, c.g)
		if got != c.want && !(got != got && c.want != c.want) {
			t.Errorf("projected gradient at %v with %v: %g, want %g", c.x, c.g, got, c.want)
		}
	}
	if got := projectedGradient(nil, []float64{0, 0}, []float64{-3, 2}); got != 3 {
		t.Error(got)
	}
}

func TestBound(t *testing.T) {
	b := Bound{-1, 2}
	if !b.Has(-1) || !b.Has(2) || b.Has(2.1) || b.Has(math.NaN()) || b.Clip(-5) != -1 || b.Clip(5) != 2 || b.Clip(1) != 1 || b.Width() != 3 || b.Free() || !NoBound.Free() {
		t.Error(b)
	}
}
