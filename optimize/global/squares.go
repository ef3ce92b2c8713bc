package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/model"
)

// A squareSum is a sum of parts that are nowhere lower than c together, such as squares and waves; sub has the
// equations, no more than variables, that make all of them least.
type squareSum struct {
	*lowest
	c   number.Number
	sub *session
}

// squares reads f so; nil if it is none. The troughs of waves are those that are nearest to x.
func (s *session) squares(x []float64) *squareSum {
	if s.m.N > model.MaxHessian {
		return nil
	}
	l := s.lowest(x)
	if l == nil || l.value.Op() != expr.Num || len(l.where) == 0 || len(l.where) > s.m.N {
		return nil
	}
	pool := expr.NewPool()
	var equations []expr.Expr
	for _, u := range l.where {
		equations = append(equations, pool.Make(expr.Eq, pool.Import(u), pool.Int(0)))
	}
	sub := s.subject(equations)
	if sub == nil {
		return nil
	}
	return &squareSum{l, l.value.Number(), sub}
}

// subject returns a session for points that satisfy the equations beside the conditions.
func (s *session) subject(equations []expr.Expr) *session {
	q := &Problem{F: s.m.F, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: slices.Concat(equations, s.p.SubjectTo)}
	m, err := q.model()
	if err != nil {
		return nil
	}
	sub := &session{ctx: s.ctx, p: q, o: s.o, m: m, bound: math.Inf(-1)}
	sub.b = branch.New(m, s.o.boxes())
	return sub
}

// zeroNear returns a small box round x that is proved to hold a point at which all squares
// vanish and f is defined.
func (q *squareSum) zeroNear(s *session, x []float64) ([]interval.I, bool) {
	box, ok := q.sub.solutionNear(x)
	if !ok {
		return nil, false
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
	return box, s.b.VDec[0] >= interval.Defined
}

// clippedTo is the point of the box next to x: where f is flat, the best point may be outside a box of zeros near it.
func clippedTo(x []float64, box []interval.I) []float64 {
	x = slices.Clone(x)
	for i, v := range box {
		x[i] = model.ClipTo(x[i], v)
	}
	return x
}

// bySquares answers for a sum of even powers and a constant when a point is
// proved to exist at which all of them vanish: as many equations as variables, or
// fewer, solved by the method of Krawczyk near the best point.
func (s *session) bySquares() *Answer {
	if s.b.BestX == nil {
		return nil
	}
	q := s.squares(s.b.BestX)
	if q == nil || !(math.Abs(s.b.Best.Hi-q.c.Float64()) < 1e-12*math.Max(1, math.Abs(q.c.Float64()))) {
		return nil
	}
	if a := s.zeroAt(q); a != nil {
		return a
	}
	box, ok := q.zeroNear(s, s.b.BestX)
	if !ok {
		return nil
	}
	a := &Answer{Status: Certified, Method: "sum of squares", Attained: true, At: clippedTo(s.b.BestX, box),
		ExactValue: expr.NewPool().Num(q.c), Value: q.c.Float64()}
	plain(a.At, box)
	a.Enclosure = &Enclosure{At: box, Value: exact.HullOf(q.c)}
	a.Minimisers = []Point{{X: a.At}}
	a.GradientNorm = s.gradientNorm(s.b.Prober, a.At)
	proof := []string{
		fmt.Sprintf("%s is a sum of squares and a constant, and f is nowhere %s than %s", s.minimised(), s.p.lower(), format.Number(s.sign(a.Value), 6)),
		"near this point all of them are proved to vanish together (interval Newton method)",
	}
	if q.waves {
		a.Method = "sum of waves and squares"
		proof = []string{
			fmt.Sprintf("%s is a sum of waves and squares, and f is nowhere %s than %s, where each of them has its extreme value", s.minimised(), s.p.lower(), format.Number(s.sign(a.Value), 6)),
			"near this point all of them are proved to have it together (interval Newton method)",
		}
	}
	a.Proof = proof
	if s.listMinimisers(a); !a.MinimisersComplete {
		s.everywhereLowest(a, q.lowest, len(q.where))
	}
	// One of the others may be simple.
	if i := slices.IndexFunc(a.Minimisers, func(p Point) bool { return len(p.Exact) > 0 }); i > 0 {
		if e, ok := s.exactPoint(a.Minimisers[i].Exact); ok {
			b := s.exactAnswer(e, q.value)
			b.Method, b.Proof, b.MinimisersComplete = "form of the formula", append([]string{s.lowestText()}, a.Proof[len(proof):]...), a.MinimisersComplete
			b.Minimisers = slices.Insert(slices.Delete(slices.Clone(a.Minimisers), i, i+1), 0, a.Minimisers[i])
			b.Stationary = a.Stationary
			return s.flip(b)
		}
	}
	return s.flip(a)
}

// zeroAt is bySquares where a simple point is one of those that are sought; where there are fewer equations than variables there is a
// continuum of them.
func (s *session) zeroAt(q *squareSum) *Answer {
	points := s.candidates(s.b.BestX)
	if len(q.where) < s.m.N {
		points = append(points, s.candidates(s.simplest(s.b.BestX, 1))...)
	}
	c := exact.NewConstants(simplify.New())
	for _, x := range points {
		e, ok := s.exactPoint(x)
		if !ok || !exact.IsZero(c, c.T.Sub(c.T.Tidy(s.valueAt(s.m.F, x)), c.T.Tidy(q.value))) {
			continue
		}
		a := s.exactAnswer(e, q.value)
		a.Method, a.Proof = "form of the formula", []string{s.lowestText()}
		if s.listMinimisers(a); !a.MinimisersComplete {
			s.everywhereLowest(a, q.lowest, len(q.where))
		}
		return s.flip(a)
	}
	return nil
}

// bySquaresOfSystem looks from many starts for a point at which squares vanish that are no more
// than the variables, so that there probably is one.
func (s *session) bySquaresOfSystem() *Answer {
	if s.b.BestX == nil || s.squares(s.b.BestX) == nil {
		return nil
	}
	s.b.Explore(s.ctx, s.o.boxes(), s.m.Outer)
	return s.bySquares()
}

// listMinimisers completes the list of minimisers of an answer with an exact value: further
// ones are simple points with that value, or such at which all squares vanish.
func (s *session) listMinimisers(a *Answer) {
	prove := func(x []float64) (Point, bool) {
		for _, e := range s.candidates(x) {
			at, ok := s.exactPoint(e)
			if ok && model.Near(at.at, x) && sameConstant(s.valueAt(s.m.F, e), a.ExactValue) {
				return Point{X: at.at, Exact: e}, true
			}
		}
		q := s.squares(x)
		if q == nil {
			return Point{}, false
		}
		box, ok := q.zeroNear(s, x)
		if ok {
			plain(x, box)
		}
		return Point{X: x}, ok
	}
	if a.MinimisersComplete = s.allMinimisers(a, prove); a.MinimisersComplete && len(a.Minimisers) > 1 {
		a.Proof = append(a.Proof, fmt.Sprintf("these %d points are all that have the value: every other part of the region was excluded by interval arithmetic", len(a.Minimisers)))
	}
}
