package global

import (
	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// This file solves equations for a variable that occurs in one place, by the inverses of the functions that it is under:
// sqrt(x) + sqrt(y) = 5 gives y = (5 - sqrt(x))^2 where 5 - sqrt(x) >= 0.

// isolated returns v and conditions on the other variables such that u = 0 holds just where these do, v is defined and y = v; false where
// y occurs in more places, or under a function without inverse.
func (s *session) isolated(t *simplify.Tidier, u expr.Expr, y string) (v expr.Expr, where []expr.Expr, ok bool) {
	pool := t.Pool()
	u, v = pool.Import(u), pool.Int(0) // u = v
	for u.Op() != expr.Var {
		at := -1
		var others []expr.Expr
		for k, a := range u.Args() {
			switch {
			case !a.Has(y):
				others = append(others, a)
			case at >= 0:
				return v, nil, false
			default:
				at = k
			}
		}
		if at < 0 { // y has cancelled
			return v, nil, false
		}
		switch u.Op() {
		case expr.Mul: // where a factor is 0, the variable is free
			if by := pool.Make(expr.Mul, others...); !neverBoth(t, by, v) && !s.neverZero(by) {
				return v, nil, false
			}
		case expr.Div:
			if at == 1 && !neverBoth(t, others[0], v) && !s.neverZero(others[0]) { // 0/u = 0
				return v, nil, false
			}
		}
		list, values := form.Invert(pool, u, at, v)
		if len(list) != 1 {
			return v, nil, false
		}
		v, where, u = list[0], append(where, values...), u.Arg(at)
	}
	return v, where, true
}
