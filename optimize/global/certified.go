package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/effort"
)

// starts returns k points spread over the box, the first in its middle: a Halton
// sequence, stretched over the line where the box has no end.
func starts(box []interval.I, k int, seed uint64) [][]float64 {
	primes := []int{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53}
	var list [][]float64
	for j := range k {
		x := make([]float64, len(box))
		for i := range x {
			u := 0.5
			if j > 0 {
				u = halton(j+int(seed%97), primes[i%len(primes)])
				if i >= len(primes) {
					u = math.Mod(u+0.618*float64(i), 1)
				}
			}
			x[i] = stretch(u, box[i])
		}
		list = append(list, x)
	}
	return list
}

func halton(j, base int) float64 {
	f, u := 1.0, 0.0
	for j > 0 {
		f /= float64(base)
		u += f * float64(j%base)
		j /= base
	}
	return u
}

// stretch maps u in (0, 1) to the interval b.
func stretch(u float64, b interval.I) float64 {
	far := func(u float64) float64 { return 3 * u / (1 - u) }
	switch {
	case b.IsBounded():
		return b.Lo + u*(b.Hi-b.Lo)
	case math.IsInf(b.Lo, -1) && math.IsInf(b.Hi, 1):
		if u < 0.5 {
			return -far(1 - 2*u)
		}
		return far(2*u - 1)
	case math.IsInf(b.Hi, 1):
		return b.Lo + far(u)
	}
	return b.Hi - far(1-u)
}

// begin gives the search its first points.
func (b *boxSearch) begin(o searchOptions, box []interval.I) {
	if o.Start != nil && len(o.Start) == b.n {
		b.try(o.Start)
		b.descend(o.Start)
	}
	region := make([]interval.I, b.n)
	for i := range region {
		region[i] = box[i].Meet(b.inner[i])
		if region[i].IsEmpty() {
			region[i] = box[i]
		}
	}
	b.tryCorners(region)
	list := starts(region, 8+8*b.n, o.Seed)
	type sample struct {
		x []float64
		f float64
	}
	var samples []sample
	for _, x := range list {
		if f := b.at(x); !math.IsNaN(f) {
			samples = append(samples, sample{x, f})
		}
	}
	sort.SliceStable(samples, func(i, j int) bool { return samples[i].f < samples[j].f })
	for i, x := range samples {
		if i >= 5 {
			break
		}
		if !b.descend(x.x) {
			b.try(x.x)
		}
	}
}

// tryCorners tries the corners of a bounded box: a walk does not find a value that f has at one
// of them only.
func (b *boxSearch) tryCorners(box []interval.I) {
	const most = 6
	if b.n > most || !bounded(box) {
		return
	}
	x := make([]float64, b.n)
	for corner := range 1 << b.n {
		for i, v := range box {
			if x[i] = v.Lo; corner>>i&1 == 1 {
				x[i] = v.Hi
			}
		}
		b.try(x)
	}
}

// search answers by branch and bound on the box x, which is proved to contain
// all minimisers; why says so. It takes at most the given share of the effort that
// is left. at are further points to begin with.
func (s *session) search(x []interval.I, why string, at [][]float64, share float64) *Answer {
	b := s.b
	for _, y := range at {
		b.descend(y)
	}
	ctx := s.ctx
	if share < 1 {
		var cancel context.CancelFunc
		ctx, cancel = effort.Share(ctx, share)
		defer cancel()
	}
	b.open, b.closed = nil, nil
	if s.o.Certificate {
		b.ledger = &ledger{}
	}
	root := slices.Clone(x)
	s.root = root
	b.add(x, math.Inf(-1))
	report := func() {
		if s.o.Progress != nil {
			s.o.Progress(Progress{Boxes: len(b.open), Done: b.count.Boxes, Lower: b.lower(), Upper: b.best.Hi})
		}
	}
	limit := b.limit
	within := func(boxes int) bool {
		b.limit = min(limit, b.count.Boxes+boxes)
		defer func() { b.limit = limit }()
		return b.run(ctx, report)
	}
	// What a short search does not settle is worth a sum of squares, which takes as long,
	// and what a longer one does not, a good upper bound.
	done := within(fewBoxes)
	if !done && len(s.m.cons) == 0 && s.looksPolynomial() && s.isPolynomial() {
		if a := s.bySquaresAt(1); a != nil {
			return a
		}
	}
	if !done {
		done = within(hardBoxes - fewBoxes)
	}
	if !done && ctx.Err() == nil {
		if len(s.m.cons) == 0 {
			b.explore(ctx, s.o.boxes(), root)
			if a := s.bySquares(); a != nil {
				return a
			}
		} else {
			s.exploreUnder(ctx)
		}
		if a := s.bySquaresAt(allIdentities); a != nil {
			return a
		}
		if a := s.bySquaresNumber(); a != nil {
			return a
		}
		if a := s.bySquaresNear(); a != nil {
			return a
		}
	}
	if !done {
		done = b.run(ctx, report)
	}
	return s.result(b, done, why)
}

// fewBoxes is the number of boxes that take about as long as one sum of squares.
const fewBoxes = 2000

// hardBoxes is the number of boxes after which a problem counts as hard.
const hardBoxes = 4000

// explore looks for better points from many starts, and then by hops from the best
// one: moves of some or all variables, by a large or a small part of the box, with a
// walk downhill after each (basin hopping; Wales and Doye, J. Phys. Chem. A 101,
// 1997).
func (b *boxSearch) explore(ctx context.Context, o searchOptions, box []interval.I) {
	ctx, cancel := effort.Share(ctx, 0.2)
	defer cancel()
	for _, x := range starts(box, 20+20*b.n, o.Seed+1) {
		if b.charge(ctx); ctx.Err() != nil {
			return
		}
		b.descend(x)
	}
	if b.bestX == nil {
		return
	}
	r := rand.New(rand.NewPCG(o.Seed, 11))
	y := make([]float64, b.n)
	parts := [...]float64{0.3, 0.1, 0.03, 0.01}
	for k := 0; k < 60+60*b.n && ctx.Err() == nil; k++ {
		part := parts[k%len(parts)]
		for i := range y {
			y[i] = b.bestX[i]
			switch u := r.Float64(); {
			case k%3 == 0 && u > 2/float64(b.n):
			case k%3 == 1 && u < 0.3:
				y[i] = stretch(r.Float64(), box[i])
			default:
				w := box[i].Width()
				if !finite(w) {
					w = 10 * math.Max(1, math.Abs(y[i]))
				}
				y[i] += part * w * r.NormFloat64()
			}
			y[i] = clipTo(y[i], box[i])
		}
		b.descend(y)
		b.charge(ctx)
	}
}

// exploreUnder looks for better points under constraints, from the boxes with the lowest bounds.
func (s *session) exploreUnder(ctx context.Context) {
	const most = 16
	l := s.lagrangian
	if l == nil {
		return
	}
	begun := slices.Clone(s.b.open)
	sort.Slice(begun, func(i, j int) bool { return begun.Less(i, j) })
	var better *kkt
	for _, r := range begun[:min(most, len(begun))] {
		x := make([]float64, len(r.x))
		for i, v := range r.x {
			x[i] = v.Mid()
		}
		if ctx.Err() != nil || !allFinite(x) {
			break
		}
		k := l.minimise(s.ctx, s.b.prober, x, penalties[1])
		if k == nil || math.IsNaN(k.f) {
			continue
		}
		s.kkts = append(s.kkts, k)
		if k.violation < nearlyFeasible && k.f < s.b.best.Hi-s.b.gap() {
			if s.admit(l, k); s.b.best.Hi < k.f+looseness*math.Max(1, math.Abs(k.f)) {
				better = k
			}
		}
	}
	if better != nil {
		s.dualsOf(l, better)
	}
}

// result makes an answer of what branch and bound has found.
func (s *session) result(b *boxSearch, done bool, why string) *Answer {
	a := &Answer{Method: "interval branch and bound", Evaluations: b.count}
	lb := b.lower()
	if b.bestX == nil {
		if done && len(b.open) == 0 && len(b.closed) == 0 {
			a.Status = EmptyDomain
			a.Proof = []string{fmt.Sprintf("interval arithmetic excludes every part of the region (%d boxes)", b.count.Boxes)}
			return a
		}
		return nil
	}
	lb = math.Min(lb, b.best.Hi)
	s.bound = math.Max(s.bound, lb)
	a.At, a.Attained = slices.Clone(b.bestX), true
	a.Enclosure = &Enclosure{Value: interval.I{Lo: lb, Hi: b.best.Hi}}
	a.Value = clipTo(b.at(a.At), a.Enclosure.Value)
	a.GradientNorm = s.gradientNorm(b.prober, a.At)
	a.Minimisers = []Point{{X: a.At}}
	a.Proof = []string{fmt.Sprintf("every part of the region was excluded or bounded from below by interval arithmetic (%d boxes)", b.count.Boxes)}
	if why != "" {
		a.Proof = append([]string{why}, a.Proof...)
	}
	if !(lb >= b.best.Hi-b.gap()) {
		a.Status = Local
		a.Proof = nil
		return s.flip(a)
	}
	if !b.attained(lb) && b.onEdge() {
		parts := make([]string, len(a.At))
		for i, v := range a.At {
			parts[i] = s.p.Vars[i] + " → " + format.Number(v, 6)
		}
		a.Status, a.Attained, a.Approached = NotAttained, false, strings.Join(parts, ", ")
		a.At, a.Minimisers, a.GradientNorm = nil, nil, math.NaN()
		a.Proof = append(a.Proof, fmt.Sprintf("where f is not %s than that, its gradient is not zero: no point inside the region is the best, and the edge does not belong to it", s.p.higher()))
		return s.flip(a)
	}
	if !b.attained(lb) {
		// The infimum is known, and a point that comes within the gap of it.
		a.Status, a.Proof = Local, nil
		s.warnings = append(s.warnings, "whether the value is attained is not settled: the formula or the region has an edge there")
		return s.flip(a)
	}
	a.Status = Certified
	if why == "" && !bounded(s.m.outer) {
		a.Proof = append(a.Proof, "unbounded parts of the region too")
	}
	s.locate(b, a)
	return s.flip(a)
}

// attained reports whether the minimum is proved to be attained: at the best
// point, or because what is left of the region is closed and bounded.
func (b *boxSearch) attained(lb float64) bool {
	if b.best.Hi <= lb {
		return true
	}
	for _, x := range b.left() {
		if !bounded(x) || !b.closedIn(x) {
			return false
		}
	}
	return true
}

// left are the boxes that may hold a point as low as the best one.
func (b *boxSearch) left() (boxes [][]interval.I) {
	for _, list := range [][]*region{b.closed, b.open} {
		for _, r := range list {
			if r.lb <= b.best.Hi {
				boxes = append(boxes, r.x)
			}
		}
	}
	return boxes
}

// closedIn reports whether the part of the region in the closed box x is proved to be closed,
// and f to be continuous there: no end and no inequality is left out, and the constraints are
// continuous. A constraint with a hole or a jump, as x/y >= 0 and x != 0 have, may leave out
// the best point and no other.
func (b *boxSearch) closedIn(x []interval.I) bool {
	for _, c := range b.cons {
		if c.strict {
			return false
		}
	}
	for i, x := range x {
		if b.loOpen[i] && x.Lo <= b.inner[i].Lo || b.hiOpen[i] && x.Hi >= b.inner[i].Hi {
			return false
		}
	}
	b.mv.Interval(b.vOut, b.vDec, x)
	return !slices.ContainsFunc(b.vDec, func(d interval.Dec) bool { return d != interval.Continuous })
}

// onEdge reports whether no point of the region is a minimiser: in what is left of it f
// falls along a variable, and only ends and inequalities that do not belong to the
// region could stop that.
func (b *boxSearch) onEdge() bool {
	return !slices.ContainsFunc(b.left(), func(x []interval.I) bool { return !b.fallsInside(x) })
}

// fallsInside reports whether from every point of the region in the box x f, which is smooth
// there, falls along a variable without leaving the region at once.
func (b *boxSearch) fallsInside(x []interval.I) bool {
	b.inflate(x)
	b.mv.Interval(b.vOut, b.vDec, b.wide)
	for k, c := range b.cons {
		if c.strict {
			if b.vDec[k+1] < interval.Continuous {
				return false
			}
			continue
		}
		if g := b.vOut[k+1]; c.equal || b.vDec[k+1] < interval.Defined || !(g.Hi < 0) {
			return false
		}
	}
	b.ms.Interval(b.sOut, b.sDec, b.wide)
	if b.sDec[0] < interval.Continuous { // the formula of a derivative does not show jumps
		return false
	}
	for i := range x {
		g := b.sOut[i+1]
		if b.sDec[i+1] < interval.Continuous || g.IsEmpty() {
			continue
		}
		down := g.Lo > 0 && (b.loOpen[i] || x[i].Lo > b.inner[i].Lo)
		up := g.Hi < 0 && (b.hiOpen[i] || x[i].Hi < b.inner[i].Hi)
		if down || up {
			return true
		}
	}
	return false
}

// gradientNorm is the largest slope in a variable that no bound holds, NaN where
// there is none.
func (s *session) gradientNorm(p *prober, x []float64) float64 {
	g := make([]float64, p.n)
	p.gradient(g, x)
	n := 0.0
	for i, v := range g {
		if x[i] <= p.inner[i].Lo && v > 0 || x[i] >= p.inner[i].Hi && v < 0 {
			continue
		}
		if math.IsNaN(v) {
			return v
		}
		n = math.Max(n, math.Abs(v))
	}
	return n
}
