package interval

import "math"

var unit = I{-1, 1}

// quadrant returns the floor of x/(π/2), in doubled arithmetic so that it is wrong only where x is within
// about |x|·2^-103 of a multiple of π/2; there it errs down, or up if so asked. |x| < 2^51.
func quadrant(x float64, up bool) int64 {
	p := x * twoOverPiHead
	e := math.FMA(x, twoOverPiHead, -p) + float64(x*twoOverPiTail)
	d := math.Abs(p)*0x1p-100 + 0x1p-1000
	f := math.Floor(p)
	if up {
		e += d
	} else {
		e -= d
	}
	switch r := (p - f) + e; {
	case r < 0:
		f--
	case r >= 1:
		f++
	}
	return int64(f)
}

// crosses reports whether an integer m ≡ r mod 4 lies in p < m ≤ q.
func crosses(p, q, r int64) bool { return (q-r)>>2 > (p-r)>>2 }

// trigRange is the magnitude up to which an interval is located among the multiples of π/2.
const trigRange = 1 << 51

// Sin returns an enclosure of {sin x}.
func Sin(x I) I {
	switch {
	case x.IsEmpty():
		return Empty
	case x.Lo == x.Hi:
		return sinAt(x.Lo)
	case !(x.Lo > -trigRange && x.Hi < trigRange && x.Hi-x.Lo < 6.5):
		return unit
	}
	r := sinAt(x.Lo).Hull(sinAt(x.Hi))
	p, q := quadrant(x.Lo, false), quadrant(x.Hi, true)
	if crosses(p, q, 1) {
		r.Hi = 1
	}
	if crosses(p, q, 3) {
		r.Lo = -1
	}
	return r
}

// Cos returns an enclosure of {cos x}.
func Cos(x I) I {
	switch {
	case x.IsEmpty():
		return Empty
	case x.Lo == x.Hi:
		return cosAt(x.Lo)
	case !(x.Lo > -trigRange && x.Hi < trigRange && x.Hi-x.Lo < 6.5):
		return unit
	}
	r := cosAt(x.Lo).Hull(cosAt(x.Hi))
	p, q := quadrant(x.Lo, false), quadrant(x.Hi, true)
	if crosses(p, q, 0) {
		r.Hi = 1
	}
	if crosses(p, q, 2) {
		r.Lo = -1
	}
	return r
}

// Tan returns an enclosure of {tan x : cos x ≠ 0}, Whole when a pole is inside.
func Tan(x I) I {
	switch {
	case x.IsEmpty():
		return Empty
	case x.Lo == x.Hi:
		return tanAt(x.Lo)
	case !(x.Lo > -trigRange && x.Hi < trigRange && x.Hi-x.Lo < 3.2):
		return Whole
	}
	p, q := quadrant(x.Lo, false), quadrant(x.Hi, true)
	if crosses(p, q, 1) || crosses(p, q, 3) {
		return Whole
	}
	return I{tanAt(x.Lo).Lo, tanAt(x.Hi).Hi}
}

// Cot returns an enclosure of {cos x / sin x : sin x ≠ 0}: Whole when a pole is inside, Empty for the point 0.
func Cot(x I) I {
	switch {
	case x.IsEmpty() || x.Lo == 0 && x.Hi == 0:
		return Empty
	case x.Lo == x.Hi:
		return cotAt(x.Lo)
	case !(x.Lo > -trigRange && x.Hi < trigRange && x.Hi-x.Lo < 3.2):
		return Whole
	case x.Lo == 0 && x.Hi < 3.14:
		return I{cotAt(x.Hi).Lo, math.Inf(1)}
	case x.Hi == 0 && x.Lo > -3.14:
		return I{math.Inf(-1), cotAt(x.Lo).Hi}
	}
	p, q := quadrant(x.Lo, false), quadrant(x.Hi, true)
	if crosses(p, q, 0) || crosses(p, q, 2) {
		return Whole
	}
	return I{cotAt(x.Hi).Lo, cotAt(x.Lo).Hi}
}

func cotAt(x float64) I { return cosAt(x).Div(sinAt(x)) }

func sinAt(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	return around(math.Sin(x), ulpsSin).Meet(unit)
}

func cosAt(x float64) I {
	if x == 0 {
		return I{1, 1}
	}
	return around(math.Cos(x), ulpsSin).Meet(unit)
}

func tanAt(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	return around(math.Tan(x), ulpsTan)
}

// Sinc returns an enclosure of {sin(x)/x}, 1 at 0.
func Sinc(x I) I {
	if x.IsEmpty() {
		return Empty
	}
	if x.Hi <= 0 || x.Lo < 0 && -x.Lo > x.Hi {
		x = x.Neg() // even; now the end farther from 0 is Hi
	}
	// Sinc decreases from 1 at 0 to its least value at the first positive root of tan x = x, 4.4934….
	const first = 4.4934
	if x.Lo <= 0 {
		x.Lo = 0
	}
	if x.Hi <= first {
		return I{sincAt(x.Hi).Lo, sincAt(x.Lo).Hi}
	}
	if x.Lo < first {
		// The least value is -0.2172336282112216…, rounded outward here. Then sinc rises to 0.12837… at 7.7252…,
		// the greatest value past the minimum.
		r := I{-0.21723362821122167, sincAt(x.Lo).Hi}
		if x.Hi < 7.725 {
			return I{r.Lo, max(r.Hi, sincAt(x.Hi).Hi)}
		}
		return I{r.Lo, max(r.Hi, 0.1284)}
	}
	r := Sin(x).Div(x)
	if x.Hi-x.Lo < 2 { // mean value form with sinc'(x) = (cos x - sinc x)/x
		m := x.Mid()
		r = r.Meet(sincAt(m).Add(Cos(x).Sub(r).Div(x).Mul(x.Sub(I{m, m}))))
	}
	return r
}

func sincAt(x float64) I {
	if x == 0 {
		return I{1, 1}
	}
	if math.Abs(x) > math.MaxFloat64 {
		return I{-tiny, tiny}
	}
	return sinAt(x).Div(I{x, x}).Meet(unit)
}

// Asin returns an enclosure of {arcsin x : -1 ≤ x ≤ 1}.
func Asin(x I) I {
	if x = x.Meet(unit); x.IsEmpty() {
		return Empty
	}
	return I{asinAt(x.Lo).Lo, asinAt(x.Hi).Hi}
}

func asinAt(x float64) I {
	switch x {
	case 0:
		return I{0, 0}
	case 1:
		return halfPi
	case -1:
		return halfPi.Neg()
	}
	v := around(math.Asin(x), ulpsAsin)
	return I{max(v.Lo, -halfPi.Hi), min(v.Hi, halfPi.Hi)}
}

// Acos returns an enclosure of {arccos x : -1 ≤ x ≤ 1}.
func Acos(x I) I {
	if x = x.Meet(unit); x.IsEmpty() {
		return Empty
	}
	return I{acosAt(x.Hi).Lo, acosAt(x.Lo).Hi}
}

func acosAt(x float64) I {
	switch x {
	case 0:
		return halfPi
	case 1:
		return I{0, 0}
	case -1:
		return Pi
	}
	v := around(math.Acos(x), ulpsAcos)
	return I{max(v.Lo, 0), min(v.Hi, Pi.Hi)}
}

// Atan returns an enclosure of {arctan x}.
func Atan(x I) I {
	if x.IsEmpty() {
		return Empty
	}
	return I{atanAt(x.Lo).Lo, atanAt(x.Hi).Hi}
}

func atanAt(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	v := around(math.Atan(x), ulpsAtan)
	return I{max(v.Lo, -halfPi.Hi), min(v.Hi, halfPi.Hi)}
}

// Atan2 returns an enclosure of {atan2(y, x) : (x, y) ≠ (0, 0)}, the angle of the point (x, y) in (-π, π].
// A box that meets the negative x axis and reaches below it gives [-π, π].
func Atan2(y, x I) I {
	switch {
	case x.IsEmpty() || y.IsEmpty() || x.Lo == 0 && x.Hi == 0 && y.Lo == 0 && y.Hi == 0:
		return Empty
	case x.Lo < 0 && y.Lo < 0 && y.Hi >= 0:
		return I{-Pi.Hi, Pi.Hi}
	case x.Lo >= 0 && y.Lo >= 0:
		return I{atan2At(y.Lo, x.Hi).Lo, atan2At(y.Hi, x.Lo).Hi}
	case x.Lo >= 0 && y.Hi <= 0:
		return I{atan2At(y.Lo, x.Lo).Lo, atan2At(y.Hi, x.Hi).Hi}
	case x.Lo >= 0:
		return I{atan2At(y.Lo, x.Lo).Lo, atan2At(y.Hi, x.Lo).Hi}
	case y.Lo >= 0 && x.Hi <= 0:
		return I{atan2At(y.Hi, x.Hi).Lo, atan2At(y.Lo, x.Lo).Hi}
	case y.Lo >= 0:
		return I{atan2At(y.Lo, x.Hi).Lo, atan2At(y.Lo, x.Lo).Hi}
	case x.Hi <= 0: // y.Hi < 0
		return I{atan2At(y.Hi, x.Lo).Lo, atan2At(y.Lo, x.Hi).Hi}
	}
	return I{atan2At(y.Hi, x.Lo).Lo, atan2At(y.Hi, x.Hi).Hi}
}

// atan2At encloses the angles in the limit at the corner (x, y); at the origin, which is no member of the
// domain, the angles of the axes that meet there are taken by the signs math.Atan2 gives to zeros.
func atan2At(y, x float64) I {
	return around(math.Atan2(y+0, x+0), ulpsAtan2).Meet(I{-Pi.Hi, Pi.Hi})
}
