package optimize

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// regression is the mean squared error of a straight line over rows of data.
type regression struct{ x, y []float64 }

// newRegression has rows on y = 3x - 1 with deterministic noise.
func newRegression(rows int) regression {
	r := rand.New(rand.NewPCG(1, 2))
	var d regression
	for range rows {
		x := r.Float64()*2 - 1
		d.x = append(d.x, x)
		d.y = append(d.y, 3*x-1+0.01*r.NormFloat64())
	}
	return d
}

func (d regression) Dim() int { return 2 }

func (d regression) Func(p []float64) float64 {
	s := 0.0
	for i, x := range d.x {
		e := p[0]*x + p[1] - d.y[i]
		s += e * e
	}
	return s / float64(len(d.x))
}

func (d regression) Grad(g, p []float64) {
	rows := make([]int, len(d.x))
	for i := range rows {
		rows[i] = i
	}
	d.GradRows(g, p, rows)
}

func (d regression) Rows() int { return len(d.x) }

func (d regression) GradRows(g, p []float64, rows []int) {
	g[0], g[1] = 0, 0
	for _, i := range rows {
		e := p[0]*d.x[i] + p[1] - d.y[i]
		g[0] += 2 * e * d.x[i] / float64(len(d.x))
		g[1] += 2 * e / float64(len(d.x))
	}
}

func TestSGD(t *testing.T) {
	data := newRegression(200)
	exact, err := Minimize(context.Background(), data, Newton{}, Options{Stop: Stop{Grad: 1e-12, Iterations: 50}})
	if err != nil || exact.Status != Converged {
		t.Fatal(exact, err)
	}
	for _, rule := range stochasticRules {
		rate := Rate(Inverse{0.05, 0.1})
		if rule == "adagrad" {
			rate = Constant(0.5)
		}
		run := func(seed uint64) *Result {
			r, err := Minimize(context.Background(), data, SGD{Rate: rate, Batch: 10, Rule: rule}, Options{Seed: seed, Stop: Stop{Iterations: 200}})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := run(1)
		if math.Abs(r.X[0]-exact.X[0]) > 0.01 || math.Abs(r.X[1]-exact.X[1]) > 0.01 {
			t.Errorf("%s: %v, least squares %v", rule, r.X, exact.X)
		}
		if r.Iterations != 200 || r.Evaluations.Func != 201 || r.Evaluations.Grad != 201+200*20 {
			t.Errorf("%s: %d epochs, %v", rule, r.Iterations, r.Evaluations)
		}
		if again := run(1); !reflect.DeepEqual(again.X, r.X) {
			t.Errorf("%s: the same seed gives %v and %v", rule, r.X, again.X)
		}
		if other := run(2); reflect.DeepEqual(other.Last.X, r.Last.X) {
			t.Errorf("%s: the seed makes no difference", rule)
		}
	}
}

// With all rows in one batch it is plain gradient descent.
func TestSGDFullBatch(t *testing.T) {
	data := newRegression(30)
	opt := Options{Stop: Stop{Iterations: 20}}
	a, err := Minimize(context.Background(), data, SGD{Rate: Constant(0.3), Batch: 1000}, opt)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Minimize(context.Background(), data, GradientDescent{Rate: Constant(0.3)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.X {
		if math.Abs(a.Last.X[i]-b.Last.X[i]) > 1e-12 {
			t.Errorf("full batch ends at %v, gradient descent at %v", a.Last.X, b.Last.X)
		}
	}
}

func TestSGDMaximises(t *testing.T) {
	data := newRegression(50)
	neg := Negate(data)
	if _, ok := neg.(Summed); !ok {
		t.Fatal("Negate loses the rows")
	}
	r, err := Minimize(context.Background(), neg, SGD{Rate: Inverse{0.1, 0.05}, Batch: 5}, Options{Maximise: true, Stop: Stop{Iterations: 100}})
	if err != nil {
		t.Fatal(err)
	}
	if r.F > 0 || r.F < -0.01 {
		t.Errorf("maximum %g at %v", r.F, r.X)
	}
}

func TestSGDRefuses(t *testing.T) {
	if _, err := Minimize(context.Background(), New(1, sphere, sphereGrad, nil), SGD{}, Options{}); !errors.Is(err, ErrNotSummed) {
		t.Errorf("an objective without rows: %v", err)
	}
	if _, err := Minimize(context.Background(), newRegression(5), SGD{Rule: "magic"}, Options{}); err == nil {
		t.Error("an unknown rule is taken")
	}
}
