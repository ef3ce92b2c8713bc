package global

import (
	"fmt"
	"math"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// byLeadingTerms answers for a quotient p/q of polynomials of the same degree, q > 0, that far out, where the terms p' and q' of the highest
// degree decide, comes as near as you like to its infimum: γ, the least value of p'/q', if p - γ q = (p' - γ q') + r with r > 0. It
// returns nil for others.
func (s *session) byLeadingTerms() *Answer {
	if s.p.Bounds != nil || len(s.m.Cons) > 0 || s.m.N > maxRays || s.m.F.Size() > maxEliminated ||
		!form.SameDomain(s.m.F, simplify.Tidy(s.m.F)) { // f may have no value far out
		return nil
	}
	f := s.quotient()
	if f == nil {
		return nil
	}
	t := f.t
	p, pRest, pDegree, ok := s.leadingTerms(t, f.p)
	q, qRest, qDegree, same := s.leadingTerms(t, f.q)
	if !ok || !same || pDegree.Cmp(qDegree) != 0 || qDegree.Sign() <= 0 {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.2)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate = nil, nil, false
	far := &Problem{F: t.Mul(p, t.Pow(q, t.Int(-1))), Vars: s.p.Vars}
	sub, _, err := solveAny(ctx, far, o)
	if err != nil || sub.Status != Exact || len(sub.ExactAt) != s.m.N {
		return nil
	}
	level := t.Tidy(sub.ExactValue)
	if level.Op() == expr.Num {
		return nil // byQuotient proves it in a way that is simpler to check
	}
	rest := &Problem{F: t.Add(pRest, t.Neg(t.Mul(level, qRest)))}
	if rest.Vars = rest.F.Vars(); len(rest.Vars) == 0 {
		if form.ConstantSign(rest.F) <= 0 {
			return nil
		}
	} else {
		r, _, err := solveAny(ctx, rest, o)
		if err != nil || r.Enclosure == nil || r.Status == Local || !(r.Enclosure.Value.Lo > 0) {
			return nil
		}
	}
	v, ok := tape.EncloseConstant(level)
	if !ok {
		return nil
	}
	a := &Answer{Status: NotAttained, Value: minimum.Shown(v), ExactValue: level, Enclosure: &Enclosure{Value: v}, Method: "leading terms",
		GradientNorm: math.NaN()}
	for i, c := range sub.ExactAt {
		e := t.Mul(t.Tidy(c), t.Var("t"))
		a.Argument.Path = append(a.Argument.Path, e)
		a.Approached += s.p.Vars[i] + " = " + format.Text(e) + ", "
	}
	a.Approached += "t → ∞"
	g := minimum.NameFor(sub.Proof, s.p.Vars)
	a.Proof = calledAs(g, fmt.Sprintf("far out %s comes near to %s = %s, the quotient of its terms of the highest degree, along each ray", s.minimised(), g, format.Text(far.F)), sub.Proof)
	a.Proof = append(a.Proof, fmt.Sprintf("with this value γ, the numerator of %s less γ times the denominator is nowhere lower than its terms of lower degree, %s > 0: %s is higher than γ everywhere",
		s.minimised(), format.Text(rest.F), s.minimised()))
	return s.flip(a)
}

// leadingTerms divides a polynomial into its terms of the highest degree and the others.
func (s *session) leadingTerms(t *simplify.Tidier, e expr.Expr) (leading, rest expr.Expr, degree number.Number, ok bool) {
	for _, x := range e.Vars() {
		if form.DegreeIn(e, x) < 0 {
			return leading, rest, degree, false
		}
	}
	g, _ := simplify.Canonical(e)
	high, low := []expr.Expr{t.Int(0)}, []expr.Expr{t.Int(0)}
	for i, u := range form.TermsOf(t, t.Tidy(g)) {
		d, known := form.Homogeneity(u)
		if !known {
			return leading, rest, degree, false
		}
		if c := d.Cmp(degree); i == 0 || c > 0 {
			low, high, degree = append(low, high...), []expr.Expr{t.Int(0)}, d
		} else if c < 0 {
			low = append(low, u)
			continue
		}
		high = append(high, u)
	}
	return t.Add(high...), t.Add(low...), degree, true
}
