package kkt

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// A Nature is what is proved of the stationary point nearest to a point.
type Nature struct {
	// kind is that of the function to be minimised: "local minimum" (a strict
	// one), "local maximum" (likewise), "saddle", where f falls in one direction
	// and rises in another, "flat", where the Hessian looks singular, or
	// "undetermined".
	Kind   string
	Proved bool
	Radius float64      // the stationary point is no farther in any variable
	Box    []interval.I // holds the stationary point, where it is proved
	Held   int          // variables that a bound holds
	Active int          // constraints that hold it
	Signs  string       // what is proved of their multipliers
	Why    string       // where nothing is proved
}

// NatureAt finds out what kind of stationary point is at x, or so near to it that
// floats do not show the difference. Variables on a bound against which f falls
// are held there, and the others are free. In these, the point exists and is the
// only one in a small box by Krawczyk's test, and the Hessian over the box is
// definite by interval LDLᵀ factorisation, or curves both ways along two
// directions. With a definite Hessian and slopes of one sign in the variables that
// are held, the point is a strict local extremum of f in the region (the
// second-order sufficient conditions; Nocedal and Wright, Numerical Optimization,
// 2nd ed. 2006, theorem 12.6). l may be nil where no constraint holds x.
func NatureAt(p *model.Prober, l *Lagrangian, x []float64) Nature {
	none := Nature{Kind: "undetermined"}
	if len(x) != p.N || p.N == 0 || !model.AllFinite(x) {
		none.Why = "there is no point"
		return none
	}
	if p.Curve == nil {
		none.Why = "the Hessian is too large"
		return none
	}
	at, side, free, why := p.Holding(x)
	if none.Why = why; why != "" {
		return none
	}
	none.Held = p.N - len(free)
	if len(p.Cons) > 0 && !p.SlackOver(at) {
		if l == nil {
			none.Why = "the constraints may hold it"
			return none
		}
		return natureUnder(p, l, x, at, side, free)
	}
	curve, ok := p.CurvatureAt(x, free)
	if !ok {
		none.Why = "f has no second derivatives there"
		return none
	}
	k := &Krawczyk{P: p, X: x, At: at, Side: side, Free: free, Curve: curve, Inv: curve.Inverse()}
	if !k.Begin() {
		none.Why = "f has no second derivatives there"
		return none
	}
	for _, factor := range KrawczykFactors {
		if !k.Prove(factor) || !p.SlackOver(k.Box) {
			continue
		}
		n := Nature{Kind: k.definite(curve), Radius: k.radius(), Held: none.Held}
		if n.Kind != "" {
			n.Proved, n.Box = true, k.Out
			return n
		}
	}
	switch {
	case k.edge:
		none.Why = "f has a kink or an edge there"
	case !k.still || !curve.NearlySingular():
		none.Why = "that it is stationary could not be proved"
	default:
		none.Kind, none.Why = "flat", "the Hessian is singular there, or nearly so"
	}
	return none
}

// A Krawczyk proves that a small box round a point holds one stationary point
// (Krawczyk 1969; Moore, Kearfott and Cloud, Introduction to Interval Analysis,
// 2009, chapter 8) in the free variables, for all values of the others in at.
type Krawczyk struct {
	P     *model.Prober
	X     []float64
	At    []interval.I
	Side  []int
	Free  []int
	Curve *model.Curvature // at x
	Inv   *mat.Dense       // of the Hessian, nearly
	// Beyond lets the box of the free variables leave the region: f is proved to be smooth there as well.
	Beyond bool

	move  []interval.I // the Newton step, negated
	size  float64      // of the step, in the lengths in which f bends alike along all variables
	Box   []interval.I // round x: no other stationary point lies in it if Prove says so
	Out   []interval.I // within Box, holds the stationary point
	Hess  [][]interval.I
	c2    bool // the second derivatives are continuous on Box
	still bool // the gradient nearly vanishes at x
	edge  bool // f or its gradient is not, even on the smallest box
}

// KrawczykFactors are the sizes of the boxes that are tried, as multiples of the
// Newton step.
var KrawczykFactors = [...]float64{4, 1e3, 1e6}

// Begin encloses the Newton step from x; false where the gradient may be
// undefined or the Hessian has no inverse.
func (k *Krawczyk) Begin() bool {
	p := k.P
	p.MS.Interval(p.SOut, p.SDec, k.At)
	p.Count.Gradient++
	for i, d := range p.SDec {
		if d < interval.Defined || p.SOut[i].IsEmpty() {
			return false
		}
	}
	k.still = true
	for _, j := range k.Free {
		k.still = k.still && p.SOut[1+j].Mig() <= 1e-6*math.Max(1, p.SOut[0].Mag())
	}
	if k.Inv == nil && len(k.Free) > 0 {
		// Singular: prove says so.
		return true
	}
	if len(k.Free) > 0 {
		k.move = model.NewtonStep(k.Inv, func(b int) interval.I { return p.SOut[1+k.Free[b]] })
	}
	for a, v := range k.move {
		k.size = math.Max(k.size, v.Mag()/k.Curve.Scale[a])
	}
	return true
}

// reach is how far the box reaches from x in variable i, which is measured in lengths
// of scale.
func (k *Krawczyk) reach(i int, factor, scale float64) float64 {
	return math.Max(factor*k.size*scale, 1e-15*math.Max(math.Min(1, scale), math.Abs(k.X[i])))
}

// Prove makes the box factor times as large as the step and reports whether there
// is a proof: f and its gradient are continuous on the box, one stationary point
// is in it, and f rises from the bounds that are held.
func (k *Krawczyk) Prove(factor float64) bool {
	p := k.P
	if len(k.Free) > 0 && k.move == nil || !model.Finite(k.size) {
		return false
	}
	k.Box = slices.Clone(k.At)
	for i, c := range k.X {
		r := k.reach(i, factor, 1)
		switch k.Side[i] {
		case -1:
			// The box reaches into the region, so that what is proved of the slope is
			// proved of a neighbourhood.
			k.Box[i].Hi = math.Min(c+r, p.Outer[i].Hi)
		case +1:
			k.Box[i].Lo = math.Max(c-r, p.Outer[i].Lo)
		}
	}
	for a, i := range k.Free {
		c, r := k.X[i], k.reach(i, factor, k.Curve.Scale[a])
		if k.Box[i] = interval.New(c-r, c+r); !k.Beyond && !k.Box[i].In(p.Inner[i]) {
			return false
		}
	}
	p.MC.Interval(p.COut, p.CDec, k.Box)
	p.Count.Hessian++
	k.c2 = true
	for i, d := range p.CDec {
		if p.COut[i].IsEmpty() || d < interval.Defined || i <= p.N && d < interval.Continuous {
			k.edge = k.edge || factor < 10
			return false
		}
		k.c2 = k.c2 && d == interval.Continuous
	}
	for i, side := range k.Side {
		if g := p.COut[1+i]; side < 0 && !(g.Lo > 0) || side > 0 && !(g.Hi < 0) {
			return false
		}
	}
	k.Hess = model.Matrix(p.N)
	for j, e := range p.Model.Hess {
		k.Hess[e.Row][e.Col], k.Hess[e.Col][e.Row] = p.COut[1+p.N+j], p.COut[1+p.N+j]
	}
	hessian := func(a, b int) interval.I { return k.Hess[k.Free[a]][k.Free[b]] }
	free, ok := model.Krawczyk(model.Picked(k.X, k.Free), k.move, k.Inv, hessian, model.Picked(k.Box, k.Free))
	if !ok {
		return false
	}
	k.Out = slices.Clone(k.At)
	for a, i := range k.Free {
		k.Out[i] = free[a]
	}
	return true
}

// radius is how far the stationary point may be from x in any variable.
func (k *Krawczyk) radius() float64 {
	r := 0.0
	for i, v := range k.Out {
		r = math.Max(r, v.Sub(interval.Point(k.X[i])).Mag())
	}
	return r
}

// definite returns the kind that the Hessian over the box proves, "" for none.
func (k *Krawczyk) definite(c *model.Curvature) string {
	if len(k.Free) == 0 {
		for _, side := range k.Side {
			if side != 0 {
				return "local minimum"
			}
		}
		return "" // the region is one point
	}
	if model.PositiveDefinite(k.copied(false), k.Free) {
		return "local minimum"
	}
	_, first, last, ok := c.Spectrum()
	if !k.c2 || !ok {
		return ""
	}
	rises := k.along(last).Lo > 0
	for _, side := range k.Side {
		rises = rises || side != 0
	}
	switch {
	case rises && k.along(first).Hi < 0:
		return "saddle"
	case !rises && model.PositiveDefinite(k.copied(true), k.Free):
		return "local maximum"
	}
	return ""
}

// copied returns the Hessian over the box, or its negative.
func (k *Krawczyk) copied(negative bool) [][]interval.I {
	h := model.Matrix(k.P.N)
	for i := range h {
		for j, v := range k.Hess[i] {
			if negative && v != (interval.I{}) {
				v = v.Neg()
			}
			h[i][j] = v
		}
	}
	return h
}

// along encloses the curvature vᵀHv over the box in the direction v.
func (k *Krawczyk) along(v []float64) interval.I {
	sum := interval.Point(0)
	for a, i := range k.Free {
		for b, j := range k.Free {
			if h := k.Hess[i][j]; h != (interval.I{}) {
				sum = sum.Add(h.Mul(interval.Point(v[a]).Mul(interval.Point(v[b]))))
			}
		}
	}
	return sum
}
