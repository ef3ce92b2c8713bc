package prove

import "nabla/expr"

// maxNest is how deep and, or and not may stand in each other.
const maxNest = 100

// branch returns the operand of the If n that holds in the case at hand, or an
// operand of its condition that must be translated first. It panics with
// caseNeeded when the condition depends on a sign that is not known.
func (t *translator) branch(n expr.Expr) (taken, missing expr.Expr) {
	v := t.condition(n.Arg(0), 0)
	if v.missing.Valid() {
		return expr.Expr{}, v.missing
	}
	if v.open != nil {
		panic(*v.open)
	}
	if v.truth {
		return n.Arg(1), expr.Expr{}
	}
	return n.Arg(2), expr.Expr{}
}

// A verdict is the truth of a condition, or what is missing to tell it.
type verdict struct {
	truth   bool
	missing expr.Expr
	open    *caseNeeded
}

func (t *translator) condition(c expr.Expr, depth int) verdict {
	if depth > maxNest {
		panic(giveUp{why: "a condition is nested too deep", exhausted: true})
	}
	switch c.Op() {
	case expr.Not:
		v := t.condition(c.Arg(0), depth+1)
		v.truth = !v.truth
		return v
	case expr.And, expr.Or:
		settles := c.Op() == expr.Or
		var open verdict
		undecided := false
		for _, part := range c.Args() {
			v := t.condition(part, depth+1)
			switch {
			case v.missing.Valid():
				return v
			case v.open != nil:
				if !undecided {
					open, undecided = v, true
				}
			case v.truth == settles:
				return v
			}
		}
		if undecided {
			return open
		}
		return verdict{truth: !settles}
	}
	for _, u := range c.Args() {
		if !t.tidier.Total(u) {
			// Where u is undefined the condition has no truth value, and
			// nothing may be concluded from it.
			panic(giveUp{why: "a condition compares values that are not defined everywhere"})
		}
		if !t.has(u) {
			return verdict{missing: u}
		}
	}
	d := t.sums[c.Arg(0)].sub(t.sums[c.Arg(1)])
	truth, known := t.r.relation(c.Op(), d)
	if known {
		return verdict{truth: truth}
	}
	return verdict{open: &caseNeeded{t.r.undecided(d), c}}
}

// relation returns the truth of d op 0, if the signs tell.
func (r *ring) relation(op expr.Op, d sum) (truth, known bool) {
	s := zeroSign
	if c, m, rest, ok := r.realFactors(d); ok {
		s = r.monomialSigns(c, append(m, rest...))
	}
	yes := allowedBy(op)
	switch {
	case s&^yes == 0:
		return true, true
	case s&yes == 0:
		return false, true
	}
	return false, false
}

// undecided returns a factor of d of which the sign is not known.
func (r *ring) undecided(d sum) kernel {
	_, m, rest, ok := r.realFactors(d)
	if !ok {
		panic("prove: the sign of 0")
	}
	for _, p := range append(m, rest...) {
		if s := r.sign(p.k); s&(s-1) != 0 && r.kernels[p.k].kind != kindSign {
			return p.k
		}
	}
	panic(giveUp{why: "a condition cannot be decided"})
}

// allowedBy returns the signs of a difference of which op says that it holds
// with 0.
func allowedBy(op expr.Op) signs {
	switch op {
	case expr.Lt:
		return minusSign
	case expr.Le:
		return minusSign | zeroSign
	case expr.Gt:
		return plusSign
	case expr.Ge:
		return zeroSign | plusSign
	case expr.Eq:
		return zeroSign
	}
	return minusSign | plusSign
}
