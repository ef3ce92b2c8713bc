package prove

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

func lookup(name string) *fn.Func { return fn.Lookup(name) }

// An addend is a real multiple of a real power product. Exponentials of sums
// are products over the addends: exp(a + b) = exp(a)·exp(b).
type addend struct {
	c number.Number
	m monomial
}

// addends returns the real sum u in parts, so that equal sums have equal parts
// as far as possible: multiplied out, and with sines and cosines put together
// from their exponentials.
func (r *ring) addends(u sum) []addend {
	u = r.canonicalArgument(u)
	if r.plainlyReal(u) || r.hasBranch(u) {
		out := make([]addend, len(u))
		for i, a := range u {
			out[i] = addend{a.c, a.m}
		}
		return out
	}
	out, ok := r.harmonics(u)
	if !ok {
		p := r.named(u)
		return []addend{{p.c, p.m}}
	}
	return out
}

func (r *ring) hasBranch(u sum) bool {
	for _, a := range u {
		for _, p := range a.m {
			if r.kernels[p.k].kind == kindBranch {
				return true
			}
		}
	}
	return false
}

// harmonics returns u as multiples of e^(iκ) + e^(-iκ) and of i(e^(iκ) -
// e^(-iκ)), κ a combination of angles: twice cosines and sines. False means
// that u has no such form, or is not seen to be real.
func (r *ring) harmonics(u sum) ([]addend, bool) {
	type harmonic struct {
		rest, turn monomial
		c          [2][2]number.Number // of turn and its inverse; real and imaginary
	}
	var list []harmonic
	for _, a := range u {
		var rest, turn monomial
		unit := 0
		for _, p := range a.m {
			switch info := &r.kernels[p.k]; {
			case info.kind == kindTurn:
				turn = append(turn, p)
			case p.k == minus && p.e == ratio{1, 1}:
				unit = 1
			case info.real:
				rest = append(rest, p)
			default:
				return nil, false
			}
		}
		way := 0
		if len(turn) > 0 && turn[0].e.n < 0 {
			way = 1
			for i := range turn {
				turn[i].e = turn[i].e.neg()
			}
		}
		i := slices.IndexFunc(list, func(h harmonic) bool {
			return compareMonomials(h.rest, rest) == 0 && compareMonomials(h.turn, turn) == 0
		})
		if i < 0 {
			list = append(list, harmonic{rest: rest, turn: turn})
			i = len(list) - 1
		}
		list[i].c[way][unit] = a.c
	}
	var out []addend
	put := func(c number.Number, s sum, rest monomial) {
		p := r.named(s)
		m, f := r.mul(p.m, rest)
		out = append(out, addend{c.Mul(p.c).Mul(f), m})
	}
	for _, h := range list {
		if len(h.turn) == 0 {
			if h.c[0][1].Sign() != 0 {
				return nil, false
			}
			out = append(out, addend{h.c[0][0], h.rest})
			continue
		}
		if h.c[0][0] != h.c[1][0] || h.c[0][1] != h.c[1][1].Neg() {
			return nil, false
		}
		_, inverse := r.raise(one, h.turn, ratio{-1, 0})
		if c := h.c[0][0]; c.Sign() != 0 {
			put(c, sum{{one, h.turn}}.add(sum{{one, inverse}}), h.rest)
		}
		if c := h.c[0][1]; c.Sign() != 0 {
			s := r.times(sum{{one, h.turn}}.sub(sum{{one, inverse}}), one, imaginary())
			put(c, s, h.rest)
		}
	}
	return out, true
}

// canonicalArgument returns u multiplied out, over common denominators that
// have nothing in common with the numerator.
func (r *ring) canonicalArgument(u sum) sum {
	if len(u) == 0 || !slices.ContainsFunc(u, func(a summand) bool { return r.hasBase(a.m) }) {
		return u
	}
	p, vanishes := r.factored(u)
	if vanishes {
		return nil
	}
	above := product{c: p.c}
	var below monomial
	for _, q := range p.m {
		if q.e.n > 0 {
			above.m = append(above.m, q)
		} else {
			below = append(below, q)
		}
	}
	var n sum
	var shift monomial
	ok := false
	if !r.within(expansionWork, func() { n, shift, ok = r.expanded(above.sum(), true) }) || !ok || len(n) > largeBase {
		return p.sum()
	}
	m, c := r.mul(shift, below)
	if len(below) > 0 {
		return r.properFraction(r.times(n, one, shift), below)
	}
	return r.times(n, c, m)
}

// properFraction returns n·below, where below is one negative power of a base,
// with the whole part split off: x/(x+1) = 1 - 1/(x+1). The base must be a
// polynomial in some variable with a constant as leading coefficient.
func (r *ring) properFraction(n sum, below monomial) sum {
	whole := func() sum { return r.times(n, one, below) }
	i := slices.IndexFunc(below, func(q power) bool { return r.kernels[q.k].kind == kindBase })
	if i < 0 || below[i].e != (ratio{-1, 0}) {
		return whole()
	}
	for _, q := range below[i+1:] {
		if r.kernels[q.k].kind == kindBase {
			return whole()
		}
	}
	b := below[i]
	others := slices.Delete(slices.Clone(below), i, i+1)
	def := r.kernels[b.k].def
	x, lead, rest, degree := r.leading(def)
	if degree == 0 {
		return whole()
	}
	var quotient sum
	for range 50 {
		top, d := r.degreeIn(n, x)
		if d < degree {
			break
		}
		inv, _ := lead.Inv()
		// n = top·x^d + …: subtract top/lead·x^(d-degree)·def.
		q := r.times(top, inv, powerMonomial(x, d-degree))
		quotient = quotient.add(q)
		n = n.sub(r.times(top, one, powerMonomial(x, d))).sub(r.product(q, rest))
	}
	return r.times(quotient, one, others).add(r.times(n, one, below))
}

func powerMonomial(x kernel, n int) monomial {
	if n == 0 {
		return nil
	}
	return monomial{{x, integerRatio(n)}}
}

// leading returns a kernel x in which def is a polynomial whose leading
// coefficient is a number: def = lead·x^degree + rest. A degree of 0 means that
// there is none.
func (r *ring) leading(def sum) (x kernel, lead number.Number, rest sum, degree int) {
	for _, a := range def {
		for _, p := range a.m {
			kd := r.kernels[p.k].kind
			if kd == kindNumber || kd == kindSign || kd == kindTurn {
				continue
			}
			top, d := r.degreeIn(def, p.k)
			if c, ok := top.number(); ok && d > 0 {
				m := powerMonomial(p.k, d)
				return p.k, c, def.sub(monomialSum(c, m)), d
			}
		}
	}
	return 0, lead, nil, 0
}

// degreeIn returns the degree of s in x and the coefficient of the highest
// power. The degree is -1 when s is no polynomial in x.
func (r *ring) degreeIn(s sum, x kernel) (top sum, degree int) {
	for _, a := range s {
		d := 0
		var rest monomial
		for _, p := range a.m {
			if p.k != x {
				rest = append(rest, p)
				continue
			}
			if !p.e.isInt() || p.e.n < 0 {
				return nil, -1
			}
			d = int(p.e.n)
		}
		if d > degree {
			degree, top = d, nil
		}
		if d == degree {
			top = append(top, summand{a.c, rest})
		}
	}
	return collected(top), degree
}

// exp returns e^u.
func (r *ring) exp(u sum) sum {
	u, powers := r.withoutLambert(u)
	out := product{c: one, m: powers}
	for _, a := range r.addends(u) {
		p := r.expOf(a)
		m, f := r.mul(out.m, p.m)
		out = product{out.c.Mul(p.c).Mul(f), m}
	}
	return out.sum()
}

// expOf returns e^(c·m).
func (r *ring) expOf(a addend) product {
	q, ok := ratioOf(a.c)
	if !ok {
		panic(giveUp{why: "an exponent is too large", exhausted: true})
	}
	if len(a.m) == 1 && a.m[0].e == (ratio{1, 0}) {
		switch info := r.kernels[a.m[0].k]; info.kind {
		case kindLog:
			// e^(q·log|u|) = |u|^q
			of := &r.kernels[info.of]
			switch {
			case of.kind == kindNumber:
				c, m := r.numberPower(of.number, q)
				return product{c, m}
			case !of.real:
			case q.isInt():
				p := r.absolute(info.of)
				c, m := r.raise(p.c, p.m, q)
				return product{c, m}
			default:
				return product{one, monomial{{r.magnitude(info.of), q}}}
			}
		case kindBranch:
			return product{one, monomial{{info.of, q}}}
		}
	}
	return product{one, monomial{{r.exponential(a.m), q}}}
}

// log returns log(u), u > 0. The logarithm of a product is the sum of log|f|
// over its factors f: no sign of a factor need be known.
func (r *ring) log(u sum) sum {
	r.learn(u, plusSign)
	if len(u) == 0 {
		panic(giveUp{why: nowhere})
	}
	p, vanishes := r.factored(u)
	if vanishes {
		panic(giveUp{why: nowhere})
	}
	return r.logAbs(p)
}

// logAbs returns log|p|.
func (r *ring) logAbs(p product) sum {
	var out sum
	for _, f := range primes(p.c.Abs()) {
		out = append(out, summand{f.e.number(), monomial{{r.logarithm(r.number(f.base)), ratio{1, 0}}}})
	}
	for _, f := range p.m {
		out = append(out, r.logKernel(f)...)
	}
	return collected(out)
}

// logKernel returns log|f|.
func (r *ring) logKernel(f power) sum {
	info := &r.kernels[f.k]
	switch {
	case info.kind == kindTurn, info.kind == kindSign, f.k == minus:
		return nil // of absolute value 1
	case info.kind == kindExp:
		m := info.m
		if i := slices.IndexFunc(m, func(q power) bool { return r.kernels[q.k].kind == kindBranch }); i >= 0 {
			// |b^w| = e^(w·log|b|)
			of := r.kernels[m[i].k].of
			w := slices.Delete(slices.Clone(m), i, i+1)
			return r.times(r.logKernel(power{of, ratio{1, 0}}), f.e.number(), w)
		}
		if len(m) == 1 && m[0].e == (ratio{1, 0}) && isLambert(r.kernels[m[0].k].f) {
			// log e^W(u), W(u) being written u·e^(-W)
			return r.times(r.kernels[m[0].k].args[0], f.e.number(), monomial{{f.k, ratio{-1, 0}}})
		}
		return sum{{f.e.number(), m}}
	case info.kind == kindBase && info.parts != nil:
		return r.logAbs(*info.parts).scale(f.e.number())
	}
	return sum{{f.e.number(), monomial{{r.logarithm(f.k), ratio{1, 0}}}}}
}

// sinhCosh returns sinh(u) and cosh(u).
func (r *ring) sinhCosh(u sum) (sinh, cosh sum) {
	if v, sign, ok := r.unsigned(u); ok {
		sinh, cosh = r.sinhCosh(v)
		return r.times(sinh, one, sign), cosh
	}
	a := r.exp(u)
	c, m := r.raise(a[0].c, a[0].m, ratio{-1, 0})
	b := monomialSum(c, m)
	return a.sub(b).scale(half), a.add(b).scale(half)
}

// asinh returns the inverse of sinh, log(u + sqrt(u² + 1)).
func (r *ring) asinh(u sum) sum {
	if len(u) > 0 && u[0].c.Sign() < 0 {
		return r.asinh(u.neg()).neg()
	}
	s := u.add(r.root(r.square(u).add(constantSum(one)), ratio{1, 1}))
	return r.log(s)
}

// acosh returns the inverse of cosh, log(u + sqrt(u² - 1)), u ≥ 1.
func (r *ring) acosh(u sum) sum {
	r.learn(u.sub(constantSum(one)), zeroSign|plusSign)
	r.learn(u.add(constantSum(one)), plusSign)
	r.learn(u, plusSign)
	if v, ok := r.coshOf(u); ok {
		return r.abs(v)
	}
	return r.log(u.add(r.root(r.square(u).sub(constantSum(one)), ratio{1, 1})))
}

// coshOf returns v for u = cosh(v), if u has that form.
func (r *ring) coshOf(u sum) (sum, bool) {
	u = r.canonicalArgument(u)
	if len(u) != 2 || u[0].c != half || u[1].c != half {
		return nil, false
	}
	if m, c := r.mul(u[0].m, u[1].m); len(m) > 0 || c != one {
		return nil, false
	}
	for _, p := range u[0].m {
		if r.kernels[p.k].kind != kindExp || !r.kernels[p.k].real {
			return nil, false
		}
	}
	return r.logAbs(product{one, u[0].m}), true
}

// atanh returns the inverse of tanh, log((1+u)/(1-u))/2, |u| < 1.
func (r *ring) atanh(u sum) sum {
	return r.log(constantSum(one).add(u)).sub(r.log(constantSum(one).sub(u))).scale(half)
}

func (r *ring) square(u sum) sum {
	if len(u) == 0 {
		return nil
	}
	return r.pow(u, ratio{2, 0})
}

// symbolicPower returns b^w for a w that is no number, as e^(w·log b). For b < 0
// the power is defined where w is an integer, and then b^w = e^(w·ℓ) with the
// complex logarithm ℓ, so that no sign needs to be known. At b = 0, however,
// 0^w cannot be taken apart: b ≠ 0 becomes a condition unless w has one term.
func (t *translator) symbolicPower(n expr.Expr, b, w sum) sum {
	r := t.r
	if len(b) == 0 {
		panic(giveUp{why: "a power of 0"})
	}
	if c, ok := b.number(); ok && c == one {
		return b
	}
	p, vanishes := r.factored(b)
	if vanishes {
		panic(giveUp{why: "a power of 0"})
	}
	w = r.canonicalArgument(w)
	if q, ok := w.number(); ok {
		if e, ok := ratioOf(q); ok && q.Sign() != 0 {
			return r.pow(b, e)
		}
		panic(giveUp{why: "an exponent is too large", exhausted: true})
	}
	if slices.ContainsFunc(p.m, func(f power) bool { return r.sign(f.k)&zeroSign != 0 }) {
		if slices.ContainsFunc(p.m, func(f power) bool { return r.sign(f.k)&zeroSign != 0 && !r.smooth(r.zerosOf(f.k)) }) {
			panic(giveUp{why: "the base of a power may be 0 on a whole region"})
		}
		if len(w) > 1 || w[0].c.Sign() < 0 {
			t.proof.condition(expr.Ne, n.Arg(0), n.Arg(0).Pool().Int(0))
		}
	}
	size, open, negative := r.sized(p)
	logs := r.logAbs(size)
	switch {
	case len(open) == 0 && !negative:
		return r.exp(r.product(w, logs))
	case len(open) == 0:
		// A negative number: (-2)^w = 2^w·e^(iπw), w being an integer.
		turned := r.turned(r.times(w, one, monomial{{r.pi, ratio{1, 0}}}))
		return r.multiplied([]sum{r.exp(r.product(w, logs)), turned})
	case negative:
		open = monomial{{r.realBase(minusOne, open), ratio{1, 0}}}
	case len(open) > 1 || open[0].e != (ratio{1, 0}):
		open = monomial{{r.realBase(one, open), ratio{1, 0}}}
	}
	t.proof.unknownBase(n.Arg(0), n.Arg(1))
	logs = logs.add(sum{{one, monomial{{r.branch(open[0].k), ratio{1, 0}}}}})
	return r.exp(r.product(w, logs))
}

// sized splits the real p: it is size·open, where size is known to be positive
// or, when negative, negative, if it is not 0. Even powers are no less than 0, and
// so is k·sign(k). What stays open are the factors of whose signs not even that of
// the product is known.
func (r *ring) sized(p product) (size product, open monomial, negative bool) {
	size.c = p.c
	negative = p.c.Sign() < 0
	set, settled := signSet{sign: 1}, true
	for _, f := range p.m {
		info := &r.kernels[f.k]
		signed := r.sign(f.k)&minusSign != 0 && !f.e.isEven()
		if info.kind == kindSign && r.sign(info.of)&zeroSign != 0 {
			signed = true // log|s| = 0 would hide that it may be 0
		}
		if info.real && (!signed || r.paired(f, p.m)) {
			size.m = append(size.m, f)
			continue
		}
		open = append(open, f)
		if settled = settled && info.real && f.e.isOdd() && r.sign(f.k)&zeroSign == 0; settled {
			set = set.times(r.signSetOf(f.k))
		}
	}
	if len(open) == 0 || !settled || len(set.kernels) > 0 {
		return size, open, negative
	}
	return p, nil, negative != (set.sign < 0)
}

// paired reports that m has f = k or f = sign(k) beside the other, both with odd
// powers: k·sign(k) = |k|.
func (r *ring) paired(f power, m monomial) bool {
	if !f.e.isOdd() {
		return false
	}
	if info := &r.kernels[f.k]; info.kind == kindSign {
		return oddIn(m, info.of)
	}
	return slices.ContainsFunc(m, func(g power) bool {
		other := &r.kernels[g.k]
		return other.kind == kindSign && other.of == f.k && g.e.isOdd()
	})
}
