package univariate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file answers for f(x) = g(u(x)) where u has too many branches to be listed:
// from the infimum and the supremum of u alone.

// A span is what is known of the values of u: the answers for its infimum and its
// supremum, nil where there is none, and the interval between them.
type span struct {
	ends  [2]*answer
	bound minimum.Bound
	// all: u is continuous and defined between the bounds of the question, so that
	// it takes all values between the ends.
	all bool
}

// span finds the infimum and the supremum of u.
func (s *substitution) span(ctx context.Context) (r span, ok bool) {
	r.all = s.in.lo.Inf != 0 && s.in.hi.Inf != 0 && !s.in.l.jumps(s.in.l.raw)
	for i := range r.ends {
		a := solve(ctx, &Question{F: s.u, Var: s.in.l.Name, Bound: s.p.Bound, Max: i == 1, depth: s.p.depth + 1})
		known := a.Status == minimum.Unbounded || (a.Status == minimum.Exact || a.Status == minimum.Certified || a.Status == minimum.NotAttained) && a.ExactValue.Valid()
		if !known {
			r.all = false
			continue
		}
		r.ends[i], ok = a, true
		r.all = r.all && a.everywhere
		if i == 0 {
			r.bound.Lo, r.bound.LoOpen = a.ExactValue, !a.Attained
		} else {
			r.bound.Hi, r.bound.HiOpen = a.ExactValue, !a.Attained
		}
	}
	return r, ok
}

// byRange answers from the ends of the range of u: where the least value of g
// between them is taken or approached at one of them, it does not matter which
// values between them u takes; otherwise u has to take all.
func (s *substitution) byRange(ctx context.Context) *answer {
	r, ok := s.span(ctx)
	if !ok {
		return nil
	}
	sub := solve(ctx, &Question{F: s.g, Var: s.y, Bound: r.bound, Max: s.p.Max, depth: s.p.depth + 1})
	switch sub.Status {
	case minimum.Exact, minimum.Certified, minimum.NotAttained, minimum.Unbounded:
	default:
		return nil
	}
	a := newAnswer(s.in.l.Name)
	a.Status, a.Value, a.ExactValue, a.Attained = sub.Status, sub.Value, sub.ExactValue, sub.Attained
	a.Method, a.Warnings = sub.Method, sub.Warnings
	a.everywhere, a.between = r.all && sub.everywhere, s.in.betweenText()
	a.Domain = a.between
	if !a.everywhere {
		if a.Domain = s.p.domain(); s.in.lo.Inf == 0 || s.in.hi.Inf == 0 {
			a.Domain += " and " + a.between
		}
	}
	if sub.Enclosure != nil {
		a.Enclosure = &minimum.Enclosure{Value: sub.Enclosure.Value}
	}
	if whole := s.onIntegers(a, sub); whole != nil {
		return whole
	}
	s.sub, s.between, s.some = sub, sub.between, !(r.all && sub.everywhere)
	var least []*answer // the ends at which g has its least value
	for _, end := range r.ends {
		if end != nil && end.Attained && sub.Attained && s.hasAt(sub, end.ExactValue) {
			least = append(least, end)
		}
	}
	if len(least) == 2 {
		pool, c := s.in.l.T.Pool(), s.in.l.Consts
		if k, ok := c.Compare(pool.Import(least[0].ExactValue), pool.Import(least[1].ExactValue)); !ok || k == 0 {
			least = least[:1]
		}
	}
	if len(least) > 0 {
		return s.atEnd(a, least...)
	}
	y := sub.approach
	if sub.Attained && len(sub.Minimisers) == 1 && sub.Minimisers[0].Family == "" {
		m := sub.Minimisers[0]
		z := s.spotOf(m.Exact, m.Hull)
		y = &z
	}
	if y == nil {
		return nil
	}
	at := *y
	at.Exact = importValid(s.in.l.T.Pool(), at.Exact)
	for i, end := range r.ends {
		if end == nil {
			continue
		}
		e := exact.Spot{Inf: 2*i - 1}
		if end.ExactValue.Valid() {
			e = exact.At(s.in.l.Consts, s.in.l.T.Pool().Import(end.ExactValue))
		}
		if k, ok := s.in.l.Consts.CompareSpots(at, e); ok && k == 0 {
			if strings.Contains(sub.Approached, " along ") && !(r.all && sub.everywhere) {
				return nil // u may leave out the values on which g approaches its infimum
			}
			return s.atEnd(a, end)
		}
	}
	return nil
}

// hasAt reports whether g has the value that sub tells at y.
func (s *substitution) hasAt(sub *answer, y expr.Expr) bool {
	l, _, _, _, _ := newLine(context.Background(), &Question{F: s.g, Var: s.y})
	if !sub.ExactValue.Valid() {
		return false
	}
	v, defined, sure := l.valueAt(l.T.Pool().Import(y))
	if !sure || !defined {
		return false
	}
	c, ok := l.Consts.Compare(v, l.T.Pool().Import(sub.ExactValue))
	return ok && c == 0
}

// onIntegers answers for u = floor(v) and the like with v linear, which takes all
// whole numbers towards an end of the line, and a g with an irrational period: by
// Kronecker's theorem whole numbers come as near as one likes to a minimiser of g and
// its periods, so that the infimum is that of g, and it is taken at a whole number
// that is one of these.
func (s *substitution) onIntegers(a, sub *answer) *answer {
	l := s.in.l
	if s.u.Op() != expr.Call || s.u.Len() != 1 || s.u.Func().Near == [2]float64{} ||
		sub.Status != minimum.Exact || !sub.MinimisersComplete || s.in.lo.Inf == 0 && s.in.hi.Inf == 0 {
		return nil
	}
	// g has values near its minimum near the minimisers, and u all whole numbers.
	if g, _, _, _, _ := newLine(context.Background(), &Question{F: s.g, Var: s.y}); !sub.everywhere || g.jumps(g.raw) || len(simplify.Domain(s.u)) > 0 {
		return nil
	}
	v := l.tidyNode(s.u.Arg(0))
	slope := l.Slope(v)
	if !slope.Valid() {
		return nil
	}
	t, c := l.T, l.Consts
	var at []expr.Expr
	for _, m := range sub.Minimisers {
		if len(m.Exact) == 0 || !m.Repeats.Step.Valid() || m.Repeats.Lo != nil && m.Repeats.Hi != nil {
			return nil
		}
		y, p := t.Pool().Import(m.Exact[0]), t.Pool().Import(m.Repeats.Step)
		rows, ok := c.Ring.Coordinates([]expr.Expr{p, t.Int(1), c.Simplify(t.Neg(y))})
		if !ok || exact.Rank(rows[:2]) < 2 {
			return nil
		}
		if _, n, ok := exact.Integers(rows[0], rows[1], rows[2]); ok { // y + P k = n
			at = append(at, c.Simplify(t.Mul(t.Sub(t.Int(n), c.Simplify(l.Substitute(v, t.Int(0)))), t.Pow(slope, t.Int(-1)))))
		}
	}
	a.Method, a.between, a.Domain = "steps through a periodic function", s.in.betweenText(), s.in.betweenText()
	a.everywhere = true
	word := "least"
	if s.p.Max {
		word = "greatest"
	}
	a.Proof = []string{
		fmt.Sprintf("f = g(%s) with g = %s and %s = %s, which takes all whole numbers far out", s.y, format.Text(s.g), s.y, format.Text(s.u)),
		fmt.Sprintf("g has the period %s, which is irrational, and its %s value %s for %s", format.Text(sub.Minimisers[0].Repeats.Step), word,
			format.Text(sub.ExactValue), sub.Minimisers[0].Family),
		"whole numbers come as near as you like to these places (Kronecker's theorem)",
	}
	for _, z := range at {
		spot := exact.At(c, z)
		x, ok1 := c.CompareSpots(s.in.lo, spot)
		y, ok2 := c.CompareSpots(spot, s.in.hi)
		if !ok1 || !ok2 {
			return nil
		}
		if x <= 0 && y <= 0 && !(x == 0 && s.in.loOpen) && !(y == 0 && s.in.hiOpen) {
			a.At, a.ExactAt, a.Enclosure.At = []float64{spot.Float()}, []expr.Expr{spot.Exact}, []interval.I{spot.Hull}
			a.Minimisers, a.MinimisersComplete = []minimum.Point{{X: a.At, Exact: a.ExactAt, Hull: spot.Hull}}, false
			a.Proof = append(a.Proof, fmt.Sprintf("%s is such a number for %s = %s", s.y, l.Name, format.Text(spot.Exact)))
			return a
		}
	}
	if len(at) > 0 {
		return nil // a step that reaches into the question may begin outside
	}
	end, side := exact.End, 1
	if s.in.hi.Inf == 0 {
		end, side = exact.Start, -1
	}
	a.Status, a.Attained, a.approach, a.approachSide = minimum.NotAttained, false, &end, side
	a.Approached = s.in.arrow(end, side) + " along a sequence"
	a.Proof = append(a.Proof, "none of them is one, so f never has that value")
	return a
}

// atEnd completes a, which tells of g where y is at an end of the range of u, or has the same value at both, by
// what is known of u there.
func (s *substitution) atEnd(a *answer, ends ...*answer) *answer {
	end := ends[0]
	if a.Attained != end.Attained {
		return nil
	}
	a.MinimisersComplete = s.sub.MinimisersComplete && len(s.sub.Minimisers) == len(ends) &&
		!slices.ContainsFunc(s.sub.Minimisers, func(m minimum.Point) bool { return m.Family != "" })
	for _, e := range ends {
		a.Minimisers = append(a.Minimisers, e.Minimisers...)
		a.MinimisersComplete = a.MinimisersComplete && e.MinimisersComplete
	}
	a.At, a.ExactAt = end.At, end.ExactAt
	if end.Enclosure != nil && a.Enclosure != nil {
		a.Enclosure.At = end.Enclosure.At
	}
	if a.Attained && a.Status == minimum.Exact && len(a.ExactAt) == 0 {
		a.Status = minimum.Certified
	}
	if !a.Attained && !s.goes(a, end) {
		return nil
	}
	own := s.proof(a)
	a.Proof = own[:1:1]
	for i, e := range ends {
		for _, line := range e.Proof {
			if line = minimum.Called(line, s.y); i == 0 || !slices.Contains(a.Proof, line) {
				a.Proof = append(a.Proof, line)
			}
		}
	}
	a.Proof = append(a.Proof, own[1:]...)
	return a
}

// goes says along which x u goes to the end of its range, at which the infimum of
// g is approached, or g falls without end.
func (s *substitution) goes(a, end *answer) bool {
	w := end.Witness
	a.Approached, a.approach, a.approachSide = end.Approached, end.approach, end.approachSide
	var path expr.Expr
	f, lo, hi, _, _ := newLine(context.Background(), s.p)
	switch {
	case w != nil && len(w.Path) == 1:
		path = f.T.Pool().Import(w.Path[0])
	case w == nil && end.approach != nil && end.approach.Inf != 0 && !strings.Contains(end.Approached, " along "):
		path = f.T.Mul(f.T.Int(int64(end.approach.Inf)), f.T.Pool().Var("t"))
	case w == nil && end.approach != nil && end.approach.Exact.Valid():
		at := f.T.Pool().Import(end.approach.Exact)
		path = f.T.Add(at, f.T.Mul(f.T.Int(int64(-end.approachSide)), f.T.Pow(f.T.Pool().Var("t"), f.T.Int(-1))))
	}
	if a.Status != minimum.Unbounded {
		if strings.Contains(s.sub.Approached, " along ") && w == nil && !strings.Contains(a.Approached, " along ") {
			a.Approached += " along a sequence"
		}
		if w == nil {
			return a.Approached != ""
		}
		if !path.Valid() || len(w.Points) == 0 {
			return false
		}
		side := 1
		if w.Points[len(w.Points)-1][0] < 0 {
			side = -1
		}
		if end.approach == nil {
			end := exact.Spot{Inf: side}
			a.approach, a.approachSide = &end, side
		}
		if _, where, ok := strings.Cut(w.Why, " as "); ok {
			a.Approached = where
		} else {
			_, where, _ = strings.Cut(w.Why, " along ")
			a.Approached = fmt.Sprintf("%s → %s along %s", s.in.l.Name, s.in.l.spotText(*a.approach), where)
		}
		return true
	}
	if !path.Valid() {
		return false
	}
	out := &study{l: f, a: a, outerLo: lo, outerHi: hi}
	a.Witness = out.along(path, w != nil && w.Whole)
	return true
}
