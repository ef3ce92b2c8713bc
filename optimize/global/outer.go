package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/minimum"
)

// This file answers for f = h(u), a function of one formula of the variables: the values of u lie
// between two ends, each a question of its own, and where h is least between them at an end, f is so where
// u has that value.

// A valueEnd is the least or the greatest value of u.
type valueEnd struct {
	q        *Problem
	a        *Answer
	steps    []certificate.Step
	greatest bool
}

// outermost writes f as h(u), u having the name in h, and as much of it in h as functions, powers and constants make of one formula;
// false where h is affine.
func outermost(f expr.Expr, name string) (h, u expr.Expr, ok bool) {
	type level struct {
		node expr.Expr
		at   int
	}
	var path []level
	for u = f; !u.Op().IsCondition() && u.Op() != expr.If; {
		at := -1
		for i, a := range u.AppendArgs(nil) {
			if !a.IsConstant() && at >= 0 {
				at = u.Len() // another one
			} else if !a.IsConstant() {
				at = i
			}
		}
		if at < 0 || at == u.Len() {
			break
		}
		ok = ok || u.Op() == expr.Call || u.Op() == expr.Pow || u.Op() == expr.Div
		path = append(path, level{u, at})
		u = u.Arg(at)
	}
	pool := expr.NewPool()
	h = pool.Var(name)
	for _, l := range slices.Backward(path) {
		args := l.node.AppendArgs(nil)
		for i := range args {
			if args[i] = pool.Import(args[i]); i == l.at {
				args[i] = h
			}
		}
		h = expr.Remake(l.node, pool, args, nil)
	}
	return h, u, ok && len(u.Vars()) > 1
}

// byOuter returns nil where f is no such function, or an end is not settled or not where h is least.
func (s *session) byOuter() *Answer {
	name := s.innerName()
	h, u, ok := outermost(s.p.F, name)
	if !ok || name == "" {
		return nil
	}
	saved := s.ctx
	defer func() { s.ctx = saved }()
	var cancel func()
	s.ctx, cancel = effort.Share(s.ctx, 0.3)
	defer cancel()
	q := &Problem{F: h, Vars: []string{name}, Bounds: []Bound{{}}, Max: s.p.Max}
	var ends []*valueEnd
	for _, greatest := range [...]bool{s.p.Max, !s.p.Max} {
		e := s.valueEnd(u, greatest)
		if e == nil {
			continue
		}
		ends = append(ends, e)
		switch b := &q.Bounds[0]; {
		case e.a.Status == Unbounded:
		case greatest:
			b.Hi, b.HiOpen = e.a.ExactValue, !e.a.Attained
		default:
			b.Lo, b.LoOpen = e.a.ExactValue, !e.a.Attained
		}
		one, steps, err := solveAny(s.ctx, q, Options{Seed: s.o.Seed, Certificate: s.o.Certificate})
		if err != nil {
			return nil
		}
		for _, e := range ends {
			a := s.fromEnd(e, one, name)
			if a == nil {
				continue
			}
			a.Method = "one inner formula"
			a.Proof = append(s.endText(e, u, name), one.Proof...)
			if s.o.Certificate {
				r := &certificate.Reduction{Kind: certificate.Sum, Of: [][]string{{format.Plain(u)}}, Parts: []*certificate.Certificate{certify(q, one, steps)}}
				for _, e := range ends {
					if e.a.Status != Unbounded {
						r.Ranges = append(r.Ranges, certify(e.q, e.a, e.steps))
					}
				}
				a.Argument.Reduction = r
			}
			return a
		}
	}
	return nil
}

// valueEnd settles the least or the greatest value of u under the conditions; nil where it is not settled, or has
// no closed form.
func (s *session) valueEnd(u expr.Expr, greatest bool) *valueEnd {
	e := &valueEnd{q: &Problem{F: u, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: s.p.SubjectTo, Max: greatest}, greatest: greatest}
	o := s.o
	o.Start, o.Progress = nil, nil
	var err error
	if e.a, e.steps, err = solveNormal(s.ctx, e.q, o); err != nil {
		return nil
	}
	switch a := e.a; {
	case a.Status == Unbounded && a.Witness != nil && len(a.Witness.Path) == s.m.N,
		a.Status == Exact && a.ExactAt != nil && a.ExactValue.Valid(),
		a.Status == NotAttained && a.ExactValue.Valid() && len(a.Argument.Path) == s.m.N:
		return e
	}
	return nil
}

// endText says what the end is.
func (s *session) endText(e *valueEnd, u expr.Expr, name string) []string {
	through := fmt.Sprintf("f depends on %s only through %s = %s, which ", list4(s.p.Vars), name, format.Text(u))
	under := " under the conditions"
	if len(s.m.Cons) == 0 {
		under = ""
	}
	if e.a.Status == Unbounded {
		return []string{through + "has no bound" + under + ": " + minimum.Called(e.a.Witness.Why, name)}
	}
	what := map[bool]string{false: "lower", true: "higher"}[e.greatest]
	return calledAs(name, fmt.Sprintf("%sis nowhere %s than %s%s:", through, what, format.Text(e.a.ExactValue), under), e.a.Proof)
}

// fromEnd makes an answer of that about h, where it is least at the end e; nil where it is not.
func (s *session) fromEnd(e *valueEnd, one *Answer, name string) *Answer {
	switch one.Status {
	case Exact:
		if !e.a.Attained || len(one.ExactAt) != 1 || !one.ExactAt[0].Valid() || !sameConstant(one.ExactAt[0], e.a.ExactValue) {
			return nil
		}
		var a *Answer
		all := e.a.MinimisersComplete && one.MinimisersComplete && len(one.Minimisers) == 1
		for _, m := range e.a.Minimisers {
			p, ok := s.exactPoint(m.Exact)
			if m.Family != "" || !ok {
				all = false
			} else if a == nil {
				a = s.exactAnswer(p, s.valueAt(s.m.F, p.x))
			} else {
				a.Minimisers = append(a.Minimisers, Point{X: p.at, Exact: p.x})
			}
		}
		if a == nil {
			return nil
		}
		a.MinimisersComplete = all
		a = s.flip(a)
		if len(s.m.Cons) == 0 {
			return a
		}
		s.active(a, kkt.MultipliersOf(s.lagrangian.Minimise(s.ctx, s.b.Prober, slices.Clone(a.At), penalties[0])))
		return a
	case NotAttained:
		// Along a path to the end u takes all values near it.
		if e.a.Attained || one.Approached != name+" → "+e.place() || !form.Analytic(s.p.F) {
			return nil
		}
		a := &Answer{Status: NotAttained, Value: one.Value, ExactValue: one.ExactValue, GradientNorm: math.NaN(), Approached: e.a.Approached}
		if a.Argument.Path = e.a.Argument.Path; e.a.Status == Unbounded {
			a.Argument.Path = e.a.Witness.Path
			var parts []string
			for i, x := range a.Argument.Path {
				parts = append(parts, s.p.Vars[i]+" = "+format.Text(x))
			}
			a.Approached = strings.Join(parts, ", ") + ", t → ∞"
		}
		if one.Enclosure != nil {
			a.Enclosure = &Enclosure{Value: one.Enclosure.Value}
		}
		return a
	}
	return nil
}

// place is how the answer of one variable calls the end.
func (e *valueEnd) place() string {
	switch {
	case e.a.Status == Unbounded && e.greatest:
		return "∞"
	case e.a.Status == Unbounded:
		return "-∞"
	case e.greatest:
		return format.Text(e.a.ExactValue) + " from below"
	}
	return format.Text(e.a.ExactValue) + " from above"
}
