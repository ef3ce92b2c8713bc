package verify

import (
	"math"
	"slices"

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
const maxNested = 12

// nested checks the certificate c of a part of the proof; nil says that it is not valid.
func (v *verifier) nested(c *certificate.Certificate, name string) *verifier {
	if v.left.parts--; c == nil || v.depth >= maxNested || v.left.parts < 0 || v.left.over() {
		v.no("%s: there is no certificate, or too many", name)
		return nil
	}
	sub := newVerifier(c, v.left)
	sub.depth = v.depth + 1
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
	if !sub.report.Valid {
		return nil
	}
	return sub
}

// part is nested for a part that bounds its formula, on a region that holds that of v, without
// conditions.
func (v *verifier) part(c *certificate.Certificate, name string, maximise bool) *verifier {
	sub := v.nested(c, name)
	if sub == nil || sub.c.Maximise != maximise || len(sub.cons) > 0 || math.IsInf(sub.floor(), -1) || !v.covers(sub) {
		v.no("that the %s is settled on the whole region", name)
		return nil
	}
	return sub
}

// formula reads a formula.
func (v *verifier) formula(text string) (expr.Expr, bool) {
	e, err := expr.Parse(text)
	if err != nil {
		v.no("what %q means", text)
	}
	return e, err == nil
}

// factor reads a constant, the negative of which is meant where the formula is maximised, and
// encloses it.
func (v *verifier) factor(text string) (e expr.Expr, value interval.I, ok bool) {
	if e, ok = v.formula(text); !ok {
		return e, value, false
	}
	if v.c.Maximise {
		pool := expr.NewPool()
		e = pool.Make(expr.Neg, pool.Import(e))
	}
	if value, ok = tape.EncloseConstant(e); !ok {
		v.no("that %s has a value", text)
	}
	return e, value, ok
}

// floor is the greatest lower bound that the certificate of sub, which is valid, gives for
// the formula to be minimised.
func (sub *verifier) floor() float64 {
	switch sub.c.Status {
	case certificate.Exact, certificate.Certified, certificate.Constant, certificate.NotAttained:
		if sub.precise {
			return sub.low
		}
		return sub.least
	}
	return math.Inf(-1)
}

// ceiling is a number that the infimum of sub, which is valid, is not above.
func (sub *verifier) ceiling() float64 {
	return sub.high + sub.report.Tolerance + 1e-9*math.Max(1, math.Abs(sub.high))
}

// unattained reports whether sub shows that no point has a value as low as its infimum.
func (sub *verifier) unattained() bool {
	return sub.c.Status == certificate.NotAttained
}

// strictly reports whether what is above the infimum of sub, which no point has, is above that of
// v: it is the same, as same says of sub, or as the closed forms say of which nothing is below.
func (v *verifier) strictly(sub *verifier, same bool) bool {
	return sub.unattained() && (same || v.precisely(sub.exact, sub))
}

// A reduced is what follows from the parts of a reduction.
type reduced struct {
	below  bool      // nothing is below the value
	strict bool      // no point has a value as low as the infimum
	empty  bool      // nothing is in the region
	value  expr.Expr // the closed form of the infimum or minimum, as it follows from those of the parts
	near   bool      // the infimum is not above high
	high   float64
}

// reduce checks that the claim follows from those of the parts.
func (v *verifier) reduce() reduced {
	r := v.c.Reduction
	for _, a := range arguments {
		if a.Kind != r.Kind || a.reduce == nil {
			continue
		}
		if len(r.Parts) == 0 && a.Kind != certificate.Geometric && a.Kind != certificate.Sum {
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
	if math.IsInf(floor, 1) || !(floor >= v.low-tolerance) || tolerance > maxSlack*math.Max(1, math.Abs(v.low)) {
		return false
	}
	v.report.Tolerance, v.least, v.bound = tolerance, v.low-tolerance, floor
	return true
}

// equal reports whether two formulas are proved to be equal where both are defined.
func equal(a, b expr.Expr) bool {
	if expr.Equal(simplify.Tidy(a), simplify.Tidy(b)) {
		return true
	}
	t := simplify.New()
	if d := t.Sum(addends(t, addends(t, nil, a, number.Int(1)), b, number.Int(-1))...); d.IsNum(0) {
		return true
	}
	ca, needA := simplify.Canonical(a)
	cb, needB := simplify.Canonical(b)
	if len(needA)+len(needB) == 0 && expr.Equal(ca, cb) {
		return true
	}
	if p := prove.Equal(a, b, prove.Budget{}); p.Equal && len(p.Conditions) == 0 {
		return true
	}
	if !a.IsConstant() || !b.IsConstant() {
		return false
	}
	plainA, plainB := undone(a), undone(b)
	return !(expr.Equal(plainA, a) && expr.Equal(plainB, b)) && equal(plainA, plainB)
}

// addends appends the terms of times·e, as one sum: the tidy form leaves sums in long sums.
func addends(t *simplify.Tidier, list []expr.Expr, e expr.Expr, times number.Number) []expr.Expr {
	switch {
	case e.Op() == expr.Add:
		for _, a := range e.AppendArgs(nil) {
			list = addends(t, list, a, times)
		}
		return list
	case e.Op() == expr.Neg:
		return addends(t, list, e.Arg(0), times.Neg())
	}
	return append(list, t.Mul(t.Num(times), t.Tidy(e)))
}

// precisely reports whether nothing is proved to be below the closed form of the claim, without a tolerance:
// nothing is below value, as nothing is below those of the parts.
func (v *verifier) precisely(value expr.Expr, parts ...*verifier) bool {
	return v.exact.Valid() && value.Valid() && !slices.ContainsFunc(parts, func(p *verifier) bool { return !p.precise }) && equal(v.exact, value)
}

// conclude is what follows where nothing is lower than the infimum of the part, and, as same says,
// the infimum is that one.
func (v *verifier) conclude(sub *verifier, same bool) reduced {
	v.precise = v.precisely(sub.exact, sub)
	out := reduced{below: v.reaches(sub.floor(), sub), strict: v.strictly(sub, same)}
	if same {
		out.near, out.value, out.high, v.origin = true, sub.exact, sub.ceiling(), []*verifier{sub}
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

// reducePeriod settles the same formula on one period.
func (v *verifier) reducePeriod(r *certificate.Reduction) reduced {
	sub := v.nested(r.Parts[0], "one period")
	if sub == nil || sub.c.Maximise != v.c.Maximise || !slices.Equal(sub.c.Variables, v.c.Variables) || len(v.cons)+len(sub.cons) > 0 || !v.equals(v.f, sub.f) {
		v.no("that the formula is the same")
		return reduced{}
	}
	same := v.definedWith(sub.f, v.f) // the infima, or else the part may have lower values
	for i, x := range v.c.Variables {
		if v.inside(i, sub, i) {
			same = same && sub.inside(i, v, i)
			continue
		}
		if !v.endless(i) || !v.repeats(sub, i) {
			v.no("that the region of %s is covered", x)
			return reduced{}
		}
		v.yes("the distance of the bounds of %s is a period of the formula", x)
	}
	return v.conclude(sub, same)
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
