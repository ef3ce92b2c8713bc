package univariate

import (
	"slices"
	"strings"

	"nabla/expr/format"
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
