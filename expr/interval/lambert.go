package interval

import "math"

// beforeBranch is the largest float64 below -1/e, the branch point of the Lambert function; the next one is
// above -1/e.
const beforeBranch = -0x1.78b56362cef38p-2

// LambertW returns an enclosure of {W(x) : x ≥ -1/e}, the principal branch of the solution of w e^w = x.
func LambertW(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x.Hi <= beforeBranch {
		return Empty
	}
	r := I{-1, math.Inf(1)}
	if x.Lo > beforeBranch {
		r.Lo = lambertAt(x.Lo).Lo
	}
	if x.Hi <= math.MaxFloat64 {
		r.Hi = lambertAt(x.Hi).Hi
	}
	return r
}

// lambertAt encloses W at a float64 x > -1/e. A value computed somehow is made an enclosure by proof:
// w e^w increases for w ≥ -1, so w is a lower bound when an upper bound of w e^w is at most x.
func lambertAt(x float64) I {
	if x == 0 {
		return I{0, 0}
	}
	w := lambertGuess(x)
	lo, hi := w, w
	for step := 1; lo > -1 && !(Exp(I{lo, lo}).Mul(I{lo, lo}).Hi <= x); step *= 2 {
		lo = lowered(lo, step)
	}
	for step := 1; !(Exp(I{hi, hi}).Mul(I{hi, hi}).Lo >= x); step *= 2 {
		hi = raised(hi, step)
	}
	return I{max(lo, -1), hi}
}

// lambertGuess returns W(x) for x > -1/e to within a few ulps (more next to the branch point -1/e, where W has a
// vertical tangent). It starts from the
// branch-point series or the logarithmic asymptote and iterates Halley's method (Corless et al., On the
// Lambert W function, Adv. Comput. Math. 5, 1996, §4, eq. 5.9).
func lambertGuess(x float64) float64 {
	var w float64
	switch {
	case x > 0x1p1000: // w e^w' overflows below; Newton's method for w + log w = log x
		w = 700
		for range 4 {
			w -= (w + math.Log(w) - math.Log(x)) * w / (1 + w)
		}
		return w
	case x < -0.32:
		p := fromBranch(x)
		if w = branchSeries(p); p < 0.03 { // the next term of the series is below 0.01 p^8
			return max(w, -1)
		}
	case x < 1:
		w = x / (1 + x) * (1 + x/2)
	case x < 20:
		w = math.Log1p(x) * 0.7
	default:
		l := math.Log(x)
		k := math.Log(l)
		w = l - k + k/l
	}
	return halley(x, w)
}

// fromBranch returns p = √(2(ex + 1)); ex + 1 is formed with e and 1/e in two parts to keep its leading digits.
func fromBranch(x float64) float64 {
	const eTail = 0x1.4d57ee2b1013ap-53 // e - math.E
	d := math.FMA(x, math.E, 1) + x*eTail
	return math.Sqrt(2 * max(d, 0))
}

// branchSeries returns W for p = √(2(ex + 1)) and its lower branch for -p, about the branch point.
func branchSeries(p float64) float64 {
	return -1 + p*(1+p*(-1./3+p*(11./72+p*(-43./540+p*(769./17280+p*(-221./8505+p*(680863./43545600)))))))
}

// halley improves w, a solution of w e^w = x.
func halley(x, w float64) float64 {
	for range 20 {
		e := math.Exp(w)
		f := w*e - x
		d := f / (e*(w+1) - (w+2)*f/(2*w+2))
		v := w - d
		if math.Abs(d) < 1e-6*math.Abs(w) { // the order is 3
			return v
		}
		w = v
	}
	return w
}

// LambertWm1 returns an enclosure of {w ≤ -1 : w e^w = x}, the lower branch, for -1/e ≤ x < 0.
func LambertWm1(x I) I {
	if x.improper() {
		return x.instead()
	}
	if x.Hi <= beforeBranch || x.Lo >= 0 {
		return Empty
	}
	r := I{math.Inf(-1), -1}
	if x.Lo > beforeBranch {
		r.Hi = lambertLowerAt(x.Lo).Hi
	}
	if x.Hi < 0 {
		r.Lo = lambertLowerAt(x.Hi).Lo
	}
	return r
}

// lambertLowerAt encloses the lower branch at a float64 x in (-1/e, 0). As in lambertAt a value is made an
// enclosure by proof: w e^w decreases for w ≤ -1, and w + log(-w) increases there, which is log(-x) and does not
// underflow.
func lambertLowerAt(x float64) I {
	w := lambertLowerGuess(x)
	lo, hi := w, w
	target := Log(Point(-x))
	logs := func(w float64) I { return Log(Point(-w)).Add(Point(w)) }
	product := func(w float64) I { return Exp(Point(w)).Mul(Point(w)) }
	below := func(w float64) bool { return logs(w).Hi <= target.Lo }
	above := func(w float64) bool { return logs(w).Lo >= target.Hi }
	if x < -0.25 { // next to the branch point logarithms lose half the digits
		below = func(w float64) bool { return product(w).Lo >= x }
		above = func(w float64) bool { return product(w).Hi <= x }
	}
	for step := 1; !below(lo); step *= 2 {
		lo = lowered(lo, step)
	}
	for step := 1; hi < -1 && !above(hi); step *= 2 {
		hi = raised(hi, step)
	}
	return I{lo, min(hi, -1)}
}

// lambertLowerGuess returns the lower branch at x in (-1/e, 0), as lambertGuess does the principal one.
func lambertLowerGuess(x float64) float64 {
	if x < -0.32 {
		p := -fromBranch(x)
		w := branchSeries(p)
		if p > -0.03 {
			return min(w, -1)
		}
		return halley(x, w)
	}
	l := logAt(-x).Hi
	w := l - math.Log(-l)
	for range 20 { // Newton's method for w + log(-w) = l
		d := (w + math.Log(-w) - l) * w / (1 + w)
		if w -= d; math.Abs(d) < 1e-9*math.Abs(w) {
			break
		}
	}
	return w
}
