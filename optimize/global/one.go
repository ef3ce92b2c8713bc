package global

import (
	"context"

	"nabla/optimize/global/internal/univariate"
)

// maxUnivariate is the most nodes of a formula that is studied by formulas: what
// is done to it takes time that grows with the square.
const maxUnivariate = 1500

// oneVariable is p as a question of its variable, the first.
func (p *Problem) oneVariable() *univariate.Question {
	q := &univariate.Question{F: p.F, Var: p.Vars[0], SubjectTo: p.SubjectTo, Max: p.Max}
	if len(p.Bounds) > 0 {
		q.Bound = p.Bounds[0]
	}
	return q
}

// solveOne answers for a function of one variable, nil when it cannot and the
// search in boxes may.
func solveOne(ctx context.Context, p *Problem, o Options) *Answer {
	if p.F.Size() > maxUnivariate {
		return nil
	}
	q := p.oneVariable()
	q.Thorough = o.part
	a := univariate.Solve(ctx, q)
	bounded := q.Bound.Lo.Valid() && q.Bound.Hi.Valid()
	if (bounded || len(p.SubjectTo) > 0) && (a.Status == Local || a.Status == Failed) && ctx.Err() == nil {
		return nil
	}
	return a
}
