package cli

import (
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global"
)

// A local answer says what kind of point it is, where that is proved, and -v does
// not expect an enclosed point of it.
func TestLocalAnswerSaysItsKind(t *testing.T) {
	const f = "(x^2 - 1)^2 + (y^2 - 1)^2 + x*y*sin(3z)/9 + z^2*cos(x*y)^2"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"min", f}, "the point is a strict local minimum: "},
		{[]string{"max", "-(" + f + ")"}, "the point is a strict local maximum: "},
	} {
		r := runWith("", append(c.args, "--timeout", "300ms")...)
		if !strings.Contains(r.out, "local: the best found, not proved to be global; searched from ") || !strings.Contains(r.out, c.want) {
			t.Errorf("%q: %q, without %q", c.args, r.out, c.want)
		}
	}
	// The value is enclosed here, and no point; the jumps of floor are not far.
	r := runWith("", "min", "sin(x*y*50)*cos(z*41*x) + abs(sin(37*y*z)) + floor(9*x*y)", "--bounds", "x=-9:10,y=-9:10,z=-9:10", "--timeout", "300ms", "-v")
	if !strings.Contains(r.out, "local") || !strings.Contains(r.out, "f in [") || strings.Contains(r.out, "strict") {
		t.Errorf("%d: %q %q", r.code, r.out, r.err)
	}
}

// A single = compares in a condition, and only there.
func TestAsEquation(t *testing.T) {
	for _, c := range [][2]string{
		{"x^2+y^2=1", "x^2+y^2==1"},
		{"y = x^2", "y == x^2"},
		{"x <= 1", "x <= 1"},
		{"x >= 1", "x >= 1"},
		{"x != 1", "x != 1"},
		{"x == 1", "x == 1"},
		{"x => 1", "x => 1"},
		{"a = 3; x <= a", "a = 3; x <= a"},
		{"a = 3; x = a", "a = 3; x == a"},
		{"x = 1 and y = 2", "x == 1 and y == 2"},
		{"x <= 1 # = 2", "x <= 1 # = 2"},
		{"=", "=="},
		{"", ""},
	} {
		if got := asEquation(c[0]); got != c[1] {
			t.Errorf("%q becomes %q, not %q", c[0], got, c[1])
		}
	}
	for _, args := range [][]string{
		{"min", "x + y", "--subject-to", "x^2 + y^2 = 2"},
		{"min", "x + y", "--subject-to", "y = x^2", "--subject-to", "x <= -1/2"},
	} {
		if r := runWith("", args...); r.code != 0 || !strings.Contains(r.out, "holds with equality") {
			t.Errorf("%q: %d %q %q", args, r.code, r.out, r.err)
		}
	}
}

// A witness near a pole is printed with the digits it needs: the point typed in again
// gives the value that stands beside it. Bounds are offered only where they help.
func TestWitnessIsReadBack(t *testing.T) {
	for _, c := range []struct {
		formula, want string
		bounds        bool
	}{
		{"log(x - 3)", "(x = 3.000001 gives -13.8155,", false},
		{"tan(x)", "(x = 1.570797326795 gives -1e6,", false},
		{"1/(x - 1) + y^2", "(x = 0.999999, y = 0 gives -1e6,", false},
		{"-log(x)", "(x = 1e6 gives -13.8155,", true},
		{"x - tan(x)", "→ -∞", false},
		{"log(x - 9) - x", "→ -∞", false},
		{"x/(y - 1/3)", "(x = 1e9, y = 0 gives -3e9,", false}, // lower than near the pole, which stays within them
	} {
		r := runWith("", "min", c.formula)
		if r.code != 1 || !strings.Contains(r.out, c.want) || strings.Contains(r.out, "try --bounds") != c.bounds {
			t.Errorf("%q: %d %q, not with %q and bounds: %t", c.formula, r.code, r.out, c.want, c.bounds)
		}
	}
}

// The bounds that are offered keep those that were given.
func TestOfferedBounds(t *testing.T) {
	for _, c := range [][3]string{
		{"-x^2", "x=10:", "try --bounds x=10:20\n"},
		{"-x^2", "x=:-2pi", "try --bounds x=-16.3:-2pi\n"},
		{"-x^2", "x=1/3:", "try --bounds x=1/3:5\n"},
		{"x*y + y^2", "y=-1:1", "try --bounds x=-5:5,y=-1:1\n"},
		{"log(x - 3)*y + y^2", "y=-1:1", "y = -1 as t → ∞)\n"}, // none: it falls at x = 3 as well
	} {
		if r := runWith("", "min", c[0], "--bounds", c[1]); !strings.HasSuffix(r.out, c[2]) {
			t.Errorf("%s between %s: %s%s, want %s", c[0], c[1], r.out, r.err, c[2])
		}
	}
}

// TestValuesOfStationaryPoints reads closed forms of values, and digits where a closed form is longer than a line.
func TestValuesOfStationaryPoints(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"min", "ln(x)/x"}, "local maximum  f = exp(-1) (0.367879)  at  x = e (2.71828)"},
		{[]string{"min", "x + 2cos(x)"}, "local minimum  f = 5pi/6 - sqrt(3) (0.885943) + 2pi k  at  x = 5pi/6 + 2pi k"},
		{[]string{"min", "2x - tan(x)"}, "local maximum  f = pi/2 - 1 (0.570796) + 2pi k  at  x = pi/4 + pi k"},
		{[]string{"min", "x*exp(-x^2) + x/10"}, "at  x = sqrt(1/2 - W(-exp(1/2)/20)) (0.768257)"},
		{[]string{"min", "ln(x)/x", "--json"}, `"exact_value":"exp(-1)"`},
		{[]string{"min", "sum(sin(k*x)/k, k, 1, 20)"}, "minimum  f = -1.77654  at  x = -pi/21 + 2pi k      exact\n"},
	} {
		if r := runWith("", c.args...); !strings.Contains(r.out, c.want) {
			t.Errorf("%q: %s%s, want %s", c.args, r.out, r.err, c.want)
		}
	}
}

// Variables of the conditions alone stand where the alphabet has them.
func TestVariablesOfConditions(t *testing.T) {
	for formula, want := range map[string]string{
		"x10^2 + c":             "c = -1, x2 = 1, x10 = 0",
		"f(x10, c) = x10^2 + c": "x10 = 0, c = -1, x2 = 1",
	} {
		r := runWith("", "min", formula, "--subject-to", "x2^2 + c^2 <= 2", "--subject-to", "x2 >= 1")
		if !strings.Contains(r.out, want) {
			t.Errorf("%s: %s%s, want %s", formula, r.out, r.err, want)
		}
	}
}

// A search that heeds no limit in a long step ends with the best that a short walk finds.
func TestShortWalk(t *testing.T) {
	f := expr.MustParse(strings.Repeat("sin(", 3000) + "x" + strings.Repeat(")", 3000))
	a := shortWalk(&question{opt: &options{}}, global.Problem{F: f, Vars: []string{"x"}}, nil)
	if a == nil || a.Status != global.Local || !a.Limited || len(a.Warnings) == 0 || !(a.Value <= 0) {
		t.Errorf("%+v", a)
	}
}
