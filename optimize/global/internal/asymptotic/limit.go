package asymptotic

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

// A Limit is what a formula does at an end of a piece.
type Limit struct {
	Kind  Kind
	Value expr.Expr  // of a finite limit
	Bound interval.I // of values past T for limitBounded, and for finite ones
	Side  int        // sign of the formula minus its limit past T, 0 if not known
	T     float64
}

// Low returns a lower bound for the formula past T, and whether one is known.
func (l Limit) Low() (float64, bool) {
	switch l.Kind {
	case Plus, Bounded, Above:
		return l.Bound.Lo, !math.IsInf(l.Bound.Lo, 0)
	case Finite:
		if l.Bound == (interval.I{}) { // exactly the limit, which is 0
			return 0, true
		}
		return l.Bound.Lo, !math.IsInf(l.Bound.Lo, 0)
	}
	return 0, false
}

type Kind uint8

const (
	Unknown Kind = iota
	Finite
	Plus    // → ∞
	Minus   // → -∞
	Bounded // stays within bound
	Above   // unknown, but bounded below by bound.Lo
)

// Starts are the T that are tried. Later ones make remainders small, earlier
// ones leave less of the line to be searched.
var Starts = [...]float64{64, 4096, 1 << 24, 1 << 45, math.Ldexp(1, 90)}

// Wide are the T, at places, that are tried one after the other for formulas of which parts cancel near these.
var Wide = [...]float64{32, 16, 8, 4, 2, 1, 0.5}

// LimitAt returns the limit of the tidy formula e as t → ∞ in a.
func (a *Tail) LimitAt(e expr.Expr) Limit {
	s := a.expand(e)
	if b := a.deeper(e); b != nil {
		if l := b.LimitAt(e); l.Kind != Unknown {
			return l
		}
	}
	if s == nil {
		return Limit{}
	}
	if len(s.terms) == 0 && s.exact() {
		return Limit{Kind: Finite, Value: a.int(0), T: a.T}
	}
	m, v, ok := a.lead(s)
	if !ok {
		return Limit{}
	}
	g, ok := a.growth(m)
	if !ok {
		return Limit{}
	}
	sign := exact.SignOf(v)
	switch {
	case g > 0 && sign > 0:
		// f = v m with 1/m falling to 0: f is at least its value with both least
		lim := Limit{Kind: Plus, T: a.T, Bound: interval.New(0, math.Inf(1))}
		if b, ok := a.bound(a.powScale(m, number.Int(-1))); ok && b > 0 {
			lim.Bound.Lo = interval.Point(v.Lo).Div(interval.Point(b)).Lo
		}
		return lim
	case g > 0 && sign < 0:
		return Limit{Kind: Minus, T: a.T}
	case g > 0 && a.goesOn(s) < 0:
		return Limit{Kind: Minus, T: a.T}
	case g > 0 && v.Lo >= 0:
		return Limit{Kind: Above, Bound: interval.New(0, math.Inf(1)), T: a.T}
	case g > 0:
		return Limit{}
	}
	all, ok := a.sizeOf(s)
	switch {
	case !ok:
		return Limit{}
	case !s.rem.IsBounded():
		return Limit{Kind: Above, Bound: all, T: a.T}
	case g < 0:
		return Limit{Kind: Finite, Value: a.int(0), Bound: all, Side: sign, T: a.T}
	case len(s.terms) == 0:
		return Limit{Kind: Bounded, Bound: all, T: a.T}
	}
	rest := &series{terms: s.terms[1:], rem: s.rem, rm: s.rm}
	l := Limit{Kind: Finite, Value: s.terms[0].c, Bound: all, T: a.T}
	if len(rest.terms) > 0 || !rest.exact() {
		if _, w, ok := a.lead(rest); ok {
			l.Side = exact.SignOf(w)
		}
	}
	return l
}

// goesOn returns the sign of s, which grows, far enough out: that of its first term where this
// grows faster than all else. From T on it need not have it yet.
func (a *Tail) goesOn(s *series) int {
	if len(s.terms) == 0 || !s.rem.IsBounded() {
		return 0
	}
	sign, _ := a.c.Sign(s.terms[0].c)
	return sign
}

// SignPast returns the sign of e for all t ≥ T, 0 when it is not known.
func (a *Tail) SignPast(e expr.Expr) int {
	s := a.expand(e)
	if b := a.deeper(e); b != nil {
		return b.SignPast(e)
	}
	_, v, ok := a.lead(s)
	if !ok {
		return 0
	}
	return exact.SignOf(v)
}
