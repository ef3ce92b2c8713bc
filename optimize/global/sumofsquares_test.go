package global

import (
	"context"
	"strings"
	"testing"

	"nabla/expr/format"
)

// Polynomials whose minimum a sum of squares shows: what is claimed, the exact value, how
// many minimisers are listed, and a part of the proof.
func TestSumsOfSquares(t *testing.T) {
	for _, c := range []struct {
		formula string
		max     bool
		status  Status
		value   string
		points  int
		proof   string
	}{
		// Motzkin, Robinson, Choi and Lam: nowhere negative, no sums of squares.
		{"x^4*y^2 + x^2*y^4 - 3x^2*y^2 + 1", false, Exact, "0", 4, "(x^2 + y^2 + 1) f = "},
		{"x^6 + y^6 + 1 - (x^4*y^2 + x^4 + x^2*y^4 + x^2 + y^4 + y^2) + 3x^2*y^2", false, Exact, "0", 8, "(x^2 + y^2 + 1) f = "},
		{"x^4*y^2 + y^4*z^2 + z^4*x^2 - 3x^2*y^2*z^2", false, Exact, "0", 1, "(x^2 + y^2 + z^2) f = "},
		{"x^4 + y^4 - 4x*y + 1", false, Exact, "-1", 2, "f + 1 = (x^2 - 1)^2 + (y^2 - 1)^2 + 2(x - y)^2"},
		{"4x*y - x^4 - y^4", true, Exact, "2", 2, "2 - f = (x^2 - 1)^2 + (y^2 - 1)^2 + 2(x - y)^2"},
		{"x^2*y^2 + x^2 + y^2 - 4x*y", false, Exact, "-1", 2, "f + 1 = (x y - 1)^2 + (x - y)^2"},
		{"x^4 + y^4 + z^4 - 4x*y*z", false, Exact, "-1", 4, "f + 1 = "},
		{"w^4 + x^4 + y^4 + z^4 - 4w*x*y*z", false, Exact, "0", 1, "f = (w^2 - x^2)^2 + (y^2 - z^2)^2 + 2(w x - y z)^2"},
		{"x^2*y^2 + y^2*z^2 + z^2*x^2 - 2x*y*z", false, Exact, "-1/16", 4, "(x^2 + y^2 + z^2 + 1) (f + 1/16) is a sum of"},
		// Not attained.
		{"x^2*y^2 - 2x*y + 1 + x^2", false, NotAttained, "0", 0, "f = (x y - 1)^2 + x^2"},
		{"x^2*y^2 + x*y + x^2", false, NotAttained, "-1/4", 0, "the squares have no common zero"},
		// No growth in some direction, and an irrational minimum.
		{"x^4*y^4 + x^2 + y^2 - 5x*y + x", false, Certified, "", 1, "where x^2 + y^2 >= 64, by a sum of squares"},
	} {
		p := problemOf(t, c.formula, "")
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		proof := strings.Join(a.Proof, "; ")
		if a.Status != c.status || !strings.Contains(proof, c.proof) {
			t.Errorf("%s: %s %v, want %s; %s %v", c.formula, a.Status, a.Value, c.status, proof, a.Warnings)
			continue
		}
		if c.value != "" && format.Text(a.ExactValue) != c.value {
			t.Errorf("%s: the value is %s, want %s", c.formula, format.Text(a.ExactValue), c.value)
		}
		if len(a.Minimisers) != c.points {
			t.Errorf("%s: %d minimisers, want %d", c.formula, len(a.Minimisers), c.points)
		}
		if a.Attained {
			consistent(t, c.formula, p, a)
		}
	}
}
