package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
)

// maxOrthants is the number of variables without bounds up to which the space is cut into
// orthants, in each of which |u| and the length of a vector are bounded by sums.
const maxOrthants = 4

// coercive returns a box outside which f is proved to be higher than at the best
// point, nil if there is no proof: where powers of the variables outweigh all
// other terms, on the whole or in each orthant.
func (s *session) coercive() ([]interval.I, string) {
	if s.b.BestX == nil {
		return nil, ""
	}
	var out []interval.I
	list, why := append([]expr.Expr{s.m.F}, belowGreatest(s.m.F)...), "the highest powers"
	for i, g := range slices.Concat(list, s.withoutSquares()) {
		if out, _ = s.outweighed(g, s.m.Outer, s.b.Best.Hi); out != nil {
			if i >= len(list) {
				why = "even without some squares the highest powers"
			}
			break
		}
	}
	if out == nil {
		out = s.coerciveInOrthants()
	}
	if out == nil {
		return nil, ""
	}
	return out, fmt.Sprintf("%s outweigh the other terms: f is %s than at the best point unless %s", why, s.p.higher(), s.within(out))
}

// belowGreatest returns formulas that f = max(u, v, …) + w is nowhere lower than: the mean of u, v, … and
// each of them, in the place of the greatest, which is no part of w.
func belowGreatest(f expr.Expr) []expr.Expr {
	terms := f.Terms()
	const most = 40
	for _, n := range terms {
		if !n.IsCall("max") || n.Len() > most || slices.ContainsFunc(terms, func(e expr.Expr) bool { return e != n && form.IsPart(n, e) }) {
			continue // w may fall with the greatest
		}
		pool := expr.NewPool()
		args := pool.ImportAll(n.AppendArgs(nil)...)
		mean := pool.Make(expr.Mul, pool.Num(number.Frac(1, int64(n.Len()))), pool.Make(expr.Add, args...))
		var list []expr.Expr
		for _, u := range append([]expr.Expr{mean}, args...) {
			list = append(list, simplify.Tidy(replaced(f, n, u)))
		}
		return list
	}
	return nil
}

// withoutSquares returns f without the squares of formulas that are not linear, or of those of several variables: what is left is not higher.
func (s *session) withoutSquares() (list []expr.Expr) {
	t := simplify.New()
	for _, several := range [...]bool{true, false} {
		var rest []expr.Expr
		terms := form.TermsOf(t, t.Tidy(s.m.F))
		for _, e := range terms {
			r, _, ok := form.AsSquare(t, e)
			if ok {
				q, square := quadratic.Of(r, s.p.Vars)
				ok = (!square || q.Curved()) && (!several || len(r.Vars()) > 1)
			}
			if !ok {
				rest = append(rest, e)
			}
		}
		if len(rest) > 0 && len(rest) < len(terms) {
			list = append(list, t.Add(rest...))
		}
	}
	return list
}

// coerciveInOrthants is the union of boxes that are found in every orthant; nil where one has
// none.
func (s *session) coerciveInOrthants() []interval.I {
	if !growsSlowly(s.m.F) {
		return nil
	}
	var lines []int
	for i, x := range s.m.Outer {
		switch {
		case math.IsInf(x.Lo, -1) && math.IsInf(x.Hi, 1):
			lines = append(lines, i)
		case math.IsInf(x.Lo, -1):
			return nil
		}
	}
	if len(lines) > maxOrthants {
		return nil
	}
	var union []interval.I
	for signs := range 1 << len(lines) {
		box := slices.Clone(s.m.Outer)
		pool := expr.NewPool()
		with := map[string]expr.Expr{}
		for k, i := range lines {
			box[i].Lo = 0
			if signs>>k&1 == 1 {
				with[s.p.Vars[i]] = pool.Make(expr.Neg, pool.Var(s.p.Vars[i]))
			}
		}
		x, ok := s.outweighed(pool.Substitute(pool.Import(s.m.F), with), box, s.b.Best.Hi)
		if !ok {
			return nil
		}
		for k, i := range lines {
			if signs>>k&1 == 1 {
				x[i] = x[i].Neg()
			}
		}
		if union == nil {
			union = x
		}
		for i := range union {
			union[i] = union[i].Hull(x[i])
		}
	}
	return union
}

// growsSlowly reports whether f has a part that orthants help with.
func growsSlowly(f expr.Expr) bool {
	for n := range f.All() {
		switch {
		case n.Op() == expr.Call && slices.Contains([]string{"abs", "sqrt", "log"}, n.Func().Name):
			return true
		case n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num && !n.Arg(1).Number().IsInt():
			return true
		}
	}
	return false
}

// heldByConditions narrows the box, in which all points are that the conditions leave, where the highest powers
// of one of them outweigh its other terms, with the bounded variables as they are in the box: nothing is left of it
// far out. Constraint propagation has nothing to begin with there. It reports whether there was such a one.
func (s *session) heldByConditions(box []interval.I) bool {
	held := false
	for _, c := range s.m.Cons {
		part := slices.Clone(box)
		far := false
		for i, x := range s.p.Vars {
			if box[i].IsBounded() {
				continue
			}
			if c.G.Has(x) {
				far = true
			} else {
				part[i] = interval.Point(0)
			}
		}
		if !far {
			continue
		}
		sides := []expr.Expr{c.G}
		if c.Equal {
			pool := expr.NewPool()
			g := pool.Import(c.G)
			sides = append(sides, pool.Make(expr.Neg, g), pool.Make(expr.Pow, g, pool.Int(2)))
		}
		for _, g := range sides {
			out, ok := s.outweighed(g, part, 0)
			if !ok {
				continue
			}
			for i := range box {
				if !box[i].IsBounded() && c.G.Has(s.p.Vars[i]) {
					box[i] = out[i]
				}
			}
			held = true
			break
		}
	}
	return held
}

// outweighed returns a part of the box outside which f is proved to be higher than the level and than 0. With x_i = s^{w_i} u_i, max |u_i| = 1, the terms of the highest weight are s^D L(u),
// and L is proved to be positive on the surface of the cube.
func (s *session) outweighed(f expr.Expr, box []interval.I, level float64) ([]interval.I, bool) {
	p, ok := form.AsIntervalPolynomial(f, s.p.Vars, box)
	if !ok {
		return nil, false
	}
	weight, d, ok := p.Weights(box)
	if !ok {
		return nil, false
	}
	var lead form.IntervalPolynomial
	type lower struct {
		size interval.I
		e    int64
	}
	var rest []lower
	for _, t := range p {
		var e int64
		for i, k := range t.E {
			e += int64(k) * weight[i]
		}
		switch {
		case e == d:
			lead = append(lead, t)
		case t.NotNegative(box) && t.C.Lo >= 0:
			// only helps
		case e > d:
			return nil, false
		default:
			size := t.C.Mag()
			if t.NotNegative(box) {
				size = -t.C.Lo
			}
			if !model.Finite(size) {
				return nil, false
			}
			rest = append(rest, lower{interval.Point(size), e})
		}
	}
	least, ok := s.leastOnCube(lead, box)
	if !ok {
		return nil, false
	}
	best := math.Max(level, 0)
	for size := 1.0; size < 1e12; size *= 1.5 {
		x := interval.Point(size)
		h := x.PowInt(int(d)).Mul(interval.Point(least))
		for _, r := range rest {
			h = h.Sub(r.size.Mul(x.PowInt(int(r.e))))
		}
		if !(h.Lo > best) {
			continue
		}
		out := slices.Clone(box)
		for i := range out {
			if !out[i].IsBounded() {
				r := x.PowInt(int(weight[i])).Hi
				out[i] = out[i].Meet(interval.New(-r, r))
			}
		}
		return out, true
	}
	return nil, false
}

// leastOnCube returns a positive lower bound of the form on the surface of the
// cube max |u_i| = 1, over the variables that are unbounded in the box.
func (s *session) leastOnCube(form form.IntervalPolynomial, box []interval.I) (float64, bool) {
	if least, ok := leastQuadratic(form, box); ok {
		return least, true
	}
	least := math.Inf(1)
	budget := 60_000
	for i, b := range box {
		if b.IsBounded() {
			continue
		}
		for _, side := range []float64{-1, 1} {
			u := make([]interval.I, len(box))
			for j, c := range box {
				switch {
				case c.IsBounded():
					u[j] = interval.Point(0) // does not occur
				case c.Lo >= 0:
					u[j] = interval.New(0, 1)
				case c.Hi <= 0:
					u[j] = interval.New(-1, 0)
				default:
					u[j] = interval.New(-1, 1)
				}
			}
			if !u[i].Has(side) {
				continue
			}
			u[i] = interval.Point(side)
			stack := [][]interval.I{u}
			for len(stack) > 0 {
				if budget--; budget < 0 {
					return 0, false
				}
				if budget&255 == 0 {
					if effort.Charge(s.ctx, 256*4*len(form)); s.ctx.Err() != nil {
						return 0, false
					}
				}
				u := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				v := form.Over(u)
				if v.Lo > 0 {
					least = math.Min(least, v.Lo)
					continue
				}
				if v.Hi <= 0 {
					return 0, false
				}
				k, w := -1, 1e-4
				for j := range u {
					if u[j].Width() > w {
						k, w = j, u[j].Width()
					}
				}
				if k < 0 {
					return 0, false
				}
				a, b := slices.Clone(u), u
				m := u[k].Mid()
				a[k].Hi, b[k].Lo = m, m
				stack = append(stack, a, b)
			}
		}
	}
	return least, model.Finite(least)
}

// leastQuadratic is leastOnCube for a positive definite quadratic form: a number below its
// eigenvalues, as |u| ≥ 1 there. It is false for other forms.
func leastQuadratic(form form.IntervalPolynomial, box []interval.I) (float64, bool) {
	a := model.Matrix(len(box))
	for _, t := range form {
		var at []int
		for i, k := range t.E {
			at = append(at, slices.Repeat([]int{i}, int(k))...)
		}
		if len(at) != 2 {
			return 0, false
		}
		i, j := at[0], at[1]
		if i == j {
			a[i][i] = a[i][i].Add(t.C)
			continue
		}
		a[i][j] = a[i][j].Add(t.C.Mul(interval.Point(0.5)))
		a[j][i] = a[i][j]
	}
	var free []int
	top := math.Inf(1) // the eigenvalues are not all above a term of the diagonal
	for i, b := range box {
		if !b.IsBounded() {
			free, top = append(free, i), math.Min(top, a[i][i].Lo)
		}
	}
	const halvings = 40
	least := top / 2
	for range halvings {
		b := model.Matrix(len(box))
		for _, i := range free {
			copy(b[i], a[i])
			b[i][i] = b[i][i].Sub(interval.Point(least))
		}
		if least > 0 && model.PositiveDefinite(b, free) {
			return least, true
		}
		least /= 2
	}
	return 0, false
}
