package univariate

import (
	"fmt"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file is about swings f(x) = F(x, w(u(x))) where F is periodic in x too, with the period P,
// while w has the period Q. Far out the phases of x and of u come together as near as one likes
// to any two if
//
//   - u = m·x + c and m·P/Q is irrational (Kronecker's theorem), or
//   - u' → 0: while x goes through a period next to a place where w is least, w hardly changes, or
//   - |u'| → ∞: next to each x the part u goes through a whole period of w.
//
// So the infimum is the least value of the sides.

// jointly reports whether f is proved to come as near as one likes to the value that the side
// number i of q has at its minimisers, which the answer a lists, towards the infinite edge e, and
// returns the period of F and why that is so.
func (s *study) jointly(q *swing, i int, a *answer, e edge) (period expr.Expr, why string, ok bool) {
	l, t := s.l, s.l.T
	if e.at.Inf == 0 || a.Status != minimum.Exact || len(a.ExactAt) == 0 || q.sides[i].beside != 0 || !s.comesBy(q, &q.sides[i], e) ||
		!continuousIn(q.part, l.Var) || !continuousIn(q.u, l.Var) {
		return period, why, false
	}
	w := t.Pool().Var(l.Name + "_w")
	both := *l
	both.raw = outerPart(l.raw, q.part, w.Name())
	if period, ok = both.findPeriod(); !ok || !continuousIn(both.raw, w) {
		return period, why, false
	}
	u := l.tidyNode(q.u)
	if m := l.Slope(u); m.Valid() {
		rows, ok := l.Consts.Ring.Coordinates([]expr.Expr{l.Consts.Simplify(t.Mul(m, period)), q.sides[i].period})
		return period, "their periods have no common multiple: Kronecker's theorem", ok && exact.Rank(rows) == 2
	}
	switch lim := s.limit(&piece{f: t.Tidy(diff.D(u, l.Name))}, e.at, e.side); {
	case lim.Kind == asymptotic.Finite && lim.Value.Valid():
		k, ok := l.Consts.Sign(lim.Value)
		return period, "its slope goes to 0", ok && k == 0
	case lim.Kind == asymptotic.Plus, lim.Kind == asymptotic.Minus:
		// f is looked at next to the minimisers of the side, not at them
		return period, "its slope goes to infinity", continuousIn(q.sides[i].f, l.Var) && open(simplify.Domain(q.sides[i].f))
	}
	return period, why, false
}

// continuousIn reports whether the written formula f has no functions that jump, and no cases, of
// parts with x.
func continuousIn(f, x expr.Expr) bool {
	for n := range f.All() {
		if n.Has(x.Name()) && (n.Op() == expr.If || n.Op().IsRelation() || n.Op() == expr.Call && n.Func().Jumps) {
			return false
		}
	}
	return true
}

// open reports whether the conditions of a domain are strict ones, so that it is open.
func open(conds []expr.Expr) bool {
	return !slices.ContainsFunc(conds, func(c expr.Expr) bool {
		return c.Op() != expr.Lt && c.Op() != expr.Gt && c.Op() != expr.Ne || c.Arg(0).Op().IsCondition() || c.Arg(1).Op().IsCondition()
	})
}

// meets looks for the places on an edge that begins at inner where f has the least value of the
// given sides of q, which it does only where one of them has, and w is at that end of its range if F, which
// has the given period in x, is greater there for all other w. It returns one of the places, or
// none when it is sure that there is none.
func (s *study) meets(q *swing, sides []int, answers [2]*answer, period, least expr.Expr, inner exact.Spot, e edge) (at *exact.Spot, sure bool) {
	l, t := s.l, s.l.T
	pool := t.Pool()
	for _, i := range sides {
		a, side := answers[i], &q.sides[i]
		if !a.MinimisersComplete || !side.complete {
			return nil, false
		}
		for _, m := range a.Minimisers {
			if len(m.Exact) == 0 {
				return nil, false
			}
			x, step := pool.Import(m.Exact[0]), t.Int(0)
			if m.Repeats.Step.Valid() {
				step = pool.Import(m.Repeats.Step)
			} else if m.Family != "" {
				return nil, false
			}
			if !s.onlyAtEnd(q, i, x, step, period, least) {
				return nil, false
			}
			if side.beside != 0 {
				continue // w never has the value
			}
			for _, first := range side.places {
				if l.neverMeets(q.u, x, step, first, side.period) {
					continue
				}
				z, found, sure := l.linearMeeting(q.u, x, step, first, side.period)
				if !sure {
					return nil, false
				}
				if !found {
					continue
				}
				spot := exact.At(l.Consts, z)
				c, ok1 := l.Consts.CompareSpots(inner, spot)
				d, ok2 := l.Consts.CompareSpots(spot, e.at)
				if !ok1 || !ok2 {
					return nil, false
				}
				if c*e.side <= 0 && d*e.side < 0 {
					return &spot, true
				}
			}
		}
	}
	return nil, true
}

// onlyAtEnd reports whether F, which has the given period in x, takes its value least at all places x + step·k only where w
// is at the end number i of its range.
func (s *study) onlyAtEnd(q *swing, i int, x, step, period, least expr.Expr) bool {
	l, t := s.l, s.l.T
	n := int64(1)
	if k, ok := l.Consts.Sign(step); !ok {
		return false
	} else if k != 0 {
		q := l.Consts.Simplify(t.Mul(period, t.Pow(step, t.Int(-1))))
		if q.Op() != expr.Num {
			return false
		}
		var whole bool
		if n, whole = q.Number().Int64(); !whole || n < 1 || n > 8 {
			return false
		}
	}
	for k := range n {
		z := t.Add(x, t.Mul(t.Int(k), step))
		if q.strictly { // then it is enough that the value at the other end is greater
			v := l.Consts.Simplify(l.Substitute(l.tidyNode(q.sides[1-i].f), z))
			if c, ok := l.Consts.Compare(v, least); !ok || c <= 0 {
				return false
			}
			continue
		}
		at := *l
		at.raw = outerPart(l.raw, q.part, l.Name+"_w")
		a := solve(l.ctx, &Question{F: at.rawAt(z), Var: l.Name + "_w", Bound: minimum.Bound{Lo: q.sides[0].value, Hi: q.sides[1].value}, depth: l.depth + 1})
		if a.Status != minimum.Exact || !a.MinimisersComplete || len(a.Minimisers) != 1 || len(a.Minimisers[0].Exact) == 0 {
			return false
		}
		for _, same := range [2][2]expr.Expr{{a.ExactValue, least}, {a.Minimisers[0].Exact[0], q.sides[i].value}} {
			if c, ok := l.Consts.Compare(t.Pool().Import(same[0]), same[1]); !ok || c != 0 {
				return false
			}
		}
	}
	return true
}

// linearMeeting is meeting for x + step·k and the places where the linear u is first + period·m.
func (l *line) linearMeeting(u, x, step, first, period expr.Expr) (at expr.Expr, found, sure bool) {
	t := l.T
	u = l.tidyNode(u)
	d := l.Slope(u)
	if k, ok := l.Consts.Sign(step); !d.Valid() || !ok || k == 0 {
		return at, false, false
	}
	inv := t.Pow(d, t.Int(-1))
	y := l.Consts.Simplify(t.Mul(inv, t.Sub(first, l.Substitute(u, t.Int(0)))))
	return l.meeting(x, step, y, l.Consts.Simplify(t.Mul(inv, period)))
}

// neverMeets reports whether u(x + step·k) = first + period·m is seen to have no solution in
// integers k and m.
func (l *line) neverMeets(u, x, step, first, period expr.Expr) bool {
	t := l.T
	k, m := t.Pool().Var("k"), t.Pool().Var("m")
	from := t.Add(x, t.Mul(k, step))
	y := t.Add(first, t.Mul(m, period))
	tidy := l.tidyNode(u)
	if l.neverEqual(l.Substitute(tidy, from), y) {
		return true
	}
	list, ok := form.Inverses(t, tidy, y)
	return ok && !slices.ContainsFunc(list, func(z expr.Expr) bool { return !l.neverEqual(z, from) })
}

// neverEqual reports whether the tidy formulas a and b, of integers k and m, are seen to be
// different for all of these: as polynomials in π, which is transcendental, with algebraic coefficients, or as one has a rational multiple of a power of e^π
// with a rational exponent other than 0 and the rest of both are such polynomials (e^π and π are algebraically
// independent: Yu. V. Nesterenko, Modular functions and transcendence questions, 1996).
func (l *line) neverEqual(a, b expr.Expr) bool {
	if c, e, rest, ok := oneExponential(l.T, a); ok {
		a, b = e, l.T.Mul(l.T.Pow(c, l.T.Int(-1)), l.T.Sub(b, rest))
	}
	if a.IsCall("exp") {
		p, ok := l.inPi(a.Arg(0))
		_, polynomial := l.inPi(b)
		if !ok || !polynomial || len(p) != 1 || p[0].pi != 1 || p[0].root != "" {
			return false
		}
		return p.never() || l.neverWhere(p, b)
	}
	p, ok := l.inPi(l.T.Sub(a, b))
	return ok && p.never()
}

// oneExponential reads the tidy formula a as c·e + rest with one exponential e and a number c.
func oneExponential(t *simplify.Tidier, a expr.Expr) (c, e, rest expr.Expr, ok bool) {
	rest = t.Int(0)
	for _, term := range a.Terms() {
		f := term.Factors()
		if len(f) == 1 {
			f = []expr.Expr{t.Int(1), term}
		}
		switch last := f[len(f)-1]; {
		case !last.IsCall("exp"):
			rest = t.Add(rest, term)
		case ok || len(f) > 2 || f[0].Op() != expr.Num:
			return c, e, rest, false
		default:
			c, e, ok = f[0], last, true
		}
	}
	return c, e, rest, ok
}

// neverWhere reports whether the polynomial b in π is seen to be other than 1 for all k and m at which p, of one of these alone, is 0.
func (l *line) neverWhere(p piPolynomial, b expr.Expr) bool {
	for i, name := range [2]string{"k", "m"} {
		if slices.ContainsFunc(p[0].c, func(c monomial) bool { return c.a[1-i] > 0 }) {
			continue
		}
		zeros, ok := integerZeros(p[0].c, i)
		return ok && !slices.ContainsFunc(zeros, func(n int64) bool {
			at := expr.Rebuild(b, l.T, func(x expr.Expr) (expr.Expr, bool) { return l.T.Int(n), x.Name() == name })
			return !l.neverEqual(at, l.T.Int(1))
		})
	}
	return false
}

// A monomial is c·k^a[0]·m^a[1].
type monomial struct {
	c number.Number
	a [2]int64
}

// A piPolynomial is a polynomial in π, the powers times roots of primes with their coefficients: products of different powers of primes with exponents
// between 0 and 1 are linearly independent over the rationals (A. S. Besicovitch, 1940).
type piPolynomial []piPower

type piPower struct {
	pi   int64
	root string // 2^(1/2) 3^(1/3)
	c    []monomial
}

// inPi writes the tidy formula e as a polynomial in π.
func (l *line) inPi(e expr.Expr) (out piPolynomial, ok bool) {
	r := l.Consts.Ring
	for _, term := range r.Expand(e) {
		one := monomial{c: term.C}
		var pi int64
		root := ""
		for _, p := range term.M {
			n, ok := p.N.Int64()
			switch of := r.Kernels[p.K].E; {
			case !ok && of.Op() == expr.Num && of.Number().Sign() > 0:
				whole, small := p.N.Floor().Int64()
				power, defined := of.Number().Pow(int(whole))
				if !small || !defined {
					return nil, false
				}
				one.c = one.c.Mul(power)
				root += fmt.Sprint(of.Number(), "^", p.N.Sub(p.N.Floor()), " ")
			case !ok || n < 0:
				return nil, false
			case of.IsCall("pi"):
				pi = n
			case of.Op() == expr.Var && of.Name() == "k":
				one.a[0] = n
			case of.Op() == expr.Var && of.Name() == "m":
				one.a[1] = n
			default:
				return nil, false
			}
		}
		i := slices.IndexFunc(out, func(p piPower) bool { return p.pi == pi && p.root == root })
		if i < 0 {
			i, out = len(out), append(out, piPower{pi: pi, root: root})
		}
		out[i].c = append(out[i].c, one)
	}
	return out, true
}

// never reports whether p is seen to be 0 for no integers k and m.
func (p piPolynomial) never() bool {
	for _, g := range p {
		var in [2]bool
		linear := true
		for _, a := range g.c {
			in[0], in[1] = in[0] || a.a[0] > 0, in[1] || a.a[1] > 0
			linear = linear && a.a[0]+a.a[1] < 2
		}
		if in[0] && in[1] {
			if linear && noSolution(g.c) {
				return true
			}
			continue
		}
		v := 0
		if in[1] {
			v = 1
		}
		zeros, ok := integerZeros(g.c, v)
		if ok && !slices.ContainsFunc(zeros, func(x int64) bool { return !in[v] || !p.with(v, x).never() }) {
			return true
		}
	}
	return false
}

// with returns p with the number x for k (v = 0) or m.
func (p piPolynomial) with(v int, x int64) (out piPolynomial) {
	for _, g := range p {
		sum := map[[2]int64]number.Number{}
		var keys [][2]int64
		for _, a := range g.c {
			c := a.c
			for range a.a[v] {
				c = c.Mul(number.Int(x))
			}
			if a.a[v] = 0; !slices.Contains(keys, a.a) {
				keys = append(keys, a.a)
			}
			sum[a.a] = sum[a.a].Add(c)
		}
		left := piPower{pi: g.pi, root: g.root}
		for _, k := range keys {
			if sum[k].Sign() != 0 {
				left.c = append(left.c, monomial{sum[k], k})
			}
		}
		if len(left.c) > 0 {
			out = append(out, left)
		}
	}
	return out
}

// noSolution reports whether a·k + b·m + c = 0 has no solution in integers: the greatest common
// divisor of a and b does not divide c.
func noSolution(list []monomial) bool {
	var gcd, c number.Number
	for _, a := range list {
		switch {
		case a.a == [2]int64{}:
			c = a.c
		case gcd.Sign() == 0:
			gcd = a.c.Abs()
		default:
			gcd = exact.GCD(gcd, a.c.Abs())
		}
	}
	q, ok := c.Quo(gcd)
	return ok && !q.IsInt()
}

// integerZeros returns the integers at which a polynomial in one variable, number v, is 0; false
// when they may be too far away to be tried. All zeros are at most 1 and the greatest ratio of a
// coefficient to the leading one (A. L. Cauchy, 1829).
func integerZeros(list []monomial, v int) (zeros []int64, ok bool) {
	const far = 200
	lead := slices.MaxFunc(list, func(a, b monomial) int { return int(a.a[v] - b.a[v]) })
	bound := 0.0
	for _, a := range list {
		q, ok := a.c.Quo(lead.c)
		if !ok {
			return nil, false
		}
		bound = max(bound, 1+q.Abs().Float64())
	}
	if !(bound < far) {
		return nil, false
	}
	for x := -int64(bound) - 1; x <= int64(bound)+1; x++ {
		var sum number.Number
		for _, a := range list {
			c := a.c
			for range a.a[v] {
				c = c.Mul(number.Int(x))
			}
			sum = sum.Add(c)
		}
		if sum.Sign() == 0 {
			zeros = append(zeros, x)
		}
	}
	return zeros, true
}
