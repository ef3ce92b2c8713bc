package check_test

import (
	"fmt"
	"math"

	"nabla/diff/check"
	"nabla/expr"
	"nabla/expr/format"
)

func ExampleClaim() {
	f := expr.MustParse("x^2 sin(x)")
	r := check.Claim(f, expr.MustParse("2x sin(x) + x^2 sin(x)"), "x", check.Options{})
	fmt.Println(r.Verdict, "at", check.Place(r.Witness.At))
	fmt.Println(r.Mistakes[0].Says)
	fmt.Println("expected", format.Text(r.Expected))
	// Output:
	// different at x = 1
	// the derivative of sin(x) is cos(x); yours kept sin(x)
	// expected 2x sin(x) + x^2 cos(x)
}

func ExampleEqual() {
	for _, pair := range [][2]string{
		{"sqrt(x)*sqrt(y)", "sqrt(x*y)"}, {"log(x^2)", "2*log(x)"}, {"sqrt(x^2)", "x"}, {"sin(x)^2 + cos(x)^2", "1"},
	} {
		r := check.Equal(expr.MustParse(pair[0]), expr.MustParse(pair[1]), check.Options{})
		fmt.Println(pair[0], "=", pair[1], "is", r.Verdict)
	}
	// Output:
	// sqrt(x)*sqrt(y) = sqrt(x*y) is equal
	// log(x^2) = 2*log(x) is equal
	// sqrt(x^2) = x is different
	// sin(x)^2 + cos(x)^2 = 1 is equal
}

func ExampleDerivation() {
	r, err := check.Derivation([]string{
		"d/dx(x^2 cosh(9x))",
		"= d/dx(x^2) cosh(9x)",
		"= 2x cosh(9x)",
	}, check.DerivationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("first wrong line:", r.FirstWrong)
	fmt.Println(r.Mistakes[0].Kind)
	fmt.Println("line 2 is", r.Lines[2].Note)
	// Output:
	// first wrong line: 1
	// product-term-missing
	// line 2 is consistent with line 1
}

func ExampleGradient() {
	// A right gradient of large values, and a wrong one of a large offset. A
	// fixed step and tolerance tell neither.
	r := check.Gradient(
		func(x []float64) float64 { return 1e10 * math.Exp(x[0]) },
		func(g, x []float64) { g[0] = 1e10 * math.Exp(x[0]) },
		[]float64{1}, check.Options{})
	fmt.Println(r.Judgement)
	r = check.Gradient(
		func(x []float64) float64 { return 1e8 + (x[0]-1)*(x[0]-1) },
		func(g, x []float64) { g[0] = 2*(x[0]-1) + 1e-4 },
		[]float64{3}, check.Options{})
	fmt.Println(r.Judgement, r.Wrong)
	// Output:
	// consistent
	// wrong [0]
}
