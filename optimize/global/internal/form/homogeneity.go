package form

import (
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// Homogeneity returns the d with f(tx) = t^d f(x) for all t > 0, wherever one of the two is
// defined, as the form of f shows it; ok is false where it shows none.
func Homogeneity(f expr.Expr) (d number.Number, ok bool) {
	type degree struct {
		d   number.Number
		any bool // of the constant 0
		ok  bool
	}
	same := func(args []degree) degree {
		out := degree{any: true, ok: true}
		for _, a := range args {
			switch {
			case !a.ok, !a.any && !out.any && a.d.Cmp(out.d) != 0:
				return degree{}
			case !a.any:
				out = a
			}
		}
		return out
	}
	top := expr.Fold(f, func(n expr.Expr, args []degree) degree {
		all, flat := true, true
		for _, a := range args {
			all = all && a.ok
			flat = flat && (a.any || a.d.Sign() == 0)
		}
		if !all {
			return degree{}
		}
		switch n.Op() {
		case expr.Num:
			return degree{ok: true, any: n.IsNum(0)}
		case expr.Var:
			return degree{ok: true, d: number.Int(1)}
		case expr.Neg:
			return args[0]
		case expr.Add:
			return same(args)
		case expr.Mul:
			out := degree{ok: true}
			for _, a := range args {
				out.d, out.any = out.d.Add(a.d), out.any || a.any
			}
			return out
		case expr.Div:
			return degree{ok: true, d: args[0].d.Sub(args[1].d)}
		case expr.Pow:
			if k := simplify.Tidy(n.Arg(1)); k.Op() == expr.Num {
				return degree{ok: true, d: args[0].d.Mul(k.Number())}
			}
		case expr.Call:
			switch n.Func().Name {
			case "sqrt":
				return degree{ok: true, d: args[0].d.Mul(number.Frac(1, 2))}
			case "cbrt":
				return degree{ok: true, d: args[0].d.Mul(number.Frac(1, 3))}
			case "abs", "min", "max", "hypot":
				return same(args)
			case "sign":
				return degree{ok: true}
			case "atan2":
				return degree{ok: same(args).ok}
			}
		default:
			return degree{}
		}
		return degree{ok: flat}
	})
	return top.d, top.ok && !top.any
}
