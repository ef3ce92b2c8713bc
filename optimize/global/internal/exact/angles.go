package exact

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/polynomial"
)

// angles returns the zeros in (-π, π] of a, a polynomial in sin and cos of
// mult[i]·θ, by the substitution t = tan(θ/2).
func (s *solver) angles(a Combo, ks []int, mult []int) ([]Spot, bool) {
	t := s.l.T
	pi := t.Call(fn.Lookup("pi"))
	for _, complement := range []bool{false, true} {
		if list, ok := s.evenAngles(a, ks, mult, complement); ok {
			return list, true
		}
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
// the second case times sin θ, and its zeros give θ = ± acos(c). For the complement it is one in cosines and sines of
// φ = π/2 - θ, and gives θ = asin(c).
func (s *solver) evenAngles(a Combo, ks []int, mult []int, complement bool) ([]Spot, bool) {
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
			q, sine := ct[mult[i]], s.r.Kernels[f.K].name == "sin"
			sign := number.Int(1)
			if complement {
				sine, sign = complementary(sine, mult[i])
			}
			if sine {
				q, sines = su[mult[i]], sines+n
			}
			q = q.scale(sign)
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
	if pi := t.Call(fn.Lookup("pi")); odd == 1 && complement {
		half := t.Mul(t.Num(number.Frac(1, 2)), pi)
		out = append(out, s.exact(half), s.exact(t.Neg(half)))
	} else if odd == 1 {
		out = append(out, s.exact(t.Int(0)), s.exact(pi))
	}
	for _, z := range list {
		at, ok := s.cosineIs(z)
		if ok && complement {
			at, ok = s.sineIs(z, at)
		}
		if !ok {
			return nil, false
		}
		out = append(out, at...)
	}
	return out, true
}

// complementary says what sin(mθ), or cos(mθ), is for θ = π/2 - φ: sign times sin(mφ) or cos(mφ).
func complementary(sine bool, m int) (of bool, sign number.Number) {
	minus := false
	switch m % 4 {
	case 0:
		minus = sine
	case 1:
		return !sine, number.Int(1)
	case 2:
		minus = !sine
	case 3:
		sine, minus = !sine, true
	}
	if minus {
		return sine, number.Int(-1)
	}
	return sine, number.Int(1)
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
