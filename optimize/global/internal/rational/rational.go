// Package rational is linear algebra over the rational numbers.
package rational

import (
	"slices"

	"nabla/expr/number"
)

// Dot returns u·v.
func Dot(u, v []number.Number) number.Number {
	var s number.Number
	for i := range u {
		if u[i].Sign() != 0 && v[i].Sign() != 0 {
			s = s.Add(u[i].Mul(v[i]))
		}
	}
	return s
}

// Negated returns -a.
func Negated(a []number.Number) []number.Number {
	out := make([]number.Number, len(a))
	for i := range a {
		out[i] = a[i].Neg()
	}
	return out
}

// An Echelon is a list of rows in reduced echelon form, in the order in which they were included: each has the coefficient 1 at
// its pivot, which the others have not.
type Echelon struct {
	Rows   [][]number.Number
	Pivots []int
	n      int
}

// NewEchelon returns an empty list of which the pivots are among the first n columns; what stands in others goes along.
func NewEchelon(n int) *Echelon { return &Echelon{n: n} }

// Include adds the row a, less multiples of the others. It returns false where those leave nothing in the first n columns,
// with what they leave in all.
func (e *Echelon) Include(a []number.Number) (rest []number.Number, ok bool) {
	a = slices.Clone(a)
	for i, k := range e.Pivots {
		subtract(a, e.Rows[i], a[k])
	}
	pivot := slices.IndexFunc(a[:e.n], func(v number.Number) bool { return v.Sign() != 0 })
	if pivot < 0 {
		return a, false
	}
	inverse, _ := a[pivot].Inv()
	for i := range a {
		a[i] = a[i].Mul(inverse)
	}
	for _, b := range e.Rows {
		subtract(b, a, b[pivot])
	}
	e.Rows, e.Pivots = append(e.Rows, a), append(e.Pivots, pivot)
	return a, true
}

// subtract takes k times b off a.
func subtract(a, b []number.Number, k number.Number) {
	if k.Sign() == 0 {
		return
	}
	for i := range a {
		if b[i].Sign() != 0 {
			a[i] = a[i].Sub(k.Mul(b[i]))
		}
	}
}

// Kernel returns a basis of the vectors of length n that are orthogonal to all rows.
func (e *Echelon) Kernel() (w [][]number.Number) {
	for j := range e.n {
		if slices.Contains(e.Pivots, j) {
			continue
		}
		v := make([]number.Number, e.n)
		v[j] = number.Int(1)
		for i, k := range e.Pivots {
			v[k] = e.Rows[i][j].Neg()
		}
		w = append(w, v)
	}
	return w
}

// Rank returns the rank of the matrix with the given rows.
func Rank(rows [][]number.Number) int {
	if len(rows) == 0 {
		return 0
	}
	e := NewEchelon(len(rows[0]))
	for _, a := range rows {
		if e.Include(a); len(e.Pivots) == e.n {
			break
		}
	}
	return len(e.Pivots)
}

// WithUnit returns the row a followed by row i of the unit matrix with m rows: it goes along in an Echelon and says how
// the rows there are put together.
func WithUnit(a []number.Number, i, m int) []number.Number {
	out := append(slices.Clone(a), make([]number.Number, m)...)
	out[len(a)+i] = number.Int(1)
	return out
}

// LeftKernel returns the rank of the rows, and vectors c that are a basis of those with Σ c_k rows_k = 0.
func LeftKernel(rows [][]number.Number) (rank int, relations [][]number.Number) {
	n := len(rows[0])
	e := NewEchelon(n)
	for i, a := range rows {
		if rest, ok := e.Include(WithUnit(a, i, len(rows))); !ok {
			relations = append(relations, rest[n:])
		}
	}
	return len(e.Pivots), relations
}

// Inverse returns the inverse of the square matrix, false where there is none or its fractions are long.
func Inverse(rows [][]number.Number) ([][]number.Number, bool) {
	const bits = 2000
	n := len(rows)
	e := NewEchelon(n)
	for i, a := range rows {
		if _, ok := e.Include(WithUnit(a, i, n)); !ok {
			return nil, false
		}
		for _, b := range e.Rows {
			if slices.ContainsFunc(b[n:], func(v number.Number) bool { return v.Bits() > bits }) {
				return nil, false
			}
		}
	}
	out := make([][]number.Number, n)
	for i, k := range e.Pivots {
		out[k] = e.Rows[i][n:]
	}
	return out, true
}
