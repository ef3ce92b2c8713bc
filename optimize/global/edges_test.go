package global

import (
	"testing"

	"nabla/expr"
	"nabla/expr/prove"
)

// Infima that are approached at an end of the domain at which the formula has no value.
func TestInfimaAtEdgesOfTheDomain(t *testing.T) {
	for _, c := range []struct{ formula, bounds, value string }{
		{"(x-1)^2/y + y^2", "|y > 0", "0"},
		{"x^2/y + y^2 + 1", "y=0:", "1"},
		{"(x-1)^2/y + sqrt(y)", "|y > 0", "0"},
		{"(x-y)^2/y + y^2", "|y > 0", "0"},
		{"(x*y-1)^2/y + y", "|y > 0", "0"},
		{"(x*log(y))^2 + y", "|y > 0", "0"},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != NotAttained || !prove.Equal(a.ExactValue, expr.MustParse(c.value), prove.Budget{}).Equal {
			t.Errorf("%s %s: %s %v, not an infimum of %s", c.formula, c.bounds, a.Status, a.Value, c.value)
		}
	}
}
