package optimize

import "math"

// RMSProp divides each gradient by a moving average of its magnitude (Tieleman and
// Hinton, lecture 6.5 of "Neural networks for machine learning", 2012):
//
//	s ← ρ·s + (1-ρ)·g²,   x ← x - t·g/(√s + ε)
//
// With a constant rate it ends in a jitter of about t around a minimum: let the
// rate fall.
type RMSProp struct {
	Rate    Rate    // nil means Constant(0.01)
	Decay   float64 // ρ, 0 means 0.9
	Epsilon float64 // ε, 0 means 1e-8
}

// Minimize runs the loop.
func (m RMSProp) Minimize(r *Run) error {
	return descend(r, rateOr(m.Rate, 0.01), func(n int) rule {
		return &rmsProp{orDefault(m.Decay, 0.9), orDefault(m.Epsilon, 1e-8), make([]float64, n)}
	})
}

type rmsProp struct {
	decay, eps float64
	mean       []float64
}

func (u *rmsProp) step(_ int, t float64, x, g []float64) {
	for i, v := range g {
		u.mean[i] = float64(u.decay*u.mean[i]) + float64((1-u.decay)*v*v)
		x[i] -= t * v / (math.Sqrt(u.mean[i]) + u.eps)
	}
}
