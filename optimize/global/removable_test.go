package global

import (
	"math"
	"testing"
)

// Singularities that can be removed, across which enclosures have bounds. The values are of scipy.optimize.
func TestRemovableSingularities(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		value           float64
	}{
		{"sin(x)/x+sin(y)/y+x*y/100", "x=-5:7,y=-5:8", -0.646503},
		{"(1-cos(x*y))/(x*y)^2+x*y^2/50", "x=-5:7,y=-5:8", -6.398958},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != Certified && a.Status != Exact || !(math.Abs(a.Value-c.value) <= 1e-5) {
			t.Errorf("%s: %v %v, want %v", c.formula, a.Status, a.Value, c.value)
		}
	}
}
