// Package exact computes with formulas of no or one variable exactly: it writes
// them as sums of products of powers of kernels, decides signs of constants, and
// solves equations in closed form.
package exact

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A Ring writes formulas as sums of products of powers of kernels: the
// variable, constants such as pi and the primes under roots, exponentials,
// logarithms, sines and cosines, and whatever cannot be taken apart. The
// rewriting holds wherever the formula is defined, as far as the ring knows
// (it knows the formula on a piece of the line where nothing changes sign that
// must not); it is not a normal form in general, so that equal combos are equal
// numbers and unequal ones may be anything.
type Ring struct {
	T       *simplify.Tidier
	x       string
	Kernels []Kernel
	index   map[expr.Expr]int
	memo    map[expr.Expr]Combo
	// positiveX says that x > 0 wherever the formulas are used.
	positiveX bool
	consts    *Constants // to which products are charged, and when their effort is over nothing is multiplied out any more; may be nil
}

type kernelKind uint8

const (
	kernelOther kernelKind = iota
	kernelX
	kernelPrime // an integer > 1
	kernelE     // Euler's number
	kernelExp   // exp(arg), arg one monomial with coefficient 1
	kernelSum   // a sum, with integer coefficients without common factor
	kernelTrig  // sin(arg) or cos(arg)
	kernelCall  // another function of arg
)

type Kernel struct {
	E        expr.Expr
	kind     kernelKind
	HasX     bool
	Positive bool
	name     string // of the function
	arg      Combo  // of the function; the sum itself of a kernelSum
	value    int64  // of a prime
}

// A kernelPower is kernel number k to the n-th power.
type kernelPower struct {
	K int
	N number.Number
}

// A Term is a rational multiple of a product of powers of kernels, in
// the order of their numbers.
type Term struct {
	C number.Number
	M []kernelPower
}

// A Combo is a sum of terms with different monomials, in the order of their
// keys; empty for 0.
type Combo []Term

// comboLimit is the most terms that multiplying out may make.
const comboLimit = 160

func NewRing(t *simplify.Tidier, x string) *Ring {
	return &Ring{T: t, x: x, index: map[expr.Expr]int{}, memo: map[expr.Expr]Combo{}}
}

func compareMono(a, b []kernelPower) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i].K != b[i].K {
			return a[i].K - b[i].K
		}
		if c := b[i].N.Cmp(a[i].N); c != 0 {
			return c
		}
	}
	return len(b) - len(a)
}

func comboOf(c number.Number) Combo {
	if c.Sign() == 0 {
		return nil
	}
	return Combo{{C: c}}
}

func (r *Ring) one(k int) Combo {
	return Combo{{number.Int(1), []kernelPower{{k, number.Int(1)}}}}
}

// collectCombo adds up equal monomials and sorts.
func collectCombo(list Combo) Combo {
	slices.SortStableFunc(list, func(a, b Term) int { return compareMono(a.M, b.M) })
	out := list[:0]
	for _, t := range list {
		if n := len(out); n > 0 && compareMono(out[n-1].M, t.M) == 0 {
			out[n-1].C = out[n-1].C.Add(t.C)
			continue
		}
		out = append(out, t)
	}
	return slices.DeleteFunc(out, func(t Term) bool { return t.C.Sign() == 0 })
}

func Add(a, b Combo) Combo {
	return collectCombo(append(slices.Clone(a), b...))
}

func (a Combo) scale(c number.Number) Combo {
	if c.Sign() == 0 {
		return nil
	}
	out := slices.Clone(a)
	for i := range out {
		out[i].C = out[i].C.Mul(c)
	}
	return out
}

func (a Combo) Neg() Combo { return a.scale(number.Int(-1)) }

// constant returns a as a number.
func (a Combo) Number() (number.Number, bool) {
	switch {
	case len(a) == 0:
		return number.Number{}, true
	case len(a) == 1 && len(a[0].M) == 0:
		return a[0].C, true
	}
	return number.Number{}, false
}

// productCost is what the product of two terms counts, in steps of programs.
const productCost = 24

// mul returns a·b; false when it has too many terms, or when there is no time for it.
func (r *Ring) mul(a, b Combo) (Combo, bool) {
	if len(a)*len(b) > 4*comboLimit {
		return nil, false
	}
	if c := r.consts; c != nil {
		if c.Effort.over() { // not Tired: what an attempt does not multiply out would be remembered as it stands
			return nil, false
		}
		c.charge(productCost * len(a) * len(b))
	}
	var out Combo
	var more []Combo
	for _, s := range a {
		for _, u := range b {
			m := mergeMono(s.M, u.M)
			t, extra, ok := r.normal(Term{s.C.Mul(u.C), m})
			if !ok {
				return nil, false
			}
			if extra != nil {
				p, ok := r.mul(Combo{t}, extra)
				if !ok {
					return nil, false
				}
				more = append(more, p)
				continue
			}
			out = append(out, t)
		}
	}
	for _, p := range more {
		out = append(out, p...)
	}
	out = collectCombo(out)
	if len(out) > comboLimit {
		return nil, false
	}
	for _, t := range out {
		if t.C.Bits() > 4000 {
			return nil, false
		}
	}
	return out, true
}

func mergeMono(a, b []kernelPower) []kernelPower {
	out := make([]kernelPower, 0, len(a)+len(b))
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i].K < b[j].K:
			out = append(out, a[i])
			i++
		case i == len(a) || b[j].K < a[i].K:
			out = append(out, b[j])
			j++
		default:
			if n := a[i].N.Add(b[j].N); n.Sign() != 0 {
				out = append(out, kernelPower{a[i].K, n})
			}
			i, j = i+1, j+1
		}
	}
	return out
}

// normal takes whole powers of integers and of sums out of t, negative ones of sums of square roots too: the second result
// is a factor still to be multiplied in, nil for 1.
func (r *Ring) normal(t Term) (Term, Combo, bool) {
	var extra Combo
	out := t.M
	copied := false
	for i := 0; i < len(out); i++ {
		p := out[i]
		info := &r.Kernels[p.K]
		whole, part := splitNumber(p.N)
		switch {
		case info.kind == kernelPrime && whole != 0:
			v, ok := number.Int(info.value).Pow(int(whole))
			if !ok || whole > 4096 || whole < -4096 {
				return t, nil, false
			}
			t.C = t.C.Mul(v)
		case info.kind == kernelSum && (whole > 0 || whole < 0 && part.Sign() == 0):
			f, ok := info.arg, true
			if whole < 0 { // a square root in a denominator
				f, ok = r.conjugate(f)
			}
			if ok {
				f, ok = r.powInt(f, int(max(whole, -whole)))
			}
			if !ok {
				continue
			}
			if extra == nil {
				extra = f
			} else if extra, ok = r.mul(extra, f); !ok {
				return t, nil, false
			}
		default:
			continue
		}
		if !copied {
			out, copied = slices.Clone(out), true
		}
		if part.Sign() == 0 {
			out = slices.Delete(out, i, i+1)
			i--
		} else {
			out[i].N = part
		}
	}
	t.M = out
	return t, extra, true
}

// splitNumber returns n = whole + part with 0 ≤ part < 1.
func splitNumber(n number.Number) (int64, number.Number) {
	rat := n.Rat()
	q := new(big.Int).Div(rat.Num(), rat.Denom())
	if !q.IsInt64() {
		return 0, n
	}
	return q.Int64(), n.Sub(number.Int(q.Int64()))
}

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
	if n.Sign() == 0 {
		return comboOf(number.Int(1)), true
	}
	if n == number.Int(1) {
		return a, true
	}
	if len(a) == 0 {
		if n.Sign() > 0 {
			return nil, true
		}
		return nil, false
	}
	k, isInt := n.Int64()
	if len(a) > 1 {
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
		if m := r.common(prim); len(m) > 0 {
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
		s := r.SumKernel(prim)
		return r.mul(f, Combo{{number.Int(1), []kernelPower{{s, n}}}})
	}
	t := a[0]
	out := comboOf(number.Int(1))
	// the number
	if isInt {
		if k > 4096 || k < -4096 || t.C.Bits()*int(max(k, -k)) > 8000 {
			return nil, false
		}
		v, ok := t.C.Pow(int(k))
		if !ok {
			return nil, false
		}
		out = comboOf(v)
	} else {
		c := t.C
		free := 0 // kernels that may be negative
		for _, p := range t.M {
			if !r.isPositive(p.K) {
				free++
				if p.N != number.Int(1) {
					return nil, false
				}
			}
		}
		if free > 1 || c.Sign() < 0 && len(t.M) == 0 {
			return nil, false
		}
		if c.Sign() < 0 {
			if free == 0 {
				return nil, false
			}
			// (-u)^n: the sign stays with the kernel
			s := r.SumKernel(Combo{{number.Int(-1), t.M}})
			if len(t.M) != 1 {
				return nil, false
			}
			f, ok := r.pow(comboOf(c.Neg()), n)
			if !ok {
				return nil, false
			}
			return r.mul(f, Combo{{number.Int(1), []kernelPower{{s, n}}}})
		}
		f, ok := r.numberRoot(c, n)
		if !ok {
			return nil, false
		}
		out = f
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

// Content returns a = c·prim with integer coefficients without common factor
// in prim, the first of them positive.
func (r *Ring) Content(a Combo) (number.Number, Combo) {
	num, den := new(big.Int), big.NewInt(1)
	for _, t := range a {
		rat := t.C.Rat()
		num.GCD(nil, nil, num, new(big.Int).Abs(rat.Num()))
		g := new(big.Int).GCD(nil, nil, den, rat.Denom())
		den.Mul(den, new(big.Int).Quo(rat.Denom(), g))
	}
	c := number.FromRat(new(big.Rat).SetFrac(num, den))
	if a[0].C.Sign() < 0 {
		c = c.Neg()
	}
	inv, _ := c.Inv()
	return c, a.scale(inv)
}

func (r *Ring) enter(e expr.Expr, info Kernel) int {
	if k, ok := r.index[e]; ok {
		return k
	}
	info.E = e
	info.HasX = e.Has(r.x)
	r.Kernels = append(r.Kernels, info)
	r.index[e] = len(r.Kernels) - 1
	return len(r.Kernels) - 1
}

func (r *Ring) SumKernel(a Combo) int {
	return r.enter(r.Build(a), Kernel{kind: kernelSum, arg: a, Positive: r.PositiveCombo(a)})
}

// PositiveCombo reports whether a is seen to be > 0: positive terms only, even
// powers with a positive constant among them.
func (r *Ring) PositiveCombo(a Combo) bool {
	strict := false
	for _, t := range a {
		if t.C.Sign() < 0 {
			return false
		}
		sure := true
		for _, p := range t.M {
			if r.isPositive(p.K) {
				continue
			}
			sure = false
			if n, ok := p.N.Int64(); !ok || n%2 != 0 || n < 0 {
				return false
			}
		}
		strict = strict || sure
	}
	return strict
}

func (r *Ring) integer(p int64) int {
	return r.enter(r.T.Int(p), Kernel{kind: kernelPrime, Positive: true, value: p})
}

func (r *Ring) lookup(name string, args ...expr.Expr) expr.Expr {
	return r.T.Pool().Call(fn.Lookup(name), args...)
}

func (r *Ring) euler() int {
	return r.enter(r.lookup("e"), Kernel{kind: kernelE, Positive: true})
}

func (r *Ring) pi() int {
	return r.enter(r.lookup("pi"), Kernel{kind: kernelOther, Positive: true})
}

// call enters f(arg) as a kernel.
func (r *Ring) call(name string, arg Combo) Combo {
	return r.one(r.enter(r.lookup(name, r.Build(arg)), Kernel{kind: kernelCall, name: name, arg: arg,
		Positive: name == "gamma" && r.PositiveCombo(arg) || name == "erfc" || name == "normcdf"}))
}

// opaque enters e, of the Pool of the ring, as a kernel.
func (r *Ring) opaque(e expr.Expr) Combo { return r.one(r.enter(e, Kernel{})) }

// exp returns e^a.
func (r *Ring) exp(a Combo) (Combo, bool) {
	out := comboOf(number.Int(1))
	for _, t := range a {
		var f Combo
		ok := true
		switch {
		case len(t.M) == 0:
			f = Combo{{number.Int(1), []kernelPower{{r.euler(), t.C}}}}
		case len(t.M) == 1 && t.M[0].N == number.Int(1) && r.Kernels[t.M[0].K].name == "log":
			f, ok = r.pow(r.Kernels[t.M[0].K].arg, t.C)
		case len(t.M) == 1 && t.M[0].N == number.Int(1) && isLambert(r.Kernels[t.M[0].K].name) && t.C.IsInt():
			inner := r.Kernels[t.M[0].K].arg // exp(W(u)) = u/W(u), where u is not 0
			if !r.neverZero(inner) {
				f = r.expKernel(t)
			} else if f, ok = r.mul(inner, Combo{{number.Int(1), []kernelPower{{t.M[0].K, number.Int(-1)}}}}); ok {
				f, ok = r.pow(f, t.C)
			}
		default:
			f = r.expKernel(t)
		}
		if !ok {
			return nil, false
		}
		if out, ok = r.mul(out, f); !ok {
			return nil, false
		}
	}
	return out, true
}

// expKernel enters exp(t), without the coefficient of t, as a kernel and returns e^t.
func (r *Ring) expKernel(t Term) Combo {
	m := Combo{{number.Int(1), t.M}}
	k := r.enter(r.lookup("exp", r.Build(m)), Kernel{kind: kernelExp, name: "exp", arg: m, Positive: true})
	return Combo{{number.Int(1), []kernelPower{{k, t.C}}}}
}

// neverZero reports whether a is seen not to be 0.
func (r *Ring) neverZero(a Combo) bool {
	if r.PositiveCombo(a) || r.PositiveCombo(a.Neg()) {
		return true
	}
	v, ok := r.enclose(r.Build(a))
	return ok && SignOf(v) != 0
}

// log returns log a on its domain.
func (r *Ring) log(a Combo) (Combo, bool) {
	if len(a) == 0 {
		return nil, false
	}
	c, prim := a[0].C, a
	if len(a) > 1 {
		c, prim = r.Content(a)
	} else {
		inv, _ := c.Inv()
		prim = a.scale(inv)
	}
	if c.Sign() < 0 {
		c, prim = c.Neg(), prim.Neg()
	}
	var out Combo
	rat := c.Rat()
	for side, v := range [2]*big.Int{rat.Num(), rat.Denom()} {
		fs, ok := factorInt(v)
		if !ok {
			return nil, false
		}
		for _, f := range fs {
			n := int64(f.n)
			if side == 1 {
				n = -n
			}
			l := r.call("log", r.one(r.integer(f.p)))
			r.markLog(l, f.p)
			out = append(out, l.scale(number.Int(n))...)
		}
	}
	out = collectCombo(out)
	if len(prim) > 1 || prim[0].C.Sign() < 0 {
		return Add(out, r.call("log", prim)), true
	}
	free := -1
	for i, p := range prim[0].M {
		if !r.isPositive(p.K) {
			if free >= 0 {
				return Add(out, r.call("log", prim)), true
			}
			free = i
		}
	}
	if free >= 0 {
		if n, ok := prim[0].M[free].N.Int64(); ok && n%2 == 0 {
			return Add(out, r.call("log", prim)), true
		}
	}
	for _, p := range prim[0].M {
		info := &r.Kernels[p.K]
		var l Combo
		switch {
		case info.kind == kernelE:
			l = comboOf(number.Int(1))
		case info.kind == kernelExp:
			l = info.arg
		case info.name == "W": // with Wm1 neither logarithm is defined
			inner, ok := r.log(info.arg) // log W(u) = log u - W(u)
			if !ok {
				return nil, false
			}
			l = Add(inner, r.one(p.K).Neg())
		case info.kind == kernelSum:
			l = r.call("log", info.arg)
		default:
			l = r.call("log", r.one(p.K))
		}
		out = Add(out, l.scale(p.N))
	}
	return out, true
}

// markLog notes that the logarithm of an integer > 1 is positive.
func (r *Ring) markLog(l Combo, p int64) {
	if p > 1 {
		r.Kernels[l[0].M[0].K].Positive = true
	}
}

// Build returns a as a tidy formula.
func (r *Ring) Build(a Combo) expr.Expr {
	if len(a) == 0 {
		return r.T.Int(0)
	}
	if common, rest := r.commonFactors(a); len(common) > 0 {
		c, prim := r.Content(rest)
		e := r.Build(prim)
		if v, ok := r.enclose(e); ok && v.Hi < 0 {
			c, e = c.Neg(), r.Build(prim.Neg())
		}
		return r.T.Mul(r.T.Num(c), e, r.buildTerm(Term{number.Int(1), common}))
	}
	var terms []expr.Expr
	rest, logs := r.joinLogs(a)
	for _, t := range rest {
		terms = append(terms, r.buildTerm(t))
	}
	if logs.Valid() {
		terms = append(terms, logs)
	}
	if len(terms) == 1 {
		return terms[0]
	}
	constant := true
	for _, t := range a {
		for _, p := range t.M {
			constant = constant && !r.Kernels[p.K].HasX
		}
	}
	if constant { // a positive term first: 5/2 - sqrt(5)/2
		slices.SortStableFunc(terms, func(a, b expr.Expr) int { return minusFirst(b) - minusFirst(a) })
		return r.T.Add(terms...)
	}
	return r.T.Sum(terms...)
}

// commonFactors takes the roots and divisors that are sums, and the powers of e, that all terms of the constant
// a have in common out of them: 2 sqrt(1 + sqrt(2)) + sqrt(2) sqrt(1 + sqrt(2)).
func (r *Ring) commonFactors(a Combo) (common []kernelPower, rest Combo) {
	if len(a) < 2 {
		return nil, nil
	}
	for _, p := range a[0].M {
		info := &r.Kernels[p.K]
		root := info.kind == kernelSum && (!p.N.IsInt() || p.N.Sign() < 0)
		power := info.kind == kernelExp || info.kind == kernelE
		if info.HasX || !root && !power {
			continue
		}
		if !slices.ContainsFunc(a, func(t Term) bool { return !slices.Contains(t.M, p) }) {
			common = append(common, p)
		}
	}
	if len(common) == 0 {
		return nil, nil
	}
	for _, t := range a {
		m := slices.DeleteFunc(slices.Clone(t.M), func(p kernelPower) bool { return slices.Contains(common, p) })
		rest = append(rest, Term{t.C, m})
	}
	return common, collectCombo(rest)
}

// tangents writes sin(u)^n cos(u)^(-n) in the monomial m of constants as tan(u)^n.
func (r *Ring) tangents(m []kernelPower) (rest []kernelPower, tans []expr.Expr) {
	rest = m
	for i := 0; i < len(rest); i++ {
		p := &r.Kernels[rest[i].K]
		if p.kind != kernelTrig || p.HasX || p.name != "sin" {
			continue
		}
		j := slices.IndexFunc(rest, func(q kernelPower) bool {
			k := &r.Kernels[q.K]
			return k.kind == kernelTrig && k.name == "cos" && q.N == rest[i].N.Neg() && len(Add(k.arg, p.arg.Neg())) == 0
		})
		if j < 0 {
			continue
		}
		tan := r.T.Pow(r.T.Call(fn.Lookup("tan"), p.E.Arg(0)), r.T.Num(rest[i].N))
		tans = append(tans, tan)
		sin, cos := rest[i], rest[j]
		rest = slices.DeleteFunc(slices.Clone(rest), func(q kernelPower) bool { return q == sin || q == cos })
		i = -1
	}
	return rest, tans
}

// minusFirst is 0 for a term with a minus sign and 1 for others.
func minusFirst(e expr.Expr) int {
	if e.Op() == expr.Mul {
		e = e.Arg(0)
	}
	if e.Op() == expr.Num && e.Number().Sign() < 0 {
		return 0
	}
	return 1
}

// joinLogs writes the sum of the rational multiples of logarithms of primes in
// a as a multiple of one logarithm, if there are several and its argument does
// not become long: 2 log(2) + 2 log(5) is 2 log(10).
func (r *Ring) joinLogs(a Combo) (Combo, expr.Expr) {
	var rest Combo
	var g number.Number
	var at []int
	for i, t := range a {
		if len(t.M) == 1 && t.M[0].N == number.Int(1) {
			if info := &r.Kernels[t.M[0].K]; info.name == "log" && len(info.arg) == 1 && len(info.arg[0].M) == 1 &&
				r.Kernels[info.arg[0].M[0].K].kind == kernelPrime {
				at = append(at, i)
				if g.Sign() == 0 {
					g = t.C.Abs()
				} else {
					g = GCD(g, t.C.Abs())
				}
				continue
			}
		}
		rest = append(rest, t)
	}
	if len(at) < 2 {
		return a, expr.Expr{}
	}
	if a[at[len(at)-1]].C.Sign() < 0 {
		g = g.Neg()
	}
	v := number.Int(1)
	for _, i := range at {
		q, _ := a[i].C.Quo(g)
		n, ok := q.Int64()
		if !ok || n > 40 || n < -40 {
			return a, expr.Expr{}
		}
		f, _ := number.Int(r.Kernels[r.Kernels[a[i].M[0].K].arg[0].M[0].K].value).Pow(int(n))
		v = v.Mul(f)
	}
	if v.Bits() > 48 {
		return a, expr.Expr{}
	}
	if one := number.Int(1); v.Cmp(one) < 0 {
		v, _ = v.Inv()
		g = g.Neg()
	}
	return rest, r.T.Mul(r.T.Num(g), r.T.Call(fn.Lookup("log"), r.T.Num(v)))
}

func (r *Ring) buildTerm(t Term) expr.Expr {
	factors := []expr.Expr{r.T.Num(t.C)}
	m, tans := r.tangents(t.M)
	factors = append(factors, tans...)
	t.M = m
	var exponent Combo // of all constant powers of e
	// One root for all integers with the same exponent.
	var exps []number.Number
	var under []*big.Int
	for _, p := range t.M {
		info := &r.Kernels[p.K]
		switch {
		case info.kind == kernelPrime:
			i := slices.Index(exps, p.N)
			if i < 0 {
				i = len(exps)
				exps, under = append(exps, p.N), append(under, big.NewInt(1))
			}
			under[i].Mul(under[i], big.NewInt(info.value))
		case !info.HasX && (info.kind == kernelExp || info.kind == kernelE):
			if info.kind == kernelE {
				exponent = Add(exponent, comboOf(p.N))
			} else {
				exponent = Add(exponent, info.arg.scale(p.N))
			}
		case info.kind == kernelExp:
			factors = append(factors, r.T.Call(fn.Lookup("exp"), r.Build(info.arg.scale(p.N))))
		case p.N == number.Frac(1, 2):
			factors = append(factors, r.T.Call(fn.Lookup("sqrt"), info.E))
		case p.N == number.Frac(-1, 2):
			factors = append(factors, r.T.Pow(r.T.Call(fn.Lookup("sqrt"), info.E), r.T.Int(-1)))
		default:
			factors = append(factors, r.T.Pow(info.E, r.T.Num(p.N)))
		}
	}
	if q, ok := exponent.Number(); ok && q == number.Int(1) {
		factors = append(factors, r.Kernels[r.euler()].E)
	} else if len(exponent) > 0 {
		factors = append(factors, r.T.Call(fn.Lookup("exp"), r.Build(exponent)))
	}
	for i, n := range exps {
		b := r.T.Num(number.FromRat(new(big.Rat).SetInt(under[i])))
		if n == number.Frac(1, 2) {
			factors = append(factors, r.T.Call(fn.Lookup("sqrt"), b))
		} else {
			factors = append(factors, r.T.Pow(b, r.T.Num(n)))
		}
	}
	return r.T.Mul(factors...)
}
