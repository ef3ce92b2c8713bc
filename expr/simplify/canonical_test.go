package simplify_test

import (
	"testing"

	"pgregory.net/rapid"

	"nabla/expr"
	"nabla/expr/simplify"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ in, want, conditions string }{
		{"(x+y)^2", "(add (pow x 2) (pow y 2) (mul 2 x y))", ""},
		{"y^2+2*y*x+x^2", "(add (pow x 2) (pow y 2) (mul 2 x y))", ""},
		{"z*y*x*2", "(mul 2 x y z)", ""},
		{"(x-1)*(x+1)", "(add -1 (pow x 2))", ""},
		{"a/b-c", "(add (mul a (pow b -1)) (mul -1 c))", ""},
		{"tan(x)*cos(x)", "(sin x)", ""},
		{"sqrt(x)*x", "(pow x 3/2)", ""},
		{"max(y, x)", "(max x y)", ""},
		{"x^2/x", "x", "x != 0"},
		{"x10+x2+x1", "(add x1 x2 x10)", ""},
		{"log(x, 2)", "(mul (pow (log 2) -1) (log x))", ""},
		{"if(y < x, 1/(1+x), 0)", "(if (lt y x) (pow (add 1 x) -1) 0)", ""},
	} {
		got, conditions := simplify.Canonical(expr.MustParse(c.in))
		if where := conditionsText(conditions); got.String() != c.want || where != conditionText(t, c.conditions) {
			t.Errorf("%s: %v under %s, expected %s under %s", c.in, got, where, c.want, c.conditions)
		}
	}
}

// TestCanonicalOrder writes the operands of sums and products in another order,
// which the canonical form must not show, and checks its value.
func TestCanonicalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := random(t, expr.NewPool(), 4)
		p := expr.NewPool()
		shuffled := expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
			if n.Op() == expr.Add || n.Op() == expr.Mul {
				for i := range args {
					j := rapid.IntRange(0, i).Draw(t, "place")
					args[i], args[j] = args[j], args[i]
				}
			}
			return expr.Remake(n, p, args, nil)
		})
		a, _ := simplify.Canonical(e)
		b, _ := simplify.Canonical(shuffled)
		if !expr.Equal(a, b) {
			t.Fatalf("%v and %v have the canonical forms %v and %v", e, shuffled, a, b)
		}
		if again, _ := simplify.Canonical(a); !expr.Equal(a, again) {
			t.Fatalf("the canonical form of %v is %v", a, again)
		}
		for range 5 {
			sameValue(t, e, a)
		}
	})
}
