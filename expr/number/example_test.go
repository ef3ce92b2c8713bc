package number_test

import (
	"fmt"

	"nabla/expr/number"
)

// Decimals are exact.
func Example() {
	x, err := number.Parse("0.1")
	if err != nil {
		fmt.Println(err)
		return
	}
	y := number.Frac(1, 5)
	fmt.Println(x, x.Add(y), x.Add(y) == number.Frac(3, 10))
	q, ok := x.Quo(number.Int(0))
	fmt.Println(q, ok)
	// Output:
	// 1/10 3/10 true
	// 0 false
}
