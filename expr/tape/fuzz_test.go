package tape

import (
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/interval/precise"
)

// Whatever can be read compiles or gives an error, and runs in every way
// without a panic; rows and points agree, enclosures hold what is computed.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{"x^2 + 2", "x/0", "0^0^0", "if(x < 1 and not y >= 2, x^-3, 1e400)", "x^1e30", "2^x^y", "sum(x^i/i, i, 1, 9)",
		"logsumexp(x, y, x)", "clamp(x, y, 1)", "exp(x)/(1+exp(x))", "x^(2/3)*x^(-1/7)", "1/(1/(1/x))", "(x-y)*(y-x)*3e-400"} {
		f.Add(s, 0.5, -2.0)
	}
	f.Fuzz(func(t *testing.T, text string, x, y float64) {
		if len(text) > 300 {
			return
		}
		e, err := expr.Reader{Conditions: true}.Expr(text)
		if err != nil || e.Size() > 2000 {
			return
		}
		p, err := Compile([]string{"x", "y"}, e)
		if err != nil {
			return
		}
		m := p.NewMachine()
		checkColumns(t, p, [][]float64{{x, y, 1, -1, 0}, {y, x, 2, 0.5, -0.0}})
		var v [1]interval.I
		var dec [1]interval.Dec
		m.Interval(v[:], dec[:], boxOf(x, y))
		if v[0].IsEmpty() && dec[0] != interval.None {
			t.Fatalf("%s is %v %v", text, v[0], dec[0])
		}
		m.Undefined([]float64{x, y})
		if finite(x) && finite(y) && e.Size() < 200 {
			var at [1]precise.I
			var d [1]interval.Dec
			ok := m.Precise(at[:], d[:], []precise.I{precise.FromFloat(x), precise.FromFloat(y)}, 64)
			if lo, hi := at[0].Floats(); ok[0] && d[0] >= interval.Defined && (lo > v[0].Hi || hi < v[0].Lo) {
				t.Fatalf("%s at %v, %v encloses %v, and %v precisely", text, x, y, v[0], at[0])
			}
		}
	})
}
