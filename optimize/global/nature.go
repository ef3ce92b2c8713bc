package global

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
)

// A nature is what is proved of the stationary point nearest to a point.
type nature struct {
	// kind is that of the function to be minimised: "local minimum" (a strict
	// one), "local maximum" (likewise), "saddle", where f falls in one direction
	// and rises in another, "flat", where the Hessian looks singular, or
	// "undetermined".
	kind   string
	proved bool
	radius float64 // the stationary point is no farther in any variable
	held   int     // variables that a bound holds
	active int     // constraints that hold it
	signs  string  // what is proved of their multipliers
	why    string  // where nothing is proved
}

// natureAt finds out what kind of stationary point is at x, or so near to it that
// floats do not show the difference. Variables on a bound against which f falls
// are held there, and the others are free. In these, the point exists and is the
// only one in a small box by Krawczyk's test, and the Hessian over the box is
// definite by interval LDLᵀ factorisation, or curves both ways along two
// directions. With a definite Hessian and slopes of one sign in the variables that
// are held, the point is a strict local extremum of f in the region (the
// second-order sufficient conditions; Nocedal and Wright, Numerical Optimization,
// 2nd ed. 2006, theorem 12.6). l may be nil where no constraint holds x.
func natureAt(p *prober, l *lagrangian, x []float64) nature {
	none := nature{kind: "undetermined"}
	if len(x) != p.n || p.n == 0 || !allFinite(x) {
		none.why = "there is no point"
		return none
	}
	if p.curve == nil {
		none.why = "the Hessian is too large"
		return none
	}
	at, side, free, why := p.holding(x)
	if none.why = why; why != "" {
		return none
	}
	none.held = p.n - len(free)
	if len(p.cons) > 0 && !p.slackOver(at) {
		if l == nil {
			none.why = "the constraints may hold it"
			return none
		}
		return natureUnder(p, l, x, at, side, free)
	}
	curve, ok := p.curvatureAt(x, free)
	if !ok {
		none.why = "f has no second derivatives there"
		return none
	}
	k := &krawczyk{p: p, x: x, at: at, side: side, free: free, curve: curve, inv: curve.inverse()}
	if !k.begin() {
		none.why = "f has no second derivatives there"
		return none
	}
	for _, factor := range krawczykFactors {
		if !k.prove(factor) || !p.slackOver(k.box) {
			continue
		}
		n := nature{kind: k.definite(curve), radius: k.radius(), held: none.held}
		if n.kind != "" {
			n.proved = true
			return n
		}
	}
	switch {
	case k.edge:
		none.why = "f has a kink or an edge there"
	case !k.still || !curve.nearlySingular():
		none.why = "that it is stationary could not be proved"
	default:
		none.kind, none.why = "flat", "the Hessian is singular there, or nearly so"
	}
	return none
}

// holding says which bounds hold x: the point with these bounds enclosed, for each
// variable -1 or +1 for the bound and 0 for none, and the variables that are free.
// why is not empty for a point that is not in the region.
func (p *prober) holding(x []float64) (at []interval.I, side, free []int, why string) {
	at, side, free = make([]interval.I, p.n), make([]int, p.n), make([]int, 0, p.n)
	for i, c := range x {
		at[i] = interval.Point(c)
		lo, hi := c <= p.inner[i].Lo, c >= p.inner[i].Hi
		switch {
		case !lo && !hi:
			free = append(free, i)
		case c < p.inner[i].Lo || c > p.inner[i].Hi, lo && p.loOpen[i], hi && p.hiOpen[i]:
			return nil, nil, nil, "it is at an end that does not belong to the region"
		case lo && hi: // a single value
			at[i] = interval.I{Lo: p.outer[i].Lo, Hi: p.outer[i].Hi}
		case lo:
			side[i] = -1
			at[i].Lo = p.outer[i].Lo
		default:
			side[i] = +1
			at[i].Hi = p.outer[i].Hi
		}
	}
	return at, side, free, ""
}

// slackOver reports whether the constraints are proved to hold on all of box, with
// something to spare, so that they do not hold a point in it.
func (p *prober) slackOver(box []interval.I) bool {
	if len(p.cons) == 0 {
		return true
	}
	p.mv.Interval(p.vOut, p.vDec, box)
	for k, c := range p.cons {
		g := p.vOut[k+1]
		if c.equal || p.vDec[k+1] < interval.Continuous || g.IsEmpty() || !(g.Hi < 0) {
			return false
		}
	}
	return true
}

// A curvature is the Hessian at a point in the free variables, in floats, scaled so
// that its diagonal is 1, -1 or 0.
type curvature struct {
	h     *mat.SymDense
	scale []float64 // of the variables
}

// curvatureAt computes the Hessian at x in the free variables; ok is false where it
// is not finite.
func (p *prober) curvatureAt(x []float64, free []int) (c *curvature, ok bool) {
	n := len(free)
	if n == 0 {
		return nil, true
	}
	h := square(p.n)
	p.hessian(h, make([]float64, p.n), x)
	c = &curvature{mat.NewSymDense(n, nil), make([]float64, n)}
	for a, i := range free {
		c.scale[a] = 1
		if d := math.Abs(h[i][i]); d > 1e-290 && finite(d) {
			c.scale[a] = 1 / math.Sqrt(d)
		}
		for b, j := range free[:a+1] {
			v := h[i][j] * c.scale[a] * c.scale[b]
			if !finite(v) {
				return nil, false
			}
			c.h.SetSym(a, b, v)
		}
	}
	return c, true
}

// inverse returns the inverse of the Hessian, nearly; nil if it has none.
func (c *curvature) inverse() *mat.Dense {
	if c == nil {
		return nil
	}
	m := new(mat.Dense)
	var ill mat.Condition // a number, with an inverse that may still do
	if err := m.Inverse(c.h); err != nil && (!errors.As(err, &ill) || !finite(float64(ill))) {
		return nil
	}
	m.Apply(func(i, j int, v float64) float64 { return v * c.scale[i] * c.scale[j] }, m)
	if !allFinite(m.RawMatrix().Data) {
		return nil
	}
	return m
}

// spectrum returns the eigenvalues of the scaled Hessian, ascending, and in first
// and last the directions in which it curves least and most; ok is false when they
// are not found.
func (c *curvature) spectrum() (values, first, last []float64, ok bool) {
	var es mat.EigenSym
	if c == nil || !es.Factorize(c.h, true) {
		return nil, nil, nil, false
	}
	var v mat.Dense
	es.VectorsTo(&v)
	first, last = mat.Col(nil, 0, &v), mat.Col(nil, len(c.scale)-1, &v)
	for i, s := range c.scale {
		first[i] *= s
		last[i] *= s
	}
	return es.Values(nil), first, last, true
}

// nearlySingular reports whether the Hessian looks singular.
func (c *curvature) nearlySingular() bool {
	values, _, _, ok := c.spectrum()
	if !ok {
		return false
	}
	least, most := math.Inf(1), 0.0
	for _, v := range values {
		least, most = math.Min(least, math.Abs(v)), math.Max(most, math.Abs(v))
	}
	return least <= 1e-7*most || most == 0
}

// A krawczyk proves that a small box round a point holds one stationary point
// (Krawczyk 1969; Moore, Kearfott and Cloud, Introduction to Interval Analysis,
// 2009, chapter 8) in the free variables, for all values of the others in at.
type krawczyk struct {
	p     *prober
	x     []float64
	at    []interval.I
	side  []int
	free  []int
	curve *curvature // at x
	inv   *mat.Dense // of the Hessian, nearly

	move  []interval.I // the Newton step, negated
	size  float64      // of the step, in the lengths in which f bends alike along all variables
	box   []interval.I // round x
	out   []interval.I // within box, holds the stationary point
	hess  [][]interval.I
	c2    bool // the second derivatives are continuous on box
	still bool // the gradient nearly vanishes at x
	edge  bool // f or its gradient is not, even on the smallest box
}

// krawczykFactors are the sizes of the boxes that are tried, as multiples of the
// Newton step.
var krawczykFactors = [...]float64{4, 1e3, 1e6}

// begin encloses the Newton step from x; false where the gradient may be
// undefined or the Hessian has no inverse.
func (k *krawczyk) begin() bool {
	p := k.p
	p.ms.Interval(p.sOut, p.sDec, k.at)
	p.count.Gradient++
	for i, d := range p.sDec {
		if d < interval.Defined || p.sOut[i].IsEmpty() {
			return false
		}
	}
	k.still = true
	for _, j := range k.free {
		k.still = k.still && p.sOut[1+j].Mig() <= 1e-6*math.Max(1, p.sOut[0].Mag())
	}
	if k.inv == nil && len(k.free) > 0 {
		// Singular: prove says so.
		return true
	}
	k.move = make([]interval.I, len(k.free))
	for a := range k.free {
		v := interval.Point(0)
		for b, j := range k.free {
			v = v.Add(interval.Point(k.inv.At(a, b)).Mul(p.sOut[1+j]))
		}
		k.move[a] = v
		k.size = math.Max(k.size, v.Mag()/k.curve.scale[a])
	}
	return true
}

// reach is how far the box reaches from x in variable i, which is measured in lengths
// of scale.
func (k *krawczyk) reach(i int, factor, scale float64) float64 {
	return math.Max(factor*k.size*scale, 1e-15*math.Max(math.Min(1, scale), math.Abs(k.x[i])))
}

// prove makes the box factor times as large as the step and reports whether there
// is a proof: f and its gradient are continuous on the box, one stationary point
// is in it, and f rises from the bounds that are held.
func (k *krawczyk) prove(factor float64) bool {
	p := k.p
	if len(k.free) > 0 && k.move == nil || !finite(k.size) {
		return false
	}
	k.box = slices.Clone(k.at)
	for i, c := range k.x {
		r := k.reach(i, factor, 1)
		switch k.side[i] {
		case -1:
			// The box reaches into the region, so that what is proved of the slope is
			// proved of a neighbourhood.
			k.box[i].Hi = math.Min(c+r, p.outer[i].Hi)
		case +1:
			k.box[i].Lo = math.Max(c-r, p.outer[i].Lo)
		}
	}
	for a, i := range k.free {
		c, r := k.x[i], k.reach(i, factor, k.curve.scale[a])
		if k.box[i] = interval.New(c-r, c+r); !k.box[i].In(p.inner[i]) {
			return false
		}
	}
	p.mc.Interval(p.cOut, p.cDec, k.box)
	p.count.Hessian++
	k.c2 = true
	for i, d := range p.cDec {
		if p.cOut[i].IsEmpty() || d < interval.Defined || i <= p.n && d < interval.Continuous {
			k.edge = k.edge || factor < 10
			return false
		}
		k.c2 = k.c2 && d == interval.Continuous
	}
	for i, side := range k.side {
		if g := p.cOut[1+i]; side < 0 && !(g.Lo > 0) || side > 0 && !(g.Hi < 0) {
			return false
		}
	}
	k.hess = intervalSquare(p.n)
	for j, e := range p.model.hess {
		k.hess[e.Row][e.Col], k.hess[e.Col][e.Row] = p.cOut[1+p.n+j], p.cOut[1+p.n+j]
	}
	k.out = slices.Clone(k.at)
	for a, i := range k.free {
		v := interval.Point(k.x[i]).Sub(k.move[a])
		for b, j := range k.free {
			e := interval.Point(0)
			if a == b {
				e = interval.Point(1)
			}
			for c, l := range k.free {
				if h := k.hess[l][j]; h != (interval.I{}) {
					e = e.Sub(interval.Point(k.inv.At(a, c)).Mul(h))
				}
			}
			v = v.Add(e.Mul(k.box[j].Sub(interval.Point(k.x[j]))))
		}
		if !v.Interior(k.box[i]) {
			return false
		}
		k.out[i] = v
	}
	return true
}

// radius is how far the stationary point may be from x in any variable.
func (k *krawczyk) radius() float64 {
	r := 0.0
	for i, v := range k.out {
		r = math.Max(r, v.Sub(interval.Point(k.x[i])).Mag())
	}
	return r
}

// definite returns the kind that the Hessian over the box proves, "" for none.
func (k *krawczyk) definite(c *curvature) string {
	if len(k.free) == 0 {
		for _, side := range k.side {
			if side != 0 {
				return "local minimum"
			}
		}
		return "" // the region is one point
	}
	if positiveDefinite(k.copied(false), k.free) {
		return "local minimum"
	}
	_, first, last, ok := c.spectrum()
	if !k.c2 || !ok {
		return ""
	}
	rises := k.along(last).Lo > 0
	for _, side := range k.side {
		rises = rises || side != 0
	}
	switch {
	case rises && k.along(first).Hi < 0:
		return "saddle"
	case !rises && positiveDefinite(k.copied(true), k.free):
		return "local maximum"
	}
	return ""
}

// copied returns the Hessian over the box, or its negative.
func (k *krawczyk) copied(negative bool) [][]interval.I {
	h := intervalSquare(k.p.n)
	for i := range h {
		for j, v := range k.hess[i] {
			if negative && v != (interval.I{}) {
				v = v.Neg()
			}
			h[i][j] = v
		}
	}
	return h
}

// along encloses the curvature vᵀHv over the box in the direction v.
func (k *krawczyk) along(v []float64) interval.I {
	sum := interval.Point(0)
	for a, i := range k.free {
		for b, j := range k.free {
			if h := k.hess[i][j]; h != (interval.I{}) {
				sum = sum.Add(h.Mul(interval.Point(v[a]).Mul(interval.Point(v[b]))))
			}
		}
	}
	return sum
}
