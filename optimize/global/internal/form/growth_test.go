package form

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// The polynomials that bound a formula enclose it at points near and far.
func TestGrowthEncloses(t *testing.T) {
	vars := []string{"x", "y"}
	whole := []interval.I{interval.Whole, interval.Whole}
	quarter := []interval.I{{Lo: 0, Hi: math.Inf(1)}, {Lo: 0, Hi: math.Inf(1)}}
	r := rand.New(rand.NewPCG(3, 4))
	for _, text := range []string{
		"x^2 + y^2 - 5*log(1 + x^2 + 3*y^2)", "x^2 + y^2 - 3*abs(x - 2*y)", "x^4 - 2*sqrt(1 + x^2*y^2)*3 + y^4",
		"exp(x^2 + x*y + y^2) - x", "-(cosh(x) - y)*2", "cosh(x - y) + y^2", "log(exp(x) + exp(y)) - x/3", "x^2 - 4*log(exp(x) + 2*exp(y) + 1)",
		"y^2 - log(cosh(x + y))", "x^2 - 3*(1 + y^2)^(1/3)", "2^(x^2 + y^2) - 3^x", "-log(exp(x)*exp(-y) + 1)*2 + y^2", "-(abs(x) - y)*(-3)",
		"sqrt(x^2 + y^2)*(-2) + x^2", "exp(x)*y", "log(3*exp(x) + cosh(y))",
		"sqrt(x^2 + y^2)", "abs(x + 2) + abs(3 - y) + abs(1 - x - y)", "sqrt((x - 1)^2 + (y + 2)^2) - x", "sqrt(4*x^4 + y^2 - 3*y + 5)",
		"sqrt(x^2 + y^2 - x*y - 2*x)", "(1 + 2*x^2)^(1/2) - (1 + y^2)^(1/2)", "x^2 + y^2 - sqrt(1 + x^2*y^2)", "x^2 - sqrt(3*x^4 - y^2 + 5)", "x^2 - abs(x*y) - abs(y - 3*x^2 + 1)*2 + y^2", "x^4 - sqrt(x^2*y^4 + x^6 - 2)",
		"x^2 + y^2 + floor(x*y - 2)", "x^2 - 3*ceil(x/3) + round(y)*2 + y^4",
	} {
		box := whole
		if r.IntN(2) == 0 {
			box = quarter
		}
		f := expr.MustParse(text)
		p, ok := AsIntervalPolynomial(f, vars, box)
		if !ok {
			t.Errorf("%s is not bounded", text)
			continue
		}
		prog, err := tape.Compile(vars, f)
		if err != nil {
			t.Fatal(err)
		}
		m := prog.NewMachine()
		for range 300 {
			scale := math.Pow(10, 4*r.Float64()-2)
			x := []interval.I{interval.Point(scale * r.NormFloat64()), interval.Point(scale * r.NormFloat64())}
			if x[0].Lo < box[0].Lo || x[1].Lo < box[1].Lo {
				continue
			}
			var v [1]interval.I
			var dec [1]interval.Dec
			m.Interval(v[:], dec[:], x)
			if dec[0] < interval.Defined || v[0].IsEmpty() {
				continue
			}
			if b := p.Over(x); b.Disjoint(v[0]) {
				t.Fatalf("%s at %v is in %v, not in %v", text, x, v[0], b)
			}
		}
	}
}
