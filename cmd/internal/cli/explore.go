package cli

import (
	"context"
	"fmt"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/simplify"
)

func exploreCommand() *command {
	return &command{
		name: "explore", args: "FORMULA", bare: true,
		short: "derivative and minimum at once",
		about: `How the formula was read, its derivative or gradient, and its minimum with its
proof status. The name of the command may be left out: a first argument with
anything besides lower-case letters and dashes is a formula.`,
		flags: []string{"bounds", "subject-to", "start", "method", "param", "rate", "iterations", "tol", "gradient", "csv", "set", "seed", "timeout"},
		examples: []example{
			{"nabla 'x^2 + 2'", "reading, derivative, minimum"},
			{"nabla 'f(x, y) = (1-x)^2 + 100(y-x^2)^2'", "two variables"},
			{"nabla 'x^4 - 3x^3 + x' --bounds -1:3", "inside bounds"},
			{"echo 'x^2 + 2' | nabla --json", "from a pipe, as JSON"},
		},
		run: func(ctx context.Context, s *session) error { return s.ask(ctx, explore) },
	}
}

// An explored is the answer of explore.
type explored struct {
	formula *expr.Formula
	vars    []string
	list    []derivedBy
	domain  []expr.Expr
	minimum *minimised // nil where the formula has letters without a value
}

func explore(ctx context.Context, q *question) (answer, error) {
	f, err := q.read()
	if err != nil {
		return nil, err
	}
	a := &explored{formula: f, vars: f.Vars(), domain: simplify.Domain(f.Expr)}
	for _, p := range diff.Partials(f.Expr, a.vars) {
		a.list = append(a.list, derivedBy{Derivative: p})
	}
	if open := parameters(f); len(open) > 0 {
		q.warn("no minimum is sought: the parameter %s has no value (--set %s=1)", open[0], open[0])
		return a, nil
	}
	a.minimum, err = minimiseFormula(ctx, q, f, false)
	return a, err
}

// parameters returns the letters of f that are not variables of it.
func parameters(f *expr.Formula) []string { return freeLetters(f)[len(f.Vars()):] }

func (a *explored) exit() int {
	if a.minimum == nil {
		return exitOK
	}
	return a.minimum.exit()
}

func (a *explored) remarks() []string {
	if a.minimum == nil {
		return nil
	}
	return a.minimum.remarks()
}

// maxPartials is how many partial derivatives are written as text; a formula in
// more variables is asked for them with diff.
const maxPartials = 20

func (a *explored) write(t *text) {
	t.like(a.formula)
	name := nameOf(a.formula)
	head := name
	if len(a.vars) > 0 && len(a.vars) <= maxPartials {
		head += "(" + strings.Join(a.vars, ", ") + ")"
	}
	equations := []equation{{head, a.formula.Expr, ""}}
	for i, one := range a.list {
		switch {
		case len(a.vars) > maxPartials:
		case len(a.vars) == 1:
			equations = append(equations, equation{name + "'(" + a.vars[0] + ")", one.Expr, t.holds(one.Conditions)})
		default:
			equations = append(equations, equation{"d" + name + "/d" + a.vars[i], one.Expr, t.holds(one.Conditions)})
		}
	}
	t.equations(equations)
	if len(a.vars) > maxPartials && !t.oneLine && !bool(t.opt.quiet) {
		t.line(fmt.Sprintf("# %d partial derivatives: nabla diff", len(a.vars)))
	}
	switch {
	case a.minimum != nil:
		a.minimum.write(t)
	case len(a.domain) > 0 && !t.oneLine:
		t.line("defined for " + t.conditions(a.domain))
	}
}

func (a *explored) record(h head) any {
	r := struct {
		head
		Formula     string             `json:"formula"`
		Variables   []string           `json:"variables"`
		Derivatives []derivativeRecord `json:"derivatives"`
		*minimumRecord
		Warnings []string `json:"warnings"`
	}{head: h, Formula: plain(a.formula.Expr, a.formula), Variables: orEmpty(a.vars), Derivatives: derivativeRecords(a.list, a.formula), Warnings: h.Warnings}
	if a.minimum != nil {
		m := a.minimum.minimumRecord(h.Warnings)
		r.minimumRecord, r.Warnings = &m, m.Warnings
	}
	r.Warnings = orEmpty(r.Warnings)
	return r
}
