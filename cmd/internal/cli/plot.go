package cli

import (
	"context"
	"fmt"

	"nabla/expr"
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
