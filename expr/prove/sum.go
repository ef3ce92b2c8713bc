package prove

import (
	"cmp"
	"math/big"
	"slices"

	"nabla/expr/number"
)

// The equality prover computes with sums of power products: every formula
// becomes
//
//	c₁·k₁^q₁₁·k₂^q₁₂… + c₂·k₁^q₂₁… + …
//
// with rational coefficients c, rational exponents q and kernels k. A kernel
// is a variable, a logarithm, an exponential, a function that stays as it is,
// or the name of another such sum: (x+1)^100 is one power of one kernel until
// somebody needs it expanded, and 1/(x+1) is a power like any other.
//
// What makes this sound is one convention. At a point, each kernel k ≠ 0 has a
// value and, for powers with fractions, one chosen complex logarithm, so that
// k^q = exp(q log k) obeys k^p·k^q = k^(p+q) with no condition. Conditions
// arise only where a formula is translated into such powers, one place for
// each function.

// A power is one factor of a power product.
type power struct {
	k kernel
	e ratio
}

// A monomial is a power product: kernels in increasing order, no exponent 0.
type monomial []power

// A summand is a multiple of a power product.
type summand struct {
	c number.Number
	m monomial
}

// A sum is in increasing order of its monomials, no two of them equal, no
// coefficient 0. The empty sum is 0.
type sum []summand

var (
	one      = number.Int(1)
	half     = number.Frac(1, 2)
	minusOne = number.Int(-1)
	two      = number.Int(2)
)

// compareMonomials is a total order.
func compareMonomials(a, b monomial) int {
	for i := range min(len(a), len(b)) {
		if a[i].k != b[i].k {
			return cmp.Compare(a[i].k, b[i].k)
		}
		if c := b[i].e.cmp(a[i].e); c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

func constantSum(c number.Number) sum {
	if c.Sign() == 0 {
		return nil
	}
	return sum{{c: c}}
}

func monomialSum(c number.Number, m monomial) sum {
	if c.Sign() == 0 {
		return nil
	}
	return sum{{c, m}}
}

// number returns the value of a sum that is a rational constant.
func (s sum) number() (number.Number, bool) {
	switch {
	case len(s) == 0:
		return number.Number{}, true
	case len(s) == 1 && len(s[0].m) == 0:
		return s[0].c, true
	}
	return number.Number{}, false
}

func (s sum) equal(t sum) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range s {
		if s[i].c != t[i].c || compareMonomials(s[i].m, t[i].m) != 0 {
			return false
		}
	}
	return true
}

func (s sum) scale(c number.Number) sum {
	if c == one {
		return s
	}
	if c.Sign() == 0 {
		return nil
	}
	t := make(sum, len(s))
	for i, a := range s {
		t[i] = summand{a.c.Mul(c), a.m}
	}
	return t
}

func (s sum) neg() sum { return s.scale(minusOne) }

func (s sum) add(t sum) sum {
	if len(s) == 0 {
		return t
	}
	if len(t) == 0 {
		return s
	}
	out := make(sum, 0, len(s)+len(t))
	i, j := 0, 0
	for i < len(s) && j < len(t) {
		switch c := compareMonomials(s[i].m, t[j].m); {
		case c < 0:
			out = append(out, s[i])
			i++
		case c > 0:
			out = append(out, t[j])
			j++
		default:
			if c := s[i].c.Add(t[j].c); c.Sign() != 0 {
				out = append(out, summand{c, s[i].m})
			}
			i, j = i+1, j+1
		}
	}
	out = append(out, s[i:]...)
	return append(out, t[j:]...)
}

func (s sum) sub(t sum) sum { return s.add(t.neg()) }

// collected sorts s and joins equal monomials, in place.
func collected(s sum) sum {
	slices.SortFunc(s, func(a, b summand) int { return compareMonomials(a.m, b.m) })
	out := s[:0]
	for _, a := range s {
		if n := len(out); n > 0 && compareMonomials(out[n-1].m, a.m) == 0 {
			out[n-1].c = out[n-1].c.Add(a.c)
			continue
		}
		if n := len(out); n > 0 && out[n-1].c.Sign() == 0 {
			out = out[:n-1]
		}
		out = append(out, a)
	}
	if n := len(out); n > 0 && out[n-1].c.Sign() == 0 {
		out = out[:n-1]
	}
	return out
}

// mul returns a·b. Powers of numbers give up their whole part, and squares of
// signs vanish, so a factor may come out.
func (r *ring) mul(a, b monomial) (monomial, number.Number) {
	if len(a) == 0 {
		return b, one
	}
	if len(b) == 0 {
		return a, one
	}
	out := r.alloc(len(a) + len(b))
	special := false
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i].k < b[j].k:
			out = append(out, a[i])
			i++
		case i == len(a) || b[j].k < a[i].k:
			out = append(out, b[j])
			j++
		default:
			e := a[i].e.add(b[j].e)
			if !e.isZero() {
				out = append(out, power{a[i].k, e})
			}
			i, j = i+1, j+1
			if e.isZero() {
				continue
			}
		}
		special = special || r.folds(out[len(out)-1].k)
	}
	r.keep(len(out))
	if special {
		return r.fold(out)
	}
	return out, one
}

// alloc returns an empty monomial with room for n powers; keep says how many of
// them are used.
func (r *ring) alloc(n int) monomial {
	if cap(r.slab)-len(r.slab) < n {
		r.slab = make([]power, 0, max(1024, n))
	}
	k := len(r.slab)
	return monomial(r.slab[k : k : k+n])
}

func (r *ring) keep(n int) { r.slab = r.slab[:len(r.slab)+n] }

// fold brings the powers of numbers and signs in m, which it owns, to their
// normal form: (-1)^(3/2) to -(-1)^(1/2), 2^(5/2) to 4·2^(1/2), s^3 to s.
func (r *ring) fold(m monomial) (monomial, number.Number) {
	c := one
	for i, p := range m {
		info := &r.kernels[p.k]
		switch info.kind {
		case kindNumber:
			n := p.e.floor()
			if n == 0 {
				continue
			}
			v, ok := info.number.Pow(n)
			if !ok || v.Bits() > number.MaxBits {
				panic(giveUp{why: "a number is too large", exhausted: true})
			}
			c = c.Mul(v)
			m[i].e = p.e.sub(integerRatio(n))
		case kindSign:
			m[i].e = r.signPower(m, p)
		}
	}
	m = slices.DeleteFunc(m, func(p power) bool { return p.e.isZero() })
	return m, c
}

// signPower returns the exponent of the sign p in m, reduced: s³ = s, and s² is
// 1 where the formula of which s is the sign is not 0, as it is when it stands
// beside s: u·s² = u.
func (r *ring) signPower(m monomial, p power) ratio {
	if !p.e.isInt() {
		return p.e
	}
	n := p.e.n
	of := r.kernels[p.k].of
	free := r.sign(of)&zeroSign == 0 || slices.ContainsFunc(m, func(q power) bool { return r.vanishesWith(q.k, of) })
	switch {
	case n < 0 || free: // 1/s is s: it is ±1
		n &= 1
	case n > 1 && r.sign(of)&minusSign == 0: // 0 or 1
		n = 1
	case n > 2:
		n = 2 - n&1
	}
	return integerRatio(int(n))
}

// times returns c·m·s.
func (r *ring) times(s sum, c number.Number, m monomial) sum {
	if len(m) == 0 {
		return s.scale(c)
	}
	r.spend(len(s))
	out := make(sum, 0, len(s))
	for _, a := range s {
		n, f := r.mul(a.m, m)
		out = append(out, summand{a.c.Mul(c).Mul(f), n})
	}
	return collected(out)
}

// product returns s·t, multiplied out.
func (r *ring) product(s, t sum) sum {
	if len(s) == 1 {
		return r.times(t, s[0].c, s[0].m)
	}
	if len(t) == 1 {
		return r.times(s, t[0].c, t[0].m)
	}
	r.spend(len(s) * len(t))
	out := make(sum, 0, len(s)*len(t))
	for _, a := range s {
		for _, b := range t {
			m, f := r.mul(a.m, b.m)
			out = append(out, summand{a.c.Mul(b.c).Mul(f), m})
		}
	}
	return collected(out)
}

// power returns (c·m)^q, for a c and q that make c^q a number known to the ring.
func (r *ring) raise(c number.Number, m monomial, q ratio) (number.Number, monomial) {
	out := r.alloc(len(m))
	special := false
	for _, p := range m {
		if e := p.e.mul(q); !e.isZero() {
			out = append(out, power{p.k, e})
			special = special || r.folds(p.k)
		}
	}
	r.keep(len(out))
	f := one
	if special {
		out, f = r.fold(out)
	}
	d, n := r.numberPower(c, q)
	if len(n) > 0 {
		var g number.Number
		out, g = r.mul(out, n)
		f = f.Mul(g)
	}
	return d.Mul(f), out
}

// numberPower returns c^q for c ≠ 0 as a rational number and powers of numbers.
func (r *ring) numberPower(c number.Number, q ratio) (number.Number, monomial) {
	if q.isInt() {
		v, ok := c.Pow(int(q.n))
		if !ok {
			panic(giveUp{why: "a number is too large", exhausted: true})
		}
		return v, nil
	}
	d := one
	var m monomial
	put := func(n number.Number, e ratio) {
		var f number.Number
		m, f = r.mul(m, monomial{{r.number(n), e}})
		// A monomial alone is not folded by mul.
		g, h := r.fold(slices.Clone(m))
		m, d = g, d.Mul(f).Mul(h)
	}
	if c.Sign() < 0 {
		put(minusOne, q)
		c = c.Neg()
	}
	for _, f := range primes(c) {
		put(f.base, q.mul(f.e))
	}
	return d, m
}

// A primePower is a factor of a rational number.
type primePower struct {
	base number.Number
	e    ratio
}

// primes returns c > 0 as a product of powers of primes; a large factor that
// trial division does not split counts as prime, which loses an identity at
// worst.
func primes(c number.Number) []primePower {
	if c == one {
		return nil
	}
	var out []primePower
	split := func(n *big.Int, sign int) {
		const limit = 2000
		var q, rem, d big.Int
		for p := int64(2); p < limit; p += 1 + p&1 {
			if n.IsInt64() && p*p > n.Int64() {
				break
			}
			d.SetInt64(p)
			k := 0
			for {
				q.QuoRem(n, &d, &rem)
				if rem.Sign() != 0 {
					break
				}
				n.Set(&q)
				k++
			}
			if k > 0 {
				out = append(out, primePower{number.Int(p), integerRatio(sign * k)})
			}
		}
		if n.Cmp(big.NewInt(1)) > 0 {
			base, k := number.FromRat(new(big.Rat).SetInt(n)), 1
			for _, e := range []int{2, 3, 5} {
				for root, ok := base.Root(e); ok; root, ok = base.Root(e) {
					base, k = root, k*e
				}
			}
			out = append(out, primePower{base, integerRatio(sign * k)})
		}
	}
	rat := c.Rat()
	split(new(big.Int).Set(rat.Num()), 1)
	split(new(big.Int).Set(rat.Denom()), -1)
	return out
}
