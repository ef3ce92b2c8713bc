package global

import (
	"context"
	"testing"
	"time"

	"nabla/optimize/global/internal/model"
)

// The points of a witness lie in the region, and f is defined there.
func TestWitnessPointsInRegion(t *testing.T) {
	for _, c := range [][2]string{
		{"1/(x^5-x-1)", "x=1.16:1.2"}, // the pole has no closed form
		{"-1/(x^5-x-1)", "x=1.16:1.2"},
		{"1/(x-1)", "|x>0;x<1"}, // the path to the pole starts at 0
		{"x^3", "|x<-1"},
		{"-((x^3)/(x*log(x)))^2", ""}, // 0/log(0) is 0 in floats
	} {
		p := problemOf(t, c[0], c[1])
		a, err := Solve(context.Background(), p, Options{Timeout: 5 * time.Second})
		if err != nil || a.Status != Unbounded || a.Witness == nil || len(a.Witness.Points) == 0 {
			t.Errorf("%v: %v %v", c, err, a)
			continue
		}
		m, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		prober := m.Prober()
		for _, x := range a.Witness.Points {
			if _, ok := prober.AtPoint(x); !ok || !prober.Feasible(x) {
				t.Errorf("%v: the witness has the point %v", c, x)
			}
		}
	}
}

// The minimiser that is told lies in its enclosure.
func TestMinimiserInEnclosure(t *testing.T) {
	for _, c := range [][2]string{
		{"1/2*((x - tanh(z)/z)^2)^2 + 1/(4 - y^2) + y", "x=-1:2,y=0:1"}, // flat: the best point is far from the zero of the squares
		{"(x - tanh(z)/z)^4", ""},
		{"x^4*exp(-x) + (y-x^3)^4", "x=-1:1"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c[0], c[1]), Options{Timeout: 5 * time.Second})
		if err != nil || a.Status != Exact && a.Status != Certified {
			t.Errorf("%v: %v %v", c, err, a)
			continue
		}
		for i, b := range a.Enclosure.At {
			if model.ClipTo(a.At[i], b) != a.At[i] {
				t.Errorf("%v: %v lies outside %v", c, a.At, a.Enclosure.At)
			}
		}
	}
}

// A strict condition does not hold with equality at a minimiser, which may be as near to the edge as floats are.
func TestStrictConditionsAreSlack(t *testing.T) {
	a, err := Solve(context.Background(), problemOf(t, "abs(y^2-1)", "y=0:1,x=0:2|x*y<1"), Options{Timeout: 5 * time.Second})
	if err != nil || a.Status != Exact && a.Status != Certified || len(a.Active) > 0 {
		t.Errorf("%v %v", err, a)
	}
}

// Minimisers of a parametric form need not have closed forms.
func TestQuotientWithoutClosedForms(t *testing.T) {
	if _, err := Solve(context.Background(), problemOf(t, "3*(3*expm1(x*y)/y)+5", "|x>0;x+y<1"), Options{Timeout: 5 * time.Second}); err != nil {
		t.Error(err)
	}
}
