package sos

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/optimize/global/internal/effort"
)

// A program is a semidefinite program over block diagonal symmetric matrices X:
//
//	minimise <C, X> subject to <A_k, X> = b_k and X positive semidefinite
//
// with linearly independent A_k.
type program struct {
	sizes []int     // of the blocks
	rows  [][]entry // A_k
	b     []float64
	c     []entry
}

// An entry is a linear term a·X_ij of a block, i ≤ j.
type entry struct {
	block, i, j int
	a           float64
}

// A point of the central path, nearly: X and Z = C - Σ y_k A_k.
type iterate struct {
	p          *program
	x, z, zinv []*mat.Dense
	y          []float64
	total      int // order of X
}

// parts returns the terms of each row by block.
func (p *program) parts() [][][]entry {
	out := make([][][]entry, len(p.sizes))
	for b := range out {
		out[b] = make([][]entry, len(p.rows))
	}
	for k, row := range p.rows {
		for _, e := range row {
			out[e.block][k] = append(out[e.block][k], e)
		}
	}
	return out
}

const (
	maxIterations = 70
	smallGap      = 1e-11 // relative
)

// solve runs a primal-dual interior-point method: directions of Helmberg, Rendl,
// Vanderbei and Wolkowicz (SIAM J. Optim. 6, 1996), Kojima, Shindoh and Hara (1997) and
// Monteiro (1997), with the predictor and corrector of Mehrotra, from an infeasible
// start. It returns the primal matrix with the smallest violation of the equations
// that it came to, nil where it came to nothing useful. Where the program has
// no solution the matrix does not satisfy the equations, which the caller has to see.
func (p *program) solve(ctx context.Context) (x []*mat.Dense, y []float64) {
	it := p.start()
	parts := p.parts()
	m := len(p.rows)
	cost := m * m * m / 3
	for _, n := range p.sizes {
		cost += (20*n + 2*m) * n * n
	}
	for range maxIterations {
		effort.Charge(ctx, effort.Floats(cost))
		if ctx.Err() != nil || !it.invert() {
			break
		}
		mu := it.inner(it.x, it.z) / float64(it.total)
		rp, rd := it.residuals()
		primal := it.objective(p.c)
		if !(mu > 0) || math.IsInf(mu, 0) {
			break
		}
		if mu*float64(it.total) < smallGap*(1+math.Abs(primal)) && norm(rp) < 1e-11*(1+norm(p.b)) {
			break
		}
		schur := it.schur(parts)
		var chol mat.Cholesky
		if m > 0 && !factorise(&chol, schur) {
			break
		}
		// Predictor.
		xrd := it.threefold(it.x, rd, it.zinv)
		h := make([]*mat.Dense, len(it.x))
		for b := range h {
			h[b] = new(mat.Dense)
			h[b].Add(it.x[b], xrd[b])
			h[b].Scale(-1, h[b])
		}
		dx, dy, dz, ok := it.direction(&chol, rp, rd, h)
		if !ok {
			break
		}
		ap, ad := longest(it.x, dx), longest(it.z, dz)
		ap, ad = math.Min(1, ap), math.Min(1, ad)
		after := it.innerAfter(dx, dz, ap, ad) / float64(it.total)
		sigma := math.Max(1e-6, math.Min(1, math.Pow(math.Max(after, 0)/mu, 2)))
		// Corrector.
		second := it.threefold(dx, dz, it.zinv)
		for b := range h {
			var t mat.Dense
			t.Scale(sigma*mu, it.zinv[b])
			h[b].Add(h[b], &t)
			h[b].Sub(h[b], second[b])
		}
		dx, dy, dz, ok = it.direction(&chol, rp, rd, h)
		if !ok {
			break
		}
		ap, ad = longest(it.x, dx), longest(it.z, dz)
		damp := 0.9 + 0.08*math.Min(1, math.Min(ap, ad))
		ap, ad = math.Min(1, damp*ap), math.Min(1, damp*ad)
		if ap < 1e-6 && ad < 1e-6 {
			break
		}
		for b := range it.x {
			var t mat.Dense
			t.Scale(ap, dx[b])
			it.x[b].Add(it.x[b], &t)
			t.Scale(ad, dz[b])
			it.z[b].Add(it.z[b], &t)
		}
		for k := range it.y {
			it.y[k] += ad * dy[k]
		}
	}
	for _, b := range it.x {
		if !finite(b) {
			return nil, nil
		}
	}
	return it.x, it.y
}

func norm(v []float64) float64 {
	s := 0.0
	for _, a := range v {
		s = math.Max(s, math.Abs(a))
	}
	return s
}

func finite(a *mat.Dense) bool {
	for _, v := range a.RawMatrix().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// start returns multiples of the identity (Toh, Todd and Tütüncü, 1999).
func (p *program) start() *iterate {
	it := &iterate{p: p, y: make([]float64, len(p.rows))}
	big, eta := 10.0, 10.0
	size := func(row []entry) float64 {
		s := 0.0
		for _, e := range row {
			s += e.a * e.a
		}
		return math.Sqrt(s)
	}
	for k, row := range p.rows {
		a := size(row)
		big = math.Max(big, (1+math.Abs(p.b[k]))/(1+a))
		eta = math.Max(eta, a)
	}
	eta = math.Max(eta, size(p.c))
	for _, n := range p.sizes {
		it.total += n
		x, z := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
		for i := range n {
			x.Set(i, i, big*math.Sqrt(float64(n)))
			z.Set(i, i, eta*math.Sqrt(float64(n)))
		}
		it.x, it.z = append(it.x, x), append(it.z, z)
	}
	return it
}

// invert computes the inverse of Z; false says that it is not positive definite.
func (it *iterate) invert() bool {
	it.zinv = it.zinv[:0]
	for _, z := range it.z {
		n, _ := z.Dims()
		var chol mat.Cholesky
		if !chol.Factorize(symmetric(z)) {
			return false
		}
		var inv mat.SymDense
		if err := chol.InverseTo(&inv); err != nil {
			if _, ill := err.(mat.Condition); !ill {
				return false
			}
		}
		d := mat.NewDense(n, n, nil)
		d.Copy(&inv)
		it.zinv = append(it.zinv, d)
	}
	return true
}

// symmetric returns (a + aᵀ)/2.
func symmetric(a *mat.Dense) *mat.SymDense {
	n, _ := a.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (a.At(i, j)+a.At(j, i))/2)
		}
	}
	return s
}

// factorise factorises the Schur complement, which may be singular to rounding.
func factorise(chol *mat.Cholesky, m *mat.SymDense) bool {
	n := m.SymmetricDim()
	for _, shift := range []float64{0, 1e-15, 1e-13, 1e-11} {
		if shift > 0 {
			for i := range n {
				m.SetSym(i, i, m.At(i, i)*(1+shift))
			}
		}
		if chol.Factorize(m) {
			return true
		}
	}
	return false
}

func (it *iterate) inner(a, b []*mat.Dense) float64 {
	s := 0.0
	for k := range a {
		u, v := a[k].RawMatrix().Data, b[k].RawMatrix().Data
		for i := range u {
			s += u[i] * v[i]
		}
	}
	return s
}

// innerAfter is <X + ap dX, Z + ad dZ>.
func (it *iterate) innerAfter(dx, dz []*mat.Dense, ap, ad float64) float64 {
	return it.inner(it.x, it.z) + ap*it.inner(dx, it.z) + ad*it.inner(it.x, dz) + ap*ad*it.inner(dx, dz)
}

// value is the linear form of the entries at a, symmetrised.
func value(row []entry, a []*mat.Dense) float64 {
	s := 0.0
	for _, e := range row {
		s += e.a * (a[e.block].At(e.i, e.j) + a[e.block].At(e.j, e.i)) / 2
	}
	return s
}

func (it *iterate) objective(c []entry) float64 { return value(c, it.x) }

// add adds f times the matrix of the linear form.
func add(a []*mat.Dense, row []entry, f float64) {
	for _, e := range row {
		v := f * e.a
		if e.i != e.j {
			v /= 2
			a[e.block].Set(e.j, e.i, a[e.block].At(e.j, e.i)+v)
		}
		a[e.block].Set(e.i, e.j, a[e.block].At(e.i, e.j)+v)
	}
}

// residuals are b - A(X) and C - Z - Aᵀ(y).
func (it *iterate) residuals() ([]float64, []*mat.Dense) {
	rp := make([]float64, len(it.y))
	rd := make([]*mat.Dense, len(it.z))
	for b, z := range it.z {
		rd[b] = new(mat.Dense)
		rd[b].Scale(-1, z)
	}
	add(rd, it.p.c, 1)
	for k, row := range it.p.rows {
		rp[k] = it.p.b[k] - value(row, it.x)
		add(rd, row, -it.y[k])
	}
	return rp, rd
}

func (it *iterate) threefold(a, b, c []*mat.Dense) []*mat.Dense {
	out := make([]*mat.Dense, len(a))
	for k := range a {
		var t mat.Dense
		t.Mul(a[k], b[k])
		out[k] = new(mat.Dense)
		out[k].Mul(&t, c[k])
	}
	return out
}

// schur is the matrix <A_k, X A_l Z⁻¹>.
func (it *iterate) schur(parts [][][]entry) *mat.SymDense {
	m := len(it.p.rows)
	if m == 0 {
		return nil
	}
	out := mat.NewSymDense(m, nil)
	for b, rows := range parts {
		n := it.p.sizes[b]
		x, zinv := it.x[b], it.zinv[b]
		terms := 0
		for _, r := range rows {
			terms += len(r)
		}
		u := mat.NewDense(n, n, nil)
		for l, row := range rows {
			if len(row) == 0 {
				continue
			}
			dense := 4*len(row)*terms > 2*n*n*n
			if dense {
				a := mat.NewDense(n, n, nil)
				for _, e := range row {
					v := e.a
					if e.i != e.j {
						v /= 2
						a.Set(e.j, e.i, v)
					}
					a.Set(e.i, e.j, v)
				}
				var t mat.Dense
				t.Mul(x, a)
				u.Mul(&t, zinv)
			}
			for k := l; k < m; k++ {
				s := 0.0
				for _, e := range rows[k] {
					if dense {
						s += e.a * (u.At(e.i, e.j) + u.At(e.j, e.i)) / 2
						continue
					}
					for _, f := range row {
						v := x.At(e.i, f.i)*zinv.At(f.j, e.j) + x.At(e.j, f.i)*zinv.At(f.j, e.i)
						if f.i != f.j {
							v = (v + x.At(e.i, f.j)*zinv.At(f.i, e.j) + x.At(e.j, f.j)*zinv.At(f.i, e.i)) / 2
						}
						s += e.a * f.a * v / 2
					}
				}
				if s != 0 {
					out.SetSym(l, k, out.At(l, k)+s)
				}
			}
		}
	}
	return out
}

// direction solves for the step, given what X is to change by but for the part of y.
func (it *iterate) direction(chol *mat.Cholesky, rp []float64, rd, h []*mat.Dense) (dx []*mat.Dense, dy []float64, dz []*mat.Dense, ok bool) {
	m := len(rp)
	dy = make([]float64, m)
	if m > 0 {
		rhs := mat.NewVecDense(m, nil)
		for k, row := range it.p.rows {
			rhs.SetVec(k, rp[k]-value(row, h))
		}
		var v mat.VecDense
		if err := chol.SolveVecTo(&v, rhs); err != nil {
			if _, ill := err.(mat.Condition); !ill {
				return nil, nil, nil, false
			}
		}
		for k := range dy {
			dy[k] = v.AtVec(k)
			if math.IsNaN(dy[k]) || math.IsInf(dy[k], 0) {
				return nil, nil, nil, false
			}
		}
	}
	ady := make([]*mat.Dense, len(rd))
	for b := range ady {
		n, _ := rd[b].Dims()
		ady[b] = mat.NewDense(n, n, nil)
	}
	for k, row := range it.p.rows {
		add(ady, row, dy[k])
	}
	dz = make([]*mat.Dense, len(rd))
	for b := range dz {
		dz[b] = new(mat.Dense)
		dz[b].Sub(rd[b], ady[b])
	}
	dx = it.threefold(it.x, ady, it.zinv)
	for b := range dx {
		dx[b].Add(dx[b], h[b])
		s := symmetric(dx[b])
		dx[b].Copy(s)
	}
	return dx, dy, dz, true
}

// longest is the greatest a for which x + a d is positive semidefinite, nearly.
func longest(x, d []*mat.Dense) float64 {
	a := math.Inf(1)
	for b := range x {
		var chol mat.Cholesky
		if !chol.Factorize(symmetric(x[b])) {
			return 0
		}
		var l mat.TriDense
		chol.LTo(&l)
		var t, w mat.Dense
		if err := t.Solve(&l, d[b]); err != nil {
			if _, ill := err.(mat.Condition); !ill {
				return 0
			}
		}
		if err := w.Solve(&l, t.T()); err != nil {
			if _, ill := err.(mat.Condition); !ill {
				return 0
			}
		}
		if !finite(&w) {
			return 0
		}
		var eig mat.EigenSym
		if !eig.Factorize(symmetric(&w), false) {
			return 0
		}
		if low := eig.Values(nil)[0]; low < 0 {
			a = math.Min(a, -1/low)
		}
	}
	return a
}
