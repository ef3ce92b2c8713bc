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

// bySquares answers for a sum of even powers and a constant when a point is
// proved to exist at which all of them vanish: as many equations as variables, or
// fewer, solved by the method of Krawczyk near the best point.
func (s *session) bySquares() *Answer {
	if s.b.bestX == nil || s.m.n > maxHessian {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.m.f)
	terms := []expr.Expr{f}
	if f.Op() == expr.Add {
		terms = f.AppendArgs(nil)
	}
	var c number.Number
	pool := expr.NewPool()
	var equations []expr.Expr
	for _, e := range terms {
		if e.Op() == expr.Num {
			c = c.Add(e.Number())
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
	if len(equations) == 0 || len(equations) > s.m.n || !(math.Abs(s.b.best.Hi-c.Float64()) < 1e-12*math.Max(1, math.Abs(c.Float64()))) {
		return nil
	}
	q := &Problem{F: s.m.f, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: equations}
	m, err := q.model()
	if err != nil {
		return nil
	}
	sub := &session{ctx: s.ctx, p: q, o: s.o, m: m, bound: math.Inf(-1)}
	sub.b = newBoxSearch(m, s.o)
	box, ok := sub.solutionNear(s.b.bestX)
	if !ok {
		return nil
	}
	// The formula as it was given is defined there.
	s.b.mv.Interval(s.b.vOut, s.b.vDec, box)
	if s.b.vDec[0] < interval.Defined {
		return nil
	}
	a := &Answer{Status: Certified, Method: "sum of squares", Attained: true, At: slices.Clone(s.b.bestX), ExactValue: pool.Num(c), Value: c.Float64()}
	a.Enclosure = &Enclosure{At: box, Value: enclose(c)}
	a.Minimisers = []Point{{X: a.At}}
	a.GradientNorm = s.gradientNorm(s.b.prober, a.At)
	a.Proof = []string{
		fmt.Sprintf("f is a sum of squares and a constant, and nowhere %s than %s", s.p.lower(), format.Number(s.sign(a.Value), 6)),
		"near this point all of them are proved to vanish together (interval Newton method)",
	}
	return s.flip(a)
}
