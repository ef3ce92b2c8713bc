// Package model makes a problem of several variables ready for numerical search: the formula
// and its conditions compiled, with derivatives, the region as boxes, and evaluation of all
// this at points and over boxes.
package model

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/minimum"
)

// MaxHessian is the number of variables up to which second derivatives are used.
const MaxHessian = 60

// A Model is a problem of several variables made ready for the search: always a
// minimum, its conditions as functions that must be ≤ 0 or = 0, everything
// compiled.
type Model struct {
	Vars []string
	N    int
	F    expr.Expr // to be minimised
	Cons []Constraint
	// outer contains the region given by the bounds, which are formulas, and
	// inner is contained in it; they differ in the last bits only.
	Outer, Inner []interval.I
	// A bound is open when the region does not contain its end.
	LoOpen, HiOpen []bool

	Programs
}

// Programs are the derivatives of a model and its compiled formulas, whatever its bounds.
type Programs struct {
	Grad  []expr.Expr
	Hess  []diff.Entry
	Value *tape.Prog // f, then the constraints
	Slope *tape.Prog // f and its gradient
	Curve *tape.Prog // f, its gradient and the entries of its Hessian; nil for many variables
	// Jacobian computes the gradients of the constraints, one after the other; nil for many.
	Jacobian *tape.Prog
}

// maxJacobian is the number of derivatives of constraints up to which boxes are judged by them.
const maxJacobian = 1200

// A Constraint is g ≤ 0, g < 0 or g = 0.
type Constraint struct {
	G      expr.Expr
	Equal  bool
	Strict bool
	Text   expr.Expr // the condition as it was given
}

// CompileValue makes the program of m without derivatives.
func (m *Model) CompileValue() error {
	outs := []expr.Expr{m.F}
	for _, c := range m.Cons {
		outs = append(outs, c.G)
	}
	var err error
	m.Value, err = tape.Compile(m.Vars, outs...)
	return err
}

// Compile makes the programs of m from its formulas.
func (m *Model) Compile() error {
	err := m.CompileValue()
	if err != nil {
		return err
	}
	m.Grad = diff.Gradient(m.F, m.Vars)
	if m.Slope, err = tape.Compile(m.Vars, append([]expr.Expr{m.F}, m.Grad...)...); err != nil {
		return err
	}
	var outs []expr.Expr
	if k := len(m.Cons); k > 0 && k*m.N <= maxJacobian {
		for _, c := range m.Cons {
			outs = append(outs, diff.Gradient(c.G, m.Vars)...)
		}
		if m.Jacobian, err = tape.Compile(m.Vars, outs...); err != nil {
			return err
		}
	}
	if m.N > MaxHessian {
		return nil
	}
	m.Hess = diff.Hessian(m.F, m.Vars)
	outs = append([]expr.Expr{m.F}, m.Grad...)
	for _, h := range m.Hess {
		outs = append(outs, h.Expr)
	}
	m.Curve, err = tape.Compile(m.Vars, outs...)
	return err
}

// Bounded reports whether all variables have two finite bounds.
func (m *Model) Bounded() bool {
	for _, x := range m.Outer {
		if !x.IsBounded() {
			return false
		}
	}
	return true
}

// A Prober evaluates a model. It belongs to one goroutine.
type Prober struct {
	*Model
	// MV, MS and MC run Value, Slope and Curve, and are nil where these are; VOut and
	// VDec, SOut and SDec, COut and CDec are room for what they return over boxes.
	MV, MS, MC *tape.Machine
	VOut       []interval.I
	VDec       []interval.Dec
	SOut       []interval.I
	SDec       []interval.Dec
	COut       []interval.I
	CDec       []interval.Dec
	FOut       []float64    // of Value at the last point of At
	Point      []interval.I // the last of AtPoint
	Count      minimum.Evaluations

	gOut []float64 // of Slope
	hOut []float64 // of Curve
}

func (m *Model) Prober() *Prober {
	p := &Prober{Model: m, MV: m.Value.NewMachine()}
	k := m.Value.NumOut()
	p.VOut, p.VDec, p.FOut = make([]interval.I, k), make([]interval.Dec, k), make([]float64, k)
	if m.Slope != nil {
		p.MS = m.Slope.NewMachine()
		k = m.Slope.NumOut()
		p.SOut, p.SDec, p.gOut = make([]interval.I, k), make([]interval.Dec, k), make([]float64, k)
	}
	if m.Curve != nil {
		p.MC = m.Curve.NewMachine()
		k = m.Curve.NumOut()
		p.COut, p.CDec, p.hOut = make([]interval.I, k), make([]interval.Dec, k), make([]float64, k)
	}
	p.Point = make([]interval.I, m.N)
	return p
}

// At returns the float value of f at x.
func (p *Prober) At(x []float64) float64 {
	p.Count.F++
	p.MV.Eval(p.FOut, x)
	return p.FOut[0]
}

// AtPoint encloses f at the point x; ok says that f is proved to be defined there.
func (p *Prober) AtPoint(x []float64) (v interval.I, ok bool) {
	p.Count.F++
	for i, c := range x {
		p.Point[i] = interval.Point(c)
	}
	p.MV.Interval(p.VOut, p.VDec, p.Point)
	return p.VOut[0], p.VDec[0] >= interval.Defined && !p.VOut[0].IsEmpty()
}

// Feasible reports whether the point x, whose constraints atPoint has just
// computed, is proved to satisfy all of them. Equalities are satisfied only
// where arithmetic is exact.
func (p *Prober) Feasible(x []float64) bool {
	for i, c := range x {
		if !p.Inner[i].Has(c) || p.LoOpen[i] && c <= p.Inner[i].Lo || p.HiOpen[i] && c >= p.Inner[i].Hi {
			return false
		}
	}
	for k, c := range p.Cons {
		g := p.VOut[k+1]
		switch {
		case p.VDec[k+1] < interval.Defined || g.IsEmpty():
			return false
		case c.Equal && !(g.Lo == 0 && g.Hi == 0), c.Strict && !(g.Hi < 0), g.Hi > 0:
			return false
		}
	}
	return true
}

// Gradient computes f and its gradient g at x.
func (p *Prober) Gradient(g, x []float64) float64 {
	p.Count.Gradient++
	p.MS.Eval(p.gOut, x)
	copy(g, p.gOut[1:])
	return p.gOut[0]
}

// Hessian computes f, its gradient g and its Hessian h (full, by rows) at x.
func (p *Prober) Hessian(h [][]float64, g, x []float64) float64 {
	p.Count.Hessian++
	p.MC.Eval(p.hOut, x)
	copy(g, p.hOut[1:1+p.N])
	for i := range h {
		clear(h[i])
	}
	for k, e := range p.Hess {
		v := p.hOut[1+p.N+k]
		h[e.Row][e.Col], h[e.Col][e.Row] = v, v
	}
	return p.hOut[0]
}

func Finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

func AllFinite(x []float64) bool {
	for _, v := range x {
		if !Finite(v) {
			return false
		}
	}
	return true
}

// ClipTo returns the point of the interval b nearest to x.
func ClipTo(x float64, b interval.I) float64 { return math.Max(b.Lo, math.Min(b.Hi, x)) }

// ExactFloat returns the float64 x as a rational constant, not Valid for one that
// is none.
func ExactFloat(t *simplify.Tidier, x float64) expr.Expr {
	n, ok := number.FromFloat(x)
	if !ok {
		return expr.Expr{}
	}
	return t.Num(n)
}

func Near(x, y []float64) bool {
	for i := range x {
		if !(math.Abs(x[i]-y[i]) <= 1e-5*math.Max(1, math.Abs(x[i]))) {
			return false
		}
	}
	return true
}

func Bounded(x []interval.I) bool {
	for _, v := range x {
		if !v.IsBounded() {
			return false
		}
	}
	return true
}
