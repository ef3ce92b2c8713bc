package global

import (
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// This file finds limits, and signs, that the form of a formula shows.

// A limit is what a formula tends to: a formula of the other variables, or an infinity, or
// neither where nothing is known.
type limit struct {
	e   expr.Expr
	inf int // its sign
}

// limitAt returns the limit of f for y → -∞ or ∞, by the sign of side, whatever the other
// variables are.
func limitAt(t *simplify.Tidier, f expr.Expr, y string, side int) limit {
	top := expr.Fold(t.Tidy(f), func(n expr.Expr, args []limit) limit {
		switch {
		case n.Op() == expr.Var && n.Name() == y:
			return limit{inf: side}
		case !n.Has(y):
			return limit{e: n}
		}
		for _, a := range args {
			if !a.e.Valid() && a.inf == 0 {
				return limit{}
			}
		}
		return limitOf(t, n, args, y)
	})
	if top.e.Valid() {
		top.e = t.Tidy(top.e)
	}
	return top
}

// limitOf is the limit of a node of a tidy formula by those of its operands for the variable y.
func limitOf(t *simplify.Tidier, n expr.Expr, args []limit, y string) limit {
	exprs := make([]expr.Expr, len(args))
	infinite := 0 // the sign of the infinite operands, 2 where they differ
	for i, a := range args {
		exprs[i] = a.e
		switch {
		case a.inf == 0:
		case infinite == 0 || infinite == a.inf:
			infinite = a.inf
		default:
			infinite = 2
		}
	}
	switch n.Op() {
	case expr.Add:
		switch infinite {
		case 0:
			return limit{e: t.Add(exprs...)}
		case 2:
			return limitOfDifference(t, n, args, y)
		}
		return limit{inf: infinite}
	case expr.Mul:
		if infinite == 0 {
			return limit{e: t.Mul(exprs...)}
		}
		sign := 1
		for _, a := range args {
			sign *= a.sign(t)
		}
		return limit{inf: sign}
	case expr.Pow:
		if c := n.Arg(1); c.Op() == expr.Num {
			return args[0].power(t, c.Number())
		}
		if c := n.Arg(0); form.ConstantSign(c) > 0 { // c^u = exp(u log c)
			u := args[1]
			if u.inf == 0 {
				return limit{e: t.Pow(exprs[0], u.e)}
			}
			switch u.inf * form.ConstantSign(t.Sub(t.Tidy(c), t.Int(1))) {
			case 1:
				return limit{inf: 1}
			case -1:
				return limit{e: t.Int(0)}
			}
		}
	case expr.Call:
		return limitOfCall(t, n, args)
	}
	return limit{}
}

// limitOfDifference is the limit of a sum of which two terms tend to infinities, c P^k and -d Q^k with positive c and d and 0 < k < 1: their
// difference tends to 0 where that of c^(1/k) P and d^(1/k) Q is a formula of the other variables, as |p^k - q^k| ≤ k |p - q| min(p, q)^(k-1).
func limitOfDifference(t *simplify.Tidier, n expr.Expr, args []limit, y string) limit {
	var bases, rest []expr.Expr
	var signs []int
	var k number.Number
	for i, a := range args {
		if a.inf == 0 {
			rest = append(rest, a.e)
			continue
		}
		c, p, own := t.Int(1), t.Tidy(n.Arg(i)), number.Int(1)
		if p.Op() == expr.Mul && p.Len() == 2 && p.Arg(0).IsConstant() {
			c, p = p.Arg(0), p.Arg(1)
		}
		switch {
		case p.IsCall("sqrt"):
			p, own = p.Arg(0), number.Frac(1, 2)
		case p.Op() == expr.Pow && p.Arg(1).Op() == expr.Num:
			p, own = p.Arg(0), p.Arg(1).Number()
		}
		sign := form.ConstantSign(c)
		if sign == 0 || own.Sign() <= 0 || own.Cmp(number.Int(1)) >= 0 || len(bases) > 0 && own.Cmp(k) != 0 {
			return limit{}
		}
		k = own
		if sign < 0 {
			c = t.Neg(c)
		}
		inverse, _ := k.Inv()
		bases, signs = append(bases, t.Mul(t.Pow(c, t.Num(inverse)), p)), append(signs, sign)
	}
	if len(bases) != 2 || signs[0] == signs[1] {
		return limit{}
	}
	d, _ := simplify.Canonical(t.Sub(bases[0], bases[1]))
	if d.Has(y) {
		return limit{}
	}
	return limit{e: t.Add(append(rest, t.Int(0), t.Int(0))...)}
}

// sign is the sign of a limit, 0 where it is not known or may be 0.
func (a limit) sign(t *simplify.Tidier) int {
	switch {
	case a.inf != 0:
		return a.inf
	case positive(a.e):
		return 1
	case positive(t.Neg(a.e)):
		return -1
	}
	return 0
}

// power is the limit of the power k of what tends to a.
func (a limit) power(t *simplify.Tidier, k number.Number) limit {
	n, whole := k.Int64()
	switch {
	case a.inf == 0 && (whole && n > 0 || a.sign(t) > 0 || whole && a.sign(t) < 0):
		return limit{e: t.Pow(a.e, t.Num(k))}
	case a.inf == 0:
		return limit{}
	case k.Sign() < 0 && (a.inf > 0 || whole):
		return limit{e: t.Int(0)}
	case a.inf > 0 && k.Sign() > 0 || whole && n%2 == 0 && n > 0:
		return limit{inf: 1}
	case whole && n > 0:
		return limit{inf: -1}
	}
	return limit{}
}

// limitOfCall is the limit of the call n of a function by those of its operands.
func limitOfCall(t *simplify.Tidier, n expr.Expr, args []limit) limit {
	f := n.Func()
	if len(args) != 1 {
		return limit{}
	}
	a := args[0]
	if a.inf == 0 {
		switch {
		case f.Dec == nil, f.Name == "sqrt": // continuous, at 0 as well
			return limit{e: t.Call(f, a.e)}
		case (f.Name == "log" || f.Name == "log1p") && positive(a.e):
			return limit{e: t.Call(f, a.e)}
		}
		return limit{}
	}
	switch text := f.Limits[(1+a.inf)/2]; text {
	case "":
		return limit{}
	case "inf":
		return limit{inf: 1}
	case "-inf":
		return limit{inf: -1}
	default:
		e, err := expr.Parse(text)
		if err != nil {
			return limit{}
		}
		return limit{e: t.Tidy(e)}
	}
}

// positive reports whether the tidy formula e is seen by its form to be greater than 0
// wherever it is defined.
func positive(e expr.Expr) bool {
	const (
		unknown = iota
		square  // not negative
		above
	)
	if !e.Valid() {
		return false
	}
	return expr.Fold(e, func(n expr.Expr, args []int) int {
		least, most := above, unknown
		for _, a := range args {
			least, most = min(least, a), max(most, a)
		}
		if n.IsConstant() {
			if form.ConstantSign(n) > 0 {
				return above
			}
			return unknown
		}
		switch n.Op() {
		case expr.Add:
			if least > unknown {
				return most
			}
		case expr.Mul, expr.Div:
			return least
		case expr.Pow:
			if args[0] == above {
				return above
			}
			if k := n.Arg(1); k.Op() == expr.Num {
				if half := k.Number().Mul(number.Frac(1, 2)); half.IsInt() || !k.Number().IsInt() { // of what is not negative
					if k.Number().Sign() < 0 {
						return above // where it is defined
					}
					return max(square, args[0])
				}
				if k.Number().Sign() < 0 && args[0] > unknown {
					return above
				}
				return args[0]
			}
		case expr.Call:
			f := n.Func()
			sign := unknown
			if f.Range[0] == "0" {
				sign = square
			}
			switch {
			case f.Positive:
				return above
			case f.KeepsSign(), f.Name == "abs":
				return max(args[0], sign)
			}
			return sign
		}
		return unknown
	}) == above
}
