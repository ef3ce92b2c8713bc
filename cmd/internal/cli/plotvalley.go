package cli

import (
	"context"
	"math"

	"nabla/optimize"
	"nabla/optimize/global"
	"nabla/optimize/plot"
)

// drawValley draws a function of two variables.
func (a *plotted) drawValley(ctx context.Context, q *question) error {
	vars := a.formula.Vars()
	if err := a.runPaths(ctx, q, nil); err != nil {
		return err
	}
	p, err := problem(q, a.formula)
	if err != nil {
		return err
	}
	if len(p.Vars) != 2 {
		return inFlag("subject-to", usage("", "the constraints have other variables than the formula"))
	}
	found := extrema(ctx, q, a.formula, nil)
	bounds, err := floatBounds(q.opt, vars)
	if err != nil {
		return err
	}
	if found != nil && len(p.SubjectTo) == 0 {
		a.sure = len(found.Minimisers)
		found = withOthers(ctx, q, a.formula, vars, bounds, found)
	}
	xy := [2]string{vars[0], vars[1]}
	o := plot.ValleyOptions{
		Arrows: bool(q.opt.arrows), Paths: a.paths(), SubjectTo: p.SubjectTo, Show: a.markPoints(q, found),
		Title: a.equation("f(" + vars[0] + ", " + vars[1] + ")"),
	}
	a.region(&o, found, bounds)
	if a.kind == "surface" {
		a.figure, err = plot.Surface(a.formula.Expr, xy, o)
	} else {
		a.figure, err = plot.Valley(a.formula.Expr, xy, o)
	}
	if err != nil {
		return limitFailure("", "%s", err.Error())
	}
	return nil
}

// region settles the ends of a picture of two variables: bounds where there are any,
// and otherwise what shows the walks and the minimisers. Where one of these lies at a
// bound, the picture goes a little beyond, so that it is seen to.
func (a *plotted) region(o *plot.ValleyOptions, found *global.Answer, bounds []optimize.Bound) {
	beyond := false
	within := [2][2]float64{{math.Inf(-1), math.Inf(1)}, {math.Inf(-1), math.Inf(1)}}
	for i, at := range []*[2]float64{&o.X, &o.Y} {
		b := optimize.NoBound
		if bounds != nil {
			b = bounds[i]
		}
		within[i] = [2]float64{b.Lo, b.Hi}
		points := a.coordinates(found, i)
		at[0], at[1] = window(b, points)
		m := 0.06 * (at[1] - at[0])
		for _, v := range points {
			if v == b.Lo && at[0] == b.Lo {
				at[0], beyond = b.Lo-m, true
			}
			if v == b.Hi && at[1] == b.Hi {
				at[1], beyond = b.Hi+m, true
			}
		}
	}
	if beyond {
		o.Within = within
	}
	// A walk along one axis needs some room across.
	for i, at := range []*[2]float64{&o.X, &o.Y} {
		other := []*[2]float64{&o.Y, &o.X}[i]
		if bounds != nil && !math.IsInf(bounds[i].Width(), 1) {
			continue
		}
		if lack := 0.4*(other[1]-other[0]) - (at[1] - at[0]); lack > 0 && !math.IsInf(lack, 1) {
			at[0], at[1] = at[0]-lack/2, at[1]+lack/2
		}
	}
}

// coordinates returns coordinate i of all that a picture should show.
func (a *plotted) coordinates(found *global.Answer, i int) []float64 {
	var list []float64
	for _, w := range a.walks {
		// A walk that ran away must not make the rest small.
		limit := 4 * math.Max(1, largest(w.trace.Iterates[0].X))
		for _, it := range w.trace.Iterates {
			if math.Abs(it.X[i]) <= limit {
				list = append(list, it.X[i])
			}
		}
	}
	if found == nil {
		return list
	}
	for _, m := range found.Minimisers {
		list = append(list, m.X[i])
	}
	if len(found.Stationary) <= mostMarks {
		for _, m := range found.Stationary {
			list = append(list, m.X[i])
		}
	}
	return list
}

// window returns the interval to draw: the bounds where they are, otherwise what
// shows the points with a margin.
func window(b optimize.Bound, points []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range points {
		if !math.IsNaN(v) && !math.IsInf(v, 0) && b.Has(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	switch {
	case lo > hi && b.Free():
		lo, hi = -5, 5
	case lo > hi && !math.IsInf(b.Lo, 0):
		lo, hi = b.Lo, b.Lo+10
	case lo > hi:
		lo, hi = b.Hi-10, b.Hi
	case hi-lo < 1e-6*math.Max(1, math.Abs(lo)):
		m := math.Max(3, math.Abs(lo))
		lo, hi = lo-m, hi+m
	default:
		m := (hi - lo) * 0.25
		lo, hi = lo-m, hi+m
	}
	// Bounds that are there are the ends of the picture.
	if !math.IsInf(b.Lo, 0) {
		lo = b.Lo
	}
	if !math.IsInf(b.Hi, 0) {
		hi = b.Hi
	}
	if !(lo < hi) {
		lo, hi = lo-1, lo+1
	}
	return lo, hi
}
