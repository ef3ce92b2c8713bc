package univariate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/minimum"
)

// TestSettling asks about waves with parts that die down. Values that are not those of the wave are by mpmath.
func TestSettling(t *testing.T) {
	for _, q := range []struct {
		formula, lo string
		max         bool
		status      minimum.Status
		value       float64
	}{
		{"exp(-x) + sin(x) - cos(x)", "0", false, minimum.NotAttained, -math.Sqrt2},
		{"exp(-x) + sin(x) - cos(x)", "0", true, minimum.Certified, 1.5124055848027277},
		{"sin(x) + cos(x) - exp(-x)", "0", true, minimum.NotAttained, math.Sqrt2},
		{"tanh(x)*sin(x) + cos(x)", "", false, minimum.NotAttained, -math.Sqrt2},
		{"x^2/(1 + x^2)*sin(x) + cos(x)/2", "", false, minimum.NotAttained, -math.Sqrt(5) / 2},
		{"atan(x)*sin(x) + cos(x)", "", false, minimum.NotAttained, -math.Sqrt(math.Pi*math.Pi+4) / 2},
		{"sin(2x) + cos(x) + 3exp(-x)", "0", false, minimum.NotAttained, -1.7601725930460869},
		{"sin(x) + cos(2x) - x*exp(-x)", "0", true, minimum.NotAttained, 1.125},
		{"cos(x) + cos(2x)/(1 + x)", "0", false, minimum.NotAttained, -1},
		{"sin(x)^2 + exp(-x)*cos(x)^2", "0", false, minimum.NotAttained, 0},
		{"sin(x)^2 + cos(x)^4 + exp(-x)*(cos(x)^2 - sin(x)^2)", "1", false, minimum.Certified, 0.6370400165965827},
		{"(sin(x) - x*cos(x))^2/x^2", "", true, minimum.Certified, 1.1301893895848607},
		// next to the minimisers of the wave the rest is 0, or of both signs
		{"2 sin(x) + exp(-x)*cos(x)", "0", false, minimum.Certified, -2.0000203580730402},
		{"2 sin(x) + exp(-x)*sin(5x)", "1", false, minimum.Certified, -2.0090014953841778},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound(q.lo, ""), Max: q.max})
		if a.Status != q.status || math.Abs(a.Value-q.value) > 1e-11 {
			t.Errorf("%s from %q: %s %v %v, want %s %v", q.formula, q.lo, a.Status, a.Value, a.Warnings, q.status, q.value)
		}
	}
}

// TestSettlingIsNeverWrong asks about random waves and rests, and samples them.
func TestSettlingIsNeverWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	known := 0
	for range 50 {
		wave := func() string {
			return strings.ReplaceAll(pick("sin(kx)", "cos(kx)", "sin(kx)^2", "sin(x)*cos(kx)", "sin(kx + 1)", "cos(kx)^3", "exp(sin(kx))"), "k", fmt.Sprint(1+r.IntN(3)))
		}
		f := fmt.Sprintf("%d*%s + %d*%s + (%d)*%s*%s", 1+r.IntN(3), wave(), r.IntN(3), wave(), 2*r.IntN(2)-1, pick("exp(-x)", "1/(1 + x)", "exp(-x/4)", "x*exp(-x)", "(1 - tanh(x))"), pick("1", wave(), wave(), wave()))
		if r.IntN(4) == 0 {
			f += " + " + pick("exp(-2x)", "1/(1 + x^2)") + "*" + wave()
		}
		p := &Question{F: expr.MustParse(f), Var: "x", Bound: corpus.Bound("0", ""), Max: r.IntN(2) == 1}
		a := Solve(context.Background(), p)
		if a.Status == minimum.Local || a.Status == minimum.Failed {
			continue
		}
		known++
		prog, err := tape.Compile([]string{"x"}, p.F)
		if err != nil {
			t.Fatal(err)
		}
		m := prog.NewMachine()
		sign := 1.0
		if p.Max {
			sign = -1
		}
		at := func(x float64) float64 {
			var v [1]float64
			m.Eval(v[:], []float64{x})
			return sign * v[0]
		}
		least, far := math.Inf(1), math.Inf(1)
		for x := 0.0; x < 60; x += 1.0 / 256 {
			least = math.Min(least, at(x))
		}
		for x := 1e6; x < 1e6+7; x += 1.0 / 256 {
			far = math.Min(far, at(x))
		}
		v := sign * a.Value
		if v > math.Min(least, far)+1e-9 || a.Attained && math.Abs(at(a.At[0])-v) > 1e-9 || !a.Attained && math.Abs(far-v) > 1e-3 {
			t.Errorf("%s, max %v: %s %v at %v as %s, but it has %v, and %v far out", f, p.Max, a.Status, a.Value, a.At, a.Approached, sign*least, sign*far)
		}
	}
	if known < 40 {
		t.Errorf("%d answers are known", known)
	}
}
