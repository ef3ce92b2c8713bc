package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
)

// This file answers where variables occur in powers of a higher one only, x in x^3 and x^6, by the
// question in those, u = x^3: the degrees are lower, and minimisers that differ in signs are one.

// maxSigns is the number of minimisers up to which those with other signs are listed.
const maxSigns = 32

// maxPower is the greatest exponent that is taken out.
const maxPower = 12

// A root is a variable that occurs in powers of x^k only.
type root struct {
	k      int64
	signed bool // x and -x are the same
}

// byPowers returns nil where no variable is such, or what is left is not settled.
func (s *session) byPowers() *Answer {
	names := s.newNames(s.m.N)
	if names == nil || s.p.F.Size() > maxEliminated {
		return nil
	}
	all := []expr.Expr{tidyWhereDefined(s.p.F)}
	for _, c := range s.p.SubjectTo {
		all = append(all, tidyWhereDefined(c))
	}
	q := &Problem{Vars: slices.Clone(s.p.Vars), Max: s.p.Max, Bounds: make([]Bound, s.m.N)}
	t, pool := simplify.New(), expr.NewPool()
	c := &change{names: q.Vars, method: "powers of the variables", share: 0.2}
	roots := make([]root, s.m.N)
	some := false
	for i, x := range s.p.Vars {
		roots[i] = s.rootOf(i, commonExponent(all, x))
		k := roots[i].k
		if k > 1 {
			q.Vars[i], some = names[i], true
			c.with += fmt.Sprintf("%s = %s^%d, ", names[i], x, k)
		}
		q.Bounds[i], _ = s.powerBounds(pool, i, roots[i])
		c.of, c.back = append(c.of, t.Pow(t.Var(x), t.Int(k))), append(c.back, roots[i].of(t, t.Var(q.Vars[i])))
	}
	c.with = strings.TrimSuffix(c.with, ", ")
	odd := slices.ContainsFunc(roots, func(r root) bool { return r.k > 1 && !r.signed })
	if !some || len(s.m.Cons) == 0 && !odd { // without constraints, the variables themselves do
		return nil
	}
	for i, r := range roots {
		for k, e := range all {
			if r.k > 1 {
				all[k] = r.lowered(pool, e, s.p.Vars[i], names[i])
			}
		}
	}
	q.F, q.SubjectTo = all[0], all[1:]
	n, ok := q.normal()
	if !ok {
		return nil
	}
	a := s.byChange(c, n)
	if a != nil {
		s.addSigns(a, roots)
		s.active(a, nil)
	}
	return a
}

// tidyWhereDefined is e in its tidy form, if that is defined at the same points.
func tidyWhereDefined(e expr.Expr) expr.Expr {
	if t := simplify.Tidy(e); form.SameDomain(e, t) {
		return t
	}
	return e
}

// commonExponent is the greatest common divisor of the exponents with which x occurs in the
// formulas; 1 where it occurs otherwise.
func commonExponent(all []expr.Expr, x string) int64 {
	k := int64(0)
	for _, e := range all {
		if e.Op() == expr.Var && e.Name() == x {
			return 1
		}
		for _, n := range expr.Order(e).Each() {
			for i, a := range n.Args() {
				if a.Op() != expr.Var || a.Name() != x {
					continue
				}
				if n.Op() != expr.Pow || i > 0 || n.Arg(1).Op() != expr.Num {
					return 1
				}
				p, q, small := n.Arg(1).Number().Frac64()
				if !small || q != 1 {
					return 1
				}
				for p != 0 {
					k, p = p, k%p
				}
				k = max(k, -k)
			}
		}
	}
	return max(k, 1)
}

// rootOf is variable i, which occurs in powers of its k-th: with an exponent that its bounds allow.
func (s *session) rootOf(i int, k int64) root {
	if k == 1 || k > maxPower {
		return root{k: 1}
	}
	r := root{k: k, signed: k%2 == 0}
	if _, ok := s.powerBounds(expr.NewPool(), i, r); ok {
		return r
	}
	r.signed = false
	if _, ok := s.powerBounds(expr.NewPool(), i, r); ok {
		return r
	}
	return root{k: 1}
}

// powerBounds are those of the power of variable i, false where it has none such.
func (s *session) powerBounds(pool *expr.Pool, i int, r root) (Bound, bool) {
	var b Bound
	if s.p.Bounds != nil {
		b = s.p.Bounds[i]
	}
	if r.k == 1 {
		return b, true
	}
	lo, hi := b.Lo.Valid() && !isInfinity(b.Lo), b.Hi.Valid() && !isInfinity(b.Hi)
	out := Bound{LoOpen: b.LoOpen, HiOpen: b.HiOpen}
	power := func(e expr.Expr) expr.Expr { return simplify.Tidy(pool.Make(expr.Pow, pool.Import(e), pool.Int(r.k))) }
	switch {
	case r.signed && lo, r.signed && hi:
		return out, false
	case r.signed:
		return Bound{Lo: pool.Int(0)}, true
	case r.k%2 == 0:
		if !lo {
			return out, false
		}
		if v, known := tape.EncloseConstant(b.Lo); !known || !(v.Lo >= 0) {
			return out, false
		}
	}
	if lo {
		out.Lo = power(b.Lo)
	}
	if hi {
		out.Hi = power(b.Hi)
	}
	return out, true
}

// lowered writes u^j in the place of x^(jk) in e.
func (r root) lowered(pool *expr.Pool, e expr.Expr, x, u string) expr.Expr {
	return expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Pow && n.Arg(0).Op() == expr.Var && n.Arg(0).Name() == x {
			j, _ := n.Arg(1).Number().Quo(number.Int(r.k))
			if j == number.Int(1) {
				return pool.Var(u)
			}
			return pool.Make(expr.Pow, pool.Var(u), pool.Num(j))
		}
		return expr.Remake(n, pool, args, nil)
	})
}

// of is the root of u in closed form.
func (r root) of(t *simplify.Tidier, u expr.Expr) expr.Expr {
	switch u = t.Tidy(u); {
	case r.k == 1:
		return u
	case r.k%2 != 0 && u.Op() == expr.Num: // in the simplest form
		root := t.Pow(t.Num(u.Number().Abs()), t.Num(number.Frac(1, r.k)))
		if u.Number().Sign() < 0 {
			return t.Neg(root)
		}
		return root
	case r.k == 3:
		return t.Call(fn.Lookup("cbrt"), u)
	case r.k%2 == 0:
		return t.Pow(u, t.Num(number.Frac(1, r.k)))
	}
	return t.Call(fn.Lookup("root"), u, t.Int(r.k))
}

// nearlyZero is what the power of a variable is at most where that may be 0.
const nearlyZero = 1e-9

// addSigns adds to the minimisers of a those with other signs of the variables that are signed.
func (s *session) addSigns(a *Answer, roots []root) {
	t := simplify.New()
	for i, r := range roots {
		if !r.signed {
			continue
		}
		for _, p := range slices.Clone(a.Minimisers) {
			switch {
			case p.Exact != nil && p.Exact[i].IsNum(0):
				continue
			case p.X[i] == 0, p.Exact == nil && math.Pow(p.X[i], float64(r.k)) < nearlyZero:
				a.MinimisersComplete = false
				continue
			case p.Family != "" || len(a.Minimisers) >= maxSigns:
				a.MinimisersComplete = false
				continue
			}
			m := Point{X: slices.Clone(p.X), Exact: slices.Clone(p.Exact)}
			m.X[i] = -m.X[i]
			if m.Exact != nil {
				m.Exact[i] = t.Neg(t.Tidy(m.Exact[i]))
			}
			a.Minimisers = append(a.Minimisers, m)
		}
	}
}
