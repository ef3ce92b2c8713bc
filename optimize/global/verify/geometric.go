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
	sum := interval.Point(0)                          // the logarithm of the bound
	for k, p := range r.Posynomials {
		s, ok := v.weighted(p, k == 0, exponents)
		if !ok {
			v.no("that the terms and weights of %q are right", p.Condition)
			return reduced{}
		}
		sum = sum.Add(s)
	}
	if slices.ContainsFunc(exponents, func(a number.Number) bool { return a.Sign() != 0 }) {
		v.no("that the weights make the powers of the variables cancel")
		return reduced{}
	}
	floor, ok := v.geometricFloor(r, interval.Exp(sum))
	if !ok {
		v.no("that the formula is the sum of the terms")
		return reduced{}
	}
	if !v.aboveOnFaces(floor - v.report.Tolerance) {
		v.no("that the formula is not lower where a variable is 0")
		return reduced{}
	}
	v.yes("by the inequality of the weighted arithmetic and geometric means the formula is nowhere below %.9g", floor)
	return reduced{below: v.reaches(floor)}
}

// geometricFloor is the bound of the formula when that of the posynomial is bound.
func (v *verifier) geometricFloor(r *certificate.Reduction, bound interval.I) (float64, bool) {
	offset, err := expr.Parse(r.Constant)
	if err != nil {
		return 0, false
	}
	o, ok := tape.EncloseConstant(offset)
	if !ok || !(bound.Lo > 0) {
		return 0, false
	}
	pool := expr.NewPool()
	var terms []expr.Expr
	for _, text := range r.Posynomials[0].Terms {
		e, err := expr.Parse(text)
		if err != nil {
			return 0, false
		}
		terms = append(terms, pool.Import(e))
	}
	rest := pool.Make(expr.Add, pool.Import(v.f), pool.Make(expr.Neg, pool.Import(offset)))
	if equal(rest, pool.Make(expr.Add, append(terms, pool.Int(0))...)) {
		return o.Add(bound).Lo, true
	}
	if len(terms) == 1 && equal(rest, pool.Make(expr.Neg, pool.Make(expr.Div, pool.Int(1), terms[0]))) {
		return o.Sub(bound.Inv()).Lo, true
	}
	return 0, false
}

// weighted checks the posynomial p, adds its weights times its exponents, and returns
// the logarithm of its share in the bound.
func (v *verifier) weighted(p certificate.Posynomial, first bool, exponents []number.Number) (interval.I, bool) {
	out := interval.Point(0)
	if len(p.Terms) == 0 || len(p.Terms) != len(p.Weights) {
		return out, false
	}
	pool := expr.NewPool()
	var terms []expr.Expr
	equation := false
	if !first {
		k, ok := v.condition(p.Condition)
		if !ok || !v.follows(k, nil) {
			return out, false
		}
		equation = k.equal && len(p.Terms) == 1
		times, err := expr.Parse(p.Times)
		if err != nil {
			return out, false
		}
		if _, _, ok := v.monomial(times); !ok {
			return out, false
		}
		for _, text := range p.Terms {
			e, err := expr.Parse(text)
			if err != nil {
				return out, false
			}
			terms = append(terms, pool.Import(e))
		}
		whole := pool.Make(expr.Mul, pool.Import(times), pool.Make(expr.Add, append(terms, pool.Int(-1))...))
		if !equal(k.g, whole) && !(k.equal && equal(k.g, pool.Make(expr.Neg, whole))) {
			return out, false
		}
	}
	var lambda number.Number
	for j, text := range p.Terms {
		e, err := expr.Parse(text)
		w, ok := readRat(p.Weights[j])
		if err != nil || !ok {
			return out, false
		}
		c, a, ok := v.monomial(e)
		d := number.FromRat(w)
		if !ok || d.Sign() < 0 && !equation {
			return out, false
		}
		if lambda = lambda.Add(d); d.Sign() == 0 {
			continue
		}
		for i := range exponents {
			exponents[i] = exponents[i].Add(a[i].Mul(d))
		}
		weight, ok := tape.EncloseConstant(expr.NewPool().Num(d))
		if !ok {
			return out, false
		}
		log := interval.Log(c)
		if len(p.Terms) > 1 {
			log = log.Sub(interval.Log(weight))
		}
		out = out.Add(weight.Mul(log))
	}
	if first {
		return out, lambda == number.Int(1)
	}
	if len(p.Terms) > 1 && lambda.Sign() > 0 {
		l, ok := tape.EncloseConstant(expr.NewPool().Num(lambda))
		if !ok {
			return out, false
		}
		out = out.Add(l.Mul(interval.Log(l)))
	}
	return out, true
}

// monomial reads e as c Π x_i^a_i with c > 0.
func (v *verifier) monomial(e expr.Expr) (c interval.I, a []number.Number, ok bool) {
	c, a = interval.Point(1), make([]number.Number, len(v.region))
	todo := []expr.Expr{simplify.Tidy(e)}
	for len(todo) > 0 {
		e := todo[0]
		todo = todo[1:]
		power := number.Int(1)
		switch {
		case e.Op() == expr.Mul:
			todo = append(todo, e.AppendArgs(nil)...)
			continue
		case len(e.Vars()) == 0:
			b, ok := tape.EncloseConstant(e)
			if !ok || !(b.Lo > 0) {
				return c, nil, false
			}
			c = c.Mul(b)
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
