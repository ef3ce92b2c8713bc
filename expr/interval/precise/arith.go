package precise

import (
	"math"
	"math/big"
	"math/bits"
)

// Neg returns {-x}, exactly.
func Neg(x I) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return I{Lo: new(big.Float).Neg(x.Hi), Hi: new(big.Float).Neg(x.Lo)}
}

// Abs returns {|x|}, exactly.
func Abs(x I) I {
	switch {
	case x.IsEmpty():
		return Nothing()
	case x.Lo.Sign() >= 0:
		return x
	case x.Hi.Sign() <= 0:
		return Neg(x)
	}
	return I{Lo: zero, Hi: greatest(new(big.Float).Neg(x.Lo), x.Hi)}
}

// Add returns an enclosure of {x + y}.
func Add(x, y I, prec uint) I { return add(x, y, clamp(prec)) }

// Sub returns an enclosure of {x - y}.
func Sub(x, y I, prec uint) I { return sub(x, y, clamp(prec)) }

// Mul returns an enclosure of {x y}.
func Mul(x, y I, prec uint) I { return mul(x, y, clamp(prec)) }

// Sqr returns an enclosure of {x²}.
func Sqr(x I, prec uint) I { return sqr(x, clamp(prec)) }

// Div returns an enclosure of {x/y : y ≠ 0}: Whole when 0 is inside y, a half-line when 0 is an end of y and x
// has one sign, empty when y is the point 0.
func Div(x, y I, prec uint) I { return div(x, y, clamp(prec)) }

// The functions in lower case are those in upper case at a working precision that is not clamped.

func add(x, y I, prec uint) I {
	if x.IsEmpty() || y.IsEmpty() {
		return Nothing()
	}
	return I{Lo: addDown(x.Lo, y.Lo, prec), Hi: addUp(x.Hi, y.Hi, prec)}.tidy()
}

func sub(x, y I, prec uint) I { return add(x, Neg(y), prec) }

func sqr(x I, prec uint) I {
	x = Abs(x)
	return mul(x, x, prec)
}

func mul(x, y I, prec uint) I {
	if x.IsEmpty() || y.IsEmpty() {
		return Nothing()
	}
	var a, b, c, d *big.Float // the product runs from a*b to c*d
	switch {
	case x.Lo.Sign() >= 0:
		switch {
		case y.Lo.Sign() >= 0:
			a, b, c, d = x.Lo, y.Lo, x.Hi, y.Hi
		case y.Hi.Sign() <= 0:
			a, b, c, d = x.Hi, y.Lo, x.Lo, y.Hi
		default:
			a, b, c, d = x.Hi, y.Lo, x.Hi, y.Hi
		}
	case x.Hi.Sign() <= 0:
		switch {
		case y.Lo.Sign() >= 0:
			a, b, c, d = x.Lo, y.Hi, x.Hi, y.Lo
		case y.Hi.Sign() <= 0:
			a, b, c, d = x.Hi, y.Hi, x.Lo, y.Lo
		default:
			a, b, c, d = x.Lo, y.Hi, x.Lo, y.Lo
		}
	case y.Lo.Sign() >= 0:
		a, b, c, d = x.Lo, y.Hi, x.Hi, y.Hi
	case y.Hi.Sign() <= 0:
		a, b, c, d = x.Hi, y.Lo, x.Lo, y.Lo
	default:
		return I{
			Lo: least(mulEnd(down(prec), x.Lo, y.Hi), mulEnd(down(prec), x.Hi, y.Lo)),
			Hi: greatest(mulEnd(up(prec), x.Lo, y.Lo), mulEnd(up(prec), x.Hi, y.Hi)),
		}.tidy()
	}
	return I{Lo: mulEnd(down(prec), a, b), Hi: mulEnd(up(prec), c, d)}.tidy()
}

func div(x, y I, prec uint) I {
	if x.IsEmpty() || y.IsEmpty() || y.Lo.Sign() == 0 && y.Hi.Sign() == 0 {
		return Nothing()
	}
	if y.Hi.Sign() <= 0 {
		x, y = Neg(x), Neg(y)
	}
	switch y.Lo.Sign() {
	case 1:
		var a, b, c, d *big.Float
		switch {
		case x.Lo.Sign() >= 0:
			a, b, c, d = x.Lo, y.Hi, x.Hi, y.Lo
		case x.Hi.Sign() <= 0:
			a, b, c, d = x.Lo, y.Lo, x.Hi, y.Hi
		default:
			a, b, c, d = x.Lo, y.Lo, x.Hi, y.Lo
		}
		return I{Lo: quoEnd(down(prec), a, b), Hi: quoEnd(up(prec), c, d)}.tidy()
	case 0:
		switch {
		case x.Lo.Sign() == 0 && x.Hi.Sign() == 0:
			return FromInt(0)
		case x.Lo.Sign() >= 0:
			return I{Lo: quoEnd(down(prec), x.Lo, y.Hi), Hi: inf}.tidy()
		case x.Hi.Sign() <= 0:
			return I{Lo: ninf, Hi: quoEnd(up(prec), x.Hi, y.Hi)}.tidy()
		}
		return Whole()
	}
	if x.Lo.Sign() == 0 && x.Hi.Sign() == 0 {
		return FromInt(0)
	}
	return Whole()
}

// scale returns x times 2^n, exactly but for the range of exponents.
func scale(x I, n int) I {
	f := func(x *big.Float) *big.Float {
		if x.IsInf() || x.Sign() == 0 {
			return x
		}
		return new(big.Float).SetMantExp(x, n)
	}
	return I{Lo: f(x.Lo), Hi: f(x.Hi)}.tidy()
}

// Min returns {min(x, y)}, exactly.
func Min(x, y I) I {
	if x.IsEmpty() || y.IsEmpty() {
		return Nothing()
	}
	return I{Lo: least(x.Lo, y.Lo), Hi: least(x.Hi, y.Hi)}
}

// Max returns {max(x, y)}, exactly.
func Max(x, y I) I {
	if x.IsEmpty() || y.IsEmpty() {
		return Nothing()
	}
	return I{Lo: greatest(x.Lo, y.Lo), Hi: greatest(x.Hi, y.Hi)}
}

// PowInt returns an enclosure of {x^n}, x ≠ 0 for negative n, and {1} for n = 0.
func PowInt(x I, n int, prec uint) I { return powInt(x, n, clamp(prec)) }

func powInt(x I, n int, prec uint) I {
	switch {
	case x.IsEmpty():
		return Nothing()
	case n == 0:
		return FromInt(1)
	case n < 0:
		if n == math.MinInt {
			return div(powInt(x, n+2, prec+guard), sqr(x, prec+guard), prec)
		}
		return div(FromInt(1), powInt(x, -n, prec+guard), prec)
	case n%2 == 0:
		x = Abs(x)
	case x.Lo.Sign() < 0 && x.Hi.Sign() > 0:
		// An odd power is increasing: take the ends apart, products of a two-signed interval are wider.
		return I{Lo: powInt(I{Lo: x.Lo, Hi: x.Lo}, n, prec).Lo, Hi: powInt(I{Lo: x.Hi, Hi: x.Hi}, n, prec).Hi}
	case x.Lo.Sign() < 0:
		return Neg(powInt(Neg(x), n, prec))
	}
	wp := prec + guard + uint(bits.Len(uint(n))) // the relative error of a power is n times that of the base
	r := FromInt(1)
	for k := uint(n); ; {
		if k&1 == 1 {
			r = mul(r, x, wp)
		}
		if k >>= 1; k == 0 {
			break
		}
		x = mul(x, x, wp)
	}
	return r.round(prec)
}

// round returns x with its ends rounded outward to prec bits.
func (x I) round(prec uint) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return I{Lo: down(prec).Set(x.Lo), Hi: up(prec).Set(x.Hi)}.tidy()
}

// Sqrt returns an enclosure of {√x : x ≥ 0}.
func Sqrt(x I, prec uint) I { return sqrt(x, clamp(prec)) }

func sqrt(x I, prec uint) I {
	if x.IsEmpty() || x.Hi.Sign() < 0 {
		return Nothing()
	}
	return increasing(I{Lo: greatest(x.Lo, zero), Hi: x.Hi}, prec, sqrtEnd)
}

// sqrtEnd encloses √x, x ≥ 0. big.Float.Sqrt rounds to nearest; squaring its result tells on which side it fell.
func sqrtEnd(x *big.Float, prec uint) I {
	if x.Sign() == 0 || x.IsInf() {
		return I{Lo: x, Hi: x}
	}
	r := new(big.Float).SetPrec(prec).Sqrt(x)
	q := new(big.Float).SetPrec(2*prec).Mul(r, r) // exact
	switch q.Cmp(x) {
	case 0:
		return I{Lo: r, Hi: r}
	case 1:
		return I{Lo: addDown(r, ulp(r, -1), prec), Hi: r}
	}
	return I{Lo: r, Hi: addUp(r, ulp(r, 1), prec)}
}

// ulp returns the unit in the last place of x ≠ 0, with sign s.
func ulp(x *big.Float, s float64) *big.Float {
	return new(big.Float).SetMantExp(big.NewFloat(s), x.MantExp(nil)-int(x.Prec()))
}

// Cbrt returns an enclosure of the real cube roots {∛x}.
func Cbrt(x I, prec uint) I { return Root(x, 3, prec) }

// Root returns an enclosure of the real n-th roots of x: for odd n of every x, for even n of x ≥ 0, for negative n
// the reciprocal of the root of order -n. There is no root of order 0: empty.
func Root(x I, n int, prec uint) I { return root(x, n, clamp(prec)) }

func root(x I, n int, prec uint) I {
	switch {
	case x.IsEmpty() || n == 0 || n%2 == 0 && x.Hi.Sign() < 0:
		return Nothing()
	case n < 0:
		if n == math.MinInt {
			n++
		}
		return div(FromInt(1), root(x, -n, prec+guard), prec)
	case n == 1:
		return x.round(prec)
	case n == 2:
		return sqrt(x, prec)
	case n%2 == 0:
		x = I{Lo: greatest(x.Lo, zero), Hi: x.Hi}
	}
	return increasing(x, prec, func(x *big.Float, prec uint) I { return rootEnd(x, n, prec) })
}

// rootEnd encloses the n-th root of an end x by e^(log x/n), and by the integer or short fraction next to it when
// its power is exactly x.
func rootEnd(x *big.Float, n int, prec uint) I {
	if x.Sign() < 0 {
		return Neg(rootEnd(new(big.Float).Neg(x), n, prec))
	}
	if x.Sign() == 0 || x.IsInf() {
		return I{Lo: x, Hi: x}
	}
	r := exp(div(logEnd(x, prec+2*guard), FromInt(int64(n)), prec+2*guard), prec+guard)
	// An m of b bits has an n-th power of more than n(b-1): only then can it be x.
	m := new(big.Float).SetPrec(prec).Set(r.Lo)
	if b := m.MinPrec() - 1; b == 0 || uint(n) <= x.MinPrec()/b {
		if p := powInt(I{Lo: m, Hi: m}, n, 2*x.MinPrec()); p.IsPoint() && p.Lo.Cmp(x) == 0 {
			return I{Lo: m, Hi: m}
		}
	}
	return r.round(prec)
}

// Floor returns the hull of {⌊x⌋}, exactly.
func Floor(x I) I { return steps(x, floor) }

// Ceil returns the hull of {⌈x⌉}, exactly.
func Ceil(x I) I { return Neg(Floor(Neg(x))) }

// Round returns the hull of {x rounded to the nearest integer, halves away from 0}, exactly.
func Round(x I) I {
	return steps(x, func(x *big.Float) *big.Float {
		a := new(big.Float).Abs(x)
		if a.MantExp(nil) > int(a.Prec()) {
			return x
		}
		a = floor(new(big.Float).SetPrec(a.Prec() + 2).Add(near(a, big.NewFloat(0.5), a.Prec()+2)))
		if x.Sign() < 0 {
			a = new(big.Float).Neg(a)
		}
		return a
	})
}

// Sign returns the hull of {sign x}, sign 0 = 0, exactly.
func Sign(x I) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return I{Lo: big.NewFloat(float64(x.Lo.Sign())), Hi: big.NewFloat(float64(x.Hi.Sign()))}
}

// increasing returns the hull of the image of x under a function that increases over x, from its enclosure
// at an end; end must take infinite ends where x has them.
func increasing(x I, prec uint, end func(*big.Float, uint) I) I {
	lo := end(x.Lo, prec)
	if x.Lo.Cmp(x.Hi) == 0 {
		return lo
	}
	return I{Lo: lo.Lo, Hi: end(x.Hi, prec).Hi}
}

// decreasing is increasing for a function that decreases.
func decreasing(x I, prec uint, end func(*big.Float, uint) I) I {
	lo := end(x.Lo, prec)
	if x.Lo.Cmp(x.Hi) == 0 {
		return lo
	}
	return I{Lo: end(x.Hi, prec).Lo, Hi: lo.Hi}
}

func steps(x I, f func(*big.Float) *big.Float) I {
	if x.IsEmpty() {
		return Nothing()
	}
	g := func(x *big.Float) *big.Float {
		if x.IsInf() || x.Sign() == 0 {
			return x
		}
		return f(x)
	}
	return I{Lo: g(x.Lo), Hi: g(x.Hi)}
}

// floor returns ⌊x⌋ for finite x.
func floor(x *big.Float) *big.Float {
	e := x.MantExp(nil)
	switch {
	case e <= 0: // |x| < 1
		if x.Sign() < 0 {
			return minus
		}
		return zero
	case e >= int(x.MinPrec()): // an integer
		return x
	}
	n, acc := x.Int(nil) // toward 0; at most as many bits as x has
	if x.Sign() < 0 && acc != big.Exact {
		n.Sub(n, big.NewInt(1))
	}
	return new(big.Float).SetInt(n)
}

// Mod returns an enclosure of {x - y⌊x/y⌋ : y ≠ 0}, which has the sign of y.
func Mod(x, y I, prec uint) I {
	if x.IsEmpty() || y.IsEmpty() || y.Lo.Sign() == 0 && y.Hi.Sign() == 0 {
		return Nothing()
	}
	prec = clamp(prec)
	wp := prec + guard
	if e := max(exponent(x.Lo), exponent(x.Hi)) - min(exponent(y.Lo), exponent(y.Hi)); e > 0 {
		wp += uint(min(e, MaxPrec)) // the quotient needs its integer part in full
	}
	r := I{Lo: least(y.Lo, zero), Hi: greatest(y.Hi, zero)} // mod lies between 0 and y
	return r.Meet(sub(x, mul(y, Floor(div(x, y, wp)), wp), prec))
}

// exponent returns e with 2^(e-1) ≤ |x| < 2^e, 0 for zero and for infinities.
func exponent(x *big.Float) int { return x.MantExp(nil) }
