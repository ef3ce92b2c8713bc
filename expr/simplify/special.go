package simplify

import "nabla/expr/number"

// floor returns the greatest integer that is at most u. Whole numbers come out
// of it.
func (r *ring) floor(u sum) sum {
	if c, ok := u.number(); ok {
		return constantSum(floor(c))
	}
	n := floor(constantTerm(u))
	rest := u.sub(constantSum(n))
	return sum{{one, monomial{{r.call(lookup("floor"), []sum{rest}), ratio{1, 0}}}}}.add(constantSum(n))
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
