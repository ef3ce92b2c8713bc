package global

import (
	"fmt"
	"math"
	"slices"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
	"nabla/optimize/global/internal/projection"
)

// byProjection answers for a sum of squares that is linear in some of its variables, which no
// bound holds at the best point, by dividing the space of the others only; nil where that does not settle it.
func (s *session) byProjection() *Answer {
	if s.projected || s.b.BestX == nil || len(s.m.Cons) > 0 || slices.Contains(s.m.LoOpen, true) || slices.Contains(s.m.HiOpen, true) {
		return nil
	}
	q := projection.Read(s.m.F, s.p.Vars, func(k int) bool {
		in, x := s.m.Outer[k], s.b.BestX[k]
		return in.Lo < x && x < in.Hi
	})
	if q == nil {
		return nil
	}
	s.projected = true
	ctx, stop := effort.Share(s.ctx, 0.3)
	defer stop()
	r := q.Minimise(ctx, projection.Question{Box: s.m.Outer,
		Best:    func() (float64, []float64) { return s.b.Best.Hi, s.b.BestX },
		Settled: func(low float64) bool { return low >= s.b.Best.Hi-s.b.Gap() },
		Try: func(x []float64) {
			if s.b.At(x) < s.b.Best.Hi {
				s.b.Try(x)
				s.b.Descend(x)
			}
		}})
	s.count.Boxes += r.Boxes
	if !r.Done || slices.ContainsFunc(r.Left, func(x []interval.I) bool { return !q.Closed(x) || !s.continuous(q, x) }) {
		return nil
	}
	return s.byParts(q, r)
}

// continuous reports whether f is defined and continuous over the box x of the variables that are not linear in
// residuals: its value may have gaps that the residuals, simplified, have not.
func (s *session) continuous(q *projection.Fit, x []interval.I) bool {
	box := make([]interval.I, s.m.N)
	copy(box, s.m.Outer) // gaps may be anywhere in the others too
	for l, k := range q.Others {
		box[k] = x[l]
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
	return s.b.VDec[0] == interval.Continuous
}

// byParts is the answer to which the search came.
func (s *session) byParts(q *projection.Fit, r projection.Result) *Answer {
	b := s.b
	low := math.Min(r.Low, b.Best.Hi)
	s.bound = math.Max(s.bound, low)
	a := &Answer{Status: Certified, Method: "variable projection", Evaluations: b.Count, At: slices.Clone(b.BestX), Attained: true,
		Enclosure: &Enclosure{Value: interval.I{Lo: low, Hi: b.Best.Hi}}, GradientNorm: s.gradientNorm(b.Prober, b.BestX)}
	a.Evaluations.Boxes += r.Boxes
	a.Value = model.ClipTo(b.At(a.At), a.Enclosure.Value)
	if n := s.minimiserNear(b, a.At); n.box != nil {
		a.At = clippedTo(a.At, n.box)
		plain(a.At, n.box)
		a.Enclosure.At = n.box
		a.Stationary = []Stationary{{X: a.At, Value: a.Value, Kind: "local minimum", Proved: true}}
	}
	a.Minimisers = []Point{{X: a.At}}
	names := func(list []int) string {
		var out []string
		for _, k := range list {
			out = append(out, s.p.Vars[k])
		}
		return list4(out)
	}
	a.Proof = []string{
		fmt.Sprintf("the residuals are linear in %s: for given %s, the least sum of squares is that of a linear fit", names(q.Linear), names(q.Others)),
		fmt.Sprintf("every part of the space of %s was excluded or bounded from below by enclosures of that (%s)", names(q.Others), boxes(r.Boxes)),
	}
	return s.flip(a)
}
