package branch

import (
	"math"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// A walker runs Newton's method within bounds, on floats: it finds the points
// whose values the search then encloses.
type walker struct {
	p          *model.Prober
	g, d, y, b []float64
	size       []float64
	h, l       [][]float64
	free       []int
}

func newWalker(p *model.Prober) *walker {
	w := &walker{p: p, g: make([]float64, p.N), d: make([]float64, p.N), y: make([]float64, p.N), b: make([]float64, p.N), size: make([]float64, p.N)}
	if p.Curve != nil {
		w.h, w.l = model.Square(p.N), model.Square(p.N)
	}
	return w
}

// polish moves x downhill within the box: projected Newton steps with a
// shift that makes the Hessian positive definite (Bertsekas 1982; the shift in
// proportion to the diagonal: Marquardt 1963), and
// projected gradient steps where there is no Hessian. It returns f there.
func (w *walker) polish(x []float64, box []interval.I, steps int) float64 {
	p := w.p
	for i := range x {
		x[i] = model.ClipTo(x[i], box[i])
	}
	f := p.At(x)
	if math.IsNaN(f) || math.IsInf(f, 1) {
		return f
	}
	rate := 1.0
	for range steps {
		if w.h != nil {
			f = p.Hessian(w.h, w.g, x)
		} else {
			f = p.Gradient(w.g, x)
		}
		if !model.AllFinite(w.g) || !model.Finite(f) {
			break
		}
		w.free = w.free[:0]
		small := true
		for i, g := range w.g {
			if g > 0 && x[i] <= box[i].Lo || g < 0 && x[i] >= box[i].Hi || box[i].Lo == box[i].Hi {
				continue
			}
			w.free = append(w.free, i)
			small = small && math.Abs(g)*math.Max(1, math.Abs(x[i])) <= 1e-16*math.Max(1, math.Abs(f))
		}
		if len(w.free) == 0 || small {
			break
		}
		moved := false
		if w.h != nil && w.finiteHessian() {
			w.scale()
			for shift, tries := 0.0, 0; tries < 40; tries++ {
				if w.solve(shift) {
					if moved, f = w.step(x, f, box, 1); moved {
						break
					}
				}
				if shift == 0 {
					shift = 1e-6
				} else {
					shift *= 10
				}
			}
		} else {
			for _, i := range w.free {
				w.d[i] = -w.g[i]
			}
			for rate *= 4; rate > 1e-20; rate /= 4 {
				if moved, f = w.step(x, f, box, rate); moved {
					break
				}
			}
		}
		if !moved {
			break
		}
	}
	return f
}

// step moves x along d for the free variables if f falls.
func (w *walker) step(x []float64, f float64, box []interval.I, t float64) (bool, float64) {
	copy(w.y, x)
	for _, i := range w.free {
		w.y[i] = model.ClipTo(x[i]+t*w.d[i], box[i])
	}
	v := w.p.At(w.y)
	if !(v < f) {
		return false, f
	}
	copy(x, w.y)
	return true, v
}

func (w *walker) finiteHessian() bool {
	for i := range w.h {
		if !model.AllFinite(w.h[i]) {
			return false
		}
	}
	return true
}

// scale computes the sizes of the variables for the shift: the diagonal of the
// Hessian, and no less than a share of its largest entry.
func (w *walker) scale() {
	most := 1e-8
	for _, i := range w.free {
		most = math.Max(most, math.Abs(w.h[i][i]))
	}
	for _, i := range w.free {
		w.size[i] = math.Max(math.Abs(w.h[i][i]), 1e-12*most)
	}
}

// solve finds d with (H + shift·S) d = -g, S the sizes on the diagonal, on the free variables by Cholesky's
// method, false when the matrix is not positive definite.
func (w *walker) solve(shift float64) bool {
	k := len(w.free)
	for a := range k {
		for b := 0; b <= a; b++ {
			s := w.h[w.free[a]][w.free[b]]
			if a == b {
				s += shift * w.size[w.free[a]]
			}
			for c := range b {
				s -= w.l[a][c] * w.l[b][c]
			}
			if a == b {
				if !(s > 1e-300) {
					return false
				}
				w.l[a][a] = math.Sqrt(s)
			} else {
				w.l[a][b] = s / w.l[b][b]
			}
		}
	}
	for a := range k {
		s := -w.g[w.free[a]]
		for c := range a {
			s -= w.l[a][c] * w.b[c]
		}
		w.b[a] = s / w.l[a][a]
	}
	for a := k - 1; a >= 0; a-- {
		s := w.b[a]
		for c := a + 1; c < k; c++ {
			s -= w.l[c][a] * w.b[c]
		}
		w.b[a] = s / w.l[a][a]
	}
	for a := range k {
		w.d[w.free[a]] = w.b[a]
	}
	return model.AllFinite(w.b[:k])
}
