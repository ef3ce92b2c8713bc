package optimize

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/floats"
)

// polish brings the best points to the last bits and says of each what it is.
func (a *auto) polish() {
	if len(a.points) == 0 {
		return
	}
	sort.SliceStable(a.points, func(i, j int) bool { return a.points[i].F < a.points[j].F })
	a.polishing = true // a search that has met no bottom still tells of the minima beside
	const most = 100
	if len(a.points) > most {
		a.points = a.points[:most]
	}
	rough := a.points
	a.points = nil
	for i := range rough {
		p := &rough[i]
		if i < 30 && p.Status != Unbounded && !a.over() {
			a.finish(p, i < 5 || a.work < 2*workBudget)
		}
		res := &Result{X: p.X, F: p.F, Grad: p.Grad, Status: p.Status, Reason: p.Reason}
		before := len(a.points)
		a.keep(res)
		if len(a.points) > before {
			q := &a.points[before]
			q.Stationary, q.Count = p.Stationary, p.Count
		} else {
			for j := range a.points {
				if a.points[j].F == p.F && floats.Equal(a.points[j].X, p.X) {
					a.points[j].Stationary = p.Stationary
				}
			}
		}
	}
	sort.SliceStable(a.points, func(i, j int) bool { return a.points[i].F < a.points[j].F })
}

// finish polishes one point: Newton steps until rounding stops them, which also
// tells a minimum from a slope that flattens for ever; a step off along negative curvature if
// there is any; a direct search where the gradient stays large.
func (a *auto) finish(p *Point, thorough bool) {
	if a.n > newtonLimit {
		res := a.run(LBFGSB{Memory: 20}, p.X, Stop{Iterations: 2000}, 4000)
		a.take(p, res)
		return
	}
	from := slices.Clone(p.X)
	limited := false
	for round := 0; round < 3 && !a.over(); round++ {
		res := a.run(Newton{}, p.X, Stop{Iterations: 100}, 400)
		limited = res.Status.Limit()
		a.take(p, res)
		if p.Status == Unbounded {
			return
		}
		if thorough && (a.rough(res) || p.Status == NoProgress) && (p.Status != Converged || p.Reason != MethodFinished) {
			a.directly(p, res)
			if p.Status == Unbounded {
				return
			}
		}
		var more Evaluations
		p.Stationary, more = classify(a.o, p.X, a.bounds, a.opt.Domain)
		a.count.add(more)
		next := p.Stationary.Leave
		if next == nil && p.Stationary.Kind == Undecided {
			next = a.around(p)
		}
		if next == nil || p.Stationary.Kind == Minimum {
			break
		}
		p.X = next
		p.F = a.value(p.X)
		p.Grad = nil
	}
	if a.recedes(p, from) {
		p.Status, p.Reason = Receding, NoReason
		a.pursue(p)
	} else if !limited && p.Status.Limit() {
		p.Status, p.Reason = Converged, AtRounding
		if p.Grad != nil && projectedGradient(a.bounds, p.X, p.Grad) <= a.grad {
			p.Reason = GradientSmall
		}
	}
	_, exact := a.o.(Hessianer)
	if p.Stationary.Kind == Minimum && exact || a.n > directLimit {
		return
	}
	slow := false
	y := make([]float64, a.n)
	for i := range p.X {
		for _, sign := range [...]float64{1, -1} {
			kind, at := polar(a.inside, p.X, y, i, sign)
			slow = slow || kind == slowPole
			if kind == steepPole {
				copy(y, p.X)
				y[i] = at
				if f := a.value(y); f < p.F {
					p.X, p.F, p.Grad = slices.Clone(y), f, nil
				}
				p.Status, p.Reason = Unbounded, NoReason
				return
			}
		}
	}
	if slow {
		p.Status, p.Reason = NoProgress, AtPole
		return
	}
	if p.Status == Converged && a.kinked(p) {
		// Derivatives have not seen what is around a kink.
		if p.Reason != MethodFinished && thorough {
			a.directly(p, &Result{X: p.X, F: p.F, Grad: p.Grad, Status: NoProgress})
		}
		if p.Status == Converged {
			p.Reason = AtKink
		}
	}
}

// take moves p to the end of a search if that is no higher.
func (a *auto) take(p *Point, res *Result) {
	if res.Status != Unbounded && !a.better(res.X, res.F, res.Grad, p) {
		return
	}
	p.X, p.F, p.Grad = res.X, res.F, res.Grad
	switch res.Status {
	case StationaryStart:
		p.Status, p.Reason = Converged, GradientSmall
	case Converged, Unbounded, Receding:
		p.Status, p.Reason = res.Status, res.Reason
	case NoProgress, IterationLimit, EvaluationLimit:
		// The search that came here first knows better.
	default:
		if p.Status != Converged {
			p.Status, p.Reason = res.Status, res.Reason
		}
	}
	a.markUnbounded(p)
}

// markUnbounded marks a point that is far below every sample.
func (a *auto) markUnbounded(p *Point) {
	if p.F < unboundedBelow && p.F < -1e50*a.normal {
		p.Status, p.Reason = Unbounded, NoReason
	}
}

// inside is value with +Inf outside the bounds.
func (a *auto) inside(x []float64) float64 {
	if a.bounds != nil && !inside(a.bounds, x) {
		return math.Inf(1)
	}
	return a.value(x)
}
