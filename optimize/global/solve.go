package global

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// Solve answers what the minimum of p is. The answer always says how much of it
// is proved; when the time is up, or ctx is cancelled, it is the best so far. An
// error means that the problem is malformed: a variable that is not among Vars, a
// bound that is no constant, a constraint that is no condition.
//
// Quadratic functions are solved exactly, functions of one variable by a complete
// analysis, and the others by the first of these that settles them: the form of
// the formula, convexity, interval branch and bound (inside the bounds, or inside
// a box that is proved to contain all that matters), curves along which the
// function falls without end or to its infimum. What none of them settles is
// searched locally.
func Solve(ctx context.Context, p Problem, o Options) (*Answer, error) {
	if p.Vars == nil {
		p.Vars = p.F.Vars()
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	ctx, cancel = effort.Within(ctx, o.Timeout)
	defer cancel()
	var read []string
	if len(p.Vars) > 1 { // of one variable, the pieces of the line show it
		read = p.readPowers()
		o.part = true
	}
	a, l, err := solveAny(ctx, &p, o)
	if err != nil {
		return nil, err
	}
	p.told(a)
	p.nearlyLeast(a, o)
	p.challenge(ctx, a)
	refine(a)
	p.shorten(a)
	a.Proof = append(read, a.Proof...)
	a.Limited = ctx.Err() != nil
	if o.Certificate {
		a.Certificate = certify(&p, a, l)
	}
	p.listStationary(ctx, a, o)
	return a, nil
}

// told leaves an answer open of which the value has a closed form and no number, such as the
// floor(tanh(1000)) that enclosures do not tell from 1: what is told is no better than the value.
func (p *Problem) told(a *Answer) {
	if a.Status != Exact && a.Status != Constant || a.Enclosure == nil || !a.ExactValue.Valid() || a.ExactValue.Op() == expr.Num {
		return
	}
	v := a.Enclosure.Value
	if u, ok := tape.EncloseConstant(a.ExactValue); ok {
		v = v.Meet(u)
	}
	if minimum.Tight(v) || !v.IsBounded() { // or past the range of float64
		return
	}
	a.Status, a.Proof, a.ExactValue, a.Value = Local, nil, expr.Expr{}, v.Hi
	if p.Max {
		a.Value = v.Lo
	}
	a.Stationary, a.StationaryComplete, a.MinimisersComplete = nil, false, false
	a.Warnings = append(a.Warnings, minimum.NotTight)
}

// nearlyLeast makes a local answer certified where the point is a proved strict local minimum and a lower bound of f is as near to
// its value as any certified answer asks, such as the 0 of squares that vanish but for the rounding of data. Whether another point is
// lower by so little, or the infimum is only approached, far out perhaps, is open, so that the value does not count as attained.
func (p *Problem) nearlyLeast(a *Answer, o Options) {
	if a.Status != Local || a.Enclosure == nil || len(p.Vars) == 1 && !a.Argument.BesideInfimum || // where only points far out may come near
		len(p.SubjectTo) > 0 && !p.strictlySatisfied(a.At) {
		return
	}
	v := a.Enclosure.Value
	least := slices.ContainsFunc(a.Stationary, func(st Stationary) bool {
		return st.Proved && st.Kind == "local "+p.extremum() && model.Near(st.X, a.At)
	})
	if !o.tight(v) || !least && !a.Argument.BesideInfimum {
		return
	}
	a.Status, a.Attained, a.MinimisersComplete = Certified, false, false
	a.Warnings = []string{p.openness()}
	if a.Argument.BesideInfimum {
		return
	}
	bound := v.Lo
	if p.Max {
		bound = v.Hi
	}
	a.Proof = append([]string{fmt.Sprintf("f is nowhere %s than %s, by interval arithmetic, and that is as near to the value at the point as the bounds say", p.lower(), format.Number(bound, 6))}, a.Proof...)
}

// openness says what a value leaves open that is known to be near the infimum.
func (p *Problem) openness() string {
	return fmt.Sprintf("whether another point is %s by less than that, or f only comes nearer to its %s without having it, is not settled",
		p.lower(), map[bool]string{false: "infimum", true: "supremum"}[p.Max])
}

// strictlySatisfied reports whether the conditions are inequalities that are proved to hold at x with room to spare.
func (p *Problem) strictlySatisfied(x []float64) bool {
	q, ok := p.normal()
	if !ok {
		return false
	}
	m, err := q.model()
	if err != nil || len(x) != m.N {
		return false
	}
	at := make([]interval.I, m.N)
	for i, v := range x {
		at[i] = interval.Point(v)
	}
	out, dec := make([]interval.I, m.Value.NumOut()), make([]interval.Dec, m.Value.NumOut())
	m.Value.NewMachine().Interval(out, dec, at)
	for k, c := range m.Cons {
		if c.Equal || dec[k+1] < interval.Defined || !(out[k+1].Hi < 0) {
			return false
		}
	}
	return true
}

// solveAny answers a problem, with the division of the region if it was written
// down.
func solveAny(ctx context.Context, p *Problem, o Options) (*Answer, []certificate.Step, error) {
	q, ok := p.normal()
	if !ok {
		return &Answer{Status: EmptyDomain, Vars: p.Vars, Domain: "nowhere", Method: "bounds",
			Proof: []string{"the bounds of a variable leave no value"}}, nil, nil
	}
	return solveNormal(ctx, q, o)
}

// solveNormal answers a problem in normal form.
func solveNormal(ctx context.Context, p *Problem, o Options) (*Answer, []certificate.Step, error) {
	if p.F.IsConstant() && len(p.SubjectTo) == 0 {
		if a, ok := solveConstant(p); ok {
			return a, nil, nil
		}
	}
	// of one variable the study lists the stationary point of one that falls too
	if a, ok := solveQuadratic(p); ok && (a.Status != Unbounded || len(p.Vars) > 1) {
		return a, nil, nil
	}
	if a, ok := solveProgram(ctx, p, o); ok {
		return a, nil, nil
	}
	if len(p.Vars) == 1 {
		return solveOne(ctx, p, o)
	}
	s, err := newSession(ctx, p, o)
	if err != nil {
		return nil, nil, err
	}
	a := s.solve()
	return a, s.steps(a), nil
}

// steps returns the division of the region that proves the answer, nil if there is
// none or it was not written down.
func (s *session) steps(a *Answer) []certificate.Step {
	if s.b == nil || s.b.Ledger == nil || a.Argument.Squares != nil || a.Status != Certified && a.Status != Exact && a.Status != EmptyDomain {
		return nil
	}
	steps := s.b.Ledger.Steps()
	if steps != nil && !slices.Equal(s.root, s.m.Outer) {
		var boxes []certificate.Step
		if k := len(s.trail); k > 0 && slices.Equal(s.root, s.trail[k-1]) {
			for _, x := range s.trail[:k-1] {
				boxes = append(boxes, certificate.Step{Box: certificate.Ends(x)})
			}
		}
		boxes = append(boxes, certificate.Step{Box: certificate.Ends(s.root)})
		steps = append(boxes, steps...)
	}
	return steps
}

// tight reports whether the enclosure v of a minimum is as narrow as is asked for.
func (o Options) tight(v interval.I) bool {
	return v.IsBounded() && v.Width() <= branch.GapOrDefault(o.RelGap)*math.Max(1, v.Mag())
}

// boxes are the options of the search in boxes.
func (o Options) boxes() branch.Options {
	return branch.Options{RelGap: o.RelGap, Workers: o.Workers, Seed: o.Seed, Start: o.Start}
}

// everyPoint is the family of all points of the region.
const everyPoint = "every point"

// solveConstant answers for a formula without variables.
func solveConstant(p *Problem) (*Answer, bool) {
	v, ok := tape.EncloseConstant(p.F)
	if !ok {
		if v.IsEmpty() {
			return &Answer{Status: EmptyDomain, Vars: p.Vars, Domain: "nowhere", Method: "evaluation",
				Proof: []string{"the formula has no value"}}, true
		}
		if len(p.Vars) == 0 {
			return &Answer{Status: Failed, Method: "evaluation", Warnings: []string{"it could not be told whether the formula has a value that is a real number"}}, true
		}
		return nil, false
	}
	a := &Answer{Status: Constant, Vars: p.Vars, Value: minimum.Shown(v), Attained: true, Domain: p.domain(), Method: "evaluation",
		Enclosure: &Enclosure{Value: v}, Proof: []string{"the formula has no variables"}, MinimisersComplete: true}
	a.ExactValue = exact.ClosedForm(p.F)
	if a.ExactValue.Op() == expr.Num {
		a.Value = a.ExactValue.Number().Float64()
	}
	// A point that satisfies the bounds.
	m := p.region()
	for i, in := range m.Inner {
		k := slices.IndexFunc(inside(in), func(x float64) bool {
			return model.Finite(x) && in.Has(x) && !(m.LoOpen[i] && x <= in.Lo) && !(m.HiOpen[i] && x >= in.Hi)
		})
		if k < 0 {
			return nil, false
		}
		a.At = append(a.At, inside(in)[k])
		a.Enclosure.At = append(a.Enclosure.At, interval.Point(a.At[i]))
	}
	a.Minimisers = []Point{{X: a.At, Family: everyPoint}}
	return a, true
}

// inside lists points of the interval, the simplest first.
func inside(in interval.I) []float64 { return []float64{0, in.Lo, in.Hi, model.Stretch(0.5, in)} }

// A session answers a problem by the methods for any number of variables.
type session struct {
	ctx context.Context
	p   *Problem
	o   Options
	m   *model.Model

	b            *branch.Search // with the best point found
	kkts         []*kkt.Solution
	lagrangian   *kkt.Lagrangian // nil until it is needed
	equations    *tape.Prog
	ofF          *formulaParts  // nil before it was asked for
	notGeometric bool           // f is known to be no geometric program
	sums         *squareSearch  // nil before it was asked for
	inPeriod     bool           // some variables go through one period
	projected    bool           // byProjection was asked
	pathsTried   bool           // alongPaths was asked
	points       [][]float64    // that cases of the question have as their best, where not all were settled
	root         []interval.I   // the box that was searched
	alone        []interval.I   // what conditionsAlone and heldByConditions found, nil before
	unheld       string         // the sides of a box for which heldByConditions was asked
	trail        [][]interval.I // the boxes to which reach narrowed the region, one after the other
	bound        float64        // below the minimum, proved; -Inf where nothing is known
	under        *lowerBound    // one that no point has, nil where none is known
	warnings     []string
	count        Evaluations
	products     *branch.Search     // of withProducts
	restrictedTo map[string]*Answer // the answers with a value for a variable
	period       interval.I         // of the only variable, on which walks look for all values that a periodic f has; [0, 0] for others
	ofVars       []int              // by signs; nil before
	onClosure    func() *Answer     // what the minimum on the closure may still say; nil for nothing
	besideHole   *Answer            // a point beside points that are excluded, for when nothing else tells
	slowPenalty  bool               // the augmented Lagrangian method takes long
}

// newSession begins the search for an answer to p.
func newSession(ctx context.Context, p *Problem, o Options) (*session, error) {
	m, err := p.model()
	if err != nil {
		return nil, err
	}
	return &session{ctx: ctx, p: p, o: o, m: m, bound: math.Inf(-1)}, nil
}

// finish fills in what all answers have.
func (s *session) finish(a *Answer) *Answer {
	a.Vars = s.p.Vars
	if a.Domain == "" {
		a.Domain = s.p.domain()
	}
	if a.Status == EmptyDomain && s.free() && len(s.p.SubjectTo) == 0 {
		a.Domain = "nowhere"
	}
	a.Warnings = append(a.Warnings, s.warnings...)
	if a.Status == Local {
		s.doubt(a)
		s.classify(a)
	}
	s.images(a)
	return a
}

// doubt says how far an answer that is not proved may be off.
func (s *session) doubt(a *Answer) {
	switch err := context.Cause(s.ctx); {
	case errors.Is(err, context.Canceled):
		a.Warnings = append(a.Warnings, "the search was interrupted")
	case err != nil && len(s.p.Vars) > 1: // one variable has been studied before, as far as that is worth it
		a.Warnings = append(a.Warnings, "the time was up")
	}
	if a.Enclosure != nil {
		e := a.Enclosure.Value
		if model.Finite(e.Lo) && model.Finite(e.Hi) {
			lo, hi := format.Ends(e.Lo, e.Hi, 10)
			a.Warnings = append(a.Warnings, fmt.Sprintf("the %s is certified to lie in [%s, %s]", s.p.extremum(), lo, hi))
		}
	}
}

// domain describes where the formula is defined.
func (p *Problem) domain() string { return conditions.Domain(p.F, p.Vars) }

// flip turns an answer for -f into one for f.
func (s *session) flip(a *Answer) *Answer {
	if !s.p.Max {
		return a
	}
	a.Value = -a.Value
	if a.Enclosure != nil {
		a.Enclosure.Value = a.Enclosure.Value.Neg()
	}
	negated := func(e expr.Expr) expr.Expr {
		if !e.Valid() {
			return e
		}
		t := simplify.New()
		return exact.NewConstants(t).Simplify(t.Neg(t.Tidy(e)))
	}
	a.ExactValue = negated(a.ExactValue)
	for i := range a.Stationary {
		st := &a.Stationary[i]
		st.Value, st.ExactValue = -st.Value, negated(st.ExactValue)
		switch st.Kind {
		case "local minimum":
			st.Kind = "local maximum"
		case "local maximum":
			st.Kind = "local minimum"
		}
	}
	if a.Witness != nil {
		for i, v := range a.Witness.Values {
			a.Witness.Values[i] = -v
		}
	}
	return a
}
