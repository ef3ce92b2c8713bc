package simplify

import (
	"slices"

	"nabla/expr"
	"nabla/expr/number"
)

// A need is what must hold for a rewrite: that base is not 0 (Ne), not
// negative (Ge) or positive (Gt), or, with Eq, that base is defined.
type need struct {
	op   expr.Op
	base expr.Expr
}

func (t *Tidier) need(n need) {
	// Most formulas need little, and a map would cost more.
	if len(t.needs) < 32 {
		if !slices.Contains(t.needs, n) {
			t.needs = append(t.needs, n)
		}
		return
	}
	if t.needed == nil {
		t.needed = map[need]bool{}
		for _, m := range t.needs {
			t.needed[m] = true
		}
	}
	if !t.needed[n] {
		t.needed[n] = true
		t.needs = append(t.needs, n)
	}
}

// drop reports whether u may vanish from a formula, as in u - u and 0*u, and
// notes that the formula holds where u is defined.
func (t *Tidier) drop(u expr.Expr) bool {
	if !t.droppable(u) {
		return false
	}
	if !t.Total(u) {
		t.need(need{expr.Eq, u})
	}
	return true
}

// droppable reports whether u is defined somewhere: 1/0 - 1/0 and log(-1)*0
// stay as they are.
func (t *Tidier) droppable(u expr.Expr) bool {
	if t.inf {
		return false
	}
	return t.Total(u) || !t.isConstant(u)
}

// What is remembered of a node.
const (
	asked  uint8 = 1 << iota
	atAll        // defined at every real point, as far as is known
	noVars       // without variables
)

// isConstant reports whether u has no variables.
func (t *Tidier) isConstant(u expr.Expr) bool { return t.facts(u)&noVars != 0 }

// Total reports whether u is known to be defined at every real point.
func (t *Tidier) Total(u expr.Expr) bool { return t.facts(u)&atAll != 0 }

// facts returns what is known of u, finding it out for u and what is under it
// when nobody has asked before.
func (t *Tidier) facts(u expr.Expr) uint8 {
	if n := t.pool.Len(); len(t.fact) < n {
		t.fact = append(t.fact, make([]uint8, n-len(t.fact))...)
	}
	if f := t.fact[u.ID()]; f != 0 {
		return f
	}
	first := len(t.exprs)
	t.exprs = append(t.exprs, u)
	for len(t.exprs) > first {
		n := t.exprs[len(t.exprs)-1]
		f := asked
		if total(n) {
			f |= atAll
		}
		if n.Op() != expr.Var {
			f |= noVars
		}
		ready := true
		for i := range n.Len() {
			a := n.Arg(i)
			if known := t.fact[a.ID()]; known != 0 {
				f &= known | asked
			} else {
				ready = false
				t.exprs = append(t.exprs, a)
			}
		}
		if ready {
			t.fact[n.ID()] = f
			t.exprs = t.exprs[:len(t.exprs)-1]
		}
	}
	return t.fact[u.ID()]
}

// total reports whether the node n is defined wherever its operands are.
func total(n expr.Expr) bool {
	switch n.Op() {
	case expr.Pow:
		return totalPower(n.Arg(0), n.Arg(1))
	case expr.Call:
		if n.Func().Name == "inf" {
			return false
		}
		if n.Func().Name == "sqrt" && n.Arg(0).Op() == expr.Num {
			return n.Arg(0).Number().Sign() >= 0
		}
		return n.Func().Domain == ""
	case expr.Div, expr.Diff:
		return false
	}
	return true
}

// totalPower reports whether b^e is defined wherever b and e are.
func totalPower(b, e expr.Expr) bool {
	if e.Op() == expr.Num && e.Number().IsInt() && e.Number().Sign() >= 0 {
		return true
	}
	return b.Op() == expr.Num && b.Number().Sign() > 0 || b.IsCall("e") || b.IsCall("pi")
}

func (t *Tidier) isTotalCondition(c expr.Expr) bool {
	for n := range c.All() {
		if !t.Total(n) {
			return false
		}
	}
	return true
}

// Conditions returns what must hold for the rewrites made by t so far to be
// equalities, as relations in the Pool of t, each once. Those that follow from
// the natural domain of one of the formulas in given (of the same Pool) are
// left out.
func (t *Tidier) Conditions(given ...expr.Expr) []expr.Expr {
	var all []expr.Expr
	for _, n := range t.needs {
		if n.op == expr.Eq {
			all = append(all, t.domain(n.base)...)
		} else {
			all = append(all, t.pool.Make(n.op, n.base, t.Int(0)))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return Beyond(all, t.Implied(given...))
}

// Implied returns the conditions that hold wherever one of the formulas given, in
// the Pool of t, is defined, as far as their natural domains show it.
func (t *Tidier) Implied(given ...expr.Expr) map[expr.Expr]bool {
	implied := map[expr.Expr]bool{}
	for _, g := range given {
		for _, c := range t.domainWithin(g, 0, true) {
			for _, w := range t.weaker(c) {
				implied[w] = true
			}
		}
	}
	return implied
}

// Beyond returns the conditions that are neither implied nor known to be true, each
// once.
func Beyond(conditions []expr.Expr, implied map[expr.Expr]bool) []expr.Expr {
	var out []expr.Expr
	seen := map[expr.Expr]bool{}
	for _, c := range conditions {
		if evident(c) || implied[c] || seen[c] {
			continue
		}
		seen[c] = true
		out = append(out, c)
	}
	return strongest(out)
}

// weaker returns c and the relations to 0 that follow from it.
func (t *Tidier) weaker(c expr.Expr) []expr.Expr {
	out := []expr.Expr{c}
	if c.Len() != 2 {
		return out
	}
	u, v := c.Arg(0), c.Arg(1)
	switch c.Op() {
	case expr.Lt:
		u, v = v, u
		fallthrough
	case expr.Gt:
		if v.IsNum(0) {
			out = append(out, t.pool.Make(expr.Gt, u, v), t.pool.Make(expr.Ge, u, v), t.pool.Make(expr.Ne, u, v))
			// sqrt(w) > 0 says the same of w, and |w| > 0 that w is not 0.
			if u.IsCall("sqrt") {
				out = append(out, t.weaker(t.pool.Make(expr.Gt, u.Arg(0), v))...)
			}
			if u.IsCall("abs") {
				out = append(out, t.pool.Make(expr.Ne, u.Arg(0), v))
			}
		}
	case expr.Ne:
		if v.IsNum(0) && (u.IsCall("sqrt") || u.IsCall("abs")) {
			out = append(out, t.weaker(t.pool.Make(expr.Ne, u.Arg(0), v))...)
		}
	}
	return out
}

// domain returns the natural domain of e as conditions that must all hold, each
// once, in the order in which they are met from the leaves up; none means that
// e is defined everywhere. They are in the Pool of t, and so must e be. What a
// branch of an if asks for is asked where the branch is taken only; past maxBranches
// of them inside each other it is asked for always.
func (t *Tidier) domain(e expr.Expr) []expr.Expr { return t.domainWithin(e, 0, false) }

// maxBranches is how deep ifs inside ifs are told apart.
const maxBranches = 8

// domainWithin is domain for what stands in ifs of that depth. With sure set it
// holds only what must hold where e is defined: a power with an exponent that is no
// number asks for a positive base, but where its exponent is an integer it is
// defined without; and nothing of what stands too deep in ifs.
func (t *Tidier) domainWithin(e expr.Expr, depth int, sure bool) []expr.Expr {
	var out []expr.Expr
	seen := map[expr.Expr]bool{}
	add := func(c expr.Expr) {
		if evident(c) {
			return
		}
		if (c.Op() == expr.Gt || c.Op() == expr.Ne) && (c.Arg(0).IsCall("abs") || c.Arg(0).IsCall("sqrt")) && c.Arg(1).IsNum(0) {
			c = t.pool.Make(expr.Ne, c.Arg(0).Arg(0), c.Arg(1))
		}
		if seen[c] {
			return
		}
		seen[c] = true
		out = append(out, c)
	}
	zero := t.Int(0)
	w := expr.Order(e)
	always := outsideBranches(w)
	if depth > maxBranches {
		for i := range always {
			always[i] = true
		}
	}
	var tidy []expr.Expr // the tidy form of each node, once one is wanted
	for i, n := range w.Each() {
		if !always[i] {
			continue
		}
		switch n.Op() {
		case expr.If:
			if depth > maxBranches {
				break // the nodes of its branches are looked at themselves
			}
			if depth == maxBranches {
				for k := range 2 {
					if !sure {
						for _, c := range t.domainWithin(n.Arg(k+1), depth+1, false) {
							add(c)
						}
					}
				}
				break
			}
			for k, taken := range [2]expr.Expr{n.Arg(0), t.negation(n.Arg(0))} {
				known := t.weaker(taken)
				for _, c := range t.domainWithin(n.Arg(k+1), depth+1, sure) {
					if !slices.Contains(known, c) {
						add(t.pool.Make(expr.Or, t.negation(taken), c))
					}
				}
			}
		case expr.Pow:
			b, x := n.Arg(0), n.Arg(1)
			if !x.Op().IsLeaf() { // 1/3 and -1 are numbers
				if tidy == nil {
					tidy = expr.FoldAll(w, func(n expr.Expr, args []expr.Expr) expr.Expr {
						return expr.Remake(n, t, args, nil)
					})
				}
				x = tidy[w.Place(x)]
			}
			switch {
			case totalPower(b, x), sure && x.Op() != expr.Num:
			case x.Op() != expr.Num:
				add(t.pool.Make(expr.Gt, b, zero))
			case x.Number().IsInt():
				add(t.pool.Make(expr.Ne, b, zero))
			case x.Number().Sign() > 0:
				add(t.pool.Make(expr.Ge, b, zero))
			default:
				add(t.pool.Make(expr.Gt, b, zero))
			}
		case expr.Div:
			add(t.pool.Make(expr.Ne, n.Arg(1), zero))
		case expr.Call:
			if !total(n) && n.Func().Domain != "" {
				c := Instance(n.Func(), n.Func().Domain, t, n.AppendArgs(nil))
				if c.Op() == expr.And {
					for _, part := range c.Args() {
						add(part)
					}
				} else {
					add(c)
				}
			}
		}
	}
	return out
}

// negation returns the condition that holds where c does not.
func (t *Tidier) negation(c expr.Expr) expr.Expr {
	switch {
	case c.Op().IsRelation():
		return t.pool.Make(c.Op().Negated(), c.Arg(0), c.Arg(1))
	case c.Op() == expr.Not:
		return c.Arg(0)
	}
	return t.pool.Make(expr.Not, c)
}

// outsideBranches reports for each node of w whether it counts whatever branches
// of ifs are taken: whether a way to it leads through none.
func outsideBranches(w *expr.Walk) []bool {
	out := make([]bool, w.Len())
	out[w.Len()-1] = true
	for i, n := range w.Back() {
		if !out[i] {
			continue
		}
		for k, a := range n.Args() {
			if n.Op() != expr.If || k == 0 {
				out[w.Place(a)] = true
			}
		}
	}
	return out
}

// Domain returns the natural domain of e as conditions that must all hold; none
// means that e is defined at every real point. A power b^u whose exponent is no
// number asks for b > 0, though integer values of u would do without. What is
// seen to hold at every real point, such as 1 + x^2 != 0, is left out. The
// conditions are tidy and in a Pool of their own.
func Domain(e expr.Expr) []expr.Expr { return conditions(e, false) }

// Needed returns conditions that hold wherever e is defined, of those of Domain: a power
// whose exponent is no number asks for none.
func Needed(e expr.Expr) []expr.Expr { return conditions(e, true) }

func conditions(e expr.Expr, sure bool) []expr.Expr {
	t := New()
	// The conditions come from e as it stands: tidied, x/x is defined at 0.
	var out []expr.Expr
	seen := map[expr.Expr]bool{}
	for _, c := range t.domainWithin(t.pool.Import(e), 0, sure) {
		for _, c := range t.factorwise(t.Tidy(c)) {
			if truth, known := Truth(c); known && truth || seen[c] || certain(c) {
				continue
			}
			seen[c] = true
			out = append(out, c)
		}
	}
	return strongest(out)
}

// factorwise returns conditions that together are c, which is tidy: that no factor is 0 for that a product is not, and that no
// base is for a power.
func (t *Tidier) factorwise(c expr.Expr) []expr.Expr {
	if c.Op() != expr.Ne || !c.Arg(1).IsNum(0) {
		return []expr.Expr{c}
	}
	u := c.Arg(0)
	var list []expr.Expr
	for _, u := range u.Factors() {
		if u.IsNum(0) {
			return []expr.Expr{c}
		}
		for u.Op() == expr.Pow && u.Arg(1).Op() == expr.Num && u.Arg(1).Number().Sign() > 0 {
			u = u.Arg(0)
		}
		list = append(list, t.Tidy(t.pool.Make(expr.Ne, u, c.Arg(1))))
	}
	return list
}

// Truth returns the truth value of a condition between numbers, and whether it
// is known.
func Truth(c expr.Expr) (truth, known bool) {
	switch {
	case c.Op().IsRelation():
		a, b := c.Arg(0), c.Arg(1)
		if a.Op() != expr.Num || b.Op() != expr.Num {
			return false, false
		}
		return Holds(c.Op(), a.Number(), b.Number()), true
	case c.Op() == expr.Not:
		truth, known = Truth(c.Arg(0))
		return !truth, known
	case c.Op() == expr.And, c.Op() == expr.Or:
		// A part that settles the whole settles it whatever the others say.
		settles := c.Op() == expr.Or
		all := true
		for _, part := range c.Args() {
			v, ok := Truth(part)
			if ok && v == settles {
				return settles, true
			}
			all = all && ok
		}
		return !settles, all
	}
	return false, false
}

// Holds reports whether the relation op holds between a and b.
func Holds(op expr.Op, a, b number.Number) bool { return op.Holds(a.Cmp(b)) }

// strongest returns conditions without u != 0 and u >= 0 where u > 0 is one of them.
func strongest(conditions []expr.Expr) []expr.Expr {
	var positive map[expr.Expr]bool
	for _, c := range conditions {
		if c.Op() == expr.Gt && c.Arg(1).IsNum(0) {
			if positive == nil {
				positive = map[expr.Expr]bool{}
			}
			positive[c.Arg(0)] = true
		}
	}
	return slices.DeleteFunc(conditions, func(c expr.Expr) bool {
		return (c.Op() == expr.Ne || c.Op() == expr.Ge) && c.Arg(1).IsNum(0) && positive[c.Arg(0)]
	})
}

// evident reports whether the condition c plainly holds wherever it has a meaning:
// 1 < 2, 1 + x^2 > 0, exp(x) != 0.
func evident(c expr.Expr) bool {
	if truth, known := Truth(c); known {
		return truth
	}
	if !c.Op().IsRelation() || !c.Arg(1).IsNum(0) {
		return false
	}
	switch s := signOf(c.Arg(0), maxLook); c.Op() {
	case expr.Gt, expr.Ne:
		return s == positive
	case expr.Ge:
		return s >= nonnegative
	}
	return false
}

// What is seen at once of the sign of a formula, where it is defined.
type seenSign int

const (
	anySign seenSign = iota
	nonnegative
	positive
)

// maxLook is how deep signOf looks.
const maxLook = 6

// signOf returns what the form of u shows of its sign at real points: 1 + x^2 and
// exp(x) are positive.
func signOf(u expr.Expr, depth int) seenSign {
	if depth == 0 {
		return anySign
	}
	switch u.Op() {
	case expr.Num:
		switch s := u.Number().Sign(); {
		case s > 0:
			return positive
		case s == 0:
			return nonnegative
		}
	case expr.Call:
		switch f := u.Func(); {
		case f.Positive:
			return positive
		case f.Range[0] == "0":
			return nonnegative
		}
	case expr.Pow:
		if signOf(u.Arg(0), depth-1) == positive {
			return positive
		}
		if e := u.Arg(1); e.Op() == expr.Num && isEven(e.Number()) && e.Number().Sign() > 0 {
			return nonnegative
		}
	case expr.Add, expr.Mul:
		if u.Len() > flatSum {
			return anySign
		}
		all, one := positive, false
		for _, a := range u.Args() {
			s := signOf(a, depth-1)
			all, one = min(all, s), one || s == positive
		}
		if u.Op() == expr.Add && all == nonnegative && one {
			return positive
		}
		return all
	}
	return anySign
}
