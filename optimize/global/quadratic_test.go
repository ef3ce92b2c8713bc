package global

import (
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global/internal/quadratic"
)

// Quadratic functions of the whole space, with their exact answers.
func TestQuadratic(t *testing.T) {
	for _, c := range []struct {
		f      string
		max    bool
		status Status
		value  string
		at     string // family, or the point
	}{
		{"x^2 + 2*y^2 - 2*x*y - 2*y", false, Exact, "-1", "1 1"},
		{"(x + 2*y - 7)^2 + (2*x + y - 5)^2", false, Exact, "0", "1 3"},
		{"x^2 + x*y + y^2 + x/3", false, Exact, "-1/27", "-2/9 1/9"},
		{"-x^2 - y^2 + x", true, Exact, "1/4", "1/2 0"},
		{"(x - y)^2", false, Exact, "0", "x = t, y = t for real t"},
		{"(x + y + z - 1)^2", false, Exact, "0", "x = -t1 - t2 + 1, y = t1, z = t2 for real t1, t2"},
		{"x*y", false, Unbounded, "", ""},
		{"x^2 - y^2", false, Unbounded, "", ""},
		{"x^2 + y", false, Unbounded, "", ""},
		{"x^2 + y^2", true, Unbounded, "", ""},
		{"(x - y)^2 + x", false, Unbounded, "", ""},
		{"x - x + y - y + 3", false, Constant, "3", "x = t1, y = t2 for real t1, t2"},
		{"0.1*x^2 + 0.3*x*y + y^2 - 0.7*y", false, Exact, "-49/310", "-21/31 14/31"},
	} {
		e := expr.MustParse(c.f)
		p := &Problem{F: e, Vars: e.Vars(), Max: c.max}
		a, ok := solveQuadratic(p)
		if !ok {
			t.Errorf("%s: not answered", c.f)
			continue
		}
		if a.Status != c.status {
			t.Errorf("%s: %s, want %s", c.f, a.Status, c.status)
			continue
		}
		if a.Status == Unbounded {
			checkFalls(t, c.f, a, c.max)
			continue
		}
		at := a.Minimisers[0].Family
		if at == "" {
			for i, x := range a.ExactAt {
				if i > 0 {
					at += " "
				}
				at += format.Text(x)
			}
		}
		if got := format.Text(a.ExactValue); got != c.value || at != c.at {
			t.Errorf("%s: %s at %s, want %s at %s", c.f, got, at, c.value, c.at)
		}
		for i, x := range a.At {
			if !a.Enclosure.At[i].Has(x) {
				t.Errorf("%s: %g is outside its enclosure", c.f, x)
			}
		}
	}
}

// checkFalls evaluates f at the points of the witness.
func checkFalls(t *testing.T, f string, a *Answer, max bool) {
	t.Helper()
	for k, v := range a.Witness.Values {
		down := v < 0
		if max {
			down = v > 0
		}
		if k == len(a.Witness.Values)-1 && !down {
			t.Errorf("%s: the witness ends at %g", f, v)
		}
	}
}

// What is no quadratic is not taken for one.
func TestNotQuadratic(t *testing.T) {
	for _, f := range []string{"x^3", "x^2*y", "sin(x)", "x/y", "sqrt(2)*x^2", "abs(x)", "x^y"} {
		e := expr.MustParse(f)
		if _, ok := quadratic.Of(e, e.Vars()); ok {
			t.Errorf("%s was taken for a quadratic", f)
		}
	}
}

// A quadratic with a smaller domain is not solved on the whole space.
func TestQuadraticWithDomain(t *testing.T) {
	for _, f := range []string{"sqrt(x)^2", "x^2/x + y^2", "x^2 + 0*log(y)"} {
		e := expr.MustParse(f)
		if a, ok := solveQuadratic(&Problem{F: e, Vars: e.Vars()}); ok {
			t.Errorf("%s: %s", f, a.Status)
		}
	}
}

// Inside bounds a convex quadratic is answered when its minimum lies there.
func TestQuadraticInBounds(t *testing.T) {
	e := expr.MustParse("(x - 1)^2 + y^2")
	bound := func(lo, hi string) Bound { return Bound{Lo: expr.MustParse(lo), Hi: expr.MustParse(hi)} }
	p := &Problem{F: e, Vars: e.Vars(), Bounds: []Bound{bound("-pi", "pi"), bound("-1", "1")}}
	if a, ok := solveQuadratic(p); !ok || a.Status != Exact {
		t.Error("the minimum inside the bounds was not found")
	}
	p.Bounds[0] = Bound{Lo: expr.MustParse("1"), LoOpen: true}
	if _, ok := solveQuadratic(p); ok {
		t.Error("a minimum on an end that does not belong to the bounds was accepted")
	}
	p.Bounds[0] = bound("2", "3")
	if _, ok := solveQuadratic(p); ok {
		t.Error("a minimum outside the bounds was accepted")
	}
}

// Between bounds not all points of a line are minimisers.
func TestFamilyWithinBounds(t *testing.T) {
	for bounds, want := range map[string]string{
		"x=0:9,y=0:": "x = 4 - t, y = t, z = 0 for real t within the bounds",
		"z=-1:1":     "x = 4 - t, y = t, z = 0 for real t",
	} {
		a := solved(t, problemOf(t, "(x + y - 4)^2 + z^2", bounds), Options{})
		if got := a.Minimisers[0].Family; got != want {
			t.Errorf("%s: %q, want %q", bounds, got, want)
		}
	}
}
