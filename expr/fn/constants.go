package fn

import (
	"math"

	"nabla/expr/interval"
	"nabla/expr/interval/precise"
)

// constants are the names that stand for one number.
var constants = []*Func{
	{
		Name: "pi", Alias: []string{"π"}, Class: Constant, Family: "constants",
		Doc:      "circumference of a circle of diameter 1, 3.14159…",
		F0:       math.Pi,
		Enclose:  func([]interval.I) interval.I { return interval.Pi },
		Precise:  precise0(precise.Pi),
		Positive: true,
		LaTeX:    `\pi`, Go: "math.Pi", C: "M_PI", Python: "np.pi",
	},
	{
		Name: "e", Class: Constant, Family: "constants",
		Doc:      "Euler's number, the base of the natural logarithm, 2.71828…",
		F0:       math.E,
		Enclose:  func([]interval.I) interval.I { return interval.E },
		Precise:  precise0(precise.E),
		Positive: true,
		LaTeX:    `e`, Go: "math.E", C: "M_E", Python: "np.e",
	},
	{
		// The enclosure holds the numbers that are too great for a float64: inf is read as one of them, never as
		// any smaller number, and nothing is claimed of what is computed with it.
		Name: "inf", Class: Constant, Family: "constants",
		Doc:     "infinity, for bounds and limits; it is not a real number",
		F0:      inf,
		Enclose: func([]interval.I) interval.I { return interval.I{Lo: math.MaxFloat64, Hi: inf} },
		Dec:     nowhere,
		LaTeX:   `\infty`, Go: "math.Inf(1)", C: "INFINITY", Python: "np.inf",
	},
}
