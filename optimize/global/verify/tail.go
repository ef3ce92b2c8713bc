package verify

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// This file and expand.go are the part of the check that looks at the ends of the
// line: every end is brought to t → ∞ (x = t, -t, a + 1/t, a - 1/t), and the formula,
// written as a sum of products, is bounded on [R, ∞] after division by one of them:
//
//	T₁ + … + Tₙ = Tₖ·(1 + Σ Tᵢ/Tₖ)
//
// where Tᵢ/Tₖ is enclosed on [R, ∞] by interval evaluation and, where that says
// nothing (t²·exp(-t)), by the sign of its derivative, found in the same way.

// A tail works with formulas in t on [from, ∞].
type tail struct {
	t     *simplify.Tidier
	x     expr.Expr // t
	from  float64
	whole bool // t has whole values only
	order int  // of the Taylor expansions of functions near constants, 0 for none
	left  *int // evaluations that may be spent
	// Taylor expansions leave remainders: r1, r2, … stand for functions of t of which no
	// more is known than intervals that hold their values.
	rest     []remainder
	machines map[expr.Expr]*tape.Machine
	depth    int // of expansions one inside the other
}

// A remainder is what is known of a function of t.
type remainder struct {
	in       interval.I
	sign     int  // of all values, 0 for unknown
	vanishes bool // it tends to 0 as t → ∞
}

const (
	tailTerms = 40   // most terms of a sum
	tailDepth = 4    // most derivatives taken one inside the other
	maxOrder  = 2    // of Taylor expansions
	tailEvals = 5000 // most evaluations for one path
)

// newTail prepares to look at the formulas in t on [from, ∞].
func newTail(from float64, left *int) *tail {
	t := simplify.New()
	return &tail{t: t, x: t.Var("t"), from: from, left: left, machines: map[expr.Expr]*tape.Machine{}}
}

// onTails calls try with tails that begin farther and farther out, and in each with
// expansions of rising order, until it answers true; it returns where that tail begins.
func onTails(least float64, whole bool, left *int, try func(k *tail) bool) (from float64, ok bool) {
	// No path may use up what is left for the others.
	share := min(tailEvals, *left)
	spent := share
	defer func() { *left -= spent - share }()
	for _, s := range tailStarts {
		for order := 0; order <= maxOrder && s >= least && share > 0; order++ {
			k := newTail(s, &share)
			k.order, k.whole = order, whole
			if try(k) {
				return s, true
			}
		}
	}
	return 0, false
}

func (k *tail) over() interval.I { return interval.I{Lo: k.from, Hi: math.Inf(1)} }

// unknown returns a name for a function of which something is known.
func (k *tail) unknown(r remainder) ([]product, bool) {
	if r.in.IsEmpty() || !r.in.IsBounded() {
		return nil, false
	}
	k.rest = append(k.rest, r)
	return k.atom(k.t.Var(fmt.Sprintf("r%d", len(k.rest))), number.Int(1)), true
}

// known returns what is known of a function that e names, nil if it is none.
func (k *tail) known(e expr.Expr) *remainder {
	if e.Op() == expr.Var {
		var n int
		if _, err := fmt.Sscanf(e.Name(), "r%d", &n); err == nil && n >= 1 && n <= len(k.rest) {
			return &k.rest[n-1]
		}
	}
	return nil
}

// eval encloses e on an interval.
func (k *tail) eval(e expr.Expr, x interval.I) (interval.I, interval.Dec) {
	if *k.left--; *k.left < 0 {
		return interval.Whole, interval.Partial
	}
	vars := e.Vars()
	m, ok := k.machines[e]
	if !ok {
		if p, err := tape.Compile(vars, e); err == nil {
			m = p.NewMachine()
		}
		k.machines[e] = m
	}
	if m == nil {
		return interval.Whole, interval.Partial
	}
	at := make([]interval.I, len(vars))
	for i, name := range vars {
		at[i] = x
		if name != "t" {
			r := k.known(k.t.Var(name))
			if r == nil {
				return interval.Whole, interval.Partial
			}
			at[i] = r.in
		}
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	m.Interval(out[:], dec[:], at)
	return out[0], dec[0]
}

// baseSign returns the sign of b^w if it is the same and not zero on the whole of
// [from, ∞), where b^w is defined.
func (k *tail) baseSign(b expr.Expr, w number.Number) int {
	if b == k.x {
		return 1
	}
	s := 0
	r := k.known(b)
	switch v, _ := k.eval(b, k.over()); {
	case r != nil && r.sign != 0:
		s = r.sign
	case v.IsEmpty():
	case v.Lo > 0:
		s = 1
	case v.Hi < 0:
		s = -1
	}
	if s < 0 {
		n, ok := w.Int64()
		if !ok || !w.IsInt() {
			return 0
		}
		if n%2 == 0 {
			return 1
		}
	}
	return s
}

// strictSign returns the sign of a product that has no zero on [from, ∞), and 0
// when that is not known. exp(u) is positive.
func (k *tail) strictSign(p product) int {
	s := p.c.Sign()
	for _, f := range p.factors {
		s *= k.baseSign(f.base, f.w)
	}
	return s
}

// enclose encloses a product on [from, ∞].
func (k *tail) enclose(p product, depth int) interval.I {
	e := k.buildOne(p)
	v, dec := k.eval(e, k.over())
	if depth <= 0 || v.IsEmpty() || dec != interval.Continuous || v.IsBounded() && v.Mag() < 1e-3 {
		return v
	}
	s, _ := k.slope(e, depth-1)
	if s == 0 {
		return v
	}
	at, _ := k.eval(e, interval.Point(k.from))
	if s > 0 {
		v.Lo = math.Max(v.Lo, at.Lo)
	} else {
		v.Hi = math.Min(v.Hi, at.Hi)
	}
	return v
}

// slope returns the sign of the derivative of e if e is differentiable with a
// derivative of one sign on [from, ∞], and whether it is nowhere 0.
func (k *tail) slope(e expr.Expr, depth int) (s int, strict bool) {
	if vars := e.Vars(); len(vars) > 1 || len(vars) == 1 && vars[0] != "t" {
		return 0, false // of remainders nothing is known
	}
	// The derivative is that of a function of all t ≥ from, not of the whole ones alone.
	whole := k.whole
	defer func() { k.whole = whole }()
	k.whole = false
	d := k.t.Tidy(diff.D(e, "t"))
	v, dec := k.eval(d, k.over())
	if dec < interval.Defined || v.IsEmpty() {
		return 0, false
	}
	p, ok := k.expand(d)
	if ok {
		s, strict = k.sign(p, depth)
	}
	switch {
	case s != 0:
		return s, strict
	case v.Lo >= 0:
		return 1, v.Lo > 0
	case v.Hi <= 0:
		return -1, v.Hi < 0
	}
	return 0, false
}

// ratio encloses the sum divided by its product number i, the others being enclosed.
func (k *tail) ratio(p []product, i, depth int) interval.I {
	total := interval.Point(1)
	for j := range p {
		if j != i {
			if total = total.Add(k.enclose(k.mul(p[j], p[i], -1), depth)); !(total.Lo > -math.MaxFloat64) {
				break
			}
		}
	}
	return total
}

// sign returns 1 if the sum is ≥ 0 on [from, ∞) wherever it is defined, -1 if
// it is ≤ 0, and 0 when neither is known; strict says that it is not 0.
func (k *tail) sign(p []product, depth int) (s int, strict bool) {
	if len(p) == 0 {
		return 1, false
	}
	switch v, _ := k.eval(k.build(p), k.over()); {
	case v.IsEmpty() || v.Lo > 0:
		return 1, true
	case v.Hi < 0:
		return -1, true
	case v.Lo == 0:
		s = 1
	case v.Hi == 0:
		s = -1
	}
	if len(p) == 1 {
		if one := k.strictSign(p[0]); one != 0 {
			return one, true
		}
		return s, false
	}
	for i := range p {
		one := k.strictSign(p[i])
		if one == 0 {
			continue
		}
		if total := k.ratio(p, i, depth); !total.IsEmpty() && total.Lo >= 0 {
			if s = one; total.Lo > 0 {
				return s, true
			}
		}
		if *k.left < 0 {
			return 0, false
		}
	}
	return s, false
}

// How a product behaves as t → ∞.
const (
	unclear  = iota
	vanishes // it tends to 0
	bounded  // it stays bounded
	settles  // it stays between two positive numbers, or two negative ones
	diverges // its absolute value tends to ∞
)

// Classes of growth, of which a higher one outweighs any power of a lower one.
const (
	likeLog = 1 + iota
	likePower
	likeExp
)

// tends says how a product behaves as t → ∞, and of what class its growth is if it
// diverges, 0 for unknown.
func (k *tail) tends(p product) (how, class int) {
	var up, down [likeExp + 1]bool // what grows and what vanishes, by class; 0 for any
	mild := settles
	note := func(class, w int) {
		switch {
		case w > 0:
			up[class] = true
		case w < 0:
			down[class] = true
		}
	}
	if p.arg.Valid() {
		switch v, _ := k.eval(p.arg, k.over()); {
		case v.IsBounded() && !v.IsEmpty():
		default:
			s, class := k.leads(p.arg)
			if s == 0 {
				return unclear, 0
			}
			if class < likePower {
				class = 0
			} else {
				class = likeExp
			}
			note(class, s)
		}
	}
	for _, f := range p.factors {
		v, _ := k.eval(f.base, k.over())
		r := k.known(f.base)
		switch {
		case r != nil && r.vanishes:
			note(0, -f.w.Sign())
		case f.base == k.x:
			note(likePower, f.w.Sign())
		case f.base.IsCall("log") && f.base.Len() == 1 && f.base.Arg(0) == k.x:
			note(likeLog, f.w.Sign())
		case v.IsBounded() && (v.Lo > 0 || v.Hi < 0):
		case v.IsBounded() && f.w.Sign() > 0 && !v.IsEmpty():
			mild = bounded
		default:
			if s, _ := k.leads(f.base); s == 0 {
				return unclear, 0
			}
			note(0, f.w.Sign())
		}
	}
	growth, decay := -1, -1
	ranked := !up[0] && !down[0]
	for class := range up {
		if up[class] {
			growth = class
		}
		if down[class] {
			decay = class
		}
	}
	switch {
	case growth < 0 && decay < 0:
		return mild, 0
	case growth < 0 || ranked && decay > growth:
		return vanishes, 0
	case mild == settles && ranked && growth > decay:
		return diverges, growth
	case mild == settles && decay < 0:
		return diverges, 0
	}
	return unclear, 0
}

// leads returns the sign of ∞ to which e tends, 0 for none, and the class of its growth, 0
// for unknown.
func (k *tail) leads(e expr.Expr) (s, class int) {
	if e == k.x {
		return 1, likePower
	}
	if e.Op() == expr.Call && e.Len() == 1 {
		s, _ := k.leads(e.Arg(0))
		if s == 0 {
			return 0, 0
		}
		return map[string]int{"inf": 1, "-inf": -1}[e.Func().Limits[(s+1)/2]], 0
	}
	if k.depth++; k.depth > 2*tailDepth {
		k.depth--
		return 0, 0
	}
	defer func() { k.depth-- }()
	p, ok := k.expand(e)
	if !ok || len(p) == 1 && len(p[0].factors) == 1 && p[0].factors[0].base == e {
		return 0, 0
	}
	i := k.leading(p, tailDepth-1)
	if i < 0 {
		return 0, 0
	}
	_, class = k.tends(p[i])
	return k.strictSign(p[i]), class
}

// leading returns the number of a product that tends to ±∞ and takes the sum
// with it: the others are small beside it; -1 for none.
func (k *tail) leading(p []product, depth int) int {
	for i := range p {
		if how, _ := k.tends(p[i]); how == diverges && k.strictSign(p[i]) != 0 && k.ratio(p, i, depth).Lo > 1e-6 {
			return i
		}
	}
	return -1
}

// falls reports whether f, a formula in t, is defined on [from, ∞) and tends to -∞.
func (k *tail) falls(f expr.Expr) bool {
	raw := k.t.Pool().Import(f)
	if !k.defined(raw) {
		return false
	}
	p, ok := k.expand(k.t.Tidy(raw))
	if !ok {
		return false
	}
	i := k.leading(p, tailDepth)
	return i >= 0 && k.strictSign(p[i]) < 0
}

// comesTo reports whether f, a formula in t, is defined on [from, ∞) and tends to the
// constant c.
func (k *tail) comesTo(f, c expr.Expr) bool {
	pool := k.t.Pool()
	raw := pool.Import(f)
	if !k.defined(raw) {
		return false
	}
	p, ok := k.expand(k.t.Tidy(pool.Make(expr.Add, raw, pool.Make(expr.Neg, pool.Import(c)))))
	var constant []product
	for _, q := range p {
		if k.isConstant(q) {
			constant = append(constant, q)
		} else if how, _ := k.tends(q); how != vanishes {
			return false
		}
	}
	return ok && k.isZero(k.build(constant))
}

// isZero reports whether a constant is proved to be 0.
func (k *tail) isZero(c expr.Expr) bool {
	if v, _ := k.eval(c, k.over()); !v.Has(0) {
		return false
	}
	return k.t.Tidy(c).IsNum(0) || prove.Zero(c, prove.Budget{Terms: 20_000, Cases: 9}).Equal
}

// defined reports whether e is defined on [from, ∞), or on an end of it.
func (k *tail) defined(e expr.Expr) bool {
	if _, dec := k.eval(e, k.over()); dec >= interval.Defined {
		return true
	}
	for n := range e.All() {
		if n.Op() == expr.Pow && len(n.Arg(1).Vars()) > 0 && k.truth(k.t.Pool().Make(expr.Gt, k.t.Pool().Import(n.Arg(0)), k.t.Int(0))) <= 0 {
			return false
		}
	}
	return !slices.ContainsFunc(simplify.Domain(e), func(c expr.Expr) bool { return k.truth(k.t.Pool().Import(c)) <= 0 })
}

// truth decides a condition on the whole of [from, ∞): 1, -1, or 0 for unknown.
func (k *tail) truth(c expr.Expr) int {
	switch c.Op() {
	case expr.Not:
		return -k.truth(c.Arg(0))
	case expr.And, expr.Or:
		settling := -1 // the operand that settles it
		if c.Op() == expr.Or {
			settling = 1
		}
		out := -settling
		for _, a := range c.AppendArgs(nil) {
			switch s := k.truth(a); s {
			case settling:
				return s
			case 0:
				out = 0
			}
		}
		return out
	}
	if !c.Op().IsRelation() {
		return 0
	}
	p, ok := k.expand(k.t.Sub(k.t.Tidy(c.Arg(0)), k.t.Tidy(c.Arg(1))))
	if !ok {
		return 0
	}
	s, strict := k.sign(p, tailDepth-1)
	zero := len(p) == 0
	switch {
	case !strict && !zero:
		if s > 0 && c.Op() == expr.Ge || s < 0 && c.Op() == expr.Le {
			return 1
		}
		if s > 0 && c.Op() == expr.Lt || s < 0 && c.Op() == expr.Gt {
			return -1
		}
		return 0
	case zero:
		s = 0
	}
	if simplify.Holds(c.Op(), number.Int(int64(s)), number.Int(0)) {
		return 1
	}
	return -1
}

// nowhere reports whether e is proved to be defined nowhere on [from, ∞).
func (k *tail) nowhere(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.Pow && len(n.Arg(1).Vars()) > 0 {
			return false // of which the domain is more than the conditions tell
		}
	}
	return slices.ContainsFunc(simplify.Domain(e), func(c expr.Expr) bool { return k.truth(k.t.Pool().Import(c)) < 0 })
}

// atLeast reports whether f, a formula in t, is at least low wherever it is
// defined on [from, ∞).
func (k *tail) atLeast(f expr.Expr, low float64) bool {
	raw := k.t.Pool().Import(f)
	if k.nowhere(raw) {
		return true
	}
	if v, dec := k.eval(raw, k.over()); dec == interval.None || v.IsEmpty() || v.Lo >= low {
		return true
	}
	sum, ok := k.expand(k.t.Tidy(raw))
	if !ok {
		return false
	}
	n, ok := number.FromFloat(low)
	if !ok {
		return false
	}
	e := k.build(sum)
	v, dec := k.eval(e, k.over())
	if v.IsEmpty() || v.Lo >= low {
		return true
	}
	above := func(k *tail) bool {
		s, _ := k.sign(k.less(sum, n), tailDepth)
		return s > 0
	}
	if above(k) {
		return true
	}
	if dec != interval.Continuous {
		return false
	}
	switch s, _ := k.slope(e, tailDepth); s {
	case 1:
		at, _ := k.eval(e, interval.Point(k.from))
		return at.Lo >= low
	case -1:
		// f falls all the way: what it does far out is the least.
		for _, far := range []float64{1e3, 1e6, 1e12, 1e100} {
			if far <= k.from {
				continue
			}
			there := *k
			there.from = far
			if v, _ := there.eval(e, there.over()); v.Lo >= low || above(&there) {
				return true
			}
		}
	}
	return false
}

// less returns the sum minus a number.
func (k *tail) less(p []product, n number.Number) []product {
	return k.collect(append(slices.Clone(p), product{c: n.Neg()}))
}

// above reports whether f, a formula in t, is greater than the constant c, which need not be
// Valid, wherever it is defined on [from, ∞).
func (k *tail) above(f, c expr.Expr) bool {
	if !c.Valid() {
		return false
	}
	sum, ok1 := k.expand(k.t.Tidy(k.t.Pool().Import(f)))
	d, ok2 := k.expand(k.t.Tidy(k.t.Pool().Import(c)))
	if !ok1 || !ok2 {
		return false
	}
	s, strict := k.sign(k.collect(append(slices.Clone(sum), k.scale(d, number.Int(-1))...)), tailDepth)
	return s > 0 && strict
}
