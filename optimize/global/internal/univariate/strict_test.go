package univariate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/fn"
	"nabla/expr/interval"
	"nabla/expr/number"
	"nabla/optimize/global/minimum"
)

// TestStrict compares products and powers of strict intervals with those of points
// in them: no value may lie outside, nor at an end that is said to be none.
func TestStrict(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	ends := []float64{-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3}
	draw := func() strict {
		for {
			a := strict{interval.I{Lo: ends[r.IntN(len(ends))], Hi: ends[r.IntN(len(ends))]}, r.IntN(2) == 0, r.IntN(2) == 0}
			if a.Lo < a.Hi || a.Lo == a.Hi && !a.loOpen && !a.hiOpen {
				return a
			}
		}
	}
	points := func(a strict) []float64 {
		out := []float64{}
		for i := range 9 {
			x := a.Lo + (a.Hi-a.Lo)*float64(i)/8
			if x == a.Lo && a.loOpen || x == a.Hi && a.hiOpen {
				continue
			}
			out = append(out, x)
		}
		return out
	}
	check := func(a strict, v float64, what ...any) {
		t.Helper()
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		if v < a.Lo || v > a.Hi || v == a.Lo && a.loOpen || v == a.Hi && a.hiOpen {
			t.Errorf("%v is a value of %v: %v", v, a, what)
		}
	}
	for range 3000 {
		a, b := draw(), draw()
		k := number.Frac([]int64{-3, -2, -1, 1, 2, 3, 4, 5}[r.IntN(8)], int64(1+r.IntN(2)))
		product, power := a.times(b), a.power(k)
		for _, x := range points(a) {
			check(power, math.Pow(x, k.Float64()), "power", a, k)
			for _, y := range points(b) {
				check(product, x*y, "product", a, b)
			}
		}
	}
	for _, a := range []strict{{I: interval.Point(0)}, {I: interval.Empty}, {I: interval.Whole}, {I: interval.New(0, math.Inf(1)), loOpen: true}} {
		for _, b := range []strict{{I: interval.Point(0)}, {I: interval.Empty}, {I: interval.Whole}, {I: interval.New(math.Inf(-1), 0), hiOpen: true}} {
			a.times(b)
			b.power(number.Int(-2))
			b.power(number.Int(3))
		}
	}
}

// TestStrictUnder compares the strict interval of a function of an interval, which may reach
// beyond its domain, with its values at points in it.
func TestStrictUnder(t *testing.T) {
	ends := []float64{math.Inf(-1), -2, -1, -0.25, 0, 0.5, 1, 1.5, math.Inf(1)}
	for _, f := range fn.All() {
		if len(f.Args) != 1 || f.Enclose == nil || f.F1 == nil {
			continue
		}
		pool := simplifier().Pool()
		call := pool.Call(f, pool.Var("x"))
		for i, lo := range ends {
			for _, hi := range ends[i+1:] {
				out := strict{interval.New(lo, hi), true, true}.under(call)
				for k := range 65 {
					x := math.Max(lo, -8) + (math.Min(hi, 8)-math.Max(lo, -8))*float64(k)/64
					v := f.F1(x)
					if !(lo < x && x < hi) || math.IsNaN(v) || math.IsInf(v, 0) {
						continue
					}
					if rest := 1e-12 * math.Max(1, math.Abs(v)); v < out.Lo-rest || v > out.Hi+rest || v == out.Lo && out.loOpen && v == math.Round(v) && math.Abs(x) <= 2 {
						t.Errorf("%s(%v) = %v is not in %v for %v < x < %v", f.Name, x, v, out, lo, hi)
					}
				}
			}
		}
	}
}

// TestStepsInExponents: an exponent that is whole between its steps takes bases that
// are negative, so that nothing bounds these powers from below.
func TestStepsInExponents(t *testing.T) {
	for _, f := range []string{"(18*x)^floor(x^2)", "x^round(x^2)"} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(f), Var: "x"})
		if a.Status != minimum.Local && a.Status != minimum.Unbounded {
			t.Errorf("%s: %s %v", f, a.Status, a.Value)
		}
	}
	for _, f := range []string{"(-1)^floor(x)*x", "(-1)^floor(x)*(1 - 1/x)", "(floor(x) - x)^floor(x)*x", "(-1)^ceil(x) + 1/x"} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(f), Var: "x", Bound: minimum.Bound{Lo: expr.MustParse("1")}})
		if a.Status != minimum.Local && a.Status != minimum.Unbounded && a.Value > -1+1e-9 {
			t.Errorf("%s: %s %v", f, a.Status, a.Value)
		}
	}
}
