package global

import (
	"math"
	"strings"
	"testing"

	"nabla/expr/format"
)

// Quotients of which the reciprocal is a sum of products of powers; the values by hand.
func TestReciprocal(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           string
		by              bool // this shows it
	}{
		{"x*y*z/((1+x)*(x+y)*(y+z)*(z+16))", "x=0:,y=0:,z=0:", true, Exact, "1/81", true},
		{"-x*y*z/((1+x)*(x+y)*(y+z)*(z+16))", "x=0:,y=0:,z=0:", false, Exact, "-1/81", true},
		{"x^2*y^2/(1+x^2+y^2)^3", "", true, Exact, "1/27", true},
		// The reciprocal has no positive infimum, or f other signs.
		{"x*y/((1+x)*(x+y)*(y+16))", "", true, Unbounded, "", false},
		{"x*y*z/((1+x)*(x+y)*(y+z)*(z-16))", "x=0:,y=0:,z=0:", true, Unbounded, "", false},
		{"x*y/((1+x)*(x+y)^2)", "x=0:,y=0:", true, NotAttained, "", true}, // 1/4, x → 0
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a, err := Solve(t.Context(), p, Options{})
		if err != nil || a.Status != c.status || c.value != "" && format.Text(a.ExactValue) != c.value {
			t.Errorf("%s %s: %v %s %v %v", c.formula, c.bounds, err, a.Status, a.Value, a.Proof)
			continue
		}
		if proof := strings.Join(a.Proof, "; "); c.by != strings.Contains(proof, "the reciprocal of") {
			t.Errorf("%s %s: %q", c.formula, c.bounds, a.Proof)
		}
		if c.status == NotAttained && math.Abs(a.Value-0.25) > 1e-9 {
			t.Errorf("%s %s: %v", c.formula, c.bounds, a.Value)
		}
		if a.Enclosure != nil {
			consistent(t, c.formula, p, a)
		}
	}
}
