package precise

import (
	"math/big"
	"testing"
)

// functions are the functions of one argument by the names of the table published.
var functions = map[string]func(I, uint) I{
	"exp": Exp, "expm1": Expm1, "log": Log, "log1p": Log1p, "log2": Log2, "log10": Log10,
	"sin": Sin, "cos": Cos, "tan": Tan, "asin": Asin, "acos": Acos, "atan": Atan,
	"sinh": Sinh, "cosh": Cosh, "tanh": Tanh, "asinh": Asinh, "acosh": Acosh, "atanh": Atanh,
	"erf": Erf, "erfc": Erfc, "erfinv": Erfinv, "lambertw": LambertW, "lambertwm1": LambertWm1, "sqrt": Sqrt, "cbrt": Cbrt,
	"gamma": Gamma, "lgamma": Lgamma, "digamma": Digamma, "trigamma": Trigamma,
}

func rational(t *testing.T, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("bad rational %q", s)
	}
	return r
}

// digits returns the numbers that round to the decimal s of 50 digits: s ± one unit of the last place.
func digits(t *testing.T, s string) I {
	t.Helper()
	x := FromRat(rational(t, s), 300)
	slack := mul(Abs(x), FromRat(rational(t, "1e-49"), 300), 300)
	return Sub(x, slack, 300).Hull(Add(x, slack, 300))
}

func TestPublishedDigits(t *testing.T) {
	for _, row := range published {
		for _, prec := range []uint{24, 53, 100, 150, 260} {
			x := FromRat(rational(t, row.arg), 4*prec)
			got := functions[row.name](x, prec)
			if got.Disjoint(digits(t, row.value)) {
				t.Errorf("%s(%s) at %d bits = %v, want %s", row.name, row.arg, prec, got, row.value)
			}
			if w := relativeWidth(got); w > -int(prec)+4 {
				t.Errorf("%s(%s) at %d bits = %v has relative width 2^%d", row.name, row.arg, prec, got, w)
			}
		}
	}
}

// relativeWidth returns the exponent of Width/|x|, that of the width where 0 is in x.
func relativeWidth(x I) int {
	w := x.Width()
	if w.Sign() == 0 {
		return -1 << 30
	}
	if w.IsInf() {
		return 1 << 30
	}
	if s, ok := x.Sign(); ok && s != 0 {
		return w.MantExp(nil) - Abs(x).Lo.MantExp(nil)
	}
	return w.MantExp(nil)
}
