package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Tree is a formula as it was written: its nodes in postorder, so that every
// node stands after its operands and the last one is the whole formula.
type Tree struct {
	Source *Source
	Nodes  []Node
}

// A Node is a number, a name, an operator, a call or one of the larger forms.
type Node struct {
	Kind  Kind
	Order uint16 // of a Deriv or Prime: how often it differentiates, at least 1
	Span  Span   // the whole of it, with the parentheses round it
	Head  Span   // its own part: the literal, the name, the operator, the dx of d/dx
	Arity int32  // operands
	Size  int32  // nodes of the subtree: it is Nodes[i-Size+1 : i+1]
}

// Juxtaposed reports whether the node is a product written without an
// operator.
func (n Node) Juxtaposed() bool { return n.Kind == Mul && n.Head.Empty() }

// Text is the number or the name of node i: the literal of a Number; the name
// of a Name, Call, Index or Prime; the variable of a Deriv; the operator of
// all others. Numbers are in ASCII digits (the exponent of x² is 2). Names are
// as they were typed, except that subscript digits read as an underscore and
// digits (x₁ is x_1), π is pi, ∞ is inf, √ is sqrt and ∛ is cbrt.
func (t *Tree) Text(i int) string {
	n := t.Nodes[i]
	switch n.Kind {
	case Number:
		return plainNumber(t.Source.Slice(n.Head))
	case Name, Call, Index, Prime:
		return plainName(t.Source.Slice(n.Head))
	case Deriv:
		return plainName(t.Source.Slice(n.Head))[len("d"):]
	}
	return n.Kind.String()
}

// Operands are the places of the operands of node i, in order.
func (t *Tree) Operands(i int) []int {
	at := make([]int, t.Nodes[i].Arity)
	j := i - 1
	for k := len(at) - 1; k >= 0; k-- {
		at[k] = j
		j -= int(t.Nodes[j].Size)
	}
	return at
}

// String is the tree in postfix notation on one line: "2 x · x 2 ^ +". A · is
// a juxtaposed product, neg a sign, sin/1 a call of one operand, x[/1 an
// index, f'/1 a prime and abs a pair of bars.
func (t *Tree) String() string {
	var b strings.Builder
	for i, n := range t.Nodes {
		if i > 0 {
			b.WriteByte(' ')
		}
		arity := "/" + strconv.Itoa(int(n.Arity))
		switch {
		case n.Juxtaposed():
			b.WriteString("·")
		case n.Kind == Neg:
			b.WriteString("neg")
		case n.Kind == Abs:
			b.WriteString("abs")
		case n.Kind == Call:
			b.WriteString(t.Text(i) + arity)
		case n.Kind == Index:
			b.WriteString(t.Text(i) + "[" + arity)
		case n.Kind == Prime:
			b.WriteString(t.Text(i) + strings.Repeat("'", int(n.Order)) + arity)
		case n.Kind == Deriv && n.Order == 1:
			b.WriteString("d/d" + t.Text(i))
		case n.Kind == Deriv:
			order := "^" + strconv.Itoa(int(n.Order))
			b.WriteString("d" + order + "/d" + t.Text(i) + order)
		default:
			b.WriteString(t.Text(i))
		}
	}
	return b.String()
}

// plainNumber spells superscript digits as digits.
func plainNumber(raw string) string {
	if isASCII(raw) {
		return raw
	}
	b := make([]byte, 0, len(raw))
	for _, r := range raw {
		if d, ok := superscript(r); ok && d != '-' && d != '+' {
			b = append(b, d)
		}
	}
	return string(b)
}

// plainName spells a name the way Tree.Text promises.
func plainName(raw string) string {
	if isASCII(raw) {
		return raw
	}
	switch raw {
	case "π":
		return "pi"
	case "∞":
		return "inf"
	case "√":
		return "sqrt"
	case "∛":
		return "cbrt"
	}
	b := make([]byte, 0, len(raw)+2)
	sub := false // the rune before was a subscript digit
	for i, r := range raw {
		d, ok := subscript(r)
		switch {
		case i == 0 && r == '∂':
			b = append(b, 'd')
		case !ok:
			b = utf8.AppendRune(b, r)
		case sub || len(b) > 0 && b[len(b)-1] == '_':
			b = append(b, d)
		default:
			b = append(b, '_', d)
		}
		sub = ok
	}
	return string(b)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
