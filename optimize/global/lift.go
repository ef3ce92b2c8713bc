package global

import (
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file answers where f seems to be least at an edge of its domain, as x^2 + y^2 + sqrt(x + y - 1) is: next to it the
// slope of the root has no bound, and boxes shrink without end. With the root as a variable of its own, u ≥ 0 with
// u^2 = x + y - 1, all is smooth, and u is held by its bound.

// atEdge is how near an end of its values a function is to be at the best point, a square root for one.
const atEdge = 0.05

// A lifting is a part of a formula, the function f at g, as a variable u between bounds with h(u) = g: there is one such u
// where f(g) is defined, its value, and none elsewhere. It is x^(1/q) for powers x^(p/q).
type lifting struct {
	part, value expr.Expr
	bounds      Bound
	h           func(u expr.Expr) expr.Expr
	degree      int64         // of the root that u is, 0 for another function
	power       number.Number // the part is u to this power
}

// byLifting returns nil where no such part is near an end of its values at the best point, or what it leaves is not settled. All
// minimisers are in the box, as why says.
func (s *session) byLifting(box []interval.I, why string) *Answer {
	if s.b.BestX == nil || s.o.lifted || s.p.F.Size() > maxEliminated {
		return nil
	}
	pool := expr.NewPool() // the same parts of different formulas are one
	all := []expr.Expr{pool.Import(s.p.F)}
	for _, c := range s.p.SubjectTo {
		all = append(all, pool.Import(c))
	}
	list := s.liftings(pool, all)
	names := s.newNames(len(list))
	if len(list) == 0 || names == nil {
		return nil
	}
	t := simplify.New()
	c := &change{method: "a function at its edge as a variable", share: 0.1, names: append(slices.Clone(s.p.Vars), names...)}
	for _, x := range s.p.Vars {
		c.of, c.back = append(c.of, t.Var(x)), append(c.back, t.Var(x))
	}
	q := lifted(all, list, names)
	q.Vars, q.Max = c.names, s.p.Max
	var says []string
	for i, l := range list {
		c.of = append(c.of, l.value)
		says = append(says, names[i]+" = "+format.Text(l.value))
	}
	c.with = strings.Join(says, ", ")
	a := s.byBoundedChange(c, q, s.p.Bounds, list)
	if bounds := s.boundsWithin(box); a == nil && !s.m.Bounded() && bounds != nil {
		c.share = 0.3
		if a = s.byBoundedChange(c, q, bounds, list); a != nil && a.Status == EmptyDomain {
			return nil
		} else if a != nil {
			a.Proof = append([]string{why}, a.Proof...)
			a.Argument.Reduction = nil // the bounds leave out what is higher
		}
	}
	if a != nil {
		s.active(a, nil)
	}
	return a
}

// byBoundedChange is byChange for the question with bounds of the variables and those of the liftings.
func (s *session) byBoundedChange(c *change, q *Problem, bounds []Bound, list []lifting) *Answer {
	q.Bounds = make([]Bound, s.m.N)
	copy(q.Bounds, bounds)
	for _, l := range list {
		q.Bounds = append(q.Bounds, l.bounds)
	}
	n, ok := q.normal()
	if !ok {
		return nil
	}
	return s.byChange(c, n)
}

// lifted is the question for the formula and the conditions with new variables in the places of the parts of the list.
func lifted(all []expr.Expr, list []lifting, names []string) *Problem {
	pool, equations := expr.NewPool(), make([]expr.Expr, len(list))
	out := make([]expr.Expr, len(all))
	for k, e := range all {
		out[k] = expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
			i := slices.IndexFunc(list, func(l lifting) bool { return l.part == n })
			if i < 0 {
				return expr.Remake(n, pool, args, nil)
			}
			u := pool.Var(names[i])
			equations[i] = pool.Make(expr.Eq, pool.Import(list[i].h(u)), args[0])
			if list[i].power == number.Int(1) {
				return u
			}
			return pool.Make(expr.Pow, u, pool.Num(list[i].power))
		})
	}
	return &Problem{F: out[0], SubjectTo: append(out[1:], equations...)}
}

// liftings are the parts of the formulas that can be lifted, and are near an end of their values at the best point. There are none where cases
// are told apart: those that do not count may be defined nowhere.
func (s *session) liftings(pool *expr.Pool, all []expr.Expr) (edges []lifting) {
	var list []lifting
	var values []expr.Expr
	for _, e := range all {
		if hasBranches(e) {
			return nil
		}
		for n := range e.All() {
			if l, ok := liftingOf(pool, n); ok && !slices.ContainsFunc(list, func(o lifting) bool { return o.part == n }) {
				list, values = append(list, l), append(values, l.value)
			}
		}
	}
	prog, err := tape.Compile(s.p.Vars, values...)
	if err != nil || len(list) == 0 {
		return nil
	}
	at := make([]float64, len(list))
	prog.NewMachine().Eval(at, s.b.BestX)
	for k, l := range list {
		for _, end := range []expr.Expr{l.bounds.Lo, l.bounds.Hi} {
			if !end.Valid() {
				continue
			}
			near := atEdge
			if l.degree > 2 {
				near = math.Pow(atEdge, 2/float64(l.degree))
			}
			if v, ok := tape.EncloseConstant(end); ok && math.Abs(at[k]-v.Mid()) <= near {
				edges = append(edges, l)
				break
			}
		}
	}
	return edges
}

// liftingOf reads n as a root, or as a function on a closed domain that another undoes between the ends of its values.
func liftingOf(pool *expr.Pool, n expr.Expr) (l lifting, ok bool) {
	if n.IsConstant() {
		return l, false
	}
	l = lifting{part: n, value: n, power: number.Int(1)}
	if n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num {
		p, q, small := n.Arg(1).Number().Frac64()
		if !small || q == 1 || p < 0 {
			return l, false
		}
		l.degree, l.power, l.bounds.Lo = q, number.Int(p), pool.Int(0)
		l.value = pool.Make(expr.Pow, n.Arg(0), pool.Num(number.Frac(1, q)))
		l.h = func(u expr.Expr) expr.Expr { return pool.Make(expr.Pow, pool.Import(u), pool.Int(q)) }
		return l, true
	}
	if n.Op() != expr.Call || !n.Func().ClosedDomain() || n.Func().Inverse == "" {
		return l, false
	}
	f := n.Func()
	for i, end := range []*expr.Expr{&l.bounds.Lo, &l.bounds.Hi} {
		if f.Range[i] != "" {
			*end = expr.MustParse(f.Range[i])
		}
	}
	l.h = func(u expr.Expr) expr.Expr {
		return pool.Substitute(pool.Import(expr.MustParse(f.Inverse)), map[string]expr.Expr{f.Args[0]: pool.Import(u)})
	}
	return l, true
}
