package verify

import "math/big"

// This file decides exactly whether a rational function of one variable stays above a number,
// by the theorem of Sturm.

// A dense polynomial in one variable has the coefficient of x^i at place i, whole and without
// a common divisor, and no leading zeros: it stands for its positive multiples. 0 is empty.
type dense []*big.Int

// list returns a positive multiple of p, in one variable; ok is false where it is too large:
// the time that the theorem of Sturm takes grows with the square of the degree and of the bits.
func (p poly) list() (d dense, ok bool) {
	if p == nil {
		return nil, false
	}
	degree, _ := p.lead()
	d = make(dense, degree+1)
	den, g := big.NewInt(1), new(big.Int)
	for _, c := range p {
		if bits(c)*(1+degree*degree) > maxBits {
			return nil, false
		}
		g.GCD(nil, nil, den, c.Denom())
		den.Mul(den, g.Quo(c.Denom(), g))
	}
	for i := range d {
		d[i] = new(big.Int)
		if c := p[string([]byte{byte(i)})]; c != nil {
			d[i].Mul(c.Num(), new(big.Int).Quo(den, c.Denom()))
		}
	}
	return d.primitive(), true
}

// primitive divides p, the coefficients of which it changes, by their common divisor.
func (p dense) primitive() dense {
	for len(p) > 0 && p[len(p)-1].Sign() == 0 {
		p = p[:len(p)-1]
	}
	content := new(big.Int)
	for _, c := range p {
		content.GCD(nil, nil, content, new(big.Int).Abs(c))
	}
	for _, c := range p {
		c.Quo(c, content)
	}
	return p
}

func (p dense) derivative() dense {
	if len(p) < 2 {
		return nil
	}
	out := make(dense, len(p)-1)
	for i := range out {
		out[i] = new(big.Int).Mul(p[i+1], big.NewInt(int64(i+1)))
	}
	return out.primitive()
}

// divide returns quotient and remainder of p by q, which is not 0, both up to positive factors.
func (p dense) divide(q dense) (quo, rem dense) {
	rem = make(dense, len(p))
	for i, c := range p {
		rem[i] = new(big.Int).Set(c)
	}
	lead := q[len(q)-1]
	size := new(big.Int).Abs(lead)
	var t big.Int
	for len(rem) >= len(q) {
		// size·rem - c·x^k·q has no leading term, for c the leading coefficient with the sign of lead.
		k := len(rem) - len(q)
		c := new(big.Int).Set(rem[len(rem)-1])
		if lead.Sign() < 0 {
			c.Neg(c)
		}
		for i := range quo {
			quo[i].Mul(quo[i], size)
		}
		for len(quo) <= k {
			quo = append(quo, new(big.Int))
		}
		quo[k] = c
		rem = rem[:len(rem)-1]
		for i := range rem {
			rem[i].Mul(rem[i], size)
			if i >= k {
				rem[i].Sub(rem[i], t.Mul(c, q[i-k]))
			}
		}
		for len(rem) > 0 && rem[len(rem)-1].Sign() == 0 {
			rem = rem[:len(rem)-1]
		}
	}
	return quo.primitive(), rem.primitive()
}

func (p dense) gcd(q dense) dense {
	for len(q) > 0 {
		_, rem := p.divide(q)
		p, q = q, rem
	}
	return p
}

func (p dense) times(q dense) dense {
	out := make(dense, len(p)+len(q))
	for i := range out {
		out[i] = new(big.Int)
	}
	var t big.Int
	for i, a := range p {
		for j, b := range q {
			out[i+j].Add(out[i+j], t.Mul(a, b))
		}
	}
	return out.primitive()
}

// signAt is the sign at x, or, without an x, at the end of the line given by side.
func (p dense) signAt(x *big.Rat, side int) int {
	switch {
	case len(p) == 0:
		return 0
	case x == nil && side < 0 && len(p)%2 == 0:
		return -p[len(p)-1].Sign()
	case x == nil:
		return p[len(p)-1].Sign()
	}
	value := new(big.Rat)
	for i := len(p) - 1; i >= 0; i-- {
		value.Add(value.Mul(value, x), new(big.Rat).SetInt(p[i]))
	}
	return value.Sign()
}

// sturm returns the chain of Sturm of p.
func (p dense) sturm() []dense {
	chain := []dense{p, p.derivative()}
	for len(chain[len(chain)-1]) > 0 {
		_, rem := chain[len(chain)-2].divide(chain[len(chain)-1])
		for _, c := range rem {
			c.Neg(c)
		}
		chain = append(chain, rem)
	}
	return chain
}

// changes returns the number of changes of sign in the chain at x, or, without an x, at the end of the line given by side.
func changes(chain []dense, x *big.Rat, side int) int {
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

// roots returns the number of distinct roots of p in (a, b], where nil is an end
// of the line, by the theorem of Sturm. p has no multiple roots.
func (p dense) roots(a, b *big.Rat) int {
	chain := p.sturm()
	return changes(chain, a, -1) - changes(chain, b, 1)
}

// simple returns the product of the factors of p, each once.
func (p dense) simple() dense {
	out, _ := p.divide(p.gcd(p.derivative()))
	return out
}

// oddPart returns the product of the irreducible factors of p that have odd
// multiplicity: p changes its sign exactly at the real roots of it. (Musser, 1971.)
func (p dense) oddPart() dense {
	odd := dense{big.NewInt(1)}
	for i := 1; len(p) > 1; i++ {
		// p has the factors of multiplicity i or more, less i - 1 times.
		next := p.gcd(p.derivative())
		if i%2 == 1 {
			exactly, _ := p.divide(next) // those of multiplicity i or more, once
			above := dense{big.NewInt(1)}
			if len(next) > 1 {
				above = next.simple()
			}
			exactly, _ = exactly.divide(above)
			odd = odd.times(exactly)
		}
		p = next
	}
	return odd
}

// nonNegative reports whether p ≥ 0 on [a, b], where nil is an end of the line
// and a < b.
func (p dense) nonNegative(a, b *big.Rat) bool {
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

// less is num - low·den.
func (q quotient) less(low *big.Rat) poly { return q.num.by(one).plus(q.den, new(big.Rat).Neg(low)) }

// atLeast reports whether the function is at least low wherever it is defined
// on [a, b]; known is false where it is too large to tell.
func (q quotient) atLeast(low, a, b *big.Rat) (yes, known bool) {
	p, known := q.less(low).times(q.den).list()
	return known && p.nonNegative(a, b), known
}

// above reports whether the function is greater than low wherever it is defined
// on [a, b], an open end being left out.
func (q quotient) above(low, a, b *big.Rat, aOpen, bOpen bool) bool {
	// A common factor of numerator and denominator has roots where the function is
	// not defined, but then they need not be told apart from others: no claim.
	yes, _ := q.atLeast(low, a, b)
	n, ok := q.zeros(low, a, b)
	if p, _ := q.less(low).list(); ok && aOpen && p.signAt(a, 0) == 0 {
		n--
	}
	if p, _ := q.less(low).list(); ok && bOpen && p.signAt(b, 0) == 0 {
		n--
	}
	return yes && ok && n == 0
}

// zeros returns the number of places in [a, b], where nil is an end of the line, at which num - value·den is 0.
func (q quotient) zeros(value, a, b *big.Rat) (n int, ok bool) {
	p, ok := q.less(value).list()
	if !ok || len(p) == 0 {
		return 0, false
	}
	if len(p) == 1 {
		return 0, true
	}
	p = p.simple()
	n = p.roots(a, b)
	if a != nil && p.signAt(a, 0) == 0 {
		n++
	}
	return n, true
}
