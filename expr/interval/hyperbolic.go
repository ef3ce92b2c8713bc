package interval

import "math"

// Sinh returns an enclosure of {sinh x}.
func Sinh(x I) I { return increasing(x, sinhAt) }

func sinhAt(x float64) I {
	switch {
	case x == 0:
		return I{0, 0}
	case x > expLarge:
		return halfExp(x)
	case x < -expLarge:
		return halfExp(-x).Neg()
	}
	return around(math.Sinh(x), ulpsSinh)
}

// halfExp encloses e^x/2, and with it sinh x and cosh x, for x > 709.
func halfExp(x float64) I {
	if x > 720 {
		return I{math.MaxFloat64, math.Inf(1)}
	}
	h := around(math.Exp(x/2), ulpsExp)
	return h.Mul(I{h.Lo / 2, h.Hi / 2}).grow() // the step covers e^-x
}

// within keeps the ends of a finite where they must be members: Lo below +Inf and at least lo, Hi above -Inf
// and at most hi.
func (a I) within(lo, hi float64) I {
	return I{max(min(a.Lo, math.MaxFloat64), lo), min(max(a.Hi, -math.MaxFloat64), hi)}
}

// Cosh returns an enclosure of {cosh x}.
func Cosh(x I) I {
	if x.improper() {
		return x.instead()
	}
	return I{coshAt(x.Mig()).Lo, coshAt(x.Mag()).Hi}
}

func coshAt(x float64) I {
	switch {
	case x == 0:
		return I{1, 1}
	case x > expLarge:
		return halfExp(x)
	}
	v := around(math.Cosh(x), ulpsCosh)
	return I{max(v.Lo, 1), v.Hi}
}

// Tanh returns an enclosure of {tanh x}.
func Tanh(x I) I { return increasing(x, tanhAt) }

func tanhAt(x float64) I { return vanishing(x, math.Tanh, ulpsTanh).Meet(unit) }

// Asinh returns an enclosure of {arsinh x}.
func Asinh(x I) I { return increasing(x, asinhAt) }

func asinhAt(x float64) I { return vanishing(x, math.Asinh, ulpsAsinh) }

// Acosh returns an enclosure of {arcosh x : x ≥ 1}.
func Acosh(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x.Hi < 1 {
		return Empty
	}
	return I{acoshAt(max(x.Lo, 1)).Lo, acoshAt(x.Hi).Hi}
}

func acoshAt(x float64) I {
	if x == 1 {
		return I{0, 0}
	}
	v := around(math.Acosh(x), ulpsAcosh)
	return I{max(v.Lo, 0), v.Hi}
}

// Atanh returns an enclosure of {artanh x : -1 < x < 1}.
func Atanh(x I) I { return increasingOn(-1, 1, x, atanhAt) }

func atanhAt(x float64) I { return vanishing(x, math.Atanh, ulpsAtanh) }
