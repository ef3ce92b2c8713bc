package global

import "testing"

// Functions of linear forms and one quadratic; the values by hand (Cauchy and Schwarz, the triangle inequality).
func TestOrthogonal(t *testing.T) {
	reduced(t, []reducible{
		{"(x + 2y)/sqrt(x^2 + y^2 + 1)", "", false, NotAttained, "-sqrt(5)", "with u = x + 2y, v = "},
		{"(x + 2y)/sqrt(x^2 + y^2 + 1)", "", true, NotAttained, "sqrt(5)", "with u = x + 2y, v = "},
		{"sqrt(5)*sqrt(x^2 + y^2 + 1) - x - 2y", "", false, NotAttained, "0", "with u = x + 2y"},
		{"(x + 2y + 1)/sqrt(x^2 + y^2 + 1)", "", true, Exact, "sqrt(6)", ""},
		{"(x + y)/sqrt(x^2 + x*y + y^2 + 1)", "", false, NotAttained, "-2 sqrt(3)/3", "with u = x + y"},
		{"sqrt((x - 1)^2 + (y - 2)^2) - sqrt((x + 1)^2 + y^2)", "", false, Exact, "-2 sqrt(2)", "with u = x + y"},
		{"sqrt((x - 1)^2 + (y - 2)^2 + z^2) - sqrt((x + 1)^2 + y^2 + (z - 1)^2)", "", false, Exact, "-3", "with u = "},
		{"(x + 2y - z)/(1 + x^2 + y^2 + z^2)^2", "", false, Exact, "-9 sqrt(2)/16", ""},
		// concave, and neither
		{"(x + y)/sqrt(5 - x^2 - y^2)", "", false, Unbounded, "", ""},
		{"(x + 2y)/sqrt(x^2 - y^2 + 1)", "", false, "", "", "!with u = x + 2y, v"},
		// two quadratics, and as many forms as variables
		{"(x + 2y)/sqrt(x^2 + y^2 + 1) + x^2 + 2y^2", "", false, "", "", "!with u = x + 2y, v"},
	})
}
