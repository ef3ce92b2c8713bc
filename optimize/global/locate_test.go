package global

import (
	"testing"

	"nabla/expr"
	"nabla/expr/prove"
)

// Closed forms whose enclosures are wider than those of Newton's method, and roots of high degree.
func TestExactForms(t *testing.T) {
	for _, c := range []struct{ formula, bounds, value, x, y string }{
		{"sqrt(2)*(x^4 + y^4) - 4x*y", "", "-sqrt(2)", "2^(-1/4)", "2^(-1/4)"},
		{"x*y/(1 + x^4 + y^4)", "", "-sqrt(2)/4", "2^(-1/4)", "-2^(-1/4)"},
		{"x^2*y/(1 + x^4 + y^6)", "", "-sqrt(3)/6*2^(1/3)", "(3/2)^(1/4)", "-2^(-1/6)"},
		// Bounds hold the point, and f does not rise from them: the derivative is 0 there.
		{"x^3 - 3x*y^2", "x=-1:1,y=-1:1", "-2", "1", "-1"},
		{"x^2 + sin(x*y) + y^2", "x=0:2,y=0:2", "0", "0", "0"},
		{"(x - 1/10)^2 + sin((x - 1/10)*y) + y^2", "x=0.1:2,y=0:2", "0", "1/10", "0"},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		equal := func(e expr.Expr, text string) bool { return prove.Equal(e, expr.MustParse(text), prove.Budget{}).Equal }
		if a.Status != Exact || !equal(a.ExactValue, c.value) {
			t.Errorf("%s: %s %v, not %s", c.formula, a.Status, a.ExactValue, c.value)
		}
		found := false
		for _, p := range a.Minimisers {
			found = found || equal(p.Exact[0], c.x) && equal(p.Exact[1], c.y)
		}
		if !found {
			t.Errorf("%s: (%s, %s) is not among %v", c.formula, c.x, c.y, a.Minimisers)
		}
	}
}
