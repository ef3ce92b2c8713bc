package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file is the part of the check that a value is taken at a point of the region.

// A location is the point of a certificate.
type location struct {
	x    []interval.I
	with map[string]expr.Expr // its closed form; nil where a variable has none
}

// point checks that the value, of which hi is the upper end, is taken.
func (v *verifier) point(hi float64) bool {
	at, ok := v.location(v.c.ExactPoint, v.c.Point)
	if !ok {
		v.no("what the point is")
	}
	if !ok || !v.within(&at) {
		return false
	}
	if !v.satisfies(at) {
		y := location{x: v.feasibleNear(at.x)}
		if y.x == nil {
			y = v.simpler(at.x)
		}
		if y.x == nil || !near(y.x, at.x) || at.with != nil && v.exact.Valid() {
			v.no("that the point satisfies the constraints exactly")
			return false
		}
		at = y
		hi += v.report.Tolerance
	}
	defined := v.definedAt(at)
	value, exact := v.out[0], v.exactly(at, v.out[0])
	if defined && !value.IsEmpty() {
		v.top, v.spot = value.Hi, at.x
	}
	switch {
	case !defined:
		if v.atEdge(at.x, hi) {
			return true
		}
		v.no("that the formula is defined at the point")
	case v.exact.Valid() && !exact:
		v.no("that the value at the point is exactly %s", v.c.Exact)
	case exact:
		v.yes("the formula has the value %s at the point, exactly", v.c.Exact)
		return true
	case value.Hi <= hi && !value.IsEmpty():
		v.yes("the formula has at most the value %.17g at the point", hi)
		return true
	case value.Hi <= hi+1e-12*math.Max(1, math.Abs(hi)) || value.Lo <= hi && value.IsBounded() && value.Width() <= 1e-12*math.Max(1, value.Mag()):
		v.yes("the formula has the value at the point, to 1e-12")
		return true
	case v.atEdge(at.x, hi):
		return true
	default:
		v.no("that the formula has the value at the point")
	}
	return false
}

// simpler is a point near x with coordinates that are bounds or simple fractions, if it satisfies the bounds and constraints exactly: x may be one
// in which more of them meet than there are variables, which no Newton method solves.
func (v *verifier) simpler(x []interval.I) location {
	const close, largest = 1e-9, 100_000
	at := location{make([]interval.I, len(x)), map[string]expr.Expr{}}
	pool := expr.NewPool()
	for i, name := range v.c.Variables {
		c := x[i].Mid()
		e := pool.Num(number.FromRat(fraction(c, close*math.Max(1, math.Abs(c)), largest)))
		for _, end := range v.ends[i] {
			if !end.e.Valid() {
				continue
			}
			if b, ok := tape.EncloseConstant(end.e); ok && b.Sub(x[i]).Mag() <= close*math.Max(1, math.Abs(c)) {
				e = end.e
			}
		}
		at.x[i], _ = tape.EncloseConstant(e)
		at.with[name] = e
	}
	w := *v
	w.report = Report{}
	if !w.within(&at) || !v.satisfies(at) {
		return location{}
	}
	return at
}

// fraction is the first convergent of the continued fraction of x that is as close as that, or the last with such a denominator.
func fraction(x, close float64, largest int64) *big.Rat {
	p, q := [2]int64{0, 1}, [2]int64{1, 0}
	for rest := x; ; {
		whole := math.Floor(rest)
		if math.Abs(whole) > 1<<40 {
			break
		}
		n := int64(whole)
		next := [2]int64{n*p[1] + p[0], n*q[1] + q[0]}
		if next[1] > largest {
			break
		}
		p, q = [2]int64{p[1], next[0]}, [2]int64{q[1], next[1]}
		if rest -= whole; math.Abs(float64(p[1])/float64(q[1])-x) <= close || rest == 0 {
			break
		}
		rest = 1 / rest
	}
	if q[1] == 0 {
		return new(big.Rat)
	}
	return big.NewRat(p[1], q[1])
}

// nearby is how far from a point another still counts as that point, relative to values above 1.
const nearby = 1e-6

// definedAt reports whether the formula is proved to be defined at the point, on the enclosure of which it
// evaluates it.
func (v *verifier) definedAt(at location) bool {
	v.eval(v.fm, v.prog, at.x)
	return v.dec[0] >= interval.Defined || at.with != nil && v.holdsAt(simplify.Domain(v.valueAt(at)))
}

// atEdge reports whether f is at most hi at a point near x at which what it has the root of is 0:
// an equation that an interval Newton method solves. Beside it the formula need not be defined.
func (v *verifier) atEdge(x []interval.I, hi float64) bool {
	for n := range v.f.All() {
		if !n.IsCall("sqrt") && !(n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num && n.Arg(1).Number().Sign() > 0 && !n.Arg(1).Number().IsInt()) {
			continue
		}
		pool := expr.NewPool()
		w := *v
		w.f = expr.Fold(v.f, func(m expr.Expr, args []expr.Expr) expr.Expr {
			if m == n {
				return pool.Int(0)
			}
			return expr.Remake(m, pool, args, nil)
		})
		w.cons = append(slices.Clip(v.cons), constraintCheck{g: n.Arg(0), equal: true})
		if v.exact.Valid() || w.compileConditions() != nil || w.compile() != nil {
			return false
		}
		y := w.feasibleNear(x)
		if y == nil || !near(y, x) {
			continue
		}
		w.eval(w.fm, w.prog, y)
		if w.dec[0] >= interval.Defined && w.out[0].Hi <= hi+v.report.Tolerance {
			v.top, v.spot = w.out[0].Hi, y
			v.yes("the formula has at most the value %.17g near the point, where what it has a root of is 0", hi+v.report.Tolerance)
			return true
		}
	}
	return false
}

// comesFromPart reports whether f is at most hi at a point near that of the certificate, which the point of a part gives.
func (v *verifier) comesFromPart(hi float64) bool {
	x := v.where()
	if len(v.origin) != 1 || v.exact.Valid() || x == nil || v.origin[0].spot == nil {
		return false
	}
	g := v.origin[0]
	y := make([]interval.I, len(x))
	for i, name := range v.c.Variables {
		if e := v.image[name]; e.Valid() {
			y[i], _ = g.encloseIn(e, g.spot)
		} else if k := slices.Index(g.c.Variables, name); k >= 0 {
			y[i] = g.spot[k]
		} else {
			return false
		}
	}
	top := interval.Point(g.top).Add(interval.Point(v.imageShift)).Hi
	if !near(y, x) || !(top <= hi+v.report.Tolerance) {
		return false
	}
	v.top, v.spot = top, y
	v.yes("the formula has at most the value %.17g near the point, where a part has its own", top)
	return true
}

// near reports whether all of the box y is near x.
func near(y, x []interval.I) bool {
	for i := range y {
		if !(y[i].Sub(x[i]).Mag() <= nearby*math.Max(1, x[i].Mag())) {
			return false
		}
	}
	return true
}

// location reads a point: in closed form where there is one, and otherwise in digits.
func (v *verifier) location(texts []string, digits []float64) (at location, ok bool) {
	n := len(v.region)
	at = location{make([]interval.I, n), map[string]expr.Expr{}}
	for i, x := range v.c.Variables {
		switch {
		case len(texts) == n && texts[i] != "":
			e, err := expr.Parse(texts[i])
			if err != nil {
				return at, false
			}
			if at.x[i], ok = tape.EncloseConstant(e); !ok {
				return at, false
			}
			if at.with != nil {
				at.with[x] = e
			}
		case len(digits) == n:
			at.x[i], at.with = interval.Point(digits[i]), nil
		default:
			return at, false
		}
	}
	return at, true
}

// within checks the bounds. What cannot be told apart from a bound with digits is the
// bound itself, or it is not accepted.
func (v *verifier) within(at *location) bool {
	for i := range at.x {
		for side := range 2 {
			x := at.x[i]
			if v.keeps(i, side, x) {
				continue
			}
			end := v.ends[i][side].e
			if x.Disjoint(v.region[i]) || v.isOpen(i, side) || !end.Valid() ||
				at.with != nil && !equal(end, at.with[v.c.Variables[i]]) || at.with == nil && !v.nonempty(i) {
				v.no("that the point lies between the bounds of %s", v.c.Variables[i])
				return false
			}
			at.x[i], _ = tape.EncloseConstant(end)
		}
	}
	return true
}

// valueAt is the formula at the point, a constant.
func (v *verifier) valueAt(at location) expr.Expr {
	return substitute(v.f, at.with)
}

// substitute puts formulas in the places of variables.
func substitute(e expr.Expr, with map[string]expr.Expr) expr.Expr {
	pool := expr.NewPool()
	in := make(map[string]expr.Expr, len(with))
	for x, u := range with {
		in[x] = pool.Import(u)
	}
	return pool.Substitute(pool.Import(e), in)
}

// exactly reports whether the closed form is proved to be that of the value at the point,
// which is enclosed in value.
func (v *verifier) exactly(at location, value interval.I) bool {
	if !v.exact.Valid() {
		return false
	}
	claimed, ok := tape.EncloseConstant(v.exact)
	known := at.with != nil || v.f.IsConstant()
	return ok && (value.IsPoint() && value == claimed || known && !value.Disjoint(claimed) && equal(v.valueAt(at), v.exact))
}

// holdsAt reports whether conditions between constants are proved to hold.
func (v *verifier) holdsAt(conditions []expr.Expr) bool {
	for _, c := range conditions {
		if !holds(c) {
			return false
		}
	}
	return true
}

// holds reports whether a condition between constants is proved to hold: by enclosures, or
// by algebra where both sides are equal.
func holds(c expr.Expr) bool {
	switch c.Op() {
	case expr.And, expr.Or:
		for _, a := range c.AppendArgs(nil) {
			if holds(a) != (c.Op() == expr.And) {
				return c.Op() == expr.Or
			}
		}
		return c.Op() == expr.And
	}
	if !c.Op().IsRelation() {
		return false
	}
	a, ok1 := tape.EncloseConstant(c.Arg(0))
	b, ok2 := tape.EncloseConstant(c.Arg(1))
	if !ok1 || !ok2 {
		return false
	}
	switch c.Op() {
	case expr.Lt:
		return a.Hi < b.Lo
	case expr.Gt:
		return a.Lo > b.Hi
	case expr.Ne:
		return a.Disjoint(b)
	case expr.Le:
		return a.Hi <= b.Lo || a.Lo <= b.Hi && equal(c.Arg(0), c.Arg(1))
	case expr.Ge:
		return a.Lo >= b.Hi || a.Hi >= b.Lo && equal(c.Arg(0), c.Arg(1))
	}
	return !a.Disjoint(b) && equal(c.Arg(0), c.Arg(1))
}

// satisfies reports whether the constraints hold at the point: by enclosures, or exactly
// with its closed form.
func (v *verifier) satisfies(at location) bool {
	for k, truth := range v.truths(at.x) {
		c := v.cons[k]
		if truth == 1 {
			continue
		}
		if at.with == nil || !v.holdsAt(simplify.Domain(substitute(c.g, at.with))) || !holds(substitute(c.relation(), at.with)) {
			return false
		}
	}
	return true
}
