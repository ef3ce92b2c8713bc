package diff

import (
	"nabla/expr"
	"nabla/expr/number"
)

// small is the product of nodes and variables up to which a gradient is
// computed one variable at a time, by the same sweep as D. Both sweeps are
// right; the forward one multiplies out less and reads like a textbook, the
// backward one costs the same for a million variables as for one. What a person
// reads fits in this many nodes.
const small = 4096

// Gradient returns the partial derivatives of e by vars, tidy, in one Pool, at
// a cost linear in e whatever the number of variables.
func Gradient(e expr.Expr, vars []string) []expr.Expr {
	s := newSweep(e)
	return s.gradient(s.root, vars)
}

// Partials is Gradient with the conditions under which each of the partial
// derivatives holds.
func Partials(e expr.Expr, vars []string) []Derivative {
	s := newSweep(e)
	out := make([]Derivative, len(vars))
	for i, g := range s.gradient(s.root, vars) {
		out[i] = Derivative{Wrt: vars[i : i+1], Expr: g}
	}
	if s.smooth() {
		return out
	}
	rewrites := s.t.Conditions(s.root)
	for i, x := range vars {
		for _, c := range append(s.kinks(s.root, x), rewrites...) {
			out[i].Conditions = appendOnce(out[i].Conditions, c)
		}
	}
	return out
}

// smooth reports whether the rules hold on the whole natural domain.
func (s *sweep) smooth() bool {
	for n := range s.root.All() {
		if n.Op().IsRelation() || n.Op() == expr.Call && n.Func().DWhere != nil {
			return false
		}
	}
	return len(s.t.Conditions(s.root)) == 0
}

func appendOnce(list []expr.Expr, c expr.Expr) []expr.Expr {
	for _, d := range list {
		if d == c {
			return list
		}
	}
	return append(list, c)
}

func (s *sweep) gradient(e expr.Expr, vars []string) []expr.Expr {
	return s.gradientOn(expr.Order(e), vars)
}

// gradientOn is gradient for the last node of w.
func (s *sweep) gradientOn(w *expr.Walk, vars []string) []expr.Expr {
	if len(vars) <= 1 || w.Len()*len(vars) <= small {
		out := make([]expr.Expr, len(vars))
		for i, x := range vars {
			out[i] = s.forwardOn(w, x)
		}
		return out
	}
	return s.backward(w, vars)
}

// backward returns the partial derivatives of the last node of w by vars in one
// sweep from the users to the operands (reverse mode; Griewank and Walther,
// Evaluating Derivatives, 2nd ed., algorithm 3.3, on formulas instead of
// numbers). The contributions to the adjoint of a node are kept in a list and
// summed once, when all its users are done.
func (s *sweep) backward(w *expr.Walk, vars []string) []expr.Expr {
	wanted := make(map[string]int, len(vars))
	out := make([]expr.Expr, len(vars))
	for i, x := range vars {
		wanted[x] = i
		out[i] = s.t.Int(0)
	}
	active := expr.FoldAll(w, func(n expr.Expr, args []bool) bool {
		if n.Op() == expr.Var {
			_, ok := wanted[n.Name()]
			return ok
		}
		for _, a := range args {
			if a {
				return true
			}
		}
		return false
	})
	adjoints := make([][]expr.Expr, w.Len())
	adjoints[w.Len()-1] = []expr.Expr{s.t.Int(1)}
	var args []expr.Expr
	for i, n := range w.Back() {
		if !active[i] || len(adjoints[i]) == 0 || n.Op().IsCondition() {
			continue
		}
		g := s.t.Sum(adjoints[i]...)
		adjoints[i] = nil
		if g.IsNum(0) {
			continue
		}
		if n.Op() == expr.Var {
			out[wanted[n.Name()]] = g
			continue
		}
		args = n.AppendArgs(args[:0])
		s.propagate(n, args, g, func(k int) bool { return active[w.Place(args[k])] }, func(k int, g expr.Expr) {
			p := w.Place(args[k])
			adjoints[p] = append(adjoints[p], g)
		})
	}
	return out
}

// propagate gives the operands of n, for which want answers true, their parts
// of the adjoint g of n.
func (s *sweep) propagate(n expr.Expr, args []expr.Expr, g expr.Expr, want func(int) bool, give func(int, expr.Expr)) {
	t := s.t
	switch n.Op() {
	case expr.Add:
		for k := range args {
			if want(k) {
				give(k, g)
			}
		}
	case expr.Mul:
		if len(args) == 2 {
			for k := range args {
				if want(k) {
					give(k, t.Mul(g, args[1-k]))
				}
			}
			return
		}
		others := products(t, args)
		for k := range args {
			if want(k) {
				give(k, t.Mul(g, others[k]))
			}
		}
	case expr.If:
		zero := t.Int(0)
		if want(1) {
			give(1, t.Make(expr.If, args[0], g, zero))
		}
		if want(2) {
			give(2, t.Make(expr.If, args[0], zero, g))
		}
	default:
		// The rule for n with 1 for the derivative of operand k and 0 for the
		// others gives the partial derivative by operand k.
		has := make([]bool, len(args))
		for k := range args {
			if !want(k) {
				continue
			}
			has[k] = true
			d, _ := site{t, n, args, has, func(j int) expr.Expr {
				if j == k {
					return t.Num(number.Int(1))
				}
				return t.Num(number.Int(0))
			}}.derive()
			give(k, t.Mul(g, d))
			has[k] = false
		}
	}
}
