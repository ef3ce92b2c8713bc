package exact

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
)

// tangents solves a polynomial in sines and cosines of multiples of θ all terms of which have an even or all an
// odd degree: as sin² + cos² is 1, it is cos(θ)^n p(tan(θ)).
func (s *solver) tangents(a Combo, ks []int, mult []int) ([]Spot, bool) {
	t := s.l.T
	one := number.Int(1)
	// cos(mθ) and sin(mθ) are these polynomials in tan θ times cos(θ)^m
	cs, ss := []ratPoly{{one}}, []ratPoly{nil}
	for m := range slices.Max(mult) {
		cs = append(cs, cs[m].add(ss[m].mul(ratPoly{{}, one}).scale(number.Int(-1))))
		ss = append(ss, ss[m].add(cs[m].mul(ratPoly{{}, one})))
	}
	const mostDegree = 20
	terms := make([]ratPoly, len(a))
	rests := make([]Term, len(a))
	degrees := make([]int, len(a))
	for i, tm := range a {
		terms[i], rests[i].C = ratPoly{one}, tm.C
		for _, f := range tm.M {
			k := slices.Index(ks, f.K)
			if k < 0 {
				rests[i].M = append(rests[i].M, f)
				continue
			}
			n, ok := f.N.Int64()
			if !ok || n < 0 || n > mostDegree {
				return nil, false
			}
			q := cs[mult[k]]
			if s.r.Kernels[f.K].name == "sin" {
				q = ss[mult[k]]
			}
			for range n {
				terms[i] = terms[i].mul(q)
			}
			degrees[i] += int(n) * mult[k]
		}
	}
	n := slices.Max(degrees)
	if n > mostDegree {
		return nil, false
	}
	c := make([]Combo, n+1)
	for i := range a {
		if (n-degrees[i])%2 != 0 {
			return nil, false
		}
		for range (n - degrees[i]) / 2 {
			terms[i] = terms[i].mul(ratPoly{one, {}, one})
		}
		for k, v := range terms[i] {
			if v.Sign() != 0 {
				c[k] = append(c[k], Term{rests[i].C.Mul(v), rests[i].M})
			}
		}
	}
	for k := range c {
		c[k] = collectCombo(c[k])
	}
	var out []Spot
	pi := t.Call(fn.Lookup("pi"))
	if len(c[n]) == 0 { // of all terms, those of that degree vanish with the cosine
		half := t.Mul(t.Num(number.Frac(1, 2)), pi)
		out = append(out, s.exact(t.Neg(half)), s.exact(half))
		for len(c) > 0 && len(c[len(c)-1]) == 0 {
			c = c[:len(c)-1]
		}
	} else if sign, ok := s.l.Consts.Sign(s.r.Build(c[n])); !ok || sign == 0 {
		return nil, false
	}
	if len(c) == 0 {
		return nil, false
	}
	list, ok := s.polynomial(c, false)
	for _, z := range list {
		if !z.Exact.Valid() {
			at, turn := interval.Atan(z.Hull), interval.Pi
			if z.Hull.Lo > 0 {
				turn = turn.Neg()
			}
			out = append(out, Spot{Hull: at, Mult: z.Mult}, Spot{Hull: at.Add(turn), Mult: z.Mult})
			continue
		}
		q := s.l.Consts.Simplify(z.Exact)
		at, turn := s.niceAtan(q, t.Call(fn.Lookup("atan"), q)), pi
		if z.Hull.Lo > 0 {
			turn = t.Neg(pi)
		}
		for _, e := range [2]expr.Expr{at, t.Add(turn, at)} {
			v := s.exact(e)
			v.Mult = z.Mult
			out = append(out, v)
		}
	}
	return out, ok
}

// specialTangents are tan(k π/12) for k = 1, …, 5 by their squares' closed
// forms: p + q·sqrt(3).
func (s *solver) niceAtan(q, otherwise expr.Expr) expr.Expr {
	t := s.l.T
	h := s.l.Consts.Enclose(q)
	for k := int64(-5); k <= 5; k++ {
		v := s.tangent(k)
		if s.l.Consts.Enclose(v).Disjoint(h) {
			continue
		}
		if c, ok := s.l.Consts.Compare(v, q); ok && c == 0 {
			return t.Mul(t.Num(number.Frac(k, 12)), t.Call(fn.Lookup("pi")))
		}
	}
	return otherwise
}

// tangent returns tan(k π/12), |k| ≤ 5.
func (s *solver) tangent(k int64) expr.Expr {
	t := s.l.T
	if k < 0 {
		return t.Neg(s.tangent(-k))
	}
	r3 := t.Call(fn.Lookup("sqrt"), t.Int(3))
	switch k {
	case 0:
		return t.Int(0)
	case 1:
		return t.Add(t.Int(2), t.Neg(r3))
	case 2:
		return t.Mul(t.Num(number.Frac(1, 3)), r3)
	case 3:
		return t.Int(1)
	case 4:
		return r3
	}
	return t.Add(t.Int(2), r3)
}

// halfAngle returns θ with tan(θ/2) = v.
func (s *solver) halfAngle(v expr.Expr) expr.Expr {
	t := s.l.T
	if e := s.niceAtan(v, expr.Expr{}); e.Valid() {
		return t.Mul(t.Int(2), e)
	}
	// tan(π/8) = sqrt(2) - 1, tan(3π/8) = sqrt(2) + 1
	r2 := t.Call(fn.Lookup("sqrt"), t.Int(2))
	pi := t.Call(fn.Lookup("pi"))
	for _, k := range [...]int64{-3, -1, 1, 3} {
		w := t.Add(r2, t.Int(-1))
		if k == 3 || k == -3 {
			w = t.Add(r2, t.Int(1))
		}
		if k < 0 {
			w = t.Neg(w)
		}
		if c, ok := s.l.Consts.Compare(w, v); ok && c == 0 {
			return t.Mul(t.Num(number.Frac(k, 4)), pi)
		}
	}
	if e := s.fullAngle(v); e.Valid() {
		return e
	}
	return t.Mul(t.Int(2), t.Call(fn.Lookup("atan"), v))
}

// fullAngle returns the θ in (-π, π) with tan(θ/2) = v as an inverse function of its sine,
// tangent or cosine where that is simpler than v, no expression otherwise.
func (s *solver) fullAngle(v expr.Expr) expr.Expr {
	t := s.l.T
	sign, ok1 := s.l.Consts.Sign(v)
	steep, ok2 := s.l.Consts.Compare(s.l.Consts.Simplify(t.Mul(v, v)), t.Int(1)) // of |θ| with π/2
	if !ok1 || !ok2 || steep == 0 {
		return expr.Expr{}
	}
	square, twice := t.Mul(v, v), t.Mul(t.Int(2), v)
	over := func(u, w expr.Expr) expr.Expr { return s.l.Consts.Simplify(t.Mul(u, t.Pow(w, t.Int(-1)))) }
	sine := over(twice, t.Add(t.Int(1), square))
	tangent := over(twice, t.Add(t.Int(1), t.Neg(square)))
	cosine := over(t.Add(t.Int(1), t.Neg(square)), t.Add(t.Int(1), square))
	pi := t.Mul(t.Int(int64(sign)), t.Call(fn.Lookup("pi")))
	least, best := v.Size(), expr.Expr{}
	for _, o := range [...]struct {
		inverse string
		of      expr.Expr
	}{{"asin", sine}, {"atan", tangent}, {"acos", cosine}} {
		if o.of.Size() >= least {
			continue
		}
		least, best = o.of.Size(), t.Call(fn.Lookup(o.inverse), o.of)
		switch {
		case o.inverse == "acos":
			if sign < 0 {
				best = t.Neg(best)
			}
		case steep > 0 && o.inverse == "asin":
			best = t.Add(pi, t.Neg(best))
		case steep > 0:
			best = t.Add(pi, best)
		}
	}
	return best
}

// A ratPoly is a polynomial with rational coefficients.
type ratPoly []number.Number

func (p ratPoly) mul(q ratPoly) ratPoly {
	if len(p) == 0 || len(q) == 0 {
		return nil
	}
	out := make(ratPoly, len(p)+len(q)-1)
	for i, a := range p {
		if a.Sign() == 0 {
			continue
		}
		for j, b := range q {
			out[i+j] = out[i+j].Add(a.Mul(b))
		}
	}
	return out
}

func (p ratPoly) add(q ratPoly) ratPoly {
	out := make(ratPoly, max(len(p), len(q)))
	copy(out, p)
	for i, b := range q {
		out[i] = out[i].Add(b)
	}
	return out
}

func (p ratPoly) scale(c number.Number) ratPoly {
	out := make(ratPoly, len(p))
	for i, a := range p {
		out[i] = a.Mul(c)
	}
	return out
}

// TrigZero reports whether a polynomial in sines and cosines is 0 everywhere.
func (l *Formulas) TrigZero(r *Ring, a Combo) bool {
	if len(a) == 0 {
		return true
	}
	var ks []int
	for _, t := range a {
		for _, p := range t.M {
			if r.Kernels[p.K].kind != kernelTrig {
				return false
			}
			if !slices.Contains(ks, p.K) {
				ks = append(ks, p.K)
			}
		}
	}
	if len(ks) == 0 {
		return false
	}
	base := r.Kernels[ks[0]].arg
	g := number.Int(1)
	var ratios []number.Number
	for _, k := range ks {
		q, ok := RatioOf(r.Kernels[k].arg, base)
		if !ok {
			return false
		}
		ratios = append(ratios, q)
		g = GCD(g, q)
	}
	// sin² = 1 - cos²: a normal form for one angle
	c := r.call("cos", comboOf(number.Int(7))) // a stand-in for cos θ
	sn := r.call("sin", comboOf(number.Int(7)))
	sk := sn[0].M[0].K
	sum := Combo(nil)
	for _, t := range a {
		p := comboOf(t.C)
		for _, f := range t.M {
			i := slices.Index(ks, f.K)
			m, _ := ratios[i].Quo(g)
			n, ok1 := m.Int64()
			e, ok2 := f.N.Int64()
			if !ok1 || !ok2 || n > 12 || e < 0 || e > 12 {
				return false
			}
			v, ok := r.multipleAngle(r.Kernels[f.K].name == "sin", sn, c, int(n))
			if !ok {
				return false
			}
			for range e {
				if p, ok = r.mul(p, v); !ok {
					return false
				}
			}
		}
		sum = Add(sum, p)
	}
	cc, ok := r.mul(c, c)
	if !ok {
		return false
	}
	one := Add(comboOf(number.Int(1)), cc.Neg())
	out := Combo(nil)
	for _, t := range sum {
		p := Combo{{C: t.C}}
		for _, f := range t.M {
			n, _ := f.N.Int64()
			v := Combo{{number.Int(1), []kernelPower{f}}}
			if f.K == sk {
				v = comboOf(number.Int(1))
				for ; n > 1; n -= 2 {
					if v, ok = r.mul(v, one); !ok {
						return false
					}
				}
				if n == 1 {
					if v, ok = r.mul(v, sn); !ok {
						return false
					}
				}
			}
			if p, ok = r.mul(p, v); !ok {
				return false
			}
		}
		out = Add(out, p)
	}
	return len(out) == 0
}
