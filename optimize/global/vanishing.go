package global

import (
	"math"
	"slices"
	"strings"

	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/rational"
)

// This file answers for geometric programs of which some terms shrink for ever: along a direction in the logarithms of the
// variables in which none grows.

// receding returns the program without the terms that vanish along a direction in the
// logarithms of the variables in which no term grows; vanished says that terms of what
// is minimised are among them, so that no point is the best. rest is nil when nothing is
// left of that, and g itself when there is no such direction d.
func (g *geometric) receding(s *session) (rest *geometric, d []float64, vanished bool) {
	rest = g
	for {
		step, ok := rest.recession(s)
		switch {
		case !ok:
			return &geometric{}, nil, false
		case step == nil:
			return rest, d, vanished
		}
		next := &geometric{offset: g.offset, invert: g.invert}
		for k, p := range rest.list {
			kept := posynomial{equal: p.equal, text: p.text}
			for _, m := range p.terms {
				if rational.Dot(m.a, step).Sign() == 0 {
					kept.terms = append(kept.terms, m)
				}
			}
			vanished = vanished || k == 0 && len(kept.terms) < len(p.terms)
			if len(kept.terms) > 0 {
				next.list = append(next.list, kept)
			}
		}
		if d == nil {
			d = make([]float64, len(step))
		}
		for i, v := range step {
			d[i] = 10*d[i] + v.Float64() // what vanished before still does
		}
		if allVanish(rest.list[0], step) {
			return nil, d, true
		}
		rest = next
	}
}

func allVanish(p posynomial, d []number.Number) bool {
	return !slices.ContainsFunc(p.terms, func(m term) bool { return rational.Dot(m.a, d).Sign() == 0 })
}

// recession returns a direction d with a·d ≤ 0 for all terms, 0 for equations, and less
// than 0 for some; nil for none. ok is false when ctx ended the search.
func (g *geometric) recession(s *session) (d []number.Number, ok bool) {
	n := len(g.list[0].terms[0].a)
	sum := make([]number.Number, n)
	goal := &quadprog.Program{}
	for _, p := range g.list {
		for _, m := range p.terms {
			goal.Rows = append(goal.Rows, quadprog.Row{A: m.a, Equal: p.equal})
			for i := range sum {
				sum[i] = sum[i].Add(m.a[i])
			}
		}
	}
	// The least of Σ a·d, which is 0 or, limited, -1.
	goal.C = sum
	goal.Rows = append(goal.Rows, quadprog.Row{A: rational.Negated(sum), B: number.Int(1)})
	x, _, ok := goal.Solve(s.ctx)
	if !ok || rational.Dot(sum, x).Sign() == 0 {
		return nil, ok
	}
	return x, true
}

// byVanishing answers for a geometric program without a best point, because some terms
// of what is minimised shrink for ever while none grows.
func (s *session) byVanishing() *Answer {
	if s.m.N < 2 {
		return nil
	}
	g, ok := s.geometricProgram()
	if !ok || g.invert || g.relaxed || g.missing {
		return nil
	}
	s.b = branch.New(s.m, s.o.boxes())
	rest, d, vanished := g.receding(s)
	if !vanished || !s.someFeasible(g) {
		return nil
	}
	offset, ok := tape.EncloseConstant(g.offset)
	if !ok {
		return nil
	}
	a := &Answer{Status: NotAttained, Method: "geometric programming", GradientNorm: math.NaN(), Enclosure: &Enclosure{Value: offset}}
	why := "along a curve x_i = c_i t^k_i all terms of f shrink to 0, and no term of a condition grows"
	if rest == nil {
		a.ExactValue, a.Value = exact.ClosedForm(g.offset), offset.Mid()
		t := simplify.New()
		for _, v := range d {
			k, _ := number.FromFloat(v)
			a.Argument.Path = append(a.Argument.Path, t.Pow(t.Var("t"), t.Num(k)))
		}
	} else {
		x, w := rest.solve(s, 0)
		if x == nil {
			return nil
		}
		for _, far := range []float64{1, 3, 10, 20, 40, 80} {
			y := slices.Clone(x)
			for i := range y {
				y[i] *= math.Exp(far * d[i])
			}
			s.b.Try(y)
		}
		lb, _, ok := rest.least(w)
		if !ok || s.b.BestX == nil || !(rest.value(lb).Lo >= s.b.Best.Hi-s.b.Gap()) {
			return nil
		}
		a.Enclosure.Value = interval.New(math.Min(rest.value(lb).Lo, s.b.Best.Hi), s.b.Best.Hi)
		a.Value = a.Enclosure.Value.Mid()
		why = "along a curve x_i = c_i t^k_i some terms of f shrink for ever and none grows, nor does one of a condition; what is left has this value by the inequality of the arithmetic and geometric means"
	}
	if !s.aboveOnFaces(a.Enclosure.Value.Hi, true) {
		return nil
	}
	a.Approached = s.farAlong(d)
	a.Proof = []string{s.minimised() + " is a sum of products of powers of positive variables and a constant: " + why}
	return s.flip(a)
}

// farAlong says where the variables go that move in the direction d of the logarithms.
func (s *session) farAlong(d []float64) string {
	var parts []string
	for i, v := range d {
		switch {
		case v > 0:
			parts = append(parts, s.p.Vars[i]+" → ∞")
		case v < 0:
			parts = append(parts, s.p.Vars[i]+" → 0")
		}
	}
	return strings.Join(parts, ", ")
}

// someFeasible reports whether a point of the region is proved to exist.
func (s *session) someFeasible(g *geometric) bool {
	ones := make([]float64, s.m.N)
	for i := range ones {
		ones[i] = 1
	}
	if s.b.Try(ones) {
		return true
	}
	x, _ := g.solve(s, 8)
	if x == nil {
		x = ones
	}
	return s.admitNear(x)
}
