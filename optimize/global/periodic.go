package global

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
)

// trig solves a polynomial in sines and cosines of multiples of one angle
// θ = α x + β. The piece must be bounded, as there are zeros in every period.
func (s *solver) trig(a combo, ks []int, depth int) ([]spot, bool) {
	t := s.l.t
	// the angle: all arguments are rational multiples of base
	var base combo
	var ratios []number.Number
	for _, k := range ks {
		arg := s.r.kernels[k].arg
		if base == nil {
			base = arg
		}
		q, ok := ratioOf(arg, base)
		if !ok {
			return nil, false
		}
		ratios = append(ratios, q)
	}
	g := ratios[0]
	for _, q := range ratios[1:] {
		g = gcdNumber(g, q)
	}
	mult := make([]int, len(ks))
	for i, q := range ratios {
		m, _ := q.Quo(g)
		n, ok := m.Int64()
		if !ok || n < 1 || n > 24 {
			return nil, false
		}
		mult[i] = int(n)
	}
	angle := base.scale(g)
	thetas, ok := s.angles(a, ks, mult)
	if !ok {
		return nil, false
	}
	if len(thetas) == 0 {
		return nil, true
	}
	if !s.linear(angle) {
		return s.curvedAngle(angle, thetas, depth)
	}
	// θ = α x + β
	var alpha, beta combo
	xk := -1
	for _, tm := range angle {
		at := -1
		for i, p := range tm.m {
			if s.r.kernels[p.k].hasX {
				if s.r.kernels[p.k].kind != kernelX || p.n != number.Int(1) || at >= 0 {
					return nil, false
				}
				at, xk = i, p.k
			}
		}
		if at < 0 {
			beta = append(beta, tm)
			continue
		}
		alpha = append(alpha, comboTerm{tm.c, slices.Delete(slices.Clone(tm.m), at, at+1)})
	}
	if xk < 0 || s.lo.inf != 0 || s.hi.inf != 0 {
		return nil, false
	}
	al, be := s.r.build(alpha), s.r.build(beta)
	if sg, ok := s.l.c.sign(al); !ok || sg == 0 {
		return nil, false
	}
	ahull, bhull := s.l.c.enclose(al), s.l.c.enclose(be)
	twoPi := t.Mul(t.Int(2), t.Call(fn.Lookup("pi")))
	two := interval.Pi.Mul(interval.Point(2))
	span := s.lo.i.Hull(s.hi.i).Mul(ahull).Add(bhull)
	var out []spot
	for _, th := range thetas {
		k := span.Sub(th.i).Div(two)
		lo, hi := math.Floor(k.Lo), math.Ceil(k.Hi)
		if !(hi-lo < 400) {
			return nil, false
		}
		for n := lo; n <= hi; n++ {
			if th.e.Valid() {
				x := t.Mul(t.Add(th.e, t.Mul(t.Int(int64(n)), twoPi), t.Neg(be)), t.Pow(al, t.Int(-1)))
				out = append(out, s.exact(x))
				continue
			}
			i := th.i.Add(two.Mul(interval.Point(n))).Sub(bhull).Div(ahull)
			out = append(out, spot{i: i, mult: th.mult})
		}
	}
	return out, true
}

// linear reports whether a is of the form α x + β.
func (s *solver) linear(a combo) bool {
	for _, t := range a {
		n := 0
		for _, p := range t.m {
			if !s.r.kernels[p.k].hasX {
				continue
			}
			if n++; n > 1 || s.r.kernels[p.k].kind != kernelX || p.n != number.Int(1) {
				return false
			}
		}
	}
	return true
}

// curvedAngle solves angle = θ + 2πk for all k that the angle reaches on the
// piece.
func (s *solver) curvedAngle(angle combo, thetas []spot, depth int) ([]spot, bool) {
	t := s.l.t
	if s.lo.inf != 0 || s.hi.inf != 0 {
		return nil, false
	}
	e := s.r.build(angle)
	m := s.l.machine(e)
	if m == nil {
		return nil, false
	}
	span, _ := evalInterval(m, s.lo.i.Hull(s.hi.i))
	two := interval.Pi.Mul(interval.Point(2))
	twoPi := t.Mul(t.Int(2), t.Call(fn.Lookup("pi")))
	var out []spot
	for _, th := range thetas {
		k := span[0].Sub(th.i).Div(two)
		lo, hi := math.Floor(k.Lo), math.Ceil(k.Hi)
		if !(hi-lo < 100) || !th.e.Valid() {
			return nil, false
		}
		for n := lo; n <= hi; n++ {
			v := s.l.c.simplify(t.Add(th.e, t.Mul(t.Int(int64(n)), twoPi)))
			list, ok := s.zeros(addCombo(angle, s.r.expand(v).neg()), depth+1)
			if !ok {
				return nil, false
			}
			out = append(out, list...)
		}
	}
	return out, true
}

// ratioOf returns the rational q with a = q·b.
func ratioOf(a, b combo) (number.Number, bool) {
	if len(a) != len(b) || len(a) == 0 {
		return number.Number{}, false
	}
	q, ok := a[0].c.Quo(b[0].c)
	if !ok {
		return q, false
	}
	for i := range a {
		if compareMono(a[i].m, b[i].m) != 0 || b[i].c.Mul(q) != a[i].c {
			return q, false
		}
	}
	return q, q.Sign() > 0
}

// gcdNumber returns the greatest number of which a, b > 0 are multiples.
func gcdNumber(a, b number.Number) number.Number {
	p, q := a.Rat(), b.Rat()
	num := new(big.Int).GCD(nil, nil, new(big.Int).Mul(p.Num(), q.Denom()), new(big.Int).Mul(q.Num(), p.Denom()))
	return number.FromRat(new(big.Rat).SetFrac(num, new(big.Int).Mul(p.Denom(), q.Denom())))
}

// angles returns the zeros in (-π, π] of a, a polynomial in sin and cos of
// mult[i]·θ, by the substitution t = tan(θ/2).
func (s *solver) angles(a combo, ks []int, mult []int) ([]spot, bool) {
	t := s.l.t
	pi := t.Call(fn.Lookup("pi"))
	// a linear form u sin θ + v cos θ with any coefficients: tan θ = -v/u
	if list, ok := s.linearAngles(a, ks, mult); ok {
		return list, true
	}
	// cos θ and sin θ as polynomials over 1 + t²
	c1 := ratPoly{number.Int(1), {}, number.Int(-1)}
	s1 := ratPoly{{}, number.Int(2)}
	w := ratPoly{number.Int(1), {}, number.Int(1)}
	// degree of a in θ
	deg := 0
	for _, tm := range a {
		d := 0
		for _, p := range tm.m {
			i := slices.Index(ks, p.k)
			if i < 0 {
				return nil, false
			}
			n, ok := p.n.Int64()
			if !ok || n < 0 {
				return nil, false
			}
			d += int(n) * mult[i]
		}
		deg = max(deg, d)
	}
	if deg > 40 {
		return nil, false
	}
	// cos(mθ), sin(mθ) over (1+t²)^m
	top := slices.Max(mult)
	cs, ss := []ratPoly{{number.Int(1)}}, []ratPoly{nil}
	for m := 0; m < top; m++ {
		cs = append(cs, cs[m].mul(c1).add(ss[m].mul(s1).scale(number.Int(-1))))
		ss = append(ss, ss[m].mul(c1).add(cs[m].mul(s1)))
	}
	var sum ratPoly
	atPi := number.Number{} // a at θ = π
	for _, tm := range a {
		p := ratPoly{tm.c}
		v := tm.c
		d := 0
		for _, f := range tm.m {
			i := slices.Index(ks, f.k)
			n, _ := f.n.Int64()
			q := cs[mult[i]]
			if s.r.kernels[f.k].name == "sin" {
				q = ss[mult[i]]
				v = number.Number{}
			} else if mult[i]%2 == 1 && n%2 == 1 {
				v = v.Neg()
			}
			for range n {
				p = p.mul(q)
			}
			d += int(n) * mult[i]
		}
		for ; d < deg; d++ {
			p = p.mul(w)
		}
		sum = sum.add(p)
		atPi = atPi.Add(v)
	}
	poly := intPolyOf(sum)
	if len(poly) == 0 {
		return nil, false
	}
	var out []spot
	list, ok := s.rationalPolynomial(poly, false)
	if !ok {
		return nil, false
	}
	for _, z := range list {
		if !z.e.Valid() {
			out = append(out, spot{i: interval.Atan(z.i).Mul(interval.Point(2)), mult: z.mult})
			continue
		}
		v := s.exact(s.halfAngle(z.e))
		v.mult = z.mult
		out = append(out, v)
	}
	if atPi.Sign() == 0 {
		out = append(out, s.exact(pi))
	}
	return out, true
}

// linearAngles solves u sin θ + v cos θ = 0.
func (s *solver) linearAngles(a combo, ks []int, mult []int) ([]spot, bool) {
	t := s.l.t
	pi := t.Call(fn.Lookup("pi"))
	for _, m := range mult {
		if m != 1 {
			return nil, false
		}
	}
	var u, v combo
	for _, tm := range a {
		at := slices.IndexFunc(tm.m, func(p kernelPower) bool { return slices.Contains(ks, p.k) })
		if at < 0 || tm.m[at].n != number.Int(1) {
			return nil, false
		}
		rest := comboTerm{tm.c, slices.Delete(slices.Clone(tm.m), at, at+1)}
		for _, p := range rest.m {
			if slices.Contains(ks, p.k) {
				return nil, false
			}
		}
		if s.r.kernels[tm.m[at].k].name == "sin" {
			u = append(u, rest)
		} else {
			v = append(v, rest)
		}
	}
	ue, ve := s.r.build(collectCombo(u)), s.r.build(collectCombo(v))
	su, ok1 := s.l.c.sign(ue)
	sv, ok2 := s.l.c.sign(ve)
	if !ok1 || !ok2 || su == 0 && sv == 0 {
		return nil, false
	}
	half := t.Num(number.Frac(1, 2))
	if su == 0 {
		return []spot{s.exact(t.Mul(half.Pool().Num(number.Frac(-1, 2)), pi)), s.exact(t.Mul(half, pi))}, true
	}
	if sv == 0 {
		return []spot{s.exact(t.Int(0)), s.exact(pi)}, true
	}
	q := s.l.c.simplify(t.Mul(ve, t.Pow(ue, t.Int(-1))))
	at := t.Call(fn.Lookup("atan"), q)
	at = s.niceAtan(q, at)
	first := t.Neg(at)
	// -atan(q) and the same ± π, within (-π, π]
	if su*sv > 0 {
		return []spot{s.exact(first), s.exact(t.Add(pi, first))}, true
	}
	return []spot{s.exact(first), s.exact(t.Add(t.Neg(pi), first))}, true
}

// specialTangents are tan(k π/12) for k = 1, …, 5 by their squares' closed
// forms: p + q·sqrt(3).
func (s *solver) niceAtan(q, otherwise expr.Expr) expr.Expr {
	t := s.l.t
	h := s.l.c.enclose(q)
	for k := int64(-5); k <= 5; k++ {
		v := s.tangent(k)
		if s.l.c.enclose(v).Disjoint(h) {
			continue
		}
		if c, ok := s.l.c.compare(v, q); ok && c == 0 {
			return t.Mul(t.Num(number.Frac(k, 12)), t.Call(fn.Lookup("pi")))
		}
	}
	return otherwise
}

// tangent returns tan(k π/12), |k| ≤ 5.
func (s *solver) tangent(k int64) expr.Expr {
	t := s.l.t
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
	t := s.l.t
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
		if c, ok := s.l.c.compare(w, v); ok && c == 0 {
			return t.Mul(t.Num(number.Frac(k, 4)), pi)
		}
	}
	// tan θ = 2v/(1 - v²) is often simpler
	return t.Mul(t.Int(2), t.Call(fn.Lookup("atan"), v))
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

// findPeriod returns a period of the formula, if every variable in it stands
// under a sine or the like of a linear angle.
func (l *line) findPeriod() (expr.Expr, bool) {
	f := l.raw
	if !f.Has(l.x) {
		return expr.Expr{}, false
	}
	alphas, ok := l.angularSpeeds(f, true)
	if !ok || len(alphas) == 0 {
		return l.sawtooth()
	}
	r := l.ringFor(lineStart)
	base := r.expand(alphas[0])
	g := number.Int(1)
	for _, a := range alphas[1:] {
		q, ok := ratioOf(r.expand(a), base)
		if !ok {
			if q, ok = ratioOf(r.expand(a).neg(), base); !ok {
				return expr.Expr{}, false
			}
		}
		g = gcdNumber(g, q)
	}
	t := l.t
	inv, _ := g.Inv()
	speed := r.build(base)
	if s, ok := l.c.sign(speed); !ok || s == 0 {
		return expr.Expr{}, false
	} else if s < 0 {
		speed = t.Neg(speed)
	}
	period := l.c.simplify(t.Mul(t.Num(inv.Mul(number.Int(2))), t.Call(fn.Lookup("pi")), t.Pow(speed, t.Int(-1))))
	// a part of it may do
	for range 4 {
		shorter := false
		for _, d := range [...]int64{2, 3} {
			q := t.Mul(t.Num(number.Frac(1, d)), period)
			moved := expr.Rebuild(f, t, func(x expr.Expr) (expr.Expr, bool) {
				return t.Add(l.X, q), x.Name() == l.x
			})
			same := l.t.Tidy(f) == moved
			if !same && !hasCases(f) {
				p, q := r.expand(l.t.Tidy(f)), r.expand(moved)
				same = len(addCombo(p, q.neg())) == 0
				if !same {
					if d, _, ok := r.numerator(addCombo(p, q.neg())); ok {
						same = l.trigZero(r, d)
					}
				}
			}
			if same && l.domainRepeats(q) {
				period, shorter = l.c.simplify(q), true
				break
			}
		}
		if !shorter {
			break
		}
	}
	return period, true
}

// sawtooth returns a period of a formula with mod(a·x, b), x - floor(x) and the
// like: a common multiple of the distances of the steps, if f(x + P) = f(x).
func (l *line) sawtooth() (expr.Expr, bool) {
	t := l.t
	if hasCases(l.raw) {
		return expr.Expr{}, false
	}
	var speeds []number.Number // steps per unit
	for n := range l.raw.All() {
		if n.Op() != expr.Call || n.Len() == 0 {
			continue
		}
		var u expr.Expr
		switch n.Func().Name {
		case "floor", "ceil", "round":
			u = l.tidyNode(n.Arg(0))
		case "mod":
			u = t.Mul(l.tidyNode(n.Arg(0)), t.Pow(l.tidyNode(n.Arg(1)), t.Int(-1)))
		default:
			continue
		}
		if d := l.slope(u); d.Valid() && d.Op() == expr.Num {
			speeds = append(speeds, d.Number().Abs())
		}
	}
	if len(speeds) == 0 {
		return expr.Expr{}, false
	}
	g := speeds[0]
	for _, s := range speeds[1:] {
		g = gcdNumber(g, s)
	}
	period, ok := g.Inv()
	if !ok {
		return expr.Expr{}, false
	}
	p := t.Num(period)
	r := l.ringFor(lineStart)
	f := l.tidyNode(l.raw)
	moved := expr.Rebuild(f, t, func(x expr.Expr) (expr.Expr, bool) { return t.Add(l.X, p), x.Name() == l.x })
	a, b := r.expand(f), r.expand(moved)
	return p, len(addCombo(a, b.neg())) == 0 && l.domainRepeats(p)
}

// domainRepeats reports whether the natural domain is seen to repeat with the
// period p: what has to be positive or the like is the same at x + p, and what
// has to be other than 0 the same or its negative. The tidy form will not do
// for that, as it may be defined where the formula is not.
func (l *line) domainRepeats(p expr.Expr) bool {
	t := l.t
	r := l.ringFor(lineStart)
	repeats := func(u expr.Expr, sign bool) bool {
		u = l.tidyNode(u)
		if !u.Has(l.x) {
			return true
		}
		moved := expr.Rebuild(u, t, func(x expr.Expr) (expr.Expr, bool) { return t.Add(l.X, p), x.Name() == l.x })
		a, b := r.expand(u), r.expand(moved)
		return len(addCombo(a, b.neg())) == 0 || sign && len(addCombo(a, b)) == 0
	}
	for n := range l.raw.All() {
		switch n.Op() {
		case expr.If:
			return false
		case expr.Div:
			if !repeats(n.Arg(1), true) {
				return false
			}
		case expr.Pow:
			e := l.tidyNode(n.Arg(1))
			natural := e.Op() == expr.Num && e.Number().IsInt()
			if natural && e.Number().Sign() >= 0 {
				continue
			}
			if !repeats(n.Arg(0), natural) || !repeats(n.Arg(1), false) {
				return false
			}
		case expr.Call:
			if n.Func().Domain == "" {
				continue
			}
			switch n.Func().Name {
			case "mod":
				if !repeats(n.Arg(1), true) {
					return false
				}
				continue
			case "tan", "sec", "cot", "csc":
				// poles of distance π in the angle
				d := l.slope(l.tidyNode(n.Arg(0)))
				if !d.Valid() {
					return false
				}
				q := l.c.simplify(t.Mul(d, p, t.Pow(t.Call(fn.Lookup("pi")), t.Int(-1))))
				if q.Op() != expr.Num || !q.Number().IsInt() {
					return false
				}
				continue
			}
			for _, a := range n.Args() {
				if !repeats(a, false) {
					return false
				}
			}
		}
	}
	return true
}

// hasCases reports whether e has functions that the ring does not see through,
// under which a shift could hide.
func hasCases(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If || n.Op().IsRelation() {
			return true
		}
	}
	return false
}

// trigZero reports whether a polynomial in sines and cosines is 0 everywhere.
func (l *line) trigZero(r *kernelRing, a combo) bool {
	if len(a) == 0 {
		return true
	}
	var ks []int
	for _, t := range a {
		for _, p := range t.m {
			if r.kernels[p.k].kind != kernelTrig {
				return false
			}
			if !slices.Contains(ks, p.k) {
				ks = append(ks, p.k)
			}
		}
	}
	if len(ks) == 0 {
		return false
	}
	base := r.kernels[ks[0]].arg
	g := number.Int(1)
	var ratios []number.Number
	for _, k := range ks {
		q, ok := ratioOf(r.kernels[k].arg, base)
		if !ok {
			return false
		}
		ratios = append(ratios, q)
		g = gcdNumber(g, q)
	}
	// sin² = 1 - cos²: a normal form for one angle
	c := r.call("cos", comboOf(number.Int(7))) // a stand-in for cos θ
	sn := r.call("sin", comboOf(number.Int(7)))
	sk := sn[0].m[0].k
	sum := combo(nil)
	for _, t := range a {
		p := comboOf(t.c)
		for _, f := range t.m {
			i := slices.Index(ks, f.k)
			m, _ := ratios[i].Quo(g)
			n, ok1 := m.Int64()
			e, ok2 := f.n.Int64()
			if !ok1 || !ok2 || n > 12 || e < 0 || e > 12 {
				return false
			}
			v, ok := r.multipleAngle(r.kernels[f.k].name == "sin", sn, c, int(n))
			if !ok {
				return false
			}
			for range e {
				if p, ok = r.mul(p, v); !ok {
					return false
				}
			}
		}
		sum = addCombo(sum, p)
	}
	cc, ok := r.mul(c, c)
	if !ok {
		return false
	}
	one := addCombo(comboOf(number.Int(1)), cc.neg())
	out := combo(nil)
	for _, t := range sum {
		p := combo{{c: t.c}}
		for _, f := range t.m {
			n, _ := f.n.Int64()
			v := combo{{number.Int(1), []kernelPower{f}}}
			if f.k == sk {
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
		out = addCombo(out, p)
	}
	return len(out) == 0
}

// angularSpeeds returns the a of all angles a·x + b under periodic functions in
// the written formula f. With only it answers false when x stands elsewhere.
func (l *line) angularSpeeds(f expr.Expr, only bool) ([]expr.Expr, bool) {
	w := expr.Order(f)
	inside := make([]bool, w.Len()) // reached other than through a periodic function
	inside[w.Len()-1] = true
	var out []expr.Expr
	for i, n := range w.Back() {
		if !inside[i] {
			continue
		}
		if n.Op() == expr.Var && n.Name() == l.x && only {
			return nil, false
		}
		if n.Op() == expr.Call && n.Len() == 1 {
			switch n.Func().Name {
			case "sin", "cos", "tan", "sec", "csc", "cot":
				u := l.tidyNode(n.Arg(0))
				if !u.Has(l.x) {
					continue
				}
				d := l.slope(u)
				if d.Valid() {
					out = append(out, d)
					continue
				}
			}
		}
		for k := range n.Len() {
			inside[w.Place(n.Arg(k))] = true
		}
	}
	return out, true
}

// slope returns a for u = a·x + b, the zero Expr for another u.
func (l *line) slope(u expr.Expr) expr.Expr {
	r := l.ringFor(lineStart)
	var a combo
	for _, t := range r.expand(u) {
		at := -1
		for i, p := range t.m {
			if r.kernels[p.k].hasX {
				if r.kernels[p.k].kind != kernelX || p.n != number.Int(1) {
					return expr.Expr{}
				}
				at = i
			}
		}
		if at >= 0 {
			a = append(a, comboTerm{t.c, slices.Delete(slices.Clone(t.m), at, at+1)})
		}
	}
	if len(a) == 0 {
		return expr.Expr{}
	}
	return r.build(collectCombo(a))
}

// onePeriod returns the ends of one period, shifted by a 97th of it so that
// nothing that people write falls on them.
func (l *line) onePeriod() (lo, hi spot) {
	t := l.t
	return exactSpot(l.c, t.Mul(t.Num(number.Frac(-95, 194)), l.period)),
		exactSpot(l.c, t.Mul(t.Num(number.Frac(99, 194)), l.period))
}

// alongPeriod looks for a sequence φ + P·t, t = 1, 2, …, towards the end of the
// line on which f falls without end: there the sines and cosines of period P
// are constants, and the limit is that of a formula without them.
func (s *study) alongPeriod(p *piece, side int) *Witness {
	l, t := s.l, s.l.t
	speeds, ok := l.angularSpeeds(p.f, false)
	if !ok || len(speeds) == 0 || len(speeds) > 6 {
		return nil
	}
	r := l.ringFor(lineStart)
	base := r.expand(speeds[0])
	g := number.Int(1)
	for _, a := range speeds[1:] {
		q, ok := ratioOf(r.expand(a), base)
		if !ok {
			return nil
		}
		g = gcdNumber(g, q)
	}
	inv, _ := g.Inv()
	speed := r.build(base)
	if sg, ok := l.c.sign(speed); !ok || sg <= 0 {
		return nil
	}
	pi := t.Call(fn.Lookup("pi"))
	period := l.c.simplify(t.Mul(t.Num(inv.Mul(number.Int(2))), pi, t.Pow(speed, t.Int(-1))))
	for k := int64(0); k < 12; k++ {
		phi := t.Mul(t.Num(number.Frac([...]int64{0, 6, 3, 9, 1, 5, 7, 11, 2, 4, 8, 10}[k], 12)), period)
		f := expr.Fold(p.f, func(n expr.Expr, args []expr.Expr) expr.Expr {
			if n.Op() == expr.Call && n.Len() == 1 && n.Has(l.x) {
				switch n.Func().Name {
				case "sin", "cos", "tan", "sec", "csc", "cot":
					if d := l.slope(n.Arg(0)); d.Valid() {
						return l.c.simplify(t.Call(n.Func(), l.at(n.Arg(0), phi)))
					}
				}
			}
			return expr.Remake(n, t, args, nil)
		})
		// x stands for φ + side·P·t, which goes to the end just as x does
		for _, T := range tails[:3] {
			lim := l.tail(spot{inf: side}, side, T).limitAt(f)
			if lim.kind == limitMinus {
				path := t.Add(phi, t.Mul(t.Int(int64(side)), period, t.Pool().Var("t")))
				return s.along(path, fmt.Sprintf("f → -∞ along %s = %s, t = 1, 2, 3, …", l.x, format.Text(path)))
			}
			if lim.kind != limitUnknown {
				break
			}
		}
	}
	return nil
}
