package global

import (
	"math"
	"testing"
)

// Minima and infima under conditions between the least value without some of them, or of parts of the sum, and that on a part of the region.
func TestRelaxation(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
	}{
		{"log(1+x^2) + (x-2)^2", "|x*y >= 1; x^2*y >= 2", Certified, 1.4269754440},
		{"exp(y) + y^2", "|y <= 1/x", Exact, 0.8271840261},
		{"exp(x)", "|x + y >= 0; y <= 5", Exact, math.Exp(-5)}, // the condition holds it
		{"(x-1)^2", "|x*y >= 1; y <= 1/2", Exact, 1},           // approached for x → 0 too
		{"atan(x) + exp(y)", "|x^2 + x*y >= 3", NotAttained, -math.Pi / 2},
		{"atan(x) + exp(y)", "|x^2 + x*y >= 3; x >= -3", NotAttained, math.Atan(-3)}, // far down for y
		{"atan(x) + cos(y)", "|atan(x) + y >= 2", NotAttained, -math.Pi/2 - 1},       // y = pi is too small
		{"x^2*y^2 + x^2", "|y <= 1/x", NotAttained, 0},                               // which is not defined for x = 0
		{"x^2*y^2 + x^2", "|x*y <= 1", Exact, 0},
		{"(y+1)^2 + abs(x) - sin(x)", "|y <= 1/x", NotAttained, 0},
		{"exp(x) + log(1+x^2)", "|sqrt(y) >= x; y <= 1/x", NotAttained, 1},
		{"x^2 + exp(y)", "|x*y >= 1; y >= -3", Exact, 1./9 + math.Exp(-3)},
		{"atan(x) + y^2", "|x*y >= 1; x*y^2 <= -4", Local, 0}, // y^2 ≥ -4/x
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		if c.status == Local {
			if a.Status != Local && a.Value < -math.Pi/2-1e-9 {
				t.Errorf("%s %s: %s %v", c.formula, c.bounds, a.Status, a.Value)
			}
			continue
		}
		if a.Status != c.status || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s %s: %s %v (%s), want %s %v", c.formula, c.bounds, a.Status, a.Value, a.Method, c.status, c.value)
		}
		consistent(t, c.formula, p, a)
	}
}

// The same for sums in the plane and in space, whose terms come near their infima together far out, next to a line on which f is not defined, or at a
// point that one of them gives.
func TestRelaxationWithoutConditions(t *testing.T) {
	for _, c := range []struct {
		formula string
		status  Status
		value   float64
	}{
		{"exp(x) + exp(x/y) + y^2", NotAttained, 0}, // y = 0 has values in float64 alone
		{"z^2*exp(2x) + exp(-(z^2-z)) + 1", NotAttained, 1},
		{"2*log(1+(3x+y)^2) + sin(x/y)^2", NotAttained, 0}, // on 3x + y = 0 the second is sin(1/3)^2
		{"W(y)/2 + 1/x^2 + exp(-(x-y)^2)", NotAttained, -0.5},
		{"2*atan(2x+2y) + sin(y*x)^2*y^4", NotAttained, -math.Pi},
		{"log(1+(x^2-y)^2) + y^4 - y", Exact, -3 * math.Cbrt(2) / 8},
		{"2*log(1+(3x+y)^2) + sin(x/y - 1/2)^2/(1+y^2)", NotAttained, 0}, // sin(-5/6)
	} {
		p := problemOf(t, c.formula, "")
		a := solved(t, p, Options{})
		if a.Status != c.status || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s: %s %v (%s), want %s %v", c.formula, a.Status, a.Value, a.Method, c.status, c.value)
		}
		consistent(t, c.formula, p, a)
	}
}

// A variable that conditions hold by formulas of the others, where f rises or falls with it though it is not linear.
func TestMonotoneEpigraph(t *testing.T) {
	for _, c := range []struct {
		formula, bounds string
		status          Status
		value           float64
	}{
		{"y^2 - y + x/(1+y^2)", "|x + y^3 >= 2", Certified, 0.3081510733},
		{"x/(1+y^2) + y", "|x^2 <= y", Certified, -0.2309496479},
		{"exp(x) + y^2", "|exp(x) >= 1 + y^2", Exact, 1},
		{"x*y^2 + y", "|x >= 1", Exact, -0.25}, // constant in x for y = 0
		{"exp(x)*y", "|x*y >= 1; y > 0", Exact, math.E},
		{"exp(x)*(y+1)", "|(x-1)*y >= 1; x > 1", Exact, (math.Sqrt(5) + 3) / 2 * math.Exp((math.Sqrt(5)+1)/2)},
		{"exp(x)*y", "|x*y >= 0; x >= 0; y >= -1", Exact, -1}, // for x = 0 the condition holds for all y
		{"x^x*y^y", "|x*y >= 2; x > 0; y > 0", Exact, math.Exp(math.Ln2 * math.Sqrt2)},
		{"2^x*3^y", "|x^2 + y^2 <= 1", Certified, math.Exp(-math.Hypot(math.Ln2, math.Log(3)))},
	} {
		p := problemOf(t, c.formula, c.bounds)
		a := solved(t, p, Options{})
		if a.Status != c.status || math.Abs(a.Value-c.value) > 1e-9 {
			t.Errorf("%s %s: %s %v (%s), want %s %v", c.formula, c.bounds, a.Status, a.Value, a.Method, c.status, c.value)
		}
		consistent(t, c.formula, p, a)
	}
}
