package tape

import "slices"

// A flow is what an ordering needs to know of a program: which nodes read which.
// The operands of node i are args[off[i]:off[i+1]], all smaller than i. A leaf is there from the start.
type flow struct {
	off  []int32
	args []int32
	leaf []bool
}

func (f *flow) of(i int32) []int32 { return f.args[f.off[i]:f.off[i+1]] }

// add appends a node with the given operands, of which those below 0 are none.
func (f *flow) add(leaf bool, operands ...int32) {
	start := len(f.args)
	for _, a := range operands {
		if a >= 0 && !slices.Contains(f.args[start:], a) {
			f.args = append(f.args, a)
		}
	}
	f.off = append(f.off, int32(len(f.args)))
	f.leaf = append(f.leaf, leaf)
}

// addList appends a node with many operands.
func (f *flow) addList(list []int32) {
	f.args = append(f.args, list...)
	f.off = append(f.off, int32(len(f.args)))
	f.leaf = append(f.leaf, false)
}

func newFlow(nodes int) *flow {
	return &flow{
		off: append(make([]int32, 0, nodes+1), 0), args: make([]int32, 0, 2*nodes), leaf: make([]bool, 0, nodes),
	}
}

// live marks the nodes that roots reach.
func (f *flow) live(roots []int32) []bool {
	live := make([]bool, len(f.leaf))
	for _, r := range roots {
		live[r] = true
	}
	for i := int32(len(live)) - 1; i >= 0; i-- {
		if live[i] {
			for _, a := range f.of(i) {
				live[a] = true
			}
		}
	}
	return live
}

// heights returns for each node how many temporary values computing it takes,
// were it a tree (Sethi and Ullman, The generation of optimal code for
// arithmetic expressions, J. ACM 17, 1970).
func (f *flow) heights(live []bool) []uint8 {
	height := make([]uint8, len(f.leaf))
	for i := range height {
		if !live[i] || f.leaf[i] {
			continue
		}
		a, b, c := uint8(0), uint8(0), uint8(0) // the three largest, a the largest
		for _, x := range f.of(int32(i)) {
			switch h := height[x]; {
			case h > a:
				a, b, c = h, a, b
			case h > b:
				b, c = h, b
			case h > c:
				c = h
			}
		}
		h := max(a, 1)
		if b > 0 {
			h = max(h, b+1)
		}
		if c > 0 {
			h = max(h, c+2)
		}
		height[i] = min(h, 250)
	}
	return height
}

// schedule returns the nodes that roots reach, except leaves, in an order in
// which operands precede users and few values are alive at a time: depth first
// from the roots, and a node as soon as its operands are there if it is the last
// to read one of them. The first root comes last, since it is usually the value
// of a formula whose derivatives are the others and falls off on the way to
// them. mate[i] is the node to compute right after i, or -1; mate may be nil.
func (f *flow) schedule(roots []int32, mate []int32) []int32 {
	n := len(f.leaf)
	live := f.live(roots)
	// left[i] counts the users of i that are still to come; need[i] the operands.
	left, need := make([]int32, n), make([]int32, n)
	start := make([]int32, n+1)
	for i := range live {
		if !live[i] {
			continue
		}
		for _, a := range f.of(int32(i)) {
			if !f.leaf[a] {
				left[a]++
				need[i]++
				start[a+1]++
			}
		}
	}
	for i := range n {
		start[i+1] += start[i]
	}
	height := f.heights(live)
	users := make([]int32, start[n])
	fill := append([]int32(nil), start[:n]...)
	count := 0
	for i := range live {
		if !live[i] || f.leaf[i] {
			continue
		}
		count++
		for _, a := range f.of(int32(i)) {
			if !f.leaf[a] {
				users[fill[a]] = int32(i)
				fill[a]++
			}
		}
	}
	for _, r := range roots {
		left[r]++ // never dies
	}
	finished := make([]bool, n)
	order := make([]int32, 0, count)
	var ready []int32
	emit := func(i int32) {
		finished[i] = true
		order = append(order, i)
		for _, a := range f.of(i) {
			if !f.leaf[a] {
				left[a]--
			}
		}
		us := users[start[i]:start[i+1]]
		for k := len(us) - 1; k >= 0; k-- {
			if need[us[k]]--; need[us[k]] == 0 {
				ready = append(ready, us[k])
			}
		}
	}
	compute := func(i int32) {
		emit(i)
		if mate != nil && mate[i] >= 0 && !finished[mate[i]] && live[mate[i]] {
			emit(mate[i])
		}
		for len(ready) > 0 {
			u := ready[len(ready)-1]
			ready = ready[:len(ready)-1]
			if finished[u] {
				continue
			}
			for _, a := range f.of(u) {
				if !f.leaf[a] && left[a] == 1 {
					emit(u)
					if mate != nil && mate[u] >= 0 && !finished[mate[u]] && live[mate[u]] {
						emit(mate[u])
					}
					break
				}
			}
		}
	}
	var stack []int32
	visit := func(root int32) {
		stack = append(stack, root)
		for len(stack) > 0 {
			t := stack[len(stack)-1]
			if finished[t] || f.leaf[t] {
				stack = stack[:len(stack)-1]
				continue
			}
			top := len(stack)
			for _, a := range f.of(t) {
				if !finished[a] && !f.leaf[a] {
					stack = append(stack, a)
				}
			}
			// The operand that needs most room comes on top and is computed first.
			slices.SortFunc(stack[top:], func(a, b int32) int {
				if height[a] != height[b] {
					return int(height[a]) - int(height[b])
				}
				return int(b - a)
			})
			if len(stack) == top {
				stack = stack[:top-1]
				compute(t)
			}
		}
	}
	for _, r := range roots[min(1, len(roots)):] {
		visit(r)
	}
	if len(roots) > 0 {
		visit(roots[0])
	}
	return order
}
