package format_test

import (
	"fmt"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

func Example() {
	e := simplify.Tidy(expr.MustParse("x sin(x)^2 / (2 sqrt(x+1))"))
	fmt.Println(format.Text(e))
	fmt.Println(format.Plain(e))
	fmt.Println(format.Unicode(e))
	fmt.Println(format.LaTeX(e))
	// Output:
	// x sin(x)^2/(2 sqrt(x + 1))
	// x*sin(x)^2/(2*sqrt(x + 1))
	// x sin(x)²/(2√(x + 1))
	// \frac{x \sin^{2}\left(x\right)}{2 \sqrt{x + 1}}
}

func ExampleOptions() {
	e := expr.MustParse("x/4 + 0.2")
	fmt.Println(format.String(e, format.Options{}))
	fmt.Println(format.String(e, format.Options{Decimals: true}))
	// Output:
	// x/4 + 1/5
	// x/4 + 0.2
}

func ExampleShared() {
	e := expr.MustParse("g(t) = t*(sin(t) + 1); g(g(g(g(g(g(x))))))")
	defs, texts := format.Shared([]expr.Expr{e}, format.Options{Budget: 50})
	for _, d := range defs {
		fmt.Println(d)
	}
	fmt.Println(texts[0])
	// Output:
	// t1 = x(sin(x) + 1)
	// t2 = t1*(sin(t1) + 1)
	// t3 = t2*(sin(t2) + 1)
	// t4 = t3*(sin(t3) + 1)
	// t5 = t4*(sin(t4) + 1)
	// t5*(sin(t5) + 1)
}

func ExampleNumber() {
	fmt.Println(format.Number(2.0/3, 6), format.Number(123456789.123, 6), format.Number(1.5e-7, 6), format.Number(0.1, 0))
	// Output: 0.666667 123456789 1.5e-7 0.1
}
