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
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file looks for directions that lead from a point on the edge into the region, along which f comes near to its value there.

// comingTo returns the points p + d/t, which come near p as t → ∞, as formulas in t.
func comingTo(p Point, d []float64) []expr.Expr {
	t := simplify.New()
	pool := t.Pool()
	out := make([]expr.Expr, len(d))
	for i, x := range p.X {
		c, ok1 := number.FromFloat(x)
		k, ok2 := number.FromFloat(d[i])
		if !ok1 || !ok2 {
			return nil
		}
		out[i] = t.Num(c)
		if p.Exact != nil {
			out[i] = pool.Import(p.Exact[i])
		}
		if k.Sign() != 0 {
			out[i] = pool.Make(expr.Add, out[i], pool.Make(expr.Div, t.Num(k), t.Var("t")))
		}
	}
	return out
}

// rayInto returns a direction in which the points near x, which is in the box at, belong to the region, for inequalities of which the
// gradients do not tell, and beside equations; nil for none. Along the ray each of the inequalities that hold x has a first derivative that
// is not 0, which is negative, the equations hold on all of it, and it leads away from the ends that hold x.
func (s *session) rayInto(x []expr.Expr, at []interval.I) []float64 {
	const maxVariables = 5
	n := s.m.N
	if len(x) != n || n > maxVariables || !allValid(x) {
		return nil
	}
	near, ends := make([]interval.I, n), make([]int, n) // +1 where the ray may lead up only, -1 down
	for i, v := range at {
		d := 1e-9 * math.Max(1, v.Mag())
		near[i] = interval.New(v.Lo-d, v.Hi+d)
		if in := s.m.Inner[i]; !(near[i].Lo > in.Lo) {
			ends[i], near[i].Lo = +1, s.m.Outer[i].Lo
		} else if !(near[i].Hi < in.Hi) {
			ends[i], near[i].Hi = -1, s.m.Outer[i].Hi
		}
		if !near[i].In(s.m.Outer[i]) {
			return nil
		}
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, near)
	if p.VDec[0] != interval.Continuous {
		return nil
	}
	var held, equations []expr.Expr // held are those that may hold x
	for k, c := range s.m.Cons {
		switch {
		case c.Equal:
			equations = append(equations, c.G)
		case p.VDec[k+1] != interval.Continuous:
			return nil
		case !(p.VOut[k+1].Hi < 0):
			held = append(held, c.G)
		}
	}
	if !allAnalytic(held) {
		return nil
	}
	directions := 1
	for range n {
		directions *= 3
	}
	d := make([]float64, n)
next:
	for code := 1; code < directions; code++ {
		rest := code
		for i := range d {
			k := [3]int{0, 1, -1}[rest%3]
			closed := ends[i] > 0 && !s.m.LoOpen[i] || ends[i] < 0 && !s.m.HiOpen[i]
			if fixed := !(s.m.Inner[i].Lo < s.m.Inner[i].Hi); fixed && k != 0 || !fixed && ends[i] != 0 && k != ends[i] && !(k == 0 && closed) {
				continue next
			}
			d[i], rest = float64(k), rest/3
		}
		r := newHalfLine(s.m.Vars, x, d)
		if !slices.ContainsFunc(held, func(g expr.Expr) bool { return !r.fallsOn(g) }) &&
			!slices.ContainsFunc(equations, func(g expr.Expr) bool { return !r.holdsOn(g) }) {
			return d
		}
	}
	return nil
}

// A halfLine is x + d t for t > 0.
type halfLine struct {
	with map[string]expr.Expr // its points, for the variables
	pool *expr.Pool
	c    *exact.Constants
}

const rayParameter = "ray parameter" // which nobody can write

func newHalfLine(vars []string, x []expr.Expr, d []float64) *halfLine {
	r := &halfLine{with: map[string]expr.Expr{}, pool: expr.NewPool(), c: exact.NewConstants(simplify.New())}
	for i, v := range vars {
		r.with[v] = r.pool.Make(expr.Add, r.pool.Import(x[i]), r.pool.Make(expr.Mul, r.pool.Int(int64(d[i])), r.pool.Var(rayParameter)))
	}
	return r
}

// along is g on the ray.
func (r *halfLine) along(g expr.Expr) expr.Expr { return r.pool.Substitute(r.pool.Import(g), r.with) }

// fallsOn reports whether g is proved to be negative on the ray near its start, where it is not positive.
func (r *halfLine) fallsOn(g expr.Expr) bool {
	const maxOrder = 4
	h := r.along(g)
	for range maxOrder + 1 {
		start := expr.NewPool()
		sign, ok := r.c.Sign(r.c.T.Tidy(start.Substitute(start.Import(h), map[string]expr.Expr{rayParameter: start.Int(0)})))
		if !ok || sign != 0 {
			return ok && sign < 0
		}
		h = diff.D(h, rayParameter)
	}
	return false
}

// holdsOn reports whether g is proved to be 0 on the ray.
func (r *halfLine) holdsOn(g expr.Expr) bool {
	h := r.c.T.Tidy(r.along(g))
	return !h.Has(rayParameter) && exact.IsZero(r.c, r.c.T.Tidy(h)) && form.SameDomain(r.along(g), h)
}

func allAnalytic(list []expr.Expr) bool {
	return !slices.ContainsFunc(list, func(e expr.Expr) bool { return !form.Analytic(e) })
}

// approachable returns a direction that leads into the region from the point in the
// box at, which lies on the edge, and at which f is continuous: one in which all
// inequalities that hold x fall, and that leads away from the ends; nil for none.
func (s *session) approachable(at []interval.I) []float64 {
	n := s.m.N
	wide := make([]interval.I, n)
	for i, v := range at {
		d := 1e-9 * math.Max(1, v.Mag())
		wide[i] = interval.New(v.Lo-d, v.Hi+d)
	}
	p := s.m.Prober()
	p.MV.Interval(p.VOut, p.VDec, wide)
	var gs []expr.Expr
	for k, c := range s.m.Cons {
		if c.Equal || p.VDec[k+1] != interval.Continuous {
			return nil
		}
		if !(p.VOut[k+1].Hi < 0) {
			gs = append(gs, c.G)
		}
	}
	inBox := slices.Clone(wide) // f on the part of the region near x
	d := make([]float64, n)
	held := make([]float64, n)
	for i, v := range at {
		switch {
		case !(s.m.Inner[i].Lo < s.m.Inner[i].Hi): // there is one value only
			inBox[i] = s.m.Outer[i]
		case !(v.Lo > s.m.Inner[i].Lo):
			held[i], d[i], inBox[i].Lo = 1, 1, s.m.Outer[i].Lo
		case !(v.Hi < s.m.Inner[i].Hi):
			held[i], d[i], inBox[i].Hi = -1, -1, s.m.Outer[i].Hi
		}
	}
	if p.MV.Interval(p.VOut, p.VDec, inBox); p.VDec[0] != interval.Continuous {
		return nil
	}
	if len(gs) == 0 {
		return d // it leads away from the ends
	}
	in := s.inwards(gs, wide, held)
	if in == nil {
		return nil
	}
	for k := range gs {
		size := 0.0
		for i := range n {
			size = math.Max(size, in.slope[k*n+i].Mag())
		}
		for i := range n {
			d[i] -= in.slope[k*n+i].Mid() / math.Max(size, 1e-300)
		}
	}
	if in.leads(d) {
		return d
	}
	for _, y := range model.Starts(s.m.Inner, 200, s.o.Seed) {
		if _, ok := p.AtPoint(y); !ok || !p.Feasible(y) {
			continue
		}
		for i := range d {
			d[i] = y[i] - at[i].Mid()
		}
		if in.leads(d) {
			return d
		}
	}
	return nil
}

// inwards tells which directions lead into the region from a point on its edge.
type inwards struct {
	m     *model.Model
	slope []interval.I // ∂g_k/∂x_i near the point at k·n + i, of the inequalities that may hold it
	held  []float64    // ±1 by a lower or an upper end
}

// inwards returns nil where the inequalities g <= 0 have no slopes on the box.
func (s *session) inwards(gs []expr.Expr, box []interval.I, held []float64) *inwards {
	var outs []expr.Expr
	for _, g := range gs {
		outs = append(outs, diff.Gradient(g, s.m.Vars)...)
	}
	slope, dec, ok := tape.EncloseOn(s.m.Vars, box, outs...)
	if !ok || !interval.AllContinuous(dec) {
		return nil
	}
	return &inwards{m: s.m, slope: slope, held: held}
}

// leads reports whether the inequalities fall in the direction d, from which variables with one value are taken, and it leads away from
// the ends.
func (in *inwards) leads(d []float64) bool {
	n := len(d)
	for i, x := range in.m.Inner {
		if !(x.Lo < x.Hi) {
			d[i] = 0
		}
	}
	for k := 0; k < len(in.slope); k += n {
		v := interval.Point(0)
		for i := range d {
			v = v.Add(in.slope[k+i].Mul(interval.Point(d[i])))
		}
		if !(v.Hi < 0) {
			return false
		}
	}
	for i, side := range in.held {
		if !(in.m.Inner[i].Lo < in.m.Inner[i].Hi) {
			continue
		}
		if side*d[i] < 0 || side != 0 && d[i] == 0 && (in.m.LoOpen[i] || in.m.HiOpen[i]) {
			return false
		}
	}
	return true
}
