package fn_test

import (
	"fmt"
	"math/big"

	"nabla/expr/fn"
	"nabla/expr/interval"
)

// A row knows the value, what an interval is mapped to, and the derivative.
func Example() {
	f := fn.Lookup("sigmoid")
	fmt.Println(f.Usage(), "is", f.Means)
	fmt.Println(f.Value([]float64{0}))
	box := []interval.I{{Lo: -1, Hi: 0}}
	fmt.Println(f.Enclose(box).In(interval.I{Lo: 0.26, Hi: 0.51}), f.Decorate(box))
	fmt.Println(f.D[0], "·", f.Inverse, "·", f.Limits)
	// Output:
	// sigmoid(x) is 1/(1 + exp(-x))
	// 0.5
	// true continuous
	// sigmoid(x)*sigmoid(-x) · logit(x) · [0 1]
}

// Exact gives the values that are rational numbers.
func ExampleFunc_exact() {
	gamma := fn.Lookup("gamma")
	fmt.Println(gamma.Exact([]*big.Rat{big.NewRat(5, 1)}))
	fmt.Println(gamma.Exact([]*big.Rat{big.NewRat(1, 2)}) == nil)
	// Output:
	// 24/1
	// true
}

func ExampleNear() {
	fmt.Println(fn.Near("heavyside"), fn.Near("tg"), fn.Near("pow"))
	// Output: heaviside tan x^y
}
