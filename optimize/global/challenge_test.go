package global

import (
	"context"
	"math"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
)

// A claim that a point or its own parts contradict is withdrawn, and one that is right stays.
func TestChallenge(t *testing.T) {
	at := func(lo, hi float64) *Enclosure { return &Enclosure{Value: interval.New(lo, hi)} }
	for _, c := range []struct {
		f, bounds string
		max       bool
		a         Answer
		right     bool
	}{
		{f: "x^2 + y^2 - 1", a: Answer{Status: Exact, At: []float64{0, 0}, Enclosure: at(-1, -1), Attained: true}, right: true},
		{f: "x^2 + y^2 - 1", a: Answer{Status: Exact, At: []float64{1, 0}, Enclosure: at(0, 0), Attained: true}},
		{f: "x^2 + y^2 - 1", bounds: "x=1:2", a: Answer{Status: Certified, At: []float64{1, 0}, Enclosure: at(0, 1e-9), Attained: true}, right: true},
		{f: "1 - x^2", max: true, a: Answer{Status: Exact, At: []float64{0}, Enclosure: at(1, 1), Attained: true}, right: true},
		{f: "1 - x^2", max: true, a: Answer{Status: Exact, At: []float64{1}, Enclosure: at(0, 0), Attained: true}},
		// A low point far out, and one next to the point of the answer.
		{f: "x^2/(1 + x^2) - 2exp(-(x - 1e5)^2/1e9)", a: Answer{Status: Certified, At: []float64{0}, Enclosure: at(-1e-4, 0)}},
		{f: "abs(x) - 1e-5*exp(-1e10*(x - 1e-4)^2)*1e2", a: Answer{Status: Certified, At: []float64{0}, Enclosure: at(0, 0)}},
		// Attained, though it is said not to be; nowhere so low; everywhere the same.
		{f: "max(x, 0)", a: Answer{Status: NotAttained, Enclosure: at(0, 0)}},
		{f: "exp(x)", a: Answer{Status: NotAttained, Enclosure: at(0, 0)}, right: true},
		{f: "x - floor(x)", a: Answer{Status: Constant, Enclosure: at(0, 0), Attained: true}},
		{f: "x - x", a: Answer{Status: Constant, Enclosure: at(0, 0), Attained: true}, right: true},
		// Points of a region that is said to have none, and a region with none.
		{f: "log(x*y)", a: Answer{Status: EmptyDomain}},
		{f: "log(-x^2 - y^2)", a: Answer{Status: EmptyDomain}, right: true},
		// The value and the point, as they stand, do not agree; nor do the point and the bounds.
		{f: "x^2", a: Answer{Status: Exact, Attained: true, At: []float64{1}, Enclosure: &Enclosure{At: []interval.I{interval.Point(1)}, Value: interval.Point(0)}}},
		{f: "x^2", bounds: "x=1:2", a: Answer{Status: Exact, Attained: true, At: []float64{0}, Enclosure: &Enclosure{At: []interval.I{interval.Point(0)}, Value: interval.Point(0)}}},
		{f: "x^2", a: Answer{Status: Exact, Attained: true, At: []float64{0}, Enclosure: at(0, 0),
			Minimisers: []Point{{X: []float64{0}, Exact: []expr.Expr{expr.MustParse("pi - 3")}}}}},
	} {
		p := problemOf(t, c.f, c.bounds)
		p.Max = c.max
		a := c.a
		a.Value = math.NaN()
		p.challenge(context.Background(), &a)
		if stays := a.Status == c.a.Status; stays != c.right {
			t.Errorf("%s %s: %s became %s (%v)", c.f, c.bounds, c.a.Status, a.Status, a.Warnings)
		} else if !stays && !strings.Contains(strings.Join(a.Warnings, ""), "mistake") {
			t.Errorf("%s: no word of the mistake in %q", c.f, a.Warnings)
		}
	}
}

// Where the closed region has several minimisers and another than the first belongs to the open one, its enclosure and
// conditions are told, not those of the first.
func TestMinimiserInOpenRegion(t *testing.T) {
	for _, c := range []struct{ f, region string }{
		{"-z^3", "y=-1:2,z=-1:2|x > 0;x + y > 0"},
		{"2*((1/x)*(y*x))*abs(y) - 2abs(y)", "|y > 0;x + y > 0"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.f, c.region), Options{})
		if err != nil || a.Status != Exact || len(a.Active) > 0 {
			t.Errorf("%s for %s: %v %s, active %v, %q", c.f, c.region, err, a.Status, a.Active, a.Warnings)
			continue
		}
		for i, v := range a.Enclosure.At {
			if !v.Has(a.At[i]) {
				t.Errorf("%s for %s: at %v, enclosed in %v", c.f, c.region, a.At, a.Enclosure.At)
			}
		}
	}
}

// A minimiser that is told lies in the box that is proved to hold one, though the search stops where the value is near enough.
func TestRefine(t *testing.T) {
	for _, f := range []string{"-sin(x)*sin(x^2/pi)^20 - sin(y)*sin(2y^2/pi)^20", "(x - sqrt(2))^4 + (y - sin(x))^2 + cos(3x)*y/7"} {
		a, err := Solve(context.Background(), problemOf(t, f, "x=0:3,y=0:3"), Options{RelGap: 1e-6})
		if err != nil || a.Status != Certified || len(a.Enclosure.At) != 2 {
			t.Errorf("%s: %v %+v", f, err, a)
			continue
		}
		for i, b := range a.Enclosure.At {
			if !b.Has(a.At[i]) || !b.Has(a.Minimisers[0].X[i]) {
				t.Errorf("%s: %v and %v are not in %v", f, a.At, a.Minimisers[0].X, a.Enclosure.At)
			}
		}
	}
}
