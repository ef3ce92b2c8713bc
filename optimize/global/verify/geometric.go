package verify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file checks bounds by the inequality of the weighted arithmetic and geometric
// means: a sum of positive terms u is at least Π (u/δ)^δ for weights δ whose sum is 1.

// reduceGeometric checks that weights of the terms of the formula and of the conditions
// bound the formula from below: Π (c/δ)^δ Π λ^λ, the powers of the variables cancelling.
func (v *verifier) reduceGeometric(r *certificate.Reduction) reduced {
	if len(r.Posynomials) == 0 || r.Posynomials[0].Condition != "" {
		v.no("what the terms of the formula are: there are none")
		return reduced{}
	}
	for i, x := range v.region {
		if !(x.Lo >= 0) {
			v.no("that %s is not negative", v.c.Variables[i])
			return reduced{}
		}
	}
	w := &weighing{verifier: v, exponents: make([]number.Number, len(v.region))}
	pool := expr.NewPool()
	factors := []expr.Expr{pool.Int(1), pool.Int(1)} // of the bound
	for k, p := range r.Posynomials {
		more, ok := w.weighted(pool, p, k == 0)
		if !ok {
			v.no("that the terms and weights of %q are right", p.Condition)
			return reduced{}
		}
		factors = append(factors, more...)
	}
	if slices.ContainsFunc(w.exponents, func(a number.Number) bool { return a.Sign() != 0 }) {
		v.no("that the weights make the powers of the variables cancel")
		return reduced{}
	}
	bound, ok := v.geometricFloor(r, pool.Make(expr.Mul, factors...))
	floor, known := tape.EncloseConstant(bound)
	if !ok || !known {
		v.no("that the formula is the sum of the terms")
		return reduced{}
	}
	if v.precise = v.precisely(bound) && v.aboveOnFaces(v.high); !v.precise && !v.aboveOnFaces(floor.Lo-v.report.Tolerance) {
		v.no("that the formula is not lower where a variable is 0")
		return reduced{}
	}
	determined := rank(w.rows) == len(v.region)
	inside := determined && v.aboveOnFaces(math.Nextafter(v.high, math.Inf(1))) // low values are taken at positive points only
	v.held = inside && w.areClosed()
	// Where the bound is taken, the terms with weights are in proportion to them.
	v.single = inside && v.precise
	v.yes("by the inequality of the weighted arithmetic and geometric means the formula is nowhere below %.9g", floor.Lo)
	return reduced{below: v.reaches(floor.Lo)}
}

// geometricFloor is the bound of the formula when that of the posynomial is bound.
func (v *verifier) geometricFloor(r *certificate.Reduction, bound expr.Expr) (expr.Expr, bool) {
	offset, ok := v.formula(r.Constant)
	pool := bound.Pool()
	terms := []expr.Expr{pool.Int(0), pool.Int(0)}
	for _, text := range r.Posynomials[0].Terms {
		e, ok := v.formula(text)
		if !ok {
			return bound, false
		}
		terms = append(terms, pool.Import(e))
	}
	if !ok {
		return bound, false
	}
	sum := pool.Make(expr.Add, terms...)
	one := pool.Int(1)
	offset = pool.Import(offset)
	if equal(v.f, pool.Make(expr.Add, offset, sum)) {
		return pool.Make(expr.Add, offset, bound), true
	}
	below := func(e expr.Expr) expr.Expr {
		return pool.Make(expr.Add, offset, pool.Make(expr.Neg, pool.Make(expr.Div, one, e)))
	}
	return below(bound), len(r.Posynomials[0].Terms) == 1 && equal(v.f, below(sum))
}

// A weighing adds up what the terms of posynomials with weights are together.
type weighing struct {
	*verifier
	exponents []number.Number   // Σ δ a
	rows      [][]number.Number // the exponents of the terms with a weight that is not 0
	met       []expr.Expr       // the conditions g ≤ 0 that are posynomials
}

// areClosed reports whether low values are taken in a compact set of positive points only, if the exponents have full
// rank: there all terms are bounded, and as a product of powers of those with weights is constant, they are bounded from
// below as well, and with them the logarithms of the variables. The conditions have to be closed, and they and the formula
// without gaps: that they are equal to sums of terms is shown only where they are defined.
func (w *weighing) areClosed() bool {
	if !withoutGaps(w.f) {
		return false
	}
	for i := range w.region {
		if w.isOpen(i, 0) && w.lower[i] != 0 || w.isOpen(i, 1) {
			return false
		}
	}
	for _, c := range w.cons {
		positive := c.strict && c.g.Op() == expr.Neg && c.g.Arg(0).Op() == expr.Var
		if !positive && (c.strict || !withoutGaps(c.g) || !slices.ContainsFunc(w.met, func(g expr.Expr) bool { return equal(g, c.g) })) {
			return false
		}
	}
	return true
}

// withoutGaps reports whether e is seen to be defined and continuous wherever the variables are positive.
func withoutGaps(e expr.Expr) bool {
	type part struct{ continuous, positive bool }
	return expr.Fold(e, func(n expr.Expr, args []part) part {
		all := part{true, true}
		for _, a := range args {
			all.continuous, all.positive = all.continuous && a.continuous, all.positive && a.positive
		}
		switch {
		case n.IsConstant():
			c, ok := tape.EncloseConstant(n)
			return part{ok, ok && c.Lo > 0}
		case n.Op() == expr.Var, n.Op() == expr.Add, n.Op() == expr.Mul:
			return all
		case n.Op() == expr.Neg:
			return part{all.continuous, false}
		case n.Op() == expr.Div:
			return part{all.continuous && args[1].positive, all.positive}
		case n.Op() == expr.Pow && n.Arg(1).IsConstant():
			k, whole := wholePower(n)
			return part{all.continuous && (args[0].positive || whole && k > 0), args[0].positive}
		case n.IsCall("sqrt"), n.IsCall("cbrt"):
			return part{all.continuous && all.positive, all.positive}
		}
		return part{}
	}).continuous
}

// rank returns the rank of a matrix, which is changed.
func rank(m [][]number.Number) int {
	done := 0
	for col := 0; len(m) > 0 && col < len(m[0]) && done < len(m); col++ {
		at := slices.IndexFunc(m[done:], func(row []number.Number) bool { return row[col].Sign() != 0 })
		if at < 0 {
			continue
		}
		m[done], m[done+at] = m[done+at], m[done]
		for _, row := range m[done+1:] {
			k, _ := row[col].Quo(m[done][col])
			for j := range row {
				row[j] = row[j].Sub(k.Mul(m[done][j]))
			}
		}
		done++
	}
	return done
}

// weighted checks the posynomial p, adds its weights times its exponents, and returns
// factors of its share in the bound.
func (w *weighing) weighted(pool *expr.Pool, p certificate.Posynomial, first bool) ([]expr.Expr, bool) {
	if len(p.Terms) == 0 || len(p.Terms) != len(p.Weights) {
		return nil, false
	}
	var terms []expr.Expr
	for _, text := range p.Terms {
		e, err := expr.Parse(text)
		if err != nil {
			return nil, false
		}
		terms = append(terms, pool.Import(e))
	}
	equation := false
	if !first {
		k, ok1 := w.condition(p.Condition)
		times, ok2 := w.formula(p.Times)
		if !ok1 || !ok2 || !w.follows(k, nil) {
			return nil, false
		}
		if _, _, ok := w.monomial(times); !ok {
			return nil, false
		}
		equation = k.equal && len(p.Terms) == 1
		whole := pool.Make(expr.Mul, pool.Import(times), pool.Make(expr.Add, append(slices.Clone(terms), pool.Int(-1))...))
		if !equal(k.g, whole) && !(k.equal && equal(k.g, pool.Make(expr.Neg, whole))) {
			return nil, false
		}
		w.met = append(w.met, k.g)
	}
	var lambda number.Number
	var factors []expr.Expr
	for j, e := range terms {
		weight, ok1 := readRat(p.Weights[j])
		c, a, ok2 := w.monomial(e)
		if !ok1 || !ok2 || weight.Sign() < 0 && !equation {
			return nil, false
		}
		d := number.FromRat(weight)
		if lambda = lambda.Add(d); d.Sign() == 0 {
			continue
		}
		for i := range w.exponents {
			w.exponents[i] = w.exponents[i].Add(a[i].Mul(d))
		}
		w.rows = append(w.rows, a)
		if c = pool.Import(c); len(p.Terms) > 1 {
			c = pool.Make(expr.Div, c, pool.Num(d))
		}
		factors = append(factors, pool.Make(expr.Pow, c, pool.Num(d)))
	}
	if !first && len(p.Terms) > 1 && lambda.Sign() > 0 {
		factors = append(factors, pool.Make(expr.Pow, pool.Num(lambda), pool.Num(lambda)))
	}
	return factors, !first || lambda == number.Int(1)
}

// monomial reads e as c Π x_i^a_i with c > 0.
func (v *verifier) monomial(e expr.Expr) (c expr.Expr, a []number.Number, ok bool) {
	t := simplify.New()
	c, a = t.Int(1), make([]number.Number, len(v.region))
	todo := []factor{{t.Tidy(e), number.Int(1)}}
	for len(todo) > 0 {
		e, power := todo[0].base, todo[0].w
		todo = todo[1:]
		switch {
		case !power.IsInt() && e.Op() != expr.Var && !e.IsConstant(): // as (x^2)^(1/2), which is not x
			return c, nil, false
		case e.Op() == expr.Mul:
			for _, u := range e.AppendArgs(nil) {
				todo = append(todo, factor{u, power})
			}
		case e.IsConstant():
			b, ok := tape.EncloseConstant(e)
			if !ok || !(b.Lo > 0) {
				return c, nil, false
			}
			c = t.Mul(c, t.Pow(e, t.Num(power)))
		case e.IsCall("sqrt"):
			todo = append(todo, factor{e.Arg(0), power.Mul(number.Frac(1, 2))})
		case e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num:
			todo = append(todo, factor{e.Arg(0), power.Mul(e.Arg(1).Number())})
		case e.Op() == expr.Var && slices.Contains(v.c.Variables, e.Name()):
			i := slices.Index(v.c.Variables, e.Name())
			a[i] = a[i].Add(power)
		default:
			return c, nil, false
		}
	}
	return c, a, true
}

// aboveOnFaces reports whether the formula is at least floor where a variable is 0 in
// the region.
func (v *verifier) aboveOnFaces(floor float64) bool {
	for i := range v.region {
		if v.region[i].Lo > 0 || v.isOpen(i, 0) {
			continue
		}
		box := slices.Clone(v.region)
		box[i] = interval.Point(0)
		v.eval(v.fm, v.prog, box)
		if !v.out[0].IsEmpty() && !(v.out[0].Lo >= floor) && !v.infeasible(box) {
			return false
		}
	}
	return true
}
