package optimize

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// region solves the trust-region subproblem
//
//	minimise gᵀp + ½pᵀHp   subject to ‖p‖₂ ≤ Δ
//
// exactly (Moré and Sorensen 1983): by a Cholesky factorisation where the Newton
// step is inside, otherwise by the eigenvalues of H, which also settle the hard case.
type region struct {
	chol mat.Cholesky
	eig  mat.EigenSym
	vec  mat.Dense
	val  []float64
	gv   []float64 // g in the basis of eigenvectors
}

// solve writes p and returns the decrease that the model promises (≥ 0) and whether H
// has a clearly negative eigenvalue. ok is false if the linear algebra failed.
func (w *region) solve(h *mat.SymDense, g []float64, radius float64, p []float64) (gain float64, negative, ok bool) {
	n := len(g)
	if n == 1 {
		return solveOne(h.At(0, 0), g, radius, p)
	}
	if w.chol.Factorize(h) {
		dst, rhs := mat.NewVecDense(n, p), mat.NewVecDense(n, g)
		if err := w.chol.SolveVecTo(dst, rhs); err == nil || finite(p) {
			if floats.Norm(p, 2) <= radius {
				floats.Scale(-1, p)
				gain = -floats.Dot(g, p) / 2
				if gain >= 0 {
					return gain, false, true
				}
			}
		}
	}
	if !w.eig.Factorize(h, true) {
		return 0, false, false
	}
	if len(w.val) != n {
		w.vec.Reset()
		w.val, w.gv = make([]float64, n), make([]float64, n)
	}
	w.eig.VectorsTo(&w.vec)
	w.eig.Values(w.val)
	mat.NewVecDense(n, w.gv).MulVec(w.vec.T(), mat.NewVecDense(n, g))
	low, size := w.val[0], math.Max(math.Abs(w.val[0]), math.Abs(w.val[n-1]))
	negative = low < -1e-10*size
	length := func(lambda float64) float64 {
		s := 0.0
		for i, v := range w.gv {
			if v != 0 {
				q := v / (w.val[i] + lambda)
				s += q * q
			}
		}
		return math.Sqrt(s)
	}
	// λ lies in (a, b], a where H + λI becomes singular, b where the step is surely short enough.
	a := math.Max(0, -low)
	b := a + floats.Norm(w.gv, 2)/radius
	lambda := a
	tiny := 0x1p-52 * size
	if a == 0 && low > tiny && length(0) <= radius {
		lambda = 0
	} else if first := length(a + tiny); first <= radius {
		// Hard case: the step at the singular λ is short; go on along the lowest
		// eigenvector to the boundary, if that goes down at all.
		lambda = a + tiny
		if low < 0 || first == 0 && low < tiny {
			w.step(p, lambda)
			if low < 0 {
				w.complete(p, radius)
			}
			return w.gain(h, g, p), negative, true
		}
	} else {
		lambda = b
		for i := 0; i < 100; i++ {
			l := length(lambda)
			if math.Abs(l-radius) <= 1e-10*radius || b-a <= 4*0x1p-52*b {
				break
			}
			if l > radius {
				a = lambda
			} else {
				b = lambda
			}
			// Newton on 1/‖p(λ)‖ = 1/Δ, which is nearly linear.
			slope := 0.0
			for i, v := range w.gv {
				if e := w.val[i] + lambda; v != 0 {
					slope += v * v / (e * e * e)
				}
			}
			next := lambda + (l-radius)/radius*l*l/slope
			if !(next > a && next < b) {
				next = a + (b-a)/2
				if a > 0 && b/a > 1e3 {
					next = math.Sqrt(a * b)
				}
			}
			lambda = next
		}
	}
	w.step(p, lambda)
	return w.gain(h, g, p), negative, true
}

// step writes -(H+λI)⁻¹g to p.
func (w *region) step(p []float64, lambda float64) {
	fill(p, 0)
	for j, v := range w.gv {
		if v == 0 {
			continue
		}
		c := -v / (w.val[j] + lambda)
		for i := range p {
			p[i] += c * w.vec.At(i, j)
		}
	}
}

// complete adds to p the part along the lowest eigenvector that brings it to the
// boundary; of the two directions the one in which the first sizeable component is
// positive, for the same step every time.
func (w *region) complete(p []float64, radius float64) {
	v := w.vec.ColView(0)
	sign := 1.0
	for i := range p {
		if e := v.AtVec(i); math.Abs(e) > 1e-3 {
			sign = math.Copysign(1, e)
			break
		}
	}
	var pv, pp float64
	for i, e := range p {
		pv += e * sign * v.AtVec(i)
		pp += e * e
	}
	tau := -pv + math.Sqrt(math.Max(0, pv*pv+radius*radius-pp))
	for i := range p {
		p[i] += tau * sign * v.AtVec(i)
	}
}

func (w *region) gain(h *mat.SymDense, g, p []float64) float64 {
	return math.Max(0, -model(h, g, p))
}

// model returns gᵀp + ½pᵀHp.
func model(h *mat.SymDense, g, p []float64) float64 {
	n := len(g)
	raw := h.RawSymmetric()
	q := 0.0
	for i := 0; i < n; i++ {
		if p[i] == 0 {
			continue
		}
		row := raw.Data[i*raw.Stride : i*raw.Stride+n]
		s := g[i] + row[i]*p[i]/2
		for j := i + 1; j < n; j++ {
			s += row[j] * p[j]
		}
		q += p[i] * s
	}
	return q
}

func solveOne(h float64, g []float64, radius float64, p []float64) (gain float64, negative, ok bool) {
	s := math.Copysign(radius, -g[0])
	if g[0] == 0 {
		s = radius
		if h >= 0 {
			s = 0
		}
	} else if h > 0 && math.Abs(g[0]) < h*radius {
		s = -g[0] / h
	}
	p[0] = s
	return math.Max(0, -(g[0]*s + h*s*s/2)), h < 0, true
}
