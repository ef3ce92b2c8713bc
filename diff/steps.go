package diff

import (
	"iter"

	"nabla/expr"
	"nabla/expr/fn"
)

// A Step is one application of a rule in a derivation.
type Step struct {
	Rule   *Rule
	Func   *fn.Func  // the function, for the chain rule
	At     expr.Expr // the derivative that the rule was applied to: d/dx(u)
	Part   expr.Expr // what it became
	Before expr.Expr // the whole line before
	After  expr.Expr // and after
}

// Steps yields the derivation of D(e, x): each step applies one rule, at the
// first derivative still to be carried out, through a literal Maker, so that
// x^2 becomes 2*x^(2 - 1)*1. The last step tidies the line up and is named
// "simplify". A step costs what the line holds, so the derivation of a formula
// of n nodes costs n² if all of it is read.
func Steps(e expr.Expr, x string) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		p := expr.NewPool()
		line := p.Make(expr.Diff, p.Import(e), p.Var(x))
		for {
			at, found := firstDiff(line)
			if !found {
				break
			}
			part, rule := literal(p, at)
			st := Step{Rule: rule, At: at, Part: part, Before: line}
			if rule == chainRule {
				st.Func = at.Arg(0).Func()
			}
			line = replace(p, line, at, part)
			st.After = line
			if !yield(st) {
				return
			}
		}
		d := D(e, x)
		if !expr.Equal(line, d) {
			yield(Step{Rule: simplifyRule, At: line, Part: d, Before: line, After: d})
		}
	}
}

// firstDiff returns the first derivative of e in reading order, the outer one
// of nested ones.
func firstDiff(e expr.Expr) (expr.Expr, bool) {
	seen := map[expr.Expr]bool{}
	stack := []expr.Expr{e}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n.Op() == expr.Diff {
			return n, true
		}
		for i := n.Len() - 1; i >= 0; i-- {
			if a := n.Arg(i); !seen[a] {
				seen[a] = true
				stack = append(stack, a)
			}
		}
	}
	return e, false
}

// literal applies the rule that fits to the derivative at, in p.
func literal(p *expr.Pool, at expr.Expr) (expr.Expr, *Rule) {
	u, x := at.Arg(0), at.Arg(1)
	if !u.Has(x.Name()) {
		return p.Int(0), constantRule
	}
	args := u.AppendArgs(nil)
	has := make([]bool, len(args))
	for i, a := range args {
		has[i] = a.Has(x.Name())
	}
	if u.Op() == expr.Diff {
		// A derivative inside: carried out, so that the rule sees a formula.
		return p.Make(expr.Diff, p.Import(D(args[0], args[1].Name())), x), simplifyRule
	}
	d := make([]expr.Expr, len(args))
	for i, a := range args {
		if !a.Op().IsCondition() {
			d[i] = p.Make(expr.Diff, a, x)
		}
	}
	s := site{mk: p, node: u, args: args, has: has, d: d}
	return s.derive()
}

// replace returns line, in p, with the node at replaced by part.
func replace(p *expr.Pool, line, at, part expr.Expr) expr.Expr {
	return expr.Fold(line, func(n expr.Expr, args []expr.Expr) expr.Expr {
		if n == at {
			return part
		}
		return expr.Remake(n, p, args, nil)
	})
}
