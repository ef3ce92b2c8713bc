package global

import (
	"math"
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
		a := solved(t, p, Options{Timeout: 5 * time.Second})
		if a.Status != c.status || (a.Method == "logarithms of the variables") != c.method {
			t.Errorf("%s: %s by %s", c.f, a.Status, a.Method)
		}
		if c.value != "" && !(a.ExactValue.Valid() && prove.Equal(a.ExactValue, expr.MustParse(c.value), prove.Budget{}).Equal) {
			t.Errorf("%s: %v (%v), want %s", c.f, a.ExactValue, a.Value, c.value)
		}
	}
}

// A point without a value is no minimum, though the formula in the logarithms has one there.
func TestLogarithmsWithGaps(t *testing.T) {
	for _, f := range []string{"x + y - log(x) - log(y) + x/y + y/x + (x - 1)/(x - 1)", "x + y - log(x) - log(y) + x/y + y/x + (x - y)/(x - y)"} {
		a := solved(t, problemOf(t, f, ""), Options{Timeout: time.Second / 2})
		if a.Status != Local && a.Status != NotAttained {
			t.Errorf("%s: %s %v", f, a.Status, a.At)
		}
	}
}

// Entropies are convex in the exponentials of the variables.
func TestExponentials(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
	}{
		{"x*exp(x) + y*exp(y)", "|exp(x) + exp(y) == 1", Exact, -math.Ln2},
		{"x*exp(x) + y*exp(y)", "|exp(2*x) + exp(y) <= 1", Exact, -2 / math.E},
		// With u = exp(x) and v = exp(y), u log(u) + v log(v) - u - 2v on u + v = 1 is least for u/v = 1/e.
		{"exp(x)*(x - 1) + exp(y)*(y - 2)", "|exp(x) + exp(y) == 1", Certified, -math.Log(math.E + math.E*math.E)},
		// Without a value at x = -log(2).
		{"x*exp(x) + y*exp(y) + (x + log(2))/(x + log(2))", "|exp(x) + exp(y) == 1", NotAttained, 1 - math.Ln2},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != c.status || !(math.Abs(a.Enclosure.Value.Mid()-c.value) <= 1e-8) {
			t.Errorf("%s %s: %s %v, want %s %v", c.formula, c.bounds, a.Status, a.Value, c.status, c.value)
		}
	}
}

// A strict local minimum of a convex program is its minimum.
func TestStrictMinimum(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		value           float64
	}{
		// With y = x/2, u log(u) + v log(v) at u = 2/3, v = 1/3.
		{"x*(1 + log(x) - log(x + y)) + y*(1 + log(y) - log(x + y))", "|x == 2*y;x + y == 1", 1 + (2*math.Log(2./3)+math.Log(1./3))/3},
		{"x*log(x) + y*log(y) + z*log(z) - (x + y + z)*log(x + y + z)", "|x + 2*y + 3*z == 1;z >= y^2", math.NaN()},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		if a.Status != Certified && a.Status != Exact {
			t.Errorf("%s %s: %s", c.formula, c.bounds, a.Status)
			continue
		}
		if !math.IsNaN(c.value) && !(math.Abs(a.Value-c.value) <= 1e-8) {
			t.Errorf("%s %s: %v, want %v", c.formula, c.bounds, a.Value, c.value)
		}
		consistent(t, c.formula, p, a)
	}
}
