package global

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nabla/expr"
)

// Formulas that come apart in linear forms, with proofs that the verifier confirms; the values by hand.
func TestLinearForms(t *testing.T) {
	for _, c := range []struct {
		f      string
		max    bool
		status Status
		value  string
	}{
		// CLIFF of CUTEst, and the function of Goldstein and Price on the whole plane.
		{"(x/100 - 3/100)^2 - (x - y) + exp(20*(x - y))", false, Exact, "1/20 + log(20)/20"},
		{"(1+(x+y+1)^2*(19-14*(x+y)+3*(x+y)^2))*(30+(2x-3y)^2*(18-16*(2x-3y)+3*(2x-3y)^2))", false, Exact, "3"},
		{"(x+y)^4 - 2*(x+y)^2 + (x-y)^4 - 4*(x-y)^2", false, Exact, "-5"},
		{"exp(x+y) + (x-2y)^2 + cosh(x-2y)", false, NotAttained, "1"},
		{"(x+2y)^3 + (x-y)^4", false, Unbounded, ""},
		{"3 - exp(x-y+z) + x - y + z - (x+y)^2 - cosh(y-2z)", true, Exact, "1"},
		{"(x+y)^2 + (x-y)^2*cosh(x+y)^2 + cos(x-y)", false, Exact, "1"}, // stays together
		{"log(x+y) + (x-y)^2", false, Unbounded, ""},
		// forms that are seen when polynomials are multiplied out
		{"(1+(x+y+1)^2*(19-14x+3x^2-14y+6x*y+3y^2))*(30+(2x-3y)^2*(18-32x+12x^2+48y-36x*y+27y^2))", false, Exact, "3"},
		{"sqrt(x^2-2x*y+y^2) + (x+y)^2", false, Exact, "0"},
		{"x^2+2x*y+y^2 + exp(x-y) - x + y", false, Exact, "1"},
		{"(x^2+2x*y+y^2)^2 - 4(x^2+2x*y+y^2) + (x-y)^4", false, Exact, "-4"},
		{"(x^3+3x^2*y+3x*y^2+y^3)*exp(-x^2-2x*y-y^2)", false, Exact, "-3/4*exp(-3/2)*sqrt(6)"},
		// quadratic terms are written in the forms of the others, and products of waves as sums
		{"x^2 + y^2 + exp(x+y) + exp(x-y)", false, Exact, "W(1)^2 + 2*W(1)"},
		{"x*y + exp(x+y) + exp(-x-y) + cosh(x-y)", false, Exact, "3"},
		{"x^2/2 + y^2/2 + cos(x)*cos(y)", false, Exact, "1"},
		{"3sin(x)*sin(y) + 3x^2/2 + 3y^2/2 + x", false, Certified, ""},
		// CURLY10 of CUTEst on fewer variables.
		{"(x+y+z)*((x+y+z)*((x+y+z)^2-20)-0.1) + (y+z)*((y+z)*((y+z)^2-20)-0.1) + z*(z*(z^2-20)-0.1)", false, Certified, ""},
	} {
		a := solved(t, Problem{F: expr.MustParse(c.f), Max: c.max}, Options{Certificate: true})
		if a.Status != c.status || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s: %s %v %v, want %s %s", c.f, a.Status, a.ExactValue, a.Value, c.status, c.value)
			continue
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: not confirmed: %q", c.f, r.Unchecked)
		}
	}
}

// Where a quotient of equal forms is not defined, the formula is not either.
func TestLinearFormsDomain(t *testing.T) {
	a, err := Solve(context.Background(), Problem{F: expr.MustParse("(x+y)/(2x+2y) + (x-y)^4 + (x-y)^3 + (x+y)^2")}, Options{Timeout: 300 * time.Millisecond})
	if err != nil || a.Status != Local && (a.Status != NotAttained || !sameConstant(a.ExactValue, expr.MustParse("1/2-27/256"))) {
		t.Errorf("%s %v, %v: the infimum 1/2 - 27/256 is approached only", a.Status, a.Value, err)
	}
	// The logarithms are one in the forms.
	a, err = Solve(context.Background(), Problem{F: expr.MustParse("log(2x-2y) - log(2(x-y)) + (x-y)^4 + (x-y)^3 + (x+y)^4 - (x+y)")}, Options{Timeout: 300 * time.Millisecond})
	if err != nil || a.Status != Local {
		t.Errorf("%s %v at %v, %v", a.Status, a.Value, a.At, err)
	}
}

// Functions of one variable of independent linear forms have the sum of their minima.
func TestLinearFormsRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 17))
	functions := []struct{ f, least string }{
		{"(%[1]s)^4 - (%[1]s)^2", "-1/4"}, {"cosh(%[1]s)", "1"}, {"exp(%[1]s) - (%[1]s)", "1"}, {"(%[1]s)^2 + abs(%[1]s - 1)", "3/4"}, {"-1/(1+(%[1]s)^2)", "-1"},
	}
	for range 20 {
		a := [3][3]int{}
		for i := range a {
			for j := range a[i] {
				a[i][j] = r.IntN(7) - 3
			}
		}
		if a[0][0]*(a[1][1]*a[2][2]-a[1][2]*a[2][1])-a[0][1]*(a[1][0]*a[2][2]-a[1][2]*a[2][0])+a[0][2]*(a[1][0]*a[2][1]-a[1][1]*a[2][0]) == 0 {
			continue
		}
		var f, least []string
		for _, row := range a {
			g := functions[r.IntN(len(functions))]
			f = append(f, fmt.Sprintf(g.f, fmt.Sprintf("%d*x + %d*y + %d*z", row[0], row[1], row[2])))
			least = append(least, g.least)
		}
		text, want := strings.Join(f, " + "), strings.Join(least, " + ")
		ans := solved(t, Problem{F: expr.MustParse(text), Vars: []string{"x", "y", "z"}}, Options{})
		if ans.Status != Exact || !sameConstant(ans.ExactValue, expr.MustParse(want)) {
			t.Errorf("%s: %s %v %v, want %s", text, ans.Status, ans.ExactValue, ans.Value, want)
		}
	}
}
