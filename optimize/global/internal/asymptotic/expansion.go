package asymptotic

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
)

// compose returns Σ h_k eps^k + [rest]·eps^K for K coefficients.
func (a *Tail) compose(eps *series, h []expr.Expr, rest interval.I) (*series, bool) {
	out := &series{}
	p := a.single(1, scale{})
	for _, c := range h {
		s, ok := a.c.Sign(c)
		if !ok {
			return nil, false
		}
		if s != 0 {
			q, ok := a.times(p, c, scale{})
			if !ok {
				return nil, false
			}
			if out, ok = a.add(out, q); !ok {
				return nil, false
			}
		}
		if p, ok = a.mul(p, eps); !ok {
			return nil, false
		}
	}
	if len(p.terms) == 0 && p.exact() {
		return out, true
	}
	m, v, ok := a.lead(p)
	if !ok || !rest.IsBounded() || !a.absorb(out, v.Mul(rest), m) || !a.settle(out) {
		return nil, false
	}
	return out, true
}

// fewTerms is how many terms of a Taylor series are kept, manyTerms how many where so many cancel
// that nothing is left of them, as of (x - sin(x))/x^3 at 0.
const fewTerms, manyTerms = 4, 8

// pow returns x^n.
func (a *Tail) pow(x *series, n number.Number) (*series, bool) {
	if k, ok := n.Int64(); ok && k >= 0 && k <= 6 {
		out := a.single(1, scale{})
		for range k {
			if out, ok = a.mul(out, x); !ok {
				return nil, false
			}
		}
		if k%2 == 0 && len(out.terms) == 0 {
			out.rem = out.rem.Max(interval.Point(0)) // an even power
		}
		return out, true
	}
	if len(x.terms) == 0 {
		if x.exact() {
			if n.Sign() > 0 {
				return &series{}, true
			}
			return nil, false
		}
		i := x.rem
		if n.IsInt() {
			if i.Has(0) {
				return nil, false
			}
			k, ok := n.Int64()
			if !ok || k > 1<<20 || k < -1<<20 {
				return nil, false
			}
			i = i.PowInt(int(k))
		} else {
			if !(i.Lo > 0) {
				return nil, false
			}
			i = i.Pow(exact.HullOf(n))
		}
		return &series{rem: i, rm: a.powScale(x.rm, n)}, i.IsBounded()
	}
	lead, eps, size, ok := a.split(x)
	if !ok || size.Mag() > 0.9 {
		return nil, false
	}
	s, ok := a.c.Sign(lead.c)
	if !ok || s < 0 && !n.IsInt() {
		return nil, false
	}
	// binomial series
	h := make([]expr.Expr, a.kept)
	c := number.Int(1)
	for k := range h {
		h[k] = a.num(c)
		q, _ := n.Sub(number.Int(int64(k))).Quo(number.Int(int64(k + 1)))
		c = c.Mul(q)
	}
	base := interval.Point(1).Add(size.Hull(interval.Point(0)))
	rest := exact.HullOf(c).Mul(base.Pow(exact.HullOf(n.Sub(number.Int(int64(a.kept))))))
	if !n.IsInt() && !(base.Lo > 0) {
		return nil, false
	}
	r, ok := a.compose(eps, h, rest)
	if !ok {
		return nil, false
	}
	return a.times(r, a.c.Simplify(a.c.T.Pow(lead.c, a.num(n))), a.powScale(lead.m, n))
}

// exp returns e^x.
func (a *Tail) exp(x *series) (*series, bool) {
	var m scale
	small := &series{rem: x.rem, rm: x.rm}
	coef := a.int(1)
	for i, t := range x.terms {
		g, ok := a.growth(t.m)
		switch {
		case !ok:
			return nil, false
		case g < 0:
			small.terms = append(small.terms, t)
		case g == 0:
			coef = a.c.Simplify(a.c.T.Call(fn.Lookup("exp"), t.c))
		case len(t.m.e) > 0:
			if i > 0 {
				return nil, false
			}
			return a.beyond(x)
		case t.m.p == logarithm:
			m.p.a = a.plus(m.p.a, powerOf(t.c))
		case t.m.p == logLog:
			m.p.b = a.plus(m.p.b, powerOf(t.c))
		default:
			if s, ok := a.powerSign(t.m.p.a); !ok || s <= 0 {
				return a.beyond(x)
			}
			m.e = append(m.e, scaleTerm{t.c, t.m.p})
		}
	}
	if !small.exact() {
		g, ok := a.growth(small.rm)
		if !ok {
			return nil, false
		}
		if g > 0 {
			if s, ok := a.beyond(x); ok {
				return s, true
			}
			return a.between(x)
		}
		if g == 0 { // only a factor between bounds is known
			v := interval.Exp(small.rem).Mul(a.c.Rough(coef))
			return &series{rem: v, rm: m}, v.IsBounded()
		}
	}
	size, ok := a.sizeOf(small)
	if !ok || size.Mag() > 50 {
		return nil, false
	}
	h := make([]expr.Expr, a.kept)
	c := number.Int(1)
	for k := range h {
		h[k] = a.num(c)
		c, _ = c.Quo(number.Int(int64(k + 1)))
	}
	rest := exact.HullOf(c).Mul(interval.Exp(size.Hull(interval.Point(0))))
	r, ok := a.compose(small, h, rest)
	if !ok {
		return nil, false
	}
	return a.times(r, coef, m)
}

// beyond returns e^x for x that goes beyond what a scale may have in its exponent: for
// x above t² on [T, ∞) a remainder in [1, ∞] of the scale exp(t²), for x below -t² one
// in [0, 1] of exp(-t²), or the same with √t, or with 3 log t. That is all that is said.
func (a *Tail) beyond(x *series) (*series, bool) {
	half := monomial{a: power{n: number.Frac(1, 2)}}
	for _, than := range [...]struct {
		c int64
		m monomial
		e scale // exp(c m)
	}{
		{1, monomial{a: whole(2)}, scale{e: []scaleTerm{{a.int(1), monomial{a: whole(2)}}}}},
		{1, half, scale{e: []scaleTerm{{a.int(1), half}}}},
		{3, logarithm, scale{p: monomial{a: whole(3)}}},
	} {
		for _, sign := range [2]int64{-1, 1} {
			y, ok := a.add(x, a.single(-sign*than.c, scale{p: than.m}))
			if !ok {
				continue
			}
			_, v, ok := a.lead(y)
			switch {
			case !ok:
			case sign < 0 && v.Hi <= 0:
				return &series{rem: interval.New(0, 1), rm: a.powScale(than.e, number.Int(-1))}, true
			case sign > 0 && v.Lo >= 0:
				return &series{rem: interval.New(1, math.Inf(1)), rm: than.e}, true
			}
		}
	}
	return nil, false
}

// between returns e^x for x with a remainder that grows: where e^x with the upper end of
// the remainder falls to 0 that bounds it from above, else its lower end from below.
func (a *Tail) between(x *series) (*series, bool) {
	end := func(v float64) (m scale, i interval.I, growth int, ok bool) { // of e^x with v for the remainder
		n, ok := number.FromFloat(v)
		if !ok {
			return m, i, 0, false
		}
		r := &series{}
		if n.Sign() != 0 {
			r.terms = []seriesTerm{{a.num(n), x.rm}}
		}
		y, ok := a.add(&series{terms: x.terms}, r)
		if !ok || !y.exact() {
			return m, i, 0, false
		}
		if y, ok = a.exp(y); !ok {
			return m, i, 0, false
		}
		if m, i, ok = a.lead(y); !ok {
			return m, i, 0, false
		}
		growth, ok = a.growth(m)
		return m, i, growth, ok
	}
	if m, i, g, ok := end(x.rem.Hi); ok && g < 0 && i.Lo >= 0 {
		return &series{rem: interval.New(0, i.Hi), rm: m}, !math.IsInf(i.Hi, 1)
	}
	if m, i, _, ok := end(x.rem.Lo); ok && i.Lo >= 0 {
		return &series{rem: interval.New(i.Lo, math.Inf(1)), rm: m}, true
	}
	return nil, false
}

// log returns log x.
func (a *Tail) log(x *series) (*series, bool) {
	out := &series{}
	logScale := func(m scale) bool {
		// log t is positive from 1 on, its logarithm from e on
		if m.p.c != (power{}) || m.p.a != (power{}) && !(a.T > 1) || m.p.b != (power{}) && !(a.T > math.E) {
			return false
		}
		for _, t := range m.e {
			out.terms = append(out.terms, seriesTerm{t.k, scale{p: t.m}})
		}
		if m.p.a != (power{}) {
			out.terms = append(out.terms, seriesTerm{a.powerExpr(m.p.a), scale{p: logarithm}})
		}
		if m.p.b != (power{}) {
			out.terms = append(out.terms, seriesTerm{a.powerExpr(m.p.b), scale{p: logLog}})
		}
		return true
	}
	if len(x.terms) == 0 {
		if x.exact() || !(x.rem.Lo > 0) || !logScale(x.rm) {
			return nil, false
		}
		return out, a.absorb(out, interval.Log(x.rem), scale{}) && a.settle(out)
	}
	lead, eps, size, ok := a.split(x)
	if !ok || size.Mag() > 0.9 {
		return nil, false
	}
	if s, ok := a.c.Sign(lead.c); !ok || s <= 0 || !logScale(lead.m) {
		return nil, false
	}
	c, ok := a.constant(a.c.Simplify(a.c.T.Call(fn.Lookup("log"), lead.c)))
	if !ok {
		return nil, false
	}
	if out, ok = a.add(out, c); !ok {
		return nil, false
	}
	h := make([]expr.Expr, a.kept)
	h[0] = a.int(0)
	for k := 1; k < a.kept; k++ {
		h[k] = a.num(number.Frac(int64(2*(k%2)-1), int64(k)))
	}
	// |h^(K)/K!| = 1/(K (1+θ)^K)
	base := interval.Point(1).Add(size.Hull(interval.Point(0)))
	rest := base.PowInt(-a.kept).Div(interval.Point(float64(a.kept)))
	if a.kept%2 == 0 {
		rest = rest.Neg()
	}
	l, ok := a.compose(eps, h, rest)
	if !ok {
		return nil, false
	}
	return a.add(out, l)
}

// expand returns the series of the tidy formula e.
func (a *Tail) expand(e expr.Expr) (*series, bool) {
	for n := range e.All() {
		if _, done := a.memo[n]; done {
			continue
		}
		s, ok := a.node(n)
		if !ok && a.c.Tired() { // another attempt may get further
			return nil, false
		}
		if !ok {
			s = nil
		}
		a.memo[n] = s
	}
	s := a.memo[e]
	return s, s != nil
}

// nodeCost is what the expansion of a node counts, besides that of new coefficients.
const nodeCost = 8

func (a *Tail) node(n expr.Expr) (*series, bool) {
	if n.Op().IsCondition() || a.c.Tired() {
		return nil, false
	}
	a.c.Spend(nodeCost)
	if !n.Has(a.x) {
		return a.constant(a.c.Simplify(n))
	}
	if a.of.Valid() {
		if s, ok := a.atZero(n); ok {
			return s, true
		}
	}
	if n.Op() == expr.Mul {
		if s, ok := a.exponentials(n); ok {
			return s, true
		}
	}
	if n.Op() == expr.If {
		return a.branch(n)
	}
	args := make([]*series, n.Len())
	for i := range args {
		if args[i] = a.memo[n.Arg(i)]; args[i] == nil {
			return a.inRange(n)
		}
	}
	if n.Op() != expr.Var {
		s, ok := a.operate(n, args)
		if !ok && !a.c.Tired() {
			return a.inRange(n)
		}
		return s, ok
	}
	if !a.at.Valid() {
		return a.single(int64(a.dir), scale{p: monomial{a: whole(1)}}), true
	}
	c, ok := a.constant(a.at)
	if !ok {
		return nil, false
	}
	return a.add(c, a.single(int64(a.dir), scale{p: monomial{a: whole(-1)}}))
}

// branch returns the series of the branch of n in which the tail lies.
func (a *Tail) branch(n expr.Expr) (*series, bool) {
	c := n.Arg(0)
	if !c.Op().IsRelation() {
		return nil, false
	}
	sign := a.SignPast(a.c.T.Sub(c.Arg(0), c.Arg(1)))
	if sign == 0 {
		return nil, false
	}
	s := a.memo[n.Arg(2)]
	if c.Op().Holds(sign) {
		s = a.memo[n.Arg(1)]
	}
	return s, s != nil
}

// inRange returns what is known of the call n of a bounded function without its operands.
func (a *Tail) inRange(n expr.Expr) (*series, bool) {
	if n.Op() != expr.Call || n.Func().Enclose == nil || n.Len() == 0 {
		return nil, false
	}
	v := n.Func().Enclose(slices.Repeat([]interval.I{interval.Whole}, n.Len()))
	return &series{rem: v}, v.IsBounded()
}

// exponentials expands a product with several factors e^u, b^u by the sum of their
// exponents, of which large parts may cancel.
func (a *Tail) exponentials(n expr.Expr) (*series, bool) {
	sum, rest, several := (*series)(nil), a.single(1, scale{}), false
	for _, f := range n.Args() {
		u, ok := a.exponent(f)
		switch {
		case ok && sum == nil:
			sum = u
		case ok:
			several = true
			sum, ok = a.add(sum, u)
		case a.memo[f] != nil:
			rest, ok = a.mul(rest, a.memo[f])
		}
		if !ok {
			return nil, false
		}
	}
	if !several {
		return nil, false
	}
	s, ok := a.exp(sum)
	if !ok {
		return nil, false
	}
	return a.mul(rest, s)
}

// exponent returns the u with f = e^u for an exponential or a power with a varying
// exponent.
func (a *Tail) exponent(f expr.Expr) (*series, bool) {
	switch {
	case f.IsCall("exp") && f.Has(a.x):
		u := a.memo[f.Arg(0)]
		return u, u != nil
	case f.Op() == expr.Pow && f.Arg(1).Has(a.x):
		b, u := a.memo[f.Arg(0)], a.memo[f.Arg(1)]
		if b == nil || u == nil {
			return nil, false
		}
		l, ok := a.log(b)
		if !ok {
			return nil, false
		}
		return a.mul(l, u)
	}
	return nil, false
}

// operate expands node n from the expansions of its operands.
func (a *Tail) operate(n expr.Expr, args []*series) (*series, bool) {
	switch n.Op() {
	case expr.Neg:
		return a.negate(args[0])
	case expr.Div:
		inv, ok := a.pow(args[1], number.Int(-1))
		if !ok {
			return nil, false
		}
		return a.mul(args[0], inv)
	case expr.Add:
		out, ok := args[0], true
		for _, y := range args[1:] {
			if out, ok = a.add(out, y); !ok {
				return nil, false
			}
		}
		return out, true
	case expr.Mul:
		out, ok := args[0], true
		for _, y := range args[1:] {
			if out, ok = a.mul(out, y); !ok {
				return nil, false
			}
		}
		return out, true
	case expr.Pow:
		if n.Arg(1).Op() == expr.Num {
			return a.pow(args[0], n.Arg(1).Number())
		}
		l, ok := a.log(args[0])
		if !ok {
			return nil, false
		}
		p, ok := a.mul(l, args[1])
		if !ok {
			return nil, false
		}
		return a.exp(p)
	case expr.Call:
		if len(args) == 1 {
			return a.call(n.Func(), args[0])
		}
		return a.callMany(n, args)
	}
	return nil, false
}

// callMany expands the functions of several arguments that are pieced together.
func (a *Tail) callMany(n expr.Expr, args []*series) (*series, bool) {
	minus := a.int(-1)
	switch n.Func().Name {
	case "min", "max":
		out := args[0]
		for _, y := range args[1:] {
			my, ok := a.times(y, minus, scale{})
			if !ok {
				return nil, false
			}
			d, ok := a.add(out, my)
			if !ok {
				return nil, false
			}
			if len(d.terms) == 0 && d.exact() {
				continue
			}
			m, v, ok := a.lead(d)
			if !ok {
				return nil, false
			}
			switch {
			case (v.Lo >= 0) == (n.Func().Name == "max") && (v.Lo >= 0 || v.Hi <= 0):
			case v.Lo >= 0 || v.Hi <= 0:
				out = y
			case n.Func().Name == "max": // y + max(d, 0)
				out, ok = a.add(y, &series{rem: v.Max(interval.Point(0)), rm: m})
			default:
				out, ok = a.add(y, &series{rem: v.Min(interval.Point(0)), rm: m})
			}
			if !ok || !v.IsBounded() {
				return nil, false
			}
		}
		return out, true
	case "beta":
		return a.beta(args[0], args[1])
	case "polygamma":
		return a.polygamma(n.Arg(0), args[1])
	case "hypot", "logsumexp", "clamp":
		return a.means(n, args)
	case "mod": // a remainder, for a modulus without x
		b := n.Arg(1)
		s, ok := a.c.Sign(b)
		if b.Has(a.x) || !ok || s == 0 {
			return nil, false
		}
		v := a.c.Rough(b)
		return &series{rem: v.Hull(interval.Point(0))}, v.IsBounded()
	}
	return nil, false
}

// means expands the formula of the row of a function of several arguments.
func (a *Tail) means(n expr.Expr, args []*series) (*series, bool) {
	f, pool := n.Func(), a.c.T.Pool()
	vars := make([]expr.Expr, len(args))
	for i := range vars {
		vars[i] = pool.Var(fmt.Sprint("u", i))
	}
	if f.Variadic { // logsumexp
		terms := make([]expr.Expr, len(vars))
		for i, v := range vars {
			terms[i] = pool.Call(fn.Lookup("exp"), v)
		}
		return a.writtenOf(pool.Call(fn.Lookup("log"), pool.Make(expr.Add, terms...)), vars, args)
	}
	return a.writtenOf(simplify.Instance(f, f.Means, pool, vars), vars, args)
}

// beta expands gamma(x)·gamma(y)/gamma(x + y), by the logarithms where x and y are
// positive: of these large parts cancel.
func (a *Tail) beta(x, y *series) (*series, bool) {
	sum, ok := a.add(x, y)
	if !ok {
		return nil, false
	}
	name := "lgamma"
	for _, u := range [2]*series{x, y} {
		if _, v, ok := a.lead(u); !ok || !(v.Lo > 0) {
			name = "gamma"
		}
	}
	f := fn.Lookup(name)
	p, ok1 := a.call(f, x)
	q, ok2 := a.call(f, y)
	r, ok3 := a.call(f, sum)
	if !ok1 || !ok2 || !ok3 {
		return nil, false
	}
	if name == "gamma" {
		if p, ok1 = a.mul(p, q); !ok1 {
			return nil, false
		}
		if r, ok1 = a.pow(r, number.Int(-1)); !ok1 {
			return nil, false
		}
		return a.mul(p, r)
	}
	if p, ok1 = a.add(p, q); !ok1 {
		return nil, false
	}
	if r, ok1 = a.negate(r); !ok1 {
		return nil, false
	}
	if p, ok1 = a.add(p, r); !ok1 {
		return nil, false
	}
	return a.exp(p)
}
