package univariate

import (
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
)

// A strict is an interval that contains all values of a formula, and whether it is
// proved that none of them is its lower or its upper end.
type strict struct {
	interval.I
	loOpen, hiOpen bool
}

// above reports whether the formula is proved to be greater than v.
func (s strict) above(c *exact.Constants, v expr.Expr) bool {
	low, ok := number.FromFloat(s.Lo)
	if !ok || s.IsEmpty() {
		return false
	}
	k, ok := c.Compare(c.T.Num(low), v)
	return ok && (k > 0 || k == 0 && s.loOpen)
}

func (s strict) neg() strict { return strict{s.Neg(), s.hiOpen, s.loOpen} }

// positive reports whether the formula, which is not negative, is never 0.
func (s strict) positive() bool { return s.Lo > 0 || s.loOpen }

// sign returns the sign of all values, 0 when they have several.
func (s strict) sign() int {
	switch {
	case s.IsEmpty():
		return 0
	case s.Lo > 0 || s.Lo == 0 && s.loOpen:
		return 1
	case s.Hi < 0 || s.Hi == 0 && s.hiOpen:
		return -1
	}
	return 0
}

// within reports whether the formula never has the greatest magnitude of s.
func (s strict) within() bool {
	m := s.Mag()
	return (s.loOpen || -s.Lo < m) && (s.hiOpen || s.Hi < m)
}

// strictly returns an interval for the values of the tidy formula f between the ends
// of over, where it is defined.
func (l *line) strictly(f expr.Expr, over interval.I) strict {
	return l.strictlyWith(f, map[expr.Expr]strict{l.Var: {over, true, true}})
}

// strictlyWith returns an interval for the values of the tidy formula f for variables in the
// given ones.
func (l *line) strictlyWith(f expr.Expr, vars map[expr.Expr]strict) strict {
	return expr.Fold(f, func(n expr.Expr, args []strict) strict {
		v, isVar := vars[n]
		switch {
		case isVar:
			return v
		case n.IsConstant():
			return strict{I: l.Consts.Enclose(n)}
		}
		switch n.Op() {
		case expr.Add:
			out := args[0]
			for _, a := range args[1:] {
				out = strict{out.Add(a.I), out.loOpen || a.loOpen, out.hiOpen || a.hiOpen}
			}
			return out
		case expr.Mul:
			out := args[0]
			for _, a := range args[1:] {
				out = out.times(a)
			}
			return out
		case expr.Pow:
			if k := n.Arg(1); k.Op() == expr.Num {
				return args[0].power(k.Number()).apart(n)
			}
			if args[0].Lo < 0 && l.stepsOnly(n.Arg(1)) {
				break // between its steps the exponent is a number, for which the base may be negative
			}
			return strict{I: interval.New(0, math.Inf(1)), loOpen: args[0].Lo >= 0 && args[0].positive()}
		case expr.Call:
			switch f := n.Func(); {
			case f.Enclose == nil:
			case len(args) == 1:
				return args[0].under(n).apart(n)
			default:
				list := make([]interval.I, len(args))
				for i, a := range args {
					list[i] = a.I
				}
				out := strict{I: f.Enclose(list)}
				if out.IsEmpty() {
					break
				}
				if m := args[1]; f.Name == "mod" { // a remainder is never as great as m
					out.loOpen, out.hiOpen = m.Hi < 0 && out.Lo <= m.Lo, m.Lo > 0 && out.Hi >= m.Hi
				}
				return out
			}
		}
		return strict{I: interval.Whole}
	})
}

// apart returns the values s of n, of which 0 is none if n is a power or the absolute value of a function without zeros.
func (s strict) apart(n expr.Expr) strict {
	if u := n.Arg(0); (n.Op() == expr.Pow || n.IsCall("abs")) && u.Op() == expr.Call && u.Func().NeverZero() {
		s.loOpen, s.hiOpen = s.loOpen || s.Lo == 0, s.hiOpen || s.Hi == 0
	}
	return s
}

// times returns the product of a and b.
func (a strict) times(b strict) strict {
	switch {
	case a.Lo < 0 && a.Hi <= 0:
		return a.neg().times(b).neg()
	case b.Lo < 0 && b.Hi <= 0:
		return a.times(b.neg()).neg()
	}
	out := strict{I: a.Mul(b.I)}
	if a.Lo >= 0 && b.Lo >= 0 {
		out.hiOpen = out.Hi > 0 && (a.hiOpen || b.hiOpen)
		if out.loOpen = a.loOpen || b.loOpen; a.Lo == 0 || b.Lo == 0 {
			out.loOpen = a.positive() && b.positive()
		}
		return out
	}
	if m := interval.Point(a.Mag()).Mul(interval.Point(b.Mag())); m.Hi > 0 && (a.within() || b.within()) {
		out.loOpen, out.hiOpen = -out.Lo >= m.Hi, out.Hi >= m.Hi
	}
	return out
}

// power returns the power k of a.
func (a strict) power(k number.Number) strict {
	n, whole := k.Int64()
	whole = whole && n == int64(int(n))
	even := whole && n%2 == 0
	switch {
	case whole && a.Lo < 0 && a.Hi <= 0 && even:
		return a.neg().power(k)
	case whole && a.Lo < 0 && a.Hi <= 0:
		return a.neg().power(k).neg()
	}
	out := strict{I: interval.Whole}
	if whole {
		out.I = a.PowInt(int(n))
	} else if a.Lo >= 0 {
		out.I = a.Pow(exact.HullOf(k))
	}
	switch rising := k.Sign() > 0; {
	case a.Lo >= 0 && rising, whole && rising && !even:
		out.loOpen, out.hiOpen = a.loOpen, a.hiOpen
	case a.Lo >= 0: // 1/∞ is no value
		out.loOpen, out.hiOpen = a.hiOpen || math.IsInf(a.Hi, 1), a.loOpen
	case even && rising:
		out.hiOpen = a.within()
	case even:
		out.loOpen = a.within() || math.IsInf(a.Mag(), 1)
	}
	return out
}

// under returns the values of the call n of a function of a.
func (a strict) under(n expr.Expr) strict {
	f := n.Func()
	out := strict{I: f.Enclose([]interval.I{a.I})}
	// Where a reaches beyond the domain, f has its value at the end of that.
	inside := func(x float64) bool {
		return f.Domain == "" || !f.Enclose([]interval.I{interval.Point(x)}).IsEmpty()
	}
	lo, hi := (a.loOpen || math.IsInf(a.Lo, -1)) && inside(a.Lo), (a.hiOpen || math.IsInf(a.Hi, 1)) && inside(a.Hi)
	switch {
	case out.IsEmpty():
		out.I = interval.Whole
	case f.Monotone > 0:
		out.loOpen, out.hiOpen = lo, hi
	case f.Monotone < 0:
		out.loOpen, out.hiOpen = hi, lo
	case f.Name == "abs" && a.Lo >= 0:
		out.loOpen, out.hiOpen = a.loOpen, a.hiOpen
	case f.Name == "abs" && a.Hi <= 0:
		out.loOpen, out.hiOpen = a.hiOpen, a.loOpen
	case f.Name == "abs":
		out.hiOpen = a.within()
	case f.Positive:
		out.loOpen = out.Lo <= 0
	}
	return out
}
