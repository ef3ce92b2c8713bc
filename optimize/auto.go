package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// AutoOptions are the options of Auto. Of Options, Start may be nil, for a start where
// f is defined of Auto's choice; Stop limits the whole search by Evaluations and Time,
// and by Grad (0: 1e-9), always taken relative, it says when a search from one
// start has arrived; Trace sees the walk from the start only.
type AutoOptions struct {
	Options
	// Starts is the greatest number of local searches; 0 means 20 + 20n, at most 200
	// (5 for more than 100 variables); 1 searches from the start only.
	Starts int
	// Kinks says that f is known to have kinks or jumps, so that a small gradient or a
	// failed line search proves little and every candidate is polished by direct search.
	Kinks bool
}

// workBudget is what the local searches after the first may cost together, in
// evaluations of a gradient (a Hessian of n variables counts as n): about 50 ms for a
// formula of ordinary size.
const workBudget = 50_000

// newtonLimit is the number of variables up to which the local searches use second
// derivatives: above, factorising costs more than it saves.
const newtonLimit = 120

// Auto looks for the lowest minimum it can find. It samples the region: the bounds, and
// where they are open the surroundings of the start at several scales. From the most
// promising points it searches by Newton's method (LBFGSB above newtonLimit variables),
// until by the rule of Boender and Rinnooy Kan (1987) no further minima are
// to be expected or the budget is spent, then along each variable through the best
// point. What it found it polishes to the last bits, by direct search where there are kinks,
// and it returns the distinct minimisers, best first. Functions of one variable are
// bracketed on a grid and searched by Brent's method.
//
// It never proves a minimum to be global. The same options give the same result,
// unless the time runs out.
//
// The Status is that of the search that led to the best point: Converged where it is
// a local minimum as far as floats and second derivatives tell, Unbounded where f
// fell without end on the way or falls so towards a pole, Receding where it keeps
// falling as x moves off, NoProgress where no more can be said, or a limit that ended the search.
//
// A start of the caller's where f is undefined is a *StartError; without one the error
// comes when f is found defined nowhere.
func Auto(ctx context.Context, o Objective, opt AutoOptions) (*Result, error) {
	begun := time.Now()
	bounds, start, err := opt.check(o)
	if err != nil {
		return nil, err
	}
	if opt.Stop.Time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.Stop.Time)
		defer cancel()
	}
	a := &auto{ctx: ctx, given: o, o: o, bounds: bounds, opt: opt, n: len(start)}
	if opt.Maximise {
		a.o = Negate(o)
	}
	a.left = opt.Stop.Evaluations
	if a.left <= 0 {
		a.left = math.MaxInt
	}
	a.grad = orDefault(opt.Stop.Grad, 1e-9)
	f := a.value(start)
	if opt.Start != nil && !(f <= math.MaxFloat64) {
		e := &StartError{X: start, F: f}
		if v := a.o.Func(start); v != v {
			e.F = v
		}
		if opt.Maximise {
			e.F = -e.F
		}
		return nil, e
	}
	a.search(start, f)
	res, err := a.result(start)
	if err != nil {
		return nil, err
	}
	if opt.Maximise {
		res.flip()
	}
	res.Seconds = time.Since(begun).Seconds()
	return res, nil
}

// auto is the state of one search.
type auto struct {
	ctx    context.Context
	given  Objective // as the caller gave it
	o      Objective // to be minimised: given or its negation
	n      int
	bounds []Bound
	opt    AutoOptions
	grad   float64

	left      int // evaluations allowed
	work      int
	count     Evaluations
	undefined int
	iter      int
	points    []Point // distinct, in the order found
	start     []float64
	normal    float64 // smallest |f| sampled
	searches  int
	ended     Status // a limit that ended the search: EvaluationLimit, TimeLimit or Cancelled
	traced    bool
	polishing bool
	panicked  any // in a helper of multistart
}

// over reports whether the search must end.
func (a *auto) over() bool {
	if a.ended != Running {
		return true
	}
	switch err := a.ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		a.ended = TimeLimit
	case err != nil:
		a.ended = Cancelled
	case a.left <= 0:
		a.ended = EvaluationLimit
	case !a.polishing && len(a.points) > 0 && a.points[len(a.points)-1].Status == Unbounded:
		return true
	}
	return a.ended != Running
}

// value evaluates f at a point inside the bounds. It is +Inf where f is undefined and
// when no evaluations are left.
func (a *auto) value(x []float64) float64 {
	if a.opt.Domain != nil && !a.opt.Domain(x) {
		a.undefined++
		return math.Inf(1)
	}
	if a.left <= 0 {
		return math.Inf(1)
	}
	a.count.Func++
	a.left--
	f := a.o.Func(x)
	if f != f {
		a.undefined++
		return math.Inf(1)
	}
	return f
}

// run runs m from x and adds up what it cost; most limits its evaluations.
func (a *auto) run(m Method, x []float64, stop Stop, most int) *Result {
	stop.Evaluations = min(most, a.left)
	var trace func(Iterate)
	if !a.traced && a.opt.Trace != nil {
		a.traced = true
		trace = a.opt.Trace
		if a.opt.Maximise {
			given, flipped := trace, make([]float64, a.n)
			trace = func(it Iterate) { given(flip(it, flipped)) }
		}
	}
	r := newRun(a.o, x, a.bounds, a.opt.Domain, stop, trace, a.opt.Seed)
	done := r.watchClock(a.ctx)
	defer done()
	if err := m.Minimize(r); err != nil {
		panic(fmt.Sprintf("optimize: %v", err)) // the methods used here have no wrong parameters
	}
	if r.status == Running {
		r.status = NoProgress
	}
	a.count.add(r.count)
	a.undefined += r.undefined
	a.iter += max(r.iter, 0)
	a.left -= r.count.Func
	if r.hess == nil {
		a.work += r.count.Grad
	} else {
		a.work += r.count.Func + r.count.Hess*a.n
	}
	return r.result()
}

// search is the whole search.
func (a *auto) search(start []float64, f float64) {
	a.start = start
	samples := a.sampled(start, f)
	if len(samples) == 0 {
		return
	}
	a.normal = math.Inf(1)
	for _, s := range samples {
		a.normal = math.Min(a.normal, math.Abs(s.f))
	}
	if f <= math.MaxFloat64 {
		a.local(start, true)
	}
	starts := a.opt.Starts
	if starts <= 0 {
		starts = min(20+20*a.n, 200)
		if a.n > 100 {
			starts = 5
		}
	}
	if a.n == 1 {
		a.brackets(samples, starts)
	} else {
		a.multistart(a.promising(samples, starts), starts)
		if starts > 1 {
			a.scan()
		}
	}
	a.polish()
}

// smooth returns the method for smooth functions.
func (a *auto) smooth() Method {
	if a.n <= newtonLimit {
		return Newton{}
	}
	return LBFGSB{}
}

// local searches from x and keeps what it finds.
func (a *auto) local(x []float64, first bool) {
	a.searches++
	// Newton's method rarely takes more than 200 steps, but the start is the caller's.
	most := 300 + 10*a.n
	if first {
		most = 3000 + 100*a.n
	}
	stop := Stop{Grad: a.grad, Relative: true, Iterations: most}
	res := a.run(a.smooth(), x, stop, most)
	if res.Status == StationaryStart {
		// Newton's method has seen no way down by second derivatives either.
		res.Status, res.Reason = Converged, GradientSmall
	}
	if res.Status == Converged && res.Last.F-res.F > 1e-9*math.Max(1, math.Abs(res.F)) {
		// It converged, but not to the lowest point it met on the way.
		end := *res
		end.X, end.F, end.Grad = res.Last.X, res.Last.F, res.Last.Grad
		a.keep(&end)
		res.Status, res.Reason = NoProgress, NoReason
	}
	if res.Status == Unbounded {
		a.keep(res)
		return
	}
	if a.rough(res) && !a.over() {
		res = a.direct(res, false)
	}
	a.keep(res)
}

// result gathers the answer.
func (a *auto) result(start []float64) (*Result, error) {
	if len(a.points) == 0 {
		if a.over() {
			f := a.o.Func(start)
			return &Result{X: start, F: f, Start: start, Status: a.ended, Evaluations: a.count, Undefined: a.undefined, Method: "auto", Searches: a.searches, bounds: a.bounds,
				Last: Iterate{X: start, F: f}}, nil
		}
		return nil, &StartError{X: start, F: math.NaN()}
	}
	best := a.points[0]
	for _, p := range a.points {
		if p.Status == Unbounded {
			best = p
		}
	}
	res := &Result{
		X: slices.Clone(best.X), F: best.F, Grad: slices.Clone(best.Grad), Start: start, Status: best.Status, Reason: best.Reason,
		Iterations: a.iter, Evaluations: a.count, Undefined: a.undefined, Method: "auto",
		Stationary: best.Stationary, Searches: a.searches, bounds: a.bounds,
	}
	res.Last = Iterate{N: a.iter, X: slices.Clone(best.X), F: best.F, Grad: slices.Clone(best.Grad)}
	if a.ended != Running && best.Status != Unbounded {
		res.Status, res.Reason = a.ended, NoReason
	}
	for _, p := range a.points {
		if p.Status == Converged && p.Stationary.Kind != Maximum && p.Stationary.Kind != Saddle {
			res.Minimisers = append(res.Minimisers, p)
		}
	}
	return res, nil
}
