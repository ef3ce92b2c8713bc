package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Newton is Newton's method kept safe by a trust region: the step minimises the
// quadratic model of f within a radius that grows where the model predicts well and
// shrinks where it does not (Conn, Gould and Toint, "Trust-Region Methods", 2000). The
// subproblem is solved exactly, so the method also leaves saddle points and
// maxima along directions of negative curvature, from a start with zero gradient too.
// Near a minimum with definite Hessian it converges quadratically.
//
// With bounds the step goes to a Cauchy point along the projected gradient and on
// through the variables left free (Lin and Moré 1999, with a direct solver).
//
// Where the objective has no Hessian, one is taken by differences of the gradient,
// 2n gradients a step. Time grows with n³: 0.2 s a step for 500 variables.
type Newton struct {
	Radius float64 // first radius of trust; 0 means max(1, ‖x‖∞)
}

// Minimize runs the loop.
func (m Newton) Minimize(r *Run) error {
	x := r.Start()
	n := len(x)
	g, y, gy, s := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	h := mat.NewSymDense(n, nil)
	w := newSubproblem(n, r.bounds)
	f := r.FuncGrad(x, g)
	radius := m.Radius
	if radius == 0 {
		radius = size(x)
	}
	step := 0.0
	for {
		if finite(g) && !r.Hess(h, x, g) {
			// No second derivatives here (a kink, an edge): a steepest descent step.
			scaledIdentity(h, floats.Norm(g, 2)/radius)
		}
		gain, negative := math.NaN(), false
		if finite(g) && f-f == 0 {
			gain, negative = w.step(s, x, g, h, radius)
		}
		if r.Done(Iterate{X: x, F: f, Grad: g, Step: step, NotMinimum: negative && gain > 0}) {
			return nil
		}
		first := gain
		for {
			length := floats.Norm(s, 2)
			if !(gain > 0) || !(length > 0) {
				r.Stuck(first)
				return nil
			}
			floats.AddTo(y, x, s)
			r.Project(y)
			if floats.Equal(x, y) {
				r.Stuck(first)
				return nil
			}
			fy := r.FuncGrad(y, gy)
			if r.Over() && fy > f {
				// Let the run see that it has ended.
				r.Done(Iterate{X: x, F: f, Grad: g, Step: step})
				return nil
			}
			noise := 16 * 0x1p-52 * math.Abs(f)
			good := finite(gy)
			ratio := (f - fy) / gain
			if gain <= noise {
				// f says nothing any more: the gradient must get smaller.
				if !good || fy > f+noise || !(projectedGradient(r.bounds, y, gy) < 0.7*projectedGradient(r.bounds, x, g)) {
					r.Stuck(first)
					return nil
				}
				ratio = 1
			}
			switch {
			case !(ratio >= 0.25) || !good:
				radius = math.Min(radius, length) / 4
			case ratio > 0.75 && length > 0.9*radius:
				radius = math.Min(2*radius, 1e150)
			}
			if ratio > 1e-4 && good {
				step = length
				x, y, g, gy, f = y, x, gy, g, fy
				break
			}
			gain, negative = w.step(s, x, g, h, radius)
			if !(floats.Norm(s, 2) < length) {
				// The squares of the step are too small for float64: it gets no shorter.
				r.Stuck(first)
				return nil
			}
		}
	}
}

func scaledIdentity(h *mat.SymDense, v float64) {
	n := h.SymmetricDim()
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			h.SetSym(i, j, 0)
		}
		h.SetSym(i, i, v)
	}
}

// subproblem finds trust-region steps inside bounds.
type subproblem struct {
	bounds []Bound
	region region
	free   []int
	hf     *mat.SymDense
	gf, pf []float64
	trial  []float64
	slope  []float64 // gradient of the model at a step
	other  []float64 // a step to compare with
}

func newSubproblem(n int, bounds []Bound) *subproblem {
	w := &subproblem{bounds: bounds}
	if bounds != nil {
		w.gf, w.pf = make([]float64, n), make([]float64, n)
		w.trial, w.slope, w.other = make([]float64, n), make([]float64, n), make([]float64, n)
	}
	return w
}

// step writes a step s from x to s and returns the decrease that the model promises,
// and whether the model has negative curvature along free variables.
func (w *subproblem) step(s, x, g []float64, h *mat.SymDense, radius float64) (gain float64, negative bool) {
	if w.bounds == nil {
		gain, negative, ok := w.region.solve(h, g, radius, s)
		if !ok {
			return w.steepest(s, g, h, radius), false
		}
		return gain, negative
	}
	// First the variables that no bound holds against the gradient.
	w.free = w.free[:0]
	for i, b := range w.bounds {
		if b.Lo == b.Hi || x[i] <= b.Lo && g[i] > 0 || x[i] >= b.Hi && g[i] < 0 {
			continue
		}
		w.free = append(w.free, i)
	}
	fill(s, 0)
	if len(w.free) == 0 {
		return 0, false
	}
	negative, ok := w.onFree(s, g, h, radius)
	if !ok {
		fill(s, 0)
	}
	cut := false
	for _, i := range w.free {
		v := w.bounds[i].Clip(x[i] + s[i])
		if v != x[i]+s[i] {
			cut = true
			s[i] = v - x[i]
		}
	}
	if ok && !cut {
		return math.Max(0, -model(h, g, s)), negative
	}
	// The cut step may be poor: begin with a Cauchy step, take the better of the two
	// and go on through the variables that are still free.
	best := w.cauchy(w.other, x, g, h, radius)
	if q := model(h, g, s); !ok || q > best || math.IsNaN(q) {
		copy(s, w.other)
	}
	for round := 0; round < 8; round++ {
		w.modelGradient(w.slope, s, g, h)
		w.free = w.free[:0]
		for i, b := range w.bounds {
			if v := x[i] + s[i]; b.Lo < v && v < b.Hi {
				w.free = append(w.free, i)
			}
		}
		if len(w.free) == 0 {
			break
		}
		fill(w.trial, 0)
		neg, ok := w.onFree(w.trial, w.slope, h, radius)
		if !ok {
			break
		}
		negative = negative || neg
		// A projected search along the step over the free variables.
		q0 := model(h, g, s)
		accepted, hit := false, false
		for beta := 1.0; beta > 1e-3; beta /= 2 {
			for i := range w.other {
				w.other[i] = s[i]
			}
			hit = false
			for _, i := range w.free {
				v := x[i] + s[i] + beta*w.trial[i]
				c := w.bounds[i].Clip(v)
				hit = hit || c != v
				w.other[i] = c - x[i]
			}
			if q := model(h, g, w.other); q < q0 {
				copy(s, w.other)
				accepted = true
				break
			}
		}
		if !accepted || !hit {
			break
		}
	}
	// The rounds may have gone beyond the radius; the ratio test judges the whole step,
	// but it must be able to become short.
	if l := floats.Norm(s, 2); l > 2*radius {
		floats.Scale(2*radius/l, s)
	}
	return math.Max(0, -model(h, g, s)), negative
}

// onFree solves the subproblem over the free variables with gradient g and writes
// the step to dst.
func (w *subproblem) onFree(dst, g []float64, h *mat.SymDense, radius float64) (negative, ok bool) {
	k := len(w.free)
	if w.hf == nil || w.hf.SymmetricDim() != k {
		w.hf = mat.NewSymDense(k, nil)
	}
	raw, sub := h.RawSymmetric(), w.hf.RawSymmetric()
	for a, i := range w.free {
		w.gf[a] = g[i]
		for b := a; b < k; b++ {
			sub.Data[a*sub.Stride+b] = raw.Data[i*raw.Stride+w.free[b]]
		}
	}
	_, negative, ok = w.region.solve(w.hf, w.gf[:k], radius, w.pf[:k])
	if !ok {
		return false, false
	}
	for a, i := range w.free {
		dst[i] = w.pf[a]
	}
	return negative, true
}

// cauchy writes a step along the projected gradient with a sufficient decrease of
// the model and returns the model there.
func (w *subproblem) cauchy(s, x, g []float64, h *mat.SymDense, radius float64) float64 {
	norm := floats.Norm(g, 2)
	if norm == 0 {
		fill(s, 0)
		return 0
	}
	const most = 50
	t := math.Min(radius/norm, math.MaxFloat64) // the gradient may be tiny
	for range most {
		slope := 0.0
		for i, b := range w.bounds {
			s[i] = b.Clip(x[i]-t*g[i]) - x[i]
			slope += s[i] * g[i]
		}
		if q := model(h, g, s); q <= 0.01*slope {
			return q
		}
		t /= 4
	}
	fill(s, 0)
	return 0
}

// modelGradient writes g + H·s to out.
func (w *subproblem) modelGradient(out, s, g []float64, h *mat.SymDense) {
	n := len(g)
	mat.NewVecDense(n, out).MulVec(h, mat.NewVecDense(n, s))
	floats.Add(out, g)
}

// steepest is the fallback where the linear algebra fails: the Cauchy step.
func (w *subproblem) steepest(s, g []float64, h *mat.SymDense, radius float64) float64 {
	norm := floats.Norm(g, 2)
	if norm == 0 {
		fill(s, 0)
		return 0
	}
	t := radius / norm
	for i, v := range g {
		s[i] = -t * v
	}
	if bend := model(h, g, s) - floats.Dot(g, s); bend > 0 {
		if best := -floats.Dot(g, s) / (2 * bend); best < 1 {
			floats.Scale(best, s)
		}
	}
	return math.Max(0, -model(h, g, s))
}
