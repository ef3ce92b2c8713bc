package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for claims on limits: that a function falls
// without end along a path, and that it comes near a value that no point has.

// path checks that f falls without end along the path of the certificate, which
// stays in the region.
func (v *verifier) path() {
	along, ok := v.along()
	if !ok {
		if v.report.Valid = v.fallsAtPole(); v.report.Valid {
			v.yes("the values fall without end next to a pole: a rational function changes its sign there (Sturm's theorem, exactly)")
		} else if v.report.Valid = v.fallsWithPhases() || v.fallsBesideZero(); !v.report.Valid {
			v.no("that the formula falls without end: a path with formulas in t is missing or cannot be read")
		}
		return
	}
	f := v.on(along)
	left := &v.left.evals
	inside := false
	for _, whole := range []bool{false, true} {
		if !v.pathInside(along, whole) {
			continue
		}
		inside = true
		if from, ok := onTails(0, whole, left, func(k *tail) bool { return k.falls(f) }); ok {
			kind := map[bool]string{true: "whole "}[whole]
			v.yes("the path stays in the region for large %st", kind)
			v.yes("along the path the values fall without end: one term does, and the others are small beside it for %st ≥ %g", kind, from)
			v.report.Valid = true
			return
		}
	}
	if !inside {
		v.no("that the path stays in the region")
		return
	}
	v.no("that the values along the path fall without end")
}

// fallsAtPole reports whether f is a rational function of one variable with a pole of odd order inside the region, which need not have a
// closed form.
func (v *verifier) fallsAtPole() bool {
	if len(v.region) != 1 || len(v.cons) > 0 || !(v.lower[0] < v.upper[0]) {
		return false
	}
	q, ok := readQuotient(v.f, v.c.Variables)
	num, ok1 := q.num.list()
	den, ok2 := q.den.list()
	if !ok || !ok1 || !ok2 || len(num) == 0 || len(den) == 0 {
		return false
	}
	den, _ = den.divide(num.gcd(den))
	var ends [2]*big.Rat
	for side, x := range [2]float64{v.lower[0], v.upper[0]} {
		if r, ok := floatRat(x); ok {
			ends[side] = r
		}
	}
	odd := den.oddPart()
	n := odd.roots(ends[0], ends[1])
	if ends[1] != nil && odd.signAt(ends[1], 0) == 0 {
		n-- // at the end
	}
	return n > 0
}

// pathInside reports whether the path satisfies the bounds and constraints for all large t, or whole ones.
func (v *verifier) pathInside(along []expr.Expr, whole bool) bool {
	with := v.places(along)
	for _, e := range along {
		if len(simplify.Domain(e)) > 0 && !finally(e.Pool().Make(expr.Eq, e, e), whole) {
			return false
		}
	}
	for _, c := range v.allConditions() {
		c.g = substitute(c.g, with)
		zero := expr.NewPool().Int(0)
		if c.equal && (!equal(c.g, zero) || !finally(c.g.Pool().Make(expr.Eq, c.g, c.g), whole)) || !c.equal && !finally(c.relation(), whole) {
			return false
		}
	}
	return true
}

// finally reports whether a relation between formulas in t is proved to hold for all
// large t.
func finally(c expr.Expr, whole bool) bool {
	left := new(int)
	*left = finalEvals
	_, ok := onTails(0, whole, left, func(k *tail) bool {
		raw := k.t.Pool().Import(c)
		return k.defined(raw) && k.truth(raw) > 0
	})
	return ok
}

// infimum checks that nothing in the region is below the value, that values come
// as near to it as the tolerance, and that no point has it.
func (v *verifier) infimum() {
	lo, hi, ok := v.claim()
	if !ok {
		return
	}
	var r reduced
	if v.c.Reduction != nil {
		r = v.reduce()
	} else {
		r.below = v.below()
	}
	var turning reduced
	if !r.below {
		if turning = v.byPhases(false); turning.below {
			r.below, v.precise = true, true
		}
	}
	if !r.below {
		v.no("that nothing in the region is better than the infimum")
	} else if v.precise {
		v.report.Tolerance, v.report.Exact = 0, true
	}
	// A closed form must be the infimum exactly.
	waves := r.below && v.exact.Valid() && v.byWaves()
	near := v.exact.Valid() && r.below && (waves || r.value.Valid() && equal(r.value, v.exact) || v.comesTo() || v.nearsEnd() || turning.near)
	if !near && r.below && !turning.below {
		turning = v.byPhases(true)
		near = turning.near
	}
	if !v.exact.Valid() && r.below {
		if near = v.comesNear(hi + v.report.Tolerance); !near && r.near && r.high <= hi+maxSlack*math.Max(1, math.Abs(hi)) {
			near, v.report.Tolerance = true, math.Max(v.report.Tolerance, r.high-hi)
		}
	}
	if near && v.exact.Valid() {
		v.yes("values come as near to the infimum %s as you like", v.c.Exact)
	} else if near {
		v.yes("values come as near to the infimum as %.3g", v.report.Tolerance+hi-lo)
	} else {
		v.no("that values come near the infimum")
	}
	above := waves || near && v.exact.Valid() && (turning.strict || r.below && (v.neverEqual() || v.takenWhereUndefined()) || v.byPhases(r.below).strict)
	if above { // everywhere
		v.precise, v.report.Tolerance, v.report.Exact = true, 0, true
	}
	strict := r.strict || above || r.below && (v.neverVanishing() || v.leavesOut() || near && v.neverTaken(hi))
	if !strict {
		v.no("that no point has the value")
	}
	v.report.Valid = r.below && near && strict
	if v.report.Valid && v.exact.Valid() && !v.precise { // points may have it that are not lowest
		v.no("that nothing is better by less than %.3g", v.report.Tolerance)
		v.report.Valid = false
	}
}

// allSummands are the parts that have their least values wherever f has the value, and the parts of these.
func (v *verifier) allSummands() (list []*verifier) {
	for _, g := range v.summands {
		list = append(append(list, g), g.allSummands()...)
	}
	return list
}

// leavesOut reports whether all points that have the value, as those at which a part has its own show, violate a condition.
func (v *verifier) leavesOut() bool {
	const boxes = 100
	missed := func(s *site) bool {
		if slices.ContainsFunc(v.allConditions(), func(c constraintCheck) bool { return c.brokenAt(s.exact) }) {
			return true
		}
		box := slices.Clone(v.region)
		for i, x := range v.c.Variables {
			if e, ok := s.exact[x]; ok {
				at, _ := tape.EncloseConstant(e)
				if box[i] = box[i].Meet(at); box[i].IsEmpty() {
					return true
				}
			}
		}
		w := *v
		return w.asEmpty(v.allConditions()) && w.bounded(box, boxes)
	}
	if !slices.ContainsFunc(v.allSummands(), func(g *verifier) bool {
		return g.onlyThere() && !slices.ContainsFunc(g.sites, func(s *site) bool { return !missed(s) })
	}) {
		return false
	}
	v.yes("no point has the value: those at which it would be taken violate conditions")
	return true
}

// neverTaken reports whether no point is proved to have the infimum, which is at
// most the upper end of the value: everywhere f is greater, or has a lower value beside.
func (v *verifier) neverTaken(hi float64) bool {
	w := *v
	w.strict, w.sites, w.least = true, nil, math.Nextafter(hi+v.report.Tolerance, math.Inf(1))
	w.findSitesLeftOut()
	w.unique = len(w.sites) > 0
	if w.everywhere() {
		v.yes("no point has the value: everywhere the formula is greater, or lower values are beside")
		return true
	}
	return false
}

// everywhere settles the whole region part by part.
func (v *verifier) everywhere() bool {
	if len(v.region) == 1 {
		return v.quietly(v.region[0], 3000) || v.inPeriod() || v.parts()
	}
	v.at, v.outer, v.duals = 0, nil, nil // values outside may be as low as the infimum
	return v.isCompact(v.region) || v.byBoxes()
}

// takenWhereUndefined reports whether f is proved to be greater than its infimum as its tidy form, which is f where f is defined, has that value at breaks alone
// where f is not.
func (v *verifier) takenWhereUndefined() bool {
	if len(v.region) != 1 {
		return false
	}
	g := simplify.Tidy(v.f)
	c := *v.c
	c.Formula, c.Maximise, c.Status, c.Complete, c.StationaryComplete, c.Reduction, c.Tree, c.Point = format.Plain(g), false, certificate.Exact, true, false, nil, nil, nil
	c.Minimisers, c.Exact, c.Value = nil, format.Plain(v.exact), [2]certificate.End{certificate.End(v.low), certificate.End(v.high)}
	for _, b := range v.breaks() {
		at := map[string]expr.Expr{v.c.Variables[0]: b.e}
		if !undefined(substitute(v.f, at)) || !equal(substitute(g, at), v.exact) {
			continue
		}
		if text := []string{format.Plain(b.e)}; c.Point == nil {
			c.Point, c.ExactPoint = []float64{b.at.Mid()}, text
		} else {
			c.Minimisers = append(c.Minimisers, text)
		}
	}
	if c.Point == nil {
		return false
	}
	before := v.report
	w := v.nested(&c, "the tidy formula")
	v.report.Unchecked = before.Unchecked
	if w == nil || !w.precise || !equal(w.f, g) || !equal(w.exact, v.exact) || !w.onlyThere() ||
		slices.ContainsFunc(w.sites, func(s *site) bool { return !undefined(substitute(v.f, s.exact)) }) {
		v.report.Checked = before.Checked
		return false
	}
	v.yes("no point has the value: the tidy formula has it where the formula is not defined alone")
	return true
}

// comesTo reports whether f is proved to tend to the closed form of the infimum along a path.
func (v *verifier) comesTo() bool {
	if !v.exact.Valid() {
		return false
	}
	for _, along := range v.paths() {
		f := v.on(along)
		for _, whole := range []bool{false, true} {
			if !v.pathInside(along, whole) {
				continue
			}
			if _, ok := onTails(0, whole, &v.left.evals, func(k *tail) bool { return k.comesTo(f, v.exact) }); ok {
				return true
			}
		}
	}
	return false
}

// comesNear looks for a point of the region at which f is at most high along a path.
func (v *verifier) comesNear(high float64) bool {
	for _, along := range v.paths() {
		p, err := tape.Compile([]string{"t"}, along...)
		if err != nil {
			continue
		}
		x, dec := make([]interval.I, len(along)), make([]interval.Dec, len(along))
		m := p.NewMachine()
		for k := 1; k < 1000; k += 1 + k/8 {
			m.Interval(x, dec, []interval.I{interval.Point(math.Ldexp(1, k))})
			for i := range x {
				x[i] = interval.Point(x[i].Mid())
			}
			if v.lowAt(x, high) {
				return true
			}
		}
	}
	return false
}

// paths are those along which values may come near the infimum, the variables as formulas in t:
// that of the certificate, and for one variable far out and beside the breaks.
func (v *verifier) paths() [][]expr.Expr {
	var out [][]expr.Expr
	if along, ok := v.along(); ok {
		out = append(out, along)
	}
	out = append(out, v.lifted...)
	if len(v.region) != 1 {
		return out
	}
	pool := expr.NewPool()
	t := pool.Var("t")
	step := pool.Make(expr.Pow, t, pool.Int(-1))
	out = append(out, []expr.Expr{t}, []expr.Expr{pool.Make(expr.Neg, t)})
	for _, b := range v.breaks() {
		at := pool.Import(b.e)
		out = append(out, []expr.Expr{pool.Make(expr.Add, at, step)}, []expr.Expr{pool.Make(expr.Add, at, pool.Make(expr.Neg, step))})
	}
	return out
}

// along reads the path of the certificate: the variables as formulas in t.
func (v *verifier) along() ([]expr.Expr, bool) {
	if len(v.c.Path) != len(v.region) {
		return nil, false
	}
	along := make([]expr.Expr, len(v.region))
	for i, text := range v.c.Path {
		e, err := expr.Parse(text)
		if err != nil || slices.ContainsFunc(e.Vars(), func(x string) bool { return x != "t" }) {
			return nil, false
		}
		along[i] = e
	}
	return along, true
}

// on is f along a path.
func (v *verifier) on(along []expr.Expr) expr.Expr { return substitute(v.f, v.places(along)) }

// places are the variables with the formulas in their places.
func (v *verifier) places(along []expr.Expr) map[string]expr.Expr {
	with := map[string]expr.Expr{}
	for i, x := range v.c.Variables {
		with[x] = along[i]
	}
	return with
}

// lowAt reports whether x is proved to be a point of the region at which f is at
// most high.
func (v *verifier) lowAt(x []interval.I, high float64) bool {
	if !v.between(x) || slices.ContainsFunc(x, func(b interval.I) bool { return !b.IsBounded() }) {
		return false
	}
	if slices.ContainsFunc(v.truths(x), func(truth int) bool { return truth < 1 }) {
		return false
	}
	v.eval(v.fm, v.prog, x)
	return v.dec[0] >= interval.Defined && !v.out[0].IsEmpty() && v.out[0].Hi <= high
}

// neverEqual reports whether f is proved to be greater than the exact value
// wherever it is defined on the region.
func (v *verifier) neverEqual() bool {
	t := simplify.New()
	above := t.Call(fn.Lookup("log"), t.Sub(t.Tidy(v.f), t.Tidy(v.exact))) // which is defined where f is greater
	if v.definedWith(v.f, above) {
		v.yes("no point has the value: f minus the value is positive, as its parts show")
		return true
	}
	if v.exceeds(v.exact) {
		v.yes("no point has the value: it is the sum of lower bounds of the terms, and one term is greater than its own")
		return true
	}
	value, ok := exactRat(simplify.Tidy(v.exact))
	if !ok {
		return false
	}
	if q, ok := readQuotient(v.f, v.c.Variables); ok && len(v.region) == 1 {
		if at, open, ok := v.rationalRegion(); ok && q.above(value, at[0], at[1], open[0], open[1]) {
			v.yes("no point has the value: f minus the value has no zero (Sturm's theorem, exactly)")
			return true
		}
	}
	return v.squaresNeverVanish(value)
}

// squaresNeverVanish reports whether f is value plus even powers that cannot all be
// 0: where those of single variables are, another is a constant other than 0.
func (v *verifier) squaresNeverVanish(value *big.Rat) bool {
	t := simplify.New()
	var roots []expr.Expr
	f := t.Sum(addends(t, addends(t, nil, v.f, number.Int(1)), t.Num(number.FromRat(value)), number.Int(-1))...)
	for _, e := range operands(expr.Add, f) {
		c, u := t.Split(e)
		root, ok := rootOf(t, u)
		if !ok || c.Sign() <= 0 || len(simplify.Domain(root)) > 0 {
			return false
		}
		roots = append(roots, root)
	}
	with := map[string]expr.Expr{}
	for range roots {
		for i, root := range roots {
			switch root = t.Tidy(t.Pool().Substitute(root, with)); {
			case root.Op() == expr.Num && root.Number().Sign() != 0:
				v.yes("no point has the value: the squares of which the formula is the sum never vanish together")
				return true
			case root.Op() == expr.Var:
				with[root.Name()] = t.Int(0)
			}
			roots[i] = root
		}
	}
	return false
}
