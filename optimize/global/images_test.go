package global

import (
	"context"
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/expr/tape"
)

// Images of a minimiser that have its value are minimisers, and those that break a bound or
// a condition, or have another value, are not.
func TestImages(t *testing.T) {
	for _, c := range []struct {
		formula, region string
		max             bool
		points          int
	}{
		{"x^2+y^2", "|x*y >= 1", false, 2},
		{"x^2+y^2", "x=0:|x*y >= 1", false, 1},
		{"x^2+2y^2", "|x*y >= 1", false, 2},
		{"x*y", "|x^2+y^2 == 1", false, 2},
		{"x*y", "|x^2+y^2 == 1", true, 2},
		{"x*y*z", "|x^2+y^2+z^2 == 3", false, 4},
		{"x*y*z", "x=0:|x^2+y^2+z^2 == 3", false, 2},
		{"x+y", "|x^2+y^2 <= 1", false, 1},
		{"x^2+y^2-x*y", "|x+y >= 2", false, 1},
	} {
		p := problemOf(t, c.formula, c.region)
		p.Max = c.max
		a, err := Solve(context.Background(), p, Options{})
		if err != nil || a.Status != Exact || len(a.Minimisers) != c.points {
			t.Errorf("%s with %s: %v with %d points, want %d (%v)", c.formula, c.region, a.Status, len(a.Minimisers), c.points, err)
			continue
		}
		for _, m := range a.Minimisers {
			pool := expr.NewPool()
			with := map[string]expr.Expr{}
			for i, v := range p.Vars {
				with[v] = pool.Import(m.Exact[i])
			}
			v, ok := tape.EncloseConstant(pool.Substitute(pool.Import(p.F), with))
			if !ok || v.Sub(interval.Point(a.Value)).Mag() > 1e-12*math.Abs(a.Value) {
				t.Errorf("%s: at %v the value is in %v, not %g", c.formula, m.X, v, a.Value)
			}
		}
	}
}

func TestPermutationsAndFlips(t *testing.T) {
	for n, want := range map[int][2]int{2: {2, 4}, 3: {6, 8}, 4: {2, 16}, 6: {2, 8}} {
		if p, f := len(permutations(n)), len(flips(n)); p != want[0] || f != want[1] {
			t.Errorf("%d variables: %d orders, %d changes of sign, want %v", n, p, f, want)
		}
	}
}
