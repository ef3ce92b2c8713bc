package tape

import (
	"slices"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// A factor is base^n in a product, n > 0. node is the formula that it is, by its
// place in the walk, or -1.
type factor struct {
	base ref
	n    int32
	node int32
}

// A product is sign * c * num / den.
type product struct {
	sign ref // 0 or 1
	c    number.Number
	num  []factor
	den  []factor

	divisors []factor // before equal ones are merged into den
}

// product returns the product of factors, which are nodes of the formulas at
// hand. Numbers are multiplied exactly, equal factors become powers and divisors
// one divisor; what other products have in common with this one is multiplied
// first.
func (g *graph) product(factors []ref, nodes []int32) ref {
	p := &product{c: number.Int(1)}
	g.gather(p, factors, nodes)
	g.nextList()
	for _, d := range p.divisors {
		p.den = g.enter(p.den, d)
	}
	return g.finish(p)
}

// quotient returns the product of num divided by the product of den. A divisor
// that is a quotient is not taken apart: u/(v/w) has no value at w = 0, where
// u*w/v may have one.
func (g *graph) quotient(num, den []ref) ref {
	p := &product{c: number.Int(1)}
	g.gather(p, num, nil)
	g.nextList()
	for _, d := range p.divisors {
		p.den = g.enter(p.den, d)
	}
	for _, d := range den {
		p.sign ^= d & 1
		d = d.abs()
		if n, ok := g.number(d); ok && n.Sign() != 0 {
			if q, ok := p.c.Quo(n); ok && q.Bits() <= maxBits {
				p.c = q
				continue
			}
		} else if u, n, ok := g.scaled(d.id()); ok && n.Sign() != 0 && g.insts[d.id()].Op == Mul {
			// c/(2u) is (c/2)/u, one constant fewer, where that loses nothing.
			if q, ok := p.c.Quo(n); ok && q.Bits() <= maxBits && q.IsFloat64() {
				p.c, d = q, u
			}
		}
		p.den = g.enter(p.den, g.factor(d.id(), -1))
	}
	return g.finish(p)
}

// gather enters factors in the numerator of p, except for the reciprocals among
// them, which it lists as divisors. nodes, if not nil, are what the factors are.
func (g *graph) gather(p *product, factors []ref, nodes []int32) {
	g.nextList()
	for i, f := range factors {
		node := int32(-1)
		if nodes != nil {
			node = nodes[i]
		}
		p.sign ^= f & 1
		f = f.abs()
		if n, ok := g.number(f); ok {
			if c := p.c.Mul(n); c.Bits() <= maxBits {
				p.c = c
				continue
			}
		} else if u, n, ok := g.scaled(f.id()); ok {
			if c := p.c.Mul(n); c.Bits() <= maxBits {
				p.c, f = c, u
			}
		}
		if in := g.insts[f.id()]; in.Op == Div && g.isOne(in.A) {
			p.divisors = append(p.divisors, g.factor(in.B, node))
		} else {
			p.num = g.enter(p.num, g.factor(f.id(), node))
		}
	}
}

// factor returns instruction i as a factor.
func (g *graph) factor(i, node int32) factor {
	u, n := g.powerOf(i)
	return factor{plus(u), n, node}
}

// scaled returns u and c where instruction i is u*c or u/(1/c).
func (g *graph) scaled(i int32) (u ref, c number.Number, ok bool) {
	in := g.insts[i]
	switch in.Op {
	case Mul:
		if c, ok = g.number(plus(in.B)); ok {
			return plus(in.A), c, true
		}
		c, ok = g.number(plus(in.A))
		return plus(in.B), c, ok
	case Div:
		if c, ok = g.number(plus(in.B)); ok {
			if c, ok = c.Inv(); ok {
				return plus(in.A), c, true
			}
		}
	}
	return 0, c, false
}

// enter adds f to list, merged with the power of the same base if one is there.
func (g *graph) enter(list []factor, f factor) []factor {
	i, seen := g.listed(f.base.id(), len(list))
	if seen && int64(list[i].n)+int64(f.n) <= maxExponent {
		list[i].n += f.n
		list[i].node = -1
		return list
	}
	return append(list, f)
}

// finish returns the value of p.
func (g *graph) finish(p *product) ref {
	g.sigmoids(p)
	num, k := g.split(p.num)
	den, d := g.split(p.den)
	k = g.mul(k, g.num(p.c)) ^ p.sign
	num, den = g.extract(num, den)
	switch {
	case len(den) == 0 && len(num) == 0:
		return g.div(k, d)
	case len(den) == 0:
		return g.scale(g.chain(num), k, d)
	}
	// The divisors are multiplied together and divided by once.
	v := g.chain(den)
	if len(num) == 0 {
		return g.div(g.div(k, d), v)
	}
	if g.isOne(d.id()) {
		if n, ok := g.unitFraction(k); ok {
			return g.div(g.chain(num), g.mul(v, n)) // u/(3v): 3 is exact, 1/3 is not
		}
	}
	return g.div(g.scale(g.chain(num), k, d), v)
}

// split takes the constants out of list and returns what is left and the product
// of the constants.
func (g *graph) split(list []factor) (vary []factor, k ref) {
	vary = list[:0]
	k = g.int(1)
	for _, f := range list {
		if g.fixed[f.base.id()] {
			k = g.mul(k, g.powi(f.base, f.n))
		} else {
			vary = append(vary, f)
		}
	}
	return vary, k
}

// chain returns the product of factors, from left to right.
func (g *graph) chain(factors []factor) ref {
	var q ref
	for i, f := range factors {
		if v := g.powi(f.base, f.n); i == 0 {
			q = v
		} else {
			q = g.mul(q, v)
		}
	}
	return q
}

// scale returns u*k/d for constants k and d. A third of u is u/3, rounded once,
// not u times a rounded third.
func (g *graph) scale(u, k, d ref) ref {
	if g.isOne(d.id()) {
		if n, ok := g.unitFraction(k); ok {
			return g.div(u, n)
		}
	}
	if g.isOne(k.id()) {
		return g.div(u, d).with(k)
	}
	return g.mul(u, g.div(k, d))
}

// unitFraction returns n where k is 1/n or -1/n and that is no float64.
func (g *graph) unitFraction(k ref) (ref, bool) {
	c, ok := g.number(k)
	if !ok {
		return 0, false
	}
	num, den, ok := c.Frac64()
	if !ok || num != 1 && num != -1 || den >= 1<<53 || den&(den-1) == 0 {
		return 0, false
	}
	return g.int(num * den), true
}

// sigmoids replaces exp(u)/(1 + exp(u)) and 1/(1 + exp(u)) in p by sigmoid(u)
// and sigmoid(-u): the same functions, which are defined everywhere, and which
// the quotients leave when exp overflows.
func (g *graph) sigmoids(p *product) {
	f := fn.Lookup("sigmoid")
	if f == nil {
		return
	}
	den := p.den[:0]
	for _, d := range p.den {
		e, ok := g.less1(d.base.id())
		if !ok || e.negative() || !g.isCall(e.id(), "exp") {
			den = append(den, d)
			continue
		}
		u := g.unsigned(g.insts[e.id()].A)
		p.num = append(p.num, factor{g.call(f, []ref{u.neg()}), d.n, d.node})
	}
	p.den = den
	if len(p.num) > maxExtract {
		return
	}
	// exp(u)*sigmoid(-u) is sigmoid(u).
	for i := range p.num {
		s := p.num[i].base
		if !g.isCall(s.id(), f.Name) {
			continue
		}
		j := slices.IndexFunc(p.num, func(e factor) bool {
			return e.n > 0 && g.isCall(e.base.id(), "exp") && g.opposite(g.insts[e.base.id()].A, g.insts[s.id()].A)
		})
		if j < 0 {
			continue
		}
		k := min(p.num[i].n, p.num[j].n)
		p.num[i].n -= k
		p.num[j].n -= k
		u := g.unsigned(g.insts[p.num[j].base.id()].A)
		p.num = append(p.num, factor{g.call(f, []ref{u}), k, p.num[j].node})
	}
	p.num = slices.DeleteFunc(p.num, func(f factor) bool { return f.n == 0 })
}

// unsigned returns instruction i as a ref, without the Neg that reg may have put
// there.
func (g *graph) unsigned(i int32) ref {
	if in := g.insts[i]; in.Op == Neg {
		return plus(in.A).neg()
	}
	return plus(i)
}

// opposite reports whether instructions i and j are known to differ in sign only.
func (g *graph) opposite(i, j int32) bool {
	a, b := g.insts[i], g.insts[j]
	return a.Op == Neg && a.A == j || b.Op == Neg && b.A == i || a.Op == Sub && b.Op == Sub && a.A == b.B && a.B == b.A
}
