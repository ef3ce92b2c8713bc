package kkt

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"nabla/expr"
	"nabla/expr/interval"
	"nabla/optimize/global/internal/model"
)

// TestElastic checks solutions of random programs, whose conditions may contradict each other, by the
// conditions of Karush, Kuhn and Tucker, which are sufficient.
func TestElastic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 300 {
		n, k := 1+r.IntN(6), r.IntN(7)
		e := &elastic{price: math.Exp(r.NormFloat64() * 3), h: mat.NewSymDense(n, nil)}
		root := mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				root.Set(i, j, r.NormFloat64())
			}
			e.g = append(e.g, 3*r.NormFloat64())
			e.lo, e.hi = append(e.lo, -r.Float64()-0.01), append(e.hi, r.Float64()+0.01)
		}
		e.h.SymOuterK(1, root)
		if k > 0 {
			e.a = mat.NewDense(k, n, nil)
		}
		for c := range k {
			for i := range n {
				e.a.Set(c, i, r.NormFloat64())
			}
			e.b, e.equal = append(e.b, r.NormFloat64()), append(e.equal, r.IntN(2) == 0)
		}
		d, y, ok := e.solve()
		if !ok {
			t.Fatalf("%d: no solution", trial)
		}
		size := 1 + e.price
		for c := range k {
			v := e.b[c] + mat.Dot(e.a.RowView(c), mat.NewVecDense(n, d))
			lo := 0.0
			if e.equal[c] {
				lo = -e.price
			}
			want := lo <= y[c] && y[c] <= e.price
			if v > 1e-6 {
				want = math.Abs(y[c]-e.price) < 1e-4*size
			} else if v < -1e-6 {
				want = math.Abs(y[c]-lo) < 1e-4*size
			}
			if !want {
				t.Errorf("%d: condition %d is %g with multiplier %g, price %g", trial, c, v, y[c], e.price)
			}
		}
		for i := range n {
			slope := e.g[i]
			for j := range n {
				slope += e.h.At(i, j) * d[j]
			}
			for c := range k {
				slope += y[c] * e.a.At(c, i)
			}
			low, high := d[i]-e.lo[i] < 1e-5, e.hi[i]-d[i] < 1e-5
			if !low && slope > 1e-4*size || !high && slope < -1e-4*size {
				t.Errorf("%d: slope %g at %g in [%g, %g]", trial, slope, d[i], e.lo[i], e.hi[i])
			}
		}
	}
}

// TestSequential asks problems with bounds, among them Haverly's pooling problem and problems of Hock
// and Schittkowski, Test Examples for Nonlinear Programming Codes, 1981.
func TestSequential(t *testing.T) {
	for _, c := range []struct {
		name, f    string
		equations  []string // that are zero
		conditions []string // that are not positive
		vars       string
		lo, hi, at []float64
		want       float64
	}{
		{"pooling", "6x + 16y - 9z - 15w + 10(z + w - x - y)", []string{"x + y - u - v", "p(u + v) - 3x - y"},
			[]string{"p*u + 2(z - u) - 2.5z", "p*v + 2(w - v) - 1.5w", "u - z", "v - w", "u + v - z - w"}, "xyuvzwp",
			[]float64{0, 0, 0, 0, 0, 0, 1}, []float64{300, 300, 100, 200, 100, 200, 3}, []float64{10, 150, 20, 140, 50, 150, 1.5}, -400},
		{"63", "1000 - x^2 - 2y^2 - z^2 - x*y - x*z", []string{"8x + 14y + 7z - 56", "x^2 + y^2 + z^2 - 25"}, nil, "xyz",
			[]float64{0, 0, 0}, []float64{10, 10, 10}, []float64{2, 2, 2}, 961.7151721},
		{"71", "x*w*(x + y + z) + z", []string{"x^2 + y^2 + z^2 + w^2 - 40"}, []string{"25 - x*y*z*w"}, "xyzw",
			[]float64{1, 1, 1, 1}, []float64{5, 5, 5, 5}, []float64{1, 5, 5, 1}, 17.0140173},
		{"nothing satisfied", "x", []string{"x^2 + y^2 + 1"}, nil, "xy", []float64{-2, -2}, []float64{2, 2}, []float64{1, 1}, math.NaN()},
	} {
		m := &model.Model{F: expr.MustParse(c.f), Vars: strings.Split(c.vars, ""), N: len(c.vars)}
		for i := range c.lo {
			m.Outer = append(m.Outer, interval.New(c.lo[i], c.hi[i]))
		}
		m.Inner = m.Outer
		for _, g := range c.equations {
			m.Cons = append(m.Cons, model.Constraint{G: expr.MustParse(g), Equal: true})
		}
		for _, g := range c.conditions {
			m.Cons = append(m.Cons, model.Constraint{G: expr.MustParse(g)})
		}
		if err := m.Compile(); err != nil {
			t.Fatal(c.name, err)
		}
		l, err := NewLagrangian(m)
		if err != nil {
			t.Fatal(c.name, err)
		}
		r := l.Sequential(context.Background(), m.Prober(), c.at)
		switch {
		case math.IsNaN(c.want):
			if r != nil && r.Violation < 1e-3 {
				t.Errorf("%s: %+v, want no point", c.name, r)
			}
		case r == nil || r.Violation > 1e-9 || math.Abs(r.F-c.want) > 1e-6*math.Abs(c.want):
			t.Errorf("%s: %+v, want %g", c.name, r, c.want)
		}
	}
}
