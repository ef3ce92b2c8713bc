package global

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
)

// solve returns all zeros of g strictly between lo and hi when they can be
// found by solving the equation: every step is an equivalence on the piece.
func (l *line) solve(g expr.Expr, lo, hi spot) ([]spot, bool) {
	s := &solver{l: l, r: l.ringFor(lo), lo: lo, hi: hi}
	list, ok := s.zeros(s.r.expand(g), 0)
	if !ok {
		return nil, false
	}
	return s.inside(list)
}

// ringFor returns the ring for a piece that begins at lo.
func (l *line) ringFor(lo spot) *kernelRing {
	positive := false
	if lo.inf == 0 {
		if lo.e.Valid() {
			s, ok := l.c.sign(lo.e)
			positive = ok && s >= 0
		} else {
			positive = lo.i.Lo >= 0
		}
	}
	if positive {
		if l.positive == nil {
			l.positive = newKernelRing(l.t, l.x)
			l.positive.positiveX = true
		}
		return l.positive
	}
	if l.ring == nil {
		l.ring = newKernelRing(l.t, l.x)
	}
	return l.ring
}

// stripped returns g without factors that have no zeros on the piece, and the
// zeros of those factors that have; g itself when nothing is gained.
func (l *line) stripped(g expr.Expr, lo, hi spot) (expr.Expr, []spot) {
	s := &solver{l: l, r: l.ringFor(lo), lo: lo, hi: hi}
	a, strips, ok := s.r.numerator(s.r.expand(g))
	if !ok || len(strips) == 0 {
		return g, nil
	}
	var extra []spot
	for _, st := range strips {
		if st.n.Sign() < 0 || !s.r.kernels[st.k].hasX {
			continue
		}
		list, ok := s.kernelZeros(st.k, 0)
		if !ok {
			return g, nil // search the whole
		}
		if list, ok = s.inside(list); !ok {
			return g, nil
		}
		extra = append(extra, list...)
	}
	n := s.r.build(a)
	if n.Size() > 3*g.Size()+20 {
		return g, nil
	}
	return n, extra
}

// A solver solves equations on a piece.
type solver struct {
	l      *line
	r      *kernelRing
	lo, hi spot
}

const solveDepth = 6

// inside returns the spots strictly inside the piece, in order, each once; false
// when that cannot be told.
func (s *solver) inside(list []spot) ([]spot, bool) {
	var out []spot
	for _, z := range list {
		a, ok := s.l.c.compareSpots(s.lo, z)
		if !ok {
			return nil, false
		}
		b, ok := s.l.c.compareSpots(z, s.hi)
		if !ok {
			return nil, false
		}
		if a < 0 && b < 0 {
			out = append(out, z)
		}
	}
	failed := false
	slices.SortStableFunc(out, func(a, b spot) int {
		c, ok := s.l.c.compareSpots(a, b)
		failed = failed || !ok
		return c
	})
	if failed {
		return nil, false
	}
	out = slices.CompactFunc(out, func(a, b spot) bool {
		c, _ := s.l.c.compareSpots(a, b)
		return c == 0
	})
	return out, true
}

func (s *solver) exact(e expr.Expr) spot { return exactSpot(s.l.c, e) }

// zeros returns the zeros of a, at least all those on the piece.
func (s *solver) zeros(a combo, depth int) ([]spot, bool) {
	if depth > solveDepth {
		return nil, false
	}
	a, strips, ok := s.r.numerator(a)
	if !ok || len(a) == 0 {
		return nil, false
	}
	var out []spot
	for _, st := range strips {
		if st.n.Sign() > 0 && s.r.kernels[st.k].hasX {
			list, ok := s.kernelZeros(st.k, depth)
			if !ok {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	list, ok := s.sum(a, depth)
	return append(out, list...), ok
}

// kernelZeros returns the zeros of a kernel.
func (s *solver) kernelZeros(k, depth int) ([]spot, bool) {
	info := &s.r.kernels[k]
	switch info.kind {
	case kernelX:
		return []spot{s.exact(s.l.t.Int(0))}, true
	case kernelExp:
		return nil, true
	case kernelSum:
		return s.zeros(info.arg, depth+1)
	case kernelTrig:
		return s.trig(s.r.one(k), []int{k}, depth)
	}
	switch info.name {
	case "log":
		return s.zeros(addCombo(info.arg, comboOf(number.Int(-1))), depth+1)
	case "atan", "asin", "asinh", "erf", "W", "atanh", "cbrt", "erfinv":
		return s.zeros(info.arg, depth+1)
	case "acos", "acosh":
		return s.zeros(addCombo(info.arg, comboOf(number.Int(-1))), depth+1)
	case "erfc", "normcdf":
		return nil, true
	}
	return nil, false
}

// kernelsOf returns the kernels with x in a.
func (s *solver) kernelsOf(a combo) []int {
	var out []int
	for _, t := range a {
		for _, p := range t.m {
			if s.r.kernels[p.k].hasX && !slices.Contains(out, p.k) {
				out = append(out, p.k)
			}
		}
	}
	slices.Sort(out)
	return out
}

// sum returns the zeros of a combo that numerator has passed.
func (s *solver) sum(a combo, depth int) ([]spot, bool) {
	ks := s.kernelsOf(a)
	switch len(ks) {
	case 0:
		sign, ok := s.l.c.sign(s.r.build(a))
		return nil, ok && sign != 0
	case 1:
		if s.r.kernels[ks[0]].kind == kernelTrig {
			return s.trig(a, ks, depth)
		}
		return s.univariate(a, ks[0], depth)
	}
	trig := true
	for _, k := range ks {
		trig = trig && s.r.kernels[k].kind == kernelTrig
	}
	if trig {
		return s.trig(a, ks, depth)
	}
	if list, ok := s.radical(a, ks, depth); ok {
		return list, true
	}
	if len(ks) == 2 {
		if list, ok := s.lambert(a, ks); ok {
			return list, true
		}
	}
	// one sign all over: no zeros
	pos, neg := s.r.positiveCombo(a), s.r.positiveCombo(a.neg())
	return nil, pos || neg
}

// coefficients returns a as a polynomial in y, where kernel k is y^q: the
// coefficient of y^i is a combo without x.
func (s *solver) coefficients(a combo, k int) (c []combo, q int64, ok bool) {
	q = 1
	for _, t := range a {
		for _, p := range t.m {
			if p.k == k {
				d := p.n.Rat().Denom()
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
		rest := comboTerm{c: t.c}
		for _, p := range t.m {
			if p.k == k {
				n, ok = p.n.Mul(number.Int(q)).Int64()
				if !ok || n < 0 || n > 300 {
					return nil, 0, false
				}
			} else {
				rest.m = append(rest.m, p)
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
func (s *solver) univariate(a combo, k int, depth int) ([]spot, bool) {
	// A positive kernel may be replaced by its power of the exponents' greatest
	// common divisor: exp(1000x)^2 - 3 is a polynomial of degree 1.
	g := number.Int(1)
	if s.r.isPositive(k) {
		g = number.Number{}
		b := slices.Clone(a)
		for i := range b {
			for _, p := range b[i].m {
				if p.k == k && g.Sign() == 0 {
					g = p.n.Abs()
				} else if p.k == k {
					g = gcdNumber(g, p.n.Abs())
				}
			}
		}
		for i := range b {
			b[i].m = slices.Clone(b[i].m)
			for j := range b[i].m {
				if b[i].m[j].k == k {
					b[i].m[j].n, _ = b[i].m[j].n.Quo(g)
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
	var out []spot
	for _, v := range values {
		if q > 1 {
			if v.i.Hi < 0 {
				continue
			}
			if v.e.Valid() {
				v = s.exact(s.l.t.Pow(v.e, s.l.t.Int(q)))
			} else {
				v.i = v.i.Max(interval.Point(0)).PowInt(int(q))
			}
		}
		if g != number.Int(1) {
			sign := intervalSign(v.i)
			if v.e.Valid() {
				if sign, ok = s.l.c.sign(v.e); !ok {
					return nil, false
				}
			}
			inv, _ := g.Inv()
			switch {
			case sign < 0 || v.e.Valid() && sign == 0:
				continue
			case v.e.Valid():
				v = s.exact(s.l.t.Pow(v.e, s.l.t.Num(inv)))
			case sign == 0:
				return nil, false
			default:
				v.i = v.i.Pow(numberHull(inv))
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
func (s *solver) polynomial(c []combo, nonNegative bool) ([]spot, bool) {
	t := s.l.t
	rational := make([]number.Number, len(c))
	all := true
	for i := range c {
		var ok bool
		if rational[i], ok = c[i].number(); !ok {
			all = false
		}
	}
	if all {
		if len(c) > 130 {
			return nil, false
		}
		return s.rationalPolynomial(intPolyOf(rational), nonNegative)
	}
	// the degree must be sure
	e := make([]expr.Expr, len(c))
	terms := 0
	for i := range c {
		e[i] = s.r.build(c[i])
		if len(c[i]) > 0 {
			terms++
		}
	}
	n := len(c) - 1
	lead, ok := s.l.c.sign(e[n])
	if !ok || lead == 0 {
		return nil, false
	}
	inv := t.Pow(e[n], t.Int(-1))
	switch {
	case n == 0:
		return nil, true
	case terms == 2 && len(c[0]) > 0: // y^n = v
		v := s.l.c.simplify(t.Mul(t.Int(-1), e[0], inv))
		sign, ok := s.l.c.sign(v)
		if !ok {
			return nil, false
		}
		root := func(v expr.Expr) expr.Expr { return t.Pow(v, t.Num(number.Frac(1, int64(n)))) }
		switch {
		case sign == 0:
			return []spot{s.exact(t.Int(0))}, true
		case sign > 0 && n%2 == 1:
			return []spot{s.exact(root(v))}, true
		case sign > 0:
			r := root(v)
			if nonNegative {
				return []spot{s.exact(r)}, true
			}
			return []spot{s.exact(t.Neg(r)), s.exact(r)}, true
		case n%2 == 1:
			return []spot{s.exact(t.Neg(root(t.Neg(v))))}, true
		}
		return nil, true
	case n == 2:
		// (-b ± sqrt(b² - 4ac))/(2a)
		d := s.l.c.simplify(t.Add(t.Pow(e[1], t.Int(2)), t.Mul(t.Int(-4), e[0], e[2])))
		sign, ok := s.l.c.sign(d)
		if !ok {
			return nil, false
		}
		if sign < 0 {
			return nil, true
		}
		half := t.Num(number.Frac(1, 2))
		var out []spot
		for _, k := range [2]int64{-1, 1} {
			r := t.Mul(half, inv, t.Add(t.Neg(e[1]), t.Mul(t.Int(k), t.Pow(d, half))))
			out = append(out, s.exact(r))
		}
		return out, true
	}
	return nil, false
}

// rationalPolynomial returns the real zeros of p.
func (s *solver) rationalPolynomial(p intPoly, nonNegative bool) ([]spot, bool) {
	t := s.l.t
	if len(p) == 0 {
		return nil, false
	}
	var out []spot
	// p(y) = q(y^m): solve for y^m first.
	m := 0
	for i, c := range p {
		if c.Sign() != 0 && i > 0 {
			m = int(lcmGCD(int64(m), int64(i)))
		}
	}
	if m > 1 {
		q := make(intPoly, 0, len(p)/m+1)
		for i := 0; i < len(p); i += m {
			q = append(q, p[i])
		}
		inner, ok := s.rationalPolynomial(q, nonNegative || m%2 == 0)
		if !ok {
			return nil, false
		}
		for _, v := range inner {
			sign := intervalSign(v.i)
			if v.e.Valid() {
				var ok bool
				if sign, ok = s.l.c.sign(v.e); !ok {
					return nil, false
				}
			} else if sign == 0 {
				return nil, false
			}
			if sign < 0 && m%2 == 0 {
				continue
			}
			var root spot
			switch {
			case sign == 0:
				out = append(out, spot{e: t.Int(0), i: interval.Point(0), mult: v.mult})
				continue
			case v.e.Valid():
				w := v.e
				if sign < 0 {
					w = t.Neg(w)
				}
				w = s.l.c.simplify(t.Pow(w, t.Num(number.Frac(1, int64(m)))))
				if sign < 0 {
					w = t.Neg(w)
				}
				root = s.exact(w)
			default:
				i := v.i
				if sign < 0 {
					i = i.Neg()
				}
				i = i.Root(m)
				if sign < 0 {
					i = i.Neg()
				}
				root = spot{i: i}
			}
			root.mult = v.mult
			if m%2 == 0 && !nonNegative {
				minus := root
				minus.i = root.i.Neg()
				if root.e.Valid() {
					minus = s.exact(t.Neg(root.e))
					minus.mult = v.mult
				}
				out = append(out, minus)
			}
			out = append(out, root)
		}
		return out, true
	}
	for _, z := range p.realZeros() {
		v := s.polyZeroSpot(z)
		if nonNegative && v.i.Hi < 0 {
			continue
		}
		out = append(out, v)
	}
	return out, true
}

func lcmGCD(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// polyZeroSpot returns a zero of a polynomial as a spot.
func (s *solver) polyZeroSpot(z polyZero) spot {
	t := s.l.t
	if z.exact {
		e := t.Num(z.a)
		if z.b.Sign() != 0 {
			e = t.Add(e, t.Mul(t.Num(z.b), t.Call(fn.Lookup("sqrt"), t.Num(z.d))))
		}
		v := s.exact(e)
		v.mult = z.mult
		return v
	}
	// to about two ulps
	c := z.cell
	size := new(big.Rat).Abs(c.lo)
	if h := new(big.Rat).Abs(c.hi); h.Cmp(size) > 0 {
		size = h
	}
	for range 4 { // the size is only known once the cell is small
		c = z.of.refine(c, new(big.Rat).Quo(size, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 56))))
		size = new(big.Rat).Abs(c.hi)
		if size.Sign() == 0 {
			size = new(big.Rat).Abs(c.lo)
		}
	}
	i := numberHull(number.FromRat(c.lo)).Hull(numberHull(number.FromRat(c.hi)))
	return spot{i: i, mult: z.mult}
}

// kernelIs solves kernel k = v.
func (s *solver) kernelIs(k int, v spot, depth int) ([]spot, bool) {
	info := &s.r.kernels[k]
	t := s.l.t
	if info.kind == kernelX {
		return []spot{v}, true
	}
	if !v.e.Valid() {
		return s.kernelNear(k, v)
	}
	sign, ok := s.l.c.sign(v.e)
	if !ok {
		return nil, false
	}
	is := func(u expr.Expr) ([]spot, bool) { // arg = u
		return s.zeros(addCombo(info.arg, s.r.expand(s.l.c.simplify(u)).neg()), depth+1)
	}
	call := func(f string, u expr.Expr) expr.Expr { return t.Call(fn.Lookup(f), u) }
	switch {
	case info.kind == kernelExp:
		if sign <= 0 {
			return nil, true
		}
		return is(call("log", v.e))
	case info.kind == kernelSum:
		return is(v.e)
	}
	within := func(a, b number.Number) (bool, bool) { // a < v < b
		x, ok1 := s.l.c.compare(t.Num(a), v.e)
		y, ok2 := s.l.c.compare(v.e, t.Num(b))
		return x < 0 && y < 0, ok1 && ok2
	}
	switch info.name {
	case "log":
		return is(call("exp", v.e))
	case "asinh":
		return is(call("sinh", v.e))
	case "cbrt":
		return is(t.Pow(v.e, t.Int(3)))
	case "W":
		c, ok := s.l.c.compare(v.e, t.Int(-1))
		if !ok {
			return nil, false
		}
		if c < 0 {
			return nil, true
		}
		return is(t.Mul(v.e, call("exp", v.e)))
	case "atan":
		in, ok := within(number.Frac(-1570796, 1000000), number.Frac(1570796, 1000000))
		if !ok || !in {
			return nil, false
		}
		return is(call("tan", v.e))
	case "erf":
		in, ok := within(number.Int(-1), number.Int(1))
		if !ok {
			return nil, false
		}
		if !in {
			return nil, true
		}
		return is(call("erfinv", v.e))
	case "atanh":
		return is(call("tanh", v.e))
	}
	return nil, false
}

// kernelNear solves kernel k = v for a v that is only known in an interval: v
// is one number, and so is the zero for a kernel that takes every value once.
func (s *solver) kernelNear(k int, v spot) ([]spot, bool) {
	info := &s.r.kernels[k]
	if v.wide || len(info.arg) != 1 {
		return nil, false
	}
	t := info.arg[0]
	if len(t.m) != 1 || s.r.kernels[t.m[0].k].kind != kernelX || t.m[0].n != number.Int(1) {
		return nil, false
	}
	c := numberHull(t.c)
	switch {
	case info.kind == kernelExp:
		if v.i.Hi <= 0 {
			return nil, true
		}
		if v.i.Lo <= 0 {
			return nil, false
		}
		return []spot{{i: interval.Log(v.i).Div(c), mult: v.mult}}, true
	case info.name == "log":
		return []spot{{i: interval.Exp(v.i).Div(c), mult: v.mult}}, true
	}
	return nil, false
}

// radical solves u + v·w^(1/2) = 0 for polynomials u, v, w in x: the zeros of
// u² - v² w at which u and v have different signs.
func (s *solver) radical(a combo, ks []int, depth int) ([]spot, bool) {
	root := -1
	half := number.Frac(1, 2)
	for _, k := range ks {
		switch s.r.kernels[k].kind {
		case kernelX:
		case kernelSum:
			if root >= 0 {
				return nil, false
			}
			root = k
		default:
			return nil, false
		}
	}
	if root < 0 || len(ks) != 2 {
		return nil, false
	}
	var u, v combo
	for _, t := range a {
		at := slices.IndexFunc(t.m, func(p kernelPower) bool { return p.k == root })
		if at < 0 {
			u = append(u, t)
			continue
		}
		if t.m[at].n != half {
			return nil, false
		}
		v = append(v, comboTerm{t.c, slices.Delete(slices.Clone(t.m), at, at+1)})
	}
	u, v = collectCombo(u), collectCombo(v)
	uu, ok1 := s.r.mul(u, u)
	vv, ok2 := s.r.mul(v, v)
	if !ok1 || !ok2 {
		return nil, false
	}
	vw, ok := s.r.mul(vv, s.r.kernels[root].arg)
	if !ok {
		return nil, false
	}
	d := addCombo(uu, vw.neg())
	if len(d) == 0 {
		return nil, false
	}
	list, ok := s.zeros(d, depth+1)
	if !ok {
		return nil, false
	}
	if list, ok = s.inside(list); !ok {
		return nil, false
	}
	var out []spot
	ue, ve := s.r.build(u), s.r.build(v)
	for _, z := range list {
		su, ok := s.l.signAt(ue, z)
		if !ok {
			return nil, false
		}
		sv, ok := s.l.signAt(ve, z)
		if !ok {
			return nil, false
		}
		if su*sv <= 0 && (su == 0) == (sv == 0) || su == 0 {
			z.mult = 0
			out = append(out, z)
		}
	}
	return out, true
}

// signAt returns the sign of the tidy formula e at z.
func (l *line) signAt(e expr.Expr, z spot) (int, bool) {
	if z.inf != 0 || z.wide {
		return 0, false
	}
	if z.e.Valid() {
		return l.c.sign(l.c.simplify(l.at(e, z.e)))
	}
	m := l.machine(e)
	if m == nil {
		return 0, false
	}
	v, dec := evalInterval(m, z.i)
	if dec < interval.Defined {
		return 0, false
	}
	s := intervalSign(v[0])
	return s, s != 0
}

// lambert solves equations with x and exp(c x), or x and log x, by Lambert's W,
// where it has one solution.
func (s *solver) lambert(a combo, ks []int) ([]spot, bool) {
	t := s.l.t
	var x, other = -1, -1
	for _, k := range ks {
		if s.r.kernels[k].kind == kernelX {
			x = k
		} else {
			other = k
		}
	}
	if x < 0 || other < 0 {
		return nil, false
	}
	info := &s.r.kernels[other]
	// a = Σ coef[i][j] x^i o^j with i, j ∈ {0, 1}, where o = other^n
	var coef [2][2]combo
	n := number.Number{}
	for _, tm := range a {
		i, j := 0, 0
		rest := comboTerm{c: tm.c}
		for _, p := range tm.m {
			switch p.k {
			case x:
				if p.n != number.Int(1) {
					return nil, false
				}
				i = 1
			case other:
				if n.Sign() != 0 && n != p.n {
					return nil, false
				}
				n, j = p.n, 1
			default:
				rest.m = append(rest.m, p)
			}
		}
		coef[i][j] = append(coef[i][j], rest)
	}
	var e [2][2]expr.Expr
	var zero [2][2]bool
	for i := range coef {
		for j := range coef[i] {
			e[i][j] = s.r.build(collectCombo(coef[i][j]))
			sign, ok := s.l.c.sign(e[i][j])
			if !ok {
				return nil, false
			}
			zero[i][j] = sign == 0
		}
	}
	inv := func(u expr.Expr) expr.Expr { return t.Pow(u, t.Int(-1)) }
	w := func(z expr.Expr) (expr.Expr, bool) { // the one y with y e^y = z
		z = s.l.c.simplify(z)
		sign, ok := s.l.c.sign(z)
		if !ok || sign < 0 {
			return z, false
		}
		return t.Call(fn.Lookup("W"), z), true
	}
	expo := func(u expr.Expr) expr.Expr { return t.Call(fn.Lookup("exp"), u) }
	switch {
	case info.kind == kernelExp:
		// arg = c x
		if len(info.arg) != 1 {
			return nil, false
		}
		var rest combo
		lin := false
		for _, p := range info.arg[0].m {
			if p.k == x && p.n == number.Int(1) {
				lin = true
				continue
			}
			if s.r.kernels[p.k].hasX {
				return nil, false
			}
			rest = combo{{number.Int(1), append(slices.Clone(restMono(rest)), p)}}
		}
		if !lin {
			return nil, false
		}
		if rest == nil {
			rest = comboOf(number.Int(1))
		}
		c := t.Mul(t.Num(info.arg[0].c.Mul(n)), s.r.build(rest))
		switch {
		case zero[1][1] && !zero[1][0] && !zero[0][1]:
			// b e^(c x) + a1 x + a0 = 0: y e^y = (b c/a1) e^(-c a0/a1), x = -y/c - a0/a1
			q := t.Mul(e[0][0], inv(e[1][0]))
			y, ok := w(t.Mul(e[0][1], c, inv(e[1][0]), expo(t.Mul(t.Int(-1), c, q))))
			if !ok {
				return nil, false
			}
			return []spot{s.exact(t.Add(t.Mul(t.Int(-1), y, inv(c)), t.Neg(q)))}, true
		case !zero[1][1] && zero[1][0] && !zero[0][0]:
			// (b1 x + b0) e^(c x) + a0 = 0: y e^y = -a0 c/b1 e^(c b0/b1), x = y/c - b0/b1
			q := t.Mul(e[0][1], inv(e[1][1]))
			y, ok := w(t.Mul(t.Int(-1), e[0][0], c, inv(e[1][1]), expo(t.Mul(c, q))))
			if !ok {
				return nil, false
			}
			return []spot{s.exact(t.Add(t.Mul(y, inv(c)), t.Neg(q)))}, true
		}
	case info.name == "log" && n == number.Int(1) && len(info.arg) == 1 && len(info.arg[0].m) == 1 &&
		info.arg[0].m[0].k == x && info.arg[0].c == number.Int(1) && info.arg[0].m[0].n == number.Int(1):
		switch {
		case zero[1][1] && !zero[1][0] && !zero[0][1]:
			// a1 x + a0 + b log x = 0: y = a1 x/b, y e^y = (a1/b) e^(-a0/b)
			q := t.Mul(e[1][0], inv(e[0][1]))
			y, ok := w(t.Mul(q, expo(t.Mul(t.Int(-1), e[0][0], inv(e[0][1])))))
			if !ok {
				return nil, false
			}
			return []spot{s.exact(t.Mul(y, inv(q)))}, true
		case !zero[1][1] && zero[1][0] && zero[0][1] && !zero[0][0]:
			// b x log x + a0 = 0: log x = W(-a0/b)
			y, ok := w(t.Mul(t.Int(-1), e[0][0], inv(e[1][1])))
			if !ok {
				return nil, false
			}
			return []spot{s.exact(expo(y))}, true
		}
	}
	return nil, false
}

func restMono(a combo) []kernelPower {
	if len(a) == 0 {
		return nil
	}
	return a[0].m
}
