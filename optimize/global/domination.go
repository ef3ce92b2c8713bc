package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/quadprog"
	"nabla/optimize/global/internal/rational"
)

// This file answers for quotients of sums of products of powers of positive variables, f = N/D, the coefficients of D being positive,
// perhaps under one equation: with the value v at a point x*, N - v D is written as Σ c_k x^α_k - Σ d_j x^β_j with positive
// coefficients, and f is nowhere lower than v where each term that is subtracted is a geometric mean of others,
//
//	β_j = Σ λ_jk α_k,  λ_jk ≥ 0,  Σ_k λ_jk = 1,
//
// that are not used up: by the inequality of the weighted means d_j x^β_j ≤ w_j Σ_k λ_jk (x/x*)^α_k with w_j = d_j x*^β_j, so that
// Σ_j λ_jk w_j ≤ c_k x*^α_k is enough (Chandrasekaran and Shah, SIAM J. Optim. 26, 2016). This is a linear program for λ.

const (
	maxDominated = 6   // variables
	maxWeights   = 160 // numbers λ
)

// A fraction is num/den, the coefficients of den being positive numbers; for a certificate up and down are the same as they were read.
type fraction struct {
	num, den []term
	up, down expr.Expr
}

// A domination is what is to be shown.
type domination struct {
	t     *simplify.Tidier
	vars  []string
	f     fraction
	h     []term        // the sum of which is 1 under the equation; nil for none
	e     number.Number // its degree
	by    expr.Expr     // f is so many times what was read
	keeps bool          // up and down of fractions
	plain bool          // f does not change along rays, so that the last variable may be 1
}

// byDomination returns nil where f is no such quotient, or its least value is not found so.
func (s *session) byDomination() *Answer {
	n := s.m.N
	if n < 2 || n > maxDominated || len(s.m.Cons) > 1 || s.p.F.Size() > maxEliminated || len(s.p.Bounds) < n || s.o.checked {
		return nil
	}
	for _, b := range s.p.Bounds {
		if !isZero(b.Lo) || b.Hi.Valid() {
			return nil
		}
	}
	if _, ok := s.geometricProgram(); ok && len(s.m.Cons) == 0 { // byMeans needs no linear program
		return nil
	}
	d := &domination{t: simplify.New(), vars: s.p.Vars, keeps: s.o.Certificate}
	if !d.read(s) || len(s.m.Cons) == 0 && len(d.f.num) == 1 { // a quotient of posynomials, or its reciprocal
		return nil
	}
	x, m, v := d.proved(s)
	if x == nil {
		return nil
	}
	return s.dominated(d, x, m, v)
}

// read makes a fraction of f, in which a sum of the equation is 1 is used to make it the same along rays; false where that fails.
func (d *domination) read(s *session) bool {
	if len(s.m.Cons) == 1 {
		p, ok := asPosynomial(d.t, s.m.Cons[0], d.vars)
		if !ok || !s.m.Cons[0].Equal {
			return false
		}
		if d.e, ok = commonDegree(p.terms); !ok || d.e.Sign() == 0 || !haveNumbers(p.terms) {
			return false
		}
		d.h = p.terms
	}
	d.by = d.t.Int(1)
	f, ok := d.fraction(s.m.F)
	if !ok || !haveNumbers(f.num) || !haveNumbers(f.den) {
		return false
	}
	d.f = f
	up, same := commonDegree(f.num)
	down, too := commonDegree(f.den)
	d.plain = same && too && up.Cmp(down) == 0
	if d.h == nil {
		return true
	}
	if same && too { // f of the degree k is f/h^(k/e), as h is 1
		k, _ := down.Sub(up).Quo(d.e)
		h := d.h
		if len(h) == 1 { // a power of its coefficient may be no rational number
			d.by = d.t.Pow(h[0].c, d.t.Num(k))
			h = []term{{d.t.Int(1), h[0].a}}
		}
		d.f = d.times(f, d.power(d.whole(h), k))
	}
	d.plain = d.f.num != nil
	return d.plain && haveNumbers(d.f.num) && haveNumbers(d.f.den)
}

func (d *domination) one() []term {
	return []term{{d.t.Int(1), make([]number.Number, len(d.vars))}}
}

// whole is a sum of terms, nil for none.
func (d *domination) whole(p []term) fraction {
	if p == nil {
		return fraction{}
	}
	f := fraction{num: p, den: d.one()}
	if d.keeps {
		f.up, f.down = d.sum(p), d.t.Int(1)
	}
	return f
}

// kept and both make up or down of a fraction of those of others, if they are kept.
func (d *domination) kept(of func(expr.Expr) expr.Expr, u expr.Expr) expr.Expr {
	if !d.keeps {
		return u
	}
	return of(u)
}

func (d *domination) both(of func(...expr.Expr) expr.Expr, u, w expr.Expr) expr.Expr {
	if !d.keeps {
		return u
	}
	return of(u, w)
}

// fraction reads e; where e is not of the same degree everywhere and there is an equation, each variable x is x/h^(1/e) in it.
func (d *domination) fraction(e expr.Expr) (fraction, bool) {
	f := d.fold(e, false)
	if d.h == nil || f.num == nil {
		return f, f.num != nil
	}
	_, same := commonDegree(f.num)
	_, too := commonDegree(f.den)
	if !same || !too {
		f = d.fold(e, true)
	}
	return f, f.num != nil
}

func (d *domination) fold(e expr.Expr, scaled bool) fraction {
	scale := fraction{}
	if scaled {
		inverse, _ := d.e.Neg().Inv()
		if scale = d.power(d.whole(d.h), inverse); scale.num == nil {
			return scale
		}
	}
	return expr.Fold(d.t.Pool().Import(e), func(n expr.Expr, args []fraction) fraction {
		for k, a := range args {
			if a.num == nil && !(n.Op() == expr.Pow && k == 1) {
				return fraction{}
			}
		}
		switch n.Op() {
		case expr.Neg:
			return fraction{scaledTerms(d.t, args[0].num), args[0].den, d.kept(d.t.Neg, args[0].up), args[0].down}
		case expr.Add:
			sum := args[0]
			for _, a := range args[1:] {
				sum = d.plus(sum, a)
			}
			return sum
		case expr.Mul:
			product := args[0]
			for _, a := range args[1:] {
				product = d.times(product, a)
			}
			return product
		case expr.Div:
			return d.times(args[0], d.power(args[1], number.Int(-1)))
		case expr.Pow:
			if k := simplify.Tidy(n.Arg(1)); k.Op() == expr.Num {
				return d.power(args[0], k.Number())
			}
			return fraction{}
		case expr.Call:
			switch {
			case n.Func().Name == "sqrt":
				return d.power(args[0], number.Frac(1, 2))
			case n.Func().Name == "cbrt":
				return d.power(args[0], number.Frac(1, 3))
			}
		}
		f := d.whole(signomialNode(d.t, n, nil, d.vars))
		if scaled && n.Op() == expr.Var {
			f = d.times(f, scale)
		}
		return f
	})
}

func scaledTerms(t *simplify.Tidier, p []term) []term { return scaled(t, p, t.Int(-1)) }

func (d *domination) plus(f, g fraction) fraction {
	if f.num == nil || g.num == nil {
		return fraction{}
	}
	if sameTerms(f.den, g.den) {
		return fraction{collected(d.t, slices.Concat(f.num, g.num)), f.den, d.both(d.t.Add, f.up, g.up), f.down}
	}
	a, b := multiplied(d.t, f.num, g.den), multiplied(d.t, g.num, f.den)
	if a == nil || b == nil {
		return fraction{}
	}
	num := collected(d.t, slices.Concat(a, b))
	return d.lowest(fraction{num, multiplied(d.t, f.den, g.den), d.whole(num).up, d.both(d.t.Mul, f.down, g.down)})
}

func (d *domination) times(f, g fraction) fraction {
	if f.num == nil || g.num == nil {
		return fraction{}
	}
	return d.lowest(fraction{multiplied(d.t, f.num, g.num), multiplied(d.t, f.den, g.den), d.both(d.t.Mul, f.up, g.up), d.both(d.t.Mul, f.down, g.down)})
}

// lowest is f, with a denominator of one term in the numerator; without numerator where one of the two is missing.
func (d *domination) lowest(f fraction) fraction {
	switch {
	case f.num == nil || f.den == nil:
		return fraction{}
	case len(f.den) == 1:
		one := d.whole(multiplied(d.t, f.num, powered(d.t, f.den, number.Int(-1))))
		if d.keeps {
			one.up = d.t.Mul(f.up, d.t.Pow(f.down, d.t.Int(-1)))
		}
		return one
	case sameTerms(f.num, f.den):
		return d.whole(d.one())
	}
	return f
}

// power is f^k; without numerator where it has none: a denominator is to be positive.
func (d *domination) power(f fraction, k number.Number) fraction {
	if k.Sign() < 0 {
		if f.num == nil || slices.ContainsFunc(f.num, func(m term) bool { return form.ConstantSign(m.c) <= 0 }) {
			return fraction{}
		}
		f, k = fraction{f.den, f.num, f.down, f.up}, k.Neg()
	}
	switch {
	case f.num == nil:
		return fraction{}
	case k.Sign() == 0:
		return d.whole(d.one())
	}
	power := func(u expr.Expr) expr.Expr { return d.t.Pow(u, d.t.Num(k)) }
	return d.lowest(fraction{powered(d.t, f.num, k), powered(d.t, f.den, k), d.kept(power, f.up), d.kept(power, f.down)})
}

func sameTerms(p, q []term) bool {
	return len(p) == len(q) && !slices.ContainsFunc(p, func(m term) bool {
		return !slices.ContainsFunc(q, func(o term) bool { return slices.Equal(m.a, o.a) && expr.Equal(m.c, o.c) })
	})
}

// commonDegree is the degree of all terms; false where they differ.
func commonDegree(p []term) (e number.Number, ok bool) {
	for i, m := range p {
		var sum number.Number
		for _, v := range m.a {
			sum = sum.Add(v)
		}
		if i > 0 && sum.Cmp(e) != 0 {
			return e, false
		}
		e = sum
	}
	return e, true
}

func haveNumbers(p []term) bool {
	return !slices.ContainsFunc(p, func(m term) bool { return m.c.Op() != expr.Num })
}

// means are inequalities of weighted means that show Σ p ≥ 0: the term p[j], which is subtracted, has λ as weights of the terms above, for each j of below. At
// the point at which the sum is 0 the terms have the values.
type means struct {
	p            []term
	values       []number.Number
	above, below []int
	lambda       [][]number.Number
}

// proved returns a point with rational coordinates such that f is nowhere lower, the means that show it, and the value.
func (d *domination) proved(s *session) (x []number.Number, m *means, v number.Number) {
	for _, x := range d.candidates(s) {
		num, ok := valuesAt(d.f.num, x)
		den, defined := valuesAt(d.f.den, x)
		if !ok || !defined {
			continue
		}
		v, ok := total(num).Quo(total(den))
		if !ok {
			continue
		}
		minus := d.t.Num(v.Neg())
		rest := collected(d.t, slices.Concat(d.f.num, scaled(d.t, d.f.den, minus)))
		if len(rest) == 1 && rest[0].c.IsNum(0) {
			return nil, nil, v // f is constant
		}
		if m := d.weights(s, rest, x); m != nil {
			return x, m, v
		}
	}
	return nil, nil, v
}

// candidates are points near one at which f is low, with simple coordinates.
func (d *domination) candidates(s *session) (list [][]number.Number) {
	n := len(d.vars)
	q := &Problem{F: d.formula(), Vars: d.vars, Bounds: slices.Clone(s.p.Bounds)}
	for i := range q.Bounds {
		q.Bounds[i].LoOpen = true
	}
	if d.plain {
		one := map[string]expr.Expr{d.vars[n-1]: q.F.Pool().Int(1)}
		q.F = simplify.Tidy(q.F.Pool().Substitute(q.F, one))
		q.Vars, q.Bounds = d.vars[:n-1], q.Bounds[:n-1]
	}
	m, err := q.model()
	if err != nil {
		return nil
	}
	b := branch.New(m, s.o.boxes())
	ones := slices.Repeat([]float64{1}, len(q.Vars))
	b.Try(ones)
	b.Descend(ones)
	if b.Begin(s.o.boxes(), m.Outer); b.BestX == nil {
		return nil
	}
	for _, rough := range [...]struct {
		tol  float64
		most int64
	}{{1e-3, 4}, {1e-5, 24}, {1e-8, 1000}} {
		x := make([]number.Number, n)
		ok := true
		for i := range x {
			x[i] = number.Int(1)
			if i < len(b.BestX) {
				var p, q int64
				p, q, ok = exact.Convergent(b.BestX[i], rough.tol*math.Max(1, b.BestX[i]), rough.most)
				if ok = ok && p > 0; !ok {
					break
				}
				x[i] = number.Frac(p, q)
			}
		}
		if ok && !slices.ContainsFunc(list, func(y []number.Number) bool { return slices.Equal(x, y) }) {
			list = append(list, x)
		}
	}
	return list
}

// formula is f as it was read.
func (d *domination) formula() expr.Expr {
	return d.t.Mul(d.sum(d.f.num), d.t.Pow(d.sum(d.f.den), d.t.Int(-1)))
}

// inverse is 1 divided by the denominator, as it was read: so it is seen where it is defined.
func (d *domination) inverse() expr.Expr { return d.t.Pow(d.f.down, d.t.Int(-1)) }

// sum is that of terms.
func (d *domination) sum(p []term) expr.Expr {
	terms := []expr.Expr{d.t.Int(0)}
	for _, m := range p {
		product := []expr.Expr{m.c}
		for i, a := range m.a {
			product = append(product, d.t.Pow(d.t.Var(d.vars[i]), d.t.Num(a)))
		}
		terms = append(terms, d.t.Mul(product...))
	}
	return d.t.Add(terms...)
}

// valuesAt are the values of the terms at x, false where they are not rational.
func valuesAt(p []term, x []number.Number) ([]number.Number, bool) {
	out := make([]number.Number, len(p))
	for k, m := range p {
		v := m.c.Number()
		for i, a := range m.a {
			if x[i].Cmp(number.Int(1)) == 0 {
				continue
			}
			j, whole := a.Int64()
			u, ok := x[i].Pow(int(j))
			if !whole || !ok {
				return nil, false
			}
			v = v.Mul(u)
		}
		out[k] = v
	}
	return out, true
}

func total(list []number.Number) (sum number.Number) {
	for _, v := range list {
		sum = sum.Add(v)
	}
	return sum
}

// weights returns means of p, which is 0 at x, nil where there are none. At x all of p is used up, and so the inequalities are equations.
func (d *domination) weights(s *session, p []term, x []number.Number) *means {
	values, ok := valuesAt(p, x)
	if !ok {
		return nil
	}
	var above, below []int
	for k, v := range values {
		if v.Sign() > 0 {
			above = append(above, k)
		} else {
			below = append(below, k)
		}
	}
	for i := range d.vars { // x is no stationary point
		var slope number.Number
		for k, v := range values {
			slope = slope.Add(v.Mul(p[k].a[i]))
		}
		if slope.Sign() != 0 {
			return nil
		}
	}
	size := len(above) * len(below)
	if size == 0 || size > maxWeights {
		return nil
	}
	goal := &quadprog.Program{C: make([]number.Number, size)}
	at := func(j, k int) int { return j*len(above) + k }
	row := func(b number.Number, fill func(a []number.Number)) {
		a := make([]number.Number, size)
		fill(a)
		goal.Rows = append(goal.Rows, quadprog.Row{A: a, B: b, Equal: true})
	}
	for j, l := range below {
		row(number.Int(1), func(a []number.Number) {
			for k := range above {
				a[at(j, k)] = number.Int(1)
			}
		})
		for i := range d.vars {
			row(p[l].a[i], func(a []number.Number) {
				for k, m := range above {
					a[at(j, k)] = p[m].a[i]
				}
			})
		}
	}
	for k, m := range above {
		row(values[m], func(a []number.Number) {
			for j, l := range below {
				a[at(j, k)] = values[l].Neg()
			}
		})
	}
	for i := range size {
		a := make([]number.Number, size)
		a[i] = number.Int(-1)
		goal.Rows = append(goal.Rows, quadprog.Row{A: a})
	}
	lambda, _, ok := goal.Solve(s.ctx)
	if !ok {
		return nil
	}
	// That it is a solution is checked once more.
	for _, r := range goal.Rows {
		if c := rational.Dot(r.A, lambda).Cmp(r.B); c > 0 || r.Equal && c != 0 {
			return nil
		}
	}
	out := &means{p: p, values: values, above: above, below: below}
	for j := range below {
		out.lambda = append(out.lambda, lambda[at(j, 0):at(j+1, 0)])
	}
	return out
}

// exponents are the differences of those of terms that are the same where the means are equal.
func (m *means) exponents() (out [][]number.Number) {
	for _, lambda := range m.lambda {
		out = append(out, differences(m.p, m.above, lambda)...)
	}
	return out
}

// equation is that of which h is a side.
func (d *domination) equation() string { return format.Plain(d.sum(d.h)) + " == 1" }

// minorants writes the inequalities down, for Σ p times a formula.
func (d *domination) minorants(m *means, times expr.Expr) (list []certificate.Below) {
	for j, l := range m.below {
		b := certificate.Below{Times: format.Plain(times), Mean: format.Plain(d.sum([]term{{d.t.Neg(m.p[l].c), m.p[l].a}}))}
		for k, i := range m.above {
			if m.lambda[j][k].Sign() == 0 {
				continue
			}
			share, _ := m.values[l].Neg().Quo(m.values[i]) // as much of the term as the one that is subtracted has at the point
			b.Pieces = append(b.Pieces, format.Plain(d.sum([]term{{d.t.Mul(d.t.Num(share), m.p[i].c), m.p[i].a}})))
			b.Weights = append(b.Weights, format.Plain(d.t.Num(m.lambda[j][k])))
		}
		list = append(list, b)
	}
	return list
}

// differences are those of the exponents of the terms with positive weights, products of powers that are the same where their weighted
// means are equal.
func differences(p []term, above []int, lambda []number.Number) (out [][]number.Number) {
	var first []number.Number
	for k, m := range above {
		switch {
		case lambda[k].Sign() == 0:
		case first == nil:
			first = p[m].a
		default:
			d := slices.Clone(p[m].a)
			for i := range d {
				d[i] = d[i].Sub(first[i])
			}
			out = append(out, d)
		}
	}
	return out
}

// dominated is the answer that f is least at x, with the value v, as means show; only where the products of powers of x with their exponents are the
// same is it so elsewhere between the bounds.
func (s *session) dominated(d *domination, x []number.Number, m *means, v number.Number) *Answer {
	at := make([]expr.Expr, len(x))
	var scale expr.Expr = d.t.Int(1)
	if d.h != nil {
		values, ok := valuesAt(d.h, x)
		inverse, _ := d.e.Neg().Inv()
		if !ok {
			return nil
		}
		scale = d.t.Pow(d.t.Num(total(values)), d.t.Num(inverse))
	}
	for i, c := range x {
		at[i] = d.t.Mul(d.t.Num(c), scale)
	}
	e, ok := s.exactPoint(at)
	if !ok {
		return nil
	}
	a := s.exactAnswer(e, d.t.Mul(d.by, d.t.Num(v)))
	a.Method = "weighted means"
	inside := s.aboveOnFaces(a.Enclosure.Value.Hi, true) // are all minimisers
	rank := rational.Rank(m.exponents())
	switch {
	case rank == len(x) || d.h != nil && rank == len(x)-1:
		a.MinimisersComplete = inside
	case d.plain && d.h == nil:
		a.Minimisers[0].Family = s.ray(a.Minimisers[0])
		a.Stationary[0].Family = a.Minimisers[0].Family
		a.MinimisersComplete = rank == len(x)-1 && inside
	default:
		a.Stationary = nil
	}
	of := "a quotient"
	if !d.by.IsNum(1) {
		of = format.Text(d.by) + " times a quotient"
	}
	if d.h != nil {
		of += ", if the condition is used to make it the same along rays from the origin,"
	}
	a.Proof = []string{
		fmt.Sprintf("%s is %s of sums of products of powers of positive variables, the denominator with positive terms", s.minimised(), of),
		fmt.Sprintf("the numerator less %s times the denominator is a sum of such terms, of which each that is subtracted is a weighted geometric mean of others, and with the terms at this point as the weights these are used up and no more", format.Text(d.t.Num(v))),
		"by the inequality of the arithmetic and geometric means it is nowhere negative, and 0 at this point"}
	if s.o.Certificate {
		a.Argument.Reduction = &certificate.Reduction{Kind: certificate.Sum, Constant: format.Plain(s.signed(a.ExactValue)), Minorants: d.minorants(m, d.t.Mul(d.by, d.inverse()))}
		if d.h != nil {
			a.Argument.Reduction.Inner = d.equation()
		}
	}
	return s.flip(a)
}
