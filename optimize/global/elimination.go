package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
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
	system, ok := polynomialSystem(zero, vars)
	if !ok {
		return nil
	}
	values, _, ok := system.values(len(free), work)
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

// A polySystem is polynomials that are 0 at real numbers just where formulas are defined and 0.
type polySystem struct {
	equations []sos.Polynomial // those of the formulas, and then those of the divisors
	names     []string         // of the variables, and then of the reciprocals of the divisors
	divisors  []expr.Expr
	factors   []expr.Expr // that are never 0
	// common are for the formulas the powers of names and factors by which they are divided.
	common [][]byte
	vars   []string
}

// polynomialSystem makes the system in which the formulas are 0; ok is false where they are not seen to be of this kind.
func polynomialSystem(zero []expr.Expr, vars []string) (out *polySystem, ok bool) {
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
			case n.Op() == expr.Pow && n.Arg(1).Op() == expr.Num && n.Arg(1).Number().Sign() < 0:
				return reciprocal(n.Arg(0), n.Arg(1).Number().Neg())
			}
			return expr.Remake(n, t, args, nil)
		})
	}
	names := slices.Clone(vars)
	for k := range divisors {
		names = append(names, fmt.Sprint("1/", k))
	}
	all := slices.Clone(names)
	for k := range factors {
		all = append(all, fmt.Sprint("#", k))
	}
	out = &polySystem{names: names, divisors: divisors, factors: factors, vars: vars}
	for _, e := range formulas {
		p, ok := sos.Of(e, all)
		if !ok {
			return nil, false
		}
		p, common, ok := withoutFactors(p, len(vars), len(names))
		if !ok {
			return nil, false
		}
		out.equations, out.common = append(out.equations, p), append(out.common, common)
	}
	for k, b := range divisors {
		p, ok := sos.Of(t.Sub(t.Mul(b, t.Var(names[len(vars)+k])), t.Int(1)), names)
		if !ok {
			return nil, false
		}
		out.equations = append(out.equations, p)
	}
	return out, true
}

// withoutFactors is p, of which the variables from n on are never 0, without the powers common of these that all terms have;
// false where variables from most on are left.
func withoutFactors(p sos.Polynomial, n, most int) (out sos.Polynomial, common []byte, ok bool) {
	for m := range p {
		if common == nil {
			common = append(make([]byte, n), m[n:]...)
		}
		for i := n; i < len(m); i++ {
			common[i] = min(common[i], m[i])
		}
	}
	out = make(sos.Polynomial, len(p))
	for m, c := range p {
		b := []byte(m)
		for i := n; i < len(b); i++ {
			if b[i] -= common[i]; i >= most && b[i] > 0 {
				return nil, nil, false
			}
		}
		out[sos.Monomial(b[:most])] = c
	}
	return out, common, true
}

// values returns for each of the first n variables all values that it may have at a real solution, and the coefficients, the
// constant one first, of a polynomial of which they are zeros; false where it may have infinitely many, or they are not found with so
// much work.
func (s *polySystem) values(n, work int) (values [][]exact.Spot, alone [][]number.Number, ok bool) {
	b, ok := groebner.Of(len(s.names), s.equations, work)
	if !ok {
		return nil, nil, false
	}
	q, ok := b.Quotient(maxStationary)
	if !ok {
		return nil, nil, false
	}
	cells := 1
	values, alone = make([][]exact.Spot, n), make([][]number.Number, n)
	for i := range values {
		c, ok := q.Alone(i)
		if !ok {
			return nil, nil, false
		}
		alone[i] = c
		t := simplify.New()
		if len(c) > 1 {
			if values[i], ok = exact.NewFormulas(t, s.names[i]).Solve(inPowers(t, c, s.names[i]), exact.Start, exact.End); !ok || !disjoint(values[i]) {
				return nil, nil, false
			}
		}
		if cells *= len(values[i]); cells > maxStationaryCells {
			return nil, nil, false
		}
	}
	return values, alone, true
}

// inPowers is the polynomial in x with the coefficients c, the constant one first.
func inPowers(t *simplify.Tidier, c []number.Number, x string) expr.Expr {
	terms := []expr.Expr{t.Int(0)}
	for k, v := range c {
		terms = append(terms, t.Mul(t.Num(v), t.Pow(t.Var(x), t.Int(int64(k)))))
	}
	return t.Sum(terms...)
}

// eliminants returns the polynomials of values with what shows that they vanish where the formulas do: these times cofactors add up to
// them. nil says that so much work is not enough.
func (s *polySystem) eliminants(alone [][]number.Number, work int) []certificate.Eliminant {
	b, ok := groebner.Marked(len(s.names), s.equations, work)
	if !ok {
		return nil
	}
	t := simplify.New()
	var out []certificate.Eliminant
	for i, c := range alone {
		times, ok := b.Cofactors(i, c)
		if !ok {
			return nil
		}
		e := certificate.Eliminant{Polynomial: format.Plain(inPowers(t, c, s.vars[i]))}
		for k, common := range s.common {
			u, ok := s.formula(t, times[k], common)
			if !ok {
				return nil
			}
			e.Cofactors = append(e.Cofactors, format.Plain(u))
		}
		if out = append(out, e); len(c) == 1 { // it is nowhere 0: nothing else is needed
			return out[len(out)-1:]
		}
	}
	return out
}

// formula is the polynomial p in names, divided by the powers common of names and factors: one fraction.
func (s *polySystem) formula(t *simplify.Tidier, p sos.Polynomial, common []byte) (expr.Expr, bool) {
	n := len(s.vars)
	most := make([]byte, len(s.names)) // of reciprocals in a term
	for m := range p {
		for j := n; j < len(most); j++ {
			most[j] = max(most[j], m[j])
		}
	}
	divisors := make([]sos.Polynomial, len(s.divisors))
	for k, d := range s.divisors {
		var ok bool
		if divisors[k], ok = sos.Of(t.Tidy(t.Pool().Import(d)), s.vars); !ok {
			return expr.Expr{}, false
		}
	}
	sum := sos.Polynomial{}
	for m, c := range p {
		term := sos.Polynomial{m[:n]: c}
		for j := n; j < len(most); j++ {
			for range most[j] - m[j] {
				term = term.Mul(divisors[j-n])
			}
		}
		sum = sum.Add(term)
	}
	out := sum.Expr(t, s.vars)
	power := func(b expr.Expr, k int) { out = t.Mul(out, t.Pow(t.Tidy(t.Pool().Import(b)), t.Int(int64(k)))) }
	for j := range common {
		switch {
		case j < n:
		case j < len(most):
			power(s.divisors[j-n], int(common[j])-int(most[j]))
		default:
			power(s.factors[j-len(most)], -int(common[j]))
		}
	}
	return out, true
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
