package precise

import (
	"math"
	"math/big"
)

// Erf returns an enclosure of {erf x}.
func Erf(x I, prec uint) I {
	return odd(x, clamp(prec), erfEnd)
}

// Erfc returns an enclosure of {1 - erf x}.
func Erfc(x I, prec uint) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return decreasing(x, clamp(prec), erfcEnd)
}

// farOut reports whether x² exceeds bits·log 2, so that e^(-x²) is below 2^-bits, for x > 0.
func farOut(x *big.Float, bits uint) bool {
	if exponent(x) > 20 || x.IsInf() {
		return true
	}
	f, _ := x.Float64()
	return f*f > float64(bits)*math.Ln2+1
}

// erfEnd encloses erf x for x > 0.
func erfEnd(x *big.Float, prec uint) I {
	wp := prec + guard
	t := I{Lo: x, Hi: x}
	if 2*exponent(x) < -int(prec) { // 2x/√π less at most a third of x² of it
		c := div(scale(t, 1), sqrt(pi.enclose(wp), wp), wp)
		return mul(c, sub(FromInt(1), I{Lo: zero, Hi: sqr(t, 8).Hi}, wp), prec)
	}
	if farOut(x, wp) { // erfc x ≤ e^(-x²)
		return sub(FromInt(1), I{Lo: zero, Hi: exp(Neg(sqr(t, wp)), wp).Hi}, prec)
	}
	return erfSeries(x, wp).round(prec)
}

// erfSeries encloses erf x for x > 0 by erf x = (2x/√π) e^(-x²) Σ (2x²)^n/(1·3·5…(2n+1)) (DLMF 7.6.2), whose
// terms are positive.
func erfSeries(x *big.Float, wp uint) I {
	t := I{Lo: x, Hi: x}
	q := sqr(t, wp)
	// The sum is at least 1 and its terms are carried as bounds below and above, in units of 2^-f.
	f := wp + 16
	lo, hi := new(big.Int).Lsh(bigOn, f), new(big.Int).Lsh(bigOn, f)
	slo, shi := new(big.Int).Set(lo), new(big.Int).Set(hi)
	y := toFixed(q.Lo, f+1) // 2x²
	z := toFixed(q.Hi, f+1)
	z.Add(z, bigOn)
	d := new(big.Int)
	for n := int64(1); ; n++ {
		d.SetInt64(2*n + 1)
		lo.Rsh(lo.Mul(lo, y), f)
		lo.Quo(lo, d)
		hi.Rsh(hi.Mul(hi, z), f)
		hi.Add(hi.Quo(hi, d), bigOn) // cut off twice, but the second time from an integer: one unit serves
		hi.Add(hi, bigOn)
		slo.Add(slo, lo)
		shi.Add(shi, hi)
		if hi.Cmp(two64) <= 0 && new(big.Int).Mul(d, bigFour).Cmp(new(big.Int).Rsh(z, f-1)) > 0 {
			// From here on every term is less than half the one before: 2x²/(2n+3) < 1/2.
			shi.Add(shi, hi)
			break
		}
	}
	s := I{Lo: down(wp).SetInt(slo), Hi: up(wp).SetInt(shi)}
	s = scale(s, -int(f))
	c := div(scale(t, 1), sqrt(pi.enclose(wp), wp), wp)
	return mul(mul(c, exp(Neg(q), wp), wp), s, wp)
}

var (
	two64   = big.NewInt(64)
	bigFour = big.NewInt(4)
)

// erfcEnd encloses erfc x for an end x.
func erfcEnd(x *big.Float, prec uint) I {
	wp := prec + guard
	switch {
	case x.Sign() == 0:
		return FromInt(1)
	case x.Sign() < 0:
		return add(FromInt(1), erfEnd(new(big.Float).Neg(x), wp), prec).Meet(I{Lo: one, Hi: two})
	case x.IsInf():
		return I{Lo: zero, Hi: tiny}
	case farOut(x, wp):
		return erfcAsymptotic(x, wp).round(prec)
	}
	// 1 - erf x loses x²/log 2 + log2(x√π) bits.
	f, _ := x.Float64()
	return sub(FromInt(1), erfEndAt(x, wp+uint(f*f*1.45)+16), prec)
}

// erfEndAt is erfEnd without its shortcut for large x.
func erfEndAt(x *big.Float, wp uint) I {
	if 2*exponent(x) < -int(wp) {
		return erfEnd(x, wp)
	}
	return erfSeries(x, wp)
}

// erfcAsymptotic encloses erfc x for large x > 0 by (e^(-x²)/(x√π)) (1 - 1/(2x²) + 1·3/(2x²)² - …), whose partial sums
// lie alternately above and below (DLMF 7.12.1).
func erfcAsymptotic(x *big.Float, wp uint) I {
	t := I{Lo: x, Hi: x}
	q := sqr(t, 2*wp+uint(2*max(0, exponent(x)))) // x² enters the exponential: to absolute precision
	v := div(FromInt(1), scale(q, 1), wp)
	s, p := FromInt(1), FromInt(1)
	for k := int64(1); ; k++ {
		next := Neg(mul(mul(p, v, wp), FromInt(2*k-1), wp))
		small := below(next, wp) || k > int64(wp)
		if small || Abs(next).Hi.Cmp(Abs(p).Lo) >= 0 {
			s = add(s, next.Hull(FromInt(0)), wp)
			break
		}
		s, p = add(s, next, wp), next
	}
	e := exp(Neg(q), wp)
	return div(mul(e, s, wp), mul(t, sqrt(pi.enclose(wp), wp), wp), wp)
}

// Erfinv returns an enclosure of {y : erf y = x, -1 < x < 1}.
func Erfinv(x I, prec uint) I {
	if x.IsEmpty() || x.Hi.Cmp(minus) <= 0 || x.Lo.Cmp(one) >= 0 {
		return Nothing()
	}
	return odd(x.Meet(unit), clamp(prec), erfinvEnd)
}

// erfinvEnd encloses the solution of erf y = x for 0 < x ≤ 1. Newton's method finds a y, and the signs of erf - x
// at two points around it prove the enclosure.
func erfinvEnd(x *big.Float, prec uint) I {
	if x.Cmp(one) == 0 {
		return I{Lo: zero, Hi: inf} // only the upper end is used
	}
	wp := prec + 2*guard
	if 2*exponent(x) < -int(prec) { // x√π/2, less than x² of it more
		t := I{Lo: x, Hi: x}
		c := mul(scale(t, -1), sqrt(pi.enclose(wp), wp), wp)
		return mul(c, add(FromInt(1), I{Lo: zero, Hi: sqr(t, 8).Hi}, wp), prec)
	}
	// Near 1, work with the complement 1 - x, exact, and erfc.
	tail := new(big.Float).SetPrec(x.Prec()+uint(max(0, -exponent(x)))+2).Sub(one, x)
	upper := x.Cmp(big.NewFloat(0.5)) > 0
	// residual encloses a positive multiple of erf y - x.
	residual := func(y *big.Float) I {
		if upper {
			return sub(Point(tail), erfcEnd(y, wp), wp)
		}
		return sub(erfEnd(y, wp), I{Lo: x, Hi: x}, wp)
	}
	y := new(big.Float).SetPrec(wp).SetFloat64(erfinvStart(x, tail))
	for range 64 {
		// y ← y - (erf y - x)(√π/2) e^(y²), with the residual's middle
		r := residual(y)
		if r.Lo.IsInf() || r.Hi.IsInf() {
			break
		}
		m := new(big.Float).SetPrec(wp).Add(r.Lo, r.Hi)
		g := exp(sqr(I{Lo: y, Hi: y}, wp), wp)
		if m.Sign() == 0 || g.Hi.IsInf() {
			break
		}
		d := m.Mul(m, g.Lo)
		d.Mul(d, sqrt(pi.enclose(wp), wp).Lo)
		d.SetMantExp(d, -2)
		y = new(big.Float).SetPrec(wp).Sub(y, d)
		if d.Sign() == 0 || exponent(d) < exponent(y)-int(wp)/2-8 {
			break
		}
	}
	return bracket(y, prec, func(y *big.Float) I { return residual(y) }, zero)
}

// erfinvStart returns a float64 near the solution of erf y = x, tail = 1 - x.
func erfinvStart(x, tail *big.Float) float64 {
	if f, _ := x.Float64(); f < 1 {
		return math.Erfinv(f)
	}
	// erfc y ≈ e^(-y²)/(y√π)
	m := new(big.Float)
	e := tail.MantExp(m)
	mf, _ := m.Float64()
	l := -math.Log(mf) - float64(e)*math.Ln2
	y := math.Sqrt(l)
	return math.Sqrt(l - math.Log(y*math.Sqrt(math.Pi)))
}

// bracket returns an interval about y, of relative width about 2^-prec if possible, at whose ends an increasing
// function f is proved to be at most and at least 0; least is a lower bound known before.
func bracket(y *big.Float, prec uint, f func(*big.Float) I, least *big.Float) I {
	wp := prec + guard
	side := func(sign float64) *big.Float {
		for n := int(prec) + 4; n > 2-maxExp; {
			d := new(big.Float).SetMantExp(big.NewFloat(sign), exponent(y)-n)
			e := new(big.Float).SetPrec(wp).Add(near(y, d, wp))
			if sign < 0 && e.Cmp(least) <= 0 {
				return least
			}
			v := f(e)
			if sign < 0 && !v.IsEmpty() && v.Hi.Sign() <= 0 || sign > 0 && !v.IsEmpty() && v.Lo.Sign() >= 0 {
				return e
			}
			if n > 0 {
				n -= 1 + int(prec)/16
			} else {
				n *= 2
				if n == 0 {
					n = -1
				}
			}
		}
		if sign < 0 {
			return least
		}
		return inf
	}
	return I{Lo: side(-1), Hi: side(1)}.round(prec)
}
