package exact

import (
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// This file writes combinations as formulas.

// Build returns a as a tidy formula.
func (r *Ring) Build(a Combo) expr.Expr {
	if len(a) == 0 {
		return r.T.Int(0)
	}
	if common, rest := r.commonFactors(a); len(common) > 0 {
		c, prim := r.Content(rest)
		e := r.Build(prim)
		if v, ok := r.enclose(e); ok && v.Hi < 0 {
			c, e = c.Neg(), r.Build(prim.Neg())
		}
		return r.T.Mul(r.T.Num(c), e, r.buildTerm(Term{number.Int(1), common}))
	}
	var terms []expr.Expr
	rest, logs := r.joinLogs(a)
	for _, t := range rest {
		terms = append(terms, r.buildTerm(t))
	}
	if logs.Valid() {
		terms = append(terms, logs)
	}
	if len(terms) == 1 {
		return terms[0]
	}
	constant := true
	for _, t := range a {
		for _, p := range t.M {
			constant = constant && !r.Kernels[p.K].HasX
		}
	}
	if constant { // a positive term first: 5/2 - sqrt(5)/2
		slices.SortStableFunc(terms, func(a, b expr.Expr) int { return minusFirst(b) - minusFirst(a) })
		return r.T.Add(terms...)
	}
	return r.T.Sum(terms...)
}

// commonFactors takes the roots and divisors that are sums, and the powers of e, that all terms of the constant
// a have in common out of them: 2 sqrt(1 + sqrt(2)) + sqrt(2) sqrt(1 + sqrt(2)).
func (r *Ring) commonFactors(a Combo) (common []kernelPower, rest Combo) {
	if len(a) < 2 {
		return nil, nil
	}
	for _, p := range a[0].M {
		info := &r.Kernels[p.K]
		root := info.kind == kernelSum && (!p.N.IsInt() || p.N.Sign() < 0)
		power := info.kind == kernelExp || info.kind == kernelE
		if info.HasX || !root && !power {
			continue
		}
		if !slices.ContainsFunc(a, func(t Term) bool { return !slices.Contains(t.M, p) }) {
			common = append(common, p)
		}
	}
	if len(common) == 0 {
		return nil, nil
	}
	for _, t := range a {
		m := slices.DeleteFunc(slices.Clone(t.M), func(p kernelPower) bool { return slices.Contains(common, p) })
		rest = append(rest, Term{t.C, m})
	}
	return common, collectCombo(rest)
}

// tangents writes sin(u)^n cos(u)^(-n) in the monomial m of constants as tan(u)^n.
func (r *Ring) tangents(m []kernelPower) (rest []kernelPower, tans []expr.Expr) {
	rest = m
	for i := 0; i < len(rest); i++ {
		p := &r.Kernels[rest[i].K]
		if p.kind != kernelTrig || p.HasX || p.name != "sin" {
			continue
		}
		j := slices.IndexFunc(rest, func(q kernelPower) bool {
			k := &r.Kernels[q.K]
			return k.kind == kernelTrig && k.name == "cos" && q.N == rest[i].N.Neg() && len(Add(k.arg, p.arg.Neg())) == 0
		})
		if j < 0 {
			continue
		}
		tan := r.T.Pow(r.T.Call(fn.Lookup("tan"), p.E.Arg(0)), r.T.Num(rest[i].N))
		tans = append(tans, tan)
		sin, cos := rest[i], rest[j]
		rest = slices.DeleteFunc(slices.Clone(rest), func(q kernelPower) bool { return q == sin || q == cos })
		i = -1
	}
	return rest, tans
}

// minusFirst is 0 for a term with a minus sign and 1 for others.
func minusFirst(e expr.Expr) int {
	if e.Op() == expr.Mul {
		e = e.Arg(0)
	}
	if e.Op() == expr.Num && e.Number().Sign() < 0 {
		return 0
	}
	return 1
}

// joinLogs writes the sum of the rational multiples of logarithms of primes in
// a as a multiple of one logarithm, if there are several and its argument does
// not become long: 2 log(2) + 2 log(5) is 2 log(10).
func (r *Ring) joinLogs(a Combo) (Combo, expr.Expr) {
	var rest Combo
	var g number.Number
	var at []int
	for i, t := range a {
		if len(t.M) == 1 && t.M[0].N == number.Int(1) {
			if info := &r.Kernels[t.M[0].K]; info.name == "log" && len(info.arg) == 1 && len(info.arg[0].M) == 1 &&
				r.Kernels[info.arg[0].M[0].K].kind == kernelPrime {
				at = append(at, i)
				if g.Sign() == 0 {
					g = t.C.Abs()
				} else {
					g = GCD(g, t.C.Abs())
				}
				continue
			}
		}
		rest = append(rest, t)
	}
	if len(at) < 2 {
		return a, expr.Expr{}
	}
	if a[at[len(at)-1]].C.Sign() < 0 {
		g = g.Neg()
	}
	v := number.Int(1)
	for _, i := range at {
		q, _ := a[i].C.Quo(g)
		n, ok := q.Int64()
		if !ok || n > 40 || n < -40 {
			return a, expr.Expr{}
		}
		f, _ := number.Int(r.Kernels[r.Kernels[a[i].M[0].K].arg[0].M[0].K].value).Pow(int(n))
		v = v.Mul(f)
	}
	if v.Bits() > 48 {
		return a, expr.Expr{}
	}
	if one := number.Int(1); v.Cmp(one) < 0 {
		v, _ = v.Inv()
		g = g.Neg()
	}
	return rest, r.T.Mul(r.T.Num(g), r.T.Call(fn.Lookup("log"), r.T.Num(v)))
}

func (r *Ring) buildTerm(t Term) expr.Expr {
	factors := []expr.Expr{r.T.Num(t.C)}
	m, tans := r.tangents(t.M)
	factors = append(factors, tans...)
	t.M = m
	var exponent Combo // of all constant powers of e
	// One root for all integers with the same exponent.
	var exps []number.Number
	var under []*big.Int
	for _, p := range t.M {
		info := &r.Kernels[p.K]
		switch {
		case info.kind == kernelPrime:
			i := slices.Index(exps, p.N)
			if i < 0 {
				i = len(exps)
				exps, under = append(exps, p.N), append(under, big.NewInt(1))
			}
			under[i].Mul(under[i], big.NewInt(info.value))
		case !info.HasX && (info.kind == kernelExp || info.kind == kernelE):
			if info.kind == kernelE {
				exponent = Add(exponent, comboOf(p.N))
			} else {
				exponent = Add(exponent, info.arg.scale(p.N))
			}
		case info.kind == kernelExp:
			factors = append(factors, r.T.Call(fn.Lookup("exp"), r.Build(info.arg.scale(p.N))))
		case p.N == number.Frac(1, 2):
			factors = append(factors, r.T.Call(fn.Lookup("sqrt"), info.E))
		case p.N == number.Frac(-1, 2):
			factors = append(factors, r.T.Pow(r.T.Call(fn.Lookup("sqrt"), info.E), r.T.Int(-1)))
		default:
			factors = append(factors, r.T.Pow(info.E, r.T.Num(p.N)))
		}
	}
	if q, ok := exponent.Number(); ok && q == number.Int(1) {
		factors = append(factors, r.Kernels[r.euler()].E)
	} else if len(exponent) > 0 {
		factors = append(factors, r.T.Call(fn.Lookup("exp"), r.Build(exponent)))
	}
	for i, n := range exps {
		b := r.T.Num(number.FromRat(new(big.Rat).SetInt(under[i])))
		if n == number.Frac(1, 2) {
			factors = append(factors, r.T.Call(fn.Lookup("sqrt"), b))
		} else {
			factors = append(factors, r.T.Pow(b, r.T.Num(n)))
		}
	}
	return r.T.Mul(factors...)
}
