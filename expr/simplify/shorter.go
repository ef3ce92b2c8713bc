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
	// mostRepeated is the power of a sum up to which Neat multiplies it out.
	mostRepeated = 3
)

// Shorter returns the tidy sum e with the sums among the factors of its terms
// multiplied out, if that is shorter, as 2x(x + 1) - x^2 is longer than x^2 + 2x,
// and otherwise e.
func (t *Tidier) Shorter(e expr.Expr) expr.Expr {
	return t.shorterOf(e, func() expr.Expr { return t.expanded(e, 1) })
}

// expanded returns the sum e with the sums among the factors of its terms multiplied
// out, and their powers up to most, unless that makes it long.
func (t *Tidier) expanded(e expr.Expr, most int64) expr.Expr {
	if e.Op() != expr.Add || e.Len() > mostExpanded || t.inf {
		return e
	}
	total, sums, mixed := 0, false, false
	for i := range e.Len() {
		term := e.Arg(i)
		if term.Op() != expr.Mul && term.Op() != expr.Pow {
			mixed = mixed || rank(term) == rankFunction
			total++
			continue
		}
		n := 1
		for k := range factorCount(term) {
			u := factorAt(term, k)
			if b, m := sumPower(u, most); b.Op() == expr.Add {
				for range m {
					n *= b.Len()
				}
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
	var terms []expr.Expr
	for _, term := range e.Args() {
		terms = append(terms, t.distribute(term, most)...)
	}
	return t.Sum(terms...)
}

// distribute returns terms whose sum is the product term, with the sums among its
// factors multiplied out.
func (t *Tidier) distribute(term expr.Expr, most int64) []expr.Expr {
	factors := sumsApart(term, most)
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

// factorCount and factorAt give the factors of e one by one.
func factorCount(e expr.Expr) int {
	if e.Op() == expr.Mul {
		return e.Len()
	}
	return 1
}

func factorAt(e expr.Expr, i int) expr.Expr {
	if e.Op() == expr.Mul {
		return e.Arg(i)
	}
	return e
}

// sumPower returns u as the power of a sum with an exponent up to most, or as its own.
func sumPower(u expr.Expr, most int64) (base expr.Expr, n int64) {
	if u.Op() == expr.Pow && u.Arg(0).Op() == expr.Add && u.Arg(1).Op() == expr.Num {
		if k, ok := u.Arg(1).Number().Int64(); ok && k > 1 && k <= most {
			return u.Arg(0), k
		}
	}
	return u, 1
}

// sumsApart returns the factors of the term e, with a power of a sum up to most as
// that many factors.
func sumsApart(e expr.Expr, most int64) []expr.Expr {
	var list []expr.Expr
	for k := range factorCount(e) {
		u, n := sumPower(factorAt(e, k), most)
		for range n {
			list = append(list, u)
		}
	}
	return list
}

// written returns the length of e in the symbols that a person writes: names, numbers,
// plus signs, parentheses; no signs for products and a fraction bar for 1/u. A formula
// shared by two places counts twice.
func written(e expr.Expr) int {
	n := 0
	stack := []expr.Expr{e}
	for len(stack) > 0 {
		u := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch u.Op() {
		case expr.Num:
			if n++; !u.Number().IsInt() {
				n++
			}
			continue
		case expr.Add:
			n += u.Len() - 1
		case expr.Mul:
			for _, a := range u.Args() {
				switch {
				case a.Op() == expr.Add:
					n++
				case a.IsNum(-1):
					n--
				}
			}
		case expr.Pow:
			n++
			if u.Arg(0).Op() == expr.Add {
				n++
			}
			if u.Arg(1).IsNum(-1) {
				n--
			}
		default:
			n++
		}
		stack = u.AppendArgs(stack)
	}
	return n
}

// size returns the number of nodes of e, written out as a tree, or some number past
// limit if it is more.
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
