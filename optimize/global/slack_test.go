package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"

	"nabla/optimize/global/internal/model"
)

func TestSlack(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           string
	}{
		// Hock and Schittkowski, Test Examples for Nonlinear Programming Codes, 1981, problems 39 and 56.
		{"-x", "|y-x^3-z^2==0;x^2-y-w^2==0", false, Exact, "-1"},
		{"-x*y*z", "|x-4.2*sin(a)^2==0;y-4.2*sin(b)^2==0;z-4.2*sin(c)^2==0;x+2*y+2*z-7.2*sin(d)^2==0", false, Exact, "-432/125"},
		{"x*y", "x=0:,y=0:|x+y+s^2==1", true, Exact, "1/4"},
		{"x^2+y^2", "|x+y-s^2==2", false, Exact, "2"},
		{"x+y", "|x^2+y^2<=s;s<=2", false, Exact, "-2"},
		{"x+2*y", "|x^2+y^2+cos(s)==3", false, Exact, "-2*sqrt(5)"},
		{"x+y", "|x^2+y^2+exp(s)==1", false, NotAttained, "-sqrt(2)"},
		{"x+y", "|x^2+y^2+s^2<2", false, NotAttained, "-2"},
		{"x+y", "|x^2+y^2-s^3-s<=2", false, Unbounded, ""},
		{"x+y", "s=-1:2|x^2+y^2<=s^3", false, Exact, "-4"},
		{"x^2+y^2", "|x*y+abs(s)+1==0", false, Exact, "2"},
		{"x^2+y^2", "|x+y+tanh(s)==3", false, NotAttained, "2"},
		{"x^2+y^2", "|x^2+y^2+s^2+1<=0", false, EmptyDomain, ""},
		// Between formulas of the others.
		{"-x", "|s>=x^3;s<=x^2", false, Exact, "-1"},
		{"-x", "|s>x^3;s<x^2", false, NotAttained, "-1"},
		{"x^2-y", "s=1:|s>=y^2+x;s<=x*y+2;s<=2*x^3", false, Certified, ""},
		{"x-y", "|s>=y^2+x^2+5;s<=x*y+2", false, EmptyDomain, ""},
		// In f too, which is best at the nearest of them.
		{"2*s+x^2", "|s>=(x+10*x/(x+1/10)+2*y^2)/2;s>=(10*x/(x+1/10)-x+2*y^2)/2;s>=(x-10*x/(x+1/10)+2*y^2)/2", false, Exact, "0"},
		{"x^4-s", "|s<=x*y^3-y^4;s<=3-x^2", false, Exact, "0"},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Certificate: true})
		if a.Status != c.status || c.value != "" && !sameConstant(a.ExactValue, condition(t, c.value+" == 0").Arg(0)) {
			t.Errorf("%s %s: %s %v, want %s %s", c.formula, c.bounds, a.Status, a.ExactValue, c.status, c.value)
		}
		if r := checkAgain(t, a.Certificate); !r.Valid && c.status != EmptyDomain && c.status != NotAttained {
			t.Errorf("%s %s: %v", c.formula, c.bounds, r.Unchecked)
		}
	}
}

// A condition in which the variable cancels is no bound of it.
func TestCancelledInCondition(t *testing.T) {
	for _, c := range []string{"x=0:,y=0:,z=0:,u=0:|x+y+z+u >= 2;x-y+z-u == 1", "x=0:,y=0:,z=0:,u=0:|x+u+(x+z-u-1)+z >= 2+0*y;x+z-u >= 1"} {
		if a := solved(t, problemOf(t, "2x+3y-z-5u+exp(-x)", c), Options{}); a.Status != Unbounded {
			t.Errorf("%s: %s %v %q", c, a.Status, a.Value, a.Proof)
		}
	}
}

// The minimum of s under s ≥ g and s ≥ h is that of max(g, h).
func TestEpigraph(t *testing.T) {
	// Madsen, J. Inst. Maths Applics 16, 1975.
	a := solved(t, problemOf(t, "s", "|s>=x^2+y^2+x*y;s>=-x^2-y^2-x*y;s>=sin(x);s>=-sin(x);s>=cos(y);s>=-cos(y)"), Options{})
	if a.Status != Certified || math.Abs(a.Value-0.6164324356) > 1e-9 {
		t.Errorf("the greatest of six: %s %v", a.Status, a.Value)
	}
	r := rand.New(rand.NewPCG(12, 2))
	for range 4 {
		g := fmt.Sprintf("x^2+y^2+x*y/%d", 1+r.IntN(4))
		h := fmt.Sprintf("%d+sin(x-%d)-cos(y)/%d", r.IntN(2), r.IntN(4), 1+r.IntN(3))
		var a [2]*Answer
		for i, p := range []Problem{problemOf(t, "s", "|s>="+g+";"+h+"<=s;-s<="+g), problemOf(t, "max("+g+","+h+",-("+g+"))", "")} {
			var err error
			if a[i], err = Solve(context.Background(), p, Options{}); err != nil {
				t.Fatal(err)
			}
		}
		if a[0].Status == Local || a[1].Status == Local || math.Abs(a[0].Value-a[1].Value) > 1e-8 {
			t.Errorf("s >= %s and %s: %s %v, but their greatest %s %v", g, h, a[0].Status, a[0].Value, a[1].Status, a[1].Value)
		}
	}
}

// f is monotone in x where the variables have the signs that the conditions and the domain give them: what is left has one variable.
func TestEpigraphWithSigns(t *testing.T) {
	for _, q := range []struct {
		formula, region string
		value           float64
	}{
		{"x^2 + log(y)", "|x*y >= 1", 0.5 + math.Log(2)/2},
		{"x^3 + y", "|x*y >= 1;x > 0", 4 * math.Pow(3, 0.25) / 3},
		{"x*y + 1/x", "|y >= x^2;x > 0", 4 * math.Pow(3, 0.25) / 3}, // x^3 + 1/x
		{"x^2 + y^2 + log(-y)", "|x*y >= 1", math.Sqrt(17)/2 + math.Log(math.Sqrt(17)-1)/2 - math.Log(2)},
		{"x^2 + exp(y)", "|x*y >= -1;y >= 1", math.E},             // x may be 0: no sign
		{"x^2 - 2x + y^2", "|x*y >= 1/4;y > 0", -0.9408244571386}, // not monotone for x > 0
	} {
		a := solved(t, problemOf(t, q.formula, q.region), Options{})
		if a.Status != Exact && a.Status != Certified || !(math.Abs(a.Value-q.value) < 1e-8) {
			t.Errorf("%s, %s: %s %v, want %v", q.formula, q.region, a.Status, a.Value, q.value)
		}
	}
}

// Beside a minimum of the closure that the region does not have, a point of the region is given, and not said to have the infimum.
func TestBesideInfimum(t *testing.T) {
	a := solved(t, problemOf(t, "exp(-x*y) + abs(x - 1) + x^2*y", "|x > 1;y > 0;y < 3"), Options{})
	if a.Status != Certified || a.Attained || len(a.Warnings) == 0 || !(a.Enclosure.Value.Lo <= 1 && 1 <= a.Enclosure.Value.Hi) || !(a.At[0] > 1 && a.At[1] > 0) {
		t.Errorf("%s %v at %v, attained: %v %q", a.Status, a.Value, a.At, a.Attained, a.Warnings)
	}
}

// The minimum under g + s² = c is that under g ≤ c.
func TestSlackOfInequality(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 1))
	solve := func(f, conditions string) *Answer {
		a := solved(t, problemOf(t, f, conditions), Options{})
		return a
	}
	for range 25 {
		f := fmt.Sprintf("(x - %d)^2 + %d*(y + %d)^2 + %d*x*y", r.IntN(5), 1+r.IntN(3), r.IntN(4), r.IntN(3)-1)
		g := fmt.Sprintf("x^2 + %d*y^2 + %d*x", 1+r.IntN(3), r.IntN(3)-1)
		c := 1 + r.IntN(6)
		a, b := solve(f, fmt.Sprintf("|%s + s^2 == %d", g, c)), solve(f, fmt.Sprintf("|%s <= %d", g, c))
		if a.Status == Local || a.Status != b.Status || math.Abs(a.Value-b.Value) > 1e-8*math.Max(1, math.Abs(b.Value)) {
			t.Errorf("%s with %s, %d: %s %v with the slack, %s %v without", f, g, c, a.Status, a.Value, b.Status, b.Value)
		}
		if !model.AllFinite(a.At) || len(a.At) != 3 {
			t.Errorf("%s with %s, %d: at %v", f, g, c, a.At)
		}
	}
}

// Boxes begin where conditions on one variable leave it.
func TestConditionsAlone(t *testing.T) {
	for _, c := range []struct {
		formula, conditions string
		want                float64
	}{
		{"-x*y", "|x^4<=x+1;y^2<=y+2-x", -1.8488443934},
		{"-x-y*x", "|x^4<=(x+2)/3;y^3+x<=y;y>=0", -0.6196847},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, c.conditions), Options{})
		if err != nil || a.Status == Local || math.Abs(a.Value-c.want) > 1e-6 {
			t.Errorf("%s %s: %v %s %v", c.formula, c.conditions, err, a.Status, a.Value)
		}
	}
}

// A variable with a coefficient that varies, in one condition alone, and one in a condition that says where a formula is defined.
func TestScaledSlack(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           string
	}{
		{"1/(1+x^2) + x^2", "|x^2 + x*y >= 3", NotAttained, "1"}, // x = 0 does not satisfy it
		{"1/(1+x^2) + x^2", "|x^2 + x*y >= -3", Exact, "1"},
		{"(x-1)^2 + x^4", "|(x - 1)*y > 2", Certified, ""},
		{"(x-1)^2 + (z+2)^2", "|(x-1)*y + z == 0", NotAttained, "0"},
		{"(x-1)^2 + (z+2)^2", "|(x-1)*y + z + 2 == 0", Exact, "0"},
		{"(x-1)^2 + (z+2)^2", "|(x-1)*y + z < -2", NotAttained, "0"},
		{"exp(y) + sqrt(y)", "|log(y) >= x - 1", NotAttained, "1"},
		{"exp(y) + y", "|log(y) >= x - 1", NotAttained, "1"},
		{"x^2 + z^2", "|x*y == 1", NotAttained, "0"},
		{"exp(x) + 1 - x", "|x + exp(y) >= 4", Exact, "2"},
		{"exp(x) + 1 - x", "|x > 4 - exp(y)", Exact, "2"},
		{"exp(x) + 1 - x", "|x - exp(y) >= 4", NotAttained, "exp(4) - 3"}, // exp(y) is nowhere 0
		{"x^2 + z^2", "y=0:3|x*y >= 1", Exact, "1/9"},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		if a.Status != c.status || c.value != "" && !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s %s: %s %v %v, want %s %s", c.formula, c.bounds, a.Status, a.ExactValue, a.Warnings, c.status, c.value)
			continue
		}
		consistent(t, c.formula, p, a)
	}
}
