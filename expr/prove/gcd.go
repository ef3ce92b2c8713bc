package prove

import (
	"math/big"
	"math/bits"
)

// derivative returns the derivative of p by the variable of f.
func (p packed) derivative(f *field) packed {
	var out packed
	for _, t := range p {
		if e := f.get(t.k); e > 0 {
			out = append(out, packedTerm{t.k.sub(f.unit(1)), t.c.mul(integer{s: int64(e)})})
		}
	}
	return out
}

// prime is the modulus of the images that tell polynomials without a common
// factor from those that may have one: 2^61 - 1.
const prime = 1<<61 - 1

func mulMod(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	// 2^64 = 8 modulo 2^61 - 1.
	s := lo&prime + (hi<<3 | lo>>61)
	if s >= prime {
		s -= prime
	}
	if s >= prime {
		s -= prime
	}
	return s
}

func powMod(a uint64, n uint64) uint64 {
	out := uint64(1)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			out = mulMod(out, a)
		}
		a = mulMod(a, a)
	}
	return out
}

// image returns p modulo prime as a dense polynomial in the variable of
// fields[v], with numbers in the place of the other variables.
func (p packed) image(fields []field, v int) []uint64 {
	out := make([]uint64, p.degree(&fields[v])+1)
	for _, t := range p {
		c := t.c.mod(prime)
		for i := range fields {
			if e := fields[i].get(t.k); i != v && e > 0 {
				c = mulMod(c, powMod(uint64(i+1)*0x9E3779B97F4A7C15%prime, e))
			}
		}
		d := fields[v].get(t.k)
		if out[d] += c; out[d] >= prime {
			out[d] -= prime
		}
	}
	for len(out) > 0 && out[len(out)-1] == 0 {
		out = out[:len(out)-1]
	}
	return out
}

// mayShare reports whether p and q may have a common factor. False means that
// they have none, but for a chance in some 10^17.
func (r *ring) mayShare(p, q packed, fields []field) bool {
	for v := range fields {
		m, n := int(p.degree(&fields[v])), int(q.degree(&fields[v]))
		if m == 0 || n == 0 {
			continue
		}
		if m > maxImage || n > maxImage {
			return false
		}
		r.spend(len(p) + len(q) + m*n/4)
		a, b := p.image(fields, v), q.image(fields, v)
		for len(b) > 0 {
			a, b = b, remainderMod(a, b)
		}
		if len(a) > 1 {
			return true
		}
	}
	return false
}

// maxImage is the degree above which no common factor is looked for.
const maxImage = 2000

// remainderMod returns the remainder of a divided by b; it overwrites a.
func remainderMod(a, b []uint64) []uint64 {
	lead := powMod(b[len(b)-1], prime-2)
	for len(a) >= len(b) {
		f := prime - mulMod(a[len(a)-1], lead)
		at := len(a) - len(b)
		for i, c := range b {
			if a[at+i] += mulMod(f, c); a[at+i] >= prime {
				a[at+i] -= prime
			}
		}
		a = a[:len(a)-1]
		for len(a) > 0 && a[len(a)-1] == 0 {
			a = a[:len(a)-1]
		}
	}
	return a
}

// maxHeuristic is the size in bits of the integers up to which gcd evaluates.
const maxHeuristic = 1 << 14

// gcd returns the greatest common divisor of p and q, primitive, by the
// heuristic algorithm of Char, Geddes and Gonnet, GCDHEU (1989): one variable
// after the other gets a large integer value, and the gcd of the values is read
// in that base. Whatever comes out is a divisor, as division has shown; false
// means that none was found within the limits.
func (r *ring) gcd(p, q packed, fields []field) (packed, bool) {
	if a, b := p.sorted(), q.sorted(); len(a) > 0 && len(b) > 0 {
		if len(a) < len(b) {
			a, b = b, a
		}
		if b = b.primitive(); len(b) > 1 {
			if _, ok := r.divide(a, b, fields); ok {
				return b, true
			}
		}
	}
	return r.heuristic(p.primitive(), q.primitive(), fields)
}

// heuristic returns the greatest common divisor with its content.
func (r *ring) heuristic(p, q packed, fields []field) (packed, bool) {
	content := gcdInteger(p.content(), q.content())
	p, q = p.primitive(), q.primitive()
	g, ok := r.heuristicPrimitive(p, q, fields)
	if ok && content != (integer{s: 1}) {
		for i := range g {
			g[i].c = g[i].c.mul(content)
		}
	}
	return g, ok
}

func (r *ring) heuristicPrimitive(p, q packed, fields []field) (packed, bool) {
	v := -1
	for i := range fields {
		if p.degree(&fields[i]) > 0 || q.degree(&fields[i]) > 0 {
			v = i
			break
		}
	}
	if v < 0 {
		return packed{{c: integer{s: 1}}}, true
	}
	height := func(p packed) *big.Int {
		h := new(big.Int)
		for _, t := range p {
			if t.c.big().CmpAbs(h) > 0 {
				h.Abs(t.c.big())
			}
		}
		return h
	}
	h := height(p)
	if g := height(q); g.Cmp(h) < 0 {
		h = g
	}
	xi := h.Lsh(h, 1)
	xi.Add(xi, big.NewInt(29))
	degree := int(max(p.degree(&fields[v]), q.degree(&fields[v])))
	for range 4 {
		if (xi.BitLen())*(degree+1) > maxHeuristic {
			return nil, false
		}
		r.spend((len(p) + len(q)) * (1 + xi.BitLen()*degree/256))
		a, b := r.substitute(p, &fields[v], xi), r.substitute(q, &fields[v], xi)
		if len(a) > 0 && len(b) > 0 {
			if g, ok := r.heuristic(a, b, fields); ok {
				g = r.interpolate(g, &fields[v], xi).primitive().sorted()
				if len(g) == 1 && g[0].k == (key{}) {
					return g, true
				}
				if _, ok := r.divide(p.sorted(), g, fields); ok {
					if _, ok = r.divide(q.sorted(), g, fields); ok {
						return g, true
					}
				}
			}
		}
		xi.Mul(xi, big.NewInt(73794))
		xi.Quo(xi, big.NewInt(27011))
	}
	return nil, false
}

// substitute returns p with the variable of f replaced by xi.
func (r *ring) substitute(p packed, f *field, xi *big.Int) packed {
	powers := make([]integer, p.degree(f)+1)
	powers[0] = integer{s: 1}
	for i := 1; i < len(powers); i++ {
		powers[i] = powers[i-1].mul(bigInteger(xi))
	}
	r.table.reset(len(p))
	for _, t := range p {
		e := f.get(t.k)
		r.table.add(t.k.sub(f.unit(int64(e))), t.c.mul(powers[e]))
	}
	return r.table.take()
}

// interpolate reads the coefficients of g as numbers in the base xi with digits
// between -xi/2 and xi/2, the digits being the coefficients of the powers of
// the variable of f.
func (r *ring) interpolate(g packed, f *field, xi *big.Int) packed {
	var out packed
	half := new(big.Int).Rsh(xi, 1)
	limit := int64(1)<<f.bits - 1
	for _, t := range g {
		rest, digit := new(big.Int).Set(t.c.big()), new(big.Int)
		for e := int64(0); rest.Sign() != 0 && e <= limit; e++ {
			rest.DivMod(rest, xi, digit)
			if digit.Cmp(half) > 0 {
				digit.Sub(digit, xi)
				rest.Add(rest, big.NewInt(1))
			}
			if digit.Sign() != 0 {
				out = append(out, packedTerm{t.k.add(f.unit(e)), bigInteger(new(big.Int).Set(digit))})
			}
		}
	}
	return out
}

// content returns the greatest common divisor of the coefficients.
func (p packed) content() integer {
	g := integer{}
	for _, t := range p {
		if g = gcdInteger(g, t.c); g == (integer{s: 1}) {
			break
		}
	}
	return g
}

// primitive returns p without its content, the leading coefficient positive.
func (p packed) primitive() packed {
	g := p.content()
	if g.isZero() {
		return p
	}
	lead := 0
	for i := range p {
		if compareKeys(p[i].k, p[lead].k) > 0 {
			lead = i
		}
	}
	if p[lead].c.sign() < 0 {
		g = g.neg()
	}
	if g == (integer{s: 1}) {
		return p
	}
	out := make(packed, len(p))
	for i, t := range p {
		c, _ := t.c.quo(g) // exact
		out[i] = packedTerm{t.k, c}
	}
	return out
}
