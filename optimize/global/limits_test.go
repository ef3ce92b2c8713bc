package global

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
)

func TestMonotone(t *testing.T) {
	reduced(t, []reducible{
		{"y^2 - y + exp(x*(1 + y^2))", "", false, NotAttained, "-1/4", "rises in x everywhere, and f → g = y^2 - y as x → -∞"},
		{"y^2 + atan(x*(1 + y^4))", "", false, NotAttained, "-pi/2", "rises in x"},
		{"x - log(exp(x) + exp(2x) + exp(y))", "", true, NotAttained, "0", "falls in y everywhere"},
		{"sqrt(exp(x) + (y - 1)^2) + y", "", false, NotAttained, "1", "abs(v - 1) + v"},
		{"y^4 - y + exp(2x + y) + atan(x)", "", false, NotAttained, "-pi/2 - 3*2^(1/3)/8", ""},
		// attained where the function does not depend on the variable, and at a bound
		{"y^2*exp(x)", "", false, Exact, "0", ""},
		{"y^2 - y + exp(x + y)", "x=0:", false, "", "", "!as x"},
		// f jumps down where it is not defined
		{"y^2 - 1/(x + y)", "", false, Unbounded, "", ""},
	})
}

func TestLimitAt(t *testing.T) {
	for _, c := range []struct {
		formula  string
		side     int
		want     string
		infinite int
	}{
		{"y^2 + exp(x)", -1, "y^2", 0},
		{"exp(-x)*(1 + y^2)", -1, "", 1},
		{"exp(-x)*y", -1, "", 0},
		{"1/(2 + exp(x)) + y", -1, "1/2 + y", 0},
		{"x^3 - exp(x)", -1, "", -1},
		{"x + exp(-x)", -1, "", 0},
		{"2^x + 0.5^(-x)", -1, "0", 0},
		{"atan(x*(1 + y^2))", 1, "pi/2", 0},
		{"sin(x)", 1, "", 0},
		{"log(1 + exp(x))", -1, "0", 0},
		{"log(exp(x))", -1, "", 0},
		{"x^(-2)*y + x^4", 1, "", 1},
		{"floor(exp(x))", -1, "", 0},
	} {
		tidier := simplify.New()
		l := limitAt(tidier, expr.MustParse(c.formula), "x", c.side)
		got := ""
		if l.e.Valid() {
			got = format.Text(l.e)
		}
		if got != c.want || l.inf != c.infinite {
			t.Errorf("%s: %q %d, want %q %d", c.formula, got, l.inf, c.want, c.infinite)
		}
	}
}

func TestPositive(t *testing.T) {
	for f, want := range map[string]bool{
		"exp(x)/(exp(x) + exp(y))": true, "1/((x + y)^2 + 1)": true, "exp(x)*y^2 + 2": true, "1/x^2": true, "sqrt(1 + abs(x))": true,
		"exp(x)*y^2": false, "x^2": false, "x": false, "exp(x) - 1": false, "abs(x)": false, "x^3 + 1": false, "exp(x)*sinh(x)": false,
	} {
		if got := positive(simplify.Tidy(expr.MustParse(f))); got != want {
			t.Errorf("%s: %v", f, got)
		}
	}
}

// What is claimed of random monotone functions holds at random points.
func TestRandomMonotone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 9))
	proved := 0
	for range 25 {
		inner := fmt.Sprintf("%d*x%+d*y", 1+r.IntN(3), r.IntN(5)-2)
		rising := []string{"exp(%s)", "atan(%s)", "tanh(%s)", "log(1 + exp(%s))", "sqrt(exp(%s) + y^2)", "erf(%s)", "1/(1 + exp(-(%s)))"}
		f := fmt.Sprintf("%d*"+rising[r.IntN(len(rising))]+"+(y-%d)^2*(%d + exp(x))+%d*y", 1+r.IntN(3), inner, r.IntN(4), 1+r.IntN(2), r.IntN(5)-2)
		p := problemOf(t, f, "")
		a := solved(t, p, Options{})
		if a.Status != NotAttained {
			continue
		}
		proved++
		least := math.Inf(1)
		m, _ := p.model()
		b := m.Prober()
		for range 3000 {
			least = math.Min(least, b.At([]float64{-400 * r.Float64(), 12*r.Float64() - 4}))
		}
		if least < a.Value-1e-9 || least > a.Value+0.2 {
			t.Errorf("%s: the infimum is %v, the least value %v", f, a.Value, least)
		}
	}
	if proved < 20 {
		t.Errorf("%d of 25 proved", proved)
	}
}
