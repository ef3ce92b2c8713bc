package cancel

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
)

// A term is c Π base^k exp(Σ r m), c and the r being constants.
type term struct {
	c      expr.Expr
	powers []power // by the number of the base
	rates  []rate  // by the number of the monomial
}

// A power is base^k, the base being a variable or what cannot be divided further.
type power struct {
	base expr.Expr
	k    number.Number
}

// A rate is a factor exp(r m), m being a term with the coefficient 1.
type rate struct{ m, r expr.Expr }

// maxTerms is the number of terms up to which a formula is multiplied out.
const maxTerms = 32

// An expander multiplies formulas out to sums of terms, in one pool.
type expander struct {
	t   *simplify.Tidier
	exp *fn.Func
	log *fn.Func

	constants *exact.Constants
}

func newExpander() *expander {
	t := simplify.New()
	return &expander{t: t, exp: fn.Lookup("exp"), log: fn.Lookup("log"), constants: exact.NewConstants(t)}
}

// terms multiplies e out. The sum is equal to e wherever e is defined, and may be defined at more
// points. It is nil where it is too long.
func (x *expander) terms(e expr.Expr) []term {
	return expr.Fold(x.t.Tidy(e), x.node)
}

func (x *expander) constant(c expr.Expr) []term { return []term{{c: c}} }

// opaque is e^k as one factor.
func (x *expander) opaque(e expr.Expr, k number.Number) []term {
	return []term{{c: x.t.Int(1), powers: []power{{e, k}}}}
}

func (x *expander) node(n expr.Expr, args [][]term) []term {
	if n.IsConstant() {
		return x.constant(n)
	}
	if slices.ContainsFunc(args, func(a []term) bool { return a == nil }) {
		return nil
	}
	switch n.Op() {
	case expr.Add:
		return x.collect(slices.Concat(args...))
	case expr.Mul:
		out := args[0]
		for _, a := range args[1:] {
			out = x.times(out, a)
		}
		return out
	case expr.Pow:
		return x.power(n, args[0], args[1])
	case expr.Call:
		if n.Func() == x.exp {
			return x.exponential(x.t.Int(1), args[0])
		}
	}
	return x.opaque(n, number.Int(1))
}

// power is n = b^e, of which the operands are given.
func (x *expander) power(n expr.Expr, b, e []term) []term {
	if base := n.Arg(0); base.IsConstant() && base.Op() == expr.Num && base.Number().Sign() > 0 {
		return x.exponential(x.t.Call(x.log, base), e)
	}
	if n.Arg(1).Op() != expr.Num {
		return x.opaque(n, number.Int(1))
	}
	k := n.Arg(1).Number()
	i, whole := k.Int64()
	switch {
	case !whole || max(i, -i) > maxTerms:
		return x.opaque(n.Arg(0), k)
	case len(b) == 1:
		return []term{x.raised(b[0], i)}
	case i < 0:
		return x.opaque(n.Arg(0), k)
	}
	out := x.constant(x.t.Int(1))
	for range i {
		out = x.times(out, b)
	}
	return out
}

// raised is u^i.
func (x *expander) raised(u term, i int64) term {
	k := x.t.Int(i)
	out := term{c: x.t.Pow(u.c, k)}
	for _, p := range u.powers {
		out.powers = append(out.powers, power{p.base, p.k.Mul(number.Int(i))})
	}
	for _, r := range u.rates {
		out.rates = append(out.rates, rate{r.m, x.t.Mul(k, r.r)})
	}
	return out
}

// exponential is exp(r Σ list).
func (x *expander) exponential(r expr.Expr, list []term) []term {
	out := term{c: x.t.Int(1)}
	for _, u := range list {
		k := x.t.Mul(r, u.c)
		if u.isConstant() {
			out.c = x.t.Mul(out.c, x.t.Call(x.exp, k))
			continue
		}
		u.c = x.t.Int(1)
		out.rates = append(out.rates, rate{x.formula(u), k})
	}
	slices.SortFunc(out.rates, func(a, b rate) int { return int(a.m.ID() - b.m.ID()) })
	return []term{out}
}

func (u term) isConstant() bool { return len(u.powers) == 0 && len(u.rates) == 0 }

// times is the product of two sums, nil where it is too long.
func (x *expander) times(a, b []term) []term {
	if a == nil || b == nil || len(a)*len(b) > maxTerms {
		return nil
	}
	var out []term
	for _, u := range a {
		for _, v := range b {
			out = append(out, x.product(u, v))
		}
	}
	return x.collect(out)
}

func (x *expander) product(u, v term) term {
	out := term{c: x.t.Mul(u.c, v.c)}
	out.powers = merged(u.powers, v.powers, func(p power) int32 { return p.base.ID() }, func(p, q power) (power, bool) {
		p.k = p.k.Add(q.k)
		return p, p.k.Sign() != 0
	})
	out.rates = merged(u.rates, v.rates, func(r rate) int32 { return r.m.ID() }, func(r, q rate) (rate, bool) {
		r.r = x.plus(r.r, q.r)
		return r, !r.r.IsNum(0)
	})
	return out
}

// plus adds two constants.
func (x *expander) plus(a, b expr.Expr) expr.Expr {
	c := x.t.Add(a, b)
	if c.Op() != expr.Num && exact.IsZero(x.constants, c) {
		return x.t.Int(0)
	}
	return c
}

// merged joins two lists that are ordered by a key; join puts two entries with the same together and
// says whether something is left.
func merged[T any](a, b []T, key func(T) int32, join func(a, b T) (T, bool)) []T {
	var out []T
	for len(a) > 0 && len(b) > 0 {
		switch p, q := key(a[0]), key(b[0]); {
		case p < q:
			out, a = append(out, a[0]), a[1:]
		case p > q:
			out, b = append(out, b[0]), b[1:]
		default:
			if both, left := join(a[0], b[0]); left {
				out = append(out, both)
			}
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// alike reports whether the terms differ in the coefficient only.
func alike(u, v term) bool { return slices.Equal(u.powers, v.powers) && slices.Equal(u.rates, v.rates) }

// collect adds like terms up, nil where too many are left. A sum that vanishes is the term 0.
func (x *expander) collect(list []term) []term {
	var out []term
	for _, u := range list {
		if i := slices.IndexFunc(out, func(v term) bool { return alike(u, v) }); i >= 0 {
			out[i].c = x.plus(out[i].c, u.c)
		} else {
			out = append(out, u)
		}
	}
	out = slices.DeleteFunc(out, func(u term) bool { return u.c.IsNum(0) })
	switch {
	case len(out) > maxTerms:
		return nil
	case len(out) == 0:
		return x.constant(x.t.Int(0))
	}
	return out
}

// formula is the term as a formula.
func (x *expander) formula(u term) expr.Expr {
	factors := []expr.Expr{u.c}
	for _, p := range u.powers {
		factors = append(factors, x.t.Pow(p.base, x.t.Num(p.k)))
	}
	for _, r := range u.rates {
		factors = append(factors, x.t.Call(x.exp, x.t.Mul(r.r, r.m)))
	}
	return x.t.Mul(factors...)
}

// sum is the sum of the terms as a formula.
func (x *expander) sum(list []term) expr.Expr {
	out := []expr.Expr{x.t.Int(0)}
	for _, u := range list {
		out = append(out, x.formula(u))
	}
	return x.t.Add(out...)
}
