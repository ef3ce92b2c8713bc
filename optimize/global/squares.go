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
)

// A squareSum is a sum of even powers and the constant c; sub has the equations that all
// of them vanish.
type squareSum struct {
	c   number.Number
	sub *session
}

// squares reads f as a sum of squares with no more terms than variables; nil if it is none.
func (s *session) squares() *squareSum {
	if s.m.n > maxHessian {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.m.f)
	terms := []expr.Expr{f}
	if f.Op() == expr.Add {
		terms = f.AppendArgs(nil)
	}
	sum := &squareSum{}
	pool := expr.NewPool()
	var equations []expr.Expr
	for _, e := range terms {
		if e.Op() == expr.Num {
			sum.c = sum.c.Add(e.Number())
			continue
		}
		if e.Op() == expr.Mul && e.Len() == 2 && e.Arg(0).Op() == expr.Num && e.Arg(0).Number().Sign() > 0 {
			e = e.Arg(1)
		}
		if e.Op() != expr.Pow || e.Arg(1).Op() != expr.Num {
			return nil
		}
		k, ok := e.Arg(1).Number().Int64()
		if !ok || k <= 0 || k%2 != 0 {
			return nil
		}
		equations = append(equations, pool.Make(expr.Eq, pool.Import(e.Arg(0)), pool.Int(0)))
	}
	if len(equations) == 0 || len(equations) > s.m.n {
		return nil
	}
	if sum.sub = s.subject(equations); sum.sub == nil {
		return nil
	}
	return sum
}

// subject returns a session for points that satisfy the equations beside the conditions.
func (s *session) subject(equations []expr.Expr) *session {
	q := &Problem{F: s.m.f, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: slices.Concat(equations, s.p.SubjectTo)}
	m, err := q.model()
	if err != nil {
		return nil
	}
	sub := &session{ctx: s.ctx, p: q, o: s.o, m: m, bound: math.Inf(-1)}
	sub.b = newBoxSearch(m, s.o)
	return sub
}

// zeroNear returns a small box round x that is proved to hold a point at which all squares
// vanish and f is defined.
func (q *squareSum) zeroNear(s *session, x []float64) ([]interval.I, bool) {
	box, ok := q.sub.solutionNear(x)
	if !ok {
		return nil, false
	}
	s.b.mv.Interval(s.b.vOut, s.b.vDec, box)
	return box, s.b.vDec[0] >= interval.Defined
}

// bySquares answers for a sum of even powers and a constant when a point is
// proved to exist at which all of them vanish: as many equations as variables, or
// fewer, solved by the method of Krawczyk near the best point.
func (s *session) bySquares() *Answer {
	if s.b.bestX == nil {
		return nil
	}
	q := s.squares()
	if q == nil || !(math.Abs(s.b.best.Hi-q.c.Float64()) < 1e-12*math.Max(1, math.Abs(q.c.Float64()))) {
		return nil
	}
	box, ok := q.zeroNear(s, s.b.bestX)
	if !ok {
		return nil
	}
	a := &Answer{Status: Certified, Method: "sum of squares", Attained: true, At: slices.Clone(s.b.bestX),
		ExactValue: expr.NewPool().Num(q.c), Value: q.c.Float64()}
	plain(a.At, box)
	a.Enclosure = &Enclosure{At: box, Value: enclose(q.c)}
	a.Minimisers = []Point{{X: a.At}}
	a.GradientNorm = s.gradientNorm(s.b.prober, a.At)
	a.Proof = []string{
		fmt.Sprintf("f is a sum of squares and a constant, and nowhere %s than %s", s.p.lower(), format.Number(s.sign(a.Value), 6)),
		"near this point all of them are proved to vanish together (interval Newton method)",
	}
	s.listMinimisers(a)
	return s.flip(a)
}

// listMinimisers completes the list of minimisers of an answer with an exact value: further
// ones are simple points with that value, or such at which all squares vanish.
func (s *session) listMinimisers(a *Answer) {
	q := s.squares()
	prove := func(x []float64) (Point, bool) {
		for _, e := range s.candidates(x) {
			at, ok := s.exactPoint(e)
			if ok && near(at.at, x) && sameConstant(s.valueAt(s.m.f, e), a.ExactValue) {
				return Point{X: at.at, Exact: e}, true
			}
		}
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
