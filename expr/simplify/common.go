package simplify

import (
	"slices"

	"nabla/expr"
)

// fewestSharing is the number of terms from which a factor that they all have is
// taken out of a sum. Of two terms it reads as well written twice.
const fewestSharing = 3

// Factored returns the tidy formula e with the factors taken out that all its
// terms have, if e is a sum of three terms or more: functions, sums and divisors,
// but not numbers and powers of variables, which people leave in the terms of a
// polynomial. The answer is shorter than e, and equal to it wherever either is
// defined.
func (t *Tidier) Factored(e expr.Expr) expr.Expr {
	if e.Op() != expr.Add || e.Len() < fewestSharing || t.inf {
		return e
	}
	common := factorsOf(e.Arg(0))
	for i := 1; i < e.Len() && len(common) > 0; i++ {
		have := factorsOf(e.Arg(i))
		common = slices.DeleteFunc(common, func(u expr.Expr) bool { return !slices.Contains(have, u) })
	}
	common = slices.DeleteFunc(common, func(u expr.Expr) bool { return rank(u) < rankSum })
	if len(common) == 0 || slices.ContainsFunc(common, func(u expr.Expr) bool { return u.Op() == expr.Mul }) {
		return e
	}
	rest := make([]expr.Expr, e.Len())
	for i, term := range e.Args() {
		left := slices.DeleteFunc(factorsOf(term), func(u expr.Expr) bool { return slices.Contains(common, u) })
		rest[i] = t.Mul(left...)
	}
	return t.Mul(append(common, t.Sum(rest...))...)
}

// factorsOf returns the operands of e if it is a product, and otherwise e itself.
func factorsOf(e expr.Expr) []expr.Expr {
	if e.Op() == expr.Mul {
		return e.AppendArgs(nil)
	}
	return []expr.Expr{e}
}
