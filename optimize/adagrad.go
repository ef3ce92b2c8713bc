package optimize

import "math"

// AdaGrad gives each variable its own rate, which falls with the sum of the squares of
// its past gradients (Duchi, Hazan and Singer 2011):
//
//	s ← s + g²,   x ← x - t·g/(√s + ε)
//
// The first step is t in every variable, whatever the scale of f.
type AdaGrad struct {
	Rate    Rate    // nil means Constant(0.5)
	Epsilon float64 // ε, 0 means 1e-8
}

// Minimize runs the loop.
func (m AdaGrad) Minimize(r *Run) error {
	return descend(r, rateOr(m.Rate, 0.5), func(n int) rule {
		return &adaGrad{orDefault(m.Epsilon, 1e-8), make([]float64, n)}
	})
}

type adaGrad struct {
	eps float64
	sum []float64
}

func (u *adaGrad) step(_ int, t float64, x, g []float64) {
	for i, v := range g {
		u.sum[i] += float64(v * v)
		x[i] -= t * v / (math.Sqrt(u.sum[i]) + u.eps)
	}
}

func orDefault(v, def float64) float64 {
	if v == 0 {
		return def
	}
	return v
}
