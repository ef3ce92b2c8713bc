package global

import (
	"context"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/model"
)

func TestQuotients(t *testing.T) {
	reduced(t, []reducible{
		{"x/(1 + x^2 + y^2)", "", false, Exact, "-1/2", "f + 1/2 = g/q with q = 1 + x^2 + y^2 >= 0"},
		{"(x + y)/(1 + x^2 + y^2)", "", true, Exact, "sqrt(2)/2", "-f + sqrt(2)/2 = g/q"},
		{"(x - y)/(1 + x^2 + y^2 + x*y)", "", false, Exact, "-1", "f + 1 = g/q"},
		{"x*y*exp(-x^2 - y^2)", "", false, Exact, "-exp(-1)/2", "q = exp(x^2 + y^2)"},
		{"(x^2 - y^2)*exp(-(x^2 + y^2)/2)", "", true, Exact, "2 exp(-1)", "∂g2/∂y has the sign of y,"},
		{"x*y*z/(1 + x^4 + y^4 + z^4)", "", false, Exact, "-1/4", "f + 1/4 = g/q"},
		{"x*y/(x^2 + y^2)", "", false, Exact, "-1/2", "f + 1/2 = g/q"},
		{"(2x + 3y - 1)/(x^2 + y^2 + 4)", "", false, Exact, "-sqrt(53)/8 - 1/8", "only where g = p - γ q <= 0"},
		{"x/sqrt(1 + x^2 + y^2)", "", false, NotAttained, "-1", "g stays above 0"},
		// The denominator changes its sign.
		{"x/(1 + x*y)", "", false, Unbounded, "", ""},
		{"1/(x*y - 1)", "", false, Unbounded, "", ""},
		{"x/(x^2 + y^2)", "", false, Unbounded, "", ""},
		{"x*y/(x^2 + y^2)^2", "", false, Unbounded, "", ""},
		{"x/sqrt(x^2 + y^2)", "", false, Exact, "-1", ""},
	})
}

func TestCentres(t *testing.T) {
	reduced(t, []reducible{
		{"cosh(y)*(1 + x^2) + x", "", false, Exact, "3/4", "∂f/∂y has the sign of y,"},
		{"(log(cosh(x - 2)) - 1)*exp(y) + 2exp(y) - y", "", false, Exact, "1", "∂f/∂x has the sign of x - 2,"},
		{"x - x^2*(1 + abs(y)) - y^2", "", true, Exact, "1/4", "has the sign of -y,"},
		{"x + sqrt(1 + x^2 + y^2)", "", false, NotAttained, "0", "has the sign of y,"},
		// With a gap at the centre, and with jumps, there is no such rule.
		{"x^2 + exp(x)*sqrt(y^2 - 1)", "", false, "", "", "!has the sign"},
		{"exp(x)*(y^2 - floor(y + 1/2)/4) + x^2", "", false, "", "", "!has the sign"},
	})
}

func TestDirections(t *testing.T) {
	reduced(t, []reducible{
		{"log(exp(x) + exp(y)) - 0.3x - 0.7y", "", false, Exact, "log(2) + log(5) - 3 log(3)/10 - 7 log(7)/10", "does not change along x = t, y = t,"},
		{"sin(x - y) + (x - y)^2/9 + (y - z)^2", "", false, Certified, "", "does not change along x = t, y = t, z = t,"},
		{"(x - y)^4 + exp(x - y + z - w) - (z - w)", "", false, Exact, "-3*2^(1/3)/8 + 1", "does not change along w = t, x = 0, y = 0, z = t,"},
		{"sin(x - y + z - w) + (x - y)^2 - cos(z - w)/2", "", false, Certified, "", "does not change along w = t, x = 0, y = 0, z = t,"},
		{"log(exp(x) + exp(y)) - 0.3x - 0.6y", "", false, Unbounded, "", "along x = -t, y = -t"},
		{"sqrt(1 + (x - y)^2) + sqrt(1 + y^2 + (z - w)^2)", "x=:-1", false, Exact, "sqrt(5)", "does not change along w = t, x = 0, y = 0, z = t,"},
		{"log(exp(x) + exp(y) + exp(z)) - x - y/2 - z/4", "", false, Unbounded, "", ""},
		// Only in a half-plane, and with a bound.
		{"sqrt(x - y)*sqrt(y - x + 1) + log(1 + (x - y)^2)^2", "", false, "", "", "!does not change"},
		{"log(exp(x) + exp(y)) - 0.3x - 0.7y", "x=0:", false, "", "", "!does not change"},
	})
}

// Minimisers on a line through simple coordinates and multiples of one that is not simple.
func TestClosedFormsOnLines(t *testing.T) {
	reduced(t, []reducible{
		{"exp(x + 3y - 0.1) + exp(x - 3y - 0.1) + exp(-x - 0.1)", "", false, Exact, "2 exp(-1/10) sqrt(2)", ""},
		{"x^2 + y^2 + exp(x + y)", "", false, Exact, "W(1)^2/2 + W(1)", ""},
		{"log(exp(x) + exp(y) + exp(z)) - x/2 - y/4 - z/4", "", false, Exact, "3 log(2)/2", ""},
		{"x^3 + y^3 - 3x*y + x^4 + y^4", "", false, Exact, "-57 sqrt(57)/256 - 531/256", ""},
		{"x^2 + exp(x*y) + y^2 + x", "", false, Certified, "", ""},
	})
}

// What follows is checked again, and refused when a part of it is changed.
func TestReductionsVerified(t *testing.T) {
	for _, f := range []string{"x/(1 + x^2 + y^2)", "x*y*z/(1 + x^4 + y^4 + z^4)", "(2*x + 3*y - 1)/(x^2 + y^2 + 4)", "x*y/(x^2 + y^2)",
		"x*exp(-x^2 - y^2)", "cosh(y)*(1 + x^2) + x", "log(cosh(x - 2))*exp(y) + exp(y) - y",
		"log(exp(x) + exp(y)) - 0.3*x - 0.7*y", "sin(x - y) + (x - y)^2/9 + (y - z)^2",
		"x/(1 + x^2)*y/(1 + y^2)"} {
		p := problemOf(t, f, "")
		a, err := Solve(context.Background(), p, Options{Certificate: true, Timeout: 3 * time.Second})
		if err != nil || a.Certificate == nil || a.Certificate.Reduction == nil {
			t.Fatalf("%s: no reduction: %v", f, err)
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: not confirmed: %+v", f, r)
		}
		r := a.Certificate.Reduction
		parts := []*string{&r.Parts[0].Formula}
		if r.Inner != "" {
			parts = append(parts, &r.Inner)
		}
		if r.Constant != "" {
			parts = append(parts, &r.Constant)
		}
		switch {
		case len(r.Of) > 0:
			parts = append(parts, &r.Of[0][0])
		case len(r.Lift) > 0:
			parts = append(parts, &r.Lift[0])
		}
		for _, part := range parts {
			old := *part
			*part = "1/3 + 2*(" + old + ")"
			if checkAgain(t, a.Certificate).Valid {
				t.Errorf("%s: the changed reduction %+v was confirmed", f, r)
			}
			*part = old
		}
	}
}

func TestProducts(t *testing.T) {
	reduced(t, []reducible{
		{"x/(1 + x^2)*y/(1 + y^2)", "", false, Exact, "-1/4", "the least product of these is -0.25"},
		{"3*sin(x)*exp(-y^2)*(z^2 + 1)/(z^4 + 2)", "", true, Exact, "3 sqrt(3)/4 + 3/4", "the greatest product of these"},
		{"(x^2 - 2x + 3)*(y + 2)", "y=-1:5", false, Exact, "2", ""},
		{"(x^2 - 1)*(y^2 + y)*(-2)", "x=-3:2,*=-1:2", false, Exact, "-36", ""},
		{"tanh(x - 1)*tanh(1 - y)", "", false, NotAttained, "-1", "the least product of these is -1"},
		{"exp(-x^2)*atan(y)", "", true, NotAttained, "pi/2", ""},
		{"exp(-x^2)*sin(y)^2", "", false, Exact, "0", ""}, // at every x with sin(y) = 0
		{"sin(x)*y", "", false, Unbounded, "", "!product"},
		// Products of ends whose enclosures are the same.
		{"cos(x)*(0.3*sin(y) - 1e-30)", "", false, Exact, "-300000000000000000000000000001/1e30", ""},
		{"cos(x)*(0.3*sin(y) - 1e-30)", "", true, Exact, "300000000000000000000000000001/1e30", ""},
	})
}

// Formulas that powers outweigh once functions that grow slowly or fast are bounded by
// polynomials, and convex ones whose parts are.
func TestGrowth(t *testing.T) {
	reduced(t, []reducible{
		{"x^2 + y^2 - 5*log(1 + x^2 + 3y^2)", "", false, Exact, "14/3 - 5 log(15)", "highest powers"},
		{"x^2 + y^2 - 3*abs(x - 2y)", "", false, Certified, "", "highest powers"},
		{"cosh(x) + cosh(y) - 2x*y", "", false, Certified, "", "highest powers"},
		{"x^2 + y^2 - log(exp(x) + exp(y)) + 0.3x - 0.2y", "", false, Certified, "", "highest powers"},
		{"x*log(x) + y*log(y) + (x - y)^2", "", false, Exact, "-2 exp(-1)", "convex"},
		{"x*exp(y) - y*exp(x)", "", false, Unbounded, "", ""},
		{"sqrt(x^2 + y^2) - sin(x - y) - x/2", "", false, Certified, "", "highest powers"},
		{"sqrt((x - 1)^2 + y^2) + sqrt(x^2 + (y - 2)^2) - x/3 + sin(x*y)", "", false, Certified, "", "highest powers"},
		{"sqrt(x^2 + y^2) - 2x", "", false, Unbounded, "", ""},
		{"abs(x + 2) + y^4 + x*y/3", "", false, Unbounded, "", "y = -20"},
		{"abs(x + 2) + y^4/10 + x*y/25", "", false, Unbounded, "", "t^3"},
		{"x^2 - cosh(y)", "", false, Unbounded, "", ""},
		// Positive definite quadratic parts: FLETCBV2 of CUTEst, and others.
		{"(x[1]^2 + sum((x[i] - x[i+1])^2, i, 1, 9) + x[10]^2)/2 - sum(2*x[i] + cos(x[i]), i, 1, 10)/121", "", false, Certified, "", "highest powers"},
		{"sum(x[i]^2, i, 1, 8) + 1.9*sum(x[i]*x[i+1], i, 1, 7)/2 + sum(sin(x[i]), i, 1, 8)/9 - x[1]", "", false, Certified, "", "highest powers"},
		{"x^2 + 1.9*x*y + y^2 + z^2 + sin(x + z) - 2*y", "z=0:", false, Certified, "", "highest powers"},
	})
}

// All minimisers of answers whose value the form of the formula gives.
func TestAllMinimisers(t *testing.T) {
	for _, c := range []struct {
		formula, region string
		minimisers      int
		complete        bool
	}{
		{"(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "", 4, true}, // Himmelblau, 1972
		{"(x^2 + y^2 - 1)^2 + (x - y)^2", "", 2, true},
		{"(x^2 - 2)^2 + (y - x)^2 + (z - x*y)^2", "", 2, true},
		{"(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "*=0:5", 1, true},
		{"(1 - x)^2 + 100*(y - x^2)^2", "", 1, true},
		{"(x - y^2)^2*(x + y)^2 + (x*y)^4", "", 1, false}, // singular there
		// Products have their least value at several pairs of ends.
		{"1 + cos(x)*cos(y)", "*=-1:4", 2, true},
		{"8 + sin(x)*sin(y)*sin(z)*8", "*=0:6", 4, true},
		{"1 + x*y", "*=-1:1", 2, true},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, c.region), Options{})
		if err != nil || len(a.Minimisers) != c.minimisers || a.MinimisersComplete != c.complete {
			t.Errorf("%s (%s): %d minimisers, complete: %t; %v %v", c.formula, c.region, len(a.Minimisers), a.MinimisersComplete, a.Proof, err)
			continue
		}
		p := expr.MustParse(c.formula)
		prog, err := tape.Compile(a.Vars, p)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range a.Minimisers {
			var f [1]float64
			prog.NewMachine().Eval(f[:], m.X)
			if !(f[0] < 1e-25) {
				t.Errorf("%s: f = %g at minimiser %d", c.formula, f[0], i)
			}
			for _, other := range a.Minimisers[:i] {
				if model.Near(m.X, other.X) {
					t.Errorf("%s: %v twice", c.formula, m.X)
				}
			}
		}
	}
}
