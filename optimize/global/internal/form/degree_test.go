package form

import (
	"testing"

	"nabla/expr"
)

// A formula that may be 0 on an open set and not elsewhere is none to divide by.
func TestAnalytic(t *testing.T) {
	for f, want := range map[string]bool{
		"atan(x)^2 + tanh(2y)/(x^2 - y)": true, "log(x + 1)*sqrt(3 - y)": true, "x^0.5 + 2^y": true, "sin(exp(x))/cosh(y)": true,
		"sqrt(x^2) + x": false, "log(x^2)": false, "abs(x)": false, "exp(1/x)": false, "x^y": false, "max(x, y)": false, "floor(x)": false, "log(x*y)": false,
	} {
		if got := Analytic(expr.MustParse(f)); got != want {
			t.Errorf("%s: analytic %v", f, got)
		}
	}
}
