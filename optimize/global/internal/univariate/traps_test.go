package univariate

import (
	"context"
	"math"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/optimize/global/internal/corpus"
	"nabla/optimize/global/minimum"
)

// TestTraps asks questions of which each is a trap for one step of a proof. What is
// answered must be the truth; that nothing is claimed is no error.
func TestTraps(t *testing.T) {
	inf := math.Inf(1)
	for _, q := range []struct {
		trap, formula, lo, hi string
		max                   bool
		value                 float64
		attained              bool
		at                    []float64 // minimisers that a complete list has to have
	}{
		{"the lower limit far out is the value at the end", "x^2*exp(-x) + 1 - cos(x)", "0", "", false, 0, true, []float64{0}},
		{"", "x^2*exp(-x) - cos(x)", "0", "", false, -1, true, []float64{0}},
		{"", "sqrt(x)*exp(-x) + 1 - cos(x)", "", "", false, 0, true, []float64{0}},
		{"waves that meet twice", "(cos(x - 1/2) - cos(1/2))^2 + (cos(sqrt(2)*(x - 1/2)) - cos(sqrt(2)/2))^2", "", "", false, 0, true, []float64{0, 1}},
		{"a maximum that no whole number has", "floor(sin(floor(x)))", "", "", true, 0, true, nil},
		{"", "if(sin(floor(x)) == 1, -5, 0)", "", "", false, 0, true, nil},
		{"steps that begin at 0", "cos(floor(sqrt(x)^2) + 3)", "", "", true, 1, false, nil},
		{"0^0 is a jump", "x + 0^(x^5 - x - 1)", "", "", false, 1.1673039782614187, false, nil},
		{"a case in which log(x) is not needed", "if(x > 0, 3 + sin(log(x)) + cos(log(x)), 1.2)", "-5", "5", false, 1.2, true, []float64{-5, 0}},
		{"tidy forms that have values where the formula has none", "x*sin(x) + 0*sqrt(cos(x) - 1)", "", "", false, 0, true, []float64{0}},
		{"", "-x + mod(x, 1) + 0*sqrt(5 - x)", "", "", false, -5, true, nil},
		{"", "mod(x, 1) + sqrt(5 - x)^2", "", "", false, 0, true, nil},
		{"", "exp(-x)*(1 + mod(x, 1)) + 0*sqrt(5 - x)", "", "", false, math.Exp(-5), true, nil},
		{"", "gamma(x + 1)/gamma(x) - x", "", "", true, 0, true, nil},
		{"", "sin(sqrt(x)^2)", "", "", false, -1, true, []float64{4.71238898038469}},
		{"", "sin(exp(log(x)))", "", "", false, -1, true, nil},
		{"", "cos(x^2/x)", "", "", true, 1, true, []float64{2 * math.Pi, -2 * math.Pi}},
		{"", "sin(x + 0*sqrt(x - 1))", "", "", false, -1, true, nil},
		{"an enclosure without an upper end", "exp(x^2)*(1 - tanh(x^2))", "-30", "30", true, 1, true, []float64{0}},
		{"a wide enclosure of a limit", "if(x^5 - x - 1 > 0, 1e14*(x^5 - x - 1) + x, 5)", "", "", false, 1.1673039782614187, false, nil},
		{"clamp between bounds in the wrong order", "clamp(0, x, 1 - x)", "", "", false, -inf, false, nil},
		{"", "clamp(x, 2x, x)", "-2", "2", true, 2, true, []float64{2}},
		{"unbounded along places with values", "x*sin(x) + mod(x, 1) + log(2 + sin(x))", "", "", false, -inf, false, nil},
		{"", "lgamma(x) - x^2 + floor(x)", "", "", false, -inf, false, nil},
		{"a domain with another period than f", "x*sin(x) + 0*log(exp(-abs(x)) - sin(sqrt(2)*(x - pi/2))^2 - sin(sqrt(3)*(x - pi/2))^2)", "", "", false, 0, true, []float64{0}},
		{"leading terms that cancel", "(x - sin(x))/x^3", "", "", false, 0, false, nil},
		{"", "(asin(x) - x)/x^3", "", "", false, 1.0 / 6, false, nil},
		{"a part without a value for which others stand in", "if(x < 0.001, 5, sqrt(sin(1/x)) + x) + 0/x", "0", "1", false, 1 / (318 * math.Pi), true, nil},
	} {
		p := &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound(q.lo, q.hi), Max: q.max}
		a := Solve(context.Background(), p)
		switch a.Status {
		case minimum.Local, minimum.Failed:
			if math.IsInf(q.value, 0) {
				t.Errorf("%s: %s, want unbounded", q.formula, a.Status)
			}
			continue
		case minimum.Unbounded:
			if !math.IsInf(q.value, 0) {
				t.Errorf("%s: unbounded, want %v (%s)", q.formula, q.value, q.trap)
			}
			continue
		}
		if !(math.Abs(a.Value-q.value) <= 1e-6*math.Max(1, math.Abs(q.value))) || a.Attained != q.attained {
			t.Errorf("%s: %s %v, want %v, attained %v (%s)", q.formula, a.Status, a.Value, q.value, q.attained, q.trap)
		}
		for _, x := range q.at {
			if a.MinimisersComplete && !isListed(a, x) {
				t.Errorf("%s: %v is not in the complete list %v (%s)", q.formula, x, a.Minimisers, q.trap)
			}
		}
	}
}

// isListed reports whether x is one of the minimisers, or in a set of them.
func isListed(a *minimum.Answer, x float64) bool {
	for _, m := range a.Minimisers {
		step := m.Repeats.Width
		k := math.Round((x - m.X[0]) / math.Max(step, 1e-9))
		if step == 0 && m.Family != "" || math.Abs(m.X[0]+step*k-x) < 1e-6 &&
			(step > 0 || k == 0) && (m.Repeats.Lo == nil || k >= float64(*m.Repeats.Lo)) && (m.Repeats.Hi == nil || k <= float64(*m.Repeats.Hi)) {
			return true
		}
	}
	return false
}

// TestHoles asks for minima of formulas with infinitely many pieces next to a place or an
// end at which they have no value, and of such whose natural domain is a half-line.
func TestHoles(t *testing.T) {
	for _, q := range []struct {
		formula  string
		positive bool // the question is about x > 0
		status   minimum.Status
		value    float64
	}{
		{"floor(1/x)", true, minimum.Exact, 0}, {"floor(1/x)*x", true, minimum.Exact, 0}, {"floor(1/x)*exp(-1/x)", true, minimum.Exact, 0},
		{"mod(pi, x)*exp(x)", false, minimum.NotAttained, -math.Pi / 3 * math.Exp(-math.Pi/3)},
		{"floor(1/(x - 1))^2 + x^2", false, minimum.Exact, 1}, {"floor(1/x^2) + x^2", false, minimum.NotAttained, 1},
		{"x^x*(2 + floor(1/x))", false, minimum.NotAttained, 2}, {"(x + 1)^floor(x)", false, minimum.NotAttained, -1},
		{"mod(x, 1) + sqrt(5 - x)^2", false, minimum.Exact, 0}, {"-x + mod(x, 1) + 0*sqrt(5 - x)", false, minimum.Exact, -5},
		{"exp(-x)*(1 + mod(x, 1)) + 0*sqrt(5 - x)", false, minimum.Exact, math.Exp(-5)}, {"floor(log(x))^2 + x", false, minimum.Exact, 1},
	} {
		p := &Question{F: expr.MustParse(q.formula), Var: "x"}
		if q.positive {
			p.Bound = minimum.Bound{Lo: expr.MustParse("0"), LoOpen: true}
		}
		if a := Solve(context.Background(), p); a.Status != q.status || !(math.Abs(a.Value-q.value) < 1e-9) {
			t.Errorf("%s: %s %v %v, want %s %v", q.formula, a.Status, a.Value, a.Warnings, q.status, q.value)
		}
	}
}

// TestMonotoneBetween asks for the greatest of values whose enclosures do not tell them
// apart, but the slope between them does.
func TestMonotoneBetween(t *testing.T) {
	for _, q := range []struct{ formula, lo, hi string }{
		{"exp(x^2)*(1 - tanh(x^2))", "-30", "30"}, {"exp(x^2)*(1 - tanh(x^2))", "-30", "29"}, {"exp(x^2)*(1 - tanh(x^2))", "0", "40"},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound(q.lo, q.hi), Max: true})
		if a.Status != minimum.Exact || a.Value != 1 || len(a.Minimisers) != 1 || a.At[0] != 0 {
			t.Errorf("%s on %s:%s: %s %v at %v %v", q.formula, q.lo, q.hi, a.Status, a.Value, a.At, a.Warnings)
		}
	}
}

// TestPlacesWithoutClosedForm asks for what formulas are at and next to zeros that have
// none.
func TestPlacesWithoutClosedForm(t *testing.T) {
	for _, q := range []struct {
		formula string
		status  minimum.Status
		value   float64
		domain  string
	}{
		{"log(abs(x^3 - 2x - 5))", minimum.Unbounded, math.Inf(-1), "x != 2.09455"},
		{"log(abs(cos(x) - x)) + x^2", minimum.Unbounded, math.Inf(-1), "x != 0.739085"},
		{"1/abs(x^5 - x - 1) + x^2", minimum.Certified, 0.8605279, "x != 1.1673"},
		{"sqrt(abs(x^5 - x - 1))", minimum.Certified, 0, "all real x"}, {"sqrt(x^5 - x - 1)", minimum.Certified, 0, "x >= 1.1673"},
		{"sqrt(x^5 - x - 1) + x", minimum.Certified, 1.1673039782614187, "x >= 1.1673"}, {"(x^3 - x - 1)^(3/2) + x", minimum.Certified, 1.324717957244746, "x >= 1.32472"},
		{"sqrt(-(x^5 - x - 1)^2) + x", minimum.Certified, 1.1673039782614187, "x = 1.1673"},
		// 0^u has a value for u >= 0.
		{"sin(x)^sin(x)", minimum.Exact, 0.6922006, "0 <= x <= pi, repeated with period 2pi"}, {"0^sin(x)", minimum.Exact, 0, "0 <= x <= pi, repeated with period 2pi"},
		{"sin(x)^cos(x)", minimum.Exact, 0, "0 <= x < pi, repeated with period 2pi"}, {"sin(x)^floor(cos(x))", minimum.Unbounded, math.Inf(-1), "pi < x < 3pi, repeated with period 2pi"},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x"})
		if a.Status != q.status || a.Value != q.value && !(math.Abs(a.Value-q.value) < 1e-6) || a.Domain != q.domain {
			t.Errorf("%s: %s %v, defined for %s, want %s %v, %s", q.formula, a.Status, a.Value, a.Domain, q.status, q.value, q.domain)
		}
	}
}

// TestStationaryAtJoints asks for points at which f' is 0 between two pieces, and does
// not ask for those at which it is not.
func TestStationaryAtJoints(t *testing.T) {
	for _, q := range []struct {
		formula string
		at      float64
		kind    string
	}{
		{"x*abs(x)", 0, "inflection"}, {"sinc(x)*x^3", 0, "inflection"}, {"abs(x)^3*sign(x)", 0, "inflection"},
		{"abs(x - 1)*(x - 1)^2", 1, "local minimum"}, {"abs(x^2 - 2)*(x^2 - 2)", math.Sqrt2, "inflection"},
		{"sin(atan2(x^2, 1/2 - x))", 0.5, "local maximum"}, {"cos(x + abs(x)/2)", 0, "local maximum"}, {"cos(x^3)", 0, "local maximum"},
		{"exp(2 W(x))", 0, ""}, {"x exp(W(x))", 0, ""}, {"sqrt((x^2 - 1)^2)", 1, "local minimum"}, {"sqrt((x^2 - 1)^2)", 0, "local maximum"},
		{"sin(x^3)", 0, "inflection"}, {"sin(x + abs(x)/2)", 0, ""}, {"sin(cbrt(x))", 0, ""}, {"floor(1/x^2) + x^2", 0, ""},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound("-1", "2")})
		found := false
		for _, s := range a.Stationary {
			near := math.Abs(s.X[0]-q.at) < 1e-9
			if found = found || near && s.Kind == q.kind; near && s.Kind != q.kind {
				t.Errorf("%s: %s at %v, want %q", q.formula, s.Kind, q.at, q.kind)
			}
		}
		if q.kind != "" && !found && a.StationaryComplete {
			t.Errorf("%s: no %s at %v in the complete list %v", q.formula, q.kind, q.at, a.Stationary)
		}
	}
	// where it is not told that the value and the limit are equal
	a := Solve(context.Background(), &Question{F: expr.MustParse("abs(sin(x + pi) + 3/4*sin(x + pi/5))"), Var: "x", Max: true})
	if a.StationaryComplete && len(a.Stationary) != 4 {
		t.Errorf("%d places in a complete list of two maxima and two kinks: %v", len(a.Stationary), a.Stationary)
	}
}

// TestSentences asks for proofs in which a sentence must not stand, as it is not true of
// the formula.
func TestSentences(t *testing.T) {
	for _, q := range []struct {
		formula, lo, hi string
		max             bool
		no              string
	}{
		{"if(x == 0, -5, x^2)", "0", "1", false, "convex"}, {"x^2 + floor(x^4/10000)", "", "", false, "convex"},
		{"if(x > 0 or x == -1, x^2, inf)", "", "", false, "convex"}, {"sin(x) - 1/x", "1", "", true, "from above"},
		{"sqrt(x - 1)", "", "", false, "pieces"}, {"x^x", "", "", false, "pieces"}, {"if(x^2 == 2, x, inf)", "", "", false, "f' has no zero"},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound(q.lo, q.hi), Max: q.max})
		if a.Status == minimum.Local {
			t.Errorf("%s: %v", q.formula, a.Warnings)
		}
		for _, s := range a.Proof {
			if strings.Contains(s, q.no) {
				t.Errorf("%s: %s", q.formula, s)
			}
		}
	}
}

// TestWhatIsLeftOpen asks what the answers say that is not excluded.
func TestWhatIsLeftOpen(t *testing.T) {
	for _, q := range []struct {
		formula string
		max     bool
		open    string
	}{
		{"cos(x) + (sin(x^2) - 1)/x", false, "smaller values as x → ∞"}, {"cos(x) - (1 + sin(x^2))/x", true, "greater values as x → ∞"},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Bound: corpus.Bound("1", ""), Max: q.max})
		if all := strings.Join(a.Warnings, "; "); a.Status == minimum.Local && !strings.Contains(all, q.open) {
			t.Errorf("%s: %s, want %s", q.formula, all, q.open)
		}
	}
}

// TestWitnessesThroughRoots asks for paths through the inverse of a negative odd power.
func TestWitnessesThroughRoots(t *testing.T) {
	for _, f := range []string{"tan(abs(2x)/x^8)", "tan(x^(-5))", "tan(2 x^(-7))", "1/(x^(-5) - 3)"} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(f), Var: "x"})
		if a.Status != minimum.Unbounded || len(a.Witness.Values) == 0 || !(a.Witness.Values[len(a.Witness.Values)-1] < -1e3) {
			t.Errorf("%s: %s, %+v", f, a.Status, a.Witness)
		}
	}
}

// TestCancellation asks about formulas of which the leading parts cancel at 0. The values are limits there by
// Taylor's formula, or at infinity; that of the last is where its derivative is 0, by mpmath.
func TestCancellation(t *testing.T) {
	for _, q := range []struct {
		formula    string
		max        bool
		status     minimum.Status
		value      float64
		approached string
	}{
		{"(sinh(x) - x)/x^3", false, minimum.NotAttained, 1.0 / 6, "x → 0"},
		{"(x - sin(x))/x^3", true, minimum.NotAttained, 1.0 / 6, "x → 0"},
		{"(cos(x) - 1 + x^2/2)/x^4", true, minimum.NotAttained, 1.0 / 24, "x → 0"},
		{"(cos(x) - 1 + x^2/2)/x^4", false, minimum.NotAttained, 0, "x → -∞ and as x → ∞"},
		{"(cosh(x) - 1 - x^2/2)/x^4", false, minimum.NotAttained, 1.0 / 24, "x → 0"},
		{"(sin(x) - x + x^3/6)/x^5", true, minimum.NotAttained, 1.0 / 120, "x → 0"},
		{"(tanh(x) - x)/x^3", false, minimum.NotAttained, -1.0 / 3, "x → 0"},
		{"1/sinh(x)^2 - 1/x^2", false, minimum.NotAttained, -1.0 / 3, "x → 0"},
		{"(x*cosh(x) - sinh(x))/x^3", false, minimum.NotAttained, 1.0 / 3, "x → 0"},
		{"(2 - 2 cos(x) - x*sin(x))/x^4", false, minimum.Certified, -0.001852620378180, ""},
	} {
		a := Solve(context.Background(), &Question{F: expr.MustParse(q.formula), Var: "x", Max: q.max})
		if a.Status != q.status || math.Abs(a.Value-q.value) > 1e-12 || a.Approached != q.approached {
			t.Errorf("%s: %s %v as %s, want %s %v as %s %q", q.formula, a.Status, a.Value, a.Approached, q.status, q.value, q.approached, a.Warnings)
		}
	}
}
