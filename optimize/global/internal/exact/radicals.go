package exact

import (
	"math/big"
	"slices"

	"nabla/expr/number"
)

// This file takes powers and roots of combinations: exactly, with nested roots taken apart where that is known to help.

func (r *Ring) powInt(a Combo, n int) (Combo, bool) {
	if n > 40 {
		return nil, false
	}
	out := comboOf(number.Int(1))
	ok := true
	for range n {
		if out, ok = r.mul(out, a); !ok {
			return nil, false
		}
	}
	return out, true
}

// pow returns a^n for a rational n, on the domain of that power.
func (r *Ring) pow(a Combo, n number.Number) (Combo, bool) {
	switch {
	case n.Sign() == 0:
		return comboOf(number.Int(1)), true
	case n == number.Int(1):
		return a, true
	case len(a) == 0:
		return nil, n.Sign() > 0
	case len(a) > 1:
		return r.powSum(a, n)
	}
	return r.powTerm(a[0], n)
}

// powSum is pow for a sum of several terms.
func (r *Ring) powSum(a Combo, n number.Number) (Combo, bool) {
	k, isInt := n.Int64()
	if isInt && 0 < k && k <= 12 {
		if p, ok := r.powInt(a, int(k)); ok {
			return p, true
		}
	}
	if isInt && -12 <= k && k < 0 {
		if p, ok := r.conjugate(a); ok {
			return r.powInt(p, int(-k))
		}
	}
	if whole, part := splitNumber(n); part == number.Frac(1, 2) && -12 <= whole && whole <= 12 {
		if root, ok := r.denest(a); ok {
			return r.pow(root, number.Int(2*whole+1))
		}
	}
	c, prim := r.Content(a)
	if c.Sign() < 0 && !isInt {
		c, prim = c.Neg(), prim.Neg()
	}
	f, ok := r.pow(comboOf(c), n)
	if !ok {
		return nil, false
	}
	m := r.common(prim)
	if len(m) == 0 {
		return r.mul(f, Combo{{number.Int(1), []kernelPower{{r.SumKernel(prim), n}}}})
	}
	inv, power := Term{C: number.Int(1)}, Term{C: number.Int(1)}
	for _, p := range m { // not by pow, which would multiply sums out before they are divided by
		inv.M, power.M = append(inv.M, kernelPower{p.K, p.N.Neg()}), append(power.M, kernelPower{p.K, p.N.Mul(n)})
	}
	rest, ok1 := r.mul(prim, Combo{inv})
	p, ok2 := r.mul(f, Combo{power})
	if !ok1 || !ok2 {
		return nil, false
	}
	q, ok := r.pow(rest, n)
	if !ok {
		return nil, false
	}
	return r.mul(p, q)
}

// powTerm is pow for one term.
func (r *Ring) powTerm(t Term, n number.Number) (Combo, bool) {
	var out Combo // the power of the number
	if k, isInt := n.Int64(); isInt {
		if k > 4096 || k < -4096 || t.C.Bits()*int(max(k, -k)) > 8000 {
			return nil, false
		}
		v, ok := t.C.Pow(int(k))
		if !ok {
			return nil, false
		}
		out = comboOf(v)
	} else {
		free := 0 // kernels that may be negative
		for _, p := range t.M {
			if !r.isPositive(p.K) {
				free++
				if p.N != number.Int(1) {
					return nil, false
				}
			}
		}
		negative := t.C.Sign() < 0
		if free > 1 || negative && (free == 0 || len(t.M) != 1) {
			return nil, false
		}
		if negative { // (-u)^n: the sign stays with the kernel
			t = Term{M: []kernelPower{{r.SumKernel(Combo{{number.Int(-1), t.M}}), number.Int(1)}}, C: t.C.Neg()}
		}
		var ok bool
		if out, ok = r.numberRoot(t.C, n); !ok {
			return nil, false
		}
	}
	for _, p := range t.M {
		f := Combo{{number.Int(1), []kernelPower{{p.K, p.N.Mul(n)}}}}
		var ok bool
		if out, ok = r.mul(out, f); !ok {
			return nil, false
		}
	}
	return out, true
}

// common returns the powers of positive constants that all terms of a have in common, and those that are divisors of some.
func (r *Ring) common(a Combo) (out []kernelPower) {
	for i, t := range a {
		for _, p := range t.M {
			if k := &r.Kernels[p.K]; k.HasX || !k.Positive || slices.ContainsFunc(out, func(q kernelPower) bool { return q.K == p.K }) {
				continue
			}
			all := i == 0
			for _, u := range a {
				j := slices.IndexFunc(u.M, func(q kernelPower) bool { return q.K == p.K })
				switch {
				case j < 0:
					all = false
				case u.M[j].N.Cmp(p.N) < 0:
					p = u.M[j]
				}
			}
			if all || p.N.Sign() < 0 && r.Kernels[p.K].kind == kernelSum {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(p, q kernelPower) int { return p.K - q.K })
	return out
}

func (r *Ring) isPositive(k int) bool {
	return r.Kernels[k].Positive || r.Kernels[k].kind == kernelX && r.positiveX
}

// conjugate returns 1/(u + v·sqrt(w)) for numbers, rationalised.
func (r *Ring) conjugate(a Combo) (Combo, bool) {
	root := -1
	for _, t := range a {
		for _, p := range t.M {
			if info := &r.Kernels[p.K]; info.kind != kernelPrime || p.N != number.Frac(1, 2) {
				return nil, false
			}
			root = p.K
		}
	}
	if root < 0 {
		return nil, false
	}
	// conjugate with respect to one root, and go on with the norm
	other := slices.Clone(a)
	for i := range other {
		for _, p := range other[i].M {
			if p.K == root {
				other[i].C = other[i].C.Neg()
			}
		}
	}
	norm, ok := r.mul(a, other)
	if !ok || len(norm) == 0 {
		return nil, false
	}
	inv, ok := r.pow(norm, number.Int(-1))
	if !ok {
		return nil, false
	}
	return r.mul(other, inv)
}

// denest returns sqrt(u + v·sqrt(w)) for numbers as a sum of square roots, when
// u² - v² w is the square of a number q: it is sqrt((u+q)/2) ± sqrt((u-q)/2).
func (r *Ring) denest(a Combo) (Combo, bool) {
	if len(a) != 2 {
		return nil, false
	}
	u, v := a[0], a[1]
	if len(u.M) != 0 {
		u, v = v, u
	}
	if len(u.M) != 0 || u.C.Sign() <= 0 || len(v.M) == 0 {
		return nil, false
	}
	w := number.Int(1)
	for _, p := range v.M {
		if r.Kernels[p.K].kind != kernelPrime || p.N != number.Frac(1, 2) {
			return nil, false
		}
		w = w.Mul(number.Int(r.Kernels[p.K].value))
	}
	q, ok := u.C.Mul(u.C).Sub(v.C.Mul(v.C).Mul(w)).Root(2)
	if !ok || q.Sign() < 0 {
		return nil, false
	}
	half := number.Frac(1, 2)
	x, ok1 := r.pow(comboOf(u.C.Add(q).Mul(half)), half)
	y, ok2 := r.pow(comboOf(u.C.Sub(q).Mul(half)), half)
	if !ok1 || !ok2 {
		return nil, false
	}
	if v.C.Sign() < 0 {
		y = y.Neg()
	}
	return Add(x, y), true
}

// numberRoot returns c^n for c > 0 as a product of powers of integers.
func (r *Ring) numberRoot(c, n number.Number) (Combo, bool) {
	out := comboOf(number.Int(1))
	rat := c.Rat()
	for side, v := range [2]*big.Int{rat.Num(), rat.Denom()} {
		fs, ok := factorInt(v)
		if !ok {
			return nil, false
		}
		for _, f := range fs {
			e := n.Mul(number.Int(int64(f.n)))
			if side == 1 {
				e = e.Neg()
			}
			if out, ok = r.mul(out, Combo{{number.Int(1), []kernelPower{{r.integer(f.p), e}}}}); !ok {
				return nil, false
			}
		}
	}
	return out, true
}

type intFactor struct {
	p int64
	n int
}

// factorInt returns the prime factors of v > 0, found by trial division: a
// cofactor that remains may be composite. False when it is past an int64.
func factorInt(v *big.Int) ([]intFactor, bool) {
	if !v.IsInt64() {
		// powers of ten are common
		w := new(big.Int).Set(v)
		var out []intFactor
		for _, p := range []int64{2, 3, 5, 7} {
			n := 0
			for {
				q, m := new(big.Int).QuoRem(w, big.NewInt(p), new(big.Int))
				if m.Sign() != 0 {
					break
				}
				w, n = q, n+1
			}
			if n > 0 {
				out = append(out, intFactor{p, n})
			}
		}
		if !w.IsInt64() {
			return nil, false
		}
		rest, _ := factorInt(w)
		for _, f := range rest {
			if f.p > 7 {
				out = append(out, f)
			}
		}
		return out, true
	}
	m := v.Int64()
	var out []intFactor
	for p := int64(2); p*p <= m && p < 3000; p++ {
		n := 0
		for m%p == 0 {
			m /= p
			n++
		}
		if n > 0 {
			out = append(out, intFactor{p, n})
		}
	}
	if m > 1 {
		out = append(out, intFactor{m, 1})
	}
	return out, true
}
