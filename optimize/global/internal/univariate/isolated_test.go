package univariate

import (
	"context"
	"math"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/optimize/global/minimum"
)

// Formulas that have values at isolated places only, and some that have more than these.
func TestIsolated(t *testing.T) {
	inf := math.Inf(1)
	for _, q := range []struct {
		formula, lo, hi string
		max             bool
		status          minimum.Status
		value           float64
		domain, at      string // "" for no matter
	}{
		{"x + sqrt(cos(x) - 1)", "", "", false, minimum.Unbounded, -inf, "x = 2pi k", ""},
		{"x + sqrt(cos(x) - 1)", "-10", "10", false, minimum.Exact, -2 * math.Pi, "", ""},
		{"x + sqrt(cos(x) - 1)", "", "1", true, minimum.Exact, 0, "x = 2pi k, k <= 0", "0"},
		{"x + sqrt(cos(x) - 1)", "1", "", false, minimum.Exact, 2 * math.Pi, "x = 2pi + 2pi k, k >= 0", ""},
		{"sqrt(sin(x) - 1)*x + sin(3x)*x", "", "", false, minimum.Unbounded, -inf, "", ""},
		{"x^2 - 10x + sqrt(cos(x) - 1)", "", "", false, minimum.Exact, 4*math.Pi*math.Pi - 20*math.Pi, "", "2pi"},
		{"abs(x - 5/2) + sqrt(-sin(pi x)^2)", "", "", false, minimum.Exact, 0.5, "", "2; 3"},
		{"exp(x) + sqrt(cos(pi x) - 1)", "", "", false, minimum.NotAttained, 0, "x = 2k", ""},
		{"cos(x) + sqrt(-sin(x)^2)", "", "", false, minimum.Exact, -1, "", "x = pi + 2pi k"},
		{"cos(x) x + sqrt(-sin(x)^2)", "", "", true, minimum.Unbounded, inf, "", ""},
		{"3 + sqrt(cos(x) - 1)", "", "", false, minimum.Exact, 3, "", "x = 2pi k"},
		{"log(x) + sqrt(cos(x) - 1)", "", "", false, minimum.Exact, math.Log(2 * math.Pi), "", "2pi"},
		{"1/x + sqrt(cos(x) - 1)", "", "", false, minimum.Exact, -1 / (2 * math.Pi), "", "-2pi"},
		{"log(cos(x) - 1)", "", "", false, minimum.EmptyDomain, 0, "nowhere", ""},
		{"sqrt(cos(x) - 2)", "", "", false, minimum.EmptyDomain, 0, "nowhere", ""},
		{"sqrt(cos(x) - 1) + sqrt(sin(x) - 1)", "", "", false, minimum.EmptyDomain, 0, "nowhere", ""},
		{"sqrt(-sin(pi x)^2) + sin(x)", "", "", false, minimum.NotAttained, -1, "", ""},             // a wave that does not come round
		{"sqrt(cos(x)) + x", "-1", "1", false, minimum.Exact, math.Sqrt(math.Cos(1)) - 1, "", "-1"}, // has more
	} {
		p := &Question{F: expr.MustParse(q.formula), Var: "x", Max: q.max}
		if q.lo != "" {
			p.Bound.Lo = expr.MustParse(q.lo)
		}
		if q.hi != "" {
			p.Bound.Hi = expr.MustParse(q.hi)
		}
		a := Solve(context.Background(), p)
		if a.Status != q.status || a.Value != q.value && !(math.Abs(a.Value-q.value) < 1e-9) || q.domain != "" && a.Domain != q.domain {
			t.Errorf("%s: %s %v, defined for %s; want %s %v, %s", q.formula, a.Status, a.Value, a.Domain, q.status, q.value, q.domain)
		}
		var list []string
		for _, m := range a.Minimisers {
			if m.Family == "" {
				m.Family = format.Text(m.Exact[0])
			}
			list = append(list, m.Family)
		}
		if at := strings.Join(list, "; "); q.at != "" && (at != q.at || !a.MinimisersComplete) {
			t.Errorf("%s: least at %s, want %s", q.formula, at, q.at)
		}
		if w := a.Witness; a.Status == minimum.Unbounded && (len(w.Path) == 0 || !w.Whole && len(w.Points) == 0) {
			t.Errorf("%s: %+v", q.formula, w)
		}
	}
}
