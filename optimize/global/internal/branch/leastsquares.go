package branch

import (
	"math"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/form"
	"nabla/optimize/global/internal/model"
)

// This file bounds sums of squares, f = Σ ρ_i² + t, from below on a box, and narrows
// the box to where f is not above the best value. Interval arithmetic on f itself adds
// up the squares as if each could be least where it likes; here they are taken
// together:
//
//	f(x) ≥ Σ (2u_i ρ_i(x) - u_i²) + t(x)   for all u, by Σ (ρ_i - u_i)² ≥ 0.
//
// With u = ρ(x*) at a least-squares solution x* in the box, the slopes of the right
// side vanish at x*, or press against the sides of the box, so that it is a bound of
// second order. And f ≤ B leaves ‖ρ‖² ≤ B - t, of which a pseudo-inverse Y of the
// Jacobian J makes an interval Newton step (Hansen and Walster 2004, chapter 11, for
// equations; here for a ball in the place of a point):
//
//	x - x* = Yρ(x) - Yρ(x*) - (YJ - 1)(x - x*),   |Yρ(x)|_k ≤ ‖Y_k‖ ‖ρ(x)‖.
//
// Where the parameters are nearly dependent, as those of a sum of exponentials, both are too weak near the
// solution: see bent.

// residuals are the ρ_i and t of a formula as programs.
type residuals struct {
	m      int       // squares
	weight []float64 // w_i² is a lower bound of the factor of square i, which is the formula r_i
	value  *tape.Prog
	slope  *tape.Prog // as value, then the derivatives in entries that do not vanish
	entry  []struct{ i, k int }
	bend   *tape.Prog // of the variables and v: the entries of the Hessian of Σ v_i r_i + t; nil for many
	second []diff.Entry
}

const (
	maxSquares = 400
	// maxEntries is the number of derivatives up to which residuals are used.
	maxEntries = 4000
)

// asResiduals reads f as a sum of at least two squares and a rest, nil where it is
// none.
func asResiduals(f expr.Expr, vars []string) *residuals {
	t := simplify.New()
	tidy := t.Tidy(f)
	if tidy.Size() > form.MaxSize {
		return nil
	}
	q := &residuals{}
	var outs, rest []expr.Expr
	for _, e := range form.TermsOf(t, tidy) {
		r, c, ok := form.AsSquare(t, e)
		if !ok {
			rest = append(rest, e)
			continue
		}
		outs, q.weight = append(outs, r), append(q.weight, c)
	}
	if q.m = len(outs); q.m < 2 || q.m > maxSquares {
		return nil
	}
	outs = append(outs, t.Add(rest...))
	var derivatives []expr.Expr
	for i, e := range outs {
		own := e.Vars()
		place := make([]int, 0, len(own))
		for k, v := range vars {
			for _, w := range own {
				if v == w {
					place = append(place, k)
				}
			}
		}
		names := make([]string, len(place))
		for j, k := range place {
			names[j] = vars[k]
		}
		for j, d := range diff.Gradient(e, names) {
			if !d.IsNum(0) {
				derivatives = append(derivatives, d)
				q.entry = append(q.entry, struct{ i, k int }{i, place[j]})
			}
		}
		if len(q.entry) > maxEntries {
			return nil
		}
	}
	var err error
	if q.value, err = tape.Compile(vars, outs...); err != nil {
		return nil
	}
	if q.slope, err = tape.Compile(vars, append(outs, derivatives...)...); err != nil {
		return nil
	}
	q.compileBends(t, outs, vars)
	return q
}

// A gaussNewton bounds and narrows boxes by residuals. It belongs to one goroutine.
type gaussNewton struct {
	*residuals
	n        int
	mv, ms   *tape.Machine
	out      []interval.I
	dec      []interval.Dec
	at       []interval.I // ρ and t at the point x*
	point    []interval.I
	mid      []float64 // r and t in the middle of the box
	x, d     []float64
	mean     []float64      // the middle of the box
	to       []float64      // where d is to go
	jac      [][]interval.I // of ρ on the box, then of t
	a        [][]float64    // its middle
	u        []float64
	h, l     [][]float64
	inv      [][]float64
	b, g     []float64
	slopes   []interval.I
	fixed    []bool
	used     []bool      // on the box at hand
	y        [][]float64 // pseudo-inverse of a
	length   []float64   // of its rows
	all      []int
	narrowed []interval.I
	bent     *bent // nil for many variables
}

func newGaussNewton(q *residuals, n int) *gaussNewton {
	s := &gaussNewton{residuals: q, n: n, mv: q.value.NewMachine(), ms: q.slope.NewMachine(),
		out: make([]interval.I, q.slope.NumOut()), dec: make([]interval.Dec, q.slope.NumOut()), at: make([]interval.I, q.m+1),
		point: make([]interval.I, n), mid: make([]float64, q.m+1), x: make([]float64, n), d: make([]float64, n), mean: make([]float64, n), to: make([]float64, n), u: make([]float64, q.m+1),
		h: model.Square(n), l: model.Square(n), inv: model.Square(n), b: make([]float64, n), g: make([]float64, n),
		slopes: make([]interval.I, n), fixed: make([]bool, n), used: make([]bool, q.m+1), y: make([][]float64, n), length: make([]float64, n), all: make([]int, n), narrowed: make([]interval.I, n)}
	for k := range s.y {
		s.y[k] = make([]float64, q.m)
	}
	s.jac, s.a = make([][]interval.I, q.m+1), make([][]float64, q.m+1)
	for i := range s.jac {
		s.jac[i], s.a[i] = make([]interval.I, n), make([]float64, n)
	}
	if q.bend != nil {
		s.bent = newBent(q, n)
	}
	return s
}

// examine raises lb on the bounded box x and narrows x in place to where f ≤ best;
// keep is false where that leaves nothing. smaller says that a side has lost more
// than a tenth. near is the best point, nil for none.
func (s *gaussNewton) examine(x []interval.I, best float64, near []float64, lb *float64) (smaller, keep bool) {
	if !s.enclose(x) {
		return false, true
	}
	s.solve(x)
	if !s.atPoint() {
		return false, true
	}
	h := s.minorant(x)
	*lb = math.Max(*lb, h.low)
	if h.low > best {
		return false, false
	}
	if !model.Finite(best) {
		return false, true
	}
	copy(s.narrowed, x)
	if s.bent != nil && model.Finite(best) {
		if *lb = math.Max(*lb, s.curved(x, near)); *lb > best {
			return false, false
		}
	}
	if !s.cut(x, best, h) {
		return false, false
	}
	if s.invert() && !s.newton(x, best) {
		return false, false
	}
	for i := range x {
		smaller = smaller || s.narrowed[i].Width() < 0.9*x[i].Width()
		x[i] = s.narrowed[i]
	}
	return smaller, true
}

// bends returns the variable of the box at hand that adds most to what the residuals
// deviate from linear functions there, -1 where they do not.
func (s *gaussNewton) bends(x []interval.I) int {
	at, most := -1, 0.0
	for k := range x {
		sum := 0.0
		for i := range s.m {
			if s.used[i] {
				r := s.jac[i][k].Width()
				sum += r * r
			}
		}
		if v := x[k].Width() * math.Sqrt(sum); v > most {
			at, most = k, v
		}
	}
	return at
}

// enclose computes the Jacobian on the box, its middle, and the residuals in the
// middle of the box, in floats. Squares that have no slopes on the box do not count: they are not
// negative.
func (s *gaussNewton) enclose(x []interval.I) bool {
	s.ms.Interval(s.out, s.dec, x)
	smooth := func(k int) bool { return s.dec[k] == interval.Continuous && s.out[k].IsBounded() }
	for i := range s.used {
		s.used[i] = smooth(i)
	}
	for k, e := range s.entry {
		s.used[e.i] = s.used[e.i] && smooth(s.m+1+k)
	}
	if !s.used[s.m] {
		return false
	}
	for k, e := range s.entry {
		if !s.used[e.i] {
			s.jac[e.i][e.k], s.a[e.i][e.k] = interval.I{}, 0
			continue
		}
		w := 1.0
		if e.i < s.m {
			w = s.weight[e.i]
		}
		v := s.out[s.m+1+k].Mul(interval.Point(w))
		s.jac[e.i][e.k] = v
		s.a[e.i][e.k] = v.Mid()
	}
	for i, v := range x {
		s.x[i] = v.Mid()
	}
	s.mv.Eval(s.mid, s.x)
	for i, used := range s.used {
		if used && !model.Finite(s.mid[i]) {
			return false
		}
	}
	return true
}

// atPoint encloses ρ and t at the point s.x.
func (s *gaussNewton) atPoint() bool {
	for i, c := range s.x {
		s.point[i] = interval.Point(c)
	}
	s.mv.Interval(s.at, s.dec[:s.m+1], s.point)
	for i := range s.at {
		if !s.used[i] {
			s.at[i] = interval.I{}
			continue
		}
		if s.dec[i] < interval.Defined || !s.at[i].IsBounded() {
			return false
		}
		if i < s.m {
			s.at[i] = s.at[i].Mul(interval.Point(s.weight[i]))
		}
	}
	return true
}

// solve moves s.x to the least-squares solution in the box of the residuals made
// linear at the middle, by an active set of variables that are held at sides of the box
// (Nocedal and Wright, Numerical Optimization, 2nd ed. 2006, section 16.5). That it is only nearly one
// costs sharpness, no truth.
func (s *gaussNewton) solve(x []interval.I) {
	n := s.n
	for k := range n {
		s.b[k] = 0.5 * s.a[s.m][k]
		clear(s.h[k])
		s.fixed[k] = x[k].Lo == x[k].Hi
		s.d[k] = 0
	}
	for i := range s.m {
		r := s.mid[i] * s.weight[i]
		for k, v := range s.a[i] {
			if v == 0 {
				continue
			}
			s.b[k] += v * r
			for j := 0; j <= k; j++ {
				s.h[k][j] += v * s.a[i][j]
			}
		}
	}
	copy(s.mean, s.x)
	for range 4 * n {
		if !s.step() || !s.blocked(x) && !s.released(x) {
			break
		}
	}
	for k := range n {
		s.x[k] = model.ClipTo(s.mean[k]+s.d[k], x[k])
	}
}

// blocked moves d towards the step to, as far as the box allows, and holds the variable that is in the
// way; false where none is.
func (s *gaussNewton) blocked(x []interval.I) bool {
	share, at := 1.0, -1
	for k := range s.n {
		if s.fixed[k] {
			continue
		}
		room := x[k].Hi - s.mean[k] - s.d[k]
		if s.to[k] < s.d[k] {
			room = x[k].Lo - s.mean[k] - s.d[k]
		}
		if move := s.to[k] - s.d[k]; move != 0 && room/move < share {
			share, at = math.Max(0, room/move), k
		}
	}
	for k := range s.n {
		if !s.fixed[k] {
			s.d[k] += share * (s.to[k] - s.d[k])
		}
	}
	if at >= 0 {
		s.fixed[at] = true
	}
	return at >= 0
}

// released lets the variable go that presses most away from the side that holds it; false where none does.
func (s *gaussNewton) released(x []interval.I) bool {
	at, most := -1, 0.0
	for k := range s.n {
		if !s.fixed[k] || x[k].Lo == x[k].Hi {
			continue
		}
		g := s.b[k]
		for j := range s.n {
			g += s.symmetric(k, j) * s.d[j]
		}
		if s.d[k] > 0 { // at the upper side: the middle is 0
			g = -g
		}
		if g /= math.Sqrt(s.h[k][k]); g < -1e-12 && g < most {
			at, most = k, g
		}
	}
	if at >= 0 {
		s.fixed[at] = false
	}
	return at >= 0
}

// step sets the free entries of the step to the solution of H d = -b with the others as they
// are, by Cholesky's method with a small shift; false where H is singular all the same.
func (s *gaussNewton) step() bool {
	var free []int
	for k := range s.n {
		if !s.fixed[k] {
			free = append(free, k)
		}
	}
	for p, k := range free {
		s.g[p] = -s.b[k]
		for j := range s.n {
			if s.fixed[j] {
				s.g[p] -= s.symmetric(k, j) * s.d[j]
			}
		}
	}
	if !s.cholesky(free, 1e-14) {
		return false
	}
	s.substitute(len(free), s.g)
	for p, k := range free {
		s.to[k] = s.g[p]
	}
	return true
}

func (s *gaussNewton) symmetric(i, j int) float64 {
	if i < j {
		i, j = j, i
	}
	return s.h[i][j]
}

// cholesky factorises H on the variables in free, its diagonal raised by a share.
func (s *gaussNewton) cholesky(free []int, share float64) bool {
	for p, k := range free {
		for q := 0; q <= p; q++ {
			v := s.symmetric(k, free[q])
			if p == q {
				v += share * v
			}
			for c := range q {
				v -= s.l[p][c] * s.l[q][c]
			}
			if p == q {
				if !(v > 1e-15*s.h[k][k]) {
					return false
				}
				s.l[p][p] = math.Sqrt(v)
			} else {
				s.l[p][q] = v / s.l[q][q]
			}
		}
	}
	return true
}

// substitute solves L Lᵀ y = g in place.
func (s *gaussNewton) substitute(k int, g []float64) {
	for p := range k {
		for c := range p {
			g[p] -= s.l[p][c] * g[c]
		}
		g[p] /= s.l[p][p]
	}
	for p := k - 1; p >= 0; p-- {
		for c := p + 1; c < k; c++ {
			g[p] -= s.l[c][p] * g[c]
		}
		g[p] /= s.l[p][p]
	}
}

// A minorant is the function Σ (2u_i ρ_i - u_i²) + t ≤ f: its value at x* and its
// least value on the box; its slopes are in s.slopes.
type minorant struct {
	at  interval.I
	low float64
}

func (s *gaussNewton) minorant(x []interval.I) minorant {
	h := minorant{at: s.at[s.m]}
	copy(s.slopes, s.jac[s.m])
	for i := range s.m {
		u := s.at[i].Mid()
		s.u[i] = u
		twice := interval.Point(2 * u)
		h.at = h.at.Add(twice.Mul(s.at[i])).Sub(interval.Point(u).Sqr())
		for k, v := range s.jac[i] {
			if v != (interval.I{}) {
				s.slopes[k] = s.slopes[k].Add(twice.Mul(v))
			}
		}
	}
	v := h.at
	for k := range x {
		v = v.Add(s.slopes[k].Mul(x[k].Sub(s.point[k])))
	}
	h.low = v.Lo
	return h
}

// cut narrows the box to where the minorant is not above best.
func (s *gaussNewton) cut(x []interval.I, best float64, h minorant) bool {
	for k := range x {
		g := s.slopes[k]
		if g.Lo <= 0 && g.Hi >= 0 {
			continue
		}
		rest := interval.Point(best).Sub(h.at)
		for j := range x {
			if j != k {
				rest = rest.Sub(s.slopes[j].Mul(x[j].Sub(s.point[j])))
			}
		}
		// g d ≤ rest.Hi
		d := interval.Point(rest.Hi).Div(g)
		v := s.narrowed[k]
		if g.Lo > 0 {
			v.Hi = math.Min(v.Hi, s.point[k].Add(d).Hi)
		} else {
			v.Lo = math.Max(v.Lo, s.point[k].Add(d).Lo)
		}
		if !(v.Lo <= v.Hi) {
			return false
		}
		s.narrowed[k] = v
	}
	return true
}

// invert computes the pseudo-inverse Y of the middle of the Jacobian and bounds the
// lengths of its rows; false where the middle has not full rank. That Y is in floats
// costs sharpness, no truth.
func (s *gaussNewton) invert() bool {
	for k := range s.all {
		s.all[k] = k
	}
	if !s.cholesky(s.all, 0) {
		return false
	}
	for k := range s.n {
		clear(s.g)
		s.g[k] = 1
		s.substitute(s.n, s.g)
		if !model.AllFinite(s.g) {
			return false
		}
		length := interval.Point(0)
		for i := range s.m {
			y := 0.0
			for j, v := range s.a[i] {
				y += s.g[j] * v
			}
			s.y[k][i] = y
			length = length.Add(interval.Point(y).Sqr())
		}
		s.length[k] = length.Sqrt().Hi
	}
	return true
}

// newton narrows the box to ‖ρ‖² ≤ best - t. In the direction of u, the residuals at
// x*, ρ is known to be long; that leaves the less across.
func (s *gaussNewton) newton(x []interval.I, best float64) bool {
	room := interval.Point(best).Sub(s.out[s.m])
	size, along := interval.Point(0), interval.Point(0)
	for i := range s.m {
		u := interval.Point(s.u[i])
		size = size.Add(u.Sqr())
		along = along.Add(u.Mul(s.at[i]))
	}
	for k := range x {
		g := interval.Point(0)
		for i := range s.m {
			if v := s.jac[i][k]; v != (interval.I{}) {
				g = g.Add(interval.Point(s.u[i]).Mul(v))
			}
		}
		along = along.Add(g.Mul(x[k].Sub(s.point[k])))
	}
	if size.Lo > 0 && along.Lo > 0 {
		room = room.Sub(interval.Point(along.Lo).Sqr().Div(size))
	} else {
		along, size = interval.Point(0), interval.Point(1)
		clear(s.u[:s.m])
	}
	if room.Hi < 0 {
		return false
	}
	radius, share := interval.Point(room.Hi).Sqrt(), along.Div(size)
	for k := range x {
		moved, across := interval.Point(0), interval.Point(0)
		for i, y := range s.y[k] {
			p := interval.Point(y)
			moved = moved.Add(p.Mul(s.at[i]))
			across = across.Add(p.Mul(interval.Point(s.u[i])))
		}
		r := radius.Mul(interval.Point(s.length[k])).Hi
		v := share.Mul(across).Add(interval.I{Lo: -r, Hi: r}).Sub(moved)
		for j := range x {
			e := interval.Point(0)
			if j == k {
				e = interval.Point(-1)
			}
			for i, y := range s.y[k] {
				if w := s.jac[i][j]; w != (interval.I{}) {
					e = e.Add(interval.Point(y).Mul(w))
				}
			}
			v = v.Sub(e.Mul(s.narrowed[j].Sub(s.point[j])))
		}
		if s.narrowed[k] = s.narrowed[k].Meet(s.point[k].Add(v)); s.narrowed[k].IsEmpty() {
			return false
		}
	}
	return true
}
