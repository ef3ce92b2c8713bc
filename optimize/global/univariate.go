package global

import (
	"context"
	"time"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
)

// A line is a question of one variable: the least value of raw. All formulas
// are in the Pool of t.
type line struct {
	*exact.Formulas
	ctx context.Context
	raw expr.Expr // as it was written, negated for a maximum
	max bool

	tidied map[expr.Expr]expr.Expr
	tails  map[tailKey]*asymptotic.Tail
	// quick says that the answer is known and stationary points are only listed
	// as far as that is cheap.
	quick bool
	boxes int // examined so far
	// weight is what a box counts: special functions take longer.
	weight int
	// multiples is how many multiple zeros were found by Taylor's formula.
	multiples int

	// period is the period of a periodic formula on the whole line.
	period expr.Expr
}

// univariate answers a question of one variable: the line is cut into pieces on
// which the formula is smooth, all stationary points are found on each, and
// their values, those between the pieces and the limits at the ends compared. A
// formula of a part that repeats, or that is not settled so, is studied as a
// function of that part.
func univariate(ctx context.Context, p *Problem, o Options) (*Answer, error) {
	timeout := o.Timeout
	if timeout <= 0 {
		timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ctx = context.WithValue(ctx, effortKey{}, &exact.Effort{})
	return univariateWithin(ctx, p, o, 0)
}

// effortKey is the key of the *exact.Effort in the context of a question, which
// those that it leads to share.
type effortKey struct{}

// univariateWithin answers p, in which depth substitutions have been made.
func univariateWithin(ctx context.Context, p *Problem, o Options, depth int) (*Answer, error) {
	if a := answerQuasiperiodic(ctx, p, o); a != nil {
		return a, nil
	}
	if a := substituted(ctx, p, o, depth, true); a != nil {
		return a, nil
	}
	s := studied(ctx, p, o)
	if s.a.Status == Local || s.a.Status == Failed {
		if b := substituted(ctx, p, o, depth, false); b != nil {
			if s.a.Domain != "" {
				b.Domain = s.a.Domain
			}
			return b, nil
		}
		if s.uncut {
			s.inParts()
			s.finish()
		}
	}
	return s.a, nil
}

// studied studies the pieces of p.
func studied(ctx context.Context, p *Problem, o Options) *study {
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	s := &study{l: l, a: &Answer{Vars: []string{l.Name}}, lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen, o: o,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	if c, ok := l.Consts.CompareSpots(lo, hi); ok && (c > 0 || c == 0 && (loOpen || hiOpen)) {
		s.a.Status = EmptyDomain
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
	s.a.outline = s.outline()
	s.a.Evaluations.Boxes = s.l.boxes
	s.a.between = s.betweenText()
	s.a.everywhere = s.whole()
}

// newLine prepares the question p: its formula, with the conditions as cases,
// and its ends.
func newLine(ctx context.Context, p *Problem) (l *line, lo, hi exact.Spot, loOpen, hiOpen bool) {
	t := simplify.New()
	names := p.Vars
	if names == nil {
		names = p.F.Vars()
	}
	x := "x"
	if len(names) > 0 {
		x = names[0]
	}
	l = &line{Formulas: exact.NewFormulas(t, x), ctx: ctx, tidied: map[expr.Expr]expr.Expr{}, tails: map[tailKey]*asymptotic.Tail{}, max: p.Max}
	l.Consts.Effort, _ = ctx.Value(effortKey{}).(*exact.Effort)
	pool := t.Pool()
	l.raw = pool.Import(p.F)
	l.weight = 1
	for n := range l.raw.All() {
		if n.Op() == expr.Call && n.Func().Family == "special" {
			l.weight = 5
		}
	}
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
	if len(p.Bounds) > 0 {
		b := p.Bounds[0]
		if b.Lo.Valid() && !isInf(b.Lo) {
			lo = exact.At(l.Consts, t.Tidy(b.Lo))
			loOpen = b.LoOpen
		}
		if b.Hi.Valid() && !isInf(b.Hi) {
			hi = exact.At(l.Consts, t.Tidy(b.Hi))
			hiOpen = b.HiOpen
		}
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
