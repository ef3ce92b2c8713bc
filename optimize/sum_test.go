package optimize

import (
	"context"
	"errors"
	"math"
	"testing"

	"nabla/expr"
)

// The gradients of the rows of a sum add up to its gradient, whatever stands before it.
func TestFromSum(t *testing.T) {
	for text, rows := range map[string]int{
		"(x-1)^2 + (x-2)^2 + (x*y-4)^2":       3,
		"x^2 - 3*x*y + y":                     3,
		"sum((x - i)^2 + y^2/10, i, 1, 20)":   20,
		"1/20*sum((x - i)^2 + y^2, i, 1, 20)": 20,
		"sum((x*i - y)^2, i, 1, 8)/16":        8,
		"2*(3*((x-1)^2 + y^2)/5)":             2,
	} {
		e := expr.MustParse(text)
		o, err := FromSum(e, []string{"x", "y"})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		s := o.(Summed)
		if s.Rows() != rows {
			t.Errorf("%s: %d rows, want %d", text, s.Rows(), rows)
		}
		all := make([]int, s.Rows())
		for i := range all {
			all[i] = i
		}
		x, g, h := []float64{0.7, -1.3}, make([]float64, 2), make([]float64, 2)
		o.Grad(g, x)
		s.GradRows(h, x, all)
		for i := range g {
			if math.Abs(g[i]-h[i]) > 1e-12*math.Max(1, math.Abs(g[i])) {
				t.Errorf("%s: gradient %v, of the rows %v", text, g, h)
			}
		}
	}
	for _, text := range []string{"x^2*y", "x*y", "sin(x + y)", "(x + y)*(x - y)", "1/(x + y)"} {
		if _, err := FromSum(expr.MustParse(text), []string{"x", "y"}); !errors.Is(err, ErrOneTerm) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Stochastic descent with a falling rate comes to the mean, and the same seed walks the
// same way.
func TestDescentOnASum(t *testing.T) {
	e := expr.MustParse("sum((x - i)^2, i, 1, 50)/50")
	o, err := FromSum(e, []string{"x"})
	if err != nil {
		t.Fatal(err)
	}
	var last float64
	for range 2 {
		r, err := Minimize(context.Background(), o, SGD{Rate: Inverse{0.1, 0.5}, Batch: 5}, Options{Start: []float64{0}, Seed: 7, Stop: Stop{Iterations: 300}})
		if err != nil || math.Abs(r.Last.X[0]-25.5) > 0.5 {
			t.Fatalf("%v: ends at %v", err, r.Last.X)
		}
		if last != 0 && r.Last.X[0] != last {
			t.Errorf("ends at %g and at %g", last, r.Last.X[0])
		}
		last = r.Last.X[0]
	}
}
