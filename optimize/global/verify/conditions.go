package verify

import (
	"errors"
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// This file has the conditions of a claim.

// A constraintCheck is g ≤ 0, strict g < 0 or, equal, g = 0.
type constraintCheck struct {
	g             expr.Expr
	equal, strict bool
}

// relation is the constraint as a formula.
func (c constraintCheck) relation() expr.Expr {
	op := expr.Le
	switch {
	case c.equal:
		op = expr.Eq
	case c.strict:
		op = expr.Lt
	}
	pool := expr.NewPool()
	return pool.Make(op, pool.Import(c.g), pool.Int(0))
}

// brokenAt reports whether the constraint is proved not to hold at a point in closed form.
func (c constraintCheck) brokenAt(at map[string]expr.Expr) bool {
	k, ok := asInequality(expr.NewPool(), substitute(c.relation(), at), false, 0)
	return ok && holds(k.relation())
}

// readConstraint reads a relation, or several joined by and. Relations joined by or, or
// denied, become one inequality: where nothing simpler says the same, on a formula that is -1 where they hold and 1 elsewhere.
func readConstraint(e expr.Expr) ([]constraintCheck, error) {
	var out []constraintCheck
	todo := []expr.Expr{e}
	for len(todo) > 0 {
		e := todo[0]
		todo = todo[1:]
		if e.Op() == expr.And {
			todo = append(e.AppendArgs(nil), todo...)
			continue
		}
		if e.Op() == expr.Eq {
			p := expr.NewPool()
			out = append(out, constraintCheck{g: p.Make(expr.Add, p.Import(e.Arg(0)), p.Make(expr.Neg, p.Import(e.Arg(1)))), equal: true})
			continue
		}
		p := expr.NewPool()
		c, ok := asInequality(p, e, true, 0)
		if !ok && e.Op() != expr.Or {
			return nil, errors.New("a constraint is no equation or inequality")
		}
		if !ok {
			c = constraintCheck{g: p.Make(expr.If, p.Import(e), p.Int(-1), p.Int(1))}
		}
		out = append(out, c)
	}
	return out, nil
}

// maxDenied is how deep conditions may be joined and denied.
const maxDenied = 50

// asInequality writes a condition, or its denial, as g ≤ 0 or g < 0: of conditions that
// are joined, one holds where the least of theirs is so, and all where the greatest is.
// Parts that are not defined everywhere, or of which some have their edges and others do
// not, are not told apart.
func asInequality(p *expr.Pool, e expr.Expr, holds bool, depth int) (c constraintCheck, ok bool) {
	if depth > maxDenied {
		return c, false
	}
	switch e.Op() {
	case expr.Not:
		return asInequality(p, e.Arg(0), !holds, depth+1)
	case expr.And, expr.Or:
		name := "max"
		if (e.Op() == expr.Or) == holds {
			name = "min"
		}
		var gs []expr.Expr
		for i, a := range e.AppendArgs(nil) {
			d, ok := asInequality(p, a, holds, depth+1)
			if !ok || i > 0 && d.strict != c.strict || len(simplify.Domain(d.g)) > 0 {
				return c, false
			}
			c.strict = d.strict
			gs = append(gs, d.g)
		}
		if c.g = gs[0]; len(gs) > 1 {
			c.g = p.Call(fn.Lookup(name), gs...)
		}
		return c, true
	}
	if !e.Op().IsRelation() {
		return c, false
	}
	a, b := p.Import(e.Arg(0)), p.Import(e.Arg(1))
	d := p.Make(expr.Add, a, p.Make(expr.Neg, b))
	op := e.Op()
	if op == expr.Gt || op == expr.Ge {
		d = p.Make(expr.Add, b, p.Make(expr.Neg, a))
		op = map[expr.Op]expr.Op{expr.Gt: expr.Lt, expr.Ge: expr.Le}[op]
	}
	switch {
	case (op == expr.Eq) == holds && (op == expr.Eq || op == expr.Ne):
		c = constraintCheck{g: p.Call(fn.Lookup("abs"), d)}
	case op == expr.Eq || op == expr.Ne:
		c = constraintCheck{g: p.Make(expr.Neg, p.Call(fn.Lookup("abs"), d)), strict: true}
	case holds:
		c = constraintCheck{g: d, strict: op == expr.Lt}
	default:
		c = constraintCheck{g: p.Make(expr.Neg, d), strict: op == expr.Le}
	}
	return c, true
}

// allConditions returns the conditions and the bounds.
func (v *verifier) allConditions() []constraintCheck {
	out := slices.Clone(v.conditions)
	for _, x := range v.c.Variables {
		out = append(out, v.boundsOf(x)...)
	}
	return out
}

// says reports whether c, a condition on the same or a greater g, is as strict as k.
func (c constraintCheck) says(k constraintCheck) bool {
	return (c.equal || !k.equal) && (c.strict || !k.strict)
}

// neverDenied reports whether k, an inequality that is defined wherever f is, is proved to hold at the points of the region that have for
// variables the values of formulas and satisfy more: boxes leave none at which it does not.
func (v *verifier) neverDenied(k constraintCheck, with map[string]expr.Expr, more ...constraintCheck) bool {
	const boxes = 60
	if k.equal || !v.definedWith(v.f, k.g) {
		return false
	}
	pool := expr.NewPool()
	minus := func(e expr.Expr) expr.Expr { return pool.Make(expr.Neg, pool.Import(e)) }
	known := append(v.allConditions(), more...)
	if slices.ContainsFunc(known, func(c constraintCheck) bool { // which is not below k
		gap, some := v.rangeOn(simplify.Tidy(pool.Make(expr.Add, pool.Import(substitute(c.g, with)), minus(k.g))))
		return some && (gap.Lo > 0 || gap.Lo == 0 && c.says(k))
	}) {
		return true
	}
	against := []constraintCheck{{g: minus(k.g), strict: !k.strict}}
	if e := k.g; e.Op() == expr.If && e.Arg(0).Op() == expr.Or && e.Arg(1).IsNum(-1) && e.Arg(2).IsNum(1) {
		against = nil
		for _, a := range e.Arg(0).AppendArgs(nil) {
			c, ok := asInequality(pool, a, false, 0)
			if !ok {
				return false
			}
			against = append(against, c)
		}
	}
	known = append(known, against...)
	for x, e := range with {
		known = append(known, constraintCheck{g: pool.Make(expr.Add, pool.Var(x), minus(e)), equal: true})
	}
	w := *v
	return w.asEmpty(known) && w.bounded(v.region, boxes)
}

// asEmpty makes it what is to be shown that no point of the region satisfies the conditions.
func (v *verifier) asEmpty(conditions []constraintCheck) bool {
	v.report, v.least, v.empty, v.strict, v.compact, v.outer, v.bent, v.supports, v.duals = Report{}, math.Inf(1), true, false, nil, nil, false, nil, nil
	v.cons = conditions
	return v.compileConditions() == nil
}

// follows reports whether k is one of the conditions and bounds, with formulas in the places of
// variables, or of more, or a multiple of one.
func (v *verifier) follows(k constraintCheck, with map[string]expr.Expr, more ...constraintCheck) bool {
	return slices.ContainsFunc(append(v.allConditions(), more...), func(c constraintCheck) bool {
		g := substitute(c.g, with)
		return c.says(k) && (expr.Equal(g, k.g) || v.equals(g, k.g) || multiple(g, k.g) || c.equal && multiple(g.Pool().Make(expr.Neg, g), k.g))
	})
}

// byLine reports whether k, the bound of a variable, follows from a linear condition and the bounds of its other variables: g being the condition
// with a multiplier that makes the coefficient of the variable the same, k - g is a linear function of the others, and not positive where that
// is greatest.
func (v *verifier) byLine(k constraintCheck) bool {
	x := k.g.Vars()[0]
	slope := func(g expr.Expr, x string) *big.Rat {
		if a, ok := exactRat(simplify.Tidy(diff.D(g, x))); ok {
			return a
		}
		return new(big.Rat)
	}
	for _, c := range v.conditions {
		a, b := slope(k.g, x), slope(c.g, x)
		if a.Sign() == 0 || b.Sign() == 0 || !c.equal && a.Sign() != b.Sign() || len(simplify.Domain(c.g)) > 0 {
			continue
		}
		pool := expr.NewPool()
		times := new(big.Rat).Quo(a, b)
		rest := pool.Make(expr.Add, pool.Import(k.g), pool.Make(expr.Mul, pool.Num(number.FromRat(times.Neg(times))), pool.Import(c.g)))
		at, line, strict := map[string]expr.Expr{}, []expr.Expr{pool.Int(0)}, c.strict
		for i, y := range v.c.Variables {
			s := slope(rest, y)
			end := v.ends[i][(s.Sign()+1)/2]
			if at[y] = pool.Int(0); s.Sign() != 0 && end.e.Valid() {
				at[y], strict = pool.Import(end.e), strict || end.open
			}
			line = append(line, pool.Make(expr.Mul, pool.Num(number.FromRat(s)), pool.Var(y)))
			if s.Sign() != 0 && !end.e.Valid() {
				line = nil
				break
			}
		}
		if line == nil {
			continue
		}
		origin := map[string]expr.Expr{}
		for _, y := range v.c.Variables {
			origin[y] = pool.Int(0)
		}
		line = append(line, pool.Import(substitute(rest, origin)))
		if !equal(rest, pool.Make(expr.Add, line...)) {
			continue
		}
		op := expr.Le
		if k.strict && !strict {
			op = expr.Lt
		}
		if holds(pool.Make(op, pool.Import(simplify.Tidy(substitute(rest, at))), pool.Int(0))) {
			return true
		}
	}
	return false
}
