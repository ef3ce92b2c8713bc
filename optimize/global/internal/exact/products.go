package exact

import (
	"nabla/expr"
	"nabla/expr/number"
)

// productTerms is the most sines that a product may have to become a sum.
const productTerms = 5

// TrigSum returns a with the products of sines and cosines of linear angles whose
// speeds are apart, by the given test, which is asked about powers too, written as sums: 2 sin u sin v is
// cos(u - v) - cos(u + v), and so on.
func (r *Ring) TrigSum(a Combo, apart func(a, b expr.Expr) bool) Combo {
	var out Combo
	for _, t := range a {
		if s, ok := r.productSum(t, apart); ok {
			out = append(out, s...)
		} else {
			out = append(out, t)
		}
	}
	return collectCombo(out)
}

// A turn is c·sin(angle) or c·cos(angle).
type turn struct {
	c     number.Number
	sine  bool
	angle Combo
}

func (r *Ring) productSum(t Term, apart func(a, b expr.Expr) bool) (Combo, bool) {
	rest := Term{C: t.C}
	var factors []turn
	mixed := false
	for _, p := range t.M {
		k := &r.Kernels[p.K]
		if k.kind != kernelTrig || !k.HasX {
			rest.M = append(rest.M, p)
			continue
		}
		n, ok := p.N.Int64()
		if !ok || n < 1 || len(factors)+int(n) > productTerms {
			return nil, false
		}
		mixed = mixed || n > 1 && apart(r.Build(k.arg), r.Build(k.arg))
		for _, f := range factors {
			mixed = mixed || apart(r.Build(f.angle), r.Build(k.arg))
		}
		for range n {
			factors = append(factors, turn{number.Int(1), k.name == "sin", k.arg})
		}
	}
	if !mixed {
		return nil, false
	}
	half := number.Frac(1, 2)
	sum := factors[:1]
	for _, f := range factors[1:] {
		var next []turn
		for _, s := range sum {
			minus, plus := Add(s.angle, f.angle.Neg()), Add(s.angle, f.angle)
			c := s.c.Mul(half)
			switch {
			case s.sine && f.sine:
				next = append(next, turn{c, false, minus}, turn{c.Neg(), false, plus})
			case !s.sine && !f.sine:
				next = append(next, turn{c, false, minus}, turn{c, false, plus})
			case s.sine:
				next = append(next, turn{c, true, minus}, turn{c, true, plus})
			default: // cos u sin v
				next = append(next, turn{c.Neg(), true, minus}, turn{c, true, plus})
			}
		}
		sum = next
	}
	var out Combo
	for _, s := range sum {
		v, ok := r.trig(s.sine, s.angle)
		if !ok {
			return nil, false
		}
		if v, ok = r.mul(v, Combo{rest}); !ok {
			return nil, false
		}
		out = append(out, v.scale(s.c)...)
	}
	return collectCombo(out), true
}
