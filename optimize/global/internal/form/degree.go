package form

import (
	"nabla/expr"
	"nabla/expr/tape"
)

// maxPower is the degree from which a power counts as no polynomial here.
const maxPower = 1000

// DegreeIn returns a number that the degree of e as a polynomial in x does not
// exceed, -1 when e is not seen to be a polynomial in x.
func DegreeIn(e expr.Expr, x string) int {
	return expr.Fold(e, func(n expr.Expr, args []int) int {
		if n.Op() == expr.Var && n.Name() == x {
			return 1
		}
		most, sum := 0, 0
		for _, d := range args {
			if d < 0 {
				return -1
			}
			most = max(most, d)
			sum += d
		}
		switch {
		case most == 0:
			return 0
		case n.Op() == expr.Add, n.Op() == expr.Neg:
			return most
		case n.Op() == expr.Mul && sum <= maxPower:
			return sum
		case n.Op() == expr.Div && args[1] == 0:
			return args[0]
		case n.Op() == expr.Pow && args[1] == 0 && n.Arg(1).Op() == expr.Num:
			if k, ok := n.Arg(1).Number().Int64(); ok && k > 0 && k <= maxPower && args[0]*int(k) <= maxPower {
				return args[0] * int(k)
			}
		}
		return -1
	})
}

// ConstantSign returns the sign of the formula e without variables, 0 when it is not
// known or e has variables.
func ConstantSign(e expr.Expr) int {
	if !e.IsConstant() {
		return 0
	}
	switch b, ok := tape.EncloseConstant(e); {
	case ok && b.Lo > 0:
		return 1
	case ok && b.Hi < 0:
		return -1
	}
	return 0
}

// Analytic reports whether e is seen from its parts to be a quotient of functions that are
// real analytic on an open convex set: such a formula vanishes everywhere where it is
// defined if it does so on an open set. Where logarithms and powers have linear arguments,
// these are positive on half-spaces.
func Analytic(e expr.Expr) bool {
	const (
		no = iota
		quotient
		entire // on the convex set
	)
	return expr.Fold(e, func(n expr.Expr, args []int) int {
		least := entire
		for _, a := range args {
			least = min(least, a)
		}
		if n.IsConstant() {
			return least
		}
		switch n.Op() {
		case expr.Var, expr.Add, expr.Mul, expr.Neg:
			return least
		case expr.Div:
			return min(least, quotient)
		case expr.Pow:
			switch k := n.Arg(1); {
			case k.Op() == expr.Num && k.Number().IsInt():
				if k.Number().Sign() < 0 {
					least = min(least, quotient)
				}
				return least
			case least == entire && (ConstantSign(n.Arg(0)) > 0 || k.IsConstant() && isLinear(n.Arg(0))):
				return entire // c^u = exp(u log c)
			}
		case expr.Call:
			if n.Func().Analytic && least == entire {
				return entire
			}
			switch n.Func().Name {
			case "log", "sqrt", "log2", "log10", "log1p": // on half a line
				if isLinear(n.Arg(0)) {
					return entire
				}
			}
		}
		return no
	}) != no
}

// isLinear reports whether e is seen to be linear in one variable, with a constant.
func isLinear(e expr.Expr) bool {
	vars := e.Vars()
	return len(vars) == 1 && DegreeIn(e, vars[0]) == 1
}
