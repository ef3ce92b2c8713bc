package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
	"nabla/optimize/global/internal/rational"
	"nabla/optimize/global/minimum"
)

// This file answers on the whole space for a formula that depends on its variables through as many
// independent linear forms, u = L x, and that is a sum or a product of functions of different ones:
// with x = M u, M = L⁻¹, it comes apart.

// maxForms is the number of variables up to which forms are looked at.
const maxForms = 60

// A change is that of the variables to others.
type change struct {
	m       [][]number.Number // x = M u + shift, of a linear one
	shift   []number.Number   // nil for 0
	extra   *edge             // u_extraAt, which depends on the others; nil where none does
	extraAt int
	names   []string    // of u
	with    string      // what u is
	of      []expr.Expr // u, formulas of x
	back    []expr.Expr // x, formulas of u
	prog    *tape.Prog  // of back

	method string
	share  float64 // of the effort that is left
}

// byLinearForms returns nil where f does not come apart so, or is not settled then.
func (s *session) byLinearForms() *Answer {
	if s.p.Bounds != nil || len(s.m.Cons) > 0 || s.m.N < 2 || s.m.N > maxForms {
		return nil
	}
	t := simplify.New()
	f := t.Tidy(s.p.F)
	if !form.SameDomain(s.p.F, f) {
		return nil
	}
	if g := gathered(t, f); form.SameDomain(f, g) {
		f = g
	}
	waves := wavesAsSums(t, f)
	for _, bent := range [...]func(expr.Expr) bool{nil, s.isQuadratic} {
		for i, g := range [...]expr.Expr{f, waves} {
			if i > 0 && (g == f || !form.SameDomain(f, g)) {
				break
			}
			if a := s.byFormsOf(t, g, bent); a != nil {
				return a
			}
		}
	}
	return nil
}

// isQuadratic reports whether e is of degree two.
func (s *session) isQuadratic(e expr.Expr) bool {
	_, ok := quadratic.Of(e, s.p.Vars)
	return ok
}

// byFormsOf is byLinearForms for the forms on which the terms of f depend, those that leave says excepted, which are multiplied out.
func (s *session) byFormsOf(t *simplify.Tidier, f expr.Expr, leave func(expr.Expr) bool) *Answer {
	rest := []expr.Expr{t.Int(0), t.Int(0)} // what is left
	if leave != nil {
		terms := []expr.Expr{t.Int(0), t.Int(0)}
		for _, e := range form.TermsOf(t, f) {
			if leave(e) {
				rest = append(rest, e)
			} else {
				terms = append(terms, e)
			}
		}
		f = t.Add(terms...)
	}
	forms := bentForms(f, s.p.Vars)
	if len(forms) != s.m.N {
		return nil
	}
	c := &change{names: s.newNames(s.m.N), method: "linear forms", share: 0.5}
	var ok bool
	if c.m, ok = rational.Inverse(forms); !ok || c.names == nil || c.trivial() {
		return nil
	}
	var with []string
	var u []expr.Expr
	for k, l := range forms {
		c.of = append(c.of, combination(t, l, s.variables(t)))
		with = append(with, c.names[k]+" = "+format.Text(c.of[k]))
		u = append(u, t.Var(c.names[k]))
	}
	c.with = strings.Join(with, ", ")
	for _, row := range c.m {
		c.back = append(c.back, combination(t, row, u))
	}
	q := &Problem{Vars: c.names, Max: s.p.Max, F: c.rewritten(t, f, s.p.Vars, u)}
	if leave != nil {
		other, _ := simplify.Canonical(c.rewritten(t, t.Add(rest...), s.p.Vars, u))
		pool := expr.NewPool()
		q.F = tidyWhereDefined(pool.Make(expr.Add, pool.Import(q.F), pool.Import(other)))
	}
	m, err := q.model()
	if err != nil {
		return nil
	}
	apart := &session{ctx: s.ctx, p: q, o: s.o, m: m}
	if parts, _ := apart.summands(); parts == nil {
		if a, _, _ := apart.factors(); a == nil {
			return nil
		}
	}
	return s.byChange(c, q)
}

// byChange answers by the question q in the new variables, nil where that is not settled.
func (s *session) byChange(c *change, q *Problem) *Answer {
	var err error
	if c.prog, err = tape.Compile(c.names, c.back...); err != nil {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, c.share)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.lifted = nil, nil, o.lifted || c.extra != nil
	sub, steps, err := solveNormal(ctx, q, o)
	if err != nil {
		return nil
	}
	a := s.fromForms(c, sub)
	if a == nil {
		if sub.Status == Local && len(sub.At) == len(c.names) && s.b != nil {
			s.b.Try(c.floats(sub.At))
		}
		return nil
	}
	g := minimum.NameFor(sub.Proof, append(slices.Clone(c.names), s.p.Vars...))
	a.Proof = calledAs(g, fmt.Sprintf("with %s, f is %s = %s", c.with, g, format.Text(q.F)), sub.Proof)
	if s.o.Certificate {
		r := &certificate.Reduction{Kind: certificate.Sum, Parts: []*certificate.Certificate{certify(q, sub, steps)}, Of: make([][]string, 1)}
		for _, e := range c.of {
			r.Of[0] = append(r.Of[0], format.Plain(e))
		}
		for _, e := range c.back {
			r.Lift = append(r.Lift, format.Plain(e))
		}
		a.Argument.Reduction = r
	}
	return a
}

// wavesAsSums is f with products of two sines and cosines as sums of such.
func wavesAsSums(t *simplify.Tidier, f expr.Expr) expr.Expr {
	sin, cos := fn.Lookup("sin"), fn.Lookup("cos")
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		var waves, others []expr.Expr
		for _, a := range args {
			if n.Op() == expr.Mul && (a.IsCall("sin") || a.IsCall("cos")) {
				waves = append(waves, a)
			} else {
				others = append(others, a)
			}
		}
		if len(waves) != 2 {
			return expr.Remake(n, t, args, nil)
		}
		if waves[0].IsCall("cos") {
			waves[0], waves[1] = waves[1], waves[0]
		}
		a, b := waves[0].Arg(0), waves[1].Arg(0)
		sum, difference := t.Add(a, b), t.Sub(a, b)
		var both expr.Expr
		switch {
		case waves[0].IsCall("cos"):
			both = t.Add(t.Call(cos, difference), t.Call(cos, sum))
		case waves[1].IsCall("sin"):
			both = t.Sub(t.Call(cos, difference), t.Call(cos, sum))
		default:
			both = t.Add(t.Call(sin, sum), t.Call(sin, difference))
		}
		half := t.Mul(append([]expr.Expr{t.Num(number.Frac(1, 2))}, others...)...)
		if both.Op() != expr.Add || !half.IsConstant() {
			return t.Mul(half, both)
		}
		terms := both.AppendArgs(nil) // term by term
		for i := range terms {
			terms[i] = t.Mul(half, terms[i])
		}
		return t.Add(terms...)
	})
}

// bentForms lists the linear forms on which the terms of f depend that are not linear; those that
// are can be written in them.
func bentForms(f expr.Expr, vars []string) (forms [][]number.Number) {
	for _, e := range f.Terms() {
		l := form.LinearIn(e, vars)
		if l.Degree < 2 {
			continue
		}
		for _, a := range l.Forms {
			if !slices.ContainsFunc(forms, func(b []number.Number) bool { return slices.Equal(a, b) }) {
				forms = append(forms, a)
			}
		}
	}
	return forms
}

// variables are those of the question.
func (s *session) variables(t *simplify.Tidier) (list []expr.Expr) {
	for _, x := range s.p.Vars {
		list = append(list, t.Var(x))
	}
	return list
}

// combination is the linear form with these coefficients.
func combination(t *simplify.Tidier, a []number.Number, u []expr.Expr) expr.Expr {
	terms := []expr.Expr{t.Int(0)}
	for j, k := range a {
		if k.Sign() != 0 {
			terms = append(terms, t.Mul(t.Num(k), u[j]))
		}
	}
	return t.Add(terms...)
}

// trivial reports whether the new variables are multiples of the old ones.
func (c *change) trivial() bool {
	return !slices.ContainsFunc(c.m, func(row []number.Number) bool {
		n := 0
		for _, v := range row {
			n += v.Sign() * v.Sign()
		}
		return n > 1
	})
}

// A linearPart is a formula in the old variables as a linear form in them and a constant, or another
// one, in the new variables.
type linearPart struct {
	form []number.Number // nil for another
	e    expr.Expr       // the constant, or the other formula
}

// rewritten is f, which is tidy, in the new variables u: its linear parts are put together.
func (c *change) rewritten(t *simplify.Tidier, f expr.Expr, vars []string, u []expr.Expr) expr.Expr {
	pool, n := t.Pool(), len(vars)
	// sum is that of the terms, of which those with variables stay: were they to cancel, conditions of the domain would go with them.
	sumOf := func(terms []expr.Expr) expr.Expr {
		constant, others := []expr.Expr{pool.Int(0), pool.Int(0)}, []expr.Expr{}
		for _, e := range terms {
			switch {
			case e.IsConstant():
				constant = append(constant, e)
			case e.Op() == expr.Add:
				others = e.AppendArgs(others)
			default:
				others = append(others, e)
			}
		}
		if c := t.Add(constant...); !c.IsNum(0) || len(others) == 0 {
			others = append(others, c)
		}
		if len(others) == 1 {
			return others[0]
		}
		return pool.Make(expr.Add, others...)
	}
	formula := func(p linearPart) expr.Expr {
		if !slices.ContainsFunc(p.form, func(k number.Number) bool { return k.Sign() != 0 }) {
			return p.e // 2 stays 2, which as an exponent is not the same as 2 + 0
		}
		if c.extra != nil {
			if e := t.Tidy(p.e); e.Op() == expr.Num {
				if k := c.extra.times(p.form, e.Number()); k.Sign() != 0 {
					return t.Mul(t.Num(k), u[c.extraAt])
				}
			}
		}
		a, constant := make([]number.Number, len(u)), []expr.Expr{pool.Int(0)}
		for i, k := range p.form {
			for j := range a {
				a[j] = a[j].Add(k.Mul(c.m[i][j]))
			}
			if c.shift != nil {
				constant = append(constant, t.Num(k.Mul(c.shift[i])))
			}
		}
		if constant = append(constant, combination(t, a, u)); p.e.IsConstant() {
			return t.Add(append(constant, p.e)...)
		}
		return sumOf([]expr.Expr{p.e, t.Add(constant...)})
	}
	whole := expr.Fold(f, func(e expr.Expr, args []linearPart) linearPart {
		sum := linearPart{form: make([]number.Number, n), e: pool.Int(0)}
		switch {
		case e.Op() == expr.Var:
			sum.form[slices.Index(vars, e.Name())] = number.Int(1)
			return sum
		case e.IsConstant() && !e.Op().IsCondition():
			sum.e = pool.Import(e)
			return sum
		case e.Op() == expr.Add:
			terms := []expr.Expr{}
			bent := false
			for _, p := range args {
				terms = append(terms, p.e)
				bent = bent || p.form == nil
				for i, k := range p.form {
					sum.form[i] = sum.form[i].Add(k)
				}
			}
			sum.e = sumOf(terms)
			if bent {
				return linearPart{e: formula(sum)}
			}
			return sum
		case e.Op() == expr.Mul && len(args) == 2 && e.Arg(0).Op() == expr.Num && args[1].form != nil:
			for i, k := range args[1].form {
				sum.form[i] = k.Mul(e.Arg(0).Number())
			}
			sum.e = t.Mul(args[0].e, args[1].e)
			return sum
		}
		list := make([]expr.Expr, len(args))
		for i, p := range args {
			list[i] = formula(p)
		}
		return linearPart{e: expr.Remake(e, pool, list, nil)}
	})
	raw := formula(whole)
	if tidy := t.Tidy(raw); form.SameDomain(raw, tidy) {
		return tidy
	}
	return raw
}

// floats is the point x for u.
func (c *change) floats(u []float64) []float64 {
	x := make([]float64, len(c.back))
	c.prog.NewMachine().Eval(x, u)
	for i := range x {
		x[i] += 0 // no -0
	}
	return x
}

// exprs is the point or path x for u, nil where one of its formulas is missing.
func (c *change) exprs(u []expr.Expr) []expr.Expr {
	if len(u) != len(c.names) || !allValid(u) {
		return nil
	}
	pool := expr.NewPool()
	with := map[string]expr.Expr{}
	for j, e := range u {
		with[c.names[j]] = pool.Import(e)
	}
	x := make([]expr.Expr, len(c.back))
	for i, e := range c.back {
		x[i] = pool.Substitute(pool.Import(e), with)
		if !x[i].IsConstant() { // along a path
			x[i] = simplify.Tidy(x[i])
		} else {
			x[i] = exact.ClosedForm(x[i])
		}
	}
	return x
}

// fromForms is the answer that follows from that in the forms, nil for none.
func (s *session) fromForms(c *change, sub *Answer) *Answer {
	a := &Answer{Status: sub.Status, Method: c.method, GradientNorm: math.NaN(), Value: sub.Value, ExactValue: sub.ExactValue,
		Attained: sub.Attained, Evaluations: sub.Evaluations, MinimisersComplete: sub.MinimisersComplete}
	if sub.Enclosure != nil {
		a.Enclosure = &Enclosure{Value: sub.Enclosure.Value}
		if len(sub.Enclosure.At) == len(c.names) {
			a.Enclosure.At = c.box(sub.Enclosure.At)
		}
	}
	switch sub.Status {
	case Exact, Certified:
		for _, m := range sub.Minimisers {
			p := Point{X: c.floats(m.X), Exact: c.exprs(m.Exact)}
			if m.Family != "" {
				p.Family = m.Family + ", where " + c.with
			}
			a.Minimisers = append(a.Minimisers, p)
		}
		if len(a.Minimisers) == 0 || a.Enclosure == nil || a.Status == Exact && a.Minimisers[0].Exact == nil {
			return nil
		}
		a.At, a.ExactAt = a.Minimisers[0].X, a.Minimisers[0].Exact
		if !model.AllFinite(a.At) {
			return nil
		}
		if len(s.m.Cons) == 0 {
			a.GradientNorm = s.gradientNorm(s.m.Prober(), a.At)
		}
	case EmptyDomain:
	case NotAttained:
		a.Approached = sub.Approached + ", where " + c.with
		a.Argument.Path = c.exprs(sub.Argument.Path)
	case Unbounded:
		w := sub.Witness
		if w == nil || len(w.Path) != len(c.names) {
			return nil
		}
		a.Witness = &Witness{Path: c.exprs(w.Path), Values: w.Values, Why: w.Why + ", where " + c.with, Whole: w.Whole}
		for _, u := range w.Points {
			a.Witness.Points = append(a.Witness.Points, c.floats(u))
		}
	default:
		return nil
	}
	return a
}

// box encloses x for u in a box.
func (c *change) box(u []interval.I) []interval.I {
	x := make([]interval.I, len(c.back))
	c.prog.NewMachine().Interval(x, nil, u)
	return x
}
