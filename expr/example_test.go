package expr_test

import (
	"fmt"

	"nabla/expr"
	"nabla/expr/syntax"
)

func ExampleParse() {
	f, err := expr.Parse("x^2 + 2")
	fmt.Println(f, f.Vars(), err)
	// Output: (add (pow x 2) 2) [x] <nil>
}

// An error points into the text.
func ExampleReader_Read() {
	_, err := expr.Reader{Name: "input"}.Read("(x + 1")
	fmt.Println(err)
	fmt.Println(err.(*syntax.Error).Snippet())
	// Output:
	// input:1:7: expected ) to close the ( at column 1; add )
	// (x + 1
	//       ^
}

// Fold computes a value for each part of a formula, operands first: here how
// deep it is.
func ExampleFold() {
	depth := expr.Fold(expr.MustParse("sin(x^2) + 1"), func(n expr.Expr, args []int) int {
		d := 0
		for _, a := range args {
			d = max(d, a)
		}
		return d + 1
	})
	fmt.Println(depth)
	// Output: 4
}
