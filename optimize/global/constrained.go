package global

import (
	"math"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// This file is the course of an answer under conditions that none of the methods before has settled: local solutions by the augmented
// Lagrangian method, then a proof by duality, with a variable less or by branch and bound where there is one.

// A course is a question under conditions on its way.
type course struct {
	*session
	l      *kkt.Lagrangian
	best   *kkt.Solution // of the local solutions, nil for none
	x      []interval.I  // the box that the conditions are seen to leave
	within bool          // and not all of space
	far    bool          // it has no end
	plane  bool          // an equation between two variables leaves a question in one, which says more
	early  bool          // what holds far out comes before the multipliers
	found  *Answer       // without a proof, of the search in boxes
}

// constrained answers under conditions.
func (s *session) constrained() *Answer {
	if a := s.byForm(); a != nil {
		return a
	}
	if a := s.firstOf(s.byPowers, s.byExponentials, s.byVertexUnder, s.byLogarithm); a != nil {
		return a
	}
	l, err := kkt.NewLagrangian(s.m)
	if err != nil {
		return s.failed(err.Error())
	}
	s.lagrangian = l
	c := &course{session: s, l: l, plane: s.m.N == 2 && s.equationCount() > 0}
	for _, stage := range []func() *Answer{
		c.begin, c.eliminations, c.solutions, c.farOutEarly, c.byTheirMultipliers, c.farOutLate, c.beforeBoxes, c.search,
	} {
		if a := stage(); a != nil {
			return a
		}
	}
	return c.unproved()
}

// begin looks whether anything is left, and takes the start that was given and the points of cases, for when there is no time for more.
func (c *course) begin() *Answer {
	if _, ok := c.reach(); !ok && c.b.BestX == nil {
		return c.nowhere()
	}
	known := c.points
	if len(c.o.Start) == c.m.N {
		known = append(known, c.o.Start)
	}
	for _, x := range known {
		x = c.clipped(x)
		if r := (&kkt.Solution{X: x, Y: make([]float64, c.l.K), F: c.b.At(x), Violation: c.l.Violation(x)}); model.Finite(r.F) && r.Violation < kkt.NearlyFeasible {
			c.kkts = append(c.kkts, r)
		}
	}
	return nil
}

// eliminations are asked before local solutions are known.
func (c *course) eliminations() *Answer {
	if c.o.chain && c.equationCount() > 0 {
		if a := c.byEquationWithin(0.9); a != nil {
			return a
		}
	}
	first := c.meansUnder
	if c.plane {
		first = func() *Answer { return c.firstOf(c.byEquation, c.byRoot) }
	}
	return c.firstOf(first, c.byDomination)
}

// solutions looks for local solutions, or for a contradiction where there are none.
func (c *course) solutions() *Answer {
	if c.best = c.localSolutions(c.l); c.best != nil {
		c.admit(c.l, c.best)
	}
	c.x, c.within = c.reach()
	if !c.within && c.b.BestX == nil {
		return c.nowhere()
	}
	if c.b.BestX == nil && (c.best == nil || !(c.best.Violation < kkt.NearlyFeasible)) {
		if a := c.contradiction(); a != nil {
			return a
		}
	}
	c.far = !c.within || !model.Bounded(c.x)
	c.early = c.far && c.looksFlat(c.best)
	return nil
}

// farOutEarly looks at what holds far out where the multipliers say little.
func (c *course) farOutEarly() *Answer {
	if !c.early {
		return nil
	}
	return c.farOutUnder(c.x, c.within)
}

// byTheirMultipliers proves that a local solution is the minimum.
func (c *course) byTheirMultipliers() *Answer {
	if c.best != nil && c.b.BestX != nil {
		if a := c.byMultipliers(c.l, c.best, c.x, !c.far); a != nil {
			return a
		}
		c.dualsOf(c.l, c.best)
	}
	return c.bySlack(false)
}

// farOutLate looks at what holds far out where the multipliers have not told.
func (c *course) farOutLate() *Answer {
	if !c.far || c.early {
		return nil
	}
	return c.farOutUnder(c.x, c.within)
}

// beforeBoxes answers by what needs no boxes, in a plane or far out.
func (c *course) beforeBoxes() *Answer {
	if c.far && c.b.BestX != nil { // the parts may be least together there
		if a := c.byForm(); a != nil {
			return a
		}
		if a := c.shared(0.3, func() *Answer { return c.byQuotient(true) }); a != nil {
			return a
		}
	}
	last := c.byEquation
	if c.plane { // that was asked first
		last = c.meansUnder
	}
	if c.plane || c.far {
		if a := last(); a != nil {
			return a
		}
	}
	if c.far {
		if a := c.firstOf(c.byOuter, c.byEpigraph); a != nil {
			return a
		}
	}
	if c.m.N == 2 || c.far {
		if a := c.firstOf(c.byRoot, c.byCases); a != nil {
			return a
		}
	}
	if (c.plane || c.far) && c.bentEquation() {
		if a := c.byKinks(); a != nil {
			return a
		}
	}
	if c.within && (c.far || c.deep(c.x)) {
		if a := c.downPaths(); a != nil {
			return a
		}
	}
	return nil
}

// search looks for the minimum in boxes, and at what holds under some of the conditions.
func (c *course) search() *Answer {
	if c.within && (!c.far || c.best == nil) {
		c.found = c.inBoxes(c.x, !c.plane && !c.far && c.equationCount() > 0)
		c.best = c.bestOfSolutions(c.best)
	}
	open := func() bool { return c.found == nil || c.found.Status == Local }
	if open() && c.far && c.best != nil && c.b.BestX != nil {
		if a := c.constrainedFar(); a != nil {
			c.found = a
		}
	}
	if open() && (!c.far || c.equationCount() > 0) {
		if a := c.byRelaxation(); a != nil {
			return a
		}
	}
	if open() && c.far && c.equationCount() > 0 && c.o.relaxed == 0 {
		if a := c.shared(0.5, c.fallingWhere); a != nil {
			return a
		}
	}
	if open() {
		return nil
	}
	if !c.far && c.found.Status == Certified {
		if a := c.byOuter(); a != nil && a.Status == Exact {
			return a
		}
	}
	if len(c.found.Active) == 0 { // with a variable less, they are known
		c.writeMultipliers(c.found)
		c.active(c.found, kkt.MultipliersOf(c.best))
	}
	return c.found
}

// unproved is the best that was found.
func (c *course) unproved() *Answer {
	if c.best = c.bestOfSolutions(c.best); c.best != nil && c.best.Violation < 1e-6 {
		return c.localUnder(c.l, c.best, c.found)
	}
	if c.found != nil {
		return c.found
	}
	if r := c.sampled(c.l, c.x); r != nil { // when there was no time for more
		return c.localUnder(c.l, r, nil)
	}
	return c.failed("no point that satisfies the constraints was found")
}

// looksFlat reports whether the local solution is far out or has no multipliers, so that the Lagrangian says little.
func (s *session) looksFlat(best *kkt.Solution) bool {
	const far, small = 50, 1e-7
	if best == nil {
		return true
	}
	flat := true
	for _, y := range best.Y {
		flat = flat && math.Abs(y) < small
	}
	for _, v := range best.X {
		flat = flat || math.Abs(v) > far
	}
	return flat
}
