package global

import (
	"math"
	"testing"
)

// Parts of the formula of one variable each leave a box, where these occur in them more than once and the conditions alone hold nothing.
func TestHeldByParts(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		value           float64 // by a local search from many points
	}{
		{"exp(x) + y^2 - y", "|x + exp(y) >= 4", 1.34125018},
		{"exp(x) + y^2 - y + z^4 - z", "|x + exp(y) + z >= 4", 0.56885851},
		{"exp(x) + x^2*y^2 + y^4 - y^3", "|x + exp(y) >= 4", 2.02458146},
		{"exp(x) - x + y^2 - y", "|x*y >= 4", 5.97269014},
		{"cosh(x) - x + log(1 + y^2)", "|x*y >= 3", 2.46126115},
		{"x^2 - x + sqrt(1 + y^2)", "|y >= sin(x) + 2", 2.23337886},
		{"exp(x) + y^2 - y", "|x + y >= 4 or x + y^3 >= 4", 1.56885731},
		{"exp(x) + y", "|x + exp(y) >= 4", math.NaN()}, // falls without end as y does
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		if math.IsNaN(c.value) {
			if a.Status == Exact || a.Status == Certified {
				t.Errorf("%s %s: %s %v", c.formula, c.bounds, a.Status, a.Value)
			}
			continue
		}
		if a.Status != Certified || math.Abs(a.Value-c.value) > 2e-7*c.value {
			t.Errorf("%s %s: %s %v, want %v", c.formula, c.bounds, a.Status, a.Value, c.value)
		}
		consistent(t, c.formula, p, a)
	}
}
