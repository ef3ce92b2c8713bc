package univariate

import (
	"slices"
	"strings"

	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
)

// domainText describes the union of pieces and single points on which the
// formula is defined.
func (l *line) domainText(pieces []piece, spots []exact.Spot, defined map[int]bool) string {
	x := l.Name
	type part struct {
		lo, hi     exact.Spot
		loIn, hiIn bool
	}
	in := func(s exact.Spot) bool {
		for i := range spots {
			if c, ok := l.Consts.CompareSpots(spots[i], s); ok && c == 0 {
				return defined[i]
			}
		}
		return false
	}
	var parts []part
	for i := range spots { // isolated points
		touched := false
		for _, p := range pieces {
			a, ok1 := l.Consts.CompareSpots(p.lo, spots[i])
			b, ok2 := l.Consts.CompareSpots(p.hi, spots[i])
			touched = touched || ok1 && a == 0 || ok2 && b == 0
		}
		if defined[i] && !touched {
			parts = append(parts, part{spots[i], spots[i], true, true})
		}
	}
	for _, p := range pieces {
		parts = append(parts, part{p.lo, p.hi, p.lo.Inf == 0 && in(p.lo), p.hi.Inf == 0 && in(p.hi)})
	}
	slices.SortStableFunc(parts, func(a, b part) int { c, _ := l.Consts.CompareSpots(a.lo, b.lo); return c })
	var merged []part
	for _, p := range parts {
		if n := len(merged); n > 0 && merged[n-1].hiIn && p.loIn {
			if c, ok := l.Consts.CompareSpots(merged[n-1].hi, p.lo); ok && c == 0 {
				merged[n-1].hi, merged[n-1].hiIn = p.hi, p.hiIn
				continue
			}
		}
		merged = append(merged, p)
	}
	parts = merged
	if len(parts) == 0 {
		return "nowhere"
	}
	if len(parts) == 1 && parts[0].lo.Inf != 0 && parts[0].hi.Inf != 0 {
		return "all real " + x
	}
	// all but single points
	holes := parts[0].lo.Inf != 0 && parts[len(parts)-1].hi.Inf != 0
	for i := 0; holes && i+1 < len(parts); i++ {
		c, ok := l.Consts.CompareSpots(parts[i].hi, parts[i+1].lo)
		holes = ok && c == 0
	}
	if holes {
		var texts []string
		for _, p := range parts[1:] {
			texts = append(texts, x+" != "+l.spotText(p.lo))
		}
		return strings.Join(texts, " and ")
	}
	rel := func(in bool, strict, weak string) string {
		if in {
			return weak
		}
		return strict
	}
	var texts []string
	for _, p := range parts {
		switch {
		case p.lo.Inf != 0:
			texts = append(texts, x+rel(p.hiIn, " < ", " <= ")+l.spotText(p.hi))
		case p.hi.Inf != 0:
			texts = append(texts, x+rel(p.loIn, " > ", " >= ")+l.spotText(p.lo))
		case l.same(p.lo, p.hi):
			texts = append(texts, x+" = "+l.spotText(p.lo))
		default:
			texts = append(texts, l.spotText(p.lo)+rel(p.loIn, " < ", " <= ")+x+rel(p.hiIn, " < ", " <= ")+l.spotText(p.hi))
		}
	}
	if len(texts) > 8 {
		texts = append(texts[:8], "…")
	}
	return strings.Join(texts, " or ")
}

// same reports whether a and b are seen to be one place.
func (l *line) same(a, b exact.Spot) bool {
	c, ok := l.Consts.CompareSpots(a, b)
	return ok && c == 0
}

// spotText prints a spot: its closed form, or 6 digits.
func (l *line) spotText(s exact.Spot) string {
	if s.Inf > 0 {
		return "∞"
	}
	if s.Inf < 0 {
		return "-∞"
	}
	if s.Exact.Valid() {
		if t := format.Text(s.Exact); len(t) < 60 {
			return t
		}
	}
	return format.Number(s.Float(), 6)
}

// periodicDomain describes the natural domain of a periodic formula.
func (s *study) periodicDomain() string {
	l := s.l
	between := s.betweenText()
	if s.whole() {
		return between
	}
	conds := simplify.Domain(l.raw)
	switch {
	case len(conds) == 0:
	case !l.formalPowers(l.raw):
		text := format.All(conds, format.Options{})
		if s.outerLo.Inf == 0 || s.outerHi.Inf == 0 {
			text += " and " + between
		}
		return text
	case len(s.pieces) == 0 && len(s.cands) == 0:
		return "nowhere"
	case !l.period.Valid() || s.a.Domain == "" || s.outerLo.Inf == 0 || s.outerHi.Inf == 0:
		return "" // the conditions may ask for too much
	default:
		pieces, spots, in := s.turned(s.pieces, s.defined)
		s.a.Domain = l.domainText(pieces, spots, in)
	}
	if !l.period.Valid() {
		return between
	}
	return s.a.Domain + ", repeated with period " + format.Text(l.period)
}

// betweenText describes the part of the line that the question is about.
func (s *study) betweenText() string {
	l := s.l
	below, above := " <= ", " <= "
	if s.outerLoOpen {
		below = " < "
	}
	if s.outerHiOpen {
		above = " < "
	}
	lo, hi := l.spotText(s.outerLo), l.spotText(s.outerHi)
	switch {
	case s.outerLo.Inf == 0 && s.outerHi.Inf == 0 && lo == hi && !s.outerLoOpen && !s.outerHiOpen:
		return l.Name + " = " + lo
	case s.outerLo.Inf == 0 && s.outerHi.Inf == 0:
		return lo + below + l.Name + above + hi
	case s.outerLo.Inf == 0:
		return l.Name + strings.Replace(below, "<", ">", 1) + lo
	case s.outerHi.Inf == 0:
		return l.Name + above + hi
	}
	return "all real " + l.Name
}

// whole reports whether the formula is defined everywhere between the ends,
// which may be left out.
func (s *study) whole() bool {
	l := s.l
	whole := len(s.pieces) > 0
	at, end := s.lo, s.hi
	if n := len(s.pieces); n > 0 {
		if r := s.pieces[0].ray; r != nil && r.side < 0 {
			at = r.to
		}
		if r := s.pieces[n-1].ray; r != nil && r.side > 0 {
			end = r.to
		}
	}
	for i := range s.pieces {
		c, ok := l.Consts.CompareSpots(at, s.pieces[i].lo)
		whole = whole && ok && c == 0
		at = s.pieces[i].hi
	}
	c, ok := l.Consts.CompareSpots(at, end)
	whole = whole && ok && c == 0
	for i, z := range s.spots {
		whole = whole && (s.defined[i] || s.loOpen && z == s.lo || s.hiOpen && z == s.hi)
	}
	return whole
}
