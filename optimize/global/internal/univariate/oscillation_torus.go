package univariate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file is about formulas in which x stands in angles of periodic functions only, f(x) = F(p1(x), p2(x), …) for a
// continuous F with the period 2π in each variable. Where the phases come, towards an edge, as near as one likes to any
// that are given, the infimum of f is the minimum of F. It is taken where all phases are those of a minimiser of F.

// Several answers what the least value of f is for variables between bounds, nil for nothing.
type Several func(ctx context.Context, f expr.Expr, vars []string, bounds []minimum.Bound) *minimum.Answer

type severalKey struct{}

// WithSeveral returns a context in which questions of one variable may lead to some of several.
func WithSeveral(ctx context.Context, several Several) context.Context {
	return context.WithValue(ctx, severalKey{}, several)
}

// answerTurning answers for a formula in which x stands in the angles of periodic functions only, nil where that oscillates towards no edge as
// phases do that come near to any values, or where the minimum of it as a function of phases is not settled. Where it is open whether that is taken,
// the answer is a local one beside the infimum.
func answerTurning(ctx context.Context, p *Question) *answer {
	several, ok := ctx.Value(severalKey{}).(Several)
	if !ok || p.depth > 1 || len(p.SubjectTo) > 0 || p.F.Size() > 60 || !turnsOnly(p.F, p.Var) {
		return nil
	}
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	var o torus
	var towards []edge
	for _, e := range s.openEdges() {
		n, ok := s.torusAt(e)
		if !ok || len(n.vars) < 2 || n.beside || !l.heldPast(simplify.Domain(l.raw), e) {
			continue
		}
		if len(towards) == 0 {
			o = n
		}
		if n.f == o.f {
			towards = append(towards, e)
		}
	}
	if len(towards) == 0 {
		return nil
	}
	return s.onTorus(ctx, several, &o, towards, p.domain())
}

// turnsOnly reports whether x stands in angles of periodic functions only, and in several.
func turnsOnly(f expr.Expr, x string) bool {
	var angles []expr.Expr
	w := expr.Order(f)
	outside := make([]bool, w.Len()) // reached other than through a periodic function
	outside[w.Len()-1] = true
	for i, n := range w.Back() {
		switch {
		case !outside[i]:
			continue
		case n.Op() == expr.Var && n.Name() == x:
			return false
		case isPeriodic(n):
			if u := n.Arg(0); u.Has(x) && !slices.Contains(angles, u) {
				angles = append(angles, u)
			}
			continue
		}
		for k := range n.Len() {
			outside[w.Place(n.Arg(k))] = true
		}
	}
	return len(angles) > 1
}

// openEdges returns the edges of the question at which the formula may go on oscillating: infinite ends, and places at which it is not defined.
func (s *study) openEdges() (list []edge) {
	list = s.farEdges()
	part := &study{l: s.l, lo: s.lo, hi: s.hi, loOpen: s.loOpen, hiOpen: s.hiOpen}
	if d, ok := part.conditions(); ok && len(d.turns) == 0 {
		if part.lo.Inf == 0 {
			list = append(list, edge{part.lo, -1})
		}
		if part.hi.Inf == 0 {
			list = append(list, edge{part.hi, 1})
		}
		for _, h := range d.holes {
			list = append(list, edge{h, 1}, edge{h, -1})
		}
	}
	return list
}

// onTorus answers for a function of independent phases.
func (s *study) onTorus(ctx context.Context, several Several, o *torus, towards []edge, domain string) *answer {
	l := s.l
	sub := several(ctx, o.f, o.vars, slices.Repeat([]minimum.Bound{l.turn()}, len(o.vars)))
	if sub == nil || sub.Status != minimum.Exact || !sub.ExactValue.Valid() {
		return nil
	}
	least := l.T.Pool().Import(sub.ExactValue)
	at, sure := s.whereAllMeet(o, sub, least)
	if !sure {
		z, ok := s.whereLeast(o, sub, least)
		if !ok {
			return s.nearTorus(o, sub, least, domain)
		}
		at = []expr.Expr{z}
	}
	if !s.phases(least, l.Consts.Enclose(least), at, towards...) {
		return nil
	}
	if !strings.HasPrefix(domain, "all real") {
		s.a.Domain, s.a.everywhere = domain, false
	}
	s.a.MinimisersComplete = s.a.MinimisersComplete && sure
	s.a.Method = "phases of independent waves"
	s.a.Proof = s.torusProof(o, sub, least)
	return s.a
}

// byPhases tells of an edge at a place of the line, which begins at inner, from the least value of f as a function of phases and x there, nil
// for nothing: f is nowhere lower, and comes near to it if F has it at the edge.
func (s *study) byPhases(e edge, inner exact.Spot) *swung {
	l := s.l
	several, ok := l.ctx.Value(severalKey{}).(Several)
	if !ok || l.depth > 1 || e.at.Inf != 0 || !inner.Exact.Valid() || l.formalPowers(l.raw) {
		return nil
	}
	o, ok := s.torusAt(e)
	if !ok || !o.beside || !definedAt(o.f, o.vars, l.Name, e.at.Hull) {
		return nil
	}
	over := minimum.Bound{Lo: inner.Exact, Hi: e.at.Exact}
	if e.side < 0 {
		over.Lo, over.Hi = over.Hi, over.Lo
	}
	sub := several(l.ctx, o.f, append(slices.Clone(o.vars), l.Name), append(slices.Repeat([]minimum.Bound{l.turn()}, len(o.vars)), over))
	if sub == nil || sub.Status != minimum.Exact || !sub.ExactValue.Valid() {
		return nil
	}
	least := l.T.Pool().Import(sub.ExactValue)
	out := &swung{low: candidate{s: e.at, v: l.Consts.Enclose(least), e: least, limit: true, lower: true, approach: s.arrow(e.at, e.side), side: e.side}}
	out.text = fmt.Sprintf("for %s, f is at least %s, the least value of %s", s.beyond(e, inner), s.valueText(least), format.Text(s.outExact(l.tidyNode(o.f))))
	out.cands = []candidate{out.low}
	at := 0
	for _, m := range sub.Minimisers {
		if len(m.Exact) == len(sub.Vars) && m.Exact[len(o.vars)].Valid() {
			if c, ok := l.Consts.CompareSpots(exact.At(l.Consts, l.T.Pool().Import(m.Exact[len(o.vars)])), e.at); ok && c == 0 {
				at++
			}
		}
	}
	if at > 0 && at == len(sub.Minimisers) && sub.MinimisersComplete && l.definedPast(e) { // f is greater for all other x
		c := out.low
		c.lower = false
		where := "a sequence"
		if u := o.phases[0]; len(o.phases) == 1 && sub.Minimisers[0].Exact[0].Valid() {
			y := l.T.Add(l.T.Pool().Import(sub.Minimisers[0].Exact[0]), l.T.Mul(l.T.Int(2), l.T.Call(fn.Lookup("pi")), l.T.Var("t")))
			where = "places where " + format.Text(l.asWritten(u)) + " = " + format.Text(l.Consts.Simplify(l.T.Pool().Substitute(y, map[string]expr.Expr{"t": l.T.Var("k")})))
			if s.growth(u, e) < 0 {
				y = l.T.Pool().Substitute(y, map[string]expr.Expr{"t": l.T.Neg(l.T.Var("t"))})
			}
			c.path, _ = l.pathTo(u, y, e)
		}
		c.approach += " along " + where
		out.cands, out.settled = []candidate{c}, true
	}
	return out
}

// definedAt reports whether F, of phases and x, is seen to be defined and bounded at a place of x for all phases.
func definedAt(f expr.Expr, phases []string, x string, at interval.I) bool {
	prog, err := tape.Compile(append(slices.Clone(phases), x), f)
	if err != nil {
		return false
	}
	v, dec := make([]interval.I, 1), make([]interval.Dec, 1)
	prog.NewMachine().Interval(v, dec, append(slices.Repeat([]interval.I{interval.Whole}, len(phases)), at))
	return dec[0] >= interval.Defined && v[0].IsBounded()
}

// asWritten returns a function in the formula that is u, u itself where there is none.
func (l *line) asWritten(u expr.Expr) expr.Expr {
	r := l.RingFor(exact.Start)
	for n := range l.raw.All() {
		if n.Op() == expr.Call && r.Build(r.Expand(l.tidyNode(n))) == u {
			return n
		}
	}
	return u
}

// turn returns bounds that are a period of phases apart. Extrema are like multiples of π by fractions with small denominators; the ends are not.
func (l *line) turn() minimum.Bound {
	turns := func(n int64) expr.Expr { return l.T.Mul(l.T.Num(number.Frac(n, 7)), l.T.Call(fn.Lookup("pi"))) }
	return minimum.Bound{Lo: turns(-6), Hi: turns(8)}
}

// whereLeast looks for a place in the question at which one of the phases is that of a minimiser of F, and f has the least value.
func (s *study) whereLeast(o *torus, sub *minimum.Answer, least expr.Expr) (at expr.Expr, ok bool) {
	const (
		far  = 40 // periods
		most = 4  // places that are looked at closely
		near = 1e-9
	)
	l, t := s.l, s.l.T
	m := l.Program(l.tidyNode(l.raw))
	if m == nil {
		return at, false
	}
	value, looked := l.Consts.Enclose(least), 0
	for k := range int64(2*far + 1) {
		if k = k / 2; k%2 == 1 {
			k = -k
		}
		for _, p := range sub.Minimisers {
			for i, phase := range o.phases {
				if len(p.Exact) <= i || !p.Exact[i].Valid() {
					continue
				}
				for _, z := range l.preimagesOf(phase, t.Add(t.Pool().Import(p.Exact[i]), t.Mul(t.Int(2*k), t.Call(fn.Lookup("pi"))))) {
					if looked == most {
						return at, false
					}
					v, _ := exact.Evaluate(m, l.Consts.Enclose(z))
					if !(math.Abs(v[0].Mid()-value.Mid()) < near) {
						continue
					}
					looked++
					spot := exact.At(l.Consts, z)
					a, ok1 := l.Consts.CompareSpots(s.lo, spot)
					b, ok2 := l.Consts.CompareSpots(spot, s.hi)
					if !ok1 || !ok2 || a >= 0 || b >= 0 {
						continue
					}
					if v, defined, sure := l.valueAt(z); sure && defined {
						if c, ok := l.Consts.Compare(v, least); ok && c == 0 {
							return z, true
						}
					}
				}
			}
		}
	}
	return at, false
}

// preimagesOf returns places at which the tidy formula u is y.
func (l *line) preimagesOf(u, y expr.Expr) (list []expr.Expr) {
	if d := l.Slope(u); d.Valid() {
		return []expr.Expr{l.Consts.Simplify(l.T.Mul(l.T.Sub(y, l.Substitute(u, l.T.Int(0))), l.T.Pow(d, l.T.Int(-1))))}
	}
	list, _ = form.Inverses(l.T, u, y)
	for i := range list {
		list[i] = l.Consts.Simplify(list[i])
	}
	return slices.DeleteFunc(list, func(z expr.Expr) bool { return !l.Consts.Enclose(z).IsBounded() })
}

// whereAllMeet returns all places at which the phases are those of a minimiser of F, and whether it is known which these are.
func (s *study) whereAllMeet(o *torus, sub *minimum.Answer, least expr.Expr) (at []expr.Expr, sure bool) {
	l := s.l
	if !sub.MinimisersComplete {
		return nil, false
	}
	for _, p := range sub.Minimisers {
		if p.Family != "" || len(p.Exact) < len(o.vars) || slices.ContainsFunc(p.Exact, func(e expr.Expr) bool { return !e.Valid() }) {
			return nil, false
		}
		if l.someNeverMeet(o, p) {
			continue
		}
		if !o.linear {
			return nil, false
		}
		place := func(i int) expr.Expr { return l.preimagesOf(o.phases[i], l.T.Pool().Import(p.Exact[i]))[0] }
		period := func(i int) expr.Expr {
			return l.Consts.Simplify(l.T.Mul(l.T.Int(2), l.T.Call(fn.Lookup("pi")), l.T.Pow(l.Slope(o.phases[i]), l.T.Int(-1))))
		}
		z, found, sure := l.meeting(place(0), period(0), place(1), period(1))
		if !sure {
			return nil, false
		}
		if !found || slices.Contains(at, z) {
			continue
		}
		v, defined, sure := l.valueAt(z)
		c, ok := l.Consts.Compare(v, least)
		if !sure || !defined || !ok {
			return nil, false
		}
		if c == 0 {
			at = append(at, z)
		}
	}
	return at, true
}

// someNeverMeet reports whether two of the phases, not both multiples of x, are seen to be nowhere those of the minimiser p together: as functions of k and m
// in the angles a + 2πk and b + 2πm, the places of one are no places of the other, or, for a power of x each, some powers of both are different.
func (l *line) someNeverMeet(o *torus, p minimum.Point) bool {
	t := l.T
	turned := func(i int, k string) expr.Expr {
		return t.Add(t.Pool().Import(p.Exact[i]), t.Mul(t.Int(2), t.Call(fn.Lookup("pi")), t.Var(k)))
	}
	for i, u := range o.phases {
		for j, v := range o.phases {
			if i == j || l.Slope(u).Valid() && l.Slope(v).Valid() {
				continue
			}
			a, b := turned(i, "k"), turned(j, "m")
			if list, ok := form.Inverses(t, u, a); ok && !slices.ContainsFunc(list, func(z expr.Expr) bool { return !l.neverEqual(l.Substitute(v, z), b) }) {
				return true
			}
			if i < j && l.powersNeverMeet(u, a, v, b) {
				return true
			}
		}
	}
	return false
}

// powersNeverMeet reports whether u and v are multiples of powers of x, c·x^n and d·x^q, and a and b are seen to be nowhere their values at one x, as (a/c)^q
// is not (b/d)^n, for n and q times a whole number.
func (l *line) powersNeverMeet(u, a, v, b expr.Expr) bool {
	t := l.T
	power := func(u expr.Expr) (n number.Number, c expr.Expr, ok bool) {
		for _, f := range u.Factors() {
			if f.Has(l.Name) {
				f, n = f.BaseExp()
				ok = f == l.Var
			}
		}
		c = l.Substitute(u, t.Int(1))
		return n, c, ok && t.Mul(c, t.Pow(l.Var, t.Num(n))) == u
	}
	n, c, ok1 := power(u)
	q, d, ok2 := power(v)
	if !ok1 || !ok2 {
		return false
	}
	ratio, ok := n.Quo(q)
	i, j, small := ratio.Frac64()
	if !ok || !small || max(i, -i, j) > 6 {
		return false
	}
	over := func(a, c expr.Expr, k int64) expr.Expr { return t.Pow(t.Mul(a, t.Pow(c, t.Int(-1))), t.Int(k)) }
	if i < 0 { // x^n with the positive power of the other
		return l.neverEqual(t.Mul(over(a, c, j), over(b, d, -i)), t.Int(1))
	}
	return l.neverEqual(over(a, c, j), over(b, d, i))
}

// torusProof says why the infimum is the minimum of F.
func (s *study) torusProof(o *torus, sub *minimum.Answer, least expr.Expr) []string {
	l := s.l
	var phases []string
	for i, y := range o.vars {
		phases = append(phases, fmt.Sprintf("%s = %s", y, format.Text(o.phases[i])))
	}
	bound, extremum := "infimum", "minimum"
	if l.max {
		bound, extremum = "supremum", "maximum"
	}
	name := minimum.NameFor(sub.Proof, o.vars)
	independent, theorem := "speeds are linearly independent over the rationals", "Kronecker's theorem"
	if !o.linear {
		independent, theorem = "combinations with whole numbers grow without bound", "they are uniformly distributed, by Weyl's criterion and van der Corput's lemma"
	}
	out := []string{
		fmt.Sprintf("f = %s with %s = %s and %s, whose %s", name, name, format.Text(s.outExact(l.tidyNode(o.f))), strings.Join(phases, " and "), independent),
		fmt.Sprintf("so these phases come as near as you like to any given ones (%s), and the %s of f is the %s of %s, %s", theorem, bound, extremum, name, s.valueText(least)),
	}
	if !l.max {
		for _, line := range sub.Proof {
			out = append(out, minimum.Called(line, name))
		}
	}
	switch {
	case s.a.Status == minimum.Local:
		return out
	case s.a.Attained:
		return append(out, fmt.Sprintf("f has this value at %s", s.meetingText()))
	}
	return append(out, fmt.Sprintf("there is no %s at which the phases are those of a point where %s has it, so f never has the value", l.Name, name))
}
