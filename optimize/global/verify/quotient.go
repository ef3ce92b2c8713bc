package verify

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for products and quotients.

// reduceProduct checks that the formula is the product of two others between bounds.
func (v *verifier) reduceProduct(r *certificate.Reduction) reduced {
	scale, factor, ok := v.factor(r.Constant)
	if !ok {
		return reduced{}
	}
	pool := expr.NewPool()
	whole, value, ideal := []expr.Expr{pool.Import(scale)}, factor, factor
	var ends [2][2]*verifier
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
		ends[i] = [2]*verifier{low, high}
	}
	product := pool.Make(expr.Mul, whole...)
	if !v.equals(v.f, product) {
		v.no("that the formula is the product of the factors")
		return reduced{}
	}
	v.yes("the formula is the product of two others whose values lie between bounds, by rules of algebra")
	out := reduced{below: v.reachesBut(value.Lo, ideal.Lo-value.Lo)}
	if v.spannedBy(ends[0][0], ends[0][1], ends[1][0], ends[1][1]) && v.definedWith(product, v.f) {
		v.corners(scale, factor, ends, &out)
	}
	return out
}

// closed encloses the infimum, of which there is a closed form.
func (sub *verifier) closed() (interval.I, bool) {
	if !sub.exact.Valid() {
		return interval.Whole, false
	}
	r, ok := tape.EncloseConstant(sub.exact)
	return r.Add(interval.New(-sub.report.Tolerance, 0)), ok
}

// corners finds what follows where the factors, of different variables, come near their least and
// greatest values, the ends, independently: f comes near each product of two of these, and, where
// the infimum is not 0, has it only as one of these that is taken.
func (v *verifier) corners(scale expr.Expr, k interval.I, ends [2][2]*verifier, out *reduced) {
	apart := !slices.ContainsFunc(ends[0][0].c.Variables, func(x string) bool { return slices.Contains(ends[1][0].c.Variables, x) })
	claimed, ok := interval.Whole, v.exact.Valid()
	if ok {
		claimed, ok = tape.EncloseConstant(v.exact)
	}
	if !apart || !ok {
		return
	}
	out.strict = claimed.Hi < 0
	precise := !slices.ContainsFunc(slices.Concat(ends[0][:], ends[1][:]), func(p *verifier) bool { return !p.precise })
	for i, a := range ends[0] {
		for j, b := range ends[1] {
			ra, ok1 := a.closed()
			rb, ok2 := b.closed()
			if !ok1 || !ok2 {
				out.strict, precise = false, false
				continue
			}
			pool := expr.NewPool()
			corner := pool.Make(expr.Mul, pool.Import(scale), pool.Import(a.exact), pool.Import(b.exact))
			if i != j { // the greatest value is that of the negative
				corner, ra = pool.Make(expr.Neg, corner), ra.Neg()
			}
			r := k.Mul(ra).Mul(rb)
			out.strict = out.strict && (r.Lo > claimed.Hi || a.unattained() || b.unattained())
			if !r.Disjoint(claimed) && equal(corner, v.exact) {
				out.value = v.exact
			} else {
				precise = precise && r.Lo > claimed.Hi
			}
		}
	}
	v.precise = precise
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
	floor, slack := interval.Point(math.Min(g.floor(), 0)), 0.0
	if floor.Lo < 0 && !(least > 0) {
		v.no("that %s is bounded away from 0, as the numerator may be negative", r.Inner)
		return reduced{}
	} else if floor.Lo < 0 { // g/q is lowest where q is least
		floor, slack = floor.Div(interval.Point(least)), g.report.Tolerance/least
	}
	v.yes("the formula is %s and a quotient of g and %s, which is not negative, by rules of algebra", r.Constant, r.Inner)
	// Where g is positive, f is greater than the constant, which is the infimum then.
	fromZero := g.precise && equal(g.exact, pool.Int(0))
	v.precise, v.alike = fromZero && v.precisely(level), g
	positive := g.floor() > 0 || g.unattained() && fromZero
	return reduced{below: v.reachesBut(b.Add(floor).Lo, slack), strict: positive && v.exact.Valid() && equal(v.exact, level)}
}
