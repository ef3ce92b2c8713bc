package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nabla/expr/interval"
)

// plantedProblem is a random problem whose minimum 0 is at p: f = q - u g - v h with u ≥ 0, which
// is not below the convex q ≥ 0 = q(p) where g ≤ 0 and h = 0.
func plantedProblem(r *rand.Rand, n int) (formula, bounds string, p []float64) {
	names := []string{"x", "y", "z"}[:n]
	var limits []string
	for i := range n {
		p = append(p, float64(r.IntN(9)-4)/4)
		lo, hi := -2.0, 2.0
		switch r.IntN(6) {
		case 0:
			lo = p[i]
		case 1:
			hi = p[i]
		}
		limits = append(limits, fmt.Sprintf("%s=%v:%v", names[i], lo, hi))
	}
	terms := []string{"x^2", "x*y", "y^3", "x^3", "sin(x)", "exp(y)", "x*y^2", "x", "y", "cos(x*y)", "x^2*y", "y^2"}
	if n > 2 {
		terms = append(terms, "z", "x*z", "z^2*y", "sin(z)")
	}
	vanishing := func() string { // at p
		var parts []string
		for range 1 + r.IntN(3) {
			t := terms[r.IntN(len(terms))]
			at := t
			for i, x := range names { // exp holds an x
				at = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(at, "exp", "EP"), x, fmt.Sprintf("(%v)", p[i])), "EP", "exp")
			}
			parts = append(parts, fmt.Sprintf("(%d)*(%s - %s)", r.IntN(7)-3, t, at))
		}
		return strings.Join(parts, " + ")
	}
	var f []string
	for i, x := range names {
		f = append(f, fmt.Sprintf("%d*(%s - (%v))^2", 1+r.IntN(3), x, p[i]))
	}
	var conditions []string
	for k := range 1 + r.IntN(2) {
		g := vanishing()
		if k == 0 && r.IntN(2) == 0 {
			conditions = append(conditions, g+" == 0")
			f = append(f, fmt.Sprintf("(%d)*(%s)", r.IntN(7)-3, g))
			continue
		}
		conditions = append(conditions, g+" <= 0")
		f = append(f, fmt.Sprintf("(%d)*(%s)", -r.IntN(3), g))
	}
	return strings.Join(f, " + "), strings.Join(limits, ",") + "|" + strings.Join(conditions, ";"), p
}

// A box that holds a minimiser is never dropped, others often are.
func TestFritzJohn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	dropped := 0
	for range 400 {
		n := 2 + r.IntN(2)
		formula, bounds, p := plantedProblem(r, n)
		problem := problemOf(t, formula, bounds)
		q, ok := problem.normal()
		if !ok || len(q.SubjectTo) == 0 {
			continue
		}
		m, err := q.model()
		if err != nil {
			t.Fatal(err)
		}
		s := newBoxSearch(m, searchOptions{})
		without := func(x []interval.I) bool {
			s.inflate(x)
			s.ms.Interval(s.sOut, s.sDec, s.wide)
			return s.noFritzJohn(x, s.sOut[1:])
		}
		for range 10 {
			size := math.Pow(10, -3*r.Float64())
			x, far := make([]interval.I, n), make([]interval.I, n)
			for i := range x {
				lo := p[i] - size*r.Float64()
				x[i] = interval.New(lo, math.Max(p[i], lo+size)).Meet(s.outer[i])
				c := s.outer[i].Lo + r.Float64()*s.outer[i].Width()
				far[i] = interval.New(c-size, c+size).Meet(s.outer[i])
			}
			if without(x) {
				t.Errorf("%s %s: the box %v without %v", formula, bounds, x, p)
			}
			if without(far) {
				dropped++
			}
		}
	}
	if dropped < 1000 {
		t.Errorf("%d boxes dropped", dropped)
	}
}

// Minima that are known by construction are not missed, nor passed.
func TestPlantedUnderConditions(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 6))
	proved := 0
	const problems = 60
	for range problems {
		formula, bounds, p := plantedProblem(r, 2+r.IntN(2))
		a, err := Solve(context.Background(), problemOf(t, formula, bounds), Options{})
		if err != nil {
			t.Fatal(err)
		}
		switch a.Status {
		case Exact, Certified:
			proved++
			if math.Abs(a.Value) > 1e-8 {
				t.Errorf("%s %s: %s %v, but 0 at %v", formula, bounds, a.Status, a.Value, p)
			}
		case Local, Failed:
		default:
			t.Errorf("%s %s: %s %v, but 0 at %v", formula, bounds, a.Status, a.Value, p)
		}
	}
	if proved < problems*3/4 {
		t.Errorf("%d of %d proved", proved, problems)
	}
}
