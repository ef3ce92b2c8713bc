// Package quadratic holds quadratic functions with rational coefficients and their exact
// diagonal form.
package quadratic

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/rational"
)

// A Form is ½ xᵀAx + bᵀx + c with rational coefficients.
type Form struct {
	A [][]number.Number // symmetric
	B []number.Number
	C number.Number
}

// maxVariables is the number of variables up to which a quadratic is solved by
// exact elimination: n³ operations on fractions that grow like n.
const maxVariables = 120

// A Monomial is x_i*x_j, x_i (j < 0) or 1 (i < 0 and j < 0); i ≤ j where both are
// variables.
type Monomial struct{ I, J int32 }

// Of returns f as a quadratic function of vars, and false when it is
// none (as far as its tidy form shows).
func Of(f expr.Expr, vars []string) (*Form, bool) {
	if len(vars) > maxVariables {
		return nil, false
	}
	place := make(map[string]int32, len(vars))
	for i, x := range vars {
		place[x] = int32(i)
	}
	p := expr.Fold(simplify.Tidy(f), func(n expr.Expr, args []map[Monomial]number.Number) map[Monomial]number.Number {
		return Polynomial(n, args, place)
	})
	if p == nil {
		return nil, false
	}
	return FromPolynomial(p, len(vars)), true
}

// FromPolynomial returns p, a polynomial in n variables, as a quadratic.
func FromPolynomial(p map[Monomial]number.Number, n int) *Form {
	q := &Form{A: make([][]number.Number, n), B: make([]number.Number, n)}
	for i := range q.A {
		q.A[i] = make([]number.Number, n)
	}
	for m, k := range p {
		switch {
		case m.I < 0:
			q.C = k
		case m.J < 0:
			q.B[m.I] = k
		case m.I == m.J:
			q.A[m.I][m.I] = k.Add(k)
		default:
			q.A[m.I][m.J], q.A[m.J][m.I] = k, k
		}
	}
	return q
}

// Polynomial returns the node n as a polynomial of degree two or less, given
// its operands as such; nil is none.
func Polynomial(n expr.Expr, args []map[Monomial]number.Number, place map[string]int32) map[Monomial]number.Number {
	if slices.ContainsFunc(args, func(p map[Monomial]number.Number) bool { return p == nil }) {
		return nil
	}
	one := Monomial{-1, -1}
	switch n.Op() {
	case expr.Num:
		return map[Monomial]number.Number{one: n.Number()}
	case expr.Var:
		i, ok := place[n.Name()]
		if !ok {
			return nil
		}
		return map[Monomial]number.Number{{i, -1}: number.Int(1)}
	case expr.Add:
		sum := map[Monomial]number.Number{}
		for _, p := range args {
			for m, k := range p {
				if k = k.Add(sum[m]); k.Sign() == 0 {
					delete(sum, m)
				} else {
					sum[m] = k
				}
			}
		}
		return sum
	case expr.Mul:
		p := args[0]
		for _, q := range args[1:] {
			if p = multiply(p, q); p == nil {
				return nil
			}
		}
		return p
	case expr.Pow:
		if n.Arg(1).IsNum(2) {
			return multiply(args[0], args[0])
		}
	}
	return nil
}

// multiply returns p*q, nil when that is of degree three or more.
func multiply(p, q map[Monomial]number.Number) map[Monomial]number.Number {
	r := map[Monomial]number.Number{}
	for m, k := range p {
		for o, l := range q {
			var at Monomial
			switch {
			case m.I < 0:
				at = o
			case o.I < 0:
				at = m
			case m.J < 0 && o.J < 0:
				at = Monomial{min(m.I, o.I), max(m.I, o.I)}
			default:
				return nil
			}
			if v := r[at].Add(k.Mul(l)); v.Sign() == 0 {
				delete(r, at)
			} else {
				r[at] = v
			}
		}
	}
	return r
}

// A Diagonal is a quadratic in coordinates y, x = Σ y_k column_k, in which it is
// ½ Σ pivot_k y_k² + Σ slope_k y_k + c. The columns past the pivots are flat:
// A times them is 0.
type Diagonal struct {
	Columns [][]number.Number
	Pivots  []number.Number
	Down    []number.Number // a direction v with vᵀAv < 0, if there is one
}

// Diagonalise brings A to diagonal form by congruences, exactly (LDLᵀ with the
// pivot taken from the diagonal; Golub and Van Loan, Matrix Computations, 4th
// ed., section 4.2). It stops at the first direction of negative curvature.
func (q *Form) Diagonalise() Diagonal {
	n := len(q.B)
	b := make([][]number.Number, n) // EᵀAE, E being the columns
	d := Diagonal{Columns: make([][]number.Number, n)}
	for i := range b {
		b[i] = slices.Clone(q.A[i])
		d.Columns[i] = make([]number.Number, n)
		d.Columns[i][i] = number.Int(1)
	}
	for k := range n {
		pivot := -1
		for i := k; i < n; i++ {
			switch s := b[i][i].Sign(); {
			case s < 0:
				d.Down = d.Columns[i]
				return d
			case s > 0 && pivot < 0:
				pivot = i
			}
		}
		if pivot < 0 {
			d.Down = mixed(b, d.Columns, k)
			return d
		}
		b[k], b[pivot] = b[pivot], b[k]
		for i := range n {
			b[i][k], b[i][pivot] = b[i][pivot], b[i][k]
		}
		d.Columns[k], d.Columns[pivot] = d.Columns[pivot], d.Columns[k]
		d.Pivots = append(d.Pivots, b[k][k])
		for j := k + 1; j < n; j++ {
			if b[k][j].Sign() == 0 {
				continue
			}
			f, _ := b[k][j].Quo(b[k][k])
			for i := range n {
				d.Columns[j][i] = d.Columns[j][i].Sub(f.Mul(d.Columns[k][i]))
			}
			for i := k + 1; i < n; i++ {
				b[i][j] = b[i][j].Sub(f.Mul(b[i][k]))
			}
		}
		for j := k + 1; j < n; j++ {
			b[k][j], b[j][k] = number.Number{}, number.Number{}
		}
	}
	return d
}

// mixed returns a direction of negative curvature where the diagonal from k on
// is zero: x*y falls along (1, -1). It is nil when the whole block is zero.
func mixed(b, columns [][]number.Number, k int) []number.Number {
	for i := k; i < len(b); i++ {
		for j := i + 1; j < len(b); j++ {
			if s := b[i][j].Sign(); s != 0 {
				v := slices.Clone(columns[i])
				for r := range v {
					v[r] = v[r].Sub(columns[j][r].Mul(number.Int(int64(s))))
				}
				return v
			}
		}
	}
	return nil
}

// Negated returns -q.
func (q *Form) Negated() *Form {
	r := &Form{A: make([][]number.Number, len(q.A)), B: make([]number.Number, len(q.B)), C: q.C.Neg()}
	for i := range q.A {
		r.A[i] = make([]number.Number, len(q.A))
		r.B[i] = q.B[i].Neg()
		for j := range q.A {
			r.A[i][j] = q.A[i][j].Neg()
		}
	}
	return r
}

// Curved reports whether q has terms of degree two.
func (q *Form) Curved() bool {
	for _, row := range q.A {
		if slices.ContainsFunc(row, func(v number.Number) bool { return v.Sign() != 0 }) {
			return true
		}
	}
	return false
}

// Extend makes q a function of n variables, the first of which it has.
func (q *Form) Extend(n int) {
	for i := range q.A {
		q.A[i] = append(q.A[i], make([]number.Number, n-len(q.A[i]))...)
	}
	for len(q.A) < n {
		q.A, q.B = append(q.A, make([]number.Number, n)), append(q.B, number.Number{})
	}
}

// At returns q(x).
func (q *Form) At(x []number.Number) number.Number {
	v := q.C
	for i := range x {
		v = v.Add(x[i].Mul(q.B[i].Add(rational.Dot(q.A[i], x).Mul(number.Frac(1, 2)))))
	}
	return v
}

// Least returns the least value of q over the whole space, false where there is none.
func (q *Form) Least() (number.Number, bool) {
	d := q.Diagonalise()
	if d.Down != nil {
		return number.Number{}, false
	}
	least := q.C
	for k, v := range d.Columns {
		slope := rational.Dot(q.B, v)
		if k < len(d.Pivots) { // min of ½ p y² + s y is -s²/(2p)
			t, _ := slope.Mul(slope).Quo(d.Pivots[k].Add(d.Pivots[k]))
			least = least.Sub(t)
		} else if slope.Sign() != 0 {
			return number.Number{}, false
		}
	}
	return least, true
}
