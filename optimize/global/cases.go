package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file answers by cases: an equation that several values of a variable satisfy
// leaves a smaller question for each, and the best of the answers is the answer.

// maxCases is the number of cases up to which a question is divided.
const maxCases = 8

// maxNestedCases is how often a case may be divided again.
const maxNestedCases = 3

// A division is a case: a variable has a value, or equations take the place of one.
type division struct {
	e    *elimination // nil for equations
	q    *Problem
	text string
	part bool // a part of the region, which families of points leave
}

// value is what the variable has in the case, "" for equations.
func (d division) value() string {
	if d.e == nil {
		return ""
	}
	return format.Plain(d.e.v)
}

// byCases answers under an equation with finitely many solutions in a variable, nil
// where there is none or a case is not settled.
func (s *session) byCases() *Answer {
	if s.o.cases >= maxNestedCases || s.m.N < 2 {
		return nil
	}
	if a := s.byFixed(); a != nil {
		return a
	}
	for _, c := range s.p.SubjectTo {
		if c.Op() != expr.Eq {
			continue
		}
		if list, ok := s.rootsOf(c); ok {
			return s.bestOf(list, c)
		}
	}
	if s.m.N != 2 {
		return nil
	}
	for _, degree := range []int{1, 2} {
		for _, c := range s.p.SubjectTo {
			for k := s.m.N - 1; k >= 0 && c.Op() == expr.Eq; k-- {
				if list := s.solutionsOf(c, k, degree); list != nil {
					if a := s.bestOf(list, c); a != nil {
						return a
					}
				}
			}
		}
	}
	return nil
}

// byFixed answers with its value for a variable to which the bounds leave one, nil where there is none.
func (s *session) byFixed() *Answer {
	k := s.fixedVariable()
	if k < 0 || s.m.N < 2 {
		return nil
	}
	e := s.withValue(expr.Expr{}, k, s.p.Bounds[k].Lo, nil)
	return s.bestOf([]division{{e: e, text: s.p.Vars[k] + " = " + format.Text(e.v)}}, expr.Expr{})
}

// fixedVariable returns a variable to which the bounds leave one value, -1 for none.
func (s *session) fixedVariable() int {
	return slices.IndexFunc(s.p.Bounds, func(b Bound) bool {
		return b.Lo.Valid() && b.Hi.Valid() && !b.LoOpen && !b.HiOpen && sameConstant(b.Lo, b.Hi)
	})
}

// withValue is the question with v for variable k, without the equation c, under further
// conditions.
func (s *session) withValue(c expr.Expr, k int, v expr.Expr, conditions []expr.Expr) *elimination {
	q := s.p.without(k)
	pool := expr.NewPool()
	v = pool.Import(v)
	put := func(e expr.Expr) expr.Expr {
		return pool.Substitute(pool.Import(e), map[string]expr.Expr{s.p.Vars[k]: v})
	}
	q.F = put(s.p.F)
	for _, d := range s.p.SubjectTo {
		if d != c {
			q.SubjectTo = append(q.SubjectTo, put(d))
		}
	}
	for _, d := range conditions {
		q.SubjectTo = append(q.SubjectTo, pool.Import(d))
	}
	atMost := func(u, w expr.Expr, open bool) {
		if relation := map[bool]expr.Op{false: expr.Le, true: expr.Lt}[open]; !before(u, w, open) {
			q.SubjectTo = append(q.SubjectTo, pool.Make(relation, pool.Import(u), pool.Import(w)))
		}
	}
	if s.p.Bounds != nil {
		b := s.p.Bounds[k]
		if b.Lo.Valid() {
			atMost(b.Lo, v, b.LoOpen)
		}
		if b.Hi.Valid() {
			atMost(v, b.Hi, b.HiOpen)
		}
	}
	e := &elimination{at: k, v: v, rest: q, equation: c}
	e.proof, e.left = fmt.Sprintf("%s = %s leaves", s.p.Vars[k], format.Text(simplify.Tidy(v))), format.Text(simplify.Tidy(q.F))
	return e
}

// rootsOf divides by the solutions of an equation in one variable that are in its
// bounds; ok is false where they are not known in closed form.
func (s *session) rootsOf(c expr.Expr) (list []division, ok bool) {
	vars := c.Vars()
	if len(vars) != 1 {
		return nil, false
	}
	k := slices.Index(s.p.Vars, vars[0])
	pool := expr.NewPool()
	h := pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1))))
	q := &Problem{F: pool.Make(expr.Pow, h, pool.Int(2)), Vars: vars}
	if s.p.Bounds != nil {
		q.Bounds = []Bound{s.p.Bounds[k]}
	}
	a, _, err := solveAny(s.ctx, q, Options{Seed: s.o.Seed})
	if err != nil || a.Enclosure == nil || a.Status != Exact && a.Status != Certified && a.Status != NotAttained {
		return nil, false
	}
	if a.Enclosure.Value.Lo > 0 || a.Status == NotAttained && a.Enclosure.Value.Lo >= 0 {
		return nil, true
	}
	if a.Status != Exact || !a.ExactValue.IsNum(0) || !a.MinimisersComplete || len(a.Minimisers) > maxCases {
		return nil, false
	}
	for _, m := range a.Minimisers {
		if m.Family != "" || len(m.Exact) != 1 || !m.Exact[0].Valid() {
			return nil, false
		}
		e := s.withValue(c, k, m.Exact[0], nil)
		list = append(list, division{e: e, text: vars[0] + " = " + format.Text(e.v)})
	}
	return list, true
}

// solutionsOf divides by the solutions of the equation c in variable k, in which it is a
// polynomial of the degree 1 or 2: a y² + b y + r = 0. Where a may be 0, that is a case.
func (s *session) solutionsOf(c expr.Expr, k, degree int) []division {
	y := s.p.Vars[k]
	t := simplify.New()
	pool := t.Pool()
	h := pool.Make(expr.Add, pool.Import(c.Arg(0)), pool.Make(expr.Neg, pool.Import(c.Arg(1))))
	if len(simplify.Domain(h)) > 0 {
		return nil
	}
	h, _ = simplify.Canonical(h)
	h = pool.Import(h)
	if form.DegreeIn(h, y) != degree {
		return nil
	}
	zero := map[string]expr.Expr{y: t.Int(0)}
	slope := pool.Import(diff.D(h, y))
	r := t.Tidy(pool.Substitute(h, zero))
	b := t.Tidy(pool.Substitute(slope, zero))
	a, lower := b, []expr.Expr{r}
	var values, conditions []expr.Expr
	if degree == 1 {
		values = []expr.Expr{t.Neg(t.Mul(r, t.Pow(a, t.Int(-1))))}
	} else {
		a = t.Mul(t.Num(number.Frac(1, 2)), t.Tidy(diff.D(slope, y)))
		lower = []expr.Expr{t.Add(t.Mul(b, t.Var(y)), r)}
		half := t.Mul(t.Num(number.Frac(1, 2)), b)
		d := t.Sub(t.Pow(half, t.Int(2)), t.Mul(a, r)) // a quarter of the discriminant
		if form.ConstantSign(d) < 0 {
			d = t.Int(-1)
		}
		root := t.Call(fn.Lookup("sqrt"), d)
		for _, sign := range []int64{-1, 1} {
			values = append(values, t.Mul(t.Add(t.Neg(half), t.Mul(t.Int(sign), root)), t.Pow(a, t.Int(-1))))
		}
		conditions = append(conditions, pool.Make(expr.Ge, d, t.Int(0)))
	}
	if a.Has(y) || a.IsNum(0) {
		return nil
	}
	var list []division
	varies := form.ConstantSign(a) == 0
	if varies {
		conditions = append(conditions, pool.Make(expr.Gt, t.Pow(a, t.Int(2)), t.Int(0)))
		q := &Problem{F: s.p.F, Vars: s.p.Vars, Bounds: s.p.Bounds, Max: s.p.Max}
		for _, d := range s.p.SubjectTo {
			if d != c {
				q.SubjectTo = append(q.SubjectTo, d)
			}
		}
		text := format.Text(a) + " = 0"
		q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Eq, a, t.Int(0)))
		for _, l := range lower {
			if l.Op() == expr.Num {
				if l.Number().Sign() != 0 {
					q = nil // a = 0 and b ≠ 0 leave nothing
					break
				}
				continue
			}
			q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Eq, l, t.Int(0)))
			text += " and " + format.Text(l) + " = 0"
		}
		if q != nil {
			list = append(list, division{q: q, text: text})
		}
	}
	for _, v := range values {
		e := s.withValue(c, k, v, conditions)
		list = append(list, division{e: e, text: y + " = " + format.Text(simplify.Tidy(v))})
	}
	return list
}

// An unsettled is a case whose answer has a lower bound at best, or is nil.
type unsettled struct {
	*Answer
	name string
}

// caseAnswers are the answers to the cases of a question.
type caseAnswers struct {
	settled []*Answer
	open    []unsettled
	parts   []*certificate.Certificate
}

// bestOf answers by the best of the cases into which the condition c, or the kink, divides the
// question, not Valid for none.
func (s *session) bestOf(list []division, c expr.Expr) *Answer {
	asked := s.askCases(list)
	if asked == nil {
		return nil
	}
	a := &Answer{Status: EmptyDomain, Method: "cases"}
	if len(asked.settled) > 0 {
		if a = s.best(asked.settled); a == nil {
			return nil
		}
	}
	for _, b := range asked.open {
		if !s.isWorse(b.Answer, a) {
			return nil
		}
		a.Proof = append(slices.Clip(a.Proof), fmt.Sprintf("in the case %s f is nowhere %s than %s", b.name, s.p.lower(), format.Number(s.sign(s.toMinimum(b.Enclosure.Value).Lo), 6)))
	}
	if c.Valid() {
		a.Proof = append([]string{divided(list, c)}, a.Proof...)
	}
	a.Method, a.StationaryComplete, a.Argument.Reduction = "cases", false, nil
	// The case was defined elsewhere, and had other conditions.
	a.Domain, a.Active = s.p.domain(), nil
	s.active(a, nil)
	if s.o.Certificate && a.Status != Unbounded {
		r := &certificate.Reduction{Kind: certificate.Cases, Parts: asked.parts}
		if c.Valid() {
			r.Inner = format.Plain(c)
		}
		if slices.ContainsFunc(list, func(b division) bool { return b.e != nil }) {
			for _, b := range list {
				r.Lift = append(r.Lift, b.value())
			}
		}
		a.Argument.Reduction = r
	}
	return a
}

// askCases answers the cases one by one, up to one in which f falls without end; nil where one cannot be asked.
func (s *session) askCases(list []division) *caseAnswers {
	ctx, cancel := effort.Share(s.ctx, 0.6)
	defer cancel()
	o := s.o
	o.Start, o.Progress = nil, nil
	if len(list) > 1 {
		o.cases++
	}
	out := &caseAnswers{}
	for _, b := range list {
		q := b.q
		if b.e != nil {
			q = b.e.rest
		}
		a, steps, err := solveAny(ctx, q, o)
		if err != nil {
			return nil
		}
		if o.Certificate {
			out.parts = append(out.parts, certify(q, a, steps))
		}
		if b.e != nil {
			a = s.liftRest(b.e, a)
		}
		if a != nil && len(a.At) == s.m.N {
			s.points = append(s.points, a.At)
		}
		switch {
		case a == nil || a.Status == Local || a.Status == Failed:
			out.open = append(out.open, unsettled{a, b.text})
			continue
		case a.Status == EmptyDomain:
			continue
		}
		if len(list) > 1 {
			a.Proof = append([]string{fmt.Sprintf("the case %s:", b.text)}, a.Proof...)
		}
		for i, m := range a.Minimisers {
			if b.part && m.Family != "" {
				a.Minimisers[i].Family = familyWhere(m.Family, b.text)
			}
		}
		if a.Status == Unbounded {
			out.settled, out.open = []*Answer{a}, nil
			break
		}
		out.settled = append(out.settled, a)
	}
	return out
}

// divided says into which cases the condition c, or the kink, divides the question.
func divided(list []division, c expr.Expr) string {
	what := "the condition " + format.Text(c)
	if _, steps := stepwiseOf(c); steps {
		what = "the value of " + format.Text(c)
	} else if c.Op() == expr.Call {
		what = "the kink of " + format.Text(c)
	}
	switch len(list) {
	case 0:
		return what + " leaves no point"
	case 1:
		return what + " leaves " + list[0].text
	}
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.text
	}
	return what + " leaves the cases " + strings.Join(names, ", ")
}

// isWorse reports whether a, which is not settled, is proved to have no value as good as the best of b, which is.
func (s *session) isWorse(a, b *Answer) bool {
	return a != nil && a.Enclosure != nil && b.Enclosure != nil && s.toMinimum(a.Enclosure.Value).Lo > s.toMinimum(b.Enclosure.Value).Hi
}

// toMinimum encloses what is to be minimised where v encloses f.
func (s *session) toMinimum(v interval.I) interval.I {
	if s.p.Max {
		return v.Neg()
	}
	return v
}

// familyWhere adds a condition to the text of a family, which may have one that says as much.
func familyWhere(family, condition string) string {
	_, before, some := strings.Cut(family, " where ")
	switch {
	case !some:
		return family + " where " + condition
	case slices.Contains(strings.Split(condition, " or "), before):
		return family
	}
	return family + " and where " + condition
}

// best returns the answer with the best value, nil where it cannot be told which that
// is.
func (s *session) best(answers []*Answer) *Answer {
	a := answers[0]
	for _, b := range answers[1:] {
		if a.Status == Unbounded {
			return a
		}
		switch order, known := s.compare(a, b); {
		case !known && (a.Status == NotAttained || b.Status == NotAttained):
			return nil
		case !known:
			a = s.both(a, b)
		case order > 0:
			a = b
		case order == 0 && (a.Status == NotAttained) == (b.Status == NotAttained):
			a = s.both(a, b)
		case order == 0 && a.Status == NotAttained:
			a = b
		}
	}
	return a
}

// compare says which of two values is better, less than 0 for the first; known is false
// when enclosures overlap and no exact values decide.
func (s *session) compare(a, b *Answer) (order int, known bool) {
	if b.Status == Unbounded {
		return 1, true
	}
	if a.Enclosure == nil || b.Enclosure == nil {
		return 0, false
	}
	u, v := a.Enclosure.Value, b.Enclosure.Value
	if s.p.Max {
		u, v = v, u
	}
	switch {
	case u.Hi < v.Lo:
		return -1, true
	case v.Hi < u.Lo:
		return 1, true
	case !a.ExactValue.Valid() || !b.ExactValue.Valid():
		return 0, false
	}
	return 0, sameConstant(a.ExactValue, b.ExactValue) || prove.Equal(a.ExactValue, b.ExactValue, prove.Budget{}).Equal
}

// both is the answer that two cases have the same value, as far as is known.
func (s *session) both(a, b *Answer) *Answer {
	out := *a
	exact := a.ExactValue.Valid() && b.ExactValue.Valid()
	u, v := a.Enclosure.Value, b.Enclosure.Value
	same := exact && (sameConstant(a.ExactValue, b.ExactValue) || prove.Equal(a.ExactValue, b.ExactValue, prove.Budget{}).Equal)
	if !same {
		out.Status, out.ExactValue, out.ExactAt = Certified, expr.Expr{}, nil
		best := math.Min
		if s.p.Max {
			best = math.Max
		}
		out.Enclosure = &Enclosure{Value: interval.New(best(u.Lo, v.Lo), best(u.Hi, v.Hi))}
		out.Value = model.ClipTo(out.Value, out.Enclosure.Value)
	}
	if a.Status == NotAttained {
		return &out
	}
	out.Minimisers = slices.Clone(a.Minimisers)
	for _, m := range b.Minimisers {
		if !slices.ContainsFunc(out.Minimisers, func(o Point) bool { return model.Near(o.X, m.X) }) {
			out.Minimisers = append(out.Minimisers, m)
		}
	}
	out.MinimisersComplete = same && a.MinimisersComplete && b.MinimisersComplete
	return &out
}
