package fn

import "math"

// This file holds values that package math gives with less than full accuracy, or not at all, and that are too small
// for files of their own.

// log is math.Log, which on amd64 takes every number below 2^-1022 for that one.
func log(x float64) float64 {
	if x < 0x1p-1022 && x > 0 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// log2 is exact for powers of two and, unlike math.Log2, accurate just above 1.
func log2(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	if m == 1 {
		return float64(e)
	}
	return float64(e) + math.Log(m)*(1/math.Ln2)
}

// log10 is exact for powers of ten and, unlike math.Log10, accurate just above 1.
func log10(x float64) float64 {
	v := log(x) * (1 / math.Ln10)
	if r := math.Round(v); math.Abs(v-r) < 1e-13*math.Abs(r) && math.Pow10(int(r)) == x {
		return r
	}
	return v
}

// logBase is log(x)/log(base), exact where x is a whole power of the base.
func logBase(x, base float64) float64 {
	if x <= 0 || base <= 0 || base == 1 {
		return math.NaN()
	}
	switch base {
	case 2:
		return log2(x)
	case 10:
		return log10(x)
	}
	v := log(x) / log(base)
	if r := math.Round(v); math.Abs(v-r) < 1e-13*math.Abs(r) && math.Pow(base, r) == x {
		return r
	}
	return v
}

// root returns the real n-th root of x, x^(1/n): for every x when n is an odd integer, else for x ≥ 0, and for x = 0
// only when n > 0.
func root(x, n float64) float64 {
	switch {
	case n == 0 || n != n || x == 0 && n < 0:
		return math.NaN()
	case x < 0:
		if math.Abs(math.Mod(n, 2)) != 1 {
			return math.NaN()
		}
		return -root(-x, n)
	case n == 2:
		return math.Sqrt(x)
	case n == 3:
		return math.Cbrt(x)
	}
	if x == 0 || math.IsInf(x, 0) || math.IsInf(n, 0) {
		return math.Pow(x, 1/n)
	}
	// x = m 2ᵏ and k = qn + r: x^(1/n) = exp((r log 2 + log m)/n) 2^q. math.Pow may be wrong by a hundred ulps, and
	// the rounding of 1/n alone costs up to 700/n.
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		k--
	}
	q := math.Round(float64(k) / n)
	if math.Abs(q) > 3000 {
		return math.Pow(x, 1/n) // over- or underflow
	}
	v := math.Ldexp(math.Exp((math.FMA(-q, n, float64(k))*math.Ln2+math.Log(m))/n), int(q))
	// A root that is a whole number is exact.
	if r := math.Round(v); math.Abs(v-r) < 1e-14*r && n > 0 && n <= 64 && n == math.Floor(n) {
		p := r
		for i := 1.0; i < n && p <= x; i++ {
			p *= r
		}
		if p == x && p < 1<<53 {
			return r
		}
	}
	return v
}

// sinh and cosh do not overflow before their values do.
func sinh(x float64) float64 {
	if math.Abs(x) > 709 {
		h := math.Exp(math.Abs(x) / 2)
		return math.Copysign(0.5*h*h, x)
	}
	return math.Sinh(x)
}

func cosh(x float64) float64 {
	if math.Abs(x) > 709 {
		h := math.Exp(math.Abs(x) / 2)
		return 0.5 * h * h
	}
	return math.Cosh(x)
}

// sech and csch do not vanish before their values do.
func sech(x float64) float64 {
	x = math.Abs(x)
	if x > 20 {
		return 2 * math.Exp(-x)
	}
	return 1 / math.Cosh(x)
}

func csch(x float64) float64 {
	if math.Abs(x) > 20 {
		return math.Copysign(2*math.Exp(-math.Abs(x)), x)
	}
	return 1 / math.Sinh(x)
}

func coth(x float64) float64 { return 1 / math.Tanh(x) }

func sec(x float64) float64 { return 1 / math.Cos(x) }

func csc(x float64) float64 { return 1 / math.Sin(x) }

func cot(x float64) float64 {
	s, c := math.Sincos(x)
	return c / s
}

// asin and acos: package math forms 1 - x*x, which loses half the digits near ±1.
func asin(x float64) float64 {
	if math.Abs(x) < 0.5 {
		return math.Asin(x)
	}
	return math.Atan2(x, math.Sqrt((1-x)*(1+x)))
}

func acos(x float64) float64 { return math.Atan2(math.Sqrt((1-x)*(1+x)), x) }

// hypotLess1 returns √(x²-1) for x ≥ 1, without overflow and without cancellation.
func hypotLess1(x float64) float64 { return math.Sqrt(x-1) * math.Sqrt(x+1) }

// asec, acsc, acoth and asech avoid 1/x, whose rounding is magnified near the ends of their domains.
func asec(x float64) float64 {
	if x < 0 {
		return math.Pi - asec(-x)
	}
	return math.Atan(hypotLess1(x))
}

func acsc(x float64) float64 { return math.Copysign(math.Atan2(1, hypotLess1(math.Abs(x))), x) }

func acot(x float64) float64 {
	if x == 0 {
		return math.NaN()
	}
	return math.Atan(1 / x)
}

func asech(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	if x < 0.5 {
		// log((1 + √(1-x²))/x), 1/x may overflow
		return math.Log1p(math.Sqrt((1-x)*(1+x))) - log(x)
	}
	t := (1 - x) / x
	return math.Log1p(t + math.Sqrt(t*(2+t)))
}

func acsch(x float64) float64 {
	switch {
	case x == 0:
		return math.NaN()
	case math.Abs(x) < 1e-300:
		return math.Copysign(math.Ln2-log(math.Abs(x)), x)
	}
	return math.Asinh(1 / x)
}

func acoth(x float64) float64 {
	a := math.Abs(x)
	if !(a > 1) {
		return math.NaN()
	}
	return math.Copysign(0.5*math.Log1p(2/(a-1)), x)
}

// atan2 has no signed zeros and no value at the origin. The angle has the sign of y, which math.Atan2 forgets where y/x
// is too small for a float64.
func atan2(y, x float64) float64 {
	switch {
	case y != 0:
		return math.Copysign(math.Atan2(y, x), y)
	case x == 0:
		return math.NaN()
	}
	return math.Atan2(0, x)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(x) / x
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x - x // 0, NaN for NaN
}

func heaviside(x float64) float64 { return 0.5 + 0.5*sign(x) }

// mod returns a - b*floor(a/b), which has the sign of b; the quotient is never formed.
func mod(a, b float64) float64 {
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		return r + b
	}
	return r + 0
}

func clamp(x, lo, hi float64) float64 { return min(max(x, lo), hi) }

func maximum(x []float64) float64 {
	m := x[0]
	for _, v := range x[1:] {
		m = max(m, v)
	}
	return m
}

func minimum(x []float64) float64 {
	m := x[0]
	for _, v := range x[1:] {
		m = min(m, v)
	}
	return m
}

// lgamma is math.Lgamma, which inherits near 0 what package math says of the logarithm of the smallest numbers.
func lgamma(x float64) float64 {
	if x != 0 && math.Abs(x) < 0x1p-1000 {
		return -log(math.Abs(x)) // but for x*0.577
	}
	v, _ := math.Lgamma(x)
	return v
}

// gamma is NaN at every pole; math.Gamma(0) would be +Inf, the limit from one side.
func gamma(x float64) float64 {
	if x == 0 {
		return math.NaN()
	}
	return math.Gamma(x)
}

func normPDF(x float64) float64 {
	// The rounding error of x² would be magnified x²/2 times.
	s := x * x
	if s > 1500 {
		return 0
	}
	d := math.FMA(x, x, -s)
	return 1 / math.Sqrt(2*math.Pi) * math.Exp(-0.5*s) * (1 - 0.5*d)
}

func normCDF(x float64) float64 {
	const (
		sqrtHalf    = 0.7071067811865476 // √½ as a float64, and the remainder
		sqrtHalfLow = -4.833646656726457e-17
		sqrtPi      = 1.7724538509055160273
	)
	z := x * -sqrtHalf
	v := 0.5 * math.Erfc(z)
	if z > 1 && z < 28 {
		// Put right the rounding of z, which erfc magnifies 2z² times: z is too large by d.
		d := math.FMA(sqrtHalf, x, z) + sqrtHalfLow*x
		v += d * math.Exp(-z*z) * (1 / sqrtPi)
	}
	return v
}

func sigmoid(x float64) float64 {
	if x < 0 {
		t := math.Exp(x)
		return t / (1 + t)
	}
	return 1 / (1 + math.Exp(-x))
}

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func relu(x float64) float64 { return max(x, 0) }

func logit(x float64) float64 {
	if x > 0.25 && x < 0.75 {
		return math.Log1p((2*x - 1) / (1 - x))
	}
	return log(x / (1 - x))
}

// logSumExp takes the greatest argument out, so that nothing overflows.
func logSumExp(x []float64) float64 {
	k := 0
	for i, v := range x {
		if v > x[k] || v != v {
			k = i
		}
	}
	if math.IsInf(x[k], 0) {
		return x[k]
	}
	s := 0.0
	for i, v := range x {
		if i != k {
			s += math.Exp(v - x[k])
		}
	}
	return x[k] + math.Log1p(s)
}
