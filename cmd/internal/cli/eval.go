package cli

import (
	"context"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
)

func evalCommand() *command {
	return &command{
		name: "eval", args: "FORMULA",
		short: "value (and --grad, --hessian) at points",
		about: `The value of a formula at a point, with its gradient and its Hessian if asked
for. Where the formula is undefined, the part that has no value is named, with
the reason, and the exit code is 1.`,
		flags: []string{"at", "grad", "hessian", "csv", "set", "timeout"},
		examples: []example{
			{"nabla eval 'x^2 sin(x)' --at x=3", "the value"},
			{"nabla eval 'x^2 y' --at x=1,y=2 --grad --hessian", "value, gradient and Hessian"},
			{"nabla eval 'log(x - 3)' --at x=2.1", "why it has no value"},
			{"nabla eval 'sqrt(2)/2'", "a number"},
		},
		run: func(ctx context.Context, s *session) error { return s.ask(ctx, evaluateFormula) },
	}
}

// An evaluated is the answer of eval.
type evaluated struct {
	formula *expr.Formula
	vars    []string
	list    []evaluation
}

// An evaluation is what is known at one point.
type evaluation struct {
	valueAt
	grad    []valueAt   // nil unless asked for
	hessian [][]valueAt // nil unless asked for
}

// undefined says why there is no value, or no gradient or Hessian where they were
// asked for; nil when all is defined.
func (e *evaluation) undefined() *undefined {
	for _, row := range append([][]valueAt{{e.valueAt}, e.grad}, e.hessian...) {
		for _, v := range row {
			if v.why != nil {
				return v.why
			}
		}
	}
	return nil
}

func evaluateFormula(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	a := &evaluated{formula: f, vars: f.Vars()}
	n := len(a.vars)
	es := []diff.Derivative{{Expr: f.Expr}}
	var partials []diff.Derivative
	if q.opt.grad || q.opt.hessian {
		partials = diff.Partials(f.Expr, a.vars)
	}
	if q.opt.grad {
		es = append(es, partials...)
	}
	hessian := len(es)
	if q.opt.hessian {
		if n*n > maxDerivatives {
			return nil, limitFailure("", "the Hessian of %d variables has %d entries, more than %d", n, n*n, maxDerivatives)
		}
		for i, row := range diff.Dense(diff.Hessian(f.Expr, a.vars), n) {
			for j, e := range row {
				kinks := slices.Concat(partials[i].Conditions, partials[j].Conditions)
				es = append(es, diff.Derivative{Expr: e, Conditions: kinks})
			}
		}
	}
	if len(q.opt.at) == 0 && len(freeLetters(f)) > 0 {
		return nil, usage("write --at with a value for each: "+exampleAt(freeLetters(f))[len("write "):], "eval needs a point")
	}
	rows, err := valuesAt(q, f, es)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		e := evaluation{valueAt: row[0]}
		if q.opt.grad {
			e.grad = row[1 : 1+n]
		}
		if q.opt.hessian {
			for i := range n {
				e.hessian = append(e.hessian, row[hessian+i*n:hessian+(i+1)*n])
			}
		}
		a.list = append(a.list, e)
	}
	return a, nil
}

// freeLetters returns everything in f that needs a value: its variables and its
// parameters.
func freeLetters(f *expr.Formula) []string {
	names := f.Vars()
	for _, x := range f.Expr.Vars() {
		known := false
		for _, v := range names {
			known = known || v == x
		}
		if !known {
			names = append(names, x)
		}
	}
	return names
}

// valuesAt returns the values of ds at each point of q, or at the one point without
// coordinates if q has none. f tells which letters there are. Where a derivative
// does not hold it has no value.
func valuesAt(q *question, f *expr.Formula, ds []diff.Derivative) ([][]valueAt, error) {
	es := make([]expr.Expr, len(ds))
	for i, d := range ds {
		es[i] = d.Expr
	}
	letters := freeLetters(f)
	at := q.opt.at
	if len(at) == 0 {
		at = points{nil}
	}
	v, err := newEvaluator(letters, es)
	if err != nil {
		return nil, err
	}
	o := *q.opt
	if q.json && !o.formatGiven {
		o.format = formatJSON
	}
	t := &text{opt: &o}
	t.like(f)
	x := &explainer{formula: f, digits: q.opt.digits, print: t.formula}
	var out [][]valueAt
	for _, pt := range at {
		p, other, err := pt.on(letters)
		if err != nil {
			return nil, inFlag("at", err)
		}
		for _, name := range other {
			q.warn("%s does not occur in the formula", name)
		}
		row := make([]valueAt, len(es))
		for i, o := range v.at(p) {
			row[i] = valueAt{place: p, value: o.value}
			c, fails := unmet(ds[i].Conditions, p)
			switch {
			case o.undefined:
				row[i].why = x.why(es[i], p)
			case fails && c.Op() == expr.Ne:
				row[i].value, row[i].why = math.NaN(), x.kink(es[i], c)
				continue
			case fails: // a sign that was supposed when the formula was put in order
				q.warn("%s may not be the derivative there: it was derived for %s", formatNumber(o.value, q.opt.digits), shortened(x.print(c)))
			}
			if o.doubtful {
				q.warn("the digits of %s are in doubt: it could not be told whether %s has a value there", formatNumber(o.value, q.opt.digits), shortened(x.print(es[i])))
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// shortened is s where s is short.
func shortened(s string) string {
	if columns(s) > 60 {
		return "it"
	}
	return s
}

func (a *evaluated) exit() int {
	for _, e := range a.list {
		if e.undefined() != nil {
			return exitNo
		}
	}
	return exitOK
}

func (a *evaluated) write(t *text) {
	t.like(a.formula)
	several := len(a.list) > 1
	for _, e := range a.list {
		if several {
			t.line("at " + t.point(e.place.names, e.place.x) + ": " + t.value(e.valueAt))
		} else if e.grad == nil && e.hessian == nil {
			t.line(t.value(e.valueAt))
			continue
		}
		var rows [][2]string
		if !several {
			rows = append(rows, [2]string{"f", t.value(e.valueAt)})
		}
		for i, g := range e.grad {
			rows = append(rows, [2]string{operator(a.vars[i : i+1]), t.value(g)})
		}
		for i, row := range e.hessian {
			for j := 0; j <= i; j++ {
				rows = append(rows, [2]string{operator([]string{a.vars[j], a.vars[i]}), t.value(row[j])})
			}
		}
		t.table("  ", rows)
	}
}

func (a *evaluated) record(h head) any {
	type item struct {
		At        namedNumbers   `json:"at"`
		Value     jsonNumber     `json:"value"`
		Gradient  *namedNumbers  `json:"gradient,omitempty"`
		Hessian   [][]jsonNumber `json:"hessian,omitempty"`
		Undefined *undefined     `json:"undefined,omitempty"`
	}
	r := struct {
		head
		Formula   string   `json:"formula"`
		Variables []string `json:"variables"`
		Values    []item   `json:"values"`
		Warnings  []string `json:"warnings,omitempty"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), Variables: orEmpty(a.vars), Values: []item{}, Warnings: h.Warnings}
	for _, e := range a.list {
		it := item{At: namedNumbers{e.place.names, e.place.x}, Value: jsonNumber(e.value), Undefined: e.undefined()}
		if e.grad != nil {
			it.Gradient = &namedNumbers{names: a.vars}
			for _, g := range e.grad {
				it.Gradient.values = append(it.Gradient.values, g.value)
			}
		}
		for _, row := range e.hessian {
			numbers := make([]jsonNumber, len(row))
			for j, v := range row {
				numbers[j] = jsonNumber(v.value)
			}
			it.Hessian = append(it.Hessian, numbers)
		}
		r.Values = append(r.Values, it)
	}
	return r
}
