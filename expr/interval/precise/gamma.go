package precise

import (
	"math/big"
	"sync"
)

// Bernoulli numbers B2, B4, …, from the tangent numbers (R. P. Brent, D. Harvey, Fast computation of Bernoulli, tangent
// and secant numbers, 2011, algorithm TangentNumbers).
var bernoulliTable struct {
	mu sync.Mutex
	b  []*big.Rat // b[k-1] is B2k
}

// bernoulli returns B2, …, B2n.
func bernoulli(n int) []*big.Rat {
	t := &bernoulliTable
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.b) < n {
		t.b = bernoulliNumbers(n + n/4 + 16)
	}
	return t.b[:n]
}

func bernoulliNumbers(n int) []*big.Rat {
	t := make([]*big.Int, n+1)
	t[1] = big.NewInt(1)
	for k := 2; k <= n; k++ {
		t[k] = new(big.Int).Mul(t[k-1], big.NewInt(int64(k-1)))
	}
	u, v := new(big.Int), new(big.Int)
	for k := 2; k <= n; k++ {
		for j := k; j <= n; j++ {
			u.Mul(t[j-1], v.SetInt64(int64(j-k)))
			t[j].Mul(t[j], v.SetInt64(int64(j-k+2)))
			t[j].Add(t[j], u)
		}
	}
	b := make([]*big.Rat, n)
	for k := 1; k <= n; k++ { // B2k = (-1)^(k+1) 2k T_k / (4^k (4^k - 1))
		p := new(big.Int).Lsh(bigOn, uint(2*k))
		d := new(big.Int).Sub(p, bigOn)
		d.Mul(d, p)
		m := new(big.Int).Mul(t[k], big.NewInt(int64(2*k)))
		if k%2 == 0 {
			m.Neg(m)
		}
		b[k-1] = new(big.Rat).SetFrac(m, d)
	}
	return b
}

// shifted returns how far x > 0 must be raised for the asymptotic series to reach wp bits, none for large x: the
// smallest term of the series at z is about e^(-2πz), 9 bits for each unit of z; a quarter of that keeps them few.
func shifted(x *big.Float, wp uint) int {
	n := int(wp)/4 + 4
	if exponent(x) > 30 {
		return 0
	}
	f, _ := x.Float64()
	return max(0, n-int(f))
}

// asymptotic encloses Σ c(k) B2k z^(1-2k), k = 1, 2, …, where the series envelops its function for z > 0 (DLMF 5.11(ii)):
// the remainder lies between 0 and the first term left out.
func asymptotic(z I, wp uint, c func(k int64) I) I {
	v := div(FromInt(1), z, wp)
	w := sqr(v, wp)
	s := FromInt(0)
	size := 32
	b := bernoulli(size)
	for k := 1; ; k++ {
		if k > size {
			size *= 2
			b = bernoulli(size)
		}
		t := mul(mul(FromRat(b[k-1], wp), c(int64(k)), wp), v, wp)
		if below(t, wp) || k > int(wp) {
			return add(s, t.Hull(FromInt(0)), wp)
		}
		s = add(s, t, wp)
		v = mul(v, w, wp)
	}
}

// stirling encloses log Γ(z) for large z > 0: (z - ½) log z - z + ½ log 2π + Σ B2k/(2k(2k-1) z^(2k-1)) (DLMF 5.11.1).
func stirling(z I, wp uint) I {
	half := FromFloat(0.5)
	s := sub(mul(sub(z, half, wp), log(z, wp), wp), z, wp)
	s = add(s, scale(log(scale(pi.enclose(wp), 1), wp), -1), wp)
	return add(s, asymptotic(z, wp, func(k int64) I { return div(FromInt(1), FromInt(2*k*(2*k-1)), wp) }), wp)
}

// below reports whether every member of t is less than 2^-wp in magnitude.
func below(t I, wp uint) bool {
	f := func(x *big.Float) bool { return x.Sign() == 0 || !x.IsInf() && exponent(x) <= -int(wp) }
	return f(t.Lo) && f(t.Hi)
}

// rising encloses x(x+1)…(x+n-1).
func rising(x I, n int, wp uint) I {
	p := FromInt(1)
	for i := range n {
		p = mul(p, add(x, FromInt(int64(i)), wp), wp)
	}
	return p
}

// The functions …Of enclose over a narrow x > 0 with finite ends.

func gammaOf(x I, prec uint) I {
	// log Γ is about z log z and its absolute error the relative one of Γ.
	wp := prec + 2*guard + uint(max(0, min(exponent(x.Hi), 64)))
	n := shifted(x.Lo, wp)
	z := add(x, FromInt(int64(n)), wp)
	return div(exp(stirling(z, wp), wp), rising(x, n, wp), prec)
}

func lgammaOf(x I, prec uint) I {
	wp := prec + 2*guard
	n := shifted(x.Lo, wp)
	z := add(x, FromInt(int64(n)), wp)
	return sub(stirling(z, wp), log(rising(x, n, wp), wp), prec)
}

// digammaOf: log z - 1/(2z) - Σ B2k/(2k z^2k) at z = x + n, less Σ 1/(x+i) (DLMF 5.11.2).
func digammaOf(x I, prec uint) I {
	wp := prec + guard
	n := shifted(x.Lo, wp)
	z := add(x, FromInt(int64(n)), wp)
	s := sub(log(z, wp), div(FromFloat(0.5), z, wp), wp)
	a := asymptotic(z, wp, func(k int64) I { return div(FromInt(1), FromInt(2*k), wp) })
	s = sub(s, div(a, z, wp), wp)
	for i := range n {
		s = sub(s, div(FromInt(1), add(x, FromInt(int64(i)), wp), wp), wp)
	}
	return s.round(prec)
}

// trigammaOf: 1/z + 1/(2z²) + Σ B2k/z^(2k+1) at z = x + n, plus Σ 1/(x+i)².
func trigammaOf(x I, prec uint) I {
	wp := prec + guard
	n := shifted(x.Lo, wp)
	z := add(x, FromInt(int64(n)), wp)
	v := div(FromInt(1), z, wp)
	w := sqr(v, wp)
	a := asymptotic(z, wp, func(int64) I { return FromInt(1) })
	s := add(add(v, scale(w, -1), wp), mul(a, w, wp), wp)
	for i := range n {
		s = add(s, div(FromInt(1), sqr(add(x, FromInt(int64(i)), wp), wp), wp), wp)
	}
	return s.round(prec)
}

// The functions …End enclose at a finite x that is no pole. Between -1 and 0 they step to x + 1, below they reflect.

func gammaEnd(x *big.Float, prec uint) I {
	t := I{Lo: x, Hi: x}
	wp := prec + guard
	switch {
	case x.Sign() > 0:
		return gammaOf(t, prec)
	case exponent(x) <= 0:
		return div(gammaOf(add(t, FromInt(1), stepPrec(x, wp)), wp), t, prec)
	}
	s, _ := sinCosPi(x, wp) // Γ(x)Γ(1-x) = π/sin πx
	return div(pi.enclose(wp), mul(s, gammaOf(oneLess(x), wp), wp), prec)
}

func lgammaEnd(x *big.Float, prec uint) I {
	t := I{Lo: x, Hi: x}
	wp := prec + guard
	switch {
	case x.Cmp(one) == 0 || x.Cmp(two) == 0:
		return FromInt(0)
	case x.Sign() > 0:
		return lgammaOf(t, prec)
	case exponent(x) <= 0:
		return sub(lgammaOf(add(t, FromInt(1), stepPrec(x, wp)), wp), log(Abs(t), wp), prec)
	}
	s, _ := sinCosPi(x, wp)
	return sub(log(div(pi.enclose(wp), Abs(s), wp), wp), lgammaOf(oneLess(x), wp), prec)
}

func digammaEnd(x *big.Float, prec uint) I {
	t := I{Lo: x, Hi: x}
	wp := prec + guard
	switch {
	case x.Sign() > 0:
		return digammaOf(t, prec)
	case exponent(x) <= 0:
		return sub(digammaOf(add(t, FromInt(1), stepPrec(x, wp)), wp), div(FromInt(1), t, wp), prec)
	}
	s, c := sinCosPi(x, wp) // ψ(x) = ψ(1-x) - π cot πx
	return sub(digammaOf(oneLess(x), wp), mul(pi.enclose(wp), div(c, s, wp), wp), prec)
}

func trigammaEnd(x *big.Float, prec uint) I {
	t := I{Lo: x, Hi: x}
	wp := prec + guard
	switch {
	case x.Sign() > 0:
		return trigammaOf(t, prec)
	case exponent(x) <= 0:
		return add(trigammaOf(add(t, FromInt(1), stepPrec(x, wp)), wp), div(FromInt(1), sqr(t, wp), wp), prec)
	}
	s, _ := sinCosPi(x, wp) // ψ'(x) = π²/sin² πx - ψ'(1-x)
	return sub(sqr(div(pi.enclose(wp), s, wp), wp), trigammaOf(oneLess(x), wp), prec)
}

// stepPrec returns a precision at which x + 1, -1 < x < 0, keeps wp bits: exact where x has moderately many bits.
func stepPrec(x *big.Float, wp uint) uint {
	return wp + min(x.Prec()+uint(abs(exponent(x))), 2*MaxPrec)
}

// oneLess encloses 1 - x for x < -1, exactly.
func oneLess(x *big.Float) I {
	y := new(big.Float).SetPrec(x.Prec()+2).Sub(one, x)
	return I{Lo: y, Hi: y}
}

// sinCosPi encloses sin πx and cos πx for an x below -1 that is no integer: less the nearest integer, exactly.
func sinCosPi(x *big.Float, wp uint) (s, c I) {
	n := Round(I{Lo: x, Hi: x}).Lo
	r := new(big.Float).SetPrec(x.Prec()+2).Sub(x, n)
	t := mul(pi.enclose(wp), I{Lo: r, Hi: r}, wp)
	s, c = sin(t, wp), cos(t, wp)
	if k, _ := n.Int(nil); k.Bit(0) == 1 {
		return Neg(s), Neg(c)
	}
	return s, c
}

// The pieces on which the gamma family is continuous.
type piece uint8

const (
	nowhere    piece = iota // only a pole
	positive                // within [0, +Inf]
	negative                // within [-n-1, -n] for some n ≥ 0
	poleInside              // a pole with something of the domain on both sides, or too far out to tell
)

func isPole(x *big.Float) bool { return x.Sign() <= 0 && x.IsInt() }

func pieceOf(x I) piece {
	switch {
	case x.Lo.Sign() >= 0:
		if x.Hi.Sign() == 0 {
			return nowhere
		}
		return positive
	case x.IsPoint() && isPole(x.Lo):
		return nowhere
	case x.Lo.IsInf() || exponent(x.Lo) > trigExp:
		return poleInside
	}
	n := floor(x.Lo)
	if addDown(n, one, uint(trigExp+8)).Cmp(x.Hi) < 0 { // exact
		return poleInside
	}
	return negative
}

// Gamma returns an enclosure of {Γ(x) : x not 0, -1, -2, …}: Whole when a pole is inside x, a half-line when x ends at
// a pole.
func Gamma(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	switch pieceOf(x) {
	case nowhere:
		return Nothing()
	case poleInside:
		return Whole()
	case positive:
		return valley(x, prec, gammaEnd, gammaOf)
	}
	if x.IsPoint() {
		return gammaEnd(x.Lo, prec)
	}
	// Γ has one sign on the piece, and |Γ|' = |Γ|ψ with log|Γ| convex: |Γ| lies above its tangent at c.
	c, near := turn(x, prec)
	r := I{Lo: zero, Hi: inf}
	g := gammaEnd(c, prec+guard)
	d := mul(digammaEnd(c, prec+guard), sub(near, Point(c), prec), prec)
	r.Lo = greatest(mul(Abs(g), add(FromInt(1), d, prec), prec).Lo, zero)
	if !isPole(x.Lo) && !isPole(x.Hi) {
		r.Hi = Abs(gammaEnd(x.Lo, prec)).Hull(Abs(gammaEnd(x.Hi, prec))).Hi
	}
	if g.Hi.Sign() < 0 {
		return Neg(r)
	}
	return r
}

// Lgamma returns an enclosure of {log|Γ(x)| : x not 0, -1, -2, …}.
func Lgamma(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	switch pieceOf(x) {
	case nowhere:
		return Nothing()
	case poleInside:
		return Whole()
	case positive:
		return valley(x, prec, lgammaEnd, lgammaOf)
	}
	if x.IsPoint() {
		return lgammaEnd(x.Lo, prec)
	}
	c, near := turn(x, prec)
	r := Whole()
	d := mul(digammaEnd(c, prec+guard), sub(near, Point(c), prec), prec)
	r.Lo = add(lgammaEnd(c, prec+guard), d, prec).Lo
	if !isPole(x.Lo) && !isPole(x.Hi) {
		r.Hi = lgammaEnd(x.Lo, prec).Hull(lgammaEnd(x.Hi, prec)).Hi
	}
	return r
}

// valley is Γ or log Γ over x ⊂ [0, +Inf]: decreasing up to the root of digamma, increasing after it.
func valley(x I, prec uint, end func(*big.Float, uint) I, of func(I, uint) I) I {
	if x.IsPoint() {
		return end(x.Lo, prec)
	}
	m := digammaRoot(prec)
	r := I{Lo: ninf, Hi: inf}
	least := of(m, prec+guard).round(prec).Lo
	lo, hi := I{Lo: least, Hi: inf}, I{Lo: least, Hi: inf}
	if x.Lo.Sign() > 0 {
		lo = end(x.Lo, prec)
	}
	if !x.Hi.IsInf() {
		hi = end(x.Hi, prec)
	}
	r.Hi = greatest(lo.Hi, hi.Hi)
	switch {
	case x.Hi.Cmp(m.Lo) <= 0:
		r.Lo = hi.Lo
	case x.Lo.Cmp(m.Hi) >= 0:
		r.Lo = lo.Lo
	default:
		r.Lo = least
	}
	return r
}

// digammaRoot encloses the positive root of ψ, where Γ has its minimum: Newton's method from 17 digits, then proof by
// signs.
func digammaRoot(prec uint) I {
	wp := prec + 2*guard
	x := polish(new(big.Float).SetFloat64(1.4616321449683622), wp)
	return bracket(x, prec, func(x *big.Float) I { return digammaEnd(x, wp) }, zero)
}

// polish improves x, right to 40 bits or so, by Newton's method for ψ(x) = 0 to about wp bits. Nothing is proved.
func polish(x *big.Float, wp uint) *big.Float {
	for n := uint(40); n < wp; n *= 2 {
		p := min(2*n, wp) + guard
		d := div(digammaEnd(x, p), trigammaEnd(x, p), p)
		if d.IsEmpty() || d.Lo.IsInf() {
			break
		}
		x = new(big.Float).SetPrec(p).Sub(x, d.Lo)
	}
	return x
}

// turn returns a part of x, not a point and within one piece of the negative axis, where |Γ| is least over x: an end of
// x, or an interval about the root of ψ; and a point c in it, next to the root as far as prec allows.
func turn(x I, prec uint) (c *big.Float, part I) {
	sign := func(x *big.Float, prec uint) int {
		s, _ := digammaEnd(x, prec).Sign()
		return s
	}
	a, b := x.Lo, x.Hi
	if !isPole(a) && sign(a, prec) > 0 {
		return a, Point(a)
	}
	if !isPole(b) && sign(b, prec) < 0 {
		return b, Point(b)
	}
	const coarse = 64
	for range 40 {
		c = new(big.Float).SetPrec(coarse+guard+uint(max(0, exponent(x.Lo)))).Add(a, b)
		c.SetMantExp(c, -1)
		if c.Cmp(a) <= 0 || c.Cmp(b) >= 0 {
			break
		}
		if s := sign(c, coarse); s < 0 {
			a = c
		} else if s > 0 {
			b = c
		} else {
			break // cannot be told from the root
		}
	}
	part = I{Lo: a, Hi: b}
	if p := polish(c, prec); part.Has(p) {
		c = p
	}
	return c, part
}

// Digamma returns an enclosure of {ψ(x) : x not 0, -1, -2, …}, ψ = Γ'/Γ.
func Digamma(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	switch pieceOf(x) {
	case nowhere:
		return Nothing()
	case poleInside:
		return Whole()
	}
	// Increasing on each piece, from -Inf after a pole.
	return increasing(x, prec, func(x *big.Float, prec uint) I {
		if x.IsInf() || isPole(x) {
			return Whole()
		}
		return digammaEnd(x, prec)
	})
}

// Trigamma returns an enclosure of {ψ'(x) : x not 0, -1, -2, …}; on the negative axis it is sharp for narrow x.
func Trigamma(x I, prec uint) I {
	prec = clamp(prec)
	if x.IsEmpty() {
		return Nothing()
	}
	ray := I{Lo: zero, Hi: inf} // ψ' is positive
	switch pieceOf(x) {
	case nowhere:
		return Nothing()
	case poleInside:
		return ray
	case positive:
		return decreasing(x, prec, func(x *big.Float, prec uint) I {
			if x.IsInf() || x.Sign() == 0 {
				return ray
			}
			return trigammaEnd(x, prec)
		})
	}
	if x.IsPoint() {
		return trigammaEnd(x.Lo, prec)
	}
	if isPole(x.Lo) || isPole(x.Hi) {
		return ray
	}
	// π²/sin² πx - ψ'(1-x), each part over its range.
	wp := prec + guard
	s := sin(mul(pi.enclose(wp), x, wp), wp)
	y := sub(FromInt(1), x, wp)
	t := I{Lo: trigammaEnd(y.Hi, wp).Lo, Hi: trigammaEnd(y.Lo, wp).Hi}
	return sub(sqr(div(pi.enclose(wp), s, wp), wp), t, prec).Meet(ray)
}
