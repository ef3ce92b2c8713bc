package univariate

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file finds where u takes a value, or the values of a family, on the branches of a substitution.

// inverses returns expressions of which one is the x with u(x) = y on each
// branch, false when u is not a chain of functions with inverses in closed form.
func (s *substitution) inverses(y expr.Expr) ([]expr.Expr, bool) {
	return form.Nearby(s.in.l.T, s.tidy, y)
}

// on returns the place on branch b at which u has the value y, which must be in
// its image.
func (s *substitution) on(b *branch, y exact.Spot) (exact.Spot, bool) {
	l := s.in.l
	if s.same(y, b.from) && b.loIn {
		return b.lo, true
	}
	if s.same(y, b.to) && b.hiIn {
		return b.hi, true
	}
	if y.Exact.Valid() {
		if list, ok := s.inverses(y.Exact); ok {
			if k := s.inside(b, list); k >= 0 {
				return exact.At(l.Consts, list[k]), true
			}
		}
		z, ok := l.allZeros(l.T.Sub(s.tidy, l.T.Pool().Import(y.Exact)), b.lo, b.hi)
		if ok && len(z.zeros) == 1 && !z.zeros[0].Wide {
			return z.zeros[0], true
		}
		return exact.Spot{}, false
	}
	// An interval of values has an interval of places.
	var ends [2]exact.Spot
	for i, v := range [2]float64{y.Hull.Lo, y.Hull.Hi} {
		n, ok := number.FromFloat(v)
		if !ok {
			return exact.Spot{}, false
		}
		at := exact.At(l.Consts, l.T.Num(n))
		if !s.contains(b, at) {
			return exact.Spot{}, false
		}
		if ends[i], ok = s.on(b, at); !ok {
			return exact.Spot{}, false
		}
	}
	return exact.Spot{Hull: ends[0].Hull.Hull(ends[1].Hull), Wide: y.Wide}, true
}

// contains reports whether y is proved to be a value on b.
func (s *substitution) contains(b *branch, y exact.Spot) bool {
	c := s.in.l.Consts
	lo, hi, loIn, hiIn := b.image()
	x, ok1 := c.CompareSpots(lo, y)
	z, ok2 := c.CompareSpots(y, hi)
	return ok1 && ok2 && (x < 0 || x == 0 && loIn) && (z < 0 || z == 0 && hiIn)
}

// inside returns the number of the one expression of list that lies on b, -1
// when it is not one for certain.
func (s *substitution) inside(b *branch, list []expr.Expr) int {
	c := s.in.l.Consts
	found := -1
	for i, e := range list {
		if c.Enclose(e) == interval.Whole {
			continue // not a real number
		}
		z := exact.At(c, e)
		x, ok1 := c.CompareSpots(b.lo, z)
		y, ok2 := c.CompareSpots(z, b.hi)
		if !ok1 || !ok2 {
			return -1
		}
		if x < 0 && y < 0 {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// A preimage is a place, or a family of them, at which u has a value, or the
// values of a family.
type preimage struct {
	z      exact.Spot
	family string
	b      *branch
	inner  bool // no end of the branch
}

// preimages returns where u has the value y, or one of the values y + P k; false
// when not all of them could be found.
func (s *substitution) preimages(y exact.Spot, r minimum.Repeats) ([]preimage, bool) {
	var out []preimage
	all := true
	add := func(p preimage) {
		if !slices.ContainsFunc(out, func(q preimage) bool { // an end of two branches, or one equation for several
			return p.family == q.family && (p.family != "" || s.same(p.z, q.z))
		}) {
			out = append(out, p)
		}
	}
	for i := range s.branches {
		b := &s.branches[i]
		if !r.Step.Valid() {
			if s.contains(b, y) {
				z, ok := s.on(b, y)
				if !ok {
					all = false
					continue
				}
				add(preimage{z: z, b: b, inner: !s.same(z, b.lo) && !s.same(z, b.hi)})
			} else if !s.apart(b, y) {
				all = false
			}
			continue
		}
		list, ok := s.familyOn(b, y, r)
		all = all && ok
		for _, p := range list {
			add(p)
		}
	}
	return out, all
}

// apart reports whether y is proved not to be a value on b.
func (s *substitution) apart(b *branch, y exact.Spot) bool {
	c := s.in.l.Consts
	lo, hi, loIn, hiIn := b.image()
	x, ok1 := c.CompareSpots(lo, y)
	z, ok2 := c.CompareSpots(y, hi)
	return ok1 && (x > 0 || x == 0 && !loIn) || ok2 && (z > 0 || z == 0 && !hiIn)
}

// listed is how many places of a family on a bounded branch are listed one by
// one.
const listed = 12

// familyOn returns the places on b at which u is y + P k for some k.
func (s *substitution) familyOn(b *branch, y exact.Spot, r minimum.Repeats) ([]preimage, bool) {
	m, ok := s.multiplesOn(b, y, r)
	if !ok {
		return nil, false
	}
	if m.first && m.last && m.to-m.from < listed {
		var out []preimage
		for k := m.from; k <= m.to; k++ {
			z, ok := s.on(b, m.at(s.in.l, k))
			if !ok {
				return out, false
			}
			out = append(out, preimage{z: z, b: b, inner: !s.same(z, b.lo) && !s.same(z, b.hi)})
		}
		return out, true
	}
	return s.named(b, m)
}

// A multiples is the places base + step·k for whole k, from and to some k if there is a first or a
// last one. The base has a closed form or is enclosed.
type multiples struct {
	base        exact.Spot
	step        expr.Expr
	from, to    int64
	first, last bool
}

func (m *multiples) at(l *line, k int64) exact.Spot {
	if !m.base.Exact.Valid() {
		return exact.Spot{Hull: m.base.Hull.Add(l.Consts.Enclose(m.step).Mul(interval.Point(float64(k))))}
	}
	return exact.At(l.Consts, m.formula(l, k))
}

// formula returns at as a formula, of a base without a closed form to as many digits as are shown.
func (m *multiples) formula(l *line, k int64) expr.Expr {
	base := m.base.Exact
	if !base.Valid() {
		base = l.T.Tidy(expr.MustParse(format.Number(m.base.Float(), 6)))
	}
	return l.T.Add(base, l.T.Mul(l.T.Int(k), m.step))
}

// multiplesOn returns the places that y with its repetition stands for in the image of b.
func (s *substitution) multiplesOn(b *branch, y exact.Spot, r minimum.Repeats) (m *multiples, ok bool) {
	l := s.in.l
	c := l.Consts
	lo, hi, loIn, hiIn := b.image()
	m = &multiples{base: y, step: l.T.Pool().Import(r.Step), first: lo.Inf == 0, last: hi.Inf == 0}
	if y.Exact.Valid() {
		m.base.Exact = l.T.Pool().Import(y.Exact)
	}
	edge := func(end exact.Spot, in bool, dir int64) (int64, bool) { // the first k inside the end
		q := c.Enclose(end.Exact).Sub(m.at(l, 0).Hull).Div(c.Enclose(m.step))
		if !q.IsBounded() || q.Mag() > 1e15 {
			return 0, false
		}
		k := int64(math.Round(q.Mid())) - 2*dir
		for range 6 {
			d, ok := c.CompareSpots(m.at(l, k), end)
			if !ok {
				return 0, false
			}
			if d *= int(dir); d > 0 || d == 0 && in {
				return k, true
			}
			k += dir
		}
		return 0, false
	}
	if m.first {
		if m.from, ok = edge(lo, loIn, 1); !ok {
			return nil, false
		}
	}
	if m.last {
		if m.to, ok = edge(hi, hiIn, -1); !ok {
			return nil, false
		}
	}
	if r.Lo != nil && (!m.first || m.from < *r.Lo) {
		m.from, m.first = *r.Lo, true
	}
	if r.Hi != nil && (!m.last || m.to > *r.Hi) {
		m.to, m.last = *r.Hi, true
	}
	return m, true
}

// named returns what b maps to m as a family with one formula, or with an equation for it.
func (s *substitution) named(b *branch, m *multiples) ([]preimage, bool) {
	l, t := s.in.l, s.in.l.T
	// base + step (from + k), base + step (to - k) or base + step k
	first, dir, tail := m.from, int64(1), ", k >= 0"
	switch {
	case m.first && m.last:
		tail = fmt.Sprintf(", 0 <= k <= %d", m.to-m.from)
	case m.last:
		first, dir = m.to, -1
	case !m.first:
		first, tail = 0, ""
	}
	z, ok := s.on(b, m.at(l, first))
	if !ok {
		return nil, false
	}
	values := t.Add(m.formula(l, first), t.Mul(t.Int(dir), m.step, t.Pool().Var("k")))
	text := func(e expr.Expr) string { return format.String(e, format.Options{Decimals: !m.base.Exact.Valid()}) }
	list, ok := s.inverses(values)
	if !ok { // no closed form: the equation
		return []preimage{{z: z, family: text(s.u) + " = " + text(values) + tail, b: b, inner: true}}, true
	}
	// the same inverse gives all of them
	which := -1
	for _, n := range [...]int64{1, 2, 1000, -1, -2, -1000} {
		if m.first && m.last && n > m.to-m.from || n < 0 && tail != "" {
			continue
		}
		each, _ := s.inverses(m.formula(l, first+dir*n))
		i := s.inside(b, each)
		if i < 0 && max(n, -n) == 1000 {
			continue // perhaps too near the end of the branch to be told
		}
		if i < 0 || which >= 0 && i != which {
			return nil, false
		}
		which = i
	}
	place := l.Name + " = " + text(list[which])
	return []preimage{{z: z, family: place + tail, b: b, inner: !s.same(z, b.lo) && !s.same(z, b.hi)}}, true
}
