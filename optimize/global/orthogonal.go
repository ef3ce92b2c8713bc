package global

import (
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
)

// This file answers on the whole space for a function of linear forms y = L x, fewer than there are variables, and of one quadratic q, as
// (x + 2y)/sqrt(x^2 + y^2 + 1) is one: where q is convex for given y, it takes all values from its least on, which is a quadratic
// m(y), and f is a function of y and r = q - m(y) ≥ 0. With Q = -q this is so where q is concave.

// A formsAndSquare is what such a function depends on.
type formsAndSquare struct {
	*rational.Echelon // of the forms
	n                 int
	q                 *quadratic.Form
}

// byOrthogonal returns nil where f is no such function, or what is left is not settled.
func (s *session) byOrthogonal() *Answer {
	n := s.m.N
	if s.p.Bounds != nil || len(s.m.Cons) > 0 || n < 2 || n > maxForms || s.p.F.Size() > maxEliminated {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.p.F)
	if f.Op() == expr.Call && f.Len() == 1 || !form.SameDomain(s.p.F, f) { // byOuter answers for a function of one formula
		return nil
	}
	place := make(map[string]int32, n)
	for i, x := range s.p.Vars {
		place[x] = int32(i)
	}
	var parts []*quadratic.Form
	collected := inParts(t.Pool(), f, place, 2, func(p map[quadratic.Monomial]number.Number) (expr.Expr, bool) {
		parts = append(parts, quadratic.FromPolynomial(p, n))
		return t.Int(1), true
	})
	d := &formsAndSquare{Echelon: rational.NewEchelon(n), n: n}
	if collected.bad || collected.p != nil || !d.spans(parts) {
		return nil
	}
	c, q := s.orthogonal(t, d)
	if c == nil {
		return nil
	}
	h := inParts(t.Pool(), f, place, 2, func(p map[quadratic.Monomial]number.Number) (expr.Expr, bool) {
		times, linear, constant := d.apart(quadratic.FromPolynomial(p, n))
		terms := []expr.Expr{t.Mul(t.Num(times), q), t.Num(constant)}
		for i, k := range d.Pivots {
			terms = append(terms, t.Mul(t.Num(linear[k]), t.Var(c.names[i])))
		}
		return inSquares(t, t.Add(terms...), c.names), true
	}).h
	k := len(d.Rows)
	sub := &Problem{Vars: c.names, Max: s.p.Max, Bounds: make([]Bound, k+1), F: h}
	sub.Bounds[k].Lo = t.Int(0)
	a := s.byChange(c, sub)
	if a != nil { // where r > 0, the point is one of many
		a.MinimisersComplete = false
	}
	return a
}

// spans finds the forms and the quadratic of which all parts are made; false where there are none, or too many.
func (d *formsAndSquare) spans(parts []*quadratic.Form) bool {
	if k := slices.IndexFunc(parts, (*quadratic.Form).Curved); k >= 0 {
		d.q = parts[k]
	} else {
		return false
	}
	for _, p := range parts {
		times, rest, _ := d.apart(p)
		for i := range d.n {
			for j := range d.n {
				if p.A[i][j].Cmp(times.Mul(d.q.A[i][j])) != 0 {
					return false
				}
			}
		}
		if d.Include(rest); len(d.Rows) == d.n {
			return false
		}
	}
	return len(d.Rows) > 0
}

// apart writes p as a multiple of q, a linear form and a constant, if it is such a sum.
func (d *formsAndSquare) apart(p *quadratic.Form) (times number.Number, linear []number.Number, constant number.Number) {
	for i := range d.n {
		for j := range d.n {
			if a := d.q.A[i][j]; a.Sign() != 0 {
				times, _ = p.A[i][j].Quo(a)
			}
		}
	}
	linear = slices.Clone(p.B)
	for i := range linear {
		linear[i] = linear[i].Sub(times.Mul(d.q.B[i]))
	}
	return times, linear, p.C.Sub(times.Mul(d.q.C))
}

// orthogonal is the change to y and r, and q in these; nil where q is neither convex nor concave for given y, or nothing is new.
func (s *session) orthogonal(t *simplify.Tidier, d *formsAndSquare) (c *change, q expr.Expr) {
	k, w := len(d.Rows), d.Kernel()
	if k == d.n-1 && d.plain(w[0]) {
		return nil, q
	}
	block := &quadratic.Form{A: make([][]number.Number, len(w)), B: make([]number.Number, len(w))} // of q along w
	for i, u := range w {
		for _, v := range w {
			sum := number.Number{}
			for l := range u {
				sum = sum.Add(u[l].Mul(rational.Dot(d.q.A[l], v)))
			}
			block.A[i] = append(block.A[i], sum)
		}
	}
	sign := block.A[0][0].Sign()
	definite := block
	if sign < 0 {
		definite = block.Negated()
	}
	if e := definite.Diagonalise(); e.Down != nil || len(e.Pivots) < len(w) {
		return nil, q
	}
	inv, ok := rational.Inverse(block.A)
	if c = (&change{names: s.newNames(k + 1), method: "linear forms and a quadratic", share: 0.3}); !ok || c.names == nil {
		return nil, q
	}
	y := make([]expr.Expr, k)
	nearest := make([]expr.Expr, d.n) // the x for y at which q is least
	for i := range nearest {
		nearest[i] = t.Int(0)
	}
	for i, l := range d.Rows {
		y[i] = t.Var(c.names[i])
		nearest[d.Pivots[i]] = y[i]
		c.of = append(c.of, combination(t, l, s.variables(t)))
	}
	slopes := make([]expr.Expr, len(w)) // of q there along w
	for i, u := range w {
		sum := []expr.Expr{t.Int(0), t.Num(rational.Dot(d.q.B, u))}
		for j, p := range d.Pivots {
			sum = append(sum, t.Mul(t.Num(rational.Dot(d.q.A[p], u)), y[j]))
		}
		slopes[i] = t.Add(sum...)
	}
	for i, row := range inv {
		z := t.Neg(combination(t, row, slopes))
		for j, v := range w[i] {
			nearest[j] = t.Add(nearest[j], t.Mul(t.Num(v), z))
		}
	}
	r := t.Var(c.names[k])
	least := quadraticAt(t, d.q, nearest)
	step := t.Pow(t.Mul(t.Num(block.A[0][0].Abs()), t.Num(number.Frac(1, 2))), t.Num(number.Frac(-1, 2)))
	for j, v := range w[0] {
		c.back = append(c.back, t.Add(nearest[j], t.Mul(t.Num(v), step, t.Pow(r, t.Num(number.Frac(1, 2))))))
	}
	signed := t.Num(number.Int(int64(sign)))
	pool := t.Pool()
	with := map[string]expr.Expr{}
	var says []string
	for i, e := range c.of {
		with[c.names[i]] = e
		says = append(says, c.names[i]+" = "+format.Text(e))
	}
	own, _ := simplify.Canonical(t.Mul(signed, t.Sub(quadraticAt(t, d.q, s.variables(t)), t.Tidy(pool.Substitute(least, with)))))
	c.of = append(c.of, t.Tidy(own))
	c.with = strings.Join(append(says, c.names[k]+" = "+format.Text(own)), ", ")
	return c, t.Add(least, t.Mul(signed, r))
}

// plain reports whether the forms are variables, all but one, and q has the remaining one, which is that of w, by itself: nothing is
// new then.
func (d *formsAndSquare) plain(w []number.Number) bool {
	j := slices.IndexFunc(w, func(v number.Number) bool { return v.Sign() != 0 })
	for i, v := range w {
		if i != j && (v.Sign() != 0 || d.q.A[i][j].Sign() != 0) {
			return false
		}
	}
	return d.q.B[j].Sign() == 0
}

// inSquares is the quadratic e of the variables with a square and no linear term for each that is in no product of two.
func inSquares(t *simplify.Tidier, e expr.Expr, vars []string) expr.Expr {
	q, ok := quadratic.Of(e, vars)
	if !ok {
		return e
	}
	constant := q.C
	terms := []expr.Expr{t.Int(0)}
	half := number.Frac(1, 2)
	for i, row := range q.A {
		x := t.Var(vars[i])
		for j, a := range row[:i] {
			terms = append(terms, t.Mul(t.Num(a), x, t.Var(vars[j])))
		}
		shift, ok := q.B[i].Quo(row[i])
		if alone := !slices.ContainsFunc(slices.Delete(slices.Clone(row), i, i+1), func(a number.Number) bool { return a.Sign() != 0 }); ok && alone {
			constant = constant.Sub(half.Mul(q.B[i]).Mul(shift))
			x = t.Add(x, t.Num(shift))
		} else {
			terms = append(terms, t.Mul(t.Num(q.B[i]), x))
		}
		terms = append(terms, t.Mul(t.Num(half.Mul(row[i])), t.Pow(x, t.Int(2))))
	}
	return t.Add(append(terms, t.Num(constant))...)
}

// quadraticAt is q(x), multiplied out.
func quadraticAt(t *simplify.Tidier, q *quadratic.Form, x []expr.Expr) expr.Expr {
	terms := []expr.Expr{t.Num(q.C), combination(t, q.B, x)}
	for i, row := range q.A {
		for j, a := range row {
			terms = append(terms, t.Mul(t.Num(a.Mul(number.Frac(1, 2))), x[i], x[j]))
		}
	}
	sum, _ := simplify.Canonical(t.Add(terms...))
	return t.Tidy(sum)
}
