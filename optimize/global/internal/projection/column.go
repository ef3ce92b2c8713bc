package projection

import (
	"math"
	"slices"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A column is that of the coefficients φ_i of a linear variable.
type column struct {
	names []string
	forms []expr.Expr
	raw   *basis
	by    map[int]*basis // divided by the row of that number; nil where that has no simple form
	alone int            // the one variable that occurs, -1 for another number of them
	at    int            // the variable of the nodes
	nodes []node
	// reciprocal is the column as a function of the inverse of its one variable, which may have a node at 0; nil where that is not known.
	reciprocal *column
	// What comes of the column: its derivatives, by their order and the row that it is divided by before, and
	// what is left of it without a multiple of another column.
	derived map[[2]int]*column
	less    map[multiple]*column
}

func newColumn(forms []expr.Expr, names []string) *column {
	c := &column{names: names, forms: forms, raw: newBasis(forms, names), by: map[int]*basis{}, derived: map[[2]int]*column{}, less: map[multiple]*column{}}
	c.alone = c.only()
	return c
}

// allNodes are the nodes of the column and of that in the inverse of its variable.
func (c *column) allNodes() []node {
	if c.reciprocal == nil {
		return c.nodes
	}
	return append(slices.Clone(c.nodes), c.reciprocal.nodes...)
}

// only is the one variable in the column, -1 where there is another number of them.
func (c *column) only() int {
	v := -1
	for _, e := range c.forms {
		for _, x := range e.Vars() {
			k := slices.Index(c.names, x)
			if v >= 0 && v != k {
				return -1
			}
			v = k
		}
	}
	return v
}

// isWith reports whether c with the name w in the place of its variable is d, but for a factor.
func (c *column) isWith(d *column, w string) bool {
	first := slices.IndexFunc(c.forms, func(e expr.Expr) bool { return !e.IsNum(0) })
	if first < 0 {
		return false
	}
	own, other := c.quotients(first), d.quotients(first)
	if own == nil || other == nil {
		return false
	}
	for i, e := range own {
		pool := expr.NewPool()
		g := simplify.Tidy(pool.Substitute(pool.Import(e), map[string]expr.Expr{c.names[c.alone]: pool.Var(w)}))
		if !expr.Equal(g, other[i]) {
			return false
		}
	}
	return true
}

// isTimes reports whether c with the name w in the place of its variable is d times a rational number, so that both
// are defined where the other is.
func (c *column) isTimes(d *column, w string) bool {
	t := simplify.New()
	var own, other number.Number // factors of the first row that is not 0
	for i, e := range c.forms {
		pool := expr.NewPool()
		a, u := t.Split(t.Tidy(pool.Substitute(pool.Import(e), map[string]expr.Expr{c.names[c.alone]: pool.Var(w)})))
		b, v := t.Split(t.Pool().Import(d.forms[i]))
		if own.Sign() == 0 {
			own, other = a, b
		}
		if u != v || a.Sign()*a.Sign() != b.Sign()*b.Sign() || a.Mul(other).Cmp(b.Mul(own)) != 0 {
			return false
		}
	}
	return true
}

// hasRests reports whether a row has other factors than those by which it may be divided.
func (c *column) hasRests() bool {
	t := simplify.New()
	return slices.ContainsFunc(c.forms, func(e expr.Expr) bool {
		f := factorsOf(t, e)
		return !e.IsNum(0) && (f == nil || len(f.rest) > 0)
	})
}

// dividedBy is the column divided by row p but for the rest of its factors, nil where the quotients have no simple form.
func (c *column) dividedBy(p int) *basis {
	if s, known := c.by[p]; known {
		return s
	}
	var s *basis
	if forms := c.quotients(p); forms != nil {
		s = newBasis(forms, c.names)
	}
	c.by[p] = s
	return s
}

// quotients are the formulas of the column divided by row p.
func (c *column) quotients(p int) []expr.Expr {
	t := simplify.New()
	d := factorsOf(t, c.forms[p])
	if d == nil {
		return nil
	}
	out := make([]expr.Expr, len(c.forms))
	for i, e := range c.forms {
		if e.IsNum(0) {
			out[i] = t.Int(0)
			continue
		}
		n := factorsOf(t, e)
		if n == nil {
			return nil
		}
		q, ok := n.over(t, d)
		if !ok {
			return nil
		}
		out[i] = q
	}
	return out
}

// leading is the number of the row that is greatest in the middle of the box x, to divide the column by: -1
// where quotients have no simple form.
func (c *column) leading(middle []float64) (*basis, int) {
	p := slices.IndexFunc(c.forms, func(e expr.Expr) bool { return !e.IsNum(0) })
	if p < 0 {
		return nil, -1
	}
	for range c.forms {
		s := c.dividedBy(p)
		if s == nil {
			return nil, -1
		}
		s.mach.Eval(s.floats, middle)
		most := p
		for i, v := range s.floats[:s.m] { // of several that overflow, the farthest
			if v = math.Abs(v); v > math.Abs(s.floats[most]) || math.IsInf(v, 1) {
				most = i
			}
		}
		if most == p {
			return s, p
		}
		p = most
	}
	return c.by[p], p
}

// A multiple says that of another column, divided by row p, a multiple is taken away.
type multiple struct {
	of *column
	p  int
}

// without is the column less the multiple of d that makes it 0 in row p, nil where that has no simple form:
// in each row, c must be a constant times d.
func (c *column) without(d *column, p int) *column {
	key := multiple{d, p}
	e, known := c.less[key]
	if !known {
		if forms := c.ratesOf(d, p); forms != nil {
			e = newColumn(forms, c.names)
		}
		c.less[key] = e
	}
	return e
}

// ratesOf are the formulas of without.
func (c *column) ratesOf(d *column, p int) []expr.Expr {
	t := simplify.New()
	rate := make([]expr.Expr, len(c.forms))
	for i, e := range c.forms {
		f := d.forms[i]
		if rate[i] = t.Int(0); f.IsNum(0) && e.IsNum(0) {
			continue
		}
		n, m := factorsOf(t, e), factorsOf(t, f)
		if n == nil || m == nil {
			return nil
		}
		q, ok := n.over(t, m)
		if !ok || !q.IsConstant() || len(m.rest) > 0 {
			return nil
		}
		rate[i] = q
	}
	out := make([]expr.Expr, len(rate))
	for i, r := range rate {
		out[i] = t.Mul(t.Sub(r, rate[p]), t.Pool().Import(d.forms[i]))
	}
	return out
}

// factors are a formula as c Π base^-k exp(exponent), which is nowhere 0 where it is defined, times a rest.
type factors struct {
	c        expr.Expr
	bases    []expr.Expr
	powers   []int64
	exponent expr.Expr
	rest     []expr.Expr
}

// factorsOf reads e so, nil where a constant in it may be 0.
func factorsOf(t *simplify.Tidier, e expr.Expr) *factors {
	e = t.Pool().Import(e)
	f := &factors{c: t.Int(1), exponent: t.Int(0)}
	for _, u := range e.Factors() {
		switch {
		case u.IsConstant():
			if v, ok := tape.EncloseConstant(u); !ok || v.Has(0) {
				return nil
			}
			f.c = t.Mul(f.c, u)
		case u.Op() == expr.Call && u.Func().Name == "exp":
			f.exponent = t.Add(f.exponent, u.Arg(0))
		case u.Op() == expr.Pow && u.Arg(0).Op() == expr.Num && u.Arg(0).Number().Sign() > 0:
			f.exponent = t.Add(f.exponent, t.Mul(u.Arg(1), t.Call(logarithm, u.Arg(0))))
		case u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num:
			k, whole := u.Arg(1).Number().Int64()
			if !whole || k >= 0 {
				f.rest = append(f.rest, u)
				break
			}
			f.bases, f.powers = append(f.bases, u.Arg(0)), append(f.powers, -k)
		default:
			f.rest = append(f.rest, u)
		}
	}
	return f
}

// over is the quotient of f and d without the rest of d, written so that it has a limit where f and d go to infinity together.
func (f *factors) over(t *simplify.Tidier, d *factors) (expr.Expr, bool) {
	if !slices.Equal(f.powers, d.powers) {
		return expr.Expr{}, false
	}
	out := append([]expr.Expr{f.c, t.Pow(d.c, t.Int(-1))}, f.rest...)
	for i, u := range f.bases {
		// v/u = r + (v - r u)/u
		v := d.bases[i]
		r := t.Num(rate(v, u))
		out = append(out, t.Pow(t.Add(r, t.Mul(collected(t, t.Sub(v, t.Mul(r, u))), t.Pow(u, t.Int(-1)))), t.Int(f.powers[i])))
	}
	return t.Mul(append(out, t.Call(exponential, collected(t, t.Sub(f.exponent, d.exponent))))...), true
}

// rate is how many times faster v grows than u with a variable in which both are linear: v/u has it as a limit. It is 1
// where there is none.
func rate(v, u expr.Expr) number.Number {
	for _, x := range u.Vars() {
		a, b := diff.D(v, x), diff.D(u, x)
		if a.Op() != expr.Num || b.Op() != expr.Num {
			continue
		}
		if r, ok := a.Number().Quo(b.Number()); ok {
			return r
		}
	}
	return number.Int(1)
}

// collected is e multiplied out where that has no further conditions, with what constants have in common as a factor
// taken out: log(2) b - log(3) b as (log(2) - log(3)) b.
func collected(t *simplify.Tidier, e expr.Expr) expr.Expr {
	if g, conditions := simplify.Canonical(e); len(conditions) == 0 {
		e = t.Tidy(expr.NewPool().Import(g))
	}
	if e.Op() != expr.Add {
		return e
	}
	var of, times []expr.Expr
	for _, u := range e.AppendArgs(nil) {
		c, rest := t.Int(1), t.Int(1)
		for _, v := range u.Factors() {
			if v.IsConstant() {
				c = t.Mul(c, v)
			} else {
				rest = t.Mul(rest, v)
			}
		}
		k := slices.Index(of, rest)
		if k < 0 {
			of, times = append(of, rest), append(times, c)
		} else {
			times[k] = t.Add(times[k], c)
		}
	}
	out := make([]expr.Expr, len(of))
	for k := range of {
		out[k] = t.Mul(times[k], of[k])
	}
	return t.Add(out...)
}

var exponential, logarithm = fn.Lookup("exp"), fn.Lookup("log")
