package univariate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file is about formulas that grow with a minimum, or fall with a maximum or an absolute value: f is the least of F(x, u) for the
// operands u of that, where all of these are defined, and its infimum is the least of theirs.

// mostOperands is the most operands that are studied apart.
const mostOperands = 4

// answerLesser answers for such a formula, nil for others and where one of the operands is not settled.
func answerLesser(ctx context.Context, p *Question) *answer {
	if p.depth >= substitutions {
		return nil
	}
	l, _, _, _, _ := newLine(ctx, &Question{F: p.F, Var: p.Var, Max: p.Max})
	list := l.lesserOf()
	if list == nil {
		return nil
	}
	var least *answer
	var of []expr.Expr // what has the infimum
	for _, u := range list {
		q := *p
		q.F, q.Max, q.depth = u, false, p.depth+1
		q.SubjectTo = slices.Clone(p.SubjectTo)
		for _, o := range list {
			if o != u {
				q.SubjectTo = append(q.SubjectTo, simplify.Domain(o)...)
			}
		}
		a := solve(ctx, &q)
		if a.Status == minimum.Unbounded {
			least, of = a, []expr.Expr{u}
			break
		}
		if a.Status != minimum.Exact && a.Status != minimum.Certified && a.Status != minimum.NotAttained && a.Status != minimum.Constant {
			return nil
		}
		c, ok := -1, true
		if least != nil {
			c, ok = l.compareAnswers(a, least)
		}
		switch {
		case !ok:
			return nil
		case c < 0:
			least, of = a, []expr.Expr{u}
		case c == 0:
			if of = append(of, u); !least.Attained && a.Attained {
				a, least = least, a
			}
			if least.Attained && a.Attained {
				for _, m := range a.Minimisers {
					if !slices.ContainsFunc(least.Minimisers, func(o minimum.Point) bool { return o.X[0] == m.X[0] }) {
						least.Minimisers = append(least.Minimisers, m)
					}
				}
				least.MinimisersComplete = least.MinimisersComplete && a.MinimisersComplete
			}
		}
	}
	return l.lesserAnswer(p, least, list, of)
}

// lesserAnswer is the answer for the least of the functions in list, from that for those of them that have its infimum.
func (l *line) lesserAnswer(p *Question, a *answer, list, of []expr.Expr) *answer {
	text := func(list []expr.Expr, with string) string {
		var out []string
		for _, u := range list {
			if p.Max {
				u = l.T.Pool().Make(expr.Neg, u)
			}
			out = append(out, format.Text(l.T.Tidy(u)))
		}
		return strings.Join(out, with)
	}
	part := a.Proof
	s := &study{l: l}
	if l.max = p.Max; l.max {
		a.Value = -a.Value
		a.ExactValue = s.outExact(importValid(l.T.Pool(), a.ExactValue))
		if a.Enclosure != nil {
			a.Enclosure.Value = s.outInterval(a.Enclosure.Value)
		}
		if w := a.Witness; w != nil {
			for i := range w.Values {
				w.Values[i] = -w.Values[i]
			}
			w.Why = s.flip(w.Why)
		}
		part = nil
	}
	a.Proof = []string{fmt.Sprintf("f is the %s of %s, each of which is settled on its own", map[bool]string{false: "least", true: "greatest"}[p.Max], text(list, " and "))}
	for _, line := range part {
		a.Proof = append(a.Proof, minimum.Called(line, text(of[:1], "")))
	}
	a.Domain = p.domain()
	a.everywhere = false
	a.Stationary, a.StationaryComplete = nil, false
	a.Argument = minimum.Argument{}
	a.Method = "operands of a minimum"
	return a
}

// compareAnswers compares the infima of two answers, whose values are those of functions to be made least.
func (l *line) compareAnswers(a, b *answer) (int, bool) {
	if a.ExactValue.Valid() && b.ExactValue.Valid() {
		return l.Consts.Compare(l.T.Pool().Import(a.ExactValue), l.T.Pool().Import(b.ExactValue))
	}
	if a.Enclosure == nil || b.Enclosure == nil {
		return 0, false
	}
	switch u, v := a.Enclosure.Value, b.Enclosure.Value; {
	case u.Hi < v.Lo:
		return -1, true
	case u.Lo > v.Hi:
		return 1, true
	}
	return 0, false
}

// lesserOf writes the formula as the least of several, nil where that is not seen.
func (l *line) lesserOf() (list []expr.Expr) {
	pool := l.T.Pool()
	for n := range l.raw.All() {
		way := map[string]int{"min": 1, "max": -1, "abs": -1}[callName(n)]
		if way == 0 || !n.Has(l.Name) || n.Len() > mostOperands || l.wayOf(l.raw, n) != way {
			continue
		}
		operands := n.AppendArgs(nil)
		if n.IsCall("abs") {
			operands = append(operands, pool.Make(expr.Neg, operands[0]))
		}
		f := outerPart(l.raw, n, l.Name+"_w")
		for _, u := range operands {
			list = append(list, expr.Rebuild(f, pool, func(x expr.Expr) (expr.Expr, bool) { return u, x.Name() == l.Name+"_w" }))
		}
		return list
	}
	return nil
}

func callName(n expr.Expr) string {
	if n.Op() == expr.Call {
		return n.Func().Name
	}
	return ""
}

// wayOf returns 1 where f grows with its part n, as its form shows, for all values of n and with the same domain, -1 where it falls, and 0 for neither.
func (l *line) wayOf(f, n expr.Expr) int {
	if f == n {
		return 1
	}
	at := -1
	for k := range f.Len() {
		if f.Arg(k) == n || form.IsPart(n, f.Arg(k)) {
			if at >= 0 {
				return 0
			}
			at = k
		}
	}
	if at < 0 {
		return 0
	}
	way := l.wayOf(f.Arg(at), n)
	switch f.Op() {
	case expr.Add:
		return way
	case expr.Neg:
		return -way
	case expr.Mul, expr.Div:
		if f.Op() == expr.Div && at == 1 {
			return 0
		}
		for k := range f.Len() {
			if k == at {
				continue
			}
			if !f.Arg(k).IsConstant() {
				return 0
			}
			sign, ok := l.Consts.Sign(l.tidyNode(f.Arg(k)))
			if !ok {
				return 0
			}
			way *= sign
		}
		return way
	case expr.Call:
		if f.Func().Domain == "" && f.Len() == 1 {
			return way * f.Func().Direction()
		}
	}
	return 0
}
