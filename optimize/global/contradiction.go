package global

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// This file proves that nothing satisfies the constraints: a sum of them with
// multipliers, which ought not to be positive anywhere, is positive everywhere.

// contradiction answers that the region is empty, when a sum of constraints shows it:
// each of them alone, and the one that is stationary where the violation is least.
func (s *session) contradiction() *Answer {
	for k, c := range s.m.Cons {
		y := make([]number.Number, len(s.m.Cons))
		for _, sign := range []int64{1, -1} {
			if sign < 0 && !c.Equal {
				continue
			}
			if s.ctx.Err() != nil {
				return nil
			}
			y[k] = number.Int(sign)
			if a := s.contradicted(y); a != nil {
				return a
			}
		}
	}
	if y := s.leastViolation(); y != nil {
		return s.contradicted(y)
	}
	return nil
}

// leastViolation returns the multipliers w_k, for which Σ w_k² = Σ max(0, g_k)² + Σ h_k²
// is least at some point: there the gradient of Σ w_k g_k is zero. They are rounded to
// simple fractions where that is near; nil where the violation vanishes.
func (s *session) leastViolation() []number.Number {
	pool := expr.NewPool()
	zero, two := pool.Int(0), pool.Int(2)
	var terms []expr.Expr
	for _, c := range s.m.Cons {
		if c.G.Op() == expr.If {
			return nil
		}
		g := pool.Import(c.G)
		square := pool.Make(expr.Pow, g, two)
		if !c.Equal {
			square = pool.Make(expr.If, pool.Make(expr.Gt, g, zero), square, zero)
		}
		terms = append(terms, square)
	}
	res, err := s.auto(s.ctx, pool.Make(expr.Add, append(terms, zero)...), optimize.AutoOptions{}, 300*time.Millisecond)
	if err != nil || len(res.X) != s.m.N || !(res.F > 1e-12) || !model.Finite(res.F) {
		return nil
	}
	s.b.At(res.X)
	most := 0.0
	for k, c := range s.m.Cons {
		if g := s.b.FOut[k+1]; c.Equal || g > 0 {
			most = math.Max(most, math.Abs(g))
		}
	}
	y := make([]number.Number, len(s.m.Cons))
	some := false
	for k, c := range s.m.Cons {
		g := s.b.FOut[k+1] / most
		if !model.Finite(g) || math.Abs(g) < 1e-6 || !c.Equal && g < 0 {
			continue
		}
		n, ok := number.FromFloat(g)
		if p, q, near := exact.Convergent(g, 1e-6, 50); near {
			n, ok = number.Frac(p, q), true
		}
		if !ok {
			return nil
		}
		y[k], some = n, true
	}
	if !some {
		return nil
	}
	return y
}

// contradicted answers that the region is empty, when Σ y_k g_k is proved to be positive
// within the bounds, or not negative and one of its inequalities is strict.
func (s *session) contradicted(y []number.Number) *Answer {
	t := simplify.New()
	var terms []expr.Expr
	var says []string
	var list []certificate.Multiplier
	strict := false
	for k, c := range s.m.Cons {
		if y[k].Sign() == 0 {
			continue
		}
		terms = append(terms, t.Mul(t.Num(y[k]), t.Tidy(c.G)))
		strict = strict || c.Strict
		list = append(list, certificate.Multiplier{Condition: format.Plain(c.Text), Value: format.Plain(t.Num(y[k]))})
		says = append(says, format.Text(t.Num(y[k]))+" for "+format.Text(c.Text))
	}
	q := &Problem{F: t.Add(terms...)}
	q.Vars = q.F.Vars()
	if s.p.Bounds != nil {
		for _, x := range q.Vars {
			q.Bounds = append(q.Bounds, s.p.Bounds[slices.Index(s.p.Vars, x)])
		}
	}
	ctx, cancel := effort.Share(s.ctx, 0.1)
	defer cancel()
	o := s.o
	o.Start, o.Progress = nil, nil
	sub, steps, err := solveAny(ctx, q, o)
	if err != nil || sub.Enclosure == nil {
		return nil
	}
	lo := sub.Enclosure.Value.Lo
	switch sub.Status {
	case Exact, Certified, Constant:
		if !(lo > 0 || lo == 0 && strict) {
			return nil
		}
	case NotAttained:
		if !(lo >= 0) {
			return nil
		}
	default:
		return nil
	}
	a := &Answer{Status: EmptyDomain, Method: "contradiction", Evaluations: sub.Evaluations}
	what := "the condition " + strings.TrimPrefix(says[0], "1 for ") + " cannot hold"
	if len(says) > 1 || !strings.HasPrefix(says[0], "1 for ") {
		what = "the conditions contradict each other"
		if len(says) == 1 {
			what = "the condition " + format.Text(s.m.Cons[slices.IndexFunc(y, func(v number.Number) bool { return v.Sign() != 0 })].Text) + " cannot hold"
		} else {
			what += ": added up with the multipliers " + list4(says)
		}
	}
	g := minimum.NameFor(sub.Proof, s.p.Vars)
	a.Proof = calledAs(g, fmt.Sprintf("%s: it would make %s = %s not positive, but %s is nowhere lower than %s", what, g, format.Text(q.F), g, format.Number(lo, 6)), sub.Proof)
	if s.o.Certificate {
		a.Argument.Reduction = &certificate.Reduction{Kind: certificate.Contradiction, Multipliers: list,
			Parts: []*certificate.Certificate{certify(q, sub, steps)}}
	}
	return a
}
