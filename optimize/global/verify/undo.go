package verify

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// solvedFor solves h = 0 for the variable y, which occurs in one place, by the inverses of the functions that it is under: wherever
// h = 0, y is the value, and the conditions more hold, which say that what an inverse is taken of is a value of its function.
func (v *verifier) solvedFor(h expr.Expr, y string) (value expr.Expr, more []constraintCheck, ok bool) {
	pool := expr.NewPool()
	u := pool.Import(h)
	value = pool.Int(0) // of u
	atLeast := func(e, least expr.Expr) {
		more = append(more, constraintCheck{g: pool.Make(expr.Add, least, pool.Make(expr.Neg, e))})
	}
	minus := func(e expr.Expr) expr.Expr { return pool.Make(expr.Neg, e) }
	for u.Op() != expr.Var {
		at, others := -1, []expr.Expr{}
		for k, a := range u.Args() {
			switch {
			case !a.Has(y) && u.Op() == expr.Pow && a.IsConstant():
				others = append(others, pool.Import(simplify.Tidy(a))) // 2/3 is a number
			case !a.Has(y):
				others = append(others, a)
			case at >= 0:
				return value, nil, false
			default:
				at = k
			}
		}
		switch op := u.Op(); {
		case at < 0:
			return value, nil, false
		case op == expr.Neg:
			value = minus(value)
		case op == expr.Add:
			value = pool.Make(expr.Add, value, minus(pool.Make(expr.Add, others...)))
		case op == expr.Mul:
			by := pool.Make(expr.Mul, others...)
			if !v.nonzero(by) && !v.neverBoth(by, value) {
				return value, nil, false
			}
			value = pool.Make(expr.Div, value, by)
		case op == expr.Div && at == 0:
			value = pool.Make(expr.Mul, value, others[0])
		case op == expr.Div && v.nonzero(others[0]): // and then value is not 0
			more = append(more, constraintCheck{g: minus(pool.Call(fn.Lookup("abs"), value)), strict: true})
			value = pool.Make(expr.Div, others[0], value)
		case op == expr.Pow && at == 0 && others[0].Op() == expr.Num:
			k := others[0].Number()
			inverse, _ := k.Inv()
			n, whole := k.Int64()
			switch {
			case !whole: // of a base that is not negative
				atLeast(value, pool.Int(0))
				value = pool.Make(expr.Pow, value, pool.Num(inverse))
			case n%2 == 0: // of a base that has one sign
				sign := v.signOf(u.Arg(0))
				if sign == 0 {
					return value, nil, false
				}
				atLeast(value, pool.Int(0))
				value = pool.Make(expr.Mul, pool.Int(int64(sign)), pool.Make(expr.Pow, value, pool.Num(inverse)))
			case n == -1:
				more = append(more, constraintCheck{g: minus(pool.Call(fn.Lookup("abs"), value)), strict: true})
				value = pool.Make(expr.Pow, value, pool.Int(-1))
			case n < 0:
				value = pool.Make(expr.Pow, pool.Call(fn.Lookup("root"), value, pool.Int(-n)), pool.Int(-1))
			default:
				value = pool.Call(fn.Lookup("root"), value, pool.Int(n))
			}
		case op == expr.Pow && at == 1 && others[0].Op() == expr.Num && others[0].Number().Sign() > 0 && others[0].Number().Cmp(number.Int(1)) != 0:
			log := fn.Lookup("log")
			value = pool.Make(expr.Div, pool.Call(log, value), pool.Call(log, others[0]))
		case op == expr.Pow && value.IsConstant() && !others[0].IsConstant(): // which is neither 0 nor 1 where the base is 0 or 1, or the exponent 0
			r, known := tape.EncloseConstant(value)
			if !known || !(r.Lo > 0) || r.Has(1) {
				return value, nil, false
			}
			if log := fn.Lookup("log"); at == 1 {
				value = pool.Make(expr.Div, pool.Call(log, value), pool.Call(log, others[0]))
			} else {
				value = pool.Make(expr.Pow, value, pool.Make(expr.Div, pool.Int(1), others[0]))
			}
		case op == expr.Call && u.Len() == 1 && u.Func().Inverse != "":
			f := u.Func()
			if f.Range[0] != "" {
				atLeast(value, pool.Import(expr.MustParse(f.Range[0])))
			}
			if f.Range[1] != "" {
				atLeast(minus(value), minus(pool.Import(expr.MustParse(f.Range[1]))))
			}
			value = pool.Substitute(pool.Import(expr.MustParse(f.Inverse)), map[string]expr.Expr{f.Args[0]: value})
		default:
			return value, nil, false
		}
		u = u.Arg(at)
	}
	return value, more, true
}

// signOf is 1 where u is proved not to be negative, -1 where it is proved not to be positive, and 0 elsewhere.
func (v *verifier) signOf(u expr.Expr) int {
	pool := expr.NewPool()
	r, some := v.rangeOn(u)
	nonnegative := func(e expr.Expr) bool {
		c := constraintCheck{g: pool.Make(expr.Neg, pool.Import(e))}
		return v.follows(c, nil) || v.always(c)
	}
	switch {
	case some && r.Lo >= 0 || nonnegative(u):
		return 1
	case some && r.Hi <= 0 || nonnegative(pool.Make(expr.Neg, pool.Import(u))):
		return -1
	}
	return 0
}
