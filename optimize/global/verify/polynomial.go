package verify

import (
	"math/big"

	"nabla/expr"
	"nabla/expr/number"
)

// This file decides exactly whether a rational function of one variable stays
// above a number. It is a part of the check and deliberately shares nothing with the
// polynomials of the search: polynomials here are slices of big.Rat, the
// coefficient of x^i at place i, without leading zeros; the zero polynomial is
// empty.

type fracPoly []*big.Rat

// maxFracDegree is the greatest degree that is treated exactly.
const maxFracDegree = 160

func (p fracPoly) trim() fracPoly {
	for len(p) > 0 && p[len(p)-1].Sign() == 0 {
		p = p[:len(p)-1]
	}
	return p
}

// maxFracBits limits the size of coefficients, by the degree: the time that the
// theorem of Sturm takes grows with the square of both.
const maxFracBits = 600_000

// bounded reports whether p is small enough to be worked with.
func (p fracPoly) bounded() bool {
	if p.degree() > maxFracDegree {
		return false
	}
	for _, c := range p {
		if b := c.Num().BitLen() + c.Denom().BitLen(); b*(1+p.degree()*p.degree()) > maxFracBits {
			return false
		}
	}
	return true
}

func (p fracPoly) degree() int { return len(p) - 1 }

func fracConst(c *big.Rat) fracPoly { return fracPoly{c}.trim() }

func (p fracPoly) add(q fracPoly, scale *big.Rat) fracPoly {
	out := make(fracPoly, max(len(p), len(q)))
	for i := range out {
		out[i] = new(big.Rat)
		if i < len(p) {
			out[i].Set(p[i])
		}
		if i < len(q) {
			out[i].Add(out[i], new(big.Rat).Mul(q[i], scale))
		}
	}
	return out.trim()
}

func (p fracPoly) mul(q fracPoly) fracPoly {
	if len(p) == 0 || len(q) == 0 {
		return nil
	}
	out := make(fracPoly, len(p)+len(q)-1)
	for i := range out {
		out[i] = new(big.Rat)
	}
	var t big.Rat
	for i, a := range p {
		if a.Sign() == 0 {
			continue
		}
		for j, b := range q {
			if b.Sign() != 0 {
				out[i+j].Add(out[i+j], t.Mul(a, b))
			}
		}
	}
	return out.trim()
}

func (p fracPoly) derivative() fracPoly {
	if len(p) < 2 {
		return nil
	}
	out := make(fracPoly, len(p)-1)
	for i := range out {
		out[i] = new(big.Rat).Mul(p[i+1], new(big.Rat).SetInt64(int64(i+1)))
	}
	return out.trim()
}

// primitive returns a positive multiple of p with whole coefficients that have
// no common divisor, which keeps remainder sequences short.
func (p fracPoly) primitive() fracPoly {
	if len(p) == 0 {
		return nil
	}
	den, g := big.NewInt(1), new(big.Int)
	for _, c := range p {
		d := c.Denom()
		g.GCD(nil, nil, den, d)
		den.Mul(den, new(big.Int).Quo(d, g))
	}
	content := new(big.Int)
	whole := make([]*big.Int, len(p))
	for i, c := range p {
		whole[i] = new(big.Int).Mul(c.Num(), new(big.Int).Quo(den, c.Denom()))
		content.GCD(nil, nil, content, new(big.Int).Abs(whole[i]))
	}
	out := make(fracPoly, len(p))
	for i, c := range whole {
		out[i] = new(big.Rat).SetInt(c.Quo(c, content))
	}
	return out
}

// divide returns quotient and remainder; q is not zero.
func (p fracPoly) divide(q fracPoly) (quo, rem fracPoly) {
	rem = p.add(nil, new(big.Rat))
	if len(p) < len(q) {
		return nil, rem
	}
	quo = make(fracPoly, len(p)-len(q)+1)
	for i := range quo {
		quo[i] = new(big.Rat)
	}
	lead := q[len(q)-1]
	var t big.Rat
	for len(rem) >= len(q) {
		k := len(rem) - len(q)
		c := new(big.Rat).Quo(rem[len(rem)-1], lead)
		quo[k] = c
		for i, b := range q {
			rem[k+i].Sub(rem[k+i], t.Mul(c, b))
		}
		rem = rem.trim()
	}
	return quo.trim(), rem
}

// remainder returns a positive multiple of the remainder of p by q, which have
// whole coefficients, as primitive gives them; so has the result.
func (p fracPoly) remainder(q fracPoly) fracPoly {
	r := make([]*big.Int, len(p))
	for i, c := range p {
		r[i] = new(big.Int).Set(c.Num())
	}
	d := make([]*big.Int, len(q))
	for i, c := range q {
		d[i] = c.Num()
	}
	lead := d[len(d)-1]
	size := new(big.Int).Abs(lead)
	var t big.Int
	for len(r) >= len(d) {
		k := len(r) - len(d)
		// size·r - c·x^k·q has no leading term.
		c := r[len(r)-1]
		if lead.Sign() < 0 {
			c = new(big.Int).Neg(c)
		}
		r = r[:len(r)-1]
		for i := range r {
			r[i].Mul(r[i], size)
			if i >= k {
				r[i].Sub(r[i], t.Mul(c, d[i-k]))
			}
		}
		for len(r) > 0 && r[len(r)-1].Sign() == 0 {
			r = r[:len(r)-1]
		}
	}
	out := make(fracPoly, len(r))
	for i, c := range r {
		out[i] = new(big.Rat).SetInt(c)
	}
	return out.primitive()
}

func (p fracPoly) gcd(q fracPoly) fracPoly {
	a, b := p.primitive(), q.primitive()
	for len(b) > 0 {
		a, b = b, a.remainder(b)
	}
	return a
}

func (p fracPoly) at(x *big.Rat) *big.Rat {
	v := new(big.Rat)
	for i := len(p) - 1; i >= 0; i-- {
		v.Mul(v, x)
		v.Add(v, p[i])
	}
	return v
}

// signAt is the sign at x, or, without an x, at the end of the line given by side.
func (p fracPoly) signAt(x *big.Rat, side int) int {
	if len(p) == 0 {
		return 0
	}
	if x != nil {
		return p.at(x).Sign()
	}
	s := p[len(p)-1].Sign()
	if side < 0 && p.degree()%2 != 0 {
		s = -s
	}
	return s
}

// roots returns the number of distinct roots of p in (a, b], where nil is an end
// of the line, by the theorem of Sturm. p has no multiple roots.
func (p fracPoly) roots(a, b *big.Rat) int {
	chain := []fracPoly{p.primitive(), p.derivative().primitive()}
	for len(chain[len(chain)-1]) > 0 {
		n := len(chain)
		r := chain[n-2].remainder(chain[n-1])
		chain = append(chain, fracPoly(nil).add(r, big.NewRat(-1, 1)))
	}
	changes := func(x *big.Rat, side int) int {
		n, last := 0, 0
		for _, q := range chain {
			s := q.signAt(x, side)
			if s != 0 && last != 0 && s != last {
				n++
			}
			if s != 0 {
				last = s
			}
		}
		return n
	}
	return changes(a, -1) - changes(b, 1)
}

// oddPart returns the product of the irreducible factors of p that have odd
// multiplicity: p changes its sign exactly at the real roots of it. (Yun, 1976.)
func (p fracPoly) oddPart() fracPoly {
	odd := fracConst(big.NewRat(1, 1))
	d := p.derivative()
	if len(d) == 0 {
		return odd
	}
	minus := big.NewRat(-1, 1)
	g := p.gcd(d)
	b, _ := p.divide(g)
	c, _ := d.divide(g)
	e := c.add(b.derivative(), minus)
	for i := 1; b.degree() > 0; i++ {
		a := b.gcd(e)
		if len(e) == 0 {
			a = b
		}
		if i%2 == 1 {
			odd = odd.mul(a).primitive()
		}
		b, _ = b.divide(a)
		c, _ = e.divide(a)
		e = c.add(b.derivative(), minus)
	}
	return odd
}

// nonNegative reports whether p ≥ 0 on [a, b], where nil is an end of the line
// and a < b.
func (p fracPoly) nonNegative(a, b *big.Rat) bool {
	if len(p) == 0 {
		return true
	}
	odd := p.oddPart()
	n := odd.roots(a, b)
	if b != nil && odd.signAt(b, 0) == 0 {
		n-- // a root at the end
	}
	if n != 0 {
		return false
	}
	// One sign between the ends: it is that at a point that is no root, and there
	// is one among degree+1 points.
	for i := range len(p) + 1 {
		if s := p.signAt(pointBetween(a, b, i), 0); s != 0 {
			return s > 0
		}
	}
	return false
}

// pointBetween returns point number i of a sequence of different points between
// a and b.
func pointBetween(a, b *big.Rat, i int) *big.Rat {
	k := big.NewRat(int64(i+1), 1)
	switch {
	case a == nil && b == nil:
		return k
	case a == nil:
		return k.Sub(b, k)
	case b == nil:
		return k.Add(a, k)
	}
	w := new(big.Rat).Sub(b, a)
	w.Mul(w, big.NewRat(1, int64(i+2)))
	return w.Add(a, w)
}

// A quotient is num/den; wherever the formula that it was read from is defined,
// den is not zero and the value is that of the formula.
type quotient struct{ num, den fracPoly }

// asQuotient reads e as a rational function of x with rational coefficients.
func asQuotient(e expr.Expr, x string) (quotient, bool) {
	type result struct {
		q  quotient
		ok bool
	}
	one := fracConst(big.NewRat(1, 1))
	scale := big.NewRat(1, 1)
	fit := func(q quotient) result {
		return result{q, q.num.bounded() && q.den.bounded()}
	}
	if e.Size() > 2000 {
		return quotient{}, false
	}
	r := expr.Fold(e, func(n expr.Expr, args []result) result {
		for _, a := range args {
			if !a.ok {
				return result{}
			}
		}
		switch n.Op() {
		case expr.Num:
			if n.Number().Bits() > 4000 {
				return result{}
			}
			return result{quotient{fracConst(n.Number().Rat()), one}, true}
		case expr.Var:
			return result{quotient{fracPoly{new(big.Rat), big.NewRat(1, 1)}, one}, n.Name() == x}
		case expr.Add:
			sum := quotient{nil, one}
			for _, a := range args {
				if len(sum.den) == 1 && len(a.q.den) == 1 && sum.den[0].Cmp(a.q.den[0]) == 0 {
					sum = quotient{sum.num.add(a.q.num, scale), sum.den}
				} else {
					sum = quotient{sum.num.mul(a.q.den).add(a.q.num.mul(sum.den), scale), sum.den.mul(a.q.den)}
				}
				if !fit(sum).ok {
					return result{}
				}
			}
			return fit(sum)
		case expr.Mul:
			product := quotient{one, one}
			for _, a := range args {
				product = quotient{product.num.mul(a.q.num), product.den.mul(a.q.den)}
				if !fit(product).ok {
					return result{}
				}
			}
			return fit(product)
		case expr.Neg:
			return result{quotient{fracPoly(nil).add(args[0].q.num, big.NewRat(-1, 1)), args[0].q.den}, true}
		case expr.Div:
			a, b := args[0].q, args[1].q
			if len(b.num) == 0 {
				return result{}
			}
			return fit(quotient{a.num.mul(b.den), a.den.mul(b.num)})
		case expr.Pow:
			if n.Arg(1).Op() != expr.Num && !(n.Arg(1).Op() == expr.Neg && n.Arg(1).Arg(0).Op() == expr.Num) {
				return result{}
			}
			w := args[1].q
			if len(w.num) == 0 || !w.num[0].IsInt() || !w.num[0].Num().IsInt64() {
				return result{}
			}
			k := w.num[0].Num().Int64()
			b := args[0].q
			if k < 0 {
				if len(b.num) == 0 {
					return result{}
				}
				b, k = quotient{b.den, b.num}, -k
			}
			if k > maxFracDegree || int64(max(len(b.num), len(b.den))-1)*k > maxFracDegree {
				return result{}
			}
			power := quotient{one, one}
			for range k {
				power = quotient{power.num.mul(b.num), power.den.mul(b.den)}
				if !fit(power).ok {
					return result{}
				}
			}
			return fit(power)
		}
		return result{}
	})
	if !r.ok || len(r.q.den) == 0 {
		return quotient{}, false
	}
	return r.q, true
}

// atLeast reports whether the function is at least low wherever it is defined
// on [a, b].
func (q quotient) atLeast(low, a, b *big.Rat) bool {
	h := q.num.add(q.den, new(big.Rat).Neg(low)).mul(q.den)
	return h.degree() <= maxFracDegree && h.nonNegative(a, b)
}

// above reports whether the function is greater than low wherever it is defined
// on [a, b], an open end being left out.
func (q quotient) above(low, a, b *big.Rat, aOpen, bOpen bool) bool {
	if !q.atLeast(low, a, b) {
		return false
	}
	p := q.num.add(q.den, new(big.Rat).Neg(low))
	if len(p) == 0 {
		return false
	}
	// A common factor of numerator and denominator has roots where the function is
	// not defined, but then they need not be told apart from others: no claim.
	free := p
	if d := p.derivative(); len(d) > 0 {
		free, _ = p.divide(p.gcd(d))
	}
	if free.degree() < 1 {
		return true
	}
	n := free.roots(a, b)
	if b != nil && bOpen && free.signAt(b, 0) == 0 {
		n--
	}
	if a != nil && !aOpen && free.signAt(a, 0) == 0 {
		n++
	}
	return n == 0
}

// fallsForever reports whether the function tends to -∞ as x → ∞.
func (q quotient) fallsForever() bool {
	return len(q.num) > len(q.den) && q.num.signAt(nil, 1)*q.den.signAt(nil, 1) < 0
}

// finallyAbove says whether the function is at least (or, strict, greater than)
// low for all large x.
func (q quotient) finallyAbove(low *big.Rat, strict bool) bool {
	p := q.num.add(q.den, new(big.Rat).Neg(low))
	if len(p) == 0 {
		return !strict
	}
	return p.signAt(nil, 1)*q.den.signAt(nil, 1) > 0
}

// exactRat reads a constant formula that is a rational number.
func exactRat(e expr.Expr) (*big.Rat, bool) {
	q, ok := asQuotient(e, "")
	if !ok || q.num.degree() > 0 || q.den.degree() > 0 {
		return nil, false
	}
	if len(q.num) == 0 {
		return new(big.Rat), true
	}
	return new(big.Rat).Quo(q.num[0], q.den[0]), true
}

// floatRat returns a float64 as a rational number.
func floatRat(x float64) (*big.Rat, bool) {
	n, ok := number.FromFloat(x)
	if !ok {
		return nil, false
	}
	return n.Rat(), true
}
