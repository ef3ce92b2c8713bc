package global

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestCommonPowers(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           string
		minimisers      int // 0 for any number
	}{
		{"x^6 + y^6 - x^3*y^3 - x^3", "", Exact, "-1/3", 1},
		{"-x^3*w^4", "|x^3 + w^4 == 1", Exact, "-1/4", 2},
		// Hock and Schittkowski, Test Examples for Nonlinear Programming Codes, 1981, problem 40.
		{"-x*y*z*w", "|x^3 + y^2 == 1;x^2*w - z == 0;w^2 - y == 0", Exact, "-1/4", 0},
		{"x^4 + y^4 - 3*x^2*y^2 - x^2", "|x^2 + y^2 <= 1", Exact, "-4/5", 4},
		{"x^6 - 3*x^3*y + 4*y^2 + x^3", "|y^2 <= 1", Exact, "-4/7", 1},
		{"x^2 - y^4", "x=0:|x^2 + y^4 == 1", Exact, "-1", 2},
		{"x^2 + y^2", "|x^4*y^4 >= 16", Exact, "4", 4},
		{"x^3*y^3", "|x^3 + y^3 == 16", Unbounded, "", 0},
		{"x^4 - y^6", "|x^2 + y^2 <= -1", EmptyDomain, "", 0},
		{"x^2 + y^2 + z^2", "|x^3 + y^3 + z^3 == 3", Exact, "3^(2/3)", 3},
		{"-x^3*y^5", "|x^3 + y^5 == 2", Exact, "-1", 1},
		// What is undefined at 0 is so in the powers.
		{"x^6/x^3 + y^2", "|x^3 >= 0", NotAttained, "0", 0},
		// A root eliminates the variable.
		{"x*y", "|x^3 + y^3 == 16", Unbounded, "", 0},
		{"x*y", "x=0:,y=0:|x^3 + y^3 == 16", Exact, "0", 2},
		{"x^2 + y^2", "|x^3*y == 8", Exact, "8*3^(1/4)*sqrt(2)/3", 2},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != c.status || c.value != "" && c.status == Exact && !sameConstant(a.ExactValue, condition(t, c.value+" == 0").Arg(0)) {
			t.Errorf("%s %s: %s %v, want %s %s", c.formula, c.bounds, a.Status, a.ExactValue, c.status, c.value)
		}
		if c.minimisers > 0 && len(a.Minimisers) != c.minimisers {
			t.Errorf("%s %s: %d minimisers, want %d", c.formula, c.bounds, len(a.Minimisers), c.minimisers)
		}
	}
}

// What may be 0 is not told with both signs.
func TestSignsOfZero(t *testing.T) {
	a := solved(t, problemOf(t, "(x^4 + exp(y) - 1.3)^2 + (y - log(1.3))^2 + cos(y)", "|x^2 + y^4 <= 5"), Options{})
	if a.Status != Certified || len(a.Minimisers) != 1 {
		t.Errorf("%s %v", a.Status, a.Minimisers)
	}
}

// A root that is without a value somewhere leaves a gap there, and no point that is off the equation is shown.
func TestRootsWithGaps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		formula, bounds string
		off             func(x []float64) float64
	}{
		{"x^2 + y", "|y^3 + x/x == 3", func(x []float64) float64 { return x[1]*x[1]*x[1] - 2 }},
		{"x^2 + x*y + y^2", "|y^3 + x/x + exp(x) == 2", func(x []float64) float64 { return x[1]*x[1]*x[1] + math.Exp(x[0]) - 1 }},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{Timeout: time.Second})
		if a.Status == Exact || a.Status == Certified || len(a.At) > 0 && math.Abs(c.off(a.At)) > 1e-6 {
			t.Errorf("%s %s: %s at %v", c.formula, c.bounds, a.Status, a.At)
		}
	}
}

// A quadratic in powers is nowhere lower than its answer at random points of the region.
func TestRandomPowers(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 4))
	settled := 0
	for range 25 {
		i, j := 2+r.IntN(3), 2+r.IntN(3)
		c := func() int { return r.IntN(9) - 4 }
		a, b, d, e, g := 1+r.IntN(4), 1+r.IntN(4), c(), c(), c()
		f := fmt.Sprintf("%d*x^%d + %d*y^%d + (%d)*x^%d*y^%d + (%d)*x^%d + (%d)*y^%d", a, 2*i, b, 2*j, d, i, j, e, i, g, j)
		ans := solved(t, problemOf(t, f, fmt.Sprintf("|x^%d + y^%d <= 3", i, j)), Options{})
		if ans.Status == Exact || ans.Status == Certified {
			settled++
			for range 400 {
				x, y := 4*r.Float64()-2, 4*r.Float64()-2
				u, v := math.Pow(x, float64(i)), math.Pow(y, float64(j))
				if w := float64(a)*u*u + float64(b)*v*v + float64(d)*u*v + float64(e)*u + float64(g)*v; u+v <= 3 && w < ans.Value-1e-6*math.Max(1, math.Abs(ans.Value)) {
					t.Fatalf("%s: %v at (%v, %v), below %v", f, w, x, y, ans.Value)
				}
			}
		}
	}
	if settled < 18 {
		t.Errorf("%d of 25 settled", settled)
	}
}
