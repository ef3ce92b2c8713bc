package global

import "context"

// maxUnivariate is the most nodes of a formula that is studied by formulas: what
// is done to it takes time that grows with the square.
const maxUnivariate = 1500

// solveOne answers for a function of one variable, nil when it cannot and the
// search in boxes may.
func solveOne(ctx context.Context, p *Problem, o Options) (*Answer, error) {
	if p.F.Size() > maxUnivariate {
		return nil, nil
	}
	a, err := univariate(ctx, p, o)
	if err != nil {
		return nil, err
	}
	bounded := len(p.Bounds) == 1 && p.Bounds[0].Lo.Valid() && p.Bounds[0].Hi.Valid()
	if (bounded || len(p.SubjectTo) > 0) && (a.Status == Local || a.Status == Failed) && ctx.Err() == nil {
		return nil, nil
	}
	return a, nil
}
