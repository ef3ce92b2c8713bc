package univariate

import (
	"fmt"
	"math"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/asymptotic"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/minimum"
)

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
	if s.unbound != nil { // what happens here does not matter any more
		s.complete = s.complete && free
		return
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
	if c := s.valueOf(end); lim.Kind == asymptotic.Unknown && c != nil && end.Inf == 0 && !l.jumps(l.raw) { // f is continuous
		lim = asymptotic.Limit{Kind: asymptotic.Finite, Bound: c.v}
	}
	switch lim.Kind {
	case asymptotic.Plus:
		s.ends = append(s.ends, "f → ∞ as "+arrow)
		if !free { // f may fall far below before it rises for good
			s.gap(p, end, side, lim, z)
		}
	case asymptotic.Minus:
		s.ends = append(s.ends, "f → -∞ as "+arrow)
		if s.unbound == nil {
			s.unbound = s.witness(end, side, "f → -∞ as "+arrow)
		}
	case asymptotic.Finite:
		if s.attainedAt(end, lim) {
			if !free {
				s.gap(p, end, side, lim, z)
			}
			return
		}
		v := lim.Bound
		if lim.Value.Valid() {
			v = l.Consts.Enclose(lim.Value)
			s.ends = append(s.ends, "f → "+s.valueText(lim.Value)+" as "+arrow)
		}
		if !free {
			s.complete = false
			if !lim.Value.Valid() || !l.strictly(p.f, p.hull()).above(l.Consts, lim.Value) {
				s.gap(p, end, side, lim, z)
			}
		}
		s.cands = append(s.cands, candidate{s: end, v: v, e: lim.Value, limit: true, approach: arrow, side: side})
	default:
		if !s.goesOn(p, end, side, z) {
			s.gap(p, end, side, lim, z)
		}
	}
}

// goesOn tells what sequences show of a formula that has no limit towards an infinite end: that it
// falls without end, or comes near to a lower limit and stays above it.
func (s *study) goesOn(p *piece, end exact.Spot, side int, z *zeroList) bool {
	l := s.l
	if end.Inf == 0 {
		return false
	}
	w := s.alongPeriod(p, side, nil)
	if w == nil {
		w = s.alongAngle(p, side)
	}
	if w != nil {
		s.unbound = &fall{Witness: w}
		return true
	}
	if !z.complete {
		return false
	}
	v, all, ok := s.lowerLimit(p, side, asymptotic.Starts[0])
	if !ok || !all && !s.covered(z, side, asymptotic.Starts[0]) {
		return false
	}
	s.complete = false
	arrow := s.arrow(end, side)
	s.ends = append(s.ends, "f comes as near as you like to "+s.valueText(v)+" from above as "+arrow)
	s.cands = append(s.cands, candidate{s: end, v: l.Consts.Enclose(v), e: v, limit: true, approach: arrow + " along a sequence", side: side})
	if len(s.pieces) == 1 && (all || l.strictly(p.f, p.hull()).above(l.Consts, v)) {
		s.above = v
	}
	return true
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
			return !s.l.jumps(s.l.raw)
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
		m := l.Program(p.f)
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
			return l.limitAtZero(p, end)
		}
	}
	var last asymptotic.Limit
	for _, T := range asymptotic.Starts {
		lim := l.tail(end, side, T).LimitAt(p.f)
		if lim.Kind != asymptotic.Unknown && lim.Kind != asymptotic.Above {
			return lim
		}
		if lim.Kind == asymptotic.Above && last.Kind == asymptotic.Unknown { // the first leaves least to be searched
			last = lim
		}
	}
	if end.Inf == 0 && last.Kind == asymptotic.Unknown {
		return l.limitAtZero(p, end) // the closed form may be too long for the expansion
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
	if m := l.Program(p.f); m != nil {
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

// A fall shows that f falls without end: along the path of the witness and, where end is
// not nil, however x goes there from that side (+1 from below).
type fall struct {
	*minimum.Witness
	end  *exact.Spot
	side int
}

// witness returns the path on which f falls without end.
func (s *study) witness(end exact.Spot, side int, why string) *fall {
	l := s.l
	tv := l.T.Pool().Var("t")
	var path expr.Expr
	switch {
	case end.Inf != 0:
		path = l.T.Mul(l.T.Int(int64(side)), tv)
	case !end.Exact.Valid(): // no closed form: points only
		w := &fall{&minimum.Witness{Why: s.flip(why)}, &end, side}
		if show := s.shower(w.Witness); show != nil {
			for d := 0.1; d > 1e-9; d /= 100 {
				show(end.Float() - float64(side)*d)
			}
		}
		return w
	default:
		path = l.T.Add(end.Exact, l.T.Mul(l.T.Int(int64(-side)), l.T.Pow(tv, l.T.Int(-1))))
	}
	w := s.along(path, false)
	w.Why = s.flip(why)
	return &fall{w, &end, side}
}

// along is the witness that f falls without end along a path in t, which goes through the whole
// numbers only or through all.
func (s *study) along(path expr.Expr, whole bool) *minimum.Witness {
	w := &minimum.Witness{Path: []expr.Expr{path}, Whole: whole}
	runs := "t → ∞"
	if whole {
		runs = "t = 1, 2, 3, …"
	}
	w.Why = s.flip(fmt.Sprintf("f → -∞ along %s = %s, %s", s.l.Name, format.Text(path), runs))
	pp, err := tape.Compile([]string{"t"}, path)
	if err != nil {
		return w
	}
	show := s.shower(w)
	if show == nil {
		return w
	}
	pm := pp.NewMachine()
	for t := 1.0; t < 1e13 && len(w.Points) < 4; t *= 100 {
		var x [1]float64
		pm.Eval(x[:], []float64{t})
		show(x[0])
	}
	return w
}

// shower returns what adds a point to a witness where f is defined in the bounds, and lower than at the last: at first the
// path may be outside, or f rise, and floats may have a value where f has none. It is nil where f has no program.
func (s *study) shower(w *minimum.Witness) func(x float64) {
	p, err := tape.Compile([]string{s.l.Name}, s.l.tidyNode(s.l.raw), s.l.raw)
	if err != nil {
		return nil
	}
	m := p.NewMachine()
	last := math.Inf(1)
	return func(x float64) {
		var v [2]float64
		var out [2]interval.I
		lo, hi := s.outerLo.Float(), s.outerHi.Float()
		if !(lo <= x && x <= hi) || s.outerLoOpen && x == lo || s.outerHiOpen && x == hi {
			return
		}
		if m.Interval(out[:], nil, []interval.I{interval.Point(x)}); out[1].IsEmpty() {
			return
		}
		if m.Eval(v[:], []float64{x}); math.IsNaN(v[0]) || math.IsInf(v[0], 0) || v[0] >= last {
			return
		}
		last = v[0]
		w.Points, w.Values = append(w.Points, []float64{x}), append(w.Values, s.outInterval(interval.Point(v[0])).Lo)
	}
}
