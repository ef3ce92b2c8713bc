package optimize

// Momentum is the heavy-ball method (Polyak 1964): the velocity v remembers
// earlier gradients,
//
//	v ← μ·v - t·∇f(x),   x ← x + v
//
// Where a long valley makes plain descent crawl, it goes up to 1/(1-μ) times as fast.
type Momentum struct {
	Rate     Rate    // nil means Constant(0.01)
	Momentum float64 // μ, 0 ≤ μ < 1; 0 is plain descent
}

// Minimize runs the loop.
func (m Momentum) Minimize(r *Run) error {
	return descend(r, rateOr(m.Rate, 0.01), func(n int) rule {
		return &heavyBall{m.Momentum, make([]float64, n)}
	})
}

type heavyBall struct {
	mu float64
	v  []float64
}

func (u *heavyBall) step(_ int, t float64, x, g []float64) {
	for i := range x {
		u.v[i] = float64(u.mu*u.v[i]) - float64(t*g[i])
		x[i] += u.v[i]
	}
}
