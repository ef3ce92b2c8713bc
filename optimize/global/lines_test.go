package global

import (
	"testing"
	"time"
)

// Formulas that fall without end inside a bounded region, at poles at the edge of it and on curves, or along a curve that bounds hold.
func TestUnboundedInside(t *testing.T) {
	for _, c := range [][2]string{
		{"x/y", "|x+y>=2 and x<=3 and y<=4 and x>=1"},
		{"log(x)+y", "|x^2+y^2<=1"},
		{"x/(y-x^2)", "x=-1:1,y=-1:1|x+y>=1/2"},
		{"x*log(1-x*y)", "x=0.5:1,y=0.5:3"},
		{"abs(x+2)+y^4+x*y/100", ""},
		{"x+2+y^4+x*y/100", "x=-2:"},
		{"z^2+x+y^4+x*y/100", "x=-2:"},
		// on lines on which a linear form is between 0 and 1
		{"(1+x^2)*((-x-y)*log(-x-y))+x*y+1/(1+y^2)", ""},
		{"(1+x^2)*((2x+3y)*log(2x+3y))+x", ""},
	} {
		a := solved(t, problemOf(t, c[0], c[1]), Options{Certificate: true})
		if a.Status != Unbounded {
			t.Errorf("%s, %s: %s %v by %s", c[0], c[1], a.Status, a.Value, a.Method)
		} else if r := checkAgain(t, a.Certificate); !r.Valid && c[0] != "x/(y-x^2)" { // whose pole is at an irrational number
			t.Errorf("%s, %s: not confirmed: %q", c[0], c[1], r.Unchecked)
		}
	}
	// Poles that the region does not reach, or only from the side where f rises.
	for _, c := range [][2]string{
		{"x/(y-x^2)", "x=0:1,y=2:3"},
		{"log(x)+y", "|(x-2)^2+y^2<=1"},
		{"1/(x^2+y^2-1)", "x=1:2,y=1:2|x+y>=1/2"},
	} {
		a := solved(t, problemOf(t, c[0], c[1]), Options{})
		if a.Status != Exact && a.Status != Certified {
			t.Errorf("%s, %s: %s %v by %s", c[0], c[1], a.Status, a.Value, a.Method)
		}
	}
	// Poles nearer to a bound than float64 tells.
	for _, c := range [][2]string{
		{"-1/(y^2+(x-1/10)^2)", "x=0.10000000000000000001:3,y=-1:1"},
		{"-1/((y-x)^2+(x-1/10)^2)+sin(x*y)", "x=0.10000000000000000001:3,y=-1:1"},
	} {
		a := solved(t, problemOf(t, c[0], c[1]), Options{Timeout: time.Second})
		if a.Status == Unbounded {
			t.Errorf("%s, %s: %q", c[0], c[1], a.Proof)
		}
	}
}
