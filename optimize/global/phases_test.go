package global

import (
	"testing"

	"nabla/expr/format"
)

// TestPhases asks for infima of functions of phases that come near to any values together, far out or next to a place.
func TestPhases(t *testing.T) {
	for _, q := range []struct {
		formula, bounds string
		value           string
		approached      string // "" where it is taken
	}{
		{"sin(x^2) + cos(x^3)", "", "-2", "x → -∞ along a sequence and as x → ∞ along a sequence"},
		{"cos(x) + cos(sqrt(2)*x) + cos((1 + sqrt(2))*x)", "", "-3/2", "x → -∞ along a sequence and as x → ∞ along a sequence"},
		{"max(cos(x), cos(sqrt(2)*x), cos(sqrt(3)*x))", "", "-1", "x → -∞ along a sequence and as x → ∞ along a sequence"},
		{"sin(x)^2 + cos(log(abs(x)))", "", "-1", "x → -∞ along a sequence and as x → ∞ along a sequence"},
		{"sin(1/x) + cos(1/x^2)", "x=0:2", "-2", "x → 0 from above along a sequence"},
		{"sin(x + sin(x^2)) + cos(x)", "", "-sin(1/2) sqrt(2) - cos(1/2) sqrt(2)", "x → -∞ along a sequence and as x → ∞ along a sequence"},
		{"sin(x^2)^2 + sin(x)^2", "", "0", ""},
		{"cos(sqrt(2)*x) - cos(x^2 + x + 1)", "", "-2", "x → -∞ along a sequence and as x → ∞ along a sequence"}, // no x by a polynomial in π with coefficients in sqrt(2)
		{"2 - cos(sqrt(2)*x) - cos(sqrt(2)*x^3)", "", "0", ""},                                                   // at 0
		// with x beside the phases, at a place
		{"tan(sin(x)) - sin(tan(x))", "", "-1 - tan(1)", "x → -pi/2 from below along places where tan(x) = pi/2 + 2pi k and as x → -pi/2 from above along places where tan(x) = pi/2 + 2pi k"},
		{"sin(1/x) + cos(1/x^2) + x^2", "", "-2", "x → 0 from below along a sequence and as x → 0 from above along a sequence"},
	} {
		a := solved(t, problemOf(t, q.formula, q.bounds), Options{})
		want := NotAttained
		if q.approached == "" {
			want = Exact
		}
		if a.Status != want || !a.ExactValue.Valid() || format.Text(a.ExactValue) != q.value || a.Approached != q.approached {
			t.Errorf("%s: %s %v, approached as %s; want %s as %s", q.formula, a.Status, a.Value, a.Approached, q.value, q.approached)
		}
	}
	// Phases of which it is open whether they meet: a point near the infimum.
	for _, q := range []struct {
		formula string
		status  Status
		value   float64
	}{
		{"sin(x^2 + 1/x) + cos(x)", Certified, -2},
		{"cos(x^2 - 1)^3 - cos(log(x))^3", Certified, -2},
		{"max(cos(x^2), sin(x*log(x)))", Local, -1},
	} {
		a := solved(t, problemOf(t, q.formula, ""), Options{})
		if v := a.Enclosure.Value; a.Status != q.status || a.Attained != (q.status == Local) || v.Lo != q.value || v.Hi > q.value+1e-3 || len(a.At) != 1 || !v.Has(a.Value) {
			t.Errorf("%s: %s %v in %v", q.formula, a.Status, a.Value, v)
		}
	}
	// Phases that only seem to be independent, or with parts that do not go far.
	for _, f := range []string{
		"cos(x^2 + 1/x) + cos(x^2)", // they differ by what goes to 0
		"sin(x + 1/x)*sin(x)",
		"sin(1/x) + sin(2/x + x)",
		"cos(x) + cos(x + exp(-x^2))",
		"cos(atan(x)) + cos(x)",
	} {
		if a := solved(t, problemOf(t, f, ""), Options{}); a.Method == "phases of independent waves" {
			t.Errorf("%s: %s %v, %v", f, a.Status, a.Value, a.Proof)
		}
	}
}

// TestTurns asks for all points at which several angles are where parts are least.
func TestTurns(t *testing.T) {
	for _, q := range []struct {
		formula, bounds string
		points          int
	}{
		{"max(cos(x), cos(y))", "x=0:2pi,y=0:2pi", 1},
		{"max(cos(x), cos(y))", "x=-2:8,y=0:7", 1},
		{"max(cos(x), cos(y))", "x=-4:10,y=0:7", 3},
		{"max(cos(x + y), cos(x - y))", "x=-1:4,y=-1:4", 2},
		{"max(cos(x), sin(y)) + cos(x)", "x=0:10,y=-2:5", 4},
	} {
		a := solved(t, problemOf(t, q.formula, q.bounds), Options{})
		if a.Status != Exact || !a.MinimisersComplete || len(a.Minimisers) != q.points {
			t.Errorf("%s in %s: %s %v, %d points, all: %v; want %d", q.formula, q.bounds, a.Status, a.Value, len(a.Minimisers), a.MinimisersComplete, q.points)
		}
	}
}
