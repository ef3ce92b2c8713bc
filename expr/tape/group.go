package tape

import "slices"

// Up to some length the processor remembers the way through a program, and what
// is decoded next is foreseen. A longer and irregular program costs a wrong
// guess a step, five times the work itself. Its steps are therefore reordered
// into runs of equal ones, which are decoded once.

const (
	// long is the number of steps from which on a program is grouped. Measured on
	// irregular programs: 1.5 ns a step up to 1400 of them, 6.5 ns from 4200 on.
	long = 2048
	// window is how many steps are reordered at a time. More make longer runs,
	// and more values that are alive at a time.
	window = 1024
)

// group reorders the nodes of order, a window at a time, so that equal steps
// that do not depend on each other stand together.
func (l *lowering) group(f *flow, order []int32) {
	level := make([]int32, len(l.nodes)) // how many steps of the window have to come first
	for len(order) > 0 {
		part := order[:min(window, len(order))]
		order = order[len(part):]
		for _, i := range part {
			n := int32(1)
			for _, a := range f.of(i) {
				n = max(n, level[a]+1)
			}
			level[i] = n
		}
		slices.SortStableFunc(part, func(a, b int32) int {
			if level[a] != level[b] {
				return int(level[a] - level[b])
			}
			return l.rank(a) - l.rank(b)
		})
		for _, i := range part {
			level[i] = 0
		}
	}
}

// rank is the place of node i among those of one level. Sines and cosines of one
// value stay side by side.
func (l *lowering) rank(i int32) int {
	op := l.nodes[i].op
	if op == doCos {
		op = doSin
	}
	return int(op)
}

// runs returns where the runs of equal steps end.
func runs(words []word) []int32 {
	var ends []int32
	for i := range words {
		if i+1 == len(words) || words[i+1].op != words[i].op {
			ends = append(ends, int32(i+1))
		}
	}
	return ends
}

// A narrow is a word of a long program, of which the run says the operation. Its
// slots are numbered with 16 bits: half the memory to read, and no index that has
// to be checked.
type narrow struct{ d, a, b, c, e uint16 }

// manySlots is how many slots a narrow can number. A Machine for a program with
// narrows has so many, half a megabyte, whatever it needs of them.
const manySlots = 1 << 16

// narrowed returns words as narrows, or nil if they need too many slots.
func narrowed(words []word, slots int) []narrow {
	if slots > manySlots {
		return nil
	}
	list := make([]narrow, len(words))
	for i, w := range words {
		list[i] = narrow{uint16(w.d), uint16(w.a), uint16(w.b), uint16(w.c), uint16(w.e)}
	}
	return list
}

// runLong executes a long program, run by run.
func (c *code) runLong(r, list []float64) {
	start := int32(0)
	if c.narrows == nil {
		for _, end := range c.ends {
			c.run(r, c.words[start:end], list)
			start = end
		}
		return
	}
	s := (*[manySlots]float64)(r)
	for _, end := range c.ends {
		part := c.narrows[start:end]
		switch step(c.words[start].op) {
		case doAdd:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] + s[w.b]
			}
		case doSub:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] - s[w.b]
			}
		case doMul:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] * s[w.b]
			}
		case doDiv:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] / s[w.b]
			}
		case doSqr:
			for i := range part {
				w := &part[i]
				v := s[w.a]
				s[w.d] = v * v
			}
		case doMulAdd:
			for i := range part {
				w := &part[i]
				s[w.d] = float64(s[w.a]*s[w.b]) + s[w.c]
			}
		case doMulSub:
			for i := range part {
				w := &part[i]
				s[w.d] = float64(s[w.a]*s[w.b]) - s[w.c]
			}
		case doSubMul:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.c] - float64(s[w.a]*s[w.b])
			}
		case doMul3:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] * s[w.b] * s[w.c]
			}
		case doAdd3:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] + s[w.b] + s[w.c]
			}
		case doMulAdd3:
			for i := range part {
				w := &part[i]
				s[w.d] = float64(s[w.a]*s[w.b]*s[w.e]) + s[w.c]
			}
		case doSubMul3:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.c] - float64(s[w.a]*s[w.b]*s[w.e])
			}
		case doMulDiff:
			for i := range part {
				w := &part[i]
				s[w.d] = (s[w.a] - s[w.b]) * s[w.c]
			}
		case doMulSum:
			for i := range part {
				w := &part[i]
				s[w.d] = (s[w.a] + s[w.b]) * s[w.c]
			}
		case doSqrDiff:
			for i := range part {
				w := &part[i]
				v := s[w.a] - s[w.b]
				s[w.d] = v * v
			}
		case doAddDiff:
			for i := range part {
				w := &part[i]
				s[w.d] = s[w.a] + (s[w.b] - s[w.c])
			}
		default:
			c.run(r, c.words[start:end], list)
		}
		start = end
	}
}
