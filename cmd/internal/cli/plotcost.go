package cli

import (
	"context"
	"fmt"
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/tape"
	"nabla/optimize/plot"
)

// drawCost draws the values along walks.
func (a *plotted) drawCost(ctx context.Context, q *question) error {
	if err := a.runPaths(ctx, q, []string{"gd"}); err != nil {
		return err
	}
	var runs []plot.Run
	for _, w := range a.walks {
		runs = append(runs, w.cost())
	}
	best := math.NaN()
	if found := extrema(ctx, q, a.formula, nil); proved(found) && !bool(q.opt.ascend) {
		best = found.Value
	}
	a.figure = plot.Cost(runs, best, false)
	a.figure.Title = "cost per iteration: " + a.equation("f")
	return nil
}

// drawDifferences draws the error of difference quotients.
func (a *plotted) drawDifferences(q *question) error {
	x := a.formula.Vars()[0]
	if len(q.opt.at) != 1 {
		return inFlag("at", usage("write --at "+x+"=1", "difference quotients are taken at one point"))
	}
	here, _, err := q.opt.at[0].on([]string{x})
	if err != nil {
		return inFlag("at", err)
	}
	at := here.x[0]
	v, err := newEvaluator([]string{x}, []expr.Expr{a.formula.Expr})
	if err != nil {
		return err
	}
	slope, err := exactSlope(a.formula.Expr, x, at)
	if err != nil {
		return err
	}
	if !finite(v.floats([]float64{at})[0]) || !finite(slope) {
		return &failure{exit: exitNo, where: "--at", msg: "the formula has no derivative there"}
	}
	a.figure = plot.Differences(func(t float64) float64 { return v.floats([]float64{t})[0] }, slope, at)
	a.figure.Title = fmt.Sprintf("difference quotients of %s at %s = %s", format.Unicode(a.formula.Expr), x, plot.Number(at))
	return nil
}

// exactSlope returns the derivative of e by x at a point: from the formula, not by
// differences.
func exactSlope(e expr.Expr, x string, at float64) (float64, error) {
	prog, err := tape.Compile([]string{x}, diff.D(e, x))
	if err != nil {
		return 0, limitFailure("", "%s", err.Error())
	}
	out := make([]float64, 1)
	prog.NewMachine().Eval(out, []float64{at})
	return out[0], nil
}
