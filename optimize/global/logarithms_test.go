package global

import (
	"context"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/prove"
)

// Formulas that are convex in the logarithms of their variables, and others that are not.
func TestLogarithms(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		max       bool
		status    Status
		value     string // in closed form, "" where it has none
		method    bool   // the logarithms settle it
	}{
		{"x*y - log(x) - log(y)", "", false, Exact, "1", true},
		{"x*y + x - 3log(x) - log(y)", "", false, Exact, "3 - 2log(2)", true},
		{"x*y^2 + x/y - 3log(x) - log(y)", "", false, Exact, "3 - log(800000/19683)/3", true},
		{"x*y - log(x) - 2*log(y) + 1/x + y^2/x", "", false, Certified, "", true},
		{"log(x) + log(y) - x*y - x", "", true, NotAttained, "-1", true},
		{"x*y - log(x) - log(y) + 1/x", "", false, NotAttained, "1", true},
		{"x*y + 1/x - log(y)", "x=0:,y=0:", false, Exact, "2", true},
		{"sqrt(x)*y + 1/x - log(y)", "", false, Exact, "3/2 + log(2)/2", true},
		{"x*y - log(x*y)", "", false, Exact, "1", false}, // also for negative x and y
		{"x*y - sqrt(x) - sqrt(y)", "x=0:3,y=0:3", false, Exact, "-1/12 - sqrt(3)", false},
		{"x*y - log(x) - log(y) - x", "", false, Unbounded, "", false},
	} {
		p := problemOf(t, c.f, c.bounds)
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{Timeout: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != c.status || (a.Method == "logarithms of the variables") != c.method {
			t.Errorf("%s: %s by %s", c.f, a.Status, a.Method)
		}
		if c.value != "" && !(a.ExactValue.Valid() && prove.Equal(a.ExactValue, expr.MustParse(c.value), prove.Budget{}).Equal) {
			t.Errorf("%s: %v (%v), want %s", c.f, a.ExactValue, a.Value, c.value)
		}
	}
}
