package exact

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// twoSides splits the terms of a by key, a part of their monomials, if that has two values.
func twoSides(a Combo, key func([]kernelPower) []kernelPower) (sides [2]Combo, keys [2][]kernelPower, ok bool) {
	n := 0
	for _, t := range a {
		k := key(t.M)
		i := 0
		for i < n && compareMono(keys[i], k) != 0 {
			i++
		}
		if i == len(keys) {
			return sides, keys, false
		}
		if i == n {
			keys[i], n = k, n+1
		}
		sides[i] = append(sides[i], t)
	}
	return sides, keys, n == len(keys)
}

// radical solves u·r + v·q = 0 where r and q are different products of roots, of which one may be 1, and u and v
// have none: the zeros of (u r)^n - (-v q)^n at which the sides have different signs, or none.
func (s *solver) radical(a Combo, depth int) ([]Spot, bool) {
	const most = 6 // the roots' order
	sides, keys, ok := twoSides(a, s.roots)
	if !ok {
		return nil, false
	}
	n := int64(1)
	for _, k := range keys {
		for _, p := range k {
			d := p.N.Rat().Denom()
			if !d.IsInt64() || d.Int64() > most {
				return nil, false
			}
			n = lcm(n, d.Int64())
		}
	}
	if n > most {
		return nil, false
	}
	u, ok1 := s.r.powInt(sides[0], int(n))
	v, ok2 := s.r.powInt(sides[1].Neg(), int(n))
	if !ok1 || !ok2 {
		return nil, false
	}
	d := Add(u, v.Neg())
	if len(d) == 0 {
		return nil, false
	}
	list, ok := s.zeros(d, depth+1)
	if !ok {
		return nil, false
	}
	if list, ok = s.inside(list); !ok {
		return nil, false
	}
	var out []Spot
	left, right := s.r.Build(sides[0]), s.r.Build(sides[1])
	for _, z := range list {
		p, ok1 := s.l.SignAt(left, z)
		q, ok2 := s.l.SignAt(right, z)
		if !ok1 || !ok2 {
			return nil, false
		}
		if p+q == 0 {
			z.Mult = 0
			out = append(out, z)
		}
	}
	return out, true
}

// roots returns the roots in the monomial m.
func (s *solver) roots(m []kernelPower) []kernelPower {
	var out []kernelPower
	for _, p := range m {
		if k := &s.r.Kernels[p.K]; k.HasX && (k.kind == kernelSum || k.kind == kernelX) {
			if _, part := splitNumber(p.N); part.Sign() != 0 {
				out = append(out, kernelPower{p.K, part})
			}
		}
	}
	return out
}

// balance solves u·r + v·q = 0 where r and q are products of powers of x > 0 and exponentials, and u and v are
// without x: log(r/q) = log(-v/u).
func (s *solver) balance(a Combo, depth int) ([]Spot, bool) {
	withX := func(m []kernelPower) []kernelPower {
		return slices.DeleteFunc(slices.Clone(m), func(p kernelPower) bool { return !s.r.Kernels[p.K].HasX })
	}
	sides, keys, ok := twoSides(a, withX)
	if !ok {
		return nil, false
	}
	var coef [2]expr.Expr
	for i, side := range sides {
		for j := range side {
			side[j].M = slices.DeleteFunc(slices.Clone(side[j].M), func(p kernelPower) bool { return s.r.Kernels[p.K].HasX })
		}
		coef[i] = s.r.Build(collectCombo(side))
	}
	quotient := slices.Clone(keys[1])
	for i := range quotient {
		quotient[i].N = quotient[i].N.Neg()
	}
	quotient = mergeMono(keys[0], quotient)
	for _, p := range quotient {
		if k := &s.r.Kernels[p.K]; k.kind != kernelExp && k.kind != kernelX || !s.r.isPositive(p.K) {
			return nil, false
		}
	}
	t, consts := s.l.T, s.l.Consts
	if sign, ok := consts.Sign(coef[0]); !ok || sign == 0 { // else the quotient of two coefficients that are 0 may seem to be one
		return nil, false
	}
	v := consts.Simplify(t.Neg(t.Mul(coef[1], t.Pow(coef[0], t.Int(-1)))))
	sign, ok := consts.Sign(v)
	if !ok || sign <= 0 {
		return nil, ok
	}
	log, ok := s.r.log(Combo{{number.Int(1), quotient}})
	if !ok {
		return nil, false
	}
	return s.zeros(Add(log, s.r.Expand(t.Call(fn.Lookup("log"), v)).Neg()), depth+1)
}
