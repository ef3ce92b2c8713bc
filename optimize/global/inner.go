package global

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
)

// A composition is f(x) = h(u(x)), u being a formula of all the variables that
// takes the values of an interval: then the minimum of f is that of h there.
type composition struct {
	name string    // of the variable of h
	h    expr.Expr // in name
	u    expr.Expr // in the variables
	text string    // of u

	inner inner
}

// An inner formula knows its values and where it takes them.
type inner interface {
	// bound is the set of values, an interval.
	bound() Bound
	// solve returns a point at which the inner formula is v, a formula without
	// variables or in t, one of the values.
	solve(t *simplify.Tidier, v expr.Expr) []expr.Expr
	// once reports whether there is one such point only.
	once(v expr.Expr) bool
}

// byInner answers for a function of one inner formula, such as x*y or x^2 + y^2,
// on the whole space: by the analysis of one variable. It returns nil when the
// formula is not of this kind, or that does not settle it.
func (s *session) byInner() *Answer {
	if len(s.m.Cons) > 0 || s.p.Bounds != nil || s.m.N < 2 {
		return nil
	}
	c := s.composition()
	if c == nil {
		return nil
	}
	q := &Problem{F: c.h, Vars: []string{c.name}, Bounds: []Bound{c.inner.bound()}, Max: s.p.Max}
	if b := q.Bounds[0]; !b.Lo.Valid() && !b.Hi.Valid() {
		q.Bounds = nil
	}
	o := s.o
	o.Start, o.Progress = nil, nil
	one, steps, err := solveNormal(s.ctx, q, o)
	if err != nil || one == nil {
		return nil
	}
	a := &Answer{Status: one.Status, Method: "one inner formula", GradientNorm: math.NaN(), Value: one.Value,
		ExactValue: one.ExactValue, Attained: one.Attained, Evaluations: one.Evaluations}
	a.Proof = append([]string{fmt.Sprintf("f depends on %s only through %s = %s, which takes %s", list4(s.p.Vars), c.name, c.text, c.values())}, one.Proof...)
	if one.Enclosure != nil {
		a.Enclosure = &Enclosure{Value: one.Enclosure.Value}
	}
	// Where f is not defined, though h is, nothing may be said of limits.
	same := form.SameDomain(s.p.F, simplify.Tidy(s.p.F))
	switch one.Status {
	case Exact, Certified:
		if !s.liftMinimisers(c, one, a) {
			return nil
		}
		a.MinimisersComplete = one.MinimisersComplete && same
		if e := one.Enclosure; e != nil && len(e.At) == 1 && len(a.Minimisers) == len(one.Minimisers) && e.At[0].Has(one.Minimisers[0].X[0]) && model.Near(one.Minimisers[0].X, one.At) {
			a.Enclosure.At = c.box(e.At[0])
		}
	case Unbounded:
		if !same || one.Witness == nil || len(one.Witness.Path) != 1 || !s.liftWitness(c, one, a) {
			return nil
		}
	case NotAttained:
		if !same {
			return nil
		}
		a.Approached = c.reads(one.Approached)
	default:
		return nil
	}
	if s.o.Certificate {
		a.Argument.Reduction = s.innerReduction(c, certify(q, one, steps))
	}
	return a
}

// box encloses the points that the inner formula gives for its values in v; nil where
// they are not known.
func (c *composition) box(v interval.I) []interval.I {
	t := simplify.New()
	x := c.inner.solve(t, t.Var(c.name))
	if x == nil {
		return nil
	}
	prog, err := tape.Compile([]string{c.name}, x...)
	if err != nil {
		return nil
	}
	out, dec := make([]interval.I, len(x)), make([]interval.Dec, len(x))
	prog.NewMachine().Interval(out, dec, []interval.I{v})
	for i, d := range dec {
		if d < interval.Defined || out[i].IsEmpty() {
			return nil
		}
	}
	return out
}

// withoutBounds answers by the question on the whole space, when a point at which f has
// its least value there lies between the bounds.
func (s *session) withoutBounds() *Answer {
	if s.p.Bounds == nil || len(s.m.Cons) > 0 {
		return nil
	}
	q, m := s.withBounds(nil)
	a := (&session{ctx: s.ctx, p: q, o: s.o, m: m, bound: math.Inf(-1)}).byInner()
	if a == nil || a.Status != Exact && a.Status != Certified {
		return nil
	}
	var r *certificate.Reduction
	if s.o.Certificate {
		r = &certificate.Reduction{Kind: certificate.Closed, Parts: []*certificate.Certificate{certify(q, a, nil)}}
	}
	inside := a.Minimisers[:0:0]
	for i, p := range a.Minimisers {
		ok := i == 0 && a.Enclosure.At != nil && s.strictlyInside(a.Enclosure.At)
		if p.Exact != nil {
			_, ok = s.exactPoint(p.Exact)
		}
		if ok {
			inside = append(inside, p)
		}
	}
	if len(inside) == 0 {
		return nil
	}
	if len(inside) < len(a.Minimisers) || inside[0].Family != "" {
		a.MinimisersComplete = false
	}
	a.Minimisers, a.At, a.ExactAt, a.Argument.Reduction = inside, inside[0].X, inside[0].Exact, r
	a.Proof = append(a.Proof, "such a point lies between the bounds")
	return a
}

// innerReduction writes down how the claim follows from that of h.
func (s *session) innerReduction(c *composition, h *certificate.Certificate) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Inner, Parts: []*certificate.Certificate{h}, Inner: format.Plain(c.u)}
	t := simplify.New()
	for _, e := range c.inner.solve(t, t.Var(c.name)) {
		r.Lift = append(r.Lift, format.Plain(e))
	}
	b := c.inner.bound()
	if !b.Lo.Valid() && !b.Hi.Valid() {
		return r
	}
	q := &Problem{F: c.u, Vars: s.p.Vars, Max: b.Hi.Valid()}
	if a, ok := solveQuadratic(q); ok {
		r.Parts = append(r.Parts, certify(q, a, nil))
	}
	return r
}

// liftMinimisers makes points of the minimisers of h.
func (s *session) liftMinimisers(c *composition, one, a *Answer) bool {
	t := simplify.New()
	for _, m := range one.Minimisers {
		exact := len(m.Exact) == 1 && m.Exact[0].Valid()
		var v expr.Expr
		if exact {
			v = t.Tidy(m.Exact[0])
		} else {
			n, ok := number.FromFloat(m.X[0])
			if !ok {
				return false
			}
			v = t.Num(n)
		}
		x := c.inner.solve(t, v)
		if x == nil {
			continue
		}
		p := Point{Family: c.reads(m.Family)}
		if m.Family == "" && !c.inner.once(v) {
			p.Family = c.text + " = "
			if exact {
				p.Family += format.Text(m.Exact[0])
			} else {
				p.Family += format.Number(m.X[0], 6)
			}
		}
		for _, e := range x {
			b, ok := tape.EncloseConstant(e)
			if !ok {
				return false
			}
			p.X = append(p.X, b.Mid())
		}
		e, ok := s.exactPoint(x)
		if !ok {
			return false
		}
		if exact {
			p.Exact, p.X = x, e.at
		}
		a.Minimisers = append(a.Minimisers, p)
	}
	if len(a.Minimisers) == 0 {
		return false
	}
	first := a.Minimisers[0]
	a.At, a.ExactAt = first.X, first.Exact
	if a.Status == Exact && a.ExactAt == nil {
		a.Status = Certified
	}
	a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
	return true
}

// liftWitness makes a path of one on which h falls without end.
func (s *session) liftWitness(c *composition, one, a *Answer) bool {
	t := simplify.New()
	path := c.inner.solve(t, t.Tidy(one.Witness.Path[0]))
	if path == nil {
		return false
	}
	w := &Witness{Path: path, Why: c.reads(one.Witness.Why), Whole: one.Witness.Whole}
	pool := expr.NewPool()
	p := s.m.Prober()
	for _, at := range []int64{10, 1000, 1000000} {
		x := make([]float64, len(path))
		for i, e := range path {
			v, ok := tape.EncloseConstant(pool.Substitute(pool.Import(e), map[string]expr.Expr{"t": pool.Int(at)}))
			if !ok {
				return false
			}
			x[i] = v.Mid()
		}
		w.Show(x, s.sign(p.At(x)))
	}
	a.Witness = w
	return true
}

// reads puts the inner formula in the place of its name.
func (c *composition) reads(text string) string {
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(c.name)+`\b`).ReplaceAllLiteralString(text, c.text)
}

// values says in words which values u takes.
func (c *composition) values() string {
	b := c.inner.bound()
	switch {
	case b.Lo.Valid():
		return "all values from " + format.Text(b.Lo) + " on"
	case b.Hi.Valid():
		return "all values up to " + format.Text(b.Hi)
	}
	return "all real values"
}

// composition writes f as a function of one inner formula; nil when it is none.
func (s *session) composition() *composition {
	f := simplify.Tidy(s.p.F)
	if f.Size() > form.MaxSize || len(f.Vars()) < 2 || len(f.Vars()) != s.m.N {
		return nil
	}
	name := ""
	for _, x := range []string{"u", "v", "w", "s", "inner"} {
		if !slices.Contains(s.p.Vars, x) {
			name = x
			break
		}
	}
	if name == "" {
		return nil
	}
	for _, f := range []expr.Expr{f, joined(f)} {
		if c := throughMonomial(f, s.p.Vars, name); c != nil {
			return c
		}
		for degree := 1; degree <= 2; degree++ {
			if c := throughQuadratic(f, s.p.Vars, name, degree); c != nil {
				return c
			}
		}
	}
	return nil
}

// joined is f with exp(u + v) for exp(u) exp(v).
func joined(f expr.Expr) expr.Expr {
	t := simplify.New()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() != expr.Mul {
			return expr.Remake(n, t, args, nil)
		}
		var rest, exponents []expr.Expr
		var exp *fn.Func
		for _, a := range args {
			if a.Op() == expr.Call && a.Func().Name == "exp" {
				exp = a.Func()
				exponents = append(exponents, a.Arg(0))
			} else {
				rest = append(rest, a)
			}
		}
		if len(exponents) < 2 {
			return expr.Remake(n, t, args, nil)
		}
		return t.Mul(append(rest, t.Call(exp, t.Add(exponents...)))...)
	})
}

// A monomialForm is c·u^k for the inner quadratic.Monomial u; k = 0 for a constant. Where
// bad is set the node is no function of u.
type monomialForm struct {
	powers []int64 // of the variables, nil for what is no monomial
	c      number.Number
	h      expr.Expr // the node as a formula in u, where it is no monomial
	bad    bool
}

// throughMonomial writes f as a function of a product of powers of the
// variables, such as x*y^2: every quadratic.Monomial in it is a power of that one.
func throughMonomial(f expr.Expr, vars []string, name string) *composition {
	t := simplify.New()
	var base []int64                // exponents without a common divisor
	direct, inverse := false, false // which signs of powers of u occur
	lift := func(m monomialForm) (expr.Expr, bool) {
		if m.bad {
			return expr.Expr{}, false
		}
		if m.powers == nil {
			return m.h, true
		}
		var k int64
		for i, e := range m.powers {
			if e == 0 {
				if k != 0 {
					return expr.Expr{}, false
				}
				continue
			}
			if base == nil {
				var d int64
				for _, x := range m.powers {
					d = form.GCD(max(x, -x), d)
				}
				// With a power that is positive u may be 0.
				if !slices.ContainsFunc(m.powers, func(x int64) bool { return x > 0 }) {
					d = -d
				}
				for _, x := range m.powers {
					base = append(base, x/d)
				}
			}
			if base[i] == 0 || e%base[i] != 0 || i > 0 && k != e/base[i] {
				return expr.Expr{}, false
			}
			k = e / base[i]
		}
		direct, inverse = direct || k > 0, inverse || k < 0
		return t.Mul(t.Num(m.c), t.Pow(t.Var(name), t.Int(k))), true
	}
	r := expr.Fold(f, func(n expr.Expr, args []monomialForm) monomialForm {
		if m, ok := asMonomial(n, args, vars); ok {
			return m
		}
		operands := make([]expr.Expr, len(args))
		for i, a := range args {
			e, ok := lift(a)
			if !ok {
				return monomialForm{bad: true}
			}
			operands[i] = e
		}
		return monomialForm{h: expr.Remake(n, t, operands, nil)}
	})
	h, ok := lift(r)
	if !ok || base == nil || slices.Contains(base, 0) {
		return nil
	}
	// 1/(x/y) is not defined for x = 0, as y/x is, unless x/y occurs too.
	if slices.ContainsFunc(base, func(k int64) bool { return k < 0 }) && inverse && (!direct || form.HasKinks(f)) {
		return nil
	}
	u := t.Int(1)
	for i, k := range base {
		u = t.Mul(u, t.Pow(t.Var(vars[i]), t.Int(k)))
	}
	return &composition{name: name, h: h, u: u, text: format.Text(u), inner: monomialInner{base}}
}

// asMonomial reads the node as a constant times whole powers of the variables.
func asMonomial(n expr.Expr, args []monomialForm, vars []string) (monomialForm, bool) {
	for _, a := range args {
		if a.bad || a.powers == nil {
			return monomialForm{}, false
		}
	}
	m := monomialForm{powers: make([]int64, len(vars)), c: number.Int(1)}
	switch n.Op() {
	case expr.Num:
		m.c = n.Number()
		return m, true
	case expr.Var:
		i := slices.Index(vars, n.Name())
		if i < 0 {
			return m, false
		}
		m.powers[i] = 1
		return m, true
	case expr.Mul:
		for _, a := range args {
			m.c = m.c.Mul(a.c)
			for i, k := range a.powers {
				m.powers[i] += k
			}
		}
		return m, true
	case expr.Pow:
		k, ok := args[1].c.Int64()
		if !ok || n.Arg(1).Op() != expr.Num || max(k, -k) > form.MaxDegree || k < 0 && args[0].c.Sign() == 0 {
			return m, false
		}
		m.c, ok = args[0].c.Pow(int(k))
		for i, e := range args[0].powers {
			m.powers[i] = k * e
		}
		return m, ok
	}
	return m, false
}

// A monomialInner is the product of the variables to the given powers, which have
// no common divisor, some of them positive. One is odd, so that all real values are taken.
type monomialInner struct{ powers []int64 }

func (m monomialInner) bound() Bound { return Bound{} }

func (m monomialInner) once(v expr.Expr) bool { return false }

func (m monomialInner) solve(t *simplify.Tidier, v expr.Expr) []expr.Expr {
	x := make([]expr.Expr, len(m.powers))
	for i := range x {
		x[i] = t.Int(1)
	}
	odd := slices.Index(m.powers, 1)
	if odd >= 0 {
		x[odd] = v
		return x
	}
	// With an odd power k, x = v^(1/k), for v < 0 as x = -(-v)^(1/k).
	odd = slices.IndexFunc(m.powers, func(k int64) bool { return k > 0 && k%2 != 0 })
	if odd < 0 {
		odd = slices.IndexFunc(m.powers, func(k int64) bool { return k%2 != 0 })
		if v.IsNum(0) {
			x[slices.IndexFunc(m.powers, func(k int64) bool { return k > 0 })] = v
			return x
		}
	}
	root := number.Frac(1, m.powers[odd])
	if v.Op() == expr.Var {
		x[odd] = t.Pow(v, t.Num(root)) // for v ≥ 0
		return x
	}
	if b, ok := tape.EncloseConstant(v); len(v.Vars()) == 0 && ok && b.Hi < 0 {
		x[odd] = t.Neg(t.Pow(t.Neg(v), t.Num(root)))
	} else if len(v.Vars()) == 0 && ok && (b.Lo >= 0 || v.IsNum(0)) {
		x[odd] = t.Pow(v, t.Num(root))
	} else {
		return nil
	}
	return x
}

// A quadraticForm is a node as a polynomial of degree two or less in the
// variables or else as a formula in u.
type quadraticForm struct {
	p   map[quadratic.Monomial]number.Number
	h   expr.Expr
	bad bool
}

// throughQuadratic writes f as a function of a polynomial of the degree, one or
// two, or less, such as x + y or x^2 + y^2: every greatest part of f that is one is a multiple
// of it plus a constant.
func throughQuadratic(f expr.Expr, vars []string, name string, degree int) *composition {
	place := make(map[string]int32, len(vars))
	for i, x := range vars {
		place[x] = int32(i)
	}
	t := simplify.New()
	one := quadratic.Monomial{I: -1, J: -1}
	var base map[quadratic.Monomial]number.Number // without constant
	var lead quadratic.Monomial                   // a term of it
	lift := func(p map[quadratic.Monomial]number.Number) (expr.Expr, bool) {
		c := p[one]
		size := len(p)
		if _, ok := p[one]; ok {
			size--
		}
		if size == 0 {
			return t.Num(c), true
		}
		if base == nil {
			base = map[quadratic.Monomial]number.Number{}
			first := true
			for m, k := range p {
				if m != one {
					base[m] = k
					if square := m.J >= 0; first || square && lead.J < 0 || square == (lead.J >= 0) && (m.I < lead.I || m.I == lead.I && m.J < lead.J) {
						lead, first = m, false
					}
				}
			}
			// The leading coefficient becomes 1.
			d := base[lead]
			for m := range base {
				base[m], _ = base[m].Quo(d)
			}
		}
		k, ok := p[lead]
		if !ok || size != len(base) {
			return expr.Expr{}, false
		}
		for m, b := range base {
			if p[m].Cmp(b.Mul(k)) != 0 {
				return expr.Expr{}, false
			}
		}
		return t.Add(t.Mul(t.Num(k), t.Var(name)), t.Num(c)), true
	}
	r := expr.Fold(f, func(n expr.Expr, args []quadraticForm) quadraticForm {
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
		var operands []expr.Expr
		if n.Op() == expr.Add {
			// The polynomials among the terms count together.
			sum := map[quadratic.Monomial]number.Number{}
			for _, a := range args {
				if a.p == nil {
					operands = append(operands, a.h)
					continue
				}
				for m, k := range a.p {
					if k = k.Add(sum[m]); k.Sign() == 0 {
						delete(sum, m)
					} else {
						sum[m] = k
					}
				}
			}
			e, ok := lift(sum)
			if !ok {
				return quadraticForm{bad: true}
			}
			return quadraticForm{h: t.Add(append(operands, e)...)}
		}
		for _, a := range args {
			e := a.h
			if a.p != nil {
				var ok bool
				if e, ok = lift(a.p); !ok {
					return quadraticForm{bad: true}
				}
			}
			operands = append(operands, e)
		}
		return quadraticForm{h: expr.Remake(n, t, operands, nil)}
	})
	if r.bad || r.p != nil || base == nil {
		return nil
	}
	q := &quadratic.Form{A: make([][]number.Number, len(vars)), B: make([]number.Number, len(vars))}
	for i := range q.A {
		q.A[i] = make([]number.Number, len(vars))
	}
	var terms []expr.Expr
	for _, m := range sortedMonomials(base) {
		k := base[m]
		switch {
		case m.J < 0:
			q.B[m.I] = k
			terms = append(terms, t.Mul(t.Num(k), t.Var(vars[m.I])))
			continue
		case m.I == m.J:
			q.A[m.I][m.I] = k.Add(k)
		default:
			q.A[m.I][m.J], q.A[m.J][m.I] = k, k
		}
		terms = append(terms, t.Mul(t.Num(k), t.Var(vars[m.I]), t.Var(vars[m.J])))
	}
	in := newQuadraticInner(q)
	if in == nil {
		return nil
	}
	u := t.Sum(terms...)
	return &composition{name: name, h: r.h, u: u, text: format.Text(u), inner: in}
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
	definite bool // the value at origin is taken there only
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
			r.curve = r.curve.Add(v[i].Mul(quadratic.Dot(q.A[i], v)))
		}
		r.curve = r.curve.Mul(number.Frac(1, 2))
		if r.slope = quadratic.Dot(q.B, v); r.slope.Sign()*sign < 0 {
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
			if quadratic.Dot(q.B, d.Columns[k]).Sign() != 0 {
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
		b := quadratic.Dot(q.B, f.Columns[k])
		if d.Down != nil {
			b = b.Neg()
		}
		y, _ := b.Neg().Quo(p)
		for i := range in.origin {
			in.origin[i] = in.origin[i].Add(y.Mul(f.Columns[k][i]))
		}
	}
	in.definite = len(f.Pivots) == n
	in.value = quadratic.Dot(q.B, in.origin).Mul(number.Frac(1, 2))
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
	if len(v.Vars()) > 0 {
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
