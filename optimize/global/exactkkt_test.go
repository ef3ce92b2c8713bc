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
	"nabla/expr/tape"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/kkt"
)

// Minima under constraints in closed form, from textbooks on Lagrange multipliers; the values
// by hand.
func TestExactUnderConstraints(t *testing.T) {
	for _, c := range []struct {
		f          string
		max        bool
		conds      []string
		value      string
		minimisers int // 0: not proved to be all
	}{
		// Convex Lagrangians.
		{"x + 2y + 3z", false, []string{"x^2 + y^2 + z^2 == 1"}, "-sqrt(14)", 1},
		{"x*log(x) + y*log(y) + z*log(z)", false, []string{"x + y + z == 1"}, "-log(3)", 1},
		{"exp(x) + exp(y)", false, []string{"x^2 + y^2 <= 1"}, "2exp(-sqrt(2)/2)", 1},
		{"x + y", false, []string{"x^2 + y^2 <= 1", "y >= -1/2"}, "-1/2 - sqrt(3)/2", 1},
		{"(x-1)^2 + (y-1)^2", false, []string{"x^2 + y^2 <= 1"}, "3 - 2sqrt(2)", 1},
		{"x^2 + y^2 + z^2", false, []string{"z^2 == x^2 + y^2", "x + y - z + 1 == 0"}, "6 - 4sqrt(2)", 1},
		{"x*y + y*z + z*x", false, []string{"x^2 + y^2 + z^2 == 1"}, "-1/2", 0}, // a circle of minimisers
		// Convex Lagrangians of functions that are not: x = -1 and x = 1.
		{"exp(y) - 2y - x^2", false, []string{"x^2 <= 1"}, "1 - 2log(2)", 2},
		// Lagrangians that are sums of functions of one variable each, convex or not.
		{"x + y", false, []string{"exp(-x) + exp(-2y) <= 1"}, "log(27/4)/2", 1},
		{"sqrt(a/(1-a)) + sqrt(b/(1-b)) + sqrt(c/(1-c))", false, []string{"a + b + c == 1", "a >= 0", "b >= 0", "c >= 0"}, "2", 3},
		// Boxes, and the augmented Lagrangian round what they leave.
		{"x^2 + y^2 + z^2", false, []string{"x*y*z == 1"}, "3", 4},
		{"x^4 + y^4 + z^4", true, []string{"x^2 + y^2 + z^2 == 1"}, "1", 6},
		{"sin(x)*sin(y)*sin(z)", true, []string{"x + y + z == pi", "x > 0", "y > 0", "z > 0"}, "3sqrt(3)/8", 1},
		{"cos(x) + cos(y) + cos(z)", true, []string{"x + y + z == pi", "x > 0", "y > 0", "z > 0"}, "3/2", 1},
		{"x^2/y + y^2/z + z^2/x", false, []string{"x + y + z == 1", "x > 0", "y > 0", "z > 0"}, "1", 1},
		{"x + y + z", false, []string{"x^2 + y^2 == 2", "x + z == 1"}, "1 - sqrt(2)", 0},
		{"x*y*exp(z)", false, []string{"x^2 + y^2 + z^2 <= 1"}, "-(sqrt(2) - 1)exp(sqrt(2) - 1)", 2},
		// Boxes, where the Lagrangian bounds f but is not convex.
		{"exp(-x*y)", false, []string{"x^2 + 4y^2 <= 1"}, "exp(-1/4)", 2},
		{"sin(x+y)", false, []string{"x^2 + y^2 <= 1"}, "-sin(sqrt(2))", 1},
		{"2(x^4 + y^4)", false, []string{"x^4 + y^4 == 1", "x + y >= 0", "x <= 3", "y <= 3"}, "2", 0}, // constant
		// Sums of functions of one variable each, which are not convex on all that encloses the region.
		{"tan(x/2) + tan(y/2) + tan(z/2)", false, []string{"x + y + z == pi", "x > 0", "y > 0", "z > 0"}, "sqrt(3)", 1},
		{"tan(x) + tan(y) + tan(z)", false, []string{"x + y + z == pi", "x > 0", "x < pi/2", "y > 0", "y < pi/2", "z > 0", "z < pi/2"}, "3sqrt(3)", 1},
		{"1/sin(x) + 1/sin(y) + 1/sin(z)", false, []string{"x + y + z == pi", "x > 0", "y > 0", "z > 0"}, "2sqrt(3)", 1},
		// A bound that holds a variable.
		{"sqrt(x^2+4) + sqrt((3-x)^2 + y^2)", false, []string{"y >= 1"}, "3sqrt(2)", 1},
	} {
		p := Problem{F: expr.MustParse(c.f), Max: c.max}
		for _, text := range c.conds {
			p.SubjectTo = append(p.SubjectTo, condition(t, text))
		}
		a := solved(t, p, Options{})
		want, _ := tape.EncloseConstant(expr.MustParse(c.value))
		got, ok := tape.EncloseConstant(a.ExactValue)
		if a.Status != Exact || !ok || got.Disjoint(want) || math.Abs(a.Value-want.Mid()) > 1e-14*math.Abs(want.Mid()) {
			t.Errorf("%s under %v: %s %v %v, want exactly %s", c.f, c.conds, a.Status, a.Value, a.Warnings, c.value)
			continue
		}
		if a.MinimisersComplete != (c.minimisers > 0) || c.minimisers > 0 && len(a.Minimisers) != c.minimisers {
			t.Errorf("%s under %v: minimisers %v, all: %v; want %d", c.f, c.conds, a.Minimisers, a.MinimisersComplete, c.minimisers)
		}
	}
}

// Proofs by a Lagrangian say what holds of f where that is to be greatest, and call no other
// function f.
func TestProofUnderConditionsReadsAsTheQuestion(t *testing.T) {
	for _, c := range []struct {
		f, cond string
		bounds  []Bound
		max     bool
		says    string
	}{
		{"x + y", "x^2 + y^2 <= 1", nil, true, "f plus the constraints times the multipliers -sqrt(2)/2 for x^2 + y^2 <= 1 is concave"},
		{"x + y", "x^2 + y^2 <= 1", nil, true, "it is nowhere higher, and under the constraints f is not higher than it"},
		{"x + y", "x^2 + y^2 <= 1", nil, false, "f plus the constraints times the multipliers sqrt(2)/2 for x^2 + y^2 <= 1 is convex"},
		{"x*y - x^2 - y^2", "x^2 + y >= 1", nil, true, "multipliers -(21/16 - 3 sqrt(17)/16) for x^2 + y >= 1 is concave"},
		{"x*y - x^2 - y^2 + x/10", "x^2 + y >= 1", nil, true, "L = -f plus the constraints times the multipliers 0.487523 for x^2 + y >= 1 is nowhere lower than 0.3155487369, and under the constraints -f is not lower than that; L is quadratic"},
		{"exp(x) + exp(y)", "x^2 + y^2 <= 1", []Bound{{Lo: expr.MustParse("-1/2")}, {}}, false, "its gradient is zero in the variables that no bound holds"},
	} {
		e, err := expr.Reader{Conditions: true}.Expr(c.cond)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Solve(context.Background(), Problem{F: expr.MustParse(c.f), Bounds: c.bounds, SubjectTo: []expr.Expr{e}, Max: c.max}, Options{Timeout: 3 * time.Second})
		if err != nil || a.Status != Exact && a.Status != Certified {
			t.Fatalf("%s under %s: %v %+v", c.f, c.cond, err, a)
		}
		if text := strings.Join(a.Proof, "; "); !strings.Contains(text, c.says) {
			t.Errorf("%s under %s: %s, want %q", c.f, c.cond, text, c.says)
		}
	}
}

// The least value of c·x on the ellipsoid Σ d_i x_i² = r is -√(r Σ c_i²/d_i).
func TestExactOnEllipsoids(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for range 12 {
		f, g, sum := "", "", 0.0
		right := 1 + r.IntN(5)
		for i := range 2 + r.IntN(2) {
			c, d := 1+r.IntN(5), 1+r.IntN(4)
			f += fmt.Sprintf(" + %d*x%d", c, i)
			g += fmt.Sprintf(" + %d*x%d^2", d, i)
			sum += float64(c*c) / float64(d)
		}
		want := -math.Sqrt(float64(right) * sum)
		cond := fmt.Sprintf("%s == %d", g[3:], right)
		e, err := expr.Reader{Conditions: true}.Expr(cond)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Solve(context.Background(), Problem{F: expr.MustParse(f[3:]), SubjectTo: []expr.Expr{e}}, Options{Timeout: 5 * time.Second})
		if err != nil || a.Status != Exact && a.Status != Certified || math.Abs(a.Value-want) > 1e-8*math.Abs(want) {
			t.Errorf("%s under %s: %v %s %v, want %v", f, cond, err, a.Status, a.Value, want)
		} else if a.Status == Exact && math.Abs(a.Value-want) > 1e-14*math.Abs(want) {
			t.Errorf("%s under %s: exactly %v, want %v", f, cond, a.Value, want)
		}
	}
}

// Points that are not the best, or at which the conditions fail, are not taken for minima.
func TestExactKKTRefuses(t *testing.T) {
	e, err := expr.Reader{Conditions: true}.Expr("x^2 + y^2 == 1")
	if err != nil {
		t.Fatal(err)
	}
	p := &Problem{F: expr.MustParse("x + y"), Vars: []string{"x", "y"}, SubjectTo: []expr.Expr{e}}
	m, err := p.model()
	if err != nil {
		t.Fatal(err)
	}
	s := &session{ctx: context.Background(), p: p, m: m}
	s.b = branch.New(m, branch.Options{})
	if s.lagrangian, err = kkt.NewLagrangian(m); err != nil {
		t.Fatal(err)
	}
	point := func(x, y string) *exactKKT {
		return s.exactKKTAt([]expr.Expr{expr.MustParse(x), expr.MustParse(y)})
	}
	for _, q := range [][2]string{{"1", "0"}, {"0", "-1"}, {"-1/2", "-1/2"}, {"-3/5", "-4/5"}} {
		if k := point(q[0], q[1]); k != nil {
			t.Errorf("%v satisfies the conditions with %v", q, k.y)
		}
	}
	least, most := point("-sqrt(2)/2", "-sqrt(2)/2"), point("sqrt(2)/2", "sqrt(2)/2")
	if least == nil || most == nil {
		t.Fatal("a stationary point is refused")
	}
	if !s.onlyNear(least, least.box) || s.onlyNear(most, most.box) {
		t.Error("the least and the greatest value are not told apart")
	}
}
