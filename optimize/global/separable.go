package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
)

// separable answers for a sum of functions of different variables: each is
// minimised on its own. It returns nil when there is only one of them, or when one
// is not settled.
func (s *session) separable() *Answer {
	n := s.m.n
	t := simplify.New()
	f := t.Tidy(s.p.F)
	if f.Op() != expr.Add || n < 2 || len(s.m.cons) > 0 {
		return nil
	}
	// Blocks of variables that occur together.
	block := make([]int, n)
	for i := range block {
		block[i] = i
	}
	terms := f.AppendArgs(nil)
	first := make([]int, len(terms))
	for k, e := range terms {
		first[k] = -1
		for _, v := range e.Vars() {
			i := slices.Index(s.p.Vars, v)
			if first[k] < 0 {
				first[k] = i
				continue
			}
			old, now := block[i], block[first[k]]
			for j := range block {
				if block[j] == old {
					block[j] = now
				}
			}
		}
	}
	var ids []int
	for _, b := range block {
		if !slices.Contains(ids, b) {
			ids = append(ids, b)
		}
	}
	if len(ids) < 2 {
		return nil
	}
	var answers []*Answer
	var places [][]int
	rest := []expr.Expr{}
	for k, e := range terms {
		if first[k] < 0 {
			rest = append(rest, e)
		}
	}
	for _, id := range ids {
		q := &Problem{Max: s.p.Max}
		var at []int
		var parts []expr.Expr
		for i, b := range block {
			if b != id {
				continue
			}
			at = append(at, i)
			q.Vars = append(q.Vars, s.p.Vars[i])
			if s.p.Bounds != nil {
				q.Bounds = append(q.Bounds, s.p.Bounds[i])
			}
		}
		for k, e := range terms {
			if first[k] >= 0 && block[first[k]] == id {
				parts = append(parts, e)
			}
		}
		if len(parts) == 0 {
			return nil // a variable that does not occur
		}
		q.F = t.Add(parts...)
		o := s.o
		o.Start, o.Progress, o.Certificate = nil, nil, false
		o.RelGap = gapOrDefault(s.o.RelGap) / float64(2*len(ids))
		ctx := s.ctx
		if d, ok := ctx.Deadline(); ok {
			c, cancel := context.WithDeadline(ctx, time.Now().Add(time.Until(d)/time.Duration(len(ids)+1)))
			defer cancel()
			ctx = c
		}
		a, _, err := solveNormal(ctx, q, o)
		if err != nil || a.Status != Exact && a.Status != Certified || len(a.At) != len(at) || a.Enclosure == nil {
			return nil
		}
		answers, places = append(answers, a), append(places, at)
	}
	a := &Answer{Status: Exact, Method: "separation of variables", Attained: true, At: make([]float64, n), MinimisersComplete: true,
		ExactAt: make([]expr.Expr, n), Enclosure: &Enclosure{At: make([]interval.I, n), Value: interval.Point(0)}}
	var methods []string
	values := rest
	located := true
	for k, b := range answers {
		if b.Status != Exact || !b.ExactValue.Valid() {
			a.Status = Certified
		} else {
			values = append(values, t.Tidy(b.ExactValue))
		}
		a.MinimisersComplete = a.MinimisersComplete && b.MinimisersComplete && len(b.Minimisers) == 1 && b.Minimisers[0].Family == ""
		a.Enclosure.Value = a.Enclosure.Value.Add(b.Enclosure.Value)
		for j, i := range places[k] {
			a.At[i] = b.At[j]
			if len(b.ExactAt) == len(b.At) {
				a.ExactAt[i] = b.ExactAt[j]
			}
			if len(b.Enclosure.At) == len(b.At) {
				a.Enclosure.At[i] = b.Enclosure.At[j]
			} else {
				located = false
			}
		}
		a.Evaluations.F += b.Evaluations.F
		a.Evaluations.Gradient += b.Evaluations.Gradient
		a.Evaluations.Hessian += b.Evaluations.Hessian
		a.Evaluations.Boxes += b.Evaluations.Boxes
		methods = append(methods, strings.Join(b.Vars, ", "))
	}
	for _, e := range rest {
		c, ok := encloseConstant(e)
		if !ok {
			return nil
		}
		a.Enclosure.Value = a.Enclosure.Value.Add(c)
	}
	if !located {
		a.Enclosure.At = nil
	}
	// The formula as it was given must be defined at the point.
	p := s.m.prober()
	v, ok := p.atPoint(a.At)
	if a.Status == Exact {
		for _, e := range a.ExactAt {
			if !e.Valid() {
				a.Status = Certified
			}
		}
	}
	if a.Status == Exact {
		if _, ok = s.exactPoint(a.ExactAt); !ok {
			return nil
		}
		a.ExactValue = closedForm(t.Add(values...))
		if c, known := encloseConstant(a.ExactValue); known {
			a.Enclosure.Value = c
		}
	} else if s.p.Max {
		v = v.Neg()
	}
	if !ok {
		return nil
	}
	if w := a.Enclosure.Value; a.Status == Certified && !(w.Width() <= gapOrDefault(s.o.RelGap)*math.Max(1, w.Mag())) {
		return nil
	}
	a.Value = clipTo(s.sign(p.at(a.At)), a.Enclosure.Value)
	a.GradientNorm = s.gradientNorm(p, a.At)
	m := Point{X: a.At}
	if a.Status == Exact {
		m.Exact = a.ExactAt
		if a.ExactValue.Op() == expr.Num {
			a.Value = a.ExactValue.Number().Float64()
		}
	}
	a.Minimisers = []Point{m}
	a.Proof = []string{fmt.Sprintf("the formula is a sum of functions of different variables (%s), each of which is settled on its own", strings.Join(methods, "; "))}
	for _, b := range answers {
		if len(a.Proof) < 5 && len(b.Proof) > 0 {
			a.Proof = append(a.Proof, strings.Join(b.Vars, ", ")+": "+b.Proof[len(b.Proof)-1])
		}
	}
	return a
}

// gapOrDefault is the relative gap with its default.
func gapOrDefault(gap float64) float64 {
	if gap <= 0 {
		return 1e-9
	}
	return gap
}
