package check

import (
	"slices"
	"strings"
	"testing"
)

// The mistakes that are named, in their order, and a part of what is said first.
func TestExplanations(t *testing.T) {
	for _, c := range []struct{ f, claim, kinds, says string }{
		{"-(a*x)", "a", "dropped-minus", "the minus sign was lost"},
		{"exp(3*x)", "exp(3*x)", "exp-inner-factor-missing constant-factor-lost not-differentiated arithmetic-slip", "the factor u' is missing"},
		{"exp(exp(exp(x)))", "exp(exp(exp(x)))*exp(x)", "outer-derivative-missing", "only the inside was differentiated"},
		{"log(x^2 + 1)", "2*x", "log-reciprocal-lost term-lost", "the factor 1/u is missing"},
		{"sqrt(x^2)", "1", "abs-dropped", "the root of a square is the absolute value"},
		{"abs(x)", "1", "abs-derivative abs-dropped", "the sign of the inside is missing"},
		// Values from 1e174 up at most points.
		{"7*sinh(exp(x^2 + 6))", "7*exp(x^2 + 6)*cosh(exp(x^2 + 6))", "exp-inner-factor-missing", ""},
	} {
		r := Claim(read(t, c.f), read(t, c.claim), "x", Options{})
		var kinds []string
		for _, m := range r.Mistakes {
			kinds = append(kinds, m.Kind)
		}
		if !slices.Equal(kinds, strings.Fields(c.kinds)) || !strings.Contains(r.Mistakes[0].Says, c.says) {
			t.Errorf("%s, claimed %s: %v, want %s; %v", c.f, c.claim, kinds, c.kinds, r.Mistakes)
		}
	}
}

// A witness at which the values have a thousand million digits is printed at
// once.
func TestHugeValues(t *testing.T) {
	r := Equal(read(t, "exp(exp(20*x^0)) + x"), read(t, "exp(exp(20)) + 2*x"), Options{})
	if r.Verdict == Same {
		t.Errorf("verdict %s", r.Verdict)
	}
	r = Equal(read(t, "x*exp(exp(19))"), read(t, "x*exp(exp(19))/2"), Options{})
	if r.Verdict != Different || !strings.Contains(r.Witness.ClaimedText, "*2^") {
		t.Errorf("verdict %s, witness %+v", r.Verdict, r.Witness)
	}
}
