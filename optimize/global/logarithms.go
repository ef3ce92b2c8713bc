package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
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
	names := s.newNames()
	if names == nil {
		return nil
	}
	t := simplify.New()
	least, ok := inLogarithms(t, s.m.F, s.p.Vars, names)
	if !ok || !form.IsConvex(least, names, slices.Repeat([]interval.I{interval.Whole}, s.m.N)) {
		return nil
	}
	g := least
	if s.p.Max {
		g = t.Neg(least)
	}
	with := ""
	for i, x := range s.p.Vars {
		with += fmt.Sprintf(", %s = exp(%s)", x, names[i])
	}
	ctx, cancel := effort.Share(s.ctx, 0.5)
	defer cancel()
	o := s.o
	o.Start, o.Progress = nil, nil
	q := &Problem{F: g, Vars: names, Max: s.p.Max}
	sub, steps, err := solveNormal(ctx, q, o)
	if err != nil {
		return nil
	}
	a := s.fromChanged(sub, bijection{with: with, method: "logarithms of the variables", of: call("exp"),
		enclose: func(_ int, u interval.I) interval.I { return interval.Exp(u) }})
	if a == nil {
		return nil
	}
	called := minimum.NameFor(sub.Proof, append(slices.Clone(names), s.p.Vars...))
	a.Proof = calledAs(called, fmt.Sprintf("with%s, f is %s in %s: it is %s = %s", with[1:], s.p.convex(), list4(names), called, format.Text(g)), sub.Proof)
	if s.o.Certificate {
		r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, sub, steps)}, Of: make([][]string, 1)}
		for i, x := range s.p.Vars {
			r.Of[0] = append(r.Of[0], "log("+x+")")
			r.Lift = append(r.Lift, "exp("+names[i]+")")
		}
		a.Argument.Reduction = r
	}
	return a
}

// byExponentials answers for a program that is convex in the exponentials of its variables, as
// entropies are; nil where it is not, or that does not settle it.
func (s *session) byExponentials() *Answer {
	if s.p.F.Size() > maxEliminated || form.HasKinks(s.m.F) {
		return nil
	}
	names := s.newNames()
	if names == nil {
		return nil
	}
	all := append([]expr.Expr{s.m.F}, s.p.SubjectTo...)
	t, raw := simplify.New(), expr.NewPool()
	as := map[string]string{}
	r := &certificate.Reduction{Kind: certificate.Sum, Of: make([][]string, 1)}
	with := ""
	for i, x := range s.p.Vars {
		if !slices.ContainsFunc(all, func(e expr.Expr) bool { return hasExponential(e, x) }) {
			return nil
		}
		as[x] = names[i]
		r.Of[0], r.Lift = append(r.Of[0], "exp("+x+")"), append(r.Lift, "log("+names[i]+")")
		with += fmt.Sprintf(", %s = log(%s)", x, names[i])
	}
	in := func(e expr.Expr) expr.Expr { return t.Tidy(inExponentials(raw, tidyWhereDefined(e), as)) }
	q := &Problem{F: in(s.p.F), Vars: names, Max: s.p.Max, Bounds: make([]Bound, len(names))}
	for _, c := range s.p.SubjectTo {
		q.SubjectTo = append(q.SubjectTo, in(c))
	}
	for i := range names {
		b := Bound{Lo: t.Int(0), LoOpen: true}
		if s.p.Bounds != nil {
			given := s.p.Bounds[i]
			if given.Lo.Valid() {
				b.Lo, b.LoOpen = t.Tidy(raw.Call(fn.Lookup("exp"), raw.Import(given.Lo))), given.LoOpen
			}
			if given.Hi.Valid() {
				b.Hi, b.HiOpen = t.Tidy(raw.Call(fn.Lookup("exp"), raw.Import(given.Hi))), given.HiOpen
			}
		}
		q.Bounds[i] = b
	}
	ctx, cancel := effort.Share(s.ctx, 0.25)
	defer cancel()
	n, ok := q.normal()
	if !ok {
		return nil
	}
	o := s.o
	o.Start, o.Progress = nil, nil
	if sub, err := newSession(ctx, n, o); err != nil || !sub.isConvexProgram(sub.m.Outer) {
		return nil
	}
	sub, steps, err := solveNormal(ctx, n, o)
	if err != nil {
		return nil
	}
	if sub.Status == Local && len(sub.At) == s.m.N {
		x := make([]float64, s.m.N)
		for i, u := range sub.At {
			x[i] = math.Log(u)
		}
		s.b.Try(x)
	}
	a := s.fromChanged(sub, bijection{with: with, method: "exponentials of the variables", of: call("log"),
		enclose: func(_ int, u interval.I) interval.I { return interval.Log(u) }})
	if a == nil {
		return nil
	}
	called := minimum.NameFor(sub.Proof, append(slices.Clone(names), s.p.Vars...))
	a.Proof = calledAs(called, fmt.Sprintf("with%s, f is %s", with[1:], called), sub.Proof)
	if s.o.Certificate {
		r.Parts = []*certificate.Certificate{certify(n, sub, steps)}
		a.Argument.Reduction = r
	}
	s.active(a, nil)
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

// hasExponential reports whether the exponential of a formula of x occurs in e.
func hasExponential(e expr.Expr, x string) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		return n.IsCall("exp") && n.Has(x) || slices.Contains(args, true)
	})
}

// A bijection is a change of all variables, each for one of its own, of which it is a function.
type bijection struct {
	with    string // says which, after a comma
	method  string
	of      func(t *simplify.Tidier, i int, u expr.Expr) expr.Expr // variable i, in closed form
	enclose func(i int, u interval.I) interval.I
}

// call is the function of that name as one of all variables.
func call(name string) func(*simplify.Tidier, int, expr.Expr) expr.Expr {
	return func(t *simplify.Tidier, _ int, u expr.Expr) expr.Expr { return t.Call(fn.Lookup(name), u) }
}

// all are the functions of a point or path of formulas; nil where one is missing.
func (c *bijection) all(u []expr.Expr) []expr.Expr {
	if len(u) == 0 || !allValid(u) {
		return nil
	}
	t := simplify.New()
	out := make([]expr.Expr, len(u))
	for i, e := range u {
		out[i] = exact.ClosedForm(c.of(t, i, t.Tidy(e)))
	}
	return out
}

// point is the point that corresponds to u, nearly.
func (c *bijection) point(u []float64) []float64 {
	x := make([]float64, len(u))
	for i, v := range u {
		x[i] = minimum.Shown(c.enclose(i, interval.Point(v)))
	}
	return x
}

// fromChanged is the answer that follows from that in other variables, nil for none.
func (s *session) fromChanged(sub *Answer, c bijection) *Answer {
	a := &Answer{Status: sub.Status, Method: c.method, GradientNorm: math.NaN(), Value: sub.Value, ExactValue: sub.ExactValue,
		Attained: sub.Attained, Evaluations: sub.Evaluations, MinimisersComplete: sub.MinimisersComplete}
	switch {
	case sub.Status == EmptyDomain:
		return a
	case sub.Status == Unbounded && sub.Witness != nil && c.all(sub.Witness.Path) != nil:
		w := sub.Witness
		a.Witness = &Witness{Path: c.all(w.Path), Values: w.Values, Why: w.Why + c.with, Whole: w.Whole}
		for _, u := range w.Points {
			a.Witness.Points = append(a.Witness.Points, c.point(u))
		}
		return a
	case sub.Enclosure == nil:
		return nil
	}
	a.Enclosure = &Enclosure{Value: sub.Enclosure.Value}
	for i, u := range sub.Enclosure.At {
		a.Enclosure.At = append(a.Enclosure.At, c.enclose(i, u))
	}
	switch sub.Status {
	case Exact, Certified:
		for _, m := range sub.Minimisers {
			p := Point{X: c.point(m.X), Exact: c.all(m.Exact)}
			for i, e := range p.Exact {
				b, ok := tape.EncloseConstant(e)
				if !ok {
					return nil
				}
				p.X[i] = minimum.Shown(b)
			}
			if m.Family != "" {
				p.Family = m.Family + c.with
			}
			a.Minimisers = append(a.Minimisers, p)
		}
		if len(a.Minimisers) == 0 {
			return nil
		}
		a.At, a.ExactAt = a.Minimisers[0].X, a.Minimisers[0].Exact
		if a.Status == Exact && a.ExactAt == nil {
			a.Status = Certified
		}
		if !model.AllFinite(a.At) {
			return nil
		}
		if len(s.m.Cons) > 0 {
			break
		}
		a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
		if len(a.Minimisers) == 1 && a.Minimisers[0].Family == "" {
			if b := s.exactlyThere(a); b != nil {
				return b
			}
		}
	case NotAttained:
		a.Approached = sub.Approached + c.with
		a.Argument.Path = c.all(sub.Argument.Path)
	default:
		return nil
	}
	return a
}

// exactlyThere is the answer a, to the question for a function that is convex in the logarithms, with
// a simple closed form of its point, nil where none is found.
func (s *session) exactlyThere(a *Answer) *Answer {
	for _, x := range s.candidates(a.At) {
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
	for _, c := range simplify.Domain(s.p.F) {
		given[pool.Import(c)] = true
	}
	zero := pool.Int(0)
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

// newNames are names of variables that the problem does not have, nil if there are not enough.
func (s *session) newNames() []string {
	var names []string
	for c := range "uvwrstpqmnabcdghk" {
		if name := "uvwrstpqmnabcdghk"[c : c+1]; !slices.Contains(s.p.Vars, name) {
			names = append(names, name)
		}
	}
	if len(names) >= s.m.N {
		return names[:s.m.N]
	}
	names = nil
	for i := range s.m.N {
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
