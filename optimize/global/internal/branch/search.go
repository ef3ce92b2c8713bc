// Package branch finds the minimum of a function in a box with proof: interval branch and
// bound, in which boxes are narrowed by constraint propagation, bounded from below and split.
package branch

import (
	"container/heap"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/minimum"
)

// A Region is a box that may hold a minimiser, with a lower bound of f on it.
type Region struct {
	X    []interval.I
	LB   float64
	seq  int       // order of creation, which settles ties
	At   []float64 // where f is convex on the box: its minimiser there, nearly
	id   int32     // in the ledger
	next int       // the variable to split, -1 for none in particular
}

type regions []*Region

func (h regions) Len() int { return len(h) }
func (h regions) Less(i, j int) bool {
	return h[i].LB < h[j].LB || h[i].LB == h[j].LB && h[i].seq > h[j].seq
}

func (h regions) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *regions) Push(x any)   { *h = append(*h, x.(*Region)) }
func (h *regions) Pop() any {
	o := *h
	r := o[len(o)-1]
	*h = o[:len(o)-1]
	return r
}

// A Search is interval branch and bound (Hansen and Walster, Global
// Optimization Using Interval Analysis, 2nd ed. 2004; Kearfott, Rigorous Global
// Search, 1996): boxes are split, best bound first, and dropped when they are
// proved to hold no minimiser.
type Search struct {
	*model.Prober
	w      *walker
	relGap float64

	cv, cs *contractor
	demand []interval.I // on the outputs of Value
	still  []interval.I // on the outputs of Slope

	Open   regions
	Closed []*Region    // convex, with a bound that cannot be raised
	Left   []interval.I // the box of which these are all that is left, where a search of it may go on; nil otherwise
	seq    int
	Limit  int // boxes
	// Convex says that f is known to be convex where it is defined in the region.
	Convex bool
	// Frozen leaves Best alone: the question is whether anything is as low.
	Frozen bool
	fj     *fritzJohn // nil until it is needed
	mj     *tape.Machine
	// Duals, with constraints, bound f from below by Lagrangians.
	Duals []Dual
	// Supports bound f from below where it is convex.
	Supports []*Support
	// squares is not nil in a search that has gone on for long, of a sum of squares.
	squares  *gaussNewton
	unsquare bool // f is known to be no such sum
	// relaxed is not nil in a search under constraints that has gone on for long.
	relaxed   *relaxed
	unrelaxed bool // that did not pay
	next      int  // the variable to split, as the examination of a box suggests; -1 for none

	charged int // of the work that count shows

	Best  interval.I // of f at BestX, proved; Hi is an upper bound of the minimum
	BestX []float64

	wide   []interval.I
	hess   [][]interval.I
	free   []int
	c      []float64
	fc     interval.I
	gc     []interval.I
	gb     []interval.I // gradient on the box at hand
	Ledger *Ledger      // nil unless the proof is to be written down

	workers int
	Team    []*Search // s itself first; nil until it is needed
}

// Options steer a Search.
type Options struct {
	RelGap  float64   // of the bounds, relative to their size; 0 means 1e-9
	Workers int       // goroutines; 0 means one for each processor
	Seed    uint64    // of the points to begin with
	Start   []float64 // one of them, or nil
}

// maxWorkers is the number of goroutines that share a batch; more would wait.
const maxWorkers = batch

// New starts with the box x.
func New(m *model.Model, o Options) *Search {
	p := m.Prober()
	s := &Search{Prober: p, w: newWalker(p), relGap: o.RelGap, cv: newContractor(m.Value), cs: newContractor(m.Slope),
		Best: interval.I{Lo: math.Inf(1), Hi: math.Inf(1)}, Limit: 3_000_000}
	s.relGap = GapOrDefault(s.relGap)
	if s.workers = o.Workers; s.workers <= 0 {
		s.workers = min(runtime.GOMAXPROCS(0), maxWorkers)
	}
	s.demand = demands(m.Cons)
	s.still = make([]interval.I, m.Slope.NumOut())
	s.wide = make([]interval.I, m.N)
	s.gc = make([]interval.I, m.N)
	s.gb = make([]interval.I, m.N)
	s.c = make([]float64, m.N)
	if m.Curve != nil {
		s.hess = model.Matrix(m.N)
	}
	return s
}

// demands are those of the constraints on the outputs of a program of which the first is f.
func demands(cons []model.Constraint) []interval.I {
	d := make([]interval.I, len(cons)+1)
	for k, c := range cons {
		d[k+1] = interval.I{Lo: math.Inf(-1), Hi: 0}
		if c.Equal {
			d[k+1] = interval.Point(0)
		}
	}
	return d
}

// Contract narrows the box x in place to a box that contains all of it where the constraints
// hold and f ≤ most, by so many rounds of constraint propagation; false says that there is
// no such point.
func (s *Search) Contract(x []interval.I, most float64, rounds int) bool {
	s.demand[0] = interval.I{Lo: math.Inf(-1), Hi: most}
	return s.cv.contract(x, s.demand, rounds)
}

// Polish walks downhill from x, in place, within the box: Newton's method on the free
// variables. It returns the value of f.
func (s *Search) Polish(x []float64, box []interval.I, steps int) float64 {
	return s.w.polish(x, box, steps)
}

// Gap is how far the bounds of the minimum may be apart: at least twice as far as
// those of f at the best point, since a bound on a box is not better, within reason.
func (s *Search) Gap() float64 {
	size := math.Max(1, math.Abs(s.Best.Hi))
	gap := s.relGap * size
	if s.relGap < looseGap {
		if w := 2 * s.Best.Width(); w > gap {
			gap = math.Min(w, looseGap*size)
		}
	}
	return gap
}

// looseGap is the relative gap up to which rounding may widen the gap asked for.
const looseGap = 1e-7

// settled reports whether nothing in a box with the lower bound lb is better than
// the best point by more than the gap. Nothing is settled before there is a point.
func (s *Search) settled(lb float64) bool { return lb >= s.Best.Hi-s.Gap() }

// Try encloses f at x, and takes it as the best point if it is.
func (s *Search) Try(x []float64) bool {
	if s.Frozen || !model.AllFinite(x) {
		return false
	}
	for i := range x {
		if !s.Inner[i].Has(x[i]) {
			if s.Inner[i].IsEmpty() {
				return false
			}
			x = slices.Clone(x)
			for j := range x {
				x[j] = model.ClipTo(x[j], s.Inner[j])
			}
			break
		}
	}
	v, ok := s.AtPoint(x)
	if !ok || !(v.Hi < s.Best.Hi) || !model.Finite(v.Lo) || !s.Feasible(x) {
		return false
	}
	s.Best = v
	s.BestX = append(s.BestX[:0], x...)
	return true
}

// Descend polishes a copy of x and tries the result.
func (s *Search) Descend(x []float64) bool {
	y := slices.Clone(x)
	s.w.polish(y, s.Inner, 60)
	return s.Try(y)
}

// Lower returns a lower bound of the minimum.
func (s *Search) Lower() float64 {
	lb := s.Best.Hi
	if len(s.Open) > 0 {
		lb = math.Min(lb, s.Open[0].LB)
	}
	for _, r := range s.Closed {
		lb = math.Min(lb, r.LB)
	}
	return lb
}

// soloBoxes is the number of boxes up to which one is split at a time: for few it
// does not pay to share the work, and the best bound first wastes none.
const soloBoxes = 100

// batch is how many boxes are split between two looks at the best bound. It does
// not depend on the number of workers, so that the answer does not either.
const batch = 12

// Run searches until the gap is reached, and returns false when ctx or the limit
// ended it before.
func (s *Search) Run(ctx context.Context, report func()) bool {
	reported := s.Count.Boxes
	for len(s.Open) > 0 {
		if s.settled(s.Open[0].LB) {
			return true
		}
		if s.Charge(ctx); ctx.Err() != nil {
			return false
		}
		if report != nil && s.Count.Boxes-reported > 2000 {
			reported = s.Count.Boxes
			report()
		}
		if s.Count.Boxes > s.Limit || len(s.Open) > 400_000 {
			return false
		}
		if s.Count.Boxes < soloBoxes {
			s.Split(s.Pop())
			continue
		}
		s.lookForSquares()
		s.relaxLate()
		var list []*Region
		for len(list) < batch && len(s.Open) > 0 && !s.settled(s.Open[0].LB) {
			list = append(list, s.Pop())
		}
		for _, b := range s.together(list) {
			s.merge(b)
		}
	}
	return true
}

// Charge charges the work since it was last called.
func (s *Search) Charge(ctx context.Context) {
	floats := s.Count.F*s.Value.Len() + s.Count.Gradient*s.Slope.Len()
	if s.Curve != nil {
		floats += s.Count.Hessian * s.Curve.Len()
	}
	for _, w := range append(s.Team[min(1, len(s.Team)):], s) {
		if w.relaxed != nil {
			floats += w.relaxed.Work / 2
		}
	}
	work := effort.Floats(floats) + s.enclosing()
	for i := 1; i < len(s.Team); i++ {
		work += s.Team[i].enclosing()
	}
	effort.Charge(ctx, max(0, work-s.charged)) // a dual that was left out takes its work along
	s.charged = work
}

// enclosing is the work of s so far in interval arithmetic.
func (s *Search) enclosing() int {
	const forthAndBack = 2
	work := forthAndBack * (s.cv.m.Work() + s.cs.m.Work())
	for _, m := range [...]*tape.Machine{s.MV, s.MS, s.MC, s.mj} {
		if m != nil {
			work += m.Work()
		}
	}
	if q := s.squares; q != nil {
		work += q.mv.Work() + q.ms.Work()
		if q.bent != nil {
			work += q.bent.m.Work()
		}
	}
	for _, d := range s.Duals {
		work += d.enclosing()
	}
	return work
}

// lookForSquares reads f as a sum of squares, once.
func (s *Search) lookForSquares() {
	if s.squares != nil || s.unsquare || len(s.Cons) > 0 {
		return
	}
	if q := asResiduals(s.F, s.Vars); q != nil {
		s.squares = newGaussNewton(q, s.N)
	} else {
		s.unsquare = true
	}
}

// together splits the boxes of the list and examines the halves, the workers taking
// turns. All of them know the best point of before, and no more.
func (s *Search) together(list []*Region) []*fork {
	if s.Team == nil {
		s.Team = []*Search{s}
		for len(s.Team) < s.workers {
			s.Team = append(s.Team, s.another())
		}
	}
	for _, w := range s.Team {
		if s.squares != nil && w.squares == nil {
			w.squares = newGaussNewton(s.squares.residuals, s.N)
		}
		if s.relaxed != nil && w.relaxed == nil {
			w.relaxed = w.relaxation()
		}
	}
	out := make([]*fork, len(list))
	best, bestX := s.Best, slices.Clone(s.BestX)
	work := func(k int) {
		w := s.Team[k]
		for i := k; i < len(list); i += len(s.Team) {
			w.Best, w.BestX = best, append(w.BestX[:0], bestX...)
			out[i] = w.halves(list[i])
		}
	}
	var group sync.WaitGroup
	for k := 1; k < len(s.Team); k++ {
		group.Go(func() { work(k) })
	}
	work(0)
	group.Wait()
	s.Best, s.BestX = best, bestX
	for _, w := range s.Team[1:] {
		s.Count.F += w.Count.F
		s.Count.Gradient += w.Count.Gradient
		s.Count.Hessian += w.Count.Hessian
		w.Count = minimum.Evaluations{}
	}
	return out
}

// another returns a search with the same question and its own memory.
func (s *Search) another() *Search {
	w := New(s.Model, Options{RelGap: s.relGap, Workers: 1})
	w.Frozen, w.Convex, w.Supports = s.Frozen, s.Convex, s.Supports
	for _, d := range s.Duals {
		// The model of a dual holds the box at hand.
		m := *d.Model
		e := Dual{d.At, d.Y, New(&m, Options{RelGap: d.relGap, Workers: 1})}
		e.Frozen, e.Convex = d.Frozen, d.Convex
		w.Duals = append(w.Duals, e)
	}
	return w
}

// A fork is a box that was split, and what was found out of the halves.
type fork struct {
	r     *Region
	k     int // the variable, -1 where the box could not be split
	at    float64
	sides [2]part
	best  interval.I // at bestX, nil if nothing better was found
	bestX []float64
}

// A part is a box that was examined.
type part struct {
	given, x []interval.I // before and after it was narrowed
	lb       float64
	keep     bool
	at       []float64
	next     int // the variable to split, -1 for none in particular
}

// halves splits the box of r and examines the halves; best is the best point of s.
func (s *Search) halves(r *Region) *fork {
	b := &fork{r: r, k: r.next}
	if b.k < 0 {
		b.k = s.direction(r.X)
	}
	if b.k < 0 {
		return b
	}
	before := s.Best.Hi
	b.at = middle(r.X[b.k])
	for side := range b.sides {
		x := slices.Clone(r.X)
		if side == 0 {
			x[b.k].Hi = b.at
		} else {
			x[b.k].Lo = b.at
		}
		b.sides[side] = s.part(x, r.LB)
	}
	if s.Best.Hi < before {
		b.best, b.bestX = s.Best, slices.Clone(s.BestX)
	}
	return b
}

// part examines the box x.
func (s *Search) part(x []interval.I, lb float64) part {
	p := part{given: slices.Clone(x), x: x}
	s.next = -1
	p.lb, p.keep, p.at = s.examine(x, lb)
	p.next = s.next
	return p
}

// merge takes over what a fork has found.
func (s *Search) merge(b *fork) {
	if b.bestX != nil && b.best.Hi < s.Best.Hi {
		s.Best, s.BestX = b.best, append(s.BestX[:0], b.bestX...)
	}
	if b.k < 0 {
		// A box that cannot be split any more stays as it is.
		s.Closed = append(s.Closed, b.r)
		return
	}
	var ids [2]int32
	for side, p := range b.sides {
		ids[side] = s.keep(p)
	}
	s.Ledger.divide(b.r.id, b.k, b.at, ids[0], ids[1])
}

// Split halves the box of r and examines the halves. It answers false where the box cannot be split any more: then it
// is among those that are closed.
func (s *Search) Split(r *Region) bool {
	b := s.halves(r)
	s.merge(b)
	return b.k >= 0
}

// Add examines the box x and keeps what is left of it. It returns its number in
// the ledger.
func (s *Search) Add(x []interval.I, lb float64) int32 { return s.keep(s.part(x, lb)) }

// keep keeps a box that was examined, unless it was dropped. It returns its number
// in the ledger.
func (s *Search) keep(p part) int32 {
	s.Count.Boxes++
	id := s.Ledger.enter(p.given, p.x, p.keep)
	if !p.keep {
		return id
	}
	s.seq++
	r := &Region{X: p.x, LB: p.lb, seq: s.seq, At: p.at, id: id, next: p.next}
	if p.at != nil {
		s.Closed = append(s.Closed, r)
	} else {
		heap.Push(&s.Open, r)
	}
	return id
}

// middle returns where to split x: not quite in the middle, since minimisers
// like round numbers; an unbounded interval by powers of ten.
func middle(x interval.I) float64 {
	switch {
	case x.IsBounded():
		m := x.Lo + 0.4961*(x.Hi-x.Lo)
		if !model.Finite(m) {
			m = x.Lo/2 + x.Hi/2
		}
		return m
	case math.IsInf(x.Lo, -1) && math.IsInf(x.Hi, 1):
		return -0.0373
	case math.IsInf(x.Hi, 1):
		return outward(x.Lo)
	}
	return -outward(-x.Hi)
}

func outward(a float64) float64 {
	switch {
	case a < -1.1:
		return a / 10
	case a < 1:
		return 1.07
	case a > 1e150:
		return math.MaxFloat64
	case a > 1e6:
		return a * a
	}
	return 10 * a
}

// direction chooses the variable to split: the one whose share in the variation
// of f is largest (smear), unless its side is already much shorter than others.
// It returns -1 when no side can be split.
func (s *Search) direction(x []interval.I) int {
	widest := 0.0
	for i := range x {
		if w := s.relativeWidth(x[i]); w > widest {
			widest = w
		}
	}
	if widest == 0 {
		return -1
	}
	k, most := -1, -1.0
	s.MS.Interval(s.SOut, nil, x)
	for i := range x {
		w := s.relativeWidth(x[i])
		if w < 1e-3*widest || w == 0 {
			continue
		}
		v := w
		if g := s.SOut[i+1]; !math.IsInf(widest, 1) && !g.IsEmpty() && g.IsBounded() {
			v = g.Mag() * x[i].Width()
		} else if !math.IsInf(widest, 1) {
			v = math.MaxFloat64
		}
		if v > most {
			k, most = i, v
		}
	}
	return k
}

// relativeWidth is the length of x relative to its distance from 0, 0 for what
// cannot be split.
func (s *Search) relativeWidth(x interval.I) float64 {
	m := middle(x)
	if !(x.Lo < m && m < x.Hi) {
		return 0
	}
	w := x.Width()
	if math.IsInf(w, 1) {
		return w
	}
	if w <= 4e-16*math.Max(x.Mag(), 1e-290) {
		return 0
	}
	return w
}

// Pop takes the box with the lowest bound.
func (b *Search) Pop() *Region { return heap.Pop(&b.Open).(*Region) }

// GapOrDefault is the relative gap with its default.
func GapOrDefault(gap float64) float64 {
	if gap <= 0 {
		return 1e-9
	}
	return gap
}
