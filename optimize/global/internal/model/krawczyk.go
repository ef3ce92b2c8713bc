package model

import (
	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
)

// NewtonStep encloses C F, the values of F being F(0), F(1), …
func NewtonStep(c mat.Matrix, f func(int) interval.I) []interval.I {
	n, _ := c.Dims()
	step := make([]interval.I, n)
	for a := range step {
		v := interval.Point(0)
		for b := range step {
			v = v.Add(interval.Point(c.At(a, b)).Mul(f(b)))
		}
		step[a] = v
	}
	return step
}

// Krawczyk returns K = x - C F(x) + (I - C J)(X - x), where step is C F(x), X a box round x and J encloses the Jacobian of
// F on it. ok says that K is in the interior of X: then F has exactly one zero in X, and that lies in K (Krawczyk 1969;
// Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009, chapter 8).
func Krawczyk(x []float64, step []interval.I, c mat.Matrix, jacobian func(row, col int) interval.I, box []interval.I) (k []interval.I, ok bool) {
	k = make([]interval.I, len(x))
	for a := range x {
		v := interval.Point(x[a]).Sub(step[a])
		for b := range x {
			e := interval.Point(0)
			if a == b {
				e = interval.Point(1)
			}
			for l := range x {
				if d := jacobian(l, b); d != (interval.I{}) {
					e = e.Sub(interval.Point(c.At(a, l)).Mul(d))
				}
			}
			v = v.Add(e.Mul(box[b].Sub(interval.Point(x[b]))))
		}
		if !v.Interior(box[a]) {
			return nil, false
		}
		k[a] = v
	}
	return k, true
}

// Picked returns the entries of list with the given numbers.
func Picked[T any](list []T, which []int) []T {
	out := make([]T, len(which))
	for k, i := range which {
		out[k] = list[i]
	}
	return out
}
