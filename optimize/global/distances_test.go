package global

import (
	"testing"
	"time"

	"nabla/expr"
)

// Formulas with poles and roots at edges of regions that linear conditions bound, with proofs that the verifier confirms; the
// values by the inequality of the means or by Lagrange's method.
func TestDistancesFromEdges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f, under string
		max      bool
		status   Status
		value    string
	}{
		{"x + 1/(y*(x-y))", "x > y and y > 0", false, Exact, "3"},
		{"x + y + 1/((x-1)*(y-2))", "x > 1 and y > 2", false, Exact, "6"},
		{"1/(x-1) + x^2/(y-2) + y", "x > 1 and y > 2", false, Exact, "2*sqrt(2) + 4"},
		{"-log((x-1)*(y-1)) + x + 2y", "x > 1 and y > 1", false, Exact, "log(2) + 5"},
		{"x^2 + 1/(x-y) + 1/(y-z) + 1/z", "x > y and y > z and z > 0", false, Exact, "9*6^(1/3)/2"},
		// a simplex
		{"1/(1-x-y) + 1/x + 1/y", "x > 0 and y > 0 and x + y < 1", false, Exact, "9"},
		{"1/x + 1/(1-x-y) + 1/(x*y)", "x > 0 and y > 0 and x + y < 1 and x >= y", false, Exact, "27/2"},
		{"log(x) + log(y) + 2log(2-x-y)", "x > 0 and y > 0 and x + y < 2", true, Exact, "-2log(2)"},
		{"1/(3-x-2y) + 1/x", "x > 0 and y > 0 and x + 2y < 3", false, NotAttained, "4/3"},
		// what is the same in the distances does not cancel, as it is not defined at the edge
		{"x + y^2 + sqrt(x-y) + log(2x-2y) - log(2(x-y))", "x >= y and y >= 0", false, Local, ""},
		// the conditions leave nothing, or f falls without end at an edge
		{"1/(x-y) + x", "x > y and y > 3 and x + y < 5", false, EmptyDomain, ""},
		{"x - 1/(x-y)", "x > y and y > 1", false, Unbounded, ""},
	} {
		a := solved(t, Problem{F: expr.MustParse(c.f), SubjectTo: []expr.Expr{condition(t, c.under)}, Max: c.max}, Options{Certificate: true, Timeout: 3 * time.Second})
		if c.status == Local { // for anything but a value that is taken
			if a.Status == Exact {
				t.Errorf("%s: %s %v", c.f, a.Status, a.ExactValue)
			}
			continue
		}
		if a.Status != c.status || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s: %s %v %v, want %s %s", c.f, a.Status, a.ExactValue, a.Value, c.status, c.value)
			continue
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: confirmed: %v, %q", c.f, r.Valid, r.Unchecked)
		}
	}
}
