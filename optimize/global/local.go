package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize"
)

// lastWalk is the time for a local search after an interruption: enough for a
// minimum of most formulas, and not felt by who waits.
const lastWalk = 100 * time.Millisecond

// smallRounding is the size of enclosures of 0 that come of rounding: the value is then
// shown as 0.
const smallRounding = 1e-9

// local answers by local searches from many points, which proves nothing.
func (s *session) local() *Answer {
	a := &Answer{Status: Local, Method: "multi-start", GradientNorm: math.NaN()}
	o, err := optimize.FromFormula(s.m.f, s.p.Vars)
	if err != nil {
		return s.failed(err.Error())
	}
	opt := optimize.AutoOptions{Options: optimize.Options{Seed: s.o.Seed, Start: s.o.Start, Stop: optimize.DefaultStop()}}
	ctx := s.ctx
	if ctx.Err() != nil {
		// Interrupted, or out of time, before anything was found by walking: a
		// short walk, so that there is a best so far.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), lastWalk)
		defer cancel()
	}
	if d, ok := ctx.Deadline(); ok {
		opt.Stop.Time = max(time.Until(d), 50*time.Millisecond)
	}
	opt.Kinks = hasKinks(s.m.f)
	for i, b := range s.m.inner {
		if b.IsEmpty() {
			b = s.m.outer[i]
		}
		opt.Bounds = append(opt.Bounds, optimize.Bound{Lo: b.Lo, Hi: b.Hi})
	}
	res, err := optimize.Auto(ctx, o, opt)
	if err != nil {
		opt.Start = nil
		if res, err = optimize.Auto(ctx, o, opt); err != nil {
			return s.failed(err.Error())
		}
	}
	if s.b != nil && s.b.bestX != nil && (!finite(res.F) || s.b.best.Hi < res.F) {
		res.X, res.F = slices.Clone(s.b.bestX), clipTo(s.b.at(s.b.bestX), s.b.best)
	}
	if !finite(res.F) || res.X == nil {
		return s.failed("no point with a finite value was found")
	}
	a.At, a.Value, a.Attained = res.X, res.F, true
	p := s.m.prober()
	v, ok := p.atPoint(res.X)
	if ok && v.Has(0) && v.Mag() < smallRounding {
		a.Value = 0
	}
	if ok && finite(s.bound) && finite(v.Hi) {
		a.Enclosure = &Enclosure{Value: interval.I{Lo: math.Min(s.bound, v.Hi), Hi: v.Hi}}
	}
	a.GradientNorm = s.gradientNorm(p, a.At)
	a.Evaluations = Evaluations{F: res.Evaluations.Func, Gradient: res.Evaluations.Grad, Hessian: res.Evaluations.Hess}
	a.Minimisers = []Point{{X: res.X}}
	for _, m := range res.Minimisers {
		if m.F == res.F && !slices.Equal(m.X, res.X) {
			a.Minimisers = append(a.Minimisers, Point{X: m.X})
		}
	}
	a.Warnings = append(a.Warnings, fmt.Sprintf("searched from %d points", res.Searches))
	if res.Status != optimize.Converged {
		a.Warnings = append(a.Warnings, res.Explain())
	}
	return s.flip(a)
}

func (s *session) failed(why string) *Answer {
	return &Answer{Status: Failed, Method: "multi-start", GradientNorm: math.NaN(), Value: math.NaN(), Warnings: []string{why}}
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
