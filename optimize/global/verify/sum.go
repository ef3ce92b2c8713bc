package verify

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for the reduction that most others are: the formula is, by rules
// of algebra, a sum of formulas that are settled on their own and of terms that are not negative.

// reduceSum checks that the formula is the constant, the formulas of the parts with others in the
// places of their variables, together divided by a formula that is not negative, and terms that are
// not negative: conditions with multipliers, and what terms are above others.
func (v *verifier) reduceSum(r *certificate.Reduction) reduced {
	known, denominators := v.known(r.Ranges)
	pool := expr.NewPool()
	sum, exact := []expr.Expr{pool.Int(0), pool.Int(0)}, pool.Int(0)
	floor, high, slack := interval.Point(0), interval.Point(0), 0.0
	precise, unattained := true, false
	var parts []*verifier
	for k, c := range r.Parts {
		g := v.nested(c, fmt.Sprintf("part %d", k+1))
		if g == nil || math.IsInf(g.floor(), -1) {
			v.no("that part %d is settled", k+1)
			return reduced{}
		}
		at, ok := v.inPlaces(r.Of, k, g)
		if !ok || !v.implies(g, nil, at, known...) {
			v.no("that part %d is settled on the whole region", k+1)
			return reduced{}
		}
		parts = append(parts, g)
		sum = append(sum, pool.Import(substitute(g.f, at)))
		floor, high, slack = floor.Add(interval.Point(g.floor())), high.Add(interval.Point(g.ceiling())), slack+g.report.Tolerance
		precise, unattained = precise && g.precise, unattained || g.unattained()
		if exact.Valid() && g.exact.Valid() {
			exact = pool.Make(expr.Add, exact, pool.Import(g.exact))
		} else {
			exact = expr.Expr{}
		}
	}
	total := pool.Make(expr.Add, sum...)
	if r.Over != "" {
		q, ok := v.formula(r.Over)
		least, ok2 := v.leastDivisor(q, denominators)
		if !ok || !ok2 {
			return reduced{}
		}
		total = pool.Make(expr.Div, total, pool.Import(q))
		isZero := exact.Valid() && precise && equal(exact, pool.Int(0))
		switch {
		case floor.Lo < 0 && !(least > 0):
			v.no("that %s is bounded away from 0, as what it divides may be negative", r.Over)
			return reduced{}
		case floor.Lo < 0: // the quotient is lowest where the divisor is least
			floor, slack, exact = floor.Div(interval.Point(least)), slack/least, expr.Expr{}
		case !isZero: // it may come near 0, where the divisor is large
			unattained, precise = floor.Lo > 0 || unattained, true
			floor, exact = interval.Point(0), pool.Int(0)
		}
	}
	rests, pushed, ok := v.rests(pool, r)
	if !ok {
		return reduced{}
	}
	constant, shift := pool.Int(0), interval.I{}
	if r.Constant != "" {
		c, b, ok := v.factor(r.Constant)
		if !ok {
			return reduced{}
		}
		shift = b
		constant, floor, high = pool.Import(c), floor.Add(b), high.Add(b)
	}
	whole := pool.Make(expr.Add, append(rests, constant, total)...)
	var given []expr.Expr
	for _, c := range v.allConditions() {
		given = append(given, c.relation())
	}
	f, ok := v.scaled(r.Inner)
	if !ok || v.left.over() || !equalIf(f, whole, given...) || !v.definedWith(v.f, whole) {
		v.no("that the formula is the sum")
		return reduced{}
	}
	v.yes("the formula is, by rules of algebra, the sum of %d formulas that are settled, and of %d terms that are not negative", len(parts), len(rests))
	if exact.Valid() {
		exact = pool.Make(expr.Add, exact, constant)
	}
	v.precise = precise && v.precisely(exact)
	same := v.comesFrom(r, parts, whole, len(rests) == 0)
	out := reduced{below: v.reachesBut(floor.Lo, slack), strict: unattained && (same || v.precise) || v.precise && pushed}
	if same {
		out.near, out.value, out.high, v.origin, v.imageShift = true, exact, high.Hi, parts, shift.Hi
	}
	if len(parts) > 0 && len(r.Of) == 0 && r.Over == "" && v.precise {
		v.summands, v.spanned = parts, true
		for _, x := range v.c.Variables {
			if !slices.ContainsFunc(parts, func(g *verifier) bool { return slices.Contains(g.c.Variables, x) }) {
				v.spanned, v.loose = v.loose == "", x
			}
		}
	}
	if len(parts) == 1 && len(r.Of) == 1 && r.Over == "" && v.precise { // f has the value only where the part has its own
		v.through, _ = v.inPlaces(r.Of, 0, parts[0])
		v.inner = parts[0]
	}
	v.single = v.single || v.precise && v.meansMeetOnce(r)
	if len(parts) == 1 && len(r.Of) == 0 && r.Over == "" {
		v.minor, v.minorShift, v.minorIs = parts[0], shift.Lo, len(rests) == 0
	}
	return out
}

// scaled is f with x h^(-1/e) in the place of each variable x, which is the same at all points that satisfy the equation h = 1, for its text; e is the degree of h.
func (v *verifier) scaled(equation string) (f expr.Expr, ok bool) {
	if equation == "" {
		return v.f, true
	}
	k, ok := v.condition(equation)
	t := simplify.New()
	h := t.Add(t.Tidy(k.g), t.Int(1))
	if !ok || !k.equal || !v.follows(k, nil) {
		return f, false
	}
	_, a, ok := v.monomial(operands(expr.Add, h)[0])
	var degree number.Number
	for _, n := range a {
		degree = degree.Add(n)
	}
	power, nonzero := degree.Neg().Inv()
	with := map[string]expr.Expr{}
	for _, x := range v.c.Variables {
		with[x] = t.Mul(t.Var(x), t.Pow(h, t.Num(power)))
	}
	return substitute(v.f, with), ok && nonzero
}

// known are conditions on the values of formulas that certificates show, and these.
func (v *verifier) known(ranges []*certificate.Certificate) (list []constraintCheck, parts []*verifier) {
	for _, c := range ranges {
		g := v.nested(c, "range")
		if g == nil || math.IsInf(g.floor(), -1) || !(len(g.cons) == 0 && v.covers(g) || v.implies(g, nil, nil)) {
			v.no("that the range is settled on the whole region")
			continue
		}
		parts = append(parts, g)
		if g.precise {
			pool := expr.NewPool()
			list = append(list, constraintCheck{g: pool.Make(expr.Add, pool.Import(g.exact), pool.Make(expr.Neg, pool.Import(g.f))), strict: g.unattained()})
		}
	}
	return list, parts
}

// leastDivisor is a lower bound of q, which enclosures or one of the parts show not to be negative.
func (v *verifier) leastDivisor(q expr.Expr, parts []*verifier) (least float64, ok bool) {
	if q.Valid() {
		r, _ := v.encloseOn(q)
		least = r.Lo
		for _, g := range parts {
			if v.equals(q, g.f) {
				least = math.Max(least, g.floor())
			}
		}
	}
	if !(least >= 0) {
		v.no("that what is divided by is nowhere negative")
	}
	return least, least >= 0
}

// inPlaces reads the formulas that take the places of the variables of the part number k, which without
// any are those of the whole.
func (v *verifier) inPlaces(of [][]string, k int, g *verifier) (at map[string]expr.Expr, ok bool) {
	if k >= len(of) || len(of[k]) == 0 {
		return nil, true
	}
	if len(of[k]) != len(g.c.Variables) {
		return nil, false
	}
	at = map[string]expr.Expr{}
	for i, x := range g.c.Variables {
		if at[x], ok = v.formula(of[k][i]); !ok {
			return nil, false
		}
	}
	return at, true
}

// rests are the terms that are not negative; pushed says that one of them is positive.
func (v *verifier) rests(pool *expr.Pool, r *certificate.Reduction) (list []expr.Expr, pushed, ok bool) {
	conditions, ok := v.multiplied(r.Multipliers)
	if !ok {
		return nil, false, false
	}
	for _, m := range conditions {
		list = append(list, pool.Make(expr.Neg, pool.Make(expr.Mul, pool.Import(m.times), pool.Import(m.g))))
		pushed = pushed || m.strict && m.positive
	}
	for _, m := range r.Minorants {
		times, ok1 := v.formula(m.Times)
		term, below, ok2 := v.minorant(m)
		scale := interval.Whole
		if ok1 {
			scale, _ = v.encloseOn(times)
		}
		if !ok1 || !ok2 || !(scale.Lo >= 0) {
			v.no("that %s is not lower than what takes its place", cmp.Or(m.Term, "a mean"))
			return nil, false, false
		}
		gap := pool.Make(expr.Add, pool.Import(term), pool.Make(expr.Neg, pool.Import(below)))
		rest := pool.Make(expr.Mul, pool.Import(times), gap)
		list = append(list, rest)
		if v.c.Status == certificate.NotAttained && !pushed { // what has a logarithm wherever f is defined is positive
			pushed = v.definedWith(v.f, pool.Call(fn.Lookup("log"), pool.Import(simplify.Tidy(rest))))
		}
	}
	return list, pushed, true
}

// implies reports whether all points of the region, with formulas in the places of variables, belong to
// the region of g, with formulas in the places of its variables.
func (v *verifier) implies(g *verifier, with, at map[string]expr.Expr, more ...constraintCheck) bool {
	follows := func(c constraintCheck) bool {
		c.g = substitute(c.g, at)
		return v.follows(c, with, more...) || len(with) == 0 && v.always(c) || v.neverDenied(c, with, more...)
	}
	for i, x := range g.c.Variables {
		k := slices.Index(v.c.Variables, x)
		if at != nil {
			if k = -1; at[x].Op() == expr.Var {
				k = slices.Index(v.c.Variables, at[x].Name())
			}
		} else if k < 0 {
			return false
		}
		for side, e := range g.ends[i] {
			if e.e.Valid() && !(k >= 0 && v.insideEnd(k, g, i, side)) && !v.insideValue(at[x], e, side) && !follows(e.bounds(x, side)) && !(len(with)+len(at) == 0 && v.byLine(e.bounds(x, side))) {
				return false
			}
		}
	}
	return !slices.ContainsFunc(g.conditions, func(c constraintCheck) bool { return !follows(c) })
}

// insideValue reports whether u, a monotone function of a variable, is inside of the lower (0) or upper (1) end e as the variable is inside of its own.
func (v *verifier) insideValue(u expr.Expr, e end, side int) bool {
	if !u.Valid() || u.Op() != expr.Call || u.Len() != 1 || u.Func().Monotone == 0 || u.Arg(0).Op() != expr.Var {
		return false
	}
	if u.Func().Monotone < 0 {
		side = 1 - side
	}
	k := slices.Index(v.c.Variables, u.Arg(0).Name())
	if k < 0 || !v.ends[k][side].e.Valid() || e.open && !v.ends[k][side].open {
		return false
	}
	return equal(e.e, substitute(u, map[string]expr.Expr{u.Arg(0).Name(): v.ends[k][side].e}))
}

// always reports whether c holds wherever f is defined on the region: enclosures show it, or a function
// that is defined only then is defined wherever f is; or an equation by rules of algebra.
func (v *verifier) always(c constraintCheck) bool {
	pool := expr.NewPool()
	if c.equal {
		var given []expr.Expr
		for _, k := range v.allConditions() {
			given = append(given, k.relation())
		}
		return equalIf(c.g, pool.Int(0), given...) && v.definedWith(v.f, c.g)
	}
	name, above := "sqrt", pool.Make(expr.Neg, pool.Import(c.g))
	if c.strict {
		name = "log"
	}
	return v.definedWith(v.f, pool.Call(fn.Lookup(name), above)) || v.isRange(c) || v.isPolar(c)
}

// isRange reports whether c says that a function in f, of an argument, is not beyond an end of its range.
func (v *verifier) isRange(c constraintCheck) bool {
	if c.strict || hasBranches(v.f) {
		return false
	}
	pool := expr.NewPool()
	for n := range v.f.All() {
		if n.Op() != expr.Call {
			continue
		}
		for i, end := range n.Func().Range {
			if end == "" {
				continue
			}
			beyond := pool.Make(expr.Add, pool.Import(n), pool.Make(expr.Neg, pool.Import(expr.MustParse(end))))
			if i == 0 {
				beyond = pool.Make(expr.Neg, beyond)
			}
			if equal(c.g, beyond) {
				return true
			}
		}
	}
	return false
}

// isPolar reports whether c holds for an angle of f in radians, atan2(y, x): it is above -pi and at most pi, and has
// a value where hypot(y, x) > 0.
func (v *verifier) isPolar(c constraintCheck) bool {
	if hasBranches(v.f) {
		return false // which may leave the angle out
	}
	pool := expr.NewPool()
	pi := pool.Call(fn.Lookup("pi"))
	for n := range v.f.All() {
		if !n.IsCall("atan2") {
			continue
		}
		r, a := pool.Call(fn.Lookup("hypot"), pool.ImportAll(n.AppendArgs(nil)...)...), pool.Import(n)
		if equal(c.g, pool.Make(expr.Neg, r)) || equal(c.g, pool.Make(expr.Neg, pool.Make(expr.Add, pi, a))) ||
			!c.strict && equal(c.g, pool.Make(expr.Add, a, pool.Make(expr.Neg, pi))) {
			return true
		}
	}
	return false
}

// never reports whether c holds nowhere on the region where f is defined.
func (v *verifier) never(c constraintCheck) bool {
	pool := expr.NewPool()
	above := constraintCheck{g: pool.Make(expr.Neg, pool.Import(c.g)), strict: !c.strict} // c.g > 0
	return v.always(above) || c.equal && v.always(constraintCheck{g: c.g, strict: true})
}

// neverHolds is never for a relation.
func (v *verifier) neverHolds(c expr.Expr) bool {
	k, ok := asInequality(expr.NewPool(), c, true, 0)
	return ok && v.never(k)
}

// comesFrom reports whether every point of the regions of the parts gives one of the region, at which f is
// their sum, whole: then the infimum of f is the sum of theirs.
func (v *verifier) comesFrom(r *certificate.Reduction, parts []*verifier, whole expr.Expr, alone bool) bool {
	seen := map[string]bool{}
	for _, g := range parts {
		for _, x := range g.c.Variables {
			if seen[x] {
				return false
			}
			seen[x] = true
		}
	}
	switch {
	case r.Over != "":
		return false
	case len(r.Lift) == 0:
		return len(r.Of) == 0 && alone && v.spannedBy(parts...) && v.definedWith(whole, v.f)
	case len(r.Lift) != len(v.c.Variables) || len(parts) != 1:
		return false
	}
	g, with := parts[0], map[string]expr.Expr{}
	for i, text := range r.Lift {
		e, err := expr.Parse(text)
		if err != nil || slices.ContainsFunc(e.Vars(), func(x string) bool { return !seen[x] }) {
			return false
		}
		with[v.c.Variables[i]] = e
	}
	pool := expr.NewPool()
	constant := pool.Int(0)
	if r.Constant != "" {
		c, _, _ := v.factor(r.Constant)
		constant = pool.Import(c)
	}
	var given []expr.Expr
	for _, c := range g.allConditions() {
		given = append(given, c.relation())
	}
	v.image = with
	return v.belongs(g, with) && equalIf(g.withValues(substitute(v.f, with)), pool.Make(expr.Add, pool.Import(g.f), constant), given...)
}

// equalIf reports whether two formulas are proved to be equal where both are defined and conditions hold.
func equalIf(a, b expr.Expr, given ...expr.Expr) bool {
	if equal(a, b) {
		return true
	}
	p := prove.EqualWhere(a, b, given, prove.Budget{})
	return p.Equal && len(p.Conditions) == 0
}
