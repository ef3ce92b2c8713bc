package univariate

import (
	"context"
	"math"
	"slices"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/minimum"
)

// TestParts asks about g(u(x)) with a u of infinitely many branches, which takes all its
// values on a part of the line, and about formulas that enclosures settle.
func TestParts(t *testing.T) {
	inf := math.Inf(-1)
	for _, q := range []struct {
		formula, lo, hi string
		max             bool
		status          minimum.Status
		value           float64
		family          string
	}{
		{"lgamma(tan(x))", "", "", false, minimum.Unbounded, inf, ""},
		{"floor(tan(x))^2", "", "", false, minimum.Exact, 0, "x = atan(1/2) + pi k"},
		{"floor(tan(x))^2", "", "", true, minimum.Unbounded, -inf, ""},
		{"(tan(x) - 2)^2 + floor(tan(x))", "", "", false, minimum.NotAttained, 1, ""},
		{"cos(cot(x))", "", "", false, minimum.Exact, -1, "x = acot(-pi - 2pi k) + pi m, k >= 0"},
		{"tan(digamma(x))", "", "", false, minimum.Unbounded, inf, ""},
		{"tan(trigamma(x))", "", "", false, minimum.Unbounded, inf, ""},
		{"sinc(digamma(x))", "", "", false, minimum.Certified, -0.21723362821122166, ""},
		{"normpdf(gamma(digamma(x)))", "", "", false, minimum.NotAttained, 0, ""},
		{"cos(acoth(x))", "", "", false, minimum.Exact, -1, "x = coth(-pi - 2pi k), k >= 0"},
		{"floor(coth(x))", "", "", false, minimum.Unbounded, inf, ""},
		{"floor(tan(x))^2 + x^2", "", "", false, minimum.Exact, 0, ""},
		{"sin(exp(x))^4 + exp(sin(exp(x)))", "", "", false, minimum.Certified, 0.6675037513807414, "x = log(3.69813 + 2pi k), k >= 0"},
		{"sin(x^2)^4 + exp(sin(x^2))", "", "", false, minimum.Certified, 0.6675037513807414, "x = -sqrt(3.69813 + 2pi k), k >= 0"},
		{"sin(x^2)^2 + exp(sin(x^2))", "", "", false, minimum.Exact, 0.82718402612752, "x = -sqrt(pi + asin(W(1/2)) + 2pi k), k >= 0"},
		{"sin(x) + cos(2x)", "", "", true, minimum.Exact, 9. / 8, "x = asin(1/4) + 2pi k"},
		{"sin(x) - cos(2x) + sin(x)^2/3", "", "", false, minimum.Exact, -31. / 28, "x = -pi + asin(3/14) + 2pi k"},
		{"acos(floor(x))", "", "", false, minimum.Exact, 0, ""},
		{"max(floor(tan(x)), 3)", "", "", false, minimum.Exact, 3, ""},
		{"W(sin(x))", "", "", false, minimum.Exact, -1, "x = -pi + asin(exp(-1)) + 2pi k"},
		{"W(asin(x))", "", "", false, minimum.Exact, -1, ""},
		{"asin(tanh(1/2) + 5x)", "", "", true, minimum.Exact, math.Pi / 2, ""},
		{"sin(gamma(x))", "", "", false, minimum.Certified, -1, "gamma(x) = 3pi/2 + 2pi k, k >= 0"},
		{"cos(trigamma(2x + 1))", "", "", false, minimum.Certified, -1, "trigamma(2x + 1) = pi + 2pi k, k >= 0"},
		{"csc(lgamma(x))", "", "", false, minimum.Unbounded, inf, ""},
		{"tan(tan(2x + 1))", "", "", true, minimum.Unbounded, -inf, ""},
		{"sinc(sec(x))", "", "", false, minimum.Certified, -0.21723362821122166, "x = -1.34637 + pi k"},
		{"normpdf(lgamma(x))", "", "", true, minimum.Exact, 1 / math.Sqrt(2*math.Pi), ""},
		{"acos(floor(x))", "", "", true, minimum.Exact, math.Pi, "-1 <= x < 0"},
		{"log(floor(x))", "", "", false, minimum.Exact, 0, "1 <= x < 2"},
		{"ceil(expm1(x))", "", "", false, minimum.Exact, 0, ""},
		{"asec(normcdf(x))", "", "", false, minimum.EmptyDomain, 0, ""},
		{"logit(if(erfinv(x) > 0.1, exp(x), max(x, 0.1)))", "", "", false, minimum.Exact, -2 * math.Log(3), "-1 < x <= 1/10"},
		{"max(5x - 2x^2 - 2, cos(3x - 1))", "", "", false, minimum.Exact, -1, ""},
		{"min(x^2, 2 sin(x) + 3)", "", "", true, minimum.Exact, 5, ""},
		{"x^sin(x)*exp(-x)", "", "", false, minimum.NotAttained, 0, ""},
		{"x^sin(x)*(3 + 4x)", "", "", false, minimum.Certified, 2.6995630016206587, ""},
		{"mod(x/2, 1)*x", "", "", false, minimum.Unbounded, inf, ""},
		{"floor(x)*x - x^2", "", "", false, minimum.Unbounded, inf, ""},
		{"mod(2x, pi)*(2x - 4x^2)", "", "", false, minimum.Unbounded, inf, ""},
		{"trigamma(x) - 1/x", "1", "", true, minimum.Exact, math.Pi*math.Pi/6 - 1, ""},
		{"mod(x, 1) + hypot(x, 2)", "", "", false, minimum.Exact, 2, ""},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound(q.lo, q.hi), Max: q.max})
		if a.Status != q.status || a.Value != q.value && !(math.Abs(a.Value-q.value) < 1e-9) {
			t.Errorf("%s: %s %v %v, want %s %v", q.formula, a.Status, a.Value, a.Warnings, q.status, q.value)
		}
		if q.family != "" && (len(a.Minimisers) == 0 || a.Minimisers[0].Family != q.family) {
			t.Errorf("%s: %+v, want %s", q.formula, a.Minimisers, q.family)
		}
	}
}

// A function that has its least value at both ends of the range of a part has it wherever the part has one of them.
func TestBothEndsOfTheRange(t *testing.T) {
	for _, q := range []struct {
		formula, lo, hi string
		places          []string // families, or nothing for single points
	}{
		{"cos(1/floor(x)) + cos(2/floor(x))", "", "", []string{"-1 <= x < 0", "1 <= x < 2"}},
		{"cos(floor(x)/3)", "-3", "3", []string{"-3 <= x < -2", ""}},
	} {
		p := &Question{F: expr.MustParse(q.formula), Var: "x"}
		if q.lo != "" {
			p.Bound.Lo, p.Bound.Hi = expr.MustParse(q.lo), expr.MustParse(q.hi)
		}
		a := Solve(context.Background(), p)
		var places []string
		for _, m := range a.Minimisers {
			places = append(places, m.Family)
		}
		if !slices.Equal(places, q.places) || !a.MinimisersComplete {
			t.Errorf("%s: %q, complete %v, want %q", q.formula, places, a.MinimisersComplete, q.places)
		}
	}
}
