package form

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
)

// A bending is what the rules of disciplined convex programming (Grant, Boyd
// and Ye, 2006) say of a part of a formula over a box. A logConvex part is
// positive, and its logarithm is convex; so it is convex itself.
type bending struct {
	convex, concave bool
	logConvex       bool
	quadratic       bool       // of degree two or less in the variables
	u               interval.I // encloses the values
	total           bool       // defined and continuous on the whole box
	node            expr.Expr
	powers          []bentPower // whose product the part is times a constant, nil where it is one itself
}

// A bentPower is u^k.
type bentPower struct {
	u *bending
	k number.Number
}

func (c bending) affine() bool { return c.convex && c.concave }

// IsConvex reports whether f is proved to be convex and continuous on the part of the box in
// which it is defined, and that part to be convex.
func IsConvex(f expr.Expr, vars []string, box []interval.I) bool {
	return isConvex(f, vars, box, false)
}

// IsConvexNear is IsConvex that takes more time: second derivatives may say what the rules
// do not, on a small box as a rule.
func IsConvexNear(f expr.Expr, vars []string, box []interval.I) bool {
	return isConvex(f, vars, box, true)
}

func isConvex(f expr.Expr, vars []string, box []interval.I, small bool) bool {
	tidy := simplify.Tidy(f)
	if tidy.Size() > MaxSize {
		return false
	}
	tidy = joinLogarithms(tidy)
	w := expr.Order(tidy)
	outs := make([]expr.Expr, 0, w.Len())
	for _, n := range w.Each() {
		outs = append(outs, n)
	}
	ranges, dec, ok := tape.EncloseOn(vars, box, outs...)
	if !ok {
		return false
	}
	c := expr.Fold(tidy, func(n expr.Expr, args []bending) bending {
		k := w.Place(n)
		r := bending{node: n, u: ranges[k], total: dec[k] == interval.Continuous}
		if a, ok := settled(n, args); ok {
			a.total = a.total && r.total
			return a
		}
		bend(&r, n, args, vars)
		r.convex = r.convex || r.logConvex
		if small && n.Op() == expr.Add && !r.convex {
			bendTogether(&r, args, vars, box)
		}
		if !r.convex && !r.concave {
			bendAlone(&r, n, vars, box)
			bendPerspective(&r, n, args, vars, box)
			bendPieces(&r, n, vars, box)
		}
		return r
	})
	return c.convex
}

// settled returns the part that n is on the box: the branch of a case distinction of which the
// condition holds, or the operand that is the greatest or the least; false where that is not one and the same.
func settled(n expr.Expr, args []bending) (bending, bool) {
	first := func(before func(a, b bending) bool) (bending, bool) {
		for k, a := range args {
			ok := a.total
			for i, b := range args {
				ok = ok && (i == k || b.total && before(a, b))
			}
			if ok {
				return a, true
			}
		}
		return bending{}, false
	}
	switch {
	case n.Op() == expr.If && args[0].total && args[0].u == interval.Point(1):
		return args[1], true
	case n.Op() == expr.If && args[0].total && args[0].u == interval.Point(0):
		return args[2], true
	case n.IsCall("abs") && args[0].total && args[0].u.Lo >= 0:
		return args[0], true
	case n.IsCall("abs") && args[0].total && args[0].u.Hi <= 0:
		u := args[0]
		return bending{convex: u.concave, concave: u.convex, u: u.u.Neg(), total: true, node: n}, true
	case n.IsCall("max"):
		return first(func(a, b bending) bool { return a.u.Lo >= b.u.Hi })
	case n.IsCall("min"):
		return first(func(a, b bending) bool { return a.u.Hi <= b.u.Lo })
	}
	return bending{}, false
}

// bendTogether makes the sum r convex where its terms are but for some that are smooth on the box, the Hessian of which,
// and of other smooth terms, is positive semidefinite there.
func bendTogether(r *bending, args []bending, vars []string, box []interval.I) {
	t := simplify.New()
	var terms []expr.Expr
	for _, a := range args {
		if !a.convex || !HasKinks(a.node) {
			terms = append(terms, t.Pool().Import(a.node))
		}
	}
	sum := t.Pool().Make(expr.Add, terms...)
	names := sum.Vars()
	if len(terms) == 0 || sum.Size() > MaxSize/20 || len(names) > maxTogether {
		return
	}
	outs := append([]expr.Expr{sum}, diff.Gradient(sum, names)...)
	entries := diff.Hessian(sum, names)
	for _, e := range entries {
		outs = append(outs, e.Expr)
	}
	out, dec, ok := tape.EncloseOn(vars, box, outs...)
	if !ok {
		return
	}
	for k, d := range dec {
		if d < interval.Defined || k <= len(names) && d < interval.Continuous || out[k].IsEmpty() {
			return
		}
	}
	h := model.Matrix(len(names))
	for k, e := range entries {
		v := out[1+len(names)+k]
		h[e.Row][e.Col], h[e.Col][e.Row] = v, v
	}
	r.convex = model.PositiveSemidefinite(h)
}

// maxTogether is the number of variables up to which second derivatives of sums are looked at.
const maxTogether = 12

// bend applies the rule for the node n.
func bend(r *bending, n expr.Expr, args []bending, vars []string) {
	if len(args) > 0 && n.Op() != expr.Add && n.IsConstant() {
		r.convex, r.concave, r.quadratic = true, true, false
		r.logConvex = r.u.Lo > 0
		return
	}
	switch n.Op() {
	case expr.Num:
		r.convex, r.concave, r.quadratic, r.logConvex = true, true, true, n.Number().Sign() > 0
	case expr.Var:
		r.convex, r.concave, r.quadratic = true, true, true
	case expr.Add:
		bendSum(r, args, vars)
	case expr.Mul:
		bendProduct(r, n, args)
	case expr.Pow:
		bendPower(r, n, args, vars)
	case expr.Call:
		bendCall(r, n, args, vars)
	}
}

// maxAlone is the number of nodes up to which second derivatives of parts are looked at.
const maxAlone = 40

// bendAlone applies to a part in one variable what its second derivative says, where the
// part is defined on an interval.
func bendAlone(r *bending, n expr.Expr, vars []string, box []interval.I) {
	if len(n.Vars()) != 1 || n.Size() > maxAlone || HasKinks(n) {
		return
	}
	x := n.Vars()[0]
	k := slices.Index(vars, x)
	box = slices.Clone(box)
	within := func(c expr.Expr) bool { // what c leaves out may be between the ends of the box
		root, ok := rootOf(c, x)
		return !ok || box[k].Lo < root.Hi && root.Lo < box[k].Hi
	}
	domain := conditions.Open(n, vars, box)
	for _, c := range domain {
		if side, ok := sideOf(c, x); ok {
			box[k] = box[k].Meet(side)
		} else if c.Op() != expr.Ne {
			return
		}
	}
	for _, c := range domain {
		if c.Op() == expr.Ne && within(c) {
			return
		}
	}
	second := simplify.Tidy(diff.D(diff.D(n, x), x))
	for _, c := range conditions.Open(second, vars, box) { // where it is not defined there may be a cusp
		if within(c) {
			return
		}
	}
	if out, _, ok := tape.EncloseOn(vars, box, second); ok {
		r.convex, r.concave = out[0].Lo >= 0, out[0].Hi <= 0
	}
}

// sideOf returns a half-line that encloses the x with a x + b > c and the like, false for
// a condition of another form.
func sideOf(condition expr.Expr, x string) (interval.I, bool) {
	greater := condition.Op() == expr.Gt || condition.Op() == expr.Ge
	if !greater && condition.Op() != expr.Lt && condition.Op() != expr.Le {
		return interval.Whole, false
	}
	a, b, ok := lineOf(condition, x)
	if !ok {
		return interval.Whole, false
	}
	root := b.Neg().Div(a)
	if greater == (a.Lo > 0) {
		return interval.I{Lo: root.Lo, Hi: math.Inf(1)}, true
	}
	return interval.I{Lo: math.Inf(-1), Hi: root.Hi}, true
}

// rootOf encloses the only x at which the sides of a condition are equal, false where there
// may be several or none.
func rootOf(condition expr.Expr, x string) (interval.I, bool) {
	a, b, ok := lineOf(condition, x)
	if !ok {
		return interval.Whole, false
	}
	return b.Neg().Div(a), true
}

// lineOf encloses a and b where the difference of the sides of a relation is a x + b with
// a != 0; ok is false for a condition of another form.
func lineOf(condition expr.Expr, x string) (a, b interval.I, ok bool) {
	if !condition.Op().IsRelation() {
		return a, b, false
	}
	t := simplify.New()
	pool := t.Pool()
	line := pool.Make(expr.Add, pool.Import(condition.Arg(0)), pool.Make(expr.Neg, pool.Import(condition.Arg(1))))
	if DegreeIn(line, x) != 1 {
		return a, b, false
	}
	a, ok1 := tape.EncloseConstant(t.Tidy(pool.Import(diff.D(line, x))))
	b, ok2 := tape.EncloseConstant(t.Tidy(pool.Substitute(line, map[string]expr.Expr{x: pool.Int(0)})))
	return a, b, ok1 && ok2 && !a.Has(0)
}

func bendSum(r *bending, args []bending, vars []string) {
	r.convex, r.concave, r.logConvex, r.quadratic = true, true, true, true
	var forms []expr.Expr
	for _, a := range args {
		r.convex = r.convex && a.convex
		r.concave = r.concave && a.concave
		r.logConvex = r.logConvex && a.logConvex
		r.quadratic = r.quadratic && a.quadratic
		if a.quadratic {
			forms = append(forms, a.node)
		}
	}
	if r.convex || len(forms) < 2 {
		return
	}
	// The quadratic terms together may be convex where single ones are not.
	r.convex = true
	for _, a := range args {
		r.convex = r.convex && (a.convex || a.quadratic)
	}
	if r.convex {
		t := simplify.New()
		q, ok := quadratic.Of(t.Add(t.Pool().ImportAll(forms...)...), vars)
		r.convex = ok && q.Diagonalise().Down == nil
	}
}

func bendProduct(r *bending, n expr.Expr, args []bending) {
	r.logConvex = true
	varying, degree := -1, 0
	c := interval.Point(1)
	r.quadratic = true
	for i, a := range args {
		r.logConvex = r.logConvex && a.logConvex
		r.quadratic = r.quadratic && a.quadratic
		if n.Arg(i).IsConstant() {
			c = c.Mul(a.u)
			continue
		}
		degree++
		r.quadratic = r.quadratic && a.affine()
		varying = i
	}
	if degree == 1 {
		r.quadratic = args[varying].quadratic
		for i, a := range args {
			r.quadratic = r.quadratic && (i == varying || a.quadratic)
		}
		switch v := args[varying]; {
		case c.Lo >= 0:
			r.convex, r.concave = v.convex, v.concave
		case c.Hi <= 0:
			r.convex, r.concave = v.concave, v.convex
		}
		return
	}
	r.quadratic = r.quadratic && degree <= 2
	for i := range args {
		if !args[i].node.IsConstant() {
			r.powers = append(r.powers, args[i].asPowers()...)
		}
	}
	if r.bendPowers(); c.Hi <= 0 {
		r.convex, r.concave = r.concave, r.convex
	} else if c.Lo < 0 {
		r.convex, r.concave = false, false
	}
}

// asPowers is what the part is a product of.
func (c bending) asPowers() []bentPower {
	if c.powers == nil {
		return []bentPower{{&c, number.Int(1)}}
	}
	return c.powers
}

// toPower makes r the power of the part u: that of each factor, where none is ever negative.
func (r *bending) toPower(u bending, k number.Number) {
	list := u.asPowers()
	if slices.ContainsFunc(list, func(p bentPower) bool { return !(p.u.u.Lo >= 0) }) || !(u.u.Lo >= 0) {
		list = []bentPower{{&u, number.Int(1)}}
	}
	for _, p := range list {
		r.powers = append(r.powers, bentPower{p.u, p.k.Mul(k)})
	}
	if len(list) > 1 {
		r.bendPowers()
	}
}

// bendPowers applies the rules for a product Π u_i^k_i. With k_i > 0 and Σ k_i ≤ 1 it is concave,
// as the geometric mean is, which rises in all u_i; with a single k_i > 0 and Σ k_i ≥ 1 it is convex: a
// power of u^p over the power p - 1 of a geometric mean (the power cone; MOSEK Modeling
// Cookbook, section 4.1).
func (r *bending) bendPowers() {
	one := number.Int(1)
	var sum number.Number
	rising := 0
	r.convex, r.concave = true, true
	for _, p := range r.powers {
		u, k := p.u, p.k
		sum = sum.Add(k)
		positive := u.u.Lo >= 0 || !k.IsInt() // a power with a fraction is defined for no others
		if k.Sign() < 0 {
			r.convex, r.concave = r.convex && u.concave && positive, false
			continue
		}
		rising++
		i, whole := k.Int64()
		even := whole && i%2 == 0
		r.convex = r.convex && (u.affine() && (positive || even) || u.convex && u.total && u.u.Lo >= 0)
		r.concave = r.concave && u.concave && positive
	}
	r.convex = r.convex && rising == 1 && sum.Cmp(one) >= 0
	r.concave = r.concave && sum.Cmp(one) <= 0
}

func bendPower(r *bending, n expr.Expr, args []bending, vars []string) {
	u := args[0]
	if n.Arg(1).Op() != expr.Num {
		// c^v with a constant c > 0.
		v := args[1]
		if n.Arg(0).IsConstant() && u.u.Lo > 0 {
			r.logConvex = u.u.Lo >= 1 && v.convex || u.u.Hi <= 1 && v.concave
		}
		return
	}
	k := n.Arg(1).Number()
	if r.toPower(args[0], k); r.convex || r.concave {
		return
	}
	one := number.Int(1)
	i, whole := k.Int64()
	switch {
	case k.Sign() < 0:
		// u^k falls and is convex for u > 0, and log u^k = k log u.
		if u.concave && u.u.Lo >= 0 {
			r.logConvex = true
		}
	case k.Cmp(one) > 0:
		if u.logConvex {
			r.logConvex = true
		}
		even := whole && i%2 == 0
		switch {
		case even && u.affine():
			r.convex = true
			r.quadratic = i == 2 && u.quadratic
		case even && u.total && (u.convex && u.u.Lo >= 0 || u.concave && u.u.Hi <= 0):
			r.convex = true
		case !whole && !k.IsInt() && u.affine():
			r.convex = true
		case u.total && u.convex && u.u.Lo >= 0:
			r.convex = true
		case whole && !even && u.total && u.concave && u.u.Hi <= 0:
			r.concave = true
		}
		if even && i == 2 && u.quadratic && u.affine() {
			r.quadratic = true
		}
	default: // 0 < k < 1
		r.logConvex = u.logConvex
		r.concave = u.concave
		if half := number.Frac(1, 2); k == half {
			r.convex = isNorm(n.Arg(0), vars)
		}
	}
}

// isNorm reports whether u is a positive semidefinite quadratic ≥ 0, whose square
// root is the length of a vector of affine functions.
func isNorm(u expr.Expr, vars []string) bool {
	q, ok := quadratic.Of(u, vars)
	if !ok {
		return false
	}
	least, ok := q.Least()
	return ok && least.Sign() >= 0
}

func bendCall(r *bending, n expr.Expr, args []bending, vars []string) {
	f := n.Func()
	m := f.Monotone
	if m == 0 {
		m = f.Weakly
	}
	all := func(of func(a bending) bool) bool {
		for _, a := range args {
			if !of(a) {
				return false
			}
		}
		return true
	}
	affine := all(bending.affine)
	convex := all(func(a bending) bool { return a.convex && a.total })
	concave := all(func(a bending) bool { return a.concave && a.total })
	switch f.Name {
	case "exp":
		r.logConvex = args[0].convex
		return
	case "max":
		r.convex = all(func(a bending) bool { return a.convex })
		return
	case "min":
		r.concave = all(func(a bending) bool { return a.concave })
		return
	case "log", "sqrt":
		// Defined where the argument is positive, a convex set if it is concave.
		r.concave = args[0].concave
		if f.Name == "log" {
			r.convex = args[0].logConvex
			return
		}
		r.logConvex = args[0].logConvex
		if r.toPower(args[0], number.Frac(1, 2)); !r.concave {
			r.concave = args[0].concave
			r.convex = isNorm(n.Arg(0), vars)
		}
		return
	case "hypot":
		r.convex = all(func(a bending) bool { return a.affine() || a.convex && a.total && a.u.Lo >= 0 })
		return
	}
	everywhere := f.Domain == "" && f.Dec == nil
	switch f.Convex {
	case 1:
		r.convex = affine || everywhere && (m > 0 && convex || m < 0 && concave) ||
			everywhere && f.Parity > 0 && len(args) == 1 && (convex && args[0].u.Lo >= 0 || concave && args[0].u.Hi <= 0)
	case -1:
		r.concave = affine || everywhere && (m > 0 && concave || m < 0 && convex)
	default:
		// On one side of 0 the bending of some functions is known.
		if affine && len(args) == 1 {
			u := args[0].u
			switch f.Name {
			case "tanh", "atan", "erf", "asinh":
				r.convex, r.concave = u.Hi <= 0, u.Lo >= 0
			case "sinh":
				r.convex, r.concave = u.Lo >= 0, u.Hi <= 0
			}
		}
	}
}
