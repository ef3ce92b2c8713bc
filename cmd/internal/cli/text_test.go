package cli

import (
	"math"
	"strconv"
	"testing"
)

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		x      float64
		digits int
		want   string
	}{
		{0, 6, "0"}, {math.Copysign(0, -1), 6, "0"}, {2.524412954423689, 6, "2.52441"}, {-2, 6, "-2"},
		{123456789.123, 6, "123456789"}, {123456789.123, 12, "123456789.123"}, {1e6, 6, "1e6"}, {-1e18, 6, "-1e18"},
		{1234567, 6, "1234567"}, {12345670e5, 6, "1234567000000"}, {2500000, 6, "2500000"}, {25e6, 6, "2.5e7"},
		{1e-5, 6, "0.00001"}, {9.99999e-6, 6, "9.99999e-6"}, {0.99999996, 6, "1"}, {999999.5, 6, "1e6"},
		{1e15, 6, "1e15"}, {1.5e300, 6, "1.5e300"}, {math.Pi, 17, "3.141592653589793"}, {1.0 / 3, 3, "0.333"},
		{math.Inf(1), 6, "inf"}, {math.Inf(-1), 6, "-inf"}, {math.NaN(), 6, "undefined"},
	} {
		if got := formatNumber(c.x, c.digits); got != c.want {
			t.Errorf("formatNumber(%v, %d) = %s, want %s", c.x, c.digits, got, c.want)
		}
	}
}

// TestAppendNumber writes numbers for JSON that read back to the same bits.
func TestAppendNumber(t *testing.T) {
	for _, x := range []float64{0, 1, -1, 0.1, 1e21, 1e20, 1e-6, 1e-7, 2e-16, math.MaxFloat64, math.SmallestNonzeroFloat64, 1.0 / 3, 123456789.123, -8.06321e-300} {
		s := string(appendNumber(nil, x))
		y, err := strconv.ParseFloat(s, 64)
		if err != nil || y != x {
			t.Errorf("%v is written as %s", x, s)
		}
	}
	for x, want := range map[float64]string{2e-16: "2e-16", 2e-7: "2e-7", 1e21: "1e+21", math.Inf(1): `"inf"`, math.Inf(-1): `"-inf"`} {
		if got := string(appendNumber(nil, x)); got != want {
			t.Errorf("%v is written as %s, want %s", x, got, want)
		}
	}
	if got := string(appendNumber(nil, math.NaN())); got != `"nan"` {
		t.Errorf("NaN is written as %s", got)
	}
}

func TestDidYouMean(t *testing.T) {
	list := []string{"diff", "min", "max", "eval", "explore"}
	for text, want := range map[string]string{
		"dif": "did you mean diff?", "idff": "did you mean diff?", "mni": "did you mean min?", "xplore": "did you mean explore?",
		"zzzz": "", "integrate": "", "": "",
	} {
		if got := didYouMean(text, list); got != want {
			t.Errorf("didYouMean(%q) = %q, want %q", text, got, want)
		}
	}
}
