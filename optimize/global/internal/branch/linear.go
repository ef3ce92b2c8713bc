package branch

import (
	"nabla/expr/interval"
	"nabla/optimize/global/internal/relax"
)

// This file bounds f on boxes under constraints by linear programs, in a search that has gone
// on for so long that they pay.

// relaxBoxes is the number of boxes from which on linear programs are solved.
const relaxBoxes = 300

// relaxLate begins to relax, once, a search under constraints.
func (s *Search) relaxLate() {
	if s.relaxed != nil || len(s.Cons) == 0 || s.Count.Boxes < relaxBoxes {
		return
	}
	s.relaxed = s.relaxation()
}

// relaxation is that of f and the constraints.
func (s *Search) relaxation() *relax.Relaxation {
	equal := make([]bool, len(s.Cons)+1)
	for k, c := range s.Cons {
		equal[k+1] = c.Equal
	}
	return relax.New(s.Value, equal)
}

// relax raises lb by the linear program on the box x, of which the contractor has just enclosed
// the parts, and narrows x. smaller says that this makes it worth starting over.
func (s *Search) relax(x []interval.I, lb *float64) (keep, smaller bool) {
	l := s.relaxed
	if !l.Build(x, s.cv.r, s.Best.Hi) {
		return true, false
	}
	before := width(x)
	v := l.Bound(x, s.Best.Hi)
	if v > s.Best.Hi {
		return false, false
	}
	*lb = max(*lb, v)
	if k := l.Loosest(); k >= 0 && s.relativeWidth(x[k]) > 0 {
		s.next = k
	}
	return true, width(x) < 0.9*before
}

// width is the sum of the lengths of the sides of x.
func width(x []interval.I) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v.Width()
	}
	return sum
}
