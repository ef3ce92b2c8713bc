package interval

import "math"

// Exp returns an enclosure of {e^x}.
func Exp(x I) I {
	if x.IsEmpty() {
		return Empty
	}
	return I{expDown(x.Lo), expUp(x.Hi)}
}

func expDown(x float64) float64 {
	if x == 0 {
		return 1
	}
	v := lowered(math.Exp(x), ulpsExp)
	if x > 0 {
		return max(v, 1)
	}
	return max(v, 0)
}

func expUp(x float64) float64 {
	if x == 0 {
		return 1
	}
	if x < -math.MaxFloat64 {
		return tiny // e^x > 0 for every real x, but less than any float64
	}
	v := raised(math.Exp(x), ulpsExp)
	if x < 0 {
		return min(v, 1)
	}
	return v
}

// Expm1 returns an enclosure of {e^x - 1}.
func Expm1(x I) I {
	if x.IsEmpty() {
		return Empty
	}
	return I{expm1At(x.Lo).Lo, expm1At(x.Hi).Hi}
}

func expm1At(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	v := around(math.Expm1(x), ulpsExpm1)
	return I{max(v.Lo, -1, min(x, math.MaxFloat64)), v.Hi} // e^x - 1 ≥ x
}

// Log returns an enclosure of {log x : x > 0}, the natural logarithm.
func Log(x I) I {
	if x.IsEmpty() || x.Hi <= 0 {
		return Empty
	}
	lo := math.Inf(-1)
	if x.Lo > 0 {
		lo = logAt(x.Lo).Lo
	}
	return I{lo, logAt(x.Hi).Hi}
}

// logAt encloses log x for x > 0, +Inf standing for large reals.
func logAt(x float64) I {
	switch {
	case x == 1:
		return I{0, 0}
	case x > math.MaxFloat64:
		return I{709, x}
	}
	return around(math.Log(x), ulpsLog)
}

// Log1p returns an enclosure of {log(1 + x) : x > -1}.
func Log1p(x I) I {
	if x.IsEmpty() || x.Hi <= -1 {
		return Empty
	}
	lo := math.Inf(-1)
	if x.Lo > -1 {
		lo = log1pAt(x.Lo).Lo
	}
	return I{lo, log1pAt(x.Hi).Hi}
}

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
func Log2(x I) I {
	if x.IsEmpty() || x.Hi <= 0 {
		return Empty
	}
	lo := math.Inf(-1)
	if x.Lo > 0 {
		lo = log2At(x.Lo).Lo
	}
	return I{lo, log2At(x.Hi).Hi}
}

func log2At(x float64) I {
	if m, e := math.Frexp(x); m == 0.5 {
		return Point(float64(e - 1))
	}
	return logAt(x).Div(Ln2)
}

// Log10 returns an enclosure of {log x / log 10 : x > 0}, exact at the powers of ten that are float64.
func Log10(x I) I {
	if x.IsEmpty() || x.Hi <= 0 {
		return Empty
	}
	lo := math.Inf(-1)
	if x.Lo > 0 {
		lo = log10At(x.Lo).Lo
	}
	return I{lo, log10At(x.Hi).Hi}
}

func log10At(x float64) I {
	for n, p := 0, 1.0; n <= 22 && p <= x; n, p = n+1, p*10 { // 10^22 is the last exact power
		if p == x {
			return Point(float64(n))
		}
	}
	return logAt(x).Div(Ln10)
}
