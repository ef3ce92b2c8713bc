// Package polynomial isolates the real zeros of polynomials with integer
// coefficients, exactly: all of them, each in a cell of its own, with its
// multiplicity, and in closed form where it is rational or quadratic over the
// rationals.
package polynomial

import (
	"math/big"
	"slices"

	"nabla/expr/number"
)

// An Polynomial is a polynomial in one variable with integer coefficients, the
// constant one first, without trailing zeros; the zero polynomial is empty.
// Polynomials with rational coefficients are cleared of denominators, which
// keeps their zeros.
type Polynomial []*big.Int

// Of returns a positive rational multiple of the polynomial with the
// coefficients c, without common factor.
func Of(c []number.Number) Polynomial {
	den := big.NewInt(1)
	for _, v := range c {
		d := v.Rat().Denom()
		g := new(big.Int).GCD(nil, nil, den, d)
		den.Mul(den, new(big.Int).Quo(d, g))
	}
	p := make(Polynomial, len(c))
	for i, v := range c {
		r := v.Rat()
		p[i] = new(big.Int).Mul(r.Num(), new(big.Int).Quo(den, r.Denom()))
	}
	return p.primitive()
}

func (p Polynomial) trim() Polynomial {
	for len(p) > 0 && p[len(p)-1].Sign() == 0 {
		p = p[:len(p)-1]
	}
	return p
}

// primitive divides p by the greatest common divisor of its coefficients.
func (p Polynomial) primitive() Polynomial {
	p = p.trim()
	g := new(big.Int)
	for _, c := range p {
		g.GCD(nil, nil, g, new(big.Int).Abs(c))
	}
	if g.Sign() == 0 || g.IsInt64() && g.Int64() == 1 {
		return p
	}
	q := make(Polynomial, len(p))
	for i, c := range p {
		q[i] = new(big.Int).Quo(c, g)
	}
	return q
}

func (p Polynomial) degree() int { return len(p) - 1 }

func (p Polynomial) Derivative() Polynomial {
	if len(p) < 2 {
		return nil
	}
	q := make(Polynomial, len(p)-1)
	for i := range q {
		q[i] = new(big.Int).Mul(p[i+1], big.NewInt(int64(i+1)))
	}
	return q.primitive()
}

// remainder returns a multiple, by a non-zero number, of p modulo q (q ≠ 0).
func (p Polynomial) remainder(q Polynomial) Polynomial {
	r := slices.Clone(p)
	for len(r) >= len(q) {
		lr, lq := r[len(r)-1], q[len(q)-1]
		shift := len(r) - len(q)
		next := make(Polynomial, len(r)-1)
		for i := range next {
			next[i] = new(big.Int).Mul(r[i], lq)
			if i >= shift {
				next[i].Sub(next[i], new(big.Int).Mul(q[i-shift], lr))
			}
		}
		r = next.primitive()
	}
	return r
}

// gcd returns a greatest common divisor over the rationals.
func (p Polynomial) gcd(q Polynomial) Polynomial {
	for len(q) > 0 {
		p, q = q, p.remainder(q)
	}
	return p.primitive()
}

// over returns p/q times a non-zero number when q divides p over the rationals.
func (p Polynomial) over(q Polynomial) (Polynomial, bool) {
	if len(q) == 0 || len(p) < len(q) {
		return nil, len(p) == 0
	}
	r := slices.Clone(p)
	out := make(Polynomial, len(p)-len(q)+1)
	for i := range out {
		out[i] = new(big.Int)
	}
	lq := q[len(q)-1]
	for len(r) >= len(q) {
		shift := len(r) - len(q)
		lr := r[len(r)-1]
		for i := range out {
			out[i] = new(big.Int).Mul(out[i], lq)
		}
		out[shift] = new(big.Int).Add(out[shift], lr)
		next := make(Polynomial, len(r)-1)
		for i := range next {
			next[i] = new(big.Int).Mul(r[i], lq)
			if i >= shift {
				next[i].Sub(next[i], new(big.Int).Mul(q[i-shift], lr))
			}
		}
		r = next.trim()
	}
	return out.primitive(), len(r) == 0
}

// squarefree returns p = c·q1·q2²·q3³…: the factors q_i without multiple zeros
// at index i-1 (Yun's algorithm in its plain form).
func (p Polynomial) squarefree() []Polynomial {
	var out []Polynomial
	for p.degree() > 0 {
		g := p.gcd(p.Derivative()) // q2·q3²…
		radical, _ := p.over(g)    // q1·q2·q3…
		deeper := radical.gcd(g)   // q2·q3…
		q, _ := radical.over(deeper)
		out = append(out, q)
		p = g
	}
	return out
}

// Squares returns polynomials with p = c·root²·rest for a number c, of which rest has no multiple zeros.
func (p Polynomial) Squares() (root, rest Polynomial) {
	root, rest = Polynomial{big.NewInt(1)}, Polynomial{big.NewInt(1)}
	for i, q := range p.squarefree() {
		for range (i + 1) / 2 {
			root = root.times(q)
		}
		if i%2 == 0 {
			rest = rest.times(q)
		}
	}
	return root, rest
}

func (p Polynomial) times(q Polynomial) Polynomial {
	out := make(Polynomial, len(p)+len(q)-1)
	for i := range out {
		out[i] = new(big.Int)
	}
	for i, a := range p {
		for j, b := range q {
			out[i+j].Add(out[i+j], new(big.Int).Mul(a, b))
		}
	}
	return out
}

// sign returns the sign of p at the rational x.
func (p Polynomial) sign(x *big.Rat) int { return p.scaled(x.Num(), x.Denom()).Sign() }

// scaled returns p(a/b)·b^n for the degree n and b > 0.
func (p Polynomial) scaled(a, b *big.Int) *big.Int {
	acc, pow, t := new(big.Int), big.NewInt(1), new(big.Int)
	for i := len(p) - 1; i >= 0; i-- {
		acc.Mul(acc, a)
		acc.Add(acc, t.Mul(p[i], pow))
		if i > 0 {
			pow.Mul(pow, b)
		}
	}
	return acc
}

// shift1 returns p(x+1), in place.
func (p Polynomial) shift1() Polynomial {
	for i := 0; i < len(p)-1; i++ {
		for j := len(p) - 2; j >= i; j-- {
			p[j].Add(p[j], p[j+1])
		}
	}
	return p
}

func (p Polynomial) clone() Polynomial {
	q := make(Polynomial, len(p))
	for i, c := range p {
		q[i] = new(big.Int).Set(c)
	}
	return q
}

// variations counts the changes of sign in the coefficients.
func (p Polynomial) variations() int {
	n, last := 0, 0
	for _, c := range p {
		if s := c.Sign(); s != 0 {
			if last != 0 && s != last {
				n++
			}
			last = s
		}
	}
	return n
}

// A Cell holds exactly one zero of a polynomial without multiple zeros: the
// rational lo when lo = hi, and one strictly between lo and hi otherwise, where
// the polynomial has opposite signs at both.
type Cell struct{ Lo, Hi *big.Rat }

// isolate returns a cell for every real zero of p, in increasing order. p must
// not have multiple zeros. It is the bisection by Descartes' rule of signs:
// G. E. Collins, A. G. Akritas, Polynomial real root isolation using Descartes'
// rule of signs, SYMSAC 1976.
func (p Polynomial) isolate() []Cell {
	var out []Cell
	if p.degree() < 1 {
		return nil
	}
	zero := p[0].Sign() == 0
	q := p
	if zero {
		q = p[1:]
	}
	minus := q.clone()
	for i := 1; i < len(minus); i += 2 {
		minus[i].Neg(minus[i])
	}
	neg := minus.isolatePositive()
	for i := len(neg) - 1; i >= 0; i-- {
		out = append(out, Cell{new(big.Rat).Neg(neg[i].Hi), new(big.Rat).Neg(neg[i].Lo)})
	}
	if zero {
		out = append(out, Cell{new(big.Rat), new(big.Rat)})
	}
	out = append(out, q.isolatePositive()...)
	if zero { // cells of q = p/x may end at 0, where p vanishes
		for i, c := range out {
			if c.Lo.Sign() == 0 != (c.Hi.Sign() == 0) {
				out[i] = p.separate(c)
			}
		}
	}
	return out
}

// isolatePositive returns the cells of the zeros > 0; p(0) ≠ 0.
func (p Polynomial) isolatePositive() []Cell {
	n := p.degree()
	if n < 1 || p.variations() == 0 {
		return nil
	}
	// Cauchy's bound: all zeros are below 2^k.
	top := 0
	for _, c := range p[:n] {
		top = max(top, c.BitLen())
	}
	k := max(1, top-p[n].BitLen()+2)
	// q(x) = p(2^k x): zeros in (0, 1).
	q := p.clone()
	for i := range q {
		q[i].Lsh(q[i], uint(i*k))
	}
	type job struct {
		q Polynomial
		c *big.Int // the interval is (c, c+1)/2^d · 2^k
		d uint
	}
	scale := func(c *big.Int, d uint) *big.Rat {
		r := new(big.Rat).SetInt(new(big.Int).Lsh(c, uint(k)))
		return r.Quo(r, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), d)))
	}
	var out []Cell
	stack := []job{{q: q.primitive(), c: new(big.Int)}}
	for len(stack) > 0 {
		j := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if len(j.q) > 0 && j.q[0].Sign() == 0 { // a zero at the left end
			at := scale(j.c, j.d)
			out = append(out, Cell{at, at})
			j.q = j.q[1:]
		}
		// number of variations of (1+x)^n q(1/(1+x)): bounds the zeros in (0, 1)
		r := j.q.clone()
		slices.Reverse(r)
		v := r.trim().shift1().variations()
		if v == 0 {
			continue
		}
		if v == 1 {
			lo, hi := scale(j.c, j.d), scale(new(big.Int).Add(j.c, big.NewInt(1)), j.d)
			out = append(out, p.separate(Cell{lo, hi}))
			continue
		}
		// halves: q(x/2)·2^n and the same at x+1
		left := j.q.clone()
		for i := range left {
			left[i].Lsh(left[i], uint(len(left)-1-i))
		}
		right := left.clone().shift1()
		c2 := new(big.Int).Lsh(j.c, 1)
		stack = append(stack,
			job{q: right.primitive(), c: new(big.Int).Add(c2, big.NewInt(1)), d: j.d + 1},
			job{q: left.primitive(), c: c2, d: j.d + 1})
	}
	slices.SortFunc(out, func(a, b Cell) int { return a.Lo.Cmp(b.Lo) })
	return out
}

// separate shrinks c, which has one zero inside, until p is not zero at its
// ends: a neighbouring zero may be an end.
func (p Polynomial) separate(c Cell) Cell {
	half := big.NewRat(1, 2)
	slo := p.sign(c.Lo) // next to lo
	if shi := p.sign(c.Hi); slo == 0 && shi == 0 {
		slo = p.Derivative().sign(c.Lo)
	} else if slo == 0 {
		slo = -shi
	}
	for {
		mid := new(big.Rat).Add(c.Lo, c.Hi)
		mid.Mul(mid, half)
		if p.sign(c.Lo) != 0 && p.sign(c.Hi) != 0 {
			return c
		}
		switch s := p.sign(mid); s {
		case 0:
			return Cell{mid, mid}
		case slo:
			c.Lo = mid
		default:
			c.Hi = mid
		}
	}
}

// Refine shrinks c until it is narrower than width, by quadratic interval refinement: the part of 2^k equal ones in which the
// chord is 0 mostly holds the zero, and then k may be doubled (J. Abbott, Quadratic interval refinement for real roots, 2006).
func (p Polynomial) Refine(c Cell, width *big.Rat) Cell {
	if c.Lo == c.Hi || c.Lo.Cmp(c.Hi) == 0 {
		return c
	}
	// the cell from a/b to (a + d)/b, and the values there times b^n
	b := new(big.Int).Mul(c.Lo.Denom(), new(big.Int).Quo(c.Hi.Denom(), new(big.Int).GCD(nil, nil, c.Lo.Denom(), c.Hi.Denom())))
	over := func(r *big.Rat) *big.Int {
		q := new(big.Int).Quo(b, r.Denom())
		return q.Mul(q, r.Num())
	}
	a := over(c.Lo)
	d := over(c.Hi)
	d.Sub(d, a)
	lo, hi := p.scaled(a, b), p.scaled(new(big.Int).Add(a, d), b)
	for bits := uint(1); ; {
		excess := new(big.Int).Mul(d, width.Denom())
		if limit := new(big.Int).Mul(width.Num(), b); excess.Cmp(limit) < 0 {
			break
		} else {
			bits = min(bits, uint(excess.BitLen()-limit.BitLen()+1))
		}
		k := new(big.Int).Lsh(lo, bits)
		k.Quo(k, new(big.Int).Sub(lo, hi))
		if last := new(big.Int).Lsh(big.NewInt(1), bits); k.Cmp(last) == 0 {
			k.Sub(k, big.NewInt(1))
		}
		from := k.Mul(k, d)
		from.Add(from, new(big.Int).Lsh(a, bits))
		to := new(big.Int).Add(from, d)
		parts := new(big.Int).Lsh(b, bits)
		v, w := p.scaled(from, parts), p.scaled(to, parts)
		switch {
		case v.Sign() == 0:
			at := new(big.Rat).SetFrac(from, parts)
			return Cell{at, at}
		case w.Sign() == 0:
			at := new(big.Rat).SetFrac(to, parts)
			return Cell{at, at}
		case v.Sign() == lo.Sign() && w.Sign() == hi.Sign():
			a, b, lo, hi = from, parts, v, w
			bits *= 2
			continue
		}
		bits = max(1, bits/2)
		// one half
		b.Lsh(b, 1)
		a.Lsh(a, 1)
		mid := new(big.Int).Add(a, d)
		switch v := p.scaled(mid, b); v.Sign() {
		case 0:
			at := new(big.Rat).SetFrac(mid, b)
			return Cell{at, at}
		case lo.Sign():
			a, lo = mid, v
			hi.Lsh(hi, uint(p.degree()))
		default:
			hi = v
			lo.Lsh(lo, uint(p.degree()))
		}
	}
	return Cell{new(big.Rat).SetFrac(a, b), new(big.Rat).SetFrac(new(big.Int).Add(a, d), b)}
}

// A Zero is a real zero of a polynomial: p/q + s·sqrt(d)/q-like numbers where
// they are known in closed form, and a cell otherwise.
type Zero struct {
	Cell Cell
	Of   Polynomial // has no multiple zeros, and one zero in the Cell
	Left Polynomial // of Of without the factors of zeros in closed form
	Mult int
	// exact: a + b·sqrt(d) with d > 0 no square; b = 0 for a rational.
	Exact   bool
	A, B, D number.Number
}

// RealZeros returns all real zeros of p in increasing order, with their
// multiplicities.
func (p Polynomial) RealZeros() []Zero {
	var out []Zero
	for i, q := range p.squarefree() {
		for _, z := range q.simpleZeros() {
			z.Mult = i + 1
			out = append(out, z)
		}
	}
	// Zeros of different factors differ: shrink the cells until they are apart.
	for changed := true; changed; {
		changed = false
		slices.SortFunc(out, func(a, b Zero) int { return a.Cell.Lo.Cmp(b.Cell.Lo) })
		for i := 0; i+1 < len(out); i++ {
			if out[i].Cell.Hi.Cmp(out[i+1].Cell.Lo) >= 0 && !(out[i].point() && out[i+1].point()) {
				for k := i; k <= i+1; k++ {
					z := &out[k]
					w := new(big.Rat).Sub(z.Cell.Hi, z.Cell.Lo)
					z.Cell = z.Of.Refine(z.Cell, w.Mul(w, big.NewRat(1, 4)))
				}
				changed = true
			}
		}
	}
	return out
}

func (z Zero) point() bool { return z.Cell.Lo.Cmp(z.Cell.Hi) == 0 }

// simpleZeros returns the zeros of p, which has no multiple ones, and finds
// those that are rational or zeros of a quadratic factor over the rationals.
//
// If n·z is an integer for the leading coefficient n, then z is rational, and
// the other way round; a quadratic factor with zeros y, z has integers n(y+z),
// n·y·z. Both are tested by exact division.
func (p Polynomial) simpleZeros() []Zero {
	var out []Zero
	n := p.degree()
	switch {
	case n < 1:
		return nil
	case n == 1:
		at := new(big.Rat).SetFrac(new(big.Int).Neg(p[0]), p[1])
		return []Zero{{Cell: Cell{at, at}, Of: p, Exact: true, A: number.FromRat(at)}}
	}
	for _, c := range p.isolate() {
		out = append(out, Zero{Cell: c, Of: p, Left: p})
	}
	if n > 40 {
		return out
	}
	lead := new(big.Int).Abs(p[n])
	lr := new(big.Rat).SetInt(lead)
	rest := p
	defer func() {
		for i := range out {
			out[i].Left = rest
		}
	}()
	for i := range out {
		z := &out[i]
		c := p.Refine(z.Cell, new(big.Rat).Inv(new(big.Rat).Mul(lr, big.NewRat(4, 1))))
		z.Cell = c
		m := new(big.Rat).Mul(c.Lo, lr)
		q := ratRound(new(big.Rat).Add(m, big.NewRat(1, 8)))
		at := new(big.Rat).SetFrac(q, lead)
		if at.Cmp(c.Lo) < 0 || at.Cmp(c.Hi) > 0 || p.sign(at) != 0 {
			continue
		}
		z.Cell = Cell{at, at}
		z.Exact, z.A = true, number.FromRat(at)
		rest, _ = rest.over(Polynomial{new(big.Int).Neg(at.Num()), at.Denom()})
	}
	if rest.degree() < 2 {
		return out
	}
	big1 := big.NewRat(1, 1)
	for i := range out {
		if out[i].Exact {
			continue
		}
		for j := i + 1; j < len(out); j++ {
			if out[j].Exact {
				continue
			}
			// sum and product to 1/(8 n)
			y, z := out[i], out[j]
			size := new(big.Rat).Add(new(big.Rat).Abs(y.Cell.Lo), new(big.Rat).Abs(z.Cell.Hi))
			size.Add(size, big1)
			w := new(big.Rat).Inv(new(big.Rat).Mul(new(big.Rat).Mul(size, lr), big.NewRat(64, 1)))
			y.Cell, z.Cell = p.Refine(y.Cell, w), p.Refine(z.Cell, w)
			out[i].Cell, out[j].Cell = y.Cell, z.Cell
			sum := new(big.Rat).Add(y.Cell.Lo, z.Cell.Hi)
			prod := new(big.Rat).Mul(y.Cell.Lo, z.Cell.Hi)
			s, near1 := nearInteger(sum.Mul(sum, lr))
			m, near2 := nearInteger(prod.Mul(prod, lr))
			if !near1 || !near2 {
				continue
			}
			factor := Polynomial{new(big.Int).Set(m), new(big.Int).Neg(s), new(big.Int).Set(lead)}.primitive()
			next, ok := rest.over(factor)
			if !ok {
				continue
			}
			// zeros (s ± sqrt(s² - 4 n m))/(2n); both lie in the two cells, as a
			// factor of p has no zeros but those of p. Check that they do.
			if factor.sign(y.Cell.Lo)*factor.sign(y.Cell.Hi) > 0 || factor.sign(z.Cell.Lo)*factor.sign(z.Cell.Hi) > 0 {
				continue
			}
			rest = next
			S := number.FromRat(new(big.Rat).SetFrac(s, lead))
			P := number.FromRat(new(big.Rat).SetFrac(m, lead))
			h := S.Mul(number.Frac(1, 2))
			d := h.Mul(h).Sub(P)
			out[i].Exact, out[i].A, out[i].B, out[i].D = true, h, number.Int(-1), d
			out[j].Exact, out[j].A, out[j].B, out[j].D = true, h, number.Int(1), d
			break
		}
	}
	return out
}

// nearInteger returns the integer nearest to r, and whether r is within 1/8 of it.
func nearInteger(r *big.Rat) (n *big.Int, near bool) {
	n = ratRound(r)
	d := new(big.Rat).Sub(r, new(big.Rat).SetInt(n))
	return n, d.Abs(d).Cmp(big.NewRat(1, 8)) < 0
}

// ratRound returns the integer nearest to r.
func ratRound(r *big.Rat) *big.Int {
	n := new(big.Int).Mul(r.Num(), big.NewInt(2))
	n.Add(n, r.Denom())
	d := new(big.Int).Mul(r.Denom(), big.NewInt(2))
	return n.Div(n, d)
}
