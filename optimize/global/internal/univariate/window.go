package univariate

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// An edge is the part of the line that goes up (side +1) or down to a place, or to an
// end of the line.
type edge struct {
	at   exact.Spot
	side int
}

// withTails answers for a formula that has infinitely many pieces towards an end or
// next to a place where it has no value: it is studied on what is left without the
// parts past T towards the end and within 1/T of the place, on which it is bounded from
// below.
func (s *study) withTails() bool {
	q, holes, near, far := s.edges()
	if q.turning = slices.ContainsFunc(near, s.turnsAt); !q.turning {
		if q.withoutEdges(s, holes, near, far) {
			return true
		}
		if len(s.l.swings()) == 0 {
			return false
		}
	}
	s.l.Consts.Renew()
	q.swinging = true
	return q.withoutEdges(s, holes, near, far)
}

// withSwings is withTails for a formula with periodic parts, with the bounds that these give.
func (s *study) withSwings() bool {
	if len(s.l.swings()) == 0 {
		return false
	}
	q, holes, near, far := s.edges()
	q.swinging = true
	old := *s.a
	if !q.withoutEdges(s, holes, near, far) {
		return false
	}
	if s.a.Status == minimum.Unbounded { // more is told of it when the line is studied as far as one can see
		*s.a = old
		return false
	}
	return true
}

// swingsOn reports whether f has periodic functions and is not seen to have a limit at an
// infinite end of a piece.
func (s *study) swingsOn() bool {
	if !slices.ContainsFunc(slices.Collect(s.l.raw.All()), isPeriodic) {
		return false
	}
	for i := range s.pieces {
		p := &s.pieces[i]
		for k, end := range [2]exact.Spot{p.lo, p.hi} {
			if end.Inf == 0 || p.ray != nil {
				continue
			}
			switch p.f = s.l.T.Tidy(p.raw); s.limit(p, end, 2*k-1).Kind {
			case asymptotic.Unknown, asymptotic.Bounded, asymptotic.Above:
				return true
			}
		}
	}
	return false
}

// withoutEdges answers the question in s from what is left of it without some of its edges.
func (q *study) withoutEdges(s *study, holes []exact.Spot, near, far []edge) bool {
	var parts [][]edge
	switch {
	case len(near) == 0:
		parts = [][]edge{far}
	case len(far) == 0:
		parts = [][]edge{near}
	case q.turning:
		parts = [][]edge{slices.Concat(far, near), near}
	default:
		parts = [][]edge{far, slices.Concat(far, near), near}
	}
	answers := func(edges []edge, T []float64) bool {
		w := q.without(edges, T, holes)
		if w != nil {
			*s.a, s.inner = *w.a, w.spots
		}
		return w != nil
	}
	if _, best, ok := s.sample(); ok && !q.swinging && !math.IsInf(best, 1) {
		for _, edges := range parts {
			if T, ok := q.fitting(edges, best); ok && answers(edges, T) {
				return true
			}
		}
	}
	if len(far) == 2 { // f may be periodic on one half-line
		parts = append(parts, far[:1], far[1:])
	}
	for _, T := range [...]float64{2, 8, 64} {
		for _, edges := range parts {
			if answers(edges, slices.Repeat([]float64{T}, len(edges))) {
				return true
			}
		}
	}
	return false
}

// fitting returns for each edge the least T past which f is seen to be at least the value best, false when there is none.
func (s *study) fitting(edges []edge, best float64) (out []float64, ok bool) {
	const most = 1 << 10
	f := s.l.tidyNode(s.l.raw)
	for _, e := range edges {
		T := 2.0
		for ; T <= most; T *= 2 {
			if low, known := s.l.lowPast(f, e, T); known && low >= best {
				break
			}
		}
		if T > most {
			return nil, false
		}
		out = append(out, T)
	}
	return out, len(out) > 0
}

// edges returns the question between the ends of the natural domain, as far as they
// are ends of half-lines, places inside at which the formula has no value, and its
// edges: next to such places and open ends, and infinite ones.
func (s *study) edges() (q *study, holes []exact.Spot, near, far []edge) {
	l := s.l
	q = &study{l: l, lo: s.lo, hi: s.hi, loOpen: s.loOpen, hiOpen: s.hiOpen,
		outerLo: s.outerLo, outerHi: s.outerHi, outerLoOpen: s.outerLoOpen, outerHiOpen: s.outerHiOpen}
	conds := simplify.Needed(l.raw)
	for i := range conds {
		conds[i] = l.T.Pool().Import(conds[i])
		q.narrow(conds[i])
	}
	empty := [2]bool{q.loOpen, q.hiOpen}
	for _, c := range conds {
		if c.Op() != expr.Ne && c.Op() != expr.Gt && c.Op() != expr.Lt {
			continue
		}
		u := l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
		for i, end := range [2]exact.Spot{q.lo, q.hi} {
			empty[i] = empty[i] || l.vanishesAt(u, end)
		}
		if list, ok := l.Solve(u, q.lo, q.hi); ok {
			for _, z := range list {
				if z.Exact.Valid() && len(holes) < maxHoles && !slices.ContainsFunc(holes, func(h exact.Spot) bool { return h.Exact == z.Exact }) {
					holes = append(holes, z)
				}
			}
		}
	}
	sure := true
	slices.SortStableFunc(holes, func(a, b exact.Spot) int {
		c, ok := l.Consts.CompareSpots(a, b)
		sure = sure && ok
		return c
	})
	if !sure {
		holes = nil
	}
	for i, end := range [2]exact.Spot{q.lo, q.hi} {
		switch e := (edge{end, 2*i - 1}); {
		case end.Inf != 0:
			far = append(far, e)
		case empty[i] && end.Exact.Valid():
			near = append(near, e)
		}
	}
	for _, h := range holes {
		near = append(near, edge{h, 1}, edge{h, -1})
	}
	return q, holes, near, far
}

// maxHoles is the most places without a value at which a question falls into parts.
const maxHoles = 3

// narrow moves an end of the question to that of the half-line on which the condition c,
// without which the formula has no value, holds, and reports whether it is such a condition.
func (s *study) narrow(c expr.Expr) bool {
	l := s.l
	if !c.Op().IsRelation() || c.Op() == expr.Eq || c.Op() == expr.Ne {
		return false
	}
	u := l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
	d := l.Slope(u)
	if !d.Valid() {
		return false
	}
	rising, ok := l.Consts.Sign(d)
	if !ok || rising == 0 {
		return false
	}
	z := exact.At(l.Consts, l.T.Neg(l.T.Mul(l.Substitute(u, l.T.Int(0)), l.T.Pow(d, l.T.Int(-1)))))
	end, open, side := &s.lo, &s.loOpen, 1
	if (rising > 0) != (c.Op() == expr.Gt || c.Op() == expr.Ge) {
		end, open, side = &s.hi, &s.hiOpen, -1
	}
	strict := c.Op() == expr.Lt || c.Op() == expr.Gt
	switch k, ok := l.Consts.CompareSpots(z, *end); {
	case !ok:
		return false
	case k == 0:
		*open = *open || strict
	case k*side > 0:
		*end, *open = z, strict
	}
	return true
}

// without answers from what is left of the question without its edges, past a T for each, or
// within 1/T of the holes; nil when that settles nothing.
func (s *study) without(edges []edge, T []float64, holes []exact.Spot) *study {
	l := s.l
	f := l.tidyNode(l.raw)
	w := &study{l: l, a: newAnswer(l.Name), edged: true, swinging: s.swinging, lo: s.lo, hi: s.hi, loOpen: s.loOpen, hiOpen: s.hiOpen,
		outerLo: s.outerLo, outerHi: s.outerHi, outerLoOpen: s.outerLoOpen, outerHiOpen: s.outerHiOpen}
	inner := make([]exact.Spot, len(edges))
	for i, e := range edges {
		var ok bool
		if inner[i], ok = w.bound(f, e, T[i]); !ok {
			return nil
		}
	}
	start := func(z exact.Spot, side int) exact.Spot {
		if i := slices.IndexFunc(edges, func(e edge) bool { return e.side == side && e.at.Inf == z.Inf && e.at.Exact == z.Exact }); i >= 0 {
			return inner[i]
		}
		return z
	}
	if !slices.ContainsFunc(edges, func(e edge) bool { return e.at.Inf == 0 }) {
		holes = nil
	}
	w.lo, w.hi = start(s.lo, -1), start(s.hi, 1)
	w.loOpen, w.hiOpen = s.loOpen && w.lo == s.lo, s.hiOpen && w.hi == s.hi
	at := w.lo
	for i := 0; i <= len(holes); i++ {
		end := w.hi
		if i < len(holes) {
			end = start(holes[i], 1)
		}
		if c, sure := l.Consts.CompareSpots(at, end); !sure || c >= 0 {
			return nil
		}
		pieces, spots, err := l.cut(at, end)
		if err != nil {
			return nil
		}
		w.pieces, w.spots = append(w.pieces, pieces...), append(w.spots, spots...)
		if i < len(holes) {
			at = start(holes[i], -1)
		}
	}
	l.boxes = 0 // the whole line may have used them up
	w.examine()
	w.a.Domain = s.domainBetween()
	w.complete = false
	w.stationary()
	w.conclude()
	switch w.a.Status {
	case minimum.Local, minimum.Failed, minimum.EmptyDomain, minimum.Constant:
		return nil
	}
	return w
}

// domainBetween describes where the formula is defined between the ends, by the conditions for
// that.
func (s *study) domainBetween() string {
	l := s.l
	conds := simplify.Domain(l.raw)
	if len(conds) == 0 {
		return s.betweenText()
	}
	if l.formalPowers(l.raw) {
		return "" // these conditions may ask for too much
	}
	part := &study{l: l, lo: s.outerLo, hi: s.outerHi, loOpen: s.outerLoOpen, hiOpen: s.outerHiOpen}
	if d, ok := part.conditions(); ok && len(d.turns) == 0 {
		spots := append([]exact.Spot{part.lo, part.hi}, d.holes...)
		var pieces []piece
		at := part.lo
		for _, h := range append(d.holes, part.hi) {
			pieces = append(pieces, piece{lo: at, hi: h})
			at = h
		}
		return l.domainText(pieces, spots, map[int]bool{0: !part.loOpen, 1: !part.hiOpen})
	}
	text := format.All(conds, format.Options{})
	if s.outerLo.Inf == 0 || s.outerHi.Inf == 0 {
		text += " and " + s.betweenText()
	}
	return text
}

// formalPowers reports whether f has powers with exponents in the variable of bases that may be 0
// or negative: the ring takes them for exponentials.
func (l *line) formalPowers(f expr.Expr) bool {
	for n := range f.All() {
		if n.Op() == expr.Pow && n.Arg(1).Has(l.Name) && !l.positive(n.Arg(0)) {
			return true
		}
	}
	return false
}

// bound adds to s what is known of the tidy formula f on an edge, past T, and returns
// where that begins; false when f is not bounded from below there.
func (s *study) bound(f expr.Expr, e edge, T float64) (inner exact.Spot, ok bool) {
	l := s.l
	inner, over := l.edgePast(e, T)
	if l.nowhere(e, T) {
		s.ends = append(s.ends, "f has no value for "+s.beyond(e, inner))
		return inner, true
	}
	lim := l.tail(e.at, e.side, T).LimitAt(f)
	if s.swinging && lim.Kind != asymptotic.Plus && lim.Kind != asymptotic.Finite && s.bySwing(e, inner, over, T) {
		return inner, true
	}
	low, known := l.lowPast(f, e, T)
	if !known {
		if low = l.inRests(f, l.T.Int(0), over).Lo; math.IsInf(low, -1) {
			return inner, !s.swinging && s.bySwing(e, inner, over, T)
		}
	}
	approached := lim.Kind == asymptotic.Finite && lim.Value.Valid() && l.definedPast(e)
	if !approached || lim.Side <= 0 { // else f stays above its limit
		s.cands = append(s.cands, candidate{s: e.at, v: interval.New(low, math.Inf(1)), of: f, over: over, lower: true, limit: true,
			approach: s.arrow(e.at, e.side), side: e.side})
		if v, where, path, ok := s.lowestOn(f, e); ok && !approached {
			s.cands = append(s.cands, candidate{s: e.at, v: l.Consts.Enclose(v), e: v, limit: true, path: path,
				approach: s.arrow(e.at, e.side) + " along " + where, side: e.side})
		}
	}
	if approached {
		s.cands = append(s.cands, candidate{s: e.at, v: l.Consts.Enclose(lim.Value), e: lim.Value, limit: true,
			approach: s.arrow(e.at, e.side), side: e.side})
	}
	where := s.beyond(e, inner)
	if l.max {
		s.ends = append(s.ends, fmt.Sprintf("f is at most %s for %s", format.Number(-low+0, 6), where))
	} else {
		s.ends = append(s.ends, fmt.Sprintf("f is at least %s for %s", format.Number(low, 6), where))
	}
	return inner, true
}

// edgePast returns where an edge begins past T, and the interval of its places.
func (l *line) edgePast(e edge, T float64) (inner exact.Spot, over interval.I) {
	switch over = interval.New(T, math.Inf(1)); {
	case e.at.Inf == 0:
		inner = exact.At(l.Consts, l.T.Sub(e.at.Exact, l.T.Num(number.Frac(int64(e.side), int64(T)))))
		return inner, e.at.Hull.Hull(inner.Hull)
	case e.side < 0:
		over = over.Neg()
	}
	return exact.At(l.Consts, l.T.Int(int64(e.side)*int64(T))), over
}

// lowPast returns a lower bound of the tidy formula f on an edge past T, by its expansion or by an enclosure, and whether
// one is known.
func (l *line) lowPast(f expr.Expr, e edge, T float64) (low float64, known bool) {
	if low, known = l.tail(e.at, e.side, T).LimitAt(f).Low(); known {
		return low, true
	}
	_, over := l.edgePast(e, T)
	if low, known = l.leastOn(f, over); known {
		return low, true
	}
	if g := l.reflected(f, e, T); g.Valid() {
		return l.tail(e.at, e.side, T).LimitAt(g).Low()
	}
	return 0, false
}

// reflected returns a formula that is nowhere greater than f on an edge past T, with log(π) - lgamma(1 - u) in the place of lgamma(u) = log(π) - log|sin(πu)| - lgamma(1 - u)
// for u that goes to -∞ (NIST Digital Library of Mathematical Functions, 5.5.3); not Valid where f has no such part with which it grows.
func (l *line) reflected(f expr.Expr, e edge, T float64) (g expr.Expr) {
	t := l.T
	for n := range f.All() {
		if !n.IsCall("lgamma") || !n.Has(l.Name) || l.wayOf(f, n) <= 0 {
			continue
		}
		u := n.Arg(0)
		if tail := l.tail(e.at, e.side, T); tail.LimitAt(u).Kind != asymptotic.Minus || tail.SignPast(u) >= 0 {
			continue
		}
		below := t.Sub(t.Call(fn.Lookup("log"), t.Call(fn.Lookup("pi"))), t.Call(fn.Lookup("lgamma"), t.Sub(t.Int(1), u)))
		return expr.Rebuild(outerPart(f, n, l.Name+"_w"), t, func(x expr.Expr) (expr.Expr, bool) { return below, x.Name() == l.Name+"_w" })
	}
	return g
}

// lowestOn returns the least of the limits of the tidy formula f on sequences towards an edge,
// and describes the places of the sequence.
func (s *study) lowestOn(f expr.Expr, e edge) (least expr.Expr, where string, path expr.Expr, ok bool) {
	l, side := s.l, e.side
	conds := simplify.Domain(l.raw)
	place := func(x expr.Expr) expr.Expr { return x }
	if e.at.Inf == 0 { // with 1/x for the distance
		place = func(x expr.Expr) expr.Expr {
			return l.T.Sub(e.at.Exact, l.T.Mul(l.T.Int(int64(e.side)), l.T.Pow(x, l.T.Int(-1))))
		}
		f = l.Substitute(f, place(l.Var))
		for i, c := range conds {
			conds[i] = l.Substitute(l.T.Pool().Import(c), place(l.Var))
		}
		side = 1
	}
	f = l.reflect(f, side)
	for _, q := range l.sequences(f, conds) {
		at, ok := l.on(q, f)
		if !ok {
			continue
		}
		for _, T := range asymptotic.Starts[:3] {
			tail := l.tail(exact.Spot{Inf: side}, side, T)
			lim := tail.LimitAt(at)
			if lim.Kind == asymptotic.Unknown {
				continue
			}
			if lim.Kind != asymptotic.Finite || !lim.Value.Valid() || !l.holdOn(q, conds, tail, side) {
				break
			}
			if least.Valid() {
				if k, ok := l.Consts.Compare(lim.Value, least); !ok || k >= 0 {
					break
				}
			}
			k := l.T.Mul(l.T.Int(int64(side)), q.period, l.T.Pool().Var("k"))
			least, where = lim.Value, l.Name+" = "+format.Text(place(l.T.Add(q.phi, k)))
			beside := q.side
			if e.at.Inf == 0 {
				beside *= e.side
			}
			where += [3]string{" from below", "", " from above"}[beside+1]
			if path = (expr.Expr{}); beside == 0 {
				path = place(l.everySecond(q.phi, q.period, side))
			}
			break
		}
	}
	return least, where, path, least.Valid()
}

// nowhere reports whether the formula is seen to have no value on an edge past T: a
// condition that it needs fails there.
func (l *line) nowhere(e edge, T float64) bool {
	tail := l.tail(e.at, e.side, T)
	var fails func(c expr.Expr) bool
	fails = func(c expr.Expr) bool {
		switch {
		case c.Op() == expr.And:
			return slices.ContainsFunc(c.AppendArgs(nil), fails)
		case c.Op() == expr.Or:
			return !slices.ContainsFunc(c.AppendArgs(nil), func(c expr.Expr) bool { return !fails(c) })
		case !c.Op().IsRelation():
			return false
		}
		u := l.T.Tidy(l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1))))
		if u.Op() == expr.Num {
			return !c.Op().Holds(u.Number().Sign())
		}
		sign := tail.SignPast(u)
		return sign != 0 && !c.Op().Holds(sign)
	}
	return slices.ContainsFunc(simplify.Needed(l.raw), func(c expr.Expr) bool { return fails(l.T.Pool().Import(c)) })
}

// leastOn returns a lower bound for the tidy formula f between the ends of over
// from an enclosure, and whether it is finite.
func (l *line) leastOn(f expr.Expr, over interval.I) (float64, bool) {
	m := l.Program(f)
	if m == nil {
		return 0, false
	}
	v, _ := exact.Evaluate(m, over)
	if v[0].IsEmpty() {
		return 0, false
	}
	low := math.Max(v[0].Lo, l.strictly(f, over).Lo) // which knows that bases are not negative
	return low, low > math.Inf(-1)
}

// definedPast reports whether the formula is seen to be defined all along an edge from
// some place on: its tidy form may be where it is not itself.
func (l *line) definedPast(e edge) bool {
	return l.heldPast(simplify.Domain(l.raw), e)
}

// heldPast reports whether the conditions are proved to hold all along an edge from some place on.
func (l *line) heldPast(conds []expr.Expr, e edge) bool {
	if len(conds) == 0 {
		return true
	}
	same := func(f expr.Expr) expr.Expr { return f }
	return slices.ContainsFunc(asymptotic.Starts[:], func(T float64) bool { return l.hold(conds, onTail(l.tail(e.at, e.side, T), same)) })
}

// beyond describes an edge that begins at inner.
func (s *study) beyond(e edge, inner exact.Spot) string {
	x, z := s.l.Name, s.l.spotText(inner)
	switch {
	case e.at.Inf < 0:
		return x + " <= " + z
	case e.at.Inf > 0:
		return x + " >= " + z
	case e.side < 0:
		return s.l.spotText(e.at) + " < " + x + " <= " + z
	}
	return z + " <= " + x + " < " + s.l.spotText(e.at)
}

// windowAt returns the ends of a part of the question of the given width, about the
// origin or next to an end.
func (s *study) windowAt(width int64) (lo, hi exact.Spot, ok bool) {
	l := s.l
	lo, hi = exact.At(l.Consts, l.T.Num(number.Frac(-width, 2))), exact.At(l.Consts, l.T.Num(number.Frac(width, 2)))
	w := l.T.Int(width)
	if c, ok := l.Consts.CompareSpots(s.lo, lo); ok && c > 0 && s.lo.Exact.Valid() {
		lo = s.lo
		if c, ok := l.Consts.CompareSpots(lo, hi); !ok || c >= 0 {
			hi = exact.At(l.Consts, l.T.Add(lo.Exact, w))
		}
	}
	if c, ok := l.Consts.CompareSpots(hi, s.hi); ok && c > 0 && s.hi.Exact.Valid() {
		hi = s.hi
		if c, ok := l.Consts.CompareSpots(lo, hi); (!ok || c >= 0) && s.lo.Inf != 0 {
			lo = exact.At(l.Consts, l.T.Sub(hi.Exact, w))
		}
	}
	c, sure := l.Consts.CompareSpots(lo, hi)
	return lo, hi, sure && c < 0
}

// anyEnd looks for an edge of the line towards which f falls without end, when the line could
// not be cut into pieces.
func (s *study) anyEnd() bool {
	l := s.l
	f := l.tidyNode(l.raw)
	_, _, near, far := s.edges()
	for _, e := range append(far, near...) {
		p := &piece{lo: s.lo, hi: s.hi, f: f}
		if lim := s.limit(p, e.at, e.side); lim.Kind == asymptotic.Minus && l.definedPast(e) {
			s.unbound = s.witness(e.at, e.side, "f → -∞ as "+s.arrow(e.at, e.side))
		} else if e.at.Inf == 0 {
			continue
		} else if w := s.alongPeriod(p, e.side, simplify.Domain(l.raw)); w != nil {
			s.unbound = &fall{Witness: w}
		} else {
			continue
		}
		s.complete = false
		s.conclude()
		return true
	}
	return false
}

// anyPole looks for poles of periodic functions next to which f falls without end: a few in the middle, which cost less, and
// those towards an infinite edge.
func (s *study) anyPole() bool {
	if !slices.ContainsFunc(slices.Collect(s.l.raw.All()), func(n expr.Expr) bool { return isPeriodic(n) && n.Func().Domain != "" }) {
		return false
	}
	const several = 7 // more than two periods of the tangent
	if s.anyWindow(several) {
		return true
	}
	_, _, _, far := s.edges()
	for _, e := range far {
		if w := s.alongPoles(s.l.tidyNode(s.l.raw), e.side); w != nil {
			s.unbound, s.complete = &fall{Witness: w}, false
			s.conclude()
			return true
		}
	}
	return false
}

// anyWindow looks for a place at which f is unbounded in a part of the line of the given width.
func (s *study) anyWindow(width int64) bool {
	lo, hi, ok := s.windowAt(width)
	return ok && s.fallsBetween(lo, hi)
}

// besideMiddle is anyWindow in parts that keep away from the ends and the middle, where poles may be dense.
func (s *study) besideMiddle(width int64) bool {
	lo, hi, ok := s.windowAt(width)
	if !ok {
		return false
	}
	at := func(n int64) exact.Spot { // so many eighths of the way
		t := s.l.T
		return exact.At(s.l.Consts, t.Add(lo.Exact, t.Mul(t.Num(number.Frac(n, 8)), t.Sub(hi.Exact, lo.Exact))))
	}
	return s.fallsBetween(at(5), at(7)) || s.fallsBetween(at(1), at(3))
}

// fallsBetween looks for a place between two others at which f is unbounded.
func (s *study) fallsBetween(lo, hi exact.Spot) bool {
	l := s.l
	part := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi}
	boxes := l.boxes
	l.boxes = 0
	defer func() { l.boxes = boxes }() // the rest of the question has its own
	var err error
	if part.pieces, part.spots, err = l.cut(lo, hi); err != nil {
		return false
	}
	part.defined = map[int]bool{}
	l.quick = true
	defer func() { l.quick = false }()
	for i := range part.pieces {
		p := &part.pieces[i]
		p.f = l.T.Tidy(p.raw)
		for _, e := range [2]edge{{p.lo, -1}, {p.hi, 1}} {
			if lim := part.limit(p, e.at, e.side); lim.Kind == asymptotic.Minus {
				s.unbound = s.witness(e.at, e.side, "f → -∞ as "+s.arrow(e.at, e.side))
				s.complete = false
				s.conclude()
				return true
			}
		}
	}
	return false
}
