package check

import (
	"math"
	"math/rand/v2"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"
	"nabla/expr/number"
	"nabla/expr/simplify"
	"nabla/expr/tape"
)

// A sampler finds points of the common domain of the formulas of a question.
type sampler struct {
	q      question
	vars   []string
	main   int // of vars: the variable differentiated by
	prog   *tape.Prog
	m      *tape.Machine
	rng    *rand.Rand
	points []point // valid ones, the nicest first
	tried  map[string]bool
	// Points at which the truth is defined and the claim is proved not to be, or
	// the other way round.
	claimUndefined, truthUndefined *point
	// hole is a point at which the truth is defined and round which the claim
	// is proved to be undefined.
	hole *point

	out []interval.I
	dec []interval.Dec
	box []interval.I
}

// The outputs of the program of a sampler; base and the guards follow.
const (
	outClaim = iota
	outTruth
	outBase
)

// A point has exact coordinates, one a variable.
type point struct {
	x            []number.Number
	claim, truth interval.I
}

func newSampler(q question) (*sampler, error) {
	s := &sampler{q: q, tried: map[string]bool{}, rng: rand.New(rand.NewPCG(q.o.seed(), 0x6e61626c61))}
	outs := []expr.Expr{q.claim, q.truth, q.base}
	if !q.base.Valid() {
		outs[outBase] = q.truth
	}
	outs = append(outs, q.guards...)
	s.vars = unionVars(outs)
	for i, x := range s.vars {
		if x == q.wrt {
			s.main = i
		}
	}
	var err error
	if s.prog, err = tape.Compile(s.vars, outs...); err != nil {
		return nil, err
	}
	s.m = s.prog.NewMachine()
	s.out = make([]interval.I, len(outs))
	s.dec = make([]interval.Dec, len(outs))
	s.box = make([]interval.I, len(s.vars))
	return s, nil
}

// unionVars returns the variables of all formulas in natural order.
func unionVars(es []expr.Expr) []string {
	p := expr.NewPool()
	args := make([]expr.Expr, len(es))
	for i, e := range es {
		args[i] = p.Import(e)
	}
	seen := map[string]bool{}
	var names []string
	for _, n := range expr.Order(args...).Each() {
		if n.Op() == expr.Var && !seen[n.Name()] {
			seen[n.Name()] = true
			names = append(names, n.Name())
		}
	}
	sortNatural(names)
	return names
}

// margin is the half-width of the box round a witness in which f must be
// defined and continuous and the conditions of its derivative must hold: a
// derivative is about a neighbourhood. It is relative to the larger of 1 and
// the coordinate; any positive value will do.
const margin = 0x1p-30

// valid reports whether both formulas are defined at x, and f and the
// conditions in a box round it, as a proof. It fills in the values of p.
func (s *sampler) valid(p *point) bool {
	for i, n := range p.x {
		s.box[i] = simplify.Hull(n)
	}
	s.m.Interval(s.out, s.dec, s.box)
	p.claim, p.truth = s.out[outClaim], s.out[outTruth]
	claim, truth := s.dec[outClaim], s.dec[outTruth]
	base := s.dec[outBase]
	if claim == interval.None && truth >= interval.Defined && (s.claimUndefined == nil || s.hole == nil) && s.around(p) {
		if s.claimUndefined == nil {
			s.claimUndefined = &point{x: p.x}
		}
		if s.dec[outClaim] == interval.None && s.dec[outTruth] >= interval.Defined {
			s.hole = &point{x: p.x, claim: interval.Empty, truth: p.truth}
		}
	}
	if claim >= interval.Defined && base == interval.None && s.truthUndefined == nil {
		s.truthUndefined = &point{x: p.x}
	}
	if claim < interval.Defined || truth < interval.Defined {
		return false
	}
	return s.around(p)
}

// around reports whether the base is defined and continuous and the guards hold
// in a box round p.
func (s *sampler) around(p *point) bool {
	for i, n := range p.x {
		v := simplify.Hull(n)
		r := margin * max(1, v.Mag())
		s.box[i] = interval.New(v.Lo-r, v.Hi+r)
	}
	s.m.Interval(s.out, s.dec, s.box)
	if s.q.base.Valid() && s.dec[outBase] < interval.Continuous {
		return false
	}
	for i := range s.q.guards {
		k := outBase + 1 + i
		if s.dec[k] < interval.Defined || s.out[k].Lo != 1 || s.out[k].Hi != 1 {
			return false
		}
	}
	return true
}

// try adds the point x if it is a valid one.
func (s *sampler) try(x []number.Number) bool {
	key := ""
	for _, n := range x {
		key += n.String() + ","
	}
	if s.tried[key] {
		return false
	}
	s.tried[key] = true
	p := point{x: x}
	if !s.valid(&p) {
		return false
	}
	s.points = append(s.points, p)
	return true
}

// nice are the coordinates that a person would try, in that order.
var nice = []number.Number{
	number.Int(1), number.Int(2), number.Frac(1, 2), number.Int(-1), number.Int(3), number.Frac(1, 4), number.Frac(3, 2),
	number.Int(-2), number.Frac(-1, 2), number.Int(4), number.Int(5), number.Frac(3, 4), number.Int(10), number.Frac(-1, 4),
	number.Frac(1, 10), number.Int(0), number.Int(-3), number.Int(7), number.Frac(5, 2), number.Frac(-3, 4), number.Int(-5), number.Int(20), number.Frac(-3, 2),
}

// draw finds want valid points, if it can.
func (s *sampler) draw(want int) {
	n := len(s.vars)
	if n == 0 {
		s.try(nil)
		return
	}
	// A person's points: the variable runs through the nice ones, and the others
	// take different small values.
	for k, v := range nice {
		x := make([]number.Number, n)
		for i := range x {
			x[i] = nice[(k+3*((i-s.main+n)%n))%11].Abs()
		}
		x[s.main] = v
		s.try(x)
		if len(s.points) >= want*2/3 {
			break
		}
	}
	// Small random fractions, over more and more of the line.
	for round := 0; len(s.points) < want && round < 12*want; round++ {
		x := make([]number.Number, n)
		for i := range x {
			x[i] = s.random(round)
		}
		s.try(x)
	}
	if len(s.points) >= want {
		return
	}
	// The domain is thin: pave it along the variable, the others fixed.
	for round := 0; len(s.points) < want && round < 8; round++ {
		fixed := make([]number.Number, n)
		for i := range fixed {
			if round == 0 {
				fixed[i] = nice[(2*i+1)%7]
			} else {
				fixed[i] = s.random(6 * round)
			}
		}
		s.pave(fixed, want, func(depth int) int { return s.main })
		if n > 1 && len(s.points) < want {
			s.pave(fixed, want, func(depth int) int { return depth % n })
		}
		if n == 1 {
			break
		}
	}
}

// random returns a fraction with a small denominator. Later rounds reach
// farther and come nearer to 0.
func (s *sampler) random(round int) number.Number {
	q := int64(8)
	scale := 4.0
	switch round % 6 {
	case 1:
		q, scale = 20, 1
	case 2:
		q, scale = 10, 2
	case 3:
		q, scale = 4, 20
	case 4:
		q, scale = 1, 200
	case 5:
		q, scale = 100, 0.5
	}
	lo := -scale
	if round%2 == 0 {
		lo = 0
	}
	v := lo + (scale-lo)*s.rng.Float64()
	return number.Frac(int64(math.Round(v*float64(q)))|1, q)
}

// paveWork is the most boxes that one paving looks at.
const paveWork = 500

// pave searches the line or box of all points for parts on which everything is
// defined, by bisection along the variable that axis names, and takes points of
// these. The variables that axis never names keep the values of fixed.
func (s *sampler) pave(fixed []number.Number, want int, axis func(depth int) int) {
	type part struct {
		box   []interval.I
		depth int
	}
	start := make([]interval.I, len(s.vars))
	all := axis(0) != axis(1)
	for i, n := range fixed {
		start[i] = simplify.Hull(n)
		if all || i == axis(0) {
			start[i] = interval.New(-16, 16)
		}
	}
	queue := []part{{start, 0}}
	for _, wide := range []interval.I{interval.New(16, 1e6), interval.New(-1e6, -16)} {
		b := append([]interval.I(nil), start...)
		for i := range b {
			if all || i == axis(0) {
				b[i] = wide
			}
		}
		queue = append(queue, part{b, 0})
	}
	for work := 0; len(queue) > 0 && work < paveWork && len(s.points) < want; work++ {
		p := queue[0]
		queue = queue[1:]
		s.m.Interval(s.out, s.dec, p.box)
		inside := true
		outside := false
		for k, d := range s.dec {
			outside = outside || d == interval.None || k > outBase && s.out[k].Hi == 0
			inside = inside && d >= interval.Defined && (k <= outBase || s.out[k].Lo == 1)
		}
		if outside {
			continue
		}
		if inside {
			s.inside(p.box, 3)
			continue
		}
		if work%4 == 3 {
			s.inside(p.box, 1) // a guess: the enclosures may be too wide to show it
		}
		i := axis(p.depth)
		b := p.box[i]
		m := b.Mid()
		if b.Lo < 0 && b.Hi > 0 {
			m = 0
		} else if b.Lo > 0 && b.Hi > 8*b.Lo {
			m = math.Sqrt(b.Lo) * math.Sqrt(b.Hi)
		} else if b.Hi < 0 && b.Lo < 8*b.Hi {
			m = -math.Sqrt(-b.Lo) * math.Sqrt(-b.Hi)
		}
		if !(m > b.Lo && m < b.Hi) || b.Width() < 1e-12*max(1e-3, b.Mag()) {
			continue
		}
		for _, half := range []interval.I{interval.New(b.Lo, m), interval.New(m, b.Hi)} {
			c := append([]interval.I(nil), p.box...)
			c[i] = half
			queue = append(queue, part{c, p.depth + 1})
		}
	}
}

// inside tries n points of the box, the simplest fractions first.
func (s *sampler) inside(box []interval.I, n int) {
	for k := range n {
		x := make([]number.Number, len(box))
		for i, b := range box {
			lo, hi := b.Lo, b.Hi
			if w := hi - lo; k > 0 {
				c := lo + w*(0.1+0.8*s.rng.Float64())
				lo, hi = max(lo, c-0.05*w), min(hi, c+0.05*w)
			} else {
				lo, hi = lo+w/16, hi-w/16
			}
			x[i] = simplest(lo, hi)
		}
		s.try(x)
	}
}

// simplest returns the fraction with the least denominator in [lo, hi], by the
// continued fractions of the ends (the Stern–Brocot tree; Graham, Knuth,
// Patashnik, Concrete Mathematics, section 4.5).
func simplest(lo, hi float64) number.Number {
	if lo > hi {
		lo, hi = hi, lo
	}
	if lo <= 0 && hi >= 0 {
		return number.Int(0)
	}
	if hi < 0 {
		return simplest(-hi, -lo).Neg()
	}
	exact, _ := number.FromFloat(lo)
	if hi > 1<<52 || lo == hi {
		return exact
	}
	a, b := lo, hi
	var parts []int64
	for range 64 {
		f := math.Floor(a)
		if f == a || f < math.Floor(b) || f > 1<<52 {
			parts = append(parts, int64(math.Ceil(a)))
			break
		}
		parts = append(parts, int64(f))
		a, b = 1/(b-f), 1/(a-f)
	}
	v := number.Int(0)
	for i := len(parts) - 1; i >= 0; i-- {
		if i < len(parts)-1 {
			w, ok := v.Inv()
			if !ok {
				return exact
			}
			v = w
		}
		v = v.Add(number.Int(parts[i]))
	}
	if f := v.Float64(); f < lo || f > hi {
		return exact // rounding on the way down
	}
	return v
}

// separate returns the first point at which float enclosures are apart. A point
// at which the difference shows in the first digits is preferred.
func (s *sampler) separate() *Witness {
	best, gap := -1, 0.0
	for i, p := range s.points {
		if !p.claim.IsBounded() || !p.truth.IsBounded() || !p.claim.Disjoint(p.truth) || p.claim.IsEmpty() || p.truth.IsEmpty() {
			continue
		}
		d := max(p.claim.Lo-p.truth.Hi, p.truth.Lo-p.claim.Hi) / max(p.claim.Mag(), p.truth.Mag())
		if best < 0 || gap < 1e-4 && d > 10*gap {
			best, gap = i, d
		}
	}
	if best < 0 {
		return nil
	}
	p := s.points[best]
	return &Witness{At: s.coordinates(p.x), Claimed: p.claim, True: p.truth, Bits: 53}
}

// scanned is how many points scan looks at, and scanRuns how many of the places
// with a difference it looks at closely.
const (
	scanned  = 256
	scanRuns = 6
)

// scan looks for a difference in floats at points over many scales, so that
// formulas that agree on a part of the line only are told apart, and adds exact
// points near those found. It reports whether it added any.
func (s *sampler) scan() bool {
	n := len(s.vars)
	if n == 0 {
		return false
	}
	cols := make([][]float64, n)
	for i := range cols {
		cols[i] = make([]float64, scanned)
		for k := range cols[i] {
			v := math.Exp(-7 + 16*s.rng.Float64())
			if k%2 == 1 {
				v = -v
			}
			if k%4 >= 2 {
				v = -4 + 8*s.rng.Float64()
			}
			cols[i][k] = v
		}
	}
	out := make([][]float64, s.prog.NumOut())
	for k := range out {
		out[k] = make([]float64, scanned)
	}
	s.m.Columns(out, cols)
	found, runs := false, 0
	for k := range scanned {
		a, b := out[outClaim][k], out[outTruth][k]
		d := math.Abs(a - b)
		if !(d > 1e-9*max(math.Abs(a), math.Abs(b))) || math.IsInf(d, 0) {
			continue
		}
		x := make([]number.Number, n)
		for i := range x {
			v := cols[i][k]
			x[i] = simplest(v-1e-3*math.Abs(v), v+1e-3*math.Abs(v))
		}
		found = s.try(x) || found
		if runs++; runs == scanRuns {
			break
		}
	}
	return found
}

// agreeSomewhere reports whether the values cannot be told apart at a third of
// the points or more: that happens when the formulas agree on a part of the
// line.
func (s *sampler) agreeSomewhere() bool {
	n := 0
	for _, p := range s.points {
		if !p.claim.Disjoint(p.truth) && floatDigits(p.claim, p.truth) > 8 {
			n++
		}
	}
	return 3*n >= len(s.points)
}

func (s *sampler) coordinates(x []number.Number) []Coordinate {
	out := make([]Coordinate, len(x))
	for i, n := range x {
		out[i] = Coordinate{s.vars[i], n}
	}
	return out
}

// precisely returns enclosures of claim and truth at x with prec bits, and
// whether both are known and defined there.
func (s *sampler) precisely(x []number.Number, prec uint) (claim, truth precise.I, ok bool) {
	box := make([]precise.I, len(x))
	for i, n := range x {
		box[i] = precise.FromRat(n.Rat(), prec)
	}
	out := make([]precise.I, s.prog.NumOut())
	dec := make([]interval.Dec, s.prog.NumOut())
	known := s.m.Precise(out, dec, box, prec)
	ok = known[outClaim] && known[outTruth] && dec[outClaim] >= interval.Defined && dec[outTruth] >= interval.Defined
	return out[outClaim], out[outTruth], ok
}

// preciseStart is the precision, in bits, that is tried first where floats cannot
// tell two values apart; it doubles from there.
const preciseStart = 128

// separatePrecisely returns a point at which enclosures with up to prec bits
// are apart.
func (s *sampler) separatePrecisely(prec uint) *Witness {
	for bits := uint(preciseStart); bits <= prec; bits *= 2 {
		n := len(s.points)
		if bits > preciseStart {
			n = min(n, 3) // formulas that agree at 12 points to 38 digits rarely differ
		}
		for _, p := range s.points[:n] {
			c, t, ok := s.precisely(p.x, bits)
			if !ok || c.Empty || t.Empty || c.Lo.Cmp(t.Hi) <= 0 && t.Lo.Cmp(c.Hi) <= 0 {
				continue
			}
			return &Witness{
				At: s.coordinates(p.x), Claimed: p.claim, True: p.truth, Bits: bits,
				ClaimedText: decimals(c, bits), TrueText: decimals(t, bits),
			}
		}
	}
	return nil
}

// evidence gathers what the points say.
func (s *sampler) evidence() *Evidence {
	e := &Evidence{Digits: -1}
	for _, p := range s.points {
		c, t := p.claim.Mid(), p.truth.Mid()
		if d := math.Abs(c-t) / max(math.Abs(c), math.Abs(t)); d > e.MaxRelDiff {
			e.MaxRelDiff = d
		}
		digits := floatDigits(p.claim, p.truth)
		if c, t, ok := s.precisely(p.x, preciseStart); ok {
			digits = agreement(c, t)
		}
		if e.Points == 0 || digits < e.Digits {
			e.Digits = digits
		}
		e.Points++
	}
	e.Digits = max(0, e.Digits)
	e.Text = e.words()
	return e
}
