package simplify

import (
	"math/big"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// exactValue returns the value of f, a row with Exact, at rational arguments when
// that is rational too.
func exactValue(f *fn.Func, args []number.Number) (number.Number, bool) {
	x := make([]*big.Rat, len(args))
	for i, a := range args {
		x[i] = a.Rat()
	}
	v := f.Exact(x)
	if v == nil {
		return number.Number{}, false
	}
	return number.FromRat(v), true
}
