package simplify

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// turned returns the value of sin, cos or tan at an angle that is a rational multiple of π,
// past the first quarter, by that in it: sin(7π/6) is -sin(π/6). Domains are the same.
func (t *Tidier) turned(f *fn.Func, angle expr.Expr) (expr.Expr, bool) {
	q := number.Int(1)
	if angle.Op() == expr.Mul && angle.Len() == 2 && angle.Arg(0).Op() == expr.Num {
		q, angle = angle.Arg(0).Number(), angle.Arg(1)
	}
	one, half := number.Int(1), number.Frac(1, 2)
	if !angle.IsCall("pi") || q.Sign() < 0 || q.Cmp(half) <= 0 {
		return expr.Expr{}, false
	}
	half2 := q.Mul(half)
	turn := q.Sub(half2.Floor().Add(half2.Floor())) // in [0, 2)
	sign := false
	switch f.Name {
	case "sin":
		if sign = turn.Cmp(one) >= 0; sign {
			turn = turn.Sub(one)
		}
		if turn.Cmp(half) > 0 {
			turn = one.Sub(turn)
		}
	case "cos":
		if turn.Cmp(one) > 0 {
			turn = number.Int(2).Sub(turn)
		}
		if sign = turn.Cmp(half) > 0; sign {
			turn = one.Sub(turn)
		}
	case "tan":
		if turn.Cmp(one) >= 0 {
			turn = turn.Sub(one)
		}
		if sign = turn.Cmp(half) > 0; sign {
			turn = one.Sub(turn)
		}
	default:
		return expr.Expr{}, false
	}
	e := t.Call(f, t.Mul(t.Num(turn), angle))
	if sign {
		e = t.Neg(e)
	}
	return e, true
}
