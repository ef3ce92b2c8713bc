package global

import (
	"context"
	"math"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/tape"
)

// A reducible question follows from an easier one: what is claimed, its exact value, and
// a part of the proof, which must not be there when it is written with "!".
type reducible struct {
	formula, region string
	max             bool
	status          Status
	value           string
	proof           string
}

// Questions that lose a variable, and some where the formula must be left as it is.
var eliminations = []reducible{
	// equations
	{"x^2*y", "*=0:| x + y == 10", true, Exact, "4000/27", "gives y = 10 - x"},
	{"x^2 + 4x*h", "*=0:| x^2*h == 32", false, Exact, "48", "gives h = 32/x^2"},
	{"2pi*r^2 + 2pi*r*h", "*=0:| pi*r^2*h == 1000", false, Exact, "300*2^(1/3) pi^(1/3)", "gives h = 1000/(pi r^2)"},
	{"x^2*y", "*=0:| x^2 + 4x*y == 108", true, Exact, "108", "gives y = "},
	{"y + 0*x", "| y*(x^2 + 1) == x", false, Exact, "-1/2", "gives y = "},
	{"x + y", "*=0:| x*y == 4", false, Exact, "4", "gives y = 4/x"},
	{"exp(y) + x", "| x == y^2", false, Exact, "W(1/2)^2 + 2 W(1/2)", "gives x = y^2"},
	{"sin(x + y)", "| x - 2y == 1", false, Exact, "-1", "gives "},
	{"x + y", "x=1:| (x - 1)*y == x^2", false, Exact, "2 sqrt(2) + 3", "gives y = x^2/(x - 1)"},
	{"x + 2y", "x=3:,y=2:| (x - 3)*(y - 2) == 8", false, Exact, "15", "gives "},
	{"x^2 + y^2", "| log(x)*y == 5 - x", false, NotAttained, "0", "gives y"},
	// at x = 1 both sides are 0, and y is any number
	{"x*y", "y=-1:1| y*(x - 1) == x^2 - 1", false, "", "", "!gives"},
	// what the equation leaves out: h = 32/x^2 has no value at 0, log(x) none up to it
	{"x^2*h + abs(x)", "| x^2*h == 32", false, NotAttained, "32", "gives h"},
	{"x^2 + 0*y", "| y == log(x)", false, NotAttained, "0", "gives y"},
	{"x^2 + y^2", "| x*y == 0; y >= -1", false, "", "", "!gives"},
	{"x^2 + y^2", "| x*y == 0; y >= 1", false, Exact, "1", "gives x = 0"},
	// parabolas
	{"100*y^2 - 200*x^2*y + 100*x^4 + x^2 - 2*x + 1", "", false, Exact, "0", "parabola in y"},
	{"x^4 - x*y + y^2", "", false, Exact, "-1/64", "parabola in y"},
	{"2x*y - y^2 - x^4", "", true, Exact, "1/4", "parabola in y, greatest"},
	// under conditions on the other variables, and not where y is in one of them or the parabola may be flat
	{"2x^2 + 1/(x*z) + 1/(x*(x - z)) - 10x*y + 25y^2", "z=0:| z > 0; x > z", false, Exact, "4", "parabola in y"},
	{"y^2 - 2x*y + x^4", "| x^2 + z^2 == 1; x + z >= 1", false, Exact, "-1/4", "parabola in y"},
	{"y^2 - 2x*y + x^4", "| x^2 + z^2 <= 1; z + y >= 5", false, "", "", "!parabola in y"},
	{"x^2*y^2 - 2x*y + z^2", "| x*z == 0", false, "", "", "!parabola in y"},
	{"exp(x) + y^2 - 2x*y + x^2", "", false, NotAttained, "0", "parabola in y"},
	{"y^2 + 2y*log(x) + x", "", false, Unbounded, "", ""},
	// parabolas that open more or less wide
	{"(3 - x*log(y + 1))^2 + (4 - x*log(y + 2))^2 + (4.5 - x*log(y + 3))^2", "", false, Certified, "", "parabola in x"},
	// only where log(v) is defined does it open upwards
	{"3*log(v) + ((1 - m)^2 + (2 - m)^2 + (4 - m)^2)/(2v)", "", false, Exact, "3 - 3 log(9/7)", "parabola in m"},
	{"3*log(v) + ((1 - m)^2 + 2*(1 - m)^2)/v", "", false, Unbounded, "", ""},
	{"(m - 1)^2*sqrt(v) + m*v^2", "", false, Unbounded, "", ""},
	{"((1 - m)^2 + (3 - m)^2)/v", "", false, Unbounded, "", ""},
	// the value for y → 0, where straight lines fit best, is not taken at 0 itself
	{"(-2 - x*atan(y))^2 + (-x*atan(2y))^2 + (3 - x*atan(3y))^2 + (5 - x*atan(5y))^2", "", false, NotAttained, "458/39", "does not depend on x, and is higher"},
	// two parameters that are linear
	{"(2 - a - b*log(c+1))^2 + (3 - a - b*log(c+2))^2 + (3.5 - a - b*log(c+3))^2 + (3.9 - a - b*log(c+4))^2", "", false, Certified, "", "parabola in b"},
	{"(-3 - a - b*tanh(c))^2 + (-2 - a - b*tanh(2.5c))^2 + (2 - a - b*tanh(3c))^2", "", false, NotAttained, "121/26", "parabola in a"},
	{"(1 - x*y)^2 + y^2", "", false, NotAttained, "0", "!parabola"}, // a curve shows it
	{"x^2*y^2 - 2x*y^2 + exp(y^2) + y^2", "", false, Exact, "1", "parabola in x"},
	{"x^2*abs(y) - 2x*abs(y) + y^2", "", false, "", "", "!parabola"},
	{"y^2 + x*y + y*z + x^2 + z^4 + exp(x)", "", false, "", "", ""},
}

func TestEliminations(t *testing.T) { reduced(t, eliminations) }

func reduced(t *testing.T, list []reducible) { t.Helper(); reducedWith(t, Options{}, list) }

func reducedWith(t *testing.T, o Options, list []reducible) {
	t.Helper()
	for _, c := range list {
		p := problemOf(t, c.formula, c.region)
		p.Max = c.max
		name := c.formula + " (" + c.region + ")"
		a := solved(t, p, o)
		if c.status != "" && a.Status != c.status {
			t.Errorf("%s: %s %v, want %s; %v %v", name, a.Status, a.Value, c.status, a.Proof, a.Warnings)
			continue
		}
		if c.value != "" && format.Text(a.ExactValue) != c.value {
			t.Errorf("%s: the value is %s, want %s", name, format.Text(a.ExactValue), c.value)
		}
		proof := strings.Join(a.Proof, "; ")
		if want, not := strings.CutPrefix(c.proof, "!"); strings.Contains(proof, want) == not && want != "" {
			t.Errorf("%s: the proof is %s", name, proof)
		}
		if a.Status == Exact || a.Status == Certified {
			consistent(t, name, p, a)
		}
		for i, m := range a.Minimisers {
			var f [1]float64
			prog, err := tape.Compile(a.Vars, p.F)
			if err != nil {
				t.Fatal(err)
			}
			prog.NewMachine().Eval(f[:], m.X)
			if math.Abs(f[0]-a.Value) > 1e-9*math.Max(1, math.Abs(a.Value)) {
				t.Errorf("%s: f = %g at minimiser %d, not %g", name, f[0], i, a.Value)
			}
		}
	}
}

// A square that is split off is checked again; one with another factor is refused.
func TestEliminationVerified(t *testing.T) {
	for _, f := range []string{"100*y^2 - 200*x^2*y + 100*x^4 + x^2 - 2*x + 1", "x^4 - x*y + y^2"} {
		a, err := Solve(context.Background(), Problem{F: expr.MustParse(f)}, Options{Certificate: true})
		if err != nil || a.Certificate == nil || a.Certificate.Reduction == nil {
			t.Fatalf("%s: no certificate: %v", f, err)
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: not confirmed: %+v", f, r)
		}
		r := a.Certificate.Reduction
		m := &r.Minorants[0]
		for _, part := range []*string{&m.Times, &m.Term} {
			old := *part
			*part = "1 + 2*(" + old + ")"
			if checkAgain(t, a.Certificate).Valid {
				t.Errorf("%s: the changed square %s * %s was confirmed", f, m.Times, m.Term)
			}
			*part = old
		}
	}
}

// What an equation gives has its simplest closed form.
func TestEliminatedClosedForm(t *testing.T) {
	a := solved(t, problemOf(t, "pi*r*sqrt(r^2 + h^2)", "|pi*r^2*h/3 == 10;r > 0;h > 0"), Options{})
	if got := format.Plain(a.ExactAt[0]); a.Status != Exact || len(got) > 40 {
		t.Errorf("%s at h = %s", a.Status, got)
	}
}
