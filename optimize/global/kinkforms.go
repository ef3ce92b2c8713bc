package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
)

// This file finds closed forms of minima on kinks by the epigraph form: with a variable in the place of each kink that is the
// greatest of several formulas, and not lower than any of these, a sum that rises with the kinks has the same infimum (Boyd and
// Vandenberghe, Convex Optimization, 2004, section 4.1.3). There the pieces that meet are conditions with multipliers.

// atKinks returns the answer with a closed form in the place of the certified one; nil where none is found.
func (s *session) atKinks(certified *Answer) *Answer {
	if len(s.m.Cons) > 0 || s.p.F.Size() > maxEliminated || !form.HasKinks(s.m.F) {
		return nil
	}
	q, text := s.aboveKinks()
	if q == nil {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.3)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate, o.part = nil, nil, false, true
	above, _, err := solveAny(ctx, q, o)
	if err != nil || above.Status != Exact {
		return nil
	}
	// Where f is defined it is not lower than the least value above, and at a point at which that is taken not higher: there the
	// variables are not lower than the kinks.
	var a *Answer
	for _, m := range above.Minimisers {
		if m.Family != "" || len(m.Exact) < s.m.N {
			return nil
		}
		e, ok := s.exactPoint(m.Exact[:s.m.N])
		if !ok {
			continue
		}
		switch {
		case a == nil:
			a = s.exactAnswer(e, above.ExactValue)
		case !slices.ContainsFunc(a.Minimisers, func(p Point) bool { return slices.Equal(p.X, e.at) }):
			a.Minimisers = append(a.Minimisers, Point{X: e.at, Exact: e.x})
		}
	}
	if a == nil {
		return nil
	}
	a.Method, a.Argument = certified.Method, certified.Argument
	a.MinimisersComplete = certified.MinimisersComplete && len(a.Minimisers) == len(certified.Minimisers)
	a.Proof = calledAs("g", text, above.Proof)
	return s.flip(a)
}

// aboveKinks is the question with variables in the places of kinks, and says so; nil where f has none that are added.
func (s *session) aboveKinks() (q *Problem, text string) {
	t := simplify.New()
	list, terms := kinks(t, t.Tidy(s.m.F))
	names := s.newNames(len(list))
	if names == nil {
		return nil, ""
	}
	q = &Problem{Vars: slices.Clone(s.p.Vars)}
	var with, under []string
	for i, k := range list {
		if k.square.Valid() { // the root of which is as it is
			terms = append(terms, t.Mul(t.Num(k.times), k.term))
			continue
		}
		u := t.Var(names[i])
		q.Vars = append(q.Vars, names[i])
		terms = append(terms, t.Mul(t.Num(k.times), u))
		with = append(with, fmt.Sprintf("%s for %s", names[i], format.Text(k.term)))
		for _, p := range k.pieces {
			c := t.Pool().Make(expr.Le, p, u)
			q.SubjectTo, under = append(q.SubjectTo, c), append(under, format.Text(c))
		}
	}
	if len(with) == 0 {
		return nil, ""
	}
	if q.F = t.Add(terms...); s.p.Bounds != nil {
		q.Bounds = append(slices.Clone(s.p.Bounds), make([]Bound, len(q.Vars)-s.m.N)...)
	}
	what := s.p.word("f", "-f")
	return q, fmt.Sprintf("with %s, %s is g = %s, the least value of which under %s is that of %s",
		strings.Join(with, " and "), what, format.Text(q.F), strings.Join(under, ", "), what)
}
