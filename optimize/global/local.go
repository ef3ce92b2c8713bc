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
		if s.period.Lo < s.period.Hi && s.period.In(b) {
			b = s.period
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
		if s.o.proof {
			return s.failed("there was no time for more")
		}
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
	p := s.m.Prober()
	onlyDefined(p, res)
	if s.b != nil && s.b.BestX != nil && (!model.Finite(res.F) || s.b.Best.Hi < res.F) {
		res.X, res.F = slices.Clone(s.b.BestX), model.ClipTo(s.b.At(s.b.BestX), s.b.Best)
	}
	if !model.Finite(res.F) || res.X == nil {
		return s.failed("no point with a finite value was found")
	}
	value, v, ok := valueAt(p, res.X, res.F)
	for _, m := range res.Minimisers { // floats may have put another first
		if w, u, sure := valueAt(p, m.X, m.F); w < value {
			res.X, res.F, value, v, ok = m.X, m.F, w, u, sure
		}
	}
	a.At, a.Value, a.Attained = res.X, value, true
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

// onlyDefined takes out of res the points at which f is proved to have no value, and floats have one all the same: exp(-1/0) is 0.
// Before a best point where that is open it puts one as low where f is proved to have a value, of the others or short numbers
// next to it: cos(x) - 1 is less than 0 next to 0, and no float says so.
func onlyDefined(p *model.Prober, res *optimize.Result) {
	const near = 1e-7 // as floats see the places at which a square is 0
	undefined := func(x []float64) bool {
		v, _ := p.AtPoint(x)
		return v.IsEmpty()
	}
	res.Minimisers = slices.DeleteFunc(res.Minimisers, func(m optimize.Point) bool { return undefined(m.X) })
	if res.X != nil && undefined(res.X) {
		if res.X, res.F = nil, math.NaN(); len(res.Minimisers) > 0 {
			res.X, res.F = res.Minimisers[0].X, res.Minimisers[0].F
		}
	}
	if res.X == nil {
		return
	}
	if _, sure := p.AtPoint(res.X); sure {
		return
	}
	short := slices.Clone(res.X)
	for i, x := range short {
		if y := math.Round(x*1e6) / 1e6; math.Abs(x-y) <= near {
			short[i] = y
		}
	}
	for _, x := range append(points(res.Minimisers), short) {
		v, sure := p.AtPoint(x)
		if sure && p.Feasible(x) && v.Hi <= res.F+near*(1+math.Abs(res.F)) {
			res.X, res.F = x, p.At(x)
			res.Minimisers = slices.DeleteFunc(res.Minimisers, func(m optimize.Point) bool {
				_, sure := p.AtPoint(m.X)
				return !sure
			})
			return
		}
	}
}

func points(list []optimize.Point) (xs [][]float64) {
	for _, m := range list {
		xs = append(xs, m.X)
	}
	return xs
}

// valueAt returns the value of f at x to be told, of which floats say that it is y, and its enclosure v
// if there is one. Far out, or where the parts of f cancel, floats may miss by as much as there is: where
// the enclosure leaves that open the value is its upper end, which the least value does not exceed.
func valueAt(p *model.Prober, x []float64, y float64) (value float64, v interval.I, ok bool) {
	v, ok = p.AtPoint(x)
	switch {
	case !ok:
		return y, v, false
	case model.Finite(v.Hi) && v.Hi-y > wideRounding*(1+math.Abs(v.Hi)):
		return v.Hi, v, true
	}
	return model.ClipTo(y, v), v, true
}

// wideRounding is by how much, relative to it, a value in floats may be too low and be told nevertheless.
const wideRounding = 1e-3

func (s *session) failed(why string) *Answer {
	return &Answer{Status: Failed, Method: "multi-start", GradientNorm: math.NaN(), Value: math.NaN(), Warnings: []string{why}}
}
