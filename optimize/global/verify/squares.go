package verify

import (
	"math/big"
	"strings"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file checks an identity of polynomials in several variables that writes the
// formula less its bound as a sum of squares: both sides are multiplied out with
// rational coefficients, and the matrices of the squares eliminated exactly.

// A manyPoly is a polynomial in several variables: the coefficients by the exponents,
// one byte each; none is 0.
type manyPoly map[string]*big.Rat

// maxManyTerms and maxManyDegree limit what is multiplied out.
const (
	maxManyTerms  = 20_000
	maxManyDegree = 100
)

// plus adds c q to p.
func (p manyPoly) plus(q manyPoly, c *big.Rat) {
	for m, a := range q {
		t := new(big.Rat).Mul(a, c)
		if b := p[m]; b != nil {
			t.Add(t, b)
		}
		if t.Sign() == 0 {
			delete(p, m)
		} else {
			p[m] = t
		}
	}
}

// times is p q, nil where that is too large.
func (p manyPoly) times(q manyPoly) manyPoly {
	if p == nil || q == nil {
		return nil
	}
	out := manyPoly{}
	for m, a := range p {
		for o, b := range q {
			key := []byte(m)
			for i := range key {
				if int(key[i])+int(o[i]) > maxManyDegree {
					return nil
				}
				key[i] += o[i]
			}
			out.plus(manyPoly{string(key): a}, b)
		}
		if len(out) > maxManyTerms {
			return nil
		}
	}
	return out
}

// A manyQuotient is num/den wherever the formula that it was read from is defined, and
// den is not zero there.
type manyQuotient struct{ num, den manyPoly }

// readMany reads e as a quotient of polynomials in vars.
func readMany(e expr.Expr, vars []string) (manyQuotient, bool) {
	constant := func(c *big.Rat) manyPoly {
		p := manyPoly{}
		p.plus(manyPoly{string(make([]byte, len(vars))): big.NewRat(1, 1)}, c)
		return p
	}
	one := big.NewRat(1, 1)
	if e.Size() > maxManyTerms {
		return manyQuotient{}, false
	}
	r := expr.Fold(e, func(n expr.Expr, args []manyQuotient) manyQuotient {
		for _, a := range args {
			if a.num == nil || a.den == nil {
				return manyQuotient{}
			}
		}
		switch n.Op() {
		case expr.Num:
			return manyQuotient{constant(n.Number().Rat()), constant(one)}
		case expr.Var:
			for i, x := range vars {
				if x == n.Name() {
					m := make([]byte, len(vars))
					m[i] = 1
					return manyQuotient{manyPoly{string(m): one}, constant(one)}
				}
			}
		case expr.Neg:
			return manyQuotient{args[0].num.times(constant(big.NewRat(-1, 1))), args[0].den}
		case expr.Add:
			sum := manyQuotient{manyPoly{}, constant(one)}
			for _, a := range args {
				num, den := sum.num.times(a.den), sum.den.times(a.den)
				other := a.num.times(sum.den)
				if num == nil || other == nil {
					return manyQuotient{}
				}
				num.plus(other, one)
				sum = manyQuotient{num, den}
			}
			return sum
		case expr.Mul:
			product := manyQuotient{constant(one), constant(one)}
			for _, a := range args {
				product = manyQuotient{product.num.times(a.num), product.den.times(a.den)}
			}
			return product
		case expr.Div:
			if len(args[1].num) > 0 {
				return manyQuotient{args[0].num.times(args[1].den), args[0].den.times(args[1].num)}
			}
		case expr.Pow:
			k, ok := exactRat(n.Arg(1))
			if !ok || !k.IsInt() || !k.Num().IsInt64() || k.Num().Int64() > maxManyDegree || k.Num().Int64() < -maxManyDegree {
				return manyQuotient{}
			}
			b, times := args[0], k.Num().Int64()
			if times < 0 {
				if b, times = (manyQuotient{b.den, b.num}), -times; len(b.den) == 0 {
					return manyQuotient{}
				}
			}
			power := manyQuotient{constant(one), constant(one)}
			for range times {
				power = manyQuotient{power.num.times(b.num), power.den.times(b.den)}
			}
			return power
		}
		return manyQuotient{}
	})
	return r, r.num != nil && len(r.den) > 0
}

// readRat reads a rational number, written as a whole number or a quotient of such.
func readRat(text string) (*big.Rat, bool) {
	if strings.ContainsAny(text, "eEpP") { // of which a short one may be large
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// polynomial reads a text as a polynomial in the variables.
func (v *verifier) polynomial(text string) (manyPoly, bool) {
	e, err := expr.Parse(text)
	if err != nil {
		return nil, false
	}
	q, ok := readMany(e, v.c.Variables)
	if !ok || len(q.den) != 1 {
		return nil, false
	}
	c := q.den[string(make([]byte, len(v.c.Variables)))]
	if c == nil {
		return nil, false
	}
	out := manyPoly{}
	out.plus(q.num, new(big.Rat).Inv(c))
	return out, true
}

// sumOfSquares checks that the identity holds, that its terms are nowhere negative in
// the region, and that the bound is not below the claim.
func (v *verifier) sumOfSquares(s *certificate.SumOfSquares) bool {
	bound, ok := v.identity(s, func(g manyPoly) bool { return v.notNegative(g) })
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
	var r2 *big.Rat
	_, ok := v.identity(s, func(g manyPoly) bool {
		if v.notNegative(g) {
			return true
		}
		norm := manyPoly{}
		for _, name := range v.c.Variables {
			x, _ := v.polynomial(name)
			norm.plus(x.times(x), big.NewRat(-1, 1))
		}
		norm.plus(g, big.NewRat(1, 1))
		c := norm[string(make([]byte, len(v.region)))]
		if len(norm) != 1 || c == nil || c.Sign() > 0 || r2 != nil && r2.Cmp(new(big.Rat).Neg(c)) != 0 {
			return false
		}
		r2 = new(big.Rat).Neg(c)
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
func (v *verifier) identity(s *certificate.SumOfSquares, factor func(manyPoly) bool) (*big.Rat, bool) {
	bound, ok := readRat(s.Bound)
	f, known := readMany(v.f, v.c.Variables)
	least, finite := floatRat(v.least)
	if !ok || !known || !finite || bound.Cmp(least) < 0 || !v.positive(s.Multiplier) {
		v.no("that the bound of the sum of squares is the value")
		return nil, false
	}
	// Multiplier·(num - bound·den) = den·(sum)
	left := manyPoly{}
	left.plus(f.num, big.NewRat(1, 1))
	left.plus(f.den, new(big.Rat).Neg(bound))
	if s.Multiplier != "" {
		m, ok := v.polynomial(s.Multiplier)
		if left = left.times(m); !ok || left == nil || len(m) == 0 {
			v.no("that the multiplier is a polynomial")
			return nil, false
		}
	}
	sum := manyPoly{}
	for _, t := range s.Terms {
		p, ok := v.gram(t, factor)
		if !ok {
			return nil, false
		}
		sum.plus(p, big.NewRat(1, 1))
	}
	for _, t := range s.Equations {
		h, ok1 := v.polynomial(t.Of)
		l, ok2 := v.polynomial(t.Times)
		p := h.times(l)
		if !ok1 || !ok2 || p == nil || !v.isZero(h) {
			v.no("that %s is zero in the region", t.Of)
			return nil, false
		}
		sum.plus(p, big.NewRat(1, 1))
	}
	sum = sum.times(f.den)
	if sum == nil {
		return nil, false
	}
	left.plus(sum, big.NewRat(-1, 1))
	if len(left) != 0 {
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
	p, err := tape.Compile(v.c.Variables, e)
	if err != nil {
		return false
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	p.NewMachine().Interval(out[:], dec[:], v.region)
	if v.free() {
		return dec[0] >= interval.Defined && out[0].Lo >= 0
	}
	return dec[0] >= interval.Defined && out[0].Lo > 0
}

// gram multiplies out a term, if it is nowhere negative.
func (v *verifier) gram(t certificate.Gram, factor func(manyPoly) bool) (manyPoly, bool) {
	n := len(t.Basis)
	z := make([]manyPoly, n)
	q := make([][]*big.Rat, n)
	if len(t.Matrix) != n {
		return nil, false
	}
	for i := range z {
		var ok bool
		if z[i], ok = v.polynomial(t.Basis[i]); !ok || len(t.Matrix[i]) != n {
			v.no("that the squares are polynomials")
			return nil, false
		}
		q[i] = make([]*big.Rat, n)
		for j := range n {
			if q[i][j], ok = readRat(t.Matrix[i][j]); !ok || j < i && q[i][j].Cmp(q[j][i]) != 0 {
				v.no("that the matrix is symmetric")
				return nil, false
			}
		}
	}
	sum := manyPoly{}
	for i := range z {
		row := manyPoly{}
		for j := range z {
			row.plus(z[j], q[i][j])
		}
		p := z[i].times(row)
		if p == nil {
			return nil, false
		}
		sum.plus(p, big.NewRat(1, 1))
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

// neverVanishing reports whether no point has the value that the sum of squares, which has
// been checked, bounds: with Q, Qz would vanish where zᵀQz does, but multiples of its
// entries add up to 1. This says nothing of terms with a factor, which are left out.
func (v *verifier) neverVanishing() bool {
	s := v.c.SumOfSquares
	if !v.squares || len(s.Never) == 0 || !v.free() || !v.exact.Valid() {
		return false
	}
	bound, ok := readRat(s.Bound)
	if value, known := exactRat(v.exact); !ok || !known || value.Cmp(bound) != 0 {
		return false
	}
	sum, k := manyPoly{}, 0
	for _, t := range s.Terms {
		for i := range t.Basis {
			if k >= len(s.Never) || t.Factor != "" {
				return false
			}
			row := manyPoly{}
			for j, text := range t.Basis {
				z, ok1 := v.polynomial(text)
				q, ok2 := readRat(t.Matrix[i][j])
				if !ok1 || !ok2 {
					return false
				}
				row.plus(z, q)
			}
			c, ok := v.polynomial(s.Never[k])
			p := row.times(c)
			if !ok || p == nil {
				return false
			}
			sum.plus(p, big.NewRat(1, 1))
			k++
		}
	}
	constant := sum[string(make([]byte, len(v.region)))]
	if len(sum) != 1 || constant == nil || constant.Cmp(big.NewRat(1, 1)) != 0 {
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

// notNegative reports whether g is ≥ 0 in the region as the difference of the sides of a
// condition, or the distance from a bound, or as the product of two of these.
func (v *verifier) notNegative(g manyPoly) bool {
	minus := big.NewRat(-1, 1)
	var known []manyPoly
	for _, c := range v.conditions {
		if q, ok := readMany(c.g, v.c.Variables); ok && !c.equal {
			if q.isNegative(g) {
				return true
			}
			if d := q.constantDenominator(); d != nil {
				p := manyPoly{}
				p.plus(q.num, new(big.Rat).Quo(minus, d))
				known = append(known, p)
			}
		}
	}
	for _, x := range v.c.Variables {
		for _, c := range v.boundsOf(x) {
			if q, ok := readMany(c.g, v.c.Variables); ok && q.constantDenominator() != nil {
				p := manyPoly{}
				p.plus(q.num, new(big.Rat).Quo(minus, q.constantDenominator()))
				known = append(known, p)
			}
		}
	}
	same := func(p manyPoly) bool {
		e := manyPoly{}
		e.plus(p, big.NewRat(1, 1))
		e.plus(g, minus)
		return len(e) == 0
	}
	for i, p := range known {
		if same(p) {
			return true
		}
		for _, q := range known[:i] {
			if same(p.times(q)) {
				return true
			}
		}
	}
	return false
}

// constantDenominator is the denominator of a polynomial, nil of another quotient.
func (q manyQuotient) constantDenominator() *big.Rat {
	if len(q.den) != 1 {
		return nil
	}
	for m, c := range q.den {
		for i := range len(m) {
			if m[i] != 0 {
				return nil
			}
		}
		return c
	}
	return nil
}

// isNegative reports whether q is the polynomial -g.
func (q manyQuotient) isNegative(g manyPoly) bool {
	if q.constantDenominator() == nil {
		return false
	}
	t := q.den.times(g)
	if t == nil {
		return false
	}
	t.plus(q.num, big.NewRat(1, 1))
	return len(t) == 0
}

// isZero reports whether an equation says that h is 0 in the region.
func (v *verifier) isZero(h manyPoly) bool {
	for _, c := range v.conditions {
		if !c.equal {
			continue
		}
		q, ok := readMany(c.g, v.c.Variables)
		if !ok {
			continue
		}
		minus := manyPoly{}
		minus.plus(h, big.NewRat(-1, 1))
		if q.isNegative(h) || q.isNegative(minus) {
			return true
		}
	}
	return false
}
