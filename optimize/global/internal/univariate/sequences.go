package univariate

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file finds sequences of places, a period apart, on which the waves and steps of a formula are constants, and next to which its
// poles are: a formula without them says what f does along such a sequence, and so whether it falls without end.

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
