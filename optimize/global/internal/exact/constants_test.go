package exact

import (
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

// TestSigns asks for signs of constants, many of which are 0 by an identity that no digits show.
func TestSigns(t *testing.T) {
	for _, c := range []struct {
		formula string
		sign    int
		known   bool
	}{
		{"asinh((e - 1/e)/2) - 1", 0, true}, {"2*asinh((e - 1/e)/2) - 2", 0, true}, {"1 - asinh((e - 1/e)/2)", 0, true},
		{"sqrt(9 + 6*pi + pi^2) - pi - 3", 0, true}, {"abs(3 - pi) + 3 - pi", 0, true},
		{"cbrt(8) - 2", 0, true}, {"W(2*exp(2)) - 2", 0, true}, {"tanh(log(3)/2) - 1/2", 0, true},
		// the inverse of W takes more than the range of W to the same values
		{"W(-2*exp(-2)) + 2", 1, true}, {"sqrt((1 - pi)^2) - (1 - pi)", 1, true},
		{"asinh((e - 1/e)/2) - 1 + 1/10^30", 1, true}, {"sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6) + 1/10^25)", -1, true},
	} {
		tidier := simplify.New()
		consts := NewConstants(tidier)
		sign, ok := consts.Sign(consts.Simplify(tidier.Tidy(expr.MustParse(c.formula))))
		if ok != c.known || sign != c.sign {
			t.Errorf("%s: sign %d, known %v; want %d, %v", c.formula, sign, ok, c.sign, c.known)
		}
	}
}

// TestWritten tests how constants are written.
func TestWritten(t *testing.T) {
	for formula, want := range map[string]string{
		"exp(sqrt(17)/4)*exp(-5/4)*sqrt(17) - exp(sqrt(17)/4)*exp(-5/4)": "(sqrt(17) - 1) exp(sqrt(17)/4 - 5/4)",
		"exp(-1)*exp(sqrt(3))*exp(1-sqrt(3))":                            "1",
		"exp(1/2)*exp(1/2) + exp(2)":                                     "exp(2) + e",
		"2*exp(pi) - pi*exp(pi)":                                         "-(pi - 2) exp(pi)",
		"exp(-2)*sqrt(2)*pi":                                             "pi exp(-2) sqrt(2)",
		"sqrt(2 - sqrt(2))*sqrt(2 + sqrt(2))/4 + 1":                      "sqrt(2)/4 + 1",
		"sqrt(3 - sqrt(5))*sqrt(3 + sqrt(5))":                            "2",
		"sqrt(2 - sqrt(2))/sqrt(2 + sqrt(2))":                            "sqrt(2) - 1",
		"1/sqrt(2 - sqrt(2))/sqrt(2 + sqrt(2))":                          "sqrt(2)/2",
		"sqrt(5 - sqrt(3))*sqrt(5 + sqrt(2))":                            "sqrt(5 - sqrt(3)) sqrt(5 + sqrt(2))",
		"sqrt(2 - sqrt(2))*sqrt(2 + sqrt(2))*sqrt(pi^2 + 1)":             "sqrt(pi^2 + 1) sqrt(2)",
		"asin(sin(2))": "pi - 2", "atan(tan(2))": "2 - pi", "acos(cos(10))": "4pi - 10", "acos(-cos(5))": "5 - pi", "asin(-sin(5))": "2pi - 5",
		"acos(-sin(1/2))": "pi/2 + 1/2", "asin(-cos(5))": "3pi/2 - 5", "acos(sin(2))": "2 - pi/2", "asin(sin(sqrt(2)*7))": "3pi - 7 sqrt(2)",
		"W(-exp(-1/2)/2)": "-1/2", "W(-2*exp(-2))": "W(-2 exp(-2))",
		// a sum of one term under a high power, which is no sum that cancels
		"(-gamma(-1/3))^(-7017601551903367/2147483648)": "1/(-gamma(-1/3))^(7017601551903367/2147483648)",
		"(-gamma(-1/3))^(-12345678901/2)":               "1/(-gamma(-1/3))^(12345678901/2)",
	} {
		tidier := simplify.New()
		got := format.Text(NewConstants(tidier).Simplify(tidier.Tidy(expr.MustParse(formula))))
		if got != want {
			t.Errorf("%s is written %s, want %s", formula, got, want)
		}
	}
}

// The whole parts and signs of constants are numbers where enclosures show them.
func TestDecidedParts(t *testing.T) {
	tidier := simplify.New()
	consts := NewConstants(tidier)
	for formula, want := range map[string]string{
		"floor(sin(625*pi^2) + 1/2)": "-1", "round(-pi)": "-3", "ceil(-1/pi)": "0", "sign(3 - pi)": "-1", "floor(e*10)*pi": "27pi",
		"abs(1 - sqrt(2))": "sqrt(2) - 1", "floor(10^20*pi)": "floor(100000000000000000000pi)",
	} {
		got := consts.Simplify(tidier.Tidy(expr.MustParse(formula)))
		if s := format.Text(got); s != want {
			t.Errorf("%s: %s, want %s", formula, s, want)
		}
	}
}

// TestSimplest has constants for which there are shorter ones, by identities, and two that are only near to some.
func TestSimplest(t *testing.T) {
	for formula, want := range map[string]string{
		"sin(1)^2 + cos(1)^2":                         "1",
		"atan(1/2) + atan(1/3)":                       "pi/4",
		"log(sqrt(2) - 1) + asinh(1)":                 "0",
		"asinh(sinh(2))":                              "2",
		"acos(1/3) + asin(1/3)":                       "pi/2",
		"sqrt(5 + 2*sqrt(6)) - sqrt(2) - sqrt(3) + 1": "1",
		"sin(1)^2 + cos(1)^2 + exp(-40)":              "sin(1)^2 + cos(1)^2 + exp(-40)",
		"exp(pi*sqrt(163)) - 262537412640768743":      "exp(pi sqrt(163)) - 262537412640768743",
	} {
		if got := format.Text(Simplest(expr.MustParse(formula))); got != want {
			t.Errorf("%s: %s, want %s", formula, got, want)
		}
	}
}
