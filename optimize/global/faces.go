package global

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
)

// This file finds infima of quotients of signomials, such as a/(a + b) + b/(b + c) + c/(c + a) for positive variables, that are approached
// along curves x_i = t^{k_i} and at no point: along each the leading terms of the numerator and the denominator, which are faces of their
// Newton polytopes, tell the limit.

// maxCurves is the number of curves up to which all with small exponents are looked at.
const maxCurves = 4000

// byFaces answers for a quotient of positive variables if for its least limit v the numerator less v times the denominator has no negative
// coefficient; nil otherwise.
func (s *session) byFaces() *Answer {
	if s.m.N < 2 || s.m.N > maxDominated || s.p.F.Size() > maxEliminated {
		return nil
	}
	d := &domination{t: simplify.New(), vars: s.p.Vars, keeps: s.o.Certificate}
	if !d.read(s) || len(d.f.den) == 1 || !havePositive(d.f.den) {
		return nil
	}
	v, k, ok := d.leastLimit()
	if !ok {
		return nil
	}
	rest := collected(d.t, slices.Concat(d.f.num, scaled(d.t, d.f.den, d.t.Num(v.Neg()))))
	positive := false
	for _, m := range rest {
		if m.c.Op() != expr.Num || m.c.Number().Sign() < 0 {
			return nil
		}
		positive = positive || m.c.Number().Sign() > 0
	}
	if !positive {
		return nil
	}
	n := len(d.vars)
	p := &path{c: make([]number.Number, n), s: slices.Repeat([]number.Number{number.Int(1)}, n), k: k, f: v.Float64()}
	b := &lowerBound{value: d.t.Num(v), proof: []string{fmt.Sprintf(
		"%s is a quotient of sums of products of powers of positive variables: the denominator is positive, and the numerator less %s times it has positive terms only, so that %s is %s than %s everywhere",
		s.minimised(), format.Text(d.t.Num(v)), s.minimised(), "greater", format.Text(d.t.Num(v)))}}
	if d.keeps {
		b.reduction = d.overLimit(s, rest, v)
	}
	return s.alongLevel(s.ctx, []*path{p}, b)
}

// overLimit writes down that f is the limit v plus a term that is not negative, the sum of the terms divided by the denominator.
func (d *domination) overLimit(s *session, terms []term, v number.Number) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Sum, Constant: format.Plain(s.signed(d.t.Num(v))),
		Minorants: []certificate.Below{{Term: format.Plain(d.t.Mul(d.sum(terms), d.inverse())), Times: "1", Pieces: []string{"0"}}}}
	if d.h != nil {
		r.Inner = d.equation()
	}
	return r
}

// allPositive reports whether bounds say of all variables that they are positive, and no more.
func (s *session) allPositive() bool {
	for i, b := range s.p.Bounds {
		if !isZero(b.Lo) || b.Hi.Valid() || !s.m.LoOpen[i] {
			return false
		}
	}
	return len(s.p.Bounds) == s.m.N && len(s.m.Cons) == 0
}

func havePositive(p []term) bool {
	return !slices.ContainsFunc(p, func(m term) bool { return m.c.Op() != expr.Num || m.c.Number().Sign() <= 0 })
}

// leastLimit is the least limit of the quotient along curves x_i = t^{k_i}, t → ∞, with small k; false where there is none, or it falls
// without end.
func (d *domination) leastLimit() (least number.Number, exponents []number.Number, ok bool) {
	n := len(d.vars)
	moving := n
	if d.plain { // along rays it does not change
		moving--
	}
	most := 3
	for curves(moving, most) > maxCurves {
		if most--; most == 0 {
			return least, nil, false
		}
	}
	k := make([]number.Number, n)
	for code := range curves(moving, most) {
		for i := range moving {
			k[i] = number.Int(int64(code%(2*most+1) - most))
			code /= 2*most + 1
		}
		up, a := leadingTerms(d.f.num, k)
		down, b := leadingTerms(d.f.den, k)
		var v number.Number
		switch c := up.Cmp(down); {
		case a.Sign() == 0: // terms of the face cancel, and others decide
			continue
		case c > 0 && a.Sign() < 0:
			return least, nil, false
		case c > 0:
			continue
		case c == 0:
			v, _ = a.Quo(b)
		}
		if !ok || v.Cmp(least) < 0 || v.Cmp(least) == 0 && isSmaller(k, exponents) {
			least, exponents, ok = v, slices.Clone(k), true
		}
	}
	return least, exponents, ok
}

// isSmaller reports whether the exponents k are smaller together than those of o.
func isSmaller(k, o []number.Number) bool {
	var a, b number.Number
	for i := range k {
		a, b = a.Add(k[i].Abs()), b.Add(o[i].Abs())
	}
	return a.Cmp(b) < 0
}

// curves is the number of choices of n exponents from -most to most.
func curves(n, most int) int {
	count := 1
	for range n {
		if count *= 2*most + 1; count > maxCurves {
			break
		}
	}
	return count
}

// leadingTerms is the highest power of t in the sum for x_i = t^{k_i}, and its coefficient.
func leadingTerms(p []term, k []number.Number) (power, c number.Number) {
	for i, m := range p {
		var e number.Number
		for j, a := range m.a {
			e = e.Add(a.Mul(k[j]))
		}
		switch order := e.Cmp(power); {
		case i == 0 || order > 0:
			power, c = e, m.c.Number()
		case order == 0:
			c = c.Add(m.c.Number())
		}
	}
	return power, c
}
