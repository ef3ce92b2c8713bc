package conditions

import (
	"testing"

	"nabla/expr"
)

// Conditions that hold everywhere are not printed.
func TestDomainText(t *testing.T) {
	for formula, want := range map[string]string{
		"1/(1+x^2+y^2)":         "all real x, y",
		"sqrt(x^2+y^2)":         "all real x, y",
		"log(x^2+x*y+y^2+1)":    "all real x, y",
		"1/(x^2-2*x*y+y^2+1/9)": "all real x, y",
		"sqrt(exp(x)-y)":        "exp(x) >= y",
		"log(x^2+x*y+y^2)":      "x^2 + x y + y^2 > 0",
		"log(1+exp(x))*y":       "all real x, y",
		"log(exp(x)+exp(y))":    "all real x, y",
		"1/(x^2+exp(x*y))":      "all real x, y",
		"sqrt(x^4+y^6)":         "all real x, y",
		"log(x^4+y^6)":          "x != 0 or y != 0",
		"1/(2+sin(x*y))":        "all real x, y",
		// Powers with a varying exponent: 0^u has a value for u >= 0.
		"x^y":           "x > 0 or x == 0 and y >= 0",
		"x^y + log(x)":  "x > 0",
		"x^y + x^(-y)":  "x > 0",
		"x^y + x^2/x":   "x > 0",
		"x^y + sqrt(x)": "x > 0 or x == 0 and y >= 0",
		"x^y + 1/(x*y)": "x > 0 and y != 0",
		"x^(y-1) + y^2": "x > 0 or x == 0 and y >= 1",
		"(x^2+1)^y":     "all real x, y",
		"x^(y^2)":       "x >= 0",
		"abs(x)^abs(y)": "all real x, y",
		"abs(x)^y":      "x != 0 or abs(x) == 0 and y >= 0",
		"(x^2+y^2)^y":   "x != 0 or y != 0 or x^2 + y^2 == 0 and y >= 0",
		"x^(y^2) + 1/x": "x > 0",
		"(x*y)^(x*y)":   "x y >= 0",
		// Conditions as a person writes them.
		"log(1/x) + y":            "x > 0",
		"1/sqrt(x^2+y^2)":         "x != 0 or y != 0",
		"1/(x*y^3) + sqrt(2x-3y)": "x != 0 and y != 0 and 2x >= 3y",
		"1/(pi*x*y)":              "x != 0 and y != 0",
		"1/(exp(x)*y)":            "y != 0",
		"1/(0*log(pi)*y)":         "0*log(pi) y != 0",
		"log(x^2) + 1/(x-y)":      "x != 0 and x != y",
		"x^exp(y)":                "x >= 0",
		"0^(x*y) + x^2":           "x y >= 0",
		// Powers with an exponent between steps have values for negative bases too.
		"x^floor(y)":          "",
		"(-2)^floor(x) + y":   "",
		"x^floor(y) + log(x)": "x > 0",
	} {
		if got := Domain(expr.MustParse(formula), []string{"x", "y"}); got != want {
			t.Errorf("%s: defined for %q, want %q", formula, got, want)
		}
	}
}
