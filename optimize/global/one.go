package global

import (
	"context"
	"slices"
	"time"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/univariate"
)

// maxUnivariate is the most nodes of a formula that is studied by formulas: what
// is done to it takes time that grows with the square.
const maxUnivariate = 2500

// oneVariable is p as a question of its variable, the first.
func (p *Problem) oneVariable() *univariate.Question {
	q := &univariate.Question{F: p.F, Var: p.Vars[0], SubjectTo: p.SubjectTo, Max: p.Max}
	if len(p.Bounds) > 0 {
		q.Bound = p.Bounds[0]
	}
	return q
}

// study studies a function of one variable; nil for one that is too long.
func study(ctx context.Context, p *Problem, o Options) *Answer {
	if p.F.Size() > maxUnivariate {
		return nil
	}
	q := p.oneVariable()
	q.Thorough = o.part
	return univariate.Solve(univariate.WithSeveral(ctx, o.several), q)
}

// several answers for a function of several variables that stands for one of one.
func (o Options) several(ctx context.Context, f expr.Expr, vars []string, bounds []Bound) *Answer {
	ctx, cancel := effort.Within(ctx, afterStudy)
	defer cancel()
	o.Start, o.Progress, o.Certificate, o.part = nil, nil, false, true
	a, _, err := solveAny(ctx, &Problem{F: f, Vars: vars, Bounds: bounds}, o)
	if err != nil {
		return nil
	}
	return a
}

// afterStudy is the effort of the methods for any number of variables at what the study of one
// has left open: nearly all that they settle then they settle with less.
const afterStudy = 40 * time.Millisecond

// solveOne answers for a function of one variable: by its study, and where this leaves it open by
// the methods that know nothing of lines.
func solveOne(ctx context.Context, p *Problem, o Options) (*Answer, []certificate.Step, error) {
	studied := study(ctx, p, o)
	if studied != nil && (studied.Status != Local && studied.Status != Failed || studied.Argument.BesideInfimum) {
		return studied, nil, nil
	}
	// The boxes know less of one variable than its study does.
	q := *p
	if len(q.readPowers()) > 0 {
		r, ok := q.normal()
		if !ok {
			return &Answer{Status: EmptyDomain, Vars: p.Vars, Domain: "nowhere", Method: "bounds", Proof: []string{"the formula has no value between the bounds"}}, nil, nil
		}
		p = r
	}
	ctx, cancel := effort.Within(ctx, afterStudy)
	defer cancel()
	s, err := newSession(ctx, p, o)
	if err != nil {
		return nil, nil, err
	}
	if studied != nil && studied.Argument.Outline != nil && studied.Argument.Outline.Period.Valid() {
		if v, ok := tape.EncloseConstant(studied.Argument.Outline.Period); ok {
			s.period = interval.New(-v.Hi/2, v.Hi/2)
		}
	}
	a := s.solve()
	if studied == nil || a.Status != Local && a.Status != Failed {
		return a, s.steps(a), nil
	}
	x, y := s.sign(a.Value), s.sign(studied.Value)
	if better := studied.Status == Failed || x < y || x == y && a.Enclosure != nil; a.Status == Failed || !better {
		if a.Status == Local { // nothing lower was found
			s.classify(studied)
		}
		return studied, nil, nil
	}
	a.Warnings = append(slices.Clone(studied.Warnings), a.Warnings...)
	return a, nil, nil
}
