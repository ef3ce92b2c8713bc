package verify

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for reductions to a formula with a variable less.

// rest checks the first part, which lacks the variable number k, that Lift[0] gives.
func (v *verifier) rest(r *certificate.Reduction) (g *verifier, k int, lift expr.Expr, ok bool) {
	if g = v.part(r, 0, "rest", v.c.Maximise); g == nil || len(r.Lift) == 0 {
		return nil, -1, lift, false
	}
	if k = v.lacking(g); k < 0 {
		v.no("that the rest lacks one variable")
		return nil, -1, lift, false
	}
	lift, ok = v.formula(r.Lift[0])
	return g, k, lift, ok
}

// lacking is the number of the one variable that g lacks, -1 if it lacks none or more, or has others.
func (v *verifier) lacking(g *verifier) int {
	if len(g.c.Variables)+1 != len(v.c.Variables) || slices.ContainsFunc(g.c.Variables, func(x string) bool { return !slices.Contains(v.c.Variables, x) }) {
		return -1
	}
	return slices.IndexFunc(v.c.Variables, func(x string) bool { return !slices.Contains(g.c.Variables, x) })
}

// without is the formula with lift in the place of variable k.
func (v *verifier) without(k int, lift expr.Expr) expr.Expr {
	return substitute(v.f, map[string]expr.Expr{v.c.Variables[k]: lift})
}

// eliminated concludes from the part g, which lacks variable k; lift gives that where the infima are the same.
func (v *verifier) eliminated(g *verifier, k int, lift string, same bool) reduced {
	out := v.conclude(g, same)
	out.near = v.placed(map[string]string{v.c.Variables[k]: lift}, g)
	return out
}

// reduceSquare checks that the formula is that of the part, which has a variable
// less, and a square times a constant that is not negative. The infima are the same where the
// square is 0 with the lift, which is defined wherever the part is.
func (v *verifier) reduceSquare(r *certificate.Reduction) reduced {
	g, k, lift, ok := v.rest(r)
	inner, ok1 := v.formula(r.Inner)
	c, value, ok2 := v.factor(r.Constant)
	if !ok || !ok1 || !ok2 {
		return reduced{}
	}
	if !(value.Lo >= 0) {
		v.no("that the square has a factor of the right sign")
		return reduced{}
	}
	pool := expr.NewPool()
	square := pool.Make(expr.Mul, pool.Import(c), pool.Make(expr.Pow, pool.Import(inner), pool.Int(2)))
	if !v.equals(v.f, pool.Make(expr.Add, pool.Import(g.f), square)) {
		v.no("that the formula is the rest and a square")
		return reduced{}
	}
	v.yes("the formula is the rest and a square that is never negative, by rules of algebra")
	same := v.spannedBy(g) && v.endless(k) && equal(substitute(inner, map[string]expr.Expr{v.c.Variables[k]: lift}), pool.Int(0)) &&
		g.definedWith(g.f, lift) && g.definedWith(g.f, v.without(k, lift))
	return v.eliminated(g, k, r.Lift[0], same)
}

// reduceCentre checks that the formula falls in a variable up to a constant and rises after
// it: that its derivative is the distance from the constant times what is not negative.
func (v *verifier) reduceCentre(r *certificate.Reduction) reduced {
	g, k, centre, ok := v.rest(r)
	if !ok {
		return reduced{}
	}
	at, ok := tape.EncloseConstant(centre)
	if !ok || !at.In(v.region[k]) || v.decOn(v.f) != interval.Continuous || !v.riseFrom(k, centre, at) {
		v.no("that the formula rises on both sides of a value of the variable that the rest lacks")
		return reduced{}
	}
	if !v.equals(v.without(k, centre), g.f) {
		v.no("that the rest is the formula there")
		return reduced{}
	}
	y := v.c.Variables[k]
	v.yes("the derivative in %s has the sign of %s - (%s), so that nothing is lower than with %s = %s", y, y, r.Lift[0], y, r.Lift[0])
	return v.eliminated(g, k, r.Lift[0], v.spannedBy(g) && v.keeps(k, 0, at) && v.keeps(k, 1, at))
}

// riseFrom reports whether the derivative in variable k is proved to have the sign of the
// distance from the constant c: on either side of it, or divided by it.
func (v *verifier) riseFrom(k int, c expr.Expr, at interval.I) bool {
	y := v.c.Variables[k]
	pool := expr.NewPool()
	moved := pool.Substitute(pool.Import(v.f), map[string]expr.Expr{y: pool.Make(expr.Add, pool.Var(y), pool.Import(c))})
	slope := pool.Import(diff.D(moved, y))
	ratio, _ := simplify.Canonical(pool.Make(expr.Div, slope, pool.Var(y)))
	p, err := tape.Compile(v.c.Variables, simplify.Tidy(slope), ratio)
	if err != nil {
		return false
	}
	// Where the derivative is not defined nothing is known. The zeros of polynomials do not matter: f is
	// continuous, and almost all lines meet few of them.
	smooth := !slices.ContainsFunc(simplify.Domain(simplify.Tidy(slope)), func(c expr.Expr) bool { return !v.isThin(c) })
	m, x := p.NewMachine(), slices.Clone(v.region)
	for _, side := range []interval.I{{Lo: math.Inf(-1), Hi: 0}, {Lo: 0, Hi: math.Inf(1)}} {
		var out [2]interval.I
		var dec [2]interval.Dec
		if x[k] = v.region[k].Sub(at).Meet(side); x[k].IsEmpty() {
			continue
		}
		m.Interval(out[:], dec[:], x)
		if !smooth && dec[0] < interval.Defined || out[0].IsEmpty() || out[1].IsEmpty() {
			return false
		}
		if !(out[1].Lo >= 0) && !(side.Hi == 0 && out[0].Hi <= 0) && !(side.Lo == 0 && out[0].Lo >= 0) {
			return false
		}
	}
	return true
}

// isThin reports whether a condition fails at the zeros of a polynomial only.
func (v *verifier) isThin(c expr.Expr) bool {
	if c.Op() != expr.Ne || !c.Arg(1).IsNum(0) {
		return false
	}
	e := c.Arg(0)
	for e.IsCall("sqrt") || e.IsCall("abs") || e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num && e.Arg(1).Number().Sign() > 0 {
		e = e.Arg(0)
	}
	p, ok := readPoly(e, v.c.Variables)
	return ok && len(p) > 0
}

// reduceDirection checks that the derivative of the formula in a direction is 0, so that it
// is enough to look where a variable that changes in it is 0.
func (v *verifier) reduceDirection(r *certificate.Reduction) reduced {
	g, k, _, ok := v.rest(r)
	if !ok || len(r.Lift) != len(v.c.Variables) || len(v.conditions) > 0 || len(simplify.Domain(v.f)) > 0 || v.kinked() {
		v.no("that the rest is settled for a smooth formula without conditions")
		return reduced{}
	}
	pool := expr.NewPool()
	slope := []expr.Expr{pool.Int(0)}
	for i, x := range v.c.Variables {
		e, ok := v.formula(r.Lift[i])
		if !ok {
			return reduced{}
		}
		b, ok := tape.EncloseConstant(e)
		d := diff.D(v.f, x)
		if !ok || i == k && b.Has(0) || !v.endless(i) && b != interval.Point(0) || len(simplify.Domain(d)) > 0 && v.decOn(d) < interval.Defined {
			v.no("that the direction is one, and %s changes in it", v.c.Variables[k])
			return reduced{}
		}
		slope = append(slope, pool.Make(expr.Mul, pool.Import(e), pool.Import(d)))
	}
	if !equal(pool.Make(expr.Add, slope...), pool.Int(0)) {
		v.no("that the formula does not change in the direction")
		return reduced{}
	}
	if !v.equals(v.without(k, pool.Int(0)), g.f) {
		v.no("that the rest is the formula there")
		return reduced{}
	}
	v.yes("the derivative in the direction is 0 everywhere, by rules of algebra, so that nothing is lower than with %s = 0", v.c.Variables[k])
	return v.eliminated(g, k, "0", v.spannedBy(g))
}

// kinked reports whether the formula may have kinks.
func (v *verifier) kinked() bool {
	for n := range v.f.All() {
		if n.Op() == expr.If || n.Op() == expr.Call && n.Func().DWhere != nil {
			return true
		}
	}
	return false
}

// reduceSolved checks that an equation a y + b = 0 among the constraints gives a variable,
// y = -b/a, as a is nowhere 0 where it holds, and that the part is what is left.
func (v *verifier) reduceSolved(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "rest")
	if g == nil || g.c.Maximise != v.c.Maximise || len(r.Lift) != 1 || v.lacking(g) < 0 {
		v.no("that the rest is settled on the whole region")
		return reduced{}
	}
	y := v.c.Variables[v.lacking(g)]
	h, ok := v.equation(r.Inner)
	lift, err := expr.Parse(r.Lift[0])
	if !ok || err != nil || lift.Has(y) || !v.gives(h, y, lift, r) {
		v.no("that the condition %s gives the variable %s = %s", r.Inner, y, r.Lift[0])
		return reduced{}
	}
	with := map[string]expr.Expr{y: lift}
	if !v.leadsTo(g, branch{f: v.f, with: with}) {
		v.no("that the formula and the conditions with it are those of the rest")
		return reduced{}
	}
	v.yes("the condition %s gives %s = %s, by rules of algebra, and the rest is the formula with it", r.Inner, y, r.Lift[0])
	out := v.conclude(g, v.belongs(g, with))
	v.alike = g
	out.empty = g.c.Status == certificate.Empty
	v.lift(g, with)
	return out
}

// belongs reports whether all points of the part g, with formulas for the variables that it lacks, are points of the
// region at which f is defined.
func (v *verifier) belongs(g *verifier, with map[string]expr.Expr) bool {
	zero := expr.NewPool().Int(0)
	return g.definedWith(g.f, substitute(v.f, with)) && !slices.ContainsFunc(v.allConditions(), func(c constraintCheck) bool {
		c.g = substitute(c.g, with)
		return !(c.equal && g.definedWith(g.f, c.g) && equal(c.g, zero)) && !g.follows(c, nil)
	})
}

// leadsTo reports whether the claim of g, on the same variables or those that the formulas of the case take the places of
// others in, is about the formula of the case, and about all points of the region that belong to it.
func (v *verifier) leadsTo(g *verifier, b branch) bool {
	if slices.ContainsFunc(g.c.Variables, func(x string) bool { return !slices.Contains(v.c.Variables, x) || b.with[x].Valid() }) ||
		!v.equals(substitute(b.f, b.with), g.f) {
		return false
	}
	follows := func(k constraintCheck) bool { return v.follows(k, b.with, b.more...) }
	if slices.ContainsFunc(g.conditions, func(k constraintCheck) bool { return !follows(k) }) {
		return false
	}
	for i, x := range g.c.Variables {
		for side, e := range g.ends[i] {
			if !v.insideEnd(slices.Index(v.c.Variables, x), g, i, side) && !follows(e.bounds(x, side)) {
				return false
			}
		}
	}
	return true
}

// lift keeps the paths of the part g, with formulas for the variables that it lacks.
func (v *verifier) lift(g *verifier, with map[string]expr.Expr) {
	for _, along := range g.paths() {
		path := make([]expr.Expr, len(v.c.Variables))
		for i, x := range v.c.Variables {
			if k := slices.Index(g.c.Variables, x); k >= 0 {
				path[i] = along[k]
			} else if u := with[x]; u.Valid() {
				path[i] = substitute(u, g.places(along))
			} else {
				return
			}
		}
		v.lifted = append(v.lifted, path)
	}
}

// equation returns the constraint that text names, h = 0.
func (v *verifier) equation(text string) (h expr.Expr, ok bool) {
	k, ok := v.condition(text)
	return k.g, ok && k.equal && slices.ContainsFunc(v.conditions, func(c constraintCheck) bool { return c.equal && expr.Equal(c.g, k.g) })
}

// gives reports whether y = lift wherever h = 0 on the region.
func (v *verifier) gives(h expr.Expr, y string, lift expr.Expr, r *certificate.Reduction) bool {
	t := simplify.New()
	pool := t.Pool()
	a := pool.Import(diff.D(h, y))
	b := pool.Import(substitute(h, map[string]expr.Expr{y: pool.Int(0)}))
	line := pool.Make(expr.Add, pool.Make(expr.Mul, a, pool.Var(y)), b)
	if a.Has(y) || !v.equals(h, line) || !equal(substitute(h, map[string]expr.Expr{y: lift}), pool.Int(0)) ||
		!v.definedWith(pool.Make(expr.Div, b, a), lift) {
		return false
	}
	return v.nonzero(a) || v.nonzero(b) || v.neverBoth(t, a, b) || v.apart(a, b, r)
}

// nonzero reports whether e is proved to have no zero in the region.
func (v *verifier) nonzero(e expr.Expr) bool {
	r, ok := v.rangeOn(e)
	pool := expr.NewPool()
	return ok && !r.Has(0) || len(simplify.Domain(pool.Make(expr.Div, pool.Int(1), pool.Import(e)))) == 0
}

// neverBoth reports whether b is a constant other than 0 wherever a factor of a is 0, which
// is a power of a variable or has no zero.
func (v *verifier) neverBoth(t *simplify.Tidier, a, b expr.Expr) bool {
	for _, x := range operands(expr.Mul, a) {
		if x.Op() == expr.Pow && x.Arg(1).Op() == expr.Num && x.Arg(1).Number().Sign() > 0 {
			x = x.Arg(0)
		}
		if x.Op() != expr.Var {
			if !v.nonzero(x) {
				return false
			}
			continue
		}
		c, ok := tape.EncloseConstant(t.Tidy(substitute(b, map[string]expr.Expr{x.Name(): t.Int(0)})))
		if !ok || c.Has(0) {
			return false
		}
	}
	return true
}

// apart reports whether the second part is a proof that nothing satisfies a = 0 and b = 0.
func (v *verifier) apart(a, b expr.Expr, r *certificate.Reduction) bool {
	if len(r.Parts) < 2 {
		return false
	}
	none := v.nested(r.Parts[1], "common zeros")
	if none == nil || none.c.Status != certificate.Empty || slices.ContainsFunc(none.c.Bounds, func(b [2]string) bool { return b != [2]string{} }) {
		return false
	}
	for _, c := range none.conditions {
		if !c.equal || !v.equals(a, c.g) && !v.equals(b, c.g) {
			return false
		}
	}
	return v.definedWith(a, none.f) || v.definedWith(b, none.f)
}

// projected is the first part of r, which lacks a variable, and the number of that; ok is false
// where it is no such part.
func (v *verifier) projected(r *certificate.Reduction) (g *verifier, k int, ok bool) {
	if g = v.nested(r.Parts[0], "rest"); g == nil || g.c.Maximise != v.c.Maximise {
		v.no("that the rest is settled on the whole region")
		return nil, -1, false
	}
	if k = v.lacking(g); k < 0 {
		v.no("that the rest lacks one variable")
		return nil, -1, false
	}
	return g, k, true
}

// unchanged reports whether the formula is that of the part g, which lacks the variable y.
func (v *verifier) unchanged(g *verifier, y string) bool {
	if v.f.Has(y) || !v.equals(v.f, g.f) {
		v.no("that the formula is that of the rest")
		return false
	}
	return true
}

// allFollow reports whether all conditions of g, which has other variables, are ones of v or
// multiples of those in list.
func (v *verifier) allFollow(g *verifier, list []constraintCheck) bool {
	follows := func(e constraintCheck) bool {
		return v.follows(e, nil) || slices.ContainsFunc(list, func(b constraintCheck) bool { return b.says(e) && (v.equals(b.g, e.g) || multiple(b.g, e.g)) })
	}
	for i, x := range g.c.Variables {
		for side, e := range g.ends[i] {
			if !v.insideEnd(slices.Index(v.c.Variables, x), g, i, side) && !follows(e.bounds(x, side)) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(g.conditions, func(e constraintCheck) bool { return !follows(e) })
}

// afterwards is what the part without a variable shows.
func (v *verifier) afterwards(g *verifier) reduced {
	out := v.conclude(g, false)
	out.empty = g.c.Status == certificate.Empty
	return out
}

// reduceSlack checks that a variable y occurs in the condition Inner alone, h(y) + k = 0 or
// h(y) + k ≤ 0, and that the conditions of the part, which lacks it, are others or follow from
// the range of h, of which further parts show the ends: h ≥ c, so that k + c ≤ 0, or, under an equation,
// -h ≥ c, so that c - k ≤ 0.
func (v *verifier) reduceSlack(r *certificate.Reduction) reduced {
	g, at, ok := v.projected(r)
	if !ok {
		return reduced{}
	}
	y := v.c.Variables[at]
	if !v.unchanged(g, y) {
		return reduced{}
	}
	c, ok := v.condition(r.Inner)
	if !ok || !slices.ContainsFunc(v.conditions, func(k constraintCheck) bool { return k.says(c) && expr.Equal(k.g, c.g) }) {
		v.no("that %s is a condition", r.Inner)
		return reduced{}
	}
	t := simplify.New()
	h, k := splitBy(t, c.g, y)
	var bounds []constraintCheck
	for i, end := range r.Parts[1:] {
		greatest := end != nil && end.Maximise
		part := v.part(r, i+1, "range", greatest)
		switch {
		case part == nil || !part.precise:
		case !greatest && v.equals(h, part.f):
			bounds = append(bounds, constraintCheck{g: t.Add(k, t.Tidy(part.exact)), strict: c.strict || part.unattained()})
		case greatest && c.equal && v.equals(t.Neg(h), part.f):
			bounds = append(bounds, constraintCheck{g: t.Sub(t.Tidy(part.exact), k), strict: part.unattained()})
		}
	}
	if !v.allFollow(g, bounds) {
		v.no("that the conditions of the rest follow from the values of %s", y)
		return reduced{}
	}
	v.yes("%s occurs in the condition %s alone, and the conditions of the rest are others or follow from the values that it allows", y, r.Inner)
	return v.afterwards(g)
}

// splitBy writes e as h + k, all terms with y being in h.
func splitBy(t *simplify.Tidier, e expr.Expr, y string) (h, k expr.Expr) {
	var with, rest []expr.Expr
	for _, a := range addends(t, nil, e, number.Int(1)) {
		if a.Has(y) {
			with = append(with, a)
		} else {
			rest = append(rest, a)
		}
	}
	return t.Add(with...), t.Add(rest...)
}

// reduceBetween checks that the conditions of the part, which lacks the variable y, are others or
// sums of two inequalities that hold it, y + k ≤ 0 and -y + m ≤ 0, so that k + m ≤ 0, and that
// the formula is that of the part, or linear in y and at the nearest value that they allow.
func (v *verifier) reduceBetween(r *certificate.Reduction) reduced {
	g, at, ok := v.projected(r)
	if !ok {
		return reduced{}
	}
	y := v.c.Variables[at]
	t := simplify.New()
	var sides [2][]constraintCheck // k and m
	var others []constraintCheck   // without y
	all := true                    // conditions with y are among these
	for _, c := range v.allConditions() {
		if !c.g.Has(y) {
			others = append(others, c)
			continue
		}
		h, k := splitBy(t, c.g, y)
		a := t.Tidy(t.Pool().Import(diff.D(h, y)))
		all = all && len(simplify.Domain(c.g)) == 0
		if c.equal || a.Op() != expr.Num || a.Number().Sign() == 0 || !v.equals(h, t.Mul(a, t.Pool().Var(y))) {
			all = false
			continue
		}
		side := 0
		if a.Number().Sign() < 0 {
			side = 1
		}
		inverse, _ := a.Number().Abs().Inv()
		sides[side] = append(sides[side], constraintCheck{g: t.Mul(t.Num(inverse), k), strict: c.strict})
	}
	const most = 40
	if len(sides[0])*len(sides[1]) > most {
		v.no("conditions on %s, of which there are too many", y)
		return reduced{}
	}
	var sums []constraintCheck
	for _, a := range sides[0] {
		for _, b := range sides[1] {
			sums = append(sums, constraintCheck{g: t.Add(a.g, b.g), strict: a.strict || b.strict})
		}
	}
	if !v.allFollow(g, sums) {
		v.no("that the conditions of the rest follow from those on %s", y)
		return reduced{}
	}
	if v.f.Has(y) {
		if !v.nearest(g, at, r, sides) {
			v.no("that the rest is the formula with the best %s that the conditions allow", y)
			return reduced{}
		}
	} else if !v.unchanged(g, y) {
		return reduced{}
	}
	v.yes("the conditions of the rest are others or say that what is below %s is not above what is above it", y)
	out := v.afterwards(g)
	// There is a y where these are all conditions.
	if all && !slices.ContainsFunc(append(others, sums...), func(c constraintCheck) bool { return !g.follows(c, nil) }) {
		v.origin = []*verifier{g}
	}
	return out
}

// nearest reports whether the formula is linear in variable k, held by y + k ≤ 0 and -y + m ≤ 0
// for the formulas of the two sides, and that of the part with the greatest m, if it rises with
// it, or the least -k, in the place of the variable; turned round for a maximum.
func (v *verifier) nearest(g *verifier, k int, r *certificate.Reduction, sides [2][]constraintCheck) bool {
	if len(r.Lift) != 1 {
		return false
	}
	lift, err := expr.Parse(r.Lift[0])
	y := v.c.Variables[k]
	if err != nil || lift.Has(y) {
		return false
	}
	t := simplify.New()
	slope := t.Tidy(t.Pool().Import(diff.D(v.f, y)))
	if slope.Op() != expr.Num || slope.Number().Sign() == 0 ||
		!v.equals(v.f, t.Pool().Make(expr.Add, t.Mul(slope, t.Pool().Var(y)), t.Pool().Import(v.without(k, t.Int(0))))) {
		return false
	}
	rises := (slope.Number().Sign() > 0) != v.c.Maximise
	list, name := sides[0], "min"
	if rises {
		list, name = sides[1], "max"
	}
	held := func(e expr.Expr) bool {
		return slices.ContainsFunc(list, func(c constraintCheck) bool {
			bound := c.g
			if !rises {
				bound = t.Neg(bound)
			}
			return v.equals(e, bound)
		})
	}
	args := []expr.Expr{lift}
	if lift.IsCall(name) {
		args = lift.AppendArgs(nil)
	}
	return !slices.ContainsFunc(args, func(e expr.Expr) bool { return !held(e) }) && v.equals(v.without(k, lift), g.f)
}
