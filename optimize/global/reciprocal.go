package global

import (
	"fmt"
	"math"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// byReciprocal answers for a function f = -P that is to be minimised, P being a product with a sum in the denominator of
// which the reciprocal u is a sum of products of powers with positive coefficients:
//
//	x y/((1 + x)(x + y)(y + 16)) is greatest where (1 + x)(x + y)(y + 16)/(x y) is least.
//
// Where the infimum m of u is positive, P is 0 wherever u is not defined, and 1/u ≤ 1/m elsewhere. It returns nil where f
// is no such function, or u is not settled.
func (s *session) byReciprocal() *Answer {
	t := simplify.New()
	f := t.Tidy(s.m.F)
	if f.Op() != expr.Mul || f.Size() > maxEliminated || !form.SameDomain(s.m.F, f) {
		return nil
	}
	sums := false
	for i, u := range f.Args() {
		c := form.ConstantSign(u)
		if i == 0 && c >= 0 || i > 0 && c != 0 {
			return nil
		}
		if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num {
			sums = sums || u.Arg(0).Op() == expr.Add && u.Arg(1).Number().Sign() < 0
		}
	}
	u := t.Pow(t.Neg(f), t.Int(-1))
	if !sums || !hasPositiveTerms(t, u, s.p.Vars) {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.3)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate = nil, nil, false
	sub, _, err := solveAny(ctx, &Problem{F: u, Vars: s.p.Vars, Bounds: s.p.Bounds}, o)
	if err != nil || sub.Enclosure == nil || !(sub.Enclosure.Value.Lo > 0) {
		return nil
	}
	a := s.fromReciprocal(t, sub)
	if a == nil {
		return nil
	}
	name := minimum.NameFor(sub.Proof, s.p.Vars)
	p := map[bool]string{false: "-f", true: "f"}[s.p.Max]
	a.Proof = calledAs(name, fmt.Sprintf("%s is 0 or the reciprocal of %s = %s, which is positive, and greatest where that is least", p, name, format.Text(u)), sub.Proof)
	return s.flip(a)
}

// hasPositiveTerms reports whether u is seen to be a sum of products of powers of the variables with positive coefficients.
func hasPositiveTerms(t *simplify.Tidier, u expr.Expr, vars []string) bool {
	terms, ok := signomial(t, u, vars)
	for _, m := range terms {
		ok = ok && form.ConstantSign(m.c) > 0
	}
	return ok
}

// fromReciprocal is the answer for f = -1/u by that for u, nil for none.
func (s *session) fromReciprocal(t *simplify.Tidier, sub *Answer) *Answer {
	switch sub.Status {
	case Exact:
		e, ok := s.exactPoint(sub.ExactAt)
		if !ok {
			return nil
		}
		a := s.exactAnswer(e, s.valueAt(s.m.F, sub.ExactAt))
		a.Method, a.Evaluations = "reciprocal", sub.Evaluations
		a.MinimisersComplete = sub.MinimisersComplete && len(sub.Minimisers) == 1 && sub.Minimisers[0].Family == ""
		return a
	case NotAttained:
		v := interval.Point(-1).Div(sub.Enclosure.Value)
		a := &Answer{Status: NotAttained, Method: "reciprocal", GradientNorm: math.NaN(), Evaluations: sub.Evaluations, Value: v.Mid(),
			Enclosure: &Enclosure{Value: v}, Approached: sub.Approached}
		if sub.ExactValue.Valid() {
			a.ExactValue = t.Neg(t.Pow(t.Tidy(sub.ExactValue), t.Int(-1)))
		}
		return a
	}
	return nil
}
