package univariate

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// inFamilies lists the stationary points, infinitely many, of a formula without a period whose derivative is the product of
// a function with one and factors that are nowhere 0, such as exp(-x/5) cos(2x): they are families with the period.
func inFamilies(ctx context.Context, q *Question, a *answer) {
	switch a.Status {
	case minimum.Exact, minimum.Certified, minimum.NotAttained, minimum.Unbounded:
	default:
		return
	}
	if a.StationaryComplete || q.depth > 0 || q.Bound.Lo.Valid() && q.Bound.Hi.Valid() || len(q.SubjectTo) > 0 {
		return
	}
	l, lo, hi, _, _ := newLine(ctx, q)
	s := &study{l: l, lo: lo, hi: hi, loOpen: true, hiOpen: true} // the end is no stationary point
	if HasCases(l.raw) || l.hasKinks() || l.jumps(l.raw) || l.formalPowers(l.raw) || len(simplify.Domain(l.raw)) > 0 {
		return
	}
	f := l.tidyNode(l.raw)
	g := l.T.Tidy(diff.D(f, l.Name))
	if len(simplify.Domain(g)) > 0 || !slices.ContainsFunc(slices.Collect(g.All()), isPeriodic) {
		return
	}
	h, ok := l.vanishingFactors(g)
	if !ok {
		return
	}
	part := *l
	part.raw = h
	period, ok := part.findPeriod()
	if !ok {
		return
	}
	period = l.roundTrip(l.T.Int(0), period)
	part.period = period
	from, to, _ := part.window(exact.Start, exact.End)
	zeros, ok := part.zerosOf(from, to)
	if !ok {
		return
	}
	out := &study{l: l, a: a}
	var list []minimum.Stationary
	for i, z := range zeros {
		below, above := from, to
		if i > 0 {
			below = zeros[i-1]
		}
		if i+1 < len(zeros) {
			above = zeros[i+1]
		}
		before, ok1 := l.signInside(g, below, z)
		after, ok2 := l.signInside(g, z, above)
		members, ok3 := s.split(place{z, period}, nil)
		if !ok1 || !ok2 || !ok3 || before == 0 || after == 0 {
			return
		}
		for _, m := range members {
			st, ok := out.alongMembers(f, m, period)
			if !ok {
				return
			}
			st.Kind = out.kind(before, after)
			list = append(list, st)
		}
	}
	slices.SortStableFunc(list, func(p, q minimum.Stationary) int { return cmp.Compare(p.X[0], q.X[0]) })
	a.Stationary, a.StationaryComplete = list, true
	a.Proof = append(a.Proof, fmt.Sprintf("the zeros of f' are those of %s, which has the period %s", format.Text(h), format.Text(period)))
}

// hasKinks reports whether the formula has functions that are put together from pieces.
func (l *line) hasKinks() bool {
	return slices.ContainsFunc(slices.Collect(l.raw.All()), func(n expr.Expr) bool {
		return n.Op() == expr.Call && n.Has(l.Name) && (n.Func().Family == "pieces" || n.Func().Name == "relu")
	})
}

// vanishingFactors returns what has the zeros of the tidy formula g, which is defined everywhere: its factors that may be 0, each once.
func (l *line) vanishingFactors(g expr.Expr) (h expr.Expr, ok bool) {
	r := l.RingFor(exact.Start)
	n, strips, ok := r.Numerator(r.Expand(g))
	if !ok || len(n) == 0 {
		return h, false
	}
	factors := []expr.Expr{r.Build(n)}
	for _, st := range strips {
		if k := &r.Kernels[st.K]; st.N.Sign() > 0 && k.HasX && !k.Positive && !l.strictly(k.E, interval.Whole).positive() {
			factors = append(factors, k.E)
		}
	}
	return l.T.Mul(factors...), true
}

// alongMembers describes the stationary points m, which are repeated with the period, of the tidy formula f; false where what becomes of the value is
// not known.
func (s *study) alongMembers(f expr.Expr, m minimum.Point, period expr.Expr) (st minimum.Stationary, ok bool) {
	l, t := s.l, s.l.T
	v := l.Consts.Simplify(l.Substitute(f, m.Exact[0]))
	c := candidate{v: l.Consts.Enclose(v), e: v}
	st = minimum.Stationary{X: m.X, Exact: m.Exact, Hull: m.Hull, Value: s.out(c), ExactValue: s.outExact(v), Proved: true, Family: m.Family, Repeats: m.Repeats}
	if m.Family == "" {
		return st, c.v.IsBounded()
	}
	k := t.Pool().Var("k")
	if l.Name == "k" {
		return st, false
	}
	at := l.onFamily(m.Exact[0], period)
	if l.turning(at) {
		return st, false
	}
	r := l.RingFor(exact.Start)
	along := s.outExact(r.Build(r.Expand(l.Substitute(t.Tidy(at), t.Add(m.Exact[0], t.Mul(period, k))))))
	switch drift := r.Build(r.Expand(t.Sub(along, st.ExactValue))); {
	case drift.IsNum(0):
	case drift.Op() == expr.Mul && slices.Contains(drift.AppendArgs(nil), k):
		st.Drift = drift
	default:
		st.Along = along
	}
	return st, c.v.IsBounded()
}
