package optimize

// Nesterov is the accelerated gradient method (Nesterov 1983): the gradient is
// taken ahead, at y, where the momentum leads,
//
//	x ← y - t·∇f(y),   y ← x + μ·(x - x_before)
//
// On convex functions with second derivatives up to L and t ≤ 1/L the error falls as
// 1/k² (plain descent: 1/k). The iterates reported are the points y, where values
// and gradients are known; both sequences have the same limit.
type Nesterov struct {
	Rate Rate // nil means Constant(0.01)
	// Momentum is μ, 0 ≤ μ < 1; 0 means the growing sequence k/(k+3), k counted from 0.
	Momentum float64
}

// Minimize runs the loop.
func (m Nesterov) Minimize(r *Run) error {
	return descend(r, rateOr(m.Rate, 0.01), func(n int) rule {
		return &lookAhead{m.Momentum, make([]float64, n)}
	})
}

type lookAhead struct {
	mu float64
	x  []float64 // the point that the last gradient step led to
}

func (u *lookAhead) step(k int, t float64, y, g []float64) {
	mu := u.mu
	if mu == 0 {
		mu = float64(k) / float64(k+3)
	}
	if k == 0 {
		copy(u.x, y)
	}
	for i := range y {
		next := y[i] - float64(t*g[i])
		y[i] = next + float64(mu*(next-u.x[i]))
		u.x[i] = next
	}
}
