package univariate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// compareValues returns the order of the values of two candidates.
func (s *study) compareValues(a, b *candidate) (int, bool) {
	switch {
	case a.v.Hi < b.v.Lo:
		return -1, true
	case a.v.Lo > b.v.Hi:
		return 1, true
	case a.v.IsPoint() && a.v == b.v:
		return 0, true
	case a.limit != b.limit && !a.lower && !b.lower && a.s.Inf == 0 && a.s.Exact.Valid() && a.s.Exact == b.s.Exact && !s.l.jumps(s.l.raw):
		return 0, true // f is continuous where it is defined
	case a.e.Valid() && b.e.Valid():
		if c, ok := s.l.Consts.Compare(a.e, b.e); ok {
			return c, true
		}
	}
	if c, ok := s.monotone(a, b); ok {
		return c, true
	}
	return 0, a.zero && b.zero && s.congruent(a.s, b.s) || s.endOfFlat(a, b) || s.endOfFlat(b, a)
}

// monotone returns the order of the values at two places between which f is monotone:
// zeros of f' that follow each other on a piece, and ends of it at which f is continuous.
func (s *study) monotone(a, b *candidate) (order int, ok bool) {
	l := s.l
	if a.limit || b.limit || a.flat != nil || b.flat != nil || a.s.Wide || b.s.Wide {
		return 0, false
	}
	for k := range s.lists {
		p, list := &s.pieces[k], &s.lists[k]
		if !list.all() {
			continue
		}
		places := slices.Concat([]exact.Spot{p.lo}, list.zeros, []exact.Spot{p.hi})
		at := func(c *candidate) int {
			i := slices.IndexFunc(places, func(z exact.Spot) bool { return l.same(z, c.s) })
			if (i == 0 || i == len(places)-1) && !s.continues(p, c) {
				return -1
			}
			return i
		}
		i, j := at(a), at(b)
		if i < 0 || j < 0 || i-j != 1 && j-i != 1 {
			continue
		}
		sign, ok := l.signInside(p.g, places[min(i, j)], places[max(i, j)])
		return sign * (i - j), ok && sign != 0
	}
	return 0, false
}

// endOfFlat reports whether b is an end of the piece of a, on which f is
// constant, and f is continuous there.
func (s *study) endOfFlat(a, b *candidate) bool {
	return a.flat != nil && b.flat == nil && s.continues(a.flat, b)
}

// continues reports whether c is the value at an end of p, at which f is continuous on p.
func (s *study) continues(p *piece, c *candidate) bool {
	l := s.l
	if !c.e.Valid() || !c.s.Exact.Valid() || c.s.Exact != p.lo.Exact && c.s.Exact != p.hi.Exact {
		return false
	}
	m := l.Program(p.f)
	if m == nil || l.Consts.Simplify(l.Substitute(p.f, c.s.Exact)) != c.e {
		return false
	}
	_, dec := exact.Evaluate(m, c.s.Hull)
	return dec == interval.Continuous
}

// congruent reports whether a and b are stationary points that a symmetry of f maps onto each other: x → c - x, or
// x → x + c, for a short number c.
func (s *study) congruent(a, b exact.Spot) bool {
	l := s.l
	if a.Inf != 0 || b.Inf != 0 || a.Wide || b.Wide || slices.ContainsFunc(s.lists, func(z zeroList) bool { return !z.complete }) {
		return false
	}
	f := l.tidyNode(l.raw)
	for _, sign := range [2]int64{-1, 1} {
		slope := interval.Point(float64(sign))
		for _, c := range l.shortNumbers(b.Hull.Sub(slope.Mul(a.Hull)).Mid()) {
			// the image of a is a stationary point too, and it is b when b is the only one there
			image := l.Consts.Enclose(c).Add(slope.Mul(a.Hull))
			if !image.Disjoint(b.Hull) && s.alone(b, image.Hull(b.Hull)) && l.equal(f, l.Substitute(f, l.T.Add(c, l.T.Mul(l.T.Int(sign), l.Var)))) {
				return true
			}
		}
	}
	return false
}

// alone reports whether X lies in a part that was searched, and z is the only place in it where f' is 0 or a piece ends.
func (s *study) alone(z exact.Spot, X interval.I) bool {
	in := func(other exact.Spot) bool { return other.Inf == 0 && other.Hull != z.Hull && !other.Hull.Disjoint(X) }
	return slices.ContainsFunc(s.lists, func(list zeroList) bool {
		return list.complete && list.from <= X.Lo && X.Hi <= list.to && slices.ContainsFunc(list.zeros, func(y exact.Spot) bool { return y.Hull == z.Hull })
	}) && !slices.ContainsFunc(s.spots, in) && !slices.ContainsFunc(s.cands, func(c candidate) bool { return in(c.s) })
}

// equal reports whether the tidy formulas f and g are seen to be equal wherever both are defined.
func (l *line) equal(f, g expr.Expr) bool {
	if f == g || HasCases(f) {
		return f == g
	}
	r := l.RingFor(exact.Start)
	diff := exact.Add(r.Expand(f), r.Expand(g).Neg())
	if len(diff) == 0 {
		return true
	}
	d, _, ok := r.Numerator(diff)
	return ok && l.TrigZero(r, d)
}

// conclude compares the candidates and writes the answer.
func (s *study) conclude() {
	switch {
	case s.unbound != nil:
		s.withoutBound()
		return
	case len(s.open) > 0:
		s.giveUp("not settled: " + strings.Join(s.open, "; "))
		return
	case len(s.cands) == 0 && len(s.pieces) == 0:
		s.a.Status = minimum.EmptyDomain
		s.a.Proof = []string{"the formula is defined at no point"}
		if s.outerLo.Inf == 0 || s.outerHi.Inf == 0 {
			s.a.Proof = []string{"the formula is defined at no point with " + s.betweenText()}
		}
		return
	case len(s.cands) == 0:
		s.giveUp("no candidates")
		return
	}
	pts, lims := s.contenders()
	pts, sure := s.lowest(pts)
	// Every piece is searched, or bounded from below by a candidate: what is left of these
	// when the least value is known may have it too.
	complete := true
	var real []*candidate // limits, not bounds
	for _, c := range lims {
		if !c.lower {
			real = append(real, c)
		}
	}
	bounds := slices.DeleteFunc(lims, func(c *candidate) bool { return !c.lower })
	lims, limSure := s.lowest(real)
	for _, c := range bounds {
		complete = false
		if s.notBelow(c, pts, sure) || limSure && len(lims) > 0 && s.isAbove(c, lims[0]) {
			continue
		}
		q := s.attains(pts, c.v.Lo)
		if q == nil {
			s.giveUp(map[bool]string{false: "smaller", true: "greater"}[s.l.max] + " values as " + c.approach + " are not excluded")
			return
		}
		pts, sure = []*candidate{q}, true
	}
	switch {
	case len(lims) == 0:
	case len(pts) == 0:
		s.notAttained(lims, limSure)
		return
	default:
		below, equal, unknown := true, true, !sure
		for _, q := range lims {
			k, ok := s.compareValues(q, pts[0])
			unknown = unknown || !ok
			below, equal = below && k < 0, equal && k >= 0
		}
		if unknown || !below && !equal {
			s.giveUp("whether the infimum is attained could not be settled")
			return
		}
		if below {
			s.notAttained(lims, limSure)
			return
		}
	}
	s.attained(pts, sure, complete)
}

// withoutBound writes the answer for a formula that falls without end.
func (s *study) withoutBound() {
	l, a := s.l, s.a
	a.Status = minimum.Unbounded
	a.Value = math.Inf(-1)
	if l.max {
		a.Value = math.Inf(1)
	}
	a.Witness = s.unbound.Witness
	a.approach, a.approachSide, a.approachStep = s.unbound.end, s.unbound.side, s.repeated()
	a.Method = "limits"
	a.Proof = append(append(a.Proof, s.stationaryProof()...), s.unbound.Why+", so f has no "+s.least())
}

// repeated returns the period of a formula that is asked about on the whole line.
func (s *study) repeated() expr.Expr {
	if s.outerLo.Inf == 0 || s.outerHi.Inf == 0 {
		return expr.Expr{}
	}
	return s.l.period
}

// contenders returns the candidates whose values may be the least: those that are
// attained, and limits and bounds.
func (s *study) contenders() (pts, lims []*candidate) {
	for i := range s.cands {
		if c := &s.cands[i]; c.limit {
			lims = append(lims, c)
		} else {
			pts = append(pts, c)
		}
	}
	if s.above.Valid() { // f is greater on the piece, at its ends it may be anything
		pts = slices.DeleteFunc(pts, func(c *candidate) bool { return c.zero || c.flat != nil })
		lims = slices.DeleteFunc(lims, func(c *candidate) bool { return c.lower || c.e != s.above })
	}
	// the ends of a piece on which f is constant say nothing new
	all := slices.Clone(pts)
	pts = slices.DeleteFunc(pts, func(c *candidate) bool {
		return slices.ContainsFunc(all, func(a *candidate) bool { return s.endOfFlat(a, c) })
	})
	top := math.Inf(1)
	for _, c := range pts {
		top = math.Min(top, c.v.Hi)
	}
	for _, c := range lims {
		if !c.lower {
			top = math.Min(top, c.v.Hi)
		}
	}
	above := func(c *candidate) bool { return c.v.Lo > top }
	for _, c := range pts {
		if c.late.Valid() && !above(c) {
			if e := s.l.Consts.Simplify(s.l.Substitute(c.late, c.s.Exact)); s.l.Consts.Enclose(e).IsBounded() {
				c.e, c.v = e, c.v.Meet(s.l.Consts.Enclose(e))
			}
		}
	}
	return slices.DeleteFunc(pts, above), slices.DeleteFunc(lims, above)
}

// lowest returns those of list with the least value, as far as their order is
// known, and whether all have that value.
func (s *study) lowest(list []*candidate) (best []*candidate, sure bool) {
	sure = true
	for _, c := range list {
		if len(best) == 0 {
			best = append(best, c)
			continue
		}
		k, ok := s.compareValues(c, best[0])
		switch {
		case !ok:
			sure = false
			best = append(best, c)
		case k < 0:
			if sure {
				best = best[:0]
			}
			best = append([]*candidate{c}, best...)
		case k == 0:
			best = append(best, c)
		}
	}
	return best, sure
}

// notBelow reports whether the bound c is proved to be at least the value of pts.
func (s *study) notBelow(c *candidate, pts []*candidate, sure bool) bool {
	if len(pts) == 0 || !sure || !pts[0].e.Valid() {
		return false
	}
	bound := c.e
	if !bound.Valid() {
		low, ok := number.FromFloat(c.v.Lo)
		if !ok {
			return false
		}
		bound = s.l.T.Num(low)
	}
	k, ok := s.l.Consts.Compare(bound, pts[0].e)
	return ok && k >= 0
}

// isAbove reports whether all values that the bound c stands for are proved to be greater than a
// limit.
func (s *study) isAbove(c, limit *candidate) bool {
	return limit.e.Valid() && (c.v.Lo > limit.v.Hi || c.of.Valid() && s.l.inRests(c.of, limit.e, c.over).sign() > 0)
}

// atLeast reports whether enclosures show that f is at least low on every piece, and
// at the points of pts between them.
func (s *study) atLeast(pts []*candidate, low float64) bool {
	for i := range s.pieces {
		p := &s.pieces[i]
		m := s.l.Program(p.f)
		if m == nil {
			return false
		}
		if v, _ := exact.Evaluate(m, p.hull()); !(v[0].Lo >= low) {
			return false
		}
	}
	return !slices.ContainsFunc(pts, func(c *candidate) bool { return !c.zero && c.flat == nil && !(c.v.Lo >= low) })
}

// attains looks near the points for one at which f has exactly the value low.
func (s *study) attains(pts []*candidate, low float64) *candidate {
	l := s.l
	n, ok := number.FromFloat(low + 0)
	if !ok {
		return nil
	}
	// low must be a bound everywhere, not only at the end that it came from
	all := piece{lo: s.lo, hi: s.hi}
	if v, ok := l.leastOn(l.tidyNode(l.raw), all.hull()); (!ok || v < low) && !s.atLeast(pts, low) {
		return nil
	}
	pts = slices.Clone(pts)
	slices.SortStableFunc(pts, func(a, b *candidate) int { return cmp.Compare(a.s.Hull.Mig(), b.s.Hull.Mig()) })
	for _, c := range pts {
		if c.limit || c.flat != nil || !c.v.Has(low) {
			continue
		}
		for i := range s.pieces {
			p := &s.pieces[i]
			w := 1e-6 * math.Max(c.s.Hull.Mag(), 1e-6)
			a, ok1 := number.FromFloat(c.s.Hull.Lo - w)
			b, ok2 := number.FromFloat(c.s.Hull.Hi + w)
			if !ok1 || !ok2 {
				continue
			}
			lo, hi := exact.At(l.Consts, l.T.Num(a)), exact.At(l.Consts, l.T.Num(b))
			x, ok1 := l.Consts.CompareSpots(p.lo, lo)
			y, ok2 := l.Consts.CompareSpots(hi, p.hi)
			if !ok1 || !ok2 || x >= 0 || y >= 0 {
				continue
			}
			list, ok := l.Solve(l.T.Sub(p.f, l.T.Num(n)), lo, hi)
			if !ok {
				continue
			}
			for _, z := range list {
				if !z.Exact.Valid() {
					continue
				}
				v, defined, sure := l.valueAt(z.Exact)
				if defined && sure && v.Op() == expr.Num && v.Number() == n {
					return &candidate{s: z, v: l.Consts.Enclose(v), e: v, zero: true}
				}
			}
		}
	}
	return nil
}

// notAttained writes the answer for an infimum that is a limit.
func (s *study) notAttained(lims []*candidate, sure bool) {
	l, a := s.l, s.a
	c := lims[0]
	if !minimum.Tight(c.v) {
		s.giveUp(minimum.NotTight)
		return
	}
	a.Status = minimum.NotAttained
	a.Value = s.out(*c)
	a.Approached = c.approach
	if c.path.Valid() {
		a.Argument.Path = []expr.Expr{c.path}
	}
	a.approach, a.approachSide, a.approachStep = &c.s, c.side, s.repeated()
	if c.e.Valid() {
		a.ExactValue = s.outExact(c.e)
	}
	a.Enclosure = &minimum.Enclosure{Value: s.outInterval(c.v)}
	a.Method = "limits"
	if sure {
		a.Approached = approaches(lims)
	}
	text := format.Number(a.Value, 6)
	if a.ExactValue.Valid() {
		text = format.Text(a.ExactValue)
	}
	word, side := "infimum", "above"
	if l.max {
		word, side = "supremum", "below"
	}
	a.Proof = append(a.Proof, s.stationaryProof()...)
	a.Proof = append(a.Proof, s.endProof()...)
	a.Proof = append(a.Proof, fmt.Sprintf("so f stays %s %s, its %s, and comes as near as you like as %s", side, text, word, a.Approached))
}

// approaches lists, in the words "x → 0 and as x → ∞", the different ends at which an infimum is approached.
func approaches(lims []*candidate) string {
	const below, above = " from below", " from above"
	var list []string
	for _, c := range lims {
		at, last := c.approach, len(list)-1
		if to, ok := strings.CutSuffix(at, above); ok && last >= 0 && list[last] == to+below {
			list[last] = to
		} else if !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	const most = 4
	list = list[:min(len(list), most)]
	if n := len(list); n > 2 {
		return strings.Join(list[:n-1], ", as ") + ", and as " + list[n-1]
	}
	return strings.Join(list, " and as ")
}

// giveUp answers with the best point found.
func (s *study) giveUp(why string) {
	l, a := s.l, s.a
	a.Status = minimum.Local
	if l.ctx.Err() != nil {
		why = "the time ran out: " + why
	}
	a.Warnings = append(a.Warnings, why)
	a.Method = "sampling and golden section"
	x, v, ok := s.sample()
	for i := range s.cands { // f' = 0 may hold at a lower place
		if c := &s.cands[i]; !c.limit && c.v.IsBounded() && (!ok || c.v.Hi < v) {
			x, v, ok = c.s.Float(), c.v.Hi, true
		}
	}
	if !ok {
		a.Status = minimum.Failed
		return
	}
	a.At, a.Attained = []float64{x}, true
	a.Value = v
	if l.max {
		a.Value = -v
	}
	a.Minimisers = []minimum.Point{{X: []float64{x}}}
}
