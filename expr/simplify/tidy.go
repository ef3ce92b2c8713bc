// Package simplify makes the tidy and the canonical form of formulas.
//
// Every rewrite holds at every real point of its condition. Where a rewrite
// would define a formula at points at which it was undefined (x/x is not 1 at
// 0), the condition under which both agree is kept and can be asked for.
package simplify

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// A Tidier is a Maker of tidy formulas, in one Pool. In a tidy formula
//
//   - Neg and Div do not occur: -u is (-1)*u and u/v is u*v^(-1);
//   - the operands of an Add are no Adds (but see flatSum) and no zeros, at most
//     one is a number, and no two are multiples of one formula;
//   - the operands of a Mul are no Muls (see flatProduct), at most one is a number, it
//     comes first and is not 0 or 1, and no two are powers of one formula;
//   - an exponent is not 0 or 1; integer powers of numbers, of products and of
//     powers are carried out;
//   - a known value is written out: sin(0) is 0, sqrt(4) is 2, sqrt(x^2) is abs(x).
//
// Sums keep the order in which they were written. Products are put in the
// order in which people write them: number, constants, powers of variables,
// sums, functions. Two formulas that differ only in the order of the operands
// of a sum or product are one node.
type Tidier struct {
	pool    *expr.Pool
	fact    []uint8 // by node id: what is known of the node, see facts
	needs   []need
	needed  map[need]bool
	inf     bool       // the constant inf occurs: nothing cancels
	scratch [][]term   // lists to use again
	spare   [][]factor // likewise
}

// flatSum and flatProduct are the most operands a sum or product may have and
// still be taken apart into the one around it. Without a limit the derivative
// of a product of n factors would have n² operands; with it, what a person
// reads is flat and what only a machine reads is linear in what was typed.
const (
	flatSum     = 32
	flatProduct = 8
)

// New returns a Tidier with an empty Pool.
func New() *Tidier { return In(expr.NewPool()) }

// In returns a Tidier that builds in p.
func In(p *expr.Pool) *Tidier {
	return &Tidier{pool: p}
}

// Tidy returns the tidy form of e, in a Pool of its own.
func Tidy(e expr.Expr) expr.Expr { return New().Tidy(e) }

// Tidy returns the tidy form of e, in the Pool of t.
func (t *Tidier) Tidy(e expr.Expr) expr.Expr { return expr.Rebuild(e, t, nil) }

// Pool returns the Pool in which t builds.
func (t *Tidier) Pool() *expr.Pool { return t.pool }

// Num returns the constant n.
func (t *Tidier) Num(n number.Number) expr.Expr { return t.pool.Num(n) }

// Int returns the constant n.
func (t *Tidier) Int(n int64) expr.Expr { return t.pool.Int(n) }

// Var returns the variable of that name.
func (t *Tidier) Var(name string) expr.Expr { return t.pool.Var(name) }

// Make returns the tidy form of op(args…), the args being tidy.
func (t *Tidier) Make(op expr.Op, args ...expr.Expr) expr.Expr {
	switch op {
	case expr.Add:
		return t.add(args, false)
	case expr.Mul:
		return t.Mul(args...)
	case expr.Pow:
		return t.Pow(args[0], args[1])
	case expr.Neg:
		return t.Neg(args[0])
	case expr.Div:
		return t.Mul(args[0], t.Pow(args[1], t.Int(-1)))
	case expr.If:
		if truth, known := Truth(args[0]); known {
			if truth {
				return args[1]
			}
			return args[2]
		}
		if args[1] == args[2] && t.isTotalCondition(args[0]) {
			return args[1]
		}
	}
	return t.pool.Make(op, args...)
}

// Neg returns -u.
func (t *Tidier) Neg(u expr.Expr) expr.Expr { return t.Mul(t.Int(-1), u) }

// Sub returns u - v.
func (t *Tidier) Sub(u, v expr.Expr) expr.Expr { return t.add([]expr.Expr{u, t.Neg(v)}, false) }

// A term is a multiple of base, or a constant when base is not valid.
type term struct {
	c    number.Number
	base expr.Expr
}

// Add returns the sum of the terms in the order given.
func (t *Tidier) Add(terms ...expr.Expr) expr.Expr { return t.add(terms, false) }

// Sum returns the sum of the terms in the order in which a person writes them:
// a polynomial by falling degree, and constants last.
func (t *Tidier) Sum(terms ...expr.Expr) expr.Expr { return t.add(terms, true) }

func (t *Tidier) add(args []expr.Expr, sort bool) expr.Expr {
	list, nested := t.terms(), false
	for _, a := range args {
		m := t.split(a)
		list = append(list, m)
		nested = nested || m.base.Valid() && m.base.Op() == expr.Add
	}
	if nested {
		// 3(x+1) - 2(x+1) first becomes x+1, and only then is taken apart.
		list = t.open(t.collect(list))
	}
	list = t.collect(list)
	if sort {
		sortTerms(list)
	}
	var e expr.Expr
	switch len(list) {
	case 0:
		e = t.Int(0)
	case 1:
		e = t.scale(list[0])
	default:
		out := make([]expr.Expr, len(list))
		for i, m := range list {
			out[i] = t.scale(m)
		}
		e = t.pool.Commutative(expr.Add, out...)
	}
	t.scratch = append(t.scratch, list[:0])
	return e
}

// terms returns an empty list of terms to fill, one used before if there is one.
func (t *Tidier) terms() []term {
	if n := len(t.scratch); n > 0 {
		l := t.scratch[n-1]
		t.scratch = t.scratch[:n-1]
		return l
	}
	return make([]term, 0, 4)
}

// split returns a as a multiple of a formula without a numerical factor.
func (t *Tidier) split(a expr.Expr) term {
	switch a.Op() {
	case expr.Num:
		return term{c: a.Number()}
	case expr.Mul:
		if c := a.Arg(0); c.Op() == expr.Num {
			if a.Len() == 2 {
				return term{c.Number(), a.Arg(1)}
			}
			return term{c.Number(), t.pool.Commutative(expr.Mul, a.AppendArgs(nil)[1:]...)}
		}
	}
	return term{number.Int(1), a}
}

// Split returns the tidy formula u as c times a formula of the Pool of t that has
// no numerical factor. A number is itself times 1.
func (t *Tidier) Split(u expr.Expr) (c number.Number, rest expr.Expr) {
	m := t.split(u)
	if !m.base.Valid() {
		return m.c, t.Int(1)
	}
	return m.c, m.base
}

// scale returns m as a formula.
func (t *Tidier) scale(m term) expr.Expr {
	switch {
	case !m.base.Valid():
		return t.Num(m.c)
	case m.c == number.Int(1):
		return m.base
	case m.base.Op() == expr.Mul:
		return t.pool.Commutative(expr.Mul, m.base.AppendArgs([]expr.Expr{t.Num(m.c)})...)
	}
	return t.pool.Commutative(expr.Mul, t.Num(m.c), m.base)
}

// open takes apart the sums among the terms that stand there once, with their
// sign or without.
func (t *Tidier) open(list []term) []term {
	out := t.terms()
	for _, m := range list {
		unit := m.c == number.Int(1) || m.c == number.Int(-1)
		if !m.base.Valid() || m.base.Op() != expr.Add || !unit || m.base.Len() > flatSum {
			out = append(out, m)
			continue
		}
		for _, a := range m.base.Args() {
			s := t.split(a)
			s.c = s.c.Mul(m.c)
			out = append(out, s)
		}
	}
	t.scratch = append(t.scratch, list[:0])
	return out
}

// collect adds up multiples of the same formula, in place. Each stands where
// the first of them stood.
func (t *Tidier) collect(list []term) []term {
	out := list[:0]
	var index map[expr.Expr]int
	if len(list) > 12 {
		index = make(map[expr.Expr]int, len(list))
	}
	for _, m := range list {
		at, seen := -1, false
		if index != nil {
			at, seen = index[m.base]
		} else {
			at = slices.IndexFunc(out, func(o term) bool { return o.base == m.base })
			seen = at >= 0
		}
		if seen && m.base.Valid() && t.inf {
			seen = false
		}
		if seen && !m.base.Valid() && out[at].c.Add(m.c).Bits() > number.MaxBits {
			seen = false // a constant too large to write out stays a sum
		}
		if !seen {
			if index != nil {
				index[m.base] = len(out)
			}
			out = append(out, m)
			continue
		}
		out[at].c = out[at].c.Add(m.c)
	}
	return slices.DeleteFunc(out, func(m term) bool {
		return m.c.Sign() == 0 && (!m.base.Valid() || t.drop(m.base))
	})
}

// sortTerms puts constants last, a sum of powers of variables in the order of
// falling degree, and in any other sum, and one of two terms, a positive term
// first if there is one: 1 - x^2, and cos(x)/x - sin(x)/x^2.
func sortTerms(list []term) {
	polynomial := !slices.ContainsFunc(list, func(m term) bool { _, ok := degree(m.base); return !ok })
	slices.SortStableFunc(list, func(a, b term) int {
		if polynomial {
			m, _ := degree(a.base)
			n, _ := degree(b.base)
			return n.Cmp(m)
		}
		switch {
		case a.base.Valid() == b.base.Valid():
			return 0
		case a.base.Valid():
			return -1
		}
		return 1
	})
	if polynomial && len(list) != 2 || list[0].c.Sign() > 0 {
		return
	}
	for i, m := range list {
		if (m.base.Valid() || polynomial) && m.c.Sign() > 0 {
			copy(list[1:i+1], list[:i])
			list[0] = m
			return
		}
	}
}

// degree returns the degree of a product of powers of variables.
func degree(e expr.Expr) (number.Number, bool) {
	if !e.Valid() {
		return number.Int(0), true
	}
	switch e.Op() {
	case expr.Var:
		return number.Int(1), true
	case expr.Pow:
		if e.Arg(0).Op() == expr.Var && e.Arg(1).Op() == expr.Num {
			return e.Arg(1).Number(), true
		}
	case expr.Mul:
		var sum number.Number
		for _, a := range e.Args() {
			d, ok := degree(a)
			if !ok || a.Op() == expr.Mul {
				return number.Number{}, false
			}
			sum = sum.Add(d)
		}
		return sum, true
	}
	return number.Number{}, false
}

// Call returns f(args…): a known value where there is one, and otherwise the
// call, with a sign taken out of an even or odd function.
func (t *Tidier) Call(f *fn.Func, args ...expr.Expr) expr.Expr {
	if f.Name == "inf" {
		t.inf = true
	}
	if len(args) == 1 {
		if f.Name == "sqrt" {
			return t.root(args[0])
		}
		if f.Name == "abs" {
			if e, ok := t.abs(args[0]); ok {
				return e
			}
		}
		if f.Parity != 0 && negative(args[0]) {
			e := t.Call(f, t.Neg(args[0]))
			if f.Parity < 0 {
				e = t.Neg(e)
			}
			return e
		}
	}
	if e, ok := t.known(f, args); ok {
		return e
	}
	return t.pool.Call(f, args...)
}

// negative reports whether e is a number below 0 or a product with such a
// factor.
func negative(e expr.Expr) bool {
	if e.Op() == expr.Mul {
		e = e.Arg(0)
	}
	return e.Op() == expr.Num && e.Number().Sign() < 0
}
