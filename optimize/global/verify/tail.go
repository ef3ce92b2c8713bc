package verify

import (
	"fmt"
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
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
	rest     []interval.I
	machines map[expr.Expr]*tape.Machine
	depth    int // of expansions one inside the other
}

const (
	tailTerms = 40   // most terms of a sum
	tailDepth = 4    // most derivatives taken one inside the other
	maxOrder  = 2    // of Taylor expansions
	highOrder = 5    // of those that are tried where these say nothing, as where leading terms cancel
	farStart  = 1024 // or where these lead no nearer
	highEvals = 5000 // most evaluations with them
	tailEvals = 9000 // most evaluations for one path
	perTail   = 2500 // and from one place on
)

// newTail prepares to look at the formulas in t on [from, ∞].
func newTail(from float64, left *int) *tail {
	t := simplify.New()
	return &tail{t: t, x: t.Var("t"), from: from, left: left, machines: map[expr.Expr]*tape.Machine{}}
}

// onTails calls try with tails that begin farther and farther out, not before least, or anywhere for 0, and in each with
// expansions of rising order, until it answers true; it returns where that tail begins.
func onTails(least float64, whole bool, left *int, try func(k *tail) bool) (from float64, ok bool) {
	// No path may use up what is left for the others.
	starts := tailStarts
	if least == 0 {
		starts = farStarts
	}
	if from, ok = onTailsBy(starts, 0, maxOrder, least, whole, min(tailEvals, *left), left, try); ok && (least == 0 || from <= farStart) {
		return from, true
	}
	if near, better := onTailsBy(starts[:len(starts)/2], maxOrder+1, highOrder, least, whole, min(highEvals, *left), left, try); better {
		return near, true
	}
	return from, ok
}

// onTailsBy is onTails for some starts and orders, with a share of the evaluations that are left.
func onTailsBy(starts []float64, lowest, highest int, least float64, whole bool, share int, left *int, try func(k *tail) bool) (from float64, ok bool) {
	spent := share
	defer func() { *left -= spent - share }()
	for _, s := range starts {
		for order := lowest; order <= highest && s >= least && share > 0; order++ {
			one := min(share, perTail) // nor one that begins near for those far out
			left := one
			k := newTail(s, &left)
			k.order, k.whole = order, whole
			ok := try(k)
			if share -= one - max(left, 0); ok {
				return s, true
			}
		}
	}
	return 0, false
}

func (k *tail) over() interval.I { return interval.I{Lo: k.from, Hi: math.Inf(1)} }

// unknown returns a name for a function of which it is known where its values are, nil for one that may be unbounded.
func (k *tail) unknown(r interval.I) sum {
	if r.IsEmpty() || !r.IsBounded() {
		return nil
	}
	k.rest = append(k.rest, r)
	return k.single(k.t.Var(fmt.Sprintf("r%d", len(k.rest))))
}

// known returns what is known of a function that e names, nil if it is none.
func (k *tail) known(e expr.Expr) *interval.I {
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
			at[i] = *r
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
	switch v, _ := k.eval(b, k.over()); {
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

// enclose encloses a product on [from, ∞]: bounded factors that may have both signs, and remainders, apart from the others.
func (k *tail) enclose(p product, depth int) interval.I {
	e := k.buildOne(p)
	v, dec := k.eval(e, k.over())
	if depth <= 0 || v.IsEmpty() || v.IsBounded() && v.Mag() < 1e-3 {
		return v
	}
	if size, rest := k.bounded(p); len(rest.factors) < len(p.factors) {
		return size.Mul(k.enclose(rest, depth)).Meet(v)
	}
	if dec != interval.Continuous {
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

// bounded encloses the product of the factors of p that are remainders, or bounded and perhaps 0 somewhere, and returns the others.
func (k *tail) bounded(p product) (size interval.I, rest product) {
	size, rest = interval.Point(1), product{c: p.c, arg: p.arg}
	for _, f := range p.factors {
		v, _ := k.eval(k.buildOne(product{c: number.Int(1), factors: []factor{f}}), k.over())
		if (k.known(f.base) != nil || k.baseSign(f.base, f.w) == 0) && v.IsBounded() && !v.IsEmpty() {
			size = size.Mul(v)
		} else {
			rest.factors = append(rest.factors, f)
		}
	}
	return size, rest
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
	switch s, strict = k.sign(k.expand(d), depth); {
	case s != 0:
		return s, strict
	case v.Lo >= 0:
		return 1, v.Lo > 0
	case v.Hi <= 0:
		return -1, v.Hi < 0
	}
	return 0, false
}

// comesDown reports whether f, a formula in t that is continuous where it is defined, is defined on [from, ∞) and does not rise there, or
// falls strictly.
func (k *tail) comesDown(f expr.Expr, strictly bool) bool {
	raw := k.t.Pool().Import(f)
	d := k.t.Tidy(diff.D(raw, "t"))
	if !k.defined(raw) || !k.defined(d) {
		return false
	}
	s, strict := k.sign(k.expand(d), tailDepth)
	return s < 0 && (strict || !strictly)
}

// ratio encloses the sum divided by its product number i, the others being enclosed.
func (k *tail) ratio(p sum, i, depth int) interval.I {
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
func (k *tail) sign(p sum, depth int) (s int, strict bool) {
	switch {
	case p == nil:
		return 0, false
	case len(p) == 0:
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
	for _, side := range []int{1, -1} {
		if q := k.lowest(p.by(number.Int(int64(side)))); q != nil && s != -side {
			if one, strict := k.sign(q, depth); one > 0 && (s == 0 || strict) {
				return side, strict
			}
		}
	}
	return s, false
}

// lowest is the sum with lower bounds in the places of the products that are bounded and have no sign, nil where it has none of these or no others with t:
// it is not above the sum.
func (k *tail) lowest(p sum) sum {
	if len(p) < 3 {
		return nil
	}
	rest, low := sum{}, 0.0
	for _, q := range p {
		if k.strictSign(q) != 0 {
			rest = append(rest, q)
			continue
		}
		v, _ := k.eval(k.buildOne(q), k.over())
		if v.IsEmpty() || !v.IsBounded() {
			return nil
		}
		low = interval.Point(low).Add(interval.Point(v.Lo)).Lo
	}
	n, ok := number.FromFloat(low)
	if _, moving := k.split(rest); !ok || len(rest) == len(p) || len(moving) == 0 {
		return nil
	}
	return k.add(rest, plain(n))
}

// slow is a power of log(log(t)) times a small number, or its inverse a large one, which tends to ∞ and is positive from 3 on: what is shown to
// outgrow it, but for a constant, tends to ∞, and what is shown to be smaller than its inverse tends to 0.
func (k *tail) slow(w int64) sum {
	log := func(e expr.Expr) expr.Expr { return k.t.Call(fn.Lookup("log"), e) }
	small := number.Frac(1, 1<<50)
	if w < 0 {
		small, _ = small.Inv()
	}
	return k.atom(log(log(k.x)), number.Int(w)).by(small)
}

// ahead is a number that slow(1) may be before what outgrows it.
const ahead = 1 << 40

// grows reports whether the sum is proved to tend to ∞ times the sign s.
func (k *tail) grows(p sum, s int64) bool {
	if k.from < 3 {
		return false
	}
	if p = k.plus(k.sub(p.by(number.Int(s)), k.slow(1)), ahead); p == nil {
		return false
	}
	sign, _ := k.sign(k.gathered(p), tailDepth)
	return sign > 0
}

// vanishes reports whether a product is proved to tend to 0: it is smaller than what does, but for bounded factors.
func (k *tail) vanishes(p product) bool {
	size, rest := k.bounded(p)
	n, ok := number.FromFloat(size.Mag())
	if k.from < 3 || !ok || k.strictSign(rest) == 0 {
		return false
	}
	gap := k.sub(k.slow(-1), sum{rest}.by(n.Mul(number.Int(int64(k.strictSign(rest))))))
	s, _ := k.sign(gap, tailDepth)
	return s > 0
}

// falls reports whether f, a formula in t, is defined on [from, ∞) and tends to -∞.
func (k *tail) falls(f expr.Expr) bool {
	raw := k.t.Pool().Import(f)
	if !k.defined(raw) {
		return false
	}
	return k.grows(k.expand(k.t.Tidy(raw)), -1)
}

// comesTo reports whether f, a formula in t, is defined on [from, ∞) and tends to the
// constant c.
func (k *tail) comesTo(f, c expr.Expr) bool {
	pool := k.t.Pool()
	raw := pool.Import(f)
	if !k.defined(raw) {
		return false
	}
	p := k.expand(k.t.Tidy(pool.Make(expr.Add, raw, pool.Make(expr.Neg, pool.Import(c)))))
	rest, small := k.split(p)
	return p != nil && k.isZero(rest) && !slices.ContainsFunc(small, func(q product) bool { return !k.vanishes(q) })
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
		if n.Op() == expr.Pow && !n.Arg(1).IsConstant() && k.truth(k.t.Pool().Make(expr.Gt, k.t.Pool().Import(n.Arg(0)), k.t.Int(0))) <= 0 {
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
	p := k.expand(k.t.Sub(k.t.Tidy(c.Arg(0)), k.t.Tidy(c.Arg(1))))
	if p != nil {
		p = k.gathered(p)
	}
	s, strict := k.sign(p, tailDepth-1)
	zero := p != nil && len(p) == 0
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
		if n.Op() == expr.Pow && !n.Arg(1).IsConstant() {
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
	p := k.expand(k.t.Tidy(raw))
	n, ok := number.FromFloat(low)
	if p == nil || !ok {
		return false
	}
	e := k.build(p)
	v, dec := k.eval(e, k.over())
	if v.IsEmpty() || v.Lo >= low {
		return true
	}
	above := func(k *tail) bool {
		s, _ := k.sign(k.sub(p, plain(n)), tailDepth)
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

// above reports whether f, a formula in t, is greater than the constant c, which need not be
// Valid, wherever it is defined on [from, ∞).
func (k *tail) above(f, c expr.Expr) bool {
	if !c.Valid() {
		return false
	}
	s, strict := k.sign(k.sub(k.expand(k.t.Tidy(k.t.Pool().Import(f))), k.expand(k.t.Tidy(k.t.Pool().Import(c)))), tailDepth)
	return s > 0 && strict
}
