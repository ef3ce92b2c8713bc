package tape

import "slices"

// fuse makes the nodes that roots reach fewer: it pushes signs into what is
// negated, fuses a product that only one sum or product reads into that, and
// computes the sine and cosine of one value together.
func (l *lowering) fuse(roots []int32) {
	uses := l.uses(roots)
	alias := make([]int32, len(l.nodes))
	for i := range l.nodes {
		alias[i] = int32(i)
	}
	for i := range alias {
		n := &l.nodes[i]
		if uses[i] == 0 {
			continue
		}
		l.redirect(n, alias)
		if a := n.a; n.op == doNeg && uses[a] == 1 && l.canNegate(a, uses, 8) {
			l.negate(a, 8, uses) // a is no constant and no Neg: it changes in place
			alias[i] = a
			uses[a] = uses[i]
		} else if n.op == doNeg && uses[a] == 1 && l.nodes[a].op == doMul {
			l.nodes[a].op = doMulN
			alias[i] = a
			uses[a] = uses[i]
		}
	}
	for k, r := range roots {
		roots[k] = alias[r]
	}
	uses = l.uses(roots)
	once := func(i int32) bool { return uses[i] == 1 && (l.nodes[i].op == doMul || l.nodes[i].op == doSqr) }
	for i := range l.nodes {
		if uses[i] == 0 {
			continue
		}
		switch n := &l.nodes[i]; n.op {
		case doAdd:
			if once(n.b) {
				l.absorb(n, doMulAdd, n.b, n.a)
			} else if once(n.a) {
				l.absorb(n, doMulAdd, n.a, n.b)
			}
		case doSub:
			if once(n.b) {
				l.absorb(n, doSubMul, n.b, n.a)
			} else if once(n.a) {
				l.absorb(n, doMulSub, n.a, n.b)
			}
		}
	}
	// What sums have left over: triple products and sums. From the users down,
	// so that a chain is cut into pairs from its end.
	uses = l.uses(roots)
	for i := len(l.nodes) - 1; i >= 0; i-- {
		n := &l.nodes[i]
		if uses[i] == 0 {
			continue
		}
		switch n.op {
		case doMul:
			x, y := n.a, n.b
			if !once(x) {
				x, y = y, x
			}
			if once(x) {
				uses[x] = 0
				l.absorb(n, doMul3, x, y)
			}
		case doAdd:
			x, y := n.a, n.b
			if l.nodes[x].op != doAdd || uses[x] != 1 {
				x, y = y, x
			}
			if m := l.nodes[x]; m.op == doAdd && uses[x] == 1 {
				uses[x] = 0
				*n = node{op: doAdd3, a: m.a, b: m.b, c: y}
			}
		}
	}
	l.fuseFurther(roots)
}

// fuseFurther fuses what is left of products and differences that only one step
// reads into that step. It rounds as the steps did one after the other.
func (l *lowering) fuseFurther(roots []int32) {
	uses := l.uses(roots)
	// take returns the node i, to be computed where it is read, if it is of one of
	// the kinds given and that is the only place.
	take := func(i int32, kinds ...step) (node, bool) {
		if uses[i] != 1 || !slices.Contains(kinds, l.nodes[i].op) {
			return node{}, false
		}
		uses[i] = 0
		m := l.nodes[i]
		if m.op == doSqr {
			m.b = m.a
		}
		return m, true
	}
	for i := len(l.nodes) - 1; i >= 0; i-- {
		n := &l.nodes[i]
		if uses[i] == 0 {
			continue
		}
		switch n.op {
		case doMulAdd, doSubMul:
			op := doMulAdd3
			if n.op == doSubMul {
				op = doSubMul3
			}
			if m, ok := take(n.a, doMul, doSqr); ok {
				*n = node{op: op, a: m.a, b: m.b, c: n.c, e: n.b}
			} else if m, ok := take(n.b, doMul, doSqr); ok {
				*n = node{op: op, a: m.a, b: m.b, c: n.c, e: n.a}
			}
		case doMul:
			for _, way := range [...]struct{ part, other int32 }{{n.a, n.b}, {n.b, n.a}} {
				m, ok := take(way.part, doSub, doAdd)
				if !ok {
					continue
				}
				op := doMulDiff
				if m.op == doAdd {
					op = doMulSum
				}
				*n = node{op: op, a: m.a, b: m.b, c: way.other}
				break
			}
		case doSqr:
			if m, ok := take(n.a, doSub); ok {
				*n = node{op: doSqrDiff, a: m.a, b: m.b, c: -1}
			}
		case doAdd:
			if m, ok := take(n.b, doSub); ok {
				*n = node{op: doAddDiff, a: n.a, b: m.a, c: m.b}
			} else if m, ok := take(n.a, doSub); ok {
				*n = node{op: doAddDiff, a: n.b, b: m.a, c: m.b}
			}
		}
	}
}

// absorb makes n the step op of the factors of product m and of c.
func (l *lowering) absorb(n *node, op step, m, c int32) {
	x := l.nodes[m]
	if x.op == doSqr {
		x.b = x.a
	}
	*n = node{op: op, a: x.a, b: x.b, c: c}
}

// uses returns how often each node is read by those that roots reach, or is a
// root.
func (l *lowering) uses(roots []int32) []int32 {
	uses := make([]int32, len(l.nodes))
	for _, r := range roots {
		uses[r]++
	}
	for i := len(l.nodes) - 1; i >= 0; i-- {
		if uses[i] == 0 {
			continue
		}
		n := &l.nodes[i]
		if n.op == doCalls {
			for _, a := range l.lists[n.a : n.a+n.b] {
				uses[a]++
			}
			continue
		}
		for k, a := range [...]int32{n.a, n.b, n.c, n.e} {
			if k < int(operandsOf[n.op]) {
				uses[a]++
			}
		}
	}
	return uses
}

func (l *lowering) redirect(n *node, alias []int32) {
	if n.op == doCalls {
		list := l.lists[n.a : n.a+n.b]
		for k, a := range list {
			list[k] = alias[a]
		}
		return
	}
	for k, a := range [...]*int32{&n.a, &n.b, &n.c, &n.e} {
		if k < int(operandsOf[n.op]) {
			*a = alias[*a]
		}
	}
}

// canNegate reports whether -i costs no more than i, looking depth levels down.
// Node i has one user.
func (l *lowering) canNegate(i int32, uses []int32, depth int) bool {
	n := &l.nodes[i]
	switch n.op {
	case inConst:
		return true
	case doSub:
		return uses[i] == 1
	case doNeg:
		return true
	case doAdd, doMul, doDiv:
		return depth > 0 && uses[i] == 1 && (l.canNegate(n.b, uses, depth-1) || l.canNegate(n.a, uses, depth-1))
	}
	return false
}

// negate changes node i so that it computes what was -i, and returns it, or the
// node that computes that.
func (l *lowering) negate(i int32, depth int, uses []int32) int32 {
	n := &l.nodes[i]
	switch n.op {
	case inConst:
		return l.constant(-l.values[n.a])
	case doNeg:
		if uses[i]--; uses[i] > 0 {
			uses[n.a]++
		}
		return n.a
	case doSub:
		n.a, n.b = n.b, n.a
	case doMul, doDiv:
		if l.canNegate(n.b, uses, depth-1) {
			b := l.negate(n.b, depth-1, uses)
			l.nodes[i].b = b
		} else {
			a := l.negate(n.a, depth-1, uses)
			l.nodes[i].a = a
		}
	case doAdd: // -(a + b) is -a - b
		if l.canNegate(n.b, uses, depth-1) {
			a, b := n.a, l.negate(n.b, depth-1, uses) // the nodes may move
			l.nodes[i] = node{op: doSub, a: b, b: a, c: -1}
		} else {
			a, b := l.negate(n.a, depth-1, uses), n.b
			l.nodes[i] = node{op: doSub, a: a, b: b, c: -1}
		}
	}
	return i
}
