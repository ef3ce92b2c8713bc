package asymptotic

import (
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/optimize/global/internal/exact"
)

// TestLimits asks for limits as x → ∞ (at is "") and as x → at from above.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		formula, at string
		kind        Kind
		value       string
	}{
		{"x/exp(x)", "", Finite, "0"}, {"atan(x)", "", Finite, "pi/2"}, {"tanh(x) + erf(x)", "", Finite, "2"},
		{"softplus(x) - x", "", Finite, "0"}, {"log(gamma(x))/(x*log(x))", "", Finite, "1"}, {"digamma(x) - log(x)", "", Finite, "0"},
		{"x*trigamma(x)", "", Finite, "1"}, {"W(x)/x", "", Finite, "0"}, {"sin(x)/x", "", Finite, "0"}, {"floor(x)/x", "", Finite, "1"},
		{"x*(1 - tanh(x))", "", Finite, "0"}, {"exp(x)*erfc(x)", "", Finite, "0"}, {"asinh(x) - log(x)", "", Finite, "log(2)"},
		{"acosh(x) - log(x)", "", Finite, "log(2)"}, {"x - log(x)", "", Plus, ""}, {"log(x) - sqrt(x)", "", Minus, ""},
		{"sin(x)", "", Bounded, ""}, {"x*sin(x)", "", Unknown, ""}, {"max(x, x^2)", "", Plus, ""}, {"abs(sin(x)) + x", "", Plus, ""},
		{"gamma(sin(x))", "", Unknown, ""}, {"lgamma(cos(x))", "", Unknown, ""}, {"digamma(sin(x))", "", Unknown, ""},
		{"gamma(x)", "0", Plus, ""}, {"x*gamma(x)", "0", Finite, "1"}, {"lgamma(x) + log(x)", "0", Finite, "0"}, {"x^2*trigamma(x)", "0", Finite, "1"},
		{"digamma(x)", "0", Minus, ""}, {"x*csch(x)", "0", Finite, "1"}, {"coth(x)", "0", Plus, ""}, {"acosh(1 + x)/sqrt(x)", "0", Finite, "sqrt(2)"},
		{"x*log(x)", "0", Finite, "0"}, {"x^x", "0", Finite, "1"}, {"gamma(x)", "-1", Minus, ""}, {"gamma(x)", "-57", Minus, ""}, {"trigamma(x)", "-12", Plus, ""}, {"lgamma(x)", "-3", Plus, ""},
		{"x^pi/x^e", "", Plus, ""}, {"x^sqrt(2)/x^1.5", "", Finite, "0"}, {"(x + 1)^pi - x^pi", "", Plus, ""}, {"x^pi/exp(log(x)*pi)", "", Finite, "1"},
		{"x^x^x", "", Plus, ""}, {"exp(exp(x)) - x^9", "", Plus, ""}, {"exp(-exp(exp(x)))*x", "", Finite, "0"},
		{"exp(-2*x^2)*exp(exp(x))", "", Above, ""}, {"1 + exp(-2*x^2)*exp(exp(x))", "", Above, ""}, {"exp(exp(x))/exp(exp(x)/2)", "", Above, ""},
		{"erfinv(x)", "-1", Minus, ""}, {"erfinv(1 - x)", "0", Plus, ""}, {"(W(x - 1/e) + 1)/sqrt(x)", "0", Finite, "sqrt(2*e)"},
		{"x*beta(x, 2)", "0", Finite, "1"}, {"sqrt(x)*beta(x, 1/2)", "", Finite, "sqrt(pi)"},
		{"atanh(x)", "-1", Minus, ""}, {"asin(x)", "-1", Finite, "-pi/2"},
	} {
		tidier := simplify.New()
		consts := exact.NewConstants(tidier)
		var at expr.Expr
		if c.at != "" {
			at = tidier.Tidy(expr.MustParse(c.at))
		}
		e := tidier.Tidy(expr.MustParse(c.formula))
		got := Limit{}
		for _, T := range Starts {
			if got = New(consts, "x", at, 1, T).LimitAt(e); got.Kind != Unknown {
				break
			}
		}
		if got.Kind != c.kind {
			t.Errorf("%s at %q: kind %d, want %d", c.formula, c.at, got.Kind, c.kind)
			continue
		}
		if c.kind == Finite {
			if order, ok := consts.Compare(got.Value, tidier.Tidy(expr.MustParse(c.value))); !ok || order != 0 {
				t.Errorf("%s at %q: %v, want %s", c.formula, c.at, got.Value, c.value)
			}
		}
	}
}
