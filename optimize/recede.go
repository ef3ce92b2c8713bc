package optimize

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// recedes reports whether f at p is a point on the way to infinity rather than a
// minimiser: p is far from the start, or has moved on while it was polished, and
// farther along either way f is nowhere higher.
func (a *auto) recedes(p *Point, from []float64) bool {
	y := make([]float64, a.n)
	for _, origin := range [...][]float64{a.start, from} {
		if p.Stationary.Kind == Minimum {
			break // not on one slope with what lies beyond
		}
		d := floats.Distance(p.X, origin, math.Inf(1))
		if d <= 10*size(a.start) && (&origin[0] == &a.start[0] || d <= 0.1*size(p.X)) {
			continue
		}
		lower, steps := true, 0
		for _, t := range [...]float64{1, 10, 100} {
			for i, v := range p.X {
				y[i] = v + t*(v-origin[i])
			}
			if a.bounds != nil && !inside(a.bounds, y) {
				break
			}
			steps++
			if f := a.value(y); !(f <= p.F) {
				lower = false
				break
			}
		}
		if lower && steps > 0 {
			return true
		}
	}
	// x²·sin x: ever deeper valleys, the farther the deeper.
	if floats.Distance(p.X, a.start, math.Inf(1)) > 10*size(a.start) {
		low := p.F - 1e-6*math.Abs(p.F)
		for k := 1; k <= 40; k++ {
			t := math.Mod(float64(k)*0.6180339887498949, 1) * 20
			for i, v := range p.X {
				y[i] = v + t*(v-a.start[i])
			}
			if a.inside(y) < low {
				return true
			}
		}
	}
	return false
}

// pursue looks far along the way from the start to p, to tell a function that falls
// without end from one that approaches a limit.
func (a *auto) pursue(p *Point) {
	y := make([]float64, a.n)
	for t := 1e5; t < 1e300 && !a.over(); t *= 1e5 {
		for i, v := range p.X {
			y[i] = v + t*(v-a.start[i])
		}
		if !finite(y) || a.bounds != nil && !inside(a.bounds, y) {
			return
		}
		f := a.value(y)
		if !(f < p.F) {
			return
		}
		p.X, p.F, p.Grad = slices.Clone(y), f, nil
		if a.markUnbounded(p); p.Status == Unbounded {
			return
		}
	}
}
