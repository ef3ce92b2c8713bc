package interval

import "math"

// increasing encloses the image of x under a function that increases on the whole line; at encloses it at a point, an
// infinite one standing for large reals.
func increasing(x I, at func(float64) I) I {
	if x.improper() {
		return x.instead()
	}
	return I{at(x.Lo).Lo, at(x.Hi).Hi}
}

// increasingOn is increasing for a function from all of the real numbers that are between lo and hi onto the whole line,
// or, where hi is +Inf, for one that at encloses on the right.
func increasingOn(lo, hi float64, x I, at func(float64) I) I {
	switch {
	case x.improper():
		return x.instead()
	case x.Hi <= lo || x.Lo >= hi:
		return Empty
	}
	r := Whole
	if x.Lo > lo {
		r.Lo = at(x.Lo).Lo
	}
	if x.Hi < hi || hi > math.MaxFloat64 {
		r.Hi = at(x.Hi).Hi
	}
	return r
}

// vanishing encloses at 0, where its value is 0, and elsewhere by a claim of the table ulps a function that increases.
func vanishing(x float64, f func(float64) float64, n int) I {
	if x == 0 {
		return I{0, 0}
	}
	return around(f(x), n)
}
