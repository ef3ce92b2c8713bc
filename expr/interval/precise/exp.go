package precise

import (
	"math"
	"math/big"
)

// Exp returns an enclosure of {e^x}.
func Exp(x I, prec uint) I { return exp(x, clamp(prec)) }

func exp(x I, prec uint) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return increasing(x, prec, expEnd)
}

// expEnd encloses e^x for an end x.
func expEnd(x *big.Float, prec uint) I {
	switch e := exponent(x); {
	case x.Sign() == 0:
		return FromInt(1)
	case x.IsInf() || e > 29: // |x| ≥ 2^29 > maxExp·log 2
		if x.Sign() > 0 {
			return I{Lo: huge, Hi: inf}
		}
		return I{Lo: zero, Hi: tiny}
	case e < -int(prec)-guard: // between 1 + x and 1 + x + x²
		t := I{Lo: x, Hi: x}
		return add(add(FromInt(1), t, prec), I{Lo: zero, Hi: sqr(t, prec).Hi}, prec)
	}
	v, err, k, f := expFixed(x, prec+guard)
	return scale(fromFixed(v, err, f, prec), k)
}

// expFixed returns e^x = (v ± err)·2^(k-f), 2^f ≤ v < 2·2^f or so, for |x| < 2^29. The relative error is below
// 2^-wp.
//
// With k = ⌊x/log 2⌋ or one off, r = x - k log 2 lies in [-1/4, 1]. The series of e^(r/2^s) is summed and squared
// s times.
func expFixed(x *big.Float, wp uint) (v *big.Int, err int64, k int, f uint) {
	const s = 8
	f = wp + 30 + 2*s + 16 + 16 // |k| < 2^30, squarings, terms, slack
	xf, _ := x.Float64()
	k = int(math.Floor(xf / math.Ln2))
	r := toFixed(x, f)                                             // error 1
	r.Sub(r, new(big.Int).Mul(ln2.fixed(f), big.NewInt(int64(k)))) // error 2|k|
	if r.Sign() < 0 {                                              // k was one too large by rounding
		k--
		r.Add(r, ln2.fixed(f))
	}
	delta := int64(2*abs(k) + 5)
	r.Rsh(r, s) // error less than delta/2^s + 1 ≤ delta
	v, n := expSeries(r, f)
	// The series at the fixed-point argument errs by 4n+8, the argument by delta with a derivative below 2.
	err = 2*delta + 4*n + 8
	// err is below 2^31 + 2^16, and v ≤ 2·2^f throughout: a square errs by at most 2·2·err + 2.
	for range s {
		v.Rsh(v.Mul(v, v), f)
		err = 4*err + 2
	}
	return v, err, k, f
}

// expSeries returns e^r in units of 2^-f for 0 ≤ r < 1/2 (in the same units), and how many terms it took. Each
// term is the one before times r, cut off, over an integer, cut off: its error is at most half that of the one
// before plus 2, so at most 4. The last term is 0, so the true one is at most 4, and the sum of the rest too.
func expSeries(r *big.Int, f uint) (*big.Int, int64) {
	t := new(big.Int).Lsh(big.NewInt(1), f)
	v := new(big.Int).Set(t)
	d := new(big.Int)
	n := int64(0)
	for t.Sign() != 0 {
		n++
		t.Rsh(t.Mul(t, r), f)
		t.Quo(t, d.SetInt64(n))
		v.Add(v, t)
	}
	return v, n
}

// Expm1 returns an enclosure of {e^x - 1}.
func Expm1(x I, prec uint) I { return expm1(x, clamp(prec)) }

func expm1(x I, prec uint) I {
	if x.IsEmpty() {
		return Nothing()
	}
	return increasing(x, prec, expm1End)
}

func expm1End(x *big.Float, prec uint) I {
	e := exponent(x)
	if x.Sign() == 0 {
		return FromInt(0)
	}
	if e < -int(prec) { // between x and x + x²
		t := I{Lo: x, Hi: x}
		return add(t, I{Lo: zero, Hi: sqr(t, prec).Hi}, prec)
	}
	return sub(expEnd(x, prec+guard+uint(max(0, -e))), FromInt(1), prec)
}

// Log returns an enclosure of {log x : x > 0}, the natural logarithm.
func Log(x I, prec uint) I { return log(x, clamp(prec)) }

func log(x I, prec uint) I {
	if x.IsEmpty() || x.Hi.Sign() <= 0 {
		return Nothing()
	}
	return increasing(I{Lo: greatest(x.Lo, zero), Hi: x.Hi}, prec, logEnd)
}

// logEnd encloses log x for an end x ≥ 0. With x = 2^k m, √½ ≤ m ≤ √2 about, and t = (m-1)/(m+1),
// log m = 2 artanh t = 2(t + t³/3 + t⁵/5 + …).
func logEnd(x *big.Float, prec uint) I {
	if x.Sign() == 0 {
		return I{Lo: ninf, Hi: ninf}
	}
	if x.IsInf() {
		return I{Lo: FromInt(maxExp / 2).Lo, Hi: inf}
	}
	m := new(big.Float)
	k := x.MantExp(m)
	if mf, _ := m.Float64(); mf < 0.7071 {
		m.SetMantExp(m, 1)
		k--
	}
	wp := prec + guard
	p := x.Prec() + 2
	num := new(big.Float).SetPrec(p).Sub(m, one) // exact
	if num.Sign() == 0 {
		if k == 0 {
			return FromInt(0)
		}
		return mul(FromInt(int64(k)), ln2.enclose(wp), prec)
	}
	t := div(Point(num), Point(new(big.Float).SetPrec(p).Add(m, one)), wp)
	if k == 0 && exponent(t.Lo) < -int(wp) { // 2t ≤ log m ≤ 2t + t³ for t > 0, by symmetry for t < 0
		t3 := powInt(t, 3, wp)
		return add(scale(t, 1), t3.Hull(FromInt(0)), prec)
	}
	f := wp + 40
	if k == 0 {
		f += uint(max(0, -exponent(t.Lo)))
	}
	u := toFixed(t.Lo, f) // t.Hi - t.Lo is less than 2^-wp |t|: kept apart below
	neg := u.Sign() < 0
	s, err := artanhSeries(u.Abs(u), f)
	if neg {
		s.Neg(s)
	}
	// artanh has slope below 1.1 here; what separates t from u is less than 1 + (t.Hi - t.Lo)·2^f.
	w := toFixed(addUp(t.Hi, new(big.Float).Neg(t.Lo), 64), f)
	v := s.Lsh(s, 1)
	v.Add(v, new(big.Int).Mul(ln2.fixed(f), big.NewInt(int64(k))))
	e := new(big.Int).Mul(w.Add(w, big.NewInt(2)), big.NewInt(3))
	e.Add(e, big.NewInt(2*err+2*int64(abs(k))))
	lo, hi := down(prec).SetInt(new(big.Int).Sub(v, e)), up(prec).SetInt(new(big.Int).Add(v, e))
	return scale(I{Lo: lo, Hi: hi}, -int(f))
}

// artanhSeries returns artanh t in units of 2^-f for 0 ≤ t < 1/5 (in the same units), consuming t, with a bound of
// the error. A power t^(2j+1) is the one before times t², each cut off: its error is at most a third of that of the
// one before plus 2, so at most 3, and the division by 2j+1 adds 1; the rest of the series is below the last power.
func artanhSeries(t *big.Int, f uint) (*big.Int, int64) {
	sq := new(big.Int).Mul(t, t)
	sq.Rsh(sq, f)
	s := new(big.Int).Set(t)
	q, d := new(big.Int), new(big.Int)
	n := int64(0)
	for t.Sign() != 0 {
		n++
		t.Rsh(t.Mul(t, sq), f)
		q.Quo(t, d.SetInt64(2*n+1))
		s.Add(s, q)
	}
	return s, 4*n + 8
}

// Log1p returns an enclosure of {log(1 + x) : x > -1}.
func Log1p(x I, prec uint) I { return log1p(x, clamp(prec)) }

func log1p(x I, prec uint) I {
	if x.IsEmpty() || x.Hi.Cmp(minus) <= 0 {
		return Nothing()
	}
	return increasing(I{Lo: greatest(x.Lo, minus), Hi: x.Hi}, prec, log1pEnd)
}

func log1pEnd(x *big.Float, prec uint) I {
	if x.Sign() == 0 || x.IsInf() {
		return logOrSame(x)
	}
	e := exponent(x)
	if e < -int(prec) { // between x - x² and x, for |x| ≤ 1/2
		t := I{Lo: x, Hi: x}
		return sub(t, I{Lo: zero, Hi: sqr(t, prec).Hi}, prec)
	}
	if e > int(prec)+guard+2 { // log x + [0, 1/x]
		return add(logEnd(x, prec+8), I{Lo: zero, Hi: div(FromInt(1), Point(x), 8).Hi}, prec)
	}
	y := new(big.Float).SetPrec(uint(int(x.Prec())+abs(e))+2).Add(x, one) // exact
	return logEnd(y, prec)
}

func logOrSame(x *big.Float) I {
	if x.Sign() == 0 {
		return FromInt(0)
	}
	return logEnd(x, 53)
}

// Log2 returns an enclosure of {log x / log 2 : x > 0}, exact at powers of two.
func Log2(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() || x.Hi.Sign() <= 0 {
		return Nothing()
	}
	return increasing(I{Lo: greatest(x.Lo, zero), Hi: x.Hi}, prec, func(x *big.Float, prec uint) I {
		if x.MinPrec() == 1 {
			return FromInt(int64(exponent(x) - 1))
		}
		return div(logEnd(x, prec+guard), ln2.enclose(prec+guard), prec)
	})
}

// Log10 returns an enclosure of {log x / log 10 : x > 0}.
func Log10(x I, prec uint) I {
	prec = clamp(prec)
	return div(log(x, prec+guard), logEnd(big.NewFloat(10), prec+guard), prec)
}

// Pow returns an enclosure of {x^y}. An exponent that is one integer means PowInt. Otherwise the power is
// e^(y log x), of domain x > 0, and x = 0 where y > 0.
func Pow(x, y I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() || y.IsEmpty() {
		return Nothing()
	}
	if y.IsPoint() && y.Lo.IsInt() {
		if n, acc := y.Lo.Int64(); acc == big.Exact && int64(int(n)) == n {
			return powInt(x, int(n), prec)
		}
	}
	if x.Hi.Sign() < 0 || x.Hi.Sign() == 0 && y.Hi.Sign() <= 0 {
		return Nothing()
	}
	if x.Hi.Sign() == 0 {
		return FromInt(0)
	}
	// log x and y are independent, so their product is the exact range, but for rounding. Its magnitude, below
	// 2^30 where the exponential is finite, is paid for in bits.
	wp := prec + 2*guard
	r := exp(mul(y, log(x, wp), wp), prec)
	if x.Lo.Sign() <= 0 && y.Hi.Sign() > 0 {
		r.Lo = zero // 0^y
	}
	return r
}
