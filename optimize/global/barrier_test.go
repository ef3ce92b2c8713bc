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

func TestBarrier(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		max             bool
		status          Status
		value           float64
	}{
		{"x+y+1/(1-x^2-y^2)", "|x^2+y^2<1", false, Certified, 0.6175221},
		{"x+y+1/(1-x^2-y^2)", "|x^2+y^2<=1", false, Certified, 0.6175221},
		{"x+y+1/(2*x^2+2*y^2-2)", "|x^2+y^2<1", true, Certified, 0.0674422},
		{"x^2+y^2+1/(x*y-1)", "|x*y>1", false, Exact, 2 + 2*math.Sqrt2},
		{"x^2+y^2+(1-x*y)^(-2)", "|x*y<1", false, Certified, 1},
		// Schittkowski, More Test Examples for Nonlinear Programming Codes, 1987, problem 314.
		{"(x-2)^2+(y-1)^2+0.04/(1-x^2/4-y^2)+(x-2*y+1)^2/0.2", "|x^2/4+y^2<1", false, Certified, 1.8286274},
		// Poles of the other sign, and of both.
		{"x+y+1/(x^2+y^2-1)", "|x^2+y^2<1", false, Unbounded, math.Inf(-1)},
		{"x+y+1/(x^2+y^2-1)", "|x^2+y^2>1", false, Unbounded, math.Inf(-1)},
		{"x+y-1/(1-x^2-y^2)^3", "|x^2+y^2<1", false, Unbounded, math.Inf(-1)},
		// With other conditions, and where they leave nothing.
		{"1/(1-x^2-y^2)", "|x^2+y^2<1;x+y>=1", false, Certified, 2},
		{"x+1/(1-x^2-y^2)", "|x^2+y^2<1;x^2+y^2>2", false, EmptyDomain, 0},
		// A divisor that is none of a condition.
		{"1/(2-x^2-y^2)", "|x^2+y^2<1", false, Exact, 0.5},
	} {
		p := problemOf(t, c.formula, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{})
		if a.Status != c.status || a.Status != Unbounded && a.Status != EmptyDomain && !(math.Abs(a.Value-c.value) <= 1e-6) {
			t.Errorf("%s %s: %v %v, want %v %v", c.formula, c.bounds, a.Status, a.Value, c.status, c.value)
		}
	}
}

// A formula that a case distinction defines where a divisor is 0 keeps its condition.
func TestBarrierKeepsCases(t *testing.T) {
	a := solved(t, problemOf(t, "if(x^2+y^2>1/2, x, 1/(1-x^2-y^2))", "|x^2+y^2<=1"), Options{})
	if !(math.Abs(a.Value+1) <= 1e-6) { // at the edge, where the divisor is 0
		t.Errorf("%v %v", a.Status, a.Value)
	}
}

// What is shown where nothing is proved belongs to the region, as an answer that is.
func TestBarrierRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 0))
	for range 12 {
		a, b, k := r.IntN(3)+1, r.IntN(3)+1, r.IntN(2)+1
		g := fmt.Sprintf("%d*x^2+%d*y^2+x*y", a, b)
		f := fmt.Sprintf("%d*x-%d*y+%d/(2-%s)^%d", r.IntN(5)-2, r.IntN(4), r.IntN(3)+1, g, k)
		p := problemOf(t, f, "|"+g+"<2")
		answer := solved(t, p, Options{})
		m, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		pr := m.Prober()
		if len(answer.At) == 2 {
			if pr.AtPoint(answer.At); !pr.Feasible(answer.At) {
				t.Errorf("%s: %v is none of the region", f, answer.At)
			}
		}
		if answer.Status == Local {
			t.Errorf("%s: %v", f, answer.Warnings)
		}
		for range 2000 {
			x := []float64{4*r.Float64() - 2, 4*r.Float64() - 2}
			v, ok := pr.AtPoint(x)
			if ok && pr.Feasible(x) && model.Finite(v.Hi) && v.Hi < answer.Value-1e-7*math.Max(1, math.Abs(answer.Value)) {
				t.Fatalf("%s: %v at %v is below %v", f, v, x, answer.Value)
			}
		}
	}
}

func TestProportion(t *testing.T) {
	for _, c := range []struct {
		d, g string
		sign int
	}{
		{"1-x^2-y^2", "x^2+y^2-1", -1}, {"(1-x)*(1+x)-y^2", "2*x^2+2*y^2-2", -1}, {"x*y-1", "x*y/3-1/3", 1},
		{"1-x^2-y^2", "x^2+y^2-2", 0}, {"x-y", "x+y", 0}, {"x-x", "x", 0}, {"x*(x-y)", "x-y", 0},
	} {
		if sign := proportion(expr.MustParse(c.d), expr.MustParse(c.g)); sign != c.sign {
			t.Errorf("%s to %s: %d", c.d, c.g, sign)
		}
	}
}

func TestBarrierCertificate(t *testing.T) {
	p := problemOf(t, "x+y+1/(1-x^2-y^2)", "|x^2+y^2<1")
	a, err := Solve(context.Background(), p, Options{Certificate: true})
	if err != nil || a.Certificate == nil {
		t.Fatal(a, err)
	}
	if r := checkAgain(t, a.Certificate); !r.Valid {
		t.Errorf("%v", r.Unchecked)
	}
}
