package verify

import (
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
		v.no("there are no terms of the formula")
		return reduced{}
	}
	for i, x := range v.region {
		if !(x.Lo >= 0) {
			v.no("that %s is not negative", v.c.Variables[i])
			return reduced{}
		}
	}
	exponents := make([]number.Number, len(v.region)) // Σ δ a
	pool := expr.NewPool()
	factors := []expr.Expr{pool.Int(1), pool.Int(1)} // of the bound
	for k, p := range r.Posynomials {
		more, ok := v.weighted(pool, p, k == 0, exponents)
		if !ok {
			v.no("that the terms and weights of %q are right", p.Condition)
			return reduced{}
		}
		factors = append(factors, more...)
	}
	if slices.ContainsFunc(exponents, func(a number.Number) bool { return a.Sign() != 0 }) {
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

// weighted checks the posynomial p, adds its weights times its exponents, and returns
// factors of its share in the bound.
func (v *verifier) weighted(pool *expr.Pool, p certificate.Posynomial, first bool, exponents []number.Number) ([]expr.Expr, bool) {
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
		k, ok1 := v.condition(p.Condition)
		times, ok2 := v.formula(p.Times)
		if !ok1 || !ok2 || !v.follows(k, nil) {
			return nil, false
		}
		if _, _, ok := v.monomial(times); !ok {
			return nil, false
		}
		equation = k.equal && len(p.Terms) == 1
		whole := pool.Make(expr.Mul, pool.Import(times), pool.Make(expr.Add, append(slices.Clone(terms), pool.Int(-1))...))
		if !equal(k.g, whole) && !(k.equal && equal(k.g, pool.Make(expr.Neg, whole))) {
			return nil, false
		}
	}
	var lambda number.Number
	var factors []expr.Expr
	for j, e := range terms {
		w, ok1 := readRat(p.Weights[j])
		c, a, ok2 := v.monomial(e)
		if !ok1 || !ok2 || w.Sign() < 0 && !equation {
			return nil, false
		}
		d := number.FromRat(w)
		if lambda = lambda.Add(d); d.Sign() == 0 {
			continue
		}
		for i := range exponents {
			exponents[i] = exponents[i].Add(a[i].Mul(d))
		}
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
	todo := []expr.Expr{t.Tidy(e)}
	for len(todo) > 0 {
		e := todo[0]
		todo = todo[1:]
		power := number.Int(1)
		switch {
		case e.Op() == expr.Mul:
			todo = append(todo, e.AppendArgs(nil)...)
			continue
		case e.IsConstant():
			b, ok := tape.EncloseConstant(e)
			if !ok || !(b.Lo > 0) {
				return c, nil, false
			}
			c = t.Mul(c, e)
			continue
		case e.IsCall("sqrt"):
			e, power = e.Arg(0), number.Frac(1, 2)
		case e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num:
			e, power = e.Arg(0), e.Arg(1).Number()
		}
		i := -1
		if e.Op() == expr.Var {
			i = slices.Index(v.c.Variables, e.Name())
		}
		if i < 0 {
			return c, nil, false
		}
		a[i] = a[i].Add(power)
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
