package global

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file looks for points with low values where something more is to be satisfied: a variable has a value, or one that a condition
// just allows, which leaves a question with a variable less, or all variables follow a curve.

// A setting is a value that variable k may have at the infimum.
type setting struct {
	k int
	v expr.Expr
}

// placesOf are the values at which relaxations in one variable have their least value, some of those that repeat.
func (s *session) placesOf(list []*relaxation) (out []setting) {
	t := simplify.New()
	const repeats = 2
	for _, r := range list {
		if r == nil || len(r.at) != 1 || !r.a.Attained {
			continue
		}
		for _, m := range r.a.Minimisers {
			if len(m.Exact) != 1 || !m.Exact[0].Valid() {
				continue
			}
			out = append(out, setting{r.at[0], m.Exact[0]})
			if !m.Repeats.Step.Valid() {
				continue
			}
			for q := int64(1); q <= repeats; q++ {
				for _, sign := range [...]int64{q, -q} {
					out = append(out, setting{r.at[0], t.Add(t.Tidy(m.Exact[0]), t.Mul(t.Int(sign), t.Tidy(m.Repeats.Step)))})
				}
			}
		}
	}
	return out
}

// toMinimise is the value e of f as one of the function to be minimised.
func (s *session) toMinimise(e expr.Expr) expr.Expr {
	if !s.p.Max {
		return e
	}
	t := simplify.New()
	return exact.NewConstants(t).Simplify(t.Neg(t.Tidy(e)))
}

// squeezed answers with one of the lower bounds, which no point has, where f comes as near to it as one likes.
func (s *session) squeezed(below []*lowerBound, places []setting) *Answer {
	const near = 0.1
	var level []*path
	low := s.b.Best.Hi
	if !slices.ContainsFunc(s.m.Cons, func(c model.Constraint) bool { return c.Equal || c.G.Op() == expr.If }) {
		_, level = s.tryPaths(s.ctx)
		level = append(s.pathsNear(), level...)
		for _, p := range level {
			low = math.Min(low, p.f) // may be outside the region
			s.tryAlong(p)
		}
	}
	below = slices.DeleteFunc(below, func(b *lowerBound) bool {
		v, ok := tape.EncloseConstant(b.value)
		return !ok || v.Lo > s.b.Best.Hi || low > v.Hi+near*math.Max(1, math.Abs(v.Hi))
	})
	for _, b := range below {
		if a := s.alongLevel(s.ctx, level, b); a != nil {
			return a
		}
	}
	if len(below) == 0 {
		return nil
	}
	for _, e := range s.restrictions(places) {
		if s.ctx.Err() != nil {
			return nil
		}
		a := s.restricted(e)
		if a == nil || a.Status != NotAttained || !a.ExactValue.Valid() {
			continue
		}
		for _, b := range below {
			if equalConstants(s.toMinimise(a.ExactValue), b.value) {
				a.Method, a.Argument.Reduction = "relaxation", b.reduction
				a.Proof = slices.Concat(b.proof, []string{"it comes as near as you like where " + s.p.Vars[e.at] + " = " + format.Text(simplify.Tidy(e.v))}, a.Proof)
				return a
			}
		}
	}
	return nil
}

// tryAlong tries points far along the path.
func (s *session) tryAlong(p *path) {
	x := make([]float64, s.m.N)
	for _, t := range [...]float64{1e4, 1e7, 1e10, 1e13} {
		p.at(x, t)
		s.b.Try(x)
	}
}

// restrictions are questions with a variable less: it has one of the values, or a simple one near the best point, or is as a condition
// just allows.
func (s *session) restrictions(places []setting) (list []*elimination) {
	const far = 1e3
	const most = 4 // of a variable near the point
	for k, v := range s.b.BestX {
		if math.Abs(v) > far {
			continue
		}
		x := make([]float64, s.m.N)
		x[k] = v
		near := s.p.snaps(x)
		for _, y := range near[:min(most, len(near))] {
			places = append(places, setting{k, y[k]})
		}
	}
	for i, p := range places {
		if !slices.ContainsFunc(places[:i], func(q setting) bool { return q.k == p.k && sameConstant(p.v, q.v) }) {
			list = append(list, s.withValue(expr.Expr{}, p.k, p.v, nil))
		}
	}
	return append(list, s.justAllowed()...)
}

// justAllowed are the restrictions to where a condition holds with equality.
func (s *session) justAllowed() (list []*elimination) {
	for _, c := range s.p.SubjectTo {
		if !c.Op().IsRelation() || c.Op() == expr.Ne {
			continue
		}
		for k, y := range s.p.Vars {
			if !c.Has(y) {
				continue
			}
			t := simplify.New()
			if h, w, _, ok := slackForm(t.Pool(), c, y); ok {
				values, _ := form.Preimages(t, t.Tidy(h), t.Tidy(w))
				for _, v := range values {
					list = append(list, s.withValue(expr.Expr{}, k, v, nil))
				}
				continue
			}
			equal := t.Pool().Make(expr.Eq, t.Pool().Import(c.Arg(0)), t.Pool().Import(c.Arg(1)))
			for _, degree := range []int{1, 2} {
				for _, d := range s.solutionsOf(equal, k, degree) {
					if d.e != nil {
						list = append(list, d.e)
					}
				}
			}
		}
	}
	for _, e := range list {
		e.rest.SubjectTo = shortened(e.rest.SubjectTo)
	}
	return list
}

// shortened returns the conditions without those u <= v in which u - v cancels to 0, of which their domain is left.
func shortened(list []expr.Expr) (out []expr.Expr) {
	for _, c := range list {
		if op := c.Op(); op == expr.Le || op == expr.Ge || op == expr.Eq {
			t := simplify.New()
			if t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1))).IsNum(0) {
				out = append(out, simplify.Domain(c.Arg(0))...)
				out = append(out, simplify.Domain(c.Arg(1))...)
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// restricted answers with a variable less, once for each value of it.
func (s *session) restricted(e *elimination) *Answer {
	key := s.p.Vars[e.at] + " = " + format.Text(e.v)
	a, known := s.restrictedTo[key]
	if !known {
		a = s.answerRestricted(e)
		if s.restrictedTo == nil {
			s.restrictedTo = map[string]*Answer{}
		}
		s.restrictedTo[key] = a
	}
	return a
}

func (s *session) answerRestricted(e *elimination) *Answer {
	ctx, cancel := effort.Share(s.ctx, 0.1)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate, o.proof = nil, nil, false, true
	o.relaxed++
	sub, _, err := solveAny(ctx, e.rest, o)
	if err != nil || sub.Status != Exact && sub.Status != NotAttained && sub.Status != Constant {
		return nil
	}
	return s.liftRest(e, sub)
}

// fallingWhere answers that f falls without end where one of the variables has a simple value, nil where it is not seen to.
func (s *session) fallingWhere() *Answer {
	const most = 3 // values of a variable
	t := simplify.New()
	for k := range s.p.Vars {
		values := []expr.Expr{t.Int(0), t.Int(1)}
		if s.b.BestX != nil {
			x := make([]float64, s.m.N)
			x[k] = s.b.BestX[k]
			for _, y := range s.p.snaps(x) {
				values = append(values, y[k])
			}
		}
		for i, v := range values[:min(most, len(values))] {
			if s.ctx.Err() != nil {
				return nil
			}
			if slices.ContainsFunc(values[:i], func(u expr.Expr) bool { return sameConstant(u, v) }) {
				continue
			}
			e := s.withValue(expr.Expr{}, k, v, nil)
			if a := s.falling(e); a != nil {
				return a
			}
		}
	}
	return nil
}

// falling answers that f falls without end under the restriction, nil where it is not seen to.
func (s *session) falling(e *elimination) *Answer {
	ctx, cancel := effort.Share(s.ctx, 0.1)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate, o.proof = nil, nil, false, true
	o.relaxed++
	sub, _, err := solveAny(ctx, e.rest, o)
	if err != nil || sub.Status != Unbounded {
		return nil
	}
	return s.liftRest(e, sub)
}

// pathsNear are curves through a neighbourhood of the best point where that is far out: the variable that is furthest out is ±t, and the
// others are multiples of powers of it.
func (s *session) pathsNear() (list []*path) {
	x, n := s.b.BestX, s.m.N
	k := 0
	for i := range x {
		if math.Abs(x[i]) > math.Abs(x[k]) {
			k = i
		}
	}
	const far, most = 50, 3
	t := math.Abs(x[k])
	if t < far || n > most {
		return nil
	}
	powers := [...]number.Number{number.Int(0), number.Int(-1), number.Int(-2), number.Frac(-1, 2), number.Int(1)}
	count := 1
	for range n - 1 {
		count *= len(powers)
	}
	for j := range count {
		p := &path{c: make([]number.Number, n), s: make([]number.Number, n), k: make([]number.Number, n)}
		ok := true
		for i, v := range x {
			p.k[i] = number.Int(1)
			if i != k {
				p.k[i] = powers[j%len(powers)]
				j /= len(powers)
			}
			a, b, near := exact.Convergent(v/math.Pow(t, p.k[i].Float64()), 2e-2, 8)
			ok = ok && near && (a != 0 || p.k[i].Sign() == 0)
			if p.s[i] = number.Frac(a, max(b, 1)); p.k[i].Sign() == 0 {
				p.c[i], p.s[i] = p.s[i], number.Int(0)
			}
		}
		if ok && p.moves() && p.stays(s) {
			y := make([]float64, n)
			p.at(y, 1e7)
			p.f = s.b.At(y)
			list = append(list, p)
		}
	}
	return list
}
