package univariate

import (
	"context"
	"fmt"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file is about formulas with holes: places that a part of the formula, as in 2 + x/x, or a condition excludes, while the formula goes on
// continuously there, such as the zeros of sin(x) in cos(x) + 0/sin(x). There are only finitely many of them in a bounded interval, so that the infimum is
// that without the holes.

// answerWithHoles answers for a formula with holes, nil for others. A study of the formula as it is may list more points.
func answerWithHoles(ctx context.Context, p *Question) *answer {
	l, lo, hi, _, _ := newLine(ctx, &Question{F: p.F, Var: p.Var, Bound: p.Bound})
	if p.depth >= substitutions || lo.Inf == 0 && hi.Inf == 0 { // there, the line is cut at the few holes
		return nil
	}
	if !continuousIn(l.raw, l.Var) || l.formalPowers(l.raw) {
		return nil
	}
	g := l.tidyNode(l.raw)
	holds := simplify.Domain(g) // anyway
	if r := l.RingFor(exact.Start); len(holds) > 0 {
		if h := r.Build(r.Expand(g)); len(simplify.Domain(h)) < len(holds) {
			g, holds = h, simplify.Domain(h)
		}
	}
	asked := slices.Clone(p.SubjectTo)
	for _, c := range p.SubjectTo { // one that is not defined does not hold
		asked = append(asked, simplify.Domain(c)...)
	}
	var holes, kept []expr.Expr
	for i, c := range slices.Concat(asked, simplify.Domain(p.F)) {
		c = l.T.Pool().Import(c)
		var u expr.Expr // c says that it is not 0
		if c.Op() == expr.Ne {
			u = l.numerator(l.T.Sub(l.tidyNode(c.Arg(0)), l.tidyNode(c.Arg(1))))
		}
		switch {
		case slices.ContainsFunc(holds, func(h expr.Expr) bool { return expr.Equal(l.T.Tidy(h), l.T.Tidy(c)) }):
		case u.Valid() && l.isolatedZeros(u):
			if zeros, ok := l.Solve(u, lo, hi); !ok || len(zeros) > 0 || !l.nonzeroAt(u, lo) || !l.nonzeroAt(u, hi) {
				holes = append(holes, u)
			}
		case i < len(asked) || c.Op() != expr.Ne:
			kept = append(kept, c)
		default:
			return nil
		}
	}
	if len(holes) == 0 {
		return nil
	}
	q := *p
	q.F, q.SubjectTo, q.depth = g, kept, p.depth+1
	a := solve(ctx, &q)
	var where []expr.Expr
	for _, u := range holes {
		where = append(where, l.T.Pool().Make(expr.Ne, u, l.T.Int(0)))
	}
	a.Proof = append([]string{fmt.Sprintf("f goes on continuously, as %s, where %s does not hold, and these places are apart from each other: the %s is that without this condition",
		format.Text(g), format.All(where, format.Options{}), map[bool]string{false: "infimum", true: "supremum"}[p.Max])}, a.Proof...)
	a.Domain, a.everywhere = p.domain(), false
	a.Argument = minimum.Argument{}
	switch a.Status {
	case minimum.NotAttained:
		return a
	case minimum.Unbounded:
		if a.Witness != nil && a.Witness.Whole { // all its places may be holes
			return nil
		}
		return a
	case minimum.Exact, minimum.Certified:
		if !l.besideHoles(a, holes) {
			return nil
		}
		return a
	}
	return nil
}

// nonzeroAt reports whether the tidy formula u is proved not to be 0 at an end of the question, or this is infinite.
func (l *line) nonzeroAt(u expr.Expr, end exact.Spot) bool {
	sign, ok := l.SignAt(u, end)
	return end.Inf != 0 || ok && sign != 0
}

// numerator is 0 where the tidy formula u is.
func (l *line) numerator(u expr.Expr) expr.Expr {
	if r := l.RingFor(exact.Start); len(simplify.Domain(u)) > 0 {
		if n, strips, ok := r.Numerator(r.Expand(u)); ok {
			u = r.Build(n)
			for _, k := range strips {
				if k.N.Sign() > 0 {
					u = l.T.Mul(u, r.Kernels[k.K].E)
				}
			}
		}
	}
	return u
}

// isolatedZeros reports whether the tidy formula u is an analytic function on the line and not 0 everywhere, as its form shows.
func (l *line) isolatedZeros(u expr.Expr) bool {
	if len(simplify.Domain(u)) > 0 {
		return false
	}
	for n := range u.All() {
		switch n.Op() {
		case expr.Num, expr.Var, expr.Add, expr.Mul:
		case expr.Pow:
			if n.Arg(1).Op() != expr.Num || !n.Arg(1).Number().IsInt() {
				return false
			}
		case expr.Call:
			if n.Has(l.Name) && !l.analytic(n) {
				return false
			}
		default:
			return false
		}
	}
	for _, k := range []int64{1, 2, 3} {
		if sign, ok := l.Consts.Sign(l.Consts.Simplify(l.Substitute(u, l.T.Int(k)))); ok && sign != 0 {
			return true
		}
	}
	return false
}

// analytic reports whether the function of the call n, of one operand, is analytic on the line: it has no kinks or jumps, and neither it nor its derivative has a gap.
func (l *line) analytic(n expr.Expr) bool {
	f := n.Func()
	if n.Len() != 1 || f.Domain != "" || f.Jumps || form.HasKinks(n) {
		return false
	}
	return len(simplify.Domain(diff.D(l.T.Pool().Call(f, l.Var), l.Name))) == 0
}

// besideHoles keeps the minimisers and the stationary points of an answer that are no holes, zeros of one of the functions given, and reports whether it is
// known which minimisers these are, and there is one.
func (l *line) besideHoles(a *answer, holes []expr.Expr) bool {
	inHole := func(closed []expr.Expr, hull interval.I) (in, sure bool) {
		z := exact.Spot{Hull: hull}
		if len(closed) > 0 && closed[0].Valid() {
			z = exact.At(l.Consts, l.T.Pool().Import(closed[0]))
		}
		for _, u := range holes {
			sign, ok := l.SignAt(u, z)
			if !ok {
				return false, false
			}
			in = in || sign == 0
		}
		return in, true
	}
	var kept []minimum.Point
	for _, m := range a.Minimisers {
		repeats := m.Repeats.Step.Valid() || m.Family != ""
		in, sure := inHole(m.Exact, m.Hull)
		if !sure || in && repeats {
			return false
		}
		if in {
			continue
		}
		if repeats { // others of the family may be holes
			m.Family, m.Repeats = "", minimum.Repeats{}
			a.MinimisersComplete = false
		}
		kept = append(kept, m)
	}
	if len(kept) == 0 {
		return false
	}
	a.Minimisers, a.At, a.ExactAt = kept, kept[0].X, kept[0].Exact
	a.Enclosure.At = []interval.I{kept[0].Hull}
	a.Stationary = slices.DeleteFunc(a.Stationary, func(s minimum.Stationary) bool {
		in, sure := inHole(s.Exact, s.Hull)
		unknown := !sure || s.Repeats.Step.Valid() || s.Family != ""
		a.StationaryComplete = a.StationaryComplete && !unknown
		return in || unknown
	})
	return true
}
