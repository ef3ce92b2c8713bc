package global

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadprog"
)

// This file answers geometric programs (Duffin, Peterson and Zener, Geometric
// Programming, 1967): posynomials, sums of terms c Π x_i^a_i with c > 0 in positive
// variables, under conditions that such sums are at most 1. Any weights δ ≥ 0 of the
// terms with
//
//	Σ δ = 1 over the terms of f,  Σ δ a = 0 over all terms,
//
// bound f from below by the inequality of the weighted arithmetic and geometric means,
//
//	f ≥ Π (c/δ)^δ Π λ^λ,  λ the sum of the weights of a condition,
//
// and those at the minimiser by f itself.

// A term is c Π x_i^a_i, c a constant.
type term struct {
	c expr.Expr
	a []number.Number
}

// signomial reads e as a sum of terms in the variables, which are positive.
// The coefficients are in the pool of t.
func signomial(t *simplify.Tidier, e expr.Expr, vars []string) ([]term, bool) {
	if e.Size() > 500 {
		return nil, false
	}
	list := expr.Fold(t.Pool().Import(e), func(n expr.Expr, args [][]term) []term {
		return signomialNode(t, n, args, vars)
	})
	return list, len(list) > 0
}

// maxSignomial is the number of terms up to which products and powers are multiplied out.
const maxSignomial = 60

// signomialNode returns the node n as a sum of terms, given its operands as such; nil is
// none.
func signomialNode(t *simplify.Tidier, n expr.Expr, args [][]term, vars []string) []term {
	for k, a := range args {
		if a == nil && !(n.Op() == expr.Pow && k == 1) {
			return nil
		}
	}
	switch n.Op() {
	case expr.Num:
		return []term{{n, make([]number.Number, len(vars))}}
	case expr.Var:
		i := slices.Index(vars, n.Name())
		if i < 0 {
			return nil
		}
		a := make([]number.Number, len(vars))
		a[i] = number.Int(1)
		return []term{{t.Int(1), a}}
	case expr.Add:
		return collected(t, slices.Concat(args...))
	case expr.Neg:
		return scaled(t, args[0], t.Int(-1))
	case expr.Mul:
		p := args[0]
		for _, q := range args[1:] {
			if p = multiplied(t, p, q); p == nil {
				return nil
			}
		}
		return p
	case expr.Div:
		return multiplied(t, args[0], powered(t, args[1], number.Int(-1)))
	case expr.Pow:
		if k := simplify.Tidy(n.Arg(1)); k.Op() == expr.Num {
			return powered(t, args[0], k.Number())
		}
	case expr.Call:
		switch {
		case n.Func().Name == "sqrt":
			return powered(t, args[0], number.Frac(1, 2))
		case n.Func().Name == "cbrt":
			return powered(t, args[0], number.Frac(1, 3))
		case n.IsConstant():
			return []term{{n, make([]number.Number, len(vars))}}
		}
	}
	return nil
}

// collected adds up terms with equal exponents.
func collected(t *simplify.Tidier, list []term) []term {
	var out []term
	for _, m := range list {
		i := slices.IndexFunc(out, func(o term) bool { return slices.Equal(o.a, m.a) })
		if i < 0 {
			out = append(out, m)
		} else {
			out[i].c = t.Add(out[i].c, m.c)
		}
	}
	out = slices.DeleteFunc(out, func(m term) bool { return m.c.IsNum(0) })
	if len(out) == 0 && len(list) > 0 {
		out = []term{{t.Int(0), make([]number.Number, len(list[0].a))}}
	}
	return out
}

func scaled(t *simplify.Tidier, p []term, c expr.Expr) []term {
	out := make([]term, len(p))
	for i, m := range p {
		out[i] = term{t.Mul(c, m.c), m.a}
	}
	return out
}

func multiplied(t *simplify.Tidier, p, q []term) []term {
	if p == nil || q == nil || len(p)*len(q) > maxSignomial {
		return nil
	}
	var out []term
	for _, m := range p {
		for _, o := range q {
			a := make([]number.Number, len(m.a))
			for i := range a {
				a[i] = m.a[i].Add(o.a[i])
			}
			out = append(out, term{t.Mul(m.c, o.c), a})
		}
	}
	return collected(t, out)
}

// powered returns p^k: of a single term with a positive coefficient, or multiplied out.
func powered(t *simplify.Tidier, p []term, k number.Number) []term {
	switch i, isInt := k.Int64(); {
	case p == nil:
	case len(p) == 1 && (isInt && !p[0].c.IsNum(0) || form.ConstantSign(p[0].c) > 0):
		a := make([]number.Number, len(p[0].a))
		for j := range a {
			a[j] = p[0].a[j].Mul(k)
		}
		return []term{{t.Tidy(t.Pow(p[0].c, t.Num(k))), a}}
	case isInt && i > 0 && i <= 6:
		out := p
		for range i - 1 {
			out = multiplied(t, out, p)
		}
		return out
	}
	return nil
}

// A posynomial is a condition, that the sum of its terms is at most 1 or, of one term,
// equal to 1; the first of a geometric program is what is to be minimised.
type posynomial struct {
	terms []term
	equal bool
	text  expr.Expr // the condition, g ≤ 0 or g = 0
	times term      // g is times (sum - 1)
}

// A geometric is a geometric program: the first posynomial p of the list is minimised,
// and the function to be minimised is offset + p.
type geometric struct {
	list    []posynomial
	offset  expr.Expr
	invert  bool // the function is offset - 1/p
	relaxed bool // equations were read as inequalities
	missing bool // conditions were left out
	ragged  bool // among them such as may not be closed
}

// geometricProgram reads the problem as a geometric program; ok is false when it is
// none. An equation may be read as an inequality, which leaves a lower bound one.
func (s *session) geometricProgram() (g *geometric, ok bool) {
	if s.notGeometric {
		return nil, false
	}
	defer func() { s.notGeometric = !ok }()
	for i := range s.m.Vars {
		if len(s.p.Bounds) <= i || !(s.m.Outer[i].Lo >= 0) {
			return nil, false
		}
	}
	t := simplify.New()
	vars := s.m.Vars
	f, ok := signomial(t, s.m.F, vars)
	if !ok {
		return nil, false
	}
	g = &geometric{offset: t.Int(0)}
	var above, below []term
	for _, m := range f {
		switch sign := form.ConstantSign(m.c); {
		case isConstantTerm(m):
			g.offset = m.c
		case sign > 0:
			above = append(above, m)
		case sign < 0:
			below = append(below, term{t.Neg(t.Tidy(m.c)), m.a})
		default:
			return nil, false
		}
	}
	switch {
	case len(above) > 0 && len(below) == 0:
	case len(above) == 0 && len(below) == 1:
		g.invert = true
		above = powered(t, below, number.Int(-1))
	default:
		return nil, false
	}
	g.list = []posynomial{{terms: above}}
	for i, b := range s.p.Bounds {
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			if !end.Valid() || side == 0 && s.m.Inner[i].Lo == 0 {
				continue
			}
			k := number.Int(int64(2*side - 1)) // x/hi ≤ 1, lo/x ≤ 1
			m := term{t.Tidy(t.Pow(t.Tidy(end), t.Num(k.Neg()))), make([]number.Number, len(vars))}
			m.a[i] = k
			if form.ConstantSign(m.c) <= 0 {
				return nil, false
			}
			relation, times := expr.Le, term{t.Tidy(end), make([]number.Number, len(vars))}
			if side == 0 {
				relation, times = expr.Ge, term{t.Int(1), m.a}
				times.a = slices.Clone(m.a)
				times.a[i] = number.Int(1)
			}
			pool := t.Pool()
			text := pool.Make(relation, pool.Var(vars[i]), pool.Import(end))
			g.list = append(g.list, posynomial{terms: []term{m}, text: text, times: times})
		}
	}
	out, dec := make([]interval.I, s.m.Value.NumOut()), make([]interval.Dec, s.m.Value.NumOut())
	s.m.Value.NewMachine().Interval(out, dec, s.m.Outer)
	for k, c := range s.m.Cons {
		p, ok := asPosynomial(t, c, vars)
		switch {
		case ok:
			g.list = append(g.list, p)
			g.relaxed = g.relaxed || c.Equal && !p.equal
		default: // without it the bound is a bound too
			g.missing = true
			g.ragged = g.ragged || dec[k+1] != interval.Continuous
		}
	}
	return g, true
}

func isConstantTerm(m term) bool {
	return !slices.ContainsFunc(m.a, func(v number.Number) bool { return v.Sign() != 0 })
}

// asPosynomial reads the condition c as one on a posynomial: one term is as large as the
// sum of all others at least.
func asPosynomial(t *simplify.Tidier, c model.Constraint, vars []string) (posynomial, bool) {
	p := posynomial{text: c.Text}
	list, ok := signomial(t, c.G, vars)
	if !ok {
		return p, false
	}
	var signs [2][]term // positive, negative
	for _, m := range list {
		switch form.ConstantSign(m.c) {
		case 1:
			signs[0] = append(signs[0], m)
		case -1:
			signs[1] = append(signs[1], term{t.Neg(t.Tidy(m.c)), m.a})
		default:
			return p, false
		}
	}
	up, down := signs[0], signs[1]
	if c.Equal && len(down) != 1 {
		up, down = down, up
	}
	if len(down) != 1 || len(up) == 0 {
		return p, false
	}
	p.terms = multiplied(t, up, powered(t, down, number.Int(-1)))
	p.equal, p.times = c.Equal && len(up) == 1, down[0]
	return p, p.terms != nil
}

// logarithmic is the problem in the logarithms of the variables, which is convex.
func (g *geometric) logarithmic(vars []string) *Problem {
	pool := expr.NewPool()
	log, lse := fn.Lookup("log"), fn.Lookup("logsumexp")
	q := &Problem{Vars: vars}
	for k, p := range g.list {
		var args []expr.Expr
		for _, m := range p.terms {
			sum := []expr.Expr{pool.Call(log, pool.Import(m.c))}
			for i, a := range m.a {
				if a.Sign() != 0 {
					sum = append(sum, pool.Make(expr.Mul, pool.Num(a), pool.Var(vars[i])))
				}
			}
			args = append(args, pool.Make(expr.Add, append(sum, pool.Int(0))...))
		}
		e := args[0]
		if len(args) > 1 {
			e = pool.Call(lse, args...)
		}
		switch {
		case k == 0:
			q.F = e
		case p.equal:
			q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Eq, e, pool.Int(0)))
		default:
			q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Le, e, pool.Int(0)))
		}
	}
	return q
}

// solve returns a minimiser, in floats, and the weights of the terms there, one list a
// posynomial; far limits the logarithms of the variables, 0 does not.
func (g *geometric) solve(s *session, far int64) (x []float64, weights [][]float64) {
	q := g.logarithmic(s.m.Vars)
	if far > 0 {
		pool := expr.NewPool()
		q.Bounds = slices.Repeat([]Bound{{Lo: pool.Int(-far), Hi: pool.Int(far)}}, len(q.Vars))
	}
	m, err := q.model()
	if err != nil {
		return nil, nil
	}
	l, err := kkt.NewLagrangian(m)
	if err != nil {
		return nil, nil
	}
	sub := &session{ctx: s.ctx, p: q, o: s.o, m: m, b: branch.New(m, s.o.boxes())}
	r := l.Minimise(sub.ctx, sub.b.Prober, make([]float64, m.N), 10)
	if r == nil || !model.AllFinite(r.X) || !(r.Violation < 1e-6) {
		return nil, nil
	}
	x = make([]float64, m.N)
	for i, v := range r.X {
		x[i] = math.Exp(v)
	}
	for k, p := range g.list {
		y := 1.0
		if k > 0 {
			y = r.Y[k-1]
		}
		u, sum := make([]float64, len(p.terms)), 0.0
		for j, m := range p.terms {
			c, _ := tape.EncloseConstant(m.c)
			v := math.Log(c.Mid())
			for i, a := range m.a {
				v += a.Float64() * r.X[i]
			}
			u[j] = math.Exp(v)
			sum += u[j]
		}
		for j := range u {
			u[j] *= y / sum
		}
		weights = append(weights, u)
	}
	return x, weights
}

// exactly returns weights near those given that satisfy the equations Σ δ = 1 over the
// terms of f and Σ δ a = 0 exactly, those of inequalities not negative; nil if there are
// none so near. nice asks for simple fractions.
func (g *geometric) exactly(weights [][]float64, nice bool) [][]number.Number {
	type place struct{ k, j int }
	var places []place
	for k, w := range weights {
		for j := range w {
			places = append(places, place{k, j})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		u, v := math.Abs(weights[a.k][a.j]), math.Abs(weights[b.k][b.j])
		switch {
		case u > v:
			return -1
		case u < v:
			return 1
		}
		return 0
	})
	n := len(g.list[0].terms[0].a)
	column := func(at place) []number.Number {
		c := append(slices.Clone(g.list[at.k].terms[at.j].a), number.Number{})
		if at.k == 0 {
			c[n] = number.Int(1)
		}
		return c
	}
	// Gauss and Jordan, the columns with large weights first: these are solved for.
	rows := make([][]number.Number, n+1)
	for i := range rows {
		rows[i] = make([]number.Number, len(places)+1)
	}
	for j, at := range places {
		for i, v := range column(at) {
			rows[i][j] = v
		}
	}
	rows[n][len(places)] = number.Int(1)
	pivots := make([]int, 0, n+1)
	r := 0
	for j := 0; j < len(places) && r <= n; j++ {
		at := slices.IndexFunc(rows[r:], func(row []number.Number) bool { return row[j].Sign() != 0 })
		if at < 0 {
			continue
		}
		rows[r], rows[r+at] = rows[r+at], rows[r]
		inv, _ := rows[r][j].Inv()
		for c := range rows[r] {
			rows[r][c] = rows[r][c].Mul(inv)
		}
		for i := range rows {
			if f := rows[i][j]; i != r && f.Sign() != 0 {
				for c := range rows[i] {
					if rows[r][c].Sign() != 0 {
						rows[i][c] = rows[i][c].Sub(f.Mul(rows[r][c]))
					}
				}
			}
		}
		pivots = append(pivots, j)
		r++
	}
	for _, row := range rows[r:] {
		if row[len(places)].Sign() != 0 {
			return nil
		}
	}
	out := make([][]number.Number, len(weights))
	for k := range weights {
		out[k] = make([]number.Number, len(weights[k]))
	}
	for j, at := range places {
		if slices.Contains(pivots, j) {
			continue
		}
		w := weights[at.k][at.j]
		switch p, q, near := exact.Convergent(w, 1e-6, 1000); {
		case math.Abs(w) < 1e-11:
		case nice && near:
			out[at.k][at.j] = number.Frac(p, q)
		case nice:
			return nil
		default:
			out[at.k][at.j], _ = number.FromFloat(w)
		}
	}
	for i, j := range pivots {
		v := rows[i][len(places)]
		for c, at := range places {
			if c != j && rows[i][c].Sign() != 0 {
				v = v.Sub(rows[i][c].Mul(out[at.k][at.j]))
			}
		}
		out[places[j].k][places[j].j] = v
	}
	for k, w := range out {
		for _, v := range w {
			if v.Sign() < 0 && !g.list[k].equal {
				return nil
			}
		}
	}
	return out
}

// bound encloses the lower bound Π (c/δ)^δ Π λ^λ of the posynomial that is minimised.
func (g *geometric) bound(weights [][]number.Number) (interval.I, bool) {
	sum := interval.Point(0)
	for k, p := range g.list {
		var lambda number.Number
		for j, m := range p.terms {
			d := weights[k][j]
			lambda = lambda.Add(d)
			if d.Sign() == 0 {
				continue
			}
			c, ok := tape.EncloseConstant(m.c)
			if !ok || !(c.Lo > 0) {
				return sum, false
			}
			v := interval.Log(c)
			if len(p.terms) > 1 {
				v = v.Sub(interval.Log(exact.Enclose(d)))
			}
			sum = sum.Add(exact.Enclose(d).Mul(v))
		}
		if k > 0 && len(p.terms) > 1 && lambda.Sign() > 0 {
			sum = sum.Add(exact.Enclose(lambda).Mul(interval.Log(exact.Enclose(lambda))))
		}
	}
	v := interval.Exp(sum)
	return v, v.Lo > 0 && model.Finite(v.Hi)
}

// value encloses the function to be minimised where the posynomial has a value in v.
func (g *geometric) value(v interval.I) interval.I {
	offset, _ := tape.EncloseConstant(g.offset)
	if g.invert {
		return offset.Sub(v.Inv())
	}
	return offset.Add(v)
}

// aboveOnFaces reports whether, where a variable is 0 in the region, the function is
// proved to be at least lb, or, strict, above it.
func (s *session) aboveOnFaces(lb float64, strict bool) bool {
	for i, x := range s.m.Inner {
		if x.Lo > 0 || s.m.LoOpen[i] {
			continue
		}
		box := slices.Clone(s.m.Outer)
		box[i] = interval.Point(0)
		s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
		v := s.b.VOut[0]
		above := v.IsEmpty() || v.Lo > lb || v.Lo == lb && !strict
		for k, c := range s.m.Cons {
			g := s.b.VOut[k+1]
			above = above || g.IsEmpty() || g.Lo > 0 || c.Equal && g.Hi < 0
		}
		if !above {
			return false
		}
	}
	return true
}

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
				if quadprog.Dot(m.a, step).Sign() == 0 {
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
	return !slices.ContainsFunc(p.terms, func(m term) bool { return quadprog.Dot(m.a, d).Sign() == 0 })
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
	goal.Rows = append(goal.Rows, quadprog.Row{A: negated(sum), B: number.Int(1)})
	x, _, ok := goal.Solve(s.ctx)
	if !ok || quadprog.Dot(sum, x).Sign() == 0 {
		return nil, ok
	}
	return x, true
}

// holds reports whether the values of the terms determine the variables.
func (g *geometric) holds() bool {
	p := &quadprog.Program{C: make([]number.Number, len(g.list[0].terms[0].a))}
	for _, q := range g.list {
		for _, m := range q.terms {
			p.Rows = append(p.Rows, quadprog.Row{A: m.a, Equal: true})
		}
	}
	return p.Unique(nil)
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

// admitNear finds a point of the region near x, or near a local solution from there, and
// reports whether one is known.
func (s *session) admitNear(x []float64) bool {
	if s.b.Try(x) {
		return true
	}
	l, err := kkt.NewLagrangian(s.m)
	if err != nil {
		return false
	}
	r := &kkt.Solution{X: slices.Clone(x), Y: make([]float64, l.K)}
	if s.admit(l, r); s.b.BestX == nil {
		if r = l.Minimise(s.ctx, s.b.Prober, slices.Clone(x), 10); r != nil {
			s.admit(l, r)
		}
	} else if r = l.Minimise(s.ctx, s.b.Prober, slices.Clone(x), 1e4); r != nil {
		s.admit(l, r)
	}
	return s.b.BestX != nil
}

// least returns the bound that the weights near w give, and these.
func (g *geometric) least(w [][]float64) (interval.I, [][]number.Number, bool) {
	best, found := interval.I{}, false
	var weights [][]number.Number
	for _, nice := range []bool{true, false} {
		d := g.exactly(w, nice)
		if d == nil {
			continue
		}
		if v, ok := g.bound(d); ok && (!found || v.Lo > best.Lo*(1+1e-12)) {
			best, weights, found = v, d, true
		}
	}
	return best, weights, found
}

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
			if more := append(slices.Clip(rows), m.a); ok && share.Sign() > 0 && exact.Rank(more) == len(more) {
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
		if more := append(slices.Clip(rows), unit); exact.Rank(more) == len(more) {
			rows, values = more, append(values, t.Num(free(i)))
		}
	}
	inv, ok := inverse(rows)
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
