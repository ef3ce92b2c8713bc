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
func (a *Tail) compose(eps *series, h []expr.Expr, rest interval.I) *series {
	out := &series{}
	p := a.single(1, scale{})
	for _, c := range h {
		s, ok := a.c.Sign(c)
		if !ok {
			return nil
		}
		if s != 0 {
			out = a.add(out, a.times(p, c, scale{}))
		}
		if p = a.mul(p, eps); p == nil || out == nil {
			return nil
		}
	}
	if len(p.terms) == 0 && p.exact() {
		return out
	}
	m, v, ok := a.lead(p)
	return out.only(ok && rest.IsBounded() && a.absorb(out, v.Mul(rest), m) && a.settle(out))
}

// fewTerms is how many terms of a Taylor series are kept, manyTerms how many where so many cancel
// that nothing is left of them, as of (x - sin(x))/x^3 at 0.
const fewTerms, manyTerms = 4, 8

// pow returns x^n.
func (a *Tail) pow(x *series, n number.Number) *series {
	if x == nil {
		return nil
	}
	if k, ok := n.Int64(); ok && k >= 0 && k <= 6 {
		out := a.single(1, scale{})
		for range k {
			out = a.mul(out, x)
		}
		if out != nil && k%2 == 0 && len(out.terms) == 0 {
			out.rem = out.rem.Max(interval.Point(0)) // an even power
		}
		return out
	}
	if len(x.terms) == 0 {
		i := x.rem
		switch k, ok := n.Int64(); {
		case x.exact():
			return (&series{}).only(n.Sign() > 0)
		case n.IsInt():
			if i.Has(0) || !ok || k > 1<<20 || k < -1<<20 {
				return nil
			}
			i = i.PowInt(int(k))
		case !(i.Lo > 0):
			return nil
		default:
			i = i.Pow(exact.HullOf(n))
		}
		return enclosed(i, a.powScale(x.rm, n))
	}
	lead, eps, size, ok := a.split(x)
	if !ok || size.Mag() > 0.9 {
		return nil
	}
	s, ok := a.c.Sign(lead.c)
	if !ok || s < 0 && !n.IsInt() {
		return nil
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
		return nil
	}
	r := a.compose(eps, h, rest)
	if r == nil {
		return nil
	}
	return a.times(r, a.c.Simplify(a.c.T.Pow(lead.c, a.num(n))), a.powScale(lead.m, n))
}

// exp returns e^x.
func (a *Tail) exp(x *series) *series {
	if x == nil {
		return nil
	}
	var m scale
	small := &series{rem: x.rem, rm: x.rm}
	coef := a.int(1)
	for i, t := range x.terms {
		g, ok := a.growth(t.m)
		switch {
		case !ok:
			return nil
		case g < 0:
			small.terms = append(small.terms, t)
		case g == 0:
			coef = a.c.Simplify(a.c.T.Call(fn.Lookup("exp"), t.c))
		case len(t.m.e) > 0:
			if i > 0 {
				return nil
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
			return nil
		}
		if g > 0 {
			if s := a.beyond(x); s != nil {
				return s
			}
			return a.between(x)
		}
		if g == 0 { // only a factor between bounds is known
			return enclosed(interval.Exp(small.rem).Mul(a.c.Rough(coef)), m)
		}
	}
	size, ok := a.sizeOf(small)
	if !ok || size.Mag() > 50 {
		return nil
	}
	h := make([]expr.Expr, a.kept)
	c := number.Int(1)
	for k := range h {
		h[k] = a.num(c)
		c, _ = c.Quo(number.Int(int64(k + 1)))
	}
	rest := exact.HullOf(c).Mul(interval.Exp(size.Hull(interval.Point(0))))
	return a.times(a.compose(small, h, rest), coef, m)
}

// beyond returns e^x for x that goes beyond what a scale may have in its exponent: for
// x above t² on [T, ∞) a remainder in [1, ∞] of the scale exp(t²), for x below -t² one
// in [0, 1] of exp(-t²), or the same with √t, or with 3 log t. That is all that is said.
func (a *Tail) beyond(x *series) *series {
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
			_, v, ok := a.lead(a.add(x, a.single(-sign*than.c, scale{p: than.m})))
			switch {
			case !ok:
			case sign < 0 && v.Hi <= 0:
				return &series{rem: interval.New(0, 1), rm: a.powScale(than.e, number.Int(-1))}
			case sign > 0 && v.Lo >= 0:
				return &series{rem: interval.New(1, math.Inf(1)), rm: than.e}
			}
		}
	}
	return nil
}

// between returns e^x for x with a remainder that grows: where e^x with the upper end of
// the remainder falls to 0 that bounds it from above, else its lower end from below.
func (a *Tail) between(x *series) *series {
	end := func(v float64) (m scale, i interval.I, growth int, ok bool) { // of e^x with v for the remainder
		n, ok := number.FromFloat(v)
		if !ok {
			return m, i, 0, false
		}
		r := &series{}
		if n.Sign() != 0 {
			r.terms = []seriesTerm{{a.num(n), x.rm}}
		}
		y := a.add(&series{terms: x.terms}, r)
		if y == nil || !y.exact() {
			return m, i, 0, false
		}
		if m, i, ok = a.lead(a.exp(y)); !ok {
			return m, i, 0, false
		}
		growth, ok = a.growth(m)
		return m, i, growth, ok
	}
	if m, i, g, ok := end(x.rem.Hi); ok && g < 0 && i.Lo >= 0 {
		return enclosed(interval.New(0, i.Hi), m)
	}
	if m, i, _, ok := end(x.rem.Lo); ok && i.Lo >= 0 {
		return &series{rem: interval.New(i.Lo, math.Inf(1)), rm: m}
	}
	return nil
}

// log returns log x.
func (a *Tail) log(x *series) *series {
	if x == nil {
		return nil
	}
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
			return nil
		}
		return out.only(a.absorb(out, interval.Log(x.rem), scale{}) && a.settle(out))
	}
	lead, eps, size, ok := a.split(x)
	if !ok || size.Mag() > 0.9 {
		return nil
	}
	if s, ok := a.c.Sign(lead.c); !ok || s <= 0 || !logScale(lead.m) {
		return nil
	}
	if out = a.add(out, a.constant(a.c.Simplify(a.c.T.Call(fn.Lookup("log"), lead.c)))); out == nil {
		return nil
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
	return a.add(out, a.compose(eps, h, rest))
}

// expand returns the series of the tidy formula e.
func (a *Tail) expand(e expr.Expr) *series {
	for n := range e.All() {
		if _, done := a.memo[n]; done {
			continue
		}
		s := a.node(n)
		if s == nil && a.c.Tired() { // another attempt may get further
			return nil
		}
		a.memo[n] = s
	}
	return a.memo[e]
}

// nodeCost is what the expansion of a node counts, besides that of new coefficients.
const nodeCost = 8

func (a *Tail) node(n expr.Expr) *series {
	if n.Op().IsCondition() || a.c.Tired() {
		return nil
	}
	a.c.Spend(nodeCost)
	if !n.Has(a.x) {
		return a.constant(a.c.Simplify(n))
	}
	if a.of.Valid() {
		if s := a.atZero(n); s != nil {
			return s
		}
	}
	if n.Op() == expr.Mul {
		if s := a.exponentials(n); s != nil {
			return s
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
		s := a.operate(n, args)
		if s == nil && !a.c.Tired() {
			return a.inRange(n)
		}
		return s
	}
	if !a.at.Valid() {
		return a.single(int64(a.dir), scale{p: monomial{a: whole(1)}})
	}
	return a.add(a.constant(a.at), a.single(int64(a.dir), scale{p: monomial{a: whole(-1)}}))
}

// branch returns the series of the branch of n in which the tail lies.
func (a *Tail) branch(n expr.Expr) *series {
	c := n.Arg(0)
	if !c.Op().IsRelation() {
		return nil
	}
	switch sign := a.SignPast(a.c.T.Sub(c.Arg(0), c.Arg(1))); {
	case sign == 0:
		return nil
	case c.Op().Holds(sign):
		return a.memo[n.Arg(1)]
	}
	return a.memo[n.Arg(2)]
}

// inRange returns what is known of the call n of a bounded function without its operands.
func (a *Tail) inRange(n expr.Expr) *series {
	if n.Op() != expr.Call || n.Func().Enclose == nil || n.Len() == 0 {
		return nil
	}
	return enclosed(n.Func().Enclose(slices.Repeat([]interval.I{interval.Whole}, n.Len())), scale{})
}

// exponentials expands a product with several factors e^u, b^u by the sum of their
// exponents, of which large parts may cancel.
func (a *Tail) exponentials(n expr.Expr) *series {
	sum, rest, several := (*series)(nil), a.single(1, scale{}), false
	for _, f := range n.Args() {
		u := a.exponent(f)
		switch {
		case u != nil && sum == nil:
			sum = u
		case u != nil:
			several = true
			if sum = a.add(sum, u); sum == nil {
				return nil
			}
		default:
			if rest = a.mul(rest, a.memo[f]); rest == nil {
				return nil
			}
		}
	}
	if !several {
		return nil
	}
	return a.mul(rest, a.exp(sum))
}

// exponent returns the u with f = e^u for an exponential or a power with a varying
// exponent.
func (a *Tail) exponent(f expr.Expr) *series {
	switch {
	case f.IsCall("exp") && f.Has(a.x):
		return a.memo[f.Arg(0)]
	case f.Op() == expr.Pow && f.Arg(1).Has(a.x):
		if u := a.memo[f.Arg(1)]; u != nil {
			return a.mul(a.log(a.memo[f.Arg(0)]), u)
		}
	}
	return nil
}

// operate expands node n from the expansions of its operands.
func (a *Tail) operate(n expr.Expr, args []*series) *series {
	switch n.Op() {
	case expr.Neg:
		return a.negate(args[0])
	case expr.Div:
		return a.mul(args[0], a.pow(args[1], number.Int(-1)))
	case expr.Add:
		out := args[0]
		for _, y := range args[1:] {
			out = a.add(out, y)
		}
		return out
	case expr.Mul:
		out := args[0]
		for _, y := range args[1:] {
			out = a.mul(out, y)
		}
		return out
	case expr.Pow:
		if n.Arg(1).Op() == expr.Num {
			return a.pow(args[0], n.Arg(1).Number())
		}
		return a.exp(a.mul(a.log(args[0]), args[1]))
	case expr.Call:
		if len(args) == 1 {
			return a.call(n.Func(), args[0])
		}
		return a.callMany(n, args)
	}
	return nil
}

// callMany expands the functions of several arguments that are pieced together.
func (a *Tail) callMany(n expr.Expr, args []*series) *series {
	switch n.Func().Name {
	case "min", "max":
		out := args[0]
		for _, y := range args[1:] {
			d := a.add(out, a.negate(y))
			if d != nil && len(d.terms) == 0 && d.exact() {
				continue
			}
			m, v, ok := a.lead(d)
			if !ok {
				return nil
			}
			switch {
			case (v.Lo >= 0) == (n.Func().Name == "max") && (v.Lo >= 0 || v.Hi <= 0):
			case v.Lo >= 0 || v.Hi <= 0:
				out = y
			case n.Func().Name == "max": // y + max(d, 0)
				out = a.add(y, &series{rem: v.Max(interval.Point(0)), rm: m})
			default:
				out = a.add(y, &series{rem: v.Min(interval.Point(0)), rm: m})
			}
			if out == nil || !v.IsBounded() {
				return nil
			}
		}
		return out
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
			return nil
		}
		return enclosed(a.c.Rough(b).Hull(interval.Point(0)), scale{})
	}
	return nil
}

// means expands the formula of the row of a function of several arguments.
func (a *Tail) means(n expr.Expr, args []*series) *series {
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
func (a *Tail) beta(x, y *series) *series {
	sum := a.add(x, y)
	if sum == nil {
		return nil
	}
	name := "lgamma"
	for _, u := range [2]*series{x, y} {
		if _, v, ok := a.lead(u); !ok || !(v.Lo > 0) {
			name = "gamma"
		}
	}
	f := fn.Lookup(name)
	p, q, r := a.call(f, x), a.call(f, y), a.call(f, sum)
	if name == "gamma" {
		return a.mul(a.mul(p, q), a.pow(r, number.Int(-1)))
	}
	return a.exp(a.add(a.add(p, q), a.negate(r)))
}
