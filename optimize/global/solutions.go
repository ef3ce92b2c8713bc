package global

import (
	"math"
	"slices"
	"time"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/kkt"
	"nabla/optimize/global/internal/model"

	"gonum.org/v1/gonum/mat"
)

// This file finds local solutions under conditions, and proves that points near them satisfy these.

// penalties are what the augmented Lagrangian method begins with: a small penalty
// lets it see f; where that draws it to points that satisfy nothing, as f = xyz
// does under xyz >= 1, the next one weighs the constraints more.
var penalties = []float64{10, 1e4, 1e7}

// localSolutions searches from several points, until it has found one that
// satisfies the constraints.
func (s *session) localSolutions(l *kkt.Lagrangian) *kkt.Solution {
	var best *kkt.Solution
	for _, rho := range penalties {
		best = s.localSolutionsFrom(l, rho, best)
		if best != nil && best.Violation < kkt.NearlyFeasible {
			break
		}
	}
	return best
}

// localSolutionsFrom searches with the penalty rho at first and returns the best of
// what it finds and best, which may be nil.
func (s *session) localSolutionsFrom(l *kkt.Lagrangian, rho float64, best *kkt.Solution) *kkt.Solution {
	var list [][]float64
	if len(s.o.Start) == s.m.N {
		list = append(list, slices.Clone(s.o.Start))
	}
	region := slices.Clone(s.m.Outer)
	if x, ok := s.reach(); ok {
		region = x
	}
	list = append(list, s.definedStarts(l, region, 6+min(2*s.m.N, 14))...)
	begun := effort.Spent(s.ctx)
	enough := min(time.Second, effort.Left(s.ctx)/3)
	for i, x := range list {
		if s.ctx.Err() != nil || i > 2 && best != nil && best.Violation < 1e-9 && effort.Spent(s.ctx)-begun > enough {
			break
		}
		r := s.localFrom(l, x, rho)
		if r == nil || math.IsNaN(r.F) || s.isAtPole(r) {
			continue
		}
		s.kkts = append(s.kkts, r)
		if best == nil || r.BetterThan(best) {
			best = r
		}
	}
	return best
}

// localFrom searches from x, with the penalty rho at first. Where the augmented Lagrangian method takes long, as with
// equations of very different sizes, it is the second to be asked from then on.
func (s *session) localFrom(l *kkt.Lagrangian, x []float64, rho float64) (best *kkt.Solution) {
	const share, least = 30, 50 * time.Millisecond
	penalty := func() *kkt.Solution {
		ctx := s.ctx
		if left := effort.Left(ctx); left > 0 {
			within, cancel := effort.Within(ctx, max(least, left/share))
			defer cancel()
			ctx = within
		}
		r := l.Minimise(ctx, s.b.Prober, slices.Clone(x), rho)
		s.slowPenalty = s.slowPenalty || ctx.Err() != nil
		return r
	}
	quadratic := func() *kkt.Solution { return l.Sequential(s.ctx, s.b.Prober, x) }
	ways := [...]func() *kkt.Solution{penalty, quadratic}
	if s.slowPenalty {
		slices.Reverse(ways[:])
	}
	for _, way := range ways {
		if r := way(); r != nil && !math.IsNaN(r.F) && (best == nil || r.BetterThan(best)) {
			best = r
		}
		if best != nil && best.Violation < kkt.NearlyFeasible {
			break
		}
	}
	return best
}

// isAtPole reports whether f has no bounds as near to r as its constraints are violated, or at an edge that is left out: its value
// there says nothing of that at points that satisfy them.
func (s *session) isAtPole(r *kkt.Solution) bool {
	if !(r.Violation > 0) && !s.atOpenEdge(r.X) {
		return false
	}
	box := make([]interval.I, s.m.N)
	for i, x := range r.X {
		d := r.Violation + 4*0x1p-52*math.Max(1, math.Abs(x))
		box[i] = interval.New(x-d, x+d).Meet(s.m.Outer[i])
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, box)
	return !s.b.VOut[0].IsBounded()
}

// atOpenEdge reports whether a strict inequality may be an equation at x, for all that rounding leaves.
func (s *session) atOpenEdge(x []float64) bool {
	for i, v := range x {
		s.b.Point[i] = interval.Point(v)
	}
	s.b.MV.Interval(s.b.VOut, s.b.VDec, s.b.Point)
	for k, c := range s.m.Cons {
		if c.Strict && !(s.b.VOut[k+1].Hi < 0) {
			return true
		}
	}
	return false
}

// definedStarts returns k points spread over the box x, at as many of which as are soon found all is defined.
func (s *session) definedStarts(l *kkt.Lagrangian, x []interval.I, k int) [][]float64 {
	const most = 10
	var in, out [][]float64
	for _, y := range model.Starts(x, most*k, s.o.Seed) {
		l.GM.Eval(l.GOut, y)
		if model.Finite(s.b.At(y)) && model.AllFinite(l.GOut) {
			in = append(in, y)
		} else {
			out = append(out, y)
		}
		if len(in) == k {
			return in
		}
	}
	return append(in, out[:min(len(out), k-len(in))]...)
}

// bestOfSolutions is the best local solution, best being that of those found first.
func (s *session) bestOfSolutions(best *kkt.Solution) *kkt.Solution {
	for _, r := range s.kkts {
		if best == nil || r.BetterThan(best) {
			best = r
		}
	}
	return best
}

// admit finds a point near a local solution that is proved to satisfy the
// constraints, for the upper bound: a little inside the inequalities; with
// equations, a small box that is proved to hold a solution.
func (s *session) admit(l *kkt.Lagrangian, r *kkt.Solution) {
	equations := false
	for _, c := range s.m.Cons {
		equations = equations || c.Equal
	}
	for _, x := range s.p.snaps(r.X) {
		if e, ok := s.exactPoint(x); ok {
			s.accept(e.box, e.at)
		}
	}
	s.b.Try(r.X)
	n, k := l.M.N, l.K
	l.GM.Eval(l.GOut, r.X)
	// A direction into the region: the least-squares solution of J d = -1 for the
	// nearly active inequalities and J d = 0 for the equations.
	var rows []int
	for i, c := range l.M.Cons {
		if c.Equal || l.GOut[i] > -1e-6 {
			rows = append(rows, i)
		}
	}
	var free []int
	for i := range n {
		if s.m.Inner[i].Width() > 0 && r.X[i] > s.m.Inner[i].Lo && r.X[i] < s.m.Inner[i].Hi {
			free = append(free, i)
		}
	}
	d := make([]float64, n)
	if len(rows) > 0 && len(free) > 0 {
		a, b := mat.NewDense(len(rows), len(free), nil), mat.NewVecDense(len(rows), nil)
		for q, i := range rows {
			scale := 0.0
			for p, j := range free {
				v := l.GOut[k+i*n+j]
				a.Set(q, p, v)
				scale = math.Max(scale, math.Abs(v))
			}
			if !l.M.Cons[i].Equal {
				b.SetVec(q, -math.Max(scale, 1e-8))
			}
		}
		var step mat.VecDense
		var svd mat.SVD
		if model.AllFinite(a.RawMatrix().Data) && svd.Factorize(a, mat.SVDThin) { // it has no end for infinite entries
			rank := 0
			for _, v := range svd.Values(nil) {
				if v > 1e-12 {
					rank++
				}
			}
			if rank > 0 {
				svd.SolveVecTo(&step, b, rank)
				for p, j := range free {
					d[j] = step.AtVec(p)
				}
			}
		}
	}
	size := 1.0
	for _, v := range r.X {
		size = math.Max(size, math.Abs(v))
	}
	for t := 1e-15 * size; t < 1e-5*size; t *= 4 {
		x := slices.Clone(r.X)
		for i := range x {
			x[i] = model.ClipTo(x[i]+t*d[i], s.m.Inner[i])
		}
		if !equations {
			if s.b.Try(x) {
				return
			}
			continue
		}
		if box, ok := s.solutionNear(x); ok && s.accept(box, x) {
			return
		}
	}
}

// accept takes the box, which is proved to hold a point of the region, for the
// upper bound.
func (s *session) accept(box []interval.I, x []float64) bool {
	b := s.b
	b.MV.Interval(b.VOut, b.VDec, box)
	v := b.VOut[0]
	if b.VDec[0] < interval.Defined || v.IsEmpty() || !model.Finite(v.Lo) || !(v.Hi < b.Best.Hi) {
		return false
	}
	b.Best = v
	b.BestX = append(b.BestX[:0], x...)
	return true
}

// solutionNear returns a small box round x that is proved to hold a solution of
// the equations at which the inequalities and bounds hold: the method of Krawczyk
// in as many variables as there are equations, the others held at x.
func (s *session) solutionNear(x []float64) ([]interval.I, bool) {
	n := s.m.N
	var eq []expr.Expr
	for _, c := range s.m.Cons {
		if c.Equal {
			eq = append(eq, c.G)
		}
	}
	if s.equations == nil {
		outs := slices.Clone(eq)
		for _, e := range eq {
			outs = append(outs, diff.Gradient(e, s.m.Vars)...)
		}
		p, err := tape.Compile(s.m.Vars, outs...)
		if err != nil {
			return nil, false
		}
		s.equations = p
	}
	q := len(eq)
	m := s.equations.NewMachine()
	f := make([]float64, s.equations.NumOut())
	m.Eval(f, x)
	if q > n || !model.AllFinite(f) {
		return nil, false
	}
	j := mat.NewDense(q, n, slices.Clone(f[q:]))
	chosen := s.pivots(j, x)
	if chosen == nil {
		return nil, false
	}
	sub := mat.NewDense(q, q, nil)
	for a := range q {
		for p, i := range chosen {
			sub.Set(a, p, j.At(a, i))
		}
	}
	var inv mat.Dense
	if err := inv.Inverse(sub); err != nil {
		return nil, false
	}
	out, dec := make([]interval.I, s.equations.NumOut()), make([]interval.Dec, s.equations.NumOut())
	point := make([]interval.I, n)
	for i := range x {
		point[i] = interval.Point(x[i])
	}
	m.Interval(out, dec, point)
	for _, d := range dec[:q] {
		if d < interval.Continuous {
			return nil, false
		}
	}
	move := model.NewtonStep(&inv, func(a int) interval.I { return out[a] })
	size := 0.0
	for _, v := range move {
		size = math.Max(size, v.Mag())
	}
	for _, factor := range []float64{4, 100, 1e4} {
		box := slices.Clone(point)
		for _, i := range chosen {
			r := math.Max(factor*size, 1e-15*math.Max(1, math.Abs(x[i])))
			box[i] = interval.New(x[i]-r, x[i]+r)
		}
		m.Interval(out, dec, box)
		if !interval.AllContinuous(dec) {
			continue
		}
		jacobian := func(a, p int) interval.I { return out[q+a*n+chosen[p]] }
		solved, ok := model.Krawczyk(model.Picked(x, chosen), move, &inv, jacobian, model.Picked(box, chosen))
		if !ok {
			continue
		}
		for p, i := range chosen {
			box[i] = solved[p]
		}
		if s.admits(box) {
			return box, true
		}
	}
	return nil, false
}

// admits reports whether the inequalities and bounds are proved to hold on all of
// the box.
func (s *session) admits(box []interval.I) bool {
	b := s.b
	b.MV.Interval(b.VOut, b.VDec, box)
	for i, c := range s.m.Cons {
		if !c.Equal && (b.VDec[i+1] < interval.Defined || !(b.VOut[i+1].Hi < 0)) {
			return false
		}
	}
	for i, x := range box {
		if !x.In(s.m.Inner[i]) || s.m.LoOpen[i] && x.Lo <= s.m.Inner[i].Lo || s.m.HiOpen[i] && x.Hi >= s.m.Inner[i].Hi {
			return false
		}
	}
	return true
}

// pivots chooses as many variables as the Jacobian j at x has rows, by Gaussian
// elimination with full pivoting, away from bounds; nil where its rank is lower.
func (s *session) pivots(j *mat.Dense, x []float64) []int {
	q, n := j.Dims()
	var chosen []int
	w := mat.DenseCopyOf(j)
	used := make([]bool, q)
	for range q {
		row, col, most := -1, -1, 1e-10
		for a := range q {
			for i := range n {
				inside := x[i] > s.m.Inner[i].Lo && x[i] < s.m.Inner[i].Hi
				if v := math.Abs(w.At(a, i)); v > most && !used[a] && inside && !slices.Contains(chosen, i) {
					row, col, most = a, i, v
				}
			}
		}
		if row < 0 {
			return nil
		}
		used[row] = true
		chosen = append(chosen, col)
		for a := range q {
			if used[a] {
				continue
			}
			t := w.At(a, col) / w.At(row, col)
			for i := range n {
				w.Set(a, i, w.At(a, i)-t*w.At(row, i))
			}
		}
	}
	return chosen
}
