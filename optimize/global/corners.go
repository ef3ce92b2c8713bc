package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
)

// This file answers for a concave function on a polytope: every point of it is a mean of the vertices, and f there is not lower
// than the mean of the values at these (Horst and Tuy, Global Optimization, 3rd ed. 1996, section 1.2).

// maxCorners is the number of choices of conditions up to which vertices are looked for.
const maxCorners = 3000

// byCorners returns nil where f is not proved to be concave, the region is no polytope with rational conditions, or the least of the values is
// not found.
func (s *session) byCorners() *Answer {
	x, ok := s.reach()
	if !ok || !model.Bounded(x) {
		return nil
	}
	pool := expr.NewPool()
	if !form.IsConvex(pool.Make(expr.Neg, pool.Import(s.m.F)), s.p.Vars, s.m.Outer) {
		return nil
	}
	var corners [][]expr.Expr
	for _, v := range s.corners() {
		at := make([]expr.Expr, len(v))
		for i, k := range v {
			at[i] = pool.Num(k)
		}
		corners = append(corners, at)
	}
	a, best := s.lowestOf(corners)
	if a == nil {
		return nil
	}
	a.Proof = []string{fmt.Sprintf("f is %s, by the rules for sums and compositions of convex functions, and the conditions leave a polytope with %d vertices, of which every point of it is a mean: nowhere is f %s than at all of them",
		map[bool]string{false: "concave", true: "convex"}[s.p.Max], len(corners), s.p.lower())}
	if a.MinimisersComplete = s.aloneAt(best, a.ExactValue); a.MinimisersComplete && len(best) > 1 {
		a.Proof = append(a.Proof, fmt.Sprintf("halfway between two of the points f is %s, which it would not be if it had the value anywhere else", s.p.higher()))
	}
	a = s.flip(a)
	s.active(a, nil)
	return a
}

// lowestOf is the answer with the least value of f at the vertices, and the points at which it is taken; nil where that is not found.
func (s *session) lowestOf(vertices [][]expr.Expr) (a *Answer, best []*exactPoint) {
	t := simplify.New()
	c := exact.NewConstants(t)
	var least expr.Expr
	for _, at := range vertices {
		e, ok := s.exactPoint(at)
		if !ok {
			return nil, nil // f is not defined there, or the region is not closed
		}
		f := t.Tidy(s.valueAt(s.m.F, at))
		order := -1
		if least.Valid() {
			if order, ok = c.Compare(f, least); !ok {
				return nil, nil
			}
		}
		switch {
		case order < 0:
			least, best = f, []*exactPoint{e}
		case order == 0:
			best = append(best, e)
		}
	}
	if len(best) == 0 {
		return nil, nil
	}
	a = s.exactAnswer(best[0], least)
	for _, e := range best[1:] {
		a.Minimisers = append(a.Minimisers, Point{X: e.at, Exact: e.x})
	}
	a.Method = "vertices"
	return a, best
}

// byVertices answers for a function on a box that is concave in each variable: along each it is not lower than the lower of the values at the
// ends, so that no point is lower than all vertices.
func (s *session) byVertices() *Answer {
	n := s.m.N
	if len(s.m.Cons) > 0 || n < 2 || n > maxBoxDimension || !model.Bounded(s.m.Outer) || len(s.p.Bounds) != n || !s.looksConcave() || !s.concaveInEach() {
		return nil
	}
	vertices := make([][]expr.Expr, 1<<n)
	for k := range vertices {
		for i, b := range s.p.Bounds {
			end := b.Lo
			if k>>i&1 == 1 {
				end = b.Hi
			}
			if !end.Valid() { // the domain ends there
				return nil
			}
			vertices[k] = append(vertices[k], end)
		}
	}
	a, best := s.lowestOf(vertices)
	if a == nil {
		return nil
	}
	a.Proof = []string{fmt.Sprintf("f is %s in each variable, so that along each it is nowhere %s than at one of the ends: no point of the box is %s than all of its %d vertices",
		map[bool]string{false: "concave", true: "convex"}[s.p.Max], s.p.lower(), s.p.lower(), len(vertices))}
	// By one variable after the other, f is not lower than a mean of the values at the vertices, all those of a face in which the point lies,
	// with positive weights.
	a.MinimisersComplete = true
	for i, e := range best {
		for _, z := range best[:i] {
			differ := 0
			for k := range e.x {
				if !sameConstant(e.x[k], z.x[k]) {
					differ++
				}
			}
			a.MinimisersComplete = a.MinimisersComplete && differ > 1 // else f may be constant on the edge between them
		}
	}
	a = s.flip(a)
	s.active(a, nil)
	return a
}

// maxBoxDimension is the number of variables up to which all vertices of a box are looked at.
const maxBoxDimension = 10

// looksConcave reports whether f is, at some points, not lower between two points of a line along an axis than their mean.
func (s *session) looksConcave() bool {
	const points, rounding = 4, 1e-9
	p := s.m.Prober()
	for _, x := range model.Starts(s.m.Inner, points, s.o.Seed) {
		for i, in := range s.m.Inner {
			var f [3]float64
			for k := range f {
				y := slices.Clone(x)
				y[i] = in.Lo + (0.05+0.45*float64(k))*in.Width()
				f[k] = p.At(y)
			}
			if f[1] < (f[0]+f[2])/2-rounding*(math.Abs(f[0])+math.Abs(f[2])) {
				return false
			}
		}
	}
	return true
}

// concaveInEach reports whether f is proved to be concave in each variable and continuous on the closed box: each term is concave, or has no kinks
// and second derivatives that are nowhere positive.
func (s *session) concaveInEach() bool {
	t := simplify.New()
	var smooth, bends []expr.Expr
	for _, e := range form.TermsOf(t, t.Tidy(s.m.F)) {
		if form.HasKinks(e) {
			if !form.IsConvex(t.Neg(e), s.p.Vars, s.m.Outer) {
				return false
			}
			continue
		}
		smooth = append(smooth, e)
		for _, x := range s.p.Vars {
			if e.Has(x) {
				bends = append(bends, simplify.Tidy(diff.D(diff.D(e, x), x)))
			}
		}
	}
	all := append(smooth, bends...)
	out, dec, ok := tape.EncloseOn(s.p.Vars, s.m.Outer, all...)
	if !ok {
		return false
	}
	for k, v := range out {
		if dec[k] != interval.Continuous || k >= len(smooth) && !(v.Hi <= 0) {
			return false
		}
	}
	return true
}

// aloneAt reports whether the concave f is proved to be higher halfway between any two of the vertices at which it is least: with a point
// that is no vertex, all of those of which it is a mean would be minimisers, and all means of them.
func (s *session) aloneAt(best []*exactPoint, least expr.Expr) bool {
	v, ok := tape.EncloseConstant(least)
	if !ok {
		return false
	}
	p := s.m.Prober()
	half, mid := interval.Point(0.5), make([]interval.I, s.m.N)
	for i, a := range best {
		for _, b := range best[:i] {
			for k := range mid {
				mid[k] = half.Mul(a.box[k].Add(b.box[k]))
			}
			p.MV.Interval(p.VOut, p.VDec, mid)
			if !(p.VOut[0].Lo > v.Hi) {
				return false
			}
		}
	}
	return true
}

// corners lists the vertices of the region, nil where a condition is not linear with rational coefficients, or there are too many.
func (s *session) corners() (list [][]number.Number) {
	edges, others, ok := s.edges()
	if !ok {
		return nil
	}
	n := s.m.N
	var rows []edge // those of equations go first
	for _, c := range others {
		q, linear := quadratic.Of(simplify.Tidy(asConstraint(c).G), s.p.Vars)
		if !linear || q.Curved() || c.Op() != expr.Eq || len(simplify.Domain(c)) > 0 {
			return nil
		}
		rows = append(rows, edge{a: q.B, c: q.C})
	}
	equations := len(rows)
	rows = append(rows, edges...)
	if equations > n || choices(len(edges), n-equations) > maxCorners {
		return nil
	}
	for chosen := range subsets(len(edges), n-equations) {
		a, right := make([][]number.Number, 0, n), make([]number.Number, 0, n)
		for i, r := range rows {
			if i < equations || slices.Contains(chosen, i-equations) {
				a, right = append(a, r.a), append(right, r.c.Neg())
			}
		}
		m, ok := rational.Inverse(a)
		if !ok {
			if rational.Rank(a) == n {
				return nil // a vertex that takes long fractions
			}
			continue
		}
		v := make([]number.Number, n)
		for i := range v {
			for j, k := range m[i] {
				v[i] = v[i].Add(k.Mul(right[j]))
			}
		}
		inside := !slices.ContainsFunc(edges, func(e edge) bool { return e.at(v).Sign() < 0 })
		if inside && !slices.ContainsFunc(list, func(w []number.Number) bool { return slices.Equal(v, w) }) {
			list = append(list, v)
		}
	}
	return list
}

// at is the distance of the point from the edge, as the edge measures it.
func (e edge) at(x []number.Number) number.Number {
	v := e.c
	for i, k := range e.a {
		v = v.Add(k.Mul(x[i]))
	}
	return v
}

// choices is the number of ways to choose k of n, or one above maxCorners where that is greater.
func choices(n, k int) int {
	c := 1
	for i := range k {
		if c = c * (n - i) / (i + 1); c > maxCorners {
			return maxCorners + 1
		}
	}
	return c
}

// subsets yields the choices of k of the numbers below n, in the order of the alphabet.
func subsets(n, k int) func(func([]int) bool) {
	return func(yield func([]int) bool) {
		at := make([]int, k)
		for i := range at {
			at[i] = i
		}
		for k <= n && yield(at) {
			i := k - 1
			for i >= 0 && at[i] == n-k+i {
				i--
			}
			if i < 0 {
				return
			}
			at[i]++
			for j := i + 1; j < k; j++ {
				at[j] = at[j-1] + 1
			}
		}
	}
}
