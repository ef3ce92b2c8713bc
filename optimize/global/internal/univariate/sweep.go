package univariate

import (
	"context"
	"fmt"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file is about f = h(u) + d on the line where u(x), such as sin(x) or x sin(x), goes through all values of an interval again and
// again towards ∞ or -∞, and d tends to its infimum there, which it does not take: the infimum of f is that of h on the interval and
// that of d together, and f does not take it.

// A sweep is such a formula.
type sweep struct {
	u, h, d expr.Expr // h with the variable y in the place of u
	y       string
	bounded bool // u has the values from -1 to 1 and no others; all numbers otherwise
	end     edge
}

// answerSweep answers p when its formula is such a sum, nil otherwise.
func answerSweep(ctx context.Context, p *Question) *answer {
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	if l.depth > 0 || len(p.SubjectTo) > 0 || lo.Inf == 0 && hi.Inf == 0 {
		return nil
	}
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	f := l.tidyNode(l.raw)
	if f.Op() == expr.Mul { // of a maximum
		f = l.T.Add(form.TermsOf(l.T, f)...)
	}
	if f.Op() != expr.Add {
		return nil
	}
	var ends []edge
	if s.lo.Inf != 0 {
		ends = append(ends, edge{s.lo, -1})
	}
	if s.hi.Inf != 0 {
		ends = append(ends, edge{s.hi, 1})
	}
	tried := map[expr.Expr]bool{}
	for _, n := range expr.Order(f).Back() {
		if tried[n] || !n.Has(l.Name) || n == f {
			continue
		}
		tried[n] = true
		for _, e := range ends {
			q := sweep{u: n, y: l.Name + "_u", end: e}
			if s.sweeps(&q) && l.divided(&q, f) && s.swept(&q, p) {
				return s.a
			}
		}
	}
	return nil
}

// sweeps reports whether u is seen to go through all values of an interval again and again towards the end: a wave between -1 and 1, or
// a·w + r with a wave w, where a goes to ∞ or -∞ and r/a to 0, which comes near to a and to -a again and again, so that by continuity it has
// all values in between.
func (s *study) sweeps(q *sweep) bool {
	l, t := s.l, s.l.T
	isWave := func(e expr.Expr) bool { return (e.IsCall("sin") || e.IsCall("cos")) && l.Slope(e.Arg(0)).Valid() }
	if isWave(q.u) {
		q.bounded = true
		return true
	}
	var amplitude expr.Expr
	rest := []expr.Expr{t.Int(0)}
	for _, e := range q.u.Terms() {
		var others []expr.Expr
		waves := 0
		if e.Op() == expr.Mul {
			for _, v := range e.Args() {
				if isWave(v) {
					waves++
				} else {
					others = append(others, v)
				}
			}
		}
		switch {
		case waves == 0:
			rest = append(rest, e)
		case waves > 1 || amplitude.Valid():
			return false
		default:
			amplitude = t.Mul(others...)
		}
	}
	if !amplitude.Valid() || !amplitude.Has(l.Name) || s.growth(amplitude, q.end) == 0 {
		return false
	}
	ratio := s.limit(&piece{f: t.Mul(t.Add(rest...), t.Pow(amplitude, t.Int(-1)))}, q.end.at, q.end.side)
	return ratio.Kind == asymptotic.Finite && ratio.Value.Valid() && ratio.Value.IsNum(0) &&
		continuousIn(q.u, l.Var) && l.heldPast(simplify.Domain(q.u), q.end)
}

// divided reports whether the terms of the sum f are functions of u, and others, which are d.
func (l *line) divided(q *sweep, f expr.Expr) bool {
	pool := l.T.Pool()
	var of, rest []expr.Expr
	for _, e := range f.Args() {
		if g := outerPart(e, q.u, q.y); g.Has(l.Name) {
			rest = append(rest, e)
		} else {
			of = append(of, g)
		}
	}
	if len(of) == 0 || len(rest) == 0 {
		return false
	}
	q.h, q.d = pool.Make(expr.Add, append(of, pool.Int(0))...), l.T.Add(append(rest, l.T.Int(0))...)
	return q.h.Has(q.y)
}

// swept answers for f = h(u) + d if d is seen to tend to its infimum, and that of h is known.
func (s *study) swept(q *sweep, p *Question) bool {
	l := s.l
	domain := simplify.Domain(l.raw)
	if !l.heldPast(domain, q.end) {
		return false
	}
	lim := s.limit(&piece{f: q.d}, q.end.at, q.end.side)
	if lim.Kind != asymptotic.Finite || !lim.Value.Valid() {
		return false
	}
	d := solve(l.ctx, &Question{F: q.d, Var: l.Name, Bound: p.Bound, SubjectTo: domain, depth: l.depth + 1})
	if d.Status != minimum.NotAttained || !d.ExactValue.Valid() {
		return false
	}
	if c, ok := l.Consts.Compare(l.T.Pool().Import(d.ExactValue), lim.Value); !ok || c != 0 {
		return false
	}
	inner := &Question{F: q.h, Var: q.y, depth: l.depth + 1}
	if q.bounded {
		inner.Bound = minimum.Bound{Lo: l.T.Int(-1), Hi: l.T.Int(1)}
	}
	h := solve(l.ctx, inner)
	switch h.Status {
	case minimum.Exact, minimum.Certified, minimum.Constant, minimum.NotAttained:
	default:
		return false
	}
	a := s.a
	a.Status = minimum.NotAttained
	v := h.Enclosure.Value.Add(l.Consts.Enclose(lim.Value))
	if h.ExactValue.Valid() {
		least := l.Consts.Simplify(l.T.Add(l.T.Pool().Import(h.ExactValue), lim.Value))
		a.ExactValue, v = s.outExact(least), l.Consts.Enclose(least)
	}
	v = s.outInterval(v)
	a.Enclosure, a.Value = &minimum.Enclosure{Value: v}, minimum.Shown(v)+0
	a.Approached = s.arrow(q.end.at, q.end.side) + " along a sequence"
	a.Method = "parts that swing and vanish"
	a.Proof = s.sweepProof(q, lim.Value, v)
	a.between = s.betweenText()
	return true
}

// sweepProof says why the infimum is v.
func (s *study) sweepProof(q *sweep, limit expr.Expr, v interval.I) []string {
	l := s.l
	text := func(e expr.Expr) string { return format.Text(s.outExact(e)) }
	takes := "all numbers"
	if q.bounded {
		takes = "all numbers from -1 to 1"
	}
	rest, way := "stays above "+text(limit)+", to which it tends", "lower"
	if l.max {
		rest, way = "stays below "+text(limit)+", to which it tends", "higher"
	}
	y := l.T.Pool().Var("u")
	return []string{
		fmt.Sprintf("f = h(u) + d with u = %s, h(u) = %s and d = %s", format.Text(q.u), text(l.T.Tidy(l.T.Pool().Substitute(q.h, map[string]expr.Expr{q.y: y}))), text(q.d)),
		fmt.Sprintf("as %s, u takes %s again and again, and d %s", s.arrow(q.end.at, q.end.side), takes, rest),
		fmt.Sprintf("so f comes as near as you like to the sum of the two, %s, and is nowhere as low or %s", format.Number(v.Mid(), 6), way),
	}
}
