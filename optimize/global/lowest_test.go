package global

import (
	"context"
	"testing"

	"nabla/expr/format"
)

// The points at which all parts of a formula are least, alone or a continuum of them.
func TestLowest(t *testing.T) {
	for _, c := range []struct {
		formula  string
		max      bool
		value    string // "" where no closed form may be claimed
		family   string // of the minimisers, "" for points
		complete bool
	}{
		{"(x + y)^2/(1 + x^2 + y^2)", false, "0", "x + y = 0", true},
		{"(x^2 - 1)^2*(y^2 + 1)", false, "0", "x^2 = 1", true},
		{"(x - 1)^2*(y - 2)^2 + 1", false, "1", "(x - 1)(y - 2) = 0", true},
		{"(x^2 + 1)*(y^2 + 1) - (x^2 + 1) - (y^2 + 1)", false, "-1", "x y = 0", true}, // multiplied out
		{"exp(x)*y^2*(2 + sin(z))", false, "0", "y = 0", true},
		{"(x + y)^2/(x - y)^2", false, "0", "x + y = 0, where f is defined", true},
		{"sqrt(x)*(y - 1)^2", false, "0", "x(y - 1) = 0, where f is defined", true},
		{"log(x^2 + y^2)^2*(1 + z^2)", false, "0", "log(x^2 + y^2) = 0, where f is defined", true},
		{"cos(x)^2*(1 + y^2)", false, "0", "cos(x) = 0", true},
		{"cos(x - 2y) + (x + z)^2", false, "-1", "x - 2y = -pi + 2pi k and x + z = 0", true},
		{"(2 + sin(x + y))*exp((x - z)^2)", false, "1", "x + y = -pi/2 + 2pi k and x - z = 0", true},
		{"(x - 1)^4 + (x - y)^4 + (x + y - 2)^2", false, "0", "", true},
		{"(exp(x) - y)^2 + (x^2 - 2)^2", false, "0", "", true},
		{"exp(-(x - y)^2 - (x*z)^2)/(1 + (x + y - 3)^4)", true, "1", "", true}, // there is no other stationary point
		// SCHMVETT of CUTEst in three and five variables: at x_i = π/(1 + π).
		{"-1/(1 + (x-y)^2) - sin((pi*y+z)/2) - exp(-((x+z)/y - 2)^2)", false, "-3", "", false},
		{"-1/(1+(a-b)^2) - sin((pi*b+c)/2) - exp(-((a+c)/b-2)^2) - 1/(1+(b-c)^2) - sin((pi*c+d)/2) - exp(-((b+d)/c-2)^2)", false, "-6", "", false},
		{"0^(x^2 + 1)*(y - 1)^2", false, "0", "", false}, // 0 everywhere
		// Steps have the slope 0 and are not constant; 1/x has both signs; the factors have no common domain.
		{"(287/1000 - floor(x)/7)^2*(1 + y^2) + (x - y)^2", false, "", "", false},
		{"(x - 1)^2*x^(-3)*y^2", false, "", "", false},
		{"((x - y)*log(x - 2))^2 + (x - 1)^2", false, "", "", false},
		{"(x - y)^2 + (x - y - 1)^2*(1 + x^2)", false, "", "", false},
	} {
		p := problemOf(t, c.formula, "")
		p.Max = c.max
		a := solved(t, p, Options{})
		if c.value == "" {
			if a.Status == Exact && a.Value == 0 {
				t.Errorf("%s: exact 0: %v", c.formula, a.Proof)
			}
			continue
		}
		family := ""
		if len(a.Minimisers) > 0 {
			family = a.Minimisers[0].Family
		}
		if a.Status != Exact || format.Text(a.ExactValue) != c.value || family != c.family || a.MinimisersComplete != c.complete {
			t.Errorf("%s: %s %v at %q, complete: %t", c.formula, a.Status, a.Value, family, a.MinimisersComplete)
		}
		consistent(t, c.formula, p, a)
	}
}

// A strict local minimum that a lower bound comes near to is certified between the two; where the point is none, such as one far out on a
// slope, it is not.
func TestNearlyLeast(t *testing.T) {
	for _, c := range []struct {
		formula string
		status  Status
	}{
		{"(0.9-a*sin(w+p))^2 + (0.1-a*sin(2w+p))^2 + (-0.8-a*sin(3w+p))^2 + (-0.9-a*sin(4w+p))^2", Certified},
		{"x^2*cos(y)^2 + exp(-x)", Local},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, ""), Options{Timeout: 2e9})
		if err != nil || (a.Status == Certified) != (c.status == Certified) {
			t.Errorf("%s: %v %+v", c.formula, err, a)
			continue
		}
		if v := a.Enclosure.Value; a.Status == Certified && (a.Attained || v.Lo != 0 || v.Hi > 1e-20 || len(a.Warnings) == 0) {
			t.Errorf("%s: %v, attained: %t; %v", c.formula, v, a.Attained, a.Warnings)
		}
	}
}
