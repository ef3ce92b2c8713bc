package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/minimum"
)

// This file answers for quotients f = p/q with q ≥ 0 by their parametric form
// (Dinkelbach, On Nonlinear Fractional Programming, Management Science 13, 1967):
// f ≥ γ wherever it is defined if p - γ q ≥ 0, and f ≤ γ only where p - γ q ≤ 0. The
// difference is often a polynomial, or convex, where the quotient is neither.

// A ratioForm is a formula as num / Π base^k.
type ratioForm struct {
	num expr.Expr
	den []power
}

// A power is base^k, k > 0.
type power struct {
	base expr.Expr
	k    number.Number
}

// maxFactors is the number of factors up to which denominators are brought together.
const maxFactors = 8

// byQuotient answers where f is a quotient whose parametric form is settled, nil
// where it is not: at simple levels only, if atLevels says so, or there are constraints.
func (s *session) byQuotient(atLevels bool) *Answer {
	if s.b == nil || s.b.BestX == nil || s.m.F.Size() > maxEliminated {
		return nil
	}
	q := s.quotient()
	if q == nil {
		return nil
	}
	for _, level := range s.levels() {
		if a := q.atLevel(level); a != nil {
			return a
		}
	}
	if atLevels || len(s.m.Cons) > 0 {
		return nil
	}
	return q.confined()
}

// A quotient is the function to be minimised as p/q, with q ≥ 0 proved on the region and
// q > 0 where f is defined.
type quotient struct {
	*session
	t    *simplify.Tidier
	p, q expr.Expr
}

// minimised names the function to be minimised.
func (s *session) minimised() string {
	if s.p.Max {
		return "-f"
	}
	return "f"
}

// levels are simple constants near the best value: the values at simple points near the
// best one, and simple numbers.
func (s *session) levels() []expr.Expr {
	const tol, most = 1e-6, 3
	best := s.b.Best.Hi
	size := math.Max(1, math.Abs(best))
	var list []expr.Expr
	add := func(v expr.Expr) {
		b, ok := tape.EncloseConstant(v)
		if !ok || math.Abs(b.Mid()-best) > tol*size || len(list) == most {
			return
		}
		for _, w := range list {
			if expr.Equal(v, w) {
				return
			}
		}
		list = append(list, v)
	}
	for _, x := range s.p.snaps(s.b.BestX) {
		if _, ok := s.exactPoint(x); ok {
			add(exact.ClosedForm(s.valueAt(s.m.F, x)))
		}
	}
	if v := exact.Guess(expr.NewPool(), best, 1e-9, 1000, false); v.Valid() {
		add(v)
	}
	return list
}

// parametric is the problem to minimise p - γ q in the region.
func (s *quotient) parametric(level expr.Expr) *Problem {
	h := &Problem{Vars: s.session.p.Vars, Bounds: s.session.p.Bounds, SubjectTo: s.session.p.SubjectTo}
	h.F = s.t.Add(s.p, s.t.Neg(s.t.Mul(s.t.Pool().Import(level), s.q)))
	if g, _ := simplify.Canonical(h.F); g.Size() <= h.F.Size() && form.SameDomain(h.F, g) {
		h.F = g
	}
	return h
}

// settle answers the parametric form at a level; nil where that is not done in time.
func (s *quotient) settle(level expr.Expr) (*Problem, *Answer, *certificate.Reduction) {
	ctx, cancel := effort.Share(s.ctx, 0.1)
	defer cancel()
	h := s.parametric(level)
	o := s.o
	o.Start, o.Progress, o.checked = s.b.BestX, nil, true
	sub, steps, err := solveAny(ctx, h, o)
	if err != nil {
		return h, nil, nil
	}
	if !s.o.Certificate {
		return h, sub, nil
	}
	constant := level
	if s.session.p.Max {
		constant = s.t.Neg(s.t.Tidy(level))
	}
	r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(h, sub, steps)},
		Over: format.Plain(s.q), Constant: format.Plain(constant)}
	if len(s.m.Cons) > 0 {
		least := s.partUnder(s.q)
		if a, steps, err := solveAny(ctx, least, s.o); err == nil && a.Status != Local {
			r.Ranges = append(r.Ranges, certify(least, a, steps))
		}
		return h, sub, r
	}
	least := s.part(s.q)
	if a, ok := solveQuadratic(least); ok {
		r.Ranges = append(r.Ranges, certify(least, a, nil))
	}
	return h, sub, r
}

// reads says what the parametric form h at the level is, called g.
func (s *quotient) reads(g string, h *Problem, level expr.Expr) string {
	t := simplify.New()
	less := ""
	if c := t.Neg(t.Tidy(level)); !c.IsNum(0) {
		less = " + " + format.Text(c)
		if rest, negative := strings.CutPrefix(less, " + -"); negative {
			less = " - " + rest
		}
	}
	under := ""
	if len(s.m.Cons) > 0 {
		under = " under the constraints"
	}
	return fmt.Sprintf("%s%s = %s/q with q = %s >= 0%s and %s = %s", s.minimised(), less, g, format.Text(s.q), under, g, format.Text(h.F))
}

// atLevel answers when p - γ q is proved to have the minimum 0, and notes when 0 is its
// infimum.
func (s *quotient) atLevel(level expr.Expr) *Answer {
	v, ok := tape.EncloseConstant(level)
	if !ok {
		return nil
	}
	h, sub, reduction := s.settle(level)
	if sub == nil {
		return nil
	}
	zero := sub.ExactValue.Valid() && prove.Zero(sub.ExactValue, prove.Budget{}).Equal
	above := sub.Enclosure != nil && sub.Status != Local && sub.Enclosure.Value.Lo > 0
	if !zero && !above {
		return nil
	}
	g := minimum.NameFor(sub.Proof, h.Vars)
	proof := calledAs(g, s.reads(g, h, level)+", and "+g+" is nowhere lower than 0", sub.Proof)
	switch {
	case above, sub.Status == NotAttained:
		if n := simplify.Tidy(level); n.Op() == expr.Num {
			s.under = &lowerBound{value: n, proof: proof, reduction: reduction}
		}
		return nil
	case sub.Status != Exact:
		return nil
	}
	a := &Answer{Status: Exact, Attained: true, Value: minimum.Shown(v), ExactValue: level, Method: "quotient", Evaluations: sub.Evaluations,
		Proof: proof, Argument: minimum.Argument{Reduction: reduction}}
	s.points(a, sub, level)
	if a.At == nil {
		return nil
	}
	a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
	return s.flip(a)
}

// points gives a the minimisers of the parametric form at which f is defined.
func (s *quotient) points(a, sub *Answer, level expr.Expr) {
	v, _ := tape.EncloseConstant(level)
	a.MinimisersComplete = sub.MinimisersComplete
	for _, m := range sub.Minimisers {
		e, ok := s.exactPoint(m.Exact)
		if !ok || m.Family != "" {
			a.MinimisersComplete = false
		}
		if ok {
			if m.Family != "" && len(conditions.Open(s.m.F, s.session.p.Vars, s.m.Outer)) > 0 {
				m.Family += ", where f is defined"
			}
			a.Minimisers = append(a.Minimisers, Point{X: e.at, Exact: m.Exact, Family: m.Family})
		}
	}
	if len(a.Minimisers) == 0 {
		// The numerator vanishes at further points, in the direction of the best one.
		unit := slices.Clone(s.b.BestX)
		floats.Scale(1/floats.Norm(unit, math.Inf(1)), unit)
		for _, x := range append(s.session.p.snaps(unit), s.session.p.snaps(s.b.BestX)...) {
			if e, ok := s.exactPoint(x); ok && sameConstant(s.valueAt(s.m.F, x), level) {
				a.Minimisers = []Point{{X: e.at, Exact: x}}
				break
			}
		}
	}
	if len(a.Minimisers) > 0 {
		first := a.Minimisers[0]
		e, _ := s.exactPoint(first.Exact)
		a.At, a.ExactAt, a.Enclosure = first.X, first.Exact, &Enclosure{At: e.box, Value: v}
	}
}

// confined searches the box outside which the parametric form at the best value is
// positive, nil where none is known.
func (s *quotient) confined() *Answer {
	n, ok := number.FromFloat(s.b.Best.Hi)
	if !ok {
		return nil
	}
	level := s.t.Num(n)
	h := s.parametric(level)
	m, err := h.model()
	if err != nil {
		return nil
	}
	o := s.o
	o.Certificate = false
	sub := &session{ctx: s.ctx, p: h, o: o, m: m, bound: math.Inf(-1)}
	sub.b = branch.New(m, o.boxes())
	if !sub.b.Try(s.b.BestX) {
		return nil
	}
	sub.b.Best.Hi = math.Max(sub.b.Best.Hi, 0)
	x, why := sub.confined()
	if x == nil {
		return nil
	}
	why = fmt.Sprintf("%s = p/q with p = %s and q = %s >= 0, and with the best value γ it is not higher than γ only where g = p - γ q <= 0; %s",
		s.minimised(), format.Text(s.p), format.Text(s.q), minimum.Called(why, "g"))
	a := s.search(x, why, 0.4)
	if a == nil || a.Status == Local {
		return nil
	}
	if s.o.Certificate {
		if low, ok := number.FromFloat(s.b.Best.Hi - s.b.Gap()); ok {
			if _, below, r := s.settle(s.t.Num(low)); below != nil && below.Enclosure != nil && below.Status != Local && below.Enclosure.Value.Lo >= 0 {
				a.Argument.Reduction = r
			}
		}
	}
	return a
}

// quotient writes the function to be minimised as a quotient; nil where it is none, or the
// sign of its denominator is not known.
func (s *session) quotient() *quotient {
	t := simplify.New()
	f := t.Tidy(s.m.F)
	r := expr.Fold(f, func(n expr.Expr, args []ratioForm) ratioForm { return ratioOf(t, n, args) })
	if !r.num.Valid() {
		return nil
	}
	p, q := r.num, t.Int(1)
	for _, d := range r.den {
		k, whole := d.k.Int64()
		switch b := s.rangeOfFeasible(d.base); {
		case b.Lo >= 0:
		case !whole:
			return nil
		case b.Hi <= 0:
			if k%2 != 0 {
				p = t.Neg(p)
			}
			d.base = t.Neg(d.base)
		case k%2 != 0: // p/b = p b/b²
			p, d.k = t.Mul(p, d.base), d.k.Add(number.Int(1))
		}
		q = t.Mul(q, t.Pow(d.base, t.Num(d.k)))
	}
	if p, q = moveExponentials(t, p, q); q.IsConstant() {
		return nil
	}
	return &quotient{s, t, p, q}
}

// part is the problem to minimise e, a part of the formula, on the region.
func (s *session) part(e expr.Expr) *Problem {
	q := &Problem{F: e}
	for i, x := range s.p.Vars {
		if e.Has(x) {
			q.Vars = append(q.Vars, x)
			if s.p.Bounds != nil {
				q.Bounds = append(q.Bounds, s.p.Bounds[i])
			}
		}
	}
	return q
}

// partUnder is part, under the constraints.
func (s *session) partUnder(e expr.Expr) *Problem {
	return &Problem{F: e, Vars: s.p.Vars, Bounds: s.p.Bounds, SubjectTo: s.p.SubjectTo}
}

// rangeOf encloses the values of e on the region.
func (s *session) rangeOf(e expr.Expr) interval.I {
	q := s.part(e)
	out, _, ok := tape.EncloseOn(q.Vars, q.region().Outer, q.F)
	if !ok {
		return interval.Whole
	}
	v := out[0]
	if v.Lo >= 0 || v.Hi <= 0 || v.IsEmpty() {
		return v
	}
	// A quadratic and the study of one variable know the least value, and the greatest.
	for _, q.Max = range [...]bool{false, true} {
		a, ok := solveQuadratic(q)
		if !ok && len(q.Vars) == 1 {
			a = study(s.ctx, q, Options{})
			ok = a != nil && (a.Status == Certified || a.Status == NotAttained || a.Status == Exact)
		}
		switch {
		case !ok || a.Enclosure == nil || a.Status == Local:
		case q.Max:
			v.Hi = math.Min(v.Hi, a.Enclosure.Value.Hi)
		default:
			v.Lo = math.Max(v.Lo, a.Enclosure.Value.Lo)
		}
	}
	return v
}

// rangeOfFeasible is rangeOf for the points that satisfy the constraints.
func (s *session) rangeOfFeasible(e expr.Expr) interval.I {
	v := s.rangeOf(e)
	if len(s.m.Cons) == 0 || v.Lo >= 0 || v.Hi <= 0 || form.LinearIn(e, s.p.Vars).Degree != 1 {
		return v
	}
	q := s.partUnder(e) // a linear program, perhaps
	ctx, cancel := effort.Share(s.ctx, 0.1)
	defer cancel()
	for _, q.Max = range [...]bool{false, true} {
		a, _, err := solveAny(ctx, q, Options{})
		switch {
		case err != nil || a.Enclosure == nil || a.Status != Exact && a.Status != Certified && a.Status != NotAttained:
		case q.Max:
			v.Hi = math.Min(v.Hi, a.Enclosure.Value.Hi)
		default:
			v.Lo = math.Max(v.Lo, a.Enclosure.Value.Lo)
		}
	}
	return v
}

// ratioOf is the ratio form of the node n with operands in that form.
func ratioOf(t *simplify.Tidier, n expr.Expr, args []ratioForm) ratioForm {
	for _, a := range args {
		if !a.num.Valid() {
			return ratioForm{}
		}
	}
	switch n.Op() {
	case expr.Add:
		var common []power
		for _, a := range args {
			for _, d := range a.den {
				common = raise(common, d, true)
			}
		}
		if len(common) > maxFactors {
			return ratioForm{}
		}
		terms := make([]expr.Expr, len(args))
		for i, a := range args {
			terms[i] = a.num
			for _, c := range common {
				if k := c.k.Sub(exponentOf(a.den, c.base)); k.Sign() != 0 {
					terms[i] = t.Mul(terms[i], t.Pow(c.base, t.Num(k)))
				}
			}
		}
		return ratioForm{t.Add(terms...), common}
	case expr.Mul:
		out := ratioForm{num: t.Int(1)}
		for _, a := range args {
			out.num = t.Mul(out.num, a.num)
			for _, d := range a.den {
				out.den = raise(out.den, d, false)
			}
		}
		return out
	case expr.Pow:
		if k := n.Arg(1); k.Op() == expr.Num && k.Number().Sign() < 0 && !n.Arg(0).IsConstant() {
			return ratioForm{t.Int(1), []power{{t.Pool().Import(n.Arg(0)), k.Number().Neg()}}}
		}
	}
	return ratioForm{num: t.Pool().Import(n)}
}

// raise puts the power d into the list, with the greater of two exponents or their sum.
func raise(list []power, d power, greater bool) []power {
	for i, c := range list {
		if c.base != d.base {
			continue
		}
		if list = append([]power{}, list...); !greater {
			list[i].k = c.k.Add(d.k)
		} else if d.k.Cmp(c.k) > 0 {
			list[i].k = d.k
		}
		return list
	}
	return append(list[:len(list):len(list)], d)
}

// exponentOf is the exponent of base in the list.
func exponentOf(list []power, base expr.Expr) number.Number {
	for _, d := range list {
		if d.base == base {
			return d.k
		}
	}
	return number.Number{}
}

// moveExponentials divides p and q by the exponentials among the factors of p, where
// others are left: x exp(-x²) = x/exp(x²).
func moveExponentials(t *simplify.Tidier, p, q expr.Expr) (expr.Expr, expr.Expr) {
	if p.Op() != expr.Mul {
		return p, q
	}
	rest := t.Int(1)
	var moved []expr.Expr
	for _, u := range p.AppendArgs(nil) {
		switch {
		case u.Op() == expr.Call && u.Func().Name == "exp":
			moved = append(moved, t.Call(u.Func(), negative(t, u.Arg(0))))
		case u.Op() == expr.Pow && u.Arg(0).IsConstant() && form.ConstantSign(u.Arg(0)) > 0:
			moved = append(moved, t.Pow(u.Arg(0), negative(t, u.Arg(1))))
		default:
			rest = t.Mul(rest, u)
		}
	}
	if len(moved) == 0 || rest.IsConstant() {
		return p, q
	}
	return rest, t.Mul(append(moved, q)...)
}

// negative returns -u, of a sum term by term.
func negative(t *simplify.Tidier, u expr.Expr) expr.Expr {
	if u.Op() != expr.Add {
		return t.Neg(u)
	}
	terms := u.AppendArgs(nil)
	for i, a := range terms {
		terms[i] = t.Neg(a)
	}
	return t.Add(terms...)
}
