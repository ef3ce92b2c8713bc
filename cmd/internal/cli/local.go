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
	a, err := solveInTime(ctx, q, p, o)
	if err != nil {
		return nil, usage("", "%s", strings.TrimPrefix(err.Error(), "global: "))
	}
	return a, nil
}

// lateness is how long, after its time is up, a search for a proof may take to come to an end: less than the grace of
// a command, so that there is time for a walk.
const lateness = grace * 6 / 10

// solveInTime is global.Solve. When that does not come to an end in time, in a step that is long because the formula or
// the load of the machine is, the answer is what a short local search finds.
func solveInTime(ctx context.Context, q *question, p global.Problem, o global.Options) (*global.Answer, error) {
	type result struct {
		a      *global.Answer
		err    error
		failed any
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			r.failed = recover()
			done <- r
		}()
		r.a, r.err = global.Solve(ctx, p, o)
	}()
	ended := func(r result) (*global.Answer, error) {
		if r.failed != nil { // in the goroutine of the question, which reports it
			panic(r.failed)
		}
		return r.a, r.err
	}
	timer := time.NewTimer(o.Timeout + lateness)
	defer timer.Stop()
	select {
	case r := <-done:
		return ended(r)
	case <-ctx.Done():
		timer.Reset(lateness)
	case <-timer.C:
		timer.Reset(0)
	}
	select {
	case r := <-done:
		return ended(r)
	case <-timer.C:
	}
	if a := shortWalk(q, p, o.Start); a != nil {
		return a, nil
	}
	return ended(<-done)
}

// shortWalk is a local search of less than a second, nil where it finds nothing.
func shortWalk(q *question, p global.Problem, start []float64) *global.Answer {
	if len(p.SubjectTo) > 0 || len(p.Vars) == 0 {
		return nil
	}
	opt := optimize.Options{Maximise: p.Max, Seed: uint64(q.opt.seed), Start: start, Stop: optimize.DefaultStop()}
	opt.Stop.Time = (grace - lateness) / 2
	var err error
	if opt.Bounds, err = floatBounds(q.opt, p.Vars); err != nil {
		return nil
	}
	o, err := objective(p.F, p.Vars, q.opt.gradient, opt.Bounds)
	if err != nil {
		return nil
	}
	_, method, err := chooseMethod("bfgs", q.opt)
	if err != nil {
		return nil
	}
	res, err := optimize.Minimize(context.Background(), o, method, opt)
	if err != nil {
		return nil
	}
	a := localAnswer(res, p)
	if a.Status == global.Failed {
		return nil
	}
	a.Limited = true
	a.Warnings = append(a.Warnings, "the search for a proof did not come to an end in time")
	return a
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
