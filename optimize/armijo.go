package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Armijo is gradient descent that finds its own rate: each step begins with twice the
// rate of the last one and halves it until f falls by the Armijo condition,
//
//	f(y) ≤ f(x) + c·∇f(x)ᵀ(y - x),   y = P(x - t·∇f(x))
//
// with c = 1e-4 and P the projection on the bounds (Bertsekas 1976). It always
// descends, and where f is undefined it shortens the step.
type Armijo struct {
	Step     float64 // first rate tried; 0 means 1
	Decrease float64 // c, 0 < c < 1; 0 means 1e-4
	Shrink   float64 // factor of each backtracking step, 0 < Shrink < 1; 0 means 0.5
}

// Minimize runs the loop.
func (m Armijo) Minimize(r *Run) error {
	x := r.Start()
	n := len(x)
	g, y, gy := make([]float64, n), make([]float64, n), make([]float64, n)
	c, shrink := orDefault(m.Decrease, 1e-4), orDefault(m.Shrink, 0.5)
	t := orDefault(m.Step, 1)
	f := r.FuncGrad(x, g)
	for first := true; !r.Done(Iterate{X: x, F: f, Grad: g, Step: t}); first = false {
		natural := t
		if !first {
			t = math.Min(2*t, math.MaxFloat64)
		}
		// A rate that was right where f was steep may be too small to move x at all
		// where it is not.
		if steepest := floats.Norm(g, math.Inf(1)); steepest > 0 && steepest <= math.MaxFloat64 {
			t = math.Max(t, math.Min(1e-12*size(x)/steepest, math.MaxFloat64))
		}
		var fy float64
		for ; ; t *= shrink {
			floats.AddScaledTo(y, x, -t, g)
			r.Project(y)
			slope, moved := 0.0, false
			for i, v := range y {
				d := v - x[i]
				slope += g[i] * d
				moved = moved || d != 0
			}
			if !moved || t == 0 || r.Over() {
				r.Stuck(natural * floats.Dot(g, g))
				return nil
			}
			if slope-slope != 0 { // y is too far for floats
				continue
			}
			fy = r.Func(y)
			if fy <= f+c*slope {
				break
			}
		}
		if fy = r.FuncGrad(y, gy); !finite(gy) {
			// f is lower at y but has no gradient there: y is a kink or an edge.
			r.Done(Iterate{X: y, F: fy, Grad: gy, Step: t})
			return nil
		}
		x, y, g, gy, f = y, x, gy, g, fy
	}
	return nil
}
