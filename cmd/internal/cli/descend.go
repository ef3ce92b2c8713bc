package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

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
	if opt.Start, err = d.begin(q, o, opt.Bounds); err != nil {
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
	method, err := d.choose(q)
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

// A drawing collects what the pictures of a walk need. The nil drawing needs
// nothing.
type drawing struct {
	file   string
	term   bool
	frames string
	all    trace.Recorder
}

// newDrawing returns what q wants to have drawn, nil for nothing.
func newDrawing(q *question) (*drawing, error) {
	file, term, err := q.opt.picture()
	frames := string(q.opt.frames.word)
	if err != nil || file == "" && !term && frames == "" {
		return nil, err
	}
	return &drawing{file: file, term: term, frames: frames, all: trace.Recorder{Most: mostKept}}, nil
}

func (w *drawing) add(it trace.Iterate) {
	if w != nil {
		w.all.Add(it)
	}
}

// finish draws: on the curve for one variable, in the valley for two, and the values
// for more.
func (w *drawing) finish(ctx context.Context, s *session, q *question, d *descended) error {
	if w == nil {
		return nil
	}
	t := w.all.Done()
	t.Variables, t.Method = d.vars, d.method.Name
	a := &plotted{formula: d.formula, walks: []*walk{{name: d.method.Name, method: d.method, trace: t, result: d.result}}}
	var err error
	switch len(d.vars) {
	case 1:
		a.kind = "curve"
		err = a.drawCurve(ctx, q)
	case 2:
		a.kind = "contours"
		err = a.drawValley(ctx, q)
	default:
		a.kind = "cost"
		err = a.drawCost(ctx, q)
	}
	if err != nil {
		return err
	}
	d.picture = a
	if err := s.save(q, a.figure, w.file, &a.file); err != nil {
		return err
	}
	if w.frames != "" {
		d.frames = w.frames
		d.pictures, err = saveFrames(a.figure, t, w.frames, q.opt)
	}
	return err
}

// choose returns the method with its parameters.
func (d *descended) choose(q *question) (optimize.Method, error) {
	name := string(q.opt.method)
	if name == "" || name == "auto" {
		name = "gd"
		if q.opt.momentum != nil {
			name = "momentum"
		}
	}
	var err error
	var method optimize.Method
	d.method, method, err = chooseMethod(name, q.opt)
	return method, err
}

// chooseMethod returns the row of the method and the method with the parameters
// that o has for it.
func chooseMethod(name string, o *options) (*optimize.Info, optimize.Method, error) {
	row, ok := optimize.Lookup(name)
	if !ok {
		return nil, nil, inFlag("method", usage(orHint(didYouMean(name, methodNames()), "nabla help methods lists them"), "there is no method %s", quoted(name)))
	}
	values := map[string]string{}
	number := func(flag, param, text string) error {
		if _, has := row.Param(param); !has {
			return inFlag(flag, usage("it has "+paramNames(row), "the method %s has no %s", row.Name, param))
		}
		c, err := parseConstant(text)
		if err != nil {
			return inFlag(flag, err)
		}
		values[param] = strconv.FormatFloat(c.float, 'g', -1, 64)
		return nil
	}
	if o.rate != "" {
		if err := number("rate", "rate", string(o.rate)); err != nil {
			return nil, nil, err
		}
	}
	if o.momentum != nil {
		if err := number("momentum", "momentum", o.momentum.text); err != nil {
			return nil, nil, err
		}
	}
	if o.schedule != "" {
		values["schedule"] = string(o.schedule)
	}
	for _, p := range o.params {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return nil, nil, inFlag("param", usage("write name=value", "expected a name and its value in %s", quoted(p)))
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if c, err := parseConstant(value); err == nil {
			value = strconv.FormatFloat(c.float, 'g', -1, 64)
		}
		values[name] = value
	}
	m, err := row.Make(values)
	if e := (*optimize.ParamError)(nil); errors.As(err, &e) {
		flag := "param"
		if e.Param == "rate" || e.Param == "schedule" || e.Param == "momentum" {
			flag = e.Param
		}
		return nil, nil, inFlag(flag, usage("", "%s", e.Error()))
	}
	return row, m, err
}

func paramNames(row *optimize.Info) string {
	if len(row.Params) == 0 {
		return "no parameters"
	}
	names := make([]string, len(row.Params))
	for i, p := range row.Params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func orHint(hint, otherwise string) string {
	if hint != "" {
		return hint
	}
	return otherwise
}

// stops returns the rules that end a walk.
func stops(o *options) optimize.Stop {
	s := optimize.Stop{Grad: defaultGradient, Relative: true, Iterations: defaultIterations}
	if o.tol != nil {
		s.Grad = o.tol.float
	}
	if o.tolChange != nil {
		// The change of f is asked for as such, as the tutorials do.
		s.Change, s.Relative = o.tolChange.float, false
	}
	if o.iterations > 0 {
		s.Iterations = o.iterations
	}
	return s
}

// floatBounds returns the bounds in floats.
func floatBounds(o *options, vars []string) ([]optimize.Bound, error) {
	list, err := o.bounds.on(vars)
	if err != nil {
		return nil, inFlag("bounds", err)
	}
	var out []optimize.Bound
	for _, b := range list {
		lo, hi := b.ends()
		out = append(out, optimize.Bound{Lo: lo, Hi: hi})
	}
	return out, nil
}

// begin returns the start of the walk: the one given, or a random point of the
// bounds at which f has a value and a gradient.
func (d *descended) begin(q *question, o optimize.Objective, bounds []optimize.Bound) ([]float64, error) {
	if len(q.opt.start) > 0 {
		at, other, err := point(q.opt.start).on(d.vars)
		if err != nil {
			return nil, inFlag("start", err)
		}
		for _, name := range other {
			q.warn("%s does not occur in the formula", name)
		}
		for i, b := range bounds {
			if !b.Has(at.x[i]) {
				return nil, inFlag("start", usage("", "%s = %s is outside its bounds", d.vars[i], formatNumber(at.x[i], q.opt.digits)))
			}
		}
		return at.x, nil
	}
	const tries = 1000
	r := rand.New(rand.NewPCG(uint64(q.opt.seed), 0))
	x, g := make([]float64, len(d.vars)), make([]float64, len(d.vars))
	for range tries {
		for i := range x {
			lo, hi := region(bounds, i)
			x[i] = lo + (hi-lo)*r.Float64()
		}
		if finite(o.Func(x)) {
			if o.Grad(g, x); !slices.ContainsFunc(g, func(v float64) bool { return !finite(v) }) {
				return x, nil
			}
		}
	}
	return nil, &failure{exit: exitNo, msg: "no point to start from was found: the formula is undefined at all that were tried", hint: "give one with --start"}
}

// region is where a random start lies in one variable: the bounds, or ten units
// beside a bound whose other side is open, or between -5 and 5.
func region(bounds []optimize.Bound, i int) (lo, hi float64) {
	const width = 10
	if bounds == nil {
		return -width / 2, width / 2
	}
	lo, hi = bounds[i].Lo, bounds[i].Hi
	switch openLo, openHi := math.IsInf(lo, -1), math.IsInf(hi, 1); {
	case openLo && openHi:
		return -width / 2, width / 2
	case openLo:
		return hi - width, hi
	case openHi:
		return lo, lo + width
	}
	return lo, hi
}

// startFailure explains why a walk cannot begin.
func startFailure(err error, f *expr.Formula, vars []string, q *question) error {
	if e := (*optimize.StartError)(nil); errors.As(err, &e) {
		msg := "the formula has no gradient at the start"
		if !e.Grad {
			msg = "the formula is undefined at the start"
			t := &text{opt: q.opt}
			t.like(f)
			x := &explainer{print: t.formula, digits: q.opt.digits}
			u := x.why(f.Expr, place{names: vars, x: e.X})
			msg += ": " + u.Where + ", because " + u.Because
		}
		return &failure{exit: exitNo, where: "--start", msg: msg, hint: "start where it is defined"}
	}
	if errors.Is(err, optimize.ErrBounds) {
		return inFlag("method", usage("", "%s", strings.TrimPrefix(err.Error(), "optimize: ")))
	}
	if f := (*failure)(nil); errors.As(err, &f) {
		return err
	}
	return usage("", "%s", strings.TrimPrefix(err.Error(), "optimize: "))
}

// maxRows is how many iterates are shown of a long walk in text, where nobody reads
// thousands of lines.
const maxRows = 40

// recorder keeps the iterates to show.
func recorder(q *question) *trace.Recorder {
	r := &trace.Recorder{Every: q.opt.every}
	if q.opt.every == 0 && q.opt.format != formatJSON && !q.json {
		r.Most = maxRows
	}
	return r
}

// A traceFile takes every iterate. The nil traceFile takes none.
type traceFile struct {
	file *os.File
	*trace.Writer
}

func newTraceFile(name string, t *trace.Trace) (*traceFile, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, dataFailure(err)
	}
	return &traceFile{f, trace.NewWriter(f, trace.FormatOf(name), t)}, nil
}

func (t *traceFile) add(it trace.Iterate) {
	if t != nil {
		t.Add(it)
	}
}

func (t *traceFile) close() error {
	if t == nil {
		return nil
	}
	err := t.Flush()
	if cerr := t.file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return dataFailure(err)
	}
	return nil
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
	width := make([]int, len(head))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], columns(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			if i > 0 {
				b.WriteString("  ")
			}
			b.WriteString(strings.Repeat(" ", width[i]-columns(cell)) + cell)
		}
		t.line(b.String())
	}
	if len(vars) < len(d.vars) {
		t.line(fmt.Sprintf("and %d more variables, all of them with --json or --trace", len(d.vars)-len(vars)))
	}
}

// An iterateRecord is an iterate in JSON.
type iterateRecord struct {
	K        int           `json:"k"`
	At       namedNumbers  `json:"at"`
	F        jsonNumber    `json:"f"`
	Gradient *namedNumbers `json:"gradient,omitempty"`
	Step     jsonNumber    `json:"step"`
}

func iterateRecordOf(it trace.Iterate, vars []string) iterateRecord {
	r := iterateRecord{K: it.K, At: namedNumbers{vars, it.X}, F: jsonNumber(it.F), Step: jsonNumber(it.Step)}
	if it.Gradient != nil {
		r.Gradient = &namedNumbers{vars, it.Gradient}
	}
	return r
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

// A bestRecord is a point with its value in JSON.
type bestRecord struct {
	At namedNumbers `json:"at"`
	F  jsonNumber   `json:"f"`
}
