package syntax

import (
	"strings"
	"unicode/utf8"
)

// name reads an operand that begins with a name.
func (r *reader) name(t token) (wanted bool, err error) {
	name := r.spell(t)
	if name[0] == 'd' {
		if done, err := r.derivative(t, name); done || err != nil {
			return true, err
		}
	}
	r.at++
	next := r.peek(0)
	switch use := r.use(name); next.kind {
	case tokOpen:
		switch {
		case use >= function:
			return true, r.call(t)
		case use == free && utf8.RuneCountInString(name) > 1:
			return false, r.unknown(t, name)
		}
	case tokSquare:
		if use >= function {
			return false, r.errorf(next.span(), "write "+quote(name)+"( … )", "%s is a function, and [ ] is for variables", quote(name))
		}
		r.bracket(frame{form: indexForm, kind: Index, pos: t.pos, head: t.span()})
		return true, nil
	case tokPrime:
		return true, r.prime(t, name, use)
	default:
		switch {
		case use == textbook:
			return true, r.apply(t)
		case name == "if" && use == function:
			return false, r.errorf(t.span(), "write if(condition, a, b)", "if needs parentheses")
		case use == defined:
			return false, r.errorf(t.span(), "write "+quote(name)+"( … )", "%s is a function and needs its operand in parentheses", quote(name))
		}
	}
	if strings.HasPrefix(r.src.Text[t.pos:], "∂") {
		return false, r.errorf(t.span(), "write ∂/∂x( … )", "∂ stands only in derivatives")
	}
	r.leaf(Name, t)
	return false, nil
}

// A use is what a name is at the place where it is read.
type use uint8

const (
	free     use = iota // an unknown name
	variable            // a name known to be no function
	function            // a function where ( follows
	textbook            // a function everywhere
	defined             // a function that the text defines
)

// use finds what a name is. What the text says of it goes first.
func (r *reader) use(name string) use {
	switch {
	case r.scope.params[name]:
		return variable
	case r.scope.functions[name]:
		return defined
	case r.scope.values[name]:
		return variable
	case r.vocab == nil:
		return free
	}
	switch r.vocab.Class(name) {
	case Constant:
		return variable
	case CallOnly:
		return function
	case Textbook:
		return textbook
	}
	return free
}

// beginsFunction reports whether the token t, which is the next, begins the
// application of a function.
func (r *reader) beginsFunction(t token) bool {
	switch t.kind {
	case tokRoot:
		return true
	case tokName:
		name := r.spell(t)
		switch r.use(name) {
		case textbook, defined:
			return true
		case function:
			k := r.peek(1).kind
			return k == tokOpen || k == tokPrime
		}
		if name == "d" {
			_, ok := r.fractionAhead()
			return ok
		}
	}
	return false
}

// call opens f(u, …).
func (r *reader) call(t token) error {
	r.bracket(frame{form: listForm, kind: Call, pos: t.pos, head: t.span()})
	return nil
}

// apply reads what follows the name of a textbook function: its operands in
// parentheses, the exponent of sin^2 x, or the factors it is applied to. t is
// the name, which has been read.
func (r *reader) apply(t token) error {
	switch next := r.peek(0); next.kind {
	case tokOpen:
		return r.call(t)
	case tokCaret, tokSup:
		return r.power(t)
	case tokNumber, tokName, tokRoot, tokBar:
		r.push(frame{form: appliedForm, kind: Call, pos: t.pos, head: t.span()})
		return nil
	default:
		name := r.show(t)
		hint := "write " + name + "(x)"
		if next.kind == tokMinus {
			hint += ", or " + name + "(-x) for a sign"
		}
		return r.errorf(next.span(), hint, "expected an operand after %s, found %s", name, r.show(next))
	}
}

// longestExponent is how many nodes the exponent of sin^(u) x may have. It
// waits while x is read, and nests of it would cost the square of their depth.
const longestExponent = 1000

// power reads the exponent of sin^2 x: a number or a name, with a sign or not,
// or anything in parentheses.
func (r *reader) power(t token) error {
	caret := r.peek(0)
	r.at++
	r.push(frame{form: raiseForm, kind: Pow, pos: t.pos, head: caret.span()})
	if caret.kind == tokSup {
		r.exponent(caret)
		return r.raise(t.span())
	}
	sign := r.peek(0)
	if sign.kind == tokMinus {
		r.at++
	}
	next := r.peek(0)
	switch {
	case next.kind == tokNumber:
		r.leaf(Number, next)
	case next.kind == tokName && r.use(r.spell(next)) <= function:
		r.leaf(Name, next)
	case next.kind == tokOpen && sign.kind != tokMinus:
		r.bracket(frame{form: exponentForm, pos: next.pos, head: t.span()})
		return nil
	default:
		return r.errorf(next.span(), "write ("+r.show(t)+"(x))^n", "expected a number as the power of %s, found %s", r.show(t), r.show(next))
	}
	r.at++
	if sign.kind == tokMinus {
		r.node(Node{Kind: Neg, Span: Span{sign.pos, next.end}, Head: sign.span(), Arity: 1})
	}
	return r.raise(t.span())
}

// raise puts the exponent that has just been read aside and goes on to the
// operand of the function at head.
func (r *reader) raise(head Span) error {
	last := len(r.nodes) - 1
	exponent := r.nodes[last]
	name := r.src.Slice(head)
	if exponent.Kind == Neg && exponent.Size == 2 && plainNumber(r.src.Slice(r.nodes[last-1].Head)) == "1" {
		f := plainName(name)
		inverse := "the inverse of " + quote(f)
		if r.vocab != nil && r.vocab.Class("a"+f) >= CallOnly {
			inverse = "a" + f + "(x)"
		}
		return r.errorf(Span{head.Pos, exponent.Span.End}, "write the one that is meant",
			"%s^-1 may mean %s or 1/%s(x)", quote(f), inverse, quote(f))
	}
	if exponent.Size > longestExponent {
		err := r.errorf(exponent.Span, "write ("+quote(name)+"(x))^( … )", "the power of %s is too long", quote(name))
		err.Limit = true
		return err
	}
	first := last + 1 - int(exponent.Size)
	r.held = append(r.held, r.nodes[first:]...)
	r.nodes = r.nodes[:first]
	t := token{pos: head.Pos, end: head.End, kind: tokName}
	if k := r.peek(0).kind; k == tokCaret || k == tokSup { // sin^2^3 x
		return r.errorf(r.peek(0).span(), "write ("+quote(name)+"(x))^( … )", "%s has two powers", quote(name))
	}
	return r.apply(t)
}

// prime reads the primes of f'(x) and opens its parenthesis.
func (r *reader) prime(t token, name string, use use) error {
	order, first := 0, r.peek(0)
	end := first.end
	for r.peek(0).kind == tokPrime {
		end = r.peek(0).end
		order += primes(r.src.Slice(r.peek(0).span()))
		r.at++
	}
	at := Span{t.pos, end}
	switch next := r.peek(0); {
	case use < function:
		return r.errorf(at, "define it first, as in "+quote(name)+"(x) = x^2; "+quote(name)+"'(x)",
			"%s is not a function here, so it has no derivative %s", quote(name), quote(r.src.Slice(at)))
	case order > maxOrder:
		return r.limitOrder(at)
	case next.kind != tokOpen:
		return r.errorf(next.span(), "write "+quote(r.src.Slice(at))+"(x)", "expected ( after %s, found %s", quote(r.src.Slice(at)), r.show(next))
	}
	r.bracket(frame{form: listForm, kind: Prime, order: uint16(order), pos: t.pos, head: t.span()})
	return nil
}

// unknown is the error about a long name before a parenthesis. Of x1( no
// function is suggested.
func (r *reader) unknown(t token, name string) error {
	hint := "write " + quote(name) + "*( … ) for a product, or define " + quote(name) + "(x) = … before"
	_, n := utf8.DecodeRuneInString(name)
	if indexed := strings.Trim(name[n:], "_0123456789") == ""; r.vocab != nil && !indexed {
		if near := r.vocab.Near(name); near != "" {
			hint = "did you mean " + near + "?"
		}
	}
	return r.errorf(t.span(), hint, "unknown function %s", quote(name))
}
