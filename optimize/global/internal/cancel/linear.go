package cancel

import (
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// maxColumns is the number of unknowns up to which linear rows are solved.
const maxColumns = 6

// maxSolved is the number of choices of rows that are solved.
const maxSolved = 300

// linear bounds the unknowns of rows with constant coefficients: by each choice of as many rows as
// there are unknowns.
func (s *System) linear(cols []column, rows []row) bool {
	n := len(cols)
	if n == 0 || n > maxColumns || n > len(rows) {
		return false
	}
	h := make([][]interval.I, len(rows))
	for i := range rows {
		for _, c := range cols {
			v, ok := tape.EncloseConstant(s.x.sum(c.h[i]))
			if !ok {
				return false
			}
			h[i] = append(h[i], v)
		}
	}
	choice := make([]int, n)
	for i := range choice {
		choice[i] = i
	}
	some := false
	for range maxSolved {
		if u := solved(h, rows, choice); u != nil {
			some = true
			for j, c := range cols {
				if c.u.Op() == expr.Var {
					k := slices.Index(s.Vars, c.u.Name())
					s.Box[k] = s.Box[k].Meet(u[j])
				}
			}
		}
		if !next(choice, len(rows)) {
			break
		}
	}
	return some
}

// next advances an increasing choice of numbers below n, false after the last.
func next(choice []int, n int) bool {
	k := len(choice)
	for i := k - 1; i >= 0; i-- {
		if choice[i] < n-k+i {
			choice[i]++
			for j := i + 1; j < k; j++ {
				choice[j] = choice[j-1] + 1
			}
			return true
		}
	}
	return false
}

// solved encloses the solution of the chosen rows by Gaussian elimination with intervals, nil where
// that divides by 0.
func solved(h [][]interval.I, rows []row, choice []int) []interval.I {
	n := len(choice)
	a := make([][]interval.I, n)
	for p, i := range choice {
		a[p] = append(slices.Clone(h[i]), rows[i].in)
	}
	for p := range n {
		best := p
		for q := p + 1; q < n; q++ {
			if a[q][p].Mig() > a[best][p].Mig() {
				best = q
			}
		}
		a[p], a[best] = a[best], a[p]
		if a[p][p].Has(0) {
			return nil
		}
		for q := p + 1; q < n; q++ {
			k := a[q][p].Div(a[p][p])
			for j := p; j <= n; j++ {
				a[q][j] = a[q][j].Sub(k.Mul(a[p][j]))
			}
		}
	}
	u := make([]interval.I, n)
	for p := n - 1; p >= 0; p-- {
		v := a[p][n]
		for j := p + 1; j < n; j++ {
			v = v.Sub(a[p][j].Mul(u[j]))
		}
		u[p] = v.Div(a[p][p])
	}
	return u
}
