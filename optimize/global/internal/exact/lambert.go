package exact

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
)

// A bilinear is a left-hand side Σ e[i][j] y^i exp(c j y) with i, j ∈ {0, 1}, where y is a power
// of a kernel with x, such as x, x² or log(x), of which exp(c y) is then x^c.
type bilinear struct {
	e    [2][2]expr.Expr
	zero [2][2]bool // which of e are 0
	y    kernelPower
	c    expr.Expr // without x
}

// bilinear reads a, which has the kernels k and l with x.
func (s *solver) bilinear(a Combo, k, l int) (*bilinear, bool) {
	y, rate, ok := s.exponent(l, k)
	if o := l; !ok {
		if y, rate, ok = s.exponent(k, l); !ok {
			return nil, false
		}
		k, l = o, k
	}
	b := &bilinear{y: y}
	var n number.Number // of the exponential
	var coef [2][2]Combo
	for _, tm := range a {
		i, j := 0, 0
		if y.N.Sign() < 0 { // the equation times y
			i = 1
		}
		rest := Term{C: tm.C}
		for _, p := range tm.M {
			switch {
			case p.K == k && p.N == y.N.Abs():
				i = 1 - i
			case p.K == l && (n.Sign() == 0 || n == p.N):
				n, j = p.N, 1
			case p.K == k || p.K == l:
				return nil, false
			default:
				rest.M = append(rest.M, p)
			}
		}
		coef[i][j] = append(coef[i][j], rest)
	}
	b.c = s.l.T.Mul(s.l.T.Num(n), rate)
	if sign, ok := s.l.Consts.Sign(b.c); !ok || sign == 0 {
		return nil, false
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

// exponent returns y, a power of the kernel of, and c without x for which kernel k is exp(c y).
func (s *solver) exponent(k, of int) (y kernelPower, c expr.Expr, ok bool) {
	y = kernelPower{of, number.Int(1)}
	if info := &s.r.Kernels[of]; info.name == "log" {
		u, single := single(info.arg)
		return y, s.l.T.Int(1), single && u == kernelPower{k, number.Int(1)}
	}
	if s.r.Kernels[k].kind != kernelExp {
		return y, c, false
	}
	y, rest, ok := s.singleWithX(s.r.Kernels[k].arg)
	return y, s.r.Build(rest), ok && y.K == of
}

// single returns the power that a is, and whether it is one.
func single(a Combo) (p kernelPower, ok bool) {
	if len(a) != 1 || len(a[0].M) != 1 || a[0].C != number.Int(1) {
		return p, false
	}
	return a[0].M[0], true
}

// singleWithX returns the only power with x in the monomial a, and what it is multiplied by.
func (s *solver) singleWithX(a Combo) (y kernelPower, rest Combo, ok bool) {
	if len(a) != 1 {
		return y, nil, false
	}
	t := Term{C: a[0].C}
	n := 0
	for _, p := range a[0].M {
		if s.r.Kernels[p.K].HasX {
			y, n = p, n+1
		} else {
			t.M = append(t.M, p)
		}
	}
	return y, Combo{t}, n == 1
}

// lambert solves equations with y and exp(c y), such as x and 2^x or log x and x², by Lambert's W
// (Corless and others, On the Lambert W function, 1996).
func (s *solver) lambert(a Combo, ks []int, depth int) ([]Spot, bool) {
	b, ok := s.bilinear(a, ks[0], ks[1])
	if !ok {
		return nil, false
	}
	// a1 y + a0 + f exp(c y) = 0
	t, c := s.l.T, b.c
	var a1, a0, f expr.Expr
	switch {
	case b.zero[1][1] && !b.zero[1][0] && !b.zero[0][1]:
		a1, a0, f = b.e[1][0], b.e[0][0], b.e[0][1]
	case !b.zero[1][1] && b.zero[1][0] && !b.zero[0][0]: // the equation times exp(-c y)
		a1, a0, f, c = b.e[1][1], b.e[0][1], b.e[0][0], t.Neg(c)
	default:
		return nil, false
	}
	// w = -c (y + a0/a1) has w e^w = p e^q
	over := func(u, v expr.Expr) expr.Expr { return t.Mul(u, t.Pow(v, t.Int(-1))) }
	p, q := s.l.Consts.Simplify(over(t.Mul(f, c), a1)), s.l.Consts.Simplify(t.Neg(over(t.Mul(c, a0), a1)))
	ws, ok := s.inverseProduct(p, q)
	if !ok {
		return nil, false
	}
	var out []Spot
	for _, w := range ws {
		v := s.l.Consts.Simplify(over(t.Sub(q, w), c))
		list, ok := s.zeros(Add(Combo{{number.Int(1), []kernelPower{b.y}}}, s.r.Expand(v).Neg()), depth+1)
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// halves solves a = 0, an equation in powers of x and an exponential, on both sides of 0: what has a logarithm there has none on a
// piece around it.
func (s *solver) halves(a Combo, ks []int) ([]Spot, bool) {
	kinds := [2]kernelKind{s.r.Kernels[ks[0]].kind, s.r.Kernels[ks[1]].kind}
	if kinds != [2]kernelKind{kernelX, kernelExp} && kinds != [2]kernelKind{kernelExp, kernelX} {
		return nil, false
	}
	zero := s.exact(s.l.T.Int(0))
	below, ok1 := s.l.Consts.CompareSpots(s.lo, zero)
	above, ok2 := s.l.Consts.CompareSpots(zero, s.hi)
	if !ok1 || !ok2 || below >= 0 || above >= 0 {
		return nil, false
	}
	g := s.r.Build(a)
	out, ok := s.l.Solve(g, s.lo, zero)
	if !ok {
		return nil, false
	}
	sign, ok := s.l.Consts.Sign(s.l.Consts.Simplify(s.l.Substitute(g, s.l.T.Int(0))))
	if !ok {
		return nil, false
	}
	if sign == 0 {
		out = append(out, zero)
	}
	rest, ok := s.l.Solve(g, zero, s.hi)
	return append(out, rest...), ok
}

// inverseProduct returns the w with w e^w = p e^q, if they have a closed form.
func (s *solver) inverseProduct(p, q expr.Expr) ([]expr.Expr, bool) {
	t, consts := s.l.T, s.l.Consts
	z := consts.Simplify(t.Mul(p, t.Call(fn.Lookup("exp"), q)))
	sign, ok := consts.Sign(z)
	if !ok {
		return nil, false
	}
	principal := t.Call(fn.Lookup("W"), z)
	if sign >= 0 {
		return []expr.Expr{principal}, true
	}
	least, ok := consts.Compare(z, t.Neg(t.Call(fn.Lookup("exp"), t.Int(-1))))
	switch {
	case !ok:
		return nil, false
	case least < 0:
		return nil, true
	case least == 0:
		return []expr.Expr{t.Int(-1)}, true
	}
	// there are two, above and below -1, of which p may be one
	lower := t.Call(fn.Lookup("Wm1"), z)
	same, ok := consts.Compare(p, q)
	if !ok {
		return nil, false
	}
	if same == 0 {
		switch below, ok := consts.Compare(p, t.Int(-1)); {
		case !ok:
			return nil, false
		case below < 0:
			lower = p
		default:
			principal = p
		}
	}
	return []expr.Expr{lower, principal}, true
}

// lambertW returns W(n e^n) = n for n ≥ -1.
func (r *Ring) lambertW(u Combo) (Combo, bool) {
	if len(u) == 0 {
		return nil, true
	}
	if n, ok := r.timesExp(u); ok {
		return comboOf(n), n.Cmp(number.Int(-1)) >= 0
	}
	return r.timesLog(u, func(w interval.I) bool { return w.Lo > -1 })
}

// lambertWm1 returns Wm1(n e^n) = n for n ≤ -1.
func (r *Ring) lambertWm1(u Combo) (Combo, bool) {
	if n, ok := r.timesExp(u); ok {
		return comboOf(n), n.Cmp(number.Int(-1)) <= 0
	}
	return r.timesLog(u, func(w interval.I) bool { return w.Hi < -1 })
}

// isLambert reports whether name is that of a branch of Lambert's function.
func isLambert(name string) bool { return name == "W" || name == "Wm1" }

// timesExp returns n for u = n e^n.
func (r *Ring) timesExp(u Combo) (n number.Number, ok bool) {
	if len(u) != 1 || len(u[0].M) != 1 || r.Kernels[u[0].M[0].K].kind != kernelE {
		return n, false
	}
	return u[0].C, u[0].C == u[0].M[0].N
}

// timesLog returns w = log s for u = s log s, s a power of a rational number and w on the branch: for
// u = c log m it is k log m when k m^k = c.
func (r *Ring) timesLog(u Combo, branch func(interval.I) bool) (Combo, bool) {
	c, m, ok := r.multipleOfLog(u)
	if !ok {
		return nil, false
	}
	rate := interval.Log(HullOf(m))
	for d := 1; d <= 3; d++ {
		for n := -6; n <= 6; n++ {
			k := number.Frac(int64(n), int64(d))
			v, ok := c.Quo(k) // is it m^k?
			if !ok || v.Sign() <= 0 || !branch(HullOf(k).Mul(rate)) {
				continue
			}
			x, ok1 := m.Pow(n)
			y, ok2 := v.Pow(d)
			if ok1 && ok2 && x == y {
				w, ok := r.log(comboOf(m))
				return w.scale(k), ok
			}
		}
	}
	return nil, false
}

// multipleOfLog writes u, a sum of multiples of logarithms of integers, as c log m with m > 0 rational.
func (r *Ring) multipleOfLog(u Combo) (c, m number.Number, ok bool) {
	const most = 8 // as an exponent
	for _, t := range u {
		if c.Sign() == 0 || t.C.Abs().Cmp(c.Abs()) < 0 {
			c = t.C
		}
	}
	m = number.Int(1)
	for _, t := range u {
		if len(t.M) != 1 || t.M[0].N != number.Int(1) || r.Kernels[t.M[0].K].name != "log" {
			return c, m, false
		}
		k, ok := single(r.Kernels[t.M[0].K].arg)
		if !ok || r.Kernels[k.K].kind != kernelPrime {
			return c, m, false
		}
		p := number.Int(r.Kernels[k.K].value)
		q, ok := t.C.Quo(c)
		e, whole := q.Int64()
		if !ok || !whole || max(e, -e) > most {
			return c, m, false
		}
		if p, ok = p.Pow(int(e)); !ok {
			return c, m, false
		}
		m = m.Mul(p)
	}
	return c, m, len(u) > 0
}
