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
	"nabla/expr/simplify"
	"nabla/expr/tape"
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
	cases, ok := v.cases(r, parts)
	if !ok || len(cases) != len(parts) {
		v.no("that every point of the region belongs to one of the cases")
		return reduced{}
	}
	out := reduced{strict: true, empty: true}
	floor, slack := math.Inf(1), 0.0
	v.precise = v.exact.Valid()
	for k, g := range parts {
		if !v.leadsTo(g, cases[k]) {
			v.no("that the formula and the conditions of case %d are those of the whole", k+1)
			return reduced{}
		}
		if g.c.Status == certificate.Empty {
			continue
		}
		out.empty = false
		floor, slack = math.Min(floor, g.floor()), slack+g.report.Tolerance
		above := g.floor() > v.high
		v.precise = v.precise && (above || g.precise && equal(v.exact, g.exact))
		out.strict = out.strict && (above || v.strictly(g, false))
		v.lift(g, cases[k].with)
	}
	v.yes("every point of the region belongs to one of %d cases", len(cases))
	if !out.empty {
		out.below = v.reachesBut(floor, slack)
	}
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
			return err == nil && expr.Equal(e, c)
		})
		var out []branch
		for _, a := range c.AppendArgs(nil) {
			more, err := readConstraint(a)
			if given = given && err == nil; given {
				out = append(out, branch{f: v.f, more: more})
			}
		}
		return out, given
	}
	// A condition of the formula: wherever that is defined, so is the condition.
	yes, err := readConstraint(c)
	no, ok := asInequality(expr.NewPool(), c, false, 0)
	if err != nil || !ok || !v.definedWith(v.f, c) {
		return nil, false
	}
	return []branch{{f: taken(v.f, c, 1), more: yes}, {f: taken(v.f, c, 2), more: []constraintCheck{no}}}, true
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
	if vars := h.Vars(); len(vars) == 1 && len(values) == len(parts) && v.allRoots(h, values) {
		return out, true
	}
	a, rest, roots, more, ok := v.rootsOf(h, y)
	if !ok || slices.ContainsFunc(roots, func(u expr.Expr) bool { return !has(u) }) {
		return nil, false
	}
	flat := v.nonzero(a) || v.nonzero(rest)
	for k := range out {
		if out[k].with != nil {
			out[k].more = more
		} else {
			out[k].more, flat = []constraintCheck{{g: a, equal: true}, {g: rest, equal: true}}, true
		}
	}
	return out, flat
}

// allRoots reports whether the values are all zeros of h, a rational function of one variable, in
// the bounds of that.
func (v *verifier) allRoots(h expr.Expr, values []expr.Expr) bool {
	y := h.Vars()[0]
	line := &verifier{c: &certificate.Certificate{Variables: []string{y}}, region: v.region[slices.Index(v.c.Variables, y):], ends: v.ends[slices.Index(v.c.Variables, y):]}
	q, ok1 := readQuotient(h, []string{y})
	at, _, ok2 := line.rationalRegion()
	if !ok1 || !ok2 {
		return false
	}
	for i, u := range values {
		x, ok := tape.EncloseConstant(u)
		if !ok || !equal(substitute(h, map[string]expr.Expr{y: u}), expr.NewPool().Int(0)) || !within(x, at) ||
			slices.ContainsFunc(values[:i], func(e expr.Expr) bool { z, _ := tape.EncloseConstant(e); return !z.Disjoint(x) }) {
			return false
		}
	}
	n, ok := q.zeros(zero, at[0], at[1])
	return ok && n == len(values)
}

// within reports whether x lies between the ends, nil for none.
func within(x interval.I, ends [2]*big.Rat) bool {
	lo, ok1 := floatRat(x.Lo)
	hi, ok2 := floatRat(x.Hi)
	return ok1 && ok2 && (ends[0] == nil || ends[0].Cmp(lo) <= 0) && (ends[1] == nil || hi.Cmp(ends[1]) <= 0)
}

// rootsOf returns the values of y at which h = a y² + b y + r, or a y + r, is 0 where a is not 0: there
// the conditions more hold, the first of which says that a quarter of the discriminant is not negative, as it is
// (h' / 2)². Where a is 0, so is rest.
func (v *verifier) rootsOf(h expr.Expr, y string) (a, rest expr.Expr, roots []expr.Expr, more []constraintCheck, ok bool) {
	t := simplify.New()
	pool := t.Pool()
	h = pool.Import(h)
	at0 := func(e expr.Expr) expr.Expr { return t.Tidy(pool.Substitute(e, map[string]expr.Expr{y: t.Int(0)})) }
	slope := pool.Import(diff.D(h, y))
	bend := at0(pool.Import(diff.D(slope, y)))
	b, r := at0(slope), at0(h)
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
