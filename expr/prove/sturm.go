package prove

import "nabla/expr/number"

// maxSturm is the highest degree of a polynomial whose real roots are counted;
// the coefficients of a Sturm sequence grow with its square.
const maxSturm = 16

// univariateSigns returns the signs of a sum in the powers of one real kernel,
// by counting the roots of the polynomial where the kernel can be.
func (r *ring) univariateSigns(s sum) signs {
	var x kernel = -1
	l := int64(1)
	for _, a := range s {
		switch {
		case len(a.m) == 0:
			continue
		case len(a.m) > 1, x >= 0 && a.m[0].k != x, a.m[0].e.n < 0:
			return anySign
		}
		x = a.m[0].k
		l = l / gcd64(l, a.m[0].e.den()) * a.m[0].e.den()
	}
	if x < 0 || l > maxSturm {
		return anySign
	}
	where := r.kernels[x].signs
	if r.kernels[x].flipped {
		where = r.kernels[r.kernels[x].minus].signs.flip()
	}
	if l > 1 && where&minusSign != 0 {
		return anySign // the root of a kernel that is not known to have one
	}
	var p polynomial
	for _, a := range s {
		d := int64(0)
		if len(a.m) > 0 {
			e := a.m[0].e
			d = int64(e.n) * (l / e.den())
		}
		if d > maxSturm {
			return anySign
		}
		for int64(len(p)) <= d {
			p = append(p, number.Number{})
		}
		p[d] = a.c
	}
	if where&minusSign == 0 && where&plusSign == 0 || len(p) < 2 || p[0].Sign() == 0 {
		return anySign
	}
	// The number of roots in an interval is the loss of sign changes along it.
	seq := p.sturm()
	lo, hi := -1, 1 // -∞, +∞
	if where&minusSign == 0 {
		lo = 0
	}
	if where&plusSign == 0 {
		hi = 0
	}
	if changes(seq, lo) != changes(seq, hi) {
		return anySign
	}
	// No root, and 0 is at the border of the interval or inside.
	if p[0].Sign() > 0 {
		return plusSign
	}
	return minusSign
}

// A polynomial holds the coefficients from the constant up.
type polynomial []number.Number

// sturm returns the Sturm sequence of p: p, p', and the negated remainders.
func (p polynomial) sturm() []polynomial {
	d := make(polynomial, len(p)-1)
	for i := range d {
		d[i] = p[i+1].Mul(number.Int(int64(i + 1)))
	}
	seq := []polynomial{p, d}
	for {
		a, b := seq[len(seq)-2], seq[len(seq)-1]
		rem := a.remainder(b)
		if len(rem) == 0 {
			return seq
		}
		for i := range rem {
			rem[i] = rem[i].Neg()
		}
		seq = append(seq, rem)
	}
}

// remainder returns the remainder of p divided by q.
func (p polynomial) remainder(q polynomial) polynomial {
	p = append(polynomial(nil), p...)
	lead, _ := q[len(q)-1].Inv()
	for len(p) >= len(q) {
		f := p[len(p)-1].Mul(lead)
		at := len(p) - len(q)
		for i, c := range q {
			p[at+i] = p[at+i].Sub(f.Mul(c))
		}
		p = p[:len(p)-1]
		for len(p) > 0 && p[len(p)-1].Sign() == 0 {
			p = p[:len(p)-1]
		}
	}
	return p
}

// changes counts the changes of sign along seq at -∞, 0 or +∞.
func changes(seq []polynomial, at int) int {
	n, last := 0, 0
	for _, p := range seq {
		s := p[0].Sign()
		if at != 0 {
			s = p[len(p)-1].Sign()
			if at < 0 && len(p)%2 == 0 {
				s = -s
			}
		}
		if s != 0 {
			if s != last && last != 0 {
				n++
			}
			last = s
		}
	}
	return n
}
