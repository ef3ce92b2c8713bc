package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A quadratic is ½ xᵀAx + bᵀx + c with rational coefficients.
type quadratic struct {
	a [][]number.Number // symmetric
	b []number.Number
	c number.Number
}

// maxQuadratic is the number of variables up to which a quadratic is solved by
// exact elimination: n³ operations on fractions that grow like n.
const maxQuadratic = 120

// monomial is x_i*x_j, x_i (j < 0) or 1 (i < 0 and j < 0); i ≤ j where both are
// variables.
type monomial struct{ i, j int32 }

// asQuadratic returns f as a quadratic function of vars, and false when it is
// none (as far as its tidy form shows).
func asQuadratic(f expr.Expr, vars []string) (*quadratic, bool) {
	if len(vars) > maxQuadratic {
		return nil, false
	}
	place := make(map[string]int32, len(vars))
	for i, x := range vars {
		place[x] = int32(i)
	}
	p := expr.Fold(simplify.Tidy(f), func(n expr.Expr, args []map[monomial]number.Number) map[monomial]number.Number {
		return polynomial2(n, args, place)
	})
	if p == nil {
		return nil, false
	}
	q := &quadratic{a: make([][]number.Number, len(vars)), b: make([]number.Number, len(vars))}
	for i := range q.a {
		q.a[i] = make([]number.Number, len(vars))
	}
	for m, k := range p {
		switch {
		case m.i < 0:
			q.c = k
		case m.j < 0:
			q.b[m.i] = k
		case m.i == m.j:
			q.a[m.i][m.i] = k.Add(k)
		default:
			q.a[m.i][m.j], q.a[m.j][m.i] = k, k
		}
	}
	return q, true
}

// polynomial2 returns the node n as a polynomial of degree two or less, given
// its operands as such; nil is none.
func polynomial2(n expr.Expr, args []map[monomial]number.Number, place map[string]int32) map[monomial]number.Number {
	if slices.ContainsFunc(args, func(p map[monomial]number.Number) bool { return p == nil }) {
		return nil
	}
	one := monomial{-1, -1}
	switch n.Op() {
	case expr.Num:
		return map[monomial]number.Number{one: n.Number()}
	case expr.Var:
		i, ok := place[n.Name()]
		if !ok {
			return nil
		}
		return map[monomial]number.Number{{i, -1}: number.Int(1)}
	case expr.Add:
		sum := map[monomial]number.Number{}
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
			if p = multiply2(p, q); p == nil {
				return nil
			}
		}
		return p
	case expr.Pow:
		if n.Arg(1).IsNum(2) {
			return multiply2(args[0], args[0])
		}
	}
	return nil
}

// multiply2 returns p*q, nil when that is of degree three or more.
func multiply2(p, q map[monomial]number.Number) map[monomial]number.Number {
	r := map[monomial]number.Number{}
	for m, k := range p {
		for o, l := range q {
			var at monomial
			switch {
			case m.i < 0:
				at = o
			case o.i < 0:
				at = m
			case m.j < 0 && o.j < 0:
				at = monomial{min(m.i, o.i), max(m.i, o.i)}
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

// A diagonal is a quadratic in coordinates y, x = Σ y_k column_k, in which it is
// ½ Σ pivot_k y_k² + Σ slope_k y_k + c. The columns past the pivots are flat:
// A times them is 0.
type diagonal struct {
	columns [][]number.Number
	pivots  []number.Number
	down    []number.Number // a direction v with vᵀAv < 0, if there is one
}

// diagonalise brings A to diagonal form by congruences, exactly (LDLᵀ with the
// pivot taken from the diagonal; Golub and Van Loan, Matrix Computations, 4th
// ed., section 4.2). It stops at the first direction of negative curvature.
func (q *quadratic) diagonalise() diagonal {
	n := len(q.b)
	b := make([][]number.Number, n) // EᵀAE, E being the columns
	d := diagonal{columns: make([][]number.Number, n)}
	for i := range b {
		b[i] = slices.Clone(q.a[i])
		d.columns[i] = make([]number.Number, n)
		d.columns[i][i] = number.Int(1)
	}
	for k := range n {
		pivot := -1
		for i := k; i < n; i++ {
			switch s := b[i][i].Sign(); {
			case s < 0:
				d.down = d.columns[i]
				return d
			case s > 0 && pivot < 0:
				pivot = i
			}
		}
		if pivot < 0 {
			d.down = mixed(b, d.columns, k)
			return d
		}
		b[k], b[pivot] = b[pivot], b[k]
		for i := range n {
			b[i][k], b[i][pivot] = b[i][pivot], b[i][k]
		}
		d.columns[k], d.columns[pivot] = d.columns[pivot], d.columns[k]
		d.pivots = append(d.pivots, b[k][k])
		for j := k + 1; j < n; j++ {
			if b[k][j].Sign() == 0 {
				continue
			}
			f, _ := b[k][j].Quo(b[k][k])
			for i := range n {
				d.columns[j][i] = d.columns[j][i].Sub(f.Mul(d.columns[k][i]))
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

func dot(u, v []number.Number) number.Number {
	var s number.Number
	for i := range u {
		s = s.Add(u[i].Mul(v[i]))
	}
	return s
}

// solveQuadratic answers for a quadratic function on the whole space: exactly,
// always. With bounds it answers when the minimum over the whole space lies
// inside them, which is all it takes for a convex function.
func solveQuadratic(p *Problem) (*Answer, bool) {
	q, ok := asQuadratic(p.F, p.Vars)
	if !ok || len(p.SubjectTo) > 0 || len(simplify.Domain(p.F)) > 0 {
		return nil, false // sqrt(x)^2 is x, but not everywhere
	}
	if p.Max {
		q = q.negated()
	}
	d := q.diagonalise()
	a := &Answer{Vars: p.Vars, Domain: "all real " + strings.Join(p.Vars, ", "), Method: "exact elimination (LDLᵀ)"}
	if d.down != nil {
		return q.falls(p, a, d.down, "the Hessian has a direction of "+signOf(p.Max)+" curvature")
	}
	y := make([]number.Number, len(d.pivots))
	for k, v := range d.columns {
		slope := dot(q.b, v)
		if k < len(d.pivots) {
			y[k], _ = slope.Neg().Quo(d.pivots[k])
			continue
		}
		if s := slope.Sign(); s != 0 {
			down := slices.Clone(v)
			for i := range down {
				down[i] = down[i].Mul(number.Int(int64(-s)))
			}
			return q.falls(p, a, down, "the Hessian is zero in a direction in which the gradient is not")
		}
	}
	x := make([]number.Number, len(q.b))
	for k := range y {
		for i := range x {
			x[i] = x[i].Add(y[k].Mul(d.columns[k][i]))
		}
	}
	if !p.inside(x) {
		return nil, false
	}
	q.attained(p, a, d, x)
	return a, true
}

// signOf is the sign of curvature that leads away from an extremum.
func signOf(max bool) string {
	if max {
		return "positive"
	}
	return "negative"
}

func (q *quadratic) negated() *quadratic {
	r := &quadratic{a: make([][]number.Number, len(q.a)), b: make([]number.Number, len(q.b)), c: q.c.Neg()}
	for i := range q.a {
		r.a[i] = make([]number.Number, len(q.a))
		r.b[i] = q.b[i].Neg()
		for j := range q.a {
			r.a[i][j] = q.a[i][j].Neg()
		}
	}
	return r
}

// inside reports whether the rational point x is proved to satisfy the bounds.
func (p *Problem) inside(x []number.Number) bool {
	pool := expr.NewPool()
	for i, b := range p.Bounds {
		if i >= len(x) {
			break
		}
		if b.Lo.Valid() && !before(b.Lo, pool.Num(x[i]), b.LoOpen) || b.Hi.Valid() && !before(pool.Num(x[i]), b.Hi, b.HiOpen) {
			return false
		}
	}
	return true
}

// before reports whether u ≤ v, or u < v where the end is open, is proved.
func before(u, v expr.Expr, open bool) bool {
	if open {
		return provedBelow(u, v)
	}
	return provedAtMost(u, v)
}

// provedAtMost reports whether the constants u ≤ v is decided by exact
// arithmetic or by enclosures.
func provedAtMost(u, v expr.Expr) bool {
	a, b := simplify.Tidy(u), simplify.Tidy(v)
	if a.Op() == expr.Num && b.Op() == expr.Num {
		return a.Number().Cmp(b.Number()) <= 0
	}
	x, ok1 := encloseConstant(a)
	y, ok2 := encloseConstant(b)
	return ok1 && ok2 && x.Hi <= y.Lo
}

// attained fills in the minimum at x.
func (q *quadratic) attained(p *Problem, a *Answer, d diagonal, x []number.Number) {
	value := q.c.Add(dot(q.b, x).Mul(number.Frac(1, 2))) // ½ bᵀx + c where Ax = -b
	if p.Max {
		value = value.Neg()
	}
	pool := expr.NewPool()
	a.Status, a.Attained = Exact, true
	a.ExactValue, a.Value = pool.Num(value), value.Float64()
	a.Enclosure = &Enclosure{Value: enclose(value)}
	for i := range x {
		a.ExactAt = append(a.ExactAt, pool.Num(x[i]))
		a.At = append(a.At, x[i].Float64())
		a.Enclosure.At = append(a.Enclosure.At, enclose(x[i]))
	}
	point := Point{X: a.At, Exact: a.ExactAt}
	kind, shape := "local minimum", "convex"
	if p.Max {
		kind, shape = "local maximum", "concave"
	}
	if flat := len(x) - len(d.pivots); flat > 0 {
		point.Family = family(pool, p.Vars, x, d.columns[len(d.pivots):])
	}
	a.Minimisers, a.MinimisersComplete = []Point{point}, len(p.Bounds) == 0 || point.Family == ""
	a.Stationary = []Stationary{{X: a.At, Exact: a.ExactAt, Value: a.Value, Kind: kind, Proved: true, Family: point.Family}}
	a.StationaryComplete = true
	if len(d.pivots) == 0 {
		a.Status = Constant
		a.Proof = []string{"the formula has the same value everywhere"}
		return
	}
	sign := "positive"
	if p.Max {
		sign = "negative"
	}
	if len(x) == 1 {
		relation := " > 0"
		if p.Max {
			relation = " < 0"
		}
		a.Proof = []string{"f'' = " + list(d.pivots, p.Max) + relation + " everywhere, so f is " + shape}
		return
	}
	form := sign + " definite"
	if point.Family != "" {
		form = sign + " semidefinite"
	}
	a.Proof = []string{
		fmt.Sprintf("f is quadratic and its Hessian is %s (pivots %s), so f is %s", form, list(d.pivots, p.Max), shape),
		"a stationary point of a " + shape + " function is its global " + strings.TrimPrefix(kind, "local "),
	}
}

// family describes the set x + t1*v1 + t2*v2 + ….
func family(pool *expr.Pool, vars []string, x []number.Number, flat [][]number.Number) string {
	names := make([]string, len(flat))
	for k := range names {
		names[k] = "t"
		if len(flat) > 1 {
			names[k] = fmt.Sprint("t", k+1)
		}
	}
	t := simplify.In(pool)
	var parts []string
	for i, v := range vars {
		terms := []expr.Expr{t.Num(x[i])}
		for k, column := range flat {
			terms = append(terms, t.Mul(t.Num(column[i]), t.Var(names[k])))
		}
		parts = append(parts, v+" = "+format.Text(t.Sum(terms...)))
	}
	return strings.Join(parts, ", ") + " for real " + strings.Join(names, ", ")
}

func list(ns []number.Number, negate bool) string {
	var s []string
	for i, n := range ns {
		if i == 6 {
			s = append(s, "…")
			break
		}
		if negate {
			n = n.Neg()
		}
		s = append(s, format.Text(expr.NewPool().Num(n)))
	}
	return strings.Join(s, ", ")
}

// falls fills in that f has no bound along the direction v from 0. It does not
// hold inside bounds.
func (q *quadratic) falls(p *Problem, a *Answer, v []number.Number, why string) (*Answer, bool) {
	if len(p.Bounds) > 0 {
		return nil, false
	}
	// Along -v the curvature is the same; take the way on which b falls too.
	if dot(q.b, v).Sign() > 0 {
		v = slices.Clone(v)
		for i := range v {
			v[i] = v[i].Neg()
		}
	}
	t := simplify.New()
	w := &Witness{}
	for i := range v {
		w.Path = append(w.Path, t.Mul(t.Num(v[i]), t.Var("t")))
	}
	half := number.Frac(1, 2)
	var curve number.Number
	for i := range v {
		curve = curve.Add(v[i].Mul(dot(q.a[i], v)))
	}
	for _, s := range []int64{1, 1000, 1000000} {
		step := number.Int(s)
		value := q.c.Add(dot(q.b, v).Mul(step)).Add(curve.Mul(half).Mul(step).Mul(step))
		if p.Max {
			value = value.Neg()
		}
		x := make([]float64, len(v))
		for i := range x {
			x[i] = v[i].Mul(step).Float64()
		}
		w.Points, w.Values = append(w.Points, x), append(w.Values, value.Float64())
	}
	along := make([]string, len(v))
	for i, e := range w.Path {
		along[i] = p.Vars[i] + " = " + format.Text(e)
	}
	return p.unbounded(a, w, along, "f is quadratic and "+why), true
}

// unbounded fills in that f has no bound along the curve of w, which along describes.
func (p *Problem) unbounded(a *Answer, w *Witness, along []string, why string) *Answer {
	end := "-∞"
	a.Value = math.Inf(-1)
	if p.Max {
		end = "∞"
		a.Value = math.Inf(1)
	}
	w.Why = fmt.Sprintf("f → %s along %s as t → ∞", end, strings.Join(along, ", "))
	a.Status, a.Witness = Unbounded, w
	a.Proof = []string{why, w.Why}
	return a
}

// enclose returns the narrowest interval of floats round a rational.
func enclose(n number.Number) interval.I {
	x := n.Float64()
	if n.IsFloat64() {
		return interval.Point(x)
	}
	return interval.New(math.Nextafter(x, math.Inf(-1)), math.Nextafter(x, math.Inf(1)))
}
