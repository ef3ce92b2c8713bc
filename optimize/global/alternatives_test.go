package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

// Case distinctions in several variables, conditions of which one has to hold, and edges that
// these leave out; the values by hand.
func TestAlternatives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f     string
		conds []string
		stat  Status
		value string
	}{
		{"if(x < y, x^2 + y^2, 1)", nil, NotAttained, "0"}, // near 0, where it is 1
		{"if(x <= y, x^2 + y^2, 1)", nil, Exact, "0"},
		{"if(x + y > 1, x^2 + y^2, 3 - x)", []string{"x <= 2", "y <= 2", "x >= -2", "y >= -2"}, NotAttained, "1/2"},
		{"if(x > 0 and y > 0, x*y, x^2 + y^2)", nil, Exact, "0"},
		{"if(x^2 + y^2 < 1, 1 - x^2 - y^2, (x-2)^2 + y^2)", nil, Exact, "0"},
		{"if(x == y, -1, x^2 + y^2)", nil, Exact, "-1"},
		{"if(x != y, -1, x^2 + y^2)", nil, Exact, "-1"},
		{"if(x + y == 0, 0, 1 + sqrt(10000*abs(x + y)))", []string{"abs(x) <= 10"}, Exact, "0"},
		{"if(x < 0, (x+1)^2, if(y < 0, x - y, x*y + 1)) + y^2", nil, Exact, "0"},
		{"x^2 + y^2", []string{"x >= 1 or y >= 1"}, Exact, "1"},
		{"x^2 + y^2", []string{"not (x < 1 and y < 2)"}, Exact, "1"},
		{"abs(x*y)", []string{"x >= 1 or x <= -1", "y >= 1 or y <= -2"}, Exact, "1"},
		{"x + y", []string{"x^2 + y^2 <= 1", "x != y"}, NotAttained, "-sqrt(2)"},
		{"x + y", []string{"x > 1 or y > 1", "x >= 0", "y >= 0"}, NotAttained, "1"},
		{"x^2 + y^2 - 1", []string{"x*y < 0", "x*y >= -1"}, NotAttained, "-1"}, // the gradient of x y does not say that it is near
		{"x", []string{"x < 0 or x > 1", "x >= 0", "y >= x"}, NotAttained, "1"},
		{"x^2 + y^2", []string{"x < 0 or y < 0", "x > 0", "y > 0"}, EmptyDomain, ""},
		// A continuum of minimisers on an edge that is left out.
		{"1 - x^2 - y^2", []string{"x^2 + y^2 < 1"}, NotAttained, "0"},
		{"x^2 + y^2", []string{"x^2 + y^2 > 1"}, NotAttained, "1"},
		{"1 - x^2 - y^2", []string{"x^2 + y^2 <= 1"}, Exact, "0"},
		{"1 + 3x/2 - x*cos(x - y)/2", []string{"x > 0"}, NotAttained, ""}, // 1
		{"x^2*(1 + 3x/2 - x*cos(x - y)/2)/(1 + x^2)", []string{"x > 0"}, NotAttained, ""},
		{"x*(1 + sin(y - x))", []string{"x > 0"}, Exact, "0"},
	} {
		p := Problem{F: expr.MustParse(c.f)}
		for _, text := range c.conds {
			p.SubjectTo = append(p.SubjectTo, condition(t, text))
		}
		p.Vars = []string{"x", "y"}
		a := solved(t, p, Options{Timeout: 2 * time.Second})
		if a.Status != c.stat || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s under %v: %s %v %v, want %s %s", c.f, c.conds, a.Status, a.Value, a.Warnings, c.stat, c.value)
		}
	}
}

// A case is defined where the formula is: x^3/x has no value at 0.
func TestCasesKeepTheDomain(t *testing.T) {
	f := expr.MustParse("if(y > 0, x^3/x, 5) + (y - 1)^2")
	for n := range f.All() {
		if n.Op() == expr.If {
			if g := replaced(f, n, n.Arg(1)); len(simplify.Domain(g)) == 0 {
				t.Errorf("%s is defined everywhere", format.Text(g))
			}
		}
	}
}

// A family of minimisers of a case holds within the case.
func TestFamiliesOfCases(t *testing.T) {
	a, err := Solve(context.Background(), Problem{F: expr.MustParse("if(y > 1, x^2, x^2 + (y - 1)^2)")}, Options{})
	if err != nil || a.Status != Exact || len(a.Minimisers) != 2 {
		t.Fatalf("%v %+v", err, a)
	}
	first := a.Minimisers[0]
	if first.Family != "x = 0, any y where y > 1" || !(first.X[1] > 1) {
		t.Errorf("%q, %v", first.Family, first.X)
	}
}

// The domain is that of the formula, whichever case has the answer.
func TestDomainOfCases(t *testing.T) {
	a, err := Solve(context.Background(), Problem{F: expr.MustParse("if(x*y > 0, x + y, 1/(x*y))")}, Options{})
	if want := "x y > 0 or x y != 0"; err != nil || a.Domain != want {
		t.Errorf("%v, %q, want %q", err, a.Domain, want)
	}
}

// What is claimed of random case distinctions holds at random points.
func TestRandomAlternatives(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	form := func() string {
		return fmt.Sprintf("%d*x^2 + %d*y^2 + %d*x - %d*y + %d", r.IntN(3), r.IntN(3), r.IntN(7)-3, r.IntN(7)-3, r.IntN(5)-2)
	}
	proved := 0
	for range 25 {
		relation := []string{"<", "<=", ">", ">="}[r.IntN(4)]
		f := fmt.Sprintf("if(%d*x + %d*y %s %d, %s, %s)", r.IntN(5)-2, r.IntN(5)-2, relation, r.IntN(3)-1, form(), form())
		p := problemOf(t, f, "x=-2:2,y=-2:2")
		a := solved(t, p, Options{Timeout: 2 * time.Second})
		switch a.Status {
		case Exact, Certified, NotAttained, Constant:
			proved++
			consistent(t, f, p, a)
		}
	}
	if proved < 20 {
		t.Errorf("%d of 25 proved", proved)
	}
}

// The sides of a kink are cases, where boxes come to the least value on it slowly.
func TestKinks(t *testing.T) {
	for _, c := range []struct {
		formula, region string
		max             bool
		status          Status
		value           float64
	}{
		{"abs(x+y)+x^2+(x^2-1)^2+y^4", "", false, Exact, 0.875},
		{"abs(x+y)+x^4+exp(x*y)+(x^2-1)^2", "", false, Certified, 1.0663743087}, // on x + y = 0
		{"y^4+x^2+max(x,y)", "|x^2+y^2 == 1", false, Exact, 0.75 - math.Sqrt2/2},
		{"max(x,y)+(y^2-2)^2", "", false, Certified, -1.4441920666}, // at any x below
		{"-abs(x+y)-x^2-(x^2-1)^2-y^4", "", true, Exact, -0.875},
		{"x^3-x*y+cos(x)", "|abs(x)+abs(y) <= 1", false, Certified, math.Cos(1) - 1},
		{"x*y*z", "|abs(x)+abs(y)+abs(z) <= 1", false, Certified, -1. / 27},
		{"min(x^2+(y-1)^2, exp(x)+y^2-1)+abs(x*y)/3", "x=-3:3,y=-3:3", false, Certified, math.Exp(-3) - 1}, // at (-3, 0)
	} {
		p := problemOf(t, c.formula, c.region)
		p.Max = c.max
		a := solved(t, p, Options{})
		if a.Status != c.status && !(c.status == Certified && a.Status == Exact) || math.Abs(a.Value-c.value) > 1e-7 {
			t.Errorf("%s (%s): %v %.10g, want %v %.10g", c.formula, c.region, a.Status, a.Value, c.status, c.value)
		}
	}
}

// Sums of losses by cases are convex; the values by SciPy.
func TestLosses(t *testing.T) {
	huber := func(u string) string { return "if(abs(" + u + ") <= 1/2, (" + u + ")^2/2, (abs(" + u + ") - 1/4)/2)" }
	for _, c := range []struct {
		formula string
		value   float64
	}{
		{huber("1.1-a-b") + "+" + huber("1.9-a-2b") + "+" + huber("3.2-a-3b") + "+" + huber("9-a-4b") + "+" + huber("4.8-a-5b"), 2.392857142857},
		{huber("1-x") + "+" + huber("x-y") + "+" + huber("y+2"), 1.125},
		{"if(1-a-b > 0, (1-a-b)^2, 0) + if(1+a-2b > 0, (1+a-2b)^2, 0) + if(2-3a-b > 0, (2-3a-b)^2, 0) + a^2/2 + b^2/3", 0.2484848484848},
		{"if(x < 1, exp(x), 3x + exp(1) - 3) - 2x + (x-y)^2", 2 - 2*math.Ln2},
	} {
		a := solved(t, problemOf(t, c.formula, ""), Options{})
		if a.Status != Certified && a.Status != Exact || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s: %v %.13g, want %.13g", c.formula, a.Status, a.Value, c.value)
		}
	}
}

// An equation that says that a product is 0 leaves a case for each factor, and the verifier sees that.
func TestFactors(t *testing.T) {
	for _, c := range []struct {
		f      string
		conds  []string
		status Status
		value  string
		method string
	}{
		{"x^2 + y^2 - x - 2y", []string{"x*y == 0"}, Exact, "-1", "cases"},
		{"(x-2)^2 + (y-1)^2", []string{"3x*(y - x)^2 == 0"}, Exact, "1/2", "cases"},
		{"x^2 + y^2 - 3x", []string{"x*(x - 1)*x^2 == 0"}, Exact, "-2", "cases"},
		{"-x^2 + y^2", []string{"x*y == 0"}, Unbounded, "", ""},
		{"x + y", []string{"x*y == 0", "x > 0", "y > 0"}, EmptyDomain, "", ""},
		{"x^2 + y^2 - 3x", []string{"0*x*(y - 1) == 0"}, Exact, "-9/4", ""},
		// complementary slackness: the inner question is to make (y-1)^2 least where y >= x
		{"(x-3)^2 + (y+1)^2", []string{"2y - 2 - m == 0", "m*(y - x) == 0", "m >= 0", "y >= x"}, Exact, "8", "cases"},
	} {
		a := solved(t, problemOf(t, c.f, "|"+strings.Join(c.conds, ";")), Options{Certificate: true})
		if a.Status != c.status || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) || c.method != "" && a.Method != c.method {
			t.Errorf("%s under %q: %s %v (%s), want %s %s", c.f, c.conds, a.Status, a.ExactValue, a.Method, c.status, c.value)
			continue
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s under %q: %q", c.f, c.conds, r.Unchecked)
		}
	}
}

// A factor that is not defined everywhere may not fall away, and neither may a constant that is 0 or may be.
func TestFactorsOfZero(t *testing.T) {
	for text, want := range map[string]int{
		"x*(y - 1) == 0":                   2,
		"3x*y^2*x*z == 0":                  3,
		"sqrt(x)*(y - 1) == 0":             0,
		"x*(y - 1) == 1":                   0,
		"0*x*(y - 1) == 0":                 0,
		"(sin(1)^2 + cos(1)^2 - 1)*x == 0": 0,
		"x*(y - 1) <= 0":                   0,
		"x/y == 0":                         0,
	} {
		if got := len(factorsOfZero(condition(t, text))); got != want {
			t.Errorf("%s: %d factors, want %d", text, got, want)
		}
	}
}
