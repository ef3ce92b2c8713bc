package prove

import (
	"slices"

	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// sign returns the signs that k may have where the formulas are defined.
func (r *ring) sign(k kernel) signs {
	info := &r.kernels[k]
	if info.flipped {
		return r.sign(info.minus).flip()
	}
	if info.signs&(info.signs-1) == 0 || info.asked == r.facts+1 {
		return info.signs
	}
	info.asked = r.facts + 1
	switch info.kind {
	case kindVar:
		r.restrict(k, r.comparedSigns(sum{{one, monomial{{k, ratio{1, 0}}}}}))
	case kindBase:
		if info.real {
			r.restrict(k, r.sumSigns(info.def))
			r.restrict(k, r.comparedSigns(info.def))
		}
	case kindCall:
		if info.f.Name == "gamma" && info.signs&minusSign != 0 && r.sumSigns(info.args[0]) == plusSign {
			r.restrict(k, plusSign)
		}
	case kindExp:
		if info.signs&zeroSign != 0 && !r.powerBaseMayVanish(k) {
			r.restrict(k, minusSign|plusSign)
		}
	}
	return r.kernels[k].signs
}

// restrict notes that the sign of k is among s. It gives up when that leaves
// none: then there is no point at which both formulas are defined.
func (r *ring) restrict(k kernel, s signs) {
	info := &r.kernels[k]
	if info.flipped {
		r.restrict(info.minus, s.flip())
		return
	}
	if info.signs&s == info.signs {
		return
	}
	wasOpen := info.signs&zeroSign != 0
	info.signs &= s
	r.facts++
	if info.signs == 0 {
		panic(giveUp{why: nowhere})
	}
	if wasOpen && info.signs&zeroSign == 0 && info.parts != nil {
		r.nonzero(info.parts.m)
	}
}

// powerSigns returns the signs that p may have.
func (r *ring) powerSigns(p power) signs {
	s := r.sign(p.k)
	switch {
	case !r.kernels[p.k].real:
		return anySign
	case p.e.n < 0:
		s &^= zeroSign
	}
	switch {
	case p.e.isEven():
		if s&minusSign != 0 {
			s = s&^minusSign | plusSign
		}
	case !p.e.isInt() && s&minusSign != 0:
		return anySign
	}
	return s
}

// monomialSigns returns the signs that c·m may have.
func (r *ring) monomialSigns(c number.Number, m monomial) signs {
	s := plusSign
	if c.Sign() < 0 {
		s = minusSign
	}
	for _, p := range m {
		t := r.powerSigns(p)
		var u signs
		if (s|t)&zeroSign != 0 {
			u = zeroSign
		}
		if s&plusSign != 0 {
			u |= t &^ zeroSign
		}
		if s&minusSign != 0 {
			u |= t.flip() &^ zeroSign
		}
		s = u
	}
	return s
}

// sumSigns returns the signs that a real sum may have, as far as the signs of
// its terms tell, or the roots of a polynomial in one kernel.
func (r *ring) sumSigns(s sum) signs {
	if len(s) == 0 {
		return zeroSign
	}
	if !r.plainlyReal(s) {
		return r.boundedSigns(s)
	}
	if all := r.termSigns(s); all&minusSign == 0 || all&plusSign == 0 {
		return all
	}
	if b, ok := r.constantBounds(s); ok {
		switch {
		case b.Lo > 0:
			return plusSign
		case b.Hi < 0:
			return minusSign
		}
		return anySign
	}
	if t := r.boundedSigns(s); t != anySign {
		return t
	}
	return r.univariateSigns(s)
}

// constantBounds encloses the value of a sum of constants.
func (r *ring) constantBounds(s sum) (interval.I, bool) {
	total := interval.Point(0)
	for _, a := range s {
		t := simplify.Hull(a.c)
		for _, p := range a.m {
			b, ok := r.kernelBounds(p.k)
			if !ok {
				return b, false
			}
			if p.e.isInt() {
				b = b.PowInt(int(p.e.n))
			} else {
				if b.Lo < 0 {
					return b, false
				}
				b = b.Pow(simplify.Hull(p.e.number()))
			}
			t = t.Mul(b)
		}
		total = total.Add(t)
	}
	return total, !total.IsEmpty()
}

// kernelBounds encloses the value of a constant real kernel.
func (r *ring) kernelBounds(k kernel) (interval.I, bool) {
	info := &r.kernels[k]
	if !info.real {
		return interval.Whole, false
	}
	switch info.kind {
	case kindVar:
		return interval.Pi, k == r.pi
	case kindNumber:
		return simplify.Hull(info.number), true
	case kindLog:
		b, ok := r.kernelBounds(info.of)
		return interval.Log(b.Abs()), ok && !b.Has(0)
	case kindExp:
		b, ok := r.constantBounds(sum{{one, info.m}})
		return interval.Exp(b), ok
	case kindBase:
		return r.constantBounds(info.def)
	case kindCall:
		args := make([]interval.I, len(info.args))
		for i, s := range info.args {
			b, ok := r.constantBounds(s)
			if !ok {
				return b, false
			}
			args[i] = b
		}
		if info.f.Decorate(args) < interval.Defined {
			return interval.Whole, false
		}
		return info.f.Enclose(args), true
	}
	return interval.Whole, false
}

// comparedSigns returns the signs that s may have as far as a base of known sign
// tells: from x - 2 > 0 follow x > 0 and x + 1 > 0, as x + 1 = (x - 2) + 3.
func (r *ring) comparedSigns(s sum) signs {
	for _, b := range r.bases {
		info := &r.kernels[b]
		def := info.def
		switch {
		case info.signs&minusSign == 0:
		case info.signs&plusSign == 0:
			def = def.neg()
		default:
			continue
		}
		strict := info.signs&zeroSign == 0
		for _, a := range def {
			i := slices.IndexFunc(s, func(x summand) bool { return compareMonomials(x.m, a.m) == 0 })
			if i < 0 || len(a.m) == 0 {
				continue
			}
			c, _ := s[i].c.Quo(a.c)
			rest := r.termSigns(s.sub(def.scale(c)))
			if c.Sign() < 0 {
				rest = rest.flip()
			}
			if rest&minusSign == 0 { // |c|·b + rest, or its negative
				out := rest | plusSign
				if strict {
					out = plusSign
				}
				if c.Sign() < 0 {
					out = out.flip()
				}
				return out
			}
		}
	}
	return anySign
}

// termSigns returns the signs that s may have as far as those of its terms tell.
func (r *ring) termSigns(s sum) signs {
	if len(s) == 0 {
		return zeroSign
	}
	all := signs(0)
	strict := false
	for _, a := range s {
		t := r.monomialSigns(a.c, a.m)
		all |= t
		strict = strict || t&zeroSign == 0
	}
	if strict && (all&minusSign == 0 || all&plusSign == 0) {
		all &^= zeroSign
	}
	return all
}

// boundedSigns compares the constant of s with the other terms when those are
// products of numbers of absolute value 1 at most: e^(ix) and signs.
func (r *ring) boundedSigns(s sum) signs {
	var c, rest number.Number
	for _, a := range s {
		if len(a.m) == 0 {
			c = a.c
			continue
		}
		if slices.ContainsFunc(a.m, func(p power) bool {
			kd := r.kernels[p.k].kind
			return p.k != minus && kd != kindTurn && (kd != kindSign || p.e.n < 0)
		}) {
			return anySign
		}
		rest = rest.Add(a.c.Abs())
	}
	t := plusSign
	if c.Sign() < 0 {
		t = minusSign
	}
	switch c.Abs().Cmp(rest) {
	case 1:
		return t
	case 0:
		return t | zeroSign
	}
	return anySign
}

// learn notes that the real sum s has one of the signs allowed, and what
// follows from that for its factors.
func (r *ring) learn(s sum, allowed signs) {
	if c, ok := s.number(); ok {
		if r.monomialSigns(c, nil)&allowed == 0 && len(s) > 0 || len(s) == 0 && allowed&zeroSign == 0 {
			panic(giveUp{why: nowhere})
		}
		return
	}
	if len(s) == 0 {
		return
	}
	p := r.factor(s)
	c := plusSign
	if p.c.Sign() < 0 {
		c = minusSign
	}
	if allowed&zeroSign == 0 {
		for _, q := range p.m {
			if r.kernels[q.k].kind != kindNumber {
				r.restrict(q.k, minusSign|plusSign)
			}
		}
	}
	if allowed == minusSign|plusSign {
		return
	}
	var open []power          // the factors that may change the sign
	strict, odd := true, true // the others are not 0; all of open have odd powers
	for _, q := range p.m {
		t := r.powerSigns(q)
		if !r.kernels[q.k].real {
			return
		}
		switch {
		case t == plusSign:
		case t == minusSign:
			c = c.flip()
		case t&minusSign == 0:
			strict = false
		case t&plusSign == 0:
			strict = false
			c = c.flip()
		default:
			open = append(open, q)
			odd = odd && q.e.isOdd()
		}
	}
	if c == minusSign {
		allowed = allowed.flip()
	}
	if !strict && allowed&zeroSign != 0 || !odd {
		return // the product may be 0 for another reason
	}
	// Signs that are known relative to each other may cancel.
	var free []power // of them, those that may be 0
	set := signSet{sign: 1}
	for _, q := range open {
		if r.sign(q.k)&zeroSign != 0 {
			free = append(free, q)
		} else {
			set = set.times(r.signSetOf(q.k))
		}
	}
	switch {
	case len(free) == 1 && len(set.kernels) == 0:
		if set.sign < 0 {
			allowed = allowed.flip()
		}
		r.restrict(free[0].k, allowed)
	case len(open) == 2 && len(free) > 0:
		r.learnPair(open[0], open[1], allowed)
	case len(free) == 0:
		if len(open) == 2 {
			r.learnPair(open[0], open[1], allowed)
		}
		r.relate(set, allowed&^zeroSign)
	}
}

// A signSet is a product of signs of kernels that are not 0, up to a factor ±1.
type signSet struct {
	sign    int
	kernels []kernel // increasing
}

// times returns the product of a and b: signs in both cancel.
func (a signSet) times(b signSet) signSet {
	out := signSet{sign: a.sign * b.sign}
	i, j := 0, 0
	for i < len(a.kernels) || j < len(b.kernels) {
		switch {
		case j == len(b.kernels) || i < len(a.kernels) && a.kernels[i] < b.kernels[j]:
			out.kernels = append(out.kernels, a.kernels[i])
			i++
		case i == len(a.kernels) || b.kernels[j] < a.kernels[i]:
			out.kernels = append(out.kernels, b.kernels[j])
			j++
		default:
			i, j = i+1, j+1
		}
	}
	return out
}

// signSetOf returns the sign of k ≠ 0 by signs that nothing is known of.
func (r *ring) signSetOf(k kernel) signSet {
	switch r.sign(k) {
	case plusSign:
		return signSet{sign: 1}
	case minusSign:
		return signSet{sign: -1}
	}
	info := &r.kernels[k]
	if info.flipped {
		s := r.signSetOf(info.minus)
		s.sign = -s.sign
		return s
	}
	if info.related == nil {
		return signSet{1, []kernel{k}}
	}
	out := signSet{sign: info.related.sign}
	for _, other := range info.related.kernels {
		out = out.times(r.signSetOf(other))
	}
	return out
}

// relate notes that the product of the signs in set is among allowed, a single
// sign: from then on one of them is written by the others.
func (r *ring) relate(set signSet, allowed signs) {
	want := 1
	switch allowed {
	case plusSign:
	case minusSign:
		want = -1
	default:
		return
	}
	switch len(set.kernels) {
	case 0:
		if set.sign != want {
			panic(giveUp{why: nowhere})
		}
		return
	case 1:
		if set.sign*want < 0 {
			r.restrict(set.kernels[0], minusSign)
		} else {
			r.restrict(set.kernels[0], plusSign)
		}
		return
	}
	// The one whose sign is the latest kernel, so that definitions point back.
	pivot := set.kernels[0]
	for _, k := range set.kernels[1:] {
		if r.signKernel(k) > r.signKernel(pivot) {
			pivot = k
		}
	}
	rest := signSet{sign: set.sign * want}
	for _, k := range set.kernels {
		if k != pivot {
			rest.kernels = append(rest.kernels, k)
		}
	}
	r.kernels[pivot].related = &rest
	r.facts++
}

// signProduct returns the sign of the real kernel k as a product: a number, or
// powers of signs.
func (r *ring) signProduct(k kernel) product {
	if info := &r.kernels[k]; info.flipped {
		p := r.signProduct(info.minus)
		return product{p.c.Neg(), p.m}
	}
	if r.sign(k)&zeroSign != 0 {
		return product{one, monomial{{r.signKernel(k), ratio{1, 0}}}}
	}
	set := r.signSetOf(k)
	out := product{c: number.Int(int64(set.sign))}
	for _, k := range set.kernels {
		m, f := r.mul(out.m, monomial{{r.signKernel(k), ratio{1, 0}}})
		out = product{out.c.Mul(f), m}
	}
	return out
}

// learnPair uses that the product of f and g has one of the signs allowed: when
// f·g ≥ 0 and a sum of positive multiples of the two is positive, neither is
// negative. From 1-x² ≥ 0 follow 1-x ≥ 0 and 1+x ≥ 0.
func (r *ring) learnPair(f, g power, allowed signs) {
	if f.e != (ratio{1, 0}) || g.e != (ratio{1, 0}) {
		return
	}
	a, b := r.definition(f.k), r.definition(g.k)
	if allowed&plusSign == 0 {
		b, allowed = b.neg(), allowed.flip()
	}
	if allowed&minusSign != 0 {
		return
	}
	for _, x := range a {
		if len(x.m) == 0 {
			continue
		}
		i := slices.IndexFunc(b, func(y summand) bool { return compareMonomials(x.m, y.m) == 0 })
		if i < 0 || x.c.Sign() == b[i].c.Sign() {
			continue
		}
		switch r.sumSigns(a.scale(b[i].c.Abs()).add(b.scale(x.c.Abs()))) {
		case plusSign:
			r.learnBase(f.k, a, allowed)
			r.learnBase(g.k, b, allowed)
		case minusSign:
			r.learnBase(f.k, a, allowed.flip())
			r.learnBase(g.k, b, allowed.flip())
		}
		return
	}
}

// learnBase notes the sign of s, which is k or -k.
func (r *ring) learnBase(k kernel, s sum, allowed signs) {
	if !s.equal(r.definition(k)) {
		allowed = allowed.flip()
	}
	r.restrict(k, allowed)
}

// definition returns what k stands for: itself, or the sum it names.
func (r *ring) definition(k kernel) sum {
	if info := &r.kernels[k]; info.kind == kindBase {
		return info.def
	}
	return sum{{one, monomial{{k, ratio{1, 0}}}}}
}
