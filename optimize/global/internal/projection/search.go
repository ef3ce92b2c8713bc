package projection

import (
	"container/heap"
	"context"
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// A Question is what the search is to find out.
type Question struct {
	Box []interval.I // of all variables
	// Best returns an upper bound of the minimum and its point, and Settled whether a lower bound is near enough to it.
	Best    func() (float64, []float64)
	Settled func(low float64) bool
	Try     func(x []float64) // a point that is perhaps better
}

// A Result is what is left of the search.
type Result struct {
	Done  bool           // nothing is lower than the best by more than what is settled
	Low   float64        // nothing is lower than that
	Boxes int            // examined
	Left  [][]interval.I // of the variables Others: where the fit may be as low as the best, images too
}

// A piece is a box of the variables b with a bound.
type piece struct {
	x    []interval.I
	low  float64
	next int // the variable to divide
	seq  int
}

type pieces []*piece

func (h pieces) Len() int { return len(h) }
func (h pieces) Less(i, j int) bool {
	return h[i].low < h[j].low || h[i].low == h[j].low && h[i].seq < h[j].seq
}
func (h pieces) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *pieces) Push(x any)   { *h = append(*h, x.(*piece)) }
func (h *pieces) Pop() any {
	o := *h
	p := o[len(o)-1]
	*h = o[:len(o)-1]
	return p
}

const (
	maxBoxes = 200_000 // that are examined
	hopeless = 8_000   // after so many, none of which nothing is known should be left
)

// Minimise divides the space of the variables b until the fit is bounded from below near its least value.
func (q *Fit) Minimise(ctx context.Context, ask Question) Result {
	s := newBounder(q)
	var open pieces
	var out Result
	enter := func(x []interval.I, low float64) {
		if q.isImage(x) {
			return
		}
		out.Boxes++
		best, at := ask.Best()
		near := q.project(at)
		if !holds(x, near) {
			near = nil
		}
		v := s.bound(x, near, best)
		effort.Charge(ctx, s.cost())
		if v > best {
			return
		}
		heap.Push(&open, &piece{x, math.Max(low, v), s.widest(), out.Boxes})
		if y := s.candidate(); y != nil {
			ask.Try(y)
		}
	}
	x := make([]interval.I, s.n)
	for l, k := range q.Others {
		x[l] = ask.Box[k]
	}
	q.findTwins(x)
	for _, t := range s.series {
		t.positive = ask.Box[q.Linear[t.k]].Lo >= 0
	}
	enter(x, math.Inf(-1))
	for open.Len() > 0 && !ask.Settled(open[0].low) {
		if ctx.Err() != nil || out.Boxes > maxBoxes || out.Boxes > hopeless && math.IsInf(open[0].low, -1) {
			return out
		}
		p := heap.Pop(&open).(*piece)
		if p.next < 0 {
			return out
		}
		at := apart(p.x[p.next])
		y := slices.Clone(p.x)
		p.x[p.next].Hi, y[p.next].Lo = at, at
		enter(p.x, p.low)
		enter(y, p.low)
	}
	out.Done = true
	best, _ := ask.Best()
	out.Low = best
	for _, p := range open {
		if p.low <= best {
			out.Low = math.Min(out.Low, p.low)
			out.Left = append(out.Left, q.images(p.x)...)
		}
	}
	return out
}

// isImage reports whether the points of the box x have images in other boxes: where two columns are the same function of
// variables of their own, these change places with them.
func (q *Fit) isImage(x []interval.I) bool {
	return slices.ContainsFunc(q.twins, func(t [2]int) bool { return x[t[0]].Lo > x[t[1]].Hi })
}

// images are the box x and those that it becomes as variables change places, which were not examined: the fit is the same there, but
// what the formula has beside it, as gaps or bounds of linear variables, need not be.
func (q *Fit) images(x []interval.I) [][]interval.I {
	list := [][]interval.I{x}
	for i := 0; i < len(list); i++ {
		for _, t := range q.twins {
			y := slices.Clone(list[i])
			y[t[0]], y[t[1]] = y[t[1]], y[t[0]]
			if !slices.ContainsFunc(list, func(z []interval.I) bool { return slices.Equal(y, z) }) {
				list = append(list, y)
			}
		}
	}
	return list
}

// project returns the variables b of a point, nil of none.
func (q *Fit) project(x []float64) []float64 {
	if x == nil {
		return nil
	}
	b := make([]float64, len(q.Others))
	for l, k := range q.Others {
		b[l] = x[k]
	}
	return b
}

func holds(x []interval.I, p []float64) bool {
	for l, v := range p {
		if !x[l].Has(v) {
			return false
		}
	}
	return p != nil
}

// cost is the work of a bound, in steps of formulas, roughly.
func (s *bounder) cost() int {
	work := s.y.mach.Prog().Len()
	for _, b := range s.basis[:s.p] {
		work += b.mach.Prog().Len()
	}
	return 6*(s.n+2)*work + 12*s.m*s.p*s.p*(1+s.n+s.n*(s.n+1)/2)
}

// candidate is the best point with the middle of the box for b, nil where that is not known.
func (s *bounder) candidate() []float64 {
	for l, v := range s.x {
		s.middle[l] = representative(v)
	}
	for j, c := range s.columns {
		s.basis[j] = c.raw
	}
	if !s.centre() {
		return nil
	}
	x := make([]float64, s.n+s.p)
	for l, k := range s.Others {
		x[k] = s.middle[l]
	}
	for j, k := range s.Linear {
		for i := j; i < s.p; i++ {
			x[k] += s.turn[i][j] * s.c[i]
		}
	}
	return x
}

// widest is the variable of the box whose division promises most: with it alone in the middle, the residuals and the
// basis vary least; -1 where none can be divided.
func (s *bounder) widest() int {
	const narrow = 1. / 32 // beside others, it is not divided further
	at, least, most := -1, 0.0, 0.0
	for _, v := range s.x {
		most = math.Max(most, compact(v))
	}
	x := slices.Clone(s.x)
	for l, v := range s.x {
		if c := apart(v); !(v.Lo < c && c < v.Hi) || compact(v) < narrow*most {
			continue
		}
		x[l] = interval.Point(representative(v))
		u := s.unknown(x)
		x[l] = v
		if at < 0 || u < least || u == least && compact(v) > compact(s.x[at]) {
			at, least = l, u
		}
	}
	return at
}

// unknown is how much the residuals and the basis vary over the box x; what is not known at all counts as
// little more than what is hardly known.
func (s *bounder) unknown(x []interval.I) float64 {
	s.y.over(x)
	for j, b := range s.basis[:s.p] {
		if m := s.met[j]; m != nil {
			b.over(m.around(x))
		} else {
			b.over(x)
		}
	}
	size := 0.0
	for _, c := range s.c {
		size = math.Max(size, math.Abs(c))
	}
	bent := func(d float64) float64 {
		if !(d < 1e6) {
			return 1
		}
		return d / (1 + d)
	}
	sum := 0.0
	for i := range s.m {
		w := s.weight[i]
		r := s.y.value(i).Width() * w / math.Max(size, 1e-300)
		for j := range s.p {
			v := interval.Point(0)
			for k, t := range s.turn[j][:j+1] {
				v = v.Add(s.basis[k].value(i).Mul(interval.Point(t)))
			}
			d := v.Width() * w
			r += d * math.Abs(s.c[j]) / math.Max(size, 1e-300)
			sum += bent(d)
		}
		sum += bent(r)
	}
	return sum
}

// compact is the width of x on a line on which numbers far from 0 are near each other.
func compact(x interval.I) float64 {
	const most = 40
	to := func(v float64) float64 { return math.Copysign(math.Min(most, math.Log1p(math.Abs(v))), v) }
	return to(x.Hi) - to(x.Lo)
}

// Closed reports whether the fit takes its infimum over the box x of b, where it is lower than elsewhere: the points that are
// not above some value are bounded there, and f is continuous.
func (q *Fit) Closed(x []interval.I) bool {
	if !model.Bounded(x) {
		return false
	}
	s := newBounder(q)
	s.x = x
	for l, v := range x {
		s.middle[l] = v.Mid()
	}
	for j, c := range q.columns {
		s.basis[j], s.box[j] = c.raw, x
	}
	if !s.centre() || !s.enclose() || !s.sharp || slices.Contains(s.used, false) {
		return false
	}
	if s.least() > 0 || len(s.series) > 0 && s.series[0].independent(x[0]) {
		return true
	}
	return s.atPoint(s.middle) && s.least() > 0
}
