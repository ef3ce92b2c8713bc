package exact

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
)

// trig solves a polynomial in sines and cosines of multiples of one angle
// θ = α x + β. The piece must be bounded, as there are zeros in every period.
func (s *solver) trig(a Combo, ks []int, depth int) ([]Spot, bool) {
	angle, mult, ok := s.commonAngle(ks)
	if !ok {
		return s.phases(a, ks, depth)
	}
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
	return s.turned(angle, thetas)
}

// commonAngle returns the angle of which the arguments of the kernels ks are whole multiples, and these.
func (s *solver) commonAngle(ks []int) (angle Combo, mult []int, ok bool) {
	var base Combo
	var ratios []number.Number
	for _, k := range ks {
		arg := s.r.Kernels[k].arg
		if base == nil {
			base = arg
		}
		q, ok := RatioOf(arg, base)
		if !ok {
			return nil, nil, false
		}
		ratios = append(ratios, q)
	}
	g := ratios[0]
	for _, q := range ratios[1:] {
		g = GCD(g, q)
	}
	const most = 500 // there are twice as many zeros in a period, and more of them cost more than a search
	mult = make([]int, len(ks))
	for i, q := range ratios {
		m, _ := q.Quo(g)
		n, ok := m.Int64()
		if !ok || n < 1 || n > most {
			return nil, nil, false
		}
		mult[i] = int(n)
	}
	return base.scale(g), mult, true
}

// turned returns the x of the piece for which the angle α x + β is one of the thetas, by whole turns.
func (s *solver) turned(angle Combo, thetas []Spot) ([]Spot, bool) {
	t := s.l.T
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
