package verify

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file has what is known of where formulas are defined and what values they have on the region.

// equals reports whether g is proved to be defined wherever f is defined on the
// region, and equal to it: what bounds g there bounds f.
func (v *verifier) equals(f, g expr.Expr) bool {
	return !v.left.over() && equal(f, g) && v.definedWith(f, g)
}

// definedWith reports whether g is proved to be defined wherever f is on the region.
func (v *verifier) definedWith(f, g expr.Expr) bool {
	if v.decOn(g) >= interval.Defined {
		return true
	}
	t := simplify.New()
	pool := t.Pool()
	f = pool.Import(f)
	// The tidy form of a formula is defined wherever it is.
	tidy := pool.Import(simplify.Tidy(f))
	given := t.Implied(f, tidy)
	needed := append(simplify.Needed(f), simplify.Needed(tidy)...)
	for _, k := range v.conditions { // which are defined on the region as well
		needed = append(needed, simplify.Needed(k.g)...)
	}
	for _, c := range needed {
		c = pool.Import(c)
		given[plainly(c)] = true
		if (c.Op() == expr.Gt || c.Op() == expr.Ne) && c.Arg(1).IsNum(0) { // no factor is 0 either
			for _, u := range operands(expr.Mul, c.Arg(0)) {
				given[plainly(pool.Make(expr.Ne, u, c.Arg(1)))] = true
			}
		}
	}
	origin := map[string]expr.Expr{}
	for _, x := range v.c.Variables {
		origin[x] = t.Int(0)
	}
	for _, k := range v.allConditions() {
		if k.equal { // u is not 0 where u less another number is
			rest := simplify.Tidy(k.g)
			if c, ok := exactRat(substitute(rest, origin)); ok && c.Sign() != 0 {
				rest = t.Sub(pool.Import(rest), pool.Num(number.FromRat(c)))
				given[plainly(pool.Make(expr.Ne, rest, pool.Int(0)))] = true
			}
		} else { // and hold there
			least := pool.Make(expr.Neg, pool.Import(k.g))
			given[plainly(pool.Make(expr.Ge, least, pool.Int(0)))] = true
			if k.strict {
				given[plainly(pool.Make(expr.Gt, least, pool.Int(0)))] = true
				given[plainly(pool.Make(expr.Ne, least, pool.Int(0)))] = true
			}
		}
	}
	plainlyHolds := func(c expr.Expr) bool { return given[c] || given[plainly(c)] || v.holdsOnRegion(c) }
	known := func(c expr.Expr) bool {
		if plainlyHolds(c) {
			return true
		}
		u, ok := simplified(c, plainlyHolds)
		return ok && (given[u] || u.Arg(0).Op() == expr.Num && simplify.Holds(u.Op(), u.Arg(0).Number(), number.Int(0)))
	}
	follows := func(c expr.Expr) bool {
		return known(c) || c.Op() == expr.Gt && known(pool.Make(expr.Ge, c.Arg(0), c.Arg(1))) && known(pool.Make(expr.Ne, c.Arg(0), c.Arg(1)))
	}
	var isPositive func(terms []expr.Expr) bool
	nonzero := func(e expr.Expr) bool { // a product is not 0 where no factor is, nor is a power of a positive number
		return !slices.ContainsFunc(operands(expr.Mul, e), func(u expr.Expr) bool {
			if u.Op() == expr.Pow && u.Arg(0).IsConstant() {
				base, ok := tape.EncloseConstant(u.Arg(0))
				return !ok || !(base.Lo > 0)
			}
			if u.Op() == expr.Pow && follows(pool.Make(expr.Gt, u.Arg(0), t.Int(0))) {
				return false
			}
			if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num {
				if u.Arg(1).Number().Sign() < 0 {
					return false
				}
				u = u.Arg(0)
			}
			return !follows(pool.Make(expr.Ne, u, t.Int(0))) && !v.nonzero(u) && !(u.Op() == expr.Add && isPositive(u.AppendArgs(nil)))
		})
	}
	isPositive = func(terms []expr.Expr) bool { // one is positive, and the others together are not negative
		for i, e := range terms {
			others := t.Add(append(slices.Delete(slices.Clone(terms), i, i+1), t.Int(0))...)
			one, ok1 := v.rangeOn(e)
			rest, ok2 := v.rangeOn(others)
			if ok1 && ok2 && one.Lo >= 0 && rest.Lo >= 0 && nonzero(e) {
				return true
			}
		}
		return false
	}
	return !slices.ContainsFunc(simplify.Domain(named(t, pool.Import(g), func(e expr.Expr) bool { return follows(pool.Make(expr.Gt, e, t.Int(0))) }, f, tidy)), func(c expr.Expr) bool {
		c = expr.Fold(pool.Import(c), func(n expr.Expr, args []expr.Expr) expr.Expr {
			if n.IsCall("exp") && args[0].IsCall("log") { // that there is this logarithm is another condition
				return args[0].Arg(0)
			}
			return expr.Remake(n, pool, args, nil)
		})
		switch terms := operands(expr.Add, c.Arg(0)); {
		case follows(c):
			return false
		case !c.Op().IsRelation() || !c.Arg(1).IsNum(0):
			return true
		case c.Op() == expr.Gt:
			return !isPositive(terms)
		}
		return c.Op() != expr.Ne || !nonzero(c.Arg(0))
	})
}

// named is g with names for the powers with exponents that are no numbers that the formulas have
// too: these are defined wherever the formulas are, with or without a positive base, and where that is positive everywhere.
func named(t *simplify.Tidier, g expr.Expr, isPositive func(expr.Expr) bool, formulas ...expr.Expr) expr.Expr {
	powers := map[expr.Expr]bool{}
	for _, f := range formulas {
		if !hasBranches(f) {
			for n := range f.All() {
				powers[n] = n.Op() == expr.Pow && !n.Arg(1).IsConstant() && !isPositive(n.Arg(0))
			}
		}
	}
	return expr.Fold(g, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if powers[n] {
			return t.Var(fmt.Sprintf("power %d", n.ID())) // which nobody can write
		}
		return expr.Remake(n, t.Pool(), args, nil)
	})
}

func hasBranches(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If {
			return true
		}
	}
	return false
}

// holdsOnRegion reports whether a relation is seen to hold wherever its sides are defined on the region.
func (v *verifier) holdsOnRegion(c expr.Expr) bool {
	if !c.Op().IsRelation() {
		return false
	}
	pool := expr.NewPool()
	left := pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1))))
	d, ok := v.rangeOn(left)
	switch c.Op() {
	case expr.Gt:
		return ok && d.Lo > 0 || v.isQuadraticAbove(pool.Make(expr.Add, left, pool.Num(number.Frac(-1, 1e9))))
	case expr.Ge:
		return ok && d.Lo >= 0 || v.isQuadraticAbove(left)
	case expr.Ne:
		return ok && !d.Has(0)
	}
	return false
}

// isQuadraticAbove reports whether e is a polynomial of degree two or less that is nowhere negative.
func (v *verifier) isQuadraticAbove(e expr.Expr) bool {
	p, ok := readPoly(e, v.c.Variables)
	return ok && nowhereNegative(p, len(v.region))
}

// simplified is a relation that compares with 0, with what it compares in canonical form, if conditions hold that are known.
func simplified(c expr.Expr, known func(expr.Expr) bool) (expr.Expr, bool) {
	if !c.Op().IsRelation() || !c.Arg(1).IsNum(0) {
		return c, false
	}
	u, needed := simplify.Canonical(c.Arg(0))
	pool := c.Pool()
	return pool.Make(c.Op(), pool.Import(u), c.Arg(1)), !slices.ContainsFunc(needed, func(d expr.Expr) bool { return !known(pool.Import(d)) })
}

// plainly writes u != 0 for u^k != 0, k > 0, and for abs(u) > 0, and what is compared with 0 in canonical form.
func plainly(c expr.Expr) expr.Expr {
	if !c.Op().IsRelation() || !c.Arg(1).IsNum(0) {
		return c
	}
	op, u := c.Op(), c.Arg(0)
	for canonical := false; ; {
		switch {
		case (op == expr.Ne || op == expr.Gt) && u.IsCall("abs"):
			op, u = expr.Ne, u.Arg(0)
		case op == expr.Ne && u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0:
			u = u.Arg(0)
		case !canonical:
			if plain, needed := simplify.Canonical(u); len(needed) == 0 {
				u = plain
			}
			canonical = true
		default:
			return c.Pool().Make(op, c.Pool().Import(u), c.Arg(1))
		}
	}
}

// decOn is what the enclosure on the region says of the domain of e.
func (v *verifier) decOn(e expr.Expr) interval.Dec {
	_, dec := v.encloseOn(e)
	return dec
}

// rangeOn encloses e on the region; ok is false if e has no value there.
func (v *verifier) rangeOn(e expr.Expr) (r interval.I, ok bool) {
	r, _ = v.encloseOn(e)
	return r, !r.IsEmpty()
}

func (v *verifier) encloseOn(e expr.Expr) (interval.I, interval.Dec) { return v.encloseIn(e, v.region) }

// encloseIn encloses e in a box.
func (v *verifier) encloseIn(e expr.Expr, box []interval.I) (interval.I, interval.Dec) {
	p, err := tape.Compile(v.c.Variables, e)
	if err != nil {
		return interval.Whole, interval.Partial
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	p.NewMachine().Interval(out[:], dec[:], box)
	return out[0], dec[0]
}
