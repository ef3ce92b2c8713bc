package precise

import "math/big"

// Atan returns an enclosure of {arctan x}.
func Atan(x I, prec uint) I { return atan(x, clamp(prec)) }

func atan(x I, prec uint) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return increasing(x, prec, atanEnd)
}

// halfPi encloses π/2.
func halfPi(prec uint) I { return scale(pi.enclose(prec), -1) }

// atanEnd encloses arctan x for an end x.
func atanEnd(x *big.Float, prec uint) I {
	e := exponent(x)
	t := I{Lo: x, Hi: x}
	switch {
	case x.Sign() == 0:
		return FromInt(0)
	case x.Sign() < 0:
		return Neg(atanEnd(new(big.Float).Neg(x), prec))
	case x.IsInf():
		return halfPi(prec)
	case 2*e < -int(prec): // between x - x³/3 and x
		return sub(t, I{Lo: zero, Hi: div(powInt(t, 3, prec), FromInt(3), prec).Hi}, prec)
	case e > int(prec)+guard: // π/2 less between 0 and 1/x
		return sub(halfPi(prec+8), I{Lo: zero, Hi: div(FromInt(1), t, 8).Hi}, prec)
	case e > 0: // x ≥ 1
		f := prec + guard + 48
		m := toFixed(x, f) // error 1 makes the reciprocal err by less than 1, as x ≥ 1
		v := new(big.Int).Lsh(bigOn, 2*f)
		s, err := atanFixed(v.Quo(v, m), f)
		return sub(halfPi(prec+8), fromFixed(s, err+2, f, prec+8), prec)
	}
	f := prec + guard + 48 + uint(-e)
	s, err := atanFixed(toFixed(x, f), f)
	return fromFixed(s, err+1, f, prec)
}

// atanFixed returns arctan t in units of 2^-f for 0 ≤ t ≤ 1 (in the same units), with a bound of the error.
//
// The tangent is halved in angle eight times, t ← t/(1 + √(1+t²)): the root errs by less than 1, the quotient by
// less than 2 and half the error of t, so the error stays below 4. Then the series t - t³/3 + t⁵/5 - … is summed, as in
// artanhSeries, and the angle doubled back, with 256 times the error.
func atanFixed(t *big.Int, f uint) (*big.Int, int64) {
	const halvings = 8
	unit := new(big.Int).Lsh(bigOn, f)
	sqUnit := new(big.Int).Lsh(bigOn, 2*f)
	d := new(big.Int)
	for range halvings {
		d.Mul(t, t)
		d.Sqrt(d.Add(d, sqUnit))
		d.Add(d, unit)
		t.Lsh(t, f)
		t.Quo(t, d)
	}
	sq := new(big.Int).Mul(t, t)
	sq.Rsh(sq, f)
	s := new(big.Int).Set(t)
	q := new(big.Int)
	n := int64(0)
	for t.Sign() != 0 {
		n++
		t.Rsh(t.Mul(t, sq), f)
		q.Quo(t, d.SetInt64(2*n+1))
		if n&1 == 1 {
			s.Sub(s, q)
		} else {
			s.Add(s, q)
		}
	}
	return s.Lsh(s, halvings), (4*n + 12) << halvings
}

// Asin returns an enclosure of {arcsin x : -1 ≤ x ≤ 1}.
func Asin(x I, prec uint) I {
	prec = clamp(prec)
	if x = x.Meet(unit); x.IsEmpty() {
		return Nothing()
	}
	return increasing(x, prec, func(x *big.Float, prec uint) I {
		wp := prec + guard
		t := I{Lo: x, Hi: x}
		switch {
		case x.Cmp(one) == 0:
			return halfPi(prec)
		case x.Cmp(minus) == 0:
			return Neg(halfPi(prec))
		}
		c := sqrt(mul(sub(FromInt(1), t, wp), add(FromInt(1), t, wp), wp), wp)
		return atan(div(t, c, wp), wp).round(prec)
	})
}

// Acos returns an enclosure of {arccos x : -1 ≤ x ≤ 1}.
func Acos(x I, prec uint) I {
	prec = clamp(prec)
	if x = x.Meet(unit); x.IsEmpty() {
		return Nothing()
	}
	return decreasing(x, prec, func(x *big.Float, prec uint) I {
		wp := prec + guard
		t := I{Lo: x, Hi: x}
		if x.Cmp(minus) == 0 {
			return pi.enclose(prec)
		}
		c := sqrt(div(sub(FromInt(1), t, wp), add(FromInt(1), t, wp), wp), wp)
		return scale(atan(c, wp), 1).round(prec) // tan²(θ/2) = (1 - cos θ)/(1 + cos θ)
	})
}

// Atan2 returns an enclosure of {atan2(y, x) : (x, y) ≠ (0, 0)}, the angle of the point (x, y) in (-π, π]. A box that
// meets the negative x axis and reaches below it gives [-π, π].
func Atan2(y, x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() || y.IsEmpty() || x.Lo.Sign() == 0 && x.Hi.Sign() == 0 && y.Lo.Sign() == 0 && y.Hi.Sign() == 0 {
		return Nothing()
	}
	at := func(y, x *big.Float) I { return angle(y, x, prec) }
	lo, hi := I{}, I{}
	switch xn, yn := x.Lo.Sign() < 0, y.Lo.Sign() < 0; {
	case xn && yn && y.Hi.Sign() >= 0:
		p := pi.enclose(prec)
		return Neg(p).Hull(p)
	case !xn && !yn:
		lo, hi = at(y.Lo, x.Hi), at(y.Hi, x.Lo)
	case !xn && y.Hi.Sign() <= 0:
		lo, hi = at(y.Lo, x.Lo), at(y.Hi, x.Hi)
	case !xn:
		lo, hi = at(y.Lo, x.Lo), at(y.Hi, x.Lo)
	case !yn && x.Hi.Sign() <= 0:
		lo, hi = at(y.Hi, x.Hi), at(y.Lo, x.Lo)
	case !yn:
		lo, hi = at(y.Lo, x.Hi), at(y.Lo, x.Lo)
	case x.Hi.Sign() <= 0:
		lo, hi = at(y.Hi, x.Lo), at(y.Lo, x.Hi)
	default:
		lo, hi = at(y.Hi, x.Lo), at(y.Hi, x.Hi)
	}
	return I{Lo: least(lo.Lo, hi.Lo), Hi: greatest(lo.Hi, hi.Hi)}
}

// angle encloses the angle of the corner (x, y) of a box, at most one of them infinite; that of the origin, no
// member of the domain, is anything between those of the adjacent sides, and 0 serves.
func angle(y, x *big.Float, prec uint) I {
	wp := prec + guard
	s := y.Sign()
	switch {
	case y.Sign() == 0:
		if x.Sign() < 0 {
			return pi.enclose(prec)
		}
		return FromInt(0)
	case new(big.Float).Abs(y).Cmp(new(big.Float).Abs(x)) > 0: // π/2 - arctan(x/y), with the sign of y
		h := halfPi(wp)
		if s < 0 {
			h = Neg(h)
		}
		return sub(h, atan(div(I{Lo: x, Hi: x}, I{Lo: y, Hi: y}, wp), wp), prec)
	}
	t := atan(div(I{Lo: y, Hi: y}, I{Lo: x, Hi: x}, wp), wp)
	if x.Sign() > 0 {
		return t.round(prec)
	}
	p := pi.enclose(wp)
	if s < 0 {
		p = Neg(p)
	}
	return add(p, t, prec)
}

// Hypot returns an enclosure of {√(x² + y²)}.
func Hypot(x, y I, prec uint) I {
	prec = clamp(prec)
	return sqrt(add(sqr(x, prec+guard), sqr(y, prec+guard), prec+guard), prec)
}
