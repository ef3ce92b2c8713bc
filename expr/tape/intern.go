package tape

// An intern finds the number of an equal thing among those numbered so far:
// open addressing, holding number+1, at most two thirds full.
type intern struct {
	slots []int32
	n     int
}

// find returns the number of the thing with that hash for which equal holds, or
// -1 and enters next, which must then be the number given to the thing.
func (t *intern) find(h uint64, next int32, equal func(int32) bool, hash func(int32) uint64) int32 {
	if 3*(t.n+1) > 2*len(t.slots) {
		t.resize(max(64, 2*len(t.slots)), hash)
	}
	mask := uint64(len(t.slots) - 1)
	for s := h & mask; ; s = (s + 1) & mask {
		i := t.slots[s]
		if i == 0 {
			t.slots[s] = next + 1
			t.n++
			return -1
		}
		if equal(i - 1) {
			return i - 1
		}
	}
}

// reserve makes room for n more things.
func (t *intern) reserve(n int, hash func(int32) uint64) {
	size := max(64, len(t.slots))
	for 2*size < 3*(t.n+n) {
		size *= 2
	}
	if size > len(t.slots) {
		t.resize(size, hash)
	}
}

// resize gives the table another size, a power of two; hashes are computed again
// rather than stored.
func (t *intern) resize(size int, hash func(int32) uint64) {
	old := t.slots
	t.slots = make([]int32, size)
	mask := uint64(len(t.slots) - 1)
	for _, i := range old {
		if i == 0 {
			continue
		}
		s := hash(i-1) & mask
		for t.slots[s] != 0 {
			s = (s + 1) & mask
		}
		t.slots[s] = i
	}
}

func mix(h, x uint64) uint64 {
	h = (h ^ x) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}
