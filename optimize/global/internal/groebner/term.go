// Package groebner solves systems of polynomial equations with rational coefficients: it
// finds for each variable an equation in that variable alone which all solutions satisfy,
// where there are finitely many complex ones.
//
// A Gröbner basis by Buchberger's algorithm in the graded reverse lexicographic order makes
// the polynomials modulo the system a vector space with a basis of monomials, in which the
// powers of a variable are dependent (Cox, Little and O'Shea, Ideals, Varieties, and
// Algorithms, 4th ed. 2015, sections 2.7, 2.10 and 5.3; Faugère, Gianni, Lazard and Mora,
// Efficient Computation of Zero-Dimensional Gröbner Bases by Change of Ordering, 1993).
// All arithmetic is exact.
package groebner

import (
	"cmp"
	"math/big"
	"slices"

	"nabla/optimize/global/internal/sos"
)

// MaxVars is the largest number of variables.
const MaxVars = 7

// maxDegree is the largest degree in a basis: least common multiples have at most twice that.
const maxDegree = 63

// maxMarked is the largest degree of a marked term: multiplied with a least common multiple it has less than 256.
const maxMarked = 127

// A monomial holds the exponents of the variables in its lower bytes, that of the first in the
// lowest, and its degree in the highest; all stay below 128, so that the highest bits are free.
type monomial uint64

const highBits = 0x8080808080808080

// compare is the graded reverse lexicographic order: of monomials of one degree, that with less
// of the last variable in which they differ is the greater one.
func (m monomial) compare(o monomial) int {
	if c := cmp.Compare(m>>56, o>>56); c != 0 {
		return c
	}
	return cmp.Compare(o, m)
}

// divides reports whether m divides o: no byte of o - m borrows.
func (m monomial) divides(o monomial) bool { return ((o|highBits)-m)&highBits == highBits }

func (m monomial) exponent(i int) int { return int(m >> (8 * i) & 0x7f) }

// lcm is the least common multiple.
func (m monomial) lcm(o monomial) monomial {
	var r, degree monomial
	for i := range MaxVars {
		e := monomial(max(m.exponent(i), o.exponent(i)))
		r |= e << (8 * i)
		degree += e
	}
	return r | degree<<56
}

// variable is x_i.
func variable(i int) monomial { return 1<<(8*i) | 1<<56 }

// A term is c m, or with a mark the term c m of the factor with which the polynomial of that number, counted from 1, has gone into what
// it is a term of.
type term struct {
	m    monomial
	mark int
	c    *big.Int
}

// A polynomial has its terms in falling order, those without a mark first, and integer coefficients, which are not changed.
type polynomial []term

// own returns the terms without a mark, and marked the others.
func (p polynomial) own() polynomial    { return p[:p.split()] }
func (p polynomial) marked() polynomial { return p[p.split():] }

func (p polynomial) split() int {
	k, _ := slices.BinarySearchFunc(p, 1, func(t term, mark int) int { return cmp.Compare(min(t.mark, 1), mark) })
	return k
}

// degree is the highest of a term.
func (p polynomial) degree() (d int) {
	for _, t := range p {
		d = max(d, int(t.m>>56))
	}
	return d
}

// compare is the order of terms.
func (t term) compare(o term) int {
	return cmp.Or(cmp.Compare(o.mark, t.mark), t.m.compare(o.m))
}

// read returns a multiple of p with integer coefficients, with the mark given unless it is 0; ok is false for too large exponents.
func read(p sos.Polynomial, mark int) (polynomial, bool) {
	den := big.NewInt(1)
	for _, c := range p {
		g := new(big.Int).GCD(nil, nil, den, c.Denom())
		den.Mul(den, g.Quo(c.Denom(), g))
	}
	var out polynomial
	for m, c := range p {
		if m.Degree() > maxDegree {
			return nil, false
		}
		t := term{m: monomial(m.Degree()) << 56, c: new(big.Int).Quo(den, c.Denom())}
		t.c.Mul(t.c, c.Num())
		for i := range len(m) {
			t.m |= monomial(m[i]) << (8 * i)
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b term) int { return b.m.compare(a.m) })
	if mark > 0 && len(out) > 0 {
		out = append(out, term{mark: mark, c: den})
	}
	return out.primitive(), true
}

// primitive divides p by the greatest common divisor of its coefficients.
func (p polynomial) primitive() polynomial {
	g := new(big.Int)
	for _, t := range p {
		g.GCD(nil, nil, g, new(big.Int).Abs(t.c))
		if g.IsInt64() && g.Int64() == 1 {
			return p
		}
	}
	out := make(polynomial, len(p))
	for i, t := range p {
		out[i] = term{t.m, t.mark, new(big.Int).Quo(t.c, g)}
	}
	return out
}

// combine is a p - b m q.
func (p polynomial) combine(a, b *big.Int, m monomial, q polynomial) polynomial {
	out := make(polynomial, 0, len(p)+len(q))
	for len(p) > 0 || len(q) > 0 {
		c := -1
		switch {
		case len(q) == 0:
			c = 1
		case len(p) > 0:
			c = p[0].compare(term{m: q[0].m + m, mark: q[0].mark})
		}
		switch v := new(big.Int); {
		case c > 0:
			out = append(out, term{p[0].m, p[0].mark, v.Mul(a, p[0].c)})
			p = p[1:]
		case c < 0:
			out = append(out, term{q[0].m + m, q[0].mark, v.Neg(v.Mul(b, q[0].c))})
			q = q[1:]
		default:
			if v.Mul(a, p[0].c); v.Cmp(new(big.Int).Mul(b, q[0].c)) != 0 {
				out = append(out, term{p[0].m, p[0].mark, v.Sub(v, new(big.Int).Mul(b, q[0].c))})
			}
			p, q = p[1:], q[1:]
		}
	}
	return out
}
