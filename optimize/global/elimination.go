package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/groebner"
	"nabla/optimize/global/internal/sos"
)

// This file solves systems of equations that are polynomial, but for factors without zeros, by eliminating variables.

// solvedNear returns a closed form of the point near x that satisfies the conditions of Karush, Kuhn and Tucker with the
// constraints and bounds that hold x, nil where there is none. Nothing is proved of the point.
func (s *session) solvedNear(x []float64) []expr.Expr {
	const tol, work = 1e-7, 10_000
	if s.m.N > groebner.MaxVars || s.m.F.Size() > maxStationarySize {
		return nil
	}
	near := func(u, v float64) bool { return math.Abs(u-v) <= tol*math.Max(1, math.Abs(u)) }
	// Variables at their bounds have those values.
	pool := expr.NewPool()
	at := make([]expr.Expr, len(x))
	with := map[string]expr.Expr{}
	var free []string
	for i, v := range s.p.Vars {
		if i < len(s.p.Bounds) {
			b := s.p.Bounds[i]
			if b.Lo.Valid() && near(x[i], s.m.Inner[i].Lo) {
				at[i] = pool.Import(b.Lo)
			} else if b.Hi.Valid() && near(x[i], s.m.Inner[i].Hi) {
				at[i] = pool.Import(b.Hi)
			}
		}
		if at[i].Valid() {
			with[v] = at[i]
		} else {
			free = append(free, v)
		}
	}
	p := s.m.Prober()
	p.At(x)
	lagrangian := pool.Import(s.m.F)
	var zero []expr.Expr
	vars := slices.Clone(free)
	for k, c := range s.m.Cons {
		if !c.Equal && !near(p.FOut[1+k], 0) {
			continue
		}
		g := pool.Import(c.G)
		y := fmt.Sprint("y", k, "*") // which no variable of a formula is called
		vars = append(vars, y)
		zero = append(zero, g)
		lagrangian = pool.Make(expr.Add, lagrangian, pool.Make(expr.Mul, pool.Var(y), g))
	}
	if len(free) == 0 || len(vars) > groebner.MaxVars || len(vars) == s.m.N && len(with) == 0 {
		return nil // in the interior, what is no simple point rarely has a closed form
	}
	zero = append(zero, diff.Gradient(pool.Substitute(lagrangian, with), free)...)
	for i, e := range zero {
		zero[i] = pool.Substitute(pool.Import(e), with)
	}
	equations, names, ok := polynomialSystem(zero, vars)
	if !ok {
		return nil
	}
	values, ok := valuesOf(equations, names, len(free), work)
	if !ok {
		return nil
	}
	k := 0
	for i := range at {
		if at[i].Valid() {
			continue
		}
		for _, v := range values[k] {
			if near(x[i], v.Float()) {
				if at[i].Valid() || !v.Exact.Valid() {
					return nil
				}
				at[i] = v.Exact
			}
		}
		if !at[i].Valid() {
			return nil
		}
		k++
	}
	return at
}

// polynomialSystem returns polynomials in names, vars first, that are 0 at real numbers just where
// the formulas are defined and 0: the further names are the reciprocals
// of divisors. ok is false where the formulas are not seen to be of this kind.
func polynomialSystem(zero []expr.Expr, vars []string) (equations []sos.Polynomial, names []string, ok bool) {
	t := simplify.New()
	formulas := make([]expr.Expr, len(zero))
	var divisors, factors []expr.Expr // and what is never 0
	place := func(list *[]expr.Expr, e expr.Expr, name string) expr.Expr {
		k := slices.Index(*list, e)
		if k < 0 {
			k = len(*list)
			*list = append(*list, e)
		}
		return t.Var(fmt.Sprint(name, k)) // which no variable of a formula is called
	}
	factor := func(e expr.Expr) expr.Expr { return place(&factors, e, "#") }
	var reciprocal func(b expr.Expr, power number.Number) expr.Expr // of a power > 0
	reciprocal = func(b expr.Expr, power number.Number) expr.Expr {
		switch {
		case b.IsConstant():
			return t.Pow(b, t.Num(power.Neg()))
		case !power.IsInt():
			return factor(t.Pow(b, t.Num(power.Neg())))
		case b.Op() == expr.Mul:
			var product []expr.Expr
			for _, a := range b.Args() {
				product = append(product, reciprocal(a, power))
			}
			return t.Mul(product...)
		case b.Op() == expr.Pow && b.Arg(1).Op() == expr.Num && b.Arg(1).Number().Sign() > 0:
			return reciprocal(b.Arg(0), b.Arg(1).Number().Mul(power))
		case slices.ContainsFunc(slices.Collect(b.All()), func(n expr.Expr) bool { return n.Op() == expr.Call }):
			return factor(t.Pow(b, t.Num(power.Neg())))
		}
		return t.Pow(place(&divisors, b, "1/"), t.Num(power))
	}
	for i, g := range zero {
		formulas[i] = expr.Fold(t.Tidy(g), func(n expr.Expr, args []expr.Expr) expr.Expr {
			switch {
			case n.IsConstant():
			case n.Op() == expr.Call && n.Func().NeverZero():
				return factor(n)
			case n.Op() == expr.Div:
				return t.Mul(args[0], reciprocal(n.Arg(1), number.Int(1)))
			case n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num && n.Arg(1).Number().Sign() < 0:
				return reciprocal(n.Arg(0), n.Arg(1).Number().Neg())
			}
			return expr.Remake(n, t, args, nil)
		})
	}
	names = slices.Clone(vars)
	for k := range divisors {
		names = append(names, fmt.Sprint("1/", k))
	}
	all := slices.Clone(names)
	for k := range factors {
		all = append(all, fmt.Sprint("#", k))
	}
	for _, e := range formulas {
		p, ok := sos.Of(e, all)
		if !ok {
			return nil, nil, false
		}
		if p, ok = withoutFactors(p, len(vars), len(names)); !ok {
			return nil, nil, false
		}
		equations = append(equations, p)
	}
	for k, b := range divisors {
		p, ok := sos.Of(t.Sub(t.Mul(b, t.Var(names[len(vars)+k])), t.Int(1)), names)
		if !ok {
			return nil, nil, false
		}
		equations = append(equations, p)
	}
	return equations, names, true
}

// withoutFactors is p, of which the variables from n on are never 0, without the powers of these that all terms have;
// false where variables from most on are left.
func withoutFactors(p sos.Polynomial, n, most int) (sos.Polynomial, bool) {
	var common []byte
	for m := range p {
		if common == nil {
			common = []byte(m)
		}
		for i := n; i < len(m); i++ {
			common[i] = min(common[i], m[i])
		}
	}
	out := make(sos.Polynomial, len(p))
	for m, c := range p {
		b := []byte(m)
		for i := n; i < len(b); i++ {
			if b[i] -= common[i]; i >= most && b[i] > 0 {
				return nil, false
			}
		}
		out[sos.Monomial(b[:most])] = c
	}
	return out, true
}

// valuesOf returns for each of the first n variables all values that it may have at a real solution of the
// equations, which are in names; false where it may have infinitely many, or they are not found with so much work.
func valuesOf(equations []sos.Polynomial, names []string, n, work int) ([][]exact.Spot, bool) {
	b, ok := groebner.Of(len(names), equations, work)
	if !ok {
		return nil, false
	}
	q, ok := b.Quotient(maxStationary)
	if !ok {
		return nil, false
	}
	cells := 1
	values := make([][]exact.Spot, n)
	for i := range values {
		c, ok := q.Alone(i)
		if !ok {
			return nil, false
		}
		t := simplify.New()
		var terms []expr.Expr
		for k, v := range c {
			terms = append(terms, t.Mul(t.Num(v), t.Pow(t.Var(names[i]), t.Int(int64(k)))))
		}
		if len(c) > 1 {
			if values[i], ok = exact.NewFormulas(t, names[i]).Solve(t.Sum(terms...), exact.Start, exact.End); !ok || !disjoint(values[i]) {
				return nil, false
			}
		}
		if cells *= len(values[i]); cells > maxStationaryCells {
			return nil, false
		}
	}
	return values, true
}

// disjoint reports whether no two of the spots have a point of their hulls in common.
func disjoint(list []exact.Spot) bool {
	for i := 1; i < len(list); i++ {
		if list[i].Hull.Lo <= list[i-1].Hull.Hi {
			return false
		}
	}
	return true
}
