package global

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
)

// This file proves that a point is a strict local minimum under constraints that hold
// with equality there.

// A kktSystem is the system of Karush, Kuhn and Tucker at a point,
//
//	∂L/∂x_i = 0 for the free variables, g_a = 0 for the active constraints,
//
// L = f + Σ y_a g_a, in the unknowns u = (x_i, y_a). The variables that bounds hold
// are at their bounds.
type kktSystem struct {
	l      *lagrangian
	p      *prober
	x      []float64
	at     []interval.I
	side   []int
	free   []int
	active []int

	u    []float64
	inv  *mat.Dense // of the Jacobian at u, nearly
	in   []interval.I
	pOut []interval.I // of the Lagrangian: value, gradient, Hessian
	pDec []interval.Dec
	gOut []interval.I // of the constraints: values, Jacobian
	gDec []interval.Dec
}

// nearlyActive is the relative value from which an inequality counts as one that holds
// with equality.
const nearlyActive = 1e-7

// natureUnder finds out whether the constraints and bounds that hold x make it a
// strict local minimum, by the second-order sufficient conditions (Nocedal and Wright,
// Numerical Optimization, 2nd ed. 2006, theorem 12.6): near x, Krawczyk's test shows
// one solution of the system of Karush, Kuhn and Tucker; there the other inequalities
// are slack, the multipliers of active ones are positive, the Lagrangian rises from
// the bounds that hold variables, and its Hessian H is positive definite where the
// Jacobian J of the active constraints vanishes, which follows when H + ρ JᵀJ is
// positive definite for some ρ (Debreu 1952).
func natureUnder(p *prober, l *lagrangian, x []float64, at []interval.I, side, free []int) nature {
	none := nature{kind: "undetermined", held: p.n - len(free)}
	k := &kktSystem{l: l, p: p, x: slices.Clone(x), at: at, side: side, free: free}
	if none.why = k.begin(); none.why != "" {
		return none
	}
	for _, factor := range krawczykFactors {
		out := k.prove(factor)
		if out == nil {
			continue
		}
		if none.why = k.sufficient(out); none.why != "" {
			continue
		}
		n := nature{kind: "local minimum", proved: true, held: none.held, active: len(k.active)}
		if slices.ContainsFunc(k.active, func(i int) bool { return !k.l.m.cons[i].equal }) {
			n.signs = ", with multipliers of the right sign"
		}
		for j, i := range free {
			n.radius = math.Max(n.radius, out[j].Sub(interval.Point(x[i])).Mag())
		}
		return n
	}
	if none.why == "" {
		none.why = "that it satisfies the conditions of Karush, Kuhn and Tucker could not be proved"
	}
	return none
}

// begin finds the active constraints and their multipliers, and improves the point by
// Newton's method. It says why that fails, nothing if it does not.
func (k *kktSystem) begin() string {
	l := k.l
	n := l.m.n
	if l.pent == nil && n > maxConstrained {
		return "there are too many variables for second derivatives"
	}
	l.gm.Eval(l.gOut, k.x)
	for i, c := range l.m.cons {
		size := 1.0
		for _, d := range l.gOut[l.k+i*n : l.k+(i+1)*n] {
			size = math.Max(size, math.Abs(d))
		}
		if c.equal || l.gOut[i] > -nearlyActive*size {
			if c.strict {
				return "it is at an edge that does not belong to the region"
			}
			k.active = append(k.active, i)
		}
	}
	q := len(k.active)
	if q > len(k.free) {
		return "more constraints hold it than there are variables"
	}
	k.u = make([]float64, len(k.free)+q)
	for a, i := range k.free {
		k.u[a] = k.x[i]
	}
	copy(k.u[len(k.free):], k.multipliers())
	k.in = make([]interval.I, n+l.k+1)
	k.pOut, k.pDec = make([]interval.I, l.plain.NumOut()), make([]interval.Dec, l.plain.NumOut())
	k.gOut, k.gDec = make([]interval.I, l.g.NumOut()), make([]interval.Dec, l.g.NumOut())
	last := math.Inf(1)
	for range 8 {
		f, ok := k.linearise()
		if !ok {
			return "the constraints that hold it are not independent, or the Lagrangian is flat there"
		}
		step := mat.NewVecDense(len(f), nil)
		step.MulVec(k.inv, mat.NewVecDense(len(f), f))
		size := mat.Norm(step, math.Inf(1))
		if !(size < last) {
			break
		}
		last = size
		for j := range k.u {
			k.u[j] -= step.AtVec(j)
		}
	}
	return ""
}

// multipliers returns those with which the gradient of the Lagrangian is least.
func (k *kktSystem) multipliers() []float64 {
	l, n, q := k.l, k.l.m.n, len(k.active)
	y := make([]float64, q)
	if q == 0 {
		return y
	}
	g := make([]float64, n)
	k.p.gradient(g, k.x)
	a, b := mat.NewDense(len(k.free), q, nil), mat.NewVecDense(len(k.free), nil)
	for r, i := range k.free {
		b.SetVec(r, -g[i])
		for c, j := range k.active {
			a.Set(r, c, l.gOut[l.k+j*n+i])
		}
	}
	var v mat.VecDense
	if v.SolveVec(a, b) != nil && v.Len() != q {
		return y
	}
	for c := range y {
		if t := v.AtVec(c); finite(t) {
			y[c] = t
		}
	}
	return y
}

// linearise computes the system and the inverse of its Jacobian at u, in floats.
func (k *kktSystem) linearise() (f []float64, ok bool) {
	l, n, m := k.l, k.l.m.n, len(k.free)
	x := slices.Clone(k.x)
	in := make([]float64, n+l.k+1)
	for a, i := range k.free {
		x[i] = k.u[a]
	}
	copy(in, x)
	for c, j := range k.active {
		in[n+j] = k.u[m+c]
	}
	l.pm.Eval(l.pOut, in)
	l.gm.Eval(l.gOut, x)
	f = make([]float64, len(k.u))
	jac := mat.NewDense(len(f), len(f), nil)
	place := k.places()
	for a, i := range k.free {
		f[a] = l.pOut[1+i]
		for c, j := range k.active {
			d := l.gOut[l.k+j*n+i]
			jac.Set(a, m+c, d)
			jac.Set(m+c, a, d)
		}
	}
	for c, j := range k.active {
		f[m+c] = l.gOut[j]
	}
	for e, h := range l.pent {
		if a, b := place[h.Row], place[h.Col]; a >= 0 && b >= 0 {
			jac.Set(a, b, l.pOut[1+n+e])
			jac.Set(b, a, l.pOut[1+n+e])
		}
	}
	k.inv = new(mat.Dense)
	if !allFinite(f) || !allFinite(jac.RawMatrix().Data) || k.inv.Inverse(jac) != nil || !allFinite(k.inv.RawMatrix().Data) {
		return nil, false
	}
	return f, true
}

// places returns the place of each variable among the free ones, -1 for none.
func (k *kktSystem) places() []int {
	place := make([]int, k.l.m.n)
	for i := range place {
		place[i] = slices.Index(k.free, i)
	}
	return place
}

// enclose computes the programs where the unknowns are in u and the variables that are
// held in their box; false where f or a constraint may not be smooth.
func (k *kktSystem) enclose(u, held []interval.I) bool {
	l, n, m := k.l, k.l.m.n, len(k.free)
	clear(k.in)
	copy(k.in, held)
	for a, i := range k.free {
		k.in[i] = u[a]
	}
	for c, j := range k.active {
		k.in[n+j] = u[m+c]
	}
	l.pm.Interval(k.pOut, k.pDec, k.in)
	l.gm.Interval(k.gOut, k.gDec, k.in[:n])
	for i, d := range k.pDec {
		if d < interval.Continuous || k.pOut[i].IsEmpty() {
			return false
		}
	}
	for i, d := range k.gDec {
		if d < interval.Continuous || k.gOut[i].IsEmpty() {
			return false
		}
	}
	return true
}

// prove returns a box that holds exactly one solution of the system for all values of
// the variables in at, the box that was searched being factor times as large as the
// Newton step; nil if there is no proof. The programs are then evaluated on it.
func (k *kktSystem) prove(factor float64) []interval.I {
	n, m := k.l.m.n, len(k.free)
	points := make([]interval.I, len(k.u))
	for j, v := range k.u {
		points[j] = interval.Point(v)
	}
	if !k.enclose(points, k.at) {
		return nil
	}
	value := func(j int) interval.I {
		if j < m {
			return k.pOut[1+k.free[j]]
		}
		return k.gOut[k.active[j-m]]
	}
	move := make([]interval.I, len(k.u)) // C F(u)
	size := 0.0
	for j := range move {
		v := interval.Point(0)
		for c := range move {
			v = v.Add(interval.Point(k.inv.At(j, c)).Mul(value(c)))
		}
		move[j] = v
		size = math.Max(size, v.Mag()/math.Max(1, math.Abs(k.u[j])))
	}
	if !finite(size) {
		return nil
	}
	box, held := slices.Clone(points), slices.Clone(k.at)
	for j, v := range k.u {
		r := math.Max(factor*size, 1e-15) * math.Max(1, math.Abs(v))
		box[j] = interval.New(v-r, v+r)
		if j < m && !box[j].In(k.p.inner[k.free[j]]) {
			return nil
		}
	}
	for i, side := range k.side { // reach into the region
		r := math.Max(factor*size, 1e-15) * math.Max(1, math.Abs(k.x[i]))
		switch {
		case side < 0:
			held[i].Hi = math.Min(k.x[i]+r, k.p.outer[i].Hi)
		case side > 0:
			held[i].Lo = math.Max(k.x[i]-r, k.p.outer[i].Lo)
		}
	}
	if !k.enclose(box, held) {
		return nil
	}
	jac := intervalSquare(len(k.u))
	place := k.places()
	for e, h := range k.l.pent {
		if a, b := place[h.Row], place[h.Col]; a >= 0 && b >= 0 {
			jac[a][b], jac[b][a] = k.pOut[1+n+e], k.pOut[1+n+e]
		}
	}
	for c := range k.active {
		for a := range k.free {
			d := k.jacobian(c, a)
			jac[a][m+c], jac[m+c][a] = d, d
		}
	}
	out := make([]interval.I, len(k.u))
	for j := range out {
		v := points[j].Sub(move[j])
		for c := range out {
			e := interval.Point(0)
			if j == c {
				e = interval.Point(1)
			}
			for b := range out {
				if jac[b][c] != (interval.I{}) {
					e = e.Sub(interval.Point(k.inv.At(j, b)).Mul(jac[b][c]))
				}
			}
			v = v.Add(e.Mul(box[c].Sub(points[c])))
		}
		if !v.Interior(box[j]) {
			return nil
		}
		out[j] = v
	}
	return out
}

// jacobian is the derivative of active constraint c in free variable a, as enclosed.
func (k *kktSystem) jacobian(c, a int) interval.I {
	return k.gOut[k.l.k+k.active[c]*k.l.m.n+k.free[a]]
}

// sufficient says what is not proved on the box that prove has searched; nothing where
// the solution in out is a strict local minimum.
func (k *kktSystem) sufficient(out []interval.I) string {
	l, m := k.l, len(k.free)
	for i, c := range l.m.cons {
		if !slices.Contains(k.active, i) && !(k.gOut[i].Hi < 0) {
			return "that the other constraints are slack there could not be proved"
		}
		if at := slices.Index(k.active, i); at >= 0 && !c.equal && !(out[m+at].Lo > 0) {
			if out[m+at].Hi < 0 {
				return "the multiplier of a constraint that holds there has the wrong sign: it is none"
			}
			return "the multiplier of a constraint that holds there may be zero"
		}
	}
	for i, side := range k.side {
		if g := k.pOut[1+i]; side < 0 && !(g.Lo > 0) || side > 0 && !(g.Hi < 0) {
			return "that the Lagrangian rises from the bounds could not be proved"
		}
	}
	if m == 0 {
		return ""
	}
	for _, rho := range k.penalties() {
		if k.definite(rho) {
			return ""
		}
	}
	return "that the Hessian of the Lagrangian is positive definite along the constraints could not be proved"
}

// penalties returns the ρ to try, as enclosed: their scale is that of the Hessian over the
// squares of the Jacobian.
func (k *kktSystem) penalties() []float64 {
	h, j := 1e-300, 1e-150
	for e := range k.l.pent {
		h = math.Max(h, k.pOut[1+k.l.m.n+e].Mag())
	}
	for c := range k.active {
		for a := range k.free {
			j = math.Max(j, k.jacobian(c, a).Mag())
		}
	}
	var list []float64
	for rho := 1.0; rho < 1e10; rho *= 100 {
		list = append(list, rho*h/(j*j))
	}
	return list
}

// definite reports whether H + ρ JᵀJ is proved to be positive definite.
func (k *kktSystem) definite(rho float64) bool {
	if !finite(rho) {
		return false
	}
	n, m := k.l.m.n, len(k.free)
	a := intervalSquare(m)
	place := k.places()
	for e, h := range k.l.pent {
		if r, c := place[h.Row], place[h.Col]; r >= 0 && c >= 0 {
			a[r][c], a[c][r] = k.pOut[1+n+e], k.pOut[1+n+e]
		}
	}
	all := make([]int, m)
	for r := range m {
		all[r] = r
		for c := range r + 1 {
			sum := a[r][c]
			for q := range k.active {
				u, v := k.jacobian(q, r), k.jacobian(q, c)
				t := u.Mul(v)
				if r == c {
					t = u.Sqr()
				}
				sum = sum.Add(interval.Point(rho).Mul(t))
			}
			a[r][c], a[c][r] = sum, sum
		}
	}
	return positiveDefinite(a, all)
}
