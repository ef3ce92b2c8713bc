package tape

import (
	"nabla/expr"
	"nabla/expr/number"
)

// relation returns the condition a op b.
func (g *graph) relation(op expr.Op, a, b ref) ref {
	if m, ok := g.number(a); ok {
		if n, ok := g.number(b); ok {
			return g.truth(op.Holds(m.Cmp(n)))
		}
	}
	if op == expr.Gt {
		op, a, b = expr.Lt, b, a
	}
	if op == expr.Ge {
		op, a, b = expr.Le, b, a
	}
	if a.negative() && b.negative() {
		a, b = a.abs(), b.abs()
		if op == expr.Lt || op == expr.Le {
			a, b = b, a
		}
	}
	x, y := g.reg(a), g.reg(b)
	var k Op
	switch op {
	case expr.Lt:
		k = Lt
	case expr.Le:
		k = Le
	case expr.Eq, expr.Ne:
		k = Eq
		if op == expr.Ne {
			k = Ne
		}
		if x > y {
			x, y = y, x
		}
	}
	return plus(g.emit(Inst{k, 0, x, y, -1}))
}

func (g *graph) truth(t bool) ref {
	if t {
		return g.int(1)
	}
	return g.int(0)
}

// join returns the conjunction or disjunction of args. A side that is known to
// decide decides, whatever the others are.
func (g *graph) join(op Op, args []ref) ref {
	c := args[0]
	for _, a := range args[1:] {
		if n, ok := g.number(c); ok {
			if holds(n) == (op == Or) {
				return g.truth(op == Or)
			}
			c = a
			continue
		}
		if n, ok := g.number(a); ok {
			if holds(n) == (op == Or) {
				return g.truth(op == Or)
			}
			continue
		}
		x, y := g.reg(c), g.reg(a)
		if x == y {
			continue
		}
		if x > y {
			x, y = y, x
		}
		c = plus(g.emit(Inst{op, 0, x, y, -1}))
	}
	return c
}

// holds reports whether a number holds as a condition.
func holds(n number.Number) bool { return n.Sign() != 0 }

func (g *graph) not(a ref) ref {
	if n, ok := g.number(a); ok {
		return g.truth(!holds(n))
	}
	return plus(g.emit(Inst{Not, 0, g.reg(a), -1, -1}))
}

// cases returns if(c, a, b).
func (g *graph) cases(c, a, b ref) ref {
	if n, ok := g.number(c); ok {
		if holds(n) {
			return a
		}
		return b
	}
	sign := ref(0)
	if a.negative() && b.negative() {
		a, b, sign = a.abs(), b.abs(), 1
	}
	return plus(g.emit(Inst{If, 0, g.reg(c), g.reg(a), g.reg(b)})) ^ sign
}
