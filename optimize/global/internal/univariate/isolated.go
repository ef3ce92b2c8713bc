package univariate

import (
	"context"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file is about formulas that are defined at isolated places only, perhaps infinitely many: sqrt(u) where u is
// nowhere positive has a value where u = 0, which is its maximum. On a family of such places, phi + P·k, the periodic
// functions are constants, and what is left is a formula of floor(k).

// isolatedEffort is what it is worth to answer for such a formula.
const isolatedEffort = 12000

// onIsolated answers for such a formula, nil for another.
func onIsolated(ctx context.Context, p *Question) *answer {
	if p.depth >= substitutions || len(p.SubjectTo) > 0 {
		return nil
	}
	if !slices.ContainsFunc(slices.Collect(p.F.All()), isPeriodic) {
		return nil
	}
	effort, _ := ctx.Value(effortKey{}).(*exact.Effort)
	defer effort.Attempt(isolatedEffort)()
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen, defined: map[int]bool{}}
	over := strict{I: (&piece{lo: lo, hi: hi}).hull()}
	var conds []expr.Expr
	for _, c := range simplify.Needed(l.raw) {
		if c = l.T.Pool().Import(c); c.Op() == expr.And {
			conds = c.AppendArgs(conds)
		} else {
			conds = append(conds, c)
		}
	}
	for _, c := range conds {
		u, ok := l.nowherePositive(c, over)
		if !ok {
			continue
		}
		why := format.Text(c)
		top := solve(ctx, &Question{F: u, Var: l.Name, Bound: p.Bound, Max: true, depth: p.depth + 1})
		switch top.Status {
		case minimum.Exact, minimum.NotAttained:
		default:
			continue
		}
		if sign, ok := l.Consts.Sign(importValid(l.T.Pool(), top.ExactValue)); !top.ExactValue.Valid() || !ok {
			continue
		} else if open := c.Op() == expr.Lt || c.Op() == expr.Gt; sign < 0 || top.Status == minimum.NotAttained || open {
			s.a.Domain, s.a.Proof = "nowhere", []string{"the formula has a value only for " + why + ", which holds nowhere"}
			s.a.Status, s.a.StationaryComplete = minimum.EmptyDomain, true
			return s.a
		}
		if top.MinimisersComplete && s.atPlaces(ctx, p, top.Minimisers, why) {
			return s.a
		}
	}
	return nil
}

// nowherePositive returns the u of the condition c that u >= 0, or u > 0, if an enclosure shows that u is nowhere positive.
func (l *line) nowherePositive(c expr.Expr, over strict) (u expr.Expr, ok bool) {
	if !c.Has(l.Name) {
		return u, false
	}
	switch c.Op() {
	case expr.Ge, expr.Gt:
		u = l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
	case expr.Le, expr.Lt:
		u = l.T.Sub(l.tidyNode(c.Arg(1)), l.tidyNode(c.Arg(0)))
	default:
		return u, false
	}
	return u, l.strictlyWith(u, map[expr.Expr]strict{l.Var: over}).Hi <= 0
}

// atPlaces answers for a formula that has values at some of the given places and nowhere else.
func (s *study) atPlaces(ctx context.Context, p *Question, places []minimum.Point, why string) bool {
	l := s.l
	var domain []string
	families := map[expr.Expr]minimum.Point{}
	for _, m := range s.roundTrips(places) {
		if len(m.Exact) == 0 || m.Family != "" && !m.Repeats.Step.Valid() {
			return false
		}
		z := exact.At(l.Consts, l.T.Pool().Import(m.Exact[0]))
		v, defined, sure := l.valueAt(z.Exact)
		switch {
		case !sure:
			return false
		case m.Family == "" && defined:
			s.cands = append(s.cands, candidate{s: z, v: l.Consts.Enclose(v), e: v})
			domain = append(domain, l.Name+" = "+l.spotText(z))
			continue
		case m.Family == "":
			continue
		}
		g := l.onFamily(z.Exact, l.T.Pool().Import(m.Repeats.Step))
		if !g.Has(l.Name) {
			if defined {
				s.cands = append(s.cands, candidate{s: z, v: l.Consts.Enclose(v), e: v})
				families[z.Exact] = m
				domain = append(domain, m.Family)
			}
			continue
		}
		if l.turning(g) || !s.alongFamily(ctx, p, g, m) {
			return false
		}
		domain = append(domain, m.Family)
	}
	if s.a.Domain = strings.Join(domain, " or "); len(domain) == 0 {
		s.a.Domain = "nowhere"
	}
	s.conclude()
	if s.a.Status == minimum.Local || s.a.Status == minimum.Failed {
		return false
	}
	for i, m := range s.a.Minimisers {
		if f, ok := families[m.Exact[0]]; ok {
			s.a.Minimisers[i].Family, s.a.Minimisers[i].Repeats = f.Family, f.Repeats
		}
	}
	s.a.StationaryComplete = true // f has a derivative nowhere
	s.a.Method = "values at isolated points of the domain"
	s.a.Proof = append([]string{"f has a value only for " + why + ", that is, at isolated points"}, s.a.Proof...)
	return true
}

// roundTrips returns the places with families divided into those on which more periodic functions of the formula come round.
func (s *study) roundTrips(places []minimum.Point) (out []minimum.Point) {
	l, t := s.l, s.l.T
	for _, m := range places {
		if !m.Repeats.Step.Valid() || m.Repeats.Lo != nil || m.Repeats.Hi != nil || len(m.Exact) == 0 {
			out = append(out, m)
			continue
		}
		phi, step := t.Pool().Import(m.Exact[0]), t.Pool().Import(m.Repeats.Step)
		r := minimum.Repeats{Step: l.roundTrip(phi, step)}
		r.Width = l.Consts.Enclose(r.Step).Mid()
		for i := range int64(math.Round(r.Width / m.Repeats.Width)) {
			z := exact.At(l.Consts, l.Consts.Simplify(t.Add(phi, t.Mul(t.Int(i), step))))
			out = append(out, minimum.Point{X: []float64{z.Float()}, Exact: []expr.Expr{z.Exact}, Hull: z.Hull, Repeats: r, Family: l.familyOf(z, r)})
		}
	}
	return out
}

// roundTrip returns the least multiple of step, of the first few, after which from phi on all periodic functions of the formula come
// round, and step if there is none.
func (l *line) roundTrip(phi, step expr.Expr) expr.Expr {
	const most = 12
	for n := range int64(most) {
		if whole := l.Consts.Simplify(l.T.Mul(l.T.Int(n+1), step)); !l.turning(l.onFamily(phi, whole)) {
			return whole
		}
	}
	return step
}

// turning reports whether e has periodic functions of x.
func (l *line) turning(e expr.Expr) bool {
	return slices.ContainsFunc(slices.Collect(e.All()), func(n expr.Expr) bool { return isPeriodic(n) && n.Has(l.Name) })
}

// onFamily returns the written formula at the places phi + step·k, with x for these: periodic functions that come round there
// are constants.
func (l *line) onFamily(phi, step expr.Expr) expr.Expr {
	pool := l.T.Pool()
	return expr.Fold(l.raw, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if isPeriodic(n) {
			if u := l.tidyNode(n.Arg(0)); l.Slope(u).Valid() && l.comesRound(pool.Call(n.Func(), u), step) {
				return l.Consts.Simplify(l.T.Call(n.Func(), l.Substitute(u, phi)))
			}
		}
		return expr.Remake(n, pool, args, nil)
	})
}

// alongFamily adds the candidates for g, the formula at the places of a family: those with the least value there, or the end to which it
// comes near. False where that is not settled, or the least places are not known to be all.
func (s *study) alongFamily(ctx context.Context, p *Question, g expr.Expr, m minimum.Point) bool {
	const most = 100
	l, t, pool := s.l, s.l.T, s.l.T.Pool()
	phi, step := pool.Import(m.Exact[0]), pool.Import(m.Repeats.Step)
	k := "k"
	if l.Name == k {
		k = "m"
	}
	place := func(n expr.Expr) expr.Expr { return l.Consts.Simplify(t.Add(phi, t.Mul(step, n))) }
	turn := pool.Call(fn.Lookup("floor"), pool.Var(k))
	q := &Question{Var: k, depth: p.depth + 1}
	q.F = expr.Rebuild(g, pool, func(x expr.Expr) (expr.Expr, bool) {
		return pool.Make(expr.Add, phi, pool.Make(expr.Mul, step, turn)), x.Name() == l.Name
	})
	if r := m.Repeats.Lo; r != nil {
		q.Bound.Lo = pool.Int(*r)
	}
	if r := m.Repeats.Hi; r != nil {
		q.Bound.Hi, q.Bound.HiOpen = pool.Int(*r+1), true
	}
	a := solve(ctx, q)
	z := a.approach
	switch a.Status {
	case minimum.Unbounded:
		if z == nil || z.Inf == 0 {
			return false
		}
		path := t.Add(phi, t.Mul(t.Int(int64(z.Inf)), step, t.Var("t")))
		s.unbound = &fall{Witness: s.onPlaces(path, g)}
		return true
	case minimum.NotAttained:
		if z == nil || z.Inf == 0 || !a.ExactValue.Valid() {
			return false
		}
		end := exact.Spot{Inf: z.Inf}
		e := pool.Import(a.ExactValue)
		s.cands = append(s.cands, candidate{s: end, v: l.Consts.Enclose(e), e: e, limit: true, approach: s.arrow(end, z.Inf) + " along " + m.Family, side: z.Inf})
		return true
	case minimum.Exact, minimum.Certified, minimum.Constant:
	default:
		return false
	}
	least := expr.Expr{}
	has := func(n int64) bool { // that f has its least value at place number n
		if m.Repeats.Lo != nil && n < *m.Repeats.Lo || m.Repeats.Hi != nil && n > *m.Repeats.Hi {
			return false
		}
		at := exact.At(l.Consts, place(t.Int(n)))
		if slices.ContainsFunc(s.cands, func(c candidate) bool { return c.s.Exact == at.Exact }) {
			return false
		}
		v, defined, sure := l.valueAt(at.Exact)
		if !sure || !defined {
			return false
		}
		if least.Valid() {
			if c, ok := l.Consts.Compare(v, least); !ok || c != 0 {
				return false
			}
		}
		least = v
		s.cands = append(s.cands, candidate{s: at, v: l.Consts.Enclose(v), e: v})
		return true
	}
	if !a.MinimisersComplete || a.Status == minimum.Constant {
		return false
	}
	for _, x := range a.Minimisers { // each stands for an interval on which floor(k) goes through several numbers
		first := int64(math.Floor(x.X[0]))
		if x.Repeats.Step.Valid() || strings.Contains(x.Family, "repeated") || !(math.Abs(x.X[0]) < 1e9) || !has(first) {
			return false
		}
		for _, d := range [2]int64{-1, 1} {
			for n := first + d; has(n); n += d {
				if n-first > most || first-n > most {
					return false
				}
			}
		}
	}
	return true
}

// onPlaces is the witness that f, which is g at the places of a family, falls without end along a path through them.
func (s *study) onPlaces(path, g expr.Expr) *minimum.Witness {
	l := s.l
	w := &minimum.Witness{Path: []expr.Expr{path}, Whole: true}
	w.Why = s.flip("f → -∞ along " + l.Name + " = " + format.Text(path) + ", t = 1, 2, 3, …")
	prog, err := tape.Compile([]string{"t"}, path, l.Substitute(l.T.Tidy(g), path))
	if err != nil {
		return w
	}
	m := prog.NewMachine()
	for t := 1.0; t < 1e7; t *= 100 {
		var v [2]float64
		m.Eval(v[:], []float64{t})
		w.Show([]float64{v[0]}, s.outInterval(interval.Point(v[1])).Lo)
	}
	return w
}
