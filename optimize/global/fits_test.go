package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nabla/expr/interval"
	"nabla/optimize/global/internal/branch"
	"nabla/optimize/global/internal/model"
)

// fits are models of T with data, and the least sums of squares by SciPy's least_squares; that of the last, BoxBOD
// of the Statistical Reference Datasets of NIST, is theirs.
var fits = []struct {
	model string
	t, y  []float64
	value float64
}{
	{"a/(1 + exp(b - c*T))", []float64{0, 1, 2, 3, 5}, []float64{0.6, 1.4, 2.8, 4, 5}, 0.002325004970405755},
	{"a*exp(-((T - b)/c)^2)", []float64{0, 1, 2, 3, 5}, []float64{1.7, 3, 2.5, 1.1, 0}, 0.0039716224779396195},
	{"v*T^n/(k + T^n)", []float64{1, 2, 3, 4, 6}, []float64{0.6, 1.5, 2.1, 2.4, 2.7}, 0.00028938280297494085},
	{"a*T^b + c", []float64{1, 2, 3, 4, 6}, []float64{3, 4.3, 5.4, 6.2, 8}, 0.012621328757412516},
	{"a*exp(-b*exp(-c*T))", []float64{0, 1, 2, 3, 4, 5}, []float64{0.7, 1.8, 3.1, 3.9, 4.5, 4.7}, 0.009361035067317166},
	{"a*exp(-b/T)", []float64{1, 2, 3, 4, 6}, []float64{0.7, 1.8, 2.6, 3, 3.6}, 0.0045132927586286386},
	{"a/(1 + ((T - b)/c)^2)", []float64{0, 1, 2, 3, 5}, []float64{1.9, 2.9, 2.6, 1.5, 0.5}, 0.0013812483182429735},
	{"a*exp(-b*T) + c", []float64{0, 1, 2, 3}, []float64{3, 2.2, 1.7, 1.5}, 0.0015623593184986785},
	{"a*atan(b*T)", []float64{1, 2, 3}, []float64{2, 3, 3.2}, 0.018208624960019966},
	{"a*(1 - exp(-b*T))", []float64{1, 2, 3, 5, 7, 10}, []float64{109, 149, 149, 191, 213, 224}, 1168.0088766},
}

// sumOfSquares is the formula of the fit.
func sumOfSquares(model string, t, y []float64) string {
	parts := make([]string, len(t))
	for i := range t {
		parts[i] = fmt.Sprintf("(%g - %s)^2", y[i], strings.ReplaceAll(model, "T", fmt.Sprint(t[i])))
	}
	return strings.Join(parts, " + ")
}

func TestFits(t *testing.T) {
	for _, c := range fits {
		f := sumOfSquares(c.model, c.t, c.y)
		a, err := Solve(context.Background(), problemOf(t, f, ""), Options{Timeout: 5 * time.Second})
		if err != nil || a.Status != Certified || math.Abs(a.Value-c.value) > 1e-9*math.Max(1, c.value) {
			t.Errorf("%s: %v %+v", c.model, err, a)
			continue
		}
		if !strings.Contains(a.Proof[0], "residual") {
			t.Errorf("%s: %q", c.model, a.Proof)
		}
	}
}

// Robust fits, in which the residuals are in other functions than squares; the values by SciPy's Nelder-Mead from 300 points.
func TestRobustFits(t *testing.T) {
	t.Parallel()
	for f, value := range map[string]float64{
		"log(1 + (a+b-2.1)^2) + log(1 + (a+2b-3.9)^2) + log(1 + (a+3b-6.2)^2)":                               0.04123595028383213,
		"abs(a*exp(-b) - 1) + abs(a*exp(-2b) - 0.4) + abs(a*exp(-3b) - 0.1) + abs(a*exp(-4b) - 0.05)":        0.06731773096570681,
		"atan((a+b-2)^2) + atan((a+2b-4)^2) + atan((a+3b-5)^2)":                                              0.16619354800922842,
		"(a+b-2)^4 + abs(a+2b-4)^3 + (a+3b-5.5)^2":                                                           0.004716717241241092,
		"log(1 + (a+b-2.1)^2) + log(1 + (a+2b-3.9)^2) + log(1 + (a+3b-6.2)^2) - 1/(1 + (a - b)^2) + exp(-a)": math.NaN(), // too low terms may take more room
	} {
		p := problemOf(t, f, "")
		a, err := Solve(context.Background(), p, Options{Timeout: 5 * time.Second})
		if err != nil || !math.IsNaN(value) && (a.Status != Certified || math.Abs(a.Value-value) > 1e-8) {
			t.Errorf("%s: %v %+v", f, err, a)
			continue
		}
		consistent(t, f, p, a)
	}
}

// The box that is proved to hold all points as low as some value holds those that random search finds.
func TestFitsKeepLowPoints(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 11))
	confined := 0
	for _, c := range fits {
		p := problemOf(t, sumOfSquares(c.model, c.t, c.y), "")
		m, err := p.model()
		if err != nil {
			t.Fatal(err)
		}
		s := &session{ctx: context.Background(), p: &p, m: m}
		for range 12 {
			s.b = branch.New(m, s.o.boxes())
			a := make([]float64, m.N)
			for i := range a {
				a[i] = 4 * r.Float64()
			}
			s.b.Descend(a)
			best := append([]float64{}, s.b.BestX...)
			s.b.Best = interval.Point(s.b.Best.Hi + c.value*r.Float64()) // which more points have
			x, _ := s.confinedByFit()
			if x == nil {
				continue
			}
			confined++
			for range 200 {
				y := append([]float64{}, best...)
				for i := range y {
					y[i] *= 1 + 0.2*r.NormFloat64()*r.Float64()
				}
				if s.b.At(y) > s.b.Best.Hi {
					continue
				}
				for i, v := range x {
					if !v.Has(y[i]) {
						t.Fatalf("%s: %v is as low as %v, outside %v", c.model, y, s.b.Best.Hi, x)
					}
				}
			}
			if !model.Bounded(x) {
				t.Errorf("%s: %v", c.model, x)
			}
		}
	}
	if confined < 40 {
		t.Errorf("%d boxes: the campaign tests little", confined)
	}
}
