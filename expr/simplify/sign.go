package simplify

import (
	"slices"

	"nabla/expr/number"
)

// sign returns the signs that k may have where the formulas are defined.
func (r *ring) sign(k kernel) signs {
	info := &r.kernels[k]
	if info.flipped {
		return r.sign(info.minus).flip()
	}
	if info.kind == kindBase && info.real && info.signs&(info.signs-1) != 0 {
		if s := r.sumSigns(info.def); s != anySign {
			r.restrict(k, s)
		}
	}
	if info.kind == kindExp && info.signs&zero != 0 && !r.powerBaseMayVanish(k) {
		r.restrict(k, negative_|positive)
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
	info.signs &= s
	r.facts++
	if info.signs == 0 {
		panic(giveUp{why: nowhere})
	}
}

// powerSigns returns the signs that p may have.
func (r *ring) powerSigns(p power) signs {
	s := r.sign(p.k)
	switch {
	case !r.kernels[p.k].real:
		return anySign
	case p.e.n < 0:
		s &^= zero
	}
	switch {
	case p.e.isEven():
		if s&negative_ != 0 {
			s = s&^negative_ | positive
		}
	case !p.e.isInt() && s&negative_ != 0:
		return anySign
	}
	return s
}

// monomialSigns returns the signs that c·m may have.
func (r *ring) monomialSigns(c number.Number, m monomial) signs {
	s := positive
	if c.Sign() < 0 {
		s = negative_
	}
	for _, p := range m {
		t := r.powerSigns(p)
		var u signs
		if (s|t)&zero != 0 {
			u = zero
		}
		if s&positive != 0 {
			u |= t &^ zero
		}
		if s&negative_ != 0 {
			u |= t.flip() &^ zero
		}
		s = u
	}
	return s
}

// sumSigns returns the signs that a real sum may have, as far as the signs of
// its terms tell, or the roots of a polynomial in one kernel.
func (r *ring) sumSigns(s sum) signs {
	if len(s) == 0 {
		return zero
	}
	if !r.plainlyReal(s) {
		return r.boundedSigns(s)
	}
	all := signs(0)
	strict := false
	for _, a := range s {
		t := r.monomialSigns(a.c, a.m)
		all |= t
		strict = strict || t&zero == 0
	}
	if all&negative_ == 0 || all&positive == 0 {
		if strict {
			all &^= zero
		}
		return all
	}
	return r.univariateSigns(s)
}

// boundedSigns compares the constant of s with the other terms when those are
// products of numbers of absolute value 1.
func (r *ring) boundedSigns(s sum) signs {
	var c, rest number.Number
	for _, a := range s {
		if len(a.m) == 0 {
			c = a.c
			continue
		}
		if slices.ContainsFunc(a.m, func(p power) bool { return p.k != minus && r.kernels[p.k].kind != kindTurn }) {
			return anySign
		}
		rest = rest.Add(a.c.Abs())
	}
	t := positive
	if c.Sign() < 0 {
		t = negative_
	}
	switch c.Abs().Cmp(rest) {
	case 1:
		return t
	case 0:
		return t | zero
	}
	return anySign
}

// learn notes that the real sum s has one of the signs allowed, and what
// follows from that for its factors.
func (r *ring) learn(s sum, allowed signs) {
	if c, ok := s.number(); ok {
		if r.monomialSigns(c, nil)&allowed == 0 && len(s) > 0 || len(s) == 0 && allowed&zero == 0 {
			panic(giveUp{why: nowhere})
		}
		return
	}
	if len(s) == 0 {
		return
	}
	p := r.factor(s)
	c := positive
	if p.c.Sign() < 0 {
		c = negative_
	}
	if allowed&zero == 0 {
		for _, q := range p.m {
			if r.kernels[q.k].kind != kindNumber {
				r.restrict(q.k, negative_|positive)
			}
		}
	}
	if allowed == negative_|positive {
		return
	}
	var open []power // the factors that may change the sign
	strict := true   // the others are not 0
	for _, q := range p.m {
		t := r.powerSigns(q)
		if !r.kernels[q.k].real {
			return
		}
		switch {
		case t == positive:
		case t == negative_:
			c = c.flip()
		case t == positive|zero:
			strict = false
		case t == negative_|zero:
			strict = false
			c = c.flip()
		default:
			open = append(open, q)
		}
	}
	if c == negative_ {
		allowed = allowed.flip()
	}
	if !strict && allowed&zero != 0 {
		return // the product may be 0 for another reason
	}
	switch len(open) {
	case 0:
		if strict && allowed&positive == 0 {
			panic(giveUp{why: nowhere})
		}
	case 1:
		if q := open[0]; q.e.isOdd() {
			r.restrict(q.k, allowed)
		}
	case 2:
		r.learnPair(open[0], open[1], allowed)
	}
}

// learnPair uses that the product of f and g has one of the signs allowed: when
// f·g ≥ 0 and a sum of positive multiples of the two is positive, neither is
// negative. From 1-x² ≥ 0 follow 1-x ≥ 0 and 1+x ≥ 0.
func (r *ring) learnPair(f, g power, allowed signs) {
	if f.e != (ratio{1, 0}) || g.e != (ratio{1, 0}) {
		return
	}
	a, b := r.definition(f.k), r.definition(g.k)
	if allowed&positive == 0 {
		b, allowed = b.neg(), allowed.flip()
	}
	if allowed&negative_ != 0 {
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
		case positive:
			r.learnBase(f.k, a, allowed)
			r.learnBase(g.k, b, allowed)
		case negative_:
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
