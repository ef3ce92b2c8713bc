package tape

import (
	"math"
	"slices"

	"nabla/expr/number"
)

// A node is a value of the code before it has a slot. For a variable a is its
// number, for a constant its place in values.
type node struct {
	op      step
	a, b, c int32
	e       int32  // the fourth operand; steps that have one come from fuse
	imm     uint32 // function or exponent
}

// A lowering turns the instructions of a Prog into its code.
type lowering struct {
	p      *Prog
	nodes  []node
	known  intern
	values []float64 // of the constants
	lists  []int32   // operands of list calls, as nodes
	to     []int32   // by instruction: its node
	code   code
}

// lower makes the code of p.
func (p *Prog) lower() {
	l := &lowering{p: p, to: make([]int32, len(p.Inst)), nodes: make([]node, 0, len(p.Inst)+16)}
	l.known.reserve(len(p.Inst)+len(p.Inst)/4, l.hash)
	l.code.vars, l.code.outs = len(p.vars), len(p.out)
	for i := range p.Inst {
		l.to[i] = l.inst(i)
	}
	roots := make([]int32, len(p.out))
	for k, r := range p.out {
		roots[k] = l.to[r]
	}
	l.fuse(roots)
	l.allocate(roots)
	p.code = l.code
}

// inst returns the node for instruction i.
func (l *lowering) inst(i int) int32 {
	in := &l.p.Inst[i]
	var a, b, c int32
	if in.Op != Call || !l.p.Funcs[in.N].Variadic {
		a, b, c = l.operand(in.A), l.operand(in.B), l.operand(in.C)
	}
	switch in.Op {
	case Const:
		return l.constant(l.p.floats[in.N])
	case Var:
		return l.emit(node{op: inVar, a: in.N, b: -1, c: -1})
	case Neg:
		return l.neg(a)
	case Add:
		return l.emit2(doAdd, a, b)
	case Sub:
		return l.emit2(doSub, a, b)
	case Mul:
		return l.emit2(doMul, a, b)
	case Div:
		return l.emit2(doDiv, a, b)
	case Min:
		return l.emit2(doMin, a, b)
	case Max:
		return l.emit2(doMax, a, b)
	case Lt:
		return l.emit2(doLt, a, b)
	case Le:
		return l.emit2(doLe, a, b)
	case Eq:
		return l.emit2(doEq, a, b)
	case Ne:
		return l.emit2(doNe, a, b)
	case And:
		return l.emit2(doAnd, a, b)
	case Or:
		return l.emit2(doOr, a, b)
	case Not:
		return l.emit1(doNot, a)
	case If:
		return l.emit(node{op: doIf, a: a, b: b, c: c})
	case Powi:
		return l.power(a, in.N)
	case Pow:
		return l.pow(in, a, b)
	}
	return l.call(i, a, b)
}

func (l *lowering) operand(r int32) int32 {
	if r < 0 {
		return -1
	}
	return l.to[r]
}

func (l *lowering) hash(i int32) uint64 { return l.hashNode(l.nodes[i]) }

func (l *lowering) hashNode(n node) uint64 {
	if n.op == inConst {
		return mix(1, math.Float64bits(l.values[n.a]))
	}
	h := mix(uint64(n.op), uint64(n.imm))
	h = mix(h, uint64(uint32(n.a))|uint64(uint32(n.b))<<32)
	return mix(h, uint64(uint32(n.c)))
}

// constant returns the node of the number v.
func (l *lowering) constant(v float64) int32 {
	bits := math.Float64bits(v)
	i := l.known.find(mix(1, bits), int32(len(l.nodes)), func(i int32) bool {
		n := l.nodes[i]
		return n.op == inConst && math.Float64bits(l.values[n.a]) == bits
	}, l.hash)
	if i >= 0 {
		return i
	}
	l.values = append(l.values, v)
	l.nodes = append(l.nodes, node{op: inConst, a: int32(len(l.values) - 1), b: -1, c: -1})
	return int32(len(l.nodes) - 1)
}

func (l *lowering) value(i int32) (float64, bool) {
	if i >= 0 && l.nodes[i].op == inConst {
		return l.values[l.nodes[i].a], true
	}
	return 0, false
}

func (l *lowering) emit1(op step, a int32) int32 { return l.emit(node{op: op, a: a, b: -1, c: -1}) }

func (l *lowering) emit2(op step, a, b int32) int32 {
	return l.emit(node{op: op, a: a, b: b, c: -1})
}

// emit returns the node n. What depends on constants only is computed here, by
// the code that would compute it at each run.
func (l *lowering) emit(n node) int32 {
	if n.op > inConst {
		if v, ok := l.fold(n); ok {
			return l.constant(v)
		}
	}
	if n.op == doMul && n.a == n.b {
		n = node{op: doSqr, a: n.a, b: -1, c: -1}
	}
	i := l.known.find(l.hashNode(n), int32(len(l.nodes)), func(i int32) bool { return l.nodes[i] == n }, l.hash)
	if i >= 0 {
		return i
	}
	l.nodes = append(l.nodes, n)
	return int32(len(l.nodes) - 1)
}

func (l *lowering) fold(n node) (float64, bool) {
	if n.op == doCalls {
		list := l.lists[n.a : n.a+n.b]
		args := make([]float64, len(list))
		for k, i := range list {
			v, ok := l.value(i)
			if !ok {
				return 0, false
			}
			args[k] = v
		}
		return l.code.fn[n.imm].f(args), true
	}
	var r [4]float64
	w := [1]word{{op: uint32(n.op), d: 3, a: 0, b: 1, c: 2}}
	for k, i := range [...]int32{n.a, n.b, n.c} {
		if k >= int(operandsOf[n.op]) {
			break
		}
		v, ok := l.value(i)
		if !ok {
			return 0, false
		}
		r[k] = v
	}
	switch operandsOf[n.op] {
	case 1:
		w[0].b = n.imm
	case 2:
		w[0].c = n.imm
	}
	l.code.run(r[:], w[:], nil)
	return r[3], true
}

func (l *lowering) neg(a int32) int32 {
	if l.nodes[a].op == doNeg {
		return l.nodes[a].a
	}
	return l.emit1(doNeg, a)
}

// powerTree holds, for each exponent n, the exponent from which u^n is made by
// one multiplication with another power on the way from u: Knuth's power tree
// (TAOCP 2, §4.6.3), whose chains are the shortest for all n < 77.
var powerTree = func() (from [maxChain + 1]uint8) {
	level := [][]int{{1}} // the ways from 1 to the exponents of the last level
	for len(level) > 0 {
		var next [][]int
		for _, way := range level {
			n := way[len(way)-1]
			for _, m := range way {
				if k := n + m; k <= maxChain && from[k] == 0 {
					from[k] = uint8(n)
					next = append(next, append(append([]int(nil), way...), k))
				}
			}
		}
		level = next
	}
	return from
}()

// maxChain is the largest exponent for which a power is unrolled into
// multiplications. An error in an early square is doubled by each later one, so
// that the last of them may be wrong by 32 ulps; larger powers are computed in
// doubled precision, which by then is no slower than so many steps.
const maxChain = 64

// power returns u^n.
func (l *lowering) power(u, n int32) int32 {
	switch {
	case n == 0:
		return l.emit1(doOne, u)
	case n == 1:
		return u
	case n > maxChain:
		return l.emit(node{op: doPowi, a: u, b: -1, c: -1, imm: uint32(n)})
	}
	m := int32(powerTree[n])
	return l.emit2(doMul, l.power(u, m), l.power(u, n-m)) // at most 8 deep
}

// pow returns u^v. For exponents k/2, k/3 and k/4 it is made of roots, which
// have no value for u < 0 either.
func (l *lowering) pow(in *Inst, u, v int32) int32 {
	if e := &l.p.Inst[in.B]; e.Op == Const && l.p.Consts[e.N].Func == nil {
		if w, ok := l.roots(u, l.p.Consts[e.N].Value); ok {
			return w
		}
	}
	if x, ok := l.value(u); ok && x == 2 {
		return l.call1("exp2", math.Exp2, v)
	}
	return l.emit2(doPow, u, v)
}

func (l *lowering) roots(u int32, r number.Number) (int32, bool) {
	num, den, ok := r.Frac64()
	if !ok || den < 2 || den > 4 || num > maxChain || num < -maxChain {
		return 0, false
	}
	n := max(num, -num)
	whole, rest := n/den, n%den
	var v int32
	switch den {
	case 2:
		v = l.emit1(doSqrt, u)
	case 3:
		v = l.emit1(doCbrt, u)
		if rest == 2 {
			v = l.emit2(doMul, v, v)
		}
	case 4:
		s := l.emit1(doSqrt, u)
		v = l.emit1(doSqrt, s)
		if rest == 3 {
			v = l.emit2(doMul, s, v)
		}
	}
	if whole > 0 {
		v = l.emit2(doMul, l.power(u, int32(whole)), v)
	}
	if num < 0 {
		v = l.emit2(doDiv, l.constant(1), v)
	}
	return v, true
}

// direct holds the functions that have a step of their own, which computes what
// the row of the function does.
var direct = map[string]step{"exp": doExp, "expm1": doExpm1, "log": doLog, "log1p": doLog1p, "sin": doSin, "cos": doCos,
	"tanh": doTanh, "sqrt": doSqrt, "abs": doAbs}

func (l *lowering) call(i int, a, b int32) int32 {
	f := l.p.Funcs[l.p.Inst[i].N]
	switch {
	case f.Name == "sigmoid", f.Name == "softplus":
		// f(u), f(-u) and the other function share e^-|u|.
		op := doSoftplus
		if f.Name == "sigmoid" {
			op = doSigmoid
		}
		if l.nodes[a].op == doNeg {
			a = l.nodes[a].a
			op++ // the step for -a
		}
		return l.emit2(op, a, l.emit1(doDecay, a))
	case f.Name == "exp" && l.nodes[a].op == doNeg:
		return l.emit1(doExpN, l.nodes[a].a)
	case f.F1 != nil:
		if op, ok := direct[f.Name]; ok {
			return l.emit1(op, a)
		}
		return l.call1(f.Name, f.F1, a)
	case f.F2 != nil:
		return l.call2(f.Name, f.F2, a, b)
	}
	call := f.FN
	if f.F3 != nil {
		call = func(x []float64) float64 { return f.F3(x[0], x[1], x[2]) }
	}
	k := slices.IndexFunc(l.code.fn, func(g funcN) bool { return g.name == f.Name })
	if k < 0 {
		k = len(l.code.fn)
		l.code.fn = append(l.code.fn, funcN{f.Name, call})
	}
	at := len(l.lists)
	for _, r := range l.p.Operands(nil, i) {
		l.lists = append(l.lists, l.to[r])
	}
	n := node{op: doCalls, a: int32(at), b: int32(len(l.lists) - at), c: -1, imm: uint32(k)}
	if v, ok := l.fold(n); ok {
		return l.constant(v)
	}
	l.nodes = append(l.nodes, n) // equal calls are one instruction already
	return int32(len(l.nodes) - 1)
}

func (l *lowering) call1(name string, f func(float64) float64, a int32) int32 {
	k := slices.IndexFunc(l.code.f1, func(g func1) bool { return g.name == name })
	if k < 0 {
		k = len(l.code.f1)
		l.code.f1 = append(l.code.f1, func1{name, f})
	}
	return l.emit(node{op: doCall1, a: a, b: -1, c: -1, imm: uint32(k)})
}

func (l *lowering) call2(name string, f func(x, y float64) float64, a, b int32) int32 {
	k := slices.IndexFunc(l.code.f2, func(g func2) bool { return g.name == name })
	if k < 0 {
		k = len(l.code.f2)
		l.code.f2 = append(l.code.f2, func2{name, f})
	}
	return l.emit(node{op: doCall2, a: a, b: b, c: -1, imm: uint32(k)})
}
