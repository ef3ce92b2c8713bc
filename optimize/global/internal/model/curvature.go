package model

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
)

// Holding says which bounds hold x: the point with these bounds enclosed, for each
// variable -1 or +1 for the bound and 0 for none, and the variables that are free.
// why is not empty for a point that is not in the region.
func (p *Prober) Holding(x []float64) (at []interval.I, side, free []int, why string) {
	at, side, free = make([]interval.I, p.N), make([]int, p.N), make([]int, 0, p.N)
	for i, c := range x {
		at[i] = interval.Point(c)
		lo, hi := c <= p.Inner[i].Lo, c >= p.Inner[i].Hi
		switch {
		case !lo && !hi:
			free = append(free, i)
		case c < p.Inner[i].Lo || c > p.Inner[i].Hi, lo && p.LoOpen[i], hi && p.HiOpen[i]:
			return nil, nil, nil, "it is at an end that does not belong to the region"
		case lo && hi: // a single value
			at[i] = interval.I{Lo: p.Outer[i].Lo, Hi: p.Outer[i].Hi}
		case lo:
			side[i] = -1
			at[i].Lo = p.Outer[i].Lo
		default:
			side[i] = +1
			at[i].Hi = p.Outer[i].Hi
		}
	}
	return at, side, free, ""
}

// SlackOver reports whether the constraints are proved to hold on all of box, with
// something to spare, so that they do not hold a point in it.
func (p *Prober) SlackOver(box []interval.I) bool {
	if len(p.Cons) == 0 {
		return true
	}
	p.MV.Interval(p.VOut, p.VDec, box)
	for k, c := range p.Cons {
		g := p.VOut[k+1]
		if c.Equal || p.VDec[k+1] < interval.Continuous || g.IsEmpty() || !(g.Hi < 0) {
			return false
		}
	}
	return true
}

// A Curvature is the Hessian at a point in the free variables, in floats, scaled so
// that its diagonal is 1, -1 or 0.
type Curvature struct {
	h     *mat.SymDense
	Scale []float64 // of the variables
}

// CurvatureAt computes the Hessian at x in the free variables; ok is false where it
// is not finite.
func (p *Prober) CurvatureAt(x []float64, free []int) (c *Curvature, ok bool) {
	n := len(free)
	if n == 0 {
		return nil, true
	}
	h := Square(p.N)
	p.Hessian(h, make([]float64, p.N), x)
	c = &Curvature{mat.NewSymDense(n, nil), make([]float64, n)}
	for a, i := range free {
		c.Scale[a] = 1
		if d := math.Abs(h[i][i]); d > 1e-290 && Finite(d) {
			c.Scale[a] = 1 / math.Sqrt(d)
		}
		for b, j := range free[:a+1] {
			v := h[i][j] * c.Scale[a] * c.Scale[b]
			if !Finite(v) {
				return nil, false
			}
			c.h.SetSym(a, b, v)
		}
	}
	return c, true
}

// Inverse returns the inverse of the Hessian, nearly; nil if it has none.
func (c *Curvature) Inverse() *mat.Dense {
	if c == nil {
		return nil
	}
	m := new(mat.Dense)
	var ill mat.Condition // a number, with an inverse that may still do
	if err := m.Inverse(c.h); err != nil && (!errors.As(err, &ill) || !Finite(float64(ill))) {
		return nil
	}
	m.Apply(func(i, j int, v float64) float64 { return v * c.Scale[i] * c.Scale[j] }, m)
	if !AllFinite(m.RawMatrix().Data) {
		return nil
	}
	return m
}

// Spectrum returns the eigenvalues of the scaled Hessian, ascending, and in first
// and last the directions in which it curves least and most; ok is false when they
// are not found.
func (c *Curvature) Spectrum() (values, first, last []float64, ok bool) {
	var es mat.EigenSym
	if c == nil || !es.Factorize(c.h, true) {
		return nil, nil, nil, false
	}
	var v mat.Dense
	es.VectorsTo(&v)
	first, last = mat.Col(nil, 0, &v), mat.Col(nil, len(c.Scale)-1, &v)
	for i, s := range c.Scale {
		first[i] *= s
		last[i] *= s
	}
	return es.Values(nil), first, last, true
}

// NearlySingular reports whether the Hessian looks singular.
func (c *Curvature) NearlySingular() bool {
	values, _, _, ok := c.Spectrum()
	if !ok {
		return false
	}
	least, most := math.Inf(1), 0.0
	for _, v := range values {
		least, most = math.Min(least, math.Abs(v)), math.Max(most, math.Abs(v))
	}
	return least <= 1e-7*most || most == 0
}
