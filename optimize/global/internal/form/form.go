// Package form reads off the form of a formula what is true of it wherever it is defined: its
// degree, its convexity, its homogeneity, how fast it grows.
package form

import (
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/conditions"
)

// MaxSize is the number of nodes up to which a formula is looked at term by
// term.
const MaxSize = 20_000

// SameDomain reports whether two formulas are known to be defined at the same
// points, by their conditions.
func SameDomain(f, g expr.Expr) bool {
	if len(conditions.Open(f, f.Vars(), nil)) == 0 {
		return true
	}
	texts := func(e expr.Expr) (list []string) {
		for _, c := range simplify.Domain(e) {
			list = append(list, format.Text(c))
		}
		slices.Sort(list)
		return list
	}
	return slices.Equal(texts(f), texts(g))
}

// HasKinks reports whether e may have kinks or jumps.
func HasKinks(e expr.Expr) bool { return hasKinks(e, "") }

// HasHiddenKinks reports whether e may have kinks or jumps at which formulas of its derivatives have values: those of hypot have
// none at its kink.
func HasHiddenKinks(e expr.Expr) bool { return hasKinks(e, "hypot") }

// hasKinks is HasKinks but for one function.
func hasKinks(e expr.Expr, beside string) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op() == expr.Call && n.Func().DWhere != nil && n.Func().Name != beside {
			return true
		}
		if n.Op() == expr.Pow && !n.Arg(1).IsConstant() && n.Arg(0).IsConstant() && ConstantSign(n.Arg(0)) <= 0 {
			return true // 0^u is 1 for u = 0, and 0 for u > 0, where no formula of a derivative has a value
		}
	}
	return false
}

// IsPart reports whether n is a part of e, a formula in the same pool.
func IsPart(n, e expr.Expr) bool {
	for u := range e.All() {
		if u == n {
			return true
		}
	}
	return false
}

// TermsOf returns the terms of the tidy formula f, constants times sums multiplied out.
func TermsOf(t *simplify.Tidier, f expr.Expr) (terms []expr.Expr) {
	switch f.Op() {
	case expr.Add:
		for _, e := range f.AppendArgs(nil) {
			terms = append(terms, TermsOf(t, e)...)
		}
		return terms
	case expr.Mul:
		var sum expr.Expr
		var scale []expr.Expr
		for _, e := range f.AppendArgs(nil) {
			switch {
			case e.IsConstant():
				scale = append(scale, e)
			case sum.Valid() || e.Op() != expr.Add:
				return []expr.Expr{f}
			default:
				sum = e
			}
		}
		if !sum.Valid() {
			break
		}
		for _, e := range sum.AppendArgs(nil) {
			terms = append(terms, TermsOf(t, t.Mul(append(scale, e)...))...)
		}
		return terms
	}
	return []expr.Expr{f}
}
