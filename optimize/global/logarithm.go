package global

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file answers for products with exponentials, such as likelihoods, by their logarithms: log P is greatest where
// P > 0 is, and is a sum where P is a product.

// A logarithmic is ±P, P a product, with the logarithm of |P|.
type logarithmic struct {
	log  expr.Expr
	plus bool // P > 0 wherever it is defined
	wave bool // P has other signs as well, or this is not known to be otherwise
	exp  bool // there is an exponential among the factors
}

// byLogarithm answers for f = P, P being positive wherever it is defined, or f = -P, P being positive somewhere. It returns nil where f is no
// product with an exponential, or the logarithm does not settle it.
func (s *session) byLogarithm() *Answer {
	if s.m.F.Size() > maxEliminated {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.m.F)
	factors := f.Factors()
	least := form.ConstantSign(factors[0]) >= 0 // f = P
	l := &logarithmic{plus: true}
	sum := []expr.Expr{t.Int(0)}
	for i, u := range factors {
		if i == 0 && form.ConstantSign(u) != 0 {
			if !least {
				u = t.Neg(u)
			}
			sum = append(sum, t.Call(fn.Lookup("log"), u))
			continue
		}
		e := s.logOf(t, l, u)
		if !e.Valid() {
			return nil
		}
		sum = append(sum, e)
	}
	if !l.exp || len(s.m.Cons) > 0 && (!l.plus || len(factors) == 1) { // an exponential alone is an outer function
		return nil
	}
	if least && !l.plus { // f = -(-P)
		least, l.wave = false, true
	}
	if l.log = sumWhereDefined(t, sum); !l.log.Valid() {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.5)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate = nil, nil, false
	q := &Problem{F: l.log, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: s.p.SubjectTo, Max: !least}
	sub, _, err := solveAny(ctx, q, o)
	if err != nil || sub.Enclosure == nil {
		return nil
	}
	a := s.fromLogarithm(l, least, sub)
	if a == nil {
		return nil
	}
	g := minimum.NameFor(sub.Proof, s.p.Vars)
	p := map[bool]string{false: "f", true: "-f"}[least == s.p.Max]
	where := " = exp(" + g + ") where it is positive, with "
	if l.plus {
		where = " = exp(" + g + ") with "
	}
	a.Proof = calledAs(g, p+where+g+" = "+format.Text(l.log), sub.Proof)
	s.active(a, nil)
	return s.flip(a)
}

// logOf returns log |u| of a factor of P, not Valid where nothing is known of its sign at its zeros, and notes what it is.
func (s *session) logOf(t *simplify.Tidier, l *logarithmic, u expr.Expr) expr.Expr {
	log := func(e expr.Expr) expr.Expr { return t.Call(fn.Lookup("log"), e) }
	times := number.Int(1)
	switch {
	case u.IsCall("exp"):
		l.exp = true
		return u.Arg(0)
	case u.IsCall("normpdf"):
		l.exp = true
		half := t.Num(number.Frac(-1, 2))
		return t.Add(t.Mul(half, t.Pow(u.Arg(0), t.Int(2))), t.Mul(half, log(t.Mul(t.Int(2), t.Call(fn.Lookup("pi"))))))
	case u.Op() == expr.Pow && u.Arg(0).IsConstant() && form.ConstantSign(u.Arg(0)) > 0:
		l.exp = true
		return t.Mul(u.Arg(1), log(u.Arg(0)))
	case u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num:
		u, times = u.Arg(0), u.Arg(1).Number()
		if inner := (&logarithmic{plus: true}); u.Op() == expr.Mul || u.IsCall("exp") || u.IsCall("normpdf") {
			// A power of a product of positive factors.
			sum := []expr.Expr{t.Int(0)}
			for _, v := range u.Factors() {
				e := s.logOf(t, inner, v)
				if !e.Valid() {
					return e
				}
				sum = append(sum, e)
			}
			if log := sumWhereDefined(t, sum); inner.plus && log.Valid() {
				l.exp = l.exp || inner.exp
				return t.Mul(t.Num(times), log)
			}
		}
	case u.Op() == expr.Pow && s.positiveInside(u.Arg(0)):
		l.exp = true
		return t.Mul(u.Arg(1), log(u.Arg(0)))
	case u.Op() == expr.Pow:
		return expr.Expr{} // 0^0
	}
	over := s.rangeOf(u)
	positive := over.Lo > 0 || times.Sign() < 0 && over.Lo >= 0 || over.Lo >= 0 && neverZero(u) || s.positiveInside(u)
	l.plus = l.plus && positive
	switch {
	case over.Lo >= 0 || !times.IsInt():
		return t.Mul(t.Num(times), log(u))
	case over.Hi <= 0:
		l.wave = true
		return t.Mul(t.Num(times), log(t.Neg(u)))
	}
	l.wave = true
	return t.Mul(t.Num(times.Mul(number.Frac(1, 2))), log(t.Pow(u, t.Int(2))))
}

// sumWhereDefined is the sum of the terms, not Valid where it may be defined at more points than they are together.
func sumWhereDefined(t *simplify.Tidier, terms []expr.Expr) expr.Expr {
	sum := t.Add(terms...)
	if !form.SameDomain(t.Pool().Make(expr.Add, terms...), sum) {
		return expr.Expr{}
	}
	return sum
}

// fromLogarithm is the answer for f = ±P that follows from that for log |P|, nil for none.
func (s *session) fromLogarithm(l *logarithmic, least bool, sub *Answer) *Answer {
	v := interval.Exp(sub.Enclosure.Value)
	if v.IsEmpty() || math.IsInf(v.Hi, 1) {
		return nil
	}
	if !least {
		v = v.Neg()
	}
	a := &Answer{Status: sub.Status, Method: "logarithm", GradientNorm: math.NaN(), Attained: sub.Attained, Evaluations: sub.Evaluations,
		MinimisersComplete: sub.MinimisersComplete, Enclosure: &Enclosure{Value: v}, Value: v.Mid()}
	t := simplify.New()
	if e := sub.ExactValue; e.Valid() {
		a.ExactValue = t.Call(fn.Lookup("exp"), t.Tidy(e))
		if !least {
			a.ExactValue = t.Neg(a.ExactValue)
		}
	}
	switch sub.Status {
	case Exact, Certified:
		for _, m := range sub.Minimisers {
			for i, x := range m.X {
				s.b.Point[i] = interval.Point(x)
				if len(m.Exact) == s.m.N && m.Exact[i].Valid() {
					if e, ok := s.exactPoint(m.Exact); ok {
						copy(s.b.Point, e.box)
					}
				}
			}
			s.b.MV.Interval(s.b.VOut, s.b.VDec, s.b.Point)
			at := s.b.VOut[0]
			if s.b.VDec[0] < interval.Defined || !least && !(at.Hi < 0) {
				a.MinimisersComplete = a.MinimisersComplete && at.Lo > 0
				continue // P is negative there, or not defined
			}
			a.Minimisers = append(a.Minimisers, m)
		}
		if l.wave && slices.ContainsFunc(a.Minimisers, func(m Point) bool { return m.Family != "" }) {
			return nil
		}
		if len(a.Minimisers) == 0 {
			return nil
		}
		a.At, a.ExactAt = a.Minimisers[0].X, a.Minimisers[0].Exact
		a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
		if a.Status == Certified {
			a.ExactValue = expr.Expr{}
			return a
		}
		e, ok := s.exactPoint(a.ExactAt)
		if !ok {
			return nil
		}
		b := s.exactAnswer(e, s.valueAt(s.m.F, a.ExactAt))
		b.Method, b.Minimisers, b.MinimisersComplete, b.Evaluations = a.Method, a.Minimisers, a.MinimisersComplete, a.Evaluations
		return b
	case NotAttained:
		if l.wave || !form.SameDomain(s.m.F, simplify.Tidy(s.m.F)) {
			return nil // where P is negative or not defined, perhaps
		}
		a.Approached, a.Argument.Path = sub.Approached, sub.Argument.Path
		return a
	}
	return nil
}
