package global

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"
)

// linearFits are models of T with data that are linear in some parameters, and the least sums of squares by SciPy from
// 400 starts.
var linearFits = []struct {
	model  string
	t, y   []float64
	value  float64
	bounds string
}{
	{"a*exp(-b*T) + c*exp(-d*T)", []float64{0, 1, 2, 3, 4, 6}, []float64{4.9, 2.3, 1.6, 1.1, 1, 0.5}, 0.017685363313175488, ""},
	{"a + c*T + g*exp(-b*T)", []float64{0, 0.5, 1, 2, 3, 5}, []float64{3, 2.4, 2, 1.8, 2, 2.4}, 0.006675863069820352, ""},
	{"a*T^b + c*T", []float64{1, 2, 3, 4, 5, 7}, []float64{2.3, 3.5, 4.3, 5.3, 6, 7.3}, 0.018154503542791713, ""},
	{"a*T + c*T^2 + g/(b + T)", []float64{0, 0.5, 1, 2, 3, 4}, []float64{8.1, 4.4, 2.5, 1.3, 3.1, 6.2}, 0.08972630279250576, ""},
	{"a*T^b + c*T^d", []float64{1, 2, 3, 4, 5, 7, 9}, []float64{2.1, 3.2, 4.4, 5.6, 7, 10.2, 13.9}, 0.002314772668453183, ""},
	{"a*cos(w*T) + c*sin(w*T)", []float64{0, 0.5, 1, 1.5, 2, 3}, []float64{2, 1.9, 1.1, -0.1, -1.2, -1.9}, 0.0034436386465445355, "w=0:6"},
	{"(a + c*T)/(1 + b*T)", []float64{0.5, 1, 2, 3, 5, 8}, []float64{1.6, 2, 2.5, 2.8, 3.2, 3.4}, 0.0022673599710137265, ""},
	{"a + c/(1 + exp(b - d*T))", []float64{0, 1, 2, 3, 4, 5}, []float64{0.6, 0.7, 1.2, 2.4, 3.3, 3.5}, 0.000542646696233587, "b=0:10,d=0.1:5"},
}

func TestLinearFits(t *testing.T) {
	for _, c := range linearFits {
		f := sumOfSquares(c.model, c.t, c.y)
		a, err := Solve(context.Background(), problemOf(t, f, c.bounds), Options{Timeout: 20 * time.Second})
		if err != nil || a.Status != Certified || math.Abs(a.Value-c.value) > 1e-9*math.Max(1, c.value) || a.Method != "variable projection" {
			t.Errorf("%s: %v %+v", c.model, err, a)
		}
	}
}

// What is approached only as parameters go to infinity or columns become equal is not said to be the minimum.
func TestLinearFitsNotAttained(t *testing.T) {
	for _, c := range []struct {
		model string
		t, y  []float64
	}{
		{"a*exp(-b*T) + c*exp(-d*T)", []float64{0, 1, 2, 3, 4}, []float64{0, 1, 0.8, 0.5, 0.2}}, // nearly t exp(-t)
		{"a + c*exp(-b*T)", []float64{0, 1, 2, 3}, []float64{0, 1, 2, 3}},                       // b → 0, c → ∞
		{"a + c*exp(-b*T)", []float64{0, 1, 2, 3}, []float64{5, 1, 1.2, 0.9}},                   // b → ∞
	} {
		f := sumOfSquares(c.model, c.t, c.y)
		a, err := Solve(context.Background(), problemOf(t, f, ""), Options{Timeout: 2 * time.Second})
		if err != nil || a.Status == Certified || a.Status == Exact {
			t.Errorf("%s: %v %+v", c.model, err, a)
		}
	}
}

// A gap where the least value would be taken is found although the search has looked at its image only: that with (a, b) and
// (c, d) exchanged.
func TestLinearFitWithGapInImage(t *testing.T) {
	y := []string{"42241/8448", "2899/2112", "9/16", "3683/16896", "21091/135168", "2051/32768"} // least at b = 1, d = 3 or b = 3, d = 1
	f := ""
	for i, v := range y {
		f += fmt.Sprintf("(%s - a*2^(-b*%d) - c*2^(-d*%d))^2 + ", v, i, i)
	}
	for _, c := range []struct {
		gap      string
		attained bool
	}{{"0/(b - 2)", true}, {"0/(b - 3)", false}} {
		a, err := Solve(context.Background(), problemOf(t, f+c.gap, "a=2.5:10"), Options{Timeout: 5 * time.Second})
		if err != nil || a.Status != Certified && (c.attained || a.Status != Local) || a.Status == Certified && a.Attained != c.attained {
			t.Errorf("%s: %v %+v", c.gap, err, a)
		}
	}
}

// TestNearlyDependentColumns has a column that comes near to the space of the others, powers that are rounded, where b goes to 0, or to ∞. The least sums are
// from a search with 40 digits.
func TestNearlyDependentColumns(t *testing.T) {
	q := []float64{0, 0.1, 0.3, 0.55, 0.85, 1.2, 1.6, 2.05, 2.55, 3.1}
	y := []float64{5.1, 4.2, 3.2, 2.9, 3.3, 4.1, 5.6, 8.2, 12.9, 21.3}
	for _, c := range []struct {
		column, bounds string
		value          float64
	}{
		{"g*exp(-b*%v)", "b=0:", 0.002532567322549526},
		{"g/(b + %v)", "b=0.001:", 0.00355208233976242013},
	} {
		f := "0"
		for i, v := range q {
			f += fmt.Sprintf(" + (a + c*%v + d*%v + h*%v + "+c.column+" - %v)^2", v, v*v, v*v*v, v, y[i])
		}
		p := problemOf(t, f, c.bounds)
		a, err := Solve(context.Background(), p, Options{Timeout: 10 * time.Second})
		if err != nil || a.Status != Certified || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s: %v %+v", c.column, err, a)
		}
	}
}
