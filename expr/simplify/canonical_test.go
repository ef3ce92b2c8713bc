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
		want := parseConditions(t, c.conditions)
		same := len(want) == len(conditions)
		for i := range want {
			same = same && expr.Equal(simplify.Tidy(want[i]), conditions[i])
		}
		if got.String() != c.want || !same {
			t.Errorf("%s: %v under %v, expected %s under %s", c.in, got, conditions, c.want, c.conditions)
		}
	}
}

// TestCanonicalOrder writes the operands of sums and products in another order,
// which the canonical form must not show, and checks its value.
func TestCanonicalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawing{t}
		e := expr.MustParse(d.formula(3))
		p := expr.NewPool()
		shuffled := expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
			if n.Op() == expr.Add || n.Op() == expr.Mul {
				for i := range args {
					j := d.below(i + 1)
					args[i], args[j] = args[j], args[i]
				}
			}
			return expr.Remake(n, p, args, nil)
		})
		a, conditions := simplify.Canonical(e)
		b, _ := simplify.Canonical(shuffled)
		if !expr.Equal(a, b) {
			t.Fatalf("%v and %v have the canonical forms %v and %v", e, shuffled, a, b)
		}
		if again, _ := simplify.Canonical(a); !expr.Equal(a, again) {
			t.Fatalf("the canonical form of %v is %v", a, again)
		}
		for range 20 {
			at := map[string]float64{}
			for _, x := range []string{"n", "x", "y"} {
				at[x] = rapid.Float64Range(-5, 5).Draw(t, x)
			}
			if refutes(e, a, at) && hold(conditions, at) {
				t.Fatalf("%v is not its canonical form %v at %v", e, a, at)
			}
		}
	})
}
