// Package cancel finds bounds of the parameters of models that are fitted to data, by cancelling
// parameters between the rows of the data.
//
// Each row says in which interval the model p_i(x) lies at one point of the data. Where the
// models have a factor in common, as a in a exp(-b t_i), it cancels in their quotients; where they have a
// term, in their differences; logarithms and reciprocals make sums of products of exponentials and of
// quotients. What is left in the end is linear, or has one parameter, of which the rows leave but
// a bounded range; the others follow from the rows. (Prony's method does so for exact data; here
// the data are intervals.)
package cancel

import (
	"fmt"
	"slices"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/tape"
)

// A Member is the statement that the value of G is in In.
type Member struct {
	G  expr.Expr
	In interval.I
}

// A System is what follows from rows: members in the parameters and in further unknowns, which are
// formulas of these.
type System struct {
	Vars    []string     // the parameters, then the further unknowns
	Box     []interval.I // what is known of the unknowns, Whole for the parameters
	Members []Member

	// The parameter that is left alone in quotients, -1 for none, and these.
	Alone  int
	ratios []*ratio

	x     *expander
	names map[expr.Expr]expr.Expr // the unknowns for powers and exponentials
}

// maxRows is the number of rows up to which they are compared with each other.
const maxRows = 24

// Reduce cancels parameters between the rows; nil where it finds nothing to cancel.
func Reduce(vars []string, rows []Member) *System {
	s := &System{Vars: slices.Clone(vars), Box: slices.Repeat([]interval.I{interval.Whole}, len(vars)), Alone: -1, x: newExpander(), names: map[expr.Expr]expr.Expr{}}
	var list []row
	for _, r := range rows[:min(len(rows), maxRows)] {
		if u := s.x.terms(r.G); u != nil {
			list = append(list, row{u, r.In})
		}
	}
	if !s.reduce(list) {
		return nil
	}
	return s
}

// A row says that the sum of the terms is in the interval.
type row struct {
	terms []term
	in    interval.I
}

// unknown adds one, of which u is a formula in Vars, and returns it; sign*u is exp of it if sign is not 0.
func (s *System) unknown(u expr.Expr, sign int) expr.Expr {
	t := s.x.t
	v := t.Var(fmt.Sprintf("unknown %d", len(s.Vars))) // no name that a formula may have
	s.Vars, s.Box = append(s.Vars, v.Name()), append(s.Box, interval.Whole)
	is := v
	if sign != 0 {
		is = t.Mul(t.Int(int64(sign)), t.Call(s.x.exp, v))
	}
	s.Members = append(s.Members, Member{t.Sub(is, u), interval.Point(0)})
	return v
}

// A column is an unknown with its coefficients in the rows.
type column struct {
	u expr.Expr // 1 for none
	h [][]term  // nil where it does not occur
}

// reduce cancels what the rows have in common until they are settled.
func (s *System) reduce(rows []row) bool {
	for range 4 { // as many as logarithms of quotients of logarithms take
		if len(rows) < 2 {
			return false
		}
		cols := s.columns(rows)
		switch left := s.left(cols); {
		case len(left) == 0:
			return s.linear(cols, rows)
		case len(cols) == 1 && s.logarithms(&cols[0], &rows):
		case len(cols) == 1 && s.reciprocals(&cols[0], &rows):
		case len(left) == 1:
			return s.quotients(left[0], cols, rows)
		default:
			return false
		}
	}
	return false
}

// left returns the parameters in the coefficients.
func (s *System) left(cols []column) []string {
	var vars []string
	for _, c := range cols {
		for _, h := range c.h {
			for _, v := range s.x.sum(h).Vars() {
				if !slices.Contains(vars, v) {
					vars = append(vars, v)
				}
			}
		}
	}
	return vars
}

// columns writes the rows as Σ h_ij u_j, the u_j being products of what does not differ from row to
// row, and notes that. A constant is brought to the other side.
func (s *System) columns(rows []row) []column {
	common := commonFactors(rows)
	t := s.x.t
	var cols []column
	for i, r := range rows {
		for _, u := range r.terms {
			if u.isConstant() {
				if v, ok := tape.EncloseConstant(u.c); ok {
					rows[i].in = rows[i].in.Sub(v)
					continue
				}
			}
			both, own := common.divide(t.Int(1), u)
			name := s.product(both)
			k := slices.IndexFunc(cols, func(c column) bool { return c.u == name })
			if k < 0 {
				k = len(cols)
				cols = append(cols, column{name, make([][]term, len(rows))})
			}
			cols[k].h[i] = append(cols[k].h[i], own)
		}
	}
	cols = s.joined(cols)
	for j := range cols {
		if u := cols[j].u; u.Op() != expr.Var && !u.IsConstant() {
			cols[j].u = s.unknown(cols[j].u, 0)
		}
	}
	for i := range rows {
		s.Members = append(s.Members, Member{s.inRow(cols, i), rows[i].in})
	}
	return cols
}

// product is the term as a product of parameters, and of unknowns for their powers and exponentials.
func (s *System) product(u term) expr.Expr {
	t := s.x.t
	factors := []expr.Expr{t.Int(1)}
	own := func(e expr.Expr) {
		if e.Op() != expr.Var {
			v, known := s.names[e]
			if !known {
				v = s.unknown(e, 0)
				s.names[e] = v
			}
			e = v
		}
		factors = append(factors, e)
	}
	for _, p := range u.powers {
		own(t.Pow(p.base, t.Num(p.k)))
	}
	for _, r := range u.rates {
		m := r.m
		if list := s.x.terms(m); len(list) == 1 && list[0].c.IsNum(1) { // a power of a sum may have several
			m = s.product(list[0])
		}
		own(t.Call(s.x.exp, t.Mul(r.r, m)))
	}
	return t.Mul(factors...)
}

// inRow is Σ h_ij u_j.
func (s *System) inRow(cols []column, i int) expr.Expr {
	sum := []expr.Expr{s.x.t.Int(0)}
	for _, c := range cols {
		sum = append(sum, s.x.t.Mul(s.x.sum(c.h[i]), c.u))
	}
	return s.x.t.Add(sum...)
}

// joined puts columns together of which one is a multiple of the other.
func (s *System) joined(cols []column) []column {
	var out []column
	for _, c := range cols {
		k := -1
		var q number.Number
		for j, d := range out {
			var ok bool
			if q, ok = multiple(c, d); ok {
				k = j
				break
			}
		}
		if k < 0 {
			out = append(out, c)
			continue
		}
		out[k].u = s.x.t.Add(out[k].u, s.x.t.Mul(s.x.t.Num(q), c.u))
	}
	return out
}

// multiple returns q with c = q d, all coefficients being rational numbers.
func multiple(c, d column) (q number.Number, ok bool) {
	for i := range c.h {
		if len(c.h[i]) != len(d.h[i]) || len(c.h[i]) > 1 {
			return q, false
		}
		for k, u := range c.h[i] {
			v := d.h[i][k]
			if !u.isConstant() || !v.isConstant() || u.c.Op() != expr.Num || v.c.Op() != expr.Num {
				return q, false
			}
			r, ok := u.c.Number().Quo(v.c.Number())
			if !ok || q.Sign() != 0 && q.Cmp(r) != 0 {
				return q, false
			}
			q = r
		}
	}
	return q, q.Sign() != 0
}

// A commonality knows which factors do not differ from row to row: powers of variables, and others
// that all rows have.
type commonality struct {
	bases []expr.Expr
	rates []rate
}

// commonFactors finds what the rows have in common.
func commonFactors(rows []row) *commonality {
	c := &commonality{}
	in := func(has func(u term) bool) bool {
		return !slices.ContainsFunc(rows, func(r row) bool { return !slices.ContainsFunc(r.terms, has) })
	}
	for _, u := range rows[0].terms {
		for _, p := range u.powers {
			if in(func(u term) bool {
				return slices.ContainsFunc(u.powers, func(q power) bool { return p.base == q.base && p.k == q.k })
			}) {
				c.bases = append(c.bases, p.base)
			}
		}
		for _, p := range u.rates {
			differs := slices.ContainsFunc(rows, func(r row) bool {
				return slices.ContainsFunc(r.terms, func(u term) bool {
					return slices.ContainsFunc(u.rates, func(q rate) bool { return p.m == q.m && p.r != q.r })
				})
			})
			if !differs && in(func(u term) bool { return slices.Contains(u.rates, p) }) {
				c.rates = append(c.rates, p)
			}
		}
	}
	return c
}

// divide parts u into what the rows have in common, with the coefficient one, and the rest.
func (c *commonality) divide(one expr.Expr, u term) (both, own term) {
	both.c, own.c = one, u.c
	for _, p := range u.powers {
		if p.base.Op() == expr.Var || slices.Contains(c.bases, p.base) {
			both.powers = append(both.powers, p)
		} else {
			own.powers = append(own.powers, p)
		}
	}
	for _, r := range u.rates {
		if slices.Contains(c.rates, r) {
			both.rates = append(both.rates, r)
		} else {
			own.rates = append(own.rates, r)
		}
	}
	return both, own
}

// logarithms takes those of rows u h_i in which h_i is an exponential.
func (s *System) logarithms(c *column, rows *[]row) bool {
	var out []row
	sign := 0
	var v expr.Expr
	for i, r := range *rows {
		if len(c.h[i]) != 1 || len(c.h[i][0].powers) > 0 {
			return false
		}
		h := c.h[i][0]
		k, ok := tape.EncloseConstant(h.c)
		if !ok || k.Has(0) {
			return false
		}
		in := r.in.Div(k)
		if in.Hi < 0 {
			in = in.Neg()
			k = interval.Point(-1)
		} else {
			k = interval.Point(1)
		}
		if !(in.Lo > 0) { // says little
			continue
		}
		if sign == 0 {
			sign = int(k.Lo)
			v = s.unknown(c.u, sign)
		}
		if sign != int(k.Lo) {
			return false
		}
		terms := s.x.terms(v)
		for _, q := range h.rates {
			more := s.x.times(s.x.constant(q.r), s.x.terms(q.m))
			if terms = append(terms, more...); more == nil {
				terms = nil
				break
			}
		}
		if terms == nil {
			continue
		}
		if terms = s.x.collect(terms); terms != nil {
			out = append(out, row{terms, interval.Log(in)})
		}
	}
	*rows = out
	return len(*rows) >= 2
}

// reciprocals takes those of rows u h_i in which 1/h_i is a sum.
func (s *System) reciprocals(c *column, rows *[]row) bool {
	var out []row
	t := s.x.t
	some := false
	for i := range *rows {
		if len(c.h[i]) != 1 {
			return false
		}
		for _, p := range c.h[i][0].powers {
			some = some || p.k.Sign() < 0 && p.base.Op() == expr.Add
		}
	}
	if !some {
		return false
	}
	v := t.Int(1)
	if c.u != t.Int(1) {
		v = s.unknown(t.Pow(c.u, t.Int(-1)), 0)
	}
	for i, r := range *rows {
		if !(r.in.Lo > 0 || r.in.Hi < 0) {
			continue
		}
		h := s.x.raised(c.h[i][0], -1)
		inverse := s.x.terms(v)
		for _, p := range h.powers {
			inverse = s.x.times(inverse, s.x.terms(t.Pow(p.base, t.Num(p.k))))
		}
		h.powers = nil
		if inverse = s.x.times(inverse, []term{h}); inverse != nil {
			out = append(out, row{inverse, r.in.Inv()})
		}
	}
	*rows = out
	return len(out) >= 2
}
