package global

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
)

// This file puts shorter constants in the place of those of an answer.

// shorten puts constants that are proved to be equal in the place of longer ones.
func (p *Problem) shorten(a *Answer) {
	for i, e := range a.ExactAt {
		short := p.shorter(a, e)
		if len(p.Vars) == 1 && short.Valid() && short.Size() < e.Size() && a.ExactValue.Valid() { // the value is that at the point
			pool := expr.NewPool()
			v := exact.ClosedForm(pool.Substitute(pool.Import(p.F), map[string]expr.Expr{p.Vars[0]: pool.Import(short)}))
			if v.Size() < a.ExactValue.Size() {
				a.ExactValue = v
			}
		}
		a.ExactAt[i] = short
	}
	if a.ExactValue = exact.Simplest(a.ExactValue); a.ExactValue.Valid() && a.ExactValue.Op() == expr.Num {
		a.Value = a.ExactValue.Number().Float64() + 0
	}
	for _, m := range a.Minimisers {
		for i, e := range m.Exact {
			m.Exact[i] = p.shorter(a, e)
		}
	}
	for i, s := range a.Stationary {
		for k, e := range s.Exact {
			a.Stationary[i].Exact[k] = p.shorter(a, e)
		}
	}
}

// shorter returns the coordinate e of a point, or a shorter constant that is proved to be equal: for a stationary point of a function of one variable also a multiple
// of a constant in the formula, where f' = 0 holds too and no other stationary point lies.
func (p *Problem) shorter(a *Answer, e expr.Expr) expr.Expr {
	const long = 8
	short := exact.Simplest(e)
	if !short.Valid() || short.Size() < long || len(p.Vars) > 1 || !a.StationaryComplete {
		return short
	}
	v, ok := tape.EncloseConstant(e)
	if !ok || !v.IsBounded() {
		return short
	}
	near := func(w interval.I) bool { return w.Width() < 1e-12*math.Max(1, w.Mag()) && !w.Disjoint(v) }
	count := 0
	for _, s := range a.Stationary {
		if s.Repeats.Step.Valid() || s.Family != "" || s.Hull.IsEmpty() || !near(s.Hull) && !s.Hull.Disjoint(v) {
			return short
		} else if near(s.Hull) {
			count++
		}
	}
	if count != 1 {
		return short
	}
	for n := range p.F.All() {
		if !n.IsConstant() || n.Op() == expr.Num || n.Size() > 3 {
			continue
		}
		pool := expr.NewPool()
		u := pool.Import(n)
		w, ok := tape.EncloseConstant(u)
		if !ok || w.Has(0) {
			continue
		}
		k, q, ok := exact.Convergent(v.Mid()/w.Mid(), 1e-14, 12)
		if !ok || k == 0 {
			continue
		}
		c := simplify.Tidy(pool.Make(expr.Mul, exact.Fraction(pool, k, q), u))
		if at, ok := tape.EncloseConstant(c); !ok || !near(at) || c.Size() >= short.Size() {
			continue
		}
		slope := pool.Import(diff.D(p.F, p.Vars[0]))
		if prove.Zero(pool.Substitute(slope, map[string]expr.Expr{p.Vars[0]: pool.Import(c)}), prove.Budget{}).Equal {
			return c
		}
	}
	return short
}
