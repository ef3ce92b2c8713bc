package precise

import "math/big"

// Sinh returns an enclosure of {sinh x}.
func Sinh(x I, prec uint) I {
	return odd(x, clamp(prec), func(x *big.Float, prec uint) I { // ((e^x - 1) + (e^x - 1)/e^x)/2
		m := expm1End(x, prec+guard)
		return scale(add(m, div(m, add(m, FromInt(1), prec+guard), prec+guard), prec), -1)
	})
}

// Cosh returns an enclosure of {cosh x}.
func Cosh(x I, prec uint) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return increasing(Abs(x), clamp(prec), func(x *big.Float, prec uint) I {
		p := expEnd(x, prec+guard)
		c := scale(add(p, div(FromInt(1), p, prec+guard), prec), -1)
		return I{Lo: greatest(c.Lo, one), Hi: c.Hi}
	})
}

// Tanh returns an enclosure of {tanh x}.
func Tanh(x I, prec uint) I {
	return odd(x, clamp(prec), func(x *big.Float, prec uint) I {
		if x.IsInf() {
			return FromInt(1)
		}
		wp := prec + guard
		m := expm1End(new(big.Float).SetMantExp(x, 1), wp)
		if x.Cmp(one) < 0 {
			return div(m, add(m, FromInt(2), wp), prec)
		}
		return sub(FromInt(1), div(FromInt(2), add(m, FromInt(2), wp), wp), prec).Meet(unit)
	})
}

// Asinh returns an enclosure of {arsinh x}.
func Asinh(x I, prec uint) I {
	return odd(x, clamp(prec), func(x *big.Float, prec uint) I {
		wp := prec + guard
		t := I{Lo: x, Hi: x}
		if exponent(x) > int(wp) || x.IsInf() { // log 2x plus at most 1/x
			return add(log(scale(t, 1), wp), I{Lo: zero, Hi: div(FromInt(1), t, 8).Hi}, prec)
		}
		q := sqr(t, wp)
		r := add(FromInt(1), sqrt(add(FromInt(1), q, wp), wp), wp)
		return log1p(add(t, div(q, r, wp), wp), prec) // log(x + √(1 + x²))
	})
}

// Acosh returns an enclosure of {arcosh x : x ≥ 1}.
func Acosh(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() || x.Hi.Cmp(one) < 0 {
		return Nothing()
	}
	return increasing(I{Lo: greatest(x.Lo, one), Hi: x.Hi}, prec, func(x *big.Float, prec uint) I {
		wp := prec + guard
		t := I{Lo: x, Hi: x}
		if exponent(x) > int(wp) || x.IsInf() { // log 2x less at most 1/x
			return sub(log(scale(t, 1), wp), I{Lo: zero, Hi: div(FromInt(1), t, 8).Hi}, prec)
		}
		m := sub(t, FromInt(1), wp)
		r := sqrt(mul(m, add(t, FromInt(1), wp), wp), wp)
		return log1p(add(m, r, wp), prec) // log(1 + (x-1) + √((x-1)(x+1)))
	})
}

// Atanh returns an enclosure of {artanh x : -1 < x < 1}.
func Atanh(x I, prec uint) I {
	if x.IsEmpty() || x.Hi.Cmp(minus) <= 0 || x.Lo.Cmp(one) >= 0 {
		return Nothing()
	}
	return odd(x.Meet(unit), clamp(prec), func(x *big.Float, prec uint) I {
		if x.Cmp(one) == 0 {
			return I{Lo: huge, Hi: inf}
		}
		wp := prec + guard
		t := I{Lo: x, Hi: x}
		return scale(log1p(div(scale(t, 1), sub(FromInt(1), t, wp), wp), prec), -1)
	})
}

// odd returns the hull of the image of x under an increasing odd function, from its enclosure at an end
// that is positive, +Inf included.
func odd(x I, prec uint, end func(*big.Float, uint) I) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return increasing(x, prec, func(x *big.Float, prec uint) I {
		switch x.Sign() {
		case 0:
			return FromInt(0)
		case 1:
			return end(x, prec)
		}
		return Neg(end(new(big.Float).Neg(x), prec))
	})
}
