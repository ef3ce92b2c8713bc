package verify

import (
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check that bounds a convex formula by tangents.

// A support is an affine function that is nowhere above f on a box.
type support struct {
	box, slope []interval.I
	at         []float64
	value      interval.I // at that point
}

// addSupport makes a support of the mean of tangents in a box on which f is proved to be convex.
func (v *verifier) addSupport(c certificate.Support) {
	n := len(v.region)
	if len(c.Box) != n || len(c.Tangents) == 0 {
		return
	}
	u := &support{slope: make([]interval.I, n), at: c.Tangents[0].At}
	for i, e := range c.Box {
		lo, hi := float64(e[0]), float64(e[1])
		if !(lo <= hi) {
			return
		}
		u.box = append(u.box, interval.New(lo, hi).Meet(v.region[i]))
		if u.box[i].IsEmpty() {
			return
		}
	}
	if !v.alone(u.box, v.isConvex) {
		v.miss("that the formula is convex in a box")
		return
	}
	total := interval.Point(0)
	for _, t := range c.Tangents {
		if !(t.Weight > 0) || math.IsInf(t.Weight, 1) || len(t.At) != n {
			return
		}
		value, slope, ok := v.tangentAt(u.box, t.At)
		if !ok {
			v.miss("that the formula is smooth round a point of a tangent")
			return
		}
		w := interval.Point(t.Weight)
		total = total.Add(w)
		for i, g := range slope {
			value = value.Add(g.Mul(interval.Point(u.at[i]).Sub(interval.Point(t.At[i]))))
			u.slope[i] = u.slope[i].Add(w.Mul(g))
		}
		u.value = u.value.Add(w.Mul(value))
	}
	u.value = u.value.Div(total)
	for i := range u.slope {
		u.slope[i] = u.slope[i].Div(total)
	}
	v.supports = append(v.supports, u)
	v.yes("the formula is convex in a box, and not below the mean of %d tangents there", len(c.Tangents))
}

// tangentAt encloses f and its gradient at a point of the box round which f is proved to be smooth in it.
func (v *verifier) tangentAt(box []interval.I, at []float64) (value interval.I, slope []interval.I, ok bool) {
	n := len(at)
	point, round := make([]interval.I, n), make([]interval.I, n)
	for i, c := range at {
		if !box[i].Has(c) {
			return value, nil, false
		}
		d := 1e-13 * math.Max(1, math.Abs(c))
		point[i], round[i] = interval.Point(c), interval.New(c-d, c+d).Meet(box[i])
	}
	v.eval(v.fm, v.prog, round)
	if slices.ContainsFunc(v.dec[:n+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
		return value, nil, false
	}
	v.eval(v.fm, v.prog, point)
	return v.out[0], slices.Clone(v.out[1 : n+1]), true
}

// supported reports whether a support shows that nothing in the box is below the claim.
func (v *verifier) supported(x []interval.I) bool {
	return slices.ContainsFunc(v.supports, func(u *support) bool {
		if !within(x, u.box) {
			return false
		}
		low := u.value
		for i, b := range x {
			low = low.Add(u.slope[i].Mul(b.Sub(interval.Point(u.at[i]))))
		}
		return low.Lo >= v.least
	})
}

// aboveTangent reports whether the tangent at the middle of the box, or at the point of it nearest to that of the certificate, shows
// that f, which is convex, is not below the claim.
func (v *verifier) aboveTangent(x []interval.I) bool {
	at := [][]float64{make([]float64, len(x)), slices.Clone(v.c.Point)}
	for i, b := range x {
		if !b.IsBounded() {
			return false
		}
		if at[0][i] = b.Mid(); len(v.c.Point) == len(x) {
			at[1][i] = nearest(v.c.Point[i], b)
		}
	}
	return slices.ContainsFunc(at, func(at []float64) bool {
		if len(at) != len(x) {
			return false
		}
		low, slope, ok := v.tangentAt(x, at)
		for i := range slope {
			low = low.Add(slope[i].Mul(x[i].Sub(interval.Point(at[i]))))
		}
		return ok && low.Lo >= v.least
	})
}

// convexOn reports whether f is known to be convex, by rules that make it continuous where it is defined, on the box.
func (v *verifier) convexOn(x []interval.I) bool {
	return v.bent || slices.ContainsFunc(v.supports, func(u *support) bool { return within(x, u.box) })
}
