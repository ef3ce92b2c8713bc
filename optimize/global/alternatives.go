package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/format"
)

// This file divides a question by the conditions in it: those of a case distinction in the
// formula, and conditions of which one has to hold.

// byAlternatives answers by the best of the cases into which a condition divides the
// question, nil where there is none or a case is not settled.
func (s *session) byAlternatives() *Answer {
	if s.o.cases >= maxNestedCases || s.m.N < 2 || s.m.F.Size() > maxEliminated {
		return nil
	}
	list, c := s.alternatives()
	if list == nil {
		return nil
	}
	return s.bestOf(list, c)
}

// alternatives returns the cases of a condition of which one has to hold, or else of a case
// distinction, and the condition.
func (s *session) alternatives() (list []division, by expr.Expr) {
	add := func(f expr.Expr, conditions []expr.Expr, c expr.Expr) {
		q := &Problem{F: f, Vars: s.p.Vars, Bounds: s.p.Bounds, Max: s.p.Max, SubjectTo: append(slices.Clone(conditions), c)}
		list = append(list, division{q: q, text: format.Text(c), part: true})
	}
	for i, c := range s.p.SubjectTo {
		if c = plainCondition(c); c.Op() == expr.Or && c.Len() <= maxCases {
			for _, part := range c.Args() {
				add(s.p.F, slices.Delete(slices.Clone(s.p.SubjectTo), i, i+1), part)
			}
			return list, c
		}
	}
	for n := range s.p.F.All() {
		if n.Op() != expr.If || !n.Arg(0).Op().IsRelation() && n.Arg(0).Op() != expr.And && n.Arg(0).Op() != expr.Or {
			continue
		}
		c := n.Arg(0)
		add(replaced(s.p.F, n, n.Arg(1)), s.p.SubjectTo, plainCondition(c))
		add(replaced(s.p.F, n, n.Arg(2)), s.p.SubjectTo, plainCondition(c.Pool().Make(expr.Not, c)))
		return list, c
	}
	return nil, expr.Expr{}
}

// replaced returns e with the formula with in the place of its part n, else as it is written:
// it is to be defined where e is.
func replaced(e, n, with expr.Expr) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(e, func(m expr.Expr, args []expr.Expr) expr.Expr {
		if m == n {
			return pool.Import(with)
		}
		return expr.Remake(m, pool, args, nil)
	})
}

// plainCondition returns the condition c without not, and with u < v or u > v for u != v.
func plainCondition(c expr.Expr) expr.Expr {
	pool := c.Pool()
	negated := false
	for c.Op() == expr.Not {
		c, negated = c.Arg(0), !negated
	}
	op := c.Op()
	switch {
	case !negated:
	case op.IsRelation():
		op = op.Negated()
	case op == expr.And:
		op = expr.Or
	case op == expr.Or:
		op = expr.And
	default:
		return pool.Make(expr.Not, c)
	}
	switch op {
	case expr.And, expr.Or:
		var list []expr.Expr
		for _, a := range c.Args() {
			if negated {
				a = pool.Make(expr.Not, a)
			}
			list = append(list, plainCondition(a))
		}
		return pool.Make(op, list...)
	case expr.Ne:
		return pool.Make(expr.Or, pool.Make(expr.Lt, c.Arg(0), c.Arg(1)), pool.Make(expr.Gt, c.Arg(0), c.Arg(1)))
	}
	if op.IsRelation() {
		return pool.Make(op, c.Arg(0), c.Arg(1))
	}
	return c
}
