package tape

import (
	"slices"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// sum returns the sum of terms as a chain of additions and subtractions in the
// order given. The constants among them are added up where the first of them
// stands.
func (g *graph) sum(terms []ref) ref {
	c := number.Int(0)
	list := terms[:0]
	full := false       // c has grown as far as it may
	k, at := ref(0), -1 // the sum of the constants that are no numbers; their place
	for _, t := range terms {
		if !g.fixed[t.id()] {
			list = append(list, t)
			continue
		}
		if at < 0 {
			at = len(list)
			k = g.int(0)
		}
		if n, ok := g.number(t); ok && !full {
			if s := c.Add(n); s.Bits() <= maxBits {
				c = s
				continue
			}
			full = true // a hundred thousand exact sums of this size would take seconds
		}
		k = g.add(k, t)
	}
	switch c {
	case number.Int(-1):
		c = g.expm1(list, c, false)
	case number.Int(1):
		c = g.expm1(list, c, true)
	}
	if at >= 0 {
		if k = g.add(k, g.num(c)); !g.isZero(k) || len(list) == 0 {
			list = slices.Insert(list, at, k)
		}
	}
	s := list[0]
	for _, t := range list[1:] {
		s = g.add(s, t)
	}
	return s
}

// isZero reports whether r is the number 0.
func (g *graph) isZero(r ref) bool {
	n, ok := g.number(r)
	return ok && n.Sign() == 0
}

// expm1 replaces a term exp(u) of the given sign, together with the constant c
// of the other sign, by expm1(u), which does not cancel near u = 0. It returns
// the constant that remains.
func (g *graph) expm1(list []ref, c number.Number, negative bool) number.Number {
	f := fn.Lookup("expm1")
	if f == nil {
		return c
	}
	for i, t := range list {
		if t.negative() == negative && g.isCall(t.id(), "exp") {
			list[i] = g.call(f, []ref{plus(g.insts[t.id()].A)}).with(t)
			return number.Int(0)
		}
	}
	return c
}

// less1 returns u where instruction i is 1 + u.
func (g *graph) less1(i int32) (ref, bool) {
	switch in := g.insts[i]; in.Op {
	case Add:
		if g.isOne(in.B) {
			return plus(in.A), true
		}
		if g.isOne(in.A) {
			return plus(in.B), true
		}
	case Sub:
		if g.isOne(in.A) {
			return plus(in.B).neg(), true
		}
	}
	return 0, false
}
