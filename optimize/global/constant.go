package global

import (
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// encloseConstant returns an interval that contains the value of a formula
// without variables, and false when it is not known to have one.
func encloseConstant(e expr.Expr) (interval.I, bool) {
	return tape.EncloseConstant(e)
}
