package simplify

import (
	"slices"

	"nabla/expr"
)

const (
	// mostExpanded is the number of terms up to which Shorter multiplies a sum out.
	mostExpanded = 32
	// mostMixed is the number of terms of a sum up to which it tries to, if they are
	// not products of powers of variables and sums only.
	mostMixed = 3
)

// Shorter returns the tidy sum e with the sums among the factors of its terms
// multiplied out, if that is shorter, as 2x(x + 1) - x^2 is longer than x^2 + 2x,
// and otherwise e.
func (t *Tidier) Shorter(e expr.Expr) expr.Expr {
	if e.Op() != expr.Add || e.Len() > mostExpanded || t.inf {
		return e
	}
	total, sums, mixed := 0, false, false
	for i := range e.Len() {
		term := e.Arg(i)
		if term.Op() != expr.Mul {
			mixed = mixed || rank(term) == rankFunction
			total++
			continue
		}
		n := 1
		for k := range term.Len() {
			u := term.Arg(k)
			if u.Op() == expr.Add {
				n *= u.Len()
				sums = true
			}
			mixed = mixed || rank(u) == rankFunction
			if n > mostExpanded {
				return e
			}
		}
		total += n
	}
	if !sums || total > mostExpanded || mixed && e.Len() > mostMixed {
		return e
	}
	needs := len(t.needs)
	var terms []expr.Expr
	for _, term := range e.Args() {
		terms = append(terms, t.distribute(term)...)
	}
	s := t.Sum(terms...)
	if size(s, size(e, 1<<10)) < size(e, 1<<10) {
		return s
	}
	for _, n := range t.needs[needs:] {
		delete(t.needed, n)
	}
	t.needs = t.needs[:needs]
	return e
}

// distribute returns terms whose sum is the product term, with the sums among its
// factors multiplied out.
func (t *Tidier) distribute(term expr.Expr) []expr.Expr {
	factors := factorsOf(term)
	list := []expr.Expr{t.Mul(slices.DeleteFunc(slices.Clone(factors), func(u expr.Expr) bool { return u.Op() == expr.Add })...)}
	for _, s := range factors {
		if s.Op() != expr.Add {
			continue
		}
		var next []expr.Expr
		for _, u := range list {
			for _, a := range s.Args() {
				next = append(next, t.Mul(u, a))
			}
		}
		list = next
	}
	return list
}

// size returns the number of nodes of e, written out as a tree, or some number
// past limit if it is more.
func size(e expr.Expr, limit int) int {
	n := 0
	stack := []expr.Expr{e}
	for len(stack) > 0 && n <= limit {
		u := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		n++
		for _, a := range u.Args() {
			stack = append(stack, a)
		}
	}
	return n
}
