package interval

import "testing"

var sink I

func BenchmarkArithmetic(b *testing.B) {
	xs := []I{{1.1, 1.2}, {-0.3, 2.7}, {0.1, 0.1}, {-5.5, -5.4}, {3, 3}, {1e-3, 2e3}, {-2, 9}, {0.7, 0.8}}
	for _, op := range []struct {
		name string
		f    func(a, b I) I
	}{
		{"Add", func(a, b I) I { return a.Add(b) }},
		{"Sub", func(a, b I) I { return a.Sub(b) }},
		{"Mul", func(a, b I) I { return a.Mul(b) }},
		{"Div", func(a, b I) I { return a.Div(b) }},
		{"Sqr", func(a, _ I) I { return a.Sqr() }},
		{"PowInt3", func(a, _ I) I { return a.PowInt(3) }},
		{"PowInt20", func(a, _ I) I { return a.PowInt(20) }},
		{"Sqrt", func(a, _ I) I { return a.Sqrt() }},
		{"Pow", func(a, _ I) I { return a.Pow(I{0.3, 0.3}) }},
	} {
		b.Run(op.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				sink = op.f(xs[i&7], xs[(i+3)&7])
			}
		})
	}
}

func BenchmarkFunctions(b *testing.B) {
	xs := []I{{1.1, 1.2}, {0.3, 0.7}, {0.1, 0.1}, {0.5, 0.51}, {0.9, 0.91}, {1e-3, 0.4}, {0.2, 0.9}, {0.7, 0.8}}
	for _, f := range unary {
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				sink = f.fast(xs[i&7])
			}
		})
	}
}
