package prove

import (
	"math/big"
	"math/cmplx"
	"slices"

	"nabla/expr/number"
)

// A base is a sum under a name. Before it gets one, a sum is made primitive:
// its rational content and the power product that divides all terms come out
// as factors, the first coefficient is positive, and a sum in e^(ix) is turned
// so that it is real where it can be. Sums that differ by such factors are thus
// powers of one kernel.

// named returns s as c·m·b with a base b, or as it is when it has one term. It
// must not be 0.
func (r *ring) named(s sum) product {
	if len(s) == 0 {
		panic("prove: the name of 0")
	}
	if len(s) == 1 {
		return product{s[0].c, s[0].m}
	}
	content, p := r.primitive(s)
	k := r.base(p)
	m, f := r.mul(content.m, monomial{{k, ratio{1, 0}}})
	return product{content.c.Mul(f), m}
}

// sum returns the product as a sum of one term.
func (p product) sum() sum { return monomialSum(p.c, p.m) }

// primitive returns s, of two or more terms, as content times primitive sum.
func (r *ring) primitive(s sum) (product, sum) {
	content := product{c: one}
	if m := r.commonPowers(s); len(m) > 0 {
		s = r.without(s, m)
		content.m = m
	}
	// e^(ix) - e^(-ix) is imaginary: i times it is real.
	if !r.plainlyReal(s) {
		if c, ok := r.conjugate(s); ok && !c.equal(s) && c.equal(s.neg()) {
			s = r.times(s, one, imaginary())
			m, f := r.mul(content.m, imaginary())
			content.m, content.c = m, content.c.Mul(f).Neg() // 1/i = -i
		}
	}
	c := rationalContent(s)
	if s[0].c.Sign() < 0 {
		c = c.Neg()
	}
	if c != one {
		inv, _ := c.Inv()
		s = s.scale(inv)
		content.c = content.c.Mul(c)
	}
	return content, s
}

// without returns s with the power product m taken out of each term, which is a
// factor of all of them. Exponents are subtracted, where a multiplication by 1/m
// would not do for a sign, which may be 0.
func (r *ring) without(s sum, m monomial) sum {
	out := make(sum, len(s))
	for n, a := range s {
		q := r.alloc(len(a.m) + len(m))
		i, j := 0, 0
		for i < len(a.m) || j < len(m) {
			switch {
			case j == len(m) || i < len(a.m) && a.m[i].k < m[j].k:
				q = append(q, a.m[i])
				i++
			case i == len(a.m) || m[j].k < a.m[i].k:
				q = append(q, power{m[j].k, m[j].e.neg()})
				j++
			default:
				if e := a.m[i].e.sub(m[j].e); !e.isZero() {
					q = append(q, power{m[j].k, e})
				}
				i, j = i+1, j+1
			}
		}
		r.keep(len(q))
		out[n] = summand{a.c, q}
	}
	return collected(out)
}

// rationalContent returns the greatest c > 0 for which the coefficients of s/c
// are integers without a common factor.
func rationalContent(s sum) number.Number {
	g, l := int64(0), int64(1)
	for _, a := range s {
		p, q, ok := a.c.Frac64()
		if !ok {
			return bigContent(s)
		}
		if g == 0 {
			g = max(p, -p)
		} else {
			g = gcd64(p, g)
		}
		h := gcd64(l, q)
		if l/h > 1<<40/q {
			return bigContent(s)
		}
		l *= q / h
	}
	return number.Frac(g, l)
}

func bigContent(s sum) number.Number {
	g, l, t := new(big.Int), big.NewInt(1), new(big.Int)
	for _, a := range s {
		x := a.c.Rat()
		g.GCD(nil, nil, g, t.Abs(x.Num()))
		t.GCD(nil, nil, l, x.Denom())
		l.Mul(l, t.Quo(x.Denom(), t))
	}
	return number.FromRat(new(big.Rat).SetFrac(g, l))
}

// commonPowers returns the power product that comes out of all terms of s: the
// least exponents, and for a turn e^(ix), which is never 0, the middle between
// the least and the greatest, so that what stays is symmetric.
func (r *ring) commonPowers(s sum) monomial {
	type span struct {
		k      kernel
		lo, hi ratio
		n      int
	}
	var spans []span
	for _, a := range s {
		for _, p := range a.m {
			i := slices.IndexFunc(spans, func(x span) bool { return x.k == p.k })
			if i < 0 {
				spans = append(spans, span{p.k, p.e, p.e, 1})
				continue
			}
			x := &spans[i]
			x.n++
			if p.e.cmp(x.lo) < 0 {
				x.lo = p.e
			}
			if p.e.cmp(x.hi) > 0 {
				x.hi = p.e
			}
		}
	}
	var m monomial
	for _, x := range spans {
		if x.n < len(s) {
			if x.lo.n > 0 {
				x.lo = ratio{}
			}
			if x.hi.n < 0 {
				x.hi = ratio{}
			}
		}
		e := x.lo
		if r.kernels[x.k].kind == kindTurn {
			e = x.lo.add(x.hi).mul(ratio{1, 1})
		}
		if !e.isZero() {
			m = append(m, power{x.k, e})
		}
	}
	slices.SortFunc(m, func(a, b power) int { return int(a.k) - int(b.k) })
	return m
}

// base returns the kernel that names the primitive sum p.
func (r *ring) base(p sum) kernel {
	if len(p) == 1 && p[0].c == one && len(p[0].m) == 1 && p[0].m[0].e == (ratio{1, 0}) {
		return p[0].m[0].k
	}
	k, fresh := r.enter(kernelInfo{kind: kindBase, def: p, signs: anySign})
	if fresh {
		r.kernels[k].real = r.isReal(p)
		r.define(k, p)
	}
	return k
}

// realBase returns a kernel for the real number c·m, whose factors may be
// complex. The kernel has a logarithm of its own, so that its fractional powers
// are real roots whatever the powers of the factors are.
func (r *ring) realBase(c number.Number, m monomial) kernel {
	p := sum{{c, m}}
	k, fresh := r.enter(kernelInfo{kind: kindBase, def: p, signs: anySign, real: true})
	if fresh {
		r.define(k, p)
	}
	return k
}

// define enters what follows from k being the name of p.
func (r *ring) define(k kernel, p sum) {
	if len(p) == 1 {
		r.kernels[k].parts = &product{p[0].c, p[0].m}
	}
	r.setValue(k, func(j int) complex128 {
		v, size := r.value(p, j)
		if cmplx.Abs(v) < 1e-9*size {
			return cmplx.NaN() // perhaps 0: better no value than noise
		}
		return v
	})
}

// opposite returns the kernel of -k, for which fractional powers are made when
// k is not positive.
func (r *ring) opposite(k kernel) kernel {
	if m := r.kernels[k].minus; m != 0 {
		return m
	}
	var def sum
	if info := &r.kernels[k]; info.kind == kindBase {
		def = info.def.neg()
	} else {
		def = sum{{minusOne, monomial{{k, ratio{1, 0}}}}}
	}
	n := r.base(def)
	known := r.kernels[n].signs
	r.kernels[n].parts = &product{minusOne, monomial{{k, ratio{1, 0}}}}
	r.kernels[n].real, r.kernels[n].flipped = r.kernels[k].real, true
	r.kernels[n].minus, r.kernels[k].minus = k, n
	r.restrict(n, known)
	return n
}

// absolute returns |k| for a real k, as a kernel if it needs one.
func (r *ring) absolute(k kernel) product {
	switch s := r.sign(k); {
	case s&minusSign == 0:
		return product{one, monomial{{k, ratio{1, 0}}}}
	case s&plusSign == 0:
		return product{minusOne, monomial{{k, ratio{1, 0}}}}
	}
	s := r.signProduct(k)
	m, c := r.mul(monomial{{k, ratio{1, 0}}}, s.m)
	return product{c.Mul(s.c), m}
}

// magnitude returns a kernel of which fractional powers can be taken and whose
// value is |k|.
func (r *ring) magnitude(k kernel) kernel {
	switch s := r.sign(k); {
	case s&minusSign == 0:
		return k
	case s&plusSign == 0:
		return r.opposite(k)
	}
	p := r.absolute(k)
	a := r.realBase(p.c, p.m)
	r.kernels[a].of = k
	r.restrict(a, zeroSign|plusSign)
	return a
}

// plainlyReal reports that no complex kernel occurs in s.
func (r *ring) plainlyReal(s sum) bool {
	for _, a := range s {
		for _, p := range a.m {
			if !r.kernels[p.k].real {
				return false
			}
		}
	}
	return true
}

// isReal reports that s is known to be real.
func (r *ring) isReal(s sum) bool {
	if r.plainlyReal(s) {
		return true
	}
	c, ok := r.conjugate(s)
	return ok && (c.equal(s) || len(s) < 200 && r.isZero(c.sub(s)))
}

// conjugate returns the complex conjugate of s, if its kernels tell.
func (r *ring) conjugate(s sum) (sum, bool) {
	out := make(sum, 0, len(s))
	for _, a := range s {
		m := r.alloc(len(a.m))
		special := false
		for _, p := range a.m {
			switch info := &r.kernels[p.k]; {
			case info.real:
			case info.kind == kindTurn, p.k == minus:
				p.e = p.e.neg()
				special = special || p.k == minus
			default:
				return nil, false
			}
			m = append(m, p)
		}
		r.keep(len(m))
		f := one
		if special {
			m, f = r.fold(m)
		}
		out = append(out, summand{a.c.Mul(f), m})
	}
	return collected(out), true
}
