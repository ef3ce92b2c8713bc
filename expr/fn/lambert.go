package fn

import "math"

// e as the float64 nearest to it and the remainder.
const eLow = 1.4456468917292502e-16

// branchSeries are the coefficients of W about the branch point x = -1/e in p = √(2(ex+1)), from p¹ on:
// W = -1 + p - p²/3 + 11p³/72 - … (Corless, Gonnet, Hare, Jeffrey, Knuth, On the Lambert W function, Advances in
// Computational Mathematics 5 (1996), 4.22). The series converges for p < √2; for p ≤ 0.4 these terms reach 2⁻⁵³.
var branchSeries = [...]float64{
	1.0,
	-0.33333333333333333333,
	0.15277777777777777778,
	-0.07962962962962962963,
	0.044502314814814814815,
	-0.025984714873603762493,
	0.015635632532333921223,
	-0.0096168920242994317068,
	0.006014543252956117861,
	-0.0038112980348919992267,
	0.0024408779911439826659,
	-0.0015769303446867842539,
	0.0010262633205076071544,
	-0.000672061631156136204,
	0.00044247306181462090993,
	-0.00029267722472962744485,
	0.00019438727605453931782,
	-0.00012957426685274881888,
	0.00008665035805208127166,
	-0.000058113607504413816772,
	0.000039076684867439051635,
	-0.000026338064747231098739,
	0.000017790345805079585401,
	-0.000012040352739559976942,
	8.1635319824966121714e-6,
	-5.5442032085673591367e-6,
	3.7710949611072534148e-6,
	-2.5687050390550954362e-6,
	1.7520067268263411951e-6,
	-1.1964453089157256692e-6,
	8.1799405652800347177e-7,
	-5.5985518813787957437e-7,
	3.8356638514918137873e-7,
}

// lambertW returns the principal branch of the inverse of w·exp(w), W(x) ≥ -1 for x ≥ -1/e, and NaN below. At the
// float64 nearest to -1/e, which is below it by 1.2e-17, it is -1.
//
// Near the branch point it is the series; elsewhere the guess of R. Iacono and J. P. Boyd (New approximations to the
// principal real-valued branch of the Lambert W-function, Advances in Computational Mathematics 43 (2017)) is
// improved by the iteration of F. N. Fritsch, R. E. Shafer and W. P. Crowley (Algorithm 443, CACM 16 (1973)), of
// fourth order.
func lambertW(x float64) float64 {
	switch {
	case x < -0.36787944117144233 || x != x:
		return math.NaN()
	case x == 0 || math.IsInf(x, 1):
		return x
	}
	if x < 0 {
		if p, near := fromBranch(x); near {
			return branch(p)
		}
	}
	l := math.Log1p(x)
	return lambertImproved(x, l*(1-math.Log1p(l)/(2+l)))
}

// lambertLower returns the lower branch of the inverse of w·exp(w), at most -1 for -1/e ≤ x < 0, and NaN elsewhere.
// Away from the branch point the guess is the beginning of the series in logarithms.
func lambertLower(x float64) float64 {
	if x < -0.36787944117144233 || !(x < 0) {
		return math.NaN()
	}
	if p, near := fromBranch(x); near {
		return branch(-p)
	}
	l := log(-x)
	m := math.Log(-l)
	return lambertImproved(x, l-m+m/l)
}

// fromBranch returns p = √(2(ex+1)) for x < 0, and whether it is small enough for the series.
func fromBranch(x float64) (p float64, near bool) {
	p = math.Sqrt(2 * max(0, math.FMA(math.E, x, 1)+eLow*x))
	return p, p <= 0.4
}

// branch returns the series at p, of the lower branch for p < 0.
func branch(p float64) float64 {
	s := 0.0
	for k := len(branchSeries) - 1; k >= 0; k-- {
		s = s*p + branchSeries[k]
	}
	return s*p - 1
}

// lambertImproved improves the guess w of a solution of w·exp(w) = x.
func lambertImproved(x, w float64) float64 {
	for range 5 { // the guesses are within 20 %, so that three steps are enough
		z := log(x/w) - w
		if w < -600 { // x/w may underflow
			z = log(-x) - log(-w) - w
		}
		q := 2 * (1 + w) * (1 + w + 2.0/3*z)
		d := z / (1 + w) * (q - z) / (q - 2*z)
		w += w * d
		if math.Abs(d) < 0x1p-14 { // the next step would be of size d⁴
			break
		}
	}
	return w
}
