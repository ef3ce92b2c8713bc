package global

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/minimum"
)

// This file minimises Lagrangians that are sums of functions of different variables, which need not be convex. So are
// inequalities like tan a + tan b + tan c ≥ 3 √3 in acute triangles proved, by a tangent of each term.

// byPartsOf answers for the point k where its Lagrangian is a sum of functions of one variable each, which are
// minimised on their own, within the bounds and those that linear conditions imply, and the least values add up to the
// value at k: in the region f is not lower than its Lagrangian, and at k it is equal.
func (s *session) byPartsOf(k *exactKKT) *Answer {
	terms, ok := s.lagrangianTerms(k)
	if !ok {
		return nil
	}
	bounds, implied := s.impliedBounds()
	q := &Problem{F: terms, Vars: s.p.Vars, Bounds: bounds}
	m, err := q.model()
	if err != nil {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.2)
	defer cancel()
	o := s.o
	o.Start, o.Progress = nil, nil
	l := (&session{ctx: ctx, p: q, o: o, m: m}).separable()
	if l == nil || l.Status != Exact || !l.ExactValue.Valid() {
		return nil
	}
	c := exact.NewConstants(simplify.New())
	if !exact.IsZero(c, c.T.Sub(c.T.Tidy(l.ExactValue), c.T.Tidy(k.value))) {
		return nil
	}
	a := s.exactAnswer(k.exactPoint, k.value)
	a.Method, a.Evaluations = "Lagrangian duality", l.Evaluations
	a.MinimisersComplete = l.MinimisersComplete && len(l.Minimisers) == 1 && l.Minimisers[0].Family == ""
	a.Proof = []string{fmt.Sprintf("under the constraints f is not %s than L, which is f plus the constraints times the multipliers %s", s.p.lower(), s.multiplierText(k))}
	if len(implied) > 0 {
		a.Proof = append(a.Proof, "the conditions leave "+list4(implied))
	}
	for _, line := range l.Proof {
		a.Proof = append(a.Proof, minimum.Called(line, "L"))
	}
	if s.o.Certificate {
		r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, l, nil)}}
		for i, y := range k.y {
			r.Multipliers = append(r.Multipliers, certificate.Multiplier{Condition: format.Plain(s.m.Cons[k.active[i]].Text), Value: format.Plain(y)})
		}
		a.Argument.Reduction = r
	}
	return s.flip(a)
}

// lagrangianTerms is the Lagrangian of k as a sum of the terms of f and of the constraints; ok says that each has one variable at
// most. Terms of several are not worth the work that it takes to find other forms of them.
func (s *session) lagrangianTerms(k *exactKKT) (sum expr.Expr, ok bool) {
	t := simplify.New()
	terms := form.TermsOf(t, t.Tidy(s.m.F))
	for a, y := range k.y {
		y = t.Tidy(y)
		for _, e := range form.TermsOf(t, t.Tidy(s.m.Cons[k.active[a]].G)) {
			terms = append(terms, t.Mul(y, e))
		}
	}
	return t.Add(terms...), !slices.ContainsFunc(terms, func(e expr.Expr) bool { return len(e.Vars()) > 1 })
}

// impliedBounds are the bounds of the variables, tightened by those that the linear conditions imply with the bounds of
// their other variables, which are told too: of a + b + c = π and b, c > 0, that a < π. They are closed forms, where
// enclosures would reach beyond a pole that f has just there.
func (s *session) impliedBounds() (bounds []Bound, told []string) {
	given := make([]Bound, s.m.N)
	copy(given, s.p.Bounds)
	bounds = slices.Clone(given)
	q := &Problem{Vars: s.p.Vars}
	for _, c := range s.m.Cons {
		line, rest, ok := s.lineOf(c)
		for i := 0; ok && i < len(line); i++ {
			for _, sign := range [...]number.Number{number.Int(1), number.Int(-1)} {
				if sign.Sign() < 0 && !c.Equal {
					continue
				}
				before := bounds[i]
				b := impliedBy(given, line, rest, i, sign, s.p.Vars[i], c.Strict)
				if b.Valid() && q.bound(bounds, b) && before != bounds[i] {
					told = append(told, format.Text(b))
				}
			}
		}
	}
	return bounds, told
}

// lineOf reads G of the constraint as the linear function Σ line_i x_i + rest, where it is defined everywhere.
func (s *session) lineOf(c model.Constraint) (line []number.Number, rest expr.Expr, ok bool) {
	t := simplify.New()
	g := t.Tidy(c.G)
	rest = t.Tidy(s.valueAt(g, slices.Repeat([]expr.Expr{t.Int(0)}, s.m.N)))
	q, ok := quadratic.Of(t.Sub(g, rest), s.p.Vars)
	if !ok || q.Curved() || len(simplify.Domain(c.G)) > 0 {
		return nil, rest, false
	}
	return q.B, rest, true
}

// impliedBy is the bound of the variable i, named x, that follows from sign (Σ line_j x_j + rest) ≤ 0 and the bounds of
// the other variables, not Valid where these leave none: line_i x_i is at most what the least values of the other terms leave.
func impliedBy(given []Bound, line []number.Number, rest expr.Expr, i int, sign number.Number, x string, strict bool) expr.Expr {
	if line[i].Sign() == 0 {
		return expr.Expr{}
	}
	t := simplify.New()
	room := t.Mul(t.Num(sign.Neg()), t.Tidy(rest))
	for j, k := range line {
		if k = k.Mul(sign); j == i || k.Sign() == 0 {
			continue
		}
		least, open := given[j].Lo, given[j].LoOpen
		if k.Sign() < 0 {
			least, open = given[j].Hi, given[j].HiOpen
		}
		if !least.Valid() {
			return expr.Expr{}
		}
		strict = strict || open
		room = t.Sub(room, t.Mul(t.Num(k), t.Tidy(least)))
	}
	k := line[i].Mul(sign)
	over, _ := number.Int(1).Quo(k)
	ops := map[bool]expr.Op{false: expr.Le, true: expr.Lt}
	if k.Sign() < 0 {
		ops = map[bool]expr.Op{false: expr.Ge, true: expr.Gt}
	}
	room = exact.ClosedForm(t.Mul(t.Num(over), room))
	pool := expr.NewPool()
	return pool.Make(ops[strict], pool.Var(x), pool.Import(room))
}
