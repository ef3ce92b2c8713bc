package optimize

import (
	"math"
	"math/rand/v2"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"
)

// A Method walks from a starting point towards a minimum. It asks r for every
// value it needs and reports every point it accepts; r says when to stop.
//
// Minimize keeps what it needs in variables of its own, so that a Method is a
// value that may be used again and by several goroutines. It returns an error
// only for what the caller did wrong (a parameter out of range).
type Method interface {
	Minimize(r *Run) error
}

// An Iterate is one accepted point.
type Iterate struct {
	N    int       // counted from 0, the start
	X    []float64 // valid until the callback returns
	F    float64
	Grad []float64 // nil for methods that use none; valid until the callback returns
	Step float64   // the rate or step length that led to X; at the start the one tried first; 0 if the method has none

	// NotMinimum tells the run that the method sees a way down even where the
	// gradient vanishes, by negative curvature, so that the rule on the gradient
	// does not apply.
	NotMinimum bool
}

// Evaluations counts the calls of an Objective.
type Evaluations struct{ Func, Grad, Hess int }

func (e *Evaluations) add(d Evaluations) {
	e.Func += d.Func
	e.Grad += d.Grad
	e.Hess += d.Hess
}

// A Run is one minimisation as a Method sees it: it gives values, counts, traces,
// keeps the best point seen, and ends the walk. It belongs to one goroutine.
type Run struct {
	obj    Objective
	fg     FuncGrader
	hess   Hessianer
	bounds []Bound
	domain func(x []float64) bool
	stop   Stop
	trace  func(Iterate)
	seed   uint64
	start  []float64

	over      atomic.Uint32 // a Status set from a timer or the context: TimeLimit or Cancelled
	limit     int           // evaluations
	status    Status
	reason    Reason
	iter      int // number of the last iterate, -1 before the first
	count     Evaluations
	undefined int
	nan       bool // the last value was undefined, not an overflow
	last      Iterate
	best      best
	watch     watch
	rated     bool // the lengths of steps come from a learning rate
	probe     []float64
}

// best is the lowest point evaluated.
type best struct {
	x, g   []float64
	f      float64
	pg     float64 // projected gradient at x, NaN if unknown
	known  bool    // some finite value was seen
	hasG   bool
	normal float64 // |f| at the start, the scale against which "unbounded" is judged
}

// newRun makes a Run; its arguments have been checked.
func newRun(o Objective, start []float64, bounds []Bound, domain func([]float64) bool, stop Stop, trace func(Iterate), seed uint64) *Run {
	n := len(start)
	buf := make([]float64, 4*n)
	r := &Run{obj: o, bounds: bounds, domain: domain, stop: stop, trace: trace, seed: seed, iter: -1}
	r.fg, _ = o.(FuncGrader)
	r.hess, _ = o.(Hessianer)
	r.start = append([]float64(nil), start...)
	r.limit = stop.Evaluations
	if stop.Iterations <= 0 && stop.Evaluations <= 0 && stop.Time <= 0 {
		r.limit = DefaultEvaluations
	}
	if r.limit <= 0 {
		r.limit = math.MaxInt
	}
	r.best = best{x: buf[:n:n], g: buf[n : 2*n : 2*n], f: math.Inf(1), pg: math.NaN()}
	copy(r.best.x, start)
	r.watch.init(buf[2*n:3*n:3*n], buf[3*n:])
	return r
}

// Dim returns the number of variables.
func (r *Run) Dim() int { return len(r.start) }

// Start returns a copy of the starting point, which lies inside the bounds.
func (r *Run) Start() []float64 { return append([]float64(nil), r.start...) }

// Bounds returns the bounds, nil when none binds.
func (r *Run) Bounds() []Bound { return r.bounds }

// Project moves x to the nearest point inside the bounds.
func (r *Run) Project(x []float64) {
	if r.bounds != nil {
		project(r.bounds, x)
	}
}

// Rand returns a source of random numbers made from the seed of the run: the same
// seed gives the same walk.
func (r *Run) Rand() *rand.Rand { return rand.New(rand.NewPCG(r.seed, 0x9e3779b97f4a7c15)) }

// Rated tells the run that the lengths of the steps come from a given learning
// rate, so that it may judge the walk to be Bouncing, Crawling or Diverging.
func (r *Run) Rated() { r.rated = true }

// Objective returns what is minimised. Methods must ask the Run for values, not
// the Objective.
func (r *Run) Objective() Objective { return r.obj }

// Iterations returns the limit of iterations, 0 for none.
func (r *Run) Iterations() int { return r.stop.Iterations }

// Over reports whether the run has ended. Every loop of a Method that does not
// call Done must ask it; once it is true Func answers +Inf without evaluating.
func (r *Run) Over() bool {
	if r.status != Running {
		return true
	}
	if s := r.over.Load(); s != 0 {
		r.status = Status(s)
		return true
	}
	return false
}

// admit reports whether x may be evaluated.
func (r *Run) admit(x []float64) bool {
	if r.status != Running || r.over.Load() != 0 {
		r.Over()
		return false
	}
	if r.count.Func >= r.limit || r.count.Grad >= r.limit {
		r.status = EvaluationLimit
		return false
	}
	if r.bounds != nil && !inside(r.bounds, x) {
		return false
	}
	// A function may have a value even at NaN (a condition that is then false), which
	// must not become the best point.
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	if r.domain != nil && !r.domain(x) {
		r.undefined++
		r.nan = true
		return false
	}
	return true
}

// Func returns f(x), or +Inf where f is undefined, and without evaluating it where x is
// outside the bounds or the domain or not finite, or the run is over.
func (r *Run) Func(x []float64) float64 {
	if !r.admit(x) {
		return math.Inf(1)
	}
	r.count.Func++
	f := r.obj.Func(x)
	r.nan = f != f
	if f < r.best.f {
		r.lower(x, f, nil)
	} else if r.nan {
		r.undefined++
		return math.Inf(1)
	}
	return f
}

// FuncGrad returns f(x) like Func and writes the gradient to g. Where f(x) is not
// finite, g is filled with NaN.
func (r *Run) FuncGrad(x, g []float64) float64 {
	if !r.admit(x) {
		fill(g, math.NaN())
		return math.Inf(1)
	}
	r.count.Func++
	var f float64
	if r.fg != nil {
		r.count.Grad++
		f = r.fg.FuncGrad(g, x)
	} else if f = r.obj.Func(x); f-f == 0 {
		r.count.Grad++
		r.obj.Grad(g, x)
	}
	r.nan = f != f
	if f-f != 0 { // NaN or infinite
		fill(g, math.NaN())
		if r.nan {
			r.undefined++
			return math.Inf(1)
		}
	}
	if f < r.best.f {
		r.lower(x, f, g)
	} else if f == r.best.f && r.best.known {
		r.tie(x, g)
	}
	return f
}

// Grad writes the gradient at x to g, for methods that do not need the value. It
// fills g with NaN where x may not be evaluated.
func (r *Run) Grad(x, g []float64) {
	if !r.admit(x) {
		fill(g, math.NaN())
		return
	}
	r.count.Grad++
	r.obj.Grad(g, x)
}

// Hess writes the Hessian at x to h: exactly where the Objective has one,
// otherwise by differences of g, the gradient at x. It reports false where some
// element is not finite.
func (r *Run) Hess(h *mat.SymDense, x, g []float64) bool {
	if !r.admit(x) {
		return false
	}
	if r.hess != nil {
		r.count.Hess++
		r.hess.Hess(h, x)
	} else {
		if r.probe == nil {
			r.probe = make([]float64, 3*len(x))
		}
		if !differenceHessian(h, x, g, r.bounds, r.probe, r.Grad) {
			return false
		}
	}
	n := len(x)
	raw := h.RawSymmetric()
	for i := 0; i < n; i++ {
		for _, v := range raw.Data[i*raw.Stride+i : i*raw.Stride+n] {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}

// HasHessian reports whether the Objective has second derivatives of its own.
func (r *Run) HasHessian() bool { return r.hess != nil }

// GradRows writes to g an unbiased estimate of the gradient at x from some rows of
// a Summed objective: the sum over those rows times the number of rows over len(rows).
// It counts as one evaluation of the gradient.
func (r *Run) GradRows(s Summed, g, x []float64, rows []int) {
	if !r.admit(x) {
		fill(g, math.NaN())
		return
	}
	r.count.Grad++
	s.GradRows(g, x, rows)
	scale := float64(s.Rows()) / float64(len(rows))
	for i := range g {
		g[i] *= scale
	}
}

// unboundedBelow is the value under which a function looks unbounded, unless it
// began within 50 orders of magnitude of it.
const unboundedBelow = -1e100

// lower notes a new lowest point.
func (r *Run) lower(x []float64, f float64, g []float64) {
	b := &r.best
	if !b.known {
		b.known = true
		b.normal = math.Abs(f)
	}
	copy(b.x, x)
	b.f = f
	b.pg = math.NaN()
	if b.hasG = g != nil; b.hasG {
		copy(b.g, g)
	}
	if f < unboundedBelow && (f < -math.MaxFloat64 || f < -1e50*b.normal) {
		r.status = Unbounded
	}
}

// tie prefers, of two points with the same value, the one with the smaller gradient.
func (r *Run) tie(x, g []float64) {
	b := &r.best
	pg := projectedGradient(r.bounds, x, g)
	if pg != pg {
		return
	}
	if b.pg != b.pg && b.hasG {
		b.pg = projectedGradient(r.bounds, b.x, b.g)
	}
	if !b.hasG || pg < b.pg {
		copy(b.x, x)
		copy(b.g, g)
		b.hasG, b.pg = true, pg
	}
}

// Done reports an accepted point to the run and returns whether the method must
// stop. The first call is for the start.
func (r *Run) Done(it Iterate) bool {
	r.iter++
	it.N = r.iter
	r.last = it
	if r.trace != nil {
		r.trace(it)
	}
	r.watch.note(&it)
	if r.status == Running || r.status == EvaluationLimit {
		r.judge(&it)
	}
	return r.Over()
}

// judge applies the stopping rules to an iterate.
func (r *Run) judge(it *Iterate) {
	if it.F-it.F != 0 { // NaN or infinite
		switch {
		case r.Over(): // the value was refused, not undefined
		case it.F < 0:
			r.status = Unbounded
		case r.rated && (r.watch.growing() || !r.nan && size(it.X) > 1e3*size(r.start)):
			r.status = Diverging // an overflow
		default:
			r.status = LeftDomain
		}
		return
	}
	if it.Grad != nil && !it.NotMinimum {
		pg := projectedGradient(r.bounds, it.X, it.Grad)
		small := r.stop.small(r.bounds, it.X, it.Grad, it.F, pg)
		switch {
		case pg != pg || pg > math.MaxFloat64 || r.bounds != nil && !small && !finite(it.Grad):
			// (Inside bounds an infinite slope may press against one: √x at 0.)
			if r.rated && r.watch.growing() {
				r.status = Diverging
			} else {
				r.status = GradientUndefined
			}
			return
		case it.N == 0 && (small || r.vanishes(it.X, it.Grad)):
			r.status = StationaryStart
			return
		case small && (r.stop.Grad > 0 || !r.rated || r.watch.lastStep == 0): // a velocity may carry on past a zero
			if r.rated && r.offTheMap(it) {
				r.status = Receding
			} else if !r.Over() {
				r.status, r.reason = Converged, GradientSmall
			}
			return
		case r.rated && r.watch.lastStep == 0 && it.N > 0 && it.Step != 0:
			r.status = Crawling // the step is lost to rounding
			return
		}
	}
	if it.N > 0 {
		rule := r.stop.rule(it.X, it.F, r.watch.lastStepMax, r.watch.lastChange)
		if rule == ChangeSmall && it.Grad != nil && r.watch.crossed(it.Grad, r.stop.Change*r.stop.scale(it.F)) {
			rule = NoReason // the two sides of a valley are equally high
		}
		if rule != NoReason {
			// A short step alone is no sign of a minimum: the same rule is met by
			// a tiny rate far away from it.
			r.status, r.reason = Converged, rule
			if v := r.watch.verdict(); v == Crawling && r.rated {
				r.status = v
			}
			return
		}
	}
	if r.stop.Hopeless && r.rated && it.N%watchWindow == watchWindow-1 {
		if v := r.watch.verdict(); v != Running {
			r.status = v
			return
		}
	}
	if r.status == Running && r.stop.Iterations > 0 && it.N >= r.stop.Iterations {
		r.status = IterationLimit
	}
	if r.status == IterationLimit && r.rated {
		if r.watch.rounding(it) {
			r.status, r.reason = Converged, AtRounding
		} else if v := r.watch.verdict(); v != Running {
			r.status = v
		}
	}
}

// offTheMap reports whether a step has led so far away that f is level there, as exp is
// at -1e9: a gradient that vanishes with f itself makes no minimum.
func (r *Run) offTheMap(it *Iterate) bool {
	if it.N == 0 || size(it.X) < 1e6*size(r.start) || r.watch.lastStepMax < 0.1*size(it.X) {
		return false
	}
	y := make([]float64, len(it.X))
	for i, v := range it.X {
		y[i] = v - 0.1*r.watch.dir[i]
	}
	return math.Abs(r.Func(y)-it.F) <= 1e-9*math.Max(1, math.Abs(it.F))
}

// vanishes reports whether the gradient g at the start x is zero as far as floats
// can tell: zero itself, or so small that moving x by a rounding error in either
// direction changes its sign or doubles it (sin at the float nearest to π/2 has the
// derivative 6e-17).
func (r *Run) vanishes(x, g []float64) bool {
	small, zero := true, true
	for i, v := range g {
		a := math.Abs(v)
		zero = zero && a == 0
		small = small && a <= 1e-12*math.Max(1, math.Abs(x[i]))
	}
	if zero || !small {
		return zero
	}
	n := len(x)
	y, h := make([]float64, n), make([]float64, n)
	moved := make([]bool, n)
	for _, dir := range [...]float64{1, -1} {
		for i, v := range x {
			y[i] = v + dir*0x1p-50*math.Abs(v)
		}
		r.Project(y)
		r.Grad(y, h)
		for i := range g {
			moved[i] = moved[i] || math.Abs(h[i]-g[i]) >= math.Abs(g[i])
		}
	}
	for _, m := range moved {
		if !m {
			return false
		}
	}
	return true
}

// Stuck ends the run because the method finds no lower point. gain is what its
// model of f had promised: where that is within the rounding errors of f, and f has no
// kink there, the run has converged, otherwise it made no progress. A gain that is
// NaN counts as large.
func (r *Run) Stuck(gain float64) {
	if r.Over() {
		return
	}
	if g := r.last.Grad; g != nil && !r.last.NotMinimum && projectedGradient(r.bounds, r.last.X, g) == 0 {
		r.status, r.reason = Converged, GradientSmall
		return
	}
	if math.Abs(gain) <= 64*0x1p-52*math.Abs(r.last.F) && !r.atKink() && !r.descends() {
		r.status, r.reason = Converged, AtRounding
		return
	}
	if !r.Over() {
		r.status = NoProgress
	}
}

// atKink reports whether f has a kink along the gradient at the last iterate, where
// the promises of a quadratic model mean nothing.
func (r *Run) atKink() bool {
	big := 0.0
	for _, v := range r.last.Grad {
		big = math.Max(big, math.Abs(v))
	}
	if !(big > 0 && big <= math.MaxFloat64) {
		return false
	}
	d := make([]float64, 2*len(r.start))
	for i, v := range r.last.Grad {
		d[i] = v / big
	}
	n := len(r.start)
	return kinked(r.Func, r.last.X, d[:n], d[n:], r.last.F)
}

// descends reports whether f is clearly lower somewhere along the negative gradient
// from the last iterate, so that a model that promises next to nothing has lost the
// scale of f: the curvature of x^100 at 2 means nothing at 1.
func (r *Run) descends() bool {
	g := r.last.Grad
	if g == nil {
		return false
	}
	big := projectedGradient(r.bounds, r.last.X, g)
	if !(big > 0 && big <= math.MaxFloat64) {
		return false
	}
	y := make([]float64, len(r.last.X))
	low := r.last.F - 1e3*0x1p-52*math.Abs(r.last.F)
	for t := 0.1 * size(r.last.X); t > 1e-12*size(r.last.X); t /= 10 {
		for i, v := range r.last.X {
			y[i] = v - t*(g[i]/big)
		}
		r.Project(y)
		if r.Func(y) < low {
			return true
		}
	}
	return false
}

// Finish ends the run as converged by the method's own rule.
func (r *Run) Finish() {
	if !r.Over() {
		r.status, r.reason = Converged, MethodFinished
	}
}

func fill(x []float64, v float64) {
	for i := range x {
		x[i] = v
	}
}
