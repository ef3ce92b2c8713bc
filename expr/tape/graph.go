package tape

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// A ref is a value with a sign: instruction n is 2n, its negative 2n+1. Signs
// are exact in floating point and on intervals, so they travel in refs, through
// sums, products and odd functions, and become a Neg only where a value is
// needed as it is.
type ref uint32

func (r ref) id() int32      { return int32(r >> 1) }
func (r ref) negative() bool { return r&1 != 0 }
func (r ref) neg() ref       { return r ^ 1 }
func (r ref) abs() ref       { return r &^ 1 }

// with returns r with the sign of s multiplied in.
func (r ref) with(s ref) ref { return r ^ s&1 }

func plus(id int32) ref { return ref(id) << 1 }

// A graph is a program under construction: instructions in single-assignment
// form, equal ones stored once.
type graph struct {
	insts  []Inst
	src    []expr.Expr // the formula that each instruction came from
	fixed  []bool      // whether it depends on constants only
	consts []Constant
	funcs  []*fn.Func
	lists  []int32 // operands of calls of variadic functions
	known  intern
	at     expr.Expr // the formula being compiled

	pairs map[[2]int32]int32 // how many products hold both of two factors

	// The merging of equal terms and factors: where instruction i stands in the
	// list at hand, valid when mark[i] is the number of that list.
	mark  []int32
	place []int32
	round int32
}

func (g *graph) hash(i int32) uint64 {
	in := &g.insts[i]
	if in.Op == Const {
		return g.hashConst(g.consts[in.N])
	}
	if in.Op == Call && g.funcs[in.N].Variadic {
		return g.hashList(in.N, g.lists[in.A:in.A+in.B])
	}
	return hashInst(*in)
}

func hashInst(in Inst) uint64 {
	h := mix(uint64(in.Op), uint64(uint32(in.N)))
	h = mix(h, uint64(uint32(in.A))|uint64(uint32(in.B))<<32)
	return mix(h, uint64(uint32(in.C)))
}

func (g *graph) hashConst(c Constant) uint64 {
	if c.Func != nil {
		h := uint64(len(c.Func.Name))
		for i := 0; i < len(c.Func.Name); i++ {
			h = mix(h, uint64(c.Func.Name[i]))
		}
		return h
	}
	return mix(1, c.Value.Hash())
}

func (g *graph) hashList(f int32, list []int32) uint64 {
	h := mix(uint64(Call), uint64(f))
	for _, a := range list {
		h = mix(h, uint64(a))
	}
	return h
}

// reserve makes room for n more instructions.
func (g *graph) reserve(n int) {
	g.insts = slices.Grow(g.insts, n)
	g.src = slices.Grow(g.src, n)
	g.fixed = slices.Grow(g.fixed, n)
	g.known.reserve(n, g.hash)
}

// append appends in, which is not known yet.
func (g *graph) append(in Inst) int32 {
	fixed := in.Op != Var
	if in.Op == Call && g.funcs[in.N].Variadic {
		for _, a := range g.lists[in.A : in.A+in.B] {
			fixed = fixed && g.fixed[a]
		}
	} else {
		for _, a := range [...]int32{in.A, in.B, in.C} {
			fixed = fixed && (a < 0 || g.fixed[a])
		}
	}
	g.insts = append(g.insts, in)
	g.src = append(g.src, g.at)
	g.fixed = append(g.fixed, fixed)
	return int32(len(g.insts) - 1)
}

// emit returns the number of the instruction in.
func (g *graph) emit(in Inst) int32 {
	i := g.known.find(hashInst(in), int32(len(g.insts)), func(i int32) bool { return g.insts[i] == in }, g.hash)
	if i >= 0 {
		return i
	}
	return g.append(in)
}

// has returns the number of the instruction in if there is one.
func (g *graph) has(in Inst) (int32, bool) {
	mask := uint64(len(g.known.slots) - 1)
	for s := hashInst(in) & mask; g.known.slots[s] != 0; s = (s + 1) & mask {
		if i := g.known.slots[s] - 1; g.insts[i] == in {
			return i, true
		}
	}
	return 0, false
}

func (g *graph) constant(c Constant) int32 {
	i := g.known.find(g.hashConst(c), int32(len(g.insts)), func(i int32) bool {
		return g.insts[i].Op == Const && g.consts[g.insts[i].N] == c
	}, g.hash)
	if i >= 0 {
		return i
	}
	g.consts = append(g.consts, c)
	return g.append(Inst{Const, int32(len(g.consts) - 1), -1, -1, -1})
}

// num returns the constant n.
func (g *graph) num(n number.Number) ref {
	if n.Sign() < 0 {
		return plus(g.constant(Constant{Value: n.Neg()})).neg()
	}
	return plus(g.constant(Constant{Value: n}))
}

func (g *graph) int(n int64) ref { return g.num(number.Int(n)) }

// number returns the value of r if it is an exact number.
func (g *graph) number(r ref) (number.Number, bool) {
	in := &g.insts[r.id()]
	if in.Op != Const || g.consts[in.N].Func != nil {
		return number.Number{}, false
	}
	n := g.consts[in.N].Value
	if r.negative() {
		n = n.Neg()
	}
	return n, true
}

// isOne reports whether instruction i is the number 1.
func (g *graph) isOne(i int32) bool {
	in := &g.insts[i]
	return in.Op == Const && g.consts[in.N] == Constant{Value: number.Int(1)}
}

// isCall reports whether instruction i is a call of the function named name.
func (g *graph) isCall(i int32, name string) bool {
	in := &g.insts[i]
	return in.Op == Call && g.funcs[in.N].Name == name
}

// reg returns the register that holds r itself, sign included.
func (g *graph) reg(r ref) int32 {
	if !r.negative() {
		return r.id()
	}
	if n, ok := g.number(r); ok {
		return g.constant(Constant{Value: n})
	}
	if in := g.insts[r.id()]; in.Op == Sub {
		return g.emit(Inst{Sub, 0, in.B, in.A, -1})
	}
	return g.emit(Inst{Neg, 0, r.id(), -1, -1})
}

// maxBits is the size up to which constants are folded exactly. Past it the
// arithmetic would cost more than it saves.
const maxBits = 1 << 12

func (g *graph) add(a, b ref) ref {
	if m, ok := g.number(a); ok {
		if n, ok := g.number(b); ok {
			if s := m.Add(n); s.Bits() <= maxBits {
				return g.num(s)
			}
		}
		if m.Sign() == 0 {
			return b
		}
	} else if n, ok := g.number(b); ok && n.Sign() == 0 {
		return a
	}
	if a.negative() != b.negative() {
		if a.negative() {
			return g.sub(b, a.neg())
		}
		return g.sub(a, b.neg())
	}
	x, y := a.id(), b.id()
	if x > y {
		x, y = y, x
	}
	return plus(g.emit(Inst{Add, 0, x, y, -1})).with(a)
}

// sub returns a - b for positive refs; b - a serves when it is there already.
func (g *graph) sub(a, b ref) ref {
	if i, ok := g.has(Inst{Sub, 0, b.id(), a.id(), -1}); ok {
		return plus(i).neg()
	}
	return plus(g.emit(Inst{Sub, 0, a.id(), b.id(), -1}))
}

func (g *graph) mul(a, b ref) ref {
	m, okA := g.number(a)
	n, okB := g.number(b)
	if okA && okB {
		if p := m.Mul(n); p.Bits() <= maxBits {
			return g.num(p)
		}
	}
	if okA && g.isOne(a.id()) {
		return b.with(a)
	}
	if okB && g.isOne(b.id()) {
		return a.with(b)
	}
	x, y := a.id(), b.id()
	s := (a ^ b) & 1 // the sign of the product
	u, j := g.powerOf(x)
	v, k := g.powerOf(y)
	if u == v && int64(j)+int64(k) <= maxExponent && !okA {
		return g.powi(plus(u), j+k).with(s)
	}
	if x > y {
		x, y = y, x
	}
	return plus(g.emit(Inst{Mul, 0, x, y, -1})).with(s)
}

func (g *graph) div(a, b ref) ref {
	if n, ok := g.number(b); ok && n.Sign() != 0 {
		if g.isOne(b.id()) {
			return a.with(b)
		}
		if m, ok := g.number(a); ok {
			if q, ok := m.Quo(n); ok && q.Bits() <= maxBits {
				return g.num(q)
			}
		}
	}
	return plus(g.emit(Inst{Div, 0, a.id(), b.id(), -1})).with(a).with(b)
}

// nextList starts a new list whose elements are to be merged.
func (g *graph) nextList() {
	g.round++
	if n := len(g.insts); len(g.mark) < n {
		grown := 2 * n
		g.mark = append(g.mark, make([]int32, grown-len(g.mark))...)
		g.place = append(g.place, make([]int32, grown-len(g.place))...)
	}
}

// listed returns where instruction i stands in the list at hand, and enters it
// at place next if it does not stand there yet.
func (g *graph) listed(i int32, next int) (int, bool) {
	if int(i) >= len(g.mark) {
		more := int(i) + 1 - len(g.mark)
		g.mark = append(g.mark, make([]int32, more)...)
		g.place = append(g.place, make([]int32, more)...)
	}
	if g.mark[i] == g.round {
		return int(g.place[i]), true
	}
	g.mark[i], g.place[i] = g.round, int32(next)
	return next, false
}
