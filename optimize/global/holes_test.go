package global

import (
	"context"
	"math"
	"testing"
	"time"
)

// TestHoles has formulas with points that parts of them exclude, at which they go on continuously, and some that do not.
func TestHoles(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		attained        bool
		value           float64
		method          bool // that of holes, as the proof begins
	}{
		{"x^2 + y^2 + 0/x", "", NotAttained, false, 0, true},
		{"(x-1)^2 + (y-2)^2 + 0/(x*y-2)", "", NotAttained, false, 0, true},
		{"(x-1)^2 + (y-2)^2 + 0/(x*y-3)", "", Exact, true, 0, false},
		{"sin(x)*y/x + y^2 + x^2", "", NotAttained, false, -0.25, true},
		{"(1 - sin(x)/x*sin(y)/y)*(3 + (x-5)^2 + (y-5)^2)", "x=-10:10,y=-10:10", Certified, false, 0, true},
		{"gamma(abs(x - 2 + x/x))", "", Certified, true, 0.8856031944108887, false}, // beside two minimisers that are not told apart
		{"abs(x)/x + y^2", "", Exact, true, -1, false},
		{"sign(x)*x/x + y^2", "x=-1:1,y=-1:1", Exact, true, -1, false},
		{"y^2 + x^2 - exp(-1/x^2) + 0/x", "", NotAttained, false, 0, false},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a, err := Solve(context.Background(), p, Options{Timeout: 4 * time.Second})
		if err != nil || a.Status != c.status || a.Attained != c.attained || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s: %v %+v", c.formula, err, a)
			continue
		}
		if got := len(a.Proof) > 0 && len(a.Proof[0]) > 22 && a.Proof[0][:22] == "f goes on continuously"; got != c.method && c.method {
			t.Errorf("%s: %v", c.formula, a.Proof)
		}
		if a.Status == Exact {
			consistent(t, c.formula, p, a)
		}
	}
}
