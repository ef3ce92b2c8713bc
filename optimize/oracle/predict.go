package oracle

import (
	"fmt"
	"math"
	"strconv"

	"nabla/expr/interval"
)

// A Verdict is what a rate is predicted to do.
type Verdict string

// The verdicts.
const (
	Converge   Verdict = "converge"   // to a minimiser; Iterations says how soon
	Crawl      Verdict = "crawl"      // in the right direction, but hardly any of the way within the limit
	Oscillate  Verdict = "oscillate"  // back and forth for ever without getting nearer
	Diverge    Verdict = "diverge"    // away without end
	Stationary Verdict = "stationary" // nowhere: the gradient at the start is zero
	Unknown    Verdict = "unknown"
)

// A Question is a walk to be predicted: x ← x - t·∇f(x), or with momentum m
// v ← m·v - t·∇f(x), x ← x + v.
type Question struct {
	Rate     float64 // t > 0, the same at every step
	Momentum float64 // m, 0 ≤ m < 1
	Start    []float64
	// Bounds, if not nil, holds an interval for each variable, into which each
	// step is projected.
	Bounds []interval.I
	// Tolerance is the largest |∂f/∂xᵢ| at which the walk has arrived, 0 for none. With
	// Relative each is first multiplied by max(1, |xᵢ|) and divided by max(1, |f|).
	Tolerance float64
	Relative  bool
	Change    float64 // of f in a step at which the walk ends, 0 for none
	Limit     int     // of iterations, 0 for none
}

// A Prediction is the answer.
type Prediction struct {
	Verdict Verdict
	Rate    float64
	// Curvature is that of the region for which the prediction is made; nil where
	// none was found.
	Curvature *Curvature
	// Factor bounds what a step multiplies the distance to the minimiser by; for
	// a quadratic function and the slowest direction it is that factor. NaN where it is
	// not known.
	Factor float64
	// Alternating says that the walk steps over the minimiser, from side to side: the
	// fastest direction has a negative factor.
	Alternating bool
	// Iterations is how many steps at most it takes to the tolerance; 0 where that is
	// not known.
	Iterations int
	Why        string // one sentence
}

// margin keeps rounding errors of a rate, a curvature or a walk from turning a
// verdict round.
const margin = 1e-9

// Predict says what a walk will do.
func (o *Oracle) Predict(q Question) Prediction {
	p := Prediction{Verdict: Unknown, Rate: q.Rate, Factor: math.NaN()}
	if len(q.Start) != o.n || !(q.Rate > 0) || math.IsInf(q.Rate, 0) || !(q.Momentum >= 0 && q.Momentum < 1) {
		p.Why = "the question is not one of a fixed rate"
		return p
	}
	f, g, ok := o.gradient(q.Start)
	if !ok {
		p.Why = "the function or its gradient is undefined at the start"
		return p
	}
	size := norm(g)
	if size == 0 {
		p.Verdict, p.Factor, p.Why = Stationary, 1, "the gradient is zero at the start"
		return p
	}
	if q.arrived(f, g) {
		p.Verdict, p.Factor, p.Why = Stationary, 1, "the gradient at the start is within the tolerance"
		return p
	}
	if o.steep(&p, q, f, size) {
		return p
	}
	c, valley := o.region(q, g)
	if c == nil {
		p.Why = "the curvature has no bound near the start"
		return p
	}
	p.Curvature = c
	if q.Bounds != nil && valley && c.free(q, g) {
		q.Bounds = nil
	}
	switch {
	case valley:
		o.converging(&p, q, f, size)
	case q.Bounds == nil:
		o.diverging(&p, q, f, g)
	}
	if p.Verdict == Unknown && p.Why == "" {
		switch {
		case q.Bounds != nil && q.Momentum == 0 && c.Low > 0:
			p.Why = "steps beyond 2/L inside bounds may end anywhere"
		case q.Momentum == 0 && !valley && q.Rate*c.High < 2:
			p.Why = "f falls at every step inside the region, but the function is not proved to be convex there"
		default:
			p.Why = "the curvature inside the region does not decide it"
		}
	}
	return p
}

// arrived reports whether the start, with the value f and the gradient g, meets the
// tolerance.
func (q *Question) arrived(f float64, g []float64) bool {
	for i, v := range g {
		v = math.Abs(v)
		if q.Relative {
			v *= math.Max(1, math.Abs(q.Start[i])) / math.Max(1, math.Abs(f))
		}
		if !(v <= q.Tolerance) {
			return false
		}
	}
	return true
}

// free reports whether a walk that never comes farther from the minimiser of a
// strictly convex function than it was, keeps so far inside the bounds that they
// never matter. Along one variable with the second derivative h it stays between x
// and x - 2g/h; with more it stays within 2‖g‖/μ of the start.
func (c *Curvature) free(q Question, g []float64) bool {
	if q.Momentum != 0 || q.Rate*c.High > 2+margin {
		return false
	}
	if len(g) == 1 && c.Sharp {
		far := q.Start[0] - 2*g[0]/c.Low
		slack := margin * math.Abs(far-q.Start[0])
		return q.Bounds[0].Has(q.Start[0]) && q.Bounds[0].Has(far-slack) && q.Bounds[0].Has(far+slack)
	}
	r := 2 * norm(g) / c.Low * (1 + margin)
	for i, b := range q.Bounds {
		if !interval.Point(q.Start[i]).Add(interval.New(-r, r)).In(b) {
			return false
		}
	}
	return true
}

// region returns the curvature of a region around the start, and whether f is
// proved to be strictly convex there and the region to hold the minimiser and all
// of a walk that contracts.
//
// With f convex of curvature at least μ in the ball of radius 2‖g‖/μ around the
// start, the level set of the start lies in the ball, and so does a minimiser x*,
// at no more than ‖g‖/μ from the start, because μ‖x - x*‖² ≤ g·(x - x*). A walk
// that comes no farther from x* than it was stays within 2‖g‖/μ of the start.
func (o *Oracle) region(q Question, g []float64) (c *Curvature, valley bool) {
	if o.quadratic {
		c, ok := o.Over(nil)
		if !ok {
			return nil, false
		}
		return c, c.Low > 0
	}
	// Bounds that are finite on all sides are a region themselves.
	if closed(q.Bounds) {
		if c, ok := o.Over(q.Bounds); ok {
			return c, c.Low > 0
		}
	}
	if c, ok := o.Over(o.everywhere()); ok {
		c.Everywhere = true
		return c, c.Low > 0
	}
	here, ok := o.Over(around(q, 0))
	if !ok {
		return nil, false
	}
	size := norm(g)
	// A ball around a minimiser that is known is smaller than one around the start
	// that must hold it.
	if here.Low > 0 {
		if wide := o.bowl(q.Start, g, q.Bounds); wide != nil {
			return wide, true
		}
		for _, stretch := range []float64{1.05, 1.3, 1.7, 2.5, 4, 8, 16, 64} {
			r := 2 * size / here.Low * stretch
			wide, ok := o.Over(around(q, r))
			if !ok {
				break
			}
			if wide.Low > 0 && 2*size/wide.Low*(1+margin) <= r {
				return wide, true
			}
		}
	}
	// No valley is proved. The curvature of a neighbourhood still gives a safe
	// rate for as long as the walk stays there.
	r := 1.0
	for _, v := range q.Start {
		r = math.Max(r, math.Abs(v))
	}
	for range 40 {
		if wide, ok := o.Over(around(q, r)); ok {
			return wide, false
		}
		r /= 2
	}
	return here, false
}

func closed(bounds []interval.I) bool {
	for _, b := range bounds {
		if !b.IsBounded() {
			return false
		}
	}
	return bounds != nil
}

// around returns the box of the points within r of the start, cut to the bounds.
func around(q Question, r float64) []interval.I {
	x := make([]interval.I, len(q.Start))
	for i, v := range q.Start {
		x[i] = interval.Point(v).Add(interval.New(-r, r))
		if q.Bounds != nil {
			x[i] = x[i].Meet(q.Bounds[i])
		}
	}
	return x
}

// converging settles a walk in a strictly convex region; f and size are the value
// and the length of the gradient at the start.
func (o *Oracle) converging(p *Prediction, q Question, f, size float64) {
	c := p.Curvature
	slow, fast := factors(q, c.Low), factors(q, c.High)
	rho := math.Max(slow.size, fast.size)
	if q.Momentum > 0 && (!c.Sharp || q.Bounds != nil) {
		p.Why = "with momentum only quadratic functions without bounds are predicted"
		return
	}
	tl := q.Rate * c.High / (1 + q.Momentum)
	nearby := margin + q.Rate*c.error
	switch {
	case c.Sharp && q.Bounds == nil && math.Abs(tl-2) <= nearby:
		// The steepest direction neither shrinks nor grows, if the walk has a
		// share in it at all.
		part := 1.0
		if o.n > 1 {
			part = share(c.vector, o.values[1:1+o.n])
		}
		if part > 1e-6 && lasting(q, f, part*size, o.n) {
			p.Verdict, p.Factor, p.Alternating = Oscillate, 1, true
			p.Why = "the rate is 2/L: every step leads to the other side, as far from the minimiser as before"
			if q.Momentum > 0 {
				p.Why = "the rate is 2(1 + momentum)/L, where the steepest direction neither shrinks nor grows"
			}
		}
		return
	case tl > 2:
		if q.Bounds == nil {
			o.diverging(p, q, f, o.values[1:1+o.n])
		}
		return
	case fast.size > 1-margin && tl > 1:
		p.Why = "the rate is too near to 2/L to tell"
		return
	case !(rho < 1):
		if q.Limit > 0 && rho == 1 {
			p.Verdict, p.Factor, p.Why = Crawl, 1, "the rate is so small that a step changes next to nothing"
		}
		return
	}
	p.Factor, p.Alternating = rho, q.Rate*c.High > 1+margin && q.Momentum == 0
	p.Verdict = Converge
	p.Why = fmt.Sprintf("the curvature is between %s and %s, and every step multiplies the distance to the minimiser by at most %s",
		number(c.Low), number(c.High), number(rho))
	if o.n == 1 && c.Sharp && q.Momentum == 0 {
		p.Factor = math.Abs(1 - q.Rate*c.High)
		p.Why = fmt.Sprintf("every step multiplies the distance to the minimiser by 1 - rate·f'' = %s", number(1-q.Rate*c.High))
	}
	p.Iterations = iterations(q, c, f, size, rho)
	if q.Limit > 0 && math.Pow(rho, float64(q.Limit)) > crawling {
		p.Verdict = Crawl
		p.Why += fmt.Sprintf(", so that %s of the way is left after %d steps", number(math.Pow(rho, float64(q.Limit))), q.Limit)
	}
}

// crawling is the share of the way left after the last step from which on a walk is
// said to crawl.
const crawling = 0.75

// A factor is what one step does along an eigenvector.
type factor struct{ size float64 }

// factors returns the factor along an eigenvector with eigenvalue l: |1 - tl|, and
// with momentum m the spectral radius of the step (x, v), the larger root of
// z² - (1 + m - tl)z + m = 0.
func factors(q Question, l float64) factor {
	b := 1 + q.Momentum - q.Rate*l
	if q.Momentum == 0 {
		return factor{math.Abs(b)}
	}
	if d := b*b - 4*q.Momentum; d > 0 {
		return factor{(math.Abs(b) + math.Sqrt(d)) / 2}
	}
	return factor{math.Sqrt(q.Momentum)}
}

// iterations returns an upper bound on the steps to the tolerance, 0 where none is
// known.
func iterations(q Question, c *Curvature, f, size, rho float64) int {
	if !(q.Tolerance > 0) || q.Momentum > 0 {
		return 0
	}
	// From ‖g(k)‖ ≤ ρᵏ‖g(0)‖, by the mean value theorem along the step. With
	// bounds the projected gradient at x is at most (2 + L) times the distance to
	// the minimiser, which is at most 2‖g‖/μ at the start.
	if q.Bounds != nil {
		size = (2 + c.High) * 2 * size / c.Low
	}
	tol := q.Tolerance
	if q.Relative {
		far := 1.0
		for _, v := range q.Start {
			far = math.Max(far, math.Abs(v)+2*size/c.Low)
		}
		tol /= far
	}
	// Below the rounding errors of the gradient nothing is promised.
	for _, v := range q.Start {
		if tol < 1e-13*c.High*(math.Abs(v)+2*size/c.Low) || tol < 1e-13*size {
			return 0
		}
	}
	if size <= tol {
		return 1
	}
	if rho == 0 {
		return 1
	}
	n := math.Ceil(math.Log(tol/size)/math.Log(rho) + 1e-6)
	if !(n < math.MaxInt32) {
		return 0
	}
	return max(1, int(n))
}

// enough is the growth a step from which on rounding cannot hide it.
const enough = 1e-6

// noticeable reports whether a component of the gradient of length part, which
// grows from step to step by a factor, keeps the rules of stopping from being met.
func noticeable(q Question, f, part, factor float64, n int) bool {
	// Of a value that grows by the square of the factor the relative change is twice
	// the growth at least.
	if q.Relative && q.Change > (factor-1)/100 {
		return false
	}
	return lasting(q, f, part, n)
}

// lasting reports whether a component of the gradient of length part, as long as it is
// not smaller, keeps the rules of stopping from being met.
func lasting(q Question, f, part float64, n int) bool {
	scale := 1.0
	if q.Relative {
		scale = math.Max(1, math.Abs(f))
	}
	return part*part*q.Rate >= 100*q.Change*scale && part > 100*q.Tolerance*scale*math.Sqrt(float64(n))
}

// steep settles the walks along one variable where the curvature is so large
// everywhere, perhaps without bound, that every step leads away from the minimiser.
func (o *Oracle) steep(p *Prediction, q Question, f, size float64) bool {
	if o.n != 1 || o.quadratic || q.Bounds != nil || q.Momentum != 0 || len(o.entries) != 1 {
		return false
	}
	o.m.Interval(o.out, o.dec, o.everywhere())
	for _, d := range o.dec {
		if d < interval.Continuous {
			return false
		}
	}
	h := o.out[2]
	if !(h.Lo > 0 && q.Rate*h.Lo > 2+enough) || !noticeable(q, f, size, q.Rate*h.Lo-1, 1) {
		return false
	}
	p.Curvature = &Curvature{Region: o.everywhere(), Low: h.Lo, High: h.Hi, Everywhere: true}
	p.Verdict, p.Factor, p.Alternating = Diverge, q.Rate*h.Lo-1, true
	p.Why = fmt.Sprintf("the curvature is at least %s everywhere, and the rate more than 2 divided by that", number(h.Lo))
	return true
}

// diverging settles a walk that may grow without end; f and g are the value and
// the gradient at the start.
func (o *Oracle) diverging(p *Prediction, q Question, f float64, g []float64) {
	c := p.Curvature
	if !c.Everywhere {
		return
	}
	stretch := q.Rate / (1 + q.Momentum)
	size := norm(g)
	grows := func(part, factor float64) bool { return noticeable(q, f, part*size, factor, o.n) }
	switch {
	case q.Momentum == 0 && c.Low > 0 && stretch*c.Low > 2+enough && grows(1, q.Rate*c.Low-1):
		// All directions grow: ‖x - x*‖ at least by tμ - 1 a step.
		p.Verdict, p.Factor, p.Alternating = Diverge, q.Rate*c.Low-1, true
		p.Why = fmt.Sprintf("the curvature is at least %s everywhere, and the rate more than 2 divided by that", number(c.Low))
		if c.Sharp {
			p.Factor = q.Rate*c.High - 1
			p.Why = fmt.Sprintf("the rate is more than 2/L = %s: every step leads farther to the other side, by a factor of up to %s", number(2/c.High), number(p.Factor))
		}
		if o.n == 1 && c.Sharp {
			p.Why = fmt.Sprintf("the rate is more than 2/L = %s: every step leads farther to the other side, by a factor of %s", number(2/c.High), number(p.Factor))
		}
	case c.Sharp && c.High > 0 && stretch*(c.High-2*c.error) > 2+enough && share(c.vector, g) > 1e-4 && grows(share(c.vector, g), factors(q, c.High).size):
		p.Verdict, p.Factor, p.Alternating = Diverge, factors(q, c.High).size, true
		p.Why = fmt.Sprintf("the rate is more than %s: the direction of the largest curvature grows by a factor of %s a step",
			number(2*(1+q.Momentum)/c.High), number(p.Factor))
	case c.Sharp && c.Low < 0 && q.Rate*(-c.Low-2*c.error) > enough && share(c.lowest, g) > 1e-4 && grows(share(c.lowest, g), factors(q, c.Low).size):
		p.Verdict, p.Factor = Diverge, factors(q, c.Low).size
		p.Why = fmt.Sprintf("the function has no minimum: along the direction of curvature %s it falls for ever, by steps that grow by a factor of %s",
			number(c.Low), number(p.Factor))
	}
}

// share returns how much of g lies along the unit vector v, from 0 to 1.
func share(v, g []float64) float64 {
	s, size := 0.0, norm(g)
	for i := range v {
		s += v[i] * (g[i] / size)
	}
	return math.Abs(s)
}

func number(v float64) string {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil || math.Abs(r) == 1 && v != r {
		return strconv.FormatFloat(v, 'g', -1, 64) // 0.9999999 is not 1
	}
	return strconv.FormatFloat(r, 'g', -1, 64)
}

// Auto returns the safe rate 1/L for a walk from a start, with the curvature it was
// made from: over the bounds where they are finite, everywhere where that is possible,
// or else over a region around the start. It is false where no region has an upper
// bound on the curvature, or f bends upward nowhere.
func (o *Oracle) Auto(start []float64, bounds []interval.I) (rate float64, c *Curvature, ok bool) {
	q := Question{Rate: 1, Start: start, Bounds: bounds}
	if len(start) != o.n {
		return 0, nil, false
	}
	_, g, ok := o.gradient(start)
	if !ok {
		return 0, nil, false
	}
	c, _ = o.region(q, g)
	// Near a maximum f bends downward: then a wider region is the one to look at.
	for r := 2.0; c != nil && !c.Everywhere && !(c.L() > 0) && r < 1e6; r *= 2 {
		wide, ok := o.Over(around(q, r))
		if !ok {
			break
		}
		c = wide
	}
	if c == nil || !(c.L() > 0) {
		return 0, c, false
	}
	rate = c.Safe()
	return rate, c, rate > 0 && !math.IsInf(rate, 0)
}
