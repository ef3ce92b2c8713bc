package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// This file answers for formulas of positive variables that are convex in the logarithms u of
// these: with x_i = exp(u_i), products of powers are exponentials of linear functions, and
// logarithms are linear (Boyd, Kim, Vandenberghe and Hassibi, A Tutorial on Geometric
// Programming, 2007, section 2.5); and, the other way round, for programs that are convex in
// the exponentials of their variables.

// byLogarithms returns nil where f is not convex in the logarithms of its variables, or that
// does not settle it.
func (s *session) byLogarithms() *Answer {
	if len(s.m.Cons) > 0 || s.p.F.Size() > maxEliminated || form.HasKinks(s.m.F) || !s.arePositive() {
		return nil
	}
	names := s.newNames(s.m.N)
	if names == nil {
		return nil
	}
	t := simplify.New()
	least, ok := inLogarithms(t, s.m.F, s.p.Vars, names)
	if !ok || !form.SameDomain(withExponentials(s.p.F, s.p.Vars, names), least) ||
		!form.IsConvex(least, names, slices.Repeat([]interval.I{interval.Whole}, s.m.N)) {
		return nil
	}
	g := least
	if s.p.Max {
		g = t.Neg(least)
	}
	c := &change{names: names, method: "logarithms of the variables", share: 0.5}
	for i, x := range s.p.Vars {
		c.of, c.back = append(c.of, t.Call(fn.Lookup("log"), t.Var(x))), append(c.back, t.Call(fn.Lookup("exp"), t.Var(names[i])))
		c.with += fmt.Sprintf("%s = exp(%s), ", x, names[i])
	}
	c.with = strings.TrimSuffix(c.with, ", ")
	a := s.byChange(c, &Problem{F: g, Vars: names, Max: s.p.Max})
	if a == nil {
		return nil
	}
	a.Proof = slices.Insert(a.Proof, 1, fmt.Sprintf("it is %s in %s", s.p.convex(), list4(names)))
	if len(a.Minimisers) == 1 && a.Minimisers[0].Family == "" {
		if b := s.exactlyThere(a); b != nil {
			b.Argument.Reduction = a.Argument.Reduction
			return b
		}
	}
	return a
}

// byExponentials answers for a program that is convex in the exponentials of its variables, as
// entropies are; nil where it is not, or that does not settle it.
func (s *session) byExponentials() *Answer {
	if s.p.F.Size() > maxEliminated || form.HasKinks(s.m.F) {
		return nil
	}
	names := s.newNames(s.m.N)
	if names == nil {
		return nil
	}
	all := append([]expr.Expr{s.m.F}, s.p.SubjectTo...)
	t, raw := simplify.New(), expr.NewPool()
	as := map[string]string{}
	c := &change{names: names, method: "exponentials of the variables", share: 0.25}
	for i, x := range s.p.Vars {
		if !slices.ContainsFunc(all, func(e expr.Expr) bool { return hasExponential(e, x) }) {
			return nil
		}
		as[x] = names[i]
		c.of, c.back = append(c.of, t.Call(fn.Lookup("exp"), t.Var(x))), append(c.back, t.Call(fn.Lookup("log"), t.Var(names[i])))
		c.with += fmt.Sprintf("%s = log(%s), ", x, names[i])
	}
	c.with = strings.TrimSuffix(c.with, ", ")
	in := func(e expr.Expr) expr.Expr {
		plain := inExponentials(raw, tidyWhereDefined(e), as)
		vars := plain.Vars()
		if tidy := t.Tidy(plain); form.SameDomain(wherePositive(plain, vars), wherePositive(tidy, vars)) {
			return tidy
		}
		return plain
	}
	q := &Problem{F: in(s.p.F), Vars: names, Max: s.p.Max, Bounds: make([]Bound, len(names))}
	for _, c := range s.p.SubjectTo {
		q.SubjectTo = append(q.SubjectTo, in(c))
	}
	exp := func(e expr.Expr) expr.Expr { return t.Tidy(raw.Call(fn.Lookup("exp"), raw.Import(e))) }
	for i := range names {
		b := Bound{Lo: t.Int(0), LoOpen: true}
		if s.p.Bounds != nil {
			given := s.p.Bounds[i]
			if given.Lo.Valid() {
				b.Lo, b.LoOpen = exp(given.Lo), given.LoOpen
			}
			if given.Hi.Valid() {
				b.Hi, b.HiOpen = exp(given.Hi), given.HiOpen
			}
		}
		q.Bounds[i] = b
	}
	n, ok := q.normal()
	if !ok {
		return nil
	}
	if sub, err := newSession(s.ctx, n, s.o); err != nil || !sub.isConvexProgram(sub.m.Outer) {
		return nil
	}
	a := s.byChange(c, n)
	if a != nil {
		s.active(a, nil)
	}
	return a
}

// inExponentials writes e with the logarithms of other variables in the place of its own, which
// are given, and with powers of those, which are positive, in the place of exponentials.
func inExponentials(pool *expr.Pool, e expr.Expr, as map[string]string) expr.Expr {
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		switch {
		case n.Op() == expr.Var:
			return pool.Call(fn.Lookup("log"), pool.Var(as[n.Name()]))
		case len(args) == 0:
			return pool.Import(n)
		case n.IsCall("exp"):
			if x := n.Arg(0); x.Op() == expr.Var {
				return pool.Var(as[x.Name()])
			} else if x.Op() == expr.Mul && x.Len() == 2 && x.Arg(0).Op() == expr.Num && x.Arg(1).Op() == expr.Var {
				return pool.Make(expr.Pow, pool.Var(as[x.Arg(1).Name()]), pool.Import(x.Arg(0)))
			}
		}
		if n.Op() == expr.Call {
			return pool.Call(n.Func(), args...)
		}
		return pool.Make(n.Op(), args...)
	})
}

// withExponentials is e with exp(names_i) in the place of vars_i, and nothing else done to it.
func withExponentials(e expr.Expr, vars, names []string) expr.Expr {
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	for i, x := range vars {
		with[x] = pool.Call(fn.Lookup("exp"), pool.Var(names[i]))
	}
	return pool.Substitute(pool.Import(e), with)
}

// wherePositive is a formula that is defined where e, or both sides of the relation e, and the
// logarithms of the variables are.
func wherePositive(e expr.Expr, vars []string) expr.Expr {
	pool := expr.NewPool()
	terms := []expr.Expr{pool.Import(e)}
	if e.Op().IsRelation() {
		terms = pool.ImportAll(e.AppendArgs(nil)...)
	}
	for _, x := range vars {
		terms = append(terms, pool.Call(fn.Lookup("log"), pool.Var(x)))
	}
	return pool.Make(expr.Add, terms...)
}

// hasExponential reports whether the exponential of a formula of x occurs in e.
func hasExponential(e expr.Expr, x string) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		return n.IsCall("exp") && n.Has(x) || slices.Contains(args, true)
	})
}

// exactlyThere is the answer a, to the question for a function that is convex in the logarithms, with
// a simple closed form of its point, nil where none is found.
func (s *session) exactlyThere(a *Answer) *Answer {
	for x := range s.closedForms(a.At) {
		if e, ok := s.exactPoint(x); ok && s.stationaryAt(x) {
			b := s.exactAnswer(e, s.valueAt(s.m.F, x))
			b.Method, b.MinimisersComplete = a.Method, a.MinimisersComplete
			b.Proof = a.Proof
			if a.Status != Exact {
				b.Proof = append(b.Proof, "the gradient is zero at this point, by substitution")
			}
			return s.flip(b)
		}
	}
	return nil
}

// arePositive reports whether all variables are positive wherever f is defined in the region, and
// may have all positive values.
func (s *session) arePositive() bool {
	given := map[expr.Expr]bool{}
	pool := expr.NewPool()
	zero := pool.Int(0)
	for _, c := range simplify.Domain(s.p.F) {
		c = pool.Import(c)
		given[c] = true
		if op := c.Op(); (op == expr.Gt || op == expr.Ne) && c.Arg(1) == zero { // x y > 0: no factor is 0
			for _, u := range c.Arg(0).Factors() {
				given[pool.Make(expr.Ne, u, zero)] = true
			}
		}
	}
	for i, name := range s.p.Vars {
		x := pool.Var(name)
		var b Bound
		if s.p.Bounds != nil {
			b = s.p.Bounds[i]
		}
		if b.Hi.Valid() || b.Lo.Valid() && !simplify.Tidy(b.Lo).IsNum(0) {
			return false
		}
		sign := b.Lo.Valid() || given[pool.Make(expr.Ge, x, zero)]
		if !given[pool.Make(expr.Gt, x, zero)] && !(sign && (b.LoOpen || given[pool.Make(expr.Ne, x, zero)])) {
			return false
		}
	}
	return true
}

// newNames are n names of variables that the problem does not have, nil if there are not enough.
func (s *session) newNames(n int) []string {
	var names []string
	for c := range "uvwrstpqmnabcdghk" {
		if name := "uvwrstpqmnabcdghk"[c : c+1]; !slices.Contains(s.p.Vars, name) {
			names = append(names, name)
		}
	}
	if len(names) >= n {
		return names[:n]
	}
	names = nil
	for i := range n {
		name := fmt.Sprintf("u_%d", i+1)
		if slices.Contains(s.p.Vars, name) {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// A monomial is e, or c exp(log) with a constant c > 0.
type monomial struct{ e, c, log expr.Expr }

// inLogarithms writes e with exp(names_i) in the place of vars_i. It is defined where e is there.
func inLogarithms(t *simplify.Tidier, e expr.Expr, vars, names []string) (expr.Expr, bool) {
	r := expr.Fold(t.Tidy(e), func(n expr.Expr, args []monomial) monomial {
		return monomialNode(t, n, args, vars, names)
	})
	out := r.formula(t)
	return out, out.Valid()
}

// formula is the monomial as a formula.
func (m monomial) formula(t *simplify.Tidier) expr.Expr {
	if m.log.Valid() {
		return t.Mul(m.c, t.Call(fn.Lookup("exp"), m.log))
	}
	return m.e
}

// logarithm is that of the monomial.
func (m monomial) logarithm(t *simplify.Tidier) expr.Expr {
	return t.Add(t.Tidy(t.Call(fn.Lookup("log"), m.c)), m.log)
}

// power is that of the monomial.
func (m monomial) power(t *simplify.Tidier, k expr.Expr) monomial {
	return monomial{c: t.Pow(m.c, k), log: t.Mul(k, m.log)}
}

// monomialNode returns the node n in the logarithms, given its operands.
func monomialNode(t *simplify.Tidier, n expr.Expr, args []monomial, vars, names []string) monomial {
	one, zero := t.Int(1), t.Int(0)
	if form.ConstantSign(n) > 0 {
		return monomial{c: n, log: zero}
	}
	plain := make([]expr.Expr, len(args))
	for i, a := range args {
		if plain[i] = a.formula(t); !plain[i].Valid() {
			return monomial{}
		}
	}
	switch n.Op() {
	case expr.Num:
		return monomial{e: n}
	case expr.Var:
		return monomial{c: one, log: t.Var(names[slices.Index(vars, n.Name())])}
	case expr.Add:
		return monomial{e: t.Add(plain...)}
	case expr.Mul:
		out := monomial{c: one, log: zero}
		var rest []expr.Expr
		for i, a := range args {
			if a.log.Valid() {
				out.c, out.log = t.Mul(out.c, a.c), t.Add(out.log, a.log)
			} else {
				rest = append(rest, plain[i])
			}
		}
		if len(rest) == 0 {
			return out
		}
		return monomial{e: t.Mul(append(rest, out.formula(t))...)}
	case expr.Pow:
		base := args[0]
		switch {
		case !base.log.Valid():
			return monomial{e: t.Pow(plain[0], plain[1])}
		case n.Arg(1).Op() == expr.Num:
			return base.power(t, n.Arg(1))
		}
		return monomial{c: one, log: t.Mul(plain[1], base.logarithm(t))}
	case expr.Call:
		switch name := n.Func().Name; {
		case name == "exp":
			return monomial{c: one, log: plain[0]}
		case name == "log" && args[0].log.Valid():
			return monomial{e: args[0].logarithm(t)}
		case name == "sqrt" && args[0].log.Valid():
			return args[0].power(t, t.Num(number.Frac(1, 2)))
		}
		return monomial{e: t.Tidy(t.Call(n.Func(), plain...))}
	}
	return monomial{}
}
