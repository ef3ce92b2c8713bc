package verify

import (
	"math"
	"math/big"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// A shape is what is known of how a part of the formula bends on the region.
type shape struct {
	convex, concave bool
	log             bool // positive, and its logarithm is convex
	u               interval.I
	total           bool     // continuous on the whole region
	of              *shape   // what it is a power of, nil for itself
	exponent        *big.Rat // of that power
}

// isConvex reports whether f is proved to be convex on the region, and continuous
// there, by the rules for sums and compositions (Boyd and Vandenberghe, Convex
// Optimization, 2004, section 3.2).
func (v *verifier) isConvex() bool {
	if p, ok := readPoly(v.f, v.c.Variables); ok && isConvexForm(p, len(v.region)) {
		return true
	}
	f := simplify.Tidy(v.f)
	if f.Size() > 4000 || !v.definedWith(f, v.f) { // the domain must be convex too
		return false
	}
	if v.bendsUp(f) {
		return true
	}
	f = multipliedOut(f)
	return v.definedWith(f, v.f) && v.bendsUp(f)
}

// multipliedOut is f with terms that are products with a sum written as sums.
func multipliedOut(f expr.Expr) expr.Expr {
	t := simplify.New()
	var list []expr.Expr
	for _, e := range operands(expr.Add, t.Pool().Import(f)) {
		factors := operands(expr.Mul, e)
		k := slices.IndexFunc(factors, func(a expr.Expr) bool { return a.Op() == expr.Add })
		if k < 0 {
			list = append(list, e)
			continue
		}
		for _, a := range factors[k].AppendArgs(nil) {
			list = append(list, t.Mul(append(slices.Delete(slices.Clone(factors), k, k+1), a, t.Int(1))...))
		}
	}
	return t.Sum(append(list, t.Int(0), t.Int(0))...)
}

// bendsUp is isConvex for a tidy formula f.
func (v *verifier) bendsUp(f expr.Expr) bool {
	w, ranges, dec, ok := v.ranges(f)
	if !ok {
		return false
	}
	r := expr.Fold(f, func(e expr.Expr, args []shape) shape {
		k := w.Place(e)
		s := shape{u: ranges[k], total: dec[k] == interval.Continuous}
		if e.IsConstant() {
			s.convex, s.concave, s.log = true, true, s.u.Lo > 0
			return s
		}
		if a, ok := settled(e, args); ok {
			a.total = a.total && s.total
			return a
		}
		s.bend(e, args)
		switch {
		case e.Op() == expr.If:
			s.convex = v.turnsUp(e, args)
		case e.Op() == expr.Add && !s.convex:
			s.convex = v.bendsTogether(e, args)
		}
		s.convex = s.convex || s.log
		return s
	})
	return r.convex
}

// settled returns the operand that e is on the whole region: a branch, or the greatest, or least, of several.
func settled(e expr.Expr, args []shape) (shape, bool) {
	best := func(rises bool) (shape, bool) {
		for k, a := range args {
			first := a.total
			for i, b := range args {
				first = first && (i == k || b.total && (rises && a.u.Lo >= b.u.Hi || !rises && a.u.Hi <= b.u.Lo))
			}
			if first {
				return a, true
			}
		}
		return shape{}, false
	}
	switch {
	case e.Op() == expr.If && args[0].total && args[0].u == interval.Point(1):
		return args[1], true
	case e.Op() == expr.If && args[0].total && args[0].u == interval.Point(0):
		return args[2], true
	case e.IsCall("abs") && args[0].total && args[0].u.Lo >= 0:
		return args[0], true
	case e.IsCall("abs") && args[0].total && args[0].u.Hi <= 0:
		return shape{convex: args[0].concave, concave: args[0].convex, u: args[0].u.Neg(), total: true}, true
	case e.IsCall("max"), e.IsCall("min"):
		return best(e.IsCall("max"))
	}
	return shape{}, false
}

// bendsTogether reports whether those terms of the sum e that are not convex, and others without kinks, are smooth on the region and
// have a positive definite Hessian together.
func (v *verifier) bendsTogether(e expr.Expr, args []shape) bool {
	pool := expr.NewPool()
	sum := []expr.Expr{pool.Int(0), pool.Int(0)}
	for i, a := range args {
		kink := func(n expr.Expr) bool { return n.Op() == expr.If || n.Op() == expr.Call && n.Func().DWhere != nil }
		if term := e.Arg(i); !a.convex || !slices.ContainsFunc(slices.Collect(term.All()), kink) {
			sum = append(sum, pool.Import(term))
		}
	}
	f := pool.Make(expr.Add, sum...)
	w := &verifier{c: &certificate.Certificate{Variables: f.Vars()}, f: f, left: v.left}
	for _, x := range f.Vars() {
		w.region = append(w.region, v.region[slices.Index(v.c.Variables, x)])
	}
	n := len(w.region)
	if f.Size()*n*n > maxHessian/100 || n == 0 || w.compile() != nil || w.hm == nil || slices.ContainsFunc(w.region, func(b interval.I) bool { return !b.IsBounded() }) {
		return false
	}
	w.eval(w.fm, w.prog, w.region)
	for k, d := range w.dec[:n+1] {
		if d != interval.Continuous || w.out[k].IsEmpty() {
			return false
		}
	}
	full, ok := w.hessian(w.region)
	return ok && w.dominant(full)
}

// turnsUp reports whether the case distinction e, by which side of a hyperplane a point is on, or whether it lies between two
// parallel ones, is convex: the branches are, and on the border they are equal, and the slope across it does not fall.
func (v *verifier) turnsUp(e expr.Expr, args []shape) bool {
	c := e.Arg(0)
	if !args[1].convex || !args[1].total || !args[2].convex || !args[2].total || !c.Op().IsRelation() || c.Op() == expr.Eq || c.Op() == expr.Ne {
		return false
	}
	pool := expr.NewPool()
	inside, outside := pool.Import(e.Arg(1)), pool.Import(e.Arg(2)) // where the left side is not greater
	u, w := pool.Import(c.Arg(0)), pool.Import(c.Arg(1))
	if c.Op() == expr.Gt || c.Op() == expr.Ge {
		inside, outside = outside, inside
	}
	minus := func(a, b expr.Expr) expr.Expr { return pool.Make(expr.Add, a, pool.Make(expr.Neg, b)) }
	ways := []expr.Expr{minus(u, w)}
	if u.IsCall("abs") {
		if b, ok := tape.EncloseConstant(w); !ok || !(b.Lo > 0) {
			return false
		}
		ways = []expr.Expr{minus(u.Arg(0), w), minus(pool.Make(expr.Neg, u.Arg(0)), w)}
	}
	for _, d := range ways { // outside is where d > 0
		if !isAffine(d) || !v.turnsUpAt(d, inside, outside) {
			return false
		}
	}
	return true
}

// turnsUpAt reports whether the formulas are equal where d = 0, d being affine, and the slope of the second less that of the first is
// not negative in the direction in which d rises.
func (v *verifier) turnsUpAt(d, inside, outside expr.Expr) bool {
	pool := d.Pool()
	for _, x := range d.Vars() {
		a := simplify.Tidy(diff.D(d, x))
		if a.Op() != expr.Num || a.Number().Sign() == 0 {
			continue
		}
		// On the border, x = x - d/a.
		root := pool.Make(expr.Add, pool.Var(x), pool.Make(expr.Neg, pool.Make(expr.Div, d, pool.Import(a))))
		value, _ := simplify.Canonical(root)
		on := func(e expr.Expr) expr.Expr {
			return pool.Substitute(pool.Import(e), map[string]expr.Expr{x: pool.Import(value)})
		}
		if !equal(on(inside), on(outside)) {
			return false
		}
		slope := func(e expr.Expr) expr.Expr { return on(simplify.Tidy(diff.D(e, x))) }
		fall := pool.Make(expr.Mul, pool.Import(a), pool.Make(expr.Add, slope(outside), pool.Make(expr.Neg, slope(inside))))
		least, _ := simplify.Canonical(fall)
		if least.Op() == expr.Num {
			return least.Number().Sign() >= 0
		}
		r, ok := v.rangeOn(least)
		return ok && r.Lo >= 0
	}
	return false
}

// bend applies the rule for the node e.
func (s *shape) bend(e expr.Expr, args []shape) {
	switch e.Op() {
	case expr.Var:
		s.convex, s.concave = true, true
	case expr.Add:
		s.convex, s.concave, s.log = true, true, true
		var bent []expr.Expr // terms that are not convex: together they may be
		for i, a := range args {
			s.concave, s.log = s.concave && a.concave, s.log && a.log
			if !a.convex {
				bent = append(bent, e.Arg(i))
			}
		}
		bent = withoutEntropies(bent, e)
		s.convex = len(bent) == 0 || isConvexQuadratic(bent, e)
	case expr.Mul:
		s.scale(e, args)
	case expr.Pow:
		s.power(e, args)
	case expr.Call:
		s.call(e, args)
	}
}

// scale handles a constant times one part, and products of log-convex ones.
func (s *shape) scale(e expr.Expr, args []shape) {
	c := interval.Point(1)
	varying := -1
	s.log = true
	for i, a := range args {
		s.log = s.log && a.log
		if e.Arg(i).IsConstant() {
			c = c.Mul(a.u)
			continue
		}
		if varying >= 0 {
			varying = len(args)
			continue
		}
		varying = i
	}
	if varying < 0 || varying >= len(args) {
		s.product(e, args)
		s.convex = s.convex || isEntropy(e, args)
		switch {
		case c.Lo >= 0:
		case c.Hi <= 0:
			s.convex, s.concave = s.concave, s.convex
		default:
			s.convex, s.concave = false, false
		}
		return
	}
	switch a := args[varying]; {
	case c.Lo >= 0:
		s.convex, s.concave = a.convex, a.concave
	case c.Hi <= 0:
		s.convex, s.concave = a.concave, a.convex
	}
}

// product handles products Π u^k of powers: geometric means, k ≥ 0 and Σ k ≤ 1, and powers over them,
// one k > 0 and Σ k ≥ 1. A power that is not whole has a value for u ≥ 0 only.
func (s *shape) product(e expr.Expr, args []shape) {
	sum := new(big.Rat)
	up := 0
	s.convex, s.concave = true, true
	for i := range args {
		if e.Arg(i).IsConstant() {
			continue
		}
		u, k := &args[i], big.NewRat(1, 1)
		if u.of != nil {
			u, k = u.of, u.exponent
		}
		sum.Add(sum, k)
		above := u.u.Lo >= 0 || !k.IsInt()
		s.concave = s.concave && k.Sign() >= 0 && above && u.concave
		if k.Sign() < 0 {
			s.convex = s.convex && above && u.concave
			continue
		}
		up++
		even := k.IsInt() && k.Num().Bit(0) == 0
		s.convex = s.convex && u.convex && (u.concave && (above || even) || u.total && u.u.Lo >= 0)
	}
	one := big.NewRat(1, 1)
	s.convex = s.convex && up == 1 && sum.Cmp(one) >= 0
	s.concave = s.concave && sum.Cmp(one) <= 0
}

// isEntropy reports whether the factors of e that are not constant are u and log(u), u affine, or u and log(c u/w), where
// c > 0, w is affine too and u not negative: a relative entropy.
func isEntropy(e expr.Expr, args []shape) bool {
	var u, log expr.Expr
	positive, over := false, false
	for i, a := range args {
		switch f := e.Arg(i); {
		case f.IsConstant():
		case !log.Valid() && f.IsCall("log") && f.Len() == 1:
			log = f
		case !u.Valid() && a.convex && a.concave:
			u, positive = f, a.u.Lo >= 0
		default:
			return false
		}
	}
	if !u.Valid() || !log.Valid() || log.Arg(0) == u {
		return u.Valid() && log.Valid()
	}
	for _, f := range operands(expr.Mul, log.Arg(0)) {
		switch {
		case f == u:
			u = expr.Expr{}
		case f.Op() == expr.Num && f.Number().Sign() > 0:
		case f.Op() == expr.Pow && f.Arg(1).IsNum(-1) && positive && isAffine(f.Arg(0)):
			positive = false // there is one w
			over = true
		default:
			return false
		}
	}
	return (positive || over) && !u.Valid()
}

// withoutEntropies leaves out terms -c u log(w), c > 0 and w affine, of a sum that has c u log(u) as well, or more of it, with an affine u: these
// are relative entropies, c u log(u/w).
func withoutEntropies(terms []expr.Expr, sum expr.Expr) (rest []expr.Expr) {
	left := map[expr.Expr]*big.Rat{} // what there is of u log(u)
	for _, e := range sum.AppendArgs(nil) {
		if c, u, w := logTerm(e); u.Valid() && u == w && c.Sign() > 0 && isAffine(u) {
			left[u] = c
		}
	}
	for _, e := range terms {
		c, u, w := logTerm(e)
		if have := left[u]; have != nil && c.Sign() < 0 && isAffine(w) && new(big.Rat).Add(have, c).Sign() >= 0 {
			left[u] = new(big.Rat).Add(have, c)
		} else {
			rest = append(rest, e)
		}
	}
	return rest
}

// logTerm reads e as c u log(w), u and w not Valid where it is none.
func logTerm(e expr.Expr) (c *big.Rat, u, w expr.Expr) {
	c = one
	for _, f := range operands(expr.Mul, e) {
		switch {
		case f.Op() == expr.Num:
			c = new(big.Rat).Mul(c, f.Number().Rat())
		case f.IsCall("log") && f.Len() == 1 && !w.Valid():
			w = f.Arg(0)
		case !u.Valid():
			u = f
		default:
			return c, expr.Expr{}, expr.Expr{}
		}
	}
	if !w.Valid() || !u.Valid() {
		return c, expr.Expr{}, expr.Expr{}
	}
	return c, u, w
}

func isAffine(e expr.Expr) bool {
	p, ok := readPoly(e, e.Vars())
	for m := range p {
		degree := 0
		for _, k := range []byte(m) {
			degree += int(k)
		}
		ok = ok && degree <= 1
	}
	return ok
}

// isLength reports whether e is the root of a quadratic polynomial that is nowhere negative: a length.
func isLength(e expr.Expr) bool {
	q, ok := readPoly(e.Arg(0), e.Vars())
	return ok && nowhereNegative(q, len(e.Vars()))
}

// isConvexQuadratic reports whether the terms, with those other terms of the sum that are polynomials of degree
// two or less, are one with a positive semidefinite matrix.
func isConvexQuadratic(terms []expr.Expr, sum expr.Expr) bool {
	vars := sum.Vars()
	n := len(vars)
	p := poly{}
	for _, a := range sum.AppendArgs(nil) {
		term, ok := readPoly(a, vars)
		if ok {
			_, ok = form(term, n)
		}
		if ok {
			p.plus(term, one)
		} else if slices.Contains(terms, a) {
			return false
		}
	}
	return isConvexForm(p, n)
}

// isConvexForm reports whether p, of degree two or less in n variables, is convex.
func isConvexForm(p poly, n int) bool {
	q, ok := form(p, n)
	for i := range q {
		q[i] = q[i][:n]
	}
	return ok && semidefinite(q[:n])
}

func (s *shape) power(e expr.Expr, args []shape) {
	u := args[0]
	if k := e.Arg(1); k.Op() == expr.Num {
		s.of, s.exponent = &u, k.Number().Rat()
	}
	if k, ok := wholePower(e); ok {
		affine := u.convex && u.concave
		switch {
		case k > 0 && k%2 == 0:
			s.convex = affine || u.total && (u.convex && u.u.Lo >= 0 || u.concave && u.u.Hi <= 0)
			s.log = u.log
		case k > 0:
			s.convex = u.total && u.convex && u.u.Lo >= 0
			s.log = u.log
		case k < 0:
			s.log = u.concave && u.u.Lo >= 0
		}
		return
	}
	if k := s.exponent; k != nil && !k.IsInt() { // for u >= 0
		s.concave = k.Sign() > 0 && k.Cmp(big.NewRat(1, 1)) < 0 && u.concave
		s.convex = k.Cmp(big.NewRat(1, 1)) > 0 && u.convex && (u.concave || u.total && u.u.Lo >= 0)
		s.log = k.Sign() < 0 && u.concave
		return
	}
	if e.Arg(0).IsConstant() && u.u.Lo >= 1 && args[1].convex {
		s.log = true // c^v with c ≥ 1
	}
}

// call applies the rule for a function of which its row says how it bends and whether it rises or falls.
func (s *shape) call(e expr.Expr, args []shape) {
	all := func(of func(a shape) bool) bool {
		return !slices.ContainsFunc(args, func(a shape) bool { return !of(a) })
	}
	f, u := e.Func(), args[0]
	rises := f.Direction()
	if len(args) == 1 && f.Parity > 0 && f.Convex > 0 && u.u.Lo >= 0 { // from 0 on
		rises = 1
	}
	bends := all(func(a shape) bool { return a.convex && a.concave })
	if f.Domain == "" {
		bends = bends || rises*f.Convex > 0 && all(func(a shape) bool { return a.convex && a.total }) ||
			rises*f.Convex < 0 && all(func(a shape) bool { return a.concave && a.total })
	}
	s.convex, s.concave = bends && f.Convex > 0, bends && f.Convex < 0
	switch f.Name {
	case "exp":
		s.log = u.convex
	case "log":
		s.concave, s.convex = u.concave, u.log
	case "sqrt":
		s.of, s.exponent = &u, big.NewRat(1, 2)
		s.concave, s.log, s.convex = u.concave, u.log, isLength(e)
	}
}

// convexAt reports whether f is convex on the region and its gradient vanishes at
// the exact point, where it has the value, or f is higher round it.
func (v *verifier) convexAt() bool {
	if v.bent = len(v.region) > 0 && v.isConvex(); !v.bent {
		return false
	}
	if s := v.siteAt(v.c.ExactPoint); s != nil && !slices.Contains(s.still, false) && v.supportsAt(s) {
		v.precise, v.single = true, v.isStrictAt(s)
		v.yes("the formula is convex, by the rules for sums and compositions, and its gradient vanishes at the point")
		return true
	}
	if len(v.cons) > 0 {
		return false
	}
	if v.outer = v.higherAround(); v.outer == nil {
		return false
	}
	v.yes("the formula is convex, by the rules for sums and compositions, and higher on the border of a box round the point than at it: nothing outside is better")
	return false // the box itself is still to be looked at
}

// isStrictAt reports whether the formula, which is convex and least at the site, is so at no other point: along a segment
// to one it would be constant, and its second derivative at the site 0.
func (v *verifier) isStrictAt(s *site) bool {
	round := make([]interval.I, len(s.at))
	for i, x := range s.at {
		d := 1e-12 * math.Max(1, x.Mag())
		round[i] = interval.New(x.Lo-d, x.Hi+d)
	}
	v.eval(v.fm, v.prog, round)
	if v.hm == nil || slices.ContainsFunc(v.dec[:len(round)+1], func(d interval.Dec) bool { return d != interval.Continuous }) {
		return false
	}
	h, ok := v.hessian(round)
	return ok && v.dominant(h)
}

// supportsAt reports whether the formula of the gradient at the site, which is 0, is a subgradient there: it is continuous round the site in
// the region, or, at kinks of absolute values, f is convex on all sides. Where it is so in the region only, as -abs(x) for
// x ≥ 0, the formula may have a mean of slopes at a kink on the border.
func (v *verifier) supportsAt(s *site) bool {
	wide, round := make([]interval.I, len(s.at)), make([]interval.I, len(s.at))
	for i, x := range s.at {
		d := 1e-12 * math.Max(1, x.Mag())
		wide[i] = interval.New(x.Lo-d, x.Hi+d)
		round[i] = wide[i].Meet(v.region[i])
	}
	isContinuous := func(x []interval.I) bool {
		v.eval(v.fm, v.prog, x)
		return !slices.ContainsFunc(v.dec[:len(x)+1], func(d interval.Dec) bool { return d != interval.Continuous })
	}
	if isContinuous(round) {
		return true
	}
	zero := expr.NewPool().Int(0)
	return isContinuous(s.at) && v.alone(wide, v.isConvex) && !slices.ContainsFunc(diff.Gradient(simplify.Tidy(v.f), v.c.Variables), func(g expr.Expr) bool {
		return !equal(substitute(g, s.exact), zero)
	})
}

// higherAround returns a box round the point on the faces of which f, which is convex, is above its value at the point, whether
// conditions hold or not; then it is so outside. It is nil where none is found.
func (v *verifier) higherAround() []interval.I {
	if len(v.conditions) > 0 { // which do not matter if f is convex, and defined, without them
		w := *v
		if w.cons, w.conditions = nil, nil; w.compileConditions() != nil || !w.isConvex() {
			return nil
		}
		return w.higherAround()
	}
	n := len(v.region)
	at := v.where()
	if at == nil || !within(at, v.region) {
		return nil
	}
	v.eval(v.fm, v.prog, at)
	if v.dec[0] < interval.Defined {
		return nil
	}
	least := v.least
	defer func() { v.least = least }()
	v.least = math.Max(least, math.Nextafter(v.out[0].Hi, math.Inf(1)))
	for _, r := range []float64{0.1, 1, 10, 1e3, 1e5} {
		box := make([]interval.I, n)
		for i, c := range v.c.Point {
			d := r * math.Max(1, math.Abs(c))
			box[i] = interval.New(c-d, c+d).Meet(v.region[i])
		}
		higher := true
		for i := range box {
			for side, end := range [2]float64{box[i].Lo, box[i].Hi} {
				if region := v.region[i]; side == 0 && end == region.Lo || side == 1 && end == region.Hi {
					continue
				}
				face := slices.Clone(box)
				face[i] = interval.Point(end)
				if higher = higher && v.onFace(face); !higher {
					break
				}
			}
		}
		if higher {
			return box
		}
	}
	return nil
}

// within reports whether the box x lies in y.
func within(x, y []interval.I) bool {
	for i := range x {
		if !x[i].In(y[i]) {
			return false
		}
	}
	return true
}

// onFace reports whether f is proved to be at least v.least on the box, a face.
func (v *verifier) onFace(box []interval.I) bool {
	return v.alone(box, func() bool { return v.bounded(slices.Clone(box), 3000) })
}
