package sos

import (
	"math/bits"
	"slices"
)

// upTo lists the monomials in n variables of degree low to high, in order.
func upTo(n, low, high int) []Monomial {
	var list []Monomial
	var fill func(m []byte, i, left int)
	fill = func(m []byte, i, left int) {
		if i == n {
			if d := Monomial(m).Degree(); d >= low {
				list = append(list, Monomial(m))
			}
			return
		}
		for e := 0; e <= left; e++ {
			m[i] = byte(e)
			fill(m, i+1, left-e)
		}
		m[i] = 0
	}
	fill(make([]byte, n), 0, high)
	slices.SortFunc(list, Monomial.compare)
	return list
}

// half returns the monomials that squares can hold whose sum has no other monomials
// than those of support: twice a monomial is in the support, or is the product of two
// others (Löfberg, Pre- and post-processing sum-of-squares programs in practice, 2009).
// What is left lies in half the Newton polytope.
func half(n int, support map[Monomial]bool) []Monomial {
	low, high := 1<<30, 0
	most := make([]int, n)
	for m := range support {
		d := m.Degree()
		low, high = min(low, d), max(high, d)
		for i := range n {
			most[i] = max(most[i], int(m[i]))
		}
	}
	list := slices.DeleteFunc(upTo(n, (low+1)/2, high/2), func(m Monomial) bool {
		for i := range n {
			if 2*int(m[i]) > most[i] {
				return true
			}
		}
		return false
	})
	for {
		products := map[Monomial]bool{}
		for i, m := range list {
			for _, o := range list[:i] {
				products[m.times(o)] = true
			}
		}
		before := len(list)
		list = slices.DeleteFunc(list, func(m Monomial) bool {
			d := m.times(m)
			return !support[d] && !products[d]
		})
		if len(list) == before {
			return list
		}
	}
}

// A parity is the set of variables with an odd exponent.
type parity uint16

func (m Monomial) parity() parity {
	p := parity(0)
	for i := range len(m) {
		p |= parity(m[i]&1) << i
	}
	return p
}

// parities is a space of parities over the field of two elements, as a basis in which
// the highest bit of each is in no other. A change of signs of variables that leaves
// all monomials of these parities as they are makes a Gram matrix block diagonal: a
// block holds the monomials that are equal modulo the space.
type parities []parity

func (s parities) reduce(p parity) parity {
	for _, b := range s {
		if p&(1<<(bits.Len16(uint16(b))-1)) != 0 {
			p ^= b
		}
	}
	return p
}

func (s parities) with(p parity) parities {
	if p = s.reduce(p); p == 0 {
		return s
	}
	top := parity(1) << (bits.Len16(uint16(p)) - 1)
	for i, b := range s {
		if b&top != 0 {
			s[i] ^= p
		}
	}
	return append(s, p)
}

// classes groups the monomials.
func (s parities) classes(list []Monomial) [][]Monomial {
	var keys []parity
	groups := map[parity][]Monomial{}
	for _, m := range list {
		k := s.reduce(m.parity())
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], m)
	}
	out := make([][]Monomial, len(keys))
	for i, k := range keys {
		out[i] = groups[k]
	}
	return out
}
