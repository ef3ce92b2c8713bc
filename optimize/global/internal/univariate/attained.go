package univariate

import (
	"cmp"
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

// out returns the value of a candidate as a number of the question.
func (s *study) out(c candidate) float64 {
	v := minimum.Shown(c.v)
	if c.e.Valid() && c.e.Op() == expr.Num {
		v = c.e.Number().Float64()
	}
	if s.l.max {
		v = -v
	}
	return v + 0 // no -0
}

// outExact returns the closed form e of a value as one of the question, not Valid for none.
func (s *study) outExact(e expr.Expr) expr.Expr {
	if e.Valid() && s.l.max {
		return s.l.Consts.Simplify(s.l.T.Neg(e))
	}
	return e
}

func (s *study) outInterval(v interval.I) interval.I {
	if s.l.max {
		return v.Neg()
	}
	return v
}

func (s *study) least() string {
	if s.l.max {
		return "maximum"
	}
	return "minimum"
}

// flip turns a sentence on -f into one on f.
func (s *study) flip(t string) string {
	if !s.l.max {
		return t
	}
	switch {
	case strings.Contains(t, "f → -∞"):
		return strings.ReplaceAll(t, "f → -∞", "f → ∞")
	case strings.Contains(t, "f → ∞"):
		return strings.ReplaceAll(t, "f → ∞", "f → -∞")
	}
	return strings.NewReplacer("f rises", "f falls", "from above as", "from below as").Replace(t)
}

// attained writes the answer for a minimum at points.
func (s *study) attained(pts []*candidate, sure, complete bool) {
	a := s.a
	a.Attained = true
	if sure && s.sameEverywhere(pts[0]) {
		a.Status = minimum.Constant
	}
	best := s.foremost(pts, sure)
	v := enclosureOf(pts, best.v, sure)
	a.Value = s.out(*best)
	if !best.e.Valid() {
		a.Value = minimum.Shown(s.outInterval(v)) + 0
	}
	a.Enclosure = &minimum.Enclosure{Value: s.outInterval(v)}
	if best.e.Valid() && sure {
		a.ExactValue = s.outExact(best.e)
	}
	for _, c := range pts {
		complete = complete && (c.flat != nil || !c.s.Wide)
	}
	a.Minimisers = s.onePerPeriod(s.minimisers(pts))
	a.MinimisersComplete = complete && sure && !s.uncounted
	// At is the first of the minimisers.
	a.At = []float64{best.s.Float()}
	if len(a.Minimisers) > 0 {
		first := a.Minimisers[0]
		a.At = slices.Clone(first.X)
		if sure {
			a.ExactAt = first.Exact
			a.Enclosure.At = []interval.I{first.Hull}
		}
	}
	switch {
	case a.Status == minimum.Constant:
	case sure && best.s.Exact.Valid() && best.e.Valid() && !best.s.Wide:
		a.Status = minimum.Exact
	default:
		a.Status = minimum.Certified
	}
	if !sure {
		a.Warnings = append(a.Warnings, "the values at several points cannot be told apart: which of them has the better one is not settled")
	}
	if !minimum.Tight(v) {
		a.Status = minimum.Local
		a.Warnings = append(a.Warnings, minimum.NotTight)
	}
	a.Method = "f' = 0 solved, values and limits compared"
	for i := range s.lists {
		if !s.lists[i].exact {
			a.Method = "interval Newton for f' = 0, values and limits compared"
		}
	}
	s.proveMinimum(sure)
}

// sameEverywhere reports whether f is constant on all pieces and has the value of c
// there and at all other places.
func (s *study) sameEverywhere(c *candidate) bool {
	if s.flats == 0 || s.flats != len(s.pieces) {
		return false
	}
	for i := range s.cands {
		if k, ok := s.compareValues(&s.cands[i], c); !ok || k != 0 {
			return false
		}
	}
	return true
}

// foremost returns the candidate of pts that the answer names, one with a closed
// form if there is one, and sorts pts when all have the least value: many that are known of a part of the line alone,
// by the distance from the origin.
func (s *study) foremost(pts []*candidate, sure bool) *candidate {
	best := pts[0]
	for _, c := range pts {
		if c.flat == nil && c.s.Exact.Valid() && !(best.flat == nil && best.s.Exact.Valid()) {
			best = c
		}
	}
	if !sure {
		return best
	}
	const many = 10
	slices.SortStableFunc(pts, func(p, q *candidate) int {
		if p, q := p.s.Hull.Mig(), q.s.Hull.Mig(); !s.complete && len(pts) > many && p != q {
			return cmp.Compare(p, q)
		}
		k, _ := s.l.Consts.CompareSpots(p.s, q.s)
		return k
	})
	if best.flat == nil && !s.l.period.Valid() && pts[0].flat == nil {
		best = pts[0]
	}
	return best
}

// enclosureOf returns an interval that contains the least value of pts, which lies
// in v when all are known to have it.
func enclosureOf(pts []*candidate, v interval.I, sure bool) interval.I {
	for _, c := range pts {
		if !sure {
			v.Lo, v.Hi = math.Min(v.Lo, c.v.Lo), math.Min(v.Hi, c.v.Hi)
		} else if m := v.Meet(c.v); !m.IsEmpty() {
			v = m
		}
	}
	return v
}

// minimisers returns the points of pts, and the pieces on which f is constant as
// one.
func (s *study) minimisers(pts []*candidate) []minimum.Point {
	var flats []piece
	same := map[int]bool{}
	for _, c := range pts {
		if c.flat != nil {
			flats = append(flats, *c.flat)
			for i := range s.sameAsFlat(c) {
				same[i] = true
			}
		}
	}
	var out []minimum.Point
	for _, c := range pts {
		pt := minimum.Point{X: []float64{c.s.Float()}, Hull: c.s.Hull}
		if c.s.Exact.Valid() {
			pt.Exact = []expr.Expr{c.s.Exact}
		}
		switch {
		case c.flat == nil && s.inFlat(c, pts):
			continue
		case c.flat == nil:
			pt.Family, pt.Repeats = s.family(c.s), s.repeats(c.s)
		case len(flats) == 0:
			continue // told with the first
		default:
			pt.Family = s.continuum(flats, same)
			flats = nil
		}
		out = append(out, pt)
	}
	return out
}

// continuum describes the set on which f is constant and least: the pieces flats
// with those ends that have the value.
func (s *study) continuum(flats []piece, same map[int]bool) string {
	l := s.l
	if s.a.Status == minimum.Constant {
		return s.a.Domain
	}
	if !l.period.Valid() {
		return l.domainText(flats, s.spots, same) + s.repetition(flats)
	}
	spots := s.spots
	if s.outerLo.Inf != 0 && s.outerHi.Inf != 0 {
		flats, spots, same = s.turned(flats, same)
	}
	return l.domainText(flats, spots, same) + ", repeated with period " + format.Text(l.period)
}

// turned returns the pieces, which lie in one period of the line, with all spots and which of them
// belong to the pieces, such that the period begins where no piece goes on: what was before is
// told a period later.
func (s *study) turned(flats []piece, same map[int]bool) ([]piece, []exact.Spot, map[int]bool) {
	l := s.l
	n := len(s.spots)
	from := -1
	var ends bool // a piece ends there
	for i := 1; i+1 < n && from < 0; i++ {
		below := slices.ContainsFunc(flats, func(p piece) bool { return l.same(p.hi, s.spots[i]) })
		above := slices.ContainsFunc(flats, func(p piece) bool { return l.same(p.lo, s.spots[i]) })
		if above != below || !same[i] {
			from, ends = i, below
		}
	}
	if from < 0 || slices.ContainsFunc(s.spots, func(z exact.Spot) bool { return !z.Exact.Valid() }) {
		return flats, s.spots, same
	}
	later := func(z exact.Spot) exact.Spot { return exact.At(l.Consts, l.T.Add(z.Exact, l.period)) }
	spots := slices.Clone(s.spots[from:])
	in := map[int]bool{}
	for i := range spots {
		in[i] = same[from+i]
	}
	in[len(spots)-1] = same[0] || same[n-1] // one place, a period later
	for i := 1; i <= from; i++ {
		in[len(spots)] = same[i]
		spots = append(spots, later(s.spots[i]))
	}
	in[0], in[len(spots)-1] = in[0] && !ends, in[0] && ends
	var now, then []piece
	for _, p := range flats {
		if c, ok := l.Consts.CompareSpots(p.lo, s.spots[from]); ok && c < 0 {
			p.lo, p.hi = later(p.lo), later(p.hi)
			then = append(then, p)
		} else {
			now = append(now, p)
		}
	}
	return append(now, then...), spots, in
}

// repetition says that what f does on those of the pieces that stand for half-lines is
// repeated there.
func (s *study) repetition(list []piece) string {
	l := s.l
	out := ""
	var told []*halfLine
	for _, p := range list {
		r := p.ray
		if r == nil || slices.Contains(told, r) {
			continue
		}
		told = append(told, r)
		rel := " > "
		if r.side < 0 {
			rel = " < "
		}
		out += ", repeated with period " + format.Text(r.step) + " for " + l.Name + rel + l.spotText(r.from)
	}
	return out
}

// simplestBetween returns a number with a small denominator strictly between lo
// and hi, near x, which is such a number; 0 and whole numbers come first.
func simplestBetween(lo, hi exact.Spot, x float64) number.Number {
	a, b := math.Inf(-1), math.Inf(1)
	if lo.Inf == 0 {
		a = lo.Hull.Hi
	}
	if hi.Inf == 0 {
		b = hi.Hull.Lo
	}
	if a < 0 && 0 < b {
		return number.Int(0)
	}
	for _, q := range [...]int64{1, 2, 4, 10, 100, 1000} {
		k := math.Round(x * float64(q))
		if math.Abs(k) > 1e15 {
			break
		}
		if v := k / float64(q); a < math.Nextafter(v, a) && math.Nextafter(v, b) < b {
			return number.Frac(int64(k), q)
		}
	}
	n, _ := number.FromFloat(x)
	return n
}

// sameAsFlat says which ends of the piece of c have its value.
func (s *study) sameAsFlat(c *candidate) map[int]bool {
	same := map[int]bool{}
	for i, z := range s.spots {
		if k, ok := s.l.Consts.CompareSpots(z, c.flat.lo); !ok || k != 0 {
			if k, ok := s.l.Consts.CompareSpots(z, c.flat.hi); !ok || k != 0 {
				continue
			}
		}
		for k := range s.cands {
			q := &s.cands[k]
			if q.limit || q.flat != nil || q.zero || q.s.Exact != z.Exact || q.s.Hull != z.Hull {
				continue
			}
			if k, ok := s.compareValues(q, c); ok && k == 0 {
				same[i] = true
			}
		}
	}
	return same
}

// inFlat reports whether the point c is an end of a piece on which f has the
// same least value: it belongs to the continuum.
func (s *study) inFlat(c *candidate, pts []*candidate) bool {
	for _, q := range pts {
		if q.flat == nil || c.flat != nil {
			continue
		}
		for _, end := range [2]exact.Spot{q.flat.lo, q.flat.hi} {
			if k, ok := s.l.Consts.CompareSpots(end, c.s); ok && k == 0 {
				return true
			}
		}
	}
	return false
}
