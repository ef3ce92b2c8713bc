package simplify

import "nabla/expr"

// Relation returns the relation u op v between tidy formulas as people write it:
// without a numerical factor of the whole, and with the terms that have a minus sign, and
// numbers, on the right. |w| ≠ 0 and w^2 ≠ 0 are w ≠ 0. It holds wherever u op v
// does and the other way round, as far as both sides are defined.
func (t *Tidier) Relation(op expr.Op, u, v expr.Expr) expr.Expr {
	d := t.Sub(u, v)
	for op == expr.Ne || op == expr.Eq {
		_, rest := t.Split(d)
		if !rest.IsCall("abs") && !rest.IsCall("sqrt") && !(rest.Op() == expr.Pow && rest.Arg(1).Op() == expr.Num && rest.Arg(1).Number().Sign() > 0) {
			break
		}
		d = rest.Arg(0)
	}
	c, rest := t.Split(d)
	if rest.Op() == expr.Num {
		return t.pool.Make(op, d, t.Int(0))
	}
	if c.Sign() < 0 {
		op = op.Mirrored()
	}
	if rest.Op() != expr.Add {
		return t.pool.Make(op, rest, t.Int(0))
	}
	var left, right, constant []expr.Expr
	for _, a := range rest.Args() {
		switch c, _ := t.Split(a); {
		case a.Op() == expr.Num:
			constant = append(constant, t.Neg(a))
		case c.Sign() < 0:
			right = append(right, t.Neg(a))
		default:
			left = append(left, a)
		}
	}
	if len(left) == 0 { // -a < b is a > -b
		op = op.Mirrored()
		left, right = right, nil
		for i, a := range constant {
			constant[i] = t.Neg(a)
		}
	}
	right = append(right, constant...)
	if len(right) == 0 {
		right = append(right, t.Int(0))
	}
	return t.pool.Make(op, t.Sum(left...), t.Sum(right...))
}
