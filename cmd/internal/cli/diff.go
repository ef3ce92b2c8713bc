package cli

import (
	"context"
	"fmt"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
)

func diffCommand() *command {
	return &command{
		name: "diff", args: "FORMULA",
		short: "derivative, partials, gradient, Hessian, higher orders; --steps explains",
		about: `The derivative of a formula by its variable, or its partial derivatives by
all of them. --order 2 gives second derivatives, mixed ones included, and so on.
A derivative that holds only under a condition says so behind a #, as a comment,
so that every line can be given to nabla again.`,
		flags: []string{"wrt", "order", "steps", "hessian", "at", "csv", "set", "timeout"},
		examples: []example{
			{"nabla diff 'x^2 sin(x)'", "the derivative"},
			{"nabla diff '(1-x)^2 + 100(y-x^2)^2'", "both partial derivatives"},
			{"nabla diff --steps 'x^2 sin(x)'", "which rule is used where"},
			{"nabla diff --order 2 --at x=pi/4 'tan x'", "a second derivative and its value at a point"},
		},
		run: func(ctx context.Context, s *session) error { return s.ask(ctx, differentiate) },
	}
}

// maxDerivatives is the most derivatives that are listed: of order 2, those of
// a formula in 140 variables.
const maxDerivatives = 10_000

// A derived is the answer of diff.
type derived struct {
	formula *expr.Formula
	vars    []string
	list    []derivedBy
	hessian [][]expr.Expr // nil unless asked for
	wrt     []string      // of the hessian
	steps   []diff.Step   // nil unless asked for
	code    int
}

// derivedBy is a derivative with its values.
type derivedBy struct {
	diff.Derivative
	at []valueAt
}

// valueAt is a value at a point.
type valueAt struct {
	place place
	value float64
	why   *undefined // why there is none
}

func differentiate(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	d := &derived{formula: f, vars: f.Vars()}
	wrt := []string(q.opt.wrt)
	if wrt == nil {
		if wrt = d.vars; len(wrt) == 0 {
			wrt = []string{"x"}
			q.warn("the formula has no variable, so its derivative by any is 0")
		}
	}
	if q.opt.wrt != nil && len(d.vars) > 0 {
		occurring := map[string]bool{} // asked of the formula once, not for each of many variables
		for _, x := range f.Expr.Vars() {
			occurring[x] = true
		}
		for _, x := range wrt {
			if !occurring[x] {
				q.warn("%s does not occur in the formula", x)
			}
		}
	}
	if q.opt.steps {
		if len(wrt) > 1 {
			return nil, usage("write --wrt "+wrt[0], "--steps shows the derivation by one variable, and the formula has %d", len(wrt))
		}
		if q.opt.order != 1 {
			return nil, usage("", "--steps shows the derivation of a first derivative")
		}
		if d.steps, err = steps(f.Expr, wrt[0]); err != nil {
			return nil, err
		}
	}
	if q.opt.order == 1 {
		for _, p := range diff.Partials(f.Expr, wrt) {
			d.list = append(d.list, derivedBy{Derivative: p})
		}
	} else {
		orders, err := choices(wrt, q.opt.order)
		if err != nil {
			return nil, err
		}
		for _, by := range orders {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			d.list = append(d.list, derivedBy{Derivative: diff.Derive(f.Expr, by...)})
		}
	}
	if q.opt.hessian {
		if len(wrt)*len(wrt) > maxDerivatives {
			return nil, limitFailure("choose variables with --wrt", "the Hessian of %d variables has %d entries, more than %d", len(wrt), len(wrt)*len(wrt), maxDerivatives)
		}
		d.wrt, d.hessian = wrt, diff.Dense(diff.Hessian(f.Expr, wrt), len(wrt))
	}
	return d, d.evaluate(q)
}

// maxSteps is the most steps of a derivation that are shown.
const maxSteps = 1000

func steps(e expr.Expr, x string) ([]diff.Step, error) {
	var list []diff.Step
	for st := range diff.Steps(e, x) {
		if list = append(list, st); len(list) > maxSteps {
			return nil, limitFailure("", "the derivation has more than %d steps", maxSteps)
		}
	}
	return list, nil
}

// choices returns the derivatives of the given order by vars: every way to
// choose that many, the order of choosing aside.
func choices(vars []string, order int) ([][]string, error) {
	out := [][]string{nil}
	for range order {
		var next [][]string
		for _, c := range out {
			from := 0
			for i, x := range vars {
				if len(c) > 0 && c[len(c)-1] == x {
					from = i
				}
			}
			for _, x := range vars[from:] {
				next = append(next, append(c[:len(c):len(c)], x))
			}
			if len(next) > maxDerivatives {
				return nil, limitFailure("choose variables with --wrt", "there are more than %d derivatives of order %d", maxDerivatives, order)
			}
		}
		out = next
	}
	return out, nil
}

// evaluate finds the values of the derivatives at the points of q.
func (d *derived) evaluate(q *question) error {
	if len(q.opt.at) == 0 {
		return nil
	}
	es := make([]diff.Derivative, len(d.list))
	for i := range d.list {
		es[i] = d.list[i].Derivative
	}
	rows, err := valuesAt(q, d.formula, es)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for i, v := range row {
			if v.why != nil {
				d.code = exitNo
			}
			d.list[i].at = append(d.list[i].at, v)
		}
	}
	return nil
}

func (d *derived) exit() int { return d.code }

func (d *derived) write(t *text) {
	t.like(d.formula)
	if d.steps != nil {
		d.writeSteps(t)
		return
	}
	if len(d.list) == 1 && d.hessian == nil {
		one := d.list[0]
		t.line(t.formula(one.Expr) + t.holds(one.Conditions))
		t.values(one.at)
		return
	}
	rows := make([][2]string, len(d.list))
	for i, one := range d.list {
		rows[i] = [2]string{operator(one.Wrt), t.formula(one.Expr) + t.holds(one.Conditions)}
	}
	first := len(t.lines)
	t.table("  ", rows)
	// The values of a derivative follow its line.
	if lines := append([]string(nil), t.lines[first:]...); len(d.list) > 0 && d.list[0].at != nil {
		t.lines = t.lines[:first]
		for i, l := range lines {
			t.line(l)
			t.values(d.list[i].at)
		}
	}
	d.writeHessian(t)
}

// holds says, as a comment, under which conditions a derivative holds.
func (t *text) holds(conditions []expr.Expr) string {
	if len(conditions) == 0 || bool(t.opt.quiet) {
		return ""
	}
	if t.opt.format == formatLaTeX {
		return `\quad ` + t.conditions(conditions)
	}
	return "    " + t.paint.dim("# for "+t.conditions(conditions))
}

// values writes values at points, one a line.
func (t *text) values(list []valueAt) {
	for _, v := range list {
		t.line("at " + t.point(v.place.names, v.place.x) + ": " + t.value(v))
	}
}

// value prints a value, or why there is none.
func (t *text) value(v valueAt) string {
	if v.why != nil {
		return t.undefined(v.why)
	}
	return t.num(v.value)
}

func (t *text) undefined(u *undefined) string {
	if u.kink {
		return "not known: " + u.Because
	}
	s := "undefined: " + u.Where
	if u.Columns != nil {
		s += fmt.Sprintf(" (columns %d to %d)", u.Columns[0], u.Columns[1])
	}
	return s + ", because " + u.Because
}

// operator writes the derivative by some variables: d/dx, d^2/dx^2, d^2/(dx dy).
func operator(wrt []string) string {
	if len(wrt) == 0 {
		return "f"
	}
	var parts []string
	for i := 0; i < len(wrt); {
		n := i
		for n < len(wrt) && wrt[n] == wrt[i] {
			n++
		}
		part := "d" + wrt[i]
		if n-i > 1 {
			part += fmt.Sprintf("^%d", n-i)
		}
		parts, i = append(parts, part), n
	}
	top := "d"
	if len(wrt) > 1 {
		top += fmt.Sprintf("^%d", len(wrt))
	}
	if len(parts) > 1 {
		return top + "/(" + strings.Join(parts, " ") + ")"
	}
	return top + "/" + parts[0]
}

func (d *derived) writeHessian(t *text) {
	if d.hessian == nil {
		return
	}
	var rows [][2]string
	for i := range d.hessian {
		for j := 0; j <= i; j++ {
			by := []string{d.wrt[j], d.wrt[i]}
			rows = append(rows, [2]string{operator(by), t.formula(d.hessian[i][j])})
		}
	}
	t.table("  ", rows)
}

// writeSteps writes the derivation: each line equals the one before, and says by
// which rule.
func (d *derived) writeSteps(t *text) {
	if len(d.steps) == 0 {
		t.line(t.formula(d.list[0].Expr))
		return
	}
	rows := [][2]string{{t.formula(d.steps[0].Before), ""}}
	for _, st := range d.steps {
		rows = append(rows, [2]string{"= " + t.formula(st.After), "# " + ruleText(st)})
	}
	width := 0
	for _, r := range rows {
		width = max(width, min(columns(r[0]), 60))
	}
	for _, r := range rows {
		if r[1] == "" || bool(t.opt.quiet) {
			t.line(r[0])
			continue
		}
		pad := strings.Repeat(" ", max(0, width-columns(r[0])))
		t.line(r[0] + pad + "   " + t.paint.dim(r[1]))
	}
}

// ruleText names the rule of a step and states it.
func ruleText(st diff.Step) string {
	r := st.Rule
	if r.From == "" {
		return r.Name
	}
	f := st.Func
	switch {
	case f == nil || len(f.D) == 0 || len(f.Args) == 0:
		return fmt.Sprintf("%s: (%s)' = %s", r.Name, r.From, r.To)
	case len(f.Args) == 1:
		return fmt.Sprintf("%s: %s' = %s, times %s'", r.Name, f.Usage(), f.D[0], f.Args[0])
	case f.D[0] == fn.ArgMin:
		return fmt.Sprintf("%s: %s' is that of the least argument", r.Name, f.Usage())
	case f.D[0] == fn.ArgMax:
		return fmt.Sprintf("%s: %s' is that of the greatest argument", r.Name, f.Usage())
	case f.Variadic:
		return fmt.Sprintf("%s: the part of each argument u of %s is exp(u - %s), times u'", r.Name, f.Usage(), f.Name)
	}
	var parts []string
	for i, a := range st.At.Arg(0).Args() {
		if a.Has(st.At.Arg(1).Name()) {
			parts = append(parts, fmt.Sprintf("d/d%s %s = %s, times %s'", f.Args[i], f.Usage(), f.D[i], f.Args[i]))
		}
	}
	return r.Name + ": " + strings.Join(parts, "; ")
}

// A derivativeRecord is a derivative in JSON.
type derivativeRecord struct {
	Wrt        []string      `json:"wrt"`
	Formula    string        `json:"formula"`
	Conditions []string      `json:"conditions"`
	At         []valueRecord `json:"at,omitempty"`
}

// A valueRecord is a value at a point in JSON.
type valueRecord struct {
	Point     namedNumbers `json:"point"`
	Value     jsonNumber   `json:"value"`
	Undefined *undefined   `json:"undefined,omitempty"`
}

// A stepRecord is a step of a derivation in JSON.
type stepRecord struct {
	Rule string `json:"rule"`
	At   string `json:"at"`
	Part string `json:"part"`
	Line string `json:"line"`
}

func (d *derived) record(h head) any {
	r := struct {
		head
		Formula     string             `json:"formula"`
		Variables   []string           `json:"variables"`
		Derivatives []derivativeRecord `json:"derivatives"`
		Hessian     [][]string         `json:"hessian,omitempty"`
		Steps       []stepRecord       `json:"steps,omitempty"`
		Warnings    []string           `json:"warnings,omitempty"`
	}{head: h, Formula: plain(d.formula.Expr, d.formula), Variables: orEmpty(d.vars), Warnings: h.Warnings}
	r.Derivatives = derivativeRecords(d.list, d.formula)
	for _, row := range d.hessian {
		texts := make([]string, len(row))
		for j, e := range row {
			texts[j] = plain(e, d.formula)
		}
		r.Hessian = append(r.Hessian, texts)
	}
	for _, st := range d.steps {
		r.Steps = append(r.Steps, stepRecord{st.Rule.Name, plain(st.At, d.formula), plain(st.Part, d.formula), plain(st.After, d.formula)})
	}
	return r
}

func derivativeRecords(list []derivedBy, f *expr.Formula) []derivativeRecord {
	out := make([]derivativeRecord, len(list))
	for i, one := range list {
		dr := derivativeRecord{Wrt: orEmpty(one.Wrt), Formula: plain(one.Expr, f), Conditions: []string{}}
		for _, c := range one.Conditions {
			dr.Conditions = append(dr.Conditions, plain(c, f))
		}
		for _, v := range one.at {
			dr.At = append(dr.At, valueRecord{namedNumbers{v.place.names, v.place.x}, jsonNumber(v.value), v.why})
		}
		out[i] = dr
	}
	return out
}

// plain prints a formula for JSON: text that reads back, with every *. f is the
// formula it belongs to.
func plain(e expr.Expr, f *expr.Formula) string {
	return format.String(e, format.Options{Style: format.StylePlain, Decimals: f.Decimals, Factorials: f.Factorials})
}
