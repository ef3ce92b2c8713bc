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

// equality tries to prove that a and b are equal wherever both are defined, as well
// as what is given, and the conditions of the proof hold. All proofs of equality
// come from here.
func equality(a, b expr.Expr, o Options, given ...expr.Expr) proof {
	p := prove.EqualWhere(a, b, given, o.Budget)
	return proof{p.Equal, p.Conditions, p.Where, p.Why}
}

// nowhere reports that e is proved to be defined at no point.
func nowhere(e expr.Expr, o Options) bool {
	pool := expr.NewPool()
	u := pool.Import(e)
	return prove.Equal(u, pool.Make(expr.Add, u, pool.Int(1)), o.Budget).Nowhere
}
