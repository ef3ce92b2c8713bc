package verify

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file checks an identity of polynomials in several variables that writes the
// formula less its bound as a sum of squares: both sides are multiplied out with
// rational coefficients, and the matrices of the squares eliminated exactly.

// polynomial reads a text as a polynomial in the variables.
func (v *verifier) polynomial(text string) (poly, bool) {
	e, err := expr.Parse(text)
	if err != nil {
		return nil, false
	}
	return readPoly(e, v.c.Variables)
}

// sumOfSquares checks that the identity holds, that its terms are nowhere negative in
// the region, and that the bound is not below the claim.
func (v *verifier) sumOfSquares(s *certificate.SumOfSquares) bool {
	bound, ok := v.identity(s, v.notNegative)
	if !ok {
		return false
	}
	if v.squares = true; v.exact.Valid() {
		value, known := exactRat(v.exact)
		v.precise = known && value.Cmp(bound) == 0
	}
	v.yes("the formula less the bound is a sum of squares (the identity multiplied out, the matrices eliminated, exactly): nothing is better")
	return true
}

// outsideBall checks that nothing is better where |x| ≥ r, for the r of the factors, and takes
// the cube |x_i| ≤ r for what is left.
func (v *verifier) outsideBall(s *certificate.SumOfSquares) {
	if !slices.ContainsFunc(v.region, func(x interval.I) bool { return !x.IsBounded() }) {
		return
	}
	var r2 *big.Rat
	_, ok := v.identity(s, func(g poly) bool {
		if v.notNegative(g) {
			return true
		}
		rest := g.by(minusOne)
		for _, name := range v.c.Variables {
			x, _ := v.polynomial(name)
			rest.plus(x.times(x), one)
		}
		c, ok := rest.constant()
		if !ok || c.Sign() < 0 || r2 != nil && r2.Cmp(c) != 0 {
			return false
		}
		r2 = c
		return true
	})
	if !ok || r2 == nil {
		return
	}
	size, _ := tape.EncloseConstant(expr.NewPool().Num(number.FromRat(r2)))
	r := interval.Sqrt(size).Hi
	v.outer = make([]interval.I, len(v.region))
	for i := range v.outer {
		v.outer[i] = interval.New(-r, r)
	}
	v.yes("outside a ball of radius %.6g the formula less the value is a sum of squares, exactly: nothing is better there", r)
}

// identity checks that the identity holds, with factors that are as they are to be, and
// that its bound is not below the claim.
func (v *verifier) identity(s *certificate.SumOfSquares, factor func(poly) bool) (*big.Rat, bool) {
	bound, ok := readRat(s.Bound)
	f, known := readQuotient(v.f, v.c.Variables)
	least, finite := floatRat(v.least)
	if !ok || !known || !finite || bound.Cmp(least) < 0 || !v.positive(s.Multiplier) {
		v.no("that the bound of the sum of squares is the value")
		return nil, false
	}
	// Multiplier·(num - bound·den) = den·(sum)
	left := f.less(bound)
	if s.Multiplier != "" {
		m, ok := v.polynomial(s.Multiplier)
		if left = left.times(m); !ok || left == nil || len(m) == 0 {
			v.no("that the multiplier is a polynomial")
			return nil, false
		}
	}
	sum := poly{}
	for _, t := range s.Terms {
		p, ok := v.gram(t, factor)
		if !ok {
			return nil, false
		}
		sum.plus(p, one)
	}
	for _, t := range s.Equations {
		h, _ := v.polynomial(t.Of)
		l, _ := v.polynomial(t.Times)
		p := h.times(l)
		if p == nil || !v.isZero(h) {
			v.no("that %s is zero in the region", t.Of)
			return nil, false
		}
		sum.plus(p, one)
	}
	if !left.equal(sum.times(f.den)) {
		v.no("that both sides of the identity are the same polynomial")
		return nil, false
	}
	return bound, true
}

// positive reports whether the multiplier is nowhere negative, and, where there are
// conditions, positive: without, it is zero at most on a set without inner points, and f
// is continuous.
func (v *verifier) positive(text string) bool {
	if text == "" {
		return true
	}
	e, err := expr.Parse(text)
	if err != nil {
		return false
	}
	r, dec := v.encloseOn(e)
	return dec >= interval.Defined && (r.Lo > 0 || r.Lo == 0 && v.free())
}

// gram multiplies out a term, if it is nowhere negative.
func (v *verifier) gram(t certificate.Gram, factor func(poly) bool) (poly, bool) {
	z, q, ok := v.term(t)
	if !ok {
		v.no("that the squares are polynomials, with a symmetric matrix")
		return nil, false
	}
	sum := poly{}
	for i := range z {
		p := z[i].times(row(z, q[i]))
		if p == nil {
			return nil, false
		}
		sum.plus(p, one)
	}
	if t.Factor != "" {
		g, ok := v.polynomial(t.Factor)
		if !ok || !factor(g) {
			v.no("that %s is nowhere negative in the region", t.Factor)
			return nil, false
		}
		sum = sum.times(g)
	}
	if sum == nil || !semidefinite(q) {
		v.no("that the matrix of the squares is positive semidefinite")
		return nil, false
	}
	return sum, true
}

// maxGram is the most rows of the matrix of a term.
const maxGram = 400

// term reads the basis and the matrix, which is symmetric, of a term.
func (v *verifier) term(t certificate.Gram) (z []poly, q [][]*big.Rat, ok bool) {
	n := len(t.Basis)
	z, q = make([]poly, n), make([][]*big.Rat, n)
	if len(t.Matrix) != n || n > maxGram || v.left.over() {
		return nil, nil, false
	}
	for i := range z {
		if z[i], ok = v.polynomial(t.Basis[i]); !ok || len(t.Matrix[i]) != n {
			return nil, nil, false
		}
		q[i] = make([]*big.Rat, n)
		for j := range n {
			if q[i][j], ok = readRat(t.Matrix[i][j]); !ok || j < i && q[i][j].Cmp(q[j][i]) != 0 {
				return nil, nil, false
			}
		}
	}
	return z, q, true
}

// row is Σ q_j z_j.
func row(z []poly, q []*big.Rat) poly {
	sum := poly{}
	for j := range z {
		sum.plus(z[j], q[j])
	}
	return sum
}

// neverVanishing reports whether no point has the value that the sum of squares, which has
// been checked, bounds: with Q, Qz would vanish where zᵀQz does, but multiples of its
// entries add up to 1. This says nothing of terms with a factor, which are left out.
func (v *verifier) neverVanishing() bool {
	if !v.squares || !v.precise {
		return false
	}
	never, sum := v.c.SumOfSquares.Never, poly{}
	for _, t := range v.c.SumOfSquares.Terms {
		z, q, ok := v.term(t)
		if !ok || t.Factor != "" || len(z) > len(never) {
			return false
		}
		for i := range z {
			c, _ := v.polynomial(never[i])
			p := row(z, q[i]).times(c)
			if p == nil {
				return false
			}
			sum.plus(p, one)
		}
		never = never[len(z):]
	}
	if c, ok := sum.constant(); !ok || c.Cmp(one) != 0 {
		return false
	}
	v.yes("no point has the value: multiples of the squares add up to 1")
	return true
}

// semidefinite reports whether the symmetric matrix q, which it changes, is positive
// semidefinite: elimination meets no negative pivot, and beside a zero pivot only zeros.
func semidefinite(q [][]*big.Rat) bool {
	n := len(q)
	for k := range n {
		if q[k][k].Sign() < 0 {
			return false
		}
		for i := k + 1; i < n; i++ {
			if q[i][k].Sign() == 0 {
				continue
			}
			if q[k][k].Sign() == 0 {
				return false
			}
			f := new(big.Rat).Quo(q[i][k], q[k][k])
			for j := k + 1; j < n; j++ {
				q[i][j] = new(big.Rat).Sub(q[i][j], new(big.Rat).Mul(f, q[k][j]))
			}
		}
	}
	return true
}

// signs returns polynomials that the conditions and bounds say are not negative in the region,
// and others that they say are 0.
func (v *verifier) signs() (notNegative, zero []poly) {
	for _, c := range v.allConditions() {
		p, ok := readPoly(c.g, v.c.Variables)
		switch {
		case ok && c.equal:
			zero = append(zero, p)
		case ok:
			notNegative = append(notNegative, p.by(minusOne))
		}
	}
	return notNegative, zero
}

// notNegative reports whether g is ≥ 0 in the region as the difference of the sides of a
// condition, or the distance from a bound, or as the product of two of these.
func (v *verifier) notNegative(g poly) bool {
	known, _ := v.signs()
	for i, p := range known {
		if g.equal(p) || slices.ContainsFunc(known[:i], func(q poly) bool { return g.equal(p.times(q)) }) {
			return true
		}
	}
	return false
}

// isZero reports whether an equation says that h is 0 in the region.
func (v *verifier) isZero(h poly) bool {
	_, zero := v.signs()
	return slices.ContainsFunc(zero, func(p poly) bool { return h.equal(p) || h.equal(p.by(minusOne)) })
}
