package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
)

// This file divides a question by the values of a function with steps: floor(u) is k where k <= u < k + 1. A
// box across a step never shrinks to a value of f, and the case has a condition for it.

// A stepwise is a part of a formula with steps: floor(u), ceil(u), round(u) or sign(u), or mod(a, b) = a - b floor(a/b) with a number
// b > 0.
type stepwise struct {
	node  expr.Expr
	steps expr.Expr // what has whole values
}

// stepwiseOf reads n; false for other parts.
func stepwiseOf(n expr.Expr) (stepwise, bool) {
	switch {
	case n.IsConstant():
	case n.IsCall("floor"), n.IsCall("ceil"), n.IsCall("round"), n.IsCall("sign"):
		return stepwise{n, n}, true
	case n.IsCall("mod") && n.Arg(1).Op() == expr.Num && n.Arg(1).Number().Sign() > 0:
		pool := n.Pool()
		return stepwise{n, pool.Call(fn.Lookup("floor"), pool.Make(expr.Div, n.Arg(0), n.Arg(1)))}, true
	}
	return stepwise{}, false
}

// at returns what the part is where the steps have the value k, and the conditions of that.
func (w stepwise) at(k int64) (value expr.Expr, conditions []expr.Expr) {
	pool, u := w.node.Pool(), w.steps.Arg(0)
	value = pool.Int(k)
	if w.node != w.steps {
		value = pool.Make(expr.Add, w.node.Arg(0), pool.Make(expr.Neg, pool.Make(expr.Mul, w.node.Arg(1), pool.Int(k))))
	}
	between := func(lo number.Number, from, to expr.Op) []expr.Expr {
		return []expr.Expr{pool.Make(from, pool.Num(lo), u), pool.Make(to, u, pool.Num(lo.Add(number.Int(1))))}
	}
	switch {
	case w.steps.IsCall("floor"):
		return value, between(number.Int(k), expr.Le, expr.Lt)
	case w.steps.IsCall("ceil"):
		return value, between(number.Int(k-1), expr.Lt, expr.Le)
	case w.steps.IsCall("sign"):
		return value, []expr.Expr{pool.Make([]expr.Op{expr.Lt, expr.Eq, expr.Gt}[k+1], u, pool.Int(0))}
	}
	from, to := expr.Le, expr.Le // halves are rounded away from 0
	if k <= 0 {
		from = expr.Lt
	}
	if k >= 0 {
		to = expr.Lt
	}
	return value, between(number.Frac(2*k-1, 2), from, to)
}

// maxSteps is the number of values of a function with steps of which each is looked at.
const maxSteps = 500

// bySteps answers by the best of the values of a function with steps in f, in a box outside of which f is higher, as why says; nil where
// there is none, many values are left that may be the best, or a case is not settled.
func (s *session) bySteps(root []interval.I, why string) *Answer {
	bounds := s.p.Bounds
	if !s.m.Bounded() {
		bounds = s.boundsWithin(root)
	}
	if s.o.cases >= maxNestedCases || s.m.N < 2 || s.m.F.Size() > maxEliminated || s.b.BestX == nil || bounds == nil {
		return nil
	}
	pool := expr.NewPool()
	f := pool.Import(s.p.F)
	var w stepwise // the innermost
	found := false
	for e := range f.All() {
		if w, found = stepwiseOf(e); found {
			break
		}
	}
	if !found || len(simplify.Domain(w.node)) > 0 && hasBranches(f) {
		return nil
	}
	q := *s.p
	q.Bounds = bounds
	out, _, ok := tape.EncloseOn(s.p.Vars, q.region().Outer, w.steps)
	if !ok || !(out[0].Width() <= maxSteps) || !(out[0].Mag() < 1<<50) {
		return nil
	}
	var list []division
	var values []int64
	for k := int64(out[0].Lo); k <= int64(out[0].Hi); k++ {
		value, conditions := w.at(k)
		c := q
		c.F, c.SubjectTo = replaced(f, w.node, value), conditions
		for _, e := range s.p.SubjectTo {
			c.SubjectTo = append(c.SubjectTo, replaced(pool.Import(e), w.node, value))
		}
		if s.isHigher(&c) {
			continue
		}
		if len(list) == maxCases {
			return nil
		}
		list = append(list, division{q: &c, text: format.All(conditions, format.Options{}), part: true})
		values = append(values, k)
	}
	if len(list) == 0 {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.5)
	defer cancel()
	sub := *s
	sub.ctx = ctx
	a := sub.bestOf(list, w.steps)
	if a == nil || a.Status == EmptyDomain {
		return nil
	}
	a.Proof = append(a.Proof, fmt.Sprintf("where %s has other values f is %s than at a point that was found, by interval arithmetic", format.Text(w.steps), s.p.higher()))
	if why != "" {
		a.Proof = append([]string{why}, a.Proof...)
	}
	switch r := a.Argument.Reduction; {
	case r == nil:
	case s.m.Bounded():
		r.Kind = certificate.Steps
		for _, k := range values {
			r.Lift = append(r.Lift, fmt.Sprint(k))
		}
	default:
		a.Argument.Reduction = nil // the cases leave out what is higher
	}
	return a
}

// isHigher reports whether f is proved to be higher than at the best point wherever the conditions of q hold, which is s with more
// conditions.
func (s *session) isHigher(q *Problem) bool {
	m, err := q.model()
	if err != nil {
		return false
	}
	b := branch.New(m, s.o.boxes())
	x := slices.Clone(m.Outer)
	return !math.IsInf(s.b.Best.Hi, 0) && !b.Contract(x, s.b.Best.Hi, 4)
}
