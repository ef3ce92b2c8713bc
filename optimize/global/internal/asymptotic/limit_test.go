package asymptotic

import (
	"math"
	"testing"

	"nabla/expr"
	"nabla/expr/simplify"
	"nabla/expr/tape"
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
		{"acosh(x) - log(x)", "", Finite, "log(2)"}, {"100 - log(x)", "", Minus, ""}, {"1000 - asinh(x) + atan(x)", "", Minus, ""}, {"x - log(x)", "", Plus, ""}, {"log(x) - sqrt(x)", "", Minus, ""},
		{"(x - sin(x))/x^3", "0", Finite, "1/6"}, {"(cos(x) - 1 + x^2/2)/x^4", "0", Finite, "1/24"}, {"(exp(x) - 1 - x - x^2/2)/x^3", "0", Finite, "1/6"},
		{"(atan(x) - sin(x))/x^3", "0", Finite, "-1/6"},
		{"sin(x)", "", Bounded, ""}, {"x*sin(x)", "", Unknown, ""}, {"max(x, x^2)", "", Plus, ""}, {"abs(sin(x)) + x", "", Plus, ""},
		{"x + atan2(sin(x^2), floor(x^3))", "", Plus, ""}, {"atan2(sin(x^2)*x, x)/x", "", Finite, "0"}, {"x - tanh(x*sin(x^2))", "", Plus, ""},
		{"if(x > 3, -x, x^2)", "", Minus, ""}, {"if(sin(x) > 0, -x, x^2)", "", Unknown, ""}, {"x*tanh(x*sin(x))", "", Unknown, ""},
		{"gamma(sin(x))", "", Unknown, ""}, {"lgamma(cos(x))", "", Unknown, ""}, {"digamma(sin(x))", "", Unknown, ""},
		{"gamma(x)", "0", Plus, ""}, {"x*gamma(x)", "0", Finite, "1"}, {"lgamma(x) + log(x)", "0", Finite, "0"}, {"x^2*trigamma(x)", "0", Finite, "1"},
		{"digamma(x)", "0", Minus, ""}, {"x*csch(x)", "0", Finite, "1"}, {"coth(x)", "0", Plus, ""}, {"acosh(1 + x)/sqrt(x)", "0", Finite, "sqrt(2)"},
		{"x*log(x)", "0", Finite, "0"}, {"x^x", "0", Finite, "1"}, {"gamma(x)", "-1", Minus, ""}, {"gamma(x)", "-57", Minus, ""}, {"trigamma(x)", "-12", Plus, ""}, {"lgamma(x)", "-3", Plus, ""},
		{"x^pi/x^e", "", Plus, ""}, {"x^sqrt(2)/x^1.5", "", Finite, "0"}, {"(x + 1)^pi - x^pi", "", Plus, ""}, {"x^pi/exp(log(x)*pi)", "", Finite, "1"},
		{"x^x^x", "", Plus, ""}, {"exp(exp(x)) - x^9", "", Plus, ""}, {"exp(-exp(exp(x)))*x", "", Finite, "0"},
		{"exp(-2*x^2)*exp(exp(x))", "", Plus, ""}, {"1 + exp(-2*x^2)*exp(exp(x))", "", Plus, ""}, {"exp(exp(x))/exp(exp(x)/2)", "", Above, ""},
		{"exp(-2*x^2)*(1 + exp(exp(x)))", "", Above, ""}, {"x^log(x)*exp(-x)", "", Finite, "0"}, {"x^sin(x)*exp(-x)", "", Finite, "0"}, {"x^sin(x)", "", Above, ""},
		{"x^sin(x)*(3 + 4x)", "", Above, ""}, {"x^(sin(x) - 2)", "", Finite, "0"}, {"exp(x*(2 + sin(x)))", "", Plus, ""}, {"exp(-x*(2 + sin(x)))", "", Finite, "0"},
		{"sinc(1/x)", "", Finite, "1"}, {"(1 - sinc(x))/x^2", "0", Finite, "1/6"}, {"x^2*polygamma(2, x)", "", Finite, "-1"}, {"x^3*polygamma(3, x)", "", Finite, "2"}, {"hypot(x, 3) - x", "", Finite, "0"},
		{"logsumexp(x, 0) - x", "", Finite, "0"}, {"clamp(x, 1, x^2)/x", "", Finite, "1"},
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

// TestBoundsPastT compares the bounds of limits with values past T, from small T on.
func TestBoundsPastT(t *testing.T) {
	for _, f := range []string{"exp(-x*log(log(x))^2)", "-exp(-x*log(log(x))^2)", "x*exp(-x*log(log(x))^2)", "exp(-x*log(log(x)))", "1/(1 + x*log(log(x))^2)",
		"exp(-x*log(x))", "1/log(x)", "exp(-x + 3*sqrt(x))", "x^3*exp(-x)", "sin(x)/x - exp(-x)"} {
		for _, T := range []float64{2, 2.5, 3, 8, 64} {
			tidier := simplify.New()
			e := tidier.Tidy(expr.MustParse(f))
			got := New(exact.NewConstants(tidier), "x", expr.Expr{}, 1, T).LimitAt(e)
			if got.Kind == Unknown {
				continue
			}
			p, err := tape.Compile([]string{"x"}, e)
			if err != nil {
				t.Fatal(err)
			}
			m := p.NewMachine()
			for x := T; x < 1e9; x *= 1.01 {
				var v [1]float64
				m.Eval(v[:], []float64{x})
				if !got.Bound.Has(v[0]) && !(math.Abs(v[0]) < 1e-300) {
					t.Errorf("%s past %v: the value %v at %v is not within %v", f, T, v[0], x, got.Bound)
					break
				}
			}
		}
	}
}

// TestBoundsNearPlaces compares the bounds of limits at 0 with values in the wide surroundings that are asked of
// formulas whose parts cancel there.
func TestBoundsNearPlaces(t *testing.T) {
	known := 0
	for _, f := range []string{"(x - sin(x))/x^3", "(cosh(x) - 1 - x^2/2)/x^4", "(exp(x) - 1)/x", "1/sinh(x)^2 - 1/x^2", "(x - atan(x))/x^3", "x*gamma(x)",
		"x*log(x)", "x^x", "(erf(x) - x)/x", "1/(1 - 3x)", "log(1 - x)", "sqrt(1 - x/2)", "exp(-1/x)", "exp(-1/x)/x", "x*sin(1/x)", "x*atan(1/x)", "tanh(1/x)", "x*lgamma(1/x)",
		"digamma(1/x) + log(x)", "erfc(1/x)", "x^2*trigamma(1/x)", "W(1/x)*x", "sinc(x)", "asin(x)/x", "x*log(x)^2", "1/log(x)", "x/sin(x)", "x/tan(x)", "acosh(1 + x)", "sqrt(x)*acosh(1/x)", "exp((2 + sin(1/x))/x^3)"} {
		for _, T := range Wide {
			tidier := simplify.New()
			e := tidier.Tidy(expr.MustParse(f))
			got := New(exact.NewConstants(tidier), "x", tidier.Int(0), 1, T).LimitAt(e)
			low, ok := got.Low()
			if !ok {
				continue
			}
			known++
			p, err := tape.Compile([]string{"x"}, e)
			if err != nil {
				t.Fatal(err)
			}
			m := p.NewMachine()
			for x := 1 / T; x > 0.02; x *= 0.97 {
				var v [1]float64
				m.Eval(v[:], []float64{x})
				if slack := 1e-5 * math.Abs(v[0]); v[0] < low-slack || got.Kind == Finite && v[0] > got.Bound.Hi+slack || math.IsNaN(v[0]) {
					t.Errorf("%s past %v: the value %v at %v is not within %v", f, T, v[0], x, got.Bound)
					break
				}
			}
		}
	}
	if known < 60 {
		t.Errorf("%d limits are known", known)
	}
}
