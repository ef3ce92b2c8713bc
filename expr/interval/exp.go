package interval

import "math"

// Exp returns an enclosure of {e^x}.
func Exp(x I) I {
	if x.improper() {
		return x.instead()
	}
	return I{expDown(x.Lo), expUp(x.Hi)}
}

// expLarge is where math.Exp is no longer asked: on some machines it gives +Inf for arguments whose exponential is
// still finite.
const expLarge = 709

func expDown(x float64) float64 {
	switch {
	case x == 0:
		return 1
	case x > expLarge:
		return max(expHalves(x).Lo, 0)
	case x > 0:
		return max(lowered(math.Exp(x), ulpsExp), 1)
	}
	return max(lowered(math.Exp(x), ulpsExp), 0)
}

func expUp(x float64) float64 {
	switch {
	case x == 0:
		return 1
	case x > expLarge:
		return expHalves(x).Hi
	case x < -math.MaxFloat64:
		return tiny // e^x > 0 for every real x, but less than any float64
	case x < 0:
		return min(raised(math.Exp(x), ulpsExp), 1)
	}
	return raised(math.Exp(x), ulpsExp)
}

// expHalves encloses e^x for x > expLarge as a square.
func expHalves(x float64) I {
	if x > 709.79 {
		return I{math.MaxFloat64, math.Inf(1)}
	}
	return around(math.Exp(x/2), ulpsExp).Sqr()
}

// Expm1 returns an enclosure of {e^x - 1}.
func Expm1(x I) I { return increasing(x, expm1At) }

func expm1At(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	if x > expLarge {
		return expHalves(x).Sub(I{1, 1})
	}
	v := around(math.Expm1(x), ulpsExpm1)
	return I{max(v.Lo, -1, min(x, math.MaxFloat64)), v.Hi} // e^x - 1 ≥ x
}

// Log returns an enclosure of {log x : x > 0}, the natural logarithm.
func Log(x I) I { return increasingOn(0, math.Inf(1), x, logAt) }

// logAt encloses log x for x > 0, +Inf standing for large reals.
func logAt(x float64) I {
	switch {
	case x == 1:
		return I{0, 0}
	case x > math.MaxFloat64:
		return I{709, x}
	case x < 0x1p-1022:
		// math.Log is wrong for subnormal numbers on some machines.
		return around(math.Log(x*0x1p54), ulpsLog).Sub(Ln2.Mul(I{54, 54}))
	}
	return around(math.Log(x), ulpsLog)
}

// Log1p returns an enclosure of {log(1 + x) : x > -1}.
func Log1p(x I) I { return increasingOn(-1, math.Inf(1), x, log1pAt) }

func log1pAt(x float64) I {
	switch {
	case x == 0:
		return I{0, 0}
	case x > math.MaxFloat64:
		return I{709, x}
	}
	v := around(math.Log1p(x), ulpsLog1p)
	return I{v.Lo, min(v.Hi, x)} // log(1 + x) ≤ x
}

// Log2 returns an enclosure of {log x / log 2 : x > 0}, exact at powers of two.
func Log2(x I) I { return increasingOn(0, math.Inf(1), x, log2At) }

func log2At(x float64) I {
	if m, e := math.Frexp(x); m == 0.5 {
		return Point(float64(e - 1))
	}
	return logAt(x).Div(Ln2)
}

// Log10 returns an enclosure of {log x / log 10 : x > 0}, exact at the powers of ten that are float64.
func Log10(x I) I { return increasingOn(0, math.Inf(1), x, log10At) }

func log10At(x float64) I {
	for n, p := 0, 1.0; n <= 22 && p <= x; n, p = n+1, p*10 { // 10^22 is the last exact power
		if p == x {
			return Point(float64(n))
		}
	}
	return logAt(x).Div(Ln10)
}
