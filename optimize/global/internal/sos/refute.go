package sos

import (
	"math/big"

	"nabla/expr/number"
)

// Refute looks for polynomials c_i with Σ c_i l_i = 1, l_i being the rows of Qz of all
// blocks of a proof without conditions, in their order: then no point has the value Gamma,
// as all squares would vanish there, and with them all of Qz (Hilbert's Nullstellensatz).
func (p *Problem) Refute(proof *Proof) ([]Polynomial, bool) {
	var list []Polynomial
	high := 0
	for _, b := range proof.Blocks {
		for i := range b.Basis {
			l := b.Row(i)
			list = append(list, l)
			high = max(high, l.Degree())
		}
	}
	for extra := 0; extra <= 2; extra++ {
		if c, ok := combine(p.N, Constant(p.N, big.NewRat(1, 1)), list, high+extra); ok {
			return c, true
		}
	}
	return nil, false
}

// combine looks for polynomials c_i with Σ c_i l_i = target, all terms of which have at
// most the given degree.
func combine(n int, target Polynomial, list []Polynomial, degree int) ([]Polynomial, bool) {
	at := map[Monomial]map[int]number.Number{}
	for m := range target {
		at[m] = map[int]number.Number{}
	}
	type place struct {
		i int
		m Monomial
	}
	var cols []place
	for i, l := range list {
		if len(l) == 0 || l.Degree() > degree {
			continue
		}
		for _, m := range upTo(n, 0, degree-l.Degree()) {
			for o, c := range l {
				k := o.times(m)
				if at[k] == nil {
					at[k] = map[int]number.Number{}
				}
				at[k][len(cols)] = number.FromRat(c)
			}
			cols = append(cols, place{i, m})
		}
	}
	if len(cols) > maxUnknowns/4 {
		return nil, false
	}
	keys := Polynomial{}
	for m := range at {
		keys[m] = big.NewRat(1, 1)
	}
	var rows []row
	for _, m := range keys.Monomials() {
		r := row{a: at[m]}
		if c := target[m]; c != nil {
			r.b = number.FromRat(c)
		}
		rows = append(rows, r)
	}
	s, ok := solve(rows, len(cols))
	if !ok {
		return nil, false
	}
	u := make([]number.Number, len(cols))
	s.complete(u)
	out := make([]Polynomial, len(list))
	sum := Polynomial{}
	for i := range out {
		out[i] = Polynomial{}
	}
	for k, c := range cols {
		out[c.i].plus(c.m, u[k].Rat())
	}
	for i := range out {
		sum = sum.Add(out[i].Mul(list[i]))
	}
	return out, sum.equal(target)
}

// Row is entry i of Qz.
func (b *Block) Row(i int) Polynomial {
	l := Polynomial{}
	for j, z := range b.Basis {
		l = l.Add(z.Scale(b.Gram[i][j]))
	}
	return l
}
