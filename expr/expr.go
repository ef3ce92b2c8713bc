// Package expr builds and walks formulas.
//
// A formula is an Expr: a node of a hash-consed directed acyclic graph that
// lives in a Pool. In what follows e, u, v are formulas and x a variable.
//
// Formulas come in three named forms. The written form is what was typed: it
// serves explanation. The tidy form has no Neg, no Div, no 0 + and no 1 *; its
// constants are folded and like terms have met: it is what package diff
// answers. The canonical form is flat, sorted and collected: it is what
// equality compares. Package simplify makes the second and the third.
package expr

import (
	"iter"
	"slices"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// An Expr is a formula in a Pool. It is an immutable value. Two Exprs of one
// Pool are the same formula, node by node, exactly when they are ==; Equal
// compares formulas of different Pools. The zero Expr is no formula.
type Expr struct {
	pool *Pool
	id   int32
}

// A Maker makes nodes. A Pool makes just what it is told; a simplify.Tidier
// also tidies. The rules of package diff are written against a Maker, so that
// the derivation shown and the derivative computed are the same rules.
type Maker interface {
	Num(number.Number) Expr
	Var(name string) Expr
	Make(op Op, args ...Expr) Expr
	Call(f *fn.Func, args ...Expr) Expr
}

var _ Maker = (*Pool)(nil)

// Valid reports whether e is a formula: false for the zero Expr only.
func (e Expr) Valid() bool { return e.pool != nil }

// Pool returns the Pool that holds e.
func (e Expr) Pool() *Pool { return e.pool }

// ID returns the number of e in its Pool; operands have smaller numbers.
func (e Expr) ID() int32 { return e.id }

// Op returns the kind of e.
func (e Expr) Op() Op { return e.pool.nodes[e.id].op }

// Len returns the number of operands of e.
func (e Expr) Len() int { return int(e.pool.nodes[e.id].n) }

// Arg returns operand i of e.
func (e Expr) Arg(i int) Expr {
	n := &e.pool.nodes[e.id]
	if uint(i) >= uint(n.n) {
		panicArg()
	}
	return Expr{e.pool, e.pool.args[n.off+int32(i)]}
}

// Args yields the operands of e in order.
func (e Expr) Args() iter.Seq2[int, Expr] {
	return func(yield func(int, Expr) bool) {
		for i, a := range e.operands() {
			if !yield(i, Expr{e.pool, a}) {
				return
			}
		}
	}
}

// AppendArgs appends the operands of e to dst.
func (e Expr) AppendArgs(dst []Expr) []Expr {
	for _, a := range e.operands() {
		dst = append(dst, Expr{e.pool, a})
	}
	return dst
}

// Terms returns the terms of a sum, and e alone if it is none; the list is the caller's.
func (e Expr) Terms() []Expr { return e.operandsOf(Add) }

// Factors returns the factors of a product, and e alone if it is none; the list is the caller's.
func (e Expr) Factors() []Expr { return e.operandsOf(Mul) }

func (e Expr) operandsOf(op Op) []Expr {
	if e.Op() == op {
		return e.AppendArgs(nil)
	}
	return []Expr{e}
}

// BaseExp reads e as base^n: n is the exponent of a power if it is a number, and 1 for anything else.
func (e Expr) BaseExp() (base Expr, n number.Number) {
	if e.Op() == Pow && e.Arg(1).Op() == Num {
		return e.Arg(0), e.Arg(1).Number()
	}
	return e, number.Int(1)
}

func (e Expr) operands() []int32 {
	n := &e.pool.nodes[e.id]
	if n.op <= Var {
		return nil // off means something else
	}
	return e.pool.args[n.off : n.off+n.n : n.off+n.n]
}

// Number returns the value of a Num.
func (e Expr) Number() number.Number { return e.pool.nums[e.leaf(Num)] }

// Name returns the name of a Var.
func (e Expr) Name() string { return e.pool.vars[e.leaf(Var)] }

// leaf returns where the payload of e stands. Other nodes keep the start of
// their operands in the same field, so reading it there would be a silent lie.
func (e Expr) leaf(op Op) int32 {
	n := e.pool.nodes[e.id]
	if n.op != op {
		panicOp(n.op, op)
	}
	return n.off
}

// The panics stand apart so that the methods are small enough to be inlined.

//go:noinline
func panicArg() { panic("expr: operand out of range") }

//go:noinline
func panicOp(op, as Op) { panic("expr: " + op.String() + " read as " + as.String()) }

// Func returns the function of a Call.
func (e Expr) Func() *fn.Func {
	if e.Op() != Call {
		panicOp(e.Op(), Call)
	}
	return e.pool.funcs[e.pool.nodes[e.id].sym]
}

// IsNum reports whether e is the constant n.
func (e Expr) IsNum(n int64) bool { return e.Op() == Num && e.Number() == number.Int(n) }

// IsCall reports whether e is a call of the function named name.
func (e Expr) IsCall(name string) bool { return e.Op() == Call && e.Func().Name == name }

// Vars returns the names of the variables of e in natural order: letters by the
// alphabet, numbers inside names by their value, so that x2 comes before x10.
func (e Expr) Vars() []string {
	var names []string
	for n := range e.All() {
		if n.Op() == Var {
			names = append(names, n.Name())
		}
	}
	slices.SortFunc(names, Natural)
	return names
}

// IsConstant reports whether no variable occurs in e. It takes no time.
func (e Expr) IsConstant() bool { return !e.pool.nodes[e.id].varies }

// Has reports whether the variable x occurs in e.
func (e Expr) Has(x string) bool {
	for n := range e.All() {
		if n.Op() == Var && n.Name() == x {
			return true
		}
	}
	return false
}

// Size returns the number of distinct nodes of e.
func (e Expr) Size() int {
	w := borrow(e)
	defer w.done()
	return w.Len()
}

// Equal reports whether a and b are the same formula, node by node.
func Equal(a, b Expr) bool {
	if a.pool == b.pool {
		return a.id == b.id
	}
	if !alike(a, b) { // as most are that are compared
		return false
	}
	for i, x := range a.Args() {
		if !alike(x, b.Arg(i)) {
			return false
		}
	}
	p := NewPool()
	return p.Import(a) == p.Import(b)
}

// alike reports whether a and b have the same root.
func alike(a, b Expr) bool {
	if a.Op() != b.Op() || a.Len() != b.Len() {
		return false
	}
	switch a.Op() {
	case Num:
		return a.Number().Cmp(b.Number()) == 0
	case Var:
		return a.Name() == b.Name()
	case Call:
		return a.Func() == b.Func()
	}
	return true
}

// Natural compares names so that runs of digits compare by value.
func Natural(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if digit(a[i]) && digit(b[j]) {
			m, n := run(a[i:]), run(b[j:])
			x, y := trimZeros(a[i:i+m]), trimZeros(b[j:j+n])
			if c := len(x) - len(y); c != 0 {
				return c
			}
			if x != y {
				if x < y {
					return -1
				}
				return 1
			}
			i, j = i+m, j+n
			continue
		}
		if a[i] != b[j] {
			return int(a[i]) - int(b[j])
		}
		i, j = i+1, j+1
	}
	if c := (len(a) - i) - (len(b) - j); c != 0 {
		return c
	}
	return len(a) - len(b)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func run(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}

func trimZeros(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}
