package verify

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for conditions that are added to the formula, times
// multipliers.

// condition reads a single condition.
func (v *verifier) condition(text string) (c constraintCheck, ok bool) {
	e, err := expr.Reader{Conditions: true}.Expr(text)
	if err == nil {
		if ks, err := readConstraint(e); err == nil && len(ks) == 1 {
			return ks[0], true
		}
	}
	v.no("what the condition %q means", text)
	return c, false
}

// A multiple is a condition with its multiplier.
type multiplied struct {
	constraintCheck
	times    expr.Expr
	positive bool // the multiplier
}

// multiplied reads conditions of the claim with multipliers, which are checked to have the right
// signs.
func (v *verifier) multiplied(list []certificate.Multiplier) ([]multiplied, bool) {
	out := make([]multiplied, len(list))
	for i, m := range list {
		k, ok1 := v.condition(m.Condition)
		y, ok2 := v.formula(m.Value)
		if !ok1 || !ok2 {
			return nil, false
		}
		b, ok := tape.EncloseConstant(y)
		if !ok && !(k.equal && v.definedWith(v.f, y)) || !k.equal && !(b.Lo >= 0) || !v.follows(k, nil) {
			v.no("that %s is a condition with a multiplier of the right sign", m.Condition)
			return nil, false
		}
		out[i] = multiplied{k, y, ok && b.Lo > 0}
	}
	return out, true
}

// addDual makes a Lagrangian that bounds the formula from below on boxes.
func (v *verifier) addDual(m []certificate.Multiplier) {
	list, ok := v.multiplied(m)
	if !ok || len(list) == 0 {
		return
	}
	d := &verifier{c: v.c, f: lagrangian(v.f, list), left: v.left, ends: v.ends}
	p, err := tape.Compile(v.c.Variables)
	if err != nil || d.compile() != nil {
		return
	}
	d.cm = p.NewMachine()
	on := *d
	on.region, on.conditions = v.region, v.conditions
	d.bent = on.isConvex()
	if v.sites != nil {
		d.exact, d.high, d.region, d.lower, d.upper, d.unique = v.exact, v.high, v.region, v.lower, v.upper, v.unique
		d.findSites()
	}
	v.duals = append(v.duals, d)
}

// lagrangian returns f plus the constraints times the multipliers.
func lagrangian(f expr.Expr, list []multiplied) expr.Expr {
	pool := expr.NewPool()
	terms := []expr.Expr{pool.Import(f), pool.Int(0)}
	for _, m := range list {
		terms = append(terms, pool.Make(expr.Mul, pool.Import(m.times), pool.Import(m.g)))
	}
	return pool.Make(expr.Add, terms...)
}

// pushed reports whether a condition that leaves its edge out has a positive multiplier: then the
// sum of the conditions is negative.
func pushed(list []multiplied) bool {
	return slices.ContainsFunc(list, func(m multiplied) bool { return m.strict && m.positive })
}

// multiple reports whether a is a polynomial and b times a positive number.
func multiple(a, b expr.Expr) bool {
	p, ok1 := readPoly(a, a.Vars())
	q, ok2 := readPoly(b, a.Vars())
	for m, c := range p {
		d := q[m]
		return ok1 && ok2 && d != nil && c.Sign() == d.Sign() && p.equal(q.by(new(big.Rat).Quo(c, d)))
	}
	return false
}

// contradiction checks that nothing satisfies the conditions: their sum with
// multipliers of the right signs is positive, or 0 with a strict one among them.
func (v *verifier) contradiction(r *certificate.Reduction) bool {
	list, ok := v.multiplied(r.Multipliers)
	if !ok {
		return false
	}
	sum := lagrangian(expr.NewPool().Int(0), list)
	above := false
	if e, _ := simplify.Canonical(sum); e.Op() == expr.Num {
		above = e.Number().Sign() > 0 || pushed(list) && e.Number().Sign() == 0
	} else if len(r.Parts) > 0 {
		part := v.part(r.Parts[0], "sum of the conditions", false)
		above = part != nil && v.equals(sum, part.f) &&
			(part.floor() > 0 || pushed(list) && part.precise && equal(part.exact, expr.NewPool().Int(0)))
	}
	if above {
		v.yes("the sum of the conditions times multipliers of the right signs is not negative anywhere, as it would have to be")
	}
	return above
}
