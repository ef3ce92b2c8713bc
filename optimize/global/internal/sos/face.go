package sos

import (
	"math"
	"math/big"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// This file finds the face of the cone of Gram matrices on which those of a tight bound
// lie: where a sum of squares is 0, so is every square, and the vector of monomials there
// is in the kernel of the Gram matrix. The kernel is found in floating point and rounded
// to rational numbers, which a proof has to stand up to in the end.

// vanishAt reduces the blocks to polynomials that vanish at the points where their
// factors do not.
func (w *work) vanishAt(points [][]float64) {
	for k := range w.blocks {
		b := &w.blocks[k]
		var rows [][]float64
		for _, x := range points {
			if b.g != nil && math.Abs(b.g.float(x)) < 1e-9 {
				continue
			}
			v := make([]float64, len(b.z))
			for i, z := range b.z {
				v[i] = z.float(x)
			}
			rows = append(rows, v)
		}
		if z, ok := orthogonal(b.z, rows, 1e-9, 1e-10, 10_000); ok {
			b.z = z
		}
	}
	w.drop()
}

// drop removes blocks without polynomials.
func (w *work) drop() {
	w.blocks = slices.DeleteFunc(w.blocks, func(b block) bool { return len(b.z) == 0 })
}

// float is the value at a point.
func (p Polynomial) float(x []float64) float64 {
	sum := 0.0
	for _, m := range p.Monomials() {
		t, _ := p[m].Float64()
		for i := range len(m) {
			for range m[i] {
				t *= x[i]
			}
		}
		sum += t
	}
	return sum
}

// roundings say how far the numbers of a kernel may be off, which is about the root of the
// accuracy of the matrix, and up to which denominators they are then believed.
var roundings = []struct {
	tol  float64
	most int64
}{{1e-5, 100}, {1e-4, 30}, {1e-3, 8}}

// reduce splits off the kernels of the matrices q; false says that there are none.
func (w *work) reduce(q []*mat.Dense) bool {
	most := 0.0
	values := make([][]float64, len(q))
	vectors := make([]*mat.Dense, len(q))
	for b := range q {
		var eig mat.EigenSym
		if !eig.Factorize(symmetric(q[b]), true) {
			return false
		}
		values[b] = eig.Values(nil)
		vectors[b] = new(mat.Dense)
		eig.VectorsTo(vectors[b])
		most = math.Max(most, values[b][len(values[b])-1])
	}
	// The widest gap between the eigenvalues tells which of them are to be 0.
	var all []float64
	for _, v := range values {
		for _, x := range v {
			all = append(all, math.Max(x, 1e-12*most)/most)
		}
	}
	slices.Sort(all)
	cut, gap := 0.0, 1.0
	for i, x := range all {
		next := 1.0
		if i+1 < len(all) {
			next = all[i+1]
		}
		if x < 1e-3 && next/x > gap {
			cut, gap = math.Sqrt(x*next), next/x
		}
	}
	if cut == 0 || gap < 10 {
		return false
	}
	changed := false
	for b := range w.blocks {
		var rows [][]float64
		for i, x := range values[b] {
			if x/most < cut {
				rows = append(rows, mat.Col(nil, i, vectors[b]))
			}
		}
		if len(rows) == 0 {
			continue
		}
		var z []Polynomial
		ok := false
		for _, r := range roundings {
			if z, ok = orthogonal(w.blocks[b].z, rows, 1e-2, r.tol, r.most); ok {
				break
			}
		}
		if !ok {
			return false
		}
		w.blocks[b].z, changed = z, true
	}
	w.drop()
	return changed && len(w.blocks) > 0
}

// orthogonal returns the combinations of z that are orthogonal to the rows, whose
// echelon form is rounded to rational numbers: pivots below zero count as none, numbers
// are rounded within tol to denominators up to most. ok is false where they are not near
// such numbers.
func orthogonal(z []Polynomial, rows [][]float64, zero, tol float64, most int64) (out []Polynomial, ok bool) {
	n := len(z)
	a := make([][]float64, len(rows))
	for i := range rows {
		a[i] = slices.Clone(rows[i])
		scale := 0.0
		for _, v := range a[i] {
			scale = math.Max(scale, math.Abs(v))
		}
		for j := range a[i] {
			if scale > 0 {
				a[i][j] /= scale
			}
		}
	}
	var pivots []int
	for k := 0; k < len(a); k++ {
		r, c, best := -1, -1, zero
		for i := k; i < len(a); i++ {
			for j, v := range a[i] {
				if !slices.Contains(pivots, j) && math.Abs(v) > best*(1+1e-6) {
					r, c, best = i, j, math.Abs(v)
				}
			}
		}
		if r < 0 {
			break
		}
		a[k], a[r] = a[r], a[k]
		p := a[k][c]
		for j := range a[k] {
			a[k][j] /= p
		}
		for i := range a {
			if f := a[i][c]; i != k && f != 0 {
				for j := range a[i] {
					a[i][j] -= f * a[k][j]
				}
			}
		}
		pivots = append(pivots, c)
	}
	for j := range n {
		if slices.Contains(pivots, j) {
			continue
		}
		q := z[j]
		for k, c := range pivots {
			v, near := simplest(a[k][j], tol*math.Max(1, math.Abs(a[k][j])), most)
			if !near {
				return nil, false
			}
			q = q.Add(z[c].Scale(v.Neg(v)))
		}
		out = append(out, q)
	}
	return out, true
}

// simplest is the first convergent of the continued fraction of v within tol, if its
// denominator is at most most.
func simplest(v, tol float64, most int64) (*big.Rat, bool) {
	if math.Abs(v) > 1e9 || math.IsNaN(v) {
		return nil, false
	}
	whole := math.Round(v)
	p0, q0, p1, q1 := int64(1), int64(0), int64(whole), int64(1)
	rest := v - whole
	for range 40 {
		if q1 > most || q1 < -most {
			return nil, false
		}
		if math.Abs(v-float64(p1)/float64(q1)) <= tol {
			return big.NewRat(p1, q1), true
		}
		if rest == 0 {
			return nil, false
		}
		inv := 1 / rest
		a := math.Round(inv)
		if math.Abs(a) > 1e9 {
			return nil, false
		}
		rest = inv - a
		p0, q0, p1, q1 = p1, q1, int64(a)*p1+p0, int64(a)*q1+q0
	}
	return nil, false
}
