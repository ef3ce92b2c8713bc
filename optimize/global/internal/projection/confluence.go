package projection

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/form"
)

// This file finds bases that serve where columns become equal: for the columns φ(β_1), φ(β_2), … of one
// function, their divided differences. The ratios of two of these, in different rows, are those of the derivatives of
// that order at some point between the nodes (Cauchy's mean value theorem, for divided differences).

// A node is a value of the variable of a column for which the column is in the space of the others: that
// of another variable, or a constant one, for which so many derivatives are, from the column itself on.
type node struct {
	other int // the variable, -1 for a constant
	value int64
	times int
	extra []*column // constant, which these derivatives need in the space too: what the others lack, such as by rounding
}

// in is the node as an interval in the box x.
func (d node) in(x []interval.I) interval.I {
	if d.other < 0 {
		return interval.Point(float64(d.value))
	}
	return x[d.other]
}

// isNear reports whether the node is not farther from v than v, or it, is wide; or, with far, that it may count.
func (d node) isNear(v interval.I, x []interval.I, far bool) bool {
	to, near := d.in(x), v.Width()
	if d.other >= 0 {
		if to.IsPoint() { // then the two may be equal throughout
			return false
		}
		near = math.Min(near, to.Width())
	}
	return far || math.Max(v.Lo-to.Hi, to.Lo-v.Hi) <= math.Max(0, near)
}

// A meeting is the nodes near a column.
type meeting struct {
	at      int     // the variable
	of      *column // this, or that as a function of the inverse of the variable
	inverse bool
	nodes   []node
	order   int
}

// around is the box x with all values of the variable, or its inverse, from its own to the nodes.
func (m *meeting) around(x []interval.I) []interval.I {
	x = slices.Clone(x)
	v := x[m.at]
	if m.inverse {
		v = v.Inv()
	}
	for _, d := range m.nodes {
		v = v.Hull(d.in(x))
	}
	x[m.at] = v
	return x
}

// meeting returns the nodes that are near in the box x or, with far, all; nil for none.
func (c *column) meeting(x []interval.I, far bool) *meeting {
	if x[c.at].IsPoint() {
		return nil
	}
	m := &meeting{at: c.at, of: c}
	for _, d := range c.nodes {
		if d.isNear(x[c.at], x, far) {
			m.nodes, m.order = append(m.nodes, d), m.order+d.times
		}
	}
	if m.nodes != nil {
		return m
	}
	if v, d := x[c.at], c.reciprocal; d != nil && len(d.nodes) > 0 && v.Lo > 0 && d.nodes[0].isNear(v.Inv(), x, far) {
		return &meeting{at: c.at, of: d, inverse: true, nodes: d.nodes, order: d.nodes[0].times}
	}
	return nil
}

// findConfluences looks for columns that become equal where variables do, or vanish.
func (q *Fit) findConfluences() {
	for k, c := range q.columns {
		if slices.ContainsFunc(c.forms, func(e expr.Expr) bool { return !form.Analytic(e) }) {
			continue
		}
		for v := range q.names {
			c.at = v
			if c.findNodes(q, q.columns[:k]); len(c.nodes) > 0 {
				break
			}
		}
		if c.alone < 0 || len(c.nodes) > 0 {
			continue
		}
		if d := c.inInverse(); d != nil {
			c.reciprocal = d
			if order, extra := q.orderAt(d, 0); order > 0 {
				c.at, d.nodes = c.alone, []node{{other: -1, times: order, extra: extra}}
			}
		}
	}
}

// inInverse is the column as a function of the inverse t of its variable, and divided by a power of t so that it has a value for t = 0: that of a product of
// powers of polynomials; nil where it is none.
func (c *column) inInverse() *column {
	t := simplify.New()
	x, v := c.names[c.alone], t.Var(c.names[c.alone])
	forms, least := make([]expr.Expr, len(c.forms)), 0
	powers := make([]int, len(c.forms))
	some := false
	for i, e := range c.forms {
		e = t.Pool().Import(e)
		if e.IsNum(0) {
			forms[i] = e
			continue
		}
		factors := []expr.Expr{t.Int(1)}
		for _, f := range e.Factors() {
			u, k := f.BaseExp()
			d := form.DegreeIn(u, x)
			n, whole := k.Int64()
			if d < 0 || d > 4 || d > 0 && !whole {
				return nil
			}
			if d == 0 {
				factors = append(factors, f)
				continue
			}
			powers[i] -= d * int(n)
			factors = append(factors, t.Pow(reversed(t, u, x, d), t.Num(k)))
		}
		forms[i] = t.Mul(factors...)
		if !some || powers[i] < least {
			least, some = powers[i], true
		}
	}
	for i, e := range forms {
		if !e.IsNum(0) {
			forms[i] = simplify.Tidy(t.Mul(e, t.Pow(v, t.Int(int64(powers[i]-least)))))
		}
	}
	d := newColumn(forms, c.names)
	d.at = c.alone
	if d.raw == nil || slices.ContainsFunc(forms, func(e expr.Expr) bool { return !form.Analytic(e) }) {
		return nil
	}
	return d
}

// reversed is x^d u(1/x) for a polynomial u of degree d.
func reversed(t *simplify.Tidier, u expr.Expr, x string, d int) expr.Expr {
	terms := make([]expr.Expr, d+1)
	factorial := number.Int(1)
	for j := range terms {
		if j > 0 {
			factorial = factorial.Mul(number.Int(int64(j)))
			u = diff.D(u, x)
		}
		over, _ := factorial.Inv()
		pool := expr.NewPool()
		at0 := t.Tidy(pool.Substitute(pool.Import(u), map[string]expr.Expr{x: pool.Int(0)}))
		terms[j] = t.Mul(t.Num(over), at0, t.Pow(t.Var(x), t.Int(int64(d-j))))
	}
	return t.Add(terms...)
}

// findNodes looks for those of the variable c.at.
func (c *column) findNodes(q *Fit, before []*column) {
	if !c.has(c.names[c.at]) {
		return
	}
	for w := range c.names {
		pool := expr.NewPool()
		equal := map[string]expr.Expr{c.names[c.at]: pool.Var(c.names[w])}
		if w != c.at && (c.vanishes(pool, equal) || c.alone == c.at && slices.ContainsFunc(before, func(d *column) bool { return d.alone == w && c.isWith(d, c.names[w]) })) {
			c.nodes = append(c.nodes, node{other: w, times: 1})
		}
	}
	for value := int64(-2); value <= 2; value++ {
		if order, extra := q.orderAt(c, value); order > 0 {
			c.nodes = append(c.nodes, node{other: -1, value: value, times: order, extra: extra})
		}
	}
}

// has reports whether the variable occurs.
func (c *column) has(name string) bool {
	return slices.ContainsFunc(c.forms, func(e expr.Expr) bool { return e.Has(name) })
}

// vanishes reports whether the column is 0 with the formulas of the pool in the place of variables.
func (c *column) vanishes(pool *expr.Pool, with map[string]expr.Expr) bool {
	return !slices.ContainsFunc(c.forms, func(e expr.Expr) bool {
		return !simplify.Tidy(pool.Substitute(pool.Import(e), with)).IsNum(0)
	})
}

// findTwins looks for columns that are the same function of variables of their own but for a number, with the same bounds in the box x,
// that occur nowhere else: with the coefficients, these may change places.
func (q *Fit) findTwins(x []interval.I) {
	q.twins = nil
	own := func(c *column) bool {
		for _, d := range q.columns {
			if d != c && d.has(q.names[c.alone]) {
				return false
			}
		}
		return !q.y.has(q.names[c.alone]) && !q.rest.has(q.names[c.alone])
	}
	for k, c := range q.columns {
		if c.alone < 0 || !own(c) {
			continue
		}
		for _, d := range q.columns[:k] {
			if d.alone >= 0 && d.alone != c.alone && x[d.alone] == x[c.alone] && own(d) && c.isTimes(d, q.names[d.alone]) {
				q.twins = append(q.twins, [2]int{d.alone, c.alone})
				break
			}
		}
	}
}

// orderAt is the number of derivatives by its variable, from the column itself on, which for the value are
// 0 or multiples of columns without variables, or of such but for small constant columns, extra.
func (q *Fit) orderAt(c *column, value int64) (order int, extra []*column) {
	const most = 6
	forms := slices.Clone(c.forms)
	for order := range most {
		at := make([]expr.Expr, len(forms))
		for i, e := range forms {
			pool := expr.NewPool()
			at[i] = simplify.Tidy(pool.Substitute(pool.Import(e), map[string]expr.Expr{c.names[c.at]: pool.Int(value)}))
			forms[i] = simplify.Tidy(diff.D(e, c.names[c.at]))
		}
		found := !slices.ContainsFunc(at, func(e expr.Expr) bool { return !e.IsNum(0) })
		for _, d := range q.columns {
			if found {
				break
			}
			rest, near := lessMultiple(at, d.forms)
			if found = near; near && slices.ContainsFunc(rest, func(e expr.Expr) bool { return !e.IsNum(0) }) {
				extra = append(extra, newColumn(rest, c.names))
			}
		}
		if !found {
			return order, extra
		}
	}
	return most, extra
}

// lessMultiple is the rational numbers a without a multiple of b, and whether that is small, as what roundings leave.
func lessMultiple(a, b []expr.Expr) (rest []expr.Expr, small bool) {
	const rounding = 1e-9
	p := -1
	for i := range a {
		if a[i].Op() != expr.Num || b[i].Op() != expr.Num {
			return nil, false
		}
		if y := b[i].Number(); y.Sign() != 0 && (p < 0 || y.Abs().Cmp(b[p].Number().Abs()) > 0) {
			p = i
		}
	}
	if p < 0 {
		return nil, false
	}
	k, _ := a[p].Number().Quo(b[p].Number())
	pool := expr.NewPool()
	size, left := 0.0, 0.0
	for i := range a {
		d := a[i].Number().Sub(k.Mul(b[i].Number()))
		rest = append(rest, pool.Num(d))
		size, left = math.Max(size, math.Abs(a[i].Number().Float64())), math.Max(left, math.Abs(d.Float64()))
	}
	return rest, left <= rounding*size
}

// derivative is that of the order of the column divided by row p, or for -1 of the column itself; nil where it is not
// known.
func (c *column) derivative(order, p int) *column {
	key := [2]int{order, p}
	d, known := c.derived[key]
	if !known {
		var forms []expr.Expr
		if p < 0 {
			forms = slices.Clone(c.forms)
		} else if !c.hasRests() {
			forms = c.quotients(p)
		}
		if forms != nil {
			for range order {
				for i, e := range forms {
					forms[i] = simplify.Tidy(diff.D(e, c.names[c.at]))
				}
			}
			d = newColumn(forms, c.names)
		}
		c.derived[key] = d
	}
	return d
}
