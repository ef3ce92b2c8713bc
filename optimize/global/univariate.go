package global

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
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
	// What is not settled in two seconds is not settled in ten.
	ctx, cancel := context.WithTimeout(ctx, min(timeout, 2*time.Second))
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

// A candidate is a place where the least value may be, or the end that it is
// approached at.
type candidate struct {
	s        exact.Spot
	v        interval.I // contains the value, or the limit
	e        expr.Expr  // the value in closed form
	limit    bool       // the value is not attained here
	lower    bool       // v.Lo only bounds what happens there
	zero     bool       // f' = 0
	flat     *piece     // the value is taken on all of a piece
	approach string     // for a limit: "x → ∞"
	side     int        // for a limit: +1 from below
}

// A study is the work on one question.
type study struct {
	l              *line
	a              *Answer
	o              Options
	lo, hi         exact.Spot
	loOpen, hiOpen bool
	// The question asks about all from outerLo to outerHi; lo and hi are the ends
	// of a part that stands for it when the formula is periodic.
	outerLo, outerHi exact.Spot
	outerLoOpen      bool
	outerHiOpen      bool

	pieces   []piece
	spots    []exact.Spot
	lists    []zeroList
	defined  map[int]bool
	open     []string // what could not be settled
	cands    []candidate
	unbound  *Witness
	ends     []string // "f → ∞ as x → ∞"
	complete bool     // the stationary list
	flats    int
	above    expr.Expr // f is nowhere as low as this lower limit of it, if it is valid
}

func (s *study) run() {
	l := s.l
	var err error
	if c, ok := l.Consts.CompareSpots(s.lo, s.hi); ok && c == 0 {
		s.spots = []exact.Spot{s.lo}
	} else {
		s.pieces, s.spots, err = l.cut(s.lo, s.hi)
	}
	if err != nil {
		if !s.anyWindow() && !s.withTails() {
			s.giveUp(err.Error())
		}
		return
	}
	s.examine()
	s.stationary()
	if len(s.open) > 0 && s.unbound == nil && s.withTails() {
		return
	}
	s.conclude()
}

// examine looks at the places between the pieces and at the pieces.
func (s *study) examine() {
	l, a := s.l, s.a
	s.complete = true
	s.defined = map[int]bool{}
	for i, z := range s.spots {
		s.spot(i, z)
	}
	for i := range s.pieces {
		s.piece(&s.pieces[i])
	}
	a.Domain = l.domainText(s.pieces, s.spots, s.defined)
	s.realPowers()
	if l.period.Valid() || s.hasRay() {
		a.Domain = s.periodicDomain()
	}
}

// withTails answers for a formula that has infinitely many pieces towards an
// infinite end: it is studied between -T and T, and bounded from below beyond.
func (s *study) withTails() bool {
	l := s.l
	if l.period.Valid() {
		return false
	}
	f := l.tidyNode(l.raw)
	for _, T := range [...]float64{2, 8, 64} {
		w := &study{l: l, a: &Answer{Vars: s.a.Vars}, o: s.o, lo: s.lo, hi: s.hi, loOpen: s.loOpen, hiOpen: s.hiOpen,
			outerLo: s.outerLo, outerHi: s.outerHi, outerLoOpen: s.outerLoOpen, outerHiOpen: s.outerHiOpen}
		ok := true
		for _, side := range [2]int{-1, 1} {
			end := &w.lo
			if side > 0 {
				end = &w.hi
			}
			if end.Inf == 0 {
				continue
			}
			far := *end
			lim := l.tail(far, side, T).LimitAt(f)
			low, known := lim.Low()
			if !known {
				low, known = l.leastBeyond(f, side, T)
			}
			if !known {
				ok = false
				break
			}
			*end = exact.At(l.Consts, l.T.Int(int64(side)*int64(T)))
			w.cands = append(w.cands, candidate{s: far, v: interval.New(low, math.Inf(1)), lower: true, limit: true,
				approach: s.arrow(far, side), side: side})
			if lim.Kind == asymptotic.Finite && lim.Value.Valid() {
				w.cands = append(w.cands, candidate{s: far, v: l.Consts.Enclose(lim.Value), e: lim.Value, limit: true,
					approach: s.arrow(far, side), side: side})
			}
			w.ends = append(w.ends, fmt.Sprintf("f is at least %s for %s", format.Number(low, 6), w.beyond(side, T)))
		}
		if c, sure := l.Consts.CompareSpots(w.lo, w.hi); !ok || !sure || c >= 0 {
			continue
		}
		var err error
		if w.pieces, w.spots, err = l.cut(w.lo, w.hi); err != nil {
			continue
		}
		w.examine()
		w.a.Domain = s.betweenText()
		if conds := simplify.Domain(l.raw); len(conds) > 0 {
			w.a.Domain = format.All(conds, format.Options{})
		}
		w.complete = false
		w.stationary()
		w.conclude()
		if w.a.Status != Local && w.a.Status != Failed && w.a.Status != EmptyDomain && w.a.Status != Constant {
			*s.a = *w.a
			return true
		}
	}
	return false
}

// leastBeyond returns a lower bound for the tidy formula f past T on the given side
// from an enclosure, and whether it is finite.
func (l *line) leastBeyond(f expr.Expr, side int, T float64) (float64, bool) {
	m := l.Machine(f)
	if m == nil {
		return 0, false
	}
	far := interval.New(T, math.Inf(1))
	if side < 0 {
		far = far.Neg()
	}
	v, _ := exact.Evaluate(m, far)
	return v[0].Lo, !v[0].IsEmpty() && v[0].Lo > math.Inf(-1)
}

// beyond describes the part of the line past T on the given side.
func (s *study) beyond(side int, T float64) string {
	if side < 0 {
		return s.l.Name + " <= -" + format.Number(T, 6)
	}
	return s.l.Name + " >= " + format.Number(T, 6)
}

// windowAt returns the ends of a part of the question of the given width, about the
// origin or next to an end.
func (s *study) windowAt(width int64) (lo, hi exact.Spot, ok bool) {
	l := s.l
	lo, hi = exact.At(l.Consts, l.T.Num(number.Frac(-width, 2))), exact.At(l.Consts, l.T.Num(number.Frac(width, 2)))
	w := l.T.Int(width)
	if c, ok := l.Consts.CompareSpots(s.lo, lo); ok && c > 0 && s.lo.Exact.Valid() {
		lo = s.lo
		if c, ok := l.Consts.CompareSpots(lo, hi); !ok || c >= 0 {
			hi = exact.At(l.Consts, l.T.Add(lo.Exact, w))
		}
	}
	if c, ok := l.Consts.CompareSpots(hi, s.hi); ok && c > 0 && s.hi.Exact.Valid() {
		hi = s.hi
		if c, ok := l.Consts.CompareSpots(lo, hi); (!ok || c >= 0) && s.lo.Inf != 0 {
			lo = exact.At(l.Consts, l.T.Sub(hi.Exact, w))
		}
	}
	c, sure := l.Consts.CompareSpots(lo, hi)
	return lo, hi, sure && c < 0
}

// realPowers says how powers with a variable exponent are read.
func (s *study) realPowers() {
	l := s.l
	for n := range l.raw.All() {
		if n.Op() != expr.Pow || !l.tidyNode(n.Arg(1)).Has(l.Name) {
			continue
		}
		b := l.tidyNode(n.Arg(0))
		if sg, ok := l.Consts.Sign(b); !b.Has(l.Name) && ok && sg > 0 {
			continue
		}
		if t := format.Text(n); len(t) < 60 {
			s.a.Proof = append(s.a.Proof, t+" is read as a real power, defined for bases that are not negative")
		}
		return
	}
}

// anyWindow looks for a part of the line on which f is unbounded, when the whole
// line could not be cut into pieces: near an end of it, or in a window.
func (s *study) anyWindow() bool {
	l, a := s.l, s.a
	f := l.tidyNode(l.raw)
	for _, end := range [2]exact.Spot{s.lo, s.hi} {
		if end.Inf == 0 {
			continue
		}
		if lim := s.limit(&piece{lo: s.lo, hi: s.hi, f: f}, end, end.Inf); lim.Kind == asymptotic.Minus {
			why := "f → -∞ as " + s.arrow(end, end.Inf)
			s.unbound = s.witness(nil, end, end.Inf, why)
			s.complete = false
			s.conclude()
			return true
		}
		if w := s.alongPeriod(&piece{lo: s.lo, hi: s.hi, f: f}, end.Inf); w != nil {
			s.unbound, s.complete = w, false
			s.conclude()
			return true
		}
	}
	for _, w := range [...]int64{1, 10, 30} {
		lo, hi, ok := s.windowAt(w)
		if !ok {
			continue
		}
		part := &study{l: l, a: &Answer{Vars: a.Vars}, o: s.o, lo: lo, hi: hi}
		var err error
		if part.pieces, part.spots, err = l.cut(lo, hi); err != nil {
			continue
		}
		part.defined = map[int]bool{}
		l.quick = true
		for i := range part.pieces {
			p := &part.pieces[i]
			p.f = l.T.Tidy(p.raw)
			for _, side := range [2]int{-1, 1} {
				end := p.hi
				if side < 0 {
					end = p.lo
				}
				if lim := part.limit(p, end, side); lim.Kind == asymptotic.Minus {
					s.unbound = s.witness(p, end, side, "f → -∞ as "+s.arrow(end, side))
					s.complete = false
					s.conclude()
					return true
				}
			}
		}
		l.quick = false
	}
	return false
}

// spot examines the place number i between or at the end of pieces.
func (s *study) spot(i int, z exact.Spot) {
	l := s.l
	if c, ok := l.Consts.CompareSpots(z, s.lo); s.loOpen && ok && c == 0 {
		return
	}
	if c, ok := l.Consts.CompareSpots(z, s.hi); s.hiOpen && ok && c == 0 {
		return
	}
	if z.Exact.Valid() {
		v, defined, sure := l.valueAt(z.Exact)
		if !sure {
			s.open = append(s.open, "whether the formula is defined at "+l.Name+" = "+l.spotText(z))
			return
		}
		if defined {
			s.defined[i] = true
			s.cands = append(s.cands, candidate{s: z, v: l.Consts.Enclose(v), e: v})
		}
		return
	}
	v, defined, sure := l.valueNear(z)
	if sure {
		if defined {
			s.defined[i] = true
			s.cands = append(s.cands, candidate{s: z, v: v})
		}
		return
	}
	s.open = append(s.open, "whether the formula is defined near "+l.Name+" = "+l.spotText(z))
}

// piece examines one piece: its stationary points and its ends.
func (s *study) piece(p *piece) {
	l := s.l
	p.f = l.T.Tidy(p.raw)
	p.g = l.T.Tidy(diff.D(p.f, l.Name))
	r := l.RingFor(p.lo)
	if n, _, ok := r.Numerator(r.Expand(p.g)); ok && len(n) == 0 {
		x := samples(p.lo, p.hi)
		if len(x) == 0 {
			s.lists = append(s.lists, zeroList{})
			s.open = append(s.open, "the value on a very small piece")
			return
		}
		at := simplestBetween(p.lo, p.hi, x[0])
		v := l.Consts.Simplify(l.Substitute(p.f, l.T.Num(at)))
		s.lists = append(s.lists, zeroList{complete: true, freeLo: true, freeHi: true, exact: true})
		s.cands = append(s.cands, candidate{s: exact.At(l.Consts, l.T.Num(at)), v: l.Consts.Enclose(v), e: v, flat: p})
		s.flats++
		return
	}
	for _, side := range [2]int{-1, 1} {
		end := p.lo
		if side > 0 {
			end = p.hi
		}
		if end.Inf != 0 && !l.quick {
			l.quick = s.limit(p, end, side).Kind == asymptotic.Minus
		}
	}
	z := l.zeros(p.g, p.lo, p.hi)
	s.lists = append(s.lists, z)
	if !z.all() {
		s.complete = false
	}
	for i, at := range z.zeros {
		if at.Wide {
			s.complete = false
		} else if !at.Exact.Valid() && !z.exact {
			if e, ok := l.simpleZero(p, &z, i); ok {
				at.Exact = e
				at.Hull = l.Consts.Enclose(e)
				z.zeros[i] = at
			}
		}
		s.cands = append(s.cands, s.valueOn(p, at))
	}
	if !z.complete {
		s.open = append(s.open, z.why)
	}
	s.end(p, &z, -1)
	s.end(p, &z, +1)
}

// simpleZero returns a short number that is zero number i of z, if there is one:
// it is a zero of f' on the piece, and all zeros are in the enclosures listed,
// of which it meets this one only.
func (l *line) simpleZero(p *piece, z *zeroList, i int) (expr.Expr, bool) {
	if !z.all() {
		return expr.Expr{}, false
	}
	g, at := p.g, z.zeros[i]
	t := l.T
	for _, unit := range [2]expr.Expr{t.Int(1), t.Call(fn.Lookup("pi"))} {
		u := l.Consts.Enclose(unit)
		for q := int64(1); q <= 12; q++ {
			n := at.Hull.Div(u).Mul(interval.Point(float64(q)))
			k := math.Round(n.Mid())
			if !n.Has(k) && !(math.Abs(k-n.Mid()) < 1e-12) || math.Abs(k) > 1e6 {
				continue
			}
			e := l.Consts.Simplify(t.Mul(t.Num(number.Frac(int64(k), q)), unit))
			h := exact.At(l.Consts, e)
			a, ok1 := l.Consts.CompareSpots(p.lo, h)
			b, ok2 := l.Consts.CompareSpots(h, p.hi)
			if !ok1 || !ok2 || a >= 0 || b >= 0 {
				continue
			}
			alone := !h.Hull.Disjoint(at.Hull)
			for j, o := range z.zeros {
				alone = alone && (j == i || o.Hull.Disjoint(h.Hull))
			}
			if !alone {
				continue
			}
			v := l.Substitute(g, e)
			if n, ok := l.Consts.Ring.Expand(v).Number(); ok && n.Sign() == 0 && l.Consts.Enclose(v).IsBounded() {
				return e, true
			}
		}
	}
	return expr.Expr{}, false
}

// valueOn returns the candidate at a zero of f'.
func (s *study) valueOn(p *piece, at exact.Spot) candidate {
	l := s.l
	c := candidate{s: at, zero: true, v: interval.Whole}
	if at.Exact.Valid() {
		c.e = l.Consts.Simplify(l.Substitute(p.f, at.Exact))
		c.v = l.Consts.Enclose(c.e)
		if !c.v.IsBounded() {
			c.e = expr.Expr{}
		}
		return c
	}
	m := l.Machine(p.f)
	if m == nil {
		return c
	}
	v, dec := exact.Evaluate(m, at.Hull)
	c.v = v[0]
	if dec == interval.Continuous && v[1].IsBounded() && at.Hull.IsBounded() {
		mid := at.Hull.Mid()
		w, _ := exact.Evaluate(m, interval.Point(mid))
		c.v = c.v.Meet(w[0].Add(v[1].Mul(at.Hull.Sub(interval.Point(mid)))))
	}
	if dec < interval.Defined {
		c.v = interval.Whole
	}
	return c
}

// end examines what happens towards an end of a piece.
func (s *study) end(p *piece, z *zeroList, side int) {
	l := s.l
	end, near := p.hi, p.lo
	if side < 0 {
		end, near = p.lo, p.hi
	}
	arrow := s.arrow(end, side)
	free := z.freeHi
	if side < 0 {
		free = z.freeLo
	}
	// If f rises towards the end, nothing small is there.
	if n := len(z.zeros); z.complete && free {
		from := near
		if n > 0 && side > 0 {
			from = z.zeros[n-1]
		} else if n > 0 {
			from = z.zeros[0]
		}
		a, b := from, end
		if side < 0 {
			a, b = end, from
		}
		if sg, ok := l.signInside(p.g, a, b); ok && sg == side {
			if end.Inf != 0 || !end.Exact.Valid() || s.isOpen(end) {
				if lim := s.limit(p, end, side); lim.Kind == asymptotic.Plus {
					s.ends = append(s.ends, "f → ∞ as "+arrow)
				} else if lim.Kind == asymptotic.Finite && lim.Value.Valid() {
					s.ends = append(s.ends, "f rises towards "+s.valueText(lim.Value)+" as "+arrow)
				} else {
					s.ends = append(s.ends, "f rises as "+arrow)
				}
			}
			return
		}
	}
	lim := s.limit(p, end, side)
	switch lim.Kind {
	case asymptotic.Plus:
		s.ends = append(s.ends, "f → ∞ as "+arrow)
	case asymptotic.Minus:
		s.ends = append(s.ends, "f → -∞ as "+arrow)
		if s.unbound == nil {
			s.unbound = s.witness(p, end, side, "f → -∞ as "+arrow)
		}
	case asymptotic.Finite:
		if s.attainedAt(end, lim) {
			return
		}
		v := lim.Bound
		if lim.Value.Valid() {
			v = l.Consts.Enclose(lim.Value)
			s.ends = append(s.ends, "f → "+s.valueText(lim.Value)+" as "+arrow)
		}
		if !free {
			s.gap(p, end, side, lim, z)
		}
		s.cands = append(s.cands, candidate{s: end, v: v, e: lim.Value, limit: true, approach: arrow, side: side})
	default:
		if s.unbound == nil && end.Inf != 0 {
			if w := s.alongPeriod(p, side); w != nil {
				s.unbound = w
				return
			}
		}
		if end.Inf != 0 && z.complete {
			if v, all, ok := s.lowerLimit(p, side, asymptotic.Starts[0]); ok && (all || s.covered(z, side, asymptotic.Starts[0])) {
				s.complete = false
				s.ends = append(s.ends, "f comes as near as you like to "+s.valueText(v)+" from above as "+arrow)
				s.cands = append(s.cands, candidate{s: end, v: l.Consts.Enclose(v), e: v, limit: true, approach: arrow + " along a sequence", side: side})
				if all && len(s.pieces) == 1 {
					s.above = v
				}
				return
			}
		}
		s.gap(p, end, side, lim, z)
	}
}

// covered reports whether z lists the zeros up to T on the given side.
func (s *study) covered(z *zeroList, side int, T float64) bool {
	if side > 0 {
		return z.to >= T
	}
	return z.from <= -T
}

// isOpen reports whether the formula has no value at the end.
func (s *study) isOpen(end exact.Spot) bool {
	for i := range s.spots {
		if c, ok := s.l.Consts.CompareSpots(s.spots[i], end); ok && c == 0 {
			return !s.defined[i]
		}
	}
	return true
}

// attainedAt reports whether the limit at a finite end is also the value there.
func (s *study) attainedAt(end exact.Spot, lim asymptotic.Limit) bool {
	if end.Inf != 0 {
		return false
	}
	for i := range s.cands {
		c := &s.cands[i]
		if c.limit || c.lower {
			continue
		}
		if k, ok := s.l.Consts.CompareSpots(c.s, end); ok && k == 0 {
			if c.e.Valid() && lim.Value.Valid() {
				k, ok := s.l.Consts.Compare(c.e, lim.Value)
				return ok && k == 0
			}
			return !hasJumps(s.l.raw)
		}
	}
	if !end.Exact.Valid() {
		// The formula is continuous at a place known by its enclosure.
		for i := range s.spots {
			if s.spots[i].Hull == end.Hull && s.defined[i] && !lim.Value.Valid() {
				return true
			}
		}
	}
	return false
}

// limit returns what f does towards an end of p.
func (s *study) limit(p *piece, end exact.Spot, side int) asymptotic.Limit {
	l := s.l
	if end.Inf == 0 {
		m := l.Machine(p.f)
		if m != nil {
			v, dec := exact.Evaluate(m, end.Hull)
			if dec == interval.Continuous && v[0].IsBounded() {
				if end.Exact.Valid() {
					return asymptotic.Limit{Kind: asymptotic.Finite, Value: l.Consts.Simplify(l.Substitute(p.f, end.Exact)), Bound: v[0]}
				}
				return asymptotic.Limit{Kind: asymptotic.Finite, Bound: v[0]}
			}
		}
		if !end.Exact.Valid() {
			return l.poleLimit(p, end)
		}
	}
	var last asymptotic.Limit
	for _, T := range asymptotic.Starts {
		lim := l.tail(end, side, T).LimitAt(p.f)
		if lim.Kind != asymptotic.Unknown && lim.Kind != asymptotic.Above {
			return lim
		}
		if lim.Kind == asymptotic.Above {
			last = lim
		}
	}
	return last
}

// gap bounds f from below between the part of p that was searched for zeros and
// the end.
func (s *study) gap(p *piece, end exact.Spot, side int, lim asymptotic.Limit, z *zeroList) {
	l := s.l
	edge := z.to
	if side < 0 {
		edge = z.from
	}
	s.complete = false
	// f is bounded on far, from the end to a point strictly inside the piece; from
	// there to the next zero of f' it is monotone, or it is searched.
	if end.Inf == 0 && !(side < 0 && edge > end.Hull.Hi || side > 0 && edge < end.Hull.Lo) || math.IsInf(edge, 0) {
		edge = math.NaN()
		from, to := p.lo, p.hi
		if n := len(z.zeros); n > 0 && side > 0 {
			from = z.zeros[n-1]
		} else if n > 0 {
			to = z.zeros[0]
		}
		if x := samples(from, to); len(x) > 0 {
			edge = x[0]
		}
	}
	far := interval.Whole
	if side < 0 {
		far.Hi = edge
	} else {
		far.Lo = edge
	}
	if end.Inf == 0 && side > 0 {
		far.Hi = end.Hull.Hi
	} else if end.Inf == 0 {
		far.Lo = end.Hull.Lo
	}
	if math.IsNaN(edge) {
		far = interval.Whole
	}
	low := math.Inf(-1)
	if m := l.Machine(p.f); m != nil {
		v, _ := exact.Evaluate(m, far)
		low = v[0].Lo
	}
	if lim.Bound != (interval.I{}) && lim.T > 0 {
		x := l.tailStart(end, side, lim.T)
		if covers := side > 0 && x <= far.Lo || side < 0 && x >= far.Hi; covers {
			low = math.Max(low, lim.Bound.Lo)
		}
	}
	if math.IsInf(low, -1) {
		s.open = append(s.open, "the behaviour as "+s.arrow(end, side))
	}
	s.cands = append(s.cands, candidate{s: end, v: interval.New(low, math.Inf(1)), lower: true, limit: true, approach: s.arrow(end, side)})
}

// arrow returns "x → ∞" and the like.
func (s *study) arrow(end exact.Spot, side int) string {
	x := s.l.Name + " → " + s.l.spotText(end)
	switch {
	case end.Inf != 0:
		return x
	case side > 0:
		return x + " from below"
	}
	return x + " from above"
}

func (s *study) valueText(e expr.Expr) string {
	if s.l.max {
		e = s.l.Consts.Simplify(s.l.T.Neg(e))
	}
	if t := format.Text(e); len(t) < 60 {
		return t
	}
	return format.Number(s.l.Consts.Enclose(e).Mid(), 6)
}

// witness returns the path on which f falls without end.
func (s *study) witness(p *piece, end exact.Spot, side int, why string) *Witness {
	l := s.l
	tv := l.T.Pool().Var("t")
	var path expr.Expr
	switch {
	case end.Inf != 0:
		path = l.T.Mul(l.T.Int(int64(side)), tv)
	case !end.Exact.Valid(): // no closed form: points only
		w := &Witness{Why: s.flip(why)}
		p, err := tape.Compile([]string{l.Name}, l.tidyNode(l.raw))
		if err != nil {
			return w
		}
		m := p.NewMachine()
		for d := 0.1; d > 1e-9; d /= 100 {
			x, v := [1]float64{end.Float() - float64(side)*d}, [1]float64{}
			m.Eval(v[:], x[:])
			w.Points, w.Values = append(w.Points, x[:]), append(w.Values, s.outInterval(interval.Point(v[0])).Lo)
		}
		return w
	default:
		path = l.T.Add(end.Exact, l.T.Mul(l.T.Int(int64(-side)), l.T.Pow(tv, l.T.Int(-1))))
	}
	return s.along(path, why)
}

// along fills in points of a path in t.
func (s *study) along(path expr.Expr, why string) *Witness {
	w := &Witness{Path: []expr.Expr{path}, Why: why}
	if s.l.max {
		w.Why = strings.ReplaceAll(why, "f → -∞", "f → ∞")
	}
	pp, err := tape.Compile([]string{"t"}, path)
	if err != nil {
		return w
	}
	fp, err := tape.Compile([]string{s.l.Name}, s.l.tidyNode(s.l.raw))
	if err != nil {
		return w
	}
	pm, fm := pp.NewMachine(), fp.NewMachine()
	last := math.Inf(1)
	for t := 1.0; t < 1e13 && len(w.Points) < 4; t *= 100 {
		var x, v [1]float64
		pm.Eval(x[:], []float64{t})
		fm.Eval(v[:], x[:])
		if math.IsNaN(v[0]) || math.IsInf(v[0], 0) || v[0] >= last {
			continue
		}
		last = v[0]
		if s.l.max {
			v[0] = -v[0]
		}
		w.Points = append(w.Points, []float64{x[0]})
		w.Values = append(w.Values, v[0])
	}
	return w
}

// stationary fills in the list of stationary points, kinks and ends.
func (s *study) stationary() {
	l, a := s.l, s.a
	for i := range s.pieces {
		p := &s.pieces[i]
		zs := s.lists[i].zeros
		for k, z := range zs {
			c := s.valueOn(p, z)
			st := Stationary{X: []float64{z.Float()}, Value: s.out(c), Kind: "undetermined", Family: s.family(z), hull: z.Hull, repeats: s.repeats(z)}
			if z.Exact.Valid() {
				st.Exact = []expr.Expr{z.Exact}
			}
			if !z.Wide && s.lists[i].all() {
				from, to := p.lo, p.hi
				if k > 0 {
					from = zs[k-1]
				}
				if k+1 < len(zs) {
					to = zs[k+1]
				}
				before, ok1 := l.signInside(p.g, from, z)
				after, ok2 := l.signInside(p.g, z, to)
				if ok1 && ok2 {
					st.Kind, st.Proved = s.kind(before, after), true
				}
			} else if !z.Wide {
				if m := l.Machine(p.g); m != nil {
					v, dec := exact.Evaluate(m, z.Hull)
					if sg := exact.SignOf(v[1]); dec == interval.Continuous && sg != 0 {
						st.Kind, st.Proved = s.kind(-sg, sg), true
					}
				}
			}
			a.Stationary = append(a.Stationary, st)
		}
	}
	s.kinks()
	slices.SortStableFunc(a.Stationary, func(p, q Stationary) int {
		switch {
		case p.X[0] < q.X[0]:
			return -1
		case p.X[0] > q.X[0]:
			return 1
		}
		return 0
	})
	if l.period.Valid() || s.hasRay() {
		s.onePerFamily()
	}
	a.StationaryComplete = s.complete && len(s.open) == 0 && s.flats == 0
}

// kind names a stationary point by the signs of the derivative of raw on both
// sides.
func (s *study) kind(before, after int) string {
	if s.l.max {
		before, after = -before, -after
	}
	switch {
	case before < 0 && after > 0:
		return "local minimum"
	case before > 0 && after < 0:
		return "local maximum"
	case before == 0 || after == 0:
		return "flat"
	}
	return "inflection"
}

// kinks adds the places between pieces where f is continuous and has a local
// extremum.
func (s *study) kinks() {
	for i, z := range s.spots {
		if !s.defined[i] {
			continue
		}
		below, above := s.around(z)
		if below < 0 || above < 0 {
			continue
		}
		c := s.valueOf(z)
		if c == nil || !s.joins(below, z, +1, c) || !s.joins(above, z, -1, c) {
			continue
		}
		b, t := s.slopeToward(below, +1), s.slopeToward(above, -1)
		if b == 0 || t == 0 {
			if !z.Exact.Valid() {
				s.complete = false
			}
			continue
		}
		if b == t {
			continue
		}
		st := Stationary{X: []float64{z.Float()}, Value: s.out(*c), Kind: s.kind(b, t), Proved: true, Family: s.family(z), hull: z.Hull,
			repeats: s.repeats(z)}
		if z.Exact.Valid() {
			st.Exact = []expr.Expr{z.Exact}
		}
		s.a.Stationary = append(s.a.Stationary, st)
	}
}

// around returns the numbers of the pieces that end and begin at z, -1 for none.
func (s *study) around(z exact.Spot) (below, above int) {
	below, above = -1, -1
	for k := range s.pieces {
		if c, ok := s.l.Consts.CompareSpots(s.pieces[k].hi, z); ok && c == 0 {
			below = k
		}
		if c, ok := s.l.Consts.CompareSpots(s.pieces[k].lo, z); ok && c == 0 {
			above = k
		}
	}
	return below, above
}

// valueOf returns the candidate with the value at the spot z.
func (s *study) valueOf(z exact.Spot) *candidate {
	for i := range s.cands {
		if c := &s.cands[i]; !c.limit && c.flat == nil && !c.zero && c.s.Exact == z.Exact && c.s.Hull == z.Hull {
			return c
		}
	}
	return nil
}

// joins reports whether f, on piece number k, goes to its value c at the end z.
func (s *study) joins(k int, z exact.Spot, side int, c *candidate) bool {
	if !z.Exact.Valid() || !c.e.Valid() {
		// No closed form: a formula without jumps is continuous.
		return !hasJumps(s.l.raw)
	}
	lim := s.limit(&s.pieces[k], z, side)
	if lim.Kind != asymptotic.Finite || !lim.Value.Valid() {
		return false
	}
	order, ok := s.l.Consts.Compare(lim.Value, c.e)
	return ok && order == 0
}

// hasJumps reports whether e has a part that may be discontinuous where it is
// defined.
func hasJumps(e expr.Expr) bool {
	for n := range e.All() {
		if n.Op() == expr.If {
			return true
		}
		if n.Op() == expr.Call {
			switch n.Func().Name {
			case "sign", "heaviside", "floor", "ceil", "round", "mod", "atan2":
				return true
			}
		}
	}
	return false
}

// slopeToward returns the sign of f' on piece number k between its last zero and
// the end on the given side, 0 when it is not known.
func (s *study) slopeToward(k, side int) int {
	p, list := &s.pieces[k], &s.lists[k]
	if !list.all() {
		return 0
	}
	from, to := p.lo, p.hi
	if n := len(list.zeros); n > 0 && side > 0 {
		from = list.zeros[n-1]
	} else if n > 0 {
		to = list.zeros[0]
	}
	sign, _ := s.l.signInside(p.g, from, to)
	return sign
}

// out returns the value of a candidate as a number of the question.
func (s *study) out(c candidate) float64 {
	v := shown(c.v)
	if c.e.Valid() && c.e.Op() == expr.Num {
		v = c.e.Number().Float64()
	}
	if s.l.max {
		v = -v
	}
	return v + 0 // no -0
}

// compareValues returns the order of the values of two candidates.
func (s *study) compareValues(a, b *candidate) (int, bool) {
	switch {
	case a.v.Hi < b.v.Lo:
		return -1, true
	case a.v.Lo > b.v.Hi:
		return 1, true
	case a.v.IsPoint() && a.v == b.v:
		return 0, true
	case a.e.Valid() && b.e.Valid():
		if c, ok := s.l.Consts.Compare(a.e, b.e); ok {
			return c, true
		}
	}
	return 0, s.mirrored(a.s, b.s) || s.endOfFlat(a, b) || s.endOfFlat(b, a)
}

// endOfFlat reports whether b is an end of the piece of a, on which f is
// constant, and f is continuous there.
func (s *study) endOfFlat(a, b *candidate) bool {
	l := s.l
	if a.flat == nil || b.flat != nil || !b.e.Valid() || !b.s.Exact.Valid() {
		return false
	}
	at := l.Consts.Simplify(l.Substitute(a.flat.f, b.s.Exact))
	m := l.Machine(a.flat.f)
	if at != b.e || m == nil || b.s.Exact != a.flat.lo.Exact && b.s.Exact != a.flat.hi.Exact {
		return false
	}
	_, dec := exact.Evaluate(m, b.s.Hull)
	return dec == interval.Continuous
}

// mirrored reports whether a and b are x and -x of an even formula.
func (s *study) mirrored(a, b exact.Spot) bool {
	l := s.l
	if a.Inf != 0 || b.Inf != 0 || a.Wide || b.Wide || a.Hull.Neg().Disjoint(b.Hull) {
		return false
	}
	// -a is a stationary point too, and it is b when b is the only one there.
	both := a.Hull.Neg().Hull(b.Hull)
	for i := range s.cands {
		if c := &s.cands[i]; c.s.Inf == 0 && c.s.Hull != b.Hull && !c.s.Hull.Disjoint(both) {
			return false
		}
	}
	for i := range s.lists {
		if !s.lists[i].complete {
			return false
		}
	}
	f := l.tidyNode(l.raw)
	minus := l.T.Tidy(l.Substitute(f, l.T.Neg(l.Var)))
	if f == minus {
		return true
	}
	r := l.RingFor(exact.Start)
	p, q := r.Expand(f), r.Expand(minus)
	return len(exact.Add(p, q.Neg())) == 0
}

// conclude compares the candidates and writes the answer.
func (s *study) conclude() {
	l, a := s.l, s.a
	if s.unbound != nil {
		a.Status = Unbounded
		a.Value = math.Inf(-1)
		if l.max {
			a.Value = math.Inf(1)
		}
		a.Witness = s.unbound
		a.Method = "limits"
		a.Proof = append(append(a.Proof, s.stationaryProof()...), s.unbound.Why+", so f has no "+s.least())
		return
	}
	var pts []*candidate // attained
	var lims []*candidate
	for i := range s.cands {
		if c := &s.cands[i]; c.limit {
			lims = append(lims, c)
		} else {
			pts = append(pts, c)
		}
	}
	if len(s.open) > 0 {
		s.giveUp("not settled: " + strings.Join(s.open, "; "))
		return
	}
	if len(pts) == 0 && len(lims) == 0 {
		if len(s.pieces) == 0 {
			a.Status = EmptyDomain
			a.Proof = []string{"the formula is defined at no point"}
			return
		}
		s.giveUp("no candidates")
		return
	}
	if s.above.Valid() {
		pts = nil
		lims = slices.DeleteFunc(lims, func(c *candidate) bool { return c.lower || c.e != s.above })
	}
	// the ends of a piece on which f is constant say nothing new
	pts = slices.DeleteFunc(pts, func(c *candidate) bool {
		return slices.ContainsFunc(pts, func(a *candidate) bool { return s.endOfFlat(a, c) })
	})
	// the values that may be the least
	top := math.Inf(1)
	for _, c := range pts {
		u := c.v.Hi
		if c.s.Wide { // f at a point of the interval is at most this
			u = c.v.Hi
		}
		top = math.Min(top, u)
	}
	for _, c := range lims {
		if !c.lower {
			top = math.Min(top, c.v.Hi)
		}
	}
	pts = slices.DeleteFunc(pts, func(c *candidate) bool { return c.v.Lo > top })
	lims = slices.DeleteFunc(lims, func(c *candidate) bool { return c.v.Lo > top })
	// exact order among what is left
	least := func(list []*candidate) ([]*candidate, bool) {
		sure := true
		var best []*candidate
		for _, c := range list {
			if len(best) == 0 {
				best = append(best, c)
				continue
			}
			k, ok := s.compareValues(c, best[0])
			switch {
			case !ok:
				sure = false
				best = append(best, c)
			case k < 0:
				if sure {
					best = best[:0]
				}
				best = append([]*candidate{c}, best...)
			case k == 0:
				best = append(best, c)
			}
		}
		return best, sure
	}
	pts, sure := least(pts)
	minimisersComplete := s.complete
	// gaps
	var real []*candidate
	for _, c := range lims {
		if !c.lower {
			real = append(real, c)
			continue
		}
		minimisersComplete = false
		if len(pts) > 0 && sure && pts[0].e.Valid() {
			if low, ok := number.FromFloat(c.v.Lo); ok {
				if k, ok := l.Consts.Compare(l.T.Num(low), pts[0].e); ok && k >= 0 {
					continue
				}
			}
		}
		if q := s.attains(pts, c.v.Lo); q != nil {
			pts, sure = []*candidate{q}, true
			continue
		}
		s.giveUp("smaller values as " + c.approach + " are not excluded")
		return
	}
	lims, limSure := least(real)
	if len(lims) > 0 {
		if len(pts) == 0 {
			s.notAttained(lims, limSure)
			return
		}
		below, equal, unknown := true, true, false
		for _, q := range lims {
			k, ok := s.compareValues(q, pts[0])
			if !ok || !sure {
				unknown = true
			}
			below = below && k < 0
			equal = equal && k >= 0
		}
		switch {
		case unknown:
			s.giveUp("whether the infimum is attained could not be settled")
			return
		case below:
			s.notAttained(lims, limSure)
			return
		case !equal:
			s.giveUp("whether the infimum is attained could not be settled")
			return
		}
	}
	s.attained(pts, sure, minimisersComplete)
}

// attains looks near the points for one at which f has exactly the value low.
func (s *study) attains(pts []*candidate, low float64) *candidate {
	l := s.l
	n, ok := number.FromFloat(low + 0)
	if !ok {
		return nil
	}
	// low must be a bound everywhere, not only at the end that it came from
	for i := range s.pieces {
		p := &s.pieces[i]
		whole := interval.Whole
		if p.lo.Inf == 0 {
			whole.Lo = p.lo.Hull.Lo
		}
		if p.hi.Inf == 0 {
			whole.Hi = p.hi.Hull.Hi
		}
		m := l.Machine(p.f)
		if m == nil {
			return nil
		}
		if v, _ := exact.Evaluate(m, whole); !(v[0].Lo >= low) {
			return nil
		}
	}
	for _, c := range pts {
		if !c.zero && c.flat == nil && !(c.v.Lo >= low) {
			return nil
		}
	}
	pts = slices.Clone(pts)
	slices.SortStableFunc(pts, func(a, b *candidate) int { return cmp.Compare(a.s.Hull.Mig(), b.s.Hull.Mig()) })
	for _, c := range pts {
		if c.limit || c.flat != nil || !c.v.Has(low) {
			continue
		}
		for i := range s.pieces {
			p := &s.pieces[i]
			w := 1e-6 * math.Max(c.s.Hull.Mag(), 1e-6)
			a, ok1 := number.FromFloat(c.s.Hull.Lo - w)
			b, ok2 := number.FromFloat(c.s.Hull.Hi + w)
			if !ok1 || !ok2 {
				continue
			}
			lo, hi := exact.At(l.Consts, l.T.Num(a)), exact.At(l.Consts, l.T.Num(b))
			x, ok1 := l.Consts.CompareSpots(p.lo, lo)
			y, ok2 := l.Consts.CompareSpots(hi, p.hi)
			if !ok1 || !ok2 || x >= 0 || y >= 0 {
				continue
			}
			list, ok := l.Solve(l.T.Sub(p.f, l.T.Num(n)), lo, hi)
			if !ok {
				continue
			}
			for _, z := range list {
				if !z.Exact.Valid() {
					continue
				}
				v, defined, sure := l.valueAt(z.Exact)
				if defined && sure && v.Op() == expr.Num && v.Number() == n {
					return &candidate{s: z, v: l.Consts.Enclose(v), e: v, zero: true}
				}
			}
		}
	}
	return nil
}

// notAttained writes the answer for an infimum that is a limit.
func (s *study) notAttained(lims []*candidate, sure bool) {
	l, a := s.l, s.a
	c := lims[0]
	a.Status = NotAttained
	a.Value = s.out(*c)
	a.Approached = c.approach
	a.approach, a.approachSide = &c.s, c.side
	if c.e.Valid() {
		a.ExactValue = s.outExact(c.e)
	}
	a.Enclosure = &Enclosure{Value: s.outInterval(c.v)}
	a.Method = "limits"
	if len(lims) > 1 && sure {
		a.Approached += " and as " + lims[1].approach
	}
	text := format.Number(a.Value, 6)
	if a.ExactValue.Valid() {
		text = format.Text(a.ExactValue)
	}
	word, side := "infimum", "above"
	if l.max {
		word, side = "supremum", "below"
	}
	a.Proof = append(a.Proof, s.stationaryProof()...)
	a.Proof = append(a.Proof, s.endProof()...)
	a.Proof = append(a.Proof, fmt.Sprintf("so f stays %s %s, its %s, and comes as near as you like as %s", side, text, word, a.Approached))
}

func (s *study) outExact(e expr.Expr) expr.Expr {
	if s.l.max {
		return s.l.Consts.Simplify(s.l.T.Neg(e))
	}
	return e
}

func (s *study) outInterval(v interval.I) interval.I {
	if s.l.max {
		return v.Neg()
	}
	return v
}

func (s *study) least() string {
	if s.l.max {
		return "maximum"
	}
	return "minimum"
}

// flip turns a sentence on -f into one on f.
func (s *study) flip(t string) string {
	if !s.l.max {
		return t
	}
	switch {
	case strings.Contains(t, "f → -∞"):
		return strings.ReplaceAll(t, "f → -∞", "f → ∞")
	case strings.Contains(t, "f → ∞"):
		return strings.ReplaceAll(t, "f → ∞", "f → -∞")
	}
	return strings.ReplaceAll(t, "f rises", "f falls")
}

// attained writes the answer for a minimum at points.
func (s *study) attained(pts []*candidate, sure, complete bool) {
	l, a := s.l, s.a
	a.Attained = true
	// all of one value?
	if s.flats > 0 && s.flats == len(s.pieces) && sure {
		same := true
		for i := range s.cands {
			k, ok := s.compareValues(&s.cands[i], pts[0])
			same = same && ok && k == 0
		}
		if same {
			a.Status = Constant
		}
	}
	best := pts[0]
	for _, c := range pts { // a point in closed form if there is one
		if c.flat == nil && c.s.Exact.Valid() && !(best.flat == nil && best.s.Exact.Valid()) {
			best = c
		}
	}
	if sure {
		slices.SortStableFunc(pts, func(p, q *candidate) int {
			k, _ := l.Consts.CompareSpots(p.s, q.s)
			return k
		})
		if best.flat == nil && !l.period.Valid() && pts[0].flat == nil {
			best = pts[0]
		}
	}
	v := best.v
	for _, c := range pts {
		if sure {
			if m := v.Meet(c.v); !m.IsEmpty() {
				v = m
			}
			continue
		}
		v.Lo, v.Hi = math.Min(v.Lo, c.v.Lo), math.Min(v.Hi, c.v.Hi)
	}
	a.At = []float64{best.s.Float()}
	a.Value = s.out(*best)
	if !best.e.Valid() {
		a.Value = shown(s.outInterval(v)) + 0
	}
	a.Enclosure = &Enclosure{Value: s.outInterval(v)}
	if sure {
		a.Enclosure.At = []interval.I{best.s.Hull}
	}
	if best.e.Valid() && sure {
		a.ExactValue = s.outExact(best.e)
	}
	if best.s.Exact.Valid() && sure {
		a.ExactAt = []expr.Expr{best.s.Exact}
	}
	var flats []piece
	same := map[int]bool{}
	for _, c := range pts {
		if c.flat != nil {
			flats = append(flats, *c.flat)
			for i := range s.sameAsFlat(c) {
				same[i] = true
			}
		}
	}
	for _, c := range pts {
		pt := Point{X: []float64{c.s.Float()}, hull: c.s.Hull}
		if c.s.Exact.Valid() {
			pt.Exact = []expr.Expr{c.s.Exact}
		}
		if c.flat != nil {
			if len(flats) == 0 {
				continue // told with the first
			}
			pt.Family = l.domainText(flats, s.spots, same)
			flats = nil
			switch {
			case a.Status == Constant:
				pt.Family = a.Domain
			case l.period.Valid():
				pt.Family += ", repeated with period " + format.Text(l.period)
			}
		} else {
			pt.Family = s.family(c.s)
			pt.repeats = s.repeats(c.s)
			if s.inFlat(c, pts) {
				continue
			}
			if c.s.Wide {
				complete = false
			}
		}
		a.Minimisers = append(a.Minimisers, pt)
	}
	a.Minimisers = s.onePerPeriod(a.Minimisers)
	// At is the first of the minimisers.
	if len(a.Minimisers) > 0 {
		a.At = slices.Clone(a.Minimisers[0].X)
		a.ExactAt = a.Minimisers[0].Exact
		if sure {
			for _, c := range pts {
				if c.s.Float() == a.At[0] {
					a.Enclosure.At = []interval.I{c.s.Hull}
				}
			}
		}
	}
	a.MinimisersComplete = complete && sure
	switch {
	case a.Status == Constant:
	case sure && best.s.Exact.Valid() && best.e.Valid() && !best.s.Wide:
		a.Status = Exact
	default:
		a.Status = Certified
	}
	if !sure {
		a.Warnings = append(a.Warnings, "the values at several points cannot be told apart: which of them is least is not settled")
	}
	if v.Width() > 1e-6*math.Max(1, v.Mag()) {
		a.Status = Local
		a.Warnings = append(a.Warnings, "the value could not be enclosed tightly")
	}
	a.Method = "f' = 0 solved, values and limits compared"
	for i := range s.lists {
		if !s.lists[i].exact {
			a.Method = "interval Newton for f' = 0, values and limits compared"
		}
	}
	s.proveMinimum(sure)
}

// simplestBetween returns a number with a small denominator strictly between lo
// and hi, near x, which is such a number; 0 and whole numbers come first.
func simplestBetween(lo, hi exact.Spot, x float64) number.Number {
	a, b := math.Inf(-1), math.Inf(1)
	if lo.Inf == 0 {
		a = lo.Hull.Hi
	}
	if hi.Inf == 0 {
		b = hi.Hull.Lo
	}
	if a < 0 && 0 < b {
		return number.Int(0)
	}
	for _, q := range [...]int64{1, 2, 4, 10, 100, 1000} {
		k := math.Round(x * float64(q))
		if math.Abs(k) > 1e15 {
			break
		}
		if v := k / float64(q); a < math.Nextafter(v, a) && math.Nextafter(v, b) < b {
			return number.Frac(int64(k), q)
		}
	}
	n, _ := number.FromFloat(x)
	return n
}

// sameAsFlat says which ends of the piece of c have its value.
func (s *study) sameAsFlat(c *candidate) map[int]bool {
	same := map[int]bool{}
	for i, z := range s.spots {
		if k, ok := s.l.Consts.CompareSpots(z, c.flat.lo); !ok || k != 0 {
			if k, ok := s.l.Consts.CompareSpots(z, c.flat.hi); !ok || k != 0 {
				continue
			}
		}
		for k := range s.cands {
			q := &s.cands[k]
			if q.limit || q.flat != nil || q.zero || q.s.Exact != z.Exact || q.s.Hull != z.Hull {
				continue
			}
			if k, ok := s.compareValues(q, c); ok && k == 0 {
				same[i] = true
			}
		}
	}
	return same
}

// inFlat reports whether the point c is an end of a piece on which f has the
// same least value: it belongs to the continuum.
func (s *study) inFlat(c *candidate, pts []*candidate) bool {
	for _, q := range pts {
		if q.flat == nil || c.flat != nil {
			continue
		}
		for _, end := range [2]exact.Spot{q.flat.lo, q.flat.hi} {
			if k, ok := s.l.Consts.CompareSpots(end, c.s); ok && k == 0 {
				return true
			}
		}
	}
	return false
}

// family describes the periodic family of a spot.
func (s *study) family(z exact.Spot) string {
	l := s.l
	if z.Inf != 0 {
		return ""
	}
	r := s.repeats(z)
	if !r.step.Valid() {
		return ""
	}
	k := l.T.Mul(r.step, l.T.Pool().Var("k"))
	of := format.Number(z.Float(), 6) + " + " + format.Text(k)
	if z.Exact.Valid() {
		of = format.Text(l.T.Add(z.Exact, k))
	}
	return r.text(l.Formulas, of)
}

// onePerPeriod drops a minimiser that stands a period beside another one.
func (s *study) onePerPeriod(list []Point) []Point {
	var out []Point
	for _, p := range list {
		if !slices.ContainsFunc(list, func(q Point) bool { return again(q.X[0], p.X[0], &q.repeats, &p.repeats) }) {
			out = append(out, p)
		}
	}
	return out
}

// onePerFamily drops stationary points that stand a period beside another one.
func (s *study) onePerFamily() {
	var out []Stationary
	for i := range s.a.Stationary {
		p := &s.a.Stationary[i]
		twice := false
		for k := range s.a.Stationary {
			q := &s.a.Stationary[k]
			twice = twice || again(q.X[0], p.X[0], &q.repeats, &p.repeats)
		}
		if !twice {
			out = append(out, *p)
		}
	}
	s.a.Stationary = out
}

// hasRay reports whether a piece stands for a half-line.
func (s *study) hasRay() bool {
	return slices.ContainsFunc(s.pieces, func(p piece) bool { return p.ray != nil })
}

// giveUp answers with the best point found.
func (s *study) giveUp(why string) {
	l, a := s.l, s.a
	a.Status = Local
	if l.ctx.Err() != nil {
		why = "the time ran out: " + why
	}
	a.Warnings = append(a.Warnings, why)
	a.Method = "sampling and golden section"
	x, v, ok := s.sample()
	if !ok {
		a.Status = Failed
		return
	}
	a.At, a.Attained = []float64{x}, true
	a.Value = v
	if l.max {
		a.Value = -v
	}
	a.Minimisers = []Point{{X: []float64{x}}}
}
