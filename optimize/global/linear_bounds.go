package global

import (
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file answers between bounds where some of the variables occur in one linear form alone, x and y in
// (x + y)/z + 3z/(x + y), by the question in that form, which takes all values of an interval.

// byBoundedForm returns nil where no variables are such, or what is left is not settled.
func (s *session) byBoundedForm() *Answer {
	if len(s.m.Cons) > 0 || s.m.N < 3 || s.m.N > maxForms || s.p.F.Size() > maxEliminated {
		return nil // of two variables the form is all that f depends on
	}
	t := simplify.New()
	f := t.Tidy(s.p.F)
	if !form.SameDomain(s.p.F, f) {
		return nil
	}
	all := []expr.Expr{f}
	if g := gathered(t, f); g != f && form.SameDomain(f, g) {
		all = append(all, g)
	}
	for _, g := range all {
		for _, a := range bentForms(g, s.p.Vars) {
			c, q := s.inForm(t, g, a)
			if c == nil {
				continue
			}
			answer := s.byChange(c, q)
			if answer != nil {
				s.spread(answer, a, q)
			}
			return answer
		}
	}
	return nil
}

// spread makes families of the minimisers of a, but for those at which all variables of the form are at an end: q is the question in its value.
func (s *session) spread(a *Answer, of []number.Number, q *Problem) {
	t := simplify.New()
	name := format.Text(combination(t, of, s.variables(t)))
	first := slices.IndexFunc(of, func(k number.Number) bool { return k.Sign() != 0 })
	for k := range a.Minimisers {
		p := &a.Minimisers[k]
		if p.Family != "" {
			continue
		}
		exactly := allValid(p.Exact) && len(p.Exact) == len(of)
		at := make([]expr.Expr, len(of))
		for i, v := range p.X {
			if at[i] = model.ExactFloat(t, v); exactly {
				at[i] = t.Tidy(t.Pool().Import(p.Exact[i]))
			}
			if !at[i].Valid() {
				a.MinimisersComplete = false
				return
			}
		}
		u := combination(t, of, at)
		if b := q.Bounds[first]; exactly && (b.Lo.Valid() && sameConstant(u, b.Lo) || b.Hi.Valid() && sameConstant(u, b.Hi)) {
			continue
		}
		value := func(e expr.Expr) string {
			if exactly {
				return format.Text(exact.ClosedForm(e))
			}
			v, _ := tape.EncloseConstant(e)
			return format.Number(v.Mid(), 6)
		}
		says := []string{name + " = " + value(u) + " within the bounds"}
		for i, x := range s.p.Vars {
			if of[i].Sign() == 0 {
				says = append(says, x+" = "+value(at[i]))
			}
		}
		p.Family = strings.Join(says, ", ")
	}
}

// inForm puts u in the place of the linear form a in f, which is tidy; nil where its variables, two or more, occur elsewhere, or do not run
// through an interval of u that has an end.
func (s *session) inForm(t *simplify.Tidier, f expr.Expr, a []number.Number) (*change, *Problem) {
	names := s.newNames(1)
	var in []int
	for i, k := range a {
		if k.Sign() != 0 {
			in = append(in, i)
		}
	}
	if len(in) < 2 || names == nil {
		return nil, nil
	}
	first := in[0]
	c := &change{method: "a linear form", share: 0.5}
	vars := slices.Clone(s.p.Vars)
	vars[first] = names[0]
	var u []expr.Expr
	for i, x := range vars {
		row := make([]number.Number, len(a))
		row[i] = number.Int(1)
		if i == first { // the other variables of the form are kept, to see whether they go
			scale, _ := a[first].Inv()
			for j, k := range a {
				row[j] = scale.Mul(k.Neg())
			}
			row[first] = scale
		}
		c.m, u = append(c.m, row), append(u, t.Var(x))
	}
	q := &Problem{F: c.rewritten(t, f, s.p.Vars, u), Max: s.p.Max}
	if slices.ContainsFunc(in[1:], func(i int) bool { return q.F.Has(vars[i]) }) {
		return nil, nil
	}
	bound, back := s.formBound(t, a, in, u[first])
	if back == nil {
		return nil, nil
	}
	c.with = names[0] + " = " + format.Text(combination(t, a, s.variables(t)))
	c.back = make([]expr.Expr, len(a))
	for i, x := range vars {
		switch {
		case i == first:
			c.names, c.of, q.Bounds = append(c.names, x), append(c.of, combination(t, a, s.variables(t))), append(q.Bounds, bound)
		case a[i].Sign() == 0:
			c.names, c.of, q.Bounds = append(c.names, x), append(c.of, u[i]), append(q.Bounds, s.p.Bounds[i])
			c.back[i] = u[i]
		}
		if a[i].Sign() != 0 {
			c.back[i] = back[i]
		}
	}
	q.Vars = c.names
	n, ok := q.normal()
	if !ok {
		return nil, nil
	}
	return c, n
}

// formBound returns the values of the form a of the variables in, and, for each of them, values between the bounds at which it is u: they
// go evenly from the ends at which it is least, or greatest where that alone is finite. It returns nil where they are not found so.
func (s *session) formBound(t *simplify.Tidier, a []number.Number, in []int, u expr.Expr) (b Bound, back map[int]expr.Expr) {
	var ends [2]expr.Expr // of the form, not Valid where it has none
	var open [2]bool
	far := [2][]int{} // variables without the bound at which it is least, or greatest
	at := func(i, side int) (expr.Expr, bool) {
		if v := s.p.Bounds[i]; (a[i].Sign() > 0) == (side == 0) {
			return v.Lo, v.LoOpen
		} else {
			return v.Hi, v.HiOpen
		}
	}
	for side := range ends {
		sum := []expr.Expr{t.Int(0), t.Int(0)}
		for _, i := range in {
			e, out := at(i, side)
			open[side] = open[side] || out
			if !e.Valid() {
				far[side] = append(far[side], i)
				continue
			}
			sum = append(sum, t.Mul(t.Num(a[i]), t.Tidy(t.Pool().Import(e))))
		}
		if len(far[side]) == 0 {
			ends[side] = t.Add(sum...)
		}
	}
	side := 0
	if !ends[0].Valid() {
		side = 1
	}
	if !ends[side].Valid() {
		return b, nil
	}
	back = map[int]expr.Expr{}
	for _, i := range in {
		from, out := at(i, side)
		start := t.Tidy(t.Pool().Import(from))
		to, _ := at(i, 1-side)
		switch beyond := t.Sub(u, ends[side]); {
		case ends[1-side].Valid():
			step := t.Sub(t.Tidy(t.Pool().Import(to)), start)
			back[i] = t.Add(start, t.Mul(step, beyond, t.Pow(t.Sub(ends[1-side], ends[side]), t.Int(-1))))
		case !to.Valid():
			scale, _ := a[i].Mul(number.Int(int64(len(far[1-side])))).Inv()
			back[i] = t.Add(start, t.Mul(t.Num(scale), beyond))
		case out:
			return b, nil // it would have to leave this end, and may go up to the other
		default:
			back[i] = start
		}
	}
	return Bound{Lo: ends[0], Hi: ends[1], LoOpen: open[0], HiOpen: open[1]}, back
}
