package exact

import (
	"slices"

	"nabla/expr/number"
)

// This file clears sums of denominators and of common factors.

// A strip is what numerator took away: kernel k to the power n.
type strip struct {
	K int
	N number.Number
}

// Numerator returns a without its divisors and without the powers of kernels
// that all its terms have in common: a = numerator · Π strip. The terms of the
// numerator have powers of kernels ≥ 0, and at least one term has none of each.
func (r *Ring) Numerator(a Combo) (Combo, []strip, bool) {
	var strips []strip
	for range 6 {
		if len(a) == 0 {
			return a, strips, true
		}
		least := map[int]number.Number{}
		seen := map[int]int{}
		var order []int
		for _, t := range a {
			for _, p := range t.M {
				if seen[p.K]++; seen[p.K] == 1 {
					order = append(order, p.K)
					least[p.K] = p.N
				} else if p.N.Cmp(least[p.K]) < 0 {
					least[p.K] = p.N
				}
			}
		}
		slices.Sort(order)
		factor := Combo{{C: number.Int(1)}}
		did := false
		for _, k := range order {
			n := least[k]
			if seen[k] < len(a) && n.Sign() > 0 {
				n = number.Number{}
			}
			if n.Sign() == 0 || r.Kernels[k].kind == kernelPrime {
				continue
			}
			did = true
			strips = append(strips, strip{k, n})
			factor[0].M = append(factor[0].M, kernelPower{k, n.Neg()})
		}
		if !did {
			return a, strips, true
		}
		b, ok := r.mulRaw(a, factor[0])
		if !ok {
			return nil, nil, false
		}
		a = b
	}
	return a, strips, true
}

// cancelled returns a over one denominator if a sum in that cancels: (w^2 + w)/(1/w + 1) is w^2.
func (r *Ring) cancelled(a Combo) Combo {
	if !slices.ContainsFunc(a, func(t Term) bool {
		return slices.ContainsFunc(t.M, func(p kernelPower) bool { return r.Kernels[p.K].kind == kernelSum && p.N.Sign() < 0 })
	}) {
		return a
	}
	n, strips, ok := r.Numerator(a)
	if !ok {
		return a
	}
	one := number.Int(1)
	for _, st := range strips {
		if st.N.Cmp(one.Neg()) > 0 || r.Kernels[st.K].kind != kernelSum {
			continue
		}
		d, factors, ok := r.Numerator(r.Kernels[st.K].arg)
		if !ok || len(d) < 2 { // a monomial, such as -u, divides everything
			continue
		}
		q, ok := r.quotient(n, d)
		if !ok {
			continue
		}
		for i := range factors {
			factors[i].N = factors[i].N.Neg()
		}
		for _, f := range slices.Concat(factors, strips, []strip{{st.K, one}}) {
			if q, ok = r.mul(q, Combo{{one, []kernelPower{{f.K, f.N}}}}); !ok {
				return a
			}
		}
		return r.cancelled(q)
	}
	return a
}

// joinedRoots returns the number a with sqrt(v w) for sqrt(v) sqrt(w), and sqrt(v/w) for sqrt(v)/sqrt(w), where these are roots of one term,
// or sums of such: sqrt(2 - sqrt(2)) sqrt(2 + sqrt(2)) is sqrt(2).
func (r *Ring) joinedRoots(a Combo) Combo {
	half := number.Frac(1, 2)
	isRoot := func(p kernelPower) bool {
		return r.Kernels[p.K].kind == kernelSum && !r.Kernels[p.K].HasX && p.N.Abs() == half
	}
	join := func(p, q kernelPower) (Combo, bool) {
		v, w, ok := r.Kernels[p.K].arg, r.Kernels[q.K].arg, true
		if p.N != q.N { // a square root in a denominator
			w, ok = r.conjugate(w)
		}
		if ok {
			v, ok = r.mul(v, w)
		}
		switch {
		case ok && len(v) == 1:
			return r.pow(v, p.N)
		case ok && p.N == half:
			return r.denest(v)
		}
		return nil, false
	}
	var out Combo
	for _, t := range a {
		rest, by := Term{t.C, slices.Clone(t.M)}, comboOf(number.Int(1))
		for i := 0; i < len(rest.M); i++ {
			for j := i + 1; j < len(rest.M) && isRoot(rest.M[i]); j++ {
				if !isRoot(rest.M[j]) {
					continue
				}
				v, ok := join(rest.M[i], rest.M[j])
				if ok {
					by, ok = r.mul(by, v)
				}
				if ok {
					rest.M = slices.Delete(slices.Delete(rest.M, j, j+1), i, i+1)
					j = i
				}
			}
		}
		product, ok := r.mul(Combo{rest}, by)
		if !ok {
			return a
		}
		out = append(out, product...)
	}
	return collectCombo(out)
}

// quotient returns n/d if the division of these sums, by the first term of d, comes out. No powers in them are
// negative, so that the order of the terms is that of their products with a third.
func (r *Ring) quotient(n, d Combo) (q Combo, ok bool) {
	const most = 24 // steps
	first, ok := r.pow(d[:1], number.Int(-1))
	for range most {
		if !ok || len(n) == 0 {
			return q, ok
		}
		var t, p Combo
		if t, ok = r.mul(n[:1], first); ok {
			if p, ok = r.mul(t, d); ok {
				n, q = Add(n, p.Neg()), Add(q, t)
			}
		}
	}
	return nil, false
}

// mulRaw multiplies by a monomial; whole powers of sums that come out are
// multiplied out.
func (r *Ring) mulRaw(a Combo, m Term) (Combo, bool) { return r.mul(a, Combo{m}) }
