package prove

import (
	"cmp"
	"slices"
)

// Packed polynomials do the heavy work: multiplying out, dividing, greatest
// common divisors. The exponents of a term are bit fields of one key, wide
// enough for every exponent that can occur, so that multiplying terms is
// adding keys.

// A key holds the exponents of a term.
type key [3]uint64

func (a key) add(b key) key { return key{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func (a key) sub(b key) key { return key{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

// compareKeys is the lexicographic order of the fields, from the last word and
// the high bits down: a monomial order, as no field overflows.
func compareKeys(a, b key) int {
	if a[2] != b[2] {
		return cmp.Compare(a[2], b[2])
	}
	if a[1] != b[1] {
		return cmp.Compare(a[1], b[1])
	}
	return cmp.Compare(a[0], b[0])
}

func (a key) hash() uint64 {
	h := a[0]*0x9E3779B97F4A7C15 ^ a[1]*0xC2B2AE3D27D4EB4F ^ a[2]*0xD6E8FEB86659FD93
	return h ^ h>>32
}

// A field is the place of the exponents of a kernel, in units of 1/scale, above
// low (an exponent that is negative as it stands is counted from there).
type field struct {
	k     kernel
	word  uint8
	off   uint8
	bits  uint8
	scale int64
	low   ratio
}

func (f *field) get(a key) uint64 { return a[f.word] >> f.off & (1<<f.bits - 1) }

// unit returns the key of the field's exponent n, which may be negative in a
// key that is to be added to another.
func (f *field) unit(n int64) key {
	var a key
	a[f.word] = uint64(n) << f.off
	return a
}

// A packedTerm is c times the product that k encodes.
type packedTerm struct {
	k key
	c integer
}

// A packed polynomial has distinct keys, in no order unless sorted.
type packed []packedTerm

// degree returns the highest exponent in f.
func (p packed) degree(f *field) uint64 {
	d := uint64(0)
	for _, t := range p {
		d = max(d, f.get(t.k))
	}
	return d
}

func (p packed) sorted() packed {
	slices.SortFunc(p, func(a, b packedTerm) int { return compareKeys(b.k, a.k) })
	return p
}

// An accumulator adds up terms by their keys: a hash table with open
// addressing, used again and again.
type accumulator struct {
	slots []int32 // place in terms plus one
	terms packed
}

// reset empties a for about n terms.
func (a *accumulator) reset(n int) {
	size := 64
	for size < 2*n && size < 1<<16 {
		size *= 2
	}
	if len(a.slots) < size {
		a.slots = make([]int32, size)
	} else {
		clear(a.slots)
	}
	a.terms = a.terms[:0]
}

func (a *accumulator) add(k key, c integer) {
	mask := uint64(len(a.slots) - 1)
	i := k.hash() & mask
	for ; a.slots[i] != 0; i = (i + 1) & mask {
		if t := &a.terms[a.slots[i]-1]; t.k == k {
			t.c = t.c.add(c)
			return
		}
	}
	a.terms = append(a.terms, packedTerm{k, c})
	a.slots[i] = int32(len(a.terms))
	if 2*len(a.terms) > len(a.slots) {
		a.grow()
	}
}

func (a *accumulator) grow() {
	a.slots = make([]int32, 2*len(a.slots))
	mask := uint64(len(a.slots) - 1)
	for n, t := range a.terms {
		i := t.k.hash() & mask
		for a.slots[i] != 0 {
			i = (i + 1) & mask
		}
		a.slots[i] = int32(n + 1)
	}
}

// take returns the terms that are not 0.
func (a *accumulator) take() packed {
	n := 0
	for _, t := range a.terms {
		if !t.c.isZero() {
			n++
		}
	}
	out := make(packed, 0, n)
	for _, t := range a.terms {
		if !t.c.isZero() {
			out = append(out, t)
		}
	}
	return out
}

// multiply returns p·q.
func (r *ring) multiply(p, q packed) packed {
	r.spend(len(p) * len(q))
	if len(p) == 1 || len(q) == 1 {
		if len(p) == 1 {
			p, q = q, p
		}
		out := make(packed, len(p))
		if len(q) == 0 {
			return nil
		}
		for i, t := range p {
			out[i] = packedTerm{t.k.add(q[0].k), t.c.mul(q[0].c)}
		}
		return out
	}
	acc := &r.table
	acc.reset(len(p) + len(q))
	for _, a := range q {
		for _, b := range p {
			acc.add(a.k.add(b.k), a.c.mul(b.c))
		}
	}
	return acc.take()
}

// power returns pⁿ by repeated squaring.
func (r *ring) packedPower(p packed, n int) packed {
	out := packed{{c: integer{s: 1}}}
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			out = r.multiply(out, p)
		}
		if n > 1 {
			p = r.multiply(p, p)
		}
	}
	return out
}

// add returns p + q.
func (r *ring) addPacked(p, q packed) packed {
	if len(p) == 0 {
		return q
	}
	if len(q) == 0 {
		return p
	}
	r.spend(len(p) + len(q))
	acc := &r.table
	acc.reset(len(p) + len(q))
	for _, t := range p {
		acc.add(t.k, t.c)
	}
	for _, t := range q {
		acc.add(t.k, t.c)
	}
	return acc.take()
}

// divide returns p/q when the division leaves no remainder. Both are sorted,
// q is not 0, and so is the answer.
func (r *ring) divide(p, q packed, fields []field) (packed, bool) {
	// Degrees add up in every field, so the quotient has no room beyond these.
	room := make([]uint64, len(fields))
	for i := range fields {
		m, n := p.degree(&fields[i]), q.degree(&fields[i])
		if m < n {
			return nil, false
		}
		room[i] = m - n
	}
	var out packed
	rem := slices.Clone(p)
	var next packed
	for len(rem) > 0 {
		r.spend((len(rem) + len(q)) * (1 + rem[0].c.bits()/512))
		for i := range fields {
			m, n := fields[i].get(rem[0].k), fields[i].get(q[0].k)
			if m < n || m-n > room[i] {
				return nil, false
			}
		}
		c, ok := rem[0].c.quo(q[0].c)
		if !ok {
			return nil, false
		}
		k := rem[0].k.sub(q[0].k)
		out = append(out, packedTerm{k, c})
		c = c.neg()
		next = next[:0]
		i, j := 1, 1
		for i < len(rem) || j < len(q) {
			if j == len(q) {
				next = append(next, rem[i:]...)
				break
			}
			t := packedTerm{q[j].k.add(k), q[j].c.mul(c)}
			if i == len(rem) {
				next = append(next, t)
				j++
				continue
			}
			switch d := compareKeys(rem[i].k, t.k); {
			case d > 0:
				next = append(next, rem[i])
				i++
			case d < 0:
				next = append(next, t)
				j++
			default:
				if t.c = t.c.add(rem[i].c); !t.c.isZero() {
					next = append(next, t)
				}
				i, j = i+1, j+1
			}
		}
		rem, next = next, rem
	}
	return out, true
}
