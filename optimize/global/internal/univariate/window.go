package univariate

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// withTails answers for a formula that has infinitely many pieces towards an
// infinite end: it is studied between -T and T, and bounded from below beyond.
func (s *study) withTails() bool {
	l := s.l
	if l.period.Valid() {
		return false
	}
	f := l.tidyNode(l.raw)
	for _, T := range [...]float64{2, 8, 64} {
		w := &study{l: l, a: newAnswer(l.Name), lo: s.lo, hi: s.hi, loOpen: s.loOpen, hiOpen: s.hiOpen,
			outerLo: s.outerLo, outerHi: s.outerHi, outerLoOpen: s.outerLoOpen, outerHiOpen: s.outerHiOpen}
		ok := true
		for _, side := range [2]int{-1, 1} {
			end := &w.lo
			if side > 0 {
				end = &w.hi
			}
			if end.Inf == 0 {
				continue
			}
			far := *end
			lim := l.tail(far, side, T).LimitAt(f)
			low, known := lim.Low()
			if !known {
				low, known = l.leastBeyond(f, side, T)
			}
			if !known {
				ok = false
				break
			}
			*end = exact.At(l.Consts, l.T.Int(int64(side)*int64(T)))
			approached := lim.Kind == asymptotic.Finite && lim.Value.Valid() && l.definedPast(far)
			if !approached || lim.Side <= 0 { // else f stays above its limit
				w.cands = append(w.cands, candidate{s: far, v: interval.New(low, math.Inf(1)), lower: true, limit: true,
					approach: s.arrow(far, side), side: side})
			}
			if approached {
				w.cands = append(w.cands, candidate{s: far, v: l.Consts.Enclose(lim.Value), e: lim.Value, limit: true,
					approach: s.arrow(far, side), side: side})
			}
			bound := fmt.Sprintf("f is at least %s for %s", format.Number(low, 6), w.beyond(side, T))
			if l.max {
				bound = fmt.Sprintf("f is at most %s for %s", format.Number(-low+0, 6), w.beyond(side, T))
			}
			w.ends = append(w.ends, bound)
		}
		if c, sure := l.Consts.CompareSpots(w.lo, w.hi); !ok || !sure || c >= 0 {
			continue
		}
		var err error
		if w.pieces, w.spots, err = l.cut(w.lo, w.hi); err != nil {
			continue
		}
		l.boxes = 0 // the whole line may have used them up
		w.examine()
		w.a.Domain = s.betweenText()
		if conds := simplify.Domain(l.raw); len(conds) > 0 {
			w.a.Domain = format.All(conds, format.Options{})
		}
		w.complete = false
		w.stationary()
		w.conclude()
		if w.a.Status != minimum.Local && w.a.Status != minimum.Failed && w.a.Status != minimum.EmptyDomain && w.a.Status != minimum.Constant {
			*s.a = *w.a
			return true
		}
	}
	return false
}

// leastBeyond returns a lower bound for the tidy formula f past T on the given side
// from an enclosure, and whether it is finite.
func (l *line) leastBeyond(f expr.Expr, side int, T float64) (float64, bool) {
	m := l.Machine(f)
	if m == nil {
		return 0, false
	}
	far := interval.New(T, math.Inf(1))
	if side < 0 {
		far = far.Neg()
	}
	v, _ := exact.Evaluate(m, far)
	if v[0].IsEmpty() {
		return 0, false
	}
	low := math.Max(v[0].Lo, l.strictly(f, far).Lo) // which knows that bases are not negative
	return low, low > math.Inf(-1)
}

// definedPast reports whether the formula is seen to be defined all the way to an
// infinite end from some place on: its tidy form may be where it is not itself.
func (l *line) definedPast(end exact.Spot) bool {
	conds := simplify.Domain(l.raw)
	if len(conds) == 0 {
		return true
	}
	same := func(f expr.Expr) expr.Expr { return f }
	return slices.ContainsFunc(asymptotic.Starts[:], func(T float64) bool { return l.hold(conds, l.tail(end, end.Inf, T), same) })
}

// beyond describes the part of the line past T on the given side.
func (s *study) beyond(side int, T float64) string {
	if side < 0 {
		return s.l.Name + " <= -" + format.Number(T, 6)
	}
	return s.l.Name + " >= " + format.Number(T, 6)
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

// anyEnd looks for an end of the line towards which f falls without end, when the line
// could not be cut into pieces.
func (s *study) anyEnd() bool {
	l := s.l
	f := l.tidyNode(l.raw)
	for _, end := range [2]exact.Spot{s.lo, s.hi} {
		if end.Inf == 0 {
			continue
		}
		if lim := s.limit(&piece{lo: s.lo, hi: s.hi, f: f}, end, end.Inf); lim.Kind == asymptotic.Minus && l.definedPast(end) {
			why := "f → -∞ as " + s.arrow(end, end.Inf)
			s.unbound = s.witness(nil, end, end.Inf, why)
			s.complete = false
			s.conclude()
			return true
		}
		if w := s.alongPeriod(&piece{lo: s.lo, hi: s.hi, f: f}, end.Inf, simplify.Domain(l.raw)); w != nil {
			s.unbound, s.complete = &fall{Witness: w}, false
			s.conclude()
			return true
		}
	}
	return false
}

// anyWindow looks for a place at which f is unbounded in parts of the line of the
// given widths.
func (s *study) anyWindow(widths ...int64) bool {
	l := s.l
	for _, w := range widths {
		lo, hi, ok := s.windowAt(w)
		if !ok {
			continue
		}
		part := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi}
		var err error
		if part.pieces, part.spots, err = l.cut(lo, hi); err != nil {
			continue
		}
		part.defined = map[int]bool{}
		l.quick = true
		for i := range part.pieces {
			p := &part.pieces[i]
			p.f = l.T.Tidy(p.raw)
			for _, side := range [2]int{-1, 1} {
				end := p.hi
				if side < 0 {
					end = p.lo
				}
				if lim := part.limit(p, end, side); lim.Kind == asymptotic.Minus {
					s.unbound = s.witness(p, end, side, "f → -∞ as "+s.arrow(end, side))
					s.complete = false
					s.conclude()
					return true
				}
			}
		}
		l.quick = false
	}
	return false
}
