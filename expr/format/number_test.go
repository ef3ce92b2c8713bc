package format

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/number"

	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		x      float64
		digits int
		want   string
	}{
		{0, 6, "0"}, {math.Copysign(0, -1), 6, "0"}, {1, 6, "1"}, {-1, 6, "-1"}, {2.0 / 3, 6, "0.666667"}, {2.5244129544, 6, "2.52441"},
		{123456789.123, 6, "123456789"}, {123456789.123, 0, "123456789.123"}, {999999.9999, 6, "1000000"}, {0.99999999, 6, "1"},
		{999999.96, 6, "1000000"}, {1e8, 6, "100000000"}, {1e14, 6, "100000000000000"}, {1e15, 6, "1e15"}, {1.5e20, 6, "1.5e20"}, {-1e18, 6, "-1e18"},
		{999999999999999.9, 6, "1e15"}, {1e-5, 6, "0.00001"}, {1e-6, 6, "1e-6"}, {9.9999999e-6, 6, "0.00001"}, {1.5e-7, 6, "1.5e-7"},
		{0.1, 0, "0.1"}, {0.1, 20, "0.10000000000000000555"}, {1.0 / 3, 3, "0.333"}, {100, 1, "100"}, {149, 1, "149"}, {0.00012345678, 4, "0.0001235"},
		{math.MaxFloat64, 6, "1.79769e308"}, {5e-324, 6, "4.94066e-324"}, {5e-324, 0, "5e-324"},
		{math.NaN(), 6, "nan"}, {math.Inf(1), 6, "inf"}, {math.Inf(-1), 6, "-inf"}, {1234.5, -1, "1234.5"},
	} {
		if got := Number(c.x, c.digits); got != c.want {
			t.Errorf("Number(%g, %d) = %s, want %s", c.x, c.digits, got, c.want)
		}
	}
}

// Number is right to its digits, short, and has the promised form.
func TestNumberIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		if rapid.Bool().Draw(t, "moderate") {
			x = math.Mod(x, 1e6)
		}
		digits := rapid.IntRange(0, 17).Draw(t, "digits")
		if math.Abs(x) > 1e308 {
			x /= 10 // 1.7e308 to one digit is no float64
		}
		text := Number(x, digits)
		y, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		if digits == 0 && x != y || digits > 0 && math.Abs(x-y) > 0.5000001*math.Abs(x)*math.Pow(10, 1-float64(digits)) {
			t.Fatalf("Number(%g, %d) = %s", x, digits, text)
		}
		if strings.Contains(text, "e+") || strings.Contains(text, "e0") || strings.Contains(text, "e-0") || text == "-0" {
			t.Fatalf("Number(%g, %d) = %s", x, digits, text)
		}
		if plain := y == 0 || math.Abs(y) >= 1e-5 && math.Abs(y) < 1e15; plain == strings.Contains(text, "e") {
			t.Fatalf("Number(%g, %d) = %s", x, digits, text)
		}
		if _, err := number.Parse(strings.TrimPrefix(text, "-")); err != nil {
			t.Fatalf("Number(%g, %d) = %s: %v", x, digits, text, err)
		}
	})
}

// Constants are printed exactly.
func TestConstantsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Products of powers of 2 and 5 and others, of any size.
		n := number.Int(rapid.Int64Range(1, 1<<40).Draw(t, "n"))
		for _, b := range []int64{2, 5, 10, 3} {
			k := rapid.SampledFrom([]int{0, 0, 1, 7, -3, -20, 40, -70, 300, -300}).Draw(t, "power")
			if b == 3 && k < -20 {
				k = 0
			}
			f, _ := number.Int(b).Pow(k)
			n = n.Mul(f)
		}
		p := expr.NewPool()
		o := Options{Decimals: rapid.Bool().Draw(t, "decimals"), Style: rapid.SampledFrom([]Style{StyleText, StylePlain, StyleUnicode}).Draw(t, "style")}
		text := String(p.Num(n), o)
		top, bottom, fraction := strings.Cut(text, "/")
		back, err := number.Parse(top)
		if err != nil {
			t.Fatal(err)
		}
		if fraction {
			d, err := number.Parse(bottom)
			if err != nil {
				t.Fatal(err)
			}
			back, _ = back.Quo(d)
		}
		if back != n {
			t.Fatalf("%v is printed %s", n, text)
		}
		if _, terminates := terminating(n.Rat()); fraction == terminates && o.Decimals && !n.IsInt() {
			t.Fatalf("%v is printed %s", n, text)
		}
	})
}

func TestDigits(t *testing.T) {
	tenth, _ := number.FromFloat(0.1)
	huge, _ := number.Int(7).Pow(1000)
	tiny, _ := huge.Inv()
	p := expr.NewPool()
	x := p.Var("x")
	for _, c := range []struct {
		n      number.Number
		digits int
		want   string
	}{
		{tenth, 6, "0.1x"}, {tenth.Neg(), 6, "-0.1x"}, {number.Frac(1, 3), 6, "x/3"}, {number.Frac(1000003, 7), 6, "142858x"}, {number.Frac(22, 7), 6, "22x/7"},
		{number.Frac(123456789, 1000), 6, "123457x"}, {number.Int(123456789), 6, "123456789x"},
		{huge, 6, "1.25326e845*x"}, {tiny, 3, "7.98e-846*x"}, {tenth, 0, "3602879701896397x/36028797018963968"},
	} {
		if got := String(p.Make(expr.Mul, p.Num(c.n), x), Options{Digits: c.digits}); got != c.want {
			t.Errorf("%.30s x to %d digits: %s, want %s", c.n.String(), c.digits, got, c.want)
		}
	}
}

// Ends do not leave out what lies between the numbers.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		digits int
		a, b   string
	}{
		{1.2345, 2.3456, 3, "1.23", "2.35"},
		{1.2365, 2.3436, 3, "1.23", "2.35"},
		{-1.835e-11, -1e-11, 3, "-1.84e-11", "-1e-11"},
		{0, 0.1, 3, "0", "0.1"},
		{math.Inf(-1), 12345678.25, 3, "-inf", "12345679"},
		{9.996, 9.996, 3, "9.99", "10"},
		{1.0 / 3, math.Nextafter(1.0/3, 1), 3, "0.333", "0.334"},
		{2.0 / 3, 2.0 / 3, 3, "0.666", "0.667"},
	} {
		if a, b := Ends(c.lo, c.hi, c.digits); a != c.a || b != c.b {
			t.Errorf("[%v, %v] is [%s, %s], want [%s, %s]", c.lo, c.hi, a, b, c.a, c.b)
		}
	}
}
