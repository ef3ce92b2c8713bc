package tape

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
)

// u log(u) is bounded near 0, and enclosed as closely as its turn allows.
func TestEntropy(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 8))
	for text, f := range map[string]func(x float64) float64{
		"x*log(x)":      func(x float64) float64 { return x * math.Log(x) },
		"2 - log(x)*x":  func(x float64) float64 { return 2 - x*math.Log(x) },
		"x*log(3*x)":    func(x float64) float64 { return x * math.Log(3*x) },
		"-5*x*log(x/7)": func(x float64) float64 { return -5 * x * math.Log(x/7) },
		"x*log(-2*x)":   func(x float64) float64 { return x * math.Log(-2*x) },
	} {
		p, err := Compile([]string{"x"}, expr.MustParse(text))
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		var out [1]interval.I
		for range 300 {
			lo := []float64{0, -1, -3, r.Float64(), 2 * r.Float64()}[r.IntN(5)]
			x := interval.New(lo, lo+[]float64{0.1, 1, 5}[r.IntN(3)]*r.Float64())
			m.Interval(out[:], nil, []interval.I{x})
			for range 30 {
				u := x.Lo + r.Float64()*(x.Hi-x.Lo)
				if v := f(u); !math.IsNaN(v) && !math.IsInf(v, 0) && !(v >= out[0].Lo-1e-12 && v <= out[0].Hi+1e-12) {
					t.Fatalf("%s is %v at %v, not in %v on %v", text, v, u, out[0], x)
				}
			}
		}
		if text == "x*log(-2*x)" {
			continue
		}
		if m.Interval(out[:], nil, []interval.I{interval.New(0, 2)}); !out[0].IsBounded() {
			t.Errorf("%s is in %v on [0, 2]", text, out[0])
		}
	}
	p, err := Compile([]string{"x"}, expr.MustParse("x*log(x)"))
	if err != nil {
		t.Fatal(err)
	}
	for x, want := range map[interval.I]interval.I{
		{Lo: 0, Hi: 0.25}:        {Lo: -0.25 * math.Log(4), Hi: 0},
		{Lo: 0, Hi: 1}:           {Lo: -1 / math.E, Hi: 0},
		{Lo: -2, Hi: math.E}:     {Lo: -1 / math.E, Hi: math.E},
		{Lo: 0, Hi: math.Inf(1)}: {Lo: -1 / math.E, Hi: math.Inf(1)},
	} {
		var out [1]interval.I
		p.NewMachine().Interval(out[:], nil, []interval.I{x})
		if v := out[0]; math.Abs(v.Lo-want.Lo) > 1e-12 || v.Hi != want.Hi && math.Abs(v.Hi-want.Hi) > 1e-12 {
			t.Errorf("x log(x) is in %v on %v, want %v", v, x, want)
		}
	}
}
