package optimize

import (
	"context"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
)

func parabola() Objective {
	return New(1, func(x []float64) float64 { return x[0] * x[0] }, func(g, x []float64) { g[0] = 2 * x[0] },
		func(h *mat.SymDense, x []float64) { h.SetSym(0, 0, 2) })
}

// fixed is gradient descent on x² from 1 with rate 0.1, which multiplies x by 0.8.
func fixed(t *testing.T, stop Stop) *Result {
	t.Helper()
	r, err := Minimize(context.Background(), parabola(), GradientDescent{Constant(0.1)}, Options{Start: []float64{1}, Stop: stop})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each rule ends the run at the first iterate that meets it: x_k = 0.8^k.
func TestStopRules(t *testing.T) {
	first := func(ok func(k int) bool) int {
		for k := 0; ; k++ {
			if ok(k) {
				return k
			}
		}
	}
	x := func(k int) float64 { return math.Pow(0.8, float64(k)) }
	for _, c := range []struct {
		name   string
		stop   Stop
		at     int
		status Status
		reason Reason
	}{
		{"gradient", Stop{Grad: 1e-3}, first(func(k int) bool { return 2*x(k) <= 1e-3 }), Converged, GradientSmall},
		{"step", Stop{Step: 1e-3}, first(func(k int) bool { return k > 0 && x(k-1)-x(k) <= 1e-3 }), Converged, StepSmall},
		{"change", Stop{Change: 1e-3}, first(func(k int) bool { return k > 0 && x(k-1)*x(k-1)-x(k)*x(k) <= 1e-3 }), Converged, ChangeSmall},
		{"iterations", Stop{Iterations: 7}, 7, IterationLimit, NoReason},
		{"evaluations", Stop{Evaluations: 5}, 5, EvaluationLimit, NoReason}, // the sixth is refused
		{"first of two", Stop{Grad: 1e-9, Iterations: 3}, 3, IterationLimit, NoReason},
		{"gradient at the limit", Stop{Grad: 2 * x(3), Iterations: 3}, 3, Converged, GradientSmall},
	} {
		r := fixed(t, c.stop)
		if r.Status != c.status || r.Reason != c.reason || r.Iterations != c.at {
			t.Errorf("%s: %v (%v) after %d, want %v (%v) after %d", c.name, r.Status, r.Reason, r.Iterations, c.status, c.reason, c.at)
		}
		if c.name != "evaluations" && math.Abs(r.X[0]-x(c.at)) > 1e-12 {
			t.Errorf("%s: x = %v, want %v", c.name, r.X[0], x(c.at))
		}
	}
}

func TestStopRelative(t *testing.T) {
	// f = 1e6·(x - 1e3)² + 1e8, from 0: relative rules scale with f and x.
	o := New(1, func(x []float64) float64 { return 1e6*(x[0]-1e3)*(x[0]-1e3) + 1e8 }, func(g, x []float64) { g[0] = 2e6 * (x[0] - 1e3) }, nil)
	run := func(stop Stop) *Result {
		stop.Iterations = 10000
		r, err := Minimize(context.Background(), o, GradientDescent{Constant(1e-7)}, Options{Stop: stop})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := run(Stop{Grad: 1e-3, Relative: true})
	if g := math.Abs(r.Last.Grad[0]) * 1e3 / 1e8; r.Reason != GradientSmall || g > 1.01e-3 || g < 0.7e-3 {
		t.Errorf("relative gradient %g, %v", g, r.Status)
	}
	r = run(Stop{Step: 1e-6, Relative: true})
	if d := 1e3 - r.Last.X[0]; r.Reason != StepSmall || d*0.25 > 1.1e-3 || d*0.25 < 0.7e-3 {
		t.Errorf("distance %g, %v", d, r.Status)
	}
	r = run(Stop{Change: 1e-9, Relative: true})
	if r.Reason != ChangeSmall || math.Abs(r.watched.lastChange) > 0.1 || math.Abs(r.watched.lastChange) < 0.05 {
		t.Errorf("change %g, %v", r.watched.lastChange, r.Status)
	}
}

func TestTimeLimit(t *testing.T) {
	slow := New(1, func(x []float64) float64 { time.Sleep(time.Millisecond); return x[0] * x[0] }, func(g, x []float64) { g[0] = 2 * x[0] }, nil)
	for _, m := range []Method{GradientDescent{Constant(1e-9)}, BFGS{}, NelderMead{}, Pattern{}, CMAES{}} {
		begun := time.Now()
		r, err := Minimize(context.Background(), slow, m, Options{Start: []float64{1}, Stop: Stop{Time: 20 * time.Millisecond}})
		if err != nil || time.Since(begun) > 2*time.Second {
			t.Fatalf("%T: %v after %v", m, err, time.Since(begun))
		}
		if r.Status != TimeLimit && r.Status != Converged {
			t.Errorf("%T: %v", m, r.Status)
		}
	}
	// A deadline of the context is a limit of time too.
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	r, err := Minimize(ctx, slow, GradientDescent{Constant(1e-9)}, Options{Start: []float64{1}})
	if err != nil || r.Status != TimeLimit {
		t.Errorf("deadline: %v %v", r.Status, err)
	}
}

func TestCancel(t *testing.T) {
	for _, info := range Methods {
		if info.Rows || info.OneVariable {
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		o := New(2, func(x []float64) float64 {
			if n++; n == 20 {
				cancel()
				for ctx.Err() == nil || !flagged(ctx) {
					runtime.Gosched()
				}
			}
			return rosenbrock(x)
		}, rosenbrockGrad, nil)
		r, err := Minimize(ctx, o, info.New(), Options{Start: []float64{-1.2, 1}})
		if err != nil {
			t.Fatal(info.Name, err)
		}
		if r.Status != Cancelled && !(info.Walk && r.Status == Diverging) || n > 25 {
			t.Errorf("%s: %v after %d evaluations", info.Name, r.Status, n)
		}
		if !(r.F <= 24.2) {
			t.Errorf("%s: the best point is lost: %g", info.Name, r.F)
		}
		cancel()
	}
	// Cancelled before it begins: the start is the answer.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Minimize(ctx, parabola(), GradientDescent{}, Options{Start: []float64{3}})
	if err != nil || r.Status != Cancelled || r.F != 9 || r.X[0] != 3 {
		t.Errorf("%+v %v", r, err)
	}
}

// flagged waits until the functions registered with the context have had time to run.
func flagged(context.Context) bool {
	time.Sleep(5 * time.Millisecond)
	return true
}

func TestStartErrors(t *testing.T) {
	log := New(1, func(x []float64) float64 { return x[0] * math.Log(x[0]) }, func(g, x []float64) { g[0] = 1 + math.Log(x[0]) }, nil)
	var se *StartError
	_, err := Minimize(context.Background(), log, Newton{}, Options{Start: []float64{-1}})
	if !errors.As(err, &se) || !math.IsNaN(se.F) || !strings.Contains(err.Error(), "undefined at the start -1") {
		t.Error(err)
	}
	_, err = Minimize(context.Background(), New(1, func(x []float64) float64 { return 1 / x[0] }, func(g, x []float64) {}, nil), Newton{}, Options{})
	if !errors.As(err, &se) || !strings.Contains(err.Error(), "+Inf at the start 0") {
		t.Error(err)
	}
	_, err = Minimize(context.Background(), log, Newton{}, Options{Start: []float64{2}, Domain: func(x []float64) bool { return x[0] > 3 }})
	if !errors.As(err, &se) {
		t.Error(err)
	}
	for _, c := range []struct {
		opt  Options
		want string
	}{
		{Options{Start: []float64{1, 2}}, "2 coordinates for 1"},
		{Options{Start: []float64{math.NaN()}}, "NaN"},
		{Options{Start: []float64{2}, Bounds: []Bound{{0, 1}}}, "outside its bounds"},
		{Options{Bounds: []Bound{{1, 0}}}, "empty"},
		{Options{Bounds: []Bound{{math.NaN(), 0}}}, "not a number"},
		{Options{Bounds: []Bound{{0, 1}, {0, 1}}}, "2 bounds for 1"},
	} {
		_, err := Minimize(context.Background(), parabola(), Newton{}, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.opt, err, c.want)
		}
	}
}

// Without a start the run begins at the point of the bounds nearest to the origin.
func TestDefaultStart(t *testing.T) {
	r, err := Minimize(context.Background(), parabola(), GradientDescent{}, Options{Bounds: []Bound{{2, 5}}, Stop: Stop{Iterations: 5}})
	if err != nil || r.Start[0] != 2 || r.X[0] != 2 || r.Status != StationaryStart {
		t.Errorf("%v %v %v", r.Start, r.Status, err)
	}
}

func TestStationaryStart(t *testing.T) {
	sin := New(1, func(x []float64) float64 { return math.Sin(x[0]) }, func(g, x []float64) { g[0] = math.Cos(x[0]) }, nil)
	r, err := Minimize(context.Background(), sin, GradientDescent{}, Options{Start: []float64{math.Pi / 2}, Stop: Stop{Iterations: 30}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != StationaryStart || r.Stationary.Kind != Maximum || r.Stationary.Leave == nil || math.Sin(r.Stationary.Leave[0]) >= 1 {
		t.Errorf("%v %+v", r.Status, r.Stationary)
	}
	if s := r.Explain(); !strings.Contains(s, "maximum") || !strings.Contains(s, "for example at 1.5") {
		t.Error(s)
	}
	// For who wants a maximum it is one already.
	r, err = Minimize(context.Background(), sin, GradientDescent{}, Options{Start: []float64{math.Pi / 2}, Maximise: true, Stop: Stop{Iterations: 30}})
	if err != nil || r.Status != StationaryStart || r.Stationary.Kind != Maximum || r.F != 1 || !strings.Contains(r.Explain(), "local maximum already") {
		t.Errorf("%v %+v %s", r.Status, r.Stationary, r.Explain())
	}
	// Newton's method leaves.
	r, err = Minimize(context.Background(), sin, Newton{}, Options{Start: []float64{math.Pi / 2}, Stop: Stop{Grad: 1e-10, Iterations: 100}})
	if err != nil || r.Status != Converged || math.Abs(r.F+1) > 1e-12 {
		t.Errorf("newton from a maximum: %v %v %v", r.Status, r.X, r.F)
	}
	// A tiny gradient that is not zero is not a stationary point.
	tiny := New(1, func(x []float64) float64 { return 1e-30 * x[0] * x[0] }, func(g, x []float64) { g[0] = 2e-30 * x[0] }, nil)
	r, err = Minimize(context.Background(), tiny, GradientDescent{Constant(1e29)}, Options{Start: []float64{1}, Stop: Stop{Iterations: 300}})
	if err != nil || r.Status == StationaryStart || math.Abs(r.X[0]) > 1e-9 {
		t.Errorf("tiny: %v %v", r.Status, r.X)
	}
	saddle := New(2, func(x []float64) float64 { return x[0]*x[0] - x[1]*x[1] }, func(g, x []float64) { g[0], g[1] = 2*x[0], -2*x[1] }, nil)
	r, err = Minimize(context.Background(), saddle, Armijo{}, Options{Stop: Stop{Iterations: 30}})
	if err != nil || r.Status != StationaryStart || r.Stationary.Kind != Saddle || r.Stationary.Leave == nil || r.Stationary.Leave[1] == 0 {
		t.Errorf("saddle: %v %+v", r.Status, r.Stationary)
	}
}

func TestUnbounded(t *testing.T) {
	cube := New(1, func(x []float64) float64 { return x[0] * x[0] * x[0] }, func(g, x []float64) { g[0] = 3 * x[0] * x[0] }, nil)
	for _, m := range []Method{Armijo{}, Newton{}, LBFGSB{}, BFGS{}, ProjectedGradient{}} {
		r, err := Minimize(context.Background(), cube, m, Options{Start: []float64{-1}, Stop: Stop{Iterations: 5000}})
		if err != nil || r.Status != Unbounded || r.F > -1e100 || math.IsNaN(r.F) {
			t.Errorf("%T: %v f = %g, %v", m, r.Status, r.F, err)
		}
	}
	log := New(1, func(x []float64) float64 { return math.Log(x[0]) }, func(g, x []float64) { g[0] = 1 / x[0] }, nil)
	r, err := Minimize(context.Background(), log, BrentMethod{}, Options{Start: []float64{1}, Bounds: []Bound{{0, 2}}})
	if err != nil || r.Status != Unbounded || !math.IsInf(r.F, -1) {
		t.Errorf("log: %v f = %g", r.Status, r.F)
	}
	// A large minimum of a large function is one.
	big := New(1, func(x []float64) float64 { return 1e120 * ((x[0]-1)*(x[0]-1) - 1) }, func(g, x []float64) { g[0] = 2e120 * (x[0] - 1) }, nil)
	r, err = Minimize(context.Background(), big, Newton{}, Options{Start: []float64{3}, Stop: Stop{Grad: 1e-9, Relative: true, Iterations: 50}})
	if err != nil || r.Status != Converged || r.F != -1e120 {
		t.Errorf("big: %v f = %g", r.Status, r.F)
	}
}

// A value of the objective where it is handed NaN must not become the best point.
func TestNaNPointIsNoAnswer(t *testing.T) {
	o := New(1, func(x []float64) float64 {
		if x[0] > -1e300 { // false for NaN
			return x[0]*x[0] + 1
		}
		return 0
	}, func(g, x []float64) { g[0] = 2 * x[0] }, nil)
	r, err := Minimize(context.Background(), o, GradientDescent{Constant(3)}, Options{Start: []float64{1}, Stop: Stop{Iterations: 3000}})
	if err != nil || !finite(r.X) || r.F != 2 || r.Status != Diverging {
		t.Errorf("%v %v %v", r.Status, r.X, r.F)
	}
}

func TestDomain(t *testing.T) {
	asked := 0
	o := New(1, func(x []float64) float64 {
		if x[0] <= 3 {
			asked++
		}
		return (x[0] - 2) * (x[0] - 2)
	}, func(g, x []float64) { g[0] = 2 * (x[0] - 2) }, nil)
	for _, info := range Methods {
		if info.Rows {
			continue
		}
		r, err := Minimize(context.Background(), o, info.New(), Options{Start: []float64{5}, Domain: func(x []float64) bool { return x[0] > 3 }, Stop: Stop{Iterations: 500, Evaluations: 5000}})
		if err != nil || asked > 0 || r.X[0] <= 3 {
			t.Fatalf("%s: x = %v, %d evaluations outside the domain, %v", info.Name, r.X, asked, err)
		}
		if info.Name == "gd" && r.Status != LeftDomain {
			t.Errorf("gd: %v", r.Status)
		}
	}
}

// A panic of the objective reaches the caller, also from under gonum's goroutines, and
// leaves none of them behind.
func TestPanicReachesCaller(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, m := range []Method{GradientDescent{}, BFGS{}, LBFGS{}, CG{}, NelderMead{}, CMAES{}, Newton{}} {
		n := 0
		o := New(2, func(x []float64) float64 {
			if n++; n > 5 {
				panic("boom")
			}
			return rosenbrock(x)
		}, rosenbrockGrad, nil)
		func() {
			defer func() {
				if p := recover(); p != "boom" {
					t.Errorf("%T: recovered %v", m, p)
				}
			}()
			Minimize(context.Background(), o, m, Options{Start: []float64{-1.2, 1}, Stop: Stop{Iterations: 100}})
			t.Errorf("%T: no panic", m)
		}()
	}
	for i := 0; i < 100 && runtime.NumGoroutine() > before; i++ {
		time.Sleep(time.Millisecond)
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines before, %d after", before, now)
	}
}

// x·log x and xˣ from 2 made gonum's CG go on for ever: there are no values left of 0.
func TestGonumEnds(t *testing.T) {
	for _, p := range problems() {
		if p.name != "x log x" && p.name != "x^x" {
			continue
		}
		for _, m := range []Method{BFGS{}, LBFGS{}, CG{}, NelderMead{}, CMAES{}} {
			r, err := Minimize(context.Background(), p.objective(), m, Options{Start: p.start, Stop: Stop{Grad: 1e-9}})
			if err != nil || r.Status != Converged || math.Abs(r.Last.X[0]-1/e) > 1e-5 || r.Evaluations.Func > 5000 {
				t.Errorf("%T on %s: %v at %v after %v, %v", m, p.name, r.Status, r.Last.X, r.Evaluations, err)
			}
		}
	}
}

func TestMaximise(t *testing.T) {
	// The trace and the result have the values of f itself.
	o := New(2, func(x []float64) float64 { return 5 - sphere(x) }, func(g, x []float64) { sphereGrad(g, x); negate(g) }, func(h *mat.SymDense, x []float64) { sphereHess(h, x); h.ScaleSym(-1, h) })
	for _, m := range []Method{GradientDescent{}, Newton{}, LBFGSB{}, BFGS{}, NelderMead{}} {
		last := math.Inf(-1)
		r, err := Minimize(context.Background(), o, m, Options{Maximise: true, Stop: Stop{Grad: 1e-8, Iterations: 500},
			Trace: func(it Iterate) {
				if it.F != 5-sphere(it.X) {
					t.Errorf("%T: trace has f = %g at %v", m, it.F, it.X)
				}
				if it.Grad != nil && it.Grad[0] != -2*(it.X[0]-1) {
					t.Errorf("%T: trace has gradient %v at %v", m, it.Grad, it.X)
				}
				last = it.F
			}})
		if err != nil || math.Abs(r.F-5) > 1e-9 || r.Last.F != last || !r.Maximised {
			t.Errorf("%T: f = %g, last %g, %v", m, r.F, last, err)
		}
	}
}

func TestNegate(t *testing.T) {
	o := New(2, rosenbrock, rosenbrockGrad, rosenbrockHess)
	n := Negate(o)
	x := []float64{-1.2, 1}
	g, h := make([]float64, 2), mat.NewSymDense(2, nil)
	f := n.(FuncGrader).FuncGrad(g, x)
	n.(Hessianer).Hess(h, x)
	want, wantH := make([]float64, 2), mat.NewSymDense(2, nil)
	o.Grad(want, x)
	rosenbrockHess(wantH, x)
	if f != -rosenbrock(x) || n.Func(x) != f || g[0] != -want[0] || g[1] != -want[1] || h.At(0, 1) != -wantH.At(0, 1) || n.Dim() != 2 {
		t.Error(f, g, h)
	}
	if _, ok := Negate(New(1, sphere, sphereGrad, nil)).(Hessianer); ok {
		t.Error("Negate invents a Hessian")
	}
}

// The best point is kept though the walk goes on to worse ones.
func TestBestIsKept(t *testing.T) {
	r, err := Minimize(context.Background(), parabola(), GradientDescent{Constant(1.1)}, Options{Start: []float64{1}, Stop: Stop{Iterations: 20}})
	if err != nil || r.F != 1 || r.X[0] != 1 || r.Last.F < 10 || r.Status != Diverging {
		t.Errorf("best %g, last %g, %v", r.F, r.Last.F, r.Status)
	}
}

// Methods are values: two runs at once do not disturb each other.
func TestConcurrentRuns(t *testing.T) {
	for _, info := range Methods {
		if info.Rows || info.OneVariable {
			continue
		}
		m := info.New()
		run := func() *Result {
			r, err := Minimize(context.Background(), New(2, rosenbrock, rosenbrockGrad, rosenbrockHess), m,
				Options{Start: []float64{-1.2, 1}, Stop: Stop{Grad: 1e-8, Iterations: 200, Evaluations: 2000}})
			if err != nil {
				t.Error(err)
			}
			return r
		}
		want := run()
		c := make(chan *Result)
		for range 2 {
			go func() { c <- run() }()
		}
		for range 2 {
			if r := <-c; r.F != want.F || r.Status != want.Status {
				t.Errorf("%s: side by side %g, alone %g", info.Name, r.F, want.F)
			}
		}
	}
}
