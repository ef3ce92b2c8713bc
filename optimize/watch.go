package optimize

import "math"

// watchWindow is how many steps the verdict on a walk looks back: long enough to
// tell a rhythm from a chance, short enough to notice soon.
const watchWindow = 16

// watch follows the steps of a run in bounded memory, to tell at its end whether
// it bounced, crawled or diverged.
type watch struct {
	n           int // iterates noted
	prev, dir   []float64
	lastStep    float64 // ‖x_k - x_{k-1}‖₂
	lastStepMax float64 // ‖x_k - x_{k-1}‖∞
	lastChange  float64 // f(x_k) - f(x_{k-1})
	first       float64 // f(x_0)
	path        float64 // sum of the lengths of the steps
	ring        [watchWindow]stride
	envelope    envelope

	// set by verdict
	remaining float64 // predicted length of the way still to go, 0 if unknown
	travelled float64
	turning   bool // the last steps went back and forth
}

// stride is one step.
type stride struct {
	length float64
	cosine float64 // with the step before, 0 for the first
	f      float64 // after the step
}

func (w *watch) init(prev, dir []float64) { w.prev, w.dir = prev, dir }

func (w *watch) note(it *Iterate) {
	if w.n == 0 {
		copy(w.prev, it.X)
		w.first = it.F
		w.ring[0].f = it.F
		w.n = 1
		return
	}
	var sq, dot, big float64
	for i, v := range it.X {
		d := v - w.prev[i]
		sq += d * d
		dot += d * w.dir[i]
		if a := math.Abs(d); a > big {
			big = a
		}
		w.dir[i] = d
		w.prev[i] = v
	}
	length := math.Sqrt(sq)
	if (sq == 0 || math.IsInf(sq, 1)) && big > 0 {
		length = big // the squares under- or overflowed
	}
	cos := 0.0
	if p := w.lastStep * length; p > 0 {
		cos = dot / p
	}
	w.lastChange = it.F - w.ring[(w.n-1)%watchWindow].f
	w.lastStep, w.lastStepMax = length, big
	w.path += length
	w.ring[w.n%watchWindow] = stride{length, cos, it.F}
	w.envelope.note(length)
	w.n++
}

// An envelope keeps the longest step of each of the last two blocks of steps. Blocks
// are twice as long from one to the next, so that a slow decay shows in the end: over
// the window of the verdict alone, a velocity that loses half a percent a step looks
// as if it bounced for ever.
type envelope struct {
	before, now  float64 // longest step of the last whole block and of the one that runs
	count, block int     // steps in the running block, and how many it will have
}

func (e *envelope) note(length float64) {
	if e.count == e.block {
		e.before, e.now, e.count = e.now, 0, 0
		e.block = max(2*e.block, watchWindow/2)
	}
	e.now = math.Max(e.now, length)
	e.count++
}

// decays reports whether the longest steps have become shorter from block to block.
func (e *envelope) decays() bool {
	return e.count >= watchWindow/2 && e.now < 0.97*e.before
}

// crossed reports whether the last step led across a valley: f, nearly the same on
// both sides, rises along the step by more than change where the step ends, at a point
// with the gradient g.
func (w *watch) crossed(g []float64, change float64) bool { return w.rise(g) > 10*change }

// rise is the slope along the last step, times its length, where the gradient is g.
func (w *watch) rise(g []float64) float64 {
	rise := 0.0
	for i, d := range w.dir {
		rise += g[i] * d
	}
	return rise
}

// rounding reports whether the walk moves to and fro at it by no more than the spacing
// of floats there, or so little that f says nothing of it.
func (w *watch) rounding(it *Iterate) bool {
	turned := false
	for i := range min(w.n-1, 4) {
		turned = turned || w.back(i).cosine < 0
	}
	big := 0.0
	for _, v := range it.X {
		big = math.Max(big, math.Abs(v))
	}
	return turned && (w.lastStepMax <= 16*0x1p-52*big || it.Grad != nil && math.Abs(w.rise(it.Grad)) <= 64*0x1p-52*math.Abs(it.F))
}

// back returns the i-th stride from the end, 0 the last.
func (w *watch) back(i int) *stride { return &w.ring[(w.n-1-i)%watchWindow] }

// growing reports whether the last steps grew in length, each at least by half,
// as they do on the way to an overflow.
func (w *watch) growing() bool {
	const enough = 4
	if w.n <= enough+1 {
		return false
	}
	for i := 1; i < enough; i++ { // the last one may be infinite or NaN itself
		if !(w.back(i).length >= 1.5*w.back(i+1).length) || w.back(i).length == 0 {
			return false
		}
	}
	return true
}

// verdict judges the last steps: Bouncing, Crawling, Diverging, or Running where
// nothing is amiss or there are too few of them. It also predicts the way left.
//
// The rate of decay ρ of the lengths of the steps is their geometric mean ratio
// over the window. Steps that keep their direction and shrink by ρ add up to
// length·ρ/(1-ρ) more.
func (w *watch) verdict() Status {
	m := min(w.n-1, watchWindow-1) // strides in the window
	w.remaining, w.travelled = 0, w.path
	if m < 4 {
		return Running
	}
	var turns, straight int
	for i := 0; i < m-1; i++ {
		switch c := w.back(i).cosine; {
		case c < -0.5:
			turns++
		case c > 0.9:
			straight++
		}
	}
	w.turning = turns > m/2
	last, first := w.back(0).length, w.back(m-1).length
	if last == 0 {
		return Running
	}
	ratio := math.Pow(last/first, 1/float64(m-1))
	highest, lowest := math.Inf(-1), math.Inf(1)
	for i := 0; i < m; i++ {
		highest, lowest = math.Max(highest, w.back(i).f), math.Min(lowest, w.back(i).f)
	}
	// The lowest value of the younger half against that of the older half.
	younger, older := math.Inf(1), math.Inf(1)
	for i := 0; i < m; i++ {
		if i < m/2 {
			younger = math.Min(younger, w.back(i).f)
		} else {
			older = math.Min(older, w.back(i).f)
		}
	}
	noise := 1e-9 * math.Max(math.Abs(younger), math.Abs(older)) // of the highest it would hide fast growth
	// Growth that fades is that of a velocity on its way to a steady swing.
	growth := ratio
	if half := w.back(m / 2).length; m >= 8 && half > 0 {
		young, old := math.Pow(last/half, 1/float64(m/2)), math.Pow(half/first, 1/float64(m-1-m/2))
		if young < 1.01 && young-1 < (old-1)/2 {
			growth = 1
		}
	}
	switch {
	case growth > 1.0001 && w.back(0).f > w.back(m-1).f && w.back(0).f > w.first && younger > older+noise:
		return Diverging
	case w.envelope.decays():
		// However it turns, it comes nearer.
	case turns == m-1 && ratio > 0.999 && younger >= older-noise:
		return Bouncing
	case w.n >= 2*watchWindow && turns >= (m-1)/3 && ratio > 0.98 && younger >= older-noise && highest-lowest > noise:
		return Bouncing
	}
	if straight == m-1 && ratio < 1 {
		w.remaining = last * ratio / (1 - ratio)
		// Beyond 1e12 the difference of ratio from 1 is rounding.
		if w.remaining > 3*w.path && w.remaining < 1e12*w.path {
			return Crawling
		}
	}
	return Running
}
