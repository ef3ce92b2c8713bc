package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// byClosure answers for a region with open ends or strict inequalities: the
// minimum on the closure is that of the region when it is taken at a point of the
// region; when all its minimisers lie on the edge that is left out, it is the
// infimum, if the region comes near one of them. It returns nil when nothing is
// open, or that does not settle it.
func (s *session) byClosure() *Answer {
	if a := s.byBarrier(); a != nil {
		return a
	}
	q := &Problem{F: s.p.F, Vars: s.p.Vars, Max: s.p.Max, Bounds: slices.Clone(s.p.Bounds)}
	open := false
	for i := range q.Bounds {
		b := &q.Bounds[i]
		open = open || b.LoOpen || b.HiOpen
		b.LoOpen, b.HiOpen = false, false
	}
	for _, c := range s.p.SubjectTo {
		closed := c
		if op := c.Op(); op == expr.Lt || op == expr.Gt {
			pool := expr.NewPool()
			to := expr.Le
			if op == expr.Gt {
				to = expr.Ge
			}
			closed, open = pool.Make(to, pool.ImportAll(c.AppendArgs(nil)...)...), true
		}
		q.SubjectTo = append(q.SubjectTo, closed)
	}
	if !open {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.2)
	defer cancel()
	o := s.o
	o.Progress = nil
	a, steps, err := solveNormal(ctx, q, o)
	if err != nil {
		return nil
	}
	switch a.Status {
	case EmptyDomain:
		return a
	case Exact, Certified:
		var r *certificate.Reduction
		if s.o.Certificate {
			r = &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, a, steps)}}
			if a.Argument.Reduction != nil && len(a.Argument.Reduction.Multipliers) > 0 {
				r = a.Argument.Reduction // the Lagrangian bounds f on the region as well, and says more of its edge
			}
		}
		b := s.withinClosure(q, a)
		if b == nil {
			s.onClosure = func() *Answer {
				b := s.furtherIn(q, a)
				if b == nil {
					b = s.nearClosure(a)
				}
				if b != nil {
					b.Argument.Reduction = r
				}
				return b
			}
			return nil
		}
		b.Argument.Reduction = r
		return b
	case Local:
		if s.o.Start == nil {
			s.o.Start = a.At
		}
	}
	return nil
}

// withinClosure judges an answer for the closure, of which q asks: which of its minimisers
// belong to the region.
func (s *session) withinClosure(q *Problem, a *Answer) *Answer {
	if a.Enclosure == nil {
		return nil
	}
	var inside []Point
	var boxes [][]interval.I // of these points
	outside, some := 0, 0    // that lie on the edge; of families, or of more than the one
	for i, p := range a.Minimisers {
		switch {
		case p.Family != "", p.Exact == nil && len(a.Enclosure.At) == 0:
			if at := s.whereTaken(a, p); len(at) > 0 && s.onOpenEnd(at) {
				some++
			}
		case len(p.Exact) == len(s.p.Vars) && !slices.ContainsFunc(p.Exact, func(e expr.Expr) bool { return !e.Valid() }):
			if e, ok := s.exactPoint(p.Exact); ok {
				inside, boxes = append(inside, p), append(boxes, e.box)
			} else if s.leftOut(p.Exact) {
				outside++
			}
		case i == 0 && len(a.Enclosure.At) == len(s.p.Vars):
			if s.strictlyInside(a.Enclosure.At) {
				inside, boxes = append(inside, p), append(boxes, a.Enclosure.At)
			} else if s.onOpenEnd(a.Enclosure.At) {
				outside++
			}
		}
	}
	if len(inside) > 0 {
		a.MinimisersComplete = a.MinimisersComplete && len(inside)+outside == len(a.Minimisers)
		moved := !slices.Equal(a.At, inside[0].X)
		a.Minimisers, a.At, a.ExactAt = inside, inside[0].X, inside[0].Exact
		a.Enclosure = &Enclosure{At: boxes[0], Value: a.Enclosure.Value}
		if moved { // what holds with equality at another point need not do so here
			a.Active = nil
			s.active(a, nil)
		}
		if len(a.Stationary) > 0 {
			a.Stationary = slices.DeleteFunc(a.Stationary, func(st Stationary) bool {
				return !slices.ContainsFunc(inside, func(p Point) bool { return model.Near(p.X, st.X) })
			})
			a.StationaryComplete = false
		}
		a.Proof = append(a.Proof, "the "+s.p.extremum()+" on the closed region is taken inside the open one")
		return a
	}
	if outside+some == 0 || !(a.MinimisersComplete && outside == len(a.Minimisers)) && !s.above(q, a) && !s.differs(a) {
		return nil
	}
	for _, p := range a.Minimisers {
		at := a.Enclosure.At
		switch {
		case p.Family != "", p.Exact == nil && len(at) == 0:
			at = s.whereTaken(a, p)
		case p.Exact != nil:
			at = make([]interval.I, len(p.Exact))
			for i, e := range p.Exact {
				at[i], _ = tape.EncloseConstant(e)
			}
		}
		if len(at) != len(s.p.Vars) {
			continue
		}
		inward := s.approachable(at)
		if inward == nil {
			inward = s.rayInto(p.Exact, at)
		}
		if inward == nil && !s.curvesInto(p.Exact, at) {
			continue
		}
		parts := make([]string, len(s.p.Vars))
		for i, v := range s.p.Vars {
			parts[i] = v + " → " + format.Number(p.X[i], 6)
			if p.Exact != nil {
				parts[i] = v + " → " + format.Text(p.Exact[i])
			}
		}
		r := &Answer{Status: NotAttained, Value: a.Value, ExactValue: a.ExactValue, GradientNorm: math.NaN(),
			Enclosure: &Enclosure{Value: a.Enclosure.Value}, Evaluations: a.Evaluations, Method: a.Method,
			Approached: strings.Join(parts, ", ")}
		if inward != nil {
			r.Argument.Path = comingTo(p, inward)
		}
		r.Proof = append(slices.Clone(a.Proof), fmt.Sprintf("that is the %s on the closed region; it is taken on the edge only, which does not belong to the region, but comes near", s.p.extremum()))
		return r
	}
	return nil
}
