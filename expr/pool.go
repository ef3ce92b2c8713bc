package expr

import (
	"fmt"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// A node is 16 bytes. Its n operands are args[off:off+n] of its pool; the off
// of a leaf is an index into nums or vars. sym is an index into funcs.
type node struct {
	op  Op
	sym int16
	n   int32
	off int32
}

// A Pool holds formulas. Equal formulas are stored once, and operands before
// the nodes that use them, so that a pass over a formula is a loop over
// increasing (or decreasing) numbers and never a recursion.
//
// A Pool is filled by one goroutine and, by convention, no more once the
// operation that made it has returned: from then on every Expr in it is an
// immutable value that goroutines may share. Parse, diff.D, simplify.Tidy and
// the others therefore answer in a Pool of their own.
type Pool struct {
	nodes []node
	args  []int32
	nums  []number.Number
	vars  []string
	funcs []*fn.Func
	table []int32 // open addressing by hash, holding id+1; its length is a power of two
}

// NewPool returns an empty Pool.
func NewPool() *Pool { return &Pool{table: make([]int32, 32)} }

// Len returns the number of nodes in p.
func (p *Pool) Len() int { return len(p.nodes) }

// At returns node number id of p, for 0 ≤ id < p.Len().
func (p *Pool) At(id int32) Expr { return Expr{p, id} }

// Num returns the constant n.
func (p *Pool) Num(n number.Number) Expr {
	h := mix(uint64(Num), n.Hash())
	slot, ok := p.find(h, func(m node) bool { return m.op == Num && p.nums[m.off] == n })
	if !ok {
		p.nums = append(p.nums, n)
		return p.put(slot, node{op: Num, off: int32(len(p.nums) - 1)}, h)
	}
	return Expr{p, p.table[slot] - 1}
}

// Int returns the constant n.
func (p *Pool) Int(n int64) Expr { return p.Num(number.Int(n)) }

// Var returns the variable of that name.
func (p *Pool) Var(name string) Expr {
	h := mix(uint64(Var), hashString(name))
	slot, ok := p.find(h, func(m node) bool { return m.op == Var && p.vars[m.off] == name })
	if !ok {
		p.vars = append(p.vars, name)
		return p.put(slot, node{op: Var, off: int32(len(p.vars) - 1)}, h)
	}
	return Expr{p, p.table[slot] - 1}
}

// Make returns the node op(args…), just as it is told: nothing is simplified.
// It is a Maker. It panics on an operand of another Pool and on a wrong number
// of operands, which are mistakes of the program, not of its input. An Add or
// Mul, And or Or of one operand is that operand.
func (p *Pool) Make(op Op, args ...Expr) Expr {
	switch op {
	case Add, Mul, And, Or:
		if len(args) == 1 {
			return args[0]
		}
		if len(args) == 0 {
			panic("expr: " + op.String() + " without operands")
		}
	case Neg, Not:
		p.want(op, args, 1)
	case If:
		p.want(op, args, 3)
	case Num, Var, Call:
		panic("expr: Make of a " + op.String())
	default:
		p.want(op, args, 2)
	}
	return p.make(op, 0, args)
}

func (p *Pool) want(op Op, args []Expr, n int) {
	if len(args) != n {
		panic(fmt.Sprintf("expr: %s with %d operands", op, len(args)))
	}
}

// Call returns f(args…). It panics when f does not take so many arguments.
func (p *Pool) Call(f *fn.Func, args ...Expr) Expr {
	if !f.Takes(len(args)) {
		panic(fmt.Sprintf("expr: %s with %d arguments", f.Name, len(args)))
	}
	sym := -1
	for i, g := range p.funcs {
		if g == f {
			sym = i
			break
		}
	}
	if sym < 0 {
		sym = len(p.funcs)
		p.funcs = append(p.funcs, f)
	}
	return p.make(Call, int16(sym), args)
}

func (p *Pool) make(op Op, sym int16, args []Expr) Expr {
	h := mix(uint64(op), uint64(sym))
	for _, a := range args {
		if a.pool != p {
			panic("expr: operand of another Pool")
		}
		h = mix(h, uint64(a.id))
	}
	mask := uint64(len(p.table) - 1)
	slot := h & mask
probe:
	for ; p.table[slot] != 0; slot = (slot + 1) & mask {
		m := p.nodes[p.table[slot]-1]
		if m.op != op || m.sym != sym || int(m.n) != len(args) {
			continue
		}
		for k, a := range p.args[m.off : m.off+m.n] {
			if a != args[k].id {
				continue probe
			}
		}
		return Expr{p, p.table[slot] - 1}
	}
	off := int32(len(p.args))
	for _, a := range args {
		p.args = append(p.args, a.id)
	}
	return p.put(slot, node{op, sym, int32(len(args)), off}, h)
}

// find returns the slot of the node with hash h for which is holds, or the free
// slot where it belongs.
func (p *Pool) find(h uint64, is func(node) bool) (slot uint64, found bool) {
	mask := uint64(len(p.table) - 1)
	for slot = h & mask; p.table[slot] != 0; slot = (slot + 1) & mask {
		if is(p.nodes[p.table[slot]-1]) {
			return slot, true
		}
	}
	return slot, false
}

// put appends n and enters it in the table at slot.
func (p *Pool) put(slot uint64, n node, _ uint64) Expr {
	p.nodes = append(p.nodes, n)
	id := int32(len(p.nodes) - 1)
	p.table[slot] = id + 1
	if 3*len(p.nodes) > 2*len(p.table) {
		p.grow()
	}
	return Expr{p, id}
}

// grow doubles the table. Hashes are computed again rather than stored: a node
// stays 16 bytes.
func (p *Pool) grow() {
	p.table = make([]int32, 2*len(p.table))
	mask := uint64(len(p.table) - 1)
	for id := range p.nodes {
		slot := p.hash(p.nodes[id]) & mask
		for p.table[slot] != 0 {
			slot = (slot + 1) & mask
		}
		p.table[slot] = int32(id) + 1
	}
}

func (p *Pool) hash(n node) uint64 {
	switch n.op {
	case Num:
		return mix(uint64(Num), p.nums[n.off].Hash())
	case Var:
		return mix(uint64(Var), hashString(p.vars[n.off]))
	}
	h := mix(uint64(n.op), uint64(n.sym))
	for _, a := range p.args[n.off : n.off+n.n] {
		h = mix(h, uint64(a))
	}
	return h
}

func mix(h, x uint64) uint64 {
	h = (h ^ x) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

func hashString(s string) uint64 {
	h := uint64(len(s))
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h
}

// Import returns the formula e in p, copying what p lacks of it.
func (p *Pool) Import(e Expr) Expr {
	if e.pool == p {
		return e
	}
	return p.ImportAll(e)[0]
}

// ImportAll returns the formulas es, all of one Pool, in p.
func (p *Pool) ImportAll(es ...Expr) []Expr {
	out := make([]Expr, len(es))
	if len(es) == 0 {
		return out
	}
	w := Order(es...)
	to := make([]Expr, len(w.ids))
	var args []Expr
	for i, e := range w.Each() {
		args = args[:0]
		for _, a := range e.operands() {
			args = append(args, to[w.place(a)])
		}
		to[i] = Remake(e, p, args, nil)
	}
	for i, e := range es {
		out[i] = to[w.Place(e)]
	}
	return out
}
