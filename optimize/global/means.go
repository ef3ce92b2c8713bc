package global

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/rational"
)

// This file answers for geometric programs by the inequality of the weighted arithmetic and geometric means (posynomial.go).

// byMeans answers for a geometric program by the inequality of the arithmetic and
// geometric means.
func (s *session) byMeans() *Answer {
	if s.m.N < 2 {
		return nil
	}
	g, ok := s.geometricProgram()
	if !ok {
		return nil
	}
	x, w := g.solve(s, 0)
	if x == nil {
		return nil
	}
	lb, weights, ok := g.least(w)
	if !ok {
		return nil
	}
	value := g.value(lb)
	s.b.Try(x)
	if s.b.BestX == nil || !(value.Lo >= s.b.Best.Hi-s.b.Gap()) {
		s.admitNear(x)
	}
	if s.b.BestX == nil || !(value.Lo >= s.b.Best.Hi-s.b.Gap()) || !s.aboveOnFaces(value.Lo, false) || s.openEdges() {
		return nil
	}
	// Where no term can shrink for ever without another growing, the minimum is attained:
	// the terms hold the variables, or those that count.
	if rest, _, _ := g.receding(s); rest != g || g.missing && !g.holds() {
		return nil
	}
	v := interval.New(math.Min(value.Lo, s.b.Best.Hi), s.b.Best.Hi)
	a := &Answer{Status: Certified, Method: "geometric programming", At: slices.Clone(s.b.BestX), Attained: true, Enclosure: &Enclosure{Value: v}}
	a.Value = model.ClipTo(s.b.At(a.At), v)
	a.Minimisers = []Point{{X: a.At}}
	what := "f"
	if s.p.Max != g.invert {
		what = "-f"
	}
	a.Proof = []string{what + " is a sum of products of powers of positive variables and a constant, and so are the conditions",
		fmt.Sprintf("by the inequality of the weighted arithmetic and geometric means, with the weights %s of its terms, f is nowhere %s than %s", g.text(weights), s.p.lower(), format.Number(s.sign(v.Lo), 10))}
	if b := s.exactMeans(g, weights, x); b != nil {
		b.Method, b.Proof = a.Method, a.Proof
		a = b
	} else if b := s.exactProgram(g, x); b != nil {
		return s.flip(b)
	} else if value.Lo < s.b.Best.Hi && (g.ragged || !s.aboveOnFaces(s.b.Best.Hi, true)) {
		return nil // a least value may not be taken, of the region or of a face
	}
	if s.o.Certificate {
		a.Argument.Reduction = g.reduction(s.m.Vars, weights)
	}
	return s.flip(a)
}

// exactMeans answers when a simple point near x has exactly the value of the bound that
// the weights give.
func (s *session) exactMeans(g *geometric, weights [][]number.Number, x []float64) *Answer {
	t := simplify.New()
	factors := []expr.Expr{t.Int(1)}
	for k, p := range g.list {
		var lambda number.Number
		for j, m := range p.terms {
			d := weights[k][j]
			if _, q, ok := d.Frac64(); !ok || q > 100 {
				return nil
			}
			if lambda = lambda.Add(d); d.Sign() == 0 {
				continue
			}
			c := t.Tidy(m.c)
			if len(p.terms) > 1 {
				c = t.Mul(c, t.Pow(t.Num(d), t.Int(-1)))
			}
			factors = append(factors, t.Pow(c, t.Num(d)))
		}
		if k > 0 && len(p.terms) > 1 && lambda.Sign() > 0 {
			factors = append(factors, t.Pow(t.Num(lambda), t.Num(lambda)))
		}
	}
	bound := t.Mul(factors...)
	inProportion, powers := g.inProportion(t, weights, bound, func(int) number.Number { return number.Int(1) })
	points := s.p.snaps(x) // which have plainer forms
	switch {
	case len(powers) > 0:
		points = append([][]expr.Expr{inProportion}, points...)
		if near, _ := g.inProportion(t, weights, bound, func(i int) number.Number { return short(x[i]) }); near != nil {
			points = append(points, near)
		}
	case inProportion != nil:
		points = append(points, inProportion)
	}
	if g.invert {
		bound = t.Neg(t.Pow(bound, t.Int(-1)))
	}
	bound = t.Add(t.Tidy(g.offset), bound)
	for i, y := range points {
		e, ok := s.exactPoint(y)
		if !ok {
			continue
		}
		if v := s.valueAt(s.m.F, y); sameConstant(v, bound) || prove.Equal(v, bound, prove.Budget{}).Equal {
			a := s.exactAnswer(e, v)
			if inProportion != nil && (i == 0 || len(powers) == 0) {
				g.describe(s, a, weights, powers)
			}
			return a
		}
	}
	return nil
}

// exactProgram answers with a simple point near x that satisfies the conditions of Karush, Kuhn and Tucker: in the
// logarithms of the variables the program is convex, so that they suffice, as they do for a function of the value that
// rises (Boyd and Vandenberghe, Convex Optimization, 2004, sections 4.5.3 and 5.5.3).
func (s *session) exactProgram(g *geometric, x []float64) *Answer {
	if g.relaxed || g.missing {
		return nil
	}
	for y := range s.closedForms(x) {
		k := s.exactKKTAt(y)
		if k == nil || slices.ContainsFunc(k.box, func(v interval.I) bool { return !(v.Lo > 0) }) {
			continue
		}
		a := s.exactAnswer(k.exactPoint, k.value)
		if !s.aboveOnFaces(a.Enclosure.Value.Hi, false) {
			continue
		}
		a.Method = "geometric programming"
		held := "is zero"
		if len(k.free) < s.m.N {
			held = "is zero in the variables that no bound holds, and has the sign for the others in which the bounds hold them"
		}
		of := "f"
		if len(k.y) > 0 {
			of += " plus the conditions times the multipliers " + s.multiplierText(k)
		}
		a.Proof = []string{g.sumText(s) + " is a sum of products of powers of positive variables, and so are the conditions: its logarithm is convex in the logarithms of the variables",
			"at this point the gradient of " + of + " " + held + ", by substitution, so that no other point is better"}
		return a
	}
	return nil
}

// sumText writes the posynomial that is minimised through f.
func (g *geometric) sumText(s *session) string {
	t := simplify.New()
	sign := int64(1)
	if s.p.Max {
		sign = -1
	}
	sum := t.Sub(t.Mul(t.Int(sign), t.Var("f")), t.Tidy(g.offset))
	if g.invert {
		sum = t.Mul(t.Int(-1), t.Pow(sum, t.Int(-1)))
	}
	return format.Text(sum)
}

// inProportion returns the point at which the bound by the means is taken: there each term is to the sum that it is one of
// as its weight, the sum being least or, in a condition, 1; equations hold. Variables i that the terms leave free are free(i), and others
// are times powers of the parameters which may be put at them: rows of exponents, none where the terms determine the point.
func (g *geometric) inProportion(t *simplify.Tidier, weights [][]number.Number, least expr.Expr, free func(i int) number.Number) (x []expr.Expr, powers [][]number.Number) {
	var rows [][]number.Number // of the logarithms of the variables
	var values []expr.Expr
	for k, p := range g.list {
		var lambda number.Number
		for _, d := range weights[k] {
			lambda = lambda.Add(d)
		}
		for j, m := range p.terms {
			share, ok := weights[k][j].Quo(lambda)
			if p.equal { // which holds whatever its weight
				share, ok = number.Int(1), true
			}
			if more := append(slices.Clip(rows), m.a); ok && share.Sign() > 0 && rational.Rank(more) == len(more) {
				value := t.Mul(t.Num(share), t.Pow(t.Tidy(m.c), t.Int(-1)))
				if k == 0 {
					value = t.Mul(value, least)
				}
				rows, values = more, append(values, value)
			}
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	held := len(rows)
	for i := range rows[0] {
		unit := make([]number.Number, len(rows[0]))
		unit[i] = number.Int(1)
		if more := append(slices.Clip(rows), unit); rational.Rank(more) == len(more) {
			rows, values = more, append(values, t.Num(free(i)))
		}
	}
	inv, ok := rational.Inverse(rows)
	if !ok {
		return nil, nil
	}
	c := exact.NewConstants(t)
	x, powers = make([]expr.Expr, len(inv)), make([][]number.Number, len(inv)-held)
	for i, row := range inv {
		factors := []expr.Expr{t.Int(1)}
		for j, a := range row {
			factors = append(factors, t.Pow(values[j], t.Num(a)))
			if j >= held {
				powers[j-held] = append(powers[j-held], a)
			}
		}
		x[i] = exact.ClosedForm(c.Simplify(t.Mul(factors...)))
	}
	return x, powers
}

// short returns a number of few digits near v > 0.
func short(v float64) number.Number {
	n, err := number.Parse(strconv.FormatFloat(v, 'g', 2, 64))
	if err != nil {
		return number.Int(1)
	}
	return n
}

// describe says which points have the least value besides the one in proportion, which a is: none but those at which the
// terms with weights are in proportion, and all these where every term has one.
func (g *geometric) describe(s *session, a *Answer, weights [][]number.Number, powers [][]number.Number) {
	if !s.aboveOnFaces(a.Enclosure.Value.Hi, true) {
		return
	}
	if len(powers) == 0 {
		a.MinimisersComplete = true
		return
	}
	for k, p := range g.list {
		for j := range p.terms {
			if weights[k][j].Sign() == 0 && !(p.equal && len(p.terms) == 1) {
				return
			}
		}
	}
	if g.relaxed || g.missing {
		return
	}
	a.MinimisersComplete = true
	names := parameters(s.p.Vars, len(powers))
	t := simplify.New()
	parts := make([]string, len(s.p.Vars))
	for i, name := range s.p.Vars {
		factors := []expr.Expr{t.Tidy(a.ExactAt[i])}
		for k, row := range powers {
			factors = append(factors, t.Pow(t.Var(names[k]), t.Num(row[i])))
		}
		parts[i] = name + " = " + format.Text(t.Mul(factors...))
	}
	a.Minimisers[0].Family = strings.Join(parts, ", ") + " for " + strings.Join(names, ", ") + " > 0"
}

// parameters returns n names that are not among those of the variables.
func parameters(vars []string, n int) []string {
	var names []string
	for i := 0; len(names) < n; i++ {
		name := []string{"t", "u", "v", "w"}[i%4]
		if i >= 4 {
			name += strconv.Itoa(i / 4)
		}
		if !slices.Contains(vars, name) {
			names = append(names, name)
		}
	}
	return names
}

// reduction writes down the weights of the terms.
func (g *geometric) reduction(vars []string, weights [][]number.Number) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Geometric, Constant: format.Plain(g.offset)}
	t := simplify.New()
	text := func(m term) string {
		factors := []expr.Expr{t.Tidy(m.c)}
		for i, a := range m.a {
			if a.Sign() != 0 {
				factors = append(factors, t.Pow(t.Var(vars[i]), t.Num(a)))
			}
		}
		return format.Plain(t.Mul(factors...))
	}
	for k, p := range g.list {
		if !slices.ContainsFunc(weights[k], func(d number.Number) bool { return d.Sign() != 0 }) {
			continue
		}
		out := certificate.Posynomial{}
		if k > 0 {
			out.Condition, out.Times = format.Plain(p.text), text(p.times)
		}
		for j, m := range p.terms {
			out.Terms = append(out.Terms, text(m))
			out.Weights = append(out.Weights, weights[k][j].String())
		}
		r.Posynomials = append(r.Posynomials, out)
	}
	return r
}

// openEdges reports whether ends other than 0, or inequalities, do not belong to the
// region: its closure may have a better point.
func (s *session) openEdges() bool {
	for i := range s.m.Vars {
		if s.m.LoOpen[i] && s.m.Inner[i].Lo > 0 || s.m.HiOpen[i] {
			return true
		}
	}
	return slices.ContainsFunc(s.m.Cons, func(c model.Constraint) bool { return c.Strict })
}

// text lists the weights of the terms that are minimised.
func (g *geometric) text(weights [][]number.Number) string {
	var parts []string
	for _, d := range weights[0] {
		if p, q, ok := d.Frac64(); ok && q < 10000 {
			parts = append(parts, format.Text(expr.NewPool().Num(number.Frac(p, q))))
		} else {
			parts = append(parts, format.Number(d.Float64(), 6))
		}
	}
	return list4(parts)
}
