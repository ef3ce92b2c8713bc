package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"nabla/expr"
	"nabla/optimize"
	"nabla/optimize/global"
)

// solve answers p: with its proof status, or by the method of local search that q
// names.
func solve(ctx context.Context, q *question, p global.Problem) (*global.Answer, error) {
	return searchLocally(ctx, q, p)
}

// searchLocally answers p by a local search, which proves nothing.
func searchLocally(ctx context.Context, q *question, p global.Problem) (*global.Answer, error) {
	name := string(q.opt.method)
	if len(p.SubjectTo) > 0 {
		return nil, usage("", "the methods of local search take no constraints other than --bounds")
	}
	o, err := objective(p.F, p.Vars, q.opt.gradient)
	if err != nil {
		return nil, err
	}
	opt := optimize.AutoOptions{Options: optimize.Options{Maximise: p.Max, Seed: uint64(q.opt.seed)}}
	opt.Stop = optimize.DefaultStop()
	opt.Stop.Time = time.Duration(q.opt.timeout)
	if q.opt.tol != nil {
		opt.Stop.Grad = q.opt.tol.float
	}
	if q.opt.iterations > 0 {
		opt.Stop.Iterations = q.opt.iterations
	}
	if opt.Bounds, err = floatBounds(q.opt, p.Vars); err != nil {
		return nil, err
	}
	if len(q.opt.start) > 0 {
		at, _, err := point(q.opt.start).on(p.Vars)
		if err != nil {
			return nil, inFlag("start", err)
		}
		opt.Start = at.x
	}
	var res *optimize.Result
	if name == "" || name == "auto" {
		opt.Kinks = hasKinks(p.F)
		res, err = optimize.Auto(ctx, o, opt)
	} else {
		row, method, merr := chooseMethod(name, q.opt)
		if merr != nil {
			return nil, merr
		}
		name = row.Name
		res, err = optimize.Minimize(ctx, o, method, opt.Options)
	}
	if err != nil {
		return nil, startFailure(err, &expr.Formula{Expr: p.F}, p.Vars, q)
	}
	return localAnswer(res, p), nil
}

// hasKinks reports whether e may have kinks or jumps.
func hasKinks(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op() == expr.Call && n.Func().DWhere != nil {
			return true
		}
	}
	return false
}

// localAnswer gives what a local search found the form of an answer.
func localAnswer(res *optimize.Result, p global.Problem) *global.Answer {
	a := &global.Answer{
		Status: global.Local, Vars: p.Vars, At: res.X, Value: res.F, Attained: true, GradientNorm: math.NaN(),
		Method:      res.Method,
		Evaluations: global.Evaluations{F: res.Evaluations.Func, Gradient: res.Evaluations.Grad, Hessian: res.Evaluations.Hess},
	}
	if a.Method == "" {
		a.Method = "auto"
	}
	if res.Grad != nil {
		a.GradientNorm = 0
		for _, g := range res.Grad {
			a.GradientNorm = math.Max(a.GradientNorm, math.Abs(g))
		}
	}
	a.Minimisers = []global.Point{{X: res.X}}
	for _, m := range res.Minimisers {
		if m.F == res.F && !slices.Equal(m.X, res.X) {
			a.Minimisers = append(a.Minimisers, global.Point{X: m.X})
		}
		a.Stationary = append(a.Stationary, global.Stationary{X: m.X, Value: m.F, Kind: kindWord(m.Stationary.Kind)})
	}
	if res.Status != optimize.Converged {
		a.Warnings = append(a.Warnings, res.Explain())
	}
	if !finite(res.F) {
		a.Status, a.Attained = global.Failed, false
		a.At, a.Minimisers = nil, nil
		a.Warnings = append(a.Warnings, fmt.Sprintf("no point with a finite value was found; the last was %s", formatNumber(res.F, 6)))
	}
	return a
}

// kindWord names a kind of stationary point as the JSON output does.
func kindWord(k optimize.Kind) string {
	switch k {
	case optimize.Minimum:
		return "local minimum"
	case optimize.Maximum:
		return "local maximum"
	case optimize.Saddle:
		return "saddle"
	}
	return "undetermined"
}
