package relax

import "math"

// A tableau is that of the simplex method with bounded variables, dense, in float64 (Chvátal,
// Linear Programming, 1983, chapters 8 and 10): the least value of cost·y under A y ≤ b and
// 0 ≤ y ≤ 1. The dual method solves it, the primal one goes on from there with another cost. With row i goes the slack variable n + i, which is not negative. What is proved rests
// on the multipliers alone, whatever rounding has done to them.
type tableau struct {
	m, n    int
	t       []float64 // m rows of n: basic[i] + Σ_j t[i,j] nonbasic[j] is constant
	value   []float64 // of the basic variables
	cost    []float64 // reduced, of the nonbasic ones
	basic   []int
	outside []int  // the nonbasic variables, by column
	upper   []bool // which of them are at 1
	work    int    // operations since it was started
}

// start sets the tableau to the basis of the slack variables, in which the structural ones are at the
// bounds that suit the cost, so that it is dual feasible.
func (s *tableau) start(a [][]float64, b, cost []float64) {
	s.m, s.n, s.work = len(a), len(cost), 0
	s.t = resize(s.t, s.m*s.n)
	s.value, s.cost = resize(s.value, s.m), append(s.cost[:0], cost...)
	s.basic, s.outside, s.upper = s.basic[:0], s.outside[:0], s.upper[:0]
	for j, c := range cost {
		s.outside, s.upper = append(s.outside, j), append(s.upper, c < 0)
	}
	for i, row := range a {
		s.basic = append(s.basic, s.n+i)
		copy(s.t[i*s.n:], row)
		s.value[i] = b[i]
		for j, c := range row {
			if s.upper[j] {
				s.value[i] -= c
			}
		}
	}
}

func resize(x []float64, n int) []float64 {
	if cap(x) < n {
		return make([]float64, n)
	}
	return x[:n]
}

const (
	feasible = 1e-9 // what a basic variable may be beyond its bounds
	tiny     = 1e-9 // of pivots
)

// run pivots until the basis is optimal, or for as many steps as given. It returns the row
// that shows that nothing satisfies the conditions, -1 for none.
func (s *tableau) run(steps int) int {
	for range steps {
		r, most := -1, feasible
		for i, v := range s.value {
			d := -v
			if s.basic[i] < s.n {
				d = math.Max(d, v-1)
			}
			if d > most {
				r, most = i, d
			}
		}
		if r < 0 {
			return -1
		}
		q, ratio := -1, math.Inf(1)
		row := s.t[r*s.n : (r+1)*s.n]
		for j, a := range row {
			if s.value[r] > 0 { // it is to fall
				a = -a
			}
			if s.upper[j] {
				a = -a
			}
			if a > -tiny {
				continue
			}
			if k := math.Abs(s.cost[j] / a); k < ratio || q >= 0 && k == ratio && -a > math.Abs(row[q]) {
				q, ratio = j, k
			}
		}
		if q < 0 {
			return r
		}
		s.pivot(r, q)
	}
	return -1
}

// pivot exchanges the basic variable of row r, which goes to the bound that it is beyond, and the
// nonbasic one of column q.
func (s *tableau) pivot(r, q int) {
	target := 0.0
	if s.value[r] > 0 {
		target = 1
	}
	s.exchange(r, q, target)
}

// exchange exchanges the basic variable of row r, which goes to the target, and the nonbasic one of column q.
func (s *tableau) exchange(r, q int, target float64) {
	s.work += 2 * s.m * s.n
	n := s.n
	row := s.t[r*n : (r+1)*n]
	at := 0.0
	if s.upper[q] {
		at = 1
	}
	p := row[q]
	step := (s.value[r] - target) / p
	theta := s.cost[q] / p
	for j := range row {
		s.cost[j] -= theta * row[j]
		row[j] /= p
	}
	s.cost[q], row[q] = -theta, 1/p
	for i := range s.m {
		if i == r {
			continue
		}
		other := s.t[i*n : (i+1)*n]
		c := other[q]
		if c == 0 {
			continue
		}
		s.value[i] -= c * step
		for j, a := range row {
			other[j] -= c * a
		}
		other[q] = -c / p
	}
	s.value[r] = at + step
	s.basic[r], s.outside[q] = s.outside[q], s.basic[r]
	s.upper[q] = target == 1
}

// price sets the reduced costs to those of another cost in the basis at hand.
func (s *tableau) price(cost []float64) {
	s.cost = resize(s.cost, s.n)
	for j, v := range s.outside {
		s.cost[j] = 0
		if v < s.n {
			s.cost[j] = cost[v]
		}
	}
	s.work += s.m
	for i, v := range s.basic {
		if v >= s.n || cost[v] == 0 {
			continue
		}
		c := cost[v]
		for j, a := range s.t[i*s.n : (i+1)*s.n] {
			s.cost[j] -= c * a
		}
		s.work += 2 * s.n
	}
}

// append adds the condition row·y ≤ b, with a slack variable in the basis.
func (s *tableau) append(row []float64, b float64) {
	at := len(s.t)
	s.t = append(s.t, make([]float64, s.n)...)
	out := s.t[at:]
	for j, v := range s.outside {
		if v < s.n {
			out[j] = row[v]
			if s.upper[j] {
				b -= row[v]
			}
		}
	}
	for i, v := range s.basic {
		if v >= s.n || row[v] == 0 {
			continue
		}
		c := row[v]
		b -= c * s.value[i]
		for j, a := range s.t[i*s.n : (i+1)*s.n] {
			out[j] -= c * a
		}
		s.work += 2 * s.n
	}
	s.basic, s.value = append(s.basic, s.n+s.m), append(s.value, b)
	s.m++
}

// improve pivots by the primal method from a basis whose point satisfies the conditions until it is optimal; false
// where it is not after as many steps as given.
func (s *tableau) improve(steps int) bool {
	for range steps {
		q, most := -1, feasible
		for j, d := range s.cost {
			if s.upper[j] {
				d = -d
			}
			if -d > most {
				q, most = j, -d
			}
		}
		s.work += s.n + s.m
		if q < 0 {
			return true
		}
		sign := 1.0 // of the change of the entering variable
		if s.upper[q] {
			sign = -1
		}
		// It goes to its other bound, unless a basic variable reaches one before.
		r, step, size := -1, math.Inf(1), 0.0
		if s.outside[q] < s.n {
			step = 1
		}
		rises := false
		for i, v := range s.value {
			a := -sign * s.t[i*s.n+q] // by which it changes
			room := v
			if a > 0 {
				if s.basic[i] >= s.n {
					continue
				}
				room = 1 - v
			}
			if math.Abs(a) < tiny {
				continue
			}
			if t := math.Max(room, 0) / math.Abs(a); t < step || t == step && math.Abs(a) > size {
				r, step, size, rises = i, t, math.Abs(a), a > 0
			}
		}
		switch {
		case math.IsInf(step, 1):
			return false
		case r < 0:
			for i := range s.value {
				s.value[i] -= sign * s.t[i*s.n+q]
			}
			s.upper[q] = !s.upper[q]
		default:
			target := 0.0
			if rises {
				target = 1
			}
			s.exchange(r, q, target)
		}
	}
	return false
}

// multipliers are those of the rows in the basis at hand, into y.
func (s *tableau) multipliers(y []float64) {
	clear(y)
	for j, v := range s.outside {
		if v >= s.n {
			y[v-s.n] = math.Max(0, s.cost[j])
		}
	}
}

// ray are multipliers of the rows with which row r says that nothing satisfies them, into y.
func (s *tableau) ray(r int, y []float64) {
	clear(y)
	sign := 1.0
	if s.value[r] > 0 {
		sign = -1
	}
	for j, v := range s.outside {
		if v >= s.n {
			y[v-s.n] = math.Max(0, sign*s.t[r*s.n+j])
		}
	}
	if v := s.basic[r]; v >= s.n {
		y[v-s.n] = math.Max(0, sign)
	}
}

// solution is the point of the basis, into x.
func (s *tableau) solution(x []float64) {
	for j, v := range s.outside {
		if v < s.n {
			x[v] = 0
			if s.upper[j] {
				x[v] = 1
			}
		}
	}
	for i, v := range s.basic {
		if v < s.n {
			x[v] = s.value[i]
		}
	}
}

// isFeasible reports whether the point of the basis satisfies the conditions, nearly.
func (s *tableau) isFeasible() bool {
	for i, v := range s.value {
		if v < -feasible || s.basic[i] < s.n && v > 1+feasible {
			return false
		}
	}
	return true
}
