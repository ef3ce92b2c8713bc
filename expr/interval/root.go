package interval

import "math"

// Sqrt returns an enclosure of {√x : x ≥ 0}; its ends are correctly rounded outward.
func (a I) Sqrt() I {
	if a.improper() {
		return a.instead()
	}
	if a.Hi < 0 {
		return Empty
	}
	return I{sqrtDown(max(a.Lo, 0)), sqrtUp(a.Hi)}
}

// Sqrt is I.Sqrt as a function.
func Sqrt(x I) I { return x.Sqrt() }

// Cbrt returns an enclosure of the real cube roots {∛x}, defined for every x.
func (a I) Cbrt() I { return a.Root(3) }

// Cbrt is I.Cbrt as a function.
func Cbrt(x I) I { return x.Cbrt() }

// Root returns an enclosure of the real n-th roots of a: for odd n of every x, for even n of x ≥ 0, for
// negative n the reciprocal of the root of order -n. There is no root of order 0: Empty.
func (a I) Root(n int) I {
	switch {
	case n == 0:
		return Empty
	case a.improper():
		return a.instead()
	case n < 0:
		if n == math.MinInt {
			n++ // even and out of reach; the next odd order on x ≥ 0 is hulled with 1
			return a.Meet(I{0, math.Inf(1)}).Root(n).Hull(I{1, 1})
		}
		return a.Root(-n).Inv()
	case n == 1:
		return a
	case n == 2:
		return a.Sqrt()
	case n&1 == 0:
		if a.Hi < 0 {
			return Empty
		}
		a.Lo = max(a.Lo, 0)
	}
	return I{rootAt(a.Lo, uint(n)).Lo, rootAt(a.Hi, uint(n)).Hi}
}

// rootAt encloses the n-th root of an end x, n ≥ 3. A value computed somehow is made an enclosure by
// proof: r is a lower bound when an upper bound of r^n is at most x.
func rootAt(x float64, n uint) I {
	if x < 0 {
		r := rootAt(-x, n)
		return I{-r.Hi, -r.Lo}
	}
	if x == 0 || x == 1 {
		return I{x, x}
	}
	if x > math.MaxFloat64 {
		// Smaller reals than +Inf have smaller roots: the lower end is that of the largest float64.
		return I{rootAt(math.MaxFloat64, n).Lo, x}
	}
	if n > 1000 { // |log x|/n is below 1, and its error too small to matter
		d := float64(n)
		return Exp(logAt(x).Div(I{d, d}.grow()))
	}
	// Keep the powers away from overflow and the subnormal numbers: the root of x 2^kn is that of x times 2^k, exactly.
	if k := int(600/n) + 1; x < 0x1p-600 {
		r := rootAt(math.Ldexp(x, k*int(n)), n)
		return I{math.Ldexp(r.Lo, -k), math.Ldexp(r.Hi, -k)}
	}
	if k := int(300/n) + 1; x > 0x1p900 {
		r := rootAt(math.Ldexp(x, -k*int(n)), n)
		return I{math.Ldexp(r.Lo, k), math.Ldexp(r.Hi, k)}
	}
	r := math.Cbrt(x)
	if n > 3 {
		r = math.Exp(math.Log(x) / float64(n))
		if p := powEnd(r, n); p.Lo > 0 && p.Hi <= math.MaxFloat64 { // one step of Newton's method for r^n = x
			r += r * ((x - p.Lo) / p.Lo) / float64(n)
		}
	}
	p := powEnd(r, n)
	if p.Lo == x && p.Hi == x {
		return I{r, r}
	}
	lo, hi := r, r
	for step := 1; !(powEnd(lo, n).Hi <= x); step *= 2 {
		lo = max(lowered(lo, step), 0)
	}
	for step := 1; !(powEnd(hi, n).Lo >= x); step *= 2 {
		hi = raised(hi, step)
	}
	return I{lo, hi}
}

// Hypot returns an enclosure of {√(x² + y²)}.
func Hypot(x, y I) I {
	if x.improper() || y.improper() {
		return x.insteadWith(y)
	}
	return I{hypotAt(x.Mig(), y.Mig()).Lo, hypotAt(x.Mag(), y.Mag()).Hi}
}

func hypotAt(x, y float64) I {
	switch {
	case x == 0 || y == 0:
		return I{max(x, y), max(x, y)}
	case x > math.MaxFloat64 || y > math.MaxFloat64:
		return I{math.MaxFloat64, math.Inf(1)}
	}
	v := around(math.Hypot(x, y), ulpsHypot)
	return I{max(v.Lo, x, y), v.Hi}
}
