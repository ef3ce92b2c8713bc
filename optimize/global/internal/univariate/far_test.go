package univariate

import (
	"context"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/minimum"
)

// So far out that floats do not tell one turn of an angle from the next, none is listed, and the search ends.
func TestTurnsFarOut(t *testing.T) {
	pool := expr.NewPool()
	f := pool.Import(expr.MustParse("acos(cos(x)) - x/7"))
	a := Solve(context.Background(), &Question{F: f, Var: "x", Bound: minimum.Bound{Lo: pool.Import(expr.MustParse("114000000000000000")), Hi: pool.Import(expr.MustParse("114000000000001000"))}})
	if a == nil || a.Status == minimum.Unbounded || a.Status == minimum.EmptyDomain {
		t.Errorf("%v", a)
	}
}
