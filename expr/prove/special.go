package prove

import (
	"slices"

	"nabla/expr/fn"
	"nabla/expr/number"
)

// floor returns the greatest integer that is at most u. Whole numbers come out
// of it, and so do terms that have only whole values.
func (r *ring) floor(u sum) sum {
	u = r.canonicalArgument(u)
	n := constantSum(constantTerm(u).Floor())
	for _, a := range u {
		if len(a.m) > 0 && r.isWhole(a) {
			n = n.add(sum{a})
		}
	}
	rest := u.sub(n)
	if c, ok := rest.number(); ok {
		return n.add(constantSum(c.Floor()))
	}
	return sum{{one, monomial{{r.call(lookup("floor"), []sum{rest}), ratio{1, 0}}}}}.add(n)
}

// isWhole reports that a has whole values only.
func (r *ring) isWhole(a summand) bool {
	return a.c.IsInt() && !slices.ContainsFunc(a.m, func(p power) bool {
		info := &r.kernels[p.k]
		whole := info.kind == kindSign || info.f != nil && info.f.Name == "floor"
		return !whole || !p.e.isInt() || p.e.n < 0
	})
}

// constantTerm returns the rational constant among the terms of s.
func constantTerm(s sum) number.Number {
	for _, a := range s {
		if len(a.m) == 0 {
			return a.c
		}
	}
	return number.Number{}
}

// shifted looks among the calls of name for one with the argument u + n, n a
// whole number, and returns the one with the greatest n ≥ 0. A call of u is new
// knowledge when there is one with a smaller argument: that one should have
// been written by the new one.
func (r *ring) shifted(name string, u sum) (kernel, int) {
	f := lookup(name)
	best, shift := kernel(-1), -1
	for _, k := range r.calls[f] {
		d := r.kernels[k].args[0].sub(u)
		c, ok := d.number()
		if n, isInt := c.Int64(); ok && isInt && n < 50 && n > -50 {
			if int(n) > shift {
				best, shift = k, int(n)
			}
			if n < 0 {
				r.facts++
			}
		}
	}
	if shift < 0 {
		return r.call(f, []sum{u}), 0
	}
	return best, shift
}

// gamma returns Γ(u), written by Γ(u+n) = u(u+1)…(u+n-1)·Γ(u) from the call with
// the greatest argument that differs from u by a whole number: Γ(u+n) is
// defined wherever Γ(u) is, and none of the factors is 0 there.
func (r *ring) gamma(u sum) sum {
	if c, ok := u.number(); ok {
		if n, isInt := c.Int64(); isInt {
			if n <= 0 {
				panic(giveUp{why: nowhere})
			}
			if n <= 30 {
				v := one
				for i := int64(2); i < n; i++ {
					v = v.Mul(number.Int(i))
				}
				return constantSum(v)
			}
		}
	}
	k, n := r.shifted("gamma", u)
	factors := []sum{{{one, monomial{{k, ratio{1, 0}}}}}}
	for i := range n {
		factors = append(factors, r.inverse(u.add(constantSum(number.Int(int64(i))))))
	}
	return r.multiplied(factors)
}

// polygamma returns the derivative of log Γ of the given order, 1 or 2, at u, by
// ψ(u) = ψ(u+n) - Σ 1/(u+i) and its derivative.
func (r *ring) polygamma(name string, u sum, order int) sum {
	if len(u) == 0 {
		panic(giveUp{why: nowhere})
	}
	k, n := r.shifted(name, u)
	s := sum{{one, monomial{{k, ratio{1, 0}}}}}
	for i := range n {
		v := r.pow(r.inverse(u.add(constantSum(number.Int(int64(i))))), integerRatio(order))
		if order == 1 {
			v = v.neg()
		}
		s = s.add(v)
	}
	return s
}

// lambert returns f(u), a branch of the solution of W·e^W = u, as u·e^(-W): its
// exponential is the simpler kernel, as it is never 0.
func (r *ring) lambert(f *fn.Func, u sum) sum {
	if len(u) == 0 {
		if f != lookup("W") {
			panic(giveUp{why: nowhere})
		}
		return nil
	}
	w := r.call(f, []sum{u})
	return r.times(u, one, monomial{{r.exponential(monomial{{w, ratio{1, 0}}}), ratio{-1, 0}}})
}

// isLambert reports whether f is a branch of Lambert's function.
func isLambert(f *fn.Func) bool { return f != nil && (f.Name == "W" || f.Name == "Wm1") }

// withoutLambert returns u less the multiples c·W(v) in it, and their
// exponentials.
func (r *ring) withoutLambert(u sum) (rest sum, powers monomial) {
	for _, k := range slices.Concat(r.calls[lookup("W")], r.calls[lookup("Wm1")]) {
		e := r.exponential(monomial{{k, ratio{1, 0}}})
		w := r.times(r.kernels[k].args[0], one, monomial{{e, ratio{-1, 0}}})
		for _, a := range u {
			if compareMonomials(a.m, w[0].m) != 0 {
				continue
			}
			c, _ := a.c.Quo(w[0].c)
			q, ok := ratioOf(c)
			if less := u.sub(w.scale(c)); ok && len(less) == len(u)-len(w) {
				u, powers = less, append(powers, power{e, q})
			}
			break
		}
	}
	slices.SortFunc(powers, func(a, b power) int { return int(a.k) - int(b.k) })
	return u, powers
}

// beta returns B(u, v) = Γ(u)Γ(v)/Γ(u+v), so written where u and v are known to
// be positive; Γ(u+v) may have a pole elsewhere, where B is 0.
func (r *ring) beta(u, v sum) sum {
	if r.signsOf(u) == plusSign && r.signsOf(v) == plusSign {
		return r.multiplied([]sum{r.gamma(u), r.gamma(v), r.inverse(r.gamma(u.add(v)))})
	}
	return sum{{one, monomial{{r.call(lookup("beta"), []sum{u, v}), ratio{1, 0}}}}}
}

// erf returns erf(u), which erfinv undoes.
func (r *ring) erf(u sum) sum {
	if v, ok := r.argumentOf("erfinv", u); ok {
		return v
	}
	return r.opaque(lookup("erf"), []sum{u})
}

// erfinv returns the inverse of erf.
func (r *ring) erfinv(u sum) sum {
	r.learn(constantSum(one).sub(u), plusSign)
	r.learn(constantSum(one).add(u), plusSign)
	if v, ok := r.argumentOf("erf", u); ok {
		return v
	}
	return r.opaque(lookup("erfinv"), []sum{u})
}

// argumentOf returns v for u = ±f(v), f being odd.
func (r *ring) argumentOf(f string, u sum) (sum, bool) {
	if len(u) != 1 || len(u[0].m) != 1 || u[0].c.Abs() != one || u[0].m[0].e != (ratio{1, 0}) {
		return nil, false
	}
	info := &r.kernels[u[0].m[0].k]
	if info.kind != kindCall || info.f.Name != f {
		return nil, false
	}
	return info.args[0].scale(u[0].c), true
}
