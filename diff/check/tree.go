package check

import (
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/number"
)

// maxTree is the largest tree in which mistakes are looked for at every node.
// People do not differentiate more by hand.
const maxTree = 600

// A tree is one occurrence of a sub-formula. Unlike in an Expr, every occurrence
// is a node of its own, since a person may go wrong at one of them only, and
// products have two factors, since that is how people apply the product rule.
type tree struct {
	op     expr.Op
	f      *fn.Func
	kids   []*tree
	parent *tree
	depth  int
	diff   bool      // inside a derivative to be carried out
	e      expr.Expr // the value, in the bench
	d      expr.Expr // the derivative, where diff
	leaf   expr.Expr // the node that it was grown from
	orig   expr.Expr // the sub-formula that it is an occurrence of, as it was read
}

// term returns the term of the whole formula that t is part of, or the whole
// when it is no sum; of a long term only the part itself.
func (t *tree) term() expr.Expr {
	path := []*tree{t}
	for n := t; n.parent != nil; n = n.parent {
		path = append(path, n.parent)
	}
	at := len(path) - 1
	for at > 0 && (path[at].op == expr.Add || path[at].op == expr.Neg || path[at].op == expr.Diff) {
		at--
	}
	if term := path[at].orig; len(plain(term)) <= longTerm {
		return term
	}
	return t.orig
}

// longTerm is the most characters of a term that is named whole.
const longTerm = 60

// treeSize returns the number of nodes of e written as a tree, at most a little
// over the limit.
func treeSize(e expr.Expr, limit int) int {
	return expr.Fold(e, func(n expr.Expr, args []int) int {
		s := 1
		for _, a := range args {
			s = min(s+a, limit+1)
		}
		return s
	})
}

// signed returns e with -(c*u) written as (-c)*u, except in sums, and where the
// parts of the answer come from. A person reads exp(-3x) with the factor -3,
// and a - 3x with a subtraction.
func signed(e expr.Expr) (expr.Expr, map[expr.Expr]expr.Expr) {
	p := expr.NewPool()
	from := map[expr.Expr]expr.Expr{}
	out := expr.Fold(e, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n.Op() == expr.Add {
			// Terms keep their signs.
			for i, a := range n.Args() {
				if a.Op() == expr.Neg {
					args[i] = p.Make(expr.Neg, negated(p, args[i]))
				}
			}
		}
		var m expr.Expr
		if n.Op() == expr.Neg && (args[0].Op() == expr.Mul || args[0].Op() == expr.Num) {
			m = negated(p, args[0])
		} else {
			m = expr.Remake(n, p, args, nil)
		}
		from[m] = n
		return m
	})
	return out, from
}

// negated returns -u with the sign in the first factor.
func negated(p *expr.Pool, u expr.Expr) expr.Expr {
	switch u.Op() {
	case expr.Neg:
		return u.Arg(0)
	case expr.Num:
		return p.Num(u.Number().Neg())
	case expr.Mul:
		args := u.AppendArgs(nil)
		args[0] = negated(p, args[0])
		return p.Make(expr.Mul, args...)
	}
	return p.Make(expr.Neg, u)
}

// grow builds the tree of e, which must be small enough. from says where its
// parts come from; nil for themselves.
func (b *bench) grow(e expr.Expr, from map[expr.Expr]expr.Expr) *tree {
	return b.plant(e, from, nil, false)
}

func (b *bench) plant(e expr.Expr, from map[expr.Expr]expr.Expr, parent *tree, diff bool) *tree {
	t := &tree{op: e.Op(), parent: parent, diff: diff, leaf: e, orig: e}
	if o, ok := from[e]; ok {
		t.orig = o
	}
	if parent != nil {
		t.depth = parent.depth + 1
	}
	switch t.op {
	case expr.Num, expr.Var:
	case expr.Diff:
		t.kids = []*tree{b.plant(e.Arg(0), from, t, true)}
	case expr.Mul:
		b.binary(t, e, from)
		return t
	case expr.Call:
		t.f = e.Func()
		fallthrough
	default:
		for _, a := range e.Args() {
			t.kids = append(t.kids, b.plant(a, from, t, diff))
		}
	}
	b.settle(t)
	return t
}

// binary makes t the product of all factors of e but the last with the last.
func (b *bench) binary(t *tree, e expr.Expr, from map[expr.Expr]expr.Expr) {
	top := t
	for n := e.Len(); n > 2; n-- {
		left := &tree{op: expr.Mul, parent: t, depth: t.depth + 1, diff: t.diff, leaf: e, orig: t.orig}
		t.kids = []*tree{left, b.plant(e.Arg(n-1), from, t, t.diff)}
		t = left
	}
	t.kids = []*tree{b.plant(e.Arg(0), from, t, t.diff), b.plant(e.Arg(1), from, t, t.diff)}
	for ; t != top; t = t.parent {
		b.settle(t)
	}
	b.settle(top)
}

// settle computes the value and the derivative of t from those of its kids.
func (b *bench) settle(t *tree) {
	t.e, t.d = b.settled(t, func(k *tree) (expr.Expr, expr.Expr) { return k.e, k.d })
}

// settled returns what settle would with other values for the kids.
func (b *bench) settled(t *tree, kid func(*tree) (e, d expr.Expr)) (e, d expr.Expr) {
	args := make([]expr.Expr, 0, 4)
	diffs := make([]expr.Expr, 0, 4)
	for _, k := range t.kids {
		e, d := kid(k)
		args, diffs = append(args, e), append(diffs, d)
	}
	switch t.op {
	case expr.Num:
		e = b.Num(t.leaf.Number())
	case expr.Var:
		e = b.Var(t.leaf.Name())
	case expr.Diff:
		x := t.leaf.Arg(1).Name()
		if x == b.x {
			e = diffs[0]
		} else {
			e = b.d(args[0], x)
		}
		if t.diff {
			d = b.d(e, b.x)
		}
		return e, d
	case expr.Call:
		e = b.pool.Call(t.f, args...)
	default:
		e = b.pool.Make(t.op, args...)
	}
	if t.diff {
		d = b.rule(t.op, e, args, diffs, b.x)
	}
	return e, d
}

// has reports whether t depends on the variable.
func (t *tree) has(b *bench) bool {
	if t.diff {
		return !t.d.IsNum(0)
	}
	return t.e.Has(b.x)
}

// number returns the value of t when it is a number, with its sign.
func (t *tree) number() (number.Number, bool) {
	switch {
	case t.e.Op() == expr.Num:
		return t.e.Number(), true
	case t.e.Op() == expr.Neg && t.e.Arg(0).Op() == expr.Num:
		return t.e.Arg(0).Number().Neg(), true
	case t.e.Op() == expr.Div:
		u, v := t.e.Arg(0), t.e.Arg(1)
		if u.Op() == expr.Num && v.Op() == expr.Num {
			return u.Number().Quo(v.Number())
		}
	}
	return number.Number{}, false
}

// each calls f for t and everything under it, t first.
func (t *tree) each(f func(*tree)) {
	stack := []*tree{t}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		f(n)
		for i := len(n.kids) - 1; i >= 0; i-- {
			stack = append(stack, n.kids[i])
		}
	}
}
