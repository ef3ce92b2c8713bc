package verify

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check that a least value is taken, of which no closed form is known: values below it may
// come near an infimum far out, at an end that is left out, or at a jump.

// attains reports whether some point is proved to have the least value of f: the least value of a part is taken, and so is
// that of f, or the points that have a value as low as that at the point of the certificate lie in compact sets on
// which f is continuous (the theorem of Weierstrass).
func (v *verifier) attains() bool {
	switch {
	case v.c.Status == certificate.Constant, v.precise && v.taken:
		return true
	case v.c.Status != certificate.Exact && v.c.Status != certificate.Certified:
		return false
	case v.origin != nil && !slices.ContainsFunc(v.origin, func(g *verifier) bool { return !g.attains() }):
		return true
	}
	if v.held || v.bound >= v.top || v.lowestTogether() || v.hasFinitelyMany() || v.takesThatOfMinor() {
		return true
	}
	above := v.high + 1e-9*math.Max(1, math.Max(math.Abs(v.low), math.Abs(v.high))) // the value at the point, and more
	return v.trial(math.Nextafter(above, math.Inf(1)), unguided, func(w *verifier) bool {
		p, err := tape.Compile(v.c.Variables, w.f)
		if err != nil {
			return false
		}
		f := p.NewMachine()
		w.bent = w.isConvex()
		lowInside := func() bool { // all low points are in a compact box round one
			w.compact = nil // on the faces of it low values do not do
			outer := w.higherAround()
			w.compact = f
			return outer != nil && w.isCompact(outer)
		}
		w.compact = f
		first := w.bent && len(w.region) > 1 && len(w.cons) == 0
		if first && lowInside() || w.everywhere() || w.bent && !first && lowInside() {
			return true
		}
		outer := w.aroundLowOfMinor(above)
		return outer != nil && w.isCompact(outer)
	})
}

// aroundLowOfMinor returns a box outside of which a formula that is not higher than f, such as the Lagrangian, and so f, is higher
// than above; nil where there is none.
func (v *verifier) aroundLowOfMinor(above float64) (outer []interval.I) {
	g := v.minor
	if g == nil || len(g.cons) > 0 {
		return nil
	}
	level := interval.Point(above).Sub(interval.Point(v.minorShift)).Hi
	g.trial(math.Nextafter(level, math.Inf(1)), unguided, func(w *verifier) bool {
		if w.bent = w.isConvex(); w.bent {
			outer = w.higherAround()
		}
		if outer == nil {
			w.outer = nil
			w.confine()
			outer = slices.Clone(w.outer)
		}
		return outer != nil
	})
	if outer == nil {
		return nil
	}
	box := slices.Clone(v.region)
	for i, x := range g.c.Variables {
		k := slices.Index(v.c.Variables, x)
		box[k] = outer[i].Meet(box[k])
	}
	return box
}

// takesThatOfMinor reports whether f is a function of one variable that takes its least value near the point and nowhere else, where all conditions
// hold with the others as they are at the point.
func (v *verifier) takesThatOfMinor() bool {
	g, box := v.minor, v.where()
	if g == nil || !v.minorIs || len(g.c.Variables) != 1 || box == nil || !g.attains() {
		return false
	}
	k := slices.Index(v.c.Variables, g.c.Variables[0])
	for at, d := box[k].Lo, 1e-6; d < 1; d *= 100 {
		box[k] = interval.New(at-d, at+d)
		if !v.between(box) || slices.ContainsFunc(v.truths(box), func(truth int) bool { return truth < 1 }) || !v.definedAt(location{x: box}) {
			return false
		}
		if g.isHigherBefore(box[k].Lo, 0) && g.isHigherBefore(box[k].Hi, 1) {
			return true
		}
	}
	return false
}

// isHigherBefore reports whether a function of one variable is higher than its infimum between the lower (0) or upper (1) bound and the number.
func (v *verifier) isHigherBefore(at float64, side int) bool {
	e, ok := floatRat(at)
	if x := v.region[0]; !ok || side == 0 && x.Lo >= at || side == 1 && x.Hi <= at {
		return ok
	}
	return v.trial(math.Nextafter(v.ceiling(), math.Inf(1)), unguided, func(w *verifier) bool {
		w.ends, w.region, w.lower, w.upper = slices.Clone(v.ends), slices.Clone(v.region), slices.Clone(v.lower), slices.Clone(v.upper)
		w.setEnd(0, 1-side, end{e: expr.NewPool().Num(number.FromRat(e))}, interval.Point(at))
		w.sites, w.exact = nil, expr.Expr{}
		return w.everywhere()
	})
}

// hasFinitelyMany reports whether f has finitely many values: the variables occur in functions with whole values only, which are bounded.
func (v *verifier) hasFinitelyMany() bool {
	return expr.Fold(v.f, func(n expr.Expr, args []bool) bool {
		if n.IsCall("floor") || n.IsCall("ceil") || n.IsCall("round") || n.IsCall("sign") {
			r, ok := v.rangeOn(n)
			return ok && r.IsBounded()
		}
		return n.Op() != expr.Var && !slices.Contains(args, false)
	})
}

// isCompact reports whether the points of the region in the box are a compact set on which f is continuous.
func (v *verifier) isCompact(x []interval.I) bool {
	var out [1]interval.I
	var dec [1]interval.Dec
	if v.compact == nil || slices.ContainsFunc(x, func(b interval.I) bool { return !b.IsBounded() }) {
		return false
	}
	if v.compact.Closed(out[:], dec[:], x); dec[0] != interval.Continuous && !(dec[0] >= interval.Defined && v.convexOn(x)) {
		return false
	}
	for i, b := range x {
		if v.isOpen(i, 0) && !(b.Lo > v.lower[i]) || v.isOpen(i, 1) && !(b.Hi < v.upper[i]) {
			return false
		}
	}
	return v.closedConditions(x)
}

// lowestTogether reports whether f is a sum of even powers and waves, each of which has its least value at a point near
// that of the certificate: a zero of equations that an interval Newton method solves.
func (v *verifier) lowestTogether() bool {
	t := simplify.New()
	x := v.where()
	if x == nil {
		return false
	}
	w := *v
	w.cons = slices.Clip(v.cons)
	for _, e := range addends(t, nil, v.f, number.Int(1)) {
		if e.IsConstant() {
			continue
		}
		c, u := t.Split(e)
		root, isSquare := rootOf(t, u)
		switch {
		case isSquare && c.Sign() > 0:
			u = root
		case u.IsCall("cos") || u.IsCall("sin"):
			turns := 0.0 // half turns to a place at which c·cos(u) is lowest
			if u.IsCall("sin") {
				turns = 0.5
			}
			if c.Sign() > 0 {
				turns++
			}
			at, _ := v.encloseIn(u.Arg(0), x)
			if whole := turns + 2*math.Round((at.Mid()/math.Pi-turns)/2); math.Abs(whole) < 1<<50 {
				u = t.Sub(u.Arg(0), t.Mul(t.Num(number.Frac(int64(2*whole), 2)), t.Call(fn.Lookup("pi"))))
			} else {
				return false
			}
		default:
			return false
		}
		w.cons = append(w.cons, constraintCheck{g: u, equal: true})
	}
	if w.compileConditions() != nil {
		return false
	}
	y := w.feasibleNear(x)
	return y != nil && near(y, x) && w.definedAt(location{x: y})
}

// operands returns those of a sum, or product, as op says, and e itself where it is none.
func operands(op expr.Op, e expr.Expr) []expr.Expr {
	if e.Op() == op {
		return e.AppendArgs(nil)
	}
	return []expr.Expr{e}
}

// rootOf returns a formula that is 0 where u, a product of even powers, absolute values and square roots, is; u is nowhere negative.
func rootOf(t *simplify.Tidier, u expr.Expr) (root expr.Expr, ok bool) {
	root = t.Int(1)
	for _, a := range operands(expr.Mul, u) {
		if a.IsNum(1) {
			continue
		}
		if a.IsCall("abs") || a.IsCall("sqrt") {
			root = t.Mul(root, a.Arg(0))
			continue
		}
		if a.Op() != expr.Pow {
			return root, false
		}
		if k, ok := wholePower(a); !ok || k <= 0 || k%2 != 0 {
			return root, false
		}
		root = t.Mul(root, a.Arg(0))
	}
	return root, true
}
