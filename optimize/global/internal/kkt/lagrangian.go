// Package kkt finds and judges the points that satisfy the conditions of Karush, Kuhn and
// Tucker: by the augmented Lagrangian method in floats, and by Krawczyk's method with proof.
package kkt

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/tape"
	"nabla/optimize"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// A Lagrangian holds the programs for minimising f under constraints: the
// constraints with their Jacobian, and the augmented Lagrangian
//
//	f + Σ over equations (y h + ρ/2 h²) + Σ over inequalities (max(0, y + ρ g)² - y²)/(2ρ)
//
// with the multipliers y and the penalty ρ as further variables (Hestenes 1969,
// Powell 1969, Rockafellar 1973; Nocedal and Wright, Numerical Optimization, 2nd
// ed. 2006, chapter 17).
type Lagrangian struct {
	M       *model.Model
	K       int        // constraints
	G       *tape.Prog // the constraints, and their Jacobian by rows
	augHess []diff.Entry
	aug     *tape.Prog   // value, gradient and Hessian of the augmented Lagrangian
	Plain   *tape.Prog   // gradient and Hessian of f + Σ y g
	Entries []diff.Entry // of the Hessian in Plain
	// GM and PM run G and Plain into GOut and POut.
	GM, PM     *tape.Machine
	GOut, POut []float64
	am         *tape.Machine
	aOut       []float64
}

// maxConstrained is the number of variables up to which constrained problems
// have second derivatives.
const maxConstrained = 80

func NewLagrangian(m *model.Model) (*Lagrangian, error) {
	l := &Lagrangian{M: m, K: len(m.Cons)}
	pool := expr.NewPool()
	name := func(i int) string { return fmt.Sprintf("multiplier %d", i+1) }
	penalty := func(i int) string { return fmt.Sprintf("penalty %d", i+1) }
	f := pool.Import(m.F)
	aug, plain := []expr.Expr{f}, []expr.Expr{f}
	half := pool.Num(number.Frac(1, 2))
	two := pool.Int(2)
	vars := slices.Clone(m.Vars)
	var penalties []string
	var outs []expr.Expr
	for i, c := range m.Cons {
		y := pool.Var(name(i))
		vars, penalties = append(vars, name(i)), append(penalties, penalty(i))
		rho := pool.Var(penalty(i))
		g := pool.Import(c.G)
		outs = append(outs, g)
		plain = append(plain, pool.Make(expr.Mul, y, g))
		if c.Equal {
			aug = append(aug, pool.Make(expr.Mul, y, g), pool.Make(expr.Mul, half, rho, pool.Make(expr.Pow, g, two)))
			continue
		}
		u := pool.Make(expr.Add, y, pool.Make(expr.Mul, rho, g))
		square := pool.Make(expr.If, pool.Make(expr.Gt, u, pool.Int(0)), pool.Make(expr.Pow, u, two), pool.Int(0))
		aug = append(aug, pool.Make(expr.Div, pool.Make(expr.Add, square, pool.Make(expr.Neg, pool.Make(expr.Pow, y, two))), pool.Make(expr.Mul, two, rho)))
	}
	for _, g := range outs[:l.K] {
		outs = append(outs, diff.Gradient(g, m.Vars)...)
	}
	var err error
	if l.G, err = tape.Compile(m.Vars, outs...); err != nil {
		return nil, err
	}
	program := func(e expr.Expr, vars []string) (*tape.Prog, []diff.Entry, error) {
		outs := append([]expr.Expr{e}, diff.Gradient(e, m.Vars)...)
		var h []diff.Entry
		if m.N <= maxConstrained {
			h = diff.Hessian(e, m.Vars)
			for _, x := range h {
				outs = append(outs, x.Expr)
			}
		}
		p, err := tape.Compile(vars, outs...)
		return p, h, err
	}
	if l.aug, l.augHess, err = program(pool.Make(expr.Add, aug...), slices.Concat(vars, penalties)); err != nil {
		return nil, err
	}
	if l.Plain, l.Entries, err = program(pool.Make(expr.Add, plain...), vars); err != nil {
		return nil, err
	}
	l.GM, l.am, l.PM = l.G.NewMachine(), l.aug.NewMachine(), l.Plain.NewMachine()
	l.GOut, l.aOut, l.POut = make([]float64, l.G.NumOut()), make([]float64, l.aug.NumOut()), make([]float64, l.Plain.NumOut())
	return l, nil
}

// Violation returns the largest violation of a constraint at x, relative to the
// size of its gradient, in which variables that are small count relatively; it is infinite where
// a constraint is not defined.
func (l *Lagrangian) Violation(x []float64) float64 {
	l.GM.Eval(l.GOut, x)
	worst := 0.0
	for i, c := range l.M.Cons {
		g := l.GOut[i]
		if !model.Finite(g) {
			return math.Inf(1)
		}
		if c.Equal {
			g = math.Abs(g)
		}
		scale := 1.0
		for j, d := range l.GOut[l.K+i*l.M.N : l.K+(i+1)*l.M.N] {
			if model.Finite(d) { // not so at the end of a root
				scale = math.Max(scale, math.Abs(d)*math.Min(1, math.Abs(x[j])))
			}
		}
		worst = math.Max(worst, g/scale)
	}
	return worst
}

// MultipliersOf are those of the local solution, nil without one.
func MultipliersOf(r *Solution) []float64 {
	if r == nil {
		return nil
	}
	return r.Y
}

// A Solution is a local solution of a constrained problem.
type Solution struct {
	X         []float64
	Y         []float64 // multipliers
	F         float64
	Violation float64
}

// Minimise runs the augmented Lagrangian method from x, with the penalty rho at
// first; p evaluates f. It returns nil where that fails.
func (l *Lagrangian) Minimise(ctx context.Context, p *model.Prober, x []float64, rho float64) *Solution {
	n, k := l.M.N, l.K
	in := make([]float64, n+2*k)
	weights := l.weights(x)
	y := make([]float64, k)
	o := optimize.New(n,
		func(x []float64) float64 {
			copy(in, x)
			l.am.Eval(l.aOut, in)
			return l.aOut[0]
		},
		func(g, x []float64) {
			copy(in, x)
			l.am.Eval(l.aOut, in)
			copy(g, l.aOut[1:1+n])
		}, nil)
	if l.augHess != nil {
		o = optimize.New(n,
			func(x []float64) float64 { copy(in, x); l.am.Eval(l.aOut, in); return l.aOut[0] },
			func(g, x []float64) { copy(in, x); l.am.Eval(l.aOut, in); copy(g, l.aOut[1:1+n]) },
			func(h *mat.SymDense, x []float64) {
				copy(in, x)
				l.am.Eval(l.aOut, in)
				h.Zero()
				for i, e := range l.augHess {
					h.SetSym(e.Row, e.Col, l.aOut[1+n+i])
				}
			})
	}
	var bounds []optimize.Bound
	for i, b := range l.M.Inner {
		if b.IsEmpty() {
			b = l.M.Outer[i]
		}
		bounds = append(bounds, optimize.Bound{Lo: b.Lo, Hi: b.Hi})
		x[i] = model.ClipTo(x[i], b)
	}
	last := math.Inf(1)
	for range 40 {
		if ctx.Err() != nil {
			break
		}
		copy(in[n:], y)
		for i, w := range weights {
			in[n+k+i] = rho * w
		}
		var method optimize.Method = optimize.LBFGSB{}
		if l.augHess != nil {
			method = optimize.Newton{}
		}
		stop := optimize.Stop{Grad: 1e-10, Relative: true, Iterations: 300, Hopeless: true}
		res, err := optimize.Minimize(ctx, o, method, optimize.Options{Start: x, Bounds: bounds, Stop: stop})
		if err != nil || !model.Finite(res.F) || !model.AllFinite(res.X) {
			return nil
		}
		floats := (res.Evaluations.Func + res.Evaluations.Grad + res.Evaluations.Hess) * l.am.Prog().Len()
		if l.augHess != nil {
			const perStep = 20 // eigenvalues and a few factorisations
			floats += res.Evaluations.Func * perStep * n * n * n
		}
		effort.Charge(ctx, effort.Floats(floats))
		x = slices.Clone(res.X)
		l.GM.Eval(l.GOut, x)
		change := 0.0
		for i, c := range l.M.Cons {
			v := y[i] + rho*weights[i]*l.GOut[i]
			if !c.Equal {
				v = math.Max(0, v)
			}
			change = math.Max(change, math.Abs(v-y[i])/math.Max(1, math.Abs(v)))
			y[i] = math.Max(-1e12, math.Min(1e12, v))
		}
		worst := l.Violation(x)
		if worst < 1e-11 && change < 1e-9 {
			break
		}
		if worst > 0.25*last {
			rho = math.Min(rho*10, 1e10)
		}
		last = worst
	}
	r := &Solution{X: x, Y: y}
	l.newton(r)
	r.F = p.At(r.X)
	r.Violation = l.Violation(r.X)
	return r
}

// weights are those of the penalties of the constraints at x: where some grow much faster
// than others they weigh less, so that all are seen, and 1 otherwise.
func (l *Lagrangian) weights(x []float64) []float64 {
	const apart = 1e3
	l.GM.Eval(l.GOut, x)
	w := make([]float64, l.K)
	least, most := math.Inf(1), 0.0
	for i := range w {
		w[i] = 1
		for _, d := range l.GOut[l.K+i*l.M.N : l.K+(i+1)*l.M.N] {
			if model.Finite(d) {
				w[i] = math.Max(w[i], math.Abs(d))
			}
		}
		least, most = math.Min(least, w[i]), math.Max(most, w[i])
	}
	for i, size := range w {
		if w[i] = 1; most > apart*least {
			w[i] = 1 / (size * size)
		}
	}
	return w
}

// newton improves a solution by Newton's method on the equations of Karush, Kuhn
// and Tucker with the constraints that have a multiplier (Nocedal and Wright,
// algorithm 18.1).
func (l *Lagrangian) newton(r *Solution) {
	if l.Entries == nil && l.M.N > maxConstrained {
		return
	}
	n, k := l.M.N, l.K
	in := make([]float64, n+k)
	for range 6 {
		copy(in, r.X)
		copy(in[n:], r.Y)
		l.PM.Eval(l.POut, in)
		l.GM.Eval(l.GOut, r.X)
		var free, active []int
		for i, v := range r.X {
			g := l.POut[1+i]
			if v <= l.M.Inner[i].Lo && g > 0 || v >= l.M.Inner[i].Hi && g < 0 {
				continue
			}
			free = append(free, i)
		}
		for i, c := range l.M.Cons {
			if c.Equal || r.Y[i] > 1e-9 && l.GOut[i] > -1e-4*math.Max(1, r.Y[i]) {
				active = append(active, i)
			}
		}
		size := len(free) + len(active)
		if size == 0 || len(active) > len(free) {
			return
		}
		a, b := mat.NewDense(size, size, nil), mat.NewVecDense(size, nil)
		place := make(map[int]int, len(free))
		for p, i := range free {
			place[i] = p
			b.SetVec(p, -l.POut[1+i])
		}
		for q, e := range l.Entries {
			i, ok1 := place[e.Row]
			j, ok2 := place[e.Col]
			if ok1 && ok2 {
				a.Set(i, j, l.POut[1+n+q])
				a.Set(j, i, l.POut[1+n+q])
			}
		}
		for q, i := range active {
			for p, j := range free {
				d := l.GOut[k+i*n+j]
				a.Set(len(free)+q, p, d)
				a.Set(p, len(free)+q, d)
			}
			b.SetVec(len(free)+q, -l.GOut[i])
		}
		var step mat.VecDense
		if err := step.SolveVec(a, b); err != nil && step.Len() != size {
			return
		}
		x, y := slices.Clone(r.X), slices.Clone(r.Y)
		for p, i := range free {
			x[i] = model.ClipTo(x[i]+step.AtVec(p), l.M.Inner[i])
		}
		for q, i := range active {
			y[i] += step.AtVec(len(free) + q)
			if !l.M.Cons[i].Equal && y[i] < 0 {
				return
			}
		}
		if !model.AllFinite(x) || !model.AllFinite(y) || !(l.residual(x, y) < l.residual(r.X, r.Y)) {
			return
		}
		r.X, r.Y = x, y
	}
}

// residual measures how far x and y are from satisfying the conditions.
func (l *Lagrangian) residual(x, y []float64) float64 {
	n, k := l.M.N, l.K
	in := make([]float64, n+k)
	copy(in, x)
	copy(in[n:], y)
	l.PM.Eval(l.POut, in)
	r := l.Violation(x)
	for i, v := range x {
		g := l.POut[1+i]
		if v <= l.M.Inner[i].Lo && g > 0 || v >= l.M.Inner[i].Hi && g < 0 {
			continue
		}
		if !(math.Abs(g) <= r) {
			r = math.Abs(g)
		}
	}
	return r
}

// NearlyFeasible is the violation up to which a local solution counts as one that
// satisfies the constraints.
const NearlyFeasible = 1e-8

// BetterThan reports whether r is lower, or satisfies the constraints better where one does not.
func (r *Solution) BetterThan(o *Solution) bool {
	if r.Violation < NearlyFeasible {
		return o.Violation >= NearlyFeasible || r.F < o.F-1e-12*math.Abs(o.F)
	}
	return r.Violation < o.Violation
}
