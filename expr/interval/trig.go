package interval

import "math"

var unit = I{-1, 1}

// quadrant returns the floor of x/(π/2), in doubled arithmetic so that it is wrong only where x is within
// about |x|·2^-100 of a multiple of π/2; there it errs down, or up if so asked. |x| < 2^51.
func quadrant(x float64, up bool) int64 {
	if math.Abs(x) < 0.7 {
		if x < 0 {
			return -1
		}
		return 0
	}
	p := float64(x * twoOverPiHead) // the conversions keep products from being fused into the sums
	e := math.FMA(x, twoOverPiHead, -p) + float64(x*twoOverPiTail)
	d := math.Abs(p) * 0x1p-100
	f := math.Floor(p)
	if up {
		e += d
	} else {
		e -= d
	}
	// p - f is exact. Where it is next to 1 the sum may be rounded to 1, which is read as asked.
	switch r := (p - f) + e; {
	case r < 0:
		f--
	case r > 1 || up && r == 1:
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
	case x.improper():
		return x.instead()
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
	case x.improper():
		return x.instead()
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
	case x.improper():
		return x.instead()
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
	case x.improper():
		return x.instead()
	case x.Lo == 0 && x.Hi == 0:
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

func cotAt(x float64) I {
	if math.Abs(x) > kernelRange && math.Abs(x) <= math.MaxFloat64 {
		n, h, l := reduceTrig(x)
		if n&1 == 1 {
			return tanKernel(h, l).Neg()
		}
		return tanKernel(h, l).Inv()
	}
	return tanAt(x).Inv()
}

func sinAt(x float64) I {
	switch {
	case math.Abs(x) <= kernelRange:
		return sinKernel(x, 0)
	case math.Abs(x) > math.MaxFloat64:
		return unit
	}
	n, h, l := reduceTrig(x)
	return quarter(n, h, l)
}

func cosAt(x float64) I {
	switch {
	case math.Abs(x) <= kernelRange:
		return cosKernel(x, 0)
	case math.Abs(x) > math.MaxFloat64:
		return unit
	}
	n, h, l := reduceTrig(x)
	return quarter(n+1, h, l)
}

// quarter encloses sin(nπ/2 + h + l).
func quarter(n int, h, l float64) I {
	switch n & 3 {
	case 0:
		return sinKernel(h, l)
	case 1:
		return cosKernel(h, l)
	case 2:
		return sinKernel(h, l).Neg()
	}
	return cosKernel(h, l).Neg()
}

// The kernels enclose at h + l, |h| ≤ kernelRange. The tail, with its error of less than 2^-50 of itself and 2^-70 of h,
// counts by the mean value theorem.

func sinKernel(h, l float64) I {
	if h == 0 {
		return I{0, 0}
	}
	v := around(math.Sin(h), ulpsSin)
	if l != 0 { // slope between cos 0.81 and 1
		v = v.Add(tail(h, l).Mul(I{0.689, 1}))
	}
	return v.Meet(unit)
}

func cosKernel(h, l float64) I {
	if h == 0 {
		return I{1, 1}
	}
	v := around(math.Cos(h), ulpsSin)
	if l != 0 { // slope -sin ξ, 0.89|h| ≤ |sin ξ| ≤ 1.01|h|
		v = v.Sub(tail(h, l).Mul(I{min(0.89*h, 1.01*h), max(0.89*h, 1.01*h)}))
	}
	return v.Meet(unit)
}

func tail(h, l float64) I {
	d := math.Abs(h)*0x1p-69 + math.Abs(l)*0x1p-49
	return I{l - d, l + d}
}

func tanAt(x float64) I {
	switch {
	case math.Abs(x) <= kernelRange:
		return tanKernel(x, 0)
	case math.Abs(x) > math.MaxFloat64:
		return Whole
	}
	n, h, l := reduceTrig(x)
	t := tanKernel(h, l)
	if n&1 == 1 {
		t = t.Inv().Neg()
	}
	return t
}

const tanSmall = 0x1p-20

func tanKernel(h, l float64) I {
	if h == 0 {
		return I{0, 0}
	}
	if math.Abs(h) < tanSmall { // tan h = h + h³/3 + 2h⁵/15 + …; math.Tan leaves all but h out below 1e-7
		x := I{h, h}
		return x.Add(x.PowInt(3).Mul(I{0.3333, 0.3334})).Add(tail(h, l).Mul(I{1, 1.01}))
	}
	v := around(math.Tan(h), ulpsTan)
	if l != 0 { // slope 1 + tan² ξ between 1 and 1/cos² 0.81
		v = v.Add(tail(h, l).Mul(I{1, 2.11}))
	}
	return v
}

// Sinc returns an enclosure of {sin(x)/x}, 1 at 0.
func Sinc(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x.Lo == x.Hi {
		return sincAt(x.Lo)
	}
	if x.Hi <= 0 || x.Lo < 0 && -x.Lo > x.Hi {
		x = x.Neg() // even; now the end farther from 0 is Hi
	}
	// Sinc decreases from 1 at 0 to its least value at the first positive root of tan x = x, 4.49340….
	const first = 4.4934
	if x.Lo <= 0 {
		x.Lo = 0
	}
	if x.Hi <= first {
		return I{sincAt(x.Hi).Lo, sincAt(x.Lo).Hi}
	}
	const after = 4.4935
	if x.Lo < after {
		// The least value is -0.2172336282112216…, rounded outward here. Then sinc rises to 0.12837… at 7.7252…,
		// the greatest value past the minimum.
		r := I{-0.21723362821122167, sincAt(x.Lo).Hi}
		if x.Hi < 7.725 {
			return I{r.Lo, max(r.Hi, sincAt(x.Hi).Hi)}
		}
		return I{r.Lo, max(r.Hi, 0.1284)}
	}
	if x.Hi < 7.725 { // between the extrema
		return I{sincAt(x.Lo).Lo, sincAt(x.Hi).Hi}
	}
	r := Sin(x).Div(x).Meet(I{-0.21723362821122167, 0.1284})
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
	if math.Abs(x) < 0x1p-27 { // 1 - x²/6 ≤ sinc x ≤ 1
		return I{1 - 0x1p-53, 1}
	}
	return sinAt(x).Div(I{x, x}).Meet(unit)
}

// Asin returns an enclosure of {arcsin x : -1 ≤ x ≤ 1}.
func Asin(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x = x.Meet(unit); x.IsEmpty() {
		return Empty
	}
	return I{asinAt(x.Lo).Lo, asinAt(x.Hi).Hi}
}

func asinAt(x float64) I {
	switch {
	case x == 0:
		return I{0, 0}
	case math.Abs(x) <= 0.5:
		return around(math.Asin(x), ulpsAsin)
	case x < 0:
		return asinAt(-x).Neg()
	}
	return halfPi.Sub(acosUpper(x))
}

// acosUpper encloses arccos x for 1/2 < x ≤ 1 as 2 arcsin √((1-x)/2), where 1 - x is exact; math.Acos loses half its
// digits there, and math.Asin many.
func acosUpper(x float64) I {
	s := I{(1 - x) / 2, (1 - x) / 2}.Sqrt()
	return I{2 * asinAt(s.Lo).Lo, 2 * asinAt(s.Hi).Hi}
}

// Acos returns an enclosure of {arccos x : -1 ≤ x ≤ 1}.
func Acos(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x = x.Meet(unit); x.IsEmpty() {
		return Empty
	}
	return I{acosAt(x.Hi).Lo, acosAt(x.Lo).Hi}
}

func acosAt(x float64) I {
	switch {
	case x > 0.5:
		return acosUpper(x)
	case x < -0.5:
		return Pi.Sub(acosUpper(-x))
	}
	return halfPi.Sub(asinAt(x))
}

// Atan returns an enclosure of {arctan x}.
func Atan(x I) I {
	if x.improper() {
		return x.instead()
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
	case x.improper() || y.improper():
		return x.insteadWith(y)
	case x.Lo == 0 && x.Hi == 0 && y.Lo == 0 && y.Hi == 0:
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

// atan2At encloses the angles in the limit at the corner (x, y) of a box. At the origin, no member of the domain, 0
// serves: it is an end of the angles of the sides that meet there, or beyond them.
func atan2At(y, x float64) I {
	switch {
	case y == 0 && x >= 0:
		return I{0, 0}
	case y == 0:
		return Pi
	case x == 0 && y > 0:
		return halfPi
	case x == 0:
		return halfPi.Neg()
	}
	v := around(math.Copysign(math.Atan2(y, x), y), ulpsAtan2) // where y/x underflows, math.Atan2 may miss the sign of y
	return v.Meet(I{-Pi.Hi, Pi.Hi})
}
