package optimize

import "math"

// Bracket looks downhill from a and b for three points lo < mid < hi (or in
// descending order) with f(mid) at most as high as the other two, so that a
// continuous f has a local minimum between lo and hi. It goes by the golden ratio
// and parabolas, at most 110-fold a step, and stays within bound; where it meets an end of
// bound going down, mid is that end. ok is false if f falls until
// floats end. Undefined values count as +Inf. (Brent 1973; Press et al., Numerical
// Recipes, section 10.1.)
func Bracket(f func(x float64) float64, a, b float64, bound Bound) (lo, mid, hi float64, ok bool) {
	const (
		golden = 1.618033988749895
		most   = 110
	)
	at := func(x float64) float64 {
		if v := f(x); v == v {
			return v
		}
		return math.Inf(1)
	}
	a, b = bound.Clip(a), bound.Clip(b)
	fa, fb := at(a), at(b)
	if fb > fa {
		a, b, fa, fb = b, a, fb, fa
	}
	if a == b || math.IsInf(fb, 1) {
		return a, b, b, false
	}
	c := bound.Clip(b + golden*(b-a))
	if c == b {
		return a, b, b, true
	}
	fc := at(c)
	for i := 0; fb > fc && i < 2000; i++ {
		if math.IsInf(c, 0) || math.IsInf(fc, -1) {
			return a, b, c, false
		}
		if c == bound.Lo || c == bound.Hi {
			return b, c, c, true
		}
		r, q := (b-a)*(fb-fc), (b-c)*(fb-fa)
		u := b - ((b-c)*q-(b-a)*r)/(2*(q-r))
		limit := b + most*(c-b)
		switch {
		case !((u-c)*(c-b) > 0): // not beyond c, or NaN
			u = c + golden*(c-b)
		case (u-limit)*(limit-c) >= 0:
			u = limit
		}
		if u = bound.Clip(u); u == c {
			return b, c, c, true
		}
		a, b, c, fa, fb, fc = b, c, u, fb, fc, at(u)
	}
	return a, b, c, fc >= fb
}

// Brent finds a local minimum of f between lo and hi without derivatives, by golden
// section and parabolas (Brent 1973, "Algorithms for Minimization without
// Derivatives", chapter 5). It stops when x is known to tol·|x| + 1e-20·(hi - lo);
// a tol below the spacing of floats, 2.2e-16, is raised to it. At a smooth minimum values
// alone determine x to about 1e-8 only; at a kink to the last bits. It evaluates
// the ends too, and 0 if it lies between them, so that a minimum there is found exactly, and
// takes NaN for +Inf.
// keep, if not nil, is asked after each step whether to go on.
func Brent(f func(x float64) float64, lo, hi, tol float64, keep func(x, fx float64) bool) (x, fx float64) {
	const golden = 0.3819660112501051
	at := func(x float64) float64 {
		if v := f(x); v == v {
			return v
		}
		return math.Inf(1)
	}
	if lo > hi {
		lo, hi = hi, lo
	}
	tol = math.Max(tol, 0x1p-52)
	a, b := lo, hi
	x = a + golden*(b-a)
	w, v := x, x
	fx = at(x)
	fw, fv := fx, fx
	var d, e float64
	small := 1e-20 * (hi - lo)
	for i := 0; i < 400; i++ {
		m := a + (b-a)/2
		t := tol*math.Abs(x) + small
		if math.Abs(x-m) <= 2*t-(b-a)/2 {
			break
		}
		if keep != nil && !keep(x, fx) {
			return x, fx
		}
		parabola := false
		if math.Abs(e) > t {
			r, q := (x-w)*(fx-fv), (x-v)*(fx-fw)
			p := (x-v)*q - (x-w)*r
			q = 2 * (q - r)
			if q > 0 {
				p = -p
			} else {
				q = -q
			}
			before := e
			e = d
			if math.Abs(p) < math.Abs(q*before/2) && p > q*(a-x) && p < q*(b-x) {
				parabola = true
				d = p / q
				if u := x + d; u-a < 2*t || b-u < 2*t {
					d = math.Copysign(t, m-x)
				}
			}
		}
		if !parabola {
			if x < m {
				e = b - x
			} else {
				e = a - x
			}
			d = golden * e
		}
		u := x + d
		if math.Abs(d) < t {
			u = x + math.Copysign(t, d)
		}
		fu := at(u)
		if fu <= fx {
			if u < x {
				b = x
			} else {
				a = x
			}
			v, w, x, fv, fw, fx = w, x, u, fw, fx, fu
			continue
		}
		if u < x {
			a = u
		} else {
			b = u
		}
		switch {
		case fu <= fw || w == x:
			v, w, fv, fw = w, u, fw, fu
		case fu <= fv || v == x || v == w:
			v, fv = u, fu
		}
	}
	for _, end := range [...]float64{lo, hi, 0} {
		if end < lo || end > hi {
			continue
		}
		if fe := at(end); fe < fx || fe == fx && math.Abs(end-x) <= 4*(tol*math.Abs(x)+small) {
			x, fx = end, fe
		}
	}
	return x, fx
}

// BrentMethod minimises functions of one variable without derivatives: between
// finite bounds by Brent's method, otherwise after a bracket has been found going
// downhill from the start. It stands kinks and does not need a gradient.
type BrentMethod struct {
	Tolerance float64 // relative accuracy of x; 0 means 1e-11 (see Brent)
	Step      float64 // first step of the bracket relative to max(1, |x|); 0 means 0.1
}

// Minimize runs the method.
func (m BrentMethod) Minimize(r *Run) error {
	x := r.Start()
	y := make([]float64, 1)
	f := func(v float64) float64 {
		y[0] = v
		return r.Func(y)
	}
	f0 := r.Func(x)
	if r.Done(Iterate{X: x, F: f0}) {
		return nil
	}
	b := NoBound
	if r.bounds != nil {
		b = r.bounds[0]
	}
	lo, hi := b.Lo, b.Hi
	if math.IsInf(b.Width(), 1) {
		step := orDefault(m.Step, 0.1) * math.Max(1, math.Abs(x[0]))
		var mid float64
		var ok bool
		for try := 0; try < 60; try++ {
			a, c := b.Clip(x[0]), b.Clip(x[0]+step)
			if c == a {
				c = b.Clip(x[0] - step)
			}
			if lo, mid, hi, ok = Bracket(f, a, c, b); ok || r.Over() || !math.IsInf(f(c), 1) {
				break
			}
			step /= -2 // c was undefined: the other side, nearer
		}
		if r.Over() {
			return nil
		}
		if !ok {
			x[0] = mid
			r.Done(Iterate{X: x, F: f(mid)})
			r.Stuck(math.NaN())
			return nil
		}
	}
	last := f0
	report := func(v, fv float64) bool {
		if !(fv < last) {
			return !r.Over()
		}
		step := math.Abs(v - x[0])
		x[0], last = v, fv
		return !r.Done(Iterate{X: x, F: fv, Step: step})
	}
	v, fv := Brent(f, lo, hi, orDefault(m.Tolerance, 1e-11), report)
	if !r.Over() {
		report(v, fv)
	}
	r.Finish()
	return nil
}
