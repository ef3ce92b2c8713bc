package exact

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// A bilinear is a left-hand side Σ e[i][j] x^i o^j with i, j ∈ {0, 1}, where o is a power
// of a kernel with x, such as exp(2x) or log(x).
type bilinear struct {
	e    [2][2]expr.Expr
	zero [2][2]bool // which of e are 0
	x    int        // the kernel x
	o    int        // the other kernel
	n    number.Number
}

// bilinear reads a, which has the kernels ks with x.
func (s *solver) bilinear(a Combo, ks []int) (*bilinear, bool) {
	b := &bilinear{x: -1, o: -1}
	for _, k := range ks {
		if s.r.Kernels[k].kind == kernelX {
			b.x = k
		} else {
			b.o = k
		}
	}
	if b.x < 0 || b.o < 0 {
		return nil, false
	}
	var coef [2][2]Combo
	for _, tm := range a {
		i, j := 0, 0
		rest := Term{C: tm.C}
		for _, p := range tm.M {
			switch p.K {
			case b.x:
				if p.N != number.Int(1) {
					return nil, false
				}
				i = 1
			case b.o:
				if b.n.Sign() != 0 && b.n != p.N {
					return nil, false
				}
				b.n, j = p.N, 1
			default:
				rest.M = append(rest.M, p)
			}
		}
		coef[i][j] = append(coef[i][j], rest)
	}
	for i := range coef {
		for j := range coef[i] {
			b.e[i][j] = s.r.Build(collectCombo(coef[i][j]))
			sign, ok := s.l.Consts.Sign(b.e[i][j])
			if !ok {
				return nil, false
			}
			b.zero[i][j] = sign == 0
		}
	}
	return b, true
}

// lambert solves equations with x and exp(c x), or x and log x, by Lambert's W,
// where it has one solution (Corless and others, On the Lambert W function, 1996).
func (s *solver) lambert(a Combo, ks []int) ([]Spot, bool) {
	b, ok := s.bilinear(a, ks)
	if !ok {
		return nil, false
	}
	var x expr.Expr
	switch info := &s.r.Kernels[b.o]; {
	case info.kind == kernelExp:
		x, ok = s.lambertExp(b)
	case info.name == "log" && b.n == number.Int(1) && len(info.arg) == 1 && len(info.arg[0].M) == 1 &&
		info.arg[0].M[0].K == b.x && info.arg[0].C == number.Int(1) && info.arg[0].M[0].N == number.Int(1):
		x, ok = s.lambertLog(b)
	default:
		ok = false
	}
	if !ok {
		return nil, false
	}
	return []Spot{s.exact(x)}, true
}

// w returns the one y with y e^y = z, for z ≥ 0.
func (s *solver) w(z expr.Expr) (expr.Expr, bool) {
	z = s.l.Consts.Simplify(z)
	sign, ok := s.l.Consts.Sign(z)
	if !ok || sign < 0 {
		return z, false
	}
	return s.l.T.Call(fn.Lookup("W"), z), true
}

// lambertExp returns the solution where o is e^(c x).
func (s *solver) lambertExp(b *bilinear) (expr.Expr, bool) {
	t := s.l.T
	c, ok := s.rate(b)
	if !ok {
		return c, false
	}
	over := func(u, v expr.Expr) expr.Expr { return t.Mul(u, t.Pow(v, t.Int(-1))) }
	expo := func(u expr.Expr) expr.Expr { return t.Call(fn.Lookup("exp"), u) }
	switch {
	case b.zero[1][1] && !b.zero[1][0] && !b.zero[0][1]:
		// b e^(c x) + a1 x + a0 = 0: y e^y = (b c/a1) e^(-c a0/a1), x = -y/c - a0/a1
		q := over(b.e[0][0], b.e[1][0])
		y, ok := s.w(t.Mul(over(t.Mul(b.e[0][1], c), b.e[1][0]), expo(t.Neg(t.Mul(c, q)))))
		return t.Neg(t.Add(over(y, c), q)), ok
	case !b.zero[1][1] && b.zero[1][0] && !b.zero[0][0]:
		// (b1 x + b0) e^(c x) + a0 = 0: y e^y = -a0 c/b1 e^(c b0/b1), x = y/c - b0/b1
		q := over(b.e[0][1], b.e[1][1])
		y, ok := s.w(t.Neg(t.Mul(over(t.Mul(b.e[0][0], c), b.e[1][1]), expo(t.Mul(c, q)))))
		return t.Sub(over(y, c), q), ok
	}
	return c, false
}

// rate returns c where the argument of the exponential to the power n is c x.
func (s *solver) rate(b *bilinear) (expr.Expr, bool) {
	t, arg := s.l.T, s.r.Kernels[b.o].arg
	if len(arg) != 1 {
		return expr.Expr{}, false
	}
	rest := Term{C: number.Int(1)}
	linear := false
	for _, p := range arg[0].M {
		switch {
		case p.K == b.x && p.N == number.Int(1):
			linear = true
		case s.r.Kernels[p.K].HasX:
			return expr.Expr{}, false
		default:
			rest.M = append(slices.Clip(rest.M), p)
		}
	}
	return t.Mul(t.Num(arg[0].C.Mul(b.n)), s.r.Build(Combo{rest})), linear
}

// lambertLog returns the solution where o is log x.
func (s *solver) lambertLog(b *bilinear) (expr.Expr, bool) {
	t := s.l.T
	over := func(u, v expr.Expr) expr.Expr { return t.Mul(u, t.Pow(v, t.Int(-1))) }
	expo := func(u expr.Expr) expr.Expr { return t.Call(fn.Lookup("exp"), u) }
	switch {
	case b.zero[1][1] && !b.zero[1][0] && !b.zero[0][1]:
		// a1 x + a0 + b log x = 0: y = a1 x/b, y e^y = (a1/b) e^(-a0/b)
		q := over(b.e[1][0], b.e[0][1])
		y, ok := s.w(t.Mul(q, expo(t.Neg(over(b.e[0][0], b.e[0][1])))))
		return over(y, q), ok
	case !b.zero[1][1] && b.zero[1][0] && b.zero[0][1] && !b.zero[0][0]:
		// b x log x + a0 = 0: log x = W(-a0/b)
		y, ok := s.w(t.Neg(over(b.e[0][0], b.e[1][1])))
		return expo(y), ok
	}
	return expr.Expr{}, false
}
