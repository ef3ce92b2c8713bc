package univariate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file pulls the answer for g back to x, through the inverse of u on each branch: minimisers, the way to an infimum, a
// witness, and stationary points.

// pullBack turns the answer for g into one for f.
func (s *substitution) pullBack() *answer {
	l, sub := s.in.l, s.sub
	a := newAnswer(l.Name)
	a.Status, a.Value, a.ExactValue, a.Attained = sub.Status, sub.Value, sub.ExactValue, sub.Attained
	a.Method, a.Warnings = sub.Method, sub.Warnings
	if sub.Enclosure != nil {
		a.Enclosure = &minimum.Enclosure{Value: sub.Enclosure.Value}
	}
	a.Evaluations = sub.Evaluations
	a.Domain = s.domain()
	if a.Domain == "" {
		return nil
	}
	switch sub.Status {
	case minimum.Unbounded:
		if !s.pullWitness(a) {
			return nil
		}
	case minimum.NotAttained:
		if !s.pullApproach(a) {
			return nil
		}
	default:
		if !s.pullMinimisers(a) {
			return nil
		}
	}
	s.pullStationary(a)
	if s.part {
		s.repeat(a)
	}
	a.Proof = s.proof(a)
	return a
}

// domain describes where f is defined: everywhere u is, if g is defined on all of
// the range of u.
func (s *substitution) domain() string {
	if s.part {
		return s.p.domain()
	}
	if !s.everywhere {
		// Where g is not defined, neither is f.
		if conds := s.p.domain(); (!strings.HasPrefix(conds, "all real") || !HasCases(s.p.F)) && s.in.lo.Inf != 0 && s.in.hi.Inf != 0 {
			return conds
		}
		return ""
	}
	in := s.in
	in.defined = map[int]bool{}
	for i, z := range in.spots {
		for k := range s.branches {
			b := &s.branches[k]
			if s.same(b.lo, z) && b.loIn || s.same(b.hi, z) && b.hiIn {
				in.defined[i] = true
			}
		}
	}
	return in.l.domainText(in.pieces, in.spots, in.defined)
}

// spotOf returns a point of the answer for g as a place.
func (s *substitution) spotOf(e []expr.Expr, hull interval.I) exact.Spot {
	l := s.in.l
	if len(e) > 0 && e[0].Valid() {
		return exact.At(l.Consts, l.T.Pool().Import(e[0]))
	}
	return exact.Spot{Hull: hull}
}

// pullMinimisers finds where u takes the values at which g is least.
func (s *substitution) pullMinimisers(a *answer) bool {
	a.MinimisersComplete = true
	var all []minimum.Point
	for _, sub := range s.subs {
		all = append(all, sub.Minimisers...)
		a.MinimisersComplete = a.MinimisersComplete && sub.MinimisersComplete
	}
	for _, m := range all {
		if m.Family != "" && !m.Repeats.Step.Valid() {
			a.MinimisersComplete = false // a continuum, of which one place is told
		}
		if m.Hull.IsEmpty() || m.Hull == (interval.I{}) && len(m.Exact) == 0 {
			return false
		}
		list, all := s.preimages(s.spotOf(m.Exact, m.Hull), m.Repeats)
		a.MinimisersComplete = a.MinimisersComplete && all
		for _, p := range list {
			pt := minimum.Point{X: []float64{p.z.Float()}, Family: p.family, Hull: p.z.Hull}
			if p.z.Exact.Valid() {
				pt.Exact = []expr.Expr{p.z.Exact}
			}
			a.Minimisers = append(a.Minimisers, pt)
		}
	}
	if len(a.Minimisers) == 0 {
		return false
	}
	best := 0
	for i, m := range a.Minimisers {
		if len(m.Exact) > 0 && len(a.Minimisers[best].Exact) == 0 {
			best = i
		}
	}
	a.Minimisers[0], a.Minimisers[best] = a.Minimisers[best], a.Minimisers[0]
	a.At, a.ExactAt = slices.Clone(a.Minimisers[0].X), a.Minimisers[0].Exact
	a.Enclosure.At = []interval.I{a.Minimisers[0].Hull}
	if a.Status == minimum.Exact && len(a.ExactAt) == 0 {
		a.Status = minimum.Certified
	}
	return true
}

// pullApproach finds where x goes when u goes where g approaches its infimum.
func (s *substitution) pullApproach(a *answer) bool {
	var texts []string
	for _, sub := range s.subs {
		if sub.approach == nil {
			continue
		}
		side := sub.approachSide
		for _, y := range s.approached(sub) {
			for i := range s.branches {
				z, up, ok := s.toward(&s.branches[i], y, side)
				if !ok {
					continue
				}
				t := s.in.arrow(z, up)
				if strings.Contains(sub.Approached, " along ") {
					t += " along a sequence"
				}
				if !slices.Contains(texts, t) {
					texts = append(texts, t)
				}
				if a.approach == nil {
					a.approach, a.approachSide = &z, up
				}
			}
			if len(texts) > 0 {
				break
			}
		}
	}
	if len(texts) == 0 {
		return false
	}
	if len(texts) > 2 {
		texts = texts[:2]
	}
	a.Approached = strings.Join(texts, " and as ")
	return true
}

// approached returns the place at which g approaches its infimum, and some a few periods
// away at which it does so too.
func (s *substitution) approached(sub *answer) []exact.Spot {
	l := s.in.l
	y := *sub.approach
	y.Exact = importValid(l.T.Pool(), y.Exact)
	out := []exact.Spot{y}
	if sub.approachStep.Valid() && y.Exact.Valid() {
		step := l.T.Pool().Import(sub.approachStep)
		for _, k := range [...]int64{1, -1, 2, -2} {
			out = append(out, exact.At(l.Consts, l.T.Add(y.Exact, l.T.Mul(l.T.Int(k), step))))
		}
	}
	return out
}

// toward returns where x goes on b when u goes to y from the given side (+1 from
// below), and from which side.
func (s *substitution) toward(b *branch, y exact.Spot, side int) (exact.Spot, int, bool) {
	up := side
	if !b.rising {
		up = -side
	}
	lo, hi, _, _ := b.image()
	switch {
	case side > 0 && s.same(y, hi), side < 0 && s.same(y, lo):
		if up > 0 {
			return b.hi, up, true
		}
		return b.lo, up, true
	case y.Inf != 0:
		return exact.Spot{}, 0, false
	}
	c := s.in.l.Consts
	p, ok1 := c.CompareSpots(lo, y)
	q, ok2 := c.CompareSpots(y, hi)
	if !ok1 || !ok2 || p >= 0 || q >= 0 {
		return exact.Spot{}, 0, false
	}
	z, ok := s.on(b, y)
	return z, up, ok
}

func importValid(pool *expr.Pool, e expr.Expr) expr.Expr {
	if !e.Valid() {
		return e
	}
	return pool.Import(e)
}

// pullWitness finds a path of x on which u runs along the path on which g falls
// without end, or a place of x at which u goes to that at which g does.
func (s *substitution) pullWitness(a *answer) bool {
	f, lo, hi, _, _ := newLine(context.Background(), s.p)
	out := &study{l: f, a: a, outerLo: lo, outerHi: hi}
	if s.pullPath(a, out) {
		return true
	}
	if !s.pullApproach(a) {
		return false
	}
	end, side := *a.approach, a.approachSide
	end.Exact = importValid(f.T.Pool(), end.Exact)
	a.Witness = out.witness(end, side, "f → -∞ as "+out.arrow(end, side)).Witness
	a.Approached = ""
	return len(a.Witness.Points) > 0
}

// pullPath is pullWitness with the inverse of u in closed form.
func (s *substitution) pullPath(a *answer, out *study) bool {
	l, f, w := s.in.l, out.l, s.sub.Witness
	if w == nil || len(w.Path) == 0 {
		return false
	}
	list, ok := s.inverses(w.Path[0])
	if !ok {
		return false
	}
	for i := range s.branches {
		b := &s.branches[i]
		which := -1
		for _, n := range [...]int64{1000, 1000000} {
			at := make([]expr.Expr, len(list))
			for k, e := range list {
				at[k] = l.T.Tidy(l.T.Pool().Substitute(e, map[string]expr.Expr{"t": l.T.Int(n)}))
			}
			if which = s.inside(b, at); which < 0 {
				break
			}
		}
		if which < 0 {
			continue
		}
		path := f.T.Pool().Import(list[which])
		a.Witness = out.along(path, w.Whole)
		return true
	}
	return false
}

// pullStationary lists where u takes the values at which g is stationary, and the
// places at which u itself turns.
func (s *substitution) pullStationary(a *answer) {
	complete := true
	var points []minimum.Stationary
	for _, sub := range s.stationary {
		points = append(points, sub.Stationary...)
		complete = complete && sub.StationaryComplete
	}
	for _, st := range points {
		if st.Family != "" && !st.Repeats.Step.Valid() || st.Hull.IsEmpty() {
			complete = false
			continue
		}
		list, all := s.preimages(s.spotOf(st.Exact, st.Hull), st.Repeats)
		complete = complete && all
		for _, p := range list {
			if !p.inner && p.family == "" && !s.goesOn(p.z) {
				continue // told below
			}
			out := minimum.Stationary{X: []float64{p.z.Float()}, Value: st.Value, ExactValue: st.ExactValue, Kind: st.Kind, Proved: st.Proved,
				Family: p.family, Hull: p.z.Hull}
			if p.z.Exact.Valid() {
				out.Exact = []expr.Expr{p.z.Exact}
			}
			a.Stationary = append(a.Stationary, out)
		}
	}
	g, _, _, _, _ := newLine(context.Background(), &Question{F: s.g, Var: s.y})
	slope := g.T.Tidy(diff.D(g.tidyNode(g.raw), s.y))
	for i := 1; i < len(s.branches); i++ {
		b, prev := &s.branches[i], &s.branches[i-1]
		if !b.loTurn {
			continue
		}
		on := b.rising == prev.rising
		if b.first && on { // with a slope that may be another one
			below, above := s.in.around(b.lo)
			level, known := s.in.level(below, above, b.lo)
			if complete = complete && known; !level {
				continue
			}
		}
		st := minimum.Stationary{X: []float64{b.lo.Float()}, Kind: "undetermined", Hull: b.lo.Hull}
		if b.lo.Exact.Valid() {
			st.Exact = []expr.Expr{b.lo.Exact}
		}
		sign, ok := 0, false
		if b.from.Exact.Valid() {
			y := g.T.Pool().Import(b.from.Exact)
			v, defined, sure := g.valueAt(y)
			if sure && !defined {
				continue // no place of f
			}
			if sure && !g.jumps(g.raw) {
				sign, ok = g.Consts.Sign(g.Consts.Simplify(g.Substitute(slope, y)))
				st.Value, st.ExactValue = minimum.Shown(g.Consts.Enclose(v))+0, v
			}
		}
		switch {
		case on && ok && sign == 0:
			continue // told above
		case !ok || sign == 0:
			complete = false
			if !ok || math.IsNaN(st.Value) || math.IsInf(st.Value, 0) {
				continue
			}
		case on:
			st.Kind, st.Proved = "inflection", true
		case b.rising == (sign > 0):
			st.Kind, st.Proved = "local minimum", true
		default:
			st.Kind, st.Proved = "local maximum", true
		}
		a.Stationary = append(a.Stationary, st)
	}
	slices.SortStableFunc(a.Stationary, func(p, q minimum.Stationary) int { return cmp.Compare(p.X[0], q.X[0]) })
	a.StationaryComplete = complete
}

// goesOn reports whether u rises through z, or falls, from one branch to the next.
func (s *substitution) goesOn(z exact.Spot) bool {
	for i := 1; i < len(s.branches); i++ {
		if b, prev := &s.branches[i], &s.branches[i-1]; b.loTurn && s.same(b.lo, z) {
			return b.rising == prev.rising
		}
	}
	return false
}

// proof says how the substitution goes, and what is known of g.
func (s *substitution) proof(a *answer) []string {
	l := s.in.l
	takes := "which takes the values"
	if s.some {
		takes = "whose values are among"
	}
	g := minimum.NameFor(s.sub.Proof, []string{s.y, l.Name})
	out := []string{fmt.Sprintf("f = %s(%s) with %s = %s and %s = %s, %s %s%s", g, s.y, g, format.Text(s.g), s.y, format.Text(s.u), takes, s.between, s.already())}
	for _, t := range s.sub.Proof {
		if strings.HasPrefix(t, "f is defined for") {
			continue
		}
		out = append(out, minimum.Called(t, g))
	}
	if len(a.Minimisers) > 0 && a.Attained {
		at := a.Minimisers[0].Family
		if at == "" {
			at = l.Name + " = " + format.Number(a.At[0], 6)
			if len(a.ExactAt) > 0 {
				at = l.Name + " = " + format.Text(a.ExactAt[0])
			}
		}
		out = append(out, "and "+s.y+" has that value for "+at)
	}
	return out
}
