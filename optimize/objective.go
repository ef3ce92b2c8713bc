package optimize

import (
	"errors"
	"sync"

	"gonum.org/v1/gonum/mat"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/tape"
)

// maxHessian is the number of variables up to which a formula offers second
// derivatives: Newton's method solves a dense system of that size in each step.
const maxHessian = 200

// FromFormula returns the function that e is of the variables vars, in that
// order. Its value and its gradient are one compiled program. It is a
// FuncGrader and a Cloner, and a Hessianer up to 200 variables. An error names a letter of e that is
// not among vars.
func FromFormula(e expr.Expr, vars []string) (Objective, error) {
	value, err := tape.Compile(vars, e)
	if err != nil {
		return nil, err
	}
	both, err := tape.Compile(vars, append([]expr.Expr{e}, diff.Gradient(e, vars)...)...)
	if err != nil {
		return nil, err
	}
	c := newCompiled(&program{e: e, vars: vars, value: value, both: both})
	if len(vars) > maxHessian {
		return c, nil
	}
	return &curved{compiled: c}, nil
}

// A program is what the clones of an objective share.
type program struct {
	e           expr.Expr
	vars        []string
	value, both *tape.Prog

	once    sync.Once // the second derivatives are compiled when first asked for
	second  *tape.Prog
	entries []diff.Entry
}

// A compiled is the objective of one goroutine.
type compiled struct {
	*program
	valueAt, bothAt *tape.Machine
	out             []float64 // value and gradient
}

func newCompiled(p *program) *compiled {
	return &compiled{p, p.value.NewMachine(), p.both.NewMachine(), make([]float64, 1+len(p.vars))}
}

func (c *compiled) Clone() Objective { return newCompiled(c.program) }

func (c *compiled) Dim() int { return len(c.vars) }

func (c *compiled) Func(x []float64) float64 {
	c.valueAt.Eval(c.out[:1], x)
	return c.out[0]
}

func (c *compiled) Grad(grad, x []float64) { c.FuncGrad(grad, x) }

func (c *compiled) FuncGrad(grad, x []float64) float64 {
	c.bothAt.Eval(c.out, x)
	copy(grad, c.out[1:])
	return c.out[0]
}

// A curved is a compiled with second derivatives.
type curved struct {
	*compiled
	secondAt *tape.Machine
	h        []float64
}

func (c *curved) Clone() Objective { return &curved{compiled: newCompiled(c.program)} }

func (c *curved) Hess(h *mat.SymDense, x []float64) {
	if c.secondAt == nil {
		c.once.Do(c.differentiate)
		c.secondAt, c.h = c.second.NewMachine(), make([]float64, len(c.entries))
	}
	c.secondAt.Eval(c.h, x)
	h.Zero()
	for i, e := range c.entries {
		h.SetSym(e.Row, e.Col, c.h[i])
	}
}

func (p *program) differentiate() {
	p.entries = diff.Hessian(p.e, p.vars)
	out := make([]expr.Expr, len(p.entries))
	for i, e := range p.entries {
		out[i] = e.Expr
	}
	var err error
	if p.second, err = tape.Compile(p.vars, out...); err != nil {
		panic(err) // the entries have the letters of e, which did compile
	}
}

// ErrOneTerm is returned by FromSum for a formula that is not a sum.
var ErrOneTerm = errors.New("optimize: the formula is not a sum, or a constant times a sum, of two terms or more")

// FromSum returns FromFormula(e, vars) as a Summed, for stochastic descent: its rows are
// the terms of e, which must be a sum of at least two, or a constant times or divided
// by a constant such a sum, as a mean is. Each term has a compiled gradient of its own.
func FromSum(e expr.Expr, vars []string) (Objective, error) {
	whole, err := FromFormula(e, vars)
	if err != nil {
		return nil, err
	}
	list := terms(e)
	if len(list) < 2 {
		return nil, ErrOneTerm
	}
	rows := &summed{n: len(vars), out: make([]float64, len(vars))}
	for _, term := range list {
		p, err := tape.Compile(vars, diff.Gradient(term, vars)...)
		if err != nil {
			return nil, err
		}
		rows.terms = append(rows.terms, p.NewMachine())
	}
	if c, ok := whole.(*curved); ok {
		return &struct {
			*curved
			*summed
		}{c, rows}, nil
	}
	return &struct {
		*compiled
		*summed
	}{whole.(*compiled), rows}, nil
}

// terms returns the terms of a sum, each with the constant factors before the sum.
func terms(e expr.Expr) []expr.Expr {
	around := func(term expr.Expr) expr.Expr { return term }
	for {
		switch e.Op() {
		case expr.Add:
			var list []expr.Expr
			for _, a := range e.Args() {
				list = append(list, around(a))
			}
			return list
		case expr.Mul, expr.Div:
			sum, outer := -1, e
			for i, a := range e.Args() {
				if !a.IsConstant() {
					if sum >= 0 || e.Op() == expr.Div && i == 1 {
						return nil
					}
					sum = i
				}
			}
			if sum < 0 {
				return nil
			}
			before := around
			around = func(term expr.Expr) expr.Expr {
				p := expr.NewPool()
				var args []expr.Expr
				for i, a := range outer.Args() {
					if i == sum {
						a = term
					}
					args = append(args, p.Import(a))
				}
				return before(p.Make(outer.Op(), args...))
			}
			e = e.Arg(sum)
		default:
			return nil
		}
	}
}

// A summed holds the gradients of the terms of a sum.
type summed struct {
	n     int
	terms []*tape.Machine
	out   []float64
}

func (s *summed) Rows() int { return len(s.terms) }

func (s *summed) GradRows(g, x []float64, rows []int) {
	fill(g, 0)
	for _, r := range rows {
		s.terms[r].Eval(s.out, x)
		for i, v := range s.out {
			g[i] += v
		}
	}
}
