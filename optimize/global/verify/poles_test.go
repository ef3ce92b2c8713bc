package verify

import "testing"

// Formulas fall without end beside places without closed forms where a denominator, or what has a logarithm, changes its sign, if they are defined beside.
func TestFallsBesideZero(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		ok        bool
	}{
		{"1/(x - cos(x))", "", true}, {"1/(x - cos(x))", "0.8,", false}, {"1/(x - cos(x))^2", "", false}, {"-1/(x - cos(x))^2", "", true},
		{"log(x - cos(x))", "", true}, {"-log(x - cos(x))", "", false}, {"(x - 1)*log(x - cos(x))", "", false}, {"(1 - x)*log(x - cos(x))*x", "", true},
		{"1/sqrt(x - cos(x))", "", false}, {"-1/sqrt(x - cos(x))", "", true}, {"-1/sqrt(x - cos(x)) + sqrt(cos(x) - x)", "", false},
		{"1/(x - cos(x)) + 1/(cos(x) - x)", "", false}, {"1/(x - cos(x)) + log(cos(x) - x)", "", false}, {"1/(x - cos(x))*sqrt(x - 0.74)", "", false},
		{"(x - cos(x))^2/(x - cos(x))", "", false}, {"1/(floor(x) - 1/2)", "", false}, {"1/abs(x - cos(x))", "", false}, {"tan(x)^2 + tan(exp(x))", "", true},
		{"tan(x - cos(x))", "0,1", false}, {"if(x > 0, 1/(x - cos(x)), x)", "", false}, {"x/(x - cos(x)) + x^x", "", true}, {"1/(x - cos(x)) + x^x", "-1,0.73", false},
		{"1/(1 + exp(x))", "", false}, {"tan(x + 1/x)*sqrt(x)", "", true}, {"(x - cos(x))/(exp(x - cos(x)) - 1)", "", false},
	} {
		if v := ofOne(t, c.f, c.bounds, ""); v.fallsBesideZero() != c.ok {
			t.Errorf("%s between %s: %v", c.f, c.bounds, !c.ok)
		}
	}
}
