package global

import (
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// This file confines variables on sides that have no end, where enclosures of what lies far out show that f is higher there than at the
// best point, or that no point satisfies the conditions.

// heldFarOut narrows the box, in which all points as low as the best one are, on the sides that have no end: where constraint
// propagation leaves nothing of the boxes into which the part beyond some number is divided, all of these are on this side of it. It
// reports whether a side has got an end.
func (s *session) heldFarOut(box []interval.I) bool {
	if s.b.BestX == nil || len(s.m.Cons) == 0 {
		return false
	}
	before := unbounded(box)
	if s.products == nil {
		s.products = s.withProducts()
	}
	for again := true; again; {
		again = false
		for i := range box {
			for _, size := range [...]float64{1e2, 1e4, 1e7} {
				for _, sign := range [...]float64{1, -1} {
					beyond := slices.Clone(box)
					if beyond[i] = box[i].Meet(interval.New(math.Min(sign*size, sign*math.Inf(1)), math.Max(sign*size, sign*math.Inf(1)))); beyond[i].IsBounded() {
						continue
					}
					if !s.nothingIn(beyond, i) && !s.higherOnRay(beyond) && !s.higherScaled(beyond, i) {
						continue
					}
					again = true
					if sign > 0 {
						box[i].Hi = size
					} else {
						box[i].Lo = -size
					}
				}
			}
		}
	}
	return unbounded(box) != before
}

// higherOnRay reports whether f, of one variable, is seen without conditions to be higher than at the best point in the box, which has
// one end.
func (s *session) higherOnRay(box []interval.I) bool {
	if len(box) > 1 {
		return false
	}
	pool := expr.NewPool()
	var b Bound
	if x := box[0]; math.IsInf(x.Hi, 1) {
		b.Lo = pool.Num(number.Int(int64(x.Lo)))
	} else {
		b.Hi = pool.Num(number.Int(int64(x.Hi)))
	}
	a := study(s.ctx, &Problem{F: s.m.F, Vars: s.p.Vars, Bounds: []Bound{b}}, Options{})
	return a != nil && a.Enclosure != nil && a.Status != Local && a.Status != Failed && a.Enclosure.Value.Lo > s.b.Best.Hi
}

// higherScaled reports whether f is proved to be higher than at the best point in the box, in which |x_i| is at least some size and has no
// other end: where (f - best)/|x_i|^k is positive there, as the sum of what its terms in one variable have for their least values and of what
// intervals say of the others. Divided so, terms that fall as fast as others rise are bounded.
func (s *session) higherScaled(box []interval.I, i int) bool {
	x := slices.Clone(box)
	if !s.b.Contract(x, s.b.Best.Hi, 10) {
		return true
	}
	x[i] = box[i]
	t := simplify.New()
	name := s.p.Vars[i]
	f := t.Tidy(s.m.F)
	if f.Op() != expr.Add || x[i].IsBounded() || f.Size() > maxEliminated {
		return false
	}
	if math.IsInf(x[i].Lo, -1) { // turned round
		x[i] = x[i].Neg()
		pool := expr.NewPool()
		f = t.Tidy(pool.Substitute(pool.Import(f), map[string]expr.Expr{name: pool.Make(expr.Neg, pool.Var(name))}))
	}
	if !(x[i].Lo > 0) || f.Op() != expr.Add {
		return false
	}
	const most = 2
	for k := int64(0); k <= most && s.ctx.Err() == nil; k++ {
		scale := t.Pow(t.Var(name), t.Int(-k))
		own := make([][]expr.Expr, len(x)) // of one variable, scaled where that is x_i
		var others []expr.Expr
		for _, e := range f.Args() {
			vars := e.Vars()
			switch scaled := t.Mul(e, scale); {
			case len(vars) == 1 && vars[0] != name:
				j := slices.Index(s.p.Vars, vars[0])
				own[j] = append(own[j], e)
			case len(vars) == 0 || len(vars) == 1 || len(scaled.Vars()) == 1 && scaled.Has(name):
				own[i] = append(own[i], scaled)
			default:
				others = append(others, scaled)
			}
		}
		low := interval.Point(s.b.Best.Hi).Neg().Mul(x[i].PowInt(int(-k)))
		if k == 0 {
			low = interval.Point(s.b.Best.Hi).Neg()
		}
		ok := true
		for j, list := range own {
			if len(list) == 0 {
				continue
			}
			least, known := s.leastIn(t.Add(append(list, t.Int(0), t.Int(0))...), j, x[j])
			if ok = known; !ok {
				break
			}
			if v := interval.Point(least); j != i && k > 0 {
				low = low.Add(v.Mul(x[i].PowInt(int(-k))))
			} else {
				low = low.Add(v)
			}
		}
		if !ok {
			continue
		}
		ranges, _, ok := tape.EncloseOn(s.p.Vars, x, others...)
		if !ok {
			return false
		}
		for _, r := range ranges {
			low = low.Add(r)
		}
		if low.Lo > 0 {
			return true
		}
	}
	return false
}

// leastIn is a lower bound of the formula e of variable j in the interval; false where none is found.
func (s *session) leastIn(e expr.Expr, j int, x interval.I) (float64, bool) {
	pool := expr.NewPool()
	var b Bound
	end := func(v float64) (e expr.Expr) {
		if n, ok := number.FromFloat(v); ok {
			e = pool.Num(n)
		}
		return e
	}
	b.Lo, b.Hi = end(x.Lo), end(x.Hi)
	a := study(s.ctx, &Problem{F: e, Vars: s.p.Vars[j : j+1], Bounds: []Bound{b}}, Options{})
	if a == nil || a.Enclosure == nil || a.Status == Local || a.Status == Failed || !model.Finite(a.Enclosure.Value.Lo) {
		return 0, false
	}
	return a.Enclosure.Value.Lo, true
}

// withProducts is a search of the same question with the products of variables in a form in which different powers of them share parts:
// (x y)^2 for x^2 y^2, and x (x y) for x^2 y. It is nil where it says no more, or has no model.
func (s *session) withProducts() *branch.Search {
	pool := expr.NewPool()
	q := &Problem{F: productsShared(pool, s.m.F), Vars: s.p.Vars, Bounds: s.p.Bounds}
	for _, c := range s.p.SubjectTo {
		q.SubjectTo = append(q.SubjectTo, productsShared(pool, c))
	}
	m, err := q.model()
	if err != nil {
		return nil
	}
	return branch.New(m, s.o.boxes())
}

// productsShared is e with the products in that form.
func productsShared(pool *expr.Pool, e expr.Expr) expr.Expr {
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		n = expr.Remake(n, pool, args, nil)
		if n.Op() != expr.Mul {
			return n
		}
		least := int64(math.MaxInt64)
		var vars, rest []expr.Expr
		var powers []int64
		for _, a := range n.Args() {
			u, k := a, int64(1)
			if a.Op() == expr.Pow && a.Arg(1).Op() == expr.Num {
				u = a.Arg(0)
				k, _ = a.Arg(1).Number().Int64()
			}
			if u.Op() != expr.Var || k < 1 || slices.Contains(vars, u) {
				rest = append(rest, a)
				continue
			}
			vars, powers, least = append(vars, u), append(powers, k), min(least, k)
		}
		if len(vars) < 2 {
			return n
		}
		order := slices.Clone(vars)
		slices.SortFunc(order, func(u, v expr.Expr) int { return strings.Compare(u.Name(), v.Name()) })
		product := pool.Make(expr.Mul, order...)
		if least > 1 {
			product = pool.Make(expr.Pow, product, pool.Int(least))
		}
		factors := append(rest, product)
		for i, u := range vars {
			if k := powers[i] - least; k > 0 {
				factors = append(factors, pool.Make(expr.Pow, u, pool.Int(k)))
			}
		}
		if len(factors) == 1 {
			return product
		}
		return pool.Make(expr.Mul, factors...)
	})
}

// folded takes the line to [-1, 1].
func folded(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.Copysign(1, x)
	}
	return x / (1 + math.Abs(x))
}

// nothingIn reports whether a few divisions, of other variables than the one that is far out, show that no point of the region in the
// box is as low as the best one.
func (s *session) nothingIn(box []interval.I, far int) bool {
	todo := [][]interval.I{slices.Clone(box)}
	for budget := 60; len(todo) > 0; budget-- {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		effort.Charge(s.ctx, 4*s.m.Value.Len())
		if !s.b.Contract(x, s.b.Best.Hi, 3) || s.products != nil && !s.products.Contract(x, s.b.Best.Hi, 3) {
			continue
		}
		k, most := -1, 1e-3
		for i, v := range x {
			if w := folded(v.Hi) - folded(v.Lo); i != far && w > most {
				k, most = i, w
			}
		}
		if budget <= 0 || k < 0 || s.ctx.Err() != nil {
			return false
		}
		m := (folded(x[k].Lo) + folded(x[k].Hi)) / 2
		m /= 1 - math.Abs(m)
		y := slices.Clone(x)
		x[k].Hi, y[k].Lo = m, m
		todo = append(todo, x, y)
	}
	return true
}
