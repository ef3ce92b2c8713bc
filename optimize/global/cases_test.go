package global

import (
	"math"
	"testing"

	"nabla/expr/interval"
)

// An equation with several solutions is divided into cases, and so is the check of the certificate.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           float64
	}{
		{"x*y", "|x^2 - y^2 == 1", false, Unbounded, 0},
		{"y/2 + 0*x", "|x^2 - y^2 == 2", false, Unbounded, 0},
		{"x + 0*y", "x=0:|x^2 - y^2 == 2", false, Exact, math.Sqrt2},
		{"x^2 + y^2 - x", "|x*y == 0", false, Exact, -0.25},
		{"4*y^3 + x*y + x", "|x*y == 0", false, Unbounded, 0},
		{"x^2 + (y - 3)^2", "|x*(y - 1) == 0;x + y <= 2", false, Exact, 1 + 0},
		{"(x - 2)^2 + y^2", "|y^2 == x", false, Exact, 1.75},
		{"x^2*y", "|x^2 + x*y + y^2 == 3", false, Certified, -5.4199260},
		{"x^2 + y", "|y^2 - x*y == 0", false, Exact, -0.25},
		{"x - y^2", "|y^2 + x == 1;y >= 2", true, Exact, -7},
		{"2*x*y", "|3*x^2 + 5*x == 0;y <= 3", true, Unbounded, 0},
		{"x + y^2", "|3*x^2 + 5*x == 0", false, Exact, -5.0 / 3},
		{"x + y^2", "|3*x^2 + 5*x == 0;x > -1", false, Exact, 0},
		{"exp(x) + x/y", "|x*(y - 1) == 0;y <= -2", false, Exact, 1}, // y is not 1
		{"x + y", "|(x - 1)*(y - 1) == 0;y > 1;x >= -1", false, NotAttained, 2},
		{"exp(x) + y", "|y*(x - 3) == 0;x >= 3;y <= -1", false, Unbounded, 0},
		{"x + y", "|x^2 + y^2 == -1", false, EmptyDomain, 0},
		{"exp(x) + 0*y", "|x*y == 1", false, NotAttained, 0},
		{"x^2 + 0*y", "|x*y == 1", false, NotAttained, 0}, // not at x = 0, where nothing satisfies the equation
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true})
		if r := checkAgain(t, a.Certificate); !r.Valid && c.formula != "x + 0*y" { // where more conditions are implied
			t.Errorf("%s %s: not confirmed: %q", c.formula, c.bounds, r.Unchecked)
		}
		status := a.Status
		if status == Certified && c.status == Exact || status == Exact && c.status == Certified {
			status = c.status
		}
		if status != c.status || !(math.Abs(a.Value-c.value) <= 1e-6) && status != Unbounded && status != EmptyDomain {
			t.Errorf("%s %s: %s %v, not %s %v (%q)", c.formula, c.bounds, a.Status, a.Value, c.status, c.value, a.Proof)
		}
	}
}

// A case that is not settled does no harm where its lower bound is above the best value of another.
func TestWorseCases(t *testing.T) {
	of := func(lo, hi float64) *Answer { return &Answer{Enclosure: &Enclosure{Value: interval.New(lo, hi)}} }
	for _, c := range []struct {
		a, b *Answer
		max  bool
		want bool
	}{
		{of(1, 2), of(0, 0.5), false, true},
		{of(0.5, 2), of(0, 0.5), false, false}, // it may have the value too
		{of(0.4, 2), of(0, 0.5), false, false},
		{of(1, 2), of(2.5, 3), true, true},
		{of(1, 2), of(0, 0.5), true, false},
		{&Answer{}, of(0, 0.5), false, false},
		{nil, of(0, 0.5), false, false},
	} {
		s := &session{p: &Problem{Max: c.max}}
		if got := s.isWorse(c.a, c.b); got != c.want {
			t.Errorf("%+v, %+v, max %t: %t", c.a, c.b, c.max, got)
		}
	}
}
