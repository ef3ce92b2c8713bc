package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/sos"
)

// This file answers for functions that are homogeneous, f(tx) = t^d f(x) for t > 0, by
// their values where max |x_i| = 1, which every ray from the origin meets once: quotients
// of forms of the same degree (d = 0), norms less linear functions (d = 1), and others.

// maxRays is the number of variables up to which rays are looked for: two questions with a
// variable less are left for each.
const maxRays = 5

// byRays answers for a homogeneous function, a polynomial or another as asked for, in a region of whole rays, or, of the degree
// 0, of pieces of rays from the origin. It returns nil for others, and where a part is not settled.
func (s *session) byRays(polynomial bool) *Answer {
	if s.m.N < 2 || s.m.N > maxRays || s.o.cases >= maxNestedCases || s.looksPolynomial() != polynomial {
		return nil
	}
	d, ok := form.Homogeneity(s.p.F)
	if !ok {
		return nil
	}
	for _, c := range s.m.Cons {
		if _, ok := form.Homogeneity(c.G); !ok || !c.Text.Op().IsRelation() {
			return nil
		}
	}
	near, ok := s.aroundOrigin() // ends at which rays are cut off
	bounded := near < math.Inf(1)
	if !ok || bounded && d.Sign() < 0 {
		return nil
	}
	s.b = branch.New(s.m, s.o.boxes())
	s.b.Begin(s.o.boxes(), s.m.Outer)
	if s.b.BestX == nil {
		return nil
	}
	negative := func() *Answer {
		if bounded {
			return s.onBounds(d)
		}
		return s.downRay(d)
	}
	if d.Sign() != 0 && s.b.Best.Hi < 0 {
		return negative()
	}
	zero := make([]interval.I, s.m.N)
	s.b.MV.Interval(s.b.VOut, s.b.VDec, zero)
	origin := s.b.VDec[0] != interval.None && !s.b.VOut[0].IsEmpty()
	if origin && d.Sign() <= 0 {
		return nil // a value beside those on the rays
	}
	// What is easier to check goes first.
	if _, _, rational := sos.Quotient(s.m.F, s.p.Vars); rational {
		short := *s
		var cancel context.CancelFunc
		short.ctx, cancel = effort.Within(s.ctx, time.Second/5)
		a := short.byQuotient(true)
		if cancel(); a != nil {
			return a
		}
	}
	if origin && len(s.m.Cons) == 0 {
		if a := s.byMinorant(); a != nil {
			return a
		}
	}
	a := s.bestOf(s.faces(), expr.Expr{})
	if a == nil || a.Status == EmptyDomain {
		return nil
	}
	if d.Sign() != 0 && a.Attained && s.b.Try(a.At) && s.b.Best.Hi < 0 {
		return negative()
	}
	reduction := a.Argument.Reduction
	if reduction != nil { // the faces are not the region, but decide
		reduction.Kind, reduction.Constant = certificate.Rays, d.String()
	}
	a.Method = "rays"
	a.Proof = append([]string{s.raysText(d)}, a.Proof...)
	for i, p := range a.Minimisers {
		a.Minimisers[i].Family = s.ray(p)
		if bounded {
			a.Minimisers[i].Family += " within the bounds"
		}
	}
	if near <= 1 && !s.shrink(a, near) {
		return nil
	}
	a.Stationary, a.MinimisersComplete = nil, false
	if d.Sign() == 0 || a.Status == Unbounded {
		return a
	}
	if a = s.scaled(a, d, origin); a != nil {
		a.Argument.Reduction = reduction
	}
	return a
}

// onBounds answers for the degree d > 0 where f is negative somewhere and every ray ends at a bound: it is lowest there. It returns nil
// where a ray has no end, or one that is left out, or what bounds leave is not settled.
func (s *session) onBounds(d number.Number) *Answer {
	var list []division
	for k, b := range s.p.Bounds {
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			switch open := [...]bool{b.LoOpen, b.HiOpen}[side]; {
			case !end.Valid():
				return nil
			case isZero(end):
			case open:
				return nil
			default:
				list = append(list, division{e: s.withValue(expr.Expr{}, k, end, nil), text: s.p.Vars[k] + " = " + format.Text(end)})
			}
		}
	}
	a := s.bestOf(list, expr.Expr{})
	if a == nil || a.Enclosure == nil || a.Status == EmptyDomain || !(s.sign(a.Value) < 0) {
		return nil
	}
	if r := a.Argument.Reduction; r != nil {
		r.Kind, r.Constant = certificate.Rays, d.String()
	}
	a.Method, a.Stationary = "rays", nil
	a.Proof = append([]string{fmt.Sprintf("%s, so that f is %s along a ray from the origin where that ends at a bound, if anywhere it is %s than 0",
		s.scaling(d), map[bool]string{false: "lowest", true: "highest"}[s.p.Max], s.p.lower())}, a.Proof...)
	return a
}

// aroundOrigin returns the least distance of a bound from the origin, +Inf where all are 0; false where the origin
// does not lie between them.
func (s *session) aroundOrigin() (near float64, ok bool) {
	near = math.Inf(1)
	for i, b := range s.p.Bounds {
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			if !end.Valid() || isZero(end) {
				continue
			}
			v := s.m.Inner[i].Hi
			if side == 0 {
				v = -s.m.Inner[i].Lo
			}
			if !(v > 0) {
				return 0, false
			}
			near = math.Min(near, v)
		}
	}
	return near, true
}

// shrink brings the points of the answer a, which are nowhere further than 1 from 0, nearer to the origin, nearer than near.
// It reports false where a has other points than minimisers.
func (s *session) shrink(a *Answer, near float64) bool {
	if a.Status != Exact && a.Status != Certified || near < 1e-290 { // where floats have fewer digits
		return false
	}
	t := simplify.New()
	c, ok := number.FromFloat(math.Exp2(math.Floor(math.Log2(near)) - 1))
	if !ok {
		return false
	}
	k := c.Float64()
	for i := range a.Minimisers {
		m := &a.Minimisers[i]
		x := slices.Clone(m.X)
		for j := range x {
			x[j] *= k
		}
		m.X = x
		if m.Exact != nil {
			m.Exact = slices.Clone(m.Exact)
			for j, e := range m.Exact {
				if !e.Valid() {
					return false
				}
				m.Exact[j] = t.Mul(t.Num(c), t.Tidy(e))
			}
		}
	}
	a.At, a.ExactAt = a.Minimisers[0].X, a.Minimisers[0].Exact
	if a.Enclosure != nil {
		a.Enclosure = &Enclosure{Value: a.Enclosure.Value}
	}
	return true
}

// scaled answers for the degree d that is not 0 by the answer a where max |x_i| = 1.
func (s *session) scaled(a *Answer, d number.Number, origin bool) *Answer {
	if a.Enclosure == nil {
		return nil
	}
	low := a.Enclosure.Value
	if s.p.Max {
		low = low.Neg()
	}
	positive := low.Lo > 0 || a.Status == NotAttained && low.Lo >= 0
	if low.Lo < 0 {
		return nil
	}
	zero := expr.NewPool().Int(0)
	bound := &lowerBound{value: zero, proof: append(slices.Clone(a.Proof), fmt.Sprintf("so f is nowhere %s than 0", s.p.lower()))}
	if origin {
		x := make([]expr.Expr, s.m.N)
		for i := range x {
			x[i] = zero
		}
		e, ok := s.exactPoint(x)
		if !ok || !s.valueAt(s.m.F, x).IsNum(0) {
			return nil
		}
		b := s.exactAnswer(e, zero)
		b.Method, b.Proof, b.MinimisersComplete = "rays", append(bound.proof, "f takes this value at the origin, by substitution"), positive
		return s.flip(b)
	}
	if !positive {
		if a.Status == Exact && a.ExactValue.IsNum(0) {
			return a
		}
		return nil
	}
	// Along any ray f tends to 0; those that are simple to write go first.
	signs := make([]float64, s.m.N)
	for i, v := range s.b.BestX {
		signs[i] = math.Copysign(1, v)
	}
	for _, p := range []*path{s.rayPath(signs, -d.Sign(), 0), s.rayPath(s.b.BestX, -d.Sign(), 0.1), s.rayPath(s.b.BestX, -d.Sign(), 0)} {
		if p == nil || !s.follows(p) {
			continue
		}
		if one := s.provePath(s.ctx, p); one.Status == NotAttained {
			b := s.infimumAlong(p, one, bound)
			b.Method = "rays"
			return b
		}
	}
	return nil
}

// faces are the parts of the region where a variable is 1 or -1 and the others are not
// larger.
func (s *session) faces() []division {
	pool := expr.NewPool()
	one, minus := pool.Int(1), pool.Int(-1)
	bound := func(i int) Bound {
		b := Bound{Lo: minus, Hi: one}
		if s.p.Bounds != nil {
			if own := s.p.Bounds[i]; isZero(own.Lo) {
				b.Lo, b.LoOpen = own.Lo, own.LoOpen
			}
			if own := s.p.Bounds[i]; isZero(own.Hi) {
				b.Hi, b.HiOpen = own.Hi, own.HiOpen
			}
		}
		return b
	}
	unbound := *s.p // the bounds of the faces are written below
	unbound.Bounds = nil
	whole := *s
	whole.p = &unbound
	var list []division
	for k, name := range s.p.Vars {
		for _, v := range []expr.Expr{one, minus} {
			if b := bound(k); v == one && b.Hi != one || v == minus && b.Lo != minus {
				continue
			}
			e := whole.withValue(expr.Expr{}, k, v, nil)
			e.rest.Bounds = nil
			for i := range s.p.Vars {
				if i != k {
					e.rest.Bounds = append(e.rest.Bounds, bound(i))
				}
			}
			list = append(list, division{e: e, text: name + " = " + format.Text(v)})
		}
	}
	return list
}

// isZero reports whether the end of a bound is 0.
func isZero(end expr.Expr) bool { return end.Valid() && simplify.Tidy(end).IsNum(0) }

// downRay is the answer that f falls without end along the ray through the best point, or
// towards the origin, or better along one that is simpler to write; nil where that is not
// proved.
func (s *session) downRay(d number.Number) *Answer {
	paths := s.plainRays(d.Sign())
	for _, tol := range []float64{0.1, 1e-2, 1e-4, 0} {
		if p := s.rayPath(s.b.BestX, d.Sign(), tol); p != nil {
			paths = append(paths, p)
		}
	}
	for _, p := range paths {
		if !p.moves() || !s.follows(p) {
			continue
		}
		x := make([]float64, s.m.N)
		p.at(x, 1)
		if v, ok := s.b.AtPoint(x); !ok || !(v.Hi < 0) {
			continue
		}
		if one := s.provePath(s.ctx, p); one.Status == Unbounded {
			a := s.unboundedAlong(p, one)
			a.Method, a.Proof = "rays", append([]string{s.raysText(d)}, a.Proof...)
			return a
		}
	}
	return nil
}

// follows reports whether the ray p is proved to stay in the region: a point of it does, and conditions hold on whole rays.
func (s *session) follows(p *path) bool {
	if !p.stays(s) {
		return false
	}
	if len(s.m.Cons) == 0 {
		return true
	}
	x, pool := make([]expr.Expr, s.m.N), expr.NewPool()
	for i, v := range p.s {
		x[i] = pool.Num(v)
	}
	_, ok := s.exactPoint(x)
	return ok
}

// plainRays are the curves x t or x/t, for the sign of k, where f is negative at x, whose
// coordinates are 0, 1 and -1, those with fewer of them that are not 0 first.
func (s *session) plainRays(k int) []*path {
	total := 1
	for range s.m.N {
		total *= 3
	}
	var list []*path
	x := make([]float64, s.m.N)
	for j := 1; j < total; j++ {
		p := &path{c: make([]number.Number, s.m.N), s: make([]number.Number, s.m.N), k: make([]number.Number, s.m.N)}
		for i, rest := 0, j; i < s.m.N; i, rest = i+1, rest/3 {
			p.s[i], p.k[i] = number.Int([...]int64{0, 1, -1}[rest%3]), number.Int(int64(k))
		}
		if p.at(x, 1); s.b.At(x) < 0 {
			list = append(list, p)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].weight() < list[j].weight() })
	return list[:min(len(list), 4)]
}

// rayPath is the curve x t or x/t, for the sign of k, where x is rational and nearly in the
// direction given: each coordinate with the relative error tol, 0 for none. It is nil where
// that fails.
func (s *session) rayPath(x []float64, k int, tol float64) *path {
	most := 0.0
	for _, v := range x {
		most = math.Max(most, math.Abs(v))
	}
	p := &path{c: make([]number.Number, s.m.N), s: make([]number.Number, s.m.N), k: make([]number.Number, s.m.N)}
	for i, v := range x {
		p.k[i] = number.Int(int64(k))
		a, b, ok := int64(0), int64(1), false
		if tol > 0 {
			a, b, ok = exact.Convergent(v/most, tol, int64(2/tol))
		}
		if p.s[i] = number.Frac(a, b); !ok {
			if p.s[i], ok = number.FromFloat(v / most); !ok {
				return nil
			}
		}
	}
	return p
}

// ray describes the ray from the origin through the point p.
func (s *session) ray(p Point) string {
	t := simplify.New()
	parts := make([]string, len(p.X))
	along := parameters(s.p.Vars, 1)[0]
	for i, name := range s.p.Vars {
		c := format.Number(p.X[i], 6)
		switch {
		case i < len(p.Exact) && p.Exact[i].Valid():
			c = format.Text(t.Mul(t.Tidy(p.Exact[i]), t.Var(along)))
		case c == "1" || c == "-1":
			c = strings.TrimSuffix(c, "1") + along
		case c != "0":
			c += " " + along
		}
		parts[i] = name + " = " + c
	}
	return strings.Join(parts, ", ") + " for " + along + " > 0"
}

// raysText says how f changes along rays, and what follows.
func (s *session) raysText(d number.Number) string {
	return s.scaling(d) + ", so that the values where one variable is 1 or -1 and the others are not larger decide"
}

// scaling says how f changes along rays.
func (s *session) scaling(d number.Number) string {
	along := parameters(s.p.Vars, 1)[0]
	scaled := make([]string, s.m.N)
	for i, name := range s.p.Vars {
		scaled[i] = along + " " + name
	}
	t := simplify.New()
	power := ""
	if d.Sign() != 0 {
		power = format.Text(t.Pow(t.Var(along), t.Num(d))) + " "
	}
	with := ""
	if len(s.m.Cons) > 0 {
		with = ", and the conditions hold at both points or at none"
	}
	return fmt.Sprintf("f(%s) = %sf(%s) for %s > 0%s", strings.Join(scaled, ", "), power, strings.Join(s.p.Vars, ", "), along, with)
}
