package optimize

import "math"

// directLimit is the number of variables up to which direct search is of use.
const directLimit = 50

// rough reports whether the search that gave res seems to have met a kink, a jump or
// an edge: it ended, but not where the gradient is small or rounding hides the rest.
func (a *auto) rough(res *Result) bool {
	if a.opt.Kinks {
		return true
	}
	return res.Status == NoProgress || res.Status == LeftDomain || res.Status == GradientUndefined
}

// direct goes on from res by direct search and smooth steps in turn, as long as that
// helps.
func (a *auto) direct(res *Result, thorough bool) *Result {
	if a.n > directLimit {
		return res
	}
	most, rounds := 100*a.n, 1
	if thorough {
		most, rounds = 4000*a.n, 6
	}
	radius := 1e-2
	finished := math.Inf(1) // value at which a direct search came to its end
	for i := 0; i < rounds && !a.over(); i++ {
		before := res.F
		next := a.run(Pattern{Radius: radius, Tolerance: 1e-13}, res.X, Stop{}, most)
		a.work += next.Evaluations.Func
		if next.Status == Unbounded {
			return next
		}
		if next.Status == Converged {
			finished = next.F
		}
		if next.F > res.F || next.F == res.F && res.Status == Converged {
			break
		}
		res = next
		again := a.run(a.smooth(), res.X, Stop{Grad: a.grad, Relative: true, Iterations: 500}, 1000)
		if again.Status == Unbounded {
			return again
		}
		if again.F < res.F {
			res = again
			if !a.rough(res) {
				break
			}
		}
		if before-res.F <= 1e-12*math.Abs(before) {
			break
		}
		radius /= 4
	}
	if res.Status == NoProgress && finished-res.F <= 1e-9*math.Max(1, math.Abs(res.F)) {
		res.Status, res.Reason = Converged, MethodFinished
	}
	return res
}

// directly polishes p by direct search from res.
func (a *auto) directly(p *Point, res *Result) {
	end := a.direct(res, true)
	a.take(p, end)
	if p.Status == NoProgress && end.Status == Converged && end.F-p.F <= 1e-9*math.Max(1, math.Abs(p.F)) {
		p.Status, p.Reason = end.Status, end.Reason
	}
}

// kinked reports whether f has a kink at p along some variable.
func (a *auto) kinked(p *Point) bool {
	d, y := make([]float64, a.n), make([]float64, a.n)
	for i := range d {
		fill(d, 0)
		d[i] = 1
		if kinked(a.inside, p.X, d, y, p.F) {
			return true
		}
	}
	return false
}

// around looks for a lower value near p along the variables, where second derivatives
// do not tell: 0 is no minimum of x³.
func (a *auto) around(p *Point) []float64 {
	low := p.F - 1e-12*math.Abs(p.F)
	var found []float64
	y := make([]float64, a.n)
	for t := 1e-2; t > 1e-7; t /= 10 {
		for i, v := range p.X {
			for _, d := range [...]float64{t, -t} {
				copy(y, p.X)
				y[i] += d * math.Max(1, math.Abs(v))
				if f := a.inside(y); f < low {
					low = f
					found = append(found[:0], y...)
				}
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}
