package asymptotic

import (
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

// A power is an exponent: the rational number n, or the irrational constant e.
type power struct {
	n number.Number
	e expr.Expr
}

func whole(n int64) power { return power{n: number.Int(n)} }

// powerOf returns the constant e as an exponent.
func powerOf(e expr.Expr) power {
	if e.Op() == expr.Num {
		return power{n: e.Number()}
	}
	return power{e: e}
}

func (a *Tail) powerExpr(p power) expr.Expr {
	if p.e.Valid() {
		return p.e
	}
	return a.num(p.n)
}

func (a *Tail) plus(x, y power) power {
	if !x.e.Valid() && !y.e.Valid() {
		return power{n: x.n.Add(y.n)}
	}
	return powerOf(a.add2(a.powerExpr(x), a.powerExpr(y)))
}

func (a *Tail) multiple(x power, n number.Number) power {
	if !x.e.Valid() {
		return power{n: x.n.Mul(n)}
	}
	return powerOf(a.mul2(x.e, a.num(n)))
}

func (a *Tail) powerSign(x power) (int, bool) {
	if !x.e.Valid() {
		return x.n.Sign(), true
	}
	return a.c.Sign(x.e)
}

func (a *Tail) powerHull(x power) interval.I {
	if !x.e.Valid() {
		return exact.HullOf(x.n)
	}
	return a.c.Rough(x.e)
}

// A monomial is t^a · L^b · M^c with L = log t and M = log L.
type monomial struct{ a, b, c power }

// plain reports whether m is a power of t.
func (m monomial) plain() bool { return m.b == (power{}) && m.c == (power{}) }

var logarithm, logLog = monomial{b: whole(1)}, monomial{c: whole(1)}

// monoGrowth returns +1, 0 or -1 as m → ∞, m = 1 or m → 0.
func (a *Tail) monoGrowth(m monomial) (int, bool) {
	for _, p := range [...]power{m.a, m.b, m.c} {
		if s, ok := a.powerSign(p); !ok || s != 0 {
			return s, ok
		}
	}
	return 0, true
}

func (a *Tail) timesMono(m, o monomial) monomial {
	return monomial{a.plus(m.a, o.a), a.plus(m.b, o.b), a.plus(m.c, o.c)}
}

func (a *Tail) monoPower(m monomial, n number.Number) monomial {
	return monomial{a.multiple(m.a, n), a.multiple(m.b, n), a.multiple(m.c, n)}
}

// quotient returns m/o.
func (a *Tail) quotient(m, o monomial) monomial {
	return a.timesMono(m, a.monoPower(o, number.Int(-1)))
}

type scaleTerm struct {
	k expr.Expr // constant, not 0
	m monomial  // → ∞
}

// A scale is exp(Σ k m) · p, the terms in the exponent falling in growth.
type scale struct {
	e []scaleTerm
	p monomial
}

// sub, quotient and power of scales
func (a *Tail) mulScale(x, y scale) (scale, bool) {
	out := scale{p: a.timesMono(x.p, y.p)}
	i, j := 0, 0
	for i < len(x.e) || j < len(y.e) {
		s, ok := 0, true
		switch {
		case j == len(y.e):
			s = 1
		case i == len(x.e):
			s = -1
		default:
			if s, ok = a.monoGrowth(a.quotient(x.e[i].m, y.e[j].m)); !ok {
				return out, false
			}
		}
		switch s {
		case 1:
			out.e = append(out.e, x.e[i])
			i++
		case -1:
			out.e = append(out.e, y.e[j])
			j++
		default:
			k := a.add2(x.e[i].k, y.e[j].k)
			sg, ok := a.c.Sign(k)
			if !ok {
				return out, false
			}
			if sg != 0 {
				out.e = append(out.e, scaleTerm{k, x.e[i].m})
			}
			i, j = i+1, j+1
		}
	}
	return out, true
}

func (a *Tail) add2(x, y expr.Expr) expr.Expr {
	if x.Op() == expr.Num && y.Op() == expr.Num {
		return a.num(x.Number().Add(y.Number()))
	}
	return a.c.Simplify(a.c.T.Add(x, y))
}

func (a *Tail) mul2(x, y expr.Expr) expr.Expr {
	if x.Op() == expr.Num && y.Op() == expr.Num {
		return a.num(x.Number().Mul(y.Number()))
	}
	return a.c.Simplify(a.c.T.Mul(x, y))
}

func (a *Tail) powScale(x scale, n number.Number) scale {
	out := scale{p: a.monoPower(x.p, n)}
	if n.Sign() == 0 {
		return scale{}
	}
	for _, t := range x.e {
		out.e = append(out.e, scaleTerm{a.mul2(a.num(n), t.k), t.m})
	}
	return out
}

func (a *Tail) divScale(x, y scale) (scale, bool) {
	return a.mulScale(x, a.powScale(y, number.Int(-1)))
}

// growth returns +1, 0 or -1 as x → ∞, x = 1 or x → 0.
func (a *Tail) growth(x scale) (int, bool) {
	if len(x.e) > 0 {
		return a.c.Sign(x.e[0].k)
	}
	return a.monoGrowth(x.p)
}

func (a *Tail) compareScales(x, y scale) (int, bool) {
	q, ok := a.divScale(x, y)
	if !ok {
		return 0, false
	}
	return a.growth(q)
}

// logs returns enclosures of log t and log log t at T.
func (a *Tail) logs() (l, ll interval.I) {
	l = interval.Log(interval.Point(a.T))
	return l, interval.Log(l)
}

// logValue returns an enclosure of log(m) at T.
func (a *Tail) logValue(m monomial) interval.I {
	l, ll := a.logs()
	v := a.powerHull(m.a).Mul(l)
	if m.b != (power{}) {
		v = v.Add(a.powerHull(m.b).Mul(ll))
	}
	if m.c != (power{}) {
		v = v.Add(a.powerHull(m.c).Mul(interval.Log(ll)))
	}
	return v
}

// falls reports whether the monomial falls on [T, ∞): its logarithmic derivative
// times t, a + b/L + c/(L M), is below 0 there.
func (a *Tail) falls(m monomial) bool {
	if m.plain() { // a power of t falls from any T > 0 on
		return a.powerHull(m.a).Hi < 0
	}
	l, ll := a.logs()
	if !(l.Lo > 1 && ll.Lo > 0) { // log log t is empty up to 1
		return false
	}
	pos := func(p power) interval.I { return a.powerHull(p).Max(interval.Point(0)) }
	switch {
	case m.a != (power{}):
		return a.powerHull(m.a).Add(pos(m.b).Div(l)).Add(pos(m.c).Div(l.Mul(ll))).Hi < 0
	case m.b != (power{}):
		return a.powerHull(m.b).Add(pos(m.c).Div(ll)).Hi < 0
	}
	return a.powerHull(m.c).Hi < 0
}

// bound returns an upper bound for x on [T, ∞), for x that falls there, or 1.
func (a *Tail) bound(x scale) (float64, bool) {
	g, ok := a.growth(x)
	if !ok || g > 0 {
		return 0, false
	}
	if g == 0 {
		return 1, true
	}
	if len(x.e) == 0 {
		if !a.falls(x.p) {
			return 0, false
		}
		return interval.Exp(a.logValue(x.p)).Hi, true
	}
	// t·(log x)' = Σ k_j m_j (a_j + b_j/L + c_j/(L M)) + a + b/L + c/(L M),
	// divided by the first monomial m_0.
	l, ll := a.logs()
	logLogs := x.p.c != (power{}) || slices.ContainsFunc(x.e, func(t scaleTerm) bool { return t.m.c != (power{}) })
	logs := logLogs || !x.p.plain() || slices.ContainsFunc(x.e, func(t scaleTerm) bool { return !t.m.plain() })
	if logs && !(l.Lo > 0) || logLogs && !(l.Lo > 1 && ll.Lo > 0) {
		return 0, false // log t, or its logarithm, is not positive yet
	}
	invL, invLM := l.Inv(), l.Mul(ll).Inv()
	zeroTo := func(i interval.I) interval.I { return interval.New(0, i.Hi) }
	slope := func(m monomial) interval.I {
		v := a.powerHull(m.a)
		if m.b != (power{}) {
			v = v.Add(a.powerHull(m.b).Mul(zeroTo(invL)))
		}
		if m.c != (power{}) {
			v = v.Add(a.powerHull(m.c).Mul(zeroTo(invLM)))
		}
		return v
	}
	m0 := x.e[0].m
	if a.powerHull(m0.a).Lo <= 0 {
		return 0, false
	}
	sum := a.c.Rough(x.e[0].k).Mul(slope(m0))
	logv := a.c.Rough(x.e[0].k).Mul(interval.Exp(a.logValue(m0)))
	for _, e := range x.e[1:] {
		q := a.quotient(e.m, m0)
		if !a.falls(q) {
			return 0, false
		}
		rho := zeroTo(interval.Exp(a.logValue(q)))
		sum = sum.Add(a.c.Rough(e.k).Mul(rho).Mul(slope(e.m)))
		logv = logv.Add(a.c.Rough(e.k).Mul(interval.Exp(a.logValue(e.m))))
	}
	if x.p != (monomial{}) {
		q := a.quotient(monomial{}, m0)
		if !a.falls(q) {
			return 0, false
		}
		rho := zeroTo(interval.Exp(a.logValue(q)))
		sum = sum.Add(slope(x.p).Mul(rho))
		logv = logv.Add(a.logValue(x.p))
	}
	if !(sum.Hi < 0) {
		return 0, false
	}
	return interval.Exp(logv).Hi, true
}
