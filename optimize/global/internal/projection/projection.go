// Package projection bounds sums of squares that are linear in some of their variables by the others
// alone: for each value of these, the best value of the linear ones solves a linear least-squares problem, so that
// the search has to divide the space of the others only (variable projection; Golub and Pereyra, SIAM J. Numer.
// Anal. 10, 1973, here with enclosures).
//
// With the residuals ρ = y(b) + Φ(b)a, any basis Ψ(b) of a space that holds the columns of Φ(b), and any c,
//
//	min over a of |ρ|² ≥ |r|² - wᵀG⁻¹w,   r = y + Ψc,  w = Ψᵀr,  G = ΨᵀΨ.
//
// No bound of a is needed, and any basis serves: over unbounded b, one divided by its greatest row, and where
// columns become equal, one with their divided difference.
package projection

import (
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// A Fit is a sum of squares Σ (w_i ρ_i)² + t, ρ_i = y_i(b) + Σ_j φ_ij(b) a_j, t a formula in b.
type Fit struct {
	Linear []int // the variables a, by their numbers
	Others []int // the variables b

	names   []string  // of the others
	weight  []float64 // w_i² is a lower bound of the factor of square i
	y, rest *basis
	columns []*column
	twins   [][2]int // variables of b that may change places
}

const (
	maxRows   = 100
	maxLinear = 10
	maxOthers = 4
)

// Read reads f as such a sum of squares, nil where it is none that has both kinds of variables; free
// tells which variables may be linear ones.
func Read(f expr.Expr, vars []string, free func(k int) bool) *Fit {
	t := simplify.New()
	f = t.Tidy(f)
	if f.Size() > form.MaxSize {
		return nil
	}
	q := &Fit{}
	var roots []expr.Expr
	rest := []expr.Expr{t.Int(0)}
	for _, e := range form.TermsOf(t, f) {
		if r, w, ok := form.AsSquare(t, e); ok {
			roots, q.weight = append(roots, r), append(q.weight, w)
		} else {
			rest = append(rest, e)
		}
	}
	more := t.Add(rest...)
	if len(roots) < 2 || len(roots) > maxRows {
		return nil
	}
	q.choose(roots, more, vars, free)
	if len(q.Linear) == 0 || len(q.Linear) > maxLinear || len(q.Others) == 0 || len(q.Others) > maxOthers || len(roots) < len(q.Linear) {
		return nil
	}
	zeros := map[string]expr.Expr{}
	for _, k := range q.Linear {
		zeros[vars[k]] = t.Int(0)
	}
	for _, k := range q.Others {
		q.names = append(q.names, vars[k])
	}
	y := make([]expr.Expr, len(roots))
	at0 := simplify.New() // what is put in the place of variables is tidied in a pool of its own
	for i, r := range roots {
		y[i] = at0.Tidy(t.Pool().Substitute(r, zeros))
	}
	if q.y = newBasis(y, q.names); q.y == nil {
		return nil
	}
	if q.rest = newBasis([]expr.Expr{more}, q.names); q.rest == nil {
		return nil
	}
	for _, k := range q.Linear {
		forms := make([]expr.Expr, len(roots))
		for i, r := range roots {
			forms[i] = simplify.Tidy(diff.D(r, vars[k]))
		}
		c := newColumn(forms, q.names)
		if c.raw == nil {
			return nil
		}
		q.columns = append(q.columns, c)
	}
	q.findConfluences()
	return q
}

// choose divides the variables: linear ones occur in no coefficient of each other.
func (q *Fit) choose(roots []expr.Expr, rest expr.Expr, vars []string, free func(k int) bool) {
	for k, x := range vars {
		linear := free(k) && !rest.Has(x) && !slices.ContainsFunc(roots, func(r expr.Expr) bool { return form.DegreeIn(r, x) > 1 || form.DegreeIn(r, x) < 0 })
		for _, r := range roots {
			if !linear {
				break
			}
			slope := diff.D(r, x)
			linear = !slope.Has(x) && !slices.ContainsFunc(q.Linear, func(j int) bool { return slope.Has(vars[j]) })
		}
		if linear {
			q.Linear = append(q.Linear, k)
		} else {
			q.Others = append(q.Others, k)
		}
	}
}
