package prove

import (
	"slices"

	"nabla/expr/number"
)

// root returns b^q for a q that is no integer: a real power, defined for b ≥ 0
// (b > 0 when q < 0).
//
// A root is taken factor by factor, b = c·f₁^e₁·f₂^e₂…:
//
//   - of a factor with a known sign, f^(eq) or (-f)^(eq);
//   - of an even power of any real factor, |f|^(eq);
//   - of the rest together, a single base B = ± f·g·…, as B^q.
//
// Where an even power is 0, the rest may be negative and its root complex, but
// then the root is 0 and so is the product: every step holds wherever b^q is
// defined.
func (r *ring) root(b sum, q ratio) sum {
	if q.n > 0 {
		r.learn(b, zeroSign|plusSign)
	} else {
		r.learn(b, plusSign)
	}
	if len(b) == 0 {
		return nil
	}
	p, vanishes := r.factored(b)
	if vanishes {
		if q.n < 0 {
			panic(giveUp{why: nowhere})
		}
		return nil
	}
	negative := p.c.Sign() < 0
	c, m := r.numberPower(p.c.Abs(), q)
	put := func(k kernel, e ratio) {
		var f number.Number
		pw := monomial{{k, e}}
		if r.folds(k) {
			pw, f = r.fold(pw)
			c = c.Mul(f)
		}
		m, f = r.mul(m, pw)
		c = c.Mul(f)
	}
	var open monomial // the factors that stay together
	strict := true    // the others are not 0
	for _, f := range p.m {
		s := r.sign(f.k)
		info := &r.kernels[f.k]
		if !info.real || !f.e.isInt() && s&minusSign != 0 {
			open = append(open, f)
			continue
		}
		paired := false // with its sign, as in f·sign(f) = |f|
		if info.kind == kindSign {
			if f.e.isEven() {
				strict = false
				put(f.k, ratio{2, 0})
				continue
			}
			if r.paired(f, p.m) {
				continue
			}
		} else {
			paired = r.paired(f, p.m)
		}
		switch {
		case paired, f.e.isEven():
			strict = strict && s&zeroSign == 0
			put(r.magnitude(f.k), f.e.mul(q))
		case s&minusSign == 0:
			strict = strict && s&zeroSign == 0
			if s, ok := r.denested(f.k); ok {
				d, w := r.rooted(s, f.e.mul(q))
				var g number.Number
				m, g = r.mul(m, w)
				c = c.Mul(d).Mul(g)
				continue
			}
			put(f.k, f.e.mul(q))
		case s&plusSign == 0:
			strict = strict && s&zeroSign == 0
			negative = !negative
			put(r.opposite(f.k), f.e.mul(q))
		default:
			if e := f.e.sub(ratio{1, 0}); !e.isZero() {
				strict = strict && s&zeroSign == 0
				put(r.magnitude(f.k), e.mul(q))
			}
			open = append(open, power{f.k, ratio{1, 0}})
		}
	}
	sign := one
	if negative {
		sign = minusOne
	}
	switch {
	case len(open) == 0:
		if negative {
			put(minus, q)
		}
	case len(open) == 1 && open[0].e == (ratio{1, 0}) && r.kernels[open[0].k].real:
		k := open[0].k
		if negative {
			k = r.opposite(k)
		}
		if s, ok := r.denested(k); ok {
			d, w := r.rooted(s, q)
			m, f := r.mul(m, w)
			return monomialSum(c.Mul(d).Mul(f), m)
		}
		put(k, q)
	case !slices.ContainsFunc(open, func(f power) bool {
		return !r.kernels[f.k].real || f.e != ratio{1, 0} || r.sign(f.k)&zeroSign != 0
	}):
		// |f·g|^q = |f|^q·|g|^q; that f·g > 0 has been learnt.
		for _, f := range open {
			put(r.magnitude(f.k), q)
		}
	default:
		k := r.realBase(sign, open)
		if strict {
			r.restrict(k, zeroSign|plusSign)
		}
		put(k, q)
	}
	return monomialSum(c, m)
}

// oddIn reports that k has an odd power in m.
func oddIn(m monomial, k kernel) bool {
	return slices.ContainsFunc(m, func(p power) bool { return p.k == k && p.e.isOdd() })
}

// oddRoot returns the real n-th root of u for an odd n, which every real number
// has: sign(f)·|f|^(1/n) for each factor.
func (r *ring) oddRoot(u sum, n int) sum {
	if len(u) == 0 {
		return nil
	}
	p, vanishes := r.factored(u)
	if vanishes {
		return nil
	}
	q := newRatio(1, int64(n))
	c, m := r.numberPower(p.c.Abs(), q)
	if p.c.Sign() < 0 {
		c = c.Neg()
	}
	put := func(n monomial, d number.Number) {
		var f number.Number
		m, f = r.mul(m, n)
		c = c.Mul(d).Mul(f)
	}
	var open monomial
	for _, f := range p.m {
		s := r.sign(f.k)
		info := &r.kernels[f.k]
		switch {
		case !info.real, !f.e.isInt() && s&minusSign != 0:
			open = append(open, f)
		case info.kind == kindSign:
			put(monomial{f}, one)
		case info.kind == kindNumber:
			pw, d := r.fold(monomial{{f.k, f.e.mul(q)}})
			put(pw, d)
		default:
			if f.e.isOdd() && s&minusSign != 0 {
				p := r.signProduct(f.k)
				put(p.m, p.c)
			}
			put(monomial{{r.magnitude(f.k), f.e.mul(q)}}, one)
		}
	}
	if len(open) > 0 {
		k := r.realBase(one, open)
		put(monomial{{r.signKernel(k), ratio{1, 0}}}, one)
		put(monomial{{r.magnitude(k), q}}, one)
	}
	return monomialSum(c, m)
}

// anyRoot returns root(x, n).
func (r *ring) anyRoot(x, n sum) sum {
	v, ok := n.number()
	if k, isInt := v.Int64(); ok && isInt && k != 0 && k > -1000 && k < 1000 {
		if k < 0 {
			x, k = r.inverse(x), -k
		}
		switch {
		case k == 1:
			return x
		case k%2 != 0:
			return r.oddRoot(x, int(k))
		}
		return r.root(x, newRatio(1, k))
	}
	if v, ok := v.Inv(); ok {
		if q, ok := ratioOf(v); ok && !q.isInt() {
			return r.root(x, q) // for an n that is no odd integer x must not be negative
		}
	}
	if p, ok := r.positiveProduct(x); ok {
		// x^(1/n) = e^(log(x)/n)
		return r.exp(r.product(r.logAbs(p), r.inverse(n)))
	}
	return r.opaque(lookup("root"), []sum{x, n})
}

// positiveProduct returns u as a product of factors that are known to be
// positive.
func (r *ring) positiveProduct(u sum) (product, bool) {
	c, m, rest, ok := r.realFactors(u)
	if !ok || c.Sign() < 0 || len(rest) > 0 {
		return product{}, false
	}
	for _, f := range m {
		if r.powerSigns(f) != plusSign {
			return product{}, false
		}
	}
	return product{c, m}, true
}

// abs returns |u|, factor by factor.
func (r *ring) abs(u sum) sum {
	c, m, rest, ok := r.realFactors(u)
	if !ok {
		return nil
	}
	out := product{c: c.Abs()}
	put := func(p product) {
		m, f := r.mul(out.m, p.m)
		out = product{out.c.Mul(p.c).Mul(f), m}
	}
	for _, f := range append(m, rest...) {
		if r.sign(f.k)&minusSign == 0 || f.e.isEven() || !f.e.isInt() {
			put(product{one, monomial{f}})
			continue
		}
		if r.kernels[f.k].kind == kindSign {
			put(product{one, monomial{{f.k, ratio{2, 0}}}})
			continue
		}
		a := r.absolute(f.k)
		n, d := r.raise(a.c, a.m, f.e)
		put(product{n, d})
	}
	return out.sum()
}

// signOf returns the sign of u: -1, 0 or 1.
func (r *ring) signOf(u sum) sum {
	c, m, rest, ok := r.realFactors(u)
	if !ok {
		return nil
	}
	out := product{c: number.Int(int64(c.Sign()))}
	put := func(p product) {
		m, f := r.mul(out.m, p.m)
		out = product{out.c.Mul(p.c).Mul(f), m}
	}
	for _, f := range append(m, rest...) {
		s := r.sign(f.k)
		switch {
		case r.kernels[f.k].kind == kindSign:
			put(product{one, monomial{f}})
		case s&zeroSign != 0 && (f.e.isEven() || !f.e.isInt()) && f.e.n > 0:
			p := r.signProduct(f.k)
			p.c, p.m = r.raise(p.c, p.m, ratio{2, 0})
			put(p)
		case f.e.isOdd():
			put(r.signProduct(f.k))
		}
	}
	return out.sum()
}

// realFactors returns the real u ≠ 0 as c times powers of real kernels; what is
// complex in it stands together as one real base in rest. False means u = 0.
func (r *ring) realFactors(u sum) (c number.Number, m, rest monomial, ok bool) {
	if len(u) == 0 {
		return c, nil, nil, false
	}
	p, vanishes := r.factored(u)
	if vanishes {
		return c, nil, nil, false
	}
	var complex monomial
	for _, f := range p.m {
		if r.kernels[f.k].real && (f.e.isInt() || r.sign(f.k)&minusSign == 0) {
			m = append(m, f)
		} else {
			complex = append(complex, f)
		}
	}
	if len(complex) > 0 {
		k := r.realBase(one, complex)
		rest = monomial{{k, ratio{1, 0}}}
	}
	return p.c, m, rest, true
}

// extreme returns the greatest of x for a sign of 1, the least for -1:
// max(a, b) = (a + b + |a - b|)/2.
func (r *ring) extreme(x []sum, sign number.Number) sum {
	best := x[0]
	for _, u := range x[1:] {
		best = best.add(u).add(r.abs(best.sub(u)).scale(sign)).scale(half)
	}
	return best
}

// rooted returns k^q for the square root s of k, s ≥ 0.
func (r *ring) rooted(s sum, q ratio) (number.Number, monomial) {
	q = q.mul(ratio{2, 0})
	w := s
	if q.isInt() {
		w = r.pow(s, q)
	} else {
		w = r.root(s, q)
	}
	p := r.named(w)
	return p.c, p.m
}

// maxNested is the most terms of a sum under a root that is taken apart.
const maxNested = 16

// denested returns the square root of k = a + b·sqrt(n) ≥ 0, n being a power
// product, a ≥ 0 and the sign of b known, as sqrt(p) ± sqrt(q) with p, q = (a ±
// d)/2, if d² = a² - b²n is the square of a sum without new roots: the square of
// sqrt(p) ± sqrt(q) is a ± 2·sqrt(pq), and pq = b²n/4. As d² ≤ a², p and q are
// not negative.
func (r *ring) denested(k kernel) (root sum, ok bool) {
	def := r.definition(k)
	if len(def) < 2 || len(def) > maxNested || !r.plainlyReal(def) {
		return nil, false
	}
	a, b, n, ok := r.halves(def)
	if !ok || len(a) == 0 {
		return nil, false
	}
	sign := r.sumSigns(b)
	if r.sumSigns(a)&minusSign != 0 || sign&plusSign != 0 && sign&minusSign != 0 {
		return nil, false
	}
	ok = false
	r.within(expansionWork, func() {
		d, square := r.rootOfSquare(r.product(a, a).sub(r.times(r.product(b, b), one, n)))
		if !square {
			return
		}
		p := r.root(a.add(d).scale(half), ratio{1, 1})
		q := r.root(a.sub(d).scale(half), ratio{1, 1})
		if ok = true; sign&minusSign != 0 {
			root = r.abs(p.sub(q))
			return
		}
		root = p.add(q)
	})
	return root, ok && len(root) > 0
}

// halves returns s as a + b·sqrt(n), if it has the square root of one power
// product only, of factors that are not negative.
func (r *ring) halves(s sum) (a, b sum, n monomial, ok bool) {
	for _, t := range s {
		var whole, roots monomial
		for _, p := range t.m {
			switch {
			case p.e.isInt():
				whole = append(whole, p)
			case p.e.d1 != 1 || p.k == minus || r.sign(p.k)&minusSign != 0:
				return nil, nil, nil, false
			default:
				if e := p.e.sub(ratio{1, 1}); !e.isZero() {
					whole = append(whole, power{p.k, e})
				}
				roots = append(roots, power{p.k, ratio{1, 0}})
			}
		}
		switch {
		case len(roots) == 0:
			a = append(a, t)
			continue
		case n == nil:
			n = roots
		case compareMonomials(n, roots) != 0:
			return nil, nil, nil, false
		}
		b = append(b, summand{t.c, whole})
	}
	return collected(a), collected(b), n, n != nil
}

// rootOfSquare returns a d with d² = u, if u is seen to be a square.
func (r *ring) rootOfSquare(u sum) (d sum, ok bool) {
	if len(u) == 0 {
		return nil, true
	}
	p, vanishes := r.factored(u)
	if vanishes {
		return nil, true
	}
	c, ok := p.c.Root(2)
	if !ok || p.c.Sign() < 0 {
		return nil, false
	}
	for _, f := range p.m {
		if !f.e.isEven() {
			return nil, false
		}
	}
	_, m := r.raise(one, p.m, ratio{1, 1})
	return r.times(sum{{c, nil}}, one, m), true
}
