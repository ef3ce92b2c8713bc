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
	at    int // the variable
	nodes []node
	order int
}

// around is the box x with all values of the variable from its own to the nodes.
func (m *meeting) around(x []interval.I) []interval.I {
	x = slices.Clone(x)
	v := x[m.at]
	for _, d := range m.nodes {
		v = v.Hull(d.in(x))
	}
	x[m.at] = v
	return x
}

// meeting returns the nodes that are near in the box x or, with far, all; nil for none.
func (c *column) meeting(x []interval.I, far bool) *meeting {
	if len(c.nodes) == 0 || x[c.at].IsPoint() {
		return nil
	}
	m := &meeting{at: c.at}
	for _, d := range c.nodes {
		if d.isNear(x[c.at], x, far) {
			m.nodes, m.order = append(m.nodes, d), m.order+d.times
		}
	}
	if m.nodes == nil {
		return nil
	}
	return m
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
	}
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
		if order := q.orderAt(c, value); order > 0 {
			c.nodes = append(c.nodes, node{other: -1, value: value, times: order})
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
// 0 or multiples of columns without variables.
func (q *Fit) orderAt(c *column, value int64) int {
	const most = 6
	forms := slices.Clone(c.forms)
	for order := range most {
		at := make([]expr.Expr, len(forms))
		for i, e := range forms {
			pool := expr.NewPool()
			at[i] = simplify.Tidy(pool.Substitute(pool.Import(e), map[string]expr.Expr{c.names[c.at]: pool.Int(value)}))
			forms[i] = simplify.Tidy(diff.D(e, c.names[c.at]))
		}
		zero := !slices.ContainsFunc(at, func(e expr.Expr) bool { return !e.IsNum(0) })
		if !zero && !slices.ContainsFunc(q.columns, func(d *column) bool { return isMultiple(at, d.forms) }) {
			return order
		}
	}
	return most
}

// isMultiple reports whether the rational numbers a are a multiple of b, or 0.
func isMultiple(a, b []expr.Expr) bool {
	var k number.Number
	some := false
	for i := range a {
		if a[i].Op() != expr.Num || b[i].Op() != expr.Num {
			return false
		}
		x, y := a[i].Number(), b[i].Number()
		if !some && y.Sign() != 0 {
			k, _ = x.Quo(y)
			some = true
		}
	}
	for i := range a {
		if a[i].Number().Cmp(k.Mul(b[i].Number())) != 0 {
			return false
		}
	}
	return true
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
