package simplify

import (
	"cmp"
	"slices"

	"nabla/expr"
	"nabla/expr/number"
)

// maxCanonicalTerms is the number of terms up to which Canonical multiplies out
// a product or power of sums.
const maxCanonicalTerms = 256

// Canonical returns e in canonical form, in a Pool of its own, and what must
// hold besides e being defined for the two to be equal. In a canonical formula
//
//   - everything that holds of a tidy formula holds;
//   - sums of products of sums are multiplied out, if that gives few terms;
//   - functions that are short for others (tan, sec, log10, sigmoid, …) are
//     written by them, and roots as powers;
//   - the operands of sums and products, min and max, are in an order that
//     depends on what they are and not on how they were written.
//
// Formulas that differ by the laws of commutative rings only, within the limit,
// have the same canonical form. It does not know identities between functions;
// package prove does.
func Canonical(e expr.Expr) (expr.Expr, []expr.Expr) {
	t := New()
	tidy := t.Tidy(e)
	c := canonicalizer{t: t, place: map[expr.Expr]uint64{}}
	out := expr.Fold(tidy, c.node)
	// Joining powers makes new sums in exponents, which want the same again.
	for range 4 {
		again := expr.Fold(out, c.node)
		if again == out {
			break
		}
		out = again
	}
	p := expr.NewPool()
	all := append([]expr.Expr{out}, t.Conditions(tidy)...)
	all = p.ImportAll(all...)
	return all[0], all[1:]
}

// A canonicalizer makes canonical nodes of canonical operands.
type canonicalizer struct {
	t     *Tidier
	place map[expr.Expr]uint64 // a hash of what a node is, the same in every Pool
}

func (c *canonicalizer) node(n expr.Expr, args []expr.Expr) expr.Expr {
	t := c.t
	switch n.Op() {
	case expr.Num, expr.Var:
		return n
	case expr.Add:
		return c.sum(args)
	case expr.Mul:
		return c.product(args)
	case expr.Pow:
		return c.power(args[0], args[1])
	case expr.Call:
		f := n.Func()
		switch {
		case f.Name == "sqrt":
			return c.power(args[0], t.Num(half))
		case f.Means != "" && f.Name != "asinh" && f.Name != "acosh" && f.Name != "atanh":
			means := Instance(f, f.Means, t, args)
			if means.Size() <= n.Size()+30 {
				return expr.Fold(means, c.node)
			}
		case f.Variadic:
			args = slices.Clone(args)
			slices.SortStableFunc(args, c.compare)
		}
		return t.Call(f, args...)
	}
	return t.Make(n.Op(), args...)
}

// sum returns the sum of terms in order, like ones joined.
func (c *canonicalizer) sum(terms []expr.Expr) expr.Expr {
	e := c.t.Add(terms...)
	if e.Op() != expr.Add {
		return c.ordered(e)
	}
	type like struct {
		factor number.Number
		base   expr.Expr // in order, without a number; not valid for a constant
	}
	var list []like
	at := map[expr.Expr]int{}
	for _, a := range e.Args() {
		l := like{number.Int(1), c.ordered(a)}
		switch {
		case a.Op() == expr.Num:
			l = like{a.Number(), expr.Expr{}}
		case l.base.Op() == expr.Mul && l.base.Arg(0).Op() == expr.Num:
			l = like{l.base.Arg(0).Number(), c.t.pool.Make(expr.Mul, l.base.AppendArgs(nil)[1:]...)}
		}
		i, seen := at[l.base]
		if !seen || c.t.inf {
			at[l.base] = len(list)
			list = append(list, l)
			continue
		}
		list[i].factor = list[i].factor.Add(l.factor)
	}
	out := make([]expr.Expr, 0, len(list))
	for _, l := range list {
		switch {
		case l.factor.Sign() == 0 && (!l.base.Valid() || c.t.drop(l.base)):
		case !l.base.Valid():
			out = append(out, c.t.Num(l.factor))
		case l.factor == number.Int(1):
			out = append(out, l.base)
		case l.base.Op() == expr.Mul:
			out = append(out, c.t.pool.Make(expr.Mul, l.base.AppendArgs([]expr.Expr{c.t.Num(l.factor)})...))
		default:
			out = append(out, c.t.pool.Make(expr.Mul, c.t.Num(l.factor), l.base))
		}
	}
	if len(out) == 0 {
		return c.t.Int(0)
	}
	slices.SortStableFunc(out, c.compare)
	return c.t.pool.Make(expr.Add, out...)
}

// ordered returns e with its factors in order if it is a product.
func (c *canonicalizer) ordered(e expr.Expr) expr.Expr {
	if e.Op() != expr.Mul {
		return e
	}
	args := e.AppendArgs(nil)
	slices.SortStableFunc(args, c.compare)
	return c.t.pool.Make(expr.Mul, args...)
}

// product returns the product of factors, multiplied out.
func (c *canonicalizer) product(factors []expr.Expr) expr.Expr {
	e := c.t.Mul(factors...)
	if e.Op() != expr.Mul {
		return e
	}
	var sums []expr.Expr
	var rest []expr.Expr
	size := 1
	for _, a := range e.Args() {
		if a.Op() == expr.Add && size*a.Len() <= maxCanonicalTerms {
			size *= a.Len()
			sums = append(sums, a)
		} else {
			rest = append(rest, a)
		}
	}
	if len(sums) == 0 {
		return c.ordered(e)
	}
	terms := []expr.Expr{c.t.Int(1)}
	if len(rest) > 0 {
		terms[0] = c.t.Mul(rest...)
	}
	for _, s := range sums {
		terms = c.distribute(terms, s)
	}
	return c.sum(terms)
}

// distribute returns the products of the terms with those of the sum s.
func (c *canonicalizer) distribute(terms []expr.Expr, s expr.Expr) []expr.Expr {
	out := make([]expr.Expr, 0, len(terms)*s.Len())
	for _, u := range terms {
		for _, a := range s.Args() {
			out = append(out, c.ordered(c.t.Mul(u, a)))
		}
	}
	return out
}

// power returns b^e, multiplied out for a sum b and a small whole e.
func (c *canonicalizer) power(b, e expr.Expr) expr.Expr {
	if b.Op() == expr.Add && e.Op() == expr.Num {
		if k, ok := e.Number().Int64(); ok && k > 1 && k < 32 && termsOfPower(b.Len(), int(k)) <= maxCanonicalTerms {
			out := b
			for range k - 1 {
				out = c.sum(c.distribute(out.Terms(), b))
			}
			return out
		}
	}
	p := c.t.Pow(b, e)
	if p.Op() == expr.Mul {
		return c.product(p.AppendArgs(nil))
	}
	return p
}

// termsOfPower returns how many terms the k-th power of a sum of n terms has at
// most: (n+k-1 choose k), or more than maxCanonicalTerms.
func termsOfPower(n, k int) int {
	t := 1
	for i := 1; i <= k; i++ {
		if t = t * (n + k - i) / i; t > maxCanonicalTerms*64 {
			return t
		}
	}
	return t
}

// compare orders nodes by what they are: numbers, constants, variables by name,
// powers and products by their first factor that is no number, sums, functions;
// and nodes of one sort by a hash of all that is in them.
func (c *canonicalizer) compare(a, b expr.Expr) int {
	for a != b && a.Op() == expr.Pow && b.Op() == expr.Pow && a.Arg(0) != b.Arg(0) {
		a, b = a.Arg(0), b.Arg(0)
	}
	if a == b {
		return 0
	}
	ra, rb := canonicalRank(a), canonicalRank(b)
	if ra != rb {
		return cmp.Compare(ra, rb)
	}
	if a.Op() == expr.Var && b.Op() == expr.Var {
		return expr.Natural(a.Name(), b.Name())
	}
	return cmp.Compare(c.hash(a), c.hash(b))
}

func canonicalRank(e expr.Expr) int {
	switch e.Op() {
	case expr.Num:
		return 0
	case expr.Call:
		if e.Len() == 0 {
			return 1
		}
		return 6
	case expr.Var:
		return 2
	case expr.Pow:
		return 3
	case expr.Mul:
		return 4
	case expr.Add:
		return 5
	}
	return 7
}

// hash returns a hash of e that does not depend on its Pool, nor on the order
// of the operands of sums and products.
func (c *canonicalizer) hash(e expr.Expr) uint64 {
	if h, ok := c.place[e]; ok {
		return h
	}
	w := expr.Order(e)
	for _, n := range w.Each() {
		if _, ok := c.place[n]; ok {
			continue
		}
		h := mixHash(uint64(n.Op())+1, 0)
		switch n.Op() {
		case expr.Num:
			h = mixHash(h, n.Number().Hash())
		case expr.Var:
			h = mixHash(h, hashText(n.Name()))
		case expr.Call:
			h = mixHash(h, hashText(n.Func().Name))
		}
		if n.Op() == expr.Add || n.Op() == expr.Mul {
			s := uint64(0)
			for _, a := range n.Args() {
				s += mixHash(c.place[a], 7)
			}
			h = mixHash(h, s)
		} else {
			for _, a := range n.Args() {
				h = mixHash(h, c.place[a])
			}
		}
		c.place[n] = h
	}
	return c.place[e]
}

func hashText(s string) uint64 {
	h := uint64(len(s))
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h
}

func mixHash(h, x uint64) uint64 {
	h = (h ^ x) * 0x9E3779B97F4A7C15
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return h ^ h>>32
}
