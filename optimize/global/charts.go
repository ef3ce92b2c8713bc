package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/univariate"
)

// This file proves that a function is higher far out than at the best point, though it may stay
// bounded there: in charts of the directions to infinity, x_i = ±1/t and x_j = s_j/t with
// |s_j| ≤ 1 and small t, in which linear functions are (a·s)/t.

const (
	// maxCharts is the number of unbounded variables up to which charts are tried.
	maxCharts = 3
	// chartBoxes is the number of boxes up to which one is searched.
	chartBoxes = 3000
)

// confinedByCharts returns a box outside which f is proved to be higher than at the best point,
// nil if there is no proof.
func (s *session) confinedByCharts() ([]interval.I, string) {
	var wide []int
	for i, x := range s.m.Outer {
		if !x.IsBounded() {
			wide = append(wide, i)
		}
	}
	if s.b.BestX == nil || len(s.m.Cons) > 0 || len(wide) == 0 || len(wide) > maxCharts || s.p.F.Size() > maxEliminated {
		return nil, ""
	}
	ctx, cancel := effort.Share(s.ctx, 0.25)
	defer cancel()
	far := 8.0
	for _, i := range wide {
		far = math.Max(far, 4*math.Abs(s.b.BestX[i]))
	}
	if s.lowFarOut(wide, far) {
		return nil, ""
	}
	sub := *s
	sub.ctx = ctx
	for _, r := range []float64{far, 10 * far, 100 * far} {
		if ctx.Err() != nil {
			return nil, ""
		}
		if !sub.higherBeyond(wide, r) {
			continue
		}
		x := slices.Clone(s.m.Outer)
		for _, i := range wide {
			x[i] = x[i].Meet(interval.New(-r, r))
		}
		return x, fmt.Sprintf("f is %s than at the best point unless %s: with x = s/t, where |s| = 1 for the largest of these variables and t is small, enclosures show it", s.p.higher(), s.within(x))
	}
	return nil, ""
}

// lowFarOut reports whether f has values far out that are not above the best one.
func (s *session) lowFarOut(wide []int, far float64) bool {
	r := rand.New(rand.NewPCG(s.o.Seed, 4))
	x := make([]float64, s.m.N)
	for range 400 {
		copy(x, s.b.BestX)
		size := far * math.Exp(12*r.Float64())
		for _, i := range wide {
			x[i] = model.ClipTo(size*(2*r.Float64()-1), s.m.Outer[i])
		}
		if s.b.At(x) <= s.b.Best.Hi {
			return true
		}
	}
	return false
}

// higherBeyond reports whether f is proved to be higher than at the best point where one of the wide
// variables is beyond r or -r.
func (s *session) higherBeyond(wide []int, r float64) bool {
	for _, i := range wide {
		for _, side := range []int64{1, -1} {
			if x := s.m.Outer[i]; side > 0 && x.Hi < r || side < 0 && x.Lo > -r {
				continue
			}
			m, err := s.chart(wide, i, side, r)
			if err != nil || !s.nothingBelow(m, m.Outer, s.b.Best.Hi, chartBoxes) {
				return false
			}
		}
	}
	return true
}

// chart is f where variable i is side/t, t at most 1/r and in its place, and the other wide variables are
// s/t with |s| at most 1, s in their places.
func (s *session) chart(wide []int, i int, side int64, r float64) (*model.Model, error) {
	m := &model.Model{Vars: s.p.Vars, N: s.m.N, Outer: slices.Clone(s.m.Outer)}
	for _, j := range wide { // in units of x_i
		m.Outer[j] = interval.New(-1, 1)
		switch x := s.m.Outer[j]; {
		case x.Lo >= 0:
			m.Outer[j].Lo = 0
		case x.Hi <= 0:
			m.Outer[j].Hi = 0
		}
	}
	m.Outer[i] = interval.New(0, interval.Point(1).Div(interval.Point(r)).Hi)
	t := simplify.New()
	f := t.Tidy(s.m.F)
	region := slices.Clone(s.m.Outer)
	if region[i] = interval.New(r, math.Inf(1)); side < 0 {
		region[i] = interval.New(math.Inf(-1), -r)
	}
	f = s.withRanges(t, f, m, region)
	far := make([]expr.Expr, m.N)
	for _, j := range wide {
		far[j] = t.Var(s.p.Vars[j])
	}
	far[i] = t.Int(side)
	m.F = atInfinity(t, f, m.Vars, far, t.Var(s.p.Vars[i]))
	m.Inner = m.Outer
	return m, m.Compile()
}

// withRanges puts new variables of m in the places of those parts of f in one variable of which
// enclosures do not see that they are bounded in the region, as x exp(-x) far out.
func (s *session) withRanges(t *simplify.Tidier, f expr.Expr, m *model.Model, region []interval.I) expr.Expr {
	names := map[expr.Expr]expr.Expr{}
	var replace func(e expr.Expr) expr.Expr
	replace = func(e expr.Expr) expr.Expr {
		switch len(e.Vars()) {
		case 0:
			return e
		case 1:
			if v, known := names[e]; known {
				return v
			}
			k := slices.Index(s.p.Vars, e.Vars()[0])
			b, ok := rangeOf(s.ctx, e, region[k])
			if !ok {
				return e
			}
			name := fmt.Sprintf("range %d", len(names)) // no name that a formula may have
			m.Vars, m.Outer, m.N = append(slices.Clip(m.Vars), name), append(m.Outer, b), m.N+1
			names[e] = t.Var(name)
			return names[e]
		}
		if e.Op() != expr.Add && e.Op() != expr.Mul {
			return e
		}
		args := e.AppendArgs(nil)
		for i, a := range args {
			args[i] = replace(a)
		}
		return t.Pool().Make(e.Op(), args...)
	}
	return replace(f)
}

// rangeOf encloses the values of e, a formula of one variable, where that is in x: by its least and
// greatest value. It is false where enclosures do as well, or the values are not bounded.
func rangeOf(ctx context.Context, e expr.Expr, x interval.I) (interval.I, bool) {
	name := e.Vars()[0]
	out, _, ok := tape.EncloseOn([]string{name}, []interval.I{x}, e)
	if !ok || form.DegreeIn(e, name) >= 0 || out[0].IsEmpty() || out[0].IsBounded() {
		return x, false
	}
	pool := expr.NewPool()
	var bound Bound
	if n, ok := number.FromFloat(x.Lo); ok {
		bound.Lo = pool.Num(n)
	}
	if n, ok := number.FromFloat(x.Hi); ok {
		bound.Hi = pool.Num(n)
	}
	var ends [2]float64
	for side, greatest := range []bool{false, true} {
		a := univariate.Solve(ctx, &univariate.Question{F: e, Var: name, Bound: bound, Max: greatest})
		switch a.Status {
		case Exact, Certified, NotAttained:
		default:
			return x, false
		}
		if a.Enclosure == nil {
			return x, false
		}
		if ends[side] = a.Enclosure.Value.Lo; greatest {
			ends[side] = a.Enclosure.Value.Hi
		}
	}
	b := interval.New(ends[0], ends[1])
	return b, b.IsBounded()
}

// atInfinity writes e with far_j/small in the place of the variables that have such an entry, and
// rational parts over one power of small: x + 2y as (far_x + 2 far_y)/small.
func atInfinity(t *simplify.Tidier, e expr.Expr, vars []string, far []expr.Expr, small expr.Expr) expr.Expr {
	const most = 64
	pool := t.Pool()
	type part struct { // num/small^order
		num   expr.Expr
		order int64
	}
	times := func(num expr.Expr, order int64) expr.Expr {
		switch {
		case order == 0:
			return num
		case order == -1:
			return pool.Make(expr.Div, num, small)
		}
		return pool.Make(expr.Mul, num, pool.Make(expr.Pow, small, pool.Int(order)))
	}
	join := func(p part) expr.Expr { return times(p.num, -p.order) }
	return join(expr.Fold(pool.Import(e), func(n expr.Expr, args []part) part {
		switch n.Op() {
		case expr.Var:
			if v := far[slices.Index(vars, n.Name())]; v.Valid() {
				return part{v, 1}
			}
			return part{n, 0}
		case expr.Add:
			// What stays bounded is better left out of the fraction.
			var out part
			var bounded []expr.Expr
			for _, p := range args {
				out.order = max(out.order, p.order)
			}
			terms := []expr.Expr{pool.Int(0)}
			for _, p := range args {
				if p.order > 0 || p.order == 0 && p.num.IsConstant() {
					terms = append(terms, times(p.num, out.order-p.order))
				} else {
					bounded = append(bounded, join(p))
				}
			}
			out.num = pool.Make(expr.Add, terms...)
			if len(bounded) > 0 {
				out = part{pool.Make(expr.Add, append(bounded, join(out))...), 0}
			}
			return out
		case expr.Mul:
			var out part
			factors := make([]expr.Expr, len(args))
			for i, p := range args {
				factors[i], out.order = p.num, out.order+p.order
			}
			out.num = pool.Make(expr.Mul, factors...)
			return out
		case expr.Neg:
			return part{pool.Make(expr.Neg, args[0].num), args[0].order}
		case expr.Div:
			return part{pool.Make(expr.Div, args[0].num, args[1].num), args[0].order - args[1].order}
		case expr.Pow:
			if k := n.Arg(1); k.Op() == expr.Num {
				if i, whole := k.Number().Int64(); whole && max(i, -i)*max(args[0].order, -args[0].order) < most {
					return part{pool.Make(expr.Pow, args[0].num, n.Arg(1)), i * args[0].order}
				}
			}
		}
		list := make([]expr.Expr, len(args))
		for i, p := range args {
			list[i] = join(p)
		}
		switch {
		case len(args) == 0:
			return part{n, 0}
		case n.Op() == expr.Call:
			return part{pool.Call(n.Func(), list...), 0}
		}
		return part{pool.Make(n.Op(), list...), 0}
	}))
}
