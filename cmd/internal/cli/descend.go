package cli

import (
	"context"
	"fmt"
	"strconv"

	"nabla/expr"
	"nabla/optimize"
	"nabla/optimize/trace"
)

func descendCommand() *command {
	return &command{
		name: "descend", args: "FORMULA",
		short: "run a descent method as the tutorials do: fixed step, every iterate",
		about: `Walk downhill step by step and print every iterate: the textbook loop
x ← x - rate·f'(x) unless --method names another. The verdict says in words how
it ended: converged, bouncing, crawling, diverging, or stuck where the gradient is
zero. Without --start the walk begins at a random point of the bounds that the seed
determines. Long runs show every k-th iterate; --every says which k.`,
		flags:   []string{"start", "bounds", "rate", "iterations", "method", "schedule", "momentum", "param", "tol", "tol-change", "gradient", "ascend", "every", "trace", "plot", "frames", "size", "dark", "set", "seed", "timeout"},
		draws:   true,
		prepare: func(o *options) { o.order = 0 },
		examples: []example{
			{"nabla descend 'x^2' --bounds -1:1 --rate 0.1 --iterations 30 --seed 1", "a good step"},
			{"nabla descend 'x^2' --start 0.65 --rate 1 --iterations 30", "a step that is too large"},
			{"nabla descend '3x^2 - 2x - 3' --start 8 --rate 0.001 --tol-change 1e-5 --iterations 500", "a step that is too small"},
			{"nabla descend '(1-x)^2 + 100(y-x^2)^2' --start x=-1,y=1 --method adam --rate 0.05 --iterations 500", "another method"},
		},
		run: func(ctx context.Context, s *session) error { return s.ask(ctx, s.descend) },
	}
}

// defaultIterations is how many steps a walk takes unless told: enough to see
// what becomes of it.
const defaultIterations = 100

// defaultGradient is the gradient at which a walk has converged, relative to
// max(1, |f|).
const defaultGradient = 1e-8

// A descended is the answer of descend.
type descended struct {
	formula *expr.Formula
	vars    []string
	method  *optimize.Info
	result  *optimize.Result
	rate    string          // as it was given, "" for that of the method
	steps   []trace.Iterate // those to show

	forecast *forecast // nil where nothing is predicted
	picture  *plotted  // nil where none is asked for
	frames   string    // where an animation was written
	pictures int       // of the animation
}

func (s *session) descend(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	d := &descended{formula: f, vars: f.Vars(), rate: string(q.opt.rate)}
	if open := parameters(f); len(open) > 0 {
		return nil, usage("write --set "+open[0]+"=1", "the parameter %s has no value", open[0])
	}
	if len(d.vars) == 0 {
		return nil, usage("", "the formula has no variable to walk in")
	}
	opt := optimize.Options{Maximise: bool(q.opt.ascend), Seed: uint64(q.opt.seed), Stop: stops(q.opt)}
	if opt.Bounds, err = floatBounds(q.opt, d.vars); err != nil {
		return nil, err
	}
	o, err := objective(f.Expr, d.vars, q.opt.gradient, opt.Bounds)
	if err != nil {
		return nil, err
	}
	if opt.Start, err = begin(q, o, d.vars, opt.Bounds); err != nil {
		return nil, err
	}
	if q, err = automaticRate(q, f, d.vars, opt.Start, opt.Bounds); err != nil {
		return nil, err
	}
	if d.rate = string(q.opt.rate); d.rate != "" {
		if c, err := parseConstant(d.rate); err == nil && len(d.rate) > 8 {
			d.rate = formatNumber(c.float, q.opt.digits)
		}
	}
	var method optimize.Method
	d.method, method, err = chooseMethod(methodName(q.opt), q.opt)
	if err != nil {
		return nil, err
	}
	if d.method.Rows {
		if o, err = objectiveFor(d.method, f.Expr, d.vars, q.opt.gradient, opt.Bounds); err != nil {
			return nil, err
		}
	}
	drawing, err := newDrawing(q)
	if err != nil {
		return nil, err
	}
	if q.opt.gradient != "difference" {
		d.forecast = foresee(f, d.vars, method, &opt)
	}
	watch := &ticker{say: q.progress}
	record := recorder(q)
	file, err := newTraceFile(string(q.opt.trace.word), &trace.Trace{Formula: plain(f.Expr, f), Variables: d.vars, Method: d.method.Name})
	if err != nil {
		return nil, err
	}
	o = record.Objective(o)
	opt.Trace = func(it optimize.Iterate) {
		i := trace.Of(it)
		i.Evaluations = record.Evaluations()
		record.Add(i)
		file.add(i)
		drawing.add(i)
		d.forecast.note(it)
		watch.note(it)
	}
	d.result, err = optimize.Minimize(ctx, o, method, opt)
	if ferr := file.close(); err == nil {
		err = ferr
	}
	if err != nil {
		return nil, startFailure(err, f, d.vars, q)
	}
	d.steps = record.Done().Iterates
	if d.forecast != nil {
		d.forecast.settle()
	}
	return d, drawing.finish(ctx, s, q, d)
}

func (d *descended) exit() int {
	switch r := d.result; r.Status {
	case optimize.Converged:
		return exitOK
	case optimize.StationaryStart:
		if r.Stationary.Kind == d.wanted() {
			return exitOK
		}
	case optimize.TimeLimit, optimize.EvaluationLimit:
		return exitLimit
	}
	return exitNo
}

// wanted is the kind of point that the walk looks for.
func (d *descended) wanted() optimize.Kind {
	if d.result.Maximised {
		return optimize.Maximum
	}
	return optimize.Minimum
}

func (d *descended) write(t *text) {
	t.like(d.formula)
	last := d.steps[len(d.steps)-1]
	if t.oneLine {
		t.line(fmt.Sprintf("%s: f = %s at %s after %d iterations", d.result.Status, t.num(last.F), t.point(d.vars, last.X), last.K))
		return
	}
	if !t.opt.quiet {
		how := d.method.Name
		if d.rate != "" {
			how += " with rate " + d.rate
		}
		t.line(fmt.Sprintf("f = %s, %s", t.formula(d.formula.Expr), how))
	}
	if !t.opt.quiet {
		d.forecast.writeBefore(t)
	}
	d.writeTable(t)
	if !t.opt.quiet {
		verdict := t.paint.bad
		if d.exit() == exitOK {
			verdict = t.paint.good
		}
		t.line(verdict(d.result.Status.String()) + ": " + d.result.Explain())
	}
	if s := d.forecast.fact(t, d.result); s != "" && !bool(t.opt.quiet) {
		t.line(s)
	}
	if r := d.result; r.F != last.F {
		t.line(fmt.Sprintf("best  f = %s  at  %s", t.num(r.F), t.point(d.vars, r.X)))
	}
	if p := d.picture; p != nil {
		if string(t.opt.plot) == inTerminal {
			t.draw(p.figure)
		}
		if p.file != "" && !bool(t.opt.quiet) {
			t.line("drawn: " + p.file)
		}
	}
	if d.frames != "" && !bool(t.opt.quiet) {
		t.line(fmt.Sprintf("drawn: %d frames in %s", d.pictures, d.frames))
	}
}

// maxColumns is how many variables have columns in the table of iterates.
const maxColumns = 6

func (d *descended) writeTable(t *text) {
	vars := d.vars[:min(len(d.vars), maxColumns)]
	gradient := d.steps[0].Gradient != nil && len(vars) <= 3
	head := append(append([]string{"k"}, vars...), "f")
	if gradient {
		for _, x := range vars {
			name := "df/d" + x
			if len(d.vars) == 1 {
				name = "f'(" + x + ")"
			}
			head = append(head, name)
		}
	}
	rows := [][]string{head}
	for _, s := range d.steps {
		row := []string{strconv.Itoa(s.K)}
		for i := range vars {
			row = append(row, t.num(s.X[i]))
		}
		row = append(row, t.num(s.F))
		for i := range vars {
			if gradient {
				row = append(row, t.num(s.Gradient[i]))
			}
		}
		rows = append(rows, row)
	}
	t.grid(rows)
	if len(vars) < len(d.vars) {
		t.line(fmt.Sprintf("and %d more variables, all of them with --json or --trace", len(d.vars)-len(vars)))
	}
}

func (d *descended) record(h head) any {
	type startRecord struct {
		Kind  string        `json:"kind"`
		Leave *namedNumbers `json:"leave,omitempty"`
	}
	res := d.result
	r := struct {
		head
		Formula     string            `json:"formula"`
		Variables   []string          `json:"variables"`
		Method      string            `json:"method"`
		Iterates    []iterateRecord   `json:"iterates"`
		Status      string            `json:"status"`
		Explanation string            `json:"explanation"`
		Start       *startRecord      `json:"stationary_start,omitempty"`
		Final       iterateRecord     `json:"final"`
		Best        bestRecord        `json:"best"`
		Prediction  *predictionRecord `json:"prediction,omitempty"`
		Picture     string            `json:"picture,omitempty"`
		Frames      string            `json:"frames,omitempty"`
		Iterations  int               `json:"iterations"`
		Evaluations evaluationsRecord `json:"evaluations"`
		Warnings    []string          `json:"warnings"`
	}{
		head: h, Formula: plain(d.formula.Expr, d.formula), Variables: d.vars, Method: d.method.Name,
		Iterates: []iterateRecord{}, Status: res.Status.String(), Explanation: res.Explain(),
		Final: iterateRecordOf(d.steps[len(d.steps)-1], d.vars), Best: bestRecord{namedNumbers{d.vars, res.X}, jsonNumber(res.F)},
		Prediction: d.forecast.record(res), Frames: d.frames,
		Iterations:  res.Iterations,
		Evaluations: evaluationsRecord{F: res.Evaluations.Func, Gradient: res.Evaluations.Grad, Hessian: res.Evaluations.Hess},
		Warnings:    orEmpty(h.Warnings),
	}
	if d.picture != nil {
		r.Picture = d.picture.file
	}
	for _, s := range d.steps {
		r.Iterates = append(r.Iterates, iterateRecordOf(s, d.vars))
	}
	if res.Status == optimize.StationaryStart {
		r.Start = &startRecord{Kind: res.Stationary.Kind.String()}
		if res.Stationary.Leave != nil {
			r.Start.Leave = &namedNumbers{d.vars, res.Stationary.Leave}
		}
	}
	return r
}
