package tape

import (
	"nabla/expr/interval"
	"nabla/expr/number"
)

// Quotients such as sin(u)/u are bounded near u = 0, where they have no value, though interval division
// leaves no bound there: by the mean value theorem h(u) = h(0) + h'(s) u with s between 0 and u, so that h(u)/u
// is a value of h' if h(0) = 0; and by Taylor's, h(u)/u^2 is half of one of h'' if h'(0) = 0 as well.

// A removable quotient is the product of the quotients h(u)/u^n, of the factors num, divided by the
// factors den, with the sign turned if negative is set.
type removable struct {
	at       int32 // the instruction
	h        []vanishing
	num, den []int32
	negative bool
}

// A vanishing is h(c u)/u^order, of which slope encloses h(v)/v^order for the v between 0 and those in a box;
// c is a register, -1 for 1.
type vanishing struct {
	u, c  int32
	order int
	slope func(v interval.I) interval.I
}

// maxFactors bounds the factors of a quotient that is looked at.
const maxFactors = 12

var unit = interval.Point(1)

// slopes enclose the derivatives of functions that are 0 at 0.
var slopes = map[string]func(v interval.I) interval.I{
	"sin":   interval.Cos,
	"sinh":  interval.Cosh,
	"tanh":  func(v interval.I) interval.I { return unit.Div(interval.Cosh(v).PowInt(2)) },
	"atan":  func(v interval.I) interval.I { return unit.Div(unit.Add(v.PowInt(2))) },
	"expm1": interval.Exp,
	"log1p": func(v interval.I) interval.I { return unit.Div(unit.Add(v).Meet(nonNegative)) },
}

// findRemovable lists the quotients of p that are such.
func (p *Prog) findRemovable() {
	for i := range p.Inst {
		if in := &p.Inst[i]; in.Op == Div && p.Inst[in.B].Op != Const {
			if q, ok := p.asRemovable(int32(i)); ok {
				p.removable = append(p.removable, q)
			}
		}
	}
}

// asRemovable takes apart instruction i, a division.
func (p *Prog) asRemovable(i int32) (removable, bool) {
	q := removable{at: i}
	num := p.factors(nil, p.Inst[i].A, nil, &q.negative)
	inner := map[int32]bool{}
	for _, r := range num {
		if h, ok := p.vanishingOf(r); ok {
			inner[h.u] = true
		}
	}
	if len(inner) == 0 {
		return q, false
	}
	den := p.factors(nil, p.Inst[i].B, inner, &q.negative)
	if len(num)+len(den) > maxFactors {
		return q, false
	}
	for _, r := range num {
		h, ok := p.vanishingOf(r)
		if ok {
			den, ok = p.cancel(&h, den)
		}
		if ok {
			q.h = append(q.h, h)
		} else {
			q.num = append(q.num, r)
		}
	}
	q.den = den
	return q, len(q.h) > 0
}

// cancel takes the argument of h, or a factor of it, out of the factors den, and returns the others.
func (p *Prog) cancel(h *vanishing, den []int32) (left []int32, ok bool) {
	ways := [][2]int32{{h.u, -1}}
	if in := &p.Inst[h.u]; in.Op == Mul {
		ways = append(ways, [2]int32{in.A, in.B}, [2]int32{in.B, in.A})
	}
	for _, w := range ways {
		met := 0
		left = nil
		for _, d := range den {
			if d == w[0] && met < h.order {
				met++
			} else {
				left = append(left, d)
			}
		}
		if met == h.order {
			h.u, h.c = w[0], w[1]
			return left, true
		}
	}
	return den, false
}

// factors appends the factors of register r, of which powers are several; those in whole are one.
func (p *Prog) factors(list []int32, r int32, whole map[int32]bool, negative *bool) []int32 {
	switch in := &p.Inst[r]; {
	case whole[r], len(list) > maxFactors:
	case in.Op == Neg:
		*negative = !*negative
		return p.factors(list, in.A, whole, negative)
	case in.Op == Mul:
		return p.factors(p.factors(list, in.A, whole, negative), in.B, whole, negative)
	case in.Op == Powi && in.N > 0 && in.N <= maxFactors:
		for range in.N {
			list = p.factors(list, in.A, whole, negative)
		}
		return list
	}
	return append(list, r)
}

// vanishingOf recognises a formula h(u) with h(0) = 0.
func (p *Prog) vanishingOf(r int32) (h vanishing, ok bool) {
	in := &p.Inst[r]
	h.order = 1
	call := func(r int32) string {
		if p.Inst[r].Op == Call {
			return p.Funcs[p.Inst[r].N].Name
		}
		return ""
	}
	isOne := func(r int32) bool {
		v := &p.Inst[r]
		return v.Op == Const && p.Consts[v.N].Func == nil && p.Consts[v.N].Value.Cmp(number.Int(1)) == 0
	}
	switch {
	case in.Op == Call:
		h.slope, ok = slopes[call(r)]
		h.u = in.A
	case in.Op == Sub && call(in.B) == "cos" && isOne(in.A):
		h.u, h.order, ok = p.Inst[in.B].A, 2, true
		h.slope = func(v interval.I) interval.I { return interval.Cos(v).Mul(interval.Point(0.5)) }
	}
	return h, ok
}

// boundedQuotient encloses division i, v as far as is known, by what is known of removable singularities.
func (m *Machine) boundedQuotient(i int32, v interval.I) interval.I {
	for k := range m.p.removable {
		q := &m.p.removable[k]
		if q.at != i {
			continue
		}
		w := unit
		for _, h := range q.h {
			x := m.reg[h.u].Hull(interval.Point(0))
			if h.c < 0 {
				w = w.Mul(h.slope(x))
				continue
			}
			c := m.reg[h.c]
			w = w.Mul(h.slope(x.Mul(c)).Mul(c.PowInt(h.order)))
		}
		for _, r := range q.num {
			w = w.Mul(m.reg[r])
		}
		d := unit
		for _, r := range q.den {
			d = d.Mul(m.reg[r])
		}
		if w = w.Div(d); q.negative {
			w = w.Neg()
		}
		return v.Meet(w)
	}
	return v
}
