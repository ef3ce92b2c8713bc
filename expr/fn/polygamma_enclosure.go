package fn

import (
	"math"

	"nabla/expr/interval"
)

// greatestOrder is the order of the polygamma function up to which it is enclosed sharply: its factorial, and with
// it the values near 1, stay far from overflow.
const greatestOrder = 100

// enclosePolygamma encloses ψ⁽ⁿ⁾ where the order is one whole number; of a range of orders it takes the hull, or Whole
// when they are many.
func enclosePolygamma(n, x box) box {
	if n.IsEmpty() || x.IsEmpty() || n.Hi < 0 {
		return interval.Empty
	}
	first, last := math.Ceil(max(n.Lo, 0)), math.Floor(n.Hi)
	if last-first > 4 {
		return interval.Whole
	}
	r := interval.Empty
	for k := first; k <= last; k++ {
		r = r.Hull(polygammaOver(k, x))
	}
	return r
}

// polygammaOver encloses ψ⁽ⁿ⁾ over x. For even n it increases between any two neighbouring poles and on x > 0. For odd
// n it is positive everywhere, convex between neighbouring poles, and decreases on x > 0.
func polygammaOver(n float64, x box) box {
	switch n {
	case 0:
		return interval.Digamma(x)
	case 1:
		return interval.Trigamma(x)
	}
	even := math.Mod(n, 2) == 0
	r := interval.Whole
	if !even {
		r.Lo = 0
	}
	// The poles nearest to the ends: x lies on one piece when no pole is strictly inside.
	switch {
	case poles(x) == interval.None:
		return interval.Empty
	case n > greatestOrder:
		if even && x.Lo >= 0 {
			r.Hi = 0
		}
		return r
	case x.Lo < 0 && x.Hi > math.Floor(x.Lo)+1:
		return r
	}
	lo, hi := interval.Whole, interval.Whole // what is known at the ends of x
	if !pole(x.Lo) {
		lo = polygammaAt(n, x.Lo)
	}
	if x.Hi < inf && !pole(x.Hi) {
		hi = polygammaAt(n, x.Hi)
	}
	switch {
	case even:
		r.Lo = lo.Lo
		if x.Hi < inf {
			r.Hi = hi.Hi
		} else {
			r.Hi = 0
		}
	case x.Lo >= 0:
		r.Hi = lo.Hi
		if x.Hi < inf {
			r.Lo = max(hi.Lo, 0)
		}
	default:
		r.Hi = max(lo.Hi, hi.Hi)
		r.Lo = max(leastOf(n, x), 0)
	}
	return r
}

// leastOf returns a lower bound of ψ⁽ⁿ⁾, n odd, over x between two neighbouring poles: its derivative ψ⁽ⁿ⁺¹⁾
// increases, so bisection closes in on the minimum, and the function lies above its tangent.
func leastOf(n float64, x box) float64 {
	a, b := x.Lo, x.Hi
	if !pole(a) && polygammaAt(n+1, a).Lo >= 0 {
		return polygammaAt(n, a).Lo
	}
	if !pole(b) && polygammaAt(n+1, b).Hi <= 0 {
		return polygammaAt(n, b).Lo
	}
	if pole(a) {
		a = math.Nextafter(a, 0)
	}
	if pole(b) {
		b = math.Nextafter(b, math.Inf(-1))
	}
	for range 60 {
		m := a + (b-a)/2
		if m <= a || m >= b {
			break
		}
		switch s := polygammaAt(n+1, m); {
		case s.Hi < 0:
			a = m
		case s.Lo > 0:
			b = m
		default: // flat within rounding: the tangent at m will do for all of x
			return polygammaAt(n, m).Add(s.Mul(x.Sub(point(m)))).Lo
		}
	}
	// Between a and b the tangent at a; outside, the tangents at a and b, which hardly slope the wrong way.
	ga, gb := polygammaAt(n, a), polygammaAt(n, b)
	sa, sb := polygammaAt(n+1, a), polygammaAt(n+1, b)
	low := ga.Add(sa.Mul(box{Lo: 0, Hi: point(b).Sub(point(a)).Hi})).Lo
	if sa.Hi > 0 {
		low = min(low, ga.Add(point(sa.Hi).Mul(point(x.Lo).Sub(point(a)))).Lo)
	}
	if sb.Lo < 0 {
		low = min(low, gb.Add(point(sb.Lo).Mul(point(x.Hi).Sub(point(b)))).Lo)
	}
	return min(low, ga.Lo, gb.Lo)
}

// polygammaAt encloses ψ⁽ⁿ⁾ at a float64 that is no pole, 2 ≤ n ≤ greatestOrder+1, by the same sums as polygamma.
func polygammaAt(n, x float64) box {
	k := int(n)
	fact := one
	for i := 2; i <= k; i++ {
		fact = fact.Mul(point(float64(i)))
	}
	even := k%2 == 0
	var z box
	if x > 0 {
		z = zetaOf(k+1, point(x))
		if even {
			z = z.Neg()
		}
	} else {
		f := point(-x - math.Floor(-x)) // exact
		left := zetaOf(k+1, f).Sub(zetaOf(k+1, one.Sub(point(x))))
		right := zetaOf(k+1, one.Sub(f))
		if even {
			z = left.Sub(right)
		} else {
			z = left.Add(right)
		}
	}
	return z.Mul(fact)
}

// bernoulliOver are B₂ⱼ/(2j)! as quotients of integers that are float64.
var bernoulliOver = [...]struct{ num, den float64 }{
	{1, 12}, {-1, 720}, {1, 30240}, {-1, 1209600}, {1, 47900160}, {-691, 1307674368000}, {1, 74724249600},
	{-3617, 10670622842880000},
}

// zetaOf encloses ζ(s, q) for a narrow q > 0 and s ≥ 2. The remainder of the Euler–Maclaurin formula lies between 0 and
// the first term left out (DLMF 25.11.28 with a completely monotone summand).
func zetaOf(s int, q box) box {
	sum, y := box{}, q
	for y.Lo < 10+float64(s) {
		sum = sum.Add(y.PowInt(-s))
		y = y.Add(one)
	}
	last := y.PowInt(-s)
	tail := y.Div(point(float64(s - 1))).Add(half)
	rising, inv := point(float64(s)).Div(y), y.Sqr().Inv()
	for j, b := range bernoulliOver {
		t := rising.Mul(point(b.num).Div(point(b.den)))
		if j == len(bernoulliOver)-1 {
			tail = tail.Add(t.Hull(box{}))
			break
		}
		tail = tail.Add(t)
		m := float64(s + 2*j)
		rising = rising.Mul(point((m + 1) * (m + 2))).Mul(inv)
	}
	return sum.Add(last.Mul(tail))
}
