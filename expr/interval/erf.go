package interval

import "math"

// Erf returns an enclosure of {erf x}.
func Erf(x I) I { return increasing(x, erfAt) }

func erfAt(x float64) I { return vanishing(x, math.Erf, ulpsErf).Meet(unit) }

// Erfc returns an enclosure of {1 - erf x}.
func Erfc(x I) I {
	if x.improper() {
		return x.instead()
	}
	return I{erfcAt(x.Hi).Lo, erfcAt(x.Lo).Hi}
}

func erfcAt(x float64) I {
	if x == 0 {
		return I{1, 1}
	}
	return around(math.Erfc(x), ulpsErfc).within(0, 2)
}

// Erfinv returns an enclosure of {y : erf y = x, -1 < x < 1}.
func Erfinv(x I) I { return increasingOn(-1, 1, x, erfinvAt) }

func erfinvAt(x float64) I { return vanishing(x, math.Erfinv, ulpsErfinv) }
