package expr

import (
	"iter"
	"slices"
)

// A Walk is the distinct nodes that some formulas of one Pool reach, operands
// before their users. Making one costs what the formulas reach, not what their
// Pool holds.
type Walk struct {
	pool  *Pool
	ids   []int32
	dense []int32 // place of node i at dense[i]; nil when a map is the smaller
	index map[int32]int32
}

// Order returns the Walk of roots, which must be of one Pool. It panics without
// a root.
func Order(roots ...Expr) *Walk {
	p := roots[0].pool
	top := int32(0)
	for _, r := range roots {
		if r.pool != p {
			panic("expr: roots of different Pools")
		}
		top = max(top, r.id)
	}
	w := &Walk{pool: p}
	// A pool is mostly what one operation made of its answer, so a mark for
	// every node is the quick way; it is left for a hash set only where the
	// formulas turn out to reach a small part of a large pool.
	if top < 1<<12 || !w.sparse(roots, int(top)/32) {
		w.mark(roots, top)
	}
	return w
}

// mark finds the nodes in one sweep down the pool.
func (w *Walk) mark(roots []Expr, top int32) {
	p := w.pool
	w.dense = make([]int32, top+1)
	w.index = nil
	n := int32(0)
	for _, r := range roots {
		w.dense[r.id] = 1
	}
	for i := top; i >= 0; i-- {
		if w.dense[i] == 0 {
			continue
		}
		n++
		if m := p.nodes[i]; m.op > Var {
			for _, a := range p.args[m.off : m.off+m.n] {
				w.dense[a] = 1
			}
		}
	}
	w.ids = make([]int32, 0, n)
	for i, seen := range w.dense {
		if seen != 0 {
			w.dense[i] = int32(len(w.ids))
			w.ids = append(w.ids, int32(i))
		}
	}
}

// sparse finds the nodes by a depth-first search with a set, and gives up when
// they are more than limit.
func (w *Walk) sparse(roots []Expr, limit int) bool {
	p := w.pool
	w.index = make(map[int32]int32)
	var stack []int32
	push := func(id int32) {
		if _, seen := w.index[id]; !seen {
			w.index[id] = 0
			stack = append(stack, id)
		}
	}
	for _, r := range roots {
		push(r.id)
	}
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		w.ids = append(w.ids, id)
		if m := p.nodes[id]; m.op > Var {
			if len(w.ids)+len(stack)+int(m.n) > limit {
				w.ids, w.index = nil, nil
				return false
			}
			for _, a := range p.args[m.off : m.off+m.n] {
				push(a)
			}
		}
	}
	slices.Sort(w.ids)
	for i, id := range w.ids {
		w.index[id] = int32(i)
	}
	return true
}

// Len returns the number of nodes.
func (w *Walk) Len() int { return len(w.ids) }

// At returns the node at place i.
func (w *Walk) At(i int) Expr { return Expr{w.pool, w.ids[i]} }

// Place returns the place of e, which must be one of the nodes.
func (w *Walk) Place(e Expr) int { return int(w.place(e.id)) }

func (w *Walk) place(id int32) int32 {
	if w.dense != nil {
		return w.dense[id]
	}
	return w.index[id]
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
		for _, n := range Order(e).Each() {
			if !yield(n) {
				return
			}
		}
	}
}

// Backward yields the distinct nodes of e, users first.
func (e Expr) Backward() iter.Seq[Expr] {
	return func(yield func(Expr) bool) {
		for _, n := range Order(e).Back() {
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
	vals := FoldAll(Order(e), f)
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
				args = append(args, vals[w.place(a)])
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
