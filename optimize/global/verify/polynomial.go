package verify

import (
	"math/big"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/number"
)

// This file multiplies formulas out, exactly. It is a part of the check and deliberately shares
// nothing with the polynomials of the search.

// A poly is a polynomial in variables: the coefficients by the exponents, one byte each; none
// is 0. It is nil where it is too large.
type poly map[string]*big.Rat

// What is multiplied out has at most so many terms, exponents and bits of coefficients.
const (
	maxTerms  = 20_000
	maxDegree = 160
	maxBits   = 600_000
	// maxProducts is the number of products of terms for one formula or product.
	maxProducts = 1_000_000
)

var zero, one, minusOne = new(big.Rat), big.NewRat(1, 1), big.NewRat(-1, 1)

// plus adds c q to p and returns p.
func (p poly) plus(q poly, c *big.Rat) poly {
	for m, a := range q {
		t := new(big.Rat).Mul(a, c)
		if b := p[m]; b != nil {
			t.Add(t, b)
		}
		if t.Sign() == 0 {
			delete(p, m)
		} else {
			p[m] = t
		}
	}
	return p
}

// by is p times the number c.
func (p poly) by(c *big.Rat) poly {
	if p == nil {
		return nil
	}
	return poly{}.plus(p, c)
}

// times is p q.
func (p poly) times(q poly) poly {
	left := maxProducts
	return p.timesWithin(q, &left)
}

// timesWithin is p q if it takes no more products than are left.
func (p poly) timesWithin(q poly, left *int) poly {
	if p == nil || q == nil {
		return nil
	}
	if *left -= len(p) * len(q); *left < 0 {
		return nil
	}
	out := poly{}
	for m, a := range p {
		*left -= len(q) * (bits(a) / 1024)
		if *left < 0 {
			return nil
		}
		for o, b := range q {
			key := []byte(m)
			for i := range key {
				if int(key[i])+int(o[i]) > maxDegree {
					return nil
				}
				key[i] += o[i]
			}
			out.plus(poly{string(key): a}, b)
		}
		if len(out) > maxTerms {
			return nil
		}
	}
	for _, c := range out {
		if bits(c) > maxBits {
			return nil
		}
	}
	return out
}

func bits(c *big.Rat) int { return c.Num().BitLen() + c.Denom().BitLen() }

// equal reports whether p and q are the same.
func (p poly) equal(q poly) bool {
	return p != nil && q != nil && len(p) == len(q) && len(p.by(one).plus(q, minusOne)) == 0
}

// constant returns p if it is a number.
func (p poly) constant() (c *big.Rat, ok bool) {
	for m, c := range p {
		return c, len(p) == 1 && strings.Trim(m, "\x00") == ""
	}
	return new(big.Rat), p != nil
}

// lead returns the degree of p, in one variable and not 0, and the coefficient that goes with it.
func (p poly) lead() (degree int, c *big.Rat) {
	degree = -1
	for m, a := range p {
		if int(m[0]) > degree {
			degree, c = int(m[0]), a
		}
	}
	return degree, c
}

// A quotient is num/den; wherever the formula that it was read from is defined, den is not zero
// and the value is that of the formula. This divides by something that may be zero if it is partial.
type quotient struct {
	num, den poly
	partial  bool
}

// read reports whether a quotient was read: it is none where something is too large.
func (q quotient) read() bool { return q.num != nil && len(q.den) > 0 }

// over is num/den, with the denominator 1 where that is a number.
func over(num, den poly) quotient {
	if c, ok := den.constant(); ok && c.Sign() != 0 {
		return quotient{num: num.by(new(big.Rat).Inv(c)), den: den.by(new(big.Rat).Inv(c))}
	}
	return quotient{num: num, den: den}
}

// readQuotient reads e as a quotient of polynomials in vars with rational coefficients.
func readQuotient(e expr.Expr, vars []string) (quotient, bool) {
	if e.Size() > maxTerms {
		return quotient{}, false
	}
	unit := poly{string(make([]byte, len(vars))): one}
	left := maxProducts
	r := expr.Fold(e, func(n expr.Expr, args []quotient) quotient {
		if slices.ContainsFunc(args, func(a quotient) bool { return !a.read() }) {
			return quotient{}
		}
		q := combine(n, args, unit, vars, &left)
		for _, a := range args {
			q.partial = q.partial || a.partial
		}
		return q
	})
	return r, r.read()
}

// combine is the quotient for the node n with those of its operands, none where there is none.
func combine(n expr.Expr, args []quotient, unit poly, vars []string, left *int) quotient {
	switch n.Op() {
	case expr.Num:
		if n.Number().Bits() <= maxBits {
			return quotient{num: unit.by(n.Number().Rat()), den: unit}
		}
	case expr.Var:
		if i := slices.Index(vars, n.Name()); i >= 0 {
			m := make([]byte, len(vars))
			m[i] = 1
			return quotient{num: poly{string(m): one}, den: unit}
		}
	case expr.Neg:
		return quotient{num: args[0].num.by(minusOne), den: args[0].den}
	case expr.Add:
		sum := quotient{num: poly{}, den: unit}
		for _, a := range args {
			if !sum.den.equal(a.den) {
				sum, a.num = quotient{num: sum.num.timesWithin(a.den, left), den: sum.den.timesWithin(a.den, left)}, a.num.timesWithin(sum.den, left)
			}
			if sum.num == nil || sum.den == nil || a.num == nil {
				return quotient{}
			}
			sum.num.plus(a.num, one)
		}
		return sum
	case expr.Mul:
		return productOf(args, unit, left)
	case expr.Div:
		return productOf([]quotient{args[0], args[1].inverse()}, unit, left)
	case expr.Pow:
		w, ok := args[1].num.constant()
		if _, whole := args[1].den.constant(); !ok || !whole || !w.IsInt() || !w.Num().IsInt64() {
			break
		}
		b, k := args[0], w.Num().Int64()
		if k < 0 {
			b, k = b.inverse(), -k
		}
		if len(b.den) > 0 && k <= maxDegree {
			return productOf(slices.Repeat([]quotient{b}, int(k)), unit, left)
		}
	}
	return quotient{}
}

// inverse is 1/q.
func (q quotient) inverse() quotient {
	_, whole := q.num.constant()
	out := over(q.den, q.num)
	out.partial = q.partial || !whole
	return out
}

// productOf multiplies quotients.
func productOf(list []quotient, unit poly, left *int) quotient {
	out := quotient{num: unit, den: unit}
	for _, q := range list {
		out = quotient{num: out.num.timesWithin(q.num, left), den: out.den.timesWithin(q.den, left), partial: out.partial || q.partial}
	}
	p := over(out.num, out.den)
	p.partial = out.partial
	return p
}

// readPoly reads e as a polynomial in vars that is defined nowhere else: 1/(1/x) is none.
func readPoly(e expr.Expr, vars []string) (poly, bool) {
	q, ok := readQuotient(e, vars)
	if _, whole := q.den.constant(); !ok || !whole || q.partial {
		return nil, false
	}
	return q.num, true
}

// exactRat reads a constant formula that is a rational number.
func exactRat(e expr.Expr) (*big.Rat, bool) {
	p, ok := readPoly(e, nil)
	if !ok {
		return nil, false
	}
	return p.constant()
}

// readRat reads a rational number, written as a whole number or a quotient of such.
func readRat(text string) (*big.Rat, bool) {
	if strings.ContainsAny(text, "eEpP") { // of which a short one may be large
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// floatRat returns a float64 as a rational number.
func floatRat(x float64) (*big.Rat, bool) {
	n, ok := number.FromFloat(x)
	if !ok {
		return nil, false
	}
	return n.Rat(), true
}
