// Package univariate answers what the minimum of a formula in one variable is, over the line
// or an interval.
package univariate

import (
	"context"
	"strings"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/conditions"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// A Question asks for the least (or greatest) value of F, a formula in Var, within the bound
// and under the conditions.
type Question struct {
	F         expr.Expr
	Var       string
	Bound     minimum.Bound
	SubjectTo []expr.Expr
	Max       bool
	Thorough  bool // the question is part of one that may take seconds

	depth int // how many substitutions have been made
}

// domain describes where the formula is defined, whatever the bound.
func (q *Question) domain() string {
	return conditions.Domain(q.F, []string{q.Var})
}

// An answer is what is known, and what substitutions need of it besides.
type answer struct {
	minimum.Answer
	// Where the infimum is approached, and from which side (+1 from below); nil where
	// it is not known to be approached however x goes there.
	approach     *exact.Spot
	approachSide int
	approachStep expr.Expr // the period with which that place is repeated on the whole line, if it is
	everywhere   bool      // f is defined everywhere between the bounds
	between      string    // the bounds: "for x > 0"
}

// newAnswer is an answer about the variable, without content.
func newAnswer(name string) *answer { return &answer{Answer: minimum.Answer{Vars: []string{name}}} }

// A line is a question of one variable: the least value of raw. All formulas
// are in the Pool of t.
type line struct {
	*exact.Formulas
	ctx context.Context
	raw expr.Expr // as it was written, negated for a maximum
	max bool

	tidied map[expr.Expr]expr.Expr
	units  map[expr.Expr][]expr.Expr // by unitsOf
	tails  map[tailKey]*asymptotic.Tail
	// quick says that the answer is known and stationary points are only listed
	// as far as that is cheap.
	quick bool
	boxes int // examined so far, those of long formulas counted several times
	// multiples is how many multiple zeros were found by Taylor's formula.
	multiples int
	touched   int // how many zeros were looked at for whether f is 0 there

	// period is the period of a periodic formula on the whole line.
	period expr.Expr
	depth  int      // of the question
	swung  *[]swing // once they have been looked for
	// steadies has the answers for the waves to which the formula settles.
	steadies map[expr.Expr]*answer
}

// Solve answers a question of one variable, until ctx ends: the line is cut into pieces on
// which the formula is smooth, all stationary points are found on each, and
// their values, those between the pieces and the limits at the ends compared. A
// formula of a part that repeats, or that is not settled so, is studied as a
// function of that part.
func Solve(ctx context.Context, q *Question) *minimum.Answer {
	spent := exact.Effort{Times: 1, Done: ctx.Done()}
	if q.Thorough {
		spent.Times = thorough
	}
	within := context.WithValue(ctx, effortKey{}, &spent)
	a := solve(within, q)
	everyMinimiser(within, q, a)
	alongDrift(within, q, a)
	inFamilies(within, q, a)
	stationaryNear(within, q, a)
	a.pathThere()
	const each = 100 // operations to a unit, about
	effort.Charge(ctx, each*spent.Spent())
	return &a.Answer
}

// pathThere writes the way to the infimum as a formula in t, where it is approached however x goes there.
func (a *answer) pathThere() {
	z := a.approach
	if a.Status != minimum.NotAttained || len(a.Argument.Path) > 0 || z == nil || strings.Contains(a.Approached, " along ") {
		return
	}
	t := simplify.New()
	switch {
	case z.Inf != 0:
		a.Argument.Path = []expr.Expr{t.Mul(t.Int(int64(z.Inf)), t.Var("t"))}
	case z.Exact.Valid():
		a.Argument.Path = []expr.Expr{t.Add(t.Tidy(z.Exact), t.Mul(t.Int(int64(-a.approachSide)), t.Pow(t.Var("t"), t.Int(-1))))}
	}
}

// near is how far from 0 stationary points are listed of a formula with too many for a list.
const near = 5

// stationaryNear lists the stationary points near 0 of a formula on the line that has no minimum, when the
// answer lists none.
func stationaryNear(ctx context.Context, q *Question, a *answer) {
	if a.Status != minimum.Unbounded && a.Status != minimum.NotAttained || a.StationaryComplete || len(a.Stationary) > 0 ||
		q.Thorough || q.Bound.Lo.Valid() || q.Bound.Hi.Valid() || len(q.SubjectTo) > 0 {
		return
	}
	effort, _ := ctx.Value(effortKey{}).(*exact.Effort)
	part, pool := *q, q.F.Pool()
	part.Bound = minimum.Bound{Lo: pool.Int(-near), Hi: pool.Int(near)}
	list := func(studied func(context.Context, *Question) *study) {
		defer effort.Attempt(listEffort)()
		for _, st := range studied(ctx, &part).a.Stationary {
			if x := st.X[0]; st.Proved && st.Family == "" && -near < x && x < near {
				a.Stationary = append(a.Stationary, st)
			}
		}
	}
	if list(studied); len(a.Stationary) == 0 {
		list(zerosOfSlope)
	}
}

// zerosOfSlope lists the zeros of f' between the bounds of p, and looks at nothing else: at poles, for one, the limits of
// gamma's relatives take most of the time.
func zerosOfSlope(ctx context.Context, p *Question) *study {
	l, lo, hi, _, _ := newLine(ctx, p)
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, outerLo: lo, outerHi: hi}
	pieces, _, err := l.cut(lo, hi)
	if err != nil {
		return s
	}
	for i := range pieces {
		p := &pieces[i]
		p.f = l.T.Tidy(p.raw)
		p.g = l.derivative(p)
		z := l.zeros(l.withoutSigned(p), p.lo, p.hi)
		for k := range z.zeros {
			st, _ := s.stationaryAt(p, &z, k, 0)
			s.a.Stationary = append(s.a.Stationary, st)
		}
	}
	return s
}

// thorough is how many times as much a question is worth that is part of one which may take
// seconds.
const thorough = 20

// effortKey is the key of the *exact.Effort in the context of a question, which
// those that it leads to share.
type effortKey struct{}

// solve answers p.
func solve(ctx context.Context, p *Question) *answer {
	if a := answerQuasiperiodic(ctx, p); a != nil {
		return a
	}
	turning := answerTurning(ctx, p)
	if turning != nil && turning.Status != minimum.Local {
		return turning
	}
	if a := answerFallingPhases(ctx, p); a != nil {
		return a
	}
	filled := answerWithHoles(ctx, p)
	if filled != nil && (filled.Status != minimum.Exact || filled.MinimisersComplete && filled.StationaryComplete) {
		return filled
	}
	if a := onIsolated(ctx, p); a != nil {
		return a
	}
	bySubstitution := func(periodic bool) *answer {
		effort, _ := ctx.Value(effortKey{}).(*exact.Effort)
		worth := substitutionEffort
		if periodic {
			worth = periodicEffort
		}
		defer effort.Attempt(worth)()
		return substituted(ctx, p, periodic)
	}
	if a := bySubstitution(true); a != nil {
		return a
	}
	swept := answerSweep(ctx, p) // before the effort is spent; a study says more
	s := studied(ctx, p)
	if open := s.a.Status == minimum.Local || s.a.Status == minimum.Failed; open || s.blurred {
		if open && swept != nil {
			swept.Domain, swept.Evaluations = s.a.Domain, s.a.Evaluations
			return swept
		}
		if open && filled != nil {
			return filled
		}
		if open && turning != nil {
			return turning
		}
		if open {
			if b := answerLesser(ctx, p); b != nil {
				return b
			}
		}
		if b := bySubstitution(false); b != nil && (open || b.Status == minimum.Exact) {
			if s.a.Domain != "" {
				b.Domain = s.a.Domain
			}
			return b
		}
		if s.uncut {
			s.inParts()
			s.finish()
		}
		if s.a.Status == minimum.Local && s.byEnclosure() {
			s.finish()
		}
	}
	return s.a
}

// studied studies the pieces of p.
func studied(ctx context.Context, p *Question) *study {
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	s := &study{l: l, a: newAnswer(l.Name), lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	if c, ok := l.Consts.CompareSpots(lo, hi); ok && (c > 0 || c == 0 && (loOpen || hiOpen)) {
		s.a.Status = minimum.EmptyDomain
		s.a.Proof = []string{"no number satisfies the bounds"}
		return s
	} else if ok && c == 0 {
		s.hiOpen, s.outerHiOpen = false, false
	}
	s.wrap()
	s.run()
	s.finish()
	return s
}

// finish notes in the answer what certificates and substitutions need of the study.
func (s *study) finish() {
	s.a.Argument.Outline = s.outline()
	s.a.Evaluations.Boxes = s.l.boxes
	s.a.between = s.betweenText()
	s.a.everywhere = s.whole()
}

// newLine prepares the question p: its formula, with the conditions as cases,
// and its ends.
func newLine(ctx context.Context, p *Question) (l *line, lo, hi exact.Spot, loOpen, hiOpen bool) {
	t := simplify.New()
	l = &line{Formulas: exact.NewFormulas(t, p.Var), ctx: ctx, tidied: map[expr.Expr]expr.Expr{}, units: map[expr.Expr][]expr.Expr{}, tails: map[tailKey]*asymptotic.Tail{}, steadies: map[expr.Expr]*answer{}, max: p.Max, depth: p.depth}
	l.Consts.Effort, _ = ctx.Value(effortKey{}).(*exact.Effort)
	pool := t.Pool()
	l.raw = pool.Import(p.F)
	if p.Max {
		l.raw = pool.Make(expr.Neg, l.raw)
	}
	if len(p.SubjectTo) > 0 {
		conds := make([]expr.Expr, len(p.SubjectTo))
		for i, c := range p.SubjectTo {
			conds[i] = pool.Import(c)
		}
		l.raw = pool.Make(expr.If, pool.Make(expr.And, conds...), l.raw, pool.Call(fn.Lookup("inf")))
	}
	lo, hi = exact.Start, exact.End
	if b := p.Bound.Lo; b.Valid() && !isInf(b) {
		lo, loOpen = exact.At(l.Consts, t.Tidy(b)), p.Bound.LoOpen
	}
	if b := p.Bound.Hi; b.Valid() && !isInf(b) {
		hi, hiOpen = exact.At(l.Consts, t.Tidy(b)), p.Bound.HiOpen
	}
	return l, lo, hi, loOpen, hiOpen
}

// isInf reports whether e is inf, -inf or an overflowing float.
func isInf(e expr.Expr) bool {
	for n := range e.All() {
		if n.IsCall("inf") {
			return true
		}
	}
	return false
}
