package global

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// A composition is f(x) = h(u(x)), u being a formula of all the variables that
// takes the values of an interval: then the minimum of f is that of h there.
type composition struct {
	name string    // of the variable of h
	h    expr.Expr // in name
	u    expr.Expr // in the variables
	text string    // of u

	conditions []expr.Expr // on u, which hold where those of the question do

	inner   inner
	joined  bool   // h may be defined where f is not, as log(x y) is where log(x) + log(y) is not
	limited string // what is to be said after a set of points
}

// An inner formula knows its values and where it takes them.
type inner interface {
	// bound is the set of values, an interval.
	bound() Bound
	// solve returns a point at which the inner formula is v, a formula without
	// variables or in t, one of the values.
	solve(t *simplify.Tidier, v expr.Expr) []expr.Expr
	// once reports whether there is one such point only.
	once(v expr.Expr) bool
}

// byInner answers for a function of one inner formula, such as x*y or x^2 + y^2,
// on the whole space, perhaps under conditions on that formula: by the analysis of one variable.
// It returns nil when the question is not of this kind, or that does not settle it.
func (s *session) byInner() *Answer {
	if s.p.Bounds != nil || s.m.N < 2 || !s.conditionsOnAll() {
		return nil
	}
	return s.through(s.composition())
}

// conditionsOnAll reports whether the conditions are equations and inequalities between formulas of all the variables.
func (s *session) conditionsOnAll() bool {
	return !slices.ContainsFunc(s.m.Cons, func(c model.Constraint) bool {
		return !c.Text.Op().IsRelation() || c.Text.Op() == expr.Ne || len(c.G.Vars()) != s.m.N
	})
}

// through is byInner for the composition c; nil where there is none.
func (s *session) through(c *composition) *Answer {
	if c == nil {
		return nil
	}
	q := &Problem{F: c.h, Vars: []string{c.name}, Bounds: []Bound{c.inner.bound()}, Max: s.p.Max}
	if b := q.Bounds[0]; !b.Lo.Valid() && !b.Hi.Valid() {
		q.Bounds = nil
	}
	o := s.o
	o.Start, o.Progress = nil, nil
	q.SubjectTo = c.conditions
	one, steps, err := solveAny(s.ctx, q, o)
	if err != nil || one == nil {
		return nil
	}
	a := &Answer{Status: one.Status, Method: "one inner formula", GradientNorm: math.NaN(), Value: one.Value,
		ExactValue: one.ExactValue, Attained: one.Attained, Evaluations: one.Evaluations}
	what := "f depends"
	if len(c.conditions) > 0 {
		what = "f and the conditions depend"
	}
	a.Proof = append([]string{fmt.Sprintf("%s on %s only through %s = %s, which takes %s", what, list4(s.p.Vars), c.name, c.text, c.values())}, one.Proof...)
	if one.Enclosure != nil {
		a.Enclosure = &Enclosure{Value: one.Enclosure.Value}
	}
	// Where f is not defined, though h is, nothing may be said of limits.
	same := form.SameDomain(s.p.F, simplify.Tidy(s.p.F)) && !c.joined || form.SameDomain(s.p.F, c.whole(c.h))
	switch one.Status {
	case Exact, Certified:
		if !same {
			c.limited += ", where f is defined"
		}
		if !s.liftMinimisers(c, one, a) {
			return nil
		}
		a.MinimisersComplete = one.MinimisersComplete && same && len(a.Minimisers) == len(one.Minimisers)
		if e := one.Enclosure; e != nil && len(e.At) == 1 && len(a.Minimisers) == len(one.Minimisers) && e.At[0].Has(one.Minimisers[0].X[0]) && model.Near(one.Minimisers[0].X, one.At) {
			a.Enclosure.At = c.box(e.At[0])
		}
	case Unbounded:
		if !same || s.p.Bounds != nil || one.Witness == nil || len(one.Witness.Path) != 1 || !s.liftWitness(c, one, a) {
			return nil
		}
	case NotAttained:
		if !same || s.p.Bounds != nil {
			return nil
		}
		a.Approached = c.reads(one.Approached)
	default:
		return nil
	}
	s.active(a, nil)
	if s.o.Certificate {
		a.Argument.Reduction = s.innerReduction(c, certify(q, one, steps))
	}
	return a
}

// whole is h with the inner formula in it.
func (c *composition) whole(h expr.Expr) expr.Expr {
	pool := expr.NewPool()
	return pool.Substitute(pool.Import(h), map[string]expr.Expr{c.name: pool.Import(c.u)})
}

// box encloses the points that the inner formula gives for its values in v; nil where
// they are not known.
func (c *composition) box(v interval.I) []interval.I {
	t := simplify.New()
	x := c.inner.solve(t, t.Var(c.name))
	if x == nil {
		return nil
	}
	out, dec, ok := tape.EncloseOn([]string{c.name}, []interval.I{v}, x...)
	if !ok {
		return nil
	}
	for i, d := range dec {
		if d < interval.Defined || out[i].IsEmpty() {
			return nil
		}
	}
	return out
}

// withoutBounds answers by the question on the whole space, when a point at which f has
// its least value there lies between the bounds.
func (s *session) withoutBounds() *Answer {
	if s.p.Bounds == nil || len(s.m.Cons) > 0 {
		return nil
	}
	q, m := s.withBounds(nil)
	a := (&session{ctx: s.ctx, p: q, o: s.o, m: m, bound: math.Inf(-1)}).byInner()
	if a == nil || a.Status != Exact && a.Status != Certified {
		return nil
	}
	var r *certificate.Reduction
	if s.o.Certificate {
		r = &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, a, nil)}}
	}
	inside := a.Minimisers[:0:0]
	var boxes [][]interval.I // of these points
	for i, p := range a.Minimisers {
		box := a.Enclosure.At
		ok := i == 0 && box != nil && s.strictlyInside(box)
		if p.Exact != nil {
			var e *exactPoint
			if e, ok = s.exactPoint(p.Exact); ok {
				box = e.box
			}
		}
		if ok {
			inside, boxes = append(inside, p), append(boxes, box)
		}
	}
	if len(inside) == 0 {
		return nil
	}
	if len(inside) < len(a.Minimisers) || inside[0].Family != "" {
		a.MinimisersComplete = false
	}
	a.Minimisers, a.At, a.ExactAt, a.Argument.Reduction = inside, inside[0].X, inside[0].Exact, r
	a.Enclosure = &Enclosure{At: boxes[0], Value: a.Enclosure.Value}
	a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
	a.Proof = append(a.Proof, "such a point lies between the bounds")
	return a
}

// innerReduction writes down how the claim follows from that of h.
func (s *session) innerReduction(c *composition, h *certificate.Certificate) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{h}, Of: [][]string{{format.Plain(c.u)}}}
	t := simplify.New()
	for _, e := range c.inner.solve(t, t.Var(c.name)) {
		r.Lift = append(r.Lift, format.Plain(e))
	}
	b := c.inner.bound()
	if s.p.Bounds != nil {
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			if !end.Valid() {
				continue
			}
			q := &Problem{F: c.u, Vars: s.p.Vars, Bounds: s.p.Bounds, Max: side == 1}
			if a, steps, err := solveAny(s.ctx, q, s.o); err == nil && a.ExactValue.Valid() && sameConstant(a.ExactValue, end) {
				r.Ranges = append(r.Ranges, certify(q, a, steps))
			}
		}
		return r
	}
	if !b.Lo.Valid() && !b.Hi.Valid() {
		return r
	}
	q := &Problem{F: c.u, Vars: s.p.Vars, Max: b.Hi.Valid()}
	if a, ok := solveQuadratic(q); ok {
		r.Ranges = append(r.Ranges, certify(q, a, nil))
	}
	return r
}

// liftMinimisers makes points of the minimisers of h.
func (s *session) liftMinimisers(c *composition, one, a *Answer) bool {
	t := simplify.New()
	for _, m := range one.Minimisers {
		exact := len(m.Exact) == 1 && m.Exact[0].Valid()
		var v expr.Expr
		if exact {
			v = t.Tidy(m.Exact[0])
		} else {
			n, ok := number.FromFloat(m.X[0])
			if !ok {
				return false
			}
			v = t.Num(n)
		}
		x := c.inner.solve(t, v)
		if x == nil {
			continue
		}
		p := Point{Family: c.reads(m.Family)}
		if m.Family == "" && !c.inner.once(v) {
			p.Family = c.text + " = "
			if exact {
				p.Family += format.Text(m.Exact[0])
			} else {
				p.Family += format.Number(m.X[0], 6)
			}
		}
		if p.Family != "" {
			p.Family += c.limited
		}
		for _, e := range x {
			b, ok := tape.EncloseConstant(e)
			if !ok {
				return false
			}
			p.X = append(p.X, b.Mid())
		}
		e, ok := s.exactPoint(x)
		if !ok {
			return false
		}
		if exact {
			p.Exact, p.X = x, e.at
		}
		a.Minimisers = append(a.Minimisers, p)
	}
	if len(a.Minimisers) == 0 {
		return false
	}
	first := a.Minimisers[0]
	a.At, a.ExactAt = first.X, first.Exact
	if a.Status == Exact && a.ExactAt == nil {
		a.Status = Certified
	}
	a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
	return true
}

// liftWitness makes a path of one on which h falls without end.
func (s *session) liftWitness(c *composition, one, a *Answer) bool {
	t := simplify.New()
	path := c.inner.solve(t, t.Tidy(one.Witness.Path[0]))
	if path == nil {
		return false
	}
	w := &Witness{Path: path, Why: c.reads(one.Witness.Why), Whole: one.Witness.Whole}
	pool := expr.NewPool()
	p := s.m.Prober()
	for _, at := range []int64{10, 1000, 1000000} {
		x := make([]float64, len(path))
		for i, e := range path {
			v, ok := tape.EncloseConstant(pool.Substitute(pool.Import(e), map[string]expr.Expr{"t": pool.Int(at)}))
			if !ok {
				return false
			}
			x[i] = v.Mid()
		}
		w.Show(x, s.sign(p.At(x)))
	}
	a.Witness = w
	return true
}

// reads puts the inner formula in the place of its name.
func (c *composition) reads(text string) string {
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(c.name)+`\b`).ReplaceAllLiteralString(text, c.text)
}

// values says in words which values u takes.
func (c *composition) values() string {
	b := c.inner.bound()
	switch {
	case b.Lo.Valid() && b.Hi.Valid():
		return "all values from " + format.Text(b.Lo) + " to " + format.Text(b.Hi)
	case b.Lo.Valid():
		return "all values from " + format.Text(b.Lo) + " on"
	case b.Hi.Valid():
		return "all values up to " + format.Text(b.Hi)
	}
	return "all real values"
}

// innerName is a name for the inner formula, "" where the variables have all of them.
func (s *session) innerName() string {
	for _, x := range []string{"u", "v", "w", "s", "inner"} {
		if !slices.Contains(s.p.Vars, x) {
			return x
		}
	}
	return ""
}

// composition writes f as a function of one inner formula; nil when it is none.
func (s *session) composition() *composition {
	f := simplify.Tidy(s.p.F)
	if f.Size() > form.MaxSize || len(f.Vars()) < 2 || len(f.Vars()) != s.m.N {
		return nil
	}
	name := s.innerName()
	if name == "" {
		return nil
	}
	conditions := make([]expr.Expr, len(s.m.Cons))
	for i, c := range s.m.Cons {
		conditions[i] = simplify.Tidy(c.G)
	}
	t := simplify.New()
	logs := len(conditions) > 0 // without conditions, byLogarithms answers
	for i, g := range []expr.Expr{f, joined(f, logs), gathered(t, t.Tidy(f))} {
		if i > 0 && expr.Equal(g, f) {
			continue
		}
		c := throughOne(append([]expr.Expr{g}, conditions...), s.p.Vars, name)
		if c == nil {
			continue
		}
		if c.joined = i == 1; !s.onInner(c) {
			return nil
		}
		return c
	}
	return nil
}

// throughOne writes all of fs as functions of one formula; nil where they are none.
func throughOne(fs []expr.Expr, vars []string, name string) *composition {
	if c := throughMonomial(fs, vars, name); c != nil {
		return c
	}
	for degree := 1; degree <= 2; degree++ {
		if c := throughQuadratic(fs, vars, name, degree); c != nil {
			return c
		}
	}
	return nil
}

// onInner makes conditions of the formulas that are not to be positive; false where one of these may be defined where
// that of the question is not.
func (s *session) onInner(c *composition) bool {
	pool := expr.NewPool()
	for i, g := range c.conditions {
		con := s.m.Cons[i]
		if !form.SameDomain(con.G, c.whole(g)) {
			return false
		}
		op := expr.Le
		if con.Equal {
			op = expr.Eq
		} else if con.Strict {
			op = expr.Lt
		}
		c.conditions[i] = pool.Make(op, pool.Import(g), pool.Int(0))
	}
	return true
}

// joined is f with exp(u + v) for exp(u) exp(v), and with log(u^2 v) for 2 log(u) + log(v) if logs: the same where f is defined.
func joined(f expr.Expr, logs bool) expr.Expr {
	t := simplify.New()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		var inside, rest []expr.Expr
		for _, a := range args {
			switch {
			case n.Op() == expr.Mul && a.IsCall("exp"), logs && n.Op() == expr.Add && a.IsCall("log"):
				inside = append(inside, a.Arg(0))
			case logs && n.Op() == expr.Add && a.Op() == expr.Mul && a.Len() == 2 && a.Arg(0).Op() == expr.Num && a.Arg(1).IsCall("log"):
				inside = append(inside, t.Pow(a.Arg(1).Arg(0), a.Arg(0)))
			default:
				rest = append(rest, a)
			}
		}
		switch {
		case len(inside) < 2:
			return expr.Remake(n, t, args, nil)
		case n.Op() == expr.Mul:
			return t.Mul(append(rest, t.Call(fn.Lookup("exp"), t.Add(inside...)))...)
		}
		return t.Add(append(rest, t.Call(fn.Lookup("log"), t.Mul(inside...)))...)
	})
}
