package verify

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
)

// This file writes formulas in t as sums of products, for tail.go.

// A product is c·exp(arg)·Π base^w, for t ≥ R ≥ 1.
type product struct {
	c       number.Number
	arg     expr.Expr // tidy; not Valid for 0
	factors []factor
}

type factor struct {
	base expr.Expr
	w    number.Number
}

// A sum is one of products; ok is false where a formula could not be written so.
type sum struct {
	p  []product
	ok bool
}

// plain is the number c as a sum.
func plain(c number.Number) []product {
	if c.Sign() == 0 {
		return nil
	}
	return []product{{c: c}}
}

// expand writes e, for t in [from, ∞), as a sum of products. Wherever e is
// defined, the sum is and has the same value.
func (k *tail) expand(e expr.Expr) ([]product, bool) {
	if e.Size() > 400 {
		return nil, false
	}
	r := expr.Fold(e, func(n expr.Expr, args []sum) sum {
		if n.Op().IsCondition() {
			return sum{nil, true}
		}
		if slices.ContainsFunc(args, func(a sum) bool { return !a.ok }) {
			return sum{}
		}
		s := k.expandNode(n, args)
		s.ok = s.ok && len(s.p) <= tailTerms
		return s
	})
	return r.p, r.ok
}

func (k *tail) expandNode(n expr.Expr, args []sum) sum {
	switch n.Op() {
	case expr.Num:
		return sum{plain(n.Number()), true}
	case expr.Var:
		return sum{k.atom(n, number.Int(1)), true}
	case expr.Add:
		var out []product
		for _, a := range args {
			out = append(out, a.p...)
		}
		return sum{k.collect(out), true}
	case expr.Mul:
		out := sum{plain(number.Int(1)), true}
		for _, a := range args {
			out = k.times(out, a)
		}
		return out
	case expr.Neg:
		return sum{k.scale(args[0].p, number.Int(-1)), true}
	case expr.Div:
		q, ok := k.raise(args[1].p, number.Int(-1))
		return k.times(args[0], sum{q, ok})
	case expr.Pow:
		if w := k.t.Tidy(n.Arg(1)); w.Op() == expr.Num {
			p, ok := k.raise(args[0].p, w.Number())
			return sum{p, ok}
		}
		// b^w = exp(w·log b), for one term b > 0.
		if log, ok := k.log(args[0].p); ok {
			return k.exp(k.times(args[1], sum{log, true}))
		}
		return sum{k.atom(k.t.Make(expr.Pow, k.build(args[0].p), k.build(args[1].p)), number.Int(1)), true}
	case expr.If:
		switch k.truth(n.Arg(0)) {
		case 1:
			return args[1]
		case -1:
			return args[2]
		}
		return sum{k.atom(k.t.Tidy(n), number.Int(1)), true}
	case expr.Call:
		if len(args) == 0 {
			return sum{k.atom(n, number.Int(1)), true}
		}
		return k.call(n.Func(), args)
	}
	return sum{}
}

// times multiplies two sums.
func (k *tail) times(a, b sum) sum {
	if !a.ok || !b.ok || len(a.p)*len(b.p) > 4*tailTerms {
		return sum{}
	}
	var out []product
	for _, p := range a.p {
		for _, q := range b.p {
			out = append(out, k.mul(p, q, 1))
		}
	}
	out = k.collect(out)
	return sum{out, len(out) <= tailTerms}
}

func (k *tail) exp(u sum) sum {
	if !u.ok {
		return sum{}
	}
	if s, ok := k.nearby(k.row("exp"), u.p); ok {
		return s
	}
	out := product{c: number.Int(1)}
	if e := k.build(u.p); !e.IsNum(0) {
		out.arg = e
	}
	return sum{[]product{out}, true}
}

// row is the function of that name of a variable z.
func (k *tail) row(name string) expr.Expr { return k.t.Call(fn.Lookup(name), k.t.Var("z")) }

// call expands a function of sums.
func (k *tail) call(f *fn.Func, args []sum) sum {
	u := args[0]
	if s, ok := k.knownCall(f, args); ok {
		return s
	}
	in := make([]expr.Expr, len(args))
	for i := range args {
		in[i] = k.build(args[i].p)
	}
	if k.order > 0 && k.depth < tailDepth {
		if len(args) == 1 {
			if s, ok := k.nearby(k.t.Call(f, k.t.Var("z")), u.p); ok {
				return s
			}
			if s, ok := k.farOut(f, u.p); ok {
				return s
			}
		}
		if f.Means != "" {
			k.depth++
			p, ok := k.expand(k.t.Tidy(simplify.Instance(f, f.Means, k.t, in)))
			if k.depth--; ok {
				return sum{p, true}
			}
		}
	}
	return sum{k.atom(k.t.Call(f, in...), number.Int(1)), true}
}

// knownCall expands the functions of which more is known than that they are smooth.
func (k *tail) knownCall(f *fn.Func, args []sum) (sum, bool) {
	u := args[0]
	switch f.Name {
	case "exp":
		return k.exp(u), true
	case "sqrt":
		p, ok := k.raise(u.p, number.Frac(1, 2))
		return sum{p, ok}, ok
	case "log":
		p, ok := k.log(u.p)
		return sum{p, ok}, ok && len(args) == 1
	case "cbrt":
		s, strict := k.sign(u.p, tailDepth-1)
		if strict {
			p, ok := k.raise(k.scale(u.p, number.Int(int64(s))), number.Frac(1, 3))
			return sum{k.scale(p, number.Int(int64(s))), ok}, ok
		}
	case "abs":
		s, _ := k.sign(u.p, tailDepth-1)
		return sum{k.scale(u.p, number.Int(int64(s))), true}, s != 0
	case "max", "min":
		if len(args) != 2 {
			return sum{}, false
		}
		s, _ := k.sign(k.collect(append(slices.Clone(u.p), k.scale(args[1].p, number.Int(-1))...)), tailDepth-1)
		if f.Name == "min" {
			s = -s
		}
		return args[(1-s)/2], s != 0
	case "sin", "cos":
		if v := k.turned(u.p); len(v) < len(u.p) {
			return k.call(f, []sum{{v, true}}), true
		}
	case "floor":
		return k.floor(u.p)
	case "gamma":
		// gamma(u) = gamma(u + n)/(u (u + 1) … (u + n - 1)): n leads away from a pole.
		c, v := k.split(u.p)
		if r, _ := k.eval(k.build(v), k.over()); k.order == 0 || !(r.Mag() < 0.5) || c.Op() != expr.Num || !c.Number().IsInt() {
			break
		}
		n, ok := c.Number().Int64()
		if !ok || n > 0 || n < -12 {
			break
		}
		out := k.call(f, []sum{{k.less(u.p, number.Int(n-1)), true}})
		for i := int64(0); i <= -n; i++ {
			v, ok := k.raise(k.less(u.p, number.Int(-i)), number.Int(-1))
			out = k.times(out, sum{v, ok})
		}
		return out, out.ok
	}
	return sum{}, false
}

// turned returns u without full turns 2π·n·t, for whole t.
func (k *tail) turned(u []product) []product {
	if !k.whole {
		return u
	}
	return slices.DeleteFunc(slices.Clone(u), func(p product) bool {
		n, ok := p.c.Int64()
		if !ok || !p.c.IsInt() || n%2 != 0 || p.arg.Valid() {
			return false
		}
		pi := 0
		for _, f := range p.factors {
			switch {
			case f.base == k.x && f.w.IsInt() && f.w.Sign() > 0:
			case f.base.IsCall("pi") && f.w == number.Int(1):
				pi++
			default:
				return false
			}
		}
		return pi == 1
	})
}

// floor expands floor(u): exactly where u is near a constant, on one side of the next
// whole number, and otherwise as u less a number in [0, 1].
func (k *tail) floor(u []product) (sum, bool) {
	v, _ := k.eval(k.build(u), k.over())
	lo, hi := math.Floor(v.Lo), math.Floor(v.Hi)
	if v.IsBounded() && math.Abs(lo) < 1<<50 {
		at := number.Int(int64(lo))
		if lo == hi {
			return sum{plain(at), true}, true
		}
		if next := at.Add(number.Int(1)); hi == lo+1 {
			switch s, strict := k.sign(k.less(u, next), tailDepth-1); {
			case s > 0:
				return sum{plain(next), true}, true
			case s < 0 && strict:
				return sum{plain(at), true}, true
			}
		}
	}
	if k.order == 0 {
		return sum{}, false
	}
	r, _ := k.unknown(remainder{in: interval.New(-1, 0)})
	return sum{k.collect(append(slices.Clone(u), r...)), true}, true
}

// isConstant reports whether t does not occur in a product, nor any remainder.
func (k *tail) isConstant(p product) bool {
	return !(p.arg.Valid() && len(p.arg.Vars()) > 0) && !slices.ContainsFunc(p.factors, func(f factor) bool { return len(f.base.Vars()) > 0 })
}

// split returns the constant part of a sum, and the rest.
func (k *tail) split(u []product) (c expr.Expr, rest []product) {
	var constant []product
	for _, p := range u {
		if k.isConstant(p) {
			constant = append(constant, p)
		} else {
			rest = append(rest, p)
		}
	}
	return k.t.Tidy(k.build(constant)), rest
}

// nearby expands g(u), a formula in z, near the constant part c of u = c + v by the
// theorem of Taylor, where v is small:
//
//	g(u) = g(c) + g'(c) v + … + g⁽ⁿ⁾(ξ)/n! vⁿ,  ξ between c and u
func (k *tail) nearby(g expr.Expr, u []product) (sum, bool) {
	if k.order == 0 {
		return sum{}, false
	}
	c, v := k.split(u)
	size, _ := k.eval(k.build(v), k.over())
	if len(v) == 0 || !(size.Mag() <= 0.5) || size.IsEmpty() {
		return sum{}, false
	}
	middle, _ := k.eval(c, k.over())
	near := middle.Hull(middle.Add(size))
	out, power := sum{nil, true}, sum{plain(number.Int(1)), true}
	factorial := number.Int(1)
	for i := 0; ; i++ {
		// The enclosure of g on near is that of a formula in z, with near in its place.
		r, dec := k.evalAt(g, near)
		if dec != interval.Continuous || r.IsEmpty() {
			return sum{}, false
		}
		term := sum{ok: true}
		if i < k.order {
			at := k.t.Tidy(k.t.Pool().Substitute(g, map[string]expr.Expr{"z": c}))
			if b, _ := k.eval(at, k.over()); !b.Has(0) || !k.isZero(at) {
				term.p, term.ok = k.expand(at)
			}
		} else {
			term.p, term.ok = k.unknown(remainder{in: r})
		}
		term.p = k.scale(term.p, factorial)
		term = k.times(term, power)
		out = sum{k.collect(append(out.p, term.p...)), out.ok && term.ok}
		if !out.ok || i == k.order {
			return out, out.ok
		}
		g = k.t.Tidy(diff.D(g, "z"))
		power = k.times(power, sum{v, true})
		factorial, _ = factorial.Quo(number.Int(int64(i + 1)))
	}
}

// evalAt encloses a formula in z alone on an interval.
func (k *tail) evalAt(g expr.Expr, z interval.I) (interval.I, interval.Dec) {
	return k.eval(k.t.Pool().Substitute(g, map[string]expr.Expr{"z": k.x}), z)
}

// farOut expands f(u) where u tends to ±∞ and f to a constant there, which a strictly
// monotone function does not reach.
func (k *tail) farOut(f *fn.Func, u []product) (sum, bool) {
	e := k.build(u)
	side := k.side(e)
	limit := f.Limits[(side+1)/2]
	if side == 0 || f.Monotone == 0 || limit == "" || limit == "inf" || limit == "-inf" {
		return sum{}, false
	}
	c := k.t.Tidy(expr.MustParse(limit))
	at, _ := k.eval(c, k.over())
	values, dec := k.eval(k.t.Call(f, e), k.over())
	if dec < interval.Defined {
		return sum{}, false
	}
	p, ok := k.expand(c)
	r, ok2 := k.unknown(remainder{in: values.Sub(at), sign: -f.Monotone * side, vanishes: true})
	return sum{append(p, r...), true}, ok && ok2
}

// dominated writes a sum as T·(1 + v), where v, the others divided by T, is small;
// T has no zero.
func (k *tail) dominated(u []product) (t product, v []product, ok bool) {
	if k.order == 0 {
		return t, nil, false
	}
	for i := range u {
		if k.strictSign(u[i]) == 0 {
			continue
		}
		v = v[:0]
		for j := range u {
			if j != i {
				v = append(v, k.mul(u[j], u[i], -1))
			}
		}
		if r, _ := k.eval(k.build(v), k.over()); r.Mag() <= 0.5 {
			return u[i], k.collect(v), true
		}
	}
	return t, nil, false
}

// ofOneAnd is a function of 1 + z.
func (k *tail) ofOneAnd(g func(z expr.Expr) expr.Expr) expr.Expr {
	return g(k.t.Add(k.t.Int(1), k.t.Var("z")))
}

// raise returns the power w of a sum, as a whole if need be.
func (k *tail) raise(u []product, w number.Number) ([]product, bool) {
	if p, ok := k.pow(u, w); ok {
		return p, true
	}
	if len(u) > 1 {
		if t, v, ok := k.dominated(u); ok {
			front, ok1 := k.pow([]product{t}, w)
			back, ok2 := k.nearby(k.ofOneAnd(func(z expr.Expr) expr.Expr { return k.t.Pow(z, k.t.Num(w)) }), v)
			if s := k.times(sum{front, ok1}, back); ok2 && s.ok {
				return s.p, true
			}
		}
	}
	b := k.build(u)
	if b.IsNum(0) && w.Sign() <= 0 {
		return nil, false
	}
	return k.atom(b, w), true
}

// atom is the formula e to a power, taken as a whole.
func (k *tail) atom(e expr.Expr, w number.Number) []product {
	if e.Op() == expr.Num {
		if e.Number().Sign() == 0 && w.Sign() > 0 {
			return nil
		}
		if n, whole := w.Int64(); whole && w.IsInt() && n > -1000 && n < 1000 {
			if c, ok := e.Number().Pow(int(n)); ok {
				return []product{{c: c}}
			}
		}
	}
	return []product{{c: number.Int(1), factors: []factor{{e, w}}}}
}

func (k *tail) scale(p []product, c number.Number) []product {
	out := slices.Clone(p)
	for i := range out {
		out[i].c = out[i].c.Mul(c)
	}
	return out
}

// mul returns p·q^s for s = 1 or -1; for -1, q has no zero on [from, ∞).
func (k *tail) mul(p, q product, s int64) product {
	c := q.c
	if s < 0 {
		c, _ = c.Inv()
	}
	out := product{c: p.c.Mul(c), arg: p.arg, factors: slices.Clone(p.factors)}
	if q.arg.Valid() {
		a := q.arg
		if s < 0 {
			a = k.t.Neg(a)
		}
		if out.arg.Valid() {
			a = k.t.Add(out.arg, a)
		}
		out.arg = a
	}
	for _, f := range q.factors {
		f.w = f.w.Mul(number.Int(s))
		at := slices.IndexFunc(out.factors, func(g factor) bool { return g.base == f.base })
		if at < 0 {
			out.factors = append(out.factors, f)
			continue
		}
		if out.factors[at].w = out.factors[at].w.Add(f.w); out.factors[at].w.Sign() == 0 {
			out.factors = slices.Delete(out.factors, at, at+1)
		}
	}
	if out.arg.Valid() && out.arg.IsNum(0) {
		out.arg = expr.Expr{}
	}
	return out
}

// pow returns the power w of a sum: of one term, or a small whole power.
func (k *tail) pow(p []product, w number.Number) ([]product, bool) {
	n, whole := w.Int64()
	whole = whole && w.IsInt()
	if len(p) != 1 {
		if !whole || n < 1 || n > 6 || len(p) == 0 {
			return nil, false
		}
		out := sum{plain(number.Int(1)), true}
		for range n {
			out = k.times(out, sum{p, true})
		}
		return out.p, out.ok
	}
	q := p[0]
	out := product{c: number.Int(1)}
	switch {
	case whole:
		c, ok := q.c.Pow(int(max(-201, min(n, 201))))
		if !ok || n < -200 || n > 200 {
			return nil, false
		}
		out.c = c
	case !k.positive(q): // the rules of powers hold for positive factors
		return nil, false
	case q.c != number.Int(1):
		out.factors = []factor{{k.t.Num(q.c), w}}
	}
	if q.arg.Valid() {
		out.arg = k.t.Mul(k.t.Num(w), q.arg)
	}
	for _, f := range q.factors {
		out.factors = append(out.factors, factor{f.base, f.w.Mul(w)})
	}
	return []product{out}, true
}

// positive reports whether all factors of a product are positive.
func (k *tail) positive(p product) bool {
	return p.c.Sign() > 0 && !slices.ContainsFunc(p.factors, func(f factor) bool { return k.baseSign(f.base, number.Int(1)) <= 0 })
}

// log returns the logarithm of a positive term, or of one that outweighs others.
func (k *tail) log(p []product) ([]product, bool) {
	if len(p) > 1 {
		t, v, ok := k.dominated(p)
		if !ok {
			return nil, false
		}
		front, ok := k.log([]product{t})
		back, ok2 := k.nearby(k.ofOneAnd(func(z expr.Expr) expr.Expr { return k.t.Call(fn.Lookup("log"), z) }), v)
		if !ok || !ok2 {
			return nil, false
		}
		return k.collect(append(front, back.p...)), true
	}
	if len(p) != 1 || p[0].c.Sign() == 0 {
		return nil, false
	}
	q := p[0]
	// Two negative factors make a positive one.
	if !k.positive(q) {
		if k.strictSign(q) <= 0 {
			return nil, false
		}
		q.c, q.factors = k.absolute(q)
	}
	var out []product
	log := func(e expr.Expr, w number.Number) {
		for _, f := range k.atom(k.t.Call(fn.Lookup("log"), e), number.Int(1)) {
			f.c = f.c.Mul(w)
			out = append(out, f)
		}
	}
	if q.c != number.Int(1) {
		log(k.t.Num(q.c), number.Int(1))
	}
	if q.arg.Valid() {
		e, ok := k.expand(q.arg)
		if !ok {
			return nil, false
		}
		out = append(out, e...)
	}
	for _, f := range q.factors {
		log(f.base, f.w)
	}
	return k.collect(out), true
}

// absolute returns the factors of a product that has no zero with their absolute values.
func (k *tail) absolute(p product) (number.Number, []factor) {
	c := p.c
	if c.Sign() < 0 {
		c = c.Neg()
	}
	factors := slices.Clone(p.factors)
	for i, f := range factors {
		if v, _ := k.eval(f.base, k.over()); v.Hi < 0 {
			factors[i].base = k.t.Neg(f.base)
		}
	}
	return c, factors
}

// collect adds up equal terms.
func (k *tail) collect(p []product) []product {
	var out []product
next:
	for _, q := range p {
		for i := range out {
			if sameProduct(out[i], q) {
				out[i].c = out[i].c.Add(q.c)
				continue next
			}
		}
		out = append(out, q)
	}
	return slices.DeleteFunc(out, func(q product) bool { return q.c.Sign() == 0 })
}

func sameProduct(a, b product) bool {
	if a.arg != b.arg || len(a.factors) != len(b.factors) {
		return false
	}
	for _, f := range a.factors {
		if !slices.Contains(b.factors, f) {
			return false
		}
	}
	return true
}

// build returns a sum as a tidy formula.
func (k *tail) build(p []product) expr.Expr {
	terms := make([]expr.Expr, len(p))
	for i := range p {
		terms[i] = k.buildOne(p[i])
	}
	switch len(terms) {
	case 0:
		return k.t.Int(0)
	case 1:
		return terms[0]
	}
	return k.t.Add(terms...)
}

func (k *tail) buildOne(p product) expr.Expr {
	f := []expr.Expr{k.t.Num(p.c)}
	if p.arg.Valid() {
		f = append(f, k.t.Call(fn.Lookup("exp"), p.arg))
	}
	for _, b := range p.factors {
		f = append(f, k.t.Pow(b.base, k.t.Num(b.w)))
	}
	if len(f) == 1 {
		return f[0]
	}
	return k.t.Mul(f...)
}
