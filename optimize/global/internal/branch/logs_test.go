package branch

import (
	"iter"
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// What logarithms are gathered into has the values of the formula, in the box and where a factor that may be negative is not.
func TestGatherLogs(t *testing.T) {
	vars := []string{"x", "y", "z"}
	for _, c := range []struct {
		f    string
		low  float64 // of the box
		want bool
	}{
		{"3*x*log(x/(x + 2*y)) - 2*x*log(x) + (x + y)*log(x + 2*y) - y", 0.1, true},
		{"x*log(x*y^2/z^1.5) + y*log(x/z) - (x + z)*log(z)", 0.1, true},
		{"x*log((z - 1)/(x + y)) + y*log(x + y) + x*log(z - 1)", 0.1, true},  // z > 1 where f is defined
		{"x*log((z - 1)*(y - 1)) + y*log(z - 1) + x*log(y - 1)", 0.1, false}, // both may be negative
		{"x*log(x) + y*log(y) - z*log(z)", 0.1, false},
		{"x*log(x*y) + y*log(x) + 2*log(x*y)", -1, false},
		{"log(x)*log(y)*x + log(x)*y", 0.1, false},
		{"x*y*z", 0.1, false},
	} {
		f := expr.MustParse(c.f)
		box := []interval.I{interval.New(c.low, 3), interval.New(c.low, 3), interval.New(c.low, 3)}
		g, ok := gatherLogs(f, vars, box)
		if ok != c.want {
			t.Errorf("%s: %v", c.f, ok)
			continue
		}
		for at, v := range atRandom(t, vars, c.low, f, g) {
			if v[0]-v[0] == 0 && !(math.Abs(v[0]-v[1]) < 1e-9) {
				t.Errorf("%s: %v at %v, gathered %v: %v", c.f, v[0], at, g, v[1])
				break
			}
		}
	}
}

// atRandom yields the values of the formulas at 100 points of the box from low to 3.
func atRandom(t *testing.T, vars []string, low float64, formulas ...expr.Expr) iter.Seq2[[]float64, []float64] {
	p, err := tape.Compile(vars, formulas...)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 2))
	m, at, v := p.NewMachine(), make([]float64, len(vars)), make([]float64, len(formulas))
	return func(yield func(at, v []float64) bool) {
		for range 100 {
			for i := range at {
				at[i] = low + (3-low)*r.Float64()
			}
			if m.Eval(v, at); !yield(at, v) {
				return
			}
		}
	}
}
