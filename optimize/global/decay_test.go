package global

import (
	"math"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// Sums with polynomials times exponentials that vanish far out; the values by a search of the plane.
func TestBumps(t *testing.T) {
	for _, c := range []struct {
		f     string
		value float64
	}{
		{"3(1 - x)^2*exp(-x^2 - (y + 1)^2) - 10(x/5 - x^3 - y^5)*exp(-x^2 - y^2) - exp(-(x + 1)^2 - y^2)/3", -6.551133},
		{"(x - y)*exp(-x^2 - y^2) + y^2/10", -0.584277},
		{"x*exp(-x^2 - y^2) - exp(-(x - 1)^2 - y^2)", -0.677571},
		{"x*y*exp(-x^2 - x*y - y^2) + atan(x - y)/9", math.NaN()}, // is lower far out
	} {
		a := solved(t, problemOf(t, c.f, ""), Options{Timeout: 2 * time.Second})
		if math.IsNaN(c.value) {
			if a.Status == Certified || a.Status == Exact {
				t.Errorf("%s: %s %v", c.f, a.Status, a.Value)
			}
			continue
		}
		if a.Status != Certified && a.Status != Exact || math.Abs(a.Value-c.value) > 1e-5 || !strings.Contains(strings.Join(a.Proof, " "), "vanish far out") {
			t.Errorf("%s: %s %v %q", c.f, a.Status, a.Value, a.Proof)
		}
	}
}

// What is below a term is below it at points around, and not by far where the term is least.
func TestBumpBelow(t *testing.T) {
	vars := []string{"x", "y"}
	for _, f := range []string{"x*exp(-x^2-y^2)", "(x - 2y)^3*exp(-x^2 - x*y - y^2 + 3x)", "-5x^2*y*exp(1 - (x - 3)^2 - 2(y + 1)^2)", "(x + 1)*exp(-x^2)"} {
		tidier := simplify.New()
		e := tidier.Tidy(expr.MustParse(f))
		g := bumpBelow(tidier, e)
		if !g.Valid() {
			t.Errorf("%s: none", f)
			continue
		}
		prog, err := tape.Compile(vars, e, g)
		if err != nil {
			t.Fatal(err)
		}
		m := prog.NewMachine()
		var out [2]float64
		least, below := 0.0, 0.0
		for i := range 81 {
			for j := range 81 {
				m.Eval(out[:], []float64{float64(i-40) / 8, float64(j-40) / 8})
				if least, below = math.Min(least, out[0]), math.Min(below, out[1]); out[1] > out[0] {
					t.Fatalf("%s: %v at %d, %d", f, out, i, j)
				}
			}
		}
		if below < 1e4*least {
			t.Errorf("%s: %v for %v", f, below, least)
		}
	}
	for _, f := range []string{"x*exp(-y^2)", "x*exp(x^2)", "exp(-x^2 - y^2)", "x*exp(-(x + y)^2)", "sin(x)*exp(-x^2)"} {
		tidier := simplify.New()
		if g := bumpBelow(tidier, tidier.Tidy(expr.MustParse(f))); g.Valid() {
			t.Errorf("%s: %v", f, g)
		}
	}
}
