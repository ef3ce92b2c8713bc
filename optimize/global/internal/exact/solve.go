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

// Solve returns all zeros of g strictly between lo and hi when they can be
// found by solving the equation: every step is an equivalence on the piece.
func (l *Formulas) Solve(g expr.Expr, lo, hi Spot) ([]Spot, bool) {
	s := &solver{l: l, r: l.RingFor(lo), lo: lo, hi: hi}
	list, ok := s.zeros(s.r.Expand(g), 0)
	if !ok && hi.Inf == 0 && hi.Hull.Hi <= 0 { // for x > 0 there are more rules
		mirror := l.Substitute(g, l.T.Neg(l.Var))
		s = &solver{l: l, r: l.RingFor(l.mirrored(hi)), lo: l.mirrored(hi), hi: l.mirrored(lo)}
		if list, ok = s.zeros(s.r.Expand(mirror), 0); ok {
			list, ok = s.inside(list)
		}
		slices.Reverse(list)
		for i := range list {
			list[i] = l.mirrored(list[i])
		}
		return list, ok
	}
	if !ok {
		return nil, false
	}
	return s.inside(list)
}

// mirrored returns -z.
func (l *Formulas) mirrored(z Spot) Spot {
	m := Spot{Inf: -z.Inf, Hull: z.Hull.Neg(), Wide: z.Wide, Mult: z.Mult}
	if z.Exact.Valid() {
		m.Exact = l.Consts.Simplify(l.T.Neg(z.Exact))
	}
	return m
}

// Stripped returns g without factors that have no zeros on the piece, and the
// zeros of those factors that have; g itself when nothing is gained.
func (l *Formulas) Stripped(g expr.Expr, lo, hi Spot) (expr.Expr, []Spot) {
	s := &solver{l: l, r: l.RingFor(lo), lo: lo, hi: hi}
	a, strips, ok := s.r.Numerator(s.r.Expand(g))
	if !ok || len(strips) == 0 || !s.constantsNotZero(strips) {
		return g, nil
	}
	var extra []Spot
	for _, st := range strips {
		if st.N.Sign() < 0 || !s.r.Kernels[st.K].HasX {
			continue
		}
		list, ok := s.kernelZeros(st.K, 0)
		if !ok {
			return g, nil // search the whole
		}
		if list, ok = s.inside(list); !ok {
			return g, nil
		}
		extra = append(extra, list...)
	}
	n := s.r.Build(a)
	if n.Size() > 3*g.Size()+20 {
		return g, nil
	}
	return n, extra
}

// A solver solves equations on a piece.
type solver struct {
	l      *Formulas
	r      *Ring
	lo, hi Spot
}

const solveDepth = 6

// inside returns the spots strictly inside the piece, in order, each once; false
// when that cannot be told.
func (s *solver) inside(list []Spot) ([]Spot, bool) {
	var out []Spot
	for _, z := range list {
		a, ok := s.l.Consts.CompareSpots(s.lo, z)
		if !ok {
			return nil, false
		}
		b, ok := s.l.Consts.CompareSpots(z, s.hi)
		if !ok {
			return nil, false
		}
		if a < 0 && b < 0 {
			out = append(out, z)
		}
	}
	failed := false
	slices.SortStableFunc(out, func(a, b Spot) int {
		c, ok := s.l.Consts.CompareSpots(a, b)
		failed = failed || !ok
		return c
	})
	if failed {
		return nil, false
	}
	out = slices.CompactFunc(out, func(a, b Spot) bool {
		c, _ := s.l.Consts.CompareSpots(a, b)
		return c == 0
	})
	return out, true
}

// power returns v^n of a constant v, as a person writes it: a square root as sqrt(v).
func (s *solver) power(v expr.Expr, n number.Number) expr.Expr {
	if n == number.Frac(1, 2) && v.Op() != expr.Num {
		return s.l.T.Call(fn.Lookup("sqrt"), v)
	}
	return s.l.T.Pow(v, s.l.T.Num(n))
}

func (s *solver) exact(e expr.Expr) Spot { return At(s.l.Consts, e) }

// zeros returns the zeros of a, at least all those on the piece.
func (s *solver) zeros(a Combo, depth int) ([]Spot, bool) {
	if depth > solveDepth {
		return nil, false
	}
	a, strips, ok := s.r.Numerator(a)
	if !ok || len(a) == 0 || !s.constantsNotZero(strips) {
		return nil, false
	}
	var out []Spot
	for _, st := range strips {
		if st.N.Sign() > 0 && s.r.Kernels[st.K].HasX {
			list, ok := s.kernelZeros(st.K, depth)
			if !ok {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	list, ok := s.sum(a, depth)
	return append(out, list...), ok
}

// constantsNotZero reports whether the constants among strips are seen not to be 0: a multiple of one that is has no list of zeros.
func (s *solver) constantsNotZero(strips []strip) bool {
	return !slices.ContainsFunc(strips, func(st strip) bool {
		k := &s.r.Kernels[st.K]
		if k.HasX || k.Positive || st.N.Sign() < 0 {
			return false
		}
		sign, ok := s.l.Consts.Sign(k.E)
		return !ok || sign == 0
	})
}

// kernelZeros returns the zeros of a kernel.
func (s *solver) kernelZeros(k, depth int) ([]Spot, bool) {
	info := &s.r.Kernels[k]
	if info.Positive {
		return nil, true
	}
	switch info.kind {
	case kernelX:
		return []Spot{s.exact(s.l.T.Int(0))}, true
	case kernelSum:
		return s.zeros(info.arg, depth+1)
	case kernelTrig:
		return s.trig(s.r.one(k), []int{k}, depth)
	}
	switch info.name {
	case "log":
		return s.zeros(Add(info.arg, comboOf(number.Int(-1))), depth+1)
	case "atan", "asin", "asinh", "erf", "W", "atanh", "cbrt", "erfinv":
		return s.zeros(info.arg, depth+1)
	case "acos", "acosh":
		return s.zeros(Add(info.arg, comboOf(number.Int(-1))), depth+1)
	}
	f := fn.Lookup(info.name)
	return nil, f != nil && f.NeverZero()
}

// kernelsOf returns the kernels with x in a.
func (s *solver) kernelsOf(a Combo) []int {
	var out []int
	for _, t := range a {
		for _, p := range t.M {
			if s.r.Kernels[p.K].HasX && !slices.Contains(out, p.K) {
				out = append(out, p.K)
			}
		}
	}
	slices.Sort(out)
	return out
}

// sum returns the zeros of a Combo that numerator has passed.
func (s *solver) sum(a Combo, depth int) ([]Spot, bool) {
	a = s.oneArc(a)
	ks := s.kernelsOf(a)
	switch len(ks) {
	case 0:
		sign, ok := s.l.Consts.Sign(s.r.Build(a))
		return nil, ok && sign != 0
	case 1:
		if s.r.Kernels[ks[0]].kind == kernelTrig {
			return s.trig(a, ks, depth)
		}
		return s.univariate(a, ks[0], depth)
	}
	trig := true
	for _, k := range ks {
		trig = trig && s.r.Kernels[k].kind == kernelTrig
	}
	if trig {
		return s.trig(a, ks, depth)
	}
	if list, ok := s.radical(a, depth); ok {
		return list, true
	}
	if list, ok := s.balance(a, depth); ok {
		return list, true
	}
	if len(ks) == 2 {
		if list, ok := s.lambert(a, ks, depth); ok {
			return list, true
		}
		if list, ok := s.halves(a, ks); ok {
			return list, true
		}
	}
	// one sign all over: no zeros
	pos, neg := s.r.PositiveCombo(a), s.r.PositiveCombo(a.Neg())
	return nil, pos || neg
}

// oneArc writes acos(u) as pi/2 - asin(u) in a where it has both.
func (s *solver) oneArc(a Combo) Combo {
	for _, k := range s.kernelsOf(a) {
		if s.r.Kernels[k].name != "acos" {
			continue
		}
		asin, ok := s.r.index[s.r.lookup("asin", s.r.Build(s.r.Kernels[k].arg))]
		if !ok || !slices.Contains(s.kernelsOf(a), asin) {
			continue
		}
		other := Add(Combo{{number.Frac(1, 2), []kernelPower{{s.r.pi(), number.Int(1)}}}}, s.r.one(asin).Neg())
		var out Combo
		for _, t := range a {
			f := comboOf(number.Int(1))
			m := slices.Clone(t.M)
			if i := slices.IndexFunc(m, func(p kernelPower) bool { return p.K == k }); i >= 0 {
				n, isInt := m[i].N.Int64()
				if f, ok = s.r.powInt(other, int(n)); !isInt || n < 0 || !ok {
					return a
				}
				m = slices.Delete(m, i, i+1)
			}
			product, ok := s.r.mul(Combo{{t.C, m}}, f)
			if !ok {
				return a
			}
			out = append(out, product...)
		}
		a = collectCombo(out)
	}
	return a
}

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

func lcm(a, b int64) int64 {
	g, h := a, b
	for h != 0 {
		g, h = h, g%h
	}
	return a / g * b
}

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
	t := s.l.T
	if len(p) == 0 {
		return nil, false
	}
	var out []Spot
	// p(y) = q(y^m): solve for y^m first.
	m := 0
	for i, c := range p {
		if c.Sign() != 0 && i > 0 {
			m = int(lcmGCD(int64(m), int64(i)))
		}
	}
	if m > 1 {
		q := make(polynomial.Polynomial, 0, len(p)/m+1)
		for i := 0; i < len(p); i += m {
			q = append(q, p[i])
		}
		inner, ok := s.rationalPolynomial(q, nonNegative || m%2 == 0)
		if !ok {
			return nil, false
		}
		for _, v := range inner {
			sign := SignOf(v.Hull)
			if v.Exact.Valid() {
				var ok bool
				if sign, ok = s.l.Consts.Sign(v.Exact); !ok {
					return nil, false
				}
			} else if sign == 0 {
				return nil, false
			}
			if sign < 0 && m%2 == 0 {
				continue
			}
			var root Spot
			switch {
			case sign == 0:
				out = append(out, Spot{Exact: t.Int(0), Hull: interval.Point(0), Mult: v.Mult})
				continue
			case v.Exact.Valid():
				w := v.Exact
				if sign < 0 {
					w = t.Neg(w)
				}
				w = s.power(w, number.Frac(1, int64(m)))
				if m%2 == 0 && !nonNegative { // the form of the ring, if longer, for both signs
					w = s.l.Consts.Ring.Build(s.l.Consts.Ring.Expand(w))
				}
				w = s.l.Consts.Simplify(w)
				if sign < 0 {
					w = t.Neg(w)
				}
				root = s.exact(w)
			default:
				i := v.Hull
				if sign < 0 {
					i = i.Neg()
				}
				i = i.Root(m)
				if sign < 0 {
					i = i.Neg()
				}
				root = Spot{Hull: i}
			}
			root.Mult = v.Mult
			if m%2 == 0 && !nonNegative {
				minus := root
				minus.Hull = root.Hull.Neg()
				if root.Exact.Valid() {
					minus = s.exact(t.Neg(root.Exact))
					minus.Mult = v.Mult
				}
				out = append(out, minus)
			}
			out = append(out, root)
		}
		return out, true
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
			m = lcmGCD(m, int64(i))
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

func lcmGCD(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
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

// kernelIs solves kernel k = v.
func (s *solver) kernelIs(k int, v Spot, depth int) ([]Spot, bool) {
	info := &s.r.Kernels[k]
	t := s.l.T
	if info.kind == kernelX {
		return []Spot{v}, true
	}
	if !v.Exact.Valid() {
		return s.kernelNear(k, v)
	}
	sign, ok := s.l.Consts.Sign(v.Exact)
	if !ok {
		return nil, false
	}
	is := func(u expr.Expr) ([]Spot, bool) { // arg = u
		return s.zeros(Add(info.arg, s.r.Expand(s.l.Consts.Simplify(u)).Neg()), depth+1)
	}
	call := func(f string, u expr.Expr) expr.Expr { return t.Call(fn.Lookup(f), u) }
	switch {
	case info.kind == kernelExp:
		if sign <= 0 {
			return nil, true
		}
		return is(call("log", v.Exact))
	case info.kind == kernelSum:
		return is(v.Exact)
	}
	within := func(a, b number.Number) (bool, bool) { // a < v < b
		x, ok1 := s.l.Consts.Compare(t.Num(a), v.Exact)
		y, ok2 := s.l.Consts.Compare(v.Exact, t.Num(b))
		return x < 0 && y < 0, ok1 && ok2
	}
	switch info.name {
	case "log":
		return is(call("exp", v.Exact))
	case "asinh":
		return is(call("sinh", v.Exact))
	case "cbrt":
		return is(t.Pow(v.Exact, t.Int(3)))
	case "W", "Wm1":
		c, ok := s.l.Consts.Compare(v.Exact, t.Int(-1))
		if !ok {
			return nil, false
		}
		if c < 0 && info.name == "W" || c > 0 && info.name == "Wm1" {
			return nil, true
		}
		return is(t.Mul(v.Exact, call("exp", v.Exact)))
	case "atan":
		in, ok := within(number.Frac(-1570796, 1000000), number.Frac(1570796, 1000000))
		if !ok || !in {
			return nil, false
		}
		return is(call("tan", v.Exact))
	case "erf":
		in, ok := within(number.Int(-1), number.Int(1))
		if !ok {
			return nil, false
		}
		if !in {
			return nil, true
		}
		return is(call("erfinv", v.Exact))
	case "atanh":
		return is(call("tanh", v.Exact))
	case "erfinv":
		return is(call("erf", v.Exact))
	case "asin":
		if in, ok := within(number.Frac(-1570796, 1000000), number.Frac(1570796, 1000000)); ok && in {
			return is(call("sin", v.Exact))
		}
	case "acos":
		if in, ok := within(number.Int(0), number.Frac(3141592, 1000000)); ok && in {
			return is(call("cos", v.Exact))
		}
	case "acosh":
		if sign < 0 {
			return nil, true
		}
		return is(call("cosh", v.Exact))
	}
	return nil, false
}

// kernelNear solves kernel k = v for a v that is only known in an interval: v
// is one number, and so is the zero for a kernel that takes every value once.
func (s *solver) kernelNear(k int, v Spot) ([]Spot, bool) {
	info := &s.r.Kernels[k]
	if v.Wide || len(info.arg) != 1 {
		return nil, false
	}
	t := info.arg[0]
	if len(t.M) != 1 || s.r.Kernels[t.M[0].K].kind != kernelX || t.M[0].N != number.Int(1) {
		return nil, false
	}
	c := HullOf(t.C)
	switch {
	case info.kind == kernelExp:
		if v.Hull.Hi <= 0 {
			return nil, true
		}
		if v.Hull.Lo <= 0 {
			return nil, false
		}
		return []Spot{{Hull: interval.Log(v.Hull).Div(c), Mult: v.Mult}}, true
	case info.name == "log":
		return []Spot{{Hull: interval.Exp(v.Hull).Div(c), Mult: v.Mult}}, true
	}
	return nil, false
}
