package kkt

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/optimize/global/internal/model"
)

// An elastic is a convex quadratic program in a box whose other conditions may be violated at a
// price: the least value of
//
//	½ dᵀHd + gᵀd + price (Σ over equations |a·d + b| + Σ over inequalities max(0, a·d + b))
//
// for lo < d < hi. It has a solution for whatever conditions.
type elastic struct {
	h      *mat.SymDense // positive definite
	g      []float64
	a      *mat.Dense // nil without conditions
	b      []float64
	equal  []bool
	price  float64
	lo, hi []float64 // with room between them
}

// A pair is a value that may not be negative and its multiplier: their product falls to zero.
type pair struct{ v, z float64 }

func (p pair) product() float64 { return p.v * p.z }

// length is the part of the step (dv, dz) up to which both stay positive.
func (p pair) length(dv, dz, most float64) float64 {
	if dv < 0 {
		most = math.Min(most, -p.v/dv)
	}
	if dz < 0 {
		most = math.Min(most, -p.z/dz)
	}
	return most
}

// violation is what the conditions cost at d, for the price 1.
func (e *elastic) violation(d []float64) float64 {
	sum := 0.0
	for i, v := range e.b {
		v += mat.Dot(e.a.RowView(i), mat.NewVecDense(len(d), d))
		if e.equal[i] {
			v = math.Abs(v)
		}
		sum += math.Max(0, v)
	}
	return sum
}

// value is what is to be made small.
func (e *elastic) value(d []float64) float64 {
	v := mat.NewVecDense(len(d), d)
	return mat.Inner(v, e.h, v)/2 + mat.Dot(v, mat.NewVecDense(len(d), e.g)) + e.price*e.violation(d)
}

// elasticSteps is the number of steps up to which the method of interior points is followed.
const elasticSteps = 40

// solve returns the minimiser and the multipliers of the conditions, by the primal-dual method of
// interior points (Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, section 16.6). A
// condition a·d + b - p + q = 0 has the parts p, q ≥ 0 with the prices that its side asks for; all
// but d is eliminated from the equations of a step.
func (e *elastic) solve() (d, y []float64, ok bool) {
	n, k := len(e.g), len(e.b)
	d, y = make([]float64, n), make([]float64, k)
	below, above := make([]pair, n), make([]pair, n)
	start := 1.0
	for i := range d {
		d[i] = (e.lo[i] + e.hi[i]) / 2
		start = math.Max(start, math.Abs(e.g[i]))
	}
	for i := range d {
		below[i], above[i] = pair{d[i] - e.lo[i], start}, pair{e.hi[i] - d[i], start}
	}
	over, under := make([]pair, k), make([]pair, k)
	for i, v := range e.b {
		v += mat.Dot(e.a.RowView(i), mat.NewVecDense(n, d))
		free := 0.0 // what q costs
		if e.equal[i] {
			free = e.price
		}
		y[i] = (e.price - free) / 2
		room := 1e-2 + math.Abs(v)
		over[i] = pair{math.Max(v, 0) + room, e.price - y[i]}
		under[i] = pair{math.Max(-v, 0) + room, free + y[i]}
	}
	m := mat.NewSymDense(n, nil)
	rhs, step := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	weight, shift, dy := make([]float64, k), make([]float64, k), make([]float64, k)
	var chol mat.Cholesky
	for range elasticSteps {
		mu := 0.0
		for _, list := range [][]pair{below, above, over, under} {
			for _, p := range list {
				mu += p.product()
			}
		}
		if mu /= float64(2 * (n + k)); mu < 1e-13*math.Max(1, e.price) {
			break
		}
		mu *= 0.1
		m.CopySym(e.h)
		for i := range n { // the equations of a step, reduced to d
			slope := e.g[i]
			for j := range n {
				slope += e.h.At(i, j) * d[j]
			}
			for q := range k {
				slope += e.a.At(q, i) * y[q]
			}
			m.SetSym(i, i, m.At(i, i)+below[i].z/below[i].v+above[i].z/above[i].v)
			rhs.SetVec(i, -slope+mu/below[i].v-mu/above[i].v)
		}
		for q := range k {
			weight[q] = 1 / (over[q].v/over[q].z + under[q].v/under[q].z)
			shift[q] = (mu-over[q].product())/over[q].z - (mu-under[q].product())/under[q].z
			for i := range n {
				a := e.a.At(q, i)
				if a == 0 {
					continue
				}
				rhs.SetVec(i, rhs.AtVec(i)+a*weight[q]*shift[q])
				for j := i; j < n; j++ {
					m.SetSym(i, j, m.At(i, j)+weight[q]*a*e.a.At(q, j))
				}
			}
		}
		if !model.AllFinite(m.RawSymmetric().Data) || !chol.Factorize(m) || chol.SolveVecTo(step, rhs) != nil {
			break
		}
		length := 1 / 0.995
		dz := func(p pair, dv float64) float64 { return (mu - p.product() - p.z*dv) / p.v }
		for i := range n {
			s := step.AtVec(i)
			length = below[i].length(s, dz(below[i], s), length)
			length = above[i].length(-s, dz(above[i], -s), length)
		}
		part := func(p pair, dz float64) float64 { return (mu - p.product() - p.v*dz) / p.z }
		for q := range k {
			dy[q] = weight[q] * (mat.Dot(e.a.RowView(q), step) - shift[q])
			length = over[q].length(part(over[q], -dy[q]), -dy[q], length)
			length = under[q].length(part(under[q], dy[q]), dy[q], length)
		}
		length *= 0.995
		for i := range n {
			s := step.AtVec(i)
			zb, za := dz(below[i], s), dz(above[i], -s)
			d[i] += length * s
			below[i] = pair{below[i].v + length*s, below[i].z + length*zb}
			above[i] = pair{above[i].v - length*s, above[i].z + length*za}
		}
		for q := range k {
			po, pu := part(over[q], -dy[q]), part(under[q], dy[q])
			y[q] += length * dy[q]
			over[q] = pair{over[q].v + length*po, over[q].z - length*dy[q]}
			under[q] = pair{under[q].v + length*pu, under[q].z + length*dy[q]}
		}
	}
	return d, y, model.AllFinite(d) && model.AllFinite(y)
}
