package interval

import "math"

// Erf returns an enclosure of {erf x}.
func Erf(x I) I {
	if x.improper() {
		return x.instead()
	}
	return I{erfAt(x.Lo).Lo, erfAt(x.Hi).Hi}
}

func erfAt(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	return around(math.Erf(x), ulpsErf).Meet(unit)
}

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
func Erfinv(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x.Hi <= -1 || x.Lo >= 1 {
		return Empty
	}
	r := Whole
	if x.Lo > -1 {
		r.Lo = erfinvAt(x.Lo).Lo
	}
	if x.Hi < 1 {
		r.Hi = erfinvAt(x.Hi).Hi
	}
	return r
}

func erfinvAt(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	return around(math.Erfinv(x), ulpsErfinv)
}
