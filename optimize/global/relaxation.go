package global

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// This file answers between a relaxation and a restriction. A relaxation leaves conditions out, or takes the
// least values of parts of a sum one by one: f is nowhere lower than that in the region. A restriction adds something to satisfy, a
// value of a variable or a curve, and f comes as low as its least value. Where both have one value it is the answer: attained
// where the restriction has a point, and not attained where no point of the region has the value in the relaxation.

// maxRelaxed is how often a question that stands for another in this way may be one that is treated so.
const maxRelaxed = 2

// A relaxation is a question of which each point of the region is a point, after variables that do not occur in it are left
// out, and its formula is nowhere above f there, or above a part of it.
type relaxation struct {
	at   []int // its variables
	q    *Problem
	a    *Answer
	part *certificate.Certificate // nil where none is asked for
}

// byRelaxation returns nil where no relaxation and restriction are found that have the same value.
func (s *session) byRelaxation() *Answer {
	if s.o.relaxed >= maxRelaxed || s.o.checked || s.m.N < 2 || s.b.BestX == nil || s.m.F.Size() > maxEliminated {
		return nil
	}
	box := slices.Clone(s.m.Outer) // what the conditions leave
	if !s.b.Contract(box, math.Inf(1), 30) {
		return nil
	}
	s.keepSigns(box)
	var below []*lowerBound
	sums := &partSums{s: s, box: box, low: math.Inf(-1)}
	for _, kept := range s.fewerConditions() {
		r := s.relaxation(s.m.F, kept, box)
		if r == nil {
			continue
		}
		if a := s.attainedAt(r, kept); a != nil {
			return a
		}
		sums.note(&lowerBound{proof: append([]string{howKept(kept)}, r.a.Proof...), reduction: s.sumOf(nil, r)}, r.a.Enclosure.Value.Lo)
		if b := s.boundBy(r, kept, box); b != nil {
			below = append(below, b)
		}
	}
	given := [][]expr.Expr{nil, s.p.SubjectTo}
	if len(s.p.SubjectTo) == 0 {
		given = given[:1]
	}
	for _, conditions := range given {
		more, a := sums.of(conditions)
		if a != nil {
			return a
		}
		if below = append(below, more...); len(below) > 0 || len(s.p.SubjectTo) > 0 { // under conditions points far out are tried too
			if a := s.squeezed(below, sums.places); a != nil {
				return a
			}
		}
		below = nil
		if a := sums.within(); a != nil {
			return a
		}
	}
	return nil
}

// howKept says what the relaxation is that keeps these conditions.
func howKept(kept []expr.Expr) string {
	if len(kept) == 0 {
		return "what follows holds without the conditions"
	}
	return "what follows holds under " + format.All(kept, format.Options{}) + " alone"
}

// keepSigns narrows the box where conditions say the sign of a variable.
func (s *session) keepSigns(box []interval.I) {
	for i := range box {
		for _, side := range [...]interval.I{{Lo: math.Inf(-1), Hi: 0}, {Lo: 0, Hi: math.Inf(1)}} {
			part := slices.Clone(box)
			if part[i] = box[i].Meet(side); part[i].IsEmpty() || part[i] == box[i] || s.b.Contract(part, math.Inf(1), 5) {
				continue
			}
			if box[i] = box[i].Meet(side.Neg()); !s.b.Contract(box, math.Inf(1), 5) {
				return
			}
		}
	}
}

// fewerConditions lists conditions to keep, where there are some: none, and where there are several each alone.
func (s *session) fewerConditions() [][]expr.Expr {
	if len(s.p.SubjectTo) == 0 {
		return nil
	}
	list := [][]expr.Expr{nil}
	const most = 4
	if k := len(s.p.SubjectTo); k > 1 && k <= most {
		for i := range k {
			list = append(list, s.p.SubjectTo[i:i+1])
		}
	}
	return list
}

// relaxation answers for the formula f under the conditions kept, within the box; nil where it is not settled or has no
// lower bound.
func (s *session) relaxation(f expr.Expr, kept []expr.Expr, box []interval.I) *relaxation {
	r := &relaxation{q: &Problem{F: f, SubjectTo: kept}}
	for i, x := range s.p.Vars {
		if !f.Has(x) && !slices.ContainsFunc(kept, func(c expr.Expr) bool { return c.Has(x) }) {
			continue
		}
		r.at, r.q.Vars, r.q.Bounds = append(r.at, i), append(r.q.Vars, x), append(r.q.Bounds, s.boundWithin(i, box[i]))
	}
	if len(r.at) == 0 {
		return nil
	}
	ctx, cancel := effort.Share(s.ctx, 0.15)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.proof = nil, nil, true
	o.relaxed++
	a, steps, err := solveAny(ctx, r.q, o)
	if err != nil {
		return nil
	}
	switch a.Status {
	case Exact, Certified, NotAttained, Constant:
		if r.a = a; a.Enclosure == nil || !model.Finite(a.Enclosure.Value.Lo) {
			return nil
		}
		if o.Certificate {
			r.part = certify(r.q, a, steps)
		}
		return r
	}
	return nil
}

// boundWithin are the bounds of variable i, or where it has none whole numbers between which x lies.
func (s *session) boundWithin(i int, x interval.I) (b Bound) {
	const most = 1e6
	pool := expr.NewPool()
	if s.p.Bounds != nil {
		b = s.p.Bounds[i]
	}
	if !b.Lo.Valid() && math.Abs(x.Lo) < most {
		b.Lo = pool.Int(int64(math.Floor(x.Lo)))
	}
	if !b.Hi.Valid() && math.Abs(x.Hi) < most {
		b.Hi = pool.Int(int64(math.Ceil(x.Hi)))
	}
	return b
}

// attainedAt answers where the relaxation, of f itself, has its least value at a point that satisfies all conditions.
func (s *session) attainedAt(r *relaxation, kept []expr.Expr) *Answer {
	if !r.a.Attained {
		return nil
	}
	how := []string{howKept(kept) + ", and the point satisfies all"}
	const most = 8
	for _, m := range r.a.Minimisers[:min(most, len(r.a.Minimisers))] {
		if r.a.Status == Certified || len(m.Exact) != len(r.at) || !allValid(m.Exact) {
			continue
		}
		for _, x := range s.completed(r, m.X, m.Exact) {
			e, ok := s.exactPoint(x)
			if !ok || !equalConstants(s.valueAt(s.m.F, x), r.a.ExactValue) { // the point may stand for a family
				continue
			}
			a := s.exactAnswer(e, r.a.ExactValue)
			a.Method, a.Proof, a.Argument.Reduction = "relaxation", append(how, r.a.Proof...), s.sumOf(nil, r)
			a.MinimisersComplete = r.a.MinimisersComplete && len(r.a.Minimisers) == 1 && m.Family == "" && len(r.at) == s.m.N
			s.active(a, nil)
			return s.flip(a)
		}
	}
	box := r.a.Enclosure.At
	if len(box) != len(r.at) || len(r.a.At) != len(r.at) {
		return nil
	}
	for _, x := range s.completed(r, r.a.At, nil) {
		at, all := make([]float64, s.m.N), make([]interval.I, s.m.N)
		for i, c := range x {
			all[i], _ = tape.EncloseConstant(c)
			at[i] = all[i].Mid()
		}
		for j, i := range r.at {
			at[i], all[i] = r.a.At[j], box[j]
		}
		if !s.holdOver(all, kept) {
			continue
		}
		a := &Answer{Status: Certified, Method: "relaxation", At: at, Value: r.a.Value, Attained: true, Enclosure: &Enclosure{At: all, Value: r.a.Enclosure.Value},
			GradientNorm: math.NaN(), Proof: append(how, r.a.Proof...), Argument: minimum.Argument{Reduction: s.sumOf(nil, r)}}
		a.Minimisers = []Point{{X: at}}
		s.active(a, nil)
		return s.flip(a)
	}
	return nil
}

// completed returns points, as constant formulas, that have the coordinates near in the variables of the relaxation, in closed form
// if exact is not nil, and that seem to satisfy the conditions.
func (s *session) completed(r *relaxation, near []float64, closed []expr.Expr) (list [][]expr.Expr) {
	t := simplify.New()
	x := slices.Clone(s.b.BestX)
	var free []int
	for i := range x {
		if j := slices.Index(r.at, i); j >= 0 {
			x[i] = near[j]
		} else {
			free = append(free, i)
		}
	}
	try := func() {
		if v := s.b.At(x); !model.Finite(v) || !s.nearlyIn() && len(free) > 0 {
			return
		}
		y := make([]expr.Expr, len(x))
		for i, v := range x {
			if j := slices.Index(r.at, i); j >= 0 && closed != nil {
				y[i] = closed[j]
			} else if y[i] = model.ExactFloat(t, v); !y[i].Valid() {
				return
			}
		}
		list = append(list, y)
	}
	if len(free) == 0 {
		try()
		return list
	}
	values := [...]float64{0, 1, -1, 2, -2, 10, -10, 1e3, -1e3, 1e6, -1e6}
	const most = 3 // variables that are tried in all ways
	for k := range int(math.Pow(float64(len(values)), float64(min(most, len(free))))) {
		for q, i := range free {
			if q < most {
				x[i] = values[k%len(values)]
				k /= len(values)
			}
			x[i] = model.ClipTo(x[i], s.m.Inner[i])
		}
		if try(); len(list) == 4 {
			return list
		}
	}
	for _, i := range free {
		x[i] = s.b.BestX[i]
	}
	try()
	return list
}

// holdOver reports whether f is defined on all of the box and the conditions hold there, those that are kept being known to hold
// at the point in it that matters.
func (s *session) holdOver(box []interval.I, kept []expr.Expr) bool {
	for i, x := range box {
		if !x.In(s.m.Inner[i]) || s.m.LoOpen[i] && x.Lo <= s.m.Inner[i].Lo || s.m.HiOpen[i] && x.Hi >= s.m.Inner[i].Hi {
			return false
		}
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
	if s.b.VDec[0] < interval.Defined || s.b.VOut[0].IsEmpty() {
		return false
	}
	for k, c := range s.m.Cons {
		if !slices.Contains(kept, c.Text) && (c.Equal || s.b.VDec[k+1] < interval.Defined || !(s.b.VOut[k+1].Hi < 0)) {
			return false
		}
	}
	return true
}

// boundBy is the lower bound that the relaxation of f gives, nil where a point of the region may have the value.
func (s *session) boundBy(r *relaxation, kept []expr.Expr, box []interval.I) *lowerBound {
	if !r.a.ExactValue.Valid() || !s.isMissed(r, box) {
		return nil
	}
	how := "without the conditions"
	if len(kept) > 0 {
		how = "under " + format.All(kept, format.Options{}) + " alone"
	}
	says := fmt.Sprintf("%s, %s is nowhere lower than %s, as follows, and no point that satisfies all of them has this value", how, s.minimised(), format.Text(r.a.ExactValue))
	if r.a.Status == NotAttained {
		says = fmt.Sprintf("%s, %s is everywhere greater than %s, as follows", how, s.minimised(), format.Text(r.a.ExactValue))
	}
	return &lowerBound{value: tidyConstant(r.a.ExactValue), proof: append([]string{says}, r.a.Proof...), reduction: s.sumOf(nil, r)}
}

// sumOf says that f is the sum of the constants and of the parts, which are settled on regions that hold this one; nil where no certificate
// is asked for.
func (s *session) sumOf(constants []expr.Expr, parts ...*relaxation) *certificate.Reduction {
	r := &certificate.Reduction{Kind: certificate.Sum}
	for _, p := range parts {
		if p.part == nil {
			return nil
		}
		r.Parts = append(r.Parts, p.part)
	}
	if t := simplify.New(); len(constants) > 0 {
		r.Constant = format.Plain(s.toMinimise(t.Add(t.Pool().ImportAll(constants...)...)))
	}
	return r
}

// isMissed reports whether no point of the region, which lies in the box, is proved to have the least value of the relaxation of f.
func (s *session) isMissed(r *relaxation, box []interval.I) bool {
	if r.a.Status == NotAttained {
		return true
	}
	return !s.b.Contract(slices.Clone(box), r.a.Enclosure.Value.Hi, 30) || s.misses(r, r.a.Enclosure.Value.Hi, box)
}

// misses reports whether all points at which the relaxation has its least value are known, and each is proved to be none of the region,
// which lies in the box, or f to be above the level there.
func (s *session) misses(r *relaxation, level float64, box []interval.I) bool {
	if !r.a.MinimisersComplete || len(r.a.Minimisers) == 0 {
		return false
	}
	for _, m := range r.a.Minimisers {
		at := enclosed(m)
		if at == nil && len(r.a.Minimisers) == 1 && m.Family == "" {
			at = r.a.Enclosure.At
		}
		if len(at) != len(r.at) {
			return false
		}
		x := slices.Clone(box)
		for j, i := range r.at {
			x[i] = x[i].Meet(at[j])
		}
		if slices.ContainsFunc(x, interval.I.IsEmpty) {
			continue
		}
		if s.b.Contract(x, level, 30) && !s.violated(x) {
			return false
		}
	}
	return true
}

// violated reports whether a condition holds, or all is defined, at no point of the box.
func (s *session) violated(box []interval.I) bool {
	s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
	if s.b.VOut[0].IsEmpty() {
		return true
	}
	for k, c := range s.m.Cons {
		if g := s.b.VOut[k+1]; g.IsEmpty() || g.Lo > 0 || c.Strict && g.Lo >= 0 || c.Equal && g.Hi < 0 {
			return true
		}
	}
	return false
}

// partSums are the lower bounds that the least values of parts of f give, where the parts are terms of a sum or several together.
type partSums struct {
	s      *session
	box    []interval.I
	known  map[int]*relaxation // by the terms
	places []setting           // where parts have their least values

	low  float64 // the greatest lower bound of f that was met
	best *lowerBound
}

// note keeps the lower bound, which is at least low, if it is the greatest so far.
func (p *partSums) note(b *lowerBound, low float64) {
	if low > p.low {
		p.low, p.best = low, b
	}
}

// within answers where the lower bound is as near to the value at the best point as is asked for, though neither is known to be the infimum.
func (p *partSums) within() *Answer {
	s := p.s
	if !(p.low >= s.b.Best.Hi-s.b.Gap()) {
		return nil
	}
	v := interval.New(math.Min(p.low, s.b.Best.Hi), s.b.Best.Hi)
	x := slices.Clone(s.b.BestX)
	a := &Answer{Status: Certified, Method: "relaxation", At: x, Value: model.ClipTo(s.b.At(x), v), Enclosure: &Enclosure{Value: v}, GradientNorm: math.NaN(),
		Minimisers: []Point{{X: x}}, Proof: p.best.proof, Argument: minimum.Argument{Reduction: p.best.reduction}}
	a.Warnings = []string{s.p.openness()}
	return s.flip(a)
}

// of returns the bounds with the parts under the conditions, which are all of them or none; or the answer, where the parts have their
// least values at one point.
func (p *partSums) of(conditions []expr.Expr) (below []*lowerBound, a *Answer) {
	s, t := p.s, simplify.New()
	f := t.Tidy(s.m.F)
	if s.o.relaxed > 0 || f.Op() != expr.Add {
		return nil, nil
	}
	var terms []expr.Expr
	constant := []expr.Expr{t.Int(0)}
	for _, e := range f.Args() {
		if e.IsConstant() {
			constant = append(constant, e)
		} else {
			terms = append(terms, e)
		}
	}
	const most = 4
	if len(terms) < 2 || len(terms) > most {
		return nil, nil
	}
	without := p.known
	p.known = map[int]*relaxation{}
	for _, blocks := range partitions(len(terms)) {
		if s.ctx.Err() != nil {
			return below, nil
		}
		sum, parts := slices.Clone(constant), []*relaxation(nil)
		low := interval.Point(0)
		for _, e := range constant {
			c, ok := tape.EncloseConstant(e)
			if !ok {
				return below, nil
			}
			low = low.Add(c)
		}
		closed := true // all values have closed forms
		for _, mask := range blocks {
			if _, ok := p.known[mask]; !ok {
				of := []expr.Expr{t.Int(0)}
				for i, e := range terms {
					if mask>>i&1 == 1 {
						of = append(of, e)
					}
				}
				r := s.relaxation(t.Sum(of...), conditions, p.box)
				if r == nil || !r.a.ExactValue.Valid() && without[mask] != nil && without[mask].a.ExactValue.Valid() {
					r = without[mask]
				}
				p.known[mask] = r
				p.places = append(p.places, s.placesOf([]*relaxation{r})...)
			}
			r := p.known[mask]
			if r == nil {
				parts = nil
				break
			}
			parts, low = append(parts, r), low.Add(interval.Point(r.a.Enclosure.Value.Lo))
			if closed = closed && r.a.ExactValue.Valid(); closed {
				sum = append(sum, t.Pool().Import(r.a.ExactValue))
			}
		}
		if parts == nil {
			continue
		}
		b := &lowerBound{proof: s.partsText(parts), reduction: s.sumOf(constant, parts...)}
		p.note(b, low.Lo)
		if !closed {
			continue
		}
		b.value = tidyConstant(exact.ClosedForm(t.Add(sum...)))
		if s.isAboveSum(parts, b, p.box) {
			below = append(below, b)
		} else if a := s.together(parts, b); a != nil {
			return nil, a
		}
	}
	return below, nil
}

// partitions lists the ways to divide k things into several groups, each a set of bits, the finest first.
func partitions(k int) (list [][]int) {
	var divide func(i int, blocks []int)
	divide = func(i int, blocks []int) {
		if i == k {
			if len(blocks) > 1 {
				list = append(list, slices.Clone(blocks))
			}
			return
		}
		divide(i+1, append(slices.Clone(blocks), 1<<i))
		for b := range blocks {
			other := slices.Clone(blocks)
			other[b] |= 1 << i
			divide(i+1, other)
		}
	}
	divide(0, nil)
	slices.SortStableFunc(list, func(a, b []int) int { return len(b) - len(a) })
	return list
}

// together answers where all parts have their least values, the sum of which is b, at one point.
func (s *session) together(parts []*relaxation, b *lowerBound) *Answer {
	if slices.ContainsFunc(parts, func(r *relaxation) bool { return r.a.Status != Exact && r.a.Status != Constant }) {
		return nil
	}
	for _, x := range s.p.snaps(s.b.BestX) {
		if e, ok := s.exactPoint(x); ok && equalConstants(s.valueAt(s.m.F, x), b.value) {
			a := s.exactAnswer(e, b.value)
			a.Method, a.Proof, a.Argument.Reduction = "relaxation", append(b.proof, "at this point f has the sum of these values"), b.reduction
			s.active(a, nil)
			return s.flip(a)
		}
	}
	for _, e := range s.restrictions(s.placesOf(parts)) {
		a := s.restricted(e)
		if a == nil || a.Status != Exact || !a.ExactValue.Valid() || !equalConstants(s.toMinimise(a.ExactValue), b.value) {
			continue
		}
		a.Method, a.MinimisersComplete, a.StationaryComplete = "relaxation", false, false
		a.Proof, a.Argument.Reduction = slices.Concat(b.proof, a.Proof), b.reduction
		s.active(a, nil)
		return a
	}
	return nil
}

// partsText tells the least values of the parts.
func (s *session) partsText(parts []*relaxation) []string {
	var list []string
	for _, r := range parts {
		how := ""
		if len(r.q.SubjectTo) > 0 {
			how = " under the conditions"
		}
		not := ""
		if r.a.Status == NotAttained {
			not = ", which it does not have"
		}
		value := format.Number(r.a.Enclosure.Value.Lo, 10)
		if r.a.ExactValue.Valid() {
			value = format.Text(r.a.ExactValue)
		}
		list = append(list, fmt.Sprintf("%s is nowhere lower than %s%s%s", format.Text(r.q.F), value, how, not))
	}
	return []string{fmt.Sprintf("%s is a sum of parts: %s", s.minimised(), strings.Join(list, "; "))}
}

// isAboveSum reports whether no point of the region is proved to have the value b, the sum of those of the parts.
func (s *session) isAboveSum(parts []*relaxation, b *lowerBound, box []interval.I) bool {
	v, ok := tape.EncloseConstant(b.value)
	switch {
	case slices.ContainsFunc(parts, func(r *relaxation) bool { return r.a.Status == NotAttained }):
		return true
	case ok && (!s.b.Contract(slices.Clone(box), v.Hi, 30) || slices.ContainsFunc(parts, func(r *relaxation) bool { return s.misses(r, v.Hi, box) })), s.neverLowest(b.value):
		satisfies := ""
		if len(s.m.Cons) > 0 {
			satisfies = " that satisfies the conditions"
		}
		b.proof = append(slices.Clip(b.proof), "no point"+satisfies+" has all of these values")
		return true
	}
	return false
}

// neverLowest reports whether no point of the region is proved to have the value v, which f is nowhere lower than: all parts of f
// would have their least values there, which asks too much of the variables.
func (s *session) neverLowest(v expr.Expr) bool {
	l := s.lowest(s.b.BestX)
	if l == nil || !l.only || len(l.turns) > 0 || !equalConstants(l.value, v) {
		return false
	}
	pool := expr.NewPool()
	q := &Problem{Vars: s.p.Vars, Bounds: s.p.Bounds, F: pool.Int(0), SubjectTo: slices.Concat(s.p.SubjectTo, simplify.Domain(s.p.F))}
	for _, u := range l.where {
		q.SubjectTo = append(q.SubjectTo, pool.Make(expr.Eq, pool.Import(u), pool.Int(0)))
	}
	ctx, cancel := effort.Share(s.ctx, 0.05)
	defer cancel()
	o := s.o
	o.Start, o.Progress, o.Certificate, o.proof = nil, nil, false, true
	o.relaxed = maxRelaxed
	a, _, err := solveAny(ctx, q, o)
	return err == nil && a.Status == EmptyDomain
}
