package univariate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global/minimum"
)

// TestSwings asks for the minima of random formulas in which a periodic part goes through monotone
// functions, or has a coefficient, and looks for a point that refutes the answer.
func TestSwings(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 8))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	u := func() string {
		return pick("x", "2x - 1", "sqrt(x)", "x^2", "x^3 - x", "log(x)", "exp(x)", "pi x", "1/x", "abs(x)")
	}
	wave := func() string {
		return fmt.Sprintf(pick("sin(%s)", "cos(%s)", "abs(sin(%s))", "sin(%s)^2", "exp(cos(%s))", "floor(2 sin(%s))", "1/(2 + cos(%s))"), u())
	}
	trend := func() string {
		return pick("x", "-x", "x^2", "exp(-x)", "1/x", "1/(1 + x^2)", "atan(x)", "2", "1", "-1", "exp(x)", "abs(x)", "log(x)", "x/(1 + abs(x))", "floor(x)")
	}
	settled := 0
	const n = 60
	for range n {
		w, a, b := wave(), trend(), trend()
		text := pick("("+w+")*("+a+") + "+b, "max("+a+", "+w+")", "min("+a+", "+w+")", "logsumexp("+a+", "+w+")", "("+a+")^("+w+")*("+b+")",
			"abs("+a+" + "+w+")", "sqrt("+w+" + "+a+") + "+b, "("+a+")/(3 + "+w+") + "+b, "atan("+a+" + "+w+") - "+b, "if("+a+" > 0, "+w+", "+b+")")
		p := &Question{F: expr.MustParse(text), Var: "x", Max: r.IntN(4) == 0}
		got := Solve(context.Background(), p)
		if got.Status != minimum.Local && got.Status != minimum.Failed {
			settled++
		}
		if why := refute(p, got, r); why != "" {
			t.Errorf("%s, max %v: %s %v at %v as %s: %s", text, p.Max, got.Status, got.Value, got.At, got.Approached, why)
		}
		if w := got.Witness; w != nil {
			for i := 1; i < len(w.Values); i++ {
				if (w.Values[i] < w.Values[i-1]) == p.Max {
					t.Errorf("%s, max %v: the values %v of the witness", text, p.Max, w.Values)
				}
			}
		}
	}
	if settled < n*8/10 {
		t.Errorf("only %d of %d questions were settled", settled, n)
	}
	t.Log(settled)
}

// Waves that get faster next to a place lead to their least value along a path of closed form.
func TestPathsToPlacesOfFastWaves(t *testing.T) {
	for _, c := range []struct{ formula, path string }{
		{"sin(1/x)/x", "1/(-pi/2 + 2pi t)"},
		{"(1 + sin(1/x))/x", "1/(pi/2 - 2pi t)"},
		{"log(x)*sin(1/x)", "1/(pi/2 + 2pi t)"},
		{"sin(log(x))/x", "exp(-pi/2 - 2pi t)"},
	} {
		a := Solve(t.Context(), &Question{F: expr.MustParse(c.formula), Var: "x"})
		if a.Status != minimum.Unbounded || len(a.Witness.Path) != 1 || format.Text(a.Witness.Path[0]) != c.path {
			t.Errorf("%s: %s, witness %+v, want along %s", c.formula, a.Status, a.Witness, c.path)
		}
	}
}
