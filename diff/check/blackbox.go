package check

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/diff/fd"

	"nabla/expr/format"
)

// A Judgement says how a gradient computed by a program stands to the function.
// Nothing about a black box is ever proved.
type Judgement string

const (
	Consistent   Judgement = "consistent"   // the remainder falls as that of a right gradient
	Inconsistent Judgement = "wrong"        // it does not
	Kink         Judgement = "kink"         // the function has no derivative there
	Unclear      Judgement = "undecided"    // the noise of the function hides the answer
	NoValue      Judgement = "not-a-number" // the function or gradient is not finite there or round there
)

// A Slope is the derivative of a function along one direction, claimed and
// measured.
type Slope struct {
	Direction []float64 // nil for a coordinate
	Entry     int       // the coordinate, -1 for a direction
	Claimed   float64
	Measured  float64
	// Error is how far Measured may be from the derivative: truncation and
	// noise together, as estimated from the values.
	Error float64
	Step  float64 // with which it was measured
	// Order is the power of h with which the Taylor remainder
	// |f(x + h v) - f(x) - h f'(x; v)| was seen to fall: 2 for a right
	// derivative (more where the curvature vanishes), 1 for a wrong one; NaN where the remainder is all
	// noise, as for a linear function.
	Order       float64
	Left, Right float64 // one-sided derivatives, of a kink
	Judgement   Judgement
}

// A Report is what is found about a gradient.
type Report struct {
	Judgement  Judgement
	F          float64
	Noise      float64 // the error of values of f near x, estimated from them
	Directions []Slope // random ones
	Entries    []Slope // the coordinates, when a direction is not consistent
	Wrong      []int   // the entries that are wrong
	Text       string
}

// safety is how many times its estimated error a measured derivative may be off
// before the claimed one is called wrong. The estimates are right within a
// factor of 4 or so; the chance that a right gradient fails is negligible, and
// a wrong one is off by thousands of times the error.
const safety = 16

// directions is how many random directions are tried. A wrong gradient that is
// right along a random direction has probability 0; the second and third are
// against noise.
const directions = 3

// Gradient checks a gradient computed by a program against the function it is
// to be the gradient of, at x: by the order to which the Taylor remainder falls
// along random directions. Neither a step nor a tolerance is asked for: steps
// run over all scales, and the noise of f is estimated from its own values by
// difference tables (J. Moré and S. Wild, Estimating computational noise, SIAM
// J. Sci. Comput. 33 (2011)). Where a direction is wrong the entries are
// checked one by one; where all agree, two more values of f an entry find those
// that are off by less than a direction shows. f and grad must not keep their
// arguments.
func Gradient(f func(x []float64) float64, grad func(g, x []float64), x []float64, o Options) Report {
	n := len(x)
	r := Report{F: f(slices.Clone(x)), Judgement: Consistent}
	g := make([]float64, n)
	grad(g, slices.Clone(x))
	if !finite(r.F) || slices.ContainsFunc(g, func(v float64) bool { return !finite(v) }) {
		r.Judgement = NoValue
		r.Text = "the function or its gradient is not finite at this point"
		return r
	}
	if n == 0 {
		return r
	}
	b := &box{f: f, x: x, value: r.F, work: make([]float64, n)}
	rng := rand.New(rand.NewPCG(o.seed(), 0x67726164))
	for range directions {
		v := make([]float64, n)
		norm := 0.0
		for i := range v {
			v[i] = rng.NormFloat64()
			norm = math.Hypot(norm, v[i])
		}
		claimed := 0.0
		for i := range v {
			v[i] = v[i] / norm * max(1, math.Abs(x[i]))
			claimed += g[i] * v[i]
		}
		size := 0.0
		for i := range v {
			size = max(size, math.Abs(g[i]*v[i]))
		}
		s := b.slope(v, claimed, size)
		s.Direction, s.Entry = v, -1
		r.Directions = append(r.Directions, s)
		r.Noise = max(r.Noise, b.noise)
	}
	r.Judgement = verdict(r.Directions)
	var suspects []int
	if r.Judgement != Consistent {
		for i := range x {
			suspects = append(suspects, i)
		}
	} else if n > 1 {
		suspects = b.suspects(g, r.Directions[0])
	}
	for _, i := range suspects {
		s := b.entry(i, g[i])
		r.Entries = append(r.Entries, s)
		if s.Judgement == Inconsistent {
			r.Wrong = append(r.Wrong, i)
		}
	}
	// A kink along a coordinate explains what the directions show there, and an
	// entry may be wrong by less than the directions tell.
	switch e := verdict(r.Entries); {
	case r.Judgement == Kink && e == Inconsistent, r.Judgement == Inconsistent && len(r.Wrong) == 0 && e == Kink,
		r.Judgement == Consistent && e == Inconsistent:
		r.Judgement = e
	}
	r.Text = r.words()
	return r
}

// verdict returns the gravest judgement in list.
func verdict(list []Slope) Judgement {
	worst := Consistent
	for _, j := range []Judgement{NoValue, Unclear, Kink, Inconsistent} {
		if slices.ContainsFunc(list, func(s Slope) bool { return s.Judgement == j }) {
			worst = j
		}
	}
	return worst
}

// entry measures the derivative by coordinate i.
func (b *box) entry(i int, claimed float64) Slope {
	v := make([]float64, len(b.x))
	v[i] = max(1, math.Abs(b.x[i]))
	s := b.slope(v, claimed*v[i], math.Abs(claimed*v[i]))
	s.Entry = i
	for _, p := range []*float64{&s.Claimed, &s.Measured, &s.Error, &s.Left, &s.Right} {
		*p /= v[i]
	}
	s.Step *= v[i]
	return s
}

// maxSuspects is the most entries that are measured when all directions agree.
const maxSuspects = 16

// suspects returns the coordinates along which a central difference with the step
// of the direction d, two values of f each, is farther from the entry of g than
// the error of d. In a direction of a thousand entries the error of one is small.
func (b *box) suspects(g []float64, d Slope) []int {
	var out []int
	v := make([]float64, len(b.x))
	f := b.along(v)
	for i, x := range b.x {
		v[i] = max(1, math.Abs(x))
		q := (f(d.Step) - f(-d.Step)) / (2 * d.Step)
		if math.Abs(q-g[i]*v[i]) > safety*d.Error && len(out) < maxSuspects {
			out = append(out, i)
		}
		v[i] = 0
	}
	return out
}

// GradientFunc is Gradient under the name that goes with Claim.
func GradientFunc(f func(x []float64) float64, grad func(g, x []float64), x []float64, o Options) Report {
	return Gradient(f, grad, x, o)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (r *Report) words() string {
	switch r.Judgement {
	case Consistent:
		worst := 0.0
		for _, s := range r.Directions {
			if scale := max(math.Abs(s.Claimed), math.Abs(s.Measured)); scale > 0 {
				worst = max(worst, s.Error/scale)
			}
		}
		return fmt.Sprintf("the gradient agrees with the function along %d random directions, as far as its noise of %s tells (relative %s)",
			len(r.Directions), format.Number(r.Noise, 2), format.Number(worst, 2))
	case Inconsistent:
		s := ""
		for k, i := range r.Wrong {
			if k == 5 {
				s += fmt.Sprintf("; and %d more", len(r.Wrong)-5)
				break
			}
			e := r.Entries[i]
			s += fmt.Sprintf("; entry %d is %s, measured %s ± %s", i, format.Number(e.Claimed, 6), format.Number(e.Measured, 6), format.Number(e.Error, 2))
		}
		if s == "" {
			d := r.Directions[0]
			s = fmt.Sprintf("; along a random direction it gives %s, measured %s ± %s", format.Number(d.Claimed, 6), format.Number(d.Measured, 6), format.Number(d.Error, 2))
		}
		return "the gradient is wrong" + s
	case Kink:
		for _, e := range slices.Concat(r.Entries, r.Directions) {
			if e.Judgement == Kink {
				what := "along a direction"
				if e.Entry >= 0 {
					what = fmt.Sprintf("in entry %d", e.Entry)
				}
				return fmt.Sprintf("the function has a kink here %s: its slope is %s from the left and %s from the right, so that it has no gradient",
					what, format.Number(e.Left, 6), format.Number(e.Right, 6))
			}
		}
	}
	if r.Judgement == NoValue {
		return "the function has no values round this point"
	}
	return "the noise of the function hides the answer"
}

// A box is a function seen from a point.
type box struct {
	f     func([]float64) float64
	x     []float64
	value float64
	noise float64 // of the last direction
	work  []float64
}

// along returns t -> f(x + t v).
func (b *box) along(v []float64) func(float64) float64 {
	return func(t float64) float64 {
		for i, x := range b.x {
			b.work[i] = x + t*v[i]
		}
		return b.f(b.work)
	}
}

// A trial is the function on one scale h.
type trial struct {
	h           float64
	quotient    float64 // the difference quotient, of second order
	left, right float64 // those of first order on either side
	rounding    float64 // the error of quotient by noise and rounding
	sided       bool    // f has a value on one side only
}

// slope measures the derivative along v, of which the claimed value is given;
// size is that of the products it is a sum of.
func (b *box) slope(v []float64, claimed, size float64) Slope {
	s := Slope{Claimed: claimed, Judgement: Unclear, Order: math.NaN()}
	f := b.along(v)
	trials, vary := b.trials(f, 1, b.unit(v))
	if unit := b.unit(v); len(trials) < fewTrials && unit > smallUnit {
		// Nothing on the scale of 1 or above 2^-44: look nearer, on the scale of x.
		trials, vary = b.trials(f, math.Exp2(math.Floor(math.Log2(unit))), unit)
	}
	if len(trials) < fewTrials {
		s.Judgement = NoValue
		return s
	}
	found := measure(trials)
	if len(found) == 0 {
		return s
	}
	// A function may have one slope from afar and another from near, as 1e-9 from
	// a kink or under noise: the claim is wrong if it is neither.
	agrees := func(m measurement) bool { return math.Abs(m.value-claimed) <= safety*m.err }
	m := found[0]
	for _, other := range found[1:] {
		if agrees(other) && (!agrees(m) || other.err < m.err) {
			m = other
		}
	}
	s.Measured, s.Error, s.Step = m.value, m.err, m.h
	b.noise = m.rounding * m.h
	if t, ok := kink(trials); ok {
		if !t.sided {
			s.Left, s.Right, s.Judgement = t.left, t.right, Kink
		}
		return s
	}
	s.Error += 4 * epsilon * size
	off := math.Abs(s.Measured - claimed)
	switch {
	case off <= safety*s.Error:
		s.Judgement = Consistent
		// Is the measurement worth something? A claim of the size of the error
		// cannot be told from its double, unless both are nothing to f.
		if big := max(math.Abs(claimed), math.Abs(s.Measured)); s.Error*safety > 0.1*big && s.Error*safety > 1e-3*vary && big > 0 {
			s.Judgement = Unclear
		}
	default:
		s.Judgement = Inconsistent
	}
	s.Order = order(trials, func(t trial) (h, remainder, floor float64) {
		return t.h, math.Abs(t.right-claimed) * t.h, t.rounding * t.h
	})
	return s
}

// unit returns how far x may be from 0 along v, in steps: points are rounded to a
// part in 2^53 of that.
func (b *box) unit(v []float64) float64 {
	unit := 0.0
	for i, x := range b.x {
		if v[i] != 0 {
			unit = max(unit, math.Abs(x/v[i]))
		}
	}
	return unit
}

const (
	steps     = 45     // scales, each half of the one before
	fewTrials = 4      // fewer tell nothing
	smallUnit = 1e-280 // below, steps lose their digits
)

// trials looks at f on the scales from scale down, the largest first, and returns
// the largest change of f that was seen. Where f has values on one side only, the
// quotients are of that side.
func (b *box) trials(f func(float64) float64, scale, unit float64) (list []trial, vary float64) {
	b.noise = epsilon * math.Abs(b.value)
	var levels []float64 // the noise at every other step, the smallest first
	for k := steps - 1; k >= 0; k -= 2 {
		h := math.Ldexp(scale, -k)
		levels = append(levels, max(noise(f, h/8), noise(f, -h/8)))
	}
	b.noise = max(b.noise, plateau(levels, 1e-5*math.Abs(b.value)))
	var sided []trial
	for k := steps - 1; k >= 0; k-- {
		h := math.Ldexp(scale, -k)
		p, m := f(h), f(-h)
		if k%2 == 0 {
			// The noise on a scale is also there on all larger ones.
			b.noise = max(b.noise, levels[(steps-1-k)/2])
		}
		t := trial{h: h, left: (b.value - m) / h, right: (p - b.value) / h}
		far := 0.0
		switch {
		case finite(p) && finite(m):
			t.quotient = fd.Derivative(f, 0, &fd.Settings{Formula: fd.Central, Step: h})
			far = max(math.Abs(p), math.Abs(m))
			vary = max(vary, math.Abs(p-b.value), math.Abs(m-b.value))
		case finite(p), finite(m):
			q := p
			if !finite(p) {
				q, h = m, -h
			}
			half := f(h / 2)
			t.quotient = (4*half - 3*b.value - q) / h
			t.left, t.right = t.quotient, t.quotient
			far = 4 * max(math.Abs(q), math.Abs(half))
			vary = max(vary, math.Abs(q-b.value))
		}
		if !finite(t.quotient) || far == 0 && !finite(p) && !finite(m) {
			continue
		}
		// The values are off by the noise, and the points by their rounding.
		t.rounding = max(b.noise, epsilon*far)/t.h + epsilon*(unit+t.h)/t.h*math.Abs(t.quotient)
		if finite(p) && finite(m) {
			list = append(list, t)
		} else {
			t.rounding += 4 * b.noise / t.h
			t.sided = true
			sided = append(sided, t)
		}
	}
	if len(list) < fewTrials {
		list = sided
	}
	slices.Reverse(list)
	return list, vary
}

// A measurement is a derivative with its estimated error, and where it was taken.
type measurement struct{ value, err, h, rounding float64 }

// measure returns the derivative as the scales show it: the steadiest first, and
// those of smaller scales that are not the same but for rounding.
func measure(trials []trial) []measurement {
	// Values that do not change at all on small scales are those of a function
	// that is constant there, or rounded.
	moving := len(trials)
	for moving > 0 && trials[moving-1].left == 0 && trials[moving-1].right == 0 {
		moving--
	}
	still := trials[moving:]
	if moving >= fewTrials {
		trials = trials[:moving]
	}
	var out []measurement
	for first := 1; first > 0; {
		best, least := steadiest(trials, first)
		if best < 0 {
			break
		}
		t := trials[best]
		out = append(out, measurement{t.quotient, least, t.h, t.rounding})
		first = 0
		for i := len(trials) - 2; i > best && first == 0; i-- {
			if math.Abs(trials[i].quotient-t.quotient) > safety*(trials[i].rounding+least) {
				first = i
			}
		}
	}
	if len(still) > 0 && moving >= fewTrials && len(out) > 0 {
		t := slices.MinFunc(still, func(a, b trial) int { return cmp.Compare(a.rounding, b.rounding) })
		if safety*t.rounding < .1*math.Abs(out[0].value) {
			out = append(out, measurement{0, t.rounding, t.h, t.rounding})
		}
	}
	return out
}

// steadiest returns the trial from first on whose quotient has the least error:
// its change against both neighbours, and rounding; -1 if there is none.
func steadiest(trials []trial, first int) (best int, least float64) {
	best, least = -1, math.Inf(1)
	for i := first; i+1 < len(trials); i++ {
		t := trials[i]
		change := max(math.Abs(t.quotient-trials[i-1].quotient), math.Abs(t.quotient-trials[i+1].quotient))
		if e := change + t.rounding; e < least {
			best, least = i, e
		}
	}
	return best, least
}

// kink returns a trial that shows that f has no derivative: the one-sided
// quotients stay apart while h falls by a factor of 64, by more than rounding,
// where a smooth function brings them together like h; or the quotients grow
// from each scale to the next, as at a jump. Only the smaller steps are about the
// point.
func kink(trials []trial) (trial, bool) {
	for i := len(trials) - 7; i >= 0; i-- {
		a, c := trials[i], trials[i+6]
		gap, later := a.right-a.left, c.right-c.left
		if math.Abs(later) > 32*c.rounding && math.Abs(later) > 0.5*math.Abs(gap) && math.Abs(gap-later) < 0.2*math.Abs(gap) {
			return c, true
		}
		if math.Abs(gap) > 1e3*a.rounding {
			break // it closes
		}
	}
	if len(trials) < 12 {
		return trial{}, false
	}
	last := trials[len(trials)-12:]
	for i, t := range last {
		if i > 0 && !(math.Abs(t.quotient) > 1.2*math.Abs(last[i-1].quotient)) || !(math.Abs(t.quotient) > 16*t.rounding) {
			return trial{}, false
		}
	}
	t := last[len(last)-1]
	for _, side := range []*float64{&t.left, &t.right} {
		if math.Abs(*side) >= math.Abs(t.quotient) {
			*side = math.Inf(int(math.Copysign(1, *side)))
		}
	}
	return t, true
}

// order fits the power of h with which the remainder falls, over the steps below
// 1/4 at which it stands well above the noise.
func order(trials []trial, of func(trial) (h, remainder, floor float64)) float64 {
	var xs, ys []float64
	for _, t := range trials {
		h, r, floor := of(t)
		if h > 0.25 || r <= 64*floor || r == 0 {
			continue
		}
		xs, ys = append(xs, math.Log(h)), append(ys, math.Log(r))
	}
	// The smallest steps tell the order.
	if n := len(xs); n > 8 {
		xs, ys = xs[n-8:], ys[n-8:]
	}
	if len(xs) < 3 {
		return math.NaN()
	}
	var mx, my float64
	for i := range xs {
		mx, my = mx+xs[i], my+ys[i]
	}
	mx, my = mx/float64(len(xs)), my/float64(len(xs))
	var num, den float64
	for i := range xs {
		num += (xs[i] - mx) * (ys[i] - my)
		den += (xs[i] - mx) * (xs[i] - mx)
	}
	return num / den
}

// plateau returns the largest noise that is much the same at three scales a
// factor of 4 apart, up to a limit: such noise, as that of a function computed in
// single precision, spoils quotients on smaller scales too, even where it does
// not show because the values stay the same. What a smooth function leaves in
// the differences falls by a factor of thousands from scale to scale.
func plateau(levels []float64, limit float64) float64 {
	p := 0.0
	for i := 0; i+2 < len(levels); i++ {
		lo, hi := min(levels[i], levels[i+1], levels[i+2]), max(levels[i], levels[i+1], levels[i+2])
		if lo > 0 && hi <= 5*lo && hi <= limit {
			p = max(p, hi)
		}
	}
	return p
}

// noise estimates the error of the values of f on the scale of nine points with
// the spacing h on one side of 0, as Moré and Wild do: the differences of order
// six of a function that is smooth on that scale are nearly nothing but noise, of
// variance 12!/(6!)² times its own.
func noise(f func(float64) float64, h float64) float64 {
	const order = 6
	const gamma = 720.0 * 720.0 / 479001600.0
	var v [9]float64
	for i := range v {
		if v[i] = f(h * (float64(i) + 0.5)); !finite(v[i]) {
			return 0
		}
	}
	n := len(v)
	for range order {
		n--
		for i := range n {
			v[i] = v[i+1] - v[i]
		}
	}
	norm := 0.0
	for _, d := range v[:n] {
		norm = math.Hypot(norm, d) // squares may overflow
	}
	return math.Sqrt(gamma/float64(n)) * norm
}
