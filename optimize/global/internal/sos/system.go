package sos

import (
	"maps"
	"slices"

	"nabla/expr/number"
)

// A row is the equation Σ a_c u_c = b in the unknowns u.
type row struct {
	a map[int]number.Number
	b number.Number
}

func (r row) clone() row { return row{maps.Clone(r.a), r.b} }

// minus subtracts f times the row q.
func (r *row) minus(q row, f number.Number) {
	for c, v := range q.a {
		if v = r.a[c].Sub(f.Mul(v)); v.Sign() == 0 {
			delete(r.a, c)
		} else {
			r.a[c] = v
		}
	}
	r.b = r.b.Sub(f.Mul(q.b))
}

// A system is a solved system of linear equations: in pivot row k, the unknown
// pivots[k] has the coefficient 1 and is in no other row, so that the unknowns that
// are no pivots can be chosen.
type system struct {
	rows   []row
	pivots []int
	// core holds the equations that are left, and are independent, when the first
	// unknowns have been eliminated.
	core []row
}

// solve brings the equations to that form by the method of Gauss and Jordan. The
// unknowns from first on are free in sign and are eliminated first. ok is false where
// the equations contradict each other.
func solve(rows []row, first int) (s *system, ok bool) {
	s = &system{}
	left := make([]row, 0, len(rows))
	for _, r := range rows {
		left = append(left, r.clone())
	}
	// The free unknowns, each by the shortest equation that holds it.
	var free []int
	for _, r := range left {
		for c := range r.a {
			if c >= first && !slices.Contains(free, c) {
				free = append(free, c)
			}
		}
	}
	slices.Sort(free)
	for _, c := range free {
		best := -1
		for i, r := range left {
			if r.a[c].Sign() != 0 && (best < 0 || len(r.a) < len(left[best].a)) {
				best = i
			}
		}
		if best >= 0 {
			left = s.pivot(left, best, c)
		}
	}
	// The others: the shortest equation, by its unknown that is in the fewest.
	core := make([]row, len(left))
	for i, r := range left {
		core[i] = r.clone()
	}
	origin := make([]int, len(left))
	count := map[int]int{}
	for i, r := range left {
		origin[i] = i
		for c := range r.a {
			count[c]++
		}
	}
	for len(left) > 0 {
		best := 0
		for i, r := range left {
			if len(r.a) < len(left[best].a) {
				best = i
			}
		}
		if len(left[best].a) == 0 {
			if left[best].b.Sign() != 0 {
				return nil, false
			}
			left = slices.Delete(left, best, best+1)
			origin = slices.Delete(origin, best, best+1)
			continue
		}
		at := -1
		for c := range left[best].a {
			if at < 0 || count[c] < count[at] || count[c] == count[at] && c > at {
				at = c
			}
		}
		s.core = append(s.core, core[origin[best]])
		left = s.pivot(left, best, at)
		origin = slices.Delete(origin, best, best+1)
	}
	return s, true
}

// pivot takes equation i out of left and solves it for the unknown c.
func (s *system) pivot(left []row, i, c int) []row {
	r := left[i]
	left = slices.Delete(left, i, i+1)
	inv, _ := r.a[c].Inv()
	for k, v := range r.a {
		r.a[k] = v.Mul(inv)
	}
	r.b = r.b.Mul(inv)
	for _, list := range [][]row{s.rows, left} {
		for k := range list {
			if f := list[k].a[c]; f.Sign() != 0 {
				list[k].minus(r, f)
			}
		}
	}
	s.rows, s.pivots = append(s.rows, r), append(s.pivots, c)
	return left
}

// complete fills in the pivots, given the other unknowns.
func (s *system) complete(u []number.Number) {
	for k, p := range s.pivots {
		v := s.rows[k].b
		for c, a := range s.rows[k].a {
			if c != p {
				v = v.Sub(a.Mul(u[c]))
			}
		}
		u[p] = v
	}
}
