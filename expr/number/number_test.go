package number

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// draw returns a Number that is small, near the int64 limits, or big.
func draw(t *rapid.T, label string) Number {
	switch rapid.IntRange(0, 3).Draw(t, label+" size") {
	case 0:
		return Frac(rapid.Int64Range(-20, 20).Draw(t, label), rapid.Int64Range(1, 20).Draw(t, label+" den"))
	case 1:
		return Frac(rapid.Int64Range(math.MinInt64+1, math.MaxInt64).Draw(t, label), rapid.Int64Range(1, math.MaxInt64).Draw(t, label+" den"))
	case 2:
		return Int(rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, math.MinInt64}).Draw(t, label))
	}
	a := big.NewRat(rapid.Int64().Draw(t, label), rapid.Int64Range(1, math.MaxInt64).Draw(t, label+" den"))
	return FromRat(a.Mul(a, a))
}

func same(t *rapid.T, what string, got Number, want *big.Rat) {
	if got != FromRat(want) || got.Rat().Cmp(want) != 0 {
		t.Fatalf("%s = %v, want %v", what, got, want)
	}
}

// Every operation agrees with math/big, and equal values are ==.
func TestAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := draw(t, "x"), draw(t, "y")
		a, b := x.Rat(), y.Rat()
		same(t, "x", x, a)
		same(t, "x+y", x.Add(y), new(big.Rat).Add(a, b))
		same(t, "x-y", x.Sub(y), new(big.Rat).Sub(a, b))
		same(t, "x*y", x.Mul(y), new(big.Rat).Mul(a, b))
		same(t, "-x", x.Neg(), new(big.Rat).Neg(a))
		if q, ok := x.Quo(y); ok != (b.Sign() != 0) {
			t.Fatalf("x/y defined %v", ok)
		} else if ok {
			same(t, "x/y", q, new(big.Rat).Quo(a, b))
		}
		if x.Cmp(y) != a.Cmp(b) || x.Sign() != a.Sign() || x.IsInt() != a.IsInt() {
			t.Fatalf("Cmp, Sign or IsInt of %v, %v", x, y)
		}
		if f := x.Floor(); !f.IsInt() || f.Cmp(x) > 0 || f.Add(Int(1)).Cmp(x) <= 0 {
			t.Fatalf("Floor(%v) = %v", x, f)
		}
		if f, _ := a.Float64(); x.Float64() != f {
			t.Fatalf("Float64(%v) = %v, want %v", x, x.Float64(), f)
		}
		if p, ok := x.Pow(3); ok {
			same(t, "x^3", p, new(big.Rat).Mul(a, new(big.Rat).Mul(a, a)))
			if r, ok := p.Root(3); !ok || r != x {
				t.Fatalf("cube root of %v: %v %v", p, r, ok)
			}
		}
		if x.Hash() != FromRat(a).Hash() {
			t.Fatalf("equal numbers, unequal hashes: %v", x)
		}
	})
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"12", "12"}, {"3.5", "7/2"}, {".5", "1/2"}, {"5.", "5"}, {"1e-3", "1/1000"},
		{"2.5E+10", "25000000000"}, {"0.10", "1/10"}, {"000", "0"}, {"0e99999999", "0"}, {"1e-20", "1/100000000000000000000"},
		{"9223372036854775808", "9223372036854775808"},
		{"", ""}, {".", ""}, {"1e", ""}, {"1e999999999", ""}, {"1x", ""}, {"1e99999999999999999999", ""},
	} {
		n, err := Parse(c.in)
		if c.want == "" {
			if err == nil {
				t.Errorf("Parse(%q) = %v, want an error", c.in, n)
			}
		} else if err != nil || n.String() != c.want {
			t.Errorf("Parse(%q) = %v, %v, want %s", c.in, n, err, c.want)
		}
	}
}

func TestPowLimit(t *testing.T) {
	if _, ok := Int(2).Pow(1 << 30); ok {
		t.Error("2^(2^30) was computed")
	}
	if _, ok := Int(0).Pow(-1); ok {
		t.Error("0^-1 was computed")
	}
	if n, ok := Int(-1).Pow(1<<40 + 1); !ok || n != Int(-1) {
		t.Error("(-1)^odd", n, ok)
	}
	if n, ok := Frac(2, 3).Pow(-2); !ok || n != Frac(9, 4) {
		t.Error("(2/3)^-2", n, ok)
	}
	if n, ok := Int(10).Pow(100); !ok || n.String() != "1"+string(make0(100)) {
		t.Error("10^100", n, ok)
	}
}

func make0(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0'
	}
	return b
}

func TestRoot(t *testing.T) {
	for _, c := range []struct {
		x    Number
		n    int
		want string
	}{
		{Int(4), 2, "2"}, {Int(2), 2, ""}, {Frac(4, 9), 2, "2/3"}, {Int(-8), 3, "-2"}, {Int(-4), 2, ""}, {Int(1024), 10, "2"}, {Int(1), 7, "1"}, {Int(7), 3, ""}, {Frac(1, 32), 5, "1/2"},
	} {
		got, ok := c.x.Root(c.n)
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("Root(%v, %d) = %v, %v, want %q", c.x, c.n, got, ok, c.want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		x    Number
		want string
	}{
		{Frac(1, 8), "0.125"}, {Frac(-1, 5), "-0.2"}, {Frac(1, 3), ""}, {Int(7), "7"}, {Frac(7, 2), "3.5"}, {Frac(1, 1000000), "0.000001"},
	} {
		if got, ok := c.x.Decimal(); got != c.want || ok != (c.want != "") {
			t.Errorf("Decimal(%v) = %q, %v, want %q", c.x, got, ok, c.want)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	x, y := Frac(1, 3), Frac(2, 7)
	for b.Loop() {
		x.Add(y)
	}
}
