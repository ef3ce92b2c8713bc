package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Options say where a run starts, where it may go and when it ends. The zero
// value starts at the origin, or at the point of the bounds nearest to it, without
// bounds, and stops as the zero Stop says.
type Options struct {
	Start  []float64
	Bounds []Bound // one for each variable, or nil
	// Domain, if not nil, reports whether f may be evaluated at x. A point outside
	// is treated as one where f is undefined.
	Domain   func(x []float64) bool
	Stop     Stop
	Maximise bool          // look for a maximum; trace and result have the values of f itself
	Seed     uint64        // of methods that draw random numbers
	Trace    func(Iterate) // called with each accepted point, the start included
}

// A Result is what a run found.
type Result struct {
	X    []float64 // the best point that the method evaluated
	F    float64   // f there
	Grad []float64 // gradient there; nil if no method asked for any

	Last        Iterate // the last point accepted: the end of the walk, not always the best
	Start       []float64
	Status      Status
	Reason      Reason // the rule that was met, for Converged and Crawling
	Iterations  int    // steps taken
	Evaluations Evaluations
	Undefined   int    // evaluations at points where f is undefined
	Method      string // name in the table of methods, "" for a Method of the caller's
	Maximised   bool
	Seconds     float64

	// Stationary tells what kind of point the start is, for StationaryStart; Auto
	// sets it for the best point.
	Stationary Stationary
	// Minimisers are the distinct local minimisers that Auto found, best first (the
	// maximisers after maximising). It is nil after Minimize.
	Minimisers []Point
	Searches   int // local searches that Auto made

	bounds  []Bound
	watched watch
}

// A StartError says that a run cannot begin where it was told to.
type StartError struct {
	X    []float64
	F    float64 // the value there: NaN or +Inf (after maximising, NaN or -Inf)
	Grad bool    // the value is finite but the gradient is not
}

func (e *StartError) Error() string {
	switch {
	case e.Grad:
		return fmt.Sprintf("optimize: f has no gradient at the start %s: start elsewhere or use a derivative-free method", point(e.X))
	case math.IsNaN(e.F):
		return fmt.Sprintf("optimize: f is undefined at the start %s: start where it is defined", point(e.X))
	}
	return fmt.Sprintf("optimize: f is %g at the start %s: start where it is finite", e.F, point(e.X))
}

// ErrBounds is returned for bounds with a method that has no notion of them.
var ErrBounds = errors.New("optimize: this method takes no bounds")

// Minimize runs m on o. It returns an error for what is wrong with the question:
// dimensions that do not fit, empty bounds, a method that cannot take them, a start
// outside the bounds or (a *StartError) where f is undefined. How the run went
// is said by the Status of the Result. Whatever happens in between, the Result
// has the best point met, and no point outside the bounds was evaluated.
//
// Cancelling ctx ends the run at the next evaluation.
func Minimize(ctx context.Context, o Objective, m Method, opt Options) (*Result, error) {
	begun := time.Now()
	bounds, start, err := opt.check(o)
	if err != nil {
		return nil, err
	}
	info := infoOf(m)
	if info != nil {
		if bounds != nil && !info.Bounds {
			return nil, fmt.Errorf("%w: %s", ErrBounds, info.Name)
		}
		if info.OneVariable && len(start) != 1 {
			return nil, fmt.Errorf("optimize: method %s is for one variable, not %d", info.Name, len(start))
		}
		if info.Most > 0 && len(start) > info.Most {
			return nil, fmt.Errorf("optimize: method %s works with matrices and takes up to %d variables, not %d: use lbfgsb", info.Name, info.Most, len(start))
		}
	}
	minimised, trace := o, opt.Trace
	if opt.Maximise {
		minimised = Negate(o)
		if trace != nil {
			given := trace
			flipped := make([]float64, len(start))
			trace = func(it Iterate) { given(flip(it, flipped)) }
		}
	}
	r := newRun(minimised, start, bounds, opt.Domain, opt.Stop, trace, opt.Seed)
	done := r.watchClock(ctx)
	defer done()
	if err := r.checkStart(); err != nil {
		if e := (*StartError)(nil); opt.Maximise && errors.As(err, &e) {
			e.F = -e.F
		}
		return nil, err
	}
	if err := m.Minimize(r); err != nil {
		return nil, err
	}
	if r.status == Running {
		r.status = NoProgress // the method gave up without saying why
	}
	res := r.result()
	if info != nil {
		res.Method = info.Name
	}
	if res.Status == StationaryStart {
		var more Evaluations
		res.Stationary, more = classify(minimised, start, bounds, opt.Domain)
		res.Evaluations.add(more)
	}
	if opt.Maximise {
		res.flip()
	}
	res.Seconds = time.Since(begun).Seconds()
	return res, nil
}

// check validates the options for o and returns its bounds and a copy of the start.
func (opt *Options) check(o Objective) ([]Bound, []float64, error) {
	n := o.Dim()
	if n < 1 {
		return nil, nil, fmt.Errorf("optimize: an objective of %d variables", n)
	}
	bounds, err := checkBounds(opt.Bounds, n)
	if err != nil {
		return nil, nil, err
	}
	start := make([]float64, n)
	if opt.Start == nil {
		if bounds != nil {
			project(bounds, start)
		}
		return bounds, start, nil
	}
	if len(opt.Start) != n {
		return nil, nil, fmt.Errorf("optimize: a start of %d coordinates for %d variables", len(opt.Start), n)
	}
	copy(start, opt.Start)
	for i, v := range start {
		if v-v != 0 {
			return nil, nil, fmt.Errorf("optimize: coordinate %d of the start is %g", i, v)
		}
		if bounds != nil && !bounds[i].Has(v) {
			return nil, nil, fmt.Errorf("optimize: coordinate %d of the start, %g, is outside its bounds [%g, %g]", i, v, bounds[i].Lo, bounds[i].Hi)
		}
	}
	return bounds, start, nil
}

// checkStart evaluates f at the start, outside the count: the method will ask for
// it again. The value is the best so far.
func (r *Run) checkStart() error {
	if r.domain != nil && !r.domain(r.start) {
		return &StartError{X: r.start, F: math.NaN()}
	}
	f := r.obj.Func(r.start)
	if f != f || f > math.MaxFloat64 {
		return &StartError{X: r.start, F: f}
	}
	r.lower(r.start, f, nil)
	return nil
}

// watchClock ends the run when ctx is done or its time is up, by setting a flag
// that every evaluation reads. The function it returns must be called at the end.
func (r *Run) watchClock(ctx context.Context) (done func()) {
	set := func(s Status) { r.over.CompareAndSwap(0, uint32(s)) }
	var timer *time.Timer
	if r.stop.Time > 0 {
		timer = time.AfterFunc(r.stop.Time, func() { set(TimeLimit) })
	}
	ended := func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			set(TimeLimit)
		} else {
			set(Cancelled)
		}
	}
	if ctx.Err() != nil {
		ended()
	}
	stop := context.AfterFunc(ctx, ended)
	return func() {
		stop()
		if timer != nil {
			timer.Stop()
		}
	}
}

// result gathers what the run found. The best point is the lowest seen; the last
// iterate is preferred to it if its value is the same to the last few bits and
// its gradient a good deal smaller, for then it is nearer to the minimiser.
func (r *Run) result() *Result {
	res := &Result{
		Start: r.start, Status: r.status, Reason: r.reason, Iterations: max(r.iter, 0),
		Evaluations: r.count, Undefined: r.undefined, bounds: r.bounds, watched: r.watch,
	}
	res.Last = r.last
	res.Last.X = append([]float64(nil), r.last.X...)
	if r.last.Grad != nil {
		res.Last.Grad = append([]float64(nil), r.last.Grad...)
	}
	b := &r.best
	res.X, res.F = b.x, b.f
	if b.hasG {
		res.Grad = b.g
	}
	if res.Last.Grad != nil && !math.IsInf(b.f, 0) && res.Last.F-b.f <= 4*0x1p-52*math.Abs(b.f) {
		pg := projectedGradient(r.bounds, res.Last.X, res.Last.Grad)
		bg := math.Inf(1)
		if b.hasG {
			bg = projectedGradient(r.bounds, b.x, b.g)
		}
		if !(bg <= 10*pg) {
			res.X, res.F, res.Grad = res.Last.X, res.Last.F, res.Last.Grad
		}
	}
	if res.Grad == nil && res.Last.Grad != nil && !math.IsInf(res.F, 0) {
		res.Grad = make([]float64, len(r.start))
		r.obj.Grad(res.Grad, res.X)
	}
	if res.Status == IterationLimit || res.Status == Crawling {
		res.watched.verdict()
	}
	return res
}

// flip turns a result for -f into one for f.
func (res *Result) flip() {
	res.Maximised = true
	res.F = -res.F
	shared := len(res.Grad) > 0 && len(res.Last.Grad) > 0 && &res.Grad[0] == &res.Last.Grad[0]
	negate(res.Grad)
	if !shared {
		negate(res.Last.Grad)
	}
	res.Last.F = -res.Last.F
	res.Stationary.flip()
	for i := range res.Minimisers {
		p := &res.Minimisers[i]
		p.F = -p.F
		negate(p.Grad)
		p.Stationary.flip()
	}
}

func (st *Stationary) flip() {
	switch st.Kind {
	case Minimum:
		st.Kind = Maximum
	case Maximum:
		st.Kind = Minimum
	}
	e := slices.Clone(st.Eigenvalues) // several Stationary may share them
	negate(e)
	slices.Reverse(e)
	st.Eigenvalues = e
}

// flip shows an iterate of -f as one of f, with its gradient in g.
func flip(it Iterate, g []float64) Iterate {
	it.F = -it.F
	if it.Grad != nil {
		copy(g, it.Grad)
		negate(g)
		it.Grad = g
	}
	return it
}

func negate(x []float64) {
	for i, v := range x {
		x[i] = 0 - v // never -0
	}
}
