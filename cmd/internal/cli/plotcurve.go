package cli

import (
	"context"
	"math"

	"nabla/expr/format"
	"nabla/optimize"
	"nabla/optimize/global"
	"nabla/optimize/plot"
)

// drawCurve draws a function of one variable.
func (a *plotted) drawCurve(ctx context.Context, q *question) error {
	x := a.formula.Vars()[0]
	if err := a.runPaths(ctx, q, nil); err != nil {
		return err
	}
	o := plot.CurveOptions{Orders: min(q.opt.order, 4), Paths: a.paths(), Title: a.equation("f(" + x + ")")}
	for _, at := range q.opt.at {
		here, _, err := at.on([]string{x})
		if err != nil {
			return inFlag("at", err)
		}
		o.Tangent = append(o.Tangent, here.x[0])
	}
	bounds, err := floatBounds(q.opt, []string{x})
	if err != nil {
		return err
	}
	b := optimize.NoBound
	if bounds != nil {
		b = bounds[0]
	}
	found := prominent(extrema(ctx, q, a.formula, nil))
	if o.Lo, o.Hi, err = plot.Interval(a.formula.Expr, x, a.interesting(found, o), b.Lo, b.Hi); err != nil {
		return limitFailure("", "%s", err.Error())
	}
	if math.IsInf(b.Width(), 1) && (found == nil || families(found)) {
		// All that lies in the picture is wanted, not one member of a family.
		whole := found
		found = prominent(extrema(ctx, q, a.formula, []global.Bound{{Lo: floatFormula(o.Lo), Hi: floatFormula(o.Hi)}}))
		// What is lowest in the picture is the minimum only if nothing is lower
		// outside.
		a.local = found != nil && !(proved(whole) && math.Abs(found.Value-whole.Value) <= 1e-9*math.Max(1, math.Abs(whole.Value)))
	}
	o.Show = a.markPoints(q, found)
	a.figure, err = plot.Curve(a.formula.Expr, x, o)
	if err != nil {
		return limitFailure("", "%s", err.Error())
	}
	return nil
}

// paths returns the walks as layers of a picture; a single one needs no name.
func (a *plotted) paths() []plot.Path {
	var list []plot.Path
	for i, w := range a.walks {
		p := w.path(1 + i)
		if len(a.walks) == 1 {
			p.Name = ""
		}
		list = append(list, p)
	}
	return list
}

// longestTitle is how many letters of a formula a title has room for.
const longestTitle = 80

// equation returns the title of a picture, the formula as it was typed.
func (a *plotted) equation(left string) string {
	s := format.Equation(left, a.formula.Expr, format.Options{Style: format.StyleUnicode, Decimals: a.formula.Decimals})
	if len([]rune(s)) > longestTitle {
		return left
	}
	return s
}

// interesting returns the places that a picture of one variable should show.
func (a *plotted) interesting(found *global.Answer, o plot.CurveOptions) []float64 {
	var list []float64
	for _, p := range o.Paths {
		if len(p.Points) == 0 {
			continue
		}
		// A walk that ran away must not flatten the rest.
		limit := 5 * math.Max(1, math.Abs(p.Points[0].X))
		for _, q := range p.Points {
			if math.Abs(q.X) <= limit {
				list = append(list, q.X)
			}
		}
	}
	list = append(list, o.Tangent...)
	if found != nil && !families(found) {
		for _, p := range found.Minimisers {
			list = append(list, p.X[0])
		}
		for _, p := range found.Stationary[:min(len(found.Stationary), mostMarks)] { // the boldest
			list = append(list, p.X[0])
		}
	}
	return list
}
