package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize"
	"nabla/optimize/global"
)

// solve answers p: with its proof status, or by the method of local search that q
// names.
func solve(ctx context.Context, q *question, p global.Problem) (*global.Answer, error) {
	if name := string(q.opt.method); name != "" && name != "auto" || q.opt.gradient == "difference" {
		return searchLocally(ctx, q, p)
	}
	o := global.Options{Timeout: defaultTimeout, Seed: uint64(q.opt.seed), Certificate: q.opt.certificate.word != ""}
	if q.opt.timeout > 0 {
		// What is left of the time goes into the end of the search.
		o.Timeout = time.Duration(q.opt.timeout) * 9 / 10
	}
	if q.progress != nil {
		o.Progress = func(p global.Progress) {
			q.progress(fmt.Sprintf("%d boxes examined, %d left, the minimum is between %s and %s", p.Done, p.Boxes, formatNumber(p.Lower, 6), formatNumber(p.Upper, 6)))
		}
	}
	if q.opt.tol != nil {
		o.RelGap = q.opt.tol.float
	}
	if len(q.opt.start) > 0 {
		at, _, err := point(q.opt.start).on(p.Vars)
		if err != nil {
			return nil, inFlag("start", err)
		}
		o.Start = at.x
	}
	a, err := global.Solve(ctx, p, o)
	if err != nil {
		return nil, usage("", "%s", strings.TrimPrefix(err.Error(), "global: "))
	}
	return a, nil
}

// searchLocally answers p by a local search, which proves nothing.
func searchLocally(ctx context.Context, q *question, p global.Problem) (*global.Answer, error) {
	name := string(q.opt.method)
	if len(p.SubjectTo) > 0 {
		return nil, usage("", "the methods of local search take no constraints other than --bounds")
	}
	if len(p.Vars) == 0 {
		return nil, usage("", "the formula has no variable")
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
	var err error
	if opt.Bounds, err = floatBounds(q.opt, p.Vars); err != nil {
		return nil, err
	}
	o, err := objective(p.F, p.Vars, q.opt.gradient, opt.Bounds)
	if err != nil {
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
		if row.Rows {
			if o, err = objectiveFor(row, p.F, p.Vars, q.opt.gradient, opt.Bounds); err != nil {
				return nil, err
			}
		}
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
		Method: res.Method, Domain: domainText(p.F, p.Vars),
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
	if res.Status == optimize.Unbounded || res.Status == optimize.Receding || !finite(res.F) {
		// The search ran away: where it ended is no minimum.
		a.Status, a.Attained = global.Failed, false
		a.Minimisers = nil
	}
	return a
}

// domainText says where e is defined: "all real x", "x > 3".
func domainText(e expr.Expr, vars []string) string {
	if conditions := simplify.Domain(e); len(conditions) > 0 {
		return format.All(conditions, format.Options{Style: format.StylePlain})
	}
	return "all real " + strings.Join(vars, ", ")
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
