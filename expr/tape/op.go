package tape

import (
	"nabla/expr/fn"
	"nabla/expr/number"
)

// An Op is the kind of an instruction.
type Op uint8

const (
	Const Op = iota // constant number N
	Var             // variable number N
	Neg             // -A
	Add             // A + B
	Sub             // A - B
	Mul             // A * B
	Div             // A / B
	Powi            // A^N for an integer N ≥ 0, N ≠ 1; A^0 is 1 where A is defined
	Pow             // A^B
	Min             // the smaller of A and B
	Max             // the larger of A and B
	Call            // function number N of A, B, C, as many as it takes; of a list if it is variadic
	Lt              // 1 where A < B, else 0; this and the next six are conditions
	Le              // A ≤ B
	Eq              // A = B
	Ne              // A ≠ B
	And             // A and B
	Or              // A or B
	Not             // not A
	If              // B where A holds, C elsewhere
	numOps
)

var opNames = [numOps]string{"const", "var", "neg", "add", "sub", "mul", "div", "powi", "pow", "min", "max", "call",
	"lt", "le", "eq", "ne", "and", "or", "not", "if"}

// String returns the name in lower case.
func (op Op) String() string {
	if op < numOps {
		return opNames[op]
	}
	return "invalid"
}

// IsCondition reports whether op yields a truth value: 1, 0, or NaN.
func (op Op) IsCondition() bool { return Lt <= op && op <= Not }

var arity = [numOps]uint8{Neg: 1, Add: 2, Sub: 2, Mul: 2, Div: 2, Powi: 1, Pow: 2, Min: 2, Max: 2,
	Lt: 2, Le: 2, Eq: 2, Ne: 2, And: 2, Or: 2, Not: 1, If: 3}

// An Inst computes one register from registers before it. N is the number of a
// variable, constant or function, or an exponent, as the Op says. A, B and C
// are registers, -1 where the Op has no such operand. The operands of a call of
// a variadic function are in a list instead; Prog.Operands gives the operands of
// any instruction.
type Inst struct {
	Op      Op
	N       int32
	A, B, C int32
}

// A Constant is an exact constant: the number Value or, when Func is set, what
// that function without arguments (pi, e) stands for.
type Constant struct {
	Value number.Number
	Func  *fn.Func
}
