package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"nabla/expr"
	"nabla/optimize/global"
)

func minCommand(max bool) *command {
	c := &command{
		name: "min", args: "FORMULA",
		short: "minimum, with its proof status",
		about: `The global minimum of a formula, and how sure it is: exact (a closed form, proved),
certified (proved and enclosed), unbounded (with a witness), not attained (with
the direction in which the infimum is approached), constant, empty (no point
satisfies the constraints), or local: the best found, not proved to be global.

--method NAME asks for one method of local search instead, and proves nothing.`,
		flags: []string{"bounds", "subject-to", "start", "method", "param", "rate", "iterations", "tol", "gradient", "certificate", "csv", "set", "seed", "timeout"},
		examples: []example{
			{"nabla min 'x^2 + sin(5x)'", "a global minimum among several local ones"},
			{"nabla min 'x^3' --bounds x=-5:5", "inside bounds"},
			{"nabla min '(1-x)^2 + 100(y-x^2)^2'", "two variables"},
			{"nabla min 'x^2 + y^2' --subject-to 'x + y >= 1'", "under a constraint"},
			{"nabla min 'x^4 - y x + y^2' --certificate proof.json", "the proof in a file, for nabla verify"},
		},
		run: func(ctx context.Context, s *session) error {
			return s.ask(ctx, func(ctx context.Context, q *question) (answer, error) { return minimise(ctx, q, max) })
		},
	}
	if max {
		c.name, c.short = "max", "the same for the maximum"
		c.about = strings.NewReplacer("minimum", "maximum", "infimum", "supremum").Replace(c.about)
		c.examples = []example{{"nabla max 'x exp(-x)'", "a maximum"}, {"nabla max 'x y' --bounds x=0:2,y=0:3", "inside bounds"}}
	}
	return c
}

// A minimised is the answer of min and max.
type minimised struct {
	formula *expr.Formula
	max     bool
	name    string // of the function: f unless the formula has another
	problem global.Problem
	*global.Answer
	took time.Duration
	late bool // the time was up, or the search was interrupted
}

func minimise(ctx context.Context, q *question, max bool) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	return minimiseFormula(ctx, q, f, max)
}

func minimiseFormula(ctx context.Context, q *question, f *expr.Formula, max bool) (*minimised, error) {
	p, err := problem(q, f)
	if err != nil {
		return nil, err
	}
	p.Max = max
	begun := time.Now()
	a, err := solve(ctx, q, p)
	if err != nil {
		return nil, err
	}
	if err := writeCertificate(string(q.opt.certificate.word), a.Certificate); err != nil {
		return nil, err
	}
	m := &minimised{formula: f, max: max, name: nameOf(f), problem: p, Answer: a, took: time.Since(begun)}
	limit := time.Duration(q.opt.timeout)
	if limit == 0 {
		limit = defaultTimeout
	}
	m.late = ctx.Err() != nil || m.took >= limit || a.Limited
	return m, nil
}

// defaultTimeout is the time for a formula unless --timeout says otherwise.
const defaultTimeout = 10 * time.Second

// nameOf returns what the formula is called.
func nameOf(f *expr.Formula) string {
	if f.Name != "" {
		return f.Name
	}
	return "f"
}

// problem states what q asks.
func problem(q *question, f *expr.Formula) (global.Problem, error) {
	p := global.Problem{F: f.Expr, Vars: f.Vars()}
	for _, x := range f.Expr.Vars() {
		if !slices.Contains(p.Vars, x) {
			return p, usage("write --set "+x+"=1", "the parameter %s has no value", x)
		}
	}
	for _, text := range q.opt.subjectTo {
		e, err := expr.Reader{Set: q.opt.set.fixed(), Conditions: true}.Expr(asEquation(text))
		if err != nil {
			return p, inFlag("subject-to", err)
		}
		if !e.Op().IsCondition() {
			return p, inFlag("subject-to", usage("write x + y <= 1", "%s is no condition", quoted(text)))
		}
		for _, x := range e.Vars() {
			if !slices.Contains(p.Vars, x) {
				p.Vars = append(p.Vars, x)
			}
		}
		p.SubjectTo = append(p.SubjectTo, e)
	}
	for _, b := range q.opt.bounds {
		// A function may leave a variable out that its region has, as a test set's does.
		if b.name != "" && !slices.Contains(p.Vars, b.name) {
			p.Vars = append(p.Vars, b.name)
			q.warn("%s has bounds, but does not occur in the formula", b.name)
		}
	}
	if f.Params == nil { // the order is not one that was given
		slices.SortFunc(p.Vars, expr.Natural)
	}
	list, err := q.opt.bounds.on(p.Vars)
	if err != nil {
		return p, inFlag("bounds", err)
	}
	p.Bounds = problemBounds(list)
	return p, nil
}

// problemBounds are the bounds of each variable as the problem has them, nil for none.
func problemBounds(list bounds) (out []global.Bound) {
	for _, b := range list {
		var g global.Bound
		if b.lo != nil {
			g.Lo = b.lo.exact
		}
		if b.hi != nil {
			g.Hi = b.hi.exact
		}
		out = append(out, g)
	}
	return out
}

// asEquation returns the condition text with a single = made ==: in a condition it
// compares, as a person writes it. Definitions before the last ; stay as they are.
func asEquation(text string) string {
	depth, from := 0, strings.LastIndexAny(text, ";\n")+1
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '#':
			return text
		case '=':
			after := i + 1
			single := (i == 0 || !strings.ContainsRune("<>=!", rune(text[i-1]))) && (after == len(text) || !strings.ContainsRune("=<>", rune(text[after])))
			if single && depth == 0 {
				text = text[:i] + "==" + text[after:]
				i++
			}
		}
	}
	return text
}

// inFlag says in which flag a mistake is.
func inFlag(name string, err error) error {
	f := asFailure(err)
	f.where = "--" + name
	return f
}

func (m *minimised) exit() int {
	switch m.Status {
	case global.Exact, global.Certified, global.Constant:
		return exitOK
	case global.Local:
		if m.late {
			return exitLimit
		}
		return exitOK
	case global.Failed:
		if m.late {
			return exitLimit
		}
	}
	return exitNo
}
