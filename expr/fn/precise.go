package fn

import (
	"math/big"

	"nabla/expr/interval/precise"
)

// The functions of this file make the column Precise where package precise has no function of the kind: the same
// formulas as for Enclose, at any precision. extra are the bits beyond the precision asked for that intermediate
// results carry, against what is magnified in the last step.
const extra = 24

type exact = precise.I

// precise1 and precise2 take apart the arguments of a column Precise.
func precise1(f func(x exact, prec uint) exact) func([]exact, uint) (exact, bool) {
	return func(x []exact, prec uint) (exact, bool) { return f(x[0], prec), true }
}

func precise2(f func(x, y exact, prec uint) exact) func([]exact, uint) (exact, bool) {
	return func(x []exact, prec uint) (exact, bool) { return f(x[0], x[1], prec), true }
}

// preciseFree is precise1 for a function whose value needs no rounding.
func preciseFree(f func(x exact) exact) func([]exact, uint) (exact, bool) {
	return func(x []exact, _ uint) (exact, bool) { return f(x[0]), true }
}

// precise0 is a constant.
func precise0(f func(prec uint) exact) func([]exact, uint) (exact, bool) {
	return func(_ []exact, prec uint) (exact, bool) { return f(prec), true }
}

// preciseInv makes the reciprocal of f.
func preciseInv(f func(x exact, prec uint) exact) func([]exact, uint) (exact, bool) {
	return func(x []exact, prec uint) (exact, bool) {
		return precise.Div(precise.FromInt(1), f(x[0], prec+extra), prec), true
	}
}

// preciseOfInv makes f(1/x); near the ends of the domain of f the rounding of 1/x is magnified by the square root of
// its size, so that half as many bits more are carried.
func preciseOfInv(f func(x exact, prec uint) exact) func([]exact, uint) (exact, bool) {
	return func(x []exact, prec uint) (exact, bool) {
		return f(precise.Div(precise.FromInt(1), x[0], 2*prec+64+extra), prec), true
	}
}

func preciseRoot(x []exact, prec uint) (exact, bool) {
	n := x[1]
	if n.IsPoint() && n.Lo.IsInt() {
		k, _ := n.Lo.Int64()
		if k == 0 {
			return precise.Nothing(), true
		}
		if -1<<30 < k && k < 1<<30 {
			return precise.Root(x[0], int(k), prec), true
		}
	}
	if v := x[0]; v.IsEmpty() || v.Lo.Sign() < 0 {
		return precise.Whole(), false // the roots of odd order of negative numbers are not looked for
	}
	return precise.Pow(x[0], precise.Div(precise.FromInt(1), n, prec+64), prec), true
}

func preciseLogBase(x, base exact, prec uint) exact {
	return precise.Div(precise.Log(x, prec+extra), precise.Log(base, prec+extra), prec)
}

func preciseHeaviside(x exact) exact {
	half := precise.FromFloat(0.5)
	return precise.Add(precise.Mul(precise.Sign(x), half, 53), half, 53) // exact
}

func preciseMax(x []exact, _ uint) (exact, bool) {
	m := x[0]
	for _, v := range x[1:] {
		m = precise.Max(m, v)
	}
	return m, true
}

func preciseMin(x []exact, _ uint) (exact, bool) {
	m := x[0]
	for _, v := range x[1:] {
		m = precise.Min(m, v)
	}
	return m, true
}

func preciseClamp(x []exact, _ uint) (exact, bool) {
	return precise.Min(precise.Max(x[0], x[1]), x[2]), true
}

func preciseRelu(x exact) exact { return precise.Max(x, precise.FromInt(0)) }

func preciseNormPDF(x exact, prec uint) exact {
	wp := prec + 2*extra // x² is large where the value is not yet tiny
	n := precise.Exp(precise.Mul(precise.Sqr(x, wp), precise.FromFloat(-0.5), wp), wp)
	return precise.Div(n, precise.Sqrt(precise.Mul(precise.Pi(wp), precise.FromInt(2), wp), wp), prec)
}

func preciseSigmoid(x exact, prec uint) exact {
	d := precise.Add(precise.Exp(precise.Neg(x), prec+extra), precise.FromInt(1), prec+extra)
	return precise.Div(precise.FromInt(1), d, prec)
}

func preciseSoftplus(x exact, prec uint) exact {
	return precise.Log1p(precise.Exp(x, prec+extra), prec)
}

func preciseLogit(x exact, prec uint) exact {
	// 2 artanh(2x-1), with a sharp image also over an interval
	t := precise.Sub(precise.Mul(x, precise.FromInt(2), 2*prec+64), precise.FromInt(1), 2*prec+64)
	return precise.Mul(precise.Atanh(t, prec), precise.FromInt(2), prec)
}

// preciseLogSumExp shifts by a number near the greatest argument.
func preciseLogSumExp(x []exact, prec uint) (exact, bool) {
	top := new(big.Float).SetInf(true)
	for _, v := range x {
		if v.IsEmpty() {
			return precise.Nothing(), true
		}
		if v.Hi.IsInf() || v.Lo.IsInf() {
			return precise.Whole(), false
		}
		if v.Hi.Cmp(top) > 0 {
			top = v.Hi
		}
	}
	wp := prec + extra
	m, s := precise.Point(top), precise.FromInt(0)
	for _, v := range x {
		s = precise.Add(s, precise.Exp(precise.Sub(v, m, wp), wp), wp)
	}
	return precise.Add(m, precise.Log(s, wp), prec), true
}

func preciseNormCDF(x exact, prec uint) exact {
	// erfc magnifies the rounding of its argument 2x² times, which is at most 2^12 where the value is a float64.
	wp := prec + 2*extra
	z := precise.Div(precise.Neg(x), precise.Sqrt(precise.FromInt(2), wp), wp)
	return precise.Mul(precise.Erfc(z, wp), precise.FromFloat(0.5), prec)
}

func preciseBeta(x []exact, prec uint) (exact, bool) {
	a, b, wp := x[0], x[1], prec+2*extra
	if a.IsEmpty() || b.IsEmpty() {
		return precise.Nothing(), true
	}
	c := precise.Add(a, b, wp)
	g := precise.Gamma(c, wp)
	r := precise.Div(precise.FromInt(1), g, wp) // 1/Γ is 0 at the poles of Γ
	if g.IsEmpty() {
		r = precise.FromInt(0)
	} else if g.Lo.IsInf() || g.Hi.IsInf() {
		r = r.Hull(precise.FromInt(0))
	}
	return precise.Mul(precise.Mul(precise.Gamma(a, wp), precise.Gamma(b, wp), wp), r, prec), true
}
