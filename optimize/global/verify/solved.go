package verify

import (
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// This file is the part of the check for a variable that an equation gives.

// reduceSolved checks that an equation a y + b = 0 among the constraints gives a variable,
// y = -b/a, as a is nowhere 0 where it holds, and that the part is what is left.
func (v *verifier) reduceSolved(r *certificate.Reduction) reduced {
	g := v.nested(r.Parts[0], "rest")
	if g == nil || g.c.Maximise != v.c.Maximise || !v.covers(g) || len(r.Lift) != 1 {
		v.no("that the rest is settled on the whole region")
		return reduced{}
	}
	y := ""
	for _, x := range v.c.Variables {
		if !slices.Contains(g.c.Variables, x) {
			if y != "" {
				return reduced{}
			}
			y = x
		}
	}
	h, ok := v.equation(r.Inner)
	lift, err := expr.Parse(r.Lift[0])
	if !ok || err != nil || y == "" || lift.Has(y) || !v.gives(h, y, lift, r) {
		v.no("that the condition %s gives the variable %s = %s", r.Inner, y, r.Lift[0])
		return reduced{}
	}
	with := map[string]expr.Expr{y: lift}
	if !v.equals(substitute(v.f, with), g.f) {
		v.no("that the formula with it is that of the rest")
		return reduced{}
	}
	for _, c := range g.conditions {
		follows := func(d constraintCheck) bool {
			return d.equal == c.equal && (d.strict || !c.strict) && v.equals(substitute(d.g, with), c.g)
		}
		if !slices.ContainsFunc(v.conditions, follows) && !slices.ContainsFunc(v.boundsOf(y), follows) {
			v.no("that the conditions of the rest follow")
			return reduced{}
		}
	}
	v.yes("the condition %s gives %s = %s, by rules of algebra, and the rest is the formula with it", r.Inner, y, r.Lift[0])
	return reduced{below: v.reaches(g.floor(), g), strict: v.strictly(g, false),
		empty: g.c.Status == certificate.Empty && g.report.Valid}
}

// equation returns the constraint that text names, h = 0.
func (v *verifier) equation(text string) (h expr.Expr, ok bool) {
	e, err := expr.Reader{Conditions: true}.Expr(text)
	if err != nil {
		return h, false
	}
	ks, err := readConstraint(e)
	if err != nil || len(ks) != 1 || !ks[0].equal {
		return h, false
	}
	return ks[0].g, slices.ContainsFunc(v.conditions, func(c constraintCheck) bool { return c.equal && expr.Equal(c.g, ks[0].g) })
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
	factors := []expr.Expr{a}
	if a.Op() == expr.Mul {
		factors = a.AppendArgs(nil)
	}
	for _, x := range factors {
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
	if none == nil || none.c.Status != certificate.Empty || !none.report.Valid || slices.ContainsFunc(none.ends, func(e [2]end) bool { return e != [2]end{} }) {
		return false
	}
	for _, c := range none.conditions {
		if !c.equal || !v.equals(a, c.g) && !v.equals(b, c.g) {
			return false
		}
	}
	return v.definedWith(a, none.f) || v.definedWith(b, none.f)
}
