package global

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/prove"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/exact"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// sign turns a value of the function to be minimised into one of f.
func (s *session) sign(v float64) float64 {
	if s.p.Max {
		return -v
	}
	return v
}

// within describes a box: "|x| ≤ 3".
func (s *session) within(x []interval.I) string {
	parts := make([]string, 0, 4)
	for i, v := range x {
		if i == 4 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, fmt.Sprintf("%s ≤ %s ≤ %s", format.Number(v.Lo, 4), s.p.Vars[i], format.Number(v.Hi, 4)))
	}
	return strings.Join(parts, ", ")
}

// reach narrows the region to a box that contains every point as low as the best
// one; false says that there is no point at all.
func (s *session) reach() ([]interval.I, bool) {
	x := slices.Clone(s.m.Outer)
	for i, v := range s.conditionsAlone() {
		if x[i] = x[i].Meet(v); x[i].IsEmpty() {
			return x, false
		}
	}
	s.trail = nil
	if !s.propagate(x) {
		return x, false
	}
	for !model.Bounded(x) && s.unheld != s.sides(x) {
		if s.unheld = s.sides(x); !s.heldByConditions(x) && !s.heldByParts(x) {
			break
		}
		s.alone = slices.Clone(x)
		s.trail = append(s.trail, slices.Clone(x))
		if !s.propagate(x) {
			return x, false
		}
	}
	s.b.MV.Interval(s.b.VOut, nil, x)
	for k, c := range s.m.Cons {
		if g := s.b.VOut[k+1]; g.IsEmpty() || c.Strict && g.Lo >= 0 {
			return x, false
		}
	}
	return x, true
}

// sides tells which sides of the box have no end, and whether a point is known.
func (s *session) sides(x []interval.I) string {
	if s.b.BestX == nil {
		return unbounded(x)
	}
	return unbounded(x) + "*"
}

// unbounded tells which sides of the box have no end.
func unbounded(x []interval.I) string {
	sides := make([]byte, 0, 2*len(x))
	for _, v := range x {
		for _, end := range [...]float64{v.Lo, v.Hi} {
			side := byte('.')
			if math.IsInf(end, 0) {
				side = 'o'
			}
			sides = append(sides, side)
		}
	}
	return string(sides)
}

// propagate narrows x by the constraints and the parts of the formula; false says that nothing is left.
func (s *session) propagate(x []interval.I) bool {
	for range 30 {
		before := slices.Clone(x)
		if !s.b.Contract(x, s.b.Best.Hi, 1) {
			return false
		}
		if slices.Equal(before, x) {
			break
		}
		s.trail = append(s.trail, slices.Clone(x))
		if !narrower(before, x) {
			break
		}
	}
	return true
}

// narrower reports whether a side of y is shorter than that of x by more than a
// tenth, or has become bounded.
func narrower(x, y []interval.I) bool {
	for i := range x {
		if w := x[i].Width(); y[i].Width() < 0.9*w || math.IsInf(w, 1) && x[i] != y[i] {
			return true
		}
	}
	return false
}

// byForm answers when the form of the formula shows that its value at a simple
// point near the best one is the least.
func (s *session) byForm() *Answer {
	var points [][]expr.Expr
	if s.b.BestX != nil {
		points = s.p.snaps(s.b.BestX)
	}
	for _, v := range []float64{0, 1} {
		x := make([]float64, s.m.N)
		for i := range x {
			x[i] = v
		}
		points = append(points, s.p.snaps(x)[0])
		if s.b.BestX == nil {
			s.lookRound(x)
		}
	}
	if a := s.byLowest(); a != nil {
		return a
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, s.m.Outer)
	bound := s.b.VOut[0]
	for _, x := range points {
		e, ok := s.exactPoint(x)
		if !ok {
			continue
		}
		s.b.Try(e.at)
		at := e.value(s)
		if at.Lo > s.b.Best.Hi {
			continue
		}
		if v, ok := s.leastAt(x); ok {
			a := s.exactAnswer(e, v)
			a.Method = "form of the formula"
			a.Proof = []string{s.lowestText()}
			if s.listMinimisers(a); len(s.m.Cons) > 0 {
				a.MinimisersComplete = s.aloneWithout(e.at)
			} else if l := s.lowest(e.at); !a.MinimisersComplete && l != nil {
				s.everywhereLowest(a, l, len(l.where))
			}
			return s.flip(a)
		}
		// The bound of interval arithmetic on the whole region may be reached.
		if bound.IsEmpty() || !model.Finite(bound.Lo) || at.Lo > bound.Lo {
			continue
		}
		if v := s.valueAt(s.m.F, x); v.Op() == expr.Num && exact.HullOf(v.Number()).Hi <= bound.Lo {
			a := s.exactAnswer(e, v)
			a.Method = "form of the formula"
			a.Proof = []string{fmt.Sprintf("the parts of the formula show that f is nowhere %s than %s, which it is at this point", s.p.lower(), format.Number(s.sign(bound.Lo), 6))}
			return s.flip(a)
		}
	}
	return nil
}

// lookRound tries points next to x, one of which is lower where x is no minimum, as a rule.
func (s *session) lookRound(x []float64) {
	const step, most = 0.25, 20
	if s.m.N > most {
		return
	}
	y := slices.Clone(x)
	for i := range y {
		for _, d := range [...]float64{step, -step} {
			y[i] = x[i] + d
			s.b.Try(y)
		}
		y[i] = x[i]
	}
}

// byStationary answers for a convex function without kinks that has a stationary point at a simple
// point, which is its minimum.
func (s *session) byStationary() *Answer {
	if s.b.BestX == nil || len(s.m.Cons) > 0 || form.HasHiddenKinks(s.m.F) || !s.seemsConvex() {
		return nil
	}
	shape := s.p.convex()
	why := fmt.Sprintf("f is %s, by the rules for sums and compositions of %s functions", shape, shape)
	if !form.IsConvex(s.m.F, s.p.Vars, s.m.Outer) {
		if !form.IsConvexNear(s.m.F, s.p.Vars, s.m.Outer) {
			return nil
		}
		why = fmt.Sprintf("f is %s, by the rules for sums and compositions, and where these do not say it, by the pivots of the Hessian, which intervals enclose", shape)
	}
	points := s.candidates(s.b.BestX)
	for _, unit := range [...]float64{1, 2, 10} {
		if x := s.simplest(s.b.BestX, unit); !model.Near(x, s.b.BestX) {
			points = append(points, s.candidates(x)...)
		}
	}
	if len(s.o.Start) == s.m.N { // of a continuum of them this may be the only one that is simple
		points = append(points, s.candidates(s.o.Start)...)
	}
	for _, x := range points {
		e, ok := s.exactPoint(x)
		if !ok || !s.asGood(e) || !s.stationaryAt(x) {
			continue
		}
		a := s.exactAnswer(e, s.valueAt(s.m.F, x))
		a.Method = "convexity"
		a.MinimisersComplete = s.onlyMinimiser(e.at)
		a.Proof = []string{why, "the gradient is zero at this point, by substitution"}
		return s.flip(a)
	}
	return nil
}

// seemsConvex reports whether f, on the way from the best point to some others, is nowhere higher
// than a convex function may be: what is not is seen so at less cost than from its form.
func (s *session) seemsConvex() bool {
	const tolerance = 1e-9
	f := s.b.At(s.b.BestX)
	y := make([]float64, s.m.N)
	for _, x := range model.Starts(s.m.Outer, 4+2*s.m.N, s.o.Seed) {
		far := s.b.At(x)
		for _, part := range [...]float64{0.25, 0.5, 0.75} {
			for i := range y {
				y[i] = s.b.BestX[i] + part*(x[i]-s.b.BestX[i])
			}
			if line := f + part*(far-f); s.b.At(y) > line+tolerance*(math.Abs(f)+math.Abs(far)) {
				return false
			}
		}
	}
	return true
}

// byConvexity answers for a convex function: the lowest point of a box on whose border f is
// higher than inside is its minimum.
func (s *session) byConvexity() *Answer {
	if s.b.BestX == nil {
		return nil
	}
	box := s.m.Outer
	if !form.IsConvex(s.m.F, s.p.Vars, box) {
		return nil
	}
	for _, c := range s.m.Cons {
		if c.Equal || !form.IsConvex(c.G, s.p.Vars, box) {
			return nil
		}
	}
	if x, why := s.raised(); x != nil {
		s.b.Convex = true
		return s.search(x, why, 1)
	}
	return nil
}

// onlyMinimiser reports whether x, which with others minimises f under the constraints, is
// proved to be alone: f and the constraints are convex, so that the minimisers are a convex set,
// and one is a strict local minimum.
func (s *session) onlyMinimiser(x []float64) bool {
	if !s.isConvexProgram(s.m.Outer) {
		return false
	}
	n := s.natureAt(s.m.Prober(), x)
	return n.Proved && n.Kind == "local minimum"
}

// isConvexProgram reports whether f and the constraints are proved to be convex in the box.
func (s *session) isConvexProgram(box []interval.I) bool {
	if !form.IsConvex(s.m.F, s.p.Vars, box) { // its Lagrangian may be so all the same
		return false
	}
	pool := expr.NewPool()
	for _, c := range s.m.Cons {
		if !form.IsConvex(c.G, s.p.Vars, box) || c.Equal && !form.IsConvex(pool.Make(expr.Neg, pool.Import(c.G)), s.p.Vars, box) {
			return false
		}
	}
	return true
}

// byStrictMinimum answers, where f and the constraints are convex in a box that contains all
// points of the region that are no worse than the best, with the strict local minimum near x in
// it, which is global and alone; nil where none is proved.
func (s *session) byStrictMinimum(x []float64, box []interval.I) *Answer {
	n := s.natureAt(s.m.Prober(), x)
	if !n.Proved || n.Kind != "local minimum" {
		return nil
	}
	for i, u := range n.Box {
		if !u.In(box[i]) {
			return nil
		}
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, n.Box)
	v := s.b.VOut[0]
	if s.b.VDec[0] < interval.Defined || !v.IsBounded() {
		return nil
	}
	v.Hi = math.Min(v.Hi, s.b.Best.Hi)
	if !(v.Width() <= s.b.Gap()) {
		return nil
	}
	at := slices.Clone(x)
	for i, u := range n.Box {
		at[i] = model.ClipTo(at[i], u)
	}
	a := &Answer{Status: Certified, Method: "convexity", At: at, Attained: true, MinimisersComplete: true, Enclosure: &Enclosure{At: n.Box, Value: v}}
	a.Value = model.ClipTo(s.b.At(at), v)
	a.Minimisers = []Point{{X: at}}
	where := ""
	if !s.isConvexProgram(s.m.Outer) {
		where = fmt.Sprintf("all points as good lie within %s, where ", s.within(box))
	}
	a.Proof = []string{fmt.Sprintf("%sf is %s, and the conditions leave a convex region, so that a local %s is the only one", where, s.p.convex(), s.p.extremum()), s.strictly(n)}
	return s.flip(a)
}

// aloneWithout is onlyMinimiser without the constraints, under which x is a minimiser then too, and alone.
func (s *session) aloneWithout(x []float64) bool {
	q := &Problem{F: s.p.F, Vars: s.p.Vars, Bounds: s.p.Bounds, Max: s.p.Max}
	m, err := q.model()
	return err == nil && (&session{ctx: s.ctx, p: q, o: s.o, m: m}).onlyMinimiser(x)
}

// raised returns a box on whose border the convex function f is proved to be higher than
// at the best point, so that it is outside as well, and says so; nil if there is no proof.
func (s *session) raised() ([]interval.I, string) {
	tidy := *s.m
	tidy.F = simplify.Tidy(s.m.F)
	if tidy.Compile() != nil {
		return nil, ""
	}
	for _, r := range []float64{0.1, 1, 10, 1e3, 1e5} {
		x := make([]interval.I, s.m.N)
		for i, c := range s.b.BestX {
			d := r * math.Max(1, math.Abs(c))
			x[i] = interval.New(c-d, c+d).Meet(s.m.Outer[i])
		}
		if s.higherOutside(&tidy, x) {
			return x, fmt.Sprintf("f is %s, and %s on the border of the box %s than inside, so that all %s lie inside", s.p.convex(), s.p.higher(), s.within(x), s.p.extrema())
		}
	}
	return nil, ""
}

// confined returns a box that is proved to contain every point of the region that is as
// low as the best one, and says why; nil if there is no proof.
func (s *session) confined() ([]interval.I, string) {
	if x, ok := s.reach(); ok && model.Bounded(x) {
		return x, fmt.Sprintf("f is %s than at the best point unless %s, as its parts show", s.p.higher(), s.within(x))
	}
	if form.IsConvex(s.m.F, s.p.Vars, s.m.Outer) {
		if x, why := s.raised(); x != nil {
			return x, why
		}
	}
	return s.coercive()
}

// stationaryAt reports whether the gradient is proved to vanish at x.
func (s *session) stationaryAt(x []expr.Expr) bool {
	at := make([]interval.I, len(x))
	for i, c := range x {
		v, ok := tape.EncloseConstant(c)
		if !ok {
			return false
		}
		at[i] = v
	}
	s.b.MS.Interval(s.b.SOut, s.b.SDec, at)
	for i := range x {
		g := s.b.SOut[i+1]
		if s.b.SDec[i+1] != interval.Continuous || !g.Has(0) {
			return false
		}
	}
	// A kink has no gradient, whatever the formula of the derivative says there.
	if form.HasHiddenKinks(s.m.F) {
		return false
	}
	for i := range x {
		v := s.valueAt(s.m.Grad[i], x)
		if v.Op() == expr.Num && v.Number().Sign() == 0 {
			continue
		}
		if !prove.Zero(v, prove.Budget{}).Equal {
			return false
		}
	}
	return true
}

// higherOutside reports whether f is proved to be higher than the best value on
// those faces of the box x that are not faces of the region.
func (s *session) higherOutside(m *model.Model, x []interval.I) bool {
	for i := range x {
		for side := range 2 {
			face := slices.Clone(x)
			if side == 0 {
				if x[i].Lo == m.Outer[i].Lo {
					continue
				}
				face[i] = interval.Point(x[i].Lo)
			} else {
				if x[i].Hi == m.Outer[i].Hi {
					continue
				}
				face[i] = interval.Point(x[i].Hi)
			}
			if !s.nothingBelow(m, face, s.b.Best.Hi, 3000) {
				return false
			}
		}
	}
	return true
}

// nothingBelow reports whether f is proved to be higher than v everywhere on
// the box.
func (s *session) nothingBelow(m *model.Model, box []interval.I, v float64, boxes int) bool {
	// Nothing outside the box counts: its faces are the bounds.
	p := *m
	p.Outer, p.Inner = box, box
	p.LoOpen, p.HiOpen = make([]bool, m.N), make([]bool, m.N)
	b := branch.New(&p, s.o.boxes())
	b.Best = interval.Point(v)
	b.Limit = boxes
	b.Frozen = true
	b.Add(slices.Clone(box), math.Inf(-1))
	b.Run(s.ctx, nil)
	s.count.Boxes += b.Count.Boxes
	return len(b.Open) == 0 && len(b.Closed) == 0
}

// directSearch looks for better points by the methods for kinks and jumps, and
// reports whether it found one.
func (s *session) directSearch() bool {
	if s.m.N > 20 {
		return false
	}
	opt := optimize.AutoOptions{Kinks: true, Starts: 8}
	opt.Stop.Evaluations = 40_000
	if s.b.BestX != nil {
		opt.Start = slices.Clone(s.b.BestX)
	}
	res, err := s.auto(s.ctx, s.m.F, opt, 200*time.Millisecond)
	if err != nil || len(res.X) != s.m.N {
		return false
	}
	return s.b.Try(res.X)
}
