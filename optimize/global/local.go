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
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// lastWalk is the effort for a local search after an interruption: enough for a
// minimum of most formulas, and not felt by who waits.
const lastWalk = 100 * time.Millisecond

// smallRounding is the size of enclosures of 0 that come of rounding: the value is then
// shown as 0.
const smallRounding = 1e-9

// auto looks for a low point of f in the region, with the effort most, 0 for no limit
// but those of ctx and opt.
func (s *session) auto(ctx context.Context, f expr.Expr, opt optimize.AutoOptions, most time.Duration) (*optimize.Result, error) {
	o, err := optimize.FromFormula(f, s.p.Vars)
	if err != nil {
		return nil, err
	}
	opt.Seed = s.o.Seed
	evaluations := opt.Stop.Evaluations
	opt.Stop = optimize.DefaultStop()
	opt.Stop.Evaluations = evaluations
	size := f.Size()
	if most > 0 {
		if k := effort.Evaluations(most, size); evaluations == 0 || k < evaluations {
			opt.Stop.Evaluations = k
		}
	}
	for i, b := range s.m.Inner {
		if b.IsEmpty() {
			b = s.m.Outer[i]
		}
		opt.Bounds = append(opt.Bounds, optimize.Bound{Lo: b.Lo, Hi: b.Hi})
	}
	res, err := optimize.Auto(ctx, o, opt)
	if err == nil {
		// A gradient costs about as much as three values; a Hessian takes n gradients.
		n := res.Evaluations
		effort.Charge(ctx, effort.Floats((n.Func+3*n.Grad+3*s.m.N*n.Hess)*size))
	}
	return res, err
}

// local answers by local searches from many points, which proves nothing.
func (s *session) local() *Answer {
	a := &Answer{Status: Local, Method: "multi-start", GradientNorm: math.NaN()}
	opt := optimize.AutoOptions{Options: optimize.Options{Start: s.o.Start}, Kinks: form.HasKinks(s.m.F)}
	ctx, most := s.ctx, time.Duration(0)
	if ctx.Err() != nil {
		// Interrupted, or out of time, before anything was found by walking: a
		// short walk, so that there is a best so far. Who waits does so by the clock.
		waits := context.Cause(ctx) != effort.Over
		ctx, most = context.WithoutCancel(ctx), lastWalk
		if waits {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, lastWalk)
			defer cancel()
		}
	}
	res, err := s.auto(ctx, s.m.F, opt, most)
	if err != nil {
		opt.Start = nil
		if res, err = s.auto(ctx, s.m.F, opt, most); err != nil {
			return s.failed(err.Error())
		}
	}
	if s.b != nil && s.b.BestX != nil && (!model.Finite(res.F) || s.b.Best.Hi < res.F) {
		res.X, res.F = slices.Clone(s.b.BestX), model.ClipTo(s.b.At(s.b.BestX), s.b.Best)
	}
	if !model.Finite(res.F) || res.X == nil {
		return s.failed("no point with a finite value was found")
	}
	a.At, a.Value, a.Attained = res.X, res.F, true
	p := s.m.Prober()
	v, ok := p.AtPoint(res.X)
	if ok { // which far out floats may miss by as much as there is
		a.Value = model.ClipTo(res.F, v)
	}
	if ok && v.Has(0) && v.Mag() < smallRounding {
		a.Value = 0
	}
	if ok && model.Finite(s.bound) && model.Finite(v.Hi) {
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
		res.Maximised, res.F = s.p.Max, s.sign(res.F)
		a.Warnings = append(a.Warnings, res.Explain())
	}
	return s.flip(a)
}

func (s *session) failed(why string) *Answer {
	return &Answer{Status: Failed, Method: "multi-start", GradientNorm: math.NaN(), Value: math.NaN(), Warnings: []string{why}}
}
