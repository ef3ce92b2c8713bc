package simplify

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

var half = number.Frac(1, 2)

// A factor is a power of base. exp is valid only when the exponent is not a
// number.
type factor struct {
	base  expr.Expr
	n     number.Number // exponent, when exp is not valid
	exp   expr.Expr
	root  bool // somebody wrote sqrt, and reads it again
	below bool // some part of it had a negative exponent
	frac  bool // some part of it had an exponent that is no integer
	parts int
}

// A listing is the factors of a product as they are met.
type listing struct {
	c       number.Number // the product of the numbers
	factors []factor
	index   map[factorKey]int // where to find a factor in a long list; nil for a short one
}

type factorKey struct {
	base expr.Expr
	root bool
}

// Mul returns the product of the factors.
func (t *Tidier) Mul(args ...expr.Expr) expr.Expr {
	l := listing{c: number.Int(1), factors: t.spareFactors()}
	if len(args) > 12 {
		l.index = make(map[factorKey]int, len(args))
	}
	for _, a := range args {
		if a.Op() == expr.Mul && a.Len() <= flatProduct {
			for i := range a.Len() {
				t.enter(&l, a.Arg(i))
			}
		} else {
			t.enter(&l, a)
		}
	}
	var buf [flatProduct + 4]expr.Expr
	out, again := buf[:0], false
	for _, f := range l.factors {
		e := t.power(f)
		switch {
		case e.Op() == expr.Num && l.c.Mul(e.Number()).Bits() <= number.MaxBits:
			l.c = l.c.Mul(e.Number())
			continue
		case e.Op() == expr.Mul && e.Len() <= flatProduct:
			again = true
		case f.parts > 1 && e.Op() == expr.Pow:
			again = again || e.Arg(0) != f.base
		}
		out = append(out, e)
	}
	t.spare = append(t.spare, l.factors[:0])
	if again {
		return t.Mul(append(out, t.Num(l.c))...)
	}
	if l.c.Sign() == 0 {
		if !slices.ContainsFunc(out, func(u expr.Expr) bool { return !t.droppable(u) }) {
			for _, u := range out {
				t.drop(u)
			}
			return t.Int(0)
		}
	}
	slices.SortStableFunc(out, func(a, b expr.Expr) int { return rank(a) - rank(b) })
	switch {
	case l.c != number.Int(1):
		out = slices.Insert(out, 0, t.Num(l.c))
	case len(out) == 0:
		return t.Int(1)
	}
	return t.pool.Commutative(expr.Mul, out...)
}

// spareFactors returns an empty list to fill, one used before if there is one.
func (t *Tidier) spareFactors() []factor {
	if n := len(t.spare); n > 0 {
		l := t.spare[n-1]
		t.spare = t.spare[:n-1]
		return l
	}
	return make([]factor, 0, 4)
}

// enter adds a to l, joined with a power of the same base if one is there.
func (t *Tidier) enter(l *listing, a expr.Expr) {
	if a.Op() == expr.Num {
		if n := l.c.Mul(a.Number()); n.Bits() <= number.MaxBits {
			l.c = n
			return
		}
	}
	f := t.factor(a)
	if !t.inf {
		if l.index != nil {
			if at, seen := l.index[factorKey{f.base, f.root}]; seen {
				l.factors[at] = t.join(l.factors[at], f)
				return
			}
			l.index[factorKey{f.base, f.root}] = len(l.factors)
		} else {
			for i := range l.factors {
				if g := &l.factors[i]; g.base == f.base && !apart(f, *g) {
					*g = t.join(*g, f)
					return
				}
			}
		}
	}
	l.factors = append(l.factors, f)
}

// rank is the place of e among the factors of a product, as people order them.
func rank(e expr.Expr) int {
	if e.Op() == expr.Pow {
		exponent := e.Arg(1)
		if negative(exponent) {
			return 5 // a divisor
		}
		e = e.Arg(0)
		if exponent.Op() != expr.Num && (e.Op() == expr.Num || e.Op() == expr.Call && e.Len() == 0) {
			return 4 // an exponential function: 2x e^(x^2)
		}
	}
	switch e.Op() {
	case expr.Num:
		return 0
	case expr.Var:
		return 2
	case expr.Add:
		return 3
	case expr.Call:
		if e.Len() == 0 {
			return 1
		}
	}
	return 4
}

// factor returns a as a power.
func (t *Tidier) factor(a expr.Expr) factor {
	f := factor{base: a, n: number.Int(1), parts: 1}
	if a.Op() == expr.Pow {
		f.base = a.Arg(0)
		if e := a.Arg(1); e.Op() == expr.Num {
			f.n = e.Number()
		} else {
			f.exp = e
		}
	}
	if f.base.IsCall("sqrt") && !f.exp.Valid() {
		f.base, f.n, f.root = f.base.Arg(0), f.n.Mul(half), true
	}
	f.below = !f.exp.Valid() && f.n.Sign() < 0
	f.frac = !f.exp.Valid() && !f.n.IsInt()
	return f
}

// apart reports whether two powers of one base stay two factors: nobody writes
// x^(3/2) for x*sqrt(x). (But x/sqrt(x) becomes sqrt(x), and 1/(x*sqrt(x))
// becomes 1/x^(3/2).)
func apart(a, b factor) bool {
	if a.exp.Valid() || b.exp.Valid() || a.n.Sign() < 0 || b.n.Sign() < 0 {
		return false
	}
	return a.root && a.frac && !b.frac || b.root && b.frac && !a.frac
}

// join returns the product of two powers of one base. Where both powers are
// defined so is the joint one, with the same value: a real power of a negative
// base is defined for integer exponents only, and they add.
func (t *Tidier) join(a, b factor) factor {
	r := factor{
		base: a.base, root: a.root || b.root, below: a.below || b.below, frac: a.frac || b.frac,
		parts: a.parts + b.parts,
	}
	if !a.exp.Valid() && !b.exp.Valid() {
		r.n = a.n.Add(b.n)
		return r
	}
	e := t.Add(t.exponent(a), t.exponent(b))
	if e.Op() == expr.Num {
		r.n = e.Number()
	} else {
		r.exp = e
	}
	return r
}

func (t *Tidier) exponent(f factor) expr.Expr {
	if f.exp.Valid() {
		return f.exp
	}
	return t.Num(f.n)
}

// power returns f as a formula, and notes where it is defined though its parts
// were not.
func (t *Tidier) power(f factor) expr.Expr {
	if f.exp.Valid() {
		return t.Pow(f.base, f.exp)
	}
	if f.parts > 1 && f.base.Op() != expr.Num {
		nonneg := f.n.Sign() >= 0
		switch {
		case f.frac && f.n.IsInt() && f.below && nonneg:
			t.need(need{expr.Gt, f.base})
		case f.frac && f.n.IsInt():
			t.need(need{expr.Ge, f.base})
		case f.below && nonneg:
			t.need(need{expr.Ne, f.base})
		}
	}
	if f.root {
		switch f.n {
		case half:
			return t.root(f.base)
		case half.Neg():
			return t.Pow(t.root(f.base), t.Int(-1))
		}
	}
	return t.Pow(f.base, t.Num(f.n))
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
			parts := b.AppendArgs(nil)
			for i, u := range parts {
				parts[i] = t.Pow(u, e)
			}
			return t.Mul(parts...)
		}
	case expr.Call:
		if b.Func().Name == "sqrt" && n != number.Int(-1) && n.IsInt() {
			return t.power(factor{base: b.Arg(0), n: n.Mul(half), frac: true, below: n.Sign() < 0, root: true, parts: 2})
		}
		if b.Func().Name == "abs" && isEven(n) {
			return t.Pow(b.Arg(0), e)
		}
	}
	return t.pool.Make(expr.Pow, b, e)
}

// numberPower returns b^n when that is rational and not too long.
func numberPower(b, n number.Number) (number.Number, bool) {
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
		m := t.split(u)
		return t.scale(t.split(t.Mul(t.Num(m.c.Abs()), t.Call(abs(), m.base)))), true
	}
	return u, false
}
