package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize"
	"nabla/optimize/global"
	"nabla/optimize/plot"
)

func compareCommand() *command {
	return &command{
		name: "compare", args: "FORMULA",
		short: "several methods, or one with several rates, side by side",
		about: `Run methods from the same starts and set them side by side: steps, evaluations of f
and its gradient, the value reached, the distance to the nearest minimiser, and how
it ended. --rate takes one rate, a list (0.01,0.1), or a grid: 1e-4:1:log20 is 20 rates
from 1e-4 to 1 in equal factors, 0:1:lin5 five in equal steps; auto is the rate 1/L of
the oracle. Methods without a rate run once. With --starts N the table has medians
and ranges over N seeded starts.

The picture (-o FILE or --plot term) has the cost per iteration and per evaluation.
-v adds the time that each took, which differs from run to run.`,
		flags: []string{"methods", "rate", "starts", "start", "bounds", "schedule", "momentum", "param", "iterations", "tol", "tol-change", "ascend", "gradient",
			"plot", "size", "dark", "set", "seed", "timeout"},
		examples: []example{
			{"nabla compare '(1-x)^2 + 100(y-x^2)^2' --methods gd,momentum,adam,bfgs --rate 0.001 --start x=-1,y=1", "four methods in a valley"},
			{"nabla compare 'x^2' --methods gd --rate 1e-3:1:log7 --start 1", "one method with seven rates"},
			{"nabla compare 'x^2 + 3y^2 + sin(x y)' --starts 20 --seed 1 -o cost.svg", "medians over twenty starts, and a picture"},
		},
		draws: true,
		prepare: func(o *options) {
			o.order, o.starts, o.iterations = 0, 1, comparedIterations
		},
		run: func(ctx context.Context, s *session) error { return s.ask(ctx, s.compare) },
	}
}

// comparedIterations is how many steps compare allows unless told.
const comparedIterations = 1000

// comparedMethods are those that compare runs unless told.
var comparedMethods = []string{"gd", "momentum", "adam", "bfgs"}

// A compared is the answer of compare.
type compared struct {
	formula *expr.Formula
	vars    []string
	starts  [][]float64
	entries []*contender
	best    *global.Answer // nil where no minimum is known
	figures plot.Sheet     // nil where no picture is asked for
	file    string
}

// A contender is a method, with its rate where several are tried.
type contender struct {
	name  string
	rate  string // "" when it is that of the method
	q     *question
	walks []*walk // one a start
}

func (s *session) compare(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	if q.opt.starts > 1 && len(q.opt.start) > 0 {
		return nil, inFlag("starts", usage("leave one of them out", "--start gives the one start"))
	}
	w, err := newWalker(q, f)
	if err != nil {
		return nil, err
	}
	w.watch = (&ticker{say: q.progress}).note
	a := &compared{formula: f, vars: w.vars}
	for k := range q.opt.starts {
		opt := *q.opt
		opt.seed += seed(k)
		one := *q
		one.opt = &opt
		start, err := w.begin(&one)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			q.warnings = one.warnings
		}
		a.starts = append(a.starts, start)
	}
	if err := a.enter(q); err != nil {
		return nil, err
	}
	noted := len(q.warnings)
	for _, c := range a.entries {
		for k, start := range a.starts {
			one := *c.q
			one.warnings = q.warnings
			walked, err := w.run(ctx, &one, c.name, start)
			if err != nil {
				return nil, err
			}
			if k == 0 && !slices.Contains(q.warnings[noted:], last(one.warnings)) {
				q.warnings = one.warnings
			}
			walked.name = c.title()
			c.walks = append(c.walks, walked)
		}
	}
	a.best = extrema(ctx, q, f, nil)
	file, term, err := q.opt.picture()
	if err != nil {
		return nil, err
	}
	if file != "" || term {
		a.draw(q)
	}
	if file == "" {
		return a, nil
	}
	if q.line > 0 && s.drawn {
		return nil, &failure{exit: exitData, msg: "the picture " + file + " has been drawn for another formula", hint: "one file is for one formula"}
	}
	s.drawn, a.file = true, file
	return a, savePicture(a.figures, file, q.opt)
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// enter lists the contenders: each method, and where it has a rate each rate.
func (a *compared) enter(q *question) error {
	methods := []string(q.opt.methods)
	if len(methods) == 0 {
		methods = comparedMethods
	}
	rates, err := rateList(string(q.opt.rate))
	if err != nil {
		return inFlag("rate", err)
	}
	rated := false
	for _, name := range methods {
		row, _ := optimize.Lookup(name)
		_, has := row.Param("rate")
		rated = rated || has
		list := rates
		if !has {
			list = []string{""}
		}
		for _, rate := range list {
			opt := *q.opt
			opt.methods = methodList{name, ""} // one of several: flags that are not its own do not matter
			opt.rate = word(rate)
			one := *q
			one.opt = &opt
			c := &contender{name: name, q: one.forMethod(name)}
			if len(rates) > 1 {
				c.rate = rate
			}
			a.entries = append(a.entries, c)
		}
	}
	if !rated && string(q.opt.rate) != "" {
		return inFlag("rate", usage("", "none of the methods has a rate"))
	}
	return nil
}

func (c *contender) title() string {
	if c.rate == "" {
		return c.name
	}
	return c.name + " " + c.rate
}

// draw makes the picture: cost per iteration and per evaluation.
func (a *compared) draw(q *question) {
	var runs []plot.Run
	for k := len(a.starts) - 1; k >= 0; k-- { // the first start over the others
		for i, c := range a.entries {
			r := c.walks[k].cost()
			r.Color, r.Faint = i, k > 0
			if k > 0 {
				r.Name = ""
			}
			runs = append(runs, r)
		}
	}
	if len(a.entries) > mostNames {
		a.nameBest(runs[len(runs)-len(a.entries):])
	}
	best := math.NaN()
	if proved(a.best) {
		best = a.best.Value
	}
	if q.opt.ascend {
		for i := range runs {
			runs[i].Values = slices.Clone(runs[i].Values)
			for k := range runs[i].Values {
				runs[i].Values[k] *= -1
			}
		}
		best = -best
	}
	per, eval := plot.Cost(runs, best, false), plot.Cost(runs, best, true)
	if q.opt.ascend {
		per.Y.Label = strings.NewReplacer("f − minimum", "maximum − f", "f − lowest found", "highest found − f").Replace(per.Y.Label)
		eval.Y.Label = per.Y.Label
	}
	if s := format.Unicode(a.formula.Expr); len([]rune(s)) <= 60 {
		per.Title = s + ": " + per.Title
	}
	a.figures = plot.Sheet{per, eval}
}

// mostNames is how many entries a legend has at most.
const mostNames = 10

// nameBest leaves only the names of the lowest runs in the legend.
func (a *compared) nameBest(runs []plot.Run) {
	order := make([]int, len(a.entries))
	for i := range order {
		order[i] = i
	}
	end := func(i int) float64 {
		if v := a.entries[i].walks[0].result.Last.F; finite(v) {
			return v
		}
		return math.Inf(1)
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch a, b := end(i), end(j); {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	})
	for k, i := range order {
		if k >= mostNames/2 {
			runs[i].Name = ""
		}
	}
}

// distance returns how far x is from the nearest minimiser, NaN where none is
// known.
func (a *compared) distance(x []float64) float64 {
	d := math.NaN()
	if a.best == nil || !a.best.Attained {
		return d
	}
	for _, m := range a.best.Minimisers {
		if m.Family != "" || len(m.X) != len(x) {
			return math.NaN()
		}
		s := 0.0
		for i, v := range m.X {
			s = math.Hypot(s, v-x[i])
		}
		if !(s >= d) {
			d = s
		}
	}
	return d
}

// figures of one contender over the starts.
func (c *contender) figures(a *compared) (iterations, evaluations, value, distance, seconds spread) {
	var list [5][]float64
	for _, w := range c.walks {
		last := w.result
		list[0] = append(list[0], float64(last.Iterations))
		list[1] = append(list[1], float64(w.trace.Last().Evaluations))
		list[2] = append(list[2], last.Last.F)
		list[3] = append(list[3], a.distance(last.Last.X))
		list[4] = append(list[4], last.Seconds)
	}
	return spreadOf(list[0]), spreadOf(list[1]), spreadOf(list[2]), spreadOf(list[3]), spreadOf(list[4])
}

// status sums up how the walks ended: "converged", or "converged 18, diverging 2".
func (c *contender) status() string {
	var names []string
	count := map[string]int{}
	for _, w := range c.walks {
		s := w.result.Status.String()
		if count[s] == 0 {
			names = append(names, s)
		}
		count[s]++
	}
	if len(names) == 1 {
		return names[0]
	}
	for i, s := range names {
		names[i] = s + " " + strconv.Itoa(count[s])
	}
	return strings.Join(names, ", ")
}

// exit is 0 when some method converged from some start: the table is the answer.
func (a *compared) exit() int {
	for _, c := range a.entries {
		for _, w := range c.walks {
			if w.result.Status == optimize.Converged || w.result.Status == optimize.StationaryStart {
				return exitOK
			}
		}
	}
	return exitNo
}

func (a *compared) write(t *text) {
	t.like(a.formula)
	if !bool(t.opt.quiet) && !t.oneLine {
		from := "from " + t.point(a.vars, a.starts[0])
		if n := len(a.starts); n > 1 {
			from = fmt.Sprintf("medians (and ranges) over %d starts", n)
		}
		t.line(fmt.Sprintf("f = %s, %s", t.formula(a.formula.Expr), from))
		if m := a.best; m != nil && m.Attained && len(m.At) > 0 && m.Status != global.Constant {
			word := "minimum"
			if t.opt.ascend {
				word = "maximum"
			}
			if !proved(m) {
				word = "best point known"
			}
			t.line(fmt.Sprintf("%s  f = %s  at  %s", word, t.num(m.Value), t.point(a.vars, m.At)))
		}
	}
	show := func(s spread) string {
		if math.IsInf(s.median, 1) && math.IsInf(s.low, 1) {
			return "-"
		}
		out := t.num(s.median)
		if low, high := t.num(s.low), t.num(s.high); low != high {
			out += " (" + low + " to " + high + ")"
		}
		return out
	}
	head := []string{"method", "steps", "evaluations", "f", "distance", "status"}
	if t.opt.verbose {
		head = append(head, "milliseconds")
	}
	rows := [][]string{head}
	for _, c := range a.entries {
		it, ev, f, d, sec := c.figures(a)
		row := []string{c.title(), show(it), show(ev), show(f), show(d), c.status()}
		if t.opt.verbose {
			row = append(row, show(spread{sec.median * 1e3, sec.low * 1e3, sec.high * 1e3}))
		}
		rows = append(rows, row)
	}
	t.grid(rows, 0, 5)
	if string(t.opt.plot) == inTerminal {
		for _, f := range a.figures {
			t.draw(f)
		}
	}
	if a.file != "" && !bool(t.opt.quiet) {
		t.line("drawn: " + a.file)
	}
}

func (a *compared) record(h head) any {
	type spreadRecord struct {
		Median jsonNumber `json:"median"`
		Low    jsonNumber `json:"low"`
		High   jsonNumber `json:"high"`
	}
	type runRecord struct {
		Start       int           `json:"start"`
		Status      string        `json:"status"`
		Iterations  int           `json:"iterations"`
		Evaluations int           `json:"evaluations"`
		Final       iterateRecord `json:"final"`
		Distance    *jsonNumber   `json:"distance,omitempty"`
	}
	type entryRecord struct {
		Method      string        `json:"method"`
		Rate        string        `json:"rate,omitempty"`
		Iterations  spreadRecord  `json:"iterations"`
		Evaluations spreadRecord  `json:"evaluations"`
		F           spreadRecord  `json:"f"`
		Distance    *spreadRecord `json:"distance,omitempty"`
		Converged   int           `json:"converged"`
		Runs        []runRecord   `json:"runs"`
	}
	r := struct {
		head
		Formula   string         `json:"formula"`
		Variables []string       `json:"variables"`
		Starts    []namedNumbers `json:"starts"`
		Minimum   *bestRecord    `json:"minimum,omitempty"`
		Proved    bool           `json:"minimum_proved"`
		Methods   []entryRecord  `json:"methods"`
		Picture   string         `json:"picture,omitempty"`
		Warnings  []string       `json:"warnings"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), Variables: a.vars, Proved: proved(a.best), Picture: a.file, Warnings: orEmpty(h.Warnings)}
	if m := a.best; m != nil && m.Attained && len(m.At) > 0 {
		r.Minimum = &bestRecord{namedNumbers{a.vars, m.At}, jsonNumber(m.Value)}
	}
	for _, x := range a.starts {
		r.Starts = append(r.Starts, namedNumbers{a.vars, x})
	}
	record := func(s spread) spreadRecord {
		return spreadRecord{jsonNumber(s.median), jsonNumber(s.low), jsonNumber(s.high)}
	}
	for _, c := range a.entries {
		it, ev, f, d, _ := c.figures(a)
		e := entryRecord{Method: c.name, Rate: string(c.q.opt.rate), Iterations: record(it), Evaluations: record(ev), F: record(f)}
		if !math.IsInf(d.low, 1) {
			s := record(d)
			e.Distance = &s
		}
		for k, w := range c.walks {
			last := w.trace.Last()
			run := runRecord{Start: k, Status: w.result.Status.String(), Iterations: w.result.Iterations, Evaluations: last.Evaluations, Final: iterateRecordOf(last, a.vars)}
			if v := a.distance(last.X); !math.IsNaN(v) {
				n := jsonNumber(v)
				run.Distance = &n
			}
			if w.result.Status == optimize.Converged {
				e.Converged++
			}
			e.Runs = append(e.Runs, run)
		}
		r.Methods = append(r.Methods, e)
	}
	return r
}
