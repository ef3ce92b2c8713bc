// Package sos writes polynomials in several variables as sums of squares, with
// exact rational coefficients: a semidefinite program is solved in floating point,
// and its solution rounded to rational numbers that satisfy the identity exactly.
//
// A polynomial p is a sum of squares where p = zᵀQz with a vector z of monomials and a
// positive semidefinite matrix Q, the Gram matrix (Choi, Lam and Reznick, 1995;
// Parrilo, 2003). With multipliers, an identity
//
//	m (f - γ) = Σ_k g_k z_kᵀQ_k z_k + Σ_j λ_j h_j
//
// shows f ≥ γ wherever m > 0, g_k ≥ 0 and h_j = 0 (Putinar, 1993; Reznick, 1995).
// The rounding follows Peyrl and Parrilo, Computing sum of squares decompositions with
// rational coefficients, Theoretical Computer Science 409 (2008), with the reduction to
// the face on which the Gram matrix is definite where the bound is attained.
//
// Nothing that this package returns rests on floating point: a Proof is checked
// exactly before it is returned.
package sos

import (
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// A Monomial is a product of powers of variables: byte i is the exponent of variable i.
type Monomial string

// Degree is the sum of the exponents.
func (m Monomial) Degree() int {
	d := 0
	for i := range len(m) {
		d += int(m[i])
	}
	return d
}

// times is the product of two monomials.
func (m Monomial) times(o Monomial) Monomial {
	b := []byte(m)
	for i := range b {
		b[i] += o[i]
	}
	return Monomial(b)
}

// compare orders monomials by degree, and those of the same degree so that powers of
// the first variable come first.
func (m Monomial) compare(o Monomial) int {
	if d := m.Degree() - o.Degree(); d != 0 {
		return d
	}
	return strings.Compare(string(o), string(m))
}

// A Polynomial has rational coefficients, none of them 0. It is not changed after it
// was made.
type Polynomial map[Monomial]*big.Rat

const (
	maxDegree = 24   // of what is read
	maxTerms  = 3000 // of any polynomial
)

// Of reads e as a polynomial in vars with rational coefficients; ok is false where it
// is not seen to be one, or is too large.
func Of(e expr.Expr, vars []string) (p Polynomial, ok bool) {
	num, den, ok := Quotient(e, vars)
	if !ok || len(den) != 1 {
		return nil, false
	}
	c := den[one(len(vars))]
	if c == nil {
		return nil, false
	}
	return num.Scale(new(big.Rat).Inv(c)), true
}

// Quotient reads e as num/den: wherever e is defined, den is not zero and this is its
// value.
func Quotient(e expr.Expr, vars []string) (num, den Polynomial, ok bool) {
	place := make(map[string]int, len(vars))
	for i, x := range vars {
		place[x] = i
	}
	n := len(vars)
	unit := Constant(n, big.NewRat(1, 1))
	type pair struct{ num, den Polynomial }
	fits := func(p pair) *pair {
		if p.num == nil || p.den == nil || len(p.den) == 0 || p.num.Degree()+p.den.Degree() > maxDegree {
			return nil
		}
		return &p
	}
	if len(vars) > 16 || e.Size() > maxTerms {
		return nil, nil, false
	}
	r := expr.Fold(simplify.Tidy(e), func(n expr.Expr, args []*pair) *pair {
		if slices.Contains(args, nil) {
			return nil
		}
		switch n.Op() {
		case expr.Num:
			return &pair{Constant(len(vars), n.Number().Rat()), unit}
		case expr.Var:
			i, ok := place[n.Name()]
			if !ok {
				return nil
			}
			return &pair{variable(len(vars), i), unit}
		case expr.Add:
			sum := args[0]
			for _, a := range args[1:] {
				if sum.den.equal(a.den) {
					sum = fits(pair{sum.num.Add(a.num), sum.den})
				} else {
					sum = fits(pair{sum.num.Mul(a.den).Add(a.num.Mul(sum.den)), sum.den.Mul(a.den)})
				}
				if sum == nil {
					return nil
				}
			}
			return sum
		case expr.Mul:
			product := args[0]
			for _, a := range args[1:] {
				if product = fits(pair{product.num.Mul(a.num), product.den.Mul(a.den)}); product == nil {
					return nil
				}
			}
			return product
		case expr.Pow:
			if n.Arg(1).Op() != expr.Num {
				return nil
			}
			k, whole := n.Arg(1).Number().Int64()
			if !whole || k > maxDegree || k < -maxDegree {
				return nil
			}
			b := *args[0]
			if k < 0 {
				b, k = pair{b.den, b.num}, -k
			}
			power := &pair{unit, unit}
			for range k {
				if power = fits(pair{power.num.Mul(b.num), power.den.Mul(b.den)}); power == nil {
					return nil
				}
			}
			return power
		}
		return nil
	})
	if r == nil {
		return nil, nil, false
	}
	return r.num, r.den, true
}

func one(n int) Monomial { return Monomial(make([]byte, n)) }

// Constant is the polynomial c in n variables.
func Constant(n int, c *big.Rat) Polynomial {
	if c.Sign() == 0 {
		return Polynomial{}
	}
	return Polynomial{one(n): c}
}

// variable is x_i in n variables.
func variable(n, i int) Polynomial {
	m := make([]byte, n)
	m[i] = 1
	return Polynomial{Monomial(m): big.NewRat(1, 1)}
}

// Monomials lists the monomials of p in order.
func (p Polynomial) Monomials() []Monomial {
	list := make([]Monomial, 0, len(p))
	for m := range p {
		list = append(list, m)
	}
	slices.SortFunc(list, Monomial.compare)
	return list
}

// Degree is the largest degree of a monomial, -1 of the polynomial 0.
func (p Polynomial) Degree() int {
	d := -1
	for m := range p {
		d = max(d, m.Degree())
	}
	return d
}

func (p Polynomial) equal(q Polynomial) bool {
	if len(p) != len(q) {
		return false
	}
	for m, c := range p {
		if d := q[m]; d == nil || c.Cmp(d) != 0 {
			return false
		}
	}
	return true
}

// Neg is -p.
func (p Polynomial) Neg() Polynomial { return p.Scale(big.NewRat(-1, 1)) }

// Scale is c p.
func (p Polynomial) Scale(c *big.Rat) Polynomial {
	out := make(Polynomial, len(p))
	if c.Sign() != 0 {
		for m, a := range p {
			out[m] = new(big.Rat).Mul(a, c)
		}
	}
	return out
}

// Add is p + q.
func (p Polynomial) Add(q Polynomial) Polynomial {
	if p == nil || q == nil {
		return nil
	}
	out := make(Polynomial, len(p)+len(q))
	for m, c := range p {
		out[m] = c
	}
	for m, c := range q {
		out.plus(m, c)
	}
	return out
}

// plus adds c m to p, which must be the caller's own.
func (p Polynomial) plus(m Monomial, c *big.Rat) {
	if a := p[m]; a != nil {
		c = new(big.Rat).Add(a, c)
	}
	if c.Sign() == 0 {
		delete(p, m)
		return
	}
	p[m] = c
}

// Mul is p q, nil where that is too large.
func (p Polynomial) Mul(q Polynomial) Polynomial {
	if p == nil || q == nil || len(p)*len(q) > 40*maxTerms || p.Degree()+q.Degree() > 2*maxDegree {
		return nil
	}
	out := make(Polynomial, len(p)+len(q))
	for m, c := range p {
		for o, d := range q {
			out.plus(m.times(o), new(big.Rat).Mul(c, d))
		}
	}
	if len(out) > maxTerms {
		return nil
	}
	return out
}

// At is the value of p at a rational point.
func (p Polynomial) At(x []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for m, c := range p {
		t := new(big.Rat).Set(c)
		for i := range len(m) {
			for range m[i] {
				t.Mul(t, x[i])
			}
		}
		sum.Add(sum, t)
	}
	return sum
}

// leading is the sum of the terms of the highest degree.
func (p Polynomial) leading() Polynomial {
	out, d := Polynomial{}, p.Degree()
	for m, c := range p {
		if m.Degree() == d {
			out[m] = c
		}
	}
	return out
}

// Homogeneous reports whether all monomials have the same degree.
func (p Polynomial) Homogeneous() bool { return len(p.leading()) == len(p) }

// IsOne reports whether p is 1.
func (p Polynomial) IsOne() bool {
	return len(p) == 1 && p.Degree() == 0 && p.leading().equal(Constant(len(p.Monomials()[0]), big.NewRat(1, 1)))
}

// Norm is the sum of the squares of n variables, and of 1 unless it is to be homogeneous.
func Norm(n int, homogeneous bool) Polynomial {
	sum := Constant(n, big.NewRat(1, 1))
	if homogeneous {
		sum = Polynomial{}
	}
	for i := range n {
		x := variable(n, i)
		sum = sum.Add(x.Mul(x))
	}
	return sum
}

// stretched is p with s_i x_i in the place of x_i.
func (p Polynomial) stretched(s []*big.Rat) Polynomial {
	out := make(Polynomial, len(p))
	for m, c := range p {
		c = new(big.Rat).Set(c)
		for i := range len(m) {
			for range m[i] {
				c.Mul(c, s[i])
			}
		}
		out[m] = c
	}
	return out
}

// Expr is p as a formula, the highest terms first.
func (p Polynomial) Expr(t *simplify.Tidier, vars []string) expr.Expr {
	var terms []expr.Expr
	list := p.Monomials()
	slices.SortStableFunc(list, func(a, b Monomial) int { return b.Degree() - a.Degree() })
	for _, m := range list {
		factors := []expr.Expr{t.Num(number.FromRat(p[m]))}
		for i := range len(m) {
			if m[i] > 0 {
				factors = append(factors, t.Pow(t.Var(vars[i]), t.Int(int64(m[i]))))
			}
		}
		product := factors[0]
		for _, f := range factors[1:] {
			product = t.Mul(product, f)
		}
		terms = append(terms, product)
	}
	if len(terms) == 0 {
		return t.Int(0)
	}
	return t.Sum(terms...)
}

// Leading is the sum of those terms that are of the highest order in t where x_i is a
// multiple of t^k_i, and that order.
func (p Polynomial) Leading(k []int64) (lead Polynomial, order int64) {
	order = math.MinInt64
	for m, c := range p {
		o := m.order(k)
		if o > order {
			lead, order = Polynomial{}, o
		}
		if o == order {
			lead[m] = c
		}
	}
	return lead, order
}

// order is that of m in t where x_i is a multiple of t^k_i.
func (m Monomial) order(k []int64) int64 {
	o := int64(0)
	for i := range len(m) {
		o += k[i] * int64(m[i])
	}
	return o
}

// Along is the first coefficient that is not 0 of p as a polynomial in t where x_i = v_i t^k_i, and its order; 0 and 0 where
// there is none.
func (p Polynomial) Along(v []*big.Rat, k []int64) (c *big.Rat, order int64) {
	byOrder := map[int64]Polynomial{}
	for m, c := range p {
		o := m.order(k)
		if byOrder[o] == nil {
			byOrder[o] = Polynomial{}
		}
		byOrder[o][m] = c
	}
	for _, o := range slices.Sorted(maps.Keys(byOrder)) {
		if c := byOrder[o].At(v); c.Sign() != 0 {
			return c, o
		}
	}
	return new(big.Rat), 0
}

// PositiveTerms reports whether no term is negative anywhere.
func (p Polynomial) PositiveTerms() bool {
	for m, c := range p {
		if c.Sign() < 0 || m.parity() != 0 {
			return false
		}
	}
	return true
}

// Func returns p as a function of floats.
func (p Polynomial) Func() func(x []float64) float64 {
	list := p.Monomials()
	c := make([]float64, len(list))
	for k, m := range list {
		c[k], _ = p[m].Float64()
	}
	return func(x []float64) float64 {
		sum := 0.0
		for k, m := range list {
			t := c[k]
			for i := range len(m) {
				for range m[i] {
					t *= x[i]
				}
			}
			sum += t
		}
		return sum
	}
}

// Shifted is p with x_i + a_i in the place of x_i, nil where that is too large.
func (p Polynomial) Shifted(a []*big.Rat) Polynomial {
	n := len(a)
	sum := Polynomial{}
	for m, c := range p {
		t := Constant(n, c)
		for i := range n {
			x := variable(n, i)
			x.plus(one(n), a[i])
			for range m[i] {
				t = t.Mul(x)
			}
		}
		sum = sum.Add(t)
	}
	return sum
}

// Lowest is the sum of those terms that are of the lowest order in t where x_i is a multiple of t^k_i, and that order;
// nil of the polynomial 0.
func (p Polynomial) Lowest(k []int64) (low Polynomial, order int64) {
	minus := make([]int64, len(k))
	for i, v := range k {
		minus[i] = -v
	}
	low, order = p.Leading(minus)
	return low, -order
}
