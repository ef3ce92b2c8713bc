package global

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Inequalities that weighted means prove, from textbooks; the values are known.
func TestDomination(t *testing.T) {
	t.Parallel()
	reduced(t, []reducible{
		{"a^2/b^2 + b^2/c^2 + c^2/a^2 - a/b - b/c - c/a", "*=0:| a > 0; b > 0; c > 0", false, Exact, "0", "weighted geometric mean"},
		{"a^2/b^2 + b^2 + 1/a^2 - a/b - b - 1/a", "*=0:| a > 0; b > 0", false, Exact, "0", "weighted geometric mean"},
		{"exp(2a - 2b) + exp(2b) + exp(-2a) - exp(a - b) - exp(b) - exp(-a)", "", false, Exact, "0", "weighted geometric mean"},
		{"1/(a*(b + 1)) + 1/(b*(c + 1)) + 1/(c*(a + 1))", "*=0:| a*b*c == 1; a > 0; b > 0; c > 0", false, Exact, "3/2", "weighted geometric mean"},
		{"1/(a^3*(b + c)) + 1/(b^3*(c + a)) + 1/(c^3*(a + b))", "*=0:| a*b*c == 1; a > 0; b > 0; c > 0", false, Exact, "3/2", "weighted geometric mean"},
		{"a*b/(a + b) + b*c/(b + c) + c*a/(c + a)", "*=0:| a + b + c == 1; a > 0; b > 0; c > 0", true, Exact, "1/2", "weighted geometric mean"},
		{"x*y/z + y*z/x + z*x/y", "*=0:| x + y + z == 1; x > 0; y > 0; z > 0", false, Exact, "1", "weighted geometric mean"},
		// no such proof: Schur's inequality is an equation at (1, 1, 0) too, the sum of four quotients at many points
		{"a/(b + c) + b/(c + d) + c/(d + a) + d/(a + b)", "*=0:", false, "", "", "!weighted geometric mean"},
		{"a*(a - b)*(a - c) + b*(b - a)*(b - c) + c*(c - a)*(c - b)", "*=0:", false, "", "", "!weighted geometric mean"},
		// a lower value elsewhere, a denominator with both signs, variables that may be negative
		{"a^2*b - 3a*b + b^3*(a - 1)^2 + 5*b - 3*b^2", "*=0:", false, "", "", "!weighted geometric mean"},
		{"a/(b - 2) + b^2/a", "*=0:", false, "", "", "!weighted geometric mean"},
		{"a^2 + b^2 - a*b^3 + a^2*b^4", "", false, "", "", "!weighted geometric mean"},
	})
}

// What is claimed of random sums of quotients holds at random points.
func TestRandomDomination(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 2))
	proved := 0
	for range 12 {
		var terms []string
		for range 2 + r.IntN(2) {
			part := []string{"a^2/b^2 + b^2/c^2 + c^2/a^2", "-a/b - b/c - c/a", "a/(b + c) + b/(c + a) + c/(a + b)", "(a^3 + b^3 + c^3)/(a*b*c)", "-(a^2 + b^2)/(c*(a + b))", "b*c/a^2"}[r.IntN(6)]
			terms = append(terms, fmt.Sprintf("%d*(%s)", 1+r.IntN(3), part))
		}
		f := strings.Join(terms, " + ")
		p := problemOf(t, f, "*=0:| a > 0; b > 0; c > 0")
		a := solved(t, p, Options{Timeout: time.Second})
		if a.Method != "weighted means" {
			continue
		}
		proved++
		m, _ := p.model()
		b := m.Prober()
		for range 2000 {
			x := []float64{math.Exp(3 * r.NormFloat64()), math.Exp(3 * r.NormFloat64()), math.Exp(3 * r.NormFloat64())}
			if v := b.At(x); v < a.Value-1e-9*math.Max(1, math.Abs(v)) {
				t.Fatalf("%s: %v at %v, lower than %v", f, v, x, a.Value)
			}
		}
	}
	if proved < 2 {
		t.Errorf("%d proved", proved)
	}
}
