package interval

import "math"

// PowInt returns an enclosure of {x^n}, x ≠ 0 for negative n, and {1} for n = 0. Exact powers stay exact and the ends of
// others are within four ulps of the true ones, up to |n| = 1700 at least.
func (a I) PowInt(n int) I {
	switch {
	case a.improper():
		return a.instead()
	case n == 0:
		return I{1, 1}
	case n == 1:
		return a
	case n == 2:
		return a.Sqr()
	case n == 3:
		return I{cubeDown(a.Lo), -cubeDown(-a.Hi)}
	case n == 4:
		return a.Sqr().Sqr()
	case n < 0:
		if a.Lo == 0 && a.Hi == 0 {
			return Empty
		}
		if n == math.MinInt {
			// One factor less in the recursion; x^-n = x^(-n-1) / x on each sign separately.
			return a.PowInt(n + 2).Mul(a.Sqr().Inv())
		}
		if n&1 == 0 || a.Lo >= 0 || a.Hi <= 0 {
			p := a.PowInt(-n)
			if p.IsBounded() {
				return p.Inv()
			}
			return p.Inv().Meet(a.Inv().PowInt(-n)) // the power overflows where its reciprocal need not vanish
		}
		return Whole // odd and a has both signs
	}
	u := uint(n)
	if n&1 == 1 {
		return I{powEnd(a.Lo, u).Lo, powEnd(a.Hi, u).Hi}
	}
	hi := powEnd(a.Mag(), u).Hi
	if m := a.Mig(); m > 0 {
		return I{powEnd(m, u).Lo, hi}
	}
	return I{0, hi}
}

// cubeDown returns a lower bound of x³ within two roundings, exact where x² and x³ are float64.
func cubeDown(x float64) float64 {
	if x < 0 {
		return mulDown(mulUp(x, x), x)
	}
	return mulDown(mulDown(x, x), x)
}

// powEnd encloses x^n, n ≥ 2, at one end of an interval, ±Inf included.
func powEnd(x float64, n uint) I {
	neg := x < 0 && n&1 == 1
	x = math.Abs(x)
	var r I
	switch {
	case x == 0 || x == 1:
		r = I{x, x}
	case x > math.MaxFloat64:
		r = I{math.MaxFloat64, x}
	default:
		r = powDoubled(x, n)
	}
	if neg {
		return I{-r.Hi, -r.Lo}
	}
	return r
}

// powDoubled encloses x^n for finite x > 0 by repeated squaring in doubled float64 arithmetic. Every product
// of doubled numbers has a relative error below 2^-100 (Joldes, Muller, Popescu, Tight and rigorous error
// bounds for basic building blocks of double-word arithmetic, ACM TOMS 44, 2017: 5·2^-106 for the form used
// here), and the errors add with their weights to at most 2n·2^-100 in the result.
func powDoubled(x float64, n uint) I {
	const low = 0x1p-900 // from here to the largest float64 no residual is lost
	if n > 1<<30 {
		return powHuge(x, n)
	}
	var rh, rl float64 // 0 until the first factor
	bh, bl := x, 0.0
	exact := true
	for k := n; ; {
		if k&1 == 1 {
			if rh == 0 {
				rh, rl = bh, bl
			} else {
				exact = exact && rl == 0 && bl == 0
				rh, rl = mulDoubled(rh, rl, bh, bl)
			}
		}
		if k >>= 1; k == 0 {
			break
		}
		exact = exact && bl == 0
		bh, bl = mulDoubled(bh, bl, bh, bl)
		if !(bh > low && bh <= math.MaxFloat64) {
			return powScaled(x, n)
		}
	}
	if !(rh > low && rh <= math.MaxFloat64) {
		return powScaled(x, n)
	}
	if exact {
		r := I{rh, rh}
		if rl < 0 {
			r.Lo = nextDown(rh)
		} else if rl > 0 {
			r.Hi = nextUp(rh)
		}
		return r
	}
	e := rh * (float64(n) * 0x1p-98) // twice the bound above, so its own rounding does not matter
	return I{addDown(rh, rl-e-math.Abs(rl)*0x1p-50), addUp(rh, rl+e+math.Abs(rl)*0x1p-50)}
}

// mulDoubled multiplies (ah + al)(bh + bl), both normalised.
func mulDoubled(ah, al, bh, bl float64) (h, l float64) {
	p := float64(ah * bh)
	e := math.FMA(ah, bh, -p)
	e += float64(ah*bl) + float64(al*bh)
	h = p + e
	return h, e - (h - p)
}

// powScaled encloses x^n, x > 0, where it or a residual under- or overflows: as m^n 2^(kn), x = m 2^k.
func powScaled(x float64, n uint) I {
	if n > 1700 {
		return powPlain(x, n)
	}
	m, k := math.Frexp(x)
	if m < 0.75 {
		m *= 2
		k--
	}
	r := powDoubled(m, n) // between 0.75^1700 > 2^-706 and 1.5^1700 < 2^995
	k *= int(n)
	if k > 1024+706 {
		return I{math.MaxFloat64, math.Inf(1)}
	}
	if k < -1075-995 {
		return I{0, tiny}
	}
	h := k / 2 // 2^k itself may be out of range
	a, b := math.Ldexp(1, h), math.Ldexp(1, k-h)
	return I{mulDown(mulDown(r.Lo, a), b), mulUp(mulUp(r.Hi, a), b)}
}

// powPlain encloses x^n, x > 0, by products rounded each way.
func powPlain(x float64, n uint) I {
	r, b := I{1, 1}, I{x, x}
	for {
		if n&1 == 1 {
			r = r.Mul(b)
		}
		if n >>= 1; n == 0 {
			return r
		}
		b = b.Sqr()
	}
}

// powHuge encloses x^n for x > 0 and n so large that the result overflows or underflows unless x is within
// 2^-20 of 1.
func powHuge(x float64, n uint) I {
	return Exp(logAt(x).Mul(New(float64(n), float64(n)).grow()))
}

// grow moves both ends of a one step outward.
func (a I) grow() I { return I{lowered(a.Lo, 1), raised(a.Hi, 1)} }

// Pow returns an enclosure of {x^y}. An exponent that is one integer means PowInt. Otherwise the power is the
// real one, e^(y log x), of domain x > 0, and x = 0 where y > 0; a negative x contributes nothing, also where
// the exponents include integers or fractions with odd denominators.
func (a I) Pow(b I) I {
	if n := int(b.Lo); b.Lo == b.Hi && math.Abs(b.Lo) < 1<<53 && float64(n) == b.Lo {
		return a.PowInt(n)
	}
	if a.improper() || b.improper() {
		return a.insteadWith(b)
	}
	if a.Hi < 0 || a.Hi == 0 && b.Hi <= 0 {
		return Empty
	}
	if a.Hi == 0 {
		return I{0, 0}
	}
	if b.Lo == 0.5 && b.Hi == 0.5 {
		return a.Sqrt()
	}
	// x^y is monotone in each argument, so its extremes over a box are at corners, or limits there.
	x0, x1 := max(a.Lo, 0), a.Hi
	r := powCorner(x0, b.Lo).Hull(powCorner(x1, b.Hi))
	if b.Lo != b.Hi {
		r = r.Hull(powCorner(x0, b.Hi)).Hull(powCorner(x1, b.Lo))
	}
	return r
}

// powCorner encloses the limits of s^t as (s, t) approaches the corner (x, y) of a box with s > 0; 0 ≤ x.
func powCorner(x, y float64) I {
	switch {
	case x == 1 || y == 0 && x > 0 && x <= math.MaxFloat64:
		return I{1, 1}
	case x == 0:
		switch {
		case y > 0:
			return I{0, 0}
		case y < 0:
			return I{math.MaxFloat64, math.Inf(1)}
		}
		return I{0, 1} // along the edge t = 0 it is 1, along the edge s = 0, where t > 0, it is 0
	case x > math.MaxFloat64:
		switch {
		case y > 0:
			return I{math.MaxFloat64, math.Inf(1)}
		case y < 0:
			return I{0, tiny}
		}
		return I{1, 1}
	case math.Abs(y) > math.MaxFloat64:
		if (x > 1) == (y > 0) {
			return I{math.MaxFloat64, math.Inf(1)}
		}
		return I{0, tiny}
	case y == math.Trunc(y) && math.Abs(y) <= 1024:
		return I{x, x}.PowInt(int(y))
	}
	// t log x in doubled arithmetic, h + l to a relative 2^-61.
	lh, ll := logDoubled(x)
	h := float64(y * lh)
	switch {
	case h > expLarge+2:
		return I{math.MaxFloat64, math.Inf(1)}
	case h > expLarge: // e^h may overflow
		r := powCorner(x, y/2)
		return r.Mul(r)
	case h < -760:
		return I{0, tiny}
	case math.Abs(h) < 0x1p-300: // so near 1 that the tail is lost
		return Exp(Point(y).Mul(logAt(x)))
	}
	l := math.FMA(y, lh, -h) + float64(y*ll)
	d := math.Abs(h) * 0x1p-60
	return around(math.Exp(h), ulpsExp).Mul(Expm1(I{lowered(l-d, 1), raised(l+d, 1)}).Add(I{1, 1}))
}

// logDoubled returns log x as h + l with a relative error below 2^-62, for finite x > 0. With x = 2^k m,
// √½ ≤ m ≤ √2, and s = (m-1)/(m+1), log m = 2s(1 + s²/3 + s⁴/5 + …); the first two coefficients are carried
// in doubled arithmetic. |s| < 0.1716 makes the part cut off, s^26/27 and less, smaller than 2^-70.
func logDoubled(x float64) (h, l float64) {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		k--
	}
	num := m - 1 // exact
	dh, dl := twoSum(m, 1)
	sh := num / dh
	sl := (math.FMA(-sh, dh, num) - float64(sh*dl)) / dh
	w := float64(sh * sh)
	wl := math.FMA(sh, sh, -w) + float64(2*sh*sl)
	q := w * (1./5 + w*(1./7+w*(1./9+w*(1./11+w*(1./13+w*(1./15+w*(1./17+w*(1./19+w*(1./21+w*(1./23+w/25))))))))))
	ph, pl := twoSum(1./3, q+thirdTail)
	// t = w*p, then log m = 2s + 2s*t
	th := float64(w * ph)
	tl := math.FMA(w, ph, -th) + float64(w*pl) + float64(wl*ph)
	uh := float64(2 * sh * th)
	ul := math.FMA(2*sh, th, -uh) + float64(2*sh*tl) + float64(2*sl*th)
	h, l = twoSum(2*sh, uh)
	l += ul + 2*sl
	if k != 0 {
		kh, kl := float64(float64(k)*ln2Head), float64(float64(k)*ln2Tail)
		s, e := twoSum(kh, h)
		h, l = s, e+(kl+l)
	}
	s := h + l
	return s, l - (s - h)
}
