package global

import (
	"context"
	"testing"

	"nabla/expr/format"
)

// Formulas in which a variable occurs only with a curve added.
func TestShears(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           string // closed form, "" for none
	}{
		{"(y - x^2)^4 + sin(y - x^2) + x^4 - x", "", Certified, ""},
		// MEXHAT of CUTEst: a 1/20000 above -20.05/500, at (x - 1)^2 = 0.0201.
		{"-2(x - 1)^2 + 10000(-0.02 + (y - x^2)^2/10000 + (x - 1)^2)^2", "", Exact, "-401/10000"},
		{"exp(y - sin(x)) - y + sin(x) + sin(x)^2", "", Exact, "1"},
		{"(z - x*y)^4 + (z - x*y) + x^2 + y^4 - y", "", Exact, "-3*2^(1/3)/4"},
		{"(x + y^2)^2 + abs(x + y^2 - 1) + abs(y - 2)", "", Exact, "3/4"},
		{"(2y - 6x^3)^2 - cos(y - 3x^3) + x^2", "x=1:2", Exact, "0"},
		// The curve has a gap, and y a bound that the new variable has not.
		{"(y - log(x))^4 + (y - log(x))^2 + x^2", "", Certified, ""}, // between 0 and little more
		{"(y - x^2)^4 + 2(y - x^2)^2 + (x - 2)^2", "y=:0", Certified, ""},
		{"(y - x^2)^4 + (y - x^2)^2 - x", "", Unbounded, ""},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a, err := Solve(context.Background(), p, Options{})
		if err != nil || a.Status != c.status || c.value != "" && format.Text(a.ExactValue) != c.value {
			t.Errorf("%s: %v %+v", c.formula, err, a)
			continue
		}
		if a.Enclosure != nil {
			consistent(t, c.formula, p, a)
		}
	}
}
