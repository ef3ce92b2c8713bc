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
