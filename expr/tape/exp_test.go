package tape

import (
	"math"
	"testing"

	"nabla/expr/interval/precise"
)

func TestExp(t *testing.T) {
	worst, at := 0.0, 0.0
	check := func(x float64) {
		v := exp(x)
		e := precise.Exp(precise.FromFloat(x), 120)
		lo, hi := precise.Sub(precise.FromFloat(v), e, 120).Floats()
		ulp := math.Nextafter(v, math.Inf(1)) - v
		if err := max(math.Abs(lo), math.Abs(hi)) / ulp; !(err <= worst) {
			worst, at = err, x
		}
	}
	const n = 4000
	for i := range n {
		u := math.Mod(float64(i)*0.6180339887498949, 1)
		check(-1 + 2*u)
		check(-700 + 1400*u)
	}
	for i := -300; i <= 300; i++ { // where the table entry changes, and at its middle
		for _, x := range []float64{float64(i) * math.Ln2 / 128, (float64(i) + 0.5) * math.Ln2 / 128} {
			check(x)
			check(math.Nextafter(x, 1))
			check(math.Nextafter(x, -1))
		}
	}
	if worst > 0.52 {
		t.Errorf("%v ulp at %v", worst, at)
	}
	for _, x := range special {
		if got, want := exp(x), math.Exp(x); !same(got, want) && math.Abs(got-want) > 1e-15*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	if exp(0) != 1 {
		t.Errorf("exp(0) = %v", exp(0))
	}
}

var sink float64

func BenchmarkExp(b *testing.B) {
	b.Run("table", func(b *testing.B) {
		x := 0.3
		for b.Loop() {
			x = 0.3 + 1e-300*exp(x)
		}
		sink = x
	})
	b.Run("math", func(b *testing.B) {
		x := 0.3
		for b.Loop() {
			x = 0.3 + 1e-300*math.Exp(x)
		}
		sink = x
	})
}
