package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
)

// solveQuadratic answers for a quadratic function on the whole space: exactly,
// always. With bounds it answers when the minimum over the whole space lies
// inside them, which is all it takes for a convex function.
func solveQuadratic(p *Problem) (*Answer, bool) {
	q, ok := quadratic.Of(p.F, p.Vars)
	if !ok || len(p.SubjectTo) > 0 || len(simplify.Domain(p.F)) > 0 {
		return nil, false // sqrt(x)^2 is x, but not everywhere
	}
	if p.Max {
		q = q.Negated()
	}
	d := q.Diagonalise()
	a := &Answer{Vars: p.Vars, Domain: "all real " + strings.Join(p.Vars, ", "), Method: "exact elimination (LDLᵀ)"}
	if d.Down != nil {
		return falls(q, p, a, d.Down, "the Hessian has a direction of "+signOf(p.Max)+" curvature")
	}
	y := make([]number.Number, len(d.Pivots))
	for k, v := range d.Columns {
		slope := rational.Dot(q.B, v)
		if k < len(d.Pivots) {
			y[k], _ = slope.Neg().Quo(d.Pivots[k])
			continue
		}
		if s := slope.Sign(); s != 0 {
			down := slices.Clone(v)
			for i := range down {
				down[i] = down[i].Mul(number.Int(int64(-s)))
			}
			return falls(q, p, a, down, "the Hessian is zero in a direction in which the gradient is not")
		}
	}
	x := make([]number.Number, len(q.B))
	for k := range y {
		for i := range x {
			x[i] = x[i].Add(y[k].Mul(d.Columns[k][i]))
		}
	}
	if !p.inside(x) {
		return nil, false
	}
	attainedAt(q, p, a, d, x)
	return a, true
}

// signOf is the sign of curvature that leads away from an extremum.
func signOf(max bool) string {
	if max {
		return "positive"
	}
	return "negative"
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
	return provedAtMost(u, v) || sameConstant(u, v)
}

// provedAtMost reports whether the constants u ≤ v is decided by exact
// arithmetic or by enclosures.
func provedAtMost(u, v expr.Expr) bool {
	a, b := tidyConstant(u), tidyConstant(v)
	if a.Op() == expr.Num && b.Op() == expr.Num {
		return a.Number().Cmp(b.Number()) <= 0
	}
	x, ok1 := tape.EncloseConstant(a)
	y, ok2 := tape.EncloseConstant(b)
	return ok1 && ok2 && x.Hi <= y.Lo
}

// attained fills in the minimum at x.
func attainedAt(q *quadratic.Form, p *Problem, a *Answer, d quadratic.Diagonal, x []number.Number) {
	value := q.C.Add(rational.Dot(q.B, x).Mul(number.Frac(1, 2))) // ½ bᵀx + c where Ax = -b
	if p.Max {
		value = value.Neg()
	}
	pool := expr.NewPool()
	a.Status, a.Attained = Exact, true
	a.ExactValue, a.Value = pool.Num(value), value.Float64()
	a.Enclosure = &Enclosure{Value: exact.HullOf(value)}
	for i := range x {
		a.ExactAt = append(a.ExactAt, pool.Num(x[i]))
		a.At = append(a.At, x[i].Float64())
		a.Enclosure.At = append(a.Enclosure.At, exact.HullOf(x[i]))
	}
	point := Point{X: a.At, Exact: a.ExactAt}
	kind, shape := "local "+p.extremum(), p.convex()
	if flat := len(x) - len(d.Pivots); flat > 0 {
		columns := d.Columns[len(d.Pivots):]
		point.Family = family(pool, p.Vars, x, columns)
		for i, b := range p.Bounds {
			moves := slices.ContainsFunc(columns, func(c []number.Number) bool { return c[i].Sign() != 0 })
			if moves && (b.Lo.Valid() || b.Hi.Valid()) {
				point.Family += " within the bounds"
				break
			}
		}
	}
	a.Minimisers, a.MinimisersComplete = []Point{point}, len(p.Bounds) == 0 || point.Family == ""
	a.Stationary = []Stationary{{X: a.At, Exact: a.ExactAt, Value: a.Value, Kind: kind, Proved: true, Family: point.Family}}
	a.StationaryComplete = true
	if len(d.Pivots) == 0 {
		a.Status = Constant
		a.Proof = []string{"the formula has the same value everywhere"}
		return
	}
	sign := p.definite()
	if len(x) == 1 {
		a.Proof = []string{"f'' = " + list(d.Pivots, p.Max) + p.word(" > 0", " < 0") + " everywhere, so f is " + shape}
		return
	}
	form := sign + " definite"
	if point.Family != "" {
		form = sign + " semidefinite"
	}
	a.Proof = []string{
		fmt.Sprintf("f is quadratic and its Hessian is %s (pivots %s), so f is %s", form, list(d.Pivots, p.Max), shape),
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
		text := format.Text(expr.NewPool().Num(n))
		if len(text) > 20 { // a number in floats
			text = format.Number(n.Float64(), 6)
		}
		s = append(s, text)
	}
	return strings.Join(s, ", ")
}

// falls fills in that f has no bound along the direction v from 0. It does not
// hold inside bounds.
func falls(q *quadratic.Form, p *Problem, a *Answer, v []number.Number, why string) (*Answer, bool) {
	if len(p.Bounds) > 0 {
		return nil, false
	}
	// Along -v the curvature is the same; take the way on which b falls too.
	if rational.Dot(q.B, v).Sign() > 0 {
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
		curve = curve.Add(v[i].Mul(rational.Dot(q.A[i], v)))
	}
	for _, s := range []int64{1, 1000, 1000000} {
		step := number.Int(s)
		value := q.C.Add(rational.Dot(q.B, v).Mul(step)).Add(curve.Mul(half).Mul(step).Mul(step))
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
