package verify

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// This file shows that two angles, functions of one variable, are nowhere rational multiples of π together.

// neverMeet reports whether at no x the phases are those of one of the points modulo 2π: two angles, or sums or differences of two, are nowhere what they would be.
func (v *verifier) neverMeet(o *phases, points [][]int64) bool {
	pool := expr.NewPool()
	var list []angle
	var of [][]int64 // what multiples of the phases they are
	add := func(u expr.Expr, multiples []int64) {
		if a, ok := v.readAngle(u); ok {
			list, of = append(list, a), append(of, multiples)
		}
	}
	for i, u := range o.angles {
		m := make([]int64, len(o.angles))
		m[i], _ = o.turns[i].Int64()
		add(u, m)
		for j, w := range o.angles[:i] {
			for _, sign := range []int64{1, -1} {
				both := slices.Clone(m)
				n, _ := o.turns[j].Int64()
				both[j] = sign * n
				add(pool.Make(expr.Add, pool.Import(u), pool.Make(expr.Mul, pool.Int(sign), pool.Import(w))), both)
			}
		}
	}
	return !slices.ContainsFunc(points, func(p []int64) bool {
		for i, m := range of {
			total := int64(0)
			for k, n := range m {
				total += n * p[k]
			}
			list[i].mayVanish = total%(2*gridParts) == 0
		}
		for i := range list {
			for j := range list {
				if i != j && list[i].neverWith(list[j]) {
					return false
				}
			}
		}
		return true
	})
}

// An angle is c·π^e·x^n, or with |x| for x, c·log|x|, c·exp(k·x), with c, which is algebraic, and n and k rational and not 0, or a polynomial in x with
// rational coefficients of which the degree is more than 1. Where the phase has its value, a rational multiple of π, it is r·π for a rational number r; mayVanish
// says that r may be 0.
type angle struct {
	kind      rune // 'x', 'l', 'e', 'p', or 0 for others
	c         expr.Expr
	e, n      number.Number
	start     bool // the polynomial is 0 at 0
	mayVanish bool
}

// readAngle reads an angle.
func (v *verifier) readAngle(u expr.Expr) (a angle, ok bool) {
	t := simplify.New()
	u = t.Tidy(u)
	x := v.c.Variables[0]
	isX := func(e expr.Expr) bool {
		return e.Op() == expr.Var && e.Name() == x || e.IsCall("abs") && e.Arg(0).Op() == expr.Var && e.Arg(0).Name() == x
	}
	a.c = t.Int(1)
	for _, f := range operands(expr.Mul, u) {
		base, n := f, number.Int(1)
		if f.Op() == expr.Pow && f.Arg(1).Op() == expr.Num {
			base, n = f.Arg(0), f.Arg(1).Number()
		} else if f.IsCall("sqrt") {
			base, n = f.Arg(0), number.Frac(1, 2)
		}
		switch {
		case base.IsCall("pi"):
			a.e = a.e.Add(n)
		case base.Op() == expr.Num:
			a.c = t.Mul(a.c, f)
		case a.kind != 0:
			return v.readPolynomialAngle(u)
		case isX(base):
			a.kind, a.n = 'x', n
		case f.IsCall("log") && f.Len() == 1 && isX(f.Arg(0)):
			a.kind = 'l'
		case f.IsCall("exp") && isMultiple(t, f.Arg(0), x):
			a.kind = 'e'
		default:
			return v.readPolynomialAngle(u)
		}
	}
	if a.kind == 0 || a.kind != 'x' && a.e.Sign() != 0 {
		return angle{}, false
	}
	return a, true
}

// isMultiple reports whether u is a rational multiple of the variable x, not 0.
func isMultiple(t *simplify.Tidier, u expr.Expr, x string) bool {
	c, rest := t.Split(u)
	return c.Sign() != 0 && rest.Op() == expr.Var && rest.Name() == x
}

// readPolynomialAngle reads a polynomial.
func (v *verifier) readPolynomialAngle(u expr.Expr) (a angle, ok bool) {
	p, ok := readPoly(u, v.c.Variables)
	list, dense := p.list()
	if !ok || !dense || len(list) < 3 {
		return angle{}, false
	}
	return angle{kind: 'p', start: list[0].Sign() == 0}, true
}

// neverWith reports whether a and b are proved to be nowhere r·π and s·π for rational numbers r and s, of which 0 are those only that may be. For π is
// transcendental, as is exp(r·π) for r ≠ 0, and these two are algebraically independent.
func (a angle) neverWith(b angle) bool {
	one := number.Int(1)
	bothVanish := a.mayVanish && b.mayVanish
	switch {
	case a.kind == 'x' && b.kind == 'x':
		// Where both are not 0, |x|^(n·m) is algebraic times π^((1 - e)·m), and times π^((1 - d)·n).
		// It is 0 for both or for none, if 0 is a place of both.
		if bothVanish && a.n.Sign() > 0 && b.n.Sign() > 0 {
			return false // as they may at 0
		}
		t := simplify.New()
		return one.Sub(a.e).Mul(b.n).Cmp(one.Sub(b.e).Mul(a.n)) != 0 ||
			a.n == b.n && a.e == b.e && irrationalRoot(t, t.Mul(t.Tidy(a.c), t.Pow(t.Tidy(b.c), t.Int(-1))))
	case a.kind == 'x' && b.kind == 'l' && b.isRational(): // x is not 0, and log|x| = s·π/c
		return a.e.Cmp(one) != 0 || !b.mayVanish
	case a.kind == 'x' && b.kind == 'e': // x = r·π/c, exp(k·x) = s·π/c
		return a.n.Cmp(one) == 0 && a.e.Sign() == 0 && a.isRational()
	case a.kind == 'x' && b.kind == 'p' && a.n.Cmp(one) == 0:
		// x = r·π^(1 - e)/c, and the polynomial has rational coefficients
		switch {
		case a.e.Sign() == 0:
			return !(bothVanish && b.start)
		case a.e.Cmp(one) == 0: // x is algebraic, and so is the polynomial
			return !b.mayVanish
		}
	}
	return false
}

// isRational reports whether the factor c is rational.
func (a angle) isRational() bool { return a.c.Op() == expr.Num }
