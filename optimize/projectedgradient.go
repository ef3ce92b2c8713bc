package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// ProjectedGradient is the spectral projected gradient method SPG2 of Birgin, Martínez
// and Raydan (SIAM J. Optim. 10, 2000): steps along the projected gradient
// with the length of Barzilai and Borwein, accepted when f is below the largest of
// its last Memory values. It needs no more memory than plain descent, handles bounds
// exactly and is many times faster. Without bounds it is the method of Raydan (1997).
type ProjectedGradient struct {
	Memory int // values looked back on; 0 means 10, 1 makes f fall at every step
}

// Minimize runs the loop.
func (m ProjectedGradient) Minimize(r *Run) error {
	x := r.Start()
	n := len(x)
	g, y, gy, d := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	memory := m.Memory
	if memory <= 0 {
		memory = 10
	}
	const shortest, longest = 1e-30, 1e30
	past := make([]float64, 0, memory)
	f := r.FuncGrad(x, g)
	lambda := 1 / math.Max(projectedGradient(r.bounds, x, g), shortest)
	t := lambda
	for k := 0; !r.Done(Iterate{X: x, F: f, Grad: g, Step: t}); k++ {
		if len(past) < memory {
			past = append(past, f)
		} else {
			past[k%memory] = f
		}
		highest := floats.Max(past)
		// A length that was right where f was steep may be too small to move x at all.
		if steepest := projectedGradient(r.bounds, x, g); steepest > 0 {
			lambda = math.Max(lambda, math.Min(1e-12*size(x)/steepest, longest))
		}
		for i := range d {
			y[i] = x[i] - lambda*g[i]
		}
		r.Project(y)
		floats.SubTo(d, y, x)
		slope := floats.Dot(g, d)
		var fy float64
		for t = 1; ; {
			if t < 1 {
				floats.AddScaledTo(y, x, t, d)
				r.Project(y)
			}
			if r.Over() || !(slope < 0) || floats.Equal(x, y) {
				r.Stuck(slope)
				return nil
			}
			if fy = r.FuncGrad(y, gy); fy <= highest+1e-4*t*slope && finite(gy) {
				break
			}
			// The minimum of the parabola through f, slope and fy, kept in [t/10, t/2].
			q := -t * t * slope / (2 * (fy - f - t*slope))
			if !(q >= t/10) {
				q = t / 10
			}
			t = math.Min(q, t/2)
		}
		var ss, sy float64
		for i := range x {
			s := y[i] - x[i]
			ss += s * s
			sy += s * (gy[i] - g[i])
		}
		t *= lambda
		if sy <= 0 {
			lambda = math.Min(longest, 10*lambda)
		} else {
			lambda = math.Max(shortest, math.Min(longest, ss/sy))
		}
		x, y, g, gy, f = y, x, gy, g, fy
	}
	return nil
}
