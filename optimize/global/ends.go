package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file answers for a formula f = F(u(y), x) that depends on the variable y through one formula u of it alone and is monotone in
// u for each x, the others: whatever these are, it is lowest at an end of the values of u, which leaves a question with a
// variable less where the direction is the same for all x, and otherwise one for each end. At an end that u does not take it is
// one in the limits of F, which no point has.

// A monotonic is such a formula.
type monotonic struct {
	k     int       // of y
	u     expr.Expr // in y
	outer expr.Expr // F
	inner string    // the name of u in it
	vars  []string  // of F: that of u has the place of y
	box   []interval.I

	ends   [2]*Answer // where u is least and greatest
	slope  expr.Expr  // ∂F/∂u
	up     bool       // F may rise
	down   bool       // F may fall
	strict bool       // for each x, F is constant or has another value for each u
}

// byEnds returns nil where there is no such variable, or what is left is not settled.
func (s *session) byEnds() *Answer {
	if len(s.m.Cons) > 0 || s.m.N < 2 || s.m.F.Size() > maxEliminated || s.b == nil || s.o.checked {
		return nil
	}
	name := s.innerName()
	f := simplify.Tidy(s.m.F)
	if name == "" || !form.SameDomain(s.m.F, f) {
		return nil
	}
	box := slices.Clone(s.m.Outer) // where f is not higher than at the best point
	if !s.b.Contract(box, s.b.Best.Hi, 2) {
		return nil
	}
	for k, y := range s.p.Vars {
		if s.ctx.Err() != nil {
			return nil
		}
		g := withTogether(inSquare(f, y), y)
		parts := []expr.Expr{onlyPart(g, y), g.Pool().Var(y)}
		if !parts[0].Valid() || parts[0] == parts[1] {
			parts = parts[1:]
		}
		for _, u := range parts {
			r := &monotonic{k: k, u: u, inner: name, vars: slices.Clone(s.p.Vars), box: slices.Clone(box)}
			r.vars[k] = name
			if r.outer = replaced(g, u, expr.NewPool().Var(name)); r.outer.Has(y) {
				continue
			}
			if a := s.atEnds(r); a != nil {
				return a
			}
		}
	}
	return nil
}

// atEnds is the answer by the questions at the ends.
func (s *session) atEnds(r *monotonic) *Answer {
	if !s.rises(r) {
		return nil
	}
	var answers []*Answer
	for side := range r.ends {
		if side == 0 && !r.up || side == 1 && !r.down {
			continue
		}
		a, isHigher := s.atEnd(r, side)
		switch {
		case isHigher:
		case a == nil:
			return nil
		default:
			answers = append(answers, a)
		}
	}
	switch len(answers) {
	case 0:
		return nil
	case 1:
		return answers[0]
	}
	a, b := answers[0], answers[1]
	if order, known := s.compare(a, b); !known || order == 0 && a.Method == inLimit && b.Method == inLimit {
		return nil // where F does not depend on u, it may have the value
	}
	return s.best(answers)
}

// rises finds the directions of F; false where it is not seen to be monotone.
func (s *session) rises(r *monotonic) bool {
	for n := range r.outer.All() { // a step may lead elsewhere
		if n.Has(r.inner) && form.HasKinks(n) {
			return false
		}
	}
	t := simplify.New()
	r.slope = t.Shorter(t.Tidy(diff.D(r.outer, r.inner)))
	r.box[r.k] = interval.Whole
	for side := range r.ends {
		q := s.part(r.u)
		q.Max = side == 1
		a := study(s.ctx, q, Options{})
		r.ends[side] = a
		switch {
		case a == nil:
			return false
		case a.Status == Unbounded:
		case a.Enclosure == nil || a.Status != Exact && a.Status != NotAttained:
			return false
		case side == 0:
			r.box[r.k].Lo = a.Enclosure.Value.Lo
		default:
			r.box[r.k].Hi = a.Enclosure.Value.Hi
		}
	}
	for _, c := range conditions.Open(r.outer, r.vars, r.box) { // or a gap
		if c.Has(r.inner) {
			return false
		}
	}
	if !r.differentiable(t) {
		return false
	}
	switch minus := t.Neg(r.slope); {
	case positive(r.slope):
		r.up, r.strict = true, true
	case positive(minus):
		r.down, r.strict = true, true
	case r.ends[0].Status == Exact && s.neverNegative(r, r.slope):
		r.up = true
	case r.ends[1].Status == Exact && s.neverNegative(r, minus):
		r.down = true
	case oneSigned(t, r.slope, r.inner):
		r.up, r.down, r.strict = true, true, true
	}
	return r.up || r.down
}

// differentiable reports whether for each x the slope is proved to have a value wherever F has one, but for a single u: where
// formulas of which it contains negative powers are 0.
func (r *monotonic) differentiable(t *simplify.Tidier) bool {
	own := simplify.Domain(r.outer)
	pool := expr.NewPool()
	both := pool.Make(expr.Mul, pool.Import(r.outer), pool.Import(r.slope)) // the conditions of which are known to follow from others of it
	for _, c := range conditions.Open(both, r.vars, r.box) {
		if slices.ContainsFunc(own, func(d expr.Expr) bool { return expr.Equal(c, d) }) {
			continue
		}
		if !c.Op().IsRelation() {
			return false
		}
		d := t.Tidy(diff.D(t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1))), r.inner))
		if !positive(d) && !positive(t.Neg(d)) {
			return false
		}
	}
	return true
}

// neverNegative reports whether the formula e of u and the others is not negative where f is not higher than at the best point.
func (s *session) neverNegative(r *monotonic, e expr.Expr) bool {
	out, _, ok := tape.EncloseOn(r.vars, r.box, e)
	return ok && (out[0].Lo >= 0 || !e.Has(r.inner) && s.rangeOf(e).Lo >= 0)
}

// oneSigned reports whether e, for each choice of the other variables, is seen to be positive for all u wherever it is defined, or
// negative for all of them, or 0.
func oneSigned(t *simplify.Tidier, e expr.Expr, u string) bool {
	if !e.Has(u) || positive(e) || positive(t.Neg(e)) {
		return true
	}
	switch e.Op() {
	case expr.Mul:
		return !slices.ContainsFunc(e.AppendArgs(nil), func(a expr.Expr) bool { return !oneSigned(t, a, u) })
	case expr.Pow:
		k := e.Arg(1)
		return k.Op() == expr.Num && oneSigned(t, e.Arg(0), u)
	case expr.Call:
		return e.Func().KeepsSign() && oneSigned(t, e.Arg(0), u)
	case expr.Add:
		return e.Len() == 2 && oneSignedSum(t, e.Arg(0), e.Arg(1), u)
	}
	return false
}

// oneSignedSum is oneSigned for a + b, which has the sign of b, or of a, where the other is 0, and otherwise of b (1 + a/b). Where a/b is
// -c (P/Q)^k with c > 0 and P and Q not negative, 1 + a/b has the sign of Q - c^(1/k) P, or the opposite for k < 0.
func oneSignedSum(t *simplify.Tidier, a, b expr.Expr, u string) bool {
	if !oneSigned(t, a, u) || !oneSigned(t, b, u) {
		return false
	}
	ratio := t.Mul(a, t.Pow(b, t.Int(-1)))
	if !ratio.Has(u) {
		return true
	}
	constant := []expr.Expr{t.Int(1)}
	var bases []expr.Expr
	var powers []number.Number
	for _, x := range ratio.Factors() {
		if x.IsConstant() {
			constant = append(constant, x)
			continue
		}
		x, k := poweredBase(x)
		if k.IsInt() && !positive(x) {
			return false
		}
		bases, powers = append(bases, x), append(powers, k)
	}
	c := t.Neg(t.Mul(constant...))
	if form.ConstantSign(c) <= 0 {
		return form.ConstantSign(c) < 0 // both have the same sign
	}
	q := t.Int(1)
	switch {
	case len(bases) == 1:
	case len(bases) == 2 && powers[0].Cmp(powers[1].Neg()) == 0:
		q = bases[1]
	default:
		return false
	}
	inverse, _ := powers[0].Inv()
	difference, _ := simplify.Canonical(t.Sub(q, t.Mul(t.Pow(c, t.Num(inverse)), bases[0])))
	difference = t.Tidy(difference)
	return !difference.Has(u) || positive(difference) || positive(t.Neg(difference))
}

// poweredBase reads x as a power, roots being some; the base of one that is no whole number is not negative where x is defined.
func poweredBase(x expr.Expr) (base expr.Expr, k number.Number) {
	k = number.Int(1)
	for {
		switch {
		case x.IsCall("sqrt"):
			x, k = x.Arg(0), k.Mul(number.Frac(1, 2))
		case x.Op() == expr.Pow && x.Arg(1).Op() == expr.Num && !x.Arg(1).Number().Mul(number.Frac(1, 2)).IsInt():
			x, k = x.Arg(0), k.Mul(x.Arg(1).Number())
		default:
			return x, k
		}
	}
}

// inLimit is the method of an answer at an end that u does not take.
const inLimit = "limits"

// atEnd answers by the question at an end of the values of u; isHigher says that F is without end there.
func (s *session) atEnd(r *monotonic, side int) (a *Answer, isHigher bool) {
	end := r.ends[side]
	if end.Status == Exact {
		if len(end.ExactAt) != 1 || !end.ExactAt[0].Valid() {
			return nil, false
		}
		return s.answerRest(s.risen(r, side, end.ExactAt[0])), false
	}
	if !r.strict || !s.everywhere(r) {
		return nil, false
	}
	t := simplify.New()
	var l limit
	if end.Status == Unbounded {
		l = limitAt(t, r.outer, r.inner, 2*side-1)
	} else if end.ExactValue.Valid() {
		l.e = t.Tidy(replaced(r.outer, r.outer.Pool().Var(r.inner), end.ExactValue))
	}
	if !l.e.Valid() {
		return nil, l.inf > 0
	}
	if s.p.Max {
		l.e = t.Neg(l.e)
	}
	q := s.p.without(r.k)
	q.F = l.e
	return s.byLimit(r, q, side), false
}

// risen is the elimination of y, which is c at the end.
func (s *session) risen(r *monotonic, side int, c expr.Expr) *elimination {
	y := s.p.Vars[r.k]
	q := s.p.without(r.k)
	pool := expr.NewPool()
	q.F = pool.Substitute(pool.Import(s.p.F), map[string]expr.Expr{y: pool.Import(c)})
	if g := simplify.Tidy(q.F); form.SameDomain(q.F, g) {
		q.F = g
	}
	end, how := "least", "never falls as %s grows, whatever the other variables are"
	if side == 1 {
		end, how = "greatest", "never rises as %s grows, whatever the other variables are"
	}
	switch {
	case r.up && r.down:
		how = "never falls as %s grows, or never rises, as the other variables are"
	case !r.strict: // shown for those with which f may be low
		how = strings.Replace(how, "whatever the other variables are", "for all values of the others with which it may be "+s.p.lower()+" than at the best point", 1)
	}
	return &elimination{at: r.k, v: c, rest: q, kind: certificate.Centre, loose: true, left: format.Text(simplify.Tidy(q.F)),
		proof: fmt.Sprintf("%s "+how+", and this is %s at %s = %s, where f is", s.minimised(), format.Text(r.u), end, y, format.Text(c))}
}

// everywhere reports whether F is proved to be defined for all u and all x of the region.
func (s *session) everywhere(r *monotonic) bool {
	box := slices.Clone(s.m.Outer)
	box[r.k] = r.box[r.k]
	t := simplify.New()
	for _, c := range conditions.Open(r.outer, r.vars, box) {
		if !c.Op().IsRelation() {
			return false
		}
		u := t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1)))
		above := positive(u) && (c.Op() == expr.Gt || c.Op() == expr.Ge || c.Op() == expr.Ne)
		below := positive(t.Neg(u)) && (c.Op() == expr.Lt || c.Op() == expr.Le || c.Op() == expr.Ne)
		if !above && !below {
			return false
		}
	}
	return true
}

// byLimit is the answer by that to q, the limits of f at an end that u does not take.
func (s *session) byLimit(r *monotonic, q *Problem, side int) *Answer {
	o := s.o
	o.Start, o.Progress, o.Certificate = nil, nil, false
	sub, _, err := solveAny(s.ctx, q, o)
	if err != nil || sub.Enclosure == nil && !sub.ExactValue.Valid() {
		return nil
	}
	to := [...]string{"-∞", "∞"}[side]
	if end := r.ends[side]; end.Status == NotAttained {
		to = format.Text(end.ExactValue)
	}
	end := format.Text(r.u) + " → " + to
	sense := "rises in %s everywhere"
	if (side > 0) != s.p.Max {
		sense = "falls in %s everywhere"
	}
	if r.up && r.down {
		sense = "rises in %s, falls or does not change, as the other variables are"
	}
	a := &Answer{Status: NotAttained, Value: sub.Value, ExactValue: sub.ExactValue, Method: inLimit, GradientNorm: math.NaN(), Evaluations: sub.Evaluations}
	g := minimum.NameFor(sub.Proof, s.p.Vars)
	a.Proof = calledAs(g, fmt.Sprintf("f "+sense+", and f → %s = %s as %s, so that f is everywhere %s than %s and comes as near as you like",
		format.Text(r.u), g, format.Text(simplify.Tidy(q.F)), end, s.p.higher(), g), sub.Proof)
	if sub.Enclosure != nil {
		a.Enclosure = &Enclosure{Value: sub.Enclosure.Value}
	}
	switch sub.Status {
	case Exact, Certified, Constant:
		for i, v := range sub.At {
			a.Approached += q.Vars[i] + " = " + format.Number(v, 6) + ", "
		}
		a.Approached += end
	case NotAttained:
		a.Approached = sub.Approached + ", " + end + " fast enough"
	default:
		return nil
	}
	return a
}

// withTogether is f with the terms of each sum that have no variable but y as a sum of their own.
func withTogether(f expr.Expr, y string) expr.Expr {
	pool := expr.NewPool()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() != expr.Add || len(n.Vars()) == 1 {
			return expr.Remake(n, pool, args, nil)
		}
		var alone, rest []expr.Expr
		for _, a := range args {
			if a.Has(y) && len(a.Vars()) == 1 {
				alone = append(alone, a)
			} else {
				rest = append(rest, a)
			}
		}
		if len(alone) < 2 || len(rest) == 0 {
			return pool.Make(expr.Add, args...)
		}
		return pool.Make(expr.Add, append(rest, pool.Make(expr.Add, alone...))...)
	})
}

// onlyPart returns the part of f in which alone y occurs, with no other variable and as large as can be but for a factor that is a
// number; not Valid where there are several.
func onlyPart(f expr.Expr, y string) (u expr.Expr) {
	isAlone := func(e expr.Expr) bool { return e.Has(y) && len(e.Vars()) == 1 }
	if isAlone(f) {
		return expr.Expr{}
	}
	for n := range f.All() {
		if isAlone(n) {
			continue
		}
		for _, a := range n.Args() {
			if !isAlone(a) {
				continue
			}
			if a.Op() == expr.Mul && a.Len() == 2 && a.Arg(0).Op() == expr.Num {
				a = a.Arg(1)
			}
			if u.Valid() && a != u {
				return expr.Expr{}
			}
			u = a
		}
	}
	return u
}

// inSquare is f with y^2 to the k for each y^(2k), where y occurs in such powers only and in several; otherwise f.
func inSquare(f expr.Expr, y string) expr.Expr {
	pool := expr.NewPool()
	square := pool.Make(expr.Pow, pool.Var(y), pool.Int(2))
	even := true
	g := expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Pow && n.Arg(0).Op() == expr.Var && n.Arg(0).Name() == y {
			if k := n.Arg(1); k.Op() == expr.Num {
				if half := k.Number().Mul(number.Frac(1, 2)); half.IsInt() {
					if half.Cmp(number.Int(1)) == 0 {
						return square
					}
					return pool.Make(expr.Pow, square, pool.Num(half))
				}
			}
		}
		for _, a := range args {
			even = even && !(a.Op() == expr.Var && a.Name() == y)
		}
		return expr.Remake(n, pool, args, nil)
	})
	if !even {
		return f
	}
	return g
}
