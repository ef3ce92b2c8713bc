package verify

import (
	"math"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check that finds other forms of constants.

// undone is the constant e without functions of constants that have a plainer value: a function undoes another, as atan(tan(1/2)) is
// 1/2, or an enclosure says which whole number it is, or which sign an absolute value takes away.
func undone(e expr.Expr) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		n = expr.Remake(n, pool, args, nil)
		if n.Op() != expr.Call || n.Len() != 1 {
			return n
		}
		u := n.Arg(0)
		in, known := tape.EncloseConstant(u)
		value, ok := tape.EncloseConstant(n)
		switch name := n.Func().Name; {
		case name == "abs" && known && in.Lo >= 0:
			return u
		case name == "abs" && known && in.Hi <= 0:
			return pool.Make(expr.Neg, u)
		case name == "floor" || name == "ceil" || name == "round" || name == "sign":
			if ok && value.IsPoint() && math.Abs(value.Lo) < 1<<50 {
				return pool.Int(int64(value.Lo))
			}
		default:
			if w := undoes(n.Func(), u); w.Valid() {
				return pool.Import(w)
			}
		}
		return n
	})
}

// undoes returns w, a plainer form of the constant f(u), not Valid for none that is found. The inverse g of f has g(f(x)) = x wherever f is
// defined. With f for g: f(u) is w if u is g's function of w. And f(u) is w for g(w) = u if w is one of the values of f, as then w = f(x) and
// u = g(f(x)) = x.
func undoes(f *fn.Func, u expr.Expr) expr.Expr {
	t := simplify.New()
	u = t.Tidy(u)
	c, a := t.Split(u)
	if a.Op() == expr.Call && a.Len() == 1 && c == number.Int(1) && a.Func().Inverse == f.Name+"("+a.Func().Args[0]+")" {
		if _, defined := tape.EncloseConstant(a); defined {
			return a.Arg(0)
		}
	}
	if f.Inverse == "" || f.Monotone == 0 { // of a monotone one the values are an interval
		return expr.Expr{}
	}
	inverse := t.Pool().Import(simplify.Template(f, f.Inverse))
	values := f.Enclose([]interval.I{interval.Whole})
	const margin = 1e-9        // the ends of the enclosure are rounded
	var candidates []expr.Expr // what is inside a function that the inverse has too
	for _, a := range operands(expr.Mul, u) {
		if a.Op() == expr.Call && a.Len() == 1 && strings.Contains(f.Inverse, a.Func().Name+"(") {
			candidates = append(candidates, a.Arg(0), t.Pow(a.Arg(0), t.Num(c)))
		}
	}
	for _, w := range candidates {
		at, ok := tape.EncloseConstant(w)
		inside := values.Lo+margin < at.Lo && at.Hi < values.Hi-margin
		// W and Wm1 have the value -1, with which they begin.
		inside = inside || (f.Name == "W" || f.Name == "Wm1") && at == interval.Point(-1)
		if ok && inside && equal(t.Pool().Substitute(inverse, map[string]expr.Expr{f.Args[0]: w}), u) {
			return w
		}
	}
	return expr.Expr{}
}
