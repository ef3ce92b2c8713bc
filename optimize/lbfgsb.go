package optimize

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// LBFGSB is the limited-memory quasi-Newton method with bounds of Byrd, Lu, Nocedal and
// Zhu (SIAM J. Sci. Comput. 16, 1995). Each step goes to the first local minimiser of
// a quadratic model along the projected gradient path (the generalised Cauchy
// point, which says which bounds are active), from there to the minimiser of the
// model over the variables left free, and ends with a line search for the weak
// Wolfe conditions. Without bounds the step is that of L-BFGS by the two-loop
// recursion (Nocedal 1980). Time and memory are linear in n.
type LBFGSB struct {
	Memory int // pairs of steps and gradient changes kept; 0 means 10
}

// Minimize runs the loop.
func (m LBFGSB) Minimize(r *Run) error {
	memory := m.Memory
	if memory <= 0 {
		memory = 10
	}
	x := r.Start()
	n := len(x)
	g, y, gy, d := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	q := newCurvature(n, memory)
	f := r.FuncGrad(x, g)
	step := 0.0
	for !r.Done(Iterate{X: x, F: f, Grad: g, Step: step}) {
		gain := math.NaN()
		var fy float64
		var ok bool
		for {
			if q.len() == 0 || !q.direction(d, x, g, r.bounds) {
				q.reset()
				q.direction(d, x, g, r.bounds)
			}
			slope := floats.Dot(g, d)
			if gain != gain {
				gain = slope / 2
			}
			t := 1.0
			if q.len() == 0 {
				// The gradient has no scale: begin with a step of about the size of x.
				size, longest := 1.0, 0.0
				for i, v := range x {
					size = math.Max(size, math.Abs(v))
					longest = math.Max(longest, math.Abs(d[i]))
				}
				t = math.Min(1, size/longest)
			}
			step, fy, ok = quasiNewtonSearch.run(r, x, d, f, slope, t, farthest(r.bounds, x, d), y, gy)
			if ok || r.Over() {
				break
			}
			if q.len() == 0 {
				r.Stuck(gain)
				break
			}
			q.reset() // perhaps the memory is to blame
		}
		if !ok {
			return nil
		}
		q.update(x, y, g, gy)
		x, y, g, gy, f = y, x, gy, g, fy
	}
	return nil
}

// farthest returns the largest t for which x + t·d stays inside the bounds, at
// least 1 where x + d was made to.
func farthest(bounds []Bound, x, d []float64) float64 {
	far := math.Inf(1)
	for i, b := range bounds {
		switch {
		case d[i] > 0:
			far = math.Min(far, (b.Hi-x[i])/d[i])
		case d[i] < 0:
			far = math.Min(far, (b.Lo-x[i])/d[i])
		}
	}
	if bounds != nil {
		far = math.Max(far, 1)
	}
	return math.Min(far, 1e20)
}

// curvature is the memory of a quasi-Newton method: the last c ≤ m pairs
// (s, y) of steps and gradient changes, oldest first, which stand for the matrix
//
//	B = θI - W M Wᵀ,   W = [Y θS],   M⁻¹ = [[-D, Lᵀ], [L, θSᵀS]]
//
// with D the diagonal and L the strict lower triangle of SᵀY (Byrd et al., section 3).
type curvature struct {
	n, m  int
	s, y  [][]float64
	sy    []float64 // sᵀy of each pair
	theta float64

	// SᵀS and SᵀY, kept up to date for the compact form, m by m.
	ss, st []float64

	middle mat.LU // of M⁻¹
	ready  bool
	work   *compact
}

func newCurvature(n, m int) *curvature {
	return &curvature{n: n, m: m, theta: 1, ss: make([]float64, m*m), st: make([]float64, m*m)}
}

func (q *curvature) len() int { return len(q.s) }

func (q *curvature) reset() {
	q.s, q.y, q.sy = q.s[:0], q.y[:0], q.sy[:0]
	q.theta = 1
	q.ready = false
}

// update adds the step from x to xn if the curvature along it is positive.
func (q *curvature) update(x, xn, g, gn []float64) {
	var sy, yy, ss float64
	for i := range x {
		s, y := xn[i]-x[i], gn[i]-g[i]
		sy += s * y
		yy += y * y
		ss += s * s
	}
	if !(sy > 0x1p-52*yy) || math.IsInf(yy, 1) || !(sy*sy > 1e-32*ss*yy) {
		return
	}
	var s, y []float64
	c := len(q.s)
	if c == q.m {
		s, y = q.s[0], q.y[0]
		copy(q.s, q.s[1:])
		copy(q.y, q.y[1:])
		copy(q.sy, q.sy[1:])
		q.s[c-1], q.y[c-1] = s, y
		c--
		for i := 0; i < c; i++ {
			copy(q.ss[i*q.m:i*q.m+c], q.ss[(i+1)*q.m+1:(i+1)*q.m+1+c])
			copy(q.st[i*q.m:i*q.m+c], q.st[(i+1)*q.m+1:(i+1)*q.m+1+c])
		}
	} else {
		// Slots beyond the length may hold vectors from before a reset.
		if cap(q.s) > c {
			q.s, q.y = q.s[:c+1], q.y[:c+1]
		} else {
			q.s, q.y = append(q.s, nil), append(q.y, nil)
		}
		if q.s[c] == nil {
			q.s[c], q.y[c] = make([]float64, q.n), make([]float64, q.n)
		}
		q.sy = append(q.sy, 0)
		s, y = q.s[c], q.y[c]
	}
	floats.SubTo(s, xn, x)
	floats.SubTo(y, gn, g)
	q.sy[c] = sy
	q.theta = yy / sy
	q.ready = false
	if q.work != nil {
		q.products(c)
	}
}

// products brings row and column c of SᵀS and SᵀY up to date.
func (q *curvature) products(c int) {
	for i := 0; i <= c; i++ {
		v := floats.Dot(q.s[i], q.s[c])
		q.ss[i*q.m+c], q.ss[c*q.m+i] = v, v
		q.st[i*q.m+c] = floats.Dot(q.s[i], q.y[c])
		q.st[c*q.m+i] = floats.Dot(q.s[c], q.y[i])
	}
}

// direction writes to d the step to the minimiser of the model inside the bounds.
// It reports false where the memory is numerically of no use.
func (q *curvature) direction(d, x, g []float64, bounds []Bound) bool {
	if bounds == nil {
		return q.twoLoop(d, g)
	}
	if q.work == nil {
		q.work = newCompact(q.n, q.m)
		for c := range q.s {
			q.products(c)
		}
	}
	return q.bounded(d, x, g, bounds)
}

// twoLoop writes -B⁻¹g to d.
func (q *curvature) twoLoop(d, g []float64) bool {
	for i, v := range g {
		d[i] = -v
	}
	c := len(q.s)
	if c == 0 {
		return true
	}
	var few [32]float64
	alpha := few[:]
	if c > len(few) {
		alpha = make([]float64, c)
	}
	for i := c - 1; i >= 0; i-- {
		alpha[i] = floats.Dot(q.s[i], d) / q.sy[i]
		floats.AddScaled(d, -alpha[i], q.y[i])
	}
	floats.Scale(1/q.theta, d)
	for i := 0; i < c; i++ {
		beta := floats.Dot(q.y[i], d) / q.sy[i]
		floats.AddScaled(d, alpha[i]-beta, q.s[i])
	}
	return floats.Dot(d, g) < 0
}

// compact is the room that the bounded step needs.
type compact struct {
	cauchy, reach []float64 // Cauchy point; t at which each variable meets its bound
	order         []int
	free          []int
	reduced       []float64
	p, c, wb, mv  []float64 // vectors of length 2m
}

func newCompact(n, m int) *compact {
	return &compact{
		cauchy: make([]float64, n), reach: make([]float64, n), reduced: make([]float64, n),
		order: make([]int, 0, n), free: make([]int, 0, n),
		p: make([]float64, 2*m), c: make([]float64, 2*m), wb: make([]float64, 2*m), mv: make([]float64, 2*m),
	}
}

// row writes row b of W to w.
func (q *curvature) row(b int, w []float64) {
	c := len(q.s)
	for i := 0; i < c; i++ {
		w[i] = q.y[i][b]
		w[c+i] = q.theta * q.s[i][b]
	}
}

// timesM writes M·v to out.
func (q *curvature) timesM(out, v []float64) bool {
	if len(v) == 0 {
		return true
	}
	if !q.ready {
		c := len(q.s)
		a := mat.NewDense(2*c, 2*c, nil)
		for i := 0; i < c; i++ {
			a.Set(i, i, -q.st[i*q.m+i])
			for j := 0; j < c; j++ {
				if i > j {
					l := q.st[i*q.m+j]
					a.Set(c+i, j, l)
					a.Set(j, c+i, l)
				}
				a.Set(c+i, c+j, q.theta*q.ss[i*q.m+j])
			}
		}
		q.middle.Factorize(a)
		q.ready = true
	}
	dst := mat.NewVecDense(len(out), out)
	if err := q.middle.SolveVecTo(dst, false, mat.NewVecDense(len(v), v)); err != nil {
		if c, ok := err.(mat.Condition); !ok || math.IsInf(float64(c), 1) {
			return false
		}
	}
	return finite(out)
}

// bounded computes the step by algorithm CP and the direct primal method.
func (q *curvature) bounded(d, x, g []float64, bounds []Bound) bool {
	w := q.work
	k := 2 * len(q.s)
	p, c, wb, mv := w.p[:k], w.c[:k], w.wb[:k], w.mv[:k]
	fill(p, 0)
	fill(c, 0)
	w.order = w.order[:0]
	slope, dd := 0.0, 0.0
	for i, v := range g {
		t := math.Inf(1)
		switch b := bounds[i]; {
		case v < 0:
			t = (x[i] - b.Hi) / v
		case v > 0:
			t = (x[i] - b.Lo) / v
		}
		w.reach[i] = t
		w.cauchy[i] = x[i]
		d[i] = 0
		if t > 0 {
			d[i] = -v
			dd += v * v
			if !math.IsInf(t, 1) {
				w.order = append(w.order, i)
			}
			for j := range q.s {
				p[j] -= v * q.y[j][i]
				p[k/2+j] -= v * q.theta * q.s[j][i]
			}
		}
	}
	slope = -dd
	if slope == 0 {
		return true
	}
	if math.IsInf(dd, 1) {
		return false
	}
	if !q.timesM(mv, p) {
		return false
	}
	bend := q.theta*dd - floats.Dot(p, mv)
	floor := 0x1p-52 * q.theta * dd
	bend = math.Max(bend, floor)
	slices.SortFunc(w.order, func(a, b int) int {
		switch {
		case w.reach[a] < w.reach[b]:
			return -1
		case w.reach[a] > w.reach[b]:
			return 1
		}
		return a - b
	})
	best := -slope / bend
	t := 0.0
	for _, b := range w.order {
		dt := w.reach[b] - t
		if best < dt {
			break
		}
		bound := bounds[b].Lo
		if d[b] > 0 {
			bound = bounds[b].Hi
		}
		w.cauchy[b] = bound
		z := bound - x[b]
		floats.AddScaled(c, dt, p)
		q.row(b, wb)
		if !q.timesM(mv, wb) {
			return false
		}
		gb := g[b]
		slope += dt*bend + gb*gb + q.theta*gb*z - gb*floats.Dot(mv, c)
		bend -= q.theta*gb*gb + 2*gb*floats.Dot(mv, p) + gb*gb*floats.Dot(mv, wb)
		bend = math.Max(bend, floor)
		floats.AddScaled(p, gb, wb)
		d[b] = 0
		best = -slope / bend
		t = w.reach[b]
	}
	best = math.Max(best, 0)
	w.free = w.free[:0]
	for i := range x {
		if d[i] != 0 {
			w.cauchy[i] = bounds[i].Clip(x[i] + (t+best)*d[i])
			if bounds[i].Lo < w.cauchy[i] && w.cauchy[i] < bounds[i].Hi {
				w.free = append(w.free, i)
			}
		}
	}
	floats.AddScaled(c, best, p)
	if k == 0 || len(w.free) == 0 {
		floats.SubTo(d, w.cauchy, x)
		return true
	}
	return q.subspace(d, x, g, c, bounds)
}

// subspace goes on from the Cauchy point to the minimiser of the model over the
// free variables, cut off at the bounds, and writes the whole step to d.
func (q *curvature) subspace(d, x, g, c []float64, bounds []Bound) bool {
	w := q.work
	k := len(c)
	mv, v := w.mv[:k], w.p[:k]
	if !q.timesM(mv, c) {
		return false
	}
	half := k / 2
	fill(v, 0)
	for a, i := range w.free {
		rc := g[i] + q.theta*(w.cauchy[i]-x[i])
		for j := 0; j < half; j++ {
			rc -= q.y[j][i]*mv[j] + q.theta*q.s[j][i]*mv[half+j]
		}
		w.reduced[a] = rc
		for j := 0; j < half; j++ {
			v[j] += q.y[j][i] * rc
			v[half+j] += q.theta * q.s[j][i] * rc
		}
	}
	if !q.timesM(mv, v) {
		return false
	}
	// N = I - M·WᵀW/θ over the free variables.
	ww := mat.NewDense(k, k, nil)
	raw := ww.RawMatrix().Data
	wb := w.wb[:k]
	for _, i := range w.free {
		q.row(i, wb)
		for a := 0; a < k; a++ {
			for b := a; b < k; b++ {
				raw[a*k+b] += wb[a] * wb[b]
			}
		}
	}
	nm := mat.NewDense(k, k, nil)
	col, out := make([]float64, k), make([]float64, k)
	for b := 0; b < k; b++ {
		for a := 0; a < k; a++ {
			col[a] = raw[min(a, b)*k+max(a, b)] / q.theta
		}
		if !q.timesM(out, col) {
			return false
		}
		for a := 0; a < k; a++ {
			e := -out[a]
			if a == b {
				e++
			}
			nm.Set(a, b, e)
		}
	}
	var lu mat.LU
	lu.Factorize(nm)
	dst := mat.NewVecDense(k, v)
	if err := lu.SolveVecTo(dst, false, mat.NewVecDense(k, mv)); err != nil {
		if cond, ok := err.(mat.Condition); !ok || math.IsInf(float64(cond), 1) {
			return false
		}
	}
	// du over the free variables into reduced; the longest part of it inside the bounds.
	inside := 1.0
	for a, i := range w.free {
		u := 0.0
		for j := 0; j < half; j++ {
			u += q.y[j][i]*v[j] + q.theta*q.s[j][i]*v[half+j]
		}
		u = -(w.reduced[a] + u/q.theta) / q.theta
		w.reduced[a] = u
		switch b := bounds[i]; {
		case u > 0:
			inside = math.Min(inside, (b.Hi-w.cauchy[i])/u)
		case u < 0:
			inside = math.Min(inside, (b.Lo-w.cauchy[i])/u)
		}
	}
	// First the projection of the whole step (Morales and Nocedal 2011), which frees
	// the active set faster; the shortened step where that does not descend.
	for _, part := range [...]float64{1, inside} {
		floats.SubTo(d, w.cauchy, x)
		for a, i := range w.free {
			d[i] = bounds[i].Clip(w.cauchy[i]+part*w.reduced[a]) - x[i]
		}
		if slope := floats.Dot(d, g); slope < 0 && finite(d) {
			return true
		}
	}
	return false
}
