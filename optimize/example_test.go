package optimize_test

import (
	"context"
	"fmt"
	"math"

	"nabla/optimize"
)

// x² + 2 from x = -4, as the tutorials do it.
func Example() {
	f := optimize.New(1,
		func(x []float64) float64 { return x[0]*x[0] + 2 },
		func(g, x []float64) { g[0] = 2 * x[0] }, nil)
	r, err := optimize.Minimize(context.Background(), f, optimize.GradientDescent{Rate: optimize.Constant(0.1)}, optimize.Options{
		Start: []float64{-4},
		Stop:  optimize.Stop{Grad: 1e-6, Iterations: 100},
		Trace: func(it optimize.Iterate) {
			if it.N%20 == 0 {
				fmt.Printf("%3d  x = %9.6f  f = %9.6f\n", it.N, it.X[0], it.F)
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Status)
	fmt.Println(r.Explain())
	// Output:
	//   0  x = -4.000000  f = 18.000000
	//  20  x = -0.046117  f =  2.002127
	//  40  x = -0.000532  f =  2.000000
	//  60  x = -0.000006  f =  2.000000
	// converged
	// Converged after 72 iterations: the gradient is 8.4e-07, within the tolerance.
}

// A rate that is too large for the curvature.
func ExampleResult_Explain() {
	f := optimize.New(1, func(x []float64) float64 { return x[0] * x[0] }, func(g, x []float64) { g[0] = 2 * x[0] }, nil)
	for _, rate := range []float64{1, 1e-5} {
		r, err := optimize.Minimize(context.Background(), f, optimize.GradientDescent{Rate: optimize.Constant(rate)},
			optimize.Options{Start: []float64{0.5}, Stop: optimize.Stop{Iterations: 30}})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: %s\n", r.Status, r.Explain())
	}
	// Output:
	// bouncing: The steps go back and forth by 1 without getting lower: the rate is too large. Try a rate ten times smaller or a schedule that lets it fall.
	// crawling: After 30 iterations the steps, now 1e-05, have covered 0.0003 of way and about 0.5 is left: the rate is too small. Try a rate ten or a hundred times larger.
}

// Himmelblau's function has four minimisers.
func ExampleAuto() {
	f := optimize.New(2,
		func(x []float64) float64 {
			a, b := x[0]*x[0]+x[1]-11, x[0]+x[1]*x[1]-7
			return a*a + b*b
		},
		func(g, x []float64) {
			a, b := x[0]*x[0]+x[1]-11, x[0]+x[1]*x[1]-7
			g[0], g[1] = 4*x[0]*a+2*b, 2*a+4*x[1]*b
		}, nil)
	r, err := optimize.Auto(context.Background(), f, optimize.AutoOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, f = %.6f, %d minimisers\n", r.Status, math.Abs(r.F), len(r.Minimisers))
	// Output:
	// converged, f = 0.000000, 4 minimisers
}

// Bounds: the minimiser of (x-1)² + (y-2)² with x ≤ 0.5 lies on the bound.
func ExampleMinimize_bounds() {
	f := optimize.New(2,
		func(x []float64) float64 { return (x[0]-1)*(x[0]-1) + (x[1]-2)*(x[1]-2) },
		func(g, x []float64) { g[0], g[1] = 2*(x[0]-1), 2*(x[1]-2) }, nil)
	r, err := optimize.Minimize(context.Background(), f, optimize.LBFGSB{}, optimize.Options{
		Bounds: []optimize.Bound{{Lo: math.Inf(-1), Hi: 0.5}, optimize.NoBound},
		Stop:   optimize.DefaultStop(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f %.4f %v\n", r.X, r.F, r.Status)
	// Output:
	// [0.5000 2.0000] 0.2500 converged
}

// The table of methods builds methods from names and values.
func ExampleInfo_Make() {
	info, _ := optimize.Lookup("heavy-ball")
	m, err := info.Make(map[string]string{"rate": "0.05", "momentum": "0.8", "schedule": "cosine"})
	fmt.Println(info.Name, m, err)
	_, err = info.Make(map[string]string{"momentum": "1.2"})
	fmt.Println(err)
	// Output:
	// momentum {0.05 to 0 by cosine in 0 0.8} <nil>
	// momentum="1.2": method momentum wants a number ≥ 0 and < 1
}

// A kinked function of one variable needs no derivative.
func ExampleBrent() {
	x, f := optimize.Brent(func(x float64) float64 { return math.Abs(x-2) + 1 }, 0, 5, 1e-10, nil)
	fmt.Printf("%.6f %.6f\n", x, f)
	// Output:
	// 2.000000 1.000000
}
