package verify

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for claims that follow from those on several cases, to one of
// which every point of the region belongs.

// A branch is a case: the formula, with a formula in the place of a variable, under further
// conditions.
type branch struct {
	f    expr.Expr
	with map[string]expr.Expr
	more []constraintCheck
}

// reduceCases checks that every point of the region belongs to a case, and that the parts settle them.
func (v *verifier) reduceCases(r *certificate.Reduction) reduced {
	var parts []*verifier
	for k, c := range r.Parts {
		g := v.nested(c, fmt.Sprintf("case %d", k+1))
		if g == nil || g.c.Maximise != v.c.Maximise {
			v.no("that case %d is settled", k+1)
			return reduced{}
		}
		parts = append(parts, g)
	}
	var cases []branch
	var ok bool
	if r.Kind == certificate.Steps {
		cases, ok = v.stepCases(r, parts)
	} else {
		cases, ok = v.cases(r, parts)
	}
	var degree *big.Rat // of a homogeneous formula, nil for others
	if r.Kind == certificate.Rays {
		cases, degree, ok = v.faces(r, parts)
	}
	if !ok || len(cases) != len(parts) {
		v.no("that every point of the region belongs to one of the cases")
		return reduced{}
	}
	out := reduced{strict: true, empty: true}
	var full []*verifier // parts with points
	floor, slack := math.Inf(1), 0.0
	v.precise = v.exact.Valid()
	all := true // points of cases are points of the region
	for k, g := range parts {
		if !v.leadsTo(g, cases[k]) {
			v.no("that the formula and the conditions of case %d are those of the whole", k+1)
			return reduced{}
		}
		if g.c.Status == certificate.Empty {
			continue
		}
		out.empty, full = false, append(full, g)
		floor, slack = math.Min(floor, g.floor()), slack+g.report.Tolerance
		above := g.floor() > v.high
		v.precise = v.precise && (above || g.precise && equal(v.exact, g.exact))
		out.strict = out.strict && (above || v.strictly(g, false))
		v.lift(g, cases[k].with)
		if !v.belongs(g, cases[k].with) {
			all = false
		} else if g.exact.Valid() && v.exact.Valid() && equal(g.exact, v.exact) { // values of f come near it
			out.value = g.exact
		}
	}
	if degree != nil {
		if degree.Sign() == 0 && all {
			v.origin = full
		}
		return v.alongRays(degree, parts, floor, slack, out)
	}
	v.yes("every point of the region belongs to one of %d cases", len(cases))
	if out.below = !out.empty && v.reachesBut(floor, slack); all {
		v.origin = full
	}
	if len(full) == 1 {
		g := full[0]
		k := slices.Index(parts, g)
		if v.precise {
			v.summands, v.spanned = full, !slices.ContainsFunc(v.c.Variables, func(x string) bool { return !slices.Contains(g.c.Variables, x) && !cases[k].with[x].Valid() })
		}
		if all {
			out.near, out.value, out.high, out.strict = true, g.exact, g.ceiling(), g.unattained()
		}
	}
	return out
}

// faces are the cases in which one variable is 1 or -1 and the others are not larger. Every ray from the origin, of which the
// region is to have all points or none, meets one of them. The formula is to be homogeneous of the degree Constant.
func (v *verifier) faces(r *certificate.Reduction, parts []*verifier) (out []branch, degree *big.Rat, ok bool) {
	degree, ok = readRat(r.Constant)
	if !ok || len(r.Lift) != len(parts) || !v.isHomogeneous(degree) {
		return nil, nil, false
	}
	signed := map[string][2]bool{} // the variables of which a condition says that they are ≥ 0 or > 0, and ≤ 0 or < 0
	for _, c := range v.conditions {
		t := simplify.New()
		k, x := t.Split(t.Tidy(c.g))
		side := max(k.Sign(), 0)
		if len(simplify.Domain(c.g)) > 0 { // where it is not defined, a part of a ray is left out
			return nil, nil, false
		}
		if x.Op() != expr.Var || c.equal {
			if !v.scales(c.g) {
				return nil, nil, false
			}
			continue
		}
		both := signed[x.Name()]
		both[side] = true
		signed[x.Name()] = both
	}
	seen := map[[2]int]bool{} // by variable and side
	for k, g := range parts {
		i := v.lacking(g)
		at, ok := readRat(r.Lift[k])
		if i < 0 || !ok || at.Cmp(one) != 0 && at.Cmp(minusOne) != 0 {
			return nil, nil, false
		}
		seen[[2]int{i, (at.Sign() + 1) / 2}] = true
		pool := expr.NewPool()
		b := branch{f: v.f, with: map[string]expr.Expr{v.c.Variables[i]: pool.Num(number.FromRat(at))}}
		for _, x := range g.c.Variables {
			for side, e := range [2]int64{-1, 1} {
				b.more = append(b.more, end{e: pool.Int(e)}.bounds(x, side))
			}
		}
		out = append(out, b)
	}
	for i, ends := range v.ends {
		for side, e := range ends {
			if !e.e.Valid() {
				ok = ok && (seen[[2]int{i, side}] || signed[v.c.Variables[i]][side])
			} else if at, known := exactRat(e.e); !known || at.Sign() != 0 {
				ok = false
			}
		}
	}
	return out, degree, ok
}

// isHomogeneous reports whether f(t x) is proved to be t^degree f(x), and defined where f(x) is, for t > 0.
func (v *verifier) isHomogeneous(degree *big.Rat) bool {
	for n := range v.f.All() {
		if n.Op() == expr.Pow && !n.Arg(1).IsConstant() {
			return false // of which the domain is more than the conditions tell
		}
	}
	return v.scalesAs(v.f, degree) && !slices.ContainsFunc(simplify.Domain(v.f), func(c expr.Expr) bool {
		return !c.Op().IsRelation() || !c.Arg(1).IsNum(0) || !v.scales(c.Arg(0)) // with the sign at x goes that at t x
	})
}

// scales reports whether e is proved to be homogeneous of some small degree.
func (v *verifier) scales(e expr.Expr) bool {
	const most = 4
	for d := int64(-most); d <= most; d++ {
		if v.scalesAs(e, big.NewRat(d, 1)) {
			return true
		}
	}
	return false
}

// scalesAs reports whether e(t x) is proved to be t^degree e(x) for t > 0.
func (v *verifier) scalesAs(e expr.Expr, degree *big.Rat) bool {
	pool := expr.NewPool()
	t := pool.Var("ray parameter") // which nobody can write
	along := map[string]expr.Expr{}
	for _, x := range v.c.Variables {
		along[x] = pool.Make(expr.Mul, t, pool.Var(x))
	}
	power := pool.Make(expr.Pow, t, pool.Num(number.FromRat(degree)))
	return equalIf(substitute(e, along), pool.Make(expr.Mul, power, pool.Import(e)), pool.Make(expr.Gt, t, pool.Int(0)))
}

// alongRays concludes from the faces of a homogeneous formula: of the degree 0 it has no other values, but perhaps at the origin;
// of another, with values that are not negative, it is nowhere below 0.
func (v *verifier) alongRays(degree *big.Rat, parts []*verifier, floor, slack float64, out reduced) reduced {
	origin := make([]interval.I, len(v.region))
	v.eval(v.fm, v.prog, origin)
	none := v.dec[0] == interval.None || v.out[0].IsEmpty()
	if degree.Sign() != 0 {
		floor, slack = math.Min(floor, 0), 0
		v.precise = floor == 0 && v.precisely(expr.NewPool().Int(0))
	}
	out.strict = out.strict && none
	if floor < 0 && degree.Sign() != 0 || out.empty || !none && !(v.out[0].Lo >= floor) {
		v.no("that the values on the faces of a cube decide")
		return reduced{}
	}
	v.yes("the formula is homogeneous of degree %s: every ray from the origin meets a face of the cube, of which there are %d", degree.RatString(), len(parts))
	out.below = v.reachesBut(floor, slack)
	return out
}

// cases returns the cases of the parts, if every point of the region belongs to one.
func (v *verifier) cases(r *certificate.Reduction, parts []*verifier) ([]branch, bool) {
	if len(r.Lift) == len(parts) {
		return v.valueCases(r, parts)
	}
	c, err := expr.Reader{Conditions: true}.Expr(r.Inner)
	if err != nil {
		return nil, false
	}
	if c.Op() == expr.Or { // a condition of the question
		given := slices.ContainsFunc(v.c.SubjectTo, func(text string) bool {
			e, err := expr.Reader{Conditions: true}.Expr(text)
			return err == nil && !slices.ContainsFunc(oneOf(e), func(a expr.Expr) bool {
				return !slices.ContainsFunc(oneOf(c), func(b expr.Expr) bool { return expr.Equal(a, b) })
			})
		})
		if k, ok := asInequality(expr.NewPool(), c, true, 0); ok && !given {
			given = v.follows(k, nil)
		}
		var out []branch
		for _, a := range c.AppendArgs(nil) {
			more, err := readConstraint(a)
			if given = given && err == nil; given {
				out = append(out, branch{f: v.f, more: more})
			}
		}
		return out, given
	}
	if c.Op() == expr.Call {
		return v.kinkCases(c)
	}
	if _, ok := v.equation(r.Inner); ok && c.Arg(0).Op() == expr.Mul && c.Arg(1).IsNum(0) {
		return v.factorCases(c.Arg(0))
	}
	// A condition of the formula: wherever that is defined, so is the condition.
	yes, err := readConstraint(c)
	no, ok := asInequality(expr.NewPool(), c, false, 0)
	if err != nil || !ok || !v.definedWith(v.f, c) {
		return nil, false
	}
	return []branch{{f: taken(v.f, c, 1), more: yes}, {f: taken(v.f, c, 2), more: []constraintCheck{no}}}, true
}

// oneOf returns conditions of which one holds where e does: a != b says a < b or a > b.
func oneOf(e expr.Expr) (list []expr.Expr) {
	switch e.Op() {
	case expr.Or:
		for _, a := range e.AppendArgs(nil) {
			list = append(list, oneOf(a)...)
		}
		return list
	case expr.Ne:
		return []expr.Expr{e.Pool().Make(expr.Lt, e.Arg(0), e.Arg(1)), e.Pool().Make(expr.Gt, e.Arg(0), e.Arg(1))}
	}
	return []expr.Expr{e}
}

// factorCases are those of an equation h = 0 with a product h: one of the factors, all of which are to be defined everywhere,
// is 0.
func (v *verifier) factorCases(h expr.Expr) (out []branch, ok bool) {
	var factors []expr.Expr
	for _, u := range h.Args() {
		if u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0 {
			u = u.Arg(0)
		}
		if !u.IsConstant() && !slices.Contains(factors, u) {
			factors = append(factors, u)
			out = append(out, branch{f: v.f, more: []constraintCheck{{g: u, equal: true}}})
		} else if u.IsConstant() && !v.nonzero(u) {
			return nil, false
		}
	}
	return out, len(simplify.Domain(h)) == 0
}

// kinkCases are the sides of a kink of the formula or of conditions: abs(u) is u where u >= 0 and -u where u <= 0,
// and the greatest or least of several is one of them where no other is beyond it. It is to have a value
// wherever the formula has one: where it has none is no case.
func (v *verifier) kinkCases(n expr.Expr) (out []branch, ok bool) {
	pool := n.Pool()
	pieces, sign := n.AppendArgs(nil), int64(1)
	switch {
	case n.IsCall("abs"):
		pieces = append(pieces, pool.Make(expr.Neg, pieces[0]))
	case n.IsCall("min"):
		sign = -1
	case !n.IsCall("max"):
		return nil, false
	}
	if !v.definedWith(v.f, n) {
		return nil, false
	}
	for i, u := range pieces {
		put := func(e expr.Expr) expr.Expr {
			return expr.Fold(e, func(m expr.Expr, args []expr.Expr) expr.Expr {
				if expr.Equal(m, n) {
					return pool.Import(u)
				}
				return expr.Remake(m, pool, args, nil)
			})
		}
		b := branch{f: put(v.f)}
		for _, c := range v.conditions {
			c.g = put(c.g)
			b.more = append(b.more, c)
		}
		for k, w := range pieces {
			switch {
			case k == i:
			case n.IsCall("abs"):
				b.more = append(b.more, constraintCheck{g: pool.Make(expr.Neg, u)})
			default:
				b.more = append(b.more, constraintCheck{g: pool.Make(expr.Mul, pool.Int(sign), pool.Make(expr.Add, w, pool.Make(expr.Neg, u)))})
			}
		}
		out = append(out, b)
	}
	return out, true
}

// taken is f with the branch of that number in the place of each case distinction by c.
func taken(f, c expr.Expr, number int) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.If && expr.Equal(n.Arg(0), c) {
			return args[number]
		}
		return expr.Remake(n, pool, args, nil)
	})
}

// valueCases are cases in which a variable has one of several values: those that its bounds leave it,
// or that satisfy the equation Inner, if it is one.
func (v *verifier) valueCases(r *certificate.Reduction, parts []*verifier) ([]branch, bool) {
	out := make([]branch, len(parts))
	var values []expr.Expr
	y := ""
	for k, text := range r.Lift {
		out[k].f = v.f
		if text == "" {
			continue
		}
		i := v.lacking(parts[k])
		lift, err := expr.Parse(text)
		if i < 0 || err != nil || y != "" && y != v.c.Variables[i] || lift.Has(v.c.Variables[i]) {
			return nil, false
		}
		y = v.c.Variables[i]
		out[k].with = map[string]expr.Expr{y: lift}
		values = append(values, lift)
	}
	if y == "" {
		return nil, false
	}
	has := func(u expr.Expr) bool {
		return slices.ContainsFunc(values, func(e expr.Expr) bool { return equal(e, u) && v.definedWith(u, e) })
	}
	if ends := v.ends[slices.Index(v.c.Variables, y)]; r.Inner == "" {
		return out, len(parts) == 1 && ends[0].e.Valid() && ends[1].e.Valid() && has(ends[0].e) && has(ends[1].e)
	}
	h, ok := v.equation(r.Inner)
	if !ok {
		return nil, false
	}
	if vars := h.Vars(); len(vars) == 1 && len(values) == len(parts) && v.allRoots(h, r.Lift) {
		return out, true
	}
	a, rest, roots, more, ok := v.rootsOf(h, y)
	if !ok || slices.ContainsFunc(roots, func(u expr.Expr) bool { return !has(u) }) {
		one, more, ok := v.solvedFor(h, y)
		if len(parts) != 1 || !ok || !has(one) {
			return nil, false
		}
		out[0].more = more
		return out, true
	}
	flat := v.nonzero(a) || v.nonzero(rest) || v.neverBoth(a, rest)
	for k := range out {
		if out[k].with != nil {
			out[k].more = more
		} else {
			out[k].more, flat = []constraintCheck{{g: a, equal: true}, {g: rest, equal: true}}, true
		}
	}
	return out, flat
}

// allRoots reports whether the values are all zeros of h, a function of one variable, in the bounds of that: no others are those of h^2.
func (v *verifier) allRoots(h expr.Expr, values []string) bool {
	y := h.Vars()[0]
	i := slices.Index(v.c.Variables, y)
	w := newVerifier(&certificate.Certificate{Variables: []string{y}, Status: certificate.Exact, Exact: "0", ExactPoint: values[:1]}, v.left)
	for _, text := range values[1:] {
		w.c.Minimisers = append(w.c.Minimisers, []string{text})
	}
	pool := expr.NewPool()
	w.f = pool.Make(expr.Pow, pool.Import(h), pool.Int(2))
	w.ends, w.region, w.lower, w.upper = v.ends[i:i+1], v.region[i:i+1], v.lower[i:i+1], v.upper[i:i+1]
	if w.compile() != nil || w.compileConditions() != nil {
		return false
	}
	_, _, ok := w.claim()
	return ok && w.below() && w.onlyThere()
}

// rootsOf returns the values of y at which h = a y² + b y + r, a y + r, or a y^k + r for an odd k, is 0 where a is
// not 0: there the conditions more hold, the first of which says of a parabola that a quarter of the discriminant is not negative,
// as it is (h' / 2)². Where a is 0, so is rest.
func (v *verifier) rootsOf(h expr.Expr, y string) (a, rest expr.Expr, roots []expr.Expr, more []constraintCheck, ok bool) {
	t := simplify.New()
	pool := t.Pool()
	h = pool.Import(h)
	at0 := func(e expr.Expr) expr.Expr { return t.Tidy(pool.Substitute(e, map[string]expr.Expr{y: t.Int(0)})) }
	slope := pool.Import(diff.D(h, y))
	bend := at0(pool.Import(diff.D(slope, y)))
	b, r := at0(slope), at0(h)
	if b.IsNum(0) && bend.IsNum(0) {
		return v.oddRootOf(h, y)
	}
	half := t.Mul(b, t.Pow(t.Int(2), t.Int(-1)))
	a = t.Mul(bend, t.Pow(t.Int(2), t.Int(-1)))
	if a.IsNum(0) {
		a, rest = b, r
		roots = []expr.Expr{t.Neg(t.Mul(r, t.Pow(a, t.Int(-1))))}
	} else {
		rest = t.Add(t.Mul(b, t.Var(y)), r)
		d := t.Sub(t.Pow(half, t.Int(2)), t.Mul(a, r))
		for _, sign := range []int64{-1, 1} {
			root := t.Mul(t.Int(sign), t.Call(fn.Lookup("sqrt"), d))
			roots = append(roots, t.Mul(t.Sub(root, half), t.Pow(a, t.Int(-1))))
		}
		more = append(more, constraintCheck{g: t.Neg(d)})
	}
	more = append(more, constraintCheck{g: t.Neg(t.Pow(a, t.Int(2))), strict: true})
	whole := rest
	if len(roots) == 2 {
		whole = t.Add(t.Mul(a, t.Pow(t.Var(y), t.Int(2))), rest)
	} else {
		whole = t.Add(t.Mul(a, t.Var(y)), rest)
	}
	return a, rest, roots, more, !a.IsNum(0) && v.equals(h, whole)
}

// oddRootOf is rootsOf for h = a y^k + r.
func (v *verifier) oddRootOf(h expr.Expr, y string) (a, rest expr.Expr, roots []expr.Expr, more []constraintCheck, ok bool) {
	t := simplify.New()
	pool := t.Pool()
	at := func(y0 int64) expr.Expr {
		raw := expr.NewPool()
		return simplify.Tidy(raw.Substitute(raw.Import(h), map[string]expr.Expr{y: raw.Int(y0)}))
	}
	rest = pool.Import(at(0))
	a = t.Sub(t.Tidy(at(1)), rest)
	const most = 11
	for k := int64(3); k <= most && !a.IsNum(0) && !a.Has(y); k += 2 {
		if v.equals(h, t.Add(t.Mul(a, t.Pow(t.Var(y), t.Int(k))), rest)) {
			u := t.Neg(t.Mul(rest, t.Pow(a, t.Int(-1))))
			root := t.Call(fn.Lookup("root"), u, t.Int(k))
			if k == 3 {
				root = t.Call(fn.Lookup("cbrt"), u)
			}
			return a, rest, []expr.Expr{root}, []constraintCheck{{g: t.Neg(t.Pow(a, t.Int(2))), strict: true}}, true
		}
	}
	return a, rest, nil, nil, false
}
