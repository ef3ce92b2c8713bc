// Package interval computes with closed intervals of float64, rounded outward.
//
// An interval stands for a set of real numbers, and every operation returns an interval that contains the
// image of that set: for all real a in A and b in B where a op b is defined, a op b lies in A op B. Nothing is
// lost to rounding, overflow or underflow. Where an argument leaves the natural domain of a function, the
// function is taken over the part of the argument inside the domain (the "loose" evaluation of IEEE 1788), and
// an argument wholly outside gives Empty; whether that has happened is said by the decoration Dec, which the
// table of functions computes beside the enclosure.
//
// The operations + - * / and the square root are rounded outward only where they are inexact, found by an
// error-free transformation (TwoSum, FMA residual), so that Point(2).Add(Point(2)) is the point 4. The
// elementary functions stand on package math, widened by the bound of the table ulps, which a test compares
// with package precise.
//
// Notation: a, b, x, y are intervals, lo and hi their ends; an ulp is one step on the grid of float64.
//
// Sources: R. E. Moore, R. B. Kearfott, M. J. Cloud, Introduction to Interval Analysis, SIAM 2009;
// IEEE Std 1788-2015; T. Hickey, Q. Ju, M. H. van Emden, Interval arithmetic: from principles to
// implementation, J. ACM 48 (2001); J.-M. Muller et al., Handbook of Floating-Point Arithmetic, 2nd ed. 2018.
package interval

import (
	"math"
	"strconv"
)

// An I is the set of real numbers x with Lo ≤ x ≤ Hi. Lo = -Inf and Hi = +Inf mean unbounded; infinities are
// not members, so that [0, +Inf] is {x : x ≥ 0}. The empty set is Empty, {+Inf, -Inf}, and nothing else. The
// zero value is the point 0. No operation of this package produces a NaN end.
type I struct{ Lo, Hi float64 }

var (
	// Whole is the set of all real numbers.
	Whole = I{math.Inf(-1), math.Inf(1)}
	// Empty is the set without members.
	Empty = I{math.Inf(1), math.Inf(-1)}
)

// Point returns the interval whose only member is x. An infinite x, the trace of an overflow, gives the
// interval from the largest float64 outward; a NaN, of which nothing is known, gives Whole.
func Point(x float64) I { return New(x, x) }

// New returns the interval from lo to hi: Empty when lo > hi, Whole when an end is NaN. lo = +Inf is read as
// the largest float64 and hi = -Inf as its negative, since infinities are not members.
func New(lo, hi float64) I {
	if lo != lo || hi != hi {
		return Whole
	}
	if lo > hi {
		return Empty
	}
	return I{min(lo, math.MaxFloat64), max(hi, -math.MaxFloat64)}
}

// IsEmpty reports whether a has no member. An interval with NaN ends, which only a caller can build, is not empty: arithmetic
// and functions read it as Whole, since nothing is known of it.
func (a I) IsEmpty() bool { return a.Lo > a.Hi }

// improper reports whether a is empty or has a NaN end.
func (a I) improper() bool { return !(a.Lo <= a.Hi) }

// instead is the result of functions for an improper a: Empty for Empty, Whole for a NaN end, of which nothing is known.
func (a I) instead() I {
	if a.IsEmpty() {
		return Empty
	}
	return Whole
}

// insteadWith is instead for two arguments, one of them improper.
func (a I) insteadWith(b I) I {
	if a.IsEmpty() || b.IsEmpty() {
		return Empty
	}
	return Whole
}

// IsPoint reports whether a has exactly one member.
func (a I) IsPoint() bool { return a.Lo == a.Hi }

// IsBounded reports whether both ends are finite, or a is empty.
func (a I) IsBounded() bool {
	return a.IsEmpty() || a.Lo >= -math.MaxFloat64 && a.Hi <= math.MaxFloat64
}

// Has reports whether the real number x is a member of a; infinities and NaN are members of no interval.
func (a I) Has(x float64) bool { return a.Lo <= x && x <= a.Hi && math.Abs(x) <= math.MaxFloat64 }

// Mid returns a member near the middle: 0 for Whole, ±MaxFloat64 for a half-line, NaN for Empty.
func (a I) Mid() float64 {
	switch {
	case a.IsEmpty():
		return math.NaN()
	case a.Lo < -math.MaxFloat64:
		if a.Hi > math.MaxFloat64 {
			return 0
		}
		return -math.MaxFloat64
	case a.Hi > math.MaxFloat64:
		return math.MaxFloat64
	}
	m := 0.5 * (a.Lo + a.Hi)
	if math.Abs(m) > math.MaxFloat64 {
		m = 0.5*a.Lo + 0.5*a.Hi
	}
	// Halving a subnormal sum can round out of the interval by nothing more than to an end; clamp all the same.
	return min(max(m, a.Lo), a.Hi)
}

// Width returns Hi - Lo rounded up: 0 for a point, +Inf for an unbounded interval, NaN for Empty.
func (a I) Width() float64 {
	if a.IsEmpty() {
		return math.NaN()
	}
	return addUp(a.Hi, -a.Lo)
}

// Rad returns a number r such that a lies within r of a.Mid(), NaN for Empty.
func (a I) Rad() float64 {
	if a.IsEmpty() {
		return math.NaN()
	}
	d := a.Sub(Point(a.Mid()))
	return max(-d.Lo, d.Hi)
}

// Mag returns the largest |x| over a, its magnitude; NaN for Empty.
func (a I) Mag() float64 {
	if a.IsEmpty() {
		return math.NaN()
	}
	return max(math.Abs(a.Lo), math.Abs(a.Hi))
}

// Mig returns the smallest |x| over a, its mignitude; NaN for Empty.
func (a I) Mig() float64 {
	switch {
	case a.IsEmpty():
		return math.NaN()
	case a.Lo > 0:
		return a.Lo
	case a.Hi < 0:
		return -a.Hi
	}
	return 0
}

// Hull returns the smallest interval that contains a and b.
func (a I) Hull(b I) I { return I{min(a.Lo, b.Lo), max(a.Hi, b.Hi)} }

// Meet returns the intersection of a and b.
func (a I) Meet(b I) I {
	r := I{max(a.Lo, b.Lo), min(a.Hi, b.Hi)}
	if r.Lo > r.Hi {
		return Empty
	}
	return r
}

// In reports whether a is a subset of b.
func (a I) In(b I) bool { return a.IsEmpty() || b.Lo <= a.Lo && a.Hi <= b.Hi }

// Interior reports whether a is a subset of the interior of b, the test by which an interval Newton step
// proves existence. The interior of a half-line leaves out its end, and the interior of Whole is Whole.
func (a I) Interior(b I) bool {
	if a.IsEmpty() {
		return true
	}
	return (b.Lo < a.Lo || b.Lo < -math.MaxFloat64) && (a.Hi < b.Hi || b.Hi > math.MaxFloat64)
}

// Disjoint reports whether a and b have no common member.
func (a I) Disjoint(b I) bool {
	return a.Lo > b.Hi || b.Lo > a.Hi || a.IsEmpty() || b.IsEmpty()
}

// String prints "[lo, hi]" with the shortest digits that read back, "empty" for Empty.
func (a I) String() string {
	if a.IsEmpty() {
		return "empty"
	}
	b := append(make([]byte, 0, 48), '[')
	b = strconv.AppendFloat(b, a.Lo+0, 'g', -1, 64) // + 0 prints the end -0 as 0
	b = append(b, ", "...)
	b = strconv.AppendFloat(b, a.Hi+0, 'g', -1, 64)
	return string(append(b, ']'))
}
