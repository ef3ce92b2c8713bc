package global

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nabla/expr"
	"nabla/expr/format"
	"nabla/expr/simplify"
	"nabla/expr/tape"
	"nabla/optimize/global/internal/sos"
)

// Polynomials whose minimum a sum of squares shows: what is claimed, the exact value, how
// many minimisers are listed, and a part of the proof.
func TestSumsOfSquares(t *testing.T) {
	for _, c := range []struct {
		formula string
		max     bool
		status  Status
		value   string
		points  int
		proof   string
	}{
		// Motzkin, Robinson, Choi and Lam: nowhere negative, no sums of squares.
		{"x^4*y^2 + x^2*y^4 - 3x^2*y^2 + 1", false, Exact, "0", 4, "(x^2 + y^2 + 1) f = "},
		{"x^6 + y^6 + 1 - (x^4*y^2 + x^4 + x^2*y^4 + x^2 + y^4 + y^2) + 3x^2*y^2", false, Exact, "0", 8, "(x^2 + y^2 + 1) f = "},
		{"x^4*y^2 + y^4*z^2 + z^4*x^2 - 3x^2*y^2*z^2", false, Exact, "0", 1, "(x^2 + y^2 + z^2) f = "},
		{"x^4 + y^4 - 4x*y + 1", false, Exact, "-1", 2, "f + 1 = (x^2 - 1)^2 + (y^2 - 1)^2 + 2(x - y)^2"},
		{"4x*y - x^4 - y^4", true, Exact, "2", 2, "2 - f = (x^2 - 1)^2 + (y^2 - 1)^2 + 2(x - y)^2"},
		{"x^2*y^2 + x^2 + y^2 - 4x*y", false, Exact, "-1", 2, "f + 1 = (x y - 1)^2 + (x - y)^2"},
		{"x^4 + y^4 + z^4 - 4x*y*z", false, Exact, "-1", 4, "f + 1 = "},
		{"w^4 + x^4 + y^4 + z^4 - 4w*x*y*z", false, Exact, "0", 1, "f = (w^2 - x^2)^2 + (y^2 - z^2)^2 + 2(w x - y z)^2"},
		{"x^2*y^2 + y^2*z^2 + z^2*x^2 - 2x*y*z", false, Exact, "-1/16", 4, "(x^2 + y^2 + z^2 + 1) (f + 1/16) is a sum of"},
		// Not attained.
		{"x^2*y^2 - 2x*y + 1 + x^2", false, NotAttained, "0", 0, "f = (x y - 1)^2 + x^2"},
		{"x^2*y^2 + x*y + x^2", false, NotAttained, "-1/4", 0, "the squares have no common zero"},
		// No growth in some direction, and an irrational minimum.
		{"x^4*y^4 + x^2 + y^2 - 5x*y + x", false, Certified, "", 1, "where x^2 + y^2 >= 64, by a sum of squares"},
	} {
		p := problemOf(t, c.formula, "")
		p.Max = c.max
		a := solved(t, p, Options{})
		proof := strings.Join(a.Proof, "; ")
		if a.Status != c.status || !strings.Contains(proof, c.proof) {
			t.Errorf("%s: %s %v, want %s; %s %v", c.formula, a.Status, a.Value, c.status, proof, a.Warnings)
			continue
		}
		if c.value != "" && format.Text(a.ExactValue) != c.value {
			t.Errorf("%s: the value is %s, want %s", c.formula, format.Text(a.ExactValue), c.value)
		}
		if len(a.Minimisers) != c.points {
			t.Errorf("%s: %d minimisers, want %d", c.formula, len(a.Minimisers), c.points)
		}
		if a.Attained {
			consistent(t, c.formula, p, a)
		}
	}
}

// Random sums of squares and a constant: what is claimed holds at random points, and what a
// sum of squares shows is confirmed.
func TestSumsOfSquaresRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	shown := 0
	for range 12 {
		vars := []string{"x", "y", "z"}[:2+r.IntN(2)]
		var terms []string
		for range len(vars) {
			var parts []string
			for range 3 {
				m := fmt.Sprint(r.IntN(7) - 3)
				for range 1 + r.IntN(2) {
					m += "*" + vars[r.IntN(len(vars))]
				}
				parts = append(parts, m)
			}
			terms = append(terms, "("+strings.Join(parts, " + ")+")^2")
		}
		expanded, ok := sos.Of(expr.MustParse(strings.Join(append(terms, fmt.Sprint(r.IntN(3))), " + ")), vars)
		if !ok {
			t.Fatal(terms)
		}
		f := expanded.Expr(simplify.New(), vars)
		if len(f.Vars()) < 2 {
			continue
		}
		a := solved(t, Problem{F: f}, Options{Certificate: true, Timeout: time.Second})
		if a.Status != Exact && a.Status != Certified && a.Status != NotAttained {
			continue
		}
		prog, err := tape.Compile(a.Vars, f)
		if err != nil {
			t.Fatal(err)
		}
		var v [1]float64
		x := make([]float64, len(a.Vars))
		for range 300 {
			for i := range x {
				x[i] = 2 * r.NormFloat64()
			}
			if prog.NewMachine().Eval(v[:], x); v[0] < a.Value-1e-9*math.Max(1, math.Abs(a.Value)) {
				t.Errorf("%s: %s %v, but %v at %v", format.Text(f), a.Status, a.Value, v[0], x)
			}
		}
		if a.Certificate.SumOfSquares == nil {
			continue
		}
		shown++
		if rep := checkAgain(t, a.Certificate); !rep.Valid {
			t.Errorf("%s: %s by %s is not confirmed: %+v", format.Text(f), a.Status, a.Method, rep)
		}
	}
	if shown < 5 {
		t.Errorf("%d sums of squares", shown)
	}
}
