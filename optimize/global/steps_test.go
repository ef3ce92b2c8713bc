package global

import (
	"testing"
	"time"

	"nabla/expr"
)

// Minima and infima of functions with steps, by hand: the least of the values on each step, which is approached where the step does not
// have its edge.
func TestSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f, bounds string
		max       bool
		status    Status
		value     string
		checked   bool // by the verifier
	}{
		{"abs(x-1) + (y-2)^2 + floor(x+y)", "x=-5:5,y=-5:5", false, NotAttained, "7/4", true},
		{"(x-0.3)^2 + (y-2)^2 + floor(3x+y)", "x=-5:5,y=-5:5", false, NotAttained, "-599/1000", true},
		{"(x-0.3)^2 + (y-2)^2 + mod(3x-y, 2)/3", "x=-5:5,y=-5:5", false, Exact, "81/1000", true},
		{"(x-0.3)^2 + (y-2)^2 + round(3x-y)/3", "x=-5:5,y=-5:5", false, Exact, "-201/250", true},
		{"-(x-0.3)^2 - (y-2)^2 - round(3x-y)/3", "x=-5:5,y=-5:5", true, Exact, "201/250", true},
		{"(x-0.3)^2 + (y-2)^2 + x*sign(3x-y)/3 + floor(x+y)/7", "x=-5:5,y=-5:5", false, NotAttained, "781/6300", true},
		// The region has no end: f is higher outside a box.
		{"(x^2+y^2)/4 + (x-1/2)^2 + (y+1/3)^2 - floor(2y+2)", "", false, Exact, "-1579/720", true},
		// The gradient of the condition x y < 0 vanishes where the infimum is.
		{"floor(x*y) + x^2 + y^2", "x=-2:2,y=-2:2", false, NotAttained, "-1", true},
		{"floor(x*y) + x^2 + y^2", "", false, NotAttained, "-1", false},
	} {
		p := problemOf(t, c.f, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true})
		if a.Status != c.status || !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s: %s %v %v, want %s", c.f, a.Status, a.Value, a.Warnings, c.value)
			continue
		}
		if r := checkAgain(t, a.Certificate); r.Valid != c.checked {
			t.Errorf("%s: confirmed %v: %q", c.f, r.Valid, r.Unchecked)
		}
	}
}

// Between bounds that are found, the ends of the region are as they are in the question: open.
func TestStepsBesideOpenBounds(t *testing.T) {
	for _, c := range []struct{ f, value string }{
		{"(y-0.3)^2 + (x+0.2)^2 + mod(3y-x, 2)/3", "13/100"},
		{"(y-0.3)^2 + (x+0.2)^2 + round(3y-x)/3", "-17/225"},
	} {
		p := problemOf(t, c.f, "x=0:")
		p.Bounds[0].LoOpen = p.Vars[0] == "x"
		a := solved(t, p, Options{Timeout: 10 * time.Second})
		if a.Status != NotAttained || !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s: %s %v %v, want the infimum %s", c.f, a.Status, a.Value, a.Warnings, c.value)
		}
	}
}

// A point on an edge that is left out, where f jumps, has no value below what is proved of the region.
func TestLocalBesideAJump(t *testing.T) {
	a := solved(t, problemOf(t, "mod(x^2*y, 1) + x^2 + (y-1)^2", "x=-2:2,y=-2:2 | x^2*y < 0"), Options{Timeout: time.Second})
	if a.Enclosure != nil && a.Value < a.Enclosure.Value.Lo || a.Value < 1 {
		t.Errorf("%s %v, but f is above 1", a.Status, a.Value)
	}
}
