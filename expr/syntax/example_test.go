package syntax_test

import (
	"fmt"

	"nabla/expr/syntax"
)

// vocabulary knows two functions.
type vocabulary struct{}

func (vocabulary) Class(name string) syntax.Class {
	switch name {
	case "sin":
		return syntax.Textbook
	case "gamma":
		return syntax.CallOnly
	}
	return syntax.NotFunction
}

func (vocabulary) Near(name string) string { return "sin" }

func ExampleParse() {
	in, err := syntax.Parse("", "a = 3; f(x) = a sin^2 2x + gamma", vocabulary{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range in.Statements {
		fmt.Println(s.Name, s.Params, "=", s.Body)
	}
	// Output:
	// a [] = 3
	// f [x] = a 2 x · sin/1 2 ^ · gamma +
}

func ExampleError() {
	_, err := syntax.Parse("", "2 sinn(x)", vocabulary{})
	fmt.Println(err)
	fmt.Println(err.(*syntax.Error).Snippet())
	// Output:
	// 1:3: unknown function sinn; did you mean sin?
	// 2 sinn(x)
	//   ^^^^
}
