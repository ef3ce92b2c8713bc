package corpus

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Planted is a random problem of n variables whose minimum 0 is at p, with bounds as in
// x=-1:2,y=0:1 and conditions: f = q - u g - v h with u ≥ 0, which
// is not below the convex q ≥ 0 = q(p) where g ≤ 0 and h = 0.
func Planted(r *rand.Rand, n int) (formula, bounds string, conditions []string, p []float64) {
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
	return strings.Join(f, " + "), strings.Join(limits, ","), conditions, p
}
