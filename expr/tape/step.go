package tape

import "math"

// The steps that take more than one operation. Truth values are 1 and 0; NaN
// stands for a condition without a truth value, since an operand has no value.

func lt(a, b float64) float64 {
	switch {
	case a < b:
		return 1
	case a >= b:
		return 0
	}
	return math.NaN()
}

func le(a, b float64) float64 {
	switch {
	case a <= b:
		return 1
	case a > b:
		return 0
	}
	return math.NaN()
}

func eq(a, b float64) float64 {
	switch {
	case a == b:
		return 1
	case a != a || b != b:
		return math.NaN()
	}
	return 0
}

// and is the conjunction of Kleene's three-valued logic.
func and(a, b float64) float64 {
	switch {
	case a == 0 || b == 0:
		return 0
	case a != a || b != b:
		return math.NaN()
	}
	return 1
}

// or is the disjunction.
func or(a, b float64) float64 {
	switch {
	case a != a:
		if b != b || b == 0 {
			return math.NaN()
		}
		return 1
	case a != 0:
		return 1
	case b != b:
		return b
	case b != 0:
		return 1
	}
	return 0
}

func not(a float64) float64 {
	switch {
	case a == 0:
		return 1
	case a != a:
		return a
	}
	return 0
}

func choose(c, a, b float64) float64 {
	switch {
	case c == 0:
		return b
	case c != c:
		return c
	}
	return a
}

// one is a^0, which has no value where a has none.
func one(a float64) float64 {
	if a-a != 0 {
		return math.NaN()
	}
	return 1
}

// sigmoid is 1/(1 + e^-a), where t = e^-|a|.
func sigmoid(a, t float64) float64 {
	if a < 0 {
		return t / (1 + t)
	}
	return 1 / (1 + t)
}

// cbrt is the real power a^(1/3), which has no value for a < 0.
func cbrt(a float64) float64 {
	if a < 0 {
		return math.NaN()
	}
	return math.Cbrt(a)
}

// pow is a^b as the formula language has it, which is math.Pow but for operands
// without a value: NaN^0, 1^NaN, Inf^0, 1^Inf and a power of -Inf that is one of
// no negative number are NaN.
func pow(a, b float64) float64 {
	switch {
	case a != a || b != b:
		return math.NaN()
	case a < 0 && (b != math.Trunc(b) || b-b != 0):
		return math.NaN()
	case b == 0 && a-a != 0 || a == 1 && b-b != 0:
		return math.NaN()
	}
	return math.Pow(a, b)
}

// powi is a^n by repeated squaring. Squaring doubles the relative error, so the
// powers are carried in doubled precision, as h + l.
func powi(a float64, n uint32) float64 {
	m := math.Abs(a)
	if !(m > 0 && m <= math.MaxFloat64) {
		return pow(a, float64(n))
	}
	rh, rl, bh, bl := 1.0, 0.0, m, 0.0
	for k := n; ; {
		if k&1 != 0 {
			rh, rl = mulDoubled(rh, rl, bh, bl)
		}
		if k >>= 1; k == 0 {
			break
		}
		bh, bl = mulDoubled(bh, bl, bh, bl)
		if !(bh > 0x1p-900 && bh < 0x1p1000) { // residuals are lost
			return math.Pow(a, float64(n))
		}
	}
	if !(rh > 0x1p-900 && rh < 0x1p1000) {
		return math.Pow(a, float64(n))
	}
	if a < 0 && n&1 != 0 {
		return -rh
	}
	return rh
}

// mulDoubled multiplies (ah + al)(bh + bl), both normalised.
func mulDoubled(ah, al, bh, bl float64) (h, l float64) {
	p := ah * bh
	e := math.FMA(ah, bh, -p)
	e += float64(ah*bl) + float64(al*bh)
	h = p + e
	return h, e - (h - p)
}

func log(x float64) float64 { return math.Log(x) }
