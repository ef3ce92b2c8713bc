package univariate

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

// A candidate is a place where the least value may be, or the end that it is
// approached at.
type candidate struct {
	s        exact.Spot
	v        interval.I // contains the value, or the limit
	e        expr.Expr  // the value, or for a bound that, in closed form
	limit    bool       // the value is not attained here
	lower    bool       // v.Lo only bounds what happens there
	of       expr.Expr  // for a bound: what it bounds, the formula
	over     interval.I // for x in over, if it is valid
	zero     bool       // f' = 0
	flat     *piece     // the value is taken on all of a piece
	approach string     // for a limit: "x → ∞"
	side     int        // for a limit: +1 from below
	path     expr.Expr  // for a limit on a sequence: a formula in t, for whole t; not Valid for others
	late     expr.Expr  // the formula that has the value at s, which has a closed form, if that was left out of e
}

// A study is the work on one question.
type study struct {
	l              *line
	a              *answer
	lo, hi         exact.Spot
	loOpen, hiOpen bool
	// The question asks about all from outerLo to outerHi; lo and hi are the ends
	// of a part that stands for it when the formula is periodic.
	outerLo, outerHi exact.Spot
	outerLoOpen      bool
	outerHiOpen      bool

	pieces    []piece
	spots     []exact.Spot
	inner     []exact.Spot // those of what is left without the edges
	lists     []zeroList
	defined   map[int]bool
	open      []string // what could not be settled
	cands     []candidate
	unbound   *fall
	ends      []string // "f → ∞ as x → ∞"
	complete  bool     // the stationary list
	uncounted bool     // how often a place is repeated is not known
	flats     int
	uncut     bool      // the line could not be cut into pieces
	edged     bool      // of parts of the question, bounds alone are known
	swinging  bool      // these are to be told from the sides between which f swings
	turning   bool      // there are infinitely many stationary points next to a place without a value
	blurred   bool      // of a value in closed form, an enclosure alone is known
	above     expr.Expr // f is nowhere as low as this lower limit of it, if it is valid
}

func (s *study) run() {
	l := s.l
	var err error
	if c, ok := l.Consts.CompareSpots(s.lo, s.hi); ok && c == 0 {
		s.spots = []exact.Spot{s.lo}
	} else {
		s.pieces, s.spots, err = l.cut(s.lo, s.hi)
	}
	if err != nil && s.constant() {
		return
	}
	if err != nil {
		if s.uncut = !s.anyEnd() && !s.anyWindow(1) && !s.anyPole() && !s.quickly(s.withSwings); s.uncut {
			s.giveUp(err.Error())
		} else if s.a.Domain == "" {
			s.a.Domain = s.domainBetween()
		}
		return
	}
	if s.swingsOn() && s.quickly(s.withSwings) {
		return
	}
	s.examine()
	s.stationary()
	if len(s.open) > 0 && s.unbound == nil && s.withTails() {
		return
	}
	if s.conclude(); s.a.Status == minimum.Local && len(s.open) == 0 {
		s.withTails()
	}
}

// quickly makes an attempt that is worth the effort of swings.
func (s *study) quickly(answers func() bool) bool {
	s.l.Consts.Renew()
	defer s.l.Consts.Effort.Attempt(swingsEffort)()
	return answers()
}

// constant answers for a formula that is a constant wherever it is defined.
func (s *study) constant() bool {
	l := s.l
	r := l.RingFor(exact.Start)
	e := r.Build(r.Expand(l.tidyNode(l.raw)))
	if e.Has(l.Name) || l.formalPowers(l.raw) {
		return false
	}
	for _, x := range append([]float64{0}, samples(s.lo, s.hi)...) {
		at, ok := number.FromFloat(x)
		z := exact.At(l.Consts, l.T.Num(at))
		a, ok1 := l.Consts.CompareSpots(s.lo, z)
		b, ok2 := l.Consts.CompareSpots(z, s.hi)
		if !ok || !ok1 || !ok2 || a >= 0 || b >= 0 {
			continue
		}
		v, defined, sure := l.valueAt(z.Exact)
		if !sure || !defined {
			continue
		}
		if k, known := l.Consts.Compare(v, e); !known || k != 0 {
			continue
		}
		c := &candidate{s: z, v: l.Consts.Enclose(e), e: e, flat: &piece{lo: s.lo, hi: s.hi, f: e, g: l.T.Int(0)}}
		s.pieces, s.lists, s.flats, s.cands, s.defined = []piece{*c.flat}, []zeroList{{}}, 1, []candidate{*c}, map[int]bool{}
		s.a.Domain = s.domainBetween()
		s.attained([]*candidate{c}, true, true)
		return true
	}
	return false
}

// What attempts at a question that has not been settled as a whole are worth, in the unit of
// Constants.Spend: nearly all that settle one need less, and most that spend more do not.
const (
	substitutionEffort = 32000
	periodicEffort     = 8000 // of substitutions that leave a periodic formula
	windowEffort       = 12000
	tailsEffort        = 21000
	swingsEffort       = 12000
	listEffort         = 6000 // what it is worth to list stationary points of what falls without end
)

// inParts answers, for a line that could not be cut into pieces, from parts of it.
func (s *study) inParts() {
	local := *s.a
	*s.a = *newAnswer(s.l.Name)
	s.a.Evaluations = local.Evaluations
	attempt := func(effort int, answers func() bool) bool {
		s.l.Consts.Renew()
		defer s.l.Consts.Effort.Attempt(effort)()
		return answers()
	}
	if !attempt(windowEffort, func() bool { return s.anyWindow(3) || s.anyWindow(10) }) && !attempt(tailsEffort, s.withTails) &&
		!attempt(windowEffort, func() bool { return s.besideMiddle(3) }) {
		*s.a = local
	}
}

// byEnclosure answers when a short number, or the place that the search has come to, has a value that enclosures show to be the least of all.
func (s *study) byEnclosure() bool {
	l := s.l
	if len(s.a.At) == 0 {
		return false
	}
	all := piece{lo: s.lo, hi: s.hi}
	low, ok := l.leastOn(l.tidyNode(l.raw), all.hull())
	if !ok {
		return false
	}
	x := s.a.At[0]
	near, _ := number.FromFloat(x)
	for _, e := range append([]expr.Expr{l.T.Int(0), l.T.Int(1), l.T.Int(-1), l.T.Num(near)}, l.shortNumbers(x)...) {
		z := exact.At(l.Consts, e)
		a, ok1 := l.Consts.CompareSpots(s.lo, z)
		b, ok2 := l.Consts.CompareSpots(z, s.hi)
		if !ok1 || !ok2 || a > 0 || a == 0 && s.loOpen || b > 0 || b == 0 && s.hiOpen {
			continue
		}
		v, defined, sure := l.valueAt(z.Exact)
		if !sure || !defined || v.Op() != expr.Num {
			continue
		}
		if n, ok := number.FromFloat(low); !ok || v.Number() != n {
			continue
		}
		old := *s.a
		*s.a = *newAnswer(l.Name)
		s.a.Evaluations, s.a.Domain = old.Evaluations, old.Domain
		s.pieces, s.spots, s.lists, s.open, s.cands, s.ends, s.defined = nil, nil, nil, nil, nil, nil, map[int]bool{}
		c := candidate{s: z, v: l.Consts.Enclose(v), e: v}
		s.attained([]*candidate{&c}, true, false)
		s.a.Method = "enclosure"
		s.a.Proof = []string{fmt.Sprintf("the parts of the formula show that f is nowhere %s than %s, which it is at %s = %s",
			map[bool]string{false: "lower", true: "higher"}[l.max], s.valueText(v), l.Name, l.spotText(z))}
		return true
	}
	return false
}

// examine looks at the places between the pieces and at the pieces.
func (s *study) examine() {
	l, a := s.l, s.a
	s.complete = true
	s.defined = map[int]bool{}
	for i, z := range s.spots {
		s.spot(i, z)
	}
	settled := len(s.open) == 0
	if s.glance(); s.unbound != nil {
		defer l.Consts.Effort.Attempt(listEffort)()
	}
	for i := range s.pieces {
		s.piece(&s.pieces[i])
	}
	if settled {
		a.Domain = l.domainText(s.pieces, s.spots, s.defined)
	}
	s.realPowers()
	if (l.period.Valid() || s.hasRay()) && len(s.pieces)+len(s.defined) > 0 {
		a.Domain = s.periodicDomain()
	}
}

// glance looks for an end of a piece towards which f falls without end: what else is to be told is
// then only looked for as far as that is cheap.
func (s *study) glance() {
	l := s.l
	for i := range s.pieces {
		p := &s.pieces[i]
		p.f = l.T.Tidy(p.raw)
		m := l.Program(p.f)
		if m == nil {
			continue
		}
		for k, end := range [2]exact.Spot{p.lo, p.hi} {
			if l.Consts.Tired() {
				return
			}
			if !fallsTo(m, p, k) {
				continue
			}
			side := 2*k - 1
			if s.limit(p, end, side).Kind == asymptotic.Minus {
				why := "f → -∞ as " + s.arrow(end, side)
				s.unbound, s.ends, l.quick = s.witness(end, side, why), append(s.ends, why), true
				return
			}
		}
	}
}

// fallsTo reports whether f, a piece's formula with the program m, seems to fall without end towards
// the lower (0) or the upper end of the piece: it is worth a look.
func fallsTo(m *exact.Program, p *piece, end int) bool {
	at := func(near float64) float64 { // a part of the piece from the end
		lo, hi := p.lo.Float(), p.hi.Float()
		x := 0.0
		switch {
		case end == 0 && p.lo.Inf != 0 && p.hi.Inf != 0:
			x = -1 / near
		case end == 0 && p.lo.Inf != 0:
			x = hi - 1/near
		case end == 1 && p.hi.Inf != 0 && p.lo.Inf != 0:
			x = 1 / near
		case end == 1 && p.hi.Inf != 0:
			x = lo + 1/near
		case end == 0 && p.hi.Inf != 0:
			x = lo + near
		case end == 1 && p.lo.Inf != 0:
			x = hi - near
		case end == 0:
			x = lo + near*(hi-lo)
		default:
			x = hi - near*(hi-lo)
		}
		v, _ := exact.Evaluate(m, interval.Point(x))
		return v[0].Hi
	}
	a, b := at(1e-2), at(1e-5)
	return !(b >= a)
}

// realPowers says how powers with a variable exponent are read.
func (s *study) realPowers() {
	l := s.l
	for n := range l.raw.All() {
		if n.Op() != expr.Pow || !l.tidyNode(n.Arg(1)).Has(l.Name) || l.stepsOnly(n.Arg(1)) {
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
		if sure {
			if defined {
				s.defined[i] = true
				s.cands = append(s.cands, candidate{s: z, v: l.Consts.Enclose(v), e: v})
			}
			return
		}
	}
	v, defined, sure := l.valueNear(z)
	if sure {
		if defined {
			s.defined[i] = true
			c := candidate{s: z, v: v}
			if n, ok := number.FromFloat(v.Lo); ok && v.IsPoint() {
				c.e = l.T.Num(n)
			}
			s.cands = append(s.cands, c)
			s.blurred = s.blurred || z.Exact.Valid()
		}
		return
	}
	s.open = append(s.open, "whether the formula is defined near "+l.Name+" = "+l.spotText(z))
}

// piece examines one piece: its stationary points and its ends.
func (s *study) piece(p *piece) {
	l := s.l
	p.f = l.T.Tidy(p.raw)
	p.g = l.derivative(p)
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
	z := l.zeros(l.withoutSigned(p), p.lo, p.hi)
	if !z.complete {
		z, _ = s.sublevelZeros(p, z)
	}
	s.lists = append(s.lists, z)
	if !z.all() {
		s.complete = false
	}
	for i, at := range z.zeros {
		if at.Wide {
			s.complete = false
		} else if !at.Exact.Valid() && !z.exact {
			if e, ok := l.simpleZero(p, p.g, &z, i); ok {
				at.Exact = e
				at.Hull = l.Consts.Enclose(e)
				z.zeros[i] = at
			}
		}
		c := s.valueOn(p, at, len(z.zeros))
		z.zeros[i] = c.s // in closed form perhaps
		s.cands = append(s.cands, c)
	}
	s.lists[len(s.lists)-1].values = s.cands[len(s.cands)-len(z.zeros):]
	if !z.complete && !z.low {
		s.open = append(s.open, z.why)
	}
	s.end(p, &z, -1)
	s.end(p, &z, +1)
}

// withoutSigned returns the derivative on a piece without the factors of it that are known to have a sign there: they may be 0
// at an end, next to which a search would not come to an end, or so small far out that enclosures of them have it.
func (l *line) withoutSigned(p *piece) expr.Expr {
	if p.g.Op() != expr.Mul {
		return p.g
	}
	factors := slices.DeleteFunc(p.g.AppendArgs(nil), func(n expr.Expr) bool {
		n, _ = n.BaseExp()
		if n.Op() == expr.Call && n.Func().NeverZero() {
			return true
		}
		if len(p.signs) == 0 {
			return false
		}
		sign, known := l.signOn(p, n)
		return n.Has(l.Name) && known && sign != 0
	})
	return l.T.Mul(factors...)
}

// simpleZero returns a short number that is zero number i of z, if there is one:
// it is a zero of g on the piece, and all zeros in the part that was searched are in the
// enclosures listed, of which it meets this one only.
func (l *line) simpleZero(p *piece, g expr.Expr, z *zeroList, i int) (expr.Expr, bool) {
	if !z.complete {
		return expr.Expr{}, false
	}
	at := z.zeros[i]
	t := l.T
	for _, unit := range l.unitsOf(g) {
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
			alone := !h.Hull.Disjoint(at.Hull) && z.from <= h.Hull.Lo && h.Hull.Hi <= z.to
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

// unitsOf returns the constants of which simple zeros of g may be short multiples: 1, π, e, and half turns of its angles.
func (l *line) unitsOf(g expr.Expr) []expr.Expr {
	if units, ok := l.units[g]; ok {
		return units
	}
	const most = 5
	t := l.T
	units := []expr.Expr{t.Int(1), t.Call(fn.Lookup("pi")), t.Call(fn.Lookup("e"))}
	speeds, _ := l.angularSpeeds(g, false)
	for _, a := range speeds {
		turn := l.Consts.Simplify(t.Mul(units[1], t.Pow(a, t.Int(-1))))
		if whole := a.Op() == expr.Num && a.Number().IsInt(); !whole && len(units) < most && !slices.Contains(units, turn) {
			units = append(units, turn)
		}
	}
	l.units[g] = units
	return units
}

// longValues is how many nodes in all closed forms of values may have that are told, whether or not they are needed.
const longValues = 10000

// valueOn returns the candidate at one of so many zeros of f'.
func (s *study) valueOn(p *piece, at exact.Spot, zeros int) candidate {
	l := s.l
	c := candidate{s: at, zero: true, v: interval.Whole}
	if at.Exact.Valid() && zeros*p.f.Size() > longValues {
		c.late = p.f
	} else if at.Exact.Valid() {
		c.e = l.Consts.Simplify(l.Substitute(p.f, at.Exact))
		c.v = l.Consts.Enclose(c.e)
		if !c.v.IsBounded() {
			c.e = expr.Expr{}
		}
		return c
	}
	m := l.Program(p.f)
	if m == nil {
		return c
	}
	v, dec := exact.Evaluate(m, at.Hull)
	c.v = v[0]
	if dec == interval.Continuous && v[1].IsBounded() && at.Hull.IsBounded() && !c.late.Valid() {
		mid := at.Hull.Mid()
		w, _ := exact.Evaluate(m, interval.Point(mid))
		c.v = c.v.Meet(w[0].Add(v[1].Mul(at.Hull.Sub(interval.Point(mid)))))
	}
	if dec < interval.Defined {
		c.v = interval.Whole
	} else if c.late.Valid() {
		return c
	} else if u, near := l.touchesZero(p, at); c.v.Has(0) && u.Valid() {
		c.v, c.e = interval.Point(0), l.T.Int(0)
		if list, ok := l.Solve(u, exact.At(l.Consts, l.T.Num(near[0])), exact.At(l.Consts, l.T.Num(near[1]))); ok && len(list) == 1 && list[0].Exact.Valid() {
			c.s = list[0]
		}
	}
	return c
}

// touchesZero returns the u of which an even power is a factor of the f of a piece, and the ends of a surrounding of a zero of
// f' without a closed form in which f' has no other and u changes its sign: then that is the zero of u, and f is 0 there.
func (l *line) touchesZero(p *piece, at exact.Spot) (u expr.Expr, near [2]number.Number) {
	factors := p.f.Factors()
	const most = 100
	f, g := l.Program(p.f), l.Program(p.g)
	if at.Wide || f == nil || g == nil || l.quick || l.touched >= most {
		return u, near
	}
	l.touched++
	for _, h := range factors {
		if h.Op() != expr.Pow || !h.Arg(0).Has(l.Name) || h.Arg(1).Op() != expr.Num || h.Arg(1).Number().Sign() <= 0 || !h.Arg(1).Number().Mul(number.Frac(1, 2)).IsInt() {
			continue
		}
		m := l.Program(h.Arg(0))
		if m == nil {
			continue
		}
		for _, part := range [...]float64{1e-12, 1e-9, 1e-6} {
			w := part * math.Max(1, at.Hull.Mag())
			around := interval.New(at.Hull.Lo-w, at.Hull.Hi+w)
			v, dec := exact.Evaluate(g, around)
			if dec != interval.Continuous || !(v[1].Lo > 0) { // f is least there, at least near by
				continue
			}
			if all, dec := exact.Evaluate(f, around); dec != interval.Continuous || !all[0].IsBounded() { // then so are its factors
				continue
			}
			a, _ := exact.Evaluate(m, interval.Point(around.Lo))
			b, _ := exact.Evaluate(m, interval.Point(around.Hi))
			lo, ok1 := number.FromFloat(around.Lo)
			hi, ok2 := number.FromFloat(around.Hi)
			if ok1 && ok2 && exact.SignOf(a[0])*exact.SignOf(b[0]) < 0 {
				return h.Arg(0), [2]number.Number{lo, hi}
			}
		}
	}
	return u, near
}

// outline returns where the line was cut and where f' = 0.
func (s *study) outline() *minimum.Outline {
	o := &minimum.Outline{Period: s.l.period}
	for _, z := range slices.Concat(s.spots, s.inner) {
		if z.Inf == 0 && z.Exact.Valid() {
			o.Breaks = append(o.Breaks, z.Exact)
		}
	}
	for i := range s.lists {
		for _, z := range s.lists[i].zeros {
			if z.Inf == 0 {
				o.Stationary = append(o.Stationary, z.Hull)
			}
		}
	}
	return o
}
