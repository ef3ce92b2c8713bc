package verify

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for formulas in which other terms that are not greater take
// the place of some: of those with kinks, or constants of any.

// minorant reads a term and what it is not lower than; false where that is not so.
func (v *verifier) minorant(m certificate.Below) (term, below expr.Expr, ok bool) {
	if m.Mean != "" {
		return v.geometricMean(m)
	}
	if term, ok = v.formula(m.Term); ok && len(m.Pieces) > 0 {
		below, ok = v.underTerm(m, term)
		return term, below, ok
	}
	return term, below, false
}

// geometricMean reads the sum of terms c Π x_i^a_i with weights, c > 0 and x_i ≥ 0 on the region, and a term that is not above their geometric mean with
// these weights: it has the exponents of that, and the coefficient is, exactly, not greater. Where the terms are defined, all are
// nonnegative numbers.
func (v *verifier) geometricMean(m certificate.Below) (sum, mean expr.Expr, ok bool) {
	if slices.ContainsFunc(v.region, func(x interval.I) bool { return !(x.Lo >= 0) }) || len(m.Weights) != len(m.Pieces) {
		return sum, mean, false
	}
	if mean, ok = v.formula(m.Mean); !ok {
		return sum, mean, false
	}
	most, exponents, ok := v.monomial(mean)
	c, known := exactRat(most)
	if !ok || !known {
		return sum, mean, false
	}
	pool := expr.NewPool()
	terms := []expr.Expr{pool.Int(0), pool.Int(0)}
	var sizes, weights []*big.Rat
	total := new(big.Rat)
	for k, text := range m.Pieces {
		p, ok1 := v.formula(text)
		w, ok2 := readRat(m.Weights[k])
		if !ok1 || !ok2 || w.Sign() <= 0 {
			return sum, mean, false
		}
		size, a, ok1 := v.monomial(p)
		s, ok2 := exactRat(size)
		if !ok1 || !ok2 {
			return sum, mean, false
		}
		for i := range exponents {
			exponents[i] = exponents[i].Sub(a[i].Mul(number.FromRat(w)))
		}
		sizes, weights, total = append(sizes, s), append(weights, w), total.Add(total, w)
		terms = append(terms, pool.Make(expr.Mul, pool.Num(number.FromRat(w)), pool.Import(p)))
	}
	same := !slices.ContainsFunc(exponents, func(a number.Number) bool { return a.Sign() != 0 })
	return pool.Make(expr.Add, terms...), mean, same && total.Cmp(one) == 0 && notAboveMean(c, sizes, weights)
}

// meansMeetOnce reports whether the means of the minorants of a sum are equal to the sums of which they are, as all terms of each then are, at one point at
// most: all variables are positive, and the exponents leave no direction, or that of rays alone, on which an equation h = 1 leaves one point.
func (v *verifier) meansMeetOnce(r *certificate.Reduction) bool {
	var rows [][]number.Number // differences of the exponents of terms
	pool := expr.NewPool()
	plain := true // along rays
	for _, m := range r.Minorants {
		times, ok := v.formula(m.Times)
		if m.Mean == "" || !ok || !v.definedWith(v.f, pool.Call(fn.Lookup("log"), pool.Import(times))) {
			continue
		}
		var first []number.Number
		for _, text := range m.Pieces {
			p, _ := v.formula(text)
			_, a, ok := v.monomial(p)
			switch {
			case !ok:
				return false
			case first == nil:
				first = a
				continue
			}
			var sum number.Number
			for i := range a {
				a[i] = a[i].Sub(first[i])
				sum = sum.Add(a[i])
			}
			plain = plain && sum.Sign() == 0
			rows = append(rows, a)
		}
	}
	n := rank(rows)
	return (n == len(v.region) || r.Inner != "" && plain && n == len(v.region)-1) && !slices.ContainsFunc(v.c.Variables, func(x string) bool {
		return !v.definedWith(v.f, pool.Call(fn.Lookup("log"), pool.Var(x)))
	})
}

// notAboveMean reports whether c ≤ Π sizes^weights, for positive numbers: the powers with a common denominator of the weights are compared exactly.
func notAboveMean(c *big.Rat, sizes, weights []*big.Rat) bool {
	const mostBits = 100_000
	common := big.NewInt(1)
	for _, w := range weights {
		d := w.Denom()
		common.Mul(common, new(big.Int).Quo(d, new(big.Int).GCD(nil, nil, common, d)))
	}
	if !common.IsInt64() || common.Int64() > mostBits {
		return false
	}
	product, left := big.NewRat(1, 1), int64(mostBits)
	times := func(b *big.Rat, k int64) bool {
		if left -= k * int64(b.Num().BitLen()+b.Denom().BitLen()); left < 0 {
			return false
		}
		e := big.NewInt(k)
		product.Mul(product, new(big.Rat).SetFrac(new(big.Int).Exp(b.Num(), e, nil), new(big.Int).Exp(b.Denom(), e, nil)))
		return true
	}
	for i, s := range sizes {
		k := new(big.Rat).Mul(weights[i], new(big.Rat).SetInt(common))
		if !times(s, k.Num().Int64()) {
			return false
		}
	}
	return times(new(big.Rat).Inv(c), common.Int64()) && product.Cmp(one) >= 0
}

// underTerm reads what the term is not lower than.
func (v *verifier) underTerm(m certificate.Below, term expr.Expr) (expr.Expr, bool) {
	pool := expr.NewPool()
	if c, ok := readRat(m.Pieces[0]); ok && len(m.Pieces) == 1 && len(m.Weights) == 0 {
		least, _ := v.formula(m.Pieces[0])
		r, ok := v.rangeOn(term)
		lo, finite := floatRat(r.Lo)
		return least, ok && finite && c.Cmp(lo) <= 0
	}
	if term.IsCall("sqrt") || term.IsCall("hypot") {
		p, ok := v.formula(m.Pieces[0])
		if !ok || len(m.Pieces) != 1 || len(m.Weights) != 0 {
			return expr.Expr{}, false
		}
		square, _ := simplify.Canonical(pool.Make(expr.Pow, pool.Import(p), pool.Int(2))) // without roots
		square = pool.Import(square)
		left, ok := readPoly(pool.Make(expr.Add, radicand(pool, term), pool.Make(expr.Neg, square)), v.c.Variables)
		return p, ok && nowhereNegative(left, len(v.c.Variables))
	}
	known := pieces(pool.Import(term))
	var sum []expr.Expr
	total := new(big.Rat)
	if len(m.Weights) != len(m.Pieces) {
		return expr.Expr{}, false
	}
	for i, text := range m.Pieces {
		p, ok1 := v.formula(text)
		w, ok2 := readRat(m.Weights[i])
		if !ok1 || !ok2 || w.Sign() < 0 || !slices.ContainsFunc(known, func(e expr.Expr) bool { return equal(e, p) }) {
			return expr.Expr{}, false
		}
		total.Add(total, w)
		weight, _ := v.formula(m.Weights[i])
		sum = append(sum, pool.Make(expr.Mul, pool.Import(weight), pool.Import(p)))
	}
	return pool.Make(expr.Add, append(sum, pool.Int(0), pool.Int(0))...), total.Cmp(one) == 0
}

// radicand is that of a square root or of hypot.
func radicand(pool *expr.Pool, root expr.Expr) expr.Expr {
	q := pool.Import(root.Arg(0))
	if root.IsCall("hypot") {
		two := pool.Int(2)
		q = pool.Make(expr.Add, pool.Make(expr.Pow, q, two), pool.Make(expr.Pow, pool.Import(root.Arg(1)), two))
	}
	return q
}

// pieces returns formulas of which e is the greatest, wherever it is defined.
func pieces(e expr.Expr) (list []expr.Expr) {
	pool := e.Pool()
	switch {
	case e.IsCall("abs"):
		return append(pieces(e.Arg(0)), pool.Make(expr.Neg, e.Arg(0)))
	case e.IsCall("relu"):
		return append(pieces(e.Arg(0)), pool.Int(0))
	case e.IsCall("max"):
		for _, a := range e.AppendArgs(nil) {
			list = append(list, pieces(a)...)
		}
		return list
	case e.Op() == expr.Neg && e.Arg(0).IsCall("min"):
		for _, a := range e.Arg(0).AppendArgs(nil) {
			list = append(list, pieces(pool.Make(expr.Neg, a))...)
		}
		return list
	}
	return []expr.Expr{e}
}

// nowhereNegative reports whether the polynomial p, of degree two or less in n variables, is
// nowhere negative: whether the matrix of p as a form is positive semidefinite.
func nowhereNegative(p poly, n int) bool {
	q, ok := form(p, n)
	return ok && semidefinite(q)
}

// form returns the matrix of the polynomial p, of degree two or less, as a form in its n variables
// and 1, which comes last.
func form(p poly, n int) ([][]*big.Rat, bool) {
	q := make([][]*big.Rat, n+1)
	for i := range q {
		q[i] = slices.Repeat([]*big.Rat{new(big.Rat)}, n+1)
	}
	for m, c := range p {
		var at []int // the factors, n for 1
		for i := range n {
			at = append(at, slices.Repeat([]int{i}, int(m[i]))...)
		}
		if len(at) > 2 {
			return nil, false
		}
		for len(at) < 2 {
			at = append(at, n)
		}
		if at[0] != at[1] {
			c = new(big.Rat).Quo(c, big.NewRat(2, 1))
		}
		q[at[0]][at[1]], q[at[1]][at[0]] = c, c
	}
	return q, true
}
