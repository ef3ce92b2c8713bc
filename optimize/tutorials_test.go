package optimize

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// tutorial is a run of a gradient-descent tutorial with the figures it prints.
type tutorial struct {
	ID         string
	Start      map[string]any
	Rate       float64
	Iterations int
	Printed    map[string][2]float64 `json:"iterates_printed_by_the_tutorial"`
	Final      struct{ X, F float64 }
	After500   struct{ X, F float64 } `json:"after_500_iterations"`
	Stop       struct {
		Change     float64 `json:"change_below"`
		Iterations int     `json:"max_iterations"`
	}
}

func readTutorials(t *testing.T) map[string]tutorial {
	dir := os.Getenv("NABLA_CASES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "testdata")
	}
	text, err := os.ReadFile(filepath.Join(dir, "tutorials", "tutorials.json"))
	if os.IsNotExist(err) {
		t.Skip("no cases in ", dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	var list []tutorial
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	m := map[string]tutorial{}
	for _, c := range list {
		m[c.ID] = c
	}
	return m
}

// The fixed-step loop gives the iterates that the tutorials print.
func TestTutorials(t *testing.T) {
	cases := readTutorials(t)
	walk := func(c tutorial, o Objective, stop Stop, bounds []Bound) (*Result, []float64) {
		var xs []float64
		r, err := Minimize(context.Background(), o, GradientDescent{Constant(c.Rate)}, Options{
			Start: []float64{c.Start["x"].(float64)}, Bounds: bounds, Stop: stop, Trace: func(it Iterate) { xs = append(xs, it.X[0]) }})
		if err != nil {
			t.Fatal(c.ID, err)
		}
		return r, xs
	}
	box := []Bound{{-1, 1}}
	for _, c := range []struct {
		id     string
		status Status
	}{{"parabola-good-step", IterationLimit}, {"parabola-step-too-large", Bouncing}, {"parabola-step-too-small", Crawling}} {
		run, ok := cases[c.id]
		if !ok {
			t.Fatal("no case", c.id)
		}
		r, xs := walk(run, parabola(), Stop{Iterations: run.Iterations}, box)
		if r.Status != c.status || len(xs) != run.Iterations+1 {
			t.Errorf("%s: %v after %d iterates", c.id, r.Status, len(xs))
		}
		for line, printed := range run.Printed {
			k, err := strconv.Atoi(line)
			if err != nil {
				t.Fatal(err)
			}
			// Line k is iterate k+1. The tutorial prints 8 digits of x and 5 decimals of f.
			x := xs[k+1]
			if math.Abs(x-printed[0]) > 5.1e-9+1e-8*math.Abs(x) || math.Abs(x*x-printed[1]) > 5.1e-6 {
				t.Errorf("%s, line %d: x = %.8f, f = %.5f, the tutorial has %v", c.id, k, x, x*x, printed)
			}
		}
		if run.Final.F != 0 && (math.Abs(r.Last.X[0]-run.Final.X) > 1e-8 || math.Abs(r.Last.F-run.Final.F) > 1e-9) {
			t.Errorf("%s: ends at %v with %v", c.id, r.Last.X, r.Last.F)
		}
		if c.status == Bouncing {
			for k, x := range xs {
				if want := run.Start["x"].(float64) * []float64{1, -1}[k%2]; x != want {
					t.Errorf("%s: iterate %d is %v, not %v", c.id, k, x, want)
				}
			}
		}
	}
	run := cases["quadratic-with-coefficients"]
	o := New(1, func(x []float64) float64 { return 3*x[0]*x[0] - 2*x[0] - 3 }, func(g, x []float64) { g[0] = 6*x[0] - 2 }, nil)
	r, _ := walk(run, o, Stop{Change: run.Stop.Change, Iterations: run.Stop.Iterations}, nil)
	if r.Status != IterationLimit || r.Iterations != 500 || math.Abs(r.Last.X[0]-run.After500.X) > 1e-14 || math.Abs(r.Last.F-run.After500.F) > 1e-13 {
		t.Errorf("quadratic: %v after %d at %v, f = %v", r.Status, r.Iterations, r.Last.X, r.Last.F)
	}
	if w := r.watched.remaining; math.Abs(w-0.3783) > 0.01 {
		t.Errorf("quadratic: says %.4f is left, 0.3783 is", w)
	}
}
