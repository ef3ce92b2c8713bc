package global

import (
	"context"
	"testing"

	"nabla/expr"
)

// Infima at the ends of curves on which a wave has its least value.
func TestInfimumAtAngles(t *testing.T) {
	for _, c := range []struct{ f, bounds, infimum string }{
		{"exp(x*y) + cos(x)", "", "-1"},
		{"exp(x*y) + cos(x)", "x=3:4", "-1"},
		{"sin(x*y) + x^2", "", "-1"}, // x y = -pi/2, x → 0
		{"(sin(x) - 1)^2 + exp(-x*y)", "", "0"},
		{"exp(x) + exp(-y)", "| y >= x", "0"},
		{"1/(a*(b + 1)) + 1/(b*(c + 1)) + 1/(c*(a + 1))", "*=0:| a > 0; b > 0; c > 0", "0"},
		{"2a/(b + 1) + a^2 + b^2 + c^2 + 3a*b*c", "*=0:| a > 0; b > 0; c > 0", "0"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.f, c.bounds), Options{})
		if err != nil || a.Status != NotAttained || !sameConstant(a.ExactValue, expr.MustParse(c.infimum)) {
			t.Errorf("%s, %s: %v %+v", c.f, c.bounds, err, a)
		}
	}
	// The value is taken where a variable is 0.
	for _, bounds := range []string{"*=0:| a > 0; c > 0", "a=0:,b=-1:,c=0:| a > 0; b > -1; c > 0"} {
		if a, err := Solve(context.Background(), problemOf(t, "a*b^2 + b^2*c + 0*a", bounds), Options{}); err != nil || a.Status == NotAttained {
			t.Errorf("%s: %v %+v", bounds, err, a)
		}
	}
	// Here pi is outside, by less than a float64 shows.
	for _, bounds := range []string{"x=0:3.14159265358979323846", "x=3.14159265358979323847:4"} {
		a, err := Solve(context.Background(), problemOf(t, "exp(x*y) + cos(x)", bounds), Options{})
		if err != nil || a.Status == NotAttained && sameConstant(a.ExactValue, expr.MustParse("-1")) {
			t.Errorf("%s: %v %+v", bounds, err, a)
		}
	}
}
