package global

import (
	"context"
	"testing"
)

// Least-squares problems of the literature whose boxes are too many without the
// residuals taken together.
func TestLeastSquares(t *testing.T) {
	for _, c := range []struct {
		name, f, bounds string
		want            float64
	}{
		// Bard, SIAM J. Numer. Anal. 7 (1970).
		{"Bard", "(0.14 - a - 1/(15*b + 1*c))^2 + (0.18 - a - 2/(14*b + 2*c))^2 + (0.22 - a - 3/(13*b + 3*c))^2 + (0.25 - a - 4/(12*b + 4*c))^2" +
			" + (0.29 - a - 5/(11*b + 5*c))^2 + (0.32 - a - 6/(10*b + 6*c))^2 + (0.35 - a - 7/(9*b + 7*c))^2 + (0.39 - a - 8/(8*b + 8*c))^2" +
			" + (0.37 - a - 9/(7*b + 7*c))^2 + (0.58 - a - 10/(6*b + 6*c))^2 + (0.73 - a - 11/(5*b + 5*c))^2 + (0.96 - a - 12/(4*b + 4*c))^2" +
			" + (1.34 - a - 13/(3*b + 3*c))^2 + (2.1 - a - 14/(2*b + 2*c))^2 + (4.39 - a - 15/(b + c))^2", "a=-10:10,b=0.1:10,c=0.1:10", 8.214877306578966e-3},
		// EDENSCH of CUTEst in six variables, where second derivatives say more than residuals.
		{"Edensch", "16 + sum((x[i] - 2)^4 + (x[i]*x[i+1] - 2*x[i+1])^2 + (x[i+1] + 1)^2, i, 1, 5)", "*=-100:100", 39.28726797525465},
	} {
		p := problemOf(t, c.f, c.bounds)
		a, err := Solve(context.Background(), p, Options{})
		if err != nil || a.Status != Certified || !(c.want-1e-12 < a.Value && a.Value < c.want+1e-12) {
			t.Errorf("%s: %v %+v", c.name, err, a)
			continue
		}
		t.Logf("%s: %d boxes", c.name, a.Evaluations.Boxes)
	}
}
