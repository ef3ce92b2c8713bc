package check

import (
	"math"
	"slices"
	"testing"

	"nabla/diff"
	"nabla/expr"
	"nabla/expr/number"
)

func TestFinite(t *testing.T) {
	for _, text := range []string{
		"x^2*sin(x)", "1e10*exp(x)", "1e8 + (x-1)^2", "log(x-3)", "sqrt(1-x^2)", "acosh(x)", "tan(x)", "asin(x/60)",
		"exp(-1/x^2)", "1e-9*x", "x^20", "sin(1000*x)", "exp(30*x)", "x*y^2 + log(y)", "7", "W(x)", "gamma(x)",
	} {
		f := read(t, text)
		rows, err := Finite(f, diff.D(f, "x"), "x", nil, Options{})
		if err != nil || len(rows) < 4 && text != "7" {
			t.Errorf("%s: %d rows, %v", text, len(rows), err)
		}
		for _, r := range rows {
			if r.RelError > 1e-6 {
				t.Errorf("%s at %s: derivative %g, quotient %g, relative error %g with step %g", text, Place(r.Point), r.Derivative, r.Quotient, r.RelError, r.Step)
			}
		}
	}
	// The tester is tested: a wrong derivative shows.
	f := read(t, "1e8 + (x-1)^2")
	rows, err := Finite(f, read(t, "2*(x-1) + 1e-3"), "x", nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	wrong := read(t, "sin(x)*1.001")
	more, err := Finite(read(t, "-cos(x)"), wrong, "x", nil, Options{})
	if err != nil || !slices.ContainsFunc(more, func(r Row) bool { return r.RelError > 1e-5 }) {
		t.Errorf("a derivative off by 0.1%% does not show: %+v %v", more, err)
	}
	for _, r := range rows {
		if math.Abs(r.Quotient-r.Derivative) < 5e-4 {
			t.Errorf("an error of 1e-3 does not show: %+v", r)
		}
	}
}

func TestGradient(t *testing.T) {
	one := func(f, g func(float64) float64) (func([]float64) float64, func(g, x []float64)) {
		return func(x []float64) float64 { return f(x[0]) }, func(d, x []float64) { d[0] = g(x[0]) }
	}
	tests := []struct {
		name string
		f, g func(float64) float64
		x    []float64
		want Judgement
	}{
		{"large right", func(x float64) float64 { return 1e10 * math.Exp(x) }, func(x float64) float64 { return 1e10 * math.Exp(x) }, []float64{0, 1, -3, 5}, Consistent},
		{"large offset right", func(x float64) float64 { return 1e8 + (x-1)*(x-1) }, func(x float64) float64 { return 2 * (x - 1) }, []float64{1.5, 3, -2, 0}, Consistent},
		{"large offset wrong by 1e-5", func(x float64) float64 { return 1e8 + (x-1)*(x-1) }, func(x float64) float64 { return 2*(x-1) + 1e-5 }, []float64{1.5, 3, -2, 0}, Inconsistent},
		{"large offset wrong factor", func(x float64) float64 { return 1e8 + (x-1)*(x-1) }, func(x float64) float64 { return (x - 1) }, []float64{1.00001, 1.5, 3}, Inconsistent},
		{"sine", math.Sin, math.Cos, []float64{0, 1, 100, 1e6}, Consistent},
		{"sine sign", math.Sin, func(x float64) float64 { return -math.Cos(x) }, []float64{0, 1, 100}, Inconsistent},
		{"fast", func(x float64) float64 { return math.Sin(1e5 * x) }, func(x float64) float64 { return 1e5 * math.Cos(1e5*x) }, []float64{0, 0.3, 1}, Consistent},
		{"fast wrong", func(x float64) float64 { return math.Sin(1e5 * x) }, func(x float64) float64 { return 1e5 * math.Cos(1e5*x) * 1.0001 }, []float64{0, 0.3}, Inconsistent},
		{"tiny", func(x float64) float64 { return 1e-200 * x * x }, func(x float64) float64 { return 2e-200 * x }, []float64{1, 3}, Consistent},
		{"tiny wrong", func(x float64) float64 { return 1e-200 * x * x }, func(x float64) float64 { return 3e-200 * x }, []float64{1, 3}, Inconsistent},
		{"linear", func(x float64) float64 { return 3*x + 1 }, func(float64) float64 { return 3 }, []float64{0, 2, 1e3}, Consistent},
		{"constant", func(float64) float64 { return 4 }, func(float64) float64 { return 0 }, []float64{0, 2}, Consistent},
		{"constant wrong", func(float64) float64 { return 4 }, func(float64) float64 { return 1e-6 }, []float64{0, 2}, Inconsistent},
		{"kink", math.Abs, func(x float64) float64 { return 1 }, []float64{0}, Kink},
		{"kink elsewhere", func(x float64) float64 { return math.Abs(x - 1) }, func(x float64) float64 { return 1 }, []float64{1.1, 2, 5}, Consistent},
		{"kink elsewhere wrong", func(x float64) float64 { return math.Abs(x - 1) }, func(x float64) float64 { return 1 }, []float64{0.9, 0, -5}, Inconsistent},
		{"kink near", math.Abs, func(x float64) float64 { return 1 }, []float64{1e-6, 1e-9, 1e-12}, Consistent},
		{"kink near wrong", math.Abs, func(x float64) float64 { return -1 }, []float64{1e-6, 1e-9, 1e-12}, Inconsistent},
		{"kink near 1", func(x float64) float64 { return math.Abs(x - 1) }, func(x float64) float64 { return 1 }, []float64{1 + 1e-9}, Consistent},
		{"jump", func(x float64) float64 { return math.Copysign(1, x) }, func(x float64) float64 { return 0 }, []float64{0}, Kink},
		{"jump near", func(x float64) float64 { return math.Copysign(1, x) }, func(x float64) float64 { return 0 }, []float64{1e-3, -1e-5}, Consistent},
		{"vertical tangent", math.Cbrt, func(x float64) float64 { return 0 }, []float64{0}, Kink},
		{"huge", func(x float64) float64 { return 1e200 * x * x }, func(x float64) float64 { return 2e200 * x }, []float64{3, 1e50}, Consistent},
		{"huge wrong", func(x float64) float64 { return 1e200 * x * x }, func(x float64) float64 { return 3e200 * x }, []float64{3}, Inconsistent},
		{"rounded values", func(x float64) float64 { return math.Round(1000*x*x) / 1000 }, func(x float64) float64 { return 2 * x }, []float64{1.2345}, Consistent},
		{"rounded values wrong", func(x float64) float64 { return math.Round(1000*x*x) / 1000 }, func(x float64) float64 { return x }, []float64{1.2345}, Inconsistent},
		{"border", func(x float64) float64 { return math.Pow(x, 1.5) }, func(x float64) float64 { return 1.5 * math.Sqrt(x) }, []float64{0}, Consistent},
		{"border wrong", func(x float64) float64 { return x*x + 0*math.Sqrt(x-1) }, func(x float64) float64 { return x }, []float64{1}, Inconsistent},
		{"deep in the corner", math.Log, func(x float64) float64 { return 1 / x }, []float64{1e-300}, Unclear},
		{"kink at 3", func(x float64) float64 { return max(x*x, 9) }, func(x float64) float64 { return 6 }, []float64{3}, Kink},
		{"noise", func(x float64) float64 { return x*x + 1e-6*math.Sin(1e9*x) }, func(x float64) float64 { return 2 * x }, []float64{1, 2}, Consistent},
		{"noise wrong", func(x float64) float64 { return x*x + 1e-6*math.Sin(1e12*x) }, func(x float64) float64 { return 2.2 * x }, []float64{1, 2}, Inconsistent},
		{"single precision", func(x float64) float64 { return float64(float32(math.Sin(x))) }, math.Cos, []float64{0.5, 2}, Consistent},
		{"single precision wrong", func(x float64) float64 { return float64(float32(math.Sin(x))) }, func(x float64) float64 { return math.Cos(x) + .1 }, []float64{0.5, 2}, Inconsistent},
		{"edge of the domain", math.Log, func(x float64) float64 { return 1 / x }, []float64{1e-3, 1e-8, 1, 1e6}, Consistent},
		{"cube at 0", func(x float64) float64 { return x * x * x }, func(x float64) float64 { return 3 * x * x }, []float64{0, 1}, Consistent},
		{"not a number", math.Log, func(x float64) float64 { return 1 / x }, []float64{-1}, NoValue},
	}
	for _, c := range tests {
		f, g := one(c.f, c.g)
		for _, x := range c.x {
			r := Gradient(f, g, []float64{x}, Options{})
			if r.Judgement != c.want {
				t.Errorf("%s at %g: %s, want %s: %s\n%+v", c.name, x, r.Judgement, c.want, r.Text, r.Directions)
			}
			for _, s := range r.Directions {
				if !math.IsNaN(s.Order) && (c.want == Consistent && s.Order < 1.5 && c.name != "noise" || c.want == Inconsistent && s.Order > 1.5 && c.name[:4] != "nois") {
					t.Logf("%s at %g: order %g", c.name, x, s.Order)
				}
			}
		}
	}
}

// The entries to blame are found in many variables.
func TestGradientBlame(t *testing.T) {
	n := 50
	f := func(x []float64) float64 {
		s := 0.0
		for i := 0; i+1 < len(x); i++ {
			a, b := x[i+1]-x[i]*x[i], 1-x[i]
			s += 100*a*a + b*b
		}
		return s
	}
	grad := func(g, x []float64) {
		clear(g)
		for i := 0; i+1 < len(x); i++ {
			a, b := x[i+1]-x[i]*x[i], 1-x[i]
			g[i] += -400*a*x[i] - 2*b
			g[i+1] += 200 * a
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	if r := Gradient(f, grad, x, Options{}); r.Judgement != Consistent {
		t.Errorf("right gradient: %s", r.Text)
	}
	r := Gradient(f, func(g, x []float64) { grad(g, x); g[7] *= 1.01; g[31] += 1 }, x, Options{})
	if r.Judgement != Inconsistent || !slices.Equal(r.Wrong, []int{7, 31}) {
		t.Errorf("wrong entries %v: %s", r.Wrong, r.Text)
	}
	if r := Gradient(f, func(g, x []float64) { grad(g, x); g[40] += 1e-3 }, x, Options{}); !slices.Equal(r.Wrong, []int{40}) {
		t.Errorf("wrong by little: %v: %s", r.Wrong, r.Text)
	}
	for _, s := range r.Directions {
		if s.Order < 0.8 || s.Order > 1.2 {
			t.Errorf("the remainder of a wrong gradient fell with order %g", s.Order)
		}
	}
}

func TestValues(t *testing.T) {
	f := read(t, "x^2*sin(y)")
	at := []Coordinate{{"x", number.Int(3)}, {"y", number.Frac(1, 2)}}
	for _, c := range []struct {
		values []string
		want   []Verdict
	}{
		{[]string{"2.87655", "7.89824"}, []Verdict{Same, Same}},
		{[]string{"2.876553231625218", "7.898243057013355"}, []Verdict{Same, Same}},
		{[]string{"2.8765", "7.898"}, []Verdict{Same, Same}},             // cut off
		{[]string{"2.877", "7.8982431"}, []Verdict{Same, Same}},          // rounded
		{[]string{"2.87656", "7.8983"}, []Verdict{Different, Different}}, // neither
		{[]string{"6*sin(1/2)", "9*cos(1/2)"}, []Verdict{Same, Same}},
		{[]string{"3", "sin(1/2)"}, []Verdict{Different, Different}},
	} {
		got, err := Values(f, []string{"x", "y"}, at, c.values, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if v.Verdict != c.want[i] {
				t.Errorf("%s for d/d%s: %s, want %s (%+v)", c.values[i], v.Wrt, v.Verdict, c.want[i], v)
			}
		}
	}
	if _, err := Values(f, []string{"x"}, at[:1], []string{"1"}, Options{}); err == nil {
		t.Error("a point without y was accepted")
	}
	v, err := Values(read(t, "abs(x)"), []string{"x"}, []Coordinate{{"x", number.Int(0)}}, []string{"0"}, Options{})
	if err != nil || v[0].Verdict != Undecided {
		t.Errorf("|x| at 0: %+v %v", v, err)
	}
}

func TestMeanValue(t *testing.T) {
	n := number.Int
	for _, c := range []struct {
		a, b, fa, fb number.Number
		claim        string
		refuted      bool
	}{
		{n(0), n(2), n(0), n(4), "2*x", false},
		{n(0), n(2), n(0), n(4), "x", false}, // 2 is in [0, 2]
		{n(0), n(2), n(0), n(4), "x/2", true},
		{n(1), n(2), n(1), n(8), "3*x^2", false},
		{n(1), n(2), n(1), n(8), "2*x", true},
		{n(-1), n(1), n(-1), n(1), "-1/x^2", false}, // a pole inside
		{n(0), n(1), n(0), n(2), "cos(x)", true},
		{n(2), n(1), n(8), n(1), "2*x", true}, // the ends in the other order
	} {
		r, err := MeanValue(c.a, c.b, c.fa, c.fb, expr.MustParse(c.claim), "x")
		if err != nil || r.Refuted != c.refuted {
			t.Errorf("%s on [%s, %s]: %+v, want refuted %t, %v", c.claim, c.a, c.b, r, c.refuted, err)
		}
	}
}
