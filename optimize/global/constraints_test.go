package global

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global/certificate"
)

// A region is empty when a sum of its conditions cannot hold; values fall without end
// along curves that satisfy the conditions.
func TestConditions(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
	}{
		// One condition that cannot hold.
		{"x + y", "|x^2 + x*y + y^2 == -1", EmptyDomain, 0},
		{"x*y", "|y^2 + y < -1", EmptyDomain, 0},
		{"x*y", "|exp(x) + y^2 <= 0", EmptyDomain, 0}, // the infimum 0 is not attained
		{"x*y", "|(x - y)^2 < 0", EmptyDomain, 0},
		{"x + y", "y=0:|x^2 + y + 1 <= x", EmptyDomain, 0},
		{"x + y", "|sin(x) + cos(y) == 5/2", EmptyDomain, 0},
		{"x^2 + y^4", "|x >= sqrt(2);x < sqrt(2)", EmptyDomain, 0},
		{"x^2 + y^4", "|cosh(log(2*x + y)) <= 0.1", EmptyDomain, 0}, // without a value at 0
		{"x^2 + y^4 + x*y", "|x >= sqrt(8);x < 2*sqrt(2)", EmptyDomain, 0},
		// Several that contradict each other.
		{"x*y", "|x^2 + y^2 <= 1;x + y >= 2", EmptyDomain, 0},
		{"x*y", "|y >= x^2 + 1;y <= x", EmptyDomain, 0},
		{"x*y", "|exp(x) <= y;y <= x", EmptyDomain, 0},
		// Conditions that can hold.
		{"x + y", "|(x - y)^2 <= 0;x >= 1", Exact, 2},
		{"x^2 + y^2", "|x^2 + y^2 <= 1;x + y >= 1", Exact, 0.5},
		// Curves.
		{"x*y + z - 3*x*z", "|x + y <= 2", Unbounded, 0},
		{"2*x + 0*y", "|2*x + 3*x*y <= 0", Unbounded, 0},
		{"x^2 - x*y^2", "|y/2 + x/2 - x*y >= 1", Unbounded, 0},
		{"x + log(y)", "|x*y <= 4;x^2 <= y + 1", Unbounded, 0},
		{"x + 0*y", "|y >= x^2", Unbounded, 0},
		{"exp(x) + y", "y=0:|x + y <= 1;x*y <= 3", NotAttained, 0},
		{"x + y", "|x^2 <= y", Exact, -0.25},
		// Quotients.
		{"(x^2 + y^2)/(x + y)", "|x + y >= 1", Exact, 0.5},
		{"-(x + 2*y)/(x + y + 1)", "x=0:,y=0:|x + 2*y >= 1", NotAttained, -2},
		{"(x^2 + 1)/(x + y)", "|x + y >= 1;x - y <= 2", NotAttained, 0},
		{"(x^2 + y^2 + 3)/(x + 2*y)", "|x + 2*y >= 1", Exact, 1.5491933384829668},
		{"(x^2 + y^2 + 1)/(x + y)", "|x + 2*y > 1", Unbounded, 0},
		// Beyond the condition, values fall without end: rounding must not lead there.
		{"(x + 1)/(y - x)", "x=0:|y - x >= 0", NotAttained, 0},
		{"(x + 1)/(y - x)", "x=0:|y - x >= 0;y <= 2*x + 3", Exact, 1. / 3},
		{"(x^2 + y^2 + 1)/(x + y)", "|x + y > 0", Exact, math.Sqrt2},
		// Parts that are least together at a point of an unbounded region.
		{"sin(x) + cos(x*y)", "|y >= x^2 + 3", Exact, -2},
		{"exp(x) + exp(y) - x - 2*y + x*y/10", "", Unbounded, 0},
		// The highest powers of a condition leave nothing far out; values by multi-start.
		{"sin(x) + cos(y*x)", "|x^4 + y^4 <= 4 + 3*x^3 + y", Exact, -0.9888852651},
		{"y*exp(-x) + sin(3*x)", "y=0.5:1,z=0.5:1|x^3 - x^2*(1 + y) + x*z - y*z == 0", Exact, -0.8463324013},
		{"z + exp(-y) + x", "|z^2 + x^2 + y*(x - x) <= 1", NotAttained, 0}, // y is not held
		// Bounds keep what a variable is multiplied by from 0.
		{"x*log(x) + y*log(y) + 0.9*x*u + 0.7*y*v", "x=1e-6:1,y=1e-6:1,u=0:,v=0:|v*(x + 0.2*y) == x;u*(0.3*x + y) == y;x + y == 1", Exact, -0.05550491843},
		// A gradient that is zero where the condition holds.
		{"x^4 + y^4 - sin(x*y)", "|20*(x + 2*y - 1)^2 == 0", Exact, -0.08771971246},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{Certificate: true})
		status := a.Status
		if status == Certified {
			status = Exact
		}
		if status != c.status || status == Exact && !(a.Value > c.value-1e-6 && a.Value < c.value+1e-6) {
			t.Errorf("%s %s: %s %v", c.formula, c.bounds, a.Status, a.Value)
		}
		if r := a.Certificate.Reduction; r != nil && r.Kind == certificate.Contradiction && !checkAgain(t, a.Certificate).Valid {
			t.Errorf("%s %s: the contradiction is not confirmed: %+v", c.formula, c.bounds, checkAgain(t, a.Certificate))
		}
	}
}

// What a condition leaves undefined does not satisfy it, though simplifying it may hide that.
func TestUndefinedConditions(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
	}{
		{"x^2 + y", "|y*x/x == 1", NotAttained, 1},                 // x != 0
		{"(x - 1)^2 + y", "|y*log(x)/log(x) == 1", NotAttained, 1}, // x != 1
		{"(x + 1)^2 + y^2", "|y + 0*sqrt(x) == 1", Exact, 2},       // x >= 0
		{"(x + 1)^2 + y^2", "|y^2 + 0*sqrt(x) == 1", Exact, 2},
		{"(x + 1)^2 + y^2", "|y + 0*sqrt(x) >= 1", Exact, 2},
		{"(x + 1)^2 + y^2", "|sqrt(x) - sqrt(x) + y >= 1", Certified, 2},
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		if a.Status != c.status || math.Abs(a.Value-c.value) > 1e-6 {
			t.Errorf("%s %s: %s %v", c.formula, c.bounds, a.Status, a.Value)
		}
	}
}

// A condition with a hole or a jump may leave out the best point and no other: then no point is
// the best, however near others come.
func TestRaggedRegions(t *testing.T) {
	for _, c := range []struct{ formula, bounds string }{
		{"x^2 + y^2", "|x/y >= 0"},
		{"x^2 + y^2", "|x/y == 0"},
		{"x^4 + y^4", "|x/y >= 1"},
		{"x^4 + y^4 - x*y", "|x != y"},
		{"-x*y", "|x^2 + y^2 <= 2;sign(x - y) >= 1"},
		{"x + y", "x=0:,y=0:|x*y >= 1;x != 1"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, c.bounds), Options{})
		if err != nil {
			t.Errorf("%s %s: %v", c.formula, c.bounds, err)
		} else if a.Status == Exact || a.Status == Certified && a.Attained {
			t.Errorf("%s %s: %s %v at %v", c.formula, c.bounds, a.Status, a.Value, a.At)
		}
	}
}

// A derivative does not show a jump: f may be lowest at a point on its own, though it rises and
// falls as if that were not there.
func TestJumpDown(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		value           float64
	}{
		{"if(x == 1 and y == 2, -10, 0) + x^2 + y^2", "", -5},
		{"if(x == 1 and y == 2, -10, 0) + x^2 + y^2 + x*y", "", -3},
		{"if(x == 1 and y == 2, -10, 0) + exp(x) + x^2*y^2", "x=0:2,y=1:3", math.E - 6},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.formula, c.bounds), Options{Start: []float64{1, 2}})
		if err != nil || a.Status == NotAttained || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s %s: %v %s %v", c.formula, c.bounds, err, a.Status, a.Value)
		}
	}
}

// Multipliers are those of the conditions of Karush, Kuhn and Tucker, or there are none.
func TestMultipliers(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		formula, bounds string
		want            []float64
	}{
		{"(x - 1)^2 + (y - 2)^2", "|x + y <= 1", []float64{2}},
		{"x^4 + y^4", "|x + y >= 2", []float64{4}},
		{"-x*y + exp(x)/100", "|x + y == 1", []float64{0.491824}},
		{"x + 0*y", "|y^2 <= x^3", []float64{nan}}, // a cusp
		{"x + 0*y", "|y^2 == x^3", []float64{nan}},
		{"x + y", "|(x - 1)^2 + (y - 2)^2 <= 0", []float64{nan}}, // a point
		{"x + 0*y", "|y == sqrt(x)", []float64{nan}},             // where a slope is infinite
		{"(x - 1)^4 + (y - 1)^4 + exp(x*y)", "|1e-9*(x + y) <= 1e-8", nil},
		{"x^2 + (y - 1)^4", "|y != 3;x + y >= 2", []float64{0.820491}},
		{"sqrt(2)*(y + 2)^2 - max(x, y)", "|x == y;x <= 1", []float64{nan}}, // a kink
		{"abs(x - y) + x", "|x^2 + y^2 <= 1", []float64{nan}},
		{"exp(x) + x/y", "|x*(y - 1) == 0;y <= -2", []float64{1. / 6}}, // of cases
	} {
		a := solved(t, problemOf(t, c.formula, c.bounds), Options{})
		ok := len(a.Active) == len(c.want)
		for i := range c.want {
			ok = ok && (math.Abs(a.Active[i].Multiplier-c.want[i]) < 1e-5 || math.IsNaN(a.Active[i].Multiplier) && math.IsNaN(c.want[i]))
		}
		if !ok {
			t.Errorf("%s %s: %s at %v, %+v", c.formula, c.bounds, a.Status, a.At, a.Active)
		}
	}
}

// The points of a witness are in the region, though its path need not be at first, and the values
// fall.
func TestWitnessInRegion(t *testing.T) {
	for _, c := range []struct{ formula, bounds string }{
		{"y - 2*y^3", "y=21:"},
		{"x^2 - y^3", "y=21:"},
		{"y*exp(x) - 2*y^3", "x=0:0,y=21:"},
		{"cosh(x - y) + z - y^3", "|x - 2*z - y/2 > 6"},
		{"x^2*y^2 + y^2*z - z^4*cos(10 - 3*z)/1000", ""}, // rises and falls
	} {
		p := problemOf(t, c.formula, c.bounds)
		a, err := Solve(context.Background(), p, Options{})
		if err != nil || a.Status != Unbounded || len(a.Witness.Points) == 0 {
			t.Errorf("%s %s: %v %+v", c.formula, c.bounds, err, a)
			continue
		}
		q, _ := p.normal()
		m, err := q.model()
		if err != nil {
			t.Fatal(err)
		}
		k := m.Prober()
		if v := a.Witness.Values; !slices.IsSortedFunc(v, func(a, b float64) int { return cmp.Compare(b, a) }) {
			t.Errorf("%s %s: %v", c.formula, c.bounds, v)
		}
		for _, x := range a.Witness.Points {
			if _, ok := k.AtPoint(x); !ok || !k.Feasible(x) {
				t.Errorf("%s %s: %v is not in the region", c.formula, c.bounds, x)
			}
		}
	}
}

// A pole on a curve of which only what is far out is in the region is no fall without end.
func TestPoleBeforeRegion(t *testing.T) {
	p := problemOf(t, "1/(x*y) + exp(y) - sin(x)", "|x^2*y >= 2 and x + y^3 >= 2")
	if a, err := Solve(context.Background(), p, Options{Timeout: 200 * time.Millisecond}); err != nil || a.Status == Unbounded {
		t.Errorf("%v %v along %v", err, a.Status, a.Witness)
	}
}

// A local solution at which a constraint has an infinite slope ends the search no less.
func TestInfiniteSlope(t *testing.T) {
	p := problemOf(t, "exp(x)+y^2-y", "x=-2:2,y=-2:2|2*s < x^2-y;1*s >= sqrt(x)+y;2*s > x-y^2")
	a, err := Solve(context.Background(), p, Options{Timeout: 2 * time.Second})
	if err != nil || len(a.At) != 3 && a.Status != NotAttained {
		t.Errorf("%v %+v", err, a)
	}
}

// Without time there is a point that satisfies the constraints all the same.
func TestNoTime(t *testing.T) {
	for _, c := range [][2]string{
		{"if(2*x+2*y >= 0, if(x^2+y^2 < 2, abs(x-y), max(x,y)+2), if(2*x-2*y-1 <= 0, abs(x-y)-1, x*y-2))", "x=-2:2,y=-2:2|x^2+y^2 > 3"},
		{"x^2*y+exp(y)", "x=-2:2,y=-2:2|x*y>=1/3"},
	} {
		p := problemOf(t, c[0], c[1])
		a, err := Solve(context.Background(), p, Options{Timeout: time.Nanosecond})
		if err != nil || a.Status == Failed || len(a.At) != 2 {
			t.Errorf("%s %s: %v %+v", c[0], c[1], err, a)
			continue
		}
		m := sessionFor(t, &p).m.Prober()
		if _, ok := m.AtPoint(a.At); !ok || !m.Feasible(a.At) {
			t.Errorf("%s %s: %v does not satisfy the conditions", c[0], c[1], a.At)
		}
	}
}

// What is convex only where the conditions hold is not said to be so elsewhere.
func TestConvexWithin(t *testing.T) {
	a, err := Solve(context.Background(), problemOf(t, "x^3 + exp(y)", "|x + y^2 <= 5;x + y >= 1;x >= 1/3 + y^2"), Options{})
	if err != nil || a.Method != "convexity" || !strings.Contains(a.Proof[0], "lie within") {
		t.Errorf("%v, %v", a, err)
	}
}

// TestAsRead has equations that are written as two inequalities or as powers.
func TestAsRead(t *testing.T) {
	for _, c := range []struct {
		given, want []string
	}{
		{[]string{"x*y<=1", "x+y>=0", "x*y>=1"}, []string{"x*y==1", "x+y>=0"}},
		{[]string{"-x^3-y^2<=-2", "x^3+y^2<=2"}, []string{"-x^3-y^2==-2"}},
		{[]string{"20(x+y-1)^2==0", "0==-(x-y)^0.5", "abs(x^3)==0"}, []string{"x+y-1==0", "x-y==0", "x==0"}},
		{[]string{"-3abs(x*y-1)^3==0", "sqrt(2)*(x+y)^2==0"}, []string{"x*y-1==0", "x+y==0"}},
		{[]string{"x^2==1", "(x-y)^0==0", "x^-2==0", "x*y==0", "x-y==0"}, []string{"x^2==1", "(x-y)^0==0", "x^-2==0", "x*y==0", "x-y==0"}},
		{[]string{"x*y<1", "x*y>=1"}, []string{"x*y<1", "x*y>=1"}},
		{[]string{"x*y<=1", "x*y>=1", "x*y<=1"}, []string{"x*y==1", "x*y<=1"}},
		{[]string{"x+log(y)<=1", "x+log(y)>=1"}, []string{"x+log(y)<=1", "x+log(y)>=1"}},     // where log(y) is defined
		{[]string{"x<=y", "y+sqrt(z)-sqrt(z)<=x"}, []string{"x<=y", "y+sqrt(z)-sqrt(z)<=x"}}, // the same, for z < 0
	} {
		var list []expr.Expr
		for _, s := range c.given {
			list = append(list, condition(t, s))
		}
		var got, want []string
		for _, e := range asRead(list) {
			got = append(got, format.Text(e))
		}
		for _, s := range c.want {
			want = append(want, format.Text(condition(t, s)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", c.given, got, want)
		}
	}
}

// TestStartWithoutTime begins at a point that satisfies the conditions when there is no time for anything else: it is the answer.
func TestStartWithoutTime(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := problemOf(t, "sin(x*y) + cos(y*z) + x*z", "x=0:4,y=0:4,z=0:4|x*y*z + x^3 == 2;x + sin(y) >= z")
	a, err := Solve(ctx, p, Options{Start: []float64{1, 1, 1}})
	if err != nil || a.Status != Local || math.Abs(a.Value-(math.Sin(1)+math.Cos(1)+1)) > 1e-9 {
		t.Errorf("%v %+v", err, a)
	}
}

// TestStartOutside begins outside the bounds, where f is lower: the answer is a point of the region.
func TestStartOutside(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := problemOf(t, "exp(x) + exp(y) - x - 2y + x*y/10", "x=:20,y=:10|x + y <= 25")
	a, err := Solve(ctx, p, Options{Start: []float64{-1e6, 10.9}})
	if err != nil || a.Status != Local || !(a.At[0] <= 20 && a.At[1] <= 10) {
		t.Errorf("%v %+v", err, a)
	}
}

// TestWitnessIsLower follows a curve until f is lower than at the points that searches find.
func TestWitnessIsLower(t *testing.T) {
	a, err := Solve(context.Background(), problemOf(t, "exp(x) + exp(y) - x - 2y + x*y/10", ""), Options{})
	if err != nil || a.Status != Unbounded || !(a.Witness.Values[len(a.Witness.Values)-1] < 0) {
		t.Errorf("%v %+v", err, a.Witness)
	}
}
