package global

import (
	"math"
	"testing"
	"time"
)

// TestDominantHessian has functions on open domains with a Hessian that is diagonally dominant there, and one that is not. The values are from Newton's method for
// the stationary point with 30 digits.
func TestDominantHessian(t *testing.T) {
	entropy := "x*log(x) + (1-x)*log(1-x) + y*log(y) + (1-y)*log(1-y)"
	for _, c := range []struct {
		coupling string
		value    float64
		method   bool
	}{
		{" + x*y", -1.18602911617, true},
		{" + 2*x*y", -1.05091414522, true},
		{" - x*y + x/2", -1.41921388234, true},
		{" + 9*x*y", 0, false}, // which has two minima
	} {
		limit := 10 * time.Second
		if !c.method {
			limit = time.Second / 3
		}
		a := solved(t, problemOf(t, entropy+c.coupling, ""), Options{Timeout: limit})
		if (a.Method == "convexity") != c.method || c.method && (a.Status != Certified || !(math.Abs(a.Value-c.value) < 1e-10)) {
			t.Errorf("%s: %s %v by %s", c.coupling, a.Status, a.Value, a.Method)
		}
	}
}
