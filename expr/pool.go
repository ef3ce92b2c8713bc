package expr

import (
	"fmt"
	"slices"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// A node is 12 bytes. Its n operands are args[off:off+n] of its pool; the off
// of a leaf is an index into nums or vars. sym is an index into funcs.
type node struct {
	op     Op
	varies bool // whether a variable occurs in it
	sym    int16
	n      int32
	off    int32
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
	table []slot // open addressing by hash; its length is a power of two
}

// A slot of the table holds a node and its hash, so that probing looks at a
// node only when it is very likely the one, and growing at none.
type slot struct {
	hash uint32
	next int32 // id+1; 0 means free
}

// NewPool returns an empty Pool.
func NewPool() *Pool { return NewPoolSize(0) }

// A roomyPool is a Pool with room for the leaves of most formulas, in one piece of
// memory.
type roomyPool struct {
	Pool
	nums  [6]number.Number
	vars  [2]string
	funcs [4]*fn.Func
}

// A smallPool has the room that a formula of a line takes.
type smallPool struct {
	roomyPool
	nodes [smallNodes]node
	args  [2 * smallNodes]int32
	table [32]slot
}

const smallNodes = 20

// NewPoolSize returns an empty Pool with room for so many nodes before it has to
// grow.
func NewPoolSize(nodes int) *Pool {
	var r *roomyPool
	if nodes <= smallNodes {
		s := new(smallPool)
		r = &s.roomyPool
		r.Pool = Pool{nodes: s.nodes[:0], args: s.args[:0], table: s.table[:]}
	} else {
		size := 64
		for 2*size < 3*nodes {
			size *= 2
		}
		r = new(roomyPool)
		r.Pool = Pool{nodes: make([]node, 0, nodes), args: make([]int32, 0, 2*nodes), table: make([]slot, size)}
	}
	r.Pool.nums, r.Pool.vars, r.Pool.funcs = r.nums[:0], r.vars[:0], r.funcs[:0]
	return &r.Pool
}

// Len returns the number of nodes in p.
func (p *Pool) Len() int { return len(p.nodes) }

// At returns node number id of p, for 0 ≤ id < p.Len().
func (p *Pool) At(id int32) Expr { return Expr{p, id} }

// Num returns the constant n.
func (p *Pool) Num(n number.Number) Expr {
	h := uint32(mix(uint64(Num), n.Hash()))
	mask := uint32(len(p.table) - 1)
	at := h & mask
	for ; p.table[at].next != 0; at = (at + 1) & mask {
		if p.table[at].hash != h {
			continue
		}
		id := p.table[at].next - 1
		if m := p.nodes[id]; m.op == Num && p.nums[m.off] == n {
			return Expr{p, id}
		}
	}
	p.nums = append(p.nums, n)
	return p.put(at, h, node{op: Num, off: int32(len(p.nums) - 1)})
}

// Int returns the constant n.
func (p *Pool) Int(n int64) Expr { return p.Num(number.Int(n)) }

// Var returns the variable of that name.
func (p *Pool) Var(name string) Expr {
	h := uint32(mix(uint64(Var), hashString(name)))
	mask := uint32(len(p.table) - 1)
	at := h & mask
	for ; p.table[at].next != 0; at = (at + 1) & mask {
		if p.table[at].hash != h {
			continue
		}
		id := p.table[at].next - 1
		if m := p.nodes[id]; m.op == Var && p.vars[m.off] == name {
			return Expr{p, id}
		}
	}
	p.vars = append(p.vars, name)
	return p.put(at, h, node{op: Var, varies: true, off: int32(len(p.vars) - 1)})
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

// make returns the node with these operands in this order.
func (p *Pool) make(op Op, sym int16, args []Expr) Expr {
	h := p.hash(op, sym, args)
	at, id := p.find(op, sym, args, h, false)
	if id >= 0 {
		return Expr{p, id}
	}
	return p.add(op, sym, args, at, h)
}

// Commutative is Make for an Add or Mul of which the order does not matter: it
// returns the first node that was made with these operands in any order, and
// makes one in this order when there is none.
func (p *Pool) Commutative(op Op, args ...Expr) Expr {
	if len(args) == 1 {
		return args[0]
	}
	h := p.hash(op, 0, args)
	at, id := p.find(op, 0, args, h, true)
	if id >= 0 {
		return Expr{p, id}
	}
	return p.add(op, 0, args, at, h)
}

// find returns the node that has these operands, in this order or in any, or -1
// and the free slot where it belongs.
func (p *Pool) find(op Op, sym int16, args []Expr, h uint32, anyOrder bool) (at uint32, id int32) {
	mask := uint32(len(p.table) - 1)
	for at = h & mask; p.table[at].next != 0; at = (at + 1) & mask {
		if p.table[at].hash != h {
			continue
		}
		id := p.table[at].next - 1
		if m := p.nodes[id]; m.op == op && m.sym == sym && int(m.n) == len(args) && (p.sameOrder(m, args) || anyOrder && p.sameSet(m, args)) {
			return at, id
		}
	}
	return at, -1
}

func (p *Pool) sameOrder(m node, args []Expr) bool {
	for k, a := range p.args[m.off : m.off+m.n] {
		if a != args[k].id {
			return false
		}
	}
	return true
}

// maxSet is the number of operands up to which sets of them are compared.
const maxSet = 32

func (p *Pool) sameSet(m node, args []Expr) bool {
	if len(args) > maxSet {
		return false
	}
	var a, b [maxSet]int32
	for i, id := range p.args[m.off : m.off+m.n] {
		a[i], b[i] = id, args[i].id
	}
	slices.Sort(a[:len(args)])
	slices.Sort(b[:len(args)])
	return a == b
}

func (p *Pool) add(op Op, sym int16, args []Expr, at, h uint32) Expr {
	off, varies := int32(len(p.args)), false
	for _, a := range args {
		p.args = append(p.args, a.id)
		varies = varies || p.nodes[a.id].varies
	}
	return p.put(at, h, node{op, varies, sym, int32(len(args)), off})
}

// put appends n and enters it in the table.
func (p *Pool) put(at, h uint32, n node) Expr {
	p.nodes = append(p.nodes, n)
	id := int32(len(p.nodes) - 1)
	p.table[at] = slot{h, id + 1}
	if 3*len(p.nodes) > 2*len(p.table) {
		p.grow()
	}
	return Expr{p, id}
}

// grow doubles the table.
func (p *Pool) grow() {
	old := p.table
	p.table = make([]slot, 2*len(old))
	mask := uint32(len(p.table) - 1)
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		at := s.hash & mask
		for p.table[at].next != 0 {
			at = (at + 1) & mask
		}
		p.table[at] = s
	}
}

// hash returns the hash of a node. That of a sum or product does not depend on
// the order of its operands, so that Commutative meets all orders in one place.
func (p *Pool) hash(op Op, sym int16, args []Expr) uint32 {
	h := mix(uint64(op), uint64(sym))
	if op == Add || op == Mul {
		for _, a := range args {
			if a.pool != p {
				panic("expr: operand of another Pool")
			}
			h += mix(0x9E3779B97F4A7C15, uint64(a.id))
		}
		return uint32(h ^ h>>32)
	}
	for _, a := range args {
		if a.pool != p {
			panic("expr: operand of another Pool")
		}
		h = mix(h, uint64(a.id))
	}
	return uint32(h ^ h>>32)
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
	w := borrow(es...)
	defer w.done()
	to := make([]Expr, len(w.ids))
	var args []Expr
	for i, e := range w.Each() {
		args = args[:0]
		for _, a := range e.operands() {
			args = append(args, to[w.at(a)])
		}
		to[i] = Remake(e, p, args, nil)
	}
	for i, e := range es {
		out[i] = to[w.Place(e)]
	}
	return out
}
