package global

import (
	"context"
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/prove"
)

// Geometric programs have their least value by the inequality of the arithmetic and
// geometric means.
func TestPosynomials(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           float64
	}{
		// Duffin, Peterson and Zener, Geometric Programming, 1967: gravel in boxes.
		{"40/(x*y*z) + 40*y*z + 20*x*z + 10*x*y", "|x > 0;y > 0;z > 0", false, Certified, 100},
		{"40/(x*y*z) + 40*y*z", "|x*z/2 + x*y/4 <= 1;x > 0;y > 0;z > 0", false, Certified, 60},
		// Boxes and cans.
		{"x*y*z", "|x*y + 2*x*z + 2*y*z == 12;x > 0;y > 0;z > 0", true, Certified, 4},
		{"x*y*z", "x=0:,y=0:,z=0:|x*y + 2*x*z + 2*y*z <= 12", true, Certified, 4},
		{"pi*r^2 + 2*pi*r*h + 1/(r*h)", "|r^2*h >= 1;h > 0;r > 0", false, Certified, 10.3991654548},
		// A factor of a sum may be written as such, and roots.
		{"(x + y)*(1/x + 4/y)", "|x > 0;y > 0;x*y == 3", false, Certified, 9},
		{"sqrt(x*y) + 8/x + 8/y", "|x > 0;y > 0", false, Certified, 8},
		// Terms that vanish: the infimum is that of the others.
		{"x*y", "|x > 0;y > 0", false, NotAttained, 0},
		{"x + 1/x + x/y", "|x > 0;y > 0", false, NotAttained, 2},
		{"5 + x/y + y*z", "|x*z >= 1;x > 0;y > 0;z > 0", false, Certified, 7},
		{"5 + x/y + y*z", "|x*z^2 >= 1;x > 0;y > 0;z > 0", false, NotAttained, 5},
		// Where a variable may be 0 it is.
		{"x*y", "x=0:,y=0:|x + y >= 1", false, Certified, 0},
		{"x + y*z", "x=0:,y=0:,z=0:|x*y*z <= 1", false, Certified, 0},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{})
		status := a.Status
		if status == Exact {
			status = Certified
		}
		if status != c.status || !(math.Abs(a.Value-c.value) <= 1e-6) {
			t.Errorf("%s %s: %s %v, not %v", c.formula, c.bounds, a.Status, a.Value, c.value)
		}
	}
}

// A variable may be negative by less than any float64: here f is unbounded below.
func TestPosynomialsOfPositiveVariables(t *testing.T) {
	for bounds, want := range map[string]bool{"x=-1/10^900:,y=0:": false, "x=0:,y=0:": true} {
		p := problemOf(t, "x + y + 1/(x*y)", bounds)
		m, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := (&session{ctx: context.Background(), p: &p, m: m}).geometricProgram(); ok != want {
			t.Errorf("%s: a geometric program: %t", bounds, ok)
		}
	}
}

// Where the terms in proportion to their weights determine a point, it has a closed form.
func TestPointsOfMeans(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		value           string
	}{
		{"2*pi*r*h + 2*pi*r^2", "r=0:,h=0:|pi*r^2*h >= 1", false, "3*2^(1/3)*pi^(1/3)"},
		{"2*x + 3*y", "x=0:,y=0:|x^(1/3)*y^(2/3) >= 4", false, "6*6^(2/3)"},
		{"x + 2*y", "x=0:,y=0:|x*y^2 >= 5", false, "3*5^(1/3)"},
		{"a*b + 2*a*c + 2*b*c", "a=0:,b=0:,c=0:|a*b*c >= 12", false, "12*3^(2/3)"},
		{"pi*r^2*h", "r=0:,h=0:|2*pi*r^2 + 2*pi*r*h <= 10", true, "10*sqrt(15)/(9*sqrt(pi))"},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true})
		if a.Status != Exact || format.Plain(a.ExactValue) != c.value {
			t.Errorf("%s %s: %s %v %v", c.formula, c.bounds, a.Status, a.Value, a.ExactValue)
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s %s: not confirmed: %q", c.formula, c.bounds, r.Unchecked)
		}
	}
}

// Closed forms where the weights of the means are irrational, or leave variables free.
func TestPosynomialsExactly(t *testing.T) {
	for _, c := range []struct{ formula, bounds, value, family string }{
		{"x*y*z + 1/(x*y) + 2/z", "x=2:,y=3:|z > 0", "4*sqrt(3) + 1/6", ""},
		{"x*w + y*v", "|x*y >= 4;w*v >= 9;x > 0;y > 0;w > 0;v > 0", "12", "v = t, w = 9/t, x = 2t/3, y = 6/t for t > 0"},
		{"x + y^3/z + z", "x=1:|y*x >= 2;z > 0", "10/3*(3/2)^(2/5)", ""},
		{"x^2*t + 1/(x*sqrt(t))", "|x > 0;t > 0", "3*2^(1/3)/2", "t = u, x = 2^(2/3)/(2u^(1/2)) for u > 0"},
		// No point at which variables are 1 is within the bounds.
		{"201*u^2*v*w/100000000000", "u=0:1296,v=0:5,w=0:15625|675 - u*v <= 0;419/1000 - u*w/10000000 <= 0", "5.6847825", ""},
		{"x*y", "|x*y >= 1;x <= 3;y <= 3;x > 0;y > 0", "1", ""}, // the bounds have weights 0
		// An equation with the weight 0 holds all the same.
		{"x*y*z + 1/(x*y*z)", "x=0:,y=0:,z=0:|x == y^2", "2", "x = t, y = t^(1/2), z = 1/t^(3/2) for t > 0"},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != Exact || !prove.Equal(a.ExactValue, expr.MustParse(c.value), prove.Budget{}).Equal {
			t.Errorf("%s %s: %s %v, not %s", c.formula, c.bounds, a.Status, a.ExactValue, c.value)
		}
		if a.Minimisers[0].Family != c.family {
			t.Errorf("%s %s: at %q, not %q", c.formula, c.bounds, a.Minimisers[0].Family, c.family)
		}
	}
}
