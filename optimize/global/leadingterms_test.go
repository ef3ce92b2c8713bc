package global

import (
	"context"
	"testing"
	"time"

	"nabla/expr/format"
)

// Quotients that come near to their infimum far out only: the least eigenvalue of the leading forms. Others have a minimum.
func TestLeadingTerms(t *testing.T) {
	for _, c := range []struct {
		formula string
		max     bool
		status  Status
		value   string
	}{
		{"x*y/(1 + x^2 + 2y^2)", true, NotAttained, "sqrt(2)/4"},
		{"(x^2 + 3x*y)/(x^2 + y^2 + 1)", true, NotAttained, "sqrt(10)/2 + 1/2"},
		{"(x^2 + x*y)/(x^2 + y^2 + 1)", false, NotAttained, "1/2 - sqrt(2)/2"},
		{"(x*y + y*z)/(1 + x^2 + y^2 + z^2)", true, NotAttained, "sqrt(2)/2"},
		{"(x^4 - x^2*y^2)/(1 + x^4 + y^4)", false, NotAttained, "1/2 - sqrt(2)/2"},
		{"(x*y + x)/(3 + x^2 + y^2)", true, Exact, "sqrt(3)/3"},
		{"(x*y + 2)/(1 + x^2 + 2y^2)", true, Exact, "2"},
		{"(x^2 - x*y + sqrt(2)*y^2 + 5)/(1 + x^2 + y^2) + 0*log(x) + 0*log(-y)", false, Local, ""}, // not for x = y = t
	} {
		p := problemOf(t, c.formula, "")
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{Timeout: time.Second})
		if err != nil || a.Status != c.status || c.value != "" && (!a.ExactValue.Valid() || format.Text(a.ExactValue) != c.value) {
			t.Errorf("%s: %v %s %v %v", c.formula, err, a.Status, a.Value, a.Proof)
			continue
		}
		consistent(t, c.formula, p, a)
	}
}
