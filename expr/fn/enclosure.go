package fn

import (
	"math"

	"nabla/expr/interval"
)

// The functions of this file make the column Enclose where package interval has no function of the kind. They
// either compose interval operations so that each argument occurs once, or compose them at the ends of the box only,
// where a function is monotone; both are rigorous because every operation is, and need no error bound of their own.

type box = interval.I

// of1, of2 and of3 take apart the arguments of a column Enclose.
func of1(f func(box) box) func([]box) box { return func(x []box) box { return f(x[0]) } }

func of2(f func(_, _ box) box) func([]box) box { return func(x []box) box { return f(x[0], x[1]) } }

var (
	one     = box{Lo: 1, Hi: 1}
	half    = box{Lo: 0.5, Hi: 0.5}
	two     = box{Lo: 2, Hi: 2}
	atLeast = func(lo float64) box { return box{Lo: lo, Hi: inf} }
)

func point(x float64) box { return interval.Point(x) }

// rising encloses the image of the non-empty x under a function that increases on the domain from lo to hi, tends to
// the given limits at its ends, and is enclosed by at at every point between them.
func rising(x box, lo, atLo, hi, atHi float64, at func(p box) box) box {
	r := box{Lo: atLo, Hi: atHi}
	if x.Lo > lo {
		r.Lo = at(point(x.Lo)).Lo
	}
	if x.Hi < hi {
		r.Hi = at(point(x.Hi)).Hi
	}
	return r
}

func encloseSec(x box) box { return interval.Cos(x).Inv() }

func encloseCsc(x box) box { return interval.Sin(x).Inv() }

// hypotLess1Of encloses √(x²-1) for x ≥ 1; both factors increase, so that the product is sharp, and neither overflows.
func hypotLess1Of(x box) box { return x.Sub(one).Sqrt().Mul(x.Add(one).Sqrt()) }

func encloseAsec(x box) box {
	r := interval.Empty
	if right := x.Meet(atLeast(1)); !right.IsEmpty() {
		r = interval.Atan(hypotLess1Of(right))
	}
	if left := x.Neg().Meet(atLeast(1)); !left.IsEmpty() {
		r = r.Hull(interval.Pi.Sub(interval.Atan(hypotLess1Of(left))))
	}
	return r
}

func encloseAcsc(x box) box {
	r := interval.Empty
	if right := x.Meet(atLeast(1)); !right.IsEmpty() {
		r = interval.Atan2(one, hypotLess1Of(right))
	}
	if left := x.Neg().Meet(atLeast(1)); !left.IsEmpty() {
		r = r.Hull(interval.Atan2(one, hypotLess1Of(left)).Neg())
	}
	return r
}

func encloseAcot(x box) box { return interval.Atan(x.Inv()) }

func encloseSech(x box) box { return interval.Cosh(x).Inv() }

func encloseCsch(x box) box { return sided(x, interval.Sinh(x).Inv(), 0) }

func encloseCoth(x box) box { return sided(x, interval.Tanh(x).Inv(), 1) }

// sided is what r, the image of x under an odd function, has in common with the values from least on where x is
// nowhere negative, and with those up to -least where x is nowhere positive.
func sided(x, r box, least float64) box {
	switch {
	case x.Lo >= 0:
		return r.Meet(atLeast(least))
	case x.Hi <= 0:
		return r.Meet(atLeast(least).Neg())
	}
	return r
}

func encloseAsech(x box) box {
	if x = x.Meet(box{Lo: 0, Hi: 1}); x.IsEmpty() || x.Hi == 0 {
		return interval.Empty
	}
	// Decreasing; arcosh(1/p) = log(1 + t + √t √(t+2)), t = (1-p)/p.
	return rising(x.Neg(), -1, 0, 0, inf, func(p box) box {
		p = p.Neg()
		t := one.Sub(p).Div(p)
		return interval.Log1p(t.Add(t.Sqrt().Mul(t.Add(two).Sqrt())))
	})
}

func encloseAcsch(x box) box { return interval.Asinh(x.Inv()) }

func encloseAcoth(x box) box {
	// artanh(1/x) = log(1 + 2/(x-1))/2 for x > 1
	at := func(x box) box { return interval.Log1p(two.Div(x.Sub(one))).Mul(half) }
	r := interval.Empty
	if right := x.Meet(atLeast(1)); !right.IsEmpty() {
		r = at(right)
	}
	if left := x.Neg().Meet(atLeast(1)); !left.IsEmpty() {
		r = r.Hull(at(left).Neg())
	}
	return r
}

// encloseRoot takes x^(1/n) by corners where n is not one integer; negative x have roots of odd order only.
func encloseRoot(x, n box) box {
	if n.IsPoint() && n.Lo == math.Trunc(n.Lo) && math.Abs(n.Lo) < 1<<31 {
		return x.Root(int(n.Lo))
	}
	e := n.Inv()
	r := x.Meet(atLeast(0)).Pow(e)
	if x.Lo < 0 && hasOdd(n) {
		r = r.Hull(x.Neg().Meet(atLeast(0)).Pow(e).Neg())
	}
	return r
}

// hasOdd reports whether n may contain an odd integer.
func hasOdd(n box) bool {
	k := math.Ceil(n.Lo)
	return math.Abs(n.Lo) > 1<<52 || n.Hi-k >= 1 || k <= n.Hi && math.Abs(math.Mod(k, 2)) == 1
}

func encloseLogBase(x, b box) box {
	switch {
	case b.Lo == 2 && b.Hi == 2:
		return interval.Log2(x)
	case b.Lo == 10 && b.Hi == 10:
		return interval.Log10(x)
	}
	return interval.Log(x).Div(interval.Log(b))
}

func encloseHeaviside(x box) box {
	if x.IsEmpty() {
		return x
	}
	return box{Lo: heaviside(x.Lo), Hi: heaviside(x.Hi)}
}

func encloseClamp(x []box) box { return x[0].Max(x[1]).Min(x[2]) }

func encloseRelu(x box) box { return x.Max(box{}) }

func encloseMax(x []box) box {
	m := x[0]
	for _, v := range x[1:] {
		m = m.Max(v)
	}
	return m
}

func encloseMin(x []box) box {
	m := x[0]
	for _, v := range x[1:] {
		m = m.Min(v)
	}
	return m
}

// encloseMod: for b > 0 the values lie in [0, b), and as long as a stays in one period [kb, (k+1)b) they increase
// with a; likewise for b < 0.
func encloseMod(a, b box) box {
	if a.IsEmpty() || b.IsEmpty() || b.Lo == 0 && b.Hi == 0 {
		return interval.Empty
	}
	hull := box{Lo: min(b.Lo, 0), Hi: max(b.Hi, 0)}
	r, one := samePeriod(a, b)
	if one {
		return r.Meet(hull)
	}
	// A value beyond a on the other side of 0 is only possible where floor(a/b) ≠ 0, that is, not when 0 ≤ a < b.
	return hull
}

// samePeriod reports whether floor(a/b) is certainly the same number k all over the box, and encloses a - bk.
func samePeriod(a, b box) (box, bool) {
	if b.IsPoint() && b.Lo != 0 && a.IsBounded() {
		// math.Mod is exact, so that this is sharp for any size of a/b.
		lo, hi := modPoint(a.Lo, b.Lo), modPoint(a.Hi, b.Lo)
		switch {
		case a.IsPoint():
			return lo, true
		case a.Hi-a.Lo < math.Abs(b.Lo) && lo.Hi < hi.Lo:
			// Less than a period apart and in the order of a: no multiple of b lies between.
			return box{Lo: lo.Lo, Hi: hi.Hi}, true
		}
		return box{}, false
	}
	q := interval.Floor(a.Div(b))
	if q.IsPoint() && q.IsBounded() {
		return a.Sub(b.Mul(q)), true
	}
	return box{}, false
}

// modPoint encloses mod(a, b) for numbers.
func modPoint(a, b float64) box {
	r := point(math.Mod(a, b))
	if r.Lo != 0 && (r.Lo < 0) != (b < 0) {
		return r.Add(point(b))
	}
	return r
}

func encloseNormPDF(x box) box {
	// exp(-x²/2)/√(2π)
	return interval.Exp(x.Sqr().Mul(box{Lo: -0.5, Hi: -0.5})).Div(interval.Pi.Mul(two).Sqrt())
}

func encloseNormCDF(x box) box {
	return interval.Erfc(x.Neg().Div(two.Sqrt())).Mul(half)
}

func encloseSigmoid(x box) box { return interval.Exp(x.Neg()).Add(one).Inv() }

func encloseSoftplus(x box) box {
	if x.IsEmpty() {
		return x
	}
	return rising(x, math.Inf(-1), 0, inf, inf, func(p box) box {
		if p.Lo > 0 {
			return p.Add(interval.Log1p(interval.Exp(p.Neg())))
		}
		return interval.Log1p(interval.Exp(p))
	})
}

func encloseLogit(x box) box {
	if x = x.Meet(box{Lo: 0, Hi: 1}); x.IsEmpty() || x.Hi == 0 || x.Lo == 1 {
		return interval.Empty
	}
	return rising(x, 0, math.Inf(-1), 1, inf, func(p box) box {
		if p.Lo > 0.25 && p.Lo < 0.75 {
			return interval.Log1p(two.Mul(p).Sub(one).Div(one.Sub(p)))
		}
		return interval.Log(p.Div(one.Sub(p)))
	})
}

// encloseLogSumExp: increasing in every argument.
func encloseLogSumExp(x []box) box {
	r := box{Lo: math.Inf(-1), Hi: math.Inf(-1)}
	for _, v := range x {
		if v.IsEmpty() {
			return v
		}
		r.Lo, r.Hi = max(r.Lo, v.Lo), max(r.Hi, v.Hi)
	}
	at := func(m float64, end func(box) float64) box {
		s, skipped := interval.Point(0), false
		for _, v := range x {
			if e := end(v); e == m && !skipped {
				skipped = true // its term is exp(0), the 1 of log1p
			} else if e >= -math.MaxFloat64 {
				s = s.Add(interval.Exp(point(e).Sub(point(m))))
			}
		}
		return point(m).Add(interval.Log1p(s))
	}
	if r.Lo >= -math.MaxFloat64 {
		r.Lo = at(r.Lo, func(v box) float64 { return v.Lo }).Lo
	}
	if r.Hi <= math.MaxFloat64 {
		r.Hi = at(r.Hi, func(v box) float64 { return v.Hi }).Hi
	}
	return r
}

// encloseBeta: decreasing in each argument where both are positive, the product of gamma functions elsewhere.
func encloseBeta(a, b box) box {
	if a.IsEmpty() || b.IsEmpty() {
		return interval.Empty
	}
	if a.Lo > 0 && b.Lo > 0 {
		r := box{Lo: 0, Hi: betaAt(point(a.Lo), point(b.Lo)).Hi}
		if a.Hi < inf && b.Hi < inf {
			r.Lo = betaAt(point(a.Hi), point(b.Hi)).Lo
		}
		return r
	}
	c := a.Add(b)
	reciprocal := interval.Gamma(c).Inv()
	if poles(c) != interval.Continuous {
		reciprocal = reciprocal.Hull(box{}) // 1/Γ is 0 at the poles of Γ
	}
	return interval.Gamma(a).Mul(interval.Gamma(b)).Mul(reciprocal)
}

// betaAt encloses beta at a, b > 0, by the formulas of betaPositive.
func betaAt(a, b box) box {
	if a.Lo < b.Lo {
		a, b = b, a
	}
	c := a.Add(b)
	switch {
	case c.Hi < 150:
		return interval.Gamma(a).Mul(interval.Gamma(b).Div(interval.Gamma(c)))
	case a.Hi > 1e300: // beta decreases
		return box{Lo: 0, Hi: betaAt(point(1e300), point(min(b.Lo, 1e300))).Hi}
	case b.Lo < 10:
		t := b.Div(a)
		l := a.Sub(half).Mul(log1pRestOf(t)).Add(half.Mul(t)).Sub(b.Mul(interval.Log(c)))
		return interval.Gamma(b).Mul(interval.Exp(l.Add(stirlingRestOf(a)).Sub(stirlingRestOf(c))))
	}
	l := b.Mul(interval.Log(b.Div(c))).Sub(a.Sub(half).Mul(interval.Log1p(b.Div(a)))).Sub(half.Mul(interval.Log(b)))
	l = l.Add(stirlingRestOf(a)).Add(stirlingRestOf(b)).Sub(stirlingRestOf(c))
	return interval.Pi.Mul(two).Sqrt().Mul(interval.Exp(l))
}

// log1pRestOf encloses t - log(1+t) for a narrow t ≥ 0; the terms of the series decrease and alternate.
func log1pRestOf(t box) box {
	if t.Hi > 0.1 {
		return t.Sub(interval.Log1p(t))
	}
	s, p := box{}, t.Sqr()
	for k := 2.0; ; k++ {
		d := p.Div(point(k))
		if d.Mag() <= 0x1p-60*s.Mag() || k > 40 {
			return s.Add(d.Hull(box{}))
		}
		s = s.Add(d)
		p = p.Mul(t).Neg()
	}
}

// stirlingSeries are the coefficients of δ(x) in x⁻¹, x⁻³, … as quotients.
var stirlingSeries = [...]struct{ num, den float64 }{{1, 12}, {-1, 360}, {1, 1260}, {-1, 1680}, {1, 1188}, {-691, 360360}, {1, 156}}

// stirlingRestOf encloses δ(x) of stirlingRest for a narrow x ≥ 10: the remainder lies between 0 and the first term left
// out (DLMF 5.11(ii)).
func stirlingRestOf(x box) box {
	w := x.Sqr().Inv()
	s := box{}
	for k := len(stirlingSeries) - 1; k >= 0; k-- {
		c := point(stirlingSeries[k].num).Div(point(stirlingSeries[k].den))
		if k == len(stirlingSeries)-1 {
			c = c.Hull(box{})
		}
		s = s.Mul(w).Add(c)
	}
	return s.Div(x)
}
