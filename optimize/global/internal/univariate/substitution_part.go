package univariate

import (
	"context"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file answers for f(x) = g(u(x)) where u has infinitely many branches, from a part of
// the line on which it has few and takes all its values: a period, or a half-line.

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
		s.in, s.part, s.period = &in, true, p.period
		if !s.cut() {
			continue
		}
		bounds, ok := s.ranges()
		if !ok || !p.period.Valid() && !s.covers(bounds, whole) {
			continue
		}
		if a := s.onRange(ctx, bounds); a != nil {
			return a
		}
		break // as it would be from another part
	}
	s.in, s.part, s.period, s.branches, s.subs = whole, false, expr.Expr{}, nil, nil
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
			one := *l
			one.period = period
			if lo, hi, ok := one.window(in.lo, in.hi); ok {
				return []linePart{{lo: lo, hi: hi, period: period}}
			}
		}
	}
	var out []linePart
	for _, n := range [...]int64{0, -1, 1} {
		at := exact.At(l.Consts, l.T.Int(n))
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

// covers reports whether the values of u between the bounds are all that it has in the
// question whole.
func (s *substitution) covers(bounds []minimum.Bound, whole *study) bool {
	if len(bounds) != 1 {
		return false
	}
	l, b := s.in.l, bounds[0]
	all := piece{lo: whole.lo, hi: whole.hi}
	v := l.strictly(s.tidy, all.hull())
	reaches := func(end expr.Expr, open bool, to float64, toOpen bool, side int) bool {
		if !end.Valid() {
			return true
		}
		n, ok := number.FromFloat(to)
		if !ok {
			return false
		}
		k, ok := l.Consts.Compare(end, l.T.Num(n))
		return ok && (k*side > 0 || k == 0 && (!open || toOpen))
	}
	return !v.IsEmpty() && reaches(b.Lo, b.LoOpen, v.Lo, v.loOpen, -1) && reaches(b.Hi, b.HiOpen, v.Hi, v.hiOpen, 1)
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
	for i := range a.Minimisers {
		if m := &a.Minimisers[i]; m.Family == "" {
			m.Family, m.Repeats = family(m.X, m.Exact), step
		} else { // repeated in two ways
			a.MinimisersComplete = false
		}
	}
	a.Minimisers = told.onePerPeriod(a.Minimisers)
	for i := range a.Stationary {
		if m := &a.Stationary[i]; m.Family == "" {
			m.Family, m.Repeats = family(m.X, m.Exact), step
		} else {
			a.StationaryComplete = false
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
		return ", already for " + in.betweenText()
	}
	return ""
}
