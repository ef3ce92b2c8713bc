package exact

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
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
	switch {
	case info.kind == kernelExp:
		if sign <= 0 {
			return nil, true
		}
		return is(t.Call(fn.Lookup("log"), v.Exact))
	case info.kind == kernelSum:
		return is(v.Exact)
	}
	f := fn.Lookup(info.name)
	if info.kind != kernelCall || f.Inverse == "" || f.Monotone == 0 || f.Jumps || f.Positive {
		return nil, false // of erfc and normcdf the value at what is found has no plain form
	}
	place, ok := s.inRange(f, v.Exact)
	switch {
	case !ok:
		return nil, false
	case place < 0:
		return nil, true
	}
	pool := t.Pool()
	u := s.l.Consts.Simplify(t.Tidy(pool.Substitute(pool.Import(simplify.Template(f, f.Inverse)), map[string]expr.Expr{f.Args[0]: v.Exact})))
	if place == 0 && s.l.Consts.Simplify(t.Call(f, u)) != v.Exact {
		return nil, false // perhaps an end that is not taken
	}
	return is(u)
}

// inRange says where the constant v is in the range of f: 1 between its ends, 0 at one, which f may not take, -1 outside.
func (s *solver) inRange(f *fn.Func, v expr.Expr) (place int, ok bool) {
	place = 1
	for side, text := range f.Range {
		if text == "" {
			continue
		}
		c, ok := s.l.Consts.Compare(v, s.l.T.Tidy(s.l.T.Pool().Import(expr.MustParse(text))))
		if !ok {
			return 0, false
		}
		place = min(place, c*(1-2*side))
	}
	return place, true
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
