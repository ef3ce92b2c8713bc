package form

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/tape"
)

// Where the conditions of Invert hold and the inverse of a function has a value, that is where the function has the one given; and a
// function has no values elsewhere.
func TestInvert(t *testing.T) {
	functions := 0
	for _, f := range fn.All() {
		if f.Inverse == "" || len(f.Args) != 1 {
			continue
		}
		functions++
		pool := expr.NewPool()
		call := pool.Call(f, pool.Var("x"))
		values, where := Invert(pool, call, 0, pool.Var("y"))
		if len(values) != 1 {
			t.Errorf("%s has %d inverses", f.Name, len(values))
			continue
		}
		at := func(e expr.Expr, x string, v float64) float64 {
			p, err := tape.Compile([]string{x}, e)
			if err != nil {
				t.Fatal(err)
			}
			var out [1]float64
			p.NewMachine().Eval(out[:], []float64{v})
			return out[0]
		}
		holds := func(y float64) bool {
			for _, c := range where {
				d := at(c.Arg(0), "y", y) - at(c.Arg(1), "y", y)
				if c.Op() == expr.Ge && d < 0 || c.Op() == expr.Le && d > 0 {
					return false
				}
			}
			return true
		}
		for i := -40; i <= 40; i++ {
			y := float64(i)/8 + 1./64
			if x := at(values[0], "y", y); holds(y) && !math.IsNaN(x) && !math.IsInf(x, 0) {
				if back := at(call, "x", x); !(math.Abs(back-y) < 1e-6*math.Max(1, math.Abs(y))) && math.Abs(x) < 1e5 {
					t.Errorf("%s(%g) = %g, not %g", f.Name, x, back, y)
				}
			}
			if v := at(call, "x", y); !math.IsNaN(v) && !math.IsInf(v, 0) && math.Abs(v) < 1e5 {
				if x := at(values[0], "y", v); !holds(v) || !(math.Abs(x-y) < 1e-4*math.Max(1, math.Abs(y))) {
					t.Errorf("%s(%g) = %g, of which the inverse is %g, %t", f.Name, y, v, x, holds(v))
				}
			}
		}
	}
	if functions < 20 {
		t.Errorf("%d functions have inverses", functions)
	}
}
