package tape

import (
	"nabla/expr/fn"
	"nabla/expr/number"
)

// maxExponent bounds the exponents of Powi. A power beyond it overflows or
// underflows unless the base is within 2^-20 of 1; it is a Pow.
const maxExponent = 1 << 30

// powerOf returns u and n where instruction i is u^n, and i itself and 1
// otherwise.
func (g *graph) powerOf(i int32) (u, n int32) {
	if in := g.insts[i]; in.Op == Powi && in.N > 0 {
		return in.A, in.N
	}
	return i, 1
}

// powi returns u^n, n ≥ 0.
func (g *graph) powi(u ref, n int32) ref {
	if n == 1 {
		return u
	}
	sign := ref(0)
	if u.negative() {
		sign = ref(n) & 1
		u = u.abs()
	}
	if c, ok := g.number(u); ok {
		// The size is known before the power is computed.
		if c.Bits() <= 2 || int64(c.Bits())*int64(n) <= maxBits {
			if p, ok := c.Pow(int(n)); ok {
				return g.num(p) ^ sign
			}
		}
	}
	in := g.insts[u.id()]
	switch {
	case in.Op == Powi && in.N > 0 && n > 0 && int64(in.N)*int64(n) <= maxExponent:
		return g.powi(plus(in.A), in.N*n) ^ sign
	case n > 0 && n%2 == 0 && g.isCall(u.id(), "abs"):
		return g.powi(plus(in.A), n) ^ sign
	case in.Op == Div && g.isOne(in.A) && n > 0:
		return g.div(plus(in.A), g.powi(plus(in.B), n)) ^ sign
	}
	return plus(g.emit(Inst{Powi, n, u.id(), -1, -1})) ^ sign
}

// pow returns u^v.
func (g *graph) pow(u, v ref) ref {
	if r, ok := g.number(v); ok {
		return g.powNumber(u, r)
	}
	if in := g.insts[u.id()]; !u.negative() && in.Op == Const {
		if f := g.consts[in.N].Func; f != nil && f.Name == "e" {
			if exp := fn.Lookup("exp"); exp != nil {
				return g.call(exp, []ref{v})
			}
		}
	}
	return plus(g.emit(Inst{Pow, 0, g.reg(u), g.reg(v), -1}))
}

var half = number.Frac(1, 2)

// powNumber returns u^r.
func (g *graph) powNumber(u ref, r number.Number) ref {
	if n, ok := r.Int64(); ok && -maxExponent <= n && n <= maxExponent {
		if n >= 0 {
			return g.powi(u, int32(n))
		}
		return g.reciprocal(g.powi(u, int32(-n)))
	}
	if r == half {
		return g.call(fn.Lookup("sqrt"), []ref{u})
	}
	if r.IsInt() {
		// |u|^r, with the sign of u when r is odd: a float64 exponent of this
		// size has lost its parity.
		a := g.call(fn.Lookup("abs"), []ref{u})
		p := plus(g.emit(Inst{Pow, 0, g.reg(a), g.reg(g.num(r)), -1}))
		if r.Rat().Num().Bit(0) == 1 {
			p = g.mul(p, g.call(fn.Lookup("sign"), []ref{u}))
		}
		return p
	}
	return plus(g.emit(Inst{Pow, 0, g.reg(u), g.reg(g.num(r)), -1}))
}

// reciprocal returns 1/u.
func (g *graph) reciprocal(u ref) ref { return g.quotient(nil, []ref{u}) }
