package optimize

import (
	"context"
	"fmt"
	"testing"

	gonum "gonum.org/v1/gonum/optimize"
)

// The price of an evaluation beyond the function itself: compare with BenchmarkBare.
func BenchmarkOverhead(b *testing.B) {
	for _, n := range []int{2, 100} {
		o := New(n, rosenbrock, rosenbrockGrad, nil)
		for _, name := range []string{"gd", "adam"} {
			info, _ := Lookup(name)
			m, err := info.Make(map[string]string{"rate": "1e-5"})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				if _, err := Minimize(context.Background(), o, m, Options{Start: ones(n, 0.5), Stop: Stop{Iterations: max(b.N, 1)}}); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

func BenchmarkBare(b *testing.B) {
	for _, n := range []int{2, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, g := ones(n, 0.5), make([]float64, n)
			for b.Loop() {
				rosenbrock(x)
				rosenbrockGrad(g, x)
			}
		})
	}
}

// One whole minimisation, and what gonum's own driver takes for the same.
func BenchmarkRosenbrock(b *testing.B) {
	o := New(2, rosenbrock, rosenbrockGrad, rosenbrockHess)
	for _, m := range []Method{Newton{}, LBFGSB{}, BFGS{}, LBFGS{}, CG{}, NelderMead{}} {
		b.Run(fmt.Sprintf("%T", m), func(b *testing.B) {
			b.ReportAllocs()
			evals := 0
			for b.Loop() {
				r, err := Minimize(context.Background(), o, m, Options{Start: []float64{-1.2, 1}, Stop: Stop{Grad: 1e-8, Iterations: 1000}})
				if err != nil || r.F > 1e-10 {
					b.Fatal(r, err)
				}
				evals += r.Evaluations.Func
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(evals), "ns/eval")
		})
	}
	for _, m := range []gonum.Method{&gonum.BFGS{}, &gonum.LBFGS{}} {
		b.Run(fmt.Sprintf("driver of gonum/%T", m), func(b *testing.B) {
			b.ReportAllocs()
			evals := 0
			for b.Loop() {
				r, err := gonum.Minimize(gonum.Problem{Func: rosenbrock, Grad: rosenbrockGrad}, []float64{-1.2, 1}, &gonum.Settings{GradientThreshold: 1e-8, Converger: gonum.NeverTerminate{}}, m)
				if err != nil {
					b.Fatal(err)
				}
				evals += r.FuncEvaluations
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(evals), "ns/eval")
		})
	}
}

func BenchmarkAuto(b *testing.B) {
	inf := NoBound
	for _, c := range []struct {
		name   string
		o      Objective
		bounds []Bound
	}{
		{"parabola", parabola(), nil},
		{"Rosenbrock", New(2, rosenbrock, rosenbrockGrad, rosenbrockHess), nil},
		{"Himmelblau", New(2, himmelblau, himmelblauGrad, nil), nil},
		{"Rastrigin", New(2, rastrigin, rastriginGrad, nil), []Bound{{-5, 4}, {-5, 4}}},
		{"half", New(2, rosenbrock, rosenbrockGrad, rosenbrockHess), []Bound{{-2, 0.5}, inf}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Auto(context.Background(), c.o, AutoOptions{Options: Options{Bounds: c.bounds}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkChainedRosenbrock(b *testing.B) {
	const n = 1000
	o := New(n, rosenbrock, rosenbrockGrad, nil)
	for _, m := range []Method{LBFGSB{}, LBFGS{}, CG{}, ProjectedGradient{}} {
		b.Run(fmt.Sprintf("%T", m), func(b *testing.B) {
			for b.Loop() {
				r, err := Minimize(context.Background(), o, m, Options{Start: ones(n, 0.5), Stop: Stop{Grad: 1e-6, Iterations: 50000}})
				if err != nil || r.F > 1e-8 {
					b.Fatal(r.Status, err)
				}
				b.ReportMetric(float64(r.Evaluations.Func), "evals")
			}
		})
	}
}
