package global

import (
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
)

// A quadraticForm is a node as a polynomial of degree two or less in the
// variables or else as a formula in u.
type quadraticForm struct {
	p   map[quadratic.Monomial]number.Number
	h   expr.Expr
	bad bool
}

// throughQuadratic writes all of fs, that to be minimised and the conditions, as functions of one polynomial of the degree, one
// or two, or less, such as x + y or x^2 + y^2: every greatest part of them that is one is a multiple
// of it plus a constant.
func throughQuadratic(fs []expr.Expr, vars []string, name string, degree int) *composition {
	place := make(map[string]int32, len(vars))
	for i, x := range vars {
		place[x] = int32(i)
	}
	base := &basePolynomial{t: simplify.New(), name: name}
	var hs []expr.Expr
	for i, f := range fs {
		r := inParts(base.t, f, place, degree, base.write)
		if r.p != nil && len(fs) > 1 { // f itself
			h, ok := base.write(r.p)
			r = quadraticForm{h: h, bad: !ok}
		}
		if r.bad || r.p != nil && i == 0 {
			return nil
		}
		hs = append(hs, r.h)
	}
	if base.p == nil {
		return nil
	}
	q, u := base.form(vars)
	in := newQuadraticInner(q)
	if in == nil {
		return nil
	}
	if degree == 1 {
		in.linear = q.B
	}
	return &composition{name: name, h: hs[0], conditions: hs[1:], u: u, text: format.Text(u), inner: in}
}

// inParts is f with each greatest part that is a polynomial of the degree or less, and none itself, as write has it; those among terms
// count together.
func inParts(mk expr.Maker, f expr.Expr, place map[string]int32, degree int, write partWriter) quadraticForm {
	return expr.Fold(f, func(n expr.Expr, args []quadraticForm) quadraticForm {
		ps := make([]map[quadratic.Monomial]number.Number, len(args))
		for i, a := range args {
			if a.bad {
				return quadraticForm{bad: true}
			}
			ps[i] = a.p
		}
		if p := quadratic.Polynomial(n, ps, place); p != nil && (degree > 1 || !isSquare(p)) {
			return quadraticForm{p: p}
		}
		operands, ok := write.operands(n, args)
		if !ok {
			return quadraticForm{bad: true}
		}
		return quadraticForm{h: expr.Remake(n, mk, operands, nil)}
	})
}

// A partWriter writes polynomials in other variables; false where one cannot be.
type partWriter func(p map[quadratic.Monomial]number.Number) (expr.Expr, bool)

// A basePolynomial is the polynomial u that the parts of a formula have in common.
type basePolynomial struct {
	t    *simplify.Tidier
	name string                               // of u in what is written through it
	p    map[quadratic.Monomial]number.Number // u, without a constant; nil before the first part
	lead quadratic.Monomial                   // a term of u, with the coefficient 1
}

// constantTerm is the monomial 1.
var constantTerm = quadratic.Monomial{I: -1, J: -1}

// operands are the operands of n as they are written; false where one cannot be. Those among terms count together, and u < v
// is u - v < 0.
func (write partWriter) operands(n expr.Expr, args []quadraticForm) (out []expr.Expr, ok bool) {
	sum := map[quadratic.Monomial]number.Number{}
	add := func(p map[quadratic.Monomial]number.Number, sign int64) {
		for m, k := range p {
			if k = k.Mul(number.Int(sign)).Add(sum[m]); k.Sign() == 0 {
				delete(sum, m)
			} else {
				sum[m] = k
			}
		}
	}
	list := func(p map[quadratic.Monomial]number.Number) bool {
		e, ok := write(p)
		out = append(out, e)
		return ok
	}
	if n.Op().IsRelation() && args[0].p != nil && args[1].p != nil {
		add(args[0].p, 1)
		add(args[1].p, -1)
		return out, list(sum) && list(nil)
	}
	for _, a := range args {
		switch {
		case a.p == nil:
			out = append(out, a.h)
		case n.Op() == expr.Add:
			add(a.p, 1)
		case !list(a.p):
			return nil, false
		}
	}
	return out, n.Op() != expr.Add || len(out) == len(args) || list(sum)
}

// write returns p as a multiple of u plus a constant, the first p being u but for its
// constant and a factor.
func (b *basePolynomial) write(p map[quadratic.Monomial]number.Number) (expr.Expr, bool) {
	c, some := p[constantTerm]
	size := len(p)
	if some {
		size--
	}
	if size == 0 {
		return b.t.Num(c), true
	}
	if b.p == nil {
		b.begin(p)
	}
	k, ok := p[b.lead]
	if !ok || size != len(b.p) {
		return expr.Expr{}, false
	}
	for m, v := range b.p {
		if p[m].Cmp(v.Mul(k)) != 0 {
			return expr.Expr{}, false
		}
	}
	return b.t.Add(b.t.Mul(b.t.Num(k), b.t.Var(b.name)), b.t.Num(c)), true
}

// begin makes u of p: its leading term is a square or product where it has one, of the
// first variables.
func (b *basePolynomial) begin(p map[quadratic.Monomial]number.Number) {
	b.p = map[quadratic.Monomial]number.Number{}
	for m, k := range p {
		if m == constantTerm {
			continue
		}
		square := m.J >= 0
		if len(b.p) == 0 || square && b.lead.J < 0 || square == (b.lead.J >= 0) && (m.I < b.lead.I || m.I == b.lead.I && m.J < b.lead.J) {
			b.lead = m
		}
		b.p[m] = k
	}
	d := b.p[b.lead]
	for m := range b.p {
		b.p[m], _ = b.p[m].Quo(d)
	}
}

// form returns u as a quadratic form and as a formula.
func (b *basePolynomial) form(vars []string) (*quadratic.Form, expr.Expr) {
	t := b.t
	var terms []expr.Expr
	for _, m := range sortedMonomials(b.p) {
		factors := []expr.Expr{t.Num(b.p[m])}
		for _, i := range [...]int32{m.I, m.J} {
			if i >= 0 {
				factors = append(factors, t.Var(vars[i]))
			}
		}
		terms = append(terms, t.Mul(factors...))
	}
	return quadratic.FromPolynomial(b.p, len(vars)), t.Sum(terms...)
}

// isSquare reports whether p has a term of degree two.
func isSquare(p map[quadratic.Monomial]number.Number) bool {
	for m := range p {
		if m.J >= 0 {
			return true
		}
	}
	return false
}

// sortedMonomials returns the monomials in a fixed order.
func sortedMonomials(p map[quadratic.Monomial]number.Number) []quadratic.Monomial {
	list := make([]quadratic.Monomial, 0, len(p))
	for m := range p {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b quadratic.Monomial) int {
		if a.I != b.I {
			return int(a.I - b.I)
		}
		return int(a.J - b.J)
	})
	return list
}

// A quadraticInner is a polynomial of degree two or less on the whole space. From
// origin it rises along up and falls along down, as far as there are such
// directions: its values are value + slope s + curve s² for s ≥ 0.
type quadraticInner struct {
	origin   []number.Number
	value    number.Number // at origin
	up, down *ray
	definite bool            // the value at origin is taken there only
	linear   []number.Number // the coefficients of what has no squares and products
}

type ray struct {
	v            []number.Number
	slope, curve number.Number
}

func newQuadraticInner(q *quadratic.Form) *quadraticInner {
	n := len(q.B)
	in := &quadraticInner{origin: make([]number.Number, n)}
	d, e := q.Diagonalise(), q.Negated().Diagonalise()
	along := func(v []number.Number, sign int) *ray {
		r := &ray{v: slices.Clone(v)}
		for i := range v {
			r.curve = r.curve.Add(v[i].Mul(rational.Dot(q.A[i], v)))
		}
		r.curve = r.curve.Mul(number.Frac(1, 2))
		if r.slope = rational.Dot(q.B, v); r.slope.Sign()*sign < 0 {
			r.slope = r.slope.Neg()
			for i := range r.v {
				r.v[i] = r.v[i].Neg()
			}
		}
		return r
	}
	// Flat directions with a slope lead both ways.
	flat := func(d quadratic.Diagonal) []number.Number {
		for k := len(d.Pivots); k < len(d.Columns); k++ {
			if rational.Dot(q.B, d.Columns[k]).Sign() != 0 {
				return d.Columns[k]
			}
		}
		return nil
	}
	switch {
	case d.Down != nil && e.Down != nil:
		in.up, in.down = along(e.Down, 1), along(d.Down, -1)
		return in
	case d.Down == nil && len(d.Pivots) == 0: // affine
		v := flat(d)
		if v == nil {
			return nil
		}
		in.up, in.down = along(v, 1), along(v, -1)
		return in
	case d.Down == nil && flat(d) != nil:
		in.up, in.down = along(flat(d), 1), along(flat(d), -1)
		return in
	case e.Down == nil && flat(e) != nil:
		in.up, in.down = along(flat(e), 1), along(flat(e), -1)
		return in
	}
	// Semidefinite, with a least or a greatest value at a point.
	f := d
	if d.Down != nil {
		f = e
	}
	for k, p := range f.Pivots {
		b := rational.Dot(q.B, f.Columns[k])
		if d.Down != nil {
			b = b.Neg()
		}
		y, _ := b.Neg().Quo(p)
		for i := range in.origin {
			in.origin[i] = in.origin[i].Add(y.Mul(f.Columns[k][i]))
		}
	}
	in.definite = len(f.Pivots) == n
	in.value = rational.Dot(q.B, in.origin).Mul(number.Frac(1, 2))
	r := along(f.Columns[0], 1)
	r.slope = number.Number{}
	if d.Down == nil {
		in.up = r
	} else {
		in.down = r
	}
	return in
}

func (in *quadraticInner) bound() Bound {
	pool := expr.NewPool()
	switch {
	case in.down == nil:
		return Bound{Lo: pool.Num(in.value)}
	case in.up == nil:
		return Bound{Hi: pool.Num(in.value)}
	}
	return Bound{}
}

func (in *quadraticInner) once(v expr.Expr) bool {
	return in.definite && v.Op() == expr.Num && v.Number().Cmp(in.value) == 0
}

func (in *quadraticInner) solve(t *simplify.Tidier, v expr.Expr) []expr.Expr {
	d := t.Sub(v, t.Num(in.value)) // to be slope s + curve s²
	r := in.up
	if !v.IsConstant() {
		// A path; it leads to infinity, or stays on one side. Where u goes both ways,
		// rising serves.
		pool := expr.NewPool()
		name := d.Vars()[0]
		far, ok := tape.EncloseConstant(pool.Substitute(pool.Import(d), map[string]expr.Expr{name: pool.Int(1_000_000)}))
		if in.up == nil {
			far = interval.Point(-1)
		}
		if !ok {
			return nil
		}
		if far.Hi < 0 {
			r = in.down
		}
	} else if b, ok := tape.EncloseConstant(d); !ok {
		return nil
	} else if b.Hi < 0 {
		r = in.down
	}
	var step expr.Expr
	switch {
	case t.Tidy(d).IsNum(0):
		step = t.Int(0)
	case r == nil:
		return nil
	case r.curve.Sign() == 0:
		c, _ := number.Int(1).Quo(r.slope)
		step = t.Mul(t.Num(c), d)
	default:
		// s = (-slope ± sqrt(slope² + 4 curve d))/(2 curve), ≥ 0
		root := t.Pow(t.Add(t.Num(r.slope.Mul(r.slope)), t.Mul(t.Num(r.curve.Mul(number.Int(4))), d)), t.Num(number.Frac(1, 2)))
		if r.curve.Sign() < 0 {
			root = t.Neg(root)
		}
		c, _ := number.Int(1).Quo(r.curve.Add(r.curve))
		step = t.Mul(t.Num(c), t.Add(t.Num(r.slope.Neg()), root))
	}
	x := make([]expr.Expr, len(in.origin))
	for i := range x {
		x[i] = t.Add(t.Num(in.origin[i]), t.Mul(t.Num(r0(r, i)), step))
	}
	return x
}

// r0 is the coordinate i of the direction, 0 where there is none.
func r0(r *ray, i int) number.Number {
	if r == nil {
		return number.Number{}
	}
	return r.v[i]
}
