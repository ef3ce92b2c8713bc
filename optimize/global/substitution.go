package global

import (
	"fmt"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/sos"
	"nabla/optimize/global/internal/univariate"
)

// This file answers for functions of formulas of one variable each, such as 2 + sin(x) and exp(y), by the question in
// the values of these: what they take is known, and many minimisers become one.

// maxSubstituted is the size of a formula up to which this is tried: long ones, such as sums over data, have other ways.
const maxSubstituted = 40

// An innerParts writes a formula in one formula of each variable, its base: 1/(1 + x^2) + cosh(y) in x^2 and cosh(y).
type innerParts struct {
	t     *simplify.Tidier // of the bases
	pool  *expr.Pool       // of what is written in them
	vars  []string
	names []string    // of the bases
	base  []expr.Expr // not Valid before it is known
}

// in is e, which is tidy, in the bases; ok is false where a variable occurs otherwise.
func (p *innerParts) in(e expr.Expr) (g expr.Expr, ok bool) {
	i := slices.Index(p.vars, firstVar(e))
	switch {
	case i < 0:
		return p.pool.Import(e), true
	case e.Op() == expr.Var:
		return p.of(i, e)
	case e.Op() == expr.Pow && e.Arg(0).Op() == expr.Var && e.Arg(1).Op() == expr.Num:
		b, k := e.Arg(0), e.Arg(1).Number()
		if half := k.Mul(number.Frac(1, 2)); half.IsInt() {
			b, k = p.t.Pow(b, p.t.Int(2)), half
		}
		g, ok = p.of(i, b)
		return p.pool.Make(expr.Pow, g, p.pool.Num(k)), ok
	case e.IsCall("exp"):
		return p.exponential(e)
	case e.Op() == expr.Call && e.Len() == 1 && len(e.Vars()) == 1:
		return p.of(i, e)
	}
	args := e.AppendArgs(nil)
	for k, a := range args {
		if args[k], ok = p.in(a); !ok {
			return g, false
		}
	}
	return expr.Remake(e, p.pool, args, nil), true
}

// exponential is exp(u) in the bases: a product where u is a sum of terms of one variable each.
func (p *innerParts) exponential(e expr.Expr) (g expr.Expr, ok bool) {
	terms := e.Arg(0).Terms()
	var factors []expr.Expr
	for i := -1; i < len(p.vars); i++ { // the terms of each variable together
		var sum []expr.Expr
		for _, u := range terms {
			if len(u.Vars()) > 1 {
				return g, false
			}
			if slices.Index(p.vars, firstVar(u)) == i {
				sum = append(sum, u)
			}
		}
		if len(sum) == 0 {
			continue
		}
		u, k := p.t.Sum(sum...), number.Int(1)
		if i < 0 {
			factors = append(factors, p.pool.Call(e.Func(), p.pool.Import(u)))
			continue
		}
		if u.Op() == expr.Mul && u.Arg(0).Op() == expr.Num {
			k = u.Arg(0).Number()
			inverse, _ := k.Inv()
			u = p.t.Mul(p.t.Num(inverse), u)
		}
		if g, ok = p.of(i, p.t.Call(e.Func(), u)); !ok {
			return g, false
		}
		factors = append(factors, p.pool.Make(expr.Pow, g, p.pool.Num(k)))
	}
	if len(factors) == 1 {
		return factors[0], true
	}
	return p.pool.Make(expr.Mul, factors...), true
}

// of is the name of the base e of variable i, false where it has another base.
func (p *innerParts) of(i int, e expr.Expr) (expr.Expr, bool) {
	if !p.base[i].Valid() {
		p.base[i] = e
	}
	return p.pool.Var(p.names[i]), p.base[i] == e
}

// firstVar is a variable of e, "" where it has none.
func firstVar(e expr.Expr) string {
	for _, x := range e.Vars() {
		return x
	}
	return ""
}

// bySubstitution returns nil where a variable occurs otherwise than in one formula, or what is left is not settled.
func (s *session) bySubstitution() *Answer {
	n := s.m.N
	names := s.newNames(n)
	if len(s.m.Cons) > 0 || len(s.p.Bounds) > 0 || names == nil || s.p.F.Size() > maxSubstituted {
		return nil
	}
	t := simplify.New()
	tidy := t.Tidy(s.p.F)
	p := &innerParts{t: t, pool: expr.NewPool(), vars: s.p.Vars, names: names, base: make([]expr.Expr, n)}
	f, ok := p.in(tidy)
	if !ok || !form.SameDomain(s.p.F, tidy) {
		return nil
	}
	q := &Problem{Vars: names, Max: s.p.Max, Bounds: make([]Bound, n)}
	c := &change{names: names, method: "values of inner formulas", share: 0.02}
	some, least := false, map[string]expr.Expr{}
	for i, b := range p.base {
		if !b.Valid() {
			return nil
		}
		u := t.Var(names[i])
		of, back := b, u
		if b.Op() != expr.Var {
			some = some || b.Op() != expr.Pow // of powers, the variables themselves do
			bound, ok := s.valuesTaken(b, s.p.Vars[i])
			if !ok {
				return nil
			}
			if bound.Lo.Valid() && !bound.Hi.Valid() { // from 0 on
				lo := t.Tidy(bound.Lo)
				of, back = t.Sub(b, lo), t.Add(u, lo)
				least[names[i]] = p.pool.Make(expr.Add, p.pool.Var(names[i]), p.pool.Import(lo))
				bound.Lo = t.Int(0)
			}
			q.Bounds[i] = bound
		}
		list, ok := form.Preimages(t, b, back)
		if !ok {
			return nil
		}
		c.of, c.back = append(c.of, of), append(c.back, list[0])
		c.with += fmt.Sprintf("%s = %s, ", names[i], format.Text(of))
	}
	if !some {
		return nil
	}
	q.F = tidyWhereDefined(p.pool.Substitute(f, least))
	if g, ok := sos.Of(q.F, names); ok { // multiplied out
		q.F = g.Expr(simplify.New(), names)
	}
	c.with = strings.TrimSuffix(c.with, ", ")
	b := s.b // to which a point of less than local search finds is of no use
	s.b = nil
	a := s.byChange(c, q)
	s.b = b
	switch {
	case a == nil:
		return nil
	case a.Status == NotAttained:
		return a
	case a.Status == Exact:
		return s.reached(a)
	}
	return nil
}

// valuesTaken is the interval of the values of u, a formula of x that is continuous everywhere.
func (s *session) valuesTaken(u expr.Expr, x string) (Bound, bool) {
	if _, dec, ok := tape.EncloseOn([]string{x}, []interval.I{interval.Whole}, u); !ok || dec[0] < interval.Continuous {
		return Bound{}, false
	}
	var b Bound
	for _, greatest := range []bool{false, true} {
		end := univariate.Solve(s.ctx, &univariate.Question{F: u, Var: x, Max: greatest})
		switch {
		case end.Status == Unbounded:
		case (end.Status == Exact || end.Status == NotAttained) && end.ExactValue.Valid():
			if greatest {
				b.Hi, b.HiOpen = end.ExactValue, !end.Attained
			} else {
				b.Lo, b.LoOpen = end.ExactValue, !end.Attained
			}
		default:
			return b, false
		}
	}
	return b, true
}

// reached is the exact answer a with those of its minimisers that are seen to have the value; nil where there is none.
func (s *session) reached(a *Answer) *Answer {
	c := exact.NewConstants(simplify.New())
	a.Minimisers = slices.DeleteFunc(a.Minimisers, func(m Point) bool {
		if len(m.Exact) != s.m.N {
			return true
		}
		e, ok := s.exactPoint(m.Exact)
		return !ok || !exact.IsZero(c, c.T.Sub(c.T.Tidy(s.valueAt(s.p.F, e.x)), c.T.Tidy(a.ExactValue)))
	})
	for i := range a.Minimisers {
		a.Minimisers[i].Family = "" // in other variables
	}
	if len(a.Minimisers) == 0 {
		return nil
	}
	e, ok := s.exactPoint(a.Minimisers[0].Exact)
	if !ok || a.Enclosure == nil {
		return nil
	}
	a.At, a.ExactAt, a.MinimisersComplete = a.Minimisers[0].X, a.Minimisers[0].Exact, false
	a.Enclosure = &Enclosure{At: e.box, Value: a.Enclosure.Value}
	return a
}
