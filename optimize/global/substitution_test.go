package global

import "testing"

// Functions of formulas of one variable each. The answers follow from the ranges of these by hand: 1 and up of cosh, what is
// between -pi/2 and pi/2 of atan, what is above 0 of exp.
func TestSubstitution(t *testing.T) {
	reduced(t, []reducible{
		{"cosh(x)*cosh(y) - cosh(x) - cosh(y)", "", false, Exact, "-1", ""},
		{"exp(2x) + exp(2y) - exp(x + y) - exp(x)", "", false, Exact, "-1/3", ""},
		{"exp(x)/(1 + y^2) + (1 + y^2)/exp(x)", "", false, Exact, "2", ""},
		{"atan(x)*atan(y) - atan(x)", "", false, NotAttained, "-pi^2/4 - pi/2", ""},
		{"atan(x)^2 + atan(x)*atan(y) + atan(y)^2 - 3atan(x)", "", false, NotAttained, "3pi^2/16 - 3pi/2", ""},
		{"exp(x)*exp(y) - exp(x) - exp(y)", "", false, Unbounded, "", ""},
		// Several powers of x.
		{"(1 + cosh(y))/(1 + (x^3 - x)^2)", "", false, NotAttained, "0", ""},
		{"(cosh(y) + x^3 - x)/sqrt(1 + (x - x^3)^2 + cosh(y))", "", false, NotAttained, "-1", ""},
		// x itself, a gap of the range, and two formulas of one variable.
		{"x*cosh(y) - x^2 - cosh(y)", "", false, Unbounded, "", ""},
		{"(1/x)^2*y + y^2 + (1/x)^4", "", false, NotAttained, "0", ""},
		{"sin(x)*cosh(y) + cos(x)*cosh(y)", "", false, Unbounded, "", ""},
	})
}
