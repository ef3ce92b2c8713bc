package global

import (
	"math"
	"testing"
	"time"

	"nabla/expr/tape"
)

// Minima at an edge of the domain, at which f has no bounded slope. Values of math alone: on x + y = -3 the sum of squares is least at
// equal coordinates, and so on; the others are of a search on a fine grid of the edge.
func TestLeastAtEdgeOfDomain(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		want            float64
		status          Status
	}{
		{"x^2 + y^2 + sqrt(-y - x - 3)*(1 + y^2)", "", 4.5, Exact},
		{"x^2 + y^2 - x*y + acos(x + y - 2)", "", 2.25, Exact},
		{"x^2 + y^2 + (1 + x^2)*W(x + y - 2)", "", -1, Exact}, // -1 + y^2, at y = 0 where the sum is 2 - 1/e
		{"cos(x - y) + x^4 + y^4 + sqrt(x*y)", "", 0.939980868, Certified},
		{"x + sqrt(x*y - 1) + y^2", "|x + y <= 4; x >= 0", 1.889881575, Certified},
		{"x^2 + y^2 + sqrt(x*y)*(1 + exp(x))", "x=1:3,y=0:2", 1, Exact},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != c.status || math.Abs(a.Value-c.want) > 1e-8*math.Max(1, math.Abs(c.want)) {
			t.Errorf("%s %s: %s %v, want %s %v", c.formula, c.bounds, a.Status, a.Value, c.status, c.want)
			continue
		}
		p, err := tape.Compile(a.Vars, problemOf(t, c.formula, c.bounds).F)
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float64, 1)
		if p.NewMachine().Eval(out, a.At); math.Abs(out[0]-c.want) > 1e-6 {
			t.Errorf("%s %s: f is %v at %v, not %v", c.formula, c.bounds, out[0], a.At, c.want)
		}
	}
}

// A part that only some cases have is no variable: the others are defined where it is not.
func TestCasesAreNotLifted(t *testing.T) {
	const formula = "(x + 1)^2 + y^2 + if(x > 0, 1 + sqrt(x - y), sqrt(x + y + 1)*exp(y))" // 0 at (-1, 0), where the first root is not defined
	a := solved(t, problemOf(t, formula, ""), Options{Timeout: time.Second})
	if math.Abs(a.Value) > 1e-6 || a.Status == EmptyDomain {
		t.Errorf("%s %v", a.Status, a.Value)
	}
}
