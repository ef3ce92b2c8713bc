package simplify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// mostNeat is the number of nodes, written out as a tree, up to which Neat looks at
// a formula: about what fits on a line or two.
const mostNeat = 256

// mostDenominator is the largest common denominator that is taken out of a sum.
const mostDenominator = 1000

// Neat returns e as a person leaves it at the end of a calculation: a sum with the
// factors and divisors taken out that its terms have in common, or with its products
// multiplied out, or with sin(u)^2 + cos(u)^2 made 1, if that is shorter, and otherwise
// as it is. It looks at e, the factors and the terms of it and the cases of an if, not
// into functions. The answer equals e wherever either is defined, under the conditions
// that t.Conditions gives.
func (t *Tidier) Neat(e expr.Expr) expr.Expr {
	if t.inf || size(e, mostNeat) > mostNeat {
		return e
	}
	return t.neat(e)
}

func (t *Tidier) neat(e expr.Expr) expr.Expr {
	switch e.Op() {
	case expr.Add:
		if s, ok := t.inside(e, t.neat); ok {
			e = t.Sum(s...)
		}
		return t.neatSum(e)
	case expr.Mul:
		p := t.signedDifference(t.exponentials(t.product(e, t.neat)))
		return t.shorterOf(p, func() expr.Expr { return t.product(p, t.factorOverOne) })
	case expr.Pow:
		if b := t.neat(e.Arg(0)); e.Arg(1).Op() == expr.Num && b != e.Arg(0) {
			return t.Pow(b, e.Arg(1))
		}
	case expr.If:
		return t.Make(expr.If, e.Arg(0), t.neat(e.Arg(1)), t.neat(e.Arg(2)))
	}
	return e
}

// inside returns the operands of e after each of them, and whether that changed any;
// if not, none are returned.
func (t *Tidier) inside(e expr.Expr, each func(expr.Expr) expr.Expr) (args []expr.Expr, changed bool) {
	for i := range e.Len() {
		a := e.Arg(i)
		if u := each(a); u != a {
			if args == nil {
				args = e.AppendArgs(nil)
			}
			args[i] = u
		}
	}
	return args, args != nil
}

// product is the product e with each of its factors made another way.
func (t *Tidier) product(e expr.Expr, each func(expr.Expr) expr.Expr) expr.Expr {
	if factors, ok := t.inside(e, each); ok {
		return t.Mul(factors...)
	}
	return e
}

// shorterOf returns what other makes of e if that is shorter than e, and otherwise e,
// with the conditions as if other had not been tried.
func (t *Tidier) shorterOf(e expr.Expr, other func() expr.Expr) expr.Expr {
	needs := len(t.needs)
	u := other()
	if u == e || written(u) < written(e) {
		return u
	}
	t.forget(needs)
	return e
}

// forget takes back the needs noted after the first n.
func (t *Tidier) forget(n int) {
	for _, need := range t.needs[n:] {
		delete(t.needed, need)
	}
	t.needs = t.needs[:n]
}

// neatSum is Neat for the sum e of neat terms.
func (t *Tidier) neatSum(e expr.Expr) expr.Expr {
	e = t.pythagoras(e)
	best := t.collected(e)
	return t.shorterOf(best, func() expr.Expr { return t.overOne(e) })
}

// collected returns the sum e multiplied out, powers too, if that is shorter and has
// no more terms. More terms read worse, and they cancel near the point where a sum of
// squares is least.
func (t *Tidier) collected(e expr.Expr) expr.Expr {
	return t.shorterOf(e, func() expr.Expr {
		if u := t.pythagoras(t.expanded(e, mostRepeated)); u.Op() != expr.Add || u.Len() <= e.Len() {
			return u
		}
		return e
	})
}

// overOne returns e, if it is a sum, with the factors and divisors taken out that its
// terms have in common and what is left multiplied out where that is shorter. If there
// are only powers of variables and no divisors, they stay in the terms, as people leave
// them in a polynomial.
func (t *Tidier) overOne(e expr.Expr) expr.Expr {
	if e.Op() != expr.Add || e.Len() > mostExpanded {
		return e
	}
	common := t.commonPowers(e)
	if len(common) == 0 {
		return e
	}
	// Where e is defined so are the powers taken out: dividing by them and
	// multiplying again asks for nothing more.
	needs := len(t.needs)
	out := make([]expr.Expr, len(common))
	inverse := make([]expr.Expr, len(common))
	for i, c := range common {
		out[i] = t.power(c)
		n, _ := t.exponent(c)
		c.exp = t.Num(n.Neg()).ID()
		inverse[i] = t.power(c)
	}
	terms := make([]expr.Expr, e.Len())
	for i, a := range e.Args() {
		terms[i] = t.Mul(append(slices.Clone(inverse), a)...)
	}
	t.forget(needs)
	rest := t.pythagoras(t.Sum(terms...))
	if !hasFunctions(rest) { // whose products with sums are kept: they are parts of the formula
		rest = t.pythagoras(t.Shorter(rest))
	}
	rest = t.collected(rest)
	return t.Mul(append(out, t.content(rest)...)...)
}

// hasFunctions reports whether a factor of a term of e is neither a number, a variable, a sum nor a power of one.
func hasFunctions(e expr.Expr) bool {
	if e.Op() != expr.Add {
		return false
	}
	for _, a := range e.Args() {
		for k := range factorCount(a) {
			if b, _ := factorAt(a, k).BaseExp(); rank(b) == rankFunction {
				return true
			}
		}
	}
	return false
}

// content returns factors of e, a sum: the number that its coefficients have in common
// and what is left.
func (t *Tidier) content(e expr.Expr) []expr.Expr {
	if e.Op() != expr.Add {
		return []expr.Expr{e}
	}
	top, bottom := int64(0), int64(1)
	for _, a := range e.Args() {
		p, q, ok := coefficient(a).Frac64()
		if !ok || q > mostDenominator || p == math.MinInt64 {
			return []expr.Expr{e}
		}
		top = number.GCD(max(p, -p), top)
		if bottom *= q / number.GCD(bottom, q); bottom > mostDenominator {
			return []expr.Expr{e}
		}
	}
	c := number.Frac(top, bottom)
	if c == number.Int(1) {
		return []expr.Expr{e}
	}
	inverse, _ := c.Inv()
	rest, _ := t.inside(e, func(a expr.Expr) expr.Expr { return t.Mul(t.Num(inverse), a) })
	return []expr.Expr{t.Num(c), t.Add(rest...)}
}

// factorOverOne is overOne for a factor, which may be a power of a sum.
func (t *Tidier) factorOverOne(e expr.Expr) expr.Expr {
	if e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num {
		return t.Pow(t.overOne(e.Arg(0)), e.Arg(1))
	}
	return t.overOne(e)
}

// signedDifference returns the product e without its sign if that can go into a difference, as
// -(x - 1) is 1 - x.
func (t *Tidier) signedDifference(e expr.Expr) expr.Expr {
	if e.Op() != expr.Mul || !e.Arg(0).IsNum(-1) {
		return e
	}
	for i := range e.Len() {
		d := e.Arg(i)
		if d.Op() != expr.Add || d.Len() != 2 || coefficient(d.Arg(0)).Sign()*coefficient(d.Arg(1)).Sign() > 0 {
			continue
		}
		factors := e.AppendArgs(nil)[1:]
		factors[i-1] = t.Add(t.Neg(d.Arg(1)), t.Neg(d.Arg(0)))
		return t.Mul(factors...)
	}
	return e
}

// exponentials returns the product e with the exponential functions in it made one,
// if that is shorter, as exp(x)*exp(-x) is 1.
func (t *Tidier) exponentials(e expr.Expr) expr.Expr {
	n := 0
	for i := range factorCount(e) {
		if b, _ := factorAt(e, i).BaseExp(); b.IsCall("exp") {
			n++
		}
	}
	if n < 2 {
		return e
	}
	var rest, exponents []expr.Expr
	for _, u := range e.Factors() {
		b, n := u.BaseExp()
		if b.IsCall("exp") && n.IsInt() {
			exponents = append(exponents, t.Mul(t.Num(n), b.Arg(0)))
		} else {
			rest = append(rest, u)
		}
	}
	return t.shorterOf(e, func() expr.Expr {
		return t.Mul(append(rest, t.Call(fn.Lookup("exp"), t.Sum(exponents...)))...)
	})
}

// commonPowers returns the powers that can be taken out of all terms of the sum e.
func (t *Tidier) commonPowers(e expr.Expr) []factor {
	type seen struct {
		factor
		least number.Number
		terms int
	}
	var list []seen
	for i, a := range e.Args() {
		for k := range factorCount(a) {
			u := factorAt(a, k)
			if u.Op() == expr.Num {
				continue
			}
			f := factorOf(u)
			n, ok := t.exponent(f)
			if !ok {
				f, n = factor{base: u.ID(), exp: noBase}, number.Int(1)
			}
			k := slices.IndexFunc(list, func(s seen) bool { return s.base == f.base })
			switch {
			case k < 0:
				list = append(list, seen{f, n, 1})
				if k = len(list) - 1; i > 0 && n.Sign() > 0 {
					list[k].least = number.Int(0)
				}
			case list[k].least.Cmp(n) > 0:
				list[k].least = n
				fallthrough
			default:
				list[k].terms++
				list[k].root = list[k].root || f.root
			}
		}
	}
	var common []factor
	worth := false
	for _, s := range list {
		if s.least.Sign() == 0 || s.least.Sign() > 0 && s.terms < e.Len() {
			continue
		}
		worth = worth || s.least.Sign() < 0 || rank(t.pool.At(s.base)) >= rankSum
		// Of several parts, since its exponent counts as it stands.
		common = append(common, factor{base: s.base, exp: t.Num(s.least).ID(), whole: noBase, root: s.root, parts: 2})
	}
	if !worth {
		return nil
	}
	return common
}

// squares are the pairs of functions f and g for which g(u)^2 + sign*f(u)^2 is 1 at every
// real u.
var squares = []struct {
	f, g string
	sign int64
}{{"sin", "cos", 1}, {"sinh", "cosh", -1}}

// pythagoras returns the sum e with c*sin(u)^2 + c*cos(u)^2 written as c, whatever the
// factor c of both is, and likewise for the hyperbolic functions.
func (t *Tidier) pythagoras(e expr.Expr) expr.Expr {
	if e.Op() != expr.Add || e.Len() > mostExpanded {
		return e
	}
	for _, s := range squares {
		for i, a := range e.Args() {
			u, c, ok := t.squareOf(a, s.f)
			if !ok {
				continue
			}
			terms := e.AppendArgs(nil)
			other := t.Mul(t.Int(s.sign), c, t.Pow(t.Call(fn.Lookup(s.g), u), t.Int(2)))
			if k := slices.Index(terms, other); k >= 0 {
				terms[i] = t.Mul(t.Int(s.sign), c)
				terms = slices.Delete(terms, k, k+1)
				return t.pythagoras(t.Sum(terms...))
			}
		}
	}
	return e
}

// squareOf takes the term e apart as c*f(u)^2.
func (t *Tidier) squareOf(e expr.Expr, f string) (u, c expr.Expr, ok bool) {
	for i := range factorCount(e) {
		if a := factorAt(e, i); a.Op() == expr.Pow && a.Arg(1).IsNum(2) && a.Arg(0).IsCall(f) {
			return a.Arg(0).Arg(0), t.Mul(slices.Delete(e.Factors(), i, i+1)...), true
		}
	}
	return u, c, false
}
