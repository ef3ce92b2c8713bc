package branch

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// Every point of a box at which the demand is met survives the contraction.
func TestContractorLosesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	formulas := []string{"x^2 + y^2", "exp(x)*y - 1/x", "sqrt(x + 1) - log(y)", "sin(x)*cos(y)", "sin(5*x) + y", "cos(x*y)", "min(x, y)^3 - max(x, 2*y)",
		"abs(x - 1)^1.5 + y^3", "x^y", "atan(x*y) + tanh(x)", "hypot(x, y)", "if(x < y, x^2, sqrt(y))", "(x - y)^4/(x + 3)", "cosh(x) - sinh(y)",
		"x^(-2) + y^(-3)", "2^x - y", "softplus(x) + sigmoid(y)", "log(1 + x^2) + erf(y)", "cbrt(x) - asin(y)", "floor(x) + y", "x^0.3*y^(-0.7)"}
	for _, f := range formulas {
		e := expr.MustParse(f)
		prog, err := tape.Compile(e.Vars(), e)
		if err != nil {
			t.Fatal(err)
		}
		c := newContractor(prog)
		out := make([]float64, 1)
		ev := prog.NewMachine()
		x := make([]float64, len(e.Vars()))
		for range 300 {
			box := make([]interval.I, len(x))
			for i := range box {
				a, b := 8*r.Float64()-4, 8*r.Float64()-4
				box[i] = interval.New(math.Min(a, b), math.Max(a, b))
			}
			a := 6*r.Float64() - 4
			demand := interval.New(a, a+3*r.Float64())
			left := append([]interval.I(nil), box...)
			ok := c.contract(left, []interval.I{demand}, 4)
			for range 60 {
				for i := range x {
					x[i] = box[i].Lo + r.Float64()*(box[i].Hi-box[i].Lo)
				}
				ev.Eval(out, x)
				if !(out[0] > demand.Lo+1e-9 && out[0] < demand.Hi-1e-9) {
					continue
				}
				if !ok {
					t.Fatalf("%s in %v on %v: the point %v was lost", f, demand, box, x)
				}
				for i := range x {
					if !left[i].Has(x[i]) {
						t.Fatalf("%s in %v on %v: the point %v is not in %v", f, demand, box, x, left)
					}
				}
			}
		}
	}
}
