package univariate

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file tells of what repeats: a few periods stand for the line, and of points in them the answer says with which step, and how
// often, they come again.

// wrapped is how many periods a bounded question must have to be studied on one
// of them.
const wrapped = 24

// window returns the ends between which a formula with the period of l is
// studied when it is asked about between lo and hi: one period of the whole line,
// shifted by a 97th of it so that nothing that people write falls on its ends, and
// a 97th more than one period next to an end. It returns false for a question
// with few periods.
func (l *line) window(lo, hi exact.Spot) (exact.Spot, exact.Spot, bool) {
	t := l.T
	part := func(n int64, d int64) expr.Expr { return t.Mul(t.Num(number.Frac(n, d)), l.period) }
	switch {
	case lo.Inf != 0 && hi.Inf != 0:
		return exact.At(l.Consts, part(-95, 194)), exact.At(l.Consts, part(99, 194)), true
	case lo.Inf == 0 && !lo.Exact.Valid() || hi.Inf == 0 && !hi.Exact.Valid():
		return lo, hi, false
	case lo.Inf != 0:
		return exact.At(l.Consts, t.Sub(hi.Exact, part(98, 97))), hi, true
	case hi.Inf == 0:
		if c, ok := l.Consts.Compare(t.Add(lo.Exact, part(wrapped, 1)), hi.Exact); !ok || c > 0 {
			return lo, hi, false
		}
	}
	return lo, exact.At(l.Consts, t.Add(lo.Exact, part(98, 97))), true
}

// wrap makes one period stand for the whole question, if the formula is periodic.
func (s *study) wrap() {
	l := s.l
	period, ok := l.findPeriod()
	if !ok {
		return
	}
	l.period = period
	lo, hi, ok := l.window(s.lo, s.hi)
	if !ok {
		l.period = expr.Expr{}
		return
	}
	if lo != s.lo {
		s.loOpen = false
	}
	if hi != s.hi {
		s.hiOpen = false
	}
	s.lo, s.hi = lo, hi
}

// familyText returns "x = z + P k, k >= 0".
func familyText(name string, r minimum.Repeats, z string) string {
	out := name + " = " + z
	switch {
	case r.Lo != nil && r.Hi != nil:
		out += fmt.Sprintf(", %d <= k <= %d", *r.Lo, *r.Hi)
	case r.Lo != nil:
		out += fmt.Sprintf(", k >= %d", *r.Lo)
	case r.Hi != nil:
		out += fmt.Sprintf(", k <= %d", *r.Hi)
	}
	return out
}

// repeats returns for which k the place z of the window, moved by k periods, is
// one of those asked about.
func (s *study) repeats(z exact.Spot) minimum.Repeats {
	l := s.l
	if !l.period.Valid() {
		return s.onRay(z)
	}
	r := minimum.Repeats{Step: l.period, Width: l.Consts.Enclose(l.period).Mid()}
	if s.outerLo.Inf == 0 && s.lo == s.outerLo {
		r.Lo = new(int64)
	}
	if s.outerHi.Inf == 0 && s.hi == s.outerHi {
		r.Hi = new(int64)
	}
	if r.Lo != nil && s.outerHi.Inf == 0 { // as often as it fits
		k, sure := s.periodsUpTo(z)
		s.uncounted = s.uncounted || !sure
		r.Hi = &k
	}
	return r
}

// onRay returns for which k a place of a half-line on which the formula is
// periodic stands.
func (s *study) onRay(z exact.Spot) minimum.Repeats {
	for i := range s.pieces {
		r := s.pieces[i].ray
		if r == nil || !r.holds(s.l.Consts, z) {
			continue
		}
		if r.side > 0 {
			return minimum.Repeats{Step: r.step, Width: s.l.Consts.Enclose(r.step).Mid(), Lo: new(int64)}
		}
		return minimum.Repeats{Step: r.step, Width: s.l.Consts.Enclose(r.step).Mid(), Hi: new(int64)}
	}
	return minimum.Repeats{}
}

// again reports whether y, of the repetition b, is told with x, of the repetition
// a: it is a period beside it, on the side to which the formula repeats.
func again(x, y float64, a, b *minimum.Repeats) bool {
	if !a.Step.Valid() || a.Step != b.Step {
		return false
	}
	w := a.Width
	if math.Abs(math.Abs(x-y)-w) > 1e-9*w {
		return false
	}
	return (x < y) == (a.Lo != nil || a.Hi == nil)
}

// periodsUpTo returns the greatest k for which z + P k is at most the upper end of
// the question, and whether that is sure.
func (s *study) periodsUpTo(z exact.Spot) (int64, bool) {
	l := s.l
	n := l.Consts.Enclose(s.outerHi.Exact).Sub(z.Hull).Div(l.Consts.Enclose(l.period))
	k := int64(math.Floor(n.Lo))
	if z.Exact.Valid() {
		end := exact.At(l.Consts, l.T.Add(z.Exact, l.T.Mul(l.T.Int(k+1), l.period)))
		c, ok := l.Consts.CompareSpots(end, s.outerHi)
		if ok && (c < 0 || c == 0 && !s.outerHiOpen) {
			return k + 1, true
		}
		end = exact.At(l.Consts, l.T.Add(z.Exact, l.T.Mul(l.T.Int(k), l.period)))
		d, ok2 := l.Consts.CompareSpots(end, s.outerHi)
		if ok2 && d == 0 && s.outerHiOpen {
			k--
		}
		return k, ok && ok2
	}
	return k, math.Floor(n.Hi) == math.Floor(n.Lo)
}

// family describes the periodic family of a spot.
func (s *study) family(z exact.Spot) string {
	if z.Inf != 0 {
		return ""
	}
	return s.l.familyOf(z, s.repeats(z))
}

// familyOf describes the places that z stands for, "" if that is z only.
func (l *line) familyOf(z exact.Spot, r minimum.Repeats) string {
	if !r.Step.Valid() {
		return ""
	}
	k := l.T.Mul(r.Step, l.T.Pool().Var("k"))
	of := format.Number(z.Float(), 6) + " + " + format.Text(k)
	if z.Exact.Valid() {
		of = format.Text(l.T.Add(z.Exact, k))
	}
	return familyText(l.Name, r, of)
}

// onePerPeriod drops a minimiser that stands a period beside another one.
func (s *study) onePerPeriod(list []minimum.Point) []minimum.Point {
	var out []minimum.Point
	for _, p := range list {
		if !slices.ContainsFunc(list, func(q minimum.Point) bool { return again(q.X[0], p.X[0], &q.Repeats, &p.Repeats) }) {
			out = append(out, p)
		}
	}
	return out
}

// hasRay reports whether a piece stands for a half-line.
func (s *study) hasRay() bool {
	return slices.ContainsFunc(s.pieces, func(p piece) bool { return p.ray != nil })
}
