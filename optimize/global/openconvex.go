package global

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
)

// byDominantHessian answers for a function on a bounded open domain of which the Hessian is diagonally dominant there, such as
// x log(x) + (1 - x) log(1 - x) + y log(y) + (1 - y) log(1 - y) + x y: at the edges, where it has no bound, boxes find no end. It returns nil where that is not seen.
func (s *session) byDominantHessian() *Answer {
	const most = 6 // variables
	if s.b.BestX == nil || len(s.m.Cons) > 0 || s.m.N < 2 || s.m.N > most || s.m.F.Size() > maxEliminated || form.HasKinks(s.m.F) {
		return nil
	}
	conditions := simplify.Domain(s.m.F)
	box := slices.Clone(s.m.Outer)
	for _, c := range conditions { // what they leave is open and convex
		if c.Op() != expr.Gt && c.Op() != expr.Lt {
			return nil
		}
		t := simplify.New()
		q, linear := quadratic.Of(t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1))), s.p.Vars)
		if !linear || q.Curved() {
			return nil
		}
		if vars := c.Vars(); len(vars) == 1 { // b x + c > 0
			k := slices.Index(s.p.Vars, vars[0])
			end, _ := q.C.Neg().Quo(q.B[k])
			if above := (q.B[k].Sign() > 0) == (c.Op() == expr.Gt); above {
				box[k] = box[k].Meet(interval.New(simplify.Hull(end).Lo, math.Inf(1)))
			} else {
				box[k] = box[k].Meet(interval.New(math.Inf(-1), simplify.Hull(end).Hi))
			}
		}
	}
	if len(conditions) == 0 || !model.Bounded(box) || !s.dominantOn(box) { // elsewhere the growth of f says more
		return nil
	}
	a := s.byStrictMinimum(s.b.BestX, box)
	if a != nil {
		a.Proof = append([]string{"each diagonal entry of the Hessian of " + s.minimised() + " is at least the sum of the others in its row, without their signs, wherever it is defined there"}, a.Proof...)
	}
	return a
}

// dominantOn reports whether the Hessian is diagonally dominant, with entries that are not negative on the diagonal, wherever f is defined in the box.
func (s *session) dominantOn(box []interval.I) bool {
	slopes := diff.Gradient(s.m.F, s.p.Vars)
	for i, g := range slopes {
		row := interval.Point(0)
		for j, y := range s.p.Vars {
			h := simplify.Tidy(diff.D(g, y))
			v, _, ok := tape.EncloseOn(s.p.Vars, box, h)
			switch {
			case !ok || v[0].IsEmpty():
				return false
			case i != j:
				row = row.Sub(interval.Point(v[0].Mag()))
				continue
			}
			least := v[0].Lo
			if vars := h.Vars(); len(vars) == 1 { // which is known better
				in := between(box[slices.Index(s.p.Vars, vars[0])])
				if a := study(s.ctx, &Problem{F: h, Vars: vars, Bounds: []Bound{in}}, Options{part: true}); a != nil && a.Enclosure != nil && a.Status != Local && a.Status != Failed {
					least = math.Max(least, a.Enclosure.Value.Lo)
				}
			}
			row = row.Add(interval.Point(least))
		}
		if !(row.Lo >= 0) {
			return false
		}
	}
	return true
}

// between are the ends of v as bounds.
func between(v interval.I) (b Bound) {
	pool := expr.NewPool()
	if n, ok := number.FromFloat(v.Lo); ok {
		b.Lo = pool.Num(n)
	}
	if n, ok := number.FromFloat(v.Hi); ok {
		b.Hi = pool.Num(n)
	}
	return b
}
