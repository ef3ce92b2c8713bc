package global

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// farOutUnder answers for a region without end by what needs no multipliers; ok says that it may have points.
func (s *session) farOutUnder(x []interval.I, ok bool) *Answer {
	if a := s.firstOf(func() *Answer { return s.bySlack(false) }, s.byEpigraph); a != nil {
		return a
	}
	if ok && s.deep(x) {
		if a := s.shared(0.3, s.downPaths); a != nil {
			return a
		}
	}
	if s.equationCount() > 0 {
		return nil // they may leave a question with a variable less
	}
	return s.shared(0.3, s.byRelaxation)
}

// byVertexUnder is byVertex, by variables that no condition has.
func (s *session) byVertexUnder() *Answer {
	return s.firstOf(func() *Answer { return s.byVertex(simpler) }, func() *Answer { return s.byVertex(larger) })
}

// inBoxes searches the box x, and where an equation may give a variable, and that takes long, with a
// variable less.
func (s *session) inBoxes(x []interval.I, equation bool) *Answer {
	why := ""
	if !s.m.Bounded() {
		why = "the constraints and the parts of the formula leave only " + s.within(x)
	}
	if equation {
		if a := s.search(x, why, 0.03); a != nil && a.Status != Local {
			return a
		}
		share := 0.1
		sub := *s
		if few := s.m.N - s.equationCount(); few <= fewLeft {
			share, sub.o.chain = 0.3, true
		}
		a := sub.byEquationWithin(share)
		s.kkts = sub.kkts
		if a != nil && a.Status != Local {
			return a
		}
	}
	return s.search(x, why, 0.9)
}

// fewLeft is the number of variables that equations may leave for a search in them to be quick.
const fewLeft = 3

// equationCount is the number of equations.
func (s *session) equationCount() int {
	k := 0
	for _, c := range s.m.Cons {
		if c.Equal {
			k++
		}
	}
	return k
}

// nowhere is the answer that constraint propagation leaves no point.
func (s *session) nowhere() *Answer {
	return &Answer{Status: EmptyDomain, Method: "interval propagation",
		Proof: []string{"interval propagation through the constraints leaves no point"}}
}

// sampled returns the best of some points of the box x that satisfy the constraints, nil where none
// does.
func (s *session) sampled(l *kkt.Lagrangian, x []interval.I) *kkt.Solution {
	const points = 400
	var best *kkt.Solution
	for _, y := range model.Starts(x, points, s.o.Seed) {
		y = s.clipped(y)
		f, off := s.b.At(y), l.Violation(y)
		if model.Finite(f) && s.nearlyIn() && off < kkt.NearlyFeasible && !s.atOpenEdge(y) && (best == nil || f < best.F) {
			best = &kkt.Solution{X: y, Y: make([]float64, l.K), F: f, Violation: off}
		}
	}
	return best
}

// clipped returns the point nearest to x that the bounds leave.
func (s *session) clipped(x []float64) []float64 {
	out := slices.Clone(x)
	for i, b := range s.m.Inner {
		if b.IsEmpty() { // two bounds that are one number, which is no float64
			b = s.m.Outer[i]
		}
		out[i] = model.ClipTo(x[i], b)
	}
	return out
}

// meansUnder is byMeans with the constraints that hold the point.
func (s *session) meansUnder() *Answer {
	a := s.byMeans()
	if a != nil {
		s.active(a, kkt.MultipliersOf(s.lagrangian.Minimise(s.ctx, s.b.Prober, slices.Clone(a.At), 10)))
	}
	return a
}

// byMultipliers answers when the multipliers of the local solution r prove that it is global, in
// closed form where there is one; nil where they do not. The points that matter are in x, which
// may be bounded.
func (s *session) byMultipliers(l *kkt.Lagrangian, r *kkt.Solution, x []interval.I, bounded bool) *Answer {
	share := 0.25
	if bounded {
		share = 0.03 // the boxes themselves may be quicker
	}
	var strict *Answer
	if s.isConvexProgram(x) {
		if strict = s.byStrictMinimum(r.X, x); strict != nil {
			share = 0.03 // for what is simpler to check
			if s.o.Certificate {
				strict.Argument.Multipliers = [][]certificate.Multiplier{s.multipliers(s.multiplierFormulas(r))}
			}
		}
	}
	a := s.byDuality(r, share)
	if a == nil {
		a = strict
	}
	if a == nil || a.Status != Exact {
		if b := s.byExactMultipliers(l, r, a != nil); b != nil {
			a = b
		}
	}
	if a == nil {
		return nil
	}
	if a.Status != Exact { // an equation may give closed forms
		if b := s.byEquationWithin(0.05); b != nil && b.Status == Exact {
			return b
		}
		if bounded && strict == nil {
			if b := s.exactByBoxes(a, l, r, x); b != nil {
				a = b
			}
		}
	}
	s.active(a, kkt.MultipliersOf(r))
	return a
}

// byEquationWithin is byEquation, or byRoot, within a share of the effort that is left.
func (s *session) byEquationWithin(share float64) *Answer {
	sub := *s
	var cancel context.CancelFunc
	sub.ctx, cancel = effort.Share(s.ctx, share)
	defer cancel()
	a := sub.firstOf(sub.byEquation, sub.byRoot)
	s.kkts = sub.kkts
	return a
}

// bentEquation reports whether an equation has a kink.
func (s *session) bentEquation() bool {
	return slices.ContainsFunc(s.m.Cons, func(c model.Constraint) bool { return c.Equal && form.HasKinks(c.G) })
}

// localUnder makes an answer of the local solution best; a, if it is not nil, has the bounds that
// a search has found.
func (s *session) localUnder(l *kkt.Lagrangian, best *kkt.Solution, a *Answer) *Answer {
	outside := best.F < s.bound-looseness*math.Max(1, math.Abs(s.bound)) // on an edge that is left out, where f jumps
	if s.b.BestX != nil && (s.b.Best.Hi < best.F || best.Violation > 1e-8 || outside) {
		best.X, best.F = slices.Clone(s.b.BestX), model.ClipTo(s.b.At(s.b.BestX), s.b.Best)
	}
	if v, ok := s.b.AtPoint(best.X); ok {
		best.F = model.ClipTo(best.F, v)
	}
	r := &Answer{Status: Local, Method: "augmented Lagrangian", At: best.X, Value: best.F, Attained: true}
	if a != nil {
		r.Enclosure, r.Evaluations = a.Enclosure, a.Evaluations
		if s.p.Max && r.Enclosure != nil {
			r.Enclosure.Value = r.Enclosure.Value.Neg() // flip turns it back
		}
	}
	r.Minimisers = []Point{{X: r.At}}
	in := make([]float64, l.M.N+l.K)
	copy(in, best.X)
	copy(in[l.M.N:], best.Y)
	l.PM.Eval(l.POut, in)
	for i, v := range best.X {
		g := l.POut[1+i]
		if v <= l.M.Inner[i].Lo && g > 0 || v >= l.M.Inner[i].Hi && g < 0 {
			continue
		}
		r.GradientNorm = math.Max(r.GradientNorm, math.Abs(g))
	}
	r = s.flip(r)
	s.active(r, best.Y)
	r.Warnings = append(r.Warnings, fmt.Sprintf("searched from %d points", len(s.kkts)))
	return r
}

// exactByBoxes looks for a closed form of the minimum a, which is proved, in the boxes that
// a search of x leaves round the local solution r; nil where it finds none.
func (s *session) exactByBoxes(a *Answer, l *kkt.Lagrangian, r *kkt.Solution, x []interval.I) *Answer {
	saved, root, warnings := s.b, s.root, s.warnings
	defer func() { s.b, s.root, s.warnings = saved, root, warnings }()
	s.b = branch.New(s.m, s.o.boxes())
	s.b.Best, s.b.BestX = saved.Best, slices.Clone(saved.BestX)
	s.dualsOf(l, r)
	b := s.search(x, "the minimum lies within "+s.within(x), 0.1)
	if b == nil || b.Status != Exact {
		return nil
	}
	b.Method, b.Argument = a.Method, a.Argument
	b.Proof = append(slices.Clone(a.Proof), b.Proof...)
	return b
}

// constrainedFar answers under conditions that leave an unbounded region: in a box outside
// which f is higher, or by sums of squares.
func (s *session) constrainedFar() *Answer {
	if x, ok := s.reach(); ok {
		for !model.Bounded(x) && s.heldFarOut(x) && s.propagate(x) {
			s.heldByParts(x)
		}
		if model.Bounded(x) {
			if a := s.search(x, "the constraints and the parts of the formula leave only "+s.within(x), 0.4); a != nil && a.Status != Local {
				return a
			}
		}
	}
	if a := s.bySquaresAt(allIdentities); a != nil {
		return a
	}
	if x, why := s.coercive(); x != nil {
		if a := s.search(x, why, 0.8); a != nil && a.Status != Local {
			return a
		}
	}
	if c := s.confinedBySquares(); c != nil {
		if a := s.search(c.box, c.why, 0.8); a != nil && a.Status != Local {
			a.Argument.Outside = c.proof
			return a
		}
	}
	return s.bySquaresNumber()
}

func list4(parts []string) string {
	if len(parts) > 4 {
		parts = append(slices.Clone(parts[:4]), "…")
	}
	out := parts[0]
	for _, p := range parts[1:] {
		out += ", " + p
	}
	return out
}
