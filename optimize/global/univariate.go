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
	return univariateWithin(ctx, p, o, 0)
}

// univariateWithin answers p, in which depth substitutions have been made.
func univariateWithin(ctx context.Context, p *Problem, o Options, depth int) (*Answer, error) {
	if a := answerQuasiperiodic(ctx, p, o); a != nil {
		return a, nil
	}
	if a := substituted(ctx, p, o, depth, true); a != nil {
		return a, nil
	}
	a := studied(ctx, p, o)
	if a.Status == Local || a.Status == Failed {
		if b := substituted(ctx, p, o, depth, false); b != nil {
			return b, nil
		}
	}
	return a, nil
}

// studied answers p by the study of its pieces.
func studied(ctx context.Context, p *Problem, o Options) *Answer {
	l, lo, hi, loOpen, hiOpen := newLine(ctx, p)
	a := &Answer{Vars: []string{l.Name}}
	if c, ok := l.Consts.CompareSpots(lo, hi); ok && (c > 0 || c == 0 && (loOpen || hiOpen)) {
		a.Status = EmptyDomain
		a.Proof = []string{"no number satisfies the bounds"}
		return a
	} else if ok && c == 0 {
		hiOpen = false
	}
	s := &study{l: l, a: a, lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen, o: o,
		outerLo: lo, outerHi: hi, outerLoOpen: loOpen, outerHiOpen: hiOpen}
	s.wrap()
	s.run()
	a.outline = s.outline()
	a.Evaluations.Boxes = l.boxes
	a.between = s.betweenText()
	a.everywhere = s.whole()
	return a
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
