package interval

import "math"

// Floor returns the hull of {⌊x⌋}, exactly.
func Floor(x I) I { return monotone(x, math.Floor) }

// Ceil returns the hull of {⌈x⌉}, exactly.
func Ceil(x I) I { return monotone(x, math.Ceil) }

// Round returns the hull of {x rounded to the nearest integer, halves away from 0}, exactly.
func Round(x I) I { return monotone(x, math.Round) }

// Sign returns the hull of {sign x}, sign 0 = 0, exactly.
func Sign(x I) I { return monotone(x, sign) }

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// monotone returns the hull of the image of x under an exact increasing function.
func monotone(x I, f func(float64) float64) I {
	if x.improper() {
		return x.instead()
	}
	return I{f(x.Lo), f(x.Hi)}
}

// Mod returns an enclosure of {x - y⌊x/y⌋ : y ≠ 0}, which has the sign of y.
func Mod(x, y I) I {
	if x.improper() || y.improper() {
		return x.insteadWith(y)
	}
	if y.Lo == 0 && y.Hi == 0 {
		return Empty
	}
	if x.Lo >= 0 && x.Hi < y.Lo || x.Hi <= 0 && x.Lo > y.Hi {
		return x // the quotient is in [0, 1)
	}
	r := I{min(y.Lo, 0), max(y.Hi, 0)} // mod lies between 0 and y
	return r.Meet(x.Sub(y.Mul(Floor(x.Div(y)))))
}
