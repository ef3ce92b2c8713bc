package verify

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for claims that follow from claims on other
// formulas, each of which has a certificate of its own.

// maxNested is how deep certificates may hold others.
const maxNested = 6

// nested checks the certificate c of a part of the proof.
func (v *verifier) nested(c *certificate.Certificate, name string) *verifier {
	if v.left.parts--; c == nil || v.depth >= maxNested || v.left.parts < 0 {
		v.no("%s: there is no certificate, or too many", name)
		return nil
	}
	sub := &verifier{c: c, depth: v.depth + 1, left: v.left}
	if err := sub.read(); err != nil {
		v.no("%s: %v", name, err)
		return nil
	}
	sub.check()
	for _, line := range sub.report.Checked {
		v.yes("%s: %s", name, line)
	}
	for _, line := range sub.report.Unchecked {
		v.no("%s: %s", name, line)
	}
	return sub
}

// floor is the greatest lower bound that the valid certificate of sub gives for
// the formula to be minimised.
func (sub *verifier) floor() float64 {
	switch sub.c.Status {
	case certificate.Exact, certificate.Certified, certificate.Constant, certificate.NotAttained:
		if sub.report.Valid && sub.precise {
			return sub.low
		} else if sub.report.Valid {
			return sub.least
		}
	}
	return math.Inf(-1)
}

// unattained reports whether sub shows that no point has a value as low as its infimum.
func (sub *verifier) unattained() bool {
	return sub.c.Status == certificate.NotAttained && sub.report.Valid
}

// strictly reports whether what is above the infimum of sub, which no point has, is above that of
// v: it is the same, as same says of sub, or as the closed forms say of which nothing is below.
func (v *verifier) strictly(sub *verifier, same bool) bool {
	return sub.unattained() && (same || sub.precise && v.exact.Valid() && equal(v.exact, sub.exact))
}

// A reduced is what follows from the parts of a reduction.
type reduced struct {
	below  bool         // nothing is below the value
	strict bool         // no point has a value as low as the infimum
	empty  bool         // nothing is in the region
	value  expr.Expr    // the closed form of the infimum or minimum, as it follows from those of the parts
	near   []interval.I // a point at which values come near the infimum, nil if unknown
}

// reduce checks that the claim follows from those of the parts.
func (v *verifier) reduce() reduced {
	r := v.c.Reduction
	for _, a := range arguments {
		if a.Kind != r.Kind || a.reduce == nil {
			continue
		}
		if len(r.Parts) == 0 && a.Kind != certificate.Geometric {
			break
		}
		return a.reduce(v, r)
	}
	v.no("that the claim follows from others in the way %q", r.Kind)
	return reduced{}
}

// maxSlack is the greatest tolerance, relative to values above 1, that parts may lead to.
const maxSlack = 1e-6

// reaches reports whether floor, a bound that follows from the parts, is not below
// the claim, but for the tolerances of the parts; these are then those of the claim.
func (v *verifier) reaches(floor float64, parts ...*verifier) bool {
	slack := 0.0
	for _, p := range parts {
		slack += p.report.Tolerance
	}
	return v.reachesBut(floor, slack)
}

// reachesBut is reaches with the tolerances of the parts given as what they change in the
// claim.
func (v *verifier) reachesBut(floor, slack float64) bool {
	tolerance := v.report.Tolerance + slack
	if !(floor >= v.low-tolerance) || tolerance > maxSlack*math.Max(1, math.Abs(v.low)) {
		return false
	}
	v.report.Tolerance, v.least = tolerance, v.low-tolerance
	return true
}

// equal reports whether two formulas are proved to be equal where both are defined.
func equal(a, b expr.Expr) bool {
	if expr.Equal(simplify.Tidy(a), simplify.Tidy(b)) {
		return true
	}
	p := prove.Equal(a, b, prove.Budget{})
	return p.Equal && len(p.Conditions) == 0
}

// equals reports whether g is proved to be defined wherever f is defined on the
// region, and equal to it: what bounds g there bounds f.
func (v *verifier) equals(f, g expr.Expr) bool {
	return equal(f, g) && v.definedWith(f, g)
}

// definedWith reports whether g is proved to be defined wherever f is on the region.
func (v *verifier) definedWith(f, g expr.Expr) bool {
	if v.decOn(g) >= interval.Defined {
		return true
	}
	for n := range f.All() {
		// The domain of a symbolic power is more than the conditions below tell: the
		// base may be negative where the exponent is an integer.
		if n.Op() == expr.Pow && len(n.Arg(1).Vars()) > 0 {
			if b, ok := v.rangeOn(n.Arg(0)); !ok || !(b.Lo >= 0) {
				return false
			}
		}
	}
	// The tidy form of a formula is defined wherever it is.
	t := simplify.New()
	pool := t.Pool()
	tidy := pool.Import(simplify.Tidy(f))
	given := t.Implied(pool.Import(f), tidy)
	for _, c := range simplify.Domain(tidy) {
		given[withoutPower(pool.Import(c))] = true
	}
	for _, c := range simplify.Domain(g) {
		if c = pool.Import(c); !given[c] && !given[withoutPower(c)] {
			return false
		}
	}
	return true
}

// withoutPower writes u != 0 for u^k != 0, k > 0, and leaves other conditions.
func withoutPower(c expr.Expr) expr.Expr {
	for c.Op() == expr.Ne && c.Arg(1).IsNum(0) && c.Arg(0).Op() == expr.Pow && c.Arg(0).Arg(1).Op() == expr.Num && c.Arg(0).Arg(1).Number().Sign() > 0 {
		c = c.Pool().Make(expr.Ne, c.Arg(0).Arg(0), c.Arg(1))
	}
	return c
}

// decOn is what the enclosure on the region says of the domain of e.
func (v *verifier) decOn(e expr.Expr) interval.Dec {
	_, dec := v.encloseOn(e)
	return dec
}

// rangeOn encloses e on the region; ok is false if e has no value there.
func (v *verifier) rangeOn(e expr.Expr) (r interval.I, ok bool) {
	r, _ = v.encloseOn(e)
	return r, !r.IsEmpty()
}

func (v *verifier) encloseOn(e expr.Expr) (interval.I, interval.Dec) {
	p, err := tape.Compile(v.c.Variables, e)
	if err != nil {
		return interval.Whole, interval.Partial
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	p.NewMachine().Interval(out[:], dec[:], v.region)
	return out[0], dec[0]
}

func (v *verifier) reduceSum(r *certificate.Reduction) reduced {
	pool := expr.NewPool()
	var terms []expr.Expr
	out := reduced{near: make([]interval.I, len(v.region))}
	attained, floor := true, interval.Point(0)
	if r.Constant != "" {
		e, err := expr.Parse(r.Constant)
		if err != nil {
			v.no("the constant of the sum cannot be read")
			return reduced{}
		}
		c := pool.Import(e)
		if v.c.Maximise {
			c = pool.Make(expr.Neg, c)
		}
		b, ok := tape.EncloseConstant(c)
		if !ok {
			v.no("the constant of the sum has no value")
			return reduced{}
		}
		terms, floor = append(terms, c), floor.Add(b)
	}
	covered, located := true, true
	apart, seen := true, map[string]bool{} // the infima of functions of different variables add up
	var subs []*verifier
	for k, part := range r.Parts {
		sub := v.nested(part, fmt.Sprintf("part %d", k+1))
		if sub == nil || part.Maximise != v.c.Maximise {
			return reduced{}
		}
		subs = append(subs, sub)
		terms = append(terms, pool.Import(sub.f))
		floor = floor.Add(interval.Point(sub.floor()))
		covered = covered && v.covers(sub) && len(sub.cons) == 0
		attained = attained && !sub.unattained()
		at := sub.near
		if sub.c.Status != certificate.NotAttained {
			at = sub.where()
		}
		for i, x := range part.Variables {
			apart = apart && !seen[x]
			seen[x] = true
			if j := slices.Index(v.c.Variables, x); j >= 0 && len(at) == len(part.Variables) {
				out.near[j] = at[i]
			} else {
				located = false
			}
		}
	}
	if !located {
		out.near = nil
	}
	if !covered {
		v.no("that the parts are settled on the whole region")
		return reduced{}
	}
	whole := pool.Make(expr.Add, append(terms, pool.Int(0))...)
	if !v.equals(v.f, whole) {
		v.no("that the formula is the sum of the parts")
		return reduced{}
	}
	v.yes("the formula is the sum of the %d parts, by rules of algebra", len(r.Parts))
	out.below = v.reaches(floor.Lo, subs...)
	if apart && v.spannedBy(subs...) && v.definedWith(whole, v.f) {
		out.strict, out.value = !attained, pool.Int(0)
		for _, sub := range subs {
			if !sub.exact.Valid() {
				out.value = expr.Expr{}
				return out
			}
			out.value = pool.Make(expr.Add, out.value, pool.Import(sub.exact))
		}
		if r.Constant != "" {
			out.value = pool.Make(expr.Add, out.value, terms[0])
		}
	}
	return out
}

// where is the point of the certificate, enclosed.
func (v *verifier) where() []interval.I {
	if len(v.c.Point) != len(v.region) {
		return nil
	}
	x := make([]interval.I, len(v.region))
	for i, c := range v.c.Point {
		x[i] = interval.Point(c)
	}
	return x
}

func (v *verifier) reduceInner(r *certificate.Reduction) reduced {
	h := v.nested(r.Parts[0], "outer formula")
	if h == nil || len(h.region) != 1 || len(h.cons) > 0 || h.c.Maximise != v.c.Maximise {
		return reduced{}
	}
	u, err := expr.Parse(r.Inner)
	if err != nil {
		v.no("the inner formula cannot be read")
		return reduced{}
	}
	pool := expr.NewPool()
	name := h.c.Variables[0]
	whole := pool.Substitute(pool.Import(h.f), map[string]expr.Expr{name: pool.Import(u)})
	if !v.equals(v.f, whole) {
		v.no("that the formula is the outer one of the inner one")
		return reduced{}
	}
	v.yes("the formula is the outer one with %s in the place of %s, by rules of algebra", r.Inner, name)
	if !v.innerStays(r, h, u) {
		return reduced{}
	}
	lifts := v.lifts(r, u, h)
	out := reduced{below: v.reaches(h.floor(), h), strict: v.strictly(h, lifts)}
	if lifts {
		out.value = h.exact
	}
	if len(h.near) == 1 && len(r.Lift) == len(v.region) {
		at, ok := exactFloat(h.near[0].Mid())
		if !ok {
			return out
		}
		for _, text := range r.Lift {
			e, err := expr.Parse(text)
			if err != nil {
				return out
			}
			b, ok := tape.EncloseConstant(pool.Substitute(pool.Import(e), map[string]expr.Expr{name: pool.Import(at)}))
			if !ok {
				return out
			}
			out.near = append(out.near, interval.Point(b.Mid()))
		}
	}
	return out
}

// lifts reports whether the inner formula is proved to have every value in the region
// of the outer one, at the points that the certificate gives.
func (v *verifier) lifts(r *certificate.Reduction, u expr.Expr, h *verifier) bool {
	if len(r.Lift) != len(v.region) || len(v.cons) > 0 {
		return false
	}
	with := map[string]expr.Expr{}
	pool := expr.NewPool()
	for i, text := range r.Lift {
		e, err := expr.Parse(text)
		if err != nil || !v.endless(i) {
			return false
		}
		with[v.c.Variables[i]] = pool.Import(e)
	}
	lifted := substitute(u, with)
	name := pool.Var(h.c.Variables[0])
	if !h.definedWith(h.f, substitute(v.f, with)) {
		return false
	}
	return h.decOn(lifted) >= interval.Defined && (equal(lifted, name) || h.region[0].Lo >= 0 && equalIf(lifted, name, pool.Make(expr.Ge, name, pool.Int(0))))
}

// equalIf reports whether two formulas are proved to be equal where both are defined and
// a condition holds.
func equalIf(a, b, given expr.Expr) bool {
	p := prove.EqualWhere(a, b, []expr.Expr{given}, prove.Budget{})
	return p.Equal && len(p.Conditions) == 0
}

// innerStays reports whether the inner formula is proved to have values in the
// region of the outer one only.
func (v *verifier) innerStays(r *certificate.Reduction, h *verifier, u expr.Expr) bool {
	if h.endless(0) {
		return true
	}
	if len(r.Parts) < 2 {
		v.no("that the inner formula stays in the region of the outer one")
		return false
	}
	b := v.nested(r.Parts[1], "inner formula")
	if b == nil || !b.report.Valid || len(b.cons) > 0 || !v.covers(b) {
		return false
	}
	// The least (or greatest) value of the inner formula is exactly the bound of the
	// outer one, which has no other.
	side := 0
	if b.c.Maximise {
		side = 1
	}
	pool := expr.NewPool()
	low := pool.Import(u)
	if side == 1 {
		low = pool.Make(expr.Neg, low)
	}
	end := h.ends[0][side]
	least, err := expr.Parse(b.c.Exact)
	if err != nil || !end.e.Valid() || !b.precise || !v.equals(low, b.f) || !equal(end.e, least) || h.ends[0][1-side].e.Valid() || end.open {
		v.no("that the inner formula stays in the region of the outer one")
		return false
	}
	return true
}

// reduceSquare checks that the formula is that of the part, which has a variable
// less, and a square times a constant that is not negative.
func (v *verifier) reduceSquare(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "rest")
	if g == nil || g.c.Maximise != v.c.Maximise || len(g.cons) > 0 || !v.covers(g) {
		v.no("that the rest is settled on the whole region")
		return reduced{}
	}
	inner, err1 := expr.Parse(r.Inner)
	constant, err2 := expr.Parse(r.Constant)
	if err1 != nil || err2 != nil {
		v.no("the square cannot be read")
		return reduced{}
	}
	pool := expr.NewPool()
	k := pool.Import(constant)
	if v.c.Maximise {
		k = pool.Make(expr.Neg, k)
	}
	if len(k.Vars()) > 0 {
		v.no("that the formula is not better where the factor of the square is 0, and positive elsewhere")
		return reduced{}
	}
	if b, ok := tape.EncloseConstant(k); !ok || !(b.Lo >= 0) {
		v.no("that the square has a factor of the right sign")
		return reduced{}
	}
	square := pool.Make(expr.Mul, k, pool.Make(expr.Pow, pool.Import(inner), pool.Int(2)))
	if !v.equals(v.f, pool.Make(expr.Add, pool.Import(g.f), square)) {
		v.no("that the formula is the rest and a square")
		return reduced{}
	}
	v.yes("the formula is the rest and a square that is never negative, by rules of algebra")
	vanishes := v.vanishes(g, inner, r)
	out := reduced{below: v.reaches(g.floor(), g), strict: v.strictly(g, vanishes)}
	if vanishes {
		out.value = g.exact
	}
	if len(r.Lift) == 1 && len(g.near) == len(g.c.Variables) {
		out.near = v.liftedNear(g, r.Lift[0])
	}
	return out
}

// reduceCentre checks that the formula falls in a variable up to a constant and rises after
// it: that its derivative is the distance from the constant times what is not negative.
func (v *verifier) reduceCentre(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "rest")
	if g == nil || g.c.Maximise != v.c.Maximise || len(g.cons) > 0 || !v.covers(g) || len(r.Lift) != 1 {
		v.no("that the rest is settled on the whole region")
		return reduced{}
	}
	k := slices.IndexFunc(v.c.Variables, func(x string) bool { return !slices.Contains(g.c.Variables, x) })
	centre, err := expr.Parse(r.Lift[0])
	if err != nil {
		v.no("the value of the variable that the rest lacks cannot be read")
		return reduced{}
	}
	at, ok := tape.EncloseConstant(centre)
	if !ok || k < 0 || len(g.c.Variables)+1 != len(v.c.Variables) || !at.In(v.region[k]) || v.decOn(v.f) != interval.Continuous || !v.riseFrom(k, centre, at) {
		v.no("that the formula rises on both sides of a value of the variable that the rest lacks")
		return reduced{}
	}
	y := v.c.Variables[k]
	pool := expr.NewPool()
	if !v.equals(pool.Substitute(pool.Import(v.f), map[string]expr.Expr{y: pool.Import(centre)}), g.f) {
		v.no("that the rest is the formula there")
		return reduced{}
	}
	v.yes("the derivative in %s has the sign of %s - (%s), so that nothing is lower than with %s = %s", y, y, r.Lift[0], y, r.Lift[0])
	taken := v.spannedBy(g) && v.keeps(k, 0, at) && v.keeps(k, 1, at)
	out := reduced{below: v.reaches(g.floor(), g), strict: v.strictly(g, taken)}
	if taken {
		out.value = g.exact
	}
	if len(g.near) == len(g.c.Variables) {
		out.near = v.liftedNear(g, r.Lift[0])
	}
	return out
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
	// Where the derivative is not defined, but for a kink at c, nothing is known.
	kink := pool.Make(expr.Ne, pool.Var(y), pool.Int(0))
	smooth := !slices.ContainsFunc(simplify.Domain(simplify.Tidy(slope)), func(e expr.Expr) bool { return !expr.Equal(e, kink) })
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

// reduceDirection checks that the derivative of the formula in a direction is 0, so that it
// is enough to look where a variable that changes in it is 0.
func (v *verifier) reduceDirection(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "rest")
	if g == nil || g.c.Maximise != v.c.Maximise || len(g.cons) > 0 || !v.covers(g) || len(r.Lift) != len(v.c.Variables) ||
		!v.free() || len(simplify.Domain(v.f)) > 0 || v.kinked() {
		v.no("that the rest is settled for a smooth formula on the whole space")
		return reduced{}
	}
	k := slices.IndexFunc(v.c.Variables, func(x string) bool { return !slices.Contains(g.c.Variables, x) })
	pool := expr.NewPool()
	slope := []expr.Expr{pool.Int(0)}
	moves, smooth := false, true
	for i, x := range v.c.Variables {
		e, err := expr.Parse(r.Lift[i])
		if err != nil || len(e.Vars()) > 0 {
			v.no("the direction cannot be read")
			return reduced{}
		}
		if i == k {
			b, ok := tape.EncloseConstant(e)
			moves = ok && !b.Has(0)
		}
		d := diff.D(v.f, x)
		smooth = smooth && (len(simplify.Domain(d)) == 0 || v.decOn(d) >= interval.Defined)
		slope = append(slope, pool.Make(expr.Mul, pool.Import(e), pool.Import(d)))
	}
	if !moves || !smooth || len(g.c.Variables)+1 != len(v.c.Variables) || !equal(pool.Make(expr.Add, slope...), pool.Int(0)) {
		v.no("that the formula does not change in the direction")
		return reduced{}
	}
	if !v.equals(pool.Substitute(pool.Import(v.f), map[string]expr.Expr{v.c.Variables[k]: pool.Int(0)}), g.f) {
		v.no("that the rest is the formula there")
		return reduced{}
	}
	v.yes("the derivative in the direction is 0 everywhere, by rules of algebra, so that nothing is lower than with %s = 0", v.c.Variables[k])
	same := v.spannedBy(g)
	out := reduced{below: v.reaches(g.floor(), g), strict: v.strictly(g, same)}
	if same {
		out.value = g.exact
	}
	if len(g.near) == len(g.c.Variables) {
		out.near = v.liftedNear(g, "0")
	}
	return out
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

// reduceProduct checks that the formula is the product of two others between bounds.
func (v *verifier) reduceProduct(r *certificate.Reduction) reduced {
	c, err := expr.Parse(r.Constant)
	if len(r.Parts) != 4 || err != nil {
		v.no("that the formula is a product: four parts and a constant make one")
		return reduced{}
	}
	pool := expr.NewPool()
	scale := pool.Import(c)
	if v.c.Maximise {
		scale = pool.Make(expr.Neg, scale)
	}
	value, ok := tape.EncloseConstant(scale)
	if !ok {
		return reduced{}
	}
	whole, ideal := []expr.Expr{scale}, value
	for i := 0; i < 4; i += 2 {
		low, high := v.nested(r.Parts[i], fmt.Sprintf("factor %d", i/2+1)), v.nested(r.Parts[i+1], fmt.Sprintf("factor %d", i/2+1))
		if low == nil || high == nil || low.c.Maximise || !high.c.Maximise || len(low.cons)+len(high.cons) > 0 || !v.covers(low) || !v.covers(high) ||
			!v.equals(low.f, pool.Make(expr.Neg, pool.Import(high.f))) {
			v.no("that the values of a factor are settled on the whole region")
			return reduced{}
		}
		value = value.Mul(interval.New(low.floor(), -high.floor()))
		ideal = ideal.Mul(interval.New(low.floor()+low.report.Tolerance, -high.floor()-high.report.Tolerance))
		whole = append(whole, pool.Import(low.f))
	}
	if !v.equals(v.f, pool.Make(expr.Mul, whole...)) {
		v.no("that the formula is the product of the factors")
		return reduced{}
	}
	v.yes("the formula is the product of two others whose values lie between bounds, by rules of algebra")
	return reduced{below: v.reachesBut(value.Lo, ideal.Lo-value.Lo)}
}

// reduceQuotient checks that the formula to be minimised is a constant and g/q, where g is
// settled in the first part and neither it nor q is negative.
func (v *verifier) reduceQuotient(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "numerator")
	if g == nil || g.c.Maximise || len(g.cons) > 0 || !v.covers(g) {
		v.no("that the numerator is settled on the whole region")
		return reduced{}
	}
	inner, err1 := expr.Parse(r.Inner)
	constant, err2 := expr.Parse(r.Constant)
	if err1 != nil || err2 != nil {
		v.no("the quotient cannot be read")
		return reduced{}
	}
	pool := expr.NewPool()
	level, q := pool.Import(constant), pool.Import(inner)
	enclosed, _ := v.encloseOn(q)
	least := enclosed.Lo
	if len(r.Parts) > 1 && !(least > 0) {
		least = v.leastOf(r.Parts[1], q)
	}
	if !(least >= 0) {
		v.no("that %s is nowhere negative", r.Inner)
		return reduced{}
	}
	if !v.equals(v.f, pool.Make(expr.Add, level, pool.Make(expr.Div, pool.Import(g.f), q))) {
		v.no("that the formula is the constant and the quotient")
		return reduced{}
	}
	b, ok := tape.EncloseConstant(level)
	if !ok {
		return reduced{}
	}
	floor := interval.Point(math.Min(g.floor(), 0))
	if floor.Lo < 0 { // g/q is lowest where q is least
		floor = floor.Div(interval.Point(least))
	}
	v.yes("the formula is %s and a quotient of g and %s, which is not negative, by rules of algebra", r.Constant, r.Inner)
	// Where g is positive, f is greater than the constant, which is the infimum then.
	positive := g.floor() > 0 || g.unattained() && g.precise && equal(g.exact, pool.Int(0))
	return reduced{below: v.reaches(b.Add(floor).Lo), strict: positive && v.exact.Valid() && equal(v.exact, level)}
}

// leastOf is a bound below e in the region that follows from the certificate c of its
// minimum.
func (v *verifier) leastOf(c *certificate.Certificate, e expr.Expr) float64 {
	sub := v.nested(c, "denominator")
	if sub == nil || c.Maximise || len(sub.cons) > 0 || !v.covers(sub) || !v.equals(e, sub.f) {
		return math.Inf(-1)
	}
	return sub.floor()
}

// vanishes reports whether the inner formula is 0 where the variable that g lacks is the lift, which
// is defined wherever g is and stays in the region.
func (v *verifier) vanishes(g *verifier, inner expr.Expr, r *certificate.Reduction) bool {
	if len(r.Lift) != 1 || len(v.cons) > 0 {
		return false
	}
	lift, err := expr.Parse(r.Lift[0])
	if err != nil {
		return false
	}
	with := map[string]expr.Expr{}
	for i, x := range v.c.Variables {
		if !slices.Contains(g.c.Variables, x) {
			if with[x] = lift; !v.endless(i) {
				return false
			}
		}
	}
	return len(with) == 1 && equal(substitute(inner, with), expr.NewPool().Int(0)) &&
		v.spannedBy(g) && g.definedWith(g.f, lift) && g.definedWith(g.f, substitute(v.f, with))
}

// liftedNear is the point that g knows with the variable that g lacks, which the
// formula lift gives.
func (v *verifier) liftedNear(g *verifier, lift string) []interval.I {
	e, err := expr.Parse(lift)
	if err != nil {
		return nil
	}
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	near := make([]interval.I, len(v.c.Variables))
	for i, x := range g.c.Variables {
		at, ok := exactFloat(g.near[i].Mid())
		if !ok {
			return nil
		}
		with[x] = pool.Import(at)
		near[slices.Index(v.c.Variables, x)] = interval.Point(g.near[i].Mid())
	}
	b, ok := tape.EncloseConstant(pool.Substitute(pool.Import(e), with))
	if !ok {
		return nil
	}
	for i, x := range v.c.Variables {
		if !slices.Contains(g.c.Variables, x) {
			near[i] = interval.Point(b.Mid())
		}
	}
	return near
}

func (v *verifier) reduceDual(r *certificate.Reduction) reduced {
	l := v.nested(r.Parts[0], "Lagrangian")
	if l == nil || len(l.cons) > 0 || l.c.Maximise || !v.covers(l) {
		v.no("that the Lagrangian is settled on the whole region")
		return reduced{}
	}
	whole, ok := v.lagrangian(r.Multipliers)
	if !ok {
		return reduced{}
	}
	if !v.equals(whole, l.f) {
		v.no("that the Lagrangian is the formula plus the constraints times the multipliers")
		return reduced{}
	}
	v.yes("the formula is not lower than the Lagrangian wherever the constraints hold: the multipliers have the right signs")
	return reduced{below: v.reaches(l.floor(), l), strict: l.report.Valid && l.precise && v.exact.Valid() && l.exact.Valid() && equal(v.exact, l.exact) && v.pushes(r.Multipliers)}
}

// pushes reports whether a constraint that leaves its edge out has a positive
// multiplier: then the formula is greater than the Lagrangian.
func (v *verifier) pushes(list []certificate.Multiplier) bool {
	for _, m := range list {
		e, err := expr.Reader{Conditions: true}.Expr(m.Condition)
		if err != nil {
			return false
		}
		ks, err := readConstraint(e)
		y, err2 := expr.Parse(m.Value)
		if err != nil || err2 != nil || len(ks) != 1 {
			return false
		}
		b, ok := tape.EncloseConstant(y)
		if ok && b.Lo > 0 && slices.ContainsFunc(v.conditions, func(c constraintCheck) bool { return c.strict && equal(c.g, ks[0].g) }) {
			return true
		}
	}
	return false
}

// lagrangian returns the formula plus the constraints times the multipliers, which
// are checked to have the right signs.
func (v *verifier) lagrangian(list []certificate.Multiplier) (expr.Expr, bool) {
	pool := expr.NewPool()
	terms := []expr.Expr{pool.Import(v.f), pool.Int(0)}
	for _, m := range list {
		e, err := expr.Reader{Conditions: true}.Expr(m.Condition)
		if err != nil {
			v.no("a condition cannot be read")
			return expr.Expr{}, false
		}
		ks, err := readConstraint(e)
		y, err2 := expr.Parse(m.Value)
		if err != nil || err2 != nil || len(ks) != 1 {
			v.no("a condition or a multiplier cannot be read")
			return expr.Expr{}, false
		}
		b, ok := tape.EncloseConstant(y)
		if !v.given(ks[0]) || !ok || !ks[0].equal && !(b.Lo >= 0) {
			v.no("that %s is a condition with a multiplier of the right sign", m.Condition)
			return expr.Expr{}, false
		}
		terms = append(terms, pool.Make(expr.Mul, pool.Import(y), pool.Import(ks[0].g)))
	}
	return pool.Make(expr.Add, terms...), true
}

// given reports whether the condition k is one of the claim, or one of its bounds.
func (v *verifier) given(k constraintCheck) bool {
	for _, c := range v.conditions {
		if c.equal == k.equal && (c.strict || !k.strict) && (v.equals(c.g, k.g) || multiple(c.g, k.g)) {
			return true
		}
	}
	for _, x := range v.c.Variables {
		for _, c := range v.boundsOf(x) {
			if !k.equal && (c.strict || !k.strict) && k.g.Has(x) && v.equals(c.g, k.g) {
				return true
			}
		}
	}
	return false
}

// multiple reports whether a is a polynomial and b times a positive number.
func multiple(a, b expr.Expr) bool {
	p, ok1 := readPoly(a, a.Vars())
	q, ok2 := readPoly(b, a.Vars())
	for m, c := range p {
		d := q[m]
		return ok1 && ok2 && d != nil && c.Sign() == d.Sign() && p.equal(q.by(new(big.Rat).Quo(c, d)))
	}
	return false
}

// contradiction checks that nothing satisfies the conditions: their sum with
// multipliers of the right signs is positive, or 0 with a strict one among them.
func (v *verifier) contradiction(r *certificate.Reduction) bool {
	zero := *v
	zero.f = expr.NewPool().Int(0)
	sum, ok := zero.lagrangian(r.Multipliers)
	v.report.Unchecked = zero.report.Unchecked
	if !ok {
		return false
	}
	strict := slices.ContainsFunc(r.Multipliers, func(m certificate.Multiplier) bool {
		c, err1 := expr.Reader{Conditions: true}.Expr(m.Condition)
		y, err2 := expr.Parse(m.Value)
		if err1 != nil || err2 != nil || c.Op() != expr.Lt && c.Op() != expr.Gt {
			return false
		}
		b, ok := tape.EncloseConstant(y)
		return ok && b.Lo > 0
	})
	above := false
	if e, _ := simplify.Canonical(sum); e.Op() == expr.Num {
		above = e.Number().Sign() > 0 || strict && e.Number().Sign() == 0
	} else if len(r.Parts) > 0 {
		part := v.nested(r.Parts[0], "sum of the conditions")
		above = part != nil && len(part.cons) == 0 && !part.c.Maximise && v.covers(part) && v.equals(sum, part.f) && part.floor() > 0
	}
	if above {
		v.yes("the sum of the conditions times multipliers of the right signs is not negative anywhere, as it would have to be")
	}
	return above
}

// reduceRegion settles the same formula on another region: one period, or the
// region with its edges.
func (v *verifier) reduceRegion(r *certificate.Reduction) reduced {
	sub := v.nested(r.Parts[0], map[string]string{certificate.Period: "one period", certificate.Closed: "closed region"}[r.Kind])
	if sub == nil || sub.c.Maximise != v.c.Maximise || !slices.Equal(sub.c.Variables, v.c.Variables) || !v.equals(v.f, sub.f) {
		v.no("that the formula is the same")
		return reduced{}
	}
	for _, c := range sub.cons {
		if !slices.ContainsFunc(v.conditions, func(k constraintCheck) bool {
			return k.equal == c.equal && (k.strict || !c.strict) && v.equals(k.g, c.g)
		}) {
			v.no("that the constraints are the same")
			return reduced{}
		}
	}
	same := true // the infima, or else the part may have lower values
	for i, x := range v.c.Variables {
		if v.inside(i, sub, i) {
			same = same && sub.inside(i, v, i)
			continue
		}
		if r.Kind != certificate.Period || !v.endless(i) || len(v.cons) > 0 || !v.repeats(sub, i) {
			v.no("that the region of %s is covered", x)
			return reduced{}
		}
		v.yes("the distance of the bounds of %s is a period of the formula", x)
	}
	same = same && len(v.cons)+len(sub.cons) == 0 && v.definedWith(sub.f, v.f)
	out := reduced{below: v.reaches(sub.floor(), sub), strict: v.strictly(sub, same), near: sub.near}
	if same {
		out.value = sub.exact
	}
	return out
}

// repeats reports whether the distance of the bounds of the variable i of sub is
// proved to be a period of f.
func (v *verifier) repeats(sub *verifier, i int) bool {
	lo, hi := sub.ends[i][0], sub.ends[i][1]
	if !lo.e.Valid() || !hi.e.Valid() || lo.open || hi.open {
		return false
	}
	t := simplify.New()
	d := t.Sub(t.Tidy(hi.e), t.Tidy(lo.e))
	b, ok := tape.EncloseConstant(d)
	return ok && b.Lo > 0 && repeats(v.f, v.c.Variables[i], d)
}

// exactFloat returns the float64 x as a constant formula.
func exactFloat(x float64) (expr.Expr, bool) {
	n, ok := number.FromFloat(x)
	if !ok {
		return expr.Expr{}, false
	}
	return expr.NewPool().Num(n), true
}
