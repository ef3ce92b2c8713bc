package syntax

import "strconv"

// A Kind says what a Node is.
type Kind uint8

const (
	Number Kind = iota // a literal
	Name               // a variable or a constant
	Neg                // -u
	Add                // u + v
	Sub                // u - v
	Mul                // u * v, or u v with an empty Head
	Div                // u / v
	Pow                // u ^ v
	Fact               // u!
	Call               // f(u, …), f u, √u
	Index              // x[u, …]
	Abs                // |u|
	Lt                 // u < v
	Le                 // u <= v
	Gt                 // u > v
	Ge                 // u >= v
	Eq                 // u == v
	Ne                 // u != v
	And                // u and v
	Or                 // u or v
	Not                // not u
	Deriv              // d/dx(u)
	Prime              // f'(u, …)
)

// A Shape says where an operator stands.
type Shape uint8

const (
	Atom    Shape = iota // holds together by itself: a literal, a name, a call, bars
	Infix                // between its operands
	Prefix               // before its operand
	Postfix              // behind its operand
)

// An Info says how an operator is written and how tightly it binds. The parser
// reads the same table as every printer.
type Info struct {
	Text  string
	Prec  int // the higher, the tighter
	Right bool
	Shape Shape
}

// The precedences, loosest first.
const (
	PrecOr = 1 + iota
	PrecAnd
	PrecNot
	PrecRelation // no associativity: a < b < c cannot be written
	PrecSum
	PrecProduct // also juxtaposition
	PrecSign
	PrecPower // its exponent may start with a sign
	PrecPostfix
	PrecAtom
)

// Ops is the operator table, indexed by Kind. Right means that equal
// precedences group to the right.
var Ops = [...]Info{
	Number: {"number", PrecAtom, false, Atom},
	Name:   {"name", PrecAtom, false, Atom},
	Neg:    {"-", PrecSign, true, Prefix},
	Add:    {"+", PrecSum, false, Infix},
	Sub:    {"-", PrecSum, false, Infix},
	Mul:    {"*", PrecProduct, false, Infix},
	Div:    {"/", PrecProduct, false, Infix},
	Pow:    {"^", PrecPower, true, Infix},
	Fact:   {"!", PrecPostfix, false, Postfix},
	Call:   {"call", PrecAtom, false, Atom},
	Index:  {"index", PrecAtom, false, Atom},
	Abs:    {"|", PrecAtom, false, Atom},
	Lt:     {"<", PrecRelation, false, Infix},
	Le:     {"<=", PrecRelation, false, Infix},
	Gt:     {">", PrecRelation, false, Infix},
	Ge:     {">=", PrecRelation, false, Infix},
	Eq:     {"==", PrecRelation, false, Infix},
	Ne:     {"!=", PrecRelation, false, Infix},
	And:    {"and", PrecAnd, false, Infix},
	Or:     {"or", PrecOr, false, Infix},
	Not:    {"not", PrecNot, true, Prefix},
	Deriv:  {"d/d", PrecAtom, false, Atom},
	Prime:  {"'", PrecAtom, false, Atom},
}

// String is the operator as it is written, or a word for the kinds that are
// not operators.
func (k Kind) String() string {
	if int(k) < len(Ops) {
		return Ops[k].Text
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}
