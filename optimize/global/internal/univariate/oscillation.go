package univariate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// This file is about formulas that go on oscillating towards an end of the line:
// sums of periodic functions whose periods have no common multiple, and periodic
// functions with coefficients that have limits.

// A wave is a periodic summand of a formula.
type wave struct {
	speed expr.Expr // an angular speed of it: the others are rational multiples
	f     expr.Expr
	terms exact.Combo
}

// waves writes the tidy formula f as a sum of periodic functions, those with
// periods that have a common multiple in one, the constant part in the first;
// false when it is not seen to be one.
func (l *line) waves(f expr.Expr) ([]wave, bool) {
	r := l.RingFor(exact.Start)
	var out []wave
	var constant exact.Combo
	for _, t := range r.TrigSum(r.Expand(f), func(a, b expr.Expr) bool { return !l.commensurable(a, b) }) {
		var speeds []expr.Expr
		for _, p := range t.M {
			k := &r.Kernels[p.K]
			if !k.HasX {
				continue
			}
			list, ok := l.angularSpeeds(k.E, true)
			if !ok || len(list) == 0 {
				return nil, false
			}
			speeds = append(speeds, list...)
		}
		if len(speeds) == 0 {
			constant = append(constant, t)
			continue
		}
		at := -1
		for i := range out {
			if l.commensurable(out[i].speed, speeds[0]) {
				at = i
			}
		}
		if at < 0 {
			at = len(out)
			out = append(out, wave{speed: speeds[0]})
		}
		for _, s := range speeds {
			if !l.commensurable(out[at].speed, s) {
				return nil, false // a product of two waves
			}
		}
		out[at].terms = append(out[at].terms, t)
	}
	if len(out) == 0 {
		return nil, false
	}
	out[0].terms = exact.Add(out[0].terms, constant)
	for i := range out {
		out[i].f = r.Build(out[i].terms)
	}
	return out, true
}

// commensurable reports whether the constants a and b are seen to be rational
// multiples of one another.
func (l *line) commensurable(a, b expr.Expr) bool {
	r := l.RingFor(exact.Start)
	p, q := r.Expand(a), r.Expand(b)
	_, ok1 := exact.RatioOf(p, q)
	_, ok2 := exact.RatioOf(p, q.Neg())
	return ok1 || ok2
}

// maxWaves is the most waves of different periods that are studied.
const maxWaves = 4

// A quasiperiod is what is known of a sum of waves with independent periods.
type quasiperiod struct {
	waves   []wave
	answers []*answer // the minimum of each
	least   expr.Expr // the sum of the minima: the infimum, if they have closed forms
	value   interval.I
}

// quasiperiodic studies the tidy formula f as a sum of at least so many waves whose angular speeds
// are linearly independent over the rationals. By Kronecker's theorem the phases
// of the waves then come, far out, as near as one likes to any that are given, so
// that the infimum is the sum of the minima.
func (l *line) quasiperiodic(ctx context.Context, f expr.Expr, least int) (*quasiperiod, bool) {
	list, ok := l.waves(f)
	if !ok || len(list) < least || len(list) > maxWaves {
		return nil, false
	}
	speeds := make([]expr.Expr, len(list))
	for i := range list {
		speeds[i] = list[i].speed
	}
	if len(list) > 1 {
		rows, ok := l.Consts.Ring.Coordinates(speeds)
		if !ok || exact.Rank(rows) < len(rows) {
			return nil, false
		}
	}
	q := &quasiperiod{waves: list, value: interval.Point(0)}
	var sum []expr.Expr
	for _, w := range list {
		a := studied(ctx, &Question{F: w.f, Var: l.Name}).a
		if a.Status != minimum.Exact && a.Status != minimum.Certified || !a.everywhere {
			return nil, false
		}
		q.answers, q.value = append(q.answers, a), q.value.Add(a.Enclosure.Value)
		if a.ExactValue.Valid() {
			sum = append(sum, l.T.Pool().Import(a.ExactValue))
		}
	}
	if len(sum) == len(list) {
		q.least = l.Consts.Simplify(l.T.Add(sum...))
		q.value = l.Consts.Enclose(q.least)
	}
	return q, true
}

// atOrigin returns 0 if all waves are least there, and nothing if not; false where that is not known, or they may be least
// together elsewhere. Where the waves are polynomials with algebraic coefficients in sines and cosines of multiples of s·x, e^(i·s·x) is
// algebraic at their minimisers. For two speeds with an algebraic irrational ratio b, and x other than 0, that cannot be for both, as
// e^(i·s2·x) = (e^(i·s1·x))^b is transcendental (A. O. Gelfond and Th. Schneider, 1934).
func (q *quasiperiod) atOrigin(l *line) (at []expr.Expr, sure bool) {
	if len(q.waves) < 2 || !l.algebraic(q.waves[0]) || !l.algebraic(q.waves[1]) ||
		!l.Consts.Ring.Algebraic(l.Consts.Simplify(l.T.Mul(q.waves[0].speed, l.T.Pow(q.waves[1].speed, l.T.Int(-1))))) {
		return nil, false
	}
	for i, w := range q.waves {
		v := l.Consts.Simplify(l.Substitute(w.f, l.T.Int(0)))
		if h := l.Consts.Enclose(v); h.Lo > q.answers[i].Enclosure.Value.Hi {
			return nil, true
		}
		least := q.answers[i].ExactValue
		if !least.Valid() {
			return nil, false
		}
		switch c, ok := l.Consts.Compare(v, l.T.Pool().Import(least)); {
		case !ok:
			return nil, false
		case c != 0:
			return nil, true
		}
	}
	return []expr.Expr{l.T.Int(0)}, true
}

// algebraic reports whether w is seen to be a polynomial with algebraic coefficients in sines and cosines of multiples of its angle.
func (l *line) algebraic(w wave) bool {
	r := l.RingFor(exact.Start)
	for _, term := range w.terms {
		for _, p := range term.M {
			k := &r.Kernels[p.K]
			if !k.HasX {
				if !r.Algebraic(k.E) {
					return false
				}
				continue
			}
			if !k.E.IsCall("sin") && !k.E.IsCall("cos") || !p.N.IsInt() || p.N.Sign() < 0 || !l.Slope(k.E.Arg(0)).Valid() {
				return false
			}
			phase := l.Consts.Simplify(l.T.Mul(l.Substitute(k.E.Arg(0), l.T.Int(0)), l.T.Pow(l.T.Call(fn.Lookup("pi")), l.T.Int(-1))))
			if phase.Op() != expr.Num {
				return false
			}
		}
	}
	return true
}

// meets returns the places at which all waves are least, and whether it is known
// which these are.
func (q *quasiperiod) meets(l *line) (at []expr.Expr, sure bool) {
	if len(q.waves) < 2 {
		return nil, false
	}
	t := l.T
	place := func(a *answer, i int) (at, period expr.Expr, ok bool) {
		m := a.Minimisers[i]
		if len(m.Exact) == 0 || !m.Repeats.Step.Valid() || m.Repeats.Lo != nil || m.Repeats.Hi != nil {
			return at, period, false
		}
		return t.Pool().Import(m.Exact[0]), t.Pool().Import(m.Repeats.Step), true
	}
	a, b := q.answers[0], q.answers[1]
	if !a.MinimisersComplete || !b.MinimisersComplete {
		return nil, false
	}
	for i := range a.Minimisers {
		for j := range b.Minimisers {
			x, p, ok1 := place(a, i)
			y, r, ok2 := place(b, j)
			if !ok1 || !ok2 {
				return nil, false
			}
			z, found, sure := l.meeting(x, p, y, r)
			if sure && found {
				found, sure = q.leastAt(l, z)
			}
			if !sure {
				return nil, false
			}
			if found && !slices.Contains(at, z) {
				at = append(at, z)
			}
		}
	}
	return at, true
}

// meeting returns the one place that is both x + p k1 and y + r k2 for integers k1 and
// k2, where p and r are independent over the rationals, and whether it is known if
// there is one.
func (l *line) meeting(x, p, y, r expr.Expr) (at expr.Expr, found, sure bool) {
	t := l.T
	// Where x = a p and y = b r for rational a and b, only the place 0 can be
	// both (a + k1) p and (b + k2) r.
	a, b := l.Consts.Simplify(t.Mul(x, t.Pow(p, t.Int(-1)))), l.Consts.Simplify(t.Mul(y, t.Pow(r, t.Int(-1))))
	if a.Op() == expr.Num && b.Op() == expr.Num {
		return t.Int(0), a.Number().IsInt() && b.Number().IsInt(), true
	}
	rows, ok := l.Consts.Ring.Coordinates([]expr.Expr{p, r, l.Consts.Simplify(t.Sub(y, x))})
	if !ok || exact.Rank(rows[:2]) < 2 {
		return at, false, false
	}
	k, _, ok := exact.Integers(rows[0], rows[1], rows[2])
	if !ok {
		return at, false, true
	}
	return l.Consts.Simplify(t.Add(x, t.Mul(t.Int(k), p))), true, true
}

// leastAt reports whether all waves but the first two, which are, are least at the
// given place, and whether that is sure.
func (q *quasiperiod) leastAt(l *line, at expr.Expr) (least, sure bool) {
	least = true
	for n, w := range q.waves[2:] {
		v := l.Consts.Simplify(l.Substitute(w.f, at))
		c, ok := l.Consts.Compare(v, l.T.Pool().Import(q.answers[n+2].ExactValue))
		if !ok {
			return false, false
		}
		least = least && c == 0
	}
	return least, true
}

// answerQuasiperiodic answers p when its formula is a sum or a product of waves with
// independent periods, nil otherwise.
func answerQuasiperiodic(ctx context.Context, p *Question) *answer {
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	if lo.Inf == 0 && hi.Inf == 0 || len(p.SubjectTo) > 0 || l.jumps(l.raw) || l.raw.Size() > 60 {
		return nil
	}
	if speeds, ok := l.angularSpeeds(l.raw, true); !ok || len(speeds) < 2 {
		return nil
	}
	if text := p.domain(); !strings.HasPrefix(text, "all real") {
		return nil
	}
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	if a := s.waveProduct(ctx); a != nil {
		return a
	}
	if q, ok := l.quasiperiodic(ctx, l.tidyNode(l.raw), 2); ok {
		var at []expr.Expr
		sure := false
		if q.least.Valid() {
			at, sure = q.meets(l)
		}
		if !sure {
			at, sure = q.atOrigin(l)
		}
		if !sure || !s.phases(q.least, q.value, at, s.farEdges()...) {
			return nil
		}
		s.a.Method = "sum of periodic functions"
		s.a.Proof = q.proof(s, s.a.Attained)
		return s.a
	}
	return nil
}

// phases answers for a function of waves with independent periods that has the
// infimum least in v, which it takes at the given places only and comes near to towards the edges, and reports whether it is
// known which of these lie in the question.
func (s *study) phases(least expr.Expr, v interval.I, at []expr.Expr, towards ...edge) bool {
	l, a := s.l, s.a
	a.Domain = s.betweenText()
	a.between, a.everywhere = a.Domain, true
	a.ExactValue = s.outExact(least)
	v = s.outInterval(v)
	a.Value = minimum.Shown(v) + 0
	if a.ExactValue.Valid() && a.ExactValue.Op() == expr.Num {
		a.Value = a.ExactValue.Number().Float64() + 0
	}
	a.Enclosure = &minimum.Enclosure{Value: v}
	for _, e := range at {
		z := exact.At(l.Consts, e)
		c, ok1 := l.Consts.CompareSpots(s.lo, z)
		d, ok2 := l.Consts.CompareSpots(z, s.hi)
		if !ok1 || !ok2 {
			return false
		}
		if (c < 0 || c == 0 && !s.loOpen) && (d < 0 || d == 0 && !s.hiOpen) {
			a.Minimisers = append(a.Minimisers, minimum.Point{X: []float64{z.Float()}, Exact: []expr.Expr{e}, Hull: z.Hull})
		}
	}
	if len(a.Minimisers) > 0 {
		slices.SortStableFunc(a.Minimisers, func(p, q minimum.Point) int { return cmp.Compare(p.X[0], q.X[0]) })
		first := a.Minimisers[0]
		a.Status, a.Attained = minimum.Exact, true
		a.At, a.ExactAt = first.X, first.Exact
		a.Enclosure.At = []interval.I{first.Hull}
		a.MinimisersComplete = true
		return true
	}
	a.Status = minimum.NotAttained
	var ways []string
	for _, e := range towards {
		ways = append(ways, s.arrow(e.at, e.side)+" along a sequence")
	}
	a.Approached = strings.Join(ways, " and as ")
	a.approach, a.approachSide = &towards[0].at, towards[0].side
	return true
}

// farEdges are the infinite ends of the question.
func (s *study) farEdges() (list []edge) {
	if s.lo.Inf != 0 {
		list = append(list, edge{exact.Start, -1})
	}
	if s.hi.Inf != 0 {
		list = append(list, edge{exact.End, 1})
	}
	return list
}

// meetingText names the places at which all waves are least.
func (s *study) meetingText() string {
	var at []string
	for _, m := range s.a.Minimisers {
		at = append(at, s.l.Name+" = "+s.l.spotText(exact.Spot{Exact: m.Exact[0], Hull: m.Hull}))
	}
	return strings.Join(at, " and ")
}

// proof says why the infimum is the sum of the minima.
func (q *quasiperiod) proof(s *study, found bool) []string {
	l := s.l
	var names, values []string
	for i, w := range q.waves {
		names = append(names, format.Text(s.outExact(w.f)))
		if e := q.answers[i].ExactValue; e.Valid() {
			values = append(values, format.Text(s.outExact(l.T.Pool().Import(e))))
		} else {
			values = append(values, format.Number(s.outInterval(q.answers[i].Enclosure.Value).Mid(), 6))
		}
	}
	word, bound := "least", "infimum"
	if l.max {
		word, bound = "greatest", "supremum"
	}
	out := []string{
		fmt.Sprintf("f is a sum of periodic functions, %s, whose periods have no common multiple: their angular speeds are linearly independent over the rationals", strings.Join(names, " and ")),
		fmt.Sprintf("so their phases come as near as you like to any given ones (Kronecker's theorem), and the %s of f is the sum of their %s values %s", bound, word, strings.Join(values, " and ")),
	}
	if found {
		return append(out, fmt.Sprintf("all have their %s value at %s, and together nowhere else", word, s.meetingText()))
	}
	value := format.Number(s.a.Value, 6)
	if q.least.Valid() {
		value = s.valueText(q.least)
	}
	return append(out, fmt.Sprintf("there is no %s at which all have their %s value, so f never has the value %s", l.Name, word, value))
}

// lowerLimit returns the lower limit of f on p towards an infinite end, if f
// stays above it beyond T, and whether f does so on all of p: f is a sum of waves with coefficients that have limits,
// and greater there than with the limits in their place.
func (s *study) lowerLimit(p *piece, side int, T float64) (least expr.Expr, all, ok bool) {
	l := s.l
	r := l.RingFor(exact.Start)
	end := exact.End
	if side < 0 {
		end = exact.Start
	}
	// f = Σ wave·(what is left of the term)
	type part struct {
		wave exact.Combo
		rest exact.Combo
	}
	var parts []part
	for _, t := range r.Expand(p.f) {
		one := exact.Term{C: number.Int(1)}
		rest := exact.Term{C: t.C}
		for _, k := range t.M {
			info := &r.Kernels[k.K]
			speeds, ok := l.angularSpeeds(info.E, true)
			if info.HasX && ok && len(speeds) > 0 {
				one.M = append(one.M, k)
			} else {
				rest.M = append(rest.M, k)
			}
		}
		w := exact.Combo{one}
		i := slices.IndexFunc(parts, func(q part) bool { c, ok := exact.RatioOf(q.wave, w); return ok && c == number.Int(1) })
		if i < 0 {
			i = len(parts)
			parts = append(parts, part{wave: w})
		}
		parts[i].rest = exact.Add(parts[i].rest, exact.Combo{rest})
	}
	tail := l.tail(end, side, T)
	var limits, excess []expr.Expr
	for _, q := range parts {
		w, b := r.Build(q.wave), r.Build(q.rest)
		lim := tail.LimitAt(b)
		if lim.Kind != asymptotic.Finite || !lim.Value.Valid() {
			return expr.Expr{}, false, false
		}
		limits = append(limits, l.T.Mul(lim.Value, w))
		excess = append(excess, l.T.Mul(w, l.T.Sub(b, lim.Value)))
	}
	more := r.Expand(l.T.Add(excess...))
	switch {
	case len(parts) == 1:
		// w·b with |b| below its limit stays inside the range of w times the limit
		b := r.Build(parts[0].rest)
		lim := tail.LimitAt(b)
		if s := tail.SignPast(b); s == 0 || lim.Side != -s {
			return expr.Expr{}, false, false
		}
		more = nil
	case tail.SignPast(r.Build(more)) <= 0:
		return expr.Expr{}, false, false
	}
	L := l.T.Add(limits...)
	if !L.Has(l.Name) {
		return expr.Expr{}, false, false
	}
	q, ok := l.quasiperiodic(l.ctx, L, 1)
	if !ok || !q.least.Valid() {
		return expr.Expr{}, false, false
	}
	if c, ok := l.Consts.Sign(q.least); len(parts) == 1 && (!ok || c >= 0) {
		return expr.Expr{}, false, false // only a negative minimum is raised
	}
	return q.least, len(more) > 0 && r.PositiveCombo(more), true
}
