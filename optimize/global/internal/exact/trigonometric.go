package exact

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/polynomial"
)

// trig solves a polynomial in sines and cosines of multiples of one angle
// θ = α x + β. The piece must be bounded, as there are zeros in every period.
func (s *solver) trig(a Combo, ks []int, depth int) ([]Spot, bool) {
	t := s.l.T
	// the angle: all arguments are rational multiples of base
	var base Combo
	var ratios []number.Number
	for _, k := range ks {
		arg := s.r.Kernels[k].arg
		if base == nil {
			base = arg
		}
		q, ok := RatioOf(arg, base)
		if !ok {
			return nil, false
		}
		ratios = append(ratios, q)
	}
	g := ratios[0]
	for _, q := range ratios[1:] {
		g = GCD(g, q)
	}
	const most = 300 // there are twice as many zeros in a period, and more of them cost more than a search
	mult := make([]int, len(ks))
	for i, q := range ratios {
		m, _ := q.Quo(g)
		n, ok := m.Int64()
		if !ok || n < 1 || n > most {
			return nil, false
		}
		mult[i] = int(n)
	}
	angle := base.scale(g)
	thetas, ok := s.progression(a, ks, mult)
	if !ok && slices.Max(mult) <= 24 {
		thetas, ok = s.angles(a, ks, mult)
	}
	if !ok {
		return nil, false
	}
	if len(thetas) == 0 {
		return nil, true
	}
	if !s.linear(angle) {
		return s.curvedAngle(angle, thetas, depth)
	}
	// θ = α x + β
	var alpha, beta Combo
	xk := -1
	for _, tm := range angle {
		at := -1
		for i, p := range tm.M {
			if s.r.Kernels[p.K].HasX {
				if s.r.Kernels[p.K].kind != kernelX || p.N != number.Int(1) || at >= 0 {
					return nil, false
				}
				at, xk = i, p.K
			}
		}
		if at < 0 {
			beta = append(beta, tm)
			continue
		}
		alpha = append(alpha, Term{tm.C, slices.Delete(slices.Clone(tm.M), at, at+1)})
	}
	if xk < 0 || s.lo.Inf != 0 || s.hi.Inf != 0 {
		return nil, false
	}
	al, be := s.r.Build(alpha), s.r.Build(beta)
	if sg, ok := s.l.Consts.Sign(al); !ok || sg == 0 {
		return nil, false
	}
	ahull, bhull := s.l.Consts.Enclose(al), s.l.Consts.Enclose(be)
	twoPi := t.Mul(t.Int(2), t.Call(fn.Lookup("pi")))
	two := interval.Pi.Mul(interval.Point(2))
	span := s.lo.Hull.Hull(s.hi.Hull).Mul(ahull).Add(bhull)
	var out []Spot
	for _, th := range thetas {
		k := span.Sub(th.Hull).Div(two)
		lo, hi := math.Floor(k.Lo), math.Ceil(k.Hi)
		if !(hi-lo < 400 && -farTurns < lo && hi < farTurns) {
			return nil, false
		}
		for n := lo; n <= hi; n++ {
			if th.Exact.Valid() {
				x := t.Mul(t.Add(th.Exact, t.Mul(t.Int(int64(n)), twoPi), t.Neg(be)), t.Pow(al, t.Int(-1)))
				out = append(out, s.exact(x))
				continue
			}
			i := th.Hull.Add(two.Mul(interval.Point(n))).Sub(bhull).Div(ahull)
			out = append(out, Spot{Hull: i, Mult: th.Mult})
		}
	}
	return out, true
}

// progression returns the zeros in (-π, π] of a sum of cosines, or of sines, of multiples m, m + d, …, m + (n-1)d of θ with
// the same coefficient, as the derivative of a partial sum of a Fourier series is one: times sin(dθ/2) it is
// sin(ndθ/2) cos(Mθ), or sin(ndθ/2) sin(Mθ), for the mean M of the multiples (J. L. Lagrange, 1759). Where sin(dθ/2) is
// 0 all terms are the same: these are zeros of the sum if they are of cos(Mθ), or sin(Mθ).
func (s *solver) progression(a Combo, ks []int, mult []int) (out []Spot, ok bool) {
	n := int64(len(a))
	if n < 3 || len(ks) != len(a) {
		return nil, false
	}
	name := s.r.Kernels[ks[0]].name
	var rest []kernelPower // what all terms have besides
	for i, t := range a {
		at := slices.IndexFunc(t.M, func(p kernelPower) bool { return slices.Contains(ks, p.K) })
		if at < 0 || t.M[at].N != number.Int(1) || s.r.Kernels[t.M[at].K].name != name || t.C != a[0].C {
			return nil, false
		}
		others := slices.Delete(slices.Clone(t.M), at, at+1)
		if i > 0 && compareMono(rest, others) != 0 || slices.ContainsFunc(others, func(p kernelPower) bool { return slices.Contains(ks, p.K) }) {
			return nil, false
		}
		rest = others
	}
	m := slices.Sorted(slices.Values(mult))
	d := int64(m[1] - m[0])
	for i := range m[1:] {
		if int64(m[i+1]-m[i]) != d {
			return nil, false
		}
	}
	if sign, ok := s.l.Consts.Sign(s.r.Build(Combo{{a[0].C, rest}})); !ok || sign == 0 {
		return nil, false
	}
	t := s.l.T
	at := func(q number.Number) { out = append(out, s.exact(t.Mul(t.Num(q), t.Call(fn.Lookup("pi"))))) }
	for k := -n * d; k <= n*d; k++ { // θ = 2πk/(nd)
		if q := number.Frac(2*k, n*d); k%n != 0 && q.Abs().Sub(number.Int(1)).Sign() <= 0 && q != number.Int(-1) {
			at(q)
		}
	}
	twice := int64(m[0] + m[n-1]) // 2M
	for k := -twice; k <= twice; k++ {
		q := number.Frac(2*k, twice)
		if name == "cos" {
			q = number.Frac(2*k+1, twice)
		}
		if q.Abs().Sub(number.Int(1)).Sign() <= 0 && q != number.Int(-1) {
			at(q)
		}
	}
	return out, true
}

// linear reports whether a is of the form α x + β.
func (s *solver) linear(a Combo) bool {
	for _, t := range a {
		n := 0
		for _, p := range t.M {
			if !s.r.Kernels[p.K].HasX {
				continue
			}
			if n++; n > 1 || s.r.Kernels[p.K].kind != kernelX || p.N != number.Int(1) {
				return false
			}
		}
	}
	return true
}

// curvedAngle solves angle = θ + 2πk for all k that the angle reaches on the
// piece.
func (s *solver) curvedAngle(angle Combo, thetas []Spot, depth int) ([]Spot, bool) {
	t := s.l.T
	if s.lo.Inf != 0 || s.hi.Inf != 0 {
		return nil, false
	}
	e := s.r.Build(angle)
	m := s.l.Program(e)
	if m == nil {
		return nil, false
	}
	span, _ := Evaluate(m, s.lo.Hull.Hull(s.hi.Hull))
	two := interval.Pi.Mul(interval.Point(2))
	twoPi := t.Mul(t.Int(2), t.Call(fn.Lookup("pi")))
	var out []Spot
	for _, th := range thetas {
		k := span[0].Sub(th.Hull).Div(two)
		lo, hi := math.Floor(k.Lo), math.Ceil(k.Hi)
		if !(hi-lo < 100 && -farTurns < lo && hi < farTurns) || !th.Exact.Valid() {
			return nil, false
		}
		for n := lo; n <= hi; n++ {
			v := s.l.Consts.Simplify(t.Add(th.Exact, t.Mul(t.Int(int64(n)), twoPi)))
			list, ok := s.zeros(Add(angle, s.r.Expand(v).Neg()), depth+1)
			if !ok {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	return out, true
}

// RatioOf returns the rational q with a = q·b.
func RatioOf(a, b Combo) (number.Number, bool) {
	if len(a) != len(b) || len(a) == 0 {
		return number.Number{}, false
	}
	q, ok := a[0].C.Quo(b[0].C)
	if !ok {
		return q, false
	}
	for i := range a {
		if compareMono(a[i].M, b[i].M) != 0 || b[i].C.Mul(q) != a[i].C {
			return q, false
		}
	}
	return q, q.Sign() > 0
}

// GCD returns the greatest number of which a, b > 0 are multiples.
func GCD(a, b number.Number) number.Number {
	p, q := a.Rat(), b.Rat()
	num := new(big.Int).GCD(nil, nil, new(big.Int).Mul(p.Num(), q.Denom()), new(big.Int).Mul(q.Num(), p.Denom()))
	return number.FromRat(new(big.Rat).SetFrac(num, new(big.Int).Mul(p.Denom(), q.Denom())))
}

// farTurns is up to how many turns of an angle floats tell one from the next.
const farTurns = 1 << 50

// maxTurns is the greatest multiple of an angle in equations that are solved as polynomials of twice that degree: those of a
// higher one hardly ever have zeros in closed form, and a search is faster.
const maxTurns = 12

// angles returns the zeros in (-π, π] of a, a polynomial in sin and cos of
// mult[i]·θ, by the substitution t = tan(θ/2).
func (s *solver) angles(a Combo, ks []int, mult []int) ([]Spot, bool) {
	t := s.l.T
	pi := t.Call(fn.Lookup("pi"))
	if list, ok := s.evenAngles(a, ks, mult); ok {
		return list, true
	}
	if list, ok := s.tangents(a, ks, mult); ok {
		return list, true
	}
	if slices.Max(mult) == 1 && slices.ContainsFunc(a, func(t Term) bool {
		return slices.ContainsFunc(t.M, func(p kernelPower) bool { return !slices.Contains(ks, p.K) })
	}) {
		return s.irrational(a, ks)
	}
	// cos θ and sin θ as polynomials over 1 + t²
	c1 := ratPoly{number.Int(1), {}, number.Int(-1)}
	s1 := ratPoly{{}, number.Int(2)}
	w := ratPoly{number.Int(1), {}, number.Int(1)}
	// degree of a in θ
	deg := 0
	for _, tm := range a {
		d := 0
		for _, p := range tm.M {
			i := slices.Index(ks, p.K)
			if i < 0 {
				return nil, false
			}
			n, ok := p.N.Int64()
			if !ok || n < 0 {
				return nil, false
			}
			d += int(n) * mult[i]
		}
		deg = max(deg, d)
	}
	if deg > maxTurns {
		return nil, false
	}
	// cos(mθ), sin(mθ) over (1+t²)^m
	top := slices.Max(mult)
	cs, ss := []ratPoly{{number.Int(1)}}, []ratPoly{nil}
	for m := 0; m < top; m++ {
		cs = append(cs, cs[m].mul(c1).add(ss[m].mul(s1).scale(number.Int(-1))))
		ss = append(ss, ss[m].mul(c1).add(cs[m].mul(s1)))
	}
	var sum ratPoly
	atPi := number.Number{} // a at θ = π
	for _, tm := range a {
		p := ratPoly{tm.C}
		v := tm.C
		d := 0
		for _, f := range tm.M {
			i := slices.Index(ks, f.K)
			n, _ := f.N.Int64()
			q := cs[mult[i]]
			if s.r.Kernels[f.K].name == "sin" {
				q = ss[mult[i]]
				v = number.Number{}
			} else if mult[i]%2 == 1 && n%2 == 1 {
				v = v.Neg()
			}
			for range n {
				p = p.mul(q)
			}
			d += int(n) * mult[i]
		}
		for ; d < deg; d++ {
			p = p.mul(w)
		}
		sum = sum.add(p)
		atPi = atPi.Add(v)
	}
	poly := polynomial.Of(sum)
	if len(poly) == 0 {
		return nil, false
	}
	var out []Spot
	list, ok := s.rationalPolynomial(poly, false)
	if !ok {
		return nil, false
	}
	for _, z := range list {
		if !z.Exact.Valid() {
			out = append(out, Spot{Hull: interval.Atan(z.Hull).Mul(interval.Point(2)), Mult: z.Mult})
			continue
		}
		v := s.exact(s.halfAngle(z.Exact))
		v.Mult = z.Mult
		out = append(out, v)
	}
	if atPi.Sign() == 0 {
		out = append(out, s.exact(pi))
	}
	return out, true
}

// evenAngles solves a polynomial in cosines and sines of multiples of θ all terms
// of which have an even or all an odd number of sines: it is one in c = cos θ, in
// the second case times sin θ, and its zeros give θ = ± acos(c).
func (s *solver) evenAngles(a Combo, ks []int, mult []int) ([]Spot, bool) {
	t := s.l.T
	one := number.Int(1)
	// Chebyshev's polynomials: cos(mθ) = T_m(c), sin(mθ) = sin(θ) U_(m-1)(c)
	ct, su := []ratPoly{{one}, {{}, one}}, []ratPoly{nil, {one}}
	for m := 2; m <= slices.Max(mult); m++ {
		twice := ratPoly{{}, number.Int(2)}
		ct = append(ct, ct[m-1].mul(twice).add(ct[m-2].scale(number.Int(-1))))
		su = append(su, su[m-1].mul(twice).add(su[m-2].scale(number.Int(-1))))
	}
	square := ratPoly{one, {}, number.Int(-1)} // of sin θ
	var sum ratPoly
	odd := int64(-1)
	for _, tm := range a {
		p, sines := ratPoly{tm.C}, int64(0)
		for _, f := range tm.M {
			i := slices.Index(ks, f.K)
			if i < 0 {
				return nil, false
			}
			n, ok := f.N.Int64()
			if !ok || n < 0 || n > 20 {
				return nil, false
			}
			q := ct[mult[i]]
			if s.r.Kernels[f.K].name == "sin" {
				q, sines = su[mult[i]], sines+n
			}
			for range n {
				p = p.mul(q)
			}
		}
		if odd >= 0 && odd != sines%2 {
			return nil, false
		}
		odd = sines % 2
		for range sines / 2 {
			p = p.mul(square)
		}
		sum = sum.add(p)
	}
	poly := polynomial.Of(sum)
	if len(poly) == 0 || len(poly) > 40 {
		return nil, false
	}
	list, ok := s.rationalPolynomial(poly, false)
	if !ok {
		return nil, false
	}
	var out []Spot
	if odd == 1 {
		out = append(out, s.exact(t.Int(0)), s.exact(t.Call(fn.Lookup("pi"))))
	}
	for _, z := range list {
		at, ok := s.cosineIs(z)
		if !ok {
			return nil, false
		}
		out = append(out, at...)
	}
	return out, true
}

// cosineIs returns the θ in (-π, π] with cos θ = z.
func (s *solver) cosineIs(z Spot) ([]Spot, bool) {
	t := s.l.T
	lo, ok1 := s.l.Consts.CompareSpots(z, At(s.l.Consts, t.Int(-1)))
	hi, ok2 := s.l.Consts.CompareSpots(z, At(s.l.Consts, t.Int(1)))
	switch {
	case !ok1 || !ok2:
		return nil, false
	case lo < 0 || hi > 0:
		return nil, true
	case hi == 0:
		return []Spot{s.exact(t.Int(0))}, true
	case lo == 0:
		return []Spot{s.exact(t.Call(fn.Lookup("pi")))}, true
	case z.Exact.Valid():
		at := s.niceAcos(z.Exact)
		return []Spot{s.exact(t.Neg(at)), s.exact(at)}, true
	}
	i := interval.Acos(z.Hull)
	return []Spot{{Hull: i.Neg(), Mult: z.Mult}, {Hull: i, Mult: z.Mult}}, true
}

// irrational solves a polynomial in cos θ or in sin θ, and b cos θ + c sin θ + d = 0, for coefficients that are not rational.
func (s *solver) irrational(a Combo, ks []int) ([]Spot, bool) {
	t := s.l.T
	if len(ks) == 1 {
		c, q, ok := s.coefficients(a, ks[0])
		if !ok || q > 1 {
			return nil, false
		}
		values, ok := s.polynomial(c, false)
		if !ok {
			return nil, false
		}
		var out []Spot
		for _, v := range values {
			list, ok := s.cosineIs(v)
			if ok && s.r.Kernels[ks[0]].name == "sin" {
				list, ok = s.sineIs(v, list)
			}
			if !ok {
				return nil, false
			}
			out = append(out, list...)
		}
		return out, true
	}
	var of [3]Combo // the coefficients of cos θ and of sin θ, and the rest
	for _, tm := range a {
		i := 2
		for _, k := range ks {
			at := slices.IndexFunc(tm.M, func(p kernelPower) bool { return p.K == k })
			if at < 0 {
				continue
			}
			if i < 2 || tm.M[at].N != number.Int(1) {
				return nil, false
			}
			if i = 0; s.r.Kernels[k].name == "sin" {
				i = 1
			}
			tm.M = slices.Delete(slices.Clone(tm.M), at, at+1)
		}
		of[i] = append(of[i], tm)
	}
	// (d - b) y² + 2 c y + (d + b) = 0 for y = tan(θ/2)
	lead := Add(of[2], of[0].Neg())
	if sign, ok := s.l.Consts.Sign(s.r.Build(lead)); !ok || sign == 0 {
		return nil, false
	}
	values, ok := s.polynomial([]Combo{Add(of[2], of[0]), of[1].scale(number.Int(2)), lead}, false)
	if !ok {
		return nil, false
	}
	var out []Spot
	for _, v := range values {
		if !v.Exact.Valid() {
			return nil, false
		}
		out = append(out, s.exact(t.Mul(t.Int(2), t.Call(fn.Lookup("atan"), v.Exact))))
	}
	return out, true
}

// sineIs returns the θ with sin θ = z from those with cos θ = z: π/2 less these.
func (s *solver) sineIs(z Spot, cosines []Spot) (out []Spot, ok bool) {
	t, pi := s.l.T, s.l.T.Call(fn.Lookup("pi"))
	if len(cosines) == 2 && z.Exact.Valid() && s.niceAcos(z.Exact).IsCall("acos") {
		asin := t.Call(fn.Lookup("asin"), z.Exact)
		return []Spot{s.exact(asin), s.exact(t.Sub(pi, asin))}, true
	}
	for _, c := range cosines {
		if !c.Exact.Valid() {
			return nil, false
		}
		out = append(out, s.exact(t.Sub(t.Mul(t.Num(number.Frac(1, 2)), pi), c.Exact)))
	}
	return out, true
}

// niceAcos returns acos(v), as a multiple of π/12 if it is one.
func (s *solver) niceAcos(v expr.Expr) expr.Expr {
	t := s.l.T
	for k := int64(1); k < 12; k++ {
		_, c := s.r.specialAngle(number.Frac(k, 12))
		if order, ok := s.l.Consts.Compare(s.r.Build(c), v); ok && order == 0 {
			return t.Mul(t.Num(number.Frac(k, 12)), t.Call(fn.Lookup("pi")))
		}
	}
	return t.Call(fn.Lookup("acos"), v)
}

// tangents solves a polynomial in sines and cosines of multiples of θ all terms of which have an even or all an
// odd degree: as sin² + cos² is 1, it is cos(θ)^n p(tan(θ)).
func (s *solver) tangents(a Combo, ks []int, mult []int) ([]Spot, bool) {
	t := s.l.T
	one := number.Int(1)
	// cos(mθ) and sin(mθ) are these polynomials in tan θ times cos(θ)^m
	cs, ss := []ratPoly{{one}}, []ratPoly{nil}
	for m := range slices.Max(mult) {
		cs = append(cs, cs[m].add(ss[m].mul(ratPoly{{}, one}).scale(number.Int(-1))))
		ss = append(ss, ss[m].add(cs[m].mul(ratPoly{{}, one})))
	}
	const mostDegree = 20
	terms := make([]ratPoly, len(a))
	rests := make([]Term, len(a))
	degrees := make([]int, len(a))
	for i, tm := range a {
		terms[i], rests[i].C = ratPoly{one}, tm.C
		for _, f := range tm.M {
			k := slices.Index(ks, f.K)
			if k < 0 {
				rests[i].M = append(rests[i].M, f)
				continue
			}
			n, ok := f.N.Int64()
			if !ok || n < 0 || n > mostDegree {
				return nil, false
			}
			q := cs[mult[k]]
			if s.r.Kernels[f.K].name == "sin" {
				q = ss[mult[k]]
			}
			for range n {
				terms[i] = terms[i].mul(q)
			}
			degrees[i] += int(n) * mult[k]
		}
	}
	n := slices.Max(degrees)
	if n > mostDegree {
		return nil, false
	}
	c := make([]Combo, n+1)
	for i := range a {
		if (n-degrees[i])%2 != 0 {
			return nil, false
		}
		for range (n - degrees[i]) / 2 {
			terms[i] = terms[i].mul(ratPoly{one, {}, one})
		}
		for k, v := range terms[i] {
			if v.Sign() != 0 {
				c[k] = append(c[k], Term{rests[i].C.Mul(v), rests[i].M})
			}
		}
	}
	for k := range c {
		c[k] = collectCombo(c[k])
	}
	var out []Spot
	pi := t.Call(fn.Lookup("pi"))
	if len(c[n]) == 0 { // of all terms, those of that degree vanish with the cosine
		half := t.Mul(t.Num(number.Frac(1, 2)), pi)
		out = append(out, s.exact(t.Neg(half)), s.exact(half))
		for len(c) > 0 && len(c[len(c)-1]) == 0 {
			c = c[:len(c)-1]
		}
	} else if sign, ok := s.l.Consts.Sign(s.r.Build(c[n])); !ok || sign == 0 {
		return nil, false
	}
	if len(c) == 0 {
		return nil, false
	}
	list, ok := s.polynomial(c, false)
	for _, z := range list {
		if !z.Exact.Valid() {
			at, turn := interval.Atan(z.Hull), interval.Pi
			if z.Hull.Lo > 0 {
				turn = turn.Neg()
			}
			out = append(out, Spot{Hull: at, Mult: z.Mult}, Spot{Hull: at.Add(turn), Mult: z.Mult})
			continue
		}
		q := s.l.Consts.Simplify(z.Exact)
		at, turn := s.niceAtan(q, t.Call(fn.Lookup("atan"), q)), pi
		if z.Hull.Lo > 0 {
			turn = t.Neg(pi)
		}
		for _, e := range [2]expr.Expr{at, t.Add(turn, at)} {
			v := s.exact(e)
			v.Mult = z.Mult
			out = append(out, v)
		}
	}
	return out, ok
}

// specialTangents are tan(k π/12) for k = 1, …, 5 by their squares' closed
// forms: p + q·sqrt(3).
func (s *solver) niceAtan(q, otherwise expr.Expr) expr.Expr {
	t := s.l.T
	h := s.l.Consts.Enclose(q)
	for k := int64(-5); k <= 5; k++ {
		v := s.tangent(k)
		if s.l.Consts.Enclose(v).Disjoint(h) {
			continue
		}
		if c, ok := s.l.Consts.Compare(v, q); ok && c == 0 {
			return t.Mul(t.Num(number.Frac(k, 12)), t.Call(fn.Lookup("pi")))
		}
	}
	return otherwise
}

// tangent returns tan(k π/12), |k| ≤ 5.
func (s *solver) tangent(k int64) expr.Expr {
	t := s.l.T
	if k < 0 {
		return t.Neg(s.tangent(-k))
	}
	r3 := t.Call(fn.Lookup("sqrt"), t.Int(3))
	switch k {
	case 0:
		return t.Int(0)
	case 1:
		return t.Add(t.Int(2), t.Neg(r3))
	case 2:
		return t.Mul(t.Num(number.Frac(1, 3)), r3)
	case 3:
		return t.Int(1)
	case 4:
		return r3
	}
	return t.Add(t.Int(2), r3)
}

// halfAngle returns θ with tan(θ/2) = v.
func (s *solver) halfAngle(v expr.Expr) expr.Expr {
	t := s.l.T
	if e := s.niceAtan(v, expr.Expr{}); e.Valid() {
		return t.Mul(t.Int(2), e)
	}
	// tan(π/8) = sqrt(2) - 1, tan(3π/8) = sqrt(2) + 1
	r2 := t.Call(fn.Lookup("sqrt"), t.Int(2))
	pi := t.Call(fn.Lookup("pi"))
	for _, k := range [...]int64{-3, -1, 1, 3} {
		w := t.Add(r2, t.Int(-1))
		if k == 3 || k == -3 {
			w = t.Add(r2, t.Int(1))
		}
		if k < 0 {
			w = t.Neg(w)
		}
		if c, ok := s.l.Consts.Compare(w, v); ok && c == 0 {
			return t.Mul(t.Num(number.Frac(k, 4)), pi)
		}
	}
	if e := s.fullAngle(v); e.Valid() {
		return e
	}
	return t.Mul(t.Int(2), t.Call(fn.Lookup("atan"), v))
}

// fullAngle returns the θ in (-π, π) with tan(θ/2) = v as an inverse function of its sine,
// tangent or cosine where that is simpler than v, no expression otherwise.
func (s *solver) fullAngle(v expr.Expr) expr.Expr {
	t := s.l.T
	sign, ok1 := s.l.Consts.Sign(v)
	steep, ok2 := s.l.Consts.Compare(s.l.Consts.Simplify(t.Mul(v, v)), t.Int(1)) // of |θ| with π/2
	if !ok1 || !ok2 || steep == 0 {
		return expr.Expr{}
	}
	square, twice := t.Mul(v, v), t.Mul(t.Int(2), v)
	over := func(u, w expr.Expr) expr.Expr { return s.l.Consts.Simplify(t.Mul(u, t.Pow(w, t.Int(-1)))) }
	sine := over(twice, t.Add(t.Int(1), square))
	tangent := over(twice, t.Add(t.Int(1), t.Neg(square)))
	cosine := over(t.Add(t.Int(1), t.Neg(square)), t.Add(t.Int(1), square))
	pi := t.Mul(t.Int(int64(sign)), t.Call(fn.Lookup("pi")))
	least, best := v.Size(), expr.Expr{}
	for _, o := range [...]struct {
		inverse string
		of      expr.Expr
	}{{"asin", sine}, {"atan", tangent}, {"acos", cosine}} {
		if o.of.Size() >= least {
			continue
		}
		least, best = o.of.Size(), t.Call(fn.Lookup(o.inverse), o.of)
		switch {
		case o.inverse == "acos":
			if sign < 0 {
				best = t.Neg(best)
			}
		case steep > 0 && o.inverse == "asin":
			best = t.Add(pi, t.Neg(best))
		case steep > 0:
			best = t.Add(pi, best)
		}
	}
	return best
}

// A ratPoly is a polynomial with rational coefficients.
type ratPoly []number.Number

func (p ratPoly) mul(q ratPoly) ratPoly {
	if len(p) == 0 || len(q) == 0 {
		return nil
	}
	out := make(ratPoly, len(p)+len(q)-1)
	for i, a := range p {
		if a.Sign() == 0 {
			continue
		}
		for j, b := range q {
			out[i+j] = out[i+j].Add(a.Mul(b))
		}
	}
	return out
}

func (p ratPoly) add(q ratPoly) ratPoly {
	out := make(ratPoly, max(len(p), len(q)))
	copy(out, p)
	for i, b := range q {
		out[i] = out[i].Add(b)
	}
	return out
}

func (p ratPoly) scale(c number.Number) ratPoly {
	out := make(ratPoly, len(p))
	for i, a := range p {
		out[i] = a.Mul(c)
	}
	return out
}

// TrigZero reports whether a polynomial in sines and cosines is 0 everywhere.
func (l *Formulas) TrigZero(r *Ring, a Combo) bool {
	if len(a) == 0 {
		return true
	}
	var ks []int
	for _, t := range a {
		for _, p := range t.M {
			if r.Kernels[p.K].kind != kernelTrig {
				return false
			}
			if !slices.Contains(ks, p.K) {
				ks = append(ks, p.K)
			}
		}
	}
	if len(ks) == 0 {
		return false
	}
	base := r.Kernels[ks[0]].arg
	g := number.Int(1)
	var ratios []number.Number
	for _, k := range ks {
		q, ok := RatioOf(r.Kernels[k].arg, base)
		if !ok {
			return false
		}
		ratios = append(ratios, q)
		g = GCD(g, q)
	}
	// sin² = 1 - cos²: a normal form for one angle
	c := r.call("cos", comboOf(number.Int(7))) // a stand-in for cos θ
	sn := r.call("sin", comboOf(number.Int(7)))
	sk := sn[0].M[0].K
	sum := Combo(nil)
	for _, t := range a {
		p := comboOf(t.C)
		for _, f := range t.M {
			i := slices.Index(ks, f.K)
			m, _ := ratios[i].Quo(g)
			n, ok1 := m.Int64()
			e, ok2 := f.N.Int64()
			if !ok1 || !ok2 || n > 12 || e < 0 || e > 12 {
				return false
			}
			v, ok := r.multipleAngle(r.Kernels[f.K].name == "sin", sn, c, int(n))
			if !ok {
				return false
			}
			for range e {
				if p, ok = r.mul(p, v); !ok {
					return false
				}
			}
		}
		sum = Add(sum, p)
	}
	cc, ok := r.mul(c, c)
	if !ok {
		return false
	}
	one := Add(comboOf(number.Int(1)), cc.Neg())
	out := Combo(nil)
	for _, t := range sum {
		p := Combo{{C: t.C}}
		for _, f := range t.M {
			n, _ := f.N.Int64()
			v := Combo{{number.Int(1), []kernelPower{f}}}
			if f.K == sk {
				v = comboOf(number.Int(1))
				for ; n > 1; n -= 2 {
					if v, ok = r.mul(v, one); !ok {
						return false
					}
				}
				if n == 1 {
					if v, ok = r.mul(v, sn); !ok {
						return false
					}
				}
			}
			if p, ok = r.mul(p, v); !ok {
				return false
			}
		}
		out = Add(out, p)
	}
	return len(out) == 0
}
