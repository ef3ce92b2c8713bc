package plot

import "nabla/optimize/trace"

// PathOf returns the path of a trace through its first two variables, or along
// its only one.
func PathOf(t *trace.Trace) Path {
	p := Path{Name: t.Method, Points: make([]Point, 0, len(t.Iterates))}
	for _, it := range t.Iterates {
		q := Point{X: it.X[0], Y: it.F}
		if len(it.X) > 1 {
			q.Y = it.X[1]
		}
		p.Points = append(p.Points, q)
	}
	return p
}

// RunOf returns the values along a trace, for Cost.
func RunOf(t *trace.Trace) Run {
	r := Run{Name: t.Method, Values: t.Values()}
	for _, it := range t.Iterates {
		r.Iterations = append(r.Iterations, it.K)
		r.Evaluations = append(r.Evaluations, it.Evaluations)
	}
	return r
}

// Until returns a layer as it is when only the first n points of a walk have been
// reached: a Path with its first n points, and anything else as it is.
func Until(l Layer, n int) Layer {
	if p, ok := l.(Path); ok && n < len(p.Points) {
		p.Points = p.Points[:max(n, 0)]
		return p
	}
	return l
}
