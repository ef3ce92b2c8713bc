package univariate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file is about formulas that go on oscillating towards an edge of the line but are no
// waves: f(x) = F(x, w) where w is a periodic function of a part u that goes to ∞ or -∞, and F is
// monotone in w for every x. Then f(x) lies between F(x, a) and F(x, b), where a and b are the
// least and the greatest value of w, and has each of these values again and again.

// A swing is a periodic part of the formula.
type swing struct {
	part, u  expr.Expr    // w and the u of which it is a periodic function, as written
	sides    [2]swingSide // where w is least, and where it is greatest
	strictly bool         // F takes no value for two w but where it takes one for all
}

// A swingSide is an end of the range of the periodic part.
type swingSide struct {
	value    expr.Expr   // of w
	f        expr.Expr   // F(x, value)
	places   []expr.Expr // w has the value for u = places[i] + period·k
	period   expr.Expr
	complete bool // and for no others
	beside   int  // ±1 where w only comes near to the value, next to the places: +1 from below
}

// maxSwings is the most parts that are looked at.
const maxSwings = 3

// swings returns the periodic parts of the formula with their sides, outer ones first.
func (l *line) swings() []swing {
	if l.swung != nil {
		return *l.swung
	}
	var out []swing
	l.swung = &out
	if l.depth >= substitutions { // the ranges of waves in waves in waves would ask for one another
		return nil
	}
	w := expr.Order(l.raw)
	tried := 0
	for _, n := range w.Back() {
		if n == l.raw || n.Op() == expr.Var || n.Op().IsCondition() || !n.Has(l.Name) {
			continue
		}
		wave, u, y, ok := l.waveIn(n)
		if !ok {
			continue
		}
		if tried++; tried > maxSwings {
			break
		}
		q := swing{part: n, u: u}
		if l.rangeOf(&q, wave, y) {
			out = append(out, q)
		}
	}
	// what is left without a part that has no period of its own is often periodic
	slices.SortStableFunc(out, func(a, b swing) int {
		switch linear := a.u == l.Var; {
		case linear == (b.u == l.Var):
			return 0
		case linear:
			return 1
		}
		return -1
	})
	return out
}

// waveIn writes the part n of the formula as a function, with a period and defined everywhere, of the
// variable y that stands for the part u.
func (l *line) waveIn(n expr.Expr) (wave, u expr.Expr, y string, ok bool) {
	part := *l
	part.raw = n
	if _, ok := part.findPeriod(); ok && len(simplify.Needed(n)) == 0 { // sin(tan(x)) is one of tan(x)
		return n, l.Var, l.Name, true
	}
	y = l.Name + "_u"
	for _, u := range innerParts(n, l.Name) {
		other, _, _, _, _ := newLine(l.ctx, &Question{F: outerPart(n, u, y), Var: y})
		if _, ok := other.findPeriod(); ok {
			return other.raw, u, y, true
		}
	}
	return wave, u, y, false
}

// rangeOf fills in the sides of q, whose part is the given wave in y: false when it is not known
// to be defined everywhere and to be bounded.
func (l *line) rangeOf(q *swing, wave expr.Expr, y string) bool {
	pool := l.T.Pool()
	for i := range q.sides {
		s := studied(l.ctx, &Question{F: wave, Var: y, Max: i == 1, depth: l.depth + 1})
		a := s.a
		if a.Status != minimum.Exact && a.Status != minimum.NotAttained || !a.everywhere || !a.ExactValue.Valid() || !s.l.period.Valid() {
			return false
		}
		side := &q.sides[i]
		side.value, side.period, side.complete = pool.Import(a.ExactValue), pool.Import(s.l.period), a.Status == minimum.NotAttained || a.MinimisersComplete
		for _, m := range a.Minimisers {
			if len(m.Exact) == 0 {
				side.complete = false
				continue
			}
			side.complete = side.complete && m.Repeats.Step.Valid()
			side.places = append(side.places, pool.Import(m.Exact[0]))
		}
		if z := a.approach; z != nil && a.Status == minimum.NotAttained && z.Inf == 0 && z.Exact.Valid() {
			side.places, side.beside = []expr.Expr{pool.Import(z.Exact)}, a.approachSide
		}
		side.f = outerPart(l.raw, q.part, l.Name+"_w")
		side.f = expr.Rebuild(side.f, pool, func(x expr.Expr) (expr.Expr, bool) { return side.value, x.Name() == l.Name+"_w" })
	}
	return true
}

// between reports whether f lies between the two sides of q for all x in over: F is defined for
// all values of w between the ends wherever it is for one of them, and monotone in w.
func (l *line) between(q *swing, over interval.I) (ok bool) {
	w := l.T.Pool().Var(l.Name + "_w")
	f := outerPart(l.raw, q.part, w.Name())
	vars := map[expr.Expr]strict{l.Var: {I: over}, w: {I: l.Consts.Enclose(q.sides[0].value).Hull(l.Consts.Enclose(q.sides[1].value))}}
	holds := func(op expr.Op, u expr.Expr) bool {
		v := l.strictlyWith(u, vars)
		return !v.IsEmpty() && (op == expr.Ge && v.Lo >= 0 || op == expr.Le && v.Hi <= 0 || v.sign() != 0 && simplify.Holds(op, number.Int(int64(v.sign())), number.Int(0)))
	}
	conds := slices.DeleteFunc(simplify.Domain(f), func(c expr.Expr) bool { return !c.Has(w.Name()) }) // these hold for all w or for none
	if !l.hold(conds, holds) {
		return false
	}
	ok, q.strictly = l.monotoneIn(f, w, vars)
	return ok
}

// monotoneIn reports whether for every fixed value of the other variables the written formula f
// is seen to be monotone in w, where the variables are in the given intervals: w goes through
// monotone functions only, one after the other, or the derivative has one sign or is a constant.
// Where it takes two values at all, strictly says that it takes none twice.
func (l *line) monotoneIn(f, w expr.Expr, vars map[expr.Expr]strict) (ok, strictly bool) {
	const (
		still = iota
		moves
		turns
	)
	sign := func(e expr.Expr) strict { return l.strictlyWith(l.tidyNode(e), vars) }
	moving := func(n expr.Expr, args []int) int { // the one operand that moves, -1 for none, -2 for several or one that turns
		at := -1
		for i, a := range args {
			switch {
			case a == turns || a == moves && at >= 0:
				return -2
			case a == moves:
				at = i
			}
		}
		return at
	}
	strictly = true
	way := expr.Fold(f, func(n expr.Expr, args []int) int {
		if n == w {
			return moves
		}
		at := moving(n, args)
		if at == -1 {
			return still
		}
		ok := false
		switch op := n.Op(); {
		case op == expr.If: // the conditions come first
			ok = args[0] == still && !slices.Contains(args[1:], turns)
		case at == -2:
		case op == expr.Neg, op == expr.Add, op == expr.Mul:
			ok = true
		case op == expr.Div:
			ok = at == 0 || sign(n.Arg(1)).sign() != 0
		case op == expr.Pow && at == 1:
			ok = sign(n.Arg(0)).sign() > 0
		case op == expr.Pow:
			k := n.Arg(1)
			v := sign(n.Arg(0))
			odd := k.Op() == expr.Num && k.Number().IsInt() && k.Number().Sign() > 0 && !k.Number().Mul(number.Frac(1, 2)).IsInt()
			ok = odd || v.Lo >= 0
		case op == expr.Call && n.IsCall("abs"):
			v := sign(n.Arg(0))
			ok = v.Lo >= 0 || v.Hi <= 0
		case op == expr.Call:
			ok = n.Func().Direction() != 0
			strictly = strictly && n.Func().Monotone != 0
		}
		if !ok {
			return turns
		}
		return moves
	})
	if way != turns {
		return true, strictly
	}
	if !continuousIn(f, w) {
		return false, false
	}
	d := l.T.Tidy(diff.D(l.tidyNode(f), w.Name()))
	ok = !d.Has(w.Name()) || l.strictlyWith(d, vars).sign() != 0
	return ok, ok
}

// A swung is what the sides of a swing say of f on an edge.
type swung struct {
	cands   []candidate
	low     candidate // f is nowhere lower
	settled bool      // it is the infimum, and taken or approached by a candidate
	unbound *fall
	text    string
}

// bySwing adds to s what is known of f on an edge that begins at inner from the sides of a swing:
// of that which settles the infimum there, or has the highest bound; or from the wave to which f settles.
func (s *study) bySwing(e edge, inner exact.Spot, over interval.I, T float64) bool {
	l := s.l
	if l.depth >= substitutions {
		return false
	}
	best, settles := s.byPhases(e, inner), false
	if best == nil || !best.settled {
		if r := s.bySettling(e, inner, T); r != nil && (best == nil || r.settled || r.low.v.Lo > best.low.v.Lo) {
			best, settles = r, true
		}
	}
	swings := l.swings()
	if best != nil && (best.settled || settles && len(swings) > 1) { // the sides of one of several swings settle too
		swings = nil
	}
	for i := range swings {
		q := &swings[i]
		if l.Consts.Tired() {
			break
		}
		if !l.between(q, over) {
			continue
		}
		b := minimum.Bound{Lo: inner.Exact}
		switch {
		case e.side < 0 && e.at.Inf != 0:
			b = minimum.Bound{Hi: inner.Exact}
		case e.side < 0:
			b = minimum.Bound{Lo: e.at.Exact, LoOpen: true, Hi: inner.Exact}
		case e.at.Inf == 0:
			b.Hi, b.HiOpen = e.at.Exact, true
		}
		var answers [2]*answer
		for k := range answers {
			answers[k] = solve(l.ctx, &Question{F: q.sides[k].f, Var: l.Name, Bound: b, depth: l.depth + 1})
		}
		r := s.fromSides(q, answers, e, inner)
		if r != nil && (best == nil || r.settled || r.low.v.Lo > best.low.v.Lo) {
			best = r
		}
		if r != nil && r.settled {
			break
		}
	}
	if best == nil {
		return false
	}
	s.cands = append(s.cands, best.cands...)
	if best.unbound != nil {
		s.unbound = best.unbound
		return true
	}
	s.ends = append(s.ends, best.text)
	return true
}

// fromSides tells what the answers for the sides of q on an edge say of f, nil for nothing.
func (s *study) fromSides(q *swing, answers [2]*answer, e edge, inner exact.Spot) *swung {
	l := s.l
	var bounds [2]candidate
	for i, a := range answers {
		switch a.Status {
		case minimum.Exact, minimum.Certified, minimum.Constant, minimum.NotAttained:
			bounds[i] = candidate{s: e.at, v: a.Enclosure.Value, e: importValid(l.T.Pool(), a.ExactValue), limit: true, lower: true, approach: s.arrow(e.at, e.side), side: e.side}
		case minimum.Unbounded:
			if !l.toEdge(a, e) || !s.comesBy(q, &q.sides[i], e) {
				return nil
			}
			if q.sides[i].beside != 0 {
				return nil
			}
			return &swung{settled: true, unbound: &fall{Witness: s.swingWitness(&q.sides[i], q, e)}}
		default:
			return nil
		}
	}
	value := func(c *candidate) exact.Spot {
		if c.e.Valid() {
			return exact.At(l.Consts, c.e)
		}
		return exact.Spot{Hull: c.v}
	}
	order, ok := l.Consts.CompareSpots(value(&bounds[1]), value(&bounds[0]))
	if !ok {
		return nil
	}
	least := 0
	if order < 0 {
		least = 1
	}
	out := &swung{low: bounds[least]}
	out.text = fmt.Sprintf("for %s, f lies between its values with %s and with %s for %s, in which it is monotone, and is at least %s", s.beyond(e, inner),
		format.Text(q.sides[0].value), format.Text(q.sides[1].value), format.Text(l.tidyNode(q.part)), format.Number(out.low.v.Lo, 6))
	// f is greater than the bound, if it comes as near as one likes
	approached := func(where string, path expr.Expr) {
		c := out.low
		c.lower, c.path = false, path
		c.approach += " along " + where
		out.cands, out.settled = []candidate{c}, true
	}
	at := func(z exact.Spot) {
		out.settled = true
		if k, ok := l.Consts.CompareSpots(z, inner); !ok || k != 0 { // that is a candidate anyway
			out.cands = append(out.cands, candidate{s: z, v: out.low.v, e: out.low.e, zero: true})
		}
	}
	out.cands = []candidate{out.low}
	switch a := answers[least]; {
	case a.Status == minimum.NotAttained:
		if side := &q.sides[least]; l.toEdge(a, e) && s.comesBy(q, side, e) && (order != 0 || answers[1-least].Status == minimum.NotAttained) {
			var path expr.Expr
			if q.u == l.Var && side.beside == 0 {
				path = l.everySecond(side.places[0], side.period, e.side)
			}
			approached(s.sideText(q, side), path)
		}
	case out.low.e.Valid():
		if z, ok := s.placeOnSide(q, least, a, e, inner); ok {
			at(z)
			break
		}
		period, why, ok := s.jointly(q, least, a, e)
		if !ok {
			break
		}
		sides := []int{least}
		if order == 0 && answers[1-least].Attained {
			sides = []int{0, 1}
		}
		if z, sure := s.meets(q, sides, answers, period, out.low.e, inner, e); z != nil {
			at(*z)
		} else if sure {
			approached("a sequence", expr.Expr{})
			of, with := format.Text(l.tidyNode(q.u)), l.Name
			if q.u == l.Var {
				of, with = format.Text(l.tidyNode(q.part)), "the rest"
			}
			out.text += fmt.Sprintf("; it comes as near to that as you like, as the phase of %s far out comes with that of %s as near as you like to any (%s), and never takes it",
				of, with, why)
		}
	}
	return out
}

// everySecond are every second of the places first + k period, for whole t → ∞ to that side: the waves that repeat there with
// a change of sign are as they were.
func (l *line) everySecond(first, period expr.Expr, side int) expr.Expr {
	return l.T.Add(first, l.T.Mul(l.T.Int(2*int64(side)), period, l.T.Var("t")))
}

// sideText names the places at which the part of q is at an end of its range.
func (s *study) sideText(q *swing, side *swingSide) string {
	l := s.l
	if q.u == l.Var {
		return l.Name + " = " + format.Text(l.T.Add(side.places[0], l.T.Mul(side.period, l.T.Pool().Var("k")))) + [3]string{" from above", "", " from below"}[side.beside+1]
	}
	of := " = "
	if side.beside != 0 {
		of = " is near "
	}
	return "places where " + format.Text(l.tidyNode(q.part)) + of + format.Text(side.value)
}

// toEdge reports whether the answer tells of an infimum that is approached however x goes to the
// edge.
func (l *line) toEdge(a *answer, e edge) bool {
	z := a.approach
	if z == nil || a.approachStep.Valid() || a.approachSide != e.side || strings.Contains(a.Approached, " along ") {
		return false
	}
	if e.at.Inf != 0 || z.Inf != 0 {
		return z.Inf == e.at.Inf
	}
	at := exact.Spot{Hull: z.Hull}
	if z.Exact.Valid() {
		at = exact.At(l.Consts, l.T.Pool().Import(z.Exact))
	}
	k, ok := l.Consts.CompareSpots(at, e.at)
	return ok && k == 0
}

// comesBy reports whether f is seen to come as near as one likes to the side of q again and again
// towards the edge: u is continuous there and goes to ∞ or -∞, so that it comes by all values past
// some one, and F is continuous if w only comes near to the end of its range.
func (s *study) comesBy(q *swing, side *swingSide, e edge) bool {
	l := s.l
	u := l.tidyNode(q.u)
	if len(side.places) == 0 || !continuousIn(q.u, l.Var) {
		return false
	}
	if side.beside != 0 {
		w := l.T.Pool().Var(l.Name + "_w")
		if f := outerPart(l.raw, q.part, w.Name()); !continuousIn(f, l.Var) || !continuousIn(f, w) {
			return false
		}
	}
	return s.growth(u, e) != 0 && l.heldPast(simplify.Domain(q.u), e)
}

// growth returns the sign of ∞ to which the tidy formula u goes towards an edge, 0 when it is not
// seen to.
func (s *study) growth(u expr.Expr, e edge) int {
	switch s.limit(&piece{f: u}, e.at, e.side).Kind {
	case asymptotic.Plus:
		return 1
	case asymptotic.Minus:
		return -1
	}
	return 0
}

// placeOnSide returns a place on the edge where f has the least value of the answer for a side of
// q: one of those of the answer, or one where the periodic part is at that end of its range.
func (s *study) placeOnSide(q *swing, i int, a *answer, e edge, inner exact.Spot) (exact.Spot, bool) {
	l, t := s.l, s.l.T
	pool := t.Pool()
	var places []expr.Expr
	for _, m := range a.Minimisers {
		if len(m.Exact) == 0 {
			continue
		}
		places = append(places, pool.Import(m.Exact[0]))
		if m.Repeats.Step.Valid() {
			places = append(places, t.Add(pool.Import(m.Exact[0]), t.Mul(t.Int(int64(e.side)), pool.Import(m.Repeats.Step))))
		}
	}
	side := &q.sides[i]
	for _, k := range [...]int64{0, 1, -1, 2, -2, 3, -3, 12, -12} {
		if len(side.places) == 0 || side.beside != 0 {
			break
		}
		y := l.Consts.Simplify(t.Add(side.places[0], t.Mul(t.Int(k), side.period)))
		if list, ok := form.Inverses(t, l.tidyNode(q.u), y); ok {
			places = append(places, list...)
		} else if q.u == l.Var {
			places = append(places, y)
		}
	}
	least := pool.Import(a.ExactValue)
	for _, x := range places {
		x = l.Consts.Simplify(x)
		if !l.Consts.Enclose(x).IsBounded() {
			continue
		}
		z := exact.At(l.Consts, x)
		c, ok1 := l.Consts.CompareSpots(inner, z)
		d, ok2 := l.Consts.CompareSpots(z, e.at)
		if !ok1 || !ok2 || c*e.side > 0 || d*e.side >= 0 {
			continue
		}
		v, defined, sure := l.valueAt(x)
		if !sure || !defined {
			continue
		}
		if k, ok := l.Consts.Compare(v, least); ok && k == 0 {
			return z, true
		}
	}
	return exact.Spot{}, false
}

// swingWitness shows places, further and further out, at which the part of q is at the given end
// of its range, where f falls without end.
func (s *study) swingWitness(side *swingSide, q *swing, e edge) *minimum.Witness {
	l, t := s.l, s.l.T
	u := l.tidyNode(q.u)
	y := t.Add(side.places[0], t.Mul(t.Int(int64(s.growth(u, e))), side.period, t.Pool().Var("t")))
	if q.u == l.Var {
		return s.along(y, true)
	}
	if path, ok := l.pathTo(u, y, e); ok {
		return s.along(path, true)
	}
	w := &minimum.Witness{Why: s.flip(fmt.Sprintf("f → -∞ as %s along %s", s.arrow(e.at, e.side), s.sideText(q, side)))}
	m, f := l.Program(u), l.Program(l.tidyNode(l.raw))
	if m == nil || f == nil {
		return w
	}
	at := func(out float64) float64 {
		if e.at.Inf == 0 {
			return e.at.Float() - float64(e.side)/out
		}
		return float64(e.side) * out
	}
	value := func(m *exact.Program, x float64) float64 {
		v, _ := exact.Evaluate(m, interval.Point(x))
		return v[0].Mid()
	}
	P, first := l.Consts.Enclose(side.period).Mid(), l.Consts.Enclose(side.places[0]).Mid()
	last := math.Inf(1)
	for out := 10.0; out < 1e5 && len(w.Points) < 3; out *= 10 { // between out and 2·out
		a, b := at(out), at(2*out)
		ua, ub := value(m, a), value(m, b)
		y := first + P*math.Ceil((math.Min(ua, ub)-first)/P)
		if !(y < math.Max(ua, ub)) {
			continue
		}
		for range 200 {
			if mid := (a + b) / 2; (value(m, mid) < y) == (ua < y) {
				a = mid
			} else {
				b = mid
			}
		}
		v := value(f, a)
		if !(v < last) {
			continue
		}
		if last = v; l.max {
			v = -v
		}
		w.Points, w.Values = append(w.Points, []float64{a}), append(w.Values, v)
	}
	return w
}
