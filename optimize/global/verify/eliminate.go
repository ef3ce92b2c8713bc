package verify

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for reductions to a formula with a variable less.

// lacking is the number of the one variable that g lacks, -1 if it lacks none or more, or has others.
func (v *verifier) lacking(g *verifier) int {
	if len(g.c.Variables)+1 != len(v.c.Variables) || slices.ContainsFunc(g.c.Variables, func(x string) bool { return !slices.Contains(v.c.Variables, x) }) {
		return -1
	}
	return slices.IndexFunc(v.c.Variables, func(x string) bool { return !slices.Contains(g.c.Variables, x) })
}

// reduceCentre checks that the formula falls in a variable up to a constant and rises after
// it: that its derivative is the distance from the constant times what is not negative.
func (v *verifier) reduceCentre(r *certificate.Reduction) reduced {
	g := v.part(r.Parts[0], "rest", v.c.Maximise)
	if g == nil || len(r.Lift) != 1 || v.lacking(g) < 0 {
		v.no("that the rest lacks one variable")
		return reduced{}
	}
	k := v.lacking(g)
	y := v.c.Variables[k]
	centre, ok := v.formula(r.Lift[0])
	if !ok {
		return reduced{}
	}
	at, ok := tape.EncloseConstant(centre)
	if w := v.whereLow(k); !ok || !at.In(v.region[k]) || !w.isContinuousAlong(y) || !w.riseFrom(k, centre, at) {
		v.no("that the formula rises on both sides of a value of the variable that the rest lacks")
		return reduced{}
	}
	there := substitute(v.f, map[string]expr.Expr{y: centre})
	if !v.equals(there, g.f) {
		v.no("that the rest is the formula there")
		return reduced{}
	}
	v.yes("the derivative in %s has the sign of %s - (%s), so that nothing is lower than with %s = %s", y, y, r.Lift[0], y, r.Lift[0])
	v.image = map[string]expr.Expr{y: centre}
	return v.conclude(g, v.spannedBy(g) && v.keeps(k, 0, at) && v.keeps(k, 1, at) && g.definedWith(g.f, there))
}

// whereLow is v with a region that has all lines in the direction of variable k on which f has values that are not above the claim: f is higher on
// the others, and no more is needed of it there.
func (v *verifier) whereLow(k int) *verifier {
	w := *v
	w.least = math.Nextafter(v.high+v.report.Tolerance, math.Inf(1))
	box := slices.Clone(v.region)
	if w.hasWeb() && w.narrow(box) {
		box[k] = v.region[k]
		w.region = box
	}
	return &w
}

// isContinuousAlong reports whether f, wherever it is defined, is defined and continuous for all values of y in the region
// with those of the other variables.
func (v *verifier) isContinuousAlong(y string) bool {
	return v.decOn(v.f) == interval.Continuous || expr.Fold(v.f, func(n expr.Expr, args []bool) bool {
		if !n.Has(y) {
			return true
		}
		if slices.Contains(args, false) {
			return false
		}
		switch n.Op() {
		case expr.Var, expr.Add, expr.Mul, expr.Neg:
			return true
		case expr.Div:
			return !n.Arg(1).Has(y) || v.decOn(n) == interval.Continuous
		case expr.Pow:
			k, whole := wholePower(n)
			return whole && k > 0 || v.decOn(n) == interval.Continuous
		case expr.Call:
			over := make([]interval.I, len(args))
			for i := range over {
				over[i], _ = v.rangeOn(n.Arg(i))
			}
			return n.Func().Decorate(over) == interval.Continuous
		}
		return v.decOn(n) == interval.Continuous
	})
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
		if x[k] = v.region[k].Sub(at).Meet(side); x[k].IsEmpty() || x[k] == interval.Point(0) {
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

// belongs reports whether all points of the part g, with formulas for the variables that it lacks, are points of the
// region at which f is defined.
func (v *verifier) belongs(g *verifier, with map[string]expr.Expr) bool {
	return g.definedWith(g.f, g.withValues(substitute(v.f, with))) && !slices.ContainsFunc(v.allConditions(), func(c constraintCheck) bool {
		before := c
		c.g = g.withValues(substitute(c.g, with))
		return !g.follows(c, nil) && !g.always(c) && !g.neverDenied(c, nil) && !v.isSolved(before, g, with)
	})
}

// isSolved reports whether the equation c holds at all points of g with the value that inverse functions give for the one variable that g lacks:
// they are taken of what g says to be values of their functions, and c is defined there; or of what lies between such values where c is defined
// everywhere, and then there is a value, and it is the only one.
func (v *verifier) isSolved(c constraintCheck, g *verifier, with map[string]expr.Expr) bool {
	k := v.lacking(g)
	if k < 0 || !c.equal {
		return false
	}
	y := v.c.Variables[k]
	value, more, ok := v.solvedFor(c.g, y)
	if !ok || !equal(value, with[y]) {
		return false
	}
	inner := !g.definedWith(g.f, substitute(c.g, with))
	return !(inner && len(simplify.Domain(c.g)) > 0) && !slices.ContainsFunc(more, func(k constraintCheck) bool {
		k.strict = inner
		return !g.follows(k, nil) && !g.always(k) && !g.neverDenied(k, nil)
	})
}

// withValues is e with variables u in the places of functions f(a) where, by the conditions, a is what the inverse of f makes of u, and u a value of f:
// a continuous function that is strictly monotone on a closed interval takes all values between the ends of its range.
func (v *verifier) withValues(e expr.Expr) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(pool.Import(e), func(n expr.Expr, args []expr.Expr) expr.Expr {
		n = expr.Remake(n, pool, args, nil)
		if n.Op() != expr.Call || n.Len() != 1 || n.Func().Monotone == 0 || n.Func().Inverse == "" || !n.Func().ClosedDomain() {
			return n
		}
		f := n.Func()
		for _, x := range v.c.Variables {
			u := pool.Var(x)
			a := pool.Substitute(pool.Import(expr.MustParse(f.Inverse)), map[string]expr.Expr{f.Args[0]: u})
			known := v.follows(constraintCheck{g: pool.Make(expr.Add, a, pool.Make(expr.Neg, n.Arg(0))), equal: true}, nil)
			for side, text := range f.Range {
				if known && text != "" {
					known = v.follows(end{e: expr.MustParse(text)}.bounds(x, side), nil)
				}
			}
			if known {
				return u
			}
		}
		return n
	})
}

// leadsTo reports whether the claim of g, on the same variables or those that the formulas of the case take the places of
// others in, is about the formula of the case, and about all points of the region that belong to it.
func (v *verifier) leadsTo(g *verifier, b branch) bool {
	if slices.ContainsFunc(g.c.Variables, func(x string) bool { return !slices.Contains(v.c.Variables, x) || b.with[x].Valid() }) ||
		!v.isAbout(g, substitute(b.f, b.with)) {
		return false
	}
	return v.implies(g, b.with, nil, b.more...)
}

// isAbout reports whether g is about the formula f, or, if nothing is in its region, a formula that is defined wherever f is.
func (v *verifier) isAbout(g *verifier, f expr.Expr) bool {
	return v.equals(f, g.f) || g.c.Status == certificate.Empty && v.definedWith(f, g.f)
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

// nonzero reports whether e is proved to have no zero in the region.
func (v *verifier) nonzero(e expr.Expr) bool {
	switch {
	case e.Op() == expr.Mul:
		return !slices.ContainsFunc(e.AppendArgs(nil), func(u expr.Expr) bool { return !v.nonzero(u) })
	case e.Op() == expr.Pow && e.Arg(1).Op() == expr.Num:
		return e.Arg(1).Number().Sign() < 0 || v.nonzero(e.Arg(0))
	}
	r, ok := v.rangeOn(e)
	pool := expr.NewPool()
	return ok && !r.Has(0) || len(simplify.Domain(pool.Make(expr.Div, pool.Int(1), pool.Import(e)))) == 0
}

// neverBoth reports whether b is a constant other than 0 wherever a factor of a is 0, which
// is a power of a variable or has no zero.
func (v *verifier) neverBoth(a, b expr.Expr) bool {
	t := simplify.New()
	for _, x := range operands(expr.Mul, t.Tidy(a)) {
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

// reduceProjected checks that the conditions of the part, which lacks the variable y, follow from those of the
// whole and the ranges, or from sums of two of them in which y cancels, and that the formula is that of the part, or
// linear in y and at the nearest value that conditions allow (the elimination of Fourier and Motzkin).
func (v *verifier) reduceProjected(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "rest")
	if g == nil || g.c.Maximise != v.c.Maximise || v.lacking(g) < 0 {
		v.no("that the rest, which lacks one variable, is settled")
		return reduced{}
	}
	y := v.c.Variables[v.lacking(g)]
	known, ranges := v.known(r.Ranges)
	held, free, linear := v.holding(y, known)
	const most = 40
	if len(held) > most {
		v.no("conditions on %s, of which there are too many", y)
		return reduced{}
	}
	t := simplify.New()
	var sums []constraintCheck
	for i, a := range held {
		for _, b := range held[:i] {
			if e := t.Add(t.Tidy(a.g), t.Tidy(b.g)); !e.Has(y) {
				sums = append(sums, constraintCheck{g: e, strict: a.strict || b.strict})
			}
		}
	}
	sums = append(sums, v.coefficients(y)...)
	if !v.implies(g, nil, nil, sums...) {
		v.no("that the conditions of the rest follow from those on %s", y)
		return reduced{}
	}
	if !v.f.Has(y) && !v.equals(v.f, g.f) || v.f.Has(y) && !v.nearest(g, y, r.Lift) {
		v.no("that the rest is the formula, with the best %s that the conditions allow", y)
		return reduced{}
	}
	v.yes("the conditions of the rest are others than those on %s, or follow from what these say together", y)
	with := map[string]expr.Expr{}
	if len(r.Lift) == 1 {
		if e, err := expr.Parse(r.Lift[0]); err == nil && !e.Has(y) {
			with[y] = e
		}
	}
	// Each point of the rest is one of the region, at which f is defined, with the y that Lift gives, or, where these are all conditions, with
	// some: the nearest one is allowed where the edges are.
	open := slices.ContainsFunc(held, func(c constraintCheck) bool { return c.strict })
	exists := linear && !(open && v.f.Has(y)) && g.definedWith(g.f, substitute(v.f, with)) && !slices.ContainsFunc(append(free, sums...), func(c constraintCheck) bool { return !g.follows(c, nil) })
	if !exists && with[y].Valid() && v.belongs(g, with) {
		exists = true
		v.lift(g, with)
		v.image = with
	}
	out := v.conclude(g, exists || v.hasValues(g, y, ranges))
	out.empty = g.c.Status == certificate.Empty
	return out
}

// coefficients are conditions a != 0 that follow from those with y, a y + b ≤ 0, < 0 or = 0, as these do not hold where a is 0: b, where a
// has variables only as a power of one that is 0, is a number then.
func (v *verifier) coefficients(y string) (out []constraintCheck) {
	for _, c := range v.conditions {
		t := simplify.New()
		a, b := t.Tidy(t.Pool().Import(diff.D(c.g, y))), t.Tidy(substitute(c.g, map[string]expr.Expr{y: t.Int(0)}))
		if a.Has(y) || a.IsConstant() || !equal(c.g, t.Pool().Make(expr.Add, t.Pool().Make(expr.Mul, a, t.Var(y)), b)) || len(simplify.Domain(c.g)) > 0 {
			continue
		}
		_, x := t.Split(a)
		if x.Op() == expr.Pow && x.Arg(1).Op() == expr.Num && x.Arg(1).Number().Sign() > 0 {
			x = x.Arg(0)
		}
		if x.Op() == expr.Var {
			a, b = x, t.Tidy(t.Pool().Substitute(b, map[string]expr.Expr{x.Name(): t.Int(0)}))
		}
		if b.Op() == expr.Num && (b.Number().Sign() > 0 || c.strict && b.Number().Sign() == 0 || c.equal && b.Number().Sign() != 0) {
			out = append(out, constraintCheck{g: t.Neg(t.Call(fn.Lookup("abs"), a)), strict: true})
		}
	}
	return out
}

// hasValues reports whether each point of the part g is one of the region for some y: f lacks it, one condition alone has it, an inequality in the
// sum of a function of y, of which one of the ranges shows what the values come down to, and of what g says to be below that.
func (v *verifier) hasValues(g *verifier, y string, ranges []*verifier) bool {
	var with constraintCheck
	n := 0
	for _, c := range v.allConditions() {
		if c.g.Has(y) {
			with = c
			n++
		} else if !g.follows(c, nil) {
			return false
		}
	}
	return n == 1 && !with.equal && !v.f.Has(y) && len(simplify.Domain(with.g)) == 0 && g.definedWith(g.f, v.f) && slices.ContainsFunc(ranges, func(p *verifier) bool {
		pool := expr.NewPool()
		rest := simplify.Tidy(pool.Make(expr.Add, pool.Import(with.g), pool.Make(expr.Neg, pool.Import(p.f))))
		if rest.Has(y) || !p.precise || len(p.conditions) > 0 || len(p.c.Variables) != 1 || p.c.Variables[0] != y || !p.inside(0, v, slices.Index(v.c.Variables, y)) {
			return false
		}
		return g.follows(constraintCheck{g: pool.Make(expr.Add, pool.Import(rest), pool.Import(p.exact)), strict: with.strict || p.unattained()}, nil)
	})
}

// holding are the conditions with the variable y, among which are more, with the coefficient 1 or -1 where they are linear in it or say the same as
// such with a root, y ≤ root(u, 3) or -sqrt(u) ≤ y ≤ sqrt(u),
// and the others; linear says that the first are linear inequalities that hold everywhere defined.
func (v *verifier) holding(y string, more []constraintCheck) (held, free []constraintCheck, linear bool) {
	t := simplify.New()
	linear = len(more) == 0
	for _, c := range append(v.allConditions(), more...) {
		if !c.g.Has(y) {
			free = append(free, c)
			continue
		}
		one := constraintCheck{g: t.Tidy(c.g), strict: c.strict}
		if a := t.Tidy(t.Pool().Import(diff.D(c.g, y))); a.Op() == expr.Num && a.Number().Sign() != 0 {
			inverse, _ := a.Number().Abs().Inv()
			one.g = t.Sum(addends(t, nil, c.g, inverse)...) // of which terms cancel with others
			rest := substitute(c.g, map[string]expr.Expr{y: t.Int(0)})
			line := t.Pool().Make(expr.Add, t.Mul(a, t.Pool().Var(y)), t.Pool().Import(rest))
			linear = linear && !c.equal && len(simplify.Domain(c.g)) == 0 && equal(c.g, line)
		} else {
			linear = false
			held = append(held, v.byRoots(c, y)...)
		}
		if held = append(held, one); c.equal {
			held = append(held, constraintCheck{g: t.Neg(one.g)})
		}
	}
	return held, free, linear
}

// byRoots are conditions that are linear in y and hold where c does, an inequality a y^k + r ≤ 0 or < 0 with a number a, and k = 2 and a > 0, or k = 3.
func (v *verifier) byRoots(c constraintCheck, y string) (out []constraintCheck) {
	t := simplify.New()
	for k, name := range map[int64]string{2: "sqrt", 3: "cbrt"} {
		at := func(n int64) expr.Expr { return simplify.Tidy(substitute(c.g, map[string]expr.Expr{y: t.Int(n)})) }
		r := t.Tidy(at(0))
		a := t.Sub(t.Tidy(at(1)), r)
		if c.equal || a.Op() != expr.Num || a.Number().Sign() == 0 || k == 2 && a.Number().Sign() < 0 || !v.equals(c.g, t.Add(t.Mul(a, t.Pow(t.Var(y), t.Int(k))), r)) {
			continue
		}
		root := t.Call(fn.Lookup(name), t.Neg(t.Mul(r, t.Pow(a, t.Int(-1)))))
		up, down := constraintCheck{g: t.Sub(t.Var(y), root), strict: c.strict}, constraintCheck{g: t.Sub(t.Neg(t.Var(y)), root), strict: c.strict}
		switch {
		case k == 2:
			out = append(out, up, down)
		case a.Number().Sign() > 0:
			out = append(out, up)
		default:
			out = append(out, constraintCheck{g: t.Neg(up.g), strict: c.strict})
		}
	}
	return out
}

// nearest reports whether the formula rises or falls in y on the whole line, and is that of the part with what conditions say that y is not
// below, if it rises with it, or not above, in its place: the greatest, or least, of several.
func (v *verifier) nearest(g *verifier, y string, lift []string) bool {
	if len(lift) != 1 {
		return false
	}
	at, err := expr.Parse(lift[0])
	if err != nil || at.Has(y) {
		return false
	}
	w := *v
	w.region = slices.Clone(v.region)
	w.region[slices.Index(v.c.Variables, y)] = interval.Whole
	slope, dec := w.encloseOn(simplify.Tidy(diff.D(v.f, y)))
	name := "min"
	if slope.Lo >= 0 {
		name = "max"
	}
	if dec < interval.Defined || slope.Has(0) && slope.Lo < 0 && slope.Hi > 0 || !w.isContinuousAlong(y) {
		return false
	}
	with := func(e expr.Expr) expr.Expr { return substitute(v.f, map[string]expr.Expr{y: e}) }
	args := []expr.Expr{at}
	if at.IsCall(name) {
		args = at.AppendArgs(nil)
	}
	return v.equals(with(at), g.f) && !slices.ContainsFunc(args, func(e expr.Expr) bool {
		pool := expr.NewPool()
		gap := pool.Make(expr.Add, pool.Import(e), pool.Make(expr.Neg, pool.Var(y)))
		if name == "min" {
			gap = pool.Make(expr.Neg, gap)
		}
		return !v.follows(constraintCheck{g: gap}, nil)
	})
}
