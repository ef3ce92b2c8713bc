package prove_test

import (
	"math"
	"math/rand"
	"strings"
	"testing"

	"nabla/expr"
	"nabla/expr/prove"
	"nabla/expr/simplify"
)

// points yields maps from the variables of the formulas to coordinates: small
// whole and half numbers first, where identities fail most often, then others.
func points(rnd *rand.Rand, n int, formulas ...expr.Expr) []map[string]float64 {
	special := []float64{0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, -4, 0.25, -0.25, 1.5, -1.5, math.Pi, 10, -7.25}
	var names []string
	seen := map[string]bool{}
	for _, e := range formulas {
		for _, x := range e.Vars() {
			if !seen[x] {
				seen[x] = true
				names = append(names, x)
			}
		}
	}
	var out []map[string]float64
	for i := range n {
		at := map[string]float64{}
		for _, x := range names {
			switch {
			case len(names) == 1 && i < len(special):
				at[x] = special[i]
			case rnd.Intn(2) == 0:
				at[x] = special[rnd.Intn(len(special))]
			case rnd.Intn(2) == 0:
				at[x] = rnd.Float64()*2 - 1
			default:
				at[x] = rnd.NormFloat64() * 3
			}
		}
		out = append(out, at)
	}
	return out
}

func conditionsText(conditions []expr.Expr) string {
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = c.String()
	}
	return strings.Join(parts, " and ")
}

// parseConditions reads conditions joined by " and ".
func parseConditions(t testing.TB, text string) []expr.Expr {
	if text == "" {
		return nil
	}
	var out []expr.Expr
	for _, part := range strings.Split(text, " and ") {
		c, err := expr.Reader{Conditions: true}.Expr(part)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func TestIdentities(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	n := 0
	for _, family := range identities {
		t.Run(family.family, func(t *testing.T) {
			for _, row := range family.rows {
				n++
				a, b := expr.MustParse(row.a), expr.MustParse(row.b)
				p := prove.Equal(a, b, prove.Budget{})
				if !p.Equal {
					t.Errorf("%s = %s: not proved: %v, where %s", row.a, row.b, p.Why, conditionsText(p.Where))
					continue
				}
				want := parseConditions(t, row.conditions)
				same := len(want) == len(p.Conditions)
				for i := range want {
					same = same && expr.Equal(simplify.Tidy(want[i]), p.Conditions[i])
				}
				if !same {
					t.Errorf("%s = %s: proved under %q, expected %q", row.a, row.b, conditionsText(p.Conditions), row.conditions)
				}
				for _, at := range points(rnd, 200, a, b) {
					if hold(p.Conditions, at) && refutes(a, b, at) {
						t.Errorf("%s = %s is false at %v", row.a, row.b, at)
						break
					}
				}
				if q := prove.Equal(b, a, prove.Budget{}); !q.Equal {
					t.Errorf("%s = %s is proved, but not %s = %s", row.a, row.b, row.b, row.a)
				}
			}
		})
	}
	t.Logf("%d identities", n)
}

// TestRefutes tests the judge of these tests.
func TestRefutes(t *testing.T) {
	for _, c := range []struct {
		a, b string
		at   map[string]float64
		want bool
	}{
		{"x", "x+1e-12", map[string]float64{"x": 1}, true},
		{"x", "x", map[string]float64{"x": 1}, false},
		{"sin(x)^2+cos(x)^2", "1", map[string]float64{"x": 1}, false},
		{"sqrt(x^2)", "x", map[string]float64{"x": -1}, true},
		{"sqrt(x)", "1", map[string]float64{"x": -1}, false},
		{"1/x", "1", map[string]float64{"x": 0}, false},
		{"if(x > 0, 1/x, 3)", "4", map[string]float64{"x": 0}, true},
		{"x^n", "8", map[string]float64{"x": -2, "n": 3}, true},
		{"x^n", "8", map[string]float64{"x": -2, "n": 0.5}, false},
	} {
		if got := refutes(expr.MustParse(c.a), expr.MustParse(c.b), c.at); got != c.want {
			t.Errorf("refutes %s = %s at %v is %v", c.a, c.b, c.at, got)
		}
	}
	if x := map[string]float64{"x": 1}; !hold(parseConditions(t, "x > 0"), x) || hold(parseConditions(t, "x > 1"), x) || hold(parseConditions(t, "log(-x) < 9"), x) {
		t.Error("hold is wrong")
	}
}

// TestEqualWhere uses what else is known.
func TestEqualWhere(t *testing.T) {
	for _, c := range []struct {
		a, b, given string
		want        bool
	}{
		{"sqrt(x^2)", "x", "x > 0", true},
		{"sqrt(x^2)", "x", "x >= 0", true},
		{"sqrt(x^2)", "x", "x > -1", false},
		{"sqrt(x^2)", "-x", "x < 0", true},
		{"abs(x-1)", "1-x", "x <= 1", true},
		{"sqrt(x^2*y^2)", "x*y", "x > 0 and y > 0", true},
		{"sqrt(x^2*y^2)", "x*y", "x*y > 0", true},
		{"abs(x)*abs(y)", "-x*y", "x*y < 0", true},
		{"atan(x)+atan(1/x)", "pi/2", "x > 0", true},
		{"atan(x)+atan(y)", "atan((x+y)/(1-x*y))", "x*y < 1", true},
		{"2*atan(x)", "pi+atan(2*x/(1-x^2))", "x > 1", true},
		{"2*atan(x)", "atan(2*x/(1-x^2))", "x > 1", false},
		{"sign(x)", "1", "x > 0", true},
		{"max(x, y)", "x", "x >= y", true},
		{"if(x > 1, x, y)", "x", "x > 2", true},
		{"if(x > 1, x, y)", "x", "x > 0", false},
		{"log(x^2)", "2*log(-x)", "x < 0", true},
		{"abs(x)", "x", "log(x) != 5", true},
	} {
		given := parseConditions(t, c.given)
		a, b := expr.MustParse(c.a), expr.MustParse(c.b)
		if p := prove.EqualWhere(a, b, given, prove.Budget{}); p.Equal != c.want {
			t.Errorf("%s = %s given %s: %v %v", c.a, c.b, c.given, p.Equal, p.Why)
		}
	}
	// A formula among what is given is one that is defined.
	if p := prove.EqualWhere(expr.MustParse("abs(x)"), expr.MustParse("x"), []expr.Expr{expr.MustParse("sqrt(x)")}, prove.Budget{}); !p.Equal {
		t.Errorf("abs(x) = x where sqrt(x) is defined: %v", p.Why)
	}
}

// TestNowhere asks about formulas that have no point in common.
func TestNowhere(t *testing.T) {
	for _, c := range [][2]string{
		{"sqrt(x)+sqrt(-1-x)", "1"}, {"1/(x-x)", "2/(x-x)"}, {"log(-1)", "log(-1)+x"}, {"log(x)", "sqrt(-x)+1"},
		{"1/((x+1)^2-x^2-2*x-1)", "0*x"}, {"asin(2)+x", "x"}, {"sqrt(-1-x^2)", "x"}, {"inf-inf", "0*x"}, {"log(0*x)", "3"},
	} {
		if p := prove.Equal(expr.MustParse(c[0]), expr.MustParse(c[1]), prove.Budget{}); p.Equal {
			t.Errorf("%s = %s is proved: %v", c[0], c[1], p.Why)
		}
	}
}

func BenchmarkEqual(b *testing.B) {
	for _, c := range []struct{ name, a, b string }{
		{"polynomial", "6*(4*(6*x+8)^3)*(x-2)+(6*x+8)^4", "6480*x^4+17280*x^3-30720*x-20480"},
		{"fraction", "(2*x*(x+6)-(x^2+7))/(x+6)^2", "1-43/(x^2+12*x+36)"},
		{"root", "1/(2*sqrt(x^2+5*x+8))*(2*x+5)", "x/sqrt(x^2+5*x+8)+5/(2*sqrt(x^2+5*x+8))"},
		{"trigonometric", "-(4*sin(4*x+9))", "-(8*sin(2*x+9/2)*cos(2*x+9/2))"},
		{"exponential", "4*(2^(4*x)*log(2))*x+2^(4*x)", "2^(4*x)*(4*x*log(2)+1)"},
		{"logarithm", "(2*(1/(2*x))*x^2-log(2*x)*(2*x))/(x^2)^2", "(-(2*log(x))-2*log(2)+1)/x^3"},
		{"wrong", "exp(x)*cos(6*x)-exp(x)*(6*sin(6*x))", "exp(x)*cos(6*x)+exp(x)*(6*sin(6*x))"},
	} {
		b.Run(c.name, func(b *testing.B) {
			u, v := expr.MustParse(c.a), expr.MustParse(c.b)
			b.ReportAllocs()
			for range b.N {
				prove.Equal(u, v, prove.Budget{})
			}
		})
	}
}
