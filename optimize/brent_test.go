package optimize

import (
	"context"
	"math"
	"testing"
)

func TestBrent(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		f      func(x float64) float64
		lo, hi float64
		x, tol float64
	}{
		{"parabola", func(x float64) float64 { return (x - 2) * (x - 2) }, -5, 7, 2, 1e-8},
		{"kink", func(x float64) float64 { return math.Abs(x - 0.3) }, -1, 1, 0.3, 1e-10},
		{"kink at zero", math.Abs, -1, 2, 0, 1e-15},
		{"left end", func(x float64) float64 { return x }, -1, 2, -1, 0},
		{"right end", func(x float64) float64 { return -x * x }, 0, 3, 3, 0},
		{"root", func(x float64) float64 { return math.Sqrt(math.Abs(x - 1)) }, 0, 3, 1, 1e-10},
		{"undefined left half", func(x float64) float64 {
			if x < 1 {
				return nan
			}
			return (x - 1.5) * (x - 1.5)
		}, 0, 3, 1.5, 1e-8},
		{"domain of the logarithm", func(x float64) float64 { return x * math.Log(x) }, 0, 5, 1 / e, 1e-8},
		{"jump", func(x float64) float64 {
			if x < 0.7 {
				return 2 - x
			}
			return x
		}, 0, 1, 0.7, 1e-9},
		{"reversed ends", func(x float64) float64 { return math.Cosh(x - 1) }, 4, -4, 1, 1e-7},
		{"one point", func(x float64) float64 { return x }, 2, 2, 2, 0},
		{"constant", func(x float64) float64 { return 3 }, 0, 1, 0.5, 0.5},
		{"large", func(x float64) float64 { return math.Abs(x - 1e9) }, 0, 1e12, 1e9, 1},
		{"tiny", func(x float64) float64 { return math.Abs(x - 1e-9) }, 0, 1, 1e-9, 1e-18},
	} {
		n := 0
		x, fx := Brent(func(x float64) float64 {
			if x < math.Min(c.lo, c.hi) || x > math.Max(c.lo, c.hi) {
				t.Fatalf("%s: evaluated at %g", c.name, x)
			}
			n++
			return c.f(x)
		}, c.lo, c.hi, 1e-12, nil)
		if math.Abs(x-c.x) > c.tol || fx != c.f(x) || n > 300 {
			t.Errorf("%s: %.17g with %g after %d evaluations, want %.17g", c.name, x, fx, n, c.x)
		}
	}
}

func TestBracket(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(x float64) float64
		a, b  float64
		bound Bound
		ok    bool
	}{
		{"parabola", func(x float64) float64 { return (x - 200) * (x - 200) }, 0, 0.1, NoBound, true},
		{"uphill first", func(x float64) float64 { return (x + 200) * (x + 200) }, 0, 0.1, NoBound, true},
		{"bounded", func(x float64) float64 { return -x }, 0, 0.1, Bound{-1, 5}, true},
		{"slope", func(x float64) float64 { return -x }, 0, 0.1, NoBound, false},
		{"domain", func(x float64) float64 { return x * math.Log(x) }, 2, 2.1, NoBound, true},
	} {
		lo, mid, hi, ok := Bracket(func(x float64) float64 {
			if !c.bound.Has(x) {
				t.Fatalf("%s: evaluated at %g", c.name, x)
			}
			return c.f(x)
		}, c.a, c.b, c.bound)
		if ok != c.ok {
			t.Errorf("%s: %v", c.name, ok)
			continue
		}
		if higher := func(x float64) bool { v := c.f(x); return v != v || v >= c.f(mid) }; ok && (!higher(lo) || !higher(hi) && hi != mid || (mid-lo)*(hi-mid) < 0) {
			t.Errorf("%s: %g %g %g", c.name, lo, mid, hi)
		}
	}
}

func TestBrentMethodOnHalfLines(t *testing.T) {
	// Open bounds on one side, the minimum inside or at the bound.
	for _, c := range []struct {
		f    func(x float64) float64
		b    Bound
		at   float64
		tol  float64
		name string
	}{
		{func(x float64) float64 { return (x - 40) * (x - 40) }, Bound{1, math.Inf(1)}, 40, 1e-6, "inside"},
		{func(x float64) float64 { return x }, Bound{1, math.Inf(1)}, 1, 0, "at the bound"},
		{func(x float64) float64 { return math.Abs(x + 7) }, Bound{math.Inf(-1), 3}, -7, 1e-9, "kink"},
	} {
		o := watchOver(t, c.name, NewDifference(1, func(x []float64) float64 { return c.f(x[0]) }, []Bound{c.b}), []Bound{c.b})
		r, err := Minimize(context.Background(), o, BrentMethod{}, Options{Start: []float64{2}, Bounds: []Bound{c.b}})
		if err != nil || r.Status != Converged || math.Abs(r.X[0]-c.at) > c.tol {
			t.Errorf("%s: %v at %v, %v", c.name, r.Status, r.X, err)
		}
	}
}
