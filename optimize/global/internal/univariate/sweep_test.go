package univariate

import (
	"context"
	"math"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/minimum"
)

// Sums of a function of what swings through all numbers, or from -1 to 1, and of a part that falls to its infimum far out; in the last
// ones it rises, or the function of what swings does not come near to its own infimum again and again.
func TestSweeps(t *testing.T) {
	for _, c := range []struct {
		f      string
		max    bool
		status minimum.Status
		value  float64
	}{
		{"exp(x) + (x*sin(x) - 1)^2", false, minimum.NotAttained, 0},
		{"3 - exp(x) - (x*sin(x) - 1)^2", true, minimum.NotAttained, 3},
		{"(x^2*cos(x) + 2)^2 + 1/(1 + x^2)", false, minimum.NotAttained, 0},
		{"(x*sin(x) - 1)^2 + atan(x)", false, minimum.NotAttained, -math.Pi / 2},
		{"(sqrt(x)*sin(x) - 5)^2 + 1/x", false, minimum.NotAttained, 0},
		{"sin(x)^4 - sin(x) + sin(x)^2 + exp(x - sin(x))", false, minimum.NotAttained, -0.21480474684},
		{"cos(x*cos(x)) + exp(x)", false, minimum.NotAttained, -1},
		{"(x*sin(x) - 1)^2 - 1/(1 + x^2)", false, minimum.Certified, -0.4754629402},
		{"(x*sin(x) - 1)^2 + exp(x) + exp(-x)", false, minimum.Certified, 2.80544},
		{"abs(x*sin(x) + x^2 + 1) + exp(-x)", false, minimum.Certified, 1.8984035695},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(c.f), Var: "x", Max: c.max})
		if a.Status != c.status || !(math.Abs(a.Value-c.value) < 1e-5*math.Max(1, math.Abs(c.value))) {
			t.Errorf("%s, max %t: %s %v %v, want %s %v", c.f, c.max, a.Status, a.Value, a.Warnings, c.status, c.value)
		}
	}
}
