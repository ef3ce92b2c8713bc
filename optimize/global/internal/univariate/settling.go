package univariate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file is about formulas that settle: f = g + r, where g has a period and r goes to 0 towards an infinite
// edge, as the response of a system that goes over into the steady state. Where the least value m of g is known, f is at
// least m plus what r is there. It stays above m if r is positive next to the minimisers of g, and is smaller elsewhere than
// g is above m; m is the infimum on the edge then, which f comes near to at the minimisers.

// A settling is f = g + r on an edge.
type settling struct {
	wave, rest expr.Expr // g and r
	terms      []fading  // of r
	all        expr.Expr // f, by linear angles
	a          *answer   // of g, exact or certified
	low        expr.Expr // m in closed form, if it has one
	m          interval.I
}

// A fading is a term a·w of a rest: w is a product of parts with periodic functions, a has none of these.
type fading struct{ a, w expr.Expr }

// bySettling tells what is known of f on the edge past T when it settles there, nil for nothing.
func (s *study) bySettling(e edge, inner exact.Spot, T float64) *swung {
	l := s.l
	q, ok := s.settles(e)
	if !ok {
		return nil
	}
	tail := l.tail(e.at, e.side, T)
	lim := tail.LimitAt(q.rest)
	if lim.Kind != asymptotic.Finite || !lim.Value.IsNum(0) || !lim.Bound.IsBounded() {
		return nil
	}
	low, above := q.m.Add(lim.Bound).Lo, false
	if most, ok := s.envelope(&q, e); ok {
		if v := tail.LimitAt(most); v.Kind == asymptotic.Finite && v.Bound.IsBounded() {
			low = math.Max(low, v.Bound.Lo)
			above = q.low.Valid() && tail.SignPast(l.T.Tidy(l.T.Sub(most, q.low))) > 0
		}
	}
	out := &swung{low: candidate{s: e.at, v: interval.New(low, math.Inf(1)), limit: true, lower: true, approach: s.arrow(e.at, e.side), side: e.side}}
	out.cands = []candidate{out.low}
	out.text = s.settlingText(&q, e, inner, fmt.Sprintf(", and is at least %s", format.Number(out.low.v.Lo, 6)),
		fmt.Sprintf(", and is at most %s", format.Number(-out.low.v.Lo+0, 6)))
	if !l.definedPast(e) || !above && tail.SignPast(q.rest) <= 0 && !l.staysAbove(q, tail, -lim.Bound.Lo) {
		return out
	}
	first := q.a.Minimisers[0]
	c := out.low
	c.v, c.e, c.lower = q.m, q.low, false
	if len(first.Exact) > 0 {
		c.path = l.everySecond(l.T.Pool().Import(first.Exact[0]), l.T.Pool().Import(first.Repeats.Step), e.side)
	}
	c.approach += " along " + first.Family
	out.low.v, out.cands, out.settled = q.m, []candidate{c}, true
	if above {
		out.text = s.settlingText(&q, e, inner, ", such that the amplitude of f stays below that of the wave", ", such that the amplitude of f stays below that of the wave")
		return out
	}
	out.text = s.settlingText(&q, e, inner, ": this is positive next to the minimisers of the wave, and f stays above the minimum of it",
		": this is negative next to the maximisers of the wave, and f stays below the maximum of it")
	return out
}

// settlingText says what f is on an edge, and what follows for a minimum, or for a maximum.
func (s *study) settlingText(q *settling, e edge, inner exact.Spot, least, greatest string) string {
	if s.l.max {
		least = greatest
	}
	return fmt.Sprintf("for %s, f is %s plus a part that goes to 0%s", s.beyond(e, inner), format.Text(s.outExact(q.wave)), least)
}

// settles writes f as a wave and a rest that goes to 0 towards the edge.
func (s *study) settles(e edge) (q settling, ok bool) {
	l := s.l
	if e.at.Inf == 0 || l.formalPowers(l.raw) {
		return q, false
	}
	f := s.byLinearAngles(l.tidyNode(l.raw), e)
	q.all = f
	if q.wave, ok = s.steady(f, e); !ok || !q.wave.Has(l.Name) {
		return q, false
	}
	ring := l.RingFor(exact.Start)
	q.terms = s.fadings(e, ring.Build(exact.Add(ring.Expand(f), ring.Expand(q.wave).Neg())))
	sum := make([]expr.Expr, len(q.terms))
	for i, f := range q.terms {
		sum[i] = l.T.Mul(f.a, f.w)
	}
	if q.rest = l.T.Add(sum...); !q.rest.Has(l.Name) {
		return q, false
	}
	if q.a, ok = l.steadies[q.wave]; !ok {
		wave := *l
		wave.raw = q.wave
		if _, periodic := wave.findPeriod(); periodic {
			q.a = solve(l.ctx, &Question{F: q.wave, Var: l.Name, depth: l.depth + 1})
		}
		if !l.Consts.Tired() { // else another attempt may get further
			l.steadies[q.wave] = q.a
		}
	}
	if a := q.a; a == nil || a.Status != minimum.Exact && a.Status != minimum.Certified || !a.everywhere || len(a.Minimisers) == 0 ||
		slices.ContainsFunc(a.Minimisers, func(m minimum.Point) bool {
			return m.Repeats.Lo != nil || m.Repeats.Hi != nil || !m.Repeats.Step.Valid() || !m.Hull.IsBounded()
		}) {
		return q, false
	}
	q.low, q.m = importValid(l.T.Pool(), q.a.ExactValue), q.a.Enclosure.Value
	return q, true
}

// steady returns the tidy formula n with the limits of its parts without periodic functions, those of sums and of
// products taken together, in their places; false where one has none.
func (s *study) steady(n expr.Expr, e edge) (expr.Expr, bool) {
	l, t := s.l, s.l.T
	if !n.Has(l.Name) {
		return n, true
	}
	if !s.wavy(n, e) {
		lim := s.limit(&piece{f: n}, e.at, e.side)
		return lim.Value, lim.Kind == asymptotic.Finite && lim.Value.Valid()
	}
	if isPeriodic(n) {
		angle, ok := s.steadyAngle(n.Arg(0), e)
		return t.Call(n.Func(), angle), ok
	}
	args := n.AppendArgs(nil)
	if n.Op() == expr.Add || n.Op() == expr.Mul {
		waves, others := []expr.Expr(nil), []expr.Expr(nil)
		for _, a := range args {
			if s.wavy(a, e) {
				waves = append(waves, a)
			} else {
				others = append(others, a)
			}
		}
		if args = waves; len(others) > 0 {
			args = append(args, t.Tidy(t.Pool().Make(n.Op(), others...)))
		}
	}
	for i, a := range args {
		var ok bool
		if args[i], ok = s.steady(a, e); !ok {
			return n, false
		}
	}
	switch {
	case n.Op() == expr.Add:
		return t.Add(args...), true
	case n.Op() == expr.Mul:
		return t.Mul(args...), true
	case n.Op() == expr.Pow, n.Op() == expr.Call && !n.Func().Jumps:
		return expr.Remake(n, t, args, nil), true
	}
	return n, false
}

// steadyAngle returns the linear formula to which the tidy angle u settles towards the edge.
func (s *study) steadyAngle(u expr.Expr, e edge) (expr.Expr, bool) {
	l, t := s.l, s.l.T
	if l.Slope(u).Valid() {
		return u, true
	}
	limit := func(f expr.Expr) (expr.Expr, bool) {
		lim := s.limit(&piece{f: t.Tidy(f)}, e.at, e.side)
		return lim.Value, lim.Kind == asymptotic.Finite && lim.Value.Valid()
	}
	speed, ok := limit(t.Mul(u, t.Pow(l.Var, t.Int(-1))))
	if !ok || speed.IsNum(0) {
		return u, false
	}
	turn := t.Mul(speed, l.Var)
	phase, ok := limit(t.Sub(u, turn))
	if !ok {
		return u, false
	}
	return t.Add(turn, phase), true
}

// byLinearAngles writes the tidy formula f with the sines and cosines of angles that settle to linear ones by those of the linear
// ones: sin(x + 1/x) as sin(x) cos(1/x) + cos(x) sin(1/x).
func (s *study) byLinearAngles(f expr.Expr, e edge) expr.Expr {
	l, t := s.l, s.l.T
	of := func(name string, u expr.Expr) expr.Expr { return t.Call(fn.Lookup(name), u) }
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.IsCall("sin") || n.IsCall("cos") {
			u := n.Arg(0)
			if w, ok := s.steadyAngle(u, e); ok && u.Has(l.Name) && w != u {
				d := t.Sub(u, w)
				if n.IsCall("sin") {
					return t.Add(t.Mul(of("sin", w), of("cos", d)), t.Mul(of("cos", w), of("sin", d)))
				}
				return t.Sub(t.Mul(of("cos", w), of("cos", d)), t.Mul(of("sin", w), of("sin", d)))
			}
		}
		return expr.Remake(n, t, args, nil)
	})
}

// wavy reports whether the tidy formula n has periodic functions of angles that do not come to rest towards the edge.
func (s *study) wavy(n expr.Expr, e edge) bool {
	for part := range n.All() {
		if isPeriodic(part) && part.Has(s.l.Name) && s.limit(&piece{f: part.Arg(0)}, e.at, e.side).Kind != asymptotic.Finite {
			return true
		}
	}
	return false
}

// envelope returns C - sqrt(A^2 + B^2), a lower bound for f = C + A sin(θ) + B cos(θ) with one linear angle θ, where A, B and C
// have no waves; false for another f.
func (s *study) envelope(q *settling, e edge) (least expr.Expr, ok bool) {
	l, t := s.l, s.l.T
	ring := l.RingFor(exact.Start)
	var angle expr.Expr
	var constant, sine, cosine []expr.Expr
	for _, f := range s.fadings(e, ring.Build(ring.Expand(q.all))) {
		for _, term := range ring.TrigSum(ring.Expand(f.w), func(_, _ expr.Expr) bool { return true }) {
			into, factor := &constant, t.Num(term.C)
			for _, p := range term.M {
				n := ring.Kernels[p.K].E
				if !n.Has(l.Name) {
					factor = t.Mul(factor, t.Pow(n, t.Num(p.N)))
					continue
				}
				if into != &constant || p.N != number.Int(1) || !n.IsCall("sin") && !n.IsCall("cos") || angle.Valid() && n.Arg(0) != angle {
					return least, false
				}
				angle = n.Arg(0)
				if into = &cosine; n.IsCall("sin") {
					into = &sine
				}
			}
			*into = append(*into, t.Mul(f.a, factor))
		}
	}
	square := func(terms []expr.Expr) expr.Expr { return t.Pow(t.Add(terms...), t.Int(2)) }
	return t.Sub(t.Add(constant...), t.Pow(t.Add(square(sine), square(cosine)), t.Num(number.Frac(1, 2)))), angle.Valid()
}

// fadings returns the terms of the tidy formula r, those with the same waves taken together.
func (s *study) fadings(e edge, r expr.Expr) (terms []fading) {
	t := s.l.T
	for _, p := range r.Terms() {
		a, w := t.Int(1), t.Int(1)
		for _, f := range p.Factors() {
			if s.wavy(f, e) {
				w = t.Mul(w, f)
			} else {
				a = t.Mul(a, f)
			}
		}
		if i := slices.IndexFunc(terms, func(f fading) bool { return f.w == w }); i >= 0 {
			terms[i].a = t.Add(terms[i].a, a)
		} else {
			terms = append(terms, fading{a, w})
		}
	}
	return terms
}

// staysAbove reports whether q.wave + q.rest is greater than q.low all along the tail, on which the rest is at least -most:
// with neighbourhoods of the minimisers in which the rest is positive, and beyond which the wave is higher by more than most.
func (l *line) staysAbove(q settling, tail *asymptotic.Tail, most float64) bool {
	t := l.T
	all := []expr.Expr{t.Int(0), q.wave}
	for _, f := range q.terms {
		if f.w.Has(l.Name) {
			all = append(all, f.w)
		}
	}
	period, ok := l.angularPeriod(t.Pool().Call(fn.Lookup("max"), all...)) // of a formula of them all
	if !ok {
		return false
	}
	P := l.Consts.Enclose(period)
	places, ok := l.inPeriod(q.a.Minimisers, P)
	if !ok {
		return false
	}
	amplitudes, sign := l.amplitudes(q.terms, tail)
	if sign == 0 {
		return false
	}
	positive := func(near interval.I) bool {
		sum := interval.Point(0)
		for i, f := range q.terms {
			m := l.Program(f.w)
			if m == nil {
				return false
			}
			v, dec := exact.Evaluate(m, near)
			if dec < interval.Defined {
				return false
			}
			sum = sum.Add(amplitudes[i].Mul(v[0]))
		}
		return exact.SignOf(sum) == sign
	}
	for _, part := range [...]float64{8, 16, 32, 64, 128} {
		h := interval.Point(P.Mid() / part)
		around := h.Neg().Hull(h)
		if slices.ContainsFunc(places, func(x interval.I) bool { return !positive(x.Add(around)) }) {
			continue
		}
		for i, x := range places {
			next := places[0].Add(P)
			if i+1 < len(places) {
				next = places[i+1]
			}
			gap := interval.New(x.Add(h).Lo, next.Sub(h).Hi)
			if gap.Lo < gap.Hi && !l.exceedsOn(q.wave, q.m.Add(interval.Point(most)).Hi, gap) {
				return false
			}
		}
		return true
	}
	return false
}

// inPeriod returns enclosures of the places that stand for all minimisers in one period, in order.
func (l *line) inPeriod(minimisers []minimum.Point, period interval.I) (places []interval.I, ok bool) {
	const most = 16
	for _, m := range minimisers {
		step := l.Consts.Enclose(l.T.Pool().Import(m.Repeats.Step)).Abs()
		x := m.Hull
		n := math.Round(period.Mid() / step.Mid())
		if !(n >= 1) || n > most || len(places) > most {
			return nil, false
		}
		x = x.Sub(period.Mul(interval.Point(math.Floor(x.Mid() / period.Mid()))))
		for k := range int(n) {
			z := x.Add(step.Mul(interval.Point(float64(k))))
			if z.Mid() >= period.Mid() {
				z = z.Sub(period)
			}
			places = append(places, z)
		}
	}
	slices.SortFunc(places, func(x, y interval.I) int { return cmp.Compare(x.Mid(), y.Mid()) })
	return places, true
}

// amplitudes returns bounds for the quotients of the amplitudes of the terms by that of one of them, to which
// all are bounded along the tail, and the sign of that one, 0 when there is none.
func (l *line) amplitudes(terms []fading, tail *asymptotic.Tail) (bounds []interval.I, sign int) {
	for _, lead := range terms {
		if sign = tail.SignPast(lead.a); sign == 0 {
			continue
		}
		bounds = bounds[:0]
		for _, f := range terms {
			lim := tail.LimitAt(l.T.Tidy(l.T.Mul(f.a, l.T.Pow(lead.a, l.T.Int(-1)))))
			if lim.Kind != asymptotic.Finite && lim.Kind != asymptotic.Bounded || !lim.Bound.IsBounded() {
				break
			}
			bounds = append(bounds, lim.Bound)
		}
		if len(bounds) == len(terms) {
			return bounds, sign
		}
	}
	return nil, 0
}

// exceedsOn reports whether f is greater than low all over an interval, by bisection with the mean value form.
func (l *line) exceedsOn(f expr.Expr, low float64, over interval.I) bool {
	m := l.Program(f)
	if m == nil {
		return false
	}
	const most = 400
	stack := []interval.I{over}
	for range most {
		if len(stack) == 0 {
			return true
		}
		X := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		l.boxes += m.Weight()
		v, dec := exact.Evaluate(m, X)
		if dec < interval.Defined {
			return false
		}
		c := X.Mid()
		if dec == interval.Continuous && v[1].IsBounded() {
			w, _ := exact.Evaluate(m, interval.Point(c))
			v[0] = v[0].Meet(w[0].Add(v[1].Mul(X.Sub(interval.Point(c)))))
		}
		if v[0].Lo > low {
			continue
		}
		if !(X.Lo < c && c < X.Hi) {
			return false
		}
		stack = append(stack, interval.New(c, X.Hi), interval.New(X.Lo, c))
	}
	return false
}
