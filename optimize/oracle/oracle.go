// Package oracle says what a learning rate will do, before the descent is run.
//
// Over a region X the eigenvalues of the Hessian of f are enclosed in [μ, L], by
// interval arithmetic from the formula. They decide what gradient descent with the
// rate t does there: every step multiplies the distance to the minimiser, along
// the direction of an eigenvalue λ, by 1 - tλ. So 1/L is safe, beyond 2/L the
// steepest direction grows, and L/μ, the condition number, says how slow the rest
// is (Nesterov 2004, theorems 1.2.4 and 2.1.15; Polyak 1987, section 1.4).
//
// A prediction is a claim: what is predicted to converge does not diverge, and what is
// predicted to diverge does not converge, apart from what the rounding errors of
// floats may do to a walk of a great many steps. What cannot be settled is Unknown.
package oracle

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// maxDense is the number of variables up to which eigenvalues are enclosed by a
// change of basis, which takes n³ interval operations; beyond, the discs of
// Gershgorin have to do.
const maxDense = 80

// An Oracle knows one function.
type Oracle struct {
	vars      []string
	entries   []diff.Entry
	m         *tape.Machine // f, its gradient, the entries of its Hessian
	n         int
	out       []interval.I
	dec       []interval.Dec
	values    []float64
	quadratic bool
}

// ErrSize is returned for functions whose Hessian is too large.
var ErrSize = errors.New("oracle: the Hessian has too many entries")

// maxEntries is how many entries of a Hessian that are not zero are looked at.
const maxEntries = 20_000

// New returns the oracle for the function e of the variables vars.
func New(e expr.Expr, vars []string) (*Oracle, error) {
	o := &Oracle{vars: vars, n: len(vars), entries: diff.Hessian(e, vars)}
	if len(o.entries) > maxEntries {
		return nil, ErrSize
	}
	outs := append([]expr.Expr{e}, diff.Gradient(e, vars)...)
	o.quadratic = true
	for _, h := range o.entries {
		outs = append(outs, h.Expr)
		o.quadratic = o.quadratic && h.Expr.IsConstant()
	}
	prog, err := tape.Compile(vars, outs...)
	if err != nil {
		return nil, err
	}
	o.m = prog.NewMachine()
	o.out, o.dec = make([]interval.I, len(outs)), make([]interval.Dec, len(outs))
	o.values = make([]float64, len(outs))
	return o, nil
}

// Quadratic reports whether the Hessian is the same everywhere, so that what is
// known of it holds everywhere.
func (o *Oracle) Quadratic() bool { return o.quadratic }

// A Curvature is what is known of the Hessian over a region.
type Curvature struct {
	Region []interval.I // one interval a variable
	// Every eigenvalue of the Hessian, at every point of the region, lies in
	// [Low, High].
	Low, High float64
	// Everywhere says that the region is the whole space.
	Everywhere bool
	// Sharp says that Low and High are the smallest and the largest eigenvalue up
	// to rounding, as they are for quadratic functions.
	Sharp bool

	vector []float64 // of the largest eigenvalue, where Sharp
	lowest []float64 // of the smallest
	error  float64   // bound on the error of Low and High, where Sharp
}

// L returns the largest upward curvature, 0 where f bends upward nowhere.
func (c *Curvature) L() float64 { return max(c.High, 0) }

// Safe returns the rate 1/L, with which f falls at every step that stays in the
// region; +Inf where f bends upward nowhere.
func (c *Curvature) Safe() float64 { return 1 / c.L() }

// Limit returns the rate 2/L, beyond which the direction of the largest curvature
// grows from step to step.
func (c *Curvature) Limit() float64 { return 2 / c.L() }

// Condition returns L/μ, or +Inf where f is not proved to be strictly convex.
func (c *Curvature) Condition() float64 {
	if !(c.Low > 0) {
		return math.Inf(1)
	}
	if c.Sharp && c.High-c.Low <= 4*c.error {
		return 1
	}
	return c.High / c.Low
}

// everywhere returns the whole space.
func (o *Oracle) everywhere() []interval.I {
	x := make([]interval.I, o.n)
	for i := range x {
		x[i] = interval.Whole
	}
	return x
}

// Over returns the curvature over a region, false where f or a derivative may be
// undefined or discontinuous in it or the curvature has no bound. For a quadratic function
// the region is everywhere, whatever is asked for.
func (o *Oracle) Over(region []interval.I) (*Curvature, bool) {
	if o.quadratic {
		region = o.everywhere()
	}
	o.m.Interval(o.out, o.dec, region)
	for _, d := range o.dec {
		if d < interval.Continuous {
			return nil, false
		}
	}
	c := &Curvature{Region: region, Everywhere: o.quadratic}
	h := o.out[1+o.n:]
	for _, v := range h {
		if v.IsEmpty() || !v.IsBounded() {
			return nil, false
		}
	}
	c.Low, c.High = o.discs(h)
	if o.n <= maxDense {
		o.rotate(c, h)
	}
	if math.IsNaN(c.Low) || math.IsNaN(c.High) || math.IsInf(c.Low, 0) || math.IsInf(c.High, 0) {
		return nil, false
	}
	return c, true
}

// discs bounds the eigenvalues by the discs of Gershgorin.
func (o *Oracle) discs(h []interval.I) (lo, hi float64) {
	center, radius := make([]interval.I, o.n), make([]interval.I, o.n)
	for k, e := range o.entries {
		if e.Row == e.Col {
			center[e.Row] = h[k]
			continue
		}
		r := interval.Point(h[k].Mag())
		radius[e.Row], radius[e.Col] = radius[e.Row].Add(r), radius[e.Col].Add(r)
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range center {
		lo = min(lo, center[i].Sub(radius[i]).Lo)
		hi = max(hi, center[i].Add(radius[i]).Hi)
	}
	return lo, hi
}

// rotate sharpens the bounds of c in the basis V of the eigenvectors of the middle of
// h. By Ostrowski's theorem the eigenvalues of VᵀHV are those of H times factors
// between the smallest and the largest eigenvalue of VᵀV (Horn and Johnson 2013,
// theorem 4.5.9), which is the identity but for rounding.
func (o *Oracle) rotate(c *Curvature, h []interval.I) {
	n := o.n
	mid := mat.NewSymDense(n, nil)
	a := make([]interval.I, n*n)
	wide, largest := false, 0.0
	for _, v := range h {
		largest = max(largest, v.Mag())
	}
	for k, e := range o.entries {
		mid.SetSym(e.Row, e.Col, h[k].Mid())
		a[e.Row*n+e.Col], a[e.Col*n+e.Row] = h[k], h[k]
		wide = wide || h[k].Width() > 1e-12*largest
	}
	var eig mat.EigenSym
	if !eig.Factorize(mid, true) {
		return
	}
	var dense mat.Dense
	eig.VectorsTo(&dense)
	v := make([]float64, n*n)
	for i := range n {
		for j := range n {
			v[i*n+j] = dense.At(i, j)
		}
	}
	dot := func(x func(k int) interval.I, col int) interval.I {
		s := interval.Point(0)
		for k := range n {
			s = s.Add(x(k).Mul(interval.Point(v[k*n+col])))
		}
		return s
	}
	// defect bounds ‖VᵀV - I‖∞.
	defect := interval.Point(0)
	for i := range n {
		row := interval.Point(0)
		for j := range n {
			d := dot(func(k int) interval.I { return interval.Point(v[k*n+i]) }, j)
			if i == j {
				d = d.Sub(interval.Point(1))
			}
			row = row.Add(interval.Point(d.Mag()))
		}
		defect = interval.I{Lo: 0, Hi: max(defect.Hi, row.Hi)}
	}
	if !(defect.Hi < 0.5) {
		return
	}
	av := make([]interval.I, n*n)
	for i := range n {
		for j := range n {
			av[i*n+j] = dot(func(k int) interval.I { return a[i*n+k] }, j)
		}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range n {
		center, radius := interval.Point(0), interval.Point(0)
		for j := range n {
			b := dot(func(k int) interval.I { return av[k*n+j] }, i)
			if i == j {
				center = b
			} else {
				radius = radius.Add(interval.Point(b.Mag()))
			}
		}
		lo, hi = min(lo, center.Sub(radius).Lo), max(hi, center.Add(radius).Hi)
	}
	factor := interval.New(1, 1).Add(interval.I{Lo: -defect.Hi, Hi: defect.Hi})
	both := interval.I{Lo: lo, Hi: lo}.Div(factor)
	c.Low = max(c.Low, both.Lo)
	both = interval.I{Lo: hi, Hi: hi}.Div(factor)
	c.High = min(c.High, both.Hi)
	values := eig.Values(nil)
	if !wide {
		c.Sharp = true
		c.error = max(c.High-values[n-1], values[0]-c.Low, 0)
		c.vector, c.lowest = make([]float64, n), make([]float64, n)
		for i := range n {
			c.vector[i], c.lowest[i] = v[i*n+n-1], v[i*n]
		}
	}
}

// gradient returns f and its gradient at x, false where one is not finite.
func (o *Oracle) gradient(x []float64) (f float64, g []float64, ok bool) {
	o.m.Eval(o.values, x)
	for _, v := range o.values[:1+o.n] {
		if v-v != 0 {
			return 0, nil, false
		}
	}
	return o.values[0], append([]float64(nil), o.values[1:1+o.n]...), true
}

func norm(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s = math.Hypot(s, x)
	}
	return s
}
