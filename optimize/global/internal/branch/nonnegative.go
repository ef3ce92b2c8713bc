package branch

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/optimize/global/internal/model"
)

// nonNegative returns the u ≥ 0 for which the sum of the columns times u is nearest to aim, and what is left of
// that; nil where it is not found (Lawson and Hanson, Solving Least Squares Problems, 1974,
// algorithm NNLS 23.10).
func nonNegative(columns [][]float64, aim []float64) (u, rest []float64) {
	m, k := len(aim), len(columns)
	u = make([]float64, k)
	rest = make([]float64, m)
	sizes := make([]float64, k)
	for j, c := range columns {
		if !model.AllFinite(c) {
			return nil, nil
		}
		sizes[j] = math.Max(norm(c), 1e-300)
	}
	var used []int
	for range 5 * (k + m) {
		copy(rest, aim)
		for _, j := range used {
			for i, v := range columns[j] {
				rest[i] -= u[j] * v
			}
		}
		// The column that helps most.
		next, most := -1, 1e-14*norm(aim)
		for j, c := range columns {
			if w := dotFloats(c, rest) / sizes[j]; w > most && u[j] == 0 {
				next, most = j, w
			}
		}
		if next < 0 || len(used) == m {
			return u, rest
		}
		used = append(used, next)
		for {
			z := leastSquares(columns, used, aim)
			if z == nil || z[len(z)-1] <= 0 && used[len(used)-1] == next {
				return u, rest // as near as rounding lets it come
			}
			// On the way to z, up to where a weight becomes 0.
			t, out := 1.0, -1
			for a, j := range used {
				if z[a] <= 0 {
					if s := u[j] / (u[j] - z[a]); s < t || out < 0 {
						t, out = s, a
					}
				}
			}
			for a, j := range used {
				u[j] += t * (z[a] - u[j])
			}
			if out < 0 {
				break
			}
			u[used[out]] = 0
			kept := used[:0]
			for _, j := range used {
				if u[j] > 0 {
					kept = append(kept, j)
				} else {
					u[j] = 0
				}
			}
			if used = kept; len(used) == 0 {
				break
			}
		}
	}
	return u, rest
}

// leastSquares returns the weights of the columns used with which their sum is nearest to aim, nil
// where they depend on each other.
func leastSquares(columns [][]float64, used []int, aim []float64) []float64 {
	a := mat.NewDense(len(aim), len(used), nil)
	for k, j := range used {
		a.SetCol(k, columns[j])
	}
	var qr mat.QR
	qr.Factorize(a)
	var z mat.VecDense
	if qr.SolveVecTo(&z, false, mat.NewVecDense(len(aim), aim)) != nil || !model.AllFinite(z.RawVector().Data) {
		return nil
	}
	return z.RawVector().Data
}

func norm(a []float64) float64 { return math.Sqrt(dotFloats(a, a)) }
