package form

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// AsSquare reads e as a positive factor, of which w² is a lower bound, times the
// square of r.
func AsSquare(t *simplify.Tidier, e expr.Expr) (r expr.Expr, w float64, ok bool) {
	c := interval.Point(1)
	var roots []expr.Expr
	for _, u := range e.Factors() {
		if u.IsConstant() {
			v, known := tape.EncloseConstant(u)
			if !known {
				return r, 0, false
			}
			c = c.Mul(v)
			continue
		}
		if u.Op() != expr.Pow || u.Arg(1).Op() != expr.Num {
			return r, 0, false
		}
		k, whole := u.Arg(1).Number().Int64()
		if !whole || k == 0 || k%2 != 0 {
			return r, 0, false
		}
		roots = append(roots, t.Pow(u.Arg(0), t.Int(k/2)))
	}
	if len(roots) == 0 || !(c.Lo > 0) || math.IsInf(c.Hi, 1) {
		return r, 0, false
	}
	return t.Mul(roots...), math.Nextafter(c.Sqrt().Lo, 0), true
}
