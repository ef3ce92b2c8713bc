package groebner

import (
	"math/big"
	"slices"

	"nabla/expr/number"
	"nabla/optimize/global/internal/sos"
)

// A Basis is a reduced Gröbner basis.
type Basis struct {
	n     int
	polys []polynomial
	work  int // what is left of the work that is allowed
	marks int // the number of polynomials of which marks are kept, 0 for none
}

// pair is two polynomials of which the leading terms are to be cancelled.
type pair struct {
	i, j int
	lcm  monomial
}

// Of returns the basis of the system in which all of p, in n variables, are 0. work limits the
// number of operations with coefficients; ok is false where they were not enough.
func Of(n int, p []sos.Polynomial, work int) (b *Basis, ok bool) { return of(n, p, work, false) }

// Marked is Of with a basis that knows how it comes from the system, which Cofactors needs.
func Marked(n int, p []sos.Polynomial, work int) (b *Basis, ok bool) { return of(n, p, work, true) }

func of(n int, p []sos.Polynomial, work int, marked bool) (b *Basis, ok bool) {
	if n > MaxVars {
		return nil, false
	}
	b = &Basis{n: n, work: work}
	if marked {
		b.marks = len(p)
	}
	var queue []polynomial
	for k, q := range p {
		g, ok := read(q, min(k+1, b.marks))
		if !ok {
			return nil, false
		}
		if len(g) > 0 {
			queue = append(queue, g)
		}
	}
	var pairs []pair
	for len(queue) > 0 || len(pairs) > 0 {
		var g polynomial
		if len(queue) > 0 {
			k := lowest(queue, func(p polynomial) monomial { return p[0].m })
			g = queue[k]
			queue = slices.Delete(queue, k, k+1)
		} else {
			k := lowest(pairs, func(p pair) monomial { return p.lcm })
			g = b.cancelled(pairs[k])
			pairs = slices.Delete(pairs, k, k+1)
		}
		if g, ok = b.reduced(g, nil); !ok {
			return nil, false
		}
		if len(g.own()) == 0 {
			continue
		}
		if g[0].m == 0 { // 1 = 0
			b.polys = []polynomial{g}
			return b, true
		}
		if g[0].m>>56 > maxDegree {
			return nil, false
		}
		pairs = b.add(pairs, g)
	}
	return b, b.minimise()
}

// lowest is the place of the first element with the least monomial.
func lowest[E any](list []E, of func(E) monomial) int {
	k := 0
	for i := range list {
		if of(list[i]).compare(of(list[k])) < 0 {
			k = i
		}
	}
	return k
}

// cancelled is the S-polynomial of a pair.
func (b *Basis) cancelled(p pair) polynomial {
	f, g := b.polys[p.i], b.polys[p.j]
	d := new(big.Int).GCD(nil, nil, new(big.Int).Abs(f[0].c), new(big.Int).Abs(g[0].c))
	first := polynomial(nil).combine(big.NewInt(1), new(big.Int).Neg(new(big.Int).Quo(g[0].c, d)), p.lcm-f[0].m, f)
	return first.combine(big.NewInt(1), new(big.Int).Quo(f[0].c, d), p.lcm-g[0].m, g)
}

// add puts g into the basis and the pairs that it makes, without those that need not be looked
// at, to pairs (Gebauer and Möller, On an Installation of Buchberger's Algorithm, 1988).
func (b *Basis) add(pairs []pair, g polynomial) []pair {
	k, lead := len(b.polys), g[0].m
	pairs = slices.DeleteFunc(pairs, func(p pair) bool {
		return lead.divides(p.lcm) && b.polys[p.i][0].m.lcm(lead) != p.lcm && b.polys[p.j][0].m.lcm(lead) != p.lcm
	})
	var fresh []pair
	for i, f := range b.polys {
		fresh = append(fresh, pair{i, k, f[0].m.lcm(lead)})
	}
	for i, p := range fresh {
		covered := slices.IndexFunc(fresh, func(q pair) bool { return q.lcm != p.lcm && q.lcm.divides(p.lcm) }) >= 0
		for j, q := range fresh {
			// Of several with one multiple, one is enough, and none where one has leading terms
			// without a common variable.
			covered = covered || q.lcm == p.lcm && (j < i || b.polys[q.i][0].m+lead == q.lcm)
		}
		if !covered {
			pairs = append(pairs, p)
		}
	}
	b.polys = append(b.polys, g)
	return pairs
}

// reduced is what is left of p, times a number, when multiples of the basis, except without, are
// taken away from it; all its terms are then standard ones.
func (b *Basis) reduced(p, without polynomial) (polynomial, bool) {
	var rest polynomial
	for len(p) > 0 {
		if p.marked().degree() > maxMarked {
			return nil, false
		}
		if p[0].mark != 0 {
			break
		}
		k := slices.IndexFunc(b.polys, func(g polynomial) bool {
			return g[0].m.divides(p[0].m) && (without == nil || &g[0] != &without[0])
		})
		if k < 0 {
			rest = append(rest, p[0])
			p = p[1:]
			continue
		}
		g := b.polys[k]
		d := new(big.Int).GCD(nil, nil, new(big.Int).Abs(p[0].c), new(big.Int).Abs(g[0].c))
		a, c := new(big.Int).Quo(g[0].c, d), new(big.Int).Quo(p[0].c, d)
		if b.work -= (len(p) + len(g) + len(rest)) * cost(p[0].c); b.work < 0 {
			return nil, false
		}
		p = p.combine(a, c, p[0].m-g[0].m, g)
		for i := range rest {
			rest[i].c = new(big.Int).Mul(rest[i].c, a)
		}
		if a.BitLen() > 32 { // lest the coefficients grow
			all := slices.Concat(rest, p).primitive()
			rest, p = slices.Clone(all[:len(rest)]), all[len(rest):]
		}
	}
	return slices.Concat(rest, p).primitive(), true
}

// Cofactors returns polynomials c with which Σ c_k p_k is the polynomial of x_i with those coefficients, the constant one first, p
// being the system of which the basis keeps the marks.
func (b *Basis) Cofactors(i int, alone []number.Number) ([]sos.Polynomial, bool) {
	p := sos.Polynomial{}
	for k, c := range alone {
		m := make([]byte, b.n)
		if m[i] = byte(k); c.Sign() != 0 {
			p[sos.Monomial(m)] = c.Rat()
		}
	}
	own := b.marks + 1 // the mark of the polynomial itself
	g, ok := read(p, own)
	if ok {
		g, ok = b.reduced(g, nil)
	}
	if !ok || b.marks == 0 || len(g) == 0 || g[0].mark == 0 || g[len(g)-1].mark != own {
		return nil, false
	}
	out := make([]sos.Polynomial, b.marks)
	for k := range out {
		out[k] = sos.Polynomial{}
	}
	times := new(big.Int).Neg(g[len(g)-1].c)
	for _, t := range g[:len(g)-1] {
		m := make([]byte, b.n)
		for j := range m {
			m[j] = byte(t.m.exponent(j))
		}
		out[t.mark-1][sos.Monomial(m)] = new(big.Rat).SetFrac(t.c, times)
	}
	return out, true
}

// cost is what an operation with c counts: multiplication and division take time as the square of the digits.
func cost(c *big.Int) int {
	d := c.BitLen() / 128
	return 1 + d*d
}

// minimise makes the basis the reduced one.
func (b *Basis) minimise() bool {
	slices.SortFunc(b.polys, func(f, g polynomial) int { return f[0].m.compare(g[0].m) })
	var kept []polynomial
	for _, g := range b.polys {
		if !slices.ContainsFunc(kept, func(f polynomial) bool { return f[0].m.divides(g[0].m) }) {
			kept = append(kept, g)
		}
	}
	b.polys = kept
	for i, g := range b.polys {
		r, ok := b.reduced(g, g)
		if !ok {
			return false
		}
		b.polys[i] = r
	}
	return true
}
