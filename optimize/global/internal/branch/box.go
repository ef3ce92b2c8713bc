package branch

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// examine narrows x in place and raises lb; keep is false when x holds no
// minimiser lower than, or as low as, the best point. at is set when f is convex
// on x and the bound is final.
func (s *Search) examine(x []interval.I, lb float64) (float64, bool, []float64) {
	for range 2 + s.N {
		if !s.Contract(x, s.Best.Hi, 4) {
			return lb, false, nil
		}
		s.MV.Interval(s.VOut, s.VDec, x)
		v := s.VOut[0]
		if s.VDec[0] == interval.None || v.IsEmpty() {
			return lb, false, nil
		}
		lb = math.Max(lb, v.Lo)
		if lb > s.Best.Hi {
			return lb, false, nil
		}
		for k, c := range s.Cons {
			g := s.VOut[k+1]
			if s.VDec[k+1] == interval.None || g.IsEmpty() || g.Lo > 0 || g.Lo == 0 && c.Strict || g.Hi < 0 && c.Equal {
				return lb, false, nil
			}
		}
		if at := s.supported(x, &lb); lb > s.Best.Hi || at != nil {
			return lb, lb <= s.Best.Hi, at
		}
		if s.relaxed != nil && model.Bounded(x) {
			keep, smaller := s.relax(x, &lb)
			if !keep {
				return lb, false, nil
			}
			if smaller {
				continue
			}
		}
		if s.squares != nil && model.Bounded(x) {
			smaller, keep := s.squares.examine(x, s.Best.Hi, s.BestX, &lb)
			if !keep {
				return lb, false, nil
			}
			if smaller {
				continue
			}
			if k := s.squares.bends(x); k >= 0 && s.relativeWidth(x[k]) > 0 {
				s.next = k
			}
		}
		if s.VDec[0] != interval.Continuous {
			s.centre(x, nil)
			if s.Convex && s.release(x) { // as across the borders of a case distinction
				_, keep, at := s.convex(x, nil, &lb)
				return lb, keep, at
			}
			return lb, true, nil
		}
		if len(s.Duals) > 0 {
			d := s.dualNear(x)
			if keep, final := s.byDual(d, x, &lb); !keep || final {
				return lb, keep, slices.Clone(d.c)
			}
		}
		again, keep, at := s.smooth(x, &lb)
		if !keep || at != nil {
			return lb, keep, at
		}
		if !again {
			break
		}
	}
	return lb, true, nil
}

// A Dual is a search on the Lagrangian with the multipliers of a local solution.
type Dual struct {
	At []float64   // the solution
	Y  []expr.Expr // of the constraints
	*Search
}

// dualNear is the one whose solution is nearest to the box x.
func (s *Search) dualNear(x []interval.I) Dual {
	best, least := s.Duals[0], math.Inf(1)
	for _, d := range s.Duals {
		sum := 0.0
		for i, v := range x {
			if v.IsBounded() {
				sum += math.Pow(d.At[i]-v.Mid(), 2)
			}
		}
		if sum < least {
			best, least = d, sum
		}
	}
	return best
}

// byDual raises lb by the minimum of the Lagrangian d on x, which is not larger
// than f where the constraints hold. final says that this closes the gap.
func (s *Search) byDual(d Dual, x []interval.I, lb *float64) (keep, final bool) {
	d.Best = s.Best
	box := slices.Clone(x)
	d.Model.Outer, d.Model.Inner = x, x
	v, keep, _ := d.examine(box, *lb)
	if !keep {
		return false, false
	}
	*lb = math.Max(*lb, v)
	return true, *lb >= s.Best.Hi-0.25*s.Gap()
}

// inflate makes wide the box x and a little more on all sides within the bounds.
// What is proved of wide is proved of a neighbourhood of each point of x.
func (s *Search) inflate(x []interval.I) {
	for i, v := range x {
		d := 1e-7 * v.Width()
		if !(d <= math.MaxFloat64) {
			d = 1e-7
		}
		d = math.Max(d, 1e-15*math.Max(1e-290, math.Min(v.Mag(), math.MaxFloat64)))
		s.wide[i] = interval.New(math.Max(v.Lo-d, s.Outer[i].Lo), math.Min(v.Hi+d, s.Outer[i].Hi))
	}
}

// interior reports whether wide[i] reaches past x[i] on both sides within the
// region, so that a minimiser in x is not held by a bound of variable i.
func (s *Search) interior(x []interval.I, i int) bool {
	return (x[i].Lo > s.Inner[i].Lo || math.IsInf(s.Inner[i].Lo, -1)) &&
		(x[i].Hi < s.Inner[i].Hi || math.IsInf(s.Inner[i].Hi, 1))
}

// smooth uses derivatives on the box x, on which f is continuous. again says that
// x has become smaller in a way that makes it worth starting over.
func (s *Search) smooth(x []interval.I, lb *float64) (again, keep bool, at []float64) {
	s.inflate(x)
	s.MS.Interval(s.SOut, s.SDec, s.wide)
	s.Count.Gradient++
	if s.SDec[0] != interval.Continuous {
		s.centre(x, nil)
		return false, true, nil
	}
	g := s.gb
	copy(g, s.SOut[1:])
	slopes, c1 := true, true // the gradient is known on wide; it is continuous there
	for i := range g {
		d := s.SDec[i+1]
		slopes = slopes && d >= interval.Defined && !g[i].IsEmpty()
		c1 = c1 && d == interval.Continuous
	}
	// That a box holds no minimiser says nothing of the infimum unless the box is
	// bounded: values may fall towards infinity.
	slack := slopes && model.Bounded(x) && s.slack()
	if slack {
		reduced, ok := s.monotone(x, g)
		if !ok {
			return false, false, nil
		}
		if reduced {
			return true, true, nil
		}
	}
	if slopes && c1 && !slack && model.Bounded(x) && s.noFritzJohn(x, g) {
		return false, false, nil
	}
	s.centre(x, g)
	if *lb > s.Best.Hi {
		return false, false, nil
	}
	if slopes && s.meanValue(x, g, lb) {
		return false, false, nil
	}
	if !c1 && s.Convex && s.release(x) {
		return s.convex(x, nil, lb)
	}
	if !c1 {
		return false, true, nil
	}
	if slack && s.stationary(x) {
		return false, false, nil
	}
	if s.Convex && s.release(x) {
		return s.convex(x, g, lb)
	}
	if s.Curve == nil {
		return false, true, nil
	}
	return s.curved(x, g, lb, slack)
}

// slack reports whether the constraints are proved to hold on all of wide, so
// that they do not hold a minimiser there.
func (s *Search) slack() bool {
	if len(s.Cons) == 0 {
		return true
	}
	s.MV.Interval(s.VOut, s.VDec, s.wide)
	for k, c := range s.Cons {
		g := s.VOut[k+1]
		if c.Equal || s.VDec[k+1] < interval.Defined || g.IsEmpty() || !(g.Hi < 0) {
			return false
		}
	}
	return true
}

// monotone drops x, or reduces it to a face of the region, along variables in
// which f rises or falls on all of wide.
func (s *Search) monotone(x, g []interval.I) (reduced, keep bool) {
	for i := range x {
		switch {
		case g[i].Lo > 0:
			if x[i].Lo > s.Inner[i].Lo {
				return false, false
			}
			if math.IsInf(x[i].Lo, -1) {
				continue
			}
			face := interval.I{Lo: x[i].Lo, Hi: math.Min(x[i].Hi, math.Max(s.Inner[i].Lo, x[i].Lo))}
			reduced = reduced || face != x[i]
			x[i] = face
		case g[i].Hi < 0:
			if x[i].Hi < s.Inner[i].Hi {
				return false, false
			}
			if math.IsInf(x[i].Hi, 1) {
				continue
			}
			face := interval.I{Lo: math.Max(x[i].Lo, math.Min(s.Inner[i].Hi, x[i].Hi)), Hi: x[i].Hi}
			reduced = reduced || face != x[i]
			x[i] = face
		}
	}
	return reduced, true
}

// centre chooses the point c of x at which the forms are developed and looks
// whether it is better than the best: for a gradient in g the point that makes the
// mean value form sharpest (Baumann, Optimal centered forms, BIT 28, 1988).
func (s *Search) centre(x, g []interval.I) {
	for i := range x {
		s.c[i] = x[i].Mid()
		if g == nil || !x[i].IsBounded() || g[i].IsEmpty() {
			continue
		}
		switch l, u := g[i].Lo, g[i].Hi; {
		case l >= 0:
			s.c[i] = x[i].Lo
		case u <= 0:
			s.c[i] = x[i].Hi
		case g[i].IsBounded():
			s.c[i] = model.ClipTo((u*x[i].Lo-l*x[i].Hi)/(u-l), x[i])
		}
	}
	if f := s.At(s.c); f < s.Best.Hi {
		if len(s.Cons) == 0 {
			s.Descend(s.c)
		}
		s.Try(s.c)
	}

}

// meanValue raises lb by f(c) + G(x - c) and reports whether that drops x.
func (s *Search) meanValue(x, g []interval.I, lb *float64) bool {
	v, ok := s.AtPoint(s.c)
	if !ok {
		return false
	}
	s.fc = v
	for i := range x {
		v = v.Add(g[i].Mul(x[i].Sub(interval.Point(s.c[i]))))
	}
	if v.Lo > *lb {
		*lb = v.Lo
	}
	return *lb > s.Best.Hi
}

// stationary narrows x by the vanishing of the partial derivatives in the
// variables that no bound holds, and reports whether nothing is left.
func (s *Search) stationary(x []interval.I) bool {
	some := false
	s.still[0] = interval.I{Lo: math.Inf(-1), Hi: s.Best.Hi}
	for i := range x {
		s.still[i+1] = interval.Empty
		if s.interior(x, i) {
			s.still[i+1] = interval.Point(0)
			some = true
		}
	}
	return some && !s.cs.contract(x, s.still, 2)
}

// curved uses second derivatives on the box x, on which the gradient is
// continuous.
func (s *Search) curved(x, g []interval.I, lb *float64, slack bool) (again, keep bool, at []float64) {
	s.MC.Interval(s.COut, s.CDec, s.wide)
	s.Count.Hessian++
	for i := range s.hess {
		clear(s.hess[i])
	}
	for k, e := range s.Model.Hess {
		h := s.COut[1+s.N+k]
		if s.CDec[1+s.N+k] < interval.Defined || h.IsEmpty() {
			return false, true, nil
		}
		s.hess[e.Row][e.Col], s.hess[e.Col][e.Row] = h, h
	}
	if slack {
		for i := range x {
			if s.hess[i][i].Hi < 0 && s.interior(x, i) {
				return false, false, nil // concave in variable i: no minimiser inside
			}
		}
	}
	// The second-order form.
	if !s.gradientAt(s.c) {
		return false, true, nil
	}
	v := s.fc
	half := interval.Point(0.5)
	for i := range x {
		d := x[i].Sub(interval.Point(s.c[i]))
		t := s.gc[i]
		q := s.hess[i][i].Mul(half)
		for j := range i {
			if s.hess[i][j] != (interval.I{}) {
				t = t.Add(s.hess[i][j].Mul(x[j].Sub(interval.Point(s.c[j]))))
			}
		}
		v = v.Add(parabola(q, t, d))
	}
	*lb = math.Max(*lb, v.Lo)
	if *lb > s.Best.Hi {
		return false, false, nil
	}
	if !s.release(x) || !model.PositiveDefinite(s.hess, s.free) {
		return false, true, nil
	}
	return s.convex(x, g, lb)
}

// release sets free to the variables that the box x does not hold; false where one is unbounded.
func (s *Search) release(x []interval.I) bool {
	s.free = s.free[:0]
	for i := range x {
		if x[i].Width() > 4e-16*math.Max(1e-290, x[i].Mag()) {
			s.free = append(s.free, i)
		}
	}
	return model.Bounded(x)
}

// parabola encloses q d² + t d from below: the vertex counts, not the two terms
// apart, where q is positive.
func parabola(q, t, d interval.I) interval.I {
	v := q.Mul(d.Sqr()).Add(t.Mul(d))
	if q.Lo > 0 {
		// q d² + t d ≥ -t²/(4q)
		w := t.Sqr().Div(q.Mul(interval.Point(4))).Neg()
		if w.Lo > v.Lo && w.Lo <= v.Hi {
			v.Lo = w.Lo
		}
	}
	return v
}

// gradientAt encloses f and its gradient at x in fc and gc.
func (s *Search) gradientAt(x []float64) bool {
	for i, c := range x {
		s.Point[i] = interval.Point(c)
	}
	s.MS.Interval(s.SOut, s.SDec, s.Point)
	ok := true
	for k, d := range s.SDec {
		ok = ok && d >= interval.Defined && !s.SOut[k].IsEmpty()
	}
	s.fc = s.SOut[0]
	copy(s.gc, s.SOut[1:])
	return ok
}

// convex bounds f on x, on which it is convex, by its tangent plane at its
// minimiser there. g encloses the gradient on x, and is nil where that may have jumps. At a
// kink the formula of the gradient gives a subgradient: the rules by which f is convex let
// kinks count as abs and max do, with one of the slopes beside them, or a mean of them.
func (s *Search) convex(x, g []interval.I, lb *float64) (again, keep bool, at []float64) {
	for range 2 {
		c := slices.Clone(s.c)
		s.w.polish(c, x, 60)
		s.Try(c)
		if !s.gradientAt(c) {
			return false, true, nil
		}
		v := s.fc
		k := 0
		for i := range x {
			slope := s.gc[i]
			if g != nil {
				slope = g[i]
			}
			if k < len(s.free) && s.free[k] == i {
				slope = s.gc[i]
				k++
			}
			v = v.Add(slope.Mul(x[i].Sub(interval.Point(c[i]))))
		}
		*lb = math.Max(*lb, v.Lo)
		if *lb > s.Best.Hi {
			return false, false, nil
		}
		if v.Lo >= s.Best.Hi-0.25*s.Gap() {
			return false, true, c
		}
		copy(s.c, c)
	}
	return false, true, nil
}
