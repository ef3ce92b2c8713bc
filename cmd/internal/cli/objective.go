package cli

import (
	"errors"

	"nabla/expr"
	"nabla/optimize"
)

// objective compiles e, a formula in vars. gradient is the value of the flag: the
// derivative of the formula, or differences of its values that keep inside bounds.
func objective(e expr.Expr, vars []string, gradient string, bounds []optimize.Bound) (optimize.Objective, error) {
	if gradient == "difference" {
		v, err := newEvaluator(vars, []expr.Expr{e})
		if err != nil {
			return nil, err
		}
		return optimize.NewDifference(len(vars), func(x []float64) float64 { return v.floats(x)[0] }, bounds), nil
	}
	o, err := optimize.FromFormula(e, vars)
	if err != nil {
		return nil, limitFailure("", "%s", err.Error())
	}
	return o, nil
}

// objectiveFor is objective for a method, which may need the rows of a sum.
func objectiveFor(row *optimize.Info, e expr.Expr, vars []string, gradient string, bounds []optimize.Bound) (optimize.Objective, error) {
	if !row.Rows {
		return objective(e, vars, gradient, bounds)
	}
	if gradient == "difference" {
		return nil, inFlag("gradient", usage("leave it out", "%s takes the gradients of the terms from the formula", row.Name))
	}
	o, err := optimize.FromSum(e, vars)
	if errors.Is(err, optimize.ErrOneTerm) {
		return nil, inFlag("method", usage("write the rows of data as a sum: (w*1 - 2)^2 + (w*2 - 3)^2 + …", "%s is for sums, whose terms it takes a few at a time, and the formula is none", row.Name))
	}
	if err != nil {
		return nil, limitFailure("", "%s", err.Error())
	}
	return o, nil
}
