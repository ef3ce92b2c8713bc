package global

import (
	"context"
	"fmt"
	"testing"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/minimum"
)

// Where stationary points go on without end, a needle far out is not overlooked: what is
// claimed is not above the value at its tip.
func TestNeedlesFarOut(t *testing.T) {
	for _, base := range []string{"abs(x)/1000 + sin(x)", "sqrt(1 + x^2)/500 + cos(2x)", "log(1 + x^2)/50 + sin(x)", "x^2/100000 + sin(3x)",
		"(1 + sin(x)^2)*sqrt(abs(x) + 1)/100", "x^2*(2 + sin(x))/10000", "sin(x)/x", "exp(-x^2) + cos(x)/10", "mod(x, 2) + abs(x)/500"} {
		for _, tip := range []string{"37", "200", "-450", "5000"} {
			f := expr.MustParse(fmt.Sprintf("%s - 50*exp(-(x - (%s))^2)", base, tip))
			a, err := Solve(context.Background(), Problem{F: f}, Options{})
			if err != nil {
				t.Fatal(err)
			}
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
