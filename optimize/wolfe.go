package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A lineSearch looks along x + t·d for a step that satisfies the weak Wolfe
// conditions
//
//	f(y) ≤ f(x) + c₁·t·s   and   ∇f(y)ᵀd ≥ c₂·s,   s = ∇f(x)ᵀd < 0
//
// by bracketing with safeguarded cubic interpolation. The weak conditions keep
// sᵀy > 0, which is all that quasi-Newton updates ask for, and a bracketing search
// for them also ends at kinks (Lewis and Overton 2013). A point where f or its
// gradient is undefined counts as too far.
//
// Where f changes by less than its rounding errors the first condition is replaced
// by its derivative form ∇f(y)ᵀd ≤ (2c₁ - 1)·s (Hager and Zhang 2005), so that a
// gradient can become small to the last bits.
type lineSearch struct {
	c1, c2 float64
	most   int // evaluations
}

var quasiNewtonSearch = lineSearch{c1: 1e-4, c2: 0.9, most: 60}

// run searches from x, where f has the value f0 and the slope s along d, beginning
// with t and going no farther than tmax. It leaves the point and its gradient in y
// and g. ok is false when there is no such step; then y and g are of no use.
func (l *lineSearch) run(r *Run, x, d []float64, f0, s, t, tmax float64, y, g []float64) (step, f float64, ok bool) {
	if !(s < 0) || math.IsInf(s, -1) {
		return 0, f0, false
	}
	rounding := 16 * 0x1p-52 * math.Abs(f0)
	t = math.Min(t, tmax)
	lo, flo, slo := 0.0, f0, s
	hi, fhi, shi := math.Inf(1), math.Inf(1), math.NaN()
	at := 0.0 // the step whose point is in y
	for i := 0; i < l.most && t > lo && t < hi; i++ {
		floats.AddScaledTo(y, x, t, d)
		r.Project(y)
		if floats.Equal(x, y) {
			break
		}
		f = r.FuncGrad(y, g)
		at = t
		if r.Over() {
			return t, f, false
		}
		slope := floats.Dot(g, d)
		switch {
		case math.IsInf(f, 1) || slope != slope || math.IsInf(slope, 0):
			hi, fhi, shi = t, math.Inf(1), math.NaN()
			t = lo + (hi-lo)/4
			continue
		case f <= f0+l.c1*t*s || f <= f0+rounding && slope <= (2*l.c1-1)*s:
			if slope >= l.c2*s || t >= tmax {
				return t, f, true
			}
			if math.IsInf(hi, 1) {
				// Still falling steeply: go on to where a cubic through the last two
				// points has its minimum, at least twice and at most ten times as far.
				next := cubicMinimum(lo, flo, slo, t, f, slope)
				if !(next >= 2*t) {
					next = 2 * t
				}
				lo, flo, slo = t, f, slope
				t = math.Min(math.Min(next, 10*t), tmax)
				continue
			}
			lo, flo, slo = t, f, slope
		default:
			hi, fhi, shi = t, f, slope
		}
		next := cubicMinimum(lo, flo, slo, hi, fhi, shi)
		width := hi - lo
		if !(next > lo+0.05*width && next < hi-0.05*width) || i%6 == 5 {
			next = lo + width/2 // every sixth step bisects, so that the width goes to zero
		}
		t = next
	}
	if lo == 0 {
		return 0, f0, false
	}
	// No step satisfies both conditions in floats; the best one that descends will do.
	if at != lo {
		floats.AddScaledTo(y, x, lo, d)
		r.Project(y)
		flo = r.FuncGrad(y, g)
	}
	return lo, flo, flo <= f0 && finite(g)
}

// cubicMinimum returns the minimiser of the cubic with values fa, fb and slopes
// sa, sb at a and b (Nocedal and Wright, equation 3.59), of the parabola without sb
// if that is not known, or NaN.
func cubicMinimum(a, fa, sa, b, fb, sb float64) float64 {
	w := b - a
	if sb != sb {
		return a - sa*w*w/(2*(fb-fa-sa*w))
	}
	d1 := sa + sb - 3*(fb-fa)/w
	d2 := math.Sqrt(d1*d1 - sa*sb)
	return b - w*(sb+d2-d1)/(sb-sa+2*d2)
}
