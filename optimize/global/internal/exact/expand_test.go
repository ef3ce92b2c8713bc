package exact

import (
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

// Roots of numbers are powers, or numbers.
func TestRootsOfNumbers(t *testing.T) {
	for _, c := range []struct{ e, want string }{
		{"root(32, 5)", "2"}, {"root(-32, 5)", "-2"}, {"root(1/16, 4)", "1/2"}, {"cbrt(-16)", "-2*2^(1/3)"}, {"root(2, 7)^7", "2"},
		{"root(-3, 5)*root(9, 5)^2", "-3"},
	} {
		if got := ClosedForm(expr.MustParse(c.e)); !expr.Equal(got, simplify.Tidy(expr.MustParse(c.want))) {
			t.Errorf("%s: %v, want %s", c.e, got, c.want)
		}
	}
}
