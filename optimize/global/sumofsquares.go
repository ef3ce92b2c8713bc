package global

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/sos"
)

// This file answers for polynomials and their quotients by an identity: a multiple of f
// less its minimum is a sum of squares, times the conditions under conditions, with
// rational coefficients.

const (
	// maxSquared is the number of variables up to which such an identity is looked for.
	maxSquared = 6
	// looseness is how far apart, relative to their size, values may be that are perhaps the same.
	looseness = 1e-6
	// allIdentities is for the number of identities.
	allIdentities = math.MaxInt
	// squaresShare is the share of the effort that is left for one search.
	squaresShare = 0.2
)

// A squareSearch is f as a quotient of polynomials, with the identities that may show
// that it is bounded, the simplest first.
type squareSearch struct {
	num, den sos.Polynomial
	list     []*sos.Problem
}

// polynomial returns what to search for, nil where f is no quotient of polynomials.
func (s *session) polynomial() *squareSearch {
	if s.sums == nil {
		s.sums = &squareSearch{}
		if s.m.N > maxSquared {
			return nil
		}
		num, den, ok := sos.Quotient(s.m.F, s.p.Vars)
		if ok && num.Degree() > 0 {
			s.sums.num, s.sums.den, s.sums.list = num, den, s.identities(num, den)
			// All depends on a good upper bound.
			for _, x := range model.Starts(s.m.Outer, 10+10*s.m.N, s.o.Seed+1) {
				s.b.Descend(x)
			}
		}
	}
	if len(s.sums.list) == 0 {
		return nil
	}
	return s.sums
}

// hugeValue is the size of values from which no sum of squares is looked for: walks
// downhill have come to them where f falls without end.
const hugeValue = 1e15

// boundedPolynomial is polynomial, nil where the best value is not known or huge.
func (s *session) boundedPolynomial() *squareSearch {
	if s.b.BestX == nil || math.Abs(s.b.Best.Hi) > hugeValue {
		return nil
	}
	return s.polynomial()
}

// isPolynomial reports whether f is a polynomial for squares.
func (s *session) isPolynomial() bool {
	q := s.polynomial()
	return q != nil && q.den.Degree() == 0
}

// looksPolynomial reports whether the form of f is that of a polynomial, which is seen
// without multiplying it out.
func (s *session) looksPolynomial() bool {
	return !slices.ContainsFunc(s.p.Vars, func(x string) bool { return form.DegreeIn(s.m.F, x) < 0 })
}

// identities lists what is tried: without conditions, the multipliers 1 and powers of
// the sum of the squares of the variables, with 1 unless f is homogeneous (Reznick, 1995);
// under conditions, 1 as if there were none, and certificates of Putinar (1993) of two
// degrees.
func (s *session) identities(num, den sos.Polynomial) []*sos.Problem {
	n := s.m.N
	base := sos.Problem{N: n, F: num, Den: den}
	base.Above, base.Zero = s.conditionPolynomials()
	given := len(base.Above)+len(base.Zero) > 0
	switch sign := s.signOf(den); {
	case sign < 0:
		base.F, base.Den = num.Neg(), den.Neg()
	case sign == 0 && given:
		return nil
	case sign == 0:
		base.Mult = den
	}
	list := []*sos.Problem{&base}
	if given {
		d := base.F.Degree()
		for _, g := range slices.Concat(base.Above, base.Zero) {
			d = max(d, g.Degree())
		}
		free := sos.Problem{N: n, F: base.F, Den: base.Den}
		base.Degree = d + d%2
		q := base
		q.Degree += 2
		return []*sos.Problem{&free, &base, &q}
	}
	norm := sos.Norm(n, num.Homogeneous() && den.Degree() == 0)
	for range 2 {
		q := *list[len(list)-1]
		if q.Mult == nil {
			q.Mult = norm
		} else if q.Mult = q.Mult.Mul(norm); q.Mult == nil {
			break
		}
		list = append(list, &q)
	}
	return list
}

// conditionPolynomials lists polynomials that are ≥ 0 in the region, and some that are 0:
// bounds with rational ends, and conditions that are polynomials.
func (s *session) conditionPolynomials() (above, zero []sos.Polynomial) {
	t := simplify.New()
	for i, b := range s.p.Bounds {
		x := t.Var(s.p.Vars[i])
		var sides []sos.Polynomial
		for side, end := range []expr.Expr{b.Lo, b.Hi} {
			if !end.Valid() {
				continue
			}
			if e := t.Tidy(end); e.Op() == expr.Num {
				d := t.Sub(x, e)
				if side == 1 {
					d = t.Neg(d)
				}
				p, _ := sos.Of(d, s.p.Vars)
				sides = append(sides, p)
			}
		}
		if len(sides) == 2 {
			sides = []sos.Polynomial{sides[0].Mul(sides[1])}
		}
		above = append(above, sides...)
	}
	for _, c := range s.m.Cons {
		p, ok := sos.Of(c.G, s.p.Vars)
		switch {
		case !ok || p.Degree() < 1:
		case c.Equal:
			zero = append(zero, p)
		default:
			above = append(above, p.Neg())
		}
	}
	return above, zero
}

// signOf is the sign of p in the region, 0 where it is not known.
func (s *session) signOf(p sos.Polynomial) int {
	m := &model.Model{Vars: s.p.Vars, N: s.m.N, F: p.Expr(simplify.New(), s.p.Vars)}
	if m.Compile() != nil {
		return 0
	}
	var out [1]interval.I
	var dec [1]interval.Dec
	m.Value.NewMachine().Interval(out[:], dec[:], s.m.Outer)
	switch {
	case out[0].IsEmpty():
	case out[0].Lo > 0:
		return 1
	case out[0].Hi < 0:
		return -1
	}
	return 0
}

// squaresContext limits a search.
func (s *session) squaresContext() (context.Context, context.CancelFunc) {
	return effort.Share(s.ctx, squaresShare)
}

// bySquaresAt answers when the value at a simple point near the best one is proved to be
// the minimum by a sum of squares, with one of the first identities that there are to try.
func (s *session) bySquaresAt(first int) *Answer {
	q := s.boundedPolynomial()
	if q == nil {
		return nil
	}
	ctx, cancel := s.squaresContext()
	defer cancel()
	best := s.b.Best.Hi
	near := looseness * math.Max(1, math.Abs(best))
	var tried []number.Number
	points := append(s.p.snaps(s.b.BestX), s.p.snaps(make([]float64, s.m.N))...)
	for _, x := range points {
		e, ok := s.exactPoint(x)
		if !ok {
			continue
		}
		v := exact.ClosedForm(s.valueAt(s.m.F, x))
		if v.Op() != expr.Num || v.Number().Float64() > best+near || slices.Contains(tried, v.Number()) {
			continue
		}
		tried = append(tried, v.Number())
		for _, p := range q.list[:min(first, len(q.list))] {
			if ctx.Err() != nil {
				return nil
			}
			proof := p.Prove(ctx, v.Number().Rat(), [][]float64{e.at}, true)
			if proof == nil {
				continue
			}
			a := s.exactAnswer(e, v)
			a.Method = "sum of squares"
			a.Proof = append(s.identityText(p, proof), "f takes this value at the point, by substitution")
			a.Argument.Squares = s.squaresCertificate(p, proof, nil)
			if s.listMinimisers(a); !a.MinimisersComplete {
				s.moreMinimisers(a)
			}
			return s.flip(a)
		}
	}
	return nil
}

// moreMinimisers adds other simple points with the minimal value: those that walks
// downhill end near.
func (s *session) moreMinimisers(a *Answer) {
	if s.minimiserNear(s.b, a.At).box == nil {
		return // it may be one of a continuum
	}
	y := make([]float64, s.m.N)
	for _, x := range model.Starts(s.m.Outer, 8+8*s.m.N, s.o.Seed) {
		copy(y, x)
		known := func(o Point) bool { return model.Near(o.X, y) }
		f := s.b.Polish(y, s.m.Outer, 40)
		if slices.ContainsFunc(a.Minimisers, known) || !(f <= s.b.Best.Hi+looseness*math.Max(1, math.Abs(f))) || s.minimiserNear(s.b, y).box == nil {
			continue
		}
		for _, e := range s.candidates(y) {
			if at, ok := s.exactPoint(e); ok && model.Near(at.at, y) && sameConstant(s.valueAt(s.m.F, e), a.ExactValue) {
				a.Minimisers = append(a.Minimisers, Point{X: at.at, Exact: e})
				st := a.Stationary[0]
				st.X, st.Exact = at.at, e
				a.Stationary = append(a.Stationary, st)
				break
			}
		}
	}
}

// bySquaresNumber answers when a sum of squares shows a simple number near the best value to
// be a bound that no point has, and f tends to it along a curve.
func (s *session) bySquaresNumber() *Answer {
	q := s.boundedPolynomial()
	if q == nil {
		return nil
	}
	ctx, cancel := s.squaresContext()
	defer cancel()
	best := s.b.Best.Hi
	var tried []number.Number
	for _, r := range []struct {
		tol  float64
		most int64
	}{{1e-9, 1000}, {1e-6, 64}, {1e-4, 12}, {1e-2, 2}} {
		a, b, ok := exact.Convergent(best, r.tol*math.Max(1, math.Abs(best)), r.most)
		if !ok || slices.Contains(tried, number.Frac(a, b)) {
			continue
		}
		v := number.Frac(a, b)
		tried = append(tried, v)
		for _, p := range q.list {
			if ctx.Err() != nil || len(p.Above)+len(p.Zero) > 0 {
				break
			}
			proof := p.Prove(ctx, v.Rat(), nil, true)
			if proof == nil {
				continue
			}
			s.bound = math.Max(s.bound, exact.HullOf(v).Lo)
			never, ok := p.Refute(proof)
			if !ok || s.p.Bounds != nil || len(s.m.Cons) > 0 {
				return nil
			}
			_, level := s.tryPaths(ctx)
			return s.alongLevel(ctx, level, &lowerBound{value: expr.NewPool().Num(v), squares: s.squaresCertificate(p, proof, never),
				proof: append(s.identityText(p, proof), "the squares have no common zero, so that f does not take this value")})
		}
	}
	return nil
}

// A confinement is a box outside which f is higher than at the best point, and why.
type confinement struct {
	box   []interval.I
	proof *certificate.SumOfSquares
	why   string
}

// confinedBySquares returns a box outside which f is higher than at the best point, as a
// sum of squares under the condition |x| ≥ r shows; nil where none does.
func (s *session) confinedBySquares() *confinement {
	q := s.boundedPolynomial()
	if q == nil {
		return nil
	}
	ctx, cancel := s.squaresContext()
	defer cancel()
	best := s.b.Best.Hi
	above, ok := number.FromFloat(best + 1e-3*math.Max(1, math.Abs(best)))
	size := 1.0
	for _, x := range s.b.BestX {
		size = math.Max(size, math.Abs(x))
	}
	if !ok || size > 1e4 {
		return nil
	}
	for _, r := range []int64{4, 16} {
		r *= 1 << int(math.Ceil(math.Log2(size)))
		for _, p := range q.list[:min(2, len(q.list))] {
			if ctx.Err() != nil {
				return nil
			}
			outside := *p
			outside.Above = append(slices.Clone(p.Above), sos.Norm(s.m.N, true).Add(sos.Constant(s.m.N, big.NewRat(-r*r, 1))))
			proof := outside.Prove(ctx, above.Rat(), nil, true)
			if proof == nil {
				continue
			}
			box := make([]interval.I, s.m.N)
			for i := range box {
				box[i] = interval.New(-float64(r), float64(r)).Meet(s.m.Outer[i])
			}
			return &confinement{box, s.squaresCertificate(&outside, proof, nil), fmt.Sprintf("f is %s than at the best point where %s >= %d, by a sum of squares", s.p.higher(),
				format.Text(sos.Norm(s.m.N, true).Expr(simplify.New(), s.p.Vars)), r*r)}
		}
	}
	return nil
}

// maxIdentity is the length up to which an identity is shown.
const maxIdentity = 160

// identityText says what the identity is, and what follows.
func (s *session) identityText(q *sos.Problem, proof *sos.Proof) []string {
	t := simplify.New()
	value := format.Number(s.sign(number.FromRat(proof.Gamma).Float64()), 15)
	gamma := t.Num(number.FromRat(proof.Gamma))
	left := format.Text(t.Sub(t.Var("f"), gamma))
	if s.p.Max {
		left = format.Text(t.Sub(t.Neg(gamma), t.Var("f")))
	}
	if m := s.multiplier(q); m.Valid() {
		factor := format.Text(m)
		if m.Op() == expr.Add {
			factor = "(" + factor + ")"
		}
		if left == "f" {
			left = factor + " f"
		} else {
			left = factor + " (" + left + ")"
		}
	}
	squares, _ := proof.Squares()
	var parts []string
	for _, sq := range squares {
		c, of := sq.Primitive()
		e := t.Mul(t.Num(number.FromRat(c)), t.Pow(of.Expr(t, s.p.Vars), t.Int(2)))
		text := format.Text(e)
		if sq.Factor >= 0 {
			g := q.Above[sq.Factor].Expr(t, s.p.Vars)
			text = format.Text(t.Mul(e, g))
		}
		parts = append(parts, text)
	}
	for j, l := range proof.Lambda {
		if len(l) > 0 {
			parts = append(parts, format.Text(t.Mul(l.Expr(t, s.p.Vars), q.Zero[j].Expr(t, s.p.Vars))))
		}
	}
	so := fmt.Sprintf("so f is nowhere %s than %s", s.p.lower(), value)
	given := ""
	if len(q.Above)+len(q.Zero) > 0 {
		given = "under the conditions "
	}
	right := strings.Join(parts, " + ")
	if len(parts) == 0 {
		right = "0"
	}
	if len(right) <= maxIdentity {
		return []string{left + " = " + right, given + "this is nowhere negative, " + so}
	}
	what := fmt.Sprintf("a sum of %d squares of polynomials", len(squares))
	if given != "" {
		what = fmt.Sprintf("a sum of %d terms, squares of polynomials times what the conditions make positive or zero", len(parts))
	}
	if len(left) > maxIdentity/2 {
		left = "a positive multiple of f less this value"
	}
	return []string{fmt.Sprintf("%s is %s, with rational coefficients, checked exactly, %s", left, what, so)}
}

// multiplier is what f less its bound is multiplied with, not Valid for 1.
func (s *session) multiplier(q *sos.Problem) expr.Expr {
	t := simplify.New()
	var factors []expr.Expr
	if q.Mult != nil {
		factors = append(factors, q.Mult.Expr(t, s.p.Vars))
	}
	if q.Den != nil && !q.Den.IsOne() {
		factors = append(factors, q.Den.Expr(t, s.p.Vars))
	}
	if len(factors) == 0 {
		return expr.Expr{}
	}
	return t.Mul(factors...)
}

// squaresCertificate writes the identity down, and why no point has the value if never is
// not nil.
func (s *session) squaresCertificate(q *sos.Problem, proof *sos.Proof, never []sos.Polynomial) *certificate.SumOfSquares {
	if !s.o.Certificate {
		return nil
	}
	t := simplify.New()
	text := func(p sos.Polynomial) string { return format.Plain(p.Expr(t, s.p.Vars)) }
	c := &certificate.SumOfSquares{Bound: proof.Gamma.RatString()}
	if m := s.multiplier(q); m.Valid() {
		c.Multiplier = format.Plain(m)
	}
	for _, b := range proof.Blocks {
		g := certificate.Gram{}
		if b.Factor >= 0 {
			g.Factor = text(q.Above[b.Factor])
		}
		for i, z := range b.Basis {
			g.Basis = append(g.Basis, text(z))
			row := make([]string, len(b.Basis))
			for j := range row {
				row[j] = b.Gram[i][j].RatString()
			}
			g.Matrix = append(g.Matrix, row)
		}
		c.Terms = append(c.Terms, g)
	}
	for j, l := range proof.Lambda {
		c.Equations = append(c.Equations, certificate.Multiple{Of: text(q.Zero[j]), Times: text(l)})
	}
	for _, p := range never {
		c.Never = append(c.Never, text(p))
	}
	return c
}
