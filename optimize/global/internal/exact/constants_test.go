package exact

import (
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

// TestSigns asks for signs of constants, many of which are 0 by an identity that no digits show.
func TestSigns(t *testing.T) {
	for _, c := range []struct {
		formula string
		sign    int
		known   bool
	}{
		{"asinh((e - 1/e)/2) - 1", 0, true}, {"2*asinh((e - 1/e)/2) - 2", 0, true}, {"1 - asinh((e - 1/e)/2)", 0, true},
		{"sqrt(9 + 6*pi + pi^2) - pi - 3", 0, true}, {"abs(3 - pi) + 3 - pi", 0, true},
		{"cbrt(8) - 2", 0, true}, {"W(2*exp(2)) - 2", 0, true}, {"tanh(log(3)/2) - 1/2", 0, true},
		// the inverse of W takes more than the range of W to the same values
		{"W(-2*exp(-2)) + 2", 1, true}, {"sqrt((1 - pi)^2) - (1 - pi)", 1, true},
		{"asinh((e - 1/e)/2) - 1 + 1/10^30", 1, true}, {"sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6) + 1/10^25)", -1, true},
	} {
		tidier := simplify.New()
		consts := NewConstants(tidier)
		sign, ok := consts.Sign(consts.Simplify(tidier.Tidy(expr.MustParse(c.formula))))
		if ok != c.known || sign != c.sign {
			t.Errorf("%s: sign %d, known %v; want %d, %v", c.formula, sign, ok, c.sign, c.known)
		}
	}
}
