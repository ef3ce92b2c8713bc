package global

import (
	"context"
	"testing"
	"time"
)

// The best point found is one at which f has a value, also where floats have one beside: exp(-1/0) is 0.
func TestLocalPointsAreDefined(t *testing.T) {
	for _, f := range []string{"exp(-1/(x^2*y^2))", "tanh(1/(x*y))"} {
		a := solved(t, problemOf(t, f, ""), Options{Timeout: time.Second})
		for _, m := range a.Minimisers {
			if m.X[0]*m.X[1] == 0 {
				t.Errorf("%s: %s at %v", f, a.Status, m.X)
			}
		}
	}
}

// Where f has values at single points only, floats see some next to these too: the point told is one of them.
func TestLocalPointsAreProvedToBeDefined(t *testing.T) {
	for _, c := range []struct {
		f    string
		x    float64
		want float64
	}{
		{"x + sqrt(cos(e*x) + cos(pi*x) - 2)", 0, 0},
		{"x + y + y^2 + sqrt(cos(e*x) + cos(pi*x) - 2)", 0, -0.25},
		{"1 - x + y^2 - y + log(sqrt(cos(e*x) + cos(pi*x) - 2) + 1)", 0, 0.75},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.f, ""), Options{Timeout: time.Second})
		if err != nil || a.Status != Local || a.At[0] != c.x || a.Value != c.want {
			t.Errorf("%s: %v, %s %v at %v", c.f, err, a.Status, a.Value, a.At)
		}
	}
}
