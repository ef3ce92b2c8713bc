package global

import (
	"math"
	"strings"
	"testing"
)

// Quotients of which the reciprocal is a sum of products of powers; the values by hand.
func TestReciprocal(t *testing.T) {
	reduced(t, []reducible{
		{"x*y*z/((1+x)*(x+y)*(y+z)*(z+16))", "x=0:,y=0:,z=0:", true, Exact, "1/81", "the reciprocal of"},
		{"-x*y*z/((1+x)*(x+y)*(y+z)*(z+16))", "x=0:,y=0:,z=0:", false, Exact, "-1/81", "the reciprocal of"},
		{"x^2*y^2/(1+x^2+y^2)^3", "", true, Exact, "1/27", "the reciprocal of"},
		// The reciprocal has no positive infimum, or f other signs.
		{"x*y/((1+x)*(x+y)*(y+16))", "", true, Unbounded, "", "!the reciprocal of"},
		{"x*y*z/((1+x)*(x+y)*(y+z)*(z-16))", "x=0:,y=0:,z=0:", true, Unbounded, "", "!the reciprocal of"},
	})
	a := solved(t, problemOf(t, "-x*y/((1+x)*(x+y)^2)", "x=0:,y=0:"), Options{}) // x → 0
	if a.Status != NotAttained || math.Abs(a.Value+0.25) > 1e-9 || !strings.Contains(a.Proof[0], "the reciprocal of") {
		t.Errorf("%s %v %q", a.Status, a.Value, a.Proof)
	}
}
