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
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// This file answers where a variable y occurs in one condition only, h(y) = w or h(y) ≤ w with
// w a formula of the others, as a slack does in x + y^2 = 1. With h continuous, some y
// satisfies it where w lies in the range of h, an interval: a question with a variable less. Or
// it occurs in inequalities that hold it between formulas of the others, and perhaps in f, which
// rises or falls with it: the nearest of those is then its best value, as in the epigraph form of a
// minimax problem.

// bySlack returns nil where there is no such variable in an equation or, as asked for, in
// inequalities, or what is left is not settled.
func (s *session) bySlack(equations bool) *Answer {
	for k, y := range s.p.Vars {
		if s.p.F.Has(y) {
			continue
		}
		var in []expr.Expr
		for _, c := range s.p.SubjectTo {
			if c.Has(y) {
				in = append(in, c)
			}
		}
		var e *elimination
		switch {
		case len(in) == 1:
			if (in[0].Op() == expr.Eq) == equations {
				e = s.slack(in[0], k)
			}
			if e == nil && equations { // it does not take long
				e = s.scaledSlack(in[0], k)
			}
		case len(in) > 1 && !equations:
			e = s.between(in, k)
		}
		if e != nil {
			return s.answerRest(e)
		}
	}
	return nil
}

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
	v      expr.Expr
	strict bool
}

// between returns what is left of the question without variable k, which the inequalities in
// hold between formulas of the others, and which occurs nowhere else but in f, which is linear in
// it: none of those below it is above one of the others (Fourier and Motzkin; Schrijver, Theory of
// Linear and Integer Programming, 1986, section 12.2). It is nil where they have another form.
func (s *session) between(in []expr.Expr, k int) *elimination {
	p, y := s.p, s.p.Vars[k]
	t := simplify.New()
	pool := t.Pool()
	var below, above []side
	for _, c := range in {
		u, v, ok := sidesOf(t, c, y, !s.o.checked)
		if !ok {
			return nil
		}
		below, above = append(below, u...), append(above, v...)
	}
	if p.Bounds != nil {
		if b := p.Bounds[k]; b.Lo.Valid() {
			below = append(below, side{pool.Import(b.Lo), b.LoOpen})
		}
		if b := p.Bounds[k]; b.Hi.Valid() {
			above = append(above, side{pool.Import(b.Hi), b.HiOpen})
		}
	}
	const most = 12
	if len(below)*len(above) > most {
		return nil
	}
	e := &elimination{at: k, equation: in[0], kind: certificate.Projected, loose: true, rest: p.without(k)}
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
		if rest := t.Tidy(pool.Substitute(h, map[string]expr.Expr{y: pool.Int(0)})); a.Op() != expr.Num || !rest.IsNum(0) {
			return nil, nil, false
		}
		v := side{w, strict}
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
		up, w = h.Arg(1), t.Neg(t.Tidy(w))
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
			if above = []side{{v, strict}}; n == 2 {
				below = []side{{turned(pool, v), strict}}
			}
		}
	case up.IsCall("log") && up.Arg(0) == u && least:
		below = []side{{pool.Call(fn.Lookup("exp"), w), strict}}
	case up.IsCall("exp") && up.Arg(0) == u && (!least || positive(t.Tidy(w))):
		above = []side{{pool.Call(fn.Lookup("log"), w), strict}}
	default:
		return nil, nil, false
	}
	if least && len(above) > 0 {
		below, above = above, nil
	}
	return below, above, true
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

// epigraph completes e, a question without a variable in which f is linear and that the
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

// slopeSign is the sign of the derivative of the formula by y where that is seen to be the same everywhere, the formula being defined
// and differentiable on each line on which y alone changes, or nowhere on it; 0 where it is not.
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
	switch {
	case positive(a):
		return 1
	case positive(t.Neg(a)):
		return -1
	}
	return 0
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

// A rangeEnd is an end of the range of a function of one variable.
type rangeEnd struct {
	value    expr.Expr // not Valid where it is infinite
	attained bool
	at       expr.Expr // a place where it is attained, not Valid where none has a closed form
	proof    *certificate.Certificate
}

// slack returns what is left of the question without variable k, which occurs in the condition
// c alone, nil where it is no slack.
func (s *session) slack(c expr.Expr, k int) *elimination {
	p, y := s.p, s.p.Vars[k]
	t := simplify.New()
	pool := t.Pool()
	h, w, op, ok := slackForm(pool, c, y)
	if !ok {
		return nil
	}
	over := interval.Whole
	q := &Problem{F: h, Vars: []string{y}}
	if p.Bounds != nil {
		q.Bounds = []Bound{p.Bounds[k]}
		over = s.m.Outer[k]
	}
	prog, err := tape.Compile(q.Vars, h)
	if err != nil {
		return nil
	}
	m := prog.NewMachine()
	var out [1]interval.I
	var dec [1]interval.Dec
	if m.Interval(out[:], dec[:], []interval.I{over}); dec[0] != interval.Continuous {
		return nil
	}
	e := &elimination{at: k, equation: c, kind: certificate.Projected, loose: true, rest: p.without(k)}
	e.rest.F = p.F
	for _, d := range p.SubjectTo {
		if d != c {
			e.rest.SubjectTo = append(e.rest.SubjectTo, d)
		}
	}
	lo, ok := s.rangeEnd(q, false)
	if !ok {
		return nil
	}
	var hi rangeEnd
	var says []expr.Expr
	if lo.value.Valid() {
		says = append(says, atLeast(pool, w, pool.Import(lo.value), lo.attained && op != expr.Lt))
	}
	if op == expr.Eq || !lo.value.Valid() {
		if hi, ok = s.rangeEnd(q, true); !ok {
			return nil
		}
	}
	if op == expr.Eq && hi.value.Valid() {
		says = append(says, atMost(pool, w, pool.Import(hi.value), hi.attained))
	}
	if len(says) == 0 { // what is left of the condition is that w is defined
		for _, d := range simplify.Domain(w) {
			says = append(says, pool.Import(d))
		}
	}
	for _, end := range []rangeEnd{lo, hi} {
		if end.proof != nil {
			e.further = append(e.further, end.proof)
		}
	}
	e.rest.SubjectTo = append(e.rest.SubjectTo, says...)
	switch {
	case op != expr.Eq && lo.value.Valid():
		e.v = lo.at
		if !lo.attained { // a value between
			hi, _ = s.rangeEnd(q, true)
			most := w
			if hi.value.Valid() {
				most = pool.Call(fn.Lookup("min"), w, pool.Import(hi.value))
			}
			between := pool.Make(expr.Mul, pool.Num(number.Frac(1, 2)), pool.Make(expr.Add, pool.Import(lo.value), most))
			e.v = preimage(t, h, between, span(lo, hi), over)
		}
	case op != expr.Eq && hi.value.Valid(): // all values below hi are taken
		below := pool.Make(expr.Add, pool.Import(hi.value), pool.Int(-1))
		e.v = preimage(t, h, pool.Call(fn.Lookup("min"), pool.Make(expr.Add, w, pool.Int(-1)), below), span(lo, hi), over)
	case op == expr.Lt:
		e.v = preimage(t, h, pool.Make(expr.Add, w, pool.Int(-1)), interval.Whole, over)
	default:
		e.v = preimage(t, h, w, span(lo, hi), over)
	}
	if !e.v.Valid() {
		return nil
	}
	e.proof = slackProof(y, c, says)
	return e
}

// scaledSlack is slack for a condition a y + b = 0, ≤ 0 or < 0 on an unbounded y, with formulas a and b of the others: it holds for
// some y where a is not 0, or where b by itself is as it says.
func (s *session) scaledSlack(c expr.Expr, k int) *elimination {
	p, y := s.p, s.p.Vars[k]
	if p.Bounds != nil && (p.Bounds[k].Lo.Valid() || p.Bounds[k].Hi.Valid()) {
		return nil
	}
	op := c.Op()
	if op != expr.Eq && op != expr.Le && op != expr.Lt && op != expr.Ge && op != expr.Gt {
		return nil
	}
	t := simplify.New()
	pool := t.Pool()
	g := pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1))))
	if form.DegreeIn(g, y) != 1 || len(simplify.Domain(g)) > 0 {
		return nil
	}
	a, b := t.Tidy(diff.D(g, y)), t.Tidy(pool.Substitute(g, map[string]expr.Expr{y: pool.Int(0)}))
	if a.IsConstant() || a.Has(y) {
		return nil
	}
	e := &elimination{at: k, equation: c, kind: certificate.Projected, loose: true, rest: p.without(k)}
	e.rest.F = p.F
	for _, d := range p.SubjectTo {
		if d != c {
			e.rest.SubjectTo = append(e.rest.SubjectTo, d)
		}
	}
	says := orByItself(t, a, b, op)
	e.rest.SubjectTo = append(e.rest.SubjectTo, says...)
	slack := map[expr.Op]int64{expr.Lt: -1, expr.Gt: 1}[op] // a y + b is that
	e.v = pool.Make(expr.Div, pool.Make(expr.Add, pool.Int(slack), pool.Make(expr.Neg, b)), a)
	e.proof = slackProof(y, c, says)
	return e
}

// orByItself are the conditions that a is not 0, or b compares with 0 as op says: none, or only the first, where it is known how b does
// where a is 0.
func orByItself(t *simplify.Tidier, a, b expr.Expr, op expr.Op) []expr.Expr {
	pool := t.Pool()
	zero := pool.Int(0)
	nonzero, there := pool.Make(expr.Ne, a, zero), b
	_, x := t.Split(a)
	if x.Op() == expr.Pow && x.Arg(1).Op() == expr.Num && x.Arg(1).Number().Sign() > 0 {
		x = x.Arg(0)
	}
	if x.Op() == expr.Var {
		nonzero, there = pool.Make(expr.Ne, x, zero), t.Tidy(pool.Substitute(b, map[string]expr.Expr{x.Name(): zero}))
	}
	switch {
	case there.Op() != expr.Num:
		return []expr.Expr{pool.Make(expr.Or, nonzero, pool.Make(op, b, zero))}
	case simplify.Holds(op, there.Number(), number.Int(0)):
		return nil
	}
	return []expr.Expr{nonzero}
}

// slackProof says where the condition c holds for some y.
func slackProof(y string, c expr.Expr, says []expr.Expr) string {
	text := "always holds for some " + y
	if len(says) > 0 {
		text = "holds for some " + y + " where " + format.All(says, format.Options{})
	}
	return fmt.Sprintf("%s occurs in the condition %s only, which %s", y, format.Text(c), text)
}

// slackForm reads the condition c as h = w, h ≤ w or h < w with y in h alone; false where it is
// none of them.
func slackForm(pool *expr.Pool, c expr.Expr, y string) (h, w expr.Expr, op expr.Op, ok bool) {
	op = c.Op()
	turned := op == expr.Gt || op == expr.Ge
	switch op {
	case expr.Gt:
		op = expr.Lt
	case expr.Ge:
		op = expr.Le
	case expr.Eq, expr.Lt, expr.Le:
	default:
		return h, w, op, false
	}
	var with, others []expr.Expr
	var collect func(e expr.Expr, minus bool)
	collect = func(e expr.Expr, minus bool) {
		switch {
		case e.IsNum(0):
		case e.Op() == expr.Add:
			for _, a := range e.Args() {
				collect(a, minus)
			}
		case e.Op() == expr.Neg:
			collect(e.Arg(0), !minus)
		case e.Has(y) == minus: // w is on the other side
			if minus {
				with = append(with, pool.Make(expr.Neg, pool.Import(e)))
			} else {
				others = append(others, pool.Make(expr.Neg, pool.Import(e)))
			}
		case minus:
			others = append(others, pool.Import(e))
		default:
			with = append(with, pool.Import(e))
		}
	}
	collect(c.Arg(0), turned)
	collect(c.Arg(1), !turned)
	sum := func(list []expr.Expr) expr.Expr {
		switch len(list) {
		case 0:
			return pool.Int(0)
		case 1:
			return list[0]
		}
		return pool.Make(expr.Add, list...)
	}
	h, w = sum(with), sum(others)
	return h, w, op, len(h.Vars()) == 1
}

// atLeast is the condition u ≥ v, or u > v.
func atLeast(pool *expr.Pool, u, v expr.Expr, equal bool) expr.Expr {
	if equal {
		return pool.Make(expr.Ge, u, v)
	}
	return pool.Make(expr.Gt, u, v)
}

// atMost is the condition u ≤ v, or u < v.
func atMost(pool *expr.Pool, u, v expr.Expr, equal bool) expr.Expr {
	if equal {
		return pool.Make(expr.Le, u, v)
	}
	return pool.Make(expr.Lt, u, v)
}

// rangeEnd settles the least or the greatest value of q; false where it is not settled, or has
// no closed form.
func (s *session) rangeEnd(q *Problem, greatest bool) (end rangeEnd, ok bool) {
	p := *q
	p.Max = greatest
	a, steps, err := solveAny(s.ctx, &p, Options{Certificate: s.o.Certificate})
	if err != nil {
		return end, false
	}
	if a.Status == Unbounded {
		return end, true
	}
	if a.Status != Exact && a.Status != NotAttained || !a.ExactValue.Valid() {
		return end, false
	}
	end = rangeEnd{value: a.ExactValue, attained: a.Attained}
	if len(a.ExactAt) == 1 {
		end.at = a.ExactAt[0]
	}
	if s.o.Certificate {
		end.proof = certify(&p, a, steps)
	}
	return end, true
}

// span encloses the range with these ends.
func span(lo, hi rangeEnd) interval.I {
	x := interval.Whole
	if lo.value.Valid() {
		if v, ok := tape.EncloseConstant(lo.value); ok {
			x.Lo = v.Lo
		}
	}
	if hi.value.Valid() {
		if v, ok := tape.EncloseConstant(hi.value); ok {
			x.Hi = v.Hi
		}
	}
	return x
}

// preimage is a formula for a y in the interval over with h(y) = w, for w in the range of h;
// not Valid where none is found. A few values of w show that it is not that of another branch:
// nothing is concluded from it but at points, which are checked.
func preimage(t *simplify.Tidier, h, w expr.Expr, values, over interval.I) expr.Expr {
	const name = "value of the slack"
	pool := t.Pool()
	list, ok := form.Preimages(t, t.Tidy(h), pool.Var(name))
	if !ok {
		return expr.Expr{}
	}
	y := h.Vars()[0]
	right := func(v expr.Expr) bool {
		prog, err := tape.Compile([]string{name}, v, pool.Substitute(h, map[string]expr.Expr{y: v}))
		if err != nil {
			return false
		}
		m := prog.NewMachine()
		for k := range 33 {
			at := []float64{model.Stretch((float64(k)+0.5)/33, values)}
			var out [2]float64
			m.Eval(out[:], at)
			if !(math.Abs(out[1]-at[0]) <= 1e-9*math.Max(1, math.Abs(at[0]))) || !over.Has(out[0]) {
				return false
			}
		}
		return true
	}
	for _, v := range slices.Backward(list) { // roots come last
		if right(v) {
			return t.Tidy(pool.Substitute(v, map[string]expr.Expr{name: w}))
		}
	}
	return expr.Expr{}
}

// satisfies reports whether the point m satisfies the conditions: exactly, or as far as floats
// show where it has no closed form.
func (s *session) satisfies(m Point) bool {
	if m.Exact != nil {
		_, ok := s.exactPoint(m.Exact)
		return ok
	}
	p := s.m.Prober()
	p.At(m.X)
	for k, c := range s.m.Cons {
		if g := p.FOut[k+1]; !(g <= kkt.NearlyFeasible) || c.Equal && g < -kkt.NearlyFeasible {
			return false
		}
	}
	return true
}
