package univariate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// stationaryProof says what the stationary points are.
func (s *study) stationaryProof() []string {
	l, a := s.l, s.a
	var out []string
	if a.Domain != "" && !strings.HasPrefix(a.Domain, "all real") {
		out = append(out, "f is defined for "+a.Domain)
	}
	if t := s.changes(); t != "" {
		out = append(out, t)
	}
	for _, m := range a.Minimisers {
		if s.flats > 0 && m.Family != "" && !m.Repeats.Step.Valid() && a.Status != minimum.Constant {
			out = append(out, "f is constant for "+m.Family)
			break
		}
	}
	for i := range s.pieces {
		if r := s.pieces[i].ray; r != nil && (i == 0 || s.pieces[i-1].ray != r) {
			rel := " > "
			if r.side < 0 {
				rel = " < "
			}
			out = append(out, "for "+l.Name+rel+l.spotText(r.from)+", f has the period "+format.Text(r.step))
		}
	}
	if !a.StationaryComplete || len(s.pieces) == 0 {
		return out
	}
	n := 0
	for i := range s.lists {
		n += len(s.lists[i].zeros)
	}
	g := "f'"
	if len(s.pieces) == 1 {
		d := s.pieces[0].g
		if l.max {
			d = l.T.Tidy(diff.D(l.T.Neg(s.pieces[0].f), l.Name))
		}
		if t := format.Text(d); len(t) <= 60 {
			g = "f' = " + t
		}
	}
	var at []string
	for i := range s.lists {
		for _, z := range s.lists[i].zeros {
			at = append(at, l.Name+" = "+l.spotText(z))
		}
	}
	within := ""
	if s.changes() != "" {
		within = " inside these pieces"
	}
	if l.period.Valid() {
		within += " in each period of length " + format.Text(l.period)
	} else if s.hasRay() {
		within += " up to repetition"
	} else if s.lo.Inf == 0 || s.hi.Inf == 0 {
		within += " between the bounds"
	}
	switch {
	case n == 0:
		out = append(out, g+" has no zero"+within)
	case n == 1:
		out = append(out, g+" has the single zero "+at[0]+within)
	case n <= 6:
		out = append(out, fmt.Sprintf("%s has exactly %d zeros%s: %s", g, n, within, strings.Join(at, ", ")))
	default:
		out = append(out, fmt.Sprintf("%s has exactly %d zeros%s", g, n, within))
	}
	return out
}

// changes says where the formula changes: between two pieces, where it is
// defined.
func (s *study) changes() string {
	var at []string
	for i, z := range s.spots {
		if !s.defined[i] {
			continue
		}
		below, above := s.around(z)
		if below >= 0 && above >= 0 && !s.stands(z) {
			at = append(at, s.l.Name+" = "+s.l.spotText(z))
		}
	}
	if len(at) == 0 {
		return ""
	}
	if len(at) > 5 {
		at = append(at[:5], "…")
	}
	return "f is put together from smooth pieces that meet at " + strings.Join(at, ", ")
}

// endProof says what happens at the ends.
func (s *study) endProof() []string {
	if len(s.ends) == 0 {
		return nil
	}
	var list []string
	for i, t := range s.ends {
		if i == 4 {
			list = append(list, "…")
			break
		}
		list = append(list, s.flip(t))
	}
	return []string{strings.Join(list, ", ")}
}

// proveMinimum writes the sentences for a minimum that is attained.
func (s *study) proveMinimum(sure bool) {
	a := s.a
	if t := s.convex(); t != "" {
		a.Proof = append(a.Proof, t)
	}
	if a.Status == minimum.Constant {
		a.Proof = []string{"f' = 0 wherever f is defined, and f has the same value on all pieces"}
		return
	}
	a.Proof = append(a.Proof, s.stationaryProof()...)
	a.Proof = append(a.Proof, s.endProof()...)
	value := format.Number(a.Value, 6)
	if a.ExactValue.Valid() {
		if t := format.Text(a.ExactValue); len(t) < 60 {
			value = t
		}
	}
	at := format.Number(a.At[0], 6)
	if len(a.ExactAt) > 0 && a.ExactAt[0].Valid() {
		if t := format.Text(a.ExactAt[0]); len(t) < 60 {
			at = t
		}
	}
	last := fmt.Sprintf("so the %s is f(%s) = %s", s.least(), at, value)
	var where []string
	for i := range s.lists {
		if len(s.lists[i].zeros) > 0 {
			where = append(where, "the zeros of f'")
			break
		}
	}
	if s.changes() != "" {
		where = append(where, "the places where the pieces meet")
	}
	ends, points := s.outskirts()
	if ends {
		where = append(where, "the ends")
	}
	if points {
		where = append(where, "the single points")
	}
	if len(s.cands) > 1 && len(where) > 0 {
		last = fmt.Sprintf("comparing the values at %s, the %s is f(%s) = %s", strings.Join(where, " and "), s.least(), at, value)
	}
	if !sure {
		e := a.Enclosure.Value
		last = fmt.Sprintf("the values at several of these points cannot be told apart; the %s lies between %s and %s", s.least(),
			format.Number(e.Lo, 10), format.Number(e.Hi, 10))
	}
	a.Proof = append(a.Proof, last)
}

// outskirts reports whether f has a value at an end of its domain, and at a place apart
// from the rest of it.
func (s *study) outskirts() (ends, points bool) {
	for i, z := range s.spots {
		if below, above := s.around(z); s.defined[i] && (below < 0 || above < 0) && !s.stands(z) {
			ends = ends || below != above
			points = points || below == above
		}
	}
	return ends, points
}

// stands reports whether z is an end of a part that stands for more of the line, on
// which f is periodic.
func (s *study) stands(z exact.Spot) bool {
	return z == s.lo && s.lo != s.outerLo || z == s.hi && s.hi != s.outerHi ||
		slices.ContainsFunc(s.pieces, func(p piece) bool { return p.ray != nil && p.ray.to == z })
}

// convex returns the sentence that the second derivative has one sign, if that
// is plain to see and the one piece, with its ends, is all there is of f.
func (s *study) convex() string {
	l := s.l
	if len(s.pieces) != 1 || l.period.Valid() || s.edged {
		return ""
	}
	p := &s.pieces[0]
	for i, z := range s.spots {
		side := -1
		if l.same(z, p.hi) {
			side = 1
		}
		if !s.defined[i] {
			continue
		}
		c := s.valueOf(z)
		if c == nil || side < 0 && !l.same(z, p.lo) {
			return ""
		}
		if joins, _ := s.joins(0, z, side, c); !joins {
			return ""
		}
	}
	h := l.T.Tidy(diff.D(p.g, l.Name))
	r := l.RingFor(p.lo)
	if !r.PositiveCombo(r.Expand(h)) {
		return ""
	}
	word, rel := "convex", " > 0"
	if l.max {
		h = l.T.Neg(h)
		word, rel = "concave", " < 0"
	}
	t := format.Text(h)
	if len(t) > 60 {
		return ""
	}
	return "f'' = " + t + rel + " everywhere, so f is " + word
}

// sample returns the best point of a scan of the line with a golden section
// search; nothing is proved by it.
func (s *study) sample() (x, v float64, ok bool) {
	f := s.inFloats()
	if f == nil {
		return 0, 0, false
	}
	lo, hi := math.Inf(-1), math.Inf(1)
	if s.lo.Inf == 0 {
		lo = s.lo.Float()
	}
	if s.hi.Inf == 0 {
		hi = s.hi.Float()
	}
	xs := scanOf(lo, hi)
	best, at := math.Inf(1), -1
	for i, x := range xs {
		open := s.loOpen && x == lo || s.hiOpen && x == hi
		if v := f(x); v < best && !open {
			best, at = v, i
		}
	}
	if at < 0 {
		return 0, 0, false
	}
	x, v = goldenSection(f, xs[max(at-1, 0)], xs[min(at+1, len(xs)-1)], xs[at], best)
	return x, v, true
}

// scanOf returns places from lo to hi, at all orders of magnitude where an end is infinite.
func scanOf(lo, hi float64) (xs []float64) {
	const (
		between = 2000
		decades = 300 // twentieths of the powers of e
	)
	if !math.IsInf(lo, 0) && !math.IsInf(hi, 0) {
		for i := 0; i <= between; i++ {
			xs = append(xs, lo+(hi-lo)*float64(i)/between)
		}
		return xs
	}
	shift := 0.0
	if !math.IsInf(lo, 0) {
		shift = lo
	} else if !math.IsInf(hi, 0) {
		shift = hi
	}
	add := func(x float64) {
		if x += shift; lo <= x && x <= hi {
			xs = append(xs, x)
		}
	}
	for i := 2 * decades; i >= 0; i-- {
		add(-math.Exp(float64(i-decades) / 20))
	}
	add(0)
	for i := 0; i <= 2*decades; i++ {
		add(math.Exp(float64(i-decades) / 20))
	}
	return xs
}

// inFloats returns the function of the question, to be minimised, with +Inf where it has no finite value; nil where there is none.
// Where it says that a value is the lowest so far, that is an upper bound of the value.
func (s *study) inFloats() func(x float64) float64 {
	p, err := tape.Compile([]string{s.l.Name}, s.l.raw)
	if err != nil {
		return nil
	}
	m, lowest := p.NewMachine(), math.Inf(1)
	return func(x float64) float64 {
		var out [1]float64
		m.Eval(out[:], []float64{x})
		s.a.Evaluations.F++
		if math.IsNaN(out[0]) || math.IsInf(out[0], 0) {
			return math.Inf(1)
		}
		if out[0] < lowest { // where the parts of f cancel, its value in floats may be far too low
			var v [1]interval.I
			var dec [1]interval.Dec
			if m.Interval(v[:], dec[:], []interval.I{interval.Point(x)}); dec[0] >= interval.Defined {
				out[0] = v[0].Hi
			}
			lowest = math.Min(lowest, out[0])
		}
		return out[0]
	}
}

// goldenSection returns the best place seen in a golden section search from a to b, which starts with x.
func goldenSection(f func(x float64) float64, a, b, x, best float64) (at, value float64) {
	for range 80 {
		c, d := a+0.381966011250105*(b-a), a+0.618033988749895*(b-a)
		fc, fd := f(c), f(d)
		if fc < fd {
			b = d
		} else {
			a = c
		}
		if fc < best {
			best, x = fc, c
		}
		if fd < best {
			best, x = fd, d
		}
	}
	return x, best
}
