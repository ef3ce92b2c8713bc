package precise

import (
	"math"
	"math/big"
)

// LambertW returns an enclosure of {W(x) : x ≥ -1/e}, the principal branch of the solution of w e^w = x. An x that
// cannot be told from -1/e at the precision is taken to be in the domain.
func LambertW(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	branch := Neg(expEnd(minus, prec+guard)) // encloses -1/e
	if x.Hi.Cmp(branch.Lo) < 0 {
		return Nothing()
	}
	return increasing(x, prec, func(x *big.Float, prec uint) I {
		switch {
		case x.Sign() == 0:
			return FromInt(0)
		case x.IsInf():
			if x.Sign() < 0 {
				return FromInt(-1)
			}
			return I{Lo: zero, Hi: inf}
		case x.Cmp(branch.Lo) < 0:
			return FromInt(-1)
		case 2*exponent(x) < -int(prec): // between x - x² and x - x² + 3x³/2 for |x| ≤ 1/4, or the other way round
			wp := prec + guard
			t := I{Lo: x, Hi: x}
			return add(sub(t, sqr(t, wp), wp), mul(powInt(t, 3, wp), FromFloat(2), wp).Hull(FromInt(0)), prec)
		}
		return lambertEnd(x, prec)
	})
}

// lambertEnd encloses W(x). Newton's method finds a w, and the signs of w e^w - x at two points around it prove the
// enclosure; the function increases for w ≥ -1.
func lambertEnd(x *big.Float, prec uint) I {
	wp := prec + 2*guard
	if x.Sign() < 0 {
		wp += prec // next to the branch point half the digits are lost
	}
	t := I{Lo: x, Hi: x}
	w := new(big.Float).SetPrec(wp).SetFloat64(lambertStart(x))
	for range 64 {
		e := expEnd(w, wp)
		p := mul(I{Lo: w, Hi: w}, e, wp)
		s := new(big.Float).SetPrec(wp).Add(w, one)
		if e.Hi.IsInf() || e.Lo.Sign() == 0 || s.Sign() <= 0 {
			break
		}
		r := sub(p, t, wp)
		if r.Lo.IsInf() || r.Hi.IsInf() {
			break
		}
		d := new(big.Float).SetPrec(wp).Quo(r.Lo, s.Mul(s, e.Lo))
		w = new(big.Float).SetPrec(wp).Sub(w, d)
		if w.Cmp(minus) <= 0 { // overshot the branch point: come back half-way
			d.SetMantExp(new(big.Float).Add(new(big.Float).SetPrec(wp).Add(w, d), one), -1)
			w = d.Sub(d, one)
			continue
		}
		if d.Sign() == 0 || exponent(d) < exponent(w)-int(wp)/2-8 {
			break
		}
	}
	f := func(w *big.Float) I { return sub(mul(I{Lo: w, Hi: w}, expEnd(w, wp), wp), t, wp) }
	return bracket(w, prec, f, minus)
}

// lambertStart returns a float64 near W(x), above -1.
func lambertStart(x *big.Float) float64 {
	f, _ := x.Float64()
	switch {
	case f < -0.25:
		d := new(big.Float).SetPrec(x.Prec() + 64)
		d.Mul(x, expEnd(one, x.Prec()+64).Lo)
		d.Add(d, one)
		p, _ := d.Float64()
		p = math.Sqrt(2 * max(p, 0x1p-1000))
		return max(-1+p-p*p/3+11*p*p*p/72, -1+p/2)
	case f < 1:
		return f / (1 + f)
	case f < 20:
		return math.Log1p(f) * 0.7
	case exponent(x) < 1000:
		l := math.Log(f)
		return l - math.Log(l)
	}
	l := float64(exponent(x)) * math.Ln2
	return l - math.Log(l)
}

// LambertWm1 returns an enclosure of {w ≤ -1 : w e^w = x}, the lower branch, for -1/e ≤ x < 0. An x that cannot be
// told from -1/e at the precision is taken to be in the domain.
func LambertWm1(x I, prec uint) I {
	prec = clamp(prec)
	branch := Neg(expEnd(minus, prec+guard)) // encloses -1/e
	if x.IsEmpty() || x.Hi.Cmp(branch.Lo) < 0 || x.Lo.Sign() >= 0 {
		return Nothing()
	}
	return decreasing(x, prec, func(x *big.Float, prec uint) I {
		switch {
		case x.Sign() >= 0:
			return I{Lo: ninf, Hi: FromInt(-1).Hi}
		case x.IsInf() || x.Cmp(branch.Lo) < 0:
			return FromInt(-1)
		}
		return lambertLowerEnd(x, prec)
	})
}

// lambertLowerEnd encloses the lower branch at x < 0. Of y = -w Newton's method solves y - log y = -log(-x), which is
// convex, so that from its first step on it comes to y from above; the signs of -x - y e^(-y), which increases
// for y ≥ 1, at two points around it prove the enclosure.
func lambertLowerEnd(x *big.Float, prec uint) I {
	wp := 2 * (prec + guard) // next to the branch point half the digits are lost
	t := Neg(I{Lo: x, Hi: x})
	s := Neg(Log(t, wp))
	y := new(big.Float).SetPrec(wp).SetFloat64(lambertLowerStart(s))
	for range 64 {
		at := I{Lo: y, Hi: y}
		r := sub(sub(at, Log(at, wp), wp), s, wp)
		slope := new(big.Float).SetPrec(wp).Sub(y, one)
		if slope.Sign() <= 0 {
			break
		}
		d := new(big.Float).SetPrec(wp).Mul(r.Lo, y)
		d.Quo(d, slope)
		y = new(big.Float).SetPrec(wp).Sub(y, d)
		if d.Sign() == 0 || exponent(d) < exponent(y)-int(wp)/2-8 {
			break
		}
	}
	f := func(y *big.Float) I {
		return sub(t, mul(I{Lo: y, Hi: y}, expEnd(new(big.Float).Neg(y), wp), wp), wp)
	}
	return Neg(bracket(y, prec, f, one))
}

// lambertLowerStart returns a float64 near y ≥ 1 with y - log y = s.
func lambertLowerStart(s I) float64 {
	d, _ := new(big.Float).Sub(s.Lo, one).Float64()
	if d < 1 {
		d = max(d, 0x1p-1000)
		p := math.Sqrt(2 * d)
		return 1 + p + p*p/3
	}
	return 1 + d + math.Log(1+d)
}
