package global

import (
	"math/big"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A kernelRing writes formulas as sums of products of powers of kernels: the
// variable, constants such as pi and the primes under roots, exponentials,
// logarithms, sines and cosines, and whatever cannot be taken apart. The
// rewriting holds wherever the formula is defined, as far as the ring knows
// (it knows the formula on a piece of the line where nothing changes sign that
// must not); it is not a normal form in general, so that equal combos are equal
// numbers and unequal ones may be anything.
type kernelRing struct {
	t       *simplify.Tidier
	x       string
	kernels []kernelInfo
	index   map[expr.Expr]int
	memo    map[expr.Expr]combo
	// positiveX says that x > 0 wherever the formulas are used.
	positiveX bool
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

type kernelInfo struct {
	e        expr.Expr
	kind     kernelKind
	hasX     bool
	positive bool
	name     string // of the function
	arg      combo  // of the function; the sum itself of a kernelSum
	value    int64  // of a prime
}

// A kernelPower is kernel number k to the n-th power.
type kernelPower struct {
	k int
	n number.Number
}

// A comboTerm is a rational multiple of a product of powers of kernels, in
// the order of their numbers.
type comboTerm struct {
	c number.Number
	m []kernelPower
}

// A combo is a sum of terms with different monomials, in the order of their
// keys; empty for 0.
type combo []comboTerm

// comboLimit is the most terms that multiplying out may make.
const comboLimit = 160

func newKernelRing(t *simplify.Tidier, x string) *kernelRing {
	return &kernelRing{t: t, x: x, index: map[expr.Expr]int{}, memo: map[expr.Expr]combo{}}
}

func monoKey(m []kernelPower) string {
	var b strings.Builder
	for _, p := range m {
		b.WriteByte(byte(p.k))
		b.WriteByte(byte(p.k >> 8))
		if n, ok := p.n.Int64(); ok && n >= 0 && n < 100 {
			b.WriteByte(byte(n))
		} else {
			b.WriteString(p.n.String())
		}
		b.WriteByte('.')
	}
	return b.String()
}

func compareMono(a, b []kernelPower) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i].k != b[i].k {
			return a[i].k - b[i].k
		}
		if c := b[i].n.Cmp(a[i].n); c != 0 {
			return c
		}
	}
	return len(b) - len(a)
}

func comboOf(c number.Number) combo {
	if c.Sign() == 0 {
		return nil
	}
	return combo{{c: c}}
}

func (r *kernelRing) one(k int) combo {
	return combo{{number.Int(1), []kernelPower{{k, number.Int(1)}}}}
}

// collectCombo adds up equal monomials and sorts.
func collectCombo(list combo) combo {
	slices.SortStableFunc(list, func(a, b comboTerm) int { return compareMono(a.m, b.m) })
	out := list[:0]
	for _, t := range list {
		if n := len(out); n > 0 && compareMono(out[n-1].m, t.m) == 0 {
			out[n-1].c = out[n-1].c.Add(t.c)
			continue
		}
		out = append(out, t)
	}
	return slices.DeleteFunc(out, func(t comboTerm) bool { return t.c.Sign() == 0 })
}

func addCombo(a, b combo) combo {
	return collectCombo(append(slices.Clone(a), b...))
}

func (a combo) scale(c number.Number) combo {
	if c.Sign() == 0 {
		return nil
	}
	out := slices.Clone(a)
	for i := range out {
		out[i].c = out[i].c.Mul(c)
	}
	return out
}

func (a combo) neg() combo { return a.scale(number.Int(-1)) }

// constant returns a as a number.
func (a combo) number() (number.Number, bool) {
	switch {
	case len(a) == 0:
		return number.Number{}, true
	case len(a) == 1 && len(a[0].m) == 0:
		return a[0].c, true
	}
	return number.Number{}, false
}

// mul returns a·b; false when it has too many terms.
func (r *kernelRing) mul(a, b combo) (combo, bool) {
	if len(a)*len(b) > 4*comboLimit {
		return nil, false
	}
	var out combo
	var more []combo
	for _, s := range a {
		for _, u := range b {
			m := mergeMono(s.m, u.m)
			t, extra, ok := r.normal(comboTerm{s.c.Mul(u.c), m})
			if !ok {
				return nil, false
			}
			if extra != nil {
				p, ok := r.mul(combo{t}, extra)
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
		if t.c.Bits() > 4000 {
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
		case j == len(b) || i < len(a) && a[i].k < b[j].k:
			out = append(out, a[i])
			i++
		case i == len(a) || b[j].k < a[i].k:
			out = append(out, b[j])
			j++
		default:
			if n := a[i].n.Add(b[j].n); n.Sign() != 0 {
				out = append(out, kernelPower{a[i].k, n})
			}
			i, j = i+1, j+1
		}
	}
	return out
}

// normal takes whole powers of integers and of sums out of t: the second result
// is a factor still to be multiplied in, nil for 1.
func (r *kernelRing) normal(t comboTerm) (comboTerm, combo, bool) {
	var extra combo
	out := t.m
	copied := false
	for i := 0; i < len(out); i++ {
		p := out[i]
		info := &r.kernels[p.k]
		whole, part := splitNumber(p.n)
		switch {
		case info.kind == kernelPrime && whole != 0:
			v, ok := number.Int(info.value).Pow(int(whole))
			if !ok || whole > 4096 || whole < -4096 {
				return t, nil, false
			}
			t.c = t.c.Mul(v)
		case info.kind == kernelSum && whole > 0:
			f, ok := r.powInt(info.arg, int(whole))
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
			out[i].n = part
		}
	}
	t.m = out
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

func (r *kernelRing) powInt(a combo, n int) (combo, bool) {
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
func (r *kernelRing) pow(a combo, n number.Number) (combo, bool) {
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
		c, prim := r.content(a)
		if c.Sign() < 0 && !isInt {
			c, prim = c.Neg(), prim.neg()
		}
		f, ok := r.pow(comboOf(c), n)
		if !ok {
			return nil, false
		}
		s := r.sumKernel(prim)
		return r.mul(f, combo{{number.Int(1), []kernelPower{{s, n}}}})
	}
	t := a[0]
	out := comboOf(number.Int(1))
	// the number
	if isInt {
		if k > 4096 || k < -4096 || t.c.Bits()*int(max(k, -k)) > 8000 {
			return nil, false
		}
		v, ok := t.c.Pow(int(k))
		if !ok {
			return nil, false
		}
		out = comboOf(v)
	} else {
		c := t.c
		free := 0 // kernels that may be negative
		for _, p := range t.m {
			if !r.isPositive(p.k) {
				free++
				if p.n != number.Int(1) {
					return nil, false
				}
			}
		}
		if free > 1 || c.Sign() < 0 && len(t.m) == 0 {
			return nil, false
		}
		if c.Sign() < 0 {
			if free == 0 {
				return nil, false
			}
			// (-u)^n: the sign stays with the kernel
			s := r.sumKernel(combo{{number.Int(-1), t.m}})
			if len(t.m) != 1 {
				return nil, false
			}
			f, ok := r.pow(comboOf(c.Neg()), n)
			if !ok {
				return nil, false
			}
			return r.mul(f, combo{{number.Int(1), []kernelPower{{s, n}}}})
		}
		f, ok := r.numberRoot(c, n)
		if !ok {
			return nil, false
		}
		out = f
	}
	for _, p := range t.m {
		f := combo{{number.Int(1), []kernelPower{{p.k, p.n.Mul(n)}}}}
		var ok bool
		if out, ok = r.mul(out, f); !ok {
			return nil, false
		}
	}
	return out, true
}

func (r *kernelRing) isPositive(k int) bool {
	return r.kernels[k].positive || r.kernels[k].kind == kernelX && r.positiveX
}

// conjugate returns 1/(u + v·sqrt(w)) for numbers, rationalised.
func (r *kernelRing) conjugate(a combo) (combo, bool) {
	root := -1
	for _, t := range a {
		for _, p := range t.m {
			if info := &r.kernels[p.k]; info.kind != kernelPrime || p.n != number.Frac(1, 2) {
				return nil, false
			}
			root = p.k
		}
	}
	if root < 0 {
		return nil, false
	}
	// conjugate with respect to one root, and go on with the norm
	other := slices.Clone(a)
	for i := range other {
		for _, p := range other[i].m {
			if p.k == root {
				other[i].c = other[i].c.Neg()
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
func (r *kernelRing) denest(a combo) (combo, bool) {
	if len(a) != 2 {
		return nil, false
	}
	u, v := a[0], a[1]
	if len(u.m) != 0 {
		u, v = v, u
	}
	if len(u.m) != 0 || u.c.Sign() <= 0 || len(v.m) == 0 {
		return nil, false
	}
	w := number.Int(1)
	for _, p := range v.m {
		if r.kernels[p.k].kind != kernelPrime || p.n != number.Frac(1, 2) {
			return nil, false
		}
		w = w.Mul(number.Int(r.kernels[p.k].value))
	}
	q, ok := u.c.Mul(u.c).Sub(v.c.Mul(v.c).Mul(w)).Root(2)
	if !ok || q.Sign() < 0 {
		return nil, false
	}
	half := number.Frac(1, 2)
	x, ok1 := r.pow(comboOf(u.c.Add(q).Mul(half)), half)
	y, ok2 := r.pow(comboOf(u.c.Sub(q).Mul(half)), half)
	if !ok1 || !ok2 {
		return nil, false
	}
	if v.c.Sign() < 0 {
		y = y.neg()
	}
	return addCombo(x, y), true
}

// numberRoot returns c^n for c > 0 as a product of powers of integers.
func (r *kernelRing) numberRoot(c, n number.Number) (combo, bool) {
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
			if out, ok = r.mul(out, combo{{number.Int(1), []kernelPower{{r.integer(f.p), e}}}}); !ok {
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

// content returns a = c·prim with integer coefficients without common factor
// in prim, the first of them positive.
func (r *kernelRing) content(a combo) (number.Number, combo) {
	num, den := new(big.Int), big.NewInt(1)
	for _, t := range a {
		rat := t.c.Rat()
		num.GCD(nil, nil, num, new(big.Int).Abs(rat.Num()))
		g := new(big.Int).GCD(nil, nil, den, rat.Denom())
		den.Mul(den, new(big.Int).Quo(rat.Denom(), g))
	}
	c := number.FromRat(new(big.Rat).SetFrac(num, den))
	if a[0].c.Sign() < 0 {
		c = c.Neg()
	}
	inv, _ := c.Inv()
	return c, a.scale(inv)
}

func (r *kernelRing) enter(e expr.Expr, info kernelInfo) int {
	if k, ok := r.index[e]; ok {
		return k
	}
	info.e = e
	info.hasX = e.Has(r.x)
	r.kernels = append(r.kernels, info)
	r.index[e] = len(r.kernels) - 1
	return len(r.kernels) - 1
}

func (r *kernelRing) sumKernel(a combo) int {
	return r.enter(r.build(a), kernelInfo{kind: kernelSum, arg: a, positive: r.positiveCombo(a)})
}

// positiveCombo reports whether a is seen to be > 0: positive terms only, even
// powers with a positive constant among them.
func (r *kernelRing) positiveCombo(a combo) bool {
	strict := false
	for _, t := range a {
		if t.c.Sign() < 0 {
			return false
		}
		sure := true
		for _, p := range t.m {
			if r.isPositive(p.k) {
				continue
			}
			sure = false
			if n, ok := p.n.Int64(); !ok || n%2 != 0 || n < 0 {
				return false
			}
		}
		strict = strict || sure
	}
	return strict
}

func (r *kernelRing) integer(p int64) int {
	return r.enter(r.t.Int(p), kernelInfo{kind: kernelPrime, positive: true, value: p})
}

func (r *kernelRing) lookup(name string, args ...expr.Expr) expr.Expr {
	return r.t.Pool().Call(fn.Lookup(name), args...)
}

func (r *kernelRing) euler() int {
	return r.enter(r.lookup("e"), kernelInfo{kind: kernelE, positive: true})
}

func (r *kernelRing) pi() int {
	return r.enter(r.lookup("pi"), kernelInfo{kind: kernelOther, positive: true})
}

// call enters f(arg) as a kernel.
func (r *kernelRing) call(name string, arg combo) combo {
	return r.one(r.enter(r.lookup(name, r.build(arg)), kernelInfo{kind: kernelCall, name: name, arg: arg,
		positive: name == "gamma" && r.positiveCombo(arg) || name == "erfc" || name == "normcdf" || name == "acos" && false}))
}

// opaque enters e, of the Pool of the ring, as a kernel.
func (r *kernelRing) opaque(e expr.Expr) combo { return r.one(r.enter(e, kernelInfo{})) }

// exp returns e^a.
func (r *kernelRing) exp(a combo) (combo, bool) {
	out := comboOf(number.Int(1))
	for _, t := range a {
		var f combo
		ok := true
		switch {
		case len(t.m) == 0:
			f = combo{{number.Int(1), []kernelPower{{r.euler(), t.c}}}}
		case len(t.m) == 1 && t.m[0].n == number.Int(1) && r.kernels[t.m[0].k].name == "log":
			f, ok = r.pow(r.kernels[t.m[0].k].arg, t.c)
		case len(t.m) == 1 && t.m[0].n == number.Int(1) && r.kernels[t.m[0].k].name == "W" && t.c.IsInt():
			inner := r.kernels[t.m[0].k].arg // exp(W(u)) = u/W(u)
			if f, ok = r.mul(inner, combo{{number.Int(1), []kernelPower{{t.m[0].k, number.Int(-1)}}}}); ok {
				f, ok = r.pow(f, t.c)
			}
		default:
			m := combo{{number.Int(1), t.m}}
			k := r.enter(r.lookup("exp", r.build(m)), kernelInfo{kind: kernelExp, name: "exp", arg: m, positive: true})
			f = combo{{number.Int(1), []kernelPower{{k, t.c}}}}
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

// log returns log a on its domain.
func (r *kernelRing) log(a combo) (combo, bool) {
	if len(a) == 0 {
		return nil, false
	}
	c, prim := a[0].c, a
	if len(a) > 1 {
		c, prim = r.content(a)
	} else {
		inv, _ := c.Inv()
		prim = a.scale(inv)
	}
	if c.Sign() < 0 {
		c, prim = c.Neg(), prim.neg()
	}
	var out combo
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
	if len(prim) > 1 || prim[0].c.Sign() < 0 {
		return addCombo(out, r.call("log", prim)), true
	}
	free := -1
	for i, p := range prim[0].m {
		if !r.isPositive(p.k) {
			if free >= 0 {
				return addCombo(out, r.call("log", prim)), true
			}
			free = i
		}
	}
	if free >= 0 {
		if n, ok := prim[0].m[free].n.Int64(); ok && n%2 == 0 {
			return addCombo(out, r.call("log", prim)), true
		}
	}
	for _, p := range prim[0].m {
		info := &r.kernels[p.k]
		var l combo
		switch {
		case info.kind == kernelE:
			l = comboOf(number.Int(1))
		case info.kind == kernelExp:
			l = info.arg
		case info.name == "W":
			inner, ok := r.log(info.arg) // log W(u) = log u - W(u)
			if !ok {
				return nil, false
			}
			l = addCombo(inner, r.one(p.k).neg())
		case info.kind == kernelSum:
			l = r.call("log", info.arg)
		default:
			l = r.call("log", r.one(p.k))
		}
		out = addCombo(out, l.scale(p.n))
	}
	return out, true
}

// markLog notes that the logarithm of an integer > 1 is positive.
func (r *kernelRing) markLog(l combo, p int64) {
	if p > 1 {
		r.kernels[l[0].m[0].k].positive = true
	}
}

// build returns a as a tidy formula.
func (r *kernelRing) build(a combo) expr.Expr {
	if len(a) == 0 {
		return r.t.Int(0)
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
		for _, p := range t.m {
			constant = constant && !r.kernels[p.k].hasX
		}
	}
	if constant { // a positive term first: 5/2 - sqrt(5)/2
		slices.SortStableFunc(terms, func(a, b expr.Expr) int { return minusFirst(b) - minusFirst(a) })
		return r.t.Add(terms...)
	}
	return r.t.Sum(terms...)
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
func (r *kernelRing) joinLogs(a combo) (combo, expr.Expr) {
	var rest combo
	var g number.Number
	var at []int
	for i, t := range a {
		if len(t.m) == 1 && t.m[0].n == number.Int(1) {
			if info := &r.kernels[t.m[0].k]; info.name == "log" && len(info.arg) == 1 && len(info.arg[0].m) == 1 &&
				r.kernels[info.arg[0].m[0].k].kind == kernelPrime {
				at = append(at, i)
				if g.Sign() == 0 {
					g = t.c.Abs()
				} else {
					g = gcdNumber(g, t.c.Abs())
				}
				continue
			}
		}
		rest = append(rest, t)
	}
	if len(at) < 2 {
		return a, expr.Expr{}
	}
	if a[at[len(at)-1]].c.Sign() < 0 {
		g = g.Neg()
	}
	v := number.Int(1)
	for _, i := range at {
		q, _ := a[i].c.Quo(g)
		n, ok := q.Int64()
		if !ok || n > 40 || n < -40 {
			return a, expr.Expr{}
		}
		f, _ := number.Int(r.kernels[r.kernels[a[i].m[0].k].arg[0].m[0].k].value).Pow(int(n))
		v = v.Mul(f)
	}
	if v.Bits() > 48 {
		return a, expr.Expr{}
	}
	if one := number.Int(1); v.Cmp(one) < 0 {
		v, _ = v.Inv()
		g = g.Neg()
	}
	return rest, r.t.Mul(r.t.Num(g), r.t.Call(fn.Lookup("log"), r.t.Num(v)))
}

func (r *kernelRing) buildTerm(t comboTerm) expr.Expr {
	factors := []expr.Expr{r.t.Num(t.c)}
	// One root for all integers with the same exponent.
	var exps []number.Number
	var under []*big.Int
	for _, p := range t.m {
		info := &r.kernels[p.k]
		switch {
		case info.kind == kernelPrime:
			i := slices.Index(exps, p.n)
			if i < 0 {
				i = len(exps)
				exps, under = append(exps, p.n), append(under, big.NewInt(1))
			}
			under[i].Mul(under[i], big.NewInt(info.value))
		case info.kind == kernelExp:
			factors = append(factors, r.t.Call(fn.Lookup("exp"), r.build(info.arg.scale(p.n))))
		case info.kind == kernelE:
			if p.n == number.Int(1) {
				factors = append(factors, info.e)
			} else {
				factors = append(factors, r.t.Call(fn.Lookup("exp"), r.t.Num(p.n)))
			}
		case p.n == number.Frac(1, 2):
			factors = append(factors, r.t.Call(fn.Lookup("sqrt"), info.e))
		case p.n == number.Frac(-1, 2):
			factors = append(factors, r.t.Pow(r.t.Call(fn.Lookup("sqrt"), info.e), r.t.Int(-1)))
		default:
			factors = append(factors, r.t.Pow(info.e, r.t.Num(p.n)))
		}
	}
	for i, n := range exps {
		b := r.t.Num(number.FromRat(new(big.Rat).SetInt(under[i])))
		if n == number.Frac(1, 2) {
			factors = append(factors, r.t.Call(fn.Lookup("sqrt"), b))
		} else {
			factors = append(factors, r.t.Pow(b, r.t.Num(n)))
		}
	}
	return r.t.Mul(factors...)
}
