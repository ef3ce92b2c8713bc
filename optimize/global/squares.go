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
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// A squareSum is a sum of even powers and products of them, of multiples of sines and cosines, and of a
// constant, which is nowhere lower than c; sub has the equations that all powers vanish and
// all waves are in a trough.
type squareSum struct {
	c     number.Number
	waves bool // there are sines or cosines
	sub   *session
}

// squares reads f as a sum of squares and waves with no more terms than variables; nil if it
// is none. The troughs are those that are nearest to x.
func (s *session) squares(x []float64) *squareSum {
	if s.m.N > model.MaxHessian {
		return nil
	}
	t := simplify.New()
	terms := form.TermsOf(t, t.Tidy(s.m.F))
	sum := &squareSum{}
	pool := expr.NewPool()
	var equations []expr.Expr
	for _, e := range terms {
		if e.Op() == expr.Num {
			sum.c = sum.c.Add(e.Number())
			continue
		}
		k := number.Int(1)
		factors := []expr.Expr{e}
		if e.Op() == expr.Mul {
			if factors = e.AppendArgs(nil); factors[0].Op() == expr.Num {
				k, factors = factors[0].Number(), factors[1:]
			}
		}
		e = factors[0]
		if equation, ok := s.trough(pool, e, k.Sign(), x); ok && len(factors) == 1 {
			equations = append(equations, equation)
			sum.waves = true
			if k.Sign() > 0 {
				k = k.Neg()
			}
			sum.c = sum.c.Add(k)
			continue
		}
		if k.Sign() <= 0 {
			return nil
		}
		bases := make([]expr.Expr, len(factors))
		for i, e := range factors {
			if e.Op() != expr.Pow || e.Arg(1).Op() != expr.Num {
				return nil
			}
			power, ok := e.Arg(1).Number().Int64()
			if !ok || power <= 0 || power%2 != 0 {
				return nil
			}
			bases[i] = pool.Import(e.Arg(0))
		}
		root := bases[0]
		if len(bases) > 1 {
			root = pool.Make(expr.Mul, bases...)
		}
		equations = append(equations, pool.Make(expr.Eq, root, pool.Int(0)))
	}
	if len(equations) == 0 || len(equations) > s.m.N {
		return nil
	}
	if sum.sub = s.subject(equations); sum.sub == nil {
		return nil
	}
	return sum
}

// trough returns the equation that e, a sine or cosine, is -1, or 1 for a negative sign,
// by the value of its argument that is nearest to that at x.
func (s *session) trough(pool *expr.Pool, e expr.Expr, sign int, x []float64) (equation expr.Expr, ok bool) {
	if e.Op() != expr.Call || e.Func().Name != "sin" && e.Func().Name != "cos" {
		return e, false
	}
	u := e.Arg(0)
	prog, err := tape.Compile(s.p.Vars, u)
	if err != nil {
		return e, false
	}
	var out [1]float64
	prog.NewMachine().Eval(out[:], x)
	// The argument is (shift + 4k) π/2.
	shift := 2.0
	if e.Func().Name == "sin" {
		shift = -1
	}
	if sign < 0 {
		shift += 2
	}
	quarters := shift + 4*math.Round((out[0]/(math.Pi/2)-shift)/4)
	if !(math.Abs(quarters) < 1<<50) {
		return e, false
	}
	pi, err := expr.Parse("pi")
	if err != nil {
		return e, false
	}
	at := pool.Make(expr.Mul, pool.Num(number.Frac(int64(quarters), 2)), pool.Import(pi))
	return pool.Make(expr.Eq, pool.Import(u), at), true
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
	box, ok := q.zeroNear(s, s.b.BestX)
	if !ok {
		return nil
	}
	a := &Answer{Status: Certified, Method: "sum of squares", Attained: true, At: slices.Clone(s.b.BestX),
		ExactValue: expr.NewPool().Num(q.c), Value: q.c.Float64()}
	plain(a.At, box)
	a.Enclosure = &Enclosure{At: box, Value: exact.Enclose(q.c)}
	a.Minimisers = []Point{{X: a.At}}
	a.GradientNorm = s.gradientNorm(s.b.Prober, a.At)
	a.Proof = []string{
		fmt.Sprintf("%s is a sum of squares and a constant, and f is nowhere %s than %s", s.minimised(), s.p.lower(), format.Number(s.sign(a.Value), 6)),
		"near this point all of them are proved to vanish together (interval Newton method)",
	}
	if q.waves {
		a.Method = "sum of waves and squares"
		a.Proof = []string{
			fmt.Sprintf("%s is a sum of waves and squares, and f is nowhere %s than %s, where each of them has its extreme value", s.minimised(), s.p.lower(), format.Number(s.sign(a.Value), 6)),
			"near this point all of them are proved to have it together (interval Newton method)",
		}
	}
	s.listMinimisers(a)
	return s.flip(a)
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
