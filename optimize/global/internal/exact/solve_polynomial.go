package exact

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/polynomial"
)

// This file finds the zeros of polynomials in one kernel.

// coefficients returns a as a polynomial in y, where kernel k is y^q: the
// coefficient of y^i is a Combo without x.
func (s *solver) coefficients(a Combo, k int) (c []Combo, q int64, ok bool) {
	q = 1
	for _, t := range a {
		for _, p := range t.M {
			if p.K == k {
				d := p.N.Rat().Denom()
				if !d.IsInt64() || d.Int64() > 24 {
					return nil, 0, false
				}
				q = lcm(q, d.Int64())
			}
		}
	}
	if q > 120 {
		return nil, 0, false
	}
	for _, t := range a {
		n := int64(0)
		rest := Term{C: t.C}
		for _, p := range t.M {
			if p.K == k {
				n, ok = p.N.Mul(number.Int(q)).Int64()
				if !ok || n < 0 || n > 300 {
					return nil, 0, false
				}
			} else {
				rest.M = append(rest.M, p)
			}
		}
		for int64(len(c)) <= n {
			c = append(c, nil)
		}
		c[n] = append(c[n], rest)
	}
	for i := range c {
		c[i] = collectCombo(c[i])
	}
	return c, q, true
}

func lcm(a, b int64) int64 { return a / number.GCD(a, b) * b }

// univariate solves a polynomial in one kernel.
func (s *solver) univariate(a Combo, k int, depth int) ([]Spot, bool) {
	// A positive kernel may be replaced by its power of the exponents' greatest
	// common divisor: exp(1000x)^2 - 3 is a polynomial of degree 1.
	g := number.Int(1)
	if s.r.isPositive(k) {
		g = number.Number{}
		b := slices.Clone(a)
		for i := range b {
			for _, p := range b[i].M {
				if p.K == k && g.Sign() == 0 {
					g = p.N.Abs()
				} else if p.K == k {
					g = GCD(g, p.N.Abs())
				}
			}
		}
		for i := range b {
			b[i].M = slices.Clone(b[i].M)
			for j := range b[i].M {
				if b[i].M[j].K == k {
					b[i].M[j].N, _ = b[i].M[j].N.Quo(g)
				}
			}
		}
		a = b
	}
	c, q, ok := s.coefficients(a, k)
	if !ok {
		return nil, false
	}
	values, ok := s.polynomial(c, q > 1)
	if !ok {
		return nil, false
	}
	var out []Spot
	for _, v := range values {
		if q > 1 {
			if v.Hull.Hi < 0 {
				continue
			}
			if v.Exact.Valid() {
				v = s.exact(s.l.T.Pow(v.Exact, s.l.T.Int(q)))
			} else {
				v.Hull = v.Hull.Max(interval.Point(0)).PowInt(int(q))
			}
		}
		if g != number.Int(1) {
			sign := SignOf(v.Hull)
			if v.Exact.Valid() {
				if sign, ok = s.l.Consts.Sign(v.Exact); !ok {
					return nil, false
				}
			}
			inv, _ := g.Inv()
			switch {
			case sign < 0 || v.Exact.Valid() && sign == 0:
				continue
			case v.Exact.Valid():
				v = s.exact(s.power(v.Exact, inv))
			case sign == 0:
				return nil, false
			default:
				v.Hull = v.Hull.Pow(HullOf(inv))
			}
		}
		list, ok := s.kernelIs(k, v, depth)
		if !ok {
			return nil, false
		}
		out = append(out, list...)
	}
	return out, true
}

// polynomial returns the real zeros of Σ c_i y^i, or those ≥ 0.
func (s *solver) polynomial(c []Combo, nonNegative bool) ([]Spot, bool) {
	t := s.l.T
	rational := make([]number.Number, len(c))
	all := true
	for i := range c {
		var ok bool
		if rational[i], ok = c[i].Number(); !ok {
			all = false
		}
	}
	if all {
		if len(c) > 130 {
			return nil, false
		}
		return s.rationalPolynomial(polynomial.Of(rational), nonNegative)
	}
	// the degree must be sure
	e := make([]expr.Expr, len(c))
	terms := 0
	for i := range c {
		e[i] = s.r.Build(c[i])
		if len(c[i]) > 0 {
			terms++
		}
	}
	n := len(c) - 1
	lead, ok := s.l.Consts.Sign(e[n])
	if !ok || lead == 0 {
		return nil, false
	}
	inv := t.Pow(e[n], t.Int(-1))
	switch {
	case n == 0:
		return nil, true
	case terms == 2 && len(c[0]) > 0: // y^n = v
		v := s.l.Consts.Simplify(t.Mul(t.Int(-1), e[0], inv))
		sign, ok := s.l.Consts.Sign(v)
		if !ok {
			return nil, false
		}
		root := func(v expr.Expr) expr.Expr { return s.power(v, number.Frac(1, int64(n))) }
		switch {
		case sign == 0:
			return []Spot{s.exact(t.Int(0))}, true
		case sign > 0 && n%2 == 1:
			return []Spot{s.exact(root(v))}, true
		case sign > 0:
			r := root(v)
			if nonNegative {
				return []Spot{s.exact(r)}, true
			}
			return []Spot{s.exact(t.Neg(r)), s.exact(r)}, true
		case n%2 == 1:
			return []Spot{s.exact(t.Neg(root(t.Neg(v))))}, true
		}
		return nil, true
	case n == 2:
		// (-b ± sqrt(b² - 4ac))/(2a)
		d := s.l.Consts.Simplify(t.Add(t.Pow(e[1], t.Int(2)), t.Mul(t.Int(-4), e[0], e[2])))
		sign, ok := s.l.Consts.Sign(d)
		if !ok {
			return nil, false
		}
		if sign < 0 {
			return nil, true
		}
		half := number.Frac(1, 2)
		var out []Spot
		for _, k := range [2]int64{-1, 1} {
			r := t.Mul(t.Num(half), inv, t.Add(t.Neg(e[1]), t.Mul(t.Int(k), s.power(d, half))))
			out = append(out, s.exact(r))
		}
		return out, true
	}
	return nil, false
}

// rationalPolynomial returns the real zeros of p.
func (s *solver) rationalPolynomial(p polynomial.Polynomial, nonNegative bool) ([]Spot, bool) {
	if len(p) == 0 {
		return nil, false
	}
	var out []Spot
	// p(y) = q(y^m): solve for y^m first.
	m := 0
	for i, c := range p {
		if c.Sign() != 0 && i > 0 {
			m = int(number.GCD(int64(m), int64(i)))
		}
	}
	if m > 1 {
		q := make(polynomial.Polynomial, 0, len(p)/m+1)
		for i := 0; i < len(p); i += m {
			q = append(q, p[i])
		}
		inner, ok := s.rationalPolynomial(q, nonNegative || m%2 == 0)
		for _, v := range inner {
			var list []Spot
			if list, ok = s.powerIs(m, v, nonNegative); !ok {
				break
			}
			out = append(out, list...)
		}
		return out, ok
	}
	zeros := p.RealZeros()
	named := map[int]bool{} // the multiplicities of zeros that are found in closed form otherwise
	for _, z := range zeros {
		if z.Exact || named[z.Mult] {
			continue
		}
		var list []Spot
		list, named[z.Mult] = s.depressed(z.Left)
		for _, v := range list {
			v.Mult *= z.Mult
			out = append(out, v)
		}
	}
	for _, z := range zeros {
		if z.Exact || !named[z.Mult] {
			out = append(out, s.polyZeroSpot(z))
		}
	}
	return slices.DeleteFunc(out, func(v Spot) bool { return nonNegative && v.Hull.Hi < 0 }), true
}

// powerIs returns the y with y^m = v, or those that are not negative; false where the sign of v is not known.
func (s *solver) powerIs(m int, v Spot, nonNegative bool) (list []Spot, ok bool) {
	t := s.l.T
	sign, even := SignOf(v.Hull), m%2 == 0
	if v.Exact.Valid() {
		if sign, ok = s.l.Consts.Sign(v.Exact); !ok {
			return nil, false
		}
	}
	switch {
	case sign == 0:
		return []Spot{{Exact: t.Int(0), Hull: interval.Point(0), Mult: v.Mult}}, v.Exact.Valid()
	case sign < 0 && even:
		return nil, true
	}
	signed := func(e expr.Expr) expr.Expr { // times the sign
		if sign < 0 {
			return t.Neg(e)
		}
		return e
	}
	root := Spot{Hull: v.Hull.Abs().Root(m)}
	if sign < 0 {
		root.Hull = root.Hull.Neg()
	}
	if v.Exact.Valid() {
		w := s.power(signed(v.Exact), number.Frac(1, int64(m)))
		if even && !nonNegative { // the form of the ring, if longer, for both signs
			w = s.l.Consts.Ring.Build(s.l.Consts.Ring.Expand(w))
		}
		root = s.exact(signed(s.l.Consts.Simplify(w)))
	}
	root.Mult = v.Mult
	if even && !nonNegative {
		minus := root
		minus.Hull = root.Hull.Neg()
		if root.Exact.Valid() {
			minus = s.exact(t.Neg(root.Exact))
			minus.Mult = v.Mult
		}
		list = append(list, minus)
	}
	return append(list, root), true
}

// depressed returns the real zeros of p when about their mean c it is one in a power:
// p(c + y) = y^j q(y^m), m > 1, as for a p that is symmetric about c.
func (s *solver) depressed(p polynomial.Polynomial) ([]Spot, bool) {
	const most = 1 << 13 // digits of the powers of the mean, for which there is no limit of time
	n := len(p) - 1
	if n < 3 || n*p[n].BitLen() > most {
		return nil, false
	}
	at := func(i int) number.Number { return number.FromRat(new(big.Rat).SetInt(p[i])) }
	c, _ := at(n - 1).Quo(at(n).Mul(number.Int(int64(-n))))
	// the coefficients of y^(n-2) and y^(n-3), of which m leaves one at most
	second := at(n).Mul(number.Int(int64(n * (n - 1) / 2))).Mul(c).Add(at(n - 1).Mul(number.Int(int64(n - 1)))).Mul(c).Add(at(n - 2))
	third := at(n).Mul(number.Int(int64(n * (n - 1) * (n - 2) / 6))).Mul(c).Add(at(n - 1).Mul(number.Int(int64((n - 1) * (n - 2) / 2)))).Mul(c).
		Add(at(n - 2).Mul(number.Int(int64(n - 2)))).Mul(c).Add(at(n - 3))
	if second.Sign() != 0 && third.Sign() != 0 {
		return nil, false
	}
	shifted := ratPoly{}
	for i := n; i >= 0; i-- { // Horner's rule
		shifted = shifted.mul(ratPoly{c, number.Int(1)}).add(ratPoly{at(i)})
	}
	j := slices.IndexFunc(shifted, func(v number.Number) bool { return v.Sign() != 0 })
	shifted = shifted[j:]
	m := int64(0)
	for i, v := range shifted {
		if v.Sign() != 0 {
			m = number.GCD(m, int64(i))
		}
	}
	if m < 2 {
		return nil, false
	}
	list, ok := s.rationalPolynomial(polynomial.Of(shifted), false)
	for i, v := range list {
		if v.Exact.Valid() {
			list[i] = s.exact(s.l.Consts.Simplify(s.l.T.Add(s.l.T.Num(c), v.Exact)))
			list[i].Mult = v.Mult
		} else {
			list[i].Hull = v.Hull.Add(HullOf(c))
		}
	}
	if j > 0 {
		list = append(list, s.exact(s.l.T.Num(c)))
		list[len(list)-1].Mult = j
	}
	return list, ok
}

// polyZeroSpot returns a zero of a polynomial as a spot.
func (s *solver) polyZeroSpot(z polynomial.Zero) Spot {
	t := s.l.T
	if z.Exact {
		e := t.Num(z.A)
		if z.B.Sign() != 0 {
			e = t.Add(e, t.Mul(t.Num(z.B), t.Call(fn.Lookup("sqrt"), t.Num(z.D))))
		}
		v := s.exact(e)
		v.Mult = z.Mult
		return v
	}
	// to about two ulps
	c := z.Cell
	size := new(big.Rat).Abs(c.Lo)
	if h := new(big.Rat).Abs(c.Hi); h.Cmp(size) > 0 {
		size = h
	}
	for range 4 { // the size is only known once the cell is small
		c = z.Of.Refine(c, new(big.Rat).Quo(size, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 56))))
		size = new(big.Rat).Abs(c.Hi)
		if size.Sign() == 0 {
			size = new(big.Rat).Abs(c.Lo)
		}
	}
	i := HullOf(number.FromRat(c.Lo)).Hull(HullOf(number.FromRat(c.Hi)))
	return Spot{Hull: i, Mult: z.Mult}
}
