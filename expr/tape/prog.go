package tape

import (
	"strconv"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/simplify"
)

// A Prog is a compiled formula, or several. It does not change once compiled
// and may be shared between goroutines; the state of a run is in a Machine.
//
// Inst, Consts and Funcs are to be read only. Instruction i computes register
// i from registers before it. The first len(Vars) instructions are the
// variables, in order, used or not.
type Prog struct {
	Inst   []Inst
	Consts []Constant
	Funcs  []*fn.Func

	vars  []string
	index map[string]int32 // variable by name
	out   []int32
	lists []int32     // operands of variadic calls
	fixed int         // instructions from len(vars) to here depend on constants only
	cost  int         // of the others in interval arithmetic, in operations such as an addition
	src   []expr.Expr // by instruction: the formula that it computes, or a part of it
	exprs []expr.Expr // by output

	floats []float64    // by constant: its float64
	hulls  []interval.I // by constant: its enclosure

	removable []removable // quotients that have bounds where what they divide by may be 0

	code code
}

// Vars returns the names of the variables, in the order of their values. The
// caller must not change the slice.
func (p *Prog) Vars() []string { return p.vars }

// NumOut returns the number of outputs.
func (p *Prog) NumOut() int { return len(p.out) }

// Out returns the register that holds output k.
func (p *Prog) Out(k int) int32 { return p.out[k] }

// Len returns the number of instructions, variables and constants included.
func (p *Prog) Len() int { return len(p.Inst) }

// Source returns the formula that instruction i computes, or, where a sum or
// product became several instructions, the formula of which it is a part.
func (p *Prog) Source(i int) expr.Expr { return p.src[i] }

// Operands appends the operands of instruction i to dst.
func (p *Prog) Operands(dst []int32, i int) []int32 {
	in := &p.Inst[i]
	if in.Op == Call && p.Funcs[in.N].Variadic {
		return append(dst, p.lists[in.A:in.A+in.B]...)
	}
	for _, a := range [...]int32{in.A, in.B, in.C} {
		if a >= 0 {
			dst = append(dst, a)
		}
	}
	return dst
}

// Float64 returns the float64 nearest to c.
func (c Constant) Float64() float64 {
	if c.Func != nil {
		return c.Func.F0
	}
	return c.Value.Float64()
}

// Enclose returns the smallest interval that contains c; for a constant of the
// table, the interval of the table.
func (c Constant) Enclose() interval.I {
	if c.Func != nil {
		return c.Func.Enclose(nil)
	}
	return simplify.Hull(c.Value)
}

// String returns c as a formula.
func (c Constant) String() string {
	if c.Func != nil {
		return c.Func.Text()
	}
	return c.Value.String()
}

// String prints the instructions in one line, operands as registers, the number
// of a power and the text of a constant as they are:
//
//	r0 x · r1 100 · r2 powi r0 2 · r3 mul r1 r2 · out r3
func (p *Prog) String() string {
	b := make([]byte, 0, 16*len(p.Inst))
	var ops []int32
	for i := range p.Inst {
		in := &p.Inst[i]
		b = append(b, 'r')
		b = strconv.AppendInt(b, int64(i), 10)
		b = append(b, ' ')
		switch in.Op {
		case Var:
			b = append(b, p.vars[in.N]...)
		case Const:
			b = append(b, p.Consts[in.N].String()...)
		case Call:
			b = append(b, p.Funcs[in.N].Name...)
		default:
			b = append(b, in.Op.String()...)
		}
		ops = p.Operands(ops[:0], i)
		b = appendRegisters(b, ops)
		if in.Op == Powi {
			b = append(b, ' ')
			b = strconv.AppendInt(b, int64(in.N), 10)
		}
		b = append(b, " · "...)
	}
	b = append(b, "out"...)
	return string(appendRegisters(b, p.out))
}

func appendRegisters(b []byte, regs []int32) []byte {
	for _, r := range regs {
		b = append(b, " r"...)
		b = strconv.AppendInt(b, int64(r), 10)
	}
	return b
}
