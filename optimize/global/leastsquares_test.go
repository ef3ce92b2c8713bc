package global

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
)

// What residuals say of a box is compared with values at points of the box: none is
// below the bound, and none that is as low as the best value is lost.
func TestResidualsKeepLowPoints(t *testing.T) {
	formulas := []string{
		"(1 - a*exp(b))^2 + (3 - a*exp(2*b))^2 + (2 - a*exp(3*b))^2",
		"(a/(b + 2) - 1/3)^2 + 2*(a/(2*b + 5) - 0.2)^2 + pi*(a - b^3)^2",
		"(a^2 + b - 11)^2 + (a + b^2 - 7)^2 + 3*a - b",
		"100*(b - a^2)^2 + (1 - a)^2 + exp(a*b)",
		"(sin(a) - b)^2 + (a*b - 1)^4 + a^2*b^2",
		"(1/a - b)^2 + (a + b)^2 + (a - 2*b - 1)^2",
	}
	r := rand.New(rand.NewPCG(1, 2))
	narrowed, dropped, raised := 0, 0, 0
	for _, f := range formulas {
		e, err := expr.Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		m, err := (&Problem{F: e, Vars: []string{"a", "b"}}).model()
		if err != nil {
			t.Fatal(err)
		}
		q := asResiduals(m.f, m.vars)
		if q == nil {
			t.Fatalf("%s: no sum of squares", f)
		}
		s, p := newGaussNewton(q, 2), m.prober()
		for range 300 {
			x := make([]interval.I, 2)
			size := []float64{2, 0.3, 0.02}[r.IntN(3)]
			for i := range x {
				c := 3 * r.NormFloat64()
				x[i] = interval.New(c-size*r.Float64(), c+size*r.Float64())
			}
			points, values := make([][]float64, 200), make([]float64, 200)
			for k := range points {
				points[k] = []float64{stretch(r.Float64(), x[0]), stretch(r.Float64(), x[1])}
				values[k] = p.at(points[k])
			}
			best := values[r.IntN(len(values))]
			y, lb := []interval.I{x[0], x[1]}, math.Inf(-1)
			smaller, keep := s.examine(y, best, &lb)
			if smaller {
				narrowed++
			}
			if !keep {
				dropped++
			}
			if lb > 0 {
				raised++
			}
			for k, v := range values {
				if v < lb-1e-9*(1+v) {
					t.Fatalf("%s: bound %v on %v, but %v at %v", f, lb, x, v, points[k])
				}
				lost := !keep || !y[0].Has(points[k][0]) || !y[1].Has(points[k][1])
				if v <= best && lost {
					t.Fatalf("%s: %v ≤ %v at %v, lost from %v", f, v, best, points[k], x)
				}
			}
		}
	}
	if narrowed < 50 || dropped > 0 || raised < 50 {
		t.Errorf("%d boxes narrowed, %d dropped, %d bounds raised: the campaign tests little", narrowed, dropped, raised)
	}
}

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
