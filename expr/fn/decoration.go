package fn

import (
	"math"

	"nabla/expr/interval"
)

// The functions of this file make the column Dec. Each holds for the restriction of the function to the box: a
// function that jumps only at an end of the box, and is flat on the rest including that end, is continuous on it.

var inf = math.Inf(1)

// ends says whether the ends of a domain belong to it: "[" and "]" do, "(" and ")" do not.
type ends string

// on decorates a function that is continuous on its domain, the interval from lo to hi.
func on(kind ends, lo, hi float64) func([]interval.I) interval.Dec {
	return func(x []interval.I) interval.Dec { return within(kind, lo, hi, x[0]) }
}

func within(kind ends, lo, hi float64, x interval.I) interval.Dec {
	below, above := x.Lo < lo, x.Hi > hi
	outside := x.Hi < lo || x.Lo > hi
	if kind[0] == '(' {
		below, outside = x.Lo <= lo, outside || x.Hi <= lo
	}
	if kind[1] == ')' && hi < inf {
		above, outside = x.Hi >= hi, outside || x.Lo >= hi
	}
	switch {
	case outside:
		return interval.None
	case below || above:
		return interval.Partial
	}
	return interval.Continuous
}

// offZero decorates a function that is continuous but at 0, where it is not defined.
func offZero(x []interval.I) interval.Dec { return nonzero(x[0]) }

// nonzero is the decoration of 1/x.
func nonzero(x interval.I) interval.Dec {
	switch {
	case x.Lo > 0 || x.Hi < 0:
		return interval.Continuous
	case x.Lo == 0 && x.Hi == 0:
		return interval.None
	}
	return interval.Partial
}

// offRoots decorates a function that is continuous but at the zeros of f, where it is not defined.
func offRoots(f func(interval.I) interval.I) func([]interval.I) interval.Dec {
	return func(x []interval.I) interval.Dec { return nonzero(f(x[0])) }
}

// beyondOne decorates a function that is continuous where |x| > 1, and at ±1 too if closed.
func beyondOne(closed bool) func([]interval.I) interval.Dec {
	return func(x []interval.I) interval.Dec {
		m, n := x[0].Mag(), x[0].Mig()
		switch {
		case n > 1 || closed && n == 1:
			return interval.Continuous
		case m < 1 || m == 1 && !closed:
			return interval.None
		}
		return interval.Partial
	}
}

// steps decorates a function that never decreases, is defined everywhere and is flat between its jumps: it is
// continuous on a box exactly when it is constant there.
func steps(f func(float64) float64) func([]interval.I) interval.Dec {
	return func(x []interval.I) interval.Dec {
		if x[0].Lo == x[0].Hi || f(x[0].Lo) == f(x[0].Hi) {
			return interval.Continuous
		}
		return interval.Defined
	}
}

// offPoles decorates a function that is continuous but at 0, -1, -2, …, where it is not defined.
func offPoles(x []interval.I) interval.Dec { return poles(x[0]) }

func poles(x interval.I) interval.Dec {
	switch {
	case x.Lo > 0:
		return interval.Continuous
	case x.Lo == x.Hi && x.Lo == math.Floor(x.Lo):
		return interval.None
	case math.Ceil(x.Lo) <= x.Hi:
		return interval.Partial
	}
	return interval.Continuous
}

// decRoot: x^(1/n) is continuous together in both arguments where x > 0, n ≠ 0 and where x ≥ 0, n > 0; for x < 0 only
// odd integers n are in the domain, and neighbouring n are not, so that nothing but a fixed n can be continuous.
func decRoot(x []interval.I) interval.Dec {
	x0, n := x[0], x[1]
	if n.IsPoint() {
		switch {
		case n.Lo == 0:
			return interval.None
		case math.Abs(math.Mod(n.Lo, 2)) == 1:
			if n.Lo > 0 {
				return interval.Continuous
			}
			return nonzero(x0)
		case n.Lo > 0:
			return within("[)", 0, inf, x0)
		}
		return within("()", 0, inf, x0)
	}
	if n.Has(0) || x0.Lo < 0 || x0.Lo == 0 && n.Lo < 0 {
		return interval.Partial
	}
	return interval.Continuous
}

// decLogBase: log(x)/log(b) is defined where x > 0, b > 0 and b ≠ 1.
func decLogBase(x []interval.I) interval.Dec {
	d := min(within("()", 0, inf, x[0]), within("()", 0, inf, x[1]))
	switch {
	case d == interval.None || x[1].Lo == 1 && x[1].Hi == 1:
		return interval.None
	case x[1].Has(1):
		return interval.Partial
	}
	return d
}

// decAtan2: the angle is not defined at the origin, and jumps where a point crosses the negative x axis from below;
// seen from above the axis it is continuous.
func decAtan2(v []interval.I) interval.Dec {
	y, x := v[0], v[1]
	if x.Has(0) && y.Has(0) {
		if x.IsPoint() && y.IsPoint() {
			return interval.None
		}
		return interval.Partial
	}
	if x.Lo < 0 && y.Lo < 0 && y.Hi >= 0 {
		return interval.Defined
	}
	return interval.Continuous
}

// decMod: a - b floor(a/b) jumps where a/b passes an integer.
func decMod(x []interval.I) interval.Dec {
	a, b := x[0], x[1]
	if d := nonzero(b); d != interval.Continuous {
		return d
	}
	if a.IsPoint() && b.IsPoint() {
		return interval.Continuous
	}
	if _, one := samePeriod(a, b); one {
		return interval.Continuous
	}
	return interval.Defined
}

// decBeta: 1/Γ(a+b) has no poles, so only those of Γ(a) and Γ(b) count.
func decBeta(x []interval.I) interval.Dec { return min(poles(x[0]), poles(x[1])) }

// decPolygamma: the order must be one whole number.
func decPolygamma(x []interval.I) interval.Dec {
	n := x[0]
	switch {
	case n.IsPoint() && n.Lo >= 0 && n.Lo == math.Floor(n.Lo):
		return poles(x[1])
	case math.Ceil(max(n.Lo, 0)) > n.Hi:
		return interval.None
	case poles(x[1]) == interval.None:
		return interval.None
	}
	return interval.Partial
}

// nowhere is the decoration of inf, which is not a real number. It claims nothing.
func nowhere([]interval.I) interval.Dec { return interval.Partial }
