package exact

import (
	"math/big"

	"nabla/expr"
	"nabla/expr/number"
	"nabla/optimize/global/internal/polynomial"
)

// A Square is a formula written as Root²·Rest, wherever it is defined.
type Square struct{ Root, Rest expr.Expr }

// SquareOf writes the tidy formula e as root²·rest for a root that may have zeros, which are double ones of a polynomial in
// one part of e, such as x or exp(x), or those of a factor: 1 - (2x/(1 + x^2))^2 is (x^2 - 1)^2 (1 + x^2)^-2.
func (l *Formulas) SquareOf(e expr.Expr) (q Square, ok bool) {
	if q, known := l.squares[e]; known || !e.Has(l.Name) {
		return q, q.Root.Valid()
	}
	defer func() { l.squares[e] = q }()
	t, s := l.T, &solver{l: l, r: l.RingFor(Start)}
	a, strips, ok := s.r.Numerator(s.r.Expand(e))
	if !ok || len(a) == 0 {
		return q, false
	}
	root, rest, square := s.squares(a)
	for _, st := range strips {
		k, half := &s.r.Kernels[st.K], st.N.Mul(number.Frac(1, 2))
		if !half.IsInt() {
			rest = t.Mul(rest, t.Pow(k.E, t.Num(st.N)))
			continue
		}
		square = square || half.Sign() > 0 && k.HasX && !k.Positive
		root = t.Mul(root, t.Pow(k.E, t.Num(half)))
	}
	if square {
		q = Square{root, rest}
	}
	return q, square
}

// squares writes a as root²·rest, and reports whether the root is not 1.
func (s *solver) squares(a Combo) (root, rest expr.Expr, square bool) {
	none := s.l.T.Int(1)
	kernels := s.kernelsOf(a)
	if len(kernels) != 1 {
		return none, s.r.Build(a), false
	}
	c, power, ok := s.coefficients(a, kernels[0])
	if !ok || len(c) < 3 {
		return none, s.r.Build(a), false
	}
	rational := make([]number.Number, len(c))
	for i := range c {
		if rational[i], ok = c[i].Number(); !ok {
			return s.quadraticSquare(c, kernels[0], power, a)
		}
	}
	p, left := polynomial.Of(rational).Squares()
	if len(p) < 2 {
		return none, s.r.Build(a), false
	}
	y := s.r.Kernels[kernels[0]].E
	if power > 1 {
		y = s.l.T.Pow(y, s.l.T.Num(number.Frac(1, power)))
	}
	lead := func(p polynomial.Polynomial) number.Number { return number.FromRat(new(big.Rat).SetInt(p[len(p)-1])) }
	factor, _ := rational[len(c)-1].Quo(lead(p).Mul(lead(p)).Mul(lead(left)))
	return s.of(p, y), s.l.T.Mul(s.l.T.Num(factor), s.of(left, y)), true
}

// quadraticSquare writes a, the polynomial with the coefficients c in the given root of a kernel, as c2 (y + c1/(2 c2))²
// if it is c2 y² + c1 y + c0 for a power y of that.
func (s *solver) quadraticSquare(c []Combo, kernel int, power int64, a Combo) (root, rest expr.Expr, square bool) {
	t, consts := s.l.T, s.l.Consts
	m := len(c) / 2
	trinomial := len(c)%2 == 1
	for i := range c {
		trinomial = trinomial && (i%m == 0 || len(c[i]) == 0)
	}
	if trinomial {
		c0, c1, c2 := s.r.Build(c[0]), s.r.Build(c[m]), s.r.Build(c[2*m])
		lead, ok1 := consts.Sign(c2)
		rest, ok2 := consts.Sign(t.Sub(t.Pow(c1, t.Int(2)), t.Mul(t.Int(4), c0, c2)))
		if ok1 && ok2 && lead != 0 && rest == 0 {
			y := t.Pow(s.r.Kernels[kernel].E, t.Num(number.Frac(int64(m), power)))
			return t.Add(y, consts.Simplify(t.Mul(t.Num(number.Frac(1, 2)), c1, t.Pow(c2, t.Int(-1))))), c2, true
		}
	}
	return t.Int(1), s.r.Build(a), false
}

// of returns p with y for its variable.
func (s *solver) of(p polynomial.Polynomial, y expr.Expr) expr.Expr {
	t := s.l.T
	terms := make([]expr.Expr, len(p))
	for i, c := range p {
		terms[i] = t.Mul(t.Num(number.FromRat(new(big.Rat).SetInt(c))), t.Pow(y, t.Int(int64(i))))
	}
	return t.Add(terms...)
}
