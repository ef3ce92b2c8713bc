package global

import (
	"context"
	"testing"

	"nabla/optimize/global/certificate"
)

// A region is empty when a sum of its conditions cannot hold; values fall without end
// along curves that satisfy the conditions.
func TestConditions(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
	}{
		// One condition that cannot hold.
		{"x + y", "|x^2 + x*y + y^2 == -1", EmptyDomain, 0},
		{"x*y", "|y^2 + y < -1", EmptyDomain, 0},
		{"x*y", "|exp(x) + y^2 <= 0", EmptyDomain, 0}, // the infimum 0 is not attained
		{"x*y", "|(x - y)^2 < 0", EmptyDomain, 0},
		{"x + y", "y=0:|x^2 + y + 1 <= x", EmptyDomain, 0},
		{"x + y", "|sin(x) + cos(y) == 5/2", EmptyDomain, 0},
		// Several that contradict each other.
		{"x*y", "|x^2 + y^2 <= 1;x + y >= 2", EmptyDomain, 0},
		{"x*y", "|y >= x^2 + 1;y <= x", EmptyDomain, 0},
		{"x*y", "|exp(x) <= y;y <= x", EmptyDomain, 0},
		// Conditions that can hold.
		{"x + y", "|(x - y)^2 <= 0;x >= 1", Exact, 2},
		{"x^2 + y^2", "|x^2 + y^2 <= 1;x + y >= 1", Exact, 0.5},
		// Curves.
		{"x*y + z - 3*x*z", "|x + y <= 2", Unbounded, 0},
		{"2*x + 0*y", "|2*x + 3*x*y <= 0", Unbounded, 0},
		{"x^2 - x*y^2", "|y/2 + x/2 - x*y >= 1", Unbounded, 0},
		{"x + log(y)", "|x*y <= 4;x^2 <= y + 1", Unbounded, 0},
		{"x + 0*y", "|y >= x^2", Unbounded, 0},
		{"exp(x) + y", "y=0:|x + y <= 1;x*y <= 3", NotAttained, 0},
		{"x + y", "|x^2 <= y", Exact, -0.25},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil {
			t.Errorf("%s %s: %v", c.formula, c.bounds, err)
			continue
		}
		status := a.Status
		if status == Certified {
			status = Exact
		}
		if status != c.status || status == Exact && !(a.Value > c.value-1e-6 && a.Value < c.value+1e-6) {
			t.Errorf("%s %s: %s %v", c.formula, c.bounds, a.Status, a.Value)
		}
		if r := a.Certificate.Reduction; r != nil && r.Kind == certificate.Contradiction && !checkAgain(t, a.Certificate).Valid {
			t.Errorf("%s %s: the contradiction is not confirmed: %+v", c.formula, c.bounds, checkAgain(t, a.Certificate))
		}
	}
}
