package form

import (
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// bendPerspective applies to the product n of an affine formula u ≥ 0 and a formula of u/v or
// v/u alone, v ≥ 0 being affine too, that it is u g(v/u), the perspective of g: convex where g
// is convex for positive numbers, and concave likewise (Boyd and Vandenberghe, Convex
// Optimization, 2004, section 3.2.6).
func bendPerspective(r *bending, n expr.Expr, args []bending, vars []string, box []interval.I) {
	if n.Op() != expr.Mul || len(n.Vars()) < 2 {
		return
	}
	for i, a := range args {
		if !(a.u.Lo >= 0) || a.node.IsConstant() || !isAffine(a.node) {
			continue
		}
		p := perspective{pool: expr.NewPool()}
		p.u = p.pool.Import(a.node)
		p.over, p.under = p.pool.Var("u/v"), p.pool.Var("v/u")
		h, ok := p.read(p.pool.Import(without(n, i)))
		if !ok || !p.v.Valid() || !p.notNegative(vars, box) || !p.closes(h, "u/v") || !p.closes(h, "v/u") {
			continue
		}
		r.convex, r.concave = p.bends(h), p.bends(p.pool.Make(expr.Neg, h))
		return
	}
}

// without is the product n without factor i.
func without(n expr.Expr, i int) expr.Expr {
	args := slices.Delete(n.AppendArgs(nil), i, i+1)
	if len(args) == 1 {
		return args[0]
	}
	pool := expr.NewPool()
	for k, a := range args {
		args[k] = pool.Import(a)
	}
	return pool.Make(expr.Mul, args...)
}

// A perspective reads a formula of the ratio of u to v.
type perspective struct {
	pool        *expr.Pool
	u, v        expr.Expr // v is not Valid before one was met
	over, under expr.Expr // variables for u/v and v/u
}

// read puts the variables for the ratios into e; false where something else varies.
func (p *perspective) read(e expr.Expr) (expr.Expr, bool) {
	if e.IsConstant() {
		return e, true
	}
	if g, ok := p.asRatio(e); ok {
		return g, true
	}
	if e.Op() == expr.Var || e.Op() == expr.If {
		return e, false
	}
	args := e.AppendArgs(nil)
	for i, a := range args {
		g, ok := p.read(a)
		if !ok {
			return e, false
		}
		args[i] = g
	}
	if e.Op() == expr.Call {
		return p.pool.Call(e.Func(), args...), true
	}
	return p.pool.Make(e.Op(), args...), true
}

// asRatio reads a product of constants, u and 1/v, or of v and 1/u.
func (p *perspective) asRatio(e expr.Expr) (expr.Expr, bool) {
	var factors []expr.Expr
	var over, under expr.Expr
	if e.Op() != expr.Mul {
		return e, false
	}
	for _, a := range e.Args() {
		inverse := a.Op() == expr.Pow && a.Arg(1).IsNum(-1)
		switch {
		case a.IsConstant():
			factors = append(factors, a)
		case inverse && !under.Valid():
			under = a.Arg(0)
		case !inverse && !over.Valid():
			over = a
		default:
			return e, false
		}
	}
	var v expr.Expr
	switch {
	case !over.Valid() || !under.Valid():
		return e, false
	case over == p.u:
		v, factors = under, append(factors, p.over)
	case under == p.u:
		v, factors = over, append(factors, p.under)
	default:
		return e, false
	}
	if !isAffine(v) || p.v.Valid() && p.v != v {
		return e, false
	}
	p.v = v
	if len(factors) == 1 {
		return factors[0], true
	}
	return p.pool.Make(expr.Mul, factors...), true
}

// notNegative reports whether v is not negative on the box.
func (p *perspective) notNegative(vars []string, box []interval.I) bool {
	out, _, ok := tape.EncloseOn(vars, box, p.v)
	return ok && out[0].Lo >= 0
}

// bends reports whether h as a formula of v/u is convex, or, what is the same, r h is as one of
// r = u/v.
func (p *perspective) bends(h expr.Expr) bool {
	above := []interval.I{{Lo: 0, Hi: math.Inf(1)}}
	inverse := func(x expr.Expr) expr.Expr { return p.pool.Make(expr.Div, p.pool.Int(1), x) }
	return IsConvex(p.pool.Substitute(h, map[string]expr.Expr{"u/v": inverse(p.under)}), []string{"v/u"}, above) ||
		IsConvex(p.pool.Make(expr.Mul, p.over, p.pool.Substitute(h, map[string]expr.Expr{"v/u": inverse(p.over)})), []string{"u/v"}, above)
}

// closes reports whether h is undefined where the ratio is 0, or continuous from there on.
func (p *perspective) closes(h expr.Expr, ratio string) bool {
	if !slices.Equal(h.Vars(), []string{ratio}) {
		return true // the other ratio has no value there
	}
	prog, err := tape.Compile([]string{ratio}, h)
	if err != nil {
		return false
	}
	m := prog.NewMachine()
	var out [1]interval.I
	var dec [1]interval.Dec
	if m.Interval(out[:], dec[:], []interval.I{interval.Point(0)}); out[0].IsEmpty() {
		return true
	}
	m.Interval(out[:], dec[:], []interval.I{{Lo: 0, Hi: math.Inf(1)}})
	return dec[0] == interval.Continuous
}

// joinLogarithms writes u log(u) - u log(v) in the sum e as u log(u/v), which is convex where u
// and v are affine and not negative, as relative entropies are, though -u log(v) is not. Nothing
// is lost: u/v is positive where u and v are.
func joinLogarithms(e expr.Expr) expr.Expr {
	if e.Op() != expr.Add {
		return e
	}
	t := simplify.New()
	var terms []expr.Expr
	for _, a := range t.Pool().Import(e).Args() {
		terms = spread(t, a, terms)
	}
	entropies := map[expr.Expr]int{} // the term c u log(u)
	for i, a := range terms {
		if c, u, v, ok := timesLogarithm(a); ok && u == v && c.Sign() > 0 {
			entropies[u] = i
		}
	}
	joined := false
	for i, a := range terms {
		c, u, v, ok := timesLogarithm(a)
		k, some := entropies[u]
		if !ok || !some || u == v || c.Sign() >= 0 || !isAffine(v) {
			continue
		}
		whole, _, _, _ := timesLogarithm(terms[k])
		rest := whole.Add(c)
		if rest.Sign() < 0 {
			continue
		}
		joined = true
		log := func(x expr.Expr) expr.Expr { return t.Pool().Call(fn.Lookup("log"), x) }
		terms[i] = t.Pool().Make(expr.Mul, t.Num(c.Neg()), u, log(t.Mul(u, t.Pow(v, t.Int(-1)))))
		terms[k] = t.Pool().Make(expr.Mul, t.Num(rest), u, log(u))
		if rest.Sign() == 0 {
			terms[k] = t.Int(0)
			delete(entropies, u)
		}
	}
	if !joined {
		return e
	}
	return t.Pool().Make(expr.Add, terms...)
}

// spread appends the term e to terms, multiplied out where it is u (a + log(v)), and
// -(u + w) log(v) as -u log(v) - w log(v), u and w being affine.
func spread(t *simplify.Tidier, e expr.Expr, terms []expr.Expr) []expr.Expr {
	hasLog := func(n expr.Expr) bool {
		return slices.ContainsFunc(n.AppendArgs(nil), func(a expr.Expr) bool {
			_, _, _, product := timesLogarithm(a)
			return a.IsCall("log") || product || a.Op() == expr.Mul && slices.ContainsFunc(a.AppendArgs(nil), func(b expr.Expr) bool { return b.IsCall("log") })
		})
	}
	if e.Op() != expr.Mul {
		return append(terms, e)
	}
	c, u, _, product := timesLogarithm(e)
	for i, a := range e.AppendArgs(nil) {
		if a.Op() != expr.Add || !(hasLog(a) || product && c.Sign() < 0 && a == u) {
			continue
		}
		rest := e.AppendArgs(nil)
		rest = slices.Delete(rest, i, i+1)
		for _, b := range a.AppendArgs(nil) {
			terms = spread(t, t.Mul(append(slices.Clone(rest), b)...), terms)
		}
		return terms
	}
	return append(terms, e)
}

// timesLogarithm reads c u log(v) with affine u that is no constant.
func timesLogarithm(e expr.Expr) (c number.Number, u, v expr.Expr, ok bool) {
	if e.Op() != expr.Mul {
		return c, u, v, false
	}
	c = number.Int(1)
	for _, a := range e.Args() {
		switch {
		case a.Op() == expr.Num:
			c = c.Mul(a.Number())
		case a.IsCall("log") && !v.Valid():
			v = a.Arg(0)
		case isAffine(a) && !a.IsConstant() && !u.Valid():
			u = a
		default:
			return c, u, v, false
		}
	}
	return c, u, v, u.Valid() && v.Valid()
}

// isAffine reports whether e is a sum of variables times constants.
func isAffine(e expr.Expr) bool {
	return expr.Fold(e, func(n expr.Expr, args []bool) bool {
		varying := 0
		for i, a := range n.Args() {
			if !args[i] {
				return false
			}
			if !a.IsConstant() {
				varying++
			}
		}
		switch n.Op() {
		case expr.Var, expr.Add, expr.Neg:
			return true
		case expr.Mul:
			return varying <= 1
		}
		return varying == 0
	})
}
