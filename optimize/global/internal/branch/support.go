package branch

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// This file bounds convex functions with kinks from below. A tangent at a point at which f is
// smooth is nowhere above f (Kelley, The cutting-plane method for solving convex programs, J. SIAM
// 8, 1960), and so is a weighted mean of several; round a minimum on a kink there are tangents whose mean is
// level. The minimum is found by a bundle method with the curvature of f (Lukšan and Vlček, A bundle-Newton method
// for nonsmooth unconstrained minimization, Math. Programming 83, 1998), and the tangents by sampling round it
// (Burke, Lewis and Overton, A robust gradient sampling algorithm for nonsmooth, nonconvex optimization, SIAM J. Optim. 15, 2005). All this
// is in floats; what is claimed of the mean is computed by interval arithmetic.

// A Tangent is that at a point round which f is smooth, with its weight in a mean.
type Tangent struct {
	At     []float64
	Weight float64
}

// A Support is an affine function that is nowhere above f at the points of the region in Box, where f is
// convex: the mean of Tangents.
type Support struct {
	Box      []interval.I
	Tangents []Tangent
	At       []float64 // where f is about as low
	value    interval.I
	slope    []interval.I
}

// over is a lower bound of f on x, -Inf where Box does not hold that.
func (u *Support) over(x []interval.I) float64 {
	v := u.value
	for i, b := range x {
		if !b.In(u.Box[i]) {
			return math.Inf(-1)
		}
		v = v.Add(u.slope[i].Mul(b.Sub(interval.Point(u.At[i]))))
	}
	return v.Lo
}

// supported raises lb by the supports and reports whether that settles the box x; at is then the point of it that is
// nearest to that of the support.
func (s *Search) supported(x []interval.I, lb *float64) (at []float64) {
	for _, u := range s.Supports {
		v := u.over(x)
		if *lb = math.Max(*lb, v); v < s.Best.Hi-0.25*s.Gap() {
			continue
		}
		at = slices.Clone(u.At)
		for i := range at {
			at[i] = model.ClipTo(at[i], x[i])
		}
		return at
	}
	return nil
}

// maxSupport is the number of variables up to which supports are looked for.
const maxSupport = 12

// Limits of the steps of the bundle method, and of the programs that make its tangents level.
const (
	bundleSteps = 60
	levelSteps  = 12 // and some for each variable
)

// Support looks for a support on the bounded box, on which f is convex, that closes
// the gap, or else is the best that was found; nil for none. It improves the best point.
func (s *Search) Support(ctx context.Context, box []interval.I) *Support {
	b := s.newBundle(ctx, box)
	if b == nil {
		return nil
	}
	b.descend()
	s.Try(b.x)
	return b.level()
}

// newBundle begins at the point of the box nearest to the best one; nil where there are no programs for it.
func (s *Search) newBundle(ctx context.Context, box []interval.I) *bundle {
	if s.N > maxSupport || s.MC == nil || s.BestX == nil || !model.Bounded(box) || len(s.Cons) > 0 {
		return nil
	}
	b := &bundle{s: s, ctx: ctx, box: box, x: slices.Clone(s.BestX)}
	b.x = b.near(make([]float64, s.N))
	b.f = s.At(b.x)
	return b
}

// Walk is Descend for functions with kinks, of which nothing needs to be known, in the bounded box.
func (s *Search) Walk(ctx context.Context, box []interval.I) {
	if b := s.newBundle(ctx, box); b != nil {
		b.descend()
		s.Try(b.x)
	}
}

// A bundle is a set of tangents, in floats.
type bundle struct {
	s    *Search
	ctx  context.Context
	box  []interval.I
	x    []float64 // the best point
	f    float64   // there
	cuts []*cut
	h    [][]float64 // the curvature, a weighted mean of that at the points of the tangents; nil for unknown
}

// A cut is a tangent in floats.
type cut struct {
	at    []float64
	value float64
	slope []float64
	hess  [][]float64 // of f; nil for unknown
	y     float64     // weight in the last program
}

// add takes the tangents at a point; false where f has none. It returns f there.
func (b *bundle) add(at []float64) (f float64, ok bool) {
	s := b.s
	c := &cut{at: slices.Clone(at), slope: make([]float64, s.N), hess: model.Square(s.N)}
	c.value = s.Hessian(c.hess, c.slope, at)
	if !model.Finite(c.value) || !model.AllFinite(c.slope) {
		return c.value, false
	}
	for _, row := range c.hess {
		if !model.AllFinite(row) {
			c.hess = nil
			break
		}
	}
	b.cuts = append(b.cuts, c)
	if c.value < b.f {
		b.x, b.f = c.at, c.value
	}
	return c.value, true
}

// near returns x + d, brought into the box and the region.
func (b *bundle) near(d []float64) []float64 {
	c := slices.Clone(b.x)
	for i := range c {
		c[i] = model.ClipTo(c[i]+d[i], b.box[i].Meet(b.s.Inner[i]))
	}
	return c
}

// unit is the length that counts as 1 in the variable i.
func (b *bundle) unit(i int) float64 { return math.Max(1, math.Abs(b.x[i])) }

// length is the greatest component of d, in these units.
func (b *bundle) length(d []float64) float64 {
	most := 0.0
	for i, v := range d {
		most = math.Max(most, math.Abs(v)/b.unit(i))
	}
	return most
}

// prune keeps the tangents that the last program used, and the latest ones.
func (b *bundle) prune() {
	latest := 2*b.s.N + 4
	if drop := len(b.cuts) - latest; drop > 0 {
		kept := slices.DeleteFunc(slices.Clone(b.cuts[:drop]), func(c *cut) bool { return c.y == 0 })
		b.cuts = append(kept, b.cuts[drop:]...)
	}
}

// descend walks to the minimum, each step to that of the greatest of the tangents and half the
// curvature, which is raised by a multiple of the unit matrix that falls as the steps succeed.
func (b *bundle) descend() {
	if _, ok := b.add(b.x); !ok {
		return
	}
	b.h = b.cuts[0].hess
	raise := 1e-2 * b.scale()
	falls := math.Max(1, math.Abs(b.f)) // what the next step may gain
	for range bundleSteps {
		d, gain, ok := b.step(raise, falls)
		if !ok {
			if raise *= 100; !(raise < 1e12*b.scale()) {
				return
			}
			continue
		}
		b.curvature()
		before := b.f
		f, ok := b.add(b.near(d))
		if !ok || b.length(d) < 1e-14 || !(gain > 1e-17*math.Max(1, math.Abs(b.f))) {
			return
		}
		if falls = 10 * gain; f < before-0.3*gain {
			raise = math.Max(raise/10, 1e-10*b.scale())
		} else if f > before+gain {
			raise *= 4
		}
		b.prune()
		if effort.Charge(b.ctx, len(b.cuts)*len(b.cuts)*b.s.N); b.ctx.Err() != nil {
			return
		}
	}
}

// scale is the size of the curvature, or of slopes where there is none.
func (b *bundle) scale() float64 {
	most := 1e-10
	for i := range b.h {
		most = math.Max(most, math.Abs(b.h[i][i]))
	}
	if most <= 1e-10 {
		for _, v := range b.cuts[0].slope {
			most = math.Max(most, math.Abs(v))
		}
	}
	return most
}

// curvature takes the mean of the Hessians with the weights of the last program.
func (b *bundle) curvature() {
	h := model.Square(b.s.N)
	for _, c := range b.cuts {
		if !(c.y > 0) {
			continue
		}
		if c.hess == nil {
			return
		}
		for i := range h {
			for j := range h {
				h[i][j] += c.y * c.hess[i][j]
			}
		}
	}
	b.h = h
}

// step returns the d in the box with the least v + ½dᵀHd, v being the greatest of the tangents at x + d less f(x) and H the
// curvature and raise times the unit matrix, and how much lower than f(x) that is. It sets the weights of the tangents. For v it takes
// v + v²/(2 falls), which is about the same for small v: then, with H = LLᵀ, z = (Lᵀd, (v + falls)/√falls) is the shortest vector with
// linear inequalities (Lawson and Hanson, Solving Least Squares Problems, 1974, algorithm LDP 23.27).
func (b *bundle) step(raise, falls float64) (d []float64, gain float64, ok bool) {
	n := b.s.N
	h := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			if b.h != nil {
				h.SetSym(i, j, b.h[i][j])
			}
		}
		h.SetSym(i, i, h.At(i, i)+raise)
	}
	var chol mat.Cholesky
	if !model.AllFinite(h.RawSymmetric().Data) || !chol.Factorize(h) {
		return nil, 0, false
	}
	var l mat.TriDense
	chol.LTo(&l)
	root := math.Sqrt(falls)
	var columns [][]float64
	// The inequality a·d + v·w ≥ c, in terms of z.
	row := func(a []float64, w, c float64) {
		e := make([]float64, n+2)
		for i := range n { // L⁻¹a
			e[i] = a[i]
			for j := range i {
				e[i] -= l.At(i, j) * e[j]
			}
			e[i] /= l.At(i, i)
		}
		e[n], e[n+1] = w*root, c+w*falls
		columns = append(columns, e)
	}
	for _, c := range b.cuts {
		a, rest := make([]float64, n), c.value-b.f
		for i, g := range c.slope {
			a[i] = -g
			rest += g * (b.x[i] - c.at[i])
		}
		row(a, 1, rest)
	}
	for i, v := range b.box {
		for side, room := range [2]float64{b.x[i] - v.Lo, v.Hi - b.x[i]} {
			a := make([]float64, n)
			a[i] = float64(1 - 2*side)
			row(a, 0, -math.Max(0, room))
		}
	}
	aim := make([]float64, n+2)
	aim[n+1] = 1
	u, rest := nonNegative(columns, aim)
	if u == nil || !(rest[n+1] > 0) {
		return nil, 0, false
	}
	total := 0.0
	for k, c := range b.cuts {
		c.y = u[k]
		total += c.y
	}
	if !(total > 0) {
		return nil, 0, false
	}
	for _, c := range b.cuts {
		c.y /= total
	}
	z := make([]float64, n+1)
	for i := range z {
		z[i] = -rest[i] / rest[n+1]
	}
	v := root*z[n] - falls
	d = make([]float64, n)
	gain = -v
	for i := n - 1; i >= 0; i-- { // L⁻ᵀz
		d[i] = z[i]
		for j := i + 1; j < n; j++ {
			d[i] -= l.At(j, i) * d[j]
		}
		d[i] /= l.At(i, i)
		gain -= z[i] * z[i] / 2
	}
	return d, gain, model.AllFinite(d) && model.Finite(gain)
}

// level looks for tangents near the best point whose mean is level, but for slopes from bounds that hold the
// point. While there is none, all tangents fall in a direction, and the next one is taken a little way there: at a distance at which the
// curvature makes little difference to the mean.
func (b *bundle) level() (best *Support) {
	s := b.s
	h := 1e-6
	for i := range b.h {
		h = math.Max(h, math.Abs(b.h[i][i])*b.unit(i)*b.unit(i))
	}
	far := math.Sqrt(0.05 * s.Gap() / h)
	for _, share := range [...]float64{1, 1. / 30, 1. / 1000} {
		d := make([]float64, s.N)
		b.cuts = nil
		for k := range 2*s.N + levelSteps + 4*s.N {
			if k < 2*s.N { // to all sides first
				for i := range d {
					d[i] = 0.1 * math.Sin(float64(7*k+3*i+1))
				}
				d[k/2] = float64(1 - k%2*2)
			}
			scale := share * far / b.length(d)
			for i := range d {
				d[i] *= scale
			}
			if _, ok := b.add(b.near(d)); !ok {
				break
			}
			if c := b.cuts[len(b.cuts)-1]; !s.smoothRound(c.at) {
				b.cuts = b.cuts[:len(b.cuts)-1]
				if k >= 2*s.N { // beside it
					for i := range d {
						d[i] += 0.1 * share * far * b.unit(i) * math.Sin(float64(k+i))
					}
					continue
				}
			}
			if k < 2*s.N-1 {
				continue
			}
			if d = b.weigh(); d == nil {
				break
			}
			if u := b.mean(); u != nil && (best == nil || u.over(b.box) > best.over(b.box)) {
				best = u
			}
			s.Try(b.x)
			if best != nil && best.over(b.box) >= s.Best.Hi-0.2*s.Gap() {
				return best
			}
			if effort.Charge(b.ctx, len(b.cuts)*len(b.cuts)*s.N); b.ctx.Err() != nil || !(b.length(d) > 0) {
				break
			}
		}
	}
	return best
}

// weigh finds the weights with which the mean of the tangents is most nearly level, and returns the direction in which it
// falls; nil where that fails.
func (b *bundle) weigh() []float64 {
	n := b.s.N
	size := 1e-300
	for _, c := range b.cuts {
		for _, g := range c.slope {
			size = math.Max(size, math.Abs(g))
		}
	}
	var columns [][]float64
	for _, c := range b.cuts {
		columns = append(columns, append(slices.Clone(c.slope), size))
	}
	for i, v := range b.box {
		for side, end := range [2]float64{v.Lo, v.Hi} {
			if b.x[i] == end || b.x[i] == [2]float64{b.s.Inner[i].Lo, b.s.Inner[i].Hi}[side] {
				e := make([]float64, n+1)
				e[i] = size * float64(2*side-1)
				columns = append(columns, e)
			}
		}
	}
	aim := make([]float64, n+1)
	aim[n] = size
	u, rest := nonNegative(columns, aim)
	if u == nil {
		return nil
	}
	for k, c := range b.cuts {
		c.y = u[k]
	}
	return rest[:n]
}

// mean makes a support of the tangents with weights; nil where f may not be smooth round the point of one.
func (b *bundle) mean() *Support {
	s := b.s
	u := &Support{Box: b.box, At: slices.Clone(b.x), slope: make([]interval.I, s.N)}
	total := interval.Point(0)
	for _, c := range b.cuts {
		if !(c.y > 0) {
			continue
		}
		value, slope, ok := s.tangentAt(c.at)
		if !ok {
			return nil
		}
		w := interval.Point(c.y)
		total = total.Add(w)
		for i, g := range slope {
			value = value.Add(g.Mul(interval.Point(u.At[i]).Sub(interval.Point(c.at[i]))))
			u.slope[i] = u.slope[i].Add(w.Mul(g))
		}
		u.value = u.value.Add(w.Mul(value))
		u.Tangents = append(u.Tangents, Tangent{c.at, c.y})
	}
	if !(total.Lo > 0) {
		return nil
	}
	u.value = u.value.Div(total)
	for i := range u.slope {
		u.slope[i] = u.slope[i].Div(total)
	}
	effort.Charge(b.ctx, len(u.Tangents)*s.Slope.Len())
	return u
}

// smoothRound reports whether f is proved to be smooth in the region near the point at.
func (s *Search) smoothRound(at []float64) bool {
	const near = 1e-12
	for i, c := range at {
		d := near * math.Max(1, math.Abs(c))
		s.wide[i] = interval.New(c-d, c+d).Meet(s.Outer[i])
		if !s.Outer[i].Has(c) {
			return false
		}
	}
	s.MS.Interval(s.SOut, s.SDec, s.wide)
	for k, d := range s.SDec {
		if d != interval.Continuous || s.SOut[k].IsEmpty() {
			return false
		}
	}
	return true
}

// tangentAt encloses f and its gradient at a point.
func (s *Search) tangentAt(at []float64) (value interval.I, slope []interval.I, ok bool) {
	if !s.smoothRound(at) || !s.gradientAt(at) {
		return value, nil, false
	}
	return s.fc, slices.Clone(s.gc), true
}
