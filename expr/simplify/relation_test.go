package simplify_test

import (
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
)

func TestRelation(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"abs(x) - 1 != 0", "abs(x) != 1"},
		{"x^2 - 4 != 0", "x^2 != 4"},
		{"3*abs(x)^2 != 0", "x != 0"},
		{"sqrt(x - 1) != 0", "x != 1"},
		{"1 - x > 0", "x < 1"},
		{"-2*x + 6 <= 0", "2*x >= 6"},
		{"-x - y < 1", "x + y > -1"},
		{"x - y >= 2*x - 4", "x + y <= 4"},
		{"abs(x) > 0", "abs(x) > 0"},
		{"2*x*y == 0", "x*y == 0"},
		{"2*x == 2*x + 1", "-1 == 0"},
	} {
		r := expr.Reader{Conditions: true}
		in, err := r.Expr(c.in)
		if err != nil {
			t.Fatal(err)
		}
		tidier := simplify.New()
		got := tidier.Relation(in.Op(), tidier.Tidy(in.Arg(0)), tidier.Tidy(in.Arg(1)))
		want, err := r.Expr(c.want)
		if err != nil {
			t.Fatal(err)
		}
		if !expr.Equal(got, simplify.Tidy(want)) {
			t.Errorf("%s: %v, want %s", c.in, got, c.want)
		}
	}
}
