package global

import (
	"errors"
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/quadratic"
)

// check says what is wrong with a problem, nil if nothing.
func (p *Problem) check() error {
	if !p.F.Valid() {
		return errors.New("global: no formula")
	}
	if p.F.Op().IsCondition() {
		return errors.New("global: a condition has no minimum")
	}
	for i, v := range p.Vars {
		if slices.Contains(p.Vars[:i], v) {
			return fmt.Errorf("global: the variable %s is named twice", v)
		}
	}
	for _, e := range append([]expr.Expr{p.F}, p.SubjectTo...) {
		if !e.Valid() {
			return errors.New("global: a condition is missing")
		}
		for _, v := range e.Vars() {
			if !slices.Contains(p.Vars, v) {
				return fmt.Errorf("global: %s is not among the variables", v)
			}
		}
	}
	for _, e := range p.SubjectTo {
		if !e.Op().IsCondition() {
			return errors.New("global: a constraint is no condition")
		}
	}
	if p.Bounds != nil && len(p.Bounds) != len(p.Vars) {
		return fmt.Errorf("global: %d bounds for %d variables", len(p.Bounds), len(p.Vars))
	}
	for i, b := range p.Bounds {
		for _, e := range []expr.Expr{b.Lo, b.Hi} {
			if !e.Valid() || isInfinity(e) {
				continue
			}
			if !e.IsConstant() {
				return fmt.Errorf("global: a bound of %s has the variable %s", p.Vars[i], e.Vars()[0])
			}
			if _, ok := tape.EncloseConstant(e); !ok {
				return fmt.Errorf("global: a bound of %s has no value", p.Vars[i])
			}
		}
	}
	return nil
}

// isInfinity reports whether e is inf or -inf.
func isInfinity(e expr.Expr) bool {
	t := simplify.Tidy(e)
	return t.IsCall("inf") || t.Op() == expr.Mul && t.Len() == 2 && t.Arg(1).IsCall("inf")
}

// readPowers adds the conditions under which powers with a varying exponent are read as
// real powers, and returns sentences that say so.
func (p *Problem) readPowers() []string {
	box := p.region().Outer
	var read []string
	formulas := append([]expr.Expr{p.F}, p.SubjectTo...)
	for _, f := range formulas {
		for _, c := range conditions.RealPowers(f, p.Vars, box) {
			p.SubjectTo = append(slices.Clip(p.SubjectTo), c)
			read = append(read, "powers of "+format.Text(c.Arg(0))+" with a varying exponent are read as real powers, defined for "+format.Text(c))
		}
	}
	return read
}

// normal returns p with conditions on one variable made into bounds, conjunctions
// split, infinite bounds removed, and an entry of Bounds for every variable if
// there is any. It returns false when two bounds are proved to leave nothing.
func (p *Problem) normal() (*Problem, bool) {
	q := &Problem{F: p.F, Vars: p.Vars, Max: p.Max}
	b := make([]Bound, len(p.Vars))
	copy(b, p.Bounds)
	for i := range b {
		if b[i].Lo.Valid() && isInfinity(b[i].Lo) {
			b[i].Lo, b[i].LoOpen = expr.Expr{}, false
		}
		if b[i].Hi.Valid() && isInfinity(b[i].Hi) {
			b[i].Hi, b[i].HiOpen = expr.Expr{}, false
		}
	}
	var todo []expr.Expr
	todo = append(todo, p.SubjectTo...)
	for len(todo) > 0 {
		c := todo[0]
		todo = todo[1:]
		if c.Op() == expr.And {
			todo = append(c.AppendArgs(nil), todo...)
			continue
		}
		if c = withoutPower(c); !q.bound(b, c) {
			q.SubjectTo = append(q.SubjectTo, c)
		}
	}
	q.SubjectTo = paired(q.SubjectTo)
	for _, x := range b {
		if x.Lo.Valid() || x.Hi.Valid() {
			q.Bounds = b
		}
		if x.Lo.Valid() && x.Hi.Valid() {
			c := exact.NewConstants(simplify.New())
			order, known := c.Compare(c.T.Tidy(x.Lo), c.T.Tidy(x.Hi))
			if known && (order > 0 || order == 0 && (x.LoOpen || x.HiOpen)) {
				return q, false
			}
		}
	}
	return q, true
}

// asRead returns the conditions as proofs read them.
func asRead(list []expr.Expr) []expr.Expr {
	out := make([]expr.Expr, len(list))
	for i, c := range list {
		out[i] = withoutPower(c)
	}
	return paired(out)
}

// withoutPower returns u = 0 for c uⁿ = 0, of which the gradient is zero where it holds, and for c |u| = 0; other
// conditions as they are. The constant c is not 0, and n a positive number.
func withoutPower(c expr.Expr) expr.Expr {
	if c.Op() != expr.Eq {
		return c
	}
	u := c.Arg(0)
	switch {
	case u.IsNum(0):
		u = c.Arg(1)
	case !c.Arg(1).IsNum(0):
		return c
	}
	given := u
	for {
		switch {
		case u.Op() == expr.Neg:
			u = u.Arg(0)
		case u.Op() == expr.Mul && u.Len() == 2 && form.ConstantSign(u.Arg(0)) != 0: // which may be -3, a negation
			u = u.Arg(1)
		case u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0, u.IsCall("abs"):
			u = u.Arg(0)
		case u == given || u.Op() == expr.Num:
			return c
		default:
			pool := expr.NewPool()
			return pool.Make(expr.Eq, pool.Import(u), pool.Int(0))
		}
	}
}

// maxPaired is the number of conditions up to which opposite ones are looked for.
const maxPaired = 60

// paired returns the conditions with u ≤ v and v ≤ u, which formulations without equations have, made the equation
// u = v where u and v are defined everywhere.
func paired(list []expr.Expr) []expr.Expr {
	if len(list) < 2 || len(list) > maxPaired {
		return list
	}
	t := simplify.New()
	weak := make([]expr.Expr, len(list)) // the g of g ≤ 0, and none for others
	for i, c := range list {
		if op := c.Op(); (op == expr.Le || op == expr.Ge) && len(conditions.Open(c, c.Vars(), nil)) == 0 {
			weak[i] = t.Tidy(asConstraint(c).G)
		}
	}
	var out []expr.Expr
	met := make([]bool, len(list)) // by an opposite one before
	for i, c := range list {
		for j := i + 1; j < len(list) && weak[i].Valid() && !met[i]; j++ {
			if weak[j].Valid() && !met[j] && t.Make(expr.Add, weak[i], weak[j]).IsNum(0) {
				pool := expr.NewPool()
				c, met[j] = pool.Make(expr.Eq, pool.Import(c.Arg(0)), pool.Import(c.Arg(1))), true
				break
			}
		}
		if !met[i] {
			out = append(out, c)
		}
	}
	return out
}

// bound makes the condition c on a single variable a bound, if it is one that is
// known to be tighter than what is there, or known to add nothing.
func (p *Problem) bound(b []Bound, c expr.Expr) bool {
	if !c.Op().IsRelation() || c.Op() == expr.Ne {
		return false
	}
	i, at, flip, ok := p.linearIn(c)
	if !ok {
		return false
	}
	op := c.Op()
	if flip {
		op = op.Mirrored()
	}
	lower := func() bool {
		x := &b[i]
		open := op == expr.Gt
		switch {
		case !x.Lo.Valid() || provedBelow(x.Lo, at):
			x.Lo, x.LoOpen = at, open
		case sameConstant(x.Lo, at):
			x.LoOpen = x.LoOpen || open
		default:
			return provedBelow(at, x.Lo)
		}
		return true
	}
	upper := func() bool {
		x := &b[i]
		open := op == expr.Lt
		switch {
		case !x.Hi.Valid() || provedBelow(at, x.Hi):
			x.Hi, x.HiOpen = at, open
		case sameConstant(x.Hi, at):
			x.HiOpen = x.HiOpen || open
		default:
			return provedBelow(x.Hi, at)
		}
		return true
	}
	switch op {
	case expr.Gt, expr.Ge:
		return lower()
	case expr.Lt, expr.Le:
		return upper()
	}
	saved := b[i]
	if lower() && upper() {
		return true
	}
	b[i] = saved
	return false
}

// linearIn reads a relation as x op at, or at op x when flip is set.
func (p *Problem) linearIn(c expr.Expr) (i int, at expr.Expr, flip, ok bool) {
	u, v := c.Arg(0), c.Arg(1)
	if u.Op() != expr.Var {
		u, v, flip = v, u, true
	}
	if u.Op() == expr.Var && v.IsConstant() {
		if _, known := tape.EncloseConstant(v); known {
			return slices.Index(p.Vars, u.Name()), v, flip, true
		}
		return 0, at, false, false
	}
	t := simplify.New()
	d := t.Sub(t.Tidy(c.Arg(0)), t.Tidy(c.Arg(1)))
	q, quad := quadratic.Of(d, p.Vars)
	if !quad || len(simplify.Domain(c)) > 0 { // a bound would not say where c is defined
		return 0, at, false, false
	}
	i = -1
	for k := range q.B {
		for l := range q.A[k] {
			if q.A[k][l].Sign() != 0 {
				return 0, at, false, false
			}
		}
		if q.B[k].Sign() != 0 {
			if i >= 0 {
				return 0, at, false, false
			}
			i = k
		}
	}
	if i < 0 {
		return 0, at, false, false
	}
	k, _ := q.C.Neg().Quo(q.B[i])
	return i, expr.NewPool().Num(k), q.B[i].Sign() < 0, true
}

// provedBelow reports whether the constants u < v is decided.
func provedBelow(u, v expr.Expr) bool {
	a, b := simplify.Tidy(u), simplify.Tidy(v)
	if a.Op() == expr.Num && b.Op() == expr.Num {
		return a.Number().Cmp(b.Number()) < 0
	}
	x, ok1 := tape.EncloseConstant(a)
	y, ok2 := tape.EncloseConstant(b)
	return ok1 && ok2 && x.Hi < y.Lo
}

func sameConstant(u, v expr.Expr) bool {
	return expr.Equal(tidyConstant(u), tidyConstant(v))
}

// equalConstants reports whether two constants are proved to be equal, however they are written: (9/32)^(1/4) and 2^(3/4) √3/4.
func equalConstants(u, v expr.Expr) bool {
	if sameConstant(u, v) {
		return true
	}
	c := exact.NewConstants(simplify.New())
	return exact.IsZero(c, c.T.Sub(c.T.Tidy(u), c.T.Tidy(v)))
}

// tidyConstant returns a constant in tidy form, which most are as they stand.
func tidyConstant(e expr.Expr) expr.Expr {
	if e.Op() == expr.Num {
		return e
	}
	return simplify.Tidy(e)
}

// model makes p, which is normal, ready for the search.
func (p *Problem) model() (*model.Model, error) {
	m := p.region()
	return m, m.Compile()
}

// withBounds is the problem of s, and its model, with other bounds.
func (s *session) withBounds(bounds []Bound) (*Problem, *model.Model) {
	q := *s.p
	q.Bounds = bounds
	m := q.region()
	m.Programs = s.m.Programs
	return &q, m
}

// region is the model of p, which is normal, without its programs.
func (p *Problem) region() *model.Model {
	m := &model.Model{Vars: p.Vars, N: len(p.Vars), F: p.F}
	if p.Max {
		pool := expr.NewPool()
		m.F = pool.Make(expr.Neg, pool.Import(p.F))
	}
	m.Outer, m.Inner = make([]interval.I, m.N), make([]interval.I, m.N)
	m.LoOpen, m.HiOpen = make([]bool, m.N), make([]bool, m.N)
	for i := range m.Outer {
		m.Outer[i], m.Inner[i] = interval.Whole, interval.Whole
		if i >= len(p.Bounds) {
			continue
		}
		b := p.Bounds[i]
		m.LoOpen[i], m.HiOpen[i] = b.LoOpen, b.HiOpen
		if b.Lo.Valid() {
			e, _ := tape.EncloseConstant(b.Lo)
			m.Outer[i].Lo, m.Inner[i].Lo = e.Lo, e.Hi
		}
		if b.Hi.Valid() {
			e, _ := tape.EncloseConstant(b.Hi)
			m.Outer[i].Hi, m.Inner[i].Hi = e.Hi, e.Lo
		}
	}
	for _, c := range p.SubjectTo {
		m.Cons = append(m.Cons, asConstraint(c))
	}
	return m
}

// asConstraint reads a condition. One that is no equation or inequality becomes
// the equation "1 - its truth value = 0".
func asConstraint(c expr.Expr) model.Constraint {
	pool := expr.NewPool()
	e := pool.Import(c)
	minus := func(u, v expr.Expr) expr.Expr {
		if v.IsNum(0) {
			return u
		}
		return pool.Make(expr.Add, u, pool.Make(expr.Neg, v))
	}
	switch e.Op() {
	case expr.Lt, expr.Le:
		return model.Constraint{G: minus(e.Arg(0), e.Arg(1)), Strict: e.Op() == expr.Lt, Text: c}
	case expr.Gt, expr.Ge:
		return model.Constraint{G: minus(e.Arg(1), e.Arg(0)), Strict: e.Op() == expr.Gt, Text: c}
	case expr.Eq:
		return model.Constraint{G: minus(e.Arg(0), e.Arg(1)), Equal: true, Text: c}
	}
	return model.Constraint{G: pool.Make(expr.If, e, pool.Int(0), pool.Int(1)), Text: c}
}
