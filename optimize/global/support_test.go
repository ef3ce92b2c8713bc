package global

import (
	"math"
	"testing"
	"time"
)

// Minima of functions that are convex, or are so near them, on kinks that are no corners; the values are those of
// Nelder and Mead's method with restarts in SciPy 1.10, or by hand.
func TestSupports(t *testing.T) {
	t.Parallel()
	w := 0.567143290409783873 // w e^w = 1
	for _, c := range []struct {
		f, bounds string
		max       bool
		value     float64
	}{
		{"max(x^2+y, exp(-x)+y^2) + abs(x+y-1)", "", false, w*w + 1 - w},
		{"sqrt(x^2+y^2) + abs(x-1) + exp(y-x)", "", false, 1.3164674576555502},
		{"abs(x-exp(1)*y) + exp(x+y) + (x-2)^2", "", false, 4.2244456614357},
		{"-abs(x-exp(1)*y) - exp(x+y) - (x-2)^2", "", true, -4.2244456614357},
		{"max(exp(x), exp(y-x), exp(-y)) + abs(x-y/3-0.1) + (z-x)^2*exp(1) + abs(z-0.1)", "", false, 1.0795830770274184},
		// Huber's loss and other convex case distinctions.
		{"if(abs(x-y)<=1, (x-y)^2/2, abs(x-y)-1/2) + abs(x+y-exp(1)) + exp(x)/3 + x^2", "", false, 1.9785803653987717},
		{"if(3x+2y+3<0, -3x-2y-3, 6x+4y+6) + max(0, 1-2x)^2 + max(0, 3+x+2y)^2 + x^2/10 + y^2/10", "", false, 0.49653179190751446},
		// Convex near the minimum only: the other branch of the first, a smooth term of the second that is not convex.
		{"abs(x-sqrt(2)*y) + exp(x+y) + (x-2)^2 + min(10, 3+y^2)", "x=-3:4,y=-3:4", false, 7.355187487822837},
		{"abs(x-sqrt(2)*y) + exp(x)/3 + cos(y-1) + 2*(y-1)^2", "x=-4:4,y=-4:4", false, 2.0185122741536357},
	} {
		p := problemOf(t, c.f, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Timeout: 5 * time.Second, Certificate: true})
		if a.Status != Certified && a.Status != Exact || math.Abs(a.Value-c.value) > 1e-8*math.Max(1, math.Abs(c.value)) {
			t.Errorf("%s: %s %.17g %v, want %.17g; %d boxes, %v", c.f, a.Status, a.Value, a.At, c.value, a.Evaluations.Boxes, a.Warnings)
			continue
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: not confirmed: %q", c.f, r.Unchecked)
		}
	}
}
