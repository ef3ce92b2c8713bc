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
	machines       map[expr.Expr]*tape.Machine
}

// NewFormulas returns a formulas for the variable named x, in the Pool of t.
func NewFormulas(t *simplify.Tidier, x string) *Formulas {
	return &Formulas{T: t, Consts: NewConstants(t), Name: x, Var: t.Pool().Var(x), machines: map[expr.Expr]*tape.Machine{}}
}

// Machine returns a program for the tidy formula g and its derivative.
func (l *Formulas) Machine(g expr.Expr) *tape.Machine {
	m, ok := l.machines[g]
	if !ok {
		if p, err := tape.Compile([]string{l.Name}, g, diff.D(g, l.Name)); err == nil {
			m = p.NewMachine()
		}
		l.machines[g] = m
	}
	return m
}

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
	m := l.Machine(e)
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
			l.positive.positiveX = true
		}
		return l.positive
	}
	if l.ring == nil {
		l.ring = NewRing(l.T, l.Name)
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
func Evaluate(m *tape.Machine, x interval.I) ([2]interval.I, interval.Dec) {
	var out [2]interval.I
	var dec [2]interval.Dec
	m.Interval(out[:], dec[:], []interval.I{x})
	if dec[1] < interval.Defined {
		out[1] = interval.Whole
	}
	return out, dec[0]
}

// evalInterval evaluates a formula and its derivative on x; dec is what is known
// of the formula there.
// intervalSign returns the sign of all numbers in v, 0 when they have several.
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
