package verify

import (
	"fmt"
	"math"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for products and quotients.

// reduceProduct checks that the formula is the product of two others between bounds.
func (v *verifier) reduceProduct(r *certificate.Reduction) reduced {
	scale, value, ok := v.factor(r.Constant)
	if !ok {
		return reduced{}
	}
	pool := expr.NewPool()
	whole, ideal := []expr.Expr{pool.Import(scale)}, value
	for i := range 2 {
		name := fmt.Sprintf("factor %d", i+1)
		low, high := v.part(r, 2*i, name, false), v.part(r, 2*i+1, name, true)
		if low == nil || high == nil {
			return reduced{}
		}
		if !v.equals(low.f, pool.Make(expr.Neg, pool.Import(high.f))) {
			v.no("that the least and the greatest value are of the same factor")
			return reduced{}
		}
		value = value.Mul(interval.New(low.floor(), -high.floor()))
		ideal = ideal.Mul(interval.New(low.floor()+low.report.Tolerance, -high.floor()-high.report.Tolerance))
		whole = append(whole, pool.Import(low.f))
	}
	if !v.equals(v.f, pool.Make(expr.Mul, whole...)) {
		v.no("that the formula is the product of the factors")
		return reduced{}
	}
	v.yes("the formula is the product of two others whose values lie between bounds, by rules of algebra")
	return reduced{below: v.reachesBut(value.Lo, ideal.Lo-value.Lo)}
}

// reduceQuotient checks that the formula to be minimised is a constant and g/q, where g is
// settled in the first part and neither it nor q is negative.
func (v *verifier) reduceQuotient(r *certificate.Reduction) reduced {
	g := v.part(r, 0, "numerator", false)
	q, ok1 := v.formula(r.Inner)
	level, ok2 := v.formula(r.Constant)
	if g == nil || !ok1 || !ok2 {
		return reduced{}
	}
	b, ok := tape.EncloseConstant(level)
	enclosed, _ := v.encloseOn(q)
	least := enclosed.Lo
	if len(r.Parts) > 1 && !(least > 0) {
		if d := v.part(r, 1, "denominator", false); d != nil && v.equals(q, d.f) {
			least = d.floor()
		}
	}
	if !ok || !(least >= 0) {
		v.no("that %s is nowhere negative", r.Inner)
		return reduced{}
	}
	pool := expr.NewPool()
	if !v.equals(v.f, pool.Make(expr.Add, pool.Import(level), pool.Make(expr.Div, pool.Import(g.f), pool.Import(q)))) {
		v.no("that the formula is the constant and the quotient")
		return reduced{}
	}
	floor := interval.Point(math.Min(g.floor(), 0))
	if floor.Lo < 0 { // g/q is lowest where q is least
		floor = floor.Div(interval.Point(least))
	}
	v.yes("the formula is %s and a quotient of g and %s, which is not negative, by rules of algebra", r.Constant, r.Inner)
	// Where g is positive, f is greater than the constant, which is the infimum then.
	positive := g.floor() > 0 || g.unattained() && g.precise && equal(g.exact, pool.Int(0))
	return reduced{below: v.reaches(b.Add(floor).Lo), strict: positive && v.exact.Valid() && equal(v.exact, level)}
}
