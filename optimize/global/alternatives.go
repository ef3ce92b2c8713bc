package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/effort"
)

// This file divides a question by the conditions in it: those of a case distinction in the
// formula, and conditions of which one has to hold.

// byAlternatives answers by the best of the cases into which a condition divides the
// question, nil where there is none or a case is not settled.
func (s *session) byAlternatives() *Answer {
	if s.m.N < 2 || s.m.F.Size() > maxEliminated {
		return nil
	}
	var list []division
	var c expr.Expr
	if s.o.cases < maxNestedFactors {
		list, c = s.byFactors()
	}
	if list == nil && s.o.cases < maxNestedCases {
		list, c = s.alternatives()
	}
	if list == nil {
		return nil
	}
	return s.bestOf(list, c)
}

// maxNestedFactors is how many products that are to be 0 are divided, one inside the other: 2^6 cases, most of which leave
// nothing.
const maxNestedFactors = 6

// byFactors returns the cases of an equation u v = 0, as complementary slackness has them: one of the factors is 0. All
// factors are to be defined everywhere, as the other ones fall away.
func (s *session) byFactors() (list []division, by expr.Expr) {
	for i, c := range s.p.SubjectTo {
		factors := slices.DeleteFunc(factorsOfZero(c), func(u expr.Expr) bool {
			return u.Op() == expr.Var && !s.m.Outer[slices.Index(s.p.Vars, u.Name())].Has(0)
		})
		if len(factors) < 2 || len(factors) > maxCases { // one may take the place of a variable
			continue
		}
		for _, u := range factors {
			pool := u.Pool()
			is := pool.Make(expr.Eq, u, pool.Int(0))
			q := &Problem{F: s.p.F, Vars: s.p.Vars, Bounds: s.p.Bounds, Max: s.p.Max, SubjectTo: slices.Clone(s.p.SubjectTo)}
			q.SubjectTo[i] = is
			list = append(list, division{q: q, text: format.Text(u) + " = 0", part: true})
		}
		return list, c
	}
	return nil, expr.Expr{}
}

// factorsOfZero returns the different factors with variables of a product that the condition c says is 0, each without its
// power, and nil for other conditions.
func factorsOfZero(c expr.Expr) (out []expr.Expr) {
	if c.Op() != expr.Eq || !c.Arg(1).IsNum(0) || c.Arg(0).Op() != expr.Mul || len(simplify.Domain(c.Arg(0))) > 0 {
		return nil
	}
	for _, u := range c.Arg(0).Args() {
		if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0 {
			u = u.Arg(0)
		}
		if u.IsConstant() && (u.Op() != expr.Num || u.IsNum(0)) {
			return nil
		}
		if !u.IsConstant() && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
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

// maxKinks is the number of kinks up to which a question is divided by them.
const maxKinks = 3

// byKinks answers by the best of the cases into which a kink divides the question: |u| is u
// where u >= 0 and -u where u <= 0, and where the least value lies on the border the case has
// a multiplier for it. Boxes come to it slowly. It returns nil where there is no kink, there
// are many, or a case is not settled.
func (s *session) byKinks() *Answer { return s.byKinksIn(s.p.Bounds) }

// byKinksIn is byKinks between other bounds, outside of which f is higher.
func (s *session) byKinksIn(bounds []Bound) *Answer {
	if s.o.cases >= maxNestedCases || s.m.N < 2 || s.m.F.Size() > maxEliminated {
		return nil
	}
	pool := expr.NewPool()
	formulas := make([]expr.Expr, 0, 1+len(s.p.SubjectTo)) // of the question
	for _, e := range slices.Concat([]expr.Expr{s.p.F}, s.p.SubjectTo) {
		formulas = append(formulas, pool.Import(e))
	}
	var kinks []expr.Expr // the innermost first
	for _, e := range formulas {
		for n := range e.All() {
			if kink := n.IsCall("abs") || n.IsCall("max") || n.IsCall("min"); kink && !n.IsConstant() && !slices.Contains(kinks, n) {
				kinks = append(kinks, n)
			}
		}
	}
	if len(kinks) == 0 || len(kinks) > maxKinks || kinks[0].Len() > maxCases {
		return nil
	}
	n := kinks[0]
	if len(simplify.Domain(n)) > 0 && slices.ContainsFunc(formulas, hasBranches) {
		return nil // points where it has no value may have one in another branch
	}
	pieces, order := n.AppendArgs(nil), expr.Ge
	if n.IsCall("abs") {
		pieces = append(pieces, pool.Make(expr.Neg, pieces[0]))
	} else if n.IsCall("min") {
		order = expr.Le
	}
	var list []division
	for i, u := range pieces {
		var conditions []expr.Expr
		for k, v := range pieces {
			switch {
			case k == i:
			case n.IsCall("abs"):
				conditions = append(conditions, pool.Make([]expr.Op{expr.Ge, expr.Le}[i], pieces[0], pool.Int(0)))
			default:
				conditions = append(conditions, pool.Make(order, u, v))
			}
		}
		q := *s.p
		q.Bounds, q.F, q.SubjectTo = bounds, replaced(formulas[0], n, u), conditions
		for _, c := range formulas[1:] {
			q.SubjectTo = append(q.SubjectTo, replaced(c, n, u))
		}
		list = append(list, division{q: &q, text: format.All(conditions, format.Options{}), part: true})
	}
	ctx, cancel := effort.Share(s.ctx, 0.3)
	defer cancel()
	sub := *s
	sub.ctx = ctx
	return sub.bestOf(list, n)
}

// hasBranches reports whether a part of e may be without a value where e has one.
func hasBranches(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op() == expr.Or || n.Op() == expr.And {
			return true
		}
	}
	return false
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
