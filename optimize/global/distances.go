package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
)

// This file answers in a region that linear inequalities and bounds bound, at some edges of which f has a pole or a root, by
// the question in the distances from the edges, u = A x + c: they take the place of the variables where there are as many, as
// x - y and y do for x > y > 0, and with an equation between them where there is one more, as in a simplex. The
// poles are then at 0, where the means of posynomials, logarithms and convexity know them.

// An edge is the linear function a·x + c that is not negative in the region, or positive.
type edge struct {
	a    []number.Number
	c    number.Number
	open bool
	says expr.Expr // the condition
}

// byDistances returns nil where the edges are not such, or what is left is not settled.
func (s *session) byDistances() *Answer {
	if s.m.N < 2 || s.m.N > maxForms || s.o.lifted || s.p.F.Size() > maxEliminated {
		return nil
	}
	edges, others, ok := s.edges()
	n := s.m.N
	if !ok || len(edges) < n {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.p.F)
	singular := s.singularAt(f, edges)
	if !slices.ContainsFunc(singular, func(e edge) bool { return !e.isVariable() }) || !form.SameDomain(s.p.F, f) {
		return nil
	}
	if len(edges) > n+1 { // those at which nothing happens stay conditions
		for _, e := range edges {
			if !slices.ContainsFunc(singular, func(d edge) bool { return d.says == e.says }) {
				others = append(others, e.says)
			}
		}
		if edges = singular; len(edges) != n && len(edges) != n+1 {
			return nil
		}
	}
	c, relation := s.distances(t, edges)
	if c == nil {
		return nil
	}
	u := make([]expr.Expr, len(edges))
	q := &Problem{Vars: c.names, Max: s.p.Max, Bounds: make([]Bound, len(edges))}
	for k, e := range edges {
		u[k] = t.Var(c.names[k])
		q.Bounds[k] = Bound{Lo: t.Int(0), LoOpen: e.open}
	}
	q.F = c.rewritten(t, f, s.p.Vars, u)
	if relation.Valid() {
		q.SubjectTo = append(q.SubjectTo, relation)
	}
	for _, d := range others {
		q.SubjectTo = append(q.SubjectTo, c.rewritten(t, tidyWhereDefined(d), s.p.Vars, u))
	}
	q, ok = q.normal()
	if !ok {
		return nil
	}
	s.b = branch.New(s.m, s.o.boxes())
	a := s.byChange(c, q)
	if a != nil && len(s.m.Cons) > 0 {
		s.active(a, nil)
	}
	return a
}

// edges lists the linear functions that bounds and conditions keep from being negative, and the other conditions; false where
// a bound is no rational number.
func (s *session) edges() (list []edge, others []expr.Expr, ok bool) {
	n := s.m.N
	pool := expr.NewPool()
	add := func(i int, sign int64, end expr.Expr, open bool) bool {
		end = tidyConstant(end)
		if end.Op() != expr.Num {
			return false
		}
		a := make([]number.Number, n)
		a[i] = number.Int(sign)
		says := atMost(pool, pool.Import(end), pool.Var(s.p.Vars[i]), !open)
		if sign < 0 {
			says = atMost(pool, pool.Var(s.p.Vars[i]), pool.Import(end), !open)
		}
		list = append(list, edge{a, end.Number().Mul(number.Int(-sign)), open, says})
		return true
	}
	for i, b := range s.p.Bounds {
		if b.Lo.Valid() && !add(i, 1, b.Lo, b.LoOpen) || b.Hi.Valid() && !add(i, -1, b.Hi, b.HiOpen) {
			return nil, nil, false
		}
	}
	for k, c := range s.p.SubjectTo {
		g := s.m.Cons[k]
		q, linear := quadratic.Of(simplify.Tidy(g.G), s.p.Vars)
		if linear = linear && !q.Curved() && c.Op().IsRelation() && c.Op() != expr.Ne && len(simplify.Domain(c)) == 0; !linear || g.Equal {
			others = append(others, c)
			continue
		}
		list = append(list, edge{rational.Negated(q.B), q.C.Neg(), g.Strict, c})
	}
	return list, others, true
}

// singularAt lists the edges of which a logarithm, or a power that is no polynomial, is taken in f, alone or with others as factors.
func (s *session) singularAt(f expr.Expr, edges []edge) (list []edge) {
	met := make([]bool, len(edges))
	for n := range f.All() {
		switch {
		case n.Op() == expr.Pow && !(n.Arg(1).Op() == expr.Num && n.Arg(1).Number().IsInt() && n.Arg(1).Number().Sign() > 0):
		case n.IsCall("log"), n.IsCall("sqrt"):
		default:
			continue
		}
		for _, u := range n.Arg(0).Factors() {
			q, ok := quadratic.Of(u, s.p.Vars)
			for k, e := range edges {
				met[k] = met[k] || ok && !q.Curved() && e.times(q.B, q.C).Sign() != 0
			}
		}
	}
	for k, e := range edges {
		if met[k] {
			list = append(list, e)
		}
	}
	return list
}

// isVariable reports whether the edge is a multiple of a variable.
func (e edge) isVariable() bool {
	terms := e.c.Sign() * e.c.Sign()
	for _, v := range e.a {
		terms += v.Sign() * v.Sign()
	}
	return terms == 1
}

// times is the factor by which the linear function a·x + c is the edge, 0 where it is no multiple of it.
func (e edge) times(a []number.Number, c number.Number) number.Number {
	k := slices.IndexFunc(e.a, func(v number.Number) bool { return v.Sign() != 0 })
	if k < 0 {
		return number.Number{}
	}
	factor, _ := a[k].Quo(e.a[k])
	if c.Cmp(factor.Mul(e.c)) != 0 {
		return number.Number{}
	}
	for i, v := range e.a {
		if a[i].Cmp(factor.Mul(v)) != 0 {
			return number.Number{}
		}
	}
	return factor
}

// distances is the change of the variables to the distances from the edges, with the equation between these where there is one
// more than variables, not Valid otherwise; nil where other variables than these are left.
func (s *session) distances(t *simplify.Tidier, edges []edge) (c *change, relation expr.Expr) {
	n := s.m.N
	c = &change{names: s.newNames(len(edges)), method: "distances from the edges", share: 0.3}
	rows := make([][]number.Number, len(edges))
	for k, e := range edges {
		rows[k] = e.a
	}
	rank, relations := rational.LeftKernel(rows)
	if c.names == nil || rank != n {
		return nil, relation
	}
	basis := make([]int, 0, n) // the edges that give the variables
	for k := range edges {
		basis = append(basis, k)
	}
	if len(edges) > n {
		r := relations[0]
		last := len(edges) - 1
		for r[last].Sign() == 0 {
			last--
		}
		basis = slices.Delete(basis, last, last+1)
		c.extra, c.extraAt = &edges[last], last
		sum, right := []expr.Expr{t.Int(0), t.Int(0)}, number.Number{}
		for k, v := range r {
			v, _ = v.Quo(r[last])
			sum = append(sum, t.Mul(t.Num(v), t.Var(c.names[k])))
			right = right.Add(v.Mul(edges[k].c))
		}
		relation = t.Pool().Make(expr.Eq, t.Add(sum...), t.Num(right))
	}
	chosen := make([][]number.Number, n)
	for i, k := range basis {
		chosen[i] = rows[k]
	}
	m, ok := rational.Inverse(chosen)
	if !ok {
		return nil, relation
	}
	c.m, c.shift = make([][]number.Number, n), make([]number.Number, n)
	u := make([]expr.Expr, len(edges))
	var with []string
	for k, e := range edges {
		u[k] = t.Var(c.names[k])
		c.of = append(c.of, t.Add(combination(t, e.a, s.variables(t)), t.Num(e.c)))
		with = append(with, fmt.Sprintf("%s = %s", c.names[k], format.Text(c.of[k])))
	}
	c.with = strings.Join(with, ", ")
	for i := range n {
		c.m[i] = make([]number.Number, len(edges))
		for j, k := range basis {
			c.m[i][k] = m[i][j]
			c.shift[i] = c.shift[i].Sub(m[i][j].Mul(edges[k].c))
		}
		c.back = append(c.back, t.Add(combination(t, c.m[i], u), t.Num(c.shift[i])))
	}
	return c, relation
}
