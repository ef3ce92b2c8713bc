package kkt

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// This file proves that a point is a strict local minimum under constraints that hold
// with equality there.

// A System is the system of Karush, Kuhn and Tucker at a point,
//
//	∂L/∂x_i = 0 for the free variables, g_a = 0 for the active constraints,
//
// L = f + Σ y_a g_a, in the unknowns u = (x_i, y_a). The variables that bounds hold
// are at their bounds.
type System struct {
	L      *Lagrangian
	P      *model.Prober
	x      []float64
	at     []interval.I
	Side   []int
	Free   []int
	Active []int

	u    []float64
	inv  *mat.Dense // of the Jacobian at u, nearly
	In   []interval.I
	POut []interval.I // of the Lagrangian: value, gradient, Hessian
	PDec []interval.Dec
	GOut []interval.I // of the constraints: values, Jacobian
	GDec []interval.Dec
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
func natureUnder(p *model.Prober, l *Lagrangian, x []float64, at []interval.I, side, free []int) Nature {
	none := Nature{Kind: "undetermined", Held: p.N - len(free)}
	k := &System{L: l, P: p, x: slices.Clone(x), at: at, Side: side, Free: free}
	if none.Why = k.begin(); none.Why != "" {
		return none
	}
	for _, factor := range KrawczykFactors {
		out := k.prove(factor)
		if out == nil {
			continue
		}
		if none.Why = k.sufficient(out); none.Why != "" {
			continue
		}
		n := Nature{Kind: "local minimum", Proved: true, Held: none.Held, Active: len(k.Active)}
		if slices.ContainsFunc(k.Active, func(i int) bool { return !k.L.M.Cons[i].Equal }) {
			n.Signs = ", with multipliers of the right sign"
		}
		n.Box = slices.Clone(at)
		for j, i := range free {
			n.Box[i] = out[j]
			n.Radius = math.Max(n.Radius, out[j].Sub(interval.Point(x[i])).Mag())
		}
		return n
	}
	if none.Why == "" {
		none.Why = "that it satisfies the conditions of Karush, Kuhn and Tucker could not be proved"
	}
	return none
}

// begin finds the active constraints and their multipliers, and improves the point by
// Newton's method. It says why that fails, nothing if it does not.
func (k *System) begin() string {
	l := k.L
	n := l.M.N
	if l.Entries == nil && n > maxConstrained {
		return "there are too many variables for second derivatives"
	}
	l.GM.Eval(l.GOut, k.x)
	for i, c := range l.M.Cons {
		size := 1.0
		for _, d := range l.GOut[l.K+i*n : l.K+(i+1)*n] {
			size = math.Max(size, math.Abs(d))
		}
		if c.Equal || l.GOut[i] > -nearlyActive*size {
			if c.Strict {
				return "it is at an edge that does not belong to the region"
			}
			k.Active = append(k.Active, i)
		}
	}
	q := len(k.Active)
	if q > len(k.Free) {
		return "more constraints hold it than there are variables"
	}
	if len(k.Free) == 0 { // bounds hold every variable, and a constraint that is not seen to be slack, or has no value, is not active either
		return "whether a constraint holds it is not settled"
	}
	k.u = make([]float64, len(k.Free)+q)
	for a, i := range k.Free {
		k.u[a] = k.x[i]
	}
	copy(k.u[len(k.Free):], k.multipliers())
	k.In = make([]interval.I, n+l.K)
	k.POut, k.PDec = make([]interval.I, l.Plain.NumOut()), make([]interval.Dec, l.Plain.NumOut())
	k.GOut, k.GDec = make([]interval.I, l.G.NumOut()), make([]interval.Dec, l.G.NumOut())
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
func (k *System) multipliers() []float64 {
	l, n, q := k.L, k.L.M.N, len(k.Active)
	y := make([]float64, q)
	if q == 0 {
		return y
	}
	g := make([]float64, n)
	k.P.Gradient(g, k.x)
	a, b := mat.NewDense(len(k.Free), q, nil), mat.NewVecDense(len(k.Free), nil)
	for r, i := range k.Free {
		b.SetVec(r, -g[i])
		for c, j := range k.Active {
			a.Set(r, c, l.GOut[l.K+j*n+i])
		}
	}
	var v mat.VecDense
	if v.SolveVec(a, b) != nil && v.Len() != q {
		return y
	}
	for c := range y {
		if t := v.AtVec(c); model.Finite(t) {
			y[c] = t
		}
	}
	return y
}

// linearise computes the system and the inverse of its Jacobian at u, in floats.
func (k *System) linearise() (f []float64, ok bool) {
	l, n, m := k.L, k.L.M.N, len(k.Free)
	x := slices.Clone(k.x)
	in := make([]float64, n+l.K)
	for a, i := range k.Free {
		x[i] = k.u[a]
	}
	copy(in, x)
	for c, j := range k.Active {
		in[n+j] = k.u[m+c]
	}
	l.PM.Eval(l.POut, in)
	l.GM.Eval(l.GOut, x)
	f = make([]float64, len(k.u))
	jac := mat.NewDense(len(f), len(f), nil)
	place := k.places()
	for a, i := range k.Free {
		f[a] = l.POut[1+i]
		for c, j := range k.Active {
			d := l.GOut[l.K+j*n+i]
			jac.Set(a, m+c, d)
			jac.Set(m+c, a, d)
		}
	}
	for c, j := range k.Active {
		f[m+c] = l.GOut[j]
	}
	for e, h := range l.Entries {
		if a, b := place[h.Row], place[h.Col]; a >= 0 && b >= 0 {
			jac.Set(a, b, l.POut[1+n+e])
			jac.Set(b, a, l.POut[1+n+e])
		}
	}
	k.inv = new(mat.Dense)
	if !model.AllFinite(f) || !model.AllFinite(jac.RawMatrix().Data) || k.inv.Inverse(jac) != nil || !model.AllFinite(k.inv.RawMatrix().Data) {
		return nil, false
	}
	return f, true
}

// places returns the place of each variable among the free ones, -1 for none.
func (k *System) places() []int {
	place := make([]int, k.L.M.N)
	for i := range place {
		place[i] = slices.Index(k.Free, i)
	}
	return place
}

// Enclose computes the programs where the unknowns are in u and the variables that are
// held in their box; false where f or a constraint may not be smooth.
func (k *System) Enclose(u, held []interval.I) bool {
	l, n, m := k.L, k.L.M.N, len(k.Free)
	clear(k.In)
	copy(k.In, held)
	for a, i := range k.Free {
		k.In[i] = u[a]
	}
	for c, j := range k.Active {
		k.In[n+j] = u[m+c]
	}
	l.PM.Interval(k.POut, k.PDec, k.In)
	l.GM.Interval(k.GOut, k.GDec, k.In[:n])
	for i, d := range k.PDec {
		if d < interval.Continuous || k.POut[i].IsEmpty() {
			return false
		}
	}
	for i, d := range k.GDec {
		if d < interval.Continuous || k.GOut[i].IsEmpty() {
			return false
		}
	}
	return true
}

// prove returns a box that holds exactly one solution of the system for all values of
// the variables in at, the box that was searched being factor times as large as the
// Newton step; nil if there is no proof. The programs are then evaluated on it.
func (k *System) prove(factor float64) []interval.I {
	n, m := k.L.M.N, len(k.Free)
	points := make([]interval.I, len(k.u))
	for j, v := range k.u {
		points[j] = interval.Point(v)
	}
	if !k.Enclose(points, k.at) {
		return nil
	}
	value := func(j int) interval.I {
		if j < m {
			return k.POut[1+k.Free[j]]
		}
		return k.GOut[k.Active[j-m]]
	}
	move := model.NewtonStep(k.inv, value)
	size := 0.0
	for j, v := range move {
		size = math.Max(size, v.Mag()/math.Max(1, math.Abs(k.u[j])))
	}
	if !model.Finite(size) {
		return nil
	}
	box, held := slices.Clone(points), slices.Clone(k.at)
	for j, v := range k.u {
		r := math.Max(factor*size, 1e-15) * math.Max(1, math.Abs(v))
		box[j] = interval.New(v-r, v+r)
		if j < m && !box[j].In(k.P.Inner[k.Free[j]]) {
			return nil
		}
	}
	for i, side := range k.Side { // reach into the region
		r := math.Max(factor*size, 1e-15) * math.Max(1, math.Abs(k.x[i]))
		switch {
		case side < 0:
			held[i].Hi = math.Min(k.x[i]+r, k.P.Outer[i].Hi)
		case side > 0:
			held[i].Lo = math.Max(k.x[i]-r, k.P.Outer[i].Lo)
		}
	}
	if !k.Enclose(box, held) {
		return nil
	}
	jac := model.Matrix(len(k.u))
	place := k.places()
	for e, h := range k.L.Entries {
		if a, b := place[h.Row], place[h.Col]; a >= 0 && b >= 0 {
			jac[a][b], jac[b][a] = k.POut[1+n+e], k.POut[1+n+e]
		}
	}
	for c := range k.Active {
		for a := range k.Free {
			d := k.jacobian(c, a)
			jac[a][m+c], jac[m+c][a] = d, d
		}
	}
	out, _ := model.Krawczyk(k.u, move, k.inv, func(a, b int) interval.I { return jac[a][b] }, box)
	return out
}

// jacobian is the derivative of active constraint c in free variable a, as enclosed.
func (k *System) jacobian(c, a int) interval.I {
	return k.GOut[k.L.K+k.Active[c]*k.L.M.N+k.Free[a]]
}

// sufficient says what is not proved on the box that prove has searched; nothing where
// the solution in out is a strict local minimum.
func (k *System) sufficient(out []interval.I) string {
	l, m := k.L, len(k.Free)
	for i, c := range l.M.Cons {
		if !slices.Contains(k.Active, i) && !(k.GOut[i].Hi < 0) {
			return "that the other constraints are slack there could not be proved"
		}
		if at := slices.Index(k.Active, i); at >= 0 && !c.Equal && !(out[m+at].Lo > 0) {
			if out[m+at].Hi < 0 {
				return "the multiplier of a constraint that holds there has the wrong sign: it is none"
			}
			return "the multiplier of a constraint that holds there may be zero"
		}
	}
	for i, side := range k.Side {
		if g := k.POut[1+i]; side < 0 && !(g.Lo > 0) || side > 0 && !(g.Hi < 0) {
			return "that the Lagrangian rises from the bounds could not be proved"
		}
	}
	if m == 0 {
		return ""
	}
	for _, rho := range k.Penalties() {
		if k.Definite(rho) {
			return ""
		}
	}
	return "that the Hessian of the Lagrangian is positive definite along the constraints could not be proved"
}

// Penalties returns the ρ to try, as enclosed: their scale is that of the Hessian over the
// squares of the Jacobian.
func (k *System) Penalties() []float64 {
	h, j := 1e-300, 1e-150
	for e := range k.L.Entries {
		h = math.Max(h, k.POut[1+k.L.M.N+e].Mag())
	}
	for c := range k.Active {
		for a := range k.Free {
			j = math.Max(j, k.jacobian(c, a).Mag())
		}
	}
	var list []float64
	for rho := 1.0; rho < 1e10; rho *= 100 {
		list = append(list, rho*h/(j*j))
	}
	return list
}

// Definite reports whether H + ρ JᵀJ is proved to be positive definite.
func (k *System) Definite(rho float64) bool {
	if !model.Finite(rho) {
		return false
	}
	n, m := k.L.M.N, len(k.Free)
	a := model.Matrix(m)
	place := k.places()
	for e, h := range k.L.Entries {
		if r, c := place[h.Row], place[h.Col]; r >= 0 && c >= 0 {
			a[r][c], a[c][r] = k.POut[1+n+e], k.POut[1+n+e]
		}
	}
	all := make([]int, m)
	for r := range m {
		all[r] = r
		for c := range r + 1 {
			sum := a[r][c]
			for q := range k.Active {
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
	return model.PositiveDefinite(a, all)
}
