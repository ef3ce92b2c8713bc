package branch

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// Attained reports whether the minimum is proved to be attained: at the best
// point, because f has few values, or because what is left of the region is closed and bounded.
func (b *Search) Attained(lb float64) bool {
	if b.Best.Hi <= lb || b.hasFewValues() {
		return true
	}
	todo, most := b.left(), 400
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !model.Bounded(x) {
			return false
		}
		if b.ClosedIn(x) {
			continue
		}
		b.MV.Interval(b.VOut, b.VDec, x)
		if v := b.VOut[0]; v.IsEmpty() || v.Lo > b.Best.Hi {
			continue
		}
		// Beside an edge that is left out, f may be higher.
		if most--; most < 0 {
			return false
		}
		k := 0
		for i := range x {
			if x[i].Width() > x[k].Width() {
				k = i
			}
		}
		y, m := slices.Clone(x), x[k].Mid()
		z := slices.Clone(x)
		y[k].Hi, z[k].Lo = m, m
		todo = append(todo, y, z)
	}
	return true
}

// left are the boxes that may hold a point as low as the best one.
func (b *Search) left() (boxes [][]interval.I) {
	for _, list := range [][]*Region{b.Closed, b.Open} {
		for _, r := range list {
			if r.LB <= b.Best.Hi {
				boxes = append(boxes, r.X)
			}
		}
	}
	return boxes
}

// ClosedIn reports whether the part of the region in the closed box x is proved to be closed,
// and f to be continuous there: no end and no inequality is left out, and f and the constraints are
// continuous where they are defined, on closed sets. A constraint with a hole or a jump, as x/y >= 0 and x != 0 have, may leave out
// the best point and no other.
func (b *Search) ClosedIn(x []interval.I) bool {
	for _, c := range b.Cons {
		if c.Strict {
			return false
		}
	}
	for i, x := range x {
		if b.LoOpen[i] && x.Lo <= b.Inner[i].Lo || b.HiOpen[i] && x.Hi >= b.Inner[i].Hi {
			return false
		}
	}
	b.MV.Interval(b.VOut, b.VDec, x)
	convex := b.VDec[0] >= interval.Defined && b.isConvexOn(x)
	b.MV.Closed(b.VOut, b.VDec, x)
	if convex {
		b.VDec[0] = interval.Continuous // as the rules say by which it is convex
	}
	return interval.AllContinuous(b.VDec)
}

// isConvexOn reports whether f is known to be convex, and continuous where it is defined, on the box x.
func (b *Search) isConvexOn(x []interval.I) bool {
	return b.Convex || slices.ContainsFunc(b.Supports, func(u *Support) bool { return !math.IsInf(u.over(x), -1) })
}

// OnEdge reports whether no point of the region is a minimiser: in what is left of it f
// falls along a variable, and only ends and inequalities that do not belong to the
// region could stop that.
func (b *Search) OnEdge() bool {
	return !slices.ContainsFunc(b.left(), func(x []interval.I) bool { return !b.fallsInside(x) })
}

// fallsInside reports whether from every point of the region in the box x f, which is smooth
// there, falls along a variable without leaving the region at once.
func (b *Search) fallsInside(x []interval.I) bool {
	b.inflate(x)
	b.MV.Interval(b.VOut, b.VDec, b.wide)
	for k, c := range b.Cons {
		if c.Strict {
			if b.VDec[k+1] < interval.Continuous {
				return false
			}
			continue
		}
		if g := b.VOut[k+1]; c.Equal || b.VDec[k+1] < interval.Defined || !(g.Hi < 0) {
			return false
		}
	}
	b.MS.Interval(b.SOut, b.SDec, b.wide)
	if b.SDec[0] < interval.Continuous { // the formula of a derivative does not show jumps
		return false
	}
	for i := range x {
		g := b.SOut[i+1]
		if b.SDec[i+1] < interval.Continuous || g.IsEmpty() {
			continue
		}
		down := g.Lo > 0 && (b.LoOpen[i] || x[i].Lo > b.Inner[i].Lo)
		up := g.Hi < 0 && (b.HiOpen[i] || x[i].Hi < b.Inner[i].Hi)
		if down || up {
			return true
		}
	}
	return false
}

// Refine halves what the search has left until it is small: bounds that close the gap say nothing
// of where in a box the minimisers are.
func (b *Search) Refine() {
	const small, boxes = 1e-3, 2000
	limit := b.Count.Boxes + boxes
	for again := true; again && b.Count.Boxes < limit; {
		again = false
		left := append(slices.Clone(b.Closed), b.Open...)
		b.Closed, b.Open = nil, nil
		for _, r := range left {
			wide := slices.ContainsFunc(r.X, func(x interval.I) bool { return !(x.Width() <= small*math.Max(1, x.Mag())) })
			switch {
			case r.LB > b.Best.Hi:
			case wide && b.Count.Boxes < limit:
				r.At, again = nil, true
				b.Split(r)
			default:
				b.Closed = append(b.Closed, r)
			}
		}
	}
}

// maxClusters is the number of minimisers up to which all are looked for.
const maxClusters = 32

// Pinned reports whether the point x, which is as low as the best one, says where the minimisers next to it
// are: what Refine leaves round it is small.
func (b *Search) Pinned(x []float64) bool {
	const small = 1e-2
	return slices.ContainsFunc(b.Clusters(), func(box []interval.I) bool {
		for i, v := range box {
			if room := small * math.Max(1, math.Abs(x[i])); !(x[i]-room <= v.Lo && v.Hi <= x[i]+room) {
				return false
			}
		}
		return true
	})
}

// Clusters returns boxes that cover all points at which f may be as low as at the best one:
// hulls of the boxes that are left, of those that are near each other. It is nil where
// there are too many.
func (b *Search) Clusters() [][]interval.I {
	var hulls [][]interval.I
	touches := func(x, y []interval.I) bool {
		for i := range x {
			room := 1e-3 * math.Max(1, x[i].Mag())
			if x[i].Lo-y[i].Hi > room || y[i].Lo-x[i].Hi > room {
				return false
			}
		}
		return true
	}
	for _, r := range append(slices.Clone(b.Closed), b.Open...) {
		if r.LB > b.Best.Hi {
			continue
		}
		x := slices.Clone(r.X)
		rest := hulls[:0]
		for _, h := range hulls {
			if !touches(h, x) {
				rest = append(rest, h)
				continue
			}
			for i := range x {
				x[i] = x[i].Hull(h[i])
			}
		}
		if hulls = append(rest, x); len(hulls) > 8*maxClusters {
			return nil
		}
	}
	if len(hulls) > maxClusters {
		return nil
	}
	slices.SortFunc(hulls, func(x, y []interval.I) int {
		for i := range x {
			if x[i].Lo != y[i].Lo {
				if x[i].Lo < y[i].Lo {
					return -1
				}
				return 1
			}
		}
		return 0
	})
	return hulls
}

// PopSplit splits the box with the lowest bound.
func (b *Search) PopSplit() {
	b.Split(b.Pop())
}

// SingleOver reports whether f is proved, on the smallest box that contains x and
// y, to rise from the bounds that hold variables and to be strictly convex in the
// others.
func (b *Search) SingleOver(x, y []interval.I, side []int) bool {
	if b.Curve == nil {
		return false
	}
	hull := make([]interval.I, b.N)
	for i := range hull {
		hull[i] = x[i].Hull(y[i])
	}
	b.MC.Interval(b.COut, b.CDec, hull)
	for k, d := range b.CDec {
		if d < interval.Defined || k <= b.N && d < interval.Continuous || b.COut[k].IsEmpty() {
			return false
		}
	}
	for i := range b.hess {
		clear(b.hess[i])
	}
	for k, e := range b.Model.Hess {
		b.hess[e.Row][e.Col], b.hess[e.Col][e.Row] = b.COut[1+b.N+k], b.COut[1+b.N+k]
	}
	free := make([]int, 0, b.N)
	for i, s := range side {
		switch g := b.COut[1+i]; {
		case s == 0:
			free = append(free, i)
		case s < 0 && !(g.Lo > 0), s > 0 && !(g.Hi < 0):
			return false
		}
	}
	return model.PositiveDefinite(b.hess, free)
}
