package fn

import "math"

// digammaRoot is the only positive zero of the digamma function, as the float64 nearest to it and the remainder.
const (
	digammaRoot    = 1.4616321449683622
	digammaRootLow = 9.549995429965697e-17
)

// digammaTaylor are the coefficients ψ⁽ᵏ⁾(x₀)/k!, k = 1, 2, …, at the root x₀. The nearest pole is at 0, so that
// within 1/2 of the root a term is at most 0.35 of the one before, and 34 of them reach 2⁻⁵³.
var digammaTaylor = [...]float64{
	0.96767224544762117043,
	-0.44276316898359210609,
	0.25849976095565101062,
	-0.1639427054424065275,
	0.10782405069126236576,
	-0.072199561256454710926,
	0.048804288164143107225,
	-0.033161126474847359292,
	0.02259764823221810466,
	-0.015424765904948959139,
	0.010538791616612175388,
	-0.007204534386356868241,
	0.0049267813957298534464,
	-0.0033698016554393280828,
	0.0023051263267349278369,
	-0.0015769367714301972593,
	0.0010788252019162965807,
	-0.00073807093899600512957,
	0.00050495326583460203518,
	-0.00034546802510630769956,
	0.00023635601564027052792,
	-0.00016170622091974803449,
	0.00011063372768747410904,
	-0.000075691795821950659192,
	0.00005178575795222080869,
	-0.000035430070947659606316,
	0.000024240066118601317653,
	-0.000016584242271854133375,
	0.000011346384584663849807,
	-7.7628176684620944253e-6,
	5.3110609208898633873e-6,
	-3.6336507898010456684e-6,
	2.4860227331295379489e-6,
	-1.7008538854332606582e-6,
}

// bernoulli are B₂ⱼ/(2j)!, j = 1, 2, ….
var bernoulli = [...]float64{
	8.3333333333333333333e-2, -1.3888888888888888889e-3, 3.3068783068783068783e-5, -8.2671957671957671958e-7,
	2.0876756987868098979e-8, -5.2841901386874931848e-10, 1.3382536530684678833e-11, -3.3896802963225828668e-13,
	8.5860620562778445641e-15, -2.174868698558061873e-16, 5.5090028283602295152e-18, -1.3954464685812523341e-19,
}

// digamma returns ψ(x) = Γ′(x)/Γ(x): the asymptotic series for x ≥ 10, recurrence to a Taylor series about its positive
// root below, reflection for x < 0 (Abramowitz and Stegun 6.3.5, 6.3.7, 6.3.18).
func digamma(x float64) float64 {
	switch {
	case x <= 0:
		if x == math.Floor(x) {
			return math.NaN()
		}
		// ψ(x) = ψ(1-x) - π/tan(πx), and tan has period π: r = x - n is exact.
		if r := x - math.RoundToEven(x); math.Abs(r) != 0.5 {
			return digamma(1-x) - math.Pi/math.Tan(math.Pi*r)
		}
		return digamma(1 - x)
	case x >= 10:
		// log x - 1/(2x) - Σ B₂ⱼ/(2j x²ʲ)
		t := 1 / (x * x)
		p := t * (1.0/12 - t*(1.0/120-t*(1.0/252-t*(1.0/240-t*(1.0/132-t*(691.0/32760-t*(1.0/12)))))))
		return math.Log(x) - 0.5/x - p
	}
	// The terms of the recurrence have one sign, so that nothing cancels.
	s := 0.0
	for ; x > digammaRoot+0.5; x-- {
		s += 1 / (x - 1)
	}
	if x < digammaRoot-0.5 {
		s -= 1 / x
		x++
	}
	d := (x - digammaRoot) - digammaRootLow
	v := 0.0
	for k := len(digammaTaylor) - 1; k >= 0; k-- {
		v = v*d + digammaTaylor[k]
	}
	return s + v*d
}

func trigamma(x float64) float64 { return polygamma(1, x) }

// polygamma returns the n-th derivative of the digamma function,
// ψ⁽ⁿ⁾(x) = (-1)ⁿ⁺¹ n! Σ 1/(x+k)ⁿ⁺¹ over k = 0, 1, …, for n = 0, 1, 2, …, and NaN at the poles and for other n.
// For x < 0 the finitely many terms with x+k < 0 are a difference of two sums of the same kind.
func polygamma(n, x float64) float64 {
	switch {
	case !(n >= 0) || n != math.Floor(n) || math.IsInf(n, 0) || x != x:
		return math.NaN()
	case n == 0:
		return digamma(x)
	case x > 0:
		z := factorialTimesZeta(n, x)
		if math.Mod(n, 2) == 0 {
			return -z
		}
		return z
	case x == math.Floor(x):
		return math.NaN() // also -Inf
	}
	// x = -k - f with 0 < f < 1. The terms run over -(f+k), …, -(f+1), -f, then 1-f, 2-f, …
	f := -x - math.Floor(-x)
	left, right := factorialTimesZeta(n, f), factorialTimesZeta(n, 1-f)
	if math.Mod(n, 2) == 0 {
		right = -right
	}
	v := left + right // first, as they cancel where f is near 1/2
	if far := factorialTimesZeta(n, 1-x); far < left {
		v -= far
	}
	return v
}

// factorialTimesZeta returns n! ζ(n+1, q), ζ(s, q) = Σ (q+k)⁻ˢ over k = 0, 1, …, for an integer n ≥ 1 and q > 0: the
// first terms as they stand, then the Euler–Maclaurin formula (DLMF 25.11.28), whose remainder is smaller than the
// first term left out because t⁻ˢ is completely monotone.
func factorialTimesZeta(n, q float64) float64 {
	if math.IsInf(q, 1) {
		return 0
	}
	s := n + 1
	if n > 1e6 {
		// Millions of terms, to say that the value is 0 or past float64: it is
		// neither only where n! and qⁿ nearly cancel, and there the terms fall
		// like a geometric series.
		switch v := scaled(n, q, -1/math.Expm1(-s*math.Log1p(1/q))); {
		case v == v:
			return v
		case q < n/math.E: // n! is about (n/e)ⁿ; even its logarithm is too large
			return math.Inf(1)
		}
		return 0
	}
	// Everything is divided by the first term, q⁻ˢ.
	sum, y := 0.0, q
	for y < 10+s/2 {
		t := math.Exp(-s * math.Log1p((y-q)/q))
		sum += t
		if t < 0x1p-60*sum {
			return scaled(n, q, sum) // the rest is below t(1 + y/n), at most 12t
		}
		y++
	}
	first := 1.0
	if y > q {
		first = math.Exp(-s * math.Log1p((y-q)/q))
	}
	tail := y/n + 0.5
	rising, power := s, 1/y // s(s+1)…(s+2j-2)/y²ʲ⁻¹
	for j := range bernoulli {
		t := bernoulli[j] * rising * power
		tail += t
		if math.Abs(t) < 0x1p-60*tail {
			break
		}
		m := s + float64(2*j)
		rising *= (m + 1) * (m + 2)
		power /= y * y
	}
	return scaled(n, q, sum+first*tail)
}

// scaled returns n! q⁻ⁿ⁻¹ sum without a needless overflow.
func scaled(n, q, sum float64) float64 {
	if n <= 120 {
		if p := math.Pow(q, -n); p >= 0x1p-1022 && p < 0x1p1000 {
			if v := math.Gamma(n+1) * p * (sum / q); v < math.MaxFloat64 {
				return v
			}
		}
	}
	l, _ := math.Lgamma(n + 1)
	return math.Exp(l - (n+1)*math.Log(q) + math.Log(sum))
}
