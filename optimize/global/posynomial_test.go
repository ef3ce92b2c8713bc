package global

import (
	"context"
	"math"
	"testing"
)

// Geometric programs have their least value by the inequality of the arithmetic and
// geometric means.
func TestPosynomials(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           float64
	}{
		// Duffin, Peterson and Zener, Geometric Programming, 1967: gravel in boxes.
		{"40/(x*y*z) + 40*y*z + 20*x*z + 10*x*y", "|x > 0;y > 0;z > 0", false, Certified, 100},
		{"40/(x*y*z) + 40*y*z", "|x*z/2 + x*y/4 <= 1;x > 0;y > 0;z > 0", false, Certified, 60},
		// Boxes and cans.
		{"x*y*z", "|x*y + 2*x*z + 2*y*z == 12;x > 0;y > 0;z > 0", true, Certified, 4},
		{"x*y*z", "x=0:,y=0:,z=0:|x*y + 2*x*z + 2*y*z <= 12", true, Certified, 4},
		{"pi*r^2 + 2*pi*r*h + 1/(r*h)", "|r^2*h >= 1;h > 0;r > 0", false, Certified, 10.3991654548},
		// A factor of a sum may be written as such, and roots.
		{"(x + y)*(1/x + 4/y)", "|x > 0;y > 0;x*y == 3", false, Certified, 9},
		{"sqrt(x*y) + 8/x + 8/y", "|x > 0;y > 0", false, Certified, 8},
		// Terms that vanish: the infimum is that of the others.
		{"x*y", "|x > 0;y > 0", false, NotAttained, 0},
		{"x + 1/x + x/y", "|x > 0;y > 0", false, NotAttained, 2},
		{"5 + x/y + y*z", "|x*z >= 1;x > 0;y > 0;z > 0", false, Certified, 7},
		{"5 + x/y + y*z", "|x*z^2 >= 1;x > 0;y > 0;z > 0", false, NotAttained, 5},
		// Where a variable may be 0 it is.
		{"x*y", "x=0:,y=0:|x + y >= 1", false, Certified, 0},
		{"x + y*z", "x=0:,y=0:,z=0:|x*y*z <= 1", false, Certified, 0},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		status := a.Status
		if status == Exact {
			status = Certified
		}
		if status != c.status || !(math.Abs(a.Value-c.value) <= 1e-6) {
			t.Errorf("%s %s: %s %v, not %v", c.formula, c.bounds, a.Status, a.Value, c.value)
		}
	}
}
