package global

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/univariate"
)

// This file answers by elimination of a variable that the others determine: one in
// which f is a parabola has its best value at the vertex, and one that an equation
// gives has no choice. What is left is a question with a variable less.

// An elimination is such a question.
type elimination struct {
	at    int       // the variable that is eliminated
	v     expr.Expr // its value, a formula of the others
	rest  *Problem
	proof string // why the answer to rest is that to the whole
	left  string // the formula that rest is, where the proof has still to name it

	equation expr.Expr       // the condition that gives v; not Valid where v is the best value
	kind     string          // of the reduction in the certificate, "" for none
	half     expr.Expr       // of a parabola: half the second derivative
	loose    bool            // other values may be as good
	along    []number.Number // a direction in which f does not change, nil for none
	// further are claims beside that on rest: that the coefficient of the variable and what is without it are not 0
	// together, or what the values of a slack lie between.
	further []*certificate.Certificate
}

// maxEliminated is the number of nodes up to which a formula is multiplied out to
// see what a parabola in it leaves.
const maxEliminated = 200

// without returns the variables of p other than number k, with their bounds.
func (p *Problem) without(k int) *Problem {
	q := &Problem{Vars: slices.Delete(slices.Clone(p.Vars), k, k+1), Max: p.Max}
	if p.Bounds != nil {
		q.Bounds = slices.Delete(slices.Clone(p.Bounds), k, k+1)
	}
	return q
}

// A vertexWay says which variables byVertex eliminates.
type vertexWay int

const (
	simpler vertexWay = iota // the second derivative is a constant, and what is left is no larger
	larger                   // the second derivative is a constant
	ofOne                    // the second derivative varies, and one variable is left
	ofMany                   // the second derivative varies
)

// byVertex answers for a formula that is a parabola in one of its variables, which
// no bound or condition holds:
//
//	f = a/2 (y - y*)² + g,  y* = -b/a,  g = c - b²/(2a)
//
// with a = ∂²f/∂y² > 0, and b and c the values of ∂f/∂y and f at y = 0; a is a
// constant that leaves g simpler than f, or, without conditions, positive almost everywhere (variable projection;
// Golub and Pereyra, SIAM J. Numer. Anal. 10, 1973), or either of them, as way says.
// It returns nil where there is no such variable, or g is not settled.
func (s *session) byVertex(way vertexWay) *Answer {
	f := s.p.F
	if f.Size() > maxEliminated {
		return nil
	}
	for k := s.m.N - 1; k >= 0; k-- {
		y := s.p.Vars[k]
		if s.ctx.Err() != nil {
			return nil
		}
		if s.p.Bounds != nil && (s.p.Bounds[k].Lo.Valid() || s.p.Bounds[k].Hi.Valid()) || form.DegreeIn(f, y) < 2 {
			continue
		}
		if slices.ContainsFunc(s.p.SubjectTo, func(c expr.Expr) bool { return c.Has(y) }) {
			continue
		}
		t := simplify.New()
		slope := t.Pool().Import(diff.D(f, y))
		a := t.Pool().Import(diff.D(slope, y))
		sign := form.ConstantSign(a)
		if s.p.Max {
			sign = -sign
		}
		varying := !a.IsConstant()
		if varying && len(s.p.SubjectTo) > 0 { // the region may lie where a = 0
			continue
		}
		if a.Has(y) || varying != (way >= ofOne) || varying && (way == ofOne && s.m.N > 2 || !s.parabolaAlmostEverywhere(a)) || !varying && sign <= 0 {
			continue
		}
		at0 := map[string]expr.Expr{y: t.Int(0)}
		pool := t.Pool()
		b := t.Tidy(pool.Substitute(slope, at0))
		c := pool.Substitute(pool.Import(f), at0)
		q := s.p.without(k)
		q.SubjectTo = s.p.SubjectTo
		q.F = pool.Make(expr.Add, c, pool.Make(expr.Neg, t.Tidy(pool.Make(expr.Div, pool.Make(expr.Pow, b, t.Int(2)), t.Mul(t.Int(2), a)))))
		v := t.Tidy(pool.Make(expr.Neg, pool.Make(expr.Div, b, a)))
		size := simplify.Tidy(q.F).Size()
		if g, _ := simplify.Canonical(q.F); g.Size() < size && form.SameDomain(q.F, g) {
			q.F, size = g, g.Size()
		}
		if size > f.Size() && way == simpler {
			continue
		}
		if way == larger { // sums of squares stay such
			q.F = pool.Substitute(pool.Import(f), map[string]expr.Expr{y: v})
		}
		e := &elimination{at: k, v: v, rest: q, kind: certificate.Sum, half: t.Mul(t.Num(number.Frac(1, 2)), a), loose: varying}
		e.proof = fmt.Sprintf("f is a parabola in %s, %s at %s = %s, where it is", y, s.p.least(), y, format.Text(v))
		e.left = format.Text(simplify.Tidy(q.F))
		r := s.answerRest(e)
		if r != nil && r.Status == NotAttained && varying { // squares and curves are simpler to check
			if way == ofOne && s.isPolynomial() {
				continue
			}
			if c := s.downPaths(); c != nil {
				return c
			}
		}
		if r != nil {
			return r
		}
	}
	return nil
}

// linearParameters counts the variables in which f is a parabola.
func (s *session) linearParameters() int {
	n := 0
	for _, x := range s.p.Vars {
		if form.DegreeIn(s.p.F, x) == 2 {
			n++
		}
	}
	return n
}

// parabolaAlmostEverywhere reports whether a, the second derivative of f in a variable
// that does not occur in a, is not negative where f is defined and positive on a dense set. f is
// then a parabola in that variable almost everywhere, f ≥ g there, and what is proved
// to be the least value of g is that of f: where a = 0, the values are limits of others,
// which are not below it.
//
// f must be made of analytic functions: then a formula that is not 0 everywhere is not 0
// on any open set.
func (s *session) parabolaAlmostEverywhere(a expr.Expr) bool {
	if s.p.Max || !form.Analytic(s.p.F) || !form.Analytic(a) {
		return false
	}
	prog, err := tape.Compile(s.p.Vars, a)
	if err != nil {
		return false
	}
	m := prog.NewMachine()
	var out [1]interval.I
	var dec [1]interval.Dec
	defined := slices.Clone(s.m.Outer)
	if !s.b.Contract(defined, math.Inf(1), 2) {
		return false
	}
	m.Interval(out[:], dec[:], defined)
	if !(out[0].Lo >= 0) && !(s.rangeOf(a).Lo >= 0) {
		return false
	}
	for _, x := range model.Starts(s.m.Inner, 8, 0) {
		for i, c := range x {
			s.b.Point[i] = interval.Point(c)
		}
		if m.Interval(out[:], dec[:], s.b.Point); dec[0] >= interval.Defined && out[0].Lo > 0 {
			return true
		}
	}
	return false
}

// byEquation answers under an equation that gives one of the variables: a v + b = 0
// where a and b are nowhere 0 together; then a is not 0 and v = -b/a wherever the
// equation holds. It returns nil where there is no such equation, or what is left is
// not settled.
func (s *session) byEquation() *Answer { return s.byEquationWith(false) }

// byRoot is byEquation with an equation that gives an odd power of a variable, or that its inverse functions solve for it.
func (s *session) byRoot() *Answer { return s.byEquationWith(true) }

func (s *session) byEquationWith(root bool) *Answer {
	var list []*elimination
	for _, c := range s.p.SubjectTo {
		if c.Op() != expr.Eq {
			continue
		}
		if s.ctx.Err() != nil {
			return nil
		}
		for k, x := range s.p.Vars {
			if !c.Has(x) {
				continue
			}
			if e := s.eliminated(c, k, root); e != nil {
				list = append(list, e)
			}
		}
	}
	slices.Reverse(list) // of two that are as simple, the last
	slices.SortStableFunc(list, func(e, f *elimination) int {
		return cmp.Or(len(e.v.Vars())-len(f.v.Vars()), e.v.Size()-f.v.Size())
	})
	most := 1
	if root { // that one formula is longer than another says little of what they leave
		most = 2
	}
	for _, e := range list[:min(most, len(list))] {
		if a := s.answerRest(e); a != nil {
			return a
		}
	}
	return nil
}

// eliminated returns what is left of the question when the equation c gives variable k, by its inverse functions or a power of it that
// belongs to one of its values only if that is asked for, nil where it does not.
func (s *session) eliminated(c expr.Expr, k int, roots bool) *elimination {
	p := s.p
	y := p.Vars[k]
	t := simplify.New()
	pool := t.Pool()
	e := &elimination{at: k, equation: c}
	h := pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1))))
	var v expr.Expr
	var where []expr.Expr
	ok := false
	if !roots {
		v, ok = s.linearly(e, t, h)
	} else if v, ok = s.fromPower(e, t, h); !ok {
		v, where, ok = s.isolated(t, tidyWhereDefined(h), y)
	}
	if !ok {
		return nil
	}
	t = simplify.New()
	pool = t.Pool()
	v = pool.Import(simplest(v))
	q := p.without(k)
	// Where v is not defined, neither is what holds it, unless in a case not taken.
	kept := len(simplify.Domain(v)) == 0
	put := func(e expr.Expr) expr.Expr {
		kept = kept || e.Has(y) && !univariate.HasCases(e)
		return pool.Substitute(pool.Import(e), map[string]expr.Expr{y: v})
	}
	q.F = put(p.F)
	for _, d := range where {
		q.SubjectTo = append(q.SubjectTo, pool.Import(d))
	}
	for _, d := range p.SubjectTo {
		if d != c {
			q.SubjectTo = append(q.SubjectTo, put(d))
		}
	}
	if p.Bounds != nil {
		b := p.Bounds[k]
		relation := func(end expr.Expr, open bool, shut, strict expr.Op) {
			if !end.Valid() {
				return
			}
			if open {
				shut = strict
			}
			kept = true
			q.SubjectTo = append(q.SubjectTo, pool.Make(shut, v, pool.Import(end)))
		}
		relation(b.Lo, b.LoOpen, expr.Ge, expr.Gt)
		relation(b.Hi, b.HiOpen, expr.Le, expr.Lt)
	}
	if !kept {
		for _, d := range simplify.Domain(v) {
			q.SubjectTo = append(q.SubjectTo, pool.Import(d))
		}
	}
	e.v, e.rest = v, q
	e.proof = fmt.Sprintf("the condition %s gives %s = %s, which leaves", format.Text(c), y, format.Text(t.Tidy(v)))
	e.left = format.Text(t.Tidy(q.F))
	return e
}

// linearly returns v for the equation h = 0 if it is a y + b = 0 in the variable y of e, where a and b are nowhere 0 together.
func (s *session) linearly(e *elimination, t *simplify.Tidier, h expr.Expr) (v expr.Expr, ok bool) {
	pool, y := t.Pool(), s.p.Vars[e.at]
	if form.DegreeIn(h, y) != 1 {
		return v, false
	}
	a := pool.Import(diff.D(h, y))
	b := pool.Substitute(h, map[string]expr.Expr{y: t.Int(0)})
	if a.Has(y) {
		return v, false
	}
	if !neverBoth(t, a, b) && !s.neverZero(a) {
		apart, ok := s.noCommonZero(a, b)
		if apart != nil {
			e.further = append(e.further, apart)
		}
		if !ok {
			return v, false
		}
	}
	return pool.Make(expr.Div, pool.Make(expr.Neg, b), a), true
}

// fromPower is linearly for an equation in a power of the variable that belongs to one of its values only.
func (s *session) fromPower(e *elimination, t *simplify.Tidier, h expr.Expr) (v expr.Expr, ok bool) {
	pool, y := t.Pool(), s.p.Vars[e.at]
	plain := tidyWhereDefined(h)
	power := s.rootOf(e.at, commonExponent([]expr.Expr{plain}, y))
	if power.k == 1 || power.signed {
		return v, false
	}
	if v, ok = s.linearly(e, t, power.lowered(pool, plain, y, y)); !ok {
		return v, false
	}
	w, raw := power.of(simplify.New(), v), v
	if power.k%2 == 0 { // which asks for v ≥ 0
		raw = pool.Make(expr.Pow, v, pool.Num(number.Frac(1, power.k)))
	}
	return w, form.SameDomain(raw, w) // not so with x/x in v
}

// simplest is the shortest form of v that is defined at the same points: 1 - x, not -(x - 1).
func simplest(v expr.Expr) expr.Expr {
	tidy := simplify.Tidy(v)
	if w, _ := simplify.Canonical(v); w.Size() <= tidy.Size() && form.SameDomain(v, w) {
		v = w
	}
	t := simplify.New()
	if w := t.Neat(t.Tidy(v)); form.SameDomain(v, w) {
		v = w
	}
	return v
}

// neverBoth reports whether a and b are proved to have no common zero.
func neverBoth(t *simplify.Tidier, a, b expr.Expr) bool {
	pool := t.Pool()
	if form.ConstantSign(a) != 0 || form.ConstantSign(t.Tidy(b)) != 0 || len(simplify.Domain(pool.Make(expr.Div, t.Int(1), a))) == 0 {
		return true
	}
	// A product of variables is 0 where one of them is.
	for _, x := range a.Factors() {
		if x.Op() == expr.Pow && x.Arg(1).Op() == expr.Num && x.Arg(1).Number().Sign() > 0 {
			x = x.Arg(0)
		}
		if x.Op() == expr.Var {
			if form.ConstantSign(t.Tidy(pool.Substitute(b, map[string]expr.Expr{x.Name(): t.Int(0)}))) == 0 {
				return false
			}
		} else if form.ConstantSign(x) == 0 {
			return false
		}
	}
	return true
}

// neverZero reports whether a is proved to be nowhere zero between the bounds.
func (s *session) neverZero(a expr.Expr) bool {
	out, _, ok := tape.EncloseOn(s.p.Vars, s.m.Outer, a)
	return ok && !out[0].IsEmpty() && !out[0].Has(0)
}

// noCommonZero asks whether no x satisfies a = 0 and b = 0, formulas in one variable, and
// returns the certificate of that when the session wants one.
func (s *session) noCommonZero(a, b expr.Expr) (*certificate.Certificate, bool) {
	pool := expr.NewPool()
	a, b = pool.Import(a), pool.Import(b)
	zero := pool.Int(0)
	q := &Problem{F: pool.Make(expr.Add, a, b), SubjectTo: []expr.Expr{pool.Make(expr.Eq, a, zero), pool.Make(expr.Eq, b, zero)}}
	if q.Vars = q.F.Vars(); len(q.Vars) != 1 {
		return nil, false
	}
	r, steps, err := solveAny(s.ctx, q, Options{Certificate: s.o.Certificate})
	if err != nil || r.Status != EmptyDomain {
		return nil, false
	}
	if !s.o.Certificate {
		return nil, true
	}
	return certify(q, r, steps), true
}

// answerRest answers by what e leaves, nil when that is not settled.
func (s *session) answerRest(e *elimination) *Answer {
	share := 0.5
	if s.o.chain {
		share = 1
	}
	ctx, cancel := effort.Share(s.ctx, share)
	defer cancel()
	o := s.o
	o.Start, o.Progress = nil, nil
	o.proof = o.proof || len(s.p.SubjectTo) == 0
	o.lifted = o.lifted || e.equation.Valid()
	sub, steps, err := solveAny(ctx, e.rest, o)
	if err != nil {
		return nil
	}
	if sub.Status == Local {
		s.goOnFrom(e, sub.At)
	}
	a := s.liftRest(e, sub)
	if a != nil && s.o.Certificate {
		a.Argument.Reduction = s.reductionOf(e, a, certify(e.rest, sub, steps))
	}
	return a
}

// goOnFrom goes on from the point x of what e leaves, where searches may have met less, or begins with it.
func (s *session) goOnFrom(e *elimination, x []float64) {
	prog, err := tape.Compile(e.rest.Vars, e.v)
	if err != nil || len(x) != len(e.rest.Vars) {
		return
	}
	l := &lift{elimination: e, m: prog.NewMachine()}
	if s.lagrangian == nil {
		if s.o.Start == nil && len(s.p.SubjectTo) > 0 {
			s.o.Start = l.floats(x)
		}
		return
	}
	if r := s.lagrangian.Sequential(s.ctx, s.b.Prober, l.floats(x)); r != nil && model.Finite(r.F) {
		s.kkts = append(s.kkts, r)
	}
}

// reductionOf is how the claim follows from that about the rest, nil where that is not written down.
func (s *session) reductionOf(e *elimination, a *Answer, rest *certificate.Certificate) *certificate.Reduction {
	r := &certificate.Reduction{Kind: e.kind, Parts: []*certificate.Certificate{rest}, Lift: []string{format.Plain(e.v)}}
	switch {
	case e.kind == certificate.Projected:
		r.Ranges = e.further
	case e.equation.Valid():
		r.Kind, r.Inner = certificate.Cases, format.Plain(e.equation)
		for _, c := range e.further {
			r.Parts, r.Lift = append(r.Parts, c), append(r.Lift, "")
		}
	case e.kind == certificate.Sum:
		if e.half.Valid() && a.Status == NotAttained && !e.half.IsConstant() {
			return nil
		}
		s.writeSum(e, r)
	case e.kind == "":
		return nil
	}
	return r
}

// writeSum writes that f is the rest, and a square where it is a parabola in the variable.
func (s *session) writeSum(e *elimination, r *certificate.Reduction) {
	t := simplify.New()
	y := t.Var(s.p.Vars[e.at])
	r.Lift = slices.Clone(s.p.Vars)
	r.Lift[e.at] = format.Plain(e.v)
	if e.along != nil {
		r.Of = make([][]string, 1)
		for i, x := range s.p.Vars {
			if i != e.at {
				r.Of[0] = append(r.Of[0], format.Plain(t.Sub(t.Var(x), t.Mul(t.Num(e.along[i]), y))))
			}
		}
		return
	}
	half := t.Tidy(e.half)
	if s.p.Max {
		half = t.Neg(half)
	}
	square := t.Pow(t.Sub(y, t.Tidy(e.v)), t.Int(2))
	r.Minorants = []certificate.Below{{Term: format.Plain(square), Times: format.Plain(half), Pieces: []string{"0"}}}
}
