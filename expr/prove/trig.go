package prove

import (
	"math"
	"slices"

	"nabla/expr/number"
)

// sinCos returns sin(u) and cos(u), from e^(iu) and e^(-iu).
func (r *ring) sinCos(u sum) (sin, cos sum) {
	if v, sign, ok := r.unsigned(u); ok && r.hasBase(v[0].m) {
		sin, cos = r.sinCos(v)
		return r.times(sin, one, sign), cos
	}
	a, b := r.turned(u), r.turned(u.neg())
	return r.times(a.sub(b), half.Neg(), imaginary()), a.add(b).scale(half)
}

// unsigned returns u = s·v as v and the sign s, where v is 0 if s is: |x| for one.
// An even function has the same value at u and v, an odd one s times that at v.
func (r *ring) unsigned(u sum) (v sum, s monomial, ok bool) {
	if len(u) != 1 {
		return nil, nil, false
	}
	for i, p := range u[0].m {
		info := &r.kernels[p.k]
		if info.kind != kindSign || p.e != (ratio{1, 0}) {
			continue
		}
		rest := slices.Delete(slices.Clone(u[0].m), i, i+1)
		if r.sign(info.of)&zeroSign == 0 || slices.ContainsFunc(rest, func(q power) bool { return r.vanishesWith(q.k, info.of) }) {
			return sum{{u[0].c, rest}}, monomial{p}, true
		}
	}
	return nil, nil, false
}

// turned returns e^(iu) for a real u.
func (r *ring) turned(u sum) sum {
	factors := []sum{constantSum(one)}
	whole := product{c: one}
	for _, a := range r.addends(u) {
		s := r.turnOf(a)
		if len(s) == 1 {
			m, f := r.mul(whole.m, s[0].m)
			whole = product{whole.c.Mul(s[0].c).Mul(f), m}
			continue
		}
		factors = append(factors, s)
	}
	out := whole.sum()
	for _, s := range factors[1:] {
		if len(out)*len(s) > 64 {
			return r.multiplied(append(factors, whole.sum()))
		}
		out = r.product(out, s)
	}
	return out
}

// turnOf returns e^(i·c·m).
func (r *ring) turnOf(a addend) sum {
	q, ok := ratioOf(a.c)
	if !ok {
		panic(giveUp{why: "an angle is too large", exhausted: true})
	}
	if len(a.m) == 1 && a.m[0].e == (ratio{1, 0}) {
		k := a.m[0].k
		if k == r.pi {
			return r.rootOfUnity(q)
		}
		if info := &r.kernels[k]; info.kind == kindCall && q.isInt() {
			switch info.f.Name {
			case "asin":
				return r.turnOfInverse(info.args[0], q, true)
			case "atan":
				return r.turnOfInverse(info.args[0], q, false)
			case "atan2":
				// ((x + iy)/sqrt(x² + y²))^n
				y, x := info.args[0], info.args[1]
				h := r.pow(r.square(x).add(r.square(y)), ratio{-1, 1})
				return r.pow(r.product(x.add(r.times(y, one, imaginary())), h), q)
			}
		}
	}
	if len(a.m) == 2 && a.m[0] == (power{r.pi, ratio{1, 0}}) && a.m[1].e == (ratio{1, 0}) && r.kernels[a.m[1].k].kind == kindSign {
		// π·sign: cos is even and sin odd, and at 0 they are 1 and 0.
		s := monomial{a.m[1]}
		up, down := r.rootOfUnity(q), r.rootOfUnity(q.neg())
		cos := up.add(down).scale(half).sub(constantSum(one))
		sin := up.sub(down).scale(half) // times i
		squared, c := r.mul(s, s)
		return constantSum(one).add(r.times(cos, c, squared)).add(r.times(sin, one, s))
	}
	if v, sign, ok := r.unsigned(sum{{a.c, a.m}}); ok {
		// e^(isv) = cos(v) + i·s·sin(v)
		k := r.turn(v[0].m)
		up, down := sum{{half, monomial{{k, q}}}}, sum{{half, monomial{{k, q.neg()}}}}
		return up.add(down).add(r.times(up.sub(down), one, sign))
	}
	return sum{{one, monomial{{r.turn(a.m), q}}}}
}

// turnOfInverse returns e^(i·n·asin(u)) = (sqrt(1-u²) + iu)^n, or the same of
// the arc tangent, ((1 + iu)/sqrt(1+u²))^n.
func (r *ring) turnOfInverse(u sum, n ratio, sine bool) sum {
	sign := one
	if n.n < 0 {
		sign, n = minusOne, n.neg()
	}
	iu := r.times(u, sign, imaginary())
	var s sum
	if sine {
		s = r.root(constantSum(one).sub(r.square(u)), ratio{1, 1}).add(iu)
	} else {
		p := r.pow(constantSum(one).add(r.square(u)), ratio{-1, 1})
		s = r.times(constantSum(one).add(iu), p[0].c, p[0].m)
	}
	if n.n > 4 {
		return r.pow(s, n)
	}
	out := s
	for range n.n - 1 {
		out = r.product(out, s)
	}
	return out
}

// rootOfUnity returns e^(iπq). The angles of a ruler and compass up to 24 parts
// of the circle, and 20, are written with square roots, so that they meet the
// square roots that others write.
func (r *ring) rootOfUnity(q ratio) sum {
	// i^k·e^(iπf), 0 ≤ f < 1/2
	k := q.mul(ratio{2, 0}).floor()
	f := q.sub(newRatio(int64(k), 2))
	var s sum
	if f.isZero() {
		s = constantSum(one)
	} else if c, d, ok := r.octant(f); ok {
		s = c.add(r.times(d, one, imaginary()))
	} else {
		s = sum{{one, monomial{{minus, f}}}}
	}
	switch k &= 3; {
	case k == 1:
		s = r.times(s, one, imaginary())
	case k == 2:
		s = s.neg()
	case k == 3:
		s = r.times(s, minusOne, imaginary())
	}
	return s
}

// octant returns cos(πf) and sin(πf) for 0 < f < 1/2 by square roots.
func (r *ring) octant(f ratio) (cos, sin sum, ok bool) {
	if f.cmp(ratio{1, 3}) > 0 {
		sin, cos, ok = r.octant(ratio{1, 1}.sub(f))
		return cos, sin, ok
	}
	n := func(p, q int64) sum { return constantSum(number.Frac(p, q)) }
	sqrt := func(k int64) sum { return r.root(constantSum(number.Int(k)), ratio{1, 1}) }
	switch f {
	case ratio{1, 3}: // 45°
		s := sqrt(2).scale(half)
		return s, s, true
	case ratio{1, 5}: // 30°
		return sqrt(3).scale(half), n(1, 2), true
	case ratio{1, 11}: // 15°
		s := r.product(sqrt(2), n(1, 4))
		t := r.product(sqrt(3), s)
		return t.add(s), t.sub(s), true
	case ratio{1, 7}: // 22.5°: cos = w/2, sin = sqrt(2)/(2w), w = sqrt(2 + sqrt(2))
		w := r.root(n(2, 1).add(sqrt(2)), ratio{1, 1})
		return w.scale(half), r.multiplied([]sum{sqrt(2), r.inverse(w), n(1, 2)}), true
	case ratio{1, 9}: // 18°: cos = w/4, w = sqrt(10 + 2 sqrt(5))
		w := r.root(n(10, 1).add(sqrt(5).scale(two)), ratio{1, 1})
		return w.scale(number.Frac(1, 4)), sqrt(5).sub(n(1, 1)).scale(number.Frac(1, 4)), true
	case ratio{1, 4}: // 36°: sin = sqrt(5)/w
		w := r.root(n(10, 1).add(sqrt(5).scale(two)), ratio{1, 1})
		return sqrt(5).add(n(1, 1)).scale(number.Frac(1, 4)), r.multiplied([]sum{sqrt(5), r.inverse(w)}), true
	}
	return nil, nil, false
}

// rightAngle returns π/2.
func (r *ring) rightAngle() sum { return sum{{half, monomial{{r.pi, ratio{1, 0}}}}} }

// asin returns the arc sine of u, |u| ≤ 1.
func (r *ring) asin(u sum) sum {
	if len(u) == 0 {
		return nil
	}
	r.learn(constantSum(one).sub(u), zeroSign|plusSign)
	r.learn(constantSum(one).add(u), zeroSign|plusSign)
	if q, ok := r.angle(u, math.Asin); ok {
		if sin, _ := r.sinCos(q); r.same(sin, u) {
			return q
		}
	}
	return r.opaque(lookup("asin"), []sum{u})
}

// atan returns the arc tangent of u. One of c/u is π/2·sign(u) less that of u/c.
func (r *ring) atan(u sum) sum {
	if len(u) == 0 {
		return nil
	}
	if q, ok := r.angle(u, math.Atan); ok {
		if sin, cos := r.sinCos(q); r.same(sin, r.multiplied([]sum{u, cos})) {
			return q
		}
	}
	p, vanishes := r.factored(u)
	if vanishes {
		return nil
	}
	below := false
	for _, f := range p.m {
		switch kd := r.kernels[f.k].kind; {
		case kd == kindNumber, kd == kindExp, kd == kindSign, f.k == r.pi:
		case f.e.n > 0:
			return r.opaque(lookup("atan"), []sum{u})
		default:
			below = true
		}
	}
	if !below {
		return r.opaque(lookup("atan"), []sum{u})
	}
	sign := r.signOf(u)
	c, m := r.raise(p.c, p.m, ratio{-1, 0})
	return r.product(sign, r.rightAngle()).sub(r.opaque(lookup("atan"), []sum{monomialSum(c, m)}))
}

// atan2 returns the angle of the point (x, y).
func (r *ring) atan2(y, x sum) sum {
	if r.signsOf(x) == plusSign {
		return r.atan(r.multiplied([]sum{y, r.inverse(x)}))
	}
	return sum{{one, monomial{{r.call(lookup("atan2"), []sum{y, x}), ratio{1, 0}}}}}
}

// angle returns the multiple of π/120 that is near of(u), for a constant u.
func (r *ring) angle(u sum, of func(float64) float64) (sum, bool) {
	for _, a := range u {
		for _, p := range a.m {
			if !r.constant(p.k) {
				return nil, false
			}
		}
	}
	v, _ := r.value(u, 0)
	x := of(real(v)) / math.Pi * 120
	n := math.Round(x)
	if !(math.Abs(imag(v)) < 1e-9 && math.Abs(x-n) < 1e-6) {
		return nil, false
	}
	return r.times(sum{{number.Frac(int64(n), 120), nil}}, one, monomial{{r.pi, ratio{1, 0}}}), true
}

// constant reports that k has no variable in it.
func (r *ring) constant(k kernel) bool {
	info := &r.kernels[k]
	sums := info.args
	switch info.kind {
	case kindVar:
		return k == r.pi
	case kindNumber:
		return true
	case kindSign, kindLog, kindBranch:
		return r.constant(info.of)
	case kindExp, kindTurn:
		sums = []sum{{{one, info.m}}}
	case kindBase:
		sums = []sum{info.def}
	}
	for _, s := range sums {
		for _, a := range s {
			for _, p := range a.m {
				if !r.constant(p.k) {
					return false
				}
			}
		}
	}
	return true
}
