package precise_test

import (
	"fmt"
	"math/big"

	"nabla/expr/interval/precise"
)

// Two numbers whose enclosures are disjoint are proved different: e^(π√163) is no integer, though float64 cannot tell.
func Example() {
	const prec = 120
	x := precise.Exp(precise.Mul(precise.Pi(prec), precise.Sqrt(precise.FromInt(163), prec), prec), prec)
	n := precise.FromInt(640320*640320*640320 + 744)
	fmt.Println(x.Disjoint(n))
	fmt.Println(precise.Sub(n, x, 20).Lo.Text('g', 3))
	// Output:
	// true
	// 7.5e-13
}

func ExampleFromRat() {
	third := precise.FromRat(big.NewRat(1, 3), 30)
	fmt.Println(third.IsPoint(), precise.Mul(third, precise.FromInt(3), 30).Has(big.NewFloat(1)))
	// Output: false true
}
