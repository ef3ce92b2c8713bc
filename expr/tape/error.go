package tape

import (
	"fmt"

	"nabla/expr"
)

// An UnknownVariableError says that a formula has a variable that is not among
// those the program was to have.
type UnknownVariableError struct{ Name string }

func (e *UnknownVariableError) Error() string { return fmt.Sprintf("no value is given for %s", e.Name) }

// A DuplicateVariableError says that a variable was listed twice.
type DuplicateVariableError struct{ Name string }

func (e *DuplicateVariableError) Error() string { return fmt.Sprintf("%s is listed twice", e.Name) }

// A DerivativeError says that a formula holds a derivative that has not been
// carried out; package diff does that.
type DerivativeError struct{ Expr expr.Expr }

func (e *DerivativeError) Error() string { return "a derivative inside the formula is not carried out" }

// An EmptyError says that output number Output is the zero Expr, no formula.
type EmptyError struct{ Output int }

func (e *EmptyError) Error() string { return fmt.Sprintf("output %d is no formula", e.Output) }

// A SizeError says that a program would have more instructions than MaxLen.
type SizeError struct{}

func (*SizeError) Error() string {
	return fmt.Sprintf("the program is longer than %d instructions", MaxLen)
}

// MaxLen is the most instructions a program may have: more than fit in 16 GB.
const MaxLen = 1 << 29
