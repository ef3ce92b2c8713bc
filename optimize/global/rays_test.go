package global

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
)

func TestRays(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           float64
		exact           string
		family          string // of the first minimiser
	}{
		// The least eigenvalues of the pencils of quadratic forms.
		{"(x^2+x*y+y^2)/(x^2+2y^2)", "", false, Exact, 0.75 - math.Sqrt(3)/4, "3/4 - sqrt(3)/4", ""},
		{"(x^2+4x*y+3y^2)/(x^2+y^2)", "", false, Exact, 2 - math.Sqrt(5), "2 - sqrt(5)", "x = t, y = t(1/2 - sqrt(5)/2) for t > 0"},
		{"(x^2+4x*y+3y^2)/(x^2+y^2)", "", true, Exact, 2 + math.Sqrt(5), "sqrt(5) + 2", ""},
		{"(x^2+2x*y+5y^2+z^2)/(x^2+y^2+z^2)", "", false, Exact, 3 - math.Sqrt(5), "3 - sqrt(5)", ""},
		{"(x+2y+3z)/sqrt(x^2+y^2+z^2)", "", false, Exact, -math.Sqrt(14), "-sqrt(14)", "x = -t/3, y = -2t/3, z = -t for t > 0"}, // Cauchy and Schwarz
		{"x/(y+z)+y/(x+z)+z/(x+y)", "*=0:", false, Exact, 1.5, "3/2", ""},                                                       // Nesbitt
		{"x*y*z/(x^2+y^2+z^2)^1.5", "", false, Certified, -math.Sqrt(3) / 9, "", ""},
		{"(x^3+y^3)/(x^2+y^2)^1.5", "", false, Exact, -1, "-1", ""},
		// Of other degrees.
		{"sqrt(x^2+y^2)-0.6x-0.8y", "", false, Exact, 0, "0", ""},
		{"(x^2+y^2)^1.5-2x^2*y", "", false, Exact, 0, "0", ""},
		{"sqrt(x^2+y^2)-x-y", "", false, Unbounded, math.Inf(-1), "", ""},
		{"x/(x^2+y^2)", "", false, Unbounded, math.Inf(-1), "", ""},
		{"(x^2+y^2+x*y)/(x^2+y^2)^(3/2)", "", false, NotAttained, 0, "0", ""},
		{"(x^4+y^4)/(x^2+y^2)", "", false, NotAttained, 0, "0", ""}, // not defined at the origin
		{"(x^2-y^2)^2/(x^2+y^2)", "", false, Exact, 0, "0", ""},     // 0 on rays
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{})
		exact := ""
		if a.ExactValue.Valid() {
			exact = format.Text(a.ExactValue)
		}
		if a.Status != c.status || exact != c.exact || !(math.Abs(a.Value-c.value) < 1e-9 || a.Value == c.value) {
			t.Errorf("%s: %s %v %q by %s, want %s %v %q", c.formula, a.Status, a.Value, exact, a.Method, c.status, c.value, c.exact)
		}
		if c.family != "" && a.Minimisers[0].Family != c.family {
			t.Errorf("%s: at %s", c.formula, a.Minimisers[0].Family)
		}
	}
}

// Cones, and boxes round the origin of which they are part, with proofs that the verifier confirms where there are no other bounds than 0.
func TestRaysUnderConditions(t *testing.T) {
	for _, c := range []struct {
		formula, region string
		status          Status
		value           string
		confirmed       bool
	}{
		{"(x^2+y^2)/(x+y)", "|x+y>0", NotAttained, "0", true},
		{"(x^2+y^2)/(x*y)", "|x>=2y and y>0", Exact, "5/2", true},
		{"(x^2+y^2)/(x*y)", "|2x>=y and x<=3y and x>0", Exact, "2", true},
		{"x*y/(x^2+y^2)", "|x+y<=0 and x>=0", Exact, "-1/2", true},
		{"sqrt(x^2+y^2)-2x", "|x>=y and y>=0", Unbounded, "", true},
		{"sqrt(x^2+y^2)-x", "|x<=y", Exact, "0", true},
		{"x/y+y/x", "x=0:3,y=0:2|x>0 and y>0", Exact, "2", true},
		{"x/y+y/x", "x=0:3,y=0:0.3", Exact, "2", false},
		{"(x+y)/sqrt(x^2+y^2)", "x=-1:,y=0:3", Exact, "-1", false},
		{"a*(a-b)*(a-c)+b*(b-a)*(b-c)+c*(c-a)*(c-b)", "*=0:", Exact, "0", true}, // Schur
		// of a positive degree and negative somewhere: on the bounds
		{"x*y*(x^2-y^2)/(x^2+y^2)", "x=-1:1,y=-1:1", Exact, "-(-1 + sqrt(5))*sqrt(-2 + sqrt(5))/2", false},
		{"sqrt(x^2+y^2)-x-y/2", "x=-1:2,y=-1:2", Exact, "sqrt(3) - 2", false},
		{"-x*y/(x+y)", "x=0:2,y=0:3|x>=2y", Exact, "-2/3", false},
		{"-x*y/(x+y)", "x=0:2,y=0:3|x<2", NotAttained, "-6/5", false}, // the end does not belong to it
		{"(x^2+y^2)/(x+y)", "x=0:1,y=0:1", NotAttained, "0", false},
		{"x^3+y^3+z^3-3x*y*z", "|x+y+z>=0", Exact, "0", true},
	} {
		a := solved(t, problemOf(t, c.formula, c.region), Options{Certificate: true})
		if a.Status != c.status || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s, %s: %s %v %v by %s", c.formula, c.region, a.Status, a.Value, a.ExactValue, a.Method)
			continue
		}
		if r := checkAgain(t, a.Certificate); r.Valid != c.confirmed {
			t.Errorf("%s, %s: confirmed: %v, %q", c.formula, c.region, r.Valid, r.Unchecked)
		}
	}
}

// What is claimed of random homogeneous functions holds at random points.
func TestRandomRays(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	form := func(d int) string {
		var s string
		for i := 0; i <= d; i++ {
			s += fmt.Sprintf("%+d*x^%d*y^%d", r.IntN(9)-4, i, d-i)
		}
		return s
	}
	proved := 0
	for range 30 {
		f := []string{
			fmt.Sprintf("(%s)/(x^2+%dy^2)", form(2), 1+r.IntN(3)),
			fmt.Sprintf("(%s)/(x^2+y^2)^1.5", form(3)),
			fmt.Sprintf("sqrt(x^2+%dy^2)%+d/3*x+y*%d/4", 1+r.IntN(4), r.IntN(7)-3, r.IntN(5)-2),
			fmt.Sprintf("(%s)/hypot(x,y)+abs(x%+dy)", form(2), r.IntN(5)-2),
			fmt.Sprintf("atan((%s)/(x^2+x*y+y^2))", form(2)),
		}[r.IntN(5)]
		p := problemOf(t, f, []string{"", "*=0:", "y=:0"}[r.IntN(3)])
		a := solved(t, p, Options{})
		switch a.Status {
		case Exact, Certified, NotAttained:
			proved++
			consistent(t, f, p, a)
		case Unbounded:
			proved++
			if v := a.Witness.Values; !(v[len(v)-1] < v[0]) {
				t.Errorf("%s: unbounded, with the values %v", f, v)
			}
		}
	}
	if proved < 25 {
		t.Errorf("%d of 30 proved", proved)
	}
}
