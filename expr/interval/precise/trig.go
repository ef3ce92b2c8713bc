package precise

import "math/big"

// trigExp bounds the exponent of arguments that sine and cosine locate among the multiples of π: beyond it π
// would be needed to too many bits.
const trigExp = 1 << 14

var (
	unit  = I{Lo: minus, Hi: one}
	bigOn = big.NewInt(1)
)

// reduce writes x = nπ/2 + r, |r| ≤ π/4 about, and returns r = (v ± 8)/2^f.
//
// π/2 is taken to f + e bits, where |x| < 2^e. Its error of 2 units counts |n| + 1 ≤ 2^e times, and cutting off e
// bits leaves less than 8 units.
func reduce(x *big.Float, f uint) (n, v *big.Int) {
	e := uint(max(0, exponent(x)))
	p := pi.fixed(f + e - 1) // π/2·2^(f+e)
	n, v = new(big.Int), new(big.Int)
	n.DivMod(toFixed(x, f+e), p, v)
	if new(big.Int).Lsh(v, 1).Cmp(p) > 0 {
		n.Add(n, bigOn)
		v.Sub(v, p)
	}
	return n, v.Rsh(v, e)
}

// sinCosEnd encloses sin(x + kπ/2) for an end x, exponent(x) ≤ trigExp.
func sinCosEnd(x *big.Float, k int64, prec uint) I {
	f := prec + guard + 16
	for try := 0; ; try++ {
		n, v := reduce(x, f)
		q := n.Add(n, big.NewInt(k)).Bit(0) + 2*n.Bit(1)
		lost := int(f) - v.BitLen()
		if q&1 == 0 && lost > 8 && try < 3 && lost < 4*MaxPrec {
			if f < prec+guard+16+uint(lost) {
				f = prec + guard + 24 + uint(lost) // sin r is about r: carry the leading zeros of r as well
				continue
			}
		}
		neg := q >= 2
		if q&1 == 0 && v.Sign() < 0 {
			neg = !neg
		}
		s, err := sinSeries(v.Abs(v), f, q&1)
		if neg {
			s.Neg(s)
		}
		return fromFixed(s, err+8, f, prec).Meet(unit) // sine and cosine have slope at most 1
	}
}

// sinSeries returns the sine (k = 0) or cosine (k = 1) of r in units of 2^-f for 0 ≤ r < 1 (in the same units),
// with a bound of the error. A term is the one before times r², cut off, over an integer of at least 2, cut off:
// its error is at most 4. The series alternates, so what is left out is below the last term, which is at most 4.
func sinSeries(r *big.Int, f uint, k uint) (*big.Int, int64) {
	sq := new(big.Int).Mul(r, r)
	sq.Rsh(sq, f)
	t := new(big.Int)
	if k == 0 {
		t.Set(r)
	} else {
		t.Lsh(bigOn, f)
	}
	s, d := new(big.Int).Set(t), new(big.Int)
	n := int64(0)
	for i := 2 - int64(k); t.Sign() != 0; i += 2 {
		n++
		t.Rsh(t.Mul(t, sq), f)
		t.Quo(t, d.SetInt64(i*(i+1)))
		if n&1 == 1 {
			s.Sub(s, t)
		} else {
			s.Add(s, t)
		}
	}
	return s, 4*n + 8
}

func sinEnd(x *big.Float, prec uint) I {
	e := exponent(x)
	switch {
	case x.Sign() == 0:
		return FromInt(0)
	case x.IsInf() || e > trigExp:
		return unit
	case 2*e < -int(prec): // between x - x³/6 and x
		t := I{Lo: x, Hi: x}
		return sub(t, div(powInt(t, 3, prec), FromInt(6), prec).Hull(FromInt(0)), prec)
	}
	return sinCosEnd(x, 0, prec)
}

func cosEnd(x *big.Float, prec uint) I {
	e := exponent(x)
	switch {
	case x.Sign() == 0:
		return FromInt(1)
	case x.IsInf() || e > trigExp:
		return unit
	case 2*e < -int(prec): // between 1 - x²/2 and 1
		return sub(FromInt(1), I{Lo: zero, Hi: scale(sqr(Point(x), prec), -1).Hi}, prec)
	}
	return sinCosEnd(x, 1, prec)
}

// quadrants returns bounds p ≤ ⌊Lo/(π/2)⌋ and q ≥ ⌊Hi/(π/2)⌋, and false when x is too large, or wider than two
// periods.
func quadrants(x I, prec uint) (p, q *big.Int, ok bool) {
	if x.Lo.IsInf() || x.Hi.IsInf() || exponent(x.Lo) > trigExp || exponent(x.Hi) > trigExp {
		return nil, nil, false
	}
	eight := big.NewInt(8)
	p, v := reduce(x.Lo, prec+guard)
	if v.Cmp(eight) < 0 {
		p.Sub(p, bigOn)
	}
	q, v = reduce(x.Hi, prec+guard)
	if v.Cmp(new(big.Int).Neg(eight)) < 0 {
		q.Sub(q, bigOn)
	}
	return p, q, new(big.Int).Sub(q, p).Cmp(eight) < 0
}

// crosses reports whether an integer m ≡ r mod 4 lies in p < m ≤ q.
func crosses(p, q *big.Int, r int64) bool {
	d := big.NewInt(r)
	a, b := new(big.Int).Sub(p, d), new(big.Int).Sub(q, d)
	return a.Rsh(a, 2).Cmp(b.Rsh(b, 2)) < 0
}

// wave is the sine or cosine of an interval, with its maxima at the quadrants m ≡ top mod 4.
func wave(x I, prec uint, end func(*big.Float, uint) I, top int64) I {
	switch {
	case x.IsEmpty():
		return Nothing()
	case x.IsPoint():
		return end(x.Lo, prec)
	}
	p, q, ok := quadrants(x, prec)
	if !ok {
		return unit
	}
	r := end(x.Lo, prec).Hull(end(x.Hi, prec))
	if crosses(p, q, top) {
		r.Hi = one
	}
	if crosses(p, q, top+2) {
		r.Lo = minus
	}
	return r
}

// Sin returns an enclosure of {sin x}.
func Sin(x I, prec uint) I { return sin(x, clamp(prec)) }

func sin(x I, prec uint) I { return wave(x, prec, sinEnd, 1) }

// Cos returns an enclosure of {cos x}.
func Cos(x I, prec uint) I { return cos(x, clamp(prec)) }

func cos(x I, prec uint) I { return wave(x, prec, cosEnd, 0) }

// Tan returns an enclosure of {tan x : cos x ≠ 0}, Whole when a pole is inside.
func Tan(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	if !x.IsPoint() {
		if p, q, ok := quadrants(x, prec); !ok || crosses(p, q, 1) || crosses(p, q, 3) {
			return Whole()
		}
	}
	return increasing(x, prec, func(x *big.Float, prec uint) I {
		return div(sinEnd(x, prec+guard), cosEnd(x, prec+guard), prec)
	})
}

// Cot returns an enclosure of {cos x / sin x : sin x ≠ 0}, Whole when a pole is inside.
func Cot(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() || x.Lo.Sign() == 0 && x.Hi.Sign() == 0 {
		return Nothing()
	}
	if !x.IsPoint() {
		if p, q, ok := quadrants(x, prec); !ok || crosses(p, q, 0) || crosses(p, q, 2) {
			return Whole()
		}
	}
	return decreasing(x, prec, func(x *big.Float, prec uint) I {
		return div(cosEnd(x, prec+guard), sinEnd(x, prec+guard), prec)
	})
}

// Sinc returns an enclosure of {sin(x)/x}, 1 at 0; it is sharp for narrow x.
func Sinc(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	if x.Lo.Sign() == 0 && x.Hi.Sign() == 0 {
		return FromInt(1)
	}
	r := div(sin(x, prec+guard), x, prec)
	if x.Lo.Sign() <= 0 && x.Hi.Sign() >= 0 { // 1 - x²/6 ≤ sinc x ≤ 1
		r = r.Hull(FromInt(1)).Meet(I{Lo: sub(FromInt(1), div(sqr(x, prec), FromInt(6), prec), prec).Lo, Hi: one})
	}
	return r.Meet(unit)
}
