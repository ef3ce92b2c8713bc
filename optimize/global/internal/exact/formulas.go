package exact

import (
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A Formulas works on formulas of one variable, all of them in one Pool: it
// evaluates them, substitutes constants in them and writes them in a ring.
type Formulas struct {
	T      *simplify.Tidier
	Consts *Constants
	Name   string    // the name of the variable
	Var    expr.Expr // the variable

	ring, positive *Ring
	programs       map[expr.Expr]*Program
	squares        map[expr.Expr]Square // not Valid where there is none
}

// NewFormulas returns a formulas for the variable named x, in the Pool of t.
func NewFormulas(t *simplify.Tidier, x string) *Formulas {
	return &Formulas{T: t, Consts: NewConstants(t), Name: x, Var: t.Pool().Var(x), programs: map[expr.Expr]*Program{}, squares: map[expr.Expr]Square{}}
}

// A Program evaluates a formula and its derivative.
type Program struct {
	*tape.Machine
	consts *Constants
	steps  int // what an evaluation counts
}

// compileCost is what it counts to compile a program, besides what is counted for its
// nodes.
const compileCost = 16

// Weight is what an evaluation counts in place of one of a short formula.
func (p *Program) Weight() int { return 1 + p.steps/shortSteps }

// shortSteps is what an evaluation of a short formula with its derivative counts.
const shortSteps = 200

// Program returns the program for the tidy formula g, nil when there is none.
func (l *Formulas) Program(g expr.Expr) *Program {
	m, ok := l.programs[g]
	if !ok {
		d := diff.D(g, l.Name)
		l.Consts.Spend(compileCost + d.Size())
		if p, err := tape.Compile([]string{l.Name}, g, d); err == nil {
			m = &Program{p.NewMachine(), l.Consts, steps(g) + steps(d)}
		}
		l.programs[g] = m
	}
	return m
}

// steps returns what an evaluation of e counts: a step a node, more for some functions.
func steps(e expr.Expr) int {
	n := e.Size()
	for f := range e.All() {
		if f.Op() == expr.Call {
			n += slow[f.Func().Name]
		}
	}
	return n
}

// slow has for functions that take long to enclose how many steps they count for.
var slow = map[string]int{"gamma": 80, "lgamma": 80, "digamma": 100, "trigamma": 150, "beta": 300, "polygamma": 300}

// Substitute returns the tidy formula e with x replaced by the constant v.
func (l *Formulas) Substitute(e, v expr.Expr) expr.Expr {
	return expr.Rebuild(e, l.T, func(x expr.Expr) (expr.Expr, bool) { return v, x.Name() == l.Name })
}

// SignAt returns the sign of the tidy formula e at z.
func (l *Formulas) SignAt(e expr.Expr, z Spot) (int, bool) {
	if z.Inf != 0 || z.Wide {
		return 0, false
	}
	if z.Exact.Valid() {
		return l.Consts.Sign(l.Consts.Simplify(l.Substitute(e, z.Exact)))
	}
	m := l.Program(e)
	if m == nil {
		return 0, false
	}
	v, dec := Evaluate(m, z.Hull)
	if dec < interval.Defined {
		return 0, false
	}
	s := SignOf(v[0])
	return s, s != 0
}

// RingFor returns the ring for a piece that begins at lo.
func (l *Formulas) RingFor(lo Spot) *Ring {
	positive := false
	if lo.Inf == 0 {
		if lo.Exact.Valid() {
			s, ok := l.Consts.Sign(lo.Exact)
			positive = ok && s >= 0
		} else {
			positive = lo.Hull.Lo >= 0
		}
	}
	if positive {
		if l.positive == nil {
			l.positive = NewRing(l.T, l.Name)
			l.positive.consts = l.Consts
			l.positive.positiveX = true
		}
		return l.positive
	}
	if l.ring == nil {
		l.ring = NewRing(l.T, l.Name)
		l.ring.consts = l.Consts
	}
	return l.ring
}

// Slope returns a for u = a·x + b, the zero Expr for another u.
func (l *Formulas) Slope(u expr.Expr) expr.Expr {
	r := l.RingFor(Start)
	var a Combo
	for _, t := range r.Expand(u) {
		at := -1
		for i, p := range t.M {
			if r.Kernels[p.K].HasX {
				if r.Kernels[p.K].kind != kernelX || p.N != number.Int(1) {
					return expr.Expr{}
				}
				at = i
			}
		}
		if at >= 0 {
			a = append(a, Term{t.C, slices.Delete(slices.Clone(t.M), at, at+1)})
		}
	}
	if len(a) == 0 {
		return expr.Expr{}
	}
	return r.Build(collectCombo(a))
}

// Evaluate returns enclosures on x of the two outputs of m, a formula and its
// derivative, and what is known of the formula there.
func Evaluate(m *Program, x interval.I) ([2]interval.I, interval.Dec) {
	var out [2]interval.I
	var dec [2]interval.Dec
	m.consts.charge(m.steps)
	m.Interval(out[:], dec[:], []interval.I{x})
	if dec[1] < interval.Defined {
		out[1] = interval.Whole
	}
	return out, dec[0]
}

// SignOf returns the sign of all numbers in v, 0 when they have several.
func SignOf(v interval.I) int {
	switch {
	case v.IsEmpty():
		return 0
	case v.Lo > 0:
		return 1
	case v.Hi < 0:
		return -1
	}
	return 0
}
