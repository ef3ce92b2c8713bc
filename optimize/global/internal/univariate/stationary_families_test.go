package univariate

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/minimum"
)

// What is said to be all stationary points of damped and growing waves has every extremum that values show, of the kind that they show, with
// the value that the formula in k gives.
func TestFamiliesOfStationaryPoints(t *testing.T) {
	complete := 0
	for _, f := range []string{
		"exp(-x/5)*cos(2x)", "exp(x)*sin(x)^3", "exp(-x)*sin(x)*sin(3x)", "2^(-x)*cos(pi x)", "exp(-x)*sin(x) + 3", "exp(-x/10)*sin(x)^2", "x + 2 sin(x)", "x/3 - cos(2x)",
		"exp(-x)*abs(sin(x))", "exp(-x)*min(sin(x), cos(x))", "exp(-x)*max(sin(x), 0)", "exp(-x)*relu(sin(x))", "exp(-x)*(2 + clamp(sin(x), -1/2, 1/2))", "exp(-x)*abs(2 + sin(x))",
		"exp(-x)*asin(sin(x))", "exp(-x)*acos(cos(x))", "exp(-x)*sqrt(1 + cos(x))", "exp(-x)*hypot(sin(x), cos(x) - 1)", "exp(-x)*cbrt(sin(x))", "exp(-x)*floor(sin(x))",
		"exp(-x)*(2 + clamp(3 sin(x), -1, 1))", "exp(-x)*(1 + max(2 sin(x), cos(x)))", "exp(-x)*(3 + max(5 sin(x), cos(2x)))", "exp(-x/9)*max(sin(x), 1/2)", "exp(-x)*atan2(sin(x), cos(x))", "exp(-x)*(1 - cos(x))^(3/2)", "exp(-x)*sin(abs(x))", "exp(-x)*mod(x, 1)", "x + abs(sin(x))", "x/2 + abs(sin(x))",
	} {
		for _, max := range [2]bool{false, true} {
			e := expr.MustParse(f)
			a := Solve(t.Context(), &Question{F: e, Var: "x", Max: max})
			if !a.StationaryComplete {
				continue
			}
			complete++
			prog, err := tape.Compile([]string{"x"}, e)
			if err != nil {
				t.Fatal(err)
			}
			m := prog.NewMachine()
			at := func(x float64) float64 {
				var v [1]float64
				m.Eval(v[:], []float64{x})
				return v[0]
			}
			const h = 1. / 512
			for x := -7 + h/3; x < 7; x += h {
				lo, v, hi := at(x-h), at(x), at(x+h)
				kind := ""
				switch {
				case v < lo && v < hi:
					kind = "local minimum"
				case v > lo && v > hi:
					kind = "local maximum"
				default:
					continue
				}
				if !tellsOf(a, x, 2*h, kind, v) {
					t.Errorf("%s: the %s near %v, %v, is not listed: %v", f, kind, x, v, a.Stationary)
				}
			}
		}
	}
	if complete < 16 {
		t.Errorf("%d lists are complete", complete)
	}
}

// tellsOf reports whether a stationary point of the kind is listed within h of x, with about the value v.
func tellsOf(a *minimum.Answer, x, h float64, kind string, v float64) bool {
	for _, st := range a.Stationary {
		k := 0.0
		if st.Repeats.Step.Valid() {
			k = math.Round((x - st.X[0]) / st.Repeats.Width)
		}
		if math.Abs(st.X[0]+k*st.Repeats.Width-x) > h || st.Kind != kind {
			continue
		}
		value := st.Value
		pool := expr.NewPool()
		for i, part := range [2]expr.Expr{st.Drift, st.Along} {
			if part.Valid() {
				w, ok := tape.EncloseConstant(pool.Substitute(pool.Import(part), map[string]expr.Expr{"k": pool.Int(int64(k))}))
				if !ok {
					return false
				}
				if i == 1 {
					value = 0
				}
				value += w.Mid()
			}
		}
		return math.Abs(value-v) < 1e-3*math.Max(1, math.Abs(v))
	}
	return false
}
