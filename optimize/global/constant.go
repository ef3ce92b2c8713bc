package global

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// encloseConstant returns an interval that contains the value of a formula
// without variables, and false when it is not known to have one.
func encloseConstant(e expr.Expr) (interval.I, bool) {
	return tape.EncloseConstant(e)
}

// shown returns the float64 to show for an enclosure: 0 if that is in it, its
// midpoint otherwise, and ±Inf for a value that is past the range of float64.
func shown(v interval.I) float64 {
	switch {
	case v.Lo >= math.MaxFloat64:
		return math.Inf(1)
	case v.Hi <= -math.MaxFloat64:
		return math.Inf(-1)
	}
	if v.Has(0) {
		return 0
	}
	return v.Mid()
}
