package tape

import (
	"math"
	"strconv"
)

// A step is an operation of the code that numbers run on.
type step uint32

const (
	inVar       step = iota // a variable; not executed
	inConst                 // a constant; not executed
	doMove                  // a
	doNeg                   // -a
	doAdd                   // a + b
	doSub                   // a - b
	doMul                   // a * b
	doMulN                  // -(a * b)
	doDiv                   // a / b
	doSqr                   // a * a
	doMulAdd                // a * b + c, rounded twice
	doMulSub                // a * b - c
	doSubMul                // c - a * b
	doMul3                  // a * b * c
	doAdd3                  // a + b + c
	doMulAdd3               // a * b * e + c
	doSubMul3               // c - a * b * e
	doMulDiff               // (a - b) * c
	doMulSum                // (a + b) * c
	doSqrDiff               // (a - b) * (a - b)
	doAddDiff               // a + (b - c)
	doAbs                   // |a|
	doSqrt                  // the square root of a
	doMin                   // the smaller of a and b, NaN if one is
	doMax                   // the larger
	doLt                    // a < b
	doLe                    // a ≤ b
	doEq                    // a = b
	doNe                    // a ≠ b
	doAnd                   // a and b
	doOr                    // a or b
	doNot                   // not a
	doIf                    // b where a holds, else c
	doOne                   // a^0: 1, NaN for NaN
	doExp                   // e^a; from here on the steps call functions
	doExpN                  // e^-a
	doExpm1                 // e^a - 1
	doLog                   // log a
	doLog1p                 // log(1 + a)
	doSin                   // sin a
	doCos                   // cos a
	doSincos                // sin a, and cos a into slot b
	doTanh                  // tanh a
	doDecay                 // e^-|a|
	doSigmoid               // 1/(1 + e^-a), where b = e^-|a|
	doSigmoidN              // 1/(1 + e^a), where b = e^-|a|
	doSoftplus              // log(1 + e^a), where b = e^-|a|
	doSoftplusN             // log(1 + e^-a), where b = e^-|a|
	doCbrt                  // a^(1/3), a ≥ 0
	doPow                   // a^b
	doPowi                  // a^n
	doCall1                 // f(a)
	doCall2                 // f(a, b)
	doCalls                 // f(list): a is its place, b its length
	numSteps
)

var stepNames = [numSteps]string{"var", "const", "move", "neg", "add", "sub", "mul", "muln", "div", "sqr", "muladd", "mulsub",
	"submul", "mul3", "add3", "muladd3", "submul3", "muldiff", "mulsum", "sqrdiff", "adddiff", "abs", "sqrt", "min", "max", "lt", "le", "eq", "ne", "and", "or", "not", "if", "one", "exp",
	"expn", "expm1", "log", "log1p", "sin", "cos", "sincos", "tanh", "decay", "sigmoid", "sigmoidn", "softplus", "softplusn", "cbrt", "pow",
	"powi", "call", "call", "call"}

// operandsOf is how many of a, b, c and e are slots that the step reads.
var operandsOf = [numSteps]uint8{doMove: 1, doNeg: 1, doAdd: 2, doSub: 2, doMul: 2, doMulN: 2, doDiv: 2, doSqr: 1, doMulAdd: 3,
	doMulSub: 3, doSubMul: 3, doMul3: 3, doAdd3: 3, doMulAdd3: 4, doSubMul3: 4, doMulDiff: 3, doMulSum: 3, doSqrDiff: 2, doAddDiff: 3, doAbs: 1, doSqrt: 1, doMin: 2, doMax: 2, doLt: 2, doLe: 2, doEq: 2,
	doNe: 2, doAnd: 2, doOr: 2, doNot: 1, doIf: 3, doOne: 1, doExp: 1, doExpN: 1, doExpm1: 1, doLog: 1, doLog1p: 1, doSin: 1,
	doCos: 1, doSincos: 1, doTanh: 1, doDecay: 1, doSigmoid: 2, doSigmoidN: 2, doSoftplus: 2, doSoftplusN: 2, doCbrt: 1, doPow: 2,
	doPowi: 1, doCall1: 1, doCall2: 2}

// A word is one step of the code: slot d becomes op of slots a, b, c and e. Where a
// step has fewer operands, b or c is the number of a function or an exponent.
//
// Slots are 32 bits wide and a slice holds the values. An array of 65,536 values
// indexed by 16 bits needs no bounds checks, but measured no faster: the checks
// are predicted and cost nothing beside the loads, and a Machine for x^2 would
// hold half a megabyte.
type word struct{ op, d, a, b, c, e uint32 }

// code is what a Machine executes for numbers. The slots are, in this order:
// variables, constants, outputs, temporary values.
type code struct {
	words  []word
	ends   []int32 // of the runs of equal words, if the code is long
	consts []float64
	f1     []func1
	f2     []func2
	fn     []funcN
	lists  []uint32 // operands of doCalls

	narrows []narrow // the words again, if the code is long and has few slots

	vars, outs, slots int
	first             int // the slot of output 0
	longest           int // length of the longest list
}

// Functions without a step of their own.
type (
	func1 struct {
		name string
		f    func(float64) float64
	}
	func2 struct {
		name string
		f    func(x, y float64) float64
	}
	funcN struct {
		name string
		f    func([]float64) float64
	}
)

func (c *code) constAt() int { return c.vars }
func (c *code) outAt() int   { return c.vars + len(c.consts) }
func (c *code) tempAt() int  { return c.vars + len(c.consts) + c.outs }

// Listing prints the code that numbers run on in one line: x0 is variable 0, o0
// output 0, t0 a slot for temporary values, constants are themselves.
//
//	t0 sqr x0 · o0 muladd 100 t0 x1
func (p *Prog) Listing() string {
	c := &p.code
	var b []byte
	for i, w := range c.words {
		if i > 0 {
			b = append(b, " · "...)
		}
		b = c.appendSlot(b, w.d)
		op := step(w.op)
		if op == doSincos {
			b = c.appendSlot(append(b, ' '), w.b)
		}
		b = append(b, ' ')
		b = append(b, stepNames[op]...)
		switch op {
		case doCall1:
			b = append(append(b, ' '), c.f1[w.b].name...)
		case doCall2:
			b = append(append(b, ' '), c.f2[w.c].name...)
		case doCalls:
			b = append(append(b, ' '), c.fn[w.c].name...)
			for _, s := range c.lists[w.a : w.a+w.b] {
				b = c.appendSlot(append(b, ' '), s)
			}
		}
		for k, s := range [...]uint32{w.a, w.b, w.c, w.e} {
			if k < int(operandsOf[op]) {
				b = c.appendSlot(append(b, ' '), s)
			}
		}
		if op == doPowi {
			b = strconv.AppendUint(append(b, ' '), uint64(w.b), 10)
		}
	}
	return string(b)
}

func (c *code) appendSlot(b []byte, s uint32) []byte {
	i := int(s)
	switch {
	case i < c.vars:
		return strconv.AppendInt(append(b, 'x'), int64(i), 10)
	case i < c.outAt():
		return strconv.AppendFloat(b, c.consts[i-c.constAt()], 'g', -1, 64)
	case i < c.tempAt():
		return strconv.AppendInt(append(b, 'o'), int64(i-c.outAt()), 10)
	}
	return strconv.AppendInt(append(b, 't'), int64(i-c.tempAt()), 10)
}

// run executes words on the slots r. list is room for the longest list.
func (c *code) run(r []float64, words []word, list []float64) {
	for i := range words {
		w := &words[i]
		switch step(w.op) {
		case doMove:
			r[w.d] = r[w.a]
		case doNeg:
			r[w.d] = -r[w.a]
		case doAdd:
			r[w.d] = r[w.a] + r[w.b]
		case doSub:
			r[w.d] = r[w.a] - r[w.b]
		case doMul:
			r[w.d] = r[w.a] * r[w.b]
		case doMulN:
			r[w.d] = -(r[w.a] * r[w.b])
		case doDiv:
			r[w.d] = r[w.a] / r[w.b]
		case doSqr:
			v := r[w.a]
			r[w.d] = v * v
		case doMulAdd:
			r[w.d] = float64(r[w.a]*r[w.b]) + r[w.c]
		case doMulSub:
			r[w.d] = float64(r[w.a]*r[w.b]) - r[w.c]
		case doSubMul:
			r[w.d] = r[w.c] - float64(r[w.a]*r[w.b])
		case doMul3:
			r[w.d] = r[w.a] * r[w.b] * r[w.c]
		case doAdd3:
			r[w.d] = r[w.a] + r[w.b] + r[w.c]
		case doMulAdd3:
			r[w.d] = float64(r[w.a]*r[w.b]*r[w.e]) + r[w.c]
		case doSubMul3:
			r[w.d] = r[w.c] - float64(r[w.a]*r[w.b]*r[w.e])
		case doMulDiff:
			r[w.d] = (r[w.a] - r[w.b]) * r[w.c]
		case doMulSum:
			r[w.d] = (r[w.a] + r[w.b]) * r[w.c]
		case doSqrDiff:
			v := r[w.a] - r[w.b]
			r[w.d] = v * v
		case doAddDiff:
			r[w.d] = r[w.a] + (r[w.b] - r[w.c])
		case doAbs:
			r[w.d] = math.Abs(r[w.a])
		case doSqrt:
			r[w.d] = math.Sqrt(r[w.a])
		case doMin:
			r[w.d] = min(r[w.a], r[w.b])
		case doMax:
			r[w.d] = max(r[w.a], r[w.b])
		case doLt:
			r[w.d] = lt(r[w.a], r[w.b])
		case doLe:
			r[w.d] = le(r[w.a], r[w.b])
		case doEq:
			r[w.d] = eq(r[w.a], r[w.b])
		case doNe:
			r[w.d] = 1 - eq(r[w.a], r[w.b])
		case doAnd:
			r[w.d] = and(r[w.a], r[w.b])
		case doOr:
			r[w.d] = or(r[w.a], r[w.b])
		case doNot:
			r[w.d] = not(r[w.a])
		case doIf:
			r[w.d] = choose(r[w.a], r[w.b], r[w.c])
		case doOne:
			r[w.d] = one(r[w.a])
		case doExp:
			r[w.d] = exp(r[w.a])
		case doExpN:
			r[w.d] = exp(-r[w.a])
		case doExpm1:
			r[w.d] = math.Expm1(r[w.a])
		case doLog:
			r[w.d] = log(r[w.a])
		case doLog1p:
			r[w.d] = math.Log1p(r[w.a])
		case doSin:
			r[w.d] = math.Sin(r[w.a])
		case doCos:
			r[w.d] = math.Cos(r[w.a])
		case doSincos:
			r[w.d], r[w.b] = math.Sincos(r[w.a])
		case doTanh:
			r[w.d] = math.Tanh(r[w.a])
		case doDecay:
			r[w.d] = exp(-math.Abs(r[w.a]))
		case doSigmoid:
			r[w.d] = sigmoid(r[w.a], r[w.b])
		case doSigmoidN:
			r[w.d] = sigmoid(-r[w.a], r[w.b])
		case doSoftplus:
			r[w.d] = max(r[w.a], 0) + math.Log1p(r[w.b])
		case doSoftplusN:
			r[w.d] = max(-r[w.a], 0) + math.Log1p(r[w.b])
		case doCbrt:
			r[w.d] = cbrt(r[w.a])
		case doPow:
			r[w.d] = pow(r[w.a], r[w.b])
		case doPowi:
			r[w.d] = powi(r[w.a], w.b)
		case doCall1:
			r[w.d] = c.f1[w.b].f(r[w.a])
		case doCall2:
			r[w.d] = c.f2[w.c].f(r[w.a], r[w.b])
		case doCalls:
			args := list[:w.b]
			for k, s := range c.lists[w.a : w.a+w.b] {
				args[k] = r[s]
			}
			r[w.d] = c.fn[w.c].f(args)
		}
	}
}
