package optimize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
)

// formula is a function of one variable with two derivatives.
type formula struct {
	name     string
	f, d, dd func(x float64) float64
}

func (c *formula) objective() Objective {
	return New(1, func(x []float64) float64 { return c.f(x[0]) }, func(g, x []float64) { g[0] = c.d(x[0]) }, func(h *mat.SymDense, x []float64) { h.SetSym(0, 0, c.dd(x[0])) })
}

func auto1(t *testing.T, o Objective, opt AutoOptions) *Result {
	t.Helper()
	w := watchOver(t, t.Name(), o, opt.Bounds)
	r, err := Auto(context.Background(), w, opt)
	if err != nil {
		t.Fatal(err)
	}
	count, _ := guardOf(w)
	if r.Evaluations.Func < count.Func-1 || r.Evaluations.Func > count.Func || r.Evaluations.Grad > count.Grad || r.Evaluations.Grad < count.Grad-200 {
		t.Errorf("counts %v of %v evaluations", r.Evaluations, count)
	}
	if r.Explain() == "" || r.Method != "auto" {
		t.Errorf("%v without explanation", r.Status)
	}
	return r
}

// One-variable functions of every kind, without bounds and without a start.
func TestAutoOneVariable(t *testing.T) {
	exp, sin, cos, log, sqrt, pow, abs := math.Exp, math.Sin, math.Cos, math.Log, math.Sqrt, math.Pow, math.Abs
	zero := func(float64) float64 { return 0 }
	for _, c := range []struct {
		formula
		status string // of the Result
		x, f   float64
	}{
		{formula{"x^2 + 2", func(x float64) float64 { return x*x + 2 }, func(x float64) float64 { return 2 * x }, func(x float64) float64 { return 2 }}, "converged", 0, 2},
		{formula{"3x^2 - 2x - 3", func(x float64) float64 { return 3*x*x - 2*x - 3 }, func(x float64) float64 { return 6*x - 2 }, func(x float64) float64 { return 6 }}, "converged", 1.0 / 3, -10.0 / 3},
		{formula{"x^4", func(x float64) float64 { return x * x * x * x }, func(x float64) float64 { return 4 * x * x * x }, func(x float64) float64 { return 12 * x * x }}, "converged", 0, 0},
		{formula{"x^2 + sin 5x", func(x float64) float64 { return x*x + sin(5*x) }, func(x float64) float64 { return 2*x + 5*cos(5*x) }, func(x float64) float64 { return 2 - 25*sin(5*x) }}, "converged", -0.29083931499532345, -0.90862243987154934},
		{formula{"x log x", func(x float64) float64 { return x * log(x) }, func(x float64) float64 { return 1 + log(x) }, func(x float64) float64 { return 1 / x }}, "converged", 1 / e, -1 / e},
		{formula{"1e-8 x^2 - x", func(x float64) float64 { return 1e-8*x*x - x }, func(x float64) float64 { return 2e-8*x - 1 }, func(x float64) float64 { return 2e-8 }}, "converged", 5e7, -2.5e7},
		{formula{"1e10 x^2", func(x float64) float64 { return 1e10 * x * x }, func(x float64) float64 { return 2e10 * x }, func(x float64) float64 { return 2e10 }}, "converged", 0, 0},
		{formula{"(x - 1e6)^2", func(x float64) float64 { return (x - 1e6) * (x - 1e6) }, func(x float64) float64 { return 2 * (x - 1e6) }, func(x float64) float64 { return 2 }}, "converged", 1e6, 0},
		{formula{"|x|", abs, sign, zero}, "converged", 0, 0},
		{formula{"|x - 0.3|", func(x float64) float64 { return abs(x - 0.3) }, func(x float64) float64 { return sign(x - 0.3) }, zero}, "converged", 0.3, 0},
		{formula{"sqrt x", sqrt, func(x float64) float64 { return 0.5 / sqrt(x) }, func(x float64) float64 { return -0.25 * pow(x, -1.5) }}, "converged", 0, 0},
		{formula{"constant", func(float64) float64 { return 3 }, zero, zero}, "converged", 0, 3},
		{formula{"sign(x - 0.1)", func(x float64) float64 { return sign(x - 0.1) }, zero, zero}, "converged", 0, -1},
		{formula{"sin(x)/x", func(x float64) float64 { return sin(x) / x }, func(x float64) float64 { return cos(x)/x - sin(x)/(x*x) },
			func(x float64) float64 { return -sin(x)/x - 2*cos(x)/(x*x) + 2*sin(x)/(x*x*x) }}, "converged", math.NaN(), -0.21723362821122166},
		{formula{"log(x - 3)^2", func(x float64) float64 { return log(x-3) * log(x-3) }, func(x float64) float64 { return 2 * log(x-3) / (x - 3) },
			func(x float64) float64 { return 2 * (1 - log(x-3)) / ((x - 3) * (x - 3)) }}, "converged", 4, 0},
		{formula{"x/(1 + x^2)", func(x float64) float64 { return x / (1 + x*x) }, func(x float64) float64 { return (1 - x*x) / ((1 + x*x) * (1 + x*x)) },
			func(x float64) float64 { return 2 * x * (x*x - 3) / pow(1+x*x, 3) }}, "converged", -1, -0.5},
		{formula{"a deep well", func(x float64) float64 { return -1 / (x*x + 1e-30) }, func(x float64) float64 { return 2 * x / ((x*x + 1e-30) * (x*x + 1e-30)) },
			func(x float64) float64 {
				q := x*x + 1e-30
				return 2/(q*q) - 8*x*x/(q*q*q)
			}}, "converged", 0, -1e30},

		{formula{"exp(-x)", func(x float64) float64 { return exp(-x) }, func(x float64) float64 { return -exp(-x) }, func(x float64) float64 { return exp(-x) }}, "receding", math.NaN(), 0},
		{formula{"atan x", math.Atan, func(x float64) float64 { return 1 / (1 + x*x) }, func(x float64) float64 { return -2 * x / ((1 + x*x) * (1 + x*x)) }}, "receding", math.NaN(), -math.Pi / 2},
		{formula{"exp(-x^2)", func(x float64) float64 { return exp(-x * x) }, func(x float64) float64 { return -2 * x * exp(-x*x) }, func(x float64) float64 { return (4*x*x - 2) * exp(-x*x) }}, "receding", math.NaN(), 0},
		{formula{"-log x", func(x float64) float64 { return -log(x) }, func(x float64) float64 { return -1 / x }, func(x float64) float64 { return 1 / (x * x) }}, "receding", math.NaN(), math.NaN()},

		{formula{"x^3", func(x float64) float64 { return x * x * x }, func(x float64) float64 { return 3 * x * x }, func(x float64) float64 { return 6 * x }}, "unbounded", math.NaN(), math.NaN()},
		{formula{"-x", func(x float64) float64 { return -x }, func(x float64) float64 { return -1 }, zero}, "unbounded", math.NaN(), math.NaN()},
		{formula{"x exp(-x)", func(x float64) float64 { return x * exp(-x) }, func(x float64) float64 { return (1 - x) * exp(-x) }, func(x float64) float64 { return (x - 2) * exp(-x) }}, "unbounded", math.NaN(), math.NaN()},
		{formula{"1/x", func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / (x * x) }, func(x float64) float64 { return 2 / (x * x * x) }}, "unbounded", math.NaN(), math.NaN()},
		{formula{"tan x", math.Tan, func(x float64) float64 { return 1 / (cos(x) * cos(x)) }, func(x float64) float64 { return 2 * math.Tan(x) / (cos(x) * cos(x)) }}, "unbounded", math.NaN(), math.NaN()},
		{formula{"log x", log, func(x float64) float64 { return 1 / x }, func(x float64) float64 { return -1 / (x * x) }}, "unbounded", 0, math.Inf(-1)},
		{formula{"floor x", math.Floor, zero, zero}, "unbounded", math.NaN(), math.NaN()},
		{formula{"log |x - 0.1|", func(x float64) float64 { return log(abs(x-0.1) + 0) }, func(x float64) float64 { return 1 / (x - 0.1) }, func(x float64) float64 { return -1 / ((x - 0.1) * (x - 0.1)) }}, "unbounded no-progress", 0.1, math.NaN()},
	} {
		r := auto1(t, c.objective(), AutoOptions{})
		if !slices.Contains(strings.Fields(c.status), r.Status.String()) {
			t.Errorf("%s: %v (%v) at %v, f = %g, want %s", c.name, r.Status, r.Reason, r.X, r.F, c.status)
		}
		if c.x == c.x && math.Abs(r.X[0]-c.x) > 1e-9*math.Max(1, math.Abs(c.x)) {
			t.Errorf("%s: at %.17g, want %.17g", c.name, r.X[0], c.x)
		}
		if c.f == c.f && r.F != c.f && !(math.Abs(r.F-c.f) <= 1e-12*math.Max(1, math.Abs(c.f))) {
			t.Errorf("%s: f = %.17g, want %.17g", c.name, r.F, c.f)
		}
		if r.Status == Converged && len(r.Minimisers) == 0 || r.Status == Receding && len(r.Minimisers) > 0 {
			t.Errorf("%s: %v with %d minimisers", c.name, r.Status, len(r.Minimisers))
		}
	}
}

func TestAutoFindsAll(t *testing.T) {
	o := New(2, himmelblau, himmelblauGrad, nil)
	r := auto1(t, o, AutoOptions{})
	if len(r.Minimisers) != 4 {
		t.Fatalf("Himmelblau's function has 4 minimisers, found %d", len(r.Minimisers))
	}
	total := 0
	for _, p := range r.Minimisers {
		found := false
		for _, m := range himmelblauMinima {
			found = found || math.Abs(p.X[0]-m[0]) < 1e-9 && math.Abs(p.X[1]-m[1]) < 1e-9
		}
		if !found || p.F > 1e-20 || p.Stationary.Kind != Minimum || p.Count < 1 {
			t.Errorf("%+v is no minimiser of Himmelblau's function", p)
		}
		total += p.Count
	}
	if total > r.Searches {
		t.Errorf("%d of %d searches", total, r.Searches)
	}
	if !slices.IsSortedFunc(r.Minimisers, func(a, b Point) int {
		if a.F < b.F {
			return -1
		}
		if a.F > b.F {
			return 1
		}
		return 0
	}) {
		t.Error("not sorted")
	}
	cosine := formula{"cos", math.Cos, func(x float64) float64 { return -math.Sin(x) }, func(x float64) float64 { return -math.Cos(x) }}
	r = auto1(t, cosine.objective(), AutoOptions{Options: Options{Bounds: []Bound{{-10, 10}}}})
	if len(r.Minimisers) != 4 {
		t.Errorf("cos has 4 minimisers in [-10, 10], found %d", len(r.Minimisers))
	}
	for _, p := range r.Minimisers {
		if k := p.X[0] / math.Pi; math.Abs(k-math.Round(k)) > 1e-15 || int(math.Abs(math.Round(k)))%2 != 1 {
			t.Errorf("cos: %.17g", p.X[0])
		}
	}
}

func TestAutoMultistart(t *testing.T) {
	for _, n := range []int{2, 3, 5} {
		bounds := make([]Bound, n)
		for i := range bounds {
			bounds[i] = Bound{-5.12, 4.12}
		}
		start := ones(n, 3.3)
		r := auto1(t, New(n, rastrigin, rastriginGrad, nil), AutoOptions{Options: Options{Start: start, Bounds: bounds}})
		if n <= 3 && r.F > 1e-12 {
			t.Errorf("Rastrigin in %d variables: %g at %v after %d searches", n, r.F, r.X, r.Searches)
		}
		if len(r.Minimisers) < 5 {
			t.Errorf("Rastrigin in %d variables: %d minimisers", n, len(r.Minimisers))
		}
		only := auto1(t, New(n, rastrigin, rastriginGrad, nil), AutoOptions{Options: Options{Start: start, Bounds: bounds}, Starts: 1})
		if only.Searches != 1 || only.F < r.F {
			t.Errorf("one search: %d searches, %g", only.Searches, only.F)
		}
	}
}

func TestAutoProblems(t *testing.T) {
	for _, p := range problems() {
		for _, start := range [][]float64{p.start, nil} {
			r := auto1(t, p.objective(), AutoOptions{Options: Options{Start: start, Bounds: p.bounds}})
			want := p.min
			if p.name == "saddle in a box" {
				want = -4 // the lower of its two minima
			}
			if r.Status != Converged || r.F > want+1e-12*math.Max(1, math.Abs(want)) {
				t.Errorf("%s from %v: %v f = %.17g at %v, want %.17g", p.name, start, r.Status, r.F, r.X, want)
			}
		}
	}
}

func TestAutoMaximise(t *testing.T) {
	o := New(2, func(x []float64) float64 { return 7 - himmelblau(x) }, func(g, x []float64) { himmelblauGrad(g, x); negate(g) }, nil)
	var trace []float64
	r, err := Auto(context.Background(), o, AutoOptions{Options: Options{Maximise: true, Start: []float64{1, 1}, Trace: func(it Iterate) { trace = append(trace, it.F) }}})
	if err != nil || math.Abs(r.F-7) > 1e-12 || len(r.Minimisers) != 4 || r.Minimisers[0].Stationary.Kind != Maximum {
		t.Errorf("%+v %v", r, err)
	}
	if len(trace) < 3 || trace[0] != 7-106 || !slices.IsSorted(trace) {
		t.Errorf("trace %v", trace)
	}
	for i, v := range r.Stationary.Eigenvalues {
		if v >= 0 || i > 0 && v < r.Stationary.Eigenvalues[i-1] {
			t.Errorf("eigenvalues at a maximum: %v", r.Stationary.Eigenvalues)
		}
	}
	// A function without a maximum.
	up, err := Auto(context.Background(), parabola(), AutoOptions{Options: Options{Maximise: true}})
	if err != nil || up.Status != Unbounded || up.F < 1e100 || !strings.Contains(up.Explain(), "goes up") {
		t.Errorf("%v %g: %s", up.Status, up.F, up.Explain())
	}
}

func TestAutoIsDeterministic(t *testing.T) {
	for _, p := range problems() {
		for _, seed := range []uint64{0, 5} {
			opt := AutoOptions{Options: Options{Bounds: p.bounds, Seed: seed}}
			a, b := auto1(t, p.objective(), opt), auto1(t, p.objective(), opt)
			a.Seconds, b.Seconds = 0, 0
			if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) { // NaN and all
				t.Errorf("%s, seed %d: two answers", p.name, seed)
			}
		}
	}
}

func TestAutoLimits(t *testing.T) {
	bounds := []Bound{{-5, 4}, {-5, 4}}
	o := New(2, rastrigin, rastriginGrad, nil)
	for _, most := range []int{1, 5, 50, 430, 500, 1000} {
		w := watchOver(t, "limit", o, bounds)
		r, err := Auto(context.Background(), w, AutoOptions{Options: Options{Bounds: bounds, Stop: Stop{Evaluations: most}}})
		if err != nil {
			t.Fatal(err)
		}
		count, _ := guardOf(w)
		if slack := 2; count.Func > most+slack || r.Status != EvaluationLimit && r.Status != Converged || !finite(r.X) || math.IsNaN(r.F) {
			t.Errorf("limit %d: %v after %v, f = %g", most, r.Status, count, r.F)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	slow := New(2, func(x []float64) float64 {
		if n++; n == 300 {
			cancel()
			time.Sleep(5 * time.Millisecond)
		}
		return rastrigin(x)
	}, rastriginGrad, nil)
	r, err := Auto(ctx, slow, AutoOptions{Options: Options{Bounds: bounds}})
	if err != nil || r.Status != Cancelled || n > 310 || !finite(r.X) {
		t.Errorf("cancelled: %v after %d, %v", r.Status, n, err)
	}
	begun := time.Now()
	r, err = Auto(context.Background(), New(2, func(x []float64) float64 { time.Sleep(time.Millisecond); return rastrigin(x) }, rastriginGrad, nil),
		AutoOptions{Options: Options{Bounds: bounds, Stop: Stop{Time: 30 * time.Millisecond}}})
	if err != nil || r.Status != TimeLimit || time.Since(begun) > 3*time.Second || !finite(r.X) {
		t.Errorf("time: %v after %v, %v", r.Status, time.Since(begun), err)
	}
}

func TestAutoStart(t *testing.T) {
	log := formula{"x log x", func(x float64) float64 { return x * math.Log(x) }, func(x float64) float64 { return 1 + math.Log(x) }, func(x float64) float64 { return 1 / x }}
	var se *StartError
	// A start of the caller's must be in the domain; without one Auto looks for it.
	if _, err := Auto(context.Background(), log.objective(), AutoOptions{Options: Options{Start: []float64{-1}}}); !errors.As(err, &se) || !math.IsNaN(se.F) {
		t.Error(err)
	}
	narrow := New(2, func(x []float64) float64 { return math.Log(x[0]-4) + 1/(x[0]-4) + math.Sqrt(x[1]-4) }, func(g, x []float64) {
		g[0], g[1] = 1/(x[0]-4)-1/((x[0]-4)*(x[0]-4)), 0.5/math.Sqrt(x[1]-4)
	}, nil)
	r, err := Auto(context.Background(), narrow, AutoOptions{})
	if err != nil || math.Abs(r.X[0]-5) > 1e-4 || math.Abs(r.X[1]-4) > 1e-8 {
		t.Errorf("%v %v", r, err)
	}
	nowhere := New(2, func(x []float64) float64 { return math.NaN() }, func(g, x []float64) {}, nil)
	if _, err := Auto(context.Background(), nowhere, AutoOptions{}); !errors.As(err, &se) {
		t.Error(err)
	}
	nowhere1 := New(1, func(x []float64) float64 { return math.Inf(1) }, func(g, x []float64) {}, nil)
	if _, err := Auto(context.Background(), nowhere1, AutoOptions{}); !errors.As(err, &se) {
		t.Error(err)
	}
	r, err = Auto(context.Background(), parabola(), AutoOptions{Options: Options{Domain: func(x []float64) bool { return x[0] > 2 }}})
	if err != nil || r.X[0] <= 2 || r.X[0] > 2.001 {
		t.Errorf("domain: %v %v", r, err)
	}
}

func TestAutoHostile(t *testing.T) {
	for seed := uint64(1); seed <= 30; seed++ {
		n := 1 + int(seed%4)
		var bounds []Bound
		if seed%2 == 0 {
			for range n {
				bounds = append(bounds, Bound{-3, 50})
			}
		}
		w := watchOver(t, "hostile", hostile(n, seed), bounds)
		r, err := Auto(context.Background(), w, AutoOptions{Options: Options{Bounds: bounds}})
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		if !finite(r.X) || math.IsNaN(r.F) || math.IsInf(r.F, 1) || r.Explain() == "" {
			t.Errorf("seed %d: %v %v %g", seed, r.Status, r.X, r.F)
		}
	}
}

func TestAutoManyVariables(t *testing.T) {
	const n = 1000
	r, err := Auto(context.Background(), New(n, rosenbrock, rosenbrockGrad, nil), AutoOptions{Options: Options{Start: ones(n, 0.5)}})
	if err != nil || r.Status != Converged || r.F > 1e-15 {
		t.Errorf("%v f = %g after %v", r.Status, r.F, r.Evaluations)
	}
}

func TestAdditiveSequence(t *testing.T) {
	// Every box of a partition of the square gets its share.
	s := newAdditive(2, 0)
	u := make([]float64, 2)
	var boxes [8][8]int
	const points = 640
	for i := 0; i < points; i++ {
		s.next(u)
		if u[0] < 0 || u[0] >= 1 || u[1] < 0 || u[1] >= 1 {
			t.Fatal(u)
		}
		boxes[int(u[0]*8)][int(u[1]*8)]++
	}
	for i := range boxes {
		for j, k := range boxes[i] {
			if k < 7 || k > 13 {
				t.Errorf("box %d, %d has %d points, expected about 10", i, j, k)
			}
		}
	}
	if a, b := newAdditive(3, 1), newAdditive(3, 2); reflect.DeepEqual(a.at, b.at) || reflect.DeepEqual(a.at, newAdditive(3, 0).at) {
		t.Error("the seed makes no difference")
	}
}

func TestSpread(t *testing.T) {
	inf := math.Inf(1)
	s := spread{[]Bound{{-2, 3}, {1, inf}, {-inf, -1}, {-inf, inf}, {-1e9, 1e9}, {4, 4}}, []float64{0, 2, -5, 100, 1, 4}}
	x, u := make([]float64, 6), make([]float64, 6)
	seq := newAdditive(6, 0)
	far := 0.0
	for k := 0; k < 500; k++ {
		seq.next(u)
		s.place(x, u, k)
		if !inside(s.bounds, x) || !finite(x) {
			t.Fatal(x)
		}
		far = math.Max(far, math.Abs(x[3]-100))
	}
	if far < 5000 {
		t.Errorf("looks only %g far", far)
	}
}

// cloned is an Objective whose clones count together how often they are made.
type cloned struct {
	Objective
	made  *atomic.Int32
	panic bool
}

func (c cloned) Clone() Objective {
	c.made.Add(1)
	return c
}

func (c cloned) Func(x []float64) float64 {
	if c.panic && x[0] > 3 && x[1] > 3 {
		panic("boom")
	}
	return c.Objective.Func(x)
}

// With clones the searches go side by side and the answer is still the same every time.
func TestAutoClones(t *testing.T) {
	bounds := []Bound{{-5, 4}, {-5, 4}, {-5, 4}}
	var made atomic.Int32
	o := cloned{Objective: New(3, rastrigin, rastriginGrad, nil), made: &made}
	var first string
	for _, procs := range []int{4, 1, 2} {
		before := runtime.GOMAXPROCS(procs)
		r, err := Auto(context.Background(), o, AutoOptions{Options: Options{Bounds: bounds, Start: []float64{3, 3, -3}}})
		runtime.GOMAXPROCS(before)
		if err != nil || r.F > 1e-12 {
			t.Fatal(r, err)
		}
		r.Seconds = 0
		if s := fmt.Sprintf("%+v", r); first == "" {
			first = s
		} else if s != first {
			t.Errorf("%d threads give another answer", procs)
		}
	}
	if made.Load() == 0 {
		t.Error("no clone was made")
	}
	defer func() {
		if p := recover(); p != "boom" {
			t.Errorf("recovered %v", p)
		}
	}()
	o.panic = true
	Auto(context.Background(), o, AutoOptions{Options: Options{Bounds: bounds, Start: []float64{0, 0, 0}}})
	t.Error("no panic")
}

// Random polynomials: of even degree with a positive leading coefficient Auto finds the
// least of all minima, otherwise it says that there is none.
func TestAutoPolynomials(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for i := 0; i < 300; i++ {
		c := make([]float64, 3+random.IntN(5))
		for j := range c {
			c[j] = random.NormFloat64() * math.Exp(random.NormFloat64())
		}
		horner := func(c []float64, x float64) float64 {
			s := 0.0
			for j := len(c) - 1; j >= 0; j-- {
				s = s*x + c[j]
			}
			return s
		}
		derive := func(c []float64) []float64 {
			d := make([]float64, len(c)-1)
			for j := range d {
				d[j] = float64(j+1) * c[j+1]
			}
			return d
		}
		d := derive(c)
		dd := derive(d)
		p := formula{"polynomial", func(x float64) float64 { return horner(c, x) }, func(x float64) float64 { return horner(d, x) }, func(x float64) float64 { return horner(dd, x) }}
		r := auto1(t, p.objective(), AutoOptions{})
		degree := len(c) - 1
		if degree%2 == 1 || c[degree] < 0 {
			if r.Status != Unbounded {
				t.Errorf("%v: %v at %v, f = %g", c, r.Status, r.X, r.F)
			}
			continue
		}
		if r.Status != Converged {
			t.Errorf("%v: %v (%v) at %v, f = %g", c, r.Status, r.Reason, r.X, r.F)
		}
		// Beyond the bound of Cauchy on the roots of the derivative it only rises.
		reach := 0.0
		for _, v := range d {
			reach = math.Max(reach, math.Abs(v/d[len(d)-1]))
		}
		for k := -2000; k <= 2000; k++ {
			x := (1 + reach) * math.Pow(float64(k)/2000, 3)
			if f := p.f(x); f < r.F-1e-12*math.Max(1, math.Abs(r.F)) {
				t.Fatalf("%v: f = %g at %v, but %g at %g", c, r.F, r.X, f, x)
			}
		}
	}
}

// Random wavy functions in a box, against the best point of a fine grid.
func TestAutoAgainstGrid(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	missed := 0
	const cases = 40
	for i := 0; i < cases; i++ {
		var amp, fx, fy, ph [6]float64
		for k := range amp {
			amp[k], fx[k], fy[k], ph[k] = random.NormFloat64(), 2*random.NormFloat64(), 2*random.NormFloat64(), 6*random.Float64()
		}
		f := func(x []float64) float64 {
			s := 0.05 * (x[0]*x[0] + x[1]*x[1])
			for k, a := range amp {
				s += a * math.Sin(fx[k]*x[0]+fy[k]*x[1]+ph[k])
			}
			return s
		}
		g := func(g, x []float64) {
			g[0], g[1] = 0.1*x[0], 0.1*x[1]
			for k, a := range amp {
				c := a * math.Cos(fx[k]*x[0]+fy[k]*x[1]+ph[k])
				g[0] += c * fx[k]
				g[1] += c * fy[k]
			}
		}
		bounds := []Bound{{-5, 5}, {-4, 6}}
		r := auto1(t, New(2, f, g, nil), AutoOptions{Options: Options{Bounds: bounds}})
		if r.Status != Converged {
			t.Errorf("case %d: %v", i, r.Status)
		}
		low := math.Inf(1)
		for a := 0; a <= 300; a++ {
			for b := 0; b <= 300; b++ {
				low = math.Min(low, f([]float64{-5 + float64(a)/30, -4 + float64(b)/30}))
			}
		}
		if low < r.F {
			missed++
			t.Logf("case %d: f = %g, the grid has %g", i, r.F, low)
		}
	}
	if missed > cases/20 {
		t.Errorf("missed %d of %d", missed, cases)
	}
}
