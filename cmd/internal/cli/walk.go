package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"nabla/expr"
	"nabla/optimize"
	"nabla/optimize/plot"
	"nabla/optimize/trace"
)

// A walk is one run of one method, with its trace.
type walk struct {
	name   string // the method, with its rate where several differ by that
	method *optimize.Info
	trace  *trace.Trace
	result *optimize.Result
}

// A walker runs methods on one formula.
type walker struct {
	formula *expr.Formula
	vars    []string
	bounds  []optimize.Bound
	stop    optimize.Stop
	most    int // iterates to keep of a walk; 0 for all
	// watch is called with every iterate, besides.
	watch func(optimize.Iterate)
}

// mostKept is how many iterates of a walk are kept for a picture: more than a
// picture has dots.
const mostKept = 4000

// newWalker returns the walker for the formula and the flags of q.
func newWalker(q *question, f *expr.Formula) (*walker, error) {
	if open := parameters(f); len(open) > 0 {
		return nil, usage("write --set "+open[0]+"=1", "the parameter %s has no value", open[0])
	}
	w := &walker{formula: f, vars: f.Vars(), stop: stops(q.opt), most: mostKept}
	if len(w.vars) == 0 {
		return nil, usage("", "the formula has no variable to walk in")
	}
	var err error
	w.bounds, err = floatBounds(q.opt, w.vars)
	return w, err
}

// begin returns the start of a walk; see the function begin.
func (w *walker) begin(q *question) ([]float64, error) {
	o, err := objective(w.formula.Expr, w.vars, q.opt.gradient, w.bounds)
	if err != nil {
		return nil, err
	}
	return begin(q, o, w.vars, w.bounds)
}

// choose returns the method called name with its parameters. The rate of the oracle
// is for methods that follow the gradient itself.
func (w *walker) choose(q *question, name string, start []float64) (*optimize.Info, optimize.Method, error) {
	if string(q.opt.rate) == automatic {
		one, err := automaticRate(q, w.formula, w.vars, start, w.bounds)
		if err != nil {
			return nil, nil, err
		}
		q = one
	}
	return chooseMethod(name, q.opt)
}

// run runs the method called name, with the flags of q for its parameters, from
// start.
func (w *walker) run(ctx context.Context, q *question, name string, start []float64) (*walk, error) {
	row, method, err := w.choose(q, name, start)
	if err != nil {
		return nil, err
	}
	rec := &trace.Recorder{Most: w.most, Trace: trace.Trace{
		Formula: plain(w.formula.Expr, w.formula), Variables: w.vars, Method: row.Name,
	}}
	bounds := w.bounds
	if bounds != nil && !row.Bounds {
		bounds = nil
		q.warn("%s takes no bounds: it walks without them", row.Name)
	}
	o, err := objectiveFor(row, w.formula.Expr, w.vars, q.opt.gradient, bounds)
	if err != nil {
		return nil, err
	}
	opt := optimize.Options{Start: start, Bounds: bounds, Stop: w.stop, Maximise: bool(q.opt.ascend), Seed: uint64(q.opt.seed), Trace: rec.Note}
	if w.watch != nil {
		opt.Trace = func(it optimize.Iterate) {
			rec.Note(it)
			w.watch(it)
		}
	}
	res, err := optimize.Minimize(ctx, rec.Objective(o), method, opt)
	if err != nil {
		return nil, startFailure(err, w.formula, w.vars, q)
	}
	return &walk{name: row.Name, method: row, trace: rec.Done(), result: res}, nil
}

// runPaths runs the methods that the flags name and returns their walks.
func (a *plotted) runPaths(ctx context.Context, q *question, otherwise []string) error {
	if a.walks != nil {
		return nil
	}
	methods := []string(q.opt.paths)
	if len(methods) == 0 && (bool(q.opt.path) || q.opt.method != "" || q.opt.rate != "") {
		methods = []string{methodName(q.opt)}
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

// path returns the walk as a layer of a picture.
func (w *walk) path(color int) plot.Path {
	p := plot.PathOf(w.trace)
	p.Name, p.Color = w.name, color
	return p
}

// cost returns the walk for a picture of costs.
func (w *walk) cost() plot.Run {
	r := plot.RunOf(w.trace)
	r.Name = w.name
	return r
}

// A methodList is a list of methods from the table, without repetition.
type methodList []string

func (v *methodList) Type() string   { return "METHODS" }
func (v *methodList) String() string { return "" }

func (v *methodList) Set(text string) error {
	for _, name := range fields(text) {
		row, ok := optimize.Lookup(name)
		if !ok {
			return usage(orHint(didYouMean(name, methodNames()), "nabla help methods lists them"), "there is no method %s", quoted(name))
		}
		for _, other := range *v {
			if other == row.Name {
				return usage("", "%s is there twice", row.Name)
			}
		}
		*v = append(*v, row.Name)
	}
	return nil
}

func (v *methodList) SetJSON(raw json.RawMessage) error {
	*v = nil
	return setList(v, raw)
}

// A ticker says on the standard error output, from the second second on and a
// few times a second, where a long walk is.
type ticker struct {
	say         func(string)
	begun, last time.Time
	n           int
}

func (t *ticker) note(it optimize.Iterate) {
	if t == nil || t.say == nil {
		return
	}
	if t.n++; t.n&0xff != 0 { // a look at the clock costs more than a step
		return
	}
	now := time.Now()
	if t.begun.IsZero() {
		t.begun = now
	}
	if now.Sub(t.begun) < time.Second || now.Sub(t.last) < 200*time.Millisecond {
		return
	}
	t.last = now
	line := fmt.Sprintf("step %d: f = %s", it.N, formatNumber(it.F, 6))
	if it.Grad != nil {
		line += fmt.Sprintf(", largest slope %s", formatNumber(largest(it.Grad), 3))
	}
	if it.Step != 0 {
		line += fmt.Sprintf(", rate %s", formatNumber(it.Step, 4))
	}
	t.say(line)
}

func largest(g []float64) float64 {
	m := 0.0
	for _, v := range g {
		if v < 0 {
			v = -v
		}
		if !(v <= m) {
			m = v
		}
	}
	return m
}
