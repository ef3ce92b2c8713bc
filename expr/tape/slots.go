package tape

// allocate puts the nodes that roots reach in order, gives each a slot, and
// writes the code. A slot for a temporary value is free again after the last
// step that reads it, and the one freed last is taken first, so that values
// alive at the same time stand close together (linear scan; Poletto and Sarkar,
// ACM TOPLAS 21, 1999, on code without branches).
func (l *lowering) allocate(roots []int32) {
	c := &l.code
	f := newFlow(len(l.nodes))
	for i := range l.nodes {
		n := &l.nodes[i]
		switch {
		case n.op <= inConst:
			f.add(true)
		case n.op == doCalls:
			f.addList(l.lists[n.a : n.a+n.b])
		default:
			ops := [...]int32{n.a, n.b, n.c, n.e}
			f.add(false, ops[:operandsOf[n.op]]...)
		}
	}
	order := f.schedule(roots, l.pairs())
	if len(order) >= long {
		l.group(f, order)
	}

	last := make([]int32, len(l.nodes)) // the step that reads the node last
	slot := make([]int32, len(l.nodes))
	for k, i := range order {
		for _, a := range f.of(i) {
			last[a] = int32(k)
			slot[a] = -1
		}
		slot[i] = -1
	}
	for _, r := range roots {
		slot[r] = -1
	}
	for i, n := range l.nodes {
		switch {
		case n.op == inVar:
			slot[i] = n.a
		case n.op == inConst && slot[i] < 0:
			slot[i] = int32(c.vars + len(c.consts))
			c.consts = append(c.consts, l.values[n.a])
		}
	}
	fixed := int32(c.tempAt()) // slots below are never free
	c.slots, c.first = c.tempAt(), c.outAt()
	for k, r := range roots {
		if l.nodes[r].op > inConst && slot[r] < 0 {
			slot[r] = int32(c.outAt() + k)
		}
	}

	var free []int32
	c.words = make([]word, 0, len(order))
	for k, i := range order {
		n := l.nodes[i]
		w := word{op: uint32(n.op)}
		switch operandsOf[n.op] {
		case 4:
			w.e = uint32(slot[n.e])
			fallthrough
		case 3:
			w.c = uint32(slot[n.c])
			fallthrough
		case 2:
			w.b = uint32(slot[n.b])
			fallthrough
		case 1:
			w.a = uint32(slot[n.a])
		}
		switch {
		case n.op == doCalls:
			w.a, w.b, w.c = uint32(len(c.lists)), uint32(n.b), n.imm
			c.longest = max(c.longest, int(n.b))
			for _, a := range l.lists[n.a : n.a+n.b] {
				c.lists = append(c.lists, uint32(slot[a]))
			}
		case operandsOf[n.op] == 1:
			w.b = n.imm
		case operandsOf[n.op] == 2:
			w.c = n.imm
		}
		for _, a := range f.of(i) {
			if last[a] == int32(k) && slot[a] >= fixed {
				free = append(free, slot[a])
				last[a] = -1 // freed, should the list name it again
			}
		}
		if slot[i] < 0 {
			if len(free) > 0 {
				slot[i] = free[len(free)-1]
				free = free[:len(free)-1]
			} else {
				slot[i] = int32(c.slots)
				c.slots++
			}
		}
		w.d = uint32(slot[i])
		if m := len(c.words) - 1; k > 0 && l.pair(order[k-1], i) && step(c.words[m].op) != doSincos {
			v := &c.words[m]
			v.op, v.b = uint32(doSincos), w.d
			if n.op == doSin {
				v.d, v.b = v.b, v.d
			}
			continue
		}
		c.words = append(c.words, w)
	}
	for k, r := range roots {
		if o := int32(c.outAt() + k); slot[r] != o {
			c.words = append(c.words, word{op: uint32(doMove), d: uint32(o), a: uint32(slot[r])})
		}
	}
	if len(order) >= long {
		c.ends = runs(c.words)
		c.narrows = narrowed(c.words, c.slots)
	}
}

// pair reports whether nodes i and j are sine and cosine of one value.
func (l *lowering) pair(i, j int32) bool {
	m, n := l.nodes[i], l.nodes[j]
	return m.a == n.a && (m.op == doSin && n.op == doCos || m.op == doCos && n.op == doSin)
}

// pairs returns for the sine of a value the node of its cosine, which is to
// follow, so that one step can compute both; -1 for other nodes; nil if there
// are none.
func (l *lowering) pairs() []int32 {
	var mate []int32
	sine := map[int32]int32{}
	for i, n := range l.nodes {
		if n.op == doSin {
			sine[n.a] = int32(i)
		}
	}
	if len(sine) == 0 {
		return nil
	}
	for i, n := range l.nodes {
		if n.op != doCos {
			continue
		}
		if s, ok := sine[n.a]; ok {
			if mate == nil {
				mate = make([]int32, len(l.nodes))
				for k := range mate {
					mate[k] = -1
				}
			}
			mate[s], mate[i] = int32(i), s
		}
	}
	return mate
}
