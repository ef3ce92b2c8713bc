package global

import (
	"context"
	"testing"

	"nabla/expr"
	"nabla/expr/prove"
)

// Closed forms whose enclosures are wider than those of Newton's method, and roots of high degree.
func TestExactForms(t *testing.T) {
	for _, c := range []struct{ formula, value, x, y string }{
		{"sqrt(2)*(x^4 + y^4) - 4x*y", "-sqrt(2)", "2^(-1/4)", "2^(-1/4)"},
		{"x*y/(1 + x^4 + y^4)", "-sqrt(2)/4", "2^(-1/4)", "-2^(-1/4)"},
		{"x^2*y/(1 + x^4 + y^6)", "-sqrt(3)/6*2^(1/3)", "(3/2)^(1/4)", "-2^(-1/6)"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, ""), Options{})
		if err != nil {
			t.Fatal(err)
		}
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
