package branch

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
)

// What is cleared of denominators has the sign of the formula in the box.
func TestCleared(t *testing.T) {
	vars := []string{"x", "y", "z"}
	for _, c := range []struct {
		g    string
		low  float64 // of the box
		want string  // a form of the answer, "" for none
	}{
		{"10/x - y/x - 1", 0.1, "10 - y - x"},
		{"3*y/(x*z) + 2/z - 4/(x*z)^2 - 1", 0.1, "3*x*y*z + 2*x^2*z - 4 - x^2*z^2"},
		{"x/(y + z) - z^2/sqrt(y + z) - y", 0.1, "x*sqrt(y + z) - z^2*(y + z) - y*(y + z)^(3/2)"},
		{"10/x - y/x - 1", -0.1, ""},
		{"x*y/z - 1 + 1/(x - 1)", 0.1, ""}, // x - 1 may be negative
		{"x*y - z^2 + sqrt(x)", 0.1, ""},
		{"x/y", 0.1, ""},
	} {
		g := expr.MustParse(c.g)
		box := []interval.I{interval.New(c.low, 3), interval.New(c.low, 3), interval.New(c.low, 3)}
		h, ok := cleared(g, vars, box)
		if ok != (c.want != "") {
			t.Errorf("%s: %v", c.g, ok)
		}
		if !ok {
			continue
		}
		for at, v := range atRandom(t, vars, c.low, g, h, expr.MustParse(c.want)) {
			if math.Abs(v[0]) > 1e-9 && v[0]*v[1] <= 0 || math.Abs(v[1]-v[2]) > 1e-9 {
				t.Errorf("%s: %v at %v, cleared %v: %v", c.g, v[0], at, h, v[1])
				break
			}
		}
	}
}
