package check

import (
	"nabla/expr"
	"nabla/expr/prove"
)

// A proof is what became of the attempt to prove two formulas equal.
type proof struct {
	equal      bool
	conditions []expr.Expr
	where      []expr.Expr // relations under which they are equal, though not everywhere
	why        []string
}

// equality tries to prove that a and b are equal wherever both are defined and the
// conditions of the proof hold. All proofs of equality come from here.
func equality(a, b expr.Expr, o Options) proof {
	p := prove.Equal(a, b, o.Budget)
	return proof{p.Equal, p.Conditions, p.Where, p.Why}
}
