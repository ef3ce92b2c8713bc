package global_test

import (
	"context"
	"fmt"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global"
)

// The answer says how sure it is, and why.
func ExampleSolve() {
	for _, text := range []string{"x*log(x)", "x^3", "exp(x)", "x^2 + y^2 - x*y"} {
		f := expr.MustParse(text)
		a, err := global.Solve(context.Background(), global.Problem{F: f}, global.Options{})
		if err != nil {
			panic(err)
		}
		switch a.Status {
		case global.Exact:
			fmt.Println(text, "is exactly", format.Text(a.ExactValue), "at", format.Text(a.ExactAt[0]))
		case global.Unbounded:
			fmt.Println(text, "is unbounded:", a.Witness.Why)
		case global.NotAttained:
			fmt.Println(text, "comes near", a.Value, "as", a.Approached)
		}
	}
	// Output:
	// x*log(x) is exactly -exp(-1) at exp(-1)
	// x^3 is unbounded: f → -∞ as x → -∞
	// exp(x) comes near 0 as x → -∞
	// x^2 + y^2 - x*y is exactly 0 at 0
}
