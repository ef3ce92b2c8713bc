package optimize

import "math"

// Adam moves by a moving average of the gradient divided by a moving average of its
// magnitude, both corrected for their start at zero (Kingma and Ba 2015,
// algorithm 1):
//
//	m ← β₁·m + (1-β₁)·g,   v ← β₂·v + (1-β₂)·g²
//	x ← x - t·(m/(1-β₁ᵏ)) / (√(v/(1-β₂ᵏ)) + ε),   k = 1, 2, …
//
// The length of a step is about t, whatever the scale of f.
type Adam struct {
	Rate    Rate    // nil means Constant(0.01)
	Beta1   float64 // β₁, 0 means 0.9
	Beta2   float64 // β₂, 0 means 0.999
	Epsilon float64 // ε, 0 means 1e-8
}

// Minimize runs the loop.
func (m Adam) Minimize(r *Run) error {
	return descend(r, rateOr(m.Rate, 0.01), func(n int) rule {
		return &adam{orDefault(m.Beta1, 0.9), orDefault(m.Beta2, 0.999), orDefault(m.Epsilon, 1e-8),
			make([]float64, n), make([]float64, n), 1, 1}
	})
}

type adam struct {
	b1, b2, eps float64
	m, v        []float64
	p1, p2      float64 // β₁ᵏ, β₂ᵏ
}

func (u *adam) step(_ int, t float64, x, g []float64) {
	u.p1 *= u.b1
	u.p2 *= u.b2
	c1, c2 := 1-u.p1, 1-u.p2
	for i, d := range g {
		u.m[i] = float64(u.b1*u.m[i]) + float64((1-u.b1)*d)
		u.v[i] = float64(u.b2*u.v[i]) + float64((1-u.b2)*d*d)
		x[i] -= t * (u.m[i] / c1) / (math.Sqrt(u.v[i]/c2) + u.eps)
	}
}
