// Package simplify makes the tidy and the canonical form of formulas.
//
// Every rewrite holds at every real point of its condition. Where a rewrite
// would define a formula at points at which it was undefined (x/x is not 1 at
// 0), the condition under which both agree is kept and can be asked for.
package simplify

import (
	"math"
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
	pool   *expr.Pool
	fact   []uint8 // by node id: what is known of the node, see facts
	needs  []need
	needed map[need]bool
	inf    bool // the constant inf occurs: nothing cancels

	// Stacks of what is being put together. Whoever uses one leaves it as it
	// was; and since a call may make it grow elsewhere, finds its own part again
	// by where that starts.
	terms   []term
	factors []factor
	exprs   []expr.Expr
	metTerm met          // by node
	metBase met          // by twice the node, and one more for a root
	small   [8]expr.Expr // the integers from minSmall on, once made
}

const minSmall = -2

// met tells quickly which bases a long list holds already.
type met struct {
	round int32
	list  []struct{ round, place int32 } // by key
}

// next begins a new list, for keys that are mostly below n.
func (m *met) next(n int) {
	if m.round == math.MaxInt32 {
		m.round = 0
		clear(m.list)
	}
	m.round++
	if n > len(m.list) {
		m.list = append(m.list, make([]struct{ round, place int32 }, n+n/2-len(m.list))...)
	}
}

// at returns the place of what has that key, entering it at place next if it has
// none yet.
func (m *met) at(key, next int32) (place int32, seen bool) {
	if int(key) >= len(m.list) {
		m.list = append(m.list, make([]struct{ round, place int32 }, int(key)+int(key)/2+1-len(m.list))...)
	}
	e := &m.list[key]
	if e.round == m.round {
		return e.place, true
	}
	e.round, e.place = m.round, next
	return next, false
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

// Reset makes t a Tidier that builds in p and knows nothing yet, in the memory
// that t has.
func (t *Tidier) Reset(p *expr.Pool) {
	*t = Tidier{
		pool: p, fact: t.fact[:0], needs: t.needs[:0], terms: t.terms[:0], factors: t.factors[:0], exprs: t.exprs[:0],
		metTerm: t.metTerm, metBase: t.metBase,
	}
}

// Tidy returns the tidy form of e, in a Pool of its own.
func Tidy(e expr.Expr) expr.Expr { return New().Tidy(e) }

// Tidy returns the tidy form of e, in the Pool of t.
func (t *Tidier) Tidy(e expr.Expr) expr.Expr { return expr.Rebuild(e, t, nil) }

// Remake returns the one node n, of any Pool, made again by t with the operands
// args.
func (t *Tidier) Remake(n expr.Expr, args []expr.Expr) expr.Expr {
	switch n.Op() {
	case expr.Num:
		return t.pool.Num(n.Number())
	case expr.Var:
		return t.pool.Var(n.Name())
	case expr.Call:
		return t.Call(n.Func(), args...)
	}
	return t.Make(n.Op(), args...)
}

// Pool returns the Pool in which t builds.
func (t *Tidier) Pool() *expr.Pool { return t.pool }

// Num returns the constant n.
func (t *Tidier) Num(n number.Number) expr.Expr { return t.pool.Num(n) }

// Int returns the constant n.
func (t *Tidier) Int(n int64) expr.Expr {
	i := n - minSmall
	if uint64(i) >= uint64(len(t.small)) {
		return t.pool.Int(n)
	}
	if !t.small[i].Valid() {
		t.small[i] = t.pool.Int(n)
	}
	return t.small[i]
}

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

// A term is c times the node base, or the constant c when base is noBase.
type term struct {
	c     number.Number
	base  int32
	whole int32 // the node that is c times base, while nothing has joined it; or noBase
}

const noBase = -1

// few is the length up to which a list is searched from its start.
const few = 12

// Add returns the sum of the terms in the order given.
func (t *Tidier) Add(terms ...expr.Expr) expr.Expr { return t.add(terms, false) }

// Sum returns the sum of the terms in the order in which a person writes them:
// a polynomial by falling degree, and constants last.
func (t *Tidier) Sum(terms ...expr.Expr) expr.Expr { return t.add(terms, true) }

func (t *Tidier) add(args []expr.Expr, sort bool) expr.Expr {
	start := len(t.terms)
	nested := false
	for _, a := range args {
		m := t.split(a)
		nested = nested || m.base != noBase && t.pool.At(m.base).Op() == expr.Add
		t.terms = append(t.terms, m)
	}
	t.collect(start)
	if nested {
		// 3(x+1) - 2(x+1) first became x+1, and only now is taken apart.
		t.open(start)
		t.collect(start)
	}
	if sort {
		sortTerms(t.pool, t.terms[start:])
	}
	var e expr.Expr
	switch list := t.terms[start:]; len(list) {
	case 0:
		e = t.Int(0)
	case 1:
		e = t.scale(list[0])
	default:
		first := len(t.exprs)
		for _, m := range list {
			t.exprs = append(t.exprs, t.scale(m))
		}
		e = t.pool.Commutative(expr.Add, t.exprs[first:]...)
		t.exprs = t.exprs[:first]
	}
	t.terms = t.terms[:start]
	return e
}

// Split returns the tidy formula u as c times a formula of the Pool of t that has
// no numerical factor. A number is itself times 1.
func (t *Tidier) Split(u expr.Expr) (c number.Number, rest expr.Expr) {
	m := t.split(u)
	if m.base == noBase {
		return m.c, t.Int(1)
	}
	return m.c, t.pool.At(m.base)
}

// split returns a as a multiple of a formula without a numerical factor.
func (t *Tidier) split(a expr.Expr) term {
	switch a.Op() {
	case expr.Num:
		return term{a.Number(), noBase, a.ID()}
	case expr.Mul:
		if c := a.Arg(0); c.Op() == expr.Num {
			n := a.Len()
			if n == 2 {
				return term{c.Number(), a.Arg(1).ID(), a.ID()}
			}
			first := len(t.exprs)
			for i := 1; i < n; i++ {
				t.exprs = append(t.exprs, a.Arg(i))
			}
			base := t.pool.Commutative(expr.Mul, t.exprs[first:]...)
			t.exprs = t.exprs[:first]
			return term{c.Number(), base.ID(), a.ID()}
		}
	}
	return term{number.Int(1), a.ID(), a.ID()}
}

// scale returns m as a formula.
func (t *Tidier) scale(m term) expr.Expr {
	switch {
	case m.whole != noBase:
		return t.pool.At(m.whole)
	case m.base == noBase:
		return t.Num(m.c)
	}
	base := t.pool.At(m.base)
	switch {
	case m.c == number.Int(1):
		return base
	case base.Op() == expr.Mul:
		first := len(t.exprs)
		t.exprs = base.AppendArgs(append(t.exprs, t.Num(m.c)))
		e := t.pool.Commutative(expr.Mul, t.exprs[first:]...)
		t.exprs = t.exprs[:first]
		return e
	}
	return t.pool.Commutative(expr.Mul, t.Num(m.c), base)
}

// open takes apart the sums among the terms from start on that stand there once,
// with their sign or without.
func (t *Tidier) open(start int) {
	end := len(t.terms)
	for i := start; i < end; i++ {
		m := t.terms[i]
		unit := m.c == number.Int(1) || m.c == number.Int(-1)
		if m.base == noBase || !unit || t.pool.At(m.base).Op() != expr.Add || t.pool.At(m.base).Len() > flatSum {
			t.terms = append(t.terms, m)
			continue
		}
		for _, a := range t.pool.At(m.base).Args() {
			s := t.split(a)
			if m.c.Sign() < 0 {
				s.c, s.whole = s.c.Neg(), noBase
			}
			t.terms = append(t.terms, s)
		}
	}
	t.terms = append(t.terms[:start], t.terms[end:]...)
}

// collect adds up the multiples of the same formula among the terms from start
// on. Each stands where the first of them stood.
func (t *Tidier) collect(start int) {
	list := t.terms[start:]
	out := list[:0]
	long := len(list) > few
	if long {
		t.metTerm.next(t.pool.Len())
	}
	constant := int32(-1) // where the constant stands
	vanished := false
	for _, m := range list {
		at, seen := constant, constant >= 0
		switch {
		case m.base == noBase:
			if seen && out[at].c.Add(m.c).Bits() > number.MaxBits {
				seen = false // a constant too large to write out stays a sum
			}
			if !seen {
				constant = int32(len(out))
			}
		case t.inf:
			seen = false
		case long:
			at, seen = t.metTerm.at(m.base, int32(len(out)))
		default:
			at, seen = 0, false
			for i := range out {
				if out[i].base == m.base {
					at, seen = int32(i), true
					break
				}
			}
		}
		if !seen {
			out = append(out, m)
		} else {
			out[at].c, out[at].whole = out[at].c.Add(m.c), noBase
			m.c = out[at].c
		}
		vanished = vanished || m.c.Sign() == 0
	}
	if vanished {
		out = slices.DeleteFunc(out, func(m term) bool {
			return m.c.Sign() == 0 && (m.base == noBase || t.drop(t.pool.At(m.base)))
		})
	}
	t.terms = t.terms[:start+len(out)]
}

// sortTerms puts constants last, a sum of powers of variables in the order of
// falling degree, and in any other sum, and one of two terms, a positive term
// first if there is one: 1 - x^2, 1 - log(x), and cos(x)/x - sin(x)/x^2.
func sortTerms(p *expr.Pool, list []term) {
	if len(list) < 2 {
		return
	}
	polynomial := !slices.ContainsFunc(list, func(m term) bool { _, ok := degreeOf(p, m); return !ok })
	order := func(a, b term) int { return constants(a) - constants(b) }
	if polynomial {
		order = func(a, b term) int {
			m, _ := degreeOf(p, a)
			n, _ := degreeOf(p, b)
			return n.Cmp(m)
		}
	}
	if !slices.IsSortedFunc(list, order) {
		slices.SortStableFunc(list, order)
	}
	if polynomial && len(list) != 2 || list[0].c.Sign() > 0 {
		return
	}
	for i, m := range list {
		if (m.base != noBase || len(list) == 2) && m.c.Sign() > 0 {
			copy(list[1:i+1], list[:i])
			list[0] = m
			return
		}
	}
}

// constants returns how many of the terms m are constant.
func constants(m term) int {
	if m.base == noBase {
		return 1
	}
	return 0
}

func degreeOf(p *expr.Pool, m term) (number.Number, bool) {
	if m.base == noBase {
		return number.Int(0), true
	}
	return degree(p.At(m.base))
}

// degree returns the degree of a product of powers of variables.
func degree(e expr.Expr) (number.Number, bool) {
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
		if e, ok := t.turned(f, args[0]); ok {
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
