package global

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/minimum"
)

// Where stationary points go on without end, a needle far out is not overlooked: what is
// claimed is not above the value at its tip.
func TestNeedlesFarOut(t *testing.T) {
	t.Parallel()
	for k, base := range []string{"abs(x)/1000 + sin(x)", "sqrt(1 + x^2)/500 + cos(2x)", "log(1 + x^2)/50 + sin(x)", "x^2/100000 + sin(3x)",
		"(1 + sin(x)^2)*sqrt(abs(x) + 1)/100", "x^2*(2 + sin(x))/10000", "sin(x)/x", "exp(-x^2) + cos(x)/10", "mod(x, 2) + abs(x)/500"} {
		for _, tip := range []string{[]string{"37", "200"}[k%2], []string{"5000", "-450"}[k%2]} {
			f := expr.MustParse(fmt.Sprintf("%s - 50*exp(-(x - (%s))^2)", base, tip))
			a := solved(t, Problem{F: f}, Options{})
			if a.Status == minimum.Local || a.Status == minimum.Unbounded {
				continue
			}
			prog, err := tape.Compile([]string{"x"}, f)
			if err != nil {
				t.Fatal(err)
			}
			x, ok := tape.EncloseConstant(expr.MustParse(tip))
			if !ok {
				t.Fatal(tip)
			}
			var v [1]float64
			prog.NewMachine().Eval(v[:], []float64{x.Mid()})
			if !(a.Value <= v[0]) {
				t.Errorf("%s - 50 exp(-(x - %s)^2): %s %v, though it is %v at %s", base, tip, a.Status, a.Value, v[0], tip)
			}
		}
	}
}

// A question of one variable that is not settled has the best point that a search from the
// start finds: a sum of waves, MUONSINELS of CUTEst on fewer data.
func TestUnsettledFromStart(t *testing.T) {
	var f []string
	for i := 1; i < 20; i++ {
		f = append(f, fmt.Sprintf("(sin(%v*x) - %v)^2", float64(i)/10, math.Sin(float64(i)*0.52)))
	}
	p := Problem{F: expr.MustParse(strings.Join(f, "+"))}
	a := solved(t, p, Options{Start: []float64{5}})
	if !(a.Value < 1e-20) || math.Abs(a.At[0]-5.2) > 1e-6 {
		t.Errorf("%s %v at %v, want about 0 at 5.2", a.Status, a.Value, a.At)
	}
}

// Where the parts of f cancel, floats may put the best point found where f is not low at all: its
// value is one that f does not exceed there. These are positive, and near 0 about 1/24 to 2/15.
func TestBestFoundWherePartsCancel(t *testing.T) {
	for _, formula := range []string{"(cosh(x) - 1 - x^2/2)/x^4", "(sin(x) - x + x^3/6)/x^5", "(tanh(x) - x + x^3/3)/x^5",
		"(cosh(x) - 1 - x^2/2)/x^4 + y^2"} {
		f := expr.MustParse(formula)
		a := solved(t, Problem{F: f}, Options{Timeout: 2 * time.Second})
		if !(a.Value >= 0) {
			t.Errorf("%s: %s %v at %v", formula, a.Status, a.Value, a.At)
		}
	}
}

// A closed form whose number is not known is not told with one: floor(tanh(1000)) is 0 and
// ceil(exp(-1000000)) is 1, which no enclosure shows. What is told is no better than the value.
func TestClosedFormsWithoutNumber(t *testing.T) {
	for _, c := range []struct {
		formula string
		max     bool
		value   float64
	}{
		{"x^2 + floor(tanh(1000))", false, 0}, {"abs(x) + y^2 + floor(tanh(1000))", false, 0}, {"ceil(exp(-1000000))", false, 1},
		{"ceil(exp(-1000000)) - x^2", true, 1}, {"sqrt(x) + floor(-exp(-1000000))", false, -1},
	} {
		a := solved(t, Problem{F: expr.MustParse(c.formula), Max: c.max}, Options{})
		better := a.Value < c.value
		if c.max {
			better = a.Value > c.value
		}
		if better || a.Status != Local && a.Value != c.value {
			t.Errorf("%s: %s %v, though it is %v", c.formula, a.Status, a.Value, c.value)
		}
	}
	a, err := Solve(context.Background(), Problem{F: expr.MustParse("abs(x) + exp(1000)")}, Options{})
	if err != nil || a.Status != Exact || !math.IsInf(a.Value, 1) {
		t.Errorf("abs(x) + exp(1000): %+v, %v", a, err)
	}
}

// Functions of independent phases: their infima are minima of functions of several variables.
func TestIndependentPhases(t *testing.T) {
	for _, c := range []struct {
		f        string
		max      bool
		status   Status
		value    float64
		complete bool // all minimisers are listed
	}{
		{"max(sin(x), cos(x), sin(sqrt(2)*x))", false, Exact, -math.Sqrt2 / 2, false},
		{"max(sin(1/x), cos(1/x), sin(sqrt(2)/x))", false, Exact, -math.Sqrt2 / 2, false},
		{"sin(x)*sin(sqrt(2)*x) + sin(x)", false, NotAttained, -2, false},
		{"cos(x)*cos(sqrt(2)*x) + cos(x)", true, Exact, 2, true},
		{"(sin(x) + sin(sqrt(2)*x))^2 + cos(x)", false, NotAttained, -1, false},
		{"exp(sin(x)*cos(pi*x))", false, NotAttained, math.Exp(-1), false},
		{"1/(3 + cos(x)*cos(sqrt(2)*x) + cos(x))", false, Exact, 0.2, true},
		{"max(sin(x), floor(cos(sqrt(2)*x)))", false, Local, 0, false}, // no continuous function
	} {
		a := solved(t, Problem{F: expr.MustParse(c.f), Max: c.max}, Options{})
		if c.status == Local { // any claim but that it is taken at some place would need a proof of another kind
			if strings.HasPrefix(a.Method, "phases") {
				t.Errorf("%s: %s", c.f, a.Method)
			}
			continue
		}
		if a.Status != c.status || !(math.Abs(a.Value-c.value) < 1e-9) || a.Attained != (c.status == Exact) {
			t.Errorf("%s: %s %v, want %s %v %q", c.f, a.Status, a.Value, c.status, c.value, a.Warnings)
		}
		if c.complete != a.MinimisersComplete && c.status == Exact {
			t.Errorf("%s: all minimisers: %v", c.f, a.MinimisersComplete)
		}
		if a.Attained {
			f := func(x float64) float64 { return valueOf(t, c.f, x) }
			if v := f(a.At[0]); !(math.Abs(v-c.value) < 1e-9) {
				t.Errorf("%s: f(%v) = %v", c.f, a.At[0], v)
			}
		}
	}
}

func valueOf(t *testing.T, f string, x float64) float64 {
	t.Helper()
	p, err := tape.Compile([]string{"x"}, expr.MustParse(f))
	if err != nil {
		t.Fatal(err)
	}
	var out [1]float64
	p.NewMachine().Eval(out[:], []float64{x})
	return out[0]
}
