package syntax

import (
	"fmt"
	"slices"
	"strings"
)

// A climber reads one right-hand side by operator-precedence climbing (Floyd
// 1963; the two-stack form of Dijkstra's shunting yard). Operands go straight
// to nodes, in postorder; operators and open brackets wait on stack until what
// follows binds less tightly or closes them.
type climber struct {
	first    int // the piece's first token
	at, last int // the next token and the end of the piece
	nodes    []Node
	stack    []frame
	open     int32  // the innermost open bracket on the stack, or -1
	held     []Node // exponents of sin^2 x, waiting for the sin x
}

// A frame is an operator or bracket that waits for its last operand.
type frame struct {
	form  form
	kind  Kind // of the node that comes of it
	order uint16
	prec  int32 // for infix and prefix operators
	pos   int32 // where the node's span begins, if the form comes before its operands
	under int32 // for brackets: the open bracket round this one
	arity int32 // for brackets: operands so far, less the one being read
	mark  int32 // for brackets: where this one opens
	head  Span
}

// A form is how a frame is written and what closes it.
type form uint8

const (
	infixForm   form = iota // u + v
	prefixForm              // -u
	appliedForm             // sin u: takes factors up to the next function
	leibnizForm             // d/dx u: takes factors, functions too
	raiseForm               // the ^2 of sin^2: waits for the call
	// Those from here on are open brackets.
	groupForm    // (u)
	exponentForm // the (u) of sin^(u) x, head being the sin
	listForm     // f(u, …), f'(u, …), d/dx(u)
	indexForm    // x[u, …]
	barForm      // |u|
)

func (f form) opened() string {
	switch f {
	case indexForm:
		return "["
	case barForm:
		return "|"
	}
	return "("
}

func (f form) closer() (kind, string) {
	switch f {
	case indexForm:
		return tokEndSquare, "]"
	case barForm:
		return tokBar, "|"
	}
	return tokClose, ")"
}

// infix is the operator that a token is between two operands, 0 for none.
var infix = [tokCount]Kind{
	tokPlus: Add, tokMinus: Sub, tokStar: Mul, tokSlash: Div, tokCaret: Pow,
	tokLt: Lt, tokLe: Le, tokGt: Gt, tokGe: Ge, tokEq: Eq, tokNe: Ne, tokAnd: And, tokOr: Or,
}

// climb reads the right-hand side of a piece.
func (r *reader) climb(p piece) (*Tree, error) {
	r.first, r.at, r.last = p.body(), p.body(), p.end
	r.nodes = slices.Grow(r.nodes[:0], r.last-r.first) // juxtaposed products apart, a node has a token
	r.stack, r.held, r.open = r.stack[:0], r.held[:0], -1
	for wanted, err := true, error(nil); wanted || r.at < r.last || r.open >= 0; {
		if wanted {
			wanted, err = r.operand(r.peek(0))
		} else {
			wanted, err = r.operator(r.peek(0))
		}
		if e, ok := err.(*Error); ok && r.bad != nil && e.Span.Pos == r.bad.Span.Pos {
			return nil, r.bad // what is wrong there is the scanner's to say
		}
		if err != nil {
			return nil, err
		}
	}
	r.reduceOpen()
	nodes := r.nodes
	if len(nodes) <= keptTokens {
		nodes = slices.Clone(nodes)
	} else { // too large to keep, so it need not be copied
		r.nodes = nil
	}
	return &Tree{Source: r.src, Nodes: nodes}, nil
}

// peek is the token n places ahead, tokEnd past the last. The end has the
// place where something would have to be added.
func (r *reader) peek(n int) token {
	if i := r.at + n; i < r.last {
		return r.tokens[i]
	}
	end := int32(0)
	if r.last > 0 {
		end = r.tokens[r.last-1].end
	}
	return token{pos: end, end: end, kind: tokEnd}
}

// spell is the name that a token holds.
func (r *reader) spell(t token) string { return plainName(r.src.Text[t.pos:t.end]) }

// operand reads what may begin an operand, and reports whether an operand is
// still wanted after it.
func (r *reader) operand(t token) (wanted bool, err error) {
	switch t.kind {
	case tokNumber:
		r.at++
		r.leaf(Number, t)
		return false, nil
	case tokName:
		return r.name(t)
	case tokRoot:
		r.at++
		return true, r.apply(t)
	case tokOpen:
		r.bracket(frame{form: groupForm, pos: t.pos, head: t.span()})
		return true, nil
	case tokBar:
		r.bracket(frame{form: barForm, kind: Abs, pos: t.pos, head: t.span()})
		return true, nil
	case tokMinus:
		r.at++
		r.push(frame{form: prefixForm, kind: Neg, prec: PrecSign, pos: t.pos, head: t.span()})
		return true, nil
	case tokPlus: // says nothing
		r.at++
		return true, nil
	case tokNot:
		r.at++
		r.push(frame{form: prefixForm, kind: Not, prec: PrecNot, pos: t.pos, head: t.span()})
		return true, nil
	case tokClose:
		if n := len(r.stack); n > 0 && r.stack[n-1].form == listForm && r.stack[n-1].kind == Call &&
			r.stack[n-1].arity == 0 && r.tokens[r.at-1].kind == tokOpen { // f()
			r.at++
			f := r.pop()
			r.node(Node{Kind: Call, Span: Span{f.pos, t.end}, Head: f.head})
			return false, nil
		}
	}
	return false, r.operandError(t)
}

// operator reads what may follow an operand, and reports whether an operand is
// wanted after it.
func (r *reader) operator(t token) (wanted bool, err error) {
	if k := infix[t.kind]; k != 0 {
		r.at++
		return true, r.binary(k, t)
	}
	switch t.kind {
	case tokNumber, tokName, tokRoot, tokOpen:
		return true, r.juxtapose(t)
	case tokBar:
		if r.open < 0 || r.stack[r.open].form != barForm {
			return true, r.juxtapose(t)
		}
		return r.close(t)
	case tokClose, tokEndSquare:
		return r.close(t)
	case tokComma:
		return true, r.comma(t)
	case tokSup:
		r.at++
		return false, r.superscript(t)
	case tokBang:
		r.at++
		if r.peek(0).kind == tokBang {
			return false, r.errorf(Span{t.pos, r.peek(0).end}, "write (x!)!", "!! may mean the double factorial or (x!)!")
		}
		r.postfix(Fact, t)
		return false, nil
	}
	if r.open >= 0 {
		return false, r.unclosed(t)
	}
	return false, r.operatorError(t)
}

// binary puts an infix operator on the stack, after finishing what binds more
// tightly on its left.
func (r *reader) binary(k Kind, t token) error {
	op := Ops[k]
	for len(r.stack) > 0 {
		f := &r.stack[len(r.stack)-1]
		done := false
		switch f.form {
		case infixForm, prefixForm:
			done = int(f.prec) > op.Prec || int(f.prec) == op.Prec && !op.Right
			if done && op.Prec == PrecRelation && int(f.prec) == PrecRelation {
				return r.errorf(t.span(), "write a < b and b < c", "%s cannot follow %s: relations do not chain", k, f.kind)
			}
		case appliedForm:
			done = k != Pow
		case leibnizForm:
			if k == Mul || k == Div {
				return r.errorf(t.span(), "write d/dx( … )", "does d/dx apply to what follows %s?", k)
			}
			done = k != Pow
		}
		if !done {
			break
		}
		r.reduce()
	}
	r.push(frame{form: infixForm, kind: k, prec: int32(op.Prec), head: t.span()})
	return nil
}

// juxtapose puts a product on the stack that has no operator: t begins its
// right operand and is left to be read.
func (r *reader) juxtapose(t token) error {
	before := r.tokens[r.at-1]
	if t.kind == tokNumber && (before.kind == tokNumber || before.kind == tokSup) {
		return r.errorf(Span{before.pos, t.end}, "write * between them", "two numbers side by side")
	}
	for len(r.stack) > 0 {
		f := &r.stack[len(r.stack)-1]
		done := false
		switch f.form {
		case infixForm, prefixForm:
			done = f.prec >= PrecProduct
		case appliedForm:
			done = r.beginsFunction(t)
		}
		if !done {
			break
		}
		r.reduce()
	}
	r.push(frame{form: infixForm, kind: Mul, prec: PrecProduct, head: Span{t.pos, t.pos}})
	return nil
}

// comma goes on to the next operand of a call or index.
func (r *reader) comma(t token) error {
	r.reduceOpen()
	if r.open >= 0 {
		if f := &r.stack[r.open]; f.form == indexForm || f.form == listForm && f.kind != Deriv {
			r.at++
			f.arity++
			return nil
		}
		return r.unclosed(t)
	}
	if a, b := r.tokens[r.at-1].kind, r.peek(1).kind; a == tokNumber && b == tokNumber {
		return r.errorf(t.span(), "write decimals with a point: 3.5", "unexpected ,")
	}
	return r.errorf(t.span(), "a comma stands only between the operands of a function", "unexpected ,")
}

// close ends the innermost bracket, and reports whether an operand is wanted
// after it.
func (r *reader) close(t token) (wanted bool, err error) {
	r.reduceOpen()
	if r.open < 0 {
		return false, r.unopened(t)
	}
	if k, _ := r.stack[r.open].form.closer(); k != t.kind {
		return false, r.unclosed(t)
	}
	r.at++
	f := r.pop()
	span := Span{f.pos, t.end}
	switch f.form {
	case groupForm:
		r.nodes[len(r.nodes)-1].Span = span
	case exponentForm:
		r.nodes[len(r.nodes)-1].Span = span
		return true, r.raise(f.head)
	default:
		r.node(Node{Kind: f.kind, Order: f.order, Span: span, Head: f.head, Arity: f.arity + 1})
	}
	return false, nil
}

// superscript reads the ² of x², which takes only what stands directly before.
func (r *reader) superscript(t token) error {
	switch next := r.peek(0); next.kind {
	case tokCaret, tokBang, tokSup:
		return r.errorf(Span{t.pos, next.end}, "write (x²)^3 or x^(2^3)", "%s after a superscript has two readings", r.show(next))
	}
	r.exponent(t)
	n := r.nodes[len(r.nodes)-1]
	base := r.nodes[len(r.nodes)-1-int(n.Size)]
	r.node(Node{Kind: Pow, Span: Span{base.Span.Pos, t.end}, Head: t.span(), Arity: 2})
	return nil
}

// exponent makes the nodes of superscript digits.
func (r *reader) exponent(t token) {
	r.leaf(Number, t)
	if strings.HasPrefix(r.src.Text[t.pos:], "⁻") {
		r.node(Node{Kind: Neg, Span: t.span(), Head: Span{t.pos, t.pos + int32(len("⁻"))}, Arity: 1})
	}
}

// postfix makes the node of an operator behind its operand.
func (r *reader) postfix(k Kind, t token) {
	operand := r.nodes[len(r.nodes)-1]
	r.node(Node{Kind: k, Span: Span{operand.Span.Pos, t.end}, Head: t.span(), Arity: 1})
}

// reduceOpen makes the nodes of all operators down to the innermost open
// bracket.
func (r *reader) reduceOpen() {
	for int32(len(r.stack)-1) > r.open {
		r.reduce()
	}
}

// reduce makes the node of the operator on top of the stack, which is no
// bracket.
func (r *reader) reduce() {
	f := r.pop()
	last := len(r.nodes) - 1
	right := r.nodes[last]
	if f.form == infixForm {
		left := r.nodes[last-int(right.Size)]
		r.node(Node{Kind: f.kind, Span: Span{left.Span.Pos, right.Span.End}, Head: f.head, Arity: 2})
		return
	}
	r.node(Node{Kind: f.kind, Order: f.order, Span: Span{f.pos, right.Span.End}, Head: f.head, Arity: 1})
}

// push puts an operator on the stack.
func (r *reader) push(f frame) { r.stack = append(r.stack, f) }

// bracket puts a bracket on the stack, which is the next token, and reads it.
func (r *reader) bracket(f frame) {
	f.mark = r.tokens[r.at].pos
	f.under, r.open = r.open, int32(len(r.stack))
	r.stack = append(r.stack, f)
	r.at++
}

func (r *reader) pop() frame {
	f := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if f.form >= groupForm {
		r.open = f.under
	}
	return f
}

func (r *reader) leaf(k Kind, t token) {
	r.nodes = append(r.nodes, Node{Kind: k, Span: t.span(), Head: t.span(), Size: 1})
}

// node adds a node over the last Arity operands. A call that completes a
// sin^2 x gets its power at once.
func (r *reader) node(n Node) {
	size := 1
	for range n.Arity {
		size += int(r.nodes[len(r.nodes)-size].Size)
	}
	n.Size = int32(size)
	r.nodes = append(r.nodes, n)
	if n.Kind != Call {
		return
	}
	if top := len(r.stack) - 1; top >= 0 && r.stack[top].form == raiseForm {
		f := r.pop()
		k := int(r.held[len(r.held)-1].Size)
		r.nodes = append(r.nodes, r.held[len(r.held)-k:]...)
		r.held = r.held[:len(r.held)-k]
		r.node(Node{Kind: Pow, Span: n.Span, Head: f.head, Arity: 2})
	}
}

func (r *reader) errorf(at Span, hint, format string, args ...any) *Error {
	return &Error{Source: r.src, Span: at, Hint: hint, Msg: fmt.Sprintf(format, args...)}
}

// show is a token as a message names it.
func (r *reader) show(t token) string {
	switch t.kind {
	case tokEnd:
		return "the end"
	case tokNumber, tokName:
		return quote(r.src.Slice(t.span()))
	}
	return r.src.Slice(t.span())
}
