package global

import "testing"

// Products that are not negative under linear conditions, and such as may be.
func TestZeroFactors(t *testing.T) {
	const by, open = "and one of them is 0 at this point", "of the edge that they leave out"
	reduced(t, []reducible{
		{"x*y*(1 - x - y)", "*=0:| x + y <= 1", false, Exact, "0", by},
		{"-x*y*(1 - x - y)", "*=0:| x + y <= 1", true, Exact, "0", by},
		{"x*y^2*z^3", "*=0:| x + y + z == 6", false, Exact, "0", by},
		{"(x - y)*(1 - x)", "y=0:| x >= y; x <= 1", false, Exact, "0", by},
		{"sqrt(x)*y/(1 + x)", "*=0:| x + y == 1", false, Exact, "0", by},
		{"x*y*(1 - x - y)", "| x > 0; y > 0; x + y < 1", false, NotAttained, "0", open},
		{"x*y*z", "| x > 0; y > 0; z > 0; x + y + z == 1", false, NotAttained, "0", "on the edge only"},
		{"x*y", "| x > 0; y >= 0; x + y <= 1", false, Exact, "0", by},
		// a factor changes its sign, is positive, or has no value where another is 0
		{"x*y*(x - y)", "*=0:| x + y <= 1", false, "", "", "!" + by},
		{"(x + 1)*(y + 1)*(2 - x - y)", "*=0:| x + y <= 1", false, Exact, "2", "!" + by},
		{"x*log(x + y)", "*=0:| x + y >= 1; x >= 1", false, Exact, "0", ""},
		{"x*sqrt(-x)", "| x > 0; x + y <= 1", false, "", "", "!" + open},
		{"x/(x + y)*(x + y)^2", "*=0:| x + y <= 1", false, "", "", ""},
		{"x*y", "*=0:| x^2 + y^2 <= 1; x + y <= 1", false, "", "", "!" + by},
	})
}
