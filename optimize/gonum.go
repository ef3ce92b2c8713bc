package optimize

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	gonum "gonum.org/v1/gonum/optimize"
)

// BFGS is gonum's quasi-Newton method with a dense matrix (n² numbers).
type BFGS struct{}

// LBFGS is gonum's limited-memory quasi-Newton method.
type LBFGS struct {
	Memory int // pairs kept; 0 means gonum's 15
}

// CG is gonum's nonlinear conjugate gradient method, with its default variant of
// Hestenes and Stiefel and the line search of Moré and Thuente.
type CG struct{}

// NelderMead is gonum's simplex method, which uses values only. When the simplex
// has shrunk to a point it begins again from there with a smaller one, until that
// gains nothing: a simplex can collapse away from any minimum.
type NelderMead struct {
	Size float64 // edge of the first simplex relative to max(1, ‖x‖∞); 0 means 0.05
}

// CMAES is gonum's evolution strategy with covariance matrix adaptation, which uses
// values only. It stops while its population is still wide, so its best point is
// polished by direct search (see Pattern).
type CMAES struct {
	Sigma      float64 // first standard deviation relative to max(1, ‖x‖∞); 0 means 0.3
	Population int     // points a generation; 0 means 4 + ⌊3·log n⌋
}

// Minimize runs gonum's method.
func (BFGS) Minimize(r *Run) error {
	return driveGradient(r, func() gonum.Method { return &gonum.BFGS{GradStopThreshold: math.NaN()} })
}

// Minimize runs gonum's method.
func (m LBFGS) Minimize(r *Run) error {
	return driveGradient(r, func() gonum.Method {
		return &gonum.LBFGS{Store: m.Memory, GradStopThreshold: math.NaN()}
	})
}

// Minimize runs gonum's method.
func (CG) Minimize(r *Run) error {
	return driveGradient(r, func() gonum.Method { return &gonum.CG{GradStopThreshold: math.NaN()} })
}

// Minimize runs gonum's method.
func (m NelderMead) Minimize(r *Run) error {
	size := orDefault(m.Size, 0.05)
	d := newDriver(r)
	for round := 0; round < 6 && !r.Over(); round++ {
		before := r.best.f
		scale := math.Max(1, floats.Norm(d.x, math.Inf(1)))
		d.run(&gonum.NelderMead{SimplexSize: size * scale}, 100+20*len(d.x))
		copy(d.x, r.best.x)
		if round > 0 && !(r.best.f < before-1e-14*math.Abs(before)) {
			break
		}
		size /= 4
	}
	r.Finish()
	return nil
}

// Minimize runs gonum's method.
func (m CMAES) Minimize(r *Run) error {
	d := newDriver(r)
	f := r.Func(d.x)
	scale := math.Max(1, floats.Norm(d.x, math.Inf(1)))
	sigma := orDefault(m.Sigma, 0.3) * scale
	if r.Done(Iterate{X: d.x, F: f, Step: sigma}) {
		return nil
	}
	d.started = true
	d.run(&gonum.CmaEsChol{InitStepSize: sigma, Population: m.Population, Src: rand.NewPCG(r.seed, 1)}, 0)
	if r.Over() {
		return nil
	}
	p := newPoll(r, r.best.x, r.best.f, 1e-3*scale)
	p.run(1e-12)
	return nil
}

// driveGradient runs a line-search method of gonum. Where gonum gives up ("linesearch:
// failed to converge") it is started afresh from the last point as long as that
// helps, for its memory may be to blame; then the run is stuck, or at the optimum as
// far as rounding allows.
func driveGradient(r *Run, make func() gonum.Method) error {
	d := newDriver(r)
	d.gradient = true
	for {
		before := r.iter
		d.run(make(), 0)
		if r.Over() {
			return nil
		}
		if r.iter <= before+1 || !finite(d.g) {
			r.Stuck(d.gain())
			return nil
		}
		copy(d.x, d.majorX)
	}
}

// driver speaks gonum's reverse communication with one of its methods: it evaluates
// what the method asks for in the caller's goroutine. Driving the method itself,
// instead of calling gonum's Minimize, halves the cost of an evaluation, lets an
// objective's panic reach the caller instead of killing the process, and lets a
// panic of the method end its run only.
type driver struct {
	r        *Run
	x        []float64 // where to start
	gradient bool
	started  bool // the start has been reported

	// The last major iterate and the one before.
	majorX, prevX []float64
	majorF        float64
	g, prevG      []float64
	refused       []float64 // the last point at which a parabola was shown for f
}

func newDriver(r *Run) *driver {
	n := r.Dim()
	buf := make([]float64, 4*n)
	return &driver{r: r, x: r.Start(), majorX: buf[:n], prevX: buf[n : 2*n], g: buf[2*n : 3*n], prevG: buf[3*n:], majorF: math.Inf(1)}
}

// gain estimates what a step from the last iterate could still gain, from the
// curvature along the last step: ‖g‖²/2κ, κ = sᵀy/sᵀs.
func (d *driver) gain() float64 {
	var ss, sy, gg float64
	for i := range d.g {
		s, y := d.majorX[i]-d.prevX[i], d.g[i]-d.prevG[i]
		ss += s * s
		sy += s * y
		gg += d.g[i] * d.g[i]
	}
	return gg * ss / (2 * sy)
}

// run drives m until the run is over, m gives up, or, if patience > 0, the best value
// has stood still for that many iterations.
func (d *driver) run(m gonum.Method, patience int) {
	n := len(d.x)
	operations, results := make(chan gonum.Task, 1), make(chan gonum.Task, 1)
	tasks := make([]gonum.Task, m.Init(n, 1))
	for i := range tasks {
		tasks[i].Location = &gonum.Location{X: append([]float64(nil), d.x...)}
	}
	var failure any // what the method panicked with
	go func() {
		// A method that panics has not closed operations; closing it here ends the
		// loop below.
		defer func() {
			if p := recover(); p != nil {
				failure = p
				close(operations)
			}
		}()
		m.Run(operations, results, tasks)
	}()
	// Whatever happens, the method's goroutine is brought to its end.
	ended := false
	finish := func() {
		if !ended {
			ended = true
			results <- gonum.Task{Op: gonum.PostIteration}
			close(results)
			for range operations {
			}
		}
	}
	defer finish()
	best, still := math.Inf(1), 0
	x := make([]float64, n)
	const patienceInVain = 1000
	spent, vain := 0, 0
	for task := range operations {
		// A method that has lost itself in NaN asks for ever for values that are refused.
		if now := d.r.count.Func + d.r.iter; now != spent {
			spent, vain = now, 0
		} else {
			vain++
		}
		stop := vain > patienceInVain
		switch task.Op {
		case gonum.MethodDone:
			stop = true
		case gonum.MajorIteration:
			if d.major(task.Location) {
				stop = true
			} else if patience > 0 {
				if still++; task.F < best {
					best, still = task.F, 0
				}
				stop = stop || still > patience
			}
		case gonum.NoOperation:
		default:
			if finite(task.X) {
				d.evaluate(task.Location, task.Op, x)
			} else {
				stop = true // the method has divided by zero somewhere
			}
			stop = stop || d.r.Over()
		}
		if stop {
			finish()
			break
		}
		results <- task
	}
	if !ended {
		ended = true // the method panicked; nobody reads results
	}
	if failure != nil {
		d.r.Stuck(math.NaN())
	}
}

// major reports an iterate.
func (d *driver) major(l *gonum.Location) (stop bool) {
	if !finite(l.X) || floats.Equal(d.refused, l.X) {
		return true // nothing that f has to do with
	}
	copy(d.prevX, d.majorX)
	copy(d.prevG, d.g)
	copy(d.majorX, l.X)
	d.majorF = l.F
	it := Iterate{X: d.majorX, F: l.F} // the method may write to its own vectors
	if d.gradient {
		copy(d.g, l.Gradient)
		it.Grad = d.g
	}
	if d.started && floats.Equal(d.prevX, l.X) {
		return d.r.Over() // a fresh start reports its first point again, a simplex its best one
	}
	if d.started {
		it.Step = floats.Distance(d.prevX, l.X, 2)
	}
	d.started = true
	return d.r.Done(it)
}

// evaluate fills in what op asks for at l.X. Where f or its gradient is undefined or
// infinite, the line searches of gonum would divide by it, or go on for ever (x·log x
// and xˣ from x = 2): they are shown a parabola instead, that has the right value and
// slope at the last iterate and rises to the point in question, with its minimum
// at a quarter of the way. It is higher than the last iterate, so the point is never accepted.
func (d *driver) evaluate(l *gonum.Location, op gonum.Operation, x []float64) {
	copy(x, l.X)
	if !d.gradient {
		l.F = d.r.Func(x)
		return
	}
	if len(l.Gradient) == 0 {
		l.Gradient = make([]float64, len(x))
	}
	if op&gonum.GradEvaluation == 0 {
		if l.F = d.r.Func(x); l.F-l.F == 0 {
			return
		}
	} else if f := d.r.FuncGrad(x, l.Gradient); f-f == 0 && finite(l.Gradient) {
		l.F = f
		return
	} else if math.IsInf(d.majorF, 1) { // the start itself
		l.F = f
		return
	}
	d.refused = append(d.refused[:0], x...)
	var slope, ss float64
	for i, v := range d.g {
		s := x[i] - d.majorX[i]
		slope += v * s
		ss += s * s
	}
	rise := math.Abs(slope)
	if !(rise > 0) || math.IsInf(rise, 1) {
		rise = 1
	}
	rise = math.Max(rise, 1e-3*math.Abs(d.majorF)) // or rounding would hide it
	l.F = math.Min(d.majorF+rise, math.MaxFloat64)
	for i := range l.Gradient {
		l.Gradient[i] = 3 * rise * (x[i] - d.majorX[i]) / ss
	}
}
