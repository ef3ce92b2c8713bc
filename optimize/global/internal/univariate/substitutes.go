package univariate

import (
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
)

// This file finds what may be substituted: the parts of a formula through which all of it depends on x, and functions of x in
// whose inverse the rest can be written.

// innerParts returns the parts u of f, other than x and f, through which all
// ways from f to x lead, the innermost first: the dominators of x.
func innerParts(f expr.Expr, x string) []expr.Expr {
	w := expr.Order(f)
	n := w.Len()
	// over[i] is the immediate dominator of node i, a greater number.
	over := make([]int, n)
	for i := range over {
		over[i] = -1
	}
	over[n-1] = n - 1
	meet := func(a, b int) int {
		for a != b {
			if a < b {
				a = over[a]
			} else {
				b = over[b]
			}
		}
		return a
	}
	at := -1
	for i, e := range w.Back() {
		if over[i] < 0 {
			continue // not reached
		}
		if e.Op() == expr.Var && e.Name() == x {
			at = i
		}
		for k := range e.Len() {
			j := w.Place(e.Arg(k))
			if over[j] < 0 {
				over[j] = i
			} else {
				over[j] = meet(over[j], i)
			}
		}
	}
	if at < 0 {
		return nil
	}
	nodes := make([]expr.Expr, n)
	for i, e := range w.Each() {
		nodes[i] = e
	}
	var out []expr.Expr
	for i := over[at]; i != n-1 && i >= 0; i = over[i] {
		if u := nodes[i]; u.Op() != expr.Var && !u.Op().IsCondition() {
			out = append(out, u)
		}
	}
	return out
}

// outerPart returns f with the part u replaced by the variable y.
func outerPart(f, u expr.Expr, y string) expr.Expr {
	pool := f.Pool()
	v := pool.Var(y)
	w := expr.Order(f)
	vals := make([]expr.Expr, w.Len())
	var args []expr.Expr
	for i, n := range w.Each() {
		if n == u {
			vals[i] = v
			continue
		}
		args = args[:0]
		for k := range n.Len() {
			args = append(args, vals[w.Place(n.Arg(k))])
		}
		vals[i] = expr.Remake(n, pool, args, nil)
	}
	return vals[len(vals)-1]
}

// apart returns the written formula f with parts of x alone in place of those with positive factors: c*(1/v) for c/v, so that
// 1/x is a part of sin(1/x) + sin(2/x) through which all of it depends on x, and so for roots and logarithms of c*v; with
// the root of squares for hypot; and without what is multiplied by 0, where that has a value everywhere.
func apart(f expr.Expr) expr.Expr {
	pool := f.Pool()
	return expr.Fold(f, func(n expr.Expr, args []expr.Expr) expr.Expr {
		switch {
		case n.Op() == expr.Div && args[0].IsConstant() && !args[0].IsNum(1) && !args[1].IsConstant():
			return pool.Make(expr.Mul, args[0], pool.Make(expr.Div, pool.Int(1), args[1]))
		case n.Op() == expr.Mul && slices.ContainsFunc(args, func(a expr.Expr) bool { return a.IsNum(0) }) && len(simplify.Domain(n)) == 0:
			return pool.Int(0)
		case n.IsCall("hypot"):
			return simplify.Instance(n.Func(), n.Func().Means, pool, args)
		}
		if n.Op() == expr.Call && (n.Func().Name == "sqrt" || n.Func().Name == "cbrt" || n.Func().Name == "log") && n.Len() == 1 {
			if c, v, ok := factored(args[0]); ok {
				op := expr.Mul
				if n.Func().Name == "log" {
					op = expr.Add
				}
				return pool.Make(op, pool.Call(n.Func(), c), pool.Call(n.Func(), v))
			}
		}
		return expr.Remake(n, pool, args, nil)
	})
}

// factored writes the written formula u as c*v with a positive number c.
func factored(u expr.Expr) (c, v expr.Expr, ok bool) {
	pool := u.Pool()
	positive := func(c expr.Expr) bool { return c.Op() == expr.Num && c.Number().Sign() > 0 && !c.IsNum(1) }
	switch {
	case u.Op() == expr.Mul && u.Len() == 2 && positive(u.Arg(0)) && !u.Arg(1).IsConstant():
		return u.Arg(0), u.Arg(1), true
	case u.Op() == expr.Div && positive(u.Arg(1)) && !u.Arg(0).IsConstant():
		return pool.Make(expr.Div, pool.Int(1), u.Arg(1)), u.Arg(0), true
	}
	return c, v, false
}

// A substitute is f = g(y) with y = u(x).
type substitute struct{ u, g expr.Expr }

// substitutes returns the substitutions that may be made in the written formula f:
// of a part through which all of it depends on x, and of exp(x), log(x) and 1/x,
// where they occur, by their inverse.
func (l *line) substitutes(f expr.Expr, y string) []substitute {
	var out []substitute
	for _, u := range innerParts(f, l.Name) {
		if !l.Slope(l.tidyNode(u)).Valid() { // otherwise no simpler than x
			out = append(out, substitute{u: u, g: outerPart(f, u, y)})
		}
	}
	pool := l.T.Pool()
	v := pool.Var(y)
	through := func(u expr.Expr, inverse expr.Expr) {
		if !slices.ContainsFunc(out, func(s substitute) bool { return s.u == u }) {
			out = append(out, substitute{u: u, g: expr.Rebuild(f, pool, func(x expr.Expr) (expr.Expr, bool) { return inverse, x.Name() == l.Name })})
		}
	}
	w := expr.Order(f)
	always := evaluated(w)
	for n := range f.All() {
		switch {
		case n.IsCall("exp") && n.Arg(0) == l.Var:
			through(n, pool.Call(fn.Lookup("log"), v))
		case n.IsCall("log") && n.Arg(0) == l.Var && always[w.Place(n)]: // else f has values where log(x) has none
			through(n, pool.Call(fn.Lookup("exp"), v))
		case n.Op() == expr.Div && n.Arg(1) == l.Var && n.Arg(0).IsNum(1):
			if _, defined, sure := l.valueAt(pool.Int(0)); sure && !defined {
				through(n, pool.Make(expr.Div, pool.Int(1), v))
			}
		}
	}
	return out
}
