package global

import (
	"math"
	"testing"
	"time"
)

// Entropies under constraints and in boxes that reach the points where a probability is 0.
func TestEntropies(t *testing.T) {
	for _, c := range []struct {
		f, region string
		value     float64
	}{
		{"p*log(p) + q*log(q) + r*log(r) + p + 2q", "|p + q + r == 1", -math.Log(1 + math.Exp(-1) + math.Exp(-2))}, // Gibbs's distribution
		{"p*log(5p) + q*log(4q) + r*log(3r) - p", "|p + q + r == 1", -math.Log(math.E/5 + 1./4 + 1./3)},
		{"p*log(p) + q*log(q) - r*(1 - r) + 3q", "|p + q == 1", -math.Log(1+math.Exp(-3)) - 0.25},
		{"x*log(x) + y*log(y) - x*y/3", "*=0:1", -0.7875280451420885}, // by SciPy
		{"2*x*log(x/3) + y*log(2*y) + x*y", "*=0:1", -2.2648922189545257},
	} {
		a := solved(t, problemOf(t, c.f, c.region), Options{Timeout: 5 * time.Second})
		if a.Status != Exact && a.Status != Certified || math.Abs(a.Value-c.value) > 1e-8 {
			t.Errorf("%s: %s %v, want %v", c.f, a.Status, a.Value, c.value)
		}
	}
}
