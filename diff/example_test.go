package diff_test

import (
	"fmt"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
)

func ExampleD() {
	f := expr.MustParse("x^2*sin(x)")
	fmt.Println(format.Text(diff.D(f, "x")))
	// Output: 2x sin(x) + x^2 cos(x)
}

// Where a formula has kinks, its derivative comes with the condition under which
// it holds.
func ExampleDerive() {
	d := diff.Derive(expr.MustParse("abs(x)"), "x")
	fmt.Println(format.Text(d.Expr), "where", format.All(d.Conditions, format.Options{}))
	// Output: sign(x) where x != 0
}

func ExampleGradient() {
	f := expr.MustParse("(1 - x)^2 + 100(y - x^2)^2")
	for _, g := range diff.Gradient(f, []string{"x", "y"}) {
		fmt.Println(format.Text(g))
	}
	// Output:
	// -2(1 - x) - 400x(y - x^2)
	// 200(y - x^2)
}

func ExampleHessian() {
	f := expr.MustParse("x^2*y + z^3")
	vars := []string{"x", "y", "z"}
	for _, h := range diff.Hessian(f, vars) {
		fmt.Printf("d²/d%sd%s = %s\n", vars[h.Row], vars[h.Col], format.Text(h.Expr))
	}
	// Output:
	// d²/dxdx = 2y
	// d²/dydx = 2x
	// d²/dzdz = 6z
}

func ExampleSteps() {
	for s := range diff.Steps(expr.MustParse("x^2 + 2"), "x") {
		fmt.Printf("%-14s %s\n", s.Rule.Name, format.Text(s.After))
	}
	// Output:
	// sum rule       d/dx(x^2) + d/dx(2)
	// power rule     2x^(2 - 1)*d/dx(x) + d/dx(2)
	// variable rule  2x^(2 - 1)*1 + d/dx(2)
	// constant rule  2x^(2 - 1)*1 + 0
	// simplify       2x
}
