package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/tape"
	"nabla/optimize"
	"nabla/optimize/global"
	"nabla/optimize/plot"
)

func plotCommand() *command {
	return &command{
		name: "plot", args: "FORMULA",
		short: "picture: svg, png, pdf, or in the terminal",
		about: `Draw a formula. Of one variable: its graph, cut at poles and jumps and open where
it is undefined, with the minimum and the stationary points marked; --order 1 or 2
adds derivatives, --at a tangent, --path the walk of a descent as dots on the curve.
Of two variables: contours, closer together near the minimum; --paths draws the
walks of several methods, --subject-to shades what is forbidden, --surface shows it
from aside. --cost draws the values along walks, --differences the error of
difference quotients against their step.

-o FILE writes SVG, PNG or PDF, by the ending of the name. Otherwise the picture is
text in Braille characters, as wide as the terminal.`,
		flags: []string{"bounds", "order", "at", "subject-to", "path", "paths", "method", "rate", "schedule", "momentum", "param", "iterations", "start",
			"tol", "tol-change", "ascend", "gradient", "arrows", "surface", "cost", "differences", "plot", "size", "dark", "set", "seed", "timeout"},
		examples: []example{
			{"nabla plot 'x^2 + 2' --order 1 --at x=1", "a parabola, its derivative and a tangent"},
			{"nabla plot 'x^4 - 3x^2 + x' --path --start 2 --rate 0.02 -o walk.svg", "a descent as dots on the curve"},
			{"nabla plot '(1-x)^2 + 100(y-x^2)^2' --bounds x=-2:2,y=-1:3 --paths armijo,adam,bfgs --start x=-1,y=1 -o valley.png", "paths of three methods in a valley"},
			{"nabla plot 'exp(x)' --differences --at x=1", "truncation and rounding of difference quotients"},
		},
		draws:   true,
		prepare: func(o *options) { o.order = 0 },
		run:     func(ctx context.Context, s *session) error { return s.ask(ctx, s.plot) },
	}
}

// A plotted is the answer of plot.
type plotted struct {
	formula *expr.Formula
	figure  *plot.Figure
	kind    string
	file    string // "" when it is text
	marks   []plotMark
	sure    int  // how many of the minimisers are proved, where that is known
	local   bool // the minimum is that of the picture, and may not be that of the formula
	walks   []*walk
}

// A plotMark is a point that a picture marks.
type plotMark struct {
	x     []float64
	value float64
	kind  string
}

// plot answers a question with a picture.
func (s *session) plot(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	a := &plotted{formula: f}
	if open := parameters(f); len(open) > 0 {
		return nil, usage("write --set "+open[0]+"=1", "the parameter %s has no value", open[0])
	}
	vars := f.Vars()
	switch {
	case bool(q.opt.cost && q.opt.differences), bool(q.opt.surface && (q.opt.cost || q.opt.differences)):
		return nil, usage("", "one picture at a time: --surface, --cost or --differences")
	case bool(q.opt.cost):
		a.kind = "cost"
		err = a.drawCost(ctx, q)
	case len(vars) == 1 && bool(q.opt.differences):
		a.kind = "differences"
		err = a.drawDifferences(q)
	case len(vars) == 1 && !bool(q.opt.surface || q.opt.arrows):
		a.kind = "curve"
		err = a.drawCurve(ctx, q)
	case len(vars) == 2 && bool(q.opt.surface):
		a.kind = "surface"
		err = a.drawValley(ctx, q)
	case len(vars) == 2 && !bool(q.opt.differences):
		a.kind = "contours"
		err = a.drawValley(ctx, q)
	case bool(q.opt.differences):
		err = inFlag("differences", usage("--set fixes the others", "they are drawn for one variable, and the formula has %d", len(vars)))
	case len(vars) == 0:
		err = usage("", "the formula has no variable: it is the number %s", formatNumber(evaluate(f.Expr), q.opt.digits))
	case len(vars) == 1:
		err = usage("", "--surface and --arrows are for two variables, and the formula has one")
	default:
		err = usage("fix some with --set until one or two are left, or draw --cost", "the formula has %d variables", len(vars))
	}
	if err != nil {
		return nil, err
	}
	return a, s.deliver(q, a)
}

// deliver writes the picture of a into its file, if it has one.
func (s *session) deliver(q *question, a *plotted) error {
	file, term, err := q.opt.picture()
	if err != nil {
		return err
	}
	if term {
		return nil
	}
	return s.save(q, a.figure, file, &a.file)
}

// save writes f into file, unless it is "", and notes its name. Of several
// questions only the first may have the file.
func (s *session) save(q *question, f *plot.Figure, file string, name *string) error {
	if file == "" {
		return nil
	}
	if q.line > 0 && s.drawn {
		return &failure{exit: exitData, msg: "the picture " + file + " has been drawn for another formula", hint: "one file is for one formula"}
	}
	s.drawn, *name = true, file
	return savePicture(f, file, q.opt)
}

// searchTime is how long a picture waits for the minimum to be proved.
const searchTime = 3 * time.Second

// extrema returns what is known of the minimum and the stationary points of f
// inside bounds, the flags' unless given; nil if nothing was found.
func extrema(ctx context.Context, q *question, f *expr.Formula, bounds []global.Bound) *global.Answer {
	p, err := problem(q, f)
	if err != nil || len(p.Vars) != len(f.Vars()) {
		return nil
	}
	if bounds != nil {
		p.Bounds = bounds
	}
	p.Max = bool(q.opt.ascend)
	limit := searchTime
	if q.opt.timeout > 0 {
		limit = min(limit, time.Duration(q.opt.timeout))
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	a, err := global.Solve(ctx, p, global.Options{Timeout: limit, Seed: uint64(q.opt.seed)})
	if err != nil {
		return nil
	}
	return a
}

// proved reports whether the minimum of a is one for sure.
func proved(a *global.Answer) bool {
	return a != nil && (a.Status == global.Exact || a.Status == global.Certified)
}

// runPaths runs the methods that the flags name and returns their walks.
func (a *plotted) runPaths(ctx context.Context, q *question, otherwise []string) error {
	if a.walks != nil {
		return nil
	}
	methods := []string(q.opt.paths)
	if len(methods) == 0 && (bool(q.opt.path) || q.opt.method != "" || q.opt.rate != "") {
		name := string(q.opt.method)
		if name == "" || name == "auto" {
			name = "gd"
			if q.opt.momentum != nil {
				name = "momentum"
			}
		}
		methods = []string{name}
	}
	if len(methods) == 0 {
		methods = otherwise
	}
	if len(methods) == 0 {
		return nil
	}
	w, err := newWalker(q, a.formula)
	if err != nil {
		return err
	}
	w.watch = (&ticker{say: q.progress}).note
	start, err := w.begin(q)
	if err != nil {
		return err
	}
	rates, err := rateList(string(q.opt.rate))
	if err != nil {
		return inFlag("rate", err)
	}
	if len(rates) == 1 {
		a.walks, err = w.all(ctx, q, methods, start)
		return err
	}
	if len(methods) > 1 {
		return inFlag("rate", usage("", "several rates are for one method, and here are %d", len(methods)))
	}
	for _, rate := range rates {
		opt := *q.opt
		opt.rate = word(rate)
		one := *q
		one.opt = &opt
		walked, err := w.run(ctx, &one, methods[0], start)
		if err != nil {
			return err
		}
		walked.name += " " + rate
		a.walks = append(a.walks, walked)
	}
	return nil
}

// forMethod returns q with the parameters that the method has: with several
// methods, --rate is for those that have a rate.
func (q *question) forMethod(name string) *question {
	row, ok := optimize.Lookup(name)
	if !ok || len(q.opt.paths)+len(q.opt.methods) < 2 {
		return q
	}
	opt := *q.opt
	if _, has := row.Param("rate"); !has {
		opt.rate, opt.schedule = "", ""
	}
	if _, has := row.Param("momentum"); !has {
		opt.momentum = nil
	}
	opt.params = nil
	for _, p := range q.opt.params {
		if _, has := row.Param(strings.TrimSpace(before(p, "="))); has {
			opt.params = append(opt.params, p)
		}
	}
	one := *q
	one.opt = &opt
	return &one
}

// all runs each of the methods from start.
func (w *walker) all(ctx context.Context, q *question, methods []string, start []float64) ([]*walk, error) {
	var list []*walk
	for _, name := range methods {
		one := q.forMethod(name)
		walked, err := w.run(ctx, one, name, start)
		if one != q {
			q.warnings = one.warnings
		}
		if err != nil {
			return list, err
		}
		list = append(list, walked)
	}
	return list, nil
}

func before(s, sep string) string {
	left, _, _ := strings.Cut(s, sep)
	return left
}

// drawCurve draws a function of one variable.
func (a *plotted) drawCurve(ctx context.Context, q *question) error {
	x := a.formula.Vars()[0]
	if err := a.runPaths(ctx, q, nil); err != nil {
		return err
	}
	o := plot.CurveOptions{Orders: min(q.opt.order, 4)}
	for i, w := range a.walks {
		p := w.path(1 + i)
		if len(a.walks) == 1 {
			p.Name = ""
		}
		o.Paths = append(o.Paths, p)
	}
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
	found := extrema(ctx, q, a.formula, nil)
	if bounds == nil {
		bounds = []optimize.Bound{optimize.NoBound}
	}
	o.Lo, o.Hi = window(bounds[0], a.interesting(found, o))
	if !bounds[0].Free() && !math.IsInf(bounds[0].Width(), 1) {
		// The bounds are the picture.
	} else if found == nil || families(found) {
		// All that lies in the picture is wanted, not one member of a family.
		whole := found
		found = extrema(ctx, q, a.formula, []global.Bound{{Lo: floatFormula(o.Lo), Hi: floatFormula(o.Hi)}})
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

// tooMany is the number of stationary points from which on a picture of all of them
// shows none.
const tooMany = 40

// withOthers adds to a the other minimisers, and the local minima, that a search from
// many starts finds: of two variables the proof is about one minimiser, and a
// picture shows all.
func withOthers(ctx context.Context, q *question, f *expr.Formula, vars []string, bounds []optimize.Bound, a *global.Answer) *global.Answer {
	if !proved(a) || len(a.Minimisers) != 1 || a.Minimisers[0].Family != "" || len(a.Stationary) > 1 {
		return a
	}
	o, err := objective(f.Expr, vars, q.opt.gradient)
	if err != nil {
		return a
	}
	res, err := optimize.Auto(ctx, o, optimize.AutoOptions{
		Options: optimize.Options{Bounds: bounds, Maximise: bool(q.opt.ascend), Seed: uint64(q.opt.seed), Stop: optimize.Stop{Grad: 1e-9, Relative: true, Iterations: 500, Evaluations: 20000}},
		Kinks:   hasKinks(f.Expr),
	})
	if err != nil {
		return a
	}
	more := *a
	more.Minimisers = slices.Clone(a.Minimisers)
	more.Stationary = slices.Clone(a.Stationary)
	for _, m := range res.Minimisers {
		known := false
		for _, p := range more.Minimisers {
			d := 0.0
			for i, v := range p.X {
				d = math.Max(d, math.Abs(v-m.X[i])/math.Max(1, math.Abs(v)))
			}
			known = known || d < 1e-4
		}
		switch {
		case known || m.Stationary.Kind != optimize.Minimum && m.Stationary.Kind != optimize.Maximum:
		case math.Abs(m.F-a.Value) <= 1e-9*math.Max(1, math.Abs(a.Value)):
			more.Minimisers = append(more.Minimisers, global.Point{X: m.X})
		default:
			kind := "local minimum"
			if q.opt.ascend {
				kind = "local maximum"
			}
			more.Stationary = append(more.Stationary, global.Stationary{X: m.X, Value: m.F, Kind: kind})
		}
	}
	return &more
}

// families reports whether some point of a stands for many, or there are too many
// for one picture.
func families(a *global.Answer) bool {
	return len(a.Stationary) > tooMany || slices.ContainsFunc(a.Minimisers, func(p global.Point) bool { return p.Family != "" }) ||
		slices.ContainsFunc(a.Stationary, func(p global.Stationary) bool { return p.Family != "" })
}

// interesting returns the places that a picture of one variable should show.
func (a *plotted) interesting(found *global.Answer, o plot.CurveOptions) []float64 {
	var list []float64
	for _, p := range o.Paths {
		for _, q := range p.Points {
			list = append(list, q.X)
		}
		// A walk that ran away must not flatten the rest.
		if n := len(p.Points); n > 0 {
			limit := 5 * math.Max(1, math.Abs(p.Points[0].X))
			list = slices.DeleteFunc(list, func(v float64) bool { return math.Abs(v) > limit })
		}
	}
	list = append(list, o.Tangent...)
	if found == nil {
		return list
	}
	if families(found) {
		if len(list) == 0 {
			list = append(list, -5, 5)
		}
		return list
	}
	for _, p := range found.Minimisers {
		list = append(list, p.X[0])
	}
	for _, p := range found.Stationary {
		list = append(list, p.X[0])
	}
	if len(list) == 0 {
		return list
	}
	// A minimum is seen as one when the curve rises on either side.
	lo, hi := slices.Min(list), slices.Max(list)
	for _, p := range found.Minimisers {
		if m := p.X[0]; m-lo < 0.3*(hi-lo) {
			list = append(list, m-0.4*(hi-lo))
		}
		if m := p.X[0]; hi-m < 0.3*(hi-lo) {
			list = append(list, m+0.4*(hi-lo))
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

// mostMarks is how many points of one kind are marked: more would be a row of
// labels.
const mostMarks = 12

// markPoints returns the marks for what was found, and notes it.
func (a *plotted) markPoints(q *question, found *global.Answer) []plot.Marks {
	if found == nil {
		return nil
	}
	word, other := "minimum", "local minimum"
	if q.opt.ascend {
		word, other = "maximum", "local maximum"
	}
	minima := plot.Marks{Color: 2, Shape: plot.Dot}
	short := func(v float64) string { return plot.Number(v) }
	label := func(x []float64, value float64) string {
		parts := make([]string, 0, 3)
		for _, v := range x {
			parts = append(parts, short(v))
		}
		return "(" + strings.Join(append(parts, short(value)), ", ") + ")"
	}
	if len(found.At) > 0 && !proved(found) {
		word = "lowest found"
		if q.opt.ascend {
			word = "highest found"
		}
	}
	if a.local {
		word = "lowest here"
		if q.opt.ascend {
			word = "highest here"
		}
	}
	isExtremum := func(x []float64) bool {
		return slices.ContainsFunc(found.Minimisers, func(p global.Point) bool {
			for i, v := range p.X {
				if math.Abs(v-x[i]) > 1e-7*math.Max(1, math.Abs(v)) {
					return false
				}
			}
			return true
		})
	}
	if found.Status != global.Constant && found.Attained && !math.IsInf(found.Value, 0) {
		for i, p := range found.Minimisers {
			if i == mostMarks {
				break
			}
			text := word
			if len(p.X) == 1 || len(found.Minimisers) == 1 {
				text += " " + label(p.X, found.Value)
			}
			if i > 0 {
				text = ""
			}
			minima.Points, minima.Labels = append(minima.Points, place2(p.X)), append(minima.Labels, text)
			kind := word
			if a.sure > 0 && i >= a.sure {
				kind += " (found, not proved)"
			}
			a.marks = append(a.marks, plotMark{p.X, found.Value, kind})
		}
	}
	list := []plot.Marks{minima}
	rest := plot.Marks{Color: 6, Shape: plot.Ring}
	for _, p := range found.Stationary {
		if isExtremum(p.X) {
			continue
		}
		kind := p.Kind
		if kind == "" || kind == "undetermined" {
			kind = "stationary"
		}
		a.marks = append(a.marks, plotMark{p.X, p.Value, kind})
		if len(rest.Points) < mostMarks {
			if kind == other && q.opt.ascend {
				kind = "local maximum"
			}
			text := strings.Replace(strings.Replace(kind, "local maximum", "max", 1), "local minimum", "min", 1)
			if len(p.X) == 1 {
				text += " " + label(p.X, p.Value)
			}
			rest.Points, rest.Labels = append(rest.Points, place2(p.X)), append(rest.Labels, text)
		}
	}
	if len(rest.Points) > 0 {
		list = append(list, rest)
	}
	return list
}

func place2(x []float64) plot.Point {
	p := plot.Point{X: x[0]}
	if len(x) > 1 {
		p.Y = x[1]
	}
	return p
}

// drawValley draws a function of two variables.
func (a *plotted) drawValley(ctx context.Context, q *question) error {
	vars := a.formula.Vars()
	if err := a.runPaths(ctx, q, nil); err != nil {
		return err
	}
	o := plot.ValleyOptions{Arrows: bool(q.opt.arrows)}
	for i, w := range a.walks {
		p := w.path(1 + i)
		if len(a.walks) == 1 {
			p.Name = ""
		}
		o.Paths = append(o.Paths, p)
	}
	p, err := problem(q, a.formula)
	if err != nil {
		return err
	}
	if len(p.Vars) != 2 {
		return inFlag("subject-to", usage("", "the constraints have other variables than the formula"))
	}
	o.SubjectTo = p.SubjectTo
	found := extrema(ctx, q, a.formula, nil)
	bounds, err := floatBounds(q.opt, vars)
	if err != nil {
		return err
	}
	if found != nil && len(p.SubjectTo) == 0 {
		a.sure = len(found.Minimisers)
		found = withOthers(ctx, q, a.formula, vars, bounds, found)
	}
	for i, at := range []*[2]float64{&o.X, &o.Y} {
		b := optimize.NoBound
		if bounds != nil {
			b = bounds[i]
		}
		var points []float64
		for _, w := range a.walks {
			first := math.Max(1, largest(w.trace.Iterates[0].X))
			for _, it := range w.trace.Iterates {
				if math.Abs(it.X[i]) <= 10*first {
					points = append(points, it.X[i])
				}
			}
		}
		if found != nil {
			for _, m := range found.Minimisers {
				points = append(points, m.X[i])
			}
			if len(found.Stationary) <= mostMarks {
				for _, m := range found.Stationary {
					points = append(points, m.X[i])
				}
			}
		}
		at[0], at[1] = window(b, points)
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
	o.Show = a.markPoints(q, found)
	xy := [2]string{vars[0], vars[1]}
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
	a.figure.Title = "cost per iteration: " + a.title()
	return nil
}

// title returns the formula for the title of a picture.
func (a *plotted) title() string {
	s := format.Unicode(a.formula.Expr)
	if len([]rune(s)) > 60 {
		return "f"
	}
	return "f = " + s
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

func (a *plotted) exit() int { return exitOK }

func (a *plotted) write(t *text) {
	t.like(a.formula)
	if a.file == "" {
		t.oneLine = false
		t.draw(a.figure)
		return
	}
	if bool(t.opt.quiet) {
		return
	}
	for i, m := range a.marks {
		if i == mostMarks {
			t.line(fmt.Sprintf("and %d more stationary points", len(a.marks)-i))
			break
		}
		t.line(fmt.Sprintf("%s  f = %s  at  %s", m.kind, t.num(m.value), t.point(a.formula.Vars(), m.x)))
	}
	for _, w := range a.walks {
		last := w.trace.Last()
		t.line(fmt.Sprintf("%s: %s after %s, f = %s at %s", w.name, w.result.Status, stepCount(w.result.Iterations), t.num(last.F), t.point(a.formula.Vars(), last.X)))
	}
	t.line("drawn: " + a.file)
}

func (a *plotted) record(h head) any {
	type mark struct {
		At    namedNumbers `json:"at"`
		Value jsonNumber   `json:"value"`
		Kind  string       `json:"kind"`
	}
	type walked struct {
		Method     string        `json:"method"`
		Status     string        `json:"status"`
		Iterations int           `json:"iterations"`
		Final      iterateRecord `json:"final"`
	}
	x, y := a.figure.Ends()
	r := struct {
		head
		Formula   string        `json:"formula"`
		Variables []string      `json:"variables"`
		Kind      string        `json:"kind"`
		File      string        `json:"file,omitempty"`
		X         [2]jsonNumber `json:"x"`
		Y         [2]jsonNumber `json:"y"`
		Marks     []mark        `json:"marks"`
		Walks     []walked      `json:"walks"`
		Warnings  []string      `json:"warnings"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), Variables: a.formula.Vars(), Kind: a.kind, File: a.file,
		X: [2]jsonNumber{jsonNumber(x.Min), jsonNumber(x.Max)}, Y: [2]jsonNumber{jsonNumber(y.Min), jsonNumber(y.Max)},
		Marks: []mark{}, Walks: []walked{}, Warnings: orEmpty(h.Warnings)}
	for _, m := range a.marks {
		r.Marks = append(r.Marks, mark{namedNumbers{r.Variables, m.x}, jsonNumber(m.value), m.kind})
	}
	for _, w := range a.walks {
		last := w.trace.Last()
		r.Walks = append(r.Walks, walked{w.name, w.result.Status.String(), w.result.Iterations,
			iterateRecordOf(last, r.Variables)})
	}
	return r
}
