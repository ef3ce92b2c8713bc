package cli

import (
	"nabla/expr"
	"nabla/optimize"
)

// objective compiles e, a formula in vars. gradient is the value of the flag: the
// derivative of the formula, or differences of its values.
func objective(e expr.Expr, vars []string, gradient string) (optimize.Objective, error) {
	if gradient == "difference" {
		v, err := newEvaluator(vars, []expr.Expr{e})
		if err != nil {
			return nil, err
		}
		return optimize.New(len(vars), func(x []float64) float64 { return v.floats(x)[0] }, nil, nil), nil
	}
	o, err := optimize.FromFormula(e, vars)
	if err != nil {
		return nil, limitFailure("", "%s", err.Error())
	}
	return o, nil
}
