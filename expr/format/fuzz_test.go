package format_test

import (
	"testing"

	"nabla/expr"
	"nabla/expr/format"
)

// FuzzRoundTrip reads any text, prints the formula in the three styles that read
// back, and reads that: it must be the same formula.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{
		"x^2 + 2", "a - (b - c)", "2^-x^2", "sin^2 x cos 2x", "|x - |y||/2", "if(x < 0 and not y >= 1, -x, x!)", "2e3x", "x_1 x[2]", "1/2x", "(-x)^2", "e^(2e)", "log(x, 2) atan2(y, x)", "(a - b)!",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 {
			return
		}
		in, err := expr.Reader{}.Read(text)
		if err != nil || in.Params != nil || in.Expr.Size() > 500 {
			return
		}
		for _, style := range []format.Style{format.StyleText, format.StylePlain, format.StyleUnicode} {
			printed := format.String(in.Expr, format.Options{Style: style, Decimals: in.Decimals})
			again, err := expr.Reader{Vars: declared(in.Expr)}.Read(printed)
			if err != nil {
				t.Fatalf("%q is printed as %q, which does not read: %v", text, printed, err)
			}
			if !expr.Equal(again.Expr, in.Expr) {
				t.Fatalf("%q is printed as %q, which is\n%v and not\n%v", text, printed, again.Expr, in.Expr)
			}
		}
	})
}

// declared returns the variables of e, which a left-hand side may have given
// names that are otherwise functions or constants.
func declared(e expr.Expr) []string { return e.Vars() }
