package optimize

import (
	"math"

	"gonum.org/v1/gonum/diff/fd"
)

// A Difference is an Objective whose gradient is taken by finite differences of
// its values, through gonum's diff/fd: central ones with an error of order step²,
// one-sided ones of the same order where a bound or an undefined value is nearer
// than the step. One gradient costs 2 to 3 values a variable. The step is
// ∛ε·max(|xᵢ|, 1), about 6e-6, which balances truncation and rounding for a
// function whose scale is that of its variables.
//
// A difference quotient says nothing at a kink, and its relative error is about
// 1e-10 at best: stopping rules on the gradient must not be tighter than that.
type Difference struct {
	n      int
	f      func(x []float64) float64
	bounds []Bound
	y      []float64
}

// NewDifference returns f of n variables with a gradient by differences that
// never evaluates f outside bounds (which may be nil). It is not safe for
// concurrent use.
func NewDifference(n int, f func(x []float64) float64, bounds []Bound) *Difference {
	return &Difference{n: n, f: f, bounds: bounds, y: make([]float64, n)}
}

// Dim returns the number of variables.
func (d *Difference) Dim() int { return d.n }

// Func returns f(x).
func (d *Difference) Func(x []float64) float64 { return d.f(x) }

var (
	central  = fd.Settings{Formula: fd.Central}
	forward  = fd.Settings{Formula: fd.Formula{Stencil: []fd.Point{{Loc: 0, Coeff: -1.5}, {Loc: 1, Coeff: 2}, {Loc: 2, Coeff: -0.5}}, Derivative: 1, Step: 1}}
	backward = fd.Settings{Formula: fd.Formula{Stencil: []fd.Point{{Loc: 0, Coeff: 1.5}, {Loc: -1, Coeff: -2}, {Loc: -2, Coeff: 0.5}}, Derivative: 1, Step: 1}}
)

// differenceStep is the cube root of the spacing of floats at 1.
var differenceStep = math.Cbrt(0x1p-52)

// Grad writes the difference quotients at x to grad. A component is NaN where
// neither a central nor a one-sided quotient is defined, and 0 where the bounds
// leave the variable a single value.
func (d *Difference) Grad(grad, x []float64) {
	copy(d.y, x)
	for i, v := range x {
		b := NoBound
		if d.bounds != nil {
			b = d.bounds[i]
		}
		grad[i] = d.quotient(i, v, b)
		d.y[i] = v
	}
}

func (d *Difference) quotient(i int, v float64, b Bound) float64 {
	along := func(t float64) float64 {
		d.y[i] = t
		return d.f(d.y)
	}
	step := differenceStep * math.Max(math.Abs(v), 1)
	if b.Width() == 0 {
		return 0
	}
	if w := b.Width() / 4; step > w {
		step = w
	}
	// v+step-v is a step that floats represent exactly.
	step = float64(v+step) - v
	if step == 0 {
		return math.NaN()
	}
	best := math.NaN()
	for _, s := range [...]*fd.Settings{&central, &forward, &backward} {
		lo, hi := v, v
		for _, p := range s.Formula.Stencil {
			lo, hi = math.Min(lo, v+p.Loc*step), math.Max(hi, v+p.Loc*step)
		}
		if lo < b.Lo || hi > b.Hi {
			continue
		}
		use := *s
		use.Step = step
		best = fd.Derivative(along, v, &use)
		if !math.IsNaN(best) && !math.IsInf(best, 0) {
			return best
		}
	}
	return best
}
