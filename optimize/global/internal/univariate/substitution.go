package univariate

import (
	"context"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file answers by substitution. Where f(x) = g(u(x)), the values of f are
// those of g on the range of u. The line is cut into branches on which u is
// continuous and strictly monotone; each maps onto an interval, g is studied on
// the union of these, and its minimisers are pulled back through the inverse of u
// on each branch.

// substitutions is how often a substitution may be made in what another one left.
const substitutions = 3

// substituted answers p by substitution, nil when that does not settle it. With
// periodic only a g that is periodic in u, or a formula of waves, is tried: it has families of
// minimisers, or an infimum towards an end of u, which nothing else finds.
func substituted(ctx context.Context, p *Question, periodic bool) *answer {
	if p.depth >= substitutions || len(p.SubjectTo) > 0 || ctx.Err() != nil {
		return nil
	}
	l, _, _, _, _ := newLine(ctx, p)
	raw := apart(l.T.Pool().Import(p.F))
	y := "u"
	if l.Name == y {
		y = "v"
	}
	for _, c := range l.substitutes(raw, y) {
		if l.Consts.Tired() {
			return nil
		}
		u, g := c.u, c.g
		if periodic {
			gl, _, _, _, _ := newLine(ctx, &Question{F: g, Var: y})
			if _, ok := gl.findPeriod(); !ok {
				if speeds, ok := gl.angularSpeeds(gl.raw, true); !ok || len(speeds) < 2 {
					continue
				}
			}
		}
		inner, lo, hi, loOpen, hiOpen := newLine(ctx, &Question{F: u, Var: l.Name, Bound: p.Bound})
		s := &substitution{p: p, y: y, u: u, g: g,
			in: &study{l: inner, a: &answer{}, lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
				outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}}
		if a := s.answer(ctx); a != nil {
			if a.between == "" {
				a.between = s.in.betweenText()
			}
			return a
		}
	}
	return nil
}

// A substitution is f = g(y), y = u(x).
type substitution struct {
	p    *Question
	y    string
	u, g expr.Expr
	in   *study // of u
	tidy expr.Expr

	branches []branch
	// The answers for g on the parts of the range of u: all, those with the least
	// value, and the first of these.
	stationary, subs []*answer
	sub              *answer
	endless          []bool // the parts of the range that are unbounded
	everywhere       bool   // g is defined on all of the range
	between          string // the range
	some             bool   // u may leave out values of it
	// Where u is studied on a part of the line only, on which it takes all its values: the
	// period after which it is repeated, if that is why.
	part   bool
	period expr.Expr
}

// A branch is a part of the line from lo to hi on which u is continuous and
// strictly monotone; from and to are its limits at lo and hi.
type branch struct {
	lo, hi     exact.Spot
	from, to   exact.Spot
	loIn, hiIn bool // the end is part of the domain, with the limit as its value
	// loTurn and hiTurn say that the end is inside the domain.
	loTurn, hiTurn bool
	rising         bool
	first          bool // lo is the lower end of a piece
}

// image returns the ends of the values on b, in order.
func (b *branch) image() (lo, hi exact.Spot, loIn, hiIn bool) {
	if b.rising {
		return b.from, b.to, b.loIn, b.hiIn
	}
	return b.to, b.from, b.hiIn, b.loIn
}

// maxBranches is the most branches that a substitution may have.
const maxBranches = 12

func (s *substitution) answer(ctx context.Context) *answer {
	if s.cut() {
		if bounds, ok := s.ranges(); ok {
			return s.onRange(ctx, bounds)
		}
		return nil
	}
	if a := s.onPart(ctx); a != nil {
		return a
	}
	return s.byRange(ctx)
}

// onRange answers from the least value of g on the union of the bounds, the values that
// u takes on the branches.
func (s *substitution) onRange(ctx context.Context, bounds []minimum.Bound) *answer {
	s.subs, s.endless = nil, nil
	for i := range bounds {
		q := &Question{F: s.g, Var: s.y, Bound: bounds[i], Max: s.p.Max, depth: s.p.depth + 1}
		sub := solve(ctx, q)
		switch sub.Status {
		case minimum.Exact, minimum.Certified, minimum.NotAttained, minimum.Unbounded:
			s.subs = append(s.subs, sub)
			s.endless = append(s.endless, !bounds[i].Lo.Valid() || !bounds[i].Hi.Valid())
		case minimum.EmptyDomain:
		default:
			return nil
		}
	}
	if len(s.subs) == 0 || !s.best() {
		return nil
	}
	return s.pullBack()
}

// best keeps of the answers for g those with the least value, the attained ones
// first, and says what is known of all.
func (s *substitution) best() bool {
	l := s.in.l
	all := s.subs
	s.stationary, s.everywhere = all, true
	var between []string
	for _, a := range all {
		s.everywhere = s.everywhere && a.everywhere
		between = append(between, a.between)
	}
	s.between = strings.Join(between, " or ")
	value := func(a *answer) exact.Spot {
		switch {
		case a.Status == minimum.Unbounded:
			return exact.Start
		case a.ExactValue.Valid():
			e := l.T.Pool().Import(a.ExactValue)
			if s.p.Max {
				e = l.T.Neg(e)
			}
			return exact.At(l.Consts, e)
		}
		v := a.Enclosure.Value
		if s.p.Max {
			v = v.Neg()
		}
		return exact.Spot{Hull: v}
	}
	s.subs = nil
	first := 0
	for i, a := range all {
		if len(s.subs) == 0 {
			s.subs = []*answer{a}
			continue
		}
		c, ok := l.Consts.CompareSpots(value(a), value(s.subs[0]))
		switch {
		case !ok && a.Attained && s.subs[0].Attained && s.endless[i] && s.endless[first] && s.repeats(): // the same on both
			s.subs = append(s.subs, a)
		case !ok:
			return false
		case c < 0:
			s.subs, first = []*answer{a}, i
		case c == 0:
			s.subs = append(s.subs, a)
		}
	}
	slices.SortStableFunc(s.subs, func(a, b *answer) int {
		rank := func(a *answer) int {
			if a.Attained {
				return 0
			}
			return 1
		}
		return rank(a) - rank(b)
	})
	if s.subs[0].Attained {
		s.subs = slices.DeleteFunc(s.subs, func(a *answer) bool { return !a.Attained })
	}
	s.sub = s.subs[0]
	return true
}

// repeats reports whether g is seen to have a period.
func (s *substitution) repeats() bool {
	g, _, _, _, _ := newLine(context.Background(), &Question{F: s.g, Var: s.y})
	_, ok := g.findPeriod()
	return ok
}

// cut finds the branches of u.
func (s *substitution) cut() bool {
	in := s.in
	l := in.l
	s.branches = nil
	pieces, spots, err := l.cut(in.lo, in.hi)
	if err != nil || len(pieces) > maxBranches || slices.ContainsFunc(pieces, func(p piece) bool { return p.ray != nil }) {
		return false
	}
	in.pieces, in.spots = pieces, spots
	for i := range pieces {
		if !s.cutPiece(&pieces[i]) {
			return false
		}
	}
	for i := range s.branches {
		b := &s.branches[i]
		b.loTurn = b.loIn && i > 0 && s.branches[i-1].hiIn && s.same(s.branches[i-1].hi, b.lo)
		b.hiTurn = b.hiIn && i+1 < len(s.branches) && s.branches[i+1].loIn && s.same(s.branches[i+1].lo, b.hi)
	}
	// a place that is no end of a piece stands alone
	for _, z := range spots {
		if _, in, sure := s.valueAt(z); !sure {
			return false
		} else if in && !slices.ContainsFunc(s.branches, func(b branch) bool { return s.same(b.lo, z) || s.same(b.hi, z) }) {
			return false
		}
	}
	s.tidy = l.tidyNode(s.in.l.raw)
	return len(s.branches) > 0
}

// cutPiece adds the branches on a piece: between the zeros of u'.
func (s *substitution) cutPiece(p *piece) bool {
	l := s.in.l
	p.f = l.T.Tidy(p.raw)
	p.g = l.derivative(p)
	z, ok := l.allZeros(p.g, p.lo, p.hi)
	if !ok {
		return false
	}
	ends := append(append([]exact.Spot{p.lo}, z.zeros...), p.hi)
	if len(s.branches)+len(ends) > maxBranches {
		return false
	}
	for k := 0; k+1 < len(ends); k++ {
		b := branch{lo: ends[k], hi: ends[k+1], first: k == 0}
		sign, ok := l.signInside(p.g, b.lo, b.hi)
		if !ok || sign == 0 {
			return false
		}
		b.rising = sign > 0
		for side, end := range [2]exact.Spot{b.lo, b.hi} {
			v, in, sure := s.valueAt(end)
			at := v
			if turn := side == 0 && k > 0 || side == 1 && k+2 < len(ends); !turn {
				if at, ok = s.limitAt(p, end, 2*side-1); !ok {
					return false
				}
			}
			if !sure || in && at.Inf != 0 {
				return false
			}
			if in {
				if c, ok := l.Consts.CompareSpots(v, at); !ok || c != 0 {
					return false // a jump
				}
			}
			if side == 0 {
				b.from, b.loIn = at, in
			} else {
				b.to, b.hiIn = at, in
			}
		}
		s.branches = append(s.branches, b)
	}
	return true
}

// valueAt returns the value of u at z, whether there is one in the question, and whether that is
// sure.
func (s *substitution) valueAt(z exact.Spot) (v exact.Spot, in, sure bool) {
	l, of := s.in.l, s.in
	switch {
	case z.Inf != 0:
		return z, false, true
	case !z.Exact.Valid():
		return z, false, false
	}
	if c, ok := l.Consts.CompareSpots(z, of.lo); ok && c == 0 && of.loOpen {
		return z, false, true
	}
	if c, ok := l.Consts.CompareSpots(z, of.hi); ok && c == 0 && of.hiOpen {
		return z, false, true
	}
	e, defined, sure := l.valueAt(z.Exact)
	if !defined || !sure {
		return z, false, sure
	}
	return exact.At(l.Consts, e), true, true
}

// limitAt returns the limit of u towards an end of p.
func (s *substitution) limitAt(p *piece, end exact.Spot, side int) (exact.Spot, bool) {
	switch lim := s.in.limit(p, end, side); {
	case lim.Kind == asymptotic.Plus:
		return exact.End, true
	case lim.Kind == asymptotic.Minus:
		return exact.Start, true
	case lim.Kind == asymptotic.Finite && lim.Value.Valid():
		return exact.At(s.in.l.Consts, lim.Value), true
	}
	return exact.Spot{}, false
}

func (s *substitution) same(a, b exact.Spot) bool { return s.in.l.same(a, b) }

// ranges returns the union of the images of the branches.
func (s *substitution) ranges() ([]minimum.Bound, bool) {
	type part struct {
		lo, hi     exact.Spot
		loIn, hiIn bool
	}
	c := s.in.l.Consts
	var parts []part
	for i := range s.branches {
		var p part
		p.lo, p.hi, p.loIn, p.hiIn = s.branches[i].image()
		parts = append(parts, p)
	}
	sure := true
	slices.SortStableFunc(parts, func(a, b part) int {
		k, ok := c.CompareSpots(a.lo, b.lo)
		sure = sure && ok
		return k
	})
	var out []part
	for _, p := range parts {
		if n := len(out); n > 0 {
			last := &out[n-1]
			k, ok := c.CompareSpots(p.lo, last.hi)
			sure = sure && ok
			if k < 0 || k == 0 && (p.loIn || last.hiIn) {
				if k, ok := c.CompareSpots(p.lo, last.lo); ok && k == 0 {
					last.loIn = last.loIn || p.loIn
				}
				k, ok := c.CompareSpots(p.hi, last.hi)
				sure = sure && ok
				if k > 0 {
					last.hi, last.hiIn = p.hi, p.hiIn
				} else if k == 0 {
					last.hiIn = last.hiIn || p.hiIn
				}
				continue
			}
		}
		out = append(out, p)
	}
	var bounds []minimum.Bound
	for _, p := range out {
		b := minimum.Bound{LoOpen: !p.loIn, HiOpen: !p.hiIn}
		if p.lo.Inf == 0 {
			b.Lo = p.lo.Exact
		}
		if p.hi.Inf == 0 {
			b.Hi = p.hi.Exact
		}
		bounds = append(bounds, b)
	}
	return bounds, sure
}
