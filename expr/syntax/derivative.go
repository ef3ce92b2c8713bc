package syntax

import "fmt"

// maxOrder is the highest derivative that can be written. It fits Node.Order,
// and no derivative of that order has ever been asked for.
const maxOrder = 10_000

// A fraction is the d^2/dx^2 that begins a derivative.
type fraction struct {
	tokens   int   // how many it takes
	variable token // dx
	order    int   // of d
	below    int   // of dx
	span     Span
	next     token // what follows
}

// fractionAhead looks whether the tokens ahead are the d/dx of a derivative: both
// names free to be part of the notation, and something after them to
// differentiate.
func (r *reader) fractionAhead() (f fraction, ok bool) {
	isD := func(t token) bool { return t.kind == tokName && r.use(r.spell(t)) == free && r.spell(t)[0] == 'd' }
	power := func() int {
		switch t := r.peek(f.tokens); {
		case t.kind == tokSup:
			f.tokens++
			return wholeNumber(r.src.Slice(t.span()))
		case t.kind == tokCaret && r.peek(f.tokens+1).kind == tokNumber:
			f.tokens += 2
			return wholeNumber(r.src.Slice(r.peek(f.tokens - 1).span()))
		}
		return 1
	}
	d := r.peek(0)
	if !isD(d) {
		return f, false
	}
	f.tokens = 1
	f.order = power()
	if r.peek(f.tokens).kind != tokSlash {
		return f, false
	}
	f.variable = r.peek(f.tokens + 1)
	if !isD(f.variable) || len(r.spell(f.variable)) == 1 {
		return f, false
	}
	f.tokens += 2
	f.below = power()
	f.span = Span{d.pos, r.peek(f.tokens - 1).end}
	f.next = r.peek(f.tokens)
	switch f.next.kind {
	case tokOpen, tokName, tokNumber, tokRoot, tokPlus, tokMinus:
		return f, true
	case tokBar:
		return f, r.open < 0 || r.stack[r.open].form != barForm
	}
	return f, false
}

// derivative reads d/dx if that is what begins with the name t, and reports
// whether it did.
func (r *reader) derivative(t token, name string) (done bool, err error) {
	if name != "d" {
		return false, r.quotient(t, name)
	}
	f, ok := r.fractionAhead()
	if !ok {
		return false, nil
	}
	switch {
	case f.order < 1 || f.order != f.below:
		return false, r.errorf(f.span, "write d^2/dx^2(u), and d/dx(d/dy(u)) for mixed derivatives", "the orders above and below / differ")
	case f.order > maxOrder:
		return false, r.limitOrder(f.span)
	case f.next.kind == tokPlus || f.next.kind == tokMinus:
		d := r.src.Slice(f.span)
		return false, r.errorf(f.next.span(), "write "+d+"("+r.show(f.next)+" … ), or ("+d+") "+r.show(f.next)+" … for a quotient of variables",
			"does %s apply to what follows %s?", d, r.show(f.next))
	}
	r.at += f.tokens
	open := frame{form: leibnizForm, kind: Deriv, order: uint16(f.order), pos: t.pos, head: f.variable.span()}
	if r.peek(0).kind == tokOpen {
		open.form = listForm
		r.bracket(open)
	} else {
		r.push(open)
	}
	return true, nil
}

// quotient stops dy/dx where y is defined by the text: two variables dy and dx
// are hardly what is meant.
func (r *reader) quotient(t token, name string) error {
	f, function := name[1:], r.scope.functions[name[1:]]
	if !function && !r.scope.values[f] || r.use(name) != free || r.peek(1).kind != tokSlash {
		return nil
	}
	below := r.peek(2)
	if below.kind != tokName || r.spell(below)[0] != 'd' || len(r.spell(below)) == 1 {
		return nil
	}
	x, hint := quote(r.spell(below)[1:]), "write d/d"
	if f = quote(f); function {
		hint = "write " + f + "'(" + x + ") or d/d" + x + "(" + f + "(" + x + "))"
	} else {
		hint += x + "(" + f + ")"
	}
	return r.errorf(Span{t.pos, below.end}, hint, "d%s/d%s would divide two variables", f, x)
}

func (r *reader) limitOrder(at Span) *Error {
	return &Error{Source: r.src, Span: at, Limit: true,
		Msg: fmt.Sprintf("a derivative of an order above %d", maxOrder), Hint: "differentiate less often"}
}
