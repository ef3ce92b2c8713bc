package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

// This file encloses variables by what depends on one of them alone.

// conditionsAlone encloses the variables that have no two bounds by the conditions that
// hold for one of them alone, which constraint propagation does not narrow where it has nothing
// to begin with: x^4 <= x + 1.
func (s *session) conditionsAlone() []interval.I {
	if s.alone != nil {
		return s.alone
	}
	s.alone = slices.Repeat([]interval.I{interval.Whole}, s.m.N)
	for i, x := range s.p.Vars {
		if s.m.Outer[i].IsBounded() {
			continue
		}
		q := &Problem{F: expr.NewPool().Var(x), Vars: []string{x}}
		if s.p.Bounds != nil {
			q.Bounds = s.p.Bounds[i : i+1]
		}
		for _, c := range s.p.SubjectTo {
			if len(c.Vars()) == 1 && c.Has(x) {
				q.SubjectTo = append(q.SubjectTo, c)
			}
		}
		s.alone[i] = s.rangeUnder(q)
	}
	return s.alone
}

// rangeUnder encloses the formula of one variable of q under its conditions.
func (s *session) rangeUnder(q *Problem) interval.I {
	out := interval.Whole
	if len(q.SubjectTo) == 0 {
		return out
	}
	for _, greatest := range [...]bool{false, true} {
		q.Max = greatest
		a := study(s.ctx, q, Options{})
		if s.m.N > 1 && (a == nil || a.Status == Local) { // whether an end is taken may be open
			a = s.settled(q, 0.1)
		}
		switch {
		case a == nil || a.Status == Local || a.Status == Failed:
		case a.Status == EmptyDomain:
			return interval.Empty
		case a.Enclosure == nil:
		case greatest:
			out.Hi = a.Enclosure.Value.Hi
		default:
			out.Lo = a.Enclosure.Value.Lo
		}
	}
	return out
}

// settled answers a smaller question with a share of the effort that is left, nil where it is not settled.
func (s *session) settled(q *Problem, share float64) *Answer {
	return s.shared(share, func() *Answer {
		a, _, err := solveAny(s.ctx, q, Options{})
		if err != nil || a == nil || a.Status == Local || a.Status == Failed {
			return nil
		}
		return a
	})
}

// heldByParts narrows the box, in which all points as low as the best one are, by the parts of f of one variable each: where
// f = Σ f_i(x_i) + r, a point as low as the best has f_i(x_i) <= best - Σ_{j≠i} min f_j - min r. Constraint propagation
// has nothing to begin with where x_i occurs in f_i twice, as in x^2 - x. It reports whether a side has got an end.
// Without conditions there are methods that say more.
func (s *session) heldByParts(box []interval.I) bool {
	if s.b.BestX == nil || len(s.m.Cons) == 0 {
		return false
	}
	own, low, ok := s.partsAlone(box)
	if !ok {
		return false
	}
	least := make([]interval.I, len(box)) // lower bounds of the parts
	for i, e := range own {
		if !e.Valid() {
			continue
		}
		a := study(s.ctx, &Problem{F: e, Vars: s.p.Vars[i : i+1], Bounds: s.boundsOf(i)}, Options{})
		if a == nil || a.Enclosure == nil || !model.Finite(a.Enclosure.Value.Lo) {
			return false
		}
		least[i] = interval.Point(a.Enclosure.Value.Lo)
		low = low.Add(least[i])
	}
	before := unbounded(box)
	for i, e := range own {
		if !e.Valid() || box[i].IsBounded() {
			continue
		}
		most := interval.Point(s.b.Best.Hi).Sub(low.Sub(least[i])).Hi
		n, ok := number.FromFloat(most)
		if !ok {
			continue
		}
		pool := e.Pool()
		q := &Problem{F: pool.Var(s.p.Vars[i]), Vars: s.p.Vars[i : i+1], Bounds: s.boundsOf(i), SubjectTo: []expr.Expr{pool.Make(expr.Le, e, pool.Num(n))}}
		if v := s.rangeUnder(q); !v.IsEmpty() {
			box[i] = box[i].Meet(v)
		}
	}
	return unbounded(box) != before
}

// boundsOf are the bounds of the variable i.
func (s *session) boundsOf(i int) []Bound {
	if s.p.Bounds == nil {
		return nil
	}
	return s.p.Bounds[i : i+1]
}

// partsAlone writes f as a sum of formulas of one variable each, those of the unbounded ones, and of others, which together are at
// least low in the box; false where these have no lower bound.
func (s *session) partsAlone(box []interval.I) (own []expr.Expr, low interval.I, ok bool) {
	t := simplify.New()
	f := t.Tidy(s.m.F)
	if f.Op() != expr.Add {
		return nil, low, false
	}
	terms := make([][]expr.Expr, len(box))
	var others []expr.Expr
	for _, e := range f.Args() {
		if vars := e.Vars(); len(vars) == 1 {
			i := slices.Index(s.p.Vars, vars[0])
			terms[i] = append(terms[i], e)
		} else {
			others = append(others, e)
		}
	}
	own = make([]expr.Expr, len(box))
	for i, list := range terms {
		if len(list) > 0 {
			own[i] = t.Sum(list...)
		}
	}
	ranges, _, ok := tape.EncloseOn(s.p.Vars, box, others...)
	if !ok {
		return nil, low, false
	}
	low = interval.Point(0)
	for _, r := range ranges {
		low = low.Add(interval.Point(r.Lo))
	}
	return own, low, model.Finite(low.Lo)
}
