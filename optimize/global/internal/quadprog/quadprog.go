// Package quadprog solves convex quadratic programs, linear ones among them, in exact
// rational arithmetic.
package quadprog

import (
	"context"
	"slices"

	"nabla/expr/number"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/rational"
)

// A Program asks for the least value of ½ xᵀHx + cᵀx under linear conditions on x.
type Program struct {
	H    [][]number.Number // symmetric and positive semidefinite; nil for a linear program
	C    []number.Number
	Rows []Row
}

// A Row is the condition a·x ≤ b, or a·x = b.
type Row struct {
	A     []number.Number
	B     number.Number
	Equal bool
}

// Slope returns the gradient Hx + c.
func (p *Program) Slope(x []number.Number) []number.Number {
	g := make([]number.Number, len(x))
	for i := range g {
		g[i] = p.C[i]
		if p.H != nil {
			g[i] = g[i].Add(rational.Dot(p.H[i], x))
		}
	}
	return g
}

// Solve returns a minimiser x and multipliers y of the rows, which prove it: Hx + c +
// Aᵀy = 0, y ≥ 0 for inequalities, and y = 0 for those that are not active. ok is
// false where there are none, because no x satisfies the rows or the values fall
// without end, and when ctx ends the search.
//
// The conditions of Karush, Kuhn and Tucker are a linear complementarity problem,
//
//	w = q + Mz, M = [H Aᵀ; -A 0], w_i z_i = 0,
//
// solved by Lemke's method (Cottle, Pang and Stone, The Linear Complementarity Problem,
// 1992, algorithm 4.4.1), for which there is a solution unless it ends in a ray.
// Should it cycle, the criss-cross method with the rule of least indices, which is
// slower but cannot, takes its place (den Hertog, Roos and Terlaky, The linear
// complementarity problem, sufficient matrices, and the criss-cross method, Linear
// Algebra and its Applications 187, 1993). Variables without a sign, those of x and the
// multipliers of equations, are eliminated before.
func (p *Program) Solve(ctx context.Context) (x, y []number.Number, ok bool) {
	n := len(p.C)
	t := p.tableau()
	if !t.eliminate(ctx) {
		return nil, nil, false
	}
	z, end := t.lemke(ctx)
	if end == cycles {
		t = p.tableau()
		if !t.eliminate(ctx) || !t.crissCross(ctx) {
			return nil, nil, false
		}
		z, end = t.values(), solved
	}
	if end != solved {
		return nil, nil, false
	}
	x, y = z[:n], z[n:]
	return x, y, p.Optimal(x, y)
}

// Optimal reports whether x and y satisfy the conditions that Solve names.
func (p *Program) Optimal(x, y []number.Number) bool {
	g := p.Slope(x)
	for k, r := range p.Rows {
		rest := r.B.Sub(rational.Dot(r.A, x)).Sign()
		if rest < 0 || r.Equal && rest != 0 || !r.Equal && (y[k].Sign() < 0 || rest > 0 && y[k].Sign() != 0) {
			return false
		}
		if y[k].Sign() == 0 {
			continue
		}
		for i, a := range r.A {
			if a.Sign() != 0 {
				g[i] = g[i].Add(a.Mul(y[k]))
			}
		}
	}
	for _, v := range g {
		if v.Sign() != 0 {
			return false
		}
	}
	return true
}

// A tableau expresses one variable of each complementary pair (w_i, z_i) by those of
// the others that are 0:
//
//	basic_i = q_i + Σ_j t_ij nonbasic_j.
type tableau struct {
	q    []number.Number
	t    [][]number.Number
	z    []bool // the basic variable of the pair is z_i
	free []bool // z_i has no sign, and w_i is 0
	gone []bool // the nonbasic variable of the pair is 0 for good
}

func (p *Program) tableau() *tableau {
	n, k := len(p.C), len(p.C)+len(p.Rows)
	t := &tableau{q: make([]number.Number, k), t: make([][]number.Number, k), z: make([]bool, k), free: make([]bool, k), gone: make([]bool, k)}
	for i := range t.t {
		t.t[i] = make([]number.Number, k)
	}
	for i := range n {
		t.free[i], t.q[i] = true, p.C[i]
		if p.H != nil {
			copy(t.t[i], p.H[i])
		}
	}
	for r, row := range p.Rows {
		t.free[n+r], t.q[n+r] = row.Equal, row.B
		for i, a := range row.A {
			t.t[n+r][i], t.t[i][n+r] = a.Neg(), a
		}
	}
	return t
}

// eliminate makes the variables without a sign basic; false says that their equation
// cannot be satisfied.
func (t *tableau) eliminate(ctx context.Context) bool {
	for {
		// The pairs with the fewest entries first: bounds keep the tableau sparse.
		at, with, fewest := -1, -1, 0
		for i := range t.q {
			if !t.free[i] || t.gone[i] {
				continue
			}
			k, entries := t.partner(i)
			if k < 0 {
				if t.q[i].Sign() != 0 {
					return false
				}
				t.gone[i] = true // any value will do
				continue
			}
			if at < 0 || entries < fewest {
				at, with, fewest = i, k, entries
			}
		}
		if at < 0 {
			return true
		}
		if t.charge(ctx); ctx.Err() != nil {
			return false
		}
		t.exchange(at, with)
		t.gone[at] = true
		t.gone[with] = t.gone[with] || t.free[with] && with != at
	}
}

// partner returns the pair with which pair i is best exchanged, i itself for a pivot
// on the diagonal, and how many entries the rows have; -1 where the row is 0.
func (t *tableau) partner(i int) (k, entries int) {
	k = -1
	for j := range t.q {
		if t.gone[j] || t.t[i][j].Sign() == 0 {
			continue
		}
		if j != i && t.t[i][i].Sign() != 0 && (t.free[j] || t.t[j][j].Sign() != 0 || t.entries(j) > 1) {
			continue // the diagonal is as good, unless a bound is at hand
		}
		if c := t.entries(j); k < 0 || c < entries {
			k, entries = j, c
		}
	}
	return k, entries
}

func (t *tableau) entries(i int) int {
	n := 0
	for j, v := range t.t[i] {
		if !t.gone[j] && v.Sign() != 0 {
			n++
		}
	}
	return n
}

// charge charges the work of a pivot.
func (t *tableau) charge(ctx context.Context) { effort.Charge(ctx, 10*len(t.t)*len(t.t)) }

// How Lemke's method ends.
const (
	solved = iota
	ray    // there is no solution
	cycles // or took too long
)

// lemke follows the path of solutions of w = q + Mz + d z₀, d = (1, …, 1), from a large
// z₀ to 0, and returns the z_i. The tableau is complementary no longer.
func (t *tableau) lemke(ctx context.Context) (z []number.Number, end int) {
	k := len(t.q)
	row, col := make([]int, k), make([]int, k+1) // the variables: 2i for w_i, 2i+1 for z_i
	first := -1
	for i := range t.t {
		row[i], col[i] = 2*i, 2*i+1
		if t.z[i] {
			row[i], col[i] = col[i], row[i]
		}
		var d number.Number
		if !t.gone[i] {
			d = number.Int(1)
			if first < 0 || t.q[i].Cmp(t.q[first]) < 0 {
				first = i
			}
		}
		t.t[i] = append(t.t[i], d)
	}
	col[k] = 2 * k
	t.gone = append(t.gone, false)
	values := func() []number.Number {
		z := make([]number.Number, k)
		for i, v := range row {
			if v%2 == 1 {
				z[v/2] = t.q[i]
			}
		}
		return z
	}
	if first < 0 || t.q[first].Sign() >= 0 {
		return values(), solved
	}
	r, c := first, k
	for range 50 * (k + 10) {
		if t.charge(ctx); ctx.Err() != nil {
			return nil, ray
		}
		t.pivot(r, c)
		row[r], col[c] = col[c], row[r]
		if col[c] == 2*k {
			return values(), solved
		}
		c = slices.Index(col, col[c]^1) // the complement enters
		r = -1
		var least number.Number
		for i, v := range t.t {
			if i < len(t.q) && !t.gone[i] && v[c].Sign() < 0 {
				ratio, _ := t.q[i].Quo(v[c].Neg())
				switch order := ratio.Cmp(least); {
				case r < 0 || order < 0,
					order == 0 && row[r] != 2*k && (row[i] == 2*k || row[i] < row[r]):
					r, least = i, ratio
				}
			}
		}
		if r < 0 {
			return nil, ray
		}
	}
	return nil, cycles
}

// crissCross pivots until no basic variable is negative; false says that there is no
// such tableau.
func (t *tableau) crissCross(ctx context.Context) bool {
	for ctx.Err() == nil {
		t.charge(ctx)
		k := -1
		for i := range t.q {
			if !t.gone[i] && t.q[i].Sign() < 0 {
				k = i
				break
			}
		}
		if k < 0 {
			return true
		}
		if t.t[k][k].Sign() != 0 {
			t.exchange(k, k)
			continue
		}
		j := -1
		for i := range t.q {
			if !t.gone[i] && t.t[k][i].Sign() > 0 {
				j = i
				break
			}
		}
		if j < 0 || t.t[j][k].Sign() == 0 {
			return false
		}
		t.exchange(k, j)
	}
	return false
}

// exchange makes the nonbasic variables of the pairs i and j basic, where t_ii = 0 or
// j = i.
func (t *tableau) exchange(i, j int) {
	t.z[i] = !t.z[i]
	t.pivot(i, j)
	if i == j {
		return
	}
	t.z[j] = !t.z[j]
	t.pivot(j, i)
	t.q[i], t.q[j] = t.q[j], t.q[i]
	t.t[i], t.t[j] = t.t[j], t.t[i]
	for _, row := range t.t {
		row[i], row[j] = row[j], row[i]
	}
}

// pivot solves row r for the nonbasic variable of column c.
func (t *tableau) pivot(r, c int) {
	row := t.t[r]
	p, _ := row[c].Inv()
	minus := p.Neg()
	t.q[r] = t.q[r].Mul(minus)
	var list []int
	for j, v := range row {
		switch {
		case j == c:
			row[j] = p
		case t.gone[j] || v.Sign() == 0:
		default:
			row[j] = v.Mul(minus)
			list = append(list, j)
		}
	}
	for i, other := range t.t {
		f := other[c]
		if i == r || f.Sign() == 0 {
			continue
		}
		t.q[i] = t.q[i].Add(f.Mul(t.q[r]))
		for _, j := range list {
			other[j] = other[j].Add(f.Mul(row[j]))
		}
		other[c] = f.Mul(p)
	}
}

// values returns the z_i.
func (t *tableau) values() []number.Number {
	z := make([]number.Number, len(t.q))
	for i := range z {
		if t.z[i] {
			z[i] = t.q[i]
		}
	}
	return z
}

// Unique reports whether the multipliers y of a minimiser prove that it is the only
// one: no direction leaves Hx and the rows that all minimisers satisfy with equality
// as they are.
func (p *Program) Unique(y []number.Number) bool {
	n := len(p.C)
	m := slices.Clone(p.H)
	for k, r := range p.Rows {
		if r.Equal || y[k].Sign() != 0 {
			m = append(m, r.A)
		}
	}
	return rational.Rank(m) == n
}
