package tape

import (
	"nabla/expr"
	"nabla/expr/interval"
)

// EncloseConstant returns an interval that contains the value of a formula
// without variables, and false when it is not known to have one.
func EncloseConstant(e expr.Expr) (interval.I, bool) {
	switch e.Op() { // most are numbers
	case expr.Num:
		v := Constant{Value: e.Number()}.Enclose()
		return v, !v.IsEmpty()
	case expr.Neg:
		v, ok := EncloseConstant(e.Arg(0))
		return v.Neg(), ok
	}
	p, err := Compile(nil, e)
	if err != nil {
		return interval.Whole, false
	}
	out, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	p.NewMachine().Interval(out, dec, nil)
	return out[0], dec[0] >= interval.Defined && !out[0].IsEmpty()
}
