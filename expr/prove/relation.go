package prove

import (
	"math/big"

	"nabla/expr/number"
)

// Logarithms and angles can cancel although none of them is written by the
// others: log(sqrt(x²+1) + x) + log(sqrt(x²+1) - x) = 0, asin(x) =
// atan(x/sqrt(1-x²)). A sum of rational multiples of them is decided through
// its exponential, which is algebraic.

// linear is a sum A·(Σ cᵢkᵢ + rest) of kernels kᵢ of one sort.
type linear struct {
	k    []kernel
	c    []number.Number
	rest sum
}

// linearIn returns n, up to a common factor, as a linear combination of the
// kernels that sort picks.
func (r *ring) linearIn(n sum, sort func(kernel) bool) (linear, bool) {
	var out linear
	var parts []sum
	var others sum
	for _, a := range n {
		at := -1
		var m monomial
		for i, p := range a.m {
			if !sort(p.k) {
				m = append(m, p)
				continue
			}
			if at >= 0 || p.e != (ratio{1, 0}) {
				return out, false
			}
			at = i
		}
		if at < 0 {
			others = append(others, a)
			continue
		}
		k := a.m[at].k
		j := 0
		for j < len(out.k) && out.k[j] != k {
			j++
		}
		if j == len(out.k) {
			out.k = append(out.k, k)
			parts = append(parts, nil)
		}
		parts[j] = append(parts[j], summand{a.c, m})
	}
	if len(parts) == 0 {
		return out, false
	}
	first := collected(parts[0])
	for _, s := range parts {
		c, ok := proportional(collected(s), first)
		if !ok {
			return out, false
		}
		out.c = append(out.c, c)
	}
	if len(others) > 0 {
		others = collected(others)
		if c, ok := first.number(); ok {
			inv, _ := c.Inv()
			out.rest = others.scale(inv)
		} else if len(first) == 1 {
			c, m := r.raise(first[0].c, first[0].m, ratio{-1, 0})
			out.rest = r.times(others, c, m)
			// Where the factor is 0, the rest must not need to be divided by it.
			for _, a := range out.rest {
				for _, p := range a.m {
					if p.e.n < 0 && r.sign(p.k)&zeroSign != 0 {
						return out, false
					}
				}
			}
		} else {
			// Only a multiple of π times the common factor is of use.
			m := monomial{{r.pi, ratio{1, 0}}}
			c, ok := proportional(others, r.times(first, one, m))
			if !ok {
				return out, false
			}
			out.rest = monomialSum(c, m)
		}
	}
	return out, true
}

// proportional returns the number c with s = c·t.
func proportional(s, t sum) (number.Number, bool) {
	if len(s) != len(t) || len(s) == 0 {
		return number.Number{}, false
	}
	c, _ := s[0].c.Quo(t[0].c)
	for i := range s {
		if compareMonomials(s[i].m, t[i].m) != 0 || s[i].c != t[i].c.Mul(c) {
			return number.Number{}, false
		}
	}
	return c, true
}

// commonDenominator returns the least m > 0 for which all c·m are integers, if
// these are small.
func commonDenominator(c []number.Number) (m int64, ok bool) {
	l := big.NewInt(1)
	for _, x := range c {
		d := x.Rat().Denom()
		g := new(big.Int).GCD(nil, nil, l, d)
		l.Mul(l, g.Quo(d, g))
	}
	if !l.IsInt64() || l.Int64() > 60 {
		return 0, false
	}
	for _, x := range c {
		if x.Mul(number.Int(l.Int64())).Abs().Cmp(number.Int(60)) > 0 {
			return 0, false
		}
	}
	return l.Int64(), true
}

// relationCancels reports that d is 0 by a relation between logarithms or
// between angles.
func (r *ring) relationCancels(d sum) bool {
	// The values at the sample points are no help: an arc sine may have none.
	some := false
	for i := range r.kernels {
		info := &r.kernels[i]
		some = some || info.kind == kindLog || info.f != nil && (info.f.Name == "asin" || info.f.Name == "atan" || info.f.Name == "atan2")
	}
	if !some {
		return false
	}
	var n sum
	ok := false
	if !r.within(expansionWork, func() { n, _, ok = r.expanded(d, false) }) || !ok || len(n) > largeBase {
		return false
	}
	return r.logsCancel(n) || r.anglesCancel(n)
}

// logsCancel decides a real sum Σ cᵢ log|fᵢ| + s = 0 by
// Π fᵢ^(2mcᵢ) · exp(2ms) = 1, whole exponents mcᵢ: then Π|fᵢ|^(mcᵢ)·exp(ms) = 1.
func (r *ring) logsCancel(n sum) bool {
	l, ok := r.linearIn(n, func(k kernel) bool { return r.kernels[k].kind == kindLog })
	if !ok {
		return false
	}
	m, ok := commonDenominator(l.c)
	if !ok || !r.isReal(l.rest) {
		return false
	}
	scale := number.Int(2 * m)
	p := product{c: one}
	for i, k := range l.k {
		e, ok := ratioOf(l.c[i].Mul(scale))
		if !ok {
			return false
		}
		of := r.kernels[k].of
		c, q := one, monomial{{of, e}}
		if r.kernels[of].kind == kindNumber {
			c, q = r.numberPower(r.kernels[of].number, e)
		}
		q, f := r.mul(p.m, q)
		p = product{p.c.Mul(c).Mul(f), q}
	}
	e := r.exp(l.rest.scale(scale))
	return r.isZero(r.times(e, p.c, p.m).sub(constantSum(one)))
}

// anglesCancel decides Σ cᵢθᵢ + cπ = 0 for arc sines and tangents θᵢ. With whole
// mcᵢ, e^(im(…)) = 1 says that the sum is a multiple of 2π/m, and the ranges of
// the angles that it is smaller than that.
func (r *ring) anglesCancel(n sum) bool {
	l, ok := r.linearIn(n, func(k kernel) bool {
		f := r.kernels[k].f
		return f != nil && (f.Name == "asin" || f.Name == "atan" || f.Name == "atan2")
	})
	if !ok {
		return false
	}
	var turn number.Number // the multiple of π
	switch {
	case len(l.rest) == 0:
	case len(l.rest) == 1 && len(l.rest[0].m) == 1 && l.rest[0].m[0] == (power{r.pi, ratio{1, 0}}):
		turn = l.rest[0].c
	default:
		return false
	}
	m, ok := commonDenominator(l.c)
	if !ok {
		return false
	}
	lo, hi := turn, turn
	for i, k := range l.k {
		a, b := half.Neg(), half
		info := &r.kernels[k]
		s := r.signsOf(info.args[0])
		if info.f.Name == "atan2" && r.signsOf(info.args[1])&minusSign != 0 {
			// From -π, which it does not reach, to π, which it does for y = 0.
			a, b = minusOne, one
			if s == minusSign|zeroSign {
				s = anySign
			}
		}
		switch {
		case s&minusSign == 0:
			a = number.Number{}
		case s&plusSign == 0:
			b = number.Number{}
		}
		if l.c[i].Sign() < 0 {
			a, b = b, a
		}
		lo, hi = lo.Add(a.Mul(l.c[i])), hi.Add(b.Mul(l.c[i]))
	}
	step := number.Frac(2, m)
	below, above := lo.Cmp(step.Neg()), hi.Cmp(step)
	if below < 0 || above > 0 || !r.endsOpen(l, below == 0, above == 0) {
		return false
	}
	scale := number.Int(m)
	q, ok := ratioOf(turn.Mul(scale))
	if !ok {
		return false
	}
	product := r.rootOfUnity(q)
	for i, k := range l.k {
		e, ok := ratioOf(l.c[i].Mul(scale))
		if !ok {
			return false
		}
		f := r.turnOf(addend{e.number(), monomial{{k, ratio{1, 0}}}})
		if len(product)*len(f) > 200 {
			return false
		}
		product = r.product(product, f)
	}
	return r.isZero(product.sub(constantSum(one)))
}

// endsOpen reports that the ends of the range of l that are asked for are not
// attained: an arc tangent takes part with its infinite end.
func (r *ring) endsOpen(l linear, low, high bool) bool {
	lowOpen, highOpen := !low, !high
	for i, k := range l.k {
		info := &r.kernels[k]
		if info.f.Name != "atan" {
			continue
		}
		s := r.signsOf(info.args[0])
		toPlus, toMinus := s&plusSign != 0, s&minusSign != 0 // the ends ±π/2 of its range
		if l.c[i].Sign() < 0 {
			toPlus, toMinus = toMinus, toPlus
		}
		highOpen = highOpen || toPlus
		lowOpen = lowOpen || toMinus
	}
	return lowOpen && highOpen
}

// signsOf returns the signs that the real sum u may have.
func (r *ring) signsOf(u sum) signs {
	c, m, rest, ok := r.realFactors(u)
	if !ok {
		return zeroSign
	}
	return r.monomialSigns(c, append(m, rest...))
}
