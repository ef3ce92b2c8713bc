package global

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// maxHessian is the number of variables up to which second derivatives are used.
const maxHessian = 60

// A model is a problem of several variables made ready for the search: always a
// minimum, its conditions as functions that must be ≤ 0 or = 0, everything
// compiled.
type model struct {
	vars []string
	n    int
	f    expr.Expr // to be minimised
	cons []constraint
	// outer contains the region given by the bounds, which are formulas, and
	// inner is contained in it; they differ in the last bits only.
	outer, inner []interval.I
	// A bound is open when the region does not contain its end.
	loOpen, hiOpen []bool

	grad  []expr.Expr
	hess  []diff.Entry
	value *tape.Prog // f, then the constraints
	slope *tape.Prog // f and its gradient
	curve *tape.Prog // f, its gradient and the entries of its Hessian; nil for many variables
	// jacobian computes the gradients of the constraints, one after the other; nil for many.
	jacobian *tape.Prog
}

// maxJacobian is the number of derivatives of constraints up to which boxes are judged by them.
const maxJacobian = 1200

// A constraint is g ≤ 0, g < 0 or g = 0.
type constraint struct {
	g      expr.Expr
	equal  bool
	strict bool
	text   expr.Expr // the condition as it was given
}

// compile makes the programs of m from its formulas.
func (m *model) compile() error {
	outs := []expr.Expr{m.f}
	for _, c := range m.cons {
		outs = append(outs, c.g)
	}
	var err error
	if m.value, err = tape.Compile(m.vars, outs...); err != nil {
		return err
	}
	m.grad = diff.Gradient(m.f, m.vars)
	if m.slope, err = tape.Compile(m.vars, append([]expr.Expr{m.f}, m.grad...)...); err != nil {
		return err
	}
	if k := len(m.cons); k > 0 && k*m.n <= maxJacobian {
		outs = outs[:0]
		for _, c := range m.cons {
			outs = append(outs, diff.Gradient(c.g, m.vars)...)
		}
		if m.jacobian, err = tape.Compile(m.vars, outs...); err != nil {
			return err
		}
	}
	if m.n > maxHessian {
		return nil
	}
	m.hess = diff.Hessian(m.f, m.vars)
	outs = append([]expr.Expr{m.f}, m.grad...)
	for _, h := range m.hess {
		outs = append(outs, h.Expr)
	}
	m.curve, err = tape.Compile(m.vars, outs...)
	return err
}

// bounded reports whether all variables have two finite bounds.
func (m *model) bounded() bool {
	for _, x := range m.outer {
		if !x.IsBounded() {
			return false
		}
	}
	return true
}

// A prober evaluates a model. It belongs to one goroutine.
type prober struct {
	*model
	mv, ms, mc *tape.Machine
	vOut       []interval.I
	vDec       []interval.Dec
	sOut       []interval.I
	sDec       []interval.Dec
	cOut       []interval.I
	cDec       []interval.Dec
	fOut       []float64 // of value
	gOut       []float64 // of slope
	hOut       []float64 // of curve
	point      []interval.I
	count      Evaluations
}

func (m *model) prober() *prober {
	p := &prober{model: m, mv: m.value.NewMachine(), ms: m.slope.NewMachine()}
	k := m.value.NumOut()
	p.vOut, p.vDec, p.fOut = make([]interval.I, k), make([]interval.Dec, k), make([]float64, k)
	k = m.slope.NumOut()
	p.sOut, p.sDec, p.gOut = make([]interval.I, k), make([]interval.Dec, k), make([]float64, k)
	if m.curve != nil {
		p.mc = m.curve.NewMachine()
		k = m.curve.NumOut()
		p.cOut, p.cDec, p.hOut = make([]interval.I, k), make([]interval.Dec, k), make([]float64, k)
	}
	p.point = make([]interval.I, m.n)
	return p
}

// at returns the float value of f at x.
func (p *prober) at(x []float64) float64 {
	p.count.F++
	p.mv.Eval(p.fOut, x)
	return p.fOut[0]
}

// atPoint encloses f at the point x; ok says that f is proved to be defined there.
func (p *prober) atPoint(x []float64) (v interval.I, ok bool) {
	p.count.F++
	for i, c := range x {
		p.point[i] = interval.Point(c)
	}
	p.mv.Interval(p.vOut, p.vDec, p.point)
	return p.vOut[0], p.vDec[0] >= interval.Defined && !p.vOut[0].IsEmpty()
}

// feasible reports whether the point x, whose constraints atPoint has just
// computed, is proved to satisfy all of them. Equalities are satisfied only
// where arithmetic is exact.
func (p *prober) feasible(x []float64) bool {
	for i, c := range x {
		if !p.inner[i].Has(c) || p.loOpen[i] && c <= p.inner[i].Lo || p.hiOpen[i] && c >= p.inner[i].Hi {
			return false
		}
	}
	for k, c := range p.cons {
		g := p.vOut[k+1]
		switch {
		case p.vDec[k+1] < interval.Defined || g.IsEmpty():
			return false
		case c.equal && !(g.Lo == 0 && g.Hi == 0), c.strict && !(g.Hi < 0), g.Hi > 0:
			return false
		}
	}
	return true
}

// gradient computes f and its gradient g at x.
func (p *prober) gradient(g, x []float64) float64 {
	p.count.Gradient++
	p.ms.Eval(p.gOut, x)
	copy(g, p.gOut[1:])
	return p.gOut[0]
}

// hessian computes f, its gradient g and its Hessian h (full, by rows) at x.
func (p *prober) hessian(h [][]float64, g, x []float64) float64 {
	p.count.Hessian++
	p.mc.Eval(p.hOut, x)
	copy(g, p.hOut[1:1+p.n])
	for i := range h {
		clear(h[i])
	}
	for k, e := range p.hess {
		v := p.hOut[1+p.n+k]
		h[e.Row][e.Col], h[e.Col][e.Row] = v, v
	}
	return p.hOut[0]
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

func allFinite(x []float64) bool {
	for _, v := range x {
		if !finite(v) {
			return false
		}
	}
	return true
}

// clipTo returns the point of the interval b nearest to x.
func clipTo(x float64, b interval.I) float64 { return math.Max(b.Lo, math.Min(b.Hi, x)) }

// exactFloat returns the float64 x as a rational constant, not Valid for one that
// is none.
func exactFloat(t *simplify.Tidier, x float64) expr.Expr {
	n, ok := number.FromFloat(x)
	if !ok {
		return expr.Expr{}
	}
	return t.Num(n)
}
