package global

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/rational"
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
	// Of the weights that the equations give, the largest are solved for.
	equations := rational.NewEchelon(len(places))
	for i := range n + 1 {
		row := make([]number.Number, len(places)+1)
		for j, at := range places {
			switch {
			case i < n:
				row[j] = g.list[at.k].terms[at.j].a[i]
			case at.k == 0:
				row[j] = number.Int(1)
			}
		}
		if i == n {
			row[len(places)] = number.Int(1)
		}
		if rest, ok := equations.Include(row); !ok && rest[len(places)].Sign() != 0 {
			return nil
		}
	}
	out := make([][]number.Number, len(weights))
	for k := range weights {
		out[k] = make([]number.Number, len(weights[k]))
	}
	for j, at := range places {
		if slices.Contains(equations.Pivots, j) {
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
	for i, j := range equations.Pivots {
		row := equations.Rows[i]
		v := row[len(places)]
		for c, at := range places {
			if c != j && row[c].Sign() != 0 {
				v = v.Sub(row[c].Mul(out[at.k][at.j]))
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
				v = v.Sub(interval.Log(exact.HullOf(d)))
			}
			sum = sum.Add(exact.HullOf(d).Mul(v))
		}
		if k > 0 && len(p.terms) > 1 && lambda.Sign() > 0 {
			sum = sum.Add(exact.HullOf(lambda).Mul(interval.Log(exact.HullOf(lambda))))
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
