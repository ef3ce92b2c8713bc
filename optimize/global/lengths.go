package global

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file answers for formulas with lengths, hypot(x, y), by roots of squares: rules for powers know what x^2 + y^2 is in them.

// byLengths returns nil where there are no lengths, or f is convex, as formulas show that have them as they are.
func (s *session) byLengths() *Answer {
	var text string
	for n := range s.p.F.All() {
		if n.IsCall("hypot") && len(n.Vars()) > 1 {
			text = fmt.Sprintf("%s is %s", format.Text(n), format.Text(lengthsAsRoots(n)))
		}
	}
	if text == "" || form.IsConvex(s.m.F, s.p.Vars, s.m.Outer) {
		return nil
	}
	q := *s.p
	q.F, q.SubjectTo = lengthsAsRoots(s.p.F), slices.Clone(s.p.SubjectTo)
	for i, c := range q.SubjectTo {
		q.SubjectTo[i] = lengthsAsRoots(c)
	}
	a, steps, err := solveNormal(s.ctx, &q, s.o)
	if err != nil {
		return nil
	}
	a.Proof = append([]string{text}, a.Proof...)
	if s.o.Certificate {
		r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(&q, a, steps)}, Of: [][]string{s.p.Vars}, Lift: s.p.Vars}
		a.Argument = minimum.Argument{Path: a.Argument.Path, Reduction: r}
	}
	return a
}

// lengthsAsRoots is f with sqrt(u^2 + v^2) for hypot(u, v).
func lengthsAsRoots(f expr.Expr) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.IsCall("hypot") {
			return simplify.Instance(n.Func(), n.Func().Means, pool, args)
		}
		return expr.Remake(n, pool, args, nil)
	})
}
