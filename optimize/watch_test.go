package optimize

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// The walks of the tutorials, and others, and what is to be said of them.
func TestVerdicts(t *testing.T) {
	type fn struct{ f, d func(x float64) float64 }
	square := fn{func(x float64) float64 { return x * x }, func(x float64) float64 { return 2 * x }}
	abs := fn{math.Abs, sign}
	cosh := fn{math.Cosh, math.Sinh}
	slope := fn{func(x float64) float64 { return -x }, func(x float64) float64 { return -1 }}
	xlogx := fn{func(x float64) float64 { return x * math.Log(x) }, func(x float64) float64 { return 1 + math.Log(x) }}
	for _, c := range []struct {
		name   string
		o      fn
		start  float64
		m      Method
		n      int
		status Status
		says   string
	}{
		{"good rate", square, -0.45, GradientDescent{Constant(0.1)}, 30, IterationLimit, "limit of 30 iterations"},
		{"rate 1", square, 0.64820935, GradientDescent{Constant(1)}, 30, Bouncing, "rate is too large"},
		{"rate 1, few steps", square, 0.64820935, GradientDescent{Constant(1)}, 6, Bouncing, "back and forth by 1.3"},
		{"rate 1e-5", square, -0.8736, GradientDescent{Constant(1e-5)}, 30, Crawling, "rate is too small"},
		{"rate above 1", square, 0.5, GradientDescent{Constant(1.01)}, 30, Diverging, "rate is too large"},
		{"far above 1", square, 0.5, GradientDescent{Constant(10)}, 3000, Diverging, ""},
		{"just below 1", square, 0.5, GradientDescent{Constant(0.95)}, 30, IterationLimit, ""},
		{"at a kink", abs, 1, GradientDescent{Constant(0.3)}, 40, Bouncing, ""},
		{"steep walls", cosh, 5, GradientDescent{Constant(1)}, 30, Diverging, ""},
		{"even slope", slope, 0, GradientDescent{Constant(0.1)}, 50, IterationLimit, ""},
		{"rate lost to rounding", square, 1, GradientDescent{Constant(1e-18)}, 50, Crawling, "too short to move"},
		{"out of the domain", xlogx, 2, GradientDescent{Constant(3)}, 50, LeftDomain, "undefined"},
		{"momentum at a good rate", square, 1, Momentum{Constant(0.01), 0.9}, 500, IterationLimit, ""},
		{"falling rate", square, 1, GradientDescent{Inverse{0.9, 0.07}}, 100, IterationLimit, ""},
		{"Adam at the end", square, 1, Adam{Rate: Constant(0.1)}, 20, IterationLimit, ""},
	} {
		o := New(1, func(x []float64) float64 { return c.o.f(x[0]) }, func(g, x []float64) { g[0] = c.o.d(x[0]) }, nil)
		r, err := Minimize(context.Background(), o, c.m, Options{Start: []float64{c.start}, Stop: Stop{Iterations: c.n}})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != c.status || !strings.Contains(r.Explain(), c.says) {
			t.Errorf("%s: %v, want %v: %s", c.name, r.Status, c.status, r.Explain())
		}
	}
}

// On quadratic functions the theory is exact: a rate below 2/L converges, above it
// diverges, at it bounces. The verdict agrees.
func TestVerdictsOnQuadratics(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := 0; i < 200; i++ {
		n := 1 + random.IntN(5)
		a := make([]float64, n)
		big, low := 0.0, math.Inf(1)
		for j := range a {
			a[j] = math.Exp(2 * random.NormFloat64())
			big, low = math.Max(big, a[j]), math.Min(low, a[j])
		}
		o := New(n, func(x []float64) float64 {
			s := 0.0
			for j, v := range x {
				s += a[j] * v * v / 2
			}
			return s
		}, func(g, x []float64) {
			for j, v := range x {
				g[j] = a[j] * v
			}
		}, nil)
		start := make([]float64, n)
		for j := range start {
			start[j] = 1 + random.Float64()
		}
		for _, c := range []struct {
			rate  float64
			wants string
		}{
			{0.5 / big, "converged iteration-limit"},
			{1.8 / big, "converged iteration-limit"},
			{2.1 / big, "diverging"},
			{5 / big, "diverging"},
			{1e-6 / big, "crawling"},
		} {
			steps := 400
			if c.rate == 1.8/big {
				steps = 1000
			}
			r, err := Minimize(context.Background(), o, GradientDescent{Constant(c.rate)}, Options{Start: start, Stop: Stop{Grad: 1e-9, Iterations: steps}})
			if err != nil {
				t.Fatal(err)
			}
			got := r.Status.String()
			// Where one variable is so flat that the walk has hardly begun, crawling is right too.
			if flat := c.rate*low*float64(steps) < 0.5; flat && got == "crawling" {
				continue
			}
			if !strings.Contains(c.wants, got) {
				t.Errorf("curvatures %.3g, rate %.3g = %.3g/L: %v, want %s", a, c.rate, c.rate*big, got, c.wants)
			}
		}
	}
}

// The rule on the change of f is met by a tiny rate too: that is not convergence.
func TestChangeRuleAndTinyRate(t *testing.T) {
	r, err := Minimize(context.Background(), parabola(), GradientDescent{Constant(1e-5)}, Options{Start: []float64{-0.87}, Stop: Stop{Change: 1e-4, Iterations: 100}})
	if err != nil {
		t.Fatal(err)
	}
	// The first step changes f by 3e-5 already; four steps are needed for a verdict.
	if r.Status == Converged && r.Iterations > 4 || r.Status == Crawling && r.Reason != ChangeSmall {
		t.Errorf("%v (%v): %s", r.Status, r.Reason, r.Explain())
	}
	if s := r.Explain(); r.Status == Converged && !strings.Contains(s, "gradient there is still") {
		t.Error(s)
	}
	r = fixed(t, Stop{Change: 1e-6, Iterations: 100})
	if r.Status != Converged || r.Reason != ChangeSmall {
		t.Errorf("%v (%v)", r.Status, r.Reason)
	}
}

func TestHopeless(t *testing.T) {
	for _, c := range []struct {
		rate   float64
		status Status
	}{{1, Bouncing}, {1.2, Diverging}, {1e-7, Crawling}, {0.1, IterationLimit}} {
		r, err := Minimize(context.Background(), parabola(), GradientDescent{Constant(c.rate)}, Options{Start: []float64{1}, Stop: Stop{Iterations: 200, Hopeless: true}})
		if err != nil || r.Status != c.status {
			t.Errorf("rate %g: %v", c.rate, r.Status)
		}
		if c.status != IterationLimit && r.Iterations > 2*watchWindow {
			t.Errorf("rate %g: %v only after %d steps", c.rate, r.Status, r.Iterations)
		}
	}
}

func TestRates(t *testing.T) {
	for _, c := range []struct {
		r    Rate
		k    int
		want float64
	}{
		{Constant(0.3), 1000, 0.3},
		{Inverse{1, 0.5}, 4, 1.0 / 3},
		{StepDown{1, 0.5, 10}, 9, 1},
		{StepDown{1, 0.5, 10}, 25, 0.25},
		{StepDown{1, 0.5, 0}, 3, 0.125},
		{Cosine{1, 0.1, 100}, 0, 1},
		{Cosine{1, 0.1, 100}, 50, 0.55},
		{Cosine{1, 0.1, 100}, 100, 0.1},
		{Cosine{1, 0.1, 100}, 500, 0.1},
	} {
		if got := c.r.At(c.k); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%v at %d is %g, want %g", c.r, c.k, got, c.want)
		}
		if fmt.Sprint(c.r) == "" {
			t.Error("a schedule without a name")
		}
	}
	// A cosine without a length takes that of the run; every step uses its own rate.
	var steps []float64
	_, err := Minimize(context.Background(), parabola(), GradientDescent{Cosine{First: 0.4}}, Options{Start: []float64{1}, Stop: Stop{Iterations: 4},
		Trace: func(it Iterate) { steps = append(steps, it.Step) }})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{0.4, 0.4, 0.2 * (1 + math.Sqrt2/2), 0.2, 0.2 * (1 - math.Sqrt2/2)}
	for i := range want {
		if math.Abs(steps[i]-want[i]) > 1e-12 {
			t.Fatalf("rates %v, want %v", steps, want)
		}
	}
}
