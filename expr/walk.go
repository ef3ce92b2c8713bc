package expr

import (
	"iter"
	"math"
	"slices"
	"sync"
)

// A Walk is the distinct nodes that some formulas of one Pool reach, operands
// before their users. Making one costs what the formulas reach, not what their
// Pool holds. The zero Walk is empty and ready for Reset.
type Walk struct {
	pool *Pool
	ids  []int32
	// place[i]-base is the place of node i, once the walk has met it. An entry
	// below base is of an earlier walk.
	place []int32
	base  int32
	index map[int32]int32 // place of node i, instead, if that is the smaller
	stack []int32
	near  [2 * nearNodes]int32 // ids and place of a walk in a small Pool
}

const nearNodes = 32

// Order returns the Walk of roots, which must be of one Pool. It panics without
// a root.
func Order(roots ...Expr) *Walk {
	w := new(Walk)
	// A pool is mostly what one operation made of its answer, so looking at
	// every node is the quick way; it is left for a search only where the
	// formulas turn out to reach a small part of a large pool.
	if top := w.from(roots); top >= 1<<12 {
		w.index = make(map[int32]int32)
		if w.search(roots, int(top)/32) {
			return w
		}
	}
	w.Reset(roots...)
	return w
}

// from takes the Pool of roots and returns the largest number among them.
func (w *Walk) from(roots []Expr) int32 {
	w.pool = roots[0].pool
	top := int32(0)
	for _, r := range roots {
		if r.pool != w.pool {
			panic("expr: roots of different Pools")
		}
		top = max(top, r.id)
	}
	return top
}

// Reset makes w the Walk of roots, as Order does. It keeps memory for as many
// nodes as the Pool has and uses it again, so that many walks one after the other
// cost no more than what each of them reaches.
func (w *Walk) Reset(roots ...Expr) {
	top := w.from(roots)
	w.index = nil
	w.base += int32(len(w.ids))
	w.ids = w.ids[:0]
	if w.place == nil && top < nearNodes {
		w.ids, w.place = w.near[:0:nearNodes], w.near[nearNodes:]
	}
	if size := int(top) + 1; size > len(w.place) {
		if w.place != nil {
			size += size / 2 // the pool grows
		}
		w.place, w.base = make([]int32, size), 1
	}
	if w.base == 0 || w.base > math.MaxInt32-2*(top+1) {
		clear(w.place)
		w.base = 1
	}
	if top < 1<<10 || !w.search(roots, int(top)/16) {
		w.sweep(roots, top)
	}
}

// idle holds Walks that are used for a moment and again.
var idle = sync.Pool{New: func() any { return new(Walk) }}

// borrow is Order for a Walk that goes back with done, after which it is not to be used.
func borrow(roots ...Expr) *Walk {
	w := idle.Get().(*Walk)
	w.Reset(roots...)
	return w
}

// most is the number of places with which an idle Walk is worth its memory.
const most = 1 << 16

// done gives a borrowed Walk back.
func (w *Walk) done() {
	if w.pool = nil; len(w.place) <= most {
		idle.Put(w)
	}
}

// sweep finds the nodes by going down the pool, and their places by going up
// through what was found. It marks with a value that no place has.
func (w *Walk) sweep(roots []Expr, top int32) {
	p, mark := w.pool, int32(math.MaxInt32)
	for _, r := range roots {
		w.place[r.id] = mark
	}
	n := 0
	for i := top; i >= 0; i-- {
		if w.place[i] != mark {
			continue
		}
		n++
		if m := &p.nodes[i]; m.op > Var {
			for _, a := range p.args[m.off : m.off+m.n] {
				w.place[a] = mark
			}
		}
	}
	w.ids = slices.Grow(w.ids, n)
	for i, m := range w.place[:top+1] {
		if m == mark {
			w.place[i] = w.base + int32(len(w.ids))
			w.ids = append(w.ids, int32(i))
		}
	}
}

// search finds the nodes by a depth-first search, and gives up when they are more
// than limit.
func (w *Walk) search(roots []Expr, limit int) bool {
	p, stack := w.pool, w.stack[:0]
	defer func() { w.stack = stack[:0] }()
	push := func(id int32) {
		if w.index == nil {
			if w.place[id] >= w.base {
				return
			}
			w.place[id] = w.base
		} else {
			if _, met := w.index[id]; met {
				return
			}
			w.index[id] = 0
		}
		stack = append(stack, id)
	}
	for _, r := range roots {
		push(r.id)
	}
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		w.ids = append(w.ids, id)
		if m := &p.nodes[id]; m.op > Var {
			if len(w.ids)+len(stack)+int(m.n) > limit {
				w.ids = w.ids[:0]
				w.base++ // what was met counts no more
				return false
			}
			for _, a := range p.args[m.off : m.off+m.n] {
				push(a)
			}
		}
	}
	slices.Sort(w.ids)
	for i, id := range w.ids {
		if w.index == nil {
			w.place[id] = w.base + int32(i)
		} else {
			w.index[id] = int32(i)
		}
	}
	return true
}

// Len returns the number of nodes.
func (w *Walk) Len() int { return len(w.ids) }

// At returns the node at place i.
func (w *Walk) At(i int) Expr { return Expr{w.pool, w.ids[i]} }

// Place returns the place of e, which must be one of the nodes.
func (w *Walk) Place(e Expr) int { return int(w.at(e.id)) }

func (w *Walk) at(id int32) int32 {
	if w.index == nil {
		return w.place[id] - w.base
	}
	return w.index[id]
}

// AppendPlaces appends the places of the operands of the node at place i to dst.
func (w *Walk) AppendPlaces(dst []int32, i int) []int32 {
	if n := &w.pool.nodes[w.ids[i]]; n.op > Var {
		for _, a := range w.pool.args[n.off : n.off+n.n] {
			dst = append(dst, w.at(a))
		}
	}
	return dst
}

// Each yields the places and nodes, operands first.
func (w *Walk) Each() iter.Seq2[int, Expr] {
	return func(yield func(int, Expr) bool) {
		for i, id := range w.ids {
			if !yield(i, Expr{w.pool, id}) {
				return
			}
		}
	}
}

// Back yields the places and nodes, users first.
func (w *Walk) Back() iter.Seq2[int, Expr] {
	return func(yield func(int, Expr) bool) {
		for i := len(w.ids) - 1; i >= 0; i-- {
			if !yield(i, Expr{w.pool, w.ids[i]}) {
				return
			}
		}
	}
}

// All yields the distinct nodes of e, operands first.
func (e Expr) All() iter.Seq[Expr] {
	return func(yield func(Expr) bool) {
		w := borrow(e)
		defer w.done()
		for _, n := range w.Each() {
			if !yield(n) {
				return
			}
		}
	}
}

// Backward yields the distinct nodes of e, users first.
func (e Expr) Backward() iter.Seq[Expr] {
	return func(yield func(Expr) bool) {
		w := borrow(e)
		defer w.done()
		for _, n := range w.Back() {
			if !yield(n) {
				return
			}
		}
	}
}

// Fold computes f once for each distinct node of e, operands first, with the
// values at its operands, and returns the value at e. It does not recurse, and
// costs what e reaches. args is valid during the call only.
func Fold[T any](e Expr, f func(n Expr, args []T) T) T {
	w := borrow(e)
	defer w.done()
	vals := FoldAll(w, f)
	return vals[len(vals)-1]
}

// FoldAll is Fold over all nodes of w: it returns the value at each place.
func FoldAll[T any](w *Walk, f func(n Expr, args []T) T) []T {
	vals := make([]T, len(w.ids))
	var args []T
	for i, id := range w.ids {
		args = args[:0]
		if n := w.pool.nodes[id]; n.op > Var {
			for _, a := range w.pool.args[n.off : n.off+n.n] {
				args = append(args, vals[w.at(a)])
			}
		}
		vals[i] = f(Expr{w.pool, id}, args)
	}
	return vals
}

// Substitute returns, in pool p, e with each variable for which with holds a
// formula (also in p) replaced by that formula, all at once.
func (p *Pool) Substitute(e Expr, with map[string]Expr) Expr {
	return Rebuild(e, p, func(x Expr) (Expr, bool) {
		u, ok := with[x.Name()]
		return u, ok
	})
}

// Rebuild returns e made again by mk, node by node, with its variables replaced
// where leaf answers true. A nil leaf replaces none.
func Rebuild(e Expr, mk Maker, leaf func(x Expr) (Expr, bool)) Expr {
	return Fold(e, func(n Expr, args []Expr) Expr { return Remake(n, mk, args, leaf) })
}

// Remake returns the one node n made again by mk with the operands args.
func Remake(n Expr, mk Maker, args []Expr, leaf func(x Expr) (Expr, bool)) Expr {
	switch n.Op() {
	case Num:
		return mk.Num(n.Number())
	case Var:
		if leaf != nil {
			if u, ok := leaf(n); ok {
				return u
			}
		}
		return mk.Var(n.Name())
	case Call:
		return mk.Call(n.Func(), args...)
	}
	return mk.Make(n.Op(), args...)
}
