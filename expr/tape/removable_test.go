package tape

import (
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
)

// Quotients that are bounded near their singularities, and others.
func TestRemovableQuotients(t *testing.T) {
	vars := []string{"x", "y"}
	for _, c := range []struct {
		formula string
		bounded bool
		lo, hi  float64 // over [-1/2, 1/2]², at most
	}{
		{"sin(x)/x", true, 0.877, 1},
		{"-sin(x)/x", true, -1, -0.877},
		{"sin(3*x)/x", true, 0.2, 3},
		{"sin(x)*sin(y)/(x*y)", true, 0.77, 1},
		{"sin(y)^2/(2*y^2)", true, 0.38, 0.51},
		{"sin(x*y)/(x*y)", true, 0.96, 1},
		{"sinh(x)/x", true, 1, 1.13},
		{"tanh(x)/x", true, 0.78, 1},
		{"atan(x)/x*y", true, -0.5, 0.5},
		{"(exp(x)-1)/x", true, 0.6, 1.65},
		{"(1-cos(x))/x^2", true, 0.43, 0.5},
		{"(1-cos(x*y))/(x*y)", false, 0, 0}, // of the first order, whose bounds are not known
		{"y*(1-cos(2*x))/x^2", true, -1, 1},
		{"sin(x)^3/x^2", true, -0.6, 0.6},
		{"(exp(x*y)-1)/x", true, -0.65, 0.65},
		{"(1-cos(x*y))/x^2", true, 0, 0.13},
		{"sin(x)/x^2", false, 0, 0},
		{"sin(x)/y", false, 0, 0},
		{"cos(x)/x", false, 0, 0},
		{"log(1+x)/x", true, 0.6, 2.1},
		{"(exp(x)-2)/x", false, 0, 0},
		{"(2-cos(x))/x^2", false, 0, 0},
		{"sin(x)/(x*y)", false, 0, 0},
	} {
		p, err := Compile(vars, expr.MustParse(c.formula))
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		out := make([]interval.I, 1)
		h := interval.New(-0.5, 0.5)
		m.Interval(out, nil, []interval.I{h, h})
		if v := out[0]; v.IsBounded() != c.bounded || c.bounded && !(v.Lo >= c.lo-1e-9 && v.Hi <= c.hi+1e-9) {
			t.Errorf("%s: %v", c.formula, v)
		}
		r := rand.New(rand.NewPCG(1, 2))
		at := make([]float64, 1)
		for range 300 {
			box := make([]interval.I, 2)
			for i := range box {
				a, b := 4*r.Float64()-2, 4*r.Float64()-2
				box[i] = interval.New(min(a, b), max(a, b))
				if r.IntN(3) == 0 {
					box[i] = interval.New(min(a, 0), max(a, 0))
				}
			}
			m.Interval(out, nil, box)
			for range 20 {
				x := []float64{box[0].Lo + r.Float64()*(box[0].Hi-box[0].Lo), box[1].Lo + r.Float64()*(box[1].Hi-box[1].Lo)}
				if m.Eval(at, x); at[0] < out[0].Lo-1e-6 || at[0] > out[0].Hi+1e-6 {
					t.Fatalf("%s: %v at %v is not in %v, over %v", c.formula, at[0], x, out[0], box)
				}
			}
		}
	}
}
