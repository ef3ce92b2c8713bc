package univariate

import (
	"context"
	"fmt"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// stationary fills in the list of stationary points, kinks and ends.
func (s *study) stationary() {
	l, a := s.l, s.a
	for i := range s.pieces {
		p := &s.pieces[i]
		sign := 0 // of f' before the place
		for k, z := range s.lists[i].zeros {
			st, after := s.stationaryAt(p, &s.lists[i], k, sign)
			sign = after
			st.Family, st.Repeats = s.family(z), s.repeats(z)
			a.Stationary = append(a.Stationary, st)
		}
	}
	sure := s.kinks()
	slices.SortStableFunc(a.Stationary, func(p, q minimum.Stationary) int {
		switch {
		case p.X[0] < q.X[0]:
			return -1
		case p.X[0] > q.X[0]:
			return 1
		}
		return 0
	})
	if l.period.Valid() || s.hasRay() {
		s.onePerFamily()
	}
	a.StationaryComplete = sure && s.complete && !s.uncounted && len(s.open) == 0 && s.flats == 0
}

// stationaryAt describes the zero number k of f' in list, on p, and returns the sign of f' after it; before is that before it, if it is known.
func (s *study) stationaryAt(p *piece, list *zeroList, k, before int) (st minimum.Stationary, after int) {
	l, zs := s.l, list.zeros
	z := zs[k]
	var c candidate
	if k < len(list.values) {
		c = list.values[k]
	} else {
		c = s.valueOn(p, z, len(zs))
	}
	st = minimum.Stationary{X: []float64{z.Float()}, Value: s.out(c), ExactValue: s.outExact(c.e), Kind: "undetermined", Hull: z.Hull}
	if z.Exact.Valid() {
		st.Exact = []expr.Expr{z.Exact}
	}
	if !z.Wide && list.all() {
		from, to := p.lo, p.hi
		if k > 0 {
			from = zs[k-1]
		}
		if k+1 < len(zs) {
			to = zs[k+1]
		}
		ok1, ok2 := before != 0, false
		if !ok1 {
			before, ok1 = l.signInside(p.g, from, z)
		}
		after, ok2 = l.signInside(p.g, z, to)
		if ok1 && ok2 {
			st.Kind, st.Proved = s.kind(before, after), true
		}
	} else if !z.Wide {
		if m := l.Program(p.g); m != nil {
			v, dec := exact.Evaluate(m, z.Hull)
			if sg := exact.SignOf(v[1]); dec == interval.Continuous && sg != 0 {
				st.Kind, st.Proved = s.kind(-sg, sg), true
			}
		}
	}
	return st, after
}

// alongDrift lists the stationary points of a formula on the whole line that falls without end and changes by a constant over
// each period of its derivative, such as x + sin(x) and 2x - tan(x): those in one period.
func alongDrift(ctx context.Context, q *Question, a *answer) {
	if a.Status != minimum.Unbounded || a.StationaryComplete || q.depth > 0 || q.Bound.Lo.Valid() || q.Bound.Hi.Valid() || len(q.SubjectTo) > 0 {
		return
	}
	l, _, _, _, _ := newLine(ctx, q)
	t, f := l.T, l.tidyNode(l.raw)
	slope := *l
	slope.raw = t.Tidy(diff.D(f, l.Name))
	period, ok := slope.findPeriod()
	if !ok || l.jumps(l.raw) || l.formalPowers(l.raw) || !l.domainRepeats(period) {
		return
	}
	slope.period = period
	lo, hi, _ := slope.window(exact.Start, exact.End)
	drift := l.RingFor(exact.Start).Build(l.change(f, period))
	m := l.Program(f)
	if m == nil || drift.Has(l.Name) || !l.Consts.Enclose(drift).IsBounded() {
		return
	}
	if v, dec := exact.Evaluate(m, lo.Hull); dec != interval.Continuous || exact.SignOf(v[1]) == 0 { // nothing to list at the ends
		return
	}
	one := *q
	one.Bound = minimum.Bound{Lo: lo.Exact, Hi: hi.Exact}
	part := studied(ctx, &one).a
	if !part.StationaryComplete {
		return
	}
	if l.max {
		drift = l.Consts.Simplify(t.Neg(drift))
	}
	repeats := minimum.Repeats{Step: period, Width: l.Consts.Enclose(period).Mid()}
	var list []minimum.Stationary
	for _, st := range part.Stationary {
		if !(lo.Hull.Hi < st.Hull.Lo && st.Hull.Hi < hi.Hull.Lo) || st.Family != "" {
			continue // an end of the part
		}
		z := exact.Spot{Hull: st.Hull}
		if len(st.Exact) > 0 {
			z.Exact = t.Pool().Import(st.Exact[0])
		}
		st.Family, st.Repeats, st.Drift = l.familyOf(z, repeats), repeats, t.Mul(drift, t.Pool().Var("k"))
		list = append(list, st)
	}
	if len(list) == 0 {
		return
	}
	a.Stationary, a.StationaryComplete = list, true
	a.Proof = append(a.Proof, fmt.Sprintf("f changes by %s over each period of f', %s, in which f' has %s", format.Text(drift), format.Text(period), countOf(len(list))))
}

// countOf says how many zeros there are.
func countOf(n int) string {
	if n == 1 {
		return "a single zero"
	}
	return fmt.Sprintf("exactly %d zeros", n)
}

// kind names a stationary point by the signs of the derivative of raw on both
// sides.
func (s *study) kind(before, after int) string {
	if s.l.max {
		before, after = -before, -after
	}
	switch {
	case before < 0 && after > 0:
		return "local minimum"
	case before > 0 && after < 0:
		return "local maximum"
	case before == 0 || after == 0:
		return "flat"
	}
	return "inflection"
}

// kinks adds the places between pieces where f is continuous and has a local
// extremum or a slope of 0, and returns whether all were found.
func (s *study) kinks() (sure bool) {
	sure = true
	for i, z := range s.spots {
		if !s.defined[i] {
			continue
		}
		below, above := s.around(z)
		if below < 0 || above < 0 {
			continue
		}
		c := s.valueOf(z)
		if c == nil {
			sure = false
			continue
		}
		join1, known1 := s.joins(below, z, +1, c)
		join2, known2 := s.joins(above, z, -1, c)
		if !join1 || !join2 {
			sure = sure && (known1 && !join1 || known2 && !join2)
			continue
		}
		b, t := s.slopeToward(below, +1), s.slopeToward(above, -1)
		if b == 0 || t == 0 {
			sure = false
			continue
		}
		if b == t { // an inflection, where f' is 0 on both sides
			level, known := s.level(below, above, z)
			if sure = sure && known; !level {
				continue
			}
		}
		st := minimum.Stationary{X: []float64{z.Float()}, Value: s.out(*c), ExactValue: s.outExact(c.e), Kind: s.kind(b, t), Proved: true,
			Family: s.family(z), Hull: z.Hull, Repeats: s.repeats(z)}
		if z.Exact.Valid() {
			st.Exact = []expr.Expr{z.Exact}
		}
		s.a.Stationary = append(s.a.Stationary, st)
	}
	return sure
}

// level reports whether f' goes to 0 at z on the pieces below and above it, and
// whether that is known.
func (s *study) level(below, above int, z exact.Spot) (level, known bool) {
	known = true
	for i, k := range [2]int{below, above} {
		p := s.pieces[k]
		p.f = p.g
		lim := s.limit(&p, z, 1-2*i)
		sign, ok := 0, false
		switch {
		case lim.Kind == asymptotic.Plus || lim.Kind == asymptotic.Minus:
			return false, true
		case lim.Kind == asymptotic.Finite && lim.Value.Valid():
			sign, ok = s.l.Consts.Sign(lim.Value)
		case lim.Kind == asymptotic.Finite:
			sign = exact.SignOf(lim.Bound)
		}
		if sign != 0 {
			return false, true
		}
		known = known && ok
	}
	return known, known
}

// around returns the numbers of the pieces that end and begin at z, -1 for none.
func (s *study) around(z exact.Spot) (below, above int) {
	below, above = -1, -1
	for k := range s.pieces {
		if c, ok := s.l.Consts.CompareSpots(s.pieces[k].hi, z); ok && c == 0 {
			below = k
		}
		if c, ok := s.l.Consts.CompareSpots(s.pieces[k].lo, z); ok && c == 0 {
			above = k
		}
	}
	return below, above
}

// valueOf returns the candidate with the value at the spot z.
func (s *study) valueOf(z exact.Spot) *candidate {
	for i := range s.cands {
		if c := &s.cands[i]; !c.limit && c.flat == nil && !c.zero && c.s.Exact == z.Exact && c.s.Hull == z.Hull {
			return c
		}
	}
	return nil
}

// joins reports whether f, on piece number k, goes to its value c at the end z, and whether that is known.
func (s *study) joins(k int, z exact.Spot, side int, c *candidate) (joins, known bool) {
	if !s.l.jumps(s.l.raw) { // a formula without jumps is continuous where it is defined
		return true, true
	}
	if !z.Exact.Valid() || !c.e.Valid() {
		return false, false
	}
	lim := s.limit(&s.pieces[k], z, side)
	switch {
	case lim.Kind == asymptotic.Plus || lim.Kind == asymptotic.Minus:
		return false, true
	case lim.Kind != asymptotic.Finite || !lim.Value.Valid():
		return false, false
	}
	order, known := s.l.Consts.Compare(lim.Value, c.e)
	return known && order == 0, known
}

// jumps reports whether the written formula e has a part that may be discontinuous
// where it is defined.
func (l *line) jumps(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op() == expr.Pow && n.Arg(1).Has(l.Name) && !l.positive(n.Arg(0)) { // 0^0 is 1
			return true
		}
		if n.Op() == expr.Call && n.Func().Jumps {
			return true
		}
	}
	return false
}

// positive reports whether the tidy form of e is seen to be positive everywhere.
func (l *line) positive(e expr.Expr) bool {
	m := l.Program(l.tidyNode(e))
	if m == nil {
		return false
	}
	v, dec := exact.Evaluate(m, interval.Whole)
	return dec >= interval.Defined && v[0].Lo > 0
}

// slopeToward returns the sign of f' on piece number k between its last zero and
// the end on the given side, 0 when it is not known.
func (s *study) slopeToward(k, side int) int {
	p, list := &s.pieces[k], &s.lists[k]
	if !list.all() {
		return 0
	}
	from, to := p.lo, p.hi
	if n := len(list.zeros); n > 0 && side > 0 {
		from = list.zeros[n-1]
	} else if n > 0 {
		to = list.zeros[0]
	}
	sign, _ := s.l.signInside(p.g, from, to)
	return sign
}

// onePerFamily drops stationary points that stand a period beside another one.
func (s *study) onePerFamily() {
	var out []minimum.Stationary
	for i := range s.a.Stationary {
		p := &s.a.Stationary[i]
		twice := false
		for k := range s.a.Stationary {
			q := &s.a.Stationary[k]
			twice = twice || again(q.X[0], p.X[0], &q.Repeats, &p.Repeats)
		}
		if !twice {
			out = append(out, *p)
		}
	}
	s.a.Stationary = out
}
