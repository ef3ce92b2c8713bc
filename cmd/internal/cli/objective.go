package cli

import (
	"gonum.org/v1/gonum/mat"

	"nabla/diff"
	"nabla/expr"
	"nabla/optimize"
)

// hessianLimit is the number of variables up to which an objective has second
// derivatives: their number grows with its square.
const hessianLimit = 200

// objective compiles e, a formula in vars, with its gradient and its Hessian.
// gradient is the value of the flag.
func objective(e expr.Expr, vars []string, gradient string) (optimize.Objective, error) {
	n := len(vars)
	value, err := newEvaluator(vars, []expr.Expr{e})
	if err != nil {
		return nil, err
	}
	f := func(x []float64) float64 { return value.floats(x)[0] }
	if gradient == "difference" {
		return optimize.New(n, f, nil, nil), nil
	}
	slopes, err := newEvaluator(vars, diff.Gradient(e, vars))
	if err != nil {
		return nil, err
	}
	g := func(grad, x []float64) { copy(grad, slopes.floats(x)) }
	if n > hessianLimit {
		return optimize.New(n, f, g, nil), nil
	}
	entries := diff.Hessian(e, vars)
	es := make([]expr.Expr, len(entries))
	for i, h := range entries {
		es[i] = h.Expr
	}
	if len(es) == 0 {
		return optimize.New(n, f, g, func(h *mat.SymDense, x []float64) { h.Zero() }), nil
	}
	curves, err := newEvaluator(vars, es)
	if err != nil {
		return nil, err
	}
	return optimize.New(n, f, g, func(h *mat.SymDense, x []float64) {
		h.Zero()
		for i, v := range curves.floats(x) {
			h.SetSym(entries[i].Row, entries[i].Col, v)
		}
	}), nil
}
