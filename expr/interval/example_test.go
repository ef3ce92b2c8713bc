package interval_test

import (
	"fmt"

	"nabla/expr/interval"
)

// The image of [1, 2] under x² - 2x is [-1, 0]; one occurrence of x more than needed widens the enclosure.
func Example() {
	x := interval.New(1, 2)
	fmt.Println(x.Sqr().Sub(x.Mul(interval.Point(2))))
	fmt.Println(x.Sub(interval.Point(1)).Sqr().Sub(interval.Point(1)))
	// Output:
	// [-3, 2]
	// [-1, 0]
}

func ExampleI_Add() {
	fmt.Println(interval.Point(2).Add(interval.Point(2)))
	fmt.Println(interval.Point(0.1).Add(interval.Point(0.2)))
	// Output:
	// [4, 4]
	// [0.3, 0.30000000000000004]
}

// Dividing by an interval with 0 inside leaves a gap, which is where an interval Newton step finds no root.
func ExampleI_DivExt() {
	p, q := interval.New(1, 2).DivExt(interval.New(-1, 4))
	fmt.Println(p, q)
	// Output: [-Inf, -1] [0.25, +Inf]
}

func ExampleSin() {
	fmt.Println(interval.Sin(interval.New(1, 2)).Hi) // the maximum at π/2 lies inside
	fmt.Println(interval.Log(interval.New(-1, 0)))   // outside the domain
	// Output:
	// 1
	// empty
}
