package optimize

// GradientDescent is the textbook loop with a fixed rate t:
//
//	x ← x - t·∇f(x)
//
// With bounds every step is followed by the projection on them. On a function whose
// second derivative is at most L it converges for t < 2/L, fastest near 1/L.
type GradientDescent struct {
	Rate Rate // nil means Constant(0.1)
}

// Minimize runs the loop.
func (m GradientDescent) Minimize(r *Run) error {
	return descend(r, rateOr(m.Rate, 0.1), func(int) rule { return plain{} })
}

// A rule is one way to turn a gradient into a step; it remembers what it needs.
type rule interface {
	// step moves x against g with rate t; k counts the steps from 0.
	step(k int, t float64, x, g []float64)
}

type plain struct{}

func (plain) step(_ int, t float64, x, g []float64) {
	for i, v := range g {
		x[i] -= float64(t * v) // the conversion forbids fusing: the same iterates on every machine
	}
}

// descend is the loop of all first-order methods with a rate.
func descend(r *Run, rate Rate, begin func(n int) rule) error {
	r.Rated()
	x := r.Start()
	g := make([]float64, len(x))
	u := begin(len(x))
	rate = fitted(rate, r)
	f := r.FuncGrad(x, g)
	t := rate.At(0)
	for k := 0; !r.Done(Iterate{X: x, F: f, Grad: g, Step: t}); k++ {
		t = rate.At(k)
		u.step(k, t, x, g)
		r.Project(x)
		f = r.FuncGrad(x, g)
	}
	return nil
}
