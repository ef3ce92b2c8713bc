package interval

import "math"

// Neg returns {-x}.
func (a I) Neg() I { return I{-a.Hi, -a.Lo} }

// Add returns an enclosure of {x + y}; its ends are correctly rounded outward.
func (a I) Add(b I) I {
	lo, el := twoSum(a.Lo, b.Lo)
	hi, eh := twoSum(a.Hi, b.Hi)
	if el-el != eh-eh { // an infinity or an overflow somewhere left an infinite or NaN error
		return addWide(a, b)
	}
	if el < 0 {
		lo = nextDown(lo)
	}
	if eh > 0 {
		hi = nextUp(hi)
	}
	return I{lo, hi}
}

func addWide(a, b I) I {
	if a.improper() || b.improper() {
		return a.insteadWith(b)
	}
	return I{addDown(a.Lo, b.Lo), addUp(a.Hi, b.Hi)}
}

// Sub returns an enclosure of {x - y}, x and y independent: a.Sub(a) is not 0 unless a is a point.
func (a I) Sub(b I) I { return a.Add(I{-b.Hi, -b.Lo}) }

// Mul returns an enclosure of {x y}; its ends are correctly rounded outward.
func (a I) Mul(b I) I {
	switch {
	case a.Lo >= 0:
		switch {
		case b.Lo >= 0:
			return products(a.Lo, b.Lo, a.Hi, b.Hi, a, b)
		case b.Hi <= 0:
			return products(a.Hi, b.Lo, a.Lo, b.Hi, a, b)
		}
		return products(a.Hi, b.Lo, a.Hi, b.Hi, a, b)
	case a.Hi <= 0:
		switch {
		case b.Lo >= 0:
			return products(a.Lo, b.Hi, a.Hi, b.Lo, a, b)
		case b.Hi <= 0:
			return products(a.Hi, b.Hi, a.Lo, b.Lo, a, b)
		}
		return products(a.Lo, b.Hi, a.Lo, b.Lo, a, b)
	case b.Lo >= 0:
		return products(a.Lo, b.Hi, a.Hi, b.Hi, a, b)
	case b.Hi <= 0:
		return products(a.Hi, b.Lo, a.Lo, b.Lo, a, b)
	}
	p := products(a.Lo, b.Hi, a.Lo, b.Lo, a, b)
	q := products(a.Hi, b.Lo, a.Hi, b.Hi, a, b)
	return I{min(p.Lo, q.Lo), max(p.Hi, q.Hi)}
}

// products returns [x1*y1, x2*y2] rounded outward, where these are ends of a*b.
func products(x1, y1, x2, y2 float64, a, b I) I {
	lo, hi := float64(x1*y1), float64(x2*y2)
	al, ah := math.Abs(lo), math.Abs(hi)
	if !(al >= safe && ah >= safe && al <= math.MaxFloat64 && ah <= math.MaxFloat64) {
		return productsWide(x1, y1, x2, y2, a, b)
	}
	if math.FMA(x1, y1, -lo) < 0 {
		lo = nextDown(lo)
	}
	if math.FMA(x2, y2, -hi) > 0 {
		hi = nextUp(hi)
	}
	return I{lo, hi}
}

// productsWide is products where an end is zero, tiny, infinite, or an argument empty (whose infinite ends
// always lead here).
func productsWide(x1, y1, x2, y2 float64, a, b I) I {
	if a.improper() || b.improper() {
		return a.insteadWith(b)
	}
	return I{mulDown(x1, y1), mulUp(x2, y2)}
}

// Sqr returns an enclosure of {x²}, sharper than a.Mul(a) where a straddles 0.
func (a I) Sqr() I {
	switch {
	case a.Lo >= 0:
		return products(a.Lo, a.Lo, a.Hi, a.Hi, a, a)
	case a.Hi <= 0:
		return products(a.Hi, a.Hi, a.Lo, a.Lo, a, a)
	}
	m := max(-a.Lo, a.Hi)
	if !(a.Lo < a.Hi) {
		return Whole // a NaN end
	}
	return I{0, mulUp(m, m)}
}

// Inv returns an enclosure of {1/x : x ≠ 0}: Empty for the point 0, Whole when 0 is inside, a half-line
// when 0 is an end.
func (a I) Inv() I { return I{1, 1}.Div(a) }

// Div returns an enclosure of {x/y : y ≠ 0}. A denominator with 0 inside gives Whole, one with 0 as an end a
// half-line where the numerator has one sign; the point 0 as denominator gives Empty. DivExt keeps the two
// pieces apart.
func (a I) Div(b I) I {
	if b.Lo > 0 || b.Hi < 0 { // also an empty b, which has infinite ends
		return quotients(a, b)
	}
	p, q := a.pieces(b)
	return p.Hull(q)
}

// quotients is a/b where 0 is not in b.
func quotients(a, b I) I {
	var x1, y1, x2, y2 float64
	switch {
	case b.Lo > 0 && a.Lo >= 0:
		x1, y1, x2, y2 = a.Lo, b.Hi, a.Hi, b.Lo
	case b.Lo > 0 && a.Hi <= 0:
		x1, y1, x2, y2 = a.Lo, b.Lo, a.Hi, b.Hi
	case b.Lo > 0:
		x1, y1, x2, y2 = a.Lo, b.Lo, a.Hi, b.Lo
	case a.Lo >= 0:
		x1, y1, x2, y2 = a.Hi, b.Hi, a.Lo, b.Lo
	case a.Hi <= 0:
		x1, y1, x2, y2 = a.Hi, b.Lo, a.Lo, b.Hi
	default:
		x1, y1, x2, y2 = a.Hi, b.Hi, a.Lo, b.Hi
	}
	lo, hi := x1/y1, x2/y2
	if al, ah, ax, az := math.Abs(lo), math.Abs(hi), math.Abs(x1), math.Abs(x2); al > 0 && ah > 0 && ax >= safe && az >= safe &&
		al <= math.MaxFloat64 && ah <= math.MaxFloat64 && ax <= math.MaxFloat64 && az <= math.MaxFloat64 {
		// The residual x - q*y has the sign of (x/y - q)*y.
		if r := math.FMA(-lo, y1, x1); r != 0 && (r < 0) == (y1 > 0) {
			lo = nextDown(lo)
		}
		if r := math.FMA(-hi, y2, x2); r != 0 && (r > 0) == (y2 > 0) {
			hi = nextUp(hi)
		}
		return I{lo, hi}
	}
	if a.improper() || b.improper() {
		return a.insteadWith(b)
	}
	return I{divDown(x1, y1), divUp(x2, y2)}
}

// DivExt returns {z : y*z = x for some x in a, y in b} as at most two intervals, the lower one first: the extended
// division of the interval Newton method (Hansen, Walster, Global Optimization Using Interval Analysis, 2004, §4;
// Moore, Kearfott, Cloud, §8.1; mulRevToPair of IEEE 1788). When 0 is in both, every z solves 0*z = 0 and the first
// piece is Whole. The second piece is Empty unless 0 is inside b and not in a.
func (a I) DivExt(b I) (I, I) {
	if a.Lo <= 0 && a.Hi >= 0 && b.Lo <= 0 && b.Hi >= 0 {
		return Whole, Empty
	}
	return a.pieces(b)
}

// pieces returns {x/y : y ≠ 0} as at most two intervals, the lower one first.
func (a I) pieces(b I) (I, I) {
	switch {
	case a.improper() || b.improper():
		return a.insteadWith(b), Empty
	case b.Lo == 0 && b.Hi == 0:
		return Empty, Empty
	case b.Lo > 0 || b.Hi < 0:
		return quotients(a, b), Empty
	case a.Lo == 0 && a.Hi == 0:
		return I{0, 0}, Empty
	case a.Lo < 0 && a.Hi > 0:
		return Whole, Empty
	}
	// a has one sign (0 may be its end), and 0 is in b. Quotients by the positive and the negative part of b:
	neg, pos := Empty, Empty
	if a.Lo >= 0 {
		if b.Hi > 0 {
			pos = I{divDown(a.Lo, b.Hi), math.Inf(1)}
		}
		if b.Lo < 0 {
			neg = I{math.Inf(-1), divUp(a.Lo, b.Lo)}
		}
	} else {
		if b.Hi > 0 {
			neg = I{math.Inf(-1), divUp(a.Hi, b.Hi)}
		}
		if b.Lo < 0 {
			pos = I{divDown(a.Hi, b.Lo), math.Inf(1)}
		}
	}
	switch {
	case neg.IsEmpty():
		return pos, Empty
	case pos.IsEmpty():
		return neg, Empty
	case neg.Hi >= pos.Lo: // 0 is an end of a: the pieces touch
		return Whole, Empty
	}
	return neg, pos
}

// Abs returns {|x|}, exactly.
func (a I) Abs() I {
	switch {
	case a.improper():
		return a.instead()
	case a.Lo >= 0:
		return a
	case a.Hi <= 0:
		return I{-a.Hi, -a.Lo}
	}
	return I{0, max(-a.Lo, a.Hi)}
}

// Min returns {min(x, y)}, exactly.
func (a I) Min(b I) I {
	if a.improper() || b.improper() {
		return a.insteadWith(b)
	}
	return I{min(a.Lo, b.Lo), min(a.Hi, b.Hi)}
}

// Max returns {max(x, y)}, exactly.
func (a I) Max(b I) I {
	if a.improper() || b.improper() {
		return a.insteadWith(b)
	}
	return I{max(a.Lo, b.Lo), max(a.Hi, b.Hi)}
}
