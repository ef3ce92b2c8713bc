package global

import (
	"context"
	"testing"
	"time"
)

// The best point found is one at which f has a value, also where floats have one beside: exp(-1/0) is 0.
func TestLocalPointsAreDefined(t *testing.T) {
	for _, f := range []string{"exp(-1/(x^2*y^2))", "tanh(1/(x*y))"} {
		p := problemOf(t, f, "")
		a, err := Solve(context.Background(), p, Options{Timeout: time.Second})
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		for _, m := range a.Minimisers {
			if m.X[0]*m.X[1] == 0 {
				t.Errorf("%s: %s at %v", f, a.Status, m.X)
			}
		}
	}
}
