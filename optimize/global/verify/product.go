package verify

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for products.

// reduceProduct checks that the formula is the product of two others between bounds.
func (v *verifier) reduceProduct(r *certificate.Reduction) reduced {
	scale, factor, ok := v.factor(r.Constant)
	if !ok || len(r.Parts) != 4 {
		return reduced{}
	}
	pool := expr.NewPool()
	whole, value, ideal := []expr.Expr{pool.Import(scale)}, factor, factor
	var ends [2][2]*verifier
	for i := range 2 {
		name := fmt.Sprintf("factor %d", i+1)
		low, high := v.part(r.Parts[2*i], name, false), v.part(r.Parts[2*i+1], name, true)
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
