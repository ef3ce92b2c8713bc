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

// A sum is one of products, no two of which are multiples of one; it is nil where a formula could not be written so.
type sum []product

// plain is the number c as a sum.
func plain(c number.Number) sum {
	if c.Sign() == 0 {
		return sum{}
	}
	return sum{{c: c}}
}

// expand writes e, for t in [from, ∞), as a sum of products. Wherever e is
// defined, the sum is and has the same value.
func (k *tail) expand(e expr.Expr) sum {
	if e.Size() > 400 {
		return nil
	}
	return expr.Fold(e, func(n expr.Expr, args []sum) sum {
		if n.Op().IsCondition() {
			return sum{}
		}
		if slices.ContainsFunc(args, func(a sum) bool { return a == nil }) {
			return nil
		}
		return k.expandNode(n, args)
	})
}

// single is the formula e as a sum of one product.
func (k *tail) single(e expr.Expr) sum { return k.atom(e, number.Int(1)) }

func (k *tail) expandNode(n expr.Expr, args []sum) sum {
	switch n.Op() {
	case expr.Num:
		return plain(n.Number())
	case expr.Var:
		return k.single(n)
	case expr.Add:
		return k.add(args...)
	case expr.Mul:
		out := plain(number.Int(1))
		for _, a := range args {
			out = k.times(out, a)
		}
		return out
	case expr.Neg:
		return args[0].by(number.Int(-1))
	case expr.Div:
		return k.times(args[0], k.raise(args[1], number.Int(-1)))
	case expr.Pow:
		if w := k.t.Tidy(n.Arg(1)); w.Op() == expr.Num {
			return k.raise(args[0], w.Number())
		}
		// b^w = exp(w·log b), for one term b > 0.
		if log := k.log(args[0]); log != nil {
			return k.exp(k.times(args[1], log))
		}
		return k.single(k.t.Make(expr.Pow, k.build(args[0]), k.build(args[1])))
	case expr.If:
		switch k.truth(n.Arg(0)) {
		case 1:
			return args[1]
		case -1:
			return args[2]
		}
		return k.single(k.t.Tidy(n))
	case expr.Call:
		if len(args) == 0 {
			return k.single(n)
		}
		return k.call(n.Func(), args)
	}
	return nil
}

// add adds sums up, as long as there are few terms.
func (k *tail) add(sums ...sum) sum {
	out := sum{}
	for _, s := range sums {
		if s == nil {
			return nil
		}
	next:
		for _, q := range s {
			for i := range out {
				if sameProduct(out[i], q) {
					out[i].c = out[i].c.Add(q.c)
					continue next
				}
			}
			out = append(out, q)
		}
	}
	if out = slices.DeleteFunc(out, func(q product) bool { return q.c.Sign() == 0 }); len(out) > tailTerms {
		return nil
	}
	return out
}

// sub is a - b.
func (k *tail) sub(a, b sum) sum { return k.add(a, b.by(number.Int(-1))) }

// times multiplies two sums.
func (k *tail) times(a, b sum) sum {
	if a == nil || b == nil || len(a)*len(b) > 4*tailTerms {
		return nil
	}
	out := sum{}
	for _, p := range a {
		for _, q := range b {
			out = append(out, k.mul(p, q, 1))
		}
	}
	return k.add(out)
}

// by is p times the number c.
func (p sum) by(c number.Number) sum {
	out := slices.Clone(p)
	for i := range out {
		out[i].c = out[i].c.Mul(c)
	}
	return out
}

func (k *tail) exp(u sum) sum {
	if u == nil {
		return nil
	}
	if s := k.nearby(k.t.Call(fn.Lookup("exp"), k.t.Var("z")), u); s != nil {
		return s
	}
	// exp(v + r) = exp(v) exp(r), of which exp(r) is a remainder where r has remainders and is bounded.
	size, rest := interval.Point(0), slices.Clone(u)
	rest = slices.DeleteFunc(rest, func(p product) bool {
		if !slices.ContainsFunc(p.factors, func(f factor) bool { return k.known(f.base) != nil }) {
			return false
		}
		r := k.enclose(p, 1)
		if r.IsBounded() {
			size = size.Add(r)
		}
		return r.IsBounded()
	})
	var small sum
	if len(rest) < len(u) {
		small = k.unknown(interval.Exp(size))
	}
	out := plain(number.Int(1))
	rest = slices.DeleteFunc(rest, func(p product) bool { // exp(c log(b)) = b^c
		power := !p.arg.Valid() && len(p.factors) == 1 && p.factors[0].w == number.Int(1) && p.factors[0].base.IsCall("log") && p.factors[0].base.Len() == 1
		if power {
			out = k.times(out, k.atom(p.factors[0].base.Arg(0), p.c))
		}
		return power
	})
	if e := k.build(rest); !e.IsNum(0) {
		out = k.times(out, sum{{c: number.Int(1), arg: e}})
	}
	if size != interval.Point(0) {
		return k.times(out, small)
	}
	return out
}

// call expands a function of sums.
func (k *tail) call(f *fn.Func, args []sum) sum {
	if s := k.knownCall(f, args); s != nil {
		return s
	}
	in := make([]expr.Expr, len(args))
	for i := range args {
		in[i] = k.build(args[i])
	}
	constant := !slices.ContainsFunc(in, func(e expr.Expr) bool { return !e.IsConstant() })
	if k.order > 0 && k.depth < tailDepth && !constant {
		k.depth++
		defer func() { k.depth-- }()
		if len(args) == 1 {
			if s := k.nearby(k.t.Call(f, k.t.Var("z")), args[0]); s != nil {
				return s
			}
			if s := k.farOut(f, args[0]); s != nil {
				return s
			}
		}
		if f.Means != "" {
			if s := k.expand(k.t.Tidy(simplify.Instance(f, f.Means, k.t, in))); s != nil {
				return s
			}
		}
	}
	return k.single(k.t.Call(f, in...))
}

// knownCall expands the functions of which more is known than that they are smooth; nil for others.
func (k *tail) knownCall(f *fn.Func, args []sum) sum {
	u := args[0]
	switch f.Name {
	case "exp":
		return k.exp(u)
	case "sqrt":
		return k.raise(u, number.Frac(1, 2))
	case "log":
		if len(args) == 1 {
			return k.log(u)
		}
	case "cbrt", "root":
		n := int64(3)
		if len(args) == 2 {
			c := k.build(args[1])
			if c.Op() != expr.Num || !c.Number().IsInt() {
				return nil
			}
			n, _ = c.Number().Int64()
		}
		if s, strict := k.sign(u, tailDepth-1); strict && n > 0 && (s > 0 || n%2 == 1) {
			side := number.Int(int64(s))
			return k.raise(u.by(side), number.Frac(1, n)).by(side)
		}
	case "abs":
		if s, _ := k.sign(u, tailDepth-1); s != 0 {
			return u.by(number.Int(int64(s)))
		}
	case "max", "min":
		for _, w := range args[1:] {
			switch s, _ := k.sign(k.sub(u, w), tailDepth-1); {
			case s == 0:
				return nil
			case (s > 0) != (f.Name == "max"):
				u = w
			}
		}
		return u
	case "atan2":
		if s, strict := k.sign(args[1], tailDepth-1); s > 0 && strict {
			return k.call(fn.Lookup("atan"), []sum{k.times(u, k.raise(args[1], number.Int(-1)))})
		}
	case "asinh": // of u > 0, log(u + sqrt(u^2 + 1))
		if s, strict := k.sign(u, tailDepth-1); strict && k.order > 0 {
			side := number.Int(int64(s))
			u = u.by(side)
			return k.log(k.add(u, k.raise(k.plus(k.times(u, u), 1), number.Frac(1, 2)))).by(side)
		}
	case "sin", "cos":
		if v := k.turned(u); len(v) < len(u) {
			return k.call(f, []sum{v})
		}
	case "floor":
		return k.floor(u)
	case "gamma", "digamma":
		// gamma(u) = gamma(u + n)/(u (u + 1) … (u + n - 1)), and so for its logarithmic derivative: n leads away from a pole.
		c, v := k.split(u)
		if r, _ := k.eval(k.build(v), k.over()); k.order == 0 || !(r.Mag() < 0.5) || c.Op() != expr.Num || !c.Number().IsInt() {
			return k.reflected(f, u)
		}
		n, ok := c.Number().Int64()
		if !ok || n > 0 || n < -12 {
			break
		}
		out := k.call(f, []sum{k.plus(u, 1-n)})
		for i := int64(0); i <= -n; i++ {
			if pole := k.raise(k.plus(u, i), number.Int(-1)); f.Name == "gamma" {
				out = k.times(out, pole)
			} else {
				out = k.sub(out, pole)
			}
		}
		return out
	}
	return nil
}

// reflected expands gamma(u) far out on the left, π/(sin(πu) gamma(1 - u)).
func (k *tail) reflected(f *fn.Func, u sum) sum {
	if s, _ := k.sign(k.plus(u, 1), tailDepth-1); f.Name != "gamma" || s >= 0 {
		return nil
	}
	pi := k.expand(k.t.Tidy(expr.MustParse("pi")))
	turn := k.call(fn.Lookup("sin"), []sum{k.times(pi, u)})
	return k.times(pi, k.raise(k.times(turn, k.call(f, []sum{k.plus(u.by(number.Int(-1)), 1)})), number.Int(-1)))
}

// plus adds a whole number.
func (k *tail) plus(u sum, n int64) sum { return k.add(u, plain(number.Int(n))) }

// turned returns u without full turns 2π·n·t, for whole t.
func (k *tail) turned(u sum) sum {
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
func (k *tail) floor(u sum) sum {
	if k.whole { // whole multiples of powers of t pass through
		turns := slices.DeleteFunc(slices.Clone(u), func(p product) bool {
			return !p.c.IsInt() || p.arg.Valid() || len(p.factors) != 1 || p.factors[0].base != k.x || !p.factors[0].w.IsInt() || p.factors[0].w.Sign() < 0
		})
		if len(turns) > 0 {
			return k.add(turns, k.floor(k.sub(u, turns)))
		}
	}
	v, _ := k.eval(k.build(u), k.over())
	lo, hi := math.Floor(v.Lo), math.Floor(v.Hi)
	if v.IsBounded() && math.Abs(lo) < 1<<50 {
		if lo == hi {
			return plain(number.Int(int64(lo)))
		}
		if hi == lo+1 {
			switch s, strict := k.sign(k.plus(u, -int64(hi)), tailDepth-1); {
			case s > 0:
				return plain(number.Int(int64(hi)))
			case s < 0 && strict:
				return plain(number.Int(int64(lo)))
			}
		}
	}
	if k.order == 0 {
		return nil
	}
	return k.add(u, k.unknown(interval.New(-1, 0)))
}

// isConstant reports whether t does not occur in a product, nor any remainder.
func (k *tail) isConstant(p product) bool {
	return !(p.arg.Valid() && !p.arg.IsConstant()) && !slices.ContainsFunc(p.factors, func(f factor) bool { return !f.base.IsConstant() })
}

// split returns the constant part of a sum, and the rest.
func (k *tail) split(u sum) (c expr.Expr, rest sum) {
	constant := sum{}
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
func (k *tail) nearby(g expr.Expr, u sum) sum {
	if k.order == 0 {
		return nil
	}
	c, v := k.split(u)
	size := k.size(v)
	if len(v) == 0 || !(size.Mag() <= 0.5) || size.IsEmpty() {
		return nil
	}
	middle, _ := k.eval(c, k.over())
	near := middle.Hull(middle.Add(size))
	out, power := sum{}, plain(number.Int(1)) // vⁱ/i!
	for i := 0; ; i++ {
		// The enclosure of g on near is that of a formula in z, with near in its place.
		r, dec := k.eval(k.t.Pool().Substitute(g, map[string]expr.Expr{"z": k.x}), near)
		if dec != interval.Continuous || r.IsEmpty() {
			return nil
		}
		if i == k.order {
			return k.add(out, k.times(k.unknown(r), power))
		}
		at := k.t.Tidy(undone(k.t.Pool().Substitute(g, map[string]expr.Expr{"z": c})))
		if b, _ := k.eval(at, k.over()); !b.Has(0) || !k.isZero(at) {
			out = k.add(out, k.times(k.expand(at), power))
		}
		g = k.t.Tidy(diff.D(g, "z"))
		power = k.times(power, v).by(number.Frac(1, int64(i+1)))
	}
}

// A farForm is what a function is for arguments from some on, but for a number r of which an interval is known.
type farForm struct {
	means string // in x and r
	where string // a condition on x
	r     interval.I
}

// farForms are those of the functions that have no equal formula in elementary ones. For y = W(x) ≥ 1, y + log(y) = log(x), and y/log(x) is from
// e/(e + 1) to 1; for y = -Wm1(x) ≥ 1, y - log(y) = log(-1/x), and y/log(-1/x) is from 1 to e/(e - 1). Of log(gamma(x)) and its derivatives
// Binet's formulas say it, of erf and atan that erfc(x) exp(x^2) x and x atan(1/x) rise (Abramowitz and Stegun, 6.1.50, 6.3.21, 6.4.12, 7.1.13).
var farForms = map[string]farForm{
	"W":        {"log(x) - log(log(x)) + r", "x >= e", interval.New(0, 0.3133)},
	"Wm1":      {"-log(-1/x) - log(log(-1/x)) - r", "-1/x > e", interval.New(0, 0.4587)},
	"atan":     {"pi/2 - r/x", "x >= 1", interval.New(0.785, 1)},
	"erf":      {"1 - r*exp(-x^2)/x", "x >= 1", interval.New(0.4275, 0.5642)},
	"gamma":    {"r*exp((x - 1/2)*log(x) - x)", "x >= 1", interval.New(2.5066, 2.7245)},
	"lgamma":   {"(x - 1/2)*log(x) - x + log(2*pi)/2 + r/x", "x >= 1", interval.New(0, 0.0834)},
	"digamma":  {"log(x) - 1/(2*x) - r/x^2", "x >= 1", interval.New(0, 0.0834)},
	"trigamma": {"1/x + r/x^2", "x >= 1", interval.New(0.5, 1)},
}

// farOut expands f(u) for u far out, or -u where f is odd.
func (k *tail) farOut(f *fn.Func, u sum) sum {
	far, some := farForms[f.Name]
	for s := int64(1); some && s >= int64(f.Parity); s -= 2 {
		x := k.build(u.by(number.Int(s)))
		if k.truth(simplify.Instance(f, far.where, k.t, []expr.Expr{x})) <= 0 {
			continue
		}
		r := k.build(k.unknown(far.r))
		e := k.t.Pool().Substitute(simplify.Instance(f, far.means, k.t, []expr.Expr{x}), map[string]expr.Expr{"r": r})
		return k.expand(k.t.Tidy(e)).by(number.Int(s))
	}
	return nil
}

// size encloses a sum: at once, or where that is not small term by term, such as log(t)/t.
func (k *tail) size(v sum) interval.I {
	size, _ := k.eval(k.build(v), k.over())
	if !(size.Mag() <= 0.5) && len(v) <= 6 {
		size = interval.Point(0)
		for _, p := range v {
			size = size.Add(k.enclose(p, 1))
		}
	}
	return size
}

// dominated writes a sum as T·(1 + v), where v, the others divided by T, is small;
// T has no zero. It is nil where there is no such T.
func (k *tail) dominated(u sum) (t, v sum) {
	for i := range u {
		if k.order == 0 || k.strictSign(u[i]) == 0 {
			continue
		}
		v = nil
		for j := range u {
			if j != i {
				v = append(v, k.mul(u[j], u[i], -1))
			}
		}
		if v = k.add(v); k.size(v).Mag() <= 0.5 {
			return u[i : i+1], v
		}
	}
	return nil, nil
}

// raise returns the power w of a sum, as a whole if need be.
func (k *tail) raise(u sum, w number.Number) sum {
	if p := k.pow(u, w); p != nil || u == nil {
		return p
	}
	if u = k.gathered(u); len(u) == 1 {
		if p := k.pow(u, w); p != nil {
			return p
		}
	}
	if len(u) > 1 {
		if t, v := k.dominated(u); t != nil {
			g := k.t.Pow(k.t.Add(k.t.Int(1), k.t.Var("z")), k.t.Num(w))
			if s := k.times(k.pow(t, w), k.nearby(g, v)); s != nil {
				return s
			}
		}
	}
	b := k.build(u)
	if b.IsNum(0) && w.Sign() <= 0 {
		return nil
	}
	return k.atom(b, w)
}

// gathered writes products of u that differ in constant factors as one, and leaves out those that are 0 together.
func (k *tail) gathered(u sum) sum {
	var rests sum
	var constants []sum // of each
	for _, p := range u {
		rest, c := product{c: number.Int(1), arg: p.arg}, product{c: p.c}
		if p.arg.Valid() && p.arg.IsConstant() {
			rest.arg, c.arg = c.arg, p.arg
		}
		for _, f := range p.factors {
			if f.base.IsConstant() {
				c.factors = append(c.factors, f)
			} else {
				rest.factors = append(rest.factors, f)
			}
		}
		i := slices.IndexFunc(rests, func(q product) bool { return sameProduct(q, rest) })
		if i < 0 {
			i = len(rests)
			rests, constants = append(rests, rest), append(constants, nil)
		}
		constants[i] = append(constants[i], c)
	}
	out := sum{}
	for i, rest := range rests {
		c := constants[i]
		if len(c) > 1 {
			if e := k.t.Tidy(k.build(c)); k.isZero(e) {
				continue
			} else {
				c = k.single(e)
			}
		}
		out = append(out, k.mul(rest, c[0], 1))
	}
	return out
}

// atom is the formula e to a power, taken as a whole.
func (k *tail) atom(e expr.Expr, w number.Number) sum {
	if e.Op() == expr.Num {
		if e.Number().Sign() == 0 && w.Sign() > 0 {
			return sum{}
		}
		if n, whole := w.Int64(); whole && w.IsInt() && n > -1000 && n < 1000 {
			if c, ok := e.Number().Pow(int(n)); ok {
				return sum{{c: c}}
			}
		}
	}
	return sum{{c: number.Int(1), factors: []factor{{e, w}}}}
}

// mul returns p·q^s for s = 1 or -1; for -1, q has no zero on [from, ∞).
func (k *tail) mul(p, q product, s int64) product {
	c := q.c
	if s < 0 {
		c, _ = c.Inv()
	}
	out := product{c: p.c.Mul(c), arg: p.arg, factors: slices.Clone(p.factors)}
	if q.arg.Valid() {
		a := k.t.Mul(k.t.Int(s), q.arg)
		if out.arg.Valid() {
			a = k.t.Add(out.arg, a)
		}
		if out.arg = a; a.IsNum(0) {
			out.arg = expr.Expr{}
		}
	}
	for _, f := range q.factors {
		f.w = f.w.Mul(number.Int(s))
		at := slices.IndexFunc(out.factors, func(g factor) bool { return g.base == f.base })
		if at < 0 {
			out.factors = append(out.factors, f)
			continue
		}
		w := out.factors[at].w.Add(f.w)
		out.factors[at].w = w
		n, whole := w.Int64()
		if c := number.Int(1); whole && w.IsInt() && (n == 0 || f.base.Op() == expr.Num && n*n < 1<<20) {
			if n != 0 {
				c, whole = f.base.Number().Pow(int(n))
			}
			if whole {
				out.c, out.factors = out.c.Mul(c), slices.Delete(out.factors, at, at+1)
			}
		}
	}
	return out
}

// pow returns the power w of a sum: of one term, or a small whole power; nil for others.
func (k *tail) pow(p sum, w number.Number) sum {
	n, whole := w.Int64()
	whole = whole && w.IsInt()
	if len(p) != 1 {
		if !whole || n < 1 || n > 6 || len(p) == 0 {
			return nil
		}
		out := plain(number.Int(1))
		for range n {
			out = k.times(out, p)
		}
		return out
	}
	q := p[0]
	out := product{c: number.Int(1)}
	switch {
	case whole:
		c, ok := q.c.Pow(int(max(-201, min(n, 201))))
		if !ok || n < -200 || n > 200 {
			return nil
		}
		out.c = c
	case !k.positive(q): // the rules of powers hold for positive factors
		return nil
	case q.c != number.Int(1):
		if c := k.t.Pow(k.t.Num(q.c), k.t.Num(w)); c.Op() == expr.Num {
			out.c = c.Number()
		} else {
			out.factors = []factor{{k.t.Num(q.c), w}}
		}
	}
	if q.arg.Valid() {
		out.arg = k.t.Mul(k.t.Num(w), q.arg)
	}
	for _, f := range q.factors {
		out.factors = append(out.factors, factor{f.base, f.w.Mul(w)})
	}
	return sum{out}
}

// positive reports whether all factors of a product are positive.
func (k *tail) positive(p product) bool {
	return p.c.Sign() > 0 && !slices.ContainsFunc(p.factors, func(f factor) bool { return k.baseSign(f.base, number.Int(1)) <= 0 })
}

// log returns the logarithm of a positive term, or of one that outweighs others; nil of others.
func (k *tail) log(p sum) sum {
	log := func(e expr.Expr) expr.Expr { return k.t.Call(fn.Lookup("log"), e) }
	if len(p) > 1 {
		t, v := k.dominated(p)
		if t == nil {
			if q := k.gathered(p); len(q) < len(p) {
				return k.log(q)
			}
			return nil
		}
		return k.add(k.log(t), k.nearby(log(k.t.Add(k.t.Int(1), k.t.Var("z"))), v))
	}
	if len(p) != 1 || k.strictSign(p[0]) <= 0 {
		return nil
	}
	q := p[0]
	if q.c.Sign() < 0 {
		q.c = q.c.Neg()
	}
	out := k.single(log(k.t.Num(q.c)))
	if q.arg.Valid() {
		out = k.add(out, k.expand(q.arg))
	}
	for _, f := range q.factors { // two negative factors make a positive one
		if v, _ := k.eval(f.base, k.over()); v.Hi < 0 {
			f.base = k.t.Neg(f.base)
		} else if k.baseSign(f.base, number.Int(1)) <= 0 {
			return nil
		}
		out = k.add(out, k.single(log(f.base)).by(f.w))
	}
	return out
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
func (k *tail) build(p sum) expr.Expr {
	terms := []expr.Expr{k.t.Int(0)}
	for i := range p {
		terms = append(terms, k.buildOne(p[i]))
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
	return k.t.Mul(f...)
}
