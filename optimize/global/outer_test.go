package global

import (
	"bytes"
	"context"
	"testing"

	"nabla/expr/format"
	"nabla/optimize/global/verify"
)

// Functions of one formula are least where that has its least or greatest value.
func TestOuterFunctions(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           string
		confirmed       bool
	}{
		{"exp(x*y)", "|x^3 + y^3 == 16", true, Exact, "exp(4)", true}, // Stewart, Calculus, section 14.8
		{"exp(-x*y)", "|x^2 + 4*y^2 <= 1", true, Exact, "exp(1/4)", true},
		{"exp(-x*y)", "|x^2 + 4*y^2 <= 1", false, Exact, "exp(-1/4)", true},
		{"sqrt(x^2 + y^2)", "x=0:|x*y^2 == 2", false, Exact, "sqrt(3)", true},
		{"1/(1 + x^2 + y^2)", "|x + y == 1", true, Exact, "2/3", true},
		{"cosh(x - y)", "|x^2 + y^2 <= 2", true, Exact, "cosh(2)", true},
		{"cbrt(x + y)", "|x^2 + y^2 == 8", false, Exact, "-2^(2/3)", true},
		{"exp(x + y)", "|x - y == 1", false, NotAttained, "0", true},
		{"exp(x - y)", "|x^2 + y^2 < 1", false, NotAttained, "exp(-sqrt(2))", true},
		{"1/(x + y)", "x=0:,y=0:|x*y <= 4", false, NotAttained, "0", true},
		{"(x - y)^2", "|x^2 + y^2 <= 2;x + y >= 1", false, Exact, "0", true}, // not at an end
		{"atan(sin(x) + y^2 - x*y)", "", false, NotAttained, "-pi/2", true},
		{"-(if(x <= 3/10, x, 3/5 - x) + if(y <= 1/5, 2*y, 3/5 - y))^2", "x=0:1,y=0:1", false, Exact, "-16/25", true},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true})
		if a.Status != c.status || !a.ExactValue.Valid() || format.Plain(a.ExactValue) != c.value {
			t.Errorf("%s %s: %s %v %v", c.formula, c.bounds, a.Status, a.Value, a.ExactValue)
		}
		var b bytes.Buffer
		a.Certificate.WriteTo(&b)
		if r, err := verify.Check(context.Background(), &b); err != nil || r.Valid != c.confirmed {
			t.Errorf("%s %s: the certificate: %v %+v", c.formula, c.bounds, err, r)
		}
	}
}
