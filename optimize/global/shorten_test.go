package global

import (
	"testing"

	"nabla/expr/format"
)

// TestShorten asks for points and values for which there are shorter constants than those to which solving leads.
func TestShorten(t *testing.T) {
	for _, c := range []struct{ formula, at, value string }{
		{"e^x - x^e", "e", "0"},
		{"exp(x) - x^e - 1", "e", "-1"},
		{"x^2 + asin(sin(2))", "0", "pi - 2"},
		{"x^2 + y^2 + atan(1/2) + atan(1/3)", "0", "pi/4"},
	} {
		a := solved(t, problemOf(t, c.formula, ""), Options{})
		if a.Status != Exact || !a.ExactAt[0].Valid() || format.Text(a.ExactAt[0]) != c.at || format.Text(a.ExactValue) != c.value {
			t.Errorf("%s: %s %v at %v, not %s at %s", c.formula, a.Status, a.ExactValue, a.ExactAt, c.value, c.at)
		}
	}
}
