package global

import "testing"

// Formulas in which a variable occurs only with a curve added.
func TestShears(t *testing.T) {
	reduced(t, []reducible{
		{"(y - x^2)^4 + sin(y - x^2) + x^4 - x", "", false, Certified, "", ""},
		// MEXHAT of CUTEst: a 1/20000 above -20.05/500, at (x - 1)^2 = 0.0201.
		{"-2(x - 1)^2 + 10000(-0.02 + (y - x^2)^2/10000 + (x - 1)^2)^2", "", false, Exact, "-401/10000", ""},
		{"exp(y - sin(x)) - y + sin(x) + sin(x)^2", "", false, Exact, "1", ""},
		{"(z - x*y)^4 + (z - x*y) + x^2 + y^4 - y", "", false, Exact, "-3*2^(1/3)/4", ""},
		{"(x + y^2)^2 + abs(x + y^2 - 1) + abs(y - 2)", "", false, Exact, "3/4", ""},
		{"(2y - 6x^3)^2 - cos(y - 3x^3) + x^2", "x=1:2", false, Exact, "0", ""},
		// The curve has a gap, and y a bound that the new variable has not.
		{"(y - log(x))^4 + (y - log(x))^2 + x^2", "", false, Certified, "", ""}, // between 0 and little more
		{"(y - x^2)^4 + 2(y - x^2)^2 + (x - 2)^2", "y=:0", false, Certified, "", ""},
		{"(y - x^2)^4 + (y - x^2)^2 - x", "", false, Unbounded, "", ""},
	})
}
