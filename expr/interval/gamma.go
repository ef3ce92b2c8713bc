package interval

import "math"

// The minimum of Γ on the positive axis: the root of digamma lies between gammaMinAt.Lo and gammaMinAt.Hi,
// and the value there is enclosed by gammaMin. (DLMF 5.4.20; the tests check both with package precise.)
var (
	gammaMinAt  = I{0x1.762d86356be3fp+0, 0x1.762d86356be40p+0}
	gammaMin    = I{0x1.c56dc82a74aeep-1, 0x1.c56dc82a74aefp-1}
	lgammaMinLo = -0x1.f19b9bcc38a42p-4
)

// Gamma returns an enclosure of {Γ(x) : x not 0, -1, -2, …}. An interval with a pole inside gives Whole, one
// that ends at a pole a half-line.
func Gamma(x I) I {
	if x.improper() {
		return x.instead()
	}
	p := pieceOf(&x)
	switch p {
	case nowhere:
		return Empty
	case poleInside:
		return Whole
	case positive:
		r := I{0, math.Inf(1)}
		lo, hi := r, r
		if x.Lo > 0 {
			lo = gammaPositive(x.Lo)
		}
		if x.Hi <= math.MaxFloat64 {
			hi = gammaPositive(x.Hi)
		} else {
			hi.Lo = gammaMin.Lo
		}
		switch {
		case x.Hi <= gammaMinAt.Lo:
			return I{hi.Lo, lo.Hi}
		case x.Lo >= gammaMinAt.Hi:
			return I{lo.Lo, hi.Hi}
		}
		return I{gammaMin.Lo, max(lo.Hi, hi.Hi)}
	}
	// On (-n-1, -n), Γ has the sign of (-1)^(n+1), and log|Γ| is convex.
	r := I{gammaLeast(x), math.Inf(1)}
	if !isPole(x.Lo) && !isPole(x.Hi) {
		r.Hi = max(gammaNegative(x.Lo).Mag(), gammaNegative(x.Hi).Mag())
	}
	if int64(math.Floor(x.Lo))&1 != 0 {
		return r.Neg()
	}
	return r
}

// farPiece is below where the minima of |Γ| are worth finding: |Γ| is less than any float64 there but next to the poles.
const farPiece = -1e6

// gammaLeast returns a lower bound of |Γ| over x, which lies within one piece of the negative axis.
func gammaLeast(x I) float64 {
	if x.Lo < farPiece {
		return 0
	}
	c, part := digammaTurn(x)
	// |Γ|' = |Γ|ψ, and log|Γ| lies above its tangent at c: |Γ(t)| ≥ |Γ(c)|(1 + ψ(c)(t - c)).
	g := gammaNegative(c)
	s := I{1, 1}.Add(digammaNegative(c).Mul(part.Sub(I{c, c})))
	return mulDown(g.Mig(), max(s.Lo, 0))
}

// digammaTurn returns a part of x, which lies within one piece of the negative axis, where |Γ| is least over x: an end
// of x, or a narrow interval about the root of digamma; and a point c near it. On the piece digamma increases from
// -Inf to +Inf.
func digammaTurn(x I) (c float64, part I) {
	a, b := x.Lo, x.Hi
	if !isPole(a) && digammaNegative(a).Lo >= 0 {
		return a, I{a, a}
	}
	if !isPole(b) && digammaNegative(b).Hi <= 0 {
		return b, I{b, b}
	}
	if isPole(a) { // start the bisection inside; digamma is below -2^20 at the neighbours of a pole that can be told from it
		a = nextUp(a)
	}
	if isPole(b) {
		b = nextDown(b)
	}
	for range 60 {
		m := a + (b-a)/2
		if m <= a || m >= b {
			break
		}
		c = m
		if s := digammaNegative(m); s.Hi < 0 {
			a = m
		} else if s.Lo > 0 {
			b = m
		} else {
			return c, I{a, b} // cannot be told from the root
		}
	}
	return a, I{a, b}
}

// The pieces on which gamma, its logarithm and its derivatives are continuous.
type piece uint8

const (
	nowhere    piece = iota // only a pole
	positive                // within [0, +Inf]
	negative                // within [-n-1, -n] for some n ≥ 0
	poleInside              // a pole with something of the domain on both sides
)

func isPole(x float64) bool { return x <= 0 && math.Floor(x) == x }

// pieceOf says where x lies; the ends of x may be poles.
func pieceOf(x *I) piece {
	switch {
	case x.Lo >= 0:
		if x.Hi == 0 {
			return nowhere
		}
		return positive
	case x.Lo == x.Hi && isPole(x.Lo):
		return nowhere
	case x.Lo < -1<<52: // where neighbouring numbers are integers, an interval has one between its ends or as both ends
		if x.Lo >= -1<<53 && x.Hi == x.Lo+1 {
			return negative
		}
		return poleInside
	case x.Hi > math.Floor(x.Lo)+1:
		return poleInside
	}
	return negative
}

// gammaPositive encloses Γ at a float64 x > 0.
func gammaPositive(x float64) I {
	if x > 171.7 { // Γ(171.7) is above the largest float64
		return I{math.MaxFloat64, math.Inf(1)}
	}
	if x == math.Floor(x) && x <= 23 { // 22! is the last factorial that is a float64
		return Point(factorial(int(x) - 1))
	}
	n := ulpsGamma
	if x > 33 { // by Stirling's series, with a power of x whose exponent is rounded
		n = ulpsGammaLarge
	}
	return around(math.Gamma(x), n).within(gammaMin.Lo, math.Inf(1))
}

func factorial(n int) float64 {
	p := 1.0
	for i := 2; i <= n; i++ {
		p *= float64(i)
	}
	return p
}

// gammaNegative encloses Γ at a float64 x < 0 that is no pole, by Γ(x)Γ(1-x) = π/sin πx.
func gammaNegative(x float64) I {
	if x > -0.5 { // Γ(x) = Γ(x+1)/x
		y := I{x, x}.Add(I{1, 1})
		return I{gammaPositive(y.Hi).Lo, gammaPositive(y.Lo).Hi}.Div(I{x, x}) // Γ decreases on (0, 1]
	}
	y := I{1, 1}.Sub(I{x, x})
	g := I{gammaPositive(y.Lo).Lo, gammaPositive(y.Hi).Hi}
	r := Pi.Div(sinPi(x).Mul(g))
	if g.Hi > math.MaxFloat64 { // the product, and with it the sign, is kept away from 0
		if r.Lo < 0 {
			r.Hi = min(r.Hi, 0)
		} else {
			r.Lo = max(r.Lo, 0)
		}
	}
	return r
}

// sinPi encloses sin πx at a float64.
func sinPi(x float64) I {
	r, s := centred(x)
	if r == 0 {
		return I{0, 0}
	}
	v := Sin(Pi.Mul(I{r, r}))
	if s {
		return v.Neg()
	}
	return v
}

// centred returns x less the nearest integer, exact and within ±½, and whether that integer is odd.
func centred(x float64) (r float64, odd bool) {
	n := math.RoundToEven(x)
	return x - n, math.Mod(n, 2) != 0
}

// cotPi encloses cot πx at a float64 that is no integer.
func cotPi(x float64) I {
	r, _ := centred(x)
	t := Pi.Mul(I{r, r})
	return Cos(t).Div(Sin(t))
}

// Lgamma returns an enclosure of {log|Γ(x)| : x not 0, -1, -2, …}.
func Lgamma(x I) I {
	if x.improper() {
		return x.instead()
	}
	switch pieceOf(&x) {
	case nowhere:
		return Empty
	case positive:
		return lgammaOverPositive(x)
	case poleInside:
		r := I{lgammaFloor(x.Lo), math.Inf(1)}
		if x.Hi > 0 {
			r.Lo = min(r.Lo, lgammaMinLo)
		}
		return r
	}
	r := Whole
	if !isPole(x.Lo) && !isPole(x.Hi) {
		r.Hi = max(lgammaNegative(x.Lo).Hi, lgammaNegative(x.Hi).Hi)
	}
	if x.Lo < farPiece {
		r.Lo = lgammaFloor(x.Lo)
		return r
	}
	c, part := digammaTurn(x)
	r.Lo = lgammaNegative(c).Add(digammaNegative(c).Mul(part.Sub(I{c, c}))).Lo
	return r
}

// lgammaFloor returns a lower bound of log|Γ| on [x, 0], x < 0: since |sin πx| ≤ 1, the reflection formula gives
// log|Γ(x)| ≥ log π - log Γ(1-x).
func lgammaFloor(x float64) float64 {
	y := I{1, 1}.Sub(I{x, x})
	if y.Hi > math.MaxFloat64 {
		return math.Inf(-1)
	}
	return LnPi.Sub(I{0, max(0, lgammaPositive(y.Hi).Hi)}).Lo // over [1, 1-x] log Γ is greatest at an end, and 0 at 1
}

func lgammaOverPositive(x I) I {
	lo, hi := I{lgammaMinLo, math.Inf(1)}, I{lgammaMinLo, math.Inf(1)}
	if x.Lo > 0 {
		lo = lgammaPositive(x.Lo)
	}
	if x.Hi <= math.MaxFloat64 {
		hi = lgammaPositive(x.Hi)
	}
	switch {
	case x.Hi <= gammaMinAt.Lo:
		return I{hi.Lo, lo.Hi}
	case x.Lo >= gammaMinAt.Hi:
		return I{lo.Lo, hi.Hi}
	}
	return I{lgammaMinLo, max(lo.Hi, hi.Hi)}
}

// lgammaPositive encloses log Γ at a float64 x > 0.
func lgammaPositive(x float64) I {
	if x == 1 || x == 2 {
		return I{0, 0}
	}
	if x < 0x1p-70 { // log Γ(x) = -log x - γx + …
		return logAt(x).Neg().Add(I{-x, 0})
	}
	if x > 2e305 { // soon to overflow, at 2.55e305
		return I{lgammaPositive(2e305).Lo, math.Inf(1)}
	}
	if lgammaWeak(x) { // Γ(x) = Γ(x+1)/x
		return lgammaOverPositive(I{x, x}.Add(I{1, 1})).Sub(logAt(x))
	}
	v, _ := math.Lgamma(x)
	return around(v, ulpsLgamma).within(lgammaMinLo, math.Inf(1))
}

// lgammaWeak reports whether x lies where math.Lgamma uses a polynomial outside the range it was made for, and errs by
// hundreds of ulps.
func lgammaWeak(x float64) bool { return x > 0.18 && x < 0.24 || x > 1.18 && x < 1.24 }

// lgammaNegative encloses log|Γ| at a float64 x < 0 that is no pole, by reflection.
func lgammaNegative(x float64) I {
	if x > -0.5 {
		return lgammaOverPositive(I{x, x}.Add(I{1, 1})).Sub(logAt(-x))
	}
	y := I{1, 1}.Sub(I{x, x})
	return Log(Pi.Div(sinPi(x).Abs())).Sub(lgammaOverPositive(y))
}

// Digamma returns an enclosure of {ψ(x) : x not 0, -1, -2, …}, ψ = Γ'/Γ.
func Digamma(x I) I {
	if x.improper() {
		return x.instead()
	}
	// ψ increases on each piece, from -Inf after a pole to +Inf before the next.
	switch pieceOf(&x) {
	case nowhere:
		return Empty
	case poleInside:
		return Whole
	}
	r := Whole
	if !isPole(x.Lo) {
		r.Lo = digammaAt(x.Lo).Lo
	}
	if !isPole(x.Hi) {
		r.Hi = digammaAt(x.Hi).Hi
	}
	return r
}

func digammaAt(x float64) I {
	if x < 0 {
		return digammaNegative(x)
	}
	return digammaPositive(I{x, x})
}

// The coefficients of the asymptotic series of digamma, B2k/(2k), and of trigamma, B2k, as quotients of integers.
var bernoulli = [...]struct{ num, den, k2 float64 }{
	{1, 6, 2}, {-1, 30, 4}, {1, 42, 6}, {-1, 30, 8}, {5, 66, 10}, {-691, 2730, 12}, {7, 6, 14}, {-3617, 510, 16}, {43867, 798, 18},
}

var digammaCoef, trigammaCoef [len(bernoulli)]I

func init() {
	for i, b := range bernoulli {
		trigammaCoef[i] = I{b.num, b.num}.Div(I{b.den, b.den})
		digammaCoef[i] = trigammaCoef[i].Div(I{b.k2, b.k2})
	}
}

// stirling is the argument from which the asymptotic series are used: with 8 terms at 10 the remainder is
// below 4e-18.
const stirling = 10

// asymptotic encloses Σ coef[k] w^(k+1), w = 1/z², for the series of digamma and trigamma: they envelop their
// functions for z > 0, so the remainder lies between 0 and the first term left out (DLMF 5.11(ii)).
func asymptotic(coef *[len(bernoulli)]I, w I) I {
	n := len(coef) - 1
	s := coef[n].Hull(I{0, 0})
	for k := n - 1; k >= 0; k-- {
		s = s.Mul(w).Add(coef[k])
	}
	return s.Mul(w)
}

// digammaPositive encloses ψ over a narrow x > 0: ψ(x) = ψ(x+1) - 1/x until the asymptotic series serves.
func digammaPositive(x I) I {
	if x.Hi > math.MaxFloat64 {
		return I{709, x.Hi}
	}
	var s I
	for x.Lo < stirling {
		s = s.Add(x.Inv())
		x = x.Add(I{1, 1})
	}
	v := x.Inv()
	return Log(x).Sub(I{v.Lo / 2, v.Hi / 2}.grow()).Sub(asymptotic(&digammaCoef, v.Sqr())).Sub(s)
}

// digammaNegative encloses ψ at a float64 x < 0 that is no pole: ψ(x) = ψ(1-x) - π cot πx.
func digammaNegative(x float64) I {
	if x > -0.5 {
		return digammaPositive(I{x, x}.Add(I{1, 1})).Sub(I{x, x}.Inv())
	}
	return digammaPositive(I{1, 1}.Sub(I{x, x})).Sub(Pi.Mul(cotPi(x)))
}

// Trigamma returns an enclosure of {ψ'(x) : x not 0, -1, -2, …}.
func Trigamma(x I) I {
	if x.improper() {
		return x.instead()
	}
	switch pieceOf(&x) {
	case nowhere:
		return Empty
	case positive: // decreasing
		r := I{0, math.Inf(1)}
		if x.Hi <= math.MaxFloat64 {
			r.Lo = trigammaPositive(I{x.Hi, x.Hi}).Lo
		}
		if x.Lo > 0 {
			r.Hi = trigammaPositive(I{x.Lo, x.Lo}).Hi
		}
		return r
	case negative:
		return trigammaNegative(x)
	}
	// ψ' is above π² - ψ'(1) = 5π²/6 on every negative piece, and decreasing on the positive one.
	r := I{8.2, math.Inf(1)}
	if x.Hi > 0 {
		r.Lo = min(r.Lo, Trigamma(I{0, x.Hi}).Lo)
	}
	return r
}

// trigammaPositive encloses ψ' over a narrow x > 0, as digammaPositive does ψ.
func trigammaPositive(x I) I {
	var s I
	for x.Lo < stirling {
		s = s.Add(x.Sqr().Inv())
		x = x.Add(I{1, 1})
	}
	v := x.Inv()
	w := v.Sqr()
	t := asymptotic(&trigammaCoef, w).Mul(v)
	return t.Add(I{w.Lo / 2, w.Hi / 2}.grow()).Add(v).Add(s).within(0, math.Inf(1))
}

// trigammaNegative encloses ψ' over x within one negative piece: ψ'(x) = π²/sin²πx - ψ'(1-x).
func trigammaNegative(x I) I {
	if isPole(x.Lo) && isPole(x.Hi) {
		return I{8.2, math.Inf(1)}
	}
	if x.Lo == x.Hi && x.Lo > -0.5 {
		return trigammaPositive(x.Add(I{1, 1})).Add(x.Sqr().Inv())
	}
	// sin² πx rises from 0 at the poles to 1 at the middle.
	lo, hi := sinPi(x.Lo).Abs(), sinPi(x.Hi).Abs()
	s := I{min(lo.Lo, hi.Lo), max(lo.Hi, hi.Hi)}
	if m := math.Floor(x.Lo) + 0.5; x.Has(m) {
		s.Hi = 1
	}
	y := I{1, 1}.Sub(x)
	t := I{trigammaPositive(I{y.Hi, y.Hi}).Lo, trigammaPositive(I{y.Lo, y.Lo}).Hi}
	return Pi.Div(s).Sqr().Sub(t).Meet(I{8.2, math.Inf(1)})
}
