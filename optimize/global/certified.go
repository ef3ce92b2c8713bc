package global

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/optimize/global/certificate"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"
)

// search answers by branch and bound on the box x, which is proved to contain
// all minimisers; why says so. It takes at most the given share of the effort that
// is left.
func (s *session) search(x []interval.I, why string, share float64) *Answer {
	b := s.b
	if share < 1 {
		whole := s.ctx
		ctx, cancel := effort.Share(whole, share)
		s.ctx = ctx
		defer func() { cancel(); s.ctx = whole }()
	}
	root := slices.Clone(x)
	s.beginOn(root)
	report := func() {
		if s.o.Progress != nil {
			s.o.Progress(Progress{Boxes: len(b.Open), Done: b.Count.Boxes, Lower: b.Lower(), Upper: b.Best.Hi})
		}
	}
	const short = 0.1 // after such a search something else is to be asked first
	done, a := s.searchInStages(root, why, share > short, report)
	if a != nil {
		return a
	}
	if !done {
		done = b.Run(s.ctx, report)
	}
	if !done {
		b.Left = root
	}
	a = s.result(b, done, why)
	if done && a != nil && a.Status == Local { // beside a step, perhaps, or at an edge
		if b := s.firstOf(func() *Answer { return s.bySteps(root, why) }, func() *Answer { return s.byLifting(root, why) }); b != nil {
			s.warnings = nil
			return b
		}
	}
	return a
}

// beginOn prepares the search of the box root, or goes on with it where it has begun.
func (s *session) beginOn(root []interval.I) {
	b := s.b
	begun := len(b.Open) > 0 && slices.Equal(root, b.Left)
	if !begun {
		b.Open, b.Closed = nil, nil
		if s.o.Certificate {
			b.Ledger = &branch.Ledger{}
		}
	}
	s.root, b.Left = root, nil
	if form.HasKinks(s.m.F) {
		if b.Convex = form.IsConvex(s.m.F, s.p.Vars, root); b.Convex { // another box may have been searched before
			s.support(root)
		}
	}
	if !begun {
		b.Add(slices.Clone(root), math.Inf(-1))
	}
}

// searchInStages searches some boxes of root at a time, and tries other methods in between: what a short search does not settle is worth a
// sum of squares, which takes as long, and what a longer one does not, a good upper bound. It reports whether the search is done, or
// returns the answer of another method.
func (s *session) searchInStages(root []interval.I, why string, lift bool, report func()) (done bool, a *Answer) {
	b, ctx := s.b, s.ctx
	limit := b.Limit
	within := func(boxes int) bool {
		b.Limit = min(limit, b.Count.Boxes+boxes)
		defer func() { b.Limit = limit }()
		return b.Run(ctx, report)
	}
	if form.HasKinks(s.m.F) && !b.Convex {
		if done = within(kinkBoxes); !done {
			s.supportNear(root)
		}
	}
	if !done && len(s.m.Cons) > 0 {
		if done = within(begunBoxes); !done {
			s.exploreUnder(ctx, 4)
		}
	}
	if !done {
		done = within(fewBoxes)
	}
	if !done && len(s.m.Cons) == 0 && s.looksPolynomial() && s.isPolynomial() {
		if a := s.bySquaresAt(1); a != nil {
			return false, a
		}
	}
	if !done {
		done = within(hardBoxes - fewBoxes)
	}
	if done || ctx.Err() != nil {
		return done, nil
	}
	if a := s.firstOf(s.byMinorant, func() *Answer { return s.bySteps(root, why) }, s.byKinks, s.byProjection); a != nil {
		return false, a
	}
	if bounds := s.boundsWithin(root); !s.m.Bounded() && bounds != nil {
		if a := s.byKinksIn(bounds); a != nil && a.Status != EmptyDomain {
			a.Proof = append([]string{why}, a.Proof...)
			a.Argument.Reduction = nil // the cases leave out what is higher
			return false, a
		}
	}
	if len(s.m.Cons) == 0 {
		b.Explore(ctx, s.o.boxes(), root)
		if a := s.bySquares(); a != nil {
			return false, a
		}
	} else {
		s.exploreUnder(ctx, 16)
	}
	if lift {
		if a := s.byLifting(root, why); a != nil {
			return false, a
		}
	}
	if a := s.bySquaresAt(allIdentities); a != nil {
		return false, a
	}
	return false, s.bySquaresNumber()
}

// support gives the search a support on the box x, on which f is convex.
func (s *session) support(x []interval.I) {
	ctx, cancel := effort.Share(s.ctx, 0.2)
	defer cancel()
	if u := s.b.Support(ctx, x); u != nil {
		s.b.Supports, s.b.Team = append(slices.Clip(s.b.Supports), u), nil
	}
}

// supportText says what supports show.
func (s *session) supportText(list []*branch.Support) string {
	where := ""
	if u := list[0]; !slices.Equal(u.Box, s.root) {
		where = " where " + s.within(u.Box)
	}
	return fmt.Sprintf("f is %s%s, so that its tangents are nowhere %s than f there, and neither is a weighted mean of some round this point, which is level", s.p.convex(), where, s.p.higher())
}

// supportsOf writes supports down.
func supportsOf(list []*branch.Support) (out []certificate.Support) {
	for _, u := range list {
		c := certificate.Support{Box: certificate.Ends(u.Box)}
		for _, t := range u.Tangents {
			c.Tangents = append(c.Tangents, certificate.Tangent{At: t.At, Weight: t.Weight})
		}
		out = append(out, c)
	}
	return out
}

// supportNear gives the search a support on a box round the best point, as large as f is proved to be convex on it.
func (s *session) supportNear(root []interval.I) {
	s.b.Walk(s.ctx, root)
	for _, r := range [...]float64{1, 0.1, 1e-2, 1e-3, 1e-4} {
		x := make([]interval.I, len(root))
		for i, c := range s.b.BestX {
			d := r * math.Max(1, math.Abs(c))
			x[i] = interval.New(c-d, c+d).Meet(root[i])
		}
		if form.IsConvexNear(s.m.F, s.p.Vars, x) {
			s.support(x)
			return
		}
	}
}

// boundsWithin returns the ends of a box of the region as bounds, but those of the question where it goes as far, which may be open;
// nil where one is not finite.
func (s *session) boundsWithin(x []interval.I) []Bound {
	if !model.Bounded(x) {
		return nil
	}
	t := simplify.New()
	out := make([]Bound, len(x))
	for i, v := range x {
		b := &out[i]
		*b = Bound{Lo: model.ExactFloat(t, v.Lo), Hi: model.ExactFloat(t, v.Hi)}
		if s.p.Bounds == nil {
			continue
		}
		if own := s.p.Bounds[i]; own.Lo.Valid() && v.Lo <= s.m.Outer[i].Lo {
			b.Lo, b.LoOpen = own.Lo, own.LoOpen
		}
		if own := s.p.Bounds[i]; own.Hi.Valid() && v.Hi >= s.m.Outer[i].Hi {
			b.Hi, b.HiOpen = own.Hi, own.HiOpen
		}
	}
	return out
}

// fewBoxes is the number of boxes that take about as long as one sum of squares.
const fewBoxes = 2000

// kinkBoxes is the number of boxes after which a minimum is suspected to be on a kink.
const kinkBoxes = 300

// hardBoxes is the number of boxes after which a problem counts as hard.
const hardBoxes = 4000

// begunBoxes is the number of boxes after which a search under constraints looks for a better point.
const begunBoxes = 300

// exploreUnder looks for better points under constraints, from at most so many boxes with the lowest bounds.
func (s *session) exploreUnder(ctx context.Context, most int) {
	l := s.lagrangian
	if l == nil {
		return
	}
	begun := slices.Clone(s.b.Open)
	sort.Slice(begun, func(i, j int) bool { return begun.Less(i, j) })
	var better *kkt.Solution
	for _, r := range begun[:min(most, len(begun))] {
		x := make([]float64, len(r.X))
		for i, v := range r.X {
			x[i] = v.Mid()
		}
		if ctx.Err() != nil || !model.AllFinite(x) {
			break
		}
		k := s.localFrom(l, x, penalties[1])
		if k == nil {
			continue
		}
		s.kkts = append(s.kkts, k)
		if k.Violation < kkt.NearlyFeasible && k.F < s.b.Best.Hi-s.b.Gap() {
			if s.admit(l, k); s.b.Best.Hi < k.F+looseness*math.Max(1, math.Abs(k.F)) {
				better = k
			}
		}
	}
	if better != nil {
		s.dualsOf(l, better)
	}
}

// boxes is a number of boxes in words.
func boxes(n int) string {
	if n == 1 {
		return "1 box"
	}
	return fmt.Sprintf("%d boxes", n)
}

// result makes an answer of what branch and bound has found.
func (s *session) result(b *branch.Search, done bool, why string) *Answer {
	a := &Answer{Method: "interval branch and bound", Evaluations: b.Count}
	lb := b.Lower()
	if b.BestX == nil {
		if done && len(b.Open) == 0 && len(b.Closed) == 0 {
			a.Status = EmptyDomain
			a.Proof = []string{"interval arithmetic excludes every part of the region (" + boxes(b.Count.Boxes) + ")"}
			return a
		}
		return nil
	}
	lb = math.Min(lb, b.Best.Hi)
	s.bound = math.Max(s.bound, lb)
	a.At, a.Attained = slices.Clone(b.BestX), true
	a.Enclosure = &Enclosure{Value: interval.I{Lo: lb, Hi: b.Best.Hi}}
	a.Value = model.ClipTo(b.At(a.At), a.Enclosure.Value)
	a.GradientNorm = s.gradientNorm(b.Prober, a.At)
	a.Minimisers = []Point{{X: a.At}}
	a.Proof = []string{"every part of the region was excluded or bounded from below by interval arithmetic (" + boxes(b.Count.Boxes) + ")"}
	if len(b.Supports) > 0 {
		a.Proof = append(a.Proof, s.supportText(b.Supports))
		a.Argument.Supports = supportsOf(b.Supports)
	}
	if why != "" {
		a.Proof = append([]string{why}, a.Proof...)
	}
	if !(lb >= b.Best.Hi-b.Gap()) {
		a.Status = Local
		a.Proof = nil
		return s.flip(a)
	}
	if !b.Attained(lb) && b.OnEdge() {
		a.Status, a.Attained = NotAttained, false
		if b.Refine(); b.Pinned(a.At) {
			parts := make([]string, len(a.At))
			for i, v := range a.At {
				parts[i] = s.p.Vars[i] + " → " + format.Number(v, 6)
			}
			a.Approached = strings.Join(parts, ", ")
		}
		a.Argument.Path = comingTo(Point{X: a.At}, make([]float64, len(a.At))) // which is near enough
		a.At, a.Minimisers, a.GradientNorm = nil, nil, math.NaN()
		a.Proof = append(a.Proof, fmt.Sprintf("where f is not %s than that, its gradient is not zero: no point inside the region is the best, and the edge does not belong to it", s.p.higher()))
		return s.flip(a)
	}
	if !b.Attained(lb) {
		// The infimum is known, and a point that comes within the gap of it.
		a.Status, a.Proof = Local, nil
		s.warnings = append(s.warnings, "whether the value is attained is not settled: the formula or the region has an edge there")
		return s.flip(a)
	}
	a.Status = Certified
	if why == "" && !model.Bounded(s.m.Outer) {
		a.Proof = append(a.Proof, "unbounded parts of the region too")
	}
	s.locate(b, a)
	return s.flip(a)
}

// gradientNorm is the largest slope in a variable that no bound holds, NaN where
// there is none.
func (s *session) gradientNorm(p *model.Prober, x []float64) float64 {
	g := make([]float64, p.N)
	p.Gradient(g, x)
	n := 0.0
	for i, v := range g {
		if x[i] <= p.Inner[i].Lo && v > 0 || x[i] >= p.Inner[i].Hi && v < 0 {
			continue
		}
		if math.IsNaN(v) {
			return v
		}
		n = math.Max(n, math.Abs(v))
	}
	return n
}
