package tape_test

import (
	"fmt"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// A formula and its derivative as one program: what they have in common is
// computed once.
func Example() {
	f := expr.MustParse("x^2*exp(-x)")
	df := expr.MustParse("2*x*exp(-x) - x^2*exp(-x)")
	p, err := tape.Compile([]string{"x"}, f, df)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := p.NewMachine()
	out := make([]float64, 2)
	m.Eval(out, []float64{2})
	fmt.Printf("%.4f %.4f\n", out[0], out[1])
	fmt.Println(p)
	fmt.Println(p.Listing())
	// Output:
	// 0.5413 0.0000
	// r0 x · r1 2 · r2 powi r0 2 · r3 neg r0 · r4 exp r3 · r5 mul r2 r4 · r6 mul r0 r4 · r7 mul r1 r6 · r8 sub r7 r5 · out r5 r8
	// t0 expn x0 · o0 mul3 x0 x0 t0 · t0 mul x0 t0 · o1 mulsub 2 t0 o0
}

// An enclosure over a box, and what is known of the formula there.
func ExampleMachine_Interval() {
	p, err := tape.Compile([]string{"x"}, expr.MustParse("sqrt(x) + 1/(x - 4)"))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := p.NewMachine()
	out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	for _, box := range []interval.I{interval.New(1, 2.25), interval.New(3, 5)} {
		m.Interval(out, dec, []interval.I{box})
		fmt.Println(box, out[0], dec[0])
	}
	// Output:
	// [1, 2.25] [0.4285714285714285, 1.1666666666666667] continuous
	// [3, 5] [-Inf, +Inf] partial
}

// A value that is not finite has an address.
func ExampleMachine_Undefined() {
	p, err := tape.Compile([]string{"x"}, expr.MustParse("1 + log(x - 3)"))
	if err != nil {
		fmt.Println(err)
		return
	}
	e, operands, found := p.NewMachine().Undefined([]float64{2.5})
	fmt.Println(found, e.Func().Name, operands)
	// Output:
	// true log [-0.5]
}
