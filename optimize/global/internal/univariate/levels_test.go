package univariate

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/minimum"
)

// TestEveryMinimiser asks for minima of products with zeros in families, some of which are
// outside the bounds or the domain.
func TestEveryMinimiser(t *testing.T) {
	for _, q := range []struct {
		formula, lo, hi string
		max             bool
		want            string
	}{
		{"x^2*sin(x)^2", "", "", false, "x = pi k"},
		{"-abs(x*sin(x))", "", "", true, "x = pi k"},
		{"exp(x^2*sin(x)^2)", "", "", false, "x = pi k"},
		{"x^2*(1-cos(x))", "1", "", false, "x = 2pi + 2pi k, k >= 0"},
		{"x^2*(1-cos(x))", "", "2*pi", false, "x = 2pi + 2pi k, k <= 0"},
		{"(x-2*pi)^(-2)*(1-cos(x))", "0", "", false, "0; x = 4pi + 2pi k, k >= 0"},
		{"log(x)^2*cos(x)^2", "", "", false, "1; x = pi/2 + pi k, k >= 0"},
		{"log(x)^2*sin(x)^2", "1", "", false, "1; x = pi + pi k, k >= 0"},
		{"(x^2-4)^2*sin(x)^2", "", "2", false, "-2; x = pi k, k <= 0; 2"},
		{"(exp(x)-1)*(1-cos(2*x))", "0", "", false, "x = pi k, k >= 0"},
		{"sqrt(x)*cos(x)^2", "", "", false, "0; x = pi/2 + pi k, k >= 0"},
		{"abs(floor(x)-x)*x^2", "", "", false, "x = k"},
		{"(x-1/2)^2*mod(x,1)", "", "", false, "x = k; 1/2"},
		{"x^2*sin(x)^2*sin(2*x)^2", "", "", false, "x = pi k/2"},
		{"x^2*sin(x)^2*cos(pi*x)^2", "", "", false, "x = pi k; x = 1/2 + k"},
	} {
		p := &Question{F: expr.MustParse(q.formula), Var: "x", Max: q.max}
		if q.lo != "" {
			p.Bound.Lo = expr.MustParse(q.lo)
		}
		if q.hi != "" {
			p.Bound.Hi = expr.MustParse(q.hi)
		}
		a := Solve(context.Background(), p)
		var got []string
		for _, m := range a.Minimisers {
			if m.Family != "" {
				got = append(got, m.Family)
			} else {
				got = append(got, m.Exact[0].String())
			}
		}
		if s := strings.Join(got, "; "); s != q.want || !a.MinimisersComplete || a.Status != minimum.Exact {
			t.Errorf("%s: %s, minimisers %s, complete %v; want %s", q.formula, a.Status, s, a.MinimisersComplete, q.want)
		}
	}
}

// TestProductsOfFactors asks for minima of random products of factors that are not negative
// and of which the zeros are known, and compares which of many places are in the lists that are
// said to be complete.
func TestProductsOfFactors(t *testing.T) {
	factors := []struct {
		formula string
		f       func(x float64) float64 // NaN where it is not defined
	}{
		{"x^2", func(x float64) float64 { return x * x }},
		{"sin(x)^2", func(x float64) float64 { return math.Pow(math.Sin(x), 2) }},
		{"(1 - cos(x))", func(x float64) float64 { return 1 - math.Cos(x) }},
		{"abs(cos(2*x))", func(x float64) float64 { return math.Abs(math.Cos(2 * x)) }},
		{"(1 + sin(pi*x))", func(x float64) float64 { return 1 + math.Sin(math.Pi*x) }},
		{"exp(-x)", func(float64) float64 { return 1 }},
		{"(x - 3/2)^2", func(x float64) float64 { return (x - 1.5) * (x - 1.5) }},
		{"abs(x + pi)", func(x float64) float64 { return math.Abs(x + math.Pi) }},
		{"1/(x - pi)^2", func(x float64) float64 {
			if x == math.Pi {
				return math.NaN()
			}
			return 1
		}},
		{"sqrt(x + 1)", func(x float64) float64 { return math.Sqrt(x + 1) }},
		{"log(x)^2", func(x float64) float64 { return math.Pow(math.Log(x), 2) * math.Max(0, x) / x }},
		{"mod(x, 1/2)", func(x float64) float64 { return math.Mod(x+100, 0.5) }},
	}
	var places []float64
	for k := range 101 {
		places = append(places, float64(k-50)/4, float64(k-50)*math.Pi/4)
	}
	r := rand.New(rand.NewPCG(29, 11))
	complete := 0
	for range 150 {
		var texts []string
		var fs []func(float64) float64
		for _, i := range r.Perm(len(factors))[:2+r.IntN(2)] {
			texts, fs = append(texts, factors[i].formula), append(fs, factors[i].f)
		}
		p := &Question{F: expr.MustParse(strings.Join(texts, "*")), Var: "x"}
		a := Solve(context.Background(), p)
		if !a.MinimisersComplete || !a.ExactValue.IsNum(0) {
			continue
		}
		complete++
		for _, x := range places {
			zero, defined := false, true
			for _, f := range fs {
				v := f(x)
				zero, defined = zero || math.Abs(v) < 1e-12, defined && !math.IsNaN(v)
			}
			listed := false
			for _, m := range a.Minimisers {
				k := 0.0
				if w := m.Repeats.Width; w > 0 {
					k = math.Round((x - m.X[0]) / w)
					if m.Repeats.Lo != nil {
						k = math.Max(k, float64(*m.Repeats.Lo))
					}
					if m.Repeats.Hi != nil {
						k = math.Min(k, float64(*m.Repeats.Hi))
					}
				}
				listed = listed || math.Abs(m.X[0]+k*m.Repeats.Width-x) < 1e-9
			}
			if listed != (zero && defined) {
				t.Errorf("%s: whether %v is listed is %v in %v", p.F, x, listed, a.Minimisers)
			}
		}
	}
	if complete < 100 {
		t.Errorf("only %d complete lists", complete)
	}
}
