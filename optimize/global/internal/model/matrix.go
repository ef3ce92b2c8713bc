package model

import "nabla/expr/interval"

// PositiveDefinite reports whether every symmetric matrix within the interval
// matrix a, restricted to the rows and columns of free, is positive definite:
// all pivots of the interval LDLᵀ factorisation are positive. The part of a that
// it uses is overwritten.
func PositiveDefinite(a [][]interval.I, free []int) bool {
	if len(free) == 0 {
		return true
	}
	last := free[len(free)-1]
	return eliminated(a, free) && a[last][last].Lo > 0
}

// eliminated leaves the pivots of the factorisation on the diagonal; false where one before the last is not positive.
func eliminated(a [][]interval.I, free []int) bool {
	for k, p := range free[:len(free)-1] {
		d := a[p][p]
		if !(d.Lo > 0) {
			return false
		}
		for i := k + 1; i < len(free); i++ {
			u := a[free[i]][p]
			if u == (interval.I{}) {
				continue
			}
			for j := k + 1; j <= i; j++ {
				v := a[free[j]][p]
				if v == (interval.I{}) {
					continue
				}
				t := u.Mul(v)
				if i == j {
					t = u.Sqr()
				}
				a[free[i]][free[j]] = a[free[i]][free[j]].Sub(t.Div(d))
			}
		}
	}
	return true
}

// PositiveSemidefinite reports whether every symmetric matrix within the interval matrix a is positive semidefinite: as
// PositiveDefinite does, but a pivot may be 0 where the rest of its column is, as the last one may. a is overwritten.
func PositiveSemidefinite(a [][]interval.I) bool {
	free := make([]int, 0, len(a))
	for k := range a {
		others := false
		for i := range a {
			others = others || i != k && a[i][k] != (interval.I{})
		}
		if !others && a[k][k].Lo >= 0 {
			continue
		}
		free = append(free, k)
	}
	if len(free) == 0 {
		return true
	}
	last := free[len(free)-1]
	return eliminated(a, free) && a[last][last].Lo >= 0
}

func Matrix(n int) [][]interval.I {
	a := make([][]interval.I, n)
	flat := make([]interval.I, n*n)
	for i := range a {
		a[i] = flat[i*n : (i+1)*n]
	}
	return a
}

func Square(n int) [][]float64 {
	a := make([][]float64, n)
	flat := make([]float64, n*n)
	for i := range a {
		a[i] = flat[i*n : (i+1)*n]
	}
	return a
}
