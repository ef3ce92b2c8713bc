package optimize

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Negate returns the Objective -f. It is a FuncGrader always, and a Hessianer and a
// Summed where o is. Minimising it maximises f; Options.Maximise does this and
// reports the values of f itself.
func Negate(o Objective) Objective {
	n := &negated{o: o}
	n.fg, _ = o.(FuncGrader)
	h, isHess := o.(Hessianer)
	s, isSummed := o.(Summed)
	switch {
	case isHess && isSummed:
		return &struct {
			*negated
			negatedHess
			negatedRows
		}{n, negatedHess{h}, negatedRows{s}}
	case isHess:
		return &struct {
			*negated
			negatedHess
		}{n, negatedHess{h}}
	case isSummed:
		return &struct {
			*negated
			negatedRows
		}{n, negatedRows{s}}
	}
	return n
}

type negated struct {
	o  Objective
	fg FuncGrader
}

func (n *negated) Dim() int                 { return n.o.Dim() }
func (n *negated) Func(x []float64) float64 { return -n.o.Func(x) }

func (n *negated) Grad(grad, x []float64) {
	n.o.Grad(grad, x)
	floats.Scale(-1, grad)
}

func (n *negated) FuncGrad(grad, x []float64) float64 {
	var f float64
	if n.fg != nil {
		f = n.fg.FuncGrad(grad, x)
	} else {
		f = n.o.Func(x)
		n.o.Grad(grad, x)
	}
	floats.Scale(-1, grad)
	return -f
}

type negatedHess struct{ h Hessianer }

func (n negatedHess) Hess(h *mat.SymDense, x []float64) {
	n.h.Hess(h, x)
	h.ScaleSym(-1, h)
}

type negatedRows struct{ s Summed }

func (n negatedRows) Rows() int { return n.s.Rows() }

func (n negatedRows) GradRows(g, x []float64, rows []int) {
	n.s.GradRows(g, x, rows)
	floats.Scale(-1, g)
}
