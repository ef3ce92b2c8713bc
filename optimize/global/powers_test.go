package global

import (
	"math"
	"strings"
	"testing"
	"time"
)

// Powers with a varying exponent have no values at negative bases, in several variables as
// in one: (-2)^x is defined for integers only, and these are isolated points.
func TestPowersWithVaryingExponent(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		status    Status
		value     float64
		read      string // in the proof, "" for no remark
	}{
		{"x^y", "", Exact, 0, "x >= 0"},
		{"x^y + y^2", "", NotAttained, 0, "x >= 0"},
		{"x^y", "x=-3:3,y=-3:3", Exact, 0, "x >= 0"},
		{"x^y", "x=-3:-1,y=1:2", EmptyDomain, 0, "x >= 0"},
		{"x^y", "x=1/2:3,y=-3:3", Exact, 1.0 / 27, ""},
		{"(x^2 + 1)^y", "", NotAttained, 0, ""},
		{"x^floor(y)", "x=-2:-1,y=1:3/2", Exact, -2, ""}, // steps leave integer exponents
		{"x^3 + y^2", "x=-2:2", Exact, -8, ""},
	} {
		a := solved(t, problemOf(t, c.f, c.bounds), Options{Timeout: 5 * time.Second})
		if a.Status != c.status || a.Status != EmptyDomain && !(math.Abs(a.Value-c.value) <= 1e-12) {
			t.Errorf("%s, %s: %s %v at %v %v, want %s %v", c.f, c.bounds, a.Status, a.Value, a.At, a.Warnings, c.status, c.value)
		}
		read := len(a.Proof) > 0 && strings.Contains(a.Proof[0], "real power")
		if read != (c.read != "") || read && !strings.HasSuffix(a.Proof[0], c.read) {
			t.Errorf("%s, %s: proof %q, want a remark on %q", c.f, c.bounds, a.Proof, c.read)
		}
	}
}
