package global

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/sos"
)

// This file proves that a function is higher far out than at the best point where terms p exp(-q) with a polynomial p and a positive
// definite quadratic q vanish there, of which enclosures see nothing: |p| ≤ M exp(q/2), so that such a term is not lower than
// -M exp(-q/2).

// nearBumps searches the box outside which such terms are small and the others are higher.
func (s *session) nearBumps() *Answer {
	x := s.confinedByDecay()
	if x == nil {
		return nil
	}
	return s.search(x, fmt.Sprintf("polynomials times exponentials of negative quadratics vanish far out: f is %s than at the best point unless %s", s.p.higher(), s.within(x)), 1)
}

// confinedByDecay returns a box outside which f is proved to be higher than at the best point, nil if there is no proof.
func (s *session) confinedByDecay() []interval.I {
	if s.b.BestX == nil || len(s.m.Cons) > 0 || s.m.F.Size() > form.MaxSize {
		return nil
	}
	t := simplify.New()
	var terms []expr.Expr
	some := false
	for _, e := range form.TermsOf(t, t.Tidy(s.m.F)) {
		if below := bumpBelow(t, e); below.Valid() {
			e, some = below, true
		}
		terms = append(terms, e)
	}
	m := *s.m
	if m.F = t.Add(append(terms, t.Int(0))...); !some || m.Compile() != nil {
		return nil
	}
	far := 4.0
	for _, v := range s.b.BestX {
		far = math.Max(far, 2*math.Abs(v))
	}
	b := branch.New(&m, s.o.boxes())
	for range 8 {
		box := slices.Clone(s.m.Outer)
		higher := true
		for i, x := range s.m.Outer {
			if box[i] = x.Meet(interval.New(-far, far)); box[i].IsEmpty() {
				return nil
			}
			for _, beyond := range [...]interval.I{{Lo: far, Hi: math.Inf(1)}, {Lo: math.Inf(-1), Hi: -far}} {
				slab := slices.Clone(s.m.Outer)
				if slab[i] = x.Meet(beyond); slab[i].IsEmpty() {
					continue
				}
				higher = higher && !b.Contract(slab, s.b.Best.Hi, 3)
			}
		}
		if higher {
			return box
		}
		far *= 1.5
	}
	return nil
}

// bumpBelow is a formula that e = p exp(u) is nowhere lower than, p being a polynomial and -u a positive definite quadratic of at least
// the variables of p; not Valid where e is no such product or p a constant.
//
// With -u ≥ k |x - a|² + c, k > 0, and r = x - a it is -M exp(-k |r|²/2), where M is exp(-c) times the sum over the terms b r^m of p of
// |b| Π (m_i/(e k))^(m_i/2), as |r_i|^m exp(-k r_i²/2) is greatest for r_i² = m/k.
func bumpBelow(t *simplify.Tidier, e expr.Expr) expr.Expr {
	p := []expr.Expr{t.Int(1)}
	var exponent expr.Expr
	for _, u := range e.Factors() {
		if u.IsCall("exp") && !exponent.Valid() && len(u.Vars()) > 0 {
			exponent = u.Arg(0)
		} else {
			p = append(p, u)
		}
	}
	none := expr.Expr{}
	if !exponent.Valid() || t.Mul(p...).IsConstant() {
		return none
	}
	own := exponent.Vars()
	k, a, c, ok := ballBelow(t.Neg(exponent), own)
	if !ok {
		return none
	}
	r := make([]expr.Expr, len(own))
	moved := map[string]expr.Expr{}
	square := []expr.Expr{t.Int(0)}
	for i, x := range own {
		r[i] = t.Sub(t.Var(x), t.Num(a[i]))
		square = append(square, t.Pow(r[i], t.Int(2)))
		moved[x] = t.Add(t.Var(x), t.Num(a[i]))
	}
	poly, ok := sos.Of(t.Tidy(t.Pool().Substitute(t.Mul(p...), moved)), own)
	if !ok {
		return none
	}
	size := []expr.Expr{t.Int(0)}
	for m, b := range poly {
		term := []expr.Expr{t.Num(number.FromRat(b).Abs())}
		for _, d := range []byte(m) {
			if d > 0 {
				inverse, _ := k.Inv()
				ratio := t.Mul(t.Num(number.Int(int64(d)).Mul(inverse)), t.Call(fn.Lookup("exp"), t.Int(-1)))
				term = append(term, t.Pow(ratio, t.Num(number.Frac(int64(d), 2))))
			}
		}
		size = append(size, t.Mul(term...))
	}
	bound, ok := tape.EncloseConstant(t.Mul(t.Call(fn.Lookup("exp"), t.Num(c.Neg())), t.Add(size...)))
	m, known := number.FromFloat(bound.Hi)
	if !ok || !known {
		return none
	}
	return t.Mul(t.Num(m.Neg()), t.Call(fn.Lookup("exp"), t.Mul(t.Num(k.Mul(number.Frac(-1, 2))), t.Add(square...))))
}

// ballBelow returns k > 0, a and c such that the quadratic q of the variables is nowhere lower than k |x - a|² + c; false where there are
// none. They are near the greatest.
func ballBelow(q expr.Expr, vars []string) (k number.Number, a []number.Number, c number.Number, ok bool) {
	f, ok := quadratic.Of(q, vars)
	if !ok || len(vars) > maxForms || f.Diagonalise().Down != nil {
		return k, a, c, false
	}
	n := len(vars)
	h := mat.NewSymDense(n, nil)
	minus := make([]float64, n)
	for i, row := range f.A {
		minus[i] = -f.B[i].Float64()
		for j := range i + 1 {
			h.SetSym(i, j, row[j].Float64())
		}
	}
	var e mat.EigenSym
	var at mat.VecDense
	if !model.AllFinite(h.RawSymmetric().Data) || !e.Factorize(h, false) || at.SolveVec(h, mat.NewVecDense(n, minus)) != nil {
		return k, a, c, false
	}
	const less = 0.95
	if k, ok = number.FromFloat(float64(float32(less * e.Values(nil)[0] / 2))); !ok || k.Sign() <= 0 {
		return k, a, c, false
	}
	rest := quadratic.Form{A: make([][]number.Number, n), B: slices.Clone(f.B), C: f.C}
	for i := range n {
		v, ok := number.FromFloat(float64(float32(at.AtVec(i))))
		if !ok {
			return k, a, c, false
		}
		a = append(a, v)
		twice := k.Add(k)
		rest.A[i] = slices.Clone(f.A[i])
		rest.A[i][i] = rest.A[i][i].Sub(twice)
		rest.B[i] = rest.B[i].Add(twice.Mul(v))
		rest.C = rest.C.Sub(k.Mul(v).Mul(v))
	}
	c, ok = rest.Least()
	return k, a, c, ok
}
