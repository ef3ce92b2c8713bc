package global

import (
	"fmt"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/quadratic"
)

// This file answers where inequalities hold polynomials, none of them linear, away from 0 that f divides by, as x^2 + y^2 < 1 does in
// x + 1/(1 - x^2 - y^2), a barrier function: f has a pole at the edge, and enclosures that do not know the sign of the
// divisor leave no bound near it.
//
// With d = -k g and k > 0 for the inequality g < 0 or g ≤ 0, f with sqrt(d)^2 in the place of d has the same values, and is
// defined where f is and d > 0: sqrt asks for d ≥ 0, and the division for d ≠ 0. So it takes the place of the inequality. That holds
// where f is not defined unless the division is, so that case distinctions are left alone.

// byBarrier returns nil where no inequality is such, or what is left is not settled.
func (s *session) byBarrier() *Answer {
	if s.o.barrier || s.p.F.Size() > maxEliminated {
		return nil
	}
	for n := range s.p.F.All() {
		if n.Op() == expr.If {
			return nil
		}
	}
	signs := map[expr.Expr]int{} // of the divisors in the region
	var rest []expr.Expr
	var said, divisor expr.Expr
	for _, d := range divisors(s.p.F) {
		if q, ok := quadratic.Of(d, s.p.Vars); ok && !q.Curved() { // methods for linear edges know more
			continue
		}
		if isPolynomialFormula(d) {
			signs[d] = 0
		}
	}
	if len(signs) == 0 {
		return nil
	}
	for k, c := range s.m.Cons {
		told := false
		if !c.Equal && isPolynomialFormula(c.G) {
			for d := range signs {
				if sign := proportion(d, c.G); sign != 0 {
					signs[d], told = -sign, true
					said, divisor = s.p.SubjectTo[k], d
				}
			}
		}
		if !told {
			rest = append(rest, s.p.SubjectTo[k])
		}
	}
	if !said.Valid() {
		return nil
	}
	q := &Problem{F: withRoots(s.p.F, signs), Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: rest, Max: s.p.Max}
	ctx, cancel := effort.Share(s.ctx, 0.3)
	defer cancel()
	o := s.o
	o.Progress, o.barrier = nil, true
	a, steps, err := solveNormal(ctx, q, o)
	if err != nil || a.Status == Failed {
		return nil
	}
	if a.Status == Local {
		s.o.Start = a.At
		return nil
	}
	if s.o.Certificate {
		a.Argument.Reduction = &certificate.Reduction{Kind: certificate.Sum, Lift: s.p.Vars, Parts: []*certificate.Certificate{certify(q, a, steps)}}
	}
	a.Domain = ""
	sign := "positive"
	if signs[divisor] < 0 {
		sign = "negative"
	}
	a.Proof = append([]string{fmt.Sprintf("%s says that the divisor %s is %s, and so does the square of a root in the place of it", format.Text(said), format.Text(divisor), sign)}, a.Proof...)
	return a
}

// divisors lists the factors of what e divides by.
func divisors(e expr.Expr) (list []expr.Expr) {
	var add func(d expr.Expr)
	add = func(d expr.Expr) {
		switch d.Op() {
		case expr.Mul, expr.Neg:
			for _, a := range d.AppendArgs(nil) {
				add(a)
			}
		case expr.Pow:
			if x := d.Arg(1); x.Op() == expr.Num && x.Number().Sign() > 0 {
				add(d.Arg(0))
			}
		case expr.Add:
			list = append(list, d)
		}
	}
	for n := range e.All() {
		switch {
		case n.Op() == expr.Div:
			add(n.Arg(1))
		case n.Op() == expr.Pow && isNegative(n.Arg(1)):
			add(n.Arg(0))
		}
	}
	return list
}

// isNegative reports whether the exponent x is a negative number, as it is written.
func isNegative(x expr.Expr) bool {
	if x.Op() == expr.Neg {
		return x.Arg(0).Op() == expr.Num && x.Arg(0).Number().Sign() > 0
	}
	return x.Op() == expr.Num && x.Number().Sign() < 0
}

// isPolynomialFormula reports whether e is written as a polynomial, which has values everywhere.
func isPolynomialFormula(e expr.Expr) bool {
	for n := range e.All() {
		switch n.Op() {
		case expr.Num, expr.Var, expr.Add, expr.Mul, expr.Neg:
		case expr.Div:
			if d := n.Arg(1); d.Op() != expr.Num || d.Number().Sign() == 0 {
				return false
			}
		case expr.Pow:
			if x := n.Arg(1); x.Op() != expr.Num || !x.Number().IsInt() || x.Number().Sign() <= 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// proportion returns the sign of k where the polynomials d = k g, and 0 where they are no multiples of each other.
func proportion(d, g expr.Expr) int {
	t := simplify.New()
	pool := expr.NewPool()
	d, g = pool.Import(d), pool.Import(g)
	var k number.Number
	for i := int64(1); ; i++ { // a point at which g is not 0
		at := map[string]expr.Expr{}
		for j, x := range g.Vars() {
			at[x] = pool.Num(number.Frac(7*i+int64(3*j), 11))
		}
		u, v := t.Tidy(pool.Substitute(d, at)), t.Tidy(pool.Substitute(g, at))
		if u.Op() != expr.Num || v.Op() != expr.Num || i > 3 {
			return 0
		}
		if v.Number().Sign() != 0 {
			q, ok := u.Number().Quo(v.Number())
			if !ok || q.Sign() == 0 {
				return 0
			}
			k = q
			break
		}
	}
	if !prove.Zero(pool.Make(expr.Add, d, pool.Make(expr.Mul, pool.Num(k.Neg()), g)), prove.Budget{}).Equal {
		return 0
	}
	return k.Sign()
}

// withRoots returns e with sqrt(d)^2 or -sqrt(-d)^2 in the place of each formula d, by the sign it has.
func withRoots(e expr.Expr, signs map[expr.Expr]int) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		d := expr.Remake(n, pool, args, nil)
		sign := signs[n]
		if sign == 0 {
			return d
		}
		if sign < 0 {
			d = pool.Make(expr.Neg, d)
		}
		if d = pool.Make(expr.Pow, pool.Call(fn.Lookup("sqrt"), d), pool.Int(2)); sign < 0 {
			d = pool.Make(expr.Neg, d)
		}
		return d
	})
}
