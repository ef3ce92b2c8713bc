// Package asymptotic expands formulas for large t, with bounds that hold for all t ≥ T:
//
//	u(t) = Σ c_i m_i(t) + r(t) m_R(t),   r(t) ∈ [lo, hi] for t ≥ T,
//
// where the m are products exp(Σ k_j t^a_j …)·t^a·log(t)^b·log(log t)^c, the
// scales, which are ordered by growth, m_1 growing fastest and m_R slowest. The
// quotient of a scale by a faster one falls towards 0 from some point on; T is
// past that point for every quotient that is used, which is checked, and so the
// value at T bounds the quotient. It is the expansion in a scale of
// comparison of Shackell and Gruntz (D. Gruntz, On computing limits in a
// symbolic manipulation system, 1996) with an interval for the remainder.
package asymptotic

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

type seriesTerm struct {
	c expr.Expr // constant, not 0
	m scale
}

// A series is Σ c m + rem·rm. Without a remainder rem is the point 0. Every m
// grows faster than the next, and faster than rm; where rem is not bounded that does
// not make the terms greater than the remainder. A nil one is not known, and what is made of it is nil.
type series struct {
	terms []seriesTerm
	rem   interval.I
	rm    scale
}

func (s *series) exact() bool { return s.rem == interval.Point(0) }

// only returns s if ok holds.
func (s *series) only(ok bool) *series {
	if ok {
		return s
	}
	return nil
}

// enclosed is what stays in v, if that is bounded.
func enclosed(v interval.I, m scale) *series { return (&series{rem: v, rm: m}).only(v.IsBounded()) }

// seriesTerms is the most terms kept; what is left goes into the remainder.
const seriesTerms = 7

// A Tail expands formulas of x for t ≥ T, x = at + dir/t, or x = dir·t at
// infinity.
type Tail struct {
	c    *exact.Constants
	x    string
	at   expr.Expr // not valid at infinity
	dir  int       // +1 or -1
	T    float64
	memo map[expr.Expr]*series
	kept int   // terms of a Taylor series
	more *Tail // the same with more of them, once it was needed

	// Where of is valid, x goes to a place in hull at which the formula of is 0, and
	// of = dir/t.
	of   expr.Expr
	hull interval.I
}

// New returns the expansions of formulas in the variable x for t ≥ T, where
// x = at + dir/t, or dir·t when at is not valid.
func New(c *exact.Constants, x string, at expr.Expr, dir int, T float64) *Tail {
	return &Tail{c: c, x: x, at: at, dir: dir, T: T, memo: map[expr.Expr]*series{}, kept: fewTerms}
}

// NewAtZero returns the expansions of formulas in x where the formula of goes to 0,
// from above for a positive dir, as x goes to a place in hull without a closed form.
// They hold near enough to that place; of limits the kind alone is known.
func NewAtZero(c *exact.Constants, x string, of expr.Expr, dir int, hull interval.I) *Tail {
	wide := func(v, to float64) float64 {
		for range 4 {
			v = math.Nextafter(v, to)
		}
		return v
	}
	a := New(c, x, expr.Expr{}, dir, Starts[0])
	a.of, a.hull = of, interval.New(wide(hull.Lo, math.Inf(-1)), wide(hull.Hi, math.Inf(1)))
	return a
}

// deeper returns the same expansions with more terms, for a place at which those of e have cancelled,
// so that its leading term is not known; nil where that is of no use.
func (a *Tail) deeper(e expr.Expr) *Tail {
	s := a.memo[e]
	if !a.at.Valid() || a.kept == manyTerms || a.T > Starts[0] || s == nil || len(s.terms) > 0 || s.exact() {
		return nil
	}
	if a.more == nil {
		a.more = New(a.c, a.x, a.at, a.dir, a.T)
		a.more.kept = manyTerms
	}
	return a.more
}

// Cancelled reports whether leading terms of e have cancelled: so do parts of e near the end, and enclosures
// over intervals say little of it as far out as that is.
func (a *Tail) Cancelled(e expr.Expr) bool { return a.more != nil && a.more.memo[e] != nil }

// atZero expands node n where a.of goes to 0: n is a.of and a constant, or x.
func (a *Tail) atZero(n expr.Expr) *series {
	if n.Op() == expr.Var {
		return &series{rem: a.hull}
	}
	c := a.c.T.Sub(n, a.of)
	if c.Has(a.x) {
		return nil
	}
	return a.add(a.constant(a.c.Simplify(c)), a.single(int64(a.dir), scale{p: monomial{a: whole(-1)}}))
}

func (a *Tail) num(n number.Number) expr.Expr { return a.c.T.Num(n) }
func (a *Tail) int(n int64) expr.Expr         { return a.c.T.Int(n) }

// constant returns the series c.
func (a *Tail) constant(c expr.Expr) *series {
	s, ok := a.c.Sign(c)
	if s == 0 {
		return (&series{}).only(ok)
	}
	return (&series{terms: []seriesTerm{{c: c}}}).only(ok)
}

func (a *Tail) single(c int64, m scale) *series {
	return &series{terms: []seriesTerm{{a.int(c), m}}}
}

// absorb adds v·m to the remainder of s, v in i.
func (a *Tail) absorb(s *series, i interval.I, m scale) bool {
	if i == interval.Point(0) {
		return true
	}
	if s.exact() {
		s.rem, s.rm = i, m
		return true
	}
	g, ok := a.compareScales(m, s.rm)
	if !ok {
		return false
	}
	if g > 0 {
		s.rem, i = i, s.rem
		s.rm, m = m, s.rm
	}
	b := 1.0
	if g != 0 {
		q, ok := a.divScale(m, s.rm)
		if !ok {
			return false
		}
		if b, ok = a.bound(q); !ok {
			return false
		}
		i = i.Mul(interval.New(0, b))
	}
	s.rem = s.rem.Add(i)
	return true
}

// settle moves the terms that do not grow faster than the remainder, and those
// past the limit, into the remainder.
func (a *Tail) settle(s *series) bool {
	for len(s.terms) > 0 {
		last := s.terms[len(s.terms)-1]
		if len(s.terms) <= seriesTerms {
			if s.exact() {
				return true
			}
			g, ok := a.compareScales(last.m, s.rm)
			if !ok {
				return false
			}
			if g > 0 {
				return true
			}
		}
		s.terms = s.terms[:len(s.terms)-1]
		if !a.absorb(s, a.c.Rough(last.c), last.m) {
			return false
		}
	}
	return true
}

func (a *Tail) add(x, y *series) *series {
	if x == nil || y == nil {
		return nil
	}
	out := &series{rem: x.rem, rm: x.rm}
	i, j := 0, 0
	for i < len(x.terms) || j < len(y.terms) {
		g, ok := 0, true
		switch {
		case j == len(y.terms):
			g = 1
		case i == len(x.terms):
			g = -1
		default:
			if g, ok = a.compareScales(x.terms[i].m, y.terms[j].m); !ok {
				return nil
			}
		}
		switch {
		case g > 0:
			out.terms = append(out.terms, x.terms[i])
			i++
		case g < 0:
			out.terms = append(out.terms, y.terms[j])
			j++
		default:
			c := a.add2(x.terms[i].c, y.terms[j].c)
			s, ok := a.c.Sign(c)
			if !ok {
				return nil
			}
			if s != 0 {
				out.terms = append(out.terms, seriesTerm{c, x.terms[i].m})
			}
			i, j = i+1, j+1
		}
	}
	return out.only(a.absorb(out, y.rem, y.rm) && a.settle(out))
}

// lead returns the scale that grows fastest in x and an enclosure of x divided
// by it on [T, ∞).
func (a *Tail) lead(x *series) (scale, interval.I, bool) {
	if x == nil {
		return scale{}, interval.Whole, false
	}
	if len(x.terms) == 0 {
		return x.rm, x.rem, true
	}
	m := x.terms[0].m
	v := a.c.Rough(x.terms[0].c)
	for _, t := range x.terms[1:] {
		q, ok := a.divScale(t.m, m)
		if !ok {
			return m, v, false
		}
		b, ok := a.bound(q)
		if !ok {
			return m, v, false
		}
		v = v.Add(a.c.Rough(t.c).Mul(interval.New(0, b)))
	}
	if !x.exact() {
		q, ok := a.divScale(x.rm, m)
		if !ok {
			return m, v, false
		}
		b, ok := a.bound(q)
		if !ok {
			return m, v, false
		}
		v = v.Add(x.rem.Mul(interval.New(0, b)))
	}
	return m, v, true
}

func (a *Tail) times(x *series, c expr.Expr, m scale) *series {
	if x == nil {
		return nil
	}
	out := &series{rem: x.rem.Mul(a.c.Rough(c))}
	ok := true
	for _, t := range x.terms {
		q, ok := a.mulScale(t.m, m)
		if !ok {
			return nil
		}
		out.terms = append(out.terms, seriesTerm{a.mul2(t.c, c), q})
	}
	if !x.exact() {
		out.rm, ok = a.mulScale(x.rm, m)
	}
	return out.only(ok)
}

func (a *Tail) mul(x, y *series) *series {
	if x == nil || y == nil {
		return nil
	}
	out := &series{}
	for _, t := range x.terms {
		if out = a.add(out, a.times(&series{terms: y.terms}, t.c, t.m)); out == nil {
			return nil
		}
	}
	cross := func(u, v *series) bool { // terms of u times the remainder of v
		if v.exact() || len(u.terms) == 0 {
			return true
		}
		m, i, ok := a.lead(&series{terms: u.terms})
		if !ok {
			return false
		}
		q, ok := a.mulScale(m, v.rm)
		return ok && a.absorb(out, i.Mul(v.rem), q)
	}
	if !cross(x, y) || !cross(y, x) {
		return nil
	}
	if !x.exact() && !y.exact() {
		q, ok := a.mulScale(x.rm, y.rm)
		if !ok || !a.absorb(out, x.rem.Mul(y.rem), q) {
			return nil
		}
	}
	return out.only(a.settle(out))
}

// split returns the leading term of x and x divided by it, less 1, with an
// enclosure of that on [T, ∞).
func (a *Tail) split(x *series) (lead seriesTerm, eps *series, size interval.I, ok bool) {
	if x == nil || len(x.terms) == 0 {
		return
	}
	lead = x.terms[0]
	inv := a.c.Simplify(a.c.T.Pow(lead.c, a.int(-1)))
	rest := &series{terms: x.terms[1:], rem: x.rem, rm: x.rm}
	if eps = a.times(rest, inv, a.powScale(lead.m, number.Int(-1))); eps == nil {
		return
	}
	size, ok = a.sizeOf(eps)
	return
}

// sizeOf returns an enclosure of the values of x → 0 or bounded, on [T, ∞).
func (a *Tail) sizeOf(x *series) (interval.I, bool) {
	if x != nil && len(x.terms) == 0 && x.exact() {
		return interval.Point(0), true
	}
	m, v, ok := a.lead(x)
	if !ok {
		return v, false
	}
	g, ok := a.growth(m)
	if !ok || g > 0 {
		return v, false
	}
	if g == 0 {
		return v, true
	}
	b, ok := a.bound(m)
	return v.Mul(interval.New(0, b)), ok
}
