package branch

import (
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
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
	narrowed, dropped, raised, curved := 0, 0, 0, 0
	for _, f := range formulas {
		e, err := expr.Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		m := &model.Model{F: e, Vars: []string{"a", "b"}, N: 2}
		if err := m.Compile(); err != nil {
			t.Fatal(err)
		}
		q := asResiduals(m.F, m.Vars)
		if q == nil {
			t.Fatalf("%s: no sum of squares", f)
		}
		s, p := newGaussNewton(q, 2), m.Prober()
		for range 300 {
			x := make([]interval.I, 2)
			size := []float64{2, 0.3, 0.02}[r.IntN(3)]
			for i := range x {
				c := 3 * r.NormFloat64()
				x[i] = interval.New(c-size*r.Float64(), c+size*r.Float64())
			}
			points, values := make([][]float64, 200), make([]float64, 200)
			for k := range points {
				points[k] = []float64{model.Stretch(r.Float64(), x[0]), model.Stretch(r.Float64(), x[1])}
				values[k] = p.At(points[k])
			}
			best := values[r.IntN(len(values))]
			y, lb := []interval.I{x[0], x[1]}, math.Inf(-1)
			bent := math.Inf(-1)
			if s.enclose(x) {
				s.solve(x)
				bent = s.curved(x, points[0])
			}
			smaller, keep := s.examine(y, best, points[0], &lb)
			if !math.IsInf(bent, -1) {
				curved++
			}
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
				if math.Max(lb, bent) > v+1e-9*(1+v) {
					t.Fatalf("%s: bounds %v and %v on %v, but %v at %v", f, lb, bent, x, v, points[k])
				}
				lost := !keep || !y[0].Has(points[k][0]) || !y[1].Has(points[k][1])
				if v <= best && lost {
					t.Fatalf("%s: %v ≤ %v at %v, lost from %v", f, v, best, points[k], x)
				}
			}
		}
	}
	if narrowed < 50 || dropped > 0 || raised < 50 || curved < 50 {
		t.Errorf("%d boxes narrowed, %d dropped, %d bounds raised, %d of second order: the campaign tests little", narrowed, dropped, raised, curved)
	}
}

// The solution of the linear least-squares problem in a box is not worse than any other point of the box.
func TestSolveInBox(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 3))
	e := expr.MustParse("(a + 2*b + 2.01*c - 1)^2 + (a - b - c)^2 + (a + b + 1.02*c + 3)^2 + (2*a + 3*b + 3*c)^2")
	m := &model.Model{F: e, Vars: []string{"a", "b", "c"}, N: 3}
	if err := m.Compile(); err != nil {
		t.Fatal(err)
	}
	s, p := newGaussNewton(asResiduals(m.F, m.Vars), 3), m.Prober()
	for range 200 {
		x := make([]interval.I, 3)
		for i := range x {
			c := 2 * r.NormFloat64()
			x[i] = interval.New(c-r.Float64(), c+r.Float64())
		}
		s.enclose(x)
		s.solve(x)
		least := p.At(s.x)
		for range 200 {
			y := []float64{model.Stretch(r.Float64(), x[0]), model.Stretch(r.Float64(), x[1]), model.Stretch(r.Float64(), x[2])}
			if r.IntN(2) == 0 {
				k := r.IntN(3)
				y[k] = []float64{x[k].Lo, x[k].Hi}[r.IntN(2)]
			}
			if v := p.At(y); v < least-1e-9*(1+v) {
				t.Fatalf("%v in %v: %v, but %v at %v", s.x, x, least, v, y)
			}
		}
	}
}
