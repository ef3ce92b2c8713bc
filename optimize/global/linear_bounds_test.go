package global

import (
	"math"
	"strings"
	"testing"
)

// Minima between bounds of formulas in which some variables occur in one linear form alone.
func TestFormBetweenBounds(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
		family          string // of the first minimiser, "" for none
	}{
		{"(x+y)/z + 3z/(x+y)", "x=0:1,y=0:3,z=1:2", Exact, 2 * math.Sqrt(3), "within the bounds"},
		{"(x+y)/z + 3z/(x+y)", "x=0:1,y=0:1,z=3:4", Exact, 2./3 + 9./2, ""}, // at a corner
		{"(x+y+z)*w + 1/w + 1/(x+y+z)", "x=0:,y=0:,z=0:,w=0:", Exact, 3, "x + y + z = 1 within the bounds, w = 1"},
		{"exp(x-y)*z^2 - z*(x-y)", "x=0:3,y=0:2,z=0:4", Exact, -math.Exp(-2), "x - y = 2 within the bounds"}, // z = u exp(-u)/2, -u^2 exp(-u)/4
		{"exp(x+y) + z/(1+(x+y)^2) + z^2", "x=:0,y=:3,z=0:3", NotAttained, 0, ""},
		{"(x+y)/z + 3z/(x+y)", "|x > 1; y > 0; z > 0; z < 1/4", NotAttained, 4 + 3./4, ""}, // x + y > 1, z < 1/4
		{"x*z + y*z + z^2 + x", "x=0:1,y=0:1,z=-3:3", Exact, -0.25, ""},                    // x occurs elsewhere too
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		consistent(t, c.formula, p, a)
		if a.Status != c.status || math.Abs(a.Value-c.value) > 1e-9*math.Max(1, math.Abs(c.value)) {
			t.Errorf("%s %s: %s %v (%s), want %s %v", c.formula, c.bounds, a.Status, a.Value, a.Method, c.status, c.value)
			continue
		}
		if len(a.Minimisers) > 0 && (!strings.Contains(a.Minimisers[0].Family, c.family) || (c.family == "") != (a.Minimisers[0].Family == "")) {
			t.Errorf("%s %s: at %q, want %q", c.formula, c.bounds, a.Minimisers[0].Family, c.family)
		}
	}
}
