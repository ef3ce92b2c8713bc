package global

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nabla/expr/format"
	"nabla/expr/interval"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/effort"
	"nabla/optimize/global/internal/model"
)

// This file looks for a contradiction to an answer before it is given. The proofs are made by
// many methods, and a mistake in one of them would be a wrong claim; what a few hundred points
// disprove, by the formula as it was given and in rigorous arithmetic, is not claimed.

const (
	// challengeWork is the number of instructions that the points of a challenge may take.
	challengeWork = 40_000
	leastPoints   = 48
	mostPoints    = 400
	// maxChallenged is the length of the programs of which even the least number of points takes long.
	maxChallenged = 100_000
)

// challenge withdraws the claims of a that a point contradicts, or that contradict each other.
func (p *Problem) challenge(ctx context.Context, a *Answer) {
	if a.Status == Local || a.Status == Failed || len(p.Vars) == 0 {
		return
	}
	c, ok := p.challenger(a)
	if !ok {
		return
	}
	effort.Charge(ctx, c.points*c.Value.Len())
	c.sample()
	if c.refuted() || c.inconsistent() {
		c.withdraw()
	}
}

// A challenger is an answer with what is needed to evaluate the formula, as one to be minimised.
type challenger struct {
	*model.Prober
	p      *Problem
	a      *Answer
	points int
	best   []float64 // the lowest point that was seen, in floats; nil for none
	low    float64
	high   []float64 // the highest, which matters to what is said to be constant
	top    float64
}

// challenger returns false for what cannot be challenged at little cost.
func (p *Problem) challenger(a *Answer) (*challenger, bool) {
	r := *p
	if len(r.Vars) == 1 {
		r.readPowers()
	}
	q, ok := r.normal()
	if !ok || q.F.Size() > maxChallenged {
		return nil, false
	}
	m := q.region()
	if m.CompileValue() != nil || m.Value.Len() > maxChallenged {
		return nil, false
	}
	n := min(max(challengeWork/max(1, m.Value.Len()), leastPoints), mostPoints)
	return &challenger{Prober: m.Prober(), p: p, a: a, points: n, low: math.Inf(1), top: math.Inf(-1)}, true
}

// try evaluates f at x, clipped to the bounds, and returns the value if it is finite and x seems to
// satisfy the conditions, and +Inf otherwise.
func (c *challenger) try(x []float64) float64 {
	for i, v := range x {
		x[i] = model.ClipTo(v, c.Inner[i])
	}
	v := c.At(x)
	if !model.Finite(v) {
		return math.Inf(1)
	}
	for k, g := range c.Cons {
		if h := c.FOut[k+1]; !(h <= 0) || g.Equal && h != 0 {
			return math.Inf(1)
		}
	}
	if v < c.low {
		c.low, c.best = v, append(c.best[:0], x...)
	}
	if v > c.top {
		c.top, c.high = v, append(c.high[:0], x...)
	}
	return v
}

// sample tries points spread over the region, some near its minimisers and far out, and goes down from the lowest.
func (c *challenger) sample() {
	x := make([]float64, c.N)
	for _, s := range model.Starts(c.Inner, c.points/3, 0) {
		c.try(s)
	}
	around := slices.Clone(c.a.At)
	if len(around) != c.N {
		around = model.Starts(c.Inner, 1, 0)[0]
	}
	direction := make([]float64, c.N)
	for k := range c.points / 3 { // at distances of all orders of magnitude, in directions of Weyl's sequence
		d := math.Pow(10, 14*float64(k)/float64(c.points/3)-7)
		for i := range x {
			_, u := math.Modf(float64(k+1) * (math.Sqrt2 + 0.6180339887*float64(i)))
			direction[i] = 2*u - 1
		}
		longest := math.Max(math.Abs(slices.Max(direction)), math.Abs(slices.Min(direction)))
		for i, u := range direction {
			x[i] = around[i] + d*u/longest
		}
		c.try(x)
	}
	if c.best == nil {
		return
	}
	c.descend(c.points / 3)
}

// descend is a compass search from the best point (Kolda, Lewis and Torczon, SIAM Review 45, 2003).
func (c *challenger) descend(evaluations int) {
	x := slices.Clone(c.best)
	step, least := 0.0, c.low
	for _, v := range x {
		step = math.Max(step, math.Abs(v)/4)
	}
	step = math.Max(step, 0.25)
	for evaluations > 0 && step > 1e-9 {
		moved := false
		for i := range x {
			for _, d := range [...]float64{step, -step} {
				was := x[i]
				x[i] += d
				evaluations--
				if v := c.try(x); v < least {
					least, moved = v, true
					break
				}
				x[i] = was
			}
		}
		if !moved {
			step /= 3
		}
	}
}

// refuted reports whether the lowest point, or the highest of what is said to be constant, is proved to contradict the answer.
func (c *challenger) refuted() bool {
	switch c.a.Status {
	case EmptyDomain:
		_, ok := c.proved(c.best)
		return ok
	case Exact, Certified, NotAttained, Constant:
	default:
		return false
	}
	claim, ok := c.claimed()
	if !ok {
		return false
	}
	if v, ok := c.proved(c.best); ok && (v.Hi < claim.Lo || c.a.Status == NotAttained && v.Hi == claim.Lo && claim.Lo == claim.Hi) {
		return true
	}
	v, ok := c.proved(c.high)
	return ok && c.a.Status == Constant && v.Lo > claim.Hi
}

// claimed is the enclosure of the value that is claimed, as one of the function to be minimised.
func (c *challenger) claimed() (interval.I, bool) {
	if c.a.Enclosure == nil {
		return interval.Empty, false
	}
	v := c.a.Enclosure.Value
	if c.p.Max {
		v = v.Neg()
	}
	return v, !v.IsEmpty()
}

// proved encloses f at x, where f is proved to be defined and x to be in the region.
func (c *challenger) proved(x []float64) (interval.I, bool) {
	if x == nil {
		return interval.Empty, false
	}
	v, ok := c.AtPoint(x)
	return v, ok && c.Feasible(x)
}

// inconsistent reports whether the value at a point that is said to have it is proved to be another,
// the point is proved to violate a condition, or it is not in its enclosure.
func (c *challenger) inconsistent() bool {
	claim, ok := c.claimed()
	if !ok || !c.a.Attained {
		return false
	}
	if box := c.a.Enclosure.At; c.contradicts(box, claim) || len(box) == len(c.a.At) && beside(c.a.At, box) {
		return true
	}
	for _, m := range c.a.Minimisers {
		if c.contradicts(enclosed(m), claim) {
			return true
		}
	}
	return false
}

// beside reports whether x is outside the box, by more than a search leaves open.
func beside(x []float64, box []interval.I) bool {
	for i, v := range x {
		if d := 1e-5 * math.Max(1, math.Abs(v)); v < box[i].Lo-d || v > box[i].Hi+d {
			return true
		}
	}
	return false
}

// refine puts the point of a into the box that is proved to contain a minimiser, which may be narrower than the search has
// come near to it.
func refine(a *Answer) {
	if !a.Attained || a.Enclosure == nil || len(a.At) == 0 || len(a.Enclosure.At) != len(a.At) || beside(a.At, a.Enclosure.At) {
		return
	}
	x := slices.Clone(a.At)
	for i, b := range a.Enclosure.At {
		if !b.Has(x[i]) {
			x[i] = b.Mid()
		}
	}
	for i, m := range a.Minimisers {
		if slices.Equal(m.X, a.At) {
			a.Minimisers[i].X = x
		}
	}
	a.At = x
}

// enclosed is the box of a single point that is known in closed form, nil for others.
func enclosed(m Point) []interval.I {
	if m.Family != "" { // X may stand for others without being one
		return nil
	}
	var box []interval.I
	for _, e := range m.Exact {
		if !e.Valid() {
			return nil
		}
		v, ok := tape.EncloseConstant(e)
		if !ok {
			return nil
		}
		box = append(box, v)
	}
	return box
}

// contradicts reports whether no point of the box is in the region and has a value in the claim.
func (c *challenger) contradicts(box []interval.I, claim interval.I) bool {
	if len(box) != c.N {
		return false
	}
	for i, v := range box {
		if v.Meet(c.Outer[i]).IsEmpty() {
			return true
		}
	}
	c.MV.Interval(c.VOut, c.VDec, box)
	if c.VOut[0].Meet(claim).IsEmpty() {
		return true
	}
	for k, g := range c.Cons {
		if v := c.VOut[k+1]; v.IsEmpty() || v.Lo > 0 || g.Equal && v.Hi < 0 || g.Strict && v.Lo == 0 {
			return true
		}
	}
	return false
}

// withdraw makes the answer one that is not proved, at the better point if there is one.
func (c *challenger) withdraw() {
	a := c.a
	b := &Answer{Status: Local, Vars: a.Vars, At: a.At, Value: a.Value, Attained: true, Domain: a.Domain, Method: a.Method, Evaluations: a.Evaluations, Limited: a.Limited}
	point := ""
	if c.best != nil {
		v := c.low
		if c.p.Max {
			v = -v
		}
		b.At, b.Value = c.best, v
		b.Minimisers = []Point{{X: c.best}}
		point = fmt.Sprintf(": f is %s at this point", format.Number(v, 10))
	} else {
		b.Status = Failed
	}
	b.Warnings = []string{fmt.Sprintf("a proof was found (%s) that a check contradicts%s; it has a mistake, please report the formula", a.Method, point)}
	*a = *b
}
