package syntax

import (
	"strings"
	"testing"
)

// BenchmarkParse reads a megabyte of each sort of formula, and a short one.
func BenchmarkParse(b *testing.B) {
	mega := func(term string) string { return strings.Repeat(term, 1<<20/len(term)) + "x" }
	for _, c := range []struct{ name, text string }{
		{"sum", mega("x + ")},
		{"terms", mega("3.5*x12^2 + ")},
		{"calls", mega("sin(2x)*exp(-x^2)/(1 + x) + ")},
		{"textbook", mega("2 sin 2x cos^2 y - ")},
		{"unicode", mega("2πr² − √x₁ · ")},
		{"nest", strings.Repeat("(1+", 1<<18) + "x" + strings.Repeat(")", 1<<18)},
		{"short", "x^2*sin(x)*exp(-x)/(1+x^2)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse("", c.text, page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
