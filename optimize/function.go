package optimize

import "gonum.org/v1/gonum/mat"

// An Objective is a function to minimise. Its methods neither keep nor change x.
//
// A value that is undefined is NaN. A Run takes NaN and +Inf alike for "not
// better than anything" and keeps going; -Inf ends it as unbounded.
type Objective interface {
	Dim() int                 // number of variables, at least 1
	Func(x []float64) float64 // f(x)
	Grad(grad, x []float64)   // ∇f(x) into grad
}

// A FuncGrader is an Objective that finds the value and the gradient together
// for less than the two apart.
type FuncGrader interface {
	FuncGrad(grad, x []float64) float64
}

// A Hessianer is an Objective with second derivatives.
type Hessianer interface {
	// Hess writes the Hessian at x to h, which is Dim() by Dim().
	Hess(h *mat.SymDense, x []float64)
}

// A Summed is an Objective that is a sum with one term for each row of data.
// Adding up GradRows over all rows gives Grad.
type Summed interface {
	Rows() int
	// GradRows writes the gradient of the sum of the terms of the given rows to g.
	GradRows(g, x []float64, rows []int)
}

// A Cloner is an Objective that can be evaluated by several goroutines, each with its
// own clone. Auto then searches from several starts side by side.
type Cloner interface {
	Clone() Objective
}

// New makes an Objective of n variables from Go functions. Without g the gradient
// is taken by differences (see Difference); h may be nil.
func New(n int, f func(x []float64) float64, g func(grad, x []float64), h func(h *mat.SymDense, x []float64)) Objective {
	if g == nil {
		return NewDifference(n, f, nil)
	}
	p := pair{n, f, g}
	if h == nil {
		return p
	}
	return triple{p, h}
}

type pair struct {
	n int
	f func(x []float64) float64
	g func(grad, x []float64)
}

func (p pair) Dim() int                 { return p.n }
func (p pair) Func(x []float64) float64 { return p.f(x) }
func (p pair) Grad(grad, x []float64)   { p.g(grad, x) }

type triple struct {
	pair
	h func(h *mat.SymDense, x []float64)
}

func (p triple) Hess(h *mat.SymDense, x []float64) { p.h(h, x) }
