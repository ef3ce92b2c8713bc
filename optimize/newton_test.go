package optimize

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"nabla/expr"
)

// No point of the ball is lower than the exact solution of the subproblem, on its
// boundary or inside, in the hard case too.
func TestTrustRegionSubproblem(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	var w region
	for i := 0; i < 400; i++ {
		n := 1 + random.IntN(6)
		h := mat.NewSymDense(n, nil)
		g := make([]float64, n)
		for j := 0; j < n; j++ {
			g[j] = random.NormFloat64()
			for k := j; k < n; k++ {
				h.SetSym(j, k, random.NormFloat64())
			}
		}
		switch i % 5 {
		case 0: // definite
			for j := 0; j < n; j++ {
				h.SetSym(j, j, math.Abs(h.At(j, j))+float64(n))
			}
		case 1: // hard case: diagonal, no gradient along the lowest eigenvector
			for j := 0; j < n; j++ {
				for k := j; k < n; k++ {
					h.SetSym(j, k, 0)
				}
				h.SetSym(j, j, float64(j)-1)
			}
			g[0] = 0
		case 2: // zero gradient
			fill(g, 0)
		case 3: // singular
			h.Zero()
			h.SetSym(0, 0, 1)
		}
		radius := math.Exp(2 * random.NormFloat64())
		p := make([]float64, n)
		gain, negative, ok := w.solve(h, g, radius, p)
		if !ok || floats.Norm(p, 2) > radius*(1+1e-8) {
			t.Fatalf("case %d: ok %v, length %g, radius %g", i, ok, floats.Norm(p, 2), radius)
		}
		best := -model(h, g, p)
		if math.Abs(gain-best) > 1e-10*math.Max(1, gain) {
			t.Errorf("case %d: promises %g, the model has %g", i, gain, best)
		}
		var eig mat.EigenSym
		eig.Factorize(h, false)
		if low := eig.Values(nil)[0]; negative && low >= 0 || !negative && low < -1e-6 {
			t.Errorf("case %d: lowest eigenvalue %g, reported negative: %v", i, low, negative)
		}
		q := make([]float64, n)
		for k := 0; k < 300; k++ {
			for j := range q {
				q[j] = random.NormFloat64()
			}
			floats.Scale(radius/floats.Norm(q, 2), q)
			if k%2 == 0 {
				floats.Scale(math.Pow(random.Float64(), 1/float64(n)), q)
			}
			if v := -model(h, g, q); v > gain+1e-8*math.Max(1, math.Abs(gain)) {
				t.Fatalf("case %d (n = %d): gain %g at %v, solution has %g at %v", i, n, v, q, gain, p)
			}
		}
	}
}

func TestNewtonLeavesSaddles(t *testing.T) {
	// Zero gradient at the start, a saddle: f = x⁴ + y⁴ - x² + y² has minima at x = ±1/√2, y = 0.
	o := New(2, func(x []float64) float64 {
		return x[0]*x[0]*x[0]*x[0] + x[1]*x[1]*x[1]*x[1] - x[0]*x[0] + x[1]*x[1]
	}, func(g, x []float64) { g[0], g[1] = 4*x[0]*x[0]*x[0]-2*x[0], 4*x[1]*x[1]*x[1]+2*x[1] },
		func(h *mat.SymDense, x []float64) { set(h, 12*x[0]*x[0]-2, 0, 12*x[1]*x[1]+2) })
	for _, b := range [][]Bound{nil, {{-5, 5}, {-5, 5}}} {
		r, err := Minimize(context.Background(), o, Newton{}, Options{Bounds: b, Stop: Stop{Grad: 1e-10, Iterations: 100}})
		if err != nil || r.Status != Converged || math.Abs(r.F+0.25) > 1e-12 {
			t.Errorf("bounds %v: %v at %v, f = %g", b, r.Status, r.X, r.F)
		}
	}
}

// Newton's method converges to the last bits: the gradient of a sum of exponentials becomes
// as small as rounding allows.
func TestNewtonIsExact(t *testing.T) {
	o := New(2, func(x []float64) float64 { return math.Exp(x[0]+x[1]-1) + math.Exp(-x[0]) + math.Exp(-x[1]) },
		func(g, x []float64) {
			a := math.Exp(x[0] + x[1] - 1)
			g[0], g[1] = a-math.Exp(-x[0]), a-math.Exp(-x[1])
		}, func(h *mat.SymDense, x []float64) {
			a := math.Exp(x[0] + x[1] - 1)
			set(h, a+math.Exp(-x[0]), a, a+math.Exp(-x[1]))
		})
	r, err := Minimize(context.Background(), o, Newton{}, Options{Start: []float64{3, -2}, Stop: Stop{Iterations: 100}})
	// At x = y: x + y - 1 = -x, so x = 1/3.
	if err != nil || r.Status != Converged || math.Abs(r.X[0]-1.0/3) > 2e-16 || math.Abs(r.X[1]-1.0/3) > 2e-16 {
		t.Errorf("%v (%v) at %.17g, gradient %g", r.Status, r.Reason, r.X, r.Grad)
	}
}

func TestClassify(t *testing.T) {
	quad := func(a, b float64) Objective {
		return New(2, func(x []float64) float64 { return (a*x[0]*x[0] + b*x[1]*x[1]) / 2 }, func(g, x []float64) { g[0], g[1] = a*x[0], b*x[1] }, nil)
	}
	for _, c := range []struct {
		a, b  float64
		kind  Kind
		leave bool
	}{{1, 2, Minimum, false}, {-1, -2, Maximum, true}, {1, -2, Saddle, true}, {1, 0, Undecided, false}, {-1, 0, Undecided, true}} {
		st := Classify(quad(c.a, c.b), []float64{0, 0}, nil)
		if st.Kind != c.kind || (st.Leave != nil) != c.leave || len(st.Eigenvalues) != 2 {
			t.Errorf("curvatures %g, %g: %+v", c.a, c.b, st)
		}
		if st.Leave != nil && quad(c.a, c.b).Func(st.Leave) >= 0 {
			t.Errorf("curvatures %g, %g: %v is no way down", c.a, c.b, st.Leave)
		}
	}
	// A bound holds the falling direction.
	if st := Classify(quad(1, -2), []float64{0, 1}, []Bound{{-1, 1}, {-1, 1}}); st.Kind != Minimum {
		t.Errorf("at a bound: %+v", st)
	}
	// Curvature alone is no minimum.
	o := New(1, func(x []float64) float64 { return math.Exp(-x[0]) }, func(g, x []float64) { g[0] = -math.Exp(-x[0]) }, func(h *mat.SymDense, x []float64) { h.SetSym(0, 0, math.Exp(-x[0])) })
	if st := Classify(o, []float64{40}, nil); st.Kind != Undecided {
		t.Errorf("on a slope: %+v", st)
	}
}

// Walks down a cone end where the squares of steps are too small for float64.
func TestNewtonOnACone(t *testing.T) {
	o, err := FromFormula(expr.MustParse("y^4 + sqrt(x^2 + y^2) - x*y"), []string{"x", "y"})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, bounds := range [][]Bound{nil, {{Lo: -2, Hi: 2}, {Lo: -2, Hi: 2}}} {
		for range 300 {
			start := []float64{4*r.Float64() - 2, 4*r.Float64() - 2}
			res, err := Minimize(context.Background(), o, Newton{}, Options{Start: start, Bounds: bounds, Stop: Stop{Grad: 1e-10, Relative: true, Iterations: 300, Hopeless: true}})
			if err != nil || res.Evaluations.Func > 5000 {
				t.Fatalf("from %v: %d values, %v", start, res.Evaluations.Func, err)
			}
		}
	}
}

// Where the radius divided by the gradient overflows, the Cauchy step is found, or none, and the search for it ends.
func TestCauchyStepOfTinyGradient(t *testing.T) {
	w := newSubproblem(1, []Bound{{Lo: -1, Hi: 1}})
	for _, bend := range []float64{0, math.NaN()} {
		s := []float64{7}
		w.cauchy(s, []float64{0}, []float64{1e-300}, mat.NewSymDense(1, []float64{bend}), 1e10)
		if want := map[bool]float64{true: -1}[bend == 0]; s[0] != want {
			t.Errorf("bend %v: step %v, want %v", bend, s[0], want)
		}
	}
}
