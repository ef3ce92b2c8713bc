package simplify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

var half = number.Frac(1, 2)

// A factor is a power of the node base.
type factor struct {
	base int32
	// exp is the node of the exponent, noBase for 1. Of a root that nothing has
	// joined it is the exponent of the root, twice that of base.
	exp   int32
	whole int32 // the node that the factor is, while nothing has joined it
	parts int16 // how many factors have met
	root  bool  // somebody wrote sqrt, and reads it again
	below bool  // of several parts: some had a negative exponent
	frac  bool  // of several parts: some had an exponent that is no integer
}

// Mul returns the product of the factors.
func (t *Tidier) Mul(args ...expr.Expr) expr.Expr {
	start := len(t.factors)
	c := number.Int(1)
	long := len(args) > few
	if long {
		t.metBase.next(2 * t.pool.Len())
	}
	for _, a := range args {
		if a.Op() == expr.Mul && a.Len() <= flatProduct {
			for i := range a.Len() {
				t.enter(start, &c, a.Arg(i), long)
			}
		} else {
			t.enter(start, &c, a, long)
		}
	}
	again, signed := false, false
	first := len(t.exprs)
	for i := start; i < len(t.factors); i++ {
		f := t.factors[i]
		e := t.pool.At(f.whole)
		if f.parts > 1 {
			e = t.power(f)
			if e.Op() == expr.Pow && e.Arg(0).ID() != f.base || e.Op() == expr.Mul && e.Len() <= flatProduct {
				again = true
			}
		}
		if e.Op() == expr.Num && c.Mul(e.Number()).Bits() <= number.MaxBits {
			c = c.Mul(e.Number())
			continue
		}
		signed = signed || e.IsCall("sign") || f.exp == noBase && e.IsCall("abs")
		t.exprs = append(t.exprs, e)
	}
	t.factors = t.factors[:start]
	if signed && t.unsign(first) {
		again = true
	}
	var e expr.Expr
	if again {
		t.exprs = append(t.exprs, t.Num(c))
		e = t.Mul(t.exprs[first:]...)
	} else {
		e = t.finish(c, first)
	}
	t.exprs = t.exprs[:first]
	return e
}

// finish returns the product of c and the formulas of t.exprs from first on, put
// in order.
func (t *Tidier) finish(c number.Number, first int) expr.Expr {
	if c.Sign() == 0 {
		list := t.exprs[first:]
		if !slices.ContainsFunc(list, func(u expr.Expr) bool { return !t.droppable(u) }) {
			for _, u := range list {
				t.drop(u)
			}
			return t.Int(0)
		}
	}
	if _, q, ok := c.Frac64(); ok && q > 1 {
		c = t.takeOut(c, q, first)
	}
	sortFactors(t.exprs[first:])
	switch {
	case c != number.Int(1):
		t.exprs = slices.Insert(t.exprs, first, t.Num(c))
	case len(t.exprs) == first:
		return t.Int(1)
	}
	return t.pool.Commutative(expr.Mul, t.exprs[first:]...)
}

// takeOut divides a sum among the factors by what all its coefficients have in
// common with the denominator q of c, and returns c times that: (2x + 2)/2 is
// x + 1.
func (t *Tidier) takeOut(c number.Number, q int64, first int) number.Number {
	for i := first; i < len(t.exprs); i++ {
		e := t.exprs[i]
		if e.Op() != expr.Add || e.Len() > flatSum {
			continue
		}
		g := q
		for _, a := range e.Args() {
			n, ok := coefficient(a).Int64()
			if !ok || n == math.MinInt64 {
				g = 1
				break
			}
			for n = max(n, -n); n != 0; {
				g, n = n, g%n
			}
		}
		if g == 1 {
			continue
		}
		start := len(t.exprs)
		for _, a := range e.Args() {
			m := t.split(a)
			m.c, m.whole = m.c.Mul(number.Frac(1, g)), noBase
			u := t.scale(m)
			t.exprs = append(t.exprs, u)
		}
		u := t.Add(t.exprs[start:]...)
		t.exprs = t.exprs[:start]
		t.exprs[i] = u
		return c.Mul(number.Int(g))
	}
	return c
}

// coefficient returns the numerical factor of a term.
func coefficient(a expr.Expr) number.Number {
	if a.Op() == expr.Mul {
		a = a.Arg(0)
	}
	if a.Op() == expr.Num {
		return a.Number()
	}
	return number.Int(1)
}

// unsign joins a factor sign(u) among the formulas of t.exprs from first on with
// an odd power of |u| or of u, and an odd power of |u| with an even one of u:
//
//	sign(u) |u| = u, sign(u) u = |u| and the like for all odd powers,
//	|u|^m u^n = |u|^(m + n) for even n, if m + n < 0.
//
// Both sides are equal at every u, or undefined at u = 0. It reports whether it
// joined two.
func (t *Tidier) unsign(first int) bool {
	list := t.exprs[first:]
	if t.inf || len(list) > flatSum { // each looks for each
		return false
	}
	one := t.Int(1)
	for i, s := range list {
		base, m := s.BaseExp()
		sign := s.IsCall("sign")
		if k, ok := m.Int64(); !sign && (!base.IsCall("abs") || !ok || k%2 == 0) {
			continue
		}
		u := base.Arg(0)
		for k, e := range list {
			v, n := e.BaseExp()
			j, ok := n.Int64()
			if !ok {
				continue
			}
			var p, q expr.Expr
			switch odd := j%2 != 0; {
			case sign && odd && v.IsCall("abs") && v.Arg(0) == u:
				p, q = one, t.Pow(u, t.Num(n))
			case sign && odd && v == u && j < 0:
				p, q = one, t.Pow(t.pool.Call(abs(), u), t.Num(n))
			case sign && odd && v == u:
				p, q = t.pool.Call(abs(), u), t.Pow(u, t.Int(j-1))
			case !sign && !odd && v == u && m.Add(n).Sign() < 0:
				p, q = one, t.Pow(base, t.Num(m.Add(n)))
			default:
				continue
			}
			t.exprs[first+i], t.exprs[first+k] = p, q
			return true
		}
	}
	return false
}

// sortFactors puts factors in the order of their ranks.
func sortFactors(list []expr.Expr) {
	if len(list) > flatProduct+few {
		slices.SortStableFunc(list, func(a, b expr.Expr) int { return rank(a) - rank(b) })
		return
	}
	var ranks [flatProduct + few]int8
	for i, e := range list {
		r := int8(rank(e))
		k := i
		for ; k > 0 && ranks[k-1] > r; k-- {
			ranks[k], list[k] = ranks[k-1], list[k-1]
		}
		ranks[k], list[k] = r, e
	}
}

// enter adds a to the factors from start on, or to the number c, or joins it with
// a power of the same base if one is there.
func (t *Tidier) enter(start int, c *number.Number, a expr.Expr, long bool) {
	if a.Op() == expr.Num {
		if *c == number.Int(1) {
			*c = a.Number()
			return
		}
		if n := c.Mul(a.Number()); n.Bits() <= number.MaxBits {
			*c = n
			return
		}
	}
	f := factorOf(a)
	switch {
	case t.inf || t.undefined(f):
	case long:
		key := 2 * f.base
		if f.root {
			key++
		}
		if at, seen := t.metBase.at(key, int32(len(t.factors)-start)); seen {
			t.joinAt(start+int(at), f)
			return
		}
	default:
		for i := start; i < len(t.factors); i++ {
			if g := &t.factors[i]; g.base == f.base && !t.apart(f, *g) {
				t.joinAt(i, f)
				return
			}
		}
	}
	t.factors = append(t.factors, f)
}

// undefined reports whether f is a power of a number that is known to have no
// value, such as (-2)^(1/2). It stays as it is: nothing can be said of it under a
// condition that never holds.
func (t *Tidier) undefined(f factor) bool {
	b := t.pool.At(f.base)
	if b.Op() != expr.Num {
		return false
	}
	n, ok := t.exponent(f)
	return ok && noPower(b, n)
}

// noPower reports whether b is a number that has no n-th power.
func noPower(b expr.Expr, n number.Number) bool {
	if b.Op() != expr.Num {
		return false
	}
	s := b.Number().Sign()
	return s < 0 && !n.IsInt() || s == 0 && n.Sign() < 0
}

func (t *Tidier) joinAt(i int, f factor) {
	g := t.join(t.factors[i], f) // the factors may move
	t.factors[i] = g
}

// The places of factors in a product, as people order them.
const (
	rankNumber = iota
	rankConstant
	rankVariable // and its powers
	rankSum
	rankFunction
	rankDivisor // and the rank of its base
)

// rank is the place of e among the factors of a product.
func rank(e expr.Expr) int {
	if e.Op() == expr.Pow {
		exponent := e.Arg(1)
		if negative(exponent) {
			return rankDivisor + rank(e.Arg(0))
		}
		e = e.Arg(0)
		if exponent.Op() != expr.Num && (e.Op() == expr.Num || e.Op() == expr.Call && e.Len() == 0) {
			return rankFunction // an exponential function: 2x e^(x^2)
		}
	}
	switch e.Op() {
	case expr.Num:
		return rankNumber
	case expr.Var:
		return rankVariable
	case expr.Add:
		return rankSum
	case expr.Call:
		if e.Len() == 0 {
			return rankConstant
		}
	}
	return rankFunction
}

// factorOf returns a as a power.
func factorOf(a expr.Expr) factor {
	f := factor{base: a.ID(), exp: noBase, whole: a.ID(), parts: 1}
	b := a
	if a.Op() == expr.Pow {
		b = a.Arg(0)
		f.base, f.exp = b.ID(), a.Arg(1).ID()
		if a.Arg(1).Op() != expr.Num {
			return f
		}
	}
	if b.IsCall("sqrt") {
		f.base, f.root = b.Arg(0).ID(), true
	}
	return f
}

// exponent returns the exponent of f if that is a number.
func (t *Tidier) exponent(f factor) (number.Number, bool) {
	n := number.Int(1)
	if f.exp != noBase {
		e := t.pool.At(f.exp)
		if e.Op() != expr.Num {
			return n, false
		}
		n = e.Number()
	}
	if f.root && f.parts == 1 {
		n = n.Mul(half)
	}
	return n, true
}

// apart reports whether two powers of one base stay two factors: nobody writes
// x^(3/2) for x*sqrt(x). (But x/sqrt(x) becomes sqrt(x), and 1/(x*sqrt(x))
// becomes 1/x^(3/2).)
func (t *Tidier) apart(a, b factor) bool {
	if !a.root && !b.root {
		return false
	}
	m, ok1 := t.exponent(a)
	n, ok2 := t.exponent(b)
	if !ok1 || !ok2 || m.Sign() < 0 || n.Sign() < 0 {
		return false
	}
	fracA, fracB := a.frac || !m.IsInt() && a.parts == 1, b.frac || !n.IsInt() && b.parts == 1
	return a.root && fracA && !fracB || b.root && fracB && !fracA
}

// join returns the product of two powers of one base. Where both powers are
// defined so is the joint one, with the same value: a real power of a negative
// base is defined for integer exponents only, and they add.
func (t *Tidier) join(a, b factor) factor {
	r := factor{base: a.base, whole: noBase, root: a.root || b.root, parts: a.parts + b.parts}
	m, ok1 := t.exponent(a)
	n, ok2 := t.exponent(b)
	for _, p := range [...]struct {
		f  factor
		n  number.Number
		ok bool
	}{{a, m, ok1}, {b, n, ok2}} {
		r.below = r.below || p.f.below || p.f.parts == 1 && p.ok && p.n.Sign() < 0
		r.frac = r.frac || p.f.frac || p.f.parts == 1 && p.ok && !p.n.IsInt()
	}
	if ok1 && ok2 {
		r.exp = t.Num(m.Add(n)).ID()
		return r
	}
	part := func(f factor, n number.Number, ok bool) expr.Expr {
		if ok {
			return t.Num(n)
		}
		return t.pool.At(f.exp)
	}
	r.exp = t.Add(part(a, m, ok1), part(b, n, ok2)).ID()
	return r
}

// power returns a factor in which several have met as a formula, and notes where
// it is defined though its parts were not.
func (t *Tidier) power(f factor) expr.Expr {
	base := t.pool.At(f.base)
	n, ok := t.exponent(f)
	if !ok {
		return t.Pow(base, t.pool.At(f.exp))
	}
	if base.Op() != expr.Num {
		nonneg := n.Sign() >= 0
		switch {
		case f.frac && n.IsInt() && f.below && nonneg:
			t.need(need{expr.Gt, base})
		case f.frac && n.IsInt():
			t.need(need{expr.Ge, base})
		case f.below && nonneg:
			t.need(need{expr.Ne, base})
		}
	}
	if f.root || f.parts > 1 {
		switch n {
		case half:
			return t.root(base)
		case half.Neg():
			return t.Pow(t.root(base), t.Int(-1))
		}
	}
	return t.Pow(base, t.Num(n))
}

// maxPower is the size in bits up to which a power of numbers is written out:
// past some 300 digits 2^1024 reads better as it is.
const maxPower = 1024

// Pow returns b^e.
func (t *Tidier) Pow(b, e expr.Expr) expr.Expr {
	if e.Op() != expr.Num {
		if b.IsNum(1) && t.droppable(e) {
			t.drop(e)
			return b
		}
		return t.pool.Make(expr.Pow, b, e)
	}
	n := e.Number()
	switch {
	case n == number.Int(1):
		return b
	case n == number.Int(0):
		if !t.droppable(b) || t.inf {
			break
		}
		t.drop(b)
		return t.Int(1)
	}
	switch b.Op() {
	case expr.Num:
		if v, ok := numberPower(b.Number(), n); ok {
			return t.Num(v)
		}
	case expr.Pow:
		if m := b.Arg(1); m.Op() == expr.Num {
			if r, ok := t.powerOfPower(b.Arg(0), m.Number(), n); ok {
				return r
			}
		}
	case expr.Mul:
		// (u v)^n is u^n v^n for an integer n, wherever one of them is defined.
		if n.IsInt() && b.Len() <= flatProduct {
			first := len(t.exprs)
			for i := range b.Len() {
				t.exprs = append(t.exprs, t.Pow(b.Arg(i), e))
			}
			r := t.Mul(t.exprs[first:]...)
			t.exprs = t.exprs[:first]
			return r
		}
	case expr.Call:
		if b.Func().Name == "sqrt" && n != number.Int(-1) && n.IsInt() && !noPower(b.Arg(0), half) {
			return t.power(factor{base: b.Arg(0).ID(), exp: t.Num(n.Mul(half)).ID(), frac: true, below: n.Sign() < 0, root: true, parts: 2})
		}
		if b.Func().Name == "abs" && isEven(n) {
			return t.Pow(b.Arg(0), e)
		}
	}
	return t.pool.Make(expr.Pow, b, e)
}

// numberPower returns b^n when that is rational and not too long.
func numberPower(b, n number.Number) (number.Number, bool) {
	if b == number.Int(1) {
		return b, true
	}
	p, q, ok := n.Frac64()
	if !ok || q > 64 || p > maxPower || p < -maxPower {
		return b, false
	}
	if q > 1 && b.Sign() < 0 {
		return b, false // not real
	}
	r, ok := b.Root(int(q))
	if !ok || r.Bits()*int(max(p, -p)) > maxPower && r.Bits() > 2 {
		return b, false
	}
	return r.Pow(int(p))
}

// powerOfPower returns (b^m)^n as one power where that is the same.
func (t *Tidier) powerOfPower(b expr.Expr, m, n number.Number) (expr.Expr, bool) {
	mn := m.Mul(n)
	switch {
	case noPower(b, m):
	case n.IsInt():
		// Where b^m is defined, so is b^(mn), except that 1/b^|m| is undefined
		// at 0; the other way round b^(mn) may be defined where b^m is not.
		switch {
		case m.Sign() < 0 && mn.Sign() >= 0 && !m.IsInt() && mn.IsInt():
			t.need(need{expr.Gt, b})
		case m.Sign() < 0 && mn.Sign() >= 0:
			t.need(need{expr.Ne, b})
		case !m.IsInt() && mn.IsInt():
			t.need(need{expr.Ge, b})
		}
		return t.Pow(b, t.Num(mn)), true
	case isEven(m):
		// b^m = |b|^m ≥ 0, so (b^m)^n = |b|^(mn).
		if isEven(mn) {
			return t.Pow(b, t.Num(mn)), true
		}
		return t.Pow(t.Call(abs(), b), t.Num(mn)), true
	}
	return b, false
}

func isEven(n number.Number) bool {
	k, ok := n.Int64()
	return ok && k%2 == 0
}

func abs() *fn.Func  { return fn.Lookup("abs") }
func sqrt() *fn.Func { return fn.Lookup("sqrt") }

// root returns sqrt(u).
func (t *Tidier) root(u expr.Expr) expr.Expr {
	if u.Op() == expr.Num {
		if v, ok := numberPower(u.Number(), half); ok {
			return t.Num(v)
		}
	}
	if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && isEven(u.Arg(1).Number()) {
		r, _ := t.powerOfPower(u.Arg(0), u.Arg(1).Number(), half)
		return r
	}
	return t.pool.Call(sqrt(), u)
}

// abs returns |u| where it is simpler than that.
func (t *Tidier) abs(u expr.Expr) (expr.Expr, bool) {
	switch {
	case u.IsCall("abs"), u.IsCall("exp"), u.IsCall("sqrt"), u.IsCall("cosh"):
		return u, true
	case u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && isEven(u.Arg(1).Number()):
		return u, true
	case u.Op() == expr.Mul && u.Arg(0).Op() == expr.Num:
		c, v := t.Split(u)
		return t.Mul(t.Num(c.Abs()), t.Call(abs(), v)), true
	}
	return u, false
}
