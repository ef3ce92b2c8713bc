package univariate

import (
	"context"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file answers for f(x) = g(u(x)) where u has infinitely many branches, from a part of
// the line on which it has few: a period, on which it takes all its values, or a half-line
// on which it takes those that matter.

// onPart answers from a part of the line; nil when none is found that does.
func (s *substitution) onPart(ctx context.Context) *answer {
	whole := s.in
	l := whole.l
	for _, p := range s.parts() {
		if l.Consts.Tired() {
			break
		}
		in := *whole
		in.lo, in.hi, in.loOpen, in.hiOpen = p.lo, p.hi, p.loOpen, p.hiOpen
		s.in, s.part, s.period, s.some = &in, true, p.period, false
		if !s.cut() {
			continue
		}
		outer := []minimum.Bound{s.around(whole)}
		if bounds, ok := s.ranges(); ok && p.period.Valid() {
			if a := s.onRange(ctx, bounds); a != nil {
				return a
			}
		}
		s.some = true
		if a := s.onRange(ctx, outer); a != nil && len(a.Warnings) == 0 {
			return a
		}
	}
	s.in, s.part, s.period, s.branches, s.subs, s.some = whole, false, expr.Expr{}, nil, nil, false
	return nil
}

// A linePart is a part of the line, or one period of it.
type linePart struct {
	lo, hi         exact.Spot
	loOpen, hiOpen bool
	period         expr.Expr
}

// parts returns the parts of the question on which u is studied.
func (s *substitution) parts() []linePart {
	in, l := s.in, s.in.l
	if in.lo.Inf != 0 && in.hi.Inf != 0 {
		if period, ok := l.findPeriod(); ok {
			// A period that begins where u has no value, such as at a pole, need not cut a branch.
			var out []linePart
			for _, from := range []expr.Expr{l.T.Mul(period, l.T.Pool().Num(number.Frac(-1, 2))), l.T.Int(0)} {
				if _, defined, sure := l.valueAt(from); sure && !defined {
					to := l.Consts.Simplify(l.T.Add(from, period))
					out = append(out, linePart{lo: exact.At(l.Consts, from), hi: exact.At(l.Consts, to), loOpen: true, hiOpen: true, period: period})
					break
				}
			}
			one := *l
			one.period = period
			if lo, hi, ok := one.window(in.lo, in.hi); ok {
				return append(out, linePart{lo: lo, hi: hi, period: period})
			}
		}
	}
	cuts := []expr.Expr{l.T.Int(0), l.T.Int(2), l.T.Int(-1), l.T.Int(1)}
	for n := range l.raw.All() { // where arguments of functions are 0
		if n.Op() != expr.Call || n.Len() != 1 {
			continue
		}
		u := l.tidyNode(n.Arg(0))
		if d := l.Slope(u); d.Valid() && u != l.Var {
			cuts = append(cuts, l.Consts.Simplify(l.T.Neg(l.T.Mul(l.Substitute(u, l.T.Int(0)), l.T.Pow(d, l.T.Int(-1))))))
		}
	}
	var out []linePart
	for _, n := range cuts {
		at := exact.At(l.Consts, n)
		a, ok1 := l.Consts.CompareSpots(in.lo, at)
		b, ok2 := l.Consts.CompareSpots(at, in.hi)
		if !ok1 || !ok2 || a >= 0 || b >= 0 {
			continue
		}
		if in.lo.Inf != 0 {
			out = append(out, linePart{lo: at, hi: in.hi, hiOpen: in.hiOpen})
		}
		if in.hi.Inf != 0 {
			out = append(out, linePart{lo: in.lo, hi: at, loOpen: in.loOpen})
		}
	}
	return out
}

// around returns bounds of all values that u has in the question whole: where the least
// value of g between them is taken or approached on the part, no other place matters.
func (s *substitution) around(whole *study) (b minimum.Bound) {
	l := s.in.l
	all := piece{lo: whole.lo, hi: whole.hi}
	v := l.strictly(s.tidy, all.hull())
	if lo, ok := number.FromFloat(v.Lo); ok && !v.IsEmpty() {
		b.Lo, b.LoOpen = l.T.Num(lo), v.loOpen
	}
	if hi, ok := number.FromFloat(v.Hi); ok && !v.IsEmpty() {
		b.Hi, b.HiOpen = l.T.Num(hi), v.hiOpen
	}
	return b
}

// repeat says of an answer from a part of the line what holds on all of it: that places
// are repeated with the period, or that there may be others.
func (s *substitution) repeat(a *answer) {
	if !s.period.Valid() {
		a.MinimisersComplete, a.StationaryComplete = false, false
		return
	}
	l := s.in.l
	step := minimum.Repeats{Step: s.period, Width: l.Consts.Enclose(s.period).Mid()}
	told := study{l: l, a: &answer{}}
	family := func(x []float64, e []expr.Expr) string {
		k := l.T.Mul(s.period, l.T.Pool().Var("k"))
		if len(e) > 0 {
			return familyText(l.Name, step, format.Text(l.T.Add(l.T.Pool().Import(e[0]), k)))
		}
		return familyText(l.Name, step, format.Number(x[0], 6)+" + "+format.Text(k))
	}
	twice := func(family string) string { // x = … k, k >= 0: an equation for u says all
		of, rest, _ := strings.Cut(family, ", ")
		if !strings.HasPrefix(of, l.Name+" = ") {
			return family
		}
		of += " + " + format.Text(l.T.Mul(s.period, l.T.Pool().Var("m")))
		if rest == "" {
			return of
		}
		return of + ", " + rest
	}
	for i := range a.Minimisers {
		if m := &a.Minimisers[i]; m.Family == "" {
			m.Family, m.Repeats = family(m.X, m.Exact), step
		} else {
			m.Family = twice(m.Family)
		}
	}
	a.Minimisers = told.onePerPeriod(a.Minimisers)
	for i := range a.Stationary {
		if m := &a.Stationary[i]; m.Family == "" {
			m.Family, m.Repeats = family(m.X, m.Exact), step
		} else {
			m.Family = twice(m.Family)
		}
	}
	told.a.Stationary = a.Stationary
	told.onePerFamily()
	a.Stationary = told.a.Stationary
}

// already says on which part of the line u takes all its values, when it was studied on
// a part.
func (s *substitution) already() string {
	switch {
	case s.period.Valid():
		return " in each period of length " + format.Text(s.period)
	case s.part:
		in := *s.in
		in.outerLo, in.outerHi, in.outerLoOpen, in.outerHiOpen = in.lo, in.hi, in.loOpen, in.hiOpen
		return "; it takes those that matter for " + in.betweenText()
	}
	return ""
}
