package diff

import (
	"slices"

	"nabla/expr"
)

// An Entry is an entry of a Hessian that is not 0 everywhere, with Row ≥ Col.
type Entry struct {
	Row, Col int
	Expr     expr.Expr
}

// Hessian returns the second partial derivatives of e by vars, tidy, in one
// Pool, as the entries of the lower triangle that are not identically 0 (as far
// as the tidy form shows), in the order of rows. The cost follows the entries
// and not the square of the variables: the Hessian of the chained Rosenbrock
// function of n variables has 2n-1 of them.
func Hessian(e expr.Expr, vars []string) []Entry {
	s := newSweep(e)
	defer s.free()
	column := make(map[string]int, len(vars))
	for i, x := range vars {
		column[x] = i
	}
	var out []Entry
	var cols []int
	var rows []string
	s.w.Reset(s.root)
	for i, g := range s.gradient(vars) {
		cols, rows = cols[:0], rows[:0]
		s.w.Reset(g)
		for _, n := range s.w.Each() {
			if n.Op() == expr.Var {
				if j, ok := column[n.Name()]; ok && j <= i {
					cols = append(cols, j)
				}
			}
		}
		slices.Sort(cols)
		for _, j := range cols {
			rows = append(rows, vars[j])
		}
		for k, h := range s.gradient(rows) {
			if !h.IsNum(0) {
				out = append(out, Entry{i, cols[k], h})
			}
		}
	}
	return out
}

// Dense returns a Hessian of n variables as a full symmetric matrix.
func Dense(entries []Entry, n int) [][]expr.Expr {
	zero := expr.NewPool().Int(0)
	if len(entries) > 0 {
		zero = entries[0].Expr.Pool().Int(0)
	}
	h := make([][]expr.Expr, n)
	for i := range h {
		h[i] = slices.Repeat([]expr.Expr{zero}, n)
	}
	for _, e := range entries {
		h[e.Row][e.Col], h[e.Col][e.Row] = e.Expr, e.Expr
	}
	return h
}

// Directional returns the derivative of e along the direction v, a number or
// formula for each of vars: the sum of v_i times the partial derivative by
// vars[i]. v is not normalised.
func Directional(e expr.Expr, vars []string, v []expr.Expr) expr.Expr {
	s := newSweep(e)
	defer s.free()
	s.w.Reset(s.root)
	terms := make([]expr.Expr, len(vars))
	for i, g := range s.gradient(vars) {
		terms[i] = s.t.Mul(s.t.Tidy(v[i]), g)
	}
	return s.t.Sum(terms...)
}
