package groebner

import (
	"math/big"
	"slices"

	"nabla/expr/number"
)

// A Quotient is the vector space of the polynomials modulo a system that has finitely many
// solutions.
type Quotient struct {
	b        *Basis
	standard []monomial // its basis, in rising order
	place    map[monomial]int
	// times holds for each variable and standard monomial their product.
	times [][]vector
}

// A vector is an element of the space: the coordinates that are not 0.
type vector []entry

type entry struct {
	i int
	c *big.Rat
}

// Quotient returns the space, where its dimension is at most most: the number of the complex
// solutions, each counted as often as it is one.
func (b *Basis) Quotient(most int) (*Quotient, bool) {
	q := &Quotient{b: b, place: map[monomial]int{}}
	for i := range b.n { // finite where a power of each variable is a leading term
		if !slices.ContainsFunc(b.polys, func(g polynomial) bool { return g[0].m == 0 || g[0].m>>56 == monomial(g[0].m.exponent(i)) }) {
			return nil, false
		}
	}
	for next := []monomial{0}; len(next) > 0; next = next[1:] {
		m := next[0]
		if slices.Contains(q.standard, m) || slices.ContainsFunc(b.polys, func(g polynomial) bool { return g[0].m.divides(m) }) {
			continue
		}
		if q.standard = append(q.standard, m); len(q.standard) > most {
			return nil, false
		}
		for i := range b.n {
			next = append(next, m+variable(i))
		}
	}
	slices.SortFunc(q.standard, monomial.compare)
	for i, m := range q.standard {
		q.place[m] = i
	}
	return q, q.multiply()
}

// multiply fills in the products, in rising order, so that each rests on smaller ones.
func (q *Quotient) multiply() bool {
	type product struct {
		m    monomial
		x, i int
	}
	var list []product
	q.times = make([][]vector, q.b.n)
	for x := range q.b.n {
		q.times[x] = make([]vector, len(q.standard))
		for i, m := range q.standard {
			list = append(list, product{m + variable(x), x, i})
		}
	}
	slices.SortStableFunc(list, func(a, b product) int { return a.m.compare(b.m) })
	known := map[monomial]vector{}
	for _, p := range list {
		v, ok := known[p.m]
		if !ok {
			if v, ok = q.normal(p.m, known); !ok {
				return false
			}
			known[p.m] = v
		}
		q.times[p.x][p.i] = v
	}
	return true
}

// normal is the monomial m, a standard one or a variable times one, as a vector.
func (q *Quotient) normal(m monomial, known map[monomial]vector) (vector, bool) {
	if i, ok := q.place[m]; ok {
		return vector{{i, big.NewRat(1, 1)}}, true
	}
	for _, g := range q.b.polys {
		if g[0].m != m {
			continue
		}
		var v vector
		for _, t := range slices.Backward(g.own()[1:]) {
			v = append(v, entry{q.place[t.m], new(big.Rat).SetFrac(new(big.Int).Neg(t.c), g[0].c)})
		}
		return v, true
	}
	for x := range q.b.n {
		if m.exponent(x) == 0 {
			continue
		}
		if v, ok := known[m-variable(x)]; ok { // not standard, or m were a leading term
			if _, standard := q.place[m-variable(x)]; !standard {
				return q.product(x, v)
			}
		}
	}
	return nil, false
}

// product is x_i v; ok is false where the work is too much.
func (q *Quotient) product(i int, v vector) (vector, bool) {
	dense := make([]*big.Rat, len(q.standard))
	for _, e := range v {
		for _, f := range q.times[i][e.i] {
			if dense[f.i] == nil {
				dense[f.i] = new(big.Rat)
			}
			p := new(big.Rat).Mul(e.c, f.c)
			dense[f.i].Add(dense[f.i], p)
			q.b.work -= 4 * cost(p.Num())
		}
	}
	var out vector
	for k, c := range dense {
		if c != nil && c.Sign() != 0 {
			out = append(out, entry{k, c})
		}
	}
	return out, q.b.work >= 0
}

// Alone returns the coefficients, the constant one first, of the polynomial of the lowest degree in
// variable i alone that is 0 wherever all polynomials of the system are.
func (q *Quotient) Alone(i int) ([]number.Number, bool) {
	// rows are powers of x_i less multiples of lower ones, so that each has a coordinate, its pivot,
	// that the later ones have not; of holds what they are in powers.
	type row struct {
		at    []*big.Rat
		pivot int
		of    []*big.Rat
	}
	var rows []row
	power, ok := vector{{0, big.NewRat(1, 1)}}, true
	if len(q.standard) == 0 { // no solutions: 1 = 0
		return []number.Number{number.Int(1)}, true
	}
	for {
		r := row{at: make([]*big.Rat, len(q.standard)), pivot: -1, of: make([]*big.Rat, len(rows)+1)}
		for k := range r.at {
			r.at[k] = new(big.Rat)
		}
		for _, e := range power {
			r.at[e.i].Set(e.c)
		}
		for k := range r.of {
			r.of[k] = new(big.Rat)
		}
		r.of[len(rows)].SetInt64(1)
		for _, s := range rows {
			c := r.at[s.pivot]
			if c.Sign() == 0 {
				continue
			}
			c = new(big.Rat).Quo(c, s.at[s.pivot])
			less := func(a, b []*big.Rat) {
				for k := range b {
					if b[k].Sign() != 0 {
						p := new(big.Rat).Mul(c, b[k])
						a[k].Sub(a[k], p)
						q.b.work -= 4 * cost(p.Num())
					}
				}
			}
			less(r.at, s.at)
			less(r.of, s.of)
			if q.b.work < 0 {
				return nil, false
			}
		}
		if r.pivot = slices.IndexFunc(r.at, func(c *big.Rat) bool { return c.Sign() != 0 }); r.pivot < 0 {
			out := make([]number.Number, len(r.of))
			for k, c := range r.of {
				out[k] = number.FromRat(c)
			}
			return out, true
		}
		rows = append(rows, r)
		if power, ok = q.product(i, power); !ok {
			return nil, false
		}
	}
}
