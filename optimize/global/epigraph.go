package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
)

// This file answers where inequalities hold a variable between formulas of the others.

// byEpigraph answers where f is linear, or strictly monotone, in a variable that inequalities alone hold: it has the
// greatest value of what is below it, or the least of what is above. It returns nil where there
// is no such variable, or what is left is not settled.
func (s *session) byEpigraph() *Answer {
	for k, y := range s.p.Vars {
		if s.slopeSign(y) == 0 {
			continue
		}
		var in []expr.Expr
		for _, c := range s.p.SubjectTo {
			if c.Has(y) {
				in = append(in, c)
			}
		}
		if len(in) == 0 {
			continue
		}
		if e := s.between(in, k); e != nil {
			return s.answerRest(e)
		}
	}
	return nil
}

// A side is a bound of a variable, a formula of the others.
type side struct {
	v        expr.Expr
	strict   bool
	positive bool // v is known to be, in the region
}

// between returns what is left of the question without variable k, which the inequalities in
// hold between formulas of the others, and which occurs nowhere else but in f, which is linear or monotone in
// it: none of those below it is above one of the others (Fourier and Motzkin; Schrijver, Theory of
// Linear and Integer Programming, 1986, section 12.2). It is nil where they have another form.
func (s *session) between(in []expr.Expr, k int) *elimination {
	p, y := s.p, s.p.Vars[k]
	t := simplify.New()
	pool := t.Pool()
	var below, above []side
	var signs []expr.Expr
	for _, c := range in {
		u, v, ok := sidesOf(t, c, y, !s.o.checked)
		if !ok {
			var says expr.Expr
			if u, v, says, ok = s.dividedSides(t, c, y); !ok {
				return nil
			}
			signs = append(signs, says)
		}
		below, above = append(below, u...), append(above, v...)
	}
	if p.Bounds != nil {
		if b := p.Bounds[k]; b.Lo.Valid() {
			below = append(below, side{v: pool.Import(b.Lo), strict: b.LoOpen})
		}
		if b := p.Bounds[k]; b.Hi.Valid() {
			above = append(above, side{v: pool.Import(b.Hi), strict: b.HiOpen})
		}
	}
	if slices.ContainsFunc(below, func(v side) bool { return v.positive }) {
		below = slices.DeleteFunc(below, func(v side) bool { return !v.positive && v.v.IsNum(0) })
	}
	const most = 12
	if len(below)*len(above) > most {
		return nil
	}
	e := &elimination{at: k, equation: in[0], kind: certificate.Projected, loose: true, rest: p.without(k)}
	e.rest.SubjectTo = append(e.rest.SubjectTo, signs...)
	e.rest.F = p.F
	for _, d := range p.SubjectTo {
		if !slices.Contains(in, d) {
			e.rest.SubjectTo = append(e.rest.SubjectTo, d)
		}
	}
	if p.F.Has(y) {
		return s.epigraph(e, t, in, below, above)
	}
	says := ordered(pool, below, above)
	if len(below) == 0 || len(above) == 0 { // a condition says where its formula is defined, and nothing is left of it
		for _, u := range slices.Concat(below, above) {
			if len(simplify.Domain(u.v)) > 0 {
				return nil
			}
		}
	}
	e.rest.SubjectTo = append(e.rest.SubjectTo, says...)
	if e.v = value(pool, below, above); !e.v.Valid() {
		return nil
	}
	text := "which always hold for some " + y
	if len(says) > 0 {
		text = "which hold for some " + y + " where " + format.All(says, format.Options{})
	}
	e.proof = fmt.Sprintf("%s occurs in the conditions %s only, %s", y, format.All(in, format.Options{}), text)
	return e
}

// sidesOf reads the condition c as bounds of y by formulas of the others; false where it has another form. Those of powers and functions
// are defined where some y satisfies it, and only for further.
func sidesOf(t *simplify.Tidier, c expr.Expr, y string, further bool) (below, above []side, ok bool) {
	pool := t.Pool()
	h, w, op, ok := slackForm(pool, c, y)
	if !ok || op == expr.Eq {
		return nil, nil, false
	}
	strict := op == expr.Lt
	if form.DegreeIn(h, y) == 1 {
		a := t.Tidy(pool.Import(diff.D(h, y)))
		if rest := t.Tidy(pool.Substitute(h, map[string]expr.Expr{y: pool.Int(0)})); a.Op() != expr.Num || a.IsNum(0) || !rest.IsNum(0) {
			return nil, nil, false // a is 0 where y cancels, and the condition is no bound of it
		}
		v := side{v: w, strict: strict}
		if a.IsNum(-1) {
			v.v = turned(pool, w)
		} else if !a.IsNum(1) {
			v.v = pool.Make(expr.Div, w, a)
		}
		if a.Number().Sign() > 0 {
			return nil, []side{v}, true
		}
		return []side{v}, nil, true
	}
	if !further {
		return nil, nil, false
	}
	h = t.Tidy(h)
	up := h // h is up, or -up
	if h.Op() == expr.Mul && h.Len() == 2 && h.Arg(0).IsNum(-1) {
		up, w = h.Arg(1), turned(pool, w)
	}
	least := up != h // up ≥ w
	switch u := pool.Var(y); {
	case up.Op() == expr.Pow && up.Arg(0) == u && up.Arg(1).Op() == expr.Num:
		n, whole := up.Arg(1).Number().Int64()
		switch root := fn.Lookup("sqrt"); {
		case !whole || n < 2 || n > 3 || n == 2 && least: // which holds on two sides
			return nil, nil, false
		case n == 3:
			root = fn.Lookup("cbrt")
			fallthrough
		default:
			v := pool.Call(root, w)
			if above = []side{{v: v, strict: strict}}; n == 2 {
				below = []side{{v: turned(pool, v), strict: strict}}
			}
		}
	case up.IsCall("log") && up.Arg(0) == u && least:
		below = []side{{v: pool.Call(fn.Lookup("exp"), w), strict: strict}}
	case up.IsCall("exp") && up.Arg(0) == u && (!least || positive(t.Tidy(w))):
		above = []side{{v: pool.Call(fn.Lookup("log"), w), strict: strict}}
	default:
		return nil, nil, false
	}
	if least && len(above) > 0 {
		below, above = above, nil
	}
	return below, above, true
}

// dividedSides is sidesOf for c that says a y + b ≤ 0 with formulas a and b of the other variables, defined everywhere, a of one sign, which
// says states: y is held by -b/a.
func (s *session) dividedSides(t *simplify.Tidier, c expr.Expr, y string) (below, above []side, says expr.Expr, ok bool) {
	const few = 3 // variables; with more, quotients take the place of products that linear programs know
	if !c.Op().IsRelation() || c.Op() == expr.Eq || c.Op() == expr.Ne || s.b == nil || s.m.N > few {
		return nil, nil, says, false
	}
	con, pool := asConstraint(c), t.Pool()
	g := t.Tidy(con.G)
	if len(simplify.Domain(con.G)) > 0 || form.DegreeIn(g, y) != 1 {
		return nil, nil, says, false
	}
	a, b := t.Tidy(diff.D(g, y)), t.Tidy(pool.Substitute(g, map[string]expr.Expr{y: pool.Int(0)}))
	prog, err := tape.Compile(s.p.Vars, a, b)
	if err != nil {
		return nil, nil, says, false
	}
	box := slices.Clone(s.m.Outer)
	if !s.b.Contract(box, math.Inf(1), 30) {
		return nil, nil, says, false
	}
	s.keepSigns(box)
	out := make([]interval.I, 2)
	prog.NewMachine().Interval(out, nil, box)
	// Where a is 0 the condition holds nowhere, if it may be 0.
	v := side{v: t.Neg(t.Mul(b, t.Pow(a, t.Int(-1)))), strict: con.Strict}
	switch never := out[1].Lo > 0; {
	case out[0].Lo > 0 || never && out[0].Lo >= 0:
		return nil, []side{v}, pool.Make(expr.Gt, a, pool.Int(0)), true
	case out[0].Hi < 0 || never && out[0].Hi <= 0:
		v.positive = never
		return []side{v}, nil, pool.Make(expr.Lt, a, pool.Int(0)), true
	}
	return nil, nil, says, false
}

// ordered lists the conditions that none of the formulas below is above one of the others.
func ordered(pool *expr.Pool, below, above []side) (says []expr.Expr) {
	for _, u := range below {
		for _, v := range above {
			constant := u.v.IsConstant() && v.v.IsConstant()
			if !constant || !provedBelow(u.v, v.v) {
				says = append(says, atMost(pool, u.v, v.v, !u.strict && !v.strict))
			}
		}
	}
	return says
}

// epigraph completes e, a question without a variable in which f is linear or monotone and that the
// inequalities in hold between the sides: f is best where it is as near as they allow. It is nil
// where nothing holds the variable on that side, or it may not be there.
func (s *session) epigraph(e *elimination, t *simplify.Tidier, in []expr.Expr, below, above []side) *elimination {
	p, pool, y := s.p, t.Pool(), s.p.Vars[e.at]
	sign := s.slopeSign(y)
	if sign == 0 {
		return nil
	}
	near, what := below, "greatest"
	if (sign > 0) == p.Max {
		near, what = above, "least"
	}
	if len(near) == 0 || slices.ContainsFunc(near, func(v side) bool { return v.strict }) {
		return nil
	}
	if what == "least" {
		e.v = value(pool, nil, near)
	} else {
		e.v = value(pool, near, nil)
	}
	says := ordered(pool, below, above)
	e.rest.SubjectTo = append(e.rest.SubjectTo, says...)
	e.rest.F = pool.Substitute(pool.Import(p.F), map[string]expr.Expr{y: e.v})
	e.loose = false // f says which value it is
	e.proof = fmt.Sprintf("with the others held, f is best where %s is as the conditions %s just allow, the %s of what they hold it by, which leaves",
		y, format.All(in, format.Options{}), what)
	e.left = format.Text(e.rest.F)
	return e
}

// slopeSign is the sign of the derivative of the formula by y where that is seen to be the same everywhere, or where the variables have the signs
// that they have in the region, the formula being defined and differentiable on each line on which y alone changes, or nowhere on it; 0 where it is not.
func (s *session) slopeSign(y string) int {
	f := s.p.F
	if !f.Has(y) {
		return 0
	}
	t := simplify.New()
	a := t.Tidy(diff.D(f, y))
	if form.DegreeIn(f, y) == 1 && a.Op() == expr.Num {
		return a.Number().Sign()
	}
	if s.o.checked || f.Size() > maxEliminated {
		return 0
	}
	for n := range f.All() {
		if n.Has(y) && form.HasKinks(n) {
			return 0
		}
	}
	for _, e := range []expr.Expr{f, a} {
		if slices.ContainsFunc(simplify.Domain(e), func(c expr.Expr) bool { return c.Has(y) }) {
			return 0
		}
	}
	a = t.Shorter(a)
	for _, b := range [...]expr.Expr{a, withSigns(t, a, s.p.Vars, s.signs())} { // on a segment of the region, variables with a sign there keep it
		switch {
		case positive(b):
			return 1
		case positive(t.Neg(b)):
			return -1
		}
	}
	return 0
}

// signs returns the signs that the variables have in the region, 0 for those that are not seen to have one.
func (s *session) signs() []int {
	const few = 3
	if s.ofVars != nil || s.b == nil || len(s.m.Cons) == 0 || s.m.N > few {
		return s.ofVars
	}
	s.ofVars = make([]int, s.m.N)
	box := slices.Clone(s.m.Outer)
	if !s.b.Contract(box, math.Inf(1), 30) {
		return s.ofVars
	}
	s.keepSigns(box)
	for i, x := range box {
		part := slices.Clone(box)
		part[i] = interval.Point(0)
		if !x.Has(0) || (x.Lo == 0 || x.Hi == 0) && !s.b.Contract(part, math.Inf(1), 5) {
			s.ofVars[i] = exact.SignOf(x)
			if x.Has(0) {
				s.ofVars[i] = exact.SignOf(interval.Point(x.Lo + x.Hi))
			}
		}
	}
	return s.ofVars
}

// withSigns is a with exp(x) in the place of the variables that are positive and -exp(x) in that of negative ones: it has its values there, everywhere.
func withSigns(t *simplify.Tidier, a expr.Expr, vars []string, signs []int) expr.Expr {
	with := map[string]expr.Expr{}
	for i, sign := range signs {
		if u := t.Call(fn.Lookup("exp"), t.Var(vars[i])); sign != 0 && a.Has(vars[i]) {
			with[vars[i]] = t.Mul(t.Int(int64(sign)), u)
		}
	}
	if len(with) == 0 {
		return a
	}
	return t.Tidy(expr.Rebuild(a, t, func(x expr.Expr) (expr.Expr, bool) { u, ok := with[x.Name()]; return u, ok }))
}

// turned is -e, written without the signs that it has already.
func turned(pool *expr.Pool, e expr.Expr) expr.Expr {
	switch e.Op() {
	case expr.Neg:
		return e.Arg(0)
	case expr.Add:
		terms := e.AppendArgs(nil)
		for i, a := range terms {
			terms[i] = turned(pool, a)
		}
		return pool.Make(expr.Add, terms...)
	}
	return pool.Make(expr.Neg, e)
}

// value is a number between the sides: the greatest of those below where it may be that, or the
// least of those above, or one between them; not Valid where no formula for it is seen.
func value(pool *expr.Pool, below, above []side) expr.Expr {
	one := func(list []side, name string) (expr.Expr, bool) {
		var all []expr.Expr
		strict := false
		for _, v := range list {
			all, strict = append(all, v.v), strict || v.strict
		}
		if len(all) == 1 {
			return all[0], strict
		}
		return pool.Call(fn.Lookup(name), all...), strict
	}
	half := pool.Num(number.Frac(1, 2))
	switch {
	case len(below) == 0:
		if v, strict := one(above, "min"); strict {
			return pool.Make(expr.Add, v, pool.Int(-1))
		} else {
			return v
		}
	case len(above) == 0:
		if v, strict := one(below, "max"); strict {
			return pool.Make(expr.Add, v, pool.Int(1))
		} else {
			return v
		}
	}
	u, open := one(below, "max")
	if !open {
		return u
	}
	v, open := one(above, "min")
	if !open {
		return v
	}
	return pool.Make(expr.Mul, half, pool.Make(expr.Add, u, v))
}
