package kkt

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// Sequential solves a sequence of quadratic programs from x, each with the constraints linearised
// and the steps within a box that the agreement with the formula widens or narrows (Fletcher's
// Sl1QP; Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, section 18.5). It keeps to
// equations that the method of Minimise leaves where they and the variables are of different
// sizes, and takes longer. p evaluates f. It returns nil where f is not defined at x or there
// are no second derivatives.
func (l *Lagrangian) Sequential(ctx context.Context, p *model.Prober, x []float64) *Solution {
	q := &sequence{l: l, p: p, x: slices.Clone(x)}
	if l.Entries == nil && l.M.N > maxConstrained || !q.begin() {
		return nil
	}
	for range sequentialSteps {
		if ctx.Err() != nil || !q.step(ctx) {
			break
		}
	}
	r := &Solution{X: q.x, Y: q.y}
	l.newton(r)
	r.F = p.At(r.X)
	r.Violation = l.Violation(r.X)
	return r
}

const (
	sequentialSteps = 120
	mostPrice       = 1e9
)

// A sequence is the state of Sequential. Variables are measured in units of size, constraints in
// units of their slope.
type sequence struct {
	l      *Lagrangian
	p      *model.Prober
	x, y   []float64
	f      float64
	free   []int // the variables that have room
	size   []float64
	weight []float64 // by which a constraint is multiplied
	price  float64
	reach  float64
	e      elastic
}

// begin measures everything at x; false where something is not defined.
func (q *sequence) begin() bool {
	l := q.l
	q.y, q.size, q.weight = make([]float64, l.K), make([]float64, l.M.N), make([]float64, l.K)
	for i, b := range l.M.Inner {
		if b.IsEmpty() {
			b = l.M.Outer[i]
		}
		q.x[i] = model.ClipTo(q.x[i], b)
		if !(b.Width() > 0) {
			continue
		}
		q.free = append(q.free, i)
		if q.size[i] = b.Width(); !b.IsBounded() {
			q.size[i] = math.Max(1, math.Abs(q.x[i]))
		}
	}
	q.reach, q.price = 0.5, 10
	if !q.linearise() || len(q.free) == 0 {
		return false
	}
	for _, g := range q.e.g {
		q.price = math.Max(q.price, 10*math.Abs(g))
	}
	q.price = math.Min(q.price, mostPrice)
	return true
}

// linearise makes the quadratic program of a step from x; false where something is not defined.
func (q *sequence) linearise() bool {
	l, n := q.l, len(q.free)
	in := slices.Concat(q.x, q.y)
	l.PM.Eval(l.POut, in)
	l.GM.Eval(l.GOut, q.x)
	q.f = q.p.At(q.x)
	if !model.AllFinite(l.POut) || !model.AllFinite(l.GOut) || !model.Finite(q.f) {
		return false
	}
	e := &q.e
	e.g, e.b = make([]float64, n), make([]float64, l.K)
	e.h, e.a = mat.NewSymDense(n, nil), nil
	if l.K > 0 {
		e.a = mat.NewDense(l.K, n, nil)
	}
	place := make(map[int]int, n)
	for j, i := range q.free {
		place[i] = j
		e.g[j] = l.POut[1+i] * q.size[i] // less the constraints, below
	}
	e.equal = e.equal[:0]
	for c, con := range l.M.Cons {
		e.equal = append(e.equal, con.Equal)
		most := 0.0
		for j, i := range q.free {
			s := l.GOut[l.K+c*l.M.N+i] * q.size[i]
			most = math.Max(most, math.Abs(s))
			e.a.Set(c, j, s)
			e.g[j] -= q.y[c] * s
		}
		if q.weight[c] == 0 && most > 0 {
			q.weight[c] = 1 / most
		}
		e.b[c] = q.weight[c] * l.GOut[c]
		for j := range n {
			e.a.Set(c, j, q.weight[c]*e.a.At(c, j))
		}
	}
	for k, entry := range l.Entries {
		i, ok := place[entry.Row]
		j, ok2 := place[entry.Col]
		if ok && ok2 {
			e.h.SetSym(i, j, l.POut[1+l.M.N+k]*q.size[entry.Row]*q.size[entry.Col])
		}
	}
	return q.convex()
}

// convex replaces the eigenvalues of the Hessian by their absolute values.
func (q *sequence) convex() bool {
	n := len(q.free)
	h := q.e.h
	var eigen mat.EigenSym
	if !model.AllFinite(h.RawSymmetric().Data) || !eigen.Factorize(h, true) {
		return false
	}
	values := eigen.Values(nil)
	var v mat.Dense
	eigen.VectorsTo(&v)
	most := 1e-8
	for _, a := range values {
		most = math.Max(most, math.Abs(a))
	}
	h.Zero()
	for k, a := range values {
		h.SymRankOne(h, math.Max(math.Abs(a), 1e-8*most), v.ColView(k))
	}
	for i := range n {
		if !model.Finite(h.At(i, i)) {
			return false
		}
	}
	return true
}

// merit is f with the price of what is violated at x, and the constraints there.
func (q *sequence) merit(x []float64) (f, violation float64, g []float64) {
	f = q.p.At(x)
	q.l.GM.Eval(q.l.GOut, x)
	g = make([]float64, q.l.K)
	for i, c := range q.l.M.Cons {
		g[i] = q.weight[i] * q.l.GOut[i]
		v := g[i]
		if c.Equal {
			v = math.Abs(v)
		}
		if !(v <= 0) {
			violation += v
		}
	}
	return f, violation, g
}

// step goes on from x; false at the end.
func (q *sequence) step(ctx context.Context) bool {
	e, n := &q.e, len(q.free)
	effort.Charge(ctx, effort.Floats(elasticSteps*n*n*(n+3*q.l.K)+20*n*n*n+q.l.Plain.Len()))
	e.price, e.lo, e.hi = q.price, make([]float64, n), make([]float64, n)
	for j, i := range q.free {
		b := q.l.M.Inner[i]
		// A point of a bound has a little room beyond it, which the step does not take.
		e.lo[j] = math.Max(-q.reach, math.Min((b.Lo-q.x[i])/q.size[i], -1e-3*q.reach))
		e.hi[j] = math.Min(q.reach, math.Max((b.Hi-q.x[i])/q.size[i], 1e-3*q.reach))
	}
	zero := make([]float64, n)
	now := e.violation(zero)
	d, y, ok := e.solve()
	if !ok {
		return false
	}
	// A price too low leaves conditions violated that a step could satisfy better.
	for now > 1e-12 && q.price < mostPrice && e.violation(d) > 0.1*now {
		e.price = math.Min(100*q.price, mostPrice)
		d2, y2, ok := e.solve()
		if !ok || !(e.violation(d2) < 0.9*e.violation(d)) {
			e.price = q.price
			break
		}
		q.price, d, y = e.price, d2, y2
	}
	promised := e.value(zero) - e.value(d)
	x, far := q.moved(d)
	old := q.f + q.price*now
	f, violation, g := q.merit(x)
	gain := old - (f + q.price*violation)
	if !(gain > 1e-4*promised) && model.Finite(f) && model.AllFinite(g) && now < 1e-2 {
		// The constraints bend away from the step: correct it to second order.
		bent := *e
		bent.b = slices.Clone(e.b)
		for i := range bent.b {
			bent.b[i] = g[i] - mat.Dot(e.a.RowView(i), mat.NewVecDense(n, d))
		}
		if d2, _, ok := bent.solve(); ok {
			x2, far2 := q.moved(d2)
			f2, violation2, _ := q.merit(x2)
			if v := old - (f2 + q.price*violation2); v > gain || !model.Finite(gain) {
				x, far, gain = x2, far2, v
			}
		}
	}
	small := !(promised > 1e-13*math.Max(1, math.Abs(old)))
	if !(gain > 1e-4*promised) || small {
		if small || q.reach < 1e-10 {
			q.take(y)
			return false
		}
		q.reach = math.Min(q.reach, far) / 4
		return true
	}
	if gain > 0.75*promised && far > 0.8*q.reach {
		q.reach = math.Min(2*q.reach, 1)
	} else if gain < 0.25*promised {
		q.reach /= 2
	}
	before, multipliers := q.x, q.y
	q.x = x
	q.take(y)
	if !q.linearise() { // the derivatives may be defined less far than f
		q.x, q.y = before, multipliers
		q.reach /= 4
		return q.reach > 1e-10 && q.linearise()
	}
	return true
}

// take makes the multipliers of the quadratic program those of the constraints.
func (q *sequence) take(y []float64) {
	q.y = make([]float64, len(y))
	for i := range y {
		q.y[i] = y[i] * q.weight[i]
		if !q.l.M.Cons[i].Equal {
			q.y[i] = math.Max(0, q.y[i])
		}
	}
}

// moved is the point the step d away, within the bounds, and the length of the step.
func (q *sequence) moved(d []float64) (x []float64, far float64) {
	x = slices.Clone(q.x)
	for j, i := range q.free {
		b := q.l.M.Inner[i]
		x[i] = model.ClipTo(x[i]+d[j]*q.size[i], b)
		if edge := 1e-9 * q.size[i]; x[i] < b.Lo+edge { // interior points only come near
			x[i] = b.Lo
		} else if x[i] > b.Hi-edge {
			x[i] = b.Hi
		}
		far = math.Max(far, math.Abs(d[j]))
	}
	return x, far
}
