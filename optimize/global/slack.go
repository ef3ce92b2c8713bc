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
	e.v = s.slackValue(t, q, h, w, op, lo, hi, over)
	if !e.v.Valid() {
		return nil
	}
	e.proof = slackProof(y, c, says)
	return e
}

// slackValue is a value of y with which h(y) = w, or h(y) ≤ w or < w as op says, h having its values between the ends and y lying over the interval;
// not Valid where none is found. The greatest value is settled where it is needed.
func (s *session) slackValue(t *simplify.Tidier, q *Problem, h, w expr.Expr, op expr.Op, lo, hi rangeEnd, over interval.I) (v expr.Expr) {
	pool := t.Pool()
	switch {
	case op != expr.Eq && lo.value.Valid():
		v = lo.at
		if !lo.attained { // a value between
			hi, _ = s.rangeEnd(q, true)
			most := w
			if hi.value.Valid() {
				most = pool.Call(fn.Lookup("min"), w, pool.Import(hi.value))
			}
			between := pool.Make(expr.Mul, pool.Num(number.Frac(1, 2)), pool.Make(expr.Add, pool.Import(lo.value), most))
			v = preimage(t, h, between, span(lo, hi), over)
		}
	case op != expr.Eq && hi.value.Valid(): // all values below hi are taken
		below := pool.Make(expr.Add, pool.Import(hi.value), pool.Int(-1))
		v = preimage(t, h, pool.Call(fn.Lookup("min"), pool.Make(expr.Add, w, pool.Int(-1)), below), span(lo, hi), over)
	case op == expr.Lt:
		v = preimage(t, h, pool.Make(expr.Add, w, pool.Int(-1)), interval.Whole, over)
	default:
		v = preimage(t, h, w, span(lo, hi), over)
	}
	return v
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
	case op.Holds(there.Number().Sign()):
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
