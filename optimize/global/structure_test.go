package global

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

// Formulas that are settled by how they are put together: sums of functions of
// different variables, functions of one inner formula, periods, open ends.
func TestStructure(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
		exact, where    string // the closed form; the first family, or how the infimum is approached
	}{
		// Sums.
		{"x^2+sin(y)", "", Exact, -1, "-1", "x = 0, y = -pi/2 + 2pi k"},
		{"sin(x)+cos(y)", "", Exact, -2, "-2", "x = -pi/2 + 2pi k1, y = pi + 2pi k2"},
		{"x^2+exp(y)", "", NotAttained, 0, "0", "x → 0 and y → -∞"},
		{"x+sin(y)", "", Unbounded, math.Inf(-1), "", ""},
		{"log(x)+exp(y)", "", Unbounded, math.Inf(-1), "", ""},
		{"x^2+sin(y)+0*z", "", Exact, -1, "-1", "x = 0, y = -pi/2 + 2pi k, any z"},
		{"x^4-x^2+y^4-y^2", "", Exact, -0.5, "-1/2", ""},
		{"2+(sin(x)+(exp(y)-y)/2)*pi", "", Exact, 2 - math.Pi/2, "2 - pi/2", "x = -pi/2 + 2pi k, y = 0"},
		{"sqrt(x)^2+exp(y)", "", NotAttained, 0, "0", "x = 0, y = -t, t → ∞"},
		{"sin(t)+cos(k)", "", Exact, -2, "-2", "k = pi + 2pi k, t = -pi/2 + 2pi k"},
		{"x^2/10+sin(-3)+y^2", "", Exact, math.Sin(-3), "-sin(3)", ""},
		{"x^2/10+sin(-3)+exp(y)", "", NotAttained, math.Sin(-3), "-sin(3)", "x → 0 and y → -∞"},
		{"8*sin(7*(x-0.9)^2)^2+(x-0.9)^2+6*sin(14*(y-1/2)^2)^2+(y-1/2)^2", "|abs(x)<=500 and abs(y)<=500", Exact, 0, "0", ""},
		// Ends that do not belong to the region, next to equations.
		{"sqrt(a/(1-a))+sqrt(b/(1-b))+sqrt(c/(1-c))", "|a+b+c==1;a>0;b>0;c>0", NotAttained, 2, "2", "a → 0, b → 1/2, c → 1/2"},
		{"x^2+2*y^2", "|x-y==1;x>1;y>=0", NotAttained, 1, "1", "x → 1, y → 0"},
		{"x*y+z", "|x^2+y^2+z^2==1;x>0;y>0;z>0", NotAttained, 0, "0", "x → 1, y → 0, z → 0"},
		{"x+y+2*z", "|x^2+y^2+z^2==1;x!=y;z>=0", NotAttained, -math.Sqrt2, "-sqrt(2)", "x → -sqrt(2)/2, y → -sqrt(2)/2, z → 0"},
		// One inner formula.
		{"x^2*y^2+(x*y-1)^2", "", Exact, 0.5, "1/2", "x y = 1/2"},
		{"sin(x*y)", "", Exact, -1, "-1", "x y = -pi/2 + 2pi k"},
		{"exp(-x*y)", "", NotAttained, 0, "0", "x y → ∞"},
		{"sin(tan(x))", "", Exact, -1, "-1", "x = atan(-pi/2 + 2pi k) + pi m"},
		{"x*y^2-x^2*y^4", "", Unbounded, math.Inf(-1), "", ""},
		{"(x/y)^2+x/y", "", Exact, -0.25, "-1/4", "x/y = -1/2"},
		{"log(x*y)+1/(x*y)", "", Exact, 1, "1", "x y = 1"},
		{"(x-y)^4-2*(x-y)^2+1", "", Exact, 0, "0", "x - y = -1"},
		{"exp(x+y)-x-y", "", Exact, 1, "1", "x + y = 0"},
		{"(x^2+y^2)^2-3*(x^2+y^2)", "", Exact, -2.25, "-9/4", "x^2 + y^2 = 3/2"},
		{"sqrt(x^2+y^2+1)", "", Exact, 1, "1", ""},
		{"1/(1+x^2+y^2)", "", NotAttained, 0, "0", "x^2 + y^2 → ∞"},
		{"exp(-(x^2-2*x+y^2))", "", NotAttained, 0, "0", "x^2 + y^2 - 2x → ∞"},
		{"(x^2-y^2)^2-(x^2-y^2)", "", Exact, -0.25, "-1/4", "x^2 - y^2 = 1/2"},
		{"(x^2+y)^3", "", Unbounded, math.Inf(-1), "", ""},
		{"log(x^2+y^2)", "", Unbounded, math.Inf(-1), "", ""},
		{"x^3*y^5-x^6*y^10/2", "", Unbounded, math.Inf(-1), "", ""},
		{"x^2*y^3+exp(-x^2*y^3)", "", Exact, 1, "1", "x^2 y^3 = 0"},
		{"(x^2/y)^2 + 3", "", Exact, 3, "3", "x^2/y = 0"}, // 1/(y/x^2) is not defined there
		{"cosh(y^2/x)", "", Exact, 1, "1", "y^2/x = 0"},
		{"exp(x^2/y)", "", NotAttained, 0, "0", "x^2/y → -∞"},
		{"(x/y)^2+(y/x)^2", "", Exact, 2, "2", "x/y = -1"},
		{"(x^2/y^3+2)^2", "", Exact, 0, "0", "x^2/y^3 = -2"},
		// Periods.
		{"sin(x)*sin(y)", "", Exact, -1, "-1", "x = -pi/2 + 2pi k1, y = pi/2 + 2pi k2"},
		{"y^2+y*sin(x)", "", Exact, -0.25, "-1/4", "x = -pi/2 + 2pi k, y = 1/2"},
		// Open ends and strict inequalities.
		{"x^2+y^2", "|x+y>1", NotAttained, 0.5, "1/2", "x → 1/2, y → 1/2"},
		{"x^2+y^2", "|x+y<1", Exact, 0, "0", ""},
		{"x+y", "|x>0 and y>=0", NotAttained, 0, "0", "x → 0, y → 0"},
		{"x+2*y", "|x>0 and y>=0", NotAttained, 0, "0", "x → 0, y → 0"},
		{"exp(x)*y-x", "|x>=0 and x<1 and y>=0 and y<=2", NotAttained, -1, "-1", "x → 1, y → 0"},
		{"x^2+y^2", "|x^2+y^2<0", EmptyDomain, 0, "", ""},
		{"(x+sin(y))/1e11", "|x^2+y^2<1", NotAttained, 0, "", ""}, // so flat that nothing says where
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		text, where := "", a.Approached
		if a.ExactValue.Valid() {
			text = format.Text(a.ExactValue)
		}
		if len(a.Minimisers) > 0 {
			where = a.Minimisers[0].Family
		}
		if a.Status != c.status || !(a.Value == c.value || math.Abs(a.Value-c.value) < 1e-9) || text != c.exact || !strings.Contains(where, c.where) || c.where == "" && where != "" {
			t.Errorf("%s %s: %s %v %q %q, want %s %v %q %q", c.formula, c.bounds, a.Status, a.Value, text, where, c.status, c.value, c.exact, c.where)
		}
		if a.Status == Exact && !a.Attained {
			t.Errorf("%s: not attained", c.formula)
		}
	}
}

// floor(x) has the slope 0 and changes with x.
func TestNoPeriod(t *testing.T) {
	tidy := simplify.New()
	for _, f := range []string{"sin(x + floor(x/10))", "cos(2*x - y*sign(x))", "sin(x*y)", "sin(x^2)"} {
		if p, ok := periodIn(tidy, simplify.Tidy(expr.MustParse(f)), "x"); ok {
			t.Errorf("%s has the period %s in x", f, format.Text(p))
		}
	}
}

// The stationary points of a sum are the combinations of those of its parts.
func TestStationaryOfSum(t *testing.T) {
	a, err := Solve(context.Background(), problemOf(t, "x^4-x^2+y^3-3*y^2+y^4", ""), Options{})
	if err != nil || !a.StationaryComplete {
		t.Fatal(err, a)
	}
	kinds := map[string]int{}
	for _, s := range a.Stationary {
		kinds[s.Kind]++
	}
	if kinds["local minimum"] != 4 || kinds["local maximum"] != 1 || kinds["saddle"] != 4 {
		t.Error(kinds)
	}
}

// Periodic along curves, with minimisers that have no closed form.
func TestPeriodsWithoutClosedForm(t *testing.T) {
	for _, c := range [][2]string{{"sin(y)*cos(7+x*y)", "y=:3"}, {"sin(x)+cos(x+10*x*y)", "x=:1"}} {
		a, err := Solve(context.Background(), problemOf(t, c[0], c[1]), Options{Timeout: 300 * time.Millisecond})
		if err != nil || a.Status == Failed || a.Status == EmptyDomain {
			t.Errorf("%s: %v %v", c[0], err, a)
		}
	}
}
