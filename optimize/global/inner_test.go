package global

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/prove"
	"nabla/optimize/global/verify"
)

// Where the least value on the whole space is taken between the bounds, these do not
// matter; where it is not, the answer must be another.
func TestInnerBetweenBounds(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		value           float64
		whole           bool
	}{
		{"(x^2 + y^2 - 2)^2 + x^2 + y^2", "x=0:5,y=-1:7", 1.75, true},
		{"0.5 - (sin(sqrt(x^2 + y^2))^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2", "*=-100:100", 0.002455858171496572, true},
		{"0.5 - (sin(sqrt(x^2 + y^2))^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2", "*=-1:1", 0.026215469198406, false},
		{"1/((a-d)^2 + (b-g)^2 + (c-h)^2)^6 - 2/((a-d)^2 + (b-g)^2 + (c-h)^2)^3", "*=-4:4", -1, true},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Status != Exact && a.Status != Certified || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s over %s: %v %+v", c.formula, c.bounds, err, a)
			continue
		}
		consistent(t, c.formula, p, a)
		if whole := strings.Contains(strings.Join(a.Proof, ";"), "between the bounds"); whole != c.whole {
			t.Errorf("%s over %s: the proof is %v", c.formula, c.bounds, a.Proof)
		}
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || !r.Valid && len(a.Vars) == 2 {
			t.Errorf("%s over %s: %v %+v", c.formula, c.bounds, err, r)
		}
	}
}

// In a box, an inner formula takes the values between those at two corners.
func TestInnerFormulasInBoxes(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
		exact, family   string
	}{
		{"sin(x*y)/(x*y)", "x=0.1:4,y=0.1:4", Certified, -0.2172336282112216, "", "x y = 4.49341 within the bounds"},
		{"sin(x*y)/(x*y)", "x=0.1:1,y=0.1:4", Certified, math.Sin(4) / 4, "sin(4)/4", ""},
		{"cos(x+2y)-(x+2y)/10", "x=0:4,y=0:4", Exact, -1.9474819753, "-3*sqrt(11)/10 - 3*pi/10 - asin(1/10)/10", "x + 2y = 3pi + asin(1/10) within the bounds"},
		{"-x/y*exp(-x/y)", "x=0:3,y=1:2", Exact, -math.Exp(-1), "-exp(-1)", "x/y = 1 within the bounds"},
		{"-x/y*exp(-x/y)", "x=0:3,y=4:5", Exact, -0.75 * math.Exp(-0.75), "-3*exp(-3/4)/4", ""},
		{"x*y^2*z*exp(-x*y^2*z)", "x=0:2,y=0:,z=1:3", Exact, 0, "0", "x y^2 z = 0 within the bounds"},
		{"(x*y-1)^2 + (y-y)/(x-1)", "x=0:3,y=0:2", Exact, 0, "0", "x y = 1 within the bounds, where f is defined"},
		{"exp(x+y-z)-30x-30y+30z", "x=0:1,y=0:,z=2:3", Exact, 30 - 30*math.Log(30), "30 - 30*log(30)", "x + y - z = log(30) within the bounds"},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		if a.Status != c.status && !(a.Status == Exact && c.status == Certified) || !(math.Abs(a.Value-c.value) <= 1e-7*math.Max(1, math.Abs(c.value))) {
			t.Errorf("%s in %s: %s %v, not %s %v", c.formula, c.bounds, a.Status, a.Value, c.status, c.value)
			continue
		}
		if c.exact != "" && a.Status == Exact && !prove.Equal(a.ExactValue, expr.MustParse(c.exact), prove.Budget{}).Equal {
			t.Errorf("%s in %s: %v, not %s", c.formula, c.bounds, a.ExactValue, c.exact)
		}
		if a.Minimisers[0].Family != c.family {
			t.Errorf("%s in %s: at %q, not %q", c.formula, c.bounds, a.Minimisers[0].Family, c.family)
		}
		consistent(t, c.formula, p, a)
	}
}

// TestInnerUnderConditions has conditions on the inner formula alone, logarithms that are one together, and some that are not of the
// kind or defined elsewhere.
func TestInnerUnderConditions(t *testing.T) {
	for _, c := range []struct {
		formula, under string
		status         Status
		value          float64
		inner          bool
	}{
		{"log(x)+log(y)", "x=1:4,y=1:4|x*y >= 2", Exact, math.Ln2, true},
		{"log(x)+log(y)", "x=1:4,y=1:1.5|x*y >= 7", EmptyDomain, 0, false},
		{"log(x)+log(y)", "x=3:4,y=1:4|x*y >= 2", Exact, math.Log(3), true},
		{"2log(x)+log(y)+1/(x^2*y)", "|", Exact, 1, false},
		{"exp(x+y)", "|x+y >= 2", Exact, math.Exp(2), true},
		{"exp(x+y)", "|2x+2y > 4", NotAttained, math.Exp(2), true},
		{"exp(x*y)-x*y", "|x^3*y^3 == 8", Exact, math.Exp(2) - 2, true},
		{"sin(x+y)", "|x+y >= 2;(x+y)^2 <= 9", Exact, math.Sin(3), true},
		{"(x^2+y^2-4)^2", "|x^2+y^2 < 2", NotAttained, 4, true},
		{"exp(x*y)", "|x+y == 2", NotAttained, 0, false},        // on another formula
		{"(x*y-3)^2", "|x*y <= 1 + (x*y)*0/x", Exact, 4, false}, // on one that is not defined for x = 0
	} {
		formula, under := c.formula, c.under
		if under == "|" {
			under = ""
		}
		p := problemOf(t, formula, under)
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Status != c.status || c.status != EmptyDomain && !(math.Abs(a.Value-c.value) <= 1e-9) {
			t.Errorf("%s under %s: %v %+v", formula, under, err, a)
			continue
		}
		if inner := a.Method == "one inner formula" && strings.Contains(a.Proof[0], "through u ="); inner != c.inner {
			t.Errorf("%s under %s: %s: %v", formula, under, a.Method, a.Proof)
		}
		if c.status == EmptyDomain {
			continue
		}
		consistent(t, formula, p, a)
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || c.inner && !r.Valid {
			t.Errorf("%s under %s: %v %+v", formula, under, err, r)
		}
	}
}

// TestInnerOnTheWholeSpace has cases by the inner formula, and lengths, which are roots of one.
func TestInnerOnTheWholeSpace(t *testing.T) {
	for _, c := range []struct {
		formula string
		status  Status
		exact   string
		family  string
	}{
		{"if(x > y, x-y, y-x)", Exact, "0", "x - y = 0"},
		{"if(x >= y+1, (x-y)^2, 2-x+y)", Exact, "1", "x - y = 1"},
		{"if(x > y, x-y, x+y)", Unbounded, "", ""},
		{"if(x > y, x-y, 1/(x-y))", Unbounded, "", ""},
		{"if(x > y, x-y+1, 1-exp(x-y))", Exact, "0", "x - y = 0"},
		{"if(x > y, x-y, 1+(x-y)^2)", NotAttained, "0", ""},
		{"hypot(x,y)^2-hypot(x,y)", Exact, "-1/4", "x^2 + y^2 = 1/4"},
		{"1/hypot(x-1,y)+hypot(x-1,y)", Exact, "2", "x^2 + y^2 - 2x = 0"},
		{"x*exp(-hypot(x,y))", Exact, "-exp(-1)", ""},
		{"exp(-hypot(x,y))", NotAttained, "0", ""},
	} {
		p := problemOf(t, c.formula, "")
		a, err := Solve(context.Background(), p, Options{Certificate: true})
		if err != nil || a.Status != c.status {
			t.Errorf("%s: %v %+v", c.formula, err, a)
			continue
		}
		if c.exact != "" && (!a.ExactValue.Valid() || !prove.Equal(a.ExactValue, expr.MustParse(c.exact), prove.Budget{}).Equal) {
			t.Errorf("%s: %v, not %s", c.formula, a.ExactValue, c.exact)
		}
		if c.status == Exact && a.Minimisers[0].Family != c.family {
			t.Errorf("%s: at %q, not %q", c.formula, a.Minimisers[0].Family, c.family)
		}
		if c.status == Exact {
			consistent(t, c.formula, p, a)
		}
		var b bytes.Buffer
		if _, err := a.Certificate.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if r, err := verify.Check(context.Background(), &b); err != nil || !r.Valid {
			t.Errorf("%s: %v %+v", c.formula, err, r)
		}
	}
}
