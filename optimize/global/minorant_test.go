package global

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/tape"
	"nabla/optimize/global/certificate"
)

// Minima at kinks, with proofs that the verifier confirms; the values by hand.
func TestMinorants(t *testing.T) {
	for _, c := range []struct {
		f, bounds string
		max       bool
		value     string
	}{
		{"abs(x-1) + abs(y-2) + abs(x+y)", "", false, "3"},
		{"(x-2)^2 + (y-1)^2 + abs(x-y)", "", false, "1/2"},
		{"max(x, y) + x^2 + y^2", "", false, "-1/8"},
		{"min(x, y) - x^2 - y^2", "", true, "1/8"},
		{"max(x, y, z) + x^2 + y^2 + z^2", "", false, "-1/12"},
		{"max(abs(x), abs(y)) - min(x, y)/3", "", false, "0"},
		{"max(x+y, x-y, 1-2x, y^2)", "", false, "1/3"},
		{"abs(x+2y-1) + 2abs(x-y) + x^2/4", "", false, "1/36"},
		{"abs(a^2+b^2+c^2+d^2+p^2-5)^0.25 + ((a^2+b^2+c^2+d^2+p^2)/2+a+b+c+d+p)/5 + 1/2", "*=-2:2", false, "0"},
		{"exp(x) + abs(x+y) + abs(y)", "", false, "1"},
		{"abs(x-y) + abs(y-z) + abs(z-1) + (x-3)^2", "", false, "7/4"},
		{"sqrt((x-1)^2 + (y+2)^2) + x/3 + y/5", "", false, "-1/15"},
		{"sqrt(x^2 + (y-1)^2) + x", "", false, "0"},
		{"hypot(x, y) - x", "", false, "0"},
		{"abs(x-1) + abs(x-y) + y^2", "x=2:5,y=-1:3", false, "11/4"},
		// Least absolute deviations and a greatest one, at points of many digits.
		{"abs(1.1-a-b) + abs(1.9-a-2b) + abs(3.2-a-3b) + abs(9-a-4b) + abs(4.8-a-5b)", "", false, "11/2"},
		{"max(abs(1.1-a-b), abs(1.9-a-2b), abs(3.2-a-3b), abs(4-a-4b), abs(4.8-a-5b))", "", false, "1/6"},
		{"abs(x-1.3) + 2abs(y+2*x-3.1) + abs(x-y)/3 + 0.1*x^2", "", false, "3361/9000"},
		// Terms that are left out. The first is DIXMAANP of CUTEst (Dixon and Maany, 1988) with 6 variables.
		{"1 + sum((i/6)^2*x[i]^2, i, 1, 6) + 0.26*sum((i/6)*x[i]^2*(x[i+1]+x[i+1]^2)^2, i, 1, 5) + 0.26*sum((i/6)*x[i]^2*x[i+2]^4, i, 1, 4) + 0.026*sum((i/6)^2*x[i]*x[i+4], i, 1, 2)", "", false, "1"},
		{"x^2 + x*y + y^2 + 3*x^4*(y-1)^2 + 5*abs(x-y)", "", false, "0"},
		{"3*x*y - 2*x^2 - 2*y^2 - x^4*exp(z) - cosh(z)", "", true, "-1"},
		{"(x-1)^2 + (x-1)*(y+2) + (y+2)^2 + x^2*(x-1)^2*sqrt(z)", "z=0:", false, "0"},
	} {
		p := problemOf(t, c.f, c.bounds)
		p.Max = c.max
		a := solved(t, p, Options{Timeout: 5 * time.Second, Certificate: true})
		if a.Status != Exact || !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s: %s %v %v, want exactly %s", c.f, a.Status, a.Value, a.Warnings, c.value)
			continue
		}
		if r := checkAgain(t, a.Certificate); !r.Valid {
			t.Errorf("%s: not confirmed: %q", c.f, r.Unchecked)
		}
	}
}

// Sums of distances, least on a segment or at one of the points (Fermat's problem).
func TestSumsOfDistances(t *testing.T) {
	for _, c := range []struct{ f, value string }{
		{"sqrt(x^2+y^2) + sqrt((x-1)^2+(y-1)^2)", "sqrt(2)"},
		{"2*sqrt(x^2+y^2) + sqrt((x-1)^2+(y-1)^2)", "sqrt(2)"},
		{"hypot(x-1, y) + hypot(x+1, y)", "2"},
		{"hypot(x-1, y-2) + hypot(x-3, y+1)", "sqrt(13)"},
		{"hypot(x, y) + 2hypot(x-5, y-1)", "sqrt(26)"},
		{"hypot(x, y) + hypot(x-4, y) + hypot(x-2, y-2sqrt(3))", "4sqrt(3)"},
		{"sqrt((x-1)^2+(y-2)^2+z^2) + sqrt((x+1)^2+y^2+(z-1)^2)", "3"},
		{"sqrt(x^2+y^2) + sqrt((x-1)^2+(y-1)^2) + sqrt((z-2)^2+w^2) + sqrt(z^2+w^2)", "2 + sqrt(2)"},
	} {
		a, err := Solve(context.Background(), problemOf(t, c.f, ""), Options{})
		if err != nil || a.Status != Exact || !sameConstant(a.ExactValue, expr.MustParse(c.value)) {
			t.Errorf("%s: %v %+v", c.f, err, a)
		}
	}
	// Slopes that are too steep for the length, or for one that is no distance.
	for _, f := range []string{
		"sqrt(x^2+y^2)/2 + x/sqrt(2) + y/sqrt(2)",
		"sqrt(x^2+y^2/4) + x/2 + y/sqrt(3)",
		"sqrt(x^2+y^2) + x/sqrt(2) + y/sqrt(2) + z/10^9",
	} {
		a, err := Solve(context.Background(), problemOf(t, f, ""), Options{Timeout: time.Second})
		if err != nil || a.Status != Unbounded && a.Status != Local {
			t.Errorf("%s: %v %+v", f, err, a)
		}
	}
}

// Random sums of kinks: no point of a grid is below what is claimed to be the minimum.
func TestMinorantsRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	exact := 0
	for range 25 {
		f := fmt.Sprintf("%d/4*(x-%d)^2 + %d/4*(y+%d)^2", r.IntN(3), r.IntN(4), r.IntN(3), r.IntN(4))
		for range 1 + r.IntN(3) {
			u := fmt.Sprintf("%d*x + %d*y - %d", r.IntN(7)-3, r.IntN(7)-3, r.IntN(5))
			switch r.IntN(3) {
			case 0:
				f += fmt.Sprintf(" + %d*abs(%s)", 1+r.IntN(3), u)
			case 1:
				f += fmt.Sprintf(" + max(%s, x, y/2)", u)
			default:
				f += fmt.Sprintf(" - min(%s, 3-x-y)", u)
			}
		}
		a := solved(t, problemOf(t, f, "x=-9:9,y=-9:9"), Options{Timeout: 300 * time.Millisecond})
		if a.Status == Exact {
			exact++
		}
		if a.Status != Exact && a.Status != Certified {
			continue
		}
		p, err := tape.Compile([]string{"x", "y"}, expr.MustParse(f))
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		for i := range 109 {
			for j := range 109 {
				x, v := [2]float64{float64(i)/6 - 9, float64(j)/6 - 9}, [1]float64{}
				if m.Eval(v[:], x[:]); v[0] < a.Value-1e-8 {
					t.Fatalf("%s: %s %v, but %v at %v", f, a.Status, a.Value, v[0], x)
				}
			}
		}
	}
	if exact < 15 {
		t.Errorf("%d of 25 are exact", exact)
	}
}

// What does not lie below a kink is not taken for a minorant.
func TestMinorantsForged(t *testing.T) {
	solve := func(f string) *certificate.Certificate {
		a, err := Solve(context.Background(), problemOf(t, f, ""), Options{Timeout: 5 * time.Second, Certificate: true})
		if err != nil || a.Certificate == nil || a.Certificate.Reduction == nil || !checkAgain(t, a.Certificate).Valid {
			t.Fatalf("%s: %v %v", f, a, err)
		}
		return a.Certificate
	}
	for name, forge := range map[string]func(m *certificate.Below){
		"weights that are more than 1":  func(m *certificate.Below) { m.Weights = []string{"1", "1"} },
		"a negative weight":             func(m *certificate.Below) { m.Weights = []string{"2", "-1"} },
		"another piece":                 func(m *certificate.Below) { m.Pieces[0] = "x + 1" },
		"a term that lies below":        func(m *certificate.Below) { m.Term = "min(x, y)" },
		"a factor that is not positive": func(m *certificate.Below) { m.Times = "-1" },
		"no pieces":                     func(m *certificate.Below) { m.Pieces, m.Weights = nil, nil },
	} {
		c := solve("max(x, y) + x^2 + y^2")
		forge(&c.Reduction.Minorants[0])
		if r := checkAgain(t, c); r.Valid {
			t.Errorf("%s is confirmed: %q", name, r.Checked)
		}
	}
	c := solve("sqrt(x^2 + y^2) - x/2 + x^2")
	c.Reduction.Minorants[0].Pieces[0] = "2x"
	c.Reduction.Parts[0].Formula = "3x/2 + x^2"
	if r := checkAgain(t, c); r.Valid {
		t.Errorf("a length that is below its part is confirmed: %q", r.Checked)
	}
}

// Random sums with terms that may be left out: no point of a grid is below what is claimed.
func TestTermsLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 10))
	left := 0
	for range 30 {
		a, b := r.IntN(3)-1, r.IntN(3)-1
		f := fmt.Sprintf("%d*(x-%d)^2 + %d*(x-%d)*(y-%d) + %d*(y-%d)^2 + (x-%d)^%d*(y+%d)^2*exp(x)", 1+r.IntN(2), a, r.IntN(7)-3, a, b, 1+r.IntN(2), b, r.IntN(3)-1, 1+r.IntN(2), r.IntN(2)-b)
		ans := solved(t, problemOf(t, f, "x=-4:4,y=-4:4"), Options{Timeout: 100 * time.Millisecond})
		if ans.Method == "minorant" {
			left++
		}
		if ans.Status != Exact && ans.Status != Certified {
			continue
		}
		p, err := tape.Compile([]string{"x", "y"}, expr.MustParse(f))
		if err != nil {
			t.Fatal(err)
		}
		m := p.NewMachine()
		for i := range 81 {
			for j := range 81 {
				var out [1]float64
				m.Eval(out[:], []float64{float64(i)/10 - 4, float64(j)/10 - 4})
				if out[0] < ans.Value-1e-9 {
					t.Fatalf("%s: %s %v, but %v at %v, %v", f, ans.Status, ans.Value, out[0], float64(i)/10-4, float64(j)/10-4)
				}
			}
		}
	}
	if left < 4 {
		t.Errorf("terms were left out of %d of 30", left)
	}
}
