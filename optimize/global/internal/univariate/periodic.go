package univariate

import (
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
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// findPeriod returns a period of the formula, if every variable in it stands
// under a sine or the like of a linear angle.
func (l *line) findPeriod() (expr.Expr, bool) {
	f := l.raw
	if !f.Has(l.Name) {
		return expr.Expr{}, false
	}
	period, ok := l.angularPeriod(f)
	if !ok {
		return l.sawtooth()
	}
	t := l.T
	// a part of it may do
	for range 4 {
		shorter := false
		for _, d := range [...]int64{2, 3} {
			q := t.Mul(t.Num(number.Frac(1, d)), period)
			moved := expr.Rebuild(f, t, func(x expr.Expr) (expr.Expr, bool) {
				return t.Add(l.Var, q), x.Name() == l.Name
			})
			if l.equal(l.T.Tidy(f), moved) && l.domainRepeats(q) {
				period, shorter = l.Consts.Simplify(q), true
				break
			}
		}
		if !shorter {
			break
		}
	}
	return period, true
}

// angularPeriod returns a period of all periodic functions in f, if every variable stands under one of a linear angle.
func (l *line) angularPeriod(f expr.Expr) (expr.Expr, bool) {
	alphas, ok := l.angularSpeeds(f, true)
	if !ok || len(alphas) == 0 {
		return expr.Expr{}, false
	}
	speed, ok := l.commonDivisor(alphas)
	if !ok {
		return expr.Expr{}, false
	}
	t := l.T
	return l.Consts.Simplify(t.Mul(t.Int(2), t.Call(fn.Lookup("pi")), t.Pow(speed, t.Int(-1)))), true
}

// sawtooth returns a period of a formula with mod(a·x, b), x - floor(x) and the
// like: a common multiple of the distances of the steps, if f(x + P) = f(x).
func (l *line) sawtooth() (expr.Expr, bool) {
	t := l.T
	if HasCases(l.raw) {
		return expr.Expr{}, false
	}
	speeds := l.stepSpeeds(l.raw)
	if len(speeds) == 0 {
		return expr.Expr{}, false
	}
	if list, ok := l.angularSpeeds(l.raw, false); ok { // sines stand for two steps a turn
		for _, a := range list {
			speeds = append(speeds, l.Consts.Simplify(t.Mul(a, t.Num(number.Frac(1, 2)), t.Pow(t.Call(fn.Lookup("pi")), t.Int(-1)))))
		}
	}
	speed, ok := l.commonDivisor(speeds)
	if !ok {
		return expr.Expr{}, false
	}
	p := l.Consts.Simplify(t.Pow(speed, t.Int(-1)))
	for range 2 { // (-1)^floor(x) takes two steps
		if l.comesBack(l.tidyNode(l.raw), p, false) && l.domainRepeats(p) {
			return p, true
		}
		p = l.Consts.Simplify(t.Mul(t.Int(2), p))
	}
	return expr.Expr{}, false
}

// stepSpeeds returns how many steps a unit the functions floor, ceil and mod of linear
// arguments in f have.
func (l *line) stepSpeeds(f expr.Expr) (speeds []expr.Expr) {
	for n := range f.All() {
		if u, ok := l.stepArgument(n); ok {
			speeds = append(speeds, l.Slope(u))
		}
	}
	return speeds
}

// A sequence is phi + period·t for t = 1, 2, …, from the places themselves (side 0) or from just
// below (-1) or above (+1) them.
type sequence struct {
	phi, period expr.Expr
	side        int
	steps       bool // the period is one of the steps in the formula too
}

// sequences returns the sequences on which the periodic functions of linear arguments in f, and
// the steps if it has some, are constants, and as far as that can be those in the conditions conds
// for f to be defined too: of the phases that most likely matter.
func (l *line) sequences(f expr.Expr, conds []expr.Expr) (out []sequence) {
	t := l.T
	pi := t.Call(fn.Lookup("pi"))
	turns, ok := l.angularSpeeds(f, false)
	if !ok {
		return nil
	}
	turns = l.withConditions(turns, conds)
	speeds := slices.Clone(turns)
	for _, d := range l.stepSpeeds(f) {
		speeds = append(speeds, l.Consts.Simplify(t.Mul(t.Int(2), pi, d)))
	}
	speed, steps := l.sequenceSpeed(speeds)
	if !steps { // steps and remainders stay as they are
		if speed, ok = l.sequenceSpeed(turns); !ok {
			return nil
		}
	}
	q := sequence{period: l.Consts.Simplify(t.Mul(t.Int(2), pi, t.Pow(speed, t.Int(-1)))), steps: steps}
	for _, k := range phases {
		q.phi = l.Consts.Simplify(t.Mul(t.Num(number.Frac(k, 12)), q.period))
		out = append(out, q)
	}
	if len(turns) == len(speeds) || !steps {
		return out
	}
	for n := range f.All() { // next to the steps
		if u, ok := l.stepArgument(n); ok {
			d := l.Slope(u)
			q.phi = l.Consts.Simplify(t.Neg(t.Mul(l.Substitute(u, t.Int(0)), t.Pow(d, t.Int(-1)))))
			for _, q.side = range [...]int{0, -1, 1} {
				if !slices.Contains(out, q) {
					out = append(out, q)
				}
			}
		}
	}
	return out
}

// stepArgument returns the linear u for n = floor(u), ceil(u), mod(a, b) with u = a/b or round(v) with u = v + 1/2, which
// is floor(u) but for some whole u.
func (l *line) stepArgument(n expr.Expr) (u expr.Expr, ok bool) {
	if n.Op() != expr.Call || n.Len() == 0 {
		return u, false
	}
	switch n.Func().Name {
	case "floor", "ceil":
		u = l.tidyNode(n.Arg(0))
	case "round":
		u = l.T.Add(l.tidyNode(n.Arg(0)), l.T.Num(number.Frac(1, 2)))
	case "mod":
		u = l.T.Mul(l.tidyNode(n.Arg(0)), l.T.Pow(l.tidyNode(n.Arg(1)), l.T.Int(-1)))
	default:
		return u, false
	}
	return u, l.Slope(u).Valid()
}

// on returns the tidy formula f on the sequence q, with x for its places; false when it may be
// another one just beside them.
func (l *line) on(q sequence, f expr.Expr) (expr.Expr, bool) {
	ok := true
	at := expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if v, ok := l.onSequence(n, q); ok {
			return v
		}
		m := expr.Remake(n, l.T, args, nil)
		if q.side != 0 && n.Has(l.Name) && (n.Op() == expr.Pow && n.Arg(1).Has(l.Name) || n.Op() == expr.If || n.Op() == expr.Call && n.Func().Jumps) {
			ok = false
		}
		return m
	})
	return at, ok
}

// sequenceSpeed returns the angular speed that goes into all those in list, if there is one.
func (l *line) sequenceSpeed(list []expr.Expr) (expr.Expr, bool) {
	if len(list) == 0 || len(list) > 6 {
		return expr.Expr{}, false
	}
	return l.commonDivisor(list)
}

// withConditions returns the angular speeds turns of a formula and those in the conditions of its
// domain, if one goes into all of them: else turns.
func (l *line) withConditions(turns, conds []expr.Expr) []expr.Expr {
	all := turns
	for _, c := range conds {
		speeds, _ := l.angularSpeeds(l.T.Pool().Import(c), false)
		for _, a := range speeds {
			if !slices.Contains(all, a) {
				all = append(slices.Clip(all), a)
			}
		}
	}
	if len(turns) == 0 || len(all) == len(turns) {
		return turns
	}
	if _, ok := l.sequenceSpeed(all); !ok {
		return turns
	}
	return all
}

// comesRound reports whether the call n of a periodic function of a linear argument has the given
// period: another one than those from which that was found may not.
func (l *line) comesRound(n, period expr.Expr) bool {
	t := l.T
	turns := l.Consts.Simplify(t.Mul(l.Slope(n.Arg(0)), period, t.Pow(t.Call(fn.Lookup("pi")), t.Int(-1)), t.Num(number.Frac(1, int64(n.Func().Period)))))
	return turns.Op() == expr.Num && turns.Number().IsInt()
}

// onSequence returns what the call n of a periodic function of a linear argument, and with
// steps of a step or a remainder, is on the sequence q; false for another.
func (l *line) onSequence(n expr.Expr, q sequence) (expr.Expr, bool) {
	t := l.T
	if n.Op() != expr.Call || n.Len() == 0 || !l.Slope(n.Arg(0)).Valid() {
		return expr.Expr{}, false
	}
	u := n.Arg(0)
	at := l.Substitute(u, q.phi)
	if isPeriodic(n) {
		return l.Consts.Simplify(t.Call(n.Func(), at)), l.comesRound(n, q.period)
	}
	switch n.Func().Name {
	case "floor", "ceil":
		v, ok := l.besideStep(n.Func().Name, at, l.Slope(u), q.side)
		return t.Add(u, l.Consts.Simplify(t.Sub(v, at))), ok && q.steps
	case "round":
		at = l.Consts.Simplify(t.Add(at, t.Num(number.Frac(1, 2))))
		if h := l.Consts.Enclose(at); q.side == 0 && !(h.Lo > math.Floor(h.Lo) && math.Floor(h.Lo) == math.Floor(h.Hi)) {
			return expr.Expr{}, false // a half goes away from 0
		}
		v, ok := l.besideStep("floor", at, l.Slope(u), q.side)
		return t.Add(u, t.Num(number.Frac(1, 2)), l.Consts.Simplify(t.Sub(v, at))), ok && q.steps
	case "mod":
		if m := n.Arg(1); q.steps && !m.Has(l.Name) {
			inv := t.Pow(m, t.Int(-1))
			v, ok := l.besideStep("floor", t.Mul(at, inv), t.Mul(l.Slope(u), inv), q.side)
			return l.Consts.Simplify(t.Sub(at, t.Mul(m, v))), ok
		}
	}
	return expr.Expr{}, false
}

// besideStep returns the floor or ceil of a constant u, or of what is less or greater by next
// to nothing: x on the given side of its place, where u has the given slope.
func (l *line) besideStep(name string, u, slope expr.Expr, side int) (expr.Expr, bool) {
	t := l.T
	of := func(name string) expr.Expr { return l.Consts.Simplify(t.Call(fn.Lookup(name), l.Consts.Simplify(u))) }
	if side == 0 {
		return of(name), true
	}
	sign, ok := l.Consts.Sign(slope)
	switch side *= sign; {
	case !ok || side == 0:
		return u, false
	case side < 0 && name == "floor":
		return t.Sub(of("ceil"), t.Int(1)), true
	case side > 0 && name == "ceil":
		return t.Add(of("floor"), t.Int(1)), true
	}
	return of(name), true
}

// commonDivisor returns the greatest positive constant of which all in list are
// whole multiples, false when they are not rational multiples of one another.
func (l *line) commonDivisor(list []expr.Expr) (expr.Expr, bool) {
	r := l.RingFor(exact.Start)
	base := r.Expand(list[0])
	g := number.Int(1)
	for _, a := range list[1:] {
		q, ok := exact.RatioOf(r.Expand(a), base)
		if !ok {
			if q, ok = exact.RatioOf(r.Expand(a).Neg(), base); !ok {
				return expr.Expr{}, false
			}
		}
		g = exact.GCD(g, q)
	}
	d := r.Build(base)
	switch s, ok := l.Consts.Sign(d); {
	case !ok || s == 0:
		return expr.Expr{}, false
	case s < 0:
		d = l.T.Neg(d)
	}
	return l.Consts.Simplify(l.T.Mul(l.T.Num(g), d)), true
}

// domainRepeats reports whether the natural domain is seen to repeat with the
// period p: what has to be positive or the like is the same at x + p, and what
// has to be other than 0 the same or its negative. The tidy form will not do
// for that, as it may be defined where the formula is not.
func (l *line) domainRepeats(p expr.Expr) bool {
	t := l.T
	repeats := func(u expr.Expr, sign bool) bool { return l.comesBack(l.tidyNode(u), p, sign) }
	for n := range l.raw.All() {
		switch n.Op() {
		case expr.If:
			return false
		case expr.Div:
			if !repeats(n.Arg(1), true) {
				return false
			}
		case expr.Pow:
			e := l.tidyNode(n.Arg(1))
			natural := e.Op() == expr.Num && e.Number().IsInt()
			if b := l.tidyNode(n.Arg(0)); natural && e.Number().Sign() >= 0 || b.Op() == expr.Num && b.Number().Sign() != 0 && isWhole(e) {
				continue
			}
			if !repeats(n.Arg(0), natural) || !repeats(n.Arg(1), false) {
				return false
			}
		case expr.Call:
			if n.Func().Domain == "" {
				continue
			}
			switch {
			case n.IsCall("mod"):
				if !repeats(n.Arg(1), true) {
					return false
				}
				continue
			case isPeriodic(n): // poles of distance π in the angle
				d := l.Slope(l.tidyNode(n.Arg(0)))
				if !d.Valid() {
					return false
				}
				q := l.Consts.Simplify(t.Mul(d, p, t.Pow(t.Call(fn.Lookup("pi")), t.Int(-1))))
				if q.Op() != expr.Num || !q.Number().IsInt() {
					return false
				}
				continue
			}
			for _, a := range n.Args() {
				if !repeats(a, false) {
					return false
				}
			}
		}
	}
	return true
}

// comesBack reports whether the tidy formula u is seen to have the period p, or with sign to be
// the same or its negative after it.
func (l *line) comesBack(u, p expr.Expr, sign bool) bool {
	if !u.Has(l.Name) {
		return true
	}
	if len(l.change(u, p)) == 0 {
		return true
	}
	r := l.RingFor(exact.Start)
	return sign && len(exact.Add(r.Expand(l.withinCalls(u)), r.Expand(l.withinCalls(l.moved(u, p))))) == 0
}

// moved returns u at x + p.
func (l *line) moved(u, p expr.Expr) expr.Expr {
	return expr.Rebuild(u, l.T, func(x expr.Expr) (expr.Expr, bool) { return l.T.Add(l.Var, p), x.Name() == l.Name })
}

// change returns u at x + p less u at x.
func (l *line) change(u, p expr.Expr) exact.Combo {
	r := l.RingFor(exact.Start)
	return exact.Add(r.Expand(l.withinCalls(l.moved(u, p))), r.Expand(l.withinCalls(u)).Neg())
}

// withinCalls writes the operands of the functions in the tidy formula e that the ring does not
// look into as the ring writes them, and (-1)^n as cos(πn).
func (l *line) withinCalls(e expr.Expr) expr.Expr {
	r := l.RingFor(exact.Start)
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Pow && n.Arg(0).IsNum(-1) && isWhole(n.Arg(1)) {
			return l.T.Call(fn.Lookup("cos"), l.T.Mul(l.T.Call(fn.Lookup("pi")), args[1]))
		}
		if n.Op() == expr.Call && (n.Len() > 1 || n.Func().Jumps || n.IsCall("abs")) {
			for i := range args {
				args[i] = r.Build(r.Expand(args[i]))
			}
		}
		return expr.Remake(n, l.T, args, nil)
	})
}

// isWhole reports whether e is seen to be a whole number wherever it is defined.
func isWhole(e expr.Expr) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		switch n.Op() {
		case expr.Num:
			return n.Number().IsInt()
		case expr.Add, expr.Mul, expr.Neg:
			return !slices.Contains(args, false)
		case expr.Call:
			return n.Len() == 1 && n.Func().Steps() && !n.IsCall("heaviside") // which is 1/2 at 0
		}
		return false
	})
}

// HasCases reports whether e has functions that the ring does not see through,
// under which a shift could hide.
func HasCases(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op().IsRelation() {
			return true
		}
	}
	return false
}

// isPeriodic reports whether n is a call of a sine or another periodic function.
func isPeriodic(n expr.Expr) bool { return n.Op() == expr.Call && n.Func().Period != 0 }

// angularSpeeds returns the a of all angles a·x + b under periodic functions in
// the written formula f. With only it answers false when x stands elsewhere, as it
// does in an angle that is not defined everywhere.
func (l *line) angularSpeeds(f expr.Expr, only bool) ([]expr.Expr, bool) {
	w := expr.Order(f)
	inside := make([]bool, w.Len()) // reached other than through a periodic function
	inside[w.Len()-1] = true
	var out []expr.Expr
	for i, n := range w.Back() {
		if !inside[i] {
			continue
		}
		if n.Op() == expr.Var && n.Name() == l.Name && only {
			return nil, false
		}
		if isPeriodic(n) {
			u := l.tidyNode(n.Arg(0))
			d := l.Slope(u)
			switch {
			case u.Has(l.Name) && !d.Valid(), only && len(simplify.Domain(n.Arg(0))) > 0:
			case d.Valid():
				out = append(out, d)
				continue
			default:
				continue
			}
		}
		for k := range n.Len() {
			inside[w.Place(n.Arg(k))] = true
		}
	}
	return out, true
}

// wrapped is how many periods a bounded question must have to be studied on one
// of them.
const wrapped = 24

// window returns the ends between which a formula with the period of l is
// studied when it is asked about between lo and hi: one period of the whole line,
// shifted by a 97th of it so that nothing that people write falls on its ends, and
// a 97th more than one period next to an end. It returns false for a question
// with few periods.
func (l *line) window(lo, hi exact.Spot) (exact.Spot, exact.Spot, bool) {
	t := l.T
	part := func(n int64, d int64) expr.Expr { return t.Mul(t.Num(number.Frac(n, d)), l.period) }
	switch {
	case lo.Inf != 0 && hi.Inf != 0:
		return exact.At(l.Consts, part(-95, 194)), exact.At(l.Consts, part(99, 194)), true
	case lo.Inf == 0 && !lo.Exact.Valid() || hi.Inf == 0 && !hi.Exact.Valid():
		return lo, hi, false
	case lo.Inf != 0:
		return exact.At(l.Consts, t.Sub(hi.Exact, part(98, 97))), hi, true
	case hi.Inf == 0:
		if c, ok := l.Consts.Compare(t.Add(lo.Exact, part(wrapped, 1)), hi.Exact); !ok || c > 0 {
			return lo, hi, false
		}
	}
	return lo, exact.At(l.Consts, t.Add(lo.Exact, part(98, 97))), true
}

// wrap makes one period stand for the whole question, if the formula is periodic.
func (s *study) wrap() {
	l := s.l
	period, ok := l.findPeriod()
	if !ok {
		return
	}
	l.period = period
	lo, hi, ok := l.window(s.lo, s.hi)
	if !ok {
		l.period = expr.Expr{}
		return
	}
	if lo != s.lo {
		s.loOpen = false
	}
	if hi != s.hi {
		s.hiOpen = false
	}
	s.lo, s.hi = lo, hi
}

// familyText returns "x = z + P k, k >= 0".
func familyText(name string, r minimum.Repeats, z string) string {
	out := name + " = " + z
	switch {
	case r.Lo != nil && r.Hi != nil:
		out += fmt.Sprintf(", %d <= k <= %d", *r.Lo, *r.Hi)
	case r.Lo != nil:
		out += fmt.Sprintf(", k >= %d", *r.Lo)
	case r.Hi != nil:
		out += fmt.Sprintf(", k <= %d", *r.Hi)
	}
	return out
}

// repeats returns for which k the place z of the window, moved by k periods, is
// one of those asked about.
func (s *study) repeats(z exact.Spot) minimum.Repeats {
	l := s.l
	if !l.period.Valid() {
		return s.onRay(z)
	}
	r := minimum.Repeats{Step: l.period, Width: l.Consts.Enclose(l.period).Mid()}
	if s.outerLo.Inf == 0 && s.lo == s.outerLo {
		r.Lo = new(int64)
	}
	if s.outerHi.Inf == 0 && s.hi == s.outerHi {
		r.Hi = new(int64)
	}
	if r.Lo != nil && s.outerHi.Inf == 0 { // as often as it fits
		k, sure := s.periodsUpTo(z)
		s.uncounted = s.uncounted || !sure
		r.Hi = &k
	}
	return r
}

// onRay returns for which k a place of a half-line on which the formula is
// periodic stands.
func (s *study) onRay(z exact.Spot) minimum.Repeats {
	for i := range s.pieces {
		r := s.pieces[i].ray
		if r == nil || !r.holds(s.l.Consts, z) {
			continue
		}
		if r.side > 0 {
			return minimum.Repeats{Step: r.step, Width: s.l.Consts.Enclose(r.step).Mid(), Lo: new(int64)}
		}
		return minimum.Repeats{Step: r.step, Width: s.l.Consts.Enclose(r.step).Mid(), Hi: new(int64)}
	}
	return minimum.Repeats{}
}

// again reports whether y, of the repetition b, is told with x, of the repetition
// a: it is a period beside it, on the side to which the formula repeats.
func again(x, y float64, a, b *minimum.Repeats) bool {
	if !a.Step.Valid() || a.Step != b.Step {
		return false
	}
	w := a.Width
	if math.Abs(math.Abs(x-y)-w) > 1e-9*w {
		return false
	}
	return (x < y) == (a.Lo != nil || a.Hi == nil)
}

// periodsUpTo returns the greatest k for which z + P k is at most the upper end of
// the question, and whether that is sure.
func (s *study) periodsUpTo(z exact.Spot) (int64, bool) {
	l := s.l
	n := l.Consts.Enclose(s.outerHi.Exact).Sub(z.Hull).Div(l.Consts.Enclose(l.period))
	k := int64(math.Floor(n.Lo))
	if z.Exact.Valid() {
		end := exact.At(l.Consts, l.T.Add(z.Exact, l.T.Mul(l.T.Int(k+1), l.period)))
		c, ok := l.Consts.CompareSpots(end, s.outerHi)
		if ok && (c < 0 || c == 0 && !s.outerHiOpen) {
			return k + 1, true
		}
		end = exact.At(l.Consts, l.T.Add(z.Exact, l.T.Mul(l.T.Int(k), l.period)))
		d, ok2 := l.Consts.CompareSpots(end, s.outerHi)
		if ok2 && d == 0 && s.outerHiOpen {
			k--
		}
		return k, ok && ok2
	}
	return k, math.Floor(n.Hi) == math.Floor(n.Lo)
}

// alongPeriod looks for a sequence φ + P·t, t = 1, 2, …, towards the end of the
// line on which f falls without end: there the sines and cosines of period P
// are constants, and the limit is that of a formula without them. Of places at which the
// formula has no value, the conditions conds for it to be defined are looked at.
func (s *study) alongPeriod(p *piece, side int, conds []expr.Expr) *minimum.Witness {
	l, t := s.l, s.l.T
	whole := l.reflect(p.f, side)
	for _, q := range l.sequences(whole, conds) {
		f, ok := l.on(q, whole)
		if !ok || q.side != 0 {
			continue
		}
		// x stands for φ + side·P·t, which goes to the end just as x does
		for _, T := range asymptotic.Starts[:3] {
			tail := l.tail(exact.Spot{Inf: side}, side, T)
			lim := tail.LimitAt(f)
			if lim.Kind == asymptotic.Minus && l.holdOn(q, conds, tail, side) {
				path := t.Add(q.phi, t.Mul(t.Int(int64(side)), q.period, t.Pool().Var("t")))
				return s.along(path, true)
			}
			if lim.Kind != asymptotic.Unknown {
				break
			}
		}
	}
	return nil
}

// alongPoles does the same for the tidy formula f and sequences that come nearer and nearer to
// poles of the periodic functions, such as φ + P·t + 1/t.
func (s *study) alongPoles(f expr.Expr, side int) *minimum.Witness {
	l, t := s.l, s.l.T
	conds := simplify.Domain(l.raw)
	pi := t.Call(fn.Lookup("pi"))
	speeds, ok := l.angularSpeeds(f, false)
	if !ok {
		return nil
	}
	speed, ok := l.sequenceSpeed(l.withConditions(speeds, conds))
	if !ok {
		return nil
	}
	period := l.Consts.Simplify(t.Mul(t.Int(2), pi, t.Pow(speed, t.Int(-1))))
	tail := l.tail(exact.End, 1, asymptotic.Starts[0])
	for _, phi := range l.polesOf(f, period) {
		for _, beside := range [2]int64{1, -1} {
			near := t.Add(phi, t.Mul(t.Int(beside), t.Pow(l.Var, t.Int(-1))))
			path := t.Add(near, t.Mul(t.Int(int64(side)), period, l.Var))
			at := func(f expr.Expr) expr.Expr { // x stands for t
				return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
					if n == l.Var {
						return path
					}
					if isPeriodic(n) && l.Slope(n.Arg(0)).Valid() && l.comesRound(n, period) {
						return t.Call(n.Func(), l.Substitute(n.Arg(0), near))
					}
					return expr.Remake(n, t, args, nil)
				})
			}
			if tail.LimitAt(at(f)).Kind == asymptotic.Minus && l.hold(conds, onTail(tail, at)) {
				return s.along(t.Pool().Substitute(path, map[string]expr.Expr{l.Name: t.Pool().Var("t")}), true)
			}
		}
	}
	return nil
}

// polesOf returns the places in one period at which periodic functions of linear arguments in f have
// poles.
func (l *line) polesOf(f, period expr.Expr) (out []expr.Expr) {
	t := l.T
	pi := t.Call(fn.Lookup("pi"))
	for n := range f.All() {
		if !isPeriodic(n) || n.Func().Domain == "" || !l.Slope(n.Arg(0)).Valid() {
			continue
		}
		u := n.Arg(0)
		inv := t.Pow(l.Slope(u), t.Int(-1))
		first := t.Mul(inv, t.Neg(l.Substitute(u, t.Int(0)))) // where u = 0
		step := l.Consts.Simplify(t.Mul(pi, inv))
		if v := l.Consts.Simplify(t.Call(n.Func(), t.Int(0))); l.Consts.Enclose(v).IsBounded() {
			first = t.Add(first, t.Mul(t.Num(number.Frac(1, 2)), step))
		}
		ratio := l.Consts.Simplify(t.Mul(period, t.Pow(step, t.Int(-1))))
		if ratio.Op() != expr.Num {
			continue
		}
		count, ok := ratio.Number().Abs().Int64()
		if !ok {
			continue
		}
		for k := range min(count, maxPoles) {
			if z := l.Consts.Simplify(t.Add(first, t.Mul(t.Int(k), step))); !slices.Contains(out, z) && len(out) < maxPoles {
				out = append(out, z)
			}
		}
	}
	return out
}

// maxPoles is the most poles in a period next to which sequences are looked at.
const maxPoles = 6

// holdOn reports whether the conditions of a domain are proved to hold on the sequence q along a
// tail, and next to its places.
func (l *line) holdOn(q sequence, conds []expr.Expr, tail *asymptotic.Tail, side int) bool {
	sure := true
	return l.hold(conds, onTail(tail, func(c expr.Expr) expr.Expr {
		at, ok := l.on(q, l.reflect(c, side))
		sure = sure && ok
		return at
	})) && sure
}

// phases are the twelfths of a period that are tried, in this order.
var phases = [...]int64{0, 6, 3, 9, 1, 5, 7, 11, 2, 4, 8, 10}

// alongAngle does the same where the angles are rational multiples of a part u of the
// formula that goes to ∞ or -∞, and constants: u takes all values φ + P·t towards the end.
func (s *study) alongAngle(p *piece, side int) *minimum.Witness {
	l, t := s.l, s.l.T
	r := l.RingFor(exact.Start)
	type angle struct { // q·u + c
		q number.Number
		c expr.Expr
	}
	angles := map[expr.Expr]angle{}
	var base exact.Combo
	var u expr.Expr
	g := number.Number{}
	for n := range p.f.All() {
		if !isPeriodic(n) || !n.Has(l.Name) {
			continue
		}
		var varying, constant exact.Combo
		for _, m := range r.Expand(n.Arg(0)) {
			if r.Build(exact.Combo{m}).Has(l.Name) {
				varying = append(varying, m)
			} else {
				constant = append(constant, m)
			}
		}
		if base == nil {
			base = varying
			if u = r.Build(base); len(constant) == 0 {
				u = n.Arg(0) // as it is written
			}
		}
		q, ok := exact.RatioOf(varying, base)
		if !ok {
			if q, ok = exact.RatioOf(varying.Neg(), base); !ok {
				return nil
			}
			q = q.Neg()
		}
		if angles[n] = (angle{q, r.Build(constant)}); g.Sign() == 0 {
			g = q.Abs()
		} else {
			g = exact.GCD(g, q.Abs())
		}
	}
	if base == nil {
		return nil
	}
	end := edge{exact.Spot{Inf: side}, side}
	dir := s.growth(u, end)
	if dir == 0 {
		return nil
	}
	inv, _ := g.Inv()
	period := t.Mul(t.Num(number.Int(2).Mul(inv)), t.Call(fn.Lookup("pi")))
	for _, k := range phases {
		phi := l.Consts.Simplify(t.Mul(t.Num(number.Frac(k, 12)), period))
		f := expr.Fold(p.f, func(n expr.Expr, args []expr.Expr) expr.Expr {
			if a, ok := angles[n]; ok {
				return l.Consts.Simplify(t.Call(n.Func(), t.Add(t.Mul(t.Num(a.q), phi), a.c)))
			}
			return expr.Remake(n, t, args, nil)
		})
		for _, T := range asymptotic.Starts[:3] {
			lim := l.tail(end.at, side, T).LimitAt(f)
			if lim.Kind == asymptotic.Minus {
				y := t.Add(phi, t.Mul(t.Int(int64(dir)), period, t.Pool().Var("t")))
				if path, ok := l.pathTo(u, y, end); ok {
					return s.along(path, true)
				}
				return nil
			}
			if lim.Kind != asymptotic.Unknown {
				break
			}
		}
	}
	return nil
}

// pathTo returns the x, as a formula in t, towards an edge at which the tidy
// formula u is y, a formula in t that goes to ∞ or -∞; false without a closed form.
func (l *line) pathTo(u, y expr.Expr, e edge) (expr.Expr, bool) {
	list, ok := form.Inverses(l.T, u, y)
	if !ok {
		return expr.Expr{}, false
	}
	for _, x := range list {
		at := func(n int64) interval.I { // how far x has come
			v := l.Consts.Enclose(l.T.Tidy(l.T.Pool().Substitute(x, map[string]expr.Expr{"t": l.T.Int(n)})))
			if e.at.Inf == 0 {
				v = e.at.Hull.Sub(v).Inv()
			}
			return v.Mul(interval.Point(float64(e.side)))
		}
		for _, n := range [2][2]int64{{1000, 1000000}, {10, 20}} { // e^n may be too large
			if a, b := at(n[0]), at(n[1]); b.IsBounded() && a.Lo > 0 && b.Lo > a.Hi {
				return x, true
			}
		}
	}
	return expr.Expr{}, false
}

// hold reports whether the conditions conds of a domain are proved to hold, where holds tells of
// u > 0, u != 0 and the like.
func (l *line) hold(conds []expr.Expr, holds func(op expr.Op, u expr.Expr) bool) bool {
	var one func(c expr.Expr) bool
	one = func(c expr.Expr) bool {
		switch {
		case c.Op() == expr.And:
			return l.hold(c.AppendArgs(nil), holds)
		case c.Op() == expr.Or:
			return slices.ContainsFunc(c.AppendArgs(nil), one)
		case !c.Op().IsRelation():
			return false
		}
		u := l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1)))
		if b := c.Arg(1); c.Op() == expr.Ne && b.IsCall("floor") && b.Arg(0) == c.Arg(0) { // no whole number
			u = l.T.Call(fn.Lookup("sin"), l.T.Mul(l.T.Call(fn.Lookup("pi")), l.tidyNode(c.Arg(0))))
		}
		return holds(c.Op(), u)
	}
	for _, c := range conds {
		if !one(l.T.Pool().Import(c)) {
			return false
		}
	}
	return true
}

// onTail tells hold of conditions all along a tail, on which at writes formulas in a simpler way.
func onTail(tail *asymptotic.Tail, at func(expr.Expr) expr.Expr) func(op expr.Op, u expr.Expr) bool {
	return func(op expr.Op, u expr.Expr) bool {
		sign := tail.SignPast(at(u))
		return sign != 0 && simplify.Holds(op, number.Int(int64(sign)), number.Int(0))
	}
}

// reflect writes the tidy formula f without gamma functions and their kin of linear
// arguments that go to -∞ towards the end of the line: with periodic functions.
func (l *line) reflect(f expr.Expr, side int) expr.Expr {
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Call && n.Len() == 1 {
			if text, ok := asymptotic.Reflected[n.Func().Name]; ok {
				if d := l.Slope(args[0]); d.Valid() {
					if s, ok := l.Consts.Sign(d); ok && s == -side {
						formula := l.T.Pool().Import(expr.MustParse(text))
						return expr.Rebuild(formula, l.T, func(x expr.Expr) (expr.Expr, bool) { return args[0], x.Name() == "u" })
					}
				}
			}
		}
		return expr.Remake(n, l.T, args, nil)
	})
}

// periodicDomain describes the natural domain of a periodic formula.
func (s *study) periodicDomain() string {
	l := s.l
	between := s.betweenText()
	if s.whole() {
		return between
	}
	conds := simplify.Domain(l.raw)
	switch {
	case len(conds) == 0:
	case !l.formalPowers(l.raw):
		text := format.All(conds, format.Options{})
		if s.outerLo.Inf == 0 || s.outerHi.Inf == 0 {
			text += " and " + between
		}
		return text
	case len(s.pieces) == 0 && len(s.cands) == 0:
		return "nowhere"
	case !l.period.Valid() || s.a.Domain == "" || s.outerLo.Inf == 0 || s.outerHi.Inf == 0:
		return "" // the conditions may ask for too much
	default:
		pieces, spots, in := s.turned(s.pieces, s.defined)
		s.a.Domain = l.domainText(pieces, spots, in)
	}
	if !l.period.Valid() {
		return between
	}
	return s.a.Domain + ", repeated with period " + format.Text(l.period)
}

// betweenText describes the part of the line that the question is about.
func (s *study) betweenText() string {
	l := s.l
	below, above := " <= ", " <= "
	if s.outerLoOpen {
		below = " < "
	}
	if s.outerHiOpen {
		above = " < "
	}
	lo, hi := l.spotText(s.outerLo), l.spotText(s.outerHi)
	switch {
	case s.outerLo.Inf == 0 && s.outerHi.Inf == 0 && lo == hi && !s.outerLoOpen && !s.outerHiOpen:
		return l.Name + " = " + lo
	case s.outerLo.Inf == 0 && s.outerHi.Inf == 0:
		return lo + below + l.Name + above + hi
	case s.outerLo.Inf == 0:
		return l.Name + strings.Replace(below, "<", ">", 1) + lo
	case s.outerHi.Inf == 0:
		return l.Name + above + hi
	}
	return "all real " + l.Name
}

// whole reports whether the formula is defined everywhere between the ends,
// which may be left out.
func (s *study) whole() bool {
	l := s.l
	whole := len(s.pieces) > 0
	at, end := s.lo, s.hi
	if n := len(s.pieces); n > 0 {
		if r := s.pieces[0].ray; r != nil && r.side < 0 {
			at = r.to
		}
		if r := s.pieces[n-1].ray; r != nil && r.side > 0 {
			end = r.to
		}
	}
	for i := range s.pieces {
		c, ok := l.Consts.CompareSpots(at, s.pieces[i].lo)
		whole = whole && ok && c == 0
		at = s.pieces[i].hi
	}
	c, ok := l.Consts.CompareSpots(at, end)
	whole = whole && ok && c == 0
	for i, z := range s.spots {
		whole = whole && (s.defined[i] || s.loOpen && z == s.lo || s.hiOpen && z == s.hi)
	}
	return whole
}

// family describes the periodic family of a spot.
func (s *study) family(z exact.Spot) string {
	if z.Inf != 0 {
		return ""
	}
	return s.l.familyOf(z, s.repeats(z))
}

// familyOf describes the places that z stands for, "" if that is z only.
func (l *line) familyOf(z exact.Spot, r minimum.Repeats) string {
	if !r.Step.Valid() {
		return ""
	}
	k := l.T.Mul(r.Step, l.T.Pool().Var("k"))
	of := format.Number(z.Float(), 6) + " + " + format.Text(k)
	if z.Exact.Valid() {
		of = format.Text(l.T.Add(z.Exact, k))
	}
	return familyText(l.Name, r, of)
}

// onePerPeriod drops a minimiser that stands a period beside another one.
func (s *study) onePerPeriod(list []minimum.Point) []minimum.Point {
	var out []minimum.Point
	for _, p := range list {
		if !slices.ContainsFunc(list, func(q minimum.Point) bool { return again(q.X[0], p.X[0], &q.Repeats, &p.Repeats) }) {
			out = append(out, p)
		}
	}
	return out
}

// hasRay reports whether a piece stands for a half-line.
func (s *study) hasRay() bool {
	return slices.ContainsFunc(s.pieces, func(p piece) bool { return p.ray != nil })
}
