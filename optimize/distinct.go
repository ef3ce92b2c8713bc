package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A Point is one of the distinct minimisers that Auto found.
type Point struct {
	X          []float64
	F          float64
	Grad       []float64
	Stationary Stationary // what second derivatives say, Undecided at kinks
	Status     Status     // how the search that ended here ended
	Reason     Reason
	Count      int // searches that ended here
}

// keep adds the end of a search to the distinct points.
func (a *auto) keep(res *Result) {
	p := Point{X: res.X, F: res.F, Grad: res.Grad, Status: res.Status, Reason: res.Reason, Count: 1}
	a.markUnbounded(&p)
	for i := range a.points {
		if a.same(&a.points[i], &p) {
			q := &a.points[i]
			level := p.F == q.F && flat(p.Grad) && flat(q.Grad)
			if level && floats.Distance(p.X, a.start, 2) < floats.Distance(q.X, a.start, 2) || !level && a.better(p.X, p.F, p.Grad, q) {
				p.Count += q.Count
				*q = p
			} else {
				q.Count++
			}
			return
		}
	}
	a.points = append(a.points, p)
}

// same reports whether two ends of searches are one minimiser: they nearly
// coincide, or they are close and f does not rise between them.
func (a *auto) same(p, q *Point) bool {
	if p.Status == Unbounded || q.Status == Unbounded {
		return false
	}
	size, d := 1.0, 0.0
	for i := range p.X {
		size = math.Max(size, math.Abs(p.X[i]))
		d = math.Max(d, math.Abs(p.X[i]-q.X[i]))
	}
	if a.bounds != nil {
		// In a small box, near is near beside the box.
		w := 0.0
		for _, b := range a.bounds {
			w = math.Max(w, b.Width())
		}
		size = math.Min(size, w)
	}
	if d <= 1e-8*size {
		return true
	}
	scale := math.Max(math.Abs(p.F), math.Abs(q.F))
	high := math.Max(p.F, q.F) + 1e-13*scale
	if d > 1e-2*size && math.Abs(p.F-q.F) > 1e-13*scale {
		return false
	}
	// Odd fractions, so that a periodic function does not show the same phase at all.
	m := make([]float64, a.n)
	for _, t := range [...]float64{0.47, 0.23, 0.71, 0.09, 0.91, 0.59, 0.37, 0.83} {
		for i := range m {
			m[i] = p.X[i] + t*(q.X[i]-p.X[i])
		}
		if !(a.value(m) <= high) {
			return false
		}
	}
	return true
}

// better reports whether f is lower at x than at p, or the same to the last few bits
// and the gradient smaller, so that x is nearer to the minimiser.
func (a *auto) better(x []float64, f float64, g []float64, p *Point) bool {
	if p.Grad == nil || g == nil || math.Abs(f-p.F) > 8*0x1p-52*math.Abs(f) {
		return f < p.F
	}
	gx, gp := projectedGradient(a.bounds, x, g), projectedGradient(a.bounds, p.X, p.Grad)
	if gx <= gp/4 {
		return true
	}
	return f < p.F && !(gp <= gx/4)
}

// flat reports whether the gradient g is known and zero. Of the points of a level
// stretch the one nearest to the start stands for all.
func flat(g []float64) bool {
	for _, v := range g {
		if v != 0 {
			return false
		}
	}
	return g != nil
}

// lowest returns the lowest point found so far, nil if there is none.
func (a *auto) lowest() *Point {
	var p *Point
	for i := range a.points {
		if q := &a.points[i]; p == nil || q.F < p.F {
			p = q
		}
	}
	return p
}
