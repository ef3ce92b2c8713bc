package format

import (
	"nabla/expr"
	"nabla/expr/syntax"
)

// A printer holds what printing one formula needs.
type printer struct {
	o     Options
	out   []byte
	stack []step
	names *naming // of the shared parts, nil without any
	root  expr.Expr
	left  int // nodes that may still be printed
	bars  int // pairs of | that are open
}

// A step is something that is still to be printed.
type step struct {
	e     expr.Expr
	text  string
	i     int32  // the operand at which a list goes on
	kind  action // what to do
	need  int8   // the precedence below which e goes in parentheses
	after edge   // how the factor before ended
	flags flags
}

type action uint8

const (
	literal  action = iota // the text
	node                   // e
	inverse                // the power e = u^(-n), as u^n
	sum                    // the terms of e from i on
	factors                // the factors of e above the fraction bar, from i on
	divisors               // the factors of e below the fraction bar, from i on
	divide                 // a fraction bar, and e below it
	list                   // the operands of e from i on, with the text between them
	pieces                 // LaTeX: the cases of an if from e on
	unbar                  // the | that closes
)

type flags uint8

const (
	inner    flags = 1 << iota // something stands before e, and a minus sign would not be its own
	unsigned                   // the sign of e has been printed
	inverted                   // not e is to be printed but its inverse
	lifted                     // e begins with a Neg whose sign has been printed
)

func newPrinter(o Options) *printer { return &printer{o: o} }

// print appends e to dst and reports whether that took at most limit nodes; a
// limit below 0 is none.
func (p *printer) print(dst []byte, e expr.Expr, limit int) ([]byte, bool) {
	p.out, p.root, p.left, p.bars = dst, e, limit, 0
	p.stack = append(p.stack[:0], step{e: e, kind: node})
	for n := len(p.stack); n > 0; n = len(p.stack) {
		s := p.stack[n-1]
		p.stack = p.stack[:n-1]
		switch s.kind {
		case literal:
			p.out = append(p.out, s.text...)
		case node, inverse:
			if p.left--; p.left == -1 {
				return p.out, false
			}
			if p.o.Style == StyleLaTeX {
				p.latex(s)
			} else {
				p.text(s)
			}
		case sum:
			p.sum(s)
		case factors, divisors:
			p.factors(s)
		case divide:
			p.divide(s)
		case list:
			p.list(s)
		case pieces:
			p.pieces(s)
		case unbar:
			p.out = append(p.out, '|')
			p.bars--
		}
	}
	return p.out, true
}

func (p *printer) push(s step) { p.stack = append(p.stack, s) }

// later puts a text on the stack, to be printed after what is put there next.
func (p *printer) later(text string) { p.push(step{kind: literal, text: text}) }

// say prints a text now.
func (p *printer) say(text string) { p.out = append(p.out, text...) }

// name returns the name of e when it is a shared part that has one.
func (p *printer) name(e expr.Expr) (string, bool) {
	if p.names == nil || e == p.root {
		return "", false
	}
	return p.names.of(e)
}

// below reports whether e is a power that goes below a fraction bar, u^n with a
// number n < 0.
func (p *printer) below(e expr.Expr) bool {
	if e.Op() != expr.Pow || e.Arg(1).Op() != expr.Num || e.Arg(1).Number().Sign() >= 0 {
		return false
	}
	_, named := p.name(e)
	return !named
}

// minus reports whether e has the sign of a negative number: whether the text of
// e, without its Negs, begins with a minus sign.
func (p *printer) minus(e expr.Expr) bool {
	if e.Op() == expr.Mul {
		if _, named := p.name(e); named {
			return false
		}
		e = e.Arg(0)
	}
	return e.Op() == expr.Num && e.Number().Sign() < 0
}

// precedence returns how tightly the text of e holds together.
func (p *printer) precedence(e expr.Expr) int8 {
	if _, named := p.name(e); named {
		return syntax.PrecAtom
	}
	switch e.Op() {
	case expr.Num:
		c := p.o.constant(e.Number())
		prec := int8(syntax.PrecAtom)
		switch {
		case c.bottom != "":
			prec = p.fraction()
		case c.scientific():
			prec = syntax.PrecPower
		}
		if c.neg {
			prec = min(prec, syntax.PrecSign)
		}
		return prec
	case expr.Add:
		return syntax.PrecSum
	case expr.Mul:
		return syntax.PrecProduct
	case expr.Div:
		return p.fraction()
	case expr.Neg:
		return syntax.PrecSign
	case expr.Pow:
		if p.below(e) {
			return p.fraction()
		}
		return syntax.PrecPower
	case expr.Lt, expr.Le, expr.Gt, expr.Ge, expr.Eq, expr.Ne:
		return syntax.PrecRelation
	case expr.And:
		return syntax.PrecAnd
	case expr.Or:
		return syntax.PrecOr
	case expr.Not:
		return syntax.PrecNot
	case expr.Diff:
		return syntax.PrecPower
	case expr.If:
		if p.o.Style == StyleLaTeX {
			return syntax.PrecPower
		}
	case expr.Call:
		return p.callPrecedence(e)
	}
	return syntax.PrecAtom
}

// fraction returns the precedence of a division: \frac{u}{v} shows by itself
// how far it goes.
func (p *printer) fraction() int8 {
	if p.o.Style == StyleLaTeX {
		return syntax.PrecPower
	}
	return syntax.PrecProduct
}

// A ratio is a product as it is printed: a sign, the constant factor, and the
// other factors above and below the fraction bar.
type ratio struct {
	neg         bool
	top, bottom string // the constant; "" for none
	above       int    // other factors above the bar
	below       int
	first       int32 // the first operand that is no part of the constant
}

// hasBar reports whether r is a fraction.
func (r ratio) hasBar() bool { return r.below > 0 || r.bottom != "" }

func (p *printer) ratio(e expr.Expr) ratio {
	var r ratio
	for _, u := range e.Args() {
		if p.below(u) {
			r.below++
		} else {
			r.above++
		}
	}
	if u := e.Arg(0); u.Op() == expr.Num {
		c := p.o.constant(u.Number())
		r.neg, r.bottom, r.first = c.neg, c.bottom, 1
		r.above--
		// A factor 1 is there because somebody wrote it, unless it carries a
		// sign or a denominator.
		if c.top != "1" || r.above == 0 || c.is("1") && !c.neg {
			r.top = c.top
		}
	}
	if r.above == 0 && r.top == "" {
		r.top = "1"
	}
	return r
}

// only returns the only operand of e from first on that goes below the bar, or
// above it.
func (p *printer) only(e expr.Expr, first int32, below bool) expr.Expr {
	for int(first) < e.Len()-1 && p.below(e.Arg(int(first))) != below {
		first++
	}
	return e.Arg(int(first))
}

// group puts what e needs to be printed in parentheses on the stack.
func (p *printer) group(e expr.Expr) {
	open, shut := "(", ")"
	if p.o.Style == StyleLaTeX {
		open, shut = `\left(`, `\right)`
	}
	p.say(open)
	p.later(shut)
	p.push(step{e: e, kind: node})
}

// sum goes on with the terms of e.
func (p *printer) sum(s step) {
	e := s.e
	u := e.Arg(int(s.i))
	if int(s.i+1) < e.Len() {
		p.push(step{e: e, kind: sum, i: s.i + 1})
	}
	term := step{e: u, kind: node, need: syntax.PrecProduct}
	if s.i == 0 {
		p.push(term)
		return
	}
	term.flags = inner
	minus := " - "
	if p.o.Style == StyleUnicode {
		minus = " − "
	}
	_, named := p.name(u)
	switch {
	case u.Op() == expr.Neg && !named:
		p.say(minus)
		term.e = u.Arg(0)
	case p.minus(u):
		p.say(minus)
		term.flags |= unsigned
	default:
		p.say(" + ")
	}
	p.push(term)
}

// list goes on with the operands of e.
func (p *printer) list(s step) {
	if int(s.i) == s.e.Len() {
		return
	}
	if s.i > 0 {
		p.say(s.text)
	}
	u := s.e.Arg(int(s.i))
	need := s.need
	if s.i > 0 && s.flags&inner != 0 {
		need++ // the first operand of a chain may be such a chain
	}
	if s.i++; int(s.i) < s.e.Len() {
		p.push(s)
	}
	p.push(step{e: u, kind: node, need: need})
}

// factors goes on with the factors of e above or below the fraction bar.
func (p *printer) factors(s step) {
	e := s.e
	for int(s.i) < e.Len() && p.below(e.Arg(int(s.i))) != (s.kind == divisors) {
		s.i++
	}
	if int(s.i) == e.Len() {
		return
	}
	u := e.Arg(int(s.i))
	f := step{e: u, kind: node, need: syntax.PrecPower}
	if s.kind == divisors {
		f.kind = inverse
	}
	if s.after == start && s.kind == factors {
		// a/b*c reads as (a/b)*c, and -x*y as (-x)*y.
		f.flags = s.flags & inner
		f.need = syntax.PrecProduct
		if _, named := p.name(u); u.Op() == expr.Mul && !named {
			f.need = syntax.PrecSign
		}
	}
	if s.flags&lifted != 0 {
		f.e, f.need, f.flags = u.Arg(0), syntax.PrecPower, 0
		s.flags &^= lifted
	}
	first, last := p.edges(f)
	p.say(p.between(s.after, first))
	if s.i++; int(s.i) < e.Len() {
		s.after = last
		p.push(s)
	}
	p.push(f)
}
