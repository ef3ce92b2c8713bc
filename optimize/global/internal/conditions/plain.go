package conditions

import (
	"slices"

	"nabla/expr"
	"nabla/expr/simplify"
)

// plainly writes conditions that hold together as a person would: x > 0 for 1/x > 0 and x != 0,
// x != 0 and y != 0 for x y != 0, x >= y for x - y >= 0.
func plainly(list []expr.Expr) []expr.Expr {
	t := simplify.New()
	var out []expr.Expr
	for _, c := range list {
		for _, d := range plain(t, t.Pool().Import(c)) {
			if !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	for i, c := range out {
		out[i] = withoutZeros(t, c, out)
	}
	// u > 0 says that u != 0
	return slices.DeleteFunc(out, func(c expr.Expr) bool {
		return c.Op() == expr.Ne && slices.ContainsFunc(out, func(d expr.Expr) bool {
			return (d.Op() == expr.Gt || d.Op() == expr.Lt) && d.Arg(0) == c.Arg(0) && d.Arg(1) == c.Arg(1)
		})
	})
}

// withoutZeros leaves out the cases of c in which a formula is 0 that the list says is not.
func withoutZeros(t *simplify.Tidier, c expr.Expr, list []expr.Expr) expr.Expr {
	if c.Op() != expr.Or {
		return c
	}
	cases := slices.DeleteFunc(c.AppendArgs(nil), func(d expr.Expr) bool {
		parts := []expr.Expr{d}
		if d.Op() == expr.And {
			parts = d.AppendArgs(nil)
		}
		return slices.ContainsFunc(parts, func(e expr.Expr) bool {
			return e.Op() == expr.Eq && slices.Contains(list, t.Pool().Make(expr.Ne, e.Arg(0), e.Arg(1)))
		})
	})
	switch len(cases) {
	case 0, c.Len():
		return c
	case 1:
		return cases[0]
	}
	return t.Pool().Make(expr.Or, cases...)
}

// plain returns the conditions that together say what c does wherever its sides are defined.
func plain(t *simplify.Tidier, c expr.Expr) []expr.Expr {
	if c.Op() == expr.And || c.Op() == expr.Or {
		var parts []expr.Expr
		for _, d := range c.AppendArgs(nil) {
			list := plain(t, d)
			if c.Op() == expr.Or && len(list) != 1 {
				list = []expr.Expr{d}
			}
			parts = append(parts, list...)
		}
		return []expr.Expr{t.Pool().Make(c.Op(), parts...)}
	}
	if !c.Op().IsRelation() || !c.Arg(1).IsNum(0) {
		return []expr.Expr{c}
	}
	relation := func(op expr.Op, u, v expr.Expr) expr.Expr { return t.Pool().Make(op, u, v) }
	g, zero := t.Tidy(c.Arg(0)), t.Int(0)
	switch g.Op() {
	case expr.Mul:
		if c.Op() != expr.Ne || g.Arg(0).IsNum(0) { // 0 exp(x) stays a product
			break
		}
		var all []expr.Expr
		for _, u := range g.AppendArgs(nil) {
			if u.Op() != expr.Num {
				all = append(all, plain(t, relation(expr.Ne, u, zero))...)
			}
		}
		return all
	case expr.Pow:
		n, ok := int64(0), g.Arg(1).Op() == expr.Num
		if ok {
			n, ok = g.Arg(1).Number().Int64()
		}
		switch {
		case !ok || n == 0:
		case c.Op() == expr.Ne && n > 0, c.Op() == expr.Gt && n%2 == 0:
			return plain(t, relation(expr.Ne, g.Arg(0), zero))
		case c.Op() == expr.Ne: // where the power is defined
			return nil
		case n%2 != 0 && (c.Op() == expr.Gt || c.Op() == expr.Lt):
			return plain(t, relation(c.Op(), g.Arg(0), zero))
		}
	case expr.Call:
		if c.Op() == expr.Ne && g.IsCall("sqrt") {
			return plain(t, relation(expr.Ne, g.Arg(0), zero))
		}
	case expr.Add:
		if bases, ok := evenPowers(t, g); ok && (c.Op() == expr.Ne || c.Op() == expr.Gt) {
			for i, u := range bases {
				bases[i] = relation(expr.Ne, u, zero)
			}
			return []expr.Expr{t.Pool().Make(expr.Or, bases...)}
		}
		if args := g.AppendArgs(nil); len(args) == 2 {
			for k, u := range args {
				if v := args[1-k]; negative(v) && !negative(u) && u.Op() != expr.Num {
					return []expr.Expr{relation(c.Op(), u, t.Neg(v))}
				}
			}
		}
	}
	return []expr.Expr{c}
}

// negative reports whether the term u has a minus sign.
func negative(u expr.Expr) bool {
	if u.Op() == expr.Mul {
		u = u.Arg(0)
	}
	return u.Op() == expr.Num && u.Number().Sign() < 0
}

// evenPowers returns the bases of the terms of g where all are positive multiples of even powers.
func evenPowers(t *simplify.Tidier, g expr.Expr) (bases []expr.Expr, ok bool) {
	for _, u := range g.AppendArgs(nil) {
		c, p := t.Split(u)
		if c.Sign() <= 0 || p.Op() != expr.Pow || p.Arg(1).Op() != expr.Num {
			return nil, false
		}
		if n, ok := p.Arg(1).Number().Int64(); !ok || n <= 0 || n%2 != 0 {
			return nil, false
		}
		bases = append(bases, p.Arg(0))
	}
	return bases, true
}
