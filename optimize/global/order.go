package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file is the order in which the methods are asked: the quickest first, and of those that
// settle the same questions the one whose proof is the easiest to follow and to check again.
// The lists are functions because methods ask smaller questions, for which the lists serve again.

// A method answers a question, or returns nil where it cannot.
type method struct {
	try   func(*session) *Answer
	when  func(*session) bool // nil for always; it takes less time than try
	share float64             // of the effort that is left, 0 for all of it
}

// first returns the answer of the first of the methods that has one, as long as there is time.
func (s *session) first(list []method) *Answer {
	for _, m := range list {
		if s.ctx.Err() != nil {
			return nil
		}
		if m.when != nil && !m.when(s) {
			continue
		}
		if a := s.shared(m.share, func() *Answer { return m.try(s) }); a != nil {
			return a
		}
	}
	return nil
}

// firstOf is first for methods that are always asked.
func (s *session) firstOf(list ...func() *Answer) *Answer {
	for _, try := range list {
		if s.ctx.Err() != nil {
			return nil
		}
		if a := try(); a != nil {
			return a
		}
	}
	return nil
}

// shared calls the method with a share of the effort that is left, or with all of it for 0.
func (s *session) shared(share float64, try func() *Answer) *Answer {
	if share == 0 {
		return try()
	}
	ctx, cancel := effort.Share(s.ctx, share)
	defer cancel()
	around := s.ctx
	s.ctx = ctx
	defer func() { s.ctx = around }()
	return try()
}

// solve answers the question.
func (s *session) solve() *Answer {
	a := s.attempt()
	if s.onClosure != nil && (a == nil || a.Status == Local) {
		if b := s.onClosure(); b != nil {
			a, s.warnings = b, nil
		}
	}
	return s.finish(a)
}

// attempt runs through the methods.
func (s *session) attempt() *Answer {
	if a := s.first(inAnyRegion()); a != nil {
		return a
	}
	if len(s.m.Cons) > 0 {
		if a := s.first(underConditions()); a != nil {
			return a
		}
		return s.constrainedOrAtCorners()
	}
	if a := s.first(withoutConditions()); a != nil {
		return a
	}
	if beside := s.besideHole; beside != nil {
		if a := s.shared(0.1, s.inRegion); a != nil && a.Status != Local && a.Status != Failed {
			return a
		}
		s.warnings = nil
		return beside
	}
	return s.inRegion()
}

// inRegion searches for what is least in the region, without conditions.
func (s *session) inRegion() *Answer {
	s.b = branch.New(s.m, s.o.boxes())
	if a := s.first(byShape()); a != nil {
		return a
	}
	a := s.globalOnly()
	if a != nil && a.Status == Certified { // at a point that is known better now
		if b := s.firstOf(s.byMinorant, func() *Answer { return s.atKinks(a) }); b != nil {
			return b
		}
		return a
	}
	if (a == nil || a.Status == Local) && s.casesApart() {
		if b := s.firstOf(s.byOuter, s.byAlternatives); b != nil {
			s.warnings = nil
			return b
		}
	}
	if a != nil {
		return a
	}
	return s.localOrAtForm()
}

func inAnyRegion() []method {
	return []method{
		{try: (*session).byVanishing},
		{try: (*session).byDistances},
		{try: (*session).byLengths},
		{try: (*session).byPolar},
		{try: (*session).byFaces, when: (*session).allPositive},
		{try: (*session).byClosure},
	}
}

// underConditions come before what is known of local solutions.
func underConditions() []method {
	return []method{
		{try: (*session).byFixed},
		{try: (*session).byZeroFactor},
		{try: (*session).byInner},
		{try: (*session).byInnerInBox},
		{try: (*session).byAlternatives},
		{try: func(s *session) *Answer { return s.bySlack(true) }},
		{try: homogeneous, share: 0.4},
	}
}

// withoutConditions are the methods for bounds, or none, that divide the question or put another in its place.
func withoutConditions() []method {
	return []method{
		{try: (*session).separable},
		{try: (*session).byInner},
		{try: (*session).byProduct},
		{try: (*session).byLowest},
		{try: (*session).byDirection},
		{try: (*session).byLinearForms},
		{try: (*session).byBoundedForm, when: (*session).held},
		{try: (*session).byDependentForms},
		{try: (*session).byRecession},
		{try: (*session).byScaling, when: (*session).held},
		{try: (*session).byHoles},
		{try: (*session).byPeriods},
		{try: homogeneous, when: (*session).free},
	}
}

// byShape are the methods for bounds, or none, that try points.
func byShape() []method {
	return []method{
		{try: (*session).byInnerInBox},
		{try: (*session).byForm},
		{try: (*session).byVertices, when: (*session).held},
		{try: (*session).byDomination, when: (*session).held},
		{try: homogeneous, when: (*session).held}, // with bounds there are more cases, and the form of the formula says it in a sentence
		{try: (*session).byShear},
		{try: (*session).byOuter, when: func(s *session) bool { return hasBranches(s.m.F) && s.casesApart() }}, // the cases of both are many
		{try: (*session).byAlternatives, when: (*session).casesApart, share: 0.2},
		{try: (*session).byMeans},
		{try: (*session).byReciprocal},
		{try: (*session).bySubstitution},
		{try: (*session).byFixed, when: func(s *session) bool { return !s.m.Bounded() }},
		{try: (*session).byLogarithm, when: func(s *session) bool { return len(simplify.Domain(s.m.F)) > 0 }}, // gaps in which boxes find no end
	}
}

func homogeneous(s *session) *Answer { return s.byRays(false) }

// free reports whether no variable has bounds.
func (s *session) free() bool { return len(s.p.Bounds) == 0 }

func (s *session) held() bool { return !s.free() }

// casesApart reports whether the cases of f are better studied one by one than together, as those of convex functions are.
func (s *session) casesApart() bool {
	return !form.HasKinks(s.m.F) || !form.IsConvex(s.m.F, s.p.Vars, s.m.Outer)
}

// constrainedOrAtCorners answers under conditions.
func (s *session) constrainedOrAtCorners() *Answer {
	s.b = branch.New(s.m, s.o.boxes())
	a := s.constrained()
	if a.Status == Certified || a.Status == Local {
		if b := s.byCorners(); b != nil {
			s.warnings = nil
			return b
		}
	}
	return a
}

// localOrAtForm searches without a proof, and looks for one at the point that it finds: it may be
// one at which each part of the formula is least, or all squares vanish.
func (s *session) localOrAtForm() *Answer {
	a := s.local()
	if a.Status != Local || s.b == nil {
		return a
	}
	s.b.Try(a.At)
	b := s.byForm()
	if b == nil {
		b = s.bySquares() // these two take little time, and have their turn when it is up too
	}
	if b == nil {
		b = s.firstOf(s.byMinorant, s.byKinks)
	}
	if b == nil {
		return a
	}
	s.warnings = nil // what was doubtful is settled
	return b
}

// globalOnly answers without constraints, nil when nothing is proved.
func (s *session) globalOnly() *Answer {
	s.b = branch.New(s.m, s.o.boxes())
	s.b.Begin(s.o.boxes(), s.m.Outer)
	if s.b.BestX == nil { // f may be defined in a small part
		if x, ok := s.reach(); ok && !slices.Equal(x, s.m.Outer) {
			s.b.Begin(s.o.boxes(), x)
		}
	}
	s.pathsTried = false
	if a := s.first(atBest()); a != nil {
		return a
	}
	if !s.m.Bounded() {
		return s.withoutEnds()
	}
	a := s.search(s.m.Outer, "", 1)
	if a != nil && a.Status == Certified && s.looksPolynomial() && s.isPolynomial() {
		if b := s.bySquaresAt(1); b != nil {
			return b
		}
	}
	return a
}

// atBest are the methods that look at the best point that a few descents have found.
func atBest() []method {
	return []method{
		{try: (*session).byForm},
		{try: (*session).bySquares},
		{try: (*session).byForm, when: func(s *session) bool { return form.HasKinks(s.m.F) && s.directSearch() }},
		{try: (*session).trySmoothPart, when: func(s *session) bool { return form.HasKinks(s.m.F) }},
		{try: (*session).byMinorant},
		{try: (*session).byStationary},
		{try: (*session).withoutBounds},
		{try: (*session).byLogarithms},
		{try: (*session).byPowers},
		{try: (*session).fallingFar, when: (*session).comesDownFar},
		{try: (*session).byDominantHessian, when: func(s *session) bool { return len(simplify.Domain(s.m.F)) > 0 }},
	}
}

// comesDownFar reports whether f may have no end and a walk has come down so far that it perhaps has none, which is quickly seen.
func (s *session) comesDownFar() bool {
	const far = -20
	return s.deep(s.m.Outer) && (s.m.Bounded() || s.b.Best.Hi < far)
}

// fallingFar looks for paths along which f, or one of its pieces, falls without end.
func (s *session) fallingFar() *Answer {
	if a := s.alongPaths(); a != nil || !form.HasKinks(s.m.F) {
		return a
	}
	if a := s.shared(0.3, s.byKinks); a != nil && a.Status == Unbounded {
		return a
	}
	return nil
}

// alongPaths is downPaths, once.
func (s *session) alongPaths() *Answer {
	if s.pathsTried {
		return nil
	}
	s.pathsTried = true
	return s.downPaths()
}

// withoutEnds answers on an unbounded region: where enclosures leave a box only, in it, and
// otherwise by what shows that f is higher far out, or falls there, or by a variable less.
func (s *session) withoutEnds() *Answer {
	s.b.MV.Interval(s.b.VOut, s.b.VDec, s.m.Outer)
	if v := s.b.VOut[0]; !v.IsEmpty() {
		s.bound = v.Lo
	}
	x, ok := s.reach()
	switch {
	case !ok && s.b.BestX == nil:
		return &Answer{Status: EmptyDomain, Method: "interval propagation",
			Proof: []string{"interval propagation through the formula leaves no point"}}
	case ok && model.Bounded(x) && s.b.BestX != nil:
		if s.deep(x) {
			if a := s.alongPaths(); a != nil {
				return a
			}
		}
		why := fmt.Sprintf("f is %s than at the best point unless %s, as the parts of the formula show", s.p.higher(), s.within(x))
		a := s.search(x, why, 1)
		if a != nil && a.Status == Local {
			if b := s.first(atEdges()); b != nil {
				return b
			}
		}
		return a
	}
	if a := s.first(farOut()); a != nil || !ok {
		return a
	}
	if a := s.search(x, "", 0.4); a != nil && a.Status != Local {
		return a
	}
	return nil
}

// atEdges are the methods for what is least at an edge of the domain perhaps, at which f is not defined.
func atEdges() []method {
	return []method{
		{try: vertex(simpler)},
		{try: (*session).byCentre},
		{try: (*session).byOrthogonal},
		{try: (*session).byEnds},
		{try: vertex(ofOne)},
		{try: vertex(larger)},
		{try: (*session).alongPaths},
		{try: (*session).byRelaxation},
	}
}

// farOut are the methods for regions without ends.
func farOut() []method {
	return []method{
		{try: (*session).nearData},
		{try: (*session).byProjection},
		{try: vertex(simpler)},
		{try: (*session).byConvexity},
		{try: (*session).byCentre},
		{try: byIdentities, when: (*session).isPolynomial},
		{try: alongRays, when: (*session).isPolynomial, share: 0.5},
		{try: (*session).nearCentre},
		{try: (*session).alongPaths, when: (*session).mayHavePole},
		{try: (*session).byLeadingTerms},
		{try: func(s *session) *Answer { return s.byQuotient(false) }, share: 0.5},
		{try: (*session).nearBumps},
		{try: (*session).byLogarithm},
		{try: (*session).bySquaresOfSystem, share: 0.5},
		{try: vertex(ofOne)},
		{try: vertex(larger), when: (*session).nearlyLinear},
		{try: byIdentities, when: func(s *session) bool { return !s.isPolynomial() }},
		{try: (*session).alongPaths},
		{try: (*session).byOrthogonal}, // which are not checked again, as others are
		{try: (*session).byEnds},
		{try: (*session).nearSquares},
		{try: (*session).bySquaresNumber},
		{try: vertex(larger), when: func(s *session) bool { return !s.nearlyLinear() }},
		{try: vertex(ofMany)},
		{try: (*session).byRelaxation, share: 0.2},
		{try: (*session).inCharts},
	}
}

func vertex(way vertexWay) func(*session) *Answer {
	return func(s *session) *Answer { return s.byVertex(way) }
}

func byIdentities(s *session) *Answer { return s.bySquaresAt(allIdentities) }

// alongRays leaves the search as it is where it has no answer.
func alongRays(s *session) *Answer {
	around := s.b
	a := s.byRays(true)
	if a == nil {
		s.b = around
	}
	return a
}

// nearlyLinear reports whether one variable is left when those in which residuals are linear are eliminated.
func (s *session) nearlyLinear() bool { return s.linearParameters() >= s.m.N-1 }

// mayHavePole reports whether f may fall without end next to points at which it is not defined.
func (s *session) mayHavePole() bool {
	return len(conditions.Open(s.m.F, s.p.Vars, s.m.Outer)) > 0 && s.deep(s.m.Outer)
}

// nearData searches the box that the data of a fit leave.
func (s *session) nearData() *Answer {
	x, why := s.confinedByFit()
	if x == nil {
		return nil
	}
	if a := s.search(x, why, 0.5); a != nil && a.Status != Local {
		return a
	}
	return nil
}

// nearCentre searches the box outside which the highest powers outweigh the rest.
func (s *session) nearCentre() *Answer {
	x, why := s.coercive()
	if x == nil {
		return nil
	}
	return s.search(x, why, 1)
}

// nearSquares searches the box outside which a sum of squares is higher.
func (s *session) nearSquares() *Answer {
	c := s.confinedBySquares()
	if c == nil {
		return nil
	}
	a := s.search(c.box, c.why, 1)
	if a != nil {
		a.Argument.Outside = c.proof
	}
	return a
}

// inCharts searches the box that charts of the directions to infinity leave.
func (s *session) inCharts() *Answer {
	x, why := s.confinedByCharts()
	if x == nil {
		return nil
	}
	return s.search(x, why, 1)
}

// deep reports whether enclosures leave open that f is unbounded on the box x.
func (s *session) deep(x []interval.I) bool {
	s.b.MV.Interval(s.b.VOut, s.b.VDec, x)
	return math.IsInf(s.b.VOut[0].Lo, -1)
}
