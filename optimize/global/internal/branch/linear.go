package branch

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/relax"
)

// This file bounds f on boxes under constraints by linear programs, in a search that has gone
// on for so long that they pay.

// relaxBoxes is the number of boxes from which on linear programs are solved.
const relaxBoxes = 300

// A relaxed search counts how often a linear program was asked, how often that dropped a box, and how often it did so, made
// it smaller or raised its bound.
type relaxed struct {
	*relax.Relaxation
	own    *contractor  // of the program that is relaxed, nil where that is Value
	demand []interval.I // on its outputs

	asked, gained, dropped int
}

// relaxLate begins, once, to relax a search under constraints, and ends it where that does not pay.
func (s *Search) relaxLate() {
	switch {
	case s.unrelaxed || len(s.Cons) == 0:
	case s.relaxed == nil && s.Count.Boxes >= relaxBoxes:
		s.relaxed = s.relaxation()
		s.unrelaxed = s.relaxed == nil
	case s.relaxed != nil:
		// A program takes as long as many boxes without one: it is to drop some, or to gain more often than not.
		const trial, some, most = 200, 10, 2
		asked, gained, dropped := s.relaxed.asked, s.relaxed.gained, s.relaxed.dropped
		for _, w := range s.Team[min(1, len(s.Team)):] {
			asked, gained, dropped = asked+w.relaxed.asked, gained+w.relaxed.gained, dropped+w.relaxed.dropped
		}
		if s.unrelaxed = asked >= trial && gained*most < asked && dropped*some < asked; s.unrelaxed {
			for _, w := range s.Team {
				w.relaxed = nil
			}
		}
	}
}

// relaxation is that of f and the constraints, nil where there is none.
func (s *Search) relaxation() *relaxed {
	m := *s.Model
	other := false
	if g, ok := gatherLogs(s.F, s.Vars, s.Outer); ok {
		m.F, other = g, true
	}
	m.Cons = slices.Clone(s.Cons)
	for _, c := range s.Cons {
		if g, ok := cleared(c.G, s.Vars, s.Outer); ok {
			c.G, other = g, true
			m.Cons = append(m.Cons, c)
		}
	}
	l := &relaxed{}
	if other && m.CompileValue() == nil {
		l.own = newContractor(m.Value)
	} else {
		m = *s.Model
	}
	equal := make([]bool, len(m.Cons)+1)
	for k, c := range m.Cons {
		equal[k+1] = c.Equal
	}
	l.demand = demands(m.Cons)
	if l.Relaxation = relax.New(m.Value, equal); l.Relaxation == nil {
		return nil
	}
	return l
}

// relax raises lb by the linear program on the box x, of which the contractor has just enclosed
// the parts, and narrows x. smaller says that this makes it worth starting over.
func (s *Search) relax(x []interval.I, lb *float64) (keep, smaller bool) {
	l := s.relaxed
	l.asked++
	parts := s.cv
	if l.own != nil {
		parts = l.own
		l.demand[0] = s.demand[0]
		if !parts.contract(x, l.demand, 1) {
			l.gained, l.dropped = l.gained+1, l.dropped+1
			return false, false
		}
	}
	if !l.Build(x, parts.r, s.Best.Hi) {
		return true, false
	}
	const largest = 20_000 // entries of a program that is solved
	if l.Size() > largest {
		return true, false
	}
	before, low := width(x), *lb
	v := l.Bound(x, s.Best.Hi)
	if v > s.Best.Hi || math.IsInf(v, 1) { // nothing is in it, before a point is known too
		l.gained, l.dropped = l.gained+1, l.dropped+1
		return false, false
	}
	*lb = max(*lb, v)
	k := l.Loosest()
	if k >= 0 && s.relativeWidth(x[k]) > 0 {
		s.next = k
	}
	const most = 200_000 // entries of the programs that narrow all variables
	for i := range x {
		if (i == k || l.Size()*len(x) <= most) && !l.Narrow(x, i) {
			l.gained, l.dropped = l.gained+1, l.dropped+1
			return false, false
		}
	}
	smaller = width(x) < 0.9*before
	if smaller || *lb-low > 0.1*(s.Best.Hi-low) {
		l.gained++
	}
	return true, smaller
}

// width is the sum of the lengths of the sides of x.
func width(x []interval.I) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v.Width()
	}
	return sum
}
