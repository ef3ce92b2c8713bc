package fn

import "math"

// beta returns Γ(a)Γ(b)/Γ(a+b), and NaN where a or b is a pole of Γ. Where only a+b is one the value is 0.
func beta(a, b float64) float64 {
	if pole(a) || pole(b) || a != a || b != b {
		return math.NaN()
	}
	c := a + b
	switch {
	case pole(c):
		return 0
	case a > 0 && b > 0:
		return betaPositive(max(a, b), min(a, b))
	case math.Abs(a) < 150 && math.Abs(b) < 150 && math.Abs(c) < 150:
		return betaGamma(a, b)
	}
	if a < b {
		a, b = b, a
	}
	// Γ(x) = π/(sin(πx) Γ(1-x)) for each negative argument, and what is left is a beta function of positive ones.
	switch {
	case a > 0 && c > 0:
		return math.Pi / (sinPi(b) * a * beta(1-b, c))
	case a > 0:
		return sinPiSum(a, b) / sinPi(b) * beta(a, 1-c)
	}
	return math.Pi * sinPiSum(a, b) / (sinPi(a) * sinPi(b) * (1 - c) * beta(1-a, 1-b))
}

// sinPi returns sin(πx); x - n is exact.
func sinPi(x float64) float64 { return math.Sin(math.Pi * (x - 2*math.RoundToEven(x/2))) }

// sinPiSum returns sin(π(a+b)) without the rounding of a+b.
func sinPiSum(a, b float64) float64 {
	return sinPi((a - 2*math.RoundToEven(a/2)) + (b - 2*math.RoundToEven(b/2)))
}

// pole reports whether x is a pole of the gamma function: 0, -1, -2, ….
func pole(x float64) bool { return x <= 0 && x == math.Floor(x) }

// betaPositive is beta for a ≥ b > 0. Where the gamma functions would overflow or their logarithms cancel, the
// large parts of Stirling's formula are combined first.
func betaPositive(a, b float64) float64 {
	c := a + b
	switch {
	case c < 150:
		return betaGamma(a, b)
	case b < 10:
		// Γ(a)/Γ(a+b) = exp(-(a-1/2) log(1+b/a) - b log(a+b) + b + δ(a) - δ(a+b)), and the first product is
		// b - (a-1/2)(b/a - log(1+b/a)) - b/2a in disguise, so that only b log c is large.
		t := b / a
		return math.Gamma(b) * math.Exp((a-0.5)*log1pRest(t)+0.5*t-b*math.Log(c)+stirlingRest(a)-stirlingRest(c))
	}
	// √2π aᵃ⁻¹ᐟ² bᵇ⁻¹ᐟ² / cᶜ⁻¹ᐟ² · exp(δ(a) + δ(b) - δ(c))
	l := -(a-0.5)*math.Log1p(b/a) + b*math.Log(b/c) - 0.5*math.Log(b)
	return math.Sqrt(2*math.Pi) * math.Exp(l+stirlingRest(a)+stirlingRest(b)-stirlingRest(c))
}

// betaGamma is beta by its definition. The rounding error r of c = a + b matters: Γ(c+r) = Γ(c)(1 + rψ(c)).
func betaGamma(a, b float64) float64 {
	c := a + b
	z := c - a
	r := (a - (c - z)) + (b - z)
	v := math.Gamma(a) * (math.Gamma(b) / math.Gamma(c))
	if r != 0 {
		v -= v * r * digamma(c)
	}
	return v
}

// log1pRest returns t - log(1+t) without cancellation for small t ≥ 0.
func log1pRest(t float64) float64 {
	if t > 0.1 {
		return t - math.Log1p(t)
	}
	s, p := 0.0, t*t
	for k := 2.0; ; k++ {
		d := p / k
		s += d
		if math.Abs(d) <= 0x1p-54*s {
			return s
		}
		p *= -t
	}
}

// stirlingRest returns δ(x) = log Γ(x) - (x-1/2) log x + x - log √2π for x ≥ 10 (DLMF 5.11.1).
func stirlingRest(x float64) float64 {
	t := 1 / (x * x)
	return (1.0/12 - t*(1.0/360-t*(1.0/1260-t*(1.0/1680-t*(1.0/1188-t*(691.0/360360)))))) / x
}
