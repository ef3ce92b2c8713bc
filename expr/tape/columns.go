package tape

import "math"

// A block is the state of the interpreter over columns: each step runs over a
// few hundred rows before the next one starts, so that what it costs to decode a
// step is shared and the values stay in the first-level cache.
type block struct {
	rows   int          // rows at a time
	slots  [][]float64  // by slot: its values in the rows at hand
	memory [][]float64  // by slot: its own memory, for temporary values and, if they are few, constants
	fill   [4][]float64 // constants as operands a, b, c and e, if they are many
}

// manyConstants is how many constants have no block of their own but are spread
// out each time a step reads them.
const manyConstants = 32

// cache is the memory that the temporary values of a block may take: half of a
// first-level cache.
const cache = 24 << 10

func (m *Machine) newBlock() {
	c := &m.p.code
	b := &m.block
	own := c.slots - c.tempAt() // slots with memory of their own
	few := len(c.consts) <= manyConstants
	if few {
		own += len(c.consts)
	}
	b.rows = min(max(cache/8/max(own, 1), 32), 512) &^ 7
	b.slots = make([][]float64, c.slots)
	b.memory = make([][]float64, c.slots)
	all := make([]float64, own*b.rows)
	for s := range b.memory {
		if few && s >= c.constAt() && s < c.outAt() || s >= c.tempAt() {
			b.memory[s], all = all[:b.rows:b.rows], all[b.rows:]
		}
	}
	if !few {
		for k := range b.fill {
			b.fill[k] = make([]float64, b.rows)
		}
		return
	}
	for k, v := range c.consts {
		spread(b.memory[c.constAt()+k], v)
	}
}

func spread(dst []float64, v float64) {
	for i := range dst {
		dst[i] = v
	}
}

// operand returns the rows of slot s, which is operand k of a step, as many as d
// has.
func (b *block) operand(c *code, k int, s uint32, d []float64) []float64 {
	if x := b.slots[s]; len(x) >= len(d) {
		return x[:len(d)]
	}
	x := b.fill[k][:len(d)]
	spread(x, c.consts[int(s)-c.constAt()])
	return x
}

// Columns computes the outputs for many points: cols[i] holds the values of
// variable i and out[k] receives those of output k, row by row. Every column
// must be as long as out[0]. A column of out must not overlap another column.
// The values are those that Eval computes, bit for bit.
func (m *Machine) Columns(out, cols [][]float64) {
	c := &m.p.code
	if len(cols) != c.vars || len(out) != c.outs {
		m.panicLength("Columns", len(out), len(cols))
	}
	if c.outs == 0 {
		return
	}
	n := len(out[0])
	for _, list := range [...][][]float64{out, cols} {
		for _, col := range list {
			if len(col) != n {
				panic("tape: Columns of different lengths")
			}
		}
	}
	b := &m.block
	if b.slots == nil {
		m.newBlock()
	}
	for lo := 0; lo < n; lo += b.rows {
		hi := min(lo+b.rows, n)
		for s := range b.slots {
			switch {
			case s < c.constAt():
				b.slots[s] = cols[s][lo:hi]
			case s >= c.outAt() && s < c.tempAt():
				b.slots[s] = out[s-c.outAt()][lo:hi]
			default:
				if b.memory[s] != nil {
					b.slots[s] = b.memory[s][:hi-lo]
				}
			}
		}
		b.run(c, m.list)
	}
}

// run executes the code of c over the rows at hand. It does what code.run does.
func (b *block) run(c *code, list []float64) {
	for k := range c.words {
		w := &c.words[k]
		d := b.slots[w.d]
		op := step(w.op)
		if op == doCalls {
			b.call(c, w, list)
			continue
		}
		x := b.operand(c, 0, w.a, d)
		var y, z, u []float64
		switch operandsOf[op] {
		case 4:
			u = b.operand(c, 3, w.e, d)
			fallthrough
		case 3:
			z = b.operand(c, 2, w.c, d)
			fallthrough
		case 2:
			y = b.operand(c, 1, w.b, d)
		}
		switch op {
		case doMove:
			copy(d, x)
		case doIf:
			for i := range d {
				d[i] = choose(x[i], y[i], z[i])
			}
		case doSincos:
			y = b.slots[w.b][:len(d)]
			for i := range d {
				d[i], y[i] = math.Sincos(x[i])
			}
		case doPowi:
			for i := range d {
				d[i] = powi(x[i], w.b)
			}
		case doCall1:
			each1(c.f1[w.b].f, d, x)
		case doCall2:
			each2(c.f2[w.c].f, d, x, y)
		default:
			switch {
			case ofOne[op] != nil:
				each1(ofOne[op], d, x)
			case ofTwo[op] != nil:
				each2(ofTwo[op], d, x, y)
			case operandsOf[op] <= 2:
				arithmetic(op, d, x, y)
			default:
				sums(op, d, x, y, z, u)
			}
		}
	}
}

// ofOne and ofTwo are the steps that take so long that it makes no difference to call them for each row.
var (
	ofOne = [numSteps]func(float64) float64{
		doNot:   not,
		doOne:   one,
		doExp:   exp,
		doExpN:  func(x float64) float64 { return exp(-x) },
		doExpm1: math.Expm1,
		doLog:   log,
		doLog1p: math.Log1p,
		doSin:   math.Sin,
		doCos:   math.Cos,
		doTanh:  math.Tanh,
		doDecay: func(x float64) float64 { return exp(-math.Abs(x)) },
		doCbrt:  cbrt,
	}
	ofTwo = [numSteps]func(x, y float64) float64{
		doLt:        lt,
		doLe:        le,
		doEq:        eq,
		doNe:        func(x, y float64) float64 { return 1 - eq(x, y) },
		doAnd:       and,
		doOr:        or,
		doSigmoid:   sigmoid,
		doSigmoidN:  func(x, y float64) float64 { return sigmoid(-x, y) },
		doSoftplus:  func(x, y float64) float64 { return max(x, 0) + math.Log1p(y) },
		doSoftplusN: func(x, y float64) float64 { return max(-x, 0) + math.Log1p(y) },
		doPow:       pow,
	}
)

func each1(f func(float64) float64, d, x []float64) {
	for i := range d {
		d[i] = f(x[i])
	}
}

func each2(f func(x, y float64) float64, d, x, y []float64) {
	for i := range d {
		d[i] = f(x[i], y[i])
	}
}

// arithmetic executes a step of one or two operands.
func arithmetic(op step, d, x, y []float64) {
	x = x[:len(d)] // which the loops need not check
	if y != nil {
		y = y[:len(d)]
	}
	switch op {
	case doNeg:
		for i := range d {
			d[i] = -x[i]
		}
	case doAdd:
		for i := range d {
			d[i] = x[i] + y[i]
		}
	case doSub:
		for i := range d {
			d[i] = x[i] - y[i]
		}
	case doMul:
		for i := range d {
			d[i] = x[i] * y[i]
		}
	case doMulN:
		for i := range d {
			d[i] = -(x[i] * y[i])
		}
	case doDiv:
		for i := range d {
			d[i] = x[i] / y[i]
		}
	case doSqr:
		for i := range d {
			d[i] = x[i] * x[i]
		}
	case doSqrDiff:
		for i := range d {
			v := x[i] - y[i]
			d[i] = v * v
		}
	case doAbs:
		for i := range d {
			d[i] = math.Abs(x[i])
		}
	case doSqrt:
		for i := range d {
			d[i] = math.Sqrt(x[i])
		}
	case doMin:
		for i := range d {
			d[i] = min(x[i], y[i])
		}
	case doMax:
		for i := range d {
			d[i] = max(x[i], y[i])
		}
	}
}

// sums executes a step of three or four operands.
func sums(op step, d, x, y, z, u []float64) {
	x, y, z = x[:len(d)], y[:len(d)], z[:len(d)]
	if u != nil {
		u = u[:len(d)]
	}
	switch op {
	case doMulAdd:
		for i := range d {
			d[i] = float64(x[i]*y[i]) + z[i]
		}
	case doMulSub:
		for i := range d {
			d[i] = float64(x[i]*y[i]) - z[i]
		}
	case doSubMul:
		for i := range d {
			d[i] = z[i] - float64(x[i]*y[i])
		}
	case doMul3:
		for i := range d {
			d[i] = x[i] * y[i] * z[i]
		}
	case doAdd3:
		for i := range d {
			d[i] = x[i] + y[i] + z[i]
		}
	case doMulAdd3:
		for i := range d {
			d[i] = float64(x[i]*y[i]*u[i]) + z[i]
		}
	case doSubMul3:
		for i := range d {
			d[i] = z[i] - float64(x[i]*y[i]*u[i])
		}
	case doMulDiff:
		for i := range d {
			d[i] = (x[i] - y[i]) * z[i]
		}
	case doMulSum:
		for i := range d {
			d[i] = (x[i] + y[i]) * z[i]
		}
	case doAddDiff:
		for i := range d {
			d[i] = x[i] + (y[i] - z[i])
		}
	}
}

// call executes a call with a list of operands.
func (b *block) call(c *code, w *word, list []float64) {
	d := b.slots[w.d]
	args := list[:w.b]
	f := c.fn[w.c].f
	for i := range d {
		for k, s := range c.lists[w.a : w.a+w.b] {
			if col := b.slots[s]; col != nil {
				args[k] = col[i]
			} else {
				args[k] = c.consts[int(s)-c.constAt()]
			}
		}
		d[i] = f(args)
	}
}
